// stmt.c: statements.
#include "driver/irgen/core.h"
#include "driver/irgen/gen.h"
#include <string.h>

// ---- assignment

static bool is_blank(Expr *x) {
  x = unparen(x);
  return x->kind == EXPR_NAME && x->name.id == atom("_");
}

// Whether a name on the left of := is declared there.
static bool declares(Expr *x) {
  return x->kind == EXPR_NAME && x->name.obj && !is_blank(x) && x->name.obj->kind == OBJ_VAR &&
         pos_cmp(x->name.obj->pos, x->pos) == 0;
}

static void define_value(Fn *f, Object *o, Value v) {
  Place *p = local_declare(f, o, false);
  place_store(f, p, v);
}

void assign_value(Fn *f, Expr *lhs, bool define, Value v) {
  if (!lhs || is_blank(lhs))
    return;
  if (define && declares(lhs)) {
    Object *o = lhs->name.obj;
    define_value(f, o, implicit(f, v, fn_type(f, o->type)));
    return;
  }
  Place p = place(f, lhs);
  place_store(f, &p, implicit(f, v, p.type));
}

static void evaluate_only(Fn *f, Expr *x) {
  Type *t = expr_type(f, x);
  if (t && (t->kind == TYPE_TUPLE || x->mode == MODE_NOVALUE))
    expr_call(f, unparen(x));
  else if (t && is_untyped(t))
    expr_to(f, x, default_type(t));
  else
    expr(f, x);
}

static void define_one(Fn *f, Object *o, Expr *rhs) {
  Type *t = fn_type(f, o->type);
  hoist(f, rhs);
  if (type_is_mem(f, t) && unparen(rhs)->kind == EXPR_COMPOSITE) {
    Place *p = local_declare(f, o, false);
    expr_into(f, rhs, t, place_finish(f, p));
    return;
  }
  Value v = expr_to(f, rhs, t);
  fn_pos(f, o->pos);
  define_value(f, o, v);
}

// T{…} of constants alone: to make it reads no memory and cannot panic, so it may be made where it
// is to be. At -O0 this saves a copy as large as T on the stack.
static bool is_constant_literal(Expr *x) {
  x = unparen(x);
  Type *u = x->kind == EXPR_COMPOSITE && x->type ? under(x->type) : NULL;
  if (!u || x->comp.implicit_addr || (u->kind != TYPE_STRUCT && u->kind != TYPE_ARRAY))
    return false;
  for (int i = 0; i < x->comp.elems.n; i++) {
    Expr *e = x->comp.elems.v[i];
    if (e->kind == EXPR_KEYVALUE)
      e = e->kv.val;
    e = unparen(e);
    if (e->mode != MODE_CONST && e->mode != MODE_NIL && !is_constant_literal(e))
      return false;
  }
  return true;
}

// x = nil of these clears the register that x was in. Not of interfaces: err = nil is everywhere.
static bool drops_memory(Type *t) {
  Type *u = under(core_type(t));
  return u->kind == TYPE_POINTER || u->kind == TYPE_SLICE || u->kind == TYPE_MAP;
}

static void assign_one(Fn *f, Expr *lhs, Expr *rhs, bool define) {
  if (is_blank(lhs)) {
    hoist(f, rhs);
    evaluate_only(f, rhs);
    return;
  }
  if (define && declares(lhs)) {
    define_one(f, lhs->name.obj, rhs);
    return;
  }
  hoist_place(f, lhs);
  hoist(f, rhs);
  Place p = place(f, lhs);
  if (p.kind == PLACE_MEM && type_is_mem(f, p.type) && is_constant_literal(rhs)) {
    fn_pos(f, lhs->pos);
    expr_into(f, rhs, p.type, place_finish(f, &p));
    return;
  }
  Value v = expr_to(f, rhs, p.type);
  fn_pos(f, lhs->pos);
  if (p.kind == PLACE_SLOTS && unparen(rhs)->mode == MODE_NIL && drops_memory(p.type))
    slot_drop(f, p.slot[0]);
  place_store(f, &p, v);
}

