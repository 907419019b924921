; RUN: %escape %s | FileCheck %s
; Maps, channels, slices, strings, go, defer: the leaks column of runtime.def.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

@"type:int" = external constant i8
@"type:T" = external constant i8
@sink = global ptr null

@"type:uint8" = constant { i64, i64 } { i64 1, i64 0 }
@"type:*int" = constant { i64, i64 } { i64 8, i64 8 }
declare ptr @runtime.makemap(ptr, i64, ptr)
declare ptr @runtime.mapassign_fast64(ptr, ptr, i64)
declare ptr @runtime.mapaccess1_fast64(ptr, ptr, i64)
declare void @runtime.mapiterinit(ptr, ptr, ptr)
declare ptr @runtime.makechan(ptr, i64)
declare void @runtime.chansend1(ptr, ptr)
declare void @runtime.chanrecv1(ptr, ptr)
declare ptr @runtime.makeslice(ptr, i64)
declare { ptr, i64 } @runtime.growslice(ptr, i64, i64, i64, ptr)
declare { ptr, i64 } @runtime.concatstring2(ptr, ptr, i64, ptr, i64)
declare void @runtime.newproc(ptr)
declare i32 @runtime.checkpoint(ptr) returns_twice
declare void @runtime.deferproc(ptr, ptr)
declare void @runtime.deferreturn(ptr)

