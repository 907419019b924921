// malloc.c: allocation: size classes, a cache per P, central lists, large objects. Runs on a system
// stack.
//
// The scheme is tcmalloc's, as in Go: a P allocates from spans of its own without a lock; a span
// that is full goes to the central list of its class, from which the next one comes, swept when
// taken. Where a cell's pointers are is known in one of four ways: the span class says there are
// none; cells of at most 512 bytes have bits in the span; larger ones start with a header word,
// their element type; a large object's element type is in the span. cap() shows the size classes to
// Go programs, so they are Go's.
#include "runtime/heap.h"

const uint16_t class_size[NUM_CLASSES] = {
    0,     8,     16,    24,    32,    48,    64,    80,    96,    112,   128,   144,  160,   176,
    192,   208,   224,   240,   256,   288,   320,   352,   384,   416,   448,   480,  512,   576,
    640,   704,   768,   896,   1024,  1152,  1280,  1408,  1536,  1792,  2048,  2304, 2688,  3072,
    3200,  3456,  4096,  4864,  5376,  6144,  6528,  6784,  6912,  8192,  9472,  9728, 10240, 10880,
    12288, 13568, 14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768};
const uint8_t class_pages[NUM_CLASSES] = {0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,  1, 1,
                                          1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,  1, 1,
                                          1, 2, 1, 2, 1, 2, 1, 3, 2, 3, 1, 3, 2, 3, 4,  5, 6,
                                          1, 7, 6, 5, 4, 3, 5, 7, 2, 9, 7, 5, 8, 3, 10, 7, 4};
uint8_t size_class8[129], size_class128[249];

// Zero-sized objects are here; a missing map key's element is here (at most 1,024 bytes).
uint64_t zerobase_word ASMLABEL("runtime.zerobase");
uint8_t zeroval[1024] ASMLABEL("runtime.zeroVal") __attribute__((aligned(16)));

// Stands in an MCache where there is no span: full, so that the fast path fails.
MSpan heap_emptyspan;

static MCache boot_cache; // until the first P exists

static void class_tables(void) {
  int c = 1;
  for (int i = 1; i <= 128; i++) {
    while (class_size[c] < i * 8)
      c++;
    size_class8[i] = (uint8_t)c;
  }
  size_class128[0] = (uint8_t)c;
  for (int i = 1; i < 249; i++) {
    while (class_size[c] < 1024 + i * 128)
      c++;
    size_class128[i] = (uint8_t)c;
  }
}

static void cache_reset(MCache *c) {
  for (int i = 0; i < NUM_SPANCLASSES; i++)
    c->alloc[i] = &heap_emptyspan;
  c->tiny = c->tinyoffset = 0;
  c->stress = debug_gcstress;
}

void heap_init(void) {
  class_tables();
  span_init();
  heap.gcpercent = (int32_t)env_gcpercent;
  heap.memlimit = env_memlimit;
  cache_reset(&boot_cache);
  gc_update_trigger();
}

void heap_initp(P *p) {
  p->mcache = persistentalloc(sizeof *p->mcache, 64);
  cache_reset(p->mcache);
}

void heap_flushp(P *p) {
  mcache_flush(p->mcache);
}

// ---- cells of a span

static void refill_alloccache(MSpan *s, uint32_t from) { // from: multiple of 64 below nelems
  s->alloccache = ~s->allocbits[from / 64];
}

// Next free cell of s, or nelems.
static uint32_t next_free(MSpan *s) {
  uint32_t i = s->freeindex;
  if (i >= s->nelems)
    return s->nelems;
  while (s->alloccache == 0) {
    i = (i + 64) & ~63u;
    if (i >= s->nelems) {
      s->freeindex = s->nelems;
      return s->nelems;
    }
    refill_alloccache(s, i);
  }
  uint32_t n = (uint32_t)__builtin_ctzll(s->alloccache);
  i += n;
  if (i >= s->nelems) {
    s->freeindex = s->nelems;
    return s->nelems;
  }
  s->alloccache = n == 63 ? 0 : s->alloccache >> (n + 1);
  s->freeindex = i + 1;
  if ((i + 1) % 64 == 0 && i + 1 < s->nelems)
    refill_alloccache(s, i + 1);
  return i;
}

