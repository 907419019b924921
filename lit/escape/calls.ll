; RUN: %escape %s | FileCheck %s
; Flow through calls: parameters, results, closures, interfaces with a known table.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

@"type:int" = external constant i8
@"type:T" = external constant i8
@sink = global ptr null

@"go:itab.*main.T,main.I" = linkonce_odr hidden constant { ptr, ptr, i32, i32, [2 x ptr] } { ptr @"type:int", ptr @"type:T", i32 0, i32 0, [2 x ptr] [ptr @"main.(*T).Keep", ptr @"main.(*T).Look"] }
@"main.keep·f" = private constant { ptr } { ptr @keep }
@"main.look·f" = private constant { ptr } { ptr @look }

define hidden void @set(ptr nest %ctx, ptr %x, ptr %p) {
  %f = getelementptr inbounds i8, ptr %x, i64 8
  store ptr %p, ptr %f
  ret void
}
define hidden ptr @get(ptr nest %ctx, ptr %x) {
  %f = getelementptr inbounds i8, ptr %x, i64 8
  %v = load ptr, ptr %f
  ret ptr %v
}
define hidden void @look(ptr nest %ctx, ptr %p) {
  store i64 1, ptr %p
  ret void
}
define hidden void @keep(ptr nest %ctx, ptr %p) {
  store ptr %p, ptr @sink
  ret void
}
define hidden void @"main.(*T).Keep"(ptr nest %ctx, ptr %t, ptr %p) {
  store ptr %p, ptr @sink
  ret void
}
define hidden void @"main.(*T).Look"(ptr nest %ctx, ptr %t, ptr %p) {
  ret void
}

