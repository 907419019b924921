// alg.c: equality and hashing of each type, as code: type:.eq.T and type:.hash.T, which descriptors
// and maps point to, and comparisons in place.
//
// A struct is compared in source order, and comparison stops at the first difference (an interface
// behind it may hold what panics); between fields that may panic the cheap comparisons come first:
// adjacent plain memory together, lengths of strings, then contents, as in gc. An array of strings
// is walked twice, lengths first.
#include "driver/irgen/gen.h"

// ---- classes

static bool struct_regular(Type *u) {
  int64_t end = 0;
  for (int i = 0; i < u->strct.fields.n; i++) {
    Object *f = u->strct.fields.v[i];
    if (f->name[0] == '_' && !f->name[1])
      return false;
    if (field_offset(u, i) != end || !type_is_regular_memory(f->type))
      return false;
    end += type_size(f->type);
  }
  return end == type_size(u);
}

bool type_is_regular_memory(Type *t) {
  Type *u = under(t);
  switch (u->kind) {
  case TYPE_BOOL:
  case TYPE_POINTER:
  case TYPE_CHAN:
  case TYPE_UNSAFEPOINTER: return true;
  case TYPE_ARRAY: return u->array.len == 0 || type_is_regular_memory(u->array.elem);
  case TYPE_STRUCT: return struct_regular(u);
  default: return u->kind >= TYPE_INT && u->kind <= TYPE_UINTPTR;
  }
}

static bool is_blank(Object *f) {
  return f->name[0] == '_' && !f->name[1];
}

bool iface_is_empty(Type *t) {
  return type_set(under(t))->methods.n == 0;
}

// ---- Go func types that the compiler needs

static Object *param(Type *t) {
  Object *o = NEW(types_arena, Object);
  o->kind = OBJ_VAR;
  o->name = atom("");
  o->type = t;
  o->state = OBJ_BLACK;
  o->var.is_param = true;
  return o;
}

Type *func_type(Type **params, int np, Type **results, int nr) {
  Type *t = type_new(TYPE_FUNC);
  for (int i = 0; i < np; i++)
    vec_push(types_arena, &t->func.params, param(params[i]));
  for (int i = 0; i < nr; i++)
    vec_push(types_arena, &t->func.results, param(results[i]));
  return t;
}

Type *func0_type(void) {
  static Type *t; // func()
  if (!t)
    t = func_type(NULL, 0, NULL, 0);
  return t;
}

// ---- equality

static VRef load_int(Fn *f, VRef p, int64_t off, int64_t size) {
  VRef v = LLVMBuildLoad2(f->b, LLVMIntTypeInContext(f->g->ctx, (unsigned)size * 8),
                          ptr_add(f, p, off), "");
  LLVMSetAlignment(v, 1);
  return v;
}

// Goes on if cond holds, to fail otherwise.
static void require(Fn *f, VRef c, BRef fail) {
  BRef next = block_new(f, "eq");
  block_cond(f, c, next, fail);
  block_start(f, next);
}

enum { MAX_INLINE_COMPARE = 32 }; // bytes compared by loads

static void eq_bytes(Fn *f, VRef p, VRef q, int64_t off, int64_t size, BRef fail) {
  Gen *g = f->g;
  if (size > MAX_INLINE_COMPARE) {
    VRef r = RT_CALL(f, "memequal", ptr_add(f, p, off), ptr_add(f, q, off), const_i64(g, size));
    require(f, rt_bool(f, r), fail);
    return;
  }
  while (size > 0) {
    int64_t n = size >= 8 ? 8 : size >= 4 ? 4 : size >= 2 ? 2 : 1;
    require(f, LLVMBuildICmp(f->b, LLVMIntEQ, load_int(f, p, off, n), load_int(f, q, off, n), ""),
            fail);
    off += n, size -= n;
  }
}