// ---- central lists

static MSpan *list_pop(SpanList *l) {
  MSpan *s = l->first;
  if (s)
    spanlist_remove(l, s);
  return s;
}

// Takes a span with a free cell from the central list, sweeping as needed; c->lock held, and
// released while a span is swept.
static MSpan *central_take(Central *c) {
  int swept = swept_list();
  MSpan *s = list_pop(&c->partial[swept]);
  if (s)
    return s;
  for (;;) {
    s = list_pop(&c->partial[!swept]);
    if (!s)
      s = list_pop(&c->full[!swept]);
    if (!s)
      return NULL;
    unlock(&c->lock);
    bool freed = gc_sweep_span(s);
    lock(&c->lock);
    if (freed)
      continue;
    if (s->alloccount < s->nelems)
      return s;
    spanlist_add(&c->full[swept], s);
  }
}

static void central_put(MSpan *s) {
  Central *c = &heap.central[s->spanclass];
  lock(&c->lock);
  spanlist_add(s->alloccount < s->nelems ? &c->partial[swept_list()] : &c->full[swept_list()], s);
  unlock(&c->lock);
}

static void count_cached(MSpan *s) { // heap.lock held
  uint64_t n = s->alloccount - s->cachedcount;
  heap.stats.nalloc[s->spanclass >> 1] += n;
  heap.stats.mallocs += n;
  heap.stats.total_alloc += n * s->elemsize;
  s->cachedcount = s->alloccount;
}

static void uncache(MSpan *s) {
  lock(&heap.lock);
  count_cached(s);
  unlock(&heap.lock);
  // What refill added for cells that nobody took.
  __atomic_fetch_sub(&heap.live, (uint64_t)(s->nelems - s->alloccount) * s->elemsize,
                     __ATOMIC_RELAXED);
  s->incache = false;
  central_put(s);
}

void mcache_flush(MCache *c) {
  for (int i = 0; i < NUM_SPANCLASSES; i++) {
    MSpan *s = c->alloc[i];
    if (s != &heap_emptyspan)
      uncache(s);
    c->alloc[i] = &heap_emptyspan;
  }
  c->tiny = c->tinyoffset = 0;
  lock(&heap.lock);
  heap.stats.tinyallocs += c->tinyallocs;
  heap.stats.mallocs += c->tinyallocs;
  unlock(&heap.lock);
  c->tinyallocs = 0;
}

void mcache_flush_all(void) {
  mcache_flush(&boot_cache);
  for (int i = 0; i < MAXP; i++)
    if (allp[i] && allp[i]->mcache)
      mcache_flush(allp[i]->mcache);
}

static NORETURN COLD void out_of_memory(void) {
  throw("runtime: out of memory");
}

static void add_live(uint64_t bytes) {
  uint64_t live = __atomic_add_fetch(&heap.live, bytes, __ATOMIC_RELAXED);
  if (live >= heap.trigger)
    gc_request();
}

static COLD MSpan *refill(MCache *c, uint8_t spc) {
  MSpan *old = c->alloc[spc];
  if (old != &heap_emptyspan) {
    c->alloc[spc] = &heap_emptyspan;
    uncache(old);
  }
  Central *cen = &heap.central[spc];
  lock(&cen->lock);
  MSpan *s = central_take(cen);
  unlock(&cen->lock);
  if (!s) {
    gc_reclaim(class_pages[spc >> 1]);
    s = span_alloc(class_pages[spc >> 1], spc, class_size[spc >> 1]);
  }
  if (!s)
    out_of_memory();
  s->incache = true;
  s->cachedcount = s->alloccount;
  c->alloc[spc] = s;
  add_live((uint64_t)(s->nelems - s->alloccount) * s->elemsize);
  return s;
}

