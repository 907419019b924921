// signal.c: hardware faults to panics, preemption by SIGURG, and os/signal's queue.
//
// A handler never waits and, but for what it changes in the signal frame, touches nothing of the
// goroutine. Both kinds of injection happen only when the interrupted code is Go's: the true limit
// is not 0 (a goroutine's stack), rip is between goc_text_start and goc_text_end or in the
// wrappers, and, for preemption, no bracket and no lock is held.
#include "runtime/sched.h"
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef AT_MINSIGSTKSZ
#define AT_MINSIGSTKSZ 51
#endif

uintptr_t xsave_size; // 0: fxsave images are enough (code is compiled for SSE2 only)
void sigpanic(void);

static bool in_go_text(uintptr_t pc) {
  return (pc >= (uintptr_t)goc_text_start && pc < (uintptr_t)goc_text_end) ||
         (pc >= (uintptr_t)__start_goc_wrappers && pc < (uintptr_t)__stop_goc_wrappers);
}

// ---- preemption

static SaveArea *take_area(M *m) {
  SaveArea *s = m->spare;
  if (s)
    m->spare = s->link;
  return s;
}

static void add_areas(M *m) {
  SaveArea *s = persistentalloc(sizeof(SaveArea), 64);
  s->link = m->spare;
  m->spare = s;
}

static void save_registers(SaveArea *s, ucontext_t *uc) {
  greg_t *r = uc->uc_mcontext.gregs;
  memcpy(s->fp, uc->uc_mcontext.fpregs, 512);
  s->rax = (uintptr_t)r[REG_RAX], s->rbx = (uintptr_t)r[REG_RBX], s->rcx = (uintptr_t)r[REG_RCX],
  s->rdx = (uintptr_t)r[REG_RDX];
  s->rsi = (uintptr_t)r[REG_RSI], s->rdi = (uintptr_t)r[REG_RDI], s->rbp = (uintptr_t)r[REG_RBP],
  s->rsp = (uintptr_t)r[REG_RSP];
  s->r8 = (uintptr_t)r[REG_R8], s->r9 = (uintptr_t)r[REG_R9], s->r10 = (uintptr_t)r[REG_R10],
  s->r11 = (uintptr_t)r[REG_R11];
  s->r12 = (uintptr_t)r[REG_R12], s->r13 = (uintptr_t)r[REG_R13], s->r14 = (uintptr_t)r[REG_R14],
  s->r15 = (uintptr_t)r[REG_R15];
  s->rip = (uintptr_t)r[REG_RIP];
  s->flags = (uintptr_t)r[REG_EFL];
}

// SIGURG: if the code may be interrupted, its registers go into the G and sigreturn lands in the
// scheduler; else the poison must do.
static void preempt_handler(int sig, siginfo_t *info, void *ctx) {
  (void)sig, (void)info;
  ucontext_t *uc = ctx;
  M *m = getm();
  if (!m)
    return;
  m->signalpending = 0;
  G *g = getg();
  if (TLS(uintptr_t, TLS_TRUE) == 0 || !g)
    return;
  P *p = getp();
  if (!p || !p->preempt)
    return;
  if (!in_go_text((uintptr_t)uc->uc_mcontext.gregs[REG_RIP]) || TLS(uint64_t, TLS_NOPREEMPT) != 0 ||
      !m->spare) {
    TLS(uintptr_t, TLS_LIMIT) = ~(uintptr_t)0;
    return;
  }
  SaveArea *s = take_area(m);
  save_registers(s, uc);
  g->save = s;
  g->sp = s->rsp - 128;
  TLS(uintptr_t, TLS_TRUE) = 0;
  TLS(uintptr_t, TLS_LIMIT) = 0;
  greg_t *r = uc->uc_mcontext.gregs;
  r[REG_RIP] = (greg_t)(uintptr_t)goc_sigpark;
  r[REG_RSP] = (greg_t)TLS(uintptr_t, TLS_SYSSP);
  r[REG_EFL] &= ~(greg_t)0x400; // DF
  uc->uc_mcontext.fpregs->mxcsr = 0x1f80;
}

void signal_preempt(M *m) {
  if (__atomic_exchange_n((uint32_t *)&m->signalpending, 1, __ATOMIC_SEQ_CST) == 0)
    syscall(SYS_tgkill, getpid(), m->tid, SIGURG);
}

// ---- faults

