// escape.h: the pass that decides where each Go allocation lives: in the frame, on the heap, in
// static memory.
//
// Glossary (the literature's words; docs/escape.md has the algorithm)
//   site       an allocation in the IR: an alloca or a runtime call with metadata !goc.alloc
//   object     an abstract memory object: a site (inside), what a parameter points to (outside),
//   the heap place      (object, offset) leaks      the summary of a function: where its parameters
//   flow; text in the attribute "goc-leaks" outlives   the one decision: an object whose address
//   reaches the heap, a result or memory of a parameter promote    after inlining, turning heap
//   calls back into allocas
//
// Input contract (irgen writes it, goc_escape_verify checks it):
//   !goc.alloc !{!"kind", !"text", ptr @"type:T", i64 site}   kind: var new lit closure box varargs
//   bound buf slice map chan string (bytes) append
//     on an alloca: an object of fixed size, standing where the Go expression is executed; irgen
//     stores its first value (or the zero value)
//       right behind it: the pass zeroes no alloca site
//     on a call of runtime.makeslice, makemap, makechan, growslice, concatstring…: an object of
//     run-time size. Its T: for makeslice and
//       growslice the element type. A fifth operand i64, the size of an element in bytes, is
//       welcome on makeslice (needed when the descriptor is not defined in the module)
//     text: what messages call it, `p`, `&Person{...}`, `func literal`, `... argument`,
//     `make([]int, n)` site: a number, unique in the module, in source order !dbg of the
//     instruction: the position that -m prints
//   A tagged alloca of kind buf is an optional buffer: it becomes null instead of a heap call.
//   kind box: nobody writes to it after irgen's own stores through the alloca; if these store
//   constants the pass makes it static data.
//     So irgen boxes constants like anything else (gc has a message for them).
//   A parameter that carries the out pointer for results has the string attribute "goc-out" (LLVM
//   parameter 1 of the definition and of
//     the declaration; call sites need none).
//   "goc-noescape" on a function (//go:noescape, internal/abi.NoEscape and its like): leaks
//   nothing, trusted, body or not; its result is no flow. !goc.func on a function: !{!"name", !p0,
//   !p1 …} for "leaking param: p"; a file comes from the DISubprogram.
//     !{!"p", i32 first, i32 words, i32 line, i32 column} for each Go parameter whose type has
//     pointers (receiver first; unnamed and _: leave
//       them out): its first flattened parameter (counted without ctx and out pointer), their
//       number; -1: by pointer to the caller's copy
//     !{!"~r0", i32 first, i32 words} for each result with pointers: first member of the returned
//     struct (0: the only one); with an out
//       pointer: byte offset in it, size in bytes
//   Untagged allocas in the entry block are locals that mem2reg promotes, spill slots for call
//   arguments and results, and defer records:
//     a callee may keep what they contain but not their address.
//   "goc-leaks" on a declaration: the summary of a function of another package (absent: everything
//   leaks). Runtime functions: runtime.def. Grammar of a summary, and how parameters are counted in
//   it: docs/escape.md.
// Output: entry allocas, calls of runtime.newobject with the same !goc.alloc (and size and
// alignment behind it), "goc-leaks" on every definition.
//
// Files: graph.c flow.c call.c cfg.c scc.c solve.c leaks.c rewrite.c promote.c loops.c explain.c
// inlined.c; plugin.cpp (registration with opt).
#ifndef GOC_ESCAPE_H
#define GOC_ESCAPE_H

#include "driver/base/base.h"
#include <llvm-c/Core.h>

typedef struct EscapeOptions {
  bool off;    // -escape=off: every site becomes a heap call
  int explain; // 0 nothing, 1 -m, 2 -m=2 (with flow paths)
  // Receives every line of -m in no particular order; file as in the DIFile. NULL: none wanted.
  void (*note)(void *ctx, const char *file, unsigned line, unsigned col, const char *text);
  void *ctx;
  const char *keep; // test only: name of a variable that is kept on the stack although it escapes
                    // (the checker must catch it), or NULL
  int stats;        // -d escape=2
} EscapeOptions;

// What became of one site, for `goc escape` and for tests.
typedef enum EscapeWhere { WHERE_STACK, WHERE_HEAP, WHERE_STATIC } EscapeWhere;

// Runs mem2reg (function(mem2reg); doing so before is harmless but loses lines of -m), analysis and
// rewriting on a module straight from irgen; every function gets "split-stack". false: the module
// breaks the input contract; *message (malloc'ed) says how. keeps everything else.
bool goc_escape_run(LLVMModuleRef m, const EscapeOptions *opt, char **message);
// Boxes and closures of constants that escape: goc-escape leaves their heap calls, so that what -m
// says can be read in the code; here they become static data. Returns how many.
int goc_static_run(LLVMModuleRef m);
// After inlining and simplification: heap calls that no longer escape become entry allocas. Returns
// how many.
int goc_promote_run(LLVMModuleRef m);
// For -m: lines for the objects that inlining brought into functions and that are not on the heap
// there. begin: before LLVM's passes; end: after goc-promote, frees.
typedef struct Inlined Inlined;
Inlined *goc_inlined_begin(LLVMModuleRef m);
void goc_inlined_end(Inlined *in, LLVMModuleRef m, const EscapeOptions *opt);
// Checks the input contract and, after the pass, that no alloca stands outside an entry block.
// NULL, or a malloc'ed message.
char *goc_escape_verify(LLVMModuleRef m, bool after);

#endif
