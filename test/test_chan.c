// test_chan.c: channels and select: buffers against a plain model, hand-over between parked
// goroutines (threads: shim_sched.c), closing, nil channels.
#include "runtime/chan.h"
#include "test/shim_heap.h"
#include "test/shim_sched.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Hchan *makechan(ChanType *t, intgo size) ASMLABEL("runtime.makechan");
void closechan(Hchan *c) ASMLABEL("runtime.closechan");
bool chan_drain(Hchan *c);

static RType elems[] = {{.size = 8, .align = 8, .kind = KIND_INT},
                        {.size = 0, .align = 1, .kind = KIND_STRUCT},
                        {.size = 1, .align = 1, .kind = KIND_UINT8},
                        {.size = 40, .align = 8, .kind = KIND_ARRAY}};
enum { NTYPES = sizeof elems / sizeof *elems };

static Hchan *chan_of(int type, intgo size) {
  static ChanType types[NTYPES];
  shim_init();
  types[type].elem = &elems[type];
  Hchan *c = makechan(&types[type], size);
  for (int i = 0; i < LEN_ROOTS; i++)
    if (!shim_roots.v[i]) {
      shim_roots.v[i] = c;
      break;
    }
  return c;
}

static Hchan *ints(intgo size) {
  return chan_of(0, size);
}

// The invariants of internal.h; nobody is in the channel.
static void valid(Hchan *c) {
  ck_assert(!c->recvq.first || !c->sendq.first);
  ck_assert(c->truecount == 0 || !c->recvq.first);
  ck_assert(c->truecount == c->truecap || !c->sendq.first);
  ck_assert(c->truecount >= 0 && c->truecount <= c->truecap);
  ck_assert(c->truecap == 0 || (c->sendx < c->truecap && c->recvx < c->truecap &&
                                (c->recvx + c->truecount) % c->truecap == c->sendx));
  ck_assert(c->timer || (c->qcount == c->truecount && c->dataqsiz == c->truecap));
  ck_assert(c->l.v == 0);
}

static void send(Hchan *c, int64_t v) {
  if (!chan_send(c, &v, true))
    ck_abort();
}

static int64_t recv(Hchan *c) { // -1: closed
  int64_t v = -2;
  bool received;
  if (!chan_recv(c, &v, true, &received) || (!received && v))
    ck_abort();
  return received ? v : -1;
}

static const char *text_of(void (*fn)(Hchan *), Hchan *c) {
  shim_text = "nothing";
  if (!setjmp(shim_panic))
    fn(c);
  return shim_text;
}

static void send_one(Hchan *c) {
  int64_t v = 1;
  chan_send(c, &v, false);
}

START_TEST(buffer_model) { // every element type: nothing is lost, first in, first out
  enum { CAP = 7 };
  Hchan *c = chan_of(_i, CAP);
  uint8_t model[CAP], buf[64], in = 0, out = 0;
  for (int op = 0; op < 5000; op++) {
    size_t size = c->elemsize;
    if (random() % 2) {
      memset(buf, in, sizeof buf);
      bool sent = chan_send(c, buf, false);
      ck_assert(sent == ((uint8_t)(in - out) < CAP));
      if (sent)
        model[in++ % CAP] = buf[0];
    } else {
      bool received;
      memset(buf, 0xee, sizeof buf);
      bool got = chan_recv(c, op % 3 ? buf : NULL, false, &received);
      ck_assert(got == (in != out) && received == got);
      for (size_t i = 0; got && op % 3 && i < size; i++)
        ck_assert_uint_eq(buf[i], model[out % CAP]);
      ck_assert(buf[size] == 0xee);
      out += got;
      if (in == out)
        in = out = 0;
    }
    ck_assert_int_eq(c->qcount, (uint8_t)(in - out));
    valid(c);
  }
}
END_TEST

START_TEST(received_slots_are_cleared) { // what was received must not keep objects
  Hchan *c = ints(2);
  send(c, 5);
  recv(c);
  ck_assert_int_eq(((int64_t *)c->buf)[0], 0);
}
END_TEST

START_TEST(closed) {
  Hchan *c = ints(2);
  send(c, 1);
  send(c, 2);
  closechan(c);
  ck_assert_int_eq(recv(c), 1);
  ck_assert_int_eq(recv(c), 2);
  ck_assert_int_eq(recv(c), -1);
  bool received;
  ck_assert(chan_recv(c, NULL, false, &received) && !received);
  ck_assert_str_eq(text_of(send_one, c), "send on closed channel");
  ck_assert_str_eq(text_of(closechan, c), "close of closed channel");
  valid(c);
}
END_TEST

