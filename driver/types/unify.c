// unify.c: finds types for type parameters that make two types equal (spec: "Type unification").
//
// Inexact unification ignores names where one side is a type literal, and channel directions; under
// `assign` only the outermost types are compared inexactly. A bound type parameter meets others of
// its kind by sharing a cell with them.
#include "driver/types/unify.h"

#define MAX_DEPTH 50

// Pairs of interfaces under unification, innermost first.
typedef struct Pair {
  Type *x, *y;
  const struct Pair *prev;
} Pair;

static bool nify(Unifier *u, Type *x, Type *y, int mode, const Pair *p);

Unifier *unifier_new(TypeList tparams, Type **targs, bool ifaces) {
  Unifier *u = NEW(types_arena, Unifier);
  u->tparams = tparams;
  u->handle = NEW_ARRAY(types_arena, int, tparams.n + 1);
  u->at = NEW_ARRAY(types_arena, Type *, tparams.n + 1);
  u->ifaces = ifaces;
  for (int i = 0; i < tparams.n; i++) {
    u->handle[i] = i;
    u->at[i] = targs[i];
  }
  return u;
}

Type *unify_at(const Unifier *u, int i) {
  return u->at[u->handle[i]];
}
void unify_set(Unifier *u, int i, Type *t) {
  u->at[u->handle[i]] = t;
}

int unify_unknowns(const Unifier *u) {
  int n = 0;
  for (int i = 0; i < u->tparams.n; i++)
    n += unify_at(u, i) == NULL;
  return n;
}

bool unify(Unifier *u, Type *x, Type *y, int mode) {
  return nify(u, x, y, mode, NULL);
}

static int bound_index(const Unifier *u, Type *t) {
  if (t->kind != TYPE_TYPEPARAM)
    return -1;
  for (int i = 0; i < u->tparams.n; i++)
    if (u->tparams.v[i] == t)
      return i;
  return -1;
}

static void move_handle(Unifier *u, int from, int to) {
  for (int i = 0; i < u->tparams.n; i++)
    if (u->handle[i] == from)
      u->handle[i] = to;
}

// False if both are bound already, to whatever.
static bool join(Unifier *u, int x, int y) {
  int hx = u->handle[x], hy = u->handle[y];
  if (hx == hy)
    return true;
  if (u->at[hx] && u->at[hy])
    return false;
  if (u->at[hx])
    move_handle(u, hy, hx);
  else
    move_handle(u, hx, hy);
  return true;
}

static Type *as_interface(Type *t) {
  if (t->kind == TYPE_TYPEPARAM)
    return NULL;
  Type *u = under(t);
  return u->kind == TYPE_INTERFACE ? u : NULL;
}

static bool is_type_literal(Type *t) {
  return t->kind != TYPE_NAMED && t->kind != TYPE_TYPEPARAM; // basic types count
}

// px is bound to x, and y unified with it. Keeps the better of the two: a named type, a directed
// channel.
static bool keep_better(Unifier *u, int px, Type *x, Type *y, int mode) {
  Type *xi = as_interface(x), *yi = as_interface(y);
  bool xn = x->kind == TYPE_NAMED, yn = y->kind == TYPE_NAMED;
  if (xi && yi) {
    if (xn && yn)
      return types_identical(x, y);
    if (type_set(xi)->methods.n != type_set(yi)->methods.n)
      return false;
  } else if (xi || yi) {
    return false;
  }
  if ((mode & UNIFY_EXACT) || xn)
    return true;
  Type *yu = under(y);
  if (yn || (yu->kind == TYPE_CHAN && yu->chan.dir != CHAN_BOTH))
    unify_set(u, px, y);
  return true;
}

static bool nify_bound(Unifier *u, int px, Type *y, int mode, const Pair *p) {
  Type *x = unify_at(u, px);
  if (!x) {
    unify_set(u, px, y);
    return true;
  }
  return nify(u, x, y, mode, p) && keep_better(u, px, x, y, mode);
}

