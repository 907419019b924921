// RUN: %rtlink %t %s && not %t 2>&1 | FileCheck-19 %s
#include "Inputs/golike.h"
static Hchan *c;
static void waiter(void) {
  intgo v;
  chanrecv1(c, &v);
}
void gomain(void) {
  c = makechan(&t_chan, 0);
  FuncVal f = {(void *)waiter};
  newproc(&f);
  gosleep(1000000);
  block();
}
// CHECK: fatal error: all goroutines are asleep - deadlock!
// CHECK-EMPTY:
// CHECK: goroutine 1 [select (no cases)]:
// CHECK: goroutine 2 [chan receive]:
