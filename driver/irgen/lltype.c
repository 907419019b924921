// lltype.c: Go types as LLVM types: how values are flattened to scalars, laid out in memory, and
// passed to functions.
//
// flat_of is the one description of a type that signatures, values, captures and layout strings are
// made from. At most four scalars are kept in SSA; arrays of more than one element, and what is
// larger, live in memory and are passed by pointer.
#include "driver/irgen/gen.h"

LLVMTypeRef lltype_scalar(Gen *g, ScalarKind k) {
  switch (k) {
  case SC_BOOL: return g->i1;
  case SC_I8: return g->i8;
  case SC_I16: return g->i16;
  case SC_I32: return g->i32;
  case SC_I64: return g->i64;
  case SC_F32: return g->f32;
  case SC_F64: return g->f64;
  case SC_PTR: return g->ptr;
  }
  ice(NOPOS, "scalar kind %d", (int)k);
}

LLVMTypeRef lltype_scalar_mem(Gen *g, ScalarKind k) {
  return k == SC_BOOL ? g->i8 : lltype_scalar(g, k);
}

static bool add_scalar(Flat *f, ScalarKind k, bool sign, int64_t off, const char *suffix) {
  if (f->n == MAX_SCALARS)
    return false;
  f->kind[f->n] = k;
  f->sign[f->n] = sign;
  f->off[f->n] = off;
  f->suffix[f->n] = suffix;
  f->n++;
  return true;
}

static bool flatten(Flat *f, Type *t, int64_t off, const char *suffix);

static bool flatten_struct(Flat *f, Type *u, int64_t off, const char *suffix) {
  for (int i = 0; i < u->strct.fields.n; i++) {
    Object *fld = u->strct.fields.v[i];
    if (type_size(fld->type) == 0)
      continue;
    const char *s = atom_printf("%s.%s", suffix, fld->name ? fld->name : "_");
    if (!flatten(f, fld->type, off + field_offset(u, i), s))
      return false;
  }
  return true;
}

// Appends the scalars of a t at byte offset off; false when there are too many or t must be in
// memory.
static bool flatten(Flat *f, Type *t, int64_t off, const char *suffix) {
  Type *u = under(t);
  switch (u->kind) {
  case TYPE_BOOL:
  case TYPE_UNTYPED_BOOL: return add_scalar(f, SC_BOOL, false, off, suffix);
  case TYPE_INT8: return add_scalar(f, SC_I8, true, off, suffix);
  case TYPE_UINT8: return add_scalar(f, SC_I8, false, off, suffix);
  case TYPE_INT16: return add_scalar(f, SC_I16, true, off, suffix);
  case TYPE_UINT16: return add_scalar(f, SC_I16, false, off, suffix);
  case TYPE_INT32:
  case TYPE_UNTYPED_RUNE: return add_scalar(f, SC_I32, true, off, suffix);
  case TYPE_UINT32: return add_scalar(f, SC_I32, false, off, suffix);
  case TYPE_INT:
  case TYPE_INT64:
  case TYPE_UNTYPED_INT: return add_scalar(f, SC_I64, true, off, suffix);
  case TYPE_UINT:
  case TYPE_UINT64:
  case TYPE_UINTPTR: return add_scalar(f, SC_I64, false, off, suffix);
  case TYPE_FLOAT32: return add_scalar(f, SC_F32, true, off, suffix);
  case TYPE_FLOAT64:
  case TYPE_UNTYPED_FLOAT: return add_scalar(f, SC_F64, true, off, suffix);
  case TYPE_COMPLEX64:
    return add_scalar(f, SC_F32, true, off, atom_printf("%s.real", suffix)) &&
           add_scalar(f, SC_F32, true, off + 4, atom_printf("%s.imag", suffix));
  case TYPE_COMPLEX128:
  case TYPE_UNTYPED_COMPLEX:
    return add_scalar(f, SC_F64, true, off, atom_printf("%s.real", suffix)) &&
           add_scalar(f, SC_F64, true, off + 8, atom_printf("%s.imag", suffix));
  case TYPE_STRING:
  case TYPE_UNTYPED_STRING:
    return add_scalar(f, SC_PTR, false, off, atom_printf("%s.ptr", suffix)) &&
           add_scalar(f, SC_I64, true, off + 8, atom_printf("%s.len", suffix));
  case TYPE_SLICE:
    return add_scalar(f, SC_PTR, false, off, atom_printf("%s.ptr", suffix)) &&
           add_scalar(f, SC_I64, true, off + 8, atom_printf("%s.len", suffix)) &&
           add_scalar(f, SC_I64, true, off + 16, atom_printf("%s.cap", suffix));
  case TYPE_INTERFACE:
    return add_scalar(f, SC_PTR, false, off,
                      atom_printf("%s.%s", suffix, type_set(u)->methods.n ? "tab" : "type")) &&
           add_scalar(f, SC_PTR, false, off + 8, atom_printf("%s.data", suffix));
  case TYPE_UNSAFEPOINTER:
  case TYPE_POINTER:
  case TYPE_MAP:
  case TYPE_CHAN:
  case TYPE_FUNC:
  case TYPE_UNTYPED_NIL: return add_scalar(f, SC_PTR, false, off, suffix);
  case TYPE_ARRAY:
    if (u->array.len == 0 || type_size(u->array.elem) == 0)
      return true;
    return u->array.len == 1 && flatten(f, u->array.elem, off, suffix);
  case TYPE_STRUCT: return flatten_struct(f, u, off, suffix);
  default: ice(NOPOS, "no flat form of type %s", type_string(t, NULL));
  }
}

