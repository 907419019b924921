// decl.c: source files and declarations.
#include "driver/syntax/parser.h"

#include <string.h>

// A group of specifications, in parentheses or not; first is where const inherits from.
typedef struct Group {
  DeclList *list;
  SpecKind kind;
  int number; // Decl.group
  int iota;
  Decl *last; // the last const with a type or values
} Group;

static Decl *new_decl(Parser *p, DeclKind kind, const Group *g) {
  Decl *d = NEW(p->a, Decl);
  d->kind = kind;
  d->pos = p->t.pos;
  d->group = g ? g->number : 0;
  d->file = p->file;
  return d;
}

// ImportSpec = [ "." | PackageName ] ImportPath .
static Decl *import_spec(Parser *p, Group *g) {
  Decl *d = new_decl(p, DECL_IMPORT, g);
  parse_take_pragmas(p, d, 0);
  if (p->t.kind == TOK_NAME) {
    d->import.name = parse_name(p);
  } else if (p->t.kind == TOK_DOT) {
    d->import.name = parse_new_name(p, p->t.pos, atom("."));
    parse_next(p);
  }
  d->pos = p->t.pos;
  Expr *path = parse_literal_or_null(p);
  if (!path) {
    parse_syntax_error(p, "missing import path");
    parse_advance(p, TOK_SEMI, TOK_RPAREN);
    return d;
  }
  if (path->kind == EXPR_BAD)
    return d;
  if (path->lit.tok != TOK_STRING) {
    parse_syntax_error_at(p, path->pos, "import path must be a string");
    return d;
  }
  Buf b = {0};
  lit_string(&b, path);
  d->import.path = arena_strndup(p->a, buf_str(&b), b.len);
  d->import.pathlen = b.len;
  buf_free(&b);
  vec_push(p->a, &p->file->imports, d);
  return d;
}

// ConstSpec = IdentifierList [ [ Type ] "=" ExpressionList ] .
static Decl *const_spec(Parser *p, Group *g) {
  Decl *d = new_decl(p, DECL_CONST, g);
  parse_take_pragmas(p, d, 0);
  d->cons.iota = g->iota++;
  d->cons.names = parse_name_list(p, parse_name(p));
  if (p->t.kind != TOK_EOF && p->t.kind != TOK_SEMI && p->t.kind != TOK_RPAREN) {
    d->cons.type = parse_type_or_null(p);
    if (parse_got_assign(p))
      d->cons.values = parse_expr_list(p);
  }
  if (d->cons.type || d->cons.values.n) {
    g->last = d;
  } else if (g->last) {
    d->cons.inherited = true;
    d->cons.type = g->last->cons.type;
    d->cons.values = g->last->cons.values;
  }
  return d;
}

// Whether x, perhaps in parentheses, can only be a type element.
static bool is_type_elem(const Expr *x) {
  for (;;) {
    switch (x->kind) {
    case EXPR_ARRAYTYPE:
    case EXPR_STRUCTTYPE:
    case EXPR_FUNCTYPE:
    case EXPR_INTERFACETYPE:
    case EXPR_SLICETYPE:
    case EXPR_MAPTYPE:
    case EXPR_CHANTYPE: return true;
    case EXPR_BINARY:
      if (is_type_elem(x->binary.y))
        return true;
      x = x->binary.x;
      continue;
    case EXPR_UNARY:
      if (x->unary.op == TOK_TILDE)
        return true;
      x = x->unary.x;
      continue;
    case EXPR_STAR: x = x->star.x; continue;
    case EXPR_PAREN: x = x->paren.x; continue;
    default: return false;
    }
  }
}

// Splits x into a type parameter's name and its constraint, if it can be read so: P, P *C, P (C), P
// *C|D. A constraint that might as well be an operand counts only if force is set. *name is NULL if
// x cannot be split.
static Expr *split_tparam(Parser *p, Expr *x, bool force, Expr **name) {
  *name = NULL;
  if (x->kind == EXPR_NAME) {
    *name = x;
    return NULL;
  }
  if (x->kind == EXPR_BINARY && x->binary.op == TOK_MUL && x->binary.x->kind == EXPR_NAME &&
      (force || is_type_elem(x->binary.y))) {
    *name = x->binary.x;
    Expr *star = parse_new_expr(p, EXPR_STAR, x->pos);
    star->star.x = x->binary.y;
    return star;
  }
  if (x->kind == EXPR_BINARY && x->binary.op == TOK_OR) {
    Expr *lhs = split_tparam(p, x->binary.x, force || is_type_elem(x->binary.y), name);
    if (*name && lhs) {
      Expr *or = parse_new_expr(p, EXPR_BINARY, x->pos);
      or->binary = x->binary;
      or->binary.x = lhs;
      return or ;
    }
    *name = NULL;
  }
  if (x->kind == EXPR_CALL && x->call.fun->kind == EXPR_NAME && x->call.args.n == 1 &&
      !x->call.dots && (force || is_type_elem(x->call.args.v[0]))) {
    *name = x->call.fun;
    return x->call.args.v[0];
  }
  return x;
}

