// Wrapping, shifts, division: what LLVM would leave undefined and Go defines.
package main

import "fmt"

//go:noinline
func id[T any](x T) T { return x }

func try(f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("panic:", r)
		}
	}()
	f()
}

func main() {
	fmt.Println(id(int8(127))+1, id(int8(-128))-1, id(uint8(255))+1, id(int64(-1<<63))-1, -id(int32(-1<<31)))
	fmt.Println(id(int16(300))*id(int16(300)), id(uint32(1<<31))*2, id(int64(1<<62))*4)
	for _, n := range []uint{0, 1, 7, 8, 31, 32, 63, 64, 65, 1 << 40} {
		fmt.Println(n, int8(-3)<<n, id(int8(-100))>>n, id(uint8(200))>>n, id(int32(-5))>>n, id(uint32(1))<<n, id(int64(-9))>>n, id(uint64(1<<63))>>n)
	}
	try(func() { fmt.Println(id(1) << id(-1)) })
	try(func() { fmt.Println(id(1) >> id(int8(-128))) })
	try(func() { fmt.Println(id(7) / id(0)) })
	try(func() { fmt.Println(id(uint8(7)) % id(uint8(0))) })
	fmt.Println(id(int8(-128))/id(int8(-1)), id(int8(-128))%id(int8(-1)))
	fmt.Println(id(int64(-1<<63))/id(int64(-1)), id(int64(-1<<63))%id(int64(-1)))
	fmt.Println(id(-7)/2, id(-7)%2, id(7)/-2, id(7)%-2, id(-8)/8, id(-9)%8)
	fmt.Println(id(int32(-1<<31))/id(int32(-1)), id(int16(-32768))/id(int16(-1)), uint32(id(int32(-1))), int8(id(200)), uint16(id(-1)))
	fmt.Println(id(6)&^id(3), id(6)^id(3), ^id(5), id(uint8(5))&^0xfe, -id(uint8(1)))
	var a uint64 = id(uint64(0xdeadbeefcafebabe))
	fmt.Printf("%x %x %x\n", a>>4<<4, uint32(a), int32(a))
}
