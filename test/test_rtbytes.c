// test_rtbytes.c: leaf functions on bytes, strings and growth of slices.
#include "runtime/bytes.h"
#include "test/shim_heap.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

typedef struct Two {
  void *p;
  intgo n;
} Two;
Two growslice(void *old, intgo newlen, intgo oldcap, intgo added, RType *t)
    ASMLABEL("runtime.growslice");
Two concatstrings(uint8_t *buf, const String *a, intgo n) ASMLABEL("runtime.concatstrings");
Two intstring(uint8_t *buf, int64_t v) ASMLABEL("runtime.intstring");
Two stringtoslicebyte(uint8_t *buf, const uint8_t *p, intgo n)
    ASMLABEL("runtime.stringtoslicebyte");
Two slicerunetostring(uint8_t *buf, const int32_t *p, intgo n)
    ASMLABEL("runtime.slicerunetostring");
Two stringtoslicerune(int32_t *buf, const uint8_t *p, intgo n)
    ASMLABEL("runtime.stringtoslicerune");

START_TEST(compare) {
  uint8_t a[100], b[100];
  for (int round = 0; round < 100000; round++) {
    size_t n = (size_t)random() % 70, m = (size_t)random() % 70;
    for (size_t i = 0; i < 70; i++) {
      a[i] = (uint8_t)(random() % 2 + (random() % 2) * 200);
      b[i] = random() % 8 ? a[i] : (uint8_t)random();
    }
    size_t min = n < m ? n : m;
    int c = memcmp(a, b, min);
    intgo want = c ? (c < 0 ? -1 : 1) : n < m ? -1 : n > m;
    ck_assert_int_eq(cmpstring(a, (intgo)n, b, (intgo)m), want);
    ck_assert_int_eq(memequal(a, b, min), c == 0);
    if (c == 0)
      ck_assert_uint_eq(memhash(a, 5, min), memhash(b, 5, min));
    const uint8_t *q = memchr(a, b[0], n);
    ck_assert_int_eq(indexbyte(a, (intgo)n, b[0]), q ? q - a : -1);
    intgo cnt = 0;
    for (size_t i = 0; i < n; i++)
      cnt += a[i] == b[0];
    ck_assert_int_eq(countbyte(a, (intgo)n, b[0]), cnt);
  }
}
END_TEST

START_TEST(runes) {
  static const struct {
    const char *s;
    uint32_t rune;
    uintptr_t n;
  } tab[] = {{"a", 'a', 1},
             {"\xc3\xa9", 0xe9, 2},
             {"\xe2\x82\xac", 0x20ac, 3},
             {"\xf0\x9f\x98\x80", 0x1f600, 4},
             {"\xc0\x80", 0xfffd, 1},
             {"\xed\xa0\x80", 0xfffd, 1},
             {"\xf4\x90\x80\x80", 0xfffd, 1},
             {"\xe2\x82", 0xfffd, 1},
             {"\x80", 0xfffd, 1},
             {"\xef\xbf\xbd", 0xfffd, 3}};
  for (size_t i = 0; i < sizeof tab / sizeof *tab; i++) {
    Words2 d = decoderune((const uint8_t *)tab[i].s, (intgo)strlen(tab[i].s), 0);
    ck_assert_msg(d.a == tab[i].rune && d.b == tab[i].n, "case %zu", i);
  }
  ck_assert_int_eq(countrunes((const uint8_t *)"a\xc3\xa9\xff", 4), 3);
  shim_init();
  const char *s = "h\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80";
  Two r = stringtoslicerune(NULL, (const uint8_t *)s, (intgo)strlen(s));
  ck_assert_int_eq(r.n, 4);
  Two back = slicerunetostring(NULL, r.p, r.n);
  ck_assert(back.n == (intgo)strlen(s) && memcmp(back.p, s, strlen(s)) == 0);
  Two bad = intstring(NULL, 0xd800);
  ck_assert(bad.n == 3 && memcmp(bad.p, "\xef\xbf\xbd", 3) == 0);
}
END_TEST

START_TEST(growth) { // capacities that gc 1.23 gives
  static RType t1 = {.size = 1}, t8 = {.size = 8}, t24 = {.size = 24}, t0 = {.size = 0};
  static const uint8_t m[] = {1};
  static RType tp = {.size = 8, .ptrbytes = 8, .gcdata = m};
  static const struct {
    RType *t;
    intgo newlen, oldcap, want;
  } tab[] = {{&t8, 1, 0, 1},        {&t8, 5, 4, 8},   {&t8, 257, 256, 512},   {&t8, 513, 512, 848},
             {&t8, 849, 848, 1280}, {&t1, 1, 0, 8},   {&t1, 33, 32, 64},      {&t24, 1, 0, 1},
             {&t24, 5, 4, 8},       {&t24, 9, 8, 16}, {&t0, 3, 2, 3},         {&tp, 65, 64, 143},
             {&tp, 513, 512, 847},  {&t8, 5, 0, 6},   {&t1, 2049, 2048, 3072}};
  shim_init();
  for (size_t i = 0; i < sizeof tab / sizeof *tab; i++) {
    Two r = growslice(NULL, tab[i].newlen, tab[i].oldcap, tab[i].newlen, tab[i].t);
    ck_assert_msg(r.n == tab[i].want, "case %zu: cap %ld", i, (long)r.n);
  }
}
END_TEST

START_TEST(strings) {
  shim_init();
  String a[3] = {mkstring("ab"), mkstring(""), mkstring("cde")};
  Two r = concatstrings(NULL, a, 3);
  ck_assert(r.n == 5 && memcmp(r.p, "abcde", 5) == 0);
  r = concatstrings(NULL, a, 2);
  ck_assert(r.n == 2 && memcmp(r.p, "ab", 2) == 0); // a copy: the operand is not on the heap
  uint8_t buf[32];
  r = concatstrings(buf, a, 2);
  ck_assert(r.n == 2 && r.p == buf);
  r = stringtoslicebyte(NULL, (const uint8_t *)"hello, world, and more than 32 bytes", 36);
  ck_assert(r.n == 48 && memcmp(r.p, "hello", 5) == 0);
}
END_TEST

Suite *suite_rtbytes(void);
Suite *suite_rtbytes(void) {
  Suite *s = suite_create("rtbytes");
  TCase *tc = tcase_create("rtbytes");
  tcase_add_test(tc, compare);
  tcase_add_test(tc, runes);
  tcase_add_test(tc, growth);
  tcase_add_test(tc, strings);
  suite_add_tcase(s, tc);
  return s;
}