static bool seen_pair(const Pair *p, Type *x, Type *y) {
  for (; p; p = p->prev)
    if ((p->x == x && p->y == y) || (p->x == y && p->y == x))
      return true;
  return false;
}

static bool method_types(Unifier *u, Object *f, Object *g, const Pair *p) {
  check_object(f);
  check_object(g);
  return f->type && g->type && nify(u, f->type, g->type, UNIFY_EXACT, p);
}

static bool same_restriction(const TypeSet *x, const TypeSet *y) {
  return x->comparable_ == y->comparable_ && terms_equal(x, y);
}

// Inexact: the methods of one are among the other's.
static bool nify_ifaces(Unifier *u, Type *xi, Type *yi, const Pair *p) {
  const TypeSet *xs = type_set(xi), *ys = type_set(yi);
  if (!same_restriction(xs, ys))
    return false;
  if (seen_pair(p, xi, yi))
    return true;
  Pair q = {xi, yi, p};
  if (xs->methods.n > ys->methods.n) {
    const TypeSet *s = xs;
    xs = ys;
    ys = s;
  }
  for (int i = 0; i < xs->methods.n; i++) {
    Object *m = xs->methods.v[i], *n = typeset_method(ys, m->pkg, m->name, false);
    if (!n || !method_types(u, m, n, &q))
      return false;
  }
  return true;
}

// Inexact: t has the methods of the interface.
static bool nify_iface_type(Unifier *u, Type *xi, Type *t, const Pair *p) {
  const TypeSet *xs = type_set(xi);
  for (int i = 0; i < xs->methods.n; i++) {
    Selection sel;
    Object *m = xs->methods.v[i];
    if (lookup_field_or_method(t, false, m->pkg, m->name, &sel) != LOOKUP_OK ||
        sel.obj->kind != OBJ_FUNC || !method_types(u, m, sel.obj, p))
      return false;
  }
  return true;
}

static bool nify_ifaces_exact(Unifier *u, Type *x, Type *y, const Pair *p) {
  const TypeSet *xs = type_set(x), *ys = type_set(y);
  if (!same_restriction(xs, ys) || xs->methods.n != ys->methods.n)
    return false;
  if (seen_pair(p, x, y))
    return true;
  Pair q = {x, y, p};
  for (int i = 0; i < xs->methods.n; i++) {
    Object *f = xs->methods.v[i], *g = ys->methods.v[i];
    if (!same_id(f->name, f->pkg, g->name, g->pkg) || !method_types(u, f, g, &q))
      return false;
  }
  return true;
}

static bool nify_vars(Unifier *u, ObjectList x, ObjectList y, int mode, const Pair *p) {
  if (x.n != y.n)
    return false;
  for (int i = 0; i < x.n; i++)
    if (!nify(u, x.v[i]->type, y.v[i]->type, mode, p))
      return false;
  return true;
}

static bool nify_structs(Unifier *u, Type *x, Type *y, int mode, const Pair *p) {
  if (x->strct.fields.n != y->strct.fields.n)
    return false;
  for (int i = 0; i < x->strct.fields.n; i++) {
    Object *f = x->strct.fields.v[i], *g = y->strct.fields.v[i];
    if (f->var.embedded != g->var.embedded || !same_tag(x, y, i) ||
        !same_id(f->name, f->pkg, g->name, g->pkg) || !nify(u, f->type, g->type, mode, p))
      return false;
  }
  return true;
}

static bool nify_lists(Unifier *u, TypeList x, TypeList y, int mode, const Pair *p) {
  if (x.n != y.n)
    return false;
  for (int i = 0; i < x.n; i++)
    if (!nify(u, x.v[i], y.v[i], mode, p))
      return false;
  return true;
}

static Type *origin_of(Type *t) {
  return t->named.origin ? t->named.origin : t;
}

