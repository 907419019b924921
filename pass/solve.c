// solve.c: the fixed point over the graph, the summary that is read off it, and the one decision:
// what outlives the frame.
//
// An object outlives when its address reaches the heap, a result or memory of an outside object
// (the sinks: graph.c's outlives()), or when it is too large, or when an object of one round of a
// loop may still be used in the next; and so does all that an object on the heap can reach,
// whatever put that object there: an object on the heap sends its contents to the heap sink.
#include "pass/internal.h"
#include <stdlib.h>

// ---- constraints

static void apply_load(Graph *g, Node *n, const Con *c, Place p) {
  PlaceInfo at = g->places.v[p];
  Via via = {n, p, c->inst};
  int64_t off = at.off == ANY || c->off == ANY ? ANY : (int64_t)at.off + c->off;
  if (off > INT32_MAX / 2)
    off = ANY;
  switch (at.obj->kind) {
  case OBJ_HEAP:
  case OBJ_FUNC: node_add(g, c->target, PLACE_HEAP, via); break;
  case OBJ_CONST: flow_const_at(g, at.obj, (int32_t)off, c->target, via); break;
  case OBJ_SITE:
  case OBJ_LOCAL:
  case OBJ_OUTSIDE: graph_copy(g, obj_read(g, at.obj, (int32_t)off), c->target, 0, c->inst); break;
  }
}

static void apply_store(Graph *g, const Con *c, Place p) {
  PlaceInfo at = g->places.v[p];
  int64_t off = at.off == ANY || c->off == ANY ? ANY : (int64_t)at.off + c->off;
  if (off > INT32_MAX / 2)
    off = ANY;
  switch (at.obj->kind) {
  case OBJ_HEAP:
  case OBJ_FUNC:
  case OBJ_CONST: graph_copy(g, c->target, g->heap, 0, c->inst); break;
  case OBJ_SITE:
  case OBJ_LOCAL:
  case OBJ_OUTSIDE: graph_copy(g, c->target, obj_write(g, at.obj, (int32_t)off), 0, c->inst); break;
  }
}

static bool has_memory(const Obj *o) {
  return o->kind == OBJ_SITE || o->kind == OBJ_LOCAL || o->kind == OBJ_OUTSIDE;
}

static void copy_word(Graph *g, Obj *d, int32_t doff, Obj *s, int32_t soff, LLVMValueRef inst) {
  Node *to = has_memory(d) ? obj_write(g, d, doff) : g->heap;
  if (s->kind == OBJ_CONST)
    flow_const_at(g, s, soff, to, (Via){NULL, PLACE_HEAP, inst});
  else if (has_memory(s))
    graph_copy(g, obj_read(g, s, soff), to, 0, inst);
  else
    node_add(g, to, PLACE_HEAP, (Via){NULL, PLACE_HEAP, inst});
}

// Memory of len bytes from place src to place dst.
static void copy_memory(Graph *g, Place dst, Place src, int32_t len, LLVMValueRef inst) {
  PlaceInfo d = g->places.v[dst], s = g->places.v[src];
  if (!has_memory(d.obj) && !has_memory(s.obj))
    return;
  bool exact = len != ANY && d.off != ANY && s.off != ANY && d.off % 8 == 0 && s.off % 8 == 0 &&
               has_memory(d.obj);
  if (!exact) {
    copy_word(g, d.obj, ANY, s.obj,
              s.obj->kind == OBJ_CONST && s.off != ANY && len == 8 ? s.off : ANY, inst);
    return;
  }
  if (s.obj->kind == OBJ_HEAP || s.obj->kind == OBJ_FUNC || s.obj->collapsed) {
    for (int32_t k = 0; k + 8 <= len; k += 8)
      copy_word(g, d.obj, d.off + k, s.obj, s.obj->collapsed ? ANY : 0, inst);
    return;
  }
  for (int32_t k = 0; k + 8 <= len; k += 8)
    copy_word(g, d.obj, d.off + k, s.obj, s.off + k, inst);
}

