// node.c: small walks over trees: start positions, expressions as text, the values of literals.
#include "driver/syntax/syntax.h"

#include <string.h>

Pos expr_start(const Expr *x) {
  for (;;) {
    const Expr *left = NULL;
    switch (x->kind) {
    case EXPR_COMPOSITE: left = x->comp.type; break;
    case EXPR_KEYVALUE: left = x->kv.key; break;
    case EXPR_SELECTOR: left = x->selector.x; break;
    case EXPR_INDEX: left = x->index.x; break;
    case EXPR_TYPEASSERT: left = x->tassert.x; break;
    case EXPR_TYPESWITCHGUARD: left = x->guard.lhs ? x->guard.lhs : x->guard.x; break;
    case EXPR_BINARY: left = x->binary.x; break;
    case EXPR_CALL: left = x->call.fun; break;
    default: break; // a slice expression too, as in gc
    }
    if (!left)
      return x->pos;
    x = left;
  }
}

Expr *unparen(Expr *x) {
  while (x->kind == EXPR_PAREN)
    x = x->paren.x;
  return x;
}

// ---- expressions as text

static void write_list(Buf *b, const ExprList *l) {
  for (int i = 0; i < l->n; i++) {
    if (i)
      buf_puts(b, ", ");
    expr_write(b, l->v[i]);
  }
}

static const Expr *bare(const Expr *x) {
  while (x->kind == EXPR_PAREN)
    x = x->paren.x;
  return x;
}

static void write_params(Buf *b, const FieldList *l, const char *brackets) {
  buf_putc(b, brackets[0]);
  for (int i = 0; i < l->n; i++) {
    const Field *f = l->v[i];
    if (i)
      buf_puts(b, ", ");
    if (f->name) {
      buf_puts(b, f->name->name.id);
      if (i + 1 < l->n && l->v[i + 1]->name && l->v[i + 1]->type == f->type)
        continue;
      buf_putc(b, ' ');
    }
    expr_write(b, bare(f->type));
  }
  buf_putc(b, brackets[1]);
}

static void write_signature(Buf *b, const Expr *t) {
  const FieldList *r = &t->functype.results;
  write_params(b, &t->functype.params, "()");
  if (r->n == 0)
    return;
  buf_putc(b, ' ');
  if (r->n == 1 && !r->v[0]->name)
    expr_write(b, r->v[0]->type);
  else
    write_params(b, r, "()");
}

// Fields that share a type print as `a, b int`.
static void write_fields(Buf *b, const FieldList *l) {
  for (int i = 0; i < l->n; i++) {
    const Field *f = l->v[i];
    bool more = f->name && i + 1 < l->n && l->v[i + 1]->name && l->v[i + 1]->type == f->type;
    if (f->name)
      buf_printf(b, "%s%s", f->name->name.id, more ? ", " : " ");
    if (more)
      continue;
    expr_write(b, f->type);
    if (f->taglit) {
      buf_putc(b, ' ');
      expr_write(b, f->taglit);
    }
    if (i + 1 < l->n)
      buf_puts(b, "; ");
  }
}

static void write_method(Buf *b, const Field *m) {
  buf_puts(b, m->name->name.id);
  if (m->type->kind == EXPR_FUNCTYPE)
    write_signature(b, m->type);
}

// Methods and embedded elements in the order of the source.
static void write_interface(Buf *b, const Expr *x) {
  const FieldList *m = &x->iface.methods;
  const ExprList *e = &x->iface.embeds;
  buf_puts(b, "interface{");
  for (int i = 0, j = 0; i < m->n || j < e->n;) {
    if (i || j)
      buf_puts(b, "; ");
    if (j == e->n || (i < m->n && pos_cmp(m->v[i]->pos, expr_start(e->v[j])) < 0))
      write_method(b, m->v[i++]);
    else
      expr_write(b, e->v[j++]);
  }
  buf_putc(b, '}');
}

static void write_chan(Buf *b, const Expr *x) {
  const Expr *e = x->chan.elem;
  bool parens = x->chan.dir == CHAN_BOTH && e->kind == EXPR_CHANTYPE && e->chan.dir == CHAN_RECV;
  buf_puts(b, x->chan.dir == CHAN_RECV   ? "<-chan "
              : x->chan.dir == CHAN_SEND ? "chan<- "
                                         : "chan ");
  if (parens)
    buf_putc(b, '(');
  expr_write(b, e);
  if (parens)
    buf_putc(b, ')');
}

static void write_slice(Buf *b, const Expr *x) {
  expr_write(b, x->slice.x);
  buf_putc(b, '[');
  if (x->slice.i[0])
    expr_write(b, x->slice.i[0]);
  buf_putc(b, ':');
  if (x->slice.i[1])
    expr_write(b, x->slice.i[1]);
  if (x->slice.i[2]) {
    buf_putc(b, ':');
    expr_write(b, x->slice.i[2]);
  }
  buf_putc(b, ']');
}

static void write_call(Buf *b, const Expr *x) {
  expr_write(b, x->call.fun);
  buf_putc(b, '(');
  write_list(b, &x->call.args);
  buf_puts(b, x->call.dots ? "...)" : ")");
}

