// late.c: arguments that the call of a go or defer statement makes for itself.
//
// `go f(new(T), []int{x, y}...)` evaluates x and y at once, but nobody can tell when the memory is
// made that only the call gets: new, &T{…}, slice literals, the array behind `...` and boxes are
// left to the wrapper that makes the call. There they may stay in its frame, where the statement's
// closure would carry them to the heap. What is evaluated at once are the leaves: the operands that
// are none of these.
//
// A leaf is remembered in the wrapper as if it had been hoisted, so the wrapper evaluates the
// argument's expression itself.
#include "driver/irgen/core.h"
#include "driver/irgen/gen.h"

// More operands than this are no smaller in a closure.
enum { MAX_LEAVES = 64 };

typedef struct Walk {
  Fn *f;
  Late *late;
  void (*leaf)(struct Walk *w, Expr *x, Type *to);
  int n;
  bool bad; // something that the wrapper cannot make
} Walk;

static void walk(void *ctx, Expr *x, Type *to);

static bool is_new(Expr *x) {
  return x->kind == EXPR_CALL && x->call.builtin == BUILTIN_NEW;
}

static bool is_func_name(Expr *x) {
  return x->kind == EXPR_NAME && x->name.obj && x->name.obj->kind == OBJ_FUNC;
}

static Expr *addressed_literal(Expr *x) {
  if (x->kind != EXPR_UNARY || x->unary.op != TOK_AND)
    return NULL;
  Expr *y = unparen(x->unary.x);
  return y->kind == EXPR_COMPOSITE ? y : NULL;
}

// A map literal hashes its keys, which may panic: at once, then.
static void walk_literal(Walk *w, Expr *x, Type *to, bool addressed) {
  if (composite_is_map(w->f, x)) {
    if (addressed)
      w->bad = true;
    else
      w->leaf(w, x, to);
    return;
  }
  composite_operands(w->f, x, walk, w);
}

// to: what x is converted to, NULL: not known yet.
static void walk(void *ctx, Expr *x, Type *to) {
  Walk *w = ctx;
  x = unparen(x);
  if (x->mode == MODE_CONST || x->mode == MODE_NIL || x->mode == MODE_TYPE || is_new(x) ||
      is_func_name(x))
    return;
  Expr *lit = addressed_literal(x);
  if (lit)
    walk_literal(w, lit, NULL, true);
  else if (x->kind == EXPR_COMPOSITE)
    walk_literal(w, x, to, x->comp.implicit_addr);
  else
    w->leaf(w, x, to);
}

static void count_leaf(Walk *w, Expr *x, Type *to) {
  (void)x, (void)to;
  w->n++;
}

static void hoist_leaf(Walk *w, Expr *x, Type *to) {
  (void)to;
  hoist(w->f, x);
}

// Boxes are made by the wrapper.
static void eval_leaf(Walk *w, Expr *x, Type *to) {
  Type *t = expr_type(w->f, x);
  Values vs = {NEW(w->f->arena, Value), 1};
  if (is_interface(to) && !is_interface(t)) {
    Value v = expr(w->f, x);
    bool untyped = v.type->kind <= TYPE_LAST_BASIC && is_untyped(v.type);
    vs.v[0] = untyped ? value_retype(v, default_type(v.type)) : v;
  } else {
    vs.v[0] = expr_to(w->f, x, to);
  }
  late_leaf(w->f, w->late, x, vs);
}

void late_leaf(Fn *f, Late *l, Expr *x, Values vs) {
  LateLeaf leaf = {unparen(x), vs};
  vec_push(f->arena, &l->leaves, leaf);
}

void late_eval(Fn *f, Late *l, Expr *x, Type *to) {
  Walk w = {.f = f, .late = l, .leaf = eval_leaf};
  walk(&w, x, to);
}

Late *late_args(Fn *f, ExprList *args) {
  Walk w = {.f = f, .leaf = count_leaf};
  for (int i = 0; i < args->n; i++)
    walk(&w, args->v[i], NULL);
  if (w.bad || w.n > MAX_LEAVES)
    return NULL;
  w.leaf = hoist_leaf;
  for (int i = 0; i < args->n; i++)
    walk(&w, args->v[i], NULL);
  return NEW(f->arena, Late);
}

int late_values(Late *l, Value **out) {
  int n = 0;
  for (int i = 0; i < l->leaves.n; i++)
    for (int k = 0; k < l->leaves.v[i].vs.n; k++)
      out[n++] = &l->leaves.v[i].vs.v[k];
  return n;
}

int late_count(const Late *l) {
  int n = 0;
  for (int i = 0; i < l->leaves.n; i++)
    n += l->leaves.v[i].vs.n;
  return n;
}

Late *late_copy(Arena *a, const Late *l) {
  Late *copy = NEW(a, Late);
  for (int i = 0; i < l->leaves.n; i++) {
    LateLeaf leaf = l->leaves.v[i];
    leaf.vs.v = arena_dup(a, leaf.vs.v, sizeof(Value) * (size_t)(leaf.vs.n + 1));
    vec_push(a, &copy->leaves, leaf);
  }
  return copy;
}

void late_remember(Fn *f, Late *l) {
  for (int i = 0; i < l->leaves.n; i++)
    hoist_remember(f, l->leaves.v[i].x, l->leaves.v[i].vs);
}
