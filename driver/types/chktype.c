// chktype.c: type expressions: names, literals of types but interfaces and signatures, instances.
#include "driver/types/check.h"
#include "driver/types/core.h"
#include <string.h>

#define TS(t)   type_string((t), c->env.pkg)
#define INVALID t_basic[TYPE_INVALID]

// The element of an array, slice or map whose type is just being looked at.
Type *check_incomplete(void) {
  static Type *t;
  if (!t) {
    t = type_new(TYPE_INVALID);
    t->basic.name = t_basic[TYPE_INVALID]->basic.name;
  }
  return t;
}

bool check_is_incomplete(Type *elem) {
  return elem == check_incomplete();
}

// ---- names

static void mark_dot_import(Checker *c, Object *o, Scope *where) {
  if (!c->env.file || where != c->env.file->scope || o->kind == OBJ_PKGNAME)
    return;
  PackageInfo *info = check_pkginfo(c->env.pkg);
  for (int i = 0; i < info->imports.n; i++) {
    Object *p = info->imports.v[i];
    if (p->pkgname.imported == o->pkg && p->parent == where && strcmp(p->name, ".") == 0)
      p->used = true;
  }
}

static void undefined_name(Checker *c, Operand *x, Expr *e) {
  if (strcmp(e->name.id, "_") != 0) {
    check_error(c, e->pos, "undefined: %s", e->name.id);
    return;
  }
  Type *tparam = ptrmap_get(c->blank_tparams, e);
  if (tparam) {
    x->mode = MODE_TYPE;
    x->type = tparam;
    e->name.obj = tparam->tparam.obj;
    return;
  }
  check_error(c, e->pos, "cannot use _ as value or type");
}

static void ident_const(Checker *c, Operand *x, Object *o) {
  check_add_dep(c, o);
  if (o->type == INVALID)
    return;
  x->val = o->cons.val;
  if (!o->pkg && strcmp(o->name, "iota") == 0) {
    if (!c->env.iota) {
      check_error(c, x->expr->pos, "cannot use iota outside constant declaration");
      return;
    }
    x->val = c->env.iota;
  }
  x->mode = MODE_CONST;
  x->type = o->type;
}

static bool predeclared_ok(Checker *c, Expr *e, Object *o) {
  if (o->pkg || (strcmp(o->name, "any") != 0 && strcmp(o->name, "comparable") != 0))
    return true;
  return check_allowed(c, 18) ||
         check_lang(c, e->pos, 18, atom_printf("predeclared %s", e->name.id));
}

void check_ident(Checker *c, Operand *x, Expr *e, Type *def, bool want_type) {
  (void)def;
  *x = (Operand){.mode = MODE_INVALID, .type = INVALID, .expr = e};
  Scope *where = NULL;
  Object *o = scope_lookup_parent(c->env.scope, e->name.id, e->pos, &where);
  if (!o) {
    undefined_name(c, x, e);
    return;
  }
  if (!predeclared_ok(c, e, o))
    return;
  e->name.obj = o;
  if (o->kind != OBJ_TYPENAME && want_type) {
    check_error(c, e->pos, "%s is not a type", o->name);
    if (o->kind == OBJ_VAR && o->pkg == c->env.pkg)
      o->used = true;
    return;
  }
  if (!o->type || o->state == OBJ_WHITE || (o->kind == OBJ_TYPENAME && want_type))
    check_obj_decl(c, o);
  mark_dot_import(c, o, where);
  switch (o->kind) {
  case OBJ_PKGNAME: check_error(c, e->pos, "use of package %s not in selector", o->name); return;
  case OBJ_CONST: ident_const(c, x, o); return;
  case OBJ_TYPENAME: x->mode = MODE_TYPE; break;
  case OBJ_VAR:
    if (o->pkg == c->env.pkg)
      o->used = true;
    check_add_dep(c, o);
    if (!o->type || o->type == INVALID)
      return;
    check_mark_use(c, o);
    x->mode = MODE_VAR;
    break;
  case OBJ_FUNC:
    check_add_dep(c, o);
    x->mode = MODE_VALUE;
    break;
  case OBJ_BUILTIN:
    x->id = o->builtin.id;
    x->mode = MODE_BUILTIN;
    break;
  case OBJ_NIL: x->mode = MODE_NIL; break;
  case OBJ_LABEL: break;
  }
  x->type = o->type ? o->type : INVALID;
}