static void make_negative(Hchan *c) {
  ints((intgo)c);
}

START_TEST(nil_and_bad_size) {
  bool received;
  int64_t v = 1;
  ck_assert(!chan_send(NULL, &v, false));
  ck_assert(!chan_recv(NULL, &v, false, &received));
  ck_assert_str_eq(text_of(closechan, NULL), "close of nil channel");
  ck_assert_str_eq(text_of(make_negative, (Hchan *)-1), "makechan: size out of range");
  ck_assert_str_eq(text_of(make_negative, (Hchan *)((intgo)1 << 60)),
                   "makechan: size out of range");
}
END_TEST

START_TEST(timer_channel) { // shows neither length nor capacity, and can be emptied
  static Timer t;
  Hchan *c = ints(1);
  c->timer = &t;
  c->dataqsiz = 0;
  ck_assert(!chan_drain(c));
  send(c, 1);
  ck_assert_int_eq(c->qcount, 0);
  ck_assert_int_eq(c->truecount, 1);
  ck_assert(chan_drain(c));
  send(c, 2);
  ck_assert_int_eq(recv(c), 2);
  valid(c);
}
END_TEST

// ---- threads

typedef struct Traffic {
  Hchan *c[3];
  int nchans, senders, each;
  bool select;
  _Atomic int64_t count, sum;
} Traffic;

static void produce(int i, void *arg) {
  Traffic *t = arg;
  for (int k = 1; k <= t->each; k++)
    send(t->c[k % t->nchans], (int64_t)i << 32 | k);
}

static Two select_of(Hchan **c, int64_t *v, int nsends, int nrecvs, bool block) {
  uintptr_t cases[16];
  uint16_t order[16];
  for (int i = 0; i < nsends + nrecvs; i++) {
    cases[2 * i] = (uintptr_t)c[i];
    cases[2 * i + 1] = (uintptr_t)&v[i];
  }
  return select_go(cases, order, nsends, nrecvs, block);
}

static bool next(Traffic *t, int64_t *v) {
  if (!t->select) {
    *v = recv(t->c[0]);
    return *v >= 0;
  }
  int64_t in[3];
  Two r = select_of(t->c, in, 0, t->nchans, true);
  *v = in[r.a];
  return r.b;
}

// A consumer sees what one producer sends into one channel in the order in which it was sent.
static void consume(int i, void *arg) {
  (void)i;
  Traffic *t = arg;
  int64_t last[3][SHIM_THREADS] = {0};
  for (int64_t v; next(t, &v);) {
    int64_t k = v & 0xffffffff, from = v >> 32;
    if (k <= last[k % t->nchans][from])
      ck_abort_msg("out of order"); // ck_assert writes to a pipe each time
    last[k % t->nchans][from] = k;
    t->count++;
    t->sum += k;
  }
}

// Producers send, consumers receive until the channels are closed; with select the first closed
// channel ends a consumer, so that they are closed when all are empty.
static void run_traffic(Traffic *t, int consumers) {
  int64_t n = (int64_t)t->senders * t->each;
  shim_go(consumers, consume, t);
  shim_go(t->senders, produce, t);
  while (t->count < n)
    procyield(100);
  for (int i = 0; i < t->nchans; i++)
    closechan(t->c[i]);
  shim_wait();
  ck_assert_int_eq(t->count, n);
  ck_assert_int_eq(t->sum, (int64_t)t->senders * t->each * (t->each + 1) / 2);
  for (int i = 0; i < t->nchans; i++) {
    valid(t->c[i]);
    ck_assert(!t->c[i]->recvq.first && !t->c[i]->sendq.first);
  }
}

START_TEST(many_to_many) {
  static const intgo sizes[] = {0, 1, 10};
  Traffic t = {.c = {ints(sizes[_i])}, .nchans = 1, .senders = 3, .each = 3000};
  run_traffic(&t, 3);
}
END_TEST

START_TEST(many_to_select) {
  static const intgo sizes[] = {0, 1, 10};
  Traffic t = {.c = {ints(sizes[_i]), ints(sizes[_i]), ints(0)},
               .nchans = 3,
               .senders = 3,
               .each = 2000,
               .select = true};
  run_traffic(&t, 3);
}
END_TEST

