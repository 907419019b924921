// rtcall.c: declares the functions of the runtime from runtime/runtime.def, with their attributes,
// and calls them.
#include "driver/irgen/core.h"
#include "driver/irgen/gen.h"
#include <string.h>

enum { LEAF, GSTACK, SYS, BLOCK };
enum { ALLOC = 1, NORET = 2, READ = 4, PURE = 8, TWICE = 16 };

typedef struct RtFunc {
  const char *cname, *symbol;
  int kind;
  const char *ret, *params;
  int attrs;
  const char *leaks;
} RtFunc;

static const RtFunc rt_table[] = {
#define RT(cname, symbol, kind, ret, params, attrs, leaks)                                         \
  {#cname, symbol, kind, ret, params, attrs, leaks},
#include "runtime/runtime.def"
#undef RT
};

static const RtFunc *find(const char *cname) {
  for (size_t i = 0; i < LEN(rt_table); i++)
    if (strcmp(rt_table[i].cname, cname) == 0)
      return &rt_table[i];
  ice(NOPOS, "runtime.def has no %s", cname);
}

static LLVMTypeRef letter_type(Gen *g, char c) {
  switch (c) {
  case 'p': return g->ptr;
  case 'i': return g->i64;
  case 'w': return g->i32;
  case 'd': return g->f64;
  default: ice(NOPOS, "runtime.def: letter %c", c);
  }
}

static LLVMTypeRef rt_type(Gen *g, const RtFunc *r) {
  LLVMTypeRef params[24], rets[2], ret;
  size_t np = strlen(r->params), nr = strlen(r->ret);
  for (size_t i = 0; i < np; i++)
    params[i] = letter_type(g, r->params[i]);
  for (size_t i = 0; i < nr; i++)
    rets[i] = letter_type(g, r->ret[i]);
  ret = nr == 0 ? g->voidt : nr == 1 ? rets[0] : LLVMStructTypeInContext(g->ctx, rets, 2, false);
  return LLVMFunctionType(ret, params, (unsigned)np, false);
}

static void add_attr(Gen *g, VRef fn, LLVMAttributeIndex at, const char *name, uint64_t val) {
  unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));
  LLVMAddAttributeAtIndex(fn, at, LLVMCreateEnumAttribute(g->ctx, kind, val));
}

static void add_string_attr(Gen *g, VRef fn, const char *name, const char *val) {
  LLVMAddAttributeAtIndex(
      fn, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
      LLVMCreateStringAttribute(g->ctx, name, (unsigned)strlen(name), val, (unsigned)strlen(val)));
}

// memory(…): two bits each for argument, inaccessible and other memory.
enum { MEM_NONE = 0, MEM_READ = 1 | 1 << 2 | 1 << 4, MEM_INACCESSIBLE = 3 << 2 };

static void rt_attributes(Gen *g, VRef fn, const RtFunc *r) {
  const LLVMAttributeIndex at = (LLVMAttributeIndex)LLVMAttributeFunctionIndex;
  add_attr(g, fn, at, "nounwind", 0);
  if (r->attrs & ALLOC) {
    add_attr(g, fn, LLVMAttributeReturnIndex, "noalias", 0);
    add_attr(g, fn, LLVMAttributeReturnIndex, "nonnull", 0);
    add_attr(g, fn, at, "allockind", 1 | 16); // alloc, zeroed
    add_attr(g, fn, at, "memory", MEM_INACCESSIBLE);
    add_string_attr(g, fn, "alloc-family", "goc");
  }
  if (r->attrs & NORET) {
    add_attr(g, fn, at, "noreturn", 0);
    add_attr(g, fn, at, "cold", 0);
  }
  if (r->attrs & (READ | PURE)) {
    add_attr(g, fn, at, "memory", r->attrs & PURE ? MEM_NONE : MEM_READ);
    add_attr(g, fn, at, "willreturn", 0);
  }
  if (r->attrs & TWICE)
    add_attr(g, fn, at, "returns_twice", 0);
  if (strcmp(r->leaks, "!") != 0)
    add_string_attr(g, fn, "goc-leaks", r->leaks);
}

static VRef declare(Gen *g, const RtFunc *r) {
  VRef fn = map_get(g->rtfuncs, r->cname);
  if (fn)
    return fn;
  fn = LLVMGetNamedFunction(g->m, r->symbol);
  if (!fn) {
    fn = LLVMAddFunction(g->m, r->symbol, rt_type(g, r));
    LLVMSetVisibility(fn, LLVMHiddenVisibility);
    rt_attributes(g, fn, r);
  }
  map_set(g->rtfuncs, r->cname, fn);
  return fn;
}

VRef rt_func(Gen *g, const char *cname) {
  return declare(g, find(cname));
}

const char *rt_by_symbol(const char *symbol) {
  for (size_t i = 0; i < LEN(rt_table); i++)
    if (strcmp(rt_table[i].symbol, symbol) == 0)
      return rt_table[i].cname;
  return NULL;
}

