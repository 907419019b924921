// heap.h: the collected heap: spans, size classes, caches, collector state. Not seen by generated
// code.
//
// Glossary
//   page      8 KB;  span  a run of pages that holds objects of one size class, or one large
//   object, or is free class     size class 0..67 (0: large); span class = class << 1 | noscan cell
//   one object slot of a span; header  a type word in front of an object of more than 512 bytes
//   with pointers special   a record attached to an object: finalizer or weak handle
//
// Invariants
//   spans[i] of a page in use is its span; of a free run only the first and the last page's entry
//   is set, to a span in state SPAN_FREE. cell i is allocated  <=>  i < freeindex || allocbits[i]
//   freeindex only moves over cells that are handed out or that allocbits shows as allocated
//   bits of cells beyond nelems are never set in markbits
//   a span is in exactly one place: an MCache, one list of a Central, the list of large spans, or
//   the free runs sweepgen == heap.sweepgen: swept; == heap.sweepgen - 2: not yet swept (its mark
//   bits are the truth about its cells)
//
// Lock order: Central.lock < heap.lock < heap.speciallock. None is held when the world stops or a G
// parks. All is called on a system stack.
#ifndef GOC_HEAP_H
#define GOC_HEAP_H

#include "runtime/internal.h"

enum {
  PAGE_SHIFT = 13,
  PAGE_SIZE = 1 << PAGE_SHIFT,
  NUM_CLASSES = 68,
  NUM_SPANCLASSES = NUM_CLASSES * 2,
  MAX_SMALL = 32768,
  HEADER_SIZE = 8,
  MAX_BITMAPPED = 512, // largest object with pointers whose pointer bits are in the span
  TINY_SIZE = 16,
};
#define MAX_ALLOC ((uintptr_t)1 << 48)

typedef enum SpanState {
  SPAN_DEAD = 0, // record is in the free list of records
  SPAN_FREE,     // free run of pages
  SPAN_HEAP,     // objects
  SPAN_MANUAL, // pages handed out by span_alloc_manual: stacks and the like; the collector ignores
               // pointers into it
} SpanState;

typedef enum SpecialKind {
  SPECIAL_FINALIZER,
  SPECIAL_WEAK,
} SpecialKind;

// All specials are in one hash table keyed by pointer; the collector walks it once in each
// collection, before anything is swept.
typedef struct Special {
  struct Special *next; // of the table's chain
  uintptr_t ptr;        // the pointer that was registered (inside a tiny block it is not the cell)
  SpecialKind kind;
  uint32_t nret;     // finalizer: bytes of results
  FuncVal *fn;       // finalizer
  RType *fint, *ot;  // finalizer: type of its parameter; pointer type of the object
  uintptr_t *handle; // weak: a collected cell without pointers that holds ptr until the object dies
} Special;

typedef struct MSpan MSpan;
struct MSpan {
  uintptr_t base;   // address of the first page
  uintptr_t npages; // pages
  uintptr_t elemsize;
  uint32_t nelems;
  uint32_t divmagic; // (offset * divmagic) >> 32 == offset / elemsize; 0 for a large object
  uint8_t state;     // SpanState
  uint8_t spanclass;
  bool needzero;   // cells handed out must be cleared
  bool released;   // free run: its pages were given back and read as zero
  bool incache;    // owned by an MCache
  uint8_t lists;   // index of the list it is in, for the checker
  uint16_t nwords; // of allocbits and of markbits
  uint32_t freeindex;
  uint32_t alloccount; // cells allocated
  uint32_t
      cachedcount; // alloccount when an MCache took it: the difference is not in the statistics yet
  uint32_t sweepgen;
  uint64_t alloccache; // complement of allocbits from freeindex on: bit 0 is cell freeindex
  uint64_t *allocbits, *markbits;
  uint64_t *heapbits;     // objects of at most 512 bytes with pointers: one bit a word of the span
  const RType *largetype; // large object with pointers: element type
  MSpan *next, *prev;     // list
  MSpan *left, *right;    // treap of free runs
  uint32_t priority;      // treap
  uint64_t bits[];        // allocbits, markbits, heapbits
};

