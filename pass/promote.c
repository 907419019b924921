// promote.c: goc-promote: after inlining and simplification the same graph and solver look at the
// allocating calls that are left, and what no longer escapes becomes a zeroed entry alloca.
//
// It sees what LLVM made of the functions. Signatures of internal functions may have changed, so
// their summaries are computed anew; the others keep the ones of goc-escape. LLVM marks calls
// `tail` when no alloca can reach the callee: those marks go, for now one can.
#include "pass/internal.h"

static int count_candidates(Escape *e, LLVMValueRef f) {
  int n = 0;
  Site s;
  for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
    for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
      n += LLVMIsACallInst(i) && esc_site(e, i, &s) && s.size >= 0 && s.size <= LIMIT_VAR;
  return n;
}

static void strip_tail_marks(LLVMValueRef f) {
  for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
    for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
      if (LLVMIsACallInst(i) && LLVMGetTailCallKind(i) == LLVMTailCallKindTail)
        LLVMSetTailCallKind(i, LLVMTailCallKindNone);
}

static bool has_musttail(LLVMValueRef f) {
  for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
    for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
      if (LLVMIsACallInst(i) && LLVMGetTailCallKind(i) == LLVMTailCallKindMustTail)
        return true;
  return false;
}

static void promote_sites(Escape *e, Func *f, Graph *g) {
  VEC(Site *) stay = {0};
  for (int i = 0; i < g->sites.n; i++) {
    Site *s = g->sites.v[i];
    if (s->where == WHERE_STACK && s->call && s->size >= 0)
      vec_push(g->a, &stay, s);
  }
  if (stay.n == 0)
    return;
  strip_tail_marks(f->v);
  rewrite_sites(e, f->v, stay.v, stay.n);
}

static void promote_func(Escape *e, Func *f, bool summarise) {
  bool candidates = count_candidates(e, f->v) > 0 && !has_musttail(f->v);
  if (!candidates && f->trusted)
    return;
  Arena *a = arena_new();
  Graph *g = esc_analyse(e, f, a);
  if (summarise && !f->trusted) {
    f->known = true;
    esc_take_summary(f, g);
  }
  esc_publish(e, f);
  if (candidates)
    promote_sites(e, f, g);
  arena_free(a);
}

static void promote_component(Escape *e, Func **f, int n) {
  bool recursive = n > 1 || esc_calls_itself(f[0]), open = false;
  for (int i = 0; i < n; i++)
    open |= !f[i]->trusted;
  if (recursive && open)
    esc_fixed_point(e, f, n);
  for (int i = 0; i < n; i++)
    promote_func(e, f[i], !recursive);
}

int goc_promote_run(LLVMModuleRef m) {
  EscapeOptions none = {0};
  Escape *e = esc_open(m, &none, true);
  esc_bottom_up(e, promote_component);
  int n = e->nstack;
  arena_free(e->arena);
  return n;
}
