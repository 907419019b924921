// convert.c: untyped values taking a type, assignment, and conversions.
//
// An expression of an untyped type keeps it in the tree until its context decides.
// check_update_expr_type then walks down and gives the final type to all operands that are still
// untyped ("delayed" typing, as in go/types). An untyped left operand of a non-constant shift takes
// the type the shift would have had without it; it must then turn out to be an integer.
#include "driver/types/check.h"
#include "driver/types/core.h"
#include <string.h>

#define TS(t)   type_string((t), c->env.pkg)
#define INVALID t_basic[TYPE_INVALID]

static bool is_valid(Type *t) {
  return t->kind != TYPE_INVALID;
}
static bool plain_interface(Type *t) {
  return is_interface(t);
}

static ConvCode representation(Operand *x, Type *t, ConstVal **val) {
  if (const_representable(x->val, t, val))
    return CONV_OK;
  if (is_numeric(x->type) && is_numeric(t))
    return !is_integer(x->type) && is_integer(t) ? CONV_TRUNCATED : CONV_OVERFLOW;
  return CONV_INVALID;
}

static void invalid_conversion(Checker *c, ConvCode code, Operand *x, Type *t) {
  const char *s = check_operand_string(c, x);
  Pos pos = expr_start(x->expr);
  if (code == CONV_TRUNCATED)
    check_error(c, pos, "%s truncated to %s", s, TS(t));
  else if (code == CONV_OVERFLOW)
    check_error(c, pos, "%s overflows %s", s, TS(t));
  else
    check_error(c, pos, "cannot convert %s to type %s", s, TS(t));
}

// ---- final types of untyped expressions

static void update_operands(Checker *c, Expr *e, Type *t, bool final) {
  switch (e->kind) {
  case EXPR_PAREN: check_update_expr_type(c, e->paren.x, t, final); break;
  case EXPR_UNARY:
    if (!e->val)
      check_update_expr_type(c, e->unary.x, t, final);
    break;
  case EXPR_BINARY:
    if (e->val)
      break; // the operands of a constant expression stay as they are
    switch (e->binary.op) {
    case TOK_EQL:
    case TOK_NEQ:
    case TOK_LSS:
    case TOK_LEQ:
    case TOK_GTR:
    case TOK_GEQ: break; // the operands' type has nothing to do with the result's
    case TOK_SHL:
    case TOK_SHR: check_update_expr_type(c, e->binary.x, t, final); break;
    default:
      check_update_expr_type(c, e->binary.x, t, final);
      check_update_expr_type(c, e->binary.y, t, final);
    }
    break;
  default: break;
  }
}

void check_update_expr_type(Checker *c, Expr *e, Type *t, bool final) {
  if (e->mode == MODE_NONE || e->mode == MODE_INVALID || e->mode == MODE_TYPE || !e->type ||
      !is_untyped(e->type))
    return;
  update_operands(c, e, t, final);
  if (!final && is_untyped(t)) {
    e->type = under(t);
    return;
  }
  if (ptrmap_get(c->shift_lhs, e) && !is_integer(t)) {
    check_error(c, expr_start(e), "invalid operation: shifted operand %s (type %s) must be integer",
                expr_string(e), TS(t));
    e->type = INVALID;
    return;
  }
  if (e->val) {
    Operand x = {e->mode, e->type, e->val, e, 0};
    ConvCode code;
    ConstVal *val = NULL;
    check_implicit_type(c, &x, t, &val, &code);
    if (code != CONV_OK) {
      invalid_conversion(c, code, &x, is_typeparam(t) ? t : under(t));
      return;
    }
    if (val)
      e->val = val;
  }
  e->type = t;
}

void check_update_expr_val(Expr *e, ConstVal *val) {
  if (e && e->mode == MODE_CONST && e->type && is_untyped(e->type))
    e->val = val;
}

void check_finish_untyped(Checker *c, Operand *x) {
  if (x->mode == MODE_INVALID || !x->type || !is_untyped(x->type) || x->mode == MODE_NIL)
    return;
  Type *t = default_type(x->type);
  if (x->mode == MODE_CONST && !const_representable(x->val, t, NULL))
    return;
  check_convert_untyped(c, x, t);
}

// ---- implicit conversion

void check_representable(Checker *c, Operand *x, Type *t) {
  ConstVal *val = x->val;
  ConvCode code = representation(x, t, &val);
  if (code != CONV_OK) {
    invalid_conversion(c, code, x, t);
    x->mode = MODE_INVALID;
    return;
  }
  x->val = val;
}

// The larger of two untyped kinds, NULL if they do not mix.
static Type *max_type(Type *x, Type *y) {
  if (x == y)
    return x;
  if (is_untyped(x) && is_untyped(y) && is_numeric(x) && is_numeric(y))
    return x->kind > y->kind ? x : y;
  return NULL;
}