// What follows `type T [ name`: type parameters and a type, or an array type.
static void tparams_or_array(Parser *p, Decl *d, Pos lbrack) {
  Expr *x = parse_name(p);
  if (p->t.kind != TOK_LBRACK) { // P []E: no array length begins so
    p->xnest++;
    x = parse_binary(p, parse_primary(p, x, false), 0);
    p->xnest--;
  }
  Expr *name;
  Expr *constraint = split_tparam(p, x, p->t.kind == TOK_COMMA, &name);
  if (name && (constraint || p->t.kind != TOK_RBRACK)) {
    d->type.tparams = parse_params(p, name, constraint, TOK_RBRACK, true);
    d->type.alias = parse_got_assign(p);
    d->type.type = parse_type_or_null(p);
  } else {
    d->type.type = parse_array_type(p, lbrack, x);
  }
}

// TypeSpec = identifier [ TypeParams ] [ "=" ] Type .
static Decl *type_spec(Parser *p, Group *g) {
  Decl *d = new_decl(p, DECL_TYPE, g);
  parse_take_pragmas(p, d, 0);
  d->type.name = parse_name(p);
  Pos pos = p->t.pos;
  if (!parse_got(p, TOK_LBRACK)) {
    d->type.alias = parse_got_assign(p);
    d->type.type = parse_type_or_null(p);
  } else if (p->t.kind == TOK_NAME) {
    tparams_or_array(p, d, pos);
  } else if (parse_got(p, TOK_RBRACK)) {
    d->type.type = parse_slice_type(p, pos);
  } else {
    d->type.type = parse_array_type(p, pos, NULL);
  }
  if (!d->type.type) {
    d->type.type = parse_bad_expr(p);
    parse_syntax_error(p, "in type declaration");
    parse_advance(p, TOK_SEMI, TOK_RPAREN);
  }
  return d;
}

static const char *embed_problem(const Parser *p, const Decl *d) {
  if (d->var.names.n > 1)
    return "go:embed cannot apply to multiple vars";
  if (d->var.values.n > 0)
    return "go:embed cannot apply to var with initializer";
  if (p->fnest > 0)
    return "go:embed cannot apply to var inside func";
  for (int i = 0; i < p->file->imports.n; i++)
    if (strcmp(p->file->imports.v[i]->import.path, "embed") == 0)
      return NULL;
  return "go:embed only allowed in Go files that import \"embed\"";
}

// VarSpec = IdentifierList ( Type [ "=" ExpressionList ] | "=" ExpressionList ) .
static Decl *var_spec(Parser *p, Group *g) {
  Decl *d = new_decl(p, DECL_VAR, g);
  parse_take_pragmas(p, d, 0);
  d->var.names = parse_name_list(p, parse_name(p));
  if (parse_got_assign(p)) {
    d->var.values = parse_expr_list(p);
  } else {
    d->var.type = parse_type(p);
    if (parse_got_assign(p))
      d->var.values = parse_expr_list(p);
  }
  if (d->embeds.n) {
    const char *problem = embed_problem(p, d);
    if (problem) {
      diag_error(d->embeds.v[0].pos, "%s", problem);
      d->embeds.n = 0;
    }
  }
  return d;
}

static bool spec(Parser *p, void *ctx) {
  static Decl *(*const specs[])(Parser *, Group *) = {
      [SPEC_IMPORT] = import_spec,
      [SPEC_CONST] = const_spec,
      [SPEC_TYPE] = type_spec,
      [SPEC_VAR] = var_spec,
  };
  Group *g = ctx;
  Decl *d = specs[g->kind](p, g);
  vec_push(p->a, g->list, d);
  return false;
}

// group = spec | "(" { spec ";" } ")" .
void parse_group(Parser *p, DeclList *list, SpecKind kind) {
  Group g = {.list = list, .kind = kind};
  if (p->t.kind == TOK_LPAREN) {
    g.number = ++p->ngroups;
    parse_clear_pragmas(p);
    parse_next(p); // reads directives that belong to the first spec
    parse_list(p, "grouped declaration", TOK_SEMI, TOK_RPAREN, spec, &g);
  } else {
    spec(p, &g);
  }
}

Stmt *parse_func_body(Parser *p) {
  p->fnest++;
  int errors = p->s.nerrors;
  Stmt *body = parse_block(p, "");
  p->fnest--;
  if (errors == p->s.nerrors) // else the tree is incomplete, and complaints may be wrong
    check_branches(p, body);
  return body;
}

static Field *receiver(Parser *p) {
  FieldList list = parse_params(p, NULL, NULL, TOK_RPAREN, false);
  if (list.n == 0)
    parse_error_at(p, p->t.pos, "method has no receiver");
  else if (list.n > 1)
    parse_error_at(p, p->t.pos, "method has multiple receivers");
  return list.n ? list.v[0] : NULL;
}