static NORETURN void crash(int sig, siginfo_t *info, ucontext_t *uc) {
  fatal_begin();
  print_force_lock();
  print_str(sig == SIGSEGV  ? "SIGSEGV: segmentation violation"
            : sig == SIGBUS ? "SIGBUS: bus error"
            : sig == SIGFPE ? "SIGFPE: floating-point exception"
            : sig == SIGILL ? "SIGILL: illegal instruction"
                            : "fatal signal");
  print_str("\nPC=");
  print_hex((uintptr_t)uc->uc_mcontext.gregs[REG_RIP]);
  print_str(" m=");
  print_int(getm() ? getm()->id : -1);
  print_str(" sigcode=");
  print_int(info->si_code);
  print_str(" addr=");
  print_hex((uintptr_t)info->si_addr);
  print_str("\n");
  M *m = getm();
  G *g = m ? m->curg : NULL;
  if (g)
    g->sigctx.sig = 0;
  traceback_level =
      traceback_level < 3 ? 3 : traceback_level; // the runtime itself failed: show all
  fatal_end(g, (uintptr_t)uc->uc_mcontext.gregs[REG_RIP] + 1,
            (uintptr_t)uc->uc_mcontext.gregs[REG_RBP]);
}

static void fault_handler(int sig, siginfo_t *info, void *ctx) {
  ucontext_t *uc = ctx;
  G *g = getm() ? getg() : NULL;
  greg_t *r = uc->uc_mcontext.gregs;
  uintptr_t pc = (uintptr_t)r[REG_RIP];
  bool callednil = pc < 4096; // call of a nil code pointer: the caller is on the stack
  if (callednil && g && TLS(uintptr_t, TLS_TRUE) != 0)
    pc = *(uintptr_t *)r[REG_RSP];
  if (!g || TLS(uintptr_t, TLS_TRUE) == 0 || !in_go_text(pc) || info->si_code <= 0) {
    struct sigaction dfl;
    memset(&dfl, 0, sizeof dfl);
    dfl.sa_handler = SIG_DFL;
    sigaction(sig, &dfl, NULL);
    crash(sig, info, uc);
  }
  g->sigctx = (Sigctx){sig, info->si_code, (uintptr_t)info->si_addr, pc};
  uintptr_t *sp;
  if (callednil) {
    sp = (uintptr_t *)r[REG_RSP]; // its return address serves as ours
  } else {
    sp = (uintptr_t *)(((uintptr_t)r[REG_RSP] - 128) & ~(uintptr_t)15);
    *--sp = pc + 1; // tracebacks look up a return address minus 1
  }
  r[REG_RSP] = (greg_t)sp;
  r[REG_RIP] = (greg_t)(uintptr_t)sigpanic;
  r[REG_EFL] &= ~(greg_t)0x400;
}

// SIGQUIT and SIGABRT from outside: every goroutine's traceback, exit 2.
static void quit_handler(int sig, siginfo_t *info, void *ctx) {
  ucontext_t *uc = ctx;
  (void)info;
  fatal_begin();
  print_force_lock();
  print_str(sig == SIGQUIT ? "SIGQUIT: quit\nPC=" : "SIGABRT: abort\nPC=");
  print_hex((uintptr_t)uc->uc_mcontext.gregs[REG_RIP]);
  M *m = getm();
  print_str(" m=");
  print_int(m ? m->id : -1);
  print_str(" sigcode=");
  print_int(info->si_code);
  print_str("\n");
  if (traceback_level < 2)
    traceback_level = 2;
  G *g = m && in_go_text((uintptr_t)uc->uc_mcontext.gregs[REG_RIP]) ? m->curg : NULL;
  if (g)
    g->sigctx.sig = 0;
  fatal_end(g, (uintptr_t)uc->uc_mcontext.gregs[REG_RIP] + 1,
            (uintptr_t)uc->uc_mcontext.gregs[REG_RBP]);
}

// ---- os/signal: a set of pending signals, and one goroutine that waits for them in signal_recv

static struct {
  _Atomic uint64_t pending, wanted, ignored; // bit n: signal n (1 to 64 as bits 0 to 63)
  Note note;
  _Atomic uint32_t delivering;
} sq;

static uint64_t bit(uint32_t sig) {
  return sig >= 1 && sig <= 64 ? (uint64_t)1 << (sig - 1) : 0;
}

static void queue_handler(int sig, siginfo_t *info, void *ctx) {
  (void)info, (void)ctx;
  if (!(sq.wanted & bit((uint32_t)sig))) {
    if (sig == SIGPIPE)
      return; // a write gets EPIPE; os.File's epipecheck decides
    signal(sig, SIG_DFL);
    raise(sig);
    return;
  }
  sq.pending |= bit((uint32_t)sig);
  note_wake(&sq.note);
}

static void install(int sig, void (*h)(int, siginfo_t *, void *)) {
  struct sigaction sa;
  memset(&sa, 0, sizeof sa);
  sa.sa_sigaction = h;
  sa.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
  sigfillset(&sa.sa_mask);
  sigaction(sig, &sa, NULL);
}

