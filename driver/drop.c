// drop.c: what keeps frames from holding memory that the program dropped.
//
// At -O0 every value that lives across blocks has a spill slot, which nobody clears. A pointer
// dropped by `x = nil` (irgen's slot_drop) gets a slot of ours instead, which is cleared there, so
// that the conservative collector lets go of what it pointed to. And small temporaries begin as
// zero: what a frame that was there before left in them would be taken for theirs.
#include "driver.h"
#include <string.h>

typedef LLVMValueRef VRef;
typedef LLVMBasicBlockRef BRef;

enum { MAX_BLOCKS = 512, MAX_USES = 512, MAX_WEB = 32 }; // beyond, the value is left alone

typedef struct Blocks {
  BRef v[MAX_BLOCKS];
  int n;
} Blocks;

static bool holds(const Blocks *s, BRef b) {
  for (int i = 0; i < s->n; i++)
    if (s->v[i] == b)
      return true;
  return false;
}

// What can follow block b without v being made anew. false: too much.
static bool reach(Blocks *s, BRef b, BRef def) {
  s->n = 0;
  for (int at = -1; at < s->n; at++) {
    VRef t = LLVMGetBasicBlockTerminator(at < 0 ? b : s->v[at]);
    for (unsigned i = 0; i < LLVMGetNumSuccessors(t); i++) {
      BRef to = LLVMGetSuccessor(t, i);
      if (to == def || holds(s, to))
        continue;
      if (s->n == MAX_BLOCKS)
        return false;
      s->v[s->n++] = to;
    }
  }
  return true;
}

static bool follows(VRef inst, VRef before) {
  for (VRef i = LLVMGetNextInstruction(before); i; i = LLVMGetNextInstruction(i))
    if (i == inst)
      return true;
  return false;
}

static BRef block_of_def(VRef v) {
  return LLVMIsAInstruction(v) ? LLVMGetInstructionParent(v)
                               : LLVMGetEntryBasicBlock(LLVMGetParamParent(v));
}

// One operand that is v; a phi's stands at the end of the block it comes from.
typedef struct Use {
  VRef user;
  unsigned at;
  BRef from; // of a phi
} Use;

static int uses_of(VRef v, Use *out) { // -1: too many
  int n = 0;
  for (LLVMUseRef u = LLVMGetFirstUse(v); u; u = LLVMGetNextUse(u)) {
    VRef user = LLVMGetUser(u);
    bool phi = LLVMIsAPHINode(user), known = false;
    for (int i = 0; i < n; i++)
      known |= out[i].user == user;
    if (known)
      continue;
    for (int i = 0; i < LLVMGetNumOperands(user); i++) {
      if (LLVMGetOperand(user, (unsigned)i) != v)
        continue;
      if (n == MAX_USES)
        return -1;
      out[n++] = (Use){user, (unsigned)i, phi ? LLVMGetIncomingBlock(user, (unsigned)i) : NULL};
    }
  }
  return n;
}

static bool needed_after(VRef drop, const Use *use, int n, const Blocks *after) {
  BRef here = LLVMGetInstructionParent(drop);
  for (int i = 0; i < n; i++) {
    BRef b = use[i].from ? use[i].from : LLVMGetInstructionParent(use[i].user);
    if (use[i].user != drop && holds(after, b))
      return true;
    if (b == here && (use[i].from || follows(use[i].user, drop)))
      return true;
  }
  return false;
}

static bool same_edge_twice(const Use *use, int n) { // a switch to a phi
  for (int i = 0; i < n; i++)
    for (int j = 0; j < i; j++)
      if (use[i].from && use[i].user == use[j].user && use[i].from == use[j].from)
        return true;
  return false;
}

// Where a phi's value is stored the old one must not be needed on another way out.
static bool has_branching_edge(VRef v) {
  for (unsigned i = 0; LLVMIsAPHINode(v) && i < LLVMCountIncoming(v); i++)
    if (LLVMGetNumSuccessors(LLVMGetBasicBlockTerminator(LLVMGetIncomingBlock(v, i))) > 1)
      return true;
  return false;
}

static VRef first_after(VRef v) {
  bool made = LLVMIsAInstruction(v);
  VRef i = made ? LLVMGetNextInstruction(v) : LLVMGetFirstInstruction(block_of_def(v));
  while (made ? LLVMIsAPHINode(i) : LLVMIsAAllocaInst(i))
    i = LLVMGetNextInstruction(i);
  return i;
}

// A phi is stored where its values come from, or at -O0 it has a spill slot all the same; what a
// load there has to see was placed before.
static void store_made(LLVMBuilderRef b, VRef v, VRef slot) {
  if (!LLVMIsAPHINode(v) || has_branching_edge(v)) {
    LLVMPositionBuilderBefore(b, first_after(v));
    LLVMBuildStore(b, v, slot);
    return;
  }
  for (unsigned i = 0; i < LLVMCountIncoming(v); i++) {
    LLVMPositionBuilderBefore(b, LLVMGetBasicBlockTerminator(LLVMGetIncomingBlock(v, i)));
    LLVMBuildStore(b, LLVMGetIncomingValue(v, i), slot);
  }
  LLVMInstructionEraseFromParent(v);
}

