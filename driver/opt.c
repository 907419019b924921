// opt.c: LLVM's passes around goc-promote, and emission of code.
//
// A light round of inlining first, so that goc-promote sees what callees do with what they are
// given; then LLVM's own O2 (measured: 12 % over one default<O2>). -O0 runs no pass and the code
// generator's level "none".
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

bool opt_run(LLVMModuleRef m, LLVMTargetMachineRef tm, int level, char **message) {
  if (level == 0)
    return true;
  if (!run(m, tm, light, message))
    return false;
  goc_promote_run(m);
  char last[32];
  snprintf(last, sizeof last, "default<O%d>", level);
  return run(m, tm, last, message);
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
