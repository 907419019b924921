// mstats.h: what mstats.c (system stack) and gcapi.c (goroutine stack) share; runtime.MemStats as C
// sees it.
#ifndef GOC_MSTATS_H
#define GOC_MSTATS_H

#include "runtime/internal.h"

typedef struct GoMemStats { // runtime.MemStats
  uint64_t alloc, total_alloc, sys, lookups, mallocs, frees;
  uint64_t heap_alloc, heap_sys, heap_idle, heap_inuse, heap_released, heap_objects;
  uint64_t stack_inuse, stack_sys, mspan_inuse, mspan_sys, mcache_inuse, mcache_sys, buckhash_sys,
      gc_sys, other_sys;
  uint64_t next_gc, last_gc, pause_total, pause_ns[256], pause_end[256];
  uint32_t num_gc, num_forced;
  double gc_cpu;
  bool enable_gc, debug_gc;
  struct {
    uint32_t size;
    uint64_t mallocs, frees;
  } bysize[61];
} GoMemStats;

typedef struct GStacks {
  uintptr_t *pcs; // max times perg words
  intgo perg, max;
  intgo n; // goroutines that there are
} GStacks;
void mstats_gstacks(void *gstacks);

// For stopped_call; the argument is read and the old value written.
void mstats_fill(void *memstats);
void mstats_collect(void *unused);
void mstats_free(void *unused); // and gives all free pages back
void mstats_setpercent(void *int32);
void mstats_setlimit(void *int64); // negative: only asked for

#endif
