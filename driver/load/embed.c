// embed.c: //go:embed: patterns to files, by the rules and in the words of the go command.
//
// A pattern is matched element by element against the package's folder. A folder stands for the
// files below it, hidden ones left out unless the pattern begins with "all:".
#include "load.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Walk {
  Arena *a;
  const char *dir; // of the package
  const Embed *e;
  bool all;
  bool failed; // an error was queued
  EmbedFiles *out;
} Walk;

static void fail(Walk *w, const char *what) {
  if (!w->failed)
    diag_error(w->e->at, "pattern %s: %s", w->e->pattern, what);
  w->failed = true;
}

static const char *in_dir(Walk *w, const char *name) {
  return *name ? arena_printf(w->a, "%s/%s", w->dir, name) : w->dir;
}

// File type bits of a name, 0 if there is no such file.
static mode_t mode_of(Walk *w, const char *name) {
  struct stat st;
  return lstat(in_dir(w, name), &st) == 0 ? st.st_mode & S_IFMT : 0;
}

static bool is_module(Walk *w, const char *name) {
  return mode_of(w, arena_printf(w->a, "%s/go.mod", name)) != 0;
}

// Names that no module may have, and folders of version control.
static bool is_bad_name(const char *name) {
  static const char *const vcs[] = {"", ".bzr", ".hg", ".git", ".svn"};
  for (size_t i = 0; i < LEN(vcs); i++)
    if (!strcmp(name, vcs[i]))
      return true;
  size_t n = strlen(name);
  return name[n - 1] == '.' || strpbrk(name, "\"'*<>?`|/\\:");
}

// ---- files

static void add_file(Walk *w, const char *name) {
  for (int i = 0; i < w->out->n; i++)
    if (!strcmp(w->out->v[i].name, name))
      return;
  size_t len;
  char *data = file_read(in_dir(w, name), &len);
  if (!data) {
    fail(w, arena_printf(w->a, "cannot embed file %s: %s", name, strerror(errno)));
    return;
  }
  vec_push(w->a, w->out, ((EmbedFile){name, data, len}));
}

// Adds the files below a folder; gives their number.
static int add_tree(Walk *w, const char *name) {
  struct dirent **list;
  int n = scandir(in_dir(w, name), &list, NULL, alphasort), added = 0;
  for (int i = 0; i < n; i++) {
    const char *e = list[i]->d_name, *sub = arena_printf(w->a, "%s/%s", name, e);
    bool hidden = !w->all && (e[0] == '.' || e[0] == '_');
    if (!hidden && strcmp(e, ".") && strcmp(e, "..") && !is_bad_name(e)) {
      mode_t mode = mode_of(w, sub);
      if (mode == S_IFDIR && !is_module(w, sub))
        added += add_tree(w, sub);
      else if (mode == S_IFREG) {
        add_file(w, sub);
        added++;
      }
    }
    free(list[i]);
  }
  if (n >= 0)
    free(list);
  return added;
}

static bool allowed(Walk *w, const char *name, const char *what) {
  for (const char *d = name;;) {
    const char *slash = strrchr(d, '/'), *base = slash ? slash + 1 : d;
    const char *why = NULL;
    if (mode_of(w, d) == S_IFDIR && is_module(w, d))
      why = "in different module";
    else if (is_bad_name(base))
      why = d == name ? arena_printf(w->a, "invalid name %s", base)
                      : arena_printf(w->a, "in invalid directory %s", base);
    if (why) {
      fail(w, arena_printf(w->a, "cannot embed %s %s: %s", what, name, why));
      return false;
    }
    if (!slash)
      return true;
    d = arena_strndup(w->a, d, (size_t)(slash - d));
  }
}

// A name that matches the pattern.
static void add_match(Walk *w, const char *name) {
  mode_t mode = mode_of(w, name);
  if (!allowed(w, name, mode == S_IFDIR ? "directory" : "file"))
    return;
  if (mode == S_IFREG)
    add_file(w, name);
  else if (mode != S_IFDIR)
    fail(w, arena_printf(w->a, "cannot embed irregular file %s", name));
  else if (!add_tree(w, name))
    fail(w, arena_printf(w->a, "cannot embed directory %s: contains no embeddable files", name));
}

