// expr.c: expressions, by precedence climbing over unary and primary expressions.
#include "driver/syntax/parser.h"

static Expr *unary_expr(Parser *p);

Expr *parse_expr(Parser *p) {
  return parse_binary(p, NULL, 0);
}

// Expression = UnaryExpr | Expression binary_op Expression .   x: the first operand if it has been
// read.
Expr *parse_binary(Parser *p, Expr *x, int prec) {
  if (!x)
    x = unary_expr(p);
  for (int n = 0; tok_prec(p->t.kind) > prec; n++) {
    if (n == MAX_CHAIN) {
      parse_too_deep(p);
      break;
    }
    Expr *b = parse_new_expr(p, EXPR_BINARY, p->t.pos);
    b->binary.op = p->t.kind;
    parse_next(p);
    b->binary.x = x;
    b->binary.y = parse_binary(p, NULL, tok_prec(b->binary.op));
    x = b;
  }
  return x;
}

static Expr *new_unary(Parser *p, Tok op, Pos pos, Expr *x) {
  Expr *u = parse_new_expr(p, op == TOK_MUL ? EXPR_STAR : EXPR_UNARY, pos);
  if (op == TOK_MUL) {
    u->star.x = x;
  } else {
    u->unary.op = op;
    u->unary.x = x;
  }
  return u;
}

// x is the channel type behind a "<-", which belongs to it: <-(chan T) is (<-chan T), <-(chan<- T)
// is (<-chan (<-T)).
static void reassociate_arrow(Parser *p, Expr *x) {
  int dir = CHAN_SEND;
  Expr *t = x;
  while (dir == CHAN_SEND && t->kind == EXPR_CHANTYPE) {
    dir = t->chan.dir;
    if (dir == CHAN_RECV)
      parse_syntax_error(p, "unexpected <-, expected chan");
    t->chan.dir = CHAN_RECV;
    t = t->chan.elem;
  }
  if (dir == CHAN_SEND) {
    Buf b = {0};
    buf_puts(&b, "unexpected ");
    expr_write(&b, t);
    buf_puts(&b, ", expected chan");
    parse_syntax_error(p, buf_str(&b));
    buf_free(&b);
  }
}

static Expr *arrow_expr(Parser *p) {
  Pos pos = p->t.pos;
  parse_next(p);
  Expr *x = unary_expr(p);
  if (x->kind != EXPR_CHANTYPE)
    return new_unary(p, TOK_ARROW, pos, x);
  reassociate_arrow(p, x);
  return x;
}

static Expr *unary(Parser *p) {
  Pos pos = p->t.pos;
  Tok op = p->t.kind;
  switch (op) {
  case TOK_MUL:
  case TOK_ADD:
  case TOK_SUB:
  case TOK_NOT:
  case TOK_XOR:
  case TOK_TILDE: parse_next(p); return new_unary(p, op, pos, unary_expr(p));
  case TOK_AND: // &(T{}) is &T{}
    parse_next(p);
    return new_unary(p, op, pos, unparen(unary_expr(p)));
  case TOK_ARROW: return arrow_expr(p);
  default: return parse_primary(p, NULL, true);
  }
}

// UnaryExpr = PrimaryExpr | unary_op UnaryExpr .
static Expr *unary_expr(Parser *p) {
  Expr *x = parse_enter(p) ? unary(p) : parse_bad_expr(p);
  parse_leave(p);
  return x;
}

// ---- operands

// keep_parens: give an EXPR_PAREN; else only if "{" follows, for then it is an error the caller
// reports.
static Expr *paren_expr(Parser *p, bool keep_parens) {
  Pos pos = p->t.pos;
  parse_next(p);
  p->xnest++;
  Expr *x = parse_expr(p);
  p->xnest--;
  parse_want(p, TOK_RPAREN);
  if (!keep_parens && p->t.kind != TOK_LBRACE)
    return x;
  Expr *paren = parse_new_expr(p, EXPR_PAREN, pos);
  paren->paren.x = x;
  return paren;
}

static Expr *func_type_or_literal(Parser *p) {
  Pos pos = p->t.pos;
  parse_next(p);
  Expr *type = parse_func_type(p, "function type");
  if (p->t.kind != TOK_LBRACE)
    return type;
  Expr *f = parse_new_expr(p, EXPR_FUNCLIT, pos);
  f->func.type = type;
  p->xnest++;
  f->func.body = parse_func_body(p);
  p->xnest--;
  return f;
}

