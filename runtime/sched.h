// sched.h: what the scheduler's own files share beyond internal.h, grouped by file.
#ifndef GOC_SCHED_H
#define GOC_SCHED_H

#include "runtime/internal.h"

// context_amd64.S
NORETURN void gogo_saved(G *g, SaveArea *s, uintptr_t xsave);
NORETURN void goc_mstart(void);
void goc_gostart(void);
void goc_sigpark(void);
NORETURN void goc_resume(DeferRecord *r, StackSeg *seg);
void goc_calldefer(FuncVal *fn, void **slot);
void goc_call0(FuncVal *fn);
void goc_call4(FuncVal *fn, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d);
extern const char goc_morestack_return[];

// os_linux.c
int32_t os_ncpu(void);
void os_random(void *p, uintptr_t n);
void os_usleep(int64_t us);

// stack.c
StackSeg *seg_alloc(uintptr_t size);
void seg_free(StackSeg *s);
void stack_more(G *g, uintptr_t frame, uintptr_t args, uintptr_t fp);
void stack_end(G *g);
void stack_start(G *g, void *pc, FuncVal *fn);
NORETURN void stack_overflow_fatal(uintptr_t fp);
extern int64_t stack_max;
extern _Atomic int64_t stack_inuse;

// gsched.c
void gs_newsystem(FuncVal *fn);

// runq.c: P-local queues: the owner puts and gets, anybody steals
void runq_put(P *p, G *g, bool next);
G *runq_get(P *p, bool *inherit);
G *runq_steal(P *p, P *victim, bool stealnext);
bool runq_empty(P *p);
void globrunq_put(G *g);     // sched.l held
void globrunq_puthead(G *g); // sched.l held
// sched.l held. All it takes but one goes into p's ring, which is empty unless max is 1.
G *globrunq_get(P *p, int32_t max);

// proc.c
struct Coro {
  G *g;
  FuncVal *f;
}; // g: the side that does not run
void acquirep(P *p);
P *releasep(void);
void stop_m(void);
void pidle_put(P *p);
P *pidle_get(void);
void gcstop_m(void); // world.c
void sched_init(void);
void procs_init(int32_t n);
NORETURN void preempt_m(G *g);
NORETURN void goexit0_m(G *g);
NORETURN void sigpreempted_m(G *g);
NORETURN void park_m(G *g);
NORETURN void gosched_m(G *g);
NORETURN void execute(G *g, bool inherit);
void ready_on(G *g, bool next); // as goready, with a choice
uintptr_t exitsyscall_fast(G *g, void *unused);
NORETURN void exitsyscall0_m(G *g);
void entersyscall_sys(G *g, void *unused);
void entersyscallblock_handoff(void);
void block_enter(G *g);
NORETURN void block_exit(G *g);
void inject_list(G *list); // linked by link: runnable again
void preempt_all(void);
bool preempt_one(P *p);
void handoff_p(P *p);
void start_m(P *p, bool spinning);
void check_dead(void); // sched.l held
G *g_get(void);
void sysmon_wake(void); // sched.l held
bool sysmon_retake(int64_t now);
extern G *main_g;
extern _Atomic uint32_t panicking, running_panic_defers;
extern bool main_started;

// thread.c
void m_init(M *m); // slots, alternate stack, rand: on the thread itself
void m_new(P *p, bool spinning);
void m_park(M *m); // until somebody sets nextp and wakes it
void sysmon_start(void);

// timer.c
void timers_check(P *p, int64_t now); // runs those that are due; system stack, p owned
int64_t timers_next(P *p);            // when, or 0
int64_t timers_next_all(void);
void timers_steal(P *p, int64_t now); // runs other Ps' due ones
void timers_move(P *from, P *to);     // from dies
void timers_wake(int64_t when);       // interrupts epoll_wait if that would sleep longer
bool timer_stop(Timer *t);
bool timer_reset(Timer *t, int64_t when, int64_t period);
void timers_scan(ScanFn *f, void *ctx);
void timer_run_inline(Timer *t, int64_t now);

// netpoll.c
bool netpoll_inited(void);
G *netpoll(int64_t delay); // ns, <0 block, 0 poll: list of goroutines made ready, linked by link
void netpoll_break(void);
void netpoll_scan(ScanFn *f, void *ctx);
extern _Atomic uint32_t netpoll_waiters;

// sema.c
void sema_scan(ScanFn *f, void *ctx);

// signal.c
void signal_init(void);
void signal_minit(M *m);
void signal_preempt(M *m);
void fork_block_signals(void);
void fork_restore_signals(void);
void fork_child(void);
extern uintptr_t xsave_size;

// rt0.c, env.c
void env_init(void);

// trace.c
struct StackText {
  G *g;
  uint8_t *buf;
  intgo n;
  bool all;
  uintptr_t pc, fp;
};
void stacktext_self(struct StackText *t);
NORETURN void throw_exit(String text, bool user, uintptr_t pc, uintptr_t fp);
void freeze_world(void); // world.c
void fatal_begin(void);  // the first of several dying goroutines goes on, the others stop here
NORETURN void fatal_end(G *g, uintptr_t pc,
                        uintptr_t fp); // signal line, tracebacks, exit 2; the print lock is held

// The return address of the function that expands this, also when a segment lies between.
static inline uintptr_t caller_pc(void *ra, void *fp) {
  if (ra != (void *)goc_morestack_return)
    return (uintptr_t)ra;
  return (*(uintptr_t **)fp)[2];
}
static inline uintptr_t caller_fp(void *ra, void *fp) {
  uintptr_t b = *(uintptr_t *)fp;
  return ra == (void *)goc_morestack_return ? *(uintptr_t *)b : b;
}
#define CALLERFP() caller_fp(__builtin_return_address(0), __builtin_frame_address(0))
#define CALLERPC() caller_pc(__builtin_return_address(0), __builtin_frame_address(0))

#endif
