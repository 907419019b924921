// RUN: %rtlink %t %s && not %t 2>&1 | FileCheck-19 %s
// defer, panic, recover, Goexit, nested panics; the report of a panic that nobody recovers.
#include "Inputs/golike.h"

typedef struct Clo { void *code; intgo *p; intgo k; } Clo;
#define CTX(v) register Clo *v __asm__("r10"); __asm__ volatile("" : "=r"(v))
static RType t_int2;

static void add(void) {
  CTX(ctx);
  *ctx->p = *ctx->p * 10 + ctx->k;
}

static void rec(void) {
  CTX(ctx);
  Clo c = *ctx;
  Eface e = gorecover(ARGP());
  if (e.type) *c.p = *c.p * 10 + *(intgo *)e.data;
  else *c.p = *c.p * 10 + 9;
}

static NOINL void recdeep(intgo *p) { // not called by the panic's loop: must get nil
  Eface e = gorecover(ARGP());
  if (e.type) *p = -1;
}
static void rec2(void) {
  CTX(ctx);
  Clo c = *ctx;
  volatile char pad[3000];
  pad[0] = 1;
  recdeep(c.p);
  Eface e = gorecover(ARGP());
  if (e.type) *c.p = *c.p * 10 + *(intgo *)e.data;
  (void)pad;
}

static NOINL void thrower(intgo depth, intgo v) {
  volatile char pad[200];
  pad[0] = 0;
  if (depth) {
    thrower(depth - 1, v);
    pad[1] = 0;
    return;
  }
  intgo *box = mallocgc_(8, 0, 1);
  *box = v;
  gopanic(&t_int, box);
}

static NOINL intgo simple(intgo depth, void (*r)(void)) {
  intgo res = 0;
  DeferRecord rec_ __attribute__((aligned(16)));
  __asm__ volatile("" ::"r"(&res) : "memory");
  Clo a = {(void *)add, &res, 1}, b = {(void *)r, &res, 0}, c = {(void *)add, &res, 2};
  if (checkpoint(&rec_) == 0) {
    deferproc(&rec_, (FuncVal *)&a);
    deferproc(&rec_, (FuncVal *)&b);
    deferproc(&rec_, (FuncVal *)&c);
    thrower(depth, 7);
    res = -5;
  }
  deferreturn(&rec_);
  __asm__ volatile("" ::"r"(&res), "r"(&a), "r"(&b), "r"(&c) : "memory");
  return res;
}

static NOINL intgo many(intgo n) {
  intgo res = 0;
  DeferRecord r __attribute__((aligned(16)));
  __asm__ volatile("" ::"r"(&res) : "memory");
  if (checkpoint(&r) == 0) {
    for (intgo i = 0; i < n; i++) {
      Clo *c = mallocgc_(sizeof(Clo), 0, 1);
      *c = (Clo){(void *)add, &res, i % 10};
      deferproc(&r, (FuncVal *)c);
    }
  }
  deferreturn(&r);
  return res;
}

static void nestedthrow(void) { // a deferred function that panics and recovers on its own
  CTX(ctx);
  intgo *p = ctx->p;
  intgo v = simple(3, rec);
  *p = *p * 1000 + v;
}

static void rethrow(void) {
  thrower(2, 3);
}

static NOINL intgo nested(void) {
  intgo res = 0;
  DeferRecord r __attribute__((aligned(16)));
  __asm__ volatile("" ::"r"(&res) : "memory");
  Clo a = {(void *)rec, &res, 0}, b = {(void *)nestedthrow, &res, 0}, c = {(void *)rethrow, &res, 0};
  if (checkpoint(&r) == 0) {
    deferproc(&r, (FuncVal *)&a);
    deferproc(&r, (FuncVal *)&c);
    deferproc(&r, (FuncVal *)&b);
    thrower(5, 6);
  }
  deferreturn(&r);
  __asm__ volatile("" ::"r"(&res), "r"(&a), "r"(&b), "r"(&c) : "memory");
  return res;
}

static Hchan *done;
static intgo shared;
static void sendshared(void) {
  chansend1(done, &shared);
}
static void exiter(void) {
  DeferRecord r __attribute__((aligned(16)));
  Clo a = {(void *)sendshared, 0, 0}, b = {(void *)rec, &shared, 0};
  if (checkpoint(&r) == 0) {
    deferproc(&r, (FuncVal *)&a);
    deferproc(&r, (FuncVal *)&b);
    goexit();
  }
  shared = -77;
  deferreturn(&r);
}
// Goexit runs a deferred call that panics; an outer frame recovers that: the goroutine still ends.
static void inner(void) {
  DeferRecord r __attribute__((aligned(16)));
  Clo b = {(void *)rethrow, 0, 0};
  if (checkpoint(&r) == 0) {
    deferproc(&r, (FuncVal *)&b);
    goexit();
  }
  deferreturn(&r);
}
static void exiter2(void) {
  DeferRecord r __attribute__((aligned(16)));
  Clo a = {(void *)sendshared, 0, 0}, b = {(void *)rec, &shared, 0};
  if (checkpoint(&r) == 0) {
    deferproc(&r, (FuncVal *)&a);
    deferproc(&r, (FuncVal *)&b);
    ((void (*volatile)(void))inner)();
    shared = -78;
  }
  shared = -79;
  deferreturn(&r);
}

static NOINL intgo *nilp(void) {
  intgo *p = 0;
  __asm__ volatile("" : "+r"(p));
  return p;
}
static void fault(void) {
  *nilp() = 1;
}

void gomain(void) {
  intgo bad = 0;
  for (intgo d = 0; d < 200; d++) {
    if (simple(d, rec) != 271) bad++;
    if (simple(d, rec2) != 271) bad++;
  }
  say("simple", simple(0, rec));
  say("bad", bad);
  say("many", many(15));
  say("nested", nested());
  done = makechan(&t_chan, 0);
  FuncVal e = {(void *)exiter}, e2 = {(void *)exiter2};
  intgo v;
  newproc(&e);
  chanrecv1(done, &v);
  say("goexit", v);
  shared = 0;
  newproc(&e2);
  chanrecv1(done, &v);
  say("goexit2", v);
  (void)fault;
  thrower(3, 42);
}
// CHECK: simple 271
// CHECK: bad 0
// CHECK: many 432109876543210
// CHECK: nested 2713
// CHECK: goexit 9
// CHECK: goexit2 3
// CHECK: panic: 42
// CHECK-EMPTY:
// CHECK: goroutine 1 [running]:
