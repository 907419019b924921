// chan.c: channels: make, send, receive, close. Everything of a channel but its closed flag and
// counts is read and written under its lock. A sender that meets a parked receiver copies straight
// into the receiver's variable, which may be on its stack: it stays parked meanwhile.
#include "runtime/chan.h"
#include "runtime/timer.h"

static const uint8_t hchan_mask[] = {
    0x34}; // words 2 buf, 4 timer, and 3 elemtype (reflect's are in the heap)
static RType hchan_type = {.size = sizeof(Hchan),
                           .ptrbytes = 48,
                           .align = 8,
                           .fieldalign = 8,
                           .kind = KIND_STRUCT,
                           .gcdata = hchan_mask};
_Static_assert(offsetof(Hchan, buf) == 16 && offsetof(Hchan, elemtype) == 24 &&
                   offsetof(Hchan, timer) == 32,
               "hchan_mask");

Hchan *runtime_makechan(ChanType *t, intgo size) ASMLABEL("runtime.makechan");
Hchan *runtime_makechan(ChanType *t, intgo size) {
  RType *e = t->elem;
  uintptr_t bytes;
  if (size < 0 || __builtin_mul_overflow(e->size, (uintptr_t)size, &bytes) ||
      bytes > ((uintptr_t)1 << 47) || size > UINT32_MAX)
    panic_plain("makechan: size out of range");
  Hchan *c = gs_newobject(&hchan_type);
  if (bytes)
    c->buf = gs_mallocgc(bytes, e->ptrbytes ? e : NULL, 1);
  c->elemsize = (uint32_t)e->size;
  c->elemtype = e;
  c->dataqsiz = c->truecap = size;
  return c;
}

void chan_put_buf(Hchan *c, void *elem) {
  if (c->elemsize)
    memmove(chan_slot(c, c->sendx), elem, c->elemsize);
  c->sendx = chan_next(c, c->sendx);
  chan_count(c, c->truecount + 1);
}

void chan_get_buf(Hchan *c, void *elem) {
  if (c->elemsize) {
    void *slot = chan_slot(c, c->recvx);
    if (elem)
      memmove(elem, slot, c->elemsize);
    memset(slot, 0, c->elemsize);
  }
  c->recvx = chan_next(c, c->recvx);
  chan_count(c, c->truecount - 1);
}

static void finish(Hchan *c, Sudog *s) {
  G *g = s->g;
  s->success = true;
  g->param = s;
  unlock(&c->l);
  goready(g);
}

void chan_send_to(Hchan *c, Sudog *s, void *elem) {
  if (s->elem && c->elemsize)
    memmove(s->elem, elem, c->elemsize);
  s->elem = NULL;
  finish(c, s);
}

void chan_recv_from(Hchan *c, Sudog *s, void *elem) {
  if (c->truecap == 0) {
    if (elem && c->elemsize)
      memmove(elem, s->elem, c->elemsize);
  } else { // the buffer is full: its head is ours, the sender's value becomes its tail
    if (c->elemsize) {
      void *slot = chan_slot(c, c->recvx);
      if (elem)
        memmove(elem, slot, c->elemsize);
      memmove(slot, s->elem, c->elemsize);
    }
    c->recvx = chan_next(c, c->recvx);
    c->sendx = c->recvx;
  }
  s->elem = NULL;
  finish(c, s);
}

static NORETURN COLD void park_forever(const char *reason) {
  gopark(NULL, NULL, reason);
  throw("unreachable");
}

bool chan_send(Hchan *c, void *elem, bool block) {
  if (!c) {
    if (!block)
      return false;
    park_forever("chan send (nil chan)");
  }
  if (!block && !c->closed &&
      (c->truecap == 0 ? c->recvq.first == NULL : c->truecount == c->truecap))
    return false;
  lock(&c->l);
  if (c->closed) {
    unlock(&c->l);
    panic_plain("send on closed channel");
  }
  Sudog *s = waitq_get(&c->recvq);
  if (s) {
    chan_send_to(c, s, elem);
    return true;
  }
  if (c->truecount < c->truecap) {
    chan_put_buf(c, elem);
    unlock(&c->l);
    return true;
  }
  if (!block) {
    unlock(&c->l);
    return false;
  }
  Sudog me = {.g = getg(), .elem = elem, .c = c};
  waitq_put(&c->sendq, &me);
  goparkunlock(&c->l, "chan send");
  __asm__ volatile("" ::"r"(elem), "r"(&me) : "memory");
  if (!me.success) {
    if (!c->closed)
      throw("chansend: spurious wakeup");
    panic_plain("send on closed channel");
  }
  return true;
}

