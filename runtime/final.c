// final.c: goroutines of the collector: the one that runs finalizers and the one that cleans
// package unique's maps after each collection.
#include "runtime/gs.h"
#include "runtime/hooks.h"

uintptr_t newproc_sys(void *arg, void *unused); // proc.c: {func value, caller's pc, system}
typedef struct NewSystem {
  FuncVal *fn;
  uintptr_t callerpc;
  bool system;
} NewSystem;

static void start_system(FuncVal *fn) {
  NewSystem n = {fn, 0, true};
  systemcall((void *)newproc_sys, &n, NULL);
}

void reflectcall(RType *t, FuncVal *fn, void *args, uint64_t argsize, uint64_t retoffset,
                 uint64_t framesize, void *regs) ASMLABEL("runtime.reflectcall");
intgo gs_finqtake(Finalizer *out) ASMLABEL("runtime.finqtake");
Itab *assertE2I(InterfaceType *inter, RType *t) ASMLABEL("runtime.assertE2I");

// The finalizer's only argument, in the form of its parameter: a pointer, an empty interface, or
// another one.
static uintptr_t set_argument(const Finalizer *f, void **frame) {
  if ((f->fint->kind & KIND_MASK) == KIND_POINTER) {
    frame[0] = (void *)f->ptr;
    return 8;
  }
  InterfaceType *it = (InterfaceType *)f->fint;
  frame[0] = it->nmethods == 0 ? (void *)f->ot : (void *)assertE2I(it, f->ot);
  frame[1] = (void *)f->ptr;
  return 16;
}

static void run_finalizer(const Finalizer *f) {
  void *frame[2] = {NULL, NULL};
  uintptr_t args = set_argument(f, frame);
  if (f->nret == 0) {
    reflectcall(NULL, f->fn, frame, args, args, args, NULL);
    return;
  }
  uintptr_t size = (args + f->nret + 7) & ~(uintptr_t)7;
  void **big =
      gs_mallocgc(size, NULL, 1); // the results are dropped at once; frame keeps the argument alive
  memcpy(big, frame, args);
  reflectcall(NULL, f->fn, big, args, args, size, NULL);
  __asm__ volatile("" ::"r"(frame) : "memory");
}

static _Atomic bool fing_busy;

static void finalizer_loop(void) {
  for (;;) {
    Finalizer f = {0};
    fing_busy = true;
    if (gs_finqtake(&f)) {
      run_finalizer(&f);
    } else {
      fing_busy = false;
      gopark(finq_park, NULL, "finalizer wait");
    }
  }
}

// Waits until all finalizers that are due have run: tests of the standard library. ns; false: not
// within that time.
intgo block_until_finalized(int64_t timeout) ASMLABEL("runtime.blockUntilEmptyFinalizerQueue");
intgo block_until_finalized(int64_t timeout) {
  int64_t start = gs_nanotime();
  while (fing_busy || finq_pending()) {
    if (gs_nanotime() - start > timeout)
      return 0;
    gosched();
  }
  return 1;
}
static FuncVal finalizer_fn = {(void *)finalizer_loop};

void createfing(void) ASMLABEL("runtime.createfing");
void createfing(void) {
  static uint32_t started;
  if (!__atomic_exchange_n(&started, 1, __ATOMIC_ACQ_REL))
    start_system(&finalizer_fn);
}

// ---- unique

static FuncVal *uniq_cleanup;

static void uniq_loop(void) {
  for (;;) {
    gopark(uniq_park, NULL, "force gc (idle)");
    CALL_GO(void (*)(void), uniq_cleanup);
  }
}
static FuncVal uniq_fn = {(void *)uniq_loop};

void unique_registerCleanup(FuncVal *f) ASMLABEL("unique.runtime_registerUniqueMapCleanup");
void unique_registerCleanup(FuncVal *f) {
  uniq_cleanup = f;
  gc_add_root(&uniq_cleanup, sizeof uniq_cleanup);
  start_system(&uniq_fn);
}

void heap_startgo(void) {}
