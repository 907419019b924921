// imports.c: the package clause and the imports alone, for the loader.
//
// `go build` reads them with go/parser before it compiles, so what is wrong in them is said in
// go/parser's words, and only the first mistake. What follows the imports is not looked at; the
// compiler will.
#include "driver/syntax/parser.h"

#include <string.h>

typedef struct Reader {
  Parser p; // its scanner is quiet
  bool failed;
} Reader;

static void error(Reader *r, Pos pos, const char *fmt, ...) PRINTF(3, 4);
static void error(Reader *r, Pos pos, const char *fmt, ...) {
  if (r->failed)
    return;
  r->failed = true;
  va_list ap;
  va_start(ap, fmt);
  diag_errorv(pos, fmt, ap);
  va_end(ap);
}

// At the end of a file that ends in a newline go/parser is still on the last line.
static Pos error_pos(const Reader *r) {
  const Scanner *s = &r->p.s;
  Pos pos = r->p.t.pos;
  if (r->p.t.kind != TOK_EOF || s->end == s->src || s->end[-1] != '\n' || pos.line < 2)
    return pos;
  const char *start = s->end - 1;
  while (start > s->src && start[-1] != '\n')
    start--;
  pos.line--;
  pos.col = (uint16_t)(s->end - start + 1);
  return pos;
}

// "expected x, found <token>"
static void expected(Reader *r, const char *what) {
  const Token *t = &r->p.t;
  if (pos_known(r->p.s.open_comment))
    error(r, r->p.s.open_comment, "comment not terminated");
  else if (t->kind == TOK_SEMI && t->text[0] == 'n')
    error(r, error_pos(r), "expected %s, found newline", what);
  else if (t->kind == TOK_SEMI && t->text[0] == 'E')
    error(r, error_pos(r), "expected %s, found 'EOF'", what);
  else if (t->kind == TOK_NAME || (t->kind >= TOK_INT && t->kind <= TOK_STRING))
    error(r, t->pos, "expected %s, found %.*s", what, (int)t->len, t->text);
  else if (t->kind == TOK_ASSIGNOP)
    error(r, t->pos, "expected %s, found '%s='", what, tok_text(t->op));
  else
    error(r, error_pos(r), "expected %s, found '%s'", what, tok_text(t->kind));
}

static bool want(Reader *r, Tok tok, const char *what) {
  if (r->p.t.kind != tok) {
    expected(r, what);
    return false;
  }
  parse_next(&r->p);
  return true;
}

static bool valid_path(const char *path, size_t n) {
  for (size_t i = 0; i < n;) {
    int w;
    uint32_t c = utf8_decode(path + i, n - i, &w);
    if (c <= ' ' || c == 0xFFFD || !rune_isprint(c) ||
        (c < 0x80 && strchr("!\"#$%&'()*,:;<=>?[\\]^`{|}", (int)c)))
      return false;
    i += (size_t)w;
  }
  return n > 0;
}

static void add_import(Reader *r, Expr *name, const Token *t) {
  Parser *p = &r->p;
  Expr lit = {.kind = EXPR_LIT, .lit = {TOK_STRING, t->text, t->len}};
  Buf b = {0};
  lit_string(&b, &lit);
  if (valid_path(buf_str(&b), b.len)) {
    Decl *d = NEW(p->a, Decl);
    d->kind = DECL_IMPORT;
    d->pos = t->pos;
    d->file = p->file;
    d->import.name = name;
    d->import.path = arena_strndup(p->a, buf_str(&b), b.len);
    d->import.pathlen = b.len;
    vec_push(p->a, &p->file->decls, d);
    vec_push(p->a, &p->file->imports, d);
  } else {
    error(r, t->pos, "invalid import path: %s", buf_str(&b));
  }
  buf_free(&b);
}

// ImportSpec = [ "." | PackageName ] ImportPath .
static void import_spec(Reader *r) {
  Parser *p = &r->p;
  Expr *name = NULL;
  if (p->t.kind == TOK_NAME || p->t.kind == TOK_DOT) {
    name = parse_new_name(p, p->t.pos, p->t.kind == TOK_DOT ? atom(".") : p->t.text);
    parse_next(&r->p);
  }
  Token t = p->t;
  if (t.kind == TOK_STRING && t.bad) {
    bool closed = t.len > 1 && t.text[t.len - 1] == t.text[0];
    error(r, t.pos, "%s",
          closed             ? "unknown escape sequence"
          : t.text[0] == '`' ? "raw string literal not terminated"
                             : "string literal not terminated");
  } else if (t.kind == TOK_STRING) {
    parse_next(&r->p);
    add_import(r, name, &t);
  } else if (t.kind >= TOK_INT && t.kind <= TOK_CHAR) {
    error(r, t.pos, "import path must be a string");
  } else {
    error(r, error_pos(r), "missing import path");
  }
}

static void import_decl(Reader *r) {
  Parser *p = &r->p;
  parse_next(&r->p);
  if (p->t.kind != TOK_LPAREN) {
    import_spec(r);
    return;
  }
  parse_next(&r->p);
  while (!r->failed && p->t.kind != TOK_RPAREN && p->t.kind != TOK_EOF) {
    import_spec(r);
    if (r->failed || p->t.kind == TOK_RPAREN)
      break;
    if (p->t.kind == TOK_SEMI && p->t.text[0] == 'E')
      parse_next(&r->p); // the end, where ")" is missing
    else
      want(r, TOK_SEMI, "';'");
  }
  if (!r->failed)
    want(r, TOK_RPAREN, "')'");
}

static bool package_clause(Reader *r) {
  Parser *p = &r->p;
  p->file->package_pos = p->t.pos;
  if (!want(r, TOK_PACKAGE, "'package'"))
    return false;
  if (p->t.kind != TOK_NAME) {
    expected(r, "'IDENT'");
    return false;
  }
  p->file->name = parse_new_name(p, p->t.pos, p->t.text);
  parse_next(&r->p);
  return want(r, TOK_SEMI, "';'");
}

File *parse_imports(Arena *a, const char *name, const char *src, size_t len) {
  Reader r = {0};
  Parser *p = &r.p;
  *p = (Parser){.a = a, .file = NEW(a, File)};
  p->file->path = arena_strdup(a, name);
  p->file->posfile = pos_add_file(name);
  scan_init(&p->s, p->file->posfile, src, len, NULL, NULL);
  p->s.quiet = true;
  parse_next(p);
  bool ok = package_clause(&r);
  while (ok && !r.failed && p->t.kind == TOK_IMPORT) {
    import_decl(&r);
    ok = !r.failed && want(&r, TOK_SEMI, "';'");
  }
  if (pos_known(p->s.open_comment))
    error(&r, p->s.open_comment, "comment not terminated");
  if (!p->file->name)
    p->file->name = parse_new_name(p, p->file->package_pos, atom("_"));
  return p->file;
}