void solve_apply(Graph *g, Node *n, const Con *c, Place p) {
  PlaceInfo at = g->places.v[p];
  switch (c->kind) {
  case CON_COPY: {
    int64_t off = c->off == ANY || at.off == ANY ? ANY : (int64_t)at.off + c->off;
    Place q = c->off == 0 ? p : place_of(g, at.obj, off);
    node_add(g, c->target, q, (Via){n, p, c->inst});
    break;
  }
  case CON_LOAD: apply_load(g, n, c, p); break;
  case CON_STORE: apply_store(g, c, p); break;
  case CON_COPYTO:
    for (int i = 0; i < c->target->ndone && i < c->target->set.n; i++)
      copy_memory(g, p, c->target->set.v[i], c->off, c->inst);
    break;
  case CON_COPYFROM:
    for (int i = 0; i < c->target->set.n; i++)
      copy_memory(g, c->target->set.v[i], p, c->off, c->inst);
    break;
  case CON_CODE: call_code(g, c->call, p); break;
  case CON_CALLED: call_called(g, p, c->inst); break;
  }
}

static void finish_escape(Graph *g, Obj *o) {
  obj_heapmem(g, o);
  node_add(g, o->any, PLACE_HEAP, (Via){0});
}

static void propagate(Graph *g, Node *n) {
  n->queued = false;
  while (n->ndone < n->set.n) {
    Place p = n->set.v[n->ndone++];
    for (int i = 0; i < n->cons.n; i++) {
      Con c = n->cons.v[i]; // the array may move
      solve_apply(g, n, &c, p);
    }
  }
}

// The graph grows without measure: everything of this function is on the heap, and leaks.
static void give_up(Graph *g) {
  g->overflow = g->gave_up = true;
  g->e->noverflow++;
  g->escapes.n = g->qhead = g->queue.n = 0;
  for (int i = 0; i < g->sites.n; i++)
    g->sites.v[i]->obj->escaped = true;
}

static void drain(Graph *g) {
  while (g->qhead < g->queue.n || g->escapes.n > 0) {
    if (g->escapes.n > 0) {
      finish_escape(g, g->escapes.v[--g->escapes.n]);
      continue;
    }
    if (g->nodes.n > MAX_NODES) {
      give_up(g);
      return;
    }
    Node *n = g->queue.v[g->qhead++];
    if (g->qhead == g->queue.n)
      g->qhead = g->queue.n = 0;
    propagate(g, n);
  }
}

void solve_run(Graph *g) {
  do
    drain(g);
  while (!g->gave_up && call_settle(g));
}

// ---- the summary

static void add_flow(Graph *g, Leaks *l, Place p, Path dst) {
  PlaceInfo at = g->places.v[p];
  Flow f = {.dst = dst};
  if (at.obj->kind == OBJ_OUTSIDE) {
    f.src = obj_path(at.obj);
    f.src.disp = at.off;
    if (at.obj->level == MAX_STARS || dst.root == ROOT_HEAP || dst.root == ROOT_CALLED)
      f.src.disp = 0;
  } else {
    if (dst.root == ROOT_HEAP || dst.root == ROOT_CALLED)
      return;
    bool fresh = at.obj->kind == OBJ_SITE && !at.obj->to_heap && dst.root == ROOT_RESULT;
    f.src = path_root(fresh ? ROOT_NEW : ROOT_HEAP, 0);
    if (!fresh && dst.root == ROOT_OUT && at.obj->kind == OBJ_SITE && !at.obj->to_heap)
      f.src.root = ROOT_NEW;
  }
  leaks_add(g->e->arena, l, f);
}

static void add_flows(Graph *g, Leaks *l, const Node *n, Path dst) {
  for (int i = 0; i < n->set.n; i++)
    add_flow(g, l, n->set.v[i], dst);
}

// Is p what the slot held before anything was stored there?
static bool is_own_content(Graph *g, const Obj *o, int32_t off, Place p) {
  Obj *c = g->places.v[p].obj;
  if (c == o && o->level == MAX_STARS)
    return true;
  return c->kind == OBJ_OUTSIDE && c->parent == o && c->off == off &&
         (g->places.v[p].off == 0 || c->level == MAX_STARS);
}

static void add_slot(Graph *g, Leaks *l, Obj *o, int32_t off, const Node *n, const Node *any) {
  Path dst = obj_path(o);
  if (dst.stars < MAX_STARS)
    dst.off[dst.stars++] = off;
  else
    dst.off[MAX_STARS - 1] = ANY;
  for (int i = 0; i < n->set.n; i++) {
    Place p = n->set.v[i];
    if (is_own_content(g, o, off, p) || (any && node_has(any, p)))
      continue;
    add_flow(g, l, p, dst);
  }
}

