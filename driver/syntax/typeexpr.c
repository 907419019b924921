// typeexpr.c: type syntax: literals of types, fields, parameters, methods and embedded elements.
#include "driver/syntax/parser.h"

Expr *parse_type(Parser *p) {
  Expr *t = parse_type_or_null(p);
  if (t)
    return t;
  t = parse_bad_expr(p);
  parse_syntax_error(p, "expected type");
  parse_advance(p, TOK_COMMA, TOK_COLON, TOK_SEMI, TOK_RPAREN, TOK_RBRACK, TOK_RBRACE);
  return t;
}

static Expr *pointer_to(Parser *p, Pos pos, Expr *elem) {
  Expr *t = parse_new_expr(p, EXPR_STAR, pos);
  t->star.x = elem;
  return t;
}

static Expr *chan_type(Parser *p, Pos pos, int dir) {
  Expr *t = parse_new_expr(p, EXPR_CHANTYPE, pos);
  t->chan.dir = dir;
  t->chan.elem = parse_type_or_null(p);
  if (!t->chan.elem) {
    t->chan.elem = parse_bad_expr(p);
    parse_syntax_error(p, "missing channel element type");
  }
  return t;
}

static Expr *map_type(Parser *p, Pos pos) {
  parse_want(p, TOK_LBRACK);
  Expr *t = parse_new_expr(p, EXPR_MAPTYPE, pos);
  t->map.key = parse_type(p);
  parse_want(p, TOK_RBRACK);
  t->map.elem = parse_type(p);
  return t;
}

Expr *parse_slice_type(Parser *p, Pos pos) {
  Expr *t = parse_new_expr(p, EXPR_SLICETYPE, pos);
  t->slicetype.elem = parse_type(p);
  return t;
}

Expr *parse_array_type(Parser *p, Pos pos, Expr *len) {
  if (!len) {
    Pos dots = p->t.pos;
    if (parse_got(p, TOK_DOTDOTDOT)) {
      len = parse_new_expr(p, EXPR_ELLIPSIS, dots);
    } else {
      p->xnest++;
      len = parse_expr(p);
      p->xnest--;
    }
  }
  if (p->t.kind == TOK_COMMA) { // fine in type parameter lists, not here
    parse_syntax_error(p, "unexpected comma; expected ]");
    parse_next(p);
  }
  parse_want(p, TOK_RBRACK);
  Expr *t = parse_new_expr(p, EXPR_ARRAYTYPE, pos);
  t->array.len = len;
  t->array.elem = parse_type(p);
  return t;
}

static Expr *struct_type(Parser *p);
static Expr *interface_type(Parser *p);

// Type = TypeName [ TypeArgs ] | TypeLit | "(" Type ")" .
static Expr *type_or_null(Parser *p) {
  Pos pos = p->t.pos;
  Expr *t;
  switch (p->t.kind) {
  case TOK_MUL: parse_next(p); return pointer_to(p, pos, parse_type(p));
  case TOK_ARROW:
    parse_next(p);
    parse_want(p, TOK_CHAN);
    return chan_type(p, pos, CHAN_RECV);
  case TOK_FUNC: parse_next(p); return parse_func_type(p, "function type");
  case TOK_LBRACK:
    parse_next(p);
    return parse_got(p, TOK_RBRACK) ? parse_slice_type(p, pos) : parse_array_type(p, pos, NULL);
  case TOK_CHAN:
    parse_next(p);
    return chan_type(p, pos, parse_got(p, TOK_ARROW) ? CHAN_SEND : CHAN_BOTH);
  case TOK_MAP: parse_next(p); return map_type(p, pos);
  case TOK_STRUCT: return struct_type(p);
  case TOK_INTERFACE: return interface_type(p);
  case TOK_NAME: return parse_qualified_name(p, NULL);
  case TOK_LPAREN:
    parse_next(p);
    t = parse_type(p);
    parse_want(p, TOK_RPAREN);
    return t;
  default: return NULL;
  }
}

Expr *parse_type_or_null(Parser *p) {
  Expr *t = parse_enter(p) ? type_or_null(p) : NULL;
  parse_leave(p);
  return t;
}

ExprList parse_type_list(Parser *p, bool strict, bool *comma) {
  ExprList list = {0};
  p->xnest++;
  vec_push(p->a, &list, strict ? parse_type(p) : parse_expr(p));
  *comma = p->t.kind == TOK_COMMA;
  while (parse_got(p, TOK_COMMA)) {
    Expr *t = parse_type_or_null(p);
    if (!t)
      break;
    vec_push(p->a, &list, t);
  }
  p->xnest--;
  return list;
}

