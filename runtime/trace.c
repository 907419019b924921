// trace.c: from program counters to functions, files and lines; tracebacks; the end of a program
// that dies.
//
// Frames are found by rbp. A frame whose return address is __morestack's return point was entered
// over a segment boundary: its saved rbp is
// __morestack's frame, in which the real return address stands at +16. A pc may carry in its upper
// 16 bits how many of the innermost inlined frames at that place are to be skipped, and (bit 63)
// that only the one behind them is meant: runtime.Callers gives one pc for each frame.
#include "runtime/linetab.h"
#include "runtime/sched.h"
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INLSHIFT = 48 };
#define PCMASK (((uintptr_t)1 << INLSHIFT) - 1)

// ---- the table

static struct {
  Lock l;
  bool tried;
  const LineTab *tab;
} lt;

static const LineTab *map_table(void) {
  int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return NULL;
  struct stat st;
  LineTabTrailer t;
  const LineTab *tab = NULL;
  if (fstat(fd, &st) == 0 && st.st_size > (off_t)sizeof t &&
      pread(fd, &t, sizeof t, st.st_size - (off_t)sizeof t) == (ssize_t)sizeof t &&
      memcmp(t.magic, LINETAB_MAGIC, sizeof t.magic) == 0 &&
      t.offset + t.size <= (uint64_t)st.st_size) {
    uint64_t start = t.offset & ~(uint64_t)4095;
    uint8_t *p = mmap(NULL, t.size + (t.offset - start), PROT_READ, MAP_PRIVATE, fd, (off_t)start);
    if (p != MAP_FAILED)
      tab = (const LineTab *)(p + (t.offset - start));
    if (tab && memcmp(tab->magic, LINETAB_MAGIC, sizeof tab->magic) != 0)
      tab = NULL;
  }
  close(fd);
  return tab;
}

static const LineTab *table(void) {
  if (!lt.tried) {
    lock(&lt.l);
    if (!lt.tried) {
      lt.tab = map_table();
      __atomic_store_n(&lt.tried, true, __ATOMIC_RELEASE);
    }
    unlock(&lt.l);
  }
  return lt.tab;
}

static const void *at(const LineTab *t, uint32_t off) {
  return (const uint8_t *)t + off;
}

static String str(const LineTab *t, uint32_t off) {
  return mkstring((const char *)at(t, t->strs + off));
}

static const LineFunc *find_func(const LineTab *t, uintptr_t pc) {
  const LineFunc *f = at(t, t->funcs);
  uint32_t lo = 0, hi = t->nfuncs;
  while (lo < hi) {
    uint32_t mid = (lo + hi) / 2;
    if (pc < f[mid].lo)
      hi = mid;
    else if (pc >= f[mid].hi)
      lo = mid + 1;
    else
      return &f[mid];
  }
  return NULL;
}

static uint32_t uvarint(const uint8_t **p) {
  uint32_t v = 0;
  for (int shift = 0;; shift += 7) {
    uint8_t b = *(*p)++;
    v |= (uint32_t)(b & 0x7f) << shift;
    if (!(b & 0x80))
      return v;
  }
}

typedef struct Row {
  uint32_t pc, node, file, line;
} Row;

static Row find_row(const LineTab *t, const LineFunc *f, uintptr_t pc) {
  const uint8_t *p = (const uint8_t *)at(t, t->rows) + f->row;
  Row cur = {f->lo, 0, f->file, f->line}, best = cur;
  for (uint32_t i = 0; i < f->nrows; i++) {
    cur.pc += uvarint(&p);
    uint32_t z = uvarint(&p);
    cur.line += (z >> 1) ^ -(z & 1);
    uint32_t nf = uvarint(&p);
    cur.node = nf >> 1;
    if (nf & 1)
      cur.file = uvarint(&p);
    if (cur.pc > pc)
      break;
    best = cur;
  }
  return best;
}

static FrameInfo frame_of(const LineTab *t, uint32_t name, uint32_t file, uint32_t line,
                          uintptr_t entry, uint32_t decl, bool inlined) {
  return (FrameInfo){.func = str(t, name),
                     .file = str(t, file),
                     .line = (int32_t)line,
                     .entry = entry,
                     .startline = (int32_t)(decl & ~LINETAB_WRAPPER),
                     .inlined = inlined,
                     .wrapper = decl & LINETAB_WRAPPER};
}

