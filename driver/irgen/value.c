// value.c: Go values in SSA or in memory: constants, fields, loads and stores.
#include "driver/irgen/core.h"
#include "driver/irgen/gen.h"

// ---- making

Value value_scalar(Type *t, VRef v) {
  return (Value){.type = t, .n = 1, .v = {v}};
}

Value value2(Type *t, VRef a, VRef b) {
  return (Value){.type = t, .n = 2, .v = {a, b}};
}

Value value3(Type *t, VRef a, VRef b, VRef c) {
  return (Value){.type = t, .n = 3, .v = {a, b, c}};
}

Value value_mem(Type *t, VRef p, bool temp) {
  return (Value){.type = t, .mem = true, .temp = temp, .addr = p};
}

Value value_zero(Fn *f, Type *t) {
  const Flat *fl = flat_of(f->g, t);
  if (fl->mem) {
    VRef p = fn_temp(f, t, "zero");
    store_zero(f, p, t);
    return value_mem(t, p, true);
  }
  Value v = {.type = t, .n = fl->n};
  for (int i = 0; i < fl->n; i++)
    v.v[i] = LLVMConstNull(lltype_scalar(f->g, fl->kind[i]));
  return v;
}

static VRef const_integer(LLVMTypeRef ll, ConstVal *c) {
  int64_t i;
  uint64_t u;
  c = const_to_int(c);
  if (const_int64(c, &i))
    return LLVMConstInt(ll, (unsigned long long)i, true);
  if (const_uint64(c, &u))
    return LLVMConstInt(ll, u, false);
  ice(NOPOS, "integer constant %s", const_str(c));
}

static VRef const_floating(Gen *g, ScalarKind k, ConstVal *c) {
  c = const_to_float(c);
  return k == SC_F32 ? LLVMConstReal(g->f32, (double)const_tofloat(c))
                     : LLVMConstReal(g->f64, const_todouble(c));
}

static VRef const_part(Gen *g, ScalarKind k, ConstVal *c, bool imag) {
  c = const_to_complex(c);
  return const_floating(g, k, imag ? const_imag(c) : const_real(c));
}

Value value_const(Fn *f, ConstVal *c, Type *t) {
  Gen *g = f->g;
  const Flat *fl = flat_of(g, t);
  size_t n;
  const char *s;
  switch (under(t)->kind) {
  case TYPE_STRING:
  case TYPE_UNTYPED_STRING: s = const_stringval(c, &n); return string_const(g, s, n, t);
  case TYPE_BOOL:
  case TYPE_UNTYPED_BOOL: return value_scalar(t, LLVMConstInt(g->i1, const_boolval(c), false));
  case TYPE_FLOAT32:
  case TYPE_FLOAT64:
  case TYPE_UNTYPED_FLOAT: return value_scalar(t, const_floating(g, fl->kind[0], c));
  case TYPE_COMPLEX64:
  case TYPE_COMPLEX128:
  case TYPE_UNTYPED_COMPLEX:
    return value2(t, const_part(g, fl->kind[0], c, false), const_part(g, fl->kind[0], c, true));
  case TYPE_UNSAFEPOINTER:
    return value_scalar(t, LLVMConstIntToPtr(const_integer(g->i64, c), g->ptr));
  case TYPE_INTERFACE: {
    Type *d = const_kind(c) == CONST_STRING  ? t_basic[TYPE_STRING]
              : const_kind(c) == CONST_BOOL  ? t_basic[TYPE_BOOL]
              : const_kind(c) == CONST_FLOAT ? t_basic[TYPE_FLOAT64]
                                             : t_basic[TYPE_INT];
    return implicit(f, value_const(f, c, d), t);
  }
  default: return value_scalar(t, const_integer(lltype_scalar(g, fl->kind[0]), c));
  }
}

Value value_retype(Value v, Type *t) {
  v.type = t;
  return v;
}

bool type_is_mem(Fn *f, Type *t) {
  return flat_of(f->g, t)->mem;
}

// ---- parts

