// timer.c: timers: a 4-ary heap for each P, time.Sleep, package time's timers and tickers.
//
// A timer is in at most one heap (t->p). Its fields are changed under the lock of the timer, its
// place under the lock of the heap (taken second). Since Go 1.23 the channel of a timer looks
// unbuffered: after Stop or Reset no old value can be received. The channel has one slot; stop and
// reset empty it under the lock that the sender holds too.
#include "runtime/timer.h"
#include "runtime/sched.h"
#include <string.h>

enum { ARITY = 4 };

static void heap_set(P *p, int64_t i, Timer *t) {
  p->timers.v[i] = t;
  t->index = i;
}

static void sift_up(P *p, int64_t i) {
  Timer *t = p->timers.v[i];
  while (i > 0) {
    int64_t parent = (i - 1) / ARITY;
    if (p->timers.v[parent]->when <= t->when)
      break;
    heap_set(p, i, p->timers.v[parent]);
    i = parent;
  }
  heap_set(p, i, t);
}

static void sift_down(P *p, int64_t i) {
  Timer *t = p->timers.v[i];
  int64_t n = p->timers.n;
  for (;;) {
    int64_t c = i * ARITY + 1, best = c;
    if (c >= n)
      break;
    for (int64_t k = c + 1; k < c + ARITY && k < n; k++) {
      if (p->timers.v[k]->when < p->timers.v[best]->when)
        best = k;
    }
    if (p->timers.v[best]->when >= t->when)
      break;
    heap_set(p, i, p->timers.v[best]);
    i = best;
  }
  heap_set(p, i, t);
}

static void update_min(P *p) {
  p->timers.min = p->timers.n ? p->timers.v[0]->when : 0;
}

static void heap_grow(P *p) {
  int64_t cap = p->timers.cap ? p->timers.cap * 2 : 64;
  Timer **v = sys_alloc(((uintptr_t)cap * 8 + 4095) & ~(uintptr_t)4095);
  if (!v)
    throw("out of memory");
  if (p->timers.n)
    memcpy(v, p->timers.v, (size_t)p->timers.n * 8);
  if (p->timers.v)
    sys_free(p->timers.v, ((uintptr_t)p->timers.cap * 8 + 4095) & ~(uintptr_t)4095);
  p->timers.v = v;
  p->timers.cap = cap;
}

static void heap_add(P *p, Timer *t) { // p's lock held
  if (p->timers.n == p->timers.cap)
    heap_grow(p);
  t->p = p;
  int64_t i = p->timers.n++;
  heap_set(p, i, t);
  sift_up(p, i);
  update_min(p);
}

static void heap_remove(P *p, Timer *t) { // p's lock held
  int64_t i = t->index, last = --p->timers.n;
  t->p = NULL;
  if (i != last) {
    Timer *moved = p->timers.v[last];
    heap_set(p, i, moved);
    sift_up(p, i);
    sift_down(p, moved->index);
  }
  p->timers.v[last] = NULL;
  update_min(p);
}

// t's lock held. Takes t out of its heap; true: it was in one.
static bool unschedule(Timer *t) {
  for (;;) {
    P *p = t->p;
    if (!p)
      return false;
    lock(&p->timers.l);
    if (t->p == p) {
      heap_remove(p, t);
      unlock(&p->timers.l);
      return true;
    }
    unlock(&p->timers.l); // its heap was merged into another
  }
}

static void enqueue(Timer *t) { // t's lock held, t in no heap, this M has a P
  netpoll_start();
  P *p = getp();
  lock(&p->timers.l);
  heap_add(p, t);
  bool first = p->timers.v[0] == t;
  unlock(&p->timers.l);
  if (first)
    timers_wake(t->when);
}

bool timer_stop(Timer *t) {
  lock(&t->l);
  bool was = unschedule(t);
  t->seq++;
  if (t->ch && chan_drain(t->ch))
    was = true; // fired, but nobody has seen it
  unlock(&t->l);
  return was;
}

bool timer_reset(Timer *t, int64_t when, int64_t period) {
  if (when <= 0)
    when = 1;
  if (when < 0)
    when = INT64_MAX;
  lock(&t->l);
  bool was = unschedule(t);
  if (t->ch && chan_drain(t->ch))
    was = true;
  t->seq++;
  t->when = when;
  t->period = period;
  enqueue(t);
  unlock(&t->l);
  return was;
}

// t is out of its heap or, when periodic, back in it; its lock is held so that stop and reset wait
// for the send.
static void fire(Timer *t, int64_t now, int64_t when) {
  if (t->cf) {
    void (*f)(void *, uintptr_t, int64_t) = t->cf;
    void *arg = t->arg.data;
    uintptr_t seq = t->cseq;
    unlock(&t->l);
    f(arg, seq, now - when);
    return;
  }
  FuncVal *f = t->f;
  Eface arg = t->arg;
  uintptr_t seq = t->fseq;
  bool held = t->ch != NULL; // package time's sendTime: must be one step with stop and reset
  if (!held)
    unlock(&t->l);
  goc_call4(f, (uintptr_t)arg.type, (uintptr_t)arg.data, seq, (uintptr_t)(now - when));
  if (held)
    unlock(&t->l);
}

