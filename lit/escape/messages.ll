; RUN: env GOC_ESCAPE_M=1 %opt -load-pass-plugin=%plugin -passes=goc-escape -disable-output %s 2>&1 | sort | FileCheck %s
; RUN: env GOC_ESCAPE_M=2 %opt -load-pass-plugin=%plugin -passes=goc-escape -disable-output %s 2>&1 | FileCheck --check-prefix=WAY %s
; The lines of -m at the positions of the metadata.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
@"type:int" = external constant i8
@sink = global ptr null

; CHECK: a.go:10:2: moved to heap: x
; CHECK: a.go:11:7: new(int) does not escape
; CHECK: a.go:12:7: &T{} escapes to heap
; CHECK: a.go:13:9: make([]int, n) escapes to heap
; CHECK: a.go:9:12: leaking param: p
; CHECK: a.go:9:16: leaking param content: q
; CHECK: a.go:9:20: leaking param: r to result res level=0
; CHECK: a.go:9:24: s does not escape
; CHECK: a.go:9:28: leaking param: t to result res level=1

; WAY: a.go:10:2: x escapes to heap:
; WAY-NEXT: a.go:10:2:   flow: {heap} = &x:
; WAY-NEXT: a.go:10:2:     from x (assign) at a.go:20:3
; WAY-NEXT: a.go:10:2: moved to heap: x
; WAY: a.go:13:9:     from make([]int, n) (non-constant size) at a.go:13:9
; WAY: a.go:9:12: parameter p leaks to {heap} with derefs=0:
; WAY-NEXT: a.go:9:12:   flow: {heap} = p:
; WAY-NEXT: a.go:9:12:     from p (assign) at a.go:20:3
; WAY-NEXT: a.go:9:12: leaking param: p
; WAY: a.go:9:16: parameter q leaks to {heap} with derefs=1:
; WAY-NEXT: a.go:9:16:   flow: {heap} = *q:
; WAY: a.go:9:20: parameter r leaks to res with derefs=0:
define ptr @f(ptr nest %ctx, ptr %p, ptr %q, ptr %r, ptr %s, ptr %t, i1 %c, i64 %n) !dbg !10 !goc.func !30 {
  %x = alloca i64, align 8, !goc.alloc !20, !dbg !40
  store i64 0, ptr %x, !dbg !40
  store ptr %x, ptr @sink, !dbg !44
  %y = alloca i64, align 8, !goc.alloc !21, !dbg !41
  store i64 0, ptr %y, !dbg !41
  %z = alloca i64, align 8, !goc.alloc !22, !dbg !42
  store i64 0, ptr %z, !dbg !42
  store ptr %z, ptr @sink, !dbg !44
  %m = call ptr @runtime.makeslice(ptr @"type:int", i64 %n), !goc.alloc !23, !dbg !43
  store ptr %p, ptr @sink, !dbg !44
  %v = load ptr, ptr %q, !dbg !44
  store ptr %v, ptr @sink, !dbg !44
  %w = load ptr, ptr %t, !dbg !44
  %res = select i1 %c, ptr %r, ptr %w, !dbg !44
  ret ptr %res, !dbg !44
}
declare ptr @runtime.makeslice(ptr, i64)

!llvm.module.flags = !{!0}
!llvm.dbg.cu = !{!1}
!0 = !{i32 2, !"Debug Info Version", i32 3}
!1 = distinct !DICompileUnit(language: DW_LANG_Go, file: !2, emissionKind: LineTablesOnly)
!2 = !DIFile(filename: "a.go", directory: "")
!3 = !DISubroutineType(types: !{})
!10 = distinct !DISubprogram(name: "main.f", file: !2, line: 9, type: !3, unit: !1, spFlags: DISPFlagDefinition)
!20 = !{!"var", !"x", ptr @"type:int", i64 0}
!21 = !{!"new", !"new(int)", ptr @"type:int", i64 1}
!22 = !{!"lit", !"&T{}", ptr @"type:int", i64 2}
!23 = !{!"slice", !"make([]int, n)", ptr @"type:int", i64 3}
!30 = !{!"main.f", !31, !32, !33, !34, !35, !36}
!31 = !{!"p", i32 0, i32 1, i32 9, i32 12}
!32 = !{!"q", i32 1, i32 1, i32 9, i32 16}
!33 = !{!"r", i32 2, i32 1, i32 9, i32 20}
!34 = !{!"s", i32 3, i32 1, i32 9, i32 24}
!35 = !{!"t", i32 4, i32 1, i32 9, i32 28}
!36 = !{!"res", i32 0, i32 1}
!40 = !DILocation(line: 10, column: 2, scope: !10)
!41 = !DILocation(line: 11, column: 7, scope: !10)
!42 = !DILocation(line: 12, column: 7, scope: !10)
!43 = !DILocation(line: 13, column: 9, scope: !10)
!44 = !DILocation(line: 20, column: 3, scope: !10)
