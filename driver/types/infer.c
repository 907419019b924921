// infer.c: type inference (spec: "Type inference"): missing type arguments from the types of
// arguments, from core types and methods of constraints, and from untyped constants, in that order.
#include "driver/types/unify.h"
#include <string.h>

typedef struct Infer {
  Pos pos;
  const char *fname; // what is called; NULL: no call
  TypeList tparams;
  Type **targs; // given ones; NULL where to be inferred
  ObjectList params;
  Operand **args;
  int nargs;
  bool reverse;
  Unifier *u;
  Type **inferred;
} Infer;

static bool fail(const Infer *f, Pos pos, const char *msg) {
  if (f->fname)
    check_error(checker, pos, "in call to %s, %s", f->fname, msg);
  else
    check_error(checker, pos, "%s", msg);
  return false;
}

static bool fail_arg(const Infer *f, const Operand *arg, const char *msg) {
  return fail(f, arg->expr ? expr_start(arg->expr) : f->pos, msg);
}

static const char *arg_text(const Operand *arg) {
  return arg->expr ? expr_string(arg->expr) : "value";
}

// "P", "P and Q", "P, Q, and R"
static const char *tparam_names(TypeList l) {
  Buf b = {0};
  for (int i = 0; i < l.n; i++) {
    if (i)
      buf_puts(&b, l.n == 2 ? " and " : i == l.n - 1 ? ", and " : ", ");
    buf_puts(&b, l.v[i]->tparam.obj->name);
  }
  Atom a = atom_n(buf_str(&b), b.len);
  buf_free(&b);
  return a;
}

static TypeEnv env_of(const Infer *f, Type **types) {
  TypeEnv env = {f->tparams, {types, f->tparams.n, f->tparams.n}};
  return env;
}

static bool read_unifier(const Infer *f, Type **out) {
  bool any = false;
  for (int i = 0; i < f->tparams.n; i++) {
    out[i] = unify_at(f->u, i);
    any |= out[i] != NULL;
  }
  return any;
}

static bool mismatch(const Infer *f, Type *par, Operand *arg) {
  Type **known = NEW_ARRAY(types_arena, Type *, f->tparams.n + 1);
  const char *at = TSTR(arg->type), *ax = arg_text(arg), *pt = TSTR(par);
  if (!read_unifier(f, known))
    return fail_arg(f, arg,
                    cause_printf("type %s of %s does not match %s (cannot infer %s)", at, ax, pt,
                                 tparam_names(f->tparams)));
  TypeEnv env = env_of(f, known);
  Type *inferred = types_subst(par, &env);
  if (inferred == par)
    return fail_arg(f, arg, cause_printf("type %s of %s does not match %s", at, ax, pt));
  if (f->reverse)
    return fail_arg(f, arg,
                    cause_printf("inferred type %s for %s does not match type %s of %s",
                                 TSTR(inferred), pt, at, ax));
  return fail_arg(f, arg,
                  cause_printf("type %s of %s does not match inferred type %s for %s", at, ax,
                               TSTR(inferred), pt));
}

// Typed arguments. Untyped ones for a plain type parameter are put off.
static bool from_arguments(Infer *f, bool *untyped) {
  for (int i = 0; i < f->nargs; i++) {
    Operand *arg = f->args[i];
    Type *par = f->params.v[i]->type;
    if (!type_mentions(par, &f->tparams) && !type_mentions(arg->type, &f->tparams))
      continue;
    if (is_typed(arg->type)) {
      if (!unify(f->u, par, arg->type, UNIFY_ASSIGN))
        return mismatch(f, par, arg);
    } else if (par->kind == TYPE_TYPEPARAM && arg->type->kind != TYPE_UNTYPED_NIL) {
      untyped[i] = true;
    }
  }
  return true;
}

// The single term of a constraint, or its core type; type NULL if there is neither.
static Term core_term(Type *tp, bool *single) {
  const TypeSet *s = type_set(tp);
  *single = false;
  if (!typeset_has_terms(s))
    return (Term){false, NULL};
  if (s->nterms == 1) {
    *single = true;
    return s->terms[0];
  }
  Term t = {false, core_type(tp)};
  for (int i = 0; i < s->nterms; i++)
    t.tilde |= s->terms[i].tilde;
  return t;
}

