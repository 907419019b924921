// embed.c: //go:embed: patterns to files, as the embed package documents them.
#include "load.h"
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool folder(const char *path) {
  struct stat st;
  return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool have(const EmbedFiles *out, const char *name) {
  for (int i = 0; i < out->n; i++)
    if (!strcmp(out->v[i].name, name))
      return true;
  return false;
}

// Adds the folders above name ("a/", "a/b/"), which embed.FS lists too.
static void add_parents(Arena *a, EmbedFiles *out, const char *name) {
  for (const char *p = name; (p = strchr(p, '/')) && p[1]; p++) {
    const char *dir = arena_strndup(a, name, (size_t)(p + 1 - name));
    if (!have(out, dir))
      vec_push(a, out, ((EmbedFile){dir, NULL, 0}));
  }
}

static void add_file(Arena *a, EmbedFiles *out, const char *path, const char *name, Pos pos,
                     bool dirs) {
  if (have(out, name))
    return;
  size_t len;
  char *data = file_read(path, &len);
  if (!data) {
    diag_error(pos, "cannot embed %s: %s", name, strerror(errno));
    return;
  }
  if (dirs)
    add_parents(a, out, name);
  vec_push(a, out, ((EmbedFile){name, data, len}));
}

// A folder stands for all files below it except those whose names begin with '.' or '_' (unless
// all:).
static void add_tree(Arena *a, EmbedFiles *out, const char *path, const char *name, Pos pos,
                     bool all, bool dirs) {
  struct dirent **list;
  int n = scandir(path, &list, NULL, alphasort);
  for (int i = 0; i < n; i++) {
    const char *e = list[i]->d_name;
    bool hidden = e[0] == '.' || e[0] == '_';
    if (strcmp(e, ".") && strcmp(e, "..") && (all || !hidden)) {
      const char *sub = arena_printf(a, "%s/%s", path, e),
                 *subname = arena_printf(a, "%s/%s", name, e);
      if (folder(sub)) {
        if (access(arena_printf(a, "%s/go.mod", sub), F_OK))
          add_tree(a, out, sub, subname, pos, all, dirs);
      } else
        add_file(a, out, sub, subname, pos, dirs);
    }
    free(list[i]);
  }
  if (n >= 0)
    free(list);
}

static bool bad_pattern(const char *p) {
  return !*p || *p == '/' || !strncmp(p, "../", 3) || strstr(p, "/../") || !strcmp(p, "..") ||
         strstr(p, "//");
}

static void add_pattern(Arena *a, EmbedFiles *out, const char *dir, const Embed *e, bool dirs) {
  const char *p = e->pattern;
  bool all = !strncmp(p, "all:", 4);
  p += all ? 4 : 0;
  if (bad_pattern(p)) {
    diag_error(e->pos, "pattern %s: invalid pattern syntax", e->pattern);
    return;
  }
  glob_t g;
  int before = out->n;
  if (glob(arena_printf(a, "%s/%s", dir, p), GLOB_PERIOD, NULL, &g) == 0)
    for (size_t i = 0; i < g.gl_pathc; i++) {
      const char *path = g.gl_pathv[i], *name = arena_strdup(a, path + strlen(dir) + 1);
      const char *base = strrchr(path, '/') + 1;
      if (!strcmp(base, ".") || !strcmp(base, ".."))
        continue;
      if (folder(path))
        add_tree(a, out, path, name, e->pos, all, dirs);
      else
        add_file(a, out, path, name, e->pos, dirs);
    }
  globfree(&g);
  if (out->n == before)
    diag_error(e->pos, "pattern %s: no matching files found", e->pattern);
}

// embed.FS wants its files sorted by folder, then by name in it.
static int by_folder(const void *x, const void *y) {
  const char *a = ((const EmbedFile *)x)->name, *b = ((const EmbedFile *)y)->name;
  size_t na = strlen(a), nb = strlen(b);
  na -= na && a[na - 1] == '/';
  nb -= nb && b[nb - 1] == '/';
  size_t da = na, db = nb; // where the base name begins
  while (da && a[da - 1] != '/')
    da--;
  while (db && b[db - 1] != '/')
    db--;
  size_t m = da < db ? da : db;
  int c = memcmp(a, b, m);
  if (c || da != db)
    return c ? c : da < db ? -1 : 1;
  size_t ba = na - da, bb = nb - db;
  c = memcmp(a + da, b + db, ba < bb ? ba : bb);
  return c ? c : ba < bb ? -1 : ba > bb;
}

EmbedFiles embed_resolve(Arena *a, const char *dir, const Embed *patterns, int n, bool dirs) {
  EmbedFiles out = {0};
  for (int i = 0; i < n; i++)
    add_pattern(a, &out, dir, &patterns[i], dirs);
  if (out.n)
    qsort(out.v, (size_t)out.n, sizeof(EmbedFile), by_folder);
  return out;
}
