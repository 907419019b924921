// assign.c: assignability, convertibility, and whether a type implements an interface (spec:
// "Properties of types and values").
//
// Causes are gc's words; they complete a message the caller makes ("cannot use x as T value in
// assignment: <cause>").
#include "driver/types/check.h"
#include "driver/types/core.h"

static void set_cause(const char **cause, const char *text) {
  if (cause)
    *cause = text;
}

// ---- implements

typedef struct Impl {
  Type *v, *t;      // does v implement (satisfy) t?
  const TypeSet *s; // of t
  bool constraint;
  const char *verb;
  const char **cause;
} Impl;

static bool impl_fail(const Impl *m) {
  if (m->cause)
    *m->cause = cause_printf("%s does not %s %s", TSTR(m->v), m->verb, TSTR(m->t));
  return false;
}

static bool impl_comparable(const Impl *m) {
  if (!typeset_comparable(m->s) || type_comparable(m->v, false, NULL))
    return true;
  if (m->constraint && type_comparable(m->v, true, NULL)) {
    if (check_allowed(checker, 20))
      return true;
    if (m->cause)
      *m->cause = cause_printf("%s to %s comparable requires go1.20 or later", TSTR(m->v), m->verb);
    return false;
  }
  if (m->cause)
    *m->cause = cause_printf("%s does not %s comparable", TSTR(m->v), m->verb);
  return false;
}

static bool not_an_interface(const Impl *m, Type *tu) {
  if (m->cause) {
    bool ptr = tu->kind == TYPE_POINTER && is_interface_ptr(tu);
    const char *fmt = ptr ? "%s does not %s %s (type %s is pointer to interface, not interface)"
                          : "%s does not %s %s (%s is not an interface)";
    const char *t = TSTR(m->t);
    *m->cause = cause_printf(fmt, TSTR(m->v), m->verb, t, t);
  }
  return false;
}

// Whether typ stands among t's embedded elements or terms, although it is not in t's type set.
static bool mentions(Type *t, Type *typ) {
  if (t->kind == TYPE_INTERFACE) {
    for (int i = 0; i < t->iface.embeds.n; i++)
      if (mentions(t->iface.embeds.v[i], typ))
        return true;
    return false;
  }
  if (t->kind == TYPE_UNION) {
    for (int i = 0; i < t->uni.n; i++)
      if (mentions(t->uni.terms[i].type, typ))
        return true;
    return false;
  }
  return types_identical(t, typ);
}

// v is no interface: it must be among t's terms. If only a ~ is missing, say so.
static bool impl_terms(const Impl *m) {
  Type *alt = NULL;
  for (int i = 0; i < m->s->nterms; i++) {
    Term t = m->s->terms[i];
    if (term_includes(t, m->v))
      return impl_comparable(m);
    if (!alt && !t.tilde && types_identical(t.type, under(t.type)) &&
        term_includes((Term){true, t.type}, m->v))
      alt = t.type;
  }
  if (!m->cause)
    return false;
  const char *v = TSTR(m->v), *t = TSTR(m->t);
  if (alt) {
    *m->cause = cause_printf("%s does not %s %s (possibly missing ~ for %s in %s)", v, m->verb, t,
                             TSTR(alt), t);
  } else if (mentions(under(m->t), m->v)) {
    *m->cause =
        cause_printf("%s does not %s %s (%s mentions %s, but %s is not in the type set of %s)", v,
                     m->verb, t, t, v, v, t);
  } else {
    Buf b = {0};
    terms_write(&b, m->s);
    *m->cause = cause_printf("%s does not %s %s (%s missing in %s)", v, m->verb, t, v, buf_str(&b));
    buf_free(&b);
  }
  return false;
}

static bool impl_methods(const Impl *m) {
  const char *why = NULL;
  if (!missing_method_cause(m->v, m->t, true, NULL, NULL, m->cause ? &why : NULL, NULL))
    return true;
  if (m->cause)
    *m->cause = cause_printf("%s does not %s %s %s", TSTR(m->v), m->verb, TSTR(m->t), why);
  return false;
}

bool type_implements(Type *v, Type *t, bool constraint, const char **cause) {
  Type *vu = under(v), *tu = under(t);
  if (vu->kind == TYPE_INVALID || tu->kind == TYPE_INVALID)
    return true;
  if (vu->kind == TYPE_POINTER && under(vu->pointer.elem)->kind == TYPE_INVALID)
    return true;
  Impl m = {v, t, NULL, constraint, constraint ? "satisfy" : "implement", cause};
  if (tu->kind != TYPE_INTERFACE)
    return not_an_interface(&m, tu);
  m.s = type_set(tu);
  if (typeset_is_all(m.s))
    return true;
  const TypeSet *vs = vu->kind == TYPE_INTERFACE ? type_set(vu) : NULL;
  if (vs && typeset_is_empty(vs))
    return true;
  if (typeset_is_empty(m.s)) {
    if (cause)
      *cause = cause_printf("cannot %s %s (empty type set)", m.verb, TSTR(t));
    return false;
  }
  if (!impl_methods(&m))
    return false;
  if (!typeset_has_terms(m.s))
    return impl_comparable(&m);
  if (vs)
    return terms_subset(vs, m.s) ? impl_comparable(&m) : impl_fail(&m);
  return impl_terms(&m);
}

