// test_check.c: the checker: errors in gc's words and places, types of expressions, facts about
// variables and function bodies.
#include "typeutil.h"

Suite *suite_check(void);

static const struct {
  const char *src, *errors;
} error_cases[] = {
#include "check_cases.def"
};

static char *flushed(void) {
  char *text = NULL;
  size_t n;
  diag_show_all(true);
  FILE *f = open_memstream(&text, &n);
  diag_flush(f);
  fclose(f);
  return text;
}

START_TEST(errors) {
  Buf src = {0};
  buf_printf(&src, "package main\n%s", error_cases[_i].src);
  check_source(buf_str(&src));
  ck_assert_str_eq(flushed(), error_cases[_i].errors);
}
END_TEST

// ---- types of expressions: the right side of var x = …

static const struct {
  const char *decls, *expr, *type, *val; // val NULL: no constant
} type_cases[] = {
    {"", "1", "int", "1"},
    {"", "'a'", "rune", "97"},
    {"", "1.5", "float64", "1.5"},
    {"", "1i", "complex128", "(0 + 1i)"},
    {"", "\"a\" + \"b\"", "string", "\"ab\""},
    {"", "1 < 2", "bool", "true"},
    {"", "1 << 3.0", "int", "8"},
    {"", "len(\"abc\")", "int", "3"},
    {"var a [4]int", "len(a)", "int", "4"},
    {"func f() (a [4]int) { return }", "len(f())", "int", NULL},
    {"type T uint8", "T(200) + 55", "T", "255"},
    {"var s uint", "int64(1) << s", "int64", NULL},
    {"var s uint", "1 << s", "int", NULL},
    {"var m map[string][]int", "m[\"x\"]", "[]int", NULL},
    {"var p *[3]int", "p[1:2]", "[]int", NULL},
    {"var p *[3]int", "p[1]", "int", NULL},
    {"", "&[]int{1}", "*[]int", NULL},
    {"", "func(x int) string { return \"\" }", "func(x int) string", NULL},
    {"type T struct{ x int }; func (T) m(int) {}", "T.m", "func(T, int)", NULL},
    {"type T struct{ x int }; func (T) m(y int) {}", "T.m", "func(_ T, y int)", NULL},
    {"type T struct{ x int }; func (T) m(int) {}", "T{}.m", "func(int)", NULL},
    {"func id[T any](x T) T { return x }", "id(1.5)", "float64", NULL},
    {"func id[T any](x T) T { return x }", "id[string]", "func(x string) string", NULL},
    {"type L[T any] []T", "L[int]{1}", "L[int]", NULL},
    {"", "min(2, 1.5)", "float64", "1.5"},
    {"", "max(\"a\", \"b\")", "string", "\"b\""},
    {"import \"unsafe\"", "unsafe.Sizeof(struct{ a byte; b int }{})", "uintptr", "16"},
    {"import \"unsafe\"; var s struct{ a byte; b struct{ c, d int32 } }", "unsafe.Offsetof(s.b)",
     "uintptr", "4"},
    {"", "complex(1, 2)", "complex128", "(1 + 2i)"},
    {"", "real(1 + 2i)", "float64", "1"},
    {"", "string(rune(65))", "string", "\"A\""},
    {"", "append([]byte(nil), \"x\"...)", "[]byte", NULL},
    {"", "^uint8(1)", "uint8", "254"},
    {"", "-5 / 2", "int", "-2"},
    {"", "5.0 / 2", "float64", "2.5"},
    {"var c <-chan string", "<-c", "string", NULL},
    {"var i interface{ m() }", "i.m", "func()", NULL},
    {"type I interface{ m() }; var i any", "i.(I)", "I", NULL},
    {"", "[...]string{2: \"x\"}", "[3]string", NULL},
};

