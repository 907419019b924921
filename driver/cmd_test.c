// cmd_test.c: goc test: each package with its tests becomes a program, which is run in the
// package's folder; lines as go test prints them.
#include "driver.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

typedef VEC(char *) Argv;

static void test_args(Build *b, const char *exe, Argv *v) {
  Options *o = b->opt;
  Arena *a = b->a;
  vec_push(a, v, (char *)exe);
  vec_push(a, v, arena_strdup(a, "-test.paniconexit0"));
  vec_push(a, v, arena_printf(a, "-test.timeout=%s", o->timeout ? o->timeout : "10m0s"));
  if (o->verbose)
    vec_push(a, v, arena_strdup(a, "-test.v=true"));
  if (o->short_)
    vec_push(a, v, arena_strdup(a, "-test.short=true"));
  if (o->run)
    vec_push(a, v, arena_printf(a, "-test.run=%s", o->run));
  if (o->bench)
    vec_push(a, v, arena_printf(a, "-test.bench=%s", o->bench));
  if (o->count)
    vec_push(a, v, arena_printf(a, "-test.count=%s", o->count));
  vec_push(a, v, NULL);
}

// The folder in which a test runs is what $PWD says, too.
static bool enter(const char *dir) {
  if (chdir(dir))
    return false;
  char *abs = dir[0] == '/' ? strdup(dir) : realpath(".", NULL);
  return abs && setenv("PWD", abs, 1) == 0;
}

// Runs the program; what it prints goes through at once with -v or -bench, else only when it fails.
static int run_test(Build *b, Unit *u, const char *exe) {
  Argv v = {0};
  test_args(b, exe, &v);
  int fd[2];
  if (pipe(fd))
    fatal("cannot make a pipe: %s", strerror(errno));
  fflush(NULL);
  pid_t pid = fork();
  if (pid == 0) {
    dup2(fd[1], 1);
    dup2(fd[1], 2);
    close(fd[0]), close(fd[1]);
    if (!enter(u->dir))
      _exit(127);
    execv(exe, v.v);
    _exit(127);
  }
  close(fd[1]);
  bool through = b->opt->verbose || b->opt->bench;
  Buf out = {0};
  char text[8192];
  for (ssize_t n; (n = read(fd[0], text, sizeof text)) > 0;) {
    if (through && write(1, text, (size_t)n) < 0)
      break;
    buf_write(&out, text, (size_t)n);
  }
  close(fd[0]);
  int status;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
    ;
  if (WIFSIGNALED(status)) {
    buf_printf(&out, "signal: %s\n", strsignal(WTERMSIG(status)));
    if (through)
      printf("signal: %s\n", strsignal(WTERMSIG(status)));
  } else if (WEXITSTATUS(status) > 1) {
    buf_printf(&out, "exit status %d\n", WEXITSTATUS(status));
    if (through)
      printf("exit status %d\n", WEXITSTATUS(status));
  }
  if (status && !through)
    fwrite(buf_str(&out), 1, out.len, stdout);
  buf_free(&out);
  return status;
}

// One package, in a process of its own: its tests change what the import graph means.
static int test_package(Build *b, const char *arg) {
  double start = now();
  UnitList names = load_names(b->loader, &arg, 1);
  Unit *u = names.v[0], *main = NULL;
  bool any = false;
  b->units = load_test(b->loader, u, &main, &any);
  if (!any) {
    printf("?   \t%s\t[no test files]\n", u->shown);
    return 0;
  }
  if (!build_units(b)) {
    printf("FAIL\t%s [build failed]\n", u->shown);
    return 1;
  }
  b->named.n = 0;
  vec_push(b->a, &b->named, main);
  const char *tmp = getenv("TMPDIR");
  char *dir = arena_printf(b->a, "%s/goc-test-XXXXXX", tmp && *tmp ? tmp : "/tmp");
  if (!mkdtemp(dir))
    fatal("cannot make a temporary folder: %s", strerror(errno));
  const char *slash = strrchr(u->path, '/');
  const char *exe = arena_printf(b->a, "%s/%s.test", dir, slash ? slash + 1 : u->path);
  int status = 1;
  b->testing = true;
  bool linked = link_program(b, b->opt->compile_only && b->opt->out ? b->opt->out : exe);
  if (!linked)
    printf("FAIL\t%s [build failed]\n", u->shown);
  else if (b->opt->compile_only)
    status = 0;
  else {
    status = run_test(b, u, exe) ? 1 : 0;
    printf("%s\t%s\t%.3fs\n", status ? "FAIL" : "ok  ", u->shown, now() - start);
  }
  unlink(exe);
  rmdir(dir);
  return status;
}

static int fork_test(Arena *a, Options *o, const char *arg) {
  fflush(NULL);
  pid_t pid = fork();
  if (pid < 0)
    fatal("cannot start a process: %s", strerror(errno));
  if (pid == 0) {
    Build b;
    build_init(&b, a, o);
    int status = test_package(&b, arg);
    fflush(NULL);
    _exit(status);
  }
  int status;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
    ;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int cmd_test(Arena *a, Options *o) {
  LoadOptions lo = {
      .overlay = arena_printf(a, "%s/go", resource_dir(a)), .tags = o->tags, .ntags = o->ntags};
  UnitList names = load_names(load_new(a, &lo), o->args, o->nargs);
  int failed = 0;
  for (int i = 0; i < names.n; i++)
    failed |= fork_test(a, o, names.v[i]->is_std ? names.v[i]->path : names.v[i]->dir);
  if (failed)
    puts("FAIL");
  return failed;
}