// ---- assignability

// The value being assigned or converted.
typedef struct Value {
  Type *type;
  Mode mode;
  ConstVal *val;
} Value;

static bool assignable(Value x, Type *t, const char **cause);

// For each specific type of tp's set; false if there are none.
static bool each_term(Type *tp, bool (*f)(void *ctx, Type *t), void *ctx) {
  const TypeSet *s = type_set(tp);
  if (!typeset_has_terms(s))
    return false;
  for (int i = 0; i < s->nterms; i++)
    if (!f(ctx, s->terms[i].type))
      return false;
  return true;
}

typedef struct Trial {
  Value x;
  Type *v, *t; // type parameters (or types) of the two sides
  Type *vterm; // the term of v being tried
  const char **cause;
} Trial;

static void prefix_cause(const Trial *tr, const char *msg) {
  if (tr->cause)
    *tr->cause = *tr->cause && **tr->cause ? cause_printf("%s\n\t%s", msg, *tr->cause) : msg;
}

static bool untyped_fits(Value x, Type *t);

static bool untyped_fits_term(void *ctx, Type *t) {
  return untyped_fits(((Trial *)ctx)->x, t);
}

static bool both_untyped(Type *x, Type *y) {
  bool nx = is_numeric(x), ny = is_numeric(y);
  return x->kind == y->kind || (nx && ny);
}

// What an untyped value can become (spec: "Assignability", "Representability").
static bool untyped_fits(Value x, Type *t) {
  Type *u = under(t);
  if (u->kind == TYPE_INVALID)
    return true;
  if (is_untyped(t))
    return both_untyped(x.type, t);
  if (t->kind == TYPE_TYPEPARAM) {
    Trial tr = {.x = x};
    return each_term(t, untyped_fits_term, &tr);
  }
  if (x.type->kind == TYPE_UNTYPED_NIL)
    return has_nil(t);
  if (u->kind == TYPE_INTERFACE)
    return typeset_is_all(type_set(u));
  if (u->kind > TYPE_LAST_BASIC)
    return false;
  if (x.mode == MODE_CONST && x.val)
    return const_representable(x.val, u, NULL);
  switch (x.type->kind) {
  case TYPE_UNTYPED_BOOL: return is_boolean(t);
  case TYPE_UNTYPED_STRING: return is_string(t);
  default: return is_numeric(t);
  }
}

static bool assign_to_term(void *ctx, Type *t) {
  Trial *tr = ctx;
  if (assignable(tr->x, t, tr->cause))
    return true;
  prefix_cause(
      tr, cause_printf("cannot assign %s to %s (in %s)", TSTR(tr->x.type), TSTR(t), TSTR(tr->t)));
  return false;
}

static bool assign_from_term(void *ctx, Type *v) {
  Trial *tr = ctx;
  Value x = tr->x;
  x.type = v;
  if (assignable(x, tr->t, tr->cause))
    return true;
  prefix_cause(tr,
               cause_printf("cannot assign %s (in %s) to %s", TSTR(v), TSTR(tr->v), TSTR(tr->t)));
  return false;
}

static bool assign_tparams(Value x, Type *t, const char **cause) {
  bool vp = is_typeparam(x.type), tp = is_typeparam(t);
  Trial tr = {.x = x, .v = x.type, .t = t, .cause = cause};
  if (!is_named(x.type) && tp)
    return each_term(t, assign_to_term, &tr);
  if (vp && !is_named(t))
    return each_term(x.type, assign_from_term, &tr);
  return false;
}

static bool assignable(Value x, Type *t, const char **cause) {
  Type *v = x.type;
  if (v->kind == TYPE_INVALID || t->kind == TYPE_INVALID || x.mode == MODE_INVALID ||
      types_identical(v, t))
    return true;
  if (is_untyped(v))
    return untyped_fits(x, t);
  Type *vu = under(v), *tu = under(t);
  bool vp = is_typeparam(v), tp = is_typeparam(t);
  bool unnamed = !is_named(v) || !is_named(t);
  if (types_identical(vu, tu) && unnamed && !vp && !tp)
    return true;
  if ((tu->kind == TYPE_INTERFACE && !tp) || is_interface_ptr(tu)) {
    if (type_implements(v, t, false, cause))
      return true;
    if (!vp)
      return false;
    set_cause(cause, NULL);
  }
  if (vu->kind == TYPE_INTERFACE && !vp && type_implements(t, v, false, NULL)) {
    set_cause(cause, "need type assertion");
    return false;
  }
  if (vu->kind == TYPE_CHAN && tu->kind == TYPE_CHAN && vu->chan.dir == CHAN_BOTH &&
      types_identical(vu->chan.elem, tu->chan.elem))
    return unnamed;
  return (vp || tp) && assign_tparams(x, t, cause);
}