// A left side in a parallel assignment: a place, or a variable still to be declared.
typedef struct Left {
  Place p;
  Object *decl;
  Type *type; // NULL: _
} Left;

static Left left_side(Fn *f, Expr *x, bool define) {
  Left l = {0};
  if (is_blank(x))
    return l;
  if (define && declares(x)) {
    l.decl = x->name.obj;
    l.type = fn_type(f, l.decl->type);
  } else {
    l.p = place(f, x);
    l.type = l.p.type;
  }
  return l;
}

static void left_store(Fn *f, Left *l, Value v) {
  if (!l->type)
    return;
  if (l->decl)
    define_value(f, l->decl, v);
  else
    place_store(f, &l->p, v);
}

static Type *blank_type(Fn *f, Expr *rhs) {
  Type *t = expr_type(f, unparen(rhs));
  return t && is_untyped(t) && t->kind != TYPE_UNTYPED_NIL ? default_type(t) : t;
}

static void assign_parallel(Fn *f, ExprList *lhs, ExprList *rhs, bool define) {
  int n = lhs->n;
  for (int i = 0; i < n; i++)
    hoist_place(f, lhs->v[i]);
  hoist_list(f, rhs->v, n);
  Left *ls = NEW_ARRAY(f->arena, Left, n);
  Value *vs = NEW_ARRAY(f->arena, Value, n);
  for (int i = 0; i < n; i++)
    ls[i] = left_side(f, lhs->v[i], define);
  for (int i = 0; i < n; i++)
    vs[i] = value_pin(f, expr_to(f, rhs->v[i], ls[i].type ? ls[i].type : blank_type(f, rhs->v[i])));
  for (int i = 0; i < n; i++) {
    fn_pos(f, lhs->v[i]->pos);
    left_store(f, &ls[i], vs[i]);
  }
}

// The operands of a comma-ok form are hoisted, the form itself is not: it is evaluated once, with
// both values.
static void hoist_tuple(Fn *f, Expr *x) {
  x = unparen(x);
  switch (x->kind) {
  case EXPR_CALL: hoist(f, x); break;
  case EXPR_INDEX:
    hoist(f, x->index.x);
    hoist(f, x->index.index.v[0]);
    break;
  case EXPR_TYPEASSERT: hoist(f, x->tassert.x); break;
  case EXPR_UNARY: hoist(f, x->unary.x); break;
  default: break;
  }
}

static void assign_tuple(Fn *f, ExprList *lhs, Expr *rhs, bool define) {
  int n = lhs->n;
  for (int i = 0; i < n; i++)
    hoist_place(f, lhs->v[i]);
  hoist_tuple(f, rhs);
  Left *ls = NEW_ARRAY(f->arena, Left, n);
  for (int i = 0; i < n; i++)
    ls[i] = left_side(f, lhs->v[i], define);
  Values vs = expr_multi(f, rhs, n);
  Value *conv = NEW_ARRAY(f->arena, Value, n);
  for (int i = 0; i < n; i++)
    if (ls[i].type)
      conv[i] = value_pin(f, implicit(f, vs.v[i], ls[i].type));
  for (int i = 0; i < n; i++)
    left_store(f, &ls[i], conv[i]);
}

static void stmt_assign(Fn *f, Stmt *s) {
  bool define = s->kind == STMT_DEFINE;
  ExprList *lhs = &s->assign.lhs, *rhs = &s->assign.rhs;
  if (lhs->n != rhs->n)
    assign_tuple(f, lhs, rhs->v[0], define);
  else if (lhs->n == 1)
    assign_one(f, lhs->v[0], rhs->v[0], define);
  else
    assign_parallel(f, lhs, rhs, define);
}

