// test_const.c: exact constants. The expected bits and texts were printed by Go's go/constant.
#include "driver/types/check.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_const(void);

static void setup(void) {
  types_init(arena_new());
}

static ConstVal *lit(const char *s) {
  size_t n = strlen(s);
  bool imag = s[n - 1] == 'i',
       flt = strpbrk(s, ".eEpP") && !(s[0] == '0' && (s[1] | 0x20) == 'x' && !strpbrk(s, ".pP"));
  return const_from_literal(imag ? TOK_IMAG : flt ? TOK_FLOAT : TOK_INT, s, n);
}

static ConstVal *flt(const char *s) {
  return const_from_literal(TOK_FLOAT, s, strlen(s));
}

static ConstVal *bin(const char *x, Tok op, const char *y) {
  return const_binary(op, lit(x), lit(y), false);
}

START_TEST(floats_round_once_to_nearest_even) {
  static const struct {
    const char *lit;
    uint64_t f64;
    uint32_t f32;
    const char *str;
  } cases[] = {
      {"0", 0x0000000000000000u, 0x00000000u, "0"},
      {"1", 0x3ff0000000000000u, 0x3f800000u, "1"},
      {"0.1", 0x3fb999999999999au, 0x3dcccccdu, "0.1"},
      {"1e23", 0x44b52d02c7e14af6u, 0x65a96816u, "1e+23"},
      {"8.5e22", 0x44b1ffdbf6b2b2ebu, 0x658ffee0u, "8.5e+22"},
      {"9007199254740993", 0x4340000000000000u, 0x5a000000u, "9.0072e+15"},
      {"9007199254740992.999999999999999", 0x4340000000000000u, 0x5a000000u, "9.0072e+15"},
      {"1.7976931348623157e308", 0x7fefffffffffffffu, 0x7f800000u, "1.79769e+308"},
      {"1.7976931348623159e308", 0x7ff0000000000000u, 0x7f800000u, "1.79769e+308"},
      {"1e309", 0x7ff0000000000000u, 0x7f800000u, "1e+309"},
      {"3.40282346638528859811704183484516925440e+38", 0x47efffffe0000000u, 0x7f7fffffu,
       "3.40282e+38"},
      {"3.4028235677973366e38", 0x47effffff0000000u, 0x7f7fffffu, "3.40282e+38"},
      {"5e-324", 0x0000000000000001u, 0x00000000u, "4.94066e-324"},
      {"2.4703282292062327e-324", 0x0000000000000000u, 0x00000000u, "2.47033e-324"},
      {"2.4703282292062328e-324", 0x0000000000000001u, 0x00000000u, "4.94066e-324"},
      {"1e-324", 0x0000000000000000u, 0x00000000u, "1e-324"},
      {"1.401298464324817e-45", 0x36a0000000000000u, 0x00000001u, "1.4013e-45"},
      {"7.006492321624085e-46", 0x3690000000000000u, 0x00000000u, "7.00649e-46"},
      {"7.006492321624086e-46", 0x3690000000000000u, 0x00000001u, "7.00649e-46"},
      {"1e-45", 0x3696d601ad376ab9u, 0x00000001u, "1e-45"},
      {"2.2250738585072014e-308", 0x0010000000000000u, 0x00000000u, "2.22507e-308"},
      {"2.2250738585072011e-308", 0x000fffffffffffffu, 0x00000000u, "2.22507e-308"},
      {"0x1p-1074", 0x0000000000000001u, 0x00000000u, "4.94066e-324"},
      {"0x1.8p-1075", 0x0000000000000001u, 0x00000000u, "4.94066e-324"},
      {"0x1p-1075", 0x0000000000000000u, 0x00000000u, "2.47033e-324"},
      {"0x1.fffffffffffff8p1023", 0x7ff0000000000000u, 0x7f800000u, "1.79769e+308"},
      {"0x1.fffffffffffff7p1023", 0x7fefffffffffffffu, 0x7f800000u, "1.79769e+308"},
      {"16777217", 0x4170000010000000u, 0x4b800000u, "1.67772e+07"},
      {"16777217.0000001", 0x417000001000001bu, 0x4b800001u, "1.67772e+07"},
      {"1e5000", 0x7ff0000000000000u, 0x7f800000u, "1e+5000"},
      {"1e-5000", 0x0000000000000000u, 0x00000000u, "1e-5000"},
      {"3.14159265358979323846264338327950288419716939937510582097494459", 0x400921fb54442d18u,
       0x40490fdbu, "3.14159"},
      {"123456789.125", 0x419d6f3454800000u, 0x4ceb79a3u, "1.23457e+08"},
      {"0x.8p1", 0x3ff0000000000000u, 0x3f800000u, "1"},
      {"0x1.000001p0", 0x3ff0000010000000u, 0x3f800000u, "1.0000000596046448"},
      {"1.00000017881393432617187499", 0x3ff0000030000000u, 0x3f800001u, "1.0000001788139343"},
      {"1e400", 0x7ff0000000000000u, 0x7f800000u, "1e+400"},
      {"123456789012345678901234567890", 0x45f8ee90ff6c373eu, 0x6fc77488u, "1.23457e+29"},
  };
  for (size_t i = 0; i < LEN(cases); i++) {
    ConstVal *v = flt(cases[i].lit);
    double d = const_todouble(v);
    float f = const_tofloat(v);
    uint64_t db;
    uint32_t fb;
    memcpy(&db, &d, 8);
    memcpy(&fb, &f, 4);
    ck_assert_msg(db == cases[i].f64 && fb == cases[i].f32, "%s: %016llx %08x", cases[i].lit,
                  (unsigned long long)db, fb);
    ck_assert_msg(strcmp(const_str(v), cases[i].str) == 0, "%s: %s", cases[i].lit, const_str(v));
  }
}
END_TEST

