// dump.c: tokens and trees as text, stable enough for FileCheck.
//
// A tree has a line for each node: indentation, the role in its parent, the kind, what
// distinguishes it, its position:
//   Func f @3:6
//     type: FuncType @3:7
//     body: Block @3:10
#include "driver/syntax/syntax.h"

#include <stdlib.h>

typedef struct Dump {
  FILE *out;
  int depth;
} Dump;

static const char *const expr_names[EXPR_COUNT] = {
#define EXPR(k, s) [k] = s,
#define STMT(k, s)
#define DECL(k, s)
#include "nodes.def"
#undef EXPR
#undef STMT
#undef DECL
};

static const char *const stmt_names[STMT_COUNT] = {
#define EXPR(k, s)
#define STMT(k, s) [k] = s,
#define DECL(k, s)
#include "nodes.def"
#undef EXPR
#undef STMT
#undef DECL
};

static const char *const decl_names[DECL_COUNT] = {
#define EXPR(k, s)
#define STMT(k, s)
#define DECL(k, s) [k] = s,
#include "nodes.def"
#undef EXPR
#undef STMT
#undef DECL
};

static void dump_expr(Dump *d, const char *role, const Expr *x);
static void dump_stmt(Dump *d, const char *role, const Stmt *s);
static void dump_decl(Dump *d, const char *role, const Decl *x);

static void line(Dump *d, const char *role, Pos pos, const char *fmt, ...) PRINTF(4, 5);
static void line(Dump *d, const char *role, Pos pos, const char *fmt, ...) {
  fprintf(d->out, "%*s", d->depth * 2, "");
  if (role)
    fprintf(d->out, "%s: ", role);
  va_list ap;
  va_start(ap, fmt);
  vfprintf(d->out, fmt, ap);
  va_end(ap);
  fprintf(d->out, " @%u:%u\n", pos.line, pos.col);
}

static void quoted(FILE *out, const char *s, size_t n) {
  Buf b = {0};
  buf_quote(&b, s, n);
  fputs(buf_str(&b), out);
  buf_free(&b);
}

static void expr_list(Dump *d, const char *role, const ExprList *l) {
  for (int i = 0; i < l->n; i++)
    dump_expr(d, role, l->v[i]);
}

static void field(Dump *d, const char *role, const Field *f) {
  line(d, role, f->pos, "Field%s%s%s", f->name ? " " : "", f->name ? f->name->name.id : "",
       f->embedded ? " embedded" : "");
  d->depth++;
  dump_expr(d, NULL, f->type);
  if (f->tag) {
    fprintf(d->out, "%*stag: ", d->depth * 2, "");
    quoted(d->out, f->tag, f->taglen);
    fputc('\n', d->out);
  }
  d->depth--;
}

static void field_list(Dump *d, const char *role, const FieldList *l) {
  for (int i = 0; i < l->n; i++)
    field(d, role, l->v[i]);
}

// What follows the kind of x on its line.
static const char *expr_detail(const Expr *x) {
  static const char *const dirs[] = {" chan", " chan<-", " <-chan"};
  switch (x->kind) {
  case EXPR_NAME: return atom_printf(" %s", x->name.id);
  case EXPR_LIT: {
    Buf b = {0}; // a raw string may have several lines
    buf_quote(&b, x->lit.text, x->lit.len);
    bool raw = x->lit.text[0] == '`';
    Atom a = raw ? atom_printf(" raw %s", buf_str(&b))
                 : atom_printf(" %.*s", (int)x->lit.len, x->lit.text);
    buf_free(&b);
    return a;
  }
  case EXPR_UNARY: return atom_printf(" %s", tok_text(x->unary.op));
  case EXPR_BINARY: return atom_printf(" %s", tok_text(x->binary.op));
  case EXPR_CALL: return x->call.dots ? " ..." : "";
  case EXPR_SLICE: return x->slice.full ? " full" : "";
  case EXPR_CHANTYPE: return dirs[x->chan.dir];
  default: return "";
  }
}

