// chkexpr.c: expressions: the dispatch over their kinds, unary and binary operators, comparisons,
// shifts, function literals.
//
// Operand x is filled in; errors are reported on the way and give MODE_INVALID. check_raw_expr
// leaves the result in the tree.
#include "driver/types/check.h"
#include "driver/types/core.h"
#include <string.h>

#define TS(t)   type_string((t), c->env.pkg)
#define INVALID t_basic[TYPE_INVALID]

static bool is_valid(Type *t) {
  return t->kind != TYPE_INVALID;
}

// ---- operators

static const char *op_name(Expr *e) {
  if (e->kind == EXPR_UNARY)
    return e->unary.op == TOK_XOR ? "bitwise complement " : "";
  if (e->kind == EXPR_BINARY)
    switch (e->binary.op) {
    case TOK_ADD: return "addition ";
    case TOK_SUB: return "subtraction ";
    case TOK_XOR: return "bitwise XOR ";
    case TOK_MUL: return "multiplication ";
    case TOK_SHL: return "shift ";
    default: break;
    }
  return "";
}

static Pos op_pos(Expr *e) {
  if (!e)
    return NOPOS;
  return e->kind == EXPR_UNARY || e->kind == EXPR_BINARY || e->kind == EXPR_STAR ? e->pos
                                                                                 : expr_start(e);
}

enum { CONST_PRECISION = 512 }; // bits of an untyped integer constant

void check_overflow(Checker *c, Operand *x, Pos oppos) {
  if (const_kind(x->val) == CONST_UNKNOWN) {
    check_error(c, oppos, "constant result is not representable");
    return;
  }
  if (is_typed(x->type)) {
    check_representable(c, x, under(x->type));
    return;
  }
  if (const_kind(x->val) == CONST_INT && const_bitlen(x->val) > CONST_PRECISION) {
    check_error(c, oppos, "constant %soverflow", op_name(x->expr));
    x->val = check_unknown();
  }
}

static bool is_numeric_or_string_type(Type *u) {
  return is_numeric(u) || is_string(u);
}

static bool numeric_or_string_term(void *ctx, Type *u) {
  (void)ctx;
  return u && is_numeric_or_string_type(u);
}

static bool op_defined(Type *t, Tok op, bool unary) {
  switch (op) {
  case TOK_ADD: return unary ? is_numeric(t) : check_under_is(t, numeric_or_string_term, NULL);
  case TOK_SUB:
  case TOK_MUL:
  case TOK_DIV: return is_numeric(t);
  case TOK_REM:
  case TOK_AND:
  case TOK_OR:
  case TOK_XOR:
  case TOK_ANDNOT: return is_integer(t);
  case TOK_NOT:
  case TOK_ANDAND:
  case TOK_OROR: return is_boolean(t);
  default: return false;
  }
}

static bool check_op(Checker *c, Operand *x, Tok op, bool unary) {
  if (op_defined(x->type, op, unary))
    return true;
  check_error(c, expr_start(x->expr), "invalid operation: operator %s not defined on %s",
              tok_text(op), check_operand_string(c, x));
  x->mode = MODE_INVALID;
  return false;
}

// ---- unary

static void address_of(Checker *c, Operand *x, Expr *e) {
  if (unparen(e->unary.x)->kind != EXPR_COMPOSITE && x->mode != MODE_VAR) {
    check_error(c, expr_start(x->expr), "invalid operation: cannot take address of %s",
                check_operand_string(c, x));
    x->mode = MODE_INVALID;
    return;
  }
  check_mark_addr(c, e->unary.x);
  x->mode = MODE_VALUE;
  x->type = type_pointer(x->type);
}

static void receive(Checker *c, Operand *x) {
  Type *u = core_type(x->type);
  if (!u || u->kind != TYPE_CHAN || u->chan.dir == CHAN_SEND) {
    const char *s = check_operand_string(c, x);
    if (!u)
      check_error(c, expr_start(x->expr),
                  "invalid operation: cannot receive from %s (no core type)", s);
    else if (u->kind != TYPE_CHAN)
      check_error(c, expr_start(x->expr), "invalid operation: cannot receive from non-channel %s",
                  s);
    else
      check_error(c, expr_start(x->expr),
                  "invalid operation: cannot receive from send-only channel %s", s);
    x->mode = MODE_INVALID;
    return;
  }
  x->mode = MODE_COMMAOK;
  x->type = u->chan.elem;
  c->env.has_call = true;
}

