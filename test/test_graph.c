// test_graph.c: the solver on graphs made by hand: offsets, memory, escape of contents, collapse.
#include "pass/internal.h"
#include <check.h>

static Arena *arena;
static Escape module;
static Func func;
static Graph *g;

static void setup(void) {
  arena = arena_new();
  module = (Escape){.arena = arena};
  func = (Func){.ctx = -1, .out = -1};
  g = graph_new(&module, &func, arena);
}

static void teardown(void) {
  const char *why;
  ck_assert_msg(graph_valid(g, &why), "%s", why);
  arena_free(arena);
}

static Node *pointer_to(Obj *o, int64_t off) {
  Node *n = node_new(g);
  node_add(g, n, place_of(g, o, off), (Via){0});
  return n;
}

static bool points_to(Node *n, Obj *o) {
  for (int i = 0; i < n->set.n; i++)
    if (g->places.v[n->set.v[i]].obj == o)
      return true;
  return false;
}

static Obj *local(int64_t size) {
  return obj_new(g, OBJ_SITE, NULL, size);
}

static Obj *parameter(int n) {
  return obj_outside(g, ROOT_PARAM, n);
}

static Node *load(Node *p, int64_t off) {
  Node *n = node_new(g);
  graph_load(g, p, off, n, NULL);
  return n;
}

START_TEST(fields_are_apart) {
  Obj *s = local(16), *x = local(8), *y = local(8);
  Node *p = pointer_to(s, 0);
  graph_store(g, p, 0, pointer_to(x, 0), NULL);
  graph_store(g, p, 8, pointer_to(y, 0), NULL);
  Node *first = load(p, 0), *second = load(p, 8), *any = load(p, ANY);
  solve_run(g);
  ck_assert(points_to(first, x) && !points_to(first, y));
  ck_assert(points_to(second, y) && !points_to(second, x));
  ck_assert(points_to(any, x) && points_to(any, y));
  ck_assert(!x->escaped && !y->escaped && !s->escaped);
}
END_TEST

START_TEST(unknown_store_is_seen_everywhere) {
  Obj *s = local(32), *x = local(8);
  Node *p = pointer_to(s, 0);
  Node *before = load(p, 16);
  graph_store(g, p, ANY, pointer_to(x, 0), NULL);
  Node *after = load(p, 24);
  solve_run(g);
  ck_assert(points_to(before, x) && points_to(after, x));
}
END_TEST

START_TEST(contents_of_the_heap_escape) {
  Obj *a = local(8), *b = local(8), *c = local(8);
  graph_store(g, pointer_to(a, 0), 0, pointer_to(b, 0), NULL);
  graph_store(g, pointer_to(b, 0), 0, pointer_to(c, 0), NULL);
  graph_copy(g, pointer_to(a, 0), g->heap, 0, NULL);
  solve_run(g);
  ck_assert(a->escaped && b->escaped && c->escaped);
}
END_TEST

START_TEST(loads_from_an_escaped_object_see_the_heap) {
  Obj *a = local(8), *x = local(8);
  graph_copy(g, pointer_to(a, 0), g->heap, 0, NULL);
  Node *v = load(pointer_to(a, 0), 0);
  graph_store(g, v, 0, pointer_to(x, 0), NULL);
  solve_run(g);
  ck_assert(x->escaped);
}
END_TEST

START_TEST(memory_of_parameters) {
  Obj *x = local(8);
  Node *p = pointer_to(parameter(0), 0), *q = pointer_to(parameter(1), 0);
  graph_store(g, p, 8, pointer_to(x, 0), NULL);
  graph_store(g, p, 16, q, NULL);
  graph_copy(g, load(q, 8), g->heap, 0, NULL);
  solve_run(g);
  ck_assert(x->escaped);
  Leaks l = {0};
  solve_summary(g, &l);
  Buf b = {0};
  leaks_encode(&b, &l);
  ck_assert_str_eq(buf_str(&b), "1*+8>h 1>0*+16 h>0*+8");
  buf_free(&b);
}
END_TEST

START_TEST(copy_of_memory) {
  Obj *a = local(24), *b = local(24), *x = local(8), *y = local(8);
  Node *pa = pointer_to(a, 0), *pb = pointer_to(b, 0);
  graph_store(g, pa, 0, pointer_to(x, 0), NULL);
  graph_memcpy(g, pb, pa, 24, NULL);
  graph_store(g, pa, 16, pointer_to(y, 0),
              NULL); // stored later: the analysis of memory knows no order
  Node *v = load(pb, 0), *w = load(pb, 16);
  solve_run(g);
  ck_assert(points_to(v, x) && !points_to(v, y));
  ck_assert(points_to(w, y) && !points_to(w, x));
}
END_TEST

// p = p + 8 in a loop ends, with an unknown offset.
START_TEST(walking_pointer) {
  Obj *a = local(8000);
  Node *p = pointer_to(a, 0);
  graph_copy(g, p, p, 8, NULL);
  solve_run(g);
  ck_assert(node_has(p, place_of(g, a, ANY)));
  ck_assert_int_le(p->set.n, MAX_OFFSETS + 1);
}
END_TEST

START_TEST(too_large_a_set_is_the_heap) {
  Node *n = node_new(g);
  Obj *first = NULL;
  for (int i = 0; i < MAX_SET + 5; i++) {
    Obj *o = local(8);
    if (!first)
      first = o;
    node_add(g, n, place_of(g, o, 0), (Via){0});
  }
  solve_run(g);
  ck_assert(n->top && first->escaped);
  Obj *late = local(8);
  graph_copy(g, pointer_to(late, 0), n, 0, NULL);
  solve_run(g);
  ck_assert(late->escaped);
}
END_TEST

START_TEST(too_many_slots_collapse) {
  Obj *big = local(8 * 1000), *x = local(8);
  Node *p = pointer_to(big, 0);
  for (int i = 0; i < MAX_SLOTS + 5; i++)
    graph_store(g, p, 8 * i, pointer_to(local(8), 0), NULL);
  graph_store(g, p, 8 * 900, pointer_to(x, 0), NULL);
  Node *v = load(p, 8 * 901), *w = load(p, 0);
  solve_run(g);
  ck_assert(big->collapsed);
  ck_assert(points_to(v, x) && points_to(w, x));
}
END_TEST

// A list of a hundred thousand objects: no recursion along it.
START_TEST(long_list_escapes) {
  Obj *first = local(8), *last = first;
  for (int i = 0; i < 100000; i++) {
    Obj *next = local(8);
    graph_store(g, pointer_to(last, 0), 0, pointer_to(next, 0), NULL);
    last = next;
  }
  graph_copy(g, pointer_to(first, 0), g->heap, 0, NULL);
  solve_run(g);
  ck_assert(last->escaped);
}
END_TEST

Suite *suite_graph(void);
Suite *suite_graph(void) {
  Suite *s = suite_create("graph");
  TCase *t = tcase_create("graph");
  tcase_add_checked_fixture(t, setup, teardown);
  tcase_add_test(t, fields_are_apart);
  tcase_add_test(t, unknown_store_is_seen_everywhere);
  tcase_add_test(t, contents_of_the_heap_escape);
  tcase_add_test(t, loads_from_an_escaped_object_see_the_heap);
  tcase_add_test(t, memory_of_parameters);
  tcase_add_test(t, copy_of_memory);
  tcase_add_test(t, walking_pointer);
  tcase_add_test(t, too_large_a_set_is_the_heap);
  tcase_add_test(t, too_many_slots_collapse);
  tcase_add_test(t, long_list_escapes);
  suite_add_tcase(s, t);
  return s;
}
