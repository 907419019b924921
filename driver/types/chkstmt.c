// chkstmt.c: statements and function bodies, unused variables.
//
// Labels, break, continue, goto and fallthrough were resolved by the parser.
#include "driver/types/check.h"
#include "driver/types/core.h"
#include <string.h>

#define TS(t)   type_string((t), c->env.pkg)
#define OS(x)   check_operand_string(c, (x))
#define INVALID t_basic[TYPE_INVALID]

// ---- function bodies

static void unused_in(Checker *c, FuncInfo *fi) {
  for (int i = 0; i < fi->locals.n; i++) {
    Object *v = fi->locals.v[i];
    if (!v->used && !v->var.is_param && !v->var.is_result && strcmp(v->name, "_") != 0)
      check_error(c, v->pos, "declared and not used: %s", v->name);
  }
  for (int i = 0; i < fi->lits.n; i++)
    if (fi->lits.v[i]->range)
      unused_in(c, fi->lits.v[i]);
}

static TypeList body_tparams(Checker *c, FuncInfo *fi) {
  if (fi->lit)
    return c->env.tparams;
  TypeList l = {0};
  for (int i = 0; i < fi->sig->func.recv_tparams.n; i++)
    vec_push(c->arena, &l, fi->sig->func.recv_tparams.v[i]);
  for (int i = 0; i < fi->sig->func.tparams.n; i++)
    vec_push(c->arena, &l, fi->sig->func.tparams.v[i]);
  return l;
}

// A literal's body is checked in the environment it was met in; a declared function's begins anew.
void check_func_body_now(Checker *c, FuncInfo *fi, DeclInfo *decl, File *file) {
  if (fi->checked || !fi->sig || !fi->scope)
    return;
  fi->checked = true;
  Env saved = c->env;
  Env env = {.pkg = fi->pkg,
             .file = file,
             .scope = fi->scope,
             .func = fi,
             .sig = fi->sig,
             .tparams = body_tparams(c, fi),
             .iota = fi->lit ? saved.iota : NULL,
             .errpos = fi->lit ? saved.errpos : NOPOS,
             .decl = decl};
  c->busy++;
  check_set_env(c, env);
  check_stmt_list(c, &fi->body->block.list);
  if (fi->sig->func.results.n && !check_terminating(fi->body))
    check_error(c, fi->body->block.rbrace, "missing return");
  unused_in(c, fi);
  c->busy--;
  check_set_env(c, saved);
}

// ---- simple statements

static Pos stmt_start(Stmt *s) {
  switch (s->kind) {
  case STMT_SEND: return expr_start(s->send.ch);
  case STMT_ASSIGN:
  case STMT_DEFINE: return s->assign.lhs.n ? expr_start(s->assign.lhs.v[0]) : s->pos;
  case STMT_OPASSIGN: return expr_start(s->opassign.lhs);
  case STMT_INCDEC: return expr_start(s->incdec.x);
  case STMT_EXPR: return expr_start(s->x);
  default: return s->pos;
  }
}

static void expr_stmt(Checker *c, Expr *e) {
  Operand x;
  ExprClass class = check_raw_expr(c, NULL, &x, e, NULL, false);
  const char *msg = "is not used";
  if (x.mode == MODE_BUILTIN)
    msg = "must be called";
  else if (x.mode == MODE_TYPE)
    msg = "is not an expression";
  else if (class == CLASS_STATEMENT)
    return;
  check_error(c, expr_start(e), "%s %s", OS(&x), msg);
}

static void send_stmt(Checker *c, Stmt *s) {
  Operand ch, val;
  check_expr(c, NULL, &ch, s->send.ch);
  check_expr(c, NULL, &val, s->send.val);
  if (ch.mode == MODE_INVALID || val.mode == MODE_INVALID)
    return;
  Type *u = core_type(ch.type);
  if (!u)
    check_error(c, stmt_start(s), "invalid operation: cannot send to %s: no core type", OS(&ch));
  else if (u->kind != TYPE_CHAN)
    check_error(c, stmt_start(s), "invalid operation: cannot send to non-channel %s", OS(&ch));
  else if (u->chan.dir == CHAN_RECV)
    check_error(c, stmt_start(s), "invalid operation: cannot send to receive-only channel %s",
                OS(&ch));
  else
    check_assignment(c, &val, u->chan.elem, "send");
}

