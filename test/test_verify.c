// test_verify.c: what irgen makes passes its verifier, and what breaks a convention does not.
#include "driver/irgen/irgen.h"
#include "typeutil.h"
#include <llvm-c/IRReader.h>

Suite *suite_verify(void);

static const char program[] =
    "package main\n"
    "type T struct{ a, b, c, d, e int; s string }\n"
    "func (t T) sum() (int, string) { return t.a + t.b, t.s }\n"
    "func apply[X any](x X, f func(X) X) (r X) { defer func() { r = f(r) }(); return x }\n"
    "func main() {\n"
    "  t := T{a: 1}\n"
    "  n, s := t.sum()\n"
    "  f := t.sum\n"
    "  for i, c := range s { n += i + int(c) }\n"
    "  println(apply(n, func(x int) int { return x << n }), apply(s, func(x string) string { "
    "return x + s }))\n"
    "  f()\n"
    "}\n";

START_TEST(module_is_valid) {
  Package *p = check_source(program);
  no_errors();
  IrgenOptions opt = {.cpu = "x86-64"};
  LLVMContextRef ctx = LLVMContextCreate();
  LLVMModuleRef m = irgen_package(ctx, p, &opt);
  char *message = irgen_verify(m);
  ck_assert_msg(message == NULL, "%s", message);
  LLVMDisposeModule(m);
  LLVMContextDispose(ctx);
}
END_TEST

// The same twice, and in a process that has made another module before.
START_TEST(dumps_are_deterministic) {
  char *text[2];
  for (int i = 0; i < 2; i++) {
    Package *p = check_source(program);
    IrgenOptions opt = {.cpu = "x86-64"};
    LLVMModuleRef m = irgen_package(LLVMContextCreate(), p, &opt);
    text[i] = LLVMPrintModuleToString(m);
  }
  ck_assert_str_eq(text[0], text[1]);
}
END_TEST

static char *verify_text(const char *ir) {
  LLVMContextRef ctx = LLVMContextCreate();
  LLVMMemoryBufferRef buf = LLVMCreateMemoryBufferWithMemoryRangeCopy(ir, strlen(ir), "x.ll");
  LLVMModuleRef m;
  char *message = NULL;
  ck_assert_msg(!LLVMParseIRInContext(ctx, buf, &m, &message), "%s", message);
  return irgen_verify(m);
}

START_TEST(what_is_missed) {
  static const struct {
    const char *ir, *want;
  } cases[] = {
      {"define void @f() { ret void }", "f: attribute frame-pointer is missing"},
      {"define void @f() { ret void }", "f: no DISubprogram"},
      {"define void @f() willreturn { ret void }", "f: attribute willreturn"},
      {"define { i64, i64, i64, i64 } @f() { ret { i64, i64, i64, i64 } zeroinitializer }",
       "f: 4 words and 0 floats as result"},
      {"declare void @g()\ndefine void @f() { call void @g() ret void }",
       "f: a call of g is not nomerge"},
      {"define void @f() { ret void }", "f: no debug location:   ret void"},
  };
  for (size_t i = 0; i < LEN(cases); i++) {
    char *message = verify_text(cases[i].ir);
    ck_assert_msg(message && strstr(message, cases[i].want), "%s: %s", cases[i].ir,
                  message ? message : "accepted");
    free(message);
  }
}
END_TEST

Suite *suite_verify(void) {
  Suite *s = suite_create("verify");
  TCase *tc = tcase_create("verify");
  tcase_add_test(tc, module_is_valid);
  tcase_add_test(tc, dumps_are_deterministic);
  tcase_add_test(tc, what_is_missed);
  suite_add_tcase(s, tc);
  return s;
}
