// rewrite.c: what the decisions become: entry allocas, calls of runtime.newobject, null for
// buffers, static data for constant boxes.
#include "pass/internal.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

// ---- declarations

static void add_enum(Escape *e, LLVMValueRef f, LLVMAttributeIndex at, const char *name,
                     uint64_t value) {
  unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));
  LLVMAddAttributeAtIndex(f, at, LLVMCreateEnumAttribute(e->ctx, kind, value));
}

// As irgen's rtcall.c declares it from runtime.def's ALLOC, so that LLVM forwards stores, folds the
// zeroing and deletes dead objects.
LLVMValueRef rewrite_newobject(Escape *e) {
  LLVMValueRef f = LLVMGetNamedFunction(e->m, "runtime.newobject");
  if (f)
    return f;
  LLVMTypeRef ptr = LLVMPointerTypeInContext(e->ctx, 0);
  f = LLVMAddFunction(e->m, "runtime.newobject", LLVMFunctionType(ptr, &ptr, 1, 0));
  add_enum(e, f, LLVMAttributeReturnIndex, "noalias", 0);
  add_enum(e, f, LLVMAttributeReturnIndex, "nonnull", 0);
  LLVMAttributeIndex fn = LLVMAttributeFunctionIndex;
  add_enum(e, f, fn, "nounwind", 0);
  add_enum(e, f, fn, "willreturn", 0);
  add_enum(e, f, fn, "allockind", 1 | 16);
  add_enum(e, f, fn, "memory", 3 << 2);
  LLVMAddAttributeAtIndex(f, fn, LLVMCreateStringAttribute(e->ctx, "alloc-family", 12, "goc", 3));
  return f;
}

// ---- metadata

static LLVMMetadataRef int_md(Escape *e, int64_t v) {
  return LLVMValueAsMetadata(LLVMConstInt(LLVMInt64TypeInContext(e->ctx), (uint64_t)v, 1));
}

static const char *const kind_names[] = {"var",     "new",    "lit",   "closure", "box",
                                         "varargs", "bound",  "buf",   "slice",   "map",
                                         "chan",    "string", "append"};

// The tag of a heap call carries size and alignment too, for goc-promote.
static void tag(Escape *e, LLVMValueRef call, const Site *s) {
  const char *kind = kind_names[s->kind];
  LLVMMetadataRef ops[] = {LLVMMDStringInContext2(e->ctx, kind, strlen(kind)),
                           LLVMMDStringInContext2(e->ctx, s->text, strlen(s->text)),
                           s->type ? LLVMValueAsMetadata(s->type) : NULL,
                           int_md(e, s->id),
                           int_md(e, s->elem >= 0 ? s->elem : s->size),
                           int_md(e, s->align)};
  LLVMMetadataRef md = LLVMMDNodeInContext2(e->ctx, ops, LEN(ops));
  LLVMSetMetadata(call, e->md_alloc, LLVMMetadataAsValue(e->ctx, md));
}

// ---- instructions

static LLVMValueRef first_non_alloca(LLVMBasicBlockRef entry) {
  LLVMValueRef i = LLVMGetFirstInstruction(entry);
  while (i && LLVMIsAAllocaInst(i))
    i = LLVMGetNextInstruction(i);
  return i;
}

static LLVMBuilderRef builder_before(Escape *e, LLVMValueRef inst) {
  LLVMBuilderRef b = LLVMCreateBuilderInContext(e->ctx);
  LLVMPositionBuilderBefore(b, inst);
  LLVMSetCurrentDebugLocation2(b, LLVMInstructionGetDebugLoc(inst));
  return b;
}

LLVMValueRef rewrite_entry_alloca(Escape *e, LLVMValueRef f, LLVMTypeRef t, unsigned align,
                                  const char *name) {
  LLVMBuilderRef b = LLVMCreateBuilderInContext(e->ctx);
  LLVMPositionBuilderBefore(b, first_non_alloca(LLVMGetEntryBasicBlock(f)));
  LLVMValueRef v = LLVMBuildAlloca(b, t, name);
  LLVMSetAlignment(v, align);
  LLVMDisposeBuilder(b);
  return v;
}

static char *name_of(LLVMValueRef v) {
  size_t len;
  const char *s = LLVMGetValueName2(v, &len);
  char *copy = xmalloc(len + 1);
  memcpy(copy, s, len);
  copy[len] = 0;
  return copy;
}

