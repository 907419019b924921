// chkiface.c: interfaces, unions, type parameters and their constraints.
#include "driver/types/check.h"
#include "driver/types/core.h"
#include <string.h>

#define TS(t)   type_string((t), c->env.pkg)
#define INVALID t_basic[TYPE_INVALID]

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

Type *check_union(Checker *c, Expr *e) {
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

void check_interface_type(Checker *c, Type *t, Expr *e, Type *def) {
  t->iface.incomplete = true;
  bool inside = c->env.in_iface;
  if (!inside)
    vec_push(c->arena, &check_pkginfo(c->env.pkg)->ifaces, ((TypeAt){t, e->pos}));
  c->env.in_iface = true;
  for (int i = 0; i < e->iface.embeds.n; i++) {
    Expr *x = e->iface.embeds.v[i];
    Type *u = check_union(c, x);
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

Type *check_declare_type_param(Checker *c, Expr *name, int index) {
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
  Type *u = check_union(c, e);
  vec_push(c->arena, &t->iface.embeds, u);
  vec_push(c->arena, &t->iface.embedpos, expr_start(e));
  t->iface.incomplete = false;
  check_later(c, later_type_set, t);
  check_record_type(e, MODE_TYPE, t, NULL);
  return t;
}

void check_type_params(Checker *c, FieldList *fields, TypeList *out) {
  for (int i = 0; i < fields->n; i++) {
    Type *t = check_declare_type_param(c, fields->v[i]->name, i);
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
