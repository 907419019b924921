// stmt.c: statements, and how parsing goes on after a broken one.
#include "driver/syntax/parser.h"

static Stmt *stmt_or_null(Parser *p);

// ---- simple statements

static Stmt *expr_stmt(Parser *p, Expr *x) {
  Stmt *s = parse_new_stmt(p, STMT_EXPR, x->pos);
  s->x = x;
  return s;
}

// "range" x; the for statement completes it.
static Stmt *range_clause(Parser *p, ExprList lhs, bool def) {
  Stmt *s = parse_new_stmt(p, STMT_RANGE, p->t.pos);
  s->range.rangepos = p->t.pos;
  parse_next(p);
  s->range.def = def;
  s->range.key = lhs.n > 0 ? lhs.v[0] : NULL;
  s->range.val = lhs.n > 1 ? lhs.v[1] : NULL;
  s->range.extra = lhs.n > 2 ? lhs.v[2] : NULL;
  s->range.x = parse_expr(p);
  return s;
}

// A statement that begins with one expression and is no assignment by "=" or ":=".
static Stmt *single_expr_stmt(Parser *p, Expr *lhs) {
  Pos pos = p->t.pos;
  Tok t = p->t.kind;
  Stmt *s;
  switch (t) {
  case TOK_ASSIGNOP:
    s = parse_new_stmt(p, STMT_OPASSIGN, pos);
    s->opassign.op = p->t.op;
    parse_next(p);
    s->opassign.lhs = lhs;
    s->opassign.rhs = parse_expr(p);
    return s;
  case TOK_INC:
  case TOK_DEC:
    parse_next(p);
    s = parse_new_stmt(p, STMT_INCDEC, pos);
    s->incdec.x = lhs;
    s->incdec.op = t;
    return s;
  case TOK_ARROW:
    s = parse_new_stmt(p, STMT_SEND, pos);
    parse_next(p);
    s->send.ch = lhs;
    s->send.val = parse_expr(p);
    return s;
  default: return expr_stmt(p, lhs);
  }
}

// lhs "=" … and lhs ":=" …
static Stmt *assignment(Parser *p, ExprList lhs, Tok keyword) {
  Pos pos = p->t.pos;
  bool def = p->t.kind == TOK_DEFINE;
  parse_next(p);
  if (keyword == TOK_FOR && p->t.kind == TOK_RANGE)
    return range_clause(p, lhs, def);
  ExprList rhs = parse_expr_list(p);
  if (keyword == TOK_SWITCH && def && rhs.n == 1 && rhs.v[0]->kind == EXPR_TYPESWITCHGUARD &&
      lhs.n == 1 && lhs.v[0]->kind == EXPR_NAME) {
    rhs.v[0]->guard.lhs = lhs.v[0];
    return expr_stmt(p, rhs.v[0]);
  }
  Stmt *s = parse_new_stmt(p, def ? STMT_DEFINE : STMT_ASSIGN, pos);
  s->assign.lhs = lhs;
  s->assign.rhs = rhs;
  return s;
}

// SimpleStmt = EmptyStmt | ExpressionStmt | SendStmt | IncDecStmt | Assignment | ShortVarDecl .
// lhs: the expressions at its beginning if they have been read. keyword: of the statement in whose
// header this is, or 0.
static Stmt *simple_stmt(Parser *p, ExprList lhs, Tok keyword) {
  if (keyword == TOK_FOR && p->t.kind == TOK_RANGE)
    return range_clause(p, lhs, false);
  if (lhs.n == 0)
    lhs = parse_expr_list(p);
  if (p->t.kind == TOK_ASSIGN || p->t.kind == TOK_DEFINE)
    return assignment(p, lhs, keyword);
  if (lhs.n == 1)
    return single_expr_stmt(p, lhs.v[0]);
  parse_syntax_error(p, "expected := or = or comma");
  parse_advance(p, TOK_SEMI, TOK_RBRACE);
  return expr_stmt(p, lhs.v[0]);
}

static const ExprList nothing_read;

// ---- headers of if, for, switch

typedef struct Header {
  Stmt *init, *post;
  Expr *cond;
  Stmt *range; // for … range; then the others are NULL
} Header;

static void write_emphasized(Buf *b, const Expr *x) {
  bool parens = x->kind == EXPR_BINARY;
  if (parens)
    buf_putc(b, '(');
  expr_write(b, x);
  if (parens)
    buf_putc(b, ')');
}

static void write_list(Buf *b, const ExprList *l) {
  for (int i = 0; i < l->n; i++) {
    if (i)
      buf_puts(b, ", ");
    expr_write(b, l->v[i]);
  }
}