int trace_resolve(uintptr_t pc, FrameInfo *out, int max) {
  uintptr_t skip = pc >> INLSHIFT & 0x7fff;
  if (pc >> 63) // of this place one frame alone
    max = 1;
  pc &= PCMASK;
  const LineTab *t = table();
  if (!t || max <= 0)
    return 0;
  const LineFunc *f = find_func(t, pc - 1);
  if (!f)
    return 0;
  Row r = find_row(t, f, pc - 1);
  const LineNode *nodes = (const LineNode *)at(t, t->nodes) + f->inl;
  uint32_t file = r.file, line = r.line, node = r.node;
  int n = 0;
  while (node && node <= f->ninl && n < max) {
    const LineNode *in = &nodes[node - 1];
    if (skip > 0)
      skip--;
    else
      out[n++] = frame_of(t, in->name, file, line, f->lo, in->line, true);
    file = in->callfile;
    line = in->callline;
    node = in->parent;
  }
  if (n < max)
    out[n++] = frame_of(t, f->name, file, line, f->lo, f->line, false);
  return n;
}

// ---- what a frame is in Go's eyes

static bool has_prefix(String s, const char *p) {
  size_t n = strlen(p);
  return (size_t)s.len >= n && memcmp(s.ptr, p, n) == 0;
}

static bool is(String s, const char *p) {
  return has_prefix(s, p) && (size_t)s.len == strlen(p);
}

static String after(String s, intgo n) {
  return (String){s.ptr + n, s.len - n};
}

// The C functions that programs look for in tracebacks, by their names in Go.
static const char *const gonames[][2] = {
    {"gopanic", "runtime.gopanic"},
    {"sigpanic", "runtime.sigpanic"},
    {"goexit_now", "runtime.Goexit"},
    {"runtime_main_go", "runtime.main"},
    {"runtime_panicwrap", "runtime.panicwrap"},
    {"runtime_panicnil", "runtime.panicmem"},
    {"runtime_panicdivide", "runtime.panicdivide"},
    {"sync_fatal", "sync.fatal"},
    {"sync_throw", "sync.throw"},
    {"sync_semacquire", "sync.runtime_Semacquire"},
    {"sync_semacquiremutex", "sync.runtime_SemacquireMutex"},
    {"sync_semacquirerwr", "sync.runtime_SemacquireRWMutexR"},
    {"sync_semacquirerw", "sync.runtime_SemacquireRWMutex"},
    {"sync_notifywait", "sync.runtime_notifyListWait"},
    {"poll_semacquire", "internal/poll.runtime_Semacquire"},
    {"poll_wait", "internal/poll.runtime_pollWait"},
    {"time_sleep", "time.Sleep"},
};

// Gives a frame of the C side its Go name; false: it has none, Go programs do not see it.
static bool go_frame(FrameInfo *f) {
  if (memchr(f->func.ptr, '.', (size_t)f->func.len))
    return true;
  for (size_t i = 0; i < sizeof gonames / sizeof *gonames; i++)
    if (is(f->func, gonames[i][0])) {
      f->func = mkstring(gonames[i][1]);
      return true;
    }
  return false;
}

// A wrapper that panicked itself is shown.
static bool panics(String callee) {
  return is(callee, "runtime.gopanic") || is(callee, "runtime.sigpanic") ||
         is(callee, "runtime.panicwrap") || is(callee, "runtime.panicmem");
}

// ---- walking

static bool is_gostart(uintptr_t pc) {
  return pc >= (uintptr_t)goc_gostart && pc < (uintptr_t)goc_gostart + 32;
}

typedef struct Walk {
  uintptr_t pc, fp;
  // A damaged stack may be a circle: mark is an fp met before, taken anew after 1, 2, 4, … steps.
  uintptr_t mark;
  uint64_t steps, next;
} Walk;

// Goes to the caller's frame; false: there is none, and pc is 0 or goc_gostart's.
static bool walk_next(Walk *w) {
  if (w->fp < 4096 || w->fp == w->mark) {
    w->pc = 0;
    return false;
  }
  if (w->steps++ >= w->next) {
    w->mark = w->fp;
    w->next = 2 * w->steps;
  }
  uintptr_t *b = (uintptr_t *)w->fp;
  w->pc = b[1];
  w->fp = b[0];
  if (w->pc == (uintptr_t)goc_morestack_return && w->fp) {
    b = (uintptr_t *)w->fp;
    w->pc = b[2];
    w->fp = b[0];
  }
  return w->pc && !is_gostart(w->pc);
}