static void type_children(Dump *d, const Expr *x) {
  switch (x->kind) {
  case EXPR_ELLIPSIS: dump_expr(d, NULL, x->ellipsis.elem); break;
  case EXPR_ARRAYTYPE:
    dump_expr(d, "len", x->array.len);
    dump_expr(d, "elem", x->array.elem);
    break;
  case EXPR_SLICETYPE: dump_expr(d, "elem", x->slicetype.elem); break;
  case EXPR_STRUCTTYPE: field_list(d, NULL, &x->structtype.fields); break;
  case EXPR_FUNCTYPE:
    field_list(d, "tparam", &x->functype.tparams);
    field_list(d, "param", &x->functype.params);
    field_list(d, "result", &x->functype.results);
    break;
  case EXPR_INTERFACETYPE:
    field_list(d, "method", &x->iface.methods);
    expr_list(d, "embed", &x->iface.embeds);
    break;
  case EXPR_MAPTYPE:
    dump_expr(d, "key", x->map.key);
    dump_expr(d, "elem", x->map.elem);
    break;
  case EXPR_CHANTYPE: dump_expr(d, "elem", x->chan.elem); break;
  default: break; // has no children
  }
}

static void expr_children(Dump *d, const Expr *x) {
  switch (x->kind) {
  case EXPR_COMPOSITE:
    dump_expr(d, "type", x->comp.type);
    expr_list(d, NULL, &x->comp.elems);
    break;
  case EXPR_KEYVALUE:
    dump_expr(d, "key", x->kv.key);
    dump_expr(d, "val", x->kv.val);
    break;
  case EXPR_FUNCLIT:
    dump_expr(d, "type", x->func.type);
    dump_stmt(d, "body", x->func.body);
    break;
  case EXPR_PAREN: dump_expr(d, NULL, x->paren.x); break;
  case EXPR_SELECTOR:
    dump_expr(d, "x", x->selector.x);
    dump_expr(d, "sel", x->selector.sel);
    break;
  case EXPR_INDEX:
    dump_expr(d, "x", x->index.x);
    expr_list(d, "index", &x->index.index);
    break;
  case EXPR_SLICE:
    dump_expr(d, "x", x->slice.x);
    dump_expr(d, "lo", x->slice.i[0]);
    dump_expr(d, "hi", x->slice.i[1]);
    dump_expr(d, "max", x->slice.i[2]);
    break;
  case EXPR_TYPEASSERT:
    dump_expr(d, "x", x->tassert.x);
    dump_expr(d, "type", x->tassert.type);
    break;
  case EXPR_TYPESWITCHGUARD:
    dump_expr(d, "lhs", x->guard.lhs);
    dump_expr(d, "x", x->guard.x);
    break;
  case EXPR_CALL:
    dump_expr(d, "fun", x->call.fun);
    expr_list(d, "arg", &x->call.args);
    break;
  case EXPR_UNARY: dump_expr(d, "x", x->unary.x); break;
  case EXPR_BINARY:
    dump_expr(d, "x", x->binary.x);
    dump_expr(d, "y", x->binary.y);
    break;
  case EXPR_STAR: dump_expr(d, "x", x->star.x); break;
  default: type_children(d, x);
  }
}

static void dump_expr(Dump *d, const char *role, const Expr *x) {
  if (!x)
    return;
  line(d, role, x->pos, "%s%s", expr_names[x->kind], expr_detail(x));
  d->depth++;
  expr_children(d, x);
  d->depth--;
}

// ---- statements

static void stmt_list(Dump *d, const StmtList *l) {
  for (int i = 0; i < l->n; i++)
    dump_stmt(d, NULL, l->v[i]);
}

static void clauses(Dump *d, const ClauseList *l) {
  for (int i = 0; i < l->n; i++) {
    const Clause *c = l->v[i];
    line(d, NULL, c->pos, c->is_default ? "Default" : "Case");
    d->depth++;
    expr_list(d, "case", &c->cases);
    dump_stmt(d, "comm", c->comm);
    stmt_list(d, &c->body);
    d->depth--;
  }
}

