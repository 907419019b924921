// world.c: stopping and starting the world, the number of Ps, system calls' hand-over of Ps, the
// monitor thread.
#include "runtime/internal.h"
#include "runtime/sched.h"

static void set_status(G *g, GStatus s) {
  __atomic_store_n((uint32_t *)&g->status, s, __ATOMIC_RELEASE);
}

static bool cas_pstatus(P *p, uint32_t old, uint32_t v) {
  return __atomic_compare_exchange_n((uint32_t *)&p->status, &old, v, false, __ATOMIC_SEQ_CST,
                                     __ATOMIC_RELAXED);
}

// ---- asking Ms to come to the scheduler

// Poisons the stack limit of the M that runs p. true: there is a goroutine that may be running.
bool preempt_one(P *p) {
  M *m = p->m;
  if (!m || !m->curg)
    return false;
  p->preempt = 1;
  *(volatile uint32_t *)(m->tcb + TLS_WISH) = 1;
  *(volatile uintptr_t *)(m->tcb + TLS_LIMIT) = ~(uintptr_t)0;
  return true;
}

void preempt_all(void) {
  for (int32_t i = 0; i < gomaxprocs; i++) {
    if (allp[i]->status == P_RUNNING && allp[i] != getp())
      preempt_one(allp[i]);
  }
}

void gc_request(void) {
  sched.gcwish = 1;
  if (getm() && getp()) { // this M, at its next safe point
    TLS(uint32_t, TLS_WISH) = 1;
    if (!on_system_stack())
      TLS(uintptr_t, TLS_LIMIT) = ~(uintptr_t)0;
  } else {
    wake_p();
    preempt_all();
  }
}

// ---- the world

static int32_t newprocs; // wished by GOMAXPROCS, 0: no change

// The P of this M stops; returns when the world runs again and somebody gave the M a P.
void gcstop_m(void) {
  M *m = getm();
  if (m->spinning) {
    m->spinning = false;
    sched.nmspinning--;
  }
  P *p = releasep();
  lock(&sched.l);
  p->status = P_GCSTOP;
  if (--sched.stopwait == 0)
    note_wake(&sched.stopnote);
  unlock(&sched.l);
  stop_m();
}

static void stop_others(void) {
  sched.stopwait = gomaxprocs;
  sched.gcwaiting = 1;
  preempt_all();
  getp()->status = P_GCSTOP;
  sched.stopwait--;
  for (int32_t i = 0; i < gomaxprocs; i++) {
    P *p = allp[i];
    if (p->status == P_SYSCALL && cas_pstatus(p, P_SYSCALL, P_GCSTOP)) {
      p->syscalltick++;
      sched.stopwait--;
    }
  }
  for (P *p; (p = pidle_get());) {
    p->status = P_GCSTOP;
    sched.stopwait--;
  }
}

static void signal_running(void) {
  for (int32_t i = 0; i < gomaxprocs; i++) {
    P *p = allp[i];
    if (p->status != P_RUNNING)
      continue;
    M *m = p->m;
    if (m && m->curg)
      signal_preempt(m);
  }
}

bool stoptheworld(const char *reason) {
  (void)reason;
  if (!on_system_stack() || getg())
    throw("stoptheworld: not in the scheduler");
  lock(&sched.l);
  if (sched.gcwaiting) {
    unlock(&sched.l);
    return false;
  }
  note_clear(&sched.stopnote);
  stop_others();
  bool wait = sched.stopwait > 0;
  unlock(&sched.l);
  for (int round = 0; wait; round++) {
    if (note_tsleep(&sched.stopnote, round == 0 ? 100000 : 200000))
      break;
    preempt_all();
    signal_running();
  }
  if (sched.stopwait != 0)
    throw("stopTheWorld: not stopped (stopwait != 0)");
  for (int32_t i = 0; i < gomaxprocs; i++) {
    if (allp[i]->status != P_GCSTOP)
      throw("stopTheWorld: not stopped (status != P_GCSTOP)");
  }
  return true;
}

static bool others_run(void) {
  for (int32_t i = 0; i < gomaxprocs; i++)
    if (allp[i]->status == P_RUNNING && allp[i] != getp())
      return true;
  return false;
}

// The program dies: other goroutines that run should stand while their stacks are shown. Whoever
// does not stop within milliseconds goes on; nobody waits for the world to start again.
void freeze_world(void) {
  sched.stopwait = INT32_MAX;
  sched.gcwaiting = 1;
  for (int i = 0; i < 3 && others_run(); i++) {
    preempt_all();
    if (i > 0)
      signal_running();
    os_usleep(1000);
  }
}

