// testload.c: a package with its tests: its _test.go files join it, those of package P_test become
// a package of their own, and a main package is made that hands all tests, benchmarks, fuzz targets
// and examples to package testing.
#include "loadint.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

typedef struct Tests {
  Loader *l;
  Buf tests, benchmarks, fuzz, examples; // elements of the tables in the main package
  const char *main;                      // "_test.TestMain", or NULL
  bool uses_in, uses_ext;                // tests in the package itself, in P_test
} Tests;

static bool is_test_name(const char *name, const char *prefix) {
  size_t n = strlen(prefix);
  return !strncmp(name, prefix, n) && !(name[n] >= 'a' && name[n] <= 'z');
}

// Whether the only parameter is *testing.X.
static bool takes(const Decl *d, const char *x) {
  const Expr *t = d->func.type;
  if (t->functype.params.n != 1 || t->functype.results.n || t->functype.tparams.n)
    return false;
  const Expr *p = t->functype.params.v[0]->type;
  if (!p || p->kind != EXPR_STAR)
    return false;
  p = p->star.x;
  const Expr *name = p->kind == EXPR_SELECTOR ? p->selector.sel : p;
  return name->kind == EXPR_NAME && !strcmp(name->name.id, x);
}

static const char *line_start(const char *src, const char *end, uint32_t line) {
  for (uint32_t k = 1; k < line && src < end; k++) {
    const char *eol = memchr(src, '\n', (size_t)(end - src));
    src = eol ? eol + 1 : end;
  }
  return src;
}

// The text of the last comment of an example, if it begins with "Output:" or "Unordered output:".
// false: the example is only compiled.
static bool example_output(const UnitFile *f, const Decl *d, Buf *out, bool *unordered) {
  const char *end = f->src + f->len, *p = line_start(f->src, end, d->pos.line),
             *stop = line_start(f->src, end, d->func.end.line);
  const char *found = NULL;
  for (const char *q = p; q < stop;) {
    const char *s = q + strspn(q, " \t"), *eol = memchr(q, '\n', (size_t)(stop - q));
    if (!strncmp(s, "//", 2)) {
      const char *t = s + 2 + strspn(s + 2, " \t");
      if (!strncasecmp(t, "output:", 7) || !strncasecmp(t, "unordered output:", 17))
        found = s;
    } else if (s < stop && *s != '\n' && *s != '\r')
      found = NULL; // code behind it
    q = eol ? eol + 1 : stop;
  }
  if (!found)
    return false;
  const char *t = strchr(found, ':') + 1;
  *unordered = !strncasecmp(found + 2 + strspn(found + 2, " \t"), "unordered", 9);
  for (bool first = true; t < stop; first = false) {
    const char *eol = memchr(t, '\n', (size_t)(stop - t));
    eol = eol ? eol : stop;
    if (!first) {
      t += strspn(t, " \t");
      if (strncmp(t, "//", 2))
        break;
      t += 2 + (t[2] == ' ');
    }
    const char *last = eol;
    while (last > t && (last[-1] == ' ' || last[-1] == '\t' || last[-1] == '\r'))
      last--;
    buf_write(out, t, (size_t)(last - t));
    buf_putc(out, '\n');
    t = eol + 1;
  }
  return true;
}

static void add_func(Tests *t, const UnitFile *f, const Decl *d, bool ext) {
  const char *name = d->func.name->name.id, *pkg = ext ? "_xtest" : "_test";
  Buf out = {0};
  bool unordered = false, used = true;
  if (!strcmp(name, "TestMain") && takes(d, "M"))
    t->main = arena_printf(t->l->a, "%s.TestMain", pkg);
  else if (is_test_name(name, "Test") && takes(d, "T"))
    buf_printf(&t->tests, "\t{\"%s\", %s.%s},\n", name, pkg, name);
  else if (is_test_name(name, "Benchmark") && takes(d, "B"))
    buf_printf(&t->benchmarks, "\t{\"%s\", %s.%s},\n", name, pkg, name);
  else if (is_test_name(name, "Fuzz") && takes(d, "F"))
    buf_printf(&t->fuzz, "\t{\"%s\", %s.%s},\n", name, pkg, name);
  else if (is_test_name(name, "Example") && !d->func.type->functype.params.n &&
           example_output(f, d, &out, &unordered)) {
    buf_printf(&t->examples, "\t{\"%s\", %s.%s, ", name, pkg, name);
    buf_quote(&t->examples, buf_str(&out), out.len);
    buf_printf(&t->examples, ", %s},\n", unordered ? "true" : "false");
  } else
    used = false;
  t->uses_in |= used && !ext;
  t->uses_ext |= used && ext;
  buf_free(&out);
}

