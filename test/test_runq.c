// test_runq.c: run queues: order, overflow to the global list, stealing; threads that pass the
// same goroutines around, each of which must have one owner at any time.
#include "runtime/sched.h"
#include "test/shim_sched.h"

#include <check.h>

enum { NG = 1000 };
static G gs[NG];
static P ps[SHIM_THREADS];

static void setup(void) {
  for (int i = 0; i < NG; i++)
    gs[i] = (G){.goid = i};
  gomaxprocs = 4;
}

static int64_t get(P *p) { // the number of the next G, -1: none
  bool inherit;
  G *g = runq_get(p, &inherit);
  return g ? g->goid : -1;
}

START_TEST(order) { // first in, first out; runnext first, and it pushes the old one to the tail
  P *p = &ps[0];
  bool inherit = true;
  ck_assert(runq_empty(p));
  ck_assert(!runq_get(p, &inherit) && !inherit);
  for (int i = 0; i < 3; i++)
    runq_put(p, &gs[i], false);
  runq_put(p, &gs[3], true);
  ck_assert(!runq_empty(p));
  runq_put(p, &gs[4], true);
  ck_assert(runq_get(p, &inherit) == &gs[4] && inherit);
  for (int i = 0; i < 4; i++) {
    ck_assert(runq_get(p, &inherit) == &gs[i]);
    ck_assert(!inherit);
  }
  ck_assert(runq_empty(p));
}
END_TEST

START_TEST(wraps) { // the indices run over the ring, and over 2^32
  P *p = &ps[0];
  p->runqhead = p->runqtail = UINT32_MAX - 300;
  int in = 0, out = 0;
  for (int round = 0; round < 10; round++) {
    while (in - out < RUNQ_SIZE)
      runq_put(p, &gs[in++ % NG], false);
    for (int k = 0; k < 100; k++)
      ck_assert_int_eq(get(p), out++ % NG);
  }
  while (out < in)
    ck_assert_int_eq(get(p), out++ % NG);
  ck_assert(runq_empty(p) && sched.runqsize == 0);
}
END_TEST

START_TEST(overflow) { // the older half of a full ring and the new one go to the global list
  P *p = &ps[0];
  for (int i = 0; i <= RUNQ_SIZE; i++)
    runq_put(p, &gs[i], false);
  ck_assert_int_eq(sched.runqsize, RUNQ_SIZE / 2 + 1);
  int n = 0;
  for (G *g = sched.runqhead; g; g = g->link, n++)
    ck_assert_int_eq(g->goid, n < RUNQ_SIZE / 2 ? n : RUNQ_SIZE);
  ck_assert_int_eq(n, sched.runqsize);
  ck_assert_int_eq(sched.runqtail->goid, RUNQ_SIZE);
  for (int i = RUNQ_SIZE / 2; i < RUNQ_SIZE; i++)
    ck_assert_int_eq(get(p), i);
  ck_assert(runq_empty(p));
}
END_TEST

START_TEST(global) { // a P takes its share, not more than asked for and than half a ring
  static const struct {
    int size, procs, max, got;
  } tab[] = {{0, 4, 0, 0},  {1, 4, 0, 1},   {10, 4, 0, 3},   {10, 1, 0, 10},
             {10, 4, 1, 1}, {10, 4, 50, 3}, {900, 2, 0, 128}};
  for (size_t k = 0; k < sizeof tab / sizeof *tab; k++) {
    P *p = &ps[k];
    sched.runqhead = sched.runqtail = NULL;
    sched.runqsize = 0;
    gomaxprocs = tab[k].procs;
    for (int i = 1; i < tab[k].size; i++)
      globrunq_put(&gs[i]);
    if (tab[k].size)
      globrunq_puthead(&gs[0]);
    G *g = globrunq_get(p, tab[k].max);
    int got = 0;
    for (int64_t id = g ? g->goid : -1; id >= 0; id = get(p))
      ck_assert_int_eq(id, got++);
    ck_assert_msg(got == tab[k].got, "%d of %d: %d", tab[k].max, tab[k].size, got);
    ck_assert_int_eq(sched.runqsize, tab[k].size - got);
  }
}
END_TEST

