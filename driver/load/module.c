// module.c: where packages stand: GOROOT and its vendor folder, the main module and its vendor
// folder, replaced modules, the module cache, GOPATH when modules are off. Everything is only read,
// and nothing is ever fetched.
#include "loadint.h"
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { GO_MINOR = 23 }; // goc is Go 1.23

bool is_dir(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

// The version that a GOROOT's sources have: N of `const Version = N` in internal/goversion; -1:
// this is no GOROOT.
static int goroot_minor(Arena *a, const char *root) {
  size_t n;
  char *s = file_read(arena_printf(a, "%s/src/internal/goversion/goversion.go", root), &n);
  if (!s)
    return -1;
  const char *v = strstr(s, "const Version = ");
  int minor = v ? atoi(v + 16) : -1;
  free(s);
  return minor;
}

const char *find_goroot(Arena *a, const char *given) {
  static const char *const places[] = {"/usr/share/go-1.23", "/usr/lib/go-1.23", "/usr/local/go"};
  if (!given || !*given)
    given = getenv("GOROOT");
  if (given && *given) {
    int minor = goroot_minor(a, given);
    if (minor < 0)
      fatal("GOROOT=%s has no Go sources (src/internal/goversion): install golang-1.23-src or set "
            "GOROOT to a Go 1.23 tree",
            given);
    if (minor != GO_MINOR)
      fatal("GOROOT=%s is Go 1.%d, goc needs Go 1.23", given, minor);
    return given;
  }
  for (size_t i = 0; i < LEN(places); i++)
    if (goroot_minor(a, places[i]) == GO_MINOR)
      return places[i];
  fatal("cannot find the Go 1.23 sources in /usr/share/go-1.23 or /usr/lib/go-1.23: install "
        "golang-1.23-src or set GOROOT");
}

// ---- go.mod

// The lines of a go.mod, one directive at a time, blocks opened up.
typedef struct ModScanner {
  Arena *a;
  const char *name;  // of the file in messages; NULL: nothing in it is an error (a dependency's)
  const char *p;     // what is left
  int line;          // of the words read last
  const char *block; // "require" inside its parentheses
  int blockline;
} ModScanner;

// What is wrong in the main module's go.mod ends the build, in the go command's words.
static void mod_error(const ModScanner *s, const char *fmt, ...) PRINTF(2, 3);
static void mod_error(const ModScanner *s, const char *fmt, ...) {
  if (!s->name)
    return;
  Buf b = {0};
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(&b, fmt, ap);
  va_end(ap);
  fatal("%s:%d: %s", s->name, s->line, buf_str(&b));
}

static void mod_check_text(ModScanner *s, const char *p, const char *eol) {
  while (p < eol) {
    int width;
    uint32_t r = utf8_decode(p, (size_t)(eol - p), &width);
    if ((r < ' ' && r != '\t' && r != '\r') || r == 0x7f || (r == 0xFFFD && width == 1)) {
      Buf b = {0};
      buf_quote_rune(&b, r, '\'');
      mod_error(s, "unexpected input character '%s'", buf_str(&b));
      buf_free(&b);
      return;
    }
    p += width;
  }
}

// One word: quoted, a parenthesis, or up to the next blank. *p is at its beginning.
static const char *mod_word(ModScanner *s, const char **p, const char *eol) {
  const char *b = *p;
  if (*b == '"' || *b == '`') {
    const char *end = memchr(b + 1, *b, (size_t)(eol - b - 1));
    if (!end)
      mod_error(s, "unexpected newline in string");
    *p = end ? end + 1 : eol;
    return arena_strndup(s->a, b + 1, (size_t)((end ? end : eol) - b - 1));
  }
  const char *q = b + 1;
  if (!strchr("()", *b))
    while (q < eol && !isspace((unsigned char)*q) && !strchr("()", *q) &&
           !(q[0] == '/' && q[1] == '/'))
      q++;
  *p = q;
  return arena_strndup(s->a, b, (size_t)(q - b));
}

// Splits the next line into words (quotes removed, comments cut); 0 at the end of the text.
static int mod_words(ModScanner *s, const char **w, int max) {
  while (*s->p) {
    const char *p = s->p, *eol = p + strcspn(p, "\n");
    int n = 0;
    s->line++;
    mod_check_text(s, p, eol);
    while (n < max) {
      while (p < eol && isspace((unsigned char)*p))
        p++;
      if (p == eol || (p[0] == '/' && p[1] == '/'))
        break;
      w[n++] = mod_word(s, &p, eol);
    }
    s->p = *eol ? eol + 1 : eol;
    if (n)
      return n;
  }
  return 0;
}

// go V. A version that goc is too old for ends the build, as the go command's does.
static void mod_go(Module *m, ModScanner *s, const char *v) {
  int minor = 0, end = 0;
  bool valid = sscanf(v, "1.%d%n", &minor, &end) == 1 && minor >= 0 && isdigit((unsigned char)v[2]);
  if (!valid || strspn(v + end, ".0123456789rcbeta") != strlen(v + end))
    mod_error(s, "invalid go version '%s': must match format 1.23.0", v);
  else if (minor > GO_MINOR)
    mod_error(s, "go.mod requires go >= %s (running go 1.%d)", v, GO_MINOR);
  m->goversion = valid ? arena_printf(s->a, "go1.%d", minor) : "go1.23";
}

// replace P [V] => Q [W]
static void mod_replace(Module *m, ModScanner *s, const char **w, int n) {
  int arrow = 0;
  while (arrow < n && strcmp(w[arrow], "=>"))
    arrow++;
  if (arrow < 1 || arrow > 2 || n < arrow + 2 || n > arrow + 3) {
    mod_error(s, "usage: replace module/path [v1.2.3] => other/module v1.4 or ../local/directory");
    return;
  }
  Replace r = {w[0], arrow > 1 ? w[1] : NULL, w[arrow + 1], arrow + 2 < n ? w[arrow + 2] : NULL};
  if (!r.newversion && r.newpath[0] != '/' && r.newpath[0] != '.')
    mod_error(s, "replacement module without version must be directory path (rooted or starting "
                 "with . or ..)");
  vec_push(s->a, &m->replaces, r);
}

static void mod_directive(Module *m, ModScanner *s, const char *verb, const char **w, int n) {
  static const char *const ignored[] = {"toolchain", "godebug", "exclude", "retract"};
  if (!strcmp(verb, "module")) {
    if (n != 1)
      mod_error(s, "usage: module module/path");
    m->path = n ? w[0] : "";
  } else if (!strcmp(verb, "go")) {
    if (n != 1)
      mod_error(s, "go directive expects exactly one argument");
    else
      mod_go(m, s, w[0]);
  } else if (!strcmp(verb, "require")) {
    if (n != 2)
      mod_error(s, "usage: require module/path v1.2.3");
    else
      map_set(m->required, w[0], (void *)w[1]);
  } else if (!strcmp(verb, "replace")) {
    mod_replace(m, s, w, n);
  } else {
    for (size_t i = 0; i < LEN(ignored); i++)
      if (!strcmp(verb, ignored[i]))
        return;
    mod_error(s, "unknown directive: %s", verb);
  }
}

// name: what messages call the file if it is the main module's, else NULL.
static Module *module_parse(Arena *a, const char *dir, const char *text, const char *name) {
  Module *m = NEW(a, Module);
  m->dir = dir;
  m->path = "";
  m->goversion = "go1.16"; // what a go.mod without a go line means
  m->required = map_new(a);
  ModScanner s = {.a = a, .name = name, .p = text};
  const char *w[16];
  for (int n; (n = mod_words(&s, w, LEN(w)));) {
    if (s.block) {
      if (!strcmp(w[0], ")"))
        s.block = NULL;
      else
        mod_directive(m, &s, s.block, w, n);
    } else if (n == 2 && !strcmp(w[1], "(")) {
      s.block = w[0];
      s.blockline = s.line;
    } else
      mod_directive(m, &s, w[0], w + 1, n - 1);
  }
  if (s.block)
    mod_error(&s, "syntax error (unterminated block started at line %d)", s.blockline);
  if (name && !*m->path)
    fatal("error reading %s: missing module declaration", name);
  return m;
}

Module *module_find(Arena *a, const char *dir) {
  const char *name = "go.mod"; // as long as it is that of `dir`
  for (char *d = arena_strdup(a, dir); *d;) {
    size_t n;
    const char *path = arena_printf(a, "%s/go.mod", d);
    char *text = file_read(path, &n);
    if (text) {
      Module *m = module_parse(a, arena_strdup(a, d), text, name);
      free(text);
      return m;
    }
    if (errno != ENOENT && errno != ENOTDIR && errno != EISDIR)
      fatal("cannot read %s: %s", path, strerror(errno));
    char *slash = strrchr(d, '/');
    if (!slash)
      return NULL;
    *slash = 0;
    name = arena_printf(a, "%s/go.mod", d); // a folder above is named in full
  }
  return NULL;
}

// ---- finding a package

// The rest of path behind the module path prefix, or NULL: "" for the module's root, "/x" below it.
static const char *below(const char *path, const char *prefix) {
  size_t n = strlen(prefix);
  if (n && !strncmp(path, prefix, n) && (path[n] == 0 || path[n] == '/'))
    return path + n;
  return NULL;
}

// Upper-case letters are "!x" in the module cache.
static const char *escape_path(Arena *a, const char *path) {
  Buf b = {0};
  for (; *path; path++) {
    if (isupper((unsigned char)*path))
      buf_putc(&b, '!');
    buf_putc(&b, (char)tolower((unsigned char)*path));
  }
  const char *s = arena_strdup(a, buf_str(&b));
  buf_free(&b);
  return s;
}

static const char *cache_dir(Loader *l, const char *path, const char *version) {
  return arena_printf(l->a, "%s/%s@%s", l->modcache, escape_path(l->a, path),
                      escape_path(l->a, version));
}

// The folder of required module `path` after replacement; its go.mod decides the language version.
static const char *required_dir(Loader *l, const char *path, const char *version) {
  for (int i = 0; i < l->mod->replaces.n; i++) {
    Replace *r = &l->mod->replaces.v[i];
    if (strcmp(r->path, path) || (r->version && version && strcmp(r->version, version)))
      continue;
    if (r->newpath[0] == '/')
      return r->newpath;
    if (r->newpath[0] == '.')
      return arena_printf(l->a, "%s/%s", l->mod->dir, r->newpath);
    return cache_dir(l, r->newpath, r->newversion ? r->newversion : version);
  }
  return version ? cache_dir(l, path, version) : NULL;
}

static const char *version_of(Loader *l, const char *dir) {
  size_t n;
  char *text = file_read(arena_printf(l->a, "%s/go.mod", dir), &n);
  if (!text)
    return "go1.16";
  const char *v = module_parse(l->a, dir, text, NULL)->goversion;
  free(text);
  return v;
}

// The longest required or replaced module whose path is a prefix.
static bool locate_required(Loader *l, const char *path, Place *out) {
  const char *best = NULL, *version = NULL, *key;
  void *value;
  for (size_t i = 0; map_at(l->mod->required, i, &key, &value); i++)
    if (below(path, key) && (!best || strlen(key) > strlen(best))) {
      best = key;
      version = value;
    }
  for (int i = 0; i < l->mod->replaces.n; i++) {
    const char *p = l->mod->replaces.v[i].path;
    if (below(path, p) && (!best || strlen(p) > strlen(best))) {
      best = p;
      version = map_get(l->mod->required, p);
    }
  }
  const char *dir = best ? required_dir(l, best, version) : NULL;
  if (!dir)
    return false;
  out->goversion = version_of(l, dir);
  out->dir = arena_printf(l->a, "%s%s", dir, below(path, best));
  return is_dir(out->dir);
}

static bool locate_std(Loader *l, const Unit *from, const char *path, Place *out) {
  out->is_std = true;
  out->goversion = "go1.23";
  if (from && from->is_std) {
    out->dir = arena_printf(l->a, "%s/src/vendor/%s", l->goroot, path);
    if (is_dir(out->dir)) {
      out->path = arena_printf(l->a, "vendor/%s", path);
      return true;
    }
  }
  out->path = path;
  out->dir = arena_printf(l->a, "%s/src/%s", l->goroot, path);
  bool here =
      (!memchr(path, '.', strcspn(path, "/")) && is_dir(out->dir)) || map_has(l->overlay, path);
  out->is_std = here;
  return here;
}

static bool locate_gopath(Loader *l, const char *path, Place *out) {
  char *list = arena_strdup(l->a, l->gopath);
  for (char *d = strtok(list, ":"); d; d = strtok(NULL, ":")) {
    out->dir = arena_printf(l->a, "%s/src/%s", d, path);
    out->goversion = "go1.23";
    if (is_dir(out->dir))
      return true;
  }
  return false;
}

static const char *not_found(Loader *l, const char *path) {
  if (!memchr(path, '.', strcspn(path, "/")))
    return arena_printf(l->a, "package %s is not in std (%s/src/%s)", path, l->goroot, path);
  if (!l->mod)
    return arena_printf(l->a,
                        "no required module provides package %s: go.mod file not found in current "
                        "directory or any parent "
                        "directory; see 'go help modules'",
                        path);
  return arena_printf(l->a, "no required module provides package %s; to add it:\n\tgo get %s", path,
                      path);
}

bool module_locate(Loader *l, const Unit *from, const char *path, Place *out, const char **why) {
  *out = (Place){.path = path};
  if (path[0] == '.' &&
      (path[1] == '/' || path[1] == 0 || (path[1] == '.' && (path[2] == '/' || !path[2])))) {
    *why = arena_printf(
        l->a, "\"%s\" is relative, but relative import paths are not supported in module mode",
        path);
    return false;
  }
  if (path[0] == '/') {
    *why = arena_printf(l->a, "cannot import absolute path");
    return false;
  }
  if (locate_std(l, from, path, out))
    return true;
  out->path = path;
  const char *rest = l->mod ? below(path, l->mod->path) : NULL;
  if (rest) {
    out->dir = arena_printf(l->a, "%s%s", l->mod->dir, rest);
    out->goversion = l->mod->goversion;
    if (is_dir(out->dir))
      return true;
  }
  if (l->vendor) {
    out->dir = arena_printf(l->a, "%s/%s", l->vendor, path);
    out->goversion = l->mod->goversion;
    if (is_dir(out->dir))
      return true;
  }
  if (l->mod && locate_required(l, path, out))
    return true;
  if (l->gopath && locate_gopath(l, path, out))
    return true;
  *why = not_found(l, path);
  return false;
}
