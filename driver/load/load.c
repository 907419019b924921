// load.c: the import graph: from what the command line names to all packages of the build, imports
// before importers.
//
// The order is the specification's order of package initialisation (Program initialization): sorted
// by import path, repeatedly the first package all of whose imports are done; the runtime's own
// packages come first, as in gc.
#include "loadint.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// overlay.txt: "import-path folder whole|add", '#' starts a comment.
static void read_overlay(Loader *l) {
  l->overlay = map_new(l->a);
  if (!l->opt.overlay)
    return;
  size_t n;
  const char *name = arena_printf(l->a, "%s/overlay.txt", l->opt.overlay);
  char *text = file_read(name, &n);
  if (!text)
    fatal("cannot read %s: %s", name, strerror(errno));
  for (char *line = text, *next; line; line = next) {
    next = strchr(line, '\n');
    if (next)
      *next++ = 0;
    line[strcspn(line, "#")] = 0;
    char path[256], dir[256], mode[16];
    if (sscanf(line, "%255s %255s %15s", path, dir, mode) != 3)
      continue;
    Overlay *o = NEW(l->a, Overlay);
    o->dir = arena_printf(l->a, "%s/%s", l->opt.overlay, dir);
    o->whole = !strcmp(mode, "whole");
    map_set(l->overlay, path, o);
  }
  free(text);
}

static const char *mod_cache(Arena *a) {
  const char *s = getenv("GOMODCACHE");
  if (s && *s)
    return s;
  s = getenv("GOPATH");
  if (s && *s)
    return arena_printf(a, "%.*s/pkg/mod", (int)strcspn(s, ":"), s);
  const char *home = getenv("HOME");
  return arena_printf(a, "%s/go/pkg/mod", home ? home : "");
}

Loader *load_new(Arena *a, const LoadOptions *opt) {
  Loader *l = NEW(a, Loader);
  l->a = a;
  l->opt = *opt;
  l->goroot = find_goroot(a, opt->goroot);
  char *cwd = getcwd(NULL, 0);
  if (!cwd)
    fatal("cannot find the working folder: %s", strerror(errno));
  l->cwd = arena_strdup(a, cwd);
  free(cwd);
  l->units = map_new(a);
  l->modcache = mod_cache(a);
  const char *mode = getenv("GO111MODULE");
  if (mode && !strcmp(mode, "off")) {
    const char *home = getenv("HOME");
    l->gopath = getenv("GOPATH");
    if (!l->gopath || !*l->gopath)
      l->gopath = arena_printf(a, "%s/go", home ? home : "");
  } else
    l->mod = module_find(a, l->cwd);
  if (l->mod) {
    const char *v = arena_printf(a, "%s/vendor", l->mod->dir);
    l->vendor = is_dir(v) ? v : NULL;
  }
  read_overlay(l);
  return l;
}

const char *load_goroot(const Loader *l) {
  return l->goroot;
}
const char *load_modroot(const Loader *l) {
  return l->mod ? l->mod->dir : NULL;
}

// ---- imports of a unit

static bool uses_cgo(const File *f) {
  for (int i = 0; i < f->imports.n; i++)
    if (!strcmp(f->imports.v[i]->import.path, "C"))
      return true;
  return false;
}

static void add_import(Loader *l, Unit *u, const char *path) {
  for (int i = 0; i < u->imports.n; i++)
    if (!strcmp(u->imports.v[i].path, path))
      return;
  vec_push(l->a, &u->imports, ((UnitImport){path, NULL}));
}

// `a` may import path `b` that has an element "internal" only from below the parent of that
// element.
static bool internal_allowed(const char *from, const char *path) {
  const char *last = NULL;
  for (const char *p = path; (p = strstr(p, "internal")); p += 8)
    if ((p == path || p[-1] == '/') && (p[8] == 0 || p[8] == '/'))
      last = p;
  if (!last)
    return true;
  size_t n = last == path ? 0 : (size_t)(last - path - 1);
  return n == 0 || (!strncmp(from, path, n) && (from[n] == '/' || from[n] == 0));
}

static void report_cycle(Loader *l, Unit *from, Unit *to, Pos pos) {
  Buf b = {0};
  VEC(Unit *) chain = {0};
  for (Unit *u = from; u; u = u->parent) {
    vec_push(l->a, &chain, u);
    if (u == to)
      break;
  }
  for (int i = chain.n - 1; i >= 0; i--)
    buf_printf(&b, "\n\timports %s", chain.v[i]->path);
  buf_printf(&b, "\n\timports %s", to->path);
  diag_error(pos, "import cycle not allowed%s", buf_str(&b));
  buf_free(&b);
}

