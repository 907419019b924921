// stack.c: stack segments: allocation by size class, growth of a goroutine's stack, the ranges that
// a collector must scan.
//
// The first segment of a goroutine has 2 KB, the next ones double up to 64 KB; a frame that needs
// more gets a segment of its own size. Behind the current segment one next stays cached (crossing
// it again costs 4 ns), until the goroutine ends or the collector frees it.
#include "runtime/internal.h"
#include "runtime/sched.h"

enum { MINSEG = 2048, MAXSEG = 65536, NCLASS = 6, STACKCHUNK = 1 << 20 };

static struct {
  Lock l;
  StackSeg *free[NCLASS];
} pool;
int64_t stack_max = 1000000000; // bytes of a goroutine's stack: debug.SetMaxStack
_Atomic int64_t stack_inuse;    // bytes in segments

static int seg_class(uintptr_t size) {
  int c = 0;
  while (((uintptr_t)MINSEG << c) < size)
    c++;
  return c;
}

static StackSeg *seg_init(uintptr_t base, uintptr_t size) {
  StackSeg *s = (StackSeg *)(base + size - sizeof(StackSeg));
  s->limit = base + STACK_RED;
  s->prev = s->next = NULL;
  s->top = (uintptr_t)s;
  s->cross = 0;
  s->base = base;
  s->size = size;
  return s;
}

// Cuts a chunk into segments of a class. Touches only the one it returns a segment of: the rest is
// cut when asked for.
static struct {
  uintptr_t pos, end;
} cut[NCLASS];

// Every chunk ever taken, for GOCDEBUG=checkescape=1. Past the last one stacks go unchecked.
enum { MAX_CHUNKS = 16384 };
static uintptr_t chunk[MAX_CHUNKS];
static uint32_t nchunks;

static StackSeg *seg_alloc_class(int c) {
  uintptr_t size = (uintptr_t)MINSEG << c;
  lock(&pool.l);
  StackSeg *s = pool.free[c];
  if (s) {
    pool.free[c] = s->next;
    unlock(&pool.l);
    return seg_init(s->base, s->size);
  }
  if (cut[c].pos == cut[c].end) {
    cut[c].pos = (uintptr_t)sys_alloc(STACKCHUNK);
    if (!cut[c].pos)
      throw("out of memory (stack allocation)");
    cut[c].end = cut[c].pos + STACKCHUNK;
    if (nchunks < MAX_CHUNKS)
      chunk[nchunks++] = cut[c].pos;
  }
  uintptr_t base = cut[c].pos;
  cut[c].pos += size;
  unlock(&pool.l);
  return seg_init(base, size);
}

// Returns a segment of at least size bytes, all included.
StackSeg *seg_alloc(uintptr_t size) {
  StackSeg *s;
  if (size <= MAXSEG) {
    s = seg_alloc_class(seg_class(size));
  } else {
    size = (size + 4095) & ~(uintptr_t)4095;
    uintptr_t base = (uintptr_t)sys_alloc(size);
    if (!base)
      throw("out of memory (stack allocation)");
    s = seg_init(base, size);
  }
  stack_inuse += (int64_t)s->size;
  return s;
}

void seg_free(StackSeg *s) {
  stack_inuse -= (int64_t)s->size;
  if (s->size > MAXSEG) {
    sys_free((void *)s->base, s->size);
    return;
  }
  int c = seg_class(s->size);
  lock(&pool.l);
  s->next = pool.free[c];
  pool.free[c] = s;
  unlock(&pool.l);
}

static uintptr_t total(G *g) {
  uintptr_t n = 0;
  for (StackSeg *s = g->seg; s; s = s->prev)
    n += s->size;
  return n;
}

static COLD NORETURN void overflow(G *g, uintptr_t fp) {
  (void)g;
  stack_overflow_fatal(fp);
}