static void write_type(Buf *b, const Expr *x) {
  switch (x->kind) {
  case EXPR_ELLIPSIS:
    buf_puts(b, "...");
    if (x->ellipsis.elem)
      expr_write(b, x->ellipsis.elem);
    break;
  case EXPR_ARRAYTYPE:
    buf_putc(b, '[');
    expr_write(b, x->array.len);
    buf_putc(b, ']');
    expr_write(b, x->array.elem);
    break;
  case EXPR_SLICETYPE:
    buf_puts(b, "[]");
    expr_write(b, x->slicetype.elem);
    break;
  case EXPR_STRUCTTYPE:
    buf_puts(b, "struct{");
    write_fields(b, &x->structtype.fields);
    buf_putc(b, '}');
    break;
  case EXPR_FUNCTYPE:
    buf_puts(b, "func");
    write_signature(b, x);
    break;
  case EXPR_INTERFACETYPE: write_interface(b, x); break;
  case EXPR_MAPTYPE:
    buf_puts(b, "map[");
    expr_write(b, x->map.key);
    buf_putc(b, ']');
    expr_write(b, x->map.elem);
    break;
  case EXPR_CHANTYPE: write_chan(b, x); break;
  default: ice(x->pos, "expr_write: expression kind %d", (int)x->kind);
  }
}

void expr_write(Buf *b, const Expr *x) {
  switch (x->kind) {
  case EXPR_BAD: buf_puts(b, "<bad expr>"); break;
  case EXPR_NAME: buf_puts(b, x->name.id); break;
  case EXPR_LIT: buf_write(b, x->lit.text, x->lit.len); break;
  case EXPR_COMPOSITE:
    if (x->comp.type)
      expr_write(b, x->comp.type);
    buf_puts(b, x->comp.elems.n ? "{…}" : "{}");
    break;
  case EXPR_KEYVALUE:
    expr_write(b, x->kv.key);
    buf_puts(b, ": ");
    expr_write(b, x->kv.val);
    break;
  case EXPR_FUNCLIT:
    expr_write(b, x->func.type);
    buf_puts(b, x->func.body->block.list.n ? " {…}" : " {}");
    break;
  case EXPR_PAREN:
    buf_putc(b, '(');
    expr_write(b, x->paren.x);
    buf_putc(b, ')');
    break;
  case EXPR_SELECTOR:
    expr_write(b, x->selector.x);
    buf_putc(b, '.');
    expr_write(b, x->selector.sel);
    break;
  case EXPR_INDEX:
    expr_write(b, x->index.x);
    buf_putc(b, '[');
    write_list(b, &x->index.index);
    buf_putc(b, ']');
    break;
  case EXPR_SLICE: write_slice(b, x); break;
  case EXPR_TYPEASSERT:
    expr_write(b, x->tassert.x);
    buf_puts(b, ".(");
    expr_write(b, x->tassert.type);
    buf_putc(b, ')');
    break;
  case EXPR_TYPESWITCHGUARD:
    if (x->guard.lhs)
      buf_printf(b, "%s := ", x->guard.lhs->name.id);
    expr_write(b, x->guard.x);
    buf_puts(b, ".(type)");
    break;
  case EXPR_CALL: write_call(b, x); break;
  case EXPR_UNARY:
    buf_puts(b, tok_text(x->unary.op));
    expr_write(b, x->unary.x);
    break;
  case EXPR_BINARY:
    expr_write(b, x->binary.x);
    buf_printf(b, " %s ", tok_text(x->binary.op));
    expr_write(b, x->binary.y);
    break;
  case EXPR_STAR:
    buf_putc(b, '*');
    expr_write(b, x->star.x);
    break;
  default: write_type(b, x);
  }
}

const char *expr_string(const Expr *x) {
  Buf b = {0};
  expr_write(&b, x);
  Atom a = atom_n(buf_str(&b), b.len);
  buf_free(&b);
  return a;
}

// ---- literals

static uint32_t digit(char c) {
  return (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

// Decodes the character or escape at *s. *byte: it was \x or octal and stands for a byte.
static uint32_t decode(const char **s, const char *end, bool *byte) {
  *byte = false;
  if (**s != '\\') {
    int w;
    uint32_t r = utf8_decode(*s, (size_t)(end - *s), &w);
    *s += w;
    return r;
  }
  char c = (*s)[1];
  *s += 2;
  int n = 0;
  uint32_t base = 16, r = 0;
  switch (c) {
  case 'a': return '\a';
  case 'b': return '\b';
  case 'f': return '\f';
  case 'n': return '\n';
  case 'r': return '\r';
  case 't': return '\t';
  case 'v': return '\v';
  case 'x': n = 2; break;
  case 'u': n = 4; break;
  case 'U': n = 8; break;
  default:
    if (c < '0' || c > '7')
      return (unsigned char)c;
    n = 3;
    base = 8;
    --*s;
  }
  *byte = n <= 3;
  for (; n > 0 && *s < end; n--)
    r = r * base + digit(*(*s)++);
  return r;
}

void lit_string(Buf *b, const Expr *lit) {
  const char *s = lit->lit.text + 1, *end = lit->lit.text + lit->lit.len - 1;
  if (s[-1] == '`') {
    for (; s < end; s++)
      if (*s != '\r')
        buf_putc(b, *s);
    return;
  }
  while (s < end) {
    const char *esc = memchr(s, '\\', (size_t)(end - s));
    size_t plain = (size_t)((esc ? esc : end) - s);
    buf_write(b, s, plain);
    s += plain;
    if (!esc)
      break;
    bool byte;
    uint32_t r = decode(&s, end, &byte);
    if (byte)
      buf_putc(b, (char)r);
    else
      buf_rune(b, r);
  }
}

uint32_t lit_rune(const Expr *lit) {
  const char *s = lit->lit.text + 1;
  bool byte;
  return decode(&s, lit->lit.text + lit->lit.len - 1, &byte);
}