static void incdec_stmt(Checker *c, Stmt *s) {
  Operand x;
  Expr *lhs = s->incdec.x;
  check_expr(c, NULL, &x, lhs);
  if (x.mode == MODE_INVALID)
    return;
  if (!is_numeric(x.type)) {
    const char *op = s->incdec.op == TOK_INC ? "++" : "--";
    check_error(c, expr_start(lhs), "invalid operation: %s%s (non-numeric type %s)",
                expr_string(lhs), op, TS(x.type));
    return;
  }
  check_assign_var(c, lhs, NULL, &x, "assignment");
}

static void opassign_stmt(Checker *c, Stmt *s) {
  Operand x;
  check_binary(c, &x, NULL, s->opassign.lhs, s->opassign.rhs, s->opassign.op);
  check_assign_var(c, s->opassign.lhs, NULL, &x, "assignment");
}

// ---- go, defer, return

static void mark_defer(FuncInfo *fi) {
  for (; fi; fi = fi->range ? fi->outer : NULL)
    fi->has_defer = true;
}

static void suspended_call(Checker *c, const char *keyword, Expr *call) {
  if (call->kind != EXPR_CALL) {
    check_error(c, expr_start(call), "expression in %s must be function call", keyword);
    check_use_expr(c, call, false);
    return;
  }
  Operand x;
  const char *msg = NULL;
  switch (check_raw_expr(c, NULL, &x, call, NULL, false)) {
  case CLASS_CONVERSION: msg = "requires function call, not conversion"; break;
  case CLASS_EXPRESSION: msg = "discards result of"; break;
  case CLASS_STATEMENT: return;
  }
  check_error(c, expr_start(call), "%s %s %s", keyword, msg, OS(&x));
}

// A return assigns to the named results. Out of a range body it does so in the function around it
// (irgen's rangefunc.c): no capture.
static void mark_results(Checker *c) {
  ObjectList *l = &c->env.sig->func.results;
  for (int i = 0; i < l->n; i++)
    if (l->v[i]->name[0])
      l->v[i]->var.reassigned = true;
}

static void bare_return(Checker *c, Stmt *s) {
  ObjectList *res = &c->env.sig->func.results;
  for (int i = 0; i < res->n; i++) {
    Object *o = res->v[i], *alt = scope_lookup_parent(c->env.scope, o->name, s->pos, NULL);
    if (!alt || alt == o || strcmp(o->name, "_") == 0)
      continue;
    check_error(c, s->pos,
                "result parameter %s not in scope at return\n\t%s: inner declaration of %s",
                o->name, pos_str(alt->pos), check_object_string(c, o));
  }
}

static void return_stmt(Checker *c, Stmt *s) {
  ObjectList *res = &c->env.sig->func.results;
  ExprList *l = &s->ret.results;
  if (l->n == 0 && res->n > 0 && res->v[0]->name[0]) {
    bare_return(c, s);
    return;
  }
  if (l->n == 0 && res->n == 0)
    return;
  if (res->n == 0) { // types2: "too many return values"
    Operand *list;
    int n;
    if (check_use(c, l)) {
      check_expr_list(c, l->v, l->n, &list, &n);
      Type **have = NEW_ARRAY(c->arena, Type *, n + 1);
      for (int i = 0; i < n; i++)
        have[i] = list[i].type;
      if (n > 0)
        check_error(c, expr_start(list[0].expr), "too many return values\n\thave %s\n\twant ()",
                    check_types_summary(c, have, n, false));
      else
        check_error(c, expr_start(l->v[0]), "too many return values\n\thave ()\n\twant ()");
    }
    return;
  }
  mark_results(c);
  check_init_vars(c, res->v, res->n, l->v, l->n, s);
}

// ---- if, for

static void condition(Checker *c, Expr *e, const char *what) {
  Operand x;
  check_expr(c, NULL, &x, e);
  if (x.mode == MODE_INVALID)
    return;
  if (!is_boolean(x.type)) {
    check_error(c, expr_start(e), "non-boolean condition in %s statement", what);
    return;
  }
  check_finish_untyped(c, &x);
}