// The path without empty elements.
static const char *canonical(Arena *a, const char *path) {
  char *out = arena_strdup(a, path), *to = out;
  for (const char *p = path; *p; p++)
    if (*p != '/' || (p[1] && p[1] != '/'))
      *to++ = *p;
  *to = 0;
  return out;
}

// Empty elements: the go command's words, or the compiler's own, which it has without one.
static bool check_canonical(Loader *l, const char *path, Pos pos) {
  size_t n = strlen(path);
  bool twice = strstr(path, "//") != NULL;
  if (path[0] == '/' || (!twice && path[n - 1] != '/'))
    return true;
  if (l->opt.compile_only)
    diag_error(pos, "non-canonical import path \"%s\" (should be \"%s\")", path,
               canonical(l->a, path));
  else
    diag_error(pos, "malformed import path \"%s\": %s slash", path, twice ? "double" : "trailing");
  return false;
}

static Unit *visit(Loader *l, Unit *u);

static Unit *import_unit(Loader *l, Unit *from, const char *path, Pos pos) {
  if (l->ext && !strcmp(path, l->ext->path))
    return visit(l, l->ext);
  Place where;
  const char *why;
  if (!*path) {
    diag_error(pos, "invalid import path: \"\"");
    return NULL;
  }
  if (!check_canonical(l, path, pos))
    return NULL;
  if (!module_locate(l, from, path, &where, &why)) {
    diag_error(pos, "%s", why);
    return NULL;
  }
  if ((from->is_std ? false
                    : where.is_std && !internal_allowed("", where.path) &&
                          !internal_allowed(from->path, where.path)) ||
      (!where.is_std && !from->is_named && !internal_allowed(from->path, where.path)) ||
      (!from->is_std && where.is_std && !strncmp(where.path, "internal/", 9))) {
    diag_error(pos, "use of internal package %s not allowed", path);
    return NULL;
  }
  Unit *u = map_get(l->units, where.path);
  if (!u) {
    u = NEW(l->a, Unit);
    *u = (Unit){.path = where.path,
                .shown = where.path,
                .dir = where.dir,
                .goversion = where.goversion,
                .is_std = where.is_std};
    map_set(l->units, u->path, u);
    unit_files(l, u, NULL, 0);
    if (!u->files.n) {
      diag_error(pos, is_dir(u->dir) ? "no Go files in %s" : "cannot find package in %s", u->dir);
      return NULL;
    }
  }
  if (u->state == 1) {
    report_cycle(l, from, u, pos);
    return NULL;
  }
  u->parent = from;
  return visit(l, u);
}

// Files that disagree about the package's name.
static void check_name(Unit *u, const File *f, const UnitFile *first, const UnitFile *file) {
  if (!f->name || f->name->kind != EXPR_NAME)
    return;
  if (!u->name)
    u->name = f->name->name.id;
  else if (u->name != f->name->name.id)
    diag_error(f->name->pos, "found packages %s (%s) and %s (%s) in %s", u->name,
               strrchr(first->shown, '/') ? strrchr(first->shown, '/') + 1 : first->shown,
               f->name->name.id,
               strrchr(file->shown, '/') ? strrchr(file->shown, '/') + 1 : file->shown, u->dir);
}

typedef struct Wanted {
  const char *path;
  Pos pos;
} Wanted;

static int by_path(const void *a, const void *b) {
  return strcmp(((const UnitImport *)a)->path, ((const UnitImport *)b)->path);
}

// Reads the import clauses, then loads what they name, depth first. u is marked, so a cycle is
// found.
static Unit *visit(Loader *l, Unit *u) {
  if (u->state)
    return u;
  u->state = 1;
  VEC(Wanted) wanted = {0};
  int kept = 0;
  for (int i = 0; i < u->files.n; i++) {
    UnitFile *uf = u->files.v[i];
    int mark = diag_hold(); // syntax errors are reported by the whole parse
    File *f = parse_imports(l->a, uf->shown, uf->src, uf->len);
    diag_drop(mark);
    if (f->name->name.id == atom("_") && memchr(uf->src, 0, uf->len))
      fatal("reading %s: unexpected NUL in input", uf->shown);
    if (uses_cgo(f)) {
      if (!u->is_named || u->files.n > 1)
        continue; // as with CGO_ENABLED=0
      diag_unsupported(f->imports.v[0]->pos, "import \"C\" (cgo)");
    }
    u->files.v[kept++] = uf;
    check_name(u, f, u->files.v[0], uf);
    for (int k = 0; k < f->imports.n; k++) {
      Decl *d = f->imports.v[k];
      const char *path = arena_strndup(l->a, d->import.path ? d->import.path : "",
                                       d->import.path ? d->import.pathlen : 0);
      if (!strcmp(path, "C"))
        continue;
      bool named = d->import.name && !l->opt.compile_only; // the go command's place, or gc's
      vec_push(l->a, &wanted, ((Wanted){path, named ? d->import.name->pos : d->pos}));
    }
  }
  u->files.n = kept;
  for (int i = 0; i < wanted.n; i++) {
    int before = u->imports.n;
    add_import(l, u, wanted.v[i].path);
    if (u->imports.n > before && strcmp(wanted.v[i].path, "unsafe"))
      u->imports.v[before].unit = import_unit(l, u, wanted.v[i].path, wanted.v[i].pos);
  }
  if (u->imports.n)
    qsort(u->imports.v, (size_t)u->imports.n, sizeof(UnitImport), by_path);
  u->state = 2;
  vec_push(l->a, &l->order, u);
  return u;
}