int trace_callers(uintptr_t pc, uintptr_t fp, uintptr_t *pcs, int max, int skip) {
  int n = 0;
  Walk w = {.pc = pc, .fp = fp};
  bool more = pc && !is_gostart(pc);
  for (int i = 0; n < max && more; i++, more = walk_next(&w))
    if (i >= skip)
      pcs[n++] = w.pc;
  return n;
}

enum { INLMAX = 32 };

// runtime.callers(skip, pcs, n): skip counts inlined frames; 0 is the caller of this function.
struct Callers {
  intgo skip;
  uintptr_t *pcs;
  intgo n;
  uintptr_t pc, fp;
};

// One pc for each frame, inlined ones included: programs count them. Adds those at w's place.
static intgo add_callers(struct Callers *c, uintptr_t pc, intgo n, String *callee) {
  FrameInfo info[INLMAX];
  int k = trace_resolve(pc, info, INLMAX);
  for (intgo i = 0; i < k && n < c->n; i++) {
    if (!go_frame(&info[i]) || (info[i].wrapper && !panics(*callee)))
      continue;
    *callee = info[i].func;
    if (c->skip > 0)
      c->skip--;
    else
      c->pcs[n++] = k == 1 ? pc : pc | (uintptr_t)i << INLSHIFT | (uintptr_t)1 << 63;
  }
  return n;
}

intgo callers_sys(struct Callers *c, void *unused);
intgo callers_sys(struct Callers *c, void *unused) {
  (void)unused;
  Walk w = {.pc = c->pc, .fp = c->fp};
  intgo n = 0;
  String callee = {0};
  bool more = w.pc && !is_gostart(w.pc);
  for (; n < c->n && more; more = walk_next(&w))
    n = add_callers(c, w.pc, n, &callee);
  if (w.pc && is_gostart(w.pc) && c->skip == 0 && n < c->n)
    c->pcs[n++] = w.pc;
  return n;
}

// runtime.pcframe(pc, i, out): the i-th frame (innermost first) at a return address; false: there
// is none.
struct GoFrame {
  String func, file;
  intgo line;
  uintptr_t entry;
  intgo startline;
  uintgo inlined;
};

static int resolve_visible(uintptr_t pc, FrameInfo *info) {
  int n = trace_resolve(pc, info, INLMAX), k = 0;
  for (int i = 0; i < n; i++)
    if (go_frame(&info[i]))
      info[k++] = info[i];
  return k;
}

int64_t runtime_pcframe(uintptr_t pc, intgo i, struct GoFrame *out);
int64_t runtime_pcframe(uintptr_t pc, intgo i, struct GoFrame *out) {
  FrameInfo info[INLMAX];
  if (is_gostart(pc)) { // where every goroutine's stack ends has no line
    *out = (struct GoFrame){.func = mkstring("runtime.goexit"),
                            .file = mkstring("runtime/asm_amd64.s"),
                            .line = 1,
                            .entry = pc,
                            .startline = 1};
    return i == 0;
  }
  int n = resolve_visible(pc, info);
  if (i < 0 || i >= n)
    return 0;
  *out = (struct GoFrame){info[i].func,  info[i].file,      info[i].line,
                          info[i].entry, info[i].startline, info[i].inlined};
  return 1;
}

// ---- printing

// Of the frames of package runtime those that Go shows: panics in the middle of a stack, and what
// programs call.
static bool show_frame(FrameInfo *f, String callee) {
  if (traceback_level > 2) {
    go_frame(f);
    return true;
  }
  if (!go_frame(f) || (f->wrapper && !panics(callee)))
    return false;
  if (is(f->func, "runtime.gopanic"))
    return callee.len != 0;
  if (!has_prefix(f->func, "runtime."))
    return true;
  String name = after(f->func, 8);
  return name.len && name.ptr[0] >= 'A' && name.ptr[0] <= 'Z';
}

static void print_frame(const FrameInfo *f, uintptr_t pc) {
  if (is(f->func, "runtime.gopanic"))
    print_str("panic");
  else
    print_strn(f->func.ptr, f->func.len);
  print_str(is(f->func, "main.main") ? "()\n\t" : "(...)\n\t");
  print_strn(f->file.ptr, f->file.len);
  print_str(":");
  print_int(f->line);
  if (!f->inlined && pc > f->entry) {
    print_str(" +");
    print_hex(pc - f->entry);
  }
  print_str("\n");
}