static void replace(LLVMValueRef old, LLVMValueRef with) {
  char *name = name_of(old);
  LLVMReplaceAllUsesWith(old, with);
  LLVMInstructionEraseFromParent(old);
  if (LLVMIsAInstruction(with) && *name)
    LLVMSetValueName2(with, name, strlen(name));
  free(name);
}

// A site that stays keeps its tag under another name: goc escape and readers of dumps find it, a
// second run of the pass leaves it alone.
static void keep_tag(Escape *e, LLVMValueRef inst, LLVMValueRef md) {
  LLVMSetMetadata(inst, e->md_alloc, NULL);
  LLVMSetMetadata(inst, LLVMGetMDKindIDInContext(e->ctx, "goc.stack", 9), md);
}

// Among the allocas that lead the entry block: only those stay in the entry block when a call
// before them is inlined.
static bool leads_entry(LLVMValueRef inst, LLVMBasicBlockRef entry) {
  for (LLVMValueRef i = LLVMGetFirstInstruction(entry); i && LLVMIsAAllocaInst(i);
       i = LLVMGetNextInstruction(i))
    if (i == inst)
      return true;
  return false;
}

static void move_to_entry(Escape *e, LLVMValueRef f, Site *s) {
  LLVMBasicBlockRef entry = LLVMGetEntryBasicBlock(f);
  LLVMValueRef md = LLVMGetMetadata(s->inst, e->md_alloc);
  if (leads_entry(s->inst, entry)) {
    keep_tag(e, s->inst, md);
    return;
  }
  LLVMMetadataRef loc = LLVMInstructionGetDebugLoc(s->inst);
  LLVMValueRef v = rewrite_entry_alloca(e, f, LLVMGetAllocatedType(s->inst), s->align, "");
  LLVMInstructionSetDebugLoc(v, loc);
  keep_tag(e, v, md);
  replace(s->inst, v);
}

// Stores of zero right behind the call that gives zeroed memory.
static void drop_zeroing(LLVMValueRef call) {
  LLVMValueRef next;
  for (LLVMValueRef i = LLVMGetNextInstruction(call); i; i = next) {
    next = LLVMGetNextInstruction(i);
    if (LLVMIsAStoreInst(i) && LLVMGetOperand(i, 1) == call && LLVMIsNull(LLVMGetOperand(i, 0)) &&
        !LLVMGetVolatile(i)) {
      LLVMInstructionEraseFromParent(i);
      continue;
    }
    LLVMValueRef callee = LLVMIsACallInst(i) ? LLVMGetCalledValue(i) : NULL;
    size_t len;
    bool memset = callee && LLVMIsAFunction(callee) &&
                  strncmp(LLVMGetValueName2(callee, &len), "llvm.memset.p0", 14) == 0;
    if (!memset || LLVMGetOperand(i, 0) != call || !LLVMIsNull(LLVMGetOperand(i, 1)))
      return;
    LLVMInstructionEraseFromParent(i);
  }
}

static void to_newobject(Escape *e, Site *s) {
  LLVMValueRef f = rewrite_newobject(e);
  LLVMBuilderRef b = builder_before(e, s->inst);
  LLVMValueRef type = s->type;
  LLVMValueRef call = LLVMBuildCall2(b, LLVMGlobalGetValueType(f), f, &type, 1, "");
  LLVMDisposeBuilder(b);
  unsigned nomerge = LLVMGetEnumAttributeKindForName("nomerge", 7);
  LLVMAddCallSiteAttribute(call, LLVMAttributeFunctionIndex,
                           LLVMCreateEnumAttribute(e->ctx, nomerge, 0));
  tag(e, call, s);
  replace(s->inst, call);
  drop_zeroing(call);
}

// runtime.makeslice or runtime.newobject to a zeroed entry alloca.
static void call_to_alloca(Escape *e, LLVMValueRef f, Site *s) {
  LLVMTypeRef i8 = LLVMInt8TypeInContext(e->ctx);
  LLVMValueRef v = rewrite_entry_alloca(e, f, LLVMArrayType2(i8, (uint64_t)s->size), s->align, "");
  LLVMBuilderRef b = builder_before(e, s->inst);
  if (s->size > 0)
    LLVMBuildMemSet(b, v, LLVMConstInt(i8, 0, 0),
                    LLVMConstInt(LLVMInt64TypeInContext(e->ctx), (uint64_t)s->size, 0), s->align);
  LLVMDisposeBuilder(b);
  LLVMInstructionSetDebugLoc(v, LLVMInstructionGetDebugLoc(s->inst));
  if (LLVMGetMetadata(s->inst, e->md_alloc))
    keep_tag(e, v, LLVMGetMetadata(s->inst, e->md_alloc));
  replace(s->inst, v);
}

