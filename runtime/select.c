// select.c: select over several channels.
//
// All channels are locked in order of address, looked at in random order; if none is ready the
// goroutine waits in all queues at once. Who takes it out of one queue first wins g->selectdone;
// the others' waiters are removed afterwards, under all locks again.
#include "runtime/chan.h"

typedef struct Case {
  Hchan *c;
  void *elem;
} Case;

static uintptr_t new_sudog(void *unused, void *unused2);
static NOSPLIT uintptr_t new_sudog(void *unused, void *unused2) {
  (void)unused, (void)unused2;
  return (uintptr_t)persistentalloc(sizeof(Sudog), 8);
}

static Sudog *get_sudog(G *g) {
  Sudog *s = g->sudogcache;
  if (s) {
    g->sudogcache = s->waitlink;
    return s;
  }
  return (Sudog *)systemcall((void *)new_sudog, NULL, NULL);
}

static void put_sudog(G *g, Sudog *s) {
  memset(s, 0, sizeof *s);
  s->waitlink = g->sudogcache;
  g->sudogcache = s;
}

static void lock_all(Case *cas, uint16_t *lockorder, intgo n) {
  Hchan *last = NULL;
  for (intgo i = 0; i < n; i++) {
    Hchan *c = cas[lockorder[i]].c;
    if (c != last)
      lock(&c->l);
    last = c;
  }
}

static void unlock_all(Case *cas, uint16_t *lockorder, intgo n) {
  for (intgo i = n - 1; i >= 0; i--) {
    Hchan *c = cas[lockorder[i]].c;
    if (i > 0 && c == cas[lockorder[i - 1]].c)
      continue;
    unlock(&c->l);
  }
}

static void unlock_others(Case *cas, uint16_t *lockorder, intgo n, Hchan *except) {
  for (intgo i = n - 1; i >= 0; i--) {
    Hchan *c = cas[lockorder[i]].c;
    if (c == except || (i > 0 && c == cas[lockorder[i - 1]].c))
      continue;
    unlock(&c->l);
  }
}

// unlockf: the sudogs are in lock order. After the last unlock the goroutine may run elsewhere:
// touch nothing.
static NOSPLIT bool park_commit(G *g, void *unused) {
  (void)unused;
  Hchan *last = NULL;
  for (Sudog *s = g->waiting; s; s = s->waitlink) {
    if (s->c != last && last)
      unlock(&last->l);
    last = s->c;
  }
  if (last)
    unlock(&last->l);
  return true;
}

static intgo make_pollorder(Case *cas, uint16_t *poll,
                            intgo n) { // random permutation of the cases whose channel is not nil
  intgo k = 0;
  for (intgo i = 0; i < n; i++) {
    if (!cas[i].c)
      continue;
    acquirem();
    intgo j = (intgo)cheaprandn((uint32_t)k + 1);
    releasem();
    poll[k] = poll[j];
    poll[j] = (uint16_t)i;
    k++;
  }
  return k;
}

static void sift(Case *cas, uint16_t *v, intgo root, intgo n) {
  for (;;) {
    intgo c = 2 * root + 1;
    if (c >= n)
      return;
    if (c + 1 < n && (uintptr_t)cas[v[c]].c < (uintptr_t)cas[v[c + 1]].c)
      c++;
    if ((uintptr_t)cas[v[root]].c >= (uintptr_t)cas[v[c]].c)
      return;
    uint16_t t = v[root];
    v[root] = v[c];
    v[c] = t;
    root = c;
  }
}

static void sort_by_address(Case *cas, uint16_t *v, intgo n) {
  for (intgo i = n / 2 - 1; i >= 0; i--)
    sift(cas, v, i, n);
  for (intgo i = n - 1; i > 0; i--) {
    uint16_t t = v[0];
    v[0] = v[i];
    v[i] = t;
    sift(cas, v, 0, i);
  }
}

// Completes case i if it can proceed now; all channels are locked, and unlocked afterwards.
static bool try_case(Case *cas, uint16_t *lockorder, intgo n, intgo i, bool send, intgo *received) {
  Hchan *c = cas[i].c;
  void *elem = cas[i].elem;
  Sudog *s;
  if (send) {
    if (c->closed) {
      unlock_all(cas, lockorder, n);
      panic_plain("send on closed channel");
    }
    s = waitq_get(&c->recvq);
    if (!s && c->truecount >= c->truecap)
      return false;
    if (!s)
      chan_put_buf(c, elem);
  } else {
    s = c->closed ? NULL : waitq_get(&c->sendq);
    *received = 1;
    if (!s && c->truecount > 0) {
      chan_get_buf(c, elem);
    } else if (!s) {
      *received = 0;
      if (!c->closed)
        return false;
      if (elem && c->elemsize)
        memset(elem, 0, c->elemsize);
    }
  }
  if (!s) {
    unlock_all(cas, lockorder, n);
    return true;
  }
  unlock_others(cas, lockorder, n, c); // what completes the exchange unlocks c itself
  if (send)
    chan_send_to(c, s, elem);
  else
    chan_recv_from(c, s, elem);
  return true;
}

