// scan.c: characters to tokens, with automatic semicolons and line directives.
//
// The source is a NUL-terminated string and the scanner a pointer into it. Characters that may not
// be in a Go file (NUL, invalid UTF-8, a byte order mark past the beginning) are reported and
// skipped where they are met, in peek.
#include "driver/syntax/parser.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum { LETTER = 1, DIGIT = 2, HEXLETTER = 4, BLANK = 8 };

static const unsigned char classes[256] = {
    ['a' ... 'f'] = LETTER | HEXLETTER,
    ['A' ... 'F'] = LETTER | HEXLETTER,
    ['g' ... 'z'] = LETTER,
    ['G' ... 'Z'] = LETTER,
    ['_'] = LETTER,
    ['0' ... '9'] = DIGIT,
    [' '] = BLANK,
    ['\t'] = BLANK,
    ['\r'] = BLANK,
};

static const char *const texts[TOK_COUNT] = {
#define TOKEN(k, s)   [k] = s,
#define OP(k, s, p)   [k] = s,
#define KEYWORD(k, s) [k] = s,
#include "tokens.def"
#undef TOKEN
#undef OP
#undef KEYWORD
};

static const unsigned char precs[TOK_COUNT] = {
#define TOKEN(k, s)
#define OP(k, s, p) [k] = p,
#define KEYWORD(k, s)
#include "tokens.def"
#undef TOKEN
#undef OP
#undef KEYWORD
};

const char *tok_text(Tok t) {
  return texts[t];
}

int tok_prec(Tok t) {
  return precs[t];
}

static bool has_class(int32_t c, int mask) {
  return c >= 0 && c < 128 && (classes[c] & mask);
}
static bool is_letter(int32_t c) {
  return has_class(c, LETTER);
}
static bool is_decimal(int32_t c) {
  return has_class(c, DIGIT);
}
static bool is_hex(int32_t c) {
  return has_class(c, DIGIT | HEXLETTER);
}
static int32_t lower(int32_t c) {
  return c | ('a' - 'A');
}

// ---- positions and errors

static Pos pos_at(const Scanner *s, uint32_t line, size_t col) {
  const LineBase *b = &s->base;
  uint16_t file = s->file;
  if (b->rel_file) {
    file = b->rel_file;
    if (b->rel_col == 0)
      col = 0;
    else if (line == b->line)
      col = b->rel_col + (col - b->col);
    line = b->rel_line + (line - b->line);
  }
  return (Pos){line, col < UINT16_MAX ? (uint16_t)col : UINT16_MAX, file};
}

static size_t column(const Scanner *s, const char *at) {
  return (size_t)(at - s->line_start) + 1;
}

static Pos here(const Scanner *s) {
  return pos_at(s, s->line, column(s, s->p));
}

static void error(Scanner *s, Pos pos, const char *fmt, ...) PRINTF(3, 4);
static void error(Scanner *s, Pos pos, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  if (!s->quiet)
    diag_errorv(pos, fmt, ap);
  va_end(ap);
  s->nerrors++;
}

// As fmt's %q; the result is an atom.
static const char *quoted(int32_t c) {
  Buf b = {0};
  buf_putc(&b, '\'');
  buf_quote_rune(&b, (uint32_t)c, '\'');
  buf_putc(&b, '\'');
  Atom a = atom(buf_str(&b));
  buf_free(&b);
  return a;
}

// As fmt's %#U: U+0040 '@'; the result is an atom.
static const char *codepoint(uint32_t c) {
  if (!rune_isprint(c))
    return atom_printf("U+%04X", c);
  Buf b = {0};
  buf_rune(&b, c);
  Atom a = atom_printf("U+%04X '%s'", c, buf_str(&b));
  buf_free(&b);
  return a;
}

// ---- characters

static int width_of(const char *p) {
  unsigned char c = (unsigned char)*p;
  return c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
}