static bool unify_exactly(void *ctx, Type *x, Type *y) {
  return unify(ctx, x, y, UNIFY_EXACT);
}

static bool from_constraint(Infer *f, int i) {
  Type *tp = f->tparams.v[i], *tx = unify_at(f->u, i);
  bool single;
  Term core = core_term(tp, &single);
  if (core.type) {
    if (tx && !unify(f->u, tx, core.type, 0))
      return fail(f, f->pos,
                  cause_printf("%s (type %s) does not satisfy %s", TSTR(tp), TSTR(tx),
                               TSTR(tp->tparam.bound)));
    if (!tx && single && !core.tilde)
      unify_set(f->u, i, core.type);
    return true;
  }
  const char *cause = NULL;
  if (tx && missing_method_cause(tx, tparam_iface(tp), true, unify_exactly, f->u, &cause, NULL))
    return fail(f, f->pos,
                cause_printf("%s (type %s) does not satisfy %s %s", TSTR(tp), TSTR(tx),
                             TSTR(tp->tparam.bound), cause));
  return true;
}

static bool from_constraints(Infer *f) {
  for (int unknown = -1; unknown != unify_unknowns(f->u);) {
    unknown = unify_unknowns(f->u);
    for (int i = 0; i < f->tparams.n; i++)
      if (!from_constraint(f, i))
        return false;
  }
  return true;
}

static Type *larger_untyped(Type *x, Type *y) {
  if (x == y)
    return x;
  if (is_numeric(x) && is_numeric(y))
    return x->kind > y->kind ? x : y;
  return NULL;
}

// A type parameter still unknown takes the default of the largest kind of the untyped constants
// passed for it.
static bool from_untyped(Infer *f, const bool *untyped) {
  Type **max = NEW_ARRAY(types_arena, Type *, f->tparams.n + 1);
  for (int i = 0; i < f->nargs; i++) {
    if (!untyped[i])
      continue;
    Type *par = f->params.v[i]->type, *t = f->args[i]->type;
    for (int j = 0; j < f->tparams.n; j++) {
      if (f->tparams.v[j] != par || unify_at(f->u, j))
        continue;
      Type *m = max[j] ? larger_untyped(max[j], t) : t;
      if (!m)
        return fail_arg(f, f->args[i],
                        cause_printf("mismatched types %s and %s (cannot infer %s)", TSTR(max[j]),
                                     TSTR(t), TSTR(par)));
      max[j] = m;
    }
  }
  for (int j = 0; j < f->tparams.n; j++)
    if (max[j])
      unify_set(f->u, j, default_type(max[j]));
  return true;
}

// ---- cycles through inferred types: P -> []P has no solution

typedef struct Trail {
  Type *t;
  const struct Trail *prev;
} Trail;

static void kill_cycles(Infer *f, Type *t, const Trail *prev);

static void kill_vars(Infer *f, ObjectList l, const Trail *tr) {
  for (int i = 0; i < l.n; i++)
    kill_cycles(f, l.v[i]->type, tr);
}

static int tparam_number(const Infer *f, Type *t) {
  for (int i = 0; i < f->tparams.n; i++)
    if (f->tparams.v[i] == t)
      return i;
  return -1;
}

