// shim_sched.c: parking and readying by semaphores, for the unit tests: a thread is a goroutine.
#include "test/shim_sched.h"

#include <pthread.h>
#include <semaphore.h>
#include <time.h>

typedef struct Thread {
  G g; // first: goready finds the thread by it
  sem_t wake;
  pthread_t id;
  int i;
  ShimFn *fn;
  void *arg;
} Thread;

static Thread threads[SHIM_THREADS];
static int nthreads;
static _Atomic int parked;

static bool is_thread(G *g) {
  return (uintptr_t)g - (uintptr_t)threads < sizeof threads;
}

static void *run(void *arg) {
  Thread *t = arg;
  TLS(G *, TLS_G) = &t->g;
  t->fn(t->i, t->arg);
  return NULL;
}

void shim_go(int n, ShimFn *fn, void *arg) {
  for (int i = 0; i < n; i++) {
    Thread *t = &threads[nthreads++];
    *t = (Thread){.i = i, .fn = fn, .arg = arg};
    sem_init(&t->wake, 0, 0);
    if (pthread_create(&t->id, NULL, run, t))
      throw("no thread");
  }
}

void shim_wait(void) {
  while (nthreads > 0)
    pthread_join(threads[--nthreads].id, NULL);
}

int shim_parked(void) {
  return parked;
}

void shim_settle(int n) {
  while (parked != n)
    nanosleep(&(struct timespec){0, 1000000}, NULL);
}

void gopark(bool (*unlockf)(G *, void *), void *arg, const char *reason) {
  (void)reason;
  Thread *t = (Thread *)getg();
  parked++;
  if (!unlockf || unlockf(&t->g, arg))
    while (sem_wait(&t->wake))
      ;
  else
    parked--;
}

static bool unlock_it(G *g, void *l) {
  (void)g;
  unlock(l);
  return true;
}

void goparkunlock(Lock *l, const char *reason) {
  gopark(unlock_it, l, reason);
}

void goready(G *g) {
  if (!is_thread(g)) // the collector's
    return;
  parked--;
  sem_post(&((Thread *)g)->wake);
}
