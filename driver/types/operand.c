// operand.c: operands: how messages describe them, how they are recorded in the tree, and the marks
// they leave on variables.
#include "driver/types/check.h"
#include "driver/types/core.h"
#include <string.h>

static const char *const mode_names[] = {
    [MODE_NONE] = "invalid operand",
    [MODE_INVALID] = "invalid operand",
    [MODE_NOVALUE] = "no value",
    [MODE_BUILTIN] = "built-in",
    [MODE_TYPE] = "type",
    [MODE_CONST] = "constant",
    [MODE_VAR] = "variable",
    [MODE_MAPINDEX] = "map index expression",
    [MODE_VALUE] = "value",
    [MODE_NIL] = "nil",
    [MODE_COMMAOK] = "comma, ok expression",
    [MODE_PKGNAME] = "package",
};

static bool is_generic(Type *t) {
  return type_is_generic(t) || (t->kind == TYPE_FUNC && t->func.tparams.n);
}

// The alias by which the type expression names t; NULL: another one, or none.
static Object *alias_of(Expr *e, Type *t) {
  e = e ? unparen(e) : NULL;
  if (e && e->kind == EXPR_SELECTOR)
    e = e->selector.sel;
  Object *o = e && e->kind == EXPR_NAME ? e->name.obj : NULL;
  return o && o->kind == OBJ_TYPENAME && o->tname.alias && o->pkg && o->type == t ? o : NULL;
}

// Types do not remember the aliases by which they were named, as gc's do; literals, conversions and
// package-level variables show theirs.
static Object *operand_alias(Expr *e, Type *t) {
  e = e ? unparen(e) : NULL;
  if (!e)
    return NULL;
  switch (e->kind) {
  case EXPR_COMPOSITE: return alias_of(e->comp.type, t);
  case EXPR_CALL: return alias_of(e->call.fun, t);
  case EXPR_NAME: {
    Object *o = e->name.obj;
    Decl *d = o && o->kind == OBJ_VAR ? o->decl : NULL;
    return d && d->kind == DECL_VAR ? alias_of(d->var.type, t) : NULL;
  }
  default: return NULL;
  }
}

static void describe_type(Checker *c, Buf *b, Expr *e, Type *t) {
  if (t->kind == TYPE_INVALID) {
    buf_puts(b, " with invalid type");
    return;
  }
  buf_puts(b, is_generic(t) ? " of generic type " : " of type ");
  Object *alias = operand_alias(e, t);
  if (alias && alias->pkg == c->env.pkg) {
    buf_puts(b, alias->name);
    return;
  }
  if (alias) {
    buf_printf(b, "%s.%s", alias->pkg->name, alias->name);
    return;
  }
  type_write(b, t, c->env.pkg);
  if (is_typeparam(t)) {
    buf_puts(b, " constrained by ");
    type_write(b, t->tparam.bound, c->env.pkg);
    if (typeset_is_empty(type_set(t)))
      buf_puts(b, " with empty type set");
  }
}

static const char *nil_string(Checker *c, Operand *x) {
  if (!x->type || x->type->kind == TYPE_INVALID)
    return "nil (with invalid type)";
  if (x->type->kind == TYPE_UNTYPED_NIL)
    return "nil";
  return atom_printf("nil (of type %s)", type_string(x->type, c->env.pkg));
}

const char *check_operand_string(Checker *c, Operand *x) {
  if (x->mode == MODE_NIL)
    return nil_string(c, x);
  Buf b = {0};
  const char *expr = x->expr ? expr_string(x->expr) : "";
  if (!x->expr && x->mode == MODE_TYPE)
    expr = type_string(x->type, c->env.pkg);
  if (!x->expr && x->mode == MODE_CONST)
    expr = const_str(x->val);
  if (expr[0])
    buf_printf(&b, "%s (", expr);
  bool has_type = false;
  if (x->mode >= MODE_CONST && x->type) {
    if (is_untyped(x->type))
      buf_printf(&b, "%s ", x->type->basic.name);
    else
      has_type = true;
  }
  buf_puts(&b, mode_names[x->mode]);
  if (x->mode == MODE_CONST && x->val) {
    const char *s = const_str(x->val);
    if (strcmp(s, expr) != 0)
      buf_printf(&b, " %s", s);
  }
  if (has_type)
    describe_type(c, &b, x->expr, x->type);
  if (expr[0])
    buf_putc(&b, ')');
  const char *s = atom(buf_str(&b));
  buf_free(&b);
  return s;
}