static void stmt_opassign(Fn *f, Stmt *s) {
  Tok op = s->opassign.op;
  Expr *rhs = s->opassign.rhs;
  hoist_place(f, s->opassign.lhs);
  hoist(f, rhs);
  Place p = place(f, s->opassign.lhs);
  bool sh = op == TOK_SHL || op == TOK_SHR;
  Value y = sh ? expr_to(f, rhs, is_untyped(rhs->type) ? t_basic[TYPE_UINT] : expr_type(f, rhs))
               : expr_to(f, rhs, p.type);
  fn_pos(f, s->pos);
  Value x = place_load(f, &p);
  place_store(f, &p, sh ? shift(f, op, x, y) : binary(f, op, x, y, p.type));
}

static void stmt_incdec(Fn *f, Stmt *s) {
  hoist_place(f, s->incdec.x);
  Place p = place(f, s->incdec.x);
  fn_pos(f, s->pos);
  Value x = place_load(f, &p);
  Value one = value_const(f, const_int(1), p.type);
  place_store(f, &p, binary(f, s->incdec.op == TOK_INC ? TOK_ADD : TOK_SUB, x, one, p.type));
}

// ---- declarations

static void declare_tuple(Fn *f, Decl *d) {
  int n = d->var.names.n;
  hoist_tuple(f, d->var.values.v[0]);
  Values vs = expr_multi(f, d->var.values.v[0], n);
  for (int i = 0; i < n; i++) {
    Object *o = d->var.names.v[i]->name.obj;
    if (!is_blank(d->var.names.v[i]))
      define_value(f, o, value_pin(f, implicit(f, vs.v[i], fn_type(f, o->type))));
  }
}

static void declare_values(Fn *f, Decl *d) {
  int n = d->var.names.n;
  hoist_list(f, d->var.values.v, n);
  Value *vs = NEW_ARRAY(f->arena, Value, n);
  for (int i = 0; i < n; i++) {
    Object *o = d->var.names.v[i]->name.obj;
    Expr *x = d->var.values.v[i];
    Type *t = o && o->type ? fn_type(f, o->type) : blank_type(f, x);
    vs[i] = value_pin(f, expr_to(f, x, t));
  }
  for (int i = 0; i < n; i++)
    if (!is_blank(d->var.names.v[i]))
      define_value(f, d->var.names.v[i]->name.obj, vs[i]);
}

static void declare_var(Fn *f, Decl *d) {
  hoist_reset(f);
  int n = d->var.names.n, nv = d->var.values.n;
  if (nv == 0) {
    for (int i = 0; i < n; i++)
      if (!is_blank(d->var.names.v[i]))
        local_declare(f, d->var.names.v[i]->name.obj, true);
  } else if (nv != n) {
    declare_tuple(f, d);
  } else if (n == 1 && !is_blank(d->var.names.v[0])) {
    define_one(f, d->var.names.v[0]->name.obj, d->var.values.v[0]);
  } else {
    declare_values(f, d);
  }
}

static void stmt_decl(Fn *f, Stmt *s) {
  for (int i = 0; i < s->decl.decls.n; i++)
    if (s->decl.decls.v[i]->kind == DECL_VAR)
      declare_var(f, s->decl.decls.v[i]);
}

// ---- control flow

void stmt_list(Fn *f, StmtList *l) {
  for (int i = 0; i < l->n; i++)
    stmt(f, l->v[i]);
}

static void stmt_if(Fn *f, Stmt *s) {
  if (s->ifs.init)
    stmt(f, s->ifs.init);
  hoist_reset(f);
  BRef then = block_new(f, "if.then"), els = s->ifs.els ? block_new(f, "if.else") : NULL,
       done = block_new(f, "if.done");
  fn_pos(f, s->pos);
  cond_br(f, s->ifs.cond, then, els ? els : done);
  block_start(f, then);
  stmt(f, s->ifs.then);
  if (els) {
    LLVMBuildBr(f->b, done);
    block_start(f, els);
    stmt(f, s->ifs.els);
  }
  block_start(f, done);
}

bool fn_lang_at_least(Fn *f, int minor) {
  FuncInfo *i = f->info;
  while (i && i->outer)
    i = i->outer;
  Object *o = i ? i->obj : NULL;
  return lang_at_least(i ? i->pkg : f->g->pkg, o && o->decl ? o->decl->file : NULL, minor);
}