static int32_t peek_slow(Scanner *s) {
  while (s->p < s->end) {
    int w;
    uint32_t c = utf8_decode(s->p, (size_t)(s->end - s->p), &w);
    if (c == 0)
      error(s, here(s), s->p == s->src ? "invalid character U+0000" : "invalid NUL character");
    else if (c == 0xFFFD && w == 1)
      error(s, here(s), "invalid UTF-8 encoding");
    else if (c != 0xFEFF)
      return (int32_t)c;
    else if (s->p != s->src)
      error(s, here(s), "invalid BOM in the middle of the file");
    s->p += w;
  }
  return -1;
}

// Returns the next character, -1 at the end.
static inline int32_t peek(Scanner *s) {
  unsigned char c = (unsigned char)*s->p;
  return c != 0 && c < 0x80 ? c : peek_slow(s);
}

// Passes the character that peek has just returned.
static inline void bump(Scanner *s) {
  if (s->p == s->end)
    return;
  if (*s->p == '\n') {
    s->p++;
    s->line++;
    s->line_start = s->p;
  } else {
    s->p += width_of(s->p);
  }
}

static bool accept(Scanner *s, int32_t c) {
  if (peek(s) != c)
    return false;
  bump(s);
  return true;
}

// ---- names

static bool is_unicode_letter(int32_t c) {
  switch (utf8proc_category(c)) {
  case UTF8PROC_CATEGORY_LU:
  case UTF8PROC_CATEGORY_LL:
  case UTF8PROC_CATEGORY_LT:
  case UTF8PROC_CATEGORY_LM:
  case UTF8PROC_CATEGORY_LO: return true;
  default: return false;
  }
}

// Whether c belongs to a name. Everything outside of ASCII does, with an error if it must not.
static bool name_char(Scanner *s, int32_t c, bool first) {
  if (c < 0x80)
    return has_class(c, LETTER | DIGIT);
  if (is_unicode_letter(c))
    return true;
  if (utf8proc_category(c) != UTF8PROC_CATEGORY_ND)
    error(s, here(s), "invalid character %s in identifier", codepoint((uint32_t)c));
  else if (first)
    error(s, here(s), "identifier cannot begin with digit %s", codepoint((uint32_t)c));
  return true;
}

static Tok keyword(const char *s, size_t n) {
  static const struct {
    const char *text;
    size_t len;
    Tok tok;
  } words[] = {
#define TOKEN(k, s)
#define OP(k, s, p)
#define KEYWORD(k, s) {s, sizeof(s) - 1, k},
#include "tokens.def"
#undef TOKEN
#undef OP
#undef KEYWORD
  };
  // first[c - 'a']: the first keyword that begins with c, they are in alphabetical order
  static const signed char first['z' - 'a' + 1] = {
      ['a' - 'a'] = -1, ['h' - 'a'] = -1, ['j' - 'a'] = -1, ['k' - 'a'] = -1, ['l' - 'a'] = -1,
      ['n' - 'a'] = -1, ['o' - 'a'] = -1, ['q' - 'a'] = -1, ['u' - 'a'] = -1, ['w' - 'a'] = -1,
      ['x' - 'a'] = -1, ['y' - 'a'] = -1, ['z' - 'a'] = -1, ['b' - 'a'] = 0,  ['c' - 'a'] = 1,
      ['d' - 'a'] = 5,  ['e' - 'a'] = 7,  ['f' - 'a'] = 8,  ['g' - 'a'] = 11, ['i' - 'a'] = 13,
      ['m' - 'a'] = 16, ['p' - 'a'] = 17, ['r' - 'a'] = 18, ['s' - 'a'] = 20, ['t' - 'a'] = 23,
      ['v' - 'a'] = 24,
  };
  if (n < 2 || n > 11 || s[0] < 'a' || s[0] > 'z' || first[s[0] - 'a'] < 0)
    return TOK_NAME;
  for (size_t i = (size_t)first[s[0] - 'a']; i < LEN(words) && words[i].text[0] == s[0]; i++)
    if (words[i].len == n && memcmp(words[i].text, s, n) == 0)
      return words[i].tok;
  return TOK_NAME;
}

