// chan.h: what channels and select share; the inline parts of both.
#ifndef GOC_CHAN_H
#define GOC_CHAN_H

#include "runtime/sched.h"

typedef struct Two {
  intgo a, b;
} Two; // two result words

static inline void chan_count(Hchan *c,
                              intgo n) { // generated code reads qcount; a timer's channel shows 0
  c->truecount = n;
  if (!c->timer)
    c->qcount = n;
}
static inline void *chan_slot(Hchan *c, uint32_t i) {
  return (uint8_t *)c->buf + (uintptr_t)i * c->elemsize;
}
static inline uint32_t chan_next(Hchan *c, uint32_t i) {
  return i + 1 == (uint32_t)c->truecap ? 0 : i + 1;
}

static inline void waitq_put(WaitQ *q, Sudog *s) {
  s->next = NULL;
  s->prev = q->last;
  if (q->last)
    q->last->next = s;
  else
    q->first = s;
  q->last = s;
}

static inline void waitq_remove(WaitQ *q, Sudog *s) {
  if (s->prev)
    s->prev->next = s->next;
  else if (q->first == s)
    q->first = s->next;
  else
    return; // taken out already
  if (s->next)
    s->next->prev = s->prev;
  else
    q->last = s->prev;
  s->next = s->prev = NULL;
}

// The first waiter that is still to be had: one in a select may have been won by another channel.
static inline Sudog *waitq_get(WaitQ *q) {
  for (;;) {
    Sudog *s = q->first;
    if (!s)
      return NULL;
    q->first = s->next;
    if (s->next)
      s->next->prev = NULL;
    else
      q->last = NULL;
    s->next = s->prev = NULL;
    if (s->isselect) {
      uint32_t zero = 0;
      if (!__atomic_compare_exchange_n((uint32_t *)&s->g->selectdone, &zero, 1, false,
                                       __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
        continue;
    }
    return s;
  }
}

// Each of these completes one operation with the lock held; the first two unlock and make the
// partner ready.
void chan_send_to(Hchan *c, Sudog *s, void *elem);   // s receives
void chan_recv_from(Hchan *c, Sudog *s, void *elem); // s sends; elem NULL: thrown away
void chan_put_buf(Hchan *c, void *elem);
void chan_get_buf(Hchan *c, void *elem);
bool chan_send(Hchan *c, void *elem, bool block);
bool chan_recv(Hchan *c, void *elem, bool block, bool *received); // returns selected
Two select_go(uintptr_t *cases, uint16_t *order, intgo nsends, intgo nrecvs, bool block);

#endif