// Sizes are gc's back end's business: they are looked at when all else is fine (postcheck.c).
static void limit_size(Checker *c, Type *t, Pos pos) {
  vec_push(c->arena, &check_pkginfo(c->env.pkg)->sizes, ((TypeAt){t, pos}));
}

// ---- arrays

static int64_t array_length(Checker *c, Expr *e) {
  if (e->kind == EXPR_NAME) {
    Object *o = scope_lookup_parent(c->env.scope, e->name.id, e->pos, NULL);
    if (!o) {
      check_error(c, e->pos, "undefined array length %s or missing type constraint", e->name.id);
      return -1;
    }
    if (o->kind != OBJ_CONST) {
      check_error(c, e->pos, "invalid array length %s", e->name.id);
      return -1;
    }
  }
  Operand x;
  check_expr(c, NULL, &x, e);
  if (x.mode != MODE_CONST) {
    if (x.mode != MODE_INVALID)
      check_error(c, expr_start(e), "array length %s must be constant",
                  check_operand_string(c, &x));
    return -1;
  }
  int64_t n;
  if (const_kind(x.val) == CONST_UNKNOWN)
    return -1;
  if (is_untyped(x.type) || is_integer(x.type)) {
    ConstVal *v = const_to_int(x.val);
    if (const_kind(v) == CONST_INT && const_int64(v, &n) && n >= 0)
      return n;
  }
  check_error(c, expr_start(e),
              is_integer(x.type) ? "invalid array length %s" : "array length %s must be integer",
              check_operand_string(c, &x));
  return -1;
}

static void set_def(Type *def, Type *t) {
  if (def)
    def->named.underlying = t;
}

static Type *array_type(Checker *c, Expr *e, Type *def) {
  Type *t = type_new(TYPE_ARRAY);
  t->array.elem = check_incomplete();
  set_def(def, t);
  if (e->array.len && e->array.len->kind != EXPR_ELLIPSIS) {
    t->array.len = array_length(c, e->array.len);
  } else {
    check_error(c, e->pos, "invalid use of [...] array (outside a composite literal)");
    t->array.len = -1;
  }
  t->array.elem = check_var_type(c, e->array.elem);
  if (t->array.len >= 1 << 20)
    limit_size(c, t, e->pos);
  return t->array.len >= 0 ? t : INVALID;
}

// ---- structs

static Expr *embedded_name(Expr *e) {
  switch (e->kind) {
  case EXPR_NAME: return e;
  case EXPR_STAR: return e->star.x->kind == EXPR_STAR ? NULL : embedded_name(e->star.x);
  case EXPR_SELECTOR: return e->selector.sel;
  case EXPR_INDEX: return embedded_name(e->index.x);
  case EXPR_PAREN: return embedded_name(e->paren.x);
  default: return NULL;
  }
}

typedef struct EmbedCheck {
  Type *type;
  Pos pos;
} EmbedCheck;

static void later_embedded(Checker *c, void *arg) {
  EmbedCheck *k = arg;
  bool ptr;
  Type *t = deref(k->type, &ptr), *u = under(t);
  if (u->kind == TYPE_UNSAFEPOINTER)
    check_error(c, k->pos, "embedded field type cannot be unsafe.Pointer");
  else if (is_typeparam(t))
    check_error(c, k->pos, "embedded field type cannot be a (pointer to a) type parameter");
  else if (u->kind == TYPE_POINTER)
    check_error(c, k->pos, "embedded field type cannot be a pointer");
  else if (u->kind == TYPE_INTERFACE && ptr)
    check_error(c, k->pos, "embedded field type cannot be a pointer to an interface");
}