typedef struct SpanList {
  MSpan *first;
} SpanList;

// Spans of one class that no P has. Index: sweepgen/2 & 1 is the swept list, the other one the
// unswept.
typedef struct Central {
  Lock lock;
  SpanList partial[2], full[2];
} __attribute__((aligned(64))) Central;

struct MCache {
  MSpan *alloc[NUM_SPANCLASSES]; // never NULL: a span without a free cell (heap_emptyspan) stands
                                 // for none
  uintptr_t tiny;                // block of 16 bytes in use, 0: none
  uintptr_t tinyoffset;
  uint64_t tinyallocs; // since the last flush
  int64_t stress;      // allocations until GOCDEBUG=gcstress=n collects
};

typedef struct HeapStats { // bytes and counts; read under heap.lock with the caches flushed
  uint64_t mallocs, frees, total_alloc, total_free; // objects; bytes of their cells
  uint64_t large_alloc, large_nalloc, large_free, large_nfree;
  uint64_t tinyallocs;
  uint64_t nalloc[NUM_CLASSES], nfree[NUM_CLASSES];
} HeapStats;

typedef struct Heap {
  Lock lock;
  uintptr_t base, end;    // reserved addresses
  uintptr_t used;         // addresses below it were handed out at least once or are free runs
  uintptr_t mapped;       // addresses below it are readable and writable
  MSpan **spans;          // by page number from base
  MSpan *runs;            // treap of free runs, by (npages, base)
  MSpan *freerecords[64]; // MSpan records by words of bits
  SpanList large[2];      // like Central's lists
  uint32_t sweepgen;      // even, + 2 for each collection
  Central central[NUM_SPANCLASSES];

  uint64_t pages_inuse, pages_free, pages_released, pages_manual;
  uint64_t live;     // bytes of cells allocated since the last mark, plus marked ones: what GOGC
                     // compares (atomic)
  uint64_t trigger;  // collect when live reaches it
  uint64_t goal;     // heap size that GOGC allows
  uint64_t marked;   // bytes marked by the last collection
  int64_t memlimit;  // GOMEMLIMIT
  int32_t gcpercent; // -1: off
  uint64_t sys_persistent, sys_spans; // bytes of metadata
  HeapStats stats;
  uint32_t ngc;       // collections done
  bool sweepdone;     // nothing unswept is left
  uint32_t reclaimat; // span class at which gc_reclaim goes on
} Heap;

extern Heap heap;
extern MSpan heap_emptyspan;

extern const uint16_t class_size[NUM_CLASSES];
extern const uint8_t class_pages[NUM_CLASSES];
extern uint8_t size_class8[129];   // by (size + 7) / 8, up to 1024
extern uint8_t size_class128[249]; // by (size - 1024 + 127) / 128

static inline uint8_t size_to_class(uintptr_t size) { // size <= MAX_SMALL
  return size <= 1024 - 8 ? size_class8[(size + 7) / 8] : size_class128[(size - 1024 + 127) / 128];
}
// The bytes that an allocation of size bytes gets, without header. cap() shows them.
static inline uintptr_t round_up_size(uintptr_t size, bool noscan) {
  if (size > MAX_SMALL - HEADER_SIZE)
    return size + PAGE_SIZE - 1 < size ? size
                                       : (size + PAGE_SIZE - 1) & ~(uintptr_t)(PAGE_SIZE - 1);
  uintptr_t header = !noscan && size > MAX_BITMAPPED ? HEADER_SIZE : 0;
  return class_size[size_to_class(size + header)] - header;
}

// ---- span.c
void span_init(void);
MSpan *span_alloc(uintptr_t npages, uint8_t spanclass,
                  uintptr_t elemsize); // SPAN_HEAP, sets sweepgen; NULL: out of memory
