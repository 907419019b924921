// trace.c: from program counters to functions, files and lines; tracebacks; the end of a program
// that dies.
//
// Frames are found by rbp. A frame whose return address is __morestack's return point was entered
// over a segment boundary: its saved rbp is
// __morestack's frame, in which the real return address stands at +16. A pc may carry in its upper
// 16 bits how many of the innermost inlined frames at that place are to be skipped, and (bit 63) that
// only the one behind them is meant: runtime.Callers gives one pc for each frame.
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
      out[n++] = (FrameInfo){str(t, in->name),  str(t, file), (int32_t)line, f->lo,
                             (int32_t)in->line, true};
    file = in->callfile;
    line = in->callline;
    node = in->parent;
  }
  if (n < max)
    out[n++] =
        (FrameInfo){str(t, f->name), str(t, file), (int32_t)line, f->lo, (int32_t)f->line, false};
  return n;
}

// ---- walking

static bool is_gostart(uintptr_t pc) {
  return pc >= (uintptr_t)goc_gostart && pc < (uintptr_t)goc_gostart + 32;
}

int trace_callers(uintptr_t pc, uintptr_t fp, uintptr_t *pcs, int max, int skip) {
  int n = 0;
  for (int i = 0; n < max && pc && !is_gostart(pc); i++) {
    if (i >= skip)
      pcs[n++] = pc;
    if (fp < 4096)
      break;
    uintptr_t *b = (uintptr_t *)fp;
    pc = b[1];
    fp = b[0];
    if (pc == (uintptr_t)goc_morestack_return && fp) {
      b = (uintptr_t *)fp;
      pc = b[2];
      fp = b[0];
    }
  }
  return n;
}

// runtime.callers(skip, pcs, n): skip counts inlined frames; 0 is the caller of this function.
struct Callers {
  intgo skip;
  uintptr_t *pcs;
  intgo n;
  uintptr_t pc, fp;
};

static bool is_wrapper(uintptr_t pc) {
  return pc - 1 >= (uintptr_t)__start_goc_wrappers && pc - 1 < (uintptr_t)__stop_goc_wrappers;
}

