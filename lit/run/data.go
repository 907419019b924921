// RUN: %goc build -O0 -o %t0 %s && %t0 > %t.out 2>&1 && diff %S/Inputs/data.out %t.out
// RUN: %goc build -O2 -o %t2 %s && %t2 > %t.out 2>&1 && diff %S/Inputs/data.out %t.out
// RUN: %goc build -O2 -escape=off -o %t3 %s && %t3 > %t.out 2>&1 && diff %S/Inputs/data.out %t.out
// Strings, slices, maps, composite literals, builtins, static data: every operation and its panics.
package main

import (
	"fmt"
	"math"
	"math/bits"
	"runtime"
	"sort"
	"strings"
	"sync/atomic"
	"unsafe"
)

type P struct {
	x, y int
	name string
	next *P
}
type Mixed struct {
	b  bool
	i8 int8
	f  float32
	c  complex64
	s  []string
	m  map[string][]int
	fn func(int) int
	a  [3]any
	_  int
	p  **P
}

var p0 = P{1, 2, "p0", nil}
var pp = &p0
var static = Mixed{true, -1, 1.5, 2 + 3i, []string{"a", "b"}, nil, double, [3]any{1, "x", nil}, 7, &pp}
var table = [...]struct {
	k string
	v []byte
}{5: {"five", []byte("5")}, 2: {k: "two"}, {"three", []byte{3}}}
var nested = map[string]map[int][]*P{"a": {1: {{x: 1}, nil, &p0}}, "b": nil}
var arrays = [2][2][]int{{{1}, {2, 3}}, {nil, {}}}
var ptrs = []*int{&p0.x, &arr[1], nil}
var arr = [3]int{10, 20, 30}
var fnTable = map[string]func(float64) float64{"sqrt": math.Sqrt, "abs": math.Abs}
var ifaces = []any{1, "s", p0, pp, 1.5, []int{1}, double(3), struct{}{}, nil}
var dep1 = dep2 + 1
var dep2 = f2()
var x1, x2 = two()
var bigconst uint64 = 1<<64 - 1

func f2() int         { return len(table) }
func two() (int, int) { return dep1, dep2 }
func double(n int) int { return 2 * n }

func try(name string, f func()) {
	defer func() {
		r := recover()
		if e, ok := r.(runtime.Error); ok {
			fmt.Println(name, "->", e)
		} else {
			fmt.Println(name, "->", r)
		}
	}()
	f()
}

func slices(n int) {
	s := make([]int, 3, 10)
	a := [5]int{1, 2, 3, 4, 5}
	pa := &a
	str := "hello"
	fmt.Println(s[1:2], len(s[2:]), cap(s[2:]), cap(s[2:4:6]), a[1:3], pa[2:], str[1:3], str[5:], cap(pa[:2:3]))
	m := -n
	u := uint8(200)
	try("alen", func() { _ = a[n:] })
	try("alen2", func() { _ = str[:n] })
	try("acap", func() { _ = s[:n] })
	try("b", func() { _ = s[3:m+n+1] })
	try("neg", func() { _ = s[m:] })
	try("unsigned", func() { _ = s[u:] })
	try("3alen", func() { _ = pa[0:1:n] })
	try("3acap", func() { _ = s[0:1:n] })
	try("3b", func() { _ = s[0 : n-10 : 3] })
	try("3c", func() { _ = s[n-10 : 4 : 5] })
	try("index", func() { _ = s[n] })
	try("index u", func() { _ = a[u] })
	try("string index", func() { _ = str[n] })
	try("convert", func() { _ = [4]int(s) })
	try("convert ptr", func() { _ = (*[4]int)(s[:n-17]) })
	try("makelen", func() { _ = make([]int, m) })
	try("makecap", func() { _ = make([]int, 2, n-19) })
	try("huge", func() { _ = make([]int64, n<<50) })
	try("nil map", func() { var m map[string]int; m["a"] = 1 })
	try("nil deref", func() { var p *P; p.next.x = 1 })
	try("unsafe.Slice", func() { var p *int; _ = unsafe.Slice(p, n) })
	try("unsafe.Slice len", func() { _ = unsafe.Slice(&n, m) })
	try("unsafe.String", func() { var b byte; _ = unsafe.String(&b, m) })
	t := [2]int(s)
	q := (*[2]int)(s)
	q[0] = 42
	fmt.Println(t, s[0], *q)
	s = append(s, 1, 2)
	s2 := append(s[:2:2], a[:]...)
	s3 := append([]byte("x"), "yz"...)
	fmt.Println(s, s2, string(s3), copy(s, a[3:]), copy(s3, "AB"), s[:3], string(s3))
	clear(s)
	fmt.Println(s, append([]P(nil), P{x: 1}, p0)[1].name)
	big := make([][9]int, 2)
	big = append(big, big[1], big[0], [9]int{8: 1})
	fmt.Println(len(big), big[4][8])
}

