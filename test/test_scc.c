// test_scc.c: strongly connected components against reachability computed naively, on random graphs
// and on a long chain.
#include "pass/internal.h"
#include <check.h>
#include <stdlib.h>

typedef struct Edge {
  int from, to;
} Edge;

static Digraph graph_of(Arena *a, int n, const Edge *e, int nedges) {
  Digraph g = {n, NEW_ARRAY(a, int, n + 2), NEW_ARRAY(a, int, nedges + 1)};
  for (int i = 0; i < nedges; i++)
    g.head[e[i].from + 1]++;
  for (int i = 0; i < n; i++)
    g.head[i + 1] += g.head[i];
  int *next = NEW_ARRAY(a, int, n + 1);
  for (int i = 0; i < nedges; i++)
    g.to[g.head[e[i].from] + next[e[i].from]++] = e[i].to;
  return g;
}

START_TEST(random_graphs) {
  Arena *a = arena_new();
  srand((unsigned)_i);
  enum { N = 12 };
  int n = 1 + rand() % N, nedges = rand() % (2 * n + 1);
  Edge e[2 * N + 1];
  bool reach[N][N] = {{false}};
  for (int i = 0; i < n; i++)
    reach[i][i] = true;
  for (int i = 0; i < nedges; i++) {
    e[i] = (Edge){rand() % n, rand() % n};
    reach[e[i].from][e[i].to] = true;
  }
  for (int k = 0; k < n; k++)
    for (int i = 0; i < n; i++)
      for (int j = 0; j < n; j++)
        reach[i][j] |= reach[i][k] && reach[k][j];
  Digraph g = graph_of(a, n, e, nedges);
  int *comp = NEW_ARRAY(a, int, n);
  int ncomp = scc_run(a, &g, comp);
  for (int i = 0; i < n; i++) {
    ck_assert(comp[i] >= 0 && comp[i] < ncomp);
    for (int j = 0; j < n; j++) {
      ck_assert_msg((comp[i] == comp[j]) == (reach[i][j] && reach[j][i]),
                    "graph %d: nodes %d and %d", _i, i, j);
      if (reach[i][j])
        ck_assert_int_ge(comp[i], comp[j]); // callees first
    }
  }
  arena_free(a);
}
END_TEST

START_TEST(long_chain) { // no recursion: a million functions that call each other
  Arena *a = arena_new();
  int n = 1000000;
  Digraph g = {n, NEW_ARRAY(a, int, n + 1), NEW_ARRAY(a, int, n)};
  for (int i = 0; i < n; i++) {
    g.head[i] = i;
    g.to[i] = (i + 1) % n;
  }
  g.head[n] = n;
  int *comp = NEW_ARRAY(a, int, n);
  ck_assert_int_eq(scc_run(a, &g, comp), 1);
  arena_free(a);
}
END_TEST

Suite *suite_scc(void);
Suite *suite_scc(void) {
  Suite *s = suite_create("scc");
  TCase *t = tcase_create("scc");
  tcase_add_loop_test(t, random_graphs, 0, 100);
  tcase_add_test(t, long_chain);
  suite_add_tcase(s, t);
  return s;
}
