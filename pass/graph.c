// graph.c: the points-to graph of a function: objects, places, nodes, and the constraints between
// nodes.
//
// Inclusion constraints with offsets (Pearce, Kelly, Hankin, TOPLAS 2007) over the objects of
// points-to escape graphs (Whaley, Rinard, OOPSLA 1999). Sets grow only; every constraint is
// applied to each place of its node once, in solve.c. What grows too large collapses towards the
// heap, so that the whole stays near linear: offsets of an object to ANY, slots to any and all, a
// set to the heap.
#include "pass/internal.h"
#include <stdlib.h>
#include <string.h>

// ---- a hash table of 64-bit keys

static uint64_t mix(uint64_t x) {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 29;
  return x;
}

static void table_grow(Arena *a, Table *t) {
  Table old = *t;
  t->cap = old.cap ? old.cap * 2 : 64;
  t->key = NEW_ARRAY(a, uint64_t, t->cap);
  t->val = NEW_ARRAY(a, uint32_t, t->cap);
  for (int i = 0; i < old.cap; i++) {
    if (!old.key[i])
      continue;
    int h = (int)(mix(old.key[i]) & (uint64_t)(t->cap - 1));
    while (t->key[h])
      h = (h + 1) & (t->cap - 1);
    t->key[h] = old.key[i];
    t->val[h] = old.val[i];
  }
}

// The value of key (not 0); *fresh when it was absent: then the caller sets it.
static uint32_t *table_at(Arena *a, Table *t, uint64_t key, bool *fresh) {
  if (t->n * 2 >= t->cap)
    table_grow(a, t);
  int h = (int)(mix(key) & (uint64_t)(t->cap - 1));
  while (t->key[h] && t->key[h] != key)
    h = (h + 1) & (t->cap - 1);
  *fresh = !t->key[h];
  if (*fresh) {
    t->key[h] = key;
    t->n++;
  }
  return &t->val[h];
}

// ---- objects and places

Obj *obj_new(Graph *g, ObjKind kind, LLVMValueRef v, int64_t size) {
  Obj *o = NEW(g->a, Obj);
  o->kind = kind;
  o->id = g->objs.n;
  o->v = v;
  o->size = size;
  vec_push(g->a, &g->objs, o);
  return o;
}

Place place_of(Graph *g, Obj *o, int64_t off) {
  if (o->kind == OBJ_HEAP)
    return PLACE_HEAP;
  if (o->kind == OBJ_FUNC)
    off = 0;
  if (off < 0 || off > INT32_MAX / 2 || (o->size >= 0 && off > o->size) || o->collapsed)
    off = ANY;
  uint64_t key = ((uint64_t)(uint32_t)o->id << 32 | (uint32_t)(off + 1)) + 1;
  bool fresh;
  uint32_t *id = table_at(g->a, &g->placeids, key, &fresh);
  if (fresh) {
    *id = (uint32_t)g->places.n;
    PlaceInfo info = {o, (int32_t)off};
    vec_push(g->a, &g->places, info);
  }
  return *id;
}

Node *node_new(Graph *g) {
  Node *n = NEW(g->a, Node);
  n->id = g->nodes.n;
  vec_push(g->a, &g->nodes, n);
  return n;
}

Graph *graph_new(Escape *e, Func *f, Arena *a) {
  Graph *g = NEW(a, Graph);
  g->e = e;
  g->f = f;
  g->a = a;
  g->values = ptrmap_new(a);
  g->memobjs = ptrmap_new(a);
  g->explain = e->opt && e->opt->explain >= 2;
  Obj *heap = obj_new(g, OBJ_HEAP, NULL, -1);
  PlaceInfo info = {heap, 0};
  vec_push(a, &g->places, info);
  g->heap = node_new(g);
  g->heap->sink = g->heap->unlimited = true;
  g->unknown = node_new(g);
  node_add(g, g->unknown, PLACE_HEAP, (Via){0});
  g->called = node_new(g);
  g->called->unlimited = true;
  Con c = {.kind = CON_CALLED};
  vec_push(a, &g->called->cons, c);
  return g;
}

// ---- outside objects

static Obj *outside_new(Graph *g) {
  Obj *o = obj_new(g, OBJ_OUTSIDE, NULL, -1);
  vec_push(g->a, &g->outside, o);
  return o;
}

