// gc.c: the collector: stop the world, mark in parallel, sweep when needed. Non-moving; precise in
// the heap, conservative on stacks.
//
// Marking: a worker pops objects from its buffer and marks what they point to; full buffers go to a
// shared list from which idle workers take. A few popped objects wait in a ring while their memory
// is fetched. Helpers are plain threads that only run while the world stands. Sweeping: after the
// mark the central lists change places (sweepgen += 2); a span's mark bits become its allocation
// bits when somebody wants it, before the heap grows, or at the latest before the next mark.
//
// Pacing: without a concurrent mark the trigger is the goal: live after the last mark times (1 +
// GOGC/100), bounded by GOMEMLIMIT.
#include "runtime/heap.h"
#include "runtime/hooks.h"
#include "runtime/timer.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>

enum {
  WORKBUF_OBJS = 1021,
  RING = 8,
  MAX_HELPERS = 15,
  PARALLEL_MIN = 4 << 20, // bytes alive below which one worker does it
};

typedef struct WorkBuf {
  struct WorkBuf *next;
  uintptr_t n;
  uintptr_t obj[WORKBUF_OBJS]; // addresses of cells
} WorkBuf;

struct Marker {
  WorkBuf *cur;
  uintptr_t ring[RING];     // 0: empty
  uint32_t ringat, waiting; // waiting: objects in the ring
  bool parallel;
  uint64_t marked; // bytes of cells
  uintptr_t cell;  // that is being scanned; 0: a root
  Note start;
  bool started;
};

static struct {
  Lock l;
  WorkBuf *full, *empty;
  uint32_t idle, nworkers; // idle == nworkers: marking is over
  uint32_t nhelpers;
  uint32_t running; // helpers that have not finished
  Note done;
  Marker main, helper[MAX_HELPERS];
} work;

// ---- work buffers

static WorkBuf *buf_get(void) {
  lock(&work.l);
  WorkBuf *b = work.empty;
  if (b)
    work.empty = b->next;
  unlock(&work.l);
  if (!b)
    b = persistentalloc(sizeof *b, 16);
  b->n = 0;
  return b;
}

static void buf_put(WorkBuf **list, WorkBuf *b) {
  lock(&work.l);
  b->next = *list;
  __atomic_store_n(list, b, __ATOMIC_RELEASE);
  unlock(&work.l);
}

static void push(Marker *w, uintptr_t cell) {
  if (UNLIKELY(w->cur->n == WORKBUF_OBJS)) {
    buf_put(&work.full, w->cur);
    w->cur = buf_get();
  }
  w->cur->obj[w->cur->n++] = cell;
}

static bool take_full(Marker *w) {
  if (!__atomic_load_n(&work.full, __ATOMIC_RELAXED)) // a list gets here with every object
    return false;
  lock(&work.l);
  WorkBuf *b = work.full;
  if (b)
    work.full = b->next;
  unlock(&work.l);
  if (!b)
    return false;
  buf_put(&work.empty, w->cur);
  w->cur = b;
  return true;
}

// Next object to scan; 0: this worker has none, and the shared list is empty.
static uintptr_t pop(Marker *w) {
  for (;;) {
    uintptr_t next = 0;
    if (w->cur->n || take_full(w)) {
      next = w->cur->obj[--w->cur->n];
      __builtin_prefetch((void *)next);
      w->waiting++;
    } else if (w->waiting == 0) {
      return 0;
    }
    uintptr_t ready;
    do {
      ready = w->ring[w->ringat];
      w->ring[w->ringat] = next;
      w->ringat = (w->ringat + 1) % RING;
    } while (!ready && !next);
    if (ready) {
      w->waiting--;
      return ready;
    }
  }
}

// ---- marking

static bool set_mark(Marker *w, MSpan *s, uintptr_t i) { // false: it was set
  uint64_t *word = &s->markbits[i >> 6], bit = (uint64_t)1 << (i & 63);
  if (__atomic_load_n(word, __ATOMIC_RELAXED) & bit)
    return false;
  if (!w->parallel) {
    *word |= bit;
    return true;
  }
  return !(__atomic_fetch_or(word, bit, __ATOMIC_RELAXED) & bit);
}

