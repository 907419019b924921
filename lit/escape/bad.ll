; RUN: not %escape %s -o /dev/null 2>&1 | FileCheck %s
; CHECK: goc-escape: escape: f: an untagged alloca outside the entry block:{{.*}}%x = alloca i64
define void @f(ptr nest %ctx, i1 %c) {
entry:
  br i1 %c, label %a, label %b
a:
  %x = alloca i64
  br label %b
b:
  ret void
}
