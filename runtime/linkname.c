// linkname.c: functions that packages of the standard library declare without a body and that need
// no file of their own. Runs on goroutines' stacks; what is marked LEAF runs anywhere.
#include "runtime/bytes.h"
#include "runtime/gs.h"
#include "runtime/heap.h"
#include "runtime/rttab.h"

// ---- internal/bytealg

intgo bytealg_IndexByte(const uint8_t *p, intgo len, intgo cap, intgo c)
    ASMLABEL("internal/bytealg.IndexByte");
LEAF intgo bytealg_IndexByte(const uint8_t *p, intgo len, intgo cap, intgo c) {
  (void)cap;
  return indexbyte(p, len, (uint8_t)c);
}
intgo bytealg_IndexByteString(const uint8_t *p, intgo len, intgo c)
    ASMLABEL("internal/bytealg.IndexByteString");
LEAF intgo bytealg_IndexByteString(const uint8_t *p, intgo len, intgo c) {
  return indexbyte(p, len, (uint8_t)c);
}
intgo bytealg_Count(const uint8_t *p, intgo len, intgo cap, intgo c)
    ASMLABEL("internal/bytealg.Count");
LEAF intgo bytealg_Count(const uint8_t *p, intgo len, intgo cap, intgo c) {
  (void)cap;
  return countbyte(p, len, (uint8_t)c);
}
intgo bytealg_CountString(const uint8_t *p, intgo len, intgo c)
    ASMLABEL("internal/bytealg.CountString");
LEAF intgo bytealg_CountString(const uint8_t *p, intgo len, intgo c) {
  return countbyte(p, len, (uint8_t)c);
}
intgo bytealg_Compare(const uint8_t *a, intgo alen, intgo acap, const uint8_t *b, intgo blen,
                      intgo bcap) ASMLABEL("internal/bytealg.Compare");
LEAF intgo bytealg_Compare(const uint8_t *a, intgo alen, intgo acap, const uint8_t *b, intgo blen,
                           intgo bcap) {
  (void)acap;
  (void)bcap;
  return cmpstring(a, alen, b, blen);
}

// MakeNoZero(n int) []byte: the out pointer comes first
void bytealg_MakeNoZero(Slice *out, intgo n) ASMLABEL("internal/bytealg.MakeNoZero");
NORETURN void panicmakeslicelen(void) ASMLABEL("runtime.panicmakeslicelen");
void bytealg_MakeNoZero(Slice *out, intgo n) {
  if (n < 0 || (uintptr_t)n > MAX_ALLOC)
    panicmakeslicelen();
  uintptr_t cap = round_up_size((uintptr_t)n, true);
  *out = (Slice){gs_mallocgc(cap, NULL, 0), n, (intgo)cap};
}

// ---- internal/reflectlite

intgo reflectlite_chanlen(Hchan *c) ASMLABEL("internal/reflectlite.chanlen");
intgo reflectlite_chanlen(Hchan *c) {
  return c ? c->qcount : 0;
}

intgo reflectlite_maplen(intgo *h) ASMLABEL("internal/reflectlite.maplen");
LEAF intgo reflectlite_maplen(intgo *h) {
  return h ? *h : 0;
}
Itab *assertE2I(InterfaceType *inter, RType *t) ASMLABEL("runtime.assertE2I");
void reflectlite_ifaceE2I(InterfaceType *t, RType *type, void *data, Iface *dst)
    ASMLABEL("internal/reflectlite.ifaceE2I");
void reflectlite_ifaceE2I(InterfaceType *t, RType *type, void *data, Iface *dst) {
  *dst = (Iface){assertE2I(t, type), data};
}

// In gc the size comes in a register that only gc's equality functions set; goc makes its own.
intgo memequal_varlen(void *p, void *q) ASMLABEL("runtime.memequal_varlen");
intgo memequal_varlen(void *p, void *q) {
  (void)p, (void)q;
  throw("runtime.memequal_varlen is gc's own and not callable in goc");
}

// reflect's own tests: a byte for each word of the object that x, a pointer, points to, up to the
// last pointer.
void reflect_gcbits(Slice *out, RType *t, void *p) ASMLABEL("reflect.gcbits");
void reflect_gcbits(Slice *out, RType *t, void *p) {
  GCBits b = {.p = (uintptr_t)p, .t = t};
  systemcall((void *)gc_object_bits, &b, NULL);
  b.out = gs_mallocgc((uintptr_t)b.n, NULL, 1);
  intgo n = b.n;
  systemcall((void *)gc_object_bits, &b, NULL);
  while (n > 0 && !b.out[n - 1])
    n--;
  *out = (Slice){b.out, n, n};
}