void loop_body(Fn *f, Stmt *s, Stmt *body, BRef cont, BRef done) {
  JumpTarget t = {f->targets, s, done, cont};
  f->targets = &t;
  stmt(f, body);
  f->targets = t.up;
}

// Variables of the init statement that are in memory: from go1.22 each round has its own.
static ObjectList renewed_vars(Fn *f, Stmt *init) {
  ObjectList l = {0};
  if (!init || init->kind != STMT_DEFINE || !fn_lang_at_least(f, 22))
    return l;
  for (int i = 0; i < init->assign.lhs.n; i++) {
    Expr *x = init->assign.lhs.v[i];
    if (declares(x) && local_make_renewable(f, x->name.obj))
      vec_push(f->arena, &l, x->name.obj);
  }
  return l;
}

static void stmt_for(Fn *f, Stmt *s) {
  if (s->fors.init)
    stmt(f, s->fors.init);
  ObjectList renewed = renewed_vars(f, s->fors.init);
  BRef head = block_new(f, "for"), body = s->fors.cond ? block_new(f, "for.body") : NULL;
  bool post = s->fors.post || renewed.n;
  BRef cont = post ? block_new(f, "for.post") : head, done = block_new(f, "for.done");
  block_start(f, head);
  if (body) {
    hoist_reset(f);
    fn_pos(f, s->pos);
    cond_br(f, s->fors.cond, body, done);
    block_start(f, body);
  }
  loop_body(f, s, s->fors.body, cont, done);
  if (post) {
    block_start(f, cont);
    fn_pos(f, s->pos);
    for (int i = 0; i < renewed.n; i++)
      local_renew(f, renewed.v[i]);
    if (s->fors.post)
      stmt(f, s->fors.post);
  }
  LLVMBuildBr(f->b, head);
  block_start(f, done);
}

// ---- switch

// Jumps to body when one of the clause's cases is the tag (or true, without a tag).
static void clause_test(Fn *f, Clause *c, Value *tag, BRef body) {
  for (int i = 0; i < c->cases.n; i++) {
    Expr *x = c->cases.v[i];
    BRef next = block_new(f, "case");
    hoist_reset(f);
    fn_pos(f, x->pos);
    if (!tag && is_interface(expr_type(f, unparen(x)))) { // true against an interface
      hoist(f, x);
      Value yes = value_scalar(t_basic[TYPE_BOOL], LLVMConstInt(f->g->i1, 1, false));
      block_cond(f, compare(f, TOK_EQL, yes, expr(f, x)), body, next);
    } else if (!tag) {
      cond_br(f, x, body, next);
    } else {
      hoist(f, x);
      VRef eq;
      if (unparen(x)->mode == MODE_NIL) {
        eq = LLVMBuildICmp(f->b, LLVMIntEQ, tag->v[0], const_null(f->g), "");
      } else {
        Type *t = expr_type(f, unparen(x));
        Value v = t && is_untyped(t)
                      ? expr_to(f, x, is_interface(tag->type) ? default_type(t) : tag->type)
                      : expr(f, x);
        fn_pos(f, x->pos);
        eq = compare(f, TOK_EQL, *tag, v);
      }
      block_cond(f, eq, body, next);
    }
    block_start(f, next);
  }
}

static void clause_bodies(Fn *f, Stmt *s, BRef *bodies, BRef done) {
  ClauseList *cs = &s->switches.clauses;
  JumpTarget t = {f->targets, s, done, NULL};
  f->targets = &t;
  for (int i = 0; i < cs->n; i++) {
    BRef saved = f->fallthrough;
    f->fallthrough = i + 1 < cs->n ? bodies[i + 1] : NULL;
    LLVMAppendExistingBasicBlock(f->fn, bodies[i]);
    block_enter(f, bodies[i]);
    stmt_list(f, &cs->v[i]->body);
    if (!LLVMGetBasicBlockTerminator(LLVMGetInsertBlock(f->b)))
      LLVMBuildBr(f->b, done);
    f->fallthrough = saved;
  }
  f->targets = t.up;
}