; What a map holds is on the heap, the map being the runtime's.
; CHECK-LABEL: define void @map_insert(
; CHECK-DAG: %x = call ptr @runtime.newobject
define void @map_insert(ptr nest %ctx) {
  %m = call ptr @runtime.makemap(ptr @"type:T", i64 0, ptr null), !goc.alloc !0
  %x = alloca i64, align 8, !goc.alloc !1
  store i64 0, ptr %x
  %e = call ptr @runtime.mapassign_fast64(ptr @"type:T", ptr %m, i64 1)
  store ptr %x, ptr %e
  ret void
}

; A map that stays has its header in the frame: the call is marked as one that does not allocate it.
; CHECK-LABEL: define void @map_stays(
; CHECK: [[BUF:%.*]] = alloca [9 x ptr]
; CHECK: call ptr @runtime.makemap(ptr @"type:T", i64 0, ptr [[BUF]]), !goc.stack
define void @map_stays(ptr nest %ctx) {
  %buf = alloca [9 x ptr], align 8, !goc.alloc !20
  %m = call ptr @runtime.makemap(ptr @"type:T", i64 0, ptr %buf), !goc.alloc !0
  %e = call ptr @runtime.mapassign_fast64(ptr @"type:T", ptr %m, i64 1)
  store i64 1, ptr %e
  ret void
}
; CHECK-LABEL: define ptr @map_escapes(
; CHECK: call ptr @runtime.makemap(ptr @"type:T", i64 0, ptr null), !goc.alloc
define ptr @map_escapes(ptr nest %ctx) {
  %buf = alloca [9 x ptr], align 8, !goc.alloc !20
  %m = call ptr @runtime.makemap(ptr @"type:T", i64 0, ptr %buf), !goc.alloc !0
  ret ptr %m
}
; The map of the last round may be in use when the next is made.
; CHECK-LABEL: define void @map_rounds(
; CHECK: call ptr @runtime.makemap(ptr @"type:T", i64 0, ptr null), !goc.alloc
define void @map_rounds(ptr nest %ctx, i1 %c) {
entry:
  br label %loop
loop:
  %last = phi ptr [ null, %entry ], [ %m, %loop ]
  %buf = alloca [9 x ptr], align 8, !goc.alloc !20
  %m = call ptr @runtime.makemap(ptr @"type:T", i64 0, ptr %buf), !goc.alloc !0
  call void @runtime.mapclear(ptr @"type:T", ptr %last)
  br i1 %c, label %loop, label %end
end:
  ret void
}
declare void @runtime.mapclear(ptr, ptr)

; The summary of a lookup, and of an iteration.
; CHECK: define ptr @map_lookup({{.*}} #[[LOOKUP:[0-9]+]] {
define ptr @map_lookup(ptr nest %ctx, ptr %m) {
  %e = call ptr @runtime.mapaccess1_fast64(ptr @"type:T", ptr %m, i64 1)
  %v = load ptr, ptr %e
  ret ptr %v
}
; CHECK: define ptr @map_first({{.*}} #[[LOOKUP]] {
define ptr @map_first(ptr nest %ctx, ptr %m) {
entry:
  %it = alloca [12 x i64], align 8
  call void @runtime.mapiterinit(ptr @"type:T", ptr %m, ptr %it)
  %f = getelementptr inbounds i8, ptr %it, i64 8
  %e = load ptr, ptr %f
  %v = load ptr, ptr %e
  ret ptr %v
}
; CHECK: define void @map_store({{.*}} #[[STORE:[0-9]+]] {
define void @map_store(ptr nest %ctx, ptr %m, ptr %p) {
  %e = call ptr @runtime.mapassign_fast64(ptr @"type:T", ptr %m, i64 1)
  store ptr %p, ptr %e
  ret void
}

; CHECK-LABEL: define void @send(
; CHECK-DAG: %x = call ptr @runtime.newobject
; CHECK-DAG: %tmp = alloca
define void @send(ptr nest %ctx) {
  %c = call ptr @runtime.makechan(ptr @"type:T", i64 1), !goc.alloc !2
  %x = alloca i64, align 8, !goc.alloc !1
  store i64 0, ptr %x
  %tmp = alloca ptr, align 8, !goc.alloc !11
  store ptr %x, ptr %tmp
  call void @runtime.chansend1(ptr %c, ptr %tmp)
  ret void
}
; CHECK: define ptr @receive({{.*}} #[[LOOKUP]] {
define ptr @receive(ptr nest %ctx, ptr %c) {
entry:
  %tmp = alloca { ptr, ptr }, align 8
  call void @runtime.chanrecv1(ptr %c, ptr %tmp)
  %v = load ptr, ptr %tmp
  ret ptr %v
}

; A slice of constant size becomes a zeroed entry alloca and may hold pointers into the frame (V4).
; CHECK-LABEL: define void @small_slice(
; CHECK-DAG: %s = alloca [80 x i8], align 8
; CHECK-DAG: %x = alloca i64
; CHECK: call void @llvm.memset.p0.i64(ptr align 8 %s, i8 0, i64 80, i1 false)
; CHECK-NOT: makeslice
; CHECK: ret void
define void @small_slice(ptr nest %ctx, i1 %c, i64 %i) {
entry:
  br i1 %c, label %a, label %b
a:
  %s = call ptr @runtime.makeslice(ptr @"type:*int", i64 10), !goc.alloc !3
  %x = alloca i64, align 8, !goc.alloc !1
  store i64 0, ptr %x
  %e = getelementptr inbounds ptr, ptr %s, i64 %i
  store ptr %x, ptr %e
  br label %b
b:
  ret void
}

; CHECK-LABEL: define void @sized_slice(
; CHECK: %s = call ptr @runtime.makeslice
; CHECK-DAG: %x = call ptr @runtime.newobject
define void @sized_slice(ptr nest %ctx, i64 %n) {
entry:
  %s = call ptr @runtime.makeslice(ptr @"type:*int", i64 %n), !goc.alloc !3
  %x = alloca i64, align 8, !goc.alloc !1
  store i64 0, ptr %x
  store ptr %x, ptr %s
  ret void
}

; CHECK-LABEL: define void @large_slice(
; CHECK: call ptr @runtime.makeslice
define void @large_slice(ptr nest %ctx) {
entry:
  %s = call ptr @runtime.makeslice(ptr @"type:uint8", i64 65537), !goc.alloc !3
  store i8 1, ptr %s
  ret void
}

; The buffer of a short string, as long as the string stays.
; CHECK-LABEL: define i64 @string_stays(
; CHECK-DAG: %buf = alloca
; CHECK: call { ptr, i64 } @runtime.concatstring2(ptr %buf
define i64 @string_stays(ptr nest %ctx, ptr %a, i64 %al, ptr %b, i64 %bl) {
entry:
  %buf = alloca [32 x i8], align 1, !goc.alloc !4
  %r = call { ptr, i64 } @runtime.concatstring2(ptr %buf, ptr %a, i64 %al, ptr %b, i64 %bl), !goc.alloc !5
  %l = extractvalue { ptr, i64 } %r, 1
  ret i64 %l
}
; CHECK-LABEL: define { ptr, i64 } @string_escapes(
; CHECK-NOT: alloca
; CHECK: call { ptr, i64 } @runtime.concatstring2(ptr null
define { ptr, i64 } @string_escapes(ptr nest %ctx, ptr %a, i64 %al, ptr %b, i64 %bl) {
entry:
  %buf = alloca [32 x i8], align 1, !goc.alloc !4
  %r = call { ptr, i64 } @runtime.concatstring2(ptr %buf, ptr %a, i64 %al, ptr %b, i64 %bl), !goc.alloc !5
  ret { ptr, i64 } %r
}

define hidden void @body(ptr nest %ctx) {
  ret void
}
; CHECK-LABEL: define void @go_statement(
; CHECK-DAG: %x = call ptr @runtime.newobject
; CHECK-DAG: %clo = call ptr @runtime.newobject
define void @go_statement(ptr nest %ctx) {
  %x = alloca i64, align 8, !goc.alloc !1
  store i64 0, ptr %x
  %clo = alloca { ptr, ptr }, align 8, !goc.alloc !6
  store ptr @body, ptr %clo
  %a = getelementptr inbounds i8, ptr %clo, i64 8
  store ptr %x, ptr %a
  call void @runtime.newproc(ptr %clo)
  ret void
}

; A deferred closure and what it captures stay, but not in a loop.
; CHECK-LABEL: define void @deferred(
; CHECK-DAG: %x = alloca
; CHECK-DAG: %clo = alloca
; CHECK-DAG: %y = call ptr @runtime.newobject
; CHECK-DAG: %clo2 = call ptr @runtime.newobject
define void @deferred(ptr nest %ctx, i1 %c) {
entry:
  %rec = alloca [30 x i64], align 16
  %x = alloca i64, align 8, !goc.alloc !1
  store i64 0, ptr %x
  %j = call i32 @runtime.checkpoint(ptr %rec)
  %t = icmp eq i32 %j, 0
  br i1 %t, label %run, label %end
run:
  %clo = alloca { ptr, ptr }, align 8, !goc.alloc !6
  store ptr @body, ptr %clo
  %a = getelementptr inbounds i8, ptr %clo, i64 8
  store ptr %x, ptr %a
  call void @runtime.deferproc(ptr %rec, ptr %clo)
  br label %loop
loop:
  %y = alloca i64, align 8, !goc.alloc !7
  store i64 0, ptr %y
  %clo2 = alloca { ptr, ptr }, align 8, !goc.alloc !8
  store ptr @body, ptr %clo2
  %a2 = getelementptr inbounds i8, ptr %clo2, i64 8
  store ptr %y, ptr %a2
  call void @runtime.deferproc(ptr %rec, ptr %clo2)
  br i1 %c, label %loop, label %end
end:
  call void @runtime.deferreturn(ptr %rec)
  ret void
}

; append: old and new contents are on the heap once the slice may have grown.
; CHECK-LABEL: define void @append(
; CHECK-DAG: %arr = alloca
; CHECK-DAG: %x = call ptr @runtime.newobject
define void @append(ptr nest %ctx) {
entry:
  %arr = alloca [1 x ptr], align 8, !goc.alloc !9
  %x = alloca i64, align 8, !goc.alloc !1
  store i64 0, ptr %x
  store ptr %x, ptr %arr
  %g = call { ptr, i64 } @runtime.growslice(ptr %arr, i64 2, i64 1, i64 1, ptr @"type:*int"), !goc.alloc !10
  ret void
}

; CHECK-DAG: attributes #[[LOOKUP]] = { "goc-leaks"="0*>r0" "split-stack" }
; CHECK-DAG: attributes #[[STORE]] = { "goc-leaks"="1>0*" "split-stack" }
!0 = !{!"map", !"make(map[int]*int)", ptr @"type:T", i64 0}
!1 = !{!"var", !"x", ptr @"type:int", i64 1}
!2 = !{!"chan", !"make(chan *int, 1)", ptr @"type:T", i64 2}
!3 = !{!"slice", !"make([]*int, 10)", ptr @"type:*int", i64 3}
!4 = !{!"buf", !"", null, i64 4}
!5 = !{!"string", !"a + b", null, i64 5}
!6 = !{!"closure", !"func literal", ptr @"type:T", i64 6}
!7 = !{!"var", !"y", ptr @"type:int", i64 7}
!8 = !{!"closure", !"func literal", ptr @"type:T", i64 8}
!9 = !{!"lit", !"[]*int{...}", ptr @"type:T", i64 9}
!10 = !{!"append", !"", null, i64 10}
!11 = !{!"var", !"tmp", ptr @"type:T", i64 11}
!20 = !{!"buf", !"buf", ptr @"type:T", i64 20}
