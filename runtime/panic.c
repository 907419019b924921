// panic.c: defer, panic, recover, Goexit, and the panics of the language, on goroutines' stacks.
//
// A function that defers has one DeferRecord in its frame, linked by runtime.checkpoint. A panic
// runs the deferred calls of all records, innermost first, on top of the intact stack. After a
// deferred call that recovered, the record's checkpoint returns 1: the function runs what is left
// by deferreturn and returns to its caller. The numbers in G.seq tell what that kills: all panics
// begun after the record was made stand on the part of the stack that goes away. (Addresses do not
// order frames on segments.)
#include "runtime/sched.h"

_Atomic uint32_t panicking, running_panic_defers;

static NORETURN void runtime_nilfunc_panic(void);
void sigpanic(void);

// ---- defer

enum { NINLINE = 8 };

// The closures may be on the stack, so this memory has no pointers for the collector: it asks the
// record (stack.c, scan_deferred).
static NOINLINE void grow_overflow(DeferRecord *r) {
  intgo cap = r->overflow.cap ? r->overflow.cap * 2 : 8;
  FuncVal **v = gs_mallocgc((uintptr_t)cap * 8, NULL, 1);
  for (intgo i = 0; i < r->overflow.len; i++)
    v[i] = ((FuncVal **)r->overflow.ptr)[i];
  r->overflow.ptr = v;
  r->overflow.cap = cap;
}

void runtime_deferproc(DeferRecord *r, FuncVal *fn) ASMLABEL("runtime.deferproc");
void runtime_deferproc(DeferRecord *r, FuncVal *fn) {
  if (r->n < NINLINE) {
    r->fn[r->n++] = fn;
    return;
  }
  if (r->overflow.len == r->overflow.cap)
    grow_overflow(r);
  ((FuncVal **)r->overflow.ptr)[r->overflow.len++] = fn;
  r->n++;
}

static inline FuncVal *pop_deferred(DeferRecord *r) {
  r->n--;
  if (r->n < NINLINE) {
    FuncVal *fn = r->fn[r->n];
    r->fn[r->n] = NULL;
    return fn;
  }
  r->overflow.len--;
  FuncVal **slot = (FuncVal **)r->overflow.ptr + r->overflow.len;
  FuncVal *fn = *slot;
  *slot = NULL;
  return fn;
}

void runtime_deferreturn(DeferRecord *r) ASMLABEL("runtime.deferreturn");
void runtime_deferreturn(DeferRecord *r) {
  while (r->n) {
    FuncVal *fn = pop_deferred(r);
    if (!fn)
      runtime_nilfunc_panic();
    goc_call0(fn);
  }
  G *g = getg();
  if (g)
    g->defer = r->link;
}

// ---- recover

static inline bool in_wrapper(uintptr_t pc) {
  return pc - 1 >= (uintptr_t)__start_goc_wrappers && pc - 1 < (uintptr_t)__stop_goc_wrappers;
}

// Was the function whose return address stands at argp called by the panic's loop, wrappers between
// them aside? (docs/abi.md, "Recover")
static bool called_by_panic(Panic *p, uintptr_t *argp) {
  for (;;) {
    uintptr_t *b = (uintptr_t *)argp[-1];
    uintptr_t *slot = argp;
    if (*argp == (uintptr_t)goc_morestack_return) {
      slot = b + 2;
      b = (uintptr_t *)*b;
    }
    if (slot == p->slot)
      return true;
    if (!in_wrapper(*slot))
      return false;
    argp = b + 1;
  }
}

Eface runtime_gorecover(uintptr_t *argp) ASMLABEL("runtime.gorecover");
Eface runtime_gorecover(uintptr_t *argp) {
  Eface none = {NULL, NULL};
  G *g = getg();
  Panic *p = g ? g->panic : NULL;
  if (!p || p->goexit || p->recovered || !p->slot)
    return none;
  if (argp && !called_by_panic(p, argp))
    return none;
  if (!argp) { // `defer recover()`: the panic's loop (or a wrapper it called) calls us
    uintptr_t *fp = __builtin_frame_address(0);
    if (!called_by_panic(p, fp + 1))
      return none;
  }
  p->recovered = true;
  return p->arg;
}

