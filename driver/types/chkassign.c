// chkassign.c: assignments: initialization of variables, tuples and comma-ok forms, short
// declarations, return values.
#include "driver/types/check.h"
#include "driver/types/core.h"
#include <string.h>

#define TS(t)   type_string((t), c->env.pkg)
#define INVALID t_basic[TYPE_INVALID]

static bool is_blank(Expr *e) {
  return e->kind == EXPR_NAME && strcmp(e->name.id, "_") == 0;
}
static bool is_call(Expr *e) {
  return unparen(e)->kind == EXPR_CALL;
}

// ---- counts that do not match

// "(number, string, ...int)": types as the messages about counts list them.
const char *check_types_summary(Checker *c, Type **types, int n, bool variadic) {
  Buf b = {0};
  buf_putc(&b, '(');
  for (int i = 0; i < n; i++) {
    Type *t = types[i];
    if (i)
      buf_puts(&b, ", ");
    if (!t || t->kind == TYPE_INVALID)
      buf_puts(&b, "unknown type");
    else if (is_untyped(t) && is_numeric(t))
      buf_puts(&b, "number");
    else if (is_untyped(t))
      buf_puts(&b, t->basic.name + strlen("untyped "));
    else if (variadic && i == n - 1 && t->kind == TYPE_SLICE)
      buf_printf(&b, "...%s", TS(t->slice.elem));
    else
      buf_puts(&b, TS(t));
  }
  buf_putc(&b, ')');
  const char *s = atom(buf_str(&b));
  buf_free(&b);
  return s;
}

static const char *measure(int n, const char *unit) {
  return atom_printf("%d %s%s", n, unit, n == 1 ? "" : "s");
}

static void assign_error(Checker *c, Expr **rhs, int nrhs, int l, int r) {
  const char *vars = measure(l, "variable"), *vals = measure(r, "value");
  Expr *e = unparen(rhs[0]);
  if (nrhs == 1 && e->kind == EXPR_CALL)
    check_error(c, expr_start(rhs[0]), "assignment mismatch: %s but %s returns %s", vars,
                expr_string(e->call.fun), vals);
  else
    check_error(c, expr_start(rhs[0]), "assignment mismatch: %s but %s", vars, vals);
}

static void return_error(Checker *c, Stmt *ret, Object **lhs, int l, Operand *rhs, int r) {
  Pos at = r > l ? expr_start(rhs[l].expr) : r > 0 ? expr_start(rhs[r - 1].expr) : ret->pos;
  Type **have = NEW_ARRAY(c->arena, Type *, r + 1), **want = NEW_ARRAY(c->arena, Type *, l + 1);
  for (int i = 0; i < r; i++)
    have[i] = rhs[i].type;
  for (int i = 0; i < l; i++)
    want[i] = lhs[i]->type;
  check_error(c, at, "%s return values\n\thave %s\n\twant %s", r > l ? "too many" : "not enough",
              check_types_summary(c, have, r, false), check_types_summary(c, want, l, false));
}

// ---- initialization

void check_init_var(Checker *c, Object *lhs, Operand *x, const char *context) {
  if (x->mode == MODE_INVALID || !x->type || x->type == INVALID || lhs->type == INVALID) {
    if (!lhs->type)
      lhs->type = INVALID;
    x->mode = MODE_INVALID;
    return;
  }
  if (!lhs->type) {
    if (x->mode == MODE_NIL && x->type->kind == TYPE_UNTYPED_NIL) {
      check_error(c, expr_start(x->expr), "use of untyped nil in %s", context);
      lhs->type = INVALID;
      x->mode = MODE_INVALID;
      return;
    }
    lhs->type = is_untyped(x->type) ? default_type(x->type) : x->type;
  }
  check_assignment(c, x, lhs->type, context);
}

static void invalidate(Object **lhs, int n) {
  for (int i = 0; i < n; i++)
    if (!lhs[i]->type)
      lhs[i]->type = INVALID;
}

static bool use_all(Checker *c, Expr **l, int n) {
  bool ok = true;
  for (int i = 0; i < n; i++)
    if (!check_use_expr(c, l[i], false))
      ok = false;
  return ok;
}

