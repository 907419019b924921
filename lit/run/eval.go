// RUN: %goc build -O0 -o %t0 %s && %t0 > %t.out 2>&1 && diff %S/Inputs/eval.out %t.out
// RUN: %goc build -O2 -o %t2 %s && %t2 > %t.out 2>&1 && diff %S/Inputs/eval.out %t.out
// RUN: %goc build -O2 -escape=off -o %t3 %s && %t3 > %t.out 2>&1 && diff %S/Inputs/eval.out %t.out
// Order of evaluation: calls in order, operands of left sides first, checks when the store is made; results, defers, panics.
package main

func tr(s string, v int) int { print(s, " "); return v }

type T struct {
	a, b int
	p    *T
	m    map[string]int
	s    []int
}

func get(t *T, s string) *T { print(s, " "); return t }

func order() {
	var a [4]int
	m := map[int]int{}
	a[tr("i", 1)] = tr("v", 5)
	m[tr("k", 2)] = tr("w", 6)
	println(a[1], m[2])
	a[tr("a", 0)], a[tr("b", 1)] = tr("c", 10), tr("d", 20)
	println(a[0], a[1])
	t := &T{}
	get(t, "x").a, get(t, "y").b = tr("z", 1), tr("q", 2)
	println(t.a, t.b)
	println(tr("1", 1) + tr("2", 2)*tr("3", 3))
	println(tr("l", 0) == 1 && tr("never", 1) == 1 || tr("r", 1) == 1)
	i := 0
	i, a[i] = 1, 9
	println(i, a[0], a[1])
	a[0], a[1], a[2] = a[1], a[2], a[0]
	println(a[0], a[1], a[2])
	x := 1
	f := func() int { x++; return x }
	y, z := x, f()
	println(y, z, x+f(), f()+x)
	s := []int{1, 2, 3}
	g := func() int { s = nil; return 0 }
	func() {
		defer func() { println("recovered", recover() != nil) }()
		s[1] = g()
	}()
}

func late() {
	var p *T
	func() {
		defer func() { println("nil", recover() != nil) }()
		p.a = tr("rhs", 1)
	}()
	var m map[string]int
	func() {
		defer func() { println("map", recover() != nil) }()
		m["x"] = tr("rhs", 1)
	}()
	var s []int
	func() {
		defer func() { println("index", recover() != nil) }()
		s[tr("idx", 3)] += tr("rhs", 1)
	}()
	t := T{m: map[string]int{"a": 1}, s: []int{1}}
	t.m["a"] += tr("op", 2)
	t.m["b"]++
	t.s[0]--
	println(t.m["a"], t.m["b"], t.s[0], len(t.m))
}

func named() (r int, err string) {
	defer func() {
		if e := recover(); e != nil {
			err = e.(string)
			r *= 2
		}
	}()
	r = 21
	panic("boom")
}

func replaced() (r int) {
	defer func() { r += 100 }()
	return tr("ret", 5)
}

func unnamed() int {
	x := 1
	defer func() { x = 50 }()
	return x
}

func array() (a [3]int) {
	defer func() { recover(); a[2] = 7 }()
	a = [3]int{1, 2, 3}
	panic(1)
}

func loop() (s string) {
	for i := 0; i < 5; i++ {
		defer func(n int) { s += string(rune('a'+n+i)) }(i)
	}
	return "-"
}

func nested() {
	defer println("outer")
	defer func() {
		defer func() { println("inner", recover().(string)) }()
		panic("second")
	}()
	func() {
		defer func() { println("first", recover().(string)) }()
		panic("first")
	}()
}

func many() (a, b, c, d int, e string, f [2]int) { return 1, 2, 3, 4, "five", [2]int{6, 7} }

func pass(a, b, c, d int, e string, f [2]int) int { return a + b + c + d + len(e) + f[0] + f[1] }

type big struct {
	n [8]int
	s string
}

func change(b big) big { b.n[0] = 99; b.s = "changed"; return b }

func values() {
	b := big{s: "kept"}
	c := change(b)
	println(b.n[0], b.s, c.n[0], c.s, pass(many()))
	arr := [3]int{1, 2, 3}
	for i, v := range arr {
		arr[2] = 10
		print(i, ":", v, " ")
	}
	println(arr[2])
	sl := []int{1, 2, 3}
	for i, v := range sl {
		sl[2] = 10
		if i == 0 {
			sl = append(sl, 4)
		}
		print(i, ":", v, " ")
	}
	println(len(sl))
	pa := &arr
	for i := range pa {
		pa[i] *= 2
	}
	println(arr[0], arr[1], arr[2], len(pa), cap(pa[:2]))
	x, y := arr, &arr
	y[0] = -1
	println(x == arr, x[0], arr[0], x == [3]int{2, 4, 20})
}

func main() {
	order()
	late()
	println(named())
	println(replaced(), unnamed(), array()[2], loop())
	nested()
	values()
}
