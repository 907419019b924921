// call.c: calls. Parameters are flattened, results come back in registers or through an out
// pointer; docs/abi.md has the convention.
#include "driver/irgen/core.h"
#include "driver/irgen/gen.h"
#include <string.h>

// ---- the call itself

// A parameter in memory is a copy that the callee owns.
static VRef mem_argument(Fn *f, Value v) {
  if (v.temp)
    return v.addr;
  return value_pin(f, v).addr;
}

static int push_args(Fn *f, Sig *sig, Value *args, VRef *ll, int n) {
  for (int i = 0; i < sig->nparams; i++) {
    const Flat *fl = flat_of(f->g, sig->params[i]);
    if (fl->mem)
      ll[n++] = mem_argument(f, args[i]);
    else if (args[i].n != fl->n)
      ice(f->pos, "argument %d: %d scalars for type %s", i, args[i].n,
          type_string(sig->params[i], NULL));
    for (int j = 0; j < fl->n; j++)
      ll[n++] = args[i].v[j];
  }
  return n;
}

static Values results_out(Fn *f, Sig *sig, VRef out) {
  Values vs = {NEW_ARRAY(f->arena, Value, sig->nresults + 1), sig->nresults};
  for (int i = 0; i < sig->nresults; i++) {
    vs.v[i] = load_value(f, sig->results[i], ptr_add(f, out, sig->outoff[i]));
    vs.v[i].temp = true;
  }
  return vs;
}

static Values results_scalars(Fn *f, Sig *sig, VRef call) {
  Values vs = {NEW_ARRAY(f->arena, Value, sig->nresults + 1), sig->nresults};
  int k = 0;
  for (int i = 0; i < sig->nresults; i++) {
    vs.v[i].type = sig->results[i];
    vs.v[i].n = flat_of(f->g, sig->results[i])->n;
    for (int j = 0; j < vs.v[i].n; j++, k++)
      vs.v[i].v[j] =
          sig->nretscalars == 1 ? call : LLVMBuildExtractValue(f->b, call, (unsigned)k, "");
  }
  return vs;
}

Values call_raw(Fn *f, Sig *sig, VRef code, VRef ctx, Value *args) {
  Gen *g = f->g;
  VRef *ll = NEW_ARRAY(f->arena, VRef, sig->nllparams + 1), out = NULL;
  int n = 0;
  ll[n++] = ctx ? ctx : LLVMGetPoison(g->ptr);
  if (sig->out) {
    out = fn_alloca(f, LLVMArrayType2(g->i64, (uint64_t)(sig->outsize / 8)), 8, "results");
    ll[n++] = out;
  }
  n = push_args(f, sig, args, ll, n);
  VRef call = LLVMBuildCall2(f->b, sig->fnty, code, ll, (unsigned)n, "");
  unsigned nest = LLVMGetEnumAttributeKindForName("nest", 4);
  LLVMAddCallSiteAttribute(call, 1, LLVMCreateEnumAttribute(g->ctx, nest, 0));
  call_attributes(f, call);
  return out ? results_out(f, sig, out) : results_scalars(f, sig, call);
}

Values call_func(Fn *f, VRef fn, Sig *sig, Value *args) {
  return call_raw(f, sig, fn, NULL, args);
}

Values call_closure(Fn *f, Type *functype, Value fv, Value *args) {
  nil_check(f, fv.v[0]);
  VRef code = build_load(f, f->g->ptr, fv.v[0], 8);
  return call_raw(f, sig_of(f->g, functype, NULL), code, fv.v[0], args);
}

// ---- declared functions

Sig *func_sig(Fn *f, Object *fn, TypeList targs) {
  return sig_of_func(f->g, fn, targs);
}