static bool tilde(Checker *c, Operand *x, Expr *e) {
  if (!is_integer(x->type)) {
    check_error(c, expr_start(e), "cannot use ~ outside of interface or type constraint");
    x->mode = MODE_INVALID;
    return false;
  }
  check_error(c, expr_start(e),
              "cannot use ~ outside of interface or type constraint (use ^ for "
              "bitwise complement)");
  return true;
}

void check_unary(Checker *c, Operand *x, Expr *e) {
  check_expr(c, NULL, x, e->unary.x);
  if (x->mode == MODE_INVALID)
    return;
  Tok op = e->unary.op;
  if (op == TOK_AND) {
    address_of(c, x, e);
    return;
  }
  if (op == TOK_ARROW) {
    receive(c, x);
    return;
  }
  if (op == TOK_TILDE) {
    if (!tilde(c, x, e))
      return;
    op = TOK_XOR;
  }
  if (!check_op(c, x, op, true))
    return;
  if (x->mode != MODE_CONST) {
    x->mode = MODE_VALUE;
    return;
  }
  if (const_kind(x->val) == CONST_UNKNOWN)
    return;
  x->val = const_unary(op, x->val, x->type);
  x->expr = e;
  check_overflow(c, x, op_pos(e));
}

// ---- comparison

static const char *kind_string(Checker *c, Type *t) {
  switch (under(t)->kind) {
  case TYPE_ARRAY: return "array";
  case TYPE_SLICE: return "slice";
  case TYPE_STRUCT: return "struct";
  case TYPE_POINTER: return "pointer";
  case TYPE_FUNC: return "func";
  case TYPE_INTERFACE:
    return is_typeparam(t) ? atom_printf("type parameter %s", TS(t)) : "interface";
  case TYPE_MAP: return "map";
  case TYPE_CHAN: return "chan";
  default: return TS(t);
  }
}

static const char *incomparable_cause(Checker *c, Type *t) {
  TypeKind k = under(t)->kind;
  if (k == TYPE_SLICE || k == TYPE_FUNC || k == TYPE_MAP)
    return atom_printf("%s can only be compared to nil", kind_string(c, t));
  const char *why = NULL;
  type_comparable(t, true, &why);
  return why ? why : "";
}

// The operand at fault, or NULL if x op y is fine; *cause: why.
static Operand *comparison_fault(Checker *c, Operand *x, Operand *y, Tok op, const char **cause) {
  *cause = "";
  if (!check_assignable(c, x, y->type, NULL) && !check_assignable(c, y, x->type, NULL)) {
    *cause = atom_printf("mismatched types %s and %s", TS(x->type), TS(y->type));
    return y;
  }
  if (op == TOK_EQL || op == TOK_NEQ) {
    if (x->mode == MODE_NIL && y->mode == MODE_NIL)
      return y;
    if (x->mode == MODE_NIL || y->mode == MODE_NIL)
      return has_nil(x->mode == MODE_NIL ? y->type : x->type) ? NULL : y;
    Operand *bad = !type_comparable(x->type, true, NULL)   ? x
                   : !type_comparable(y->type, true, NULL) ? y
                                                           : NULL;
    if (bad)
      *cause = incomparable_cause(c, bad->type);
    return bad;
  }
  return !is_ordered(x->type) ? x : !is_ordered(y->type) ? y : NULL;
}

static void comparison_error(Checker *c, Operand *x, Operand *y, Tok op, bool switch_case,
                             Operand *at, const char *cause) {
  if (!cause[0]) {
    if (is_typeparam(x->type) || is_typeparam(y->type)) {
      if (!is_typeparam(x->type))
        at = y;
      cause =
          atom_printf("type parameter %s is not comparable with %s", TS(at->type), tok_text(op));
    } else {
      cause = atom_printf("operator %s not defined on %s", tok_text(op), kind_string(c, at->type));
    }
  }
  if (switch_case)
    check_error(c, expr_start(x->expr), "invalid case %s in switch on %s (%s)",
                expr_string(x->expr), expr_string(y->expr), cause);
  else
    check_error(c, expr_start(at->expr), "invalid operation: %s %s %s (%s)", expr_string(x->expr),
                tok_text(op), expr_string(y->expr), cause);
}

