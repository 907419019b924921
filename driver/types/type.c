// type.c: types as values: constructors, underlying and core types, identity, predicates.
//
// A named type is resolved when it is first looked at (check_object); until then, and inside its
// own declaration, its underlying type may be missing, and under() answers with the invalid type.
// Basic types, pointers and slices are unique; other unnamed types are compared structurally
// (types_identical).
#include "driver/types/check.h"
#include "driver/types/core.h"
#include <string.h>

Type *t_basic[TYPE_LAST_BASIC + 1];
Type *t_byte, *t_rune, *t_error, *t_any, *t_comparable, *t_emptyiface;
Arena *types_arena;
static uint32_t next_id;

static const char *const basic_names[TYPE_LAST_BASIC + 1] = {
    [TYPE_BOOL] = "bool",
    [TYPE_INT] = "int",
    [TYPE_INT8] = "int8",
    [TYPE_INT16] = "int16",
    [TYPE_INT32] = "int32",
    [TYPE_INT64] = "int64",
    [TYPE_UINT] = "uint",
    [TYPE_UINT8] = "uint8",
    [TYPE_UINT16] = "uint16",
    [TYPE_UINT32] = "uint32",
    [TYPE_UINT64] = "uint64",
    [TYPE_UINTPTR] = "uintptr",
    [TYPE_FLOAT32] = "float32",
    [TYPE_FLOAT64] = "float64",
    [TYPE_COMPLEX64] = "complex64",
    [TYPE_COMPLEX128] = "complex128",
    [TYPE_STRING] = "string",
    [TYPE_UNSAFEPOINTER] = "Pointer",
    [TYPE_UNTYPED_BOOL] = "untyped bool",
    [TYPE_UNTYPED_INT] = "untyped int",
    [TYPE_UNTYPED_RUNE] = "untyped rune",
    [TYPE_UNTYPED_FLOAT] = "untyped float",
    [TYPE_UNTYPED_COMPLEX] = "untyped complex",
    [TYPE_UNTYPED_STRING] = "untyped string",
    [TYPE_UNTYPED_NIL] = "untyped nil",
    [TYPE_INVALID] = "invalid type",
};

static Type *basic_new(TypeKind kind, const char *name) {
  Type *t = type_new(kind);
  t->basic.name = atom(name);
  return t;
}

void type_init(void) {
  for (int k = 0; k <= TYPE_LAST_BASIC; k++)
    t_basic[k] = basic_new((TypeKind)k, basic_names[k]);
  t_byte = basic_new(TYPE_UINT8, "byte");
  t_rune = basic_new(TYPE_INT32, "rune");
  t_emptyiface = type_new(TYPE_INTERFACE);
}

// ---- constructors

Type *type_new(TypeKind kind) {
  Type *t = NEW(types_arena, Type);
  t->kind = kind;
  t->id = ++next_id;
  return t;
}

Type *type_pointer(Type *elem) {
  if (!elem->ptr_to) {
    Type *t = type_new(TYPE_POINTER);
    t->pointer.elem = elem;
    elem->ptr_to = t;
  }
  return elem->ptr_to;
}

Type *type_slice(Type *elem) {
  if (!elem->slice_of) {
    Type *t = type_new(TYPE_SLICE);
    t->slice.elem = elem;
    elem->slice_of = t;
  }
  return elem->slice_of;
}

Type *type_array(Type *elem, int64_t len) {
  Type *t = type_new(TYPE_ARRAY);
  t->array.elem = elem;
  t->array.len = len;
  return t;
}

Type *type_map(Type *key, Type *elem) {
  Type *t = type_new(TYPE_MAP);
  t->map.key = key;
  t->map.elem = elem;
  return t;
}

Type *type_chan(Type *elem, int dir) {
  Type *t = type_new(TYPE_CHAN);
  t->chan.elem = elem;
  t->chan.dir = dir;
  return t;
}

Type *type_tuple(ObjectList vars) {
  Type *t = type_new(TYPE_TUPLE);
  t->tuple.vars = vars;
  return t;
}

