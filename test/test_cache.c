// test_cache.c: the build cache: what is stored comes back whole or not at all, whatever happened
// to its files; keys differ where the result may.
#include "driver/driver.h"

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

Suite *suite_cache(void);

static Build b;
static Options opt;
static char top[64];

static void setup(void) {
  strcpy(top, "/tmp/goc-test-cache.XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(top));
  b = (Build){.a = arena_new(), .opt = &opt};
  opt = (Options){.command = "build", .opt = 2};
  setenv("GOCCACHE", arena_printf(b.a, "%s/c", top), 1);
  diag_reset();
}

static void teardown(void) {
  ck_assert_int_eq(system(arena_printf(b.a, "rm -rf %s", top)), 0);
  arena_free(b.a);
}

static const char KEY[] = "00112233445566778899aabbccddeeff";
static const char OBJ[] = "ffeeddccbbaa99887766554433221100";

static void put(const char *path, const char *text) {
  ck_assert_msg(file_write(path, text, strlen(text)), "%s", path);
}

// An artifact with every field, whose sites are n bytes.
static void store(const char *object, size_t n) {
  Artifact art = {.path = "a/b",
                  .init = "a/b.init",
                  .has_main = true,
                  .object = cache_path(b.a, OBJ, ".o"),
                  .bundle = cache_path(b.a, OBJ, ".bc"),
                  .leaks = "f\tnone\n",
                  .leakslen = 7,
                  .sites = arena_alloc(b.a, n + 1),
                  .siteslen = n};
  memset((char *)art.sites, 's', n);
  put(art.object, object);
  put(art.bundle, "bundle");
  cache_seal(&b, OBJ, true);
  cache_store(&b, NULL, KEY, &art, OBJ, "", 0);
}

static Artifact *load(void) {
  Unit u = {.path = "a/b"};
  return cache_load(&b, &u, KEY);
}

START_TEST(what_was_stored_comes_back) {
  ck_assert_ptr_null(load());
  store("object", 1000);
  Artifact *art = load();
  ck_assert_ptr_nonnull(art);
  ck_assert_str_eq(art->path, "a/b");
  ck_assert_str_eq(art->init, "a/b.init");
  ck_assert(art->has_main);
  ck_assert_str_eq(art->object, cache_path(b.a, OBJ, ".o"));
  ck_assert_str_eq(art->bundle, cache_path(b.a, OBJ, ".bc"));
  ck_assert_uint_eq(art->leakslen, 7);
  ck_assert_mem_eq(art->leaks, "f\tnone\n", 7);
  ck_assert_uint_eq(art->siteslen, 1000);
}
END_TEST

START_TEST(notes_are_said_again) {
  Artifact art = {.path = "p", .object = cache_path(b.a, OBJ, ".o")};
  put(art.object, "object");
  Pos at = {.line = 3, .col = 7, .file = pos_add_file("t.go")};
  diag_note(at, "moved to heap: x");
  Buf notes = {0};
  diag_save(&notes);
  diag_reset();
  cache_store(&b, NULL, KEY, &art, OBJ, buf_str(&notes), notes.len);
  Artifact *back = load();
  ck_assert_ptr_nonnull(back);
  ck_assert_ptr_null(back->init);
  ck_assert_ptr_null(back->bundle);
  Buf again = {0};
  diag_save(&again);
  ck_assert_str_eq(buf_str(&again), buf_str(&notes));
  buf_free(&notes);
  buf_free(&again);
}
END_TEST

// Writes the first n bytes of a file in which byte i has its low bit flipped (i < 0: none).
static void damage(const char *path, const char *text, size_t n, long i) {
  char *copy = xmalloc(n + 1);
  memcpy(copy, text, n);
  if (i >= 0)
    copy[i] ^= 1;
  ck_assert(file_write(path, copy, n));
  free(copy);
}

START_TEST(damaged_files_do_not_verify) {
  store("object", 40);
  static const struct {
    const char *key, *suffix;
  } files[] = {{KEY, ".sum"}, {OBJ, ".o"}, {OBJ, ".bc"}};
  for (size_t i = 0; i < LEN(files); i++) {
    const char *path = cache_path(b.a, files[i].key, files[i].suffix);
    size_t n;
    char *text = file_read(path, &n);
    for (size_t at = 0; at < n; at++) {
      damage(path, text, n, (long)at);
      ck_assert_msg(!load(), "%s: byte %zu", files[i].suffix, at);
      damage(path, text, at, -1);
      ck_assert_msg(!load(), "%s: %zu bytes", files[i].suffix, at);
    }
    unlink(path);
    ck_assert_msg(!load(), "%s is missing", files[i].suffix);
    damage(path, text, n, -1);
    ck_assert_msg(load() != NULL, "%s is whole again", files[i].suffix);
    free(text);
  }
}
END_TEST

START_TEST(seals) {
  ck_assert(!cache_sealed(&b, OBJ, true));
  store("object", 10);
  ck_assert(cache_sealed(&b, OBJ, true));
  ck_assert(!cache_sealed(&b, OBJ, false)); // sealed with a bundle
  put(cache_path(b.a, OBJ, ".o"), "objecT");
  ck_assert(!cache_sealed(&b, OBJ, true));
}
END_TEST

// What a build that was killed leaves: its temporary file, never a part under the real name.
START_TEST(interrupted_writes) {
  store("object", 10);
  put(arena_printf(b.a, "%s.AbCdEf", cache_path(b.a, KEY, ".sum")), "path");
  ck_assert_ptr_nonnull(load());
  pid_t pid = fork();
  if (!pid) {
    for (size_t n = 0;; n++)
      store("object", 100000 + n % 1000);
  }
  usleep(50000);
  kill(pid, SIGKILL);
  ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
  Artifact *art = load();
  ck_assert_ptr_nonnull(art);
  for (size_t i = 0; i < art->siteslen; i++)
    ck_assert_int_eq(art->sites[i], 's');
}
END_TEST

// Builds that compile the same package at once write the same files: a reader sees one of them
// whole.
START_TEST(concurrent_writers) {
  store("object", 10);
  pid_t pids[4];
  for (size_t i = 0; i < LEN(pids); i++) {
    pids[i] = fork();
    if (pids[i])
      continue;
    for (size_t n = 0; n < 200; n++)
      store("object", 1000 * (i + 1) + n);
    _exit(0);
  }
  for (int n = 0; n < 200; n++) {
    Artifact *art = load();
    ck_assert_ptr_nonnull(art);
    ck_assert_str_eq(art->path, "a/b");
  }
  for (size_t i = 0; i < LEN(pids); i++) {
    int status;
    ck_assert_int_eq(waitpid(pids[i], &status, 0), pids[i]);
    ck_assert_int_eq(status, 0);
  }
  ck_assert_ptr_nonnull(load());
}
END_TEST

static const char *key_of(const char *src, const char *goversion, bool named) {
  UnitFile f = {.path = "/x/a.go", .shown = "/x/a.go", .src = src, .len = strlen(src)};
  Unit u = {.path = "p", .name = atom("p"), .goversion = goversion, .is_named = named};
  vec_push(b.a, &u.files, &f);
  return cache_key(&b, &u);
}

START_TEST(keys) {
  const char *plain = key_of("package p", "go1.22", false);
  ck_assert_uint_eq(strlen(plain), 32);
  ck_assert_str_eq(key_of("package p", "go1.22", false), plain);
  ck_assert_str_ne(key_of("package p ", "go1.22", false), plain);
  ck_assert_str_ne(key_of("package p", "go1.21", false), plain);
  opt.opt = 0;
  ck_assert_str_ne(key_of("package p", "go1.22", false), plain);
  opt.opt = 2;
  opt.escape_off = true;
  ck_assert_str_ne(key_of("package p", "go1.22", false), plain);
  opt.escape_off = false;
  opt.explain = 1; // notes are those of the packages on the command line
  ck_assert_str_eq(key_of("package p", "go1.22", false), plain);
  const char *noted = key_of("package p", "go1.22", true);
  opt.explain = 2;
  ck_assert_str_ne(key_of("package p", "go1.22", true), noted);
}
END_TEST

START_TEST(folders) {
  ck_assert_str_eq(cache_dir(b.a), arena_printf(b.a, "%s/c", top));
  unsetenv("GOCCACHE");
  setenv("XDG_CACHE_HOME", "/xdg", 1);
  ck_assert_str_eq(cache_dir(b.a), "/xdg/goc");
  setenv("XDG_CACHE_HOME", "", 1);
  setenv("HOME", "/home/me", 1);
  ck_assert_str_eq(cache_dir(b.a), "/home/me/.cache/goc");
  unsetenv("HOME");
  ck_assert_str_eq(cache_dir(b.a), arena_printf(b.a, "/tmp/goc-cache-%d", (int)getuid()));

  char *path = arena_printf(b.a, "%s/x/y/z", top);
  ck_assert(make_dirs(path));
  ck_assert(is_dir(path));
  ck_assert(make_dirs(path));
  put(arena_printf(b.a, "%s/file", top), "");
  ck_assert(!make_dirs(arena_printf(b.a, "%s/file", top)));
  ck_assert(!make_dirs(arena_printf(b.a, "%s/file/x", top)));
}
END_TEST

Suite *suite_cache(void) {
  Suite *s = suite_create("cache");
  TCase *t = tcase_create("cache");
  tcase_set_timeout(t, 60);
  tcase_add_checked_fixture(t, setup, teardown);
  tcase_add_test(t, what_was_stored_comes_back);
  tcase_add_test(t, notes_are_said_again);
  tcase_add_test(t, damaged_files_do_not_verify);
  tcase_add_test(t, seals);
  tcase_add_test(t, interrupted_writes);
  tcase_add_test(t, concurrent_writers);
  tcase_add_test(t, keys);
  tcase_add_test(t, folders);
  suite_add_tcase(s, t);
  return s;
}
