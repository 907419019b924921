// test_gomap.c: the runtime's maps against a plain model, at random; iteration while the map
// changes; concurrent use is noticed.
#include "test/shim_heap.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Hiter {
  void *key, *elem, *t, *rest[9];
} Hiter;
typedef struct Found {
  void *elem;
  intgo ok;
} Found;
void *makemap(MapType *t, intgo hint, void *buf) ASMLABEL("runtime.makemap");
void *mapassign(MapType *t, void *h, const void *key) ASMLABEL("runtime.mapassign");
void *mapassign_fast64(MapType *t, void *h, uint64_t key) ASMLABEL("runtime.mapassign_fast64");
void *mapassign_faststr(MapType *t, void *h, const uint8_t *s, intgo n)
    ASMLABEL("runtime.mapassign_faststr");
Found mapaccess2(MapType *t, void *h, const void *key) ASMLABEL("runtime.mapaccess2");
Found mapaccess2_fast64(MapType *t, void *h, uint64_t key) ASMLABEL("runtime.mapaccess2_fast64");
Found mapaccess2_faststr(MapType *t, void *h, const uint8_t *s, intgo n)
    ASMLABEL("runtime.mapaccess2_faststr");
void mapdelete(MapType *t, void *h, const void *key) ASMLABEL("runtime.mapdelete");
void mapclear(MapType *t, void *h) ASMLABEL("runtime.mapclear");
void mapiterinit(MapType *t, void *h, Hiter *it) ASMLABEL("runtime.mapiterinit");
void mapiternext(Hiter *it) ASMLABEL("runtime.mapiternext");
Eface maps_clone(MapType *t, void *h) ASMLABEL("maps.clone");
uintptr_t f64hash(const double *p, uintptr_t seed) ASMLABEL("runtime.f64hash");

static const uint8_t mask1[] = {1};
static uint8_t eq_f64(const double *p, const double *q) {
  return *p == *q;
}
static uint8_t eq_big(const void *p, const void *q) {
  return memcmp(p, q, 200) == 0;
}
static uintptr_t hash_big(const void *p, uintptr_t seed) {
  return *(const uint64_t *)p * 0x9e3779b97f4a7c15u ^ seed;
}
static FuncVal fv_eqf = {(void *)eq_f64}, fv_hashf = {(void *)f64hash}, fv_eqbig = {(void *)eq_big},
               fv_hashbig = {(void *)hash_big};
static RType t_int = {.size = 8, .align = 8, .tflag = TFLAG_REGULARMEMORY, .kind = KIND_INT},
             t_str = {.size = 16, .ptrbytes = 8, .align = 8, .kind = KIND_STRING, .gcdata = mask1},
             t_f64 = {.size = 8, .align = 8, .kind = KIND_FLOAT64, .equal = &fv_eqf},
             t_big = {.size = 200, .align = 8, .kind = KIND_ARRAY, .equal = &fv_eqbig};
static MapType m_int = {.key = &t_int, .elem = &t_int, .keysize = 8, .valuesize = 8, .flags = 4},
               m_str = {.key = &t_str,
                        .elem = &t_int,
                        .keysize = 16,
                        .valuesize = 8,
                        .flags = 4 | 8},
               m_f64 = {.key = &t_f64,
                        .elem = &t_int,
                        .keysize = 8,
                        .valuesize = 8,
                        .flags = 8,
                        .hasher = &fv_hashf},
               m_big = {.key = &t_big,
                        .elem = &t_big,
                        .keysize = 8,
                        .valuesize = 8,
                        .flags = 1 | 2 | 4,
                        .hasher = &fv_hashbig};

enum { KEYS = 3000 };

START_TEST(model) {
  shim_init();
  static int64_t val[KEYS];
  static bool has[KEYS];
  void *m = makemap(&m_int, _i * 100, NULL);
  shim_roots.v[0] = m;
  intgo n = 0;
  for (int op = 0; op < 200000; op++) {
    int64_t k = random() % (op % 20000 < 10000 ? KEYS : 40);
    switch (random() % 8) {
    case 0:
    case 1:
    case 2: {
      int64_t *e = mapassign_fast64(&m_int, m, (uint64_t)k);
      ck_assert(*e == (has[k] ? val[k] : 0));
      *e = val[k] = op;
      n += !has[k];
      has[k] = true;
      break;
    }
    case 3:
    case 4:
      mapdelete(&m_int, m, &k);
      n -= has[k];
      has[k] = false;
      break;
    case 5:
      if (random() % 2000 == 0) {
        mapclear(&m_int, m);
        memset(has, 0, sizeof has);
        n = 0;
      }
      if (random() % 5000 == 0)
        shim_collect();
      break;
    default: {
      Found f =
          random() % 2 ? mapaccess2_fast64(&m_int, m, (uint64_t)k) : mapaccess2(&m_int, m, &k);
      ck_assert(f.ok == has[k]);
      ck_assert(!has[k] || *(int64_t *)f.elem == val[k]);
    }
    }
    ck_assert_int_eq(*(intgo *)m, n);
  }
  Hiter it = {0};
  intgo seen = 0;
  for (mapiterinit(&m_int, m, &it); it.key; mapiternext(&it), seen++)
    ck_assert(has[*(int64_t *)it.key] && *(int64_t *)it.elem == val[*(int64_t *)it.key]);
  ck_assert_int_eq(seen, n);
}
END_TEST

