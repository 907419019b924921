// proc.c: the scheduler: choosing the next goroutine, parking and readying, birth and death of
// goroutines, the deadlock check.
//
// GOMAXPROCS Ps; an M needs one to run Go code. A goroutine made ready goes to the P of who made it
// ready; an M without work takes from the global list, the network poller, other Ps' queues and
// timers, in this order, then lets go of its P and sleeps. While it searches it "spins": whoever
// readies a goroutine wakes another M only if no M spins, and the last M that stops spinning
// because it found work wakes the next one; so work never waits while a P is idle, and wakers need
// no lock. The dangerous window is between the last look and going idle: after an M has dropped its
// P and its spinning state it looks once more at all queues.
#include "runtime/sched.h"

struct Sched sched;
P *allp[MAXP];
int32_t gomaxprocs, ncpu;
G **allgs;
_Atomic uint64_t nallgs;
Lock allglock;
M *_Atomic allm;
M m0;
G *main_g;
bool main_started;

static void set_status(G *g, GStatus s) {
  __atomic_store_n((uint32_t *)&g->status, s, __ATOMIC_RELEASE);
}

// ---- idle lists; sched.l held

void pidle_put(P *p) {
  ASSERT(runq_empty(p));
  p->link = sched.idlep;
  sched.idlep = p;
  sched.npidle++;
}

P *pidle_get(void) {
  P *p = sched.idlep;
  if (p) {
    sched.idlep = p->link;
    sched.npidle--;
  }
  return p;
}

static P *pidle_get_spinning(void) {
  P *p = pidle_get();
  if (!p)
    sched.needspinning = 1; // somebody who drops a P will look again
  return p;
}

static void midle_put(M *m) {
  m->schedlink = sched.idlem;
  sched.idlem = m;
  sched.nmidle++;
  check_dead();
}

static M *midle_get(void) {
  M *m = sched.idlem;
  if (m) {
    sched.idlem = m->schedlink;
    sched.nmidle--;
  }
  return m;
}

// ---- P and M

void acquirep(P *p) {
  M *m = getm();
  if (m->p || p->m || p->status != P_IDLE)
    throw("acquirep: invalid state");
  m->p = p;
  p->m = m;
  p->status = P_RUNNING;
  TLS(P *, TLS_P) = p;
}

P *releasep(void) {
  M *m = getm();
  P *p = m->p;
  if (!p || p->m != m || p->status != P_RUNNING)
    throw("releasep: invalid state");
  m->p = NULL;
  p->m = NULL;
  p->status = P_IDLE;
  TLS(P *, TLS_P) = NULL;
  return p;
}

// Sleeps until somebody hands over a P.
void stop_m(void) {
  M *m = getm();
  if (m->p)
    throw("stopm holding p");
  if (m->spinning)
    throw("stopm spinning");
  lock(&sched.l);
  midle_put(m);
  unlock(&sched.l);
  m_park(m);
  acquirep(m->nextp);
  m->nextp = NULL;
}

void start_m(P *p, bool spinning) {
  lock(&sched.l);
  if (!p)
    p = pidle_get();
  if (!p) {
    unlock(&sched.l);
    if (spinning)
      sched.nmspinning--;
    return;
  }
  M *m = midle_get();
  unlock(&sched.l);
  if (!m) {
    m_new(p, spinning);
    return;
  }
  m->spinning = spinning;
  m->nextp = p;
  note_wake(&m->park);
}

void wake_p(void) {
  if (sched.nmspinning != 0 || sched.npidle == 0)
    return;
  int32_t zero = 0;
  if (!__atomic_compare_exchange_n((int32_t *)&sched.nmspinning, &zero, 1, false, __ATOMIC_SEQ_CST,
                                   __ATOMIC_RELAXED))
    return;
  lock(&sched.l);
  P *p = pidle_get_spinning();
  unlock(&sched.l);
  if (!p) {
    sched.nmspinning--;
    return;
  }
  start_m(p, true);
}