// ---- constant boxes

typedef struct Piece { // a constant stored into a box
  uint64_t off, size;
  LLVMValueRef value, store;
} Piece;

typedef struct Content {
  Piece piece[8];
  int n;
  bool bad; // something that is not constant is stored
} Content;

// What irgen's own stores through p (at offset off of the box) put there.
static void find_stores(Escape *e, LLVMValueRef p, uint64_t off, Content *c) {
  for (LLVMUseRef u = LLVMGetFirstUse(p); u; u = LLVMGetNextUse(u)) {
    LLVMValueRef i = LLVMGetUser(u);
    if (LLVMIsAGetElementPtrInst(i)) {
      LLVMValueRef k = LLVMGetNumOperands(i) == 2 ? LLVMGetOperand(i, 1) : NULL;
      bool bytes = k && LLVMIsAConstantInt(k) &&
                   LLVMGetTypeKind(LLVMGetGEPSourceElementType(i)) == LLVMIntegerTypeKind &&
                   LLVMGetIntTypeWidth(LLVMGetGEPSourceElementType(i)) == 8;
      if (bytes && LLVMConstIntGetSExtValue(k) >= 0)
        find_stores(e, i, off + LLVMConstIntGetZExtValue(k), c);
      else
        c->bad = true;
    } else if (LLVMIsAStoreInst(i) && LLVMGetOperand(i, 1) == p) {
      LLVMValueRef v = LLVMGetOperand(i, 0);
      if (!LLVMIsConstant(v) || LLVMIsUndef(v) || c->n == LEN(c->piece))
        c->bad = true;
      else
        c->piece[c->n++] = (Piece){off, LLVMStoreSizeOfType(e->td, LLVMTypeOf(v)), v, i};
    } else if (!LLVMIsAStoreInst(i) && !LLVMIsAPHINode(i) && !LLVMIsACallInst(i) &&
               !LLVMIsAInsertValueInst(i) && !LLVMIsAReturnInst(i) && !LLVMIsALoadInst(i) &&
               !LLVMIsASelectInst(i)) {
      c->bad = true;
    } else if (LLVMIsACallInst(i)) {
      size_t len;
      LLVMValueRef f = LLVMGetCalledValue(i);
      if (LLVMIsAFunction(f) && LLVMGetIntrinsicID(f) &&
          strncmp(LLVMGetValueName2(f, &len), "llvm.mem", 8) == 0 && LLVMGetOperand(i, 0) == p)
        c->bad = true;
    }
  }
}

static void sort_pieces(Content *c) {
  for (int i = 1; i < c->n; i++)
    for (int k = i; k > 0 && c->piece[k].off < c->piece[k - 1].off; k--) {
      Piece t = c->piece[k];
      c->piece[k] = c->piece[k - 1];
      c->piece[k - 1] = t;
    }
}

// A packed struct of the pieces with zeros between; NULL if they overlap or leave the box.
static LLVMValueRef assemble(Escape *e, Content *c, uint64_t size) {
  LLVMTypeRef i8 = LLVMInt8TypeInContext(e->ctx);
  LLVMValueRef part[2 * LEN(c->piece) + 1];
  unsigned n = 0;
  uint64_t at = 0;
  for (int i = 0; i <= c->n; i++) {
    uint64_t off = i < c->n ? c->piece[i].off : size;
    if (off < at || off > size)
      return NULL;
    if (off > at)
      part[n++] = LLVMConstNull(LLVMArrayType2(i8, off - at));
    at = off;
    if (i == c->n)
      break;
    part[n++] = c->piece[i].value;
    at += c->piece[i].size;
  }
  return at > size ? NULL : LLVMConstStructInContext(e->ctx, part, n, 1);
}