static void to_memory(LLVMBuilderRef b, VRef v, VRef drop, const Use *use, int n) {
  LLVMTypeRef t = LLVMTypeOf(v);
  BRef entry = LLVMGetEntryBasicBlock(LLVMGetBasicBlockParent(block_of_def(v)));
  LLVMPositionBuilderBefore(b, LLVMGetFirstInstruction(entry));
  VRef slot = LLVMBuildAlloca(b, t, "drop");
  for (int i = 0; i < n; i++) {
    VRef with = LLVMConstNull(t);
    if (use[i].user != drop) {
      LLVMPositionBuilderBefore(b, use[i].from ? LLVMGetBasicBlockTerminator(use[i].from)
                                               : use[i].user);
      with = LLVMBuildLoad2(b, t, slot, "");
    }
    LLVMSetOperand(use[i].user, use[i].at, with);
  }
  store_made(b, v, slot);
  LLVMPositionBuilderBefore(b, drop);
  LLVMBuildStore(b, LLVMConstNull(t), slot);
}

// The dropped value and, through phis, those that it may be.
typedef struct Web {
  VRef v[MAX_WEB];
  int n;
} Web;

static void web_add(Web *w, VRef v) {
  bool made = LLVMIsAInstruction(v) && !LLVMIsAAllocaInst(v) && !LLVMIsATerminatorInst(v);
  if (w->n == MAX_WEB || (!made && !LLVMIsAArgument(v)))
    return;
  for (int i = 0; i < w->n; i++)
    if (w->v[i] == v)
      return;
  w->v[w->n++] = v;
}

static void drop_value(LLVMBuilderRef b, VRef drop) {
  static Blocks after;
  static Use use[MAX_USES];
  Web w = {0};
  web_add(&w, LLVMGetOperand(drop, 0));
  for (int at = 0; at < w.n; at++)
    for (unsigned i = 0; LLVMIsAPHINode(w.v[at]) && i < LLVMCountIncoming(w.v[at]); i++)
      web_add(&w, LLVMGetIncomingValue(w.v[at], i));
  for (int i = 0; i < w.n; i++) {
    VRef v = w.v[i];
    int n = uses_of(v, use);
    if (n >= 0 && reach(&after, LLVMGetInstructionParent(drop), block_of_def(v)) &&
        !needed_after(drop, use, n, &after) && !same_edge_twice(use, n) && !has_branching_edge(v))
      to_memory(b, v, drop, use, n);
  }
}

static bool is_drop(VRef inst) {
  if (!LLVMIsACallInst(inst))
    return false;
  VRef callee = LLVMGetCalledValue(inst);
  size_t len = 0;
  if (!LLVMIsAInlineAsm(callee))
    return false;
  const char *text = LLVMGetInlineAsmAsmString(callee, &len);
  return len == sizeof GOC_DROP_ASM - 1 && !memcmp(text, GOC_DROP_ASM, len);
}

// Whole words: half of one that is not cleared is still most of an address.
static void clear_temp(LLVMBuilderRef b, VRef old, VRef first) {
  LLVMTypeRef t = LLVMGetAllocatedType(old), word = LLVMInt64TypeInContext(LLVMGetTypeContext(t));
  uint64_t bits = LLVMGetTypeKind(t) == LLVMIntegerTypeKind ? LLVMGetIntTypeWidth(t) : 64;
  bool scalar =
      LLVMGetTypeKind(t) == LLVMIntegerTypeKind || LLVMGetTypeKind(t) == LLVMPointerTypeKind;
  if (!scalar || bits > 64 || LLVMGetAlignment(old) > 8)
    return;
  LLVMPositionBuilderBefore(b, old);
  VRef v = LLVMBuildAlloca(b, word, "");
  LLVMReplaceAllUsesWith(old, v);
  LLVMPositionBuilderBefore(b, first);
  LLVMBuildStore(b, LLVMConstNull(word), v);
  LLVMInstructionEraseFromParent(old);
}

static void clear_temps(LLVMBuilderRef b, VRef f) {
  VRef at = LLVMIsDeclaration(f) ? NULL : LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(f));
  VRef first = at;
  while (first && LLVMIsAAllocaInst(first))
    first = LLVMGetNextInstruction(first);
  for (VRef next; at && LLVMIsAAllocaInst(at); at = next) {
    next = LLVMGetNextInstruction(at);
    clear_temp(b, at, first);
  }
}

static void drop_values(LLVMBuilderRef b, VRef f) {
  for (BRef blk = LLVMGetFirstBasicBlock(f); blk; blk = LLVMGetNextBasicBlock(blk))
    for (VRef i = LLVMGetFirstInstruction(blk), next; i; i = next) {
      next = LLVMGetNextInstruction(i);
      if (!is_drop(i))
        continue;
      drop_value(b, i);
      LLVMInstructionEraseFromParent(i);
    }
}

void drop_to_memory(LLVMModuleRef m) {
  LLVMBuilderRef b = LLVMCreateBuilderInContext(LLVMGetModuleContext(m));
  for (VRef f = LLVMGetFirstFunction(m); f; f = LLVMGetNextFunction(f)) {
    clear_temps(b, f);
    drop_values(b, f);
  }
  LLVMDisposeBuilder(b);
}

// With optimisation, clearing the register is enough but where the program asks for a collection:
// irgen empties the registers there, which makes spill slots.
void drop_near_gc(LLVMModuleRef m) {
  VRef gc = LLVMGetNamedFunction(m, "runtime.GC");
  LLVMBuilderRef b = LLVMCreateBuilderInContext(LLVMGetModuleContext(m));
  for (LLVMUseRef u = gc ? LLVMGetFirstUse(gc) : NULL; u; u = LLVMGetNextUse(u))
    if (LLVMIsACallInst(LLVMGetUser(u)))
      drop_values(b, LLVMGetBasicBlockParent(LLVMGetInstructionParent(LLVMGetUser(u))));
  LLVMDisposeBuilder(b);
}