void span_free(MSpan *s);              // back to the free runs
void *span_alloc_manual(uintptr_t npages, bool *zeroed); // pages outside the collected heap
void span_free_manual(void *p);
void spanlist_add(SpanList *l, MSpan *s);
void spanlist_remove(SpanList *l, MSpan *s);
void heap_release(uintptr_t maxpages); // gives free runs back to the system
bool heap_hasrun(uintptr_t npages);    // a free run of that size exists (a guess without the lock)

static inline int swept_list(void) {
  return heap.sweepgen / 2 & 1;
}
static inline MSpan *
span_of(uintptr_t p) { // span in use that holds p, or NULL; any word may be asked for
  uintptr_t off = p - heap.base;
  if (off >= heap.used - heap.base)
    return NULL;
  MSpan *s = heap.spans[off >> PAGE_SHIFT];
  return s && s->state == SPAN_HEAP ? s : NULL;
}
static inline uintptr_t cell_index(const MSpan *s, uintptr_t p) {
  return ((p - s->base) * (uint64_t)s->divmagic) >> 32;
}
static inline bool cell_allocated(const MSpan *s, uintptr_t i) {
  return i < s->freeindex || (s->allocbits[i >> 6] >> (i & 63) & 1);
}

// ---- malloc.c
void mcache_flush(MCache *c); // gives the spans back; the statistics are then complete
void mcache_flush_all(void);  // world stopped
uintptr_t object_base(
    uintptr_t p,
    uintptr_t *size); // the object that p points into (0: none), its usable bytes; without header

// ---- gc.c
void gc_collect(const char *why); // world stopped: marks, then leaves the spans to be swept
void gc_sweep_all(void);
void gc_reclaim(uintptr_t npages); // sweeps until that many pages can be had without growing the
                                   // heap, or all is swept
bool gc_sweep_span(MSpan *s);      // true: the span was freed. The caller owns it
void gc_update_trigger(void);
typedef struct GCBits {
  uintptr_t p;
  RType *t;     // type of p, for what is not in the heap
  uint8_t *out; // NULL: only n is wanted
  intgo n;      // words
} GCBits;
// The words of p's object as the collector sees them, a byte each.
void gc_object_bits(GCBits *b, void *unused);
const uint8_t *
gc_type_mask(const RType *t); // bits of ptrbytes / 8 words; GC programs are unrolled once and kept

typedef struct GCPauses {     // the last 256 collections, by number modulo 256
  uint64_t ns[256], end[256]; // end: wall clock, ns since 1970
  uint64_t total, last;       // ns of all; end of the last
  int64_t walloffset;         // wall clock - monotonic clock
} GCPauses;
extern GCPauses gc_pauses;
extern uint32_t gc_nforced; // collections that the program asked for
void gc_init_time(int64_t wall, int64_t mono);
typedef struct Marker Marker;
void mark_pointer(Marker *w,
                  uintptr_t p); // marks the object that p points into, if any, and queues it
void mark_range(void *w, uintptr_t lo,
                uintptr_t hi); // conservative: every word, and what ends there. A ScanFn
void mark_block(Marker *w, uintptr_t p, uintptr_t size,
                const uint8_t *mask); // precise: bit i is word i
void mark_contents(
    Marker *w, uintptr_t p); // marks what the object that p points into points to, but not itself
bool is_marked(uintptr_t p); // no object: true

// ---- roots.c
void mark_roots(Marker *w);
uint64_t gc_globals_size(void);   // bytes of globals with pointers
void mark_finalizable(Marker *w); // what objects with finalizers reach
int finish_specials(Marker *w);   // after marking: weak handles of the dead are cleared, finalizers
                                  // queued (and marked); how many were
void gc_hooks_before(void);       // sync.Pool and its like, world stopped

// ---- checkheap.c
void heap_check(const char *where); // walks the heap and throws at the first broken invariant

#endif
