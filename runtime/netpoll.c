// netpoll.c: the network poller: epoll, edge-triggered, and the deadlines of internal/poll.
//
// A PollDesc has for each direction one word: 0, READY (an event that nobody has taken), WAIT
// (somebody is about to park), or the G that is parked. Descriptors are never freed to the system,
// and a sequence number tells late events of a closed one apart.
#include "runtime/sched.h"
#include "runtime/timer.h"
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { PD_READY = 1, PD_WAIT = 2 };

typedef struct PollDesc {
  struct PollDesc *link;
  uintptr_t fd;
  Lock l;
  _Atomic uint32_t
      info; // bit 0 closing, 1 read deadline over, 2 write deadline over, 3 event error
  _Atomic uintptr_t rg, wg;
  uintptr_t fdseq;      // of this use
  uintptr_t rseq, wseq; // of the deadlines
  int64_t rd, wd;       // deadlines: ns, 0 none, -1 over
  Timer rt, wt;
  bool closing;
} PollDesc;

enum { INFO_CLOSING = 1, INFO_RD = 2, INFO_WD = 4, INFO_ERR = 8 };
enum { POLL_OK, POLL_CLOSING, POLL_TIMEOUT, POLL_NOTPOLLABLE };

static int epfd = -1, evfd = -1;
static _Atomic uint32_t inited, wakesig;
static Lock initlock;
_Atomic uint32_t netpoll_waiters;
static struct {
  Lock l;
  PollDesc *free;
} cache;

bool netpoll_inited(void) {
  return inited != 0;
}

void netpoll_start(void) {
  if (inited)
    return;
  lock(&initlock);
  if (!inited) {
    epfd = epoll_create1(EPOLL_CLOEXEC);
    evfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct epoll_event ev = {.events = EPOLLIN, .data.u64 = 0};
    if (epfd < 0 || evfd < 0 || epoll_ctl(epfd, EPOLL_CTL_ADD, evfd, &ev) < 0)
      throw("runtime: netpollinit failed");
    inited = 1;
  }
  unlock(&initlock);
}

void netpoll_break(void) {
  if (!inited || __atomic_exchange_n((uint32_t *)&wakesig, 1, __ATOMIC_SEQ_CST))
    return;
  uint64_t one = 1;
  while (write(evfd, &one, 8) < 0 && errno == EINTR) {
  }
}

static uint64_t tag_of(PollDesc *pd) {
  return (uint64_t)(uintptr_t)pd << 16 | (pd->fdseq & 0xffff);
}

// Makes the direction ready (or wakes without an event). Returns the G that was parked.
static G *unblock(PollDesc *pd, int mode, bool ready) {
  _Atomic uintptr_t *w = mode == 'r' ? &pd->rg : &pd->wg;
  for (;;) {
    uintptr_t old = *w;
    if (old == PD_READY)
      return NULL;
    if (old == 0 && !ready)
      return NULL;
    uintptr_t v = ready ? PD_READY : 0;
    if (!__atomic_compare_exchange_n((uintptr_t *)w, &old, v, false, __ATOMIC_SEQ_CST,
                                     __ATOMIC_RELAXED))
      continue;
    if (old == PD_WAIT || old == 0)
      return NULL;
    netpoll_waiters--;
    return (G *)old;
  }
}

static G *add(G *list, G *g) {
  if (!g)
    return list;
  g->link = list;
  return g;
}

static G *event(G *list, struct epoll_event *ev) {
  PollDesc *pd = (PollDesc *)(uintptr_t)(ev->data.u64 >> 16);
  if ((pd->fdseq & 0xffff) != (ev->data.u64 & 0xffff))
    return list;
  if (ev->events == EPOLLERR)
    pd->info |= INFO_ERR;
  if (ev->events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR))
    list = add(list, unblock(pd, 'r', true));
  if (ev->events & (EPOLLOUT | EPOLLHUP | EPOLLERR))
    list = add(list, unblock(pd, 'w', true));
  return list;
}

G *netpoll(int64_t delay) {
  if (!inited)
    return NULL;
  int ms = delay < 0                  ? -1
           : delay == 0               ? 0
           : delay < 1000000          ? 1
           : delay < 1000000000000000 ? (int)((delay + 999999) / 1000000)
                                      : 1000000000;
  struct epoll_event ev[128];
  int n;
  do
    n = epoll_wait(epfd, ev, 128, ms);
  while (n < 0 && errno == EINTR && ms < 0);
  G *list = NULL;
  for (int i = 0; i < n; i++) {
    if (ev[i].data.u64 != 0) {
      list = event(list, &ev[i]);
    } else if (delay != 0) {
      uint64_t v;
      if (read(evfd, &v, 8) == 8)
        wakesig = 0;
    }
  }
  return list;
}

