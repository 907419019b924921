// RUN: %rtlink %t %s && %t 2>&1 | FileCheck-19 %s
// Goroutines, channels, select, close, sleeping, semaphores.
#include "Inputs/golike.h"

typedef struct Clo { void *code; Hchan *in, *out; intgo k; } Clo;
#define CTX(v) register Clo *v __asm__("r10"); __asm__ volatile("" : "=r"(v))

static void stage(void) {
  CTX(ctx);
  Clo *c = ctx;
  Hchan *in = c->in, *out = c->out;
  intgo k = c->k;
  for (;;) {
    intgo v;
    if (!chanrecv2(in, &v)) break;
    v += k;
    chansend1(out, &v);
  }
  closechan(out);
}

static Clo *go(void (*f)(void), Hchan *in, Hchan *out, intgo k) {
  Clo *c = mallocgc_(sizeof *c, 0, 1);
  *c = (Clo){(void *)f, in, out, k};
  newproc((FuncVal *)c);
  return c;
}

static void feed(void) {
  CTX(ctx);
  Hchan *out = ctx->out;
  intgo n = ctx->k;
  for (intgo i = 0; i < n; i++) chansend1(out, &i);
  closechan(out);
}

static NOINL void pipeline(intgo cap, intgo len, intgo n) {
  Hchan *first = makechan(&t_chan, cap), *c = first;
  for (intgo i = 0; i < len; i++) {
    Hchan *d = makechan(&t_chan, cap);
    go(stage, c, d, 1);
    c = d;
  }
  go(feed, 0, first, n);
  intgo sum = 0, v;
  while (chanrecv2(c, &v)) sum += v;
  say("pipeline", sum);
}

static NOINL void ping(void) {
  CTX(ctx);
  Clo c = *ctx;
  for (intgo i = 0; i < c.k; i++) {
    intgo v;
    chanrecv1(c.in, &v);
    chansend1(c.out, &v);
  }
}

static NOINL void pingpong(intgo n) {
  Hchan *a = makechan(&t_chan, 0), *b = makechan(&t_chan, 0);
  go(ping, a, b, n);
  intgo sum = 0;
  for (intgo i = 0; i < n; i++) {
    intgo v;
    chansend1(a, &i);
    chanrecv1(b, &v);
    sum += v;
  }
  say("pingpong", sum);
}

static NOINL void selects(intgo n) {
  Hchan *a = makechan(&t_chan, 0), *b = makechan(&t_chan, 3), *quit = makechan(&t_chan, 0);
  go(feed, 0, a, n);
  go(feed, 0, b, n);
  intgo sum = 0, open = 2;
  while (open) {
    intgo v, w;
    uint16_t order[6];
    struct { Hchan *c; void *e; } cas[3] = {{a, &v}, {b, &w}, {quit, 0}};
    Two r = selectgo(cas, order, 0, 3, 1);
    if (!r.b) {
      open--;
      if (r.a == 0) a = 0;
      else b = 0;
      continue;
    }
    sum += r.a == 0 ? v : 1000 * w;
  }
  say("select", sum);
}

static uint32_t sem;
static intgo count;
static void release(void) {
  for (int i = 0; i < 100; i++) {
    __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST);
    semrelease(&sem, 0, 0);
    if (i % 10 == 0) gosleep(100000);
  }
}

void gomain(void) {
  pipeline(0, 10, 1000);
  pipeline(5, 100, 1000);
  pingpong(20000);
  selects(1000);
  for (int i = 0; i < 10; i++) go(release, 0, 0, 0);
  for (int i = 0; i < 1000; i++) semacquire(&sem);
  say("sem", count);
  intgo t = nanotime();
  gosleep(20000000);
  t = nanotime() - t;
  say("slept", t >= 20000000 && t < 2000000000);
}
// CHECK: pipeline 509500
// CHECK: pipeline 599500
// CHECK: pingpong 199990000
// CHECK: select 499999500
// CHECK: sem 1000
// CHECK: slept 1