// ---- the panic loop

static StackSeg *segment_of(G *g, DeferRecord *r) {
  StackSeg *s = g->seg;
  while (s && s->limit != r->limit)
    s = s->prev;
  if (!s)
    throw("recovery: deferring frame's stack segment not found");
  return s;
}

static NORETURN void resume(G *g, DeferRecord *r) {
  g->sigctx.sig = 0;
  goc_resume(r, segment_of(g, r));
}

// running_panic_defers: panics whose deferred calls run; main waits for them a while before it
// exits.
static void uncount(Panic *p) {
  if (p->counted)
    running_panic_defers--;
  p->counted = false;
}

// The goroutine ends: so do the panics that a Goexit interrupted.
static NORETURN void end_goroutine(G *g) {
  for (Panic *p = g->panic; p; p = p->link)
    uncount(p);
  g->panic = NULL;
  g->sigctx.sig = 0;
  mcall(goexit0_m);
  __builtin_unreachable();
}

// A deferred function recovered p while r's were run. Panics begun after r die. true: a Goexit is
// among them and goes on.
static bool recovered(G *g, DeferRecord *r) {
  bool exit = false;
  while (g->panic && g->panic->seq > r->seq) {
    exit |= g->panic->goexit;
    uncount(g->panic);
    g->panic = g->panic->link;
  }
  return exit;
}

// Runs all deferred calls of g for p; returns when none is left; does not return when one recovers.
static void run_deferred(G *g, Panic *p) {
  for (;;) {
    DeferRecord *r = g->defer;
    if (!r)
      return;
    if (r->n == 0) {
      g->defer = r->link;
      continue;
    }
    p->rec = r;
    FuncVal *fn = pop_deferred(r);
    if (!fn)
      runtime_nilfunc_panic();
    goc_calldefer(fn, &p->slot);
    g->panic = p; // panics begun in the deferred call are over
    if (!p->recovered)
      continue;
    if (p->goexit)
      throw("recovered Goexit");
    g->defer = r;
    if (recovered(g, r)) {
      p->goexit = true; // what was a panic goes on as the Goexit it interrupted
      p->recovered = false;
      p->arg = (Eface){NULL, NULL};
      p->link = g->panic;
      g->panic = p;
      continue;
    }
    resume(g, r);
  }
}

static void begin(G *g, Panic *p, RType *t, void *data) {
  p->link = g->panic;
  p->arg = (Eface){t, data};
  p->seq = ++g->seq;
  p->rec = NULL;
  p->slot = NULL;
  p->recovered = p->goexit = p->hastext = p->counted = false;
  g->panic = p;
}

NORETURN void goexit_now(void) {
  G *g = getg();
  if (!g)
    throw("Goexit on system stack");
  Panic p;
  begin(g, &p, NULL, NULL);
  p.goexit = true;
  run_deferred(g, &p);
  end_goroutine(g);
}

// ---- a panic that nobody recovers

typedef String StringMethod(void *recv);
extern InterfaceType type_error ASMLABEL("type:error") WEAK;
extern InterfaceType type_stringer ASMLABEL("type:runtime.stringer") WEAK;
extern Itab *gs_getitab(InterfaceType *inter, RType *t) ASMLABEL("runtime.getitab") WEAK;

// The text of a value with method Error or String replaces it before anything is printed, while the
// program's code may still run.
static String method_text(Panic *p, bool *found) {
  RType *t = p->arg.type;
  *found = false;
  InterfaceType *const want[] = {&type_error, &type_stringer};
  for (int i = 0; i < 2; i++) {
    if (!t || !want[i] || !gs_getitab)
      continue;
    Itab *tab = gs_getitab(want[i], t);
    if (!tab || !tab->fun[0])
      continue;
    *found = true;
    return ((StringMethod *)tab->fun[0])(p->arg.data);
  }
  return (String){NULL, 0};
}

// Inner panics first: that order is Go's. Runs Go code.
static void make_texts(G *g, Panic *p) {
  g->throwing = true; // a panic from here on is fatal
  for (; p; p = p->link) {
    if (p->goexit)
      continue;
    bool found;
    String s = method_text(p, &found);
    if (!found)
      continue;
    p->text = s;
    p->hastext = true;
  }
}

static NOSPLIT void print_chain(Panic *p) {
  if (p->link) {
    print_chain(p->link);
    if (!p->link->goexit)
      print_str("\t");
  }
  if (p->goexit)
    return;
  print_str("panic: ");
  if (p->hastext)
    print_indented(p->text);
  else
    print_eface_value(p->arg.type, p->arg.data);
  if (p->recovered)
    print_str(" [recovered]");
  print_str("\n");
}

struct Fatal {
  G *g;
  uintptr_t pc, fp;
};

static NOSPLIT uintptr_t fatal_sys(struct Fatal *f, void *unused) {
  (void)unused;
  fatal_begin();
  print_lock();
  print_chain(f->g->panic);
  fatal_end(f->g, f->pc, f->fp);
}

static void put(uint8_t **p, const void *s, intgo n) {
  memmove(*p, s, (size_t)n);
  *p += n;
}

struct Throw {
  String text;
  uintptr_t pc, fp;
  bool user;
};

static NOSPLIT uintptr_t throw_sys(struct Throw *t, void *unused) {
  (void)unused;
  throw_exit(t->text, t->user, t->pc, t->fp);
}

static NOINLINE NORETURN void throw_text(String s, bool user) {
  struct Throw t = {s, CALLERPC(), CALLERFP(), user};
  systemcall((void *)throw_sys, &t, NULL);
  __builtin_unreachable();
}

// The Error or String method of a panic's value panicked itself.
static COLD NORETURN void panic_while_printing(Eface value) {
  String what = value.type ? type_string(value.type) : mkstring("nil");
  bool text = what.len == 6 && memcmp(what.ptr, "string", 6) == 0;
  if (text)
    what = *(String *)value.data;
  uint8_t *b = gs_mallocgc((uintptr_t)what.len + 64, NULL, 0), *p = b;
  put(&p, "panic while printing panic value: ", 34);
  if (!text)
    put(&p, "type ", 5);
  put(&p, what.ptr, what.len);
  throw_text((String){b, p - b}, false);
}

static COLD NORETURN void fatalpanic(G *g, Panic *top, uintptr_t pc, uintptr_t fp) {
  if (g->throwing)
    panic_while_printing(top->arg);
  make_texts(g, top);
  struct Fatal f = {g, pc, fp};
  systemcall((void *)fatal_sys, &f, NULL);
  __builtin_unreachable();
}

static NOSPLIT uintptr_t panic_on_system(Panic *p, void *unused) {
  (void)unused;
  print_lock();
  print_chain(p);
  throw("panic on system stack");
}

void gopanic(RType *t, void *data) {
  G *g = getg();
  Panic p;
  if (!t) {
    extern Eface go_nilerror(void) ASMLABEL("runtime.panicNilError") WEAK;
    if (go_nilerror) {
      Eface e = go_nilerror();
      t = e.type;
      data = e.data;
    }
  }
  if (!g) { // a timer's function
    p = (Panic){.arg = {t, data}};
    panic_on_system(&p, NULL);
  }
  if (TLS(uint32_t, TLS_LOCKS) != 0 && !g->insyscallwindow) {
    p = (Panic){.arg = {t, data}};
    systemcall((void *)panic_on_system, &p, NULL);
  }
  begin(g, &p, t, data);
  p.startpc = CALLERPC();
  p.startfp = CALLERFP();
  running_panic_defers++;
  p.counted = true;
  run_deferred(g, &p);
  if (p.goexit)
    end_goroutine(g);
  fatalpanic(g, &p, p.startpc, p.startfp);
}

// ---- runtime errors

extern void go_panicbounds(intgo x, intgo isigned, intgo y, intgo code)
    ASMLABEL("runtime.panicBounds") WEAK;
extern void go_panicerror(const uint8_t *p, intgo n) ASMLABEL("runtime.panicError") WEAK;
extern void go_panicplain(const uint8_t *p, intgo n) ASMLABEL("runtime.panicPlain") WEAK;
extern void go_panicaddr(const uint8_t *p, intgo n, uintptr_t addr)
    ASMLABEL("runtime.panicAddr") WEAK;