// ---- underlying and core types

static Type *named_under(Type *t);

// Declared completely: what under() finds will not change any more.
static bool settled(Type *t) {
  Object *o = t->named.obj;
  return o->state == OBJ_BLACK || !o->parent;
}

static TypeEnv instance_env(Type *t) {
  Type *origin = t->named.origin;
  TypeEnv env = {0};
  for (int i = 0; i < origin->named.tparams.n && i < t->named.targs.n; i++) {
    vec_push(types_arena, &env.params, origin->named.tparams.v[i]);
    vec_push(types_arena, &env.args, t->named.targs.v[i]);
  }
  for (int i = 0; i < t->named.outer_args.n; i++) {
    vec_push(types_arena, &env.params, origin->named.outer.v[i]);
    vec_push(types_arena, &env.args, t->named.outer_args.v[i]);
  }
  return env;
}

// The underlying type of an instance: the origin's, with the arguments put in. Kept only when the
// origin is settled.
static Type *instance_under(Type *t) {
  enum { MAX_DEPTH = 100 }; // type T[P any] T[*P] goes on for ever; it is an error
  static int depth;
  Type *origin = t->named.origin;
  if (origin->named.obj->state == OBJ_WHITE)
    check_object(origin->named.obj);
  Type *u = origin->named.underlying;
  if (!u || depth > MAX_DEPTH || (u->kind == TYPE_NAMED && !settled(origin)))
    return t_basic[TYPE_INVALID];
  depth++;
  u = named_under(origin);
  TypeEnv env = instance_env(t);
  Type *r = types_subst(u, &env);
  depth--;
  bool incomplete = (u->kind == TYPE_INTERFACE && u->iface.incomplete) ||
                    (u->kind == TYPE_STRUCT && u->strct.incomplete);
  if (settled(origin) && origin->named.underlying == u && !incomplete)
    t->named.underlying = r;
  return r;
}

// Follows `type A B; type B C; …` to its end.
static Type *named_under(Type *first) {
  Type *t = first, *slow = first;
  bool final = true;
  for (int step = 0;; step++) {
    Object *o = t->named.obj;
    bool instance = t->named.origin && t->named.origin != t;
    if (!instance && !t->named.underlying && o->state == OBJ_WHITE)
      check_object(o);
    final &= settled(t);
    Type *u = t->named.underlying;
    if (!u && instance) {
      u = instance_under(t);
      final &= t->named.underlying != NULL;
    }
    if (!u || u->kind == TYPE_TYPEPARAM) // reported by the declaration
      return t_basic[TYPE_INVALID];
    if (u->kind != TYPE_NAMED) {
      if (final)
        first->named.underlying = u;
      return u;
    }
    t = u;
    if (step & 1)
      slow = slow->named.underlying;
    if (t == slow)
      return t_basic[TYPE_INVALID]; // type T U; type U T
  }
}

Type *under(Type *t) {
  if (t->kind == TYPE_NAMED)
    return named_under(t);
  if (t->kind == TYPE_TYPEPARAM)
    return tparam_iface(t);
  return t;
}

// As in a declaration `[P C]`: C is wrapped into an interface unless it is one.
Type *tparam_iface(Type *tp) {
  Type *bound = tp->tparam.bound;
  if (!bound || bound->kind == TYPE_TYPEPARAM)
    return t_emptyiface;
  Type *u = under(bound);
  if (u->kind == TYPE_INTERFACE)
    return u;
  if (u->kind == TYPE_INVALID)
    return t_emptyiface;
  Type *iface = type_new(TYPE_INTERFACE);
  vec_push(types_arena, &iface->iface.embeds, bound);
  iface->iface.implicit = true;
  tp->tparam.bound = iface;
  return iface;
}

Type *chan_match(Type *x, Type *y) {
  if (types_identical(x, y))
    return x;
  if (x->kind != TYPE_CHAN || y->kind != TYPE_CHAN || !types_identical(x->chan.elem, y->chan.elem))
    return NULL;
  if (x->chan.dir == CHAN_BOTH)
    return y;
  return y->chan.dir == CHAN_BOTH ? x : NULL;
}