static void scan_tests(Tests *t, const UnitFile *f, bool ext) {
  int mark = diag_hold(); // errors are reported when the package is compiled
  File *tree = parse_file(t->l->a, f->shown, f->src, f->len);
  diag_drop(mark);
  for (int i = 0; i < tree->decls.n; i++) {
    Decl *d = tree->decls.v[i];
    if (d->kind == DECL_FUNC && !d->func.recv && d->func.body && d->func.name &&
        d->func.name->kind == EXPR_NAME)
      add_func(t, f, d, ext);
  }
}

static bool is_external(Loader *l, const UnitFile *f) {
  int mark = diag_hold();
  File *tree = parse_imports(l->a, f->shown, f->src, f->len);
  diag_drop(mark);
  if (!tree->name || tree->name->kind != EXPR_NAME)
    return false;
  size_t n = strlen(tree->name->name.id);
  return n > 5 && !strcmp(tree->name->name.id + n - 5, "_test");
}

static const char *main_source(Tests *t, const Unit *u, bool has_ext) {
  Buf b = {0};
  buf_printf(&b,
             "package main\n\nimport "
             "(\n\t\"os\"\n\t\"testing\"\n\t\"testing/internal/testdeps\"\n\t%s \"%s\"\n",
             t->uses_in ? "_test" : "_", u->path);
  if (has_ext)
    buf_printf(&b, "\t%s \"%s_test\"\n", t->uses_ext ? "_xtest" : "_", u->path);
  buf_printf(&b,
             ")\n\nvar tests = []testing.InternalTest{\n%s}\n\nvar benchmarks = "
             "[]testing.InternalBenchmark{\n%s}\n\n",
             buf_str(&t->tests), buf_str(&t->benchmarks));
  buf_printf(&b,
             "var fuzzTargets = []testing.InternalFuzzTarget{\n%s}\n\nvar examples = "
             "[]testing.InternalExample{\n%s}\n\n",
             buf_str(&t->fuzz), buf_str(&t->examples));
  buf_printf(&b,
             "func init() { testdeps.ImportPath = \"%s\" }\n\nfunc main() {\n"
             "\tm := testing.MainStart(testdeps.TestDeps{}, tests, benchmarks, fuzzTargets, "
             "examples)\n\t%s\n}\n",
             u->path,
             t->main ? arena_printf(t->l->a, "%s(m)\n\tos.Exit(0)", t->main) : "os.Exit(m.Run())");
  const char *s = arena_strndup(t->l->a, buf_str(&b), b.len);
  buf_free(&b);
  return s;
}

Unit *unit_with_tests(Loader *l, Unit *u, Unit **ext, bool *any) {
  Tests t = {.l = l};
  Unit all = {.path = u->path, .dir = u->dir, .is_std = u->is_std};
  unit_test_files(l, &all);
  *any = all.files.n > 0;
  *ext = NEW(l->a, Unit);
  **ext = (Unit){.path = arena_printf(l->a, "%s_test", u->path),
                 .dir = u->dir,
                 .goversion = u->goversion,
                 .is_std = u->is_std,
                 .is_named = u->is_named};
  (*ext)->shown = (*ext)->path;
  for (int i = 0; i < all.files.n; i++) {
    bool external = is_external(l, all.files.v[i]);
    if (external)
      vec_push(l->a, &(*ext)->files, all.files.v[i]);
    else
      vec_push(l->a, &u->files, all.files.v[i]);
    scan_tests(&t, all.files.v[i], external);
  }
  bool has_ext = (*ext)->files.n > 0;
  Unit *m = NEW(l->a, Unit);
  *m = (Unit){.path = arena_printf(l->a, "%s.test", u->path),
              .dir = u->dir,
              .goversion = "go1.23",
              .is_std = true};
  m->shown = m->path;
  UnitFile *f = NEW(l->a, UnitFile);
  const char *src = main_source(&t, u, has_ext);
  *f = (UnitFile){.path = "", .shown = "_testmain.go", .src = src, .len = strlen(src)};
  vec_push(l->a, &m->files, f);
  if (!has_ext)
    *ext = NULL;
  buf_free(&t.tests), buf_free(&t.benchmarks), buf_free(&t.fuzz), buf_free(&t.examples);
  return m;
}
