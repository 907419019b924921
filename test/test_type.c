// test_type.c: types as text, identity, predicates. The texts were printed by gc and package
// reflect.
#include "typeutil.h"

Suite *suite_type(void);

static const char decls[] = "package main\n"
                            "import \"unsafe\"\n"
                            "var _ unsafe.Pointer\n"
                            "type G[P any] struct { x P; u int }\n"
                            "type Pair[K comparable, V any] struct { k K; v V }\n"
                            "type T struct{}\n"
                            "type I interface { M(); n(); String() string }\n"
                            "type A = T\n"
                            "type F func(a int, b ...string) (n int, err error)\n";

static const struct {
  const char *src, *message, *reflect;
} cases[] = {
    {"int", "int", "int"},
    {"byte", "byte", "uint8"},
    {"rune", "rune", "int32"},
    {"unsafe.Pointer", "unsafe.Pointer", "unsafe.Pointer"},
    {"[3]uint8", "[3]uint8", "[3]uint8"},
    {"[]*T", "[]*T", "[]*main.T"},
    {"map[string][]int", "map[string][]int", "map[string][]int"},
    {"chan (<-chan int)", "chan (<-chan int)", "chan (<-chan int)"},
    {"chan chan<- int", "chan chan<- int", "chan chan<- int"},
    {"<-chan func()", "<-chan func()", "<-chan func()"},
    {"chan<- chan int", "chan<- chan int", "chan<- chan int"},
    {"func(int, ...string) (int, error)", "func(int, ...string) (int, error)",
     "func(int, ...string) (int, error)"},
    {"func(a, b int) string", "func(a int, b int) string", "func(int, int) string"},
    {"func(func(int) <-chan int) chan<- <-chan int", "func(func(int) <-chan int) chan<- <-chan int",
     "func(func(int) <-chan int) chan<- <-chan int"},
    {"struct{}", "struct{}", "struct {}"},
    {"struct { X int \"tag\"; y *int `a:\"b\"`; T; *G[int] }",
     "struct{X int \"tag\"; y *int \"a:\\\"b\\\"\"; T; *G[int]}",
     "struct { X int \"tag\"; y *int \"a:\\\"b\\\"\"; main.T; *main.G[int] }"},
    {"struct { A }", "struct{A}", "struct { main.T }"},
    {"interface{}", "interface{}", "interface {}"},
    {"any", "any", "interface {}"},
    {"error", "error", "error"},
    {"interface { x(); Y(int) string }", "interface{Y(int) string; x()}",
     "interface { Y(int) string; main.x() }"},
    {"interface { I; Z() }", "interface{Z(); I}",
     "interface { M(); String() string; Z(); main.n() }"},
    {"I", "I", "main.I"},
    {"F", "F", "main.F"},
    {"G[int]", "G[int]", "main.G[int]"},
    {"G[G[string]]", "G[G[string]]", "main.G[main.G[string]]"},
    {"Pair[string, *int]", "Pair[string, *int]", "main.Pair[string,*int]"},
    {"Pair[Pair[int, int], func(a, b int) string]",
     "Pair[Pair[int, int], func(a int, b int) string]",
     "main.Pair[main.Pair[int,int],func(int, int) string]"},
    {"G[struct { A int; b string \"t\" }]", "G[struct{A int; b string \"t\"}]",
     "main.G[struct { A int; main.b string \"t\" }]"},
    {"G[interface { m() }]", "G[interface{m()}]", "main.G[interface { main.m() }]"},
    {"map[any]interface{ Error() string }", "map[any]interface{Error() string}",
     "map[interface {}]interface { Error() string }"},
    {"*[2]struct{ a, b float32 }", "*[2]struct{a float32; b float32}",
     "*[2]struct { a float32; b float32 }"},
    {"G[any]", "G[any]", "main.G[interface {}]"},
    {"G[error]", "G[error]", "main.G[error]"},
};

