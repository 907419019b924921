// order.c: gc's order of evaluation. The calls, receives, map reads and type assertions in the
// operands of a statement are evaluated first, from left to right, and remembered; && and || are
// evaluated as a whole at their place.
#include "driver/irgen/core.h"
#include "driver/irgen/gen.h"

Value *hoisted_value(Fn *f, Expr *x) {
  if (!f->nhoisted)
    return NULL;
  Values *vs = ptrmap_get(f->hoisted, x);
  return vs && vs->n ? &vs->v[0] : NULL;
}

void hoist_reset(Fn *f) {
  if (f->nhoisted)
    f->hoisted = ptrmap_new(f->arena);
  f->nhoisted = 0;
}

static bool is_hoisted(Fn *f, Expr *x) {
  return f->nhoisted && ptrmap_get(f->hoisted, x);
}

void hoist_remember(Fn *f, Expr *x, Values vs) {
  Values *p = NEW(f->arena, Values);
  *p = vs;
  ptrmap_set(f->hoisted, x, p);
  f->nhoisted++;
}

static bool is_conversion(Expr *call) {
  return call->call.fun->mode == MODE_TYPE;
}

// Builtins that are functions in name only.
static bool is_plain_builtin(int id) {
  return id == BUILTIN_UNSAFE_ALIGNOF || id == BUILTIN_UNSAFE_OFFSETOF ||
         id == BUILTIN_UNSAFE_SIZEOF;
}

static bool is_map_index(Expr *x) {
  Type *t = x->index.x->type;
  if (!t || x->index.x->mode == MODE_TYPE)
    return false;
  Type *u = core_type(t);
  return u && u->kind == TYPE_MAP;
}

// Whether x itself, its operands apart, is evaluated ahead.
static bool is_call(Expr *x) {
  switch (x->kind) {
  case EXPR_CALL:
    return !is_conversion(x) && !is_plain_builtin(x->call.builtin); // gc makes strings late
  case EXPR_UNARY: return x->unary.op == TOK_ARROW;
  case EXPR_INDEX: return is_map_index(x);
  case EXPR_TYPEASSERT: return true;
  default: return false;
  }
}

// Calls visit for each operand of x, in order.
static void operands(Expr *x, void (*visit)(void *ctx, Expr *x), void *ctx) {
  switch (x->kind) {
  case EXPR_COMPOSITE:
    for (int i = 0; i < x->comp.elems.n; i++)
      visit(ctx, x->comp.elems.v[i]);
    break;
  case EXPR_KEYVALUE:
    if (x->kv.key && x->kv.key->mode != MODE_NONE)
      visit(ctx, x->kv.key);
    visit(ctx, x->kv.val);
    break;
  case EXPR_PAREN: visit(ctx, x->paren.x); break;
  case EXPR_SELECTOR:
    if (x->selector.selection)
      visit(ctx, x->selector.x);
    break;
  case EXPR_INDEX:
    visit(ctx, x->index.x);
    for (int i = 0; i < x->index.index.n; i++)
      visit(ctx, x->index.index.v[i]);
    break;
  case EXPR_SLICE:
    visit(ctx, x->slice.x);
    for (int i = 0; i < 3; i++)
      if (x->slice.i[i])
        visit(ctx, x->slice.i[i]);
    break;
  case EXPR_TYPEASSERT: visit(ctx, x->tassert.x); break;
  case EXPR_CALL:
    visit(ctx, x->call.fun);
    for (int i = 0; i < x->call.args.n; i++)
      visit(ctx, x->call.args.v[i]);
    break;
  case EXPR_UNARY: visit(ctx, x->unary.x); break;
  case EXPR_BINARY:
    visit(ctx, x->binary.x);
    visit(ctx, x->binary.y);
    break;
  case EXPR_STAR: visit(ctx, x->star.x); break;
  default: break;
  }
}

static bool has_no_value(Expr *x) {
  return x->mode == MODE_CONST || x->mode == MODE_TYPE || x->mode == MODE_NIL ||
         x->mode == MODE_BUILTIN || x->kind == EXPR_NAME || x->kind == EXPR_LIT ||
         x->kind == EXPR_FUNCLIT;
}

static void find_call(void *ctx, Expr *x) {
  bool *found = ctx;
  *found = *found || has_call(x);
}

bool has_call(Expr *x) {
  if (has_no_value(x))
    return false;
  if (is_call(x))
    return true;
  bool found = false;
  operands(x, find_call, &found);
  return found;
}

// ---- conversions and makes that are never carried out

// In an instance the types are its own: what is string(b) in one may be no conversion in another.
static bool is_conversion_of(Fn *f, Expr *x, bool to_string, int64_t elem) {
  x = unparen(x);
  if (x->kind != EXPR_CALL || !is_conversion(x) || x->mode == MODE_CONST || x->call.args.n != 1)
    return false;
  if (!x->type || !x->call.args.v[0]->type)
    return false;
  Type *to = expr_type(f, x), *from = expr_type(f, x->call.args.v[0]);
  Type *slice = under(to_string ? from : to), *str = under(to_string ? to : from);
  return str->kind == TYPE_STRING && slice->kind == TYPE_SLICE &&
         type_size(slice->slice.elem) == elem;
}

bool is_bytes_to_string(Fn *f, Expr *x) {
  return is_conversion_of(f, x, true, 1);
}

static bool is_nonempty_const(Expr *x) {
  size_t n = 0;
  if (x->mode == MODE_CONST && x->val && const_kind(x->val) == CONST_STRING)
    const_stringval(x->val, &n);
  return n > 0;
}

// append(s, make([]T, n)...)
bool is_append_of_make(Expr *call) {
  if (call->kind != EXPR_CALL || call->call.builtin != BUILTIN_APPEND || !call->call.dots)
    return false;
  Expr *m = unparen(call->call.args.v[1]);
  return m->kind == EXPR_CALL && m->call.builtin == BUILTIN_MAKE && m->call.args.n == 2;
}

// Whether parent uses child's operand as it is: a comparison, the reading of a map or a
// concatenation looks at the bytes of string(b) before anybody can change them; append clears the
// new elements itself; len counts runes.
static bool is_elided(Fn *f, Expr *parent, Expr *child) {
  switch (parent->kind) {
  case EXPR_BINARY:
    if (parent->binary.op == TOK_ADD)
      return is_bytes_to_string(f, child) &&
             (is_nonempty_const(parent->binary.x) || is_nonempty_const(parent->binary.y));
    return tok_prec(parent->binary.op) == tok_prec(TOK_EQL) && is_bytes_to_string(f, child);
  case EXPR_INDEX:
    return is_map_index(parent) && child == parent->index.index.v[0] &&
           is_bytes_to_string(f, child);
  case EXPR_CALL:
    if (parent->call.builtin == BUILTIN_APPEND && parent->call.dots &&
        child == parent->call.args.v[1])
      return is_append_of_make(parent) || is_conversion_of(f, child, false, 1);
    return parent->call.builtin == BUILTIN_LEN && is_conversion_of(f, child, false, 4);
  default: return false;
  }
}

Value string_operand(Fn *f, Expr *x, Type *t) {
  Expr *y = unparen(x);
  if (!is_bytes_to_string(f, y) || is_hoisted(f, y))
    return t ? expr_to(f, x, t) : expr(f, x);
  Value v = expr(f, y->call.args.v[0]);
  return value2(t ? t : expr_type(f, y), v.v[0], v.v[1]);
}

// The string s of an elided []byte(s) or []rune(s); NULL: not one.
Expr *elided_string(Fn *f, Expr *x) {
  Expr *y = unparen(x);
  bool conv = is_conversion_of(f, y, false, 1) || is_conversion_of(f, y, false, 4);
  return conv && !is_hoisted(f, y) ? y->call.args.v[0] : NULL;
}

static Values evaluate(Fn *f, Expr *x) {
  if (x->kind == EXPR_CALL) {
    Values vs = expr_call(f, x);
    for (int i = 0; i < vs.n; i++)
      vs.v[i] = value_pin(f, vs.v[i]);
    return vs;
  }
  Values vs = expr_multi(f, x, x->commaok ? 2 : 1);
  for (int i = 0; i < vs.n; i++)
    vs.v[i] = value_pin(f, vs.v[i]);
  return vs;
}

typedef struct HoistCtx {
  Fn *f;
  Expr *parent;
} HoistCtx;

static void hoist_visit(void *ctx, Expr *x) {
  HoistCtx *h = ctx;
  if (is_elided(h->f, h->parent, x)) {
    ExprList *args = &unparen(x)->call.args;
    for (int i = 0; i < args->n; i++)
      hoist(h->f, args->v[i]);
  } else {
    hoist(h->f, x);
  }
}

void hoist(Fn *f, Expr *x) {
  if (has_no_value(x) || is_hoisted(f, x))
    return;
  if (++f->depth > MAX_DEPTH) { // expr() says so
    f->depth--;
    return;
  }
  if (x->kind == EXPR_BINARY && (x->binary.op == TOK_ANDAND || x->binary.op == TOK_OROR)) {
    Values vs = {NEW(f->arena, Value), 1};
    vs.v[0] = value_scalar(expr_type(f, x), logical_value(f, x));
    hoist_remember(f, x, vs);
  } else {
    operands(x, hoist_visit, &(HoistCtx){f, x});
    if (is_call(x))
      hoist_remember(f, x, evaluate(f, x));
  }
  f->depth--;
}

// The operands of a left side: the map element itself is written, not read.
void hoist_place(Fn *f, Expr *x) {
  x = unparen(x);
  if (x->kind == EXPR_INDEX && is_map_index(x)) {
    hoist(f, x->index.x);
    hoist(f, x->index.index.v[0]); // a new key keeps what it points to: nothing elided
  } else {
    hoist(f, x);
  }
}

void hoist_list(Fn *f, Expr **x, int n) {
  for (int i = 0; i < n; i++)
    hoist(f, x[i]);
}
