// test_layout.c: sizes, alignments, pointer prefixes and offsets. The figures were printed by a
// program compiled by gc.
#include "typeutil.h"

Suite *suite_layout(void);

static const struct {
  const char *src;
  int64_t size, align, ptrbytes, offsets[4];
} cases[] = {
    {"bool", 1, 1, 0, {0}},
    {"int8", 1, 1, 0, {0}},
    {"int16", 2, 2, 0, {0}},
    {"int32", 4, 4, 0, {0}},
    {"int64", 8, 8, 0, {0}},
    {"int", 8, 8, 0, {0}},
    {"uintptr", 8, 8, 0, {0}},
    {"float32", 4, 4, 0, {0}},
    {"float64", 8, 8, 0, {0}},
    {"complex64", 8, 4, 0, {0}},
    {"complex128", 16, 8, 0, {0}},
    {"string", 16, 8, 8, {0}},
    {"unsafe.Pointer", 8, 8, 8, {0}},
    {"[]int", 24, 8, 8, {0}},
    {"map[int]int", 8, 8, 8, {0}},
    {"chan int", 8, 8, 8, {0}},
    {"func()", 8, 8, 8, {0}},
    {"any", 16, 8, 16, {0}},
    {"error", 16, 8, 16, {0}},
    {"*int", 8, 8, 8, {0}},
    {"struct{}", 0, 1, 0, {0}},
    {"[0]int", 0, 8, 0, {0}},
    {"[3]int16", 6, 2, 0, {0}},
    {"struct{ a byte; b int64 }", 16, 8, 0, {0, 8}},
    {"struct{ a byte; b int16; c byte }", 6, 2, 0, {0, 2, 4}},
    {"struct{ a int; b struct{} }", 16, 8, 0, {0, 8}},
    {"struct{ a struct{}; b int8 }", 1, 1, 0, {0, 0}},
    {"struct{ a struct{} }", 0, 1, 0, {0}},
    {"struct{ a byte; b [0]int64 }", 16, 8, 0, {0, 8}},
    {"struct{ s string; b bool; p *int; x int }", 40, 8, 32, {0, 16, 24, 32}},
    {"[2]struct{ p *int; x int }", 32, 8, 24, {0}},
    {"[0]*int", 0, 8, 0, {0}},
    {"struct{ a complex64; b byte }", 12, 4, 0, {0, 8}},
    {"struct{ a byte; b complex128 }", 24, 8, 0, {0, 8}},
    {"struct{ i any; s []byte; n int }", 48, 8, 24, {0, 16, 40}},
    {"[3][2]string", 96, 8, 88, {0}},
    {"struct{ f func(); m map[int]int; c chan int; b bool }", 32, 8, 24, {0, 8, 16, 24}},
    {"struct { a [3]byte; b uint16; c [5]uint32; d bool }", 32, 4, 0, {0, 4, 8, 28}},
    {"[1 << 12]struct{ a byte; p *byte }", 65536, 8, 65536, {0}},
};

static void count_word(void *ctx, int64_t offset) {
  int64_t *last = ctx;
  ck_assert_int_gt(offset, *last);
  ck_assert_int_eq(offset % 8, 0);
  *last = offset;
}

START_TEST(figures) {
  Buf b = {0};
  buf_puts(&b, "package main\nimport \"unsafe\"\nvar _ unsafe.Pointer\n");
  for (size_t i = 0; i < LEN(cases); i++)
    buf_printf(&b, "var v%zu %s\n", i, cases[i].src);
  Package *p = check_source(buf_str(&b));
  no_errors();
  for (size_t i = 0; i < LEN(cases); i++) {
    char name[32];
    snprintf(name, sizeof name, "v%zu", i);
    Type *t = type_of(p, name);
    ck_assert_msg(type_size(t) == cases[i].size && type_align(t) == cases[i].align &&
                      type_ptrbytes(t) == cases[i].ptrbytes,
                  "%s: %ld %ld %ld", cases[i].src, (long)type_size(t), (long)type_align(t),
                  (long)type_ptrbytes(t));
    for (int f = 0; t->kind == TYPE_STRUCT && f < t->strct.fields.n; f++)
      ck_assert_int_eq(field_offset(t, f), cases[i].offsets[f]);
    if (type_has_pointers(t)) {
      int64_t last = -1;
      type_pointer_words(t, 0, count_word, &last);
      ck_assert_int_eq(last + 8, type_ptrbytes(t));
    }
  }
}
END_TEST

START_TEST(hostile_sizes_saturate) {
  types_init(arena_new());
  Type *t = t_basic[TYPE_INT64];
  for (int i = 0; i < 20; i++)
    t = type_array(t, INT64_C(1) << 40);
  ck_assert(type_too_large(t));
  ck_assert(!type_too_large(type_array(t_basic[TYPE_UINT8], INT64_C(1) << 50)));
  ck_assert(type_too_large(type_array(t_basic[TYPE_UINT8], (INT64_C(1) << 50) + 1)));
}
END_TEST

Suite *suite_layout(void) {
  Suite *s = suite_create("layout");
  TCase *tc = tcase_create("layout");
  tcase_add_test(tc, figures);
  tcase_add_test(tc, hostile_sizes_saturate);
  suite_add_tcase(s, tc);
  return s;
}
