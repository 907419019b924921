// test_parse.c: trees, syntax errors in gc's words, recovery, and all of GOROOT's sources.
#include "driver/syntax/syntax.h"

#include <check.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

Suite *suite_parse(void);

static char *flushed(void) {
  char *text = NULL;
  size_t n;
  FILE *f = open_memstream(&text, &n);
  diag_flush(f);
  fclose(f);
  return text;
}

// Parses src and returns the messages, each line without "x.go:".
static char *messages(const char *src, size_t len) {
  diag_reset();
  diag_show_all(true);
  Arena *a = arena_new();
  char *copy = arena_strndup(a, src, len);
  parse_file(a, "x.go", copy, len);
  char *text = flushed();
  diag_show_all(false);
  arena_free(a);
  Buf b = {0};
  for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
    buf_printf(&b, "%s%s", b.len ? "\n" : "", strncmp(line, "x.go:", 5) == 0 ? line + 5 : line);
  free(text);
  return b.data ? b.data : xstrdup("");
}

// ---- expressions

// Printed and parsed once more they stay the same.
static const char *const expressions[] = {
    "x",
    "1",
    "'a'",
    "\"s\"",
    "x.f",
    "x[i]",
    "x[i, j]",
    "x[i:j]",
    "x[:]",
    "x[:j:k]",
    "x.(T)",
    "f()",
    "f(a, b...)",
    "-x",
    "!x",
    "<-x",
    "*x",
    "&x",
    "^x",
    "a + b",
    "a + b * c",
    "(a + b) * c",
    "a << b & c",
    "a == b && c != d || e < f",
    "T{}",
    "[]int{}",
    "[...]int{}",
    "map[string]int{}",
    "[3]int",
    "[]int",
    "*T",
    "chan int",
    "chan<- int",
    "<-chan int",
    "chan (<-chan int)",
    "<-chan <-chan int",
    "func()",
    "func(int, string) error",
    "func(a, b int, c ...string) (x, y int)",
    "struct{}",
    "struct{a, b int; c string \"t\"; E; *F; p.G}",
    "interface{}",
    "interface{m(x int) int; E; ~int | string; n()}",
    "func() {}",
    "(func())(nil)",
    "T[int]{}",
    "p.T[int, string](x)",
    "[]func() int{}",
    "a.b.c(d)(e).f[g]",
    "map[K][]V{}[x].y",
    "func(a T, b ...T)",
    "(<-chan int)(x)",
    "([]byte)(x)",
    "x.(interface{m()})",
    "[2][3]T{}",
    "&T{}",
    "-1 - -1",
};

START_TEST(expressions_print_as_written) {
  diag_reset();
  Arena *a = arena_new();
  for (size_t i = 0; i < LEN(expressions); i++)
    ck_assert_str_eq(expr_string(parse_expr_string(a, expressions[i])), expressions[i]);
  ck_assert_str_eq(expr_string(parse_expr_string(a, "[]T{a, {b}, c: d}")), "[]T{…}");
  ck_assert_str_eq(expr_string(parse_expr_string(a, "func() { return }")), "func() {…}");
  ck_assert_int_eq(diag_count(), 0);
  arena_free(a);
}
END_TEST

static const struct {
  const char *src;
  int start, col;
} places[] = {
    {"a + b", 1, 3},         {"a.b", 1, 2},       {"f(x)", 1, 2},   {"a[i]", 1, 2},
    {"a[i:j]", 2, 2},        {"T{x}", 1, 2},      {"x.(T)", 1, 2},  {"-x", 1, 1},
    {"(x)", 1, 1},           {"func() {}", 1, 1}, {"func()", 5, 5}, {"a.b(c)[d] + e", 1, 11},
    {"map[K]V{k: v}", 1, 8},
};

START_TEST(positions_are_those_of_gc) {
  Arena *a = arena_new();
  for (size_t i = 0; i < LEN(places); i++) {
    const Expr *x = parse_expr_string(a, places[i].src);
    ck_assert_msg(x->pos.col == places[i].col && expr_start(x).col == places[i].start, "%s: %d, %d",
                  places[i].src, x->pos.col, expr_start(x).col);
  }
  arena_free(a);
}
END_TEST

