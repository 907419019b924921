// reflect.c: calls through reflection: reflectcall unpacks a memory frame into registers by the
// layout string in front of a function; makeFuncStub and methodValueCall do the reverse by the
// function's type. Runs on goroutines' stacks.
//
// All code here and in reflect_amd64.S that stands between a deferred call and the function called
// is in section goc_wrappers, so that recover looks through it. Signals may preempt code there, so
// nothing here keeps M or P.
#include "runtime/reflect.h"
#include "runtime/gs.h"
#include "runtime/rttab.h"

#define WRAPPER __attribute__((section("goc_wrappers"), noinline))

enum { LOCAL_WORDS = 24 };

static const uint8_t mask_word[] = {1};
static const RType word_type = {.size = 8,
                                .ptrbytes = 8,
                                .align = 8,
                                .fieldalign = 8,
                                .kind = KIND_UNSAFEPOINTER,
                                .gcdata = mask_word};

// Memory for words that may be pointers or not; what is not does no harm.
static uintptr_t *word_memory(uintptr_t n) {
  return gs_mallocgc(n * 8, (RType *)(uintptr_t)&word_type, 1);
}

// ---- one scalar between memory and registers

static inline bool is_float(unsigned kind) {
  return kind == LAYOUT_F32 || kind == LAYOUT_F64;
}

static inline uintptr_t load_scalar(const uint8_t *p, unsigned kind) {
  switch (kind) {
  case LAYOUT_BOOL:
  case LAYOUT_U8: return *p;
  case LAYOUT_I8: return (uintptr_t)(intgo) * (const int8_t *)p;
  case LAYOUT_U16: return *(const uint16_t *)p;
  case LAYOUT_I16: return (uintptr_t)(intgo) * (const int16_t *)p;
  case LAYOUT_U32:
  case LAYOUT_F32: return *(const uint32_t *)p;
  case LAYOUT_I32: return (uintptr_t)(intgo) * (const int32_t *)p;
  default: return *(const uintptr_t *)p;
  }
}

static inline void store_scalar(uint8_t *p, unsigned kind, uintptr_t v) {
  switch (kind) {
  case LAYOUT_BOOL: *p = v & 1; break;
  case LAYOUT_U8:
  case LAYOUT_I8: *p = (uint8_t)v; break;
  case LAYOUT_U16:
  case LAYOUT_I16: *(uint16_t *)p = (uint16_t)v; break;
  case LAYOUT_U32:
  case LAYOUT_F32:
  case LAYOUT_I32: *(uint32_t *)p = (uint32_t)v; break;
  default: *(uintptr_t *)p = v;
  }
}

// ---- reflectcall

static void put_word(CallRegs *c, uintptr_t v) {
  if (c->ngpr < 6)
    c->gpr[c->ngpr++] = v;
  else
    c->stack[c->nstack++] = v;
}

static void put_float(CallRegs *c, uintptr_t v) {
  if (c->nxmm < 8)
    c->xmm[c->nxmm++] = v;
  else
    c->stack[c->nstack++] = v;
}

static void load_args(CallRegs *c, const Layout *l, uint8_t *frame) {
  for (unsigned i = 0; i < l->nargs; i++) {
    unsigned kind = l->steps[i] >> 24;
    uint8_t *p = frame + (l->steps[i] & 0xffffff);
    if (kind == LAYOUT_REF || kind == LAYOUT_OUT)
      put_word(c, (uintptr_t)p);
    else if (is_float(kind))
      put_float(c, load_scalar(p, kind));
    else
      put_word(c, load_scalar(p, kind));
  }
}

static void store_results(const CallRegs *c, const Layout *l, uint8_t *frame) {
  unsigned ints = 0, floats = 0;
  for (unsigned i = 0; i < l->nrets; i++) {
    uint32_t s = l->steps[l->nargs + i];
    unsigned kind = s >> 24;
    store_scalar(frame + (s & 0xffffff), kind,
                 is_float(kind) ? c->retxmm[floats++] : c->ret[ints++]);
  }
}