// Prints the frames at pc; callee: the function called there, empty at the top.
static void print_pc(uintptr_t pc, String *callee) {
  FrameInfo info[INLMAX];
  int n = trace_resolve(pc, info, INLMAX);
  if (n == 0 && !lt.tab) {
    print_str("\tpc=");
    print_hex(pc);
    print_str("\n");
  }
  for (int i = 0; i < n; i++) {
    if (show_frame(&info[i], *callee))
      print_frame(&info[i], pc);
    if (memchr(info[i].func.ptr, '.', (size_t)info[i].func.len))
      *callee = info[i].func;
  }
}

enum { FRAMES = 50 };

static void print_stack(uintptr_t pc, uintptr_t fp) {
  uintptr_t ring[FRAMES];
  int64_t total = 0;
  String callee = {0};
  Walk w = {.pc = pc, .fp = fp};
  bool more = pc && !is_gostart(pc);
  for (; more; more = walk_next(&w), total++) { // the innermost at once, the outermost from a ring
    if (total < FRAMES)
      print_pc(w.pc, &callee);
    else
      ring[total % FRAMES] = w.pc;
  }
  if (total <= FRAMES)
    return;
  int64_t from = FRAMES;
  if (total > 2 * FRAMES) {
    print_str("...");
    print_int(total - 2 * FRAMES);
    print_str(" frames elided...\n");
    from = total - FRAMES;
  }
  for (int64_t i = from; i < total; i++)
    print_pc(ring[i % FRAMES], &callee);
}

static void print_creator(G *g) {
  if (!g->gopc || g->goid == 1)
    return;
  FrameInfo info[1];
  if (trace_resolve(g->gopc, info, 1) == 0)
    return;
  print_str("created by ");
  print_strn(info->func.ptr, info->func.len);
  if (g->parentgoid) {
    print_str(" in goroutine ");
    print_int(g->parentgoid);
  }
  print_str("\n\t");
  print_strn(info->file.ptr, info->file.len);
  print_str(":");
  print_int(info->line);
  if (g->gopc > info->entry) {
    print_str(" +");
    print_hex(g->gopc - info->entry);
  }
  print_str("\n");
}

static void print_header(G *g, const char *state) {
  print_str("goroutine ");
  print_int(g->goid);
  print_str(" [");
  print_str(state);
  int64_t mins = g->waitsince ? (nanotime() - g->waitsince) / 60000000000 : 0;
  if (mins >= 1 && g->status == G_WAITING) {
    print_str(", ");
    print_int(mins);
    print_str(" minutes");
  }
  if (g->lockedm)
    print_str(", locked to thread");
  print_str("]:\n");
}

static const char *state_of(G *g) {
  switch ((GStatus)g->status) {
  case G_IDLE: return "idle";
  case G_RUNNABLE: return "runnable";
  case G_RUNNING: return "running";
  case G_SYSCALL: return "syscall";
  case G_WAITING: return g->waitreason ? g->waitreason : "waiting";
  case G_DEAD: return "dead";
  }
  return "???";
}

// Where a goroutine that does not run stands.
static void saved_place(G *g, uintptr_t *pc, uintptr_t *fp) {
  if (g->save) {
    *pc = g->save->rip + 1;
    *fp = g->save->rbp;
    return;
  }
  uintptr_t *sp = (uintptr_t *)g->sp; // r15 r14 r13 r12 rbx rbp, return address
  *fp = sp[5];
  *pc = sp[6];
  if (g->status == G_SYSCALL && g->insyscallwindow) {
    *pc = *(uintptr_t *)g->syscallsp;
    *fp = g->sysregs[1];
  }
}

int trace_saved(G *g, uintptr_t *pcs, int max) {
  uintptr_t pc, fp;
  saved_place(g, &pc, &fp);
  return trace_callers(pc, fp, pcs, max, 0);
}

void trace_g(G *g, bool self) {
  print_header(g, state_of(g));
  if (!self && (g->status == G_RUNNING)) {
    print_str("\tgoroutine running on other thread; stack unavailable\n");
  } else if (g->status != G_DEAD && g->status != G_IDLE) {
    uintptr_t pc, fp;
    saved_place(g, &pc, &fp);
    if (!pc || is_gostart(pc)) { // has not begun
      String none = {0};
      print_pc(g->startpc + 1, &none);
    } else {
      print_stack(pc, fp);
    }
  }
  print_creator(g);
}

