// test_scan.c: tokens, literals, semicolons, positions and line directives.
#include "driver/syntax/syntax.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_scan(void);

// The tokens of src with their text, separated by blanks.
static char *tokens(const char *src, size_t len) {
  Arena *a = arena_new();
  Scanner *s = scan_new(a, pos_add_file("scan.go"), src, len, NULL, NULL);
  Buf b = {0};
  for (Token t; (t = scan_next(s)).kind != TOK_EOF;) {
    if (b.len)
      buf_putc(&b, ' ');
    if (t.kind == TOK_ASSIGNOP)
      buf_printf(&b, "%s=", tok_text(t.op));
    else if (t.text)
      buf_printf(&b, "%.*s", (int)t.len, t.text);
    else
      buf_puts(&b, tok_text(t.kind));
  }
  arena_free(a);
  return b.data ? b.data : xstrdup("");
}

static const struct {
  const char *src, *want;
} sequences[] = {
    {"", ""},
    {"a", "a EOF"},
    {"a\nb", "a newline b EOF"},
    {"a;", "a semicolon"},
    {"+ - * / % & | ^ << >> &^", "+ - * / % & | ^ << >> &^"},
    {"+= -= *= /= %= &= |= ^= <<= >>= &^=", "+= -= *= /= %= &= |= ^= <<= >>= &^="},
    {"&& || <- ++ -- == < > = ! ~ != <= >= := ...", "&& || <- ++ -- == < > = ! ~ != <= >= := ..."},
    {"( [ { , ) ] } : .", "( [ { , ) ] } : ."},
    {"x++\n", "x ++ newline"},
    {")\n]\n}\n", ") newline ] newline } newline"},
    {"(\n[\n{\n,\n", "( [ { ,"},
    {"break\ncontinue\nfallthrough\nreturn\n",
     "break newline continue newline fallthrough newline return newline"},
    {"for\nif\ngo\n", "for if go"},
    {"a // comment\nb", "a newline b EOF"},
    {"a /* one line */ b", "a b EOF"},
    {"a /* two\nlines */ b", "a newline b EOF"},
    {"a /* two\nlines */\n", "a newline"},
    {"+ /* two\nlines */ b", "+ b EOF"},
    {"x.y 1.5 .5 5. ..", "x . y 1.5 .5 5. . ."},
    {"a...", "a ..."},
    {"0 0x1F 0b101 0o17 017 1_000 0x_f", "0 0x1F 0b101 0o17 017 1_000 0x_f EOF"},
    {"1e9 1E-9 0x1p-2 0x.8P4 08.5 1i 0x1i 08i 1e3i",
     "1e9 1E-9 0x1p-2 0x.8P4 08.5 1i 0x1i 08i 1e3i EOF"},
    {"'a' '\\n' '\\'' '\\x41' '\\u00e9' '\\U0010ffff' '\\377'",
     "'a' '\\n' '\\'' '\\x41' '\\u00e9' '\\U0010ffff' '\\377' EOF"},
    {"\"a\\\"b\" `c\nd`", "\"a\\\"b\" `c\nd` EOF"},
    {"h\xc3\xa9llo _x x1 \xe4\xb8\x96\xe7\x95\x8c x\xd9\xa3",
     "h\xc3\xa9llo _x x1 \xe4\xb8\x96\xe7\x95\x8c x\xd9\xa3 EOF"},
    {"\xef\xbb\xbfpackage p", "package p EOF"}, // a BOM
    {"goto gotox Go type types", "goto gotox Go type types EOF"},
    {"break case chan const continue default defer else fallthrough for func go goto if import "
     "interface map package range return select struct switch type var",
     "break case chan const continue default defer else fallthrough for func go goto if import "
     "interface map package range return select struct switch type var"},
};

START_TEST(sequences_of_tokens) {
  diag_reset();
  for (size_t i = 0; i < LEN(sequences); i++) {
    char *got = tokens(sequences[i].src, strlen(sequences[i].src));
    ck_assert_str_eq(got, sequences[i].want);
    free(got);
  }
  ck_assert_int_eq(diag_count(), 0);
}
END_TEST