// ---- arguments

static bool is_go_file(const char *s) {
  size_t n = strlen(s);
  return n > 3 && !strcmp(s + n - 3, ".go");
}

static const char *folder_of(Loader *l, const char *file) {
  const char *slash = strrchr(file, '/');
  return slash == file ? "/" : slash ? arena_strndup(l->a, file, (size_t)(slash - file)) : ".";
}

static Unit *files_unit(Loader *l, const char **args, int n) {
  Unit *u = NEW(l->a, Unit);
  *u =
      (Unit){.path = "command-line-arguments", .shown = "command-line-arguments", .is_named = true};
  u->goversion = l->mod ? l->mod->goversion : "go1.23";
  u->dir = folder_of(l, args[0]);
  for (int i = 0; i < n; i++) {
    if (!is_go_file(args[i]))
      fatal("named files must be .go files: %s", args[i]);
    if (strcmp(folder_of(l, args[i]), u->dir))
      fatal("named files must all be in one directory; have %s and %s", u->dir,
            folder_of(l, args[i]));
  }
  unit_files(l, u, args, n);
  return u;
}

static Unit *place_unit(Loader *l, Place where) {
  Unit *u = map_get(l->units, where.path);
  if (!u) {
    u = NEW(l->a, Unit);
    *u = (Unit){.path = where.path,
                .shown = where.path,
                .dir = where.dir,
                .goversion = where.goversion,
                .is_std = where.is_std};
    unit_files(l, u, NULL, 0);
    map_set(l->units, u->path, u);
  }
  u->is_named = true;
  return u;
}

// The import path of a folder: below the main module or GOROOT, else the folder itself.
static Place folder_place(Loader *l, const char *dir) {
  char *real = realpath(dir, NULL);
  if (!real)
    fatal("%s: %s", dir, strerror(errno));
  if (!is_dir(real))
    fatal("%s is not a directory", dir);
  const char *abs = arena_strdup(l->a, real);
  free(real);
  const char *src = arena_printf(l->a, "%s/src/", l->goroot);
  Place p = {.dir = abs, .path = abs, .goversion = "go1.23"};
  if (!strncmp(abs, src, strlen(src)))
    return (Place){.dir = abs, .path = abs + strlen(src), .goversion = "go1.23", .is_std = true};
  if (l->mod && !strncmp(abs, l->mod->dir, strlen(l->mod->dir))) {
    const char *rest = abs + strlen(l->mod->dir);
    p.path = arena_printf(l->a, "%s%s", l->mod->path, rest);
    p.goversion = l->mod->goversion;
  } else {
    Module *m = module_find(l->a, abs);
    if (m) { // a folder of another module: that one is then the main module
      l->mod = m;
      return folder_place(l, dir);
    }
  }
  return p;
}

// Folders below root with Go files, in order, for "…/...".
typedef VEC(const char *) Names;

static void walk_folders(Loader *l, const char *root, Names *out) {
  struct dirent **list;
  int n = scandir(root, &list, NULL, alphasort);
  bool has_go = false;
  for (int i = 0; i < n; i++)
    has_go |= is_go_file(list[i]->d_name) && list[i]->d_name[0] != '_' && list[i]->d_name[0] != '.';
  if (has_go)
    vec_push(l->a, out, root);
  for (int i = 0; i < n; i++) {
    const char *name = list[i]->d_name;
    const char *sub = arena_printf(l->a, "%s/%s", root, name);
    if (name[0] != '.' && name[0] != '_' && strcmp(name, "testdata") && is_dir(sub) &&
        access(arena_printf(l->a, "%s/go.mod", sub), F_OK))
      walk_folders(l, sub, out);
    free(list[i]);
  }
  if (n >= 0)
    free(list);
}

