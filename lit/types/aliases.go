// RUN: not %goc build -c -e %s 2>&1 | FileCheck --implicit-check-not="{{^[^[:blank:]].*:[0-9]+: }}" %s
// Messages name a type by the alias that the program used: for literals, conversions, package-level variables.
package p

import "reflect"

type T struct{}
type A = T
type N A
type P = *T
type V = reflect.Value
type S = struct{ x int }

var g A
var h P

// CHECK: aliases.go:[[#@LINE+1]]:11: cannot use A{} (value of type A) as N value in variable declaration
var _ N = A{}

// CHECK: aliases.go:[[#@LINE+1]]:11: cannot use g (variable of type A) as N value in variable declaration
var _ N = g

// CHECK: aliases.go:[[#@LINE+1]]:13: cannot use (A)(g) (value of type A) as int value in variable declaration
var _ int = (A)(g)

// CHECK: aliases.go:[[#@LINE+1]]:13: cannot use h (variable of type P) as int value in variable declaration
var _ int = h

// CHECK: aliases.go:[[#@LINE+1]]:13: cannot use V{} (value of type V) as int value in variable declaration
var _ int = V{}

// CHECK: aliases.go:[[#@LINE+1]]:13: cannot use S{} (value of type S) as int value in variable declaration
var _ int = S{}

// CHECK: aliases.go:[[#@LINE+1]]:13: cannot use T{} (value of type T) as int value in variable declaration
var _ int = T{}
