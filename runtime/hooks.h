// hooks.h: system functions of the heap and the tables that Go code calls through trampolines,
// finalizers in the queue, hooks around a collection.
#ifndef GOC_HOOKS_H
#define GOC_HOOKS_H

#include "runtime/internal.h"

typedef struct Finalizer {
  FuncVal *fn;
  uintptr_t ptr;
  RType *fint, *ot;
  uintptr_t nret; // bytes of results
} Finalizer;

void gc_add_root(
    void *addr,
    uintptr_t size); // a word or array of C that may point into the heap; scanned conservatively
intgo runtime_addReflectOff(void *p);
void runtime_typelinks(Slice *out);
intgo runtime_addfinalizer(uintptr_t p, FuncVal *fn, uintptr_t nret, RType *fint, RType *ot);
void runtime_removefinalizer(uintptr_t p);
void *runtime_registerWeakPointer(uintptr_t p);
void *runtime_makeStrongFromWeak(uintptr_t *handle);
intgo runtime_finqtake(Finalizer *out);
void runtime_registerPoolCleanup(FuncVal *f);
void runtime_registerBoringCache(void **p);
void gc_wake_after(void); // finalizer goroutine, unique's cleanup; world running
bool finq_park(G *g, void *arg);
bool finq_pending(void); // some wait to be taken
bool uniq_park(G *g, void *arg);

#endif
