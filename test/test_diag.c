// test_diag.c: positions and the diagnostics queue.
#include "driver/base/base.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_diag(void);

static Pos at(uint32_t line, uint16_t col) {
  return (Pos){line, col, pos_add_file("t.go")};
}

// What diag_flush prints; the caller frees it.
static char *flushed(void) {
  char *text = NULL;
  size_t n;
  FILE *f = open_memstream(&text, &n);
  diag_flush(f);
  fclose(f);
  return text;
}

static void expect(const char *want) {
  char *got = flushed();
  ck_assert_str_eq(got, want);
  free(got);
}

START_TEST(positions_print_and_compare) {
  ck_assert_str_eq(pos_str(at(3, 7)), "t.go:3:7");
  ck_assert_str_eq(pos_str(at(3, 0)), "t.go:3");
  ck_assert_str_eq(pos_str(at(3, 255)), "t.go:3"); // as gc, which has eight bits
  ck_assert_str_eq(pos_str(NOPOS), "<unknown line number>");
  ck_assert_int_lt(pos_cmp(at(3, 9), at(4, 1)), 0);
  ck_assert_int_gt(pos_cmp(at(4, 2), at(4, 1)), 0);
  ck_assert_int_eq(pos_cmp(at(4, 1), at(4, 1)), 0);
  ck_assert_uint_eq(pos_add_file("t.go"), pos_add_file("t.go"));
}
END_TEST

START_TEST(errors_are_sorted) {
  diag_reset();
  diag_error(at(9, 1), "b");
  diag_note(at(2, 1), "moved to heap: %s", "x");
  diag_error(at(1, 5), "two\n\tlines");
  diag_error(NOPOS, "nowhere");
  ck_assert_int_eq(diag_count(), 3);
  expect("nowhere\nt.go:1:5: two\n\tlines\nt.go:2:1: moved to heap: x\nt.go:9:1: b\n");
  expect("");
}
END_TEST

START_TEST(repeats_are_dropped) {
  diag_reset();
  diag_error(at(1, 1), "syntax error: a");
  diag_error(at(1, 9), "syntax error: b"); // one syntax error a line
  diag_error(at(1, 2), "other");
  diag_error(at(1, 3), "other"); // the same message on the same line
  diag_error(at(2, 2), "other");
  ck_assert_int_eq(diag_count(), 3);
  expect("t.go:1:1: syntax error: a\nt.go:1:2: other\nt.go:2:2: other\n");
}
END_TEST

START_TEST(ten_errors_are_enough) {
  diag_reset();
  for (unsigned i = 12; i >= 1; i--)
    diag_error(at(i, 1), "e%u", i);
  expect("t.go:3:1: e3\nt.go:4:1: e4\nt.go:5:1: e5\nt.go:6:1: e6\nt.go:7:1: e7\nt.go:8:1: "
         "e8\nt.go:9:1: e9\n"
         "t.go:10:1: e10\nt.go:11:1: e11\nt.go:12:1: e12\nt.go:3:1: too many errors\n");
  diag_reset();
  diag_show_all(true);
  for (unsigned i = 1; i <= 12; i++)
    diag_error(at(i, 1), "e");
  char *all = flushed();
  diag_show_all(false);
  ck_assert_ptr_nonnull(strstr(all, "t.go:12:1: e\n"));
  ck_assert_ptr_null(strstr(all, "too many"));
  free(all);
}
END_TEST

START_TEST(held_errors_can_be_dropped) {
  diag_reset();
  diag_error(at(1, 1), "a");
  int outer = diag_hold();
  diag_error(at(2, 1), "b");
  int inner = diag_hold();
  diag_error(at(3, 1), "c");
  diag_drop(inner);
  ck_assert_int_eq(diag_count(), 2);
  diag_keep(outer);
  expect("t.go:1:1: a\nt.go:2:1: b\n");
}
END_TEST

START_TEST(the_queue_survives_the_cache) {
  diag_reset();
  diag_error(at(4, 2), "first\n\tback\\slash\nend");
  diag_note((Pos){1, 3, pos_add_file("od\td.go")}, "note");
  Buf b = {0};
  diag_save(&b);
  char *before = flushed();
  diag_reset();
  diag_replay(b.data, b.len);
  ck_assert_int_eq(diag_count(), 1);
  expect(before);
  diag_replay("garbage\nE x\t\nE 1 2 3", 21); // a damaged cache is ignored
  expect("");
  free(before);
  buf_free(&b);
}
END_TEST

Suite *suite_diag(void) {
  Suite *s = suite_create("diag");
  TCase *t = tcase_create("diag");
  tcase_add_test(t, positions_print_and_compare);
  tcase_add_test(t, errors_are_sorted);
  tcase_add_test(t, repeats_are_dropped);
  tcase_add_test(t, ten_errors_are_enough);
  tcase_add_test(t, held_errors_can_be_dropped);
  tcase_add_test(t, the_queue_survives_the_cache);
  suite_add_tcase(s, t);
  return s;
}
