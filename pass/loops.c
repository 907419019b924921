// loops.c: may an object made in a cycle keep one slot of the frame, or must each round have a
// fresh one?
//
// It may when, at the moment the allocation executes again, nothing that may still be used holds
// the address of the last one: no SSA value that is live there, and no object that itself can still
// be reached there by a live value. That is liveness over the points-to sets, not lexical depth: a
// pointer kept in a variable declared outside the loop is no harm if it is dead by then.
#include "pass/internal.h"

enum { MAX_POINTS = 8 };

typedef struct Holders {
  VEC(LLVMValueRef) values;
  VEC(Obj *) objs;
} Holders;

typedef struct Loops {
  Graph *g;
  Cfg *c;
  Holders *of; // by object
  Arena *scratch;
  int *visited; // by object: number of the question
  int question;
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

// Can the object (as it was made before) still be used when inst executes?
static bool usable_at(Loops *l, Obj *o, LLVMValueRef inst, bool self) {
  if (o->always_live || o->escaped || o->kind == OBJ_OUTSIDE)
    return true;
  if (l->visited[o->id] == l->question)
    return false;
  l->visited[o->id] = l->question;
  // The path after a recovered panic is no edge of the graph: what was made before the cycles
  // counts as used there.
  if (!self && l->g->f->checkpoint && o->v && !in_cycle(l, o->v))
    return true;
  Holders *h = &l->of[o->id];
  for (int i = 0; i < h->values.n; i++)
    if (cfg_live_at(l->scratch, l->c, h->values.v[i], inst))
      return true;
  for (int i = 0; i < h->objs.n; i++)
    if (usable_at(l, h->objs.v[i], inst, false))
      return true;
  return false;
}

static Loops *prepare(Graph *g) {
  Loops *l = NEW(g->a, Loops);
  l->g = g;
  l->c = cfg_new(g->a, g->f->v);
  l->scratch = arena_new();
  l->of = NEW_ARRAY(g->a, Holders, g->objs.n + 1);
  l->visited = NEW_ARRAY(g->a, int, g->objs.n + 1);
  for (int i = 0; i < g->nodes.n; i++)
    note_holder(l, g->nodes.v[i]);
  return l;
}

static bool used_again(Loops *l, Site *s, LLVMValueRef at) {
  l->question++;
  return usable_at(l, s->obj, at, true);
}

// The sites in cycles whose objects may hold o, directly or through others; at most MAX_POINTS.
static int holders_of(Loops *l, Obj *o, Obj **out) {
  int n = 0;
  for (int done = -1; done < n; done++) {
    const Holders *h = &l->of[(done < 0 ? o : out[done])->id];
    for (int i = 0; i < h->objs.n && n < MAX_POINTS; i++) {
      Obj *next = h->objs.v[i];
      bool known = next == o || next->kind != OBJ_SITE || next->escaped;
      for (int k = 0; k < n; k++)
        known |= out[k] == next;
      if (!known && in_cycle(l, next->site->inst))
        out[n++] = next;
    }
  }
  return n;
}

// Is the object of the last round dead when its site executes again? It is, too, if it was dead at
// a point that every way around passes: where an object that may hold it is made anew (`h :=
// new(H); h.x = new(X)`: at the second allocation h is alive, but it is not the old one).
static bool dies_in_round(Loops *l, Site *s) {
  if (!used_again(l, s, s->inst))
    return true;
  Obj *h[MAX_POINTS];
  int n = holders_of(l, s->obj, h);
  for (int i = 0; i < n; i++)
    if (always_between(l, s->inst, h[i]->site->inst) && !used_again(l, s, h[i]->site->inst))
      return true;
  return false;
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
    if (dies_in_round(l, s))
      continue;
    s->reason = REASON_LOOP;
    obj_escape(g, s->obj);
    changed = true;
  }
  arena_free(l->scratch);
  return changed;
}
