// gsched.c: the part of the scheduler that runs on goroutines' stacks: parking, go statements,
// Gosched, the main goroutine, LockOSThread, coroutines, and the words of other packages for these.
#include "runtime/sched.h"

void gopark(bool (*unlockf)(G *, void *), void *arg, const char *reason) {
  G *g = getg();
  if (!g)
    throw("gopark on g0");
  g->unlockf = unlockf;
  g->unlockarg = arg;
  g->waitreason = reason;
  mcall(park_m);
}

static NOSPLIT bool park_unlock(G *g, void *l) {
  (void)g;
  unlock(l);
  return true;
}

void goparkunlock(Lock *l, const char *reason) {
  gopark(park_unlock, l, reason);
}

void goready(G *g) {
  systemcall((void *)ready_on, g, g);
}

void gosched(void) {
  if (getg())
    mcall(gosched_m);
}

// ---- go statements

struct NewprocArg {
  FuncVal *fn;
  uintptr_t callerpc;
  bool system;
};
uintptr_t newproc_sys(struct NewprocArg *a, void *unused);

void runtime_newproc(FuncVal *fn) ASMLABEL("runtime.newproc");
void runtime_newproc(FuncVal *fn) {
  struct NewprocArg a = {fn, CALLERPC(), false};
  systemcall((void *)newproc_sys, &a, NULL);
}

// A goroutine of the runtime's own: not counted by the deadlock check, not shown in tracebacks.
void gs_newsystem(FuncVal *fn) {
  struct NewprocArg a = {fn, 0, true};
  systemcall((void *)newproc_sys, &a, NULL);
}

// ---- the main goroutine

void runtime_main_go(void);
void runtime_main_go(void) {
  G *g = getg();
  main_started = true;
  systemcall((void *)sysmon_start, NULL, NULL);
  acquirem(); // main.init runs on the first thread
  g->lockedm = getm();
  getm()->lockedg = g;
  releasem();
  heap_startgo();
  for (uintptr_t i = 0; i < goc_ninit; i++) {
    FuncVal f = {goc_inittab[i]};
    goc_call0(&f);
  }
  acquirem();
  if (getm()->lockedext == 0) {
    g->lockedm = NULL;
    getm()->lockedg = NULL;
  }
  releasem();
  FuncVal f = {goc_mainmain};
  goc_call0(&f);
  extern void runExitHooks(intgo code) ASMLABEL("runtime.runExitHooks") WEAK; // runtime/go
  if (runExitHooks)
    runExitHooks(0);
  for (int i = 0; i < 1000 && running_panic_defers; i++)
    gosched(); // a panic elsewhere is being reported
  if (panicking)
    gopark(NULL, NULL, "panicwait");
  systemcall((void *)rt_exit, NULL, NULL);
}

// ---- runtime's exported functions and the words of other packages

void runtime_LockOSThread(void) ASMLABEL("runtime.LockOSThread");
void runtime_LockOSThread(void) {
  acquirem();
  M *m = getm();
  m->lockedext++;
  m->lockedg = getg();
  getg()->lockedm = m;
  releasem();
}

void runtime_UnlockOSThread(void) ASMLABEL("runtime.UnlockOSThread");
void runtime_UnlockOSThread(void) {
  acquirem();
  M *m = getm();
  if (m->lockedext > 0 && --m->lockedext == 0) {
    m->lockedg = NULL;
    getg()->lockedm = NULL;
  }
  releasem();
}

static inline int64_t pin(void) {
  acquirem();
  return getp()->id;
}

int64_t sync_procpin(void) ASMLABEL("sync.runtime_procPin");
int64_t sync_procpin(void) {
  return pin();
}

void sync_procunpin(void) ASMLABEL("sync.runtime_procUnpin");
void sync_procunpin(void) {
  releasem();
}

int64_t atomic_procpin(void) ASMLABEL("sync/atomic.runtime_procPin");
int64_t atomic_procpin(void) {
  return pin();
}

void atomic_procunpin(void) ASMLABEL("sync/atomic.runtime_procUnpin");
void atomic_procunpin(void) {
  releasem();
}

int64_t sync_canspin(int64_t i) ASMLABEL("sync.runtime_canSpin");
int64_t sync_canspin(int64_t i) {
  if (i >= 4 || ncpu <= 1 || gomaxprocs <= sched.npidle + sched.nmspinning + 1)
    return 0;
  acquirem();
  P *p = getp();
  bool ok = p->runqhead == p->runqtail && !p->runnext;
  releasem();
  return ok;
}

void sync_dospin(void) ASMLABEL("sync.runtime_doSpin");
void sync_dospin(void) {
  procyield(30);
}

void runtime_exitsyscall(void) ASMLABEL("runtime.exitsyscall");
void runtime_exitsyscall(void) {
  bool ok = systemcall((void *)exitsyscall_fast, getg(), NULL);
  releasem();
  if (!ok)
    mcall(exitsyscall0_m);
}

intgo runtime_numgoroutine(void) ASMLABEL("runtime.NumGoroutine");
intgo runtime_numgoroutine(void) {
  intgo n = 0;
  uint64_t all = nallgs;
  for (uint64_t i = 0; i < all; i++) {
    G *g = allgs[i];
    n += g->status != G_DEAD && g->status != G_IDLE && !g->issystem;
  }
  return n;
}

int64_t runtime_goid(void) ASMLABEL("runtime.goid");
int64_t runtime_goid(void) {
  return getg() ? getg()->goid : 0;
}

void *runtime_getlabels(void) ASMLABEL("runtime/pprof.runtime_getProfLabel");
void *runtime_getlabels(void) {
  return getg()->labels;
}

