// slice.c: growth of slices, copies that know the element type. Capacities are gc's, since programs
// print them.
#include "runtime/bytes.h"
#include "runtime/gs.h"
#include "runtime/heap.h"

typedef struct GrowResult {
  void *ptr;
  intgo cap;
} GrowResult;

extern uint8_t zerobase[] ASMLABEL("runtime.zerobase");
GrowResult growslice(void *old, intgo newlen, intgo oldcap, intgo added, RType *t)
    ASMLABEL("runtime.growslice");

// gc's rule: double below 256 elements, then grow by a quarter and a bit less of what is missing to
// the double.
LEAF static intgo next_cap(intgo newlen, intgo oldcap) {
  uintptr_t twice = (uintptr_t)oldcap * 2;
  if ((uintptr_t)newlen > twice)
    return newlen;
  if (oldcap < 256)
    return (intgo)twice;
  uintptr_t cap = (uintptr_t)oldcap;
  while (cap < (uintptr_t)newlen)
    cap += (cap + 3 * 256) >> 2;
  if (cap == (uintptr_t)oldcap)
    cap += (cap + 3 * 256) >> 2;
  return (intgo)cap <= 0 ? newlen : (intgo)cap;
}

GrowResult growslice(void *old, intgo newlen, intgo oldcap, intgo added, RType *t) {
  intgo oldlen = newlen - added;
  if (newlen < 0)
    panic_error("growslice: len out of range");
  if (t->size == 0)
    return (GrowResult){zerobase, newlen};
  intgo cap = next_cap(newlen, oldcap);
  uintptr_t mem;
  bool noscan = t->ptrbytes == 0;
  if (__builtin_mul_overflow((uintptr_t)cap, t->size, &mem) || mem > MAX_ALLOC)
    panic_error("growslice: len out of range");
  mem = round_up_size(mem, noscan);
  cap = (intgo)(mem / t->size);
  mem = (uintptr_t)cap * t->size;
  uintptr_t used = (uintptr_t)oldlen * t->size, will = (uintptr_t)newlen * t->size;
  uint8_t *p;
  if (noscan) {
    p = gs_mallocgc(mem, NULL, 0);
    memset(p + will, 0, mem - will);
  } else {
    p = gs_mallocgc(mem, t, 1);
  }
  if (used) // old may be nil
    memmove(p, old, used);
  return (GrowResult){p, cap};
}

// ---- reflect

void reflect_growslice(Slice *out, RType *t, void *old, intgo len, intgo cap, intgo num)
    ASMLABEL("reflect.growslice");
void reflect_growslice(Slice *out, RType *t, void *old, intgo len, intgo cap, intgo num) {
  num -= cap - len; // what lies between len and cap is kept
  GrowResult g = growslice(old, cap + num, cap, num, t);
  if (t->ptrbytes == 0)
    memset((uint8_t *)g.ptr + (uintptr_t)cap * t->size, 0, (uintptr_t)(g.cap - cap) * t->size);
  *out = (Slice){g.ptr, len, g.cap};
}

intgo reflect_typedslicecopy(RType *t, void *dst, intgo dlen, intgo dcap, void *src, intgo slen,
                             intgo scap) ASMLABEL("reflect.typedslicecopy");
intgo reflect_typedslicecopy(RType *t, void *dst, intgo dlen, intgo dcap, void *src, intgo slen,
                             intgo scap) {
  (void)dcap;
  (void)scap;
  intgo n = dlen < slen ? dlen : slen;
  if (n > 0)
    memmove(dst, src, (uintptr_t)n * t->size);
  return n;
}