START_TEST(literals_have_values) {
  Arena *a = arena_new();
  Buf b = {0};
  lit_string(&b, parse_expr_string(a, "\"a\\n\\x80\\377\\u00e9\\\"\\U0001F600\xc3\xa9\""));
  ck_assert_str_eq(buf_str(&b), "a\n\x80\xff\xc3\xa9\"\xf0\x9f\x98\x80\xc3\xa9");
  buf_reset(&b);
  lit_string(&b, parse_expr_string(a, "`a\\n\r\nb`"));
  ck_assert_str_eq(buf_str(&b), "a\\n\nb");
  buf_reset(&b);
  lit_string(&b, parse_expr_string(a, "\"\\000x\""));
  ck_assert_uint_eq(b.len, 2);
  ck_assert_uint_eq(lit_rune(parse_expr_string(a, "'\\''")), '\'');
  ck_assert_uint_eq(lit_rune(parse_expr_string(a, "'\\xff'")), 0xFF);
  ck_assert_uint_eq(lit_rune(parse_expr_string(a, "'\\u4e16'")), 0x4E16);
  ck_assert_uint_eq(lit_rune(parse_expr_string(a, "'\xe4\xb8\x96'")), 0x4E16);
  buf_free(&b);
  arena_free(a);
}
END_TEST

// ---- declarations

static const File *parse_text(Arena *a, const char *src) {
  const File *f = parse_file(a, "x.go", src, strlen(src));
  char *text = flushed();
  ck_assert_str_eq(text, "");
  free(text);
  return f;
}

static const struct {
  const char *src;
  int tparams;
  ExprKind kind;
} type_decls[] = {
    {"[P any] int", 1, EXPR_NAME},
    {"[N]int", 0, EXPR_ARRAYTYPE},
    {"[]int", 0, EXPR_SLICETYPE},
    {"[P *C]int", 0, EXPR_ARRAYTYPE}, // P*C elements
    {"[P *C,] int", 1, EXPR_NAME},
    {"[P *C|Q] int", 0, EXPR_ARRAYTYPE},
    {"[P *[]int] int", 1, EXPR_NAME},
    {"[P *struct{}] int", 1, EXPR_NAME},
    {"[P interface{*C}] int", 1, EXPR_NAME},
    {"[P (C),] int", 1, EXPR_NAME},
    {"[P ([]int)] int", 1, EXPR_NAME},
    {"[P C|~int] int", 1, EXPR_NAME},
    {"[P, Q any] int", 2, EXPR_NAME},
    {"[P []Q, Q any] int", 2, EXPR_NAME},
    {"[P ~int] int", 1, EXPR_NAME},
    {"[a+b]int", 0, EXPR_ARRAYTYPE},
    {"[len(x)]int", 0, EXPR_ARRAYTYPE},
    {"[P *Q[int]]int", 0, EXPR_ARRAYTYPE},
    {"[P *C|~int] int", 1, EXPR_NAME},
    {"[P Q[int]] int", 1, EXPR_NAME},
    {"= int", 0, EXPR_NAME},
    {"[P p.Q] int", 1, EXPR_NAME},
};

START_TEST(arrays_and_type_parameters) {
  diag_reset();
  for (size_t i = 0; i < LEN(type_decls); i++) {
    Arena *a = arena_new();
    const File *f = parse_text(a, arena_printf(a, "package p\ntype T %s\n", type_decls[i].src));
    const Decl *d = f->decls.v[0];
    ck_assert_msg(d->type.tparams.n == type_decls[i].tparams &&
                      d->type.type->kind == type_decls[i].kind,
                  "%s: %d parameters, kind %d", type_decls[i].src, d->type.tparams.n,
                  (int)d->type.type->kind);
    arena_free(a);
  }
}
END_TEST

START_TEST(constants_inherit) {
  diag_reset();
  Arena *a = arena_new();
  const File *f =
      parse_text(a, "package p\nconst (\nA, B int = iota, 1\nC, D\n_, _\n)\nconst E = 1\n");
  const Decl *first = f->decls.v[0], *second = f->decls.v[1], *alone = f->decls.v[3];
  ck_assert(!first->cons.inherited && second->cons.inherited && f->decls.v[2]->cons.inherited);
  ck_assert_ptr_eq(second->cons.type, first->cons.type);
  ck_assert_int_eq(second->cons.values.n, 2);
  ck_assert_int_eq(f->decls.v[2]->cons.iota, 2);
  ck_assert(first->group == second->group && first->group > 0 && alone->group == 0);
  arena_free(a);
}
END_TEST