// A free cell of the class; *needzero: it must be cleared.
static inline uintptr_t cell_alloc(MCache *c, uint8_t spc, MSpan **span) {
  MSpan *s = c->alloc[spc];
  uint64_t cache = s->alloccache;
  if (LIKELY(cache != 0)) {
    uint32_t n = (uint32_t)__builtin_ctzll(cache), i = s->freeindex + n, next = i + 1;
    if (LIKELY(i < s->nelems && (next % 64 != 0 || next == s->nelems))) {
      s->alloccache = cache >> n >> 1;
      s->freeindex = next;
      s->alloccount++;
      *span = s;
      return s->base + (uintptr_t)i * s->elemsize;
    }
  }
  uint32_t i = next_free(s);
  while (i >= s->nelems) {
    s = refill(c, spc);
    i = next_free(s);
  }
  s->alloccount++;
  *span = s;
  return s->base + (uintptr_t)i * s->elemsize;
}

// ---- pointer bits

// The bits of an object's first 64 words: t's mask, repeated over nwords.
static uint64_t pointer_bits(const RType *t, uintptr_t nwords) {
  uintptr_t words = t->size / 8;
  const uint8_t *mask = t->kind & KIND_GCPROG ? gc_type_mask(t) : t->gcdata;
  uint64_t m = 0;
  uintptr_t nbytes = (t->ptrbytes / 8 + 7) / 8;
  for (uintptr_t i = 0; i < nbytes; i++)
    m |= (uint64_t)mask[i] << (8 * i);
  if (t->ptrbytes < 512)
    m &= ((uint64_t)1 << (t->ptrbytes / 8)) - 1;
  for (uintptr_t have = words; have < nwords; have *= 2)
    m |= m << have;
  return m;
}

static void set_heapbits(MSpan *s, uintptr_t cell, uintptr_t size, const RType *t) {
  uintptr_t n = s->elemsize / 8, at = (cell - s->base) / 8, used = size / 8;
  uint64_t m;
  if (used == 1) {
    m = 1;
  } else {
    m = pointer_bits(t, used);
    if (used < 64)
      m &= ((uint64_t)1 << used) - 1;
  }
  uint64_t all = n < 64 ? ((uint64_t)1 << n) - 1 : ~(uint64_t)0;
  uint64_t *w = &s->heapbits[at / 64];
  unsigned shift = at % 64;
  w[0] = (w[0] & ~(all << shift)) | m << shift;
  if (shift + n > 64)
    w[1] = (w[1] & ~(all >> (64 - shift))) | m >> (64 - shift);
}

// ---- allocation

static void *alloc_tiny(MCache *c, uintptr_t size) {
  uintptr_t off = c->tinyoffset;
  if ((size & 7) == 0)
    off = (off + 7) & ~(uintptr_t)7;
  else if ((size & 3) == 0)
    off = (off + 3) & ~(uintptr_t)3;
  else if ((size & 1) == 0)
    off = (off + 1) & ~(uintptr_t)1;
  if (c->tiny && off + size <= TINY_SIZE) {
    c->tinyoffset = off + size;
    c->tinyallocs++;
    return (void *)(c->tiny + off);
  }
  MSpan *s;
  uintptr_t p = cell_alloc(c, 2 << 1 | 1, &s);
  ((uint64_t *)p)[0] = ((uint64_t *)p)[1] = 0;
  if (!c->tiny || size < c->tinyoffset) {
    c->tiny = p;
    c->tinyoffset = size;
  }
  return (void *)p;
}