void check_comparison(Checker *c, Operand *x, Operand *y, Tok op, bool switch_case) {
  if (!is_valid(x->type) || !is_valid(y->type)) {
    x->mode = MODE_INVALID;
    return;
  }
  if (switch_case)
    op = TOK_EQL;
  const char *cause;
  Operand *bad = comparison_fault(c, x, y, op, &cause);
  if (bad) {
    comparison_error(c, x, y, op, switch_case, bad, cause);
    x->mode = MODE_INVALID;
    return;
  }
  if (x->mode == MODE_CONST && y->mode == MODE_CONST) {
    if (const_kind(x->val) == CONST_UNKNOWN || const_kind(y->val) == CONST_UNKNOWN)
      x->val = check_unknown();
    else
      x->val = const_bool(const_compare(op, x->val, y->val));
  } else {
    x->mode = MODE_VALUE;
    check_update_expr_type(c, x->expr, default_type(x->type), true);
    check_update_expr_type(c, y->expr, default_type(y->type), true);
  }
  x->type = t_basic[TYPE_UNTYPED_BOOL];
}

// ---- shifts

static bool shift_count(Checker *c, Operand *y) {
  Pos pos = expr_start(y->expr);
  if (y->mode == MODE_CONST) {
    ConstVal *v = const_to_int(y->val);
    if (const_kind(v) == CONST_INT && const_sign(v) < 0) {
      check_error(c, pos, "invalid operation: negative shift count %s", check_operand_string(c, y));
      return false;
    }
    if (is_untyped(y->type)) {
      check_representable(c, y, t_basic[TYPE_UINT]);
      if (y->mode == MODE_INVALID)
        return false;
      check_update_expr_val(y->expr, y->val);
      check_update_expr_type(c, y->expr, t_basic[TYPE_UINT], true);
      return true;
    }
    return true;
  }
  if (is_untyped(y->type)) {
    check_convert_untyped(c, y, t_basic[TYPE_UINT]);
    return y->mode != MODE_INVALID;
  }
  if (!is_integer(y->type)) {
    check_error(c, pos, "invalid operation: shift count %s must be integer",
                check_operand_string(c, y));
    return false;
  }
  return is_unsigned(y->type) || check_allowed(c, 13) ||
         check_lang(
             c, pos, 13,
             atom_printf("invalid operation: signed shift count %s", check_operand_string(c, y)));
}

enum { MAX_CONST_SHIFT = 1023 - 1 + 52 }; // so that the smallest float64 can be written

static void const_shift_op(Checker *c, Operand *x, Operand *y, Expr *e, Tok op) {
  if (const_kind(x->val) == CONST_UNKNOWN || const_kind(y->val) == CONST_UNKNOWN) {
    x->val = check_unknown();
    if (!is_integer(x->type))
      x->type = t_basic[TYPE_UNTYPED_INT];
    return;
  }
  uint64_t n;
  ConstVal *count = const_to_int(y->val);
  if (!const_uint64(count, &n) || n > MAX_CONST_SHIFT) {
    check_error(c, expr_start(y->expr), "invalid operation: invalid shift count %s",
                check_operand_string(c, y));
    x->mode = MODE_INVALID;
    return;
  }
  if (!is_integer(x->type))
    x->type = t_basic[TYPE_UNTYPED_INT];
  x->val = const_shift(op, const_to_int(x->val), (unsigned)n);
  x->expr = e ? e : x->expr;
  check_overflow(c, x, op_pos(x->expr));
}

