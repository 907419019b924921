// test_infer.c: type inference, implementing and assigning, with the errors gc reports.
#include "typeutil.h"

Suite *suite_infer(void);

static const char decls[] =
    "package main\n"
    "type Number interface { ~int | ~float64 }\n"
    "type List[P any] struct { next *List[P]; val P }\n"
    "func (l *List[P]) Len() int { return 0 }\n"
    "type MyInts []int\n"
    "func id[T any](x T) T { return x }\n"
    "func two[T any](x, y T) {}\n"
    "func Map[S ~[]E, E, R any](s S, f func(E) R) []R { return nil }\n"
    "func sum[N Number](l ...N) (n N) { return }\n"
    "func elem[P any](l *List[P]) (p P) { return }\n"
    "func ret[T any]() (t T) { return }\n"
    "func ptr[T any, P interface{ *T; Set(string) }](s []string) (r []T) { return }\n"
    "type Settable int\n"
    "func (p *Settable) Set(s string) {}\n"
    "func apply[A, B any](f func(A) B, a A) (b B) { return }\n"
    "func dc[S ~[]E, E any](s S) S { return s }\n"
    "func ch[T any](c <-chan T) (t T) { return }\n"
    "func cmp[K comparable](a, b K) bool { return a == b }\n"
    "func key[M ~map[K]V, K comparable, V any](m M) (k K) { return }\n"
    "type Stringer interface { String() string }\n"
    "type Str string\n"
    "func (s Str) String() string { return \"\" }\n"
    "func meth[T interface { Get() V }, V any](t T) (v V) { return }\n"
    "type G1 struct{}\n"
    "func (G1) Get() int8 { return 0 }\n";