// Makes g->seg->next large enough for a frame and its stack arguments. System stack, called by
// __morestack; fp is its rbp.
void stack_more(G *g, uintptr_t frame, uintptr_t args, uintptr_t fp) {
  StackSeg *cur = g->seg, *next = cur->next;
  uintptr_t need = frame + args + STACK_RED + sizeof(StackSeg) + 512;
  if (next) { // too small: it and what follows it is unused
    cur->next = NULL;
    while (next) {
      StackSeg *after = next->next;
      seg_free(next);
      next = after;
    }
  }
  uintptr_t size = cur->size * 2 > MAXSEG ? MAXSEG : cur->size * 2;
  if (size < 2 * MINSEG)
    size = 2 * MINSEG;
  if (size < need)
    size = need;
  uintptr_t used = total(g);
  if (used > (8u << 20) && size < (1u << 20) && size < used / 8)
    size = used / 8 < (16u << 20) ? used / 8 : 16u << 20;
  if (used + size > (uintptr_t)stack_max)
    overflow(g, fp);
  next = seg_alloc(size);
  next->prev = cur;
  cur->next = next;
}

void g_free_cached_stack(G *g) {
  if (!g->seg || g->status == G_SYSCALL || g->status == G_RUNNING)
    return;
  StackSeg *s = g->seg->next;
  g->seg->next = NULL;
  while (s) {
    StackSeg *after = s->next;
    seg_free(s);
    s = after;
  }
}

// A goroutine ended: it keeps its first segment if that is small.
void stack_end(G *g) {
  StackSeg *s = g->stack0->next;
  g->stack0->next = NULL;
  while (s) {
    StackSeg *after = s->next;
    seg_free(s);
    s = after;
  }
  g->seg = g->stack0;
}

// Prepares g to start at pc with fn in rbx and rbp 0.
void stack_start(G *g, void *pc, FuncVal *fn) {
  uintptr_t *sp = (uintptr_t *)g->stack0->top;
  *--sp = 0;
  *--sp = 0; // return address 0 of the entry code; keeps rsp 16-aligned there
  *--sp = (uintptr_t)pc;
  *--sp = 0;             // rbp
  *--sp = (uintptr_t)fn; // rbx
  for (int i = 0; i < 4; i++)
    *--sp = 0;
  g->seg = g->stack0;
  g->limit = g->stack0->limit;
  g->sp = (uintptr_t)sp;
  g->save = NULL;
}

// Func values behind a record's eighth: the collector does not look into their memory by itself,
// for it may point into the stack.
static void scan_deferred(G *g, ScanFn *f, void *ctx) {
  for (DeferRecord *r = g->defer; r; r = r->link)
    if (r->overflow.len)
      f(ctx, (uintptr_t)r->overflow.ptr,
        (uintptr_t)r->overflow.ptr + (uintptr_t)r->overflow.len * 8);
}

static void scan_segments(StackSeg *s, uintptr_t sp, ScanFn *f, void *ctx) {
  if (!s)
    return;
  f(ctx, sp, s->top);
  for (; s->prev; s = s->prev)
    f(ctx, s->cross, s->prev->top);
}

void g_scan(G *g, ScanFn *f, void *ctx) {
  f(ctx, (uintptr_t)g, (uintptr_t)(g + 1));
  switch ((GStatus)g->status) {
  case G_IDLE:
  case G_DEAD: return;
  case G_SYSCALL:
    scan_deferred(g, f, ctx);
    scan_segments(g->syscallseg, g->syscallsp, f, ctx);
    return;
  case G_RUNNABLE:
  case G_RUNNING:
  case G_WAITING: break;
  }
  scan_deferred(g, f, ctx);
  if (g->save) {
    f(ctx, (uintptr_t)g->save, (uintptr_t)(g->save + 1));
    scan_segments(g->seg, g->save->rsp - 128, f, ctx);
  } else {
    scan_segments(g->seg, g->sp, f, ctx);
  }
}

static bool in_large_segment(G *g, uintptr_t a) {
  for (StackSeg *s = g->stack0; s; s = s->next)
    if (s->size > MAXSEG && a >= s->base && a < s->top)
      return true;
  return false;
}

// Is a in memory of goroutines' stacks, in use or not? World stopped.
bool addr_in_stack(uintptr_t a) {
  for (uint32_t i = 0; i < nchunks; i++)
    if (a - chunk[i] < STACKCHUNK)
      return true;
  for (uint64_t i = 0; i < nallgs; i++)
    if (in_large_segment(allgs[i], a))
      return true;
  return false;
}