START_TEST(types) {
  Buf src = {0};
  buf_printf(&src, "package main\n%s\nvar xxx = %s\n", type_cases[_i].decls, type_cases[_i].expr);
  Package *p = check_source(buf_str(&src));
  p->compile_only = true;
  no_errors();
  Object *x = object_named(p, "xxx");
  ck_assert_str_eq(type_string(x->type, p), type_cases[_i].type);
  Expr *init = x->decl->var.values.v[0];
  ck_assert_str_eq(type_string(init->type, p), type_cases[_i].type);
  if (type_cases[_i].val) {
    ck_assert_int_eq(init->mode, MODE_CONST);
    ck_assert_str_eq(const_str(init->val), type_cases[_i].val);
  } else {
    ck_assert_int_ne(init->mode, MODE_CONST);
  }
}
END_TEST

// ---- facts about the variables of func f

static const struct {
  const char *body;  // of func f(), with a variable x
  const char *facts; // of x: a addrtaken, c captured, r reassigned
} var_cases[] = {
    {"x := 1; _ = x", ""},
    {"x := 1; x = 2; _ = x", "r"},
    {"x := 1; x++", "r"},
    {"x := 1; p := &x; _ = p", "a"},
    {"x := [2]int{}; _ = x[:]", "a"},
    {"x := []int{}; _ = x[:]; x[0] = 1", ""},
    {"x := [2]int{}; x[0] = 1", "r"},
    {"x := struct{ a struct{ b int } }{}; x.a.b = 1", "r"},
    {"x := struct{ a struct{ b int } }{}; _ = &x.a.b", "a"},
    {"x := &struct{ b int }{}; x.b = 1; _ = &x.b", ""},
    {"x := 1; func() { _ = x }()", "c"},
    {"x := 1; func() { func() { x = 2 }() }(); _ = x", "cr"},
    {"x, y := 1, 2; x, z := 3, 4; _, _, _ = x, y, z", "r"},
    {"var x T; x.ptr()", "a"},
    {"var x T; x.val()", ""},
    {"x := &T{}; x.ptr(); x.val()", ""},
    {"var x T; g := x.ptr; g()", "a"},
    {"for x := range 3 { _ = x }", ""},
    {"for x := 0; x < 3; x++ { }", "r"},
    {"var x int; for x = range 3 { }; _ = x", "r"},
    {"var x int; for range seq { _ = x }", "c"},
    {"var x int; for x = range seq { }; _ = x", "cr"},
    {"for x := range seq { _ = x }", ""},
    {"for x := range seq { defer func() { _ = x }() }", "c"},
};

static Object *find_local(FuncInfo *fi, const char *name) {
  for (int i = 0; i < fi->locals.n; i++)
    if (strcmp(fi->locals.v[i]->name, name) == 0)
      return fi->locals.v[i];
  for (int i = 0; i < fi->lits.n; i++) {
    Object *o = find_local(fi->lits.v[i], name);
    if (o)
      return o;
  }
  return NULL;
}

START_TEST(variables) {
  Buf src = {0};
  buf_printf(&src,
             "package main\ntype T struct{ n int }\nfunc (*T) ptr() {}\nfunc (T) val() {}\n"
             "func seq(yield func(int) bool) {}\nfunc f() { %s }\n",
             var_cases[_i].body);
  Package *p = check_source(buf_str(&src));
  no_errors();
  Object *x = find_local(object_named(p, "f")->func.info, "x");
  ck_assert_ptr_nonnull(x);
  char facts[4] = "", *s = facts;
  if (x->var.addrtaken)
    *s++ = 'a';
  if (x->var.captured)
    *s++ = 'c';
  if (x->var.reassigned)
    *s++ = 'r';
  ck_assert_str_eq(facts, var_cases[_i].facts);
}
END_TEST