// GOCDEBUG=checkescape=1: the heap and the globals never point into a stack (docs/abi.md,
// "Memory").
static COLD void check_escape(Marker *w, uintptr_t p) {
  if (p >> 32 == 0 || !addr_in_stack(p)) // static data
    return;
  print_lock();
  print_str("runtime: pointer ");
  print_hex(p);
  print_str(" into a stack in ");
  if (w->cell) {
    print_str("the object of ");
    print_uint(span_of(w->cell)->elemsize);
    print_str(" bytes at ");
    print_hex(w->cell);
    print_str(":");
    for (uintptr_t i = 0; i < span_of(w->cell)->elemsize / 8 && i < 16; i++) {
      print_str(" ");
      print_hex(((uintptr_t *)w->cell)[i]);
    }
  } else {
    print_str("a global");
  }
  print_str("\n");
  print_unlock();
  throw("checkescape: the heap or a global points into a goroutine's stack");
}

static inline void mark_cell(Marker *w, MSpan *s, uintptr_t i) {
  if (i >= s->nelems || !cell_allocated(s, i) || !set_mark(w, s, i))
    return;
  w->marked += s->elemsize;
  if (!(s->spanclass & 1))
    push(w, s->base + i * s->elemsize);
}

void mark_pointer(Marker *w, uintptr_t p) {
  MSpan *s = span_of(p);
  if (s)
    mark_cell(w, s, cell_index(s, p));
  else if (UNLIKELY(debug_checkescape))
    check_escape(w, p);
}

// A word of a stack or of C's. Where a cell begins, it may as well be the end of the one before.
static inline void mark_word(Marker *w, uintptr_t p) {
  MSpan *s = span_of(p);
  if (s) {
    uintptr_t i = cell_index(s, p);
    mark_cell(w, s, i);
    if (i < s->nelems && p != s->base + i * s->elemsize)
      return;
  }
  if ((p & 7) == 0 && (s = span_of(p - 1)) != NULL)
    mark_cell(w, s, cell_index(s, p - 1));
}

bool is_marked(uintptr_t p) {
  MSpan *s = span_of(p);
  if (!s)
    return true;
  uintptr_t i = cell_index(s, p);
  return i >= s->nelems || (s->markbits[i >> 6] >> (i & 63) & 1);
}

void mark_range(void *ctx, uintptr_t lo, uintptr_t hi) {
  Marker *w = ctx;
  lo = (lo + 7) & ~(uintptr_t)7;
  for (; lo + 8 <= hi; lo += 8) {
    uintptr_t p = *(volatile uintptr_t *)lo;
    if (p - heap.base > heap.used - heap.base) // == used: end of the last object
      continue;
    mark_word(w, p);
  }
}

void mark_block(Marker *w, uintptr_t p, uintptr_t size, const uint8_t *mask) {
  for (uintptr_t i = 0; i < size / 8; i++) {
    if ((i & 7) == 0 && mask[i / 8] == 0) {
      i += 7;
      continue;
    }
    if (mask[i / 8] >> (i & 7) & 1)
      mark_pointer(w, *(uintptr_t *)(p + i * 8));
  }
}

static void scan_bitmapped(Marker *w, MSpan *s, uintptr_t cell) {
  uintptr_t n = s->elemsize / 8, at = (cell - s->base) / 8;
  unsigned shift = at % 64;
  uint64_t m = s->heapbits[at / 64] >> shift;
  if (shift + n > 64)
    m |= s->heapbits[at / 64 + 1] << (64 - shift);
  if (n < 64)
    m &= ((uint64_t)1 << n) - 1;
  for (; m; m &= m - 1)
    mark_pointer(w, *(uintptr_t *)(cell + 8 * (uintptr_t)__builtin_ctzll(m)));
}