Values call_declared(Fn *f, Object *fn, TypeList targs, Value *args) {
  Sig *sig = func_sig(f, fn, targs);
  const char *symbol = sym_func(f->g, fn, targs, NULL);
  Values out;
  if (intrinsic_call(f, fn, symbol, sig, args, &out))
    return out;
  if (!func_has_body(fn)) {
    if (strcmp(symbol, "runtime.GC") == 0)
      saved_registers_drop(f);
    const char *rt = rt_by_symbol(symbol);
    if (rt)
      return rt_call_go(f, rt, sig, args);
  }
  return call_func(f, func_ref(f->g, fn, targs), sig, args);
}

static Expr *name_of(Expr *x) {
  x = unparen(x);
  while (x->kind == EXPR_INDEX)
    x = unparen(x->index.x);
  if (x->kind == EXPR_SELECTOR && !x->selector.selection)
    x = x->selector.sel;
  return x->kind == EXPR_NAME ? x : NULL;
}

Object *callee_object(Fn *f, Expr *fun, TypeList *targs) {
  Expr *n = name_of(fun);
  if (!n || !n->name.obj || n->name.obj->kind != OBJ_FUNC)
    return NULL;
  *targs = subst_list(f, n->name.targs, n->name.ntargs);
  return n->name.obj;
}

// ---- arguments

static Value variadic_slice(Fn *f, Type *slice, Expr **args, Value *vals, int n, Pos pos) {
  Type *et = slice->slice.elem;
  if (n == 0)
    return value_zero(f, slice);
  Value *vs = NEW_ARRAY(f->arena, Value, n);
  for (int i = 0; i < n; i++)
    vs[i] = vals ? implicit(f, vals[i], et) : expr_to(f, args[i], et);
  fn_pos(f, pos);
  Type *arr = type_array(et, n);
  VRef p = alloc_object_nozero(f, arr, "varargs", "... argument", "");
  for (int i = 0; i < n; i++)
    store_value(f, ptr_add(f, p, i * type_size(et)), vs[i]);
  VRef len = const_i64(f->g, n);
  return value3(slice, p, len, len);
}

// Parameter i of the call's arguments; args[nargs_at] is the first.
static Type *param_type(const Callee *c, int i) {
  return c->sig->params[c->sig->nparams - (c->nargs - c->nargs_at) + i];
}

static bool is_spread(Expr *call) {
  Expr *x = call->call.args.n == 1 ? unparen(call->call.args.v[0]) : NULL;
  return x && x->type && x->type->kind == TYPE_TUPLE;
}

static Values spread(Fn *f, Expr *call) {
  Expr *x = unparen(call->call.args.v[0]);
  return expr_multi(f, x, x->type->tuple.vars.n);
}

static bool is_packed(const Callee *c) {
  return c->sig->type->func.variadic && !c->call->call.dots;
}

// The arguments of a call, as the parameters want them.
static void make_args(Fn *f, Callee *c) {
  ExprList *args = &c->call->call.args;
  Value *out = c->args + c->nargs_at;
  int np = c->nargs - c->nargs_at;
  bool pack = is_packed(c), tuple = is_spread(c->call);
  int fixed = pack ? np - 1 : np;
  Values multi = {0};
  if (tuple)
    multi = spread(f, c->call);
  int n = tuple ? multi.n : args->n;
  for (int i = 0; i < fixed; i++)
    out[i] = tuple ? implicit(f, multi.v[i], param_type(c, i))
                   : expr_to(f, args->v[i], param_type(c, i));
  if (pack) {
    Type *st = param_type(c, np - 1);
    out[np - 1] = variadic_slice(f, under(st), tuple ? NULL : args->v + fixed,
                                 tuple ? multi.v + fixed : NULL, n - fixed, c->call->pos);
    out[np - 1].type = st;
  }
}

