// builtin.c: calls of predeclared functions and of package unsafe's.
//
// builtin_call evaluates arguments that need their own treatment (types, slots); builtin_values
// does the rest on values, for go and defer too.
#include "driver/irgen/core.h"
#include "driver/irgen/gen.h"
#include <llvm-c/Core.h>
#include <string.h>

static Values values1(Fn *f, Value v) {
  Values r = {NEW(f->arena, Value), 1};
  r.v[0] = v;
  return r;
}

static const Values no_values = {NULL, 0};

// ---- print

static void print_value(Fn *f, Value v) {
  Type *u = under(v.type);
  TypeKind k = u->kind;
  if (v.type->kind == TYPE_NAMED && !strcmp(v.type->named.obj->name, "hex") &&
      v.type->named.obj->pkg && !strcmp(v.type->named.obj->pkg->path, "runtime")) {
    RT_CALL(f, "printhex", rt_ext(f, v));
    return;
  }
  VRef d = k >= TYPE_FLOAT32 && k <= TYPE_COMPLEX128 ? v.v[0] : NULL;
  VRef bits[2];
  for (int i = 0; d && i < v.n; i++) {
    VRef wide = LLVMGetTypeKind(LLVMTypeOf(v.v[i])) == LLVMFloatTypeKind
                    ? LLVMBuildFPExt(f->b, v.v[i], f->g->f64, "")
                    : v.v[i];
    bits[i] = LLVMBuildBitCast(f->b, wide, f->g->i64, "");
  }
  switch (k) {
  case TYPE_BOOL: RT_CALL(f, "printbool", rt_ext(f, v)); break;
  case TYPE_STRING: RT_CALL(f, "printstring", v.v[0], v.v[1]); break;
  case TYPE_FLOAT32:
  case TYPE_FLOAT64: RT_CALL(f, "printfloat", bits[0]); break;
  case TYPE_COMPLEX64:
  case TYPE_COMPLEX128: RT_CALL(f, "printcomplex", bits[0], bits[1]); break;
  case TYPE_SLICE: RT_CALL(f, "printslice", v.v[0], v.v[1], v.v[2]); break;
  case TYPE_INTERFACE: RT_CALL(f, "printeface", v.v[0], v.v[1]); break;
  default:
    if (k <= TYPE_INT64)
      RT_CALL(f, "printint", rt_ext(f, v));
    else if (k <= TYPE_UINTPTR)
      RT_CALL(f, "printuint", rt_ext(f, v));
    else
      RT_CALL(f, "printpointer", v.v[0]);
  }
}

static void print_call(Fn *f, Value *args, int n, bool line) {
  rt_call(f, "printlock", NULL, 0);
  for (int i = 0; i < n; i++) {
    if (line && i)
      rt_call(f, "printsp", NULL, 0);
    print_value(f, args[i]);
  }
  if (line)
    rt_call(f, "printnl", NULL, 0);
  rt_call(f, "printunlock", NULL, 0);
}

// ---- len, cap, min, max

static Value length(Fn *f, Value v, bool cap) {
  Type *t = v.type, *u = under(t);
  if (u->kind == TYPE_POINTER)
    u = under(u->pointer.elem);
  VRef n;
  switch (u->kind) {
  case TYPE_ARRAY: n = const_i64(f->g, u->array.len); break;
  case TYPE_STRING: n = v.v[1]; break;
  case TYPE_SLICE: n = v.v[cap ? 2 : 1]; break;
  default: n = counted_word(f, v.v[0], cap ? 8 : 0); break;
  }
  return value_scalar(t_basic[TYPE_INT], n);
}

static VRef float_minmax(Fn *f, VRef x, VRef y, bool max) {
  const char *name = max ? "llvm.maximum" : "llvm.minimum";
  return intrinsic(f, name, LLVMTypeOf(x), (VRef[]){x, y}, 2);
}