static void scan_typed(Marker *w, uintptr_t p, uintptr_t size, const RType *t) {
  if (t->ptrbytes == 0)
    return;
  const uint8_t *mask = gc_type_mask(t);
  if (t->size == 8) {
    for (uintptr_t end = p + size; p < end; p += 8)
      mark_pointer(w, *(uintptr_t *)p);
    return;
  }
  for (; size >= t->ptrbytes; p += t->size) {
    mark_block(w, p, t->ptrbytes, mask);
    if (size < t->size)
      break;
    size -= t->size;
  }
}

static void scan_cell(Marker *w, uintptr_t cell) {
  MSpan *s = span_of(cell);
  w->cell = cell;
  if (s->heapbits)
    scan_bitmapped(w, s, cell);
  else if (s->divmagic)
    scan_typed(w, cell + HEADER_SIZE, s->elemsize - HEADER_SIZE, *(const RType **)cell);
  else if (s->largetype)
    scan_typed(w, cell, s->elemsize, s->largetype);
}

void mark_contents(Marker *w, uintptr_t p) {
  MSpan *s = span_of(p);
  if (!s || (s->spanclass & 1))
    return;
  uintptr_t i = cell_index(s, p);
  if (i < s->nelems)
    scan_cell(w, s->base + i * s->elemsize);
}

// Marks until no worker has anything left.
static void drain(Marker *w) {
  for (;;) {
    uintptr_t cell = pop(w);
    if (cell) {
      scan_cell(w, cell);
      w->cell = 0;
      // Share when others starve: half a buffer is better than a long chain of objects on one
      // worker.
      if (w->parallel && w->cur->n > 32 && __atomic_load_n(&work.idle, __ATOMIC_RELAXED) &&
          !work.full) {
        WorkBuf *b = buf_get();
        uintptr_t half = w->cur->n / 2;
        w->cur->n -= half;
        memcpy(b->obj, w->cur->obj + w->cur->n, half * sizeof(uintptr_t));
        b->n = half;
        buf_put(&work.full, b);
      }
      continue;
    }
    if (!w->parallel)
      return;
    __atomic_add_fetch(&work.idle, 1, __ATOMIC_ACQ_REL);
    for (int spin = 0; !__atomic_load_n(&work.full, __ATOMIC_ACQUIRE); spin++) {
      if (__atomic_load_n(&work.idle, __ATOMIC_ACQUIRE) == work.nworkers)
        return;
      if (spin % 64 == 63)
        sched_yield();
      else
        procyield(4);
    }
    __atomic_sub_fetch(&work.idle, 1, __ATOMIC_ACQ_REL);
  }
}

// ---- helpers

static void *helper_main(void *arg) {
  Marker *w = arg;
  TLS(uintptr_t, TLS_LIMIT) = 0;
  for (uintptr_t off = TLS_FIRST; off < TLS_END; off += 8)
    *(volatile uintptr_t *)((char *)__builtin_thread_pointer() + off) = 0;
  for (;;) {
    note_sleep(&w->start);
    note_clear(&w->start);
    drain(w);
    if (__atomic_sub_fetch(&work.running, 1, __ATOMIC_ACQ_REL) == 0)
      note_wake(&work.done);
  }
  return NULL;
}

static void start_helpers(uint32_t n) {
  sigset_t all, old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  for (; work.nhelpers < n; work.nhelpers++) {
    Marker *w = &work.helper[work.nhelpers];
    note_clear(&w->start);
    w->parallel = true;
    w->cur = buf_get();
    pthread_t t;
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attr, 128 * 1024);
    int err = pthread_create(&t, &attr, helper_main, w);
    pthread_attr_destroy(&attr);
    if (err)
      break;
  }
  pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static void run_mark(Marker *w, bool parallel) {
  uint32_t n = 0;
  if (parallel) {
    n = (uint32_t)(gomaxprocs < ncpu ? gomaxprocs : ncpu) - 1;
    if (n > MAX_HELPERS)
      n = MAX_HELPERS;
    start_helpers(n);
    if (n > work.nhelpers)
      n = work.nhelpers;
  }
  w->parallel = n > 0;
  work.idle = 0;
  work.nworkers = n + 1;
  if (n == 0) {
    drain(w);
    return;
  }
  note_clear(&work.done);
  __atomic_store_n(&work.running, n, __ATOMIC_RELEASE);
  for (uint32_t i = 0; i < n; i++)
    note_wake(&work.helper[i].start);
  drain(w);
  note_sleep(&work.done);
  w->parallel = false;
  for (uint32_t i = 0; i < n; i++) {
    w->marked += work.helper[i].marked;
    work.helper[i].marked = 0;
  }
}