static const struct {
  const char *stmt, *errors; // errors NULL: none
} cases[] = {
    {"_ = id(1)", NULL},
    {"_ = id(1.5)", NULL},
    {"two(1, 2.5)", NULL},
    {"two('a', 2)", NULL},
    {"two(1, \"a\")",
     "x.go:27:9: in call to two, mismatched types untyped int and untyped string (cannot infer T)"},
    {"var f float32; two(f, 2)", NULL},
    {"var i int; two(i, 2.5)", "x.go:27:20: cannot use 2.5 (untyped float constant) as int value "
                               "in argument to two (truncated)"},
    {"var r []string = Map([]int{1}, func(i int) string { return \"\" }); _ = r", NULL},
    {"_ = Map(MyInts{1}, func(s string) int { return 0 })",
     "x.go:27:9: in call to Map, S (type MyInts) does not satisfy ~[]E"},
    {"_ = sum(1, 2.5)", NULL},
    {"_ = sum(\"a\")",
     "x.go:27:9: string does not satisfy Number (string missing in ~int | ~float64)"},
    {"var l *List[int8]; var x int8 = elem(l); _ = x", NULL},
    {"_ = elem(List[int]{})", "x.go:27:11: in call to elem, type List[int] of List[int]{} does not "
                              "match *List[P] (cannot infer P)"},
    {"_ = ret()", "x.go:27:9: in call to ret, cannot infer T (x.go:11:10)"},
    {"var g func() string = ret; _ = g", NULL},
    {"var g func(int) string = id; _ = g", "x.go:27:27: inferred type func(x int) int for func(x "
                                           "T) T does not match type func(int) string of g"},
    {"_ = ptr[Settable]([]string{})", NULL},
    {"_ = ptr[int]([]string{})",
     "x.go:27:14: *int does not satisfy interface{Set(string); *int} (missing method Set)"},
    {"_ = apply(id[int], 1)", NULL},
    {"var x int = apply(id, 1); _ = x", NULL},
    {"var x MyInts = dc(MyInts{}); _ = x", NULL},
    {"_ = dc(1)", "x.go:27:8: in call to dc, cannot infer E (x.go:16:17)"},
    {"var c chan int; var x int = ch(c); _ = x", NULL},
    {"_ = cmp([]int{}, nil)", "x.go:27:9: []int does not satisfy comparable"},
    {"_ = cmp(1, \"a\")", "x.go:27:13: in call to cmp, mismatched types untyped int and untyped "
                          "string (cannot infer K)"},
    {"_ = cmp(func() {}, func() {})", "x.go:27:9: func() does not satisfy comparable"},
    {"var k string = key(map[string]int{}); _ = k", NULL},
    {"var v int8 = meth(G1{}); _ = v", NULL},
    {"_ = meth(1)", "x.go:27:10: in call to meth, cannot infer V (x.go:23:36)"},
    {"_ = id[int, string](1)", "x.go:27:14: got 2 type arguments but want 1"},
    {"_ = id[int](\"a\")",
     "x.go:27:14: cannot use \"a\" (untyped string constant) as int value in argument to id[int]"},
    {"_ = id(nil)", "x.go:27:8: in call to id, cannot infer T (x.go:6:9)"},
    {"var f func(int) int = id[string]; _ = f",
     "x.go:27:24: cannot use id[string] (value of type func(x string) string) as func(int) int "
     "value in variable declaration"},
    {"_ = sum[Str]()", "x.go:27:10: Str does not satisfy Number (Str missing in ~int | ~float64)"},
    {"_ = sum[List[int]]()",
     "x.go:27:10: List[int] does not satisfy Number (List[int] missing in ~int | ~float64)"},
    {"var s Stringer = 1; _ = s",
     "x.go:27:19: cannot use 1 (constant of type int) as Stringer value in variable declaration: "
     "int does not implement Stringer (missing method String)"},
    {"var s Stringer = Settable(1); _ = s",
     "x.go:27:19: cannot use Settable(1) (constant 1 of type Settable) as Stringer value in "
     "variable declaration: Settable does not implement Stringer (missing method String)"},
    {"var s interface { Set(int) } = new(Settable); _ = s",
     "x.go:27:33: cannot use new(Settable) (value of type *Settable) as interface{Set(int)} value "
     "in variable declaration: *Settable does not implement interface{Set(int)} (wrong type for "
     "method Set)\n\t\thave Set(string)\n\t\twant Set(int)"},
    {"var s interface { Set(string) } = Settable(1); _ = s",
     "x.go:27:36: cannot use Settable(1) (constant 1 of type Settable) as interface{Set(string)} "
     "value in variable declaration: Settable does not implement interface{Set(string)} (method "
     "Set has pointer receiver)"},
    {"var s interface { set(string) } = new(Settable); _ = s",
     "x.go:27:36: cannot use new(Settable) (value of type *Settable) as interface{set(string)} "
     "value in variable declaration: *Settable does not implement interface{set(string)} (missing "
     "method set)\n\t\thave Set(string)\n\t\twant set(string)"},
    {"var s Stringer = Str(\"\"); var t Str = s; _ = t",
     "x.go:27:40: cannot use s (variable of type Stringer) as Str value in variable declaration: "
     "need type assertion"},
    {"two(id[int], func(x int) int { return x })", NULL},
    {"two(id, func(x int) int { return x })", NULL},
    {"_ = sum(Str(\"\"))",
     "x.go:27:9: Str does not satisfy Number (Str missing in ~int | ~float64)"},
    {"_ = cmp[any](1, 2)", NULL},
    {"_ = key(map[string]int{}, 1)",
     "x.go:27:28: too many arguments in call to key\n\thave (map[string]int, number)\n\twant (M)"},
    {"var x struct { List[int] }; _ = x.Len()", NULL},
    {"_ = apply(func(x int) int { return x }, \"a\")",
     "x.go:27:42: cannot use \"a\" (untyped string constant) as int value in argument to apply"},
    {"var p *Stringer; var q Stringer = p; _ = q",
     "x.go:27:36: cannot use p (variable of type *Stringer) as Stringer value in variable "
     "declaration: *Stringer does not implement Stringer (type *Stringer is pointer to interface, "
     "not interface)"},
    {"_ = string(1.5)", "x.go:27:13: cannot convert 1.5 (untyped float constant) to type string"},
    {"_ = []byte(1)", "x.go:27:13: cannot convert 1 (untyped int constant) to type []byte"},
    {"var x List[int] = List[string]{}; _ = x",
     "x.go:27:20: cannot use List[string]{} (value of type List[string]) as List[int] value in "
     "variable declaration"},
    {"var a [3]int = [3]int([]int{}); var b [3]string = [3]string([]int{}); _, _ = a, b",
     "x.go:27:62: cannot convert []int{} (value of type []int) to type [3]string"},
};

START_TEST(statement) {
  Buf b = {0};
  buf_printf(&b, "%sfunc main() {\n\t%s\n}\n", decls, cases[_i].stmt);
  check_source(buf_str(&b));
  char *out;
  size_t n;
  FILE *f = open_memstream(&out, &n);
  diag_flush(f);
  fclose(f);
  while (n > 0 && out[n - 1] == '\n')
    out[--n] = '\0';
  ck_assert_str_eq(out, cases[_i].errors ? cases[_i].errors : "");
}
END_TEST

Suite *suite_infer(void) {
  Suite *s = suite_create("infer");
  TCase *tc = tcase_create("infer");
  tcase_add_loop_test(tc, statement, 0, (int)LEN(cases));
  suite_add_tcase(s, tc);
  return s;
}