bool assignable_to(Type *v, Mode vmode, ConstVal *val, Type *t, const char **cause) {
  set_cause(cause, NULL);
  return assignable((Value){v, vmode, val}, t, cause);
}

// ---- conversion

static bool convertible(Value x, Type *t, const char **cause);

static bool slice_to_array(Type *vu, Type *tu, const char **cause) {
  Type *a = tu->kind == TYPE_POINTER ? under(tu->pointer.elem) : tu;
  if (a->kind != TYPE_ARRAY || !types_identical(vu->slice.elem, a->array.elem))
    return false;
  int minor = a == tu ? 20 : 17;
  if (check_allowed(checker, minor))
    return true;
  set_cause(cause, a == tu ? "conversion of slice to array requires go1.20 or later"
                           : "conversion of slice to array pointer requires go1.17 or later");
  return false;
}

static bool convertible_unders(Type *vu, Type *tu) {
  bool vnum = is_integer(vu) || is_float(vu), tnum = is_integer(tu) || is_float(tu);
  if ((vnum && tnum) || (is_complex(vu) && is_complex(tu)))
    return true;
  if (is_string(tu) && (is_integer(vu) || is_bytes_or_runes(vu)))
    return true;
  if (is_string(vu) && is_bytes_or_runes(tu))
    return true;
  bool vptr = vu->kind == TYPE_POINTER || vu->kind == TYPE_UINTPTR,
       tptr = tu->kind == TYPE_POINTER || tu->kind == TYPE_UINTPTR;
  return (vptr && tu->kind == TYPE_UNSAFEPOINTER) || (vu->kind == TYPE_UNSAFEPOINTER && tptr);
}

static bool convert_pointers(Type *v, Type *t) {
  if (v->kind != TYPE_POINTER || t->kind != TYPE_POINTER)
    return false;
  Type *a = v->pointer.elem, *b = t->pointer.elem;
  return !is_typeparam(a) && !is_typeparam(b) && types_identical_ignore_tags(under(a), under(b));
}

static bool convert_to_term(void *ctx, Type *t) {
  Trial *tr = ctx;
  Value x = tr->x;
  if (tr->vterm)
    x.type = tr->vterm;
  if (convertible(x, t, tr->cause))
    return true;
  if (tr->vterm)
    prefix_cause(tr, cause_printf("cannot convert %s (in %s) to type %s (in %s)", TSTR(tr->vterm),
                                  TSTR(tr->v), TSTR(t), TSTR(tr->t)));
  else
    prefix_cause(tr, cause_printf("cannot convert %s to type %s (in %s)", TSTR(x.type), TSTR(t),
                                  TSTR(tr->t)));
  return false;
}

static bool convert_from_term(void *ctx, Type *v) {
  Trial *tr = ctx;
  if (is_typeparam(tr->t)) {
    tr->vterm = v;
    return each_term(tr->t, convert_to_term, tr);
  }
  Value x = tr->x;
  x.type = v;
  if (convertible(x, tr->t, tr->cause))
    return true;
  prefix_cause(
      tr, cause_printf("cannot convert %s (in %s) to type %s", TSTR(v), TSTR(tr->v), TSTR(tr->t)));
  return false;
}

static bool convertible(Value x, Type *t, const char **cause) {
  if (assignable(x, t, cause))
    return true;
  Type *v = x.type, *vu = under(v), *tu = under(t);
  bool vp = is_typeparam(v), tp = is_typeparam(t);
  if (!vp && !tp && types_identical_ignore_tags(vu, tu))
    return true;
  if (convert_pointers(v, t) || (!vp && !tp && convertible_unders(vu, tu)))
    return true;
  if (vu->kind == TYPE_SLICE && !vp && !tp) {
    if (slice_to_array(vu, tu, cause))
      return true;
    if (cause && *cause)
      return false;
  }
  if (!vp && !tp)
    return false;
  Trial tr = {.x = x, .v = v, .t = t, .cause = cause};
  return vp ? each_term(v, convert_from_term, &tr) : each_term(t, convert_to_term, &tr);
}

bool convertible_to(Type *v, Type *t, const char **cause) {
  set_cause(cause, NULL);
  return convertible((Value){v, MODE_VALUE, NULL}, t, cause);
}
