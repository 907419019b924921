// chkcall.c: calls: arguments against parameters, inference and instantiation of generic functions,
// conversions T(x).
#include "driver/types/check.h"
#include "driver/types/core.h"
#include <string.h>

#define TS(t)   type_string((t), c->env.pkg)
#define INVALID t_basic[TYPE_INVALID]

// ---- instances of functions

// The name in f, pkg.f, f[T]: it carries the type arguments.
static Expr *instantiated_name(Expr *e) {
  e = unparen(e);
  if (e->kind == EXPR_INDEX)
    e = unparen(e->index.x);
  if (e->kind == EXPR_SELECTOR) {
    return e->selector.sel;
  }
  return e->kind == EXPR_NAME ? e : NULL;
}

static void record_func_instance(Expr *e, TypeList targs, Type *sig) {
  Expr *name = instantiated_name(e);
  if (name) {
    name->name.targs = targs.v;
    name->name.ntargs = targs.n;
  }
  for (Expr *p = e;; p = p->kind == EXPR_INDEX ? p->index.x : p->paren.x) {
    check_record_type(p, MODE_VALUE, sig, NULL);
    if (p->kind != EXPR_INDEX && p->kind != EXPR_PAREN)
      break;
  }
  if (name)
    check_record_type(name, MODE_VALUE, sig, NULL);
}

typedef struct VerifyFunc {
  Pos pos;
  TypeList tparams, targs;
  ExprList *xlist;
} VerifyFunc;

static void later_verify(Checker *c, void *arg) {
  VerifyFunc *k = arg;
  const char *cause = NULL;
  int i = verify_instance(k->tparams, k->targs, &cause);
  if (i >= 0)
    check_error(c, k->xlist && i < k->xlist->n ? expr_start(k->xlist->v[i]) : k->pos, "%s",
                cause ? cause : "");
  else
    check_record_instance(c, k->pos, k->tparams, k->targs, k->xlist);
}

static Type *instantiate_sig(Checker *c, Pos pos, Expr *e, Type *sig, TypeList targs,
                             ExprList *xlist) {
  Type *inst = sig_instantiate(sig, targs);
  record_func_instance(e, targs, inst);
  VerifyFunc *k = NEW(c->arena, VerifyFunc);
  *k = (VerifyFunc){pos, sig->func.tparams, targs, xlist};
  check_later(c, later_verify, k);
  return inst;
}

// Fresh type parameters for one use of a generic function: it may be called by itself, with its own
// parameters as arguments.
static TypeEnv rename_tparams(Checker *c, TypeList tparams) {
  TypeEnv env = {tparams, {0}};
  for (int i = 0; i < tparams.n; i++) {
    Type *t = type_new(TYPE_TYPEPARAM), *old = tparams.v[i];
    Object *o = object_new(OBJ_TYPENAME, old->tparam.obj->pos, old->tparam.obj->pkg,
                           old->tparam.obj->name, t);
    o->parent = old->tparam.obj->parent;
    t->tparam.obj = o;
    t->tparam.index = old->tparam.index;
    vec_push(c->arena, &env.args, t);
  }
  for (int i = 0; i < tparams.n; i++)
    env.args.v[i]->tparam.bound = types_subst(tparams.v[i]->tparam.bound, &env);
  return env;
}

static Type *copy_func(Type *sig) {
  Type *t = type_new(TYPE_FUNC);
  t->func = sig->func;
  return t;
}