uint32_t runtime_signal_recv(void);
uint32_t runtime_signal_recv(void) {
  for (;;) {
    note_clear(&sq.note);
    uint64_t p = __atomic_load_n((uint64_t *)&sq.pending, __ATOMIC_SEQ_CST);
    if (p) {
      int i = __builtin_ctzll(p);
      sq.pending &= ~((uint64_t)1 << i);
      return (uint32_t)i + 1;
    }
    note_sleep(&sq.note);
  }
}

void runtime_signal_enable(uint32_t sig);
void runtime_signal_enable(uint32_t sig) {
  if (!bit(sig))
    return;
  sq.wanted |= bit(sig);
  sq.ignored &= ~bit(sig);
  if (sig == SIGSEGV || sig == SIGBUS || sig == SIGFPE || sig == SIGURG || sig == SIGKILL ||
      sig == SIGSTOP)
    return;
  install((int)sig, queue_handler);
}

void runtime_signal_disable(uint32_t sig);
void runtime_signal_disable(uint32_t sig) {
  if (!bit(sig))
    return;
  sq.wanted &= ~bit(sig);
  sq.ignored &= ~bit(sig);
  if (sig == SIGSEGV || sig == SIGBUS || sig == SIGFPE || sig == SIGURG || sig == SIGPIPE)
    return;
  signal((int)sig, SIG_DFL);
}

void runtime_signal_ignore(uint32_t sig);
void runtime_signal_ignore(uint32_t sig) {
  if (!bit(sig))
    return;
  sq.wanted &= ~bit(sig);
  sq.ignored |= bit(sig);
  if (sig != SIGURG)
    signal((int)sig, SIG_IGN);
}

int64_t runtime_signal_ignored(uint32_t sig);
int64_t runtime_signal_ignored(uint32_t sig) {
  return (sq.ignored & bit(sig)) != 0;
}

void runtime_signal_waitidle(void);
void runtime_signal_waitidle(void) {
  while (sq.pending & sq.wanted)
    os_usleep(100);
}

void runtime_sigpipe(void);
void runtime_sigpipe(void) {
  if (sq.wanted & bit(SIGPIPE) || sq.ignored & bit(SIGPIPE))
    return;
  signal(SIGPIPE, SIG_DFL);
  raise(SIGPIPE);
}

static _Atomic bool ignore_sys;
static void sys_handler(int sig, siginfo_t *info, void *ctx) {
  (void)info, (void)ctx;
  if (ignore_sys)
    return;
  signal(sig, SIG_DFL);
  raise(sig);
}

void runtime_ignore_sigsys(void);
void runtime_ignore_sigsys(void) {
  ignore_sys = true;
  install(SIGSYS, sys_handler);
}

void runtime_restore_sigsys(void);
void runtime_restore_sigsys(void) {
  ignore_sys = false;
  signal(SIGSYS, SIG_DFL);
}

// ---- fork: no signal handler may run in the child, whose memory is ours (vfork)

void fork_block_signals(void) {
  M *m = getm();
  uint64_t all = ~(uint64_t)0;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, m->sigmask, 8);
}

void fork_restore_signals(void) {
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, getm()->sigmask, NULL, 8);
}

void fork_child(void) {
  struct {
    void *handler;
    unsigned long flags;
    void *restorer;
    uint64_t mask;
  } dfl = {0}, old;
  for (int sig = 1; sig <= 64; sig++) {
    if (syscall(SYS_rt_sigaction, sig, NULL, &old, 8) != 0)
      continue;
    if (old.handler != (void *)SIG_DFL && old.handler != (void *)SIG_IGN)
      syscall(SYS_rt_sigaction, sig, &dfl, NULL, 8);
  }
  fork_restore_signals();
}

// ---- set-up

static void altstack(M *m) {
  uintptr_t size = getauxval(AT_MINSIGSTKSZ);
  size = ((size < 4096 ? 4096 : size) + 32768 + 4095) & ~(uintptr_t)4095;
  m->altstack = sys_alloc(size);
  stack_t st = {.ss_sp = m->altstack, .ss_size = size};
  sigaltstack(&st, NULL);
}

void signal_minit(M *m) {
  altstack(m);
  add_areas(m);
  add_areas(m);
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, NULL);
}

void signal_init(void) {
  install(SIGSEGV, fault_handler);
  install(SIGBUS, fault_handler);
  install(SIGFPE, fault_handler);
  install(SIGURG, preempt_handler);
  install(SIGPIPE, queue_handler);
  install(SIGQUIT, quit_handler);
  install(SIGABRT, quit_handler);
}
