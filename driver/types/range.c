// range.c: for … range over everything: integers, strings, arrays, slices, maps, channels and
// functions.
//
// The body of a range over a function is a function of its own: its FuncInfo hangs at the statement
// (and in the lits of the function around it), owns the iteration variables and captures what it
// uses from outside, assigned iteration variables included.
#include "driver/types/check.h"
#include "driver/types/core.h"
#include <string.h>

#define TS(t)   type_string((t), c->env.pkg)
#define INVALID t_basic[TYPE_INVALID]

typedef struct RangeTypes {
  Type *key, *val;   // NULL: there is none
  const char *cause; // why not, or ""
  bool ok;
  Type *yield; // range over a function: the type of yield
} RangeTypes;

static RangeTypes bad(const char *cause) {
  return (RangeTypes){INVALID, INVALID, cause, false, NULL};
}

static Type *func_type(Type *t) {
  Type *u = core_type(t);
  return u && u->kind == TYPE_FUNC ? u : NULL;
}

static RangeTypes range_func(Checker *c, Type *t) {
  if (!check_allowed(c, 23))
    return bad("requires go1.23 or later");
  if (t->func.params.n != 1)
    return bad("func must be func(yield func(...) bool): wrong argument count");
  Type *yield = func_type(t->func.params.v[0]->type);
  if (!yield)
    return bad("func must be func(yield func(...) bool): argument is not func");
  if (t->func.results.n)
    return bad("func must be func(yield func(...) bool): unexpected results");
  if (yield->func.params.n > 2)
    return bad("func must be func(yield func(...) bool): yield func has too many parameters");
  if (yield->func.results.n != 1 || !is_boolean(yield->func.results.v[0]->type))
    return bad("func must be func(yield func(...) bool): yield func does not return bool");
  RangeTypes r = {NULL, NULL, "", true, yield};
  if (yield->func.params.n >= 1)
    r.key = yield->func.params.v[0]->type;
  if (yield->func.params.n >= 2)
    r.val = yield->func.params.v[1]->type;
  return r;
}

static RangeTypes range_types(Checker *c, Type *orig) {
  Type *t = core_type(orig), *t_int = t_basic[TYPE_INT];
  if (!t)
    return bad("no core type");
  if (t->kind == TYPE_POINTER) {
    Type *a = under(t->pointer.elem);
    if (a->kind == TYPE_ARRAY)
      t = a;
  }
  switch (t->kind) {
  case TYPE_ARRAY: return (RangeTypes){t_int, t->array.elem, "", true, NULL};
  case TYPE_SLICE: return (RangeTypes){t_int, t->slice.elem, "", true, NULL};
  case TYPE_MAP: return (RangeTypes){t->map.key, t->map.elem, "", true, NULL};
  case TYPE_CHAN:
    if (t->chan.dir == CHAN_SEND)
      return bad("receive from send-only channel");
    return (RangeTypes){t->chan.elem, NULL, "", true, NULL};
  case TYPE_FUNC: return range_func(c, t);
  default: break;
  }
  if (is_string(t))
    return (RangeTypes){t_int, t_rune, "", true, NULL};
  if (is_integer(t)) {
    if (!check_allowed(c, 22))
      return bad("requires go1.22 or later");
    return (RangeTypes){orig, NULL, "", true, NULL};
  }
  return (RangeTypes){NULL, NULL, "", false, NULL};
}

static RangeTypes check_clause(Checker *c, Stmt *s, Operand *x) {
  if (x->mode == MODE_INVALID)
    return (RangeTypes){NULL, NULL, "", false, NULL};
  RangeTypes r =
      x->mode == MODE_NIL ? (RangeTypes){NULL, NULL, "", false, NULL} : range_types(c, x->type);
  Pos pos = expr_start(x->expr);
  const char *str = check_operand_string(c, x);
  if (!r.ok && r.cause[0])
    check_error(c, pos, "cannot range over %s: %s", str, r.cause);
  else if (!r.ok)
    check_error(c, pos, "cannot range over %s", str);
  else if (!r.key && s->range.key)
    check_error(c, expr_start(s->range.key), "range over %s permits no iteration variables", str);
  else if (!r.val && s->range.val)
    check_error(c, expr_start(s->range.val), "range over %s permits only one iteration variable",
                str);
  else if (s->range.extra)
    check_error(c, expr_start(s->range.extra),
                "range clause permits at most two iteration variables");
  return r;
}

