// opt.c: LLVM's passes around goc-promote, and emission of code.
//
// A light round of inlining first, so that goc-promote sees what callees do with what they are
// given; then LLVM's own O2 (measured: 12 % over one default<O2>). -O0 runs no pass (but drop.c)
// and the code generator's level "none". A large function gets no more than the light round: the
// time of LLVM's loop passes grows with the square of the loops of a function (measured: 2,200
// loops inlined into one main, 12 s; without them 0.3 s). A huge one gets nothing: simplifycfg is
// quadratic too (a switch of 10,000 strings: 40 s).
#include "driver.h"
#include "pass/escape.h"
#include <errno.h>
#include <llvm-c/Comdat.h>
#include <llvm-c/Error.h>
#include <llvm-c/Target.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <stdlib.h>
#include <string.h>

static const char light[] =
    "inferattrs,function(simplifycfg,sroa,early-cse),ipsccp,cgscc(inline,function-attrs,"
    "function(sroa,early-cse<memssa>,instcombine<no-verify-fixpoint>,simplifycfg))";

// What a large function gets behind goc-promote, instead of LLVM's O2.
static const char large[] =
    "function(sroa,early-cse<memssa>,instcombine<no-verify-fixpoint>,simplifycfg)";

enum { MAX_INSTRUCTIONS = 20000 }; // of a function that is optimised

LLVMTargetMachineRef opt_target(int level) {
  LLVMInitializeX86TargetInfo();
  LLVMInitializeX86Target();
  LLVMInitializeX86TargetMC();
  LLVMInitializeX86AsmPrinter();
  LLVMInitializeX86AsmParser();
  LLVMTargetRef target;
  char *message;
  if (LLVMGetTargetFromTriple("x86_64-unknown-linux-gnu", &target, &message))
    fatal("LLVM: %s", message);
  LLVMCodeGenOptLevel cg = level == 0   ? LLVMCodeGenLevelNone
                           : level == 3 ? LLVMCodeGenLevelAggressive
                                        : LLVMCodeGenLevelDefault;
  return LLVMCreateTargetMachine(target, "x86_64-unknown-linux-gnu", "x86-64", "", cg,
                                 LLVMRelocStatic, LLVMCodeModelSmall);
}

static bool run(LLVMModuleRef m, LLVMTargetMachineRef tm, const char *passes, char **message) {
  LLVMPassBuilderOptionsRef o = LLVMCreatePassBuilderOptions();
  LLVMPassBuilderOptionsSetLoopVectorization(o, 1);
  LLVMPassBuilderOptionsSetSLPVectorization(o, 1);
  LLVMPassBuilderOptionsSetLoopUnrolling(o, 1);
  LLVMPassBuilderOptionsSetLoopInterleaving(o, 1);
  LLVMErrorRef e = LLVMRunPasses(m, passes, tm, o);
  LLVMDisposePassBuilderOptions(o);
  if (e)
    *message = LLVMGetErrorMessage(e);
  return !e;
}

static unsigned attribute_kind(const char *name) {
  return LLVMGetEnumAttributeKindForName(name, strlen(name));
}

static bool has_attribute(LLVMValueRef f, const char *name) {
  return LLVMGetEnumAttributeAtIndex(f, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
                                     attribute_kind(name));
}

static void add_attribute(LLVMValueRef f, const char *name) {
  LLVMContextRef ctx = LLVMGetModuleContext(LLVMGetGlobalParent(f));
  LLVMAddAttributeAtIndex(f, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
                          LLVMCreateEnumAttribute(ctx, attribute_kind(name), 0));
}

static bool is_large(LLVMValueRef f) {
  int n = 0;
  for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
    for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
      if (++n > MAX_INSTRUCTIONS)
        return true;
  return false;
}

// Large functions become optnone, which LLVM wants to be noinline; gives whether there are any.
static bool spare_large(LLVMModuleRef m) {
  bool any = false;
  for (LLVMValueRef f = LLVMGetFirstFunction(m); f; f = LLVMGetNextFunction(f)) {
    if (has_attribute(f, "alwaysinline") || !is_large(f))
      continue;
    add_attribute(f, "optnone");
    add_attribute(f, "noinline");
    any = true;
  }
  return any;
}

// The code generator treats all alike: its time is linear (measured: 83,000 instructions, 2 s).
static void unspare(LLVMModuleRef m) {
  for (LLVMValueRef f = LLVMGetFirstFunction(m); f; f = LLVMGetNextFunction(f))
    if (has_attribute(f, "optnone"))
      LLVMRemoveEnumAttributeAtIndex(f, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
                                     attribute_kind("optnone"));
}

static bool any_large(LLVMModuleRef m) {
  for (LLVMValueRef f = LLVMGetFirstFunction(m); f; f = LLVMGetNextFunction(f))
    if (is_large(f))
      return true;
  return false;
}

bool opt_run(LLVMModuleRef m, LLVMTargetMachineRef tm, int level, const EscapeOptions *notes,
             char **message) {
  goc_static_run(m);
  if (level == 0) {
    drop_to_memory(m);
    return true;
  }
  Inlined *inlined = notes ? goc_inlined_begin(m) : NULL;
  bool spared = spare_large(m);
  if (!run(m, tm, light, message))
    return false;
  goc_promote_run(m);
  if (inlined)
    goc_inlined_end(inlined, m, notes);
  if (any_large(m) && !run(m, tm, large, message))
    return false;
  spared |= spare_large(m);
  char last[32];
  snprintf(last, sizeof last, "default<O%d>", level);
  bool ok = run(m, tm, last, message);
  if (spared)
    unspare(m);
  drop_near_gc(m);
  return ok;
}

// A jump table gets a section of its own only with -ffunction-sections, which the C API cannot set,
// or in a comdat. In the common .rodata it would keep every function that has one alive (measured:
// hello with fmt linked all of syscall).
static void separate_functions(LLVMModuleRef m) {
  for (LLVMValueRef f = LLVMGetFirstFunction(m); f; f = LLVMGetNextFunction(f)) {
    if (LLVMIsDeclaration(f) || LLVMGetComdat(f) ||
        LLVMGetLinkage(f) == LLVMAvailableExternallyLinkage)
      continue;
    LLVMComdatRef c = LLVMGetOrInsertComdat(m, LLVMGetValueName2(f, &(size_t){0}));
    LLVMSetComdatSelectionKind(c, LLVMNoDeduplicateComdatSelectionKind);
    LLVMSetComdat(f, c);
  }
}

bool opt_emit(LLVMModuleRef m, LLVMTargetMachineRef tm, LLVMCodeGenFileType kind,
              LLVMMemoryBufferRef *out, char **message) {
  separate_functions(m);
  return !LLVMTargetMachineEmitToMemoryBuffer(tm, m, kind, message, out);
}

// LLVM ends the process when a file cannot be written, so it writes to memory and the file is ours.
void opt_write_object(LLVMModuleRef m, LLVMTargetMachineRef tm, const char *path) {
  LLVMMemoryBufferRef buf;
  char *message;
  if (!opt_emit(m, tm, LLVMObjectFile, &buf, &message))
    ice(NOPOS, "code generation: %s", message);
  if (!file_write(path, LLVMGetBufferStart(buf), LLVMGetBufferSize(buf)))
    fatal("cannot write %s: %s", path, strerror(errno));
  LLVMDisposeMemoryBuffer(buf);
}
