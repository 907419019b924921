// cmd_build.c: goc build and goc run.
#include "driver.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static Unit *main_unit(Build *b) {
  for (int i = 0; i < b->named.n; i++)
    if (b->named.v[i]->name == atom("main"))
      return b->named.v[i];
  return NULL;
}

// As go build: the first file's name, or the last element of the import path.
static const char *default_out(Build *b, Unit *u) {
  const char *s = u->path;
  if (!strcmp(s, "command-line-arguments"))
    s = u->files.v[0]->path;
  const char *slash = strrchr(s, '/');
  s = slash ? slash + 1 : s;
  size_t n = strlen(s);
  if (n > 3 && !strcmp(s + n - 3, ".go"))
    n -= 3;
  return arena_strndup(b->a, s, n);
}

// Into a folder the program goes by its own name; folders that are missing are made, as the go
// command does.
static bool link_to(Build *b, const char *out) {
  struct stat st;
  bool folder = out[strlen(out) - 1] == '/';
  if (folder || (stat(out, &st) == 0 && S_ISDIR(st.st_mode)))
    out = arena_printf(b->a, folder ? "%s%s" : "%s/%s", out, default_out(b, main_unit(b)));
  char *slash = strrchr(out, '/');
  char *parent = slash && slash > out ? arena_strndup(b->a, out, (size_t)(slash - out)) : NULL;
  if (parent && !make_dirs(parent))
    fatal("cannot write %s: %s", out, strerror(errno));
  bool device = stat(out, &st) == 0 && !S_ISREG(st.st_mode);
  if (!device && access(parent ? parent : slash ? "/" : ".", W_OK | X_OK))
    fatal("cannot write %s: %s", out, strerror(errno));
  return link_program(b, out);
}

int cmd_build(Arena *a, Options *o) {
  Build b;
  build_init(&b, a, o);
  if (!build_all(&b))
    return 1;
  Unit *u = main_unit(&b);
  if (o->compile_only || !u || (b.named.n > 1 && !o->out))
    return 0;
  return link_to(&b, o->out ? o->out : default_out(&b, u)) ? 0 : 1;
}

// Runs the program and reports its end as go run does.
static int run_program(const char *exe, const char **args, int nargs, const char *name) {
  char **argv = xmalloc((size_t)(nargs + 2) * sizeof(char *));
  argv[0] = (char *)name;
  for (int i = 0; i < nargs; i++)
    argv[i + 1] = (char *)args[i];
  argv[nargs + 1] = NULL;
  pid_t pid = fork();
  if (pid == 0) {
    execv(exe, argv);
    fprintf(stderr, "goc: cannot run %s: %s\n", exe, strerror(errno));
    _exit(1);
  }
  free(argv);
  signal(SIGINT, SIG_IGN);
  int status;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
    ;
  if (WIFSIGNALED(status)) {
    fprintf(stderr, "signal: %s\n", strsignal(WTERMSIG(status)));
    return 1;
  }
  if (WEXITSTATUS(status))
    fprintf(stderr, "exit status %d\n", WEXITSTATUS(status));
  return WEXITSTATUS(status) ? 1 : 0;
}

int cmd_run(Arena *a, Options *o) {
  Build b;
  if (!o->nargs) {
    fprintf(stderr, "goc: no go files listed\n");
    return 1;
  }
  build_init(&b, a, o);
  if (!build_all(&b))
    return 1;
  Unit *u = main_unit(&b);
  if (!u) {
    fprintf(stderr, "package %s is not a main package\n",
            b.named.n ? b.named.v[0]->shown : o->args[0]);
    return 1;
  }
  const char *tmp = getenv("TMPDIR");
  char *dir = arena_printf(a, "%s/goc-run-XXXXXX", tmp && *tmp ? tmp : "/tmp");
  if (!mkdtemp(dir))
    fatal("cannot make a temporary folder: %s", strerror(errno));
  const char *exe = arena_printf(a, "%s/%s", dir, default_out(&b, u));
  int status = 1;
  if (link_program(&b, exe))
    status = run_program(exe, o->progargs, o->nprogargs, exe);
  unlink(exe);
  rmdir(dir);
  return status;
}