START_TEST(arithmetic_is_exact) {
  ck_assert(const_compare(TOK_EQL, bin("0.1", TOK_ADD, "0.2"), lit("0.3")));
  ck_assert_str_eq(const_exact(bin("0.1", TOK_ADD, "0.2")), "3/10");
  ConstVal *third =
      const_binary(TOK_DIV, bin("1e5000", TOK_DIV, "3"), flt("1e5000"), false); // beyond rationals
  ck_assert(const_compare(TOK_EQL, third, bin("1.0", TOK_DIV, "3")));
  ck_assert_int_eq(const_kind(const_to_int(const_binary(TOK_MUL, third, lit("3"), false))),
                   CONST_INT);
  ck_assert(const_compare(TOK_LSS, lit("1e5000"), lit("1.00000000001e5000")));
  ck_assert_str_eq(const_str(bin("1e5000", TOK_DIV, "3")), "3.33333e+4999");
  ck_assert_int_eq(const_kind(bin("1", TOK_DIV, "0")), CONST_UNKNOWN);
  ck_assert_int_eq(const_kind(bin("1.0", TOK_DIV, "0.0")), CONST_UNKNOWN);
}
END_TEST

static const char *ints(int64_t x, Tok op, int64_t y) {
  return const_str(const_binary(op, const_int(x), const_int(y), true));
}

START_TEST(integers_truncate) {
  ck_assert_str_eq(ints(-7, TOK_REM, 2), "-1");
  ck_assert_str_eq(ints(-7, TOK_DIV, 2), "-3");
  ck_assert_str_eq(ints(-7, TOK_ANDNOT, 2), "-7");
  ck_assert_str_eq(ints(12, TOK_XOR, 10), "6");
  ck_assert_str_eq(const_str(const_shift(TOK_SHR, const_int(-7), 1)), "-4");
  ck_assert_str_eq(const_str(const_shift(TOK_SHL, const_int(1), 100)),
                   "1267650600228229401496703205376");
  ck_assert_str_eq(const_str(const_unary(TOK_XOR, const_int(0), t_basic[TYPE_UINT8])), "255");
  ck_assert_str_eq(const_str(const_unary(TOK_XOR, const_int(0), t_basic[TYPE_INT8])), "-1");
  ck_assert_str_eq(const_str(const_unary(TOK_SUB, lit("0b1_01"), NULL)), "-5");
  ck_assert_str_eq(const_str(lit("0x_ff")), "255");
  ck_assert_str_eq(const_str(lit("017")), "15");
  ck_assert_str_eq(const_str(lit("0o17")), "15");
}
END_TEST

START_TEST(hostile_sizes_are_unknown) {
  ck_assert_int_eq(const_kind(const_shift(TOK_SHL, const_int(1), 1000000000)), CONST_UNKNOWN);
  ck_assert_str_eq(const_str(const_shift(TOK_SHL, const_int(0), 1000000000)), "0");
  ck_assert_int_eq(const_kind(flt("1e1000000000")), CONST_UNKNOWN);
  ck_assert_int_eq(const_kind(flt("1e99999999999999999999999")), CONST_UNKNOWN);
  ck_assert_int_eq(const_sign(flt("1e-1000000000")), 0);
  ck_assert_int_eq(const_kind(flt("1e-999999999999")), CONST_UNKNOWN);
  ConstVal *s = const_string("0123456789", 10);
  for (int i = 0; i < 60 && const_kind(s) == CONST_STRING; i++)
    s = const_binary(TOK_ADD, s, s, false);
  ck_assert_int_eq(const_kind(s), CONST_UNKNOWN);
  ck_assert_int_eq(const_kind(flt("0x1p1000000000")), CONST_FLOAT);
  ConstVal *x = flt("0x1p1000000000");
  x = const_binary(TOK_MUL, x, x, false);
  ck_assert_int_eq(const_kind(x), CONST_FLOAT);
  ck_assert_int_eq(const_kind(const_binary(TOK_MUL, x, x, false)), CONST_UNKNOWN);
  ck_assert_int_eq(const_kind(const_to_int(x)), CONST_UNKNOWN);
}
END_TEST

