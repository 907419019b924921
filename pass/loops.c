// loops.c: may an object made in a cycle keep one slot of the frame, or must each round have a
// fresh one?
//
// It may when, at the moment the allocation executes again, nothing that may still be used holds
// the address of the last one: no SSA value that is live there, and no object that itself can still
// be reached there by a live value. That is liveness over the points-to sets, not lexical depth: a
// pointer kept in a variable declared outside the loop is no harm if it is dead by then.
#include "pass/internal.h"

typedef struct Holders {
  VEC(LLVMValueRef) values;
  VEC(Obj *) objs;
} Holders;

typedef struct Question {
  Obj *o;
  LLVMValueRef inst;
} Question;

enum { MAX_DEPTH = 12, BUDGET = 400 }; // holders of holders, questions for one site; beyond: heap

typedef struct Loops {
  Graph *g;
  Cfg *c;
  Holders *of; // by object
  Arena *scratch;
  Question asked[MAX_DEPTH]; // those that wait for an answer
  int budget;
} Loops;

static void note_holder(Loops *l, Node *n) {
  for (int i = 0; i < n->set.n; i++) {
    Obj *o = l->g->places.v[n->set.v[i]].obj;
    if (o->kind != OBJ_SITE && o->kind != OBJ_LOCAL)
      continue;
    Holders *h = &l->of[o->id];
    if (n->v && !LLVMIsConstant(n->v) && (h->values.n == 0 || h->values.v[h->values.n - 1] != n->v))
      vec_push(l->g->a, &h->values, n->v);
    if (n->obj && n->obj != o && (h->objs.n == 0 || h->objs.v[h->objs.n - 1] != n->obj))
      vec_push(l->g->a, &h->objs, n->obj);
  }
}

static bool in_cycle(Loops *l, LLVMValueRef inst) {
  return l->c->cyclic[cfg_block(l->c, LLVMGetInstructionParent(inst))];
}

// Does every way from `inst` back to itself execute `other`?
static bool always_between(Loops *l, LLVMValueRef inst, LLVMValueRef other) {
  int at = cfg_block(l->c, LLVMGetInstructionParent(inst)),
      over = cfg_block(l->c, LLVMGetInstructionParent(other));
  if (at == over)
    return true;
  ArenaMark mark = arena_mark(l->scratch);
  bool *seen = NEW_ARRAY(l->scratch, bool, l->c->n + 1);
  int *work = NEW_ARRAY(l->scratch, int, l->c->n + 1), n = 0;
  bool around = false;
  work[n++] = at;
  while (n > 0 && !around) {
    int b = work[--n];
    for (int e = l->c->succ.head[b]; e < l->c->succ.head[b + 1]; e++) {
      int to = l->c->succ.to[e];
      around |= to == at;
      if (to != over && !seen[to])
        seen[to] = true, work[n++] = to;
    }
  }
  arena_release(l->scratch, mark);
  return !around;
}

static bool usable_at(Loops *l, Obj *o, LLVMValueRef inst, Obj *but, int depth);

static bool value_live_at(Loops *l, const Obj *o, LLVMValueRef inst) {
  const Holders *h = &l->of[o->id];
  for (int i = 0; i < h->values.n; i++)
    if (cfg_live_at(l->scratch, l->c, h->values.v[i], inst))
      return true;
  return false;
}

// Holder `by` is made anew between two executions of inst, which makes o, and cannot be given the
// old o from then on: so at inst it does not hold it. Whether its own last object is dead by then
// is its own question.
static bool renewed(Loops *l, Obj *o, Obj *by, LLVMValueRef inst, int depth) {
  if (by->kind != OBJ_SITE || !always_between(l, inst, by->site->inst))
    return false;
  return !usable_at(l, o, by->site->inst, by, depth + 1);
}

// Can o, as it was last made, still be used when inst executes, but for what the object `but`
// holds?
static bool usable_at(Loops *l, Obj *o, LLVMValueRef inst, Obj *but, int depth) {
  if (o->always_live || o->escaped || o->kind == OBJ_OUTSIDE || depth == MAX_DEPTH ||
      --l->budget < 0)
    return true;
  for (int i = 0; i < depth; i++)
    if (l->asked[i].o == o && l->asked[i].inst == inst)
      return false; // nothing but a ring of holders
  l->asked[depth] = (Question){o, inst};
  if (value_live_at(l, o, inst))
    return true;
  const Holders *h = &l->of[o->id];
  for (int i = 0; i < h->objs.n; i++) {
    Obj *by = h->objs.v[i];
    if (by == but || by == o || renewed(l, o, by, inst, depth))
      continue;
    // The path after a recovered panic is no edge of the graph: what was made before the cycles
    // counts as used there.
    if (l->g->f->checkpoint && by->v && !in_cycle(l, by->v))
      return true;
    if (usable_at(l, by, inst, but, depth + 1))
      return true;
  }
  return false;
}

static Loops *prepare(Graph *g) {
  Loops *l = NEW(g->a, Loops);
  l->g = g;
  l->c = cfg_new(g->a, g->f->v);
  l->scratch = arena_new();
  l->of = NEW_ARRAY(g->a, Holders, g->objs.n + 1);
  for (int i = 0; i < g->nodes.n; i++)
    note_holder(l, g->nodes.v[i]);
  return l;
}

bool loops_decide(Graph *g) {
  bool any = false;
  for (int i = 0; i < g->sites.n && !any; i++)
    any = !g->sites.v[i]->obj->escaped;
  if (!any)
    return false;
  Loops *l = prepare(g);
  bool changed = false;
  for (int i = 0; i < g->sites.n; i++) {
    Site *s = g->sites.v[i];
    if (s->obj->escaped || (s->call && s->size < 0) || !in_cycle(l, s->inst))
      continue;
    l->budget = BUDGET;
    if (!usable_at(l, s->obj, s->inst, NULL, 0))
      continue;
    s->reason = REASON_LOOP;
    obj_escape(g, s->obj);
    changed = true;
  }
  arena_free(l->scratch);
  return changed;
}
