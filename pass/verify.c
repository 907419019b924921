// verify.c: the contract of escape.h: tags that can be read before the pass, no alloca outside an
// entry block behind it.
#include "pass/internal.h"
#include <stdlib.h>
#include <string.h>

static char *complain(LLVMValueRef f, LLVMValueRef inst, const char *what) {
  size_t len;
  char *text = LLVMPrintValueToString(inst);
  Buf b = {0};
  buf_printf(&b, "escape: %s: %s:%s", LLVMGetValueName2(f, &len), what, text);
  LLVMDisposeMessage(text);
  char *out = xstrdup(buf_str(&b));
  buf_free(&b);
  return out;
}

// NULL: a good tag.
static const char *check_tag(LLVMValueRef md, bool alloca) {
  unsigned n = LLVMGetMDNodeNumOperands(md), len;
  LLVMValueRef op[6];
  if (n < 4 || n > 6)
    return "!goc.alloc has not four to six operands";
  LLVMGetMDNodeOperands(md, op);
  const char *kind = op[0] ? LLVMGetMDString(op[0], &len) : NULL;
  if (!kind || esc_site_kind(kind, len) == SITE_BAD)
    return "!goc.alloc has an unknown kind";
  if (!op[1] || !LLVMGetMDString(op[1], &len))
    return "!goc.alloc has no text";
  if (!op[3] || !LLVMIsAConstantInt(op[3]))
    return "!goc.alloc has no site number";
  bool buf = esc_site_kind(kind, strlen("buf")) == SITE_BUF && strncmp(kind, "buf", 3) == 0;
  if (alloca && !buf && (!op[2] || !LLVMIsAGlobalValue(op[2])))
    return "!goc.alloc has no type descriptor";
  return NULL;
}

static char *check_inst(LLVMValueRef f, LLVMValueRef inst, unsigned md_alloc, bool after) {
  bool alloca = LLVMIsAAllocaInst(inst),
       entry = LLVMGetInstructionParent(inst) == LLVMGetEntryBasicBlock(f);
  LLVMValueRef md = LLVMHasMetadata(inst) ? LLVMGetMetadata(inst, md_alloc) : NULL;
  if (LLVMIsAInvokeInst(inst))
    return complain(f, inst, "invoke");
  if (alloca && after && !entry)
    return complain(f, inst, "an alloca outside the entry block");
  if (alloca && !after && !md && !entry)
    return complain(f, inst, "an untagged alloca outside the entry block");
  if (alloca && md && !LLVMIsAConstantInt(LLVMGetOperand(inst, 0)))
    return complain(f, inst, "a tagged alloca of run-time size");
  if (md && !after && !alloca && !LLVMIsACallInst(inst))
    return complain(f, inst, "!goc.alloc on something that allocates nothing");
  const char *what = md ? check_tag(md, alloca) : NULL;
  return what ? complain(f, inst, what) : NULL;
}

char *goc_escape_verify(LLVMModuleRef m, bool after) {
  unsigned md_alloc = LLVMGetMDKindIDInContext(LLVMGetModuleContext(m), "goc.alloc", 9);
  for (LLVMValueRef f = LLVMGetFirstFunction(m); f; f = LLVMGetNextFunction(f))
    for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
      for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i)) {
        char *message = check_inst(f, i, md_alloc, after);
        if (message)
          return message;
      }
  return NULL;
}
