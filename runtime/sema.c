// sema.c: sleeping semaphores on 32-bit words (sync.Mutex and its kin sleep on them) and the
// notification lists of sync.Cond.
//
// Waiters are found by address: a table of roots, each with a list of addresses, each with a queue
// of sudogs on the waiters' stacks. root->nwait counts waiters and is incremented before a waiter
// looks at the word a last time, so a releaser that sees 0 may go.
#include "runtime/sched.h"

enum { NROOTS = 251 };
typedef struct SemaRoot {
  Lock l;
  Sudog *head; // one for each address, the first waiter, linked by next and prev
  _Atomic uint32_t nwait;
  uint8_t pad[40];
} SemaRoot;
static SemaRoot roots[NROOTS];

static SemaRoot *root_of(uint32_t *addr) {
  return &roots[((uintptr_t)addr >> 3) % NROOTS];
}

static bool can_acquire(uint32_t *addr) {
  for (;;) {
    uint32_t v = __atomic_load_n(addr, __ATOMIC_SEQ_CST);
    if (v == 0)
      return false;
    if (__atomic_compare_exchange_n(addr, &v, v - 1, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
      return true;
  }
}

static void link_head(SemaRoot *r, Sudog *s) {
  s->prev = NULL;
  s->next = r->head;
  if (r->head)
    r->head->prev = s;
  r->head = s;
}

static void replace_head(SemaRoot *r, Sudog *old, Sudog *s) { // s NULL: remove
  if (s) {
    s->prev = old->prev;
    s->next = old->next;
  }
  Sudog *fwd = s ? s : old->next, *back = s ? s : old->prev;
  if (old->prev)
    old->prev->next = fwd;
  else
    r->head = fwd;
  if (old->next)
    old->next->prev = back;
  old->next = old->prev = NULL;
}

static Sudog *find_head(SemaRoot *r, uint32_t *addr) {
  Sudog *s = r->head;
  while (s && s->elem != addr)
    s = s->next;
  return s;
}

static void enqueue(SemaRoot *r, uint32_t *addr, Sudog *s, bool lifo) {
  s->elem = addr;
  s->waitlink = NULL;
  s->waittail = NULL;
  Sudog *h = find_head(r, addr);
  if (!h) {
    link_head(r, s);
  } else if (lifo) {
    replace_head(r, h, s);
    s->waitlink = h;
    s->waittail = h->waittail ? h->waittail : h;
    h->waittail = NULL;
  } else {
    if (h->waittail)
      h->waittail->waitlink = s;
    else
      h->waitlink = s;
    h->waittail = s;
  }
}

static Sudog *dequeue(SemaRoot *r, uint32_t *addr) {
  Sudog *h = find_head(r, addr);
  if (!h)
    return NULL;
  Sudog *n = h->waitlink;
  replace_head(r, h, n);
  if (n)
    n->waittail = n->waitlink ? h->waittail : NULL;
  h->waitlink = h->waittail = NULL;
  h->elem = NULL;
  return h;
}

static void acquire(uint32_t *addr, bool lifo, const char *reason) {
  if (can_acquire(addr))
    return;
  SemaRoot *r = root_of(addr);
  Sudog s = {.g = getg()};
  if (!s.g)
    throw("semacquire not on the G stack");
  for (;;) {
    lock(&r->l);
    r->nwait++;
    if (can_acquire(addr)) {
      r->nwait--;
      unlock(&r->l);
      return;
    }
    s.ticket = 0;
    enqueue(r, addr, &s, lifo);
    goparkunlock(&r->l, reason);
    __asm__ volatile("" ::"r"(&s) : "memory");
    if (s.ticket != 0 || can_acquire(addr))
      return;
  }
}

static void release(uint32_t *addr, bool handoff) {
  SemaRoot *r = root_of(addr);
  __atomic_add_fetch(addr, 1, __ATOMIC_SEQ_CST);
  if (r->nwait == 0)
    return;
  lock(&r->l);
  if (r->nwait == 0) {
    unlock(&r->l);
    return;
  }
  Sudog *s = dequeue(r, addr);
  if (s)
    r->nwait--;
  bool direct = s && handoff && can_acquire(addr);
  G *g = s ? s->g : NULL;
  if (direct)
    s->ticket = 1;
  unlock(&r->l);
  if (!g)
    return;
  goready(g);
  if (direct)
    gosched(); // the waiter owns it already: let it run
}

#define SEMA_ACQUIRE(fn, sym, reason)                                                              \
  void fn(uint32_t *addr, intgo lifo, intgo skip) ASMLABEL(sym);                                   \
  void fn(uint32_t *addr, intgo lifo, intgo skip) {                                                \
    (void)skip;                                                                                    \
    acquire(addr, lifo & 1, reason);                                                               \
  }
SEMA_ACQUIRE(sync_semacquiremutex, "sync.runtime_SemacquireMutex", "sync.Mutex.Lock")
SEMA_ACQUIRE(sync_semacquirerwr, "sync.runtime_SemacquireRWMutexR", "sync.RWMutex.RLock")
SEMA_ACQUIRE(sync_semacquirerw, "sync.runtime_SemacquireRWMutex", "sync.RWMutex.Lock")

void sync_semacquire(uint32_t *addr) ASMLABEL("sync.runtime_Semacquire");
void sync_semacquire(uint32_t *addr) {
  acquire(addr, false, "semacquire");
}

void poll_semacquire(uint32_t *addr) ASMLABEL("internal/poll.runtime_Semacquire");
void poll_semacquire(uint32_t *addr) {
  acquire(addr, false, "semacquire");
}

void sync_semrelease(uint32_t *addr, intgo handoff, intgo skip) ASMLABEL("sync.runtime_Semrelease");
void sync_semrelease(uint32_t *addr, intgo handoff, intgo skip) {
  (void)skip;
  release(addr, handoff & 1);
}

void poll_semrelease(uint32_t *addr) ASMLABEL("internal/poll.runtime_Semrelease");
void poll_semrelease(uint32_t *addr) {
  release(addr, false);
}

void sema_scan(ScanFn *f, void *ctx) {
  (void)f, (void)ctx; // the words are reachable from the waiters' stacks
}

// ---- sync.Cond: tickets. wait and notify only grow; a waiter whose ticket is below notify has
// been notified already.

typedef struct NotifyList {
  _Atomic uint32_t wait;
  _Atomic uint32_t notify;
  Lock l;
  uint32_t pad;
  uintptr_t head, tail; // complements of sudogs on stacks, 0: none: the heap points into no stack
} NotifyList;
_Static_assert(sizeof(NotifyList) == 32, "sync.notifyList");

static uintptr_t hidden(Sudog *s) {
  return s ? ~(uintptr_t)s : 0;
}

static Sudog *shown(uintptr_t word) {
  return word ? (Sudog *)~word : NULL;
}

static bool less(uint32_t a, uint32_t b) {
  return (int32_t)(a - b) < 0;
}

uint64_t sync_notifyadd(NotifyList *n) ASMLABEL("sync.runtime_notifyListAdd");
uint64_t sync_notifyadd(NotifyList *n) {
  return (uint32_t)n->wait++;
}

void sync_notifywait(NotifyList *n, uint32_t ticket) ASMLABEL("sync.runtime_notifyListWait");
void sync_notifywait(NotifyList *n, uint32_t ticket) {
  lock(&n->l);
  if (less(ticket, n->notify)) {
    unlock(&n->l);
    return;
  }
  Sudog s = {.g = getg(), .ticket = ticket};
  if (n->tail)
    shown(n->tail)->next = &s;
  else
    n->head = hidden(&s);
  n->tail = hidden(&s);
  goparkunlock(&n->l, "sync.Cond.Wait");
  __asm__ volatile("" ::"r"(&s) : "memory");
}

void sync_notifyall(NotifyList *n) ASMLABEL("sync.runtime_notifyListNotifyAll");
void sync_notifyall(NotifyList *n) {
  if (n->wait == n->notify)
    return;
  lock(&n->l);
  Sudog *s = shown(n->head);
  n->head = n->tail = 0;
  n->notify = n->wait;
  unlock(&n->l);
  while (s) {
    Sudog *next = s->next;
    s->next = NULL;
    goready(s->g);
    s = next;
  }
}

void sync_notifyone(NotifyList *n) ASMLABEL("sync.runtime_notifyListNotifyOne");
void sync_notifyone(NotifyList *n) {
  if (n->wait == n->notify)
    return;
  lock(&n->l);
  uint32_t t = n->notify;
  if (t == n->wait) {
    unlock(&n->l);
    return;
  }
  n->notify = t + 1;
  for (Sudog *p = NULL, *s = shown(n->head); s; p = s, s = s->next) {
    if (s->ticket != t)
      continue;
    if (p)
      p->next = s->next;
    else
      n->head = hidden(s->next);
    if (shown(n->tail) == s)
      n->tail = hidden(p);
    unlock(&n->l);
    goready(s->g);
    return;
  }
  unlock(&n->l); // it has its ticket but is not in the list yet: it will see notify
}

void sync_notifycheck(uintptr_t size) ASMLABEL("sync.runtime_notifyListCheck");
void sync_notifycheck(uintptr_t size) {
  if (size != sizeof(NotifyList))
    throw("bad notifyList size");
}
