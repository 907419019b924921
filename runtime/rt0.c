// rt0.c: from C's main to Go's: start-up order, the main goroutine, exit.
#include "runtime/sched.h"
#include <stdlib.h>
#include <unistd.h>

// abi.md: the slots are unused by the C library; a new version may change that.
static void check_slots(void) {
  for (uintptr_t off = TLS_FIRST; off < TLS_END; off += 8) {
    if (TLS(uintptr_t, off) != 0) {
      static const char text[] =
          "fatal error: thread control block is in use where the runtime keeps its words\n";
      if (write(2, text, sizeof text - 1) < 0)
        _exit(2);
      _exit(2);
    }
  }
}

void rt_exit(int code) {
  _exit(code);
}

void runtime_exit(int64_t code);
void runtime_exit(int64_t code) {
  rt_exit((int)code);
}

void runtime_main_go(void); // gsched.c: gstack
static FuncVal main_fn = {(void *)runtime_main_go};

int main(int argc, char **argv, char **envp) {
  rt_argc = argc;
  rt_argv = argv;
  rt_envp = envp;
  rt_pagesize = (uintptr_t)sysconf(_SC_PAGESIZE);
  check_slots();
  ncpu = os_ncpu();
  sched.maxm = 10000;
  sched.mcount = 1;
  sched.lastpoll = nanotime();
  signal_init();
  m_init(&m0);
  env_init();
  heap_init();
  procs_init(gomaxprocs);
  main_g = newproc1(&main_fn, 0, false);
  if (main_g->stack0)
    seg_free(main_g->stack0);
  main_g->stack0 = seg_alloc(65536);
  stack_start(main_g, (void *)goc_gostart, &main_fn);
  main_g->status = G_RUNNABLE;
  runq_put(getp(), main_g, true);
  goc_mstart();
}
