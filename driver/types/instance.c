// instance.c: instances of generic types and functions.
//
// An instance is unique: one Type for an origin and identical arguments, found by the canonical
// text of the arguments. It is lazy: its underlying type (type.c) and its methods are made when
// somebody asks, so recursive generic types need no care. A local type of a generic function has,
// besides its own arguments, those of the function around it.
#include "driver/types/check.h"
#include "driver/types/core.h"

static Map *instances; // key: id of the origin, arguments

static void key_args(Buf *b, const TypeList *l) {
  for (int i = 0; i < l->n; i++) {
    buf_putc(b, '\n');
    buf_puts(b, type_linkstring(l->v[i]));
  }
}

static bool same_list(const TypeList *x, const TypeList *y) {
  for (int i = 0; i < x->n; i++)
    if (i >= y->n || x->v[i] != y->v[i])
      return false;
  return x->n == y->n;
}

Type *instance_get(Type *origin, TypeList targs, TypeList outer_args) {
  if (targs.n == 0 && same_list(&outer_args, &origin->named.outer))
    return origin;
  Buf key = {0};
  buf_printf(&key, "%u", origin->id);
  key_args(&key, &targs);
  buf_puts(&key, "\n;");
  key_args(&key, outer_args.n ? &outer_args : &origin->named.outer);
  if (!instances)
    instances = map_new(types_arena);
  Type *t = map_getn(instances, buf_str(&key), key.len);
  if (!t) {
    t = type_new(TYPE_NAMED);
    t->named.obj = origin->named.obj;
    t->named.origin = origin;
    for (int i = 0; i < targs.n; i++)
      vec_push(types_arena, &t->named.targs, targs.v[i]);
    if (!same_list(&outer_args, &origin->named.outer))
      for (int i = 0; i < outer_args.n; i++)
        vec_push(types_arena, &t->named.outer_args, outer_args.v[i]);
    map_setn(instances, buf_str(&key), key.len, t);
  }
  buf_free(&key);
  return t;
}

Type *type_instantiate(Type *generic, TypeList targs) {
  Type *origin = generic->named.origin ? generic->named.origin : generic;
  TypeList outer = generic->named.outer_args.n ? generic->named.outer_args : origin->named.outer;
  return instance_get(origin, targs, outer);
}

Type *sig_instantiate(Type *generic, TypeList targs) {
  TypeEnv env = {generic->func.tparams, targs};
  Type *t = type_new(TYPE_FUNC);
  t->func = generic->func;
  t->func.tparams = (TypeList){0};
  t->func.params = vars_subst(generic->func.params, &env);
  t->func.results = vars_subst(generic->func.results, &env);
  return t;
}

int verify_instance(TypeList tparams, TypeList targs, const char **cause) {
  TypeEnv env = {tparams, targs};
  for (int i = 0; i < tparams.n && i < targs.n; i++) {
    tparam_iface(tparams.v[i]); // wraps a bound that is no interface
    Type *bound = types_subst(tparams.v[i]->tparam.bound, &env);
    if (bound && !type_implements(targs.v[i], bound, true, cause))
      return i;
  }
  return -1;
}

// ---- methods of instances

static Type *origin_of(Type *named) {
  return named->named.origin ? named->named.origin : named;
}

int named_nmethods(Type *named) {
  Type *o = origin_of(named);
  if (o->named.obj && o->named.obj->state == OBJ_WHITE)
    check_object(o->named.obj);
  return o->named.methods.n;
}

static Object *instance_receiver(Object *recv, Type *named, bool ptr) {
  Object *r = NEW(types_arena, Object);
  *r = *recv;
  r->irgen = NULL;
  r->var.origin = recv;
  r->type = ptr ? type_pointer(named) : named;
  return r;
}

static Object *instance_method(Type *named, Object *om) {
  check_object(om);
  Object *m = NEW(types_arena, Object);
  *m = *om;
  m->irgen = NULL;
  m->func.origin = om;
  m->state = OBJ_BLACK;
  if (!om->type || om->type->kind != TYPE_FUNC)
    return m;
  Type *sig = om->type;
  TypeEnv env = {sig->func.recv_tparams, named->named.targs};
  if (env.params.n != env.args.n) // a wrong receiver, reported at its declaration
    return m;
  Type *t = type_new(TYPE_FUNC);
  t->func = sig->func;
  t->func.recv_tparams = (TypeList){0};
  t->func.params = vars_subst(sig->func.params, &env);
  t->func.results = vars_subst(sig->func.results, &env);
  if (sig->func.recv)
    t->func.recv = instance_receiver(sig->func.recv, named, om->func.ptr_recv);
  m->type = t;
  return m;
}

// The methods of an instance stand at the indices of their origins; NULL: not asked for yet.
Object *named_method(Type *named, int i) {
  Type *o = origin_of(named);
  ASSERT(i < o->named.methods.n);
  Object *om = o->named.methods.v[i];
  if (o == named || named->named.targs.n == 0)
    return om;
  while (named->named.methods.n <= i)
    vec_push(types_arena, &named->named.methods, NULL);
  Object *m = named->named.methods.v[i];
  if (!m) {
    m = instance_method(named, om);
    if (om->type && om->state == OBJ_BLACK)
      named->named.methods.v[i] = m;
  }
  return m;
}