static void check_shift(Checker *c, Operand *x, Operand *y, Expr *e, Tok op) {
  bool int_const = x->mode == MODE_CONST && const_kind(const_to_int(x->val)) == CONST_INT;
  if (!is_integer(x->type) && !(is_untyped(x->type) && int_const)) {
    check_error(c, expr_start(x->expr), "invalid operation: shifted operand %s must be integer",
                check_operand_string(c, x));
    x->mode = MODE_INVALID;
    return;
  }
  if (!shift_count(c, y)) {
    x->mode = MODE_INVALID;
    return;
  }
  if (x->mode == MODE_CONST) {
    if (y->mode == MODE_CONST) {
      const_shift_op(c, x, y, e, op);
      return;
    }
    if (is_untyped(x->type)) {
      // Non-constant shift of an untyped constant: it takes its type from the context.
      ptrmap_set(c->shift_lhs, x->expr, x->expr);
      x->mode = MODE_VALUE;
      return;
    }
  }
  if (!is_integer(x->type)) {
    check_error(c, expr_start(x->expr), "invalid operation: shifted operand %s must be integer",
                check_operand_string(c, x));
    x->mode = MODE_INVALID;
    return;
  }
  x->mode = MODE_VALUE;
}

// ---- binary

static bool may_convert(Operand *x, Operand *y) {
  if (is_typed(x->type) && is_typed(y->type))
    return false;
  if (is_interface(x->type) || is_interface(y->type))
    return true;
  if (is_boolean(x->type) != is_boolean(y->type) || is_string(x->type) != is_string(y->type))
    return false;
  if (x->mode == MODE_NIL)
    return has_nil(y->type);
  if (y->mode == MODE_NIL)
    return has_nil(x->type);
  return under(x->type)->kind != TYPE_POINTER && under(y->type)->kind != TYPE_POINTER;
}

void check_match_types(Checker *c, Operand *x, Operand *y) {
  if (!may_convert(x, y))
    return;
  check_convert_untyped(c, x, y->type);
  if (x->mode == MODE_INVALID)
    return;
  check_convert_untyped(c, y, x->type);
  if (y->mode == MODE_INVALID)
    x->mode = MODE_INVALID;
}

static bool division_by_zero(Operand *x, Operand *y) {
  if (y->mode != MODE_CONST || const_kind(y->val) == CONST_UNKNOWN)
    return false;
  if ((x->mode == MODE_CONST || is_integer(x->type)) && const_sign(y->val) == 0 &&
      const_kind(y->val) != CONST_COMPLEX)
    return true;
  return x->mode == MODE_CONST && const_kind(y->val) == CONST_COMPLEX &&
         const_sign(const_real(y->val)) == 0 && const_sign(const_imag(y->val)) == 0;
}

static bool is_comparison(Tok op) {
  return op == TOK_EQL || op == TOK_NEQ || op == TOK_LSS || op == TOK_LEQ || op == TOK_GTR ||
         op == TOK_GEQ;
}

static void mismatched(Checker *c, Operand *x, Operand *y, Expr *e, Expr *lhs, Expr *rhs, Tok op) {
  if (is_valid(x->type) && is_valid(y->type)) {
    Pos pos = expr_start(x->expr);
    if (e)
      check_error(c, pos, "invalid operation: %s (mismatched types %s and %s)", expr_string(e),
                  TS(x->type), TS(y->type));
    else
      check_error(c, pos, "invalid operation: %s %s= %s (mismatched types %s and %s)",
                  expr_string(lhs), tok_text(op), expr_string(rhs), TS(x->type), TS(y->type));
  }
  x->mode = MODE_INVALID;
}

