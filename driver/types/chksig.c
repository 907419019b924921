// chksig.c: signatures: receivers with their type parameters, parameters, results.
#include "driver/types/check.h"
#include "driver/types/core.h"
#include <string.h>

#define TS(t)   type_string((t), c->env.pkg)
#define INVALID t_basic[TYPE_INVALID]

// ---- signatures

// func (r *T[P, _]) m(): declares P anew, constrained as T's own parameter.
static void recv_type_params(Checker *c, Type *sig, Field *recv) {
  bool ptr;
  Expr *index, *rname = check_unpack_recv(recv->type, &ptr, &index);
  if (!index)
    return;
  TypeList *tparams = &sig->func.recv_tparams;
  for (int i = 0; i < index->index.index.n; i++) {
    Expr *arg = index->index.index.v[i];
    if (arg->kind != EXPR_NAME) {
      if (arg->kind != EXPR_BAD)
        check_error(c, expr_start(arg), "receiver type parameter %s must be an identifier",
                    expr_string(arg));
      Expr *blank = NEW(c->arena, Expr);
      blank->kind = EXPR_NAME;
      blank->pos = arg->pos;
      blank->name.id = atom("_");
      arg = blank;
    }
    Type *t = check_declare_type_param(c, arg, i);
    vec_push(c->arena, tparams, t);
    if (strcmp(arg->name.id, "_") == 0)
      ptrmap_set(c->blank_tparams, arg, t);
  }
  if (!rname)
    return;
  Operand x;
  check_ident(c, &x, rname, NULL, true);
  if (x.mode != MODE_TYPE || x.type->kind != TYPE_NAMED)
    return;
  check_record_type(rname, MODE_TYPE, x.type, NULL);
  TypeList *declared = &x.type->named.tparams;
  if (tparams->n < declared->n) {
    check_error(c, expr_start(recv->type),
                "got %d type parameter%s, but receiver base type declares %d", tparams->n,
                tparams->n == 1 ? "" : "s", declared->n);
    return;
  }
  if (tparams->n != declared->n)
    return;
  TypeEnv env = {*declared, *tparams};
  for (int i = 0; i < tparams->n; i++)
    tparams->v[i]->tparam.bound = types_subst(declared->v[i]->tparam.bound, &env);
}

typedef struct RecvCheck {
  Object *recv;
  Type *sig;
} RecvCheck;

static void later_receiver(Checker *c, void *arg) {
  RecvCheck *k = arg;
  bool ptr;
  Type *t = deref(k->recv->type, &ptr);
  Pos pos = k->recv->pos;
  if (t == INVALID)
    return;
  if (t->kind == TYPE_NAMED) {
    Type *u = under(t);
    const char *cause = NULL;
    if (t->named.targs.n && !k->sig->func.recv_tparams.n)
      check_error(c, pos, "cannot define new methods on instantiated type %s", TS(t));
    else if (t->named.obj->pkg != c->env.pkg)
      check_error(c, pos, "cannot define new methods on non-local type %s", TS(t));
    else if (u->kind == TYPE_UNSAFEPOINTER)
      cause = "unsafe.Pointer";
    else if (u->kind == TYPE_POINTER || u->kind == TYPE_INTERFACE)
      cause = "pointer or interface type";
    if (cause)
      check_error(c, pos, "invalid receiver type %s (%s)", TS(t), cause);
  } else if (t->kind <= TYPE_LAST_BASIC) {
    check_error(c, pos, "cannot define new methods on non-local type %s", TS(t));
  } else {
    check_error(c, pos, "invalid receiver type %s", TS(k->recv->type));
  }
}

static ObjectList collect_params(Checker *c, FieldList *list, bool variadic_ok, bool *variadic) {
  ObjectList params = {0};
  Type *t = NULL;
  *variadic = false;
  for (int i = 0; i < list->n; i++) {
    Field *f = list->v[i];
    if (i == 0 || f->type != list->v[i - 1]->type) {
      Expr *e = f->type;
      if (e->kind == EXPR_ELLIPSIS) {
        if (variadic_ok && i == list->n - 1)
          *variadic = true;
        else
          check_error(c, e->pos, "can only use ... with final parameter in list");
        e = e->ellipsis.elem;
      }
      t = e ? check_var_type(c, e) : INVALID;
    }
    Object *o = object_new(OBJ_VAR, f->name ? f->name->pos : f->pos, c->env.pkg,
                           f->name ? f->name->name.id : atom(""), t);
    o->var.is_param = true;
    o->used = true;
    f->obj = o;
    if (f->name)
      check_record_def(f->name, o);
    vec_push(c->arena, &params, o);
  }
  if (*variadic) {
    Object *last = params.v[params.n - 1];
    last->type = type_slice(last->type);
    check_record_type(list->v[list->n - 1]->type, MODE_TYPE, last->type, NULL);
    if (list->v[list->n - 1]->name)
      check_record_def(list->v[list->n - 1]->name, last);
  }
  return params;
}

static void declare_params(Checker *c, ObjectList *l, Scope *scope, FuncInfo *owner) {
  for (int i = 0; i < l->n; i++) {
    Object *o = l->v[i];
    o->var.owner = owner;
    if (owner)
      vec_push(c->arena, &owner->locals, o);
    if (o->name[0])
      check_declare(c, scope, o);
  }
}

void check_func_type(Checker *c, Type *sig, Expr *e, Field *recv, Scope *scope, FuncInfo *owner) {
  Scope *saved = c->env.scope;
  c->env.scope = scope;
  ObjectList recvs = {0};
  bool variadic;
  if (recv)
    recv_type_params(c, sig, recv);
  if (e->functype.tparams.n)
    check_type_params(c, &e->functype.tparams, &sig->func.tparams);
  if (recv) {
    FieldList one = {0};
    vec_push(c->arena, &one, recv);
    recvs = collect_params(c, &one, false, &variadic);
  }
  ObjectList params = collect_params(c, &e->functype.params, true, &sig->func.variadic);
  ObjectList results = collect_params(c, &e->functype.results, false, &variadic);
  for (int i = 0; i < results.n; i++) {
    results.v[i]->var.is_param = false;
    results.v[i]->var.is_result = true;
  }
  declare_params(c, &recvs, scope, owner);
  declare_params(c, &params, scope, owner);
  declare_params(c, &results, scope, owner);
  if (recv) {
    sig->func.recv = recvs.v[0];
    RecvCheck *k = NEW(c->arena, RecvCheck);
    *k = (RecvCheck){recvs.v[0], sig};
    check_later(c, later_receiver, k);
  }
  sig->func.params = params;
  sig->func.results = results;
  c->env.scope = saved;
}