static const char *stmt_detail(const Stmt *s) {
  switch (s->kind) {
  case STMT_INCDEC: return atom_printf(" %s", tok_text(s->incdec.op));
  case STMT_OPASSIGN: return atom_printf(" %s=", tok_text(s->opassign.op));
  case STMT_LABELED: return atom_printf(" %s", s->labeled.label->name.id);
  case STMT_BRANCH:
    return atom_printf(" %s%s%s", tok_text(s->branch.tok), s->branch.label ? " " : "",
                       s->branch.label ? s->branch.label->name.id : "");
  case STMT_RANGE: return s->range.def ? " :=" : "";
  default: return "";
  }
}

static void control_children(Dump *d, const Stmt *s) {
  switch (s->kind) {
  case STMT_IF:
    dump_stmt(d, "init", s->ifs.init);
    dump_expr(d, "cond", s->ifs.cond);
    dump_stmt(d, "then", s->ifs.then);
    dump_stmt(d, "else", s->ifs.els);
    break;
  case STMT_FOR:
    dump_stmt(d, "init", s->fors.init);
    dump_expr(d, "cond", s->fors.cond);
    dump_stmt(d, "post", s->fors.post);
    dump_stmt(d, "body", s->fors.body);
    break;
  case STMT_RANGE:
    dump_expr(d, "key", s->range.key);
    dump_expr(d, "val", s->range.val);
    dump_expr(d, "x", s->range.x);
    dump_stmt(d, "body", s->range.body);
    break;
  case STMT_SWITCH:
  case STMT_TYPESWITCH:
    dump_stmt(d, "init", s->switches.init);
    dump_expr(d, "tag", s->switches.tag);
    clauses(d, &s->switches.clauses);
    break;
  case STMT_SELECT: clauses(d, &s->select.clauses); break;
  default: break; // has no children
  }
}

static void stmt_children(Dump *d, const Stmt *s) {
  switch (s->kind) {
  case STMT_EXPR: dump_expr(d, NULL, s->x); break;
  case STMT_SEND:
    dump_expr(d, "ch", s->send.ch);
    dump_expr(d, "val", s->send.val);
    break;
  case STMT_INCDEC: dump_expr(d, "x", s->incdec.x); break;
  case STMT_ASSIGN:
  case STMT_DEFINE:
    expr_list(d, "lhs", &s->assign.lhs);
    expr_list(d, "rhs", &s->assign.rhs);
    break;
  case STMT_OPASSIGN:
    dump_expr(d, "lhs", s->opassign.lhs);
    dump_expr(d, "rhs", s->opassign.rhs);
    break;
  case STMT_DECL:
    for (int i = 0; i < s->decl.decls.n; i++)
      dump_decl(d, NULL, s->decl.decls.v[i]);
    break;
  case STMT_BLOCK: stmt_list(d, &s->block.list); break;
  case STMT_LABELED: dump_stmt(d, NULL, s->labeled.stmt); break;
  case STMT_GO:
  case STMT_DEFER: dump_expr(d, NULL, s->go.call); break;
  case STMT_RETURN: expr_list(d, NULL, &s->ret.results); break;
  default: control_children(d, s);
  }
}

static void dump_stmt(Dump *d, const char *role, const Stmt *s) {
  if (!s)
    return;
  line(d, role, s->pos, "%s%s", stmt_names[s->kind], stmt_detail(s));
  d->depth++;
  stmt_children(d, s);
  d->depth--;
}

// ---- declarations

static const struct {
  unsigned flag;
  const char *name;
} pragma_names[] = {
    {PRAGMA_NOINLINE, "noinline"},
    {PRAGMA_NOESCAPE, "noescape"},
    {PRAGMA_NOSPLIT, "nosplit"},
    {PRAGMA_UINTPTRESCAPES, "uintptrescapes"},
    {PRAGMA_UINTPTRKEEPALIVE, "uintptrkeepalive"},
    {PRAGMA_NORACE, "norace"},
    {PRAGMA_SYSTEMSTACK, "systemstack"},
    {PRAGMA_NOWRITEBARRIER, "nowritebarrier"},
    {PRAGMA_LINKNAME, "linkname"},
};

static void attributes(Dump *d, const Decl *x) {
  for (size_t i = 0; i < LEN(pragma_names); i++)
    if (x->pragmas & pragma_names[i].flag)
      fprintf(d->out, "%*spragma: go:%s\n", d->depth * 2, "", pragma_names[i].name);
  for (int i = 0; i < x->embeds.n; i++) {
    fprintf(d->out, "%*sembed: ", d->depth * 2, "");
    quoted(d->out, x->embeds.v[i].pattern, __builtin_strlen(x->embeds.v[i].pattern));
    fputc('\n', d->out);
  }
}