func maps() {
	m := map[string]int{"a": 1, "b": 2}
	m["c"] += 3
	m["a"]++
	delete(m, "b")
	v, ok := m["b"]
	fmt.Println(m, len(m), v, ok, m["zz"])
	mi := map[int32]string{1: "x"}
	mi[2] += "y"
	ml := map[uint64][200]int{7: {199: 3}}
	mp := map[*P]int{pp: 1, nil: 2}
	mf := map[float64]int{math.NaN(): 1, 0: 2}
	mf[math.Copysign(0, -1)]++
	mf[math.NaN()] = 3
	ms := map[P]bool{p0: true}
	mb := map[bool]struct{}{true: {}}
	fmt.Println(mi, ml[7][199], ml[8][0], mp[pp], mp[nil], len(mf), mf[0], ms[p0], ms[P{}], len(mb))
	big := map[[40]int]int{}
	var k [40]int
	for i := 0; i < 100; i++ {
		k[39] = i
		big[k] = i
	}
	sum := 0
	for _, v := range big {
		sum += v
	}
	clear(big)
	fmt.Println(sum, len(big))
	var keys []string
	for k, v := range map[string]int{"q": 1, "w": 2, "e": 3} {
		keys = append(keys, fmt.Sprint(k, v))
	}
	sort.Strings(keys)
	fmt.Println(keys)
}

func strs() {
	s := "héllo, 世界\xff"
	for i, r := range s {
		fmt.Print(i, ":", string(r), " ")
	}
	fmt.Println(len(s), []rune(s)[1], []byte(s)[1], string([]rune{0x4e16, -1, 'x'}), string([]byte{65, 66}))
	n := 0x1F600
	var big uint64 = 1 << 40
	fmt.Println(string(rune(n)), string(rune(big)), s+"-"+s[:1]+strings.Repeat("z", 40), s < "i", s == s+"", "b" >= "abc", min("b", "a", "c"), max(1.5, 2, -1))
	fmt.Println(min(math.NaN(), 1), max(math.Inf(-1), -0.0), min(3, 1, 2), real(1+2i), imag(complex(1, n2(4))), complex(float32(1), 2))
}

func n2(x float64) float64 { return x }

func intrinsics() {
	var a int64
	var u atomic.Uint32
	var p atomic.Pointer[P]
	atomic.AddInt64(&a, 5)
	fmt.Println(atomic.CompareAndSwapInt64(&a, 5, 7), atomic.SwapInt64(&a, 9), atomic.LoadInt64(&a), u.Add(^uint32(0)), u.And(0xf0), u.Or(1), u.Load())
	p.Store(pp)
	fmt.Println(p.Load().name, p.CompareAndSwap(nil, nil), p.Swap(nil) == pp)
	x := uint64(0x00f0_0000_0000_1234)
	fmt.Println(bits.LeadingZeros64(x), bits.TrailingZeros64(x), bits.Len64(x), bits.Len64(0), bits.OnesCount64(x), bits.Reverse8(3), bits.ReverseBytes32(0x01020304), bits.RotateLeft8(0x81, 1), bits.RotateLeft64(x, -4))
	hi, lo := bits.Mul64(x, x)
	s, c := bits.Add64(math.MaxUint64, 1, 1)
	d, b := bits.Sub64(0, 1, 0)
	q, r := bits.Div64(1, 2, 3)
	fmt.Println(hi, lo, s, c, d, b, q, r, bits.TrailingZeros8(0), bits.LeadingZeros16(0), bits.Len8(255))
	fmt.Println(math.Sqrt(2), math.Floor(-1.5), math.Ceil(1.2), math.Trunc(-1.7), math.Abs(-3), math.Copysign(3, -1), math.FMA(2, 3, 4), math.RoundToEven(2.5), math.Float64bits(1), math.Float32frombits(0x40400000))
	arr := [4]int32{1, 2, 3, 4}
	fmt.Println(*(*int32)(unsafe.Add(unsafe.Pointer(&arr), 8)), unsafe.Slice(&arr[1], 2), unsafe.Sizeof(static), unsafe.Offsetof(static.s), unsafe.Alignof(static.c), unsafe.String(unsafe.StringData("hey"), 2), *unsafe.SliceData(arr[2:]))
	try("div", func() { bits.Div64(1, 0, 0) })
}

func main() {
	fmt.Println(p0, pp.name, static.b, static.i8, static.f, static.c, static.s, static.m == nil, static.fn(4), static.a, (*static.p).x)
	fmt.Println(table, nested["a"][1][2].name, len(nested), arrays, *ptrs[0], *ptrs[1], ptrs[2] == nil, fnTable["sqrt"](9), len(ifaces), ifaces[2], ifaces[6])
	fmt.Println(dep1, dep2, x1, x2, bigconst)
	*ptrs[0] = 77
	arr[1]++
	fmt.Println(p0.x, *ptrs[1], ifaces[2].(P).x, ifaces[3].(*P).x)
	slices(20)
	maps()
	strs()
	intrinsics()
	lit := []Mixed{{}, {b: true, s: []string{1: "z"}}}
	pl := []*P{{x: 3}, {name: "n"}}
	mk := map[P]*P{{x: 1}: {y: 2}}
	fmt.Println(lit[1].s, pl[0].x, pl[1].name, mk[P{x: 1}].y, [...]string{2: "c", 0: "a"}, [...]int{9: 1}[9])
	loop := []*[2]int{}
	for i := 0; i < 3; i++ {
		loop = append(loop, &[2]int{i, i * i})
	}
	fmt.Println(*loop[0], *loop[1], *loop[2])
}