static void write_assign(Buf *b, const Stmt *s) {
  const ExprList *l = &s->assign.lhs, *r = &s->assign.rhs;
  if (s->kind == STMT_DEFINE) {
    write_list(b, l);
    buf_puts(b, " := ");
    write_list(b, r);
    return;
  }
  buf_puts(b, "assignment ");
  if (l->n == 1)
    write_emphasized(b, l->v[0]);
  else
    write_list(b, l);
  buf_puts(b, " = ");
  if (r->n == 1)
    write_emphasized(b, r->v[0]);
  else
    write_list(b, r);
}

// Complains about a statement where a condition must stand.
static void not_a_condition(Parser *p, const Stmt *s) {
  Buf b = {0};
  buf_puts(&b, "cannot use ");
  switch (s->kind) {
  case STMT_ASSIGN:
  case STMT_DEFINE: write_assign(&b, s); break;
  case STMT_OPASSIGN:
    expr_write(&b, s->opassign.lhs);
    buf_printf(&b, " %s= ", tok_text(s->opassign.op));
    expr_write(&b, s->opassign.rhs);
    break;
  case STMT_INCDEC:
    expr_write(&b, s->incdec.x);
    buf_puts(&b, tok_text(s->incdec.op));
    break;
  case STMT_SEND:
    expr_write(&b, s->send.ch);
    buf_puts(&b, " <- ");
    expr_write(&b, s->send.val);
    break;
  default: break;
  }
  buf_puts(&b, " as value");
  parse_syntax_error_at(p, s->pos, buf_str(&b));
  buf_free(&b);
}

// The condition and post statement of a for loop, behind the first semicolon. Returns the
// condition's statement.
static Stmt *for_clauses(Parser *p, Header *h) {
  Stmt *cond = NULL;
  if (p->t.kind != TOK_SEMI) {
    if (p->t.kind == TOK_LBRACE) {
      parse_syntax_error(p, "expected for loop condition");
      return NULL;
    }
    cond = simple_stmt(p, nothing_read, 0);
  }
  parse_want(p, TOK_SEMI);
  if (p->t.kind != TOK_LBRACE) {
    h->post = simple_stmt(p, nothing_read, 0);
    if (h->post->kind == STMT_DEFINE)
      parse_syntax_error_at(p, h->post->pos, "cannot declare in post statement of for loop");
  }
  return cond;
}

static Expr *missing_condition(Parser *p, const Token *semi) {
  Buf b = {0};
  buf_printf(&b, "unexpected %s, expected { after if clause", semi->text);
  bool explicit = semi->text[0] == 's';
  parse_syntax_error_at(p, semi->pos, explicit ? "missing condition in if statement" : buf_str(&b));
  buf_free(&b);
  return parse_new_expr(p, EXPR_BAD, semi->pos);
}

// Everything between the keyword and "{".
static void header_clauses(Parser *p, Header *h, Tok keyword) {
  Stmt *cond = NULL;
  Token semi = {0};
  if (p->t.kind != TOK_SEMI) {
    if (parse_got(p, TOK_VAR))
      parse_syntax_errorf(p, "var declaration not allowed in %s initializer", tok_text(keyword));
    h->init = simple_stmt(p, nothing_read, keyword);
    if (h->init->kind == STMT_RANGE) {
      h->range = h->init;
      h->init = NULL;
      return;
    }
  }
  if (p->t.kind == TOK_LBRACE) {
    cond = h->init;
    h->init = NULL;
  } else {
    if (p->t.kind == TOK_SEMI) {
      semi = p->t;
      parse_next(p);
    } else { // asking for "{" makes a better message than asking for ";"
      parse_want(p, TOK_LBRACE);
      if (p->t.kind != TOK_LBRACE)
        parse_advance(p, TOK_LBRACE, TOK_RBRACE);
    }
    if (keyword == TOK_FOR)
      cond = for_clauses(p, h);
    else if (p->t.kind != TOK_LBRACE)
      cond = simple_stmt(p, nothing_read, keyword);
  }
  if (cond && cond->kind == STMT_EXPR)
    h->cond = cond->x;
  else if (cond)
    not_a_condition(p, cond);
  else if (keyword == TOK_IF && semi.text)
    h->cond = missing_condition(p, &semi);
}

static Header header(Parser *p, Tok keyword) {
  Header h = {0};
  parse_want(p, keyword);
  if (p->t.kind == TOK_LBRACE) {
    if (keyword == TOK_IF) {
      parse_syntax_error(p, "missing condition in if statement");
      h.cond = parse_bad_expr(p);
    }
    return h;
  }
  int outer = p->xnest;
  p->xnest = -1;
  header_clauses(p, &h, keyword);
  p->xnest = outer;
  return h;
}

// ---- compound statements