// ---- masks of types: GC programs are unrolled once and kept

static struct {
  Lock l;
  struct MaskEntry {
    const RType *t;
    uint8_t *mask;
  } *tab;
  uintptr_t n, cap;
} masks;

static uintptr_t read_varint(const uint8_t **p) {
  uintptr_t n = 0;
  for (unsigned shift = 0;; shift += 7) {
    uint8_t b = *(*p)++;
    n |= (uintptr_t)(b & 0x7f) << shift;
    if (!(b & 0x80))
      return n;
  }
}

// The program's language is internal/abi's: 0 ends; 0nnnnnnn: n bits follow; 1nnnnnnn (n == 0: a
// varint follows), varint c: the last n bits c times more. A word with the program's length stands
// in front.
static void unroll(const uint8_t *prog, uint8_t *mask, uintptr_t nbits) {
  const uint8_t *p = prog + 4;
  uintptr_t at = 0;
  for (uint8_t inst; (inst = *p++) != 0;) {
    uintptr_t n = inst & 0x7f;
    if (!(inst & 0x80)) {
      for (uintptr_t i = 0; i < n && at < nbits; i++, at++)
        if (p[i / 8] >> (i & 7) & 1)
          mask[at / 8] |= (uint8_t)(1 << (at & 7));
      p += (n + 7) / 8;
      continue;
    }
    if (n == 0)
      n = read_varint(&p);
    uintptr_t c = read_varint(&p);
    for (uintptr_t total = n * c; total > 0 && at < nbits; total--, at++) {
      uintptr_t from = at - n;
      if (mask[from / 8] >> (from & 7) & 1)
        mask[at / 8] |= (uint8_t)(1 << (at & 7));
    }
  }
}

static struct MaskEntry *mask_slot(const RType *t) {
  uintptr_t h = ((uintptr_t)t >> 4) * 0x9e3779b97f4a7c15u;
  uintptr_t i = (h >> 20) & (masks.cap - 1);
  while (masks.tab[i].t && masks.tab[i].t != t)
    i = (i + 1) & (masks.cap - 1);
  return &masks.tab[i];
}

static void masks_grow(void) {
  uintptr_t oldcap = masks.cap;
  struct MaskEntry *old = masks.tab;
  masks.cap = oldcap ? oldcap * 2 : 64;
  masks.tab = persistentalloc(masks.cap * sizeof *masks.tab, 16);
  for (uintptr_t i = 0; i < oldcap; i++)
    if (old[i].t)
      *mask_slot(old[i].t) = old[i];
}

const uint8_t *gc_type_mask(const RType *t) {
  if (!(t->kind & KIND_GCPROG))
    return t->gcdata;
  lock(&masks.l);
  if (masks.n * 2 >= masks.cap)
    masks_grow();
  struct MaskEntry *e = mask_slot(t);
  if (!e->t) {
    uintptr_t nbits = t->ptrbytes / 8;
    e->mask = persistentalloc((nbits + 7) / 8, 16);
    unroll(t->gcdata, e->mask, nbits);
    e->t = t;
    masks.n++;
  }
  const uint8_t *m = e->mask;
  unlock(&masks.l);
  return m;
}