typedef struct ImplicitCtx {
  Checker *c;
  Operand *x;
} ImplicitCtx;

static bool implicit_to_term(void *ctx, Type *u) {
  ImplicitCtx *k = ctx;
  if (!u)
    return false;
  ConvCode code;
  return check_implicit_type(k->c, k->x, u, NULL, &code) != NULL;
}

static bool untyped_fits_basic(Type *x, Type *target) {
  switch (x->kind) {
  case TYPE_UNTYPED_BOOL: return is_boolean(target);
  case TYPE_UNTYPED_INT:
  case TYPE_UNTYPED_RUNE:
  case TYPE_UNTYPED_FLOAT:
  case TYPE_UNTYPED_COMPLEX: return is_numeric(target);
  case TYPE_UNTYPED_STRING: return is_string(target);
  default: return false;
  }
}

// The type x takes when it is converted implicitly to target; NULL and a code if it cannot. *val
// (may be NULL) gets the rounded constant.
Type *check_implicit_type(Checker *c, Operand *x, Type *target, ConstVal **val, ConvCode *code) {
  *code = CONV_OK;
  if (x->mode == MODE_INVALID || is_typed(x->type) || !is_valid(target))
    return x->type;
  *code = CONV_INVALID;
  if (is_untyped(target)) {
    Type *m = max_type(x->type, target);
    if (m)
      *code = CONV_OK;
    return m;
  }
  if (x->mode == MODE_NIL) {
    if (!has_nil(target))
      return NULL;
    *code = CONV_OK;
    return target;
  }
  Type *u = under(target);
  if (u->kind < TYPE_INVALID) {
    if (x->mode == MODE_CONST) {
      ConstVal *v = x->val;
      *code = representation(x, u, &v);
      if (*code != CONV_OK)
        return NULL;
      if (val)
        *val = v;
      return target;
    }
    if (!untyped_fits_basic(x->type, target))
      return NULL;
    *code = CONV_OK;
    return target;
  }
  if (u->kind != TYPE_INTERFACE)
    return NULL;
  if (is_typeparam(target)) {
    ImplicitCtx k = {c, x};
    if (!check_under_is(target, implicit_to_term, &k))
      return NULL;
    *code = CONV_OK;
    return target;
  }
  if (!typeset_is_all(type_set(u)))
    return NULL;
  *code = CONV_OK;
  return default_type(x->type);
}

void check_convert_untyped(Checker *c, Operand *x, Type *target) {
  ConvCode code;
  ConstVal *val = NULL;
  Type *t = check_implicit_type(c, x, target, &val, &code);
  if (code != CONV_OK) {
    invalid_conversion(c, code, x, is_typeparam(target) ? target : under(target));
    x->mode = MODE_INVALID;
    return;
  }
  if (val) {
    x->val = val;
    check_update_expr_val(x->expr, val);
  }
  if (t != x->type) {
    x->type = t;
    if (x->expr)
      check_update_expr_type(c, x->expr, t, false);
  }
}

// ---- assignment

// As assignable_to, with the untyped cases that need the operand.
bool check_assignable(Checker *c, Operand *x, Type *t, const char **cause) {
  if (x->mode == MODE_INVALID || !is_valid(t) || !is_valid(x->type))
    return true;
  if (is_untyped(x->type)) {
    ConvCode code;
    return check_implicit_type(c, x, t, NULL, &code) != NULL;
  }
  return assignable_to(x->type, x->mode, x->val, t, cause);
}

// Gives an untyped x the type it takes in an assignment to t (NULL: a variable without a declared
// type).
static bool assign_untyped(Checker *c, Operand *x, Type *t, const char *context) {
  Type *target = t;
  if (x->mode == MODE_NIL) {
    if (!t) {
      check_error(c, expr_start(x->expr), "use of untyped nil in %s", context);
      return false;
    }
  } else if (!t || plain_interface(t)) {
    target = default_type(x->type);
  }
  ConvCode code;
  ConstVal *val = NULL;
  Type *nt = check_implicit_type(c, x, target, &val, &code);
  if (code != CONV_OK) {
    check_error(c, expr_start(x->expr), "cannot use %s as %s value in %s%s",
                check_operand_string(c, x), TS(target), context,
                code == CONV_TRUNCATED  ? " (truncated)"
                : code == CONV_OVERFLOW ? " (overflows)"
                                        : "");
    return false;
  }
  if (val) {
    x->val = val;
    check_update_expr_val(x->expr, val);
  }
  if (nt != x->type) {
    x->type = nt;
    check_update_expr_type(c, x->expr, nt, false);
  }
  return true;
}