// StatementList = { Statement ";" } .
static StmtList stmt_list(Parser *p) {
  StmtList list = {0};
  while (p->t.kind != TOK_EOF && p->t.kind != TOK_RBRACE && p->t.kind != TOK_CASE &&
         p->t.kind != TOK_DEFAULT) {
    Stmt *s = stmt_or_null(p);
    parse_clear_pragmas(p);
    if (!s)
      break;
    vec_push(p->a, &list, s);
    if (!parse_got(p, TOK_SEMI) && p->t.kind != TOK_RBRACE) {
      parse_syntax_error(p, "at end of statement");
      parse_advance(p, TOK_SEMI, TOK_RBRACE, TOK_CASE, TOK_DEFAULT);
      parse_got(p, TOK_SEMI);
    }
  }
  return list;
}

// context: what the block belongs to, for the message if "{" is missing; "" if it is known to be
// there.
Stmt *parse_block(Parser *p, const char *context) {
  Stmt *s = parse_new_stmt(p, STMT_BLOCK, p->t.pos);
  if (!parse_got(p, TOK_LBRACE)) {
    parse_syntax_errorf(p, "expected { after %s", context);
    parse_advance(p, TOK_NAME, TOK_RBRACE);
    s->block.rbrace = p->t.pos;
    if (parse_got(p, TOK_RBRACE))
      return s;
  }
  s->block.list = stmt_list(p);
  s->block.rbrace = p->t.pos;
  parse_want(p, TOK_RBRACE);
  return s;
}

static Stmt *for_stmt(Parser *p) {
  Pos pos = p->t.pos;
  Header h = header(p, TOK_FOR);
  Stmt *body = parse_block(p, "for clause");
  if (h.range) {
    h.range->pos = pos;
    h.range->range.body = body;
    return h.range;
  }
  Stmt *s = parse_new_stmt(p, STMT_FOR, pos);
  s->fors.init = h.init;
  s->fors.cond = h.cond;
  s->fors.post = h.post;
  s->fors.body = body;
  return s;
}

// A chain of else if is a loop here, for it may be long.
static Stmt *if_stmt(Parser *p) {
  Stmt *first = NULL, **at = &first;
  for (int n = 0;; n++) {
    if (n == MAX_CHAIN)
      parse_too_deep(p);
    Stmt *s = *at = parse_new_stmt(p, STMT_IF, p->t.pos);
    Header h = header(p, TOK_IF);
    s->ifs.init = h.init;
    s->ifs.cond = h.cond;
    s->ifs.then = parse_block(p, "if clause");
    if (!s->ifs.cond)
      s->ifs.cond = parse_new_expr(p, EXPR_BAD, s->pos);
    if (!parse_got(p, TOK_ELSE))
      return first;
    at = &s->ifs.els;
    if (p->t.kind == TOK_IF)
      continue;
    if (p->t.kind == TOK_LBRACE) {
      *at = parse_block(p, "");
    } else {
      parse_syntax_error(p, "else must be followed by if or statement block");
      parse_advance(p, TOK_NAME, TOK_RBRACE);
    }
    return first;
  }
}

static Clause *clause(Parser *p, bool select) {
  Clause *c = NEW(p->a, Clause);
  c->pos = p->t.pos;
  if (parse_got(p, TOK_CASE)) {
    if (select)
      c->comm = simple_stmt(p, nothing_read, 0);
    else
      c->cases = parse_expr_list(p);
  } else if (parse_got(p, TOK_DEFAULT)) {
    c->is_default = true;
  } else {
    parse_syntax_error(p, "expected case or default or }");
    parse_advance(p, TOK_COLON, TOK_CASE, TOK_DEFAULT, TOK_RBRACE);
  }
  c->colon = p->t.pos;
  parse_want(p, TOK_COLON);
  c->body = stmt_list(p);
  c->end = p->t.pos;
  return c;
}

// "{" { clause } "}"
static ClauseList clauses(Parser *p, bool select, Pos *rbrace) {
  ClauseList list = {0};
  if (!parse_got(p, TOK_LBRACE)) {
    parse_syntax_error(p,
                       select ? "missing { after select clause" : "missing { after switch clause");
    parse_advance(p, TOK_CASE, TOK_DEFAULT, TOK_RBRACE);
  }
  while (p->t.kind != TOK_EOF && p->t.kind != TOK_RBRACE)
    vec_push(p->a, &list, clause(p, select));
  *rbrace = p->t.pos;
  parse_want(p, TOK_RBRACE);
  return list;
}

static Stmt *switch_stmt(Parser *p) {
  Stmt *s = parse_new_stmt(p, STMT_SWITCH, p->t.pos);
  Header h = header(p, TOK_SWITCH);
  s->switches.init = h.init;
  s->switches.tag = h.cond;
  if (h.cond && h.cond->kind == EXPR_TYPESWITCHGUARD)
    s->kind = STMT_TYPESWITCH;
  s->switches.clauses = clauses(p, false, &s->switches.rbrace);
  return s;
}