intgo callers_sys(struct Callers *c, void *unused);
intgo callers_sys(struct Callers *c, void *unused) {
  (void)unused;
  uintptr_t pc = c->pc, fp = c->fp, buf[1];
  intgo n = 0, skip = c->skip;
  while (n < c->n && pc && !is_gostart(pc)) {
    if (!is_wrapper(pc)) {
      // One pc for each frame, inlined ones included: programs count them.
      FrameInfo info[32];
      int k = trace_resolve(pc, info, 32);
      if (k <= 1) {
        if (skip > 0)
          skip--;
        else
          c->pcs[n++] = pc;
      }
      for (intgo i = 0; k > 1 && i < k && n < c->n; i++) {
        if (skip > 0)
          skip--;
        else
          c->pcs[n++] = pc | (uintptr_t)i << INLSHIFT | (uintptr_t)1 << 63;
      }
    }
    if (fp < 4096)
      break;
    uintptr_t *b = (uintptr_t *)fp;
    buf[0] = b[1];
    fp = b[0];
    if (buf[0] == (uintptr_t)goc_morestack_return) {
      b = (uintptr_t *)fp;
      buf[0] = b[2];
      fp = b[0];
    }
    pc = buf[0];
  }
  if (pc && is_gostart(pc) && skip == 0 && n < c->n)
    c->pcs[n++] = pc;
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
int64_t runtime_pcframe(uintptr_t pc, intgo i, struct GoFrame *out);
int64_t runtime_pcframe(uintptr_t pc, intgo i, struct GoFrame *out) {
  FrameInfo info[32];
  if (is_gostart(pc)) { // where every goroutine's stack ends has no line
    *out = (struct GoFrame){.func = mkstring("runtime.goexit"), .file = mkstring("runtime/asm_amd64.s"), .line = 1, .entry = pc, .startline = 1};
    return i == 0;
  }
  int n = trace_resolve(pc, info, 32);
  if (i < 0 || i >= n)
    return 0;
  *out = (struct GoFrame){info[i].func,  info[i].file,      info[i].line,
                          info[i].entry, info[i].startline, info[i].inlined};
  return 1;
}

// ---- printing

static bool has_prefix(String s, const char *p) {
  size_t n = strlen(p);
  return (size_t)s.len >= n && memcmp(s.ptr, p, n) == 0;
}

static bool show_frame(String name, bool first) {
  if (traceback_level > 2)
    return true;
  if (has_prefix(name, "gopanic") || has_prefix(name, "runtime.gopanic"))
    return !first;
  if (!memchr(name.ptr, '.', (size_t)name.len))
    return false; // C
  if (has_prefix(name, "runtime."))
    return name.len > 8 && name.ptr[8] >= 'A' && name.ptr[8] <= 'Z';
  return true;
}

static void print_frame(const FrameInfo *f, uintptr_t pc) {
  if (has_prefix(f->func, "gopanic"))
    print_str("panic");
  else
    print_strn(f->func.ptr, f->func.len);
  print_str(has_prefix(f->func, "main.main") && f->func.len == 9 ? "()\n\t" : "(...)\n\t");
  print_strn(f->file.ptr, f->file.len);
  print_str(":");
  print_int(f->line);
  if (!f->inlined && pc > f->entry) {
    print_str(" +");
    print_hex(pc - f->entry);
  }
  print_str("\n");
}

static int print_pc(uintptr_t pc, bool first) {
  FrameInfo info[32];
  int n = trace_resolve(pc, info, 32), shown = 0;
  if (n == 0 && !lt.tab) {
    print_str("\tpc=");
    print_hex(pc);
    print_str("\n");
    return 1;
  }
  if (is_wrapper(pc) && traceback_level <= 2)
    return 0;
  for (int i = 0; i < n; i++) {
    if (!show_frame(info[i].func, first && shown == 0))
      continue;
    print_frame(&info[i], pc);
    shown++;
  }
  return shown;
}

enum { FRAMES = 50 };

static void print_stack(uintptr_t pc, uintptr_t fp) {
  uintptr_t ring[FRAMES];
  int64_t total = 0;
  bool first = true;
  while (pc && !is_gostart(pc)) { // the innermost at once, the outermost from a ring
    if (total < FRAMES) {
      if (print_pc(pc, first))
        first = false;
    } else {
      ring[total % FRAMES] = pc;
    }
    total++;
    if (fp < 4096)
      break;
    uintptr_t *b = (uintptr_t *)fp;
    pc = b[1];
    fp = b[0];
    if (pc == (uintptr_t)goc_morestack_return && fp) {
      b = (uintptr_t *)fp;
      pc = b[2];
      fp = b[0];
    }
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
    print_pc(ring[i % FRAMES], false);
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
    print_stack(pc, fp);
  }
  print_creator(g);
}

void trace_others(G *me) {
  uint64_t n = nallgs;
  for (uint64_t i = 0; i < n; i++) {
    G *g = allgs[i];
    if (g == me || g->status == G_DEAD || g->status == G_IDLE)
      continue;
    if (g->issystem && traceback_level < 2)
      continue;
    print_str("\n");
    trace_g(g, false);
  }
}

// runtime.Stack: the caller's traceback, and with `all` every goroutine's (the world is stopped
// then).
void stacktext_self(struct StackText *t) {
  print_capture(t->buf, t->n);
  print_header(t->g, "running");
  print_stack(t->pc, t->fp);
  print_creator(t->g);
  if (t->all)
    trace_others(t->g);
  t->n = print_capture_end();
}

// ---- dying

static _Atomic uint32_t dying;

void fatal_begin(void) {
  if (__atomic_exchange_n((uint32_t *)&dying, 1, __ATOMIC_SEQ_CST) == 0) {
    panicking = 1;
    return;
  }
  for (;;)
    pause(); // another goroutine is already printing its report, and then exits
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

void throw_exit(String text, bool user) {
  static _Atomic uint32_t nested;
  G *g = getg();
  if (nested++ > 2)
    rt_exit(5); // a throw within a throw
  uintptr_t fp = (uintptr_t)__builtin_frame_address(0);
  if (nested == 1) {
    fatal_begin();
    print_force_lock();
  }
  (void)user;
  print_str("fatal error: ");
  print_indented(text);
  print_str("\n");
  if (nested > 1) {
    print_flush();
    die();
  }
  if (!g) {
    M *m = getm();
    if (traceback_level >= 3) {
      print_str("\nruntime stack:\n");
      print_stack((uintptr_t)__builtin_return_address(0), *(uintptr_t *)fp);
    }
    G *cur = m ? m->curg : NULL;
    (void)cur;
  }
  fatal_end(g, (uintptr_t)__builtin_return_address(0), *(uintptr_t *)fp);
}

// The stack is at its limit: fp is __morestack's frame.
void stack_overflow_fatal(uintptr_t fp) {
  fatal_begin();
  print_str("fatal error: stack overflow\n");
  uintptr_t *b = (uintptr_t *)fp;
  G *g = getg();
  print_str("\nruntime stack:\n");
  fatal_end(g, b[2], b[0]);
}
