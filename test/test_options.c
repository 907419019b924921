// test_options.c: the command line: what each flag sets, where the flags end, what is refused.
#include "driver/driver.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_options(void);

static Arena *a;

static void setup(void) {
  a = arena_new();
  unsetenv("GOFLAGS");
}

static void teardown(void) {
  arena_free(a);
}

// The options of a command line: words with blanks between, "_" for a blank inside one.
static Options parse(const char *command, const char *line) {
  char *s = arena_strdup(a, line);
  VEC(char *) argv = {0};
  for (char *w = strtok(s, " "); w; w = strtok(NULL, " ")) {
    for (char *p = w; (p = strchr(p, '_'));)
      *p = ' ';
    vec_push(a, &argv, w);
  }
  vec_push(a, &argv, NULL);
  return options_parse(a, command, argv.n - 1, argv.v);
}

START_TEST(defaults) {
  Options o = parse("build", "");
  ck_assert_int_eq(o.opt, 2);
  ck_assert_ptr_null(o.out);
  ck_assert_int_eq(o.nargs, 0);
  ck_assert_int_eq(o.explain, 0);
  ck_assert_int_gt(o.jobs, 0);
  ck_assert(!o.compile_only && !o.all_errors && !o.noinline_ && !o.escape_off && !o.verbose &&
            !o.trace && !o.json);
}
END_TEST

START_TEST(flags) {
  Options o = parse("build", "-o out -c -e -m=2 -l -v -x -O0 -escape=off -p 3 -tags a,b x.go y.go");
  ck_assert_str_eq(o.out, "out");
  ck_assert(o.compile_only && o.all_errors && o.noinline_ && o.escape_off && o.verbose && o.trace);
  ck_assert_int_eq(o.explain, 2);
  ck_assert_int_eq(o.opt, 0);
  ck_assert_int_eq(o.jobs, 3);
  ck_assert_int_eq(o.ntags, 2);
  ck_assert_str_eq(o.tags[1], "b");
  ck_assert_int_eq(o.nargs, 2);
  ck_assert_str_eq(o.args[1], "y.go");
}
END_TEST

START_TEST(spellings) {
  ck_assert_str_eq(parse("build", "-o=x").out, "x");
  ck_assert_str_eq(parse("build", "--o x").out, "x");
  ck_assert_ptr_null(parse("build", "-o=").out);
  ck_assert_int_eq(parse("build", "-m -m").explain, 2);
  ck_assert_int_eq(parse("build", "-gcflags -m").explain, 1);
  ck_assert_int_eq(parse("build", "-gcflags=-m").explain, 1);
  Options o = parse("build", "-gcflags=-m_-l_-e_-N x.go");
  ck_assert(o.noinline_ && o.all_errors);
  ck_assert_int_eq(o.explain, 1);
  ck_assert_int_eq(o.opt, 0);
  ck_assert_int_eq(parse("build", "-gcflags=all=-m=2").explain, 2);
  ck_assert_int_eq(parse("build", "-- -m").nargs, 1);
}
END_TEST

START_TEST(dumps) {
  Options o = parse("build", "-d ir,escape=main.f,verify x.go");
  ck_assert_uint_eq(o.dump, DUMP_IR | DUMP_ESCAPE | DUMP_VERIFY);
  ck_assert_ptr_null(o.dumpfunc[3]);
  ck_assert_str_eq(o.dumpfunc[4], "main.f");
  o = parse("build", "-d=escape=2");
  ck_assert_int_eq(o.stats, 2);
  ck_assert_ptr_null(o.dumpfunc[4]);
}
END_TEST

START_TEST(arguments_of_the_program) {
  Options o = parse("run", "-O1 a.go b.go x -m c.go");
  ck_assert_int_eq(o.nargs, 2);
  ck_assert_int_eq(o.nprogargs, 3);
  ck_assert_str_eq(o.progargs[1], "-m");
  ck_assert_int_eq(o.explain, 0);
  o = parse("run", "./cmd a.go");
  ck_assert_int_eq(o.nargs, 1);
  ck_assert_str_eq(o.progargs[0], "a.go");
}
END_TEST

START_TEST(flags_of_goc_test) {
  Options o = parse("test", "-run A|B -bench . -count=2 -timeout 1m -short -v p");
  ck_assert_str_eq(o.run, "A|B");
  ck_assert_str_eq(o.bench, ".");
  ck_assert_str_eq(o.count, "2");
  ck_assert_str_eq(o.timeout, "1m");
  ck_assert(o.short_ && o.verbose);
}
END_TEST

START_TEST(goflags) {
  setenv("GOFLAGS", " -gcflags=-m\t--tags=x ", 1);
  Options o = parse("build", "-m");
  ck_assert_int_eq(o.explain, 2);
  ck_assert_str_eq(o.tags[0], "x");
}
END_TEST

static const char *const wrong[] = {
    "-nosuchflag", "-o",       "-d nosuch", "-O4",    "-O",  "-gcflags=-S", "-escape=no",
    "-run A",      "-gcflags", "-tags",     "-short", "-mm", "-vv",         "--nosuch",
};

START_TEST(wrong_flags) {
  freopen("/dev/null", "w", stderr);
  parse("build", wrong[_i]);
}
END_TEST

static const char *const wrong_env[] = {"-nosuchflag", "x.go", "-", "-o", "-m x"};

START_TEST(wrong_goflags) {
  freopen("/dev/null", "w", stderr);
  setenv("GOFLAGS", wrong_env[_i], 1);
  parse("build", "");
}
END_TEST

Suite *suite_options(void) {
  Suite *s = suite_create("options");
  TCase *t = tcase_create("options");
  tcase_add_checked_fixture(t, setup, teardown);
  tcase_add_test(t, defaults);
  tcase_add_test(t, flags);
  tcase_add_test(t, spellings);
  tcase_add_test(t, dumps);
  tcase_add_test(t, arguments_of_the_program);
  tcase_add_test(t, flags_of_goc_test);
  tcase_add_test(t, goflags);
  tcase_add_loop_exit_test(t, wrong_flags, 2, 0, LEN(wrong));
  tcase_add_loop_exit_test(t, wrong_goflags, 1, 0, LEN(wrong_env));
  suite_add_tcase(s, t);
  return s;
}