// ---- patterns: '*' '?' '[' [ '^' ] { character-range } ']' '\\' c c

// One character of a class or a pattern; NULL: the pattern ends too early.
static const char *pattern_char(const char *p, const char *end, int *c) {
  if (p < end && *p == '\\')
    p++;
  if (p >= end)
    return NULL;
  int w;
  *c = (int)utf8_decode(p, (size_t)(end - p), &w);
  return p + w;
}

// Behind the class that begins at p; NULL: malformed.
static const char *match_class(const char *p, const char *end, int c, bool *yes) {
  bool negated = ++p < end && *p == '^', in = false;
  p += negated;
  for (int n = 0; p < end && (*p != ']' || n == 0); n++) {
    int lo, hi;
    if (*p == '-' || *p == ']' || !(p = pattern_char(p, end, &lo)))
      return NULL;
    hi = lo;
    if (p < end && *p == '-' &&
        (p + 1 >= end || p[1] == ']' || p[1] == '-' || !(p = pattern_char(p + 1, end, &hi))))
      return NULL;
    in |= lo <= c && c <= hi;
  }
  *yes = in != negated;
  return p < end ? p + 1 : NULL;
}

// Whether an element of a name matches one of a well-formed pattern.
static bool match(const char *p, const char *end, const char *s) {
  while (p < end && *p != '*') {
    int w, want = 0, c = (int)utf8_decode(s, strlen(s), &w);
    bool yes = *s != 0;
    if (*p == '?')
      p++;
    else if (*p == '[')
      p = match_class(p, end, c, &yes);
    else {
      p = pattern_char(p, end, &want);
      yes = want == c;
    }
    if (!yes || !*s)
      return false;
    s += w;
  }
  if (p == end)
    return !*s;
  for (; !match(p + 1, end, s); s++)
    if (!*s)
      return false;
  return true;
}

static bool is_valid_element(const char *p, const char *end) {
  if (p == end || (end - p <= 2 && !strncmp(p, "..", (size_t)(end - p))))
    return false;
  while (p && p < end) {
    bool yes;
    int c;
    p = *p == '[' ? match_class(p, end, 0, &yes) : pattern_char(p, end, &c);
  }
  return p != NULL;
}

static bool is_valid_pattern(const char *p) {
  for (;;) {
    const char *end = p + strcspn(p, "/");
    if (!is_valid_element(p, end))
      return false;
    if (!*end)
      return true;
    p = end + 1;
  }
}

// Finds what the pattern p names below the folder `name`.
static bool glob(Walk *w, const char *name, const char *p) {
  const char *end = p + strcspn(p, "/");
  struct dirent **list;
  int n = scandir(in_dir(w, name), &list, NULL, alphasort);
  bool found = false;
  for (int i = 0; i < n; i++) {
    const char *e = list[i]->d_name,
               *sub = *name ? arena_printf(w->a, "%s/%s", name, e) : arena_strdup(w->a, e);
    if (strcmp(e, ".") && strcmp(e, "..") && match(p, end, e)) {
      if (*end)
        found |= glob(w, sub, end + 1);
      else {
        add_match(w, sub);
        found = true;
      }
    }
    free(list[i]);
  }
  if (n >= 0)
    free(list);
  return found;
}

EmbedFiles embed_resolve(Arena *a, const char *dir, const EmbedList *patterns) {
  EmbedFiles out = {0};
  for (int i = 0; i < patterns->n; i++) {
    Walk w = {.a = a, .dir = dir, .e = &patterns->v[i], .out = &out};
    const char *p = w.e->pattern;
    w.all = !strncmp(p, "all:", 4);
    p += w.all ? 4 : 0;
    if (!is_valid_pattern(p))
      fail(&w, "invalid pattern syntax");
    else if (!glob(&w, "", p))
      fail(&w, "no matching files found");
  }
  return out;
}
