// os_linux.c: the operating system: memory, clocks, processors, raw writes. Memory of the runtime's
// own records comes from here.
#include "runtime/sched.h"
#include <errno.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void *sys_alloc(uintptr_t size) {
  void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return p == MAP_FAILED ? NULL : p;
}

void *sys_reserve(void *hint, uintptr_t size) {
  void *p = mmap(hint, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return p == MAP_FAILED ? NULL : p;
}

void sys_map(void *p, uintptr_t size) {
  if (mmap(p, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
      MAP_FAILED)
    throw("out of memory");
}

void sys_unused(void *p, uintptr_t size) {
  madvise(p, size, MADV_DONTNEED);
}

void sys_free(void *p, uintptr_t size) {
  munmap(p, size);
}

#define CHUNK (256u << 10)
static struct {
  Lock l;
  uintptr_t pos, end;
} pers;

void *persistentalloc(uintptr_t size, uintptr_t align) {
  if (align == 0)
    align = 8;
  if (size >= CHUNK / 4) {
    void *p = sys_alloc((size + 4095) & ~(uintptr_t)4095);
    if (!p)
      throw("runtime: cannot allocate memory");
    return p;
  }
  lock(&pers.l);
  uintptr_t p = (pers.pos + align - 1) & ~(align - 1);
  if (pers.pos == 0 || p + size > pers.end) {
    p = (uintptr_t)sys_alloc(CHUNK);
    if (!p)
      throw("runtime: cannot allocate memory");
    pers.end = p + CHUNK;
  }
  pers.pos = p + size;
  unlock(&pers.l);
  return (void *)p;
}

int64_t nanotime(void) {
  struct timespec ts;
  clock_gettime(CLOCK_MONOTONIC, &ts);
  return ts.tv_sec * 1000000000 + ts.tv_nsec;
}

int64_t runtime_nanotime(void);
int64_t runtime_nanotime(void) {
  return nanotime();
}

// time.now: {sec int64, nsec int32, mono int64}
struct Now {
  int64_t sec;
  int32_t nsec, pad;
  int64_t mono;
};
void runtime_timenow(struct Now *out);
void runtime_timenow(struct Now *out) {
  struct timespec ts;
  clock_gettime(CLOCK_REALTIME, &ts);
  out->sec = ts.tv_sec;
  out->nsec = (int32_t)ts.tv_nsec;
  out->mono = nanotime();
}

int32_t runtime_write(uintptr_t fd, void *p, int32_t n);
int32_t runtime_write(uintptr_t fd, void *p, int32_t n) {
  ssize_t r = write((int)fd, p, (size_t)n);
  return r < 0 ? -errno : (int32_t)r;
}

int32_t os_ncpu(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) < 0)
    return 1;
  int n = CPU_COUNT(&set);
  return n < 1 ? 1 : n > MAXP ? MAXP : n;
}

void os_random(void *p, uintptr_t n) {
  if (syscall(SYS_getrandom, p, n, 1) == (long)n)
    return;
  uint64_t x = (uint64_t)nanotime() * 0x9e3779b97f4a7c15u + (uint64_t)getpid();
  for (uintptr_t i = 0; i < n; i++) {
    x ^= x >> 29;
    x *= 0xbf58476d1ce4e5b9u;
    ((uint8_t *)p)[i] = (uint8_t)(x >> 56);
  }
}

void os_usleep(int64_t us) {
  struct timespec ts = {us / 1000000, us % 1000000 * 1000};
  nanosleep(&ts, NULL);
}