static const struct {
  const char *src, *want;
} errors[] = {
    {"@", "1:1: invalid character U+0040 '@'"},
    {"#x", "1:1: invalid character U+0023 '#'"},
    {"\x01", "1:1: invalid character U+0001"},
    {"a\xe2\x82\xac", "1:2: invalid character U+20AC '\xe2\x82\xac' in identifier"},
    {"\xd9\xa3x", "1:1: identifier cannot begin with digit U+0663 '\xd9\xa3'"},
    {"a \xff", "1:3: invalid UTF-8 encoding"},
    {"a\n \xef\xbb\xbf", "2:2: invalid BOM in the middle of the file"},
    {"/* x", "1:1: comment not terminated"},
    {"\"abc", "1:1: string not terminated"},
    {"\"abc\n", "1:5: newline in string"},
    {"`abc", "1:1: string not terminated"},
    {"''", "1:2: empty rune literal or unescaped '"},
    {"'ab'", "1:1: more than one character in rune literal"},
    {"'a\n", "1:3: newline in rune literal"},
    {"'a", "1:1: rune literal not terminated"},
    {"'\\q'", "1:3: unknown escape"},
    {"\"\\xg\"", "1:4: invalid character 'g' in hexadecimal escape"},
    {"'\\400'", "1:6: octal escape value 256 > 255"},
    {"'\\08'", "1:4: invalid character '8' in octal escape"},
    {"'\\ud800'", "1:8: escape is invalid Unicode code point U+D800"},
    {"'\\U00110000'", "1:12: escape is invalid Unicode code point U+110000"},
    {"0x", "1:3: hexadecimal literal has no digits"},
    {"0b", "1:3: binary literal has no digits"},
    {"08", "1:2: invalid digit '8' in octal literal"},
    {"0b12", "1:4: invalid digit '2' in binary literal"},
    {"0b1.0", "1:4: invalid radix point in binary literal"},
    {"1e", "1:3: exponent has no digits"},
    {"1p3", "1:2: 'p' exponent requires hexadecimal mantissa"},
    {"0b1e3", "1:4: 'e' exponent requires decimal mantissa"},
    {"0x1.8", "1:6: hexadecimal mantissa requires a 'p' exponent"},
    {"1__0", "1:3: '_' must separate successive digits"},
    {"1_", "1:2: '_' must separate successive digits"},
    {"0_8", "1:3: invalid digit '8' in octal literal"},
};

static char *flushed(void) {
  char *text = NULL;
  size_t n;
  FILE *f = open_memstream(&text, &n);
  diag_flush(f);
  fclose(f);
  return text;
}

START_TEST(lexical_errors) {
  for (size_t i = 0; i < LEN(errors); i++) {
    diag_reset();
    free(tokens(errors[i].src, strlen(errors[i].src)));
    char *got = flushed();
    char want[200];
    snprintf(want, sizeof want, "scan.go:%s\n", errors[i].want);
    ck_assert_str_eq(got, want);
    free(got);
  }
}
END_TEST

START_TEST(nul_is_no_end) {
  diag_reset();
  char *got = tokens("a + \0 c\0", 8);
  ck_assert_str_eq(got, "a + c EOF");
  free(got);
  got = flushed();
  ck_assert_str_eq(got, "scan.go:1:5: invalid NUL character\n"); // the other repeats it
  free(got);
}
END_TEST

static const struct {
  const char *src, *want;
} places[] = {
    {"x\n\ty", "p.go:2:2"},
    {"x /* a\nb */ y", "p.go:2:6"},
    {"\xc3\xa9 y", "p.go:1:4"},
    {"//line a.y:7\ny", "a.y:7"},
    {"//line a.y:7:3\n y", "a.y:7:4"},
    {"//line a.y:7:3\n\n y", "a.y:8:2"},
    {"//line :7:3\ny", "p.go:7:3"},
    {"/*line a.y:7:3*/y", "a.y:7:3"},
    {"x /*line a.y:7*/ y", "a.y:7"},
    {"//line a.y\ny", "p.go:2:1"},
    {" //line a.y:7\ny", "p.go:2:1"},
    {"//line C:x.y:7\r\ny", "C:x.y:7"},

    {"/*line\na.y:7*/y", "p.go:2:8"},
};

START_TEST(positions_obey_line_directives) {
  diag_reset();
  for (size_t i = 0; i < LEN(places); i++) {
    Arena *a = arena_new();
    Scanner *s =
        scan_new(a, pos_add_file("p.go"), places[i].src, strlen(places[i].src), NULL, NULL);
    const char *last = "";
    for (Token t; (t = scan_next(s)).kind != TOK_EOF;)
      if (t.kind == TOK_NAME)
        last = pos_str(t.pos);
    ck_assert_str_eq(last, places[i].want);
    arena_free(a);
  }
  ck_assert_int_eq(diag_count(), 0);
  free(tokens("//line x:0\n", 11));
  free(tokens("//line y:1:x\n", 13));
  char *got = flushed();
  ck_assert_str_eq(got,
                   "scan.go:1:10: invalid line number: 0\nscan.go:1:12: invalid line number: x\n");
  free(got);
}
END_TEST

static void collect(void *ctx, Pos pos, const char *text, size_t len) {
  buf_printf(ctx, "%u:%u %.*s;", pos.line, pos.col, (int)len, text);
}

START_TEST(directives_are_passed_on) {
  const char src[] = "//go:noinline\n// go:no\n/*go:no*/ x //go:late\n//line a:1\n//lineno\n";
  Arena *a = arena_new();
  Buf b = {0};
  Scanner *s = scan_new(a, pos_add_file("d.go"), src, sizeof src - 1, collect, &b);
  while (scan_next(s).kind != TOK_EOF)
    ;
  ck_assert_str_eq(buf_str(&b), "1:1 go:noinline;3:13 go:late;4:1 line a:1;");
  buf_free(&b);
  arena_free(a);
}
END_TEST

Suite *suite_scan(void) {
  Suite *s = suite_create("scan");
  TCase *t = tcase_create("scan");
  tcase_add_test(t, sequences_of_tokens);
  tcase_add_test(t, lexical_errors);
  tcase_add_test(t, nul_is_no_end);
  tcase_add_test(t, positions_obey_line_directives);
  tcase_add_test(t, directives_are_passed_on);
  suite_add_tcase(s, t);
  return s;
}