const Flat *flat_of(Gen *g, Type *t) {
  Flat *f = ptrmap_get(g->flats, t);
  if (f)
    return f;
  f = NEW(g->arena, Flat);
  f->type = t;
  f->size = type_size(t);
  f->align = type_align(t);
  if (!flatten(f, t, 0, "")) {
    f->mem = true;
    f->n = 0;
  }
  ptrmap_set(g->flats, t, f);
  return f;
}

// ---- layout in memory

static LLVMTypeRef struct_mem(Gen *g, Type *u) {
  int n = u->strct.fields.n;
  LLVMTypeRef *elems = NEW_ARRAY(g->arena, LLVMTypeRef, n + 1);
  int64_t end = 0;
  for (int i = 0; i < n; i++) {
    elems[i] = lltype_mem(g, u->strct.fields.v[i]->type);
    end = field_offset(u, i) + type_size(u->strct.fields.v[i]->type);
  }
  // A final field of size zero is followed by a byte, so that its address stays inside.
  if (n > 0 && end > 0 && type_size(u->strct.fields.v[n - 1]->type) == 0)
    elems[n++] = g->i8;
  return LLVMStructTypeInContext(g->ctx, elems, (unsigned)n, false);
}

// Memory of the right size and alignment where LLVM's struct would be laid out differently.
static LLVMTypeRef opaque_mem(Gen *g, Type *t) {
  int64_t align = type_align(t);
  LLVMTypeRef unit = align == 8 ? g->i64 : align == 4 ? g->i32 : align == 2 ? g->i16 : g->i8;
  return LLVMArrayType2(unit, (uint64_t)(type_size(t) / align));
}

static LLVMTypeRef make_mem(Gen *g, Type *t) {
  Type *u = under(t);
  switch (u->kind) {
  case TYPE_ARRAY: return LLVMArrayType2(lltype_mem(g, u->array.elem), (uint64_t)u->array.len);
  case TYPE_STRUCT: return struct_mem(g, u);
  default: {
    const Flat *f = flat_of(g, t);
    LLVMTypeRef elems[MAX_SCALARS];
    for (int i = 0; i < f->n; i++)
      elems[i] = lltype_scalar_mem(g, f->kind[i]);
    return f->n == 1 ? elems[0] : LLVMStructTypeInContext(g->ctx, elems, (unsigned)f->n, false);
  }
  }
}

LLVMTypeRef lltype_mem(Gen *g, Type *t) {
  LLVMTypeRef ll = ptrmap_get(g->memtypes, t);
  if (ll)
    return ll;
  ll = make_mem(g, t);
  if ((int64_t)LLVMABISizeOfType(g->td, ll) != type_size(t))
    ll = opaque_mem(g, t);
  ptrmap_set(g->memtypes, t, ll);
  return ll;
}

// ---- signatures