static void eval_args(Fn *f, Callee *c) {
  ExprList *args = &c->call->call.args;
  int np = c->nargs - c->nargs_at;
  if (!c->late) {
    make_args(f, c);
  } else if (is_spread(c->call)) {
    late_leaf(f, c->late, args->v[0], spread(f, c->call));
  } else {
    for (int i = 0; i < args->n; i++) {
      bool packed = is_packed(c) && i >= np - 1;
      late_eval(f, c->late, args->v[i],
                packed ? under(param_type(c, np - 1))->slice.elem : param_type(c, i));
    }
  }
}

void callee_args(Fn *f, Callee *c) {
  late_remember(f, c->late);
  make_args(f, c);
}

// ---- callees

static void callee_closure(Fn *f, Callee *c) {
  c->kind = CALLEE_CLOSURE;
  c->fv = expr(f, c->call->call.fun);
  c->sig = sig_of(f->g, core_type(c->fv.type), NULL);
  c->args = NEW_ARRAY(f->arena, Value, c->sig->nparams + 1);
  c->nargs = c->sig->nparams;
  eval_args(f, c);
}

static void callee_static(Fn *f, Callee *c, Object *o, TypeList targs) {
  c->kind = CALLEE_FUNC;
  c->obj = o;
  c->targs = targs;
  c->sig = func_sig(f, o, targs);
  c->args = NEW_ARRAY(f->arena, Value, c->sig->nparams + 1);
  c->nargs = c->sig->nparams;
  eval_args(f, c);
}

static void callee_iface(Fn *f, Callee *c, Value recv, Object *m) {
  c->kind = CALLEE_IFACE;
  c->iface = recv;
  c->method = m;
  c->sig = iface_sig(f->g, m, recv.type);
  c->nargs = c->sig->nparams - 1;
  c->args = NEW_ARRAY(f->arena, Value, c->nargs + 1);
  eval_args(f, c);
}

// x.M(…): the receiver is evaluated as the method wants it: a value, its address, or an interface.
static void callee_method(Fn *f, Callee *c) {
  Expr *x = unparen(c->call->call.fun);
  Selection *s = selection_of(f, x);
  Receiver r = receiver_eval(f, x->selector.x, s);
  if (r.iface) {
    callee_iface(f, c, r.v, s->obj);
    return;
  }
  c->kind = CALLEE_FUNC;
  c->obj = s->obj;
  c->targs = targs_of_recv(r.v.type);
  c->sig = func_sig(f, s->obj, c->targs);
  c->args = NEW_ARRAY(f->arena, Value, c->sig->nparams + 1);
  c->nargs = c->sig->nparams;
  c->nargs_at = 1;
  eval_args(f, c);
  c->args[0] = receiver_finish(f, &r);
}

// go delete(g())
static void builtin_spread(Fn *f, Callee *c) {
  Values vs = spread(f, c->call);
  c->nargs = vs.n;
  c->args = vs.v;
  if (c->builtin == BUILTIN_DELETE)
    c->args[1] = implicit(f, c->args[1], under(core_type(c->args[0].type))->map.key);
}

static void callee_builtin(Fn *f, Callee *c) {
  Expr *call = c->call;
  c->kind = CALLEE_BUILTIN;
  c->builtin = call->call.builtin;
  if (is_spread(call)) {
    builtin_spread(f, c);
    return;
  }
  c->nargs = call->call.args.n;
  c->args = NEW_ARRAY(f->arena, Value, c->nargs + 1);
  for (int i = 0; i < c->nargs; i++) {
    Expr *a = call->call.args.v[i];
    Type *t = expr_type(f, a);
    if (c->builtin == BUILTIN_PANIC)
      t = t_emptyiface;
    else if (c->builtin == BUILTIN_DELETE && i == 1)
      t = core_type(c->args[0].type)->map.key;
    else if (t && is_untyped(t))
      t = default_type(t);
    c->args[i] = expr_to(f, a, t);
  }
}

