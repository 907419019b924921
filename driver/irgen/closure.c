// closure.c: function values: literals and what they capture, method values, method expressions,
// and receivers of method calls.
//
// A func value points to {code, captures…}. A variable that is never assigned again and not large
// is copied into the closure, others are captured by their address. Behind the captures stand the
// extra pointers that compiler-made closures carry.
#include "driver/irgen/core.h"
#include "driver/irgen/gen.h"
#include <string.h>

// ---- closure objects

VRef closure_make(Fn *f, VRef code, Value *caps, int n, const char *kind, const char *text) {
  Gen *g = f->g;
  Type **types = NEW_ARRAY(f->arena, Type *, n + 1);
  for (int i = 0; i < n; i++)
    types[i] = caps[i].type;
  Type *t = closure_type(g, types, n);
  VRef p = alloc_object_nozero(f, t, kind, text, "");
  build_store(f, code, p, 8);
  for (int i = 0; i < n; i++)
    store_value(f, ptr_add(f, p, field_offset(t, i + 1)), caps[i]);
  return p;
}

void closure_load(Fn *f, Type **types, int n, Value *out) {
  Type *t = closure_type(f->g, types, n);
  for (int i = 0; i < n; i++)
    out[i] = load_value(f, types[i], ptr_add(f, f->ctx, field_offset(t, i + 1)));
}

Type **capture_types(Fn *f, FuncInfo *info, int nextra, int *n) {
  *n = info->captures.n + nextra;
  Type **ts = NEW_ARRAY(f->arena, Type *, *n + 1);
  for (int i = 0; i < info->captures.n; i++) {
    Object *o = info->captures.v[i];
    Type *t = fn_type(f, o->type);
    ts[i] = capture_by_value(f, o) ? t : type_pointer(t);
  }
  for (int i = info->captures.n; i < *n; i++)
    ts[i] = t_basic[TYPE_UNSAFEPOINTER];
  return ts;
}

// Places of the captured variables, at the start of the closure's body.
void bind_captures(Fn *f) {
  int n;
  Type **ts = capture_types(f, f->info, f->nextra, &n);
  Value *vs = NEW_ARRAY(f->arena, Value, n + 1);
  closure_load(f, ts, n, vs);
  for (int i = 0; i < f->info->captures.n; i++) {
    Object *o = f->info->captures.v[i];
    if (capture_by_value(f, o)) {
      local_capture(f, o, vs[i]);
      continue;
    }
    Place *p = NEW(f->arena, Place);
    *p = place_mem(fn_type(f, o->type), vs[i].v[0]);
    ptrmap_set(f->locals, o, p);
    vec_push(f->arena, &f->nonnil, vs[i].v[0]);
  }
  f->extra = NEW_ARRAY(f->arena, VRef, f->nextra + 1);
  for (int i = 0; i < f->nextra; i++)
    f->extra[i] = vs[f->info->captures.n + i].v[0];
}

// The function a literal is named after: range-over-func bodies do not count.
static FuncInfo *named_outer(FuncInfo *info) {
  FuncInfo *o = info->outer;
  while (o && o->range)
    o = o->outer;
  return o;
}

// Counts the literals (or range bodies) of o in source order until info is found.
static bool count_literals(FuncInfo *o, FuncInfo *info, int *n) {
  for (int i = 0; i < o->lits.n; i++) {
    FuncInfo *l = o->lits.v[i];
    *n += !l->range == !info->range;
    if (l == info || (l->range && count_literals(l, info, n)))
      return true;
  }
  return false;
}

// gc: f.func1, inside it f.func1.2; range bodies f-range1.
static void closure_names(Fn *f, FuncInfo *info, const char **symbol, const char **goname) {
  FuncInfo *outer = named_outer(info);
  const char *sep = info->range ? "-range" : outer && outer->lit ? "." : ".func";
  int n = 0;
  if (!outer)
    n = ++f->nlits;
  else
    count_literals(outer, info, &n);
  *symbol = atom_printf("%s%s%d", f->base, sep, n);
  *goname = atom_printf("%s%s%d", f->gobase, sep, n);
}

static VRef closure_code(Fn *f, FuncInfo *info, int nextra, struct RangeFunc *range) {
  Gen *g = f->g;
  const char *symbol, *goname;
  closure_names(f, info, &symbol, &goname);
  VRef fn = map_get(g->funcs, symbol);
  if (fn)
    return fn;
  fn = fn_declare(g, symbol, sig_of(g, fn_type(f, info->sig), NULL),
                  LLVMGetLinkage(f->fn) == LLVMLinkOnceODRLinkage ? FN_LINKONCE : 0);
  if (LLVMGetLinkage(f->fn) != LLVMLinkOnceODRLinkage)
    LLVMSetLinkage(fn, LLVMInternalLinkage), LLVMSetVisibility(fn, LLVMDefaultVisibility);
  Work w = {.kind = WORK_CLOSURE,
            .fn = fn,
            .symbol = symbol,
            .goname = goname,
            .info = info,
            .env = f->env,
            .nextra = nextra,
            .range = range};
  if (info->range) {
    w.base = f->base;
    w.gobase = f->gobase;
  }
  work_add(g, &w);
  return fn;
}