static void if_stmt(Checker *c, Stmt *s) {
  if (s->ifs.init)
    check_stmt(c, s->ifs.init);
  if (s->ifs.cond)
    condition(c, s->ifs.cond, "if");
  check_stmt(c, s->ifs.then);
  if (s->ifs.els)
    check_stmt(c, s->ifs.els);
}

static void for_stmt(Checker *c, Stmt *s) {
  if (s->fors.init)
    check_stmt(c, s->fors.init);
  if (s->fors.cond)
    condition(c, s->fors.cond, "for");
  if (s->fors.post)
    check_stmt(c, s->fors.post);
  if (s->fors.post && s->fors.post->kind == STMT_DEFINE) // an error of the parser's
    check_use(c, &s->fors.post->assign.lhs);
  check_stmt(c, s->fors.body);
}

// ---- switch

static void multiple_defaults(Checker *c, ClauseList *l) {
  Clause *first = NULL;
  for (int i = 0; i < l->n; i++) {
    if (!l->v[i]->is_default)
      continue;
    if (first)
      check_error(c, l->v[i]->pos, "multiple defaults (first at %s)", pos_str(first->pos));
    else
      first = l->v[i];
  }
}

typedef struct SeenValue {
  struct SeenValue *next;
  Type *type;
  Pos pos;
} SeenValue;

static void duplicate_value(Checker *c, Operand *v, Map *seen) {
  ConstKind k = const_kind(v->val);
  if (k != CONST_INT && k != CONST_FLOAT && k != CONST_STRING)
    return;
  const char *key = const_exact(v->val);
  Buf b = {0};
  buf_printf(&b, "%c%s", k == CONST_STRING ? 's' : 'n', key);
  SeenValue *first = map_getn(seen, buf_str(&b), b.len);
  for (SeenValue *s = first; s; s = s->next) {
    if (!types_identical(s->type, v->type))
      continue;
    check_error(c, expr_start(v->expr),
                "duplicate case %s in expression switch\n\t%s: previous case", OS(v),
                pos_str(s->pos));
    buf_free(&b);
    return;
  }
  SeenValue *s = NEW(c->arena, SeenValue);
  *s = (SeenValue){first, v->type, expr_start(v->expr)};
  map_setn(seen, buf_str(&b), b.len, s);
  buf_free(&b);
}

static void case_values(Checker *c, Operand *x, ExprList *values, Map *seen) {
  for (int i = 0; i < values->n; i++) {
    Operand v;
    check_expr(c, NULL, &v, values->v[i]);
    if (x->mode == MODE_INVALID || v.mode == MODE_INVALID)
      continue;
    check_convert_untyped(c, &v, x->type);
    if (v.mode == MODE_INVALID)
      continue;
    Operand res = v, tag = *x;
    check_comparison(c, &res, &tag, TOK_EQL, true);
    if (res.mode != MODE_INVALID && v.mode == MODE_CONST)
      duplicate_value(c, &v, seen);
  }
}

// A switch without tag compares with true.
static void implicit_true(Checker *c, Stmt *s, Operand *x) {
  Expr *e = NEW(c->arena, Expr);
  e->kind = EXPR_NAME;
  e->pos = s->switches.clauses.n ? s->switches.clauses.v[0]->pos : s->switches.rbrace;
  e->name.id = atom("true");
  *x =
      (Operand){.mode = MODE_CONST, .type = t_basic[TYPE_BOOL], .val = const_bool(true), .expr = e};
  check_record(c, x);
}

static void clause_body(Checker *c, Clause *cl) {
  check_stmt_list(c, &cl->body);
  c->env.scope = c->env.scope->parent;
}

static void open_clause(Checker *c, Clause *cl) {
  cl->scope = scope_new(c->env.scope, cl->pos);
  c->env.scope = cl->scope;
}

