; RUN: %escape %s | FileCheck %s
; The text of "goc-leaks": one function for each form. Parameters count without the context. The attribute groups stand at the end
; of the module: opt prints them numbered, so each function is matched with its group.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

@"type:int" = external constant i8
@"type:T" = external constant i8
@sink = global ptr null

; CHECK: define void @nothing({{.*}} #[[NOTHING:[0-9]+]] {
define void @nothing(ptr nest %ctx, ptr %p) {
  %v = load ptr, ptr %p
  %c = icmp eq ptr %v, null
  ret void
}

; CHECK: define void @to_global({{.*}} #[[A:[0-9]+]] {
define void @to_global(ptr nest %ctx, ptr %p) {
  store ptr %p, ptr @sink
  ret void
}

; CHECK: define void @content_to_global({{.*}} #[[B:[0-9]+]] {
define void @content_to_global(ptr nest %ctx, i64 %n, ptr %p) {
  %f = getelementptr inbounds i8, ptr %p, i64 16
  %v = load ptr, ptr %f
  store ptr %v, ptr @sink
  ret void
}

; CHECK: define void @to_param({{.*}} #[[C:[0-9]+]] {
define void @to_param(ptr nest %ctx, ptr %x, ptr %p) {
  %f = getelementptr inbounds i8, ptr %x, i64 8
  store ptr %p, ptr %f
  ret void
}

; CHECK: define ptr @deref({{.*}} #[[D:[0-9]+]] {
define ptr @deref(ptr nest %ctx, ptr %pp) {
  %p = load ptr, ptr %pp
  ret ptr %p
}

; CHECK: define { ptr, i64 } @tail({{.*}} #[[E:[0-9]+]] {
define { ptr, i64 } @tail(ptr nest %ctx, ptr %s.ptr, i64 %s.len, i64 %i) {
  %p = getelementptr inbounds i8, ptr %s.ptr, i64 %i
  %r = insertvalue { ptr, i64 } poison, ptr %p, 0
  %r2 = insertvalue { ptr, i64 } %r, i64 %s.len, 1
  ret { ptr, i64 } %r2
}

; CHECK: define { ptr, ptr } @swap({{.*}} #[[F:[0-9]+]] {
define { ptr, ptr } @swap(ptr nest %ctx, ptr %a, ptr %b) {
  %r = insertvalue { ptr, ptr } poison, ptr %b, 0
  %r2 = insertvalue { ptr, ptr } %r, ptr %a, 1
  ret { ptr, ptr } %r2
}

; CHECK: define void @out({{.*}} #[[G:[0-9]+]] {
define void @out(ptr nest %ctx, ptr "goc-out" %out, ptr %a, ptr %b) {
  store ptr %a, ptr %out
  %o = getelementptr inbounds i8, ptr %out, i64 24
  store ptr %b, ptr %o
  ret void
}

; x captured by reference is assigned p; the value captured beside it leaks.
; CHECK: define void @closure({{.*}} #[[H:[0-9]+]] {
define void @closure(ptr nest %ctx, ptr %p) {
  %a = getelementptr inbounds i8, ptr %ctx, i64 8
  %x = load ptr, ptr %a
  store ptr %p, ptr %x
  %b = getelementptr inbounds i8, ptr %ctx, i64 16
  %y = load ptr, ptr %b
  store ptr %y, ptr @sink
  ret void
}

; A list: four stars are four or more.
; CHECK: define ptr @last({{.*}} #[[I:[0-9]+]] {
define ptr @last(ptr nest %ctx, ptr %l) {
entry:
  br label %loop
loop:
  %p = phi ptr [ %l, %entry ], [ %next, %more ]
  %next = load ptr, ptr %p
  %c = icmp eq ptr %next, null
  br i1 %c, label %done, label %more
more:
  br label %loop
done:
  ret ptr %p
}

; A func value that is called does not leak; that it is called is in the summary.
; CHECK: define void @calls({{.*}} #[[J:[0-9]+]] {
define void @calls(ptr nest %ctx, ptr %f) {
  %code = load ptr, ptr %f
  call void %code(ptr nest %f)
  ret void
}

; CHECK: define ptr @global_result({{.*}} #[[K:[0-9]+]] {
define ptr @global_result(ptr nest %ctx) {
  %v = load ptr, ptr @sink
  ret ptr %v
}

; Recursion: the fixed point.
; CHECK: define ptr @even({{.*}} #[[L:[0-9]+]] {
define ptr @even(ptr nest %ctx, ptr %a, ptr %b, i1 %c) {
  br i1 %c, label %x, label %y
x:
  ret ptr %a
y:
  %r = call ptr @odd(ptr nest poison, ptr %b, ptr %a, i1 %c)
  ret ptr %r
}
; CHECK: define ptr @odd({{.*}} #[[P:[0-9]+]] {
define ptr @odd(ptr nest %ctx, ptr %a, ptr %b, i1 %c) {
  %r = call ptr @even(ptr nest poison, ptr %b, ptr %a, i1 %c)
  ret ptr %r
}

; Trusted.
; CHECK: define ptr @no_escape({{.*}} #[[M:[0-9]+]] {
define ptr @no_escape(ptr nest %ctx, ptr %p) "goc-noescape" {
  %i = ptrtoint ptr %p to i64
  %q = inttoptr i64 %i to ptr
  ret ptr %q
}

; CHECK: define void @unknown_callee({{.*}} #[[A]] {
define void @unknown_callee(ptr nest %ctx, ptr %p, ptr %q) {
  call void @elsewhere(ptr nest poison, ptr %p)
  ret void
}
declare void @elsewhere(ptr nest, ptr)

; A summary of another package.
; CHECK: define ptr @imported({{.*}} #[[O:[0-9]+]] {
define ptr @imported(ptr nest %ctx, ptr %p, ptr %q) {
  %r = call ptr @other(ptr nest poison, ptr %q, ptr %p)
  ret ptr %r
}
declare ptr @other(ptr nest, ptr, ptr) "goc-leaks"="0*+8>r0 1>h"

; CHECK-DAG: attributes #[[NOTHING]] = { "goc-leaks" "split-stack" }
; CHECK-DAG: attributes #[[A]] = { "goc-leaks"="0>h" "split-stack" }
; CHECK-DAG: attributes #[[B]] = { "goc-leaks"="1*+16>h" "split-stack" }
; CHECK-DAG: attributes #[[C]] = { "goc-leaks"="1>0*+8" "split-stack" }
; CHECK-DAG: attributes #[[D]] = { "goc-leaks"="0*+0>r0" "split-stack" }
; CHECK-DAG: attributes #[[E]] = { "goc-leaks"="0@?>r0" "split-stack" }
; CHECK-DAG: attributes #[[F]] = { "goc-leaks"="0>r1 1>r0" "split-stack" }
; CHECK-DAG: attributes #[[G]] = { "goc-leaks"="0>o*+0 1>o*+24" "split-stack" }
; CHECK-DAG: attributes #[[H]] = { "goc-leaks"="0>c*+8*+0 c*+16>h" "split-stack" }
; CHECK-DAG: attributes #[[I]] = { "goc-leaks"="0*+0*+0*+0*+0>r0 0*+0*+0*+0>r0 0*+0*+0>r0 0*+0>r0 0>r0" "split-stack" }
; CHECK-DAG: attributes #[[J]] = { "goc-leaks"="0()-" "split-stack" }
; CHECK-DAG: attributes #[[K]] = { "goc-leaks"="h>r0" "split-stack" }
; CHECK-DAG: attributes #[[L]] = { "goc-leaks"="0>r0" "split-stack" }
; CHECK-DAG: attributes #[[P]] = { "goc-leaks"="1>r0" "split-stack" }
; CHECK-DAG: attributes #[[M]] = { "goc-noescape" "split-stack" }
; CHECK-DAG: attributes #[[O]] = { "goc-leaks"="0>h 1*+8>r0" "split-stack" }
