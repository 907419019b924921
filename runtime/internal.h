// internal.h: the runtime's own structures: goroutines, threads, processors, scheduler, channels,
// locks; not seen by generated code.
//
// Glossary
//   G      a goroutine;  M  a thread ("machine");  P  a processor: the right to run Go code,
//   GOMAXPROCS of them park   give up the M until somebody calls goready;  sudog  a G in a wait
//   queue gstack on the goroutine's own, segmented stack;  sys  on the M's system stack (both stack
//   limits are 0 there) brackets: acquirem()/releasem() forbid preemption and migration; so does
//   holding a runtime lock
//
// File kinds (cmake/runtime.cmake), by what may run where:
//   GSTACK files  compiled with -fsplit-stack, run on goroutines' stacks: may park, panic, call Go.
//   They call a SYS function only
//                 through its trampoline, that is by the declaration with the Go symbol (gs_…
//                 below), never libc.
//   SYS files     run on system stacks: may call libc and each other; never park, panic, or call
//   gstack code. LEAF files    small frames (checked), no calls out: run anywhere.
//
// Lock order (take from left to right; a lock is never held over a park except the one that
// gopark's unlockf releases)
//   stw.sema < allg < timers of a P < pollcache < hchan, sema root, notify list < sched < P of
//   another < heap locks < stack pool < print
#ifndef GOC_INTERNAL_H
#define GOC_INTERNAL_H

#include "runtime/runtime.h"
#include "runtime/tls.h"

#define TLS(type, off) (*(type __seg_fs volatile *)(uintptr_t)(off))
#define NORETURN       __attribute__((noreturn))
#define COLD           __attribute__((cold, noinline))
#define NOINLINE       __attribute__((noinline))
#define WEAK           __attribute__((weak))
#define NOSPLIT                                                                                    \
  __attribute__((no_split_stack)) // in a GSTACK file: a function that runs on the system stack
#define LIKELY(x)   __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

typedef struct G G;
typedef struct M M;
typedef struct P P;
typedef struct Hchan Hchan;
typedef struct Sudog Sudog;
typedef struct Panic Panic;
typedef struct StackSeg StackSeg;
typedef struct Timer Timer;
typedef struct MCache MCache; // the heap helper's: heap.h
typedef struct SaveArea SaveArea;

// ---- assertions: three tiers; throw prints "fatal error: …" and exits with 2, it allocates
// nothing
NORETURN void throw(const char *s); // anywhere: any stack, any lock
NORETURN void
fatal(const char *s); // as throw, for mistakes of the program: no runtime frames in the traceback
#ifdef GOC_STRESS
#define ASSERT_INTERNAL(x)  ((x) ? (void)0 : throw("assertion failed: " #x))
#define ASSERT_EXPENSIVE(x) ASSERT_INTERNAL(x)
#else
#define ASSERT_INTERNAL(x)  ((void)0)
#define ASSERT_EXPENSIVE(x) ((void)0)
#endif
#define ASSERT(x) (LIKELY(x) ? (void)0 : throw("assertion failed: " #x))

// ---- locks (lock.c, LEAF): futex mutexes. Holding one forbids preemption (TLS_LOCKS), so they may
// be used on any stack.
typedef struct Lock {
  _Atomic uint32_t v;
} Lock; // 0 free, 1 held, 2 held with sleepers
void lock(Lock *l);
void unlock(Lock *l);
bool trylock(Lock *l);
typedef struct Note {
  _Atomic uint32_t v;
} Note; // one-time event: clear, then sleep and wake once each
void note_clear(Note *n);
void note_sleep(Note *n);              // system stack or a thread without G
bool note_tsleep(Note *n, int64_t ns); // ns < 0: for ever; false: timed out
void note_wake(Note *n);