static void stmt_switch(Fn *f, Stmt *s) {
  ClauseList *cs = &s->switches.clauses;
  if (s->switches.init)
    stmt(f, s->switches.init);
  hoist_reset(f);
  Value tag = {0};
  if (s->switches.tag) {
    hoist(f, s->switches.tag);
    Type *t = expr_type(f, s->switches.tag);
    tag = value_pin(f, expr_to(f, s->switches.tag, is_untyped(t) ? default_type(t) : t));
  }
  BRef *bodies = NEW_ARRAY(f->arena, BRef, cs->n + 1), done = block_new(f, "switch.done"),
       other = done;
  for (int i = 0; i < cs->n; i++) {
    bodies[i] = block_new(f, cs->v[i]->is_default ? "default" : "case.body");
    if (cs->v[i]->is_default)
      other = bodies[i];
  }
  for (int i = 0; i < cs->n; i++)
    clause_test(f, cs->v[i], s->switches.tag ? &tag : NULL, bodies[i]);
  LLVMBuildBr(f->b, other);
  clause_bodies(f, s, bodies, done);
  LLVMAppendExistingBasicBlock(f->fn, done);
  block_enter(f, done);
}

// ---- jumps

static JumpTarget *find_target(Fn *f, Stmt *s) {
  for (JumpTarget *t = f->targets; t; t = t->up)
    if (t->stmt == s->branch.target)
      return t;
  return NULL;
}

static BRef label_block(Fn *f, Stmt *labeled) {
  BRef b = ptrmap_get(f->labels, labeled);
  if (!b) {
    b = block_new(f, labeled->labeled.label->name.id);
    ptrmap_set(f->labels, labeled, b);
  }
  return b;
}

static bool has_label(Fn *f, Stmt *labeled);

static void stmt_branch(Fn *f, Stmt *s) {
  if (s->branch.tok == TOK_FALLTHROUGH) {
    block_br(f, f->fallthrough);
    return;
  }
  if (s->branch.tok == TOK_GOTO) {
    if (f->range && !has_label(f, s->branch.target) && rangefunc_branch(f, s))
      return;
    block_br(f, label_block(f, s->branch.target));
    return;
  }
  JumpTarget *t = find_target(f, s);
  if (!t) {
    if (!rangefunc_branch(f, s))
      ice(s->pos, "target of %s", tok_text(s->branch.tok));
    return;
  }
  block_br(f, s->branch.tok == TOK_BREAK ? t->brk : t->cont);
}

static void stmt_labeled(Fn *f, Stmt *s) {
  block_start(f, label_block(f, s));
  f->label = s;
  stmt(f, s->labeled.stmt);
}

// Whether a label stands in the body of this function (or range body) itself.
static bool find_label(StmtList *l, Stmt *labeled);

static bool find_label_in(Stmt *s, Stmt *labeled) {
  if (!s)
    return false;
  if (s == labeled)
    return true;
  switch (s->kind) {
  case STMT_LABELED: return find_label_in(s->labeled.stmt, labeled);
  case STMT_BLOCK: return find_label(&s->block.list, labeled);
  case STMT_IF: return find_label_in(s->ifs.then, labeled) || find_label_in(s->ifs.els, labeled);
  case STMT_FOR: return find_label_in(s->fors.body, labeled);
  case STMT_RANGE: return !s->range.info && find_label_in(s->range.body, labeled);
  case STMT_SWITCH:
  case STMT_TYPESWITCH:
    for (int i = 0; i < s->switches.clauses.n; i++)
      if (find_label(&s->switches.clauses.v[i]->body, labeled))
        return true;
    return false;
  case STMT_SELECT:
    for (int i = 0; i < s->select.clauses.n; i++)
      if (find_label(&s->select.clauses.v[i]->body, labeled))
        return true;
    return false;
  default: return false;
  }
}

static bool find_label(StmtList *l, Stmt *labeled) {
  for (int i = 0; i < l->n; i++)
    if (find_label_in(l->v[i], labeled))
      return true;
  return false;
}

