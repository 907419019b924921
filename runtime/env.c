// env.c: the environment and what it sets: GOMAXPROCS, GOGC, GOMEMLIMIT, GOTRACEBACK, GODEBUG (Go's
// names), GOCDEBUG (goc's own).
#include "runtime/sched.h"
#include <stdlib.h>
#include <string.h>

int32_t rt_argc;
char **rt_argv, **rt_envp;
uintptr_t rt_pagesize = 4096;
int32_t debug_gctrace, debug_schedtrace, debug_gcstress, debug_checkheap, debug_checkescape;
intgo env_gcpercent = 100;
int64_t env_memlimit = INT64_MAX;
int32_t traceback_level = 1;
bool traceback_crash;

const char *rt_getenv(const char *name) {
  size_t n = strlen(name);
  for (char **e = rt_envp; e && *e; e++) {
    if (strncmp(*e, name, n) == 0 && (*e)[n] == '=')
      return *e + n + 1;
  }
  return NULL;
}

static void parse_debug(const char *s) {
  static const struct {
    const char *name;
    int32_t *var;
  } vars[] = {
      {"gctrace", &debug_gctrace},         {"schedtrace", &debug_schedtrace},
      {"gcstress", &debug_gcstress},       {"checkheap", &debug_checkheap},
      {"checkescape", &debug_checkescape},
  };
  while (s && *s) {
    const char *end = strchrnul(s, ',');
    const char *eq = memchr(s, '=', (size_t)(end - s));
    for (size_t i = 0; eq && i < sizeof vars / sizeof *vars; i++) {
      size_t n = (size_t)(eq - s);
      if (strlen(vars[i].name) == n && memcmp(vars[i].name, s, n) == 0)
        *vars[i].var = (int32_t)strtol(eq + 1, NULL, 10);
    }
    s = *end ? end + 1 : end;
  }
}

// "off", or a number of bytes with B, KiB, MiB, GiB or TiB; -1: malformed.
static int64_t parse_bytes(const char *s) {
  char *end;
  if (*s < '0' || *s > '9')
    return -1;
  int64_t v = strtoll(s, &end, 10);
  static const char *const unit[] = {"KiB", "MiB", "GiB", "TiB"};
  if (!*end || strcmp(end, "B") == 0)
    return v;
  for (int i = 0; i < 4; i++) {
    if (strcmp(end, unit[i]) == 0)
      return v > INT64_MAX >> (10 * (i + 1)) ? INT64_MAX : v << (10 * (i + 1));
  }
  return -1;
}

static void parse_traceback(const char *s) {
  traceback_crash = false;
  if (!s || !*s)
    traceback_level = 1;
  else if (strcmp(s, "none") == 0)
    traceback_level = 0;
  else if (strcmp(s, "single") == 0)
    traceback_level = 1;
  else if (strcmp(s, "all") == 0)
    traceback_level = 2;
  else if (strcmp(s, "system") == 0)
    traceback_level = 3;
  else if (strcmp(s, "crash") == 0 || strcmp(s, "wer") == 0)
    traceback_level = 3, traceback_crash = true;
  else {
    long v = strtol(s, NULL, 10);
    traceback_level = v <= 0 ? 0 : v == 1 ? 1 : v == 2 ? 3 : 3;
  }
}

void env_init(void) {
  const char *s = rt_getenv("GOGC");
  if (s && *s)
    env_gcpercent = strcmp(s, "off") == 0 ? -1 : strtol(s, NULL, 10);
  s = rt_getenv("GOMEMLIMIT");
  if (s && *s && strcmp(s, "off") != 0) {
    env_memlimit = parse_bytes(s);
    if (env_memlimit < 0) {
      print_str("GOMEMLIMIT=");
      print_str(s);
      print_str("\n");
      throw("malformed GOMEMLIMIT; see `go doc runtime/debug.SetMemoryLimit`");
    }
  }
  parse_traceback(rt_getenv("GOTRACEBACK"));
  parse_debug(rt_getenv("GODEBUG"));
  parse_debug(rt_getenv("GOCDEBUG"));
  s = rt_getenv("GOMAXPROCS");
  gomaxprocs = ncpu;
  if (s && *s) {
    long n = strtol(s, NULL, 10);
    if (n > 0)
      gomaxprocs = n > MAXP ? MAXP : (int32_t)n;
  }
}

void runtime_setTraceback(const char *p, intgo n);
void runtime_setTraceback(const char *p, intgo n) {
  char b[16] = {0};
  if (n < 16)
    memcpy(b, p, (size_t)n);
  parse_traceback(b);
}
