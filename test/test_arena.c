// test_arena.c: arenas, growable strings and arrays, UTF-8, files.
#include "driver/base/base.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *suite_arena(void);

START_TEST(memory_is_zeroed_and_aligned) {
  Arena *a = arena_new();
  for (int round = 0; round < 3; round++) {
    ArenaMark m = arena_mark(a);
    for (size_t n = 0; n < 3000; n += 7) {
      char *p = arena_alloc(a, n);
      ck_assert_uint_eq((uintptr_t)p % 16, 0);
      size_t set = 0; // an assertion for each byte would take seconds
      for (size_t i = 0; i < n; i++)
        set += p[i] != 0;
      ck_assert_uint_eq(set, 0);
      memset(p, 0xFF, n);
    }
    arena_release(a, m);
  }
  arena_free(a);
  arena_free(NULL);
}
END_TEST

START_TEST(release_keeps_what_is_older) {
  Arena *a = arena_new();
  char *old = arena_strdup(a, "old");
  ArenaMark m = arena_mark(a);
  arena_alloc(a, 5 << 20);
  arena_alloc(a, 1);
  arena_release(a, m);
  ck_assert_str_eq(old, "old");
  char *next = arena_printf(a, "%d-%s", 7, "x");
  ck_assert_str_eq(next, "7-x");
  ck_assert_ptr_eq(next, old + 16); // the released room is used again
  ck_assert_str_eq(arena_strndup(a, "abcdef", 3), "abc");
  arena_free(a);
}
END_TEST

START_TEST(vectors_grow) {
  Arena *a = arena_new();
  VEC(int) v = {0};
  for (int i = 0; i < 1000; i++)
    vec_push(a, &v, i * i);
  ck_assert_int_eq(v.n, 1000);
  for (int i = 0; i < 1000; i++)
    ck_assert_int_eq(v.v[i], i * i);
  arena_free(a);
}
END_TEST

START_TEST(strings_grow) {
  Buf b = {0};
  ck_assert_str_eq(buf_str(&b), "");
  buf_printf(&b, "%s", "");
  ck_assert_str_eq(buf_str(&b), "");
  for (int i = 0; i < 500; i++)
    buf_printf(&b, "%03d,", i);
  ck_assert_uint_eq(b.len, 2000);
  ck_assert_str_eq(b.data + 1996, "499,");
  buf_reset(&b);
  buf_write(&b, "a\0b", 3);
  ck_assert_uint_eq(b.len, 3);
  buf_reset(&b);
  buf_printf(&b, "%1000d", 5);
  ck_assert_uint_eq(b.len, 1000);
  buf_free(&b);
}
END_TEST

static const struct {
  const char *in, *quoted;
} quotes[] = {
    {"", "\"\""},
    {"a\"b\\", "\"a\\\"b\\\\\""},
    {"\a\b\f\n\r\t\v", "\"\\a\\b\\f\\n\\r\\t\\v\""},
    {"\x01\x7f", "\"\\x01\\x7f\""},
    {"\xff\xc3", "\"\\xff\\xc3\""},
    {"h\xc3\xa9\xe4\xb8\x96", "\"h\xc3\xa9\xe4\xb8\x96\""},
    {"\xe2\x80\xa8\xef\xbb\xbf", "\"\\u2028\\ufeff\""},
    {"\xc2\xa0", "\"\\u00a0\""},
    {"\xf4\x8f\xbf\xbf", "\"\\U0010ffff\""},
};

START_TEST(quoting_is_strconv_quote) {
  for (size_t i = 0; i < LEN(quotes); i++) {
    Buf b = {0};
    buf_quote(&b, quotes[i].in, strlen(quotes[i].in));
    ck_assert_str_eq(buf_str(&b), quotes[i].quoted);
    buf_free(&b);
  }
}
END_TEST

static const struct {
  const char *in;
  uint32_t rune;
  int width;
} decodes[] = {
    {"a", 'a', 1},
    {"\xc3\xa9", 0xE9, 2},
    {"\xe4\xb8\x96", 0x4E16, 3},
    {"\xf0\x9f\x98\x80", 0x1F600, 4},
    {"\xc0\x80", 0xFFFD, 1},     // overlong
    {"\xe0\x80\x80", 0xFFFD, 1}, // overlong
    {"\xf0\x80\x80\x80", 0xFFFD, 1},
    {"\xed\xa0\x80", 0xFFFD, 1}, // surrogate
    {"\xf4\x90\x80\x80", 0xFFFD, 1},
    {"\xe4\xb8", 0xFFFD, 1}, // truncated
    {"\x80", 0xFFFD, 1},
    {"\xff", 0xFFFD, 1},
    {"\xef\xbf\xbd", 0xFFFD, 3},
};

START_TEST(utf8_is_decoded) {
  int w;
  for (size_t i = 0; i < LEN(decodes); i++) {
    uint32_t r = utf8_decode(decodes[i].in, strlen(decodes[i].in), &w);
    ck_assert_msg(r == decodes[i].rune && w == decodes[i].width, "case %zu: U+%04X, %d", i, r, w);
  }
  utf8_decode("", 0, &w);
  ck_assert_int_eq(w, 0);
  size_t wrong = 0;
  Buf b = {0};
  for (uint32_t r = 0; r < 0x110000; r++) {
    buf_reset(&b);
    buf_rune(&b, r);
    uint32_t want = r >= 0xD800 && r < 0xE000 ? 0xFFFD : r;
    wrong += utf8_decode(b.data, b.len, &w) != want || (size_t)w != b.len;
  }
  ck_assert_uint_eq(wrong, 0);
  buf_free(&b);
}
END_TEST

START_TEST(files_are_read_and_written) {
  char dir[] = "/tmp/goc-test-XXXXXX";
  ck_assert_ptr_nonnull(mkdtemp(dir));
  char path[64];
  snprintf(path, sizeof path, "%s/f", dir);
  size_t n = 1;
  ck_assert_ptr_null(file_read(path, &n));
  ck_assert_int_eq(errno, ENOENT);
  ck_assert(file_write(path, "a\0b", 3));
  char *p = file_read(path, &n);
  ck_assert_uint_eq(n, 3);
  ck_assert_mem_eq(p, "a\0b", 4);
  free(p);
  ck_assert_ptr_null(file_read(dir, &n));
  ck_assert_int_eq(errno, EISDIR);
  ck_assert(!file_write("/nonexistent/f", "", 0));
  unlink(path);
  ck_assert_int_eq(rmdir(dir), 0); // nothing was left behind
}
END_TEST

Suite *suite_arena(void) {
  Suite *s = suite_create("arena");
  TCase *t = tcase_create("arena");
  tcase_add_test(t, memory_is_zeroed_and_aligned);
  tcase_add_test(t, release_keeps_what_is_older);
  tcase_add_test(t, vectors_grow);
  tcase_add_test(t, strings_grow);
  tcase_add_test(t, quoting_is_strconv_quote);
  tcase_add_test(t, utf8_is_decoded);
  tcase_add_test(t, files_are_read_and_written);
  suite_add_tcase(s, t);
  return s;
}
