// test_malloc.c: size classes, pointer bits, large objects, statistics.
#include "test/shim_heap.h"

#include <check.h>
#include <string.h>

static const uint8_t mask_first[] = {1}, mask_second[] = {2};
static const RType t_ptr = {.size = 8, .ptrbytes = 8, .kind = KIND_POINTER, .gcdata = mask_first};
static const RType t_pair = {
    .size = 16, .ptrbytes = 16, .kind = KIND_STRUCT, .gcdata = mask_second};

START_TEST(sizes) {
  static const struct {
    uintptr_t size;
    bool noscan;
    uintptr_t want;
  } tab[] = {{1, true, 8},        {9, true, 16},        {17, false, 24},      {33, true, 48},
             {512, false, 512},   {513, false, 568},    {513, true, 576},     {1024, true, 1024},
             {1025, true, 1152},  {32760, true, 32768}, {32768, true, 32768}, {32761, false, 32768},
             {40000, true, 40960}};
  shim_init();
  for (size_t i = 0; i < sizeof tab / sizeof *tab; i++)
    ck_assert_msg(round_up_size(tab[i].size, tab[i].noscan) == tab[i].want, "%zu: %zu",
                  (size_t)tab[i].size, (size_t)round_up_size(tab[i].size, tab[i].noscan));
}
END_TEST

static bool all(const uint8_t *p, uintptr_t n, uint8_t v) {
  for (uintptr_t i = 0; i < n; i++)
    if (p[i] != v)
      return false;
  return true;
}

START_TEST(distinct_and_zero) {
  shim_init();
  enum { N = 20000 };
  static uint8_t *p[N];
  static uintptr_t size[N];
  uint32_t x = 1;
  for (int i = 0; i < N; i++) {
    x = x * 1664525 + 1013904223;
    size[i] = 1 + (x >> 8) % (i % 50 == 0 ? 60000 : 700);
    RType *t = i % 3 == 0 && size[i] % 16 == 0 ? (RType *)(uintptr_t)&t_pair : NULL;
    p[i] = mallocgc(size[i], t, true);
    ck_assert(all(p[i], size[i], 0));
    if (!t)
      memset(p[i], i, size[i]);
  }
  for (int i = 0; i < N; i++)
    ck_assert(!p[i][0] || all(p[i], size[i], (uint8_t)i));
  mcache_flush_all();
  heap_check("test");
}
END_TEST

START_TEST(interior) {
  shim_init();
  uintptr_t size;
  char *small = mallocgc(48, (RType *)(uintptr_t)&t_ptr, true),
       *headed = mallocgc(1000, (RType *)(uintptr_t)&t_ptr, true),
       *large = mallocgc(100000, (RType *)(uintptr_t)&t_ptr, true);
  ck_assert(object_base((uintptr_t)small + 47, &size) == (uintptr_t)small && size == 48);
  ck_assert(object_base((uintptr_t)headed + 999, &size) == (uintptr_t)headed && size == 1016);
  ck_assert(object_base((uintptr_t)large + 99999, &size) == (uintptr_t)large && size == 106496);
  ck_assert(object_base(0, &size) == 0);
  ck_assert(object_base((uintptr_t)&size, &size) == 0);
}
END_TEST

Suite *suite_malloc(void);
Suite *suite_malloc(void) {
  Suite *s = suite_create("malloc");
  TCase *tc = tcase_create("malloc");
  tcase_add_test(tc, sizes);
  tcase_add_test(tc, distinct_and_zero);
  tcase_add_test(tc, interior);
  suite_add_tcase(s, tc);
  return s;
}
