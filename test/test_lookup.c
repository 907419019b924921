// test_lookup.c: selectors through embedding, method sets, missing methods.
#include "typeutil.h"

Suite *suite_lookup(void);

static const char source[] = "package main\n"
                             "type A struct { x, y int }\n"
                             "func (A) Val() {}\n"
                             "func (*A) Ptr() {}\n"
                             "type B struct { x, z int }\n"
                             "func (B) Val() {}\n"
                             "type C struct { A; B; c int }\n"
                             "type D struct { *A; d int }\n"
                             "type E struct { D; B }\n"
                             "type I interface { M(); N() }\n"
                             "type F struct { I; G[int] }\n"
                             "type G[P any] struct { p P }\n"
                             "func (g G[P]) Get() P { return g.p }\n"
                             "func (g *G[P]) N() {}\n"
                             "type L struct { *L; v int }\n"
                             "type P *A\n"
                             "type X1 struct { A }\n"
                             "type X2 struct { A }\n"
                             "type Y struct { X1; X2 }\n"
                             "type Z struct { Y; c int }\n"
                             "type U struct{ R }\n"
                             "type R interface { Up(); down(); Abc() }\n";

static const struct {
  const char *type;
  bool ptr, addressable;
  const char *name;
  LookupResult result;
  const char *path; // of success
} cases[] = {
    {"A", false, false, "x", LOOKUP_OK, "0"},
    {"A", false, false, "Val", LOOKUP_OK, ""},
    {"A", false, false, "Ptr", LOOKUP_PTRRECV, NULL},
    {"A", false, true, "Ptr", LOOKUP_OK, ""},
    {"A", true, false, "Ptr", LOOKUP_OK, ""},
    {"A", false, false, "nope", LOOKUP_NONE, NULL},
    {"A", false, false, "_", LOOKUP_NONE, NULL},
    {"C", false, false, "x", LOOKUP_AMBIGUOUS, NULL},
    {"C", false, false, "y", LOOKUP_OK, "0 1"},
    {"C", false, false, "z", LOOKUP_OK, "1 1"},
    {"C", false, false, "Val", LOOKUP_AMBIGUOUS, NULL},
    {"C", false, false, "Ptr", LOOKUP_PTRRECV, NULL},
    {"D", false, false, "Ptr", LOOKUP_OK, "0"},
    {"E", false, false, "x", LOOKUP_OK, "1 0"},
    {"E", false, false, "y", LOOKUP_OK, "0 0 1"},
    {"E", false, false, "Val", LOOKUP_OK, "1"},
    {"F", false, false, "M", LOOKUP_OK, "0"},
    {"F", false, false, "N", LOOKUP_AMBIGUOUS, NULL},
    {"F", false, false, "Get", LOOKUP_OK, "1"},
    {"F", false, false, "p", LOOKUP_OK, "1 0"},
    {"I", true, false, "M", LOOKUP_NONE, NULL},
    {"L", false, false, "v", LOOKUP_OK, "1"},
    {"L", false, false, "w", LOOKUP_NONE, NULL},
    {"P", false, true, "x", LOOKUP_OK, "0"},
    {"P", false, true, "Val", LOOKUP_NONE, NULL},
    {"Y", false, false, "x", LOOKUP_AMBIGUOUS, NULL},
    {"Z", false, false, "x", LOOKUP_AMBIGUOUS, NULL},
    {"Z", false, false, "c", LOOKUP_OK, "1"},
};

START_TEST(selectors) {
  Package *p = check_source(source);
  no_errors();
  for (size_t i = 0; i < LEN(cases); i++) {
    Type *t = type_of(p, cases[i].type);
    Selection sel;
    LookupResult r = lookup_field_or_method(cases[i].ptr ? type_pointer(t) : t,
                                            cases[i].addressable, p, atom(cases[i].name), &sel);
    ck_assert_msg(r == cases[i].result, "%s.%s: %d", cases[i].type, cases[i].name, (int)r);
    if (r != LOOKUP_OK)
      continue;
    Buf b = {0};
    for (int j = 0; j < sel.npath; j++)
      buf_printf(&b, "%s%d", j ? " " : "", sel.path[j]);
    ck_assert_str_eq(buf_str(&b), cases[i].path);
    buf_free(&b);
  }
}
END_TEST

static const char *methods_of(Type *t) {
  Buf b = {0};
  const MethodSet *s = method_set(t);
  for (int i = 0; i < s->n; i++)
    buf_printf(&b, "%s%s", i ? " " : "", s->v[i].fn->name);
  Atom a = atom_n(buf_str(&b), b.len);
  buf_free(&b);
  return a;
}

START_TEST(method_sets) {
  static const struct {
    const char *type, *value, *pointer;
  } sets[] = {
      {"A", "Val", "Ptr Val"},
      {"C", "", "Ptr"},
      {"D", "Ptr Val", "Ptr Val"},
      {"E", "Ptr Val", "Ptr Val"},
      {"I", "M N", ""},
      {"F", "Get M", "Get M"},
      {"P", "", ""},
      {"L", "", ""},
      {"Y", "", ""},
      {"U", "Abc Up down", "Abc Up down"},
  };
  Package *p = check_source(source);
  no_errors();
  for (size_t i = 0; i < LEN(sets); i++) {
    Type *t = type_of(p, sets[i].type);
    ck_assert_str_eq(methods_of(t), sets[i].value);
    ck_assert_str_eq(methods_of(type_pointer(t)), sets[i].pointer);
  }
}
END_TEST

START_TEST(missing_methods) {
  Package *p = check_source(source);
  Type *i = type_of(p, "I"), *f = type_of(p, "F");
  bool ptr;
  Object *wrong;
  ck_assert_str_eq(missing_method(type_of(p, "A"), i, true, &wrong, &ptr)->name, "M");
  ck_assert(!wrong && !ptr);
  ck_assert_str_eq(missing_method(f, i, true, &wrong, &ptr)->name, "N");
  ck_assert_ptr_null(missing_method(i, i, true, &wrong, &ptr));
  ck_assert_ptr_null(missing_method(type_of(p, "U"), type_of(p, "R"), true, &wrong, &ptr));
  const char *cause;
  ck_assert(!type_implements(f, i, false, &cause));
  ck_assert_str_eq(cause, "F does not implement I (ambiguous selector F.N)");
}
END_TEST

Suite *suite_lookup(void) {
  Suite *s = suite_create("lookup");
  TCase *tc = tcase_create("lookup");
  tcase_add_test(tc, selectors);
  tcase_add_test(tc, method_sets);
  tcase_add_test(tc, missing_methods);
  suite_add_tcase(s, tc);
  return s;
}
