// placeholders.c: weak definitions of what the heap offers, so that programs link before malloc.c
// and gc.c exist.
#include "runtime/sched.h"

WEAK void heap_init(void) {}
WEAK void heap_initp(P *p) {
  (void)p;
}
WEAK void heap_flushp(P *p) {
  (void)p;
}
WEAK void heap_startgo(void) {}
WEAK void gc_start(void) {}
WEAK void gc_sysmon(int64_t now) {
  (void)now;
}
WEAK bool heap_isheap(uintptr_t a) {
  (void)a;
  return false;
}
WEAK void *mallocgc(uintptr_t size, RType *t, bool zero) {
  (void)t, (void)zero;
  return persistentalloc(size ? size : 1, 16);
}
void *runtime_newobject(RType *t);
WEAK void *runtime_newobject(RType *t) {
  return mallocgc(t->size, t, true);
}
void *runtime_mallocgc(uintptr_t size, RType *t, uintptr_t zero);
WEAK void *runtime_mallocgc(uintptr_t size, RType *t, uintptr_t zero) {
  return mallocgc(size, t, zero != 0);
}
