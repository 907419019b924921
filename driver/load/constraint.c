// constraint.c: which files of a folder belong to the build: GOOS and GOARCH in file names,
// //go:build lines.
#include "load.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

// Words that count as operating system or architecture in a file name (internal/syslist of
// Go 1.23).
static const char *const known_os[] = {
    "aix",   "android", "darwin", "dragonfly", "freebsd", "hurd",    "illumos", "ios",     "js",
    "linux", "nacl",    "netbsd", "openbsd",   "plan9",   "solaris", "wasip1",  "windows", "zos"};
static const char *const known_arch[] = {
    "386",     "amd64",  "amd64p32", "arm",      "armbe",     "arm64",       "arm64be", "loong64",
    "mips",    "mipsle", "mips64",   "mips64le", "mips64p32", "mips64p32le", "ppc",     "ppc64",
    "ppc64le", "riscv",  "riscv64",  "s390",     "s390x",     "sparc",       "sparc64", "wasm"};

static bool word_in(const char *const *list, size_t n, const char *w, size_t len) {
  for (size_t i = 0; i < n; i++)
    if (strlen(list[i]) == len && !memcmp(list[i], w, len))
      return true;
  return false;
}
static bool is_os(const char *w, size_t n) {
  return word_in(known_os, LEN(known_os), w, n);
}
static bool is_arch(const char *w, size_t n) {
  return word_in(known_arch, LEN(known_arch), w, n);
}
static bool same(const char *want, const char *w, size_t n) {
  return strlen(want) == n && !memcmp(want, w, n);
}

// name_GOOS.go, name_GOARCH.go, name_GOOS_GOARCH.go; what stands before the first underscore never
// counts; _test is cut.
bool constraint_file_name(const char *name, const char *arch) {
  size_t n = strcspn(name, ".");
  const char *first = memchr(name, '_', n);
  if (!first)
    return true;
  const char *end = name + n;
  if (end - first >= 5 && !memcmp(end - 5, "_test", 5))
    end -= 5;
  const char *last = NULL, *before = NULL; // the last two words
  for (const char *p = first; p < end; p++)
    if (*p == '_') {
      before = last;
      last = p + 1;
    }
  if (!last)
    return true;
  size_t nlast = (size_t)(end - last);
  if (before) {
    size_t nbefore = (size_t)(last - 1 - before);
    if (is_os(before, nbefore) && is_arch(last, nlast))
      return same("linux", before, nbefore) && same(arch, last, nlast);
  }
  if (is_os(last, nlast))
    return same("linux", last, nlast);
  if (is_arch(last, nlast))
    return same(arch, last, nlast);
  return true;
}

// A recursive descent over the expression of a //go:build line.
typedef struct Eval {
  const char *p, *end;
  TagFn tag;
  void *ctx;
  bool bad;
  int depth;
} Eval;

// What an expression says: its value, and the least go1.N that it implies (0: none).
typedef struct Value {
  bool ok;
  int minor;
} Value;

static Value eval_or(Eval *e);

static void skip_blank(Eval *e) {
  while (e->p < e->end && (*e->p == ' ' || *e->p == '\t'))
    e->p++;
}

static Value eval_paren(Eval *e) {
  e->p++;
  e->depth++;
  Value v = eval_or(e);
  e->depth--;
  skip_blank(e);
  if (e->p < e->end && *e->p == ')')
    e->p++;
  else
    e->bad = true;
  return v;
}

static Value eval_atom(Eval *e) {
  skip_blank(e);
  if (e->p < e->end && *e->p == '(' && e->depth < 100)
    return eval_paren(e);
  const char *s = e->p;
  while (e->p < e->end && (isalnum((unsigned char)*e->p) || *e->p == '_' || *e->p == '.' ||
                           (unsigned char)*e->p >= 0x80))
    e->p++;
  if (s == e->p) {
    e->bad = true;
    return (Value){false, 0};
  }
  char tag[128];
  size_t n = (size_t)(e->p - s) < sizeof tag - 1 ? (size_t)(e->p - s) : sizeof tag - 1;
  memcpy(tag, s, n);
  tag[n] = 0;
  int minor = !strncmp(tag, "go1.", 4) ? atoi(tag + 4) : 0;
  return (Value){e->tag(e->ctx, tag), minor};
}

static Value eval_not(Eval *e) {
  bool neg = false, any = false;
  for (skip_blank(e); e->p < e->end && *e->p == '!'; skip_blank(e)) {
    neg = !neg;
    any = true;
    e->p++;
  }
  Value v = eval_atom(e);
  return any ? (Value){v.ok != neg, 0} : v;
}

static bool op(Eval *e, char c) {
  skip_blank(e);
  if (e->end - e->p < 2 || e->p[0] != c || e->p[1] != c)
    return false;
  e->p += 2;
  return true;
}

// a && b needs both: the later version holds; a || b either: the earlier.
static Value eval_and(Eval *e) {
  Value v = eval_not(e);
  while (!e->bad && op(e, '&')) {
    Value w = eval_not(e);
    v.ok = v.ok && w.ok;
    v.minor = v.minor > w.minor ? v.minor : w.minor;
  }
  return v;
}

static Value eval_or(Eval *e) {
  Value v = eval_and(e);
  while (!e->bad && op(e, '|')) {
    Value w = eval_and(e);
    v.ok = v.ok || w.ok;
    v.minor = v.minor < w.minor ? v.minor : w.minor;
  }
  return v;
}

// Finds the //go:build line: before the package clause, among comments and blank lines only.
static const char *find_build_line(const char *src, size_t len, size_t *n) {
  const char *p = src, *end = src + len;
  if (len >= 3 && !memcmp(p, "\xef\xbb\xbf", 3))
    p += 3;
  bool block = false; // inside /* */
  while (p < end) {
    const char *eol = memchr(p, '\n', (size_t)(end - p));
    if (!eol)
      eol = end;
    const char *s = p;
    while (s < eol && isspace((unsigned char)*s))
      s++;
    if (block || (eol - s >= 2 && s[0] == '/' && s[1] == '*')) {
      const char *from = block ? s : s + 2;
      block = !(from < eol && memmem(from, (size_t)(eol - from), "*/", 2));
    } else if (eol - s > 10 && !memcmp(s, "//go:build", 10) && isspace((unsigned char)s[10])) {
      *n = (size_t)(eol - s - 10);
      return s + 10;
    } else if (s < eol && !(eol - s >= 2 && s[0] == '/' && s[1] == '/'))
      return NULL;
    p = eol + 1;
  }
  return NULL;
}

bool constraint_file(const char *src, size_t len, TagFn tag, void *ctx, int *minor) {
  size_t n;
  const char *line = find_build_line(src, len, &n);
  *minor = 0;
  if (!line)
    return true;
  while (n && isspace((unsigned char)line[n - 1]))
    n--;
  Eval e = {line, line + n, tag, ctx, false, 0};
  Value v = eval_or(&e);
  skip_blank(&e);
  if (e.bad || e.p != e.end)
    return true; // not a valid line: go vet's business, the file is in
  *minor = v.minor;
  return v.ok;
}