VRef rt_call(Fn *f, const char *cname, VRef *args, int n) {
  const RtFunc *r = find(cname);
  if (strlen(r->params) != (size_t)n)
    ice(f->pos, "call of runtime function %s with %d arguments", cname, n);
  VRef fn = declare(f->g, r);
  VRef call = LLVMBuildCall2(f->b, rt_type(f->g, r), fn, args, (unsigned)n, "");
  call_attributes(f, call);
  return call;
}

VRef rt_word(Fn *f, VRef pair, int i) {
  return LLVMBuildExtractValue(f->b, pair, (unsigned)i, "");
}

VRef rt_bool(Fn *f, VRef word) {
  return LLVMBuildICmp(f->b, LLVMIntNE, word, LLVMConstNull(LLVMTypeOf(word)), "");
}

VRef rt_ext(Fn *f, Value v) {
  const Flat *fl = flat_of(f->g, v.type);
  if (fl->kind[0] == SC_I64)
    return v.v[0];
  return fl->sign[0] ? LLVMBuildSExt(f->b, v.v[0], f->g->i64, "")
                     : LLVMBuildZExt(f->b, v.v[0], f->g->i64, "");
}

// ---- functions that Go declares and the runtime provides

// An argument's scalar as a parameter of letter c.
static VRef to_letter(Fn *f, VRef v, ScalarKind k, bool sign, char c) {
  Gen *g = f->g;
  if (c == 'd')
    return k == SC_F32 ? LLVMBuildFPExt(f->b, v, g->f64, "") : v;
  if (c == 'p')
    return k == SC_PTR ? v : LLVMBuildIntToPtr(f->b, v, g->ptr, "");
  LLVMTypeRef t = letter_type(g, c);
  if (k == SC_PTR)
    return LLVMBuildPtrToInt(f->b, v, t, "");
  if (k == SC_F64 || k == SC_F32)
    return LLVMBuildBitCast(f->b, v, t, "");
  return LLVMBuildIntCast2(f->b, v, t, sign, "");
}

static VRef from_letter(Fn *f, VRef v, ScalarKind k, char c) {
  Gen *g = f->g;
  LLVMTypeRef t = lltype_scalar(g, k);
  if (k == SC_BOOL)
    return rt_bool(f, v);
  if (c == 'd')
    return k == SC_F32 ? LLVMBuildFPTrunc(f->b, v, t, "") : v;
  if (k == SC_PTR)
    return c == 'p' ? v : LLVMBuildIntToPtr(f->b, v, t, "");
  if (c == 'p')
    return LLVMBuildPtrToInt(f->b, v, t, "");
  if (k == SC_F64)
    return LLVMBuildBitCast(f->b, v, t, "");
  return LLVMBuildIntCast2(f->b, v, t, false, "");
}

static Values rt_results(Fn *f, const RtFunc *r, Sig *sig, VRef call, VRef out) {
  Values vs = {NEW_ARRAY(f->arena, Value, sig->nresults + 1), sig->nresults};
  int k = 0;
  size_t nret = strlen(r->ret);
  for (int i = 0; i < sig->nresults; i++) {
    if (out) {
      vs.v[i] = load_value(f, sig->results[i], ptr_add(f, out, sig->outoff[i]));
      continue;
    }
    const Flat *fl = flat_of(f->g, sig->results[i]);
    Value *v = &vs.v[i];
    v->type = sig->results[i];
    v->n = fl->n;
    for (int j = 0; j < fl->n; j++, k++) {
      VRef w = nret == 1 ? call : rt_word(f, call, k);
      v->v[j] = from_letter(f, w, fl->kind[j], r->ret[k]);
    }
  }
  return vs;
}

Values rt_call_go(Fn *f, const char *cname, Sig *sig, Value *args) {
  const RtFunc *r = find(cname);
  VRef ll[32], out = NULL;
  int n = 0, np = (int)strlen(r->params), words = 0;
  for (int i = 0; i < sig->nresults; i++)
    words += flat_of(f->g, sig->results[i])->mem ? 3 : flat_of(f->g, sig->results[i])->n;
  if (words > 2) {
    out = fn_alloca(f, LLVMArrayType2(f->g->i8, (uint64_t)sig->outsize), 16, "out");
    ll[n++] = out;
  }
  for (int i = 0; i < sig->nparams; i++) {
    const Flat *fl = flat_of(f->g, sig->params[i]);
    if (fl->mem && n < np)
      ll[n++] = value_addr(f, args[i]);
    for (int j = 0; j < fl->n; j++) {
      if (n >= np)
        ice(f->pos, "runtime function %s has more parameters in Go than in runtime.def", r->symbol);
      ll[n] = to_letter(f, args[i].v[j], fl->kind[j], fl->sign[j], r->params[n]);
      n++;
    }
  }
  if (!out && words != (int)strlen(r->ret))
    ice(f->pos, "runtime function %s: results differ from runtime.def", r->symbol);
  VRef call = rt_call(f, cname, ll, n);
  return rt_results(f, r, sig, call, out);
}