static void add_field(Checker *c, Type *s, PtrMap *names, Field *f, Pos pos, Atom name, Type *t) {
  Object *o = object_new(OBJ_VAR, pos, c->env.pkg, name, t);
  o->var.is_field = true;
  o->var.embedded = f->embedded;
  o->used = true;
  f->obj = o;
  if (f->name)
    f->name->name.obj = o;
  if (strcmp(name, "_") != 0) {
    Object *alt = ptrmap_get(names, name);
    if (alt) {
      check_error(c, pos, "%s redeclared\n\t%s: other declaration of %s", name, pos_str(alt->pos),
                  name);
      return;
    }
    ptrmap_set(names, name, o);
  }
  o->var.fieldindex = s->strct.fields.n;
  vec_push(c->arena, &s->strct.fields, o);
  s->strct.tags[o->var.fieldindex] = f->tag;
  s->strct.taglens[o->var.fieldindex] = f->taglen;
}

static void struct_type(Checker *c, Type *s, Expr *e) {
  FieldList *fields = &e->structtype.fields;
  s->strct.tags = NEW_ARRAY(c->arena, const char *, fields->n + 1);
  s->strct.taglens = NEW_ARRAY(c->arena, size_t, fields->n + 1);
  s->strct.incomplete = true;
  PtrMap *names = ptrmap_new(c->arena);
  Type *t = NULL;
  for (int i = 0; i < fields->n; i++) {
    Field *f = fields->v[i];
    if (i == 0 || f->type != fields->v[i - 1]->type)
      t = check_var_type(c, f->type);
    if (!f->embedded) {
      add_field(c, s, names, f, f->name->pos, f->name->name.id, t);
      continue;
    }
    Expr *name = embedded_name(f->type);
    if (!name) {
      check_error(c, expr_start(f->type), "invalid embedded field type %s", expr_string(f->type));
      continue;
    }
    add_field(c, s, names, f, name->pos, name->name.id, t);
    EmbedCheck *k = NEW(c->arena, EmbedCheck);
    *k = (EmbedCheck){t, expr_start(f->type)};
    check_later(c, later_embedded, k);
  }
  s->strct.incomplete = false;
}

// ---- instances

bool check_type_list(Checker *c, ExprList *l, TypeList *out) {
  bool ok = true;
  for (int i = 0; i < l->n; i++) {
    Type *t = check_var_type(c, l->v[i]);
    if (t == INVALID)
      ok = false;
    vec_push(c->arena, out, t);
  }
  return ok;
}

void check_record_instance(Checker *c, Pos pos, TypeList tparams, TypeList targs, ExprList *xlist) {
  for (int i = 0; i < tparams.n && i < targs.n; i++) {
    TypeList param = {&tparams.v[i], 1, 1}, arg = {&targs.v[i], 1, 1};
    record_instance(c->env.pkg, xlist && i < xlist->n ? expr_start(xlist->v[i]) : pos, param, arg);
  }
}

typedef struct InstanceCheck {
  Expr *x;
  ExprList *xlist;
  Type *inst;
} InstanceCheck;

static void later_instance(Checker *c, void *arg) {
  InstanceCheck *k = arg;
  TypeList tparams = k->inst->named.origin->named.tparams, targs = k->inst->named.targs;
  const char *cause = NULL;
  int i = verify_instance(tparams, targs, &cause);
  if (i >= 0)
    check_error(c, i < k->xlist->n ? expr_start(k->xlist->v[i]) : k->x->pos, "%s",
                cause ? cause : "");
  else
    check_record_instance(c, k->x->pos, tparams, targs, k->xlist);
  check_valid_type(c, k->inst);
}

static Type *generic_type(Checker *c, Expr *e, const char **cause);