void check_binary(Checker *c, Operand *x, Expr *e, Expr *lhs, Expr *rhs, Tok op) {
  Operand y;
  check_expr(c, NULL, x, lhs);
  check_expr(c, NULL, &y, rhs);
  if (x->mode == MODE_INVALID)
    return;
  if (y.mode == MODE_INVALID) {
    x->mode = MODE_INVALID;
    x->expr = y.expr;
    return;
  }
  if (op == TOK_SHL || op == TOK_SHR) {
    check_shift(c, x, &y, e, op);
    return;
  }
  check_match_types(c, x, &y);
  if (x->mode == MODE_INVALID)
    return;
  if (is_comparison(op)) {
    check_comparison(c, x, &y, op, false);
    return;
  }
  if (!types_identical(x->type, y.type)) {
    mismatched(c, x, &y, e, lhs, rhs, op);
    return;
  }
  if (!check_op(c, x, op, false))
    return;
  if ((op == TOK_DIV || op == TOK_REM) && division_by_zero(x, &y)) {
    check_error(c, expr_start(y.expr), "invalid operation: division by zero");
    x->mode = MODE_INVALID;
    return;
  }
  if (x->mode != MODE_CONST || y.mode != MODE_CONST) {
    x->mode = MODE_VALUE;
    return;
  }
  if (const_kind(x->val) == CONST_UNKNOWN || const_kind(y.val) == CONST_UNKNOWN) {
    x->val = check_unknown();
    return;
  }
  x->val = const_binary(op, x->val, y.val, op == TOK_DIV && is_integer(x->type));
  if (op == TOK_DIV && is_complex(x->type) && const_kind(x->val) == CONST_UNKNOWN) {
    check_error(c, expr_start(y.expr), "invalid operation: division by zero"); // by underflow
    x->mode = MODE_INVALID;
    return;
  }
  x->expr = e ? e : x->expr;
  check_overflow(c, x, op_pos(x->expr));
}

// ---- function literals

static void later_func_lit(Checker *c, void *arg) {
  check_func_body_now(c, arg, c->env.decl, c->env.file);
}

static FuncInfo *new_lit(Checker *c, Expr *e) {
  FuncInfo *fi = NEW(c->arena, FuncInfo);
  fi->outer = c->env.func;
  fi->lit = e;
  fi->body = e->func.body;
  fi->pkg = c->env.pkg;
  fi->end = e->func.body ? e->func.body->block.rbrace : e->pos;
  fi->scope = scope_new(c->env.scope, e->pos);
  fi->scope->is_func = true;
  fi->scope->visible = c->seq;
  if (fi->outer)
    vec_push(c->arena, &fi->outer->lits, fi);
  return fi;
}

void check_func_lit(Checker *c, Operand *x, Expr *e) {
  FuncInfo *fi = e->func.info;
  if (!fi) { // a tree may be checked twice: x[f()] += 1
    fi = new_lit(c, e);
    e->func.info = fi;
    fi->sig = type_new(TYPE_FUNC);
    check_func_type(c, fi->sig, e->func.type, NULL, fi->scope, fi);
    check_record_type(e->func.type, MODE_TYPE, fi->sig, NULL);
    PackageInfo *info = check_pkginfo(c->env.pkg);
    if (!e->func.body)
      ;
    else if (c->env.func || info->checking)
      check_later(c, later_func_lit, fi);
    else // an initializer of an imported package: only its type is wanted
      vec_push(c->arena, &info->pending, ((Later){later_func_lit, fi, c->env}));
  }
  x->mode = MODE_VALUE;
  x->type = fi->sig;
}

// ---- literals, dereference, assertion

static void lang_of_literal(Checker *c, Expr *e) {
  const char *s = e->lit.text;
  size_t n = e->lit.len;
  if (n <= 2 || check_allowed(c, 13))
    return;
  if (memchr(s, '_', n))
    check_lang(c, e->pos, 13, "underscore in numeric literal");
  else if (s[0] == '0' && (s[1] == 'b' || s[1] == 'B'))
    check_lang(c, e->pos, 13, "binary literal");
  else if (s[0] == '0' && (s[1] == 'o' || s[1] == 'O'))
    check_lang(c, e->pos, 13, "0o/0O-style octal literal");
  else if (s[0] == '0' && e->lit.tok != TOK_INT && (s[1] == 'x' || s[1] == 'X'))
    check_lang(c, e->pos, 13, "hexadecimal floating-point literal");
}

enum { MAX_LITERAL = 10000 };