static Package *check_cases(void) {
  Buf b = {0};
  buf_puts(&b, decls);
  for (size_t i = 0; i < LEN(cases); i++)
    buf_printf(&b, "var v%zu %s\nvar w%zu %s\n", i, cases[i].src, i, cases[i].src);
  Package *p = check_source(buf_str(&b));
  no_errors();
  return p;
}

static Type *nth(Package *p, char letter, size_t i) {
  char name[32];
  snprintf(name, sizeof name, "%c%zu", letter, i);
  return type_of(p, name);
}

START_TEST(texts) {
  Package *p = check_cases();
  for (size_t i = 0; i < LEN(cases); i++) {
    Type *t = nth(p, 'v', i);
    ck_assert_str_eq(type_string(t, p), cases[i].message);
    ck_assert_str_eq(type_reflectstring(t), cases[i].reflect);
  }
}
END_TEST

// Identical types have one canonical text, others different ones.
START_TEST(identity_is_equality_of_canonical_text) {
  Package *p = check_cases();
  for (size_t i = 0; i < LEN(cases); i++)
    for (size_t j = 0; j < LEN(cases); j++) {
      Type *x = nth(p, 'v', i), *y = nth(p, 'w', j);
      bool same = types_identical(x, y);
      ck_assert_msg(same == (type_linkstring(x) == type_linkstring(y)), "%s %s", type_linkstring(x),
                    type_linkstring(y));
      if (i == j)
        ck_assert(same);
    }
}
END_TEST

START_TEST(link_names) {
  Package *p = check_source(
      "package main\n"
      "type G[P any] struct { x P }\n"
      "func (g *G[P]) M() any { type L struct { a P }; return L{} }\n"
      "func f[P any]() any { type T struct { x P }; { type T int; var t T; _ = t }; return T{} }\n"
      "var s struct { X int \"tag\"; y G[int]; G[string]; error }\n"
      "func g() any { type T struct{}; return G[T]{} }\n"
      "var lit = func() any { type T int; return T(0) }\n"
      "type B = byte\n"
      "type N map[B]func(x, y int) (r chan<- string)\n");
  no_errors();
  ck_assert_str_eq(
      type_linkstring(type_of(p, "s")),
      "struct { X int \"tag\"; main.y main.G[int]; G = main.G[string]; main.error = error }");
  ck_assert_str_eq(type_linkstring(under(type_of(p, "N"))),
                   "map[uint8]func(int, int) chan<- string");
  static const char *const want[] = {"main.(*G[P]).M.L\302\2671", "main.f[P].T\302\2671",
                                     "main.f[P].T\302\2672", "main.g.T\302\2671"};
  size_t found = 0;
  for (int i = 0; i < p->types.n; i++) {
    if (!p->types.v[i]->tname.owner)
      continue;
    Buf b = {0}; // without the numbers of type parameters
    for (const char *s = type_linkstring(p->types.v[i]->type); *s; s++)
      if (*s == '$')
        s += strspn(s + 1, "0123456789");
      else
        buf_putc(&b, *s);
    for (size_t j = 0; j < LEN(want); j++)
      found += strcmp(want[j], buf_str(&b)) == 0;
    buf_free(&b);
  }
  ck_assert_uint_eq(found, LEN(want));
}
END_TEST

START_TEST(reflect_names_of_local_types) {
  Package *p = check_source(
      "package main\n"
      "func f[A any]() any { type U[_ any] int; type T[B any] struct{}; return T[U[A]]{} }\n");
  no_errors();
  Type *f = type_of(p, "f"), *t = NULL, *u = NULL;
  for (int i = 0; i < p->types.n; i++)
    *(strcmp(p->types.v[i]->name, "T") == 0 ? &t : &u) = p->types.v[i]->type;
  TypeList a = {&f->func.tparams.v[0], 1, 1}, ints = {&t_basic[TYPE_INT], 1, 1};
  Type *ua = type_instantiate(u, a);
  TypeList uas = {&ua, 1, 1};
  TypeEnv env = {a, ints};
  Type *tu = types_subst(type_instantiate(t, uas), &env);
  ck_assert_str_eq(type_reflectstring(tu), "main.T[int;main.U[int;int]\302\2671]");
  ck_assert_str_eq(type_linkstring(tu), "main.f[int].T[main.f[int].U[int]\302\2671]\302\2672");
}
END_TEST

