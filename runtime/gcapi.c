// gcapi.c: what package runtime and runtime/debug ask of the heap; runs on goroutines' stacks and
// stops the world for most of it.
#include "runtime/gs.h"
#include "runtime/hooks.h"
#include "runtime/mstats.h"
#include "runtime/rttab.h"

static void wake_after(void) {
  systemcall((void *)gc_wake_after, NULL, NULL);
}

void runtime_GC(void) ASMLABEL("runtime.GC");
void runtime_GC(void) {
  stopped_call(mstats_collect, NULL, "GC");
  wake_after();
  gosched(); // finalizers begin to run, as in gc, whose GC yields while it waits for the sweep
}

void runtime_readmemstats(void *m) ASMLABEL("runtime.readmemstats");
void runtime_readmemstats(void *m) {
  stopped_call(mstats_fill, m, "read mem stats");
}

void debug_freeOSMemory(void) ASMLABEL("runtime/debug.freeOSMemory");
void debug_freeOSMemory(void) {
  stopped_call(mstats_free, NULL, "free OS memory");
  wake_after();
}

int32_t debug_setGCPercent(int32_t v) ASMLABEL("runtime/debug.setGCPercent");
int32_t debug_setGCPercent(int32_t v) {
  stopped_call(mstats_setpercent, &v, "GOGC");
  return v;
}

int64_t debug_setMemoryLimit(int64_t v) ASMLABEL("runtime/debug.setMemoryLimit");
int64_t debug_setMemoryLimit(int64_t v) {
  stopped_call(mstats_setlimit, &v, "GOMEMLIMIT");
  return v;
}

Itab *getitab(InterfaceType *inter, RType *t) ASMLABEL("runtime.getitab");
intgo runtime_implements(InterfaceType *inter, RType *t) ASMLABEL("runtime.implements");
intgo runtime_implements(InterfaceType *inter, RType *t) {
  return getitab(inter, t) != NULL;
}

intgo runtime_gstacks(uintptr_t *pcs, intgo perg, intgo max) ASMLABEL("runtime.gstacks");
intgo runtime_gstacks(uintptr_t *pcs, intgo perg, intgo max) {
  GStacks a = {pcs, perg, max, 0};
  stopped_call(mstats_gstacks, &a, "goroutine profile");
  return a.n;
}