// Operand = Literal | OperandName | "(" Expression ")" .
static Expr *operand(Parser *p, bool keep_parens) {
  switch (p->t.kind) {
  case TOK_NAME: return parse_name(p);
  case TOK_INT:
  case TOK_FLOAT:
  case TOK_IMAG:
  case TOK_CHAR:
  case TOK_STRING: return parse_literal_or_null(p);
  case TOK_LPAREN: return paren_expr(p, keep_parens);
  case TOK_FUNC: return func_type_or_literal(p);
  case TOK_LBRACK:
  case TOK_CHAN:
  case TOK_MAP:
  case TOK_STRUCT:
  case TOK_INTERFACE: return parse_type(p);
  default: break;
  }
  Expr *x = parse_bad_expr(p);
  parse_syntax_error(p, "expected expression");
  parse_advance(p, TOK_RPAREN, TOK_RBRACK, TOK_RBRACE);
  return x;
}

// ---- primary expressions

// x "." …
static Expr *selector_or_assertion(Parser *p, Expr *x) {
  Pos pos = p->t.pos;
  parse_next(p);
  if (p->t.kind == TOK_NAME) {
    Expr *s = parse_new_expr(p, EXPR_SELECTOR, pos);
    s->selector.x = x;
    s->selector.sel = parse_name(p);
    return s;
  }
  if (p->t.kind != TOK_LPAREN) {
    parse_syntax_error(p, "expected name or (");
    parse_advance(p, TOK_SEMI, TOK_RPAREN);
    return x;
  }
  parse_next(p);
  Expr *a;
  if (parse_got(p, TOK_TYPE)) {
    a = parse_new_expr(p, EXPR_TYPESWITCHGUARD, pos);
    a->guard.x = x;
  } else {
    a = parse_new_expr(p, EXPR_TYPEASSERT, pos);
    a->tassert.x = x;
    a->tassert.type = parse_type(p);
  }
  parse_want(p, TOK_RPAREN);
  return a;
}

// x "[" i ":" …, the first colon not yet read
static Expr *slice_expr(Parser *p, Expr *x, Pos pos, Expr *i) {
  if (!parse_got(p, TOK_COLON)) {
    parse_syntax_error(p, "expected comma, : or ]");
    parse_advance(p, TOK_COMMA, TOK_COLON, TOK_RBRACK);
  }
  p->xnest++;
  Expr *s = parse_new_expr(p, EXPR_SLICE, pos);
  s->slice.x = x;
  s->slice.i[0] = i;
  if (p->t.kind != TOK_COLON && p->t.kind != TOK_RBRACK)
    s->slice.i[1] = parse_expr(p);
  if (p->t.kind == TOK_COLON) {
    s->slice.full = true;
    if (!s->slice.i[1]) {
      parse_error_at(p, p->t.pos, "middle index required in 3-index slice");
      s->slice.i[1] = parse_bad_expr(p);
    }
    parse_next(p);
    if (p->t.kind != TOK_RBRACK) {
      s->slice.i[2] = parse_expr(p);
    } else {
      parse_error_at(p, p->t.pos, "final index required in 3-index slice");
      s->slice.i[2] = parse_bad_expr(p);
    }
  }
  p->xnest--;
  parse_want(p, TOK_RBRACK);
  return s;
}

// x "[" …
static Expr *index_or_slice(Parser *p, Expr *x) {
  Pos pos = p->t.pos;
  parse_next(p);
  if (p->t.kind == TOK_COLON)
    return slice_expr(p, x, pos, NULL);
  ExprList list = {0};
  bool comma = false;
  if (p->t.kind == TOK_RBRACK) {
    parse_syntax_error(p, "expected operand");
    vec_push(p->a, &list, parse_bad_expr(p));
  } else {
    list = parse_type_list(p, false, &comma);
  }
  if (!comma && p->t.kind != TOK_RBRACK)
    return slice_expr(p, x, pos, list.v[0]);
  parse_want(p, TOK_RBRACK);
  Expr *e = parse_new_expr(p, EXPR_INDEX, pos);
  e->index.x = x;
  e->index.index = list;
  return e;
}

static bool argument(Parser *p, void *ctx) {
  Expr *call = ctx;
  vec_push(p->a, &call->call.args, parse_expr(p));
  call->call.dots = parse_got(p, TOK_DOTDOTDOT);
  return call->call.dots;
}