typedef struct CoreSearch {
  Type *found;
  bool strings, has_string;
} CoreSearch;

static bool core_step(void *ctx, Type *u) {
  CoreSearch *s = ctx;
  if (s->strings && u->kind == TYPE_STRING) {
    u = type_slice(t_byte);
    s->has_string = true;
  }
  if (s->found)
    u = chan_match(s->found, u);
  s->found = u;
  return u != NULL;
}

Type *core_type(Type *t) {
  if (t->kind != TYPE_TYPEPARAM)
    return under(t);
  CoreSearch s = {0};
  return typeset_all(t, core_step, &s) ? s.found : NULL;
}

Type *core_string(Type *t) {
  if (t->kind != TYPE_TYPEPARAM)
    return under(t);
  CoreSearch s = {.strings = true};
  if (!typeset_all(t, core_step, &s))
    return NULL;
  return s.has_string ? t_basic[TYPE_STRING] : s.found;
}

// ---- identity

bool same_package(const Package *a, const Package *b) {
  return a == b || (a && b && strcmp(a->path, b->path) == 0);
}

bool same_id(Atom name, Package *pkg, Atom name2, Package *pkg2) {
  return name == name2 && (is_exported(name) || same_package(pkg, pkg2));
}

// Pairs of interfaces under comparison, innermost first: meeting one again means equal so far.
typedef struct Pair {
  Type *x, *y;
  const struct Pair *prev;
} Pair;

typedef struct Compare {
  bool ignore_tags;
  const Pair *pairs;
} Compare;

static bool identical(Compare *c, Type *x, Type *y);

static bool identical_lists(Compare *c, ObjectList x, ObjectList y) {
  if (x.n != y.n)
    return false;
  for (int i = 0; i < x.n; i++)
    if (!identical(c, x.v[i]->type, y.v[i]->type))
      return false;
  return true;
}

static bool identical_typelists(Compare *c, TypeList x, TypeList y) {
  if (x.n != y.n)
    return false;
  for (int i = 0; i < x.n; i++)
    if (!identical(c, x.v[i], y.v[i]))
      return false;
  return true;
}

bool same_tag(Type *x, Type *y, int i) {
  const char *a = x->strct.tags ? x->strct.tags[i] : NULL,
             *b = y->strct.tags ? y->strct.tags[i] : NULL;
  size_t na = a ? x->strct.taglens[i] : 0, nb = b ? y->strct.taglens[i] : 0;
  return na == nb && (na == 0 || memcmp(a, b, na) == 0);
}

static bool identical_structs(Compare *c, Type *x, Type *y) {
  if (x->strct.fields.n != y->strct.fields.n)
    return false;
  for (int i = 0; i < x->strct.fields.n; i++) {
    Object *f = x->strct.fields.v[i], *g = y->strct.fields.v[i];
    if (f->var.embedded != g->var.embedded || !same_id(f->name, f->pkg, g->name, g->pkg) ||
        (!c->ignore_tags && !same_tag(x, y, i)) || !identical(c, f->type, g->type))
      return false;
  }
  return true;
}

static bool identical_funcs(Compare *c, Type *x, Type *y) {
  if (x->func.variadic != y->func.variadic || x->func.tparams.n != y->func.tparams.n)
    return false;
  ObjectList yparams = y->func.params, yresults = y->func.results;
  if (x->func.tparams.n > 0) { // equal up to the names of the type parameters
    TypeEnv env = {y->func.tparams, x->func.tparams};
    for (int i = 0; i < x->func.tparams.n; i++) {
      Type *yb = types_subst(tparam_iface(y->func.tparams.v[i]), &env);
      if (!identical(c, tparam_iface(x->func.tparams.v[i]), yb))
        return false;
    }
    yparams = vars_subst(yparams, &env);
    yresults = vars_subst(yresults, &env);
  }
  return identical_lists(c, x->func.params, yparams) &&
         identical_lists(c, x->func.results, yresults);
}

