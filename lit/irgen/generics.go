// RUN: %goc build -c -o %t.o -d ir,verify %s 2>&1 | FileCheck %s
// Instances are linkonce_odr in a comdat of their own name; literals in them too.
package main

type List[T any] struct {
	head T
	next *List[T]
}

func (l *List[T]) Push(x T) *List[T] { return &List[T]{x, l} }

func Map[T, U any](x T, f func(T) U) func() U { return func() U { return f(x) } }

type Num interface{ ~int | ~float64 }

func Add[T Num](x, y T) T { return x + y }

// CHECK-LABEL: define hidden void @main.use(
// CHECK: call ptr @"main.(*List[int]).Push"(
// CHECK: call ptr @"main.Map[int,string]"(
// CHECK: call i64 @"main.Add[int]"(
// CHECK: call double @"main.Add[float64]"(
func use() {
	var l *List[int]
	l = l.Push(1)
	_ = Map(1, func(int) string { return "" })
	_ = Add(1, 2)
	_ = Add(1.0, 2)
}

// CHECK-DAG: define linkonce_odr hidden ptr @"main.(*List[int]).Push"(ptr nest %ctx, ptr %l, i64 %x) {{.*}} comdat
// CHECK-DAG: define linkonce_odr hidden ptr @"main.Map[int,string]"(
// CHECK-DAG: define linkonce_odr hidden { ptr, i64 } @"main.Map[int,string].func1"(
// CHECK-DAG: define linkonce_odr hidden i64 @"main.Add[int]"(
// CHECK-DAG: define linkonce_odr hidden double @"main.Add[float64]"(
// CHECK-DAG: !DISubprogram(name: "main.Map[...]"

func main() {}