static void name(Scanner *s, Token *t) {
  const char *start = s->p;
  while (classes[(unsigned char)*s->p] & (LETTER | DIGIT))
    s->p++;
  if ((unsigned char)*s->p >= 0x80 || (*s->p == 0 && s->p < s->end)) {
    int32_t c;
    while ((c = peek(s)) >= 0 && name_char(s, c, s->p == start))
      bump(s);
  }
  size_t n = (size_t)(s->p - start);
  t->kind = keyword(start, n);
  if (t->kind != TOK_NAME) {
    s->nlsemi = t->kind == TOK_BREAK || t->kind == TOK_CONTINUE || t->kind == TOK_FALLTHROUGH ||
                t->kind == TOK_RETURN;
    return;
  }
  s->nlsemi = true;
  t->text = atom_n(start, n);
  t->len = n;
}

// ---- numbers

typedef struct Number {
  int base;
  int32_t prefix;      // 0, '0', 'x', 'o', 'b'
  bool digits, seps;   // any in the part read last; any '_' at all
  const char *invalid; // the first digit too big for the base, or NULL
  bool ok;
} Number;

static const char *base_name(int base) {
  return base == 2 ? "binary" : base == 8 ? "octal" : base == 10 ? "decimal" : "hexadecimal";
}

static void number_error(Scanner *s, Number *n, Pos pos, const char *msg) {
  if (n->ok)
    error(s, pos, "%s", msg);
  n->ok = false;
}

static void digits(Scanner *s, Number *n, int base, bool note_invalid) {
  for (int32_t c; (c = peek(s)) == '_' || (base == 16 ? is_hex(c) : is_decimal(c)); bump(s)) {
    if (c == '_') {
      n->seps = true;
      continue;
    }
    n->digits = true;
    if (note_invalid && base < 10 && c >= '0' + base && !n->invalid)
      n->invalid = s->p;
  }
}

static void number_prefix(Scanner *s, Number *n) {
  if (peek(s) != '0')
    return;
  bump(s);
  n->prefix = lower(peek(s));
  switch (n->prefix) {
  case 'x': n->base = 16; break;
  case 'o': n->base = 8; break;
  case 'b': n->base = 2; break;
  default:
    n->base = 8;
    n->prefix = '0';
    n->digits = true;
    return;
  }
  bump(s);
}

// Reads the exponent, if there is one.
static bool exponent(Scanner *s, Number *n, bool is_float) {
  int32_t e = lower(peek(s));
  if (e != 'e' && e != 'p') {
    if (n->prefix == 'x' && is_float)
      number_error(s, n, here(s), "hexadecimal mantissa requires a 'p' exponent");
    return false;
  }
  const char *shown = quoted(peek(s));
  if (e == 'e' && n->prefix != 0 && n->prefix != '0')
    number_error(s, n, here(s), atom_printf("%s exponent requires decimal mantissa", shown));
  else if (e == 'p' && n->prefix != 'x')
    number_error(s, n, here(s), atom_printf("%s exponent requires hexadecimal mantissa", shown));
  bump(s);
  if (peek(s) == '+' || peek(s) == '-')
    bump(s);
  n->digits = false;
  digits(s, n, 10, false);
  if (!n->digits)
    number_error(s, n, here(s), "exponent has no digits");
  return true;
}

// Returns the first '_' that does not stand between digits, or NULL. A prefix counts as a digit.
static const char *bad_separator(const char *x, const char *end) {
  bool hex = false;
  char prev = '.'; // '0' a digit, '_', '.' anything else
  if (end - x >= 2 && x[0] == '0' && strchr("xob", lower(x[1]))) {
    hex = lower(x[1]) == 'x';
    prev = '0';
    x += 2;
  }
  for (; x < end; x++) {
    char c = is_decimal(*x) || (hex && is_hex(*x)) ? '0' : *x == '_' ? '_' : '.';
    if (c == '_' && prev != '0')
      return x;
    if (prev == '_' && c == '.')
      return x - 1;
    prev = c;
  }
  return prev == '_' ? end - 1 : NULL;
}

static void set_literal(Scanner *s, Token *t, Tok kind, const char *start, bool ok) {
  s->nlsemi = true;
  t->kind = kind;
  t->text = start;
  t->len = (size_t)(s->p - start);
  t->bad = !ok;
}

