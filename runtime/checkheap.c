// checkheap.c: walks the heap and throws at the first broken invariant of heap.h;
// GOCDEBUG=checkheap=1 calls it around each collection.
#include "runtime/heap.h"

#define CHECK(x)                                                                                   \
  do {                                                                                             \
    if (!(x))                                                                                      \
      throw("checkheap: " #x);                                                                     \
  } while (0)

static void check_bits(const MSpan *s) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < s->nwords * 64u; i++) {
    bool alloc = cell_allocated(s, i), mark = s->markbits[i >> 6] >> (i & 63) & 1;
    if (i >= s->nelems) {
      CHECK(!mark);
      break;
    }
    n += alloc;
    CHECK(!mark || alloc);
  }
  CHECK(n == s->alloccount);
}

static void check_span(const MSpan *s) {
  CHECK(s->state == SPAN_HEAP);
  CHECK(s->base % PAGE_SIZE == 0 && s->npages > 0);
  CHECK(s->freeindex <= s->nelems && s->alloccount <= s->nelems);
  CHECK(s->sweepgen == heap.sweepgen || s->sweepgen == heap.sweepgen - 2);
  CHECK(s->elemsize * s->nelems <= s->npages << PAGE_SHIFT);
  unsigned c = s->spanclass >> 1;
  CHECK(c < NUM_CLASSES && (c == 0 || s->elemsize == class_size[c]));
  CHECK((s->heapbits != NULL) == (c && !(s->spanclass & 1) && s->elemsize <= MAX_BITMAPPED));
  check_bits(s);
}

static void check_list(const SpanList *l, uint32_t sweepgen, bool full) {
  for (const MSpan *s = l->first; s; s = s->next) {
    CHECK(s->sweepgen == sweepgen);
    CHECK(!s->next || s->next->prev == s);
    CHECK(!full || s->alloccount == s->nelems || sweepgen != heap.sweepgen);
  }
}

static uintptr_t check_treap(const MSpan *t, const MSpan **last) {
  if (!t)
    return 0;
  CHECK(!t->left || t->left->priority <= t->priority);
  CHECK(!t->right || t->right->priority <= t->priority);
  uintptr_t n = check_treap(t->left, last);
  CHECK(!*last || (*last)->npages < t->npages ||
        ((*last)->npages == t->npages && (*last)->base < t->base));
  CHECK(t->state == SPAN_FREE);
  *last = t;
  return n + t->npages + check_treap(t->right, last);
}

static void check_pages(void) {
  uintptr_t inuse = 0, free = 0, manual = 0;
  const MSpan *before = NULL;
  for (uintptr_t p = heap.base; p < heap.used;) {
    uintptr_t i = (p - heap.base) >> PAGE_SHIFT;
    const MSpan *s = heap.spans[i];
    CHECK(s && s->base == p);
    CHECK(heap.spans[i + s->npages - 1] == s);
    if (s->state == SPAN_FREE) {
      CHECK(!before || before->state != SPAN_FREE || before->released != s->released);
      free += s->npages;
    } else if (s->state == SPAN_MANUAL) {
      manual += s->npages;
    } else {
      check_span(s);
      inuse += s->npages;
    }
    before = s;
    p += s->npages << PAGE_SHIFT;
  }
  CHECK(inuse == heap.pages_inuse && free == heap.pages_free && manual == heap.pages_manual);
}

void heap_check(const char *where) {
  (void)where;
  lock(&heap.lock);
  check_pages();
  const MSpan *last = NULL;
  CHECK(check_treap(heap.runs, &last) == heap.pages_free);
  int swept = swept_list();
  for (int i = 0; i < NUM_SPANCLASSES; i++) {
    check_list(&heap.central[i].partial[swept], heap.sweepgen, false);
    check_list(&heap.central[i].full[swept], heap.sweepgen, true);
    check_list(&heap.central[i].partial[!swept], heap.sweepgen - 2, false);
    check_list(&heap.central[i].full[!swept], heap.sweepgen - 2, false);
  }
  unlock(&heap.lock);
}