static bool identical_ifaces(Compare *c, Type *x, Type *y) {
  const TypeSet *xs = type_set(x), *ys = type_set(y);
  if (xs->comparable_ != ys->comparable_ || !terms_equal(xs, ys) || xs->methods.n != ys->methods.n)
    return false;
  Pair pair = {x, y, c->pairs};
  for (const Pair *p = c->pairs; p; p = p->prev)
    if ((p->x == x && p->y == y) || (p->x == y && p->y == x))
      return true;
  c->pairs = &pair;
  bool same = true;
  for (int i = 0; i < xs->methods.n && same; i++) {
    Object *f = xs->methods.v[i], *g = ys->methods.v[i];
    check_object(f);
    check_object(g);
    same = same_id(f->name, f->pkg, g->name, g->pkg) && f->type && g->type &&
           identical(c, f->type, g->type);
  }
  c->pairs = pair.prev;
  return same;
}

static bool identical_unions(Compare *c, Type *x, Type *y) {
  (void)c;
  TypeSet xs = {.terms = x->uni.terms, .nterms = x->uni.n},
          ys = {.terms = y->uni.terms, .nterms = y->uni.n};
  return terms_equal(&xs, &ys);
}

static bool identical_named(Compare *c, Type *x, Type *y) {
  return x->named.origin == y->named.origin && x->named.targs.n == y->named.targs.n &&
         x->named.targs.n + x->named.outer_args.n > 0 &&
         identical_typelists(c, x->named.targs, y->named.targs) &&
         identical_typelists(c, x->named.outer_args, y->named.outer_args);
}

static bool identical(Compare *c, Type *x, Type *y) {
  if (x == y)
    return true;
  if (!x || !y || x->kind != y->kind)
    return false;
  switch (x->kind) {
  case TYPE_POINTER: return identical(c, x->pointer.elem, y->pointer.elem);
  case TYPE_SLICE: return identical(c, x->slice.elem, y->slice.elem);
  case TYPE_ARRAY:
    return (x->array.len < 0 || y->array.len < 0 || x->array.len == y->array.len) &&
           identical(c, x->array.elem, y->array.elem);
  case TYPE_MAP:
    return identical(c, x->map.key, y->map.key) && identical(c, x->map.elem, y->map.elem);
  case TYPE_CHAN: return x->chan.dir == y->chan.dir && identical(c, x->chan.elem, y->chan.elem);
  case TYPE_STRUCT: return identical_structs(c, x, y);
  case TYPE_FUNC: return identical_funcs(c, x, y);
  case TYPE_INTERFACE: return identical_ifaces(c, x, y);
  case TYPE_TUPLE: return identical_lists(c, x->tuple.vars, y->tuple.vars);
  case TYPE_UNION: return identical_unions(c, x, y);
  case TYPE_NAMED: return identical_named(c, x, y);
  case TYPE_TYPEPARAM: return false;
  default: return true; // basic: the kinds are equal (byte and uint8)
  }
}

bool types_is_embed_fs(Type *t) {
  Object *o = t->kind == TYPE_NAMED ? t->named.obj : NULL;
  return o && o->pkg && !strcmp(o->pkg->path, "embed") && !strcmp(o->name, "FS");
}

bool types_identical(Type *x, Type *y) {
  Compare c = {0};
  return identical(&c, x, y);
}

bool types_identical_ignore_tags(Type *x, Type *y) {
  Compare c = {.ignore_tags = true};
  return identical(&c, x, y);
}

// ---- predicates

enum {
  F_BOOL = 1,
  F_INT = 2,
  F_UNSIGNED = 4,
  F_FLOAT = 8,
  F_COMPLEX = 16,
  F_STRING = 32,
  F_NUMERIC = F_INT | F_FLOAT | F_COMPLEX,
  F_ORDERED = F_INT | F_FLOAT | F_STRING,
};