static void switch_stmt(Checker *c, Stmt *s) {
  Operand x;
  if (s->switches.init)
    check_stmt(c, s->switches.init);
  if (s->switches.tag) {
    check_expr(c, NULL, &x, s->switches.tag);
    check_assignment(c, &x, NULL, "switch expression");
    if (x.mode != MODE_INVALID && !type_comparable(x.type, true, NULL) && !has_nil(x.type)) {
      check_error(c, expr_start(x.expr), "cannot switch on %s", OS(&x));
      x.mode = MODE_INVALID;
    }
  } else {
    implicit_true(c, s, &x);
  }
  multiple_defaults(c, &s->switches.clauses);
  Map *seen = map_new(c->arena);
  for (int i = 0; i < s->switches.clauses.n; i++) {
    Clause *cl = s->switches.clauses.v[i];
    case_values(c, &x, &cl->cases, seen);
    open_clause(c, cl);
    clause_body(c, cl);
  }
}

// ---- type switch

static bool is_nil_name(Checker *c, Expr *e) {
  e = unparen(e);
  if (e->kind != EXPR_NAME)
    return false;
  Object *o = scope_lookup_parent(c->env.scope, e->name.id, e->pos, NULL);
  return o && o->kind == OBJ_NIL;
}

typedef struct SeenType {
  Type *type; // NULL: nil
  Pos pos;
} SeenType;
typedef VEC(SeenType) SeenTypes;

static bool seen_type(Checker *c, SeenTypes *seen, Type *t, Expr *e) {
  for (int i = 0; i < seen->n; i++) {
    Type *o = seen->v[i].type;
    if (!(t ? o && types_identical(t, o) : !o))
      continue;
    check_error(c, expr_start(e), "duplicate case %s in type switch\n\t%s: previous case",
                t ? TS(t) : "nil", pos_str(seen->v[i].pos));
    return true;
  }
  vec_push(c->arena, seen, ((SeenType){t, expr_start(e)}));
  return false;
}

// Checks the types of one clause; gives the last (the only one counts), NULL for nil.
static Type *case_types(Checker *c, Operand *x, ExprList *types, SeenTypes *seen) {
  Type *t = NULL;
  for (int i = 0; i < types->n; i++) {
    Expr *e = types->v[i];
    if (is_nil_name(c, e)) {
      Operand dummy;
      t = NULL;
      check_expr(c, NULL, &dummy, e);
    } else {
      t = check_var_type(c, e);
      if (t == INVALID)
        continue;
    }
    if (!seen_type(c, seen, t, e) && x && t)
      check_type_assertion(c, e, x, t, true);
  }
  return t;
}

// The operand of x.(type), or false (reported).
static bool guard_operand(Checker *c, Expr *guard, Operand *x) {
  check_expr(c, NULL, x, guard->guard.x);
  if (x->mode == MODE_INVALID)
    return false;
  if (is_typeparam(x->type)) {
    check_error(c, expr_start(x->expr), "cannot use type switch on type parameter value %s", OS(x));
    return false;
  }
  if (!is_interface(x->type)) {
    check_error(c, expr_start(x->expr), "%s is not an interface", OS(x));
    return false;
  }
  return true;
}

static void clause_var(Checker *c, Clause *cl, Expr *lhs, Type *t, Operand *sx) {
  if (cl->cases.n != 1 || !t)
    t = sx ? sx->type : INVALID;
  Object *o = object_new(OBJ_VAR, lhs->pos, c->env.pkg, lhs->name.id, t);
  check_add_local(c, o);
  check_declare(c, c->env.scope, o);
  cl->obj = o;
}

static void typeswitch_stmt(Checker *c, Stmt *s) {
  if (s->switches.init)
    check_stmt(c, s->switches.init);
  Expr *guard = s->switches.tag, *lhs = guard->guard.lhs;
  if (lhs && strcmp(lhs->name.id, "_") == 0) {
    check_error(c, lhs->pos, "no new variable on left side of :=");
    lhs = NULL;
  }
  Operand x, *sx = guard_operand(c, guard, &x) ? &x : NULL;
  multiple_defaults(c, &s->switches.clauses);
  SeenTypes seen = {0};
  for (int i = 0; i < s->switches.clauses.n; i++) {
    Clause *cl = s->switches.clauses.v[i];
    Type *t = case_types(c, sx, &cl->cases, &seen);
    open_clause(c, cl);
    if (lhs)
      clause_var(c, cl, lhs, t, sx);
    clause_body(c, cl);
  }
  if (!lhs)
    return;
  bool used = false;
  for (int i = 0; i < s->switches.clauses.n; i++) {
    Clause *cl = s->switches.clauses.v[i];
    used |= cl->obj->used;
    if (!cl->obj->used) {
      cl->obj->used = true; // or it would be reported once more
      cl->obj = NULL;
    }
  }
  if (!used)
    check_error(c, lhs->pos, "%s declared and not used", lhs->name.id);
}