static void kill_parts(Infer *f, Type *t, const Trail *tr) {
  switch (t->kind) {
  case TYPE_ARRAY: kill_cycles(f, t->array.elem, tr); break;
  case TYPE_SLICE: kill_cycles(f, t->slice.elem, tr); break;
  case TYPE_POINTER: kill_cycles(f, t->pointer.elem, tr); break;
  case TYPE_CHAN: kill_cycles(f, t->chan.elem, tr); break;
  case TYPE_MAP:
    kill_cycles(f, t->map.key, tr);
    kill_cycles(f, t->map.elem, tr);
    break;
  case TYPE_STRUCT: kill_vars(f, t->strct.fields, tr); break;
  case TYPE_FUNC:
    kill_vars(f, t->func.params, tr);
    kill_vars(f, t->func.results, tr);
    break;
  case TYPE_INTERFACE:
    kill_vars(f, t->iface.methods, tr);
    for (int i = 0; i < t->iface.embeds.n; i++)
      kill_cycles(f, t->iface.embeds.v[i], tr);
    break;
  case TYPE_UNION:
    for (int i = 0; i < t->uni.n; i++)
      kill_cycles(f, t->uni.terms[i].type, tr);
    break;
  case TYPE_NAMED:
    for (int i = 0; i < t->named.targs.n; i++)
      kill_cycles(f, t->named.targs.v[i], tr);
    break;
  case TYPE_TYPEPARAM: {
    int i = tparam_number(f, t);
    if (i >= 0 && f->inferred[i])
      kill_cycles(f, f->inferred[i], tr);
    break;
  }
  default: break;
  }
}

static void kill_cycles(Infer *f, Type *t, const Trail *prev) {
  if (!t)
    return;
  for (const Trail *p = prev; p; p = p->prev)
    if (p->t == t) {
      int i = tparam_number(f, t);
      if (i >= 0)
        f->inferred[i] = NULL;
      return;
    }
  Trail tr = {t, prev};
  kill_parts(f, t, &tr);
}

// Inferred types may mention other type parameters of the list: puts what is known for them until
// nothing changes.
static void simplify(Infer *f) {
  for (bool again = true; again;) {
    again = false;
    Type **old = arena_dup(types_arena, f->inferred, sizeof(Type *) * (size_t)f->tparams.n);
    TypeEnv env = env_of(f, old);
    for (int i = 0; i < f->tparams.n; i++) {
      if (!f->inferred[i] || f->targs[i])
        continue;
      Type *t = types_subst(f->inferred[i], &env);
      if (t == f->inferred[i])
        continue;
      if (t->kind == TYPE_FUNC && t->func.tparams.n > 0 && !type_mentions(t, &f->tparams)) {
        Type *plain = type_new(TYPE_FUNC); // an instantiated generic function argument
        plain->func = t->func;
        plain->func.tparams = (TypeList){0};
        t = plain;
      }
      f->inferred[i] = t;
      again = true;
    }
  }
}

static bool finish(Infer *f) {
  f->inferred = NEW_ARRAY(types_arena, Type *, f->tparams.n + 1);
  read_unifier(f, f->inferred);
  for (int i = 0; i < f->tparams.n; i++)
    kill_cycles(f, f->tparams.v[i], NULL);
  simplify(f);
  for (int i = 0; i < f->tparams.n; i++) {
    Object *o = f->tparams.v[i]->tparam.obj;
    if (!f->inferred[i] || type_mentions(f->inferred[i], &f->tparams))
      return fail(f, f->pos, cause_printf("cannot infer %s (%s)", o->name, pos_str(o->pos)));
  }
  memcpy(f->targs, f->inferred, sizeof(Type *) * (size_t)f->tparams.n);
  return true;
}

bool types_infer(Pos pos, const char *fname, TypeList tparams, Type **targs, ObjectList params,
                 Operand **args, int nargs, bool reverse) {
  Infer f = {.pos = pos,
             .fname = fname,
             .tparams = tparams,
             .targs = targs,
             .params = params,
             .args = args,
             .nargs = nargs,
             .reverse = reverse};
  bool known = true;
  for (int i = 0; i < tparams.n; i++)
    known &= targs[i] != NULL;
  if (known)
    return true;
  for (int i = 0; i < nargs; i++)
    if (args[i]->mode == MODE_INVALID)
      return false;
  TypeEnv env = env_of(&f, targs);
  f.params = vars_subst(params, &env);
  f.u = unifier_new(tparams, targs, check_allowed(checker, 21));
  bool *untyped = NEW_ARRAY(types_arena, bool, nargs + 1);
  return from_arguments(&f, untyped) && from_constraints(&f) && from_untyped(&f, untyped) &&
         finish(&f);
}