static inline void compiler_barrier(void) {
  __asm__ volatile("" ::: "memory");
}
static inline G *getg(void) {
  return TLS(G *, TLS_G);
}
static inline M *getm(void) {
  return TLS(M *, TLS_M);
} // only in a bracket or on the system stack
static inline P *getp(void) {
  return TLS(P *, TLS_P);
} // likewise
static inline void acquirem(void) {
  __asm__ volatile("incl %%fs:%c0" ::"i"(TLS_LOCKS) : "memory", "cc");
}
static inline void releasem(void) {
  __asm__ volatile("decl %%fs:%c0" ::"i"(TLS_LOCKS) : "memory", "cc");
}
static inline bool on_system_stack(void) {
  return TLS(uintptr_t, TLS_TRUE) == 0;
}
static inline void procyield(int n) {
  for (; n > 0; n--)
    __builtin_ia32_pause();
}

// ---- stacks (stack.c)
// A segment: [base, top), this header at its upper end; code may use [limit - STACK_RED, top).
// limit == base + STACK_RED + slack.
struct StackSeg {
  uintptr_t limit;
  StackSeg *prev;  // the segment that called into this one
  StackSeg *next;  // cached, or in use when the G's current one lies behind
  uintptr_t top;   // == (uintptr_t)this
  uintptr_t cross; // rsp in prev at the crossing: prev's live part is [cross, prev->top)
  uintptr_t base;
  uintptr_t size; // bytes, base to the end of the header
  uintptr_t unused;
};

typedef enum GStatus { G_IDLE, G_RUNNABLE, G_RUNNING, G_SYSCALL, G_WAITING, G_DEAD } GStatus;

typedef struct SaveAreaRegs {
  uintptr_t r[18];
} SaveAreaRegs;
struct SaveArea {   // registers of a goroutine that a signal preempted; scanned whole
  uint8_t fp[4096]; // fxsave or xsave image, 64-byte aligned
  uintptr_t rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp, r8, r9, r10, r11, r12, r13, r14, r15, rip,
      flags;
  uintptr_t xsave; // size of the xsave image, 0: fxsave
  SaveArea *link;
} __attribute__((aligned(64)));

typedef struct Sigctx {
  int sig, code;
  uintptr_t addr, pc;
} Sigctx; // why sigpanic was injected

// Fields that assembly uses stand first; their offsets are in tls.h.
struct G {
  uintptr_t sp; // rsp while not running: six callee-saved registers and a return address lie there
                // (unless save)
  uintptr_t limit;     // of seg
  StackSeg *seg;       // current segment
  SaveArea *save;      // not NULL: preempted by signal, registers are there
  DeferRecord *defer;  // innermost record
  uintptr_t seq;       // last number given to a record or a panic
  uintptr_t syscallsp; // G_SYSCALL: rsp at entry; scan from here
  StackSeg *syscallseg;
  uintptr_t sysregs[6]; // callee-saved registers at entersyscall
  // ---
  Panic *panic;     // innermost panic or Goexit
  StackSeg *stack0; // first segment
  _Atomic uint32_t status;
  uint32_t allindex;
  int64_t goid, parentgoid;
  M *m;    // running (or in a system call) on
  G *link; // in run queues and free lists
  FuncVal *startfn;
  uintptr_t startpc, gopc; // gopc: return address of the go statement
  const char *waitreason;
  int64_t waitsince;
  void *param;    // set by who wakes it: the sudog, or NULL for close
  Sudog *waiting; // sudogs of a select, in lock order
  Sudog *sudogcache;
  _Atomic uint32_t selectdone; // who sets it from 0 to 1 has won the select
  bool parkingonchan, insyscallwindow, issystem, preempted, goexiting, throwing, paniconfault;
  M *lockedm;
  struct Coro *coro;
  Timer *sleeptimer;
  Sigctx sigctx;
  void *labels;                 // profiler labels
  uintptr_t parktrace;          // rbp at a park, for tracebacks
  bool (*unlockf)(G *, void *); // of the current gopark
  void *unlockarg;
  struct {
    G *next, *prev;
  } semalink;
};
_Static_assert(offsetof(G, sp) == G_SP && offsetof(G, limit) == G_LIMIT &&
                   offsetof(G, seg) == G_SEG && offsetof(G, save) == G_SAVE,
               "tls.h");
