// main.c: goc's commands. A build is: load, parse, check, generate, escape, optimise, emit for each
// package (compile.c), then link (link.c).
#include "driver.h"
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

// Trees are walked by recursion: a stack of 64 MB for hostile nesting; set before anything else, by
// running ourselves again.
static void want_stack(char **argv) {
  struct rlimit r;
  const rlim_t want = 64 << 20;
  if (getrlimit(RLIMIT_STACK, &r) || r.rlim_cur == RLIM_INFINITY || r.rlim_cur >= want)
    return;
  if (r.rlim_max != RLIM_INFINITY && r.rlim_max < want)
    return;
  r.rlim_cur = want;
  if (setrlimit(RLIMIT_STACK, &r) == 0)
    execv("/proc/self/exe", argv);
}

int main(int argc, char **argv) {
  want_stack(argv);
  if (argc < 2) {
    options_usage(stderr);
    return 2;
  }
  Arena *a = arena_new();
  const char *cmd = argv[1];
  if (!strcmp(cmd, "version"))
    return cmd_version();
  if (!strcmp(cmd, "env"))
    return cmd_env(a, argc - 2, argv + 2);
  if (!strcmp(cmd, "clean"))
    return cmd_clean(a, argc - 2, argv + 2);
  if (!strcmp(cmd, "help") || !strcmp(cmd, "-h") || !strcmp(cmd, "-help") ||
      !strcmp(cmd, "--help")) {
    options_usage(stdout);
    return 0;
  }
  static const struct {
    const char *name;
    int (*run)(Arena *, Options *);
  } builds[] = {{"build", cmd_build}, {"run", cmd_run}, {"test", cmd_test}, {"escape", cmd_escape}};
  for (size_t i = 0; i < LEN(builds); i++)
    if (!strcmp(cmd, builds[i].name)) {
      Options o = options_parse(a, cmd, argc - 2, argv + 2);
      return builds[i].run(a, &o);
    }
  fprintf(stderr, "goc %s: unknown command\nRun 'goc help' for usage.\n", cmd);
  return 2;
}