void gc_object_bits(GCBits *b, void *unused) {
  (void)unused;
  MSpan *s = span_of(b->p);
  const RType *t = (b->t->kind & KIND_MASK) == KIND_POINTER ? ((const PtrType *)b->t)->elem : b->t;
  uintptr_t size = t->ptrbytes, cell = b->p;
  if (s) {
    cell = s->base + cell_index(s, b->p) * s->elemsize;
    size = s->elemsize;
    t = s->spanclass & 1 ? NULL
        : s->heapbits    ? NULL
        : s->divmagic    ? *(const RType **)cell
                         : s->largetype;
    if (!(s->spanclass & 1) && s->divmagic && !s->heapbits)
      size -= HEADER_SIZE;
  }
  b->n = (intgo)(size / 8);
  const uint8_t *mask = b->out && t && t->ptrbytes ? gc_type_mask(t) : NULL;
  for (uintptr_t i = 0; b->out && i < size / 8; i++) {
    uintptr_t w = t && t->size ? i % (t->size / 8) : 0, h = s ? (cell - s->base) / 8 + i : 0;
    if (s && s->heapbits)
      b->out[i] = s->heapbits[h / 64] >> (h % 64) & 1;
    else
      b->out[i] = mask && w < t->ptrbytes / 8 ? mask[w / 8] >> (w & 7) & 1 : 0;
  }
}

// ---- sweeping

static void fill_freed(MSpan *s) { // debugging: what is read after it died shows
  for (uint32_t i = 0; i < s->nelems; i++)
    if (cell_allocated(s, i) && !(s->markbits[i >> 6] >> (i & 63) & 1))
      memset((void *)(s->base + i * s->elemsize), 0xdb, s->elemsize);
}

bool gc_sweep_span(MSpan *s) {
  if (s->sweepgen != heap.sweepgen - 2)
    throw("sweeping a span that is not to be swept");
  uint32_t n = 0;
  for (uint32_t i = 0; i < s->nwords; i++)
    n += (uint32_t)__builtin_popcountll(s->markbits[i]);
  uint32_t freed = s->alloccount - n;
  if (n > s->alloccount)
    throw("sweep found more marked than allocated cells");
  if (freed) {
    if (UNLIKELY(debug_gcstress || debug_checkheap))
      fill_freed(s);
    unsigned c = s->spanclass >> 1;
    __atomic_fetch_add(&heap.stats.frees, freed, __ATOMIC_RELAXED);
    __atomic_fetch_add(&heap.stats.total_free, freed * s->elemsize, __ATOMIC_RELAXED);
    if (c) {
      __atomic_fetch_add(&heap.stats.nfree[c], freed, __ATOMIC_RELAXED);
    } else {
      heap.stats.large_nfree++;
      heap.stats.large_free += s->elemsize;
    }
  }
  if (n == 0) {
    span_free(s);
    return true;
  }
  if (freed)
    s->needzero = true;
  uint64_t *old = s->allocbits;
  s->allocbits = s->markbits;
  s->markbits = old;
  memset(old, 0, s->nwords * sizeof *old);
  s->alloccount = s->cachedcount = n;
  s->freeindex = 0;
  s->alloccache = ~s->allocbits[0];
  s->sweepgen = heap.sweepgen;
  return false;
}

static MSpan *take_unswept(Central *c) {
  int unswept = !swept_list();
  lock(&c->lock);
  MSpan *s = c->partial[unswept].first;
  SpanList *l = &c->partial[unswept];
  if (!s) {
    l = &c->full[unswept];
    s = l->first;
  }
  if (s)
    spanlist_remove(l, s);
  unlock(&c->lock);
  return s;
}

static bool sweep_one(Central *c) { // false: nothing to sweep
  MSpan *s = take_unswept(c);
  if (!s)
    return false;
  if (!gc_sweep_span(s)) {
    lock(&c->lock);
    spanlist_add(s->alloccount < s->nelems ? &c->partial[swept_list()] : &c->full[swept_list()], s);
    unlock(&c->lock);
  }
  return true;
}

void gc_sweep_all(void) {
  for (int i = 0; i < NUM_SPANCLASSES; i++)
    while (sweep_one(&heap.central[i])) {
    }
  heap.sweepdone = true;
}

