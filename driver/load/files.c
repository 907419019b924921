// files.c: which files a package consists of, with their contents; the files that a GOROOT from
// golang-1.23-src lacks are made here.
#include "loadint.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

// Packages whose assembly is avoided by selecting files as on an architecture that has none.
static const char *const archless[] = {"internal/bytealg",     "math",         "hash/crc32",
                                       "internal/chacha8rand", "internal/abi", "reflect"};

typedef struct TagCtx {
  Loader *l;
  bool archless;
} TagCtx;

// linux/amd64 without cgo; `purego` and `math_big_pure_go` choose Go code where the library has
// assembly too.
static bool tag_set(void *ctx, const char *tag) {
  static const char *const on[] = {
      "linux", "unix", "gc", "purego", "math_big_pure_go", "goexperiment.coverageredesign"};
  TagCtx *t = ctx;
  for (size_t i = 0; i < LEN(on); i++)
    if (!strcmp(tag, on[i]))
      return true;
  if (!strcmp(tag, "amd64"))
    return !t->archless;
  if (!strncmp(tag, "go1.", 4)) {
    int minor = atoi(tag + 4);
    return minor >= 1 && minor <= 23 && !strchr(tag + 4, '.');
  }
  for (int i = 0; i < t->l->opt.ntags; i++)
    if (!strcmp(tag, t->l->opt.tags[i]))
      return true;
  return false;
}

// Relative to the working folder when the file is below it, as the go command shows it: "./x.go",
// "sub/x.go".
const char *shown_name(Loader *l, const char *path) {
  size_t n = strlen(l->cwd);
  if (!strncmp(path, l->cwd, n) && path[n] == '/')
    path += n + 1;
  while (!strncmp(path, "./", 2))
    path += 2;
  return strchr(path, '/') ? path : arena_printf(l->a, "./%s", path);
}

static UnitFile *add_source(Loader *l, Unit *u, const char *path, const char *shown,
                            const char *src, size_t len) {
  UnitFile *f = NEW(l->a, UnitFile);
  *f = (UnitFile){.path = path, .shown = shown, .src = src, .len = len};
  vec_push(l->a, &u->files, f);
  return f;
}

// Reads one file; constrained: skip it unless its constraint admits it.
static void add_file(Loader *l, Unit *u, const char *path, bool constrained, TagCtx *tags) {
  size_t len;
  struct stat st;
  bool there = stat(path, &st) == 0;
  if (there && S_ISDIR(st.st_mode))
    fatal("%s is a directory", shown_name(l, path));
  if (there && !S_ISREG(st.st_mode)) // a pipe would block
    fatal("%s is not a regular file", shown_name(l, path));
  char *src = file_read(path, &len);
  if (!src)
    fatal("cannot read %s: %s", shown_name(l, path), strerror(errno));
  int minor;
  if (!constraint_file(src, len, tag_set, tags, &minor) && constrained) {
    free(src);
    return;
  }
  UnitFile *f = add_source(l, u, path, u->is_std ? path : shown_name(l, path), src, len);
  if (minor && !u->is_std)
    f->goversion = arena_printf(l->a, "go1.%d", minor < 21 ? 21 : minor);
}