bool chan_recv(Hchan *c, void *elem, bool block, bool *received) {
  *received = false;
  if (!c) {
    if (!block)
      return false;
    park_forever("chan receive (nil chan)");
  }
  if (!block && !c->closed && (c->truecap == 0 ? c->sendq.first == NULL : c->truecount == 0))
    return false;
  lock(&c->l);
  if (c->closed && c->truecount == 0) {
    unlock(&c->l);
    if (elem && c->elemsize)
      memset(elem, 0, c->elemsize);
    return true;
  }
  Sudog *s = c->closed ? NULL : waitq_get(&c->sendq);
  if (s) {
    chan_recv_from(c, s, elem);
    *received = true;
    return true;
  }
  if (c->truecount > 0) {
    chan_get_buf(c, elem);
    unlock(&c->l);
    *received = true;
    return true;
  }
  if (!block) {
    unlock(&c->l);
    return false;
  }
  Sudog me = {.g = getg(), .elem = elem, .c = c};
  waitq_put(&c->recvq, &me);
  goparkunlock(&c->l, "chan receive");
  __asm__ volatile("" ::"r"(elem), "r"(&me) : "memory");
  *received = me.success;
  return true;
}

void runtime_closechan(Hchan *c) ASMLABEL("runtime.closechan");
void runtime_closechan(Hchan *c) {
  if (!c)
    panic_plain("close of nil channel");
  lock(&c->l);
  if (c->closed) {
    unlock(&c->l);
    panic_plain("close of closed channel");
  }
  c->closed = 1;
  G *list = NULL;
  for (Sudog *s; (s = waitq_get(&c->recvq));) {
    if (s->elem && c->elemsize)
      memset(s->elem, 0, c->elemsize);
    s->elem = NULL;
    s->success = false;
    s->g->param = s;
    s->g->link = list;
    list = s->g;
  }
  for (Sudog *s; (s = waitq_get(&c->sendq));) { // they will panic
    s->elem = NULL;
    s->success = false;
    s->g->param = s;
    s->g->link = list;
    list = s->g;
  }
  unlock(&c->l);
  while (list) {
    G *g = list;
    list = g->link;
    g->link = NULL;
    goready(g);
  }
}

// A timer's channel loses what it holds: stop and reset, timer.c. System or goroutine's stack.
NOSPLIT bool chan_drain(Hchan *c) {
  bool had = false;
  lock(&c->l);
  while (c->truecount > 0) {
    c->recvx = c->recvx + 1 == (uint32_t)c->truecap ? 0 : c->recvx + 1;
    c->truecount--;
    had = true;
  }
  if (!c->timer)
    c->qcount = c->truecount;
  unlock(&c->l);
  return had;
}

// ---- the words of generated code

void runtime_chansend1(Hchan *c, void *elem) ASMLABEL("runtime.chansend1");
void runtime_chansend1(Hchan *c, void *elem) {
  chan_send(c, elem, true);
}

void runtime_chanrecv1(Hchan *c, void *elem) ASMLABEL("runtime.chanrecv1");
void runtime_chanrecv1(Hchan *c, void *elem) {
  bool received;
  chan_recv(c, elem, true, &received);
}

intgo runtime_chanrecv2(Hchan *c, void *elem) ASMLABEL("runtime.chanrecv2");
intgo runtime_chanrecv2(Hchan *c, void *elem) {
  bool received;
  chan_recv(c, elem, true, &received);
  return received;
}

intgo runtime_selectnbsend(Hchan *c, void *elem) ASMLABEL("runtime.selectnbsend");
intgo runtime_selectnbsend(Hchan *c, void *elem) {
  return chan_send(c, elem, false);
}

Two runtime_selectnbrecv(void *elem, Hchan *c) ASMLABEL("runtime.selectnbrecv");
Two runtime_selectnbrecv(void *elem, Hchan *c) {
  bool received, selected = chan_recv(c, elem, false, &received);
  return (Two){selected, received};
}

NORETURN void runtime_block(void) ASMLABEL("runtime.block");
void runtime_block(void) {
  park_forever("select (no cases)");
}

// ---- reflect

intgo reflect_chanlen(Hchan *c) ASMLABEL("reflect.chanlen");
intgo reflect_chanlen(Hchan *c) {
  return c ? c->qcount : 0;
}

intgo reflect_chancap(Hchan *c) ASMLABEL("reflect.chancap");
intgo reflect_chancap(Hchan *c) {
  return c ? c->dataqsiz : 0;
}

void reflect_chanclose(Hchan *c) ASMLABEL("reflect.chanclose");
void reflect_chanclose(Hchan *c) {
  runtime_closechan(c);
}

Two reflect_chanrecv(Hchan *c, intgo nb, void *elem) ASMLABEL("reflect.chanrecv");
Two reflect_chanrecv(Hchan *c, intgo nb, void *elem) {
  bool received, selected = chan_recv(c, elem, !(nb & 1), &received);
  return (Two){selected, received};
}

intgo reflect_chansend0(Hchan *c, void *elem, intgo nb) ASMLABEL("reflect.chansend0");
intgo reflect_chansend0(Hchan *c, void *elem, intgo nb) {
  return chan_send(c, elem, !(nb & 1));
}

Hchan *reflect_makechan(ChanType *t, intgo size) ASMLABEL("reflect.makechan");
Hchan *reflect_makechan(ChanType *t, intgo size) {
  return runtime_makechan(t, size);
}