static void eq_string_len(Fn *f, Value x, Value y, BRef fail) {
  require(f, LLVMBuildICmp(f->b, LLVMIntEQ, x.v[1], y.v[1], ""), fail);
}

static void eq_string_bytes(Fn *f, Value x, Value y, BRef fail) {
  require(f, rt_bool(f, RT_CALL(f, "memequal", x.v[0], y.v[0], x.v[1])), fail);
}

// Both are nil, or hold the same type. The runtime makes itabs that the compiler has made too, so
// different ones may mean the same.
static void eq_iface_tab(Fn *f, Value x, Value y, BRef fail) {
  Gen *g = f->g;
  VRef same = LLVMBuildICmp(f->b, LLVMIntEQ, x.v[0], y.v[0], "");
  if (iface_is_empty(x.type)) {
    require(f, same, fail);
    return;
  }
  BRef other = block_new(f, "eq.itabs"), done = block_new(f, "eq.types");
  block_cond(f, same, done, other);
  block_start(f, other);
  VRef types[2], tabs[] = {x.v[0], y.v[0]};
  for (int i = 0; i < 2; i++)
    require(f, LLVMBuildICmp(f->b, LLVMIntNE, tabs[i], const_null(g), ""), fail);
  for (int i = 0; i < 2; i++) {
    types[i] = LLVMBuildLoad2(f->b, g->ptr, ptr_add(f, tabs[i], 8), "");
    set_invariant(f, types[i]);
  }
  require(f, LLVMBuildICmp(f->b, LLVMIntEQ, types[0], types[1], ""), fail);
  block_start(f, done);
}

// The data words of interfaces with equal first words.
static void eq_iface_data(Fn *f, Value x, Value y, BRef fail) {
  BRef call = block_new(f, "eq.data"), done = block_new(f, "eq.done");
  block_cond(f, LLVMBuildICmp(f->b, LLVMIntEQ, x.v[0], const_null(f->g), ""), done, call);
  block_start(f, call);
  VRef r = RT_CALL(f, iface_is_empty(x.type) ? "efaceeq" : "ifaceeq", x.v[0], x.v[1], y.v[1]);
  block_cond(f, rt_bool(f, r), done, fail);
  block_start(f, done);
}

static VRef eq_scalar(Fn *f, VRef x, VRef y) {
  LLVMTypeKind k = LLVMGetTypeKind(LLVMTypeOf(x));
  if (k == LLVMFloatTypeKind || k == LLVMDoubleTypeKind)
    return LLVMBuildFCmp(f->b, LLVMRealOEQ, x, y, "");
  return LLVMBuildICmp(f->b, LLVMIntEQ, x, y, "");
}

// Two structs: in memory or in scalars.
typedef struct Operands {
  bool mem;
  VRef p, q;
  Value x, y;
} Operands;

static void eq_mem(Fn *f, Type *t, VRef p, VRef q, BRef fail);
static void eq_struct(Fn *f, Type *u, const Operands *o, BRef fail);

// Structs held in scalars and everything of one or two words.
static void eq_value(Fn *f, Value x, Value y, BRef fail) {
  Type *u = under(x.type);
  if (u->kind == TYPE_STRUCT && !x.mem && !y.mem) {
    eq_struct(f, u, &(Operands){.x = x, .y = y}, fail);
  } else if (x.mem || y.mem) {
    eq_mem(f, x.type, value_addr(f, x), value_addr(f, y), fail);
  } else if (u->kind == TYPE_ARRAY) {
    if (u->array.len > 0)
      eq_value(f, value_elem0(f, x), value_elem0(f, y), fail);
  } else if (u->kind == TYPE_STRING) {
    eq_string_len(f, x, y, fail);
    eq_string_bytes(f, x, y, fail);
  } else if (u->kind == TYPE_INTERFACE) {
    eq_iface_tab(f, x, y, fail);
    eq_iface_data(f, x, y, fail);
  } else {
    for (int i = 0; i < x.n; i++)
      require(f, eq_scalar(f, x.v[i], y.v[i]), fail);
  }
}