static Type *instantiated_type(Checker *c, Expr *e, Type *def) {
  Expr *x = e->index.x;
  ExprList *xlist = &e->index.index;
  const char *cause = NULL;
  Type *g = generic_type(c, x, &cause);
  if (cause) {
    Buf b = {0};
    for (int i = 0; i < xlist->n; i++)
      buf_printf(&b, "%s%s", i ? ", " : "", expr_string(xlist->v[i]));
    check_error(c, expr_start(x), "invalid operation: %s[%s] (%s)", expr_string(x), buf_str(&b),
                cause);
    buf_free(&b);
  }
  if (g == INVALID)
    return g;
  TypeList targs = {0};
  if (!check_type_list(c, xlist, &targs))
    return INVALID;
  int want = g->named.tparams.n;
  if (targs.n != want) {
    check_error(c, x->pos, "%s type arguments for type %s: have %d, want %d",
                targs.n < want ? "not enough" : "too many", g->named.obj->name, targs.n, want);
    return INVALID;
  }
  Type *inst = type_instantiate(g, targs);
  if (!ptrmap_get(c->inst_pos, inst))
    ptrmap_set(c->inst_pos, inst, arena_dup(c->arena, &x->pos, sizeof x->pos));
  set_def(def, inst);
  InstanceCheck *k = NEW(c->arena, InstanceCheck);
  *k = (InstanceCheck){x, xlist, inst};
  check_later(c, later_instance, k);
  return inst;
}

// ---- all type expressions

static Type *named_type(Checker *c, Expr *e, Type *def) {
  Operand x;
  if (e->kind == EXPR_NAME)
    check_ident(c, &x, e, def, true);
  else
    check_selector(c, &x, e, def, true);
  switch (x.mode) {
  case MODE_TYPE: set_def(def, x.type); return x.type;
  case MODE_INVALID: break;
  case MODE_NOVALUE:
    check_error(c, expr_start(e), "%s used as type", check_operand_string(c, &x));
    break;
  default: check_error(c, expr_start(e), "%s is not a type", check_operand_string(c, &x));
  }
  set_def(def, INVALID);
  return INVALID;
}

static Type *pointer_type(Checker *c, Expr *e, Type *def) {
  if (!def) {
    Type *elem = check_var_type(c, e->star.x);
    return elem == INVALID ? INVALID : type_pointer(elem);
  }
  Type *t = type_new(TYPE_POINTER);
  t->pointer.elem = INVALID;
  set_def(def, t);
  t->pointer.elem = check_var_type(c, e->star.x);
  return t->pointer.elem == INVALID ? INVALID : t;
}

static Type *slice_type(Checker *c, Expr *e, Type *def) {
  if (!def)
    return type_slice(check_var_type(c, e->slicetype.elem));
  Type *t = type_new(TYPE_SLICE);
  t->slice.elem = check_incomplete();
  set_def(def, t);
  t->slice.elem = check_var_type(c, e->slicetype.elem);
  return t;
}

typedef struct KeyCheck {
  Type *key;
  Expr *e;
} KeyCheck;

static void later_map_key(Checker *c, void *arg) {
  KeyCheck *k = arg;
  if (k->key == INVALID || type_comparable(k->key, true, NULL))
    return;
  check_error(c, expr_start(k->e), "invalid map key type %s%s", TS(k->key),
              is_typeparam(k->key) ? " (missing comparable constraint)" : "");
}

static Type *map_type(Checker *c, Expr *e, Type *def) {
  Type *t = type_new(TYPE_MAP);
  t->map.key = t->map.elem = check_incomplete();
  set_def(def, t);
  t->map.key = check_var_type(c, e->map.key);
  t->map.elem = check_var_type(c, e->map.elem);
  KeyCheck *k = NEW(c->arena, KeyCheck);
  *k = (KeyCheck){t->map.key, e->map.key};
  check_later(c, later_map_key, k);
  return t;
}

static Type *chan_type(Checker *c, Expr *e, Type *def) {
  Type *t = type_new(TYPE_CHAN);
  t->chan.elem = INVALID;
  t->chan.dir = e->chan.dir;
  set_def(def, t);
  Type *elem = t->chan.elem = check_var_type(c, e->chan.elem);
  if (elem->kind == TYPE_NAMED || elem->kind == TYPE_ARRAY || elem->kind == TYPE_STRUCT)
    limit_size(c, t, e->pos);
  return t;
}

