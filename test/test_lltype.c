// test_lltype.c: how types are flattened, laid out in LLVM's terms, and passed to functions.
#include "driver/irgen/gen.h"
#include "typeutil.h"

Suite *suite_lltype(void);

static Gen *gen_for(Package *p) {
  static IrgenOptions opt = {.cpu = "x86-64"};
  Gen *g = NEW(types_arena, Gen);
  gen_init(g, LLVMContextCreate(), p, &opt);
  return g;
}

static const struct {
  const char *src,
      *flat; // flat: kind@offset and suffix of each scalar, "mem" for what is only in memory
} flats[] = {
    {"bool", "b@0"},
    {"uint8", "i8@0"},
    {"float32", "f@0"},
    {"string", "p@0.ptr i64@8.len"},
    {"[]int", "p@0.ptr i64@8.len i64@16.cap"},
    {"any", "p@0.type p@8.data"},
    {"error", "p@0.tab p@8.data"},
    {"complex64", "f@0.real f@4.imag"},
    {"map[int]int", "p@0"},
    {"func()", "p@0"},
    {"struct{}", ""},
    {"[0]int", ""},
    {"[9]struct{}", ""},
    {"[1]string", "p@0.ptr i64@8.len"},
    {"[2]int", "mem"},
    {"struct{ a byte; b int }", "i8@0.a i64@8.b"},
    {"struct{ s string; t struct{ x, y int32 } }", "p@0.s.ptr i64@8.s.len i32@16.t.x i32@20.t.y"},
    {"struct{ a, b, c, d, e int8 }", "mem"},
    {"struct{ s []int; e any }", "mem"},
    {"struct{ _ int; z struct{}; x [1]bool }", "i64@0._ b@8.x"},
};

static const char *flat_text(const Flat *f) {
  static const char *kinds[] = {"b", "i8", "i16", "i32", "i64", "f", "d", "p"};
  Buf b = {0};
  if (f->mem)
    buf_puts(&b, "mem");
  for (int i = 0; i < f->n; i++)
    buf_printf(&b, "%s%s@%ld%s", i ? " " : "", kinds[f->kind[i]], (long)f->off[i], f->suffix[i]);
  return atom(buf_str(&b));
}

START_TEST(scalars) {
  Buf b = {0};
  buf_puts(&b, "package main\n");
  for (size_t i = 0; i < LEN(flats); i++)
    buf_printf(&b, "var v%zu %s\n", i, flats[i].src);
  Package *p = check_source(buf_str(&b));
  no_errors();
  Gen *g = gen_for(p);
  for (size_t i = 0; i < LEN(flats); i++) {
    Type *t = type_of(p, atom_printf("v%zu", i));
    const char *text = flat_text(flat_of(g, t));
    ck_assert_msg(strcmp(text, flats[i].flat) == 0, "%s: %s", flats[i].src, text);
    LLVMTypeRef ll = lltype_mem(g, t);
    ck_assert_msg((int64_t)LLVMABISizeOfType(g->td, ll) == type_size(t), "%s: size", flats[i].src);
    ck_assert_msg(type_size(t) == 0 || (int64_t)LLVMABIAlignmentOfType(g->td, ll) == type_align(t),
                  "%s: alignment", flats[i].src);
  }
}
END_TEST

static const struct {
  const char *src, *type;
} sigs[] = {
    {"func()", "void (ptr)"},
    {"func(int, string) bool", "i1 (ptr, i64, ptr, i64)"},
    {"func(struct{ a, b, c, d, e int })", "void (ptr, ptr)"},
    {"func([2]int, ...int) error", "{ ptr, ptr } (ptr, ptr, ptr, i64, i64)"},
    {"func() (int, int, int)", "{ i64, i64, i64 } (ptr)"},
    {"func() (int, int, int, int)", "void (ptr, ptr)"},
    {"func() (a, b float64, c, d, e int8)", "{ double, double, i8, i8, i8 } (ptr)"},
    {"func() (a, b, c float32)", "void (ptr, ptr)"},
    {"func() [2]int", "void (ptr, ptr)"},
    {"func(struct{}) struct{}", "void (ptr)"},
};

START_TEST(signatures) {
  Buf b = {0};
  buf_puts(&b, "package main\n");
  for (size_t i = 0; i < LEN(sigs); i++)
    buf_printf(&b, "var v%zu %s\n", i, sigs[i].src);
  Package *p = check_source(buf_str(&b));
  no_errors();
  Gen *g = gen_for(p);
  for (size_t i = 0; i < LEN(sigs); i++) {
    Sig *s = sig_of(g, type_of(p, atom_printf("v%zu", i)), NULL);
    char *text = LLVMPrintTypeToString(s->fnty);
    ck_assert_msg(strcmp(text, sigs[i].type) == 0, "%s: %s", sigs[i].src, text);
    LLVMDisposeMessage(text);
  }
}
END_TEST

// The out area is the result part of Go's frame: each result at its alignment.
START_TEST(out_area) {
  Package *p = check_source(
      "package main\nvar f func() (a int8, s string, b int32, c [3]byte, d float32)\n");
  no_errors();
  Sig *s = sig_of(gen_for(p), type_of(p, "f"), NULL);
  static const int64_t want[] = {0, 8, 24, 28, 32};
  ck_assert(s->out);
  for (int i = 0; i < s->nresults; i++)
    ck_assert_int_eq(s->outoff[i], want[i]);
  ck_assert_int_eq(s->outsize, 40);
}
END_TEST

START_TEST(symbols) {
  Package *p =
      check_source("package main\ntype T struct{}\nfunc (T) M() {}\nfunc (*T) P() {}\nfunc f() {}\n"
                   "func G[A, B any]() {}\ntype L[E any] struct{}\nfunc (*L[E]) Add(E) {}\n");
  no_errors();
  Gen *g = gen_for(p);
  const char *goname;
  TypeList none = {0}, two = {0}, one = {0};
  vec_push(types_arena, &two, t_basic[TYPE_INT]);
  vec_push(types_arena, &two, type_of(p, "T"));
  vec_push(types_arena, &one, type_slice(t_basic[TYPE_STRING]));
  Type *t = type_of(p, "T"), *l = type_of(p, "L");
  ck_assert_str_eq(sym_func(g, object_named(p, "f"), none, &goname), "main.f");
  ck_assert_str_eq(sym_func(g, t->named.methods.v[0], none, &goname), "main.T.M");
  ck_assert_str_eq(sym_func(g, t->named.methods.v[1], none, &goname), "main.(*T).P");
  ck_assert_str_eq(sym_func(g, object_named(p, "G"), two, &goname), "main.G[int,main.T]");
  ck_assert_str_eq(goname, "main.G[...]");
  check_object(l->named.methods.v[0]);
  ck_assert_str_eq(sym_func(g, l->named.methods.v[0], one, &goname), "main.(*L[[]string]).Add");
  ck_assert_str_eq(goname, "main.(*L[...]).Add");
  ck_assert_str_eq(sym_escape("a@@b%c"), "a%40%40b%25c");
}
END_TEST

Suite *suite_lltype(void) {
  Suite *s = suite_create("lltype");
  TCase *tc = tcase_create("lltype");
  tcase_add_test(tc, scalars);
  tcase_add_test(tc, signatures);
  tcase_add_test(tc, out_area);
  tcase_add_test(tc, symbols);
  suite_add_tcase(s, tc);
  return s;
}