static Two wait_all(Case *cas, uint16_t *lockorder, intgo n, intgo nsends) {
  G *g = getg();
  Sudog **tail = &g->waiting;
  for (intgo k = 0; k < n; k++) {
    intgo i = lockorder[k];
    Sudog *s = get_sudog(g);
    s->g = g;
    s->isselect = true;
    s->elem = cas[i].elem;
    s->c = cas[i].c;
    s->success = false;
    s->waitlink = NULL;
    *tail = s;
    tail = &s->waitlink;
    waitq_put(i < nsends ? &s->c->sendq : &s->c->recvq, s);
  }
  g->param = NULL;
  g->selectdone = 0;
  gopark(park_commit, NULL, "select");
  lock_all(cas, lockorder, n);
  Sudog *won = g->param, *s = g->waiting;
  g->param = NULL;
  g->waiting = NULL;
  Two r = {-1, 0};
  bool closed = false;
  for (intgo k = 0; k < n; k++) {
    intgo i = lockorder[k];
    Sudog *next = s->waitlink;
    if (s == won) {
      r = (Two){i, i >= nsends && s->success};
      closed = i < nsends && !s->success;
    } else {
      waitq_remove(i < nsends ? &s->c->sendq : &s->c->recvq, s);
    }
    put_sudog(g, s);
    s = next;
  }
  unlock_all(cas, lockorder, n);
  if (r.a < 0)
    throw("selectgo: bad wakeup");
  if (closed)
    panic_plain("send on closed channel");
  return r;
}

Two select_go(uintptr_t *cases, uint16_t *order, intgo nsends, intgo nrecvs, bool block) {
  Case *cas = (Case *)cases;
  intgo n = nsends + nrecvs;
  uint16_t *poll = order, *lockorder = order + n;
  n = make_pollorder(cas, poll, n);
  for (intgo i = 0; i < n; i++)
    lockorder[i] = poll[i];
  sort_by_address(cas, lockorder, n);
  lock_all(cas, lockorder, n);
  for (intgo k = 0; k < n; k++) {
    intgo i = poll[k], received = 0;
    if (try_case(cas, lockorder, n, i, i < nsends, &received))
      return (Two){i, received};
  }
  if (!block) {
    unlock_all(cas, lockorder, n);
    return (Two){-1, 0};
  }
  return wait_all(cas, lockorder, n, nsends);
}

Two runtime_selectgo(uintptr_t *cases, uint16_t *order, intgo nsends, intgo nrecvs, intgo block)
    ASMLABEL("runtime.selectgo");
Two runtime_selectgo(uintptr_t *cases, uint16_t *order, intgo nsends, intgo nrecvs, intgo block) {
  return select_go(cases, order, nsends, nrecvs, block & 1);
}

// ---- reflect.rselect([]runtimeSelect) (chosen, recvOK)

enum { DIR_SEND = 1, DIR_RECV, DIR_DEFAULT };
struct RuntimeSelect {
  intgo dir;
  RType *type;
  Hchan *c;
  void *val;
};

static const uint8_t case_mask[] = {3};
static RType case_type = {.size = 16,
                          .ptrbytes = 16,
                          .align = 8,
                          .fieldalign = 8,
                          .kind = KIND_STRUCT,
                          .gcdata = case_mask};

Two reflect_rselect(struct RuntimeSelect *v, intgo n, intgo cap) ASMLABEL("reflect.rselect");
Two reflect_rselect(struct RuntimeSelect *v, intgo n, intgo cap) {
  (void)cap;
  if (n == 0)
    gopark(NULL, NULL, "select (no cases)");
  Case *cas = gs_mallocgc((uintptr_t)n * sizeof(Case), &case_type, 1);
  intgo *orig = gs_mallocgc((uintptr_t)n * (sizeof(intgo) + 2 * sizeof(uint16_t)), NULL, 1);
  uint16_t *order = (uint16_t *)(orig + n);
  intgo dflt = -1, nsends = 0, k = 0;
  for (intgo i = 0; i < n; i++) { // sends first
    if (v[i].dir == DIR_DEFAULT)
      dflt = i;
    if (v[i].dir != DIR_SEND)
      continue;
    cas[k] = (Case){v[i].c, v[i].val};
    orig[k++] = i;
  }
  nsends = k;
  for (intgo i = 0; i < n; i++) {
    if (v[i].dir != DIR_RECV)
      continue;
    cas[k] = (Case){v[i].c, v[i].val};
    orig[k++] = i;
  }
  if (k == 0 && dflt >= 0)
    return (Two){dflt, 0};
  if (k == 0)
    gopark(NULL, NULL, "select (no cases)");
  Two r = select_go((uintptr_t *)cas, order, nsends, k - nsends, dflt < 0);
  if (r.a < 0)
    return (Two){dflt, 0};
  return (Two){orig[r.a], r.b};
}
