// RUN: not %goc build -c -e %s 2>&1 | FileCheck --implicit-check-not="{{^[^[:blank:]].*:[0-9]+: }}" %s
// Switch statements: case types, duplicates, type switches.
package p

type I interface{ m() }

func switches(x int, s string, i I, a any, f func()) {
	switch x {
	case 1, 2, 1:
// CHECK: :[[@LINE-1]]:13: duplicate case 1 (constant of type int) in expression switch
	case "a":
// CHECK: :[[@LINE-1]]:7: cannot convert "a" (untyped string constant) to type int
	case 1.5:
// CHECK: :[[@LINE-1]]:7: 1.5 (untyped float constant) truncated to int
	}
	switch f {
	case nil:
	}
	switch {
	case x:
// CHECK: :[[@LINE-1]]:7: invalid case x in switch on true (mismatched types int and bool)
	case s == "a":
	}
	switch a.(type) {
	case int, string, int:
// CHECK: :[[@LINE-1]]:20: duplicate case int in type switch
	case nil, nil:
// CHECK: :[[@LINE-1]]:12: duplicate case nil in type switch
	}
	switch i.(type) {
	case int:
// CHECK: :[[@LINE-1]]:7: impossible type switch case: int
	}
	switch v := a.(type) {
// CHECK: :[[@LINE-1]]:9: v declared and not used
	case int:
	}
	switch x.(type) {
// CHECK: :[[@LINE-1]]:9: x (variable of type int) is not an interface
	}
	switch v := a.(type) {
	case int:
		var s string = v
// CHECK: :[[@LINE-1]]:7: declared and not used: s
// CHECK: :[[@LINE-2]]:18: cannot use v (variable of type int) as string value in variable declaration
	case string, bool:
		var s string = v
// CHECK: :[[@LINE-1]]:7: declared and not used: s
// CHECK: :[[@LINE-2]]:18: cannot use v (variable of type any) as string value in variable declaration: need type assertion
	}
}