void netpoll_scan(ScanFn *f, void *ctx) {
  (void)f, (void)ctx; // descriptors hold no pointers into the heap
}

// ---- internal/poll: system stack

void runtime_poll_init(void);
void runtime_poll_init(void) {
  netpoll_start();
}

int64_t runtime_poll_isserver(uintptr_t fd);
int64_t runtime_poll_isserver(uintptr_t fd) {
  return (int)fd == epfd || (int)fd == evfd;
}

struct PollOpen {
  PollDesc *pd;
  intgo err;
};
struct PollOpen runtime_poll_open(uintptr_t fd);
struct PollOpen runtime_poll_open(uintptr_t fd) {
  lock(&cache.l);
  PollDesc *pd = cache.free;
  if (pd)
    cache.free = pd->link;
  unlock(&cache.l);
  if (!pd)
    pd = persistentalloc(sizeof(PollDesc), 64);
  lock(&pd->l);
  if (pd->rg > PD_WAIT || pd->wg > PD_WAIT)
    throw("runtime: blocked read on free polldesc");
  pd->fd = fd;
  pd->fdseq++;
  pd->closing = false;
  pd->info = 0;
  pd->rg = pd->wg = 0;
  pd->rd = pd->wd = 0;
  pd->rseq++;
  pd->wseq++;
  unlock(&pd->l);
  struct epoll_event ev = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                           .data.u64 = tag_of(pd)};
  if (epoll_ctl(epfd, EPOLL_CTL_ADD, (int)fd, &ev) == 0)
    return (struct PollOpen){pd, 0};
  int err = errno;
  lock(&cache.l);
  pd->link = cache.free;
  cache.free = pd;
  unlock(&cache.l);
  return (struct PollOpen){NULL, err};
}

void runtime_poll_close(PollDesc *pd);
void runtime_poll_close(PollDesc *pd) {
  if (!pd->closing)
    throw("runtime: close polldesc w/o unblock");
  struct epoll_event ev;
  epoll_ctl(epfd, EPOLL_CTL_DEL, (int)pd->fd, &ev);
  lock(&pd->l);
  pd->fdseq++;
  unlock(&pd->l);
  lock(&cache.l);
  pd->link = cache.free;
  cache.free = pd;
  unlock(&cache.l);
}

static intgo check(PollDesc *pd, int64_t mode) {
  uint32_t info = pd->info;
  if (info & INFO_CLOSING)
    return POLL_CLOSING;
  if ((mode == 'r' && info & INFO_RD) || (mode == 'w' && info & INFO_WD))
    return POLL_TIMEOUT;
  if (mode == 'r' && info & INFO_ERR)
    return POLL_NOTPOLLABLE;
  return POLL_OK;
}

intgo runtime_poll_reset(PollDesc *pd, int64_t mode);
intgo runtime_poll_reset(PollDesc *pd, int64_t mode) {
  intgo err = check(pd, mode);
  if (err)
    return err;
  if (mode == 'r')
    pd->rg = 0;
  else
    pd->wg = 0;
  return POLL_OK;
}

// The first half of a wait: 1 ready, 0 the caller parks (poll_commit).
intgo poll_prepare(PollDesc *pd, int64_t mode);
intgo poll_prepare(PollDesc *pd, int64_t mode) {
  _Atomic uintptr_t *w = mode == 'r' ? &pd->rg : &pd->wg;
  for (;;) {
    uintptr_t old = PD_READY;
    if (__atomic_compare_exchange_n((uintptr_t *)w, &old, 0, false, __ATOMIC_SEQ_CST,
                                    __ATOMIC_SEQ_CST))
      return 1;
    if (old > PD_WAIT)
      throw("runtime: double wait");
    old = 0;
    if (__atomic_compare_exchange_n((uintptr_t *)w, &old, PD_WAIT, false, __ATOMIC_SEQ_CST,
                                    __ATOMIC_SEQ_CST))
      return 0;
  }
}