static Value captured(Fn *f, Object *o) {
  Place p = *local_place(f, o);
  if (capture_by_value(f, o))
    return place_load(f, &p);
  return value_scalar(type_pointer(p.type), place_finish(f, &p));
}

VRef closure_of_info(Fn *f, FuncInfo *info, VRef *extra, int nextra, struct RangeFunc *range,
                     const char *text) {
  VRef code = closure_code(f, info, nextra, range);
  int nc = info->captures.n, n = nc + nextra;
  Value *caps = NEW_ARRAY(f->arena, Value, n);
  for (int i = 0; i < nc; i++)
    caps[i] = captured(f, info->captures.v[i]);
  for (int i = 0; i < nextra; i++)
    caps[nc + i] = value_scalar(t_basic[TYPE_UNSAFEPOINTER], extra[i]);
  return closure_make(f, code, caps, n, "closure", text);
}

Value expr_funclit(Fn *f, Expr *x) {
  fn_pos(f, x->pos);
  return value_scalar(expr_type(f, x),
                      closure_of_info(f, x->func.info, NULL, 0, NULL, "func literal"));
}

Value func_value(Fn *f, Object *fn, TypeList targs) {
  Sig *sig = func_sig(f, fn, targs);
  return value_scalar(sig->type, funcval_const(f->g, func_ref(f->g, fn, targs)));
}

// ---- receivers

// Whether method m of selection s has an interface as its receiver.
static bool is_iface_method(Object *m, Type *recv) {
  (void)m;
  return is_interface(recv);
}

// Evaluates x as the receiver of s->obj: walks the embedded fields, takes the address for a pointer
// method. A value behind a pointer is loaded by receiver_finish, after the arguments.
Receiver receiver_eval(Fn *f, Expr *x, Selection *s) {
  Receiver r = {0};
  Type *t = expr_type(f, x);
  int n = s->npath;
  bool through = under(t)->kind == TYPE_POINTER && t->kind != TYPE_NAMED;
  if (n == 0 && (!through || s->obj->func.ptr_recv || is_typeparam(t))) {
    if (!through && !is_interface(t) && s->obj->func.ptr_recv && is_addressable(x)) {
      r.v = value_scalar(type_pointer(t), addr(f, x));
      return r;
    }
    r.v = expr(f, x);
    r.iface = is_iface_method(s->obj, r.v.type);
    return r;
  }
  Place p;
  if (n == 0) {
    Value v = expr(f, x);
    fn_pos(f, x->pos);
    p = place_mem(under(t)->pointer.elem, v.v[0]);
    p.nilcheck = true;
    p.pos = f->pos;
  } else if (through || is_addressable(x)) {
    p = place_path(f, x, s->path, n);
  } else {
    return receiver_of_value(f, expr(f, x), s);
  }
  return receiver_of_place(f, p, s);
}

Receiver receiver_of_place(Fn *f, Place p, const Selection *s) {
  Receiver r = {0};
  Type *u = under(p.type);
  bool ptr = u->kind == TYPE_POINTER && p.type->kind != TYPE_NAMED;
  if (is_interface(p.type)) {
    r.v = place_load(f, &p);
    r.iface = true;
  } else if (s->obj->func.ptr_recv) {
    r.v = ptr ? place_load(f, &p) : value_scalar(type_pointer(p.type), place_finish(f, &p));
  } else if (ptr) {
    Value v = place_load(f, &p);
    r.late = true;
    r.p = place_mem(u->pointer.elem, v.v[0]);
    r.p.nilcheck = true;
    r.p.pos = f->pos;
    r.v.type = r.p.type;
  } else {
    r.late = true;
    r.p = p;
    r.v.type = p.type;
  }
  return r;
}

// The receiver within a value that is not addressable.
Receiver receiver_of_value(Fn *f, Value v, const Selection *s) {
  Receiver r = {0};
  v = follow_value(f, v, s->path, s->npath);
  Type *u = under(v.type);
  bool ptr = u->kind == TYPE_POINTER && v.type->kind != TYPE_NAMED;
  if (is_interface(v.type)) {
    r.v = v;
    r.iface = true;
  } else if (ptr && !s->obj->func.ptr_recv) {
    nil_check(f, v.v[0]);
    r.v = load_value(f, u->pointer.elem, v.v[0]);
  } else if (!ptr && s->obj->func.ptr_recv) {
    r.v = value_scalar(type_pointer(v.type),
                       value_addr(f, v)); // an embedded value within a temporary
  } else {
    r.v = v;
  }
  return r;
}