Obj *obj_outside(Graph *g, Root root, int n) {
  for (int i = 0; i < g->outside.n; i++) {
    Obj *o = g->outside.v[i];
    if (o->level == 0 && o->root == root && o->n == n)
      return o;
  }
  Obj *o = outside_new(g);
  o->root = (uint8_t)root;
  o->n = (int16_t)n;
  return o;
}

// Too many outside objects: all that came from the caller leaks.
static void overflow(Graph *g) {
  if (g->overflow)
    return;
  g->overflow = true;
  g->e->noverflow++;
  for (int i = 0; i < g->outside.n; i++)
    if (g->outside.v[i]->level == 0)
      node_add(g, g->heap, place_of(g, g->outside.v[i], 0), (Via){0});
}

// The place that a load at off from an untouched outside object gives.
static Place outside_content(Graph *g, Obj *o, int32_t off) {
  if (o->level == MAX_STARS)
    return place_of(g, o, ANY);
  if (off == ANY && o->anychild)
    return place_of(g, o->anychild, 0);
  if (o->leaked)
    return PLACE_HEAP;
  if (g->outside.n >= MAX_OUTSIDE)
    overflow(g);
  if (g->overflow)
    return PLACE_HEAP;
  Obj *child = outside_new(g);
  child->root = o->root;
  child->n = o->n;
  child->level = o->level + 1;
  child->parent = o;
  child->off = off;
  if (off == ANY)
    o->anychild = child;
  return place_of(g, child, child->level == MAX_STARS ? ANY : 0);
}

Path obj_path(const Obj *o) {
  Path p = path_root((Root)o->root, o->n);
  p.stars = (uint8_t)o->level;
  for (int i = o->level - 1; i >= 0; i--, o = o->parent)
    p.off[i] = o->off;
  return p;
}

// ---- slots

static Node *slot_node(Graph *g, Obj *o) {
  Node *n = node_new(g);
  n->obj = o;
  n->sink = o->kind == OBJ_OUTSIDE;
  n->result = o->kind == OBJ_OUTSIDE && o->root == ROOT_OUT;
  return n;
}

static void make_any(Graph *g, Obj *o) {
  if (o->any)
    return;
  o->any = slot_node(g, o);
  o->all = slot_node(g, o);
  o->all->sink = false;
  graph_copy(g, o->any, o->all, 0, NULL);
  if (o->kind == OBJ_OUTSIDE)
    node_add(g, o->all, outside_content(g, o, ANY), (Via){0});
}

static Node *find_slot(Obj *o, int32_t off) {
  for (int i = 0; i < o->slots.n; i++)
    if (o->slots.v[i].off == off)
      return o->slots.v[i].node;
  return NULL;
}

// NULL: the offset has no slot of its own.
static Node *get_slot(Graph *g, Obj *o, int32_t off) {
  make_any(g, o);
  if (off == ANY || off % 8 != 0 || (o->size >= 0 && off + 8 > o->size))
    return NULL;
  if (o->kind == OBJ_OUTSIDE && o->level == MAX_STARS)
    return NULL;
  Node *n = find_slot(o, off);
  if (n || o->collapsed)
    return n;
  if (o->slots.n == MAX_SLOTS) {
    o->collapsed = true;
    g->e->ncollapsed++;
    return NULL;
  }
  Slot s = {off, slot_node(g, o)};
  vec_push(g->a, &o->slots, s);
  graph_copy(g, o->any, s.node, 0, NULL);
  graph_copy(g, s.node, o->all, 0, NULL);
  if (o->kind == OBJ_OUTSIDE)
    node_add(g, s.node, outside_content(g, o, off), (Via){0});
  return s.node;
}

Node *obj_read(Graph *g, Obj *o, int32_t off) {
  Node *n = get_slot(g, o, off);
  return n ? n : o->all;
}

Node *obj_write(Graph *g, Obj *o, int32_t off) {
  Node *n = get_slot(g, o, off);
  return n ? n : o->any;
}

void obj_heapmem(Graph *g, Obj *o) {
  if (o->heapmem)
    return;
  o->heapmem = true;
  make_any(g, o);
  graph_copy(g, o->all, g->heap, 0, o->site ? o->site->inst : NULL);
}

