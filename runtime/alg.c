// alg.c: hash and equality by type: floats, interfaces, and any type from its descriptor (what
// reflect makes).
#include "runtime/bytes.h"
#include "runtime/gs.h"
#include "runtime/rttab.h"

uintptr_t f32hash(const float *p, uintptr_t seed) ASMLABEL("runtime.f32hash");
uintptr_t f64hash(const double *p, uintptr_t seed) ASMLABEL("runtime.f64hash");
uintptr_t c64hash(const float *p, uintptr_t seed) ASMLABEL("runtime.c64hash");
uintptr_t c128hash(const double *p, uintptr_t seed) ASMLABEL("runtime.c128hash");
uintptr_t nilinterhash(const Eface *p, uintptr_t seed) ASMLABEL("runtime.nilinterhash");
uintptr_t interhash(const Iface *p, uintptr_t seed) ASMLABEL("runtime.interhash");
uintptr_t typehash(RType *t, const void *p, uintptr_t seed) ASMLABEL("reflect.typehash");
intgo efaceeq(RType *t, void *x, void *y) ASMLABEL("runtime.efaceeq");
intgo ifaceeq(Itab *tab, void *x, void *y) ASMLABEL("runtime.ifaceeq");

uintptr_t f64hash(const double *p, uintptr_t seed) {
  double f = *p;
  if (f == 0) // +0 and -0 are equal
    return hash64(0, seed);
  if (f != f) // NaN is never equal to itself: any hash will do, but not always the same
    return hash64((uint64_t)cheaprand() << 32 | cheaprand(), seed);
  uint64_t v;
  memcpy(&v, &f, 8);
  return hash64(v, seed);
}

uintptr_t f32hash(const float *p, uintptr_t seed) {
  double d = *p;
  return f64hash(&d, seed);
}

uintptr_t c64hash(const float *p, uintptr_t seed) {
  return f32hash(p + 1, f32hash(p, seed));
}

uintptr_t c128hash(const double *p, uintptr_t seed) {
  return f64hash(p + 1, f64hash(p, seed));
}

static uintptr_t hash_data(RType *t, void *const *data, uintptr_t seed) {
  if (!t->equal)
    panic_about_type("hash of unhashable type ", t);
  if (t->kind & KIND_DIRECTIFACE)
    return rtype_hash(t, data, seed);
  return rtype_hash(t, *data, seed);
}

uintptr_t nilinterhash(const Eface *p, uintptr_t seed) {
  if (!p->type)
    return seed;
  return hash_data(p->type, &p->data, seed);
}

uintptr_t interhash(const Iface *p, uintptr_t seed) {
  if (!p->tab)
    return seed;
  return hash_data(p->tab->type, &p->data, seed);
}

static bool is_blank_name(const uint8_t *name) {
  intgo n;
  const uint8_t *s = name_text(name, &n);
  return n == 1 && s[0] == '_';
}

// How many fields from i on are hashed as one piece of memory: the functions that the compiler
// makes do the same, and a map made by reflection must agree with them.
static intgo plain_fields(StructType *s, intgo i) {
  uintptr_t end = s->fields[i].offset;
  intgo n = 0;
  for (; i + n < s->nfields; n++) {
    StructField *f = &s->fields[i + n];
    if (f->offset != end || is_blank_name(f->name) || !(f->type->tflag & TFLAG_REGULARMEMORY))
      break;
    end += f->type->size;
  }
  return n;
}

uintptr_t rtype_hash(RType *t, const void *p, uintptr_t h) {
  if (t->tflag & TFLAG_REGULARMEMORY)
    return memhash(p, h, t->size);
  switch ((Kind)(t->kind & KIND_MASK)) {
  case KIND_FLOAT32: return f32hash(p, h);
  case KIND_FLOAT64: return f64hash(p, h);
  case KIND_COMPLEX64: return c64hash(p, h);
  case KIND_COMPLEX128: return c128hash(p, h);
  case KIND_STRING: return strhash(p, h);
  case KIND_INTERFACE:
    return ((InterfaceType *)t)->nmethods == 0 ? nilinterhash(p, h) : interhash(p, h);
  case KIND_ARRAY: {
    ArrayType *a = (ArrayType *)t;
    for (uintptr_t i = 0; i < a->len; i++)
      h = rtype_hash(a->elem, (const uint8_t *)p + i * a->elem->size, h);
    return h;
  }
  case KIND_STRUCT: {
    StructType *s = (StructType *)t;
    for (intgo i = 0; i < s->nfields;) {
      StructField *f = &s->fields[i];
      intgo n = plain_fields(s, i);
      if (n) {
        StructField *last = f + n - 1;
        h = memhash((const uint8_t *)p + f->offset, h, last->offset + last->type->size - f->offset);
        i += n;
        continue;
      }
      if (!is_blank_name(f->name))
        h = rtype_hash(f->type, (const uint8_t *)p + f->offset, h);
      i++;
    }
    return h;
  }
  case KIND_BOOL:
  case KIND_INT ... KIND_UINTPTR:
  case KIND_CHAN:
  case KIND_POINTER:
  case KIND_UNSAFEPOINTER: return memhash(p, h, t->size);
  default: panic_about_type("hash of unhashable type ", t);
  }
}

uintptr_t typehash(RType *t, const void *p, uintptr_t seed) {
  return rtype_hash(t, p, seed);
}

bool rtype_equal(const RType *t, const void *p, const void *q) {
  if (!t->equal)
    panic_about_type("comparing uncomparable type ", (RType *)(uintptr_t)t);
  return go_equal(t, p, q);
}

intgo efaceeq(RType *t, void *x, void *y) {
  if (!t)
    return 1;
  if (!t->equal)
    panic_about_type("comparing uncomparable type ", t);
  if (t->kind & KIND_DIRECTIFACE) // one pointer, compared as such
    return x == y;
  if (x == y && t->tflag & TFLAG_REGULARMEMORY)
    return 1;
  return go_equal(t, x, y);
}

intgo ifaceeq(Itab *tab, void *x, void *y) {
  return !tab ? 1 : efaceeq(tab->type, x, y);
}

void panic_about_type(const char *a, RType *t) {
  String name = type_string(t);
  intgo n = (intgo)__builtin_strlen(a);
  uint8_t *msg = gs_mallocgc((uintptr_t)(n + name.len), NULL, 1);
  memcpy(msg, a, (size_t)n);
  memcpy(msg + n, name.ptr, (size_t)name.len);
  go_panicError(msg, n + name.len);
}