void gc_reclaim(uintptr_t npages) {
  if (heap.sweepdone || heap_hasrun(npages))
    return;
  for (int tries = 0;; tries++) {
    uint32_t i = __atomic_load_n(&heap.reclaimat, __ATOMIC_RELAXED);
    if (i >= NUM_SPANCLASSES) {
      heap.sweepdone = true;
      return;
    }
    if (!sweep_one(&heap.central[i]))
      __atomic_compare_exchange_n(&heap.reclaimat, &i, i + 1, false, __ATOMIC_RELAXED,
                                  __ATOMIC_RELAXED);
    else if (tries % 8 == 7 && heap_hasrun(npages))
      return;
  }
}

static void sweep_large(void) {
  int unswept = !swept_list();
  while (heap.large[unswept].first) {
    MSpan *s = heap.large[unswept].first;
    spanlist_remove(&heap.large[unswept], s);
    if (!gc_sweep_span(s)) {
      s->freeindex = 1;
      s->alloccache = 0;
      spanlist_add(&heap.large[!unswept], s);
    }
  }
}

// ---- pacing

void gc_update_trigger(void) {
  uint64_t goal = UINT64_MAX;
  if (heap.gcpercent >= 0) {
    uint64_t min = (uint64_t)(4 << 20) * (uint64_t)heap.gcpercent / 100;
    goal = heap.marked + heap.marked / 100 * (uint64_t)heap.gcpercent;
    if (goal < min)
      goal = min;
  }
  if (heap.memlimit != INT64_MAX) {
    uint64_t other = heap.pages_manual << PAGE_SHIFT, limit = (uint64_t)heap.memlimit;
    uint64_t room = limit > other ? limit - other : 0;
    if (goal > room)
      goal = room;
  }
  if (goal < heap.marked + (1 << 20)) // never collect more often than for each megabyte, as gc
    goal = heap.marked + (1 << 20);
  heap.goal = goal;
  __atomic_store_n(&heap.trigger, goal, __ATOMIC_RELAXED);
}

// ---- a collection

static struct {
  int64_t start; // of the program
  int64_t last;  // end of the last collection
  int64_t total; // ns of all pauses
} gctime;
GCPauses gc_pauses;
uint32_t gc_nforced;

static void record_pause(int64_t end, int64_t ns) {
  uint32_t i = heap.ngc % 256;
  gc_pauses.ns[i] = (uint64_t)ns;
  gc_pauses.end[i] = (uint64_t)(end + gc_pauses.walloffset);
  gc_pauses.total += (uint64_t)ns;
  gc_pauses.last = (uint64_t)(end + gc_pauses.walloffset);
}

static void print_ms(int64_t ns) { // 12.34 as Go's fmtNSAsMS
  int64_t us = ns / 1000;
  if (us >= 10000) {
    print_int(us / 1000);
    return;
  }
  int64_t x = us, dec = 3;
  while (x >= 100) {
    x /= 10;
    dec--;
  }
  if (dec == 0) {
    print_int(x);
    return;
  }
  int64_t pow = dec == 3 ? 1000 : dec == 2 ? 100 : 10;
  print_int(x / pow);
  print_str(".");
  int64_t rest = x % pow;
  for (pow /= 10; pow > 1 && rest < pow; pow /= 10)
    print_str("0");
  print_int(rest);
}

