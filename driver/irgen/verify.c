// verify.c: LLVM's verifier, and what goc's conventions ask beyond it.
#include "driver/irgen/gen.h"
#include <llvm-c/Analysis.h>
#include <stdlib.h>
#include <string.h>

static const LLVMAttributeIndex at_fn = (LLVMAttributeIndex)LLVMAttributeFunctionIndex;

static bool has_str(VRef fn, const char *name) {
  return LLVMGetStringAttributeAtIndex(fn, at_fn, name, (unsigned)strlen(name)) != NULL;
}

static bool has_enum(VRef fn, const char *name) {
  return LLVMGetEnumAttributeAtIndex(fn, at_fn,
                                     LLVMGetEnumAttributeKindForName(name, strlen(name))) != NULL;
}

static const char *name_of(VRef v) {
  size_t n;
  return LLVMGetValueName2(v, &n);
}

static void check_attributes(Buf *out, VRef fn) {
  static const char *strs[] = {"frame-pointer", "disable-tail-calls", "target-cpu"};
  static const char *enums[] = {"nounwind", "null_pointer_is_valid", "uwtable"};
  static const char *never[] = {"mustprogress", "willreturn"};
  for (size_t i = 0; i < LEN(strs); i++)
    if (!has_str(fn, strs[i]))
      buf_printf(out, "%s: attribute %s is missing\n", name_of(fn), strs[i]);
  for (size_t i = 0; i < LEN(enums); i++)
    if (!has_enum(fn, enums[i]))
      buf_printf(out, "%s: attribute %s is missing\n", name_of(fn), enums[i]);
  for (size_t i = 0; i < LEN(never); i++)
    if (has_enum(fn, never[i]))
      buf_printf(out, "%s: attribute %s\n", name_of(fn), never[i]);
  if (!LLVMGetSubprogram(fn))
    buf_printf(out, "%s: no DISubprogram\n", name_of(fn));
}

// A literal struct beyond three words and two floats would become a hidden pointer, silently.
static void check_result(Buf *out, VRef fn, LLVMTypeRef fnty) {
  LLVMTypeRef ret = LLVMGetReturnType(fnty);
  if (LLVMGetTypeKind(ret) != LLVMStructTypeKind)
    return;
  unsigned n = LLVMCountStructElementTypes(ret), words = 0, floats = 0;
  for (unsigned i = 0; i < n; i++) {
    LLVMTypeKind k = LLVMGetTypeKind(LLVMStructGetTypeAtIndex(ret, i));
    if (k == LLVMFloatTypeKind || k == LLVMDoubleTypeKind)
      floats++;
    else
      words++;
  }
  if (words > 3 || floats > 2)
    buf_printf(out, "%s: %u words and %u floats as result\n", name_of(fn), words, floats);
}

static bool is_intrinsic(VRef callee) {
  return callee && strncmp(name_of(callee), "llvm.", 5) == 0;
}

static void check_call(Buf *out, VRef fn, VRef call) {
  VRef callee = LLVMGetCalledValue(call);
  if (is_intrinsic(callee))
    return;
  unsigned nomerge = LLVMGetEnumAttributeKindForName("nomerge", 7);
  if (!LLVMGetCallSiteEnumAttribute(call, at_fn, nomerge))
    buf_printf(out, "%s: a call of %s is not nomerge\n", name_of(fn),
               callee ? name_of(callee) : "?");
}

static void check_function(Buf *out, VRef fn) {
  check_attributes(out, fn);
  check_result(out, fn, LLVMGlobalGetValueType(fn));
  bool lost = false;
  for (BRef b = LLVMGetFirstBasicBlock(fn); b; b = LLVMGetNextBasicBlock(b))
    for (VRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i)) {
      if (LLVMIsACallInst(i))
        check_call(out, fn, i);
      if (!LLVMInstructionGetDebugLoc(i) && !lost) {
        char *text = LLVMPrintValueToString(i);
        buf_printf(out, "%s: no debug location: %s\n", name_of(fn), text);
        LLVMDisposeMessage(text);
        lost = true;
      }
    }
}

char *irgen_verify(LLVMModuleRef m) {
  Buf out = {0};
  char *message = NULL;
  if (LLVMVerifyModule(m, LLVMReturnStatusAction, &message))
    buf_puts(&out, message);
  LLVMDisposeMessage(message);
  for (VRef fn = LLVMGetFirstFunction(m); fn; fn = LLVMGetNextFunction(fn))
    if (!LLVMIsDeclaration(fn))
      check_function(&out, fn);
  if (out.len == 0) {
    buf_free(&out);
    return NULL;
  }
  return out.data;
}
