// shim_heap.c: what the heap needs of the rest of the runtime, so that its files can be linked into
// the unit tests: one thread, no goroutines.
#include "test/shim_heap.h"
#include "runtime/timer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

struct Sched sched;
P *allp[MAXP];
int32_t gomaxprocs = 1, ncpu = 2;
G **allgs;
_Atomic uint64_t nallgs;
int32_t debug_gctrace, debug_gcstress, debug_checkheap = 1, debug_checkescape;
intgo env_gcpercent = 100;
int64_t env_memlimit = INT64_MAX;

_Thread_local jmp_buf shim_panic;
_Thread_local const char *shim_text;
ShimRoots shim_roots;
int shim_wishes;

void throw(const char *s) {
  fprintf(stderr, "fatal error: %s\n", s);
  abort();
}
void fatal(const char *s) {
  shim_text = s;
  longjmp(shim_panic, 1);
}
void panic_plain(const char *s) {
  fatal(s);
}
void panic_error(const char *s) {
  fatal(s);
}
void lock(Lock *l) {
  uint32_t old = 0;
  while (!__atomic_compare_exchange_n((uint32_t *)&l->v, &old, 1, 0, __ATOMIC_ACQUIRE,
                                      __ATOMIC_RELAXED))
    old = 0;
}
void unlock(Lock *l) {
  __atomic_store_n((uint32_t *)&l->v, 0, __ATOMIC_RELEASE);
}
void note_clear(Note *n) {
  n->v = 0;
}
void note_sleep(Note *n) {
  while (!n->v) {
    struct timespec t = {0, 100000};
    nanosleep(&t, NULL);
  }
}
void note_wake(Note *n) {
  n->v = 1;
}
void *persistentalloc(uintptr_t size, uintptr_t align) {
  (void)align;
  void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED)
    throw("no memory");
  return p;
}
int64_t nanotime(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000 + t.tv_nsec;
}
uint32_t cheaprand(void) {
  return (uint32_t)random();
}
uint32_t cheaprandn(uint32_t n) {
  return (uint32_t)random() % n;
}
void gc_request(void) {
  shim_wishes++;
}
bool stoptheworld(const char *why) {
  (void)why;
  return true;
}
void starttheworld(void) {}
void g_scan(G *g, ScanFn *f, void *ctx) {
  (void)g, (void)f, (void)ctx;
}
void sched_scan(ScanFn *f, void *ctx) {
  f(ctx, (uintptr_t)shim_roots.v, (uintptr_t)(shim_roots.v + LEN_ROOTS));
}
void timers_drop(bool (*marked)(uintptr_t)) {
  (void)marked;
}
void g_free_cached_stack(G *g) {
  (void)g;
}
bool addr_in_stack(uintptr_t a) {
  (void)a;
  return false;
}
void print_lock(void) {}
void print_unlock(void) {}
void print_str(const char *s) {
  fputs(s, stderr);
}
void print_int(int64_t v) {
  fprintf(stderr, "%lld", (long long)v);
}
void print_hex(uint64_t v) {
  fprintf(stderr, "0x%llx", (unsigned long long)v);
}
void print_uint(uint64_t v) {
  fprintf(stderr, "%llu", (unsigned long long)v);
}
String type_string(RType *t) {
  (void)t;
  return mkstring("T");
}
uintptr_t systemcall(void *fn, void *a, void *b) {
  return ((uintptr_t (*)(void *, void *))fn)(a, b);
}
void *shim_mallocgc(uintptr_t size, RType *t, uintptr_t zero) ASMLABEL("runtime.mallocgc");
void *shim_mallocgc(uintptr_t size, RType *t, uintptr_t zero) {
  return mallocgc(size, t, zero);
}
void *shim_newobject(RType *t) ASMLABEL("runtime.newobject");
void *shim_newobject(RType *t) {
  return mallocgc(t->size, t, true);
}
void shim_panicmakeslicelen(void) ASMLABEL("runtime.panicmakeslicelen");
void shim_panicmakeslicelen(void) {
  fatal("runtime error: makeslice: len out of range");
}
NORETURN void shim_panicError(const uint8_t *msg, intgo n) ASMLABEL("runtime.panicError");
void shim_panicError(const uint8_t *msg, intgo n) {
  static char buf[200];
  snprintf(buf, sizeof buf, "%.*s", (int)n, (const char *)msg);
  fatal(buf);
}
void shim_panicTypeAssertion(void) ASMLABEL("runtime.panicTypeAssertion");
void shim_panicTypeAssertion(void) {
  fatal("type assertion");
}

void shim_init(void) {
  static P p;
  if (allp[0])
    return;
  heap_init();
  heap_initp(&p);
  allp[0] = &p;
  TLS(P *, TLS_P) = &p;
}

void shim_collect(void) {
  gc_collect("forced");
}