struct PollWait {
  PollDesc *pd;
  int64_t mode;
};
bool poll_commit(G *g, void *arg);
bool poll_commit(G *g, void *arg) {
  struct PollWait *pw = arg;
  uintptr_t old = PD_WAIT;
  if (!__atomic_compare_exchange_n((uintptr_t *)(pw->mode == 'r' ? &pw->pd->rg : &pw->pd->wg), &old,
                                   (uintptr_t)g, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
    return false;
  netpoll_waiters++;
  return true;
}

// After a wait: was there an event?
intgo poll_finish(PollDesc *pd, int64_t mode);
intgo poll_finish(PollDesc *pd, int64_t mode) {
  uintptr_t old =
      __atomic_exchange_n((uintptr_t *)(mode == 'r' ? &pd->rg : &pd->wg), 0, __ATOMIC_SEQ_CST);
  if (old > PD_WAIT)
    throw("runtime: corrupted polldesc");
  return old == PD_READY;
}

intgo poll_check(PollDesc *pd, int64_t mode);
intgo poll_check(PollDesc *pd, int64_t mode) {
  return check(pd, mode);
}

void runtime_poll_unblock(PollDesc *pd);
void runtime_poll_unblock(PollDesc *pd) {
  lock(&pd->l);
  if (pd->closing)
    throw("runtime: unblock on closing polldesc");
  pd->closing = true;
  pd->info |= INFO_CLOSING;
  pd->rseq++;
  pd->wseq++;
  G *r = unblock(pd, 'r', false), *w = unblock(pd, 'w', false);
  unlock(&pd->l);
  timer_stop(&pd->rt);
  timer_stop(&pd->wt);
  if (r)
    ready_on(r, true);
  if (w)
    ready_on(w, true);
}

// ---- deadlines

static void expire(PollDesc *pd, uintptr_t seq, bool read, bool write) {
  lock(&pd->l);
  G *r = NULL, *w = NULL;
  if (read && seq == pd->rseq) {
    pd->rd = -1;
    pd->info |= INFO_RD;
    r = unblock(pd, 'r', false);
  }
  if (write && seq == pd->wseq) {
    pd->wd = -1;
    pd->info |= INFO_WD;
    w = unblock(pd, 'w', false);
  }
  unlock(&pd->l);
  if (r)
    ready_on(r, true);
  if (w)
    ready_on(w, true);
}

static void read_deadline(void *arg, uintptr_t seq, int64_t delta) {
  (void)delta;
  expire(arg, seq, true, false);
}

static void write_deadline(void *arg, uintptr_t seq, int64_t delta) {
  (void)delta;
  expire(arg, seq, false, true);
}

static void arm(PollDesc *pd, Timer *t, int64_t when, uintptr_t seq,
                void (*f)(void *, uintptr_t, int64_t)) {
  if (when <= 0) {
    timer_stop(t);
    return;
  }
  lock(&t->l);
  t->cf = f;
  t->arg.data = pd;
  t->cseq = seq;
  unlock(&t->l);
  timer_reset(t, when, 0);
}

void runtime_poll_setdeadline(PollDesc *pd, int64_t d, int64_t mode);
void runtime_poll_setdeadline(PollDesc *pd, int64_t d, int64_t mode) {
  if (d > 0) {
    d += nanotime();
    if (d <= 0)
      d = INT64_MAX;
  }
  bool read = mode == 'r' || mode == 'r' + 'w', write = mode == 'w' || mode == 'r' + 'w';
  lock(&pd->l);
  if (pd->closing) {
    unlock(&pd->l);
    return;
  }
  G *r = NULL, *w = NULL;
  if (read) {
    pd->rd = d;
    pd->rseq++;
    if (d < 0)
      pd->info |= INFO_RD;
    else
      pd->info &= ~(uint32_t)INFO_RD;
    if (d < 0)
      r = unblock(pd, 'r', false);
  }
  if (write) {
    pd->wd = d;
    pd->wseq++;
    if (d < 0)
      pd->info |= INFO_WD;
    else
      pd->info &= ~(uint32_t)INFO_WD;
    if (d < 0)
      w = unblock(pd, 'w', false);
  }
  uintptr_t rseq = pd->rseq, wseq = pd->wseq;
  unlock(&pd->l);
  if (read)
    arm(pd, &pd->rt, d, rseq, read_deadline);
  if (write)
    arm(pd, &pd->wt, d, wseq, write_deadline);
  if (r)
    ready_on(r, true);
  if (w)
    ready_on(w, true);
}