static bool has_tests(Loader *l, const Unit *u) {
  Unit tests = {.path = u->path, .dir = u->dir, .is_std = u->is_std};
  unit_test_files(l, &tests);
  return tests.files.n > 0;
}

// One argument that is no file: a folder, a pattern, an import path. tests: test files will do.
static void named_units(Loader *l, const char *arg, bool tests, UnitList *named) {
  size_t n = strlen(arg);
  bool dots = n >= 4 && !strcmp(arg + n - 4, "/...");
  const char *base = dots ? arena_strndup(l->a, arg, n - 4) : arg;
  bool folder = base[0] == '.' || base[0] == '/';
  if (!strcmp(arg, "std")) {
    base = arena_printf(l->a, "%s/src", l->goroot);
    folder = dots = true;
  }
  if (dots) {
    Names dirs = {0};
    if (!folder) {
      Place where;
      const char *why;
      if (!module_locate(l, NULL, base, &where, &why))
        fatal("%s", why);
      base = where.dir;
    }
    walk_folders(l, base, &dirs);
    int before = named->n;
    for (int i = 0; i < dirs.n; i++) {
      Unit *u = place_unit(l, folder_place(l, dirs.v[i]));
      if ((u->files.n || (tests && has_tests(l, u))) && strncmp(u->path, "cmd/", 4))
        vec_push(l->a, named, u);
    }
    if (named->n == before)
      fprintf(stderr, "goc: warning: \"%s\" matched no packages\n", arg);
    return;
  }
  Place where;
  const char *why;
  if (folder)
    where = folder_place(l, base);
  else if (!module_locate(l, NULL, base, &where, &why))
    fatal("%s", why);
  Unit *u = place_unit(l, where);
  if (!u->files.n && !(tests && has_tests(l, u)))
    fatal(has_tests(l, u) ? "no non-test Go files in %s" : "no Go files in %s", where.dir);
  vec_push(l->a, named, u);
}

// ---- order

static bool depends_done(const Unit *u) {
  for (int i = 0; i < u->imports.n; i++)
    if (u->imports.v[i].unit && u->imports.v[i].unit->state != 3)
      return false;
  return true;
}

static int by_unit_path(const void *a, const void *b) {
  return strcmp((*(Unit *const *)a)->path, (*(Unit *const *)b)->path);
}

// Moves the units of `in` (sorted by path) that are ready to `out`, always the first ready one.
static void sort_units(Arena *a, UnitList *in, UnitList *out) {
  if (in->n)
    qsort(in->v, (size_t)in->n, sizeof(Unit *), by_unit_path);
  for (bool any = true; any;) {
    any = false;
    for (int i = 0; i < in->n; i++)
      if (in->v[i]->state != 3 && depends_done(in->v[i])) {
        in->v[i]->state = 3;
        vec_push(a, out, in->v[i]);
        any = true;
        break;
      }
  }
}

// Package runtime and what it needs come before everything else.
static void load_runtime(Loader *l, UnitList *out) {
  Place where;
  const char *why;
  if (!module_locate(l, NULL, "runtime", &where, &why))
    return;
  Unit *runtime = place_unit(l, where);
  runtime->is_named = false;
  visit(l, runtime);
  sort_units(l->a, &l->order, out);
  l->order.n = 0;
}

UnitList load_packages(Loader *l, const char **args, int nargs, UnitList *named) {
  static const char *here[] = {"."};
  UnitList out = {0};
  if (!nargs) {
    args = here;
    nargs = 1;
  }
  load_runtime(l, &out);
  if (is_go_file(args[0]))
    vec_push(l->a, named, files_unit(l, args, nargs));
  else
    for (int i = 0; i < nargs; i++) {
      if (is_go_file(args[i]))
        fatal("named files must all be in one directory; have folders and files");
      named_units(l, args[i], false, named);
    }
  for (int i = 0; i < named->n; i++)
    if (named->v[i]->state != 3)
      visit(l, named->v[i]);
  sort_units(l->a, &l->order, &out);
  return out;
}

UnitList load_names(Loader *l, const char **args, int nargs) {
  static const char *here[] = {"."};
  UnitList named = {0};
  for (int i = 0; i < (nargs ? nargs : 1); i++)
    named_units(l, nargs ? args[i] : here[0], true, &named);
  return named;
}

UnitList load_test(Loader *l, Unit *u, Unit **main, bool *any) {
  UnitList out = {0};
  *main = unit_with_tests(l, u, &l->ext, any);
  if (!*any)
    return out;
  load_runtime(l, &out);
  visit(l, *main);
  sort_units(l->a, &l->order, &out);
  return out;
}
