// build.c: the plan of a build: which units come from the cache, which are compiled, in parallel,
// imports before importers.
#include "driver.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

const char *resource_dir(Arena *a) {
  char exe[4096];
  ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
  if (n < 0)
    fatal("cannot read /proc/self/exe: %s", strerror(errno));
  exe[n] = 0;
  char *slash = strrchr(exe, '/');
  *slash = 0;
  const char *const places[] = {exe, arena_printf(a, "%s/../lib/goc", exe)};
  for (size_t i = 0; i < LEN(places); i++)
    if (!access(arena_printf(a, "%s/libgocrt.a", places[i]), R_OK))
      return arena_strdup(a, places[i]);
  fatal("cannot find the runtime (libgocrt.a) beside %s/goc or in %s/../lib/goc", exe, exe);
}

void build_init(Build *b, Arena *a, Options *o) {
  *b = (Build){.a = a, .opt = o, .resdir = resource_dir(a)};
  types_init(a);
  diag_show_all(o->all_errors);
  LoadOptions lo = {.overlay = arena_printf(a, "%s/go", b->resdir),
                    .tags = o->tags,
                    .ntags = o->ntags,
                    .compile_only = o->compile_only};
  b->loader = load_new(a, &lo);
}

// One line on a terminal, once a build takes over a second: packages done of all, what is
// compiling.
typedef struct Progress {
  bool tty, shown;
  double start;
  int done, total;
} Progress;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void progress_show(Progress *p, const char *what) {
  if (!p->tty || now() - p->start < 1)
    return;
  fprintf(stderr, "\r\033[K%d/%d %s", p->done, p->total, what);
  p->shown = true;
}

static void progress_clear(Progress *p) {
  if (p->shown)
    fprintf(stderr, "\r\033[K");
  p->shown = false;
}

static bool ready(const Unit *u) {
  for (int i = 0; i < u->imports.n; i++)
    if (u->imports.v[i].unit && !job_of(u->imports.v[i].unit)->artifact)
      return false;
  return true;
}

static bool imports_failed(const Unit *u) {
  for (int i = 0; i < u->imports.n; i++)
    if (u->imports.v[i].unit && job_of(u->imports.v[i].unit)->failed)
      return true;
  return false;
}

static bool dumps(const Build *b, const Unit *u) {
  return u->is_named && (b->opt->dump & 0xff);
}

static bool embeds(const Unit *u) {
  for (int i = 0; i < u->files.n; i++)
    if (memmem(u->files.v[i]->src, u->files.v[i]->len, "//go:embed", 10))
      return true;
  return false;
}

// Starts a child that compiles the unit.
static void start(Build *b, Job *j) {
  if (b->opt->verbose)
    fprintf(stderr, "%s\n", j->unit->shown);
  parse_unit(b, j->unit);
  fflush(NULL);
  pid_t pid = fork();
  if (pid < 0)
    fatal("cannot start a process: %s", strerror(errno));
  if (pid == 0) {
    int status = compile_unit(b, j);
    fflush(NULL);
    _exit(status);
  }
  diag_reset(); // the child reports what parsing found
  j->pid = pid;
  j->running = true;
}

static void finish(Build *b, Job *j, int status) {
  j->running = false;
  if (WIFSIGNALED(status)) {
    fprintf(stderr, "goc: internal compiler error: package %s: %s\n", j->unit->shown,
            strsignal(WTERMSIG(status)));
    j->failed = true;
  } else if (WEXITSTATUS(status))
    j->failed = true;
  else if (!(j->artifact = cache_load(b, j->unit, j->key))) {
    fprintf(stderr, "goc: cannot write to the cache %s\n", cache_dir(b->a));
    j->failed = true;
  }
}

static Job *find_pid(Build *b, int pid) {
  for (int i = 0; i < b->units.n; i++)
    if (job_of(b->units.v[i])->running && job_of(b->units.v[i])->pid == pid)
      return job_of(b->units.v[i]);
  return NULL;
}

// Waits for one child; false when none is left.
static bool wait_one(Build *b, int *running, Progress *p) {
  int status;
  pid_t pid = waitpid(-1, &status, 0);
  if (pid < 0)
    return errno == EINTR;
  Job *j = find_pid(b, pid);
  if (!j)
    return true;
  progress_clear(p);
  finish(b, j, status);
  --*running;
  p->done++;
  return true;
}

// Checks the user's own packages, in a child: errors need not wait until all that is imported is
// compiled, which takes a minute when the cache is empty. false: there were errors.
static bool check_named(Build *b) {
  fflush(NULL);
  pid_t pid = fork();
  if (pid < 0)
    fatal("cannot start a process: %s", strerror(errno));
  if (pid == 0) {
    bool ok = true;
    for (int i = 0; i < b->units.n; i++) {
      Job *j = job_of(b->units.v[i]);
      if (j->unit->is_named)
        j->failed = imports_failed(j->unit) || !check_unit(b, j);
      ok &= !j->failed;
    }
    fflush(NULL);
    _exit(!ok);
  }
  int status;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR)
      return true;
  return !WIFEXITED(status) || WEXITSTATUS(status) != 1; // a crash comes back where it is reported
}

// Compiles what the cache does not have; a unit that fails keeps only its importers from being
// compiled, as in the go command.
static bool compile_all(Build *b) {
  Progress p = {isatty(2), false, now(), 0, b->units.n};
  int running = 0, jobs = b->opt->dump & 0xff ? 1 : b->opt->jobs;
  bool first = true; // nothing was started yet
  for (;;) {
    bool started = false, left = false;
    for (int i = 0; i < b->units.n; i++) {
      Unit *u = b->units.v[i];
      Job *j = job_of(u);
      if (j->artifact || j->running)
        continue;
      left = true;
      if (j->failed)
        continue;
      if (running >= jobs || !ready(u))
        continue;
      if (embeds(u))
        embed_files(b, u);
      j->key = cache_key(b, u);
      if (!dumps(b, u) && (j->artifact = cache_load(b, u, j->key))) {
        p.done++;
        started = true;
        continue;
      }
      if (first && !u->is_named && !check_named(b))
        return false;
      first = false;
      start(b, j);
      progress_show(&p, u->shown);
      running++;
      started = true;
    }
    if (started)
      continue;
    if (!running)
      return !left;
    if (!wait_one(b, &running, &p))
      return false;
  }
}

bool build_units(Build *b) {
  if (diag_count()) {
    diag_flush(stderr);
    return false;
  }
  for (int i = 0; i < b->units.n; i++) {
    Job *j = NEW(b->a, Job);
    j->unit = b->units.v[i];
    j->unit->user = j;
  }
  dump_titles(b->named.n > 1 || (b->opt->dump & 0x7f & ((b->opt->dump & 0x7f) - 1)));
  return compile_all(b);
}

bool build_all(Build *b) {
  b->units = load_packages(b->loader, b->opt->args, b->opt->nargs, &b->named);
  return build_units(b);
}