void runtime_setlabels(void *l) ASMLABEL("runtime/pprof.runtime_setProfLabel");
void runtime_setlabels(void *l) {
  getg()->labels = l;
}

// ---- with the world stopped

NORETURN void stopped_m(G *g);
void stopped_call(void (*fn)(void *), void *arg, const char *reason) {
  struct {
    void (*fn)(void *);
    void *arg;
    const char *reason;
    bool done;
  } s = {fn, arg, reason, false};
  while (!*(volatile bool *)&s.done) {
    getg()->param = &s;
    mcall(stopped_m);
  }
}

void set_newprocs(void *n);
intgo runtime_gomaxprocs(intgo n) ASMLABEL("runtime.GOMAXPROCS");
intgo runtime_gomaxprocs(intgo n) {
  int32_t old = gomaxprocs;
  if (n <= 0 || n == old)
    return old;
  int32_t want = n > MAXP ? MAXP : (int32_t)n;
  stopped_call(set_newprocs, &want, "GOMAXPROCS");
  return old;
}

// ---- coroutines (iter.Pull): a goroutine that only runs when the other side switches to it

NORETURN void coroswitch_m(G *g);
uintptr_t newcoro_sys(struct Coro *c, FuncVal *start);
typedef void CoroFn(struct Coro *);
void goc_call1(FuncVal *fn, void *a);

static void corostart(void) {
  struct Coro *c = getg()->coro;
  goc_call1(c->f, c);
}
static FuncVal corostart_fn = {(void *)corostart};

static const uint8_t coro_mask[] = {2};
static RType coro_type = {.size = sizeof(struct Coro),
                          .ptrbytes = 16,
                          .align = 8,
                          .fieldalign = 8,
                          .kind = KIND_STRUCT,
                          .gcdata = coro_mask};

struct Coro *runtime_newcoro(FuncVal *f) ASMLABEL("runtime.newcoro");
struct Coro *runtime_newcoro(FuncVal *f) {
  struct Coro *c = gs_newobject(&coro_type);
  c->f = f;
  systemcall((void *)newcoro_sys, c, &corostart_fn);
  return c;
}

void runtime_coroswitch(struct Coro *c) ASMLABEL("runtime.coroswitch");
void runtime_coroswitch(struct Coro *c) {
  if (!c->g)
    throw("coroswitch on exited coro");
  getg()->param = c;
  mcall(coroswitch_m);
}

// ---- callers: the Go side is runtime.Callers and its kin (runtime/go)

struct Callers {
  intgo skip;
  uintptr_t *pcs;
  intgo n;
  uintptr_t pc, fp;
};
intgo callers_sys(struct Callers *c, void *unused);
intgo runtime_callers(intgo skip, uintptr_t *pcs, intgo n) ASMLABEL("runtime.callers");
intgo runtime_callers(intgo skip, uintptr_t *pcs, intgo n) {
  struct Callers c = {skip, pcs, n, CALLERPC(), CALLERFP()};
  return (intgo)systemcall((void *)callers_sys, &c, NULL);
}

// ---- fork and exec: between BeforeFork and AfterFork the child shares our memory and runs on our
// stack, so nothing may preempt us

void syscall_beforefork(void) ASMLABEL("syscall.runtime_BeforeFork");
void syscall_beforefork(void) {
  acquirem();
  systemcall((void *)fork_block_signals, NULL, NULL);
}

void syscall_afterfork(void) ASMLABEL("syscall.runtime_AfterFork");
void syscall_afterfork(void) {
  systemcall((void *)fork_restore_signals, NULL, NULL);
  releasem();
}

void syscall_afterforkchild(void) ASMLABEL("syscall.runtime_AfterForkInChild");
void syscall_afterforkchild(void) {
  systemcall((void *)fork_child, NULL, NULL);
}

void syscall_beforeexec(void) ASMLABEL("syscall.runtime_BeforeExec");
void syscall_beforeexec(void) {}

void syscall_afterexec(void) ASMLABEL("syscall.runtime_AfterExec");
void syscall_afterexec(void) {}

void syscall_exit(intgo code) ASMLABEL("syscall.Exit");
void syscall_exit(intgo code) {
  systemcall((void *)rt_exit, (void *)code, NULL);
}

intgo syscall_cgocaller(void *fn, void *p, intgo n, intgo cap) ASMLABEL("syscall.cgocaller");
intgo syscall_cgocaller(void *fn, void *p, intgo n, intgo cap) {
  (void)fn, (void)p, (void)n, (void)cap;
  throw("cgo is not supported");
}

intgo runtime_stacktext(uint8_t *buf, intgo n, intgo all) ASMLABEL("runtime.stacktext");
intgo runtime_stacktext(uint8_t *buf, intgo n, intgo all) {
  struct StackText t = {getg(), buf, n, all & 1, CALLERPC(), CALLERFP()};
  if (t.all)
    stopped_call((void (*)(void *))stacktext_self, &t, "stack trace");
  else
    systemcall((void *)stacktext_self, &t, NULL);
  return t.n;
}

// setuid and its kin on every thread: without cgo all threads are ours, but most sleep; not
// supported yet.
void syscall_allthreads(uintptr_t *out, uintptr_t n, uintptr_t a, uintptr_t b, uintptr_t c,
                        uintptr_t d, uintptr_t e, uintptr_t f)
    ASMLABEL("syscall.runtime_doAllThreadsSyscall");
void syscall_allthreads(uintptr_t *out, uintptr_t n, uintptr_t a, uintptr_t b, uintptr_t c,
                        uintptr_t d, uintptr_t e, uintptr_t f) {
  (void)out, (void)n, (void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
  throw("syscall.AllThreadsSyscall is not supported by goc");
}
