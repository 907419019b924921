// span.c: pages and spans: one reserved range of addresses, free runs in a treap, records and
// bitmaps outside the heap.
//
// The range is reserved at once (256 GB, less where the system refuses) and made accessible in
// pieces, so a pointer is looked up by one subtraction and one load. Free runs are kept in a treap
// ordered by (pages, address): best fit, lowest address first; neighbours are merged when a run is
// freed. Released runs (madvise) are merged with released ones only, so that "reads as zero" stays
// known.
#include "runtime/heap.h"

#include <sys/mman.h>

Heap heap;

enum {
  GROW_PAGES = 512, // 4 MB
};

static void *reserve(uintptr_t hint, uintptr_t size, int prot) {
  void *p = mmap((void *)hint, size, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return p == MAP_FAILED ? NULL : p;
}

void span_init(void) {
  uintptr_t size = (uintptr_t)256 << 30;
  for (; size >= ((uintptr_t)64 << 20); size /= 2) {
    void *p = reserve(0xc000000000, size, PROT_NONE);
    if (!p)
      continue;
    heap.base = ((uintptr_t)p + PAGE_SIZE - 1) & ~(uintptr_t)(PAGE_SIZE - 1);
    heap.end = ((uintptr_t)p + size) & ~(uintptr_t)(PAGE_SIZE - 1);
    break;
  }
  if (!heap.base)
    throw("cannot reserve addresses for the heap");
  heap.used = heap.mapped = heap.base;
  heap.sys_spans = ((heap.end - heap.base) >> PAGE_SHIFT) * sizeof(MSpan *);
  heap.spans = reserve(0, heap.sys_spans, PROT_READ | PROT_WRITE);
  if (!heap.spans)
    throw("cannot reserve addresses for the span table");
  heap.sweepgen = 2;
  heap.memlimit = INT64_MAX;
}

// ---- records

static MSpan *record_new(uint32_t nbits) { // heap.lock held; nbits: words of bits
  MSpan *s = heap.freerecords[nbits];
  if (s) {
    heap.freerecords[nbits] = s->next;
    memset(s, 0, sizeof *s + nbits * 8);
    return s;
  }
  return persistentalloc(sizeof *s + nbits * 8, 16);
}

static void record_free(MSpan *s) {
  uint32_t nbits = s->nwords * 2u + (s->heapbits ? PAGE_SIZE / 8 / 64 : 0);
  s->state = SPAN_DEAD;
  s->next = heap.freerecords[nbits];
  heap.freerecords[nbits] = s;
}

void spanlist_add(SpanList *l, MSpan *s) {
  s->prev = NULL;
  s->next = l->first;
  if (l->first)
    l->first->prev = s;
  l->first = s;
}

void spanlist_remove(SpanList *l, MSpan *s) {
  if (s->prev)
    s->prev->next = s->next;
  else
    l->first = s->next;
  if (s->next)
    s->next->prev = s->prev;
  s->next = s->prev = NULL;
}

// ---- free runs: a treap by (npages, base)

static bool run_less(const MSpan *a, const MSpan *b) {
  return a->npages != b->npages ? a->npages < b->npages : a->base < b->base;
}

static uint32_t treap_random(void) {
  static uint32_t x = 2463534242u;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  return x;
}

static void treap_split(MSpan *t, const MSpan *key, MSpan **l, MSpan **r) {
  while (t) {
    if (run_less(t, key)) {
      *l = t;
      l = &t->right;
      t = t->right;
    } else {
      *r = t;
      r = &t->left;
      t = t->left;
    }
  }
  *l = *r = NULL;
}

static void run_insert(MSpan *s) {
  MSpan **at = &heap.runs;
  s->priority = treap_random();
  while (*at && (*at)->priority >= s->priority)
    at = run_less(s, *at) ? &(*at)->left : &(*at)->right;
  treap_split(*at, s, &s->left, &s->right);
  *at = s;
}

static void run_remove(MSpan *s) {
  MSpan **at = &heap.runs;
  while (*at != s) {
    if (!*at)
      throw("free run is not in the treap");
    at = run_less(s, *at) ? &(*at)->left : &(*at)->right;
  }
  MSpan *l = s->left, *r = s->right;
  while (l && r) {
    if (l->priority >= r->priority) {
      *at = l;
      at = &l->right;
      l = l->right;
    } else {
      *at = r;
      at = &r->left;
      r = r->left;
    }
  }
  *at = l ? l : r;
  s->left = s->right = NULL;
}

static MSpan *run_find(uintptr_t npages) { // smallest run of at least npages
  MSpan *best = NULL;
  for (MSpan *t = heap.runs; t;) {
    if (t->npages >= npages) {
      best = t;
      t = t->left;
    } else {
      t = t->right;
    }
  }
  return best;
}

static void set_edges(MSpan *s) {
  uintptr_t i = (s->base - heap.base) >> PAGE_SHIFT;
  heap.spans[i] = heap.spans[i + s->npages - 1] = s;
}

static void run_add(uintptr_t base, uintptr_t npages, bool needzero, bool released) {
  MSpan *s = record_new(0);
  s->state = SPAN_FREE;
  s->base = base;
  s->npages = npages;
  s->needzero = needzero;
  s->released = released;
  set_edges(s);
  run_insert(s);
  heap.pages_free += npages;
  if (released)
    heap.pages_released += npages;
}

static void
run_take(MSpan *s) { // out of the treap and the record's end; the pages' entries are the caller's
  run_remove(s);
  heap.pages_free -= s->npages;
  if (s->released)
    heap.pages_released -= s->npages;
}

// Adds a free run and merges it with free neighbours of the same sort.
static void run_merge(uintptr_t base, uintptr_t npages, bool needzero, bool released) {
  uintptr_t i = (base - heap.base) >> PAGE_SHIFT;
  MSpan *before = i ? heap.spans[i - 1] : NULL;
  if (before && before->state == SPAN_FREE && before->released == released) {
    run_take(before);
    base = before->base;
    npages += before->npages;
    needzero |= before->needzero;
    record_free(before);
  }
  uintptr_t end = base + (npages << PAGE_SHIFT);
  MSpan *after = end < heap.used ? heap.spans[(end - heap.base) >> PAGE_SHIFT] : NULL;
  if (after && after->state == SPAN_FREE && after->released == released) {
    run_take(after);
    npages += after->npages;
    needzero |= after->needzero;
    record_free(after);
  }
  memset(&heap.spans[(base - heap.base) >> PAGE_SHIFT], 0, npages * sizeof(MSpan *));
  run_add(base, npages, needzero, released);
}

static bool heap_grow(uintptr_t npages) {
  uintptr_t want = npages > GROW_PAGES ? npages : GROW_PAGES;
  if (want > (heap.end - heap.used) >> PAGE_SHIFT)
    want = npages;
  uintptr_t base = heap.used, size = want << PAGE_SHIFT;
  if (want > (heap.end - base) >> PAGE_SHIFT)
    return false;
  if (base + size > heap.mapped) {
    uintptr_t to = (base + size + ((uintptr_t)64 << 20) - 1) & ~(((uintptr_t)64 << 20) - 1);
    if (to > heap.end)
      to = heap.end;
    if (mprotect((void *)heap.mapped, to - heap.mapped, PROT_READ | PROT_WRITE)) {
      to = base + size;
      if (mprotect((void *)heap.mapped, to - heap.mapped, PROT_READ | PROT_WRITE))
        return false;
    }
    heap.mapped = to;
  }
  __atomic_store_n(&heap.used, base + size, __ATOMIC_RELEASE);
  run_merge(base, want, false, true);
  return true;
}

// Cuts npages from the front of the best run; the caller holds heap.lock and sets the entries of
// the span table.
static bool pages_alloc(uintptr_t npages, uintptr_t *base, bool *needzero) {
  MSpan *run = run_find(npages);
  if (!run) {
    if (!heap_grow(npages))
      return false;
    run = run_find(npages);
  }
  run_take(run);
  *base = run->base;
  *needzero = run->needzero;
  if (run->npages > npages)
    run_add(run->base + (npages << PAGE_SHIFT), run->npages - npages, run->needzero, run->released);
  record_free(run);
  return true;
}

static void set_entries(MSpan *s) {
  MSpan **e = &heap.spans[(s->base - heap.base) >> PAGE_SHIFT];
  for (uintptr_t i = 0; i < s->npages; i++)
    e[i] = s;
}

MSpan *span_alloc(uintptr_t npages, uint8_t spanclass, uintptr_t elemsize) {
  uint32_t nelems = spanclass >> 1 ? (uint32_t)((npages << PAGE_SHIFT) / elemsize) : 1;
  bool hasbits = !(spanclass & 1) && spanclass >> 1 && elemsize <= MAX_BITMAPPED;
  uint32_t nwords = (nelems + 63) / 64;
  uintptr_t base;
  bool needzero;
  lock(&heap.lock);
  if (!pages_alloc(npages, &base, &needzero)) {
    unlock(&heap.lock);
    return NULL;
  }
  MSpan *s = record_new(nwords * 2 + (hasbits ? PAGE_SIZE / 8 / 64 : 0));
  s->base = base;
  s->npages = npages;
  s->elemsize = elemsize;
  s->nelems = nelems;
  s->divmagic = spanclass >> 1 ? UINT32_MAX / (uint32_t)elemsize + 1 : 0;
  s->spanclass = spanclass;
  s->needzero = needzero;
  s->nwords = (uint16_t)nwords;
  s->allocbits = s->bits;
  s->markbits = s->bits + nwords;
  s->heapbits = hasbits ? s->bits + 2 * nwords : NULL;
  s->alloccache = ~(uint64_t)0;
  s->sweepgen = heap.sweepgen;
  s->state = SPAN_HEAP;
  heap.pages_inuse += npages;
  set_entries(s);
  unlock(&heap.lock);
  return s;
}

void span_free(MSpan *s) {
  lock(&heap.lock);
  heap.pages_inuse -= s->npages;
  uintptr_t base = s->base, npages = s->npages;
  record_free(s);
  run_merge(base, npages, true, false);
  unlock(&heap.lock);
}

void *span_alloc_manual(uintptr_t npages, bool *zeroed) {
  uintptr_t base;
  bool needzero;
  lock(&heap.lock);
  if (!pages_alloc(npages, &base, &needzero)) {
    unlock(&heap.lock);
    throw("out of memory");
  }
  MSpan *s = record_new(0);
  s->base = base;
  s->npages = npages;
  s->state = SPAN_MANUAL;
  heap.pages_manual += npages;
  set_entries(s);
  unlock(&heap.lock);
  if (zeroed)
    *zeroed = !needzero;
  return (void *)base;
}

void span_free_manual(void *p) {
  lock(&heap.lock);
  MSpan *s = heap.spans[((uintptr_t)p - heap.base) >> PAGE_SHIFT];
  if (!s || s->state != SPAN_MANUAL || s->base != (uintptr_t)p)
    throw("span_free_manual: not such a span");
  uintptr_t npages = s->npages;
  heap.pages_manual -= npages;
  record_free(s);
  run_merge((uintptr_t)p, npages, true, false);
  unlock(&heap.lock);
}

static MSpan *largest_unreleased(MSpan *t) { // the rightmost run that is not released
  if (!t)
    return NULL;
  MSpan *s = largest_unreleased(t->right);
  if (s)
    return s;
  return t->released ? largest_unreleased(t->left) : t;
}

void heap_release(uintptr_t maxpages) {
  lock(&heap.lock);
  while (maxpages > 0) {
    MSpan *s = largest_unreleased(heap.runs);
    if (!s)
      break;
    uintptr_t base = s->base, npages = s->npages;
    run_take(s);
    record_free(s);
    bool failed = madvise((void *)base, npages << PAGE_SHIFT, MADV_DONTNEED) != 0;
    run_merge(base, npages, failed, true);
    maxpages -= npages < maxpages ? npages : maxpages;
  }
  unlock(&heap.lock);
}

bool heap_hasrun(uintptr_t npages) {
  lock(&heap.lock);
  bool has = run_find(npages) != NULL;
  unlock(&heap.lock);
  return has;
}