static void sig_params(Gen *g, Sig *s, Type *ft, Type *recv, LLVMTypeRef *ll, int *nll) {
  ObjectList *ps = &ft->func.params;
  s->nparams = ps->n + (recv ? 1 : 0);
  s->params = NEW_ARRAY(g->arena, Type *, s->nparams + 1);
  s->first = NEW_ARRAY(g->arena, int, s->nparams + 1);
  int k = 0;
  if (recv)
    s->params[k++] = recv;
  for (int i = 0; i < ps->n; i++)
    s->params[k++] = ps->v[i]->type;
  for (int i = 0; i < s->nparams; i++) {
    const Flat *f = flat_of(g, s->params[i]);
    s->first[i] = *nll;
    if (f->mem)
      ll[(*nll)++] = g->ptr;
    for (int j = 0; j < f->n; j++)
      ll[(*nll)++] = lltype_scalar(g, f->kind[j]);
  }
  s->first[s->nparams] = *nll;
}

// Results in registers: up to three integer or pointer words and two floats. Otherwise an out area,
// the results of Go's ABI0 frame.
static LLVMTypeRef sig_results(Gen *g, Sig *s, Type *ft) {
  ObjectList *rs = &ft->func.results;
  s->nresults = rs->n;
  s->results = NEW_ARRAY(g->arena, Type *, rs->n + 1);
  s->outoff = NEW_ARRAY(g->arena, int64_t, rs->n + 1);
  s->outalign = 8;
  int ints = 0, floats = 0;
  LLVMTypeRef ll[8];
  for (int i = 0; i < rs->n; i++) {
    Type *t = s->results[i] = rs->v[i]->type;
    const Flat *f = flat_of(g, t);
    s->outsize = (s->outsize + f->align - 1) / f->align * f->align;
    s->outoff[i] = s->outsize;
    s->outsize += f->size;
    s->out |= f->mem;
    for (int j = 0; j < f->n; j++) {
      bool fl = f->kind[j] == SC_F32 || f->kind[j] == SC_F64;
      ints += !fl;
      floats += fl;
      if (ints > 3 || floats > 2)
        s->out = true;
      if (!s->out)
        ll[s->nretscalars++] = lltype_scalar(g, f->kind[j]);
    }
  }
  s->outsize = (s->outsize + 7) / 8 * 8;
  if (s->out || s->nretscalars == 0)
    return g->voidt;
  return s->nretscalars == 1 ? ll[0]
                             : LLVMStructTypeInContext(g->ctx, ll, (unsigned)s->nretscalars, false);
}

Sig *sig_of(Gen *g, Type *ft, Type *recv) {
  ft = under(ft);
  Sig *s = recv ? NULL : ptrmap_get(g->sigs, ft);
  if (s)
    return s;
  s = NEW(g->arena, Sig);
  s->type = ft;
  s->recv = recv;
  LLVMTypeRef ret = sig_results(g, s, ft);
  LLVMTypeRef *ll = NEW_ARRAY(g->arena, LLVMTypeRef, 2 + MAX_SCALARS * (ft->func.params.n + 1));
  int n = 0;
  ll[n++] = g->ptr;
  if (s->out)
    ll[n++] = g->ptr;
  sig_params(g, s, ft, recv, ll, &n);
  s->nllparams = n;
  s->fnty = LLVMFunctionType(ret, ll, (unsigned)n, false);
  if (!recv)
    ptrmap_set(g->sigs, ft, s);
  return s;
}

// ---- closure objects

Type *closure_type(Gen *g, Type **captures, int n) {
  (void)g;
  Type *t = type_new(TYPE_STRUCT);
  for (int i = 0; i <= n; i++) {
    Object *o = NEW(types_arena, Object);
    o->kind = OBJ_VAR;
    o->name = i == 0 ? atom("F·") : atom_printf("X%d", i - 1);
    o->type = i == 0 ? t_basic[TYPE_UINTPTR] : captures[i - 1];
    o->state = OBJ_BLACK;
    o->var.is_field = true;
    o->var.fieldindex = i;
    vec_push(types_arena, &t->strct.fields, o);
  }
  t->strct.tags = NEW_ARRAY(types_arena, const char *, n + 1);
  t->strct.taglens = NEW_ARRAY(types_arena, size_t, n + 1);
  return t;
}