void go_callReflect(void *ctxt, void *frame, uint8_t *valid, void *regs)
    ASMLABEL("reflect.callReflect") WEAK;
void go_callMethod(void *ctxt, void *frame, uint8_t *valid, void *regs)
    ASMLABEL("reflect.callMethod") WEAK;
extern const char make_func_stub[] ASMLABEL("reflect.makeFuncStub"), method_value_call[] ASMLABEL(
                                                                         "reflect.methodValueCall");

// A function that was made by reflect: the frame is what it wants.
WRAPPER static void call_made(FuncVal *fn, void *frame) {
  uint8_t valid = 0;
  uint64_t regs[4] = {0};
  if (fn->code == make_func_stub)
    go_callReflect(fn, frame, &valid, regs);
  else if (fn->code == method_value_call)
    go_callMethod(fn, frame, &valid, regs);
  else
    throw("reflect: call of a function without a layout");
}

void reflectcall(RType *t, FuncVal *fn, uint8_t *frame, uint32_t argsize, uint32_t retoffset,
                 uint32_t framesize, void *regs) ASMLABEL("runtime.reflectcall");
WRAPPER void reflectcall(RType *t, FuncVal *fn, uint8_t *frame, uint32_t argsize,
                         uint32_t retoffset, uint32_t framesize, void *regs) {
  (void)t, (void)argsize, (void)retoffset, (void)framesize, (void)regs;
  const Layout *l = (const Layout *)(uintptr_t)((const uint32_t *)fn->code)[-2];
  if (!l) {
    call_made(fn, frame);
    return;
  }
  uintptr_t local[LOCAL_WORDS];
  CallRegs c = {.code = fn->code, .ctx = fn};
  c.stack = l->nargs <= LOCAL_WORDS ? local : word_memory(l->nargs);
  load_args(&c, l, frame);
  goc_callregs(&c);
  store_results(&c, l, frame);
}

// ---- the way back: registers to frame, by type

// One pass over a value's scalars in the order in which irgen flattens them (at most four; false:
// it is passed by pointer).
typedef struct Flat {
  unsigned n;
  struct {
    uint32_t off;
    uint8_t kind;
  } s[4];
} Flat;

static bool flat_add(Flat *f, uintptr_t off, unsigned kind) {
  if (f->n == 4)
    return false;
  f->s[f->n].off = (uint32_t)off;
  f->s[f->n++].kind = (uint8_t)kind;
  return true;
}

static bool flatten(Flat *f, const RType *t, uintptr_t off) {
  switch ((Kind)(t->kind & KIND_MASK)) {
  case KIND_BOOL: return flat_add(f, off, LAYOUT_BOOL);
  case KIND_INT8: return flat_add(f, off, LAYOUT_I8);
  case KIND_UINT8: return flat_add(f, off, LAYOUT_U8);
  case KIND_INT16: return flat_add(f, off, LAYOUT_I16);
  case KIND_UINT16: return flat_add(f, off, LAYOUT_U16);
  case KIND_INT32: return flat_add(f, off, LAYOUT_I32);
  case KIND_UINT32: return flat_add(f, off, LAYOUT_U32);
  case KIND_FLOAT32: return flat_add(f, off, LAYOUT_F32);
  case KIND_FLOAT64: return flat_add(f, off, LAYOUT_F64);
  case KIND_COMPLEX64: return flat_add(f, off, LAYOUT_F32) && flat_add(f, off + 4, LAYOUT_F32);
  case KIND_COMPLEX128: return flat_add(f, off, LAYOUT_F64) && flat_add(f, off + 8, LAYOUT_F64);
  case KIND_STRING:
  case KIND_INTERFACE: return flat_add(f, off, LAYOUT_WORD) && flat_add(f, off + 8, LAYOUT_WORD);
  case KIND_SLICE:
    return flat_add(f, off, LAYOUT_WORD) && flat_add(f, off + 8, LAYOUT_WORD) &&
           flat_add(f, off + 16, LAYOUT_WORD);
  case KIND_ARRAY: {
    const ArrayType *a = (const ArrayType *)t;
    return t->size == 0 || (a->len == 1 && flatten(f, a->elem, off));
  }
  case KIND_STRUCT: {
    const StructType *s = (const StructType *)t;
    for (intgo i = 0; i < s->nfields; i++)
      if (s->fields[i].type->size && !flatten(f, s->fields[i].type, off + s->fields[i].offset))
        return false;
    return true;
  }
  default: return flat_add(f, off, LAYOUT_WORD);
  }
}

