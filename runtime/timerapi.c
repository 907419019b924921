// timerapi.c: time.Sleep on the goroutine's stack.
#include "runtime/sched.h"
#include "runtime/timer.h"

struct SleepArg {
  int64_t ns, when;
};
uintptr_t sleep_prepare(G *g, struct SleepArg *a);
extern bool (*const sleep_unlockf)(G *, void *);

void time_sleep(int64_t ns) ASMLABEL("time.Sleep");
void time_sleep(int64_t ns) {
  if (ns <= 0)
    return;
  struct SleepArg a = {ns, 0};
  systemcall((void *)sleep_prepare, getg(), &a);
  gopark(sleep_unlockf, &a.when, "sleep");
}
