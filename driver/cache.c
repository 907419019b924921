// cache.c: compiled packages by content: $GOCCACHE, else the user's cache folder.
//
// An artifact is a summary KEY.sum, an object OBJ.o, a bundle OBJ.bc and the seal OBJ.ok over the
// two. The summary names the object's key, sizes and hashes, and ends with its own hash: what was
// interrupted, damaged or truncated does not verify and is compiled anew. Files appear by rename,
// so builds can run at once.
#include "driver.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

const char *hash_hex(Arena *a, const void *p, size_t n) {
  XXH128_hash_t h = XXH3_128bits(p, n);
  return arena_printf(a, "%016llx%016llx", (unsigned long long)h.high64,
                      (unsigned long long)h.low64);
}

bool make_dirs(char *path) {
  for (char *p = path + 1; !is_dir(path) && (p = strchr(p, '/')); *p++ = '/') {
    *p = 0;
    if (mkdir(path, 0777) && errno != EEXIST) {
      *p = '/';
      return false;
    }
  }
  if (mkdir(path, 0777) == 0)
    return true;
  int e = errno;
  bool there = is_dir(path);
  errno = e == EEXIST ? ENOTDIR : e;
  return there;
}

const char *cache_dir(Arena *a) {
  const char *s = getenv("GOCCACHE");
  if (s && *s)
    return s;
  s = getenv("XDG_CACHE_HOME");
  if (s && *s)
    return arena_printf(a, "%s/goc", s);
  const char *home = getenv("HOME");
  if (home && *home)
    return arena_printf(a, "%s/.cache/goc", home);
  return arena_printf(a, "/tmp/goc-cache-%d", (int)getuid());
}

const char *cache_path(Arena *a, const char *key, const char *suffix) {
  char *dir = arena_printf(a, "%s/%.2s", cache_dir(a), key);
  if (!make_dirs(dir))
    fatal("cannot make the cache folder %s: %s", dir, strerror(errno));
  return arena_printf(a, "%s/%s%s", dir, key, suffix);
}

// The compiler is its own executable's contents.
static const char *self_hash(Arena *a) {
  static const char *hash;
  if (hash)
    return hash;
  size_t n;
  char *p = file_read("/proc/self/exe", &n);
  if (!p)
    fatal("cannot read /proc/self/exe: %s", strerror(errno));
  hash = hash_hex(a, p, n);
  free(p);
  return hash;
}

static void key_flags(Build *b, Unit *u, Buf *t) {
  Options *o = b->opt;
  bool runtime = !strcmp(u->path, "runtime");
  buf_printf(t, "O%d escape=%d go=%s asm=%d\n", o->opt, o->escape_off && !runtime, u->goversion,
             u->has_asm);
  if (u->is_named)
    buf_printf(t, "named %s%d%s c=%d m=%d l=%d keep=%s e=%d\n",
               o->command[0] == 'e' ? "escape" : "", o->json, o->html ? "html" : "",
               o->compile_only, o->explain, o->noinline_, o->escape_keep ? o->escape_keep : "",
               o->all_errors);
}

// Embedded files are sources too.
static void key_embedded(Build *b, Unit *u, Buf *t) {
  for (int i = 0; i < u->files.n; i++) {
    File *tree = u->files.v[i]->tree;
    if (!tree)
      continue;
    DeclList *l = &tree->decls;
    for (int k = 0; k < l->n; k++)
      for (int m = 0; m < l->v[k]->embedded.n; m++) {
        EmbedFile *f = &l->v[k]->embedded.v[m];
        buf_printf(t, "embed %s %s\n", f->name, hash_hex(b->a, f->data, f->len));
      }
  }
}

const char *cache_key(Build *b, Unit *u) {
  Buf t = {0};
  buf_printf(&t, "%s\n%s %s\n", self_hash(b->a), u->path, u->name);
  key_flags(b, u, &t);
  bool relative = false; // line tables say where the files are
  for (int i = 0; i < u->files.n; i++) {
    UnitFile *f = u->files.v[i];
    if (f->shown[0] != '/')
      relative = true;
    buf_printf(&t, "file %s %s %s\n", f->shown, f->goversion ? f->goversion : "",
               hash_hex(b->a, f->src, f->len));
  }
  key_embedded(b, u, &t);
  char dir[4096];
  if (relative && getcwd(dir, sizeof dir))
    buf_printf(&t, "in %s\n", dir);
  for (int i = 0; i < u->imports.n; i++)
    if (u->imports.v[i].unit)
      buf_printf(&t, "import %s %s\n", u->imports.v[i].path, job_of(u->imports.v[i].unit)->key);
  const char *key = hash_hex(b->a, buf_str(&t), t.len);
  buf_free(&t);
  return key;
}

// ---- the summary: header lines "name value", then sections "name size\n<bytes>"

static char *field(char **p, const char *name) {
  size_t n = strlen(name);
  if (strncmp(*p, name, n) || (*p)[n] != ' ')
    return NULL;
  char *v = *p + n + 1;
  char *eol = strchr(v, '\n');
  if (!eol)
    return NULL;
  *eol = 0;
  *p = eol + 1;
  return v;
}

