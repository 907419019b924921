// typestring.c: types as text: for messages (gc's wording), for symbols (canonical), and as package
// reflect prints them.
//
// One writer serves all; the styles differ in how packages qualify names, in blanks, and in what
// names are shown:
// - message: relative to the package being checked; parameter names; `interface{m()}`, `G[int,
// string]`
// - link: full import paths; `interface { m() }`, `G[int,string]`; local types as `main.f[int].T·1`
// - reflect: names of packages; type arguments in the next style; local types as
// `main.T[int;string]`,
//   the type arguments of the function around them first
// - argument: full import paths as in link style, local types as `main.T[int;string]·1`
#include "driver/types/check.h"
#include "driver/types/core.h"
#include <stdlib.h>
#include <string.h>

typedef enum Style { STYLE_MESSAGE, STYLE_LINK, STYLE_REFLECT, STYLE_ARGUMENT } Style;

typedef struct Writer {
  Buf *b;
  Style style;
  Package *relative_to;
  bool names;    // parameter names
  bool pkginfo;  // full paths in front of all names of other packages and of this one
  bool annotate; // the next unexported field gets its package as a comment
  int depth;
} Writer;

Package *types_relative;

static void write_type(Writer *w, Type *t);

static void comma(Writer *w) {
  buf_puts(w->b, w->style == STYLE_MESSAGE ? ", " : ",");
}

// ---- package names

// Packages reachable by imports from `root`, by name; the value is a package, or `several` when the
// name is ambiguous.
static Package several;
static Package *names_root;
static Map *names_of_root;

static void collect_names(Map *names, PtrMap *seen, Package *p) {
  if (!p || ptrmap_get(seen, p))
    return;
  ptrmap_set(seen, p, p);
  Package *other = p->name ? map_get(names, p->name) : NULL;
  if (p->name)
    map_set(names, p->name, other && (other == &several || !same_package(other, p)) ? &several : p);
  for (int i = 0; i < p->imports.n; i++)
    collect_names(names, seen, p->imports.v[i]);
}

static bool name_ambiguous(Package *root, Package *p) {
  if (!root || !p->name)
    return false;
  if (names_root != root) {
    names_root = root;
    names_of_root = map_new(types_arena);
    collect_names(names_of_root, ptrmap_new(types_arena), root);
  }
  return map_get(names_of_root, p->name) == &several;
}

static void write_package(Writer *w, Package *p) {
  if (!p)
    return;
  if (w->style == STYLE_LINK || w->style == STYLE_ARGUMENT || w->pkginfo)
    buf_printf(w->b, "%s.", p->path);
  else if (w->style == STYLE_REFLECT)
    buf_printf(w->b, "%s.", p->name);
  else if (p == w->relative_to)
    return;
  else if (name_ambiguous(w->relative_to, p))
    buf_printf(w->b, "\"%s\".", p->path);
  else
    buf_printf(w->b, "%s.", p->name);
}

// ---- local types: the function around them is part of the canonical name

static int index_of(ObjectList l, Object *o) {
  for (int i = 0; i < l.n; i++)
    if (l.v[i] == o)
      return i;
  return l.n;
}

static void write_list(Writer *w, const TypeList *args) {
  for (int i = 0; i < args->n; i++) {
    if (i)
      comma(w);
    write_type(w, args->v[i]);
  }
}

static void write_args(Writer *w, const TypeList *args) {
  if (args->n == 0)
    return;
  buf_putc(w->b, '[');
  write_list(w, args);
  buf_putc(w->b, ']');
}

static Type *receiver_base(Object *fn) {
  Type *sig = fn->type;
  if (!sig || sig->kind != TYPE_FUNC || !sig->func.recv || !sig->func.recv->type)
    return NULL;
  Type *base = deref(sig->func.recv->type, NULL);
  return base->kind == TYPE_NAMED ? base : NULL;
}

// f, (*T).M, T.M, init.1 …; args are the type arguments of the function or of the receiver.
static void write_function(Writer *w, Object *fn, const TypeList *args) {
  Type *base = receiver_base(fn);
  if (base) {
    bool ptr = fn->func.ptr_recv;
    buf_puts(w->b, ptr ? "(*" : "");
    buf_puts(w->b, base->named.obj->name);
    write_args(w, args);
    buf_puts(w->b, ptr ? ")." : ".");
    buf_puts(w->b, fn->name);
    return;
  }
  buf_puts(w->b, fn->name);
  if (fn->func.is_init)
    buf_printf(w->b, ".%d", index_of(fn->pkg->init_funcs, fn));
  else if (strcmp(fn->name, "_") == 0)
    buf_printf(w->b, ".%u.%u", fn->pos.line, fn->pos.col);
  write_args(w, args);
}