// start: of the literal. The point in front of the digits, if any, has been read.
static void number(Scanner *s, Token *t, const char *start, bool seen_point) {
  Number n = {.base = 10, .ok = true};
  uint32_t line = s->line;
  size_t col = column(s, start);
  if (!seen_point) {
    number_prefix(s, &n);
    digits(s, &n, n.base, true);
    if (peek(s) == '.') {
      if (n.prefix == 'o' || n.prefix == 'b')
        number_error(s, &n, here(s),
                     atom_printf("invalid radix point in %s literal", base_name(n.base)));
      bump(s);
      seen_point = true;
    }
  }
  if (seen_point)
    digits(s, &n, n.base, true);
  if (!n.digits)
    number_error(s, &n, here(s), atom_printf("%s literal has no digits", base_name(n.base)));
  bool has_exponent = exponent(s, &n, seen_point);
  Tok kind = has_exponent || seen_point ? TOK_FLOAT : TOK_INT;
  if (accept(s, 'i'))
    kind = TOK_IMAG;
  if (kind == TOK_INT && n.invalid)
    number_error(
        s, &n, pos_at(s, line, col + (size_t)(n.invalid - start)),
        atom_printf("invalid digit %s in %s literal", quoted(*n.invalid), base_name(n.base)));
  const char *bad = n.seps && n.ok ? bad_separator(start, s->p) : NULL;
  if (bad)
    number_error(s, &n, pos_at(s, line, col + (size_t)(bad - start)),
                 "'_' must separate successive digits");
  set_literal(s, t, kind, start, n.ok);
}

// ---- runes and strings

// Reads n digits. False after an error.
static bool escape_digits(Scanner *s, int n, uint32_t base, uint32_t max) {
  uint32_t x = 0;
  for (; n > 0; n--) {
    int32_t c = peek(s);
    if (c < 0)
      return true; // the end of the source is the caller's to report
    uint32_t d = is_decimal(c) ? (uint32_t)c - '0'
                 : is_hex(c)   ? (uint32_t)lower(c) - 'a' + 10
                               : base;
    if (d >= base) {
      error(s, here(s), "invalid character %s in %s escape", quoted(c), base_name((int)base));
      return false;
    }
    x = x * base + d;
    bump(s);
  }
  if (x > max && base == 8) {
    error(s, here(s), "octal escape value %u > 255", x);
    return false;
  }
  if (x > max || (x >= 0xD800 && x < 0xE000)) {
    error(s, here(s), "escape is invalid Unicode code point %s", codepoint(x));
    return false;
  }
  return true;
}

// The backslash has been read.
static bool escape(Scanner *s, int32_t quote) {
  int32_t c = peek(s);
  if (c < 0)
    return true;
  if (c == quote) {
    bump(s);
    return true;
  }
  switch (c) {
  case 'a':
  case 'b':
  case 'f':
  case 'n':
  case 'r':
  case 't':
  case 'v':
  case '\\': bump(s); return true;
  case '0':
  case '1':
  case '2':
  case '3':
  case '4':
  case '5':
  case '6':
  case '7': return escape_digits(s, 3, 8, 255);
  case 'x': bump(s); return escape_digits(s, 2, 16, 255);
  case 'u': bump(s); return escape_digits(s, 4, 16, 0x10FFFF);
  case 'U': bump(s); return escape_digits(s, 8, 16, 0x10FFFF);
  default: error(s, here(s), "unknown escape"); return false;
  }
}

static void rune_literal(Scanner *s, Token *t) {
  const char *start = s->p;
  bool ok = true;
  bump(s);
  for (int n = 0;; n++) {
    int32_t c = peek(s);
    const char *wrong = NULL;
    Pos pos = t->pos;
    if (c == '\'' && n == 0) {
      wrong = "empty rune literal or unescaped '";
      pos = here(s);
    } else if (c == '\'' && n != 1) {
      wrong = "more than one character in rune literal";
    } else if (c == '\n') {
      wrong = "newline in rune literal";
      pos = here(s);
    } else if (c < 0) {
      wrong = "rune literal not terminated";
    }
    if (wrong && ok) {
      error(s, pos, "%s", wrong);
      ok = false;
    }
    if (c == '\'')
      bump(s);
    if (c == '\'' || c == '\n' || c < 0)
      break;
    bump(s);
    if (c == '\\' && !escape(s, '\''))
      ok = false;
  }
  set_literal(s, t, TOK_CHAR, start, ok);
}

