// parser.c: the parser's ground: tokens, error messages, skipping to where parsing can go on.
#include "driver/syntax/parser.h"

#include <string.h>

void parse_next(Parser *p) {
  scan_token(&p->s, &p->t);
}

bool parse_got(Parser *p, Tok t) {
  if (p->t.kind != t)
    return false;
  parse_next(p);
  return true;
}

void parse_want(Parser *p, Tok t) {
  if (parse_got(p, t))
    return;
  parse_syntax_errorf(p, "expected %s", parse_tok_words(t));
  parse_skip_to(p, NULL, 0);
}

bool parse_got_assign(Parser *p) {
  if (p->t.kind == TOK_DEFINE)
    parse_syntax_error(p, "expected =");
  if (p->t.kind != TOK_DEFINE && p->t.kind != TOK_ASSIGN)
    return false;
  parse_next(p);
  return true;
}

// ---- errors

const char *parse_tok_words(Tok t) {
  return t == TOK_COMMA ? "comma" : t == TOK_SEMI ? "semicolon or newline" : tok_text(t);
}

bool parse_is_operator(Tok t) {
  return t >= TOK_OROR && t <= TOK_TILDE && t != TOK_MUL;
}

void parse_error_at(Parser *p, Pos pos, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  diag_errorv(pos, fmt, ap);
  va_end(ap);
  p->s.nerrors++;
}

void parse_late_error(Parser *p, Pos pos, const char *fmt, ...) {
  Buf b = {0};
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(&b, fmt, ap);
  va_end(ap);
  LateError e = {pos, arena_strdup(p->a, buf_str(&b))};
  buf_free(&b);
  vec_push(p->a, &p->late, e);
}

void parse_report_late(Parser *p) {
  for (int i = 0; i < p->late.n && p->s.nerrors == 0; i++)
    diag_error(p->late.v[i].pos, "%s", p->late.v[i].msg);
}

// Appends what the current token is called in messages.
static void write_token(Buf *b, const Token *t) {
  switch (t->kind) {
  case TOK_NAME:
    buf_puts(b, "name ");
    buf_write(b, t->text, t->len);
    break;
  case TOK_INT:
  case TOK_FLOAT:
  case TOK_IMAG:
  case TOK_CHAR:
  case TOK_STRING:
    buf_puts(b, "literal ");
    buf_write(b, t->text, t->len);
    break;
  case TOK_SEMI: buf_write(b, t->text, t->len); break;
  case TOK_ASSIGNOP: buf_printf(b, "%s=", tok_text(t->op)); break;
  default: buf_puts(b, parse_tok_words(t->kind));
  }
}

static bool starts_with(const char *s, const char *prefix) {
  return strncmp(s, prefix, strlen(prefix)) == 0;
}

void parse_syntax_error_at(Parser *p, Pos pos, const char *msg) {
  if (p->t.kind == TOK_EOF && p->s.nerrors > 0)
    return; // a consequence
  bool expected = starts_with(msg, "expected ");
  if (!expected && !starts_with(msg, "in ") && !starts_with(msg, "at ") &&
      !starts_with(msg, "after ")) {
    parse_error_at(p, pos, "syntax error: %s", msg);
    return;
  }
  Buf b = {0};
  write_token(&b, &p->t);
  parse_error_at(p, pos, "syntax error: unexpected %s%s%s", buf_str(&b), expected ? ", " : " ",
                 msg);
  buf_free(&b);
}

void parse_syntax_error(Parser *p, const char *msg) {
  parse_syntax_error_at(p, p->t.pos, msg);
}

void parse_syntax_errorf(Parser *p, const char *fmt, ...) {
  Buf b = {0};
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(&b, fmt, ap);
  va_end(ap);
  parse_syntax_error(p, buf_str(&b));
  buf_free(&b);
}

// ---- resynchronisation

static bool starts_statement(Tok t) {
  switch (t) {
  case TOK_BREAK:
  case TOK_CONST:
  case TOK_CONTINUE:
  case TOK_DEFER:
  case TOK_FALLTHROUGH:
  case TOK_FOR:
  case TOK_GO:
  case TOK_GOTO:
  case TOK_IF:
  case TOK_RETURN:
  case TOK_SELECT:
  case TOK_SWITCH:
  case TOK_TYPE:
  case TOK_VAR: return true;
  default: return false;
  }
}

static bool contains(const Tok *set, size_t n, Tok t) {
  for (size_t i = 0; i < n; i++)
    if (set[i] == t || (set[i] == TOK_TILDE && parse_is_operator(t)))
      return true; // TOK_TILDE stands for gc's whole class of operators
  return false;
}

// With an empty set skips exactly one token.
void parse_skip_to(Parser *p, const Tok *follow, size_t n) {
  if (n == 0 && p->t.kind != TOK_EOF)
    parse_next(p);
  if (n == 0)
    return;
  while (p->t.kind != TOK_EOF && !contains(follow, n, p->t.kind) &&
         !(p->fnest > 0 && starts_statement(p->t.kind)))
    parse_next(p);
}

void parse_too_deep(Parser *p) {
  parse_error_at(p, p->t.pos, "syntax error: nested too deeply");
  p->s.p = p->s.end;
  p->s.nlsemi = false;
  parse_next(p);
}

bool parse_enter(Parser *p) {
  if (++p->depth <= MAX_DEPTH)
    return true;
  if (p->t.kind != TOK_EOF)
    parse_too_deep(p);
  return false;
}

void parse_leave(Parser *p) {
  p->depth--;
}

// ---- common productions

Pos parse_list(Parser *p, const char *context, Tok sep, Tok close, ElemFn elem, void *ctx) {
  bool done = false;
  while (p->t.kind != TOK_EOF && p->t.kind != close && !done) {
    done = elem(p, ctx);
    if (parse_got(p, sep) || p->t.kind == close)
      continue;
    parse_syntax_errorf(p, "in %s; possibly missing %s or %s", context, parse_tok_words(sep),
                        parse_tok_words(close));
    parse_advance(p, TOK_RPAREN, TOK_RBRACK, TOK_RBRACE);
    if (p->t.kind != close)
      return p->t.pos;
  }
  Pos pos = p->t.pos;
  parse_want(p, close);
  return pos;
}

Expr *parse_new_expr(Parser *p, ExprKind kind, Pos pos) {
  Expr *x = NEW(p->a, Expr);
  x->kind = kind;
  x->pos = pos;
  return x;
}

Stmt *parse_new_stmt(Parser *p, StmtKind kind, Pos pos) {
  Stmt *s = NEW(p->a, Stmt);
  s->kind = kind;
  s->pos = pos;
  return s;
}

Expr *parse_bad_expr(Parser *p) {
  return parse_new_expr(p, EXPR_BAD, p->t.pos);
}

Expr *parse_new_name(Parser *p, Pos pos, Atom id) {
  Expr *x = parse_new_expr(p, EXPR_NAME, pos);
  x->name.id = id;
  return x;
}

Expr *parse_name(Parser *p) {
  if (p->t.kind == TOK_NAME) {
    Expr *x = parse_new_name(p, p->t.pos, p->t.text);
    parse_next(p);
    return x;
  }
  Expr *x = parse_new_name(p, p->t.pos, atom("_"));
  parse_syntax_error(p, "expected name");
  parse_skip_to(p, NULL, 0);
  return x;
}

ExprList parse_name_list(Parser *p, Expr *first) {
  ExprList list = {0};
  vec_push(p->a, &list, first);
  while (parse_got(p, TOK_COMMA))
    vec_push(p->a, &list, parse_name(p));
  return list;
}