START_TEST(
    steal) { // the older half, rounded up; runnext only if asked for and nothing else is left
  P *a = &ps[0], *b = &ps[1];
  for (int i = 0; i < 5; i++)
    runq_put(a, &gs[i], false);
  runq_put(a, &gs[5], true);
  G *g = runq_steal(b, a, false);
  ck_assert_int_eq(g->goid, 2);
  ck_assert_int_eq(get(b), 0);
  ck_assert_int_eq(get(b), 1);
  ck_assert_int_eq(get(b), -1);
  ck_assert_int_eq(runq_steal(b, a, false)->goid, 3);
  ck_assert_int_eq(runq_steal(b, a, false)->goid, 4);
  ck_assert(!runq_steal(b, a, false));
  a->status = P_RUNNING;
  ck_assert_int_eq(runq_steal(b, a, true)->goid, 5);
  ck_assert(!runq_steal(b, a, true));
  ck_assert(runq_empty(a) && runq_empty(b));
}
END_TEST

START_TEST(steal_of_full) {
  P *a = &ps[0], *b = &ps[1];
  for (int i = 0; i < RUNQ_SIZE; i++)
    runq_put(a, &gs[i], false);
  ck_assert_int_eq(runq_steal(b, a, true)->goid, RUNQ_SIZE / 2 - 1);
  for (int i = 0; i < RUNQ_SIZE / 2 - 1; i++)
    ck_assert_int_eq(get(b), i);
  for (int i = RUNQ_SIZE / 2; i < RUNQ_SIZE; i++)
    ck_assert_int_eq(get(a), i);
}
END_TEST

// ---- stress: a G runs when a thread has it; it is put back until it has run often enough.

typedef struct Stress {
  int threads, runs; // runs of each G
  _Atomic int left;  // Gs that are not through
  _Atomic int started;
} Stress;

static uint32_t rnd(uint32_t *x) {
  *x = *x * 1664525 + 1013904223;
  return *x >> 8;
}

static G *global_get(P *p, int32_t max) {
  if (!sched.runqsize)
    return NULL;
  lock(&sched.l);
  G *g = globrunq_get(p, max);
  unlock(&sched.l);
  return g;
}

// As the scheduler: now and then one from the global list first; many only into an empty ring.
static G *find(Stress *s, P *p, uint32_t *x) {
  bool inherit;
  G *g = rnd(x) % 61 ? NULL : global_get(p, 1);
  if (!g)
    g = runq_get(p, &inherit);
  if (!g)
    g = global_get(p, 0);
  for (int k = 0; !g && k < s->threads; k++) {
    P *victim = &ps[rnd(x) % (uint32_t)s->threads];
    if (victim != p)
      g = runq_steal(p, victim, k == s->threads - 1);
  }
  return g;
}

static void work(int i, void *arg) {
  Stress *s = arg;
  P *p = &ps[i];
  uint32_t x = (uint32_t)i + 1;
  p->status = P_RUNNING;
  s->started++;
  while (s->started < s->threads)
    procyield(1);
  while (s->left > 0) {
    G *g = find(s, p, &x);
    if (!g)
      continue;
    if (__atomic_exchange_n((uint32_t *)&g->status, G_RUNNING, __ATOMIC_RELAXED) != G_RUNNABLE)
      ck_abort_msg("two owners");     // ck_assert writes to a pipe each time
    if (++g->parentgoid == s->runs) { // not atomic: it is ours
      s->left--;
      continue;
    }
    g->status = G_RUNNABLE;
    runq_put(p, g, rnd(&x) % 4 == 0);
  }
}

START_TEST(stress) {
  Stress s = {.threads = 2 + _i, .runs = 300, .left = NG};
  gomaxprocs = s.threads;
  for (int i = 0; i < NG; i++) {
    gs[i].status = G_RUNNABLE;
    runq_put(&ps[0], &gs[i], false);
  }
  shim_go(s.threads, work, &s);
  shim_wait();
  for (int i = 0; i < NG; i++)
    ck_assert_int_eq(gs[i].parentgoid, s.runs);
  for (int i = 0; i < s.threads; i++)
    ck_assert(runq_empty(&ps[i]));
  ck_assert(!sched.runqhead && !sched.runqtail && sched.runqsize == 0);
}
END_TEST

Suite *suite_runq(void);
Suite *suite_runq(void) {
  Suite *s = suite_create("runq");
  TCase *tc = tcase_create("runq");
  tcase_set_timeout(tc, 60);
  tcase_add_checked_fixture(tc, setup, NULL);
  tcase_add_test(tc, order);
  tcase_add_test(tc, wraps);
  tcase_add_test(tc, overflow);
  tcase_add_test(tc, global);
  tcase_add_test(tc, steal);
  tcase_add_test(tc, steal_of_full);
  tcase_add_loop_test(tc, stress, 0, 3);
  suite_add_tcase(s, tc);
  return s;
}