// The rest is done by solve.c, or a chain of objects would be as deep a recursion.
void obj_escape(Graph *g, Obj *o) {
  if (o->escaped)
    return;
  o->escaped = true;
  vec_push(g->a, &g->escapes, o);
}

// ---- sets

static void hash_put(Node *n, Place p) {
  int h = (int)(mix(p + 1) & (uint64_t)(n->nhash - 1));
  while (n->hash[h])
    h = (h + 1) & (n->nhash - 1);
  n->hash[h] = p + 1;
}

bool node_has(const Node *n, Place p) {
  if (!n->hash) {
    for (int i = 0; i < n->set.n; i++)
      if (n->set.v[i] == p)
        return true;
    return false;
  }
  int h = (int)(mix(p + 1) & (uint64_t)(n->nhash - 1));
  while (n->hash[h] && n->hash[h] != p + 1)
    h = (h + 1) & (n->nhash - 1);
  return n->hash[h] != 0;
}

static void set_push(Graph *g, Node *n, Place p) {
  vec_push(g->a, &n->set, p);
  if (n->set.n <= 16)
    return;
  if (n->set.n * 2 > n->nhash) {
    n->nhash = n->nhash ? n->nhash * 2 : 64;
    n->hash = NEW_ARRAY(g->a, uint32_t, n->nhash);
    for (int i = 0; i < n->set.n; i++)
      hash_put(n, n->set.v[i]);
  } else {
    hash_put(n, p);
  }
}

static void enqueue(Graph *g, Node *n) {
  if (n->queued)
    return;
  n->queued = true;
  vec_push(g->a, &g->queue, n);
}

// The place outlives the frame through a sink.
static void outlives(Graph *g, Node *sink, Place p) {
  Obj *o = g->places.v[p].obj;
  if (o->kind == OBJ_OUTSIDE && sink == g->heap)
    o->leaked = true;
  if (o->kind != OBJ_SITE && o->kind != OBJ_LOCAL)
    return;
  if (sink->result)
    o->to_result = true;
  else
    o->to_heap = true;
  obj_escape(g, o);
}

// The set is too large: all of it goes to the heap, and the node is heap from now on.
static void collapse(Graph *g, Node *n) {
  g->e->ncollapsed++;
  n->top = true;
  int count = n->set.n;
  for (int i = 0; i < count; i++)
    node_add(g, g->heap, n->set.v[i], (Via){n, n->set.v[i], NULL});
  n->set.n = 0;
  n->hash = NULL;
  n->nhash = 0;
  n->ndone = 0;
  set_push(g, n, PLACE_HEAP);
  if (n->via)
    n->via[0] = (Via){0};
  enqueue(g, n);
}

// A pointer that walks through an object (p = p + 8 in a loop) gets an unknown offset in time.
static Place widen(Graph *g, Node *n, Place p) {
  Obj *o = g->places.v[p].obj;
  if (g->places.v[p].off == ANY || o->kind == OBJ_FUNC || o->kind == OBJ_HEAP)
    return p;
  int same = 0;
  for (int i = 0; i < n->set.n; i++) {
    if (g->places.v[n->set.v[i]].obj != o)
      continue;
    if (g->places.v[n->set.v[i]].off == ANY)
      return n->set.v[i];
    same++;
  }
  return same >= MAX_OFFSETS ? place_of(g, o, ANY) : p;
}

// Notes how the next place came into n.
static void remember(Graph *g, Node *n, Via via) {
  if (n->set.n >= n->nvia) {
    n->nvia = n->set.n * 2 + 8;
    Via *v = NEW_ARRAY(g->a, Via, n->nvia);
    if (n->via)
      memcpy(v, n->via, sizeof(Via) * (size_t)n->set.n);
    n->via = v;
  }
  n->via[n->set.n] = via;
}

// What is known to be on the heap is the heap: sets stay small. Closures keep their code, results
// their origin.
static Place settled(Graph *g, const Node *n, Place p) {
  const Obj *o = g->places.v[p].obj;
  if (n->sink)
    return p;
  if (o->kind == OBJ_OUTSIDE)
    return o->leaked ? PLACE_HEAP : p;
  bool closure = o->site && (o->site->kind == SITE_CLOSURE || o->site->kind == SITE_BOUND);
  return o->kind == OBJ_SITE && o->to_heap && !closure ? PLACE_HEAP : p;
}

