// test_gc.c: what the collector keeps and frees: chains, interior pointers, GC programs, weak
// handles, finalizers, reuse.
#include "runtime/hooks.h"
#include "test/shim_heap.h"

#include <check.h>
#include <string.h>

typedef struct Node {
  struct Node *next;
  uintptr_t value;
} Node;
static const uint8_t mask1[] = {1};
static const RType t_node = {.size = 16, .ptrbytes = 8, .kind = KIND_STRUCT, .gcdata = mask1};

static Node *node(Node *next, uintptr_t v) {
  Node *n = mallocgc(sizeof *n, (RType *)(uintptr_t)&t_node, true);
  n->next = next;
  n->value = v;
  return n;
}

static bool alive(void *p) { // after a collection and a full sweep
  return object_base((uintptr_t)p, NULL) != 0;
}

static void collect(void) {
  shim_collect();
  gc_sweep_all();
}

START_TEST(chain) {
  shim_init();
  Node *n = NULL, *dead = NULL;
  for (uintptr_t i = 0; i < 100000; i++) {
    dead = node(dead, i);
    n = node(n, i);
  }
  node(NULL, 0);
  n = node(n, 100000); // what stands before a root stays too: the root might be its end
  shim_roots.v[0] = n;
  uintptr_t hidden = ~(uintptr_t)dead;
  collect();
  for (uintptr_t i = 100001; n; n = n->next)
    ck_assert_uint_eq(n->value, --i);
  ck_assert(!alive((void *)~hidden));
  ck_assert_uint_eq(heap.marked, 1600032);
}
END_TEST

START_TEST(parallel) {
  shim_init();
  gomaxprocs = 2;
  Node *heads[64];
  for (int i = 0; i < 64; i++) {
    heads[i] = NULL;
    for (uintptr_t j = 0; j < 8000; j++)
      heads[i] = node(heads[i], j);
    shim_roots.v[i] = heads[i];
  }
  for (int k = 0; k < 5; k++)
    collect();
  for (int i = 0; i < 64; i++) {
    uintptr_t n = 0;
    for (Node *p = heads[i]; p; p = p->next)
      n++;
    ck_assert_uint_eq(n, 8000);
  }
  ck_assert_uint_eq(heap.marked, 64 * 8000 * 16);
}
END_TEST

START_TEST(interior_and_end) {
  shim_init();
  char *a = mallocgc(4000, NULL, true), *b = mallocgc(64, NULL, true),
       *c = mallocgc(64, NULL, true);
  uintptr_t hc = ~(uintptr_t)c;
  shim_roots.v[0] = a + 3999;
  shim_roots.v[1] = b + 64; // one past its end
  c = NULL;
  collect();
  ck_assert(alive(a));
  ck_assert(alive(b));
  (void)hc;
}
END_TEST

START_TEST(large_and_header) {
  shim_init();
  Node **big = mallocgc(
      100000 * 8, (RType *)(uintptr_t)&(RType){.size = 8, .ptrbytes = 8, .gcdata = mask1}, true);
  static const RType t_p = {.size = 8, .ptrbytes = 8, .kind = KIND_POINTER, .gcdata = mask1};
  big = mallocgc(100000 * 8, (RType *)(uintptr_t)&t_p, true);
  Node *arr = mallocgc(200 * sizeof(Node), (RType *)(uintptr_t)&t_node, true);
  shim_roots.v[0] = big;
  big[99999] = (Node *)arr;
  for (int i = 0; i < 200; i++)
    arr[i].next = node(NULL, (uintptr_t)i);
  collect();
  ck_assert(alive(arr));
  for (int i = 0; i < 200; i++)
    ck_assert(alive(arr[i].next) && arr[i].next->value == (uintptr_t)i);
  shim_roots.v[0] = NULL;
  uintptr_t was = heap.pages_inuse;
  collect();
  ck_assert(heap.pages_inuse < was - 90);
}
END_TEST

START_TEST(program) {
  shim_init();
  // 2 words: 01, then those 2 bits 99 times more: 100 pairs whose first word is a pointer
  static const uint8_t prog[] = {0, 0, 0, 0, 0x02, 0x01, 0x82, 99, 0};
  static const RType t = {
      .size = 1600, .ptrbytes = 1592, .kind = KIND_ARRAY | KIND_GCPROG, .gcdata = prog};
  const uint8_t *m = gc_type_mask(&t);
  for (int i = 0; i < 199; i++)
    ck_assert_int_eq(m[i / 8] >> (i & 7) & 1, i % 2 == 0);
  ck_assert(gc_type_mask(&t) == m);
  Node **p = mallocgc(1600, (RType *)(uintptr_t)&t, true);
  shim_roots.v[0] = p;
  p[198] = node(NULL, 7);
  Node *hidden = node(NULL, 8);
  p[199] = hidden;
  collect();
  ck_assert(alive(p[198]) && p[198]->value == 7);
  ck_assert(!alive(hidden));
}
END_TEST

START_TEST(weak) {
  shim_init();
  Node *n = node(NULL, 1);
  shim_roots.v[0] = n;
  uintptr_t *h = runtime_registerWeakPointer((uintptr_t)n);
  ck_assert(runtime_registerWeakPointer((uintptr_t)n) == h);
  shim_roots.v[1] = h;
  collect();
  ck_assert(runtime_makeStrongFromWeak(h) == n);
  shim_roots.v[0] = NULL;
  n = NULL;
  collect();
  ck_assert(runtime_makeStrongFromWeak(h) == NULL);
}
END_TEST

START_TEST(finalizer) {
  shim_init();
  Node *inner = node(NULL, 2), *n = node(inner, 1);
  uintptr_t hn = ~(uintptr_t)n, hi = ~(uintptr_t)inner;
  ck_assert(runtime_addfinalizer((uintptr_t)n, NULL, 0, NULL, NULL));
  ck_assert(!runtime_addfinalizer((uintptr_t)n, NULL, 0, NULL, NULL));
  n = inner = NULL;
  collect();
  Finalizer f;
  ck_assert(runtime_finqtake(&f));
  ck_assert(f.ptr == ~hn);
  ck_assert(alive((void *)~hn) && alive((void *)~hi));
  ck_assert(!runtime_finqtake(&f));
  f.ptr = 0;
  collect();
  ck_assert(!alive((void *)~hn) && !alive((void *)~hi));
}
END_TEST

START_TEST(reuse) { // a small live set: memory does not grow
  shim_init();
  for (int round = 0; round < 20; round++) {
    for (int i = 0; i < 50000; i++)
      mallocgc(16 + (uintptr_t)(i % 400), NULL, true);
    shim_collect();
  }
  ck_assert_uint_lt(heap.used - heap.base, 40 << 20);
  ck_assert(shim_wishes > 0);
}
END_TEST

Suite *suite_gc(void);
Suite *suite_gc(void) {
  Suite *s = suite_create("gc");
  TCase *tc = tcase_create("gc");
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, chain);
  tcase_add_test(tc, parallel);
  tcase_add_test(tc, interior_and_end);
  tcase_add_test(tc, large_and_header);
  tcase_add_test(tc, program);
  tcase_add_test(tc, weak);
  tcase_add_test(tc, finalizer);
  tcase_add_test(tc, reuse);
  suite_add_tcase(s, tc);
  return s;
}