static TypeList outer_of(Type *t) {
  return t->named.outer_args.n ? t->named.outer_args : origin_of(t)->named.outer;
}

static bool nify_parts(Unifier *u, Type *x, Type *y, int mode, const Pair *p) {
  int inner = mode & UNIFY_ASSIGN ? mode | UNIFY_EXACT : mode;
  if (x->kind != y->kind)
    return false;
  switch (x->kind) {
  case TYPE_ARRAY:
    return (x->array.len < 0 || y->array.len < 0 || x->array.len == y->array.len) &&
           nify(u, x->array.elem, y->array.elem, inner, p);
  case TYPE_SLICE: return nify(u, x->slice.elem, y->slice.elem, inner, p);
  case TYPE_POINTER: return nify(u, x->pointer.elem, y->pointer.elem, inner, p);
  case TYPE_STRUCT: return nify_structs(u, x, y, inner, p);
  case TYPE_TUPLE: return nify_vars(u, x->tuple.vars, y->tuple.vars, mode, p);
  case TYPE_FUNC:
    return x->func.variadic == y->func.variadic &&
           nify_vars(u, x->func.params, y->func.params, inner, p) &&
           nify_vars(u, x->func.results, y->func.results, inner, p);
  case TYPE_INTERFACE: return nify_ifaces_exact(u, x, y, p);
  case TYPE_MAP:
    return nify(u, x->map.key, y->map.key, inner, p) && nify(u, x->map.elem, y->map.elem, inner, p);
  case TYPE_CHAN:
    return (!(mode & UNIFY_EXACT) || x->chan.dir == y->chan.dir) &&
           nify(u, x->chan.elem, y->chan.elem, inner, p);
  case TYPE_NAMED:
    return origin_of(x) == origin_of(y) && nify_lists(u, x->named.targs, y->named.targs, mode, p) &&
           nify_lists(u, outer_of(x), outer_of(y), mode, p);
  default: return x->kind <= TYPE_LAST_BASIC; // the kinds are equal
  }
}

static void swap(Type **x, Type **y) {
  Type *t = *x;
  *x = *y;
  *y = t;
}

static bool nify_now(Unifier *u, Type *x, Type *y, int mode, const Pair *p) {
  if (x == y)
    return true;
  if (u->depth > MAX_DEPTH)
    return false;
  if (x->kind == TYPE_NAMED || bound_index(u, y) >= 0)
    swap(&x, &y);
  bool exact = mode & UNIFY_EXACT;
  if (!exact && y->kind == TYPE_NAMED && is_type_literal(x) && !(u->ifaces && is_interface(x))) {
    y = under(y);
    if (x == y)
      return true;
  }
  int px = bound_index(u, x), py = bound_index(u, y);
  if (px >= 0 && py >= 0)
    return join(u, px, py) || nify(u, unify_at(u, px), unify_at(u, py), mode, p);
  if (px >= 0)
    return nify_bound(u, px, y, mode, p);
  if (u->ifaces && !exact) {
    Type *xi = as_interface(x), *yi = as_interface(y);
    if (xi && yi)
      return nify_ifaces(u, xi, yi, p);
    if (xi || yi)
      return nify_iface_type(u, xi ? xi : yi, xi ? y : x, p);
  }
  if (y->kind == TYPE_TYPEPARAM)
    swap(&x, &y);
  if (x->kind == TYPE_TYPEPARAM) { // not bound: its core type stands for it
    Type *cx = core_type(x);
    return cx && nify(u, cx, y, UNIFY_ASSIGN, p);
  }
  return nify_parts(u, x, y, mode, p);
}

static bool nify(Unifier *u, Type *x, Type *y, int mode, const Pair *p) {
  if (!x || !y)
    return x == y;
  u->depth++;
  bool ok = nify_now(u, x, y, mode, p);
  u->depth--;
  return ok;
}