Value value_field(Fn *f, Value v, int i) {
  Type *u = under(v.type);
  Type *ft = u->strct.fields.v[i]->type;
  if (v.mem) {
    Value r = load_value(f, ft, ptr_add(f, v.addr, field_offset(u, i)));
    r.temp = v.temp;
    return r;
  }
  int first = 0;
  for (int k = 0; k < i; k++)
    first += flat_of(f->g, u->strct.fields.v[k]->type)->n;
  Value r = {.type = ft, .n = flat_of(f->g, ft)->n};
  for (int k = 0; k < r.n; k++)
    r.v[k] = v.v[first + k];
  return r;
}

Value value_elem0(Fn *f, Value v) {
  Type *et = under(v.type)->array.elem;
  if (v.mem)
    return load_value(f, et, v.addr);
  return value_retype(v, et);
}

// ---- memory

VRef build_load(Fn *f, LLVMTypeRef t, VRef p, int64_t align) {
  VRef v = LLVMBuildLoad2(f->b, t, p, "");
  LLVMSetAlignment(v, (unsigned)align);
  return v;
}

void build_store(Fn *f, VRef v, VRef p, int64_t align) {
  VRef store = LLVMBuildStore(f->b, v, p);
  LLVMSetAlignment(store, (unsigned)align);
  LLVMSetVolatile(store, f->watched);
}

VRef ptr_add(Fn *f, VRef p, int64_t off) {
  if (off == 0)
    return p;
  VRef i = const_i64(f->g, off);
  return LLVMBuildInBoundsGEP2(f->b, f->g->i8, p, &i, 1, "");
}

VRef elem_addr(Fn *f, VRef p, VRef index, int64_t size) {
  if (LLVMIsAConstantInt(index))
    return ptr_add(f, p, LLVMConstIntGetSExtValue(index) * size);
  LLVMTypeRef t = size == 1 ? f->g->i8 : LLVMArrayType2(f->g->i8, (uint64_t)size);
  return LLVMBuildInBoundsGEP2(f->b, t, p, &index, 1, "");
}

static int64_t scalar_align(Fn *f, ScalarKind k) {
  return (int64_t)LLVMABIAlignmentOfType(f->g->td, lltype_scalar_mem(f->g, k));
}

static VRef load_scalar(Fn *f, ScalarKind k, VRef p) {
  VRef v = build_load(f, lltype_scalar_mem(f->g, k), p, scalar_align(f, k));
  return k == SC_BOOL ? LLVMBuildICmp(f->b, LLVMIntNE, v, LLVMConstNull(f->g->i8), "") : v;
}

static void store_scalar(Fn *f, ScalarKind k, VRef v, VRef p) {
  if (k == SC_BOOL)
    v = LLVMBuildZExt(f->b, v, f->g->i8, "");
  build_store(f, v, p, scalar_align(f, k));
}

Value load_value(Fn *f, Type *t, VRef p) {
  const Flat *fl = flat_of(f->g, t);
  if (fl->mem)
    return value_mem(t, p, false);
  Value v = {.type = t, .n = fl->n};
  for (int i = 0; i < fl->n; i++)
    v.v[i] = load_scalar(f, fl->kind[i], ptr_add(f, p, fl->off[i]));
  return v;
}

void mem_copy(Fn *f, VRef dst, VRef src, int64_t size, int64_t align) {
  if (size == 0 || dst == src)
    return;
  LLVMBuildMemMove(f->b, dst, (unsigned)align, src, (unsigned)align, const_i64(f->g, size));
}

void store_value(Fn *f, VRef p, Value v) {
  const Flat *fl = flat_of(f->g, v.type);
  if (fl->mem) {
    if (!v.mem)
      ice(f->pos, "store of %s: value is not in memory", type_string(v.type, NULL));
    mem_copy(f, p, v.addr, fl->size, fl->align);
    return;
  }
  for (int i = 0; i < fl->n; i++)
    store_scalar(f, fl->kind[i], v.v[i], ptr_add(f, p, fl->off[i]));
}

Value value_pin(Fn *f, Value v) {
  if (!v.mem || v.temp)
    return v;
  VRef p = fn_temp(f, v.type, "copy");
  store_value(f, p, v);
  return value_mem(v.type, p, true);
}

VRef value_addr(Fn *f, Value v) {
  if (v.mem)
    return v.addr;
  VRef p = fn_temp(f, v.type, "tmp");
  store_value(f, p, v);
  return p;
}