static void *alloc_small(MCache *c, uintptr_t size, const RType *t, bool zero) {
  MSpan *s;
  if (!t) {
    uintptr_t p = cell_alloc(c, (uint8_t)(size_to_class(size) << 1 | 1), &s);
    if (zero && s->needzero)
      memset((void *)p, 0, s->elemsize);
    return (void *)p;
  }
  if (size <= MAX_BITMAPPED) {
    uintptr_t p = cell_alloc(c, (uint8_t)(size_to_class(size) << 1), &s);
    if (s->needzero)
      memset((void *)p, 0, s->elemsize);
    set_heapbits(s, p, size, t);
    return (void *)p;
  }
  uintptr_t p = cell_alloc(c, (uint8_t)(size_to_class(size + HEADER_SIZE) << 1), &s);
  if (s->needzero)
    memset((void *)p, 0, s->elemsize);
  *(const RType **)p = t;
  return (void *)(p + HEADER_SIZE);
}

static COLD void *alloc_large(uintptr_t size, const RType *t, bool zero) {
  if (size > MAX_ALLOC)
    out_of_memory();
  uintptr_t npages = (size + PAGE_SIZE - 1) >> PAGE_SHIFT;
  gc_reclaim(npages);
  MSpan *s = span_alloc(npages, t ? 0 : 1, npages << PAGE_SHIFT);
  if (!s)
    out_of_memory();
  s->freeindex = 1;
  s->alloccount = s->cachedcount = 1;
  s->alloccache = 0;
  s->largetype = t;
  if (s->needzero && (zero || t))
    memset((void *)s->base, 0, s->elemsize);
  lock(&heap.lock);
  spanlist_add(&heap.large[swept_list()], s);
  heap.stats.mallocs++;
  heap.stats.large_nalloc++;
  heap.stats.large_alloc += s->elemsize;
  heap.stats.total_alloc += s->elemsize;
  unlock(&heap.lock);
  add_live(s->elemsize);
  return (void *)s->base;
}

static inline MCache *cache(void) {
  P *p = getp();
  return LIKELY(p != NULL) ? p->mcache : &boot_cache;
}

static COLD void stress_step(MCache *c) {
  if (--c->stress <= 0) {
    c->stress = debug_gcstress;
    gc_request();
  }
}

void *mallocgc(uintptr_t size, RType *t, bool zero) {
  if (UNLIKELY(size == 0))
    return &zerobase_word;
  if (t && t->ptrbytes == 0)
    t = NULL;
  MCache *c = cache();
  if (UNLIKELY(debug_gcstress))
    stress_step(c);
  if (!t && size < TINY_SIZE)
    return alloc_tiny(c, size);
  if (size <= MAX_SMALL - HEADER_SIZE)
    return alloc_small(c, size, t, zero);
  return alloc_large(size, t, zero);
}

// ---- the functions that generated code calls

void *runtime_newobject(RType *t);
void *runtime_newobject(RType *t) {
  return mallocgc(t->size, t, true);
}

// irgen has checked that cap elements of t fit into memory, as far as the address space goes.
void *runtime_makeslice(RType *t, intgo cap);
void *runtime_makeslice(RType *t, intgo cap) {
  return mallocgc(t->size * (uintptr_t)cap, t, true);
}

void *runtime_mallocgc(uintptr_t size, RType *t, uintptr_t zero);
void *runtime_mallocgc(uintptr_t size, RType *t, uintptr_t zero) {
  return mallocgc(size, t, zero & 1);
}

// ---- looking objects up

uintptr_t object_base(uintptr_t p, uintptr_t *size) {
  MSpan *s = span_of(p);
  if (!s)
    return 0;
  uintptr_t i = cell_index(s, p);
  if (i >= s->nelems || !cell_allocated(s, i))
    return 0;
  uintptr_t base = s->base + i * s->elemsize, header = 0;
  if (!(s->spanclass & 1) && s->divmagic && s->elemsize > MAX_BITMAPPED)
    header = HEADER_SIZE;
  if (size)
    *size = s->elemsize - header;
  return base + header;
}

bool heap_isheap(uintptr_t a) {
  return span_of(a) != NULL;
}