static void names(Buf *b, const ExprList *l) {
  for (int i = 0; i < l->n; i++)
    buf_printf(b, "%s%s", i ? ", " : " ", l->v[i]->name.id);
}

static void decl_detail(Buf *b, const Decl *x) {
  switch (x->kind) {
  case DECL_IMPORT:
    if (x->import.name)
      buf_printf(b, " %s", x->import.name->name.id);
    buf_putc(b, ' ');
    buf_quote(b, x->import.path ? x->import.path : "", x->import.pathlen);
    break;
  case DECL_CONST:
    names(b, &x->cons.names);
    buf_printf(b, " iota=%d%s", x->cons.iota, x->cons.inherited ? " inherited" : "");
    break;
  case DECL_TYPE: buf_printf(b, " %s%s", x->type.name->name.id, x->type.alias ? " =" : ""); break;
  case DECL_VAR: names(b, &x->var.names); break;
  case DECL_FUNC: buf_printf(b, " %s", x->func.name->name.id); break;
  default: break;
  }
  if (x->group)
    buf_printf(b, " group=%d", x->group);
}

static void decl_children(Dump *d, const Decl *x) {
  switch (x->kind) {
  case DECL_CONST:
    if (x->cons.inherited)
      break;
    dump_expr(d, "type", x->cons.type);
    expr_list(d, "value", &x->cons.values);
    break;
  case DECL_TYPE:
    field_list(d, "tparam", &x->type.tparams);
    dump_expr(d, "type", x->type.type);
    break;
  case DECL_VAR:
    dump_expr(d, "type", x->var.type);
    expr_list(d, "value", &x->var.values);
    break;
  case DECL_FUNC:
    if (x->func.recv)
      field(d, "recv", x->func.recv);
    dump_expr(d, "type", x->func.type);
    dump_stmt(d, "body", x->func.body);
    break;
  default: break; // has no children
  }
}

static void dump_decl(Dump *d, const char *role, const Decl *x) {
  Buf b = {0};
  decl_detail(&b, x);
  line(d, role, x->pos, "%s%s", decl_names[x->kind], buf_str(&b));
  buf_free(&b);
  d->depth++;
  attributes(d, x);
  decl_children(d, x);
  d->depth--;
}

void dump_file(FILE *out, const File *f) {
  Dump d = {out, 0};
  line(&d, NULL, f->package_pos, "File %s", f->name->name.id);
  d.depth++;
  for (int i = 0; i < f->linknames.n; i++) {
    const Linkname *l = &f->linknames.v[i];
    line(&d, NULL, l->pos, "Linkname %s%s%s", l->local, l->target ? " " : "",
         l->target ? l->target : "");
  }
  for (int i = 0; i < f->decls.n; i++)
    dump_decl(&d, NULL, f->decls.v[i]);
}

// ---- tokens

static void print_comment(void *ctx, Pos pos, const char *text, size_t len) {
  fprintf(ctx, "%u:%u\tcomment\t%.*s\n", pos.line, pos.col, (int)len, text);
}

static void print_token(FILE *out, const Token *t) {
  fprintf(out, "%u:%u\t", t->pos.line, t->pos.col);
  if (t->kind == TOK_ASSIGNOP)
    fprintf(out, "%s=", tok_text(t->op));
  else
    fputs(tok_text(t->kind), out);
  if (t->text) {
    fputc('\t', out);
    for (size_t i = 0; i < t->len; i++) { // a raw string may have several lines
      if (t->text[i] == '\n')
        fputs("\\n", out);
      else
        fputc(t->text[i], out);
    }
  }
  fputc('\n', out);
}

void dump_tokens(FILE *out, const char *name, const char *src, size_t len) {
  Arena *a = arena_new();
  Scanner *s = scan_new(a, pos_add_file(name), src, len, print_comment, out);
  Token t;
  do {
    t = scan_next(s);
    print_token(out, &t);
  } while (t.kind != TOK_EOF);
  arena_free(a);
}