// x "(" [ arg { "," arg } [ "..." ] [ "," ] ] ")"
static Expr *call_expr(Parser *p, Expr *x) {
  Expr *c = parse_new_expr(p, EXPR_CALL, p->t.pos);
  parse_next(p);
  c->call.fun = x;
  p->xnest++;
  parse_list(p, "argument list", TOK_COMMA, TOK_RPAREN, argument, c);
  p->xnest--;
  return c;
}

// Whether x must be a value, judged by its form.
static bool is_value(const Expr *x) {
  for (;;) {
    switch (x->kind) {
    case EXPR_LIT:
    case EXPR_COMPOSITE:
    case EXPR_FUNCLIT:
    case EXPR_SLICE:
    case EXPR_TYPEASSERT:
    case EXPR_TYPESWITCHGUARD:
    case EXPR_CALL:
    case EXPR_UNARY:
    case EXPR_BINARY: return true;
    case EXPR_PAREN: x = x->paren.x; continue;
    case EXPR_INDEX:
      if (x->index.index.n == 1 && is_value(x->index.index.v[0]))
        return true;
      x = x->index.x;
      continue;
    default: return false;
    }
  }
}

// Whether "{" behind x begins a literal's elements; else it begins a block.
static bool opens_composite(const Parser *p, const Expr *x) {
  switch (x->kind) {
  case EXPR_NAME:
  case EXPR_SELECTOR: return p->xnest >= 0;
  case EXPR_INDEX: return p->xnest >= 0 && !is_value(x);
  case EXPR_ARRAYTYPE:
  case EXPR_SLICETYPE:
  case EXPR_STRUCTTYPE:
  case EXPR_MAPTYPE: return true;
  default: return false;
  }
}

static Expr *literal_value(Parser *p, Expr *type);

// Element = Expression | LiteralValue .
static Expr *bare_element(Parser *p) {
  if (p->t.kind != TOK_LBRACE)
    return parse_expr(p);
  Expr *x = parse_enter(p) ? literal_value(p, NULL) : parse_bad_expr(p);
  parse_leave(p);
  return x;
}

static bool element(Parser *p, void *ctx) {
  Expr *lit = ctx;
  Expr *e = bare_element(p);
  if (p->t.kind == TOK_COLON) {
    Expr *kv = parse_new_expr(p, EXPR_KEYVALUE, p->t.pos);
    parse_next(p);
    kv->kv.key = e;
    kv->kv.val = bare_element(p);
    e = kv;
  }
  vec_push(p->a, &lit->comp.elems, e);
  return false;
}

// LiteralValue = "{" [ ElementList [ "," ] ] "}" .
static Expr *literal_value(Parser *p, Expr *type) {
  Expr *x = parse_new_expr(p, EXPR_COMPOSITE, p->t.pos);
  x->comp.type = type;
  p->xnest++;
  parse_want(p, TOK_LBRACE);
  x->comp.rbrace = parse_list(p, "composite literal", TOK_COMMA, TOK_RBRACE, element, x);
  p->xnest--;
  return x;
}

// PrimaryExpr = Operand { Selector | Index | Slice | TypeAssertion | Arguments | LiteralValue } .
// x: the operand if it has been read.
Expr *parse_primary(Parser *p, Expr *x, bool keep_parens) {
  if (!x)
    x = operand(p, keep_parens);
  for (int n = 0; n < MAX_CHAIN; n++) {
    switch (p->t.kind) {
    case TOK_DOT: x = selector_or_assertion(p, x); break;
    case TOK_LBRACK: x = index_or_slice(p, x); break;
    case TOK_LPAREN: x = call_expr(p, x); break;
    case TOK_LBRACE:
      if (!opens_composite(p, unparen(x)))
        return x;
      if (x->kind == EXPR_PAREN)
        parse_syntax_error(p, "cannot parenthesize type in composite literal");
      x = literal_value(p, x);
      break;
    default: return x;
    }
  }
  parse_too_deep(p);
  return x;
}

// ExpressionList = Expression { "," Expression } .
ExprList parse_expr_list(Parser *p) {
  ExprList list = {0};
  vec_push(p->a, &list, parse_expr(p));
  while (parse_got(p, TOK_COMMA))
    vec_push(p->a, &list, parse_expr(p));
  return list;
}