static Value minmax(Fn *f, Value x, Value y, bool max) {
  Type *u = under(x.type);
  if (u->kind == TYPE_FLOAT32 || u->kind == TYPE_FLOAT64)
    return value_scalar(x.type, float_minmax(f, x.v[0], y.v[0], max));
  VRef other = compare(f, max ? TOK_GTR : TOK_LSS, y, x);
  Value r = x;
  for (int i = 0; i < x.n; i++)
    r.v[i] = LLVMBuildSelect(f->b, other, y.v[i], x.v[i], "");
  return r;
}

// ---- unsafe

static VRef is_neg(Fn *f, VRef v) {
  return LLVMBuildICmp(f->b, LLVMIntSLT, v, const_i64(f->g, 0), "");
}

// Checks of unsafe.Slice and unsafe.String: length, nil pointer, end of the address space.
static void unsafe_check(Fn *f, VRef p, VRef len, int64_t size, const char *badlen,
                         const char *badptr) {
  Gen *g = f->g;
  panic_if(f, is_neg(f, len), badlen, NULL, 0);
  VRef isnil = LLVMBuildICmp(f->b, LLVMIntEQ, p, const_null(g), "");
  VRef some = LLVMBuildICmp(f->b, LLVMIntNE, len, const_i64(g, 0), "");
  panic_if(f, LLVMBuildAnd(f->b, isnil, some, ""), badptr, NULL, 0);
  if (size == 0)
    return;
  VRef room = LLVMBuildNeg(f->b, LLVMBuildPtrToInt(f->b, p, g->i64, ""),
                           ""); // bytes up to the end; 0 for nil, whose length is 0 here
  VRef most = LLVMBuildUDiv(f->b, room, const_i64(g, size), "");
  panic_if(f, LLVMBuildICmp(f->b, LLVMIntUGT, len, most, ""), badlen, NULL, 0);
}

static Value unsafe_slice(Fn *f, Type *t, Value p, Value len) {
  VRef n = rt_ext(f, len);
  unsafe_check(f, p.v[0], n, type_size(under(t)->slice.elem), "panicunsafeslicelen",
               "panicunsafeslicenilptr");
  return value3(t, p.v[0], n, n);
}

static Value unsafe_string(Fn *f, Type *t, Value p, Value len) {
  VRef n = rt_ext(f, len);
  unsafe_check(f, p.v[0], n, 1, "panicunsafestringlen", "panicunsafestringnilptr");
  return value2(t, p.v[0], n);
}

static Value unsafe_add(Fn *f, Value p, Value n) {
  VRef idx = rt_ext(f, n);
  return value_scalar(p.type, LLVMBuildGEP2(f->b, f->g->i8, p.v[0], &idx, 1, ""));
}

// ---- on values

static Values on_values(Fn *f, int id, Type *rt, Value *a, int n, const char *text) {
  switch ((BuiltinId)id) {
  case BUILTIN_LEN:
  case BUILTIN_CAP: return values1(f, length(f, a[0], id == BUILTIN_CAP));
  case BUILTIN_CLEAR:
    if (under(a[0].type)->kind == TYPE_MAP)
      RT_CALL(f, "mapclear", type_desc(f->g, a[0].type), a[0].v[0]);
    else
      clear_slice(f, a[0]);
    return no_values;
  case BUILTIN_CLOSE: RT_CALL(f, "closechan", a[0].v[0]); return no_values;
  case BUILTIN_COMPLEX: return values1(f, value2(rt, a[0].v[0], a[1].v[0]));
  case BUILTIN_REAL: return values1(f, value_scalar(rt, a[0].v[0]));
  case BUILTIN_IMAG: return values1(f, value_scalar(rt, a[0].v[1]));
  case BUILTIN_COPY: return values1(f, copy_slice(f, a[0], a[1]));
  case BUILTIN_DELETE: map_delete(f, a[0], a[1]); return no_values;
  case BUILTIN_MIN:
  case BUILTIN_MAX: {
    Value r = a[0];
    for (int i = 1; i < n; i++)
      r = minmax(f, r, a[i], id == BUILTIN_MAX);
    return values1(f, value_retype(r, rt));
  }
  case BUILTIN_PANIC:
    RT_CALL(f, "gopanic", a[0].v[0], a[0].v[1]);
    fn_unreachable(f);
    return no_values;
  case BUILTIN_PRINT:
  case BUILTIN_PRINTLN: print_call(f, a, n, id == BUILTIN_PRINTLN); return no_values;
  case BUILTIN_RECOVER: return values1(f, recover_call(f));
  case BUILTIN_UNSAFE_ADD: return values1(f, unsafe_add(f, a[0], a[1]));
  case BUILTIN_UNSAFE_SLICE: return values1(f, unsafe_slice(f, rt, a[0], a[1]));
  case BUILTIN_UNSAFE_STRING: return values1(f, unsafe_string(f, rt, a[0], a[1]));
  case BUILTIN_UNSAFE_SLICEDATA:
  case BUILTIN_UNSAFE_STRINGDATA: return values1(f, value_scalar(rt, a[0].v[0]));
  default: ice(f->pos, "builtin %d in %s", id, text);
  }
}

