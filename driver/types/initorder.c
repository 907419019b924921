// initorder.c: the order in which package-level variables are initialized, and initialization
// cycles.
//
// Specification, "Package initialization": repeatedly the variable that is earliest in declaration
// order and depends on no uninitialized one. References through functions count: a function passes
// on what it refers to.
#include "driver/types/check.h"
#include <string.h>

typedef struct Node {
  Object *var;              // or a constant: they take part in cycles
  VEC(struct Node *) users; // variables that depend on this one
  int ndeps;                // variables it still waits for
  bool done;
} Node;

typedef struct InitOrder {
  Checker *c;
  PtrMap *nodes; // Object to Node
  VEC(Node *) all;
} InitOrder;

// Adds to n the dependencies reached from o through functions.
static void add_deps(InitOrder *io, Node *n, Object *o, PtrMap *seen) {
  DeclInfo *d = o->check;
  if (!d || ptrmap_get(seen, d))
    return;
  ptrmap_set(seen, d, d);
  for (int i = 0; i < d->deps.n; i++) {
    Object *p = d->deps.v[i];
    if (p->kind == OBJ_FUNC) {
      add_deps(io, n, p, seen);
    } else if (p->kind == OBJ_VAR || p->kind == OBJ_CONST) {
      Node *m = ptrmap_get(io->nodes, p);
      if (!m || ptrmap_get(seen, m))
        continue;
      ptrmap_set(seen, m, m);
      vec_push(io->c->arena, &m->users, n);
      n->ndeps++;
    }
  }
}

// A path of references from `from` to `to`, appended in reverse.
static bool find_path(InitOrder *io, Object *from, Object *to, PtrMap *seen, ObjectList *path) {
  if (ptrmap_get(seen, from) || !from->check)
    return false;
  ptrmap_set(seen, from, from);
  for (int i = 0; i < from->check->deps.n; i++) {
    Object *d = from->check->deps.v[i];
    if (d == to || find_path(io, d, to, seen, path)) {
      vec_push(io->c->arena, path, d);
      return true;
    }
  }
  return false;
}

static void report_cycle(InitOrder *io, Object *o) {
  Checker *c = io->c;
  ObjectList path = {0};
  if (!find_path(io, o, o, ptrmap_new(c->arena), &path))
    return;
  if (path.n == 1) {
    check_error(c, o->pos, "initialization cycle: %s refers to itself", o->name);
    return;
  }
  Buf b = {0};
  buf_printf(&b, "initialization cycle for %s", o->name);
  Object *p = o;
  for (int i = path.n - 1; i >= 0; i--) {
    buf_printf(&b, "\n\t%s: %s refers to", pos_str(p->pos), p->name);
    p = path.v[i];
  }
  buf_printf(&b, "\n\t%s: %s", pos_str(p->pos), p->name);
  check_error(c, o->pos, "%s", buf_str(&b));
  buf_free(&b);
}

static void emit(InitOrder *io, Package *pkg, Node *n, PtrMap *emitted) {
  DeclInfo *d = n->var->check;
  n->done = true;
  for (int i = 0; i < n->users.n; i++)
    n->users.v[i]->ndeps--;
  if (n->var->kind != OBJ_VAR || !d->init || ptrmap_get(emitted, d))
    return;
  ptrmap_set(emitted, d, d);
  Initializer in = {.rhs = d->init};
  if (d->lhs)
    for (int i = 0; i < d->nlhs; i++)
      vec_push(io->c->arena, &in.lhs, d->lhs[i]);
  else
    vec_push(io->c->arena, &in.lhs, n->var);
  vec_push(io->c->arena, &pkg->inits, in);
}

// The earliest that waits for nothing; without one, that which waits for the fewest. Constants come
// first.
static Node *next_node(InitOrder *io, int *first) {
  while (*first < io->all.n && io->all.v[*first]->done)
    ++*first;
  Node *best = NULL;
  for (int i = *first; i < io->all.n; i++) {
    Node *n = io->all.v[i];
    if (best && best->var->kind != n->var->kind)
      break;
    if (n->done)
      continue;
    if (n->ndeps == 0)
      return n;
    if (!best || n->ndeps < best->ndeps)
      best = n;
  }
  return best;
}

static void add_nodes(InitOrder *io, Package *pkg, ObjectKind kind) {
  ObjectList *l = &check_pkginfo(pkg)->all;
  for (int i = 0; i < l->n; i++) {
    Object *o = l->v[i];
    if (o->kind != kind || !o->check)
      continue;
    Node *n = NEW(io->c->arena, Node);
    n->var = o;
    ptrmap_set(io->nodes, o, n);
    vec_push(io->c->arena, &io->all, n);
  }
}

void check_init_order(Package *pkg) {
  Checker *c = checker;
  InitOrder io = {.c = c, .nodes = ptrmap_new(c->arena)};
  add_nodes(&io, pkg, OBJ_CONST);
  add_nodes(&io, pkg, OBJ_VAR);
  for (int i = 0; i < io.all.n; i++)
    if (io.all.v[i]->var->check->deps.n)
      add_deps(&io, io.all.v[i], io.all.v[i]->var, ptrmap_new(c->arena));
  PtrMap *emitted = ptrmap_new(c->arena);
  int first = 0;
  for (Node *n; (n = next_node(&io, &first));) {
    if (n->ndeps > 0)
      report_cycle(&io, n->var);
    emit(&io, pkg, n, emitted);
  }
}