// Folders and pipes named x.go are no files of the package; links that lead nowhere are, to be
// reported.
static bool is_file(const char *path) {
  struct stat st;
  return stat(path, &st) != 0 || S_ISREG(st.st_mode);
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

// The .go files of a folder that belong to the build, sorted: the tests, or the others.
static void add_folder(Loader *l, Unit *u, const char *dir, TagCtx *tags, bool tests) {
  VEC(const char *) names = {0};
  DIR *d = opendir(dir);
  if (!d)
    return;
  for (struct dirent *e; (e = readdir(d));) {
    size_t n = strlen(e->d_name);
    if (n > 2 && !strcmp(e->d_name + n - 2, ".s") && e->d_name[0] != '_' && e->d_name[0] != '.')
      u->has_asm = true;
    if (n <= 3 || strcmp(e->d_name + n - 3, ".go") || e->d_name[0] == '_' || e->d_name[0] == '.')
      continue;
    if ((n > 8 && !strcmp(e->d_name + n - 8, "_test.go")) != tests)
      continue;
    if (!is_file(arena_printf(l->a, "%s/%s", dir, e->d_name)))
      continue;
    if (constraint_file_name(e->d_name, tags->archless ? "goc" : "amd64"))
      vec_push(l->a, &names, arena_strdup(l->a, e->d_name));
  }
  closedir(d);
  if (names.n)
    qsort(names.v, (size_t)names.n, sizeof(char *), by_name);
  for (int i = 0; i < names.n; i++)
    add_file(l, u, arena_printf(l->a, "%s/%s", dir, names.v[i]), true, tags);
}

static bool has_file(const Unit *u, const char *base) {
  for (int i = 0; i < u->files.n; i++) {
    const char *slash = strrchr(u->files.v[i]->path, '/');
    if (slash && !strcmp(slash + 1, base))
      return true;
  }
  return false;
}

// Files that the Go distribution generates when it is built, for a GOROOT that is sources alone.
static void add_generated(Loader *l, Unit *u) {
  static const char buildcfg[] =
      "package buildcfg\n\nimport \"runtime\"\n\nconst defaultGO386 = `softfloat`\nconst "
      "defaultGOAMD64 = `v1`\n"
      "const defaultGOARM = `7`\nconst defaultGOARM64 = `v8.0`\nconst defaultGOMIPS = `hardfloat`\n"
      "const defaultGOMIPS64 = `hardfloat`\nconst defaultGOPPC64 = `power8`\nconst "
      "defaultGORISCV64 = `rva20u64`\n"
      "const defaultGOEXPERIMENT = ``\nconst defaultGO_EXTLINK_ENABLED = ``\nconst defaultGO_LDSO "
      "= ``\n"
      "const version = `go1.23`\nconst defaultGOOS = runtime.GOOS\nconst defaultGOARCH = "
      "runtime.GOARCH\n";
  static const char cgo[] = "package build\n\nconst defaultCGO_ENABLED = \"\"\n";
  static const struct {
    const char *pkg, *file, *src;
  } made[] = {
      {"internal/buildcfg", "zbootstrap.go", buildcfg},
      {"go/build", "zcgo.go", cgo},
  };
  for (size_t i = 0; i < LEN(made); i++)
    if (!strcmp(u->path, made[i].pkg) && !has_file(u, made[i].file))
      add_source(l, u, "", arena_printf(l->a, "%s/%s", u->dir, made[i].file), made[i].src,
                 strlen(made[i].src));
}

// A file of the overlay stands for the file of the same name, or joins the package.
static void add_overlay(Loader *l, Unit *u, const Overlay *o, TagCtx *tags) {
  Unit extra = {.path = u->path, .dir = o->dir, .is_std = true};
  add_folder(l, &extra, o->dir, tags, false);
  for (int i = 0; i < extra.files.n; i++) {
    const char *base = strrchr(extra.files.v[i]->path, '/') + 1;
    int at = -1;
    for (int j = 0; j < u->files.n; j++) {
      const char *slash = strrchr(u->files.v[j]->path, '/');
      if (slash && !strcmp(slash + 1, base))
        at = j;
    }
    if (at >= 0)
      u->files.v[at] = extra.files.v[i];
    else
      vec_push(l->a, &u->files, extra.files.v[i]);
  }
}

static TagCtx tags_of(Loader *l, const Unit *u) {
  TagCtx tags = {l, false};
  for (size_t i = 0; i < LEN(archless); i++)
    tags.archless |= u->is_std && !strcmp(u->path, archless[i]);
  return tags;
}

void unit_test_files(Loader *l, Unit *u) {
  TagCtx tags = tags_of(l, u);
  add_folder(l, u, u->dir, &tags, true);
}

void unit_files(Loader *l, Unit *u, const char **names, int nnames) {
  TagCtx tags = tags_of(l, u);
  Overlay *o = u->is_std ? map_get(l->overlay, u->path) : NULL;
  if (names)
    for (int i = 0; i < nnames; i++)
      add_file(l, u, names[i], false, &tags);
  else if (!o || !o->whole)
    add_folder(l, u, u->dir, &tags, false);
  if (o)
    add_overlay(l, u, o, &tags);
  if (u->is_std)
    add_generated(l, u);
}
