// cfg.c: the control flow graph of a function: edges, cycles, liveness of one value
// at one instruction.
//
// A cycle is a strongly connected component, not a natural loop: gotos make irreducible ones.
#include "pass/internal.h"

static int count_successors(LLVMBasicBlockRef b) {
  LLVMValueRef t = LLVMGetBasicBlockTerminator(b);
  return t ? (int)LLVMGetNumSuccessors(t) : 0;
}

static void number_blocks(Arena *a, Cfg *c, LLVMValueRef f) {
  c->n = (int)LLVMCountBasicBlocks(f);
  c->block = NEW_ARRAY(a, LLVMBasicBlockRef, c->n + 1);
  c->index = ptrmap_new(a);
  int n = 0;
  for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b), n++) {
    c->block[n] = b;
    ptrmap_set(c->index, b, (void *)(intptr_t)(n + 1));
  }
}

static void make_edges(Arena *a, Cfg *c) {
  int nedges = 0;
  for (int i = 0; i < c->n; i++)
    nedges += count_successors(c->block[i]);
  c->succ = (Digraph){c->n, NEW_ARRAY(a, int, c->n + 2), NEW_ARRAY(a, int, nedges + 1)};
  c->pred = (Digraph){c->n, NEW_ARRAY(a, int, c->n + 2), NEW_ARRAY(a, int, nedges + 1)};
  int k = 0;
  for (int i = 0; i < c->n; i++) {
    c->succ.head[i] = k;
    LLVMValueRef t = LLVMGetBasicBlockTerminator(c->block[i]);
    for (int s = 0; s < count_successors(c->block[i]); s++) {
      int to = cfg_block(c, LLVMGetSuccessor(t, (unsigned)s));
      c->succ.to[k++] = to;
      c->pred.head[to + 1]++;
    }
  }
  c->succ.head[c->n] = k;
  for (int i = 0; i < c->n; i++)
    c->pred.head[i + 1] += c->pred.head[i];
  int *next = NEW_ARRAY(a, int, c->n + 1);
  for (int i = 0; i < c->n; i++)
    for (int e = c->succ.head[i]; e < c->succ.head[i + 1]; e++) {
      int to = c->succ.to[e];
      c->pred.to[c->pred.head[to] + next[to]++] = i;
    }
}

static void find_cycles(Arena *a, Cfg *c) {
  c->comp = NEW_ARRAY(a, int, c->n + 1);
  c->cyclic = NEW_ARRAY(a, bool, c->n + 1);
  int ncomp = scc_run(a, &c->succ, c->comp);
  int *size = NEW_ARRAY(a, int, ncomp + 1);
  for (int i = 0; i < c->n; i++)
    size[c->comp[i]]++;
  for (int i = 0; i < c->n; i++) {
    c->cyclic[i] = size[c->comp[i]] > 1;
    for (int e = c->succ.head[i]; e < c->succ.head[i + 1]; e++)
      if (c->succ.to[e] == i)
        c->cyclic[i] = true;
  }
}

Cfg *cfg_new(Arena *a, LLVMValueRef f) {
  Cfg *c = NEW(a, Cfg);
  number_blocks(a, c, f);
  make_edges(a, c);
  find_cycles(a, c);
  c->pos = ptrmap_new(a);
  intptr_t n = 0;
  for (int i = 0; i < c->n; i++)
    for (LLVMValueRef in = LLVMGetFirstInstruction(c->block[i]); in;
         in = LLVMGetNextInstruction(in))
      ptrmap_set(c->pos, in, (void *)++n);
  return c;
}

int cfg_block(const Cfg *c, LLVMBasicBlockRef b) {
  return (int)(intptr_t)ptrmap_get(c->index, b) - 1;
}

// ---- liveness

typedef struct Live {
  const Cfg *c;
  LLVMValueRef v;
  int def, at;            // blocks
  intptr_t defpos, atpos; // positions; a parameter's is 0
  bool *livein;
  int *work, nwork;
} Live;

static intptr_t position(const Cfg *c, LLVMValueRef inst) {
  return (intptr_t)ptrmap_get(c->pos, inst);
}

static void mark_livein(Live *l, int b) {
  if (l->livein[b])
    return;
  l->livein[b] = true;
  l->work[l->nwork++] = b;
}

// v is used at the end of block b (a phi's incoming edge) or is live out of it.
static bool live_out(Live *l, int b) {
  if (b == l->at && !(b == l->def && l->defpos > l->atpos))
    return true;
  if (b != l->def)
    mark_livein(l, b);
  return false;
}

// A use at position pos of block b.
static bool use_at(Live *l, int b, intptr_t pos) {
  bool behind_def = b == l->def && l->defpos < pos;
  if (b == l->at && l->atpos < pos && !(b == l->def && l->defpos > l->atpos && behind_def))
    return true;
  if (!behind_def)
    mark_livein(l, b);
  return false;
}

static bool use(Live *l, LLVMValueRef user) {
  int b = cfg_block(l->c, LLVMGetInstructionParent(user));
  if (!LLVMIsAPHINode(user))
    return use_at(l, b, position(l->c, user));
  for (unsigned i = 0; i < LLVMCountIncoming(user); i++)
    if (LLVMGetIncomingValue(user, i) == l->v &&
        live_out(l, cfg_block(l->c, LLVMGetIncomingBlock(user, i))))
      return true;
  return false;
}

static bool spread(Live *l) {
  while (l->nwork > 0) {
    int b = l->work[--l->nwork];
    for (int e = l->c->pred.head[b]; e < l->c->pred.head[b + 1]; e++)
      if (live_out(l, l->c->pred.to[e]))
        return true;
  }
  return false;
}

bool cfg_live_at(Arena *scratch, const Cfg *c, LLVMValueRef v, LLVMValueRef inst) {
  if (v == inst)
    return false; // defined anew
  Live l = {.c = c, .v = v, .def = 0, .atpos = position(c, inst)};
  l.at = cfg_block(c, LLVMGetInstructionParent(inst));
  if (LLVMIsAInstruction(v)) {
    l.def = cfg_block(c, LLVMGetInstructionParent(v));
    l.defpos = position(c, v);
  }
  ArenaMark mark = arena_mark(scratch);
  l.livein = NEW_ARRAY(scratch, bool, c->n + 1);
  l.work = NEW_ARRAY(scratch, int, c->n + 1);
  bool live = false;
  for (LLVMUseRef u = LLVMGetFirstUse(v); u && !live; u = LLVMGetNextUse(u)) {
    LLVMValueRef user = LLVMGetUser(u);
    live = !LLVMIsAInstruction(user) || use(&l, user) || spread(&l);
  }
  arena_release(scratch, mark);
  return live;
}
