// shim_sched.h: threads that stand for goroutines in the unit tests of channels and run queues.
#ifndef GOC_SHIM_SCHED_H
#define GOC_SHIM_SCHED_H

#include "runtime/internal.h"

enum { SHIM_THREADS = 16 };
typedef void ShimFn(int i, void *arg);

// Starts n threads, each with a G of its own, which call fn(0, arg) to fn(n-1, arg).
void shim_go(int n, ShimFn *fn, void *arg);
void shim_wait(void);    // until all have returned
int shim_parked(void);   // how many are parked now
void shim_settle(int n); // waits until n are parked

#endif