struct Bare {
  const char *prefix, *msg;
  intgo x, y;
};

// Without package runtime (tests written in IR) there is no error value to panic with: the report
// alone.
static NOSPLIT uintptr_t bare_sys(struct Bare *b, struct Fatal *f) {
  fatal_begin();
  print_lock();
  print_str("panic: ");
  print_str(b->prefix);
  for (const char *s = b->msg; *s; s++) {
    if (s[0] == '%' && s[1]) {
      print_int(*++s == 'x' ? b->x : b->y);
    } else {
      print_strn((const uint8_t *)s, 1);
    }
  }
  print_str("\n");
  fatal_end(f->g, f->pc, f->fp);
}

static COLD NORETURN void bare_panic(const char *prefix, const char *msg, intgo x, intgo y) {
  struct Bare b = {prefix, msg, x, y};
  struct Fatal f = {getg(), CALLERPC(), CALLERFP()};
  systemcall((void *)bare_sys, &b, &f);
  __builtin_unreachable();
}

void panic_error(const char *msg) {
  if (go_panicerror)
    go_panicerror((const uint8_t *)msg, (intgo)__builtin_strlen(msg));
  bare_panic("runtime error: ", msg, 0, 0);
}

void panic_plain(const char *msg) {
  if (go_panicplain)
    go_panicplain((const uint8_t *)msg, (intgo)__builtin_strlen(msg));
  bare_panic("", msg, 0, 0);
}

static const char *const bounds_text[] = {
    "index out of range [%x] with length %y",
    "slice bounds out of range [:%x] with length %y",
    "slice bounds out of range [:%x] with capacity %y",
    "slice bounds out of range [%x:%y]",
    "slice bounds out of range [::%x] with length %y",
    "slice bounds out of range [::%x] with capacity %y",
    "slice bounds out of range [:%x:%y]",
    "slice bounds out of range [%x:%y:]",
    "cannot convert slice with length %x to array or pointer to array with length %y",
};

static COLD NORETURN void bounds(intgo x, bool isigned, intgo y, enum BoundsCode code) {
  if (go_panicbounds)
    go_panicbounds(x, isigned, y, code);
  bare_panic("runtime error: ", bounds_text[code], x, y);
}

#define BOUNDS(name, code)                                                                         \
  NORETURN void runtime_panic##name(intgo x, intgo y) ASMLABEL("runtime.panic" #name);             \
  void runtime_panic##name(intgo x, intgo y) {                                                     \
    bounds(x, true, y, code);                                                                      \
  }                                                                                                \
  NORETURN void runtime_panic##name##U(intgo x, intgo y) ASMLABEL("runtime.panic" #name "U");      \
  void runtime_panic##name##U(intgo x, intgo y) {                                                  \
    bounds(x, false, y, code);                                                                     \
  }
BOUNDS(Index, BOUNDS_INDEX)
BOUNDS(SliceAlen, BOUNDS_SLICEALEN)
BOUNDS(SliceAcap, BOUNDS_SLICEACAP)
BOUNDS(SliceB, BOUNDS_SLICEB)
BOUNDS(Slice3Alen, BOUNDS_SLICE3ALEN)
BOUNDS(Slice3Acap, BOUNDS_SLICE3ACAP)
BOUNDS(Slice3B, BOUNDS_SLICE3B)
BOUNDS(Slice3C, BOUNDS_SLICE3C)

NORETURN void runtime_panicSliceConvert(intgo x, intgo y) ASMLABEL("runtime.panicSliceConvert");
void runtime_panicSliceConvert(intgo x, intgo y) {
  bounds(x, true, y, BOUNDS_CONVERT);
}

#define RUNTIME_ERROR(name, text)                                                                  \
  NORETURN void runtime_##name(void) ASMLABEL("runtime." #name);                                   \
  void runtime_##name(void) {                                                                      \
    panic_error(text);                                                                             \
  }