static Operands field_operands(Fn *f, Type *u, const Operands *o, int i) {
  Operands r = {.mem = o->mem};
  if (o->mem) {
    r.p = ptr_add(f, o->p, field_offset(u, i));
    r.q = ptr_add(f, o->q, field_offset(u, i));
  } else {
    r.x = value_field(f, o->x, i);
    r.y = value_field(f, o->y, i);
  }
  return r;
}

static void eq_field(Fn *f, Type *u, const Operands *o, int i, BRef fail) {
  Operands r = field_operands(f, u, o, i);
  if (r.mem)
    eq_mem(f, u->strct.fields.v[i]->type, r.p, r.q, fail);
  else
    eq_value(f, r.x, r.y, fail);
}

// The strings of field i: their lengths, or their contents.
static void eq_string_field(Fn *f, Type *u, const Operands *o, int i, bool contents, BRef fail) {
  Operands r = field_operands(f, u, o, i);
  if (r.mem) {
    r.x = load_value(f, u->strct.fields.v[i]->type, r.p);
    r.y = load_value(f, u->strct.fields.v[i]->type, r.q);
  }
  (contents ? eq_string_bytes : eq_string_len)(f, r.x, r.y, fail);
}

static bool is_float_kind(Type *t) {
  TypeKind k = under(t)->kind;
  return k >= TYPE_FLOAT32 && k <= TYPE_COMPLEX128;
}

// Where the run of adjacent plain memory that starts with field i ends; *end: its last byte + 1.
static int memory_run(Type *u, int i, int hi, int64_t *end) {
  *end = field_offset(u, i);
  for (; i < hi && field_offset(u, i) == *end; i++) {
    Object *fld = u->strct.fields.v[i];
    if (is_blank(fld) || !type_is_regular_memory(fld->type))
      break;
    *end += type_size(fld->type);
  }
  return i;
}

static void eq_cheap(Fn *f, Type *u, const Operands *o, int lo, int hi, BRef fail) {
  while (lo < hi) {
    Object *fld = u->strct.fields.v[lo];
    if (!is_blank(fld) && o->mem && type_is_regular_memory(fld->type)) {
      int64_t end, off = field_offset(u, lo);
      int next = memory_run(u, lo, hi, &end);
      eq_bytes(f, o->p, o->q, off, end - off, fail);
      lo = next;
      continue;
    }
    if (!is_blank(fld) && under(fld->type)->kind == TYPE_STRING)
      eq_string_field(f, u, o, lo, false, fail);
    else if (!is_blank(fld) && (type_is_regular_memory(fld->type) || is_float_kind(fld->type)))
      eq_field(f, u, o, lo, fail);
    lo++;
  }
}

static void eq_costly(Fn *f, Type *u, const Operands *o, int lo, int hi, BRef fail) {
  for (int i = lo; i < hi; i++) {
    Object *fld = u->strct.fields.v[i];
    if (is_blank(fld) || type_is_regular_memory(fld->type) || is_float_kind(fld->type))
      continue;
    if (under(fld->type)->kind == TYPE_STRING)
      eq_string_field(f, u, o, i, true, fail);
    else
      eq_field(f, u, o, i, fail);
  }
}

static bool eq_may_panic(Type *t) {
  Type *u = under(t);
  if (u->kind == TYPE_ARRAY)
    return eq_may_panic(u->array.elem);
  if (u->kind == TYPE_STRUCT)
    for (int i = 0; i < u->strct.fields.n; i++)
      if (eq_may_panic(u->strct.fields.v[i]->type))
        return true;
  return u->kind == TYPE_INTERFACE;
}

