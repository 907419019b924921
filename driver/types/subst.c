// subst.c: puts type arguments for type parameters.
//
// A type in which nothing changes is returned as it is, so that sharing stays; a changed struct or
// signature has new objects for what changed, whose `origin` is the generic one. Named types are
// never looked into: an instance gets new arguments (instance.c), a local type of a generic
// function new arguments for the type parameters around it.
#include "driver/types/check.h"
#include "driver/types/core.h"

static int tparam_index(const TypeList *l, Type *t) {
  for (int i = 0; i < l->n; i++)
    if (l->v[i] == t)
      return i;
  return -1;
}

static TypeList subst_list(TypeList l, const TypeEnv *env, bool *changed) {
  TypeList r = {0};
  bool any = false;
  for (int i = 0; i < l.n; i++) {
    vec_push(types_arena, &r, types_subst(l.v[i], env));
    any |= r.v[i] != l.v[i];
  }
  *changed |= any;
  return any ? r : l;
}

static Object *subst_var(Object *v, const TypeEnv *env) {
  Type *t = v->type ? types_subst(v->type, env) : NULL;
  if (t == v->type)
    return v;
  Object *n = NEW(types_arena, Object);
  *n = *v;
  n->irgen = NULL;
  n->type = t;
  n->var.origin = v->var.origin ? v->var.origin : v;
  return n;
}

ObjectList vars_subst(ObjectList vars, const TypeEnv *env) {
  ObjectList r = {0};
  bool changed = false;
  for (int i = 0; i < vars.n; i++) {
    Object *n = subst_var(vars.v[i], env);
    changed |= n != vars.v[i];
    vec_push(types_arena, &r, n);
  }
  return changed ? r : vars;
}

Type *tuple_subst(Type *tuple, const TypeEnv *env) {
  ObjectList vars = vars_subst(tuple->tuple.vars, env);
  return vars.v == tuple->tuple.vars.v ? tuple : type_tuple(vars);
}

static Type *subst_struct(Type *t, const TypeEnv *env) {
  ObjectList fields = vars_subst(t->strct.fields, env);
  if (fields.v == t->strct.fields.v)
    return t;
  Type *r = type_new(TYPE_STRUCT);
  r->strct.fields = fields;
  r->strct.tags = t->strct.tags;
  r->strct.taglens = t->strct.taglens;
  return r;
}

static Type *subst_func(Type *t, const TypeEnv *env) {
  ObjectList params = vars_subst(t->func.params, env), results = vars_subst(t->func.results, env);
  if (params.v == t->func.params.v && results.v == t->func.results.v)
    return t;
  Type *r = type_new(TYPE_FUNC);
  r->func = t->func;
  r->func.params = params;
  r->func.results = results;
  return r;
}

static Object *subst_method(Object *m, const TypeEnv *env) {
  check_object(m);
  Type *t = m->type ? types_subst(m->type, env) : NULL;
  if (t == m->type)
    return m;
  Object *n = NEW(types_arena, Object);
  *n = *m;
  n->irgen = NULL;
  n->type = t;
  n->func.origin = m->func.origin ? m->func.origin : m;
  return n;
}

static Type *subst_iface(Type *t, const TypeEnv *env) {
  ObjectList methods = {0};
  bool changed = false;
  for (int i = 0; i < t->iface.methods.n; i++) {
    Object *n = subst_method(t->iface.methods.v[i], env);
    changed |= n != t->iface.methods.v[i];
    vec_push(types_arena, &methods, n);
  }
  TypeList embeds = subst_list(t->iface.embeds, env, &changed);
  if (!changed)
    return t;
  Type *r = type_new(TYPE_INTERFACE);
  r->iface.methods = methods;
  r->iface.embeds = embeds;
  for (int i = 0; i < t->iface.embedpos.n; i++)
    vec_push(types_arena, &r->iface.embedpos, t->iface.embedpos.v[i]);
  r->iface.implicit = t->iface.implicit;
  r->iface.comparable_ = t->iface.comparable_;
  return r;
}

static Type *subst_union(Type *t, const TypeEnv *env) {
  Term *terms = NEW_ARRAY(types_arena, Term, t->uni.n + 1);
  bool changed = false;
  for (int i = 0; i < t->uni.n; i++) {
    terms[i] = (Term){t->uni.terms[i].tilde, types_subst(t->uni.terms[i].type, env)};
    changed |= terms[i].type != t->uni.terms[i].type;
  }
  if (!changed)
    return t;
  Type *r = type_new(TYPE_UNION);
  r->uni.terms = terms;
  r->uni.n = t->uni.n;
  return r;
}