// Infers the rest of x's type arguments from the function type it is assigned to.
static bool infer_from_target(Checker *c, Target *t, Pos pos, Operand *x, Expr *inst, bool old,
                              TypeList *targs) {
  Type *sig = x->type;
  ObjectList params = {0};
  Operand arg, *args[1] = {&arg};
  int nargs = 0;
  if (t) {
    if (!old && !check_allowed(c, 21))
      check_lang(c, inst ? inst->pos : pos, 21,
                 inst ? "partially instantiated function in assignment"
                      : "implicitly instantiated function in assignment");
    Type *gsig = copy_func(sig);
    gsig->func.tparams = (TypeList){0};
    gsig->func.recv = NULL;
    vec_push(c->arena, &params, object_new(OBJ_VAR, x->expr->pos, c->env.pkg, atom(""), gsig));
    Expr *name = NEW(c->arena, Expr);
    name->kind = EXPR_NAME;
    name->pos = x->expr->pos;
    name->name.id = atom(t->desc);
    arg = (Operand){.mode = MODE_VALUE, .expr = name, .type = t->sig};
    nargs = 1;
  }
  TypeEnv env = rename_tparams(c, sig->func.tparams);
  params = vars_subst(params, &env);
  Type **v = NEW_ARRAY(c->arena, Type *, sig->func.tparams.n);
  if (targs->n)
    for (int i = 0; i < targs->n; i++)
      v[i] = targs->v[i];
  if (!types_infer(pos, NULL, env.args, v, params, args, nargs, t != NULL))
    return false;
  *targs = (TypeList){v, sig->func.tparams.n, sig->func.tparams.n};
  return true;
}

bool check_func_inst(Checker *c, Target *t, Pos pos, Operand *x, Expr *inst, bool infer,
                     TypeList *partial) {
  Pos errpos = inst ? inst->pos : pos;
  bool old = !check_lang(c, errpos, 18, "function instantiation");
  TypeList targs = {0};
  ExprList *xlist = NULL;
  if (inst) {
    x->expr = inst;
    xlist = &inst->index.index;
    if (!check_type_list(c, xlist, &targs)) {
      x->mode = MODE_INVALID;
      return false;
    }
  }
  Type *sig = x->type;
  int got = targs.n, want = sig->func.tparams.n;
  if (got > want) {
    check_error(c, expr_start(xlist->v[got - 1]), "got %d type arguments but want %d", got, want);
    x->mode = MODE_INVALID;
    return false;
  }
  if (got < want) {
    if (!infer) {
      *partial = targs;
      return true;
    }
    if (!infer_from_target(c, t, pos, x, inst, old, &targs)) {
      x->mode = MODE_INVALID;
      return false;
    }
  }
  x->type = instantiate_sig(c, x->expr->pos, x->expr, sig, targs, xlist);
  x->mode = MODE_VALUE;
  return false;
}

// ---- argument lists

static bool index_is_generic(Checker *c, Operand *x, Expr *e) {
  *x = (Operand){.mode = MODE_INVALID, .type = INVALID, .expr = e};
  bool generic = check_index_expr(c, x, e);
  if (!generic)
    x->expr = e;
  return generic;
}

// One argument; generic functions may stay so, with partial type arguments in *targs.
static void generic_arg(Checker *c, Operand *x, Expr *e, bool infer, bool multi, TypeList *targs) {
  if (e->kind == EXPR_INDEX) {
    if (index_is_generic(c, x, e)) {
      if (check_func_inst(c, NULL, x->expr->pos, x, e, infer, targs))
        x->expr = e;
      check_record(c, x);
      return;
    }
    check_record(c, x);
    check_exclude(c, x, 1u << MODE_NOVALUE | 1u << MODE_BUILTIN | 1u << MODE_TYPE);
    return;
  }
  if (!multi) {
    check_generic_expr(c, x, e);
    return;
  }
  check_raw_expr(c, NULL, x, e, NULL, true);
  check_exclude(c, x, 1u << MODE_NOVALUE | 1u << MODE_BUILTIN | 1u << MODE_TYPE);
}