static Type *type_internal(Checker *c, Expr *e, Type *def) {
  Type *t;
  switch (e->kind) {
  case EXPR_BAD: break;
  case EXPR_NAME:
  case EXPR_SELECTOR: return named_type(c, e, def);
  case EXPR_INDEX:
    check_lang(c, e->pos, 18, "type instantiation");
    t = instantiated_type(c, e, def);
    if (t == INVALID)
      set_def(def, t);
    return t;
  case EXPR_PAREN: return check_def_type(c, e->paren.x, def);
  case EXPR_ARRAYTYPE: return array_type(c, e, def);
  case EXPR_SLICETYPE: return slice_type(c, e, def);
  case EXPR_MAPTYPE: return map_type(c, e, def);
  case EXPR_CHANTYPE: return chan_type(c, e, def);
  case EXPR_STAR: return pointer_type(c, e, def);
  case EXPR_ELLIPSIS:
    check_error(c, e->pos, "invalid use of '...'");
    if (e->ellipsis.elem)
      check_use_expr(c, e->ellipsis.elem, false);
    break;
  case EXPR_STRUCTTYPE:
    t = type_new(TYPE_STRUCT);
    set_def(def, t);
    struct_type(c, t, e);
    return t;
  case EXPR_FUNCTYPE:
    t = type_new(TYPE_FUNC);
    set_def(def, t);
    check_func_type(c, t, e, NULL, scope_new(c->env.scope, e->pos), NULL);
    return t;
  case EXPR_INTERFACETYPE:
    t = type_new(TYPE_INTERFACE);
    set_def(def, t);
    check_interface_type(c, t, e, def);
    return t;
  default:
    check_error(c, expr_start(e), "%s is not a type", expr_string(e));
    check_use_expr(c, e, false);
  }
  set_def(def, INVALID);
  return INVALID;
}

static Type *nested_type(Checker *c, Expr *e, Type *def) {
  if (c->depth >= CHECK_MAX_DEPTH) {
    check_error(c, expr_start(e), "type nested too deeply");
    return INVALID;
  }
  c->depth++;
  Type *t = type_internal(c, e, def);
  c->depth--;
  return t;
}

static Type *generic_type(Checker *c, Expr *e, const char **cause) {
  Type *t = nested_type(c, e, NULL);
  if (t != INVALID && !type_is_generic(t)) {
    *cause = atom_printf("%s is not a generic type", TS(t));
    t = INVALID;
  }
  check_record_type(e, MODE_TYPE, t, NULL);
  return t;
}

Type *check_def_type(Checker *c, Expr *e, Type *def) {
  Type *t = nested_type(c, e, def);
  if (type_is_generic(t)) {
    check_error(c, expr_start(e), "cannot use generic type %s without instantiation", TS(t));
    t = INVALID;
  }
  check_record_type(e, MODE_TYPE, t, NULL);
  return t;
}

Type *check_type(Checker *c, Expr *e) {
  return check_def_type(c, e, NULL);
}

typedef struct VarTypeCheck {
  Type *type;
  Pos pos;
} VarTypeCheck;

static void later_var_type(Checker *c, void *arg) {
  VarTypeCheck *k = arg;
  Type *u = under(k->type);
  if (u->kind != TYPE_INTERFACE)
    return;
  const TypeSet *s = type_set(u);
  if (s->comparable_)
    check_error(c, k->pos,
                "cannot use type %s outside a type constraint: interface is (or embeds) comparable",
                TS(k->type));
  else if (typeset_has_terms(s))
    check_error(c, k->pos,
                "cannot use type %s outside a type constraint: interface contains type constraints",
                TS(k->type));
}

void check_valid_var_type(Checker *c, Expr *e, Type *t) {
  if (t->kind != TYPE_NAMED && t->kind != TYPE_INTERFACE)
    return;
  if (t->kind == TYPE_NAMED && t->named.underlying && t->named.underlying->kind != TYPE_INTERFACE &&
      t->named.underlying->kind != TYPE_NAMED)
    return;
  if (t == t_any || t == t_error)
    return;
  VarTypeCheck *k = NEW(c->arena, VarTypeCheck);
  *k = (VarTypeCheck){t, expr_start(e)};
  check_later(c, later_var_type, k);
}

Type *check_var_type(Checker *c, Expr *e) {
  Type *t = check_def_type(c, e, NULL);
  check_valid_var_type(c, e, t);
  return t;
}