// FunctionDecl = "func" [ Receiver ] identifier [ TypeParams ] Signature [ Body ] .
static void func_decl(Parser *p) {
  Decl *d = new_decl(p, DECL_FUNC, NULL);
  parse_take_pragmas(p, d, PRAGMA_FUNCS);
  bool method = parse_got(p, TOK_LPAREN);
  if (method)
    d->func.recv = receiver(p);
  d->func.start = d->pos;
  d->pos = p->t.pos;
  if (p->t.kind == TOK_NAME) {
    d->func.name = parse_name(p);
    d->func.type = parse_func_type(p, method ? "method" : NULL);
  } else {
    d->func.name = parse_new_name(p, p->t.pos, atom("_"));
    d->func.type = parse_new_expr(p, EXPR_FUNCTYPE, p->t.pos);
    parse_syntax_error(p, method ? "expected name" : "expected name or (");
    parse_advance(p, TOK_LBRACE, TOK_SEMI);
  }
  d->func.end = p->t.pos;
  if (p->t.kind == TOK_LBRACE) {
    d->func.body = parse_func_body(p);
    d->func.end = d->func.body->block.rbrace;
  }
  vec_push(p->a, &p->file->decls, d);
}

// ---- files

static bool follows_bodyless_func(const Parser *p) {
  const DeclList *l = &p->file->decls;
  return p->t.kind == TOK_LBRACE && l->n > 0 && l->v[l->n - 1]->kind == DECL_FUNC &&
         !l->v[l->n - 1]->func.body;
}

static void skip_to_declaration(Parser *p) {
  parse_advance(p, TOK_IMPORT, TOK_CONST, TOK_TYPE, TOK_VAR, TOK_FUNC);
}

// Parses one declaration; false, after an error, if none begins here.
static bool top_level_decl(Parser *p) {
  Tok t = p->t.kind;
  if (t == TOK_FUNC) {
    parse_next(p);
    func_decl(p);
    return true;
  }
  if (t == TOK_IMPORT || t == TOK_CONST || t == TOK_TYPE || t == TOK_VAR) {
    parse_next(p);
    parse_group(p, &p->file->decls,
                t == TOK_IMPORT  ? SPEC_IMPORT
                : t == TOK_CONST ? SPEC_CONST
                : t == TOK_TYPE  ? SPEC_TYPE
                                 : SPEC_VAR);
    return true;
  }
  parse_syntax_error(p, follows_bodyless_func(p)
                            ? "unexpected semicolon or newline before {"
                            : "non-declaration statement outside function body");
  skip_to_declaration(p);
  return false;
}

// SourceFile = PackageClause ";" { ImportDecl ";" } { TopLevelDecl ";" } .
static void source_file(Parser *p) {
  p->file->package_pos = p->t.pos;
  if (!parse_got(p, TOK_PACKAGE)) {
    parse_syntax_error(p, "package statement must be first");
    return;
  }
  parse_drop_pragmas(p, PRAGMA_BUILD);
  p->file->name = parse_name(p);
  parse_want(p, TOK_SEMI);
  if (p->s.nerrors)
    return;
  if (p->file->name->name.id == atom("_"))
    parse_late_error(p, p->file->name->pos, "invalid package name _");
  Tok prev = TOK_IMPORT;
  while (p->t.kind != TOK_EOF) {
    if (p->t.kind == TOK_IMPORT && prev != TOK_IMPORT)
      parse_syntax_error(p, "imports must appear before other declarations");
    prev = p->t.kind;
    if (!top_level_decl(p))
      continue;
    parse_clear_pragmas(p); // before the next token: the comments in front of it are its own
    if (p->t.kind != TOK_EOF && !parse_got(p, TOK_SEMI)) {
      parse_syntax_error(p, "after top level declaration");
      skip_to_declaration(p);
    }
  }
  parse_clear_pragmas(p);
  parse_check_linknames(p);
  parse_report_late(p);
}

static void init(Parser *p, Arena *a, const char *name, const char *src, size_t len) {
  *p = (Parser){.a = a, .file = NEW(a, File)};
  p->file->path = arena_strdup(a, name);
  p->file->posfile = pos_add_file(name);
  scan_init(&p->s, p->file->posfile, src, len, parse_directive, p);
  parse_next(p);
}

File *parse_file(Arena *a, const char *name, const char *src, size_t len) {
  Parser p;
  int mark = diag_hold();
  init(&p, a, name, src, len);
  source_file(&p);
  if (!p.file->name)
    diag_keep_first(mark); // no Go at all: one error says it
  if (!p.file->name)
    p.file->name = parse_new_name(&p, NOPOS, atom("_"));
  return p.file;
}

Expr *parse_expr_string(Arena *a, const char *src) {
  Parser p;
  init(&p, a, "expression", src, strlen(src));
  Expr *x = parse_expr(&p);
  parse_got(&p, TOK_SEMI);
  if (p.t.kind != TOK_EOF)
    parse_syntax_error(&p, "after expression");
  return x;
}