static void write_scope(Writer *w, Type *t) {
  Object *o = t->named.obj;
  FuncInfo *fi = o->tname.owner;
  while (fi->outer)
    fi = fi->outer;
  const TypeList *args = t->named.outer_args.n ? &t->named.outer_args : &t->named.outer;
  if (fi->obj) {
    write_function(w, fi->obj, args);
  } else {
    Pos p = fi->lit ? fi->lit->pos : o->pos;
    const char *file = pos_file(p), *slash = strrchr(file, '/');
    buf_printf(w->b, "glob.%s.%u.%u", slash ? slash + 1 : file, p.line, p.col);
  }
  buf_putc(w->b, '.');
}

// ---- the parts of types

static void write_name(Writer *w, Object *o) {
  write_package(w, o->pkg);
  buf_puts(w->b, o->name);
}

static void write_tparam_list(Writer *w, const TypeList *l) {
  Type *prev = NULL;
  buf_putc(w->b, '[');
  for (int i = 0; i < l->n; i++) {
    if (i) {
      if (l->v[i]->tparam.bound != prev) {
        buf_putc(w->b, ' ');
        write_type(w, prev);
      }
      comma(w);
    }
    prev = l->v[i]->tparam.bound;
    write_type(w, l->v[i]);
  }
  if (prev) {
    buf_putc(w->b, ' ');
    write_type(w, prev);
  }
  buf_putc(w->b, ']');
}

static void write_link_named(Writer *w, Type *t) {
  Object *o = t->named.obj;
  bool local = o->tname.owner != NULL;
  write_package(w, o->pkg);
  if (local)
    write_scope(w, t);
  buf_puts(w->b, o->name);
  write_args(w, &t->named.targs);
  if (local && o->tname.num)
    buf_printf(w->b, "\302\267%d", o->tname.num);
  else if (local)
    buf_printf(w->b, "\302\267%u.%u", o->pos.line, o->pos.col);
}

static void write_reflect_named(Writer *w, Type *t) {
  Object *o = t->named.obj;
  const TypeList *outer = &t->named.outer_args, *targs = &t->named.targs;
  write_name(w, o);
  if (outer->n || targs->n) {
    Writer arg = {.b = w->b, .style = STYLE_ARGUMENT, .depth = w->depth};
    buf_putc(w->b, '[');
    write_list(&arg, outer);
    buf_puts(w->b, outer->n && targs->n ? ";" : "");
    write_list(&arg, targs);
    buf_putc(w->b, ']');
  }
  if (w->style == STYLE_ARGUMENT && o->tname.owner)
    buf_printf(w->b, "\302\267%d", o->tname.num);
}

static void write_named(Writer *w, Type *t) {
  if (w->style == STYLE_LINK) {
    write_link_named(w, t);
  } else if (w->style == STYLE_REFLECT || w->style == STYLE_ARGUMENT) {
    write_reflect_named(w, t);
  } else {
    write_name(w, t->named.obj);
    if (t->named.targs.n)
      write_args(w, &t->named.targs);
    else if (t->named.tparams.n)
      write_tparam_list(w, &t->named.tparams);
  }
}

static void write_tparam(Writer *w, Type *t) {
  buf_puts(w->b, t->tparam.obj->name);
  if (w->style == STYLE_LINK)
    buf_printf(w->b, "$%u", t->id);
  else if (w->style == STYLE_MESSAGE && universe && scope_lookup(universe, t->tparam.obj->name))
    buf_printf(w->b, " /* with %s declared at %s */", t->tparam.obj->name,
               pos_str(t->tparam.obj->pos));
}

// The name an embedded field of type t has if nothing (an alias) gives it another.
static Object *embedded_base(Type *t) {
  t = deref(t, NULL);
  return t->kind == TYPE_NAMED ? t->named.obj : NULL;
}

static void write_field_name(Writer *w, Object *f) {
  if ((w->style == STYLE_LINK || w->style == STYLE_ARGUMENT) && f->pkg && !is_exported(f->name))
    buf_printf(w->b, "%s.", f->pkg->path);
  buf_puts(w->b, f->name);
}

static void write_field(Writer *w, Object *f) {
  bool note = w->annotate && !is_exported(f->name);
  if (note)
    w->annotate = false;
  if (!f->var.embedded) {
    write_field_name(w, f);
    buf_putc(w->b, ' ');
  } else if (w->style == STYLE_LINK || w->style == STYLE_ARGUMENT) {
    Object *base = embedded_base(f->type);
    bool plain = base && base->name == f->name && deref(f->type, NULL)->named.targs.n == 0 &&
                 !base->tname.owner && (is_exported(f->name) || same_package(base->pkg, f->pkg));
    if (!plain) {
      write_field_name(w, f);
      buf_puts(w->b, " = ");
    }
  } else if (w->style == STYLE_MESSAGE) {
    Object *base = embedded_base(f->type);
    if (base && base->name != f->name) { // embedded by an alias
      buf_printf(w->b, "%s%s", f->type->kind == TYPE_POINTER ? "*" : "", f->name);
      return;
    }
  }
  write_type(w, f->type);
  if (note && f->pkg)
    buf_printf(w->b, " /* package %s */ ", f->pkg->path);
}