static void string_literal(Scanner *s, Token *t) {
  const char *start = s->p;
  bool ok = true;
  bump(s);
  for (;;) {
    int32_t c = peek(s);
    if (c == '"') {
      bump(s);
      break;
    }
    if (c == '\n' || c < 0) {
      error(s, c < 0 ? t->pos : here(s), c < 0 ? "string not terminated" : "newline in string");
      ok = false;
      break;
    }
    bump(s);
    if (c == '\\' && !escape(s, '"'))
      ok = false;
  }
  set_literal(s, t, TOK_STRING, start, ok);
}

static void raw_string(Scanner *s, Token *t) {
  const char *start = s->p;
  int32_t c;
  bump(s);
  while ((c = peek(s)) >= 0 && c != '`')
    bump(s);
  if (c < 0)
    error(s, t->pos, "string not terminated");
  else
    bump(s);
  set_literal(s, t, TOK_STRING, start, c >= 0);
}

// ---- comments and directives

// Parses the digits behind the last ':' of text[0..n). Returns the index behind that ':', 0 if
// there is none.
static size_t trailing_digits(const char *text, size_t n, uint64_t *value, bool *ok) {
  const char *colon = memrchr(text, ':', n);
  *ok = false;
  *value = 0;
  if (!colon)
    return 0;
  size_t i = (size_t)(colon - text) + 1;
  *ok = i < n;
  for (size_t j = i; j < n; j++) {
    if (!is_decimal(text[j]) || *value > UINT64_MAX / 10 - 1) {
      *ok = false;
      *value = 0;
      break;
    }
    *value = *value * 10 + (uint64_t)(text[j] - '0');
  }
  return i;
}

enum { POS_MAX = 1 << 30 }; // of lines and columns in directives

// text[0..n) is what stands behind "line "; (tline, tcol) its place; the new base begins at (line,
// col).
static void line_directive(Scanner *s, uint32_t tline, size_t tcol, const char *text, size_t n,
                           uint32_t line, size_t col) {
  uint64_t first, second, relcol = 0;
  bool ok, ok2;
  size_t i = trailing_digits(text, n, &first, &ok);
  if (i == 0)
    return;
  if (!ok) {
    error(s, pos_at(s, tline, tcol + i), "invalid line number: %.*s", (int)(n - i), text + i);
    return;
  }
  uint64_t relline = first;
  size_t i2 = trailing_digits(text, i - 1, &second, &ok2);
  size_t nline = n; // end of the line number
  if (ok2) {
    relcol = first;
    relline = second;
    if (relcol == 0 || relcol > POS_MAX) {
      error(s, pos_at(s, tline, tcol + i), "invalid column number: %.*s", (int)(n - i), text + i);
      return;
    }
    nline = i - 1;
    i = i2;
  }
  if (relline == 0 || relline > POS_MAX) {
    error(s, pos_at(s, tline, tcol + i), "invalid line number: %.*s", (int)(nline - i), text + i);
    return;
  }
  uint16_t file = s->base.rel_file ? s->base.rel_file : s->file;
  if (i > 1 || !ok2)
    file = pos_add_file(atom_n(text, i - 1));
  s->base = (LineBase){file, line, col, (uint32_t)relline, (size_t)relcol};
}

static bool has_prefix(const char *s, size_t n, const char *prefix) {
  size_t len = strlen(prefix);
  return n >= len && memcmp(s, prefix, len) == 0;
}

