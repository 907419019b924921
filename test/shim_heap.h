// shim_heap.h: the heap's unit tests run on this small stand-in for the scheduler (shim_heap.c).
#ifndef GOC_SHIM_HEAP_H
#define GOC_SHIM_HEAP_H

#include "runtime/heap.h"

#include <setjmp.h>

enum { LEN_ROOTS = 64 };
typedef struct ShimRoots {
  void *v[LEN_ROOTS]; // scanned conservatively: the only roots
} ShimRoots;
extern ShimRoots shim_roots;
extern _Thread_local jmp_buf shim_panic; // where panics and fatal errors of this thread go
extern _Thread_local const char *shim_text;
extern int shim_wishes; // calls of gc_request

void shim_init(void);
void shim_collect(void);

#endif