_Static_assert(offsetof(G, defer) == G_DEFER && offsetof(G, seq) == G_SEQ &&
                   offsetof(G, syscallsp) == G_SYSSP && offsetof(G, syscallseg) == G_SYSSEG,
               "tls.h");
_Static_assert(offsetof(G, sysregs) == G_SYSREGS &&
                   offsetof(DeferRecord, overflow) == DR_OVERFLOW &&
                   offsetof(SaveArea, rax) == 4096,
               "tls.h");
_Static_assert(offsetof(StackSeg, limit) == SEG_LIMIT && offsetof(StackSeg, prev) == SEG_PREV &&
                   offsetof(StackSeg, next) == SEG_NEXT,
               "tls.h");
_Static_assert(offsetof(StackSeg, top) == SEG_TOP && offsetof(StackSeg, cross) == SEG_CROSS,
               "tls.h");
_Static_assert(offsetof(DeferRecord, link) == DR_LINK && offsetof(DeferRecord, sp) == DR_SP &&
                   offsetof(DeferRecord, pc) == DR_PC,
               "tls.h");
_Static_assert(offsetof(DeferRecord, rbx) == DR_RBX && offsetof(DeferRecord, rbp) == DR_RBP &&
                   offsetof(DeferRecord, r12) == DR_R12,
               "tls.h");
_Static_assert(offsetof(DeferRecord, limit) == DR_LIMIT && offsetof(DeferRecord, seq) == DR_SEQ &&
                   offsetof(DeferRecord, n) == DR_N,
               "tls.h");
_Static_assert(sizeof(DeferRecord) <= DEFER_RECORD_SIZE, "runtime.h");

// ---- threads and processors
struct M {
  G *curg;             // the goroutine it runs, also in a system call
  P *p, *nextp, *oldp; // oldp: left in a system call
  uintptr_t tcb;       // thread control block: another thread pokes slots at tcb + offset
  uintptr_t sysstack_lo, sysstack_hi;
  int64_t id;
  int32_t tid;
  bool spinning, blocked, incgo;
  uint32_t lockedext; // nesting of LockOSThread
  G *lockedg;
  M *alllink;   // list of all Ms
  M *schedlink; // idle list
  Note park;
  SaveArea *spare; // for the next preemption by signal
  void *altstack;
  uint64_t rand[2];
  uint32_t fastrand;
  void (*startfn)(void);
  uintptr_t sigpending;
  int32_t dying;
  uintptr_t sigmask[1];
  _Atomic uint32_t signalpending;
};

typedef enum PStatus { P_IDLE, P_RUNNING, P_SYSCALL, P_GCSTOP, P_DEAD } PStatus;

// A timer: heap objects of package time have it behind {C, init}; netpoll has its own outside the
// heap.
struct Timer {
  FuncVal *f; // func(arg any, seq uintptr, delta int64), NULL: cf
  Eface arg;
  uintptr_t seq, fseq, cseq; // seq counts stops and resets; fseq, cseq: passed to f, cf
  int64_t when, period;      // ns, monotonic; period 0: once
  Hchan *ch;                 // channel of a time.Timer (1.23: looks unbuffered), or NULL
  void (*cf)(void *arg, uintptr_t seq, int64_t delta); // C callback on the system stack
  P *p;                                                // whose heap it is in, NULL: none
  int64_t index;                                       // there
  Lock l;
  bool periodicsending;
};