void check_init_vars(Checker *c, Object **lhs, int l, Expr **rhs, int r, Stmt *ret) {
  const char *context = ret ? "return statement" : "assignment";
  if (l == r && !(r == 1 && is_call(rhs[0]))) {
    for (int i = 0; i < l; i++) {
      const char *desc = ret && !lhs[i]->name[0] ? "result variable" : lhs[i]->name;
      Operand x;
      check_expr(c, check_target(c, lhs[i]->type, desc), &x, rhs[i]);
      check_init_var(c, lhs[i], &x, context);
    }
    return;
  }
  if (r != 1) {
    // Only report a mismatch if there was no other error on the right side.
    if (use_all(c, rhs, r)) {
      if (ret) {
        Operand *list;
        int n;
        check_expr_list(c, rhs, r, &list, &n);
        return_error(c, ret, lhs, l, list, n);
      } else if (r > 0) {
        assign_error(c, rhs, r, l, r);
      }
    }
    invalidate(lhs, l);
    return;
  }
  Operand *list;
  int n;
  bool commaok;
  check_multi_expr(c, rhs[0], l == 2 && !ret, &list, &n, &commaok);
  if (l == n) {
    for (int i = 0; i < l; i++)
      check_init_var(c, lhs[i], &list[i], context);
    if (commaok && list[0].mode != MODE_INVALID && list[1].mode != MODE_INVALID)
      check_record_commaok(c, rhs[0]);
    return;
  }
  if (list[0].mode != MODE_INVALID || n != 1) {
    if (ret)
      return_error(c, ret, lhs, l, list, n);
    else
      assign_error(c, rhs, r, l, n);
  }
  invalidate(lhs, l);
}

// ---- assignment

// The type of the left side of an assignment; NULL for _, invalid if it is wrong (reported).
static Type *lhs_var(Checker *c, Expr *lhs) {
  Expr *id = unparen(lhs);
  if (is_blank(id)) {
    id->name.obj = NULL;
    return NULL;
  }
  Object *v = NULL;
  bool used = false;
  if (id->kind == EXPR_NAME) {
    // Assigning to a variable is no use of it.
    Object *o = scope_lookup_parent(c->env.scope, id->name.id, id->pos, NULL);
    if (o && o->kind == OBJ_VAR && o->pkg == c->env.pkg) {
      v = o;
      used = o->used;
    }
  }
  Operand x;
  check_expr(c, NULL, &x, lhs);
  if (v)
    v->used = used;
  if (x.mode == MODE_INVALID || x.type == INVALID)
    return INVALID;
  if (x.mode == MODE_VAR || x.mode == MODE_MAPINDEX) {
    check_mark_assigned(c, lhs);
    return x.type;
  }
  if (x.expr->kind == EXPR_SELECTOR) {
    Operand op;
    check_expr(c, NULL, &op, x.expr->selector.x);
    if (op.mode == MODE_MAPINDEX) {
      check_error(c, expr_start(x.expr), "cannot assign to struct field %s in map",
                  expr_string(x.expr));
      return INVALID;
    }
  }
  check_error(c, expr_start(x.expr),
              "cannot assign to %s (neither addressable nor a map index expression)",
              expr_string(x.expr));
  return INVALID;
}

void check_assign_var(Checker *c, Expr *lhs, Expr *rhs, Operand *x, const char *context) {
  Type *t = lhs_var(c, lhs);
  if (t == INVALID) {
    if (x)
      x->mode = MODE_INVALID;
    else
      check_use_expr(c, rhs, false);
    return;
  }
  Operand val;
  if (!x) {
    x = &val;
    check_expr(c, t ? check_target(c, t, expr_string(lhs)) : NULL, x, rhs);
  }
  if (!t && strcmp(context, "assignment") == 0)
    context = "assignment to _ identifier";
  check_assignment(c, x, t, context);
  if (!t && x->mode != MODE_INVALID)
    for (Expr *e = lhs;; e = e->paren.x) {
      check_record_type(e, MODE_VAR, x->type, NULL);
      if (e->kind != EXPR_PAREN)
        break;
    }
}