// Gives away the P of an M that blocks; p is in no list and has no M.
void handoff_p(P *p) {
  if (!runq_empty(p) || sched.runqsize != 0 || sched.gcwish) {
    start_m(p, false);
    return;
  }
  int32_t zero = 0;
  if (sched.nmspinning + sched.npidle == 0 &&
      __atomic_compare_exchange_n((int32_t *)&sched.nmspinning, &zero, 1, false, __ATOMIC_SEQ_CST,
                                  __ATOMIC_RELAXED)) {
    sched.needspinning = 0;
    start_m(p, true);
    return;
  }
  lock(&sched.l);
  if (sched.gcwaiting) {
    p->status = P_GCSTOP;
    if (--sched.stopwait == 0)
      note_wake(&sched.stopnote);
    unlock(&sched.l);
    return;
  }
  if (sched.runqsize != 0 ||
      (sched.npidle == gomaxprocs - 1 && sched.lastpoll != 0 && netpoll_inited())) {
    unlock(&sched.l);
    start_m(p, false);
    return;
  }
  int64_t when = timers_next(p);
  pidle_put(p);
  unlock(&sched.l);
  if (when)
    timers_wake(when);
}

// ---- becoming ready

static uintptr_t ready_sys(G *g, void *next) {
  if (g->status != G_WAITING) {
    print_lock();
    print_str("runtime: goroutine ");
    print_int(g->goid);
    print_str(" status ");
    print_int(g->status);
    print_str("\n");
    throw("bad g->status in ready");
  }
  set_status(g, G_RUNNABLE);
  runq_put(getp(), g, next != NULL);
  wake_p();
  return 0;
}

void ready_on(G *g, bool next) {
  ready_sys(g, next ? g : NULL);
}

void inject_list(G *list) {
  if (!list)
    return;
  int32_t n = 0;
  P *p = getp();
  while (list) {
    G *g = list;
    list = g->link;
    set_status(g, G_RUNNABLE);
    if (p) {
      runq_put(p, g, false);
    } else {
      lock(&sched.l);
      globrunq_put(g);
      unlock(&sched.l);
    }
    n++;
  }
  if (p) {
    wake_p();
    return;
  }
  for (; n > 0 && sched.npidle != 0; n--)
    start_m(NULL, false);
}

// ---- running

static void recycle(M *m, SaveArea *s) {
  s->link = m->spare;
  m->spare = s;
}

void execute(G *g, bool inherit) {
  M *m = getm();
  m->curg = g;
  g->m = m;
  set_status(g, G_RUNNING);
  g->waitsince = 0;
  if (!inherit)
    m->p->schedtick++;
  if (m->p->preempt) { // of the goroutine before
    m->p->preempt = 0;
    if (!sched.gcwaiting && !sched.gcwish)
      TLS(uint32_t, TLS_WISH) = 0;
  }
  SaveArea *s = g->save;
  if (!s)
    gogo(g);
  g->save = NULL;
  recycle(
      m,
      s); // read once more by gogo_saved: only this M's handler takes areas, and not before g runs
  gogo_saved(g, s, xsave_size);
}

static void become_spinning(M *m) {
  m->spinning = true;
  sched.nmspinning++;
  sched.needspinning = 0;
}

static void reset_spinning(M *m) {
  m->spinning = false;
  if (--sched.nmspinning < 0)
    throw("findrunnable: negative nmspinning");
  wake_p();
}

static G *pop_ready(G *list) {
  G *g = list;
  inject_list(g->link);
  set_status(g, G_RUNNABLE);
  return g;
}

static G *steal_work(P *p) {
  for (int round = 0; round < 4; round++) {
    bool last = round == 3;
    uint32_t start = cheaprandn((uint32_t)gomaxprocs);
    for (int32_t i = 0; i < gomaxprocs; i++) {
      if (sched.gcwaiting)
        return NULL;
      P *v = allp[(start + (uint32_t)i) % (uint32_t)gomaxprocs];
      if (v == p)
        continue;
      if (last && v->timers.min) {
        timers_check(v, nanotime());
        bool inherit;
        G *g = runq_get(p, &inherit); // what a timer made ready is ours
        if (g)
          return g;
      }
      G *g = runq_steal(p, v, last);
      if (g)
        return g;
    }
  }
  return NULL;
}