START_TEST(captures) {
  Package *p = check_source("package main\n"
                            "func f(a int) (r int) {\n"
                            "  b, c := 1, 2\n"
                            "  g := func(d int) { h := func() { a += b + d }; h(); _ = c }\n"
                            "  g(1)\n"
                            "  for range func(yield func() bool) {} { defer g(2); return 3 }\n"
                            "  return\n"
                            "}\n");
  no_errors();
  FuncInfo *f = object_named(p, "f")->func.info;
  ck_assert(f->has_defer);
  ck_assert_int_eq(f->lits.n, 3);
  FuncInfo *g = f->lits.v[0], *h = g->lits.v[0];
  ck_assert_ptr_eq(h->outer, g);
  ck_assert_int_eq(g->captures.n, 3);
  ck_assert_int_eq(h->captures.n, 3);
  const char *in_g = "abc", *in_h = "abd";
  for (int i = 0; i < 3; i++) {
    bool found_g = false, found_h = false;
    for (int j = 0; j < 3; j++) {
      found_g |= g->captures.v[j]->name[0] == in_g[i];
      found_h |= h->captures.v[j]->name[0] == in_h[i];
    }
    ck_assert(found_g && found_h);
  }
  FuncInfo *body = NULL;
  for (int i = 0; i < 3; i++)
    if (f->lits.v[i]->range)
      body = f->lits.v[i];
  ck_assert_ptr_nonnull(body);
  ck_assert(body->has_defer);
  bool result = false; // a return does not capture the result: it goes through the loop's frame
  for (int i = 0; i < body->captures.n; i++)
    result |= strcmp(body->captures.v[i]->name, "r") == 0;
  ck_assert(!result);
}
END_TEST

START_TEST(init_order) {
  Package *p = check_source("package main\n"
                            "var a = c + b\n"
                            "var b = f()\n"
                            "var c, d = g()\n"
                            "func f() int { return d }\n"
                            "func g() (int, int) { return 1, 2 }\n"
                            "var e = 5\n"
                            "var _ = a\n");
  no_errors();
  const char *const want[] = {"c", "b", "a", "e", "_"};
  ck_assert_int_eq(p->inits.n, 5);
  for (int i = 0; i < 5; i++)
    ck_assert_str_eq(p->inits.v[i].lhs.v[0]->name, want[i]);
  ck_assert_int_eq(p->inits.v[0].lhs.n, 2);
}
END_TEST

// Input that must be refused or accepted, but never crash the checker.
static char *repeated(const char *head, const char *s, int n, const char *mid, const char *t,
                      const char *tail) {
  Buf b = {0};
  buf_puts(&b, head);
  for (int i = 0; i < n; i++)
    buf_puts(&b, s);
  buf_puts(&b, mid);
  for (int i = 0; i < n; i++)
    buf_puts(&b, t);
  buf_puts(&b, tail);
  return b.data;
}

START_TEST(hostile) {
  enum { MANY = 3000 };
  static const char *const shapes[][5] = {
      {"package main\nvar x = ", "(", "1", ")", "\n"},
      {"package main\nvar x ", "[]", "int", "", "\n"},
      {"package main\nvar x = ", "1 + ", "1", "", "\n"},
      {"package main\nvar x = ", "!", "true", "", "\n"},
      {"package main\nfunc f() ", "{", "", "}", "\n"},
      {"package main\nvar x = ", "func() {", "", "}", "\n"},
      {"package main\ntype T[P any] struct{ f T[", "T[", "P", "]", "] }\n"},
  };
  const char *const *s = shapes[_i];
  check_source(repeated(s[0], s[1], MANY, s[2], s[3], s[4]));
}
END_TEST

Suite *suite_check(void) {
  Suite *s = suite_create("check");
  TCase *t = tcase_create("check");
  tcase_add_loop_test(t, errors, 0, (int)LEN(error_cases));
  tcase_add_loop_test(t, types, 0, (int)LEN(type_cases));
  tcase_add_loop_test(t, variables, 0, (int)LEN(var_cases));
  tcase_add_test(t, captures);
  tcase_add_test(t, init_order);
  tcase_add_loop_test(t, hostile, 0, 7);
  suite_add_tcase(s, t);
  return s;
}
