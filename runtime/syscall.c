// syscall.c: what package syscall and the random numbers ask of the system, on the system stack.
#include "runtime/sched.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

typedef struct Two {
  uintptr_t a, b;
} Two;
typedef struct TwoW {
  int32_t a, b;
} TwoW;

Two runtime_rawsyscallnoerror(uintptr_t n, uintptr_t a, uintptr_t b, uintptr_t c);
Two runtime_rawsyscallnoerror(uintptr_t n, uintptr_t a, uintptr_t b, uintptr_t c) {
  uintptr_t r1, r2;
  __asm__ volatile("syscall"
                   : "=a"(r1), "=d"(r2)
                   : "a"(n), "D"(a), "S"(b), "d"(c)
                   : "rcx", "r11", "memory");
  return (Two){r1, r2};
}

uintptr_t runtime_gettimeofday(struct timeval *tv);
uintptr_t runtime_gettimeofday(struct timeval *tv) {
  return gettimeofday(tv, NULL) < 0 ? (uintptr_t)errno : 0;
}

intgo runtime_getpagesize(void);
intgo runtime_getpagesize(void) {
  return (intgo)rt_pagesize;
}

// (val, errno), both int32: two words for generated code.
struct Fcntl {
  uint64_t val, err;
};
struct Fcntl runtime_fcntl(int32_t fd, int32_t cmd, int32_t arg);
struct Fcntl runtime_fcntl(int32_t fd, int32_t cmd, int32_t arg) {
  int r = fcntl(fd, cmd, (long)arg);
  return r < 0 ? (struct Fcntl){~(uint64_t)0, (uint64_t)errno} : (struct Fcntl){(uint64_t)r, 0};
}

intgo runtime_ncpu(void);
intgo runtime_ncpu(void) {
  return ncpu;
}

int64_t runtime_sync_nanotime(void);
int64_t runtime_sync_nanotime(void) {
  return nanotime();
}

// ---- random numbers: xoshiro256** seeded by the kernel for each P (wyrand-like uses need no
// secrecy; crypto/rand asks the kernel itself)
static uint64_t rotl(uint64_t x, int k) {
  return x << k | x >> (64 - k);
}

uint64_t runtime_rand(void);
uint64_t runtime_rand(void) {
  P *p = getp();
  uint64_t *s = p ? p->rand : getm()->rand, x;
  if (!p) {
    os_random(&x, 8);
    return x;
  }
  uint64_t r = rotl(s[1] * 5, 7) * 9, t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotl(s[3], 45);
  return r;
}

uint64_t runtime_os_rand(void);
uint64_t runtime_os_rand(void) {
  return runtime_rand();
}

uint32_t runtime_randn(uint32_t n);
uint32_t runtime_randn(uint32_t n) {
  return (uint32_t)((runtime_rand() >> 32) * n >> 32);
}

uint32_t runtime_sync_randn(uint32_t n);
uint32_t runtime_sync_randn(uint32_t n) {
  return runtime_randn(n);
}

intgo runtime_debug_setmaxstack(intgo n);
intgo runtime_debug_setmaxstack(intgo n) {
  intgo old = stack_max;
  stack_max = n;
  return old;
}

intgo runtime_debug_setmaxthreads(intgo n);
intgo runtime_debug_setmaxthreads(intgo n) {
  lock(&sched.l);
  intgo old = sched.maxm;
  sched.maxm = n;
  if (sched.mcount > n)
    throw("runtime: program exceeds thread limit");
  unlock(&sched.l);
  return old;
}