static P *recheck_queues(void) {
  for (int32_t i = 0; i < gomaxprocs; i++) {
    if (runq_empty(allp[i]))
      continue;
    lock(&sched.l);
    P *p = pidle_get_spinning();
    unlock(&sched.l);
    return p;
  }
  return NULL;
}

// Looks where there is work without giving up the P.
static G *find_quick(M *m, P *p, bool *inherit) {
  *inherit = false;
  if (p->timers.min)
    timers_check(p, nanotime());
  if (p->schedtick % 61 == 0 &&
      sched.runqsize > 0) { // or two that ready each other starve the global list
    lock(&sched.l);
    G *g = globrunq_get(p, 1);
    unlock(&sched.l);
    if (g)
      return g;
  }
  G *g = runq_get(p, inherit);
  if (g)
    return g;
  *inherit = false;
  if (sched.runqsize != 0) {
    lock(&sched.l);
    g = globrunq_get(p, 0);
    unlock(&sched.l);
    if (g)
      return g;
  }
  if (netpoll_inited() && netpoll_waiters > 0 && sched.lastpoll != 0) {
    G *list = netpoll(0);
    if (list)
      return pop_ready(list);
  }
  if (gomaxprocs > 1 && (m->spinning || 2 * sched.nmspinning < gomaxprocs - sched.npidle)) {
    if (!m->spinning)
      become_spinning(m);
    return steal_work(p);
  }
  return NULL;
}

// The P is gone: waits in the poller if nobody does, else sleeps. Returns a goroutine, or NULL:
// look again (with a P).
static G *wait_for_work(M *m, bool wasspinning) {
  int64_t until = timers_next_all();
  if (netpoll_inited() && (netpoll_waiters > 0 || until != 0) &&
      __atomic_exchange_n((int64_t *)&sched.lastpoll, 0, __ATOMIC_SEQ_CST) != 0) {
    sched.polluntil = until;
    int64_t now = nanotime();
    int64_t delay = until == 0 ? -1 : until > now ? until - now : 0;
    G *list = netpoll(delay);
    sched.polluntil = 0;
    now = nanotime();
    sched.lastpoll = now;
    lock(&sched.l);
    P *p = pidle_get();
    unlock(&sched.l);
    if (p) {
      acquirep(p);
      if (list)
        return pop_ready(list);
      if (wasspinning)
        become_spinning(m);
      return NULL;
    }
    inject_list(list);
  } else if (until != 0 && netpoll_inited()) {
    int64_t poll = sched.polluntil;
    if (poll == 0 || poll > until)
      netpoll_break();
  }
  stop_m();
  return NULL;
}

static G *find_runnable(bool *inherit) {
  M *m = getm();
  for (;;) {
    P *p = m->p;
    if (sched.gcwaiting) {
      gcstop_m();
      continue;
    }
    TLS(uint32_t, TLS_WISH) = 0;
    if (sched.gcwish && __atomic_exchange_n((uint32_t *)&sched.gcwish, 0, __ATOMIC_SEQ_CST)) {
      if (m->spinning)
        reset_spinning(m);
      gc_start();
      continue;
    }
    G *g = find_quick(m, p, inherit);
    if (g)
      return g;
    *inherit = false;
    lock(&sched.l);
    if (sched.gcwaiting || sched.gcwish) {
      unlock(&sched.l);
      continue;
    }
    if (sched.runqsize != 0) {
      g = globrunq_get(p, 0);
      unlock(&sched.l);
      return g;
    }
    if (!m->spinning && sched.needspinning == 1) {
      become_spinning(m);
      unlock(&sched.l);
      continue;
    }
    releasep();
    pidle_put(p);
    unlock(&sched.l);
    bool was = m->spinning;
    if (was) {
      m->spinning = false;
      if (--sched.nmspinning < 0)
        throw("findrunnable: negative nmspinning");
      P *again = recheck_queues();
      if (again) {
        acquirep(again);
        become_spinning(m);
        continue;
      }
    }
    g = wait_for_work(m, was);
    if (g)
      return g;
  }
}

static void stop_locked_m(void) {
  M *m = getm();
  if (m->p)
    handoff_p(releasep());
  lock(&sched.l);
  sched.nmidlelocked++;
  check_dead();
  unlock(&sched.l);
  m_park(m);
  acquirep(m->nextp);
  m->nextp = NULL;
}

static void start_locked_m(G *g) {
  M *m = g->lockedm;
  lock(&sched.l);
  sched.nmidlelocked--;
  unlock(&sched.l);
  m->nextp = releasep();
  note_wake(&m->park);
  stop_m();
}

void schedule(void) {
  M *m = getm();
  m->curg = NULL;
  if (TLS(uint32_t, TLS_LOCKS) != 0)
    throw("schedule: holding locks");
  if (m->lockedg) {
    stop_locked_m();
    execute(m->lockedg, false);
  }
  for (;;) {
    bool inherit = false;
    G *g = find_runnable(&inherit);
    if (m->spinning)
      reset_spinning(m);
    if (g->lockedm) {
      start_locked_m(g);
      continue;
    }
    execute(g, inherit);
  }
}

// ---- what mcall runs

static void drop_g(G *g) {
  getm()->curg = NULL;
  g->m = NULL;
}

void park_m(G *g) {
  bool (*f)(G *, void *) = g->unlockf;
  void *arg = g->unlockarg;
  set_status(g, G_WAITING);
  drop_g(g);
  if (f && !f(g, arg)) {
    set_status(g, G_RUNNABLE);
    execute(g, true);
  }
  schedule();
}

void gosched_m(G *g) {
  set_status(g, G_RUNNABLE);
  drop_g(g);
  lock(&sched.l);
  globrunq_put(g);
  unlock(&sched.l);
  schedule();
}

// A new slice for who comes next, also for one that would inherit: else the monitor ends it at
// once.
void preempt_m(G *g) {
  getp()->schedtick++;
  gosched_m(g);
}

// The M's spare save area already holds the registers and is the G's.
void sigpreempted_m(G *g) {
  preempt_m(g);
}

// ---- birth and death

G *g_get(void) {
  P *p = getp();
  if (p && p->gfree) {
    G *g = p->gfree;
    p->gfree = g->link;
    p->ngfree--;
    return g;
  }
  lock(&sched.gfreelock);
  G *g = sched.gfree;
  if (g) {
    sched.gfree = g->link;
    sched.ngfree--;
  }
  unlock(&sched.gfreelock);
  return g;
}

static void g_put(G *g) {
  P *p = getp();
  if (g->stack0->size > 2048) {
    seg_free(g->stack0);
    g->stack0 = g->seg = NULL;
  }
  if (p->ngfree < 64) {
    g->link = p->gfree;
    p->gfree = g;
    p->ngfree++;
    return;
  }
  lock(&sched.gfreelock);
  g->link = sched.gfree;
  sched.gfree = g;
  sched.ngfree++;
  unlock(&sched.gfreelock);
}

static void allg_add(G *g) {
  static uint64_t cap;
  lock(&allglock);
  uint64_t n = nallgs;
  if (n == cap) { // readers may hold the old array: it is never freed
    cap = cap ? cap * 2 : 256;
    G **v = sys_alloc((cap * sizeof(G *) + 4095) & ~(uintptr_t)4095);
    if (!v)
      throw("out of memory");
    if (n)
      memcpy(v, allgs, n * sizeof(G *));
    __atomic_store_n(&allgs, v, __ATOMIC_RELEASE);
  }
  allgs[n] = g;
  g->allindex = (uint32_t)n;
  __atomic_store_n((uint64_t *)&nallgs, n + 1, __ATOMIC_RELEASE);
  unlock(&allglock);
}

static void g_reset(G *g) {
  g->defer = NULL;
  g->panic = NULL;
  g->seq = 0;
  g->param = NULL;
  g->waiting = NULL;
  g->waitreason = NULL;
  g->labels = NULL;
  g->coro = NULL;
  g->goexiting = g->issystem = g->preempted = g->parkingonchan = false;
  g->lockedm = NULL;
  g->sleeptimer = NULL;
  g->unlockarg = NULL;
  g->startfn = NULL;
  g->m = NULL;
  memset(g->sysregs, 0, sizeof g->sysregs);
}