#define RUNQ_SIZE 256
struct P {
  int32_t id;
  _Atomic uint32_t status;
  M *m;
  MCache *mcache; // heap: owned by who owns the P
  P *link;        // idle list
  _Atomic uint32_t schedtick, syscalltick;
  uint32_t sysmonschedtick, sysmonsyscalltick; // as sysmon saw them last
  int64_t sysmonschedwhen, sysmonsyscallwhen;
  // Local run queue: [head, tail) modulo its size; the owner writes tail, everybody moves head by
  // compare-and-swap.
  _Atomic uint32_t runqhead, runqtail;
  G *runq[RUNQ_SIZE];
  _Atomic(G *) runnext; // runs next, inherits the time slice
  G *gfree;
  int32_t ngfree;
  _Atomic uint32_t preempt; // somebody wants the M of this P in the scheduler
  struct {
    Lock l;
    Timer **v; // 4-ary heap by when
    int64_t n, cap;
    _Atomic int64_t min; // v[0]->when or 0
  } timers;
  uint64_t rand[4];
  void *heapslot[8]; // free for the heap's per-P state
};

struct Sched {
  Lock l;
  G *runqhead, *runqtail;
  _Atomic int32_t runqsize;
  M *idlem;
  int32_t nmidle, nmidlelocked;
  int64_t mcount, maxm;
  int64_t nmfreed;
  P *idlep;
  _Atomic int32_t npidle, nmspinning;
  _Atomic uint32_t needspinning;
  _Atomic int64_t lastpoll; // 0: somebody is in epoll_wait
  _Atomic int64_t polluntil;
  _Atomic uint32_t gcwaiting; // the world is to stop
  int32_t stopwait;
  Note stopnote;
  _Atomic uint32_t sysmonwait;
  Note sysmonnote;
  G *gfree;
  Lock gfreelock;
  int32_t ngfree;
  _Atomic int64_t goidgen;
  _Atomic uint32_t
      gcwish; // heap sets it by gc_request(): the next M in the scheduler runs gc_start()
  _Atomic int32_t ngsys;
};
extern struct Sched sched;
#define MAXP 1024
extern P *allp[MAXP];
extern int32_t gomaxprocs, ncpu;
extern G **allgs; // grows under allglock; entries are never removed
extern _Atomic uint64_t nallgs;
extern Lock allglock;
extern M *_Atomic allm;
extern M m0;

// ---- wait queues
struct Sudog {
  G *g;
  Sudog *next, *prev;
  void *elem; // data to send or place to receive to; may point into a stack
  Hchan *c;
  bool isselect, success;
  uint32_t ticket;            // notify lists, semaphores: handoff
  Sudog *waitlink, *waittail; // select: of one G; semaphores: same address
  int64_t acquiretime;
};
typedef struct WaitQ {
  Sudog *first, *last;
} WaitQ;
// Invariants: one of sendq, recvq is empty, but for a select on both of one channel; qcount > 0
// implies recvq empty; qcount < dataqsiz implies sendq empty.
struct Hchan {
  intgo qcount, dataqsiz; // generated code reads len and cap here; of a timer's channel both show 0
  void *buf;
  RType *elemtype;
  Timer *timer; // feeds it, or NULL
  uint32_t elemsize;
  _Atomic uint32_t closed;
  uint32_t sendx, recvx;
  intgo truecount, truecap; // what qcount and dataqsiz would be (they differ for timers' channels)
  WaitQ recvq, sendq;
  Lock l;
};

// ---- the scheduler's offers
NORETURN void schedule(void); // proc.c; system stack
void mcall(void (*fn)(G *));  // context: saves the G, fn on the system stack; returns when gogo(g)
NORETURN void gogo(G *g);     // context: system stack: run g
NORETURN void gs_enter_sys(void);
void gopark(bool (*unlockf)(G *, void *), void *arg,
            const char *reason); // gstack; unlockf on the system stack: false: do not park
void goparkunlock(Lock *l, const char *reason); // gstack
void goready(G *g);                             // any stack, with a P
void gosched(void) ASMLABEL("runtime.Gosched"); // gstack
uintptr_t systemcall(void *fn, void *a,
                     void *b); // context: gstack C calls fn(a, b) on the system stack