// s->p is behind the "//"; leaves it at the newline.
static void line_comment(Scanner *s, const char *start) {
  const char *text = s->p;
  for (int32_t c; (c = peek(s)) >= 0 && c != '\n';)
    bump(s);
  if (*text != 'g' && *text != 'l')
    return;
  size_t n = (size_t)(s->p - text);
  bool is_line = has_prefix(text, n, "line ") && start == s->line_start;
  if (!is_line && !has_prefix(text, n, "go:"))
    return;
  if (n && text[n - 1] == '\r')
    n--;
  size_t col = column(s, start);
  Pos pos = pos_at(s, s->line, col);
  if (is_line)
    line_directive(s, s->line, col + 7, text + 5, n - 5, s->line + 1, 1);
  if (s->comment)
    s->comment(s->comment_ctx, pos, text, n);
}

// s->p is behind the "/*".
static void full_comment(Scanner *s, Token *t, const char *start) {
  const char *text = s->p;
  uint32_t line = s->line;
  size_t col = column(s, start);
  for (;;) {
    int32_t c = peek(s);
    if (c < 0) {
      error(s, t->pos, "comment not terminated");
      s->open_comment = t->pos;
      return;
    }
    bump(s);
    if (c == '*' && peek(s) == '/')
      break;
  }
  size_t n = (size_t)(s->p - text) - 1;
  bump(s);
  if (!has_prefix(text, n, "line "))
    return;
  // gc puts the end of a comment of several lines on its first line
  line_directive(s, line, col + 7, text + 5, n - 5, line, col + (size_t)(s->p - start));
  if (s->comment)
    s->comment(s->comment_ctx, t->pos, text, n);
}

// ---- tokens

static void set_semi(Token *t, const char *text) {
  t->kind = TOK_SEMI;
  t->text = text;
  t->len = strlen(text);
}

// op, or op= if '=' follows.
static void op_or_assign(Scanner *s, Token *t, Tok op) {
  t->kind = t->op = op;
  if (accept(s, '='))
    t->kind = TOK_ASSIGNOP;
}

static Tok choose(Scanner *s, int32_t c, Tok yes, Tok no) {
  return accept(s, c) ? yes : no;
}

static void inc_or_op(Scanner *s, Token *t, int32_t c, Tok twice, Tok op) {
  if (accept(s, c)) {
    t->kind = twice;
    s->nlsemi = true;
  } else {
    op_or_assign(s, t, op);
  }
}

static void less(Scanner *s, Token *t) {
  if (accept(s, '='))
    t->kind = TOK_LEQ;
  else if (accept(s, '<'))
    op_or_assign(s, t, TOK_SHL);
  else
    t->kind = choose(s, '-', TOK_ARROW, TOK_LSS);
}

static void greater(Scanner *s, Token *t) {
  if (accept(s, '='))
    t->kind = TOK_GEQ;
  else if (accept(s, '>'))
    op_or_assign(s, t, TOK_SHR);
  else
    t->kind = TOK_GTR;
}

static void and_op(Scanner *s, Token *t) {
  if (accept(s, '&'))
    t->kind = TOK_ANDAND;
  else
    op_or_assign(s, t, choose(s, '^', TOK_ANDNOT, TOK_AND));
}

static void dot(Scanner *s, Token *t, const char *start) {
  if (is_decimal(peek(s))) {
    number(s, t, start, true);
    return;
  }
  t->kind = TOK_DOT;
  if (peek(s) == '.' && s->p[1] == '.') {
    s->p += 2;
    t->kind = TOK_DOTDOTDOT;
  }
}

static void closing(Scanner *s, Token *t, Tok kind) {
  s->nlsemi = true;
  t->kind = kind;
}

