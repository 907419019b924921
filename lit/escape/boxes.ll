; RUN: %escape %s | FileCheck --check-prefix=ESCAPE %s
; RUN: %opt -load-pass-plugin=%plugin -passes=goc-escape,goc-static,verify -S %s | FileCheck %s
; A box of constants is static data: where it escapes only behind goc-escape, whose code shows what -m says.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
@"type:string" = external constant i8
@str = private unnamed_addr constant [2 x i8] c"hi"
@sink = global { ptr, ptr } zeroinitializer

; CHECK: @box.s0 = private unnamed_addr constant <{ ptr, i64 }> <{ ptr @str, i64 2 }>, align 8
; CHECK: @box.s1 = private unnamed_addr constant <{ [8 x i8], i64 }> <{ [8 x i8] zeroinitializer, i64 7 }>, align 8
; ESCAPE: define void @constant_escapes(
; ESCAPE: %b = call ptr @runtime.newobject(ptr @"type:string")
; ESCAPE: define void @constant_stays(
; ESCAPE: %v = load i64, ptr @box.s3
; CHECK-LABEL: define void @constant_escapes(
; CHECK-NOT: newobject
; CHECK: store ptr @box.s0, ptr getelementptr
define void @constant_escapes(ptr nest %ctx) {
  %b = alloca { ptr, i64 }, align 8, !goc.alloc !0
  store ptr @str, ptr %b
  %l = getelementptr inbounds i8, ptr %b, i64 8
  store i64 2, ptr %l
  store ptr %b, ptr getelementptr (i8, ptr @sink, i64 8)
  ret void
}

define void @constant_stays(ptr nest %ctx) {
  %b = alloca { ptr, i64 }, align 8, !goc.alloc !3
  store ptr @str, ptr %b
  %l = getelementptr inbounds i8, ptr %b, i64 8
  store i64 2, ptr %l
  %v = load i64, ptr %b
  ret void
}

; CHECK-LABEL: define void @part_is_zero(
; CHECK: store ptr @box.s1
define void @part_is_zero(ptr nest %ctx) {
  %b = alloca { ptr, i64 }, align 8, !goc.alloc !1
  %l = getelementptr inbounds i8, ptr %b, i64 8
  store i64 7, ptr %l
  store ptr %b, ptr getelementptr (i8, ptr @sink, i64 8)
  ret void
}

; CHECK-LABEL: define void @variable(
; CHECK: call ptr @runtime.newobject
define void @variable(ptr nest %ctx, ptr %p) {
  %b = alloca { ptr, i64 }, align 8, !goc.alloc !2
  store ptr %p, ptr %b
  %l = getelementptr inbounds i8, ptr %b, i64 8
  store i64 2, ptr %l
  store ptr %b, ptr getelementptr (i8, ptr @sink, i64 8)
  ret void
}
!0 = !{!"box", !"\22hi\22", ptr @"type:string", i64 0}
!1 = !{!"box", !"x", ptr @"type:string", i64 1}
!2 = !{!"box", !"y", ptr @"type:string", i64 2}
!3 = !{!"box", !"z", ptr @"type:string", i64 3}