G *newproc1(FuncVal *fn, uintptr_t callerpc, bool system); // system stack: a new G, runnable
void wake_p(void);
int64_t nanotime(void); // monotonic, ns; any stack but a signal-preemptible one (vdso needs some
                        // 200 bytes: system stack); gstack code: gs_nanotime
int64_t gs_nanotime(void) ASMLABEL("runtime.nanotime");
uint32_t cheaprand(void); // any stack, any time
uint32_t cheaprandn(uint32_t n);

// ---- stopping the world: system stack, in the scheduler's context (mcall), not holding locks.
// Afterwards every other M is parked, idle or in a system call without its P; every G but none is
// saved: all roots are in G's ranges. false: somebody else is at it, nothing was done.
bool stoptheworld(const char *reason);
void starttheworld(void);
// Runs fn(arg) on the system stack with the world stopped and the calling goroutine saved; gstack
// code calls it (runtime.GC, ReadMemStats, GOMAXPROCS).
void stopped_call(void (*fn)(void *), void *arg, const char *reason);
// Asks for a collection at the next safe point of any M (a prologue by poison, a trampoline's exit,
// the scheduler): callable anywhere. The scheduler then calls gc_start() on the system stack, in
// mcall context with a P, the world running: it calls stoptheworld itself.
void gc_request(void);
// Conservative ranges of goroutine g (world stopped or g parked): its segments' live parts, saved
// registers, its structure.
typedef void ScanFn(void *ctx, uintptr_t lo, uintptr_t hi);
void g_scan(G *g, ScanFn *f, void *ctx);
void sched_scan(ScanFn *f, void *ctx); // everything else of the scheduler that may point into the
                                       // heap: timers, poll descriptors, semaphores, P's, …
void g_free_cached_stack(G *g);        // world stopped: frees segments behind the current one
bool addr_in_stack(uintptr_t a);       // for GOCDEBUG=checkescape; world stopped

// ---- what the heap offers (malloc.c, gc.c; weak in placeholders.c until they exist)
void *mallocgc(uintptr_t size, RType *t,
               bool zero); // system stack. t NULL: no pointers; size a multiple of t's: an array
void *gs_mallocgc(uintptr_t size, RType *t, uintptr_t zero)
    ASMLABEL("runtime.mallocgc"); // gstack, through the trampoline
void *gs_newobject(RType *t) ASMLABEL("runtime.newobject");
void gc_start(void);    // see gc_request; clears its own wish
void heap_init(void);   // before the first P exists
void heap_initp(P *p);  // a new P: its mcache
void heap_flushp(P *p); // a P dies (GOMAXPROCS shrinks)
void heap_startgo(
    void); // after schedinit, on the main goroutine (gstack): finalizer goroutine and the like
void gc_sysmon(int64_t now); // every 10 ms or so, without a P: forced collection every 2 minutes
bool heap_isheap(uintptr_t a);

// ---- memory outside the heap (os_linux.c): zeroed, never freed; any thread, system stack
void *persistentalloc(uintptr_t size, uintptr_t align);
void *sys_alloc(uintptr_t size);               // mmap, page aligned, zeroed; NULL: no memory
void *sys_reserve(void *hint, uintptr_t size); // address space only
void sys_map(void *p, uintptr_t size);         // makes reserved memory usable
void sys_unused(void *p, uintptr_t size);      // MADV_DONTNEED
void sys_free(void *p, uintptr_t size);