// Runs what is due in p's heap. The lock order is timer, heap; so the timer is chosen under the
// heap's lock, then locked, then looked at again.
void timers_check(P *p, int64_t now) {
  for (;;) {
    int64_t min = p->timers.min;
    if (min == 0 || min > now)
      return;
    lock(&p->timers.l);
    Timer *t = p->timers.n ? p->timers.v[0] : NULL;
    if (!t || t->when > now) {
      unlock(&p->timers.l);
      return;
    }
    if (!trylock(&t->l)) { // somebody stops or resets it
      unlock(&p->timers.l);
      procyield(20);
      continue;
    }
    int64_t when = t->when;
    heap_remove(p, t);
    if (t->period > 0) {
      int64_t next = when + t->period * (1 + (now - when) / t->period);
      t->when = next < 0 ? INT64_MAX : next;
      heap_add(p, t);
    }
    unlock(&p->timers.l);
    fire(t, now, when);
  }
}

int64_t timers_next(P *p) {
  return p->timers.min;
}

int64_t timers_next_all(void) {
  int64_t best = 0;
  for (int32_t i = 0; i < gomaxprocs; i++) {
    int64_t m = allp[i] ? (int64_t)allp[i]->timers.min : 0;
    if (m && (!best || m < best))
      best = m;
  }
  return best;
}

void timers_move(P *from, P *to) { // the world is stopped
  for (int64_t i = 0; i < from->timers.n; i++)
    heap_add(to, from->timers.v[i]);
  from->timers.n = 0;
  from->timers.min = 0;
}

// Somebody in epoll_wait would sleep past `when`; or nobody is there and an idle P must look after
// it.
void timers_wake(int64_t when) {
  if (sched.lastpoll == 0) {
    int64_t until = sched.polluntil;
    if (until == 0 || until > when)
      netpoll_break();
  } else if (getp() == NULL || on_system_stack()) {
    wake_p();
  }
}

// A channel's timer is no root: who can receive from the channel reaches the timer through it.
void timers_scan(ScanFn *f, void *ctx) {
  for (int32_t i = 0; i < MAXP && allp[i]; i++)
    for (int64_t k = 0; k < allp[i]->timers.n; k++) {
      Timer *t = allp[i]->timers.v[k];
      if (t->ch)
        continue;
      f(ctx, (uintptr_t)&allp[i]->timers.v[k], (uintptr_t)(&allp[i]->timers.v[k] + 1));
      f(ctx, (uintptr_t)t, (uintptr_t)(t + 1));
    }
}

static void drop_dead(P *p, bool (*marked)(uintptr_t)) {
  int64_t n = 0;
  for (int64_t k = 0; k < p->timers.n; k++) {
    Timer *t = p->timers.v[k];
    if (!t->ch || marked((uintptr_t)t))
      heap_set(p, n++, t);
  }
  p->timers.n = n;
  for (int64_t k = (n - 2) / ARITY; n > 1 && k >= 0; k--)
    sift_down(p, k);
  update_min(p);
}

void timers_drop(bool (*marked)(uintptr_t)) {
  for (int32_t i = 0; i < MAXP && allp[i]; i++)
    if (allp[i]->timers.n)
      drop_dead(allp[i], marked);
}

// ---- time.Sleep: the timer lies in the runtime's memory, one for each goroutine that ever slept

static void wake_sleeper(void *arg, uintptr_t seq, int64_t delta) {
  (void)seq, (void)delta;
  ready_on(arg, true);
}

static bool start_sleep(G *g,
                        void *arg) { // unlockf: only now may the timer find the goroutine parked
  timer_reset(g->sleeptimer, *(int64_t *)arg, 0);
  return true;
}

struct SleepArg {
  int64_t ns, when;
};
uintptr_t sleep_prepare(G *g, struct SleepArg *a);
uintptr_t sleep_prepare(G *g, struct SleepArg *a) {
  if (!g->sleeptimer) {
    g->sleeptimer = persistentalloc(sizeof(Timer), 8);
    g->sleeptimer->cf = wake_sleeper;
    g->sleeptimer->arg.data = g;
  }
  a->when = nanotime() + a->ns;
  if (a->when < 0)
    a->when = INT64_MAX;
  return 0;
}
bool (*const sleep_unlockf)(G *, void *) = start_sleep;

// ---- package time: {C, init} and behind it the Timer

static const uint8_t timer_mask[] = {0x1d, 0x04}; // c; f, arg (both words), ch
static RType timer_type = {.size = sizeof(TimeTimer),
                           .ptrbytes = 88,
                           .align = 8,
                           .fieldalign = 8,
                           .kind = KIND_STRUCT,
                           .gcdata = timer_mask};
_Static_assert(offsetof(TimeTimer, t.f) == 16 && offsetof(TimeTimer, t.ch) == 80, "timer_mask");

TimeTimer *runtime_newtimer(int64_t when, int64_t period, FuncVal *f, RType *argtype, void *arg,
                            Hchan *c);
TimeTimer *runtime_newtimer(int64_t when, int64_t period, FuncVal *f, RType *argtype, void *arg,
                            Hchan *c) {
  TimeTimer *t = mallocgc(sizeof(TimeTimer), &timer_type, true);
  t->t.f = f;
  t->t.arg = (Eface){argtype, arg};
  if (c) {
    t->t.ch = c;
    c->timer = &t->t;
    c->qcount = c->dataqsiz = 0;
  }
  t->init = true;
  timer_reset(&t->t, when, period);
  return t;
}

int64_t runtime_stoptimer(TimeTimer *t);
int64_t runtime_stoptimer(TimeTimer *t) {
  return timer_stop(&t->t);
}

int64_t runtime_resettimer(TimeTimer *t, int64_t when, int64_t period);
int64_t runtime_resettimer(TimeTimer *t, int64_t when, int64_t period) {
  return timer_reset(&t->t, when, period);
}