static Expr *type_instance(Parser *p, Expr *generic) {
  Expr *x = parse_new_expr(p, EXPR_INDEX, p->t.pos);
  x->index.x = generic;
  parse_want(p, TOK_LBRACK);
  if (p->t.kind == TOK_RBRACK) {
    parse_syntax_error(p, "expected type argument list");
    vec_push(p->a, &x->index.index, parse_bad_expr(p));
  } else {
    bool comma;
    x->index.index = parse_type_list(p, true, &comma);
  }
  parse_want(p, TOK_RBRACK);
  return x;
}

// TypeName = [ PackageName "." ] identifier [ TypeArgs ] .   name: the identifier if it has been
// read.
Expr *parse_qualified_name(Parser *p, Expr *name) {
  Expr *x = name;
  if (!x && p->t.kind == TOK_NAME) {
    x = parse_name(p);
  } else if (!x) {
    x = parse_new_name(p, p->t.pos, atom("_"));
    parse_syntax_error(p, "expected name");
    parse_advance(p, TOK_DOT, TOK_SEMI, TOK_RBRACE);
  }
  if (p->t.kind == TOK_DOT) {
    Expr *s = parse_new_expr(p, EXPR_SELECTOR, p->t.pos);
    parse_next(p);
    s->selector.x = x;
    s->selector.sel = parse_name(p);
    x = s;
  }
  return p->t.kind == TOK_LBRACK ? type_instance(p, x) : x;
}

// What follows a name in a field or parameter: `[n]E` and `[]E` are its type; `[T1, T2]` are type
// arguments, and the name is the type: then the result is an EXPR_INDEX whose x the caller sets.
static Expr *array_or_type_args(Parser *p) {
  Pos pos = p->t.pos;
  parse_want(p, TOK_LBRACK);
  if (parse_got(p, TOK_RBRACK))
    return parse_slice_type(p, pos);
  bool comma;
  ExprList list = parse_type_list(p, false, &comma);
  parse_want(p, TOK_RBRACK);
  Expr *elem = comma ? NULL : parse_type_or_null(p);
  if (elem) {
    Expr *t = parse_new_expr(p, EXPR_ARRAYTYPE, pos);
    t->array.len = list.v[0];
    t->array.elem = elem;
    return t;
  }
  Expr *t = parse_new_expr(p, EXPR_INDEX, pos);
  t->index.index = list;
  return t;
}

Expr *parse_literal_or_null(Parser *p) {
  Tok kind = p->t.kind;
  if (kind < TOK_INT || kind > TOK_STRING)
    return NULL;
  Expr *x = parse_new_expr(p, p->t.bad ? EXPR_BAD : EXPR_LIT, p->t.pos);
  if (!p->t.bad) {
    x->lit.tok = kind;
    x->lit.text = p->t.text;
    x->lit.len = p->t.len;
  }
  parse_next(p);
  return x;
}

// ---- struct types

static Field *new_field(Parser *p, Pos pos, Expr *name, Expr *type) {
  Field *f = NEW(p->a, Field);
  f->pos = pos;
  f->name = name;
  f->type = type;
  return f;
}

static Expr *tag_or_null(Parser *p) {
  Expr *x = parse_literal_or_null(p);
  if (!x || x->kind == EXPR_BAD)
    return NULL;
  if (x->lit.tok == TOK_STRING)
    return x;
  Buf b = {0};
  buf_quote(&b, x->lit.text, x->lit.len);
  parse_late_error(p, x->pos, "invalid syntax tree: incorrect tag syntax: %s", buf_str(&b));
  buf_free(&b);
  return NULL;
}

static void add_field(Parser *p, Expr *styp, Pos pos, Expr *name, Expr *type, Expr *tag) {
  Field *f = new_field(p, pos, name, type);
  f->embedded = !name;
  if (tag) {
    Buf b = {0};
    lit_string(&b, tag);
    f->tag = arena_strndup(p->a, buf_str(&b), b.len);
    f->taglen = b.len;
    f->taglit = tag;
    buf_free(&b);
  }
  vec_push(p->a, &styp->structtype.fields, f);
}

