// test_leaks.c: summaries as values: notation, what covers what, and that the order of joining does
// not matter.
#include "pass/internal.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

static Arena *arena;
static void setup(void) {
  arena = arena_new();
}
static void teardown(void) {
  arena_free(arena);
}

static const char *reencode(const char *text) {
  Leaks l;
  if (!leaks_parse(arena, text, &l))
    return "(bad)";
  leaks_normalize(&l);
  Buf b = {0};
  leaks_encode(&b, &l);
  const char *s = arena_strdup(arena, buf_str(&b));
  buf_free(&b);
  return s;
}

static const struct {
  const char *in, *out;
} notation[] = {
    {"", ""},
    {"!", "!"},
    {"0>h", "0>h"},
    {"2*+8>r0 0>1*+16", "0>1*+16 2*+8>r0"},
    {"c*+8*>h", "c*+8*>h"},
    {"0@8>r0 1@?>o*+24", "0@8>r0 1@?>o*+24"},
    {"new>r0 h>r1", "h>r1 new>r0"},
    {"0() c*+8()", "0() c*+8()"},
    {"0(1,_,2*+8)- 1(0)", "0(1,_,2*+8)- 1(0)"},
    {"0(1)- 0(1)", "0(1)"},
    {"0***>r0", "0***>r0"},
    // what is reached from a leaking value leaks too
    {"0>h 0*>h 0*+8*>h", "0>h"},
    {"0*>h 0*+8>h 1*+8>h", "0*>h 1*+8>h"},
    {"0*>r0 0*+8>r0", "0*>r0"},
    {"0*>r0 0>r0", "0*>r0 0>r0"},
    {"0>1* 0>1*+8", "0>1*"},
    {"0@?>r0 0@8>r0 0>r0", "0@?>r0"},
    // not in the notation
    {"0>", "(bad)"},
    {"x>h", "(bad)"},
    {"0*****>h", "(bad)"},
    {"0>h,1>h", "(bad)"},
    {"0*+>h", "(bad)"},
};

START_TEST(notation_case) {
  ck_assert_msg(strcmp(reencode(notation[_i].in), notation[_i].out) == 0,
                "\"%s\" gives \"%s\", not \"%s\"", notation[_i].in, reencode(notation[_i].in),
                notation[_i].out);
}
END_TEST

static int below(int n) {
  return rand() % n;
}

static Path random_path(bool dst) {
  static const Root src_roots[] = {ROOT_PARAM, ROOT_CTX, ROOT_HEAP, ROOT_NEW};
  static const Root dst_roots[] = {ROOT_HEAP, ROOT_RESULT, ROOT_PARAM,
                                   ROOT_CTX,  ROOT_OUT,    ROOT_CALLED};
  Root r = dst ? dst_roots[below(6)] : src_roots[below(4)];
  Path p = path_root(r, r == ROOT_PARAM || r == ROOT_RESULT ? below(3) : 0);
  if (r == ROOT_HEAP || r == ROOT_NEW || r == ROOT_CALLED)
    return p;
  p.stars = (uint8_t)below(MAX_STARS + 1);
  if (dst && r != ROOT_RESULT && p.stars == 0)
    p.stars = 1;
  for (int i = 0; i < p.stars; i++)
    p.off[i] = below(3) ? 8 * below(3) : ANY;
  if (!dst && !below(3))
    p.disp = below(2) ? 8 : ANY;
  return p;
}

static Flow random_flow(void) {
  Flow f = {.src = random_path(false), .dst = random_path(true)};
  if (f.dst.root != ROOT_CALLED)
    return f;
  if (f.src.root == ROOT_HEAP || f.src.root == ROOT_NEW)
    f.src = path_root(ROOT_PARAM, 0);
  f.src.disp = 0;
  f.dropped = below(2);
  f.nargs = (uint8_t)below(3);
  for (int i = 0; i < f.nargs; i++)
    f.args[i] = random_path(false);
  if (f.nargs > 0 && f.args[f.nargs - 1].root == ROOT_HEAP)
    f.nargs = 0;
  for (int i = 0; i < f.nargs; i++)
    if (f.args[i].root == ROOT_NEW)
      f.args[i] = path_root(ROOT_HEAP, 0);
  return f;
}

// Joined in any order, in one go or in parts, summaries are the same; also those that are too
// large.
START_TEST(order_does_not_matter) {
  srand((unsigned)_i);
  enum { MOST = 2 * MAX_FLOWS };
  Flow flows[MOST];
  int n = 1 + below(_i % 4 ? 40 : MOST);
  for (int i = 0; i < n; i++)
    flows[i] = random_flow();
  char *first = NULL;
  for (int round = 0; round < 6; round++) {
    for (int i = n - 1; i > 0; i--) {
      int k = below(i + 1);
      Flow t = flows[i];
      flows[i] = flows[k];
      flows[k] = t;
    }
    Leaks a = {0}, b = {0};
    for (int i = 0; i < n; i++)
      leaks_add(arena, round % 2 && i % 2 ? &b : &a, flows[i]);
    leaks_merge(arena, &a, &b);
    leaks_normalize(&a);
    Buf text = {0};
    leaks_encode(&text, &a);
    if (!first)
      first = arena_strdup(arena, buf_str(&text));
    ck_assert_str_eq(buf_str(&text), first);
    ck_assert_str_eq(reencode(first), first);
    buf_free(&text);
  }
}
END_TEST

START_TEST(too_many_flows_lose_offsets) {
  Leaks l = {0};
  for (int i = 0; i < MAX_FLOWS + 10; i++) {
    Path src = path_root(ROOT_PARAM, 0), dst = path_root(ROOT_RESULT, 0);
    src.stars = 1;
    src.off[0] = 8 * i;
    leaks_add(arena, &l, (Flow){.src = src, .dst = dst});
  }
  leaks_normalize(&l);
  Buf b = {0};
  leaks_encode(&b, &l);
  ck_assert_str_eq(buf_str(&b), "0*>r0");
  buf_free(&b);
}
END_TEST

Suite *suite_leaks(void);
Suite *suite_leaks(void) {
  Suite *s = suite_create("leaks");
  TCase *t = tcase_create("leaks");
  tcase_add_checked_fixture(t, setup, teardown);
  tcase_add_loop_test(t, notation_case, 0, (int)LEN(notation));
  tcase_add_loop_test(t, order_does_not_matter, 0, 200);
  tcase_add_test(t, too_many_flows_lose_offsets);
  suite_add_tcase(s, t);
  return s;
}