; V5: x.Set(&i) with x on the stack.
; CHECK-LABEL: define void @param_to_param(
; CHECK-DAG: %x = alloca
; CHECK-DAG: %i = alloca
; CHECK-NOT: newobject
; CHECK: ret void
define void @param_to_param(ptr nest %ctx) {
  %x = alloca { ptr, ptr }, align 8, !goc.alloc !0
  store { ptr, ptr } zeroinitializer, ptr %x
  %i = alloca i64, align 8, !goc.alloc !1
  store i64 0, ptr %i
  call void @set(ptr nest poison, ptr %x, ptr %i)
  ret void
}

; … and read back, it leaks.
; CHECK-LABEL: define void @set_then_get(
; CHECK-DAG: %x = alloca
; CHECK-DAG: %i = call ptr @runtime.newobject
define void @set_then_get(ptr nest %ctx) {
  %x = alloca { ptr, ptr }, align 8, !goc.alloc !0
  store { ptr, ptr } zeroinitializer, ptr %x
  %i = alloca i64, align 8, !goc.alloc !1
  store i64 0, ptr %i
  call void @set(ptr nest poison, ptr %x, ptr %i)
  %v = call ptr @get(ptr nest poison, ptr %x)
  store ptr %v, ptr @sink
  ret void
}

; V1: a func variable with two values, both known.
; CHECK-LABEL: define void @two_callees(
; CHECK-DAG: %i = alloca
; CHECK-NOT: newobject
; CHECK: ret void
define void @two_callees(ptr nest %ctx, i1 %c, i64 %n) {
  %i = alloca i64, align 8, !goc.alloc !1
  store i64 0, ptr %i
  %clo = alloca { ptr, i64 }, align 8, !goc.alloc !2
  store ptr @look, ptr %clo
  %cap = getelementptr inbounds i8, ptr %clo, i64 8
  store i64 %n, ptr %cap
  %f = select i1 %c, ptr %clo, ptr @"main.look·f"
  %code = load ptr, ptr %f
  call void %code(ptr nest %f, ptr %i)
  ret void
}

; CHECK-LABEL: define void @one_callee_keeps(
; CHECK-DAG: %i = call ptr @runtime.newobject
; CHECK-DAG: %clo = alloca
define void @one_callee_keeps(ptr nest %ctx, i1 %c, i64 %n) {
  %i = alloca i64, align 8, !goc.alloc !1
  store i64 0, ptr %i
  %clo = alloca { ptr, i64 }, align 8, !goc.alloc !2
  store ptr @keep, ptr %clo
  %cap = getelementptr inbounds i8, ptr %clo, i64 8
  store i64 %n, ptr %cap
  %f = select i1 %c, ptr %clo, ptr @"main.look·f"
  %code = load ptr, ptr %f
  call void %code(ptr nest %f, ptr %i)
  ret void
}

; An unknown func value: its argument leaks, it does not.
; CHECK-LABEL: define void @unknown_callee(
; CHECK-DAG: %i = call ptr @runtime.newobject
define void @unknown_callee(ptr nest %ctx, ptr %f) {
  %i = alloca i64, align 8, !goc.alloc !1
  store i64 0, ptr %i
  %code = load ptr, ptr %f
  call void %code(ptr nest %f, ptr %i)
  ret void
}

define hidden void @apply(ptr nest %ctx, ptr %f, ptr %arg) {
  %code = load ptr, ptr %f
  call void %code(ptr nest %f, ptr %arg)
  ret void
}
define hidden void @body(ptr nest %ctx, ptr %arg) {
  %a = getelementptr inbounds i8, ptr %ctx, i64 8
  %x = load ptr, ptr %a
  store i64 1, ptr %x
  %b = getelementptr inbounds i8, ptr %ctx, i64 16
  %y = load ptr, ptr %b
  store ptr %y, ptr @sink
  ret void
}
; The closure that apply calls stays; what its body leaks of its captures does not.
; CHECK-LABEL: define void @closure_is_called(
; CHECK-DAG: %x = alloca
; CHECK-DAG: %y = call ptr @runtime.newobject
; CHECK-DAG: %clo = alloca
; CHECK: ret void
define void @closure_is_called(ptr nest %ctx) {
  %x = alloca i64, align 8, !goc.alloc !1
  store i64 0, ptr %x
  %y = alloca i64, align 8, !goc.alloc !3
  store i64 0, ptr %y
  %clo = alloca { ptr, ptr, ptr }, align 8, !goc.alloc !2
  store ptr @body, ptr %clo
  %a = getelementptr inbounds i8, ptr %clo, i64 8
  store ptr %x, ptr %a
  %b = getelementptr inbounds i8, ptr %clo, i64 16
  store ptr %y, ptr %b
  call void @apply(ptr nest poison, ptr %clo, ptr null)
  ret void
}

; An interface whose table is known: method 1 looks, method 0 keeps.
; CHECK-LABEL: define void @known_itab(
; CHECK-DAG: %i = alloca
; CHECK-DAG: %k = call ptr @runtime.newobject
define void @known_itab(ptr nest %ctx) {
  %t = alloca { ptr, ptr }, align 8, !goc.alloc !0
  store { ptr, ptr } zeroinitializer, ptr %t
  %i = alloca i64, align 8, !goc.alloc !1
  store i64 0, ptr %i
  %k = alloca i64, align 8, !goc.alloc !3
  store i64 0, ptr %k
  %s = getelementptr inbounds i8, ptr @"go:itab.*main.T,main.I", i64 32
  %look = load ptr, ptr %s
  call void %look(ptr nest poison, ptr %t, ptr %i)
  %s2 = getelementptr inbounds i8, ptr @"go:itab.*main.T,main.I", i64 24
  %keep = load ptr, ptr %s2
  call void %keep(ptr nest poison, ptr %t, ptr %k)
  ret void
}

; A method of an unknown interface: what it is given leaks, the receiver too.
; CHECK: define void @unknown_itab({{.*}} #[[ITAB:[0-9]+]] {
; CHECK-DAG: %i = call ptr @runtime.newobject
define void @unknown_itab(ptr nest %ctx, ptr %tab, ptr %data, ptr %p) {
  %i = alloca i64, align 8, !goc.alloc !1
  store i64 0, ptr %i
  %s = getelementptr inbounds i8, ptr %tab, i64 24
  %m = load ptr, ptr %s
  call void %m(ptr nest poison, ptr %data, ptr %i, ptr %p)
  ret void
}

; A closure that is called by another with what that one was given: the wrapper of `defer f(&x)`.
define hidden void @wrapper(ptr nest %ctx) {
  %a = getelementptr inbounds i8, ptr %ctx, i64 8
  %f = load ptr, ptr %a
  %b = getelementptr inbounds i8, ptr %ctx, i64 16
  %x = load ptr, ptr %b
  %code = load ptr, ptr %f
  call void %code(ptr nest %f, ptr %x)
  ret void
}
; CHECK-LABEL: define void @through_wrapper(
; CHECK-DAG: %i = alloca
; CHECK-DAG: %k = call ptr @runtime.newobject
; CHECK-DAG: %w1 = alloca
; CHECK-DAG: %w2 = alloca
define void @through_wrapper(ptr nest %ctx) {
  %i = alloca i64, align 8, !goc.alloc !1
  store i64 0, ptr %i
  %k = alloca i64, align 8, !goc.alloc !3
  store i64 0, ptr %k
  %w1 = alloca { ptr, ptr, ptr }, align 8, !goc.alloc !2
  store ptr @wrapper, ptr %w1
  %a1 = getelementptr inbounds i8, ptr %w1, i64 8
  store ptr @"main.look·f", ptr %a1
  %b1 = getelementptr inbounds i8, ptr %w1, i64 16
  store ptr %i, ptr %b1
  call void @apply(ptr nest poison, ptr %w1, ptr null)
  %w2 = alloca { ptr, ptr, ptr }, align 8, !goc.alloc !2
  store ptr @wrapper, ptr %w2
  %a2 = getelementptr inbounds i8, ptr %w2, i64 8
  store ptr @"main.keep·f", ptr %a2
  %b2 = getelementptr inbounds i8, ptr %w2, i64 16
  store ptr %k, ptr %b2
  call void @apply(ptr nest poison, ptr %w2, ptr null)
  ret void
}

; A closure that calls itself through a captured variable: the analysis ends. It is in its own memory: no harm.
define hidden void @again(ptr nest %ctx) {
  %a = getelementptr inbounds i8, ptr %ctx, i64 8
  %fn = load ptr, ptr %a
  %f = load ptr, ptr %fn
  %code = load ptr, ptr %f
  call void %code(ptr nest %f)
  ret void
}
; CHECK-LABEL: define void @recursive_closure(
; CHECK-NOT: newobject
; CHECK: ret void
define void @recursive_closure(ptr nest %ctx) {
  %fn = alloca ptr, align 8, !goc.alloc !4
  store ptr null, ptr %fn
  %clo = alloca { ptr, ptr }, align 8, !goc.alloc !2
  store ptr @again, ptr %clo
  %a = getelementptr inbounds i8, ptr %clo, i64 8
  store ptr %fn, ptr %a
  store ptr %clo, ptr %fn
  %f = load ptr, ptr %fn
  %code = load ptr, ptr %f
  call void %code(ptr nest %f)
  ret void
}

; A call parameter by pointer, a spill slot: what it holds leaks, it does not.
; CHECK-LABEL: define void @spill(
; CHECK-DAG: %tmp = alloca
; CHECK-DAG: %i = call ptr @runtime.newobject
define void @spill(ptr nest %ctx) {
entry:
  %tmp = alloca [6 x ptr], align 8
  %i = alloca i64, align 8, !goc.alloc !1
  store i64 0, ptr %i
  store ptr %i, ptr %tmp
  call void @elsewhere(ptr nest poison, ptr %tmp)
  ret void
}
declare void @elsewhere(ptr nest, ptr)

; CHECK: attributes #[[ITAB]] = { "goc-leaks"="1>h 2>h" "split-stack" }
!0 = !{!"new", !"new(T)", ptr @"type:T", i64 0}
!1 = !{!"var", !"i", ptr @"type:int", i64 1}
!2 = !{!"closure", !"func literal", ptr @"type:T", i64 2}
!4 = !{!"var", !"fn", ptr @"type:int", i64 4}
!3 = !{!"var", !"k", ptr @"type:int", i64 3}