static bool use_lhs(Checker *c, ExprList *l) {
  bool ok = true;
  for (int i = 0; i < l->n; i++)
    if (!check_use_expr(c, l->v[i], true))
      ok = false;
  return ok;
}

void check_assign_vars(Checker *c, ExprList *lhs, ExprList *rhs) {
  int l = lhs->n, r = rhs->n;
  if (l == r && !(r == 1 && is_call(rhs->v[0]))) {
    for (int i = 0; i < l; i++)
      check_assign_var(c, lhs->v[i], rhs->v[i], NULL, "assignment");
    return;
  }
  if (r != 1) {
    bool ok = use_lhs(c, lhs);
    if (check_use(c, rhs) && ok)
      assign_error(c, rhs->v, r, l, r);
    return;
  }
  Operand *list;
  int n;
  bool commaok;
  check_multi_expr(c, rhs->v[0], l == 2, &list, &n, &commaok);
  if (l == n) {
    for (int i = 0; i < l; i++)
      check_assign_var(c, lhs->v[i], NULL, &list[i], "assignment");
    if (commaok && list[0].mode != MODE_INVALID && list[1].mode != MODE_INVALID)
      check_record_commaok(c, rhs->v[0]);
    return;
  }
  if (list[0].mode != MODE_INVALID || n != 1)
    assign_error(c, rhs->v, r, l, n);
  use_lhs(c, lhs);
}

// ---- :=

// The variable a name on the left of := denotes: one of this scope, or a new one (*is_new). NULL:
// reported.
static Object *short_var(Checker *c, Expr *lhs, bool *is_new) {
  *is_new = false;
  Object *alt = scope_lookup(c->env.scope, lhs->name.id);
  if (alt) {
    lhs->name.obj = alt;
    if (alt->kind == OBJ_VAR) {
      alt->var.reassigned = true;
      return alt;
    }
    check_error(c, expr_start(lhs), "cannot assign to %s", expr_string(lhs));
    return NULL;
  }
  Object *o = object_new(OBJ_VAR, lhs->pos, c->env.pkg, lhs->name.id, NULL);
  *is_new = true;
  if (!is_blank(lhs)) {
    lhs->name.obj = o;
    check_add_local(c, o);
  }
  return o;
}

void check_short_var_decl(Checker *c, Stmt *s) {
  int top = c->later.n;
  ExprList *lhs = &s->assign.lhs, *rhs = &s->assign.rhs;
  Object **vars = NEW_ARRAY(c->arena, Object *, lhs->n);
  ObjectList fresh = {0};
  bool has_err = false;
  for (int i = 0; i < lhs->n; i++) {
    Expr *e = lhs->v[i];
    if (e->kind != EXPR_NAME) {
      check_use_expr(c, e, true);
      check_error(c, expr_start(e), "non-name %s on left side of :=", expr_string(e));
      has_err = true;
      continue;
    }
    bool repeated = false, is_new;
    for (int j = 0; j < i && !is_blank(e); j++)
      repeated |= lhs->v[j]->kind == EXPR_NAME && lhs->v[j]->name.id == e->name.id;
    if (repeated) {
      check_error(c, expr_start(e), "%s repeated on left side of :=", expr_string(e));
      has_err = true;
      continue;
    }
    vars[i] = short_var(c, e, &is_new);
    if (!vars[i])
      has_err = true;
    else if (is_new && !is_blank(e))
      vec_push(c->arena, &fresh, vars[i]);
  }
  for (int i = 0; i < lhs->n; i++)
    if (!vars[i])
      vars[i] = object_new(OBJ_VAR, lhs->v[i]->pos, c->env.pkg, atom("_"), NULL);
  check_init_vars(c, vars, lhs->n, rhs->v, rhs->n, NULL);
  check_run_later(c, top);
  for (int i = 0; i < lhs->n; i++) {
    vars[i]->state = OBJ_BLACK;
    if (lhs->v[i]->kind == EXPR_NAME)
      check_record_type(lhs->v[i], MODE_VAR, vars[i]->type, NULL);
  }
  if (!fresh.n && !has_err) {
    check_error(c, s->pos, "no new variables on left side of :=");
    return;
  }
  for (int i = 0; i < fresh.n; i++)
    check_declare(c, c->env.scope, fresh.v[i]);
}