static bool basic_lit(Checker *c, Operand *x, Expr *e) {
  TypeKind kind = TYPE_UNTYPED_STRING;
  switch (e->lit.tok) {
  case TOK_INT: kind = TYPE_UNTYPED_INT; break;
  case TOK_FLOAT: kind = TYPE_UNTYPED_FLOAT; break;
  case TOK_IMAG: kind = TYPE_UNTYPED_COMPLEX; break;
  case TOK_CHAR: kind = TYPE_UNTYPED_RUNE; break;
  default: break;
  }
  if (kind == TYPE_UNTYPED_INT || kind == TYPE_UNTYPED_FLOAT || kind == TYPE_UNTYPED_COMPLEX) {
    lang_of_literal(c, e);
    if (e->lit.len > MAX_LITERAL) {
      check_error(c, e->pos, "excessively long constant: %.10s... (%zu chars)", e->lit.text,
                  e->lit.len);
      return false;
    }
  }
  ConstVal *v = const_from_literal(e->lit.tok, e->lit.text, e->lit.len);
  if (const_kind(v) == CONST_UNKNOWN) {
    check_error(c, e->pos, "malformed constant: %.*s", (int)e->lit.len, e->lit.text);
    return false;
  }
  x->mode = MODE_CONST;
  x->type = t_basic[kind];
  x->val = v;
  x->expr = e;
  check_overflow(c, x, e->pos);
  return x->mode != MODE_INVALID;
}

typedef struct DerefCtx {
  Checker *c;
  Operand *x;
  Type *base;
} DerefCtx;

static bool deref_term(void *ctx, Type *u) {
  DerefCtx *k = ctx;
  Checker *c = k->c;
  if (!u || u->kind != TYPE_POINTER) {
    check_error(c, expr_start(k->x->expr), "invalid operation: cannot indirect %s",
                check_operand_string(c, k->x));
    return false;
  }
  if (k->base && !types_identical(u->pointer.elem, k->base)) {
    check_error(c, expr_start(k->x->expr),
                "invalid operation: pointers of %s must have identical base types",
                check_operand_string(c, k->x));
    return false;
  }
  k->base = u->pointer.elem;
  return true;
}

static bool star(Checker *c, Operand *x, Expr *e) {
  check_expr_or_type(c, x, e->star.x, false);
  switch (x->mode) {
  case MODE_INVALID: return false;
  case MODE_TYPE:
    check_valid_var_type(c, e->star.x, x->type);
    x->type = type_pointer(x->type);
    return true;
  case MODE_NIL:
    check_error(c, expr_start(x->expr), "invalid operation: cannot indirect %s",
                check_operand_string(c, x));
    return false;
  default: break;
  }
  DerefCtx k = {c, x, NULL};
  if (!check_under_is(x->type, deref_term, &k))
    return false;
  x->mode = MODE_VAR;
  x->type = k.base;
  return true;
}

void check_type_assertion(Checker *c, Expr *e, Operand *x, Type *t, bool type_switch) {
  if (is_interface(t))
    return;
  const char *cause = NULL;
  if (!missing_method_cause(t, x->type, false, NULL, NULL, &cause, NULL))
    return;
  if (type_switch)
    check_error(c, expr_start(e),
                "impossible type switch case: %s\n\t%s cannot have dynamic type %s %s",
                expr_string(e), check_operand_string(c, x), TS(t), cause ? cause : "");
  else
    check_error(c, expr_start(e), "impossible type assertion: %s\n\t%s does not implement %s %s",
                expr_string(e), TS(t), TS(x->type), cause ? cause : "");
}

static bool type_assert(Checker *c, Operand *x, Expr *e) {
  check_expr(c, NULL, x, e->tassert.x);
  if (x->mode == MODE_INVALID)
    return false;
  if (is_typeparam(x->type)) {
    check_error(c, expr_start(x->expr),
                "invalid operation: cannot use type assertion on type parameter value %s",
                check_operand_string(c, x));
    return false;
  }
  if (under(x->type)->kind != TYPE_INTERFACE) {
    check_error(c, expr_start(x->expr), "invalid operation: %s is not an interface",
                check_operand_string(c, x));
    return false;
  }
  Type *t = check_var_type(c, e->tassert.type);
  if (!is_valid(t))
    return false;
  check_type_assertion(c, e, x, t, false);
  x->mode = MODE_COMMAOK;
  x->type = t;
  return true;
}

// ---- all expressions

