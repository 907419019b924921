// chktype.c: type expressions: names, literals of types, instances, signatures, structs, interfaces
// and constraints.
#include "driver/types/check.h"
#include "driver/types/core.h"
#include <string.h>

#define TS(t)   type_string((t), c->env.pkg)
#define INVALID t_basic[TYPE_INVALID]

// The element of an array, slice or map whose type is just being looked at.
static Type *incomplete(void) {
  static Type *t;
  if (!t) {
    t = type_new(TYPE_INVALID);
    t->basic.name = t_basic[TYPE_INVALID]->basic.name;
  }
  return t;
}

bool check_is_incomplete(Type *elem) {
  return elem == incomplete();
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
  t->array.elem = incomplete();
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

// ---- unions and interfaces

typedef struct UnionCheck {
  Type *type;
  Expr **exprs;
} UnionCheck;

static const char *term_string(Checker *c, Term t) {
  return atom_printf("%s%s", t.tilde ? "~" : "", TS(t.type));
}

static bool terms_overlap(Term x, Term y) {
  Type *ux = x.type, *uy = y.type;
  if (y.tilde)
    ux = under(ux);
  if (x.tilde)
    uy = under(uy);
  return types_identical(ux, uy);
}

static void check_term(Checker *c, UnionCheck *k, int i) {
  Term *terms = k->type->uni.terms;
  Term t = terms[i];
  Pos pos = expr_start(k->exprs[i]);
  if (t.type == INVALID)
    return;
  Type *u = under(t.type);
  if (t.tilde && u->kind == TYPE_INTERFACE) {
    check_error(c, pos, "invalid use of ~ (%s is an interface)", TS(t.type));
    return;
  }
  if (t.tilde && !types_identical(u, t.type)) {
    check_error(c, pos, "invalid use of ~ (underlying type of %s is %s)", TS(t.type), TS(u));
    return;
  }
  if (u->kind == TYPE_INTERFACE) {
    const TypeSet *s = type_set(u);
    const char *str = term_string(c, t);
    if (s->methods.n)
      check_error(c, pos, "cannot use %s in union (%s contains methods)", str, str);
    else if (t.type == t_comparable)
      check_error(c, pos, "cannot use comparable in union");
    else if (s->comparable_)
      check_error(c, pos, "cannot use %s in union (%s embeds comparable)", str, str);
    return;
  }
  for (int j = 0; j < i; j++) {
    if (terms[j].type == INVALID || under(terms[j].type)->kind == TYPE_INTERFACE)
      continue;
    if (terms_overlap(terms[j], t)) {
      check_error(c, pos, "overlapping terms %s and %s", term_string(c, t),
                  term_string(c, terms[j]));
      return;
    }
  }
}

static void later_union(Checker *c, void *arg) {
  UnionCheck *k = arg;
  for (int i = 0; i < k->type->uni.n; i++)
    check_term(c, k, i);
}

static Term parse_term(Checker *c, Expr *e) {
  bool tilde = e->kind == EXPR_UNARY && e->unary.op == TOK_TILDE;
  Expr *x = tilde ? e->unary.x : e;
  Type *t = check_type(c, x);
  if (is_typeparam(t)) {
    if (tilde)
      check_error(c, expr_start(x), "type in term %s cannot be a type parameter", expr_string(e));
    else
      check_error(c, expr_start(x), "term cannot be a type parameter");
    t = INVALID;
  }
  if (tilde)
    check_record_type(e, MODE_TYPE, t, NULL);
  return (Term){tilde, t};
}

static void flatten_union(Checker *c, Expr *e, ExprList *out) {
  if (e->kind == EXPR_BINARY && e->binary.op == TOK_OR) {
    flatten_union(c, e->binary.x, out);
    e = e->binary.y;
  }
  vec_push(c->arena, out, e);
}

enum { MAX_TERMS = 100 };

static Type *parse_union(Checker *c, Expr *e) {
  ExprList list = {0};
  flatten_union(c, e, &list);
  Type *u = type_new(TYPE_UNION);
  u->uni.terms = NEW_ARRAY(c->arena, Term, list.n < MAX_TERMS ? list.n : MAX_TERMS);
  bool too_many = false;
  for (int i = 0; i < list.n; i++) {
    Term t = parse_term(c, list.v[i]);
    if (list.n == 1 && !t.tilde)
      return t.type;
    if (u->uni.n < MAX_TERMS)
      u->uni.terms[u->uni.n++] = t;
    else if (!too_many) {
      too_many = true;
      check_error(c, expr_start(list.v[i]),
                  "cannot handle more than %d union terms (implementation limitation)", MAX_TERMS);
    }
  }
  if (too_many)
    return INVALID;
  check_record_type(e, MODE_TYPE, u, NULL);
  UnionCheck *k = NEW(c->arena, UnionCheck);
  *k = (UnionCheck){u, list.v};
  check_later(c, later_union, k);
  return u;
}

// Before go1.18 interfaces embed nothing but interfaces with methods.
static void check_embeds_lang(Checker *c, Type *t) {
  int n = 0;
  for (int i = 0; i < t->iface.embeds.n; i++) {
    Type *e = t->iface.embeds.v[i], *u = under(e);
    Pos pos = t->iface.embedpos.v[i];
    const char *what = NULL;
    if (u->kind == TYPE_UNION)
      what = atom_printf("embedding interface element %s", TS(u));
    else if (u->kind == TYPE_INTERFACE &&
             (type_set(u)->comparable_ || typeset_has_terms(type_set(u))))
      what = atom_printf("embedding constraint interface %s", TS(e));
    else if (u->kind != TYPE_INTERFACE && u->kind != TYPE_INVALID)
      what = atom_printf("embedding non-interface type %s", TS(e));
    if (what) {
      check_lang(c, pos, 18, what);
      continue;
    }
    t->iface.embedpos.v[n] = pos;
    t->iface.embeds.v[n++] = e;
  }
  t->iface.embeds.n = t->iface.embedpos.n = n;
}

static void later_type_set(Checker *c, void *arg) {
  if (!check_allowed(c, 18))
    check_embeds_lang(c, arg);
  type_set(arg);
}

// Exported methods first, then by name: the order in which they are printed.
static bool method_before(Object *a, Object *b) {
  bool ea = is_exported(a->name), eb = is_exported(b->name);
  return ea != eb ? ea : strcmp(a->name, b->name) < 0;
}

static void add_method(Checker *c, Type *t, Object *m) {
  ObjectList *l = &t->iface.methods;
  vec_push(c->arena, l, m);
  for (int i = l->n - 1; i > 0 && method_before(m, l->v[i - 1]); i--) {
    l->v[i] = l->v[i - 1];
    l->v[i - 1] = m;
  }
}

static void interface_type(Checker *c, Type *t, Expr *e, Type *def) {
  t->iface.incomplete = true;
  bool inside = c->env.in_iface;
  if (!inside)
    vec_push(c->arena, &check_pkginfo(c->env.pkg)->ifaces, ((TypeAt){t, e->pos}));
  c->env.in_iface = true;
  for (int i = 0; i < e->iface.embeds.n; i++) {
    Expr *x = e->iface.embeds.v[i];
    Type *u = parse_union(c, x);
    vec_push(c->arena, &t->iface.embeds, u);
    vec_push(c->arena, &t->iface.embedpos, expr_start(x));
  }
  for (int i = 0; i < e->iface.methods.n; i++) {
    Field *f = e->iface.methods.v[i];
    if (strcmp(f->name->name.id, "_") == 0) {
      check_error(c, f->name->pos, "methods must have a unique non-blank name");
      continue;
    }
    Type *sig = check_type(c, f->type);
    if (sig->kind != TYPE_FUNC)
      continue;
    sig->func.recv = object_new(OBJ_VAR, f->name->pos, c->env.pkg, atom(""), def ? def : t);
    Object *m = object_new(OBJ_FUNC, f->name->pos, c->env.pkg, f->name->name.id, sig);
    m->func.is_method = true;
    f->obj = m;
    f->name->name.obj = m;
    add_method(c, t, m);
  }
  t->iface.incomplete = false;
  c->env.in_iface = inside;
  if (t->iface.methods.n || t->iface.embeds.n)
    check_later(c, later_type_set, t);
}

// ---- type parameters

static Type *declare_type_param(Checker *c, Expr *name, int index) {
  Object *o = object_new(OBJ_TYPENAME, name->pos, c->env.pkg, name->name.id, NULL);
  Type *t = type_new(TYPE_TYPEPARAM);
  t->tparam.obj = o;
  t->tparam.index = index;
  t->tparam.bound = INVALID;
  o->type = t;
  o->state = OBJ_BLACK;
  name->name.obj = o;
  check_declare(c, c->env.scope, o);
  return t;
}

// ~T and A|B are constraints without an interface around them.
static Type *bound_type(Checker *c, Expr *e) {
  bool literal = (e->kind == EXPR_UNARY && e->unary.op == TOK_TILDE) ||
                 (e->kind == EXPR_BINARY && e->binary.op == TOK_OR);
  if (!literal)
    return check_type(c, e);
  Type *t = type_new(TYPE_INTERFACE);
  t->iface.implicit = true;
  t->iface.incomplete = true;
  Type *u = parse_union(c, e);
  vec_push(c->arena, &t->iface.embeds, u);
  vec_push(c->arena, &t->iface.embedpos, expr_start(e));
  t->iface.incomplete = false;
  check_later(c, later_type_set, t);
  check_record_type(e, MODE_TYPE, t, NULL);
  return t;
}

void check_type_params(Checker *c, FieldList *fields, TypeList *out) {
  for (int i = 0; i < fields->n; i++) {
    Type *t = declare_type_param(c, fields->v[i]->name, i);
    fields->v[i]->obj = t->tparam.obj;
    vec_push(c->arena, out, t);
  }
  bool saved = c->env.in_tparam_list;
  c->env.in_tparam_list = true;
  Type *bound = INVALID;
  for (int i = 0; i < fields->n; i++) {
    Field *f = fields->v[i];
    if (i == 0 || f->type != fields->v[i - 1]->type) {
      bound = bound_type(c, f->type);
      if (is_typeparam(bound)) {
        check_error(c, expr_start(f->type), "cannot use a type parameter as constraint");
        bound = INVALID;
      }
    }
    out->v[i]->tparam.bound = bound;
  }
  c->env.in_tparam_list = saved;
}

// ---- signatures

// func (r *T[P, _]) m(): declares P anew, constrained as T's own parameter.
static void recv_type_params(Checker *c, Type *sig, Field *recv) {
  bool ptr;
  Expr *index, *rname = check_unpack_recv(recv->type, &ptr, &index);
  if (!index)
    return;
  TypeList *tparams = &sig->func.recv_tparams;
  for (int i = 0; i < index->index.index.n; i++) {
    Expr *arg = index->index.index.v[i];
    if (arg->kind != EXPR_NAME) {
      if (arg->kind != EXPR_BAD)
        check_error(c, expr_start(arg), "receiver type parameter %s must be an identifier",
                    expr_string(arg));
      Expr *blank = NEW(c->arena, Expr);
      blank->kind = EXPR_NAME;
      blank->pos = arg->pos;
      blank->name.id = atom("_");
      arg = blank;
    }
    Type *t = declare_type_param(c, arg, i);
    vec_push(c->arena, tparams, t);
    if (strcmp(arg->name.id, "_") == 0)
      ptrmap_set(c->blank_tparams, arg, t);
  }
  if (!rname)
    return;
  Operand x;
  check_ident(c, &x, rname, NULL, true);
  if (x.mode != MODE_TYPE || x.type->kind != TYPE_NAMED)
    return;
  check_record_type(rname, MODE_TYPE, x.type, NULL);
  TypeList *declared = &x.type->named.tparams;
  if (tparams->n < declared->n) {
    check_error(c, expr_start(recv->type),
                "got %d type parameter%s, but receiver base type declares %d", tparams->n,
                tparams->n == 1 ? "" : "s", declared->n);
    return;
  }
  if (tparams->n != declared->n)
    return;
  TypeEnv env = {*declared, *tparams};
  for (int i = 0; i < tparams->n; i++)
    tparams->v[i]->tparam.bound = types_subst(declared->v[i]->tparam.bound, &env);
}

typedef struct RecvCheck {
  Object *recv;
  Type *sig;
} RecvCheck;

static void later_receiver(Checker *c, void *arg) {
  RecvCheck *k = arg;
  bool ptr;
  Type *t = deref(k->recv->type, &ptr);
  Pos pos = k->recv->pos;
  if (t == INVALID)
    return;
  if (t->kind == TYPE_NAMED) {
    Type *u = under(t);
    const char *cause = NULL;
    if (t->named.targs.n && !k->sig->func.recv_tparams.n)
      check_error(c, pos, "cannot define new methods on instantiated type %s", TS(t));
    else if (t->named.obj->pkg != c->env.pkg)
      check_error(c, pos, "cannot define new methods on non-local type %s", TS(t));
    else if (u->kind == TYPE_UNSAFEPOINTER)
      cause = "unsafe.Pointer";
    else if (u->kind == TYPE_POINTER || u->kind == TYPE_INTERFACE)
      cause = "pointer or interface type";
    if (cause)
      check_error(c, pos, "invalid receiver type %s (%s)", TS(t), cause);
  } else if (t->kind <= TYPE_LAST_BASIC) {
    check_error(c, pos, "cannot define new methods on non-local type %s", TS(t));
  } else {
    check_error(c, pos, "invalid receiver type %s", TS(k->recv->type));
  }
}

static ObjectList collect_params(Checker *c, FieldList *list, bool variadic_ok, bool *variadic) {
  ObjectList params = {0};
  Type *t = NULL;
  *variadic = false;
  for (int i = 0; i < list->n; i++) {
    Field *f = list->v[i];
    if (i == 0 || f->type != list->v[i - 1]->type) {
      Expr *e = f->type;
      if (e->kind == EXPR_ELLIPSIS) {
        if (variadic_ok && i == list->n - 1)
          *variadic = true;
        else
          check_error(c, e->pos, "can only use ... with final parameter in list");
        e = e->ellipsis.elem;
      }
      t = e ? check_var_type(c, e) : INVALID;
    }
    Object *o = object_new(OBJ_VAR, f->name ? f->name->pos : f->pos, c->env.pkg,
                           f->name ? f->name->name.id : atom(""), t);
    o->var.is_param = true;
    o->used = true;
    f->obj = o;
    if (f->name)
      check_record_def(f->name, o);
    vec_push(c->arena, &params, o);
  }
  if (*variadic) {
    Object *last = params.v[params.n - 1];
    last->type = type_slice(last->type);
    check_record_type(list->v[list->n - 1]->type, MODE_TYPE, last->type, NULL);
    if (list->v[list->n - 1]->name)
      check_record_def(list->v[list->n - 1]->name, last);
  }
  return params;
}

static void declare_params(Checker *c, ObjectList *l, Scope *scope, FuncInfo *owner) {
  for (int i = 0; i < l->n; i++) {
    Object *o = l->v[i];
    o->var.owner = owner;
    if (owner)
      vec_push(c->arena, &owner->locals, o);
    if (o->name[0])
      check_declare(c, scope, o);
  }
}

void check_func_type(Checker *c, Type *sig, Expr *e, Field *recv, Scope *scope, FuncInfo *owner) {
  Scope *saved = c->env.scope;
  c->env.scope = scope;
  ObjectList recvs = {0};
  bool variadic;
  if (recv)
    recv_type_params(c, sig, recv);
  if (e->functype.tparams.n)
    check_type_params(c, &e->functype.tparams, &sig->func.tparams);
  if (recv) {
    FieldList one = {0};
    vec_push(c->arena, &one, recv);
    recvs = collect_params(c, &one, false, &variadic);
  }
  ObjectList params = collect_params(c, &e->functype.params, true, &sig->func.variadic);
  ObjectList results = collect_params(c, &e->functype.results, false, &variadic);
  for (int i = 0; i < results.n; i++) {
    results.v[i]->var.is_param = false;
    results.v[i]->var.is_result = true;
  }
  declare_params(c, &recvs, scope, owner);
  declare_params(c, &params, scope, owner);
  declare_params(c, &results, scope, owner);
  if (recv) {
    sig->func.recv = recvs.v[0];
    RecvCheck *k = NEW(c->arena, RecvCheck);
    *k = (RecvCheck){recvs.v[0], sig};
    check_later(c, later_receiver, k);
  }
  sig->func.params = params;
  sig->func.results = results;
  c->env.scope = saved;
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
  t->slice.elem = incomplete();
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
  t->map.key = t->map.elem = incomplete();
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
    interface_type(c, t, e, def);
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