static unsigned basic_flags(TypeKind k) {
  switch (k) {
  case TYPE_BOOL:
  case TYPE_UNTYPED_BOOL: return F_BOOL;
  case TYPE_INT:
  case TYPE_INT8:
  case TYPE_INT16:
  case TYPE_INT32:
  case TYPE_INT64:
  case TYPE_UNTYPED_INT:
  case TYPE_UNTYPED_RUNE: return F_INT;
  case TYPE_UINT:
  case TYPE_UINT8:
  case TYPE_UINT16:
  case TYPE_UINT32:
  case TYPE_UINT64:
  case TYPE_UINTPTR: return F_INT | F_UNSIGNED;
  case TYPE_FLOAT32:
  case TYPE_FLOAT64:
  case TYPE_UNTYPED_FLOAT: return F_FLOAT;
  case TYPE_COMPLEX64:
  case TYPE_COMPLEX128:
  case TYPE_UNTYPED_COMPLEX: return F_COMPLEX;
  case TYPE_STRING:
  case TYPE_UNTYPED_STRING: return F_STRING;
  default: return 0;
  }
}

static bool has_flag(void *ctx, Type *u) {
  return (basic_flags(u->kind) & *(unsigned *)ctx) != 0;
}

// Of a type parameter: every type of its set has one of the flags, and there is a set.
static bool all_have(Type *t, unsigned flags) {
  if (t->kind == TYPE_TYPEPARAM)
    return typeset_all(t, has_flag, &flags);
  return has_flag(&flags, under(t));
}

bool is_boolean(Type *t) {
  return all_have(t, F_BOOL);
}
bool is_integer(Type *t) {
  return all_have(t, F_INT);
}
bool is_unsigned(Type *t) {
  return all_have(t, F_UNSIGNED);
}
bool is_float(Type *t) {
  return all_have(t, F_FLOAT);
}
bool is_complex(Type *t) {
  return all_have(t, F_COMPLEX);
}
bool is_numeric(Type *t) {
  return all_have(t, F_NUMERIC);
}
bool is_string(Type *t) {
  return all_have(t, F_STRING);
}
bool is_ordered(Type *t) {
  return all_have(t, F_ORDERED);
}
bool is_untyped(Type *t) {
  return t->kind >= TYPE_UNTYPED_BOOL && t->kind <= TYPE_UNTYPED_NIL;
}
bool is_typed(Type *t) {
  return !is_untyped(t);
}

bool is_const_type(Type *t) {
  return t->kind != TYPE_TYPEPARAM &&
         (basic_flags(under(t)->kind) & (F_BOOL | F_NUMERIC | F_STRING));
}

bool is_interface(Type *t) {
  return t->kind != TYPE_TYPEPARAM && under(t)->kind == TYPE_INTERFACE;
}
bool is_typeparam(Type *t) {
  return t->kind == TYPE_TYPEPARAM;
}

bool is_named(Type *t) {
  return t->kind <= TYPE_LAST_BASIC || t->kind == TYPE_NAMED || t->kind == TYPE_TYPEPARAM;
}

bool type_is_generic(Type *t) {
  return t->kind == TYPE_NAMED && t->named.tparams.n > 0 && t->named.targs.n == 0;
}

bool is_interface_ptr(Type *t) {
  Type *u = under(t);
  return u->kind == TYPE_POINTER && under(u->pointer.elem)->kind == TYPE_INTERFACE;
}

bool is_bytes_or_runes(Type *u) {
  if (u->kind != TYPE_SLICE)
    return false;
  TypeKind k = under(u->slice.elem)->kind;
  return k == TYPE_UINT8 || k == TYPE_INT32;
}

bool is_pointer_shaped(Type *t) {
  Type *u = under(t);
  switch (u->kind) {
  case TYPE_POINTER:
  case TYPE_MAP:
  case TYPE_CHAN:
  case TYPE_FUNC:
  case TYPE_UNSAFEPOINTER: return true;
  case TYPE_ARRAY: return u->array.len == 1 && is_pointer_shaped(u->array.elem);
  case TYPE_STRUCT: return u->strct.fields.n == 1 && is_pointer_shaped(u->strct.fields.v[0]->type);
  default: return false;
  }
}