START_TEST(complex_numbers) {
  ConstVal *x = bin("3i", TOK_ADD, "1.5");
  ck_assert_str_eq(const_str(x), "(1.5 + 3i)");
  ck_assert_str_eq(const_str(const_binary(TOK_DIV, x, lit("2i"), false)), "(1.5 + -0.75i)");
  ck_assert_str_eq(const_str(const_binary(TOK_MUL, x, x, false)), "(-6.75 + 9i)");
  ck_assert_int_eq(const_kind(const_to_float(x)), CONST_UNKNOWN);
  ck_assert_int_eq(const_kind(const_to_int(bin("2i", TOK_MUL, "2i"))), CONST_INT);
  ck_assert(const_compare(TOK_EQL, lit("0123i"), lit("123i")));
}
END_TEST

START_TEST(representable) {
  static const struct {
    const char *lit;
    TypeKind kind;
    bool ok;
  } cases[] = {
      {"127", TYPE_INT8, true},
      {"128", TYPE_INT8, false},
      {"255", TYPE_UINT8, true},
      {"256", TYPE_UINT8, false},
      {"1.0", TYPE_INT, true},
      {"1.5", TYPE_INT, false},
      {"9223372036854775807", TYPE_INT64, true},
      {"9223372036854775808", TYPE_INT64, false},
      {"18446744073709551615", TYPE_UINT64, true},
      {"18446744073709551616", TYPE_UINT64, false},
      {"1e38", TYPE_FLOAT32, true},
      {"1e39", TYPE_FLOAT32, false},
      {"1e308", TYPE_FLOAT64, true},
      {"1e309", TYPE_FLOAT64, false},
      {"1e-1000", TYPE_FLOAT64, true},
      {"1e39", TYPE_COMPLEX64, false},
      {"2i", TYPE_FLOAT64, false},
      {"0i", TYPE_INT8, true},
  };
  for (size_t i = 0; i < LEN(cases); i++)
    ck_assert_msg(const_representable(lit(cases[i].lit), t_basic[cases[i].kind], NULL) ==
                      cases[i].ok,
                  "%s %s", cases[i].lit, t_basic[cases[i].kind]->basic.name);
  ck_assert(const_representable(const_int(-128), t_basic[TYPE_INT8], NULL));
  ck_assert(!const_representable(const_int(-129), t_basic[TYPE_INT8], NULL));
  ck_assert(!const_representable(const_int(-1), t_basic[TYPE_UINT], NULL));
  ConstVal *r = NULL;
  ck_assert(const_representable(lit("0.1"), t_basic[TYPE_FLOAT32], &r));
  ck_assert(const_compare(TOK_EQL, r, const_double((double)0.1f)));
  ck_assert(
      const_representable(const_unary(TOK_SUB, lit("1e-400"), NULL), t_basic[TYPE_FLOAT64], &r));
  ck_assert_int_eq(const_sign(r), 0); // there is no constant -0
}
END_TEST

START_TEST(texts) {
  char s[100];
  memset(s, 'a', sizeof s);
  ck_assert_int_eq(strlen(const_str(const_string(s, sizeof s))), 72);
  size_t n;
  const char *q = "\"a\\n\\xff\"";
  ck_assert_mem_eq(const_stringval(const_from_literal(TOK_STRING, q, strlen(q)), &n), "a\n\xff", 3);
  ck_assert_uint_eq(n, 3);
  int64_t i;
  ck_assert(const_int64(const_from_literal(TOK_CHAR, "'\\u00e9'", 8), &i) && i == 0xe9);
  ck_assert(const_compare(TOK_LSS, const_string("a", 1), const_string("ab", 2)));
  ck_assert_str_eq(const_str(flt("1.5e-400")), "1.5e-400");
  ck_assert_str_eq(const_str(flt("123456.5")), "123456.5");
}
END_TEST

Suite *suite_const(void) {
  Suite *s = suite_create("const");
  TCase *tc = tcase_create("const");
  tcase_add_checked_fixture(tc, setup, NULL);
  tcase_add_test(tc, floats_round_once_to_nearest_even);
  tcase_add_test(tc, arithmetic_is_exact);
  tcase_add_test(tc, integers_truncate);
  tcase_add_test(tc, hostile_sizes_are_unknown);
  tcase_add_test(tc, complex_numbers);
  tcase_add_test(tc, representable);
  tcase_add_test(tc, texts);
  suite_add_tcase(s, tc);
  return s;
}