static char *section(char **p, char *end, const char *name, size_t *n) {
  char *v = field(p, name);
  if (!v)
    return NULL;
  *n = strtoul(v, NULL, 10);
  if (*n > (size_t)(end - *p))
    return NULL;
  v = *p;
  *p += *n;
  return v;
}

// Whether a file has the size and hash that the summary says.
static bool file_matches(Arena *a, const char *path, const char *want) {
  size_t n;
  char *p = file_read(path, &n);
  if (!p)
    return false;
  bool ok = !strcmp(arena_printf(a, "%zu:%s", n, hash_hex(a, p, n)), want);
  free(p);
  return ok;
}

static Artifact *parse_sum(Build *b, char *p, char *end) {
  Artifact *art = NEW(b->a, Artifact);
  char *path = field(&p, "path"), *init = path ? field(&p, "init") : NULL,
       *has_main = init ? field(&p, "main") : NULL;
  char *objkey = has_main ? field(&p, "objkey") : NULL, *obj = objkey ? field(&p, "object") : NULL;
  char *bundle = obj ? field(&p, "bundle") : NULL;
  size_t notelen = 0;
  char *leaks = bundle ? section(&p, end, "leaks", &art->leakslen) : NULL;
  char *sites = leaks ? section(&p, end, "sites", &art->siteslen) : NULL;
  char *notes = sites ? section(&p, end, "notes", &notelen) : NULL;
  if (!notes)
    return NULL;
  art->path = path;
  art->init = strcmp(init, "-") ? init : NULL;
  art->has_main = *has_main == '1';
  art->object = cache_path(b->a, objkey, ".o");
  art->bundle = strcmp(bundle, "-") ? cache_path(b->a, objkey, ".bc") : NULL;
  art->leaks = leaks;
  art->sites = sites;
  if (!file_matches(b->a, art->object, obj) ||
      (art->bundle && !file_matches(b->a, art->bundle, bundle)))
    return NULL;
  diag_replay(notes, notelen);
  return art;
}

Artifact *cache_load(Build *b, Unit *u, const char *key) {
  size_t n;
  char *text = file_read(cache_path(b->a, key, ".sum"), &n);
  if (!text || n < 33 || memcmp(text + n - 32, hash_hex(b->a, text, n - 32), 32)) {
    free(text);
    return NULL;
  }
  Artifact *art = parse_sum(b, text, text + n - 32);
  if (art && u->is_named) {
    char *out = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&out, &len);
    diag_flush(f);
    fclose(f);
    if (len)
      fprintf(stderr, "# %s\n%s", u->shown, out);
    free(out);
  }
  return art; // text stays: the artifact points into it
}

static const char *file_state(Build *b, const char *path) {
  size_t n;
  char *p = path ? file_read(path, &n) : NULL;
  if (!p)
    return "-";
  const char *s = arena_printf(b->a, "%zu:%s", n, hash_hex(b->a, p, n));
  free(p);
  return s;
}

// What OBJKEY.ok holds: the states of the two files.
static const char *seal_text(Build *b, const char *objkey, bool bundle) {
  return arena_printf(b->a, "%s %s\n", file_state(b, cache_path(b->a, objkey, ".o")),
                      bundle ? file_state(b, cache_path(b->a, objkey, ".bc")) : "-");
}

bool cache_sealed(Build *b, const char *objkey, bool bundle) {
  size_t n;
  char *p = file_read(cache_path(b->a, objkey, ".ok"), &n);
  bool ok = p && !strcmp(p, seal_text(b, objkey, bundle));
  free(p);
  return ok;
}

void cache_seal(Build *b, const char *objkey, bool bundle) {
  const char *text = seal_text(b, objkey, bundle), *path = cache_path(b->a, objkey, ".ok");
  if (!file_write(path, text, strlen(text)))
    fatal("cannot write %s: %s", path, strerror(errno));
}

void cache_store(Build *b, Unit *u, const char *key, const Artifact *art, const char *objkey,
                 const char *notes, size_t notelen) {
  (void)u;
  Buf t = {0};
  buf_printf(&t, "path %s\ninit %s\nmain %d\nobjkey %s\nobject %s\nbundle %s\n", art->path,
             art->init ? art->init : "-", art->has_main, objkey, file_state(b, art->object),
             file_state(b, art->bundle));
  buf_printf(&t, "leaks %zu\n", art->leakslen);
  buf_write(&t, art->leaks, art->leakslen);
  buf_printf(&t, "sites %zu\n", art->siteslen);
  buf_write(&t, art->sites, art->siteslen);
  buf_printf(&t, "notes %zu\n", notelen);
  buf_write(&t, notes, notelen);
  buf_puts(&t, hash_hex(b->a, buf_str(&t), t.len));
  const char *path = cache_path(b->a, key, ".sum");
  if (!file_write(path, buf_str(&t), t.len))
    fatal("cannot write %s: %s", path, strerror(errno));
  buf_free(&t);
}