static void eq_struct(Fn *f, Type *u, const Operands *o, BRef fail) {
  int lo = 0, n = u->strct.fields.n;
  for (int i = 0; i <= n; i++) {
    if (i < n && (is_blank(u->strct.fields.v[i]) || !eq_may_panic(u->strct.fields.v[i]->type)))
      continue;
    eq_cheap(f, u, o, lo, i, fail);
    eq_costly(f, u, o, lo, i, fail);
    if (i < n)
      eq_field(f, u, o, i, fail);
    lo = i + 1;
  }
}

typedef void (*ElemFn)(Fn *f, Type *elem, VRef p, VRef q, void *arg);

// Calls each for the address of every element of both arrays, in a loop (q may be NULL).
static void each_elem(Fn *f, Type *u, VRef p, VRef q, ElemFn each, void *arg) {
  Gen *g = f->g;
  int64_t size = type_size(u->array.elem);
  VRef slot = fn_alloca(f, g->i64, 8, "i");
  LLVMBuildStore(f->b, const_i64(g, 0), slot);
  BRef head = block_new(f, "each"), body = block_new(f, "each.body"),
       done = block_new(f, "each.done");
  block_start(f, head);
  VRef i = LLVMBuildLoad2(f->b, g->i64, slot, "");
  block_cond(f, LLVMBuildICmp(f->b, LLVMIntULT, i, const_i64(g, u->array.len), ""), body, done);
  block_start(f, body);
  each(f, u->array.elem, elem_addr(f, p, i, size), q ? elem_addr(f, q, i, size) : NULL, arg);
  LLVMBuildStore(f->b, LLVMBuildAdd(f->b, i, const_i64(g, 1), ""), slot);
  block_br(f, head);
  block_start(f, done);
}

static void elem_whole(Fn *f, Type *elem, VRef p, VRef q, void *arg) {
  eq_mem(f, elem, p, q, arg);
}

static void elem_length(Fn *f, Type *elem, VRef p, VRef q, void *arg) {
  Value x = load_value(f, elem, p), y = load_value(f, elem, q);
  eq_string_len(f, x, y, arg);
}

static void elem_contents(Fn *f, Type *elem, VRef p, VRef q, void *arg) {
  Value x = load_value(f, elem, p), y = load_value(f, elem, q);
  eq_string_bytes(f, x, y, arg);
}

static void eq_array(Fn *f, Type *u, VRef p, VRef q, BRef fail) {
  TypeKind k = under(u->array.elem)->kind;
  if (u->array.len == 1) {
    eq_mem(f, u->array.elem, p, q, fail);
  } else if (k == TYPE_STRING) {
    each_elem(f, u, p, q, elem_length, fail);
    each_elem(f, u, p, q, elem_contents, fail);
  } else if (u->array.len > 0) {
    each_elem(f, u, p, q, elem_whole, fail);
  }
}

static void eq_mem(Fn *f, Type *t, VRef p, VRef q, BRef fail) {
  Type *u = under(t);
  if (type_is_regular_memory(t))
    eq_bytes(f, p, q, 0, type_size(t), fail);
  else if (u->kind == TYPE_STRUCT)
    eq_struct(f, u, &(Operands){.mem = true, .p = p, .q = q}, fail);
  else if (u->kind == TYPE_ARRAY)
    eq_array(f, u, p, q, fail);
  else
    eq_value(f, load_value(f, t, p), load_value(f, t, q), fail);
}

// The i1 that says whether control came here by falling through or by the branches to fail.
static VRef eq_result(Fn *f, BRef fail) {
  Gen *g = f->g;
  if (!LLVMGetFirstUse(LLVMBasicBlockAsValue(fail))) { // nothing was compared
    return LLVMConstInt(g->i1, 1, 0);
  }
  BRef yes = block_new(f, "eq.yes"), done = block_new(f, "eq.end");
  block_start(f, yes);
  block_br(f, done);
  block_start(f, fail);
  block_br(f, done);
  block_start(f, done);
  VRef phi = LLVMBuildPhi(f->b, g->i1, "eq");
  VRef vals[] = {LLVMConstInt(g->i1, 1, 0), LLVMConstInt(g->i1, 0, 0)};
  BRef from[] = {yes, fail};
  LLVMAddIncoming(phi, vals, from, 2);
  return phi;
}