static bool to_static(Escape *e, Site *s) {
  if ((s->kind != SITE_BOX && s->kind != SITE_CLOSURE) || (s->call && !s->newobject) ||
      s->size <= 0)
    return false;
  Content c = {0};
  find_stores(e, s->inst, 0, &c);
  if (c.bad || c.n == 0)
    return false;
  sort_pieces(&c);
  LLVMValueRef init = assemble(e, &c, (uint64_t)s->size);
  if (!init)
    return false;
  for (int i = 0; i < c.n; i++)
    LLVMInstructionEraseFromParent(c.piece[i].store);
  char name[40]; // not left to LLVM: its numbers depend on what the module went through before
  snprintf(name, sizeof name, "%s.s%" PRId64, s->kind == SITE_BOX ? "box" : "closure", s->id);
  LLVMValueRef g = LLVMAddGlobal(e->m, LLVMTypeOf(init), name);
  LLVMSetInitializer(g, init);
  LLVMSetGlobalConstant(g, 1);
  LLVMSetLinkage(g, LLVMPrivateLinkage);
  LLVMSetUnnamedAddress(g, LLVMGlobalUnnamedAddr);
  LLVMSetAlignment(g, s->align < 8 ? 8 : s->align);
  LLVMValueRef md = LLVMGetMetadata(s->inst, e->md_alloc);
  LLVMGlobalSetMetadata(g, LLVMGetMDKindIDInContext(e->ctx, "goc.static", 10),
                        LLVMValueAsMetadata(md));
  LLVMReplaceAllUsesWith(s->inst, g);
  LLVMInstructionEraseFromParent(s->inst);
  s->where = WHERE_STATIC;
  return true;
}

// ---- a function

// Objects without a size are all one.
static bool to_zerobase(Escape *e, Site *s) {
  if (s->call || s->size != 0 || s->kind == SITE_BUF)
    return false;
  LLVMValueRef g = LLVMGetNamedGlobal(e->m, "runtime.zerobase");
  if (!g) {
    g = LLVMAddGlobal(e->m, LLVMInt64TypeInContext(e->ctx), "runtime.zerobase");
    LLVMSetVisibility(g, LLVMHiddenVisibility);
  }
  LLVMReplaceAllUsesWith(s->inst, g);
  LLVMInstructionEraseFromParent(s->inst);
  s->where = WHERE_STATIC;
  return true;
}

void rewrite_static(Escape *e, Site **sites, int n) {
  for (int i = 0; i < n; i++)
    if (to_zerobase(e, sites[i]) || (sites[i]->where == WHERE_STACK && to_static(e, sites[i]))) {
      sites[i]->escapes = false;
      e->nstatic++;
    }
}

static void escaped_constants(Escape *e, LLVMValueRef f) {
  for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
    for (LLVMValueRef i = LLVMGetFirstInstruction(b), next; i; i = next) {
      Site s;
      if (LLVMIsACallInst(i) && esc_site(e, i, &s))
        e->nstatic += to_static(e, &s);
      next = LLVMGetNextInstruction(i);
    }
}

int goc_static_run(LLVMModuleRef m) {
  EscapeOptions none = {0};
  Escape *e = esc_open(m, &none, true);
  for (LLVMValueRef f = LLVMGetFirstFunction(m); f; f = LLVMGetNextFunction(f))
    escaped_constants(e, f);
  int n = e->nstatic;
  arena_free(e->arena);
  return n;
}

static void rewrite_site(Escape *e, LLVMValueRef f, Site *s) {
  if (s->where == WHERE_STATIC)
    return;
  if (s->where == WHERE_STACK) {
    e->nstack++;
    if (s->call)
      call_to_alloca(e, f, s);
    else
      move_to_entry(e, f, s);
  } else if (s->kind == SITE_BUF) {
    LLVMReplaceAllUsesWith(s->inst, LLVMConstNull(LLVMTypeOf(s->inst)));
    LLVMInstructionEraseFromParent(s->inst);
  } else {
    e->nheap++;
    if (s->buffered)
      keep_tag(e, s->inst, LLVMGetMetadata(s->inst, e->md_alloc));
    else if (s->call)
      tag(e, s->inst, s);
    else
      to_newobject(e, s);
  }
}

// No lifetime markers are made: in functions with a checkpoint the slots would be shared with the
// path of the second return.
void rewrite_sites(Escape *e, LLVMValueRef f, Site **sites, int n) {
  for (int i = 0; i < n; i++)
    rewrite_site(e, f, sites[i]);
}