void solve_summary(Graph *g, Leaks *l) {
  if (g->overflow)
    l->all = true;
  add_flows(g, l, g->heap, path_root(ROOT_HEAP, 0));
  add_flows(g, l, g->called, path_root(ROOT_CALLED, 0));
  call_summary(g, l);
  for (int i = 0; i < g->results.n; i++)
    if (g->results.v[i])
      add_flows(g, l, g->results.v[i], path_root(ROOT_RESULT, i));
  for (int i = 0; i < g->outside.n && !l->all; i++) {
    Obj *o = g->outside.v[i];
    if (!o->any)
      continue;
    add_slot(g, l, o, ANY, o->any, NULL);
    for (int k = 0; k < o->slots.n; k++)
      add_slot(g, l, o, o->slots.v[k].off, o->slots.v[k].node, o->any);
  }
  leaks_normalize(l);
}

// ---- the decision

// A frame larger than this gives up its largest implicit objects.
enum { FRAME_BUDGET = 1 << 20 };

static bool is_movable(const Site *s) {
  return !s->call || s->size >= 0;
}

static Site *largest(Graph *g, int64_t *total) {
  Site *best = NULL;
  *total = 0;
  for (int i = 0; i < g->sites.n; i++) {
    Site *s = g->sites.v[i];
    if (s->obj->escaped || !is_movable(s))
      continue;
    if (s->kind == SITE_VAR)
      continue;
    *total += s->size;
    if (!best || s->size > best->size)
      best = s;
  }
  return best;
}

static void keep_budget(Graph *g) {
  int64_t total;
  for (Site *s = largest(g, &total); s && total > FRAME_BUDGET; s = largest(g, &total)) {
    s->reason = REASON_SIZE;
    obj_escape(g, s->obj);
    solve_run(g);
  }
}

static const Site *buffer_of(Graph *g, const Site *s) {
  for (unsigned i = 0; i < LLVMGetNumArgOperands(s->inst); i++) {
    Obj *o = ptrmap_get(g->memobjs, LLVMGetOperand(s->inst, i));
    if (o && o->site && o->site->kind == SITE_BUF)
      return o->site;
  }
  return NULL;
}

// A map or a string that the runtime makes stays where it has a buffer in the frame.
static void decide_buffered(Graph *g, Site *s) {
  if (!s->call || (s->kind != SITE_MAP && s->kind != SITE_STRING) || s->escapes)
    return;
  const Site *buf = buffer_of(g, s);
  s->escapes = !buf || buf->escapes;
  s->buffered = !s->escapes;
  if (buf && buf->escapes)
    s->reason = buf->reason;
}

// The collector frees the table of a map that the program lets go of, but not while the map itself
// is in a frame.
static void let_go(Graph *g) {
  bool any = false;
  for (int i = 0; i < g->dropped.n; i++)
    for (int k = 0; k < g->dropped.v[i]->set.n; k++) {
      Obj *o = g->places.v[g->dropped.v[i]->set.v[k]].obj;
      if (!o->site || o->site->kind != SITE_BUF || o->escaped)
        continue;
      o->site->reason = REASON_DROPPED;
      obj_escape(g, o);
      any = true;
    }
  if (any)
    solve_run(g);
}

void solve_decide(Graph *g) {
  if (!g->gave_up)
    keep_budget(g);
  if (!g->gave_up)
    let_go(g);
  while (!g->gave_up && loops_decide(g))
    solve_run(g);
  for (int i = 0; i < g->sites.n; i++) {
    Site *s = g->sites.v[i];
    if (s->obj->escaped) {
      s->escapes = true;
      if (s->reason == REASON_NONE || s->reason == REASON_DYNAMIC)
        s->reason = s->reason == REASON_NONE ? REASON_FLOW : s->reason;
    }
    s->where = s->escapes || !is_movable(s) ? WHERE_HEAP : WHERE_STACK;
  }
  for (int i = 0; i < g->sites.n; i++)
    decide_buffered(g, g->sites.v[i]);
}
