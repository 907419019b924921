// pragma.c: //go: directives: the pragmas of declarations, //go:linkname, //go:embed.
//
// Directives pile up in the parser until a declaration takes them; one that stands before anything
// else is misplaced.
#include "driver/syntax/parser.h"

#include <stdlib.h>
#include <string.h>

static const struct {
  const char *verb;
  unsigned flag;
} verbs[] = {
    {"go:build", PRAGMA_BUILD},
    {"go:noescape", PRAGMA_NOESCAPE},
    {"go:norace", PRAGMA_NORACE},
    {"go:nosplit", PRAGMA_NOSPLIT},
    {"go:noinline", PRAGMA_NOINLINE},
    {"go:nocheckptr", PRAGMA_OTHER},
    {"go:systemstack", PRAGMA_SYSTEMSTACK},
    {"go:nowritebarrier", PRAGMA_NOWRITEBARRIER},
    {"go:nowritebarrierrec", PRAGMA_NOWRITEBARRIER},
    {"go:yeswritebarrierrec", PRAGMA_OTHER},
    {"go:cgo_unsafe_args", PRAGMA_OTHER},
    {"go:uintptrkeepalive", PRAGMA_UINTPTRKEEPALIVE},
    {"go:uintptrescapes", PRAGMA_UINTPTRESCAPES | PRAGMA_UINTPTRKEEPALIVE},
    {"go:registerparams", PRAGMA_OTHER},
};

// Directives of package runtime alone.
static bool is_runtime_verb(const char *text) {
  return strcmp(text, "go:systemstack") == 0 || strcmp(text, "go:nowritebarrier") == 0 ||
         strcmp(text, "go:nowritebarrierrec") == 0 || strcmp(text, "go:yeswritebarrierrec") == 0;
}

static unsigned flag_of(const char *text, size_t n) {
  const char *space = memchr(text, ' ', n);
  size_t len = space ? (size_t)(space - text) : n;
  for (size_t i = 0; i < LEN(verbs); i++)
    if (strlen(verbs[i].verb) == len && memcmp(verbs[i].verb, text, len) == 0)
      return verbs[i].flag;
  return 0;
}

