// test_load.c: which files belong to a build, go.mod files, where packages stand, the import graph,
// embedded files; on trees of files in a temporary folder, with a GOROOT of a few packages.
#include "driver/load/loadint.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

Suite *suite_load(void);

static Arena *a;
static char top[64]; // the temporary folder; tests run in top/main

static const char *in_top(const char *name) {
  return arena_printf(a, "%s/%s", top, name);
}

// Writes top/name with the folders above it.
static void put(const char *name, const char *text) {
  char *path = arena_strdup(a, in_top(name));
  for (char *p = path + strlen(top) + 1; (p = strchr(p, '/')); *p++ = '/') {
    *p = 0;
    mkdir(path, 0777);
  }
  ck_assert_msg(file_write(path, text, strlen(text)), "%s", path);
}

static void setup(void) {
  a = arena_new();
  strcpy(top, "/tmp/goc-test-load.XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(top));
  char *real = realpath(top, NULL);
  ck_assert_str_eq(real, top);
  free(real);
  diag_reset();
  put("goroot/src/internal/goversion/goversion.go", "package goversion\n\nconst Version = 23\n");
  put("goroot/src/runtime/runtime.go", "package runtime\n\nimport _ \"unsafe\"\n");
  put("goroot/src/fmt/fmt.go", "package fmt\n\nimport (\n\t\"internal/fmtsort\"\n\t\"os\"\n)\n");
  put("goroot/src/os/os.go", "package os\n");
  put("goroot/src/os/os_windows.go", "package os\n\nimport \"syscall\"\n");
  put("goroot/src/internal/fmtsort/sort.go", "package fmtsort\n");
  put("goroot/src/net/net.go", "package net\n\nimport \"golang.org/x/dns\"\n");
  put("goroot/src/vendor/golang.org/x/dns/dns.go", "package dns\n");
  mkdir(in_top("main"), 0777);
  ck_assert_int_eq(chdir(in_top("main")), 0);
  unsetenv("GO111MODULE");
  setenv("GOMODCACHE", in_top("modcache"), 1);
}

static void teardown(void) {
  ck_assert_int_eq(chdir("/"), 0);
  ck_assert_int_eq(system(arena_printf(a, "rm -rf %s", top)), 0);
  arena_free(a);
}

// ---- constraints

static bool linux_tag(void *ctx, const char *tag) {
  (void)ctx;
  static const char *const on[] = {"linux", "amd64", "gc", "go1.1", "go1.21", "go1.23"};
  for (size_t i = 0; i < LEN(on); i++)
    if (!strcmp(tag, on[i]))
      return true;
  return false;
}

START_TEST(file_names) {
  static const struct {
    const char *name;
    bool amd64, none;
  } cases[] = {
      {"a.go", true, true},
      {"a_linux.go", true, true},
      {"a_windows.go", false, false},
      {"a_amd64.go", true, false},
      {"a_arm64.go", false, false},
      {"a_linux_amd64.go", true, false},
      {"a_linux_arm64.go", false, false},
      {"a_darwin_amd64.go", false, false},
      {"linux.go", true, true}, // nothing before an underscore
      {"windows.go", true, true},
      {"amd64_windows.go", false, false},
      {"a_windows_test.go", false, false},
      {"a_linux_test.go", true, true},
      {"a_unix.go", true, true},        // a tag, never a suffix
      {"a_windows.x.go", false, false}, // what follows the first dot does not count
      {"a_linux_foo.go", true, true},
      {"windows_foo.go", true, true},
      {"_windows.go", false, false},
      {"a_goc.go", true, true},
  };
  for (size_t i = 0; i < LEN(cases); i++) {
    ck_assert_msg(constraint_file_name(cases[i].name, "amd64") == cases[i].amd64, "%s",
                  cases[i].name);
    ck_assert_msg(constraint_file_name(cases[i].name, "goc") == cases[i].none, "%s without arch",
                  cases[i].name);
  }
}
END_TEST

START_TEST(build_lines) {
  static const struct {
    const char *src;
    bool in;
    int minor;
  } cases[] = {
      {"package p", true, 0},
      {"", true, 0},
      {"//go:build linux\n\npackage p", true, 0},
      {"//go:build windows\n\npackage p", false, 0},
      {"//go:build !windows\npackage p", true, 0},
      {"//go:build !!linux\npackage p", true, 0},
      {"//go:build linux && arm64\npackage p", false, 0},
      {"//go:build windows || amd64\npackage p", true, 0},
      {"//go:build windows || linux && arm64\npackage p", false, 0}, // && binds tighter
      {"//go:build (windows || linux) && !arm64\npackage p", true, 0},
      {"//go:build ignore\npackage p", false, 0},
      {"// A comment.\n\n/* and\n another */\n//go:build windows\npackage p", false, 0},
      {"\xef\xbb\xbf//go:build windows\npackage p", false, 0},
      {"  \t//go:build windows  \r\npackage p", false, 0},
      {"package p\n//go:build windows\n", true, 0}, // behind the package clause
      {"/* //go:build windows */ package p", true, 0},
      {"//go:buildwindows\npackage p", true, 0},
      {"//go:build linux &&\npackage p", true, 0}, // not an expression: go vet's business
      {"//go:build (linux\npackage p", true, 0},
      {"//go:build go1.21\npackage p", true, 21},
      {"//go:build go1.99\npackage p", false, 99},
      {"//go:build go1.1 && go1.21\npackage p", true, 21},
      {"//go:build go1.1 || go1.21\npackage p", true, 1},
      {"//go:build linux || go1.21\npackage p", true, 0},
      {"//go:build !go1.99\npackage p", true, 0},
  };
  for (size_t i = 0; i < LEN(cases); i++) {
    int minor = -1;
    bool in = constraint_file(cases[i].src, strlen(cases[i].src), linux_tag, NULL, &minor);
    ck_assert_msg(in == cases[i].in, "%s: %d", cases[i].src, in);
    ck_assert_msg(minor == cases[i].minor, "%s: go1.%d", cases[i].src, minor);
  }
  Buf deep = {0};
  buf_puts(&deep, "//go:build ");
  for (int i = 0; i < 100000; i++)
    buf_putc(&deep, '(');
  int minor;
  ck_assert(constraint_file(buf_str(&deep), deep.len, linux_tag, NULL, &minor));
  buf_free(&deep);
}
END_TEST

// ---- go.mod and the places of packages

static Loader *loader(void) {
  LoadOptions opt = {.goroot = in_top("goroot")};
  return load_new(a, &opt);
}

START_TEST(go_mod) {
  put("main/go.mod",
      "// a comment\nmodule \"example.com/m\" // and one behind\n\ngo 1.21.3\ntoolchain go1.99\n"
      "require a.b/c v1.2.3\nrequire (\n\td.e/f v0.1.0 // indirect\n\tx.y/z v2.0.0\n)\n"
      "exclude a.b/c v1.0.0\nretract [v1.0.0, v1.1.0]\n"
      "replace d.e/f => ../f\nreplace(\n\ta.b/c v1.2.3 => g.h/i v1.9.0\n)\n");
  put("main/sub/deep/x.go", "package deep\n");
  Module *m = module_find(a, in_top("main/sub/deep"));
  ck_assert_ptr_nonnull(m);
  ck_assert_str_eq(m->path, "example.com/m");
  ck_assert_str_eq(m->dir, in_top("main"));
  ck_assert_str_eq(m->goversion, "go1.21");
  ck_assert_uint_eq(map_len(m->required), 3);
  ck_assert_str_eq(map_get(m->required, "d.e/f"), "v0.1.0");
  ck_assert_int_eq(m->replaces.n, 2);
  ck_assert_str_eq(m->replaces.v[0].newpath, "../f");
  ck_assert_ptr_null(m->replaces.v[0].version);
  ck_assert_str_eq(m->replaces.v[1].version, "v1.2.3");
  ck_assert_str_eq(m->replaces.v[1].newversion, "v1.9.0");
  ck_assert_ptr_null(module_find(a, in_top("goroot")));
}
END_TEST

// Where `path` stands for a package of the main module, relative to top; NULL: nowhere.
static const char *found(Loader *l, const char *path, const char **why) {
  Place where;
  Unit from = {.path = "m"};
  if (!module_locate(l, &from, path, &where, why))
    return NULL;
  size_t n = strlen(top);
  ck_assert_msg(!strncmp(where.dir, top, n), "%s", where.dir);
  return where.dir + n + 1;
}

START_TEST(places) {
  put("main/go.mod",
      "module m\ngo 1.22\nrequire (\n\ta.b/Cap v1.0.0\n\ta.b/Cap/inner v1.1.0\n\tr.s/t v1.0.0\n"
      "\to.p/q v1.0.0\n)\nreplace r.s/t => ../t\nreplace o.p/q => n.o/p v3.0.0\n");
  put("main/sub/x.go", "package sub\n");
  put("t/go.mod", "module r.s/t\ngo 1.18\n");
  put("t/u/u.go", "package u\n");
  put("modcache/a.b/!cap@v1.0.0/c.go", "package c\n");
  put("modcache/a.b/!cap/inner@v1.1.0/go.mod", "unknown words are no error in a dependency\n");
  put("modcache/a.b/!cap/inner@v1.1.0/i/i.go", "package i\n");
  put("modcache/n.o/p@v3.0.0/p.go", "package p\n");
  Loader *l = loader();
  static const char *const cases[][2] = {
      {"fmt", "goroot/src/fmt"},
      {"m", "main"},
      {"m/sub", "main/sub"},
      {"r.s/t/u", "main/../t/u"},
      {"a.b/Cap", "modcache/a.b/!cap@v1.0.0"},
      {"a.b/Cap/inner/i", "modcache/a.b/!cap/inner@v1.1.0/i"}, // the longest module wins
      {"o.p/q", "modcache/n.o/p@v3.0.0"},
  };
  const char *why = "";
  for (size_t i = 0; i < LEN(cases); i++) {
    const char *dir = found(l, cases[i][0], &why);
    ck_assert_msg(dir && !strcmp(dir, cases[i][1]), "%s: %s (%s)", cases[i][0],
                  dir ? dir : "nowhere", why);
  }
  Place where;
  ck_assert(module_locate(l, NULL, "r.s/t/u", &where, &why));
  ck_assert_str_eq(where.goversion, "go1.18"); // of its own go.mod
  ck_assert(!where.is_std);
}
END_TEST

START_TEST(places_that_are_not) {
  put("main/go.mod", "module m\n");
  Loader *l = loader();
  static const char *const cases[][2] = {
      {"nosuch", "package nosuch is not in std ("},
      {"m/sub", "package m/sub is not in std ("}, // as the go command says it of such a module
      {"mm", "package mm is not in std ("},
      {"a.b/c", "no required module provides package a.b/c; to add it:\n\tgo get a.b/c"},
      {"./x", "\"./x\" is relative, but relative import paths are not supported in module mode"},
      {"..", "\"..\" is relative, but relative import paths are not supported in module mode"},
      {"/x", "cannot import absolute path"},
  };
  for (size_t i = 0; i < LEN(cases); i++) {
    const char *why = "";
    ck_assert_ptr_null(found(l, cases[i][0], &why));
    ck_assert_msg(!strncmp(why, cases[i][1], strlen(cases[i][1])), "%s: %s", cases[i][0], why);
  }
}
END_TEST

START_TEST(vendor_folders) {
  put("main/go.mod", "module m\nrequire a.b/c v1.0.0\n");
  put("main/vendor/a.b/c/c.go", "package c\n");
  put("modcache/a.b/c@v1.0.0/c.go", "package c\n");
  Loader *l = loader();
  const char *why;
  ck_assert_str_eq(found(l, "a.b/c", &why), "main/vendor/a.b/c");
  // GOROOT's own vendor folder is for its packages alone.
  Unit net = {.path = "net", .is_std = true};
  Place where;
  ck_assert(module_locate(l, &net, "golang.org/x/dns", &where, &why));
  ck_assert_str_eq(where.path, "vendor/golang.org/x/dns");
  ck_assert_ptr_null(found(l, "golang.org/x/dns", &why));
}
END_TEST

START_TEST(gopath) {
  setenv("GO111MODULE", "off", 1);
  setenv("GOPATH", in_top("one:none"), 1);
  setenv("GOPATH", arena_printf(a, "%s/none:%s/one", top, top), 1);
  put("one/src/x.y/z/z.go", "package z\n");
  Loader *l = loader();
  const char *why;
  ck_assert_str_eq(found(l, "x.y/z", &why), "one/src/x.y/z");
  ck_assert_ptr_null(load_modroot(l));
  unsetenv("GO111MODULE");
  unsetenv("GOPATH");
}
END_TEST

// ---- the graph

// The paths of the units in order, with blanks between, and behind a bar the errors that are
// queued.
static const char *graph(const char *arg, UnitList *named) {
  Loader *l = loader();
  UnitList units = load_packages(l, &arg, 1, named);
  Buf b = {0};
  for (int i = 0; i < units.n; i++)
    buf_printf(&b, "%s%s", i ? " " : "", units.v[i]->path);
  char *text = NULL;
  size_t n;
  FILE *f = open_memstream(&text, &n);
  diag_flush(f);
  fclose(f);
  if (*text)
    buf_printf(&b, "|%s", text);
  free(text);
  const char *s = arena_strdup(a, buf_str(&b));
  buf_free(&b);
  return s;
}

static void expect_graph(const char *want) {
  UnitList named = {0};
  ck_assert_str_eq(graph(".", &named), want);
  diag_reset();
}

START_TEST(order_of_packages) {
  put("main/go.mod", "module m\ngo 1.22\n");
  put("main/main.go",
      "package main\n\nimport (\n\t\"m/b\"\n\t\"fmt\"\n\t_ \"m/a\"\n\t\"unsafe\"\n)\n");
  put("main/more.go", "package main\n\nimport \"fmt\"\n");
  put("main/a/a.go", "package a\n\nimport _ \"m/c\"\n");
  put("main/b/b.go", "package b\n");
  put("main/b/b_test.go", "package b\n\nimport \"nosuch\"\n");
  put("main/c/c.go", "package c\n");
  put("main/c/c_windows.go", "package c\n\nimport \"nosuch\"\n");
  put("main/c/off.go", "//go:build ignore\n\npackage other\n");
  put("main/c/_hidden.go", "package other\n");
  mkdir(in_top("main/c/folder.go"), 0777);
  UnitList named = {0};
  ck_assert_str_eq(graph(".", &named), "runtime internal/fmtsort m/b m/c m/a os fmt m");
  ck_assert_int_eq(named.n, 1);
  Unit *u = named.v[0];
  ck_assert_str_eq(u->name, "main");
  ck_assert_str_eq(u->goversion, "go1.22");
  ck_assert_int_eq(u->files.n, 2);
  ck_assert_str_eq(u->files.v[0]->shown, "./main.go");
  ck_assert_int_eq(u->imports.n, 4); // sorted, each once
  ck_assert_str_eq(u->imports.v[0].path, "fmt");
  ck_assert_str_eq(u->imports.v[3].path, "unsafe");
  ck_assert_ptr_null(u->imports.v[3].unit);
}
END_TEST

START_TEST(import_cycles) {
  put("main/go.mod", "module m\n");
  put("main/main.go", "package main\n\nimport _ \"m/a\"\n");
  put("main/a/a.go", "package a\n\nimport _ \"m/b\"\n");
  put("main/b/b.go", "package b\n\nimport _ \"m/a\"\n");
  expect_graph("runtime m/b m/a m|b/b.go:3:8: import cycle not allowed\n\timports m/a\n\timports "
               "m/b\n\timports m/a\n");
  put("main/a/a.go", "package a\n\nimport \"m/a\"\n");
  expect_graph(
      "runtime m/a m|a/a.go:3:8: import cycle not allowed\n\timports m/a\n\timports m/a\n");
}
END_TEST

START_TEST(missing_packages) {
  put("main/go.mod", "module m\n");
  put("main/main.go", "package main\n\nimport (\n\t\"nosuch/x\"\n\t\"a.b/c\"\n\t\"m/empty\"\n)\n");
  put("main/empty/x.txt", "");
  expect_graph(arena_printf(
      a,
      "runtime m|./main.go:4:2: package nosuch/x is not in std (%s/goroot/src/nosuch/x)\n"
      "./main.go:5:2: no required module provides package a.b/c; to add it:\n\tgo get a.b/c\n"
      "./main.go:6:2: no Go files in %s/main/empty\n",
      top, top));
}
END_TEST

START_TEST(internal_packages) {
  put("main/go.mod", "module m\n");
  put("main/x/internal/i/i.go", "package i\n");
  put("main/x/y/y.go", "package y\n\nimport _ \"m/x/internal/i\"\n");
  put("main/z/z.go", "package z\n\nimport _ \"m/x/internal/i\"\n");
  put("main/main.go", "package main\n\nimport (\n\t_ \"m/x/y\"\n\t_ \"m/z\"\n)\n");
  expect_graph("runtime m/x/internal/i m/x/y m/z m|z/z.go:3:8: use of internal package "
               "m/x/internal/i not allowed\n");
  put("main/main.go", "package main\n\nimport _ \"internal/fmtsort\"\n");
  expect_graph("runtime m|./main.go:3:8: use of internal package internal/fmtsort not allowed\n");
}
END_TEST

START_TEST(package_names) {
  put("main/go.mod", "module m\n");
  put("main/a.go", "package a\n");
  put("main/b.go", "package b\n");
  expect_graph(arena_printf(
      a, "runtime m|./b.go:1:9: found packages a (a.go) and b (b.go) in %s/main\n", top));
}
END_TEST

START_TEST(patterns) {
  put("main/go.mod", "module m\n");
  put("main/p/p.go", "package p\n");
  put("main/p/q/q.go", "package q\n");
  put("main/p/testdata/t.go", "package t\n");
  put("main/p/_off/t.go", "package t\n");
  put("main/p/.off/t.go", "package t\n");
  put("main/p/other/go.mod", "module other\n");
  put("main/p/other/o.go", "package o\n");
  UnitList named = {0};
  ck_assert_str_eq(graph("./...", &named), "runtime m/p m/p/q");
  ck_assert_int_eq(named.n, 2);
  UnitList below = {0};
  ck_assert_str_eq(graph("m/p/...", &below), "runtime m/p m/p/q");
}
END_TEST

// ---- //go:embed

static const char *embedded(const char *pattern) {
  Embed e = {.pattern = pattern, .at = {1, 1, pos_add_file("e.go")}};
  EmbedList l = {.v = &e, .n = 1};
  EmbedFiles f = embed_resolve(a, in_top("main"), &l);
  Buf b = {0};
  for (int i = 0; i < f.n; i++)
    buf_printf(&b, "%s=%.*s ", f.v[i].name, (int)f.v[i].len, f.v[i].data ? f.v[i].data : "");
  char *text = NULL;
  size_t n;
  FILE *out = open_memstream(&text, &n);
  diag_flush(out);
  fclose(out);
  buf_puts(&b, text);
  free(text);
  const char *s = arena_strdup(a, buf_str(&b));
  buf_free(&b);
  return s;
}

START_TEST(embedded_files) {
  put("main/a.txt", "A");
  put("main/b.txt", "B");
  put("main/d/x.txt", "X");
  put("main/d/.hidden", "H");
  put("main/d/e/y.txt", "Y");
  ck_assert_str_eq(embedded("a.txt"), "a.txt=A ");
  ck_assert_str_eq(embedded("*.txt"), "a.txt=A b.txt=B ");
  ck_assert_ptr_nonnull(strstr(embedded("d"), "d/e/y.txt=Y "));
  ck_assert_ptr_null(strstr(embedded("d"), "hidden"));
  ck_assert_ptr_nonnull(strstr(embedded("all:d"), "d/.hidden=H "));
  ck_assert_str_eq(embedded("nosuch"), "e.go:1:1: pattern nosuch: no matching files found\n");
  ck_assert_ptr_nonnull(strstr(embedded("../x"), "pattern ../x: invalid pattern syntax"));
}
END_TEST

Suite *suite_load(void) {
  Suite *s = suite_create("load");
  TCase *t = tcase_create("load");
  tcase_add_checked_fixture(t, setup, teardown);
  tcase_add_test(t, file_names);
  tcase_add_test(t, build_lines);
  tcase_add_test(t, go_mod);
  tcase_add_test(t, places);
  tcase_add_test(t, places_that_are_not);
  tcase_add_test(t, vendor_folders);
  tcase_add_test(t, gopath);
  tcase_add_test(t, order_of_packages);
  tcase_add_test(t, import_cycles);
  tcase_add_test(t, missing_packages);
  tcase_add_test(t, internal_packages);
  tcase_add_test(t, package_names);
  tcase_add_test(t, patterns);
  tcase_add_test(t, embedded_files);
  suite_add_tcase(s, t);
  return s;
}
