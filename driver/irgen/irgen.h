// irgen.h: a checked package to one LLVM module, by the conventions of docs/abi.md and
// pass/escape.h.
//
// Glossary
//   flatten     the scalars that a Go value is passed and kept as: string 2, slice 3, interface 2,
//   small structs up to 4 words link name   the symbol of a function, global, type: gc's, with the
//   full import path instance    a generic function with its type arguments, made where it is used,
//   linkonce_odr
//
// Files: module.c lltype.c func.c expr.c stmt.c call.c closure.c iface.c typedesc.c composite.c
// conc.c init.c rangefunc.c intrinsic.c
//        wrapper.c debug.c rtcall.c; gen.h is the private header.
#ifndef GOC_IRGEN_H
#define GOC_IRGEN_H

#include "driver/types/types.h"
#include <llvm-c/Core.h>
#include <llvm-c/TargetMachine.h>

typedef struct IrgenOptions {
  bool noinline_all;       // -l
  const char *cpu;         // "x86-64"
  LLVMTargetMachineRef tm; // for the data layout
  // The "goc-leaks" summary of a function of another package, by symbol; NULL: unknown. From the
  // build cache.
  const char *(*leaks)(void *ctx, const char *symbol);
  void *ctx;
} IrgenOptions;

// Makes the module of a package that check_package accepted. Constructs that are not supported are
// diagnosed (diag_unsupported): look at diag_count() afterwards. The caller disposes of the module.
LLVMModuleRef irgen_package(LLVMContextRef ctx, Package *pkg, const IrgenOptions *opt);
// The symbol of the package's initialiser ("PKG.init") or NULL if it has none: for the table that
// the driver links.
const char *irgen_init_symbol(Package *pkg);
// Runs LLVM's verifier and goc's own (attributes of every Go function, nomerge on calls, literal
// structs within registers, debug locations). NULL, or a malloc'ed message.
char *irgen_verify(LLVMModuleRef m);

#endif