void callee_eval(Fn *f, Expr *call, Late *late, Callee *c) {
  call = unparen(call);
  *c = (Callee){.call = call, .late = late};
  Expr *fun = unparen(call->call.fun);
  TypeList targs;
  Object *o;
  if (call->call.builtin)
    callee_builtin(f, c);
  else if ((o = callee_object(f, fun, &targs)))
    callee_static(f, c, o, targs);
  else if (fun->kind == EXPR_SELECTOR && fun->selector.selection &&
           fun->selector.selection->kind == SEL_METHODVAL)
    callee_method(f, c);
  else
    callee_closure(f, c);
  if (c->kind == CALLEE_FUNC && c->obj)
    c->fn = NULL; // made by callee_fn when wanted: intrinsics have none
}

Values call_method_of_iface(Fn *f, Value iface, Object *m, Sig *sig, Value *args) {
  VRef data;
  VRef code = iface_method(f, iface, m, &data);
  Value *all = NEW_ARRAY(f->arena, Value, sig->nparams + 1);
  all[0] = value_scalar(t_basic[TYPE_UNSAFEPOINTER], data);
  for (int i = 1; i < sig->nparams; i++)
    all[i] = args[i - 1];
  return call_raw(f, sig, code, NULL, all);
}

Values callee_call(Fn *f, Callee *c, Pos pos) {
  fn_pos(f, pos);
  switch (c->kind) {
  case CALLEE_FUNC:
    if (c->obj)
      return call_declared(f, c->obj, c->targs, c->args);
    return call_func(f, c->fn, c->sig, c->args);
  case CALLEE_CLOSURE: return call_closure(f, c->sig->type, c->fv, c->args);
  case CALLEE_IFACE: return call_method_of_iface(f, c->iface, c->method, c->sig, c->args);
  case CALLEE_BUILTIN: return builtin_values(f, c->builtin, c->args, c->nargs, pos);
  }
  ice(pos, "callee of kind %d", (int)c->kind);
}

// ---- call expressions

static Values one(Fn *f, Value v) {
  Values vs = {NEW(f->arena, Value), 1};
  vs.v[0] = v;
  return vs;
}

// As gc writes it: string(b), ([]byte)(s).
const char *conversion_text(Fn *f, Type *t, Expr *arg) {
  const char *name = type_string(t, f->g->pkg);
  return atom_printf(t->kind == TYPE_SLICE ? "(%s)(%s)" : "%s(%s)", name, expr_string(arg));
}

static Values conversion(Fn *f, Expr *x) {
  Expr *a = x->call.args.v[0];
  Type *t = expr_type(f, x);
  Expr *y = unparen(a);
  if (y->mode == MODE_CONST && y->val && is_const_type(t) && !is_interface(t) &&
      is_string(t) == is_string(y->type)) {
    // Constant operand of a conversion that is not constant: to a type that stands for a type
    // parameter.
    if (is_integer(t) ? const_kind(const_to_int(y->val)) == CONST_INT : true)
      return one(f, value_const(f, y->val, t));
  }
  if (y->mode == MODE_NIL)
    return one(f, value_zero(f, t));
  if (is_interface(t))
    return one(f, expr_to(f, a, t));
  Value v = expr(f, a);
  if (v.type && v.type->kind <= TYPE_LAST_BASIC && is_untyped(v.type))
    v = value_retype(v, default_type(v.type));
  f->conv = conversion_text(f, t, y);
  f->convpos = y->pos;
  v = convert(f, v, t, x->pos);
  f->conv = NULL;
  return one(f, v);
}

Values expr_call(Fn *f, Expr *x) {
  x = unparen(x);
  Values *known = f->nhoisted ? ptrmap_get(f->hoisted, x) : NULL;
  if (known)
    return *known;
  if (x->call.fun->mode == MODE_TYPE)
    return conversion(f, x);
  if (x->call.builtin) {
    fn_pos(f, x->pos);
    return builtin_call(f, x);
  }
  Callee c;
  callee_eval(f, x, NULL, &c);
  return callee_call(f, &c, x->pos);
}