void node_add(Graph *g, Node *n, Place p, Via via) {
  p = settled(g, n, p);
  if (n->top) {
    if (p != PLACE_HEAP)
      node_add(g, g->heap, p, via);
    return;
  }
  if (node_has(n, p))
    return;
  if (!n->sink)
    p = widen(g, n, p);
  if (node_has(n, p))
    return;
  if (n->set.n >= MAX_SET && !n->unlimited) {
    collapse(g, n);
    node_add(g, g->heap, p, via);
    return;
  }
  if (g->explain)
    remember(g, n, via);
  set_push(g, n, p);
  enqueue(g, n);
  if (n->sink)
    outlives(g, n, p);
}

// ---- constraints

void graph_con(Graph *g, Node *from, Con c) {
  vec_push(g->a, &from->cons, c);
  for (int i = 0; i < from->ndone && i < from->set.n;
       i++) // the others are still to come in solve.c
    solve_apply(g, from, &c, from->set.v[i]);
}

void graph_copy(Graph *g, Node *from, Node *to, int64_t off, LLVMValueRef inst) {
  if (from == to && off == 0)
    return;
  bool fresh;
  uint64_t key = (uint64_t)(uint32_t)from->id << 36 ^ (uint64_t)(uint32_t)to->id << 12 ^ 1;
  if (off == 0) {
    table_at(g->a, &g->edges, key | 1, &fresh);
    if (!fresh && from->id < 1 << 24 && to->id < 1 << 24)
      return;
  }
  if (off < 0 || off > INT32_MAX / 2)
    off = ANY;
  graph_con(g, from, (Con){.kind = CON_COPY, .off = (int32_t)off, .target = to, .inst = inst});
}

void graph_load(Graph *g, Node *ptr, int64_t off, Node *to, LLVMValueRef inst) {
  graph_con(g, ptr, (Con){.kind = CON_LOAD, .off = (int32_t)off, .target = to, .inst = inst});
}

void graph_store(Graph *g, Node *ptr, int64_t off, Node *value, LLVMValueRef inst) {
  graph_con(g, ptr, (Con){.kind = CON_STORE, .off = (int32_t)off, .target = value, .inst = inst});
}

void graph_memcpy(Graph *g, Node *dst, Node *src, int64_t len, LLVMValueRef inst) {
  int32_t n = len < 0 || len > 8 * MAX_SLOTS / 2 ? ANY : (int32_t)len;
  graph_con(g, dst, (Con){.kind = CON_COPYTO, .off = n, .target = src, .inst = inst});
  graph_con(g, src, (Con){.kind = CON_COPYFROM, .off = n, .target = dst, .inst = inst});
}

// ---- validity, for tests and debug builds

static bool includes(const Node *a, const Node *b) { // a ⊇ b
  if (a->top)
    return true;
  for (int i = 0; i < b->set.n; i++)
    if (!node_has(a, b->set.v[i]))
      return false;
  return true;
}

bool graph_valid(Graph *g, const char **why) {
  *why = NULL;
  for (int i = 0; i < g->objs.n && !*why; i++) {
    Obj *o = g->objs.v[i];
    for (int k = 0; k < o->slots.n; k++) {
      Slot *s = &o->slots.v[k];
      if (s->off % 8 || s->off < 0 || (o->size >= 0 && s->off + 8 > o->size))
        *why = "a slot lies outside its object";
      if (!s->node->top && o->any->set.n > 1 && !o->any->top && s->node->set.n == 0)
        *why = "any is not in a slot";
    }
    if (o->escaped && !node_has(o->any, PLACE_HEAP))
      *why = "an escaped object does not see the heap";
    if (o->heapmem && o->all && o->all->set.n && o->all->top == false && !includes(g->heap, o->all))
      *why = "contents of an object on the heap are not there";
  }
  for (int i = 0; i < g->nodes.n && !*why; i++) {
    Node *n = g->nodes.v[i];
    if (n->top && (n->set.n != 1 || n->set.v[0] != PLACE_HEAP))
      *why = "a collapsed node is not the heap";
    if (n->ndone != n->set.n)
      *why = "a node is not settled";
  }
  return !*why;
}