// ---- select

static bool is_receive(Expr *e) {
  e = unparen(e);
  return e->kind == EXPR_UNARY && e->unary.op == TOK_ARROW;
}

static bool valid_comm(Stmt *s) {
  if (!s)
    return true;
  switch (s->kind) {
  case STMT_SEND: return true;
  case STMT_EXPR: return is_receive(s->x);
  case STMT_ASSIGN:
  case STMT_DEFINE: return s->assign.rhs.n == 1 && is_receive(s->assign.rhs.v[0]);
  default: return false;
  }
}

static void select_stmt(Checker *c, Stmt *s) {
  multiple_defaults(c, &s->select.clauses);
  for (int i = 0; i < s->select.clauses.n; i++) {
    Clause *cl = s->select.clauses.v[i];
    if (!valid_comm(cl->comm)) {
      check_error(c, stmt_start(cl->comm),
                  "select case must be send or receive (possibly with assignment)");
      continue;
    }
    open_clause(c, cl);
    if (cl->comm)
      check_stmt(c, cl->comm);
    clause_body(c, cl);
  }
}

// ---- all statements

static void scoped(Checker *c, Stmt *s, void (*f)(Checker *c, Stmt *s)) {
  c->env.scope = scope_new(c->env.scope, s->pos);
  f(c, s);
  c->env.scope = c->env.scope->parent;
}

static void block_stmt(Checker *c, Stmt *s) {
  check_stmt_list(c, &s->block.list);
}

static void mark_branch(Checker *c, Stmt *s) {
  if (s->branch.tok != TOK_GOTO)
    return;
  for (FuncInfo *fi = c->env.func; fi; fi = fi->range ? fi->outer : NULL)
    fi->has_goto = true;
}

static void stmt_internal(Checker *c, Stmt *s) {
  switch (s->kind) {
  case STMT_BAD:
  case STMT_EMPTY: break;
  case STMT_EXPR: expr_stmt(c, s->x); break;
  case STMT_SEND: send_stmt(c, s); break;
  case STMT_INCDEC: incdec_stmt(c, s); break;
  case STMT_ASSIGN: check_assign_vars(c, &s->assign.lhs, &s->assign.rhs); break;
  case STMT_OPASSIGN: opassign_stmt(c, s); break;
  case STMT_DEFINE: check_short_var_decl(c, s); break;
  case STMT_DECL: check_decl_stmt(c, s->decl.decls.v, s->decl.decls.n); break;
  case STMT_BLOCK: scoped(c, s, block_stmt); break;
  case STMT_LABELED:
    if (c->env.func)
      c->env.func->has_labels = true;
    check_stmt(c, s->labeled.stmt);
    break;
  case STMT_GO: suspended_call(c, "go", s->go.call); break;
  case STMT_DEFER:
    mark_defer(c->env.func);
    suspended_call(c, "defer", s->go.call);
    break;
  case STMT_RETURN: return_stmt(c, s); break;
  case STMT_BRANCH: mark_branch(c, s); break;
  case STMT_IF: scoped(c, s, if_stmt); break;
  case STMT_FOR: scoped(c, s, for_stmt); break;
  case STMT_RANGE: check_range(c, s); break;
  case STMT_SWITCH: scoped(c, s, switch_stmt); break;
  case STMT_TYPESWITCH: scoped(c, s, typeswitch_stmt); break;
  case STMT_SELECT: select_stmt(c, s); break;
  case STMT_COUNT: break;
  }
}

// Literals' bodies wait until the statement they stand in is done.
void check_stmt(Checker *c, Stmt *s) {
  if (c->depth >= CHECK_MAX_DEPTH) {
    check_error(c, s->pos, "statement nested too deeply");
    return;
  }
  c->depth++;
  int top = c->later.n;
  stmt_internal(c, s);
  check_run_later(c, top);
  c->depth--;
}

void check_stmt_list(Checker *c, StmtList *l) {
  for (int i = 0; i < l->n; i++)
    check_stmt(c, l->v[i]);
}