void trace_others(G *me) {
  uint64_t n = nallgs;
  for (uint64_t i = 0; i < n; i++) {
    G *g = allgs[i];
    if (g == me || g->status == G_DEAD || g->status == G_IDLE)
      continue;
    if (g->issystem && traceback_level < 3)
      continue;
    print_str("\n");
    trace_g(g, false);
  }
}

// runtime.Stack: the traceback of its caller, and with `all` every goroutine's (the world is
// stopped then). pc and fp are Stack's own frame.
void stacktext_self(struct StackText *t) {
  Walk w = {.pc = t->pc, .fp = t->fp};
  print_capture(t->buf, t->n);
  print_header(t->g, "running");
  if (walk_next(&w))
    print_stack(w.pc, w.fp);
  print_creator(t->g);
  if (t->all)
    trace_others(t->g);
  t->n = print_capture_end();
}

// ---- dying

static M *_Atomic dier; // the M that prints the program's last report

// The first of several dying goroutines goes on, the others stop here. A second time on the same M:
// its report has met damaged memory.
void fatal_begin(void) {
  M *m = getm() ? getm() : &m0, *none = NULL;
  if (__atomic_compare_exchange_n((M **)&dier, &none, m, false, __ATOMIC_SEQ_CST,
                                  __ATOMIC_SEQ_CST)) {
    panicking = 1;
    freeze_world();
    return;
  }
  if (none == m) {
    print_str(" [the report failed]\n");
    print_flush();
    rt_exit(2);
  }
  for (;;)
    pause(); // the other one exits
}

static const char *signal_text(int sig) {
  switch (sig) {
  case SIGSEGV: return "SIGSEGV: segmentation violation";
  case SIGBUS: return "SIGBUS: bus error";
  case SIGFPE: return "SIGFPE: floating-point exception";
  default: return "signal";
  }
}

static NORETURN void die(void) {
  while (1) {
    if (traceback_crash) {
      signal(SIGABRT, SIG_DFL);
      raise(SIGABRT);
    }
    rt_exit(2);
  }
}

void fatal_end(G *g, uintptr_t pc, uintptr_t fp) {
  if (g && g->sigctx.sig) {
    print_str("[signal ");
    print_str(signal_text(g->sigctx.sig));
    print_str(" code=");
    print_hex((uintptr_t)g->sigctx.code);
    print_str(" addr=");
    print_hex(g->sigctx.addr);
    print_str(" pc=");
    print_hex(g->sigctx.pc);
    print_str("]\n");
  }
  if (traceback_level > 0) {
    if (g) {
      print_str("\n");
      print_header(g, "running");
      print_stack(pc, fp);
      print_creator(g);
    }
    if (!g || traceback_level >= 2)
      trace_others(g);
  }
  print_flush();
  die();
}

// user: the program's fault, not the runtime's: GOTRACEBACK=none is heard. pc, fp: what to show.
void throw_exit(String text, bool user, uintptr_t pc, uintptr_t fp) {
  static int nested; // of the M that dies
  G *g = getg();
  bool again = dier && dier == getm();
  if (again && nested++ > 1)
    rt_exit(5);
  if (!again)
    fatal_begin();
  print_force_lock();
  print_str("fatal error: ");
  print_indented(text);
  print_str("\n");
  if (again) {
    print_flush();
    die();
  }
  if (traceback_level == 1 || (!user && traceback_level < 2))
    traceback_level = 2;
  if (!g && traceback_level >= 3) {
    print_str("\nruntime stack:\n");
    print_stack(pc, fp);
  }
  fatal_end(g, pc, fp);
}

// The stack is at its limit: fp is __morestack's frame.
void stack_overflow_fatal(uintptr_t fp) {
  fatal_begin();
  print_force_lock();
  uintptr_t *b = (uintptr_t *)fp;
  G *g = getg();
  print_str("runtime: goroutine stack exceeds ");
  print_int(stack_max);
  print_str("-byte limit\nruntime: sp=");
  print_hex(fp);
  print_str(" stack=[");
  print_hex(g->seg->base);
  print_str(", ");
  print_hex(g->seg->top);
  print_str("]\nfatal error: stack overflow\n");
  print_str("\nruntime stack:\n");
  fatal_end(g, b[2], b[0]);
}