START_TEST(pragmas_reach_their_declarations) {
  diag_reset();
  Arena *a = arena_new();
  const File *f = parse_text(a, "package p\n"
                                "import (\n_ \"embed\"\n_ \"unsafe\"\n)\n"
                                "//go:noinline\n//go:nosplit\nfunc f() {}\n"
                                "//go:uintptrescapes\nfunc g()\n"
                                "func h() {}\n"
                                "//go:linkname a b.c\n//go:linkname d\n"
                                "//go:embed a*.txt \"b c\" `d`\nvar v string\n"
                                "//go:generate x\n//go:unknown\ntype T int\n");
  ck_assert_uint_eq(f->decls.v[2]->pragmas, PRAGMA_NOINLINE | PRAGMA_NOSPLIT);
  ck_assert_uint_eq(f->decls.v[3]->pragmas, PRAGMA_UINTPTRESCAPES | PRAGMA_UINTPTRKEEPALIVE);
  ck_assert_uint_eq(f->decls.v[4]->pragmas, 0);
  ck_assert_int_eq(f->linknames.n, 2);
  ck_assert_str_eq(f->linknames.v[0].local, "a");
  ck_assert_str_eq(f->linknames.v[0].target, "b.c");
  ck_assert_ptr_null(f->linknames.v[1].target);
  const Decl *v = f->decls.v[5];
  ck_assert_int_eq(v->embeds.n, 3);
  ck_assert_str_eq(v->embeds.v[0].pattern, "a*.txt");
  ck_assert_str_eq(v->embeds.v[1].pattern, "b c");
  ck_assert_str_eq(v->embeds.v[2].pattern, "d");
  ck_assert_int_eq(f->imports.n, 2);
  arena_free(a);
}
END_TEST

START_TEST(directives_for_the_few) {
  diag_reset();
  Arena *a = arena_new();
  const File *f = parse_text(a, "package p\nimport _ \"unsafe\"\n//go:systemstack\nfunc f() {}\n"
                                "//go:uintptrkeepalive\nfunc g()\n//go:cgo_foo a b\nfunc h()\n"
                                "//go:linkname h x.h\n");
  ck_assert_uint_eq(f->decls.v[3]->pragmas, PRAGMA_LINKNAME);
  check_reserved(f, true, true);
  ck_assert_int_eq(diag_count(), 0);
  check_reserved(f, false, false);
  char *text = flushed();
  ck_assert_str_eq(text, "x.go:3:3: //go:systemstack only allowed in runtime\n"
                         "x.go:5:3: //go:uintptrkeepalive is only allowed in the standard library\n"
                         "x.go:7:3: //go:cgo_foo a b only allowed in cgo-generated code\n");
  free(text);
  arena_free(a);
}
END_TEST

START_TEST(branches_find_their_targets) {
  diag_reset();
  Arena *a = arena_new();
  const File *f = parse_text(a, "package p\nfunc f() {\nL: for {\nswitch {\ncase x:\nbreak\n"
                                "case y:\ncontinue L\n}\ngoto L\n}\n}\n");
  const Stmt *labeled = f->decls.v[0]->func.body->block.list.v[0];
  const Stmt *loop = labeled->labeled.stmt;
  const Stmt *sw = loop->fors.body->block.list.v[0];
  ck_assert_ptr_eq(sw->switches.clauses.v[0]->body.v[0]->branch.target, sw);
  ck_assert_ptr_eq(sw->switches.clauses.v[1]->body.v[0]->branch.target, loop);
  ck_assert_ptr_eq(loop->fors.body->block.list.v[1]->branch.target, labeled);
  arena_free(a);
}
END_TEST