static void open_func_body(Checker *c, Stmt *s, RangeTypes *r) {
  FuncInfo *fi = NEW(c->arena, FuncInfo);
  fi->outer = c->env.func;
  fi->range = s;
  fi->sig = r->yield;
  fi->body = s->range.body;
  fi->pkg = c->env.pkg;
  fi->end = s->range.body->block.rbrace;
  fi->scope = c->env.scope;
  fi->checked = true;
  s->range.info = fi;
  if (fi->outer)
    vec_push(c->arena, &fi->outer->lits, fi);
  c->env.func = fi;
  c->env.in_range_func = true;
}

static void define_var(Checker *c, Expr *lhs, Type *t, Operand *x, bool over_int,
                       ObjectList *vars) {
  Object *o;
  if (lhs->kind == EXPR_NAME) {
    o = object_new(OBJ_VAR, lhs->pos, c->env.pkg, lhs->name.id, NULL);
    if (strcmp(o->name, "_") != 0) {
      lhs->name.obj = o;
      check_add_local(c, o);
      vec_push(c->arena, vars, o);
    }
  } else {
    check_error(c, expr_start(lhs), "cannot declare %s", expr_string(lhs));
    o = object_new(OBJ_VAR, lhs->pos, c->env.pkg, atom("_"), NULL);
  }
  if (!t || t == INVALID) {
    o->type = INVALID;
    o->used = true;
  } else if (over_int) {
    check_init_var(c, o, x, "range clause");
  } else {
    Operand y = {.mode = MODE_VALUE, .expr = lhs, .type = t};
    check_init_var(c, o, &y, "assignment");
  }
  o->state = OBJ_BLACK;
  o->var.reassigned = !check_allowed(c, 22); // one variable for all iterations
  if (lhs->kind == EXPR_NAME)
    check_record_type(lhs, MODE_VAR, o->type, NULL);
}

static void assign_var(Checker *c, Expr *lhs, Type *t, Operand *x, bool over_int) {
  if (!t || t == INVALID)
    return;
  if (!over_int) {
    Operand y = {.mode = MODE_VALUE, .expr = lhs, .type = t};
    check_assign_var(c, lhs, NULL, &y, "assignment");
    return;
  }
  check_assign_var(c, lhs, NULL, x, "range clause");
  if (x->mode != MODE_INVALID && !is_integer(x->type))
    check_error(c, expr_start(lhs), "cannot use iteration variable of type %s", TS(x->type));
}

void check_range(Checker *c, Stmt *s) {
  Operand x;
  check_expr(c, NULL, &x, s->range.x);
  RangeTypes r = check_clause(c, s, &x);
  bool over_int = x.mode != MODE_INVALID && is_integer(x.type);
  if (x.mode != MODE_INVALID && is_string(x.type))
    check_finish_untyped(c, &x);
  Type *u = x.mode != MODE_INVALID ? core_type(x.type) : NULL;
  s->range.x->implicit_deref = u && u->kind == TYPE_POINTER;

  if (u && u->kind == TYPE_ARRAY && s->range.val)
    check_large_temp(c, u); // the array is copied before the loop

  Env saved = c->env;
  c->env.scope = scope_new(saved.scope, s->pos);
  if (r.ok && r.yield)
    open_func_body(c, s, &r);
  Expr *lhs[2] = {s->range.key, s->range.val};
  Type *types[2] = {r.key, r.val};
  if (s->range.def) {
    ObjectList vars = {0};
    for (int i = 0; i < 2; i++)
      if (lhs[i])
        define_var(c, lhs[i], types[i], &x, over_int, &vars);
    for (int i = 0; i < vars.n; i++)
      if (check_declare(c, c->env.scope, vars.v[i]))
        vars.v[i]->used = true;
    if (!vars.n)
      check_error(c, s->pos, "no new variables on left side of :=");
  } else if (lhs[0]) {
    for (int i = 0; i < 2; i++)
      if (lhs[i])
        assign_var(c, lhs[i], types[i], &x, over_int);
  } else if (over_int) {
    check_assignment(c, &x, NULL, "range clause");
  }
  check_stmt(c, s->range.body);
  bool has_call = c->env.has_call;
  c->env = saved;
  c->env.has_call = has_call;
}
