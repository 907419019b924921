// layout.c: sizes, alignments, field offsets and pointer words as gc has them on amd64.
//
// Sizes saturate at LARGE, so that hostile array types neither overflow nor need an error here
// (type_too_large).
#include "driver/types/check.h"
#include "driver/types/core.h"

#define WORD  8
#define LARGE ((int64_t)1 << 60)
#define LIMIT ((int64_t)1 << 50)

typedef struct Layout {
  int64_t size, align, ptrbytes; // bytes
  int64_t *offsets;              // of a struct's fields
} Layout;

static Layout *layout(Type *t);

static int64_t round_up(int64_t n, int64_t align) {
  return (n + align - 1) / align * align;
}

static int64_t add_sat(int64_t a, int64_t b) {
  return a + b > LARGE ? LARGE : a + b;
}

static int64_t mul_sat(int64_t a, int64_t b) {
  int64_t r;
  return __builtin_mul_overflow(a, b, &r) || r > LARGE ? LARGE : r;
}

static int64_t basic_size(TypeKind k) {
  switch (k) {
  case TYPE_BOOL:
  case TYPE_INT8:
  case TYPE_UINT8:
  case TYPE_UNTYPED_BOOL: return 1;
  case TYPE_INT16:
  case TYPE_UINT16: return 2;
  case TYPE_INT32:
  case TYPE_UINT32:
  case TYPE_FLOAT32:
  case TYPE_UNTYPED_RUNE: return 4;
  case TYPE_STRING:
  case TYPE_UNTYPED_STRING:
  case TYPE_COMPLEX128:
  case TYPE_UNTYPED_COMPLEX: return 16;
  default: return 8;
  }
}

static void layout_basic(Layout *l, TypeKind k) {
  l->size = basic_size(k);
  l->align = k == TYPE_COMPLEX64 ? 4 : l->size > WORD ? WORD : l->size;
  if (k == TYPE_STRING || k == TYPE_UNTYPED_STRING || k == TYPE_UNSAFEPOINTER ||
      k == TYPE_UNTYPED_NIL)
    l->ptrbytes = WORD;
}

static void layout_array(Layout *l, Type *u) {
  Layout *e = layout(u->array.elem);
  int64_t n = u->array.len < 0 ? 0 : u->array.len;
  l->align = e->align;
  l->size = mul_sat(n, e->size);
  if (n > 0 && e->ptrbytes > 0)
    l->ptrbytes = add_sat(mul_sat(n - 1, e->size), e->ptrbytes);
}

// A struct whose last field has size zero gets a byte more, or that field's address would be the
// next object's.
static void layout_struct(Layout *l, Type *u) {
  ObjectList f = u->strct.fields;
  int64_t off = 0, last = 1;
  l->align = 1;
  l->offsets = NEW_ARRAY(types_arena, int64_t, f.n + 1);
  for (int i = 0; i < f.n; i++) {
    Layout *e = layout(f.v[i]->type);
    off = off >= LARGE ? LARGE : round_up(off, e->align);
    l->offsets[i] = off;
    if (e->ptrbytes > 0)
      l->ptrbytes = add_sat(off, e->ptrbytes);
    if (e->align > l->align)
      l->align = e->align;
    last = e->size;
    off = add_sat(off, e->size);
  }
  if (off > 0 && last == 0)
    off++;
  l->size = off >= LARGE ? LARGE : round_up(off, l->align);
}

static void compute(Layout *l, Type *u) {
  l->size = l->align = WORD;
  switch (u->kind) {
  case TYPE_POINTER:
  case TYPE_MAP:
  case TYPE_CHAN:
  case TYPE_FUNC: l->ptrbytes = WORD; break;
  case TYPE_SLICE:
    l->size = 3 * WORD;
    l->ptrbytes = WORD;
    break;
  case TYPE_INTERFACE: l->size = l->ptrbytes = 2 * WORD; break;
  case TYPE_ARRAY: layout_array(l, u); break;
  case TYPE_STRUCT: layout_struct(l, u); break;
  case TYPE_TUPLE:
  case TYPE_UNION: l->size = 0; break;
  default: layout_basic(l, u->kind); break;
  }
}

// Only the layouts of arrays and structs are kept, at their literal types; those of types being
// declared may still change.
static Layout *layout(Type *t) {
  Type *u = under(t);
  if (u->layout)
    return u->layout;
  static int depth;
  Layout *l = NEW(types_arena, Layout);
  if (depth > 10000) { // an invalid recursive type, already reported
    l->size = l->align = WORD;
    return l;
  }
  depth++;
  compute(l, u);
  depth--;
  if (!(u->kind == TYPE_STRUCT && u->strct.incomplete))
    u->layout = l;
  return l;
}

int64_t type_size(Type *t) {
  return layout(t)->size;
}
int64_t type_align(Type *t) {
  return layout(t)->align;
}
int64_t type_ptrbytes(Type *t) {
  return layout(t)->ptrbytes;
}
bool type_has_pointers(Type *t) {
  return layout(t)->ptrbytes > 0;
}
bool type_too_large(Type *t) {
  return layout(t)->size > LIMIT;
}

int64_t field_offset(Type *strct, int i) {
  Type *u = under(strct);
  ASSERT(u->kind == TYPE_STRUCT && i < u->strct.fields.n);
  return layout(u)->offsets[i];
}

// Of an interface only the data word is a pointer into the heap; descriptors and itabs never move
// and are never freed.
void type_pointer_words(Type *t, int64_t base, void (*f)(void *ctx, int64_t offset), void *ctx) {
  if (!type_has_pointers(t))
    return;
  Type *u = under(t);
  switch (u->kind) {
  case TYPE_INTERFACE: f(ctx, base + WORD); break;
  case TYPE_ARRAY: {
    int64_t size = type_size(u->array.elem);
    for (int64_t i = 0; i < u->array.len; i++)
      type_pointer_words(u->array.elem, base + i * size, f, ctx);
    break;
  }
  case TYPE_STRUCT:
    for (int i = 0; i < u->strct.fields.n; i++)
      type_pointer_words(u->strct.fields.v[i]->type, base + field_offset(u, i), f, ctx);
    break;
  default: f(ctx, base); break;
  }
}