START_TEST(iterate_and_change) {
  shim_init();
  for (int round = 0; round < 300; round++) {
    void *m = makemap(&m_int, 0, NULL);
    shim_roots.v[0] = m;
    int n = 1 + (int)random() % 60;
    for (int i = 0; i < n; i++)
      *(int64_t *)mapassign_fast64(&m_int, m, (uint64_t)i) = i;
    static int times[2000];
    static bool gone[2000];
    memset(times, 0, sizeof times);
    memset(gone, 0, sizeof gone);
    int next = n;
    Hiter it = {0};
    for (mapiterinit(&m_int, m, &it); it.key; mapiternext(&it)) {
      int64_t k = *(int64_t *)it.key;
      ck_assert(!gone[k]);
      ck_assert_int_eq(++times[k], 1);
      if (next < 1990)
        for (int j = (int)random() % 4; j > 0; j--)
          *(int64_t *)mapassign_fast64(&m_int, m, (uint64_t)next++) = 0;
      int64_t d = random() % n;
      if (random() % 2) {
        mapdelete(&m_int, m, &d);
        gone[d] = true;
      }
    }
    for (int i = 0; i < n; i++)
      ck_assert(times[i] == 1 || gone[i]);
  }
}
END_TEST

START_TEST(clear_while_iterating) {
  shim_init();
  void *m = makemap(&m_f64, 0, NULL);
  shim_roots.v[0] = m;
  double nan = 0.0 / (_i ? 0.0 : 0.0);
  for (int i = 0; i < 20; i++)
    *(int64_t *)mapassign(&m_f64, m, &nan) = i;
  ck_assert_int_eq(*(intgo *)m, 20);
  Hiter it = {0};
  int seen = 0;
  for (mapiterinit(&m_f64, m, &it); it.key; mapiternext(&it)) {
    seen++;
    if (seen == 3) {
      if (_i) // another table, too
        for (int i = 0; i < 1000; i++) {
          double d = i;
          mapassign(&m_f64, m, &d);
        }
      mapclear(&m_f64, m);
    }
  }
  ck_assert_int_eq(seen, 3);
  ck_assert_int_eq(*(intgo *)m, 0);
}
END_TEST

START_TEST(zeros) { // +0 and -0 are one key, and the key is updated
  shim_init();
  void *m = makemap(&m_f64, 0, NULL);
  double a = 0.0, b = -0.0;
  *(int64_t *)mapassign(&m_f64, m, &a) = 1;
  *(int64_t *)mapassign(&m_f64, m, &b) = 2;
  ck_assert_int_eq(*(intgo *)m, 1);
  Hiter it = {0};
  mapiterinit(&m_f64, m, &it);
  ck_assert(1 / *(double *)it.key < 0);
}
END_TEST

START_TEST(strings_and_indirect) {
  shim_init();
  void *m = makemap(&m_str, 0, NULL), *big = makemap(&m_big, 10, NULL);
  shim_roots.v[0] = m;
  shim_roots.v[1] = big;
  for (int i = 0; i < 5000; i++) {
    uint8_t *s = mallocgc(8, NULL, true);
    int n = snprintf((char *)s, 8, "k%d", i);
    *(int64_t *)mapassign_faststr(&m_str, m, s, n) = i;
    uint64_t k[25] = {(uint64_t)i};
    *(int64_t *)mapassign(&m_big, big, k) = i;
    if (i % 1000 == 0)
      shim_collect();
  }
  Eface c = maps_clone(&m_big, big);
  shim_roots.v[2] = c.data;
  mapclear(&m_big, big);
  for (int i = 0; i < 5000; i++) {
    char s[16];
    int n = snprintf(s, sizeof s, "k%d", i);
    Found f = mapaccess2_faststr(&m_str, m, (uint8_t *)s, n);
    ck_assert(f.ok && *(int64_t *)f.elem == i);
    uint64_t k[25] = {(uint64_t)i};
    f = mapaccess2(&m_big, c.data, k);
    ck_assert(f.ok && *(int64_t *)f.elem == i);
    ck_assert(!mapaccess2(&m_big, big, k).ok);
  }
}
END_TEST

START_TEST(misuse) {
  shim_init();
  if (!setjmp(shim_panic)) {
    mapassign_fast64(&m_int, NULL, 1);
    ck_abort();
  }
  ck_assert_str_eq(shim_text, "assignment to entry in nil map");
  void *m = makemap(&m_int, 0, NULL);
  mapassign_fast64(&m_int, m, 1);
  ((uint8_t *)m)[8] |= 1; // as if another goroutine wrote
  if (!setjmp(shim_panic)) {
    mapaccess2_fast64(&m_int, m, 1);
    ck_abort();
  }
  ck_assert_str_eq(shim_text, "concurrent map read and map write");
  if (!setjmp(shim_panic)) {
    mapassign_fast64(&m_int, m, 1);
    ck_abort();
  }
  ck_assert_str_eq(shim_text, "concurrent map writes");
}
END_TEST

Suite *suite_gomap(void);
Suite *suite_gomap(void) {
  Suite *s = suite_create("gomap");
  TCase *tc = tcase_create("gomap");
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, model, 0, 3);
  tcase_add_test(tc, iterate_and_change);
  tcase_add_loop_test(tc, clear_while_iterating, 0, 2);
  tcase_add_test(tc, zeros);
  tcase_add_test(tc, strings_and_indirect);
  tcase_add_test(tc, misuse);
  suite_add_tcase(s, tc);
  return s;
}