static void expect_closed(int i, void *arg) {
  ck_assert_int_eq(recv(((Hchan **)arg)[i % 2]), -1);
}

START_TEST(close_wakes_receivers) {
  Hchan *c[] = {ints(0), ints(3)};
  shim_go(6, expect_closed, c);
  shim_settle(6);
  closechan(c[0]);
  closechan(c[1]);
  shim_wait();
}
END_TEST

static void expect_panic(int i, void *arg) {
  Hchan *c = arg;
  int64_t v[2] = {1, 1};
  shim_text = "nothing";
  if (!setjmp(shim_panic)) {
    if (i % 2)
      select_of((Hchan *[]){c, c}, v, 2, 0, true);
    else
      chan_send(c, v, true);
  }
  ck_assert_str_eq(shim_text, "send on closed channel");
}

START_TEST(close_wakes_senders) {
  Hchan *c = ints(0);
  shim_go(6, expect_panic, c);
  shim_settle(6);
  closechan(c);
  shim_wait();
}
END_TEST

static void send_index(int i, void *arg) {
  send(arg, i);
}

START_TEST(waiting_sender_refills) { // the head goes out, the waiting sender's value in at the tail
  Hchan *c = ints(2);
  send(c, 100);
  send(c, 101);
  shim_go(1, send_index, c);
  shim_settle(1);
  ck_assert_int_eq(recv(c), 100);
  valid(c);
  ck_assert_int_eq(c->qcount, 2);
  ck_assert_int_eq(recv(c), 101);
  ck_assert_int_eq(recv(c), 0);
  shim_wait();
}
END_TEST

START_TEST(select_ready) { // a ready case is taken, each in its turn; none: default
  Hchan *c[] = {ints(1), ints(1), NULL, ints(1), ints(1)};
  int64_t v[5] = {7, 8, 9, 0, 0};
  int seen[5] = {0};
  send(c[0], 1); // full: cannot be sent to
  ck_assert_int_eq(select_of(c + 2, v, 1, 2, false).a, -1);
  send(c[3], 33);
  for (int i = 0; i < 200; i++) {
    Two r = select_of(c, v, 3, 2, true);
    ck_assert(r.a == 1 || r.a == 3);
    seen[r.a]++;
    ck_assert(r.a != 1 || recv(c[1]) == 8);
    ck_assert(r.a != 3 || (r.b && v[3] == 33));
    if (r.a == 3)
      send(c[3], 33);
  }
  ck_assert(seen[1] > 50 && seen[3] > 50);
  closechan(c[4]);
  recv(c[3]);
  recv(c[0]);
  send(c[0], 1);
  send(c[1], 1);
  Two r = select_of(c, v, 3, 2, true);
  ck_assert(r.a == 4 && r.b == 0);
}
END_TEST

static void wait_both(int i, void *arg) {
  (void)i;
  int64_t v[2] = {-1, -1};
  Two r = select_of(arg, v, 0, 2, true);
  ck_assert(r.a == 1 && r.b == 1 && v[1] == 5 && v[0] == -1);
}

START_TEST(select_leaves_other_queues) {
  Hchan *c[] = {ints(0), ints(0)};
  shim_go(1, wait_both, c);
  shim_settle(1);
  ck_assert(c[0]->recvq.first && c[1]->recvq.first);
  send(c[1], 5);
  shim_wait();
  ck_assert(!c[0]->recvq.first && !c[1]->recvq.first);
  int64_t v = 1;
  ck_assert(!chan_send(c[0], &v, false));
}
END_TEST

Suite *suite_chan(void);
Suite *suite_chan(void) {
  Suite *s = suite_create("chan");
  TCase *tc = tcase_create("chan");
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, buffer_model, 0, NTYPES);
  tcase_add_test(tc, received_slots_are_cleared);
  tcase_add_test(tc, closed);
  tcase_add_test(tc, nil_and_bad_size);
  tcase_add_test(tc, timer_channel);
  tcase_add_loop_test(tc, many_to_many, 0, 3);
  tcase_add_loop_test(tc, many_to_select, 0, 3);
  tcase_add_test(tc, close_wakes_receivers);
  tcase_add_test(tc, close_wakes_senders);
  tcase_add_test(tc, waiting_sender_refills);
  tcase_add_test(tc, select_ready);
  tcase_add_test(tc, select_leaves_other_queues);
  suite_add_tcase(s, tc);
  return s;
}