// Whether comparing t in place is a few instructions.
static bool eq_is_small(Type *t) {
  Type *u = under(t);
  if (type_is_regular_memory(t))
    return true;
  return u->kind != TYPE_ARRAY && (u->kind != TYPE_STRUCT || u->strct.fields.n <= 4);
}

VRef mem_equal(Fn *f, Type *t, VRef p, VRef q) {
  if (!eq_is_small(t)) {
    VRef code = type_eq_code(f->g, t);
    Type *params[] = {t_basic[TYPE_UNSAFEPOINTER], t_basic[TYPE_UNSAFEPOINTER]};
    Value args[] = {value_scalar(params[0], p), value_scalar(params[1], q)};
    return call_func(f, code, eq_sig(f->g), args).v[0].v[0];
  }
  BRef fail = block_new(f, "eq.no");
  eq_mem(f, t, p, q, fail);
  return eq_result(f, fail);
}

// x == y of one type.
VRef same_type_equal(Fn *f, Value x, Value y) {
  if (x.mem || y.mem)
    return mem_equal(f, x.type, value_addr(f, x), value_addr(f, y));
  if (x.n == 0)
    return LLVMConstInt(f->g->i1, 1, 0);
  if (x.n == 1)
    return eq_scalar(f, x.v[0], y.v[0]);
  BRef fail = block_new(f, "eq.no");
  eq_value(f, x, y, fail);
  return eq_result(f, fail);
}

// ---- functions

Sig *eq_sig(Gen *g) {
  static Type *t;
  if (!t) {
    Type *p = t_basic[TYPE_UNSAFEPOINTER];
    t = func_type((Type *[]){p, p}, 2, (Type *[]){t_basic[TYPE_BOOL]}, 1);
  }
  return sig_of(g, t, NULL);
}

static Sig *hash_sig(Gen *g) {
  static Type *t;
  if (!t)
    t = func_type((Type *[]){t_basic[TYPE_UNSAFEPOINTER], t_basic[TYPE_UINTPTR]}, 2,
                  (Type *[]){t_basic[TYPE_UINTPTR]}, 1);
  return sig_of(g, t, NULL);
}

// Functions are queued: making one may be asked for in the middle of another.
static VRef alg_func(Gen *g, const char *sym, Sig *sig, Type *t, void (*make)(Gen *, void *)) {
  VRef fn = map_get(g->syms, sym);
  if (fn)
    return fn;
  fn = fn_declare(g, sym, sig, FN_LINKONCE);
  map_set(g->syms, sym, fn);
  Work *w = NEW(g->arena, Work);
  *w = (Work){.kind = WORK_CALLBACK, .fn = fn, .symbol = sym, .make = make, .arg = t};
  work_add(g, w);
  return fn;
}

static const char *alg_symbol(Type *t, const char *what) {
  if (type_is_regular_memory(t))
    return atom_printf("type:.%smem%lld", what, (long long)type_size(t));
  return sym_escape(atom_printf("type:.%s.%s", what, type_linkstring(t)));
}

static void make_eq(Gen *g, void *type) {
  Type *t = type;
  const char *sym = alg_symbol(t, "eq");
  Value *params;
  Fn *f = fn_begin_in(g, type_eq_code(g, t), sym, sym, eq_sig(g), FN_LINKONCE, NOPOS, &params);
  BRef fail = block_new(f, "eq.no");
  eq_mem(f, t, params[0].v[0], params[1].v[0], fail);
  Value r = value_scalar(t_basic[TYPE_BOOL], eq_result(f, fail));
  fn_return(f, &r, 1);
  fn_finish(f);
}