static void print_trace(uint64_t before, int64_t sweepns, int64_t markns, int64_t endns,
                        int64_t now, bool forced) {
  print_lock();
  print_str("gc ");
  print_int(heap.ngc);
  print_str(" @");
  int64_t ms = (now - gctime.start) / 1000000;
  print_int(ms / 1000);
  print_str(".");
  if (ms % 1000 < 100)
    print_str("0");
  if (ms % 1000 < 10)
    print_str("0");
  print_int(ms % 1000);
  print_str("s ");
  print_int(gctime.total * 100 / (now - gctime.start + 1));
  print_str("%: ");
  print_ms(sweepns);
  print_str("+");
  print_ms(markns);
  print_str("+");
  print_ms(endns);
  print_str(" ms clock, ");
  print_ms(sweepns * gomaxprocs);
  print_str("+0/");
  print_ms(markns * work.nworkers);
  print_str("/0+");
  print_ms(endns * gomaxprocs);
  print_str(" ms cpu, ");
  print_uint(before >> 20);
  print_str("->");
  print_uint(before >> 20);
  print_str("->");
  print_uint(heap.marked >> 20);
  print_str(" MB, ");
  print_uint(heap.goal == UINT64_MAX ? 0 : heap.goal >> 20);
  print_str(" MB goal, ");
  print_uint((heap.pages_manual << PAGE_SHIFT) >> 20);
  print_str(" MB stacks, ");
  print_uint(gc_globals_size() >> 20);
  print_str(" MB globals, ");
  print_int(gomaxprocs);
  print_str(" P");
  if (forced)
    print_str(" (forced)");
  print_str("\n");
  print_unlock();
}

static void mark_all(void) {
  Marker *w = &work.main;
  if (!w->cur)
    w->cur = buf_get();
  w->marked = 0;
  w->parallel = false;
  bool parallel = heap.live >= PARALLEL_MIN && gomaxprocs > 1 && ncpu > 1;
  mark_roots(w);
  mark_finalizable(w);
  run_mark(w, parallel);
  if (finish_specials(w))
    run_mark(w, false);
  timers_drop(is_marked);
  heap.marked = w->marked;
}

static void release_spare(void) { // keeps a tenth above the goal, gives the rest back
  uint64_t keep = heap.goal == UINT64_MAX ? UINT64_MAX : heap.goal / 10 * 11;
  uint64_t have = (heap.pages_inuse + heap.pages_free - heap.pages_released) << PAGE_SHIFT;
  uint64_t limit = (uint64_t)heap.memlimit;
  if (heap.memlimit != INT64_MAX && keep > limit / 100 * 95)
    keep = limit / 100 * 95;
  if (have > keep + (4 << 20))
    heap_release((have - keep) >> PAGE_SHIFT);
}

void gc_collect(const char *why) {
  int64_t t0 = nanotime();
  if (!gctime.start)
    gctime.start = t0;
  gc_hooks_before();
  gc_sweep_all();
  mcache_flush_all();
  if (debug_checkheap)
    heap_check("before a collection");
  uint64_t before = heap.live;
  int64_t t1 = nanotime();
  mark_all();
  int64_t t2 = nanotime();
  heap.sweepgen += 2;
  heap.sweepdone = false;
  heap.reclaimat = 0;
  __atomic_store_n(&heap.live, heap.marked, __ATOMIC_RELAXED);
  gc_update_trigger();
  sweep_large();
  if (debug_gcstress || debug_checkheap)
    gc_sweep_all();
  if (debug_checkheap)
    heap_check("after a collection");
  release_spare();
  for (uint64_t i = 0; i < nallgs; i++)
    g_free_cached_stack(allgs[i]);
  heap.ngc++;
  int64_t now = nanotime();
  gctime.last = now;
  gctime.total += now - t0;
  record_pause(now, now - t0);
  if (debug_gctrace)
    print_trace(before, t1 - t0, t2 - t1, now - t2, now, why[0] == 'f');
}

void gc_start(void) {
  uint32_t n = __atomic_load_n(&heap.ngc, __ATOMIC_RELAXED);
  if (!stoptheworld("GC")) { // who runs first when the world does will see the wish
    sched.gcwish = 1;
    return;
  }
  sched.gcwish = 0;
  bool run = heap.ngc == n;
  if (run)
    gc_collect("GC");
  starttheworld();
  if (run)
    gc_wake_after();
}

void gc_sysmon(int64_t now) {
  if (gctime.last && now - gctime.last > (int64_t)120 * 1000 * 1000 * 1000 && heap.gcpercent >= 0)
    gc_request();
}

void gc_init_time(int64_t wall, int64_t mono) {
  gctime.start = gctime.last = mono;
  gc_pauses.walloffset = wall - mono;
}