START_TEST(imports_alone) {
  diag_reset();
  Arena *a = arena_new();
  const char src[] = "package p\nimport \"a\"\nimport (. \"b\"; c \"d\")\nfunc ( broken\n";
  const File *f = parse_imports(a, "x.go", src, sizeof src - 1);
  ck_assert_int_eq(diag_count(), 0);
  ck_assert_int_eq(f->imports.n, 3);
  ck_assert_str_eq(f->name->name.id, "p");
  ck_assert_str_eq(f->imports.v[2]->import.path, "d");
  ck_assert_str_eq(f->imports.v[1]->import.name->name.id, ".");
  arena_free(a);
}
END_TEST

// What `go build` prints for the same text.
static const struct {
  const char *src, *want;
} header_errors[] = {
    {"", "1:1: expected 'package', found 'EOF'"},
    {"// c\n", "1:6: expected 'package', found 'EOF'"},
    {"package", "1:8: expected 'IDENT', found 'EOF'"},
    {"package 1", "1:9: expected 'IDENT', found 1"},
    {"package main import \"x\"", "1:14: expected ';', found 'import'"},
    {"foo", "1:1: expected 'package', found foo"},
    {"func main() {}", "1:1: expected 'package', found 'func'"},
    {"package main\nimport x", "2:9: missing import path"},
    {"package main\nimport 1", "2:8: import path must be a string"},
    {"package main\nimport (\n\"fmt\"\nx\n)", "4:2: missing import path"},
    {"package main\nimport (\n\"fmt\"", "3:6: expected ')', found 'EOF'"},
    {"package main\nimport (\"fmt\", \"os\")", "2:14: expected ';', found ','"},
    {"package main\nimport \"fmt", "2:8: string literal not terminated"},
    {"package main\nimport 'a'", "2:8: import path must be a string"},
    {"package main\nimport \"\"", "2:8: invalid import path: "},
    {"package main\nimport \"a b\"", "2:8: invalid import path: a b"},
    {"package main\n/* x", "2:1: comment not terminated"},
    {"package main\n@", ""},
    {"package main\nimport \"fmt\"\n@", ""},
    {"package main\nimport \"fmt\"\nvar x = \"", ""},
    {"package main;;\nimport \"fmt\"\nfunc main() { x y }", ""},
};

START_TEST(errors_before_the_code) {
  for (size_t i = 0; i < LEN(header_errors); i++) {
    diag_reset();
    Arena *a = arena_new();
    parse_imports(a, "h.go", header_errors[i].src, strlen(header_errors[i].src));
    char *got = flushed();
    Buf want = {0};
    if (header_errors[i].want[0])
      buf_printf(&want, "h.go:%s\n", header_errors[i].want);
    ck_assert_msg(strcmp(got, buf_str(&want)) == 0, "%s: %s", header_errors[i].src, got);
    buf_free(&want);
    free(got);
    arena_free(a);
  }
}
END_TEST

// ---- errors; what gc 1.23 prints for the same text