VRef type_eq_code(Gen *g, Type *t) {
  return alg_func(g, alg_symbol(t, "eq"), eq_sig(g), t, make_eq);
}

bool type_is_closure(Type *t) {
  return t->kind == TYPE_STRUCT && t->strct.fields.n && t->strct.fields.v[0]->name == atom("F·");
}

VRef type_eq_func(Gen *g, Type *t) {
  if (!type_comparable(t, true, NULL) || type_is_closure(t))
    return const_null(g);
  return funcval_const(g, type_eq_code(g, t));
}

static void hash_mem(Fn *f, Type *t, VRef p, VRef h);

static void hash_elem(Fn *f, Type *elem, VRef p, VRef q, void *h) {
  (void)q;
  hash_mem(f, elem, p, h);
}

static void hash_bytes(Fn *f, VRef p, int64_t size, VRef h) {
  if (size == 0)
    return;
  VRef seed = LLVMBuildLoad2(f->b, f->g->i64, h, "");
  LLVMBuildStore(f->b, RT_CALL(f, "memhash", p, seed, const_i64(f->g, size)), h);
}

static void hash_struct(Fn *f, Type *u, VRef p, VRef h) {
  for (int i = 0; i < u->strct.fields.n;) {
    Object *fld = u->strct.fields.v[i];
    int64_t off = field_offset(u, i), end;
    if (is_blank(fld)) {
      i++;
    } else if (type_is_regular_memory(fld->type)) {
      i = memory_run(u, i, u->strct.fields.n, &end);
      hash_bytes(f, ptr_add(f, p, off), end - off, h);
    } else {
      hash_mem(f, fld->type, ptr_add(f, p, off), h);
      i++;
    }
  }
}

// *h = hash of the value at p, seeded with *h.
static void hash_mem(Fn *f, Type *t, VRef p, VRef h) {
  Type *u = under(t);
  const char *fn = NULL;
  if (type_is_regular_memory(t)) {
    hash_bytes(f, p, type_size(t), h);
    return;
  }
  switch (u->kind) {
  case TYPE_STRING: fn = "strhash"; break;
  case TYPE_FLOAT32: fn = "f32hash"; break;
  case TYPE_FLOAT64: fn = "f64hash"; break;
  case TYPE_COMPLEX64: fn = "c64hash"; break;
  case TYPE_COMPLEX128: fn = "c128hash"; break;
  case TYPE_INTERFACE: fn = iface_is_empty(t) ? "nilinterhash" : "interhash"; break;
  case TYPE_STRUCT: hash_struct(f, u, p, h); return;
  case TYPE_ARRAY: each_elem(f, u, p, NULL, hash_elem, h); return;
  default: ice(f->pos, "no hash for %s", type_string(t, NULL));
  }
  VRef seed = LLVMBuildLoad2(f->b, f->g->i64, h, "");
  LLVMBuildStore(f->b, RT_CALL(f, fn, p, seed), h);
}

static VRef hash_code(Gen *g, Type *t);

static void make_hash(Gen *g, void *type) {
  Type *t = type;
  const char *sym = alg_symbol(t, "hash");
  Value *params;
  Fn *f = fn_begin_in(g, hash_code(g, t), sym, sym, hash_sig(g), FN_LINKONCE, NOPOS, &params);
  VRef h = fn_alloca(f, g->i64, 8, "h");
  LLVMBuildStore(f->b, params[1].v[0], h);
  hash_mem(f, t, params[0].v[0], h);
  Value r = value_scalar(t_basic[TYPE_UINTPTR], LLVMBuildLoad2(f->b, g->i64, h, ""));
  fn_return(f, &r, 1);
  fn_finish(f);
}

static VRef hash_code(Gen *g, Type *t) {
  return alg_func(g, alg_symbol(t, "hash"), hash_sig(g), t, make_hash);
}

VRef type_hash_func(Gen *g, Type *t) {
  return funcval_const(g, hash_code(g, t));
}
