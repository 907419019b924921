// mstats.c: statistics and settings of the heap for package runtime and runtime/debug; runs on a
// system stack, mostly with the world stopped.
#include "runtime/mstats.h"
#include "runtime/heap.h"

void mstats_fill(void *arg) {
  GoMemStats *m = arg;
  mcache_flush_all();
  lock(&heap.lock);
  const HeapStats *h = &heap.stats;
  memset(m, 0, sizeof *m);
  m->alloc = m->heap_alloc = h->total_alloc - h->total_free;
  m->total_alloc = h->total_alloc;
  m->mallocs = h->mallocs;
  m->frees = h->frees + h->tinyallocs; // a tiny object counts as freed at once, as in gc
  m->heap_objects = m->mallocs - m->frees;
  m->heap_inuse = heap.pages_inuse << PAGE_SHIFT;
  m->heap_idle = heap.pages_free << PAGE_SHIFT;
  m->heap_released = heap.pages_released << PAGE_SHIFT;
  m->heap_sys = m->heap_inuse + m->heap_idle;
  m->stack_inuse = m->stack_sys = heap.pages_manual << PAGE_SHIFT;
  m->next_gc = heap.goal == UINT64_MAX ? UINT64_MAX : heap.goal;
  m->num_gc = heap.ngc;
  m->num_forced = gc_nforced;
  m->enable_gc = true;
  m->last_gc = gc_pauses.last;
  m->pause_total = gc_pauses.total;
  memcpy(m->pause_ns, gc_pauses.ns, sizeof m->pause_ns);
  memcpy(m->pause_end, gc_pauses.end, sizeof m->pause_end);
  for (int i = 0; i < 61; i++) {
    m->bysize[i].size = class_size[i];
    m->bysize[i].mallocs = h->nalloc[i];
    m->bysize[i].frees = h->nfree[i];
  }
  m->other_sys = 4 << 20;
  m->sys = m->heap_sys + m->stack_sys + m->other_sys;
  unlock(&heap.lock);
}

void mstats_collect(void *arg) {
  (void)arg;
  gc_nforced++;
  gc_collect("forced");
  gc_sweep_all();
}

void mstats_free(void *arg) {
  mstats_collect(arg);
  heap_release(UINTPTR_MAX);
}

void mstats_setpercent(void *arg) {
  int32_t *v = arg, old = heap.gcpercent;
  heap.gcpercent = *v < 0 ? -1 : *v;
  *v = old;
  gc_update_trigger();
}

void mstats_setlimit(void *arg) {
  int64_t *v = arg, old = heap.memlimit;
  if (*v >= 0)
    heap.memlimit = *v;
  *v = old;
  gc_update_trigger();
}

void *runtime_findobject(uintptr_t p);
void *runtime_findobject(uintptr_t p) {
  return (void *)object_base(p, NULL);
}

extern const char __executable_start[] WEAK, _end[] WEAK;
intgo runtime_heapstatic(uintptr_t p);
intgo runtime_heapstatic(uintptr_t p) {
  return p >= (uintptr_t)__executable_start && p < (uintptr_t)_end;
}

intgo runtime_verifyNotInHeapPtr(uintptr_t p);
intgo runtime_verifyNotInHeapPtr(uintptr_t p) {
  return !span_of(p) && p != ~(uintptr_t)0;
}

void mstats_gstacks(void *arg) {
  GStacks *a = arg;
  a->n = 0;
  for (uint64_t i = 0; i < nallgs; i++) {
    G *g = allgs[i];
    if (g->status == G_DEAD || g->status == G_IDLE || g->issystem)
      continue;
    if (a->n < a->max) {
      int k = trace_saved(g, a->pcs + a->n * a->perg, (int)a->perg);
      if (k < a->perg)
        a->pcs[a->n * a->perg + k] = 0;
    }
    a->n++;
  }
}

// ---- allocation for reflect

void *runtime_unsafe_New(RType *t);
void *runtime_unsafe_New(RType *t) {
  return mallocgc(t->size, t, true);
}
void *runtime_reflectlite_New(RType *t);
void *runtime_reflectlite_New(RType *t) {
  return mallocgc(t->size, t, true);
}

// runtime.gcsetting(which int) int64, for runtime/metrics
int64_t runtime_gcsetting(intgo which);
int64_t runtime_gcsetting(intgo which) {
  switch (which) {
  case 0: return heap.gcpercent;
  case 1: return heap.memlimit;
  case 2: return (int64_t)heap.marked;
  default: return (int64_t)heap.stats.tinyallocs;
  }
}