static void write_struct(Writer *w, Type *t) {
  bool message = w->style == STYLE_MESSAGE;
  int n = t->strct.fields.n;
  buf_puts(w->b, message ? "struct{" : n ? "struct { " : "struct {");
  for (int i = 0; i < n; i++) {
    if (i)
      buf_puts(w->b, "; ");
    write_field(w, t->strct.fields.v[i]);
    if (t->strct.tags && t->strct.tags[i] && t->strct.taglens[i] > 0) {
      buf_putc(w->b, ' ');
      buf_quote(w->b, t->strct.tags[i], t->strct.taglens[i]);
    }
  }
  buf_puts(w->b, message || !n ? "}" : " }");
}

static void write_params(Writer *w, ObjectList params, bool variadic) {
  buf_putc(w->b, '(');
  for (int i = 0; i < params.n; i++) {
    Object *p = params.v[i];
    if (i)
      buf_puts(w->b, ", ");
    if (w->names && p->name && *p->name)
      buf_printf(w->b, "%s ", p->name);
    if (!variadic || i < params.n - 1) {
      write_type(w, p->type);
    } else if (p->type->kind == TYPE_SLICE) {
      buf_puts(w->b, "...");
      write_type(w, p->type->slice.elem);
    } else { // append([]byte, string...)
      write_type(w, p->type);
      buf_puts(w->b, "...");
    }
  }
  buf_putc(w->b, ')');
}

static void write_signature(Writer *w, Type *t) {
  if (t->func.tparams.n)
    write_tparam_list(w, &t->func.tparams);
  write_params(w, t->func.params, t->func.variadic);
  ObjectList r = t->func.results;
  if (r.n == 0)
    return;
  buf_putc(w->b, ' ');
  if (r.n == 1 && !(w->names && r.v[0]->name && *r.v[0]->name))
    write_type(w, r.v[0]->type);
  else
    write_params(w, r, false);
}

static void write_terms(Writer *w, const Term *terms, int n) {
  for (int i = 0; i < n; i++) {
    if (i)
      buf_puts(w->b, w->style == STYLE_MESSAGE ? " | " : "|");
    if (terms[i].tilde)
      buf_putc(w->b, '~');
    write_type(w, terms[i].type);
  }
}

// With package paths, as gc.
void terms_write(Buf *b, const TypeSet *s) {
  Writer w = {.b = b, .style = STYLE_MESSAGE, .names = true, .pkginfo = true};
  if (s->all)
    buf_puts(b, "\360\235\223\244"); // the set of all types
  else if (s->nterms == 0)
    buf_puts(b, "\342\210\205"); // the empty set
  else
    write_terms(&w, s->terms, s->nterms);
}

// As declared: explicit methods, sorted, and embedded types.
static void write_iface_message(Writer *w, Type *t) {
  if (t == t_any) {
    buf_puts(w->b, "any");
    return;
  }
  if (t->iface.comparable_) {
    buf_puts(w->b, "interface{comparable}");
    return;
  }
  if (t->iface.implicit) {
    if (t->iface.methods.n == 0 && t->iface.embeds.n == 1) {
      write_type(w, t->iface.embeds.v[0]);
      return;
    }
    buf_puts(w->b, "/* implicit */ ");
  }
  buf_puts(w->b, "interface{");
  int n = t->iface.methods.n;
  Object **methods =
      n ? arena_dup(types_arena, t->iface.methods.v, sizeof(Object *) * (size_t)n) : NULL;
  if (n)
    qsort(methods, (size_t)n, sizeof(Object *), cmp_methods);
  for (int i = 0; i < n; i++) {
    Object *m = methods[i];
    buf_puts(w->b, i ? "; " : "");
    buf_puts(w->b, m->name);
    if (m->type)
      write_signature(w, m->type);
  }
  for (int i = 0; i < t->iface.embeds.n; i++) {
    buf_puts(w->b, i || t->iface.methods.n ? "; " : "");
    write_type(w, t->iface.embeds.v[i]);
  }
  buf_putc(w->b, '}');
}

// As a set: all methods in order, then what restricts it.
static void write_iface_flat(Writer *w, Type *t) {
  const TypeSet *s = type_set(t);
  int n = 0;
  buf_puts(w->b, "interface {");
  for (int i = 0; i < s->methods.n; i++) {
    Object *m = s->methods.v[i];
    buf_puts(w->b, n++ ? "; " : " ");
    if (!is_exported(m->name))
      write_package(w, m->pkg);
    buf_puts(w->b, m->name);
    check_object(m);
    write_signature(w, m->type);
  }
  if (s->comparable_)
    buf_puts(w->b, n++ ? "; comparable" : " comparable");
  if (!s->all) {
    buf_puts(w->b, n++ ? "; " : " ");
    write_terms(w, s->terms, s->nterms);
  }
  buf_puts(w->b, n ? " }" : "}");
}

