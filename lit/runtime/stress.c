// RUN: %rtlink %t %s && env GOMAXPROCS=4 STRESS=3 %t 2>&1 | FileCheck-19 %s
// Everything at once on several Ms: rings, recursion over segments, loops without calls, recovered faults, timers, GOMAXPROCS changing
// (which stops the world) all the time.
#include "Inputs/golike.h"

typedef struct Clo { void *code; Hchan *in, *out; intgo k; intgo *p; } Clo;
#define CTX(v) register Clo *v __asm__("r10"); __asm__ volatile("" : "=r"(v))
static intgo stop, errors;
static uint32_t finished;
static intgo counts[8];

static void go(void (*f)(void), Hchan *in, Hchan *out, intgo k) {
  Clo *c = mallocgc_(sizeof *c, 0, 1);
  *c = (Clo){(void *)f, in, out, k, 0};
  newproc((FuncVal *)c);
}
static void bump(int i) { __atomic_add_fetch(&counts[i], 1, __ATOMIC_RELAXED); }
static intgo stopped(void) { return __atomic_load_n(&stop, __ATOMIC_RELAXED); }
static void fail(void) { __atomic_add_fetch(&errors, 1, __ATOMIC_RELAXED); }
static void fin(void) { semrelease(&finished, 0, 0); }

static void ring(void) {
  CTX(ctx);
  Clo c = *ctx;
  intgo v;
  while (chanrecv2(c.in, &v)) {
    v++;
    if (c.k == 0) {
      if (v % 8 != 0) fail();
      bump(0);
      if (stopped()) {
        closechan(c.out);
        break;
      }
    }
    chansend1(c.out, &v);
  }
  if (c.k != 0) closechan(c.out);
  fin();
}

static NOINL intgo fib(intgo n, intgo a, intgo b, intgo c, intgo d, intgo e, intgo f, intgo g) {
  volatile char pad[64];
  pad[0] = (char)n;
  if (b != a + 1 || c != a + 2 || d != a + 3 || e != a + 4 || f != a + 5 || g != a + 6) fail();
  if (n < 2) return n;
  intgo r = fib(n - 1, a, b, c, d, e, f, g) + fib(n - 2, a + 1, b + 1, c + 1, d + 1, e + 1, f + 1, g + 1);
  if (pad[0] != (char)n) fail();
  return r;
}
static void recursion(void) {
  while (!stopped()) {
    if (fib(15, 1, 2, 3, 4, 5, 6, 7) != 610) fail();
    bump(1);
  }
  fin();
}

static NOINL intgo deep(intgo n) {
  volatile intgo v[20];
  v[3] = n;
  if (n == 0) return 0;
  intgo r = deep(n - 1) + 1;
  if (v[3] != n) fail();
  return r;
}
static void deeprec(void) {
  while (!stopped()) {
    if (deep(300) != 300) fail();
    bump(2);
    gosched();
  }
  fin();
}

static void spin(void) { // no prologues: only a signal preempts it
  double x = 1;
  intgo a = 0, b = 1, c = 2, d = 3;
  while (!stopped()) {
    for (int i = 0; i < 1000000; i++) {
      a += 1; b += 1; c += 1; d += 1;
      x = x * 1.0000001 + 1e-9;
      __asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+x"(x));
      if (b != a + 1 || c != a + 2 || d != a + 3) break;
    }
    if (b != a + 1 || c != a + 2 || d != a + 3 || !(x > 1)) fail();
    bump(3);
  }
  fin();
}

static NOINL intgo *nilp(void) {
  intgo *p = 0;
  __asm__ volatile("" : "+r"(p));
  return p;
}
static NOINL void faults(intgo n) {
  volatile char pad[100];
  pad[0] = 0;
  if (n) {
    faults(n - 1);
    pad[1] = 1;
    return;
  }
  *nilp() = 1;
}
void panicerror(const uint8_t *p, intgo n) SYM("runtime.panicError");
void panicerror(const uint8_t *p, intgo n) {
  (void)p, (void)n;
  gopanic(&t_int, &stop);
}
static void rec(void) {
  CTX(ctx);
  intgo *p = ctx->p;
  gosched();
  Eface e = gorecover(ARGP());
  if (e.type) *p += 1;
}
static NOINL intgo recovering(intgo n) {
  intgo res = 0;
  DeferRecord r __attribute__((aligned(16)));
  __asm__ volatile("" ::"r"(&res) : "memory");
  Clo a = {(void *)rec, 0, 0, 0, &res};
  if (checkpoint(&r) == 0) {
    deferproc(&r, (FuncVal *)&a);
    if (n & 1) gopanic(&t_int, &stop);
    faults(n);
  }
  deferreturn(&r);
  __asm__ volatile("" ::"r"(&res), "r"(&a) : "memory");
  return res;
}
static void panics(void) {
  for (intgo i = 0; !stopped(); i++) {
    if (recovering(i % 61) != 1) fail();
    bump(4);
  }
  fin();
}

static void sleeper(void) {
  for (intgo i = 0; !stopped(); i++) {
    intgo t = nanotime();
    gosleep(1000 * (i % 100));
    if (nanotime() - t < 1000 * (i % 100)) fail();
    bump(5);
  }
  fin();
}

static void child(void) {
  CTX(ctx);
  Hchan *out = ctx->out;
  intgo k = ctx->k;
  chansend1(out, &k);
}
static void spawner(void) {
  Hchan *c = makechan(&t_chan, 4);
  while (!stopped()) {
    for (intgo i = 0; i < 20; i++) go(child, 0, c, i);
    intgo sum = 0, v;
    for (intgo i = 0; i < 20; i++) {
      chanrecv1(c, &v);
      sum += v;
    }
    if (sum != 190) fail();
    bump(6);
  }
  fin();
}

char *getenv(const char *) ;
void gomain(void) {
  intgo n = 0, secs = 2;
  Hchan *first = makechan(&t_chan, 0), *c = first;
  for (intgo i = 0; i < 8; i++) {
    Hchan *d = i == 7 ? first : makechan(&t_chan, 0);
    go(ring, c, d, i == 7 ? 0 : i + 1), n++;
    c = d;
  }
  void (*f[])(void) = {recursion, recursion, deeprec, deeprec, spin, spin, panics, panics, sleeper, sleeper, spawner, spawner};
  for (int i = 0; i < 12; i++) go(f[i], 0, 0, 0), n++;
  intgo zero = 0, end = nanotime() + secs * 1000000000, changes = 0;
  chansend1(first, &zero);
  while (nanotime() < end) {
    gomaxprocs(1 + changes % 4);
    changes++;
    gosleep(500000);
  }
  gomaxprocs(4);
  __atomic_store_n(&stop, 1, __ATOMIC_SEQ_CST);
  for (intgo i = 0; i < n; i++) semacquire(&finished);
  for (int i = 0; i < 7; i++) say("rounds", counts[i]);
  for (int i = 0; i < 7; i++) if (!counts[i]) fail();
  say("changes", changes);
  say("errors", errors);
}
// CHECK: errors 0
