// index.c: index and slice expressions.
#include "driver/types/check.h"
#include "driver/types/core.h"

#define TS(t)   type_string((t), c->env.pkg)
#define INVALID t_basic[TYPE_INVALID]

// ---- all types of a type parameter

typedef struct UnderCtx {
  bool (*f)(void *ctx, Type *u);
  void *ctx;
  bool any;
} UnderCtx;

static bool under_term(void *ctx, Type *u) {
  UnderCtx *k = ctx;
  k->any = true;
  return k->f(k->ctx, u);
}

bool check_under_is(Type *t, bool (*f)(void *ctx, Type *u), void *ctx) {
  if (!is_typeparam(t))
    return f(ctx, under(t));
  UnderCtx k = {f, ctx, false};
  bool ok = typeset_all(t, under_term, &k);
  if (!k.any) // no specific types
    return f(ctx, NULL);
  return ok;
}

// ---- a single index

bool check_valid_index(Checker *c, Operand *x, const char *what, bool allow_negative) {
  if (x->mode == MODE_INVALID)
    return false;
  check_convert_untyped(c, x, t_basic[TYPE_INT]);
  if (x->mode == MODE_INVALID)
    return false;
  const char *wrong = NULL;
  if (!is_integer(x->type)) {
    wrong = "must be integer";
  } else if (x->mode == MODE_CONST && const_kind(x->val) != CONST_UNKNOWN) {
    if (!allow_negative && const_sign(x->val) < 0)
      wrong = "must not be negative";
    else if (!const_representable(x->val, t_basic[TYPE_INT], NULL))
      wrong = "overflows int";
  }
  if (!wrong)
    return true;
  check_error(c, expr_start(x->expr), "invalid argument: %s %s %s", what,
              check_operand_string(c, x), wrong);
  return false;
}

Type *check_index(Checker *c, Expr *index, int64_t max, int64_t *val) {
  Operand x;
  *val = -1;
  check_expr(c, NULL, &x, index);
  if (!check_valid_index(c, &x, "index", false))
    return INVALID;
  if (x.mode != MODE_CONST)
    return x.type;
  if (const_kind(x.val) == CONST_UNKNOWN)
    return INVALID;
  int64_t v;
  if (!const_int64(x.val, &v))
    return INVALID;
  if (max >= 0 && v >= max) {
    check_error(c, expr_start(x.expr), "invalid argument: index %s out of bounds [0:%lld]",
                const_str(x.val), (long long)max);
    return INVALID;
  }
  *val = v;
  return x.type;
}

static Expr *single_index(Checker *c, Expr *e) {
  ExprList *l = &e->index.index;
  if (l->n == 0) {
    check_error(c, expr_start(e), "missing index for %s", expr_string(e->index.x));
    return NULL;
  }
  if (l->n > 1)
    check_error(c, expr_start(l->v[1]), "invalid operation: more than one index");
  return l->v[0];
}

// ---- x[i]

// What indexing a value of some type gives.
typedef struct Indexed {
  bool valid, addressable_operand;
  Mode mode;
  Type *elem, *key; // key: of maps
  int64_t len;      // < 0: not known
} Indexed;

static Type *array_behind(Type *t) {
  Type *u = under(t);
  return u->kind == TYPE_ARRAY ? u : NULL;
}

// Looks at one underlying type; false: it cannot be indexed.
static bool index_type(Type *u, bool addressable, Indexed *r) {
  *r = (Indexed){.valid = true, .mode = MODE_VAR, .len = -1};
  switch (u->kind) {
  case TYPE_STRING:
  case TYPE_UNTYPED_STRING:
    r->mode = MODE_VALUE;
    r->elem = t_byte;
    return true;
  case TYPE_ARRAY:
    r->mode = addressable ? MODE_VAR : MODE_VALUE;
    r->len = u->array.len;
    r->elem = u->array.elem;
    return true;
  case TYPE_POINTER: {
    Type *a = array_behind(u->pointer.elem);
    if (!a)
      return r->valid = false;
    r->len = a->array.len;
    r->elem = a->array.elem;
    return true;
  }
  case TYPE_SLICE: r->elem = u->slice.elem; return true;
  case TYPE_MAP:
    r->mode = MODE_MAPINDEX;
    r->key = u->map.key;
    r->elem = u->map.elem;
    return true;
  default: return r->valid = false;
  }
}

static bool index_term(void *ctx, Type *u) {
  Indexed *all = ctx, one;
  if (!u || !index_type(u, all->addressable_operand, &one))
    return false;
  if (!all->elem) {
    bool addressable = all->addressable_operand;
    *all = one;
    all->addressable_operand = addressable;
    return true;
  }
  if ((one.key != NULL) != (all->key != NULL) || (one.key && !types_identical(one.key, all->key)) ||
      !types_identical(one.elem, all->elem))
    return false;
  if (one.len >= 0 && (all->len < 0 || one.len < all->len))
    all->len = one.len;
  if (one.mode == MODE_VALUE)
    all->mode = MODE_VALUE;
  return true;
}

static void mark_pointer_array(Expr *e) {
  Type *u = e->index.x->type ? core_type(e->index.x->type) : NULL;
  e->implicit_deref = u && u->kind == TYPE_POINTER;
}

static void map_index(Checker *c, Operand *x, Expr *e, Indexed *r) {
  Expr *index = single_index(c, e);
  if (!index) {
    x->mode = MODE_INVALID;
    return;
  }
  Operand key;
  check_expr(c, NULL, &key, index);
  check_assignment(c, &key, r->key, "map index");
  x->mode = MODE_MAPINDEX;
  x->type = r->elem;
  x->expr = e;
}