// White space as Go's unicode.IsSpace has it, up to U+00FF.
static int space_width(const char *s, size_t n) {
  int w;
  uint32_t c = utf8_decode(s, n, &w);
  bool is = n && (c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x1680 ||
                  (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
                  c == 0x205F || c == 0x3000);
  return is ? w : 0;
}

typedef struct Text {
  const char *s;
  size_t n;
} Text;

static void drop(Text *t, size_t n) {
  t->s += n;
  t->n -= n;
}

static void trim_left(Text *t) {
  for (int w; (w = space_width(t->s, t->n)) > 0;)
    drop(t, (size_t)w);
}

// Takes the characters up to the next white space.
static Text field(Text *t) {
  trim_left(t);
  Text f = {t->s, 0};
  while (t->n && !space_width(t->s, t->n)) {
    int w;
    utf8_decode(t->s, t->n, &w);
    drop(t, (size_t)w);
    f.n += (size_t)w;
  }
  return f;
}

static void linkname(Parser *p, Pos pos, Text rest) {
  Text local = field(&rest), target = field(&rest);
  if (!local.n || field(&rest).n) {
    diag_error(pos, "usage: //go:linkname localname [linkname]");
    return;
  }
  Linkname l = {pos, atom_n(local.s, local.n), target.n ? atom_n(target.s, target.n) : NULL};
  vec_push(p->a, &p->file->linknames, l);
}

// ---- go:embed patterns

// Length of the quoted string at the start of t, 0 if it has no end.
static size_t quoted_length(Text t) {
  for (size_t i = 1; i < t.n; i++) {
    if (t.s[i] == t.s[0])
      return i + 1;
    if (t.s[i] == '\\' && t.s[0] == '"')
      i++;
  }
  return 0;
}

// The value of a string literal, NULL if it is none.
static const char *unquote(Parser *p, Text lit) {
  Scanner s;
  Token t = {0};
  scan_init(&s, p->s.file, arena_strndup(p->a, lit.s, lit.n), lit.n, NULL, NULL);
  s.quiet = true;
  scan_token(&s, &t);
  if (s.nerrors || t.kind != TOK_STRING || t.len != lit.n)
    return NULL;
  Expr x = {.kind = EXPR_LIT, .lit = {TOK_STRING, t.text, t.len}};
  Buf b = {0};
  lit_string(&b, &x);
  const char *value = arena_strndup(p->a, buf_str(&b), b.len);
  buf_free(&b);
  return value;
}

static void bad_quote(Pos pos, Text t) {
  diag_error(pos, "invalid quoted string in //go:embed: %.*s", (int)t.n, t.s);
}

// Takes one pattern; NULL after an error.
static const char *pattern(Parser *p, Pos pos, Text *t) {
  if (t->s[0] != '"' && t->s[0] != '`') {
    Text f = field(t);
    return arena_strndup(p->a, f.s, f.n);
  }
  Text lit = {t->s, quoted_length(*t)};
  const char *value = NULL;
  if (lit.n == 0)
    bad_quote(pos, *t);
  else if (t->s[0] == '`')
    value = arena_strndup(p->a, lit.s + 1, lit.n - 2);
  else if (!(value = unquote(p, lit)))
    bad_quote(pos, lit);
  if (!value)
    return NULL;
  drop(t, lit.n);
  if (t->n && !space_width(t->s, t->n)) {
    bad_quote(pos, *t);
    return NULL;
  }
  return value;
}

// text: the directive, at pos.
static void embed(Parser *p, Pos pos, Text text) {
  EmbedList list = {0};
  Text rest = text;
  drop(&rest, strlen("go:embed"));
  for (trim_left(&rest); rest.n; trim_left(&rest)) {
    Pos at = pos;
    if (at.col)
      at.col = (uint16_t)(at.col + (rest.s - text.s));
    const char *pat = pattern(p, pos, &rest);
    if (!pat) {
      list.n = 0;
      break;
    }
    Embed e = {pos, at, pat};
    vec_push(p->a, &list, e);
  }
  if (list.n == 0)
    diag_error(pos, "usage: //go:embed pattern...");
  for (int i = 0; i < list.n; i++)
    vec_push(p->a, &p->pragmas.embeds, list.v[i]);
}

// ---- collecting and attaching

static bool starts_with(Text t, const char *prefix) {
  size_t n = strlen(prefix);
  return t.n >= n && memcmp(t.s, prefix, n) == 0;
}

// Remembers directives that the driver must check, who knows what package this is.
static void note_reserved(Parser *p, Pos pos, Text t, unsigned flag) {
  Text rest = t;
  Text verb = field(&rest);
  Reserved r = {pos, flag, atom_n(verb.s, verb.n)};
  bool cgo = starts_with(verb, "go:cgo_") && strcmp(r.text, "go:cgo_import_dynamic") != 0;
  if (cgo)
    r.text = atom_n(t.s, t.n);
  if (cgo || is_runtime_verb(r.text) || strcmp(r.text, "go:uintptrkeepalive") == 0)
    vec_push(p->a, &p->file->reserved, r);
}

void check_reserved(const File *f, bool std, bool runtime) {
  for (int i = 0; i < f->reserved.n; i++) {
    const Reserved *r = &f->reserved.v[i];
    if (is_runtime_verb(r->text)) {
      if (!runtime)
        diag_error(r->pos, "//%s only allowed in runtime", r->text);
    } else if (!std && r->flag & PRAGMA_UINTPTRKEEPALIVE) {
      diag_error(r->pos, "//%s is only allowed in the standard library", r->text);
    } else if (!std) {
      diag_error(r->pos, "//%s only allowed in cgo-generated code", r->text);
    }
  }
}

void parse_directive(void *parser, Pos pos, const char *text, size_t len) {
  Parser *p = parser;
  Text t = {text, len};
  if (!starts_with(t, "go:"))
    return; // a line directive, which the scanner has obeyed
  if (pos.col)
    pos.col += 2; // of the text behind "//"
  if (!p->s.blank) {
    diag_error(pos, "misplaced compiler directive");
    return;
  }
  if (starts_with(t, "go:linkname ")) {
    drop(&t, strlen("go:linkname"));
    linkname(p, pos, t);
  } else if (starts_with(t, "go:embed ") || (starts_with(t, "go:embed") && len == 8)) {
    embed(p, pos, t);
  } else {
    PragmaPos at = {flag_of(text, len), pos};
    note_reserved(p, pos, t, at.flag);
    p->pragmas.flags |= at.flag;
    vec_push(p->a, &p->pragmas.at, at);
  }
}

// Reports the pragmas that may not stand here.
static void check_pragmas(const Pragmas *g, unsigned allowed) {
  for (int i = 0; i < g->at.n; i++)
    if (g->at.v[i].flag & ~allowed)
      diag_error(g->at.v[i].pos, "misplaced compiler directive");
}

static void misplaced_embeds(const Pragmas *g) {
  for (int i = 0; i < g->embeds.n; i++)
    diag_error(g->embeds.v[i].pos, "misplaced go:embed directive");
}

void parse_drop_pragmas(Parser *p, unsigned allowed) {
  check_pragmas(&p->pragmas, allowed);
  misplaced_embeds(&p->pragmas);
  p->pragmas = (Pragmas){0};
}

void parse_clear_pragmas(Parser *p) {
  if (p->pragmas.at.n || p->pragmas.embeds.n)
    parse_drop_pragmas(p, 0);
}

void parse_take_pragmas(Parser *p, Decl *d, unsigned allowed) {
  check_pragmas(&p->pragmas, allowed);
  d->pragmas = p->pragmas.flags & PRAGMA_FUNCS & ~(unsigned)PRAGMA_OTHER;
  if (d->kind == DECL_VAR)
    d->embeds = p->pragmas.embeds;
  else
    misplaced_embeds(&p->pragmas);
  p->pragmas = (Pragmas){0};
}

static bool imports(const File *f, const char *path) {
  for (int i = 0; i < f->imports.n; i++) {
    const Decl *d = f->imports.v[i];
    if (d->import.path && strcmp(d->import.path, path) == 0)
      return true;
  }
  return false;
}

// Marks the declarations that linknames name.
static void mark_linknames(Parser *p) {
  const File *f = p->file;
  PtrMap *locals = ptrmap_new(p->a);
  for (int i = 0; i < f->linknames.n; i++)
    ptrmap_set(locals, f->linknames.v[i].local, p);
  for (int i = 0; i < f->decls.n; i++) {
    Decl *d = f->decls.v[i];
    if (d->kind == DECL_FUNC && !d->func.recv && ptrmap_get(locals, d->func.name->name.id))
      d->pragmas |= PRAGMA_LINKNAME;
    for (int j = 0; d->kind == DECL_VAR && j < d->var.names.n; j++)
      if (ptrmap_get(locals, d->var.names.v[j]->name.id))
        d->pragmas |= PRAGMA_LINKNAME;
  }
}

void parse_check_linknames(Parser *p) {
  const File *f = p->file;
  if (f->linknames.n == 0)
    return;
  mark_linknames(p);
  for (int i = 0; !imports(f, "unsafe") && i < f->linknames.n; i++)
    diag_error(f->linknames.v[i].pos,
               "//go:linkname only allowed in Go files that import \"unsafe\"");
}