static bool type_literal(Checker *c, Operand *x, Expr *e) {
  x->mode = MODE_TYPE;
  x->type = check_type(c, e);
  return true;
}

// Fills x except for x->expr; false: invalid. *class: whether it may stand as a statement.
static bool expr_internal(Checker *c, Target *t, Operand *x, Expr *e, Type *hint,
                          ExprClass *class) {
  switch (e->kind) {
  case EXPR_BAD: return false;
  case EXPR_NAME: check_ident(c, x, e, NULL, false); return true;
  case EXPR_ELLIPSIS: check_error(c, e->pos, "invalid use of '...'"); return false;
  case EXPR_LIT: return basic_lit(c, x, e);
  case EXPR_FUNCLIT: check_func_lit(c, x, e); return true;
  case EXPR_COMPOSITE: return check_composite(c, x, e, hint);
  case EXPR_PAREN: *class = check_raw_expr(c, NULL, x, e->paren.x, NULL, false); return true;
  case EXPR_SELECTOR: check_selector(c, x, e, NULL, false); return true;
  case EXPR_INDEX:
    if (check_index_expr(c, x, e))
      check_func_inst(c, t, e->pos, x, e, true, NULL);
    return x->mode != MODE_INVALID;
  case EXPR_SLICE: check_slice_expr(c, x, e); return x->mode != MODE_INVALID;
  case EXPR_TYPEASSERT: return type_assert(c, x, e);
  case EXPR_TYPESWITCHGUARD:
    check_error(c, e->pos, "use of .(type) outside type switch");
    check_use_expr(c, e->guard.x, false);
    return false;
  case EXPR_CALL: *class = check_call(c, x, e); return true;
  case EXPR_STAR: return star(c, x, e);
  case EXPR_UNARY:
    check_unary(c, x, e);
    if (e->unary.op == TOK_ARROW)
      *class = CLASS_STATEMENT;
    return x->mode != MODE_INVALID;
  case EXPR_BINARY:
    check_binary(c, x, e, e->binary.x, e->binary.y, e->binary.op);
    return x->mode != MODE_INVALID;
  case EXPR_KEYVALUE: check_error(c, expr_start(e), "no key:value expected"); return false;
  default: return type_literal(c, x, e);
  }
}

ExprClass check_raw_expr(Checker *c, Target *t, Operand *x, Expr *e, Type *hint,
                         bool allow_generic) {
  ExprClass class = CLASS_EXPRESSION;
  *x = (Operand){.mode = MODE_INVALID, .type = INVALID, .expr = e};
  if (c->depth >= CHECK_MAX_DEPTH) {
    check_error(c, expr_start(e), "expression nested too deeply");
    return CLASS_STATEMENT;
  }
  c->depth++;
  if (!expr_internal(c, t, x, e, hint, &class)) {
    x->mode = MODE_INVALID;
    class = CLASS_STATEMENT; // no further errors
  }
  c->depth--;
  x->expr = e;
  if (!allow_generic)
    check_non_generic(c, t, x);
  check_record(c, x);
  return class;
}

void check_non_generic(Checker *c, Target *t, Operand *x) {
  if (x->mode == MODE_INVALID || x->mode == MODE_NOVALUE || !x->type)
    return;
  const char *what = NULL;
  if (type_is_generic(x->type)) {
    what = "type";
  } else if (x->type->kind == TYPE_FUNC && x->type->func.tparams.n) {
    if (t) {
      check_func_inst(c, t, x->expr->pos, x, NULL, true, NULL);
      return;
    }
    what = "function";
  }
  if (!what)
    return;
  check_error(c, expr_start(x->expr), "cannot use generic %s %s without instantiation", what,
              expr_string(x->expr));
  x->mode = MODE_INVALID;
  x->type = INVALID;
}

static const unsigned no_value_modes = 1u << MODE_NOVALUE | 1u << MODE_BUILTIN | 1u << MODE_TYPE;

void check_expr(Checker *c, Target *t, Operand *x, Expr *e) {
  check_raw_expr(c, t, x, e, NULL, false);
  check_exclude(c, x, no_value_modes);
  check_single_value(c, x);
}

