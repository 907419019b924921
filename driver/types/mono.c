// mono.c: instantiation cycles that grow without end: such programs cannot be compiled instance by
// instance.
//
// A graph over the type parameters of a package (and its local types inside generic functions): an
// edge P -> Q says that Q is instantiated with a type that mentions P, with weight 1 if that type
// is more than P itself. The program is fine if and only if no cycle has a positive weight, which
// is found as in Bellman and Ford's algorithm, for longest paths.
#include "driver/types/check.h"
#include "driver/types/core.h"

typedef struct Inst {
  Package *pkg;
  Pos pos;
  Type *tparam, *targ;
} Inst;
static VEC(Inst) recorded;

typedef struct Vertex {
  Type *type; // type parameter, or local named type
  int weight; // of the heaviest path known to it
  int pre;    // last edge of that path
  int len;    // edges of that path
} Vertex;

typedef struct Edge {
  int dst, src, weight;
  Pos pos;
  Type *type;
} Edge;

typedef struct Mono {
  Package *pkg;
  PtrMap *index; // type -> number of its vertex + 1
  PtrMap *canon; // receiver type parameter -> that of its type
  VEC(Vertex) vertices;
  VEC(Edge) edges;
} Mono;

void record_instance(Package *pkg, Pos pos, TypeList tparams, TypeList targs) {
  for (int i = 0; i < tparams.n && i < targs.n; i++)
    if (targs.v[i] && tparams.v[i]->tparam.obj->pkg == pkg && type_has_tparam(targs.v[i])) {
      Inst inst = {pkg, pos, tparams.v[i], targs.v[i]};
      vec_push(types_arena, &recorded, inst);
    }
}

static int vertex(Mono *m, Type *t) {
  Type *c = ptrmap_get(m->canon, t);
  if (c)
    t = c;
  intptr_t i = (intptr_t)ptrmap_get(m->index, t);
  if (!i) {
    Vertex v = {.type = t};
    vec_push(types_arena, &m->vertices, v);
    i = m->vertices.n;
    ptrmap_set(m->index, t, (void *)i);
  }
  return (int)i - 1;
}

static void add_edge(Mono *m, int dst, int src, int weight, Pos pos, Type *t) {
  Edge e = {dst, src, weight, pos, t};
  vec_push(types_arena, &m->edges, e);
}

// A local type is implicitly parameterised by all type parameters around it.
static int local_vertex(Mono *m, Type *t) {
  Type *origin = t->named.origin ? t->named.origin : t;
  if (origin->named.outer.n == 0 || origin->named.obj->pkg != m->pkg)
    return -1;
  bool known = ptrmap_get(m->index, origin) != NULL;
  int v = vertex(m, origin);
  for (int i = 0; i < origin->named.outer.n && !known; i++)
    add_edge(m, v, vertex(m, origin->named.outer.v[i]), 1, origin->named.obj->pos,
             origin->named.outer.v[i]);
  return v;
}

static void flow(Mono *m, const Inst *inst, int src, Type *t) {
  add_edge(m, vertex(m, inst->tparam), src, t != inst->targ, inst->pos, inst->targ);
}

static void walk(Mono *m, const Inst *inst, Type *t);

static void walk_vars(Mono *m, const Inst *inst, ObjectList l) {
  for (int i = 0; i < l.n; i++)
    if (l.v[i]->type)
      walk(m, inst, l.v[i]->type);
}

static void walk_named(Mono *m, const Inst *inst, Type *t) {
  int src = local_vertex(m, t);
  if (src >= 0)
    flow(m, inst, src, t);
  for (int i = 0; i < t->named.targs.n; i++)
    walk(m, inst, t->named.targs.v[i]);
}

