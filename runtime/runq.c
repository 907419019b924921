// runq.c: run queues: a ring for each P that its owner fills and anybody empties, and the global
// list.
//
// The owner stores tail (release); head moves by compare-and-swap only, so a thief copies first and
// then claims: what it copied is valid exactly if head is still what it read. runnext is one more
// slot, ahead of the ring; whoever takes it swaps it out.
#include "runtime/sched.h"

static uint32_t load_acq(_Atomic uint32_t *p) {
  return __atomic_load_n((uint32_t *)p, __ATOMIC_ACQUIRE);
}
static void store_rel(_Atomic uint32_t *p, uint32_t v) {
  __atomic_store_n((uint32_t *)p, v, __ATOMIC_RELEASE);
}
static bool cas_rel(_Atomic uint32_t *p, uint32_t old, uint32_t v) {
  return __atomic_compare_exchange_n((uint32_t *)p, &old, v, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_RELAXED);
}

bool runq_empty(P *p) {
  for (;;) { // head, tail and runnext of one moment: runnext may be kicked into the ring in between
    uint32_t h = load_acq(&p->runqhead), t = load_acq(&p->runqtail);
    G *next = p->runnext;
    if (t == load_acq(&p->runqtail))
      return h == t && !next;
  }
}

// Half of a full ring and g go to the global list. false: somebody stole meanwhile, there is room.
static bool put_slow(P *p, G *g, uint32_t h, uint32_t t) {
  uint32_t n = (t - h) / 2;
  G *first = p->runq[h % RUNQ_SIZE], *last = first;
  G *batch[RUNQ_SIZE / 2 + 1];
  for (uint32_t i = 0; i < n; i++)
    batch[i] = p->runq[(h + i) % RUNQ_SIZE];
  if (!cas_rel(&p->runqhead, h, h + n))
    return false;
  for (uint32_t i = 0; i + 1 < n; i++)
    batch[i]->link = batch[i + 1];
  last = batch[n - 1];
  last->link = g;
  g->link = NULL;
  lock(&sched.l);
  if (sched.runqtail)
    sched.runqtail->link = first;
  else
    sched.runqhead = first;
  sched.runqtail = g;
  sched.runqsize += (int32_t)n + 1;
  unlock(&sched.l);
  return true;
}

void runq_put(P *p, G *g, bool next) {
  if (next) {
    g = __atomic_exchange_n((G **)&p->runnext, g, __ATOMIC_ACQ_REL);
    if (!g)
      return;
  }
  for (;;) {
    uint32_t h = load_acq(&p->runqhead), t = p->runqtail;
    if (t - h < RUNQ_SIZE) {
      p->runq[t % RUNQ_SIZE] = g;
      store_rel(&p->runqtail, t + 1);
      return;
    }
    if (put_slow(p, g, h, t))
      return;
  }
}

G *runq_get(P *p, bool *inherit) {
  G *next = p->runnext;
  if (next && __atomic_compare_exchange_n((G **)&p->runnext, &next, NULL, false, __ATOMIC_ACQ_REL,
                                          __ATOMIC_RELAXED)) {
    *inherit = true;
    return next;
  }
  *inherit = false;
  for (;;) {
    uint32_t h = load_acq(&p->runqhead), t = p->runqtail;
    if (t == h)
      return NULL;
    G *g = p->runq[h % RUNQ_SIZE];
    if (cas_rel(&p->runqhead, h, h + 1))
      return g;
  }
}

static uint32_t grab(P *v, G **batch, bool stealnext) {
  for (;;) {
    uint32_t h = load_acq(&v->runqhead), t = load_acq(&v->runqtail);
    uint32_t n = t - h;
    n -= n / 2;
    if (n == 0) {
      G *next = v->runnext;
      if (!stealnext || !next)
        return 0;
      if (v->status == P_RUNNING) { // it is about to run it: give it a chance
        procyield(50);
        if (v->runnext != next)
          continue;
      }
      if (!__atomic_compare_exchange_n((G **)&v->runnext, &next, NULL, false, __ATOMIC_ACQ_REL,
                                       __ATOMIC_RELAXED))
        continue;
      batch[0] = next;
      return 1;
    }
    if (n > RUNQ_SIZE / 2)
      continue; // head and tail of different moments
    for (uint32_t i = 0; i < n; i++)
      batch[i] = v->runq[(h + i) % RUNQ_SIZE];
    if (cas_rel(&v->runqhead, h, h + n))
      return n;
  }
}

// Takes half of the victim's; returns one to run, the rest is in p's ring (which is empty: only the
// owner calls this when it has nothing).
G *runq_steal(P *p, P *victim, bool stealnext) {
  G *batch[RUNQ_SIZE / 2 + 1];
  uint32_t n = grab(victim, batch, stealnext);
  if (n == 0)
    return NULL;
  G *g = batch[--n];
  uint32_t t = p->runqtail;
  ASSERT(t - load_acq(&p->runqhead) + n < RUNQ_SIZE);
  for (uint32_t i = 0; i < n; i++)
    p->runq[(t + i) % RUNQ_SIZE] = batch[i];
  if (n)
    store_rel(&p->runqtail, t + n);
  return g;
}

void globrunq_put(G *g) {
  g->link = NULL;
  if (sched.runqtail)
    sched.runqtail->link = g;
  else
    sched.runqhead = g;
  sched.runqtail = g;
  sched.runqsize++;
}

void globrunq_puthead(G *g) {
  g->link = sched.runqhead;
  sched.runqhead = g;
  if (!sched.runqtail)
    sched.runqtail = g;
  sched.runqsize++;
}

static G *pop(void) {
  G *g = sched.runqhead;
  sched.runqhead = g->link;
  if (!sched.runqhead)
    sched.runqtail = NULL;
  sched.runqsize--;
  return g;
}

G *globrunq_get(P *p, int32_t max) {
  int32_t size = sched.runqsize;
  if (size == 0)
    return NULL;
  int32_t n = size / gomaxprocs + 1;
  if (n > size)
    n = size;
  if (max > 0 && n > max)
    n = max;
  if (n > RUNQ_SIZE / 2)
    n = RUNQ_SIZE / 2;
  G *g = pop();
  while (--n > 0)
    runq_put(p, pop(), false);
  return g;
}