Values builtin_values(Fn *f, int id, Value *args, int nargs, Pos pos) {
  fn_pos(f, pos);
  return on_values(f, id, NULL, args, nargs, "go or defer");
}

// ---- with expressions

// An i64 length or capacity.
static VRef size_arg(Fn *f, Expr *x) {
  bool uns;
  return expr_index(f, x, &uns);
}

static Value make_call(Fn *f, Expr *call, Type *t) {
  ExprList *a = &call->call.args;
  const char *text = expr_string(call);
  VRef n1 = a->n > 1 ? size_arg(f, a->v[1]) : NULL, n2 = a->n > 2 ? size_arg(f, a->v[2]) : n1;
  fn_pos(f, call->pos);
  switch (under(core_type(t))->kind) {
  case TYPE_SLICE: return make_slice(f, t, n1, n2, text);
  case TYPE_MAP: return make_map(f, t, n1, text);
  default: {
    VRef c = RT_CALL(f, "makechan", type_desc(f->g, t), n1 ? n1 : const_i64(f->g, 0));
    if (LLVMIsACallInst(c))
      tag_alloc(f, c, "chan", text, t);
    return value_scalar(t, c);
  }
  }
}

static bool is_tuple(const ExprList *a) { // f(g())
  return a->n == 1 && a->v[0]->type && a->v[0]->type->kind == TYPE_TUPLE;
}

// The arguments as values; `want` gives the type that argument i is converted to, NULL: its own.
static Value *arg_values(Fn *f, Expr *call, int *n, Type *(*want)(void *ctx, int i), void *ctx) {
  ExprList *a = &call->call.args;
  Value *v;
  if (is_tuple(a)) {
    Values vs = expr_multi(f, a->v[0], a->v[0]->type->tuple.vars.n);
    *n = vs.n;
    v = vs.v;
    for (int i = 0; want && i < *n; i++)
      if (want(ctx, i))
        v[i] = implicit(f, v[i], want(ctx, i));
    return v;
  }
  *n = a->n;
  v = NEW_ARRAY(f->arena, Value, a->n + 1);
  for (int i = 0; i < a->n; i++) {
    Type *t = want ? want(ctx, i) : NULL;
    v[i] = t ? expr_to(f, a->v[i], t) : expr(f, a->v[i]);
    if (v[i].mem && !v[i].temp && i + 1 < a->n)
      v[i] = value_pin(f, v[i]);
  }
  return v;
}

static Type *append_want(void *slice, int i) {
  return i == 0 ? NULL : under(slice)->slice.elem;
}

static Value append_call(Fn *f, Expr *call, Type *t) {
  const char *text = "append";
  if (call->call.dots) {
    Expr *last = call->call.args.v[1];
    Value s = expr_to(f, call->call.args.v[0], t);
    if (last->mode == MODE_NIL)
      return s;
    if (is_append_of_make(call) && !hoisted_value(f, unparen(last))) {
      VRef len = size_arg(f, unparen(last)->call.args.v[1]);
      fn_pos(f, call->pos);
      return append_zeros(f, s, len, text);
    }
    Expr *str = elided_string(f, last);
    Value v = expr(f, str ? str : last);
    fn_pos(f, call->pos);
    return append_slice(f, s, v, text);
  }
  int n;
  Value *v = arg_values(f, call, &n, append_want, core_type(t));
  fn_pos(f, call->pos);
  return append_values(f, value_retype(v[0], t), v + 1, n - 1, text);
}

