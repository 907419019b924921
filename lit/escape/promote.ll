; RUN: %promote %s | FileCheck %s
; After inlining: allocating calls that no longer escape become zeroed entry allocas.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
@"type:int" = external constant i8
@"type:*int" = constant { i64, i64 } { i64 8, i64 8 }
@sink = global ptr null
declare ptr @runtime.newobject(ptr)
declare ptr @runtime.makeslice(ptr, i64)
declare void @look(ptr nest, ptr) "goc-leaks"

; The mark `tail` goes: the callee is now given an alloca.
; CHECK-LABEL: define i64 @promoted(
; CHECK: %x = alloca [8 x i8], align 8
; CHECK: call void @llvm.memset.p0.i64(ptr align 8 %x, i8 0, i64 8
; CHECK: {{^}}  call void @look
define i64 @promoted(ptr nest %ctx, i1 %c) {
entry:
  br i1 %c, label %a, label %b
a:
  %x = call ptr @runtime.newobject(ptr @"type:int"), !goc.alloc !0
  tail call void @look(ptr nest poison, ptr %x)
  %v = load i64, ptr %x
  ret i64 %v
b:
  ret i64 0
}

; CHECK-LABEL: define void @stays(
; CHECK: call ptr @runtime.newobject
define void @stays(ptr nest %ctx) {
  %x = call ptr @runtime.newobject(ptr @"type:int"), !goc.alloc !0
  store ptr %x, ptr @sink
  ret void
}

; A pointer copied as an integer, as instcombine does.
; CHECK-LABEL: define void @as_integer(
; CHECK: call ptr @runtime.newobject
define void @as_integer(ptr nest %ctx) {
entry:
  %tmp = alloca { ptr, ptr }, align 8
  %x = call ptr @runtime.newobject(ptr @"type:int"), !goc.alloc !0
  store ptr %x, ptr %tmp
  %i = load i64, ptr %tmp
  store i64 %i, ptr @sink
  ret void
}

; CHECK-LABEL: define i64 @two_words(
; CHECK: call ptr @runtime.newobject
define i64 @two_words(ptr nest %ctx, ptr %p) {
entry:
  %tmp = alloca { ptr, ptr }, align 8
  %x = call ptr @runtime.newobject(ptr @"type:int"), !goc.alloc !0
  store ptr %x, ptr %tmp
  %i = load <2 x i64>, ptr %tmp
  store <2 x i64> %i, ptr %p
  ret i64 0
}

; The length became a constant.
; CHECK-LABEL: define ptr @made(
; CHECK: %s = alloca [24 x i8]
define ptr @made(ptr nest %ctx, ptr %p, i64 %i) {
  %s = call ptr @runtime.makeslice(ptr @"type:*int", i64 3), !goc.alloc !1
  store ptr %p, ptr %s
  %e = getelementptr inbounds ptr, ptr %s, i64 %i
  %v = load ptr, ptr %e
  ret ptr %v
}

; An object of the round before is still used.
; CHECK-LABEL: define void @loop(
; CHECK: loop:
; CHECK: call ptr @runtime.newobject
define void @loop(ptr nest %ctx, i1 %c) {
entry:
  br label %loop
loop:
  %q = phi ptr [ null, %entry ], [ %x, %loop ]
  %x = call ptr @runtime.newobject(ptr @"type:int"), !goc.alloc !0
  call void @look(ptr nest poison, ptr %q)
  call void @look(ptr nest poison, ptr %x)
  br i1 %c, label %loop, label %done
done:
  ret void
}

!0 = !{!"new", !"new(int)", ptr @"type:int", i64 0, i64 8, i64 8}
!1 = !{!"slice", !"make([]*int, n)", ptr @"type:*int", i64 1, i64 8, i64 8}

; Two calls that became one: the tag is of the other.
; CHECK-LABEL: define void @merged(
; CHECK: call ptr @runtime.newobject
define void @merged(ptr nest %ctx) {
  %x = call ptr @runtime.newobject(ptr @"type:*int"), !goc.alloc !0
  store ptr null, ptr %x
  ret void
}