static RType **func_types(const FuncType *t) {
  return (RType **)((uintptr_t)t + sizeof *t +
                    (t->t.tflag & TFLAG_UNCOMMON ? sizeof(Uncommon) : 0));
}

static uintptr_t frame_place(uintptr_t *at, const RType *t) {
  uintptr_t align = t->align ? t->align : 1, p = (*at + align - 1) & ~(align - 1);
  *at = p + t->size;
  return p;
}

// Sizes of the frame of t, and whether results go through an out pointer.
typedef struct Shape {
  uintptr_t retoffset, framesize;
  bool out;
} Shape;

static Shape func_shape(const FuncType *t) {
  RType **types = func_types(t);
  unsigned nin = t->incount, nout = t->outcount & 0x7fff, ints = 0, floats = 0;
  uintptr_t at = 0;
  Shape s = {0};
  for (unsigned i = 0; i < nin; i++)
    frame_place(&at, types[i]);
  at = s.retoffset = (at + 7) & ~(uintptr_t)7;
  for (unsigned i = 0; i < nout; i++) {
    frame_place(&at, types[nin + i]);
    Flat f = {0};
    if (!flatten(&f, types[nin + i], 0))
      s.out = true;
    for (unsigned j = 0; j < f.n; j++)
      *(is_float(f.s[j].kind) ? &floats : &ints) += 1;
  }
  s.out |= ints > 3 || floats > 2;
  s.framesize = (at + 7) & ~(uintptr_t)7;
  return s;
}

static uintptr_t next_word(const StubRegs *r, StubPos *p) {
  return p->gpr < 6 ? r->gpr[p->gpr++] : r->stack[p->stack++];
}
static uintptr_t next_float(const StubRegs *r, StubPos *p) {
  return p->xmm < 8 ? r->xmm[p->xmm++] : r->stack[p->stack++];
}

static void store_params(const FuncType *t, const StubRegs *r, StubPos *pos, uint8_t *frame) {
  RType **types = func_types(t);
  uintptr_t at = 0;
  for (unsigned i = 0; i < t->incount; i++) {
    uint8_t *p = frame + frame_place(&at, types[i]);
    Flat f = {0};
    if (!flatten(&f, types[i], 0)) {
      memmove(p, (void *)next_word(r, pos), types[i]->size);
      continue;
    }
    for (unsigned j = 0; j < f.n; j++) {
      unsigned k = f.s[j].kind;
      store_scalar(p + f.s[j].off, k, is_float(k) ? next_float(r, pos) : next_word(r, pos));
    }
  }
}

static void load_results(const FuncType *t, const Shape *s, uint8_t *frame, StubRegs *r) {
  RType **types = func_types(t);
  uintptr_t at = s->retoffset;
  unsigned ints = 0, floats = 0;
  for (unsigned i = t->incount; i < t->incount + (t->outcount & 0x7fffu); i++) {
    uint8_t *p = frame + frame_place(&at, types[i]);
    Flat f = {0};
    flatten(&f, types[i], 0);
    for (unsigned j = 0; j < f.n; j++) {
      unsigned k = f.s[j].kind;
      uintptr_t v = load_scalar(p + f.s[j].off, k);
      if (is_float(k))
        r->retxmm[floats++] = v;
      else
        r->ret[ints++] = v;
    }
  }
}

typedef void ReflectEntry(void *ctxt, void *frame, uint8_t *valid, void *regs);