// One character has been read: c, at start. False if it begins no token.
static bool operator_token(Scanner *s, Token *t, int32_t c, const char *start) {
  switch (c) {
  case '(': t->kind = TOK_LPAREN; break;
  case '[': t->kind = TOK_LBRACK; break;
  case '{': t->kind = TOK_LBRACE; break;
  case ')': closing(s, t, TOK_RPAREN); break;
  case ']': closing(s, t, TOK_RBRACK); break;
  case '}': closing(s, t, TOK_RBRACE); break;
  case ',': t->kind = TOK_COMMA; break;
  case ';': set_semi(t, "semicolon"); break;
  case '\n': set_semi(t, "newline"); break;
  case ':': t->kind = choose(s, '=', TOK_DEFINE, TOK_COLON); break;
  case '.': dot(s, t, start); break;
  case '+': inc_or_op(s, t, '+', TOK_INC, TOK_ADD); break;
  case '-': inc_or_op(s, t, '-', TOK_DEC, TOK_SUB); break;
  case '*': op_or_assign(s, t, TOK_MUL); break;
  case '/': op_or_assign(s, t, TOK_DIV); break;
  case '%': op_or_assign(s, t, TOK_REM); break;
  case '^': op_or_assign(s, t, TOK_XOR); break;
  case '&': and_op(s, t); break;
  case '|':
    if (accept(s, '|'))
      t->kind = TOK_OROR;
    else
      op_or_assign(s, t, TOK_OR);
    break;
  case '<': less(s, t); break;
  case '>': greater(s, t); break;
  case '=': t->kind = choose(s, '=', TOK_EQL, TOK_ASSIGN); break;
  case '!': t->kind = choose(s, '=', TOK_NEQ, TOK_NOT); break;
  case '~': t->kind = TOK_TILDE; break;
  default: return false;
  }
  return true;
}

// Skips white space up to the next token or comment, whose position t gets.
static void skip_blanks(Scanner *s, Token *t, bool nlsemi) {
  bool line_begins = s->p == s->line_start;
  for (;; s->p++) {
    while (classes[(unsigned char)*s->p] & BLANK)
      s->p++;
    if (*s->p != '\n' || nlsemi)
      break;
    s->line++;
    s->line_start = s->p + 1;
    line_begins = true;
  }
  s->blank = line_begins;
  t->pos = here(s);
}

// Reads the comment behind '/', if it is one; *newline: it acts as a semicolon.
static bool comment(Scanner *s, Token *t, const char *start, bool nlsemi, bool *newline) {
  uint32_t line = s->line;
  if (accept(s, '/')) {
    line_comment(s, start);
    return true;
  }
  if (!accept(s, '*'))
    return false;
  full_comment(s, t, start);
  *newline = nlsemi && s->line > line;
  return true;
}

void scan_token(Scanner *s, Token *t) {
  bool nlsemi = s->nlsemi;
  s->nlsemi = false;
  t->text = NULL;
  t->len = 0;
  t->bad = false;
  for (;;) {
    skip_blanks(s, t, nlsemi);
    const char *before = s->p;
    int32_t c = peek(s);
    if (s->p != before && has_class(c, BLANK))
      continue; // blanks behind a character that was skipped
    if (s->p != before && c == '\n' && !nlsemi)
      continue;
    if (s->p != before)
      t->pos = here(s);
    const char *start = s->p;
    if (is_letter(c) || c >= 0x80) {
      name(s, t);
      return;
    }
    if (c < 0) {
      t->kind = TOK_EOF;
      if (nlsemi)
        set_semi(t, "EOF");
      return;
    }
    if (is_decimal(c)) {
      number(s, t, start, false);
      return;
    }
    if (c == '"' || c == '`' || c == '\'') {
      (c == '"' ? string_literal : c == '`' ? raw_string : rune_literal)(s, t);
      return;
    }
    bump(s);
    bool newline = false;
    if (c == '/' && comment(s, t, start, nlsemi, &newline)) {
      if (!newline)
        continue;
      set_semi(t, "newline");
      return;
    }
    if (operator_token(s, t, c, start))
      return;
    error(s, t->pos, "invalid character %s", codepoint((uint32_t)c));
  }
}

void scan_init(Scanner *s, uint16_t file, const char *src, size_t len, CommentFn comment_fn,
               void *ctx) {
  *s = (Scanner){.src = src,
                 .p = src,
                 .end = src + len,
                 .line_start = src,
                 .line = 1,
                 .file = file,
                 .comment = comment_fn,
                 .comment_ctx = ctx};
}

Scanner *scan_new(Arena *a, uint16_t file, const char *src, size_t len, CommentFn comment_fn,
                  void *ctx) {
  Scanner *s = NEW(a, Scanner);
  scan_init(s, file, src, len, comment_fn, ctx);
  return s;
}

Token scan_next(Scanner *s) {
  Token t = {0};
  scan_token(s, &t);
  return t;
}
