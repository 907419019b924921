// RUN: %goc build -c -o %t.o -d ir,verify %s 2>&1 | FileCheck %s
// Calls of a statement's operands come first, in order; variables are read behind them, places are checked when they are stored to.
package main

func f() int { return 1 }
func g() int { return 2 }

// CHECK-LABEL: define hidden i64 @main.sum(
// CHECK: %[[F:.*]] = call i64 @main.f(
// CHECK: %[[G:.*]] = call i64 @main.g(
// CHECK: %[[X:.*]] = add i64 %x, %[[F]]
// CHECK: add i64 %[[X]], %[[G]]
func sum(x int) int { return x + f() + g() }

// CHECK-LABEL: define hidden void @main.store(
// CHECK: call i64 @main.f(
// CHECK: call i64 @main.g(
// CHECK: icmp uge i64
func store(s []int) { s[f()] = g() }

// CHECK-LABEL: define hidden void @main.swap(
// CHECK: %[[A:.*]] = load i64
// CHECK: %[[B:.*]] = load i64
// CHECK: store i64 %[[A]]
// CHECK: store i64 %[[B]]
func swap(s []int) { s[0], s[1] = s[1], s[0] }

func main() {}