static const struct {
  const char *src, *want;
} errors[] = {
    {"", "1:1: syntax error: package statement must be first"},
    {"package p; x", "1:12: syntax error: non-declaration statement outside function body"},
    {"package", "1:8: syntax error: unexpected EOF, expected name"},
    {"package p\nfunc f()\n{\n}", "3:1: syntax error: unexpected semicolon or newline before {"},
    {"package p\nfunc f() { x y }", "2:14: syntax error: unexpected name y at end of statement"},
    {"package p\nfunc f() { x := range }",
     "2:17: syntax error: unexpected range, expected expression"},
    {"package p\nfunc f() { if x = 1 {} }",
     "2:17: syntax error: cannot use assignment x = 1 as value"},
    {"package p\nfunc f() { if x := 1 {} }", "2:17: syntax error: cannot use x := 1 as value"},
    {"package p\nfunc f() { if {} }", "2:15: syntax error: missing condition in if statement"},
    {"package p\nfunc f() { if x; {} }", "2:16: syntax error: missing condition in if statement"},
    {"package p\nfunc f() { if x\n{} }",
     "2:16: syntax error: unexpected newline, expected { after if clause"},
    {"package p\nfunc f() { for i := 0; i < 10 {} }",
     "2:31: syntax error: unexpected {, expected semicolon or newline"},
    {"package p\nfunc f() { for i := 0; i < 10; i := 1 {} }",
     "2:34: syntax error: cannot declare in post statement of for loop"},
    {"package p\nfunc f() { if x {} else y }",
     "2:25: syntax error: else must be followed by if or statement block"},
    {"package p\nfunc f() { switch { x } }",
     "2:21: syntax error: unexpected name x, expected case or default or }"},
    {"package p\nvar x = (1", "2:11: syntax error: unexpected EOF, expected )"},
    {"package p\nvar x = f(1 2)",
     "2:13: syntax error: unexpected literal 2 in argument list; possibly missing comma or )"},
    {"package p\nvar x = []int{1 2}",
     "2:17: syntax error: unexpected literal 2 in composite literal; possibly missing comma or }"},
    {"package p\nvar x = a[]", "2:11: syntax error: unexpected ], expected operand"},
    {"package p\nvar x = a[1::2]", "2:13: middle index required in 3-index slice"},
    {"package p\nvar x = a[1:2:]", "2:15: final index required in 3-index slice"},
    {"package p\nfunc f(a int, string) {}",
     "2:15: syntax error: mixed named and unnamed parameters"},
    {"package p\nfunc f[P](a int) {}", "2:9: syntax error: missing type constraint"},
    {"package p\nfunc f[](a int) {}", "2:8: syntax error: empty type parameter list"},
    {"package p\nfunc (t T) f[P any]() {}",
     "2:13: syntax error: method must have no type parameters"},
    {"package _", "1:9: invalid package name _"},
    {"package p\nfunc () f() {}", "2:9: method has no receiver"},
    {"package p\nfunc (a, b T) f() {}", "2:15: method has multiple receivers"},
    {"package p\nfunc 1() {}", "2:6: syntax error: unexpected literal 1, expected name or ("},
    {"package p\ntype T struct { (E) }", "2:17: syntax error: cannot parenthesize embedded type"},
    {"package p\ntype T struct { a int; 1 }",
     "2:24: syntax error: unexpected literal 1, expected field name or embedded type"},
    {"package p\ntype T interface { m[P any]() }",
     "2:21: interface method must have no type parameters"},
    {"package p\ntype T[P *Q, R] int", "2:15: syntax error: missing type constraint"},
    {"package p\ntype T [a, b]int", "2:13: syntax error: missing type constraint"},
    {"package p\nimport 1", "2:8: syntax error: import path must be a string"},
    {"package p\nimport x", "2:9: syntax error: missing import path"},
    {"package p\nvar x int\nimport \"a\"",
     "3:1: syntax error: imports must appear before other declarations"},
    {"package p\nfunc f() { defer (g()) }", "2:18: expression in defer must not be parenthesized"},
    {"package p\nfunc f() { L: }", "2:12: label L defined and not used"},
    {"package p\nfunc f() { goto L }", "2:17: label L not defined"},
    {"package p\nfunc f() { goto L; x := 1; L: }",
     "2:17: goto L jumps over declaration of x at x.go:2:22"},
    {"package p\nfunc f() { goto L; { L: } }",
     "2:17: goto L jumps into block starting at x.go:2:20"},
    {"package p\nfunc f() { L: x; L: y; goto L }", "2:18: label L already defined at x.go:2:12"},
    {"package p\nfunc f() { break; continue }",
     "2:12: break is not in a loop, switch, or select\n2:19: continue is not in a loop"},
    {"package p\nfunc f() { L: for { continue M; func() { break L }() } }",
     "2:12: label L defined and not used\n2:30: continue label not defined: M\n2:48: break label "
     "not defined: L"},
    {"package p\nfunc f() { L: { break L }; for { continue L } }",
     "2:23: invalid break label L\n2:43: invalid continue label L"},
    {"package p\nfunc f() { switch { case x: fallthrough }; fallthrough }",
     "2:29: cannot fallthrough final case in switch\n2:44: fallthrough statement out of place"},
    {"package p\nfunc f() { switch x.(type) { case T: fallthrough; default: } }",
     "2:38: cannot fallthrough in type switch"},
    {"package p\nvar x = T{1}.\nvar y = 2",
     "3:1: syntax error: unexpected var, expected name or ("},
    {"package p\nfunc f() {\na b\nc d\n}\nfunc g() { e f }",
     "3:3: syntax error: unexpected name b at end of statement\n4:3: syntax error: unexpected name "
     "d at end of statement\n"
     "6:14: syntax error: unexpected name f at end of statement"},
    {"package p\nvar x <-chan<- int", "2:16: syntax error: unexpected name int, expected chan"},
    {"package p\nfunc f() {}\n//go:noinline\nvar x int", "3:3: misplaced compiler directive"},
    {"package p\n//go:embed x\nvar x string",
     "2:3: go:embed only allowed in Go files that import \"embed\""},
    {"package p\n//go:linkname a b\nfunc a()",
     "2:3: //go:linkname only allowed in Go files that import \"unsafe\""},
    {"package p\nvar a, b = \"x\ny := 08 + 'ab'",
     "2:14: newline in string\n3:1: syntax error: non-declaration statement outside function body\n"
     "3:7: invalid digit '8' in octal literal\n3:11: more than one character in rune literal"},
};

