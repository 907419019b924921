// cmd_env.c: goc version, goc env, goc clean.
#include "driver.h"
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int cmd_version(void) {
  printf("goc version go1.23 linux/amd64 (LLVM %d)\n", 19);
  return 0;
}

int cmd_env(Arena *a, int argc, char **argv) {
  Loader *l = load_new(a, &(LoadOptions){0});
  const char *home = getenv("HOME"), *path = getenv("GOPATH"), *flags = getenv("GOFLAGS");
  const struct {
    const char *name, *value;
  } vars[] = {
      {"CGO_ENABLED", "0"},
      {"GOARCH", "amd64"},
      {"GOCCACHE", cache_dir(a)},
      {"GOFLAGS", flags ? flags : ""},
      {"GOOS", "linux"},
      {"GOPATH", path && *path ? path : arena_printf(a, "%s/go", home ? home : "")},
      {"GOROOT", load_goroot(l)},
      {"GOVERSION", "go1.23"},
      {"GOMOD", load_modroot(l) ? arena_printf(a, "%s/go.mod", load_modroot(l)) : "/dev/null"}};
  if (!argc)
    for (size_t i = 0; i < LEN(vars); i++)
      printf("%s='%s'\n", vars[i].name, vars[i].value);
  for (int k = 0; k < argc; k++) {
    const char *v = "";
    for (size_t i = 0; i < LEN(vars); i++)
      if (!strcmp(argv[k], vars[i].name))
        v = vars[i].value;
    puts(v);
  }
  return 0;
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *f) {
  (void)st, (void)kind;
  return f->level ? remove(path) : 0;
}

// goc clean [-cache]: removes what the cache holds.
int cmd_clean(Arena *a, int argc, char **argv) {
  if (argc && strcmp(argv[0], "-cache")) {
    fprintf(stderr, "goc: flag provided but not defined: %s\n", argv[0]);
    return 2;
  }
  nftw(cache_dir(a), remove_entry, 16, FTW_DEPTH | FTW_PHYS);
  return 0;
}