Value receiver_finish(Fn *f, Receiver *r) {
  if (r->late) {
    r->v = place_load(f, &r->p);
    r->late = false;
  }
  return r->v;
}

// ---- method values

// "main.T.M-fm" in brackets of its own for a method of an interface.
static const char *bound_symbol(Fn *f, Value recv, Object *m, const char **goname) {
  Type *t = deref(recv.type, NULL);
  if (is_interface(recv.type) || !m->func.is_method) {
    *goname = sym_escape(atom_printf("%s.%s-fm", type_linkstring(recv.type), m->name));
    return *goname;
  }
  const char *s = sym_func(f->g, m, targs_of_recv(t), goname);
  *goname = atom_printf("%s-fm", *goname);
  return atom_printf("%s-fm", s);
}

typedef struct Bound {
  VRef fn;
  const char *symbol, *goname;
  Type *recv;
  Object *m;
  Sig *sig;
} Bound;

static void make_bound(Gen *g, void *arg) {
  Bound *b = arg;
  Value *params, recv;
  Fn *f = fn_begin_in(g, b->fn, b->symbol, b->goname, b->sig, FN_WRAPPER | FN_LINKONCE, b->m->pos,
                      &params);
  closure_load(f, &b->recv, 1, &recv);
  Values vs;
  if (is_interface(b->recv)) {
    vs = call_method_of_iface(f, recv, b->m, iface_sig(g, b->m, b->recv), params);
  } else {
    Value *args = NEW_ARRAY(f->arena, Value, b->sig->nparams + 2);
    args[0] = recv;
    for (int i = 0; i < b->sig->nparams; i++)
      args[i + 1] = params[i];
    vs = call_declared(f, b->m, targs_of_recv(b->recv), args);
  }
  fn_return(f, vs.v, vs.n);
  fn_finish(f);
}

static VRef bound_code(Fn *f, Value recv, Object *m, Type *functype) {
  Gen *g = f->g;
  const char *goname, *symbol = bound_symbol(f, recv, m, &goname);
  VRef fn = map_get(g->funcs, symbol);
  if (fn)
    return fn;
  Bound *b = NEW(g->arena, Bound);
  *b = (Bound){NULL, symbol, goname, recv.type, m, sig_of(g, functype, NULL)};
  b->fn = fn_declare(g, symbol, b->sig, FN_LINKONCE);
  Work w = {.kind = WORK_CALLBACK, .make = make_bound, .arg = b};
  work_add(g, &w);
  return b->fn;
}

Value method_value(Fn *f, Expr *x) {
  Selection *s = selection_of(f, x);
  Type *t = expr_type(f, x);
  Receiver r = receiver_eval(f, x->selector.x, s);
  Value recv = receiver_finish(f, &r);
  fn_pos(f, x->pos);
  if (r.iface)
    nil_check(f, recv.v[0]);
  VRef code = bound_code(f, recv, s->obj, t);
  return value_scalar(t, closure_make(f, code, &recv, 1, "bound", expr_string(x)));
}

// ---- method expressions

typedef struct MethodExpr {
  VRef fn;
  const char *symbol;
  Selection *s;
  Sig *sig;
} MethodExpr;

static void make_method_expr(Gen *g, void *arg) {
  MethodExpr *e = arg;
  Value *params;
  Fn *f = fn_begin_in(g, e->fn, e->symbol, e->symbol, e->sig, FN_WRAPPER | FN_LINKONCE,
                      e->s->obj->pos, &params);
  Values vs = call_selected(f, params[0], e->s, params + 1);
  fn_return(f, vs.v, vs.n);
  fn_finish(f);
}

// A method of T's method set is what T's descriptor has; one of an interface needs a function that
// makes the call.
Value method_expr(Fn *f, Expr *x) {
  Gen *g = f->g;
  Selection *s = selection_of(f, x);
  Type *t = expr_type(f, x), *recv = fn_type(f, x->selector.x->type);
  if (!is_interface(recv))
    return value_scalar(t,
                        funcval_const(g, method_code(g, recv, method_entry(recv, s->obj), false)));
  const char *symbol = sym_escape(atom_printf("%s.%s-expr", type_linkstring(recv), s->obj->name));
  VRef fn = map_get(g->funcs, symbol);
  if (!fn) {
    MethodExpr *e = NEW(g->arena, MethodExpr);
    e->symbol = symbol;
    e->s = NEW(g->arena, Selection);
    *e->s = *s;
    e->s->recv = recv;
    e->sig = sig_of(g, t, NULL);
    e->fn = fn = fn_declare(g, symbol, e->sig, FN_LINKONCE);
    Work w = {.kind = WORK_CALLBACK, .make = make_method_expr, .arg = e};
    work_add(g, &w);
  }
  return value_scalar(t, funcval_const(g, fn));
}