void check_assignment(Checker *c, Operand *x, Type *t, const char *context) {
  check_single_value(c, x);
  switch (x->mode) {
  case MODE_INVALID: return;
  case MODE_NIL:
  case MODE_CONST:
  case MODE_VAR:
  case MODE_MAPINDEX:
  case MODE_VALUE:
  case MODE_COMMAOK: break;
  default:
    check_error(c, expr_start(x->expr), "cannot assign %s to %s in %s", check_operand_string(c, x),
                t ? TS(t) : "_", context);
    x->mode = MODE_INVALID;
    return;
  }
  if (is_untyped(x->type) && !assign_untyped(c, x, t, context)) {
    x->mode = MODE_INVALID;
    return;
  }
  Type *u = under(x->type);
  if (u->kind == TYPE_FUNC && u->func.tparams.n) {
    check_error(c, expr_start(x->expr),
                "cannot use generic function %s without instantiation in %s",
                check_operand_string(c, x), context);
    x->mode = MODE_INVALID;
    return;
  }
  if (!t)
    return;
  const char *cause = NULL;
  if (check_assignable(c, x, t, &cause))
    return;
  check_error(c, expr_start(x->expr), "cannot use %s as %s value in %s%s%s",
              check_operand_string(c, x), TS(t), context, cause && cause[0] ? ": " : "",
              cause ? cause : "");
  x->mode = MODE_INVALID;
}

// ---- conversions

static bool const_convertible(Operand *x, Type *t, ConstVal **val) {
  Type *u = under(t);
  if (u->kind >= TYPE_INVALID)
    return false;
  ConstVal *v = x->val;
  bool ok = const_representable(x->val, u, &v);
  if (val)
    *val = v;
  if (ok)
    return true;
  if (!is_integer(x->type) || !is_string(u))
    return false;
  uint64_t r;
  if (!const_uint64(x->val, &r) || r > 0x10ffff || (r >= 0xd800 && r < 0xe000))
    r = 0xfffd;
  if (val) {
    Buf b = {0};
    buf_rune(&b, (uint32_t)r);
    *val = const_string(buf_str(&b), b.len);
    buf_free(&b);
  }
  return true;
}

typedef struct ConvCtx {
  Checker *c;
  Operand *x;
  Type *t;
  const char **cause;
} ConvCtx;

static bool const_to_term(void *ctx, Type *u) {
  ConvCtx *k = ctx;
  Checker *c = k->c;
  if (!u) {
    *k->cause = atom_printf("%s does not contain specific types", TS(k->t));
    return false;
  }
  if (is_string(k->x->type) && is_bytes_or_runes(u))
    return true;
  if (const_convertible(k->x, u, NULL))
    return true;
  if (is_integer(k->x->type) && is_integer(u))
    *k->cause =
        atom_printf("constant %s overflows %s (in %s)", const_str(k->x->val), TS(u), TS(k->t));
  else
    *k->cause = atom_printf("cannot convert %s to type %s (in %s)", check_operand_string(c, k->x),
                            TS(u), TS(k->t));
  return false;
}

// A non-constant x, or a constant whose conversion is none.
static bool convertible(Checker *c, Operand *x, Type *t, const char **cause) {
  if (is_untyped(x->type)) {
    if (check_assignable(c, x, t, cause))
      return true;
    if (x->mode == MODE_NIL)
      return convertible_to(x->type, t, cause);
    return convertible_to(default_type(x->type), t, cause);
  }
  return convertible_to(x->type, t, cause);
}

void check_conversion(Checker *c, Operand *x, Type *t) {
  bool const_arg = x->mode == MODE_CONST, ok = false;
  const char *cause = NULL;
  if (const_arg && is_const_type(t)) {
    ok = const_convertible(x, t, &x->val);
    if (!ok && is_integer(x->type) && is_integer(t)) {
      check_error(c, expr_start(x->expr), "constant %s overflows %s", const_str(x->val), TS(t));
      x->mode = MODE_INVALID;
      return;
    }
  } else if (const_arg && is_typeparam(t)) {
    ConvCtx k = {c, x, t, &cause};
    ok = check_under_is(t, const_to_term, &k);
    x->mode = MODE_VALUE;
  } else if (convertible(c, x, t, &cause)) {
    ok = true;
    x->mode = MODE_VALUE;
  }
  if (!ok) {
    check_error(c, expr_start(x->expr), "cannot convert %s to type %s%s%s",
                check_operand_string(c, x), TS(t), cause && cause[0] ? ": " : "",
                cause ? cause : "");
    x->mode = MODE_INVALID;
    return;
  }
  if (is_untyped(x->type)) {
    Type *final = t;
    if (x->type->kind == TYPE_UNTYPED_NIL)
      ;
    else if (plain_interface(t) || (const_arg && !is_const_type(t)))
      final = default_type(x->type);
    else if (x->mode == MODE_CONST && is_integer(x->type) && is_string(t))
      final = x->type; // string(1 << 100) is fine
    if (x->expr)
      check_update_expr_type(c, x->expr, final, true);
  }
  x->type = t;
}