START_TEST(instances_are_unique_and_lazy) {
  Package *p = check_source("package main\n"
                            "type List[P any] struct { next *List[P]; val P }\n"
                            "func (l *List[P]) Push(p P) *List[P] { return l }\n"
                            "var a, b List[int]\n"
                            "var c List[string]\n"
                            "var d struct { List[[]int] }\n");
  no_errors();
  Type *a = type_of(p, "a"), *c = type_of(p, "c");
  ck_assert_ptr_eq(a, type_of(p, "b"));
  ck_assert_ptr_ne(a, c);
  Type *u = under(a);
  ck_assert_ptr_eq(u->strct.fields.v[0]->type->pointer.elem, a);
  ck_assert_ptr_eq(u->strct.fields.v[1]->type, t_basic[TYPE_INT]);
  ck_assert_ptr_nonnull(u->strct.fields.v[1]->var.origin);
  Object *m = named_method(c, 0);
  ck_assert_str_eq(type_string(m->type, p), "func(p string) *List[string]");
  ck_assert_ptr_eq(m, named_method(c, 0));
  ck_assert_ptr_eq(m->func.origin, named_method(type_of(p, "List"), 0));
  Selection sel;
  ck_assert_int_eq(lookup_field_or_method(type_of(p, "d"), true, p, atom("Push"), &sel), LOOKUP_OK);
  ck_assert_str_eq(type_string(sel.obj->type, p), "func(p []int) *List[[]int]");
}
END_TEST

static bool comparable_type(Package *p, const char *name, bool dynamic) {
  return type_comparable(type_of(p, name), dynamic, NULL);
}

START_TEST(predicates) {
  Package *p = check_source("package main\n"
                            "type F func()\n"
                            "type S struct { a int; i any }\n"
                            "type Bad struct { f F }\n"
                            "type One struct { p *int }\n"
                            "type Arr [1]One\n"
                            "type Num interface { ~int | ~float64 }\n"
                            "type Chans interface { chan int | <-chan int }\n"
                            "func f[P Num, Q Chans, R ~[]byte | ~string, C comparable]() {}\n");
  no_errors();
  ck_assert(comparable_type(p, "S", true) && !comparable_type(p, "S", false));
  ck_assert(!comparable_type(p, "Bad", true) && !comparable_type(p, "F", true));
  const char *why;
  Type *bad = type_of(p, "Bad");
  ck_assert(!type_comparable(bad, true, &why));
  ck_assert_str_eq(why, "struct containing F cannot be compared");
  ck_assert(is_pointer_shaped(type_of(p, "Arr")) && is_pointer_shaped(type_of(p, "F")) &&
            !is_pointer_shaped(type_of(p, "S")));
  TypeList tp = type_of(p, "f")->func.tparams;
  ck_assert(is_numeric(tp.v[0]) && is_ordered(tp.v[0]) && !is_integer(tp.v[0]) &&
            !core_type(tp.v[0]));
  ck_assert_str_eq(type_string(core_type(tp.v[1]), p), "<-chan int");
  ck_assert_ptr_eq(core_string(tp.v[2]), t_basic[TYPE_STRING]);
  ck_assert(!core_type(tp.v[2]));
  ck_assert(type_comparable(tp.v[3], false, NULL) && type_comparable(tp.v[0], false, NULL) &&
            !type_comparable(tp.v[2], false, NULL));
}
END_TEST

Suite *suite_type(void) {
  Suite *s = suite_create("type");
  TCase *tc = tcase_create("type");
  tcase_add_test(tc, texts);
  tcase_add_test(tc, identity_is_equality_of_canonical_text);
  tcase_add_test(tc, link_names);
  tcase_add_test(tc, reflect_names_of_local_types);
  tcase_add_test(tc, instances_are_unique_and_lazy);
  tcase_add_test(tc, predicates);
  suite_add_tcase(s, tc);
  return s;
}