G *newproc1(FuncVal *fn, uintptr_t callerpc, bool system) {
  G *me = getm()->curg;
  G *g = g_get();
  if (!g) {
    g = persistentalloc(sizeof(G), 64);
    g->status = G_DEAD;
    allg_add(g);
  }
  if (!g->stack0)
    g->stack0 = seg_alloc(2048);
  g->goid = ++sched.goidgen;
  g->parentgoid = me ? me->goid : 0;
  g->gopc = callerpc;
  g->startfn = fn;
  g->startpc = (uintptr_t)fn->code;
  g->issystem = system;
  if (system)
    sched.ngsys++;
  if (me)
    g->labels = me->labels;
  stack_start(g, (void *)goc_gostart, fn);
  return g;
}

struct NewprocArg {
  FuncVal *fn;
  uintptr_t callerpc;
  bool system;
};
uintptr_t newproc_sys(struct NewprocArg *a, void *unused);
uintptr_t newproc_sys(struct NewprocArg *a, void *unused) {
  (void)unused;
  if (!a->fn)
    fatal("go of nil func value");
  G *g = newproc1(a->fn, a->callerpc, a->system);
  set_status(g, G_RUNNABLE);
  runq_put(getp(), g, true);
  if (main_started)
    wake_p();
  return (uintptr_t)g;
}

static void g_destroy(G *g) {
  if (g->issystem)
    sched.ngsys--;
  set_status(g, G_DEAD);
  drop_g(g);
  M *m = getm();
  if (m->lockedg == g) {
    m->lockedg = NULL;
    m->lockedext = 0;
  }
  g_reset(g);
  stack_end(g);
  g_put(g);
}

// The goroutine's function has returned (or Goexit has run all deferred calls).
void goexit0_m(G *g) {
  struct Coro *c = g->coro;
  G *next = c ? c->g : NULL;
  if (next) {
    c->g = NULL;
    g_destroy(g);
    set_status(next, G_RUNNABLE);
    execute(next, true);
  }
  g_destroy(g);
  schedule();
}

// Switches between the two sides of a coroutine: g->param is the Coro. No queue is involved.
NORETURN void coroswitch_m(G *g);
void coroswitch_m(G *g) {
  struct Coro *c = g->param;
  G *next = c->g;
  g->waitreason = "coroutine";
  set_status(g, G_WAITING);
  drop_g(g);
  c->g = g;
  g->param = NULL;
  execute(next, true);
}

uintptr_t newcoro_sys(struct Coro *c, FuncVal *start);
uintptr_t newcoro_sys(struct Coro *c, FuncVal *start) {
  G *g = newproc1(start, 0, false);
  g->coro = c;
  g->waitreason = "coroutine";
  set_status(g, G_WAITING);
  c->g = g;
  return 0;
}

// ---- deadlock; sched.l held

void check_dead(void) {
  if (panicking)
    return;
  int64_t run = sched.mcount - sched.nmidle - sched.nmidlelocked;
  if (run > 0 || !main_started)
    return;
  if (run < 0)
    throw("checkdead: inconsistent counts");
  int64_t waiting = 0;
  uint64_t n = nallgs;
  for (uint64_t i = 0; i < n; i++) {
    G *g = allgs[i];
    if (g->issystem)
      continue;
    switch ((GStatus)g->status) {
    case G_WAITING: waiting++; break;
    case G_RUNNABLE:
    case G_RUNNING:
    case G_SYSCALL: throw("checkdead: runnable g");
    case G_IDLE:
    case G_DEAD: break;
    }
  }
  unlock(&sched.l);
  if (waiting == 0)
    fatal("no goroutines (main called runtime.Goexit) - deadlock!");
  for (int32_t i = 0; i < gomaxprocs; i++) {
    if (allp[i]->timers.n > 0) {
      lock(&sched.l);
      return; // an M is on its way to run them
    }
  }
  fatal("all goroutines are asleep - deadlock!");
}

uint32_t cheaprand(void) {
  M *m = getm();
  uint32_t x = m ? m->fastrand : 0x9e3779b9;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  if (m)
    m->fastrand = x;
  return x;
}

uint32_t cheaprandn(uint32_t n) {
  return (uint32_t)((uint64_t)cheaprand() * n >> 32);
}