static bool has_label(Fn *f, Stmt *labeled) {
  return f->info && find_label_in(f->info->body, labeled);
}

// ---- return

static Values return_values(Fn *f, ExprList *rs) {
  int n = f->sig->nresults;
  if (rs->n == 1 && n > 1) {
    hoist_tuple(f, rs->v[0]);
    Values vs = expr_multi(f, rs->v[0], n);
    Values out = {NEW_ARRAY(f->arena, Value, n), n};
    for (int i = 0; i < n; i++)
      out.v[i] = value_pin(f, implicit(f, vs.v[i], f->sig->results[i]));
    return out;
  }
  hoist_list(f, rs->v, rs->n);
  Values out = {NEW_ARRAY(f->arena, Value, n + 1), n};
  for (int i = 0; i < n; i++) {
    out.v[i] = expr_to(f, rs->v[i], f->sig->results[i]);
    if (n > 1)
      out.v[i] = value_pin(f, out.v[i]);
  }
  return out;
}

static bool named_results(Fn *f) {
  ObjectList *rs = &f->info->sig->func.results;
  for (int i = 0; i < rs->n; i++)
    if (rs->v[i]->name && rs->v[i]->name[0])
      return true;
  return false;
}

static void stmt_return(Fn *f, Stmt *s) {
  if (f->range && rangefunc_return(f, s))
    return;
  if (s->ret.results.n == 0) {
    fn_goto_return(f);
    return;
  }
  Values vs = return_values(f, &s->ret.results);
  fn_pos(f, s->pos);
  if (!f->rec && !named_results(f)) {
    fn_return(f, vs.v, vs.n);
    return;
  }
  for (int i = 0; i < vs.n; i++)
    place_store(f, &f->results[i], vs.v[i]);
  fn_goto_return(f);
}

// ---- all statements

static void stmt_expr(Fn *f, Stmt *s) {
  Expr *x = unparen(s->x);
  hoist(f, x);
  if (!hoisted_value(f, x) && !(x->kind == EXPR_CALL && ptrmap_get(f->hoisted, x)))
    evaluate_only(f, x);
}

static void stmt_kind(Fn *f, Stmt *s) {
  switch (s->kind) {
  case STMT_BAD:
  case STMT_EMPTY: break;
  case STMT_EXPR: stmt_expr(f, s); break;
  case STMT_SEND: stmt_send(f, s); break;
  case STMT_INCDEC: stmt_incdec(f, s); break;
  case STMT_ASSIGN:
  case STMT_DEFINE: stmt_assign(f, s); break;
  case STMT_OPASSIGN: stmt_opassign(f, s); break;
  case STMT_DECL: stmt_decl(f, s); break;
  case STMT_BLOCK: stmt_list(f, &s->block.list); break;
  case STMT_LABELED: stmt_labeled(f, s); break;
  case STMT_GO: stmt_go(f, s); break;
  case STMT_DEFER: stmt_defer(f, s); break;
  case STMT_RETURN: stmt_return(f, s); break;
  case STMT_BRANCH: stmt_branch(f, s); break;
  case STMT_IF: stmt_if(f, s); break;
  case STMT_FOR: stmt_for(f, s); break;
  case STMT_RANGE: stmt_range(f, s); break;
  case STMT_SWITCH: stmt_switch(f, s); break;
  case STMT_TYPESWITCH: stmt_typeswitch(f, s); break;
  case STMT_SELECT: stmt_select(f, s); break;
  default: ice(s->pos, "statement of kind %d", (int)s->kind);
  }
}

void stmt(Fn *f, Stmt *s) {
  if (++f->depth > MAX_DEPTH) {
    if (f->depth == MAX_DEPTH + 1)
      diag_unsupported(s->pos, "statements nested more than %d levels deep", MAX_DEPTH);
    f->depth--;
    return;
  }
  hoist_reset(f);
  fn_pos(f, s->pos);
  stmt_kind(f, s);
  f->depth--;
}