// ---- panics (panic.c): gstack
// Go side (runtime/go/error.go), called from C: they make the runtime.Error value and panic with
// it. Weak: without package runtime the C side prints the text and exits.
//   runtime.panicBounds(x int, signed bool, y int, code int)   boundsError{x, signed, y, code};
//   codes as enum BoundsCode runtime.panicError(msg string) errorString(msg): "runtime error: " +
//   msg runtime.panicPlain(msg string)                             plainError(msg): the text alone
//   ("send on closed channel", …), a runtime.Error runtime.panicAddr(msg string, addr uintptr)
//   errorAddressString runtime.panicNilError() any new(PanicNilError) as eface: panic(nil)
enum BoundsCode {
  BOUNDS_INDEX,
  BOUNDS_SLICEALEN,
  BOUNDS_SLICEACAP,
  BOUNDS_SLICEB,
  BOUNDS_SLICE3ALEN,
  BOUNDS_SLICE3ACAP,
  BOUNDS_SLICE3B,
  BOUNDS_SLICE3C,
  BOUNDS_CONVERT
};
NORETURN void panic_plain(const char *msg); // plainError
NORETURN void panic_error(const char *msg); // errorString: "runtime error: " is put before it
NORETURN void gopanic(RType *t, void *data) ASMLABEL("runtime.gopanic");
NORETURN void goexit_now(void) ASMLABEL("runtime.Goexit");
struct Panic {
  Panic *link;
  Eface arg;
  uintptr_t seq;
  DeferRecord *rec; // whose deferred function runs
  void *slot; // where the stub's return address stands: gorecover compares; NULL while none runs
  uintptr_t startpc, startfp;
  bool recovered, goexit, hastext, counted;
  String text; // of Error() or String(), when the panic turned out fatal
};

// ---- texts to stderr (print.c): any stack
void print_str(const char *s);
void print_strn(const uint8_t *p, intgo n);
void print_int(int64_t v);
void print_uint(uint64_t v);
void print_hex(uint64_t v);
void print_lock(void);
void print_unlock(void);
void print_flush(void);
void print_capture(uint8_t *p, intgo n);
intgo print_capture_end(void);
void print_force_lock(void);                  // a dying program takes it from whoever has it
void print_eface_value(RType *t, void *data); // as panic prints it
void print_indented(String s);                // lines after the first start with a tab
String type_string(RType *t);                 // Go's text of a type ("main.T", "*main.T")
static inline String mkstring(const char *s) {
  return (String){(const uint8_t *)s, (intgo)__builtin_strlen(s)};
}

// ---- tracebacks (trace.c); the table is described in linetab.h
typedef struct FrameInfo {
  String func, file;
  int32_t line;
  uintptr_t entry;
  int32_t startline;
  bool inlined, wrapper; // wrapper: goc made it
} FrameInfo;
int trace_callers(uintptr_t pc, uintptr_t fp, uintptr_t *pcs, int max,
                  int skip); // return addresses of physical frames
// Expands pc (a return address) to its inlined frames, innermost first; returns how many were
// written (0: unknown).
int trace_resolve(uintptr_t pc, FrameInfo *out, int max);
int trace_saved(G *g, uintptr_t *pcs, int max); // return addresses of a goroutine that does not run
void trace_g(G *g, bool self);
void trace_others(G *me);
extern int32_t traceback_level; // GOTRACEBACK: 0 none, 1 single, 2 all, 3 system; crash adds abort
extern bool traceback_crash;

// ---- start-up values (rt0.c, env.c)
extern int32_t rt_argc;
extern char **rt_argv, **rt_envp;
extern uintptr_t rt_pagesize;
const char *rt_getenv(const char *name); // value, or NULL
extern int32_t debug_gctrace, debug_schedtrace, debug_gcstress, debug_checkheap,
    debug_checkescape;       // GODEBUG and GOCDEBUG
extern intgo env_gcpercent;  // GOGC (100, -1: off)
extern int64_t env_memlimit; // GOMEMLIMIT, INT64_MAX: none
NORETURN void rt_exit(int code);

// Words of text sections: Go code lies between, see signal.c.
extern const char goc_text_start[], goc_text_end[];
extern const char __start_goc_wrappers[] WEAK, __stop_goc_wrappers[] WEAK;

// memmove and its kin on whole words (memmove.c, LEAF; LLVM's calls of memcpy and so on end there
// too)
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memcpy(void *restrict dst, const void *restrict src, size_t n);

#endif
