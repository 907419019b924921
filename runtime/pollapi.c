// pollapi.c: internal/poll's waits on the goroutine's stack.
#include "runtime/sched.h"

typedef struct PollDesc PollDesc;
intgo poll_prepare(PollDesc *pd, int64_t mode);
intgo poll_finish(PollDesc *pd, int64_t mode);
intgo poll_check(PollDesc *pd, int64_t mode);
bool poll_commit(G *g, void *arg);
struct PollWait {
  PollDesc *pd;
  int64_t mode;
};

static bool wait(PollDesc *pd, int64_t mode) {
  struct PollWait pw = {pd, mode};
  if (systemcall((void *)poll_prepare, pd, (void *)mode))
    return true;
  uint32_t err = (uint32_t)systemcall((void *)poll_check, pd,
                                      (void *)mode); // again, now that we are to be seen as waiting
  if (err == 0)
    gopark(poll_commit, &pw, "IO wait");
  return systemcall((void *)poll_finish, pd, (void *)mode);
}

intgo poll_wait(PollDesc *pd, int32_t mode) ASMLABEL("internal/poll.runtime_pollWait");
intgo poll_wait(PollDesc *pd, int32_t mode) {
  intgo err = (intgo)systemcall((void *)poll_check, pd, (void *)(intgo)mode);
  if (err)
    return err;
  while (!wait(pd, mode)) {
    err = (intgo)systemcall((void *)poll_check, pd, (void *)(intgo)mode);
    if (err)
      return err;
  }
  return 0;
}

void poll_waitcanceled(PollDesc *pd, int32_t mode)
    ASMLABEL("internal/poll.runtime_pollWaitCanceled");
void poll_waitcanceled(PollDesc *pd, int32_t mode) {
  while (!wait(pd, mode)) {
  }
}
