// RUN: %goc build -O0 -o %t0 %s && %t0 > %t.out 2>&1 && diff %S/Inputs/arith.out %t.out
// RUN: %goc build -O2 -o %t2 %s && %t2 > %t.out 2>&1 && diff %S/Inputs/arith.out %t.out
// RUN: %goc build -O2 -escape=off -o %t3 %s && %t3 > %t.out 2>&1 && diff %S/Inputs/arith.out %t.out
// Integers, shifts, divisions, floats and conversions as the specification says, with values that the optimiser cannot know.
package main

var zero, one, minus, big = 0, 1, -1, 200
var minInt = -1 << 63
var min8 int8 = -128
var f32 float32 = 16777216
var nan, inf float64

func try(name string, f func()) {
	defer func() {
		if e := recover(); e != nil {
			println(name, e.(error).Error())
		}
	}()
	f()
	println(name, "no panic")
}

func ints() {
	println(minInt/minus, minInt%minus, 7/-2, -7/2, -7%2, 7%-2)
	println(min8/int8(minus), min8%int8(minus), min8*min8, min8-1, -min8)
	var u8 uint8 = uint8(big)
	println(u8+100, u8*2, ^u8, u8&^0x0f, -u8, uint32(minus), uint16(minInt>>3))
	try("div", func() { println(one / zero) })
	try("rem", func() { println(one % zero) })
	try("div8", func() { println(min8 / int8(zero)) })
}

func shifts() {
	for _, n := range []uint{0, 1, 7, 8, 31, 32, 63, 64, 65, 1 << 40} {
		println(n, one<<n, minus>>n, uint32(1)<<n, int8(-128)>>n, uint64(1<<63)>>n, int16(-1)<<n)
	}
	var c8 uint8 = 255
	println(one<<c8, minus>>c8)
	try("shl", func() { println(one << minus) })
	try("shr", func() { println(one >> minInt) })
	s := 3
	s <<= uint(one)
	s >>= one
	println(s)
}

func floats() {
	zf := float64(zero)
	nan = zf / zf
	inf = 1 / zf
	println(nan == nan, nan != nan, nan < 1, nan > 1, nan <= nan, !(nan < 1), inf > 1, -inf < inf)
	println(1/(-zf) == inf, 1/(zf*float64(minus)) == -inf, f32+1 == f32, float64(f32)+1)
	println(int(2.9*float64(one)), int(-2.9*float64(one)), uint8(float64(big)), int64(float32(big)*1e6), uint64(float64(1<<63)*float64(one)))
	println(float32(0.1)*float32(one) == 0.1, float64(float32(0.1*float64(one))))
	x, y, z := 0.1*float64(one), 10.0*float64(one), -1.0*float64(one)
	println(x*y+z, float64(one<<62)*4, float32(1<<24+one))
	println(uint64(18446744073709549568.0*float64(one)), float64(uint64(minus)), float32(uint64(minus)))
}

func complexes() {
	a, b := complex(float64(one), 2), complex(3, float64(minus))
	println(a+b, a-b, a*b, a/b, -a, a == b, a != b, real(a), imag(b))
	var c complex64 = complex64(a)
	c *= c
	println(c, c/complex64(b))
	z := complex(float64(zero), 0)
	println(a/z, z/z)
}

func consts() {
	const huge = 1 << 100
	println(huge>>98, uint8(huge>>93&0xff), 'x'+one, "s"+string(rune(one+64)), len("héllo"), 07, 0b11, 1_000)
	type Weekday int
	const (
		a Weekday = iota * 10
		b
		c
	)
	println(a, b, c, b+c)
	println(min(3, one, 2), max(2.5, float64(one)), min("b", "a"))
}

func main() {
	ints()
	shifts()
	floats()
	complexes()
	consts()
}
