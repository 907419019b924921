// timer.h: the object behind a *time.Timer, and what timer.c and chan.c need of each other.
#ifndef GOC_TIMER_H
#define GOC_TIMER_H

#include "runtime/internal.h"

typedef struct TimeTimer { // prefix as package time declares Timer and Ticker
  void *c;
  bool init;
  Timer t;
} TimeTimer;

bool chan_drain(Hchan *c); // chanapi: empties a timer's channel; true: there was a value
void timers_drop(bool (*marked)(uintptr_t)); // world stopped, all is marked: forgets dead timers
void netpoll_start(void);                    // netpoll.c: once

#endif