static P *new_p(int32_t id) {
  P *p = persistentalloc(sizeof(P), 64);
  p->id = id;
  p->status = P_GCSTOP;
  os_random(p->rand, sizeof p->rand);
  heap_initp(p);
  return p;
}

// A P that is no longer wanted: its goroutines and timers go elsewhere. The world is stopped.
static void destroy_p(P *p, P *heir) {
  bool inherit;
  for (G *g; (g = runq_get(p, &inherit));)
    globrunq_put(g);
  timers_move(p, heir);
  while (p->gfree) {
    G *g = p->gfree;
    p->gfree = g->link;
    g->link = sched.gfree;
    sched.gfree = g;
    sched.ngfree++;
  }
  p->ngfree = 0;
  heap_flushp(p);
  p->status = P_DEAD;
}

// Makes n Ps; this M gets (or keeps) one. Returns those with work, linked; the others are idle.
// sched.l held, world stopped.
static P *resize(int32_t n) {
  for (int32_t i = 0; i < n; i++) {
    if (!allp[i])
      allp[i] = new_p(i);
    else if (allp[i]->status == P_DEAD) {
      heap_initp(allp[i]);
      allp[i]->status = P_GCSTOP;
    }
  }
  M *m = getm();
  P *mine = m->p;
  if (!mine || mine->id >= n) {
    if (mine)
      mine->m = NULL;
    mine = allp[0];
    m->p = mine;
    mine->m = m;
    TLS(P *, TLS_P) = mine;
  }
  for (int32_t i = n; i < gomaxprocs; i++) {
    if (allp[i])
      destroy_p(allp[i], mine);
  }
  gomaxprocs = n;
  mine->status = P_RUNNING;
  P *work = NULL;
  for (int32_t i = n - 1; i >= 0; i--) {
    P *p = allp[i];
    if (p == mine)
      continue;
    p->status = P_IDLE;
    if (runq_empty(p)) {
      pidle_put(p);
    } else {
      p->link = work;
      work = p;
    }
  }
  return work;
}

void procs_init(int32_t n) {
  lock(&sched.l);
  gomaxprocs = 0;
  resize(n);
  unlock(&sched.l);
}

void starttheworld(void) {
  G *ready = netpoll_inited() ? netpoll(0) : NULL;
  lock(&sched.l);
  P *work = resize(newprocs ? newprocs : gomaxprocs);
  newprocs = 0;
  sched.gcwaiting = 0;
  sysmon_wake();
  unlock(&sched.l);
  inject_list(ready);
  while (work) {
    P *p = work;
    work = p->link;
    start_m(p, false);
  }
  wake_p();
}

struct Stopped {
  void (*fn)(void *);
  void *arg;
  const char *reason;
  bool done;
};
// What stopped_call wants, unless somebody else stops the world: then the goroutine comes again. It
// must wait in a queue, not on this M: a parked M with work that no queue shows is never woken.
NORETURN void stopped_m(G *g);
void stopped_m(G *g) {
  struct Stopped *s = g->param;
  set_status(g, G_WAITING);
  g->waitreason = s->reason;
  g->m = NULL;
  getm()->curg = NULL;
  if (!stoptheworld(s->reason)) {
    set_status(g, G_RUNNABLE);
    lock(&sched.l);
    globrunq_put(g);
    unlock(&sched.l);
    schedule();
  }
  s->fn(s->arg);
  starttheworld();
  g->param = NULL;
  s->done = true;
  set_status(g, G_RUNNABLE);
  execute(g, true);
}

void set_newprocs(void *n);
void set_newprocs(void *n) {
  newprocs = *(int32_t *)n;
}

void sched_scan(ScanFn *f, void *ctx) {
  for (int32_t i = 0; i < MAXP && allp[i]; i++)
    f(ctx, (uintptr_t)allp[i]->heapslot, (uintptr_t)(allp[i]->heapslot + 8));
  timers_scan(f, ctx);
  netpoll_scan(f, ctx);
  sema_scan(f, ctx);
}

// ---- system calls

