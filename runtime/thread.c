// thread.c: threads: birth, their TLS slots and signal stacks, sleeping and waking, the monitor's
// loop.
#include "runtime/sched.h"
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SYSSTACK = 512 << 10 };

// Sets every slot of this thread (glibc leaves a dead thread's behind), its alternate stack, and
// enters the list of all Ms.
void m_init(M *m) {
  TLS(uintptr_t, TLS_LIMIT) = 0;
  for (uintptr_t off = TLS_FIRST; off < TLS_END; off += 8)
    TLS(uintptr_t, off) = 0;
  m->tcb = (uintptr_t)__builtin_thread_pointer();
  TLS(M *, TLS_M) = m;
  m->tid = (int32_t)syscall(SYS_gettid);
  os_random(m->rand, sizeof m->rand);
  m->fastrand = (uint32_t)m->rand[0] | 1;
  lock(&sched.l);
  m->alllink = allm;
  allm = m;
  unlock(&sched.l);
  signal_minit(m);
}

static void *thread_main(void *arg) {
  M *m = arg;
  m_init(m);
  if (m->startfn)
    m->startfn();
  acquirep(m->nextp);
  m->nextp = NULL;
  goc_mstart();
}

static void create(M *m) {
  pthread_t t;
  pthread_attr_t attr;
  sigset_t all, old;
  pthread_attr_init(&attr);
  pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attr, SYSSTACK);
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &old); // the new thread has no slots yet
  int err = pthread_create(&t, &attr, thread_main, m);
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  pthread_attr_destroy(&attr);
  if (err) {
    print_lock();
    print_str("runtime: failed to create new OS thread (have ");
    print_int(sched.mcount);
    print_str(" already; errno=");
    print_int(err);
    print_str(")\n");
    throw("newosproc");
  }
}

void m_new(P *p, bool spinning) {
  M *m = persistentalloc(sizeof(M), 64);
  m->nextp = p;
  m->spinning = spinning;
  lock(&sched.l);
  m->id = ++sched.mcount;
  if (sched.mcount > sched.maxm) {
    unlock(&sched.l);
    print_lock();
    print_str("runtime: program exceeds ");
    print_int(sched.maxm);
    print_str("-thread limit\n");
    throw("thread exhaustion");
  }
  unlock(&sched.l);
  create(m);
}

void m_park(M *m) {
  note_sleep(&m->park);
  note_clear(&m->park);
}

static bool all_idle(void) {
  return sched.gcwaiting || sched.npidle == gomaxprocs;
}

// Sleeps long when nothing runs. true: it did.
static bool doze(int64_t now) {
  if (!all_idle())
    return false;
  lock(&sched.l);
  if (!all_idle()) {
    unlock(&sched.l);
    return false;
  }
  int64_t next = timers_next_all();
  if (next > 0 && next < now) {
    unlock(&sched.l);
    return false;
  }
  sched.sysmonwait = 1;
  unlock(&sched.l);
  note_tsleep(&sched.sysmonnote, 60000000000);
  lock(&sched.l);
  sched.sysmonwait = 0;
  note_clear(&sched.sysmonnote);
  unlock(&sched.l);
  return true;
}

static void poll_network(int64_t now) {
  int64_t last = sched.lastpoll;
  if (!netpoll_inited() || last == 0 || last + 10000000 > now)
    return;
  __atomic_compare_exchange_n((int64_t *)&sched.lastpoll, &last, now, false, __ATOMIC_SEQ_CST,
                              __ATOMIC_RELAXED);
  inject_list(netpoll(0));
}

static NORETURN void sysmon(void) {
  int64_t idle = 0, delay = 20;
  for (;;) {
    if (idle == 0)
      delay = 20;
    else if (idle > 50)
      delay *= 2;
    if (delay > 10000)
      delay = 10000;
    os_usleep(delay);
    int64_t now = nanotime();
    if (doze(now)) {
      idle = 0;
      now = nanotime();
    }
    poll_network(now);
    int64_t next = timers_next_all();
    if (next > 0 && next + 1000000 < now)
      start_m(NULL, false); // overdue: some P can do it
    if (sched.gcwish && sched.npidle > 0)
      start_m(NULL, false);
    idle = sysmon_retake(now) ? 0 : idle + 1;
    gc_sysmon(now);
  }
}

void sysmon_start(void) {
  M *m = persistentalloc(sizeof(M), 64);
  m->startfn = sysmon;
  m->id = -1;
  create(m);
}