static Type *subst_named(Type *t, const TypeEnv *env) {
  Type *origin = t->named.origin ? t->named.origin : t;
  TypeList outer = t->named.outer_args.n ? t->named.outer_args : origin->named.outer;
  if (t->named.targs.n == 0 && outer.n == 0)
    return t;
  bool changed = false;
  TypeList targs = subst_list(t->named.targs, env, &changed);
  TypeList outer_args = subst_list(outer, env, &changed);
  return changed ? instance_get(origin, targs, outer_args) : t;
}

Type *types_subst(Type *t, const TypeEnv *env) {
  if (!t || env->params.n == 0)
    return t;
  Type *a, *b;
  switch (t->kind) {
  case TYPE_TYPEPARAM: {
    int i = tparam_index(&env->params, t);
    return i >= 0 && env->args.v[i] ? env->args.v[i] : t;
  }
  case TYPE_POINTER:
    a = types_subst(t->pointer.elem, env);
    return a == t->pointer.elem ? t : type_pointer(a);
  case TYPE_SLICE:
    a = types_subst(t->slice.elem, env);
    return a == t->slice.elem ? t : type_slice(a);
  case TYPE_ARRAY:
    a = types_subst(t->array.elem, env);
    return a == t->array.elem ? t : type_array(a, t->array.len);
  case TYPE_MAP:
    a = types_subst(t->map.key, env);
    b = types_subst(t->map.elem, env);
    return a == t->map.key && b == t->map.elem ? t : type_map(a, b);
  case TYPE_CHAN:
    a = types_subst(t->chan.elem, env);
    return a == t->chan.elem ? t : type_chan(a, t->chan.dir);
  case TYPE_STRUCT: return subst_struct(t, env);
  case TYPE_FUNC: return subst_func(t, env);
  case TYPE_INTERFACE: return subst_iface(t, env);
  case TYPE_TUPLE: return tuple_subst(t, env);
  case TYPE_UNION: return subst_union(t, env);
  case TYPE_NAMED: return subst_named(t, env);
  default: return t;
  }
}

// ---- what a type mentions

typedef struct Mention {
  const TypeList *tparams; // NULL: any type parameter
} Mention;

static bool mentions(const Mention *m, Type *t);

static bool list_mentions(const Mention *m, TypeList l) {
  for (int i = 0; i < l.n; i++)
    if (mentions(m, l.v[i]))
      return true;
  return false;
}

static bool vars_mention(const Mention *m, ObjectList l) {
  for (int i = 0; i < l.n; i++)
    if (l.v[i]->type && mentions(m, l.v[i]->type))
      return true;
  return false;
}

static bool named_mentions(const Mention *m, Type *t) {
  TypeList outer = t->named.outer_args;
  if (!outer.n && t->named.origin)
    outer = t->named.origin->named.outer;
  return list_mentions(m, t->named.targs) || list_mentions(m, outer);
}

static bool iface_mentions(const Mention *m, Type *t) {
  for (int i = 0; i < t->iface.methods.n; i++) {
    check_object(t->iface.methods.v[i]);
    if (t->iface.methods.v[i]->type && mentions(m, t->iface.methods.v[i]->type))
      return true;
  }
  return list_mentions(m, t->iface.embeds);
}

static bool mentions(const Mention *m, Type *t) {
  if (!t)
    return false;
  switch (t->kind) {
  case TYPE_TYPEPARAM: return !m->tparams || tparam_index(m->tparams, t) >= 0;
  case TYPE_POINTER: return mentions(m, t->pointer.elem);
  case TYPE_SLICE: return mentions(m, t->slice.elem);
  case TYPE_ARRAY: return mentions(m, t->array.elem);
  case TYPE_MAP: return mentions(m, t->map.key) || mentions(m, t->map.elem);
  case TYPE_CHAN: return mentions(m, t->chan.elem);
  case TYPE_STRUCT: return vars_mention(m, t->strct.fields);
  case TYPE_FUNC: return vars_mention(m, t->func.params) || vars_mention(m, t->func.results);
  case TYPE_INTERFACE: return iface_mentions(m, t);
  case TYPE_TUPLE: return vars_mention(m, t->tuple.vars);
  case TYPE_NAMED: return named_mentions(m, t);
  case TYPE_UNION:
    for (int i = 0; i < t->uni.n; i++)
      if (mentions(m, t->uni.terms[i].type))
        return true;
    return false;
  default: return false;
  }
}

bool type_mentions(Type *t, const TypeList *tparams) {
  Mention m = {tparams};
  return mentions(&m, t);
}

bool type_has_tparam(Type *t) {
  return type_mentions(t, NULL);
}