bool check_index_expr(Checker *c, Operand *x, Expr *e) {
  check_expr_or_type(c, x, e->index.x, true);
  switch (x->mode) {
  case MODE_INVALID: check_use(c, &e->index.index); return false;
  case MODE_TYPE:
    x->mode = MODE_INVALID;
    x->type = check_var_type(c, e);
    if (x->type != INVALID)
      x->mode = MODE_TYPE;
    return false;
  case MODE_VALUE: {
    Type *u = under(x->type);
    if (u->kind == TYPE_FUNC && u->func.tparams.n)
      return true;
    break;
  }
  default: break;
  }
  check_non_generic(c, NULL, x);
  if (x->mode == MODE_INVALID)
    return false;
  Indexed r = {.addressable_operand = x->mode == MODE_VAR};
  bool valid = x->mode != MODE_BUILTIN && x->mode != MODE_NIL;
  if (valid && is_typeparam(x->type))
    valid = check_under_is(x->type, index_term, &r);
  else if (valid)
    valid = index_type(under(x->type), x->mode == MODE_VAR, &r);
  if (!valid) {
    check_error(c, e->pos, "invalid operation: cannot index %s", check_operand_string(c, x));
    check_use(c, &e->index.index);
    x->mode = MODE_INVALID;
    return false;
  }
  mark_pointer_array(e);
  if (r.key) {
    map_index(c, x, e, &r);
    return false;
  }
  if (x->mode == MODE_CONST) {
    size_t n = 0;
    if (const_kind(x->val) == CONST_STRING)
      const_stringval(x->val, &n);
    r.len = (int64_t)n;
    check_finish_untyped(c, x);
  }
  Expr *index = single_index(c, e);
  if (!index) {
    x->mode = MODE_INVALID;
    return false;
  }
  x->mode = r.mode;
  x->type = r.elem;
  int64_t val;
  check_index(c, index, r.len, &val);
  return false;
}

// ---- x[i:j:k]

static bool slice_operand(Checker *c, Operand *x, Expr *e, int64_t *len) {
  Type *u = core_string(x->type);
  Pos pos = expr_start(x->expr);
  if (!u) {
    check_error(c, pos, "invalid operation: cannot slice %s: %s has no core type",
                check_operand_string(c, x), TS(x->type));
    return false;
  }
  switch (u->kind) {
  case TYPE_STRING:
  case TYPE_UNTYPED_STRING:
    if (e->slice.full) {
      Expr *at = e->slice.i[2] ? e->slice.i[2] : e;
      check_error(c, expr_start(at), "invalid operation: 3-index slice of string");
      return false;
    }
    if (x->mode == MODE_CONST) {
      size_t n = 0;
      if (const_kind(x->val) == CONST_STRING)
        const_stringval(x->val, &n);
      *len = (int64_t)n;
    }
    check_finish_untyped(c, x);
    if (is_untyped(x->type))
      x->type = t_basic[TYPE_STRING];
    return true;
  case TYPE_ARRAY:
    *len = u->array.len;
    if (x->mode != MODE_VAR) {
      check_error(c, pos, "invalid operation: %s (slice of unaddressable value)",
                  check_operand_string(c, x));
      return false;
    }
    check_mark_addr(c, e->slice.x);
    x->type = type_slice(u->array.elem);
    return true;
  case TYPE_POINTER: {
    Type *a = array_behind(u->pointer.elem);
    if (!a)
      break;
    e->implicit_deref = true;
    *len = a->array.len;
    x->type = type_slice(a->array.elem);
    return true;
  }
  case TYPE_SLICE: return true;
  default: break;
  }
  check_error(c, pos, "invalid operation: cannot slice %s", check_operand_string(c, x));
  return false;
}

static void check_order(Checker *c, Expr *e, const int64_t *ind) {
  for (int i = 0; i < 2; i++) {
    if (ind[i] <= 0)
      continue;
    for (int j = i + 1; j < 3; j++) {
      if (ind[j] < 0 || ind[j] >= ind[i])
        continue;
      Expr *at = e->slice.i[j] ? e->slice.i[j] : e;
      check_error(c, expr_start(at), "invalid slice indices: %lld < %lld", (long long)ind[j],
                  (long long)ind[i]);
      return;
    }
  }
}

void check_slice_expr(Checker *c, Operand *x, Expr *e) {
  check_expr(c, NULL, x, e->slice.x);
  if (x->mode == MODE_INVALID) {
    for (int i = 0; i < 3; i++)
      check_use_expr(c, e->slice.i[i], false);
    return;
  }
  int64_t len = -1, ind[3];
  if (x->mode == MODE_NIL || !slice_operand(c, x, e, &len)) {
    if (x->mode == MODE_NIL)
      check_error(c, expr_start(x->expr), "invalid operation: cannot slice %s",
                  check_operand_string(c, x));
    x->mode = MODE_INVALID;
    return;
  }
  x->mode = MODE_VALUE;
  if (e->slice.full && (!e->slice.i[1] || !e->slice.i[2])) {
    check_error(c, expr_start(e), "2nd and 3rd index required in 3-index slice");
    x->mode = MODE_INVALID;
    return;
  }
  for (int i = 0; i < 3; i++) {
    ind[i] = i == 0 ? 0 : len >= 0 ? len : -1;
    if (e->slice.i[i])
      check_index(c, e->slice.i[i], len >= 0 ? len + 1 : -1, &ind[i]);
  }
  check_order(c, e, ind);
}
