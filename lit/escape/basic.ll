; RUN: %escape %s | FileCheck %s
; One function for each rule of straight flow.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"

@"type:int" = external constant i8
@"type:*int" = external constant i8
@sink = global ptr null

; CHECK-LABEL: define void @store_to_global_escapes(
; CHECK-SAME: #[[NONE:[0-9]+]]
; CHECK: %x = call ptr @runtime.newobject(ptr @"type:int"){{.*}} !goc.alloc
; CHECK-NOT: alloca
; CHECK-NOT: store i64 0
; CHECK: store ptr %x, ptr @sink
define void @store_to_global_escapes(ptr nest %ctx) {
entry:
  %x = alloca i64, align 8, !goc.alloc !0
  store i64 0, ptr %x
  store ptr %x, ptr @sink
  ret void
}

; CHECK-LABEL: define i64 @store_to_local_stays(
; CHECK: %s = alloca { i64, ptr }
; CHECK: %x = alloca i64
; CHECK-NOT: newobject
; CHECK: ret i64
define i64 @store_to_local_stays(ptr nest %ctx) {
entry:
  %s = alloca { i64, ptr }, align 8, !goc.alloc !2
  store { i64, ptr } zeroinitializer, ptr %s
  %p = getelementptr inbounds i8, ptr %s, i64 8
  %x = alloca i64, align 8, !goc.alloc !1
  store i64 7, ptr %x
  store ptr %x, ptr %p
  %q = load ptr, ptr %p
  %v = load i64, ptr %q
  ret i64 %v
}

; What a heap object holds is on the heap too.
; CHECK-LABEL: define void @contents_of_heap_object_escape(
; CHECK-NOT: alloca
; CHECK: %p = call ptr @runtime.newobject(ptr @"type:*int")
; CHECK: %x = call ptr @runtime.newobject(ptr @"type:int")
define void @contents_of_heap_object_escape(ptr nest %ctx) {
entry:
  %p = alloca ptr, align 8, !goc.alloc !3
  store ptr null, ptr %p
  store ptr %p, ptr @sink
  %x = alloca i64, align 8, !goc.alloc !4
  store i64 7, ptr %x
  store ptr %x, ptr %p
  ret void
}

; Only one of two fields leaks.
; CHECK-LABEL: define void @field_leaks(
; CHECK-DAG: %y = alloca i64
; CHECK-DAG: %s = alloca { ptr, ptr }
; CHECK-DAG: %x = call {{.*}}@runtime.newobject
; CHECK: ret void
define void @field_leaks(ptr nest %ctx) {
entry:
  %s = alloca { ptr, ptr }, align 8, !goc.alloc !5
  store { ptr, ptr } zeroinitializer, ptr %s
  %x = alloca i64, align 8, !goc.alloc !6
  %y = alloca i64, align 8, !goc.alloc !7
  store ptr %x, ptr %s
  %s1 = getelementptr inbounds i8, ptr %s, i64 8
  store ptr %y, ptr %s1
  %l = load ptr, ptr %s
  store ptr %l, ptr @sink
  ret void
}

; CHECK-LABEL: define ptr @return_escapes(
; CHECK-SAME: #[[NEW:[0-9]+]]
; CHECK: %x = call {{.*}}@runtime.newobject
define ptr @return_escapes(ptr nest %ctx) {
entry:
  %x = alloca i64, align 8, !goc.alloc !8
  ret ptr %x
}

; An alloca outside the entry block moves there.
; CHECK-LABEL: define i64 @branch(
; CHECK-NEXT: entry:
; CHECK-NEXT: %x = alloca i64, align 8
; CHECK-NEXT: br i1
define i64 @branch(ptr nest %ctx, i1 %c) {
entry:
  br i1 %c, label %a, label %b
a:
  %x = alloca i64, align 8, !goc.alloc !9
  store i64 7, ptr %x
  call void @noleak(ptr nest poison, ptr %x)
  %v = load i64, ptr %x
  ret i64 %v
b:
  ret i64 0
}

; CHECK-LABEL: define void @noleak(
; CHECK-SAME: #[[NONE]]
define void @noleak(ptr nest %ctx, ptr %p) {
  store i64 8, ptr %p
  ret void
}

; CHECK-DAG: attributes #[[NONE]] = { "goc-leaks" "split-stack" }
; CHECK-DAG: attributes #[[NEW]] = { "goc-leaks"="new>r0" "split-stack" }

!0 = !{!"var", !"x", ptr @"type:int", i64 0}
!1 = !{!"var", !"x", ptr @"type:int", i64 1}
!2 = !{!"new", !"new(*int)", ptr @"type:*int", i64 2}
!3 = !{!"new", !"new(*int)", ptr @"type:*int", i64 3}
!4 = !{!"var", !"x", ptr @"type:int", i64 4}
!5 = !{!"var", !"s", ptr @"type:int", i64 5}
!6 = !{!"var", !"x", ptr @"type:int", i64 6}
!7 = !{!"var", !"y", ptr @"type:int", i64 7}
!8 = !{!"var", !"x", ptr @"type:int", i64 8}
!9 = !{!"var", !"x", ptr @"type:int", i64 9}