START_TEST(errors_have_gcs_words) {
  for (size_t i = 0; i < LEN(errors); i++) {
    char *got = messages(errors[i].src, strlen(errors[i].src));
    ck_assert_msg(strcmp(got, errors[i].want) == 0, "%s\ngives\n%s\nnot\n%s", errors[i].src, got,
                  errors[i].want);
    free(got);
  }
}
END_TEST

// ---- hostile input

static const struct {
  const char *before, *open, *close;
} nests[] = {
    {"var x = ", "(", ")"},
    {"var x = ", "f(", ")"},
    {"var x = ", "!", ""},
    {"var x = 1", "+1", ""},
    {"var x = a", ".b", ""},
    {"var x = T", "{", "}"},
    {"var x ", "[]", ""},
    {"var x ", "struct{a ", "}"},
    {"var x ", "func(", ")"},
    {"func f() ", "{", "}"},
    {"func f() {", "L:", "}"},
    {"func f() { ", "if x {", "}"},
    {"func f() { if x {}", " else if x {}", ""},
    {"var x = ", "<-", ""},
    {"var x ", "T[", "]"},
    {"type T[P *a", "|a", ""},
    {"func f() { ", "switch { case x: ", "}"},
};

START_TEST(nesting_is_limited) {
  for (size_t i = 0; i < LEN(nests); i++) {
    Buf b = {0};
    buf_printf(&b, "package p\n%s", nests[i].before);
    for (int n = 0; n < 50000; n++)
      buf_puts(&b, nests[i].open);
    for (int n = 0; n < 50000; n++)
      buf_puts(&b, nests[i].close);
    char *got = messages(b.data, b.len);
    ck_assert_msg(strcmp(got, "2: syntax error: nested too deeply") == 0, "%s: %.200s",
                  nests[i].open, got);
    free(got);
    buf_free(&b);
  }
}
END_TEST

static const char sample[] =
    "package p\nimport \"fmt\"\n//go:noinline\nfunc f[P ~int|string](a, b int, c ...P) (x T[P], "
    "err error) {\n"
    "\tfor i, v := range []struct{ a int `x:\"y\"` }{{1}, {a: 'x'}} { L: switch x := v.(type) { "
    "case int: break L\n"
    "default: goto L } }\n\tselect { case x := <-ch: ch <- x; case y, ok = <-z: x++ }\n"
    "\tif x := a[1:2:3]; x == nil { defer func() { return }() } else if b { go f(a...) } else { }\n"
    "\treturn map[string]interface{ m(); E }{\"\\u00e9\": 0x1p-2i + 1_000}, nil\n}\n";

START_TEST(truncated_and_damaged_sources_do_no_harm) {
  char *got = messages(sample, sizeof sample - 1);
  ck_assert_str_eq(got, "");
  free(got);
  for (size_t n = 0; n < sizeof sample - 1; n++)
    free(messages(sample, n));
  char copy[sizeof sample];
  static const char bytes[] = {0,   (char)0xFF, '"',  '`',  '\'', '{', ')',
                               '/', '*',        '\n', '\\', '[',  '.', ';'};
  for (size_t n = 0; n < sizeof sample - 1; n++) {
    memcpy(copy, sample, sizeof sample);
    copy[n] = bytes[n % sizeof bytes];
    free(messages(copy, sizeof sample - 1));
  }
  unsigned seed = 1;
  char junk[600];
  for (int i = 0; i < 200; i++) {
    for (size_t n = 0; n < sizeof junk; n++)
      junk[n] = (char)((seed = seed * 1103515245 + 12345) >> 16);
    free(messages(junk, sizeof junk));
  }
}
END_TEST