static void generic_args(Checker *c, ExprList *l, CallArgs *a) {
  bool infer = l->n > 0 && !check_allowed(c, 21);
  *a = (CallArgs){0};
  if (l->n == 0)
    return;
  Operand *ops = NEW_ARRAY(c->arena, Operand, l->n);
  a->targs = NEW_ARRAY(c->arena, TypeList, l->n);
  a->n = l->n;
  for (int i = 0; i < l->n; i++)
    generic_arg(c, &ops[i], l->v[i], infer, l->n == 1, &a->targs[i]);
  if (l->n == 1 && ops[0].mode != MODE_INVALID && ops[0].type->kind == TYPE_TUPLE) {
    ObjectList *vars = &ops[0].type->tuple.vars;
    a->n = vars->n;
    a->targs = NULL;
    Expr *e = ops[0].expr;
    ops = NEW_ARRAY(c->arena, Operand, vars->n);
    for (int i = 0; i < vars->n; i++)
      ops[i] = (Operand){.mode = MODE_VALUE, .expr = e, .type = vars->v[i]->type};
  }
  a->args = NEW_ARRAY(c->arena, Operand *, a->n);
  for (int i = 0; i < a->n; i++)
    a->args[i] = &ops[i];
}

static const char *summary(Checker *c, CallArgs *a) {
  Type **types = NEW_ARRAY(c->arena, Type *, a->n + 1);
  for (int i = 0; i < a->n; i++)
    types[i] = a->args[i]->type;
  return check_types_summary(c, types, a->n, false);
}

static const char *vars_summary(Checker *c, ObjectList *l, bool variadic) {
  Type **types = NEW_ARRAY(c->arena, Type *, l->n + 1);
  for (int i = 0; i < l->n; i++)
    types[i] = l->v[i]->type;
  return check_types_summary(c, types, l->n, variadic);
}

static void wrong_count(Checker *c, Expr *call, Type *sig, CallArgs *a, int npars) {
  Expr *at = a->n > npars ? a->args[npars]->expr : a->n > 0 ? a->args[a->n - 1]->expr : NULL;
  // With too few, gc points at the closing parenthesis' side: the last argument, or the call.
  check_error(c, at ? expr_start(at) : expr_start(call),
              "%s arguments in call to %s\n\thave %s\n\twant %s",
              a->n > npars ? "too many" : "not enough", expr_string(call->call.fun), summary(c, a),
              vars_summary(c, &sig->func.params, sig->func.variadic));
}

// The parameters that the arguments meet, one for each: a variadic one is repeated. false:
// reported.
static bool expand_params(Checker *c, Expr *call, Type *sig, CallArgs *a, ObjectList *out,
                          bool *adjusted) {
  int npars = sig->func.params.n;
  *out = sig->func.params;
  *adjusted = false;
  if (!sig->func.variadic) {
    if (call->call.dots) {
      check_error(c, expr_start(call), "cannot use ... in call to non-variadic %s",
                  expr_string(call->call.fun));
      return false;
    }
  } else if (call->call.dots) {
    if (call->call.args.n == 1 && a->n > 1) {
      check_error(c, expr_start(call), "cannot use ... with %d-valued %s", a->n,
                  expr_string(call->call.args.v[0]));
      return false;
    }
  } else if (a->n >= npars - 1) {
    Object *last = sig->func.params.v[npars - 1];
    Type *elem = last->type->kind == TYPE_SLICE ? last->type->slice.elem : INVALID;
    *out = (ObjectList){0};
    for (int i = 0; i < npars - 1; i++)
      vec_push(c->arena, out, sig->func.params.v[i]);
    while (out->n < a->n)
      vec_push(c->arena, out, object_new(OBJ_VAR, last->pos, last->pkg, last->name, elem));
    *adjusted = true;
    npars = a->n;
  } else {
    npars--;
  }
  if (a->n == npars)
    return true;
  wrong_count(c, call, sig, a, npars);
  return false;
}