static void walk(Mono *m, const Inst *inst, Type *t) {
  switch (t->kind) {
  case TYPE_TYPEPARAM: flow(m, inst, vertex(m, t), t); break;
  case TYPE_NAMED: walk_named(m, inst, t); break;
  case TYPE_ARRAY: walk(m, inst, t->array.elem); break;
  case TYPE_CHAN: walk(m, inst, t->chan.elem); break;
  case TYPE_POINTER: walk(m, inst, t->pointer.elem); break;
  case TYPE_SLICE: walk(m, inst, t->slice.elem); break;
  case TYPE_MAP:
    walk(m, inst, t->map.key);
    walk(m, inst, t->map.elem);
    break;
  case TYPE_INTERFACE: walk_vars(m, inst, t->iface.methods); break;
  case TYPE_STRUCT: walk_vars(m, inst, t->strct.fields); break;
  case TYPE_FUNC:
    walk_vars(m, inst, t->func.params);
    walk_vars(m, inst, t->func.results);
    break;
  default: break;
  }
}

// Receiver type parameters stand for those of the type.
static void collect_canon(Mono *m) {
  for (int i = 0; i < m->pkg->funcs.n; i++) {
    Type *sig = m->pkg->funcs.v[i]->type;
    if (!sig || sig->kind != TYPE_FUNC || !sig->func.recv || !sig->func.recv->type)
      continue;
    Type *base = deref(sig->func.recv->type, NULL);
    if (base->kind != TYPE_NAMED || !base->named.origin)
      continue;
    TypeList tparams = base->named.origin->named.tparams;
    for (int j = 0; j < tparams.n && j < sig->func.recv_tparams.n; j++)
      ptrmap_set(m->canon, sig->func.recv_tparams.v[j], tparams.v[j]);
  }
}

static void report(Mono *m, int v) {
  VEC(int) stack = {0};
  bool *seen = NEW_ARRAY(types_arena, bool, m->vertices.n);
  for (; !seen[v]; v = m->edges.v[m->vertices.v[v].pre].src) {
    vec_push(types_arena, &stack, v);
    seen[v] = true;
  }
  int first = 0;
  while (stack.v[first] != v) // what leads into the cycle
    first++;
  Buf b = {0};
  for (int i = first; i < stack.n; i++) {
    const Edge *e = &m->edges.v[m->vertices.v[stack.v[i]].pre];
    Type *t = m->vertices.v[e->dst].type;
    bool local = t->kind == TYPE_NAMED;
    buf_printf(
        &b, "\n\t%s: %s %s %s", pos_str(e->pos), local ? t->named.obj->name : t->tparam.obj->name,
        local ? "implicitly parameterized by" : "instantiated as", type_string(e->type, m->pkg));
  }
  Type *t = m->vertices.v[v].type;
  diag_error(t->kind == TYPE_NAMED ? t->named.obj->pos : t->tparam.obj->pos,
             "instantiation cycle:%s", buf_str(&b));
  buf_free(&b);
}

// Relaxes all edges until nothing changes or a path has as many edges as there are vertices.
static void solve(Mono *m) {
  for (bool again = true; again;) {
    again = false;
    for (int i = 0; i < m->edges.n; i++) {
      const Edge *e = &m->edges.v[i];
      const Vertex *src = &m->vertices.v[e->src];
      Vertex *dst = &m->vertices.v[e->dst];
      if (src->weight + e->weight <= dst->weight)
        continue;
      dst->pre = i;
      dst->len = src->len + 1;
      if (dst->len == m->vertices.n) {
        report(m, e->dst);
        return;
      }
      dst->weight = src->weight + e->weight;
      again = true;
    }
  }
}

void check_instantiation_cycles(Package *pkg) {
  Mono m = {.pkg = pkg, .index = ptrmap_new(types_arena), .canon = ptrmap_new(types_arena)};
  collect_canon(&m);
  for (int i = 0; i < recorded.n; i++)
    if (recorded.v[i].pkg == pkg)
      walk(&m, &recorded.v[i], recorded.v[i].targ);
  solve(&m);
}