static void embedded_field(Parser *p, Expr *styp, Pos pos, Expr *type) {
  add_field(p, styp, pos, NULL, type, tag_or_null(p));
}

// A field that begins with a name.
static void named_field(Parser *p, Expr *styp) {
  Pos pos = p->t.pos;
  Expr *name = parse_name(p);
  Tok t = p->t.kind;
  if (t == TOK_DOT || (t >= TOK_INT && t <= TOK_STRING) || t == TOK_SEMI || t == TOK_RBRACE) {
    embedded_field(p, styp, pos, parse_qualified_name(p, name));
    return;
  }
  ExprList names = parse_name_list(p, name);
  Expr *type;
  if (names.n == 1 && p->t.kind == TOK_LBRACK) {
    type = array_or_type_args(p);
    if (type->kind == EXPR_INDEX) {
      type->index.x = name;
      embedded_field(p, styp, pos, type);
      return;
    }
  } else {
    type = parse_type(p);
  }
  Expr *tag = tag_or_null(p);
  for (int i = 0; i < names.n; i++)
    add_field(p, styp, names.v[i]->pos, names.v[i], type, tag);
}

// FieldDecl = ( IdentifierList Type | [ "*" ] TypeName ) [ Tag ] .
static bool field_decl(Parser *p, void *ctx) {
  Expr *styp = ctx;
  Pos pos = p->t.pos, star = pos;
  bool pointer = false, parens = false;
  switch (p->t.kind) {
  case TOK_NAME: named_field(p, styp); return false;
  case TOK_MUL:
    pointer = true;
    parse_next(p);
    parens = p->t.kind == TOK_LPAREN;
    break;
  case TOK_LPAREN: parens = true; break;
  default:
    parse_syntax_error(p, "expected field name or embedded type");
    parse_advance(p, TOK_SEMI, TOK_RBRACE);
    return false;
  }
  if (parens) {
    parse_syntax_error(p, "cannot parenthesize embedded type");
    parse_next(p);
    star = pointer ? pos : p->t.pos;
    if (!pointer)
      pointer = parse_got(p, TOK_MUL);
  }
  Expr *type = parse_qualified_name(p, NULL);
  if (pointer)
    type = pointer_to(p, star, type);
  if (parens)
    parse_got(p, TOK_RPAREN);
  embedded_field(p, styp, pos, type);
  return false;
}

static Expr *struct_type(Parser *p) {
  Expr *t = parse_new_expr(p, EXPR_STRUCTTYPE, p->t.pos);
  parse_want(p, TOK_STRUCT);
  parse_want(p, TOK_LBRACE);
  parse_list(p, "struct type", TOK_SEMI, TOK_RBRACE, field_decl, t);
  return t;
}

// ---- interface types

// EmbeddedTerm = [ "~" ] Type .
static Expr *embedded_term(Parser *p) {
  if (p->t.kind == TOK_TILDE) {
    Expr *t = parse_new_expr(p, EXPR_UNARY, p->t.pos);
    t->unary.op = TOK_TILDE;
    parse_next(p);
    t->unary.x = parse_type(p);
    return t;
  }
  Expr *t = parse_type_or_null(p);
  if (t)
    return t;
  t = parse_bad_expr(p);
  parse_syntax_error(p, "expected ~ term or type");
  parse_advance(p, TOK_TILDE, TOK_SEMI, TOK_RPAREN, TOK_RBRACK, TOK_RBRACE);
  return t;
}

// EmbeddedElem = EmbeddedTerm { "|" EmbeddedTerm } .   first: the first term if it has been read.
static Expr *embedded_elem(Parser *p, Expr *first) {
  Expr *t = first ? first : embedded_term(p);
  for (int n = 0; p->t.kind == TOK_OR; n++) {
    if (n == MAX_CHAIN)
      parse_too_deep(p);
    Expr *u = parse_new_expr(p, EXPR_BINARY, p->t.pos);
    u->binary.op = TOK_OR;
    parse_next(p);
    u->binary.x = t;
    u->binary.y = embedded_term(p);
    t = u;
  }
  return t;
}

static const char method_context[] = "interface method";

// A method's name and what follows "[" "]", which may not stand there.
static void empty_brackets(Parser *p, Field *f, Expr *name) {
  Pos pos = p->t.pos;
  parse_next(p);
  if (p->t.kind == TOK_LPAREN) {
    parse_error_at(p, pos, "empty type parameter list");
    f->name = name;
    f->type = parse_func_type(p, method_context);
  } else {
    parse_error_at(p, pos, "empty type argument list");
    f->type = name;
  }
}