// The body of both stubs: r holds the registers at entry, and gets the results.
WRAPPER static void stub(void *ctxt, StubRegs *r, const FuncType *t, ReflectEntry *entry) {
  Shape s = func_shape(t);
  uintptr_t local[LOCAL_WORDS] = {0};
  uint8_t *frame = (uint8_t *)(s.framesize <= sizeof local ? local : word_memory(s.framesize / 8));
  StubPos pos = {0};
  void *out = s.out ? (void *)next_word(r, &pos) : NULL;
  store_params(t, r, &pos, frame);
  uint8_t valid = 0;
  uint64_t regs[4] = {0};
  entry(ctxt, frame, &valid, regs);
  if (s.out)
    memmove(out, frame + s.retoffset, s.framesize - s.retoffset);
  else
    load_results(t, &s, frame, r);
}

typedef struct MakeFuncImpl { // reflect.makeFuncImpl
  uintptr_t code;
  void *stack;
  uintptr_t arglen, regptrs;
  FuncType *ftyp;
  FuncVal *fn;
} MakeFuncImpl;

typedef struct MethodValue { // reflect.methodValue
  uintptr_t code;
  void *stack;
  uintptr_t arglen, regptrs;
  intgo method;
  RType *rcvrtype; // of a reflect.Value
  void *rcvrptr;
  uintptr_t rcvrflag;
} MethodValue;

WRAPPER void makefunc_body(MakeFuncImpl *ctxt, StubRegs *r) {
  stub(ctxt, r, ctxt->ftyp, go_callReflect);
}

// The type of the i-th exported method of t, without receiver.
static FuncType *method_type(const RType *t, intgo i) {
  if ((t->kind & KIND_MASK) == KIND_INTERFACE)
    return off_ptr(((const InterfaceType *)t)->methods[i].type);
  Uncommon *u = rtype_uncommon(t);
  return off_ptr(((RMethod *)((uintptr_t)u + u->moff))[i].mtyp);
}

WRAPPER void methodvalue_body(MethodValue *ctxt, StubRegs *r) {
  stub(ctxt, r, method_type(ctxt->rcvrtype, ctxt->method), go_callMethod);
}

// ---- copies and clearing; nothing moves and there is no write barrier yet

void reflect_memmove(void *dst, const void *src, uintptr_t n) ASMLABEL("reflect.memmove");
LEAF void reflect_memmove(void *dst, const void *src, uintptr_t n) {
  memmove(dst, src, n);
}
void reflect_typedmemmove(RType *t, void *dst, const void *src) ASMLABEL("reflect.typedmemmove");
LEAF void reflect_typedmemmove(RType *t, void *dst, const void *src) {
  memmove(dst, src, t->size);
}
void reflectlite_move(RType *t, void *dst, const void *src)
    ASMLABEL("internal/reflectlite.typedmemmove");
LEAF void reflectlite_move(RType *t, void *dst, const void *src) {
  memmove(dst, src, t->size);
}
void reflect_typedmemclr(RType *t, void *p) ASMLABEL("reflect.typedmemclr");
LEAF void reflect_typedmemclr(RType *t, void *p) {
  memset(p, 0, t->size);
}
void reflect_memclrpartial(RType *t, uint8_t *p, uintptr_t off, uintptr_t n)
    ASMLABEL("reflect.typedmemclrpartial");
LEAF void reflect_memclrpartial(RType *t, uint8_t *p, uintptr_t off, uintptr_t n) {
  (void)t, (void)off;
  memset(p, 0, n);
}
void reflect_arrayclear(RType *t, void *p, intgo len) ASMLABEL("reflect.typedarrayclear");
LEAF void reflect_arrayclear(RType *t, void *p, intgo len) {
  memset(p, 0, t->size * (uintptr_t)len);
}
void *reflect_newarray(RType *t, intgo n) ASMLABEL("reflect.unsafe_NewArray");
void *reflect_newarray(RType *t, intgo n) {
  uintptr_t mem;
  if (n < 0 || __builtin_mul_overflow(t->size, (uintptr_t)n, &mem) || mem > (uintptr_t)1 << 48)
    panic_plain("runtime: allocation size out of range");
  return gs_makeslice(t, n);
}