static Stmt *select_stmt(Parser *p) {
  Stmt *s = parse_new_stmt(p, STMT_SELECT, p->t.pos);
  parse_want(p, TOK_SELECT);
  s->select.clauses = clauses(p, true, &s->select.rbrace);
  return s;
}

// ---- other statements

static Stmt *decl_stmt(Parser *p, SpecKind kind) {
  Stmt *s = parse_new_stmt(p, STMT_DECL, p->t.pos);
  parse_next(p);
  parse_group(p, &s->decl.decls, kind);
  return s;
}

static Stmt *go_stmt(Parser *p) {
  Tok keyword = p->t.kind;
  Stmt *s = parse_new_stmt(p, keyword == TOK_GO ? STMT_GO : STMT_DEFER, p->t.pos);
  parse_next(p);
  Expr *x = parse_primary(p, NULL, p->t.kind == TOK_LPAREN);
  if (x->kind == EXPR_PAREN) {
    parse_error_at(p, x->pos, "expression in %s must not be parenthesized", tok_text(keyword));
    x = unparen(x);
  }
  s->go.call = x;
  return s;
}

static Stmt *branch_stmt(Parser *p) {
  Stmt *s = parse_new_stmt(p, STMT_BRANCH, p->t.pos);
  s->branch.tok = p->t.kind;
  parse_next(p);
  if (s->branch.tok == TOK_GOTO || (s->branch.tok != TOK_FALLTHROUGH && p->t.kind == TOK_NAME))
    s->branch.label = parse_name(p);
  return s;
}

static Stmt *return_stmt(Parser *p) {
  Stmt *s = parse_new_stmt(p, STMT_RETURN, p->t.pos);
  parse_next(p);
  if (p->t.kind != TOK_SEMI && p->t.kind != TOK_RBRACE)
    s->ret.results = parse_expr_list(p);
  return s;
}

// label ":" …; NULL after an error
static Stmt *labeled_stmt(Parser *p, Expr *label) {
  Stmt *s = parse_new_stmt(p, STMT_LABELED, p->t.pos);
  s->labeled.label = label;
  parse_want(p, TOK_COLON);
  if (p->t.kind == TOK_RBRACE) {
    s->labeled.stmt = parse_new_stmt(p, STMT_EMPTY, p->t.pos);
    return s;
  }
  s->labeled.stmt = stmt_or_null(p);
  if (s->labeled.stmt)
    return s;
  parse_syntax_error_at(p, s->pos, "missing statement after label");
  return NULL;
}

static Stmt *stmt(Parser *p) {
  if (p->t.kind == TOK_NAME) {
    parse_clear_pragmas(p);
    ExprList lhs = parse_expr_list(p);
    if (lhs.n == 1 && lhs.v[0]->kind == EXPR_NAME && p->t.kind == TOK_COLON)
      return labeled_stmt(p, lhs.v[0]);
    return simple_stmt(p, lhs, 0);
  }
  switch (p->t.kind) {
  case TOK_VAR: return decl_stmt(p, SPEC_VAR);
  case TOK_CONST: return decl_stmt(p, SPEC_CONST);
  case TOK_TYPE: return decl_stmt(p, SPEC_TYPE);
  default: parse_clear_pragmas(p);
  }
  switch (p->t.kind) {
  case TOK_LBRACE: return parse_block(p, "");
  case TOK_ADD:
  case TOK_SUB:
  case TOK_MUL:
  case TOK_AND:
  case TOK_XOR:
  case TOK_NOT:
  case TOK_ARROW:
  case TOK_INT:
  case TOK_FLOAT:
  case TOK_IMAG:
  case TOK_CHAR:
  case TOK_STRING:
  case TOK_FUNC:
  case TOK_LPAREN:
  case TOK_LBRACK:
  case TOK_STRUCT:
  case TOK_MAP:
  case TOK_CHAN:
  case TOK_INTERFACE: return simple_stmt(p, nothing_read, 0);
  case TOK_FOR: return for_stmt(p);
  case TOK_SWITCH: return switch_stmt(p);
  case TOK_SELECT: return select_stmt(p);
  case TOK_IF: return if_stmt(p);
  case TOK_FALLTHROUGH:
  case TOK_BREAK:
  case TOK_CONTINUE:
  case TOK_GOTO: return branch_stmt(p);
  case TOK_GO:
  case TOK_DEFER: return go_stmt(p);
  case TOK_RETURN: return return_stmt(p);
  case TOK_SEMI: return parse_new_stmt(p, STMT_EMPTY, p->t.pos);
  default: return NULL;
  }
}

static Stmt *stmt_or_null(Parser *p) {
  Stmt *s = parse_enter(p) ? stmt(p) : NULL;
  parse_leave(p);
  return s;
}