RUNTIME_ERROR(panicdivide, "integer divide by zero")
RUNTIME_ERROR(panicshift, "negative shift amount")
RUNTIME_ERROR(panicmakeslicelen, "makeslice: len out of range")
RUNTIME_ERROR(panicmakeslicecap, "makeslice: cap out of range")
RUNTIME_ERROR(panicunsafeslicelen, "unsafe.Slice: len out of range")
RUNTIME_ERROR(panicunsafeslicenilptr, "unsafe.Slice: ptr is nil and len is not zero")
RUNTIME_ERROR(panicunsafestringlen, "unsafe.String: len out of range")
RUNTIME_ERROR(panicunsafestringnilptr, "unsafe.String: ptr is nil and len is not zero")

static const char nil_text[] = "invalid memory address or nil pointer dereference";

// An explicit check found nil: the report looks as if the hardware had.
NORETURN void runtime_panicnil(void) ASMLABEL("runtime.panicnil");
void runtime_panicnil(void) {
  G *g = getg();
  if (g)
    g->sigctx = (Sigctx){11, 1, 0, CALLERPC() - 1};
  panic_error(nil_text);
}

static COLD NORETURN void runtime_nilfunc_panic(void) {
  runtime_panicnil();
}

// A hardware fault in Go code: the signal handler made the instruction look like a call of this.
void sigpanic(void) {
  G *g = getg();
  switch (g->sigctx.sig) {
  case 8: // SIGFPE
    if (g->sigctx.code == 1)
      panic_error("integer divide by zero");
    if (g->sigctx.code == 2)
      panic_error("integer overflow");
    panic_error("floating point error");
  case 7: // SIGBUS
  case 11:
    if (g->sigctx.addr < 4096 || g->sigctx.code == 128)
      panic_error(nil_text);
    if (g->paniconfault && go_panicaddr)
      go_panicaddr((const uint8_t *)nil_text, sizeof nil_text - 1, g->sigctx.addr);
    print_str("unexpected fault address ");
    print_hex(g->sigctx.addr);
    print_str("\n");
    throw("fault");
  default: throw("sigpanic: unexpected signal");
  }
}

NORETURN void runtime_panicrangestate(intgo state) ASMLABEL("runtime.panicrangestate");
void runtime_panicrangestate(intgo state) {
  switch (state) { // internal/abi.RF_State
  case 0:
    panic_error("range function continued iteration after function for loop body returned false");
  case 2: panic_error("range function continued iteration after loop body panic");
  case 3: panic_error("range function continued iteration after whole loop exit");
  case 4: panic_error("range function recovered a loop body panic and did not resume panicking");
  default: throw("unexpected state set by defer in range func");
  }
}

NORETURN void runtime_panicwrap(String pkg, String type, String method)
    ASMLABEL("runtime.panicwrap");
void runtime_panicwrap(String pkg, String type, String method) {
  uint8_t *b = gs_mallocgc((uintptr_t)(pkg.len + 2 * type.len + method.len) + 64, NULL, 0), *p = b;
  put(&p, "value method ", 13);
  put(&p, pkg.ptr, pkg.len);
  put(&p, ".", 1);
  put(&p, type.ptr, type.len);
  put(&p, ".", 1);
  put(&p, method.ptr, method.len);
  put(&p, " called using nil *", 19);
  put(&p, type.ptr, type.len);
  put(&p, " pointer", 9);
  panic_plain((const char *)b);
}

// ---- fatal errors that Go code reports

#define THROW(name, label, user)                                                                   \
  NORETURN void name(String s) ASMLABEL(label);                                                    \
  void name(String s) {                                                                            \
    throw_text(s, user);                                                                           \
  }
THROW(runtime_throwunreachable, "runtime.throwunreachable", false)
THROW(runtime_gothrow, "runtime.throw", false)
THROW(runtime_gofatal, "runtime.fatal", true)
THROW(sync_throw, "sync.throw", false)
THROW(sync_fatal, "sync.fatal", true)

int64_t debug_setpanicfault(int64_t on) ASMLABEL("runtime/debug.setPanicOnFault");
int64_t debug_setpanicfault(int64_t on) {
  G *g = getg();
  bool old = g->paniconfault;
  g->paniconfault = on & 1;
  return old;
}