static Type *delete_want(void *m, int i) {
  return i == 1 ? under(m)->map.key : NULL;
}

static Type *same_want(void *t, int i) {
  (void)i;
  return t;
}

// The type that a print argument has: untyped nil and constants are typed by the checker.
Values builtin_call(Fn *f, Expr *call) {
  int id = call->call.builtin, n;
  Type *rt = call->type && call->mode != MODE_NOVALUE ? expr_type(f, call) : NULL;
  ExprList *a = &call->call.args;
  Value *v;
  switch ((BuiltinId)id) {
  case BUILTIN_NEW: {
    Type *t = under(rt)->pointer.elem;
    fn_pos(f, call->pos);
    return values1(
        f, value_scalar(rt, alloc_object(f, t, "new",
                                         atom_printf("new(%s)", type_string(t, f->g->pkg)), "")));
  }
  case BUILTIN_MAKE: return values1(f, make_call(f, call, rt));
  case BUILTIN_APPEND: return values1(f, append_call(f, call, rt));
  case BUILTIN_LEN:
  case BUILTIN_CAP: {
    Type *u = under(expr_type(f, a->v[0]));
    bool array = u->kind == TYPE_ARRAY ||
                 (u->kind == TYPE_POINTER && under(u->pointer.elem)->kind == TYPE_ARRAY);
    Expr *str = elided_string(f, a->v[0]);
    if (str && type_size(u->slice.elem) == 4) {
      Value sv = expr(f, str);
      return values1(f, value_scalar(rt, RT_CALL(f, "countrunes", sv.v[0], sv.v[1])));
    }
    if (array && u->kind == TYPE_ARRAY)
      return values1(f, value_scalar(rt, const_i64(f->g, u->array.len)));
    v = arg_values(f, call, &n, NULL, NULL);
    break;
  }
  case BUILTIN_DELETE:
    if (is_tuple(a)) {
      v = arg_values(f, call, &n, NULL, NULL);
      v[1] = implicit(f, v[1], under(core_type(v[0].type))->map.key);
    } else {
      v = arg_values(f, call, &n, delete_want, core_type(expr_type(f, a->v[0])));
    }
    break;
  case BUILTIN_MIN:
  case BUILTIN_MAX: v = arg_values(f, call, &n, same_want, rt); break;
  case BUILTIN_PANIC: v = arg_values(f, call, &n, same_want, t_emptyiface); break;
  case BUILTIN_UNSAFE_OFFSETOF:
  case BUILTIN_UNSAFE_SIZEOF:
  case BUILTIN_UNSAFE_ALIGNOF: { // not constant: the type depends on type parameters
    Type *t = expr_type(f, a->v[0]);
    int64_t r = id == BUILTIN_UNSAFE_SIZEOF    ? type_size(t)
                : id == BUILTIN_UNSAFE_ALIGNOF ? type_align(t)
                                               : selector_offset(f, unparen(a->v[0]));
    return values1(f, value_scalar(rt, const_i64(f->g, r)));
  }
  default: v = arg_values(f, call, &n, NULL, NULL); break;
  }
  fn_pos(f, call->pos);
  return on_values(f, id, rt, v, n, expr_string(call));
}

// unsafe.Offsetof(x.f): the offset in x's struct, through embedded structs.
int64_t selector_offset(Fn *f, Expr *x) {
  Selection *s = selection_of(f, x);
  Type *t = fn_type(f, s->recv);
  bool p;
  t = deref(t, &p);
  int64_t off = 0;
  for (int i = 0; i < s->npath; i++) {
    Type *u = under(deref(t, &p));
    off = (p && i ? 0 : off) + field_offset(u, s->path[i]);
    t = u->strct.fields.v[s->path[i]]->type;
  }
  return off;
}