// Adds the type parameters of generic function arguments to those to infer.
static void add_generic_args(Checker *c, CallArgs *a, TypeList *tparams, TypeList *targs,
                             IntList *generic) {
  for (int i = 0; i < a->n; i++) {
    Operand *arg = a->args[i];
    if (arg->mode == MODE_INVALID || arg->type->kind != TYPE_FUNC || !arg->type->func.tparams.n)
      continue;
    TypeEnv env = rename_tparams(c, arg->type->func.tparams);
    Type *plain = copy_func(arg->type);
    plain->func.tparams = (TypeList){0};
    Type *renamed = copy_func(types_subst(plain, &env));
    renamed->func.tparams = env.args;
    arg->type = renamed;
    for (int j = 0; j < env.args.n; j++) {
      vec_push(c->arena, tparams, env.args.v[j]);
      vec_push(c->arena, targs, a->targs && j < a->targs[i].n ? a->targs[i].v[j] : NULL);
    }
    vec_push(c->arena, generic, i);
  }
  if (generic->n)
    check_lang(c, expr_start(a->args[generic->v[0]]->expr), 21,
               "implicitly instantiated function as argument");
}

Type *check_arguments(Checker *c, Expr *call, Type *sig, TypeList targs, ExprList *xlist,
                      CallArgs *a) {
  ObjectList params;
  bool adjusted;
  if (!expand_params(c, call, sig, a, &params, &adjusted))
    return sig;
  Type *result = sig;
  TypeList tparams = {0}, all = {0};
  int n = sig->func.tparams.n;
  TypeEnv env = {0};
  if (n) {
    if (!check_allowed(c, 18))
      check_lang(c, call->call.fun->kind == EXPR_INDEX ? call->call.fun->pos : call->pos, 18,
                 call->call.fun->kind == EXPR_INDEX ? "function instantiation"
                                                    : "implicit function instantiation");
    env = rename_tparams(c, sig->func.tparams);
    params = vars_subst(params, &env);
    for (int i = 0; i < n; i++) {
      vec_push(c->arena, &tparams, env.args.v[i]);
      vec_push(c->arena, &all, i < targs.n ? targs.v[i] : NULL);
    }
  }
  IntList generic = {0};
  add_generic_args(c, a, &tparams, &all, &generic);
  if (tparams.n) {
    if (!types_infer(call->pos, expr_string(call->call.fun), tparams, all.v, params, a->args, a->n,
                     false))
      return sig;
    if (n) {
      TypeList mine = {all.v, n, n};
      result = instantiate_sig(c, call->pos, call->call.fun, sig, mine, xlist);
      TypeEnv inst = {env.args, mine};
      params = adjusted ? vars_subst(params, &inst) : result->func.params;
    }
    int j = n;
    for (int i = 0; i < generic.n; i++) {
      Operand *arg = a->args[generic.v[i]];
      int k = arg->type->func.tparams.n;
      TypeList mine = {all.v + j, k, k};
      arg->type = instantiate_sig(c, call->pos, arg->expr, arg->type, mine, NULL);
      check_record(c, arg);
      j += k;
    }
  }
  if (a->n) {
    const char *context = atom_printf("argument to %s", expr_string(call->call.fun));
    for (int i = 0; i < a->n; i++) {
      check_assignment(c, a->args[i], params.v[i]->type, context);
      check_large_temp(c, params.v[i]->type);
    }
  }
  return result;
}

// ---- conversions and calls

static void conversion_call(Checker *c, Operand *x, Expr *e) {
  Type *t = x->type;
  ExprList *args = &e->call.args;
  x->mode = MODE_INVALID;
  if (args->n == 0) {
    check_error(c, expr_start(e), "missing argument in conversion to %s", TS(t));
    return;
  }
  if (args->n > 1) {
    check_use(c, args);
    check_error(c, expr_start(args->v[args->n - 1]), "too many arguments in conversion to %s",
                TS(t));
    return;
  }
  check_expr(c, NULL, x, args->v[0]);
  if (x->mode == MODE_INVALID)
    return;
  if (is_interface(t)) {
    const TypeSet *s = type_set(under(t));
    if (s->comparable_ || typeset_has_terms(s)) {
      check_error(c, expr_start(e),
                  "cannot use interface %s in conversion (contains specific type constraints or is "
                  "comparable)",
                  TS(t));
      x->mode = MODE_INVALID;
      return;
    }
  }
  if (e->call.dots) {
    check_error(c, expr_start(args->v[0]), "invalid use of ... in conversion to %s", TS(t));
    x->mode = MODE_INVALID;
    return;
  }
  check_conversion(c, x, t);
}