static void write_chan(Writer *w, Type *t) {
  static const char *const words[] = {
      [CHAN_BOTH] = "chan ", [CHAN_SEND] = "chan<- ", [CHAN_RECV] = "<-chan "};
  Type *e = t->chan.elem;
  bool parens = t->chan.dir == CHAN_BOTH && e->kind == TYPE_CHAN && e->chan.dir == CHAN_RECV;
  buf_puts(w->b, words[t->chan.dir]);
  buf_puts(w->b, parens ? "(" : "");
  write_type(w, e);
  buf_puts(w->b, parens ? ")" : "");
}

static void write_basic(Writer *w, Type *t) {
  if (t->kind == TYPE_UNSAFEPOINTER)
    buf_puts(w->b, "unsafe.Pointer");
  else if (w->style != STYLE_MESSAGE)
    buf_puts(w->b, t_basic[t->kind]->basic.name);
  else
    buf_puts(w->b, t->basic.name);
}

static void write_part(Writer *w, Type *t) {
  switch (t->kind) {
  case TYPE_POINTER:
    buf_putc(w->b, '*');
    write_type(w, t->pointer.elem);
    break;
  case TYPE_SLICE:
    buf_puts(w->b, "[]");
    write_type(w, t->slice.elem);
    break;
  case TYPE_ARRAY:
    buf_printf(w->b, "[%lld]", (long long)t->array.len);
    write_type(w, t->array.elem);
    break;
  case TYPE_MAP:
    buf_puts(w->b, "map[");
    write_type(w, t->map.key);
    buf_putc(w->b, ']');
    write_type(w, t->map.elem);
    break;
  case TYPE_CHAN: write_chan(w, t); break;
  case TYPE_STRUCT: write_struct(w, t); break;
  case TYPE_FUNC:
    buf_puts(w->b, "func");
    write_signature(w, t);
    break;
  case TYPE_INTERFACE:
    if (w->style == STYLE_MESSAGE)
      write_iface_message(w, t);
    else
      write_iface_flat(w, t);
    break;
  case TYPE_TUPLE: write_params(w, t->tuple.vars, false); break;
  case TYPE_NAMED: write_named(w, t); break;
  case TYPE_TYPEPARAM: write_tparam(w, t); break;
  case TYPE_UNION: write_terms(w, t->uni.terms, t->uni.n); break;
  default: write_basic(w, t); break;
  }
}

static void write_type(Writer *w, Type *t) {
  if (!t) {
    buf_puts(w->b, "<nil>");
    return;
  }
  if (w->depth > 1000) { // only a broken cyclic declaration gets here
    buf_puts(w->b, "\342\200\246");
    return;
  }
  w->depth++;
  write_part(w, t);
  w->depth--;
}

// ---- the public face

void type_write(Buf *b, Type *t, Package *relative_to) {
  Writer w = {.b = b, .style = STYLE_MESSAGE, .relative_to = relative_to, .names = true};
  write_type(&w, t);
}

static Atom take_atom(Buf *b) {
  Atom a = atom_n(buf_str(b), b->len);
  buf_free(b);
  return a;
}

const char *type_string(Type *t, Package *relative_to) {
  Buf b = {0};
  type_write(&b, t, relative_to);
  return take_atom(&b);
}

const char *type_linkstring(Type *t) {
  if (!t->link) {
    Buf b = {0};
    Writer w = {.b = &b, .style = STYLE_LINK};
    write_type(&w, t);
    t->link = take_atom(&b);
  }
  return t->link;
}

const char *type_reflectstring(Type *t) {
  Buf b = {0};
  Writer w = {.b = &b, .style = STYLE_REFLECT};
  write_type(&w, t);
  return take_atom(&b);
}

void signature_write(Buf *b, Type *sig, Package *relative_to, bool names) {
  Writer w = {.b = b, .style = STYLE_MESSAGE, .relative_to = relative_to, .names = names};
  write_signature(&w, sig);
}

const char *func_string(Object *f, bool pkginfo) {
  Buf b = {0};
  Writer w = {.b = &b,
              .style = STYLE_MESSAGE,
              .relative_to = types_relative,
              .pkginfo = pkginfo,
              .annotate = pkginfo};
  buf_puts(&b, f->name);
  if (f->type)
    write_signature(&w, f->type);
  return take_atom(&b);
}

Atom cause_printf(const char *fmt, ...) {
  Buf b = {0};
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(&b, fmt, ap);
  va_end(ap);
  return take_atom(&b);
}
