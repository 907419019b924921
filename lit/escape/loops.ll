; RUN: %escape %s | FileCheck %s
; One slot or a fresh object in each round.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

@"type:int" = external constant i8
@"type:T" = external constant i8
@sink = global ptr null

; The object of a round is dead when the next is made.
; CHECK-LABEL: define i64 @dead_by_then(
; CHECK-NEXT: entry:
; CHECK-NEXT: %x = alloca i64
; CHECK-NOT: newobject
; CHECK: ret i64
define i64 @dead_by_then(ptr nest %ctx, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %i1, %loop ]
  %x = alloca i64, align 8, !goc.alloc !0
  store i64 0, ptr %x
  call void @use(ptr nest poison, ptr %x)
  %v = load i64, ptr %x
  %i1 = add i64 %i, %v
  %c = icmp slt i64 %i1, %n
  br i1 %c, label %loop, label %done
done:
  ret i64 %i1
}
declare void @use(ptr nest, ptr) "goc-leaks"

; The last round's object is used behind the loop: still one slot, the next round would have overwritten it.
; CHECK-LABEL: define i64 @last_is_used(
; CHECK: alloca
; CHECK-NOT: newobject
; CHECK: ret i64
define i64 @last_is_used(ptr nest %ctx, i64 %n) {
entry:
  br label %loop
loop:
  %x = alloca i64, align 8, !goc.alloc !0
  store i64 0, ptr %x
  call void @use(ptr nest poison, ptr %x)
  %v = load i64, ptr %x
  %c = icmp slt i64 %v, %n
  br i1 %c, label %loop, label %done
done:
  %w = load i64, ptr %x
  ret i64 %w
}

; q holds the object of the round before.
; CHECK-LABEL: define i64 @previous_round(
; CHECK: loop:
; CHECK: %x = call ptr @runtime.newobject
; CHECK: ret i64
define i64 @previous_round(ptr nest %ctx, i64 %n) {
entry:
  br label %loop
loop:
  %q = phi ptr [ null, %entry ], [ %x, %loop ]
  %x = alloca i64, align 8, !goc.alloc !0
  store i64 7, ptr %x
  call void @use(ptr nest poison, ptr %q)
  %v = load i64, ptr %x
  %c = icmp slt i64 %v, %n
  br i1 %c, label %loop, label %done
done:
  ret i64 0
}

; Kept in an object outside the loop.
; CHECK-LABEL: define i64 @kept_outside(
; CHECK: %s = alloca
; CHECK: %x = call ptr @runtime.newobject
define i64 @kept_outside(ptr nest %ctx, i64 %n) {
entry:
  %s = alloca { ptr, ptr }, align 8, !goc.alloc !1
  store { ptr, ptr } zeroinitializer, ptr %s
  call void @use(ptr nest poison, ptr %s)
  br label %loop
loop:
  %x = alloca i64, align 8, !goc.alloc !0
  store i64 7, ptr %x
  store ptr %x, ptr %s
  %v = load i64, ptr %x
  %c = icmp slt i64 %v, %n
  br i1 %c, label %loop, label %done
done:
  call void @use(ptr nest poison, ptr %s)
  ret i64 0
}

; Kept in an object of the same round, made before it: one slot for both.
; CHECK-LABEL: define i64 @same_round(
; CHECK-DAG: %s = alloca
; CHECK-DAG: %x = alloca
; CHECK-NOT: newobject
; CHECK: ret i64
define i64 @same_round(ptr nest %ctx, i64 %n) {
entry:
  br label %loop
loop:
  %s = alloca { ptr, ptr }, align 8, !goc.alloc !1
  store { ptr, ptr } zeroinitializer, ptr %s
  %x = alloca i64, align 8, !goc.alloc !0
  store i64 7, ptr %x
  store ptr %x, ptr %s
  call void @use(ptr nest poison, ptr %s)
  %v = load i64, ptr %x
  %c = icmp slt i64 %v, %n
  br i1 %c, label %loop, label %done
done:
  ret i64 0
}

; There was a bug where the holder of the round before, still used when the next object is made, did not count because it is made anew too.
; CHECK-LABEL: define i64 @holder_of_the_round_before(
; CHECK: loop:
; CHECK: %x = call ptr @runtime.newobject
define i64 @holder_of_the_round_before(ptr nest %ctx, i64 %n) {
entry:
  br label %loop
loop:
  %prev = phi ptr [ null, %entry ], [ %s, %loop ]
  %x = alloca i64, align 8, !goc.alloc !0
  store i64 7, ptr %x
  call void @use(ptr nest poison, ptr %prev)
  %s = alloca { ptr, ptr }, align 8, !goc.alloc !1
  store { ptr, ptr } zeroinitializer, ptr %s
  store ptr %x, ptr %s
  %v = load i64, ptr %x
  %c = icmp slt i64 %v, %n
  br i1 %c, label %loop, label %done
done:
  ret i64 0
}

; Two objects of a round that hold each other.
; CHECK-LABEL: define i64 @ring(
; CHECK-NOT: newobject
; CHECK: ret i64
define i64 @ring(ptr nest %ctx, i64 %n) {
entry:
  br label %loop
loop:
  %x = alloca { ptr, i64 }, align 8, !goc.alloc !1
  store { ptr, i64 } zeroinitializer, ptr %x
  %y = alloca { ptr, i64 }, align 8, !goc.alloc !1
  store ptr %x, ptr %y
  %w = getelementptr inbounds i8, ptr %y, i64 8
  store i64 7, ptr %w
  store ptr %y, ptr %x
  %v = load i64, ptr %w
  %c = icmp slt i64 %v, %n
  br i1 %c, label %loop, label %done
done:
  ret i64 0
}

; A cycle made of gotos, with two entries.
; CHECK-LABEL: define i64 @irreducible(
; CHECK: %x = call ptr @runtime.newobject
define i64 @irreducible(ptr nest %ctx, i1 %a, i1 %b) {
entry:
  br i1 %a, label %one, label %two
one:
  %p = phi ptr [ null, %entry ], [ %q, %two ]
  %x = alloca i64, align 8, !goc.alloc !0
  store i64 7, ptr %x
  call void @use(ptr nest poison, ptr %p)
  br label %two
two:
  %q = phi ptr [ null, %entry ], [ %x, %one ]
  br i1 %b, label %one, label %done
done:
  ret i64 0
}

!0 = !{!"var", !"x", ptr @"type:int", i64 0}
!1 = !{!"new", !"new(T)", ptr @"type:T", i64 1}