// Explicit type arguments of a called f[T]; false: reported.
static bool explicit_targs(Checker *c, Operand *x, Expr *e, Expr *inst, Type **sig, TypeList *targs,
                           ExprList **xlist) {
  *xlist = &inst->index.index;
  if (!check_type_list(c, *xlist, targs)) {
    check_use(c, &e->call.args);
    x->mode = MODE_INVALID;
    return false;
  }
  int got = targs->n, want = (*sig)->func.tparams.n;
  if (got > want) {
    check_error(c, expr_start((*xlist)->v[want]), "got %d type arguments but want %d", got, want);
    check_use(c, &e->call.args);
    x->mode = MODE_INVALID;
    return false;
  }
  if (got == want && want > 0) {
    check_lang(c, inst->pos, 18, "function instantiation");
    *sig = instantiate_sig(c, inst->pos, inst, *sig, *targs, *xlist);
    *targs = (TypeList){0};
    *xlist = NULL;
  }
  return true;
}

static void call_result(Checker *c, Operand *x, Type *sig) {
  ObjectList *results = &sig->func.results;
  x->val = NULL;
  switch (results->n) {
  case 0:
    x->mode = MODE_NOVALUE; // messages see the type of the function
    x->type = sig;
    break;
  case 1:
    x->mode = MODE_VALUE;
    x->type = results->v[0]->type;
    check_large_temp(c, x->type);
    break;
  default: x->mode = MODE_VALUE; x->type = type_tuple(*results);
  }
  c->env.has_call = true;
  // After a failed inference the result may mention type parameters nobody has replaced.
  if (x->mode == MODE_VALUE && sig->func.tparams.n && type_mentions(x->type, &sig->func.tparams))
    x->mode = MODE_INVALID;
}

static void function_call(Checker *c, Operand *x, Expr *e, Expr *inst) {
  Type *sig = core_type(x->type);
  if (!sig || sig->kind != TYPE_FUNC) {
    check_error(c, expr_start(x->expr), "invalid operation: cannot call non-function %s",
                check_operand_string(c, x));
    check_use(c, &e->call.args);
    x->mode = MODE_INVALID;
    return;
  }
  TypeList targs = {0};
  ExprList *xlist = NULL;
  if (inst && !explicit_targs(c, x, e, inst, &sig, &targs, &xlist))
    return;
  CallArgs args;
  generic_args(c, &e->call.args, &args);
  sig = check_arguments(c, e, sig, targs, xlist, &args);
  call_result(c, x, sig);
}

ExprClass check_call(Checker *c, Operand *x, Expr *e) {
  Expr *fun = e->call.fun, *inst = NULL;
  if (fun->kind == EXPR_INDEX) {
    *x = (Operand){.mode = MODE_INVALID, .type = INVALID, .expr = fun};
    if (check_index_expr(c, x, fun))
      inst = fun;
    x->expr = fun;
    check_record(c, x);
  } else {
    check_expr_or_type(c, x, fun, true);
  }
  switch (x->mode) {
  case MODE_INVALID:
    check_use(c, &e->call.args);
    x->expr = e;
    return CLASS_STATEMENT;
  case MODE_TYPE:
    check_non_generic(c, NULL, x);
    if (x->mode != MODE_INVALID)
      conversion_call(c, x, e);
    x->expr = e;
    return CLASS_CONVERSION;
  case MODE_BUILTIN: {
    BuiltinId id = x->id;
    e->call.builtin = id;
    if (!check_builtin(c, x, e, id))
      x->mode = MODE_INVALID;
    x->expr = e;
    if (x->mode != MODE_INVALID && x->mode != MODE_CONST)
      c->env.has_call = true;
    return check_builtin_class(id);
  }
  default: break;
  }
  function_call(c, x, e, inst);
  x->expr = e;
  return CLASS_STATEMENT;
}