void check_generic_expr(Checker *c, Operand *x, Expr *e) {
  check_raw_expr(c, NULL, x, e, NULL, true);
  check_exclude(c, x, no_value_modes);
  check_single_value(c, x);
}

void check_expr_with_hint(Checker *c, Operand *x, Expr *e, Type *hint) {
  check_raw_expr(c, NULL, x, e, hint, false);
  check_exclude(c, x, no_value_modes);
  check_single_value(c, x);
}

void check_expr_or_type(Checker *c, Operand *x, Expr *e, bool allow_generic) {
  check_raw_expr(c, NULL, x, e, NULL, allow_generic);
  check_exclude(c, x, 1u << MODE_NOVALUE);
  check_single_value(c, x);
}

static void unpack_tuple(Checker *c, Operand *x, Operand **list, int *n) {
  ObjectList *vars = &x->type->tuple.vars;
  *list = NEW_ARRAY(c->arena, Operand, vars->n ? vars->n : 1);
  *n = vars->n;
  for (int i = 0; i < vars->n; i++)
    (*list)[i] = (Operand){.mode = MODE_VALUE, .expr = x->expr, .type = vars->v[i]->type};
}

void check_multi_expr(Checker *c, Expr *e, bool allow_commaok, Operand **list, int *n,
                      bool *commaok) {
  Operand x;
  *commaok = false;
  check_raw_expr(c, NULL, &x, e, NULL, false);
  check_exclude(c, &x, no_value_modes);
  if (x.mode != MODE_INVALID && x.type->kind == TYPE_TUPLE) {
    unpack_tuple(c, &x, list, n);
    return;
  }
  *list = NEW_ARRAY(c->arena, Operand, 2);
  (*list)[0] = x;
  *n = 1;
  if (allow_commaok && (x.mode == MODE_MAPINDEX || x.mode == MODE_COMMAOK)) {
    (*list)[1] = (Operand){.mode = MODE_VALUE, .expr = e, .type = t_basic[TYPE_UNTYPED_BOOL]};
    *n = 2;
    *commaok = true;
  }
}

void check_expr_list(Checker *c, Expr **l, int n, Operand **list, int *nout) {
  bool commaok;
  *list = NULL;
  *nout = 0;
  if (n == 1) {
    check_multi_expr(c, l[0], false, list, nout, &commaok);
  } else if (n > 1) {
    *list = NEW_ARRAY(c->arena, Operand, n);
    *nout = n;
    for (int i = 0; i < n; i++)
      check_expr(c, NULL, &(*list)[i], l[i]);
  }
}

Target *check_target(Checker *c, Type *t, const char *desc) {
  if (!t)
    return NULL;
  Type *u = under(t);
  if (u->kind != TYPE_FUNC)
    return NULL;
  Target *target = NEW(c->arena, Target);
  *target = (Target){u, desc};
  return target;
}

// ---- evaluation after an error, so that what is used counts as used

static bool use_name(Checker *c, Expr *e, bool lhs) {
  if (strcmp(e->name.id, "_") == 0)
    return true;
  Object *v = NULL;
  bool used = false;
  if (lhs) {
    Object *o = scope_lookup_parent(c->env.scope, e->name.id, e->pos, NULL);
    if (o && o->kind == OBJ_VAR && o->pkg == c->env.pkg) {
      v = o;
      used = o->used;
    }
  }
  Operand x;
  check_expr_or_type(c, &x, e, true);
  if (v)
    v->used = used;
  return x.mode != MODE_INVALID;
}

bool check_use_expr(Checker *c, Expr *e, bool lhs) {
  if (!e)
    return true;
  Expr *n = unparen(e);
  if (n->kind == EXPR_NAME)
    return use_name(c, n, lhs);
  if (n->kind == EXPR_KEYVALUE)
    return check_use_expr(c, n->kv.val, lhs);
  Operand x;
  check_raw_expr(c, NULL, &x, e, NULL, true);
  return x.mode != MODE_INVALID;
}

bool check_use(Checker *c, ExprList *l) {
  bool ok = true;
  for (int i = 0; i < l->n; i++)
    if (!check_use_expr(c, l->v[i], false))
      ok = false;
  return ok;
}
