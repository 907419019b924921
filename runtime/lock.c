// lock.c: futex mutexes and one-time events, usable on any stack: no libc, small frames.
#include "runtime/internal.h"
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>

static long futex(_Atomic uint32_t *addr, int op, uint32_t val, const struct timespec *ts) {
  register long r10 __asm__("r10") = (long)ts;
  long ret;
  __asm__ volatile("syscall"
                   : "=a"(ret)
                   : "a"(SYS_futex), "D"(addr), "S"(op | FUTEX_PRIVATE_FLAG), "d"(val), "r"(r10)
                   : "rcx", "r11", "memory");
  return ret;
}

static bool cas(_Atomic uint32_t *p, uint32_t old, uint32_t v) {
  return __atomic_compare_exchange_n((uint32_t *)p, &old, v, false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED);
}

static COLD void lock_slow(Lock *l) {
  for (int i = 0; i < 4; i++) {
    procyield(30);
    if (l->v == 0 && cas(&l->v, 0, 1))
      return;
  }
  while (__atomic_exchange_n((uint32_t *)&l->v, 2, __ATOMIC_ACQUIRE) != 0)
    futex(&l->v, FUTEX_WAIT, 2, NULL);
}

void lock(Lock *l) {
  acquirem();
  if (LIKELY(cas(&l->v, 0, 1)))
    return;
  lock_slow(l);
}

bool trylock(Lock *l) {
  acquirem();
  if (cas(&l->v, 0, 1))
    return true;
  releasem();
  return false;
}

void unlock(Lock *l) {
  uint32_t old = __atomic_exchange_n((uint32_t *)&l->v, 0, __ATOMIC_RELEASE);
  if (UNLIKELY(old == 0))
    throw("unlock of unlocked lock");
  if (UNLIKELY(old == 2))
    futex(&l->v, FUTEX_WAKE, 1, NULL);
  releasem();
}

void note_clear(Note *n) {
  __atomic_store_n((uint32_t *)&n->v, 0, __ATOMIC_SEQ_CST);
}

void note_sleep(Note *n) {
  while (__atomic_load_n((uint32_t *)&n->v, __ATOMIC_ACQUIRE) == 0)
    futex(&n->v, FUTEX_WAIT, 0, NULL);
}

bool note_tsleep(Note *n, int64_t ns) {
  if (ns < 0) {
    note_sleep(n);
    return true;
  }
  if (__atomic_load_n((uint32_t *)&n->v, __ATOMIC_ACQUIRE) != 0)
    return true;
  struct timespec ts = {ns / 1000000000, ns % 1000000000};
  futex(&n->v, FUTEX_WAIT, 0, &ts);
  return __atomic_load_n((uint32_t *)&n->v, __ATOMIC_ACQUIRE) != 0;
}

void note_wake(Note *n) {
  __atomic_store_n((uint32_t *)&n->v, 1, __ATOMIC_SEQ_CST);
  futex(&n->v, FUTEX_WAKE, 1, NULL);
}