// name "[": a generic method, which is an error, or an embedded instantiated type.
static void generic_method_or_type(Parser *p, Field *f, Expr *name) {
  Pos pos = p->t.pos;
  parse_next(p);
  if (p->t.kind == TOK_RBRACK) {
    empty_brackets(p, f, name);
    return;
  }
  FieldList list = parse_params(p, NULL, NULL, TOK_RBRACK, false);
  if (list.n == 0 && p->t.kind != TOK_LPAREN) { // after other errors
    f->type = name;
  } else if (list.n == 0 || list.v[0]->name) {
    f->name = name;
    f->type = parse_func_type(p, method_context);
    if (list.n)
      parse_error_at(p, pos, "interface method must have no type parameters");
  } else {
    Expr *t = parse_new_expr(p, EXPR_INDEX, pos);
    t->index.x = name;
    for (int i = 0; i < list.n; i++)
      vec_push(p->a, &t->index.index, list.v[i]->type);
    f->type = t;
  }
}

// MethodSpec = MethodName Signature | InterfaceTypeName .
static bool interface_elem(Parser *p, void *ctx) {
  Expr *iface = ctx;
  Field *f = new_field(p, p->t.pos, NULL, NULL);
  if (p->t.kind == TOK_NAME) {
    Expr *name = parse_name(p);
    if (p->t.kind == TOK_LPAREN) {
      f->name = name;
      f->type = parse_func_type(p, method_context);
    } else if (p->t.kind == TOK_LBRACK) {
      generic_method_or_type(p, f, name);
    } else {
      f->type = parse_qualified_name(p, name);
    }
  }
  if (f->name)
    vec_push(p->a, &iface->iface.methods, f);
  else
    vec_push(p->a, &iface->iface.embeds, embedded_elem(p, f->type));
  return false;
}

static Expr *interface_type(Parser *p) {
  Expr *t = parse_new_expr(p, EXPR_INTERFACETYPE, p->t.pos);
  parse_want(p, TOK_INTERFACE);
  parse_want(p, TOK_LBRACE);
  parse_list(p, "interface type", TOK_SEMI, TOK_RBRACE, interface_elem, t);
  return t;
}

// ---- function types and parameters

static FieldList results(Parser *p) {
  if (parse_got(p, TOK_LPAREN))
    return parse_params(p, NULL, NULL, TOK_RPAREN, false);
  FieldList list = {0};
  Pos pos = p->t.pos;
  Expr *t = parse_type_or_null(p);
  if (t)
    vec_push(p->a, &list, new_field(p, pos, NULL, t));
  return list;
}

// [ TypeParams ] Parameters [ Result ]
Expr *parse_func_type(Parser *p, const char *context) {
  Expr *t = parse_new_expr(p, EXPR_FUNCTYPE, p->t.pos);
  if (parse_got(p, TOK_LBRACK)) {
    if (context) {
      Buf b = {0};
      buf_printf(&b, "%s must have no type parameters", context);
      parse_syntax_error_at(p, t->pos, buf_str(&b));
      buf_free(&b);
    }
    if (p->t.kind == TOK_RBRACK) {
      parse_syntax_error(p, "empty type parameter list");
      parse_next(p);
    } else {
      t->functype.tparams = parse_params(p, NULL, NULL, TOK_RBRACK, true);
      if (context)
        t->functype.tparams.n = 0;
    }
  }
  parse_want(p, TOK_LPAREN);
  t->functype.params = parse_params(p, NULL, NULL, TOK_RPAREN, false);
  t->functype.results = results(p);
  return t;
}

// What stands between the brackets or parentheses, before names and types are told apart.
typedef struct Params {
  FieldList list;
  Expr *name, *type; // the first parameter, as far as it has been read
  Tok close;
  int named; // parameters with both name and type
  int typed; // with a type
} Params;

static Expr *dots_type(Parser *p) {
  Expr *t = parse_new_expr(p, EXPR_ELLIPSIS, p->t.pos);
  parse_next(p);
  t->ellipsis.elem = parse_type_or_null(p);
  if (!t->ellipsis.elem) {
    t->ellipsis.elem = parse_bad_expr(p);
    parse_syntax_error(p, "... is missing type");
  }
  return t;
}

// Reads what follows the parameter's name; true if the parameter is complete.
static bool after_name(Parser *p, Field *f, Expr *name, bool unions) {
  if (p->t.kind == TOK_LBRACK) {
    f->type = array_or_type_args(p);
    if (f->type->kind == EXPR_INDEX)
      f->type->index.x = name;
    else
      f->name = name;
  } else if (p->t.kind == TOK_DOT) {
    f->type = parse_qualified_name(p, name);
  } else if (unions && p->t.kind == TOK_OR) {
    f->type = name;
  } else {
    f->name = name;
    return false;
  }
  if (unions && p->t.kind == TOK_OR)
    f->type = embedded_elem(p, f->type);
  return true;
}

// ParameterDecl = [ identifier ] [ "..." ] Type, a name or a type alone; NULL after an error.
static Field *param_or_null(Parser *p, Expr *name, Tok close) {
  bool unions = close == TOK_RBRACK; // a list of type parameters
  Field *f = new_field(p, name ? name->pos : p->t.pos, NULL, NULL);
  if (name || p->t.kind == TOK_NAME) {
    if (!name)
      name = parse_name(p);
    if (after_name(p, f, name, unions))
      return f;
  }
  if (unions && p->t.kind == TOK_TILDE) {
    f->type = embedded_elem(p, NULL);
    return f;
  }
  if (p->t.kind == TOK_DOTDOTDOT) {
    f->type = dots_type(p);
    return f;
  }
  f->type = parse_type_or_null(p);
  if (unions && p->t.kind == TOK_OR && f->type)
    f->type = embedded_elem(p, f->type);
  if (f->name || f->type)
    return f;
  parse_syntax_errorf(p, "expected %s", parse_tok_words(close));
  parse_advance(p, TOK_COMMA, close);
  return NULL;
}

static bool param(Parser *p, void *ctx) {
  Params *ps = ctx;
  Field *f = ps->type ? new_field(p, ps->name->pos, ps->name, ps->type)
                      : param_or_null(p, ps->name, ps->close);
  ps->name = ps->type = NULL;
  if (!f)
    return false;
  ps->named += f->name && f->type;
  ps->typed += f->type != NULL;
  vec_push(p->a, &ps->list, f);
  return false;
}

// Gives each parameter a name and a type, from right to left: in `a, b int` a takes b's type.
// Returns the leftmost place where that fails.
static Pos distribute_types(Parser *p, Params *ps) {
  Pos bad = NOPOS;
  Expr *type = NULL;
  for (int i = ps->list.n - 1; i >= 0; i--) {
    Field *f = ps->list.v[i];
    if (f->type) {
      type = f->type;
      if (!f->name) {
        bad = expr_start(type);
        f->name = parse_new_name(p, bad, atom("_"));
      }
    } else if (type) {
      f->type = type;
    } else {
      bad = f->name->pos;
      f->type = parse_new_expr(p, EXPR_BAD, bad);
    }
  }
  return bad;
}

static void name_params(Parser *p, Params *ps, bool tparams, Pos end) {
  Pos bad = distribute_types(p, ps);
  if (!pos_known(bad))
    return;
  if (!tparams)
    parse_syntax_error_at(p, bad, "mixed named and unnamed parameters");
  else if (ps->named == ps->typed) // what lacks are constraints at the end
    parse_syntax_error_at(p, end, "missing type constraint");
  else if (ps->list.n == 1)
    parse_syntax_error_at(p, bad, "missing type parameter name or invalid array length");
  else
    parse_syntax_error_at(p, bad, "missing type parameter name");
}

FieldList parse_params(Parser *p, Expr *name, Expr *type, Tok close, bool tparams) {
  Params ps = {.name = name, .type = type, .close = close};
  if (type && p->t.kind == close) { // parse_list would not call param
    param(p, &ps);
    parse_next(p);
    return ps.list;
  }
  Pos end = parse_list(p, "parameter list", TOK_COMMA, close, param, &ps);
  if (ps.list.n == 0)
    return ps.list;
  if (ps.named == 0 && !tparams) { // names alone are types
    for (int i = 0; i < ps.list.n; i++) {
      Field *f = ps.list.v[i];
      if (f->name) {
        f->type = f->name;
        f->name = NULL;
      }
    }
  } else if (ps.named != ps.list.n) {
    name_params(p, &ps, tparams, end);
  }
  return ps.list;
}