const char *check_object_string(Checker *c, Object *o) {
  static const char *const kinds[] = {
      [OBJ_PKGNAME] = "package", [OBJ_CONST] = "const", [OBJ_TYPENAME] = "type",
      [OBJ_VAR] = "var",         [OBJ_FUNC] = "func",   [OBJ_LABEL] = "label",
      [OBJ_BUILTIN] = "builtin", [OBJ_NIL] = "nil"};
  const char *kind = o->kind == OBJ_VAR && o->var.is_field ? "field" : kinds[o->kind];
  if (!o->type || o->kind == OBJ_PKGNAME || o->kind == OBJ_BUILTIN)
    return atom_printf("%s %s", kind, o->name);
  Type *t = o->kind == OBJ_TYPENAME && o->type->kind == TYPE_NAMED ? under(o->type) : o->type;
  return atom_printf("%s %s %s", kind, o->name, type_string(t, c->env.pkg));
}

// ---- results in the tree

void check_record_type(Expr *e, Mode mode, Type *t, ConstVal *val) {
  static Type *nothing;
  if (!nothing)
    nothing = type_tuple((ObjectList){0});
  e->mode = mode;
  e->type = mode == MODE_NOVALUE ? nothing : t;
  e->val = mode == MODE_CONST ? val : NULL;
}

void check_record(Checker *c, Operand *x) {
  (void)c;
  if (x->expr)
    check_record_type(x->expr, x->mode, x->mode == MODE_INVALID ? t_basic[TYPE_INVALID] : x->type,
                      x->val);
}

// v, ok = x: parentheses around x are comma-ok expressions, too.
void check_record_commaok(Checker *c, Expr *e) {
  (void)c;
  for (;; e = e->paren.x) {
    e->commaok = true;
    if (e->kind != EXPR_PAREN)
      return;
  }
}

void check_record_def(Expr *name, Object *o) {
  name->name.obj = o;
  check_record_type(name, MODE_VAR, o->type, NULL);
}

// ---- single values

void check_exclude(Checker *c, Operand *x, unsigned modes) {
  if (!(modes & 1u << x->mode))
    return;
  const char *fmt = x->mode == MODE_BUILTIN   ? "%s must be called"
                    : x->mode == MODE_TYPE    ? "%s is not an expression"
                    : modes & 1u << MODE_TYPE ? "%s used as value"
                                              : "%s used as value or type";
  Buf b = {0};
  const char *s = check_operand_string(c, x), *at = strstr(fmt, "%s");
  buf_write(&b, fmt, (size_t)(at - fmt));
  buf_printf(&b, "%s%s", s, at + 2);
  check_error(c, expr_start(x->expr), "%s", buf_str(&b));
  buf_free(&b);
  x->mode = MODE_INVALID;
}

void check_single_value(Checker *c, Operand *x) {
  if (x->mode != MODE_VALUE || x->type->kind != TYPE_TUPLE)
    return;
  check_error(c, expr_start(x->expr), "multiple-value %s in single-value context",
              check_operand_string(c, x));
  x->mode = MODE_INVALID;
}

// ---- marks

// The variable whose memory e is part of: x, x.f, x[i] of an array, without following pointers.
// NULL: none.
static Object *root_var(Expr *e) {
  for (;;) {
    e = unparen(e);
    switch (e->kind) {
    case EXPR_NAME:
      return e->name.obj && e->name.obj->kind == OBJ_VAR && e->mode != MODE_TYPE ? e->name.obj
                                                                                 : NULL;
    case EXPR_SELECTOR:
      if (!e->selector.selection) {
        Object *o = e->selector.sel->name.obj;
        return o && o->kind == OBJ_VAR ? o : NULL;
      }
      if (e->selector.selection->kind != SEL_FIELD || e->selector.selection->indirect)
        return NULL;
      e = e->selector.x;
      break;
    case EXPR_INDEX:
      if (!e->index.x->type || e->index.x->mode == MODE_TYPE)
        return NULL;
      if (under(e->index.x->type)->kind != TYPE_ARRAY && !is_typeparam(e->index.x->type))
        return NULL;
      e = e->index.x;
      break;
    default: return NULL;
    }
  }
}

void check_mark_addr(Checker *c, Expr *e) {
  (void)c;
  Object *v = root_var(e);
  if (v)
    v->var.addrtaken = true;
}

void check_mark_assigned(Checker *c, Expr *e) {
  (void)c;
  Object *v = root_var(e);
  if (v)
    v->var.reassigned = true;
}

static void add_capture(FuncInfo *fi, Object *v) {
  for (int i = 0; i < fi->captures.n; i++)
    if (fi->captures.v[i] == v)
      return;
  vec_push(types_arena, &fi->captures, v);
}

void check_mark_use(Checker *c, Object *v) {
  FuncInfo *owner = v->var.owner;
  if (!owner || !c->env.func || c->env.func == owner)
    return;
  v->var.captured = true;
  for (FuncInfo *fi = c->env.func; fi && fi != owner; fi = fi->outer)
    add_capture(fi, v);
}
