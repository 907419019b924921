// golike.h: the runtime's functions as a Go-like C program calls them (compiled with -fsplit-stack, as Go code is).
#ifndef GOLIKE_H
#define GOLIKE_H
#include "runtime/runtime.h"
#define SYM(s) __asm__(s)
#define NOINL __attribute__((noinline))
typedef struct Two { intgo a, b; } Two;
typedef struct Hchan Hchan;
void printlock(void) SYM("runtime.printlock");
void printunlock(void) SYM("runtime.printunlock");
void printstring(const void *, intgo) SYM("runtime.printstring");
void printint(intgo) SYM("runtime.printint");
void printnl(void) SYM("runtime.printnl");
void newproc(FuncVal *) SYM("runtime.newproc");
Hchan *makechan(ChanType *, intgo) SYM("runtime.makechan");
void chansend1(Hchan *, void *) SYM("runtime.chansend1");
void chanrecv1(Hchan *, void *) SYM("runtime.chanrecv1");
intgo chanrecv2(Hchan *, void *) SYM("runtime.chanrecv2");
void closechan(Hchan *) SYM("runtime.closechan");
intgo selectnbsend(Hchan *, void *) SYM("runtime.selectnbsend");
Two selectnbrecv(void *, Hchan *) SYM("runtime.selectnbrecv");
Two selectgo(void *, uint16_t *, intgo, intgo, intgo) SYM("runtime.selectgo");
void block(void) SYM("runtime.block");
void gosched(void) SYM("runtime.Gosched");
void gosleep(intgo) SYM("time.Sleep");
intgo nanotime(void) SYM("runtime.nanotime");
void goexit(void) SYM("runtime.Goexit");
int checkpoint(DeferRecord *) SYM("runtime.checkpoint") __attribute__((returns_twice));
void deferproc(DeferRecord *, FuncVal *) SYM("runtime.deferproc");
void deferreturn(DeferRecord *) SYM("runtime.deferreturn");
void gopanic(RType *, void *) SYM("runtime.gopanic") __attribute__((noreturn));
Eface gorecover(void *) SYM("runtime.gorecover");
void panicindex(intgo, intgo) SYM("runtime.panicIndex") __attribute__((noreturn));
void panicnil(void) SYM("runtime.panicnil") __attribute__((noreturn));
void gogc(void) SYM("runtime.goc_stoptest");
intgo gomaxprocs(intgo) SYM("runtime.GOMAXPROCS");
void semacquire(uint32_t *) SYM("sync.runtime_Semacquire");
void semrelease(uint32_t *, intgo, intgo) SYM("sync.runtime_Semrelease");
void *newtimer(intgo, intgo, FuncVal *, void *, void *, void *) SYM("time.newTimer");
intgo stoptimer(void *) SYM("time.stopTimer");
void *mallocgc_(uintptr_t, RType *, uintptr_t) SYM("runtime.mallocgc");
void gomain(void) SYM("main.main");

static RType t_int = {.size = 8, .align = 8, .fieldalign = 8, .kind = KIND_INT};
static ChanType t_chan = {.t = {.size = 8, .ptrbytes = 8, .align = 8, .kind = KIND_CHAN | KIND_DIRECTIFACE}, .elem = &t_int, .dir = 3};
static inline void say(const char *s, intgo v) {
  printlock();
  printstring(s, (intgo)__builtin_strlen(s));
  printstring(" ", 1);
  printint(v);
  printnl();
  printunlock();
}
static inline void check(intgo ok, const char *what) {
  if (!ok) say(what, -1);
}
// argp of the function that expands this
#define ARGP() ((void **)__builtin_frame_address(0) + 1)
#endif
