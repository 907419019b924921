// RUN: not %goc build -c -e %s 2>&1 | FileCheck --implicit-check-not="{{^[^[:blank:]].*:[0-9]+: }}" %s
// Types of infinite size and declarations that need themselves.
package p

type T struct{ t T }
// CHECK: :[[@LINE-1]]:6: invalid recursive type: T refers to itself
type U [2]U
// CHECK: :[[@LINE-1]]:6: invalid recursive type: U refers to itself
type V struct{ p *V }
type A B
// CHECK: :[[@LINE-1]]:6: invalid recursive type A
type B C
type C A
type F func(F) F
type G[P any] struct{ g *G[P] }
type H[P any] struct{ h H[P] }
// CHECK: :[[@LINE-1]]:25: invalid recursive type: H refers to itself
type I interface{ I }
// CHECK: :[[@LINE-1]]:6: invalid recursive type: I refers to itself
type J interface{ m(J) }

const x = y
// CHECK: :[[@LINE-1]]:7: initialization cycle for x
const y = x

var v = f()
// CHECK: :[[@LINE-1]]:5: initialization cycle for v

func f() int { return v }

var w = func() int { return u }()
// CHECK: :[[@LINE-1]]:5: initialization cycle for w
var u = w