// Types whose comparability is being asked for, innermost first (recursion ends at one of them).
typedef struct Seen {
  Type *t;
  const struct Seen *prev;
} Seen;

static bool comparable_seen(Type *t, bool dynamic, const char **why, const Seen *prev);

static bool set_comparable(const TypeSet *s, const Seen *seen) {
  if (s->all)
    return s->comparable_;
  for (int i = 0; i < s->nterms; i++)
    if (!comparable_seen(s->terms[i].type, false, NULL, seen))
      return false;
  return s->nterms > 0;
}

bool typeset_comparable(const TypeSet *s) {
  return set_comparable(s, NULL);
}

static bool comparable_seen(Type *t, bool dynamic, const char **why, const Seen *prev) {
  for (const Seen *s = prev; s; s = s->prev)
    if (s->t == t)
      return true;
  Seen seen = {t, prev};
  Type *u = under(t);
  switch (u->kind) {
  case TYPE_STRUCT:
    for (int i = 0; i < u->strct.fields.n; i++)
      if (!comparable_seen(u->strct.fields.v[i]->type, dynamic, NULL, &seen)) {
        if (why)
          *why = cause_printf("struct containing %s cannot be compared",
                              TSTR(u->strct.fields.v[i]->type));
        return false;
      }
    return true;
  case TYPE_ARRAY:
    if (comparable_seen(u->array.elem, dynamic, NULL, &seen))
      return true;
    if (why)
      *why = cause_printf("%s cannot be compared", TSTR(u));
    return false;
  case TYPE_INTERFACE: {
    const TypeSet *s = type_set(u);
    if ((dynamic && t->kind != TYPE_TYPEPARAM) || set_comparable(s, &seen))
      return true;
    if (why)
      *why = typeset_is_empty(s) ? "empty type set" : "incomparable types in type set";
    return false;
  }
  case TYPE_SLICE:
  case TYPE_MAP:
  case TYPE_FUNC:
  case TYPE_TUPLE:
  case TYPE_UNION:
  case TYPE_UNTYPED_NIL: return false;
  default: return true;
  }
}

bool type_comparable(Type *t, bool dynamic, const char **why) {
  if (why)
    *why = NULL;
  return comparable_seen(t, dynamic, why, NULL);
}

static bool kind_has_nil(void *ctx, Type *u) {
  (void)ctx;
  switch (u->kind) {
  case TYPE_UNSAFEPOINTER:
  case TYPE_UNTYPED_NIL:
  case TYPE_POINTER:
  case TYPE_SLICE:
  case TYPE_MAP:
  case TYPE_CHAN:
  case TYPE_FUNC:
  case TYPE_INTERFACE: return true;
  default: return false;
  }
}

bool has_nil(Type *t) {
  if (t->kind == TYPE_TYPEPARAM)
    return typeset_all(t, kind_has_nil, NULL);
  return kind_has_nil(NULL, under(t));
}

Type *default_type(Type *t) {
  switch (t->kind) {
  case TYPE_UNTYPED_BOOL: return t_basic[TYPE_BOOL];
  case TYPE_UNTYPED_INT: return t_basic[TYPE_INT];
  case TYPE_UNTYPED_RUNE: return t_rune;
  case TYPE_UNTYPED_FLOAT: return t_basic[TYPE_FLOAT64];
  case TYPE_UNTYPED_COMPLEX: return t_basic[TYPE_COMPLEX128];
  case TYPE_UNTYPED_STRING: return t_basic[TYPE_STRING];
  default: return t;
  }
}

Type *deref(Type *t, bool *was_pointer) {
  bool ptr = t->kind == TYPE_POINTER;
  if (was_pointer)
    *was_pointer = ptr;
  return ptr ? t->pointer.elem : t;
}
