// IEEE arithmetic: NaN, signed zeros, infinities, no fusing, conversions to integers.
package main

import (
	"fmt"
	"math"
)

//go:noinline
func id[T any](x T) T { return x }

func cmp(a, b float64) {
	fmt.Println(a < b, a <= b, a == b, a != b, a >= b, a > b, !(a < b), !(a == b))
}

func main() {
	nan, inf, zero := math.NaN(), math.Inf(1), id(0.0)
	negzero := math.Copysign(0, -1)
	cmp(nan, nan)
	cmp(nan, 1)
	cmp(zero, negzero)
	cmp(-inf, inf)
	fmt.Println(1/zero, 1/negzero, -zero, 0-zero, negzero, zero/zero, inf-inf, inf*0)
	fmt.Println(min(nan, 1), max(1, nan), min(zero, negzero), max(negzero, zero), 1/min(zero, negzero))
	x, y, z := id(1e16), id(1.0), id(-1e16)
	fmt.Println(x+y+z, x+z+y, id(0.1)+id(0.2), id(float32(0.1))+id(float32(0.2)))
	a := id(1 + 1.0/(1<<30))
	fmt.Println(a*a-1, math.FMA(a, a, -1), float64(a*a)-1)
	fmt.Println(int64(id(1e18)), int32(id(-2.9)), int(id(2.9)), uint8(id(200.7)), int64(id(-0.5)), uint64(id(1.8e19)), uint32(id(4e9)))
	fmt.Println(float32(id(16777217)), float64(id(int64(1<<62+1))), float32(id(uint64(1<<63))), float64(id(uint64(1<<64-1))))
	fmt.Println(math.Sqrt(id(2.0)), math.Floor(id(-2.5)), math.Ceil(id(-2.5)), math.Trunc(id(-2.5)), math.Abs(negzero), math.Sqrt(id(-1.0)))
	fmt.Println(math.Float64bits(id(1.5)), math.Float32bits(id(float32(-0.25))), math.Float64frombits(0x7ff0000000000000))
	fmt.Println(math.Pow(2, 0.5), math.Sin(1), math.Exp(1), math.Log(10), math.Mod(7, -3), math.Remainder(7, 4), math.Cbrt(27), math.Hypot(3, 4))
	m := map[float64]int{nan: 1, zero: 2}
	m[nan] = 3
	m[negzero] = 4
	fmt.Println(len(m), m[0], m[nan])
	c := complex(id(3.0), id(-4.0))
	fmt.Println(c*c, c/complex(0, 1), real(c), imag(c), c == complex(3, -4), -c)
	fmt.Println(complex64(c)+1, c/complex(zero, zero))
}

func toInts(f float64) {
	g := float32(f)
	fmt.Println(int(f), int64(f), int32(f), int16(f), int8(f), uint(f), uint64(f), uint32(f), uint8(f))
	fmt.Println(int(g), int32(g), uint64(g), uint16(g))
}

// Out of range: what amd64 gives, the same for constants that the compiler sees.
func init() {
	toInts(math.NaN())
	toInts(1e300)
	toInts(-1e300)
	toInts(id(9.3e18))
	toInts(id(-1e10))
	x := 1e40
	fmt.Println(int(x), uint64(x), int32(-x), uint8(x/1e38))
}