// ---- dumps

START_TEST(dump_shows_the_tree) {
  diag_reset();
  Arena *a = arena_new();
  const File *f =
      parse_text(a, "package p\n\nfunc f(a int) {\n\tx := a + 1\n\tfor range x {\n\t}\n}\n");
  char *text = NULL;
  size_t n;
  FILE *out = open_memstream(&text, &n);
  dump_file(out, f);
  fclose(out);
  ck_assert_str_eq(text, "File p @1:1\n"
                         "  Func f @3:6\n"
                         "    type: FuncType @3:7\n"
                         "      param: Field a @3:8\n"
                         "        Name int @3:10\n"
                         "    body: Block @3:15\n"
                         "      Define @4:4\n"
                         "        lhs: Name x @4:2\n"
                         "        rhs: Binary + @4:9\n"
                         "          x: Name a @4:7\n"
                         "          y: BasicLit 1 @4:11\n"
                         "      Range @5:2\n"
                         "        x: Name x @5:12\n"
                         "        body: Block @5:14\n");
  free(text);
  arena_free(a);
}
END_TEST

// ---- all of GOROOT

static int nfiles, nbroken;

static int parse_one(const char *path, const struct stat *st, int flag, struct FTW *ftw) {
  (void)st;
  size_t n = strlen(path);
  if (flag == FTW_D && strcmp(path + ftw->base, "testdata") == 0)
    return FTW_SKIP_SUBTREE;
  if (flag != FTW_F || n < 3 || strcmp(path + n - 3, ".go") != 0)
    return FTW_CONTINUE;
  size_t len;
  char *src = file_read(path, &len);
  if (!src)
    return FTW_CONTINUE;
  Arena *a = arena_new();
  int before = diag_count();
  parse_file(a, path, src, len);
  nfiles++;
  nbroken += diag_count() > before;
  arena_free(a);
  free(src);
  return FTW_CONTINUE;
}

START_TEST(the_standard_library_parses) {
  static const char *const roots[] = {"/usr/share/go-1.23/src", "/usr/lib/go-1.23/src"};
  const char *env = getenv("GOROOT");
  char path[4096];
  snprintf(path, sizeof path, "%s/src", env ? env : "/nonexistent");
  struct stat st;
  for (size_t i = 0; i < LEN(roots) && stat(path, &st) != 0; i++)
    snprintf(path, sizeof path, "%s", roots[i]);
  diag_reset();
  nftw(path, parse_one, 20, FTW_ACTIONRETVAL | FTW_PHYS);
  char *text = flushed();
  ck_assert_str_eq(text, "");
  free(text);
  ck_assert_int_eq(nbroken, 0);
  if (stat(path, &st) == 0)
    ck_assert_int_gt(nfiles, 1000);
}
END_TEST

Suite *suite_parse(void) {
  Suite *s = suite_create("parse");
  TCase *t = tcase_create("parse");
  tcase_set_timeout(t, 60);
  tcase_add_test(t, expressions_print_as_written);
  tcase_add_test(t, positions_are_those_of_gc);
  tcase_add_test(t, literals_have_values);
  tcase_add_test(t, arrays_and_type_parameters);
  tcase_add_test(t, constants_inherit);
  tcase_add_test(t, pragmas_reach_their_declarations);
  tcase_add_test(t, directives_for_the_few);
  tcase_add_test(t, branches_find_their_targets);
  tcase_add_test(t, imports_alone);
  tcase_add_test(t, errors_before_the_code);
  tcase_add_test(t, errors_have_gcs_words);
  tcase_add_test(t, nesting_is_limited);
  tcase_add_test(t, truncated_and_damaged_sources_do_no_harm);
  tcase_add_test(t, dump_shows_the_tree);
  tcase_add_test(t, the_standard_library_parses);
  suite_add_tcase(s, t);
  return s;
}