static void enter(G *g) {
  M *m = getm();
  P *p = m->p;
  set_status(g, G_SYSCALL);
  m->oldp = p;
  m->p = NULL;
  p->m = NULL;
  TLS(P *, TLS_P) = NULL;
  __atomic_store_n((uint32_t *)&p->status, P_SYSCALL, __ATOMIC_SEQ_CST);
  if (UNLIKELY(sched.sysmonwait)) {
    lock(&sched.l);
    sysmon_wake();
    unlock(&sched.l);
  }
  if (UNLIKELY(sched.gcwaiting)) {
    lock(&sched.l);
    if (sched.stopwait > 0 && cas_pstatus(p, P_SYSCALL, P_GCSTOP)) {
      p->syscalltick++;
      if (--sched.stopwait == 0)
        note_wake(&sched.stopnote);
    }
    unlock(&sched.l);
  }
}

void entersyscall_sys(G *g, void *unused) {
  (void)unused;
  enter(g);
  g->insyscallwindow = true;
}

void block_enter(G *g) {
  enter(g);
}

// Takes back the P it left, or an idle one. false: none.
static bool retake_p(G *g) {
  M *m = getm();
  P *p = m->oldp;
  m->oldp = NULL;
  if (p && p->status == P_SYSCALL && cas_pstatus(p, P_SYSCALL, P_IDLE)) {
    p->syscalltick++;
    acquirep(p);
    set_status(g, G_RUNNING);
    return true;
  }
  if (sched.idlep) {
    lock(&sched.l);
    P *q = sched.gcwaiting ? NULL : pidle_get();
    unlock(&sched.l);
    if (q) {
      acquirep(q);
      q->syscalltick++;
      set_status(g, G_RUNNING);
      return true;
    }
  }
  return false;
}

uintptr_t exitsyscall_fast(G *g, void *unused) {
  (void)unused;
  if (!retake_p(g))
    return 0;
  g->insyscallwindow = false;
  return 1;
}

// The goroutine is saved; no P: it waits in the global list, the M sleeps.
void exitsyscall0_m(G *g) {
  M *m = getm();
  g->insyscallwindow = false;
  set_status(g, G_RUNNABLE);
  g->m = NULL;
  m->curg = NULL;
  bool locked = g->lockedm != NULL;
  lock(&sched.l);
  P *p = sched.gcwaiting ? NULL : pidle_get();
  if (!p)
    globrunq_put(g);
  unlock(&sched.l);
  if (p) {
    acquirep(p);
    execute(g, false);
  }
  if (locked)
    schedule(); // sleeps there until somebody meets g in a queue
  stop_m();
  schedule();
}

void block_exit(G *g) {
  if (!retake_p(g))
    exitsyscall0_m(g);
  if (sched.gcwaiting || TLS(uint32_t, TLS_WISH))
    preempt_m(g);
  gogo(g);
}

// ---- the monitor: takes Ps from Ms in long system calls, ends time slices, polls the network when
// nobody else does. A thread without P.

void sysmon_wake(void) {
  if (sched.sysmonwait) {
    sched.sysmonwait = 0;
    note_wake(&sched.sysmonnote);
  }
}

enum { SLICE = 10000000 };

static bool retake_syscall(P *p, int64_t now) {
  uint32_t t = p->syscalltick;
  if (p->sysmonsyscalltick != t) {
    p->sysmonsyscalltick = t;
    p->sysmonsyscallwhen = now;
    return false;
  }
  if (runq_empty(p) && sched.nmspinning + sched.npidle > 0 && p->sysmonsyscallwhen + SLICE > now &&
      !sched.gcwish)
    return false;
  if (!cas_pstatus(p, P_SYSCALL, P_IDLE))
    return false;
  p->syscalltick++;
  handoff_p(p);
  return true;
}

// A slice that is over: the poison first; a loop without calls does not see it, so the next look,
// soon, sends the signal.
static bool retake_running(P *p, int64_t now) {
  uint32_t t = p->schedtick;
  if (p->sysmonschedtick != t) {
    p->sysmonschedtick = t;
    p->sysmonschedwhen = now;
    return false;
  }
  if (p->sysmonschedwhen + SLICE > now)
    return false;
  bool poisoned = p->preempt;
  if (!preempt_one(p))
    return false;
  M *m = p->m;
  if (poisoned && m && m->curg)
    signal_preempt(m);
  return !poisoned;
}

bool sysmon_retake(int64_t now) {
  bool any = false;
  for (int32_t i = 0; i < gomaxprocs; i++) {
    P *p = allp[i];
    if (!p)
      continue;
    uint32_t s = p->status;
    if (s == P_SYSCALL)
      any |= retake_syscall(p, now);
    else if (s == P_RUNNING)
      retake_running(p, now);
  }
  return any;
}
