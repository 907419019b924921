// typeset.c: the type set of an interface: its methods, embedded ones included, and the types it is
// restricted to.
//
// Terms are a normalised union: no term includes another. `all` stands for the union of everything,
// n == 0 without it for the empty set. "comparable" is kept as a flag only while there are no
// terms; with terms, those that are not comparable are dropped.
#include "driver/types/check.h"
#include "driver/types/core.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_TERMS 100 // as gc

static TypeSet top_set = {.all = true};

// ---- terms

static bool disjoint(Term x, Term y) {
  Type *ux = y.tilde ? under(x.type) : x.type;
  Type *uy = x.tilde ? under(y.type) : y.type;
  return !types_identical(ux, uy);
}

static bool term_subset(Term x, Term y) {
  return !disjoint(x, y) && (!x.tilde || y.tilde);
}

bool term_includes(Term x, Type *t) {
  return types_identical(x.type, x.tilde ? under(t) : t);
}

static void add_term(TypeSet *s, Term t) {
  int n = 0;
  for (int i = 0; i < s->nterms; i++) {
    if (term_subset(t, s->terms[i]))
      return;
    if (!term_subset(s->terms[i], t))
      s->terms[n++] = s->terms[i];
  }
  s->nterms = n;
  if ((n & (n - 1)) == 0) { // capacities are powers of two
    Term *grown = NEW_ARRAY(types_arena, Term, n ? 2 * n : 1);
    if (n)
      memcpy(grown, s->terms, sizeof(Term) * (size_t)n);
    s->terms = grown;
  }
  s->terms[s->nterms++] = t;
}

static void unite(TypeSet *s, const TypeSet *other) {
  if (other->all) {
    s->all = true;
    s->terms = NULL;
    s->nterms = 0;
  }
  for (int i = 0; i < other->nterms && !s->all; i++)
    add_term(s, other->terms[i]);
}

// Drops what is not comparable once both a flag and terms are there.
static void settle_comparable(TypeSet *s) {
  if (!s->comparable_ || s->all)
    return;
  TypeSet kept = {0};
  for (int i = 0; i < s->nterms; i++)
    if (type_comparable(s->terms[i].type, false, NULL))
      add_term(&kept, s->terms[i]);
  s->terms = kept.terms;
  s->nterms = kept.nterms;
  s->comparable_ = false;
}

static void intersect(TypeSet *s, const TypeSet *other) {
  s->comparable_ |= other->comparable_;
  if (s->all) {
    s->all = other->all;
    for (int i = 0; i < other->nterms; i++)
      add_term(s, other->terms[i]);
  } else if (!other->all) {
    TypeSet r = {0};
    for (int i = 0; i < s->nterms; i++)
      for (int j = 0; j < other->nterms; j++) {
        Term x = s->terms[i], y = other->terms[j];
        if (!disjoint(x, y))
          add_term(&r, !x.tilde || y.tilde ? x : y);
      }
    s->terms = r.terms;
    s->nterms = r.nterms;
  }
  settle_comparable(s);
}

bool terms_subset(const TypeSet *x, const TypeSet *y) {
  if (y->all)
    return true;
  if (x->all)
    return false;
  for (int i = 0; i < x->nterms; i++) {
    bool found = false;
    for (int j = 0; j < y->nterms && !found; j++)
      found = term_subset(x->terms[i], y->terms[j]);
    if (!found)
      return false;
  }
  return true;
}

bool terms_equal(const TypeSet *x, const TypeSet *y) {
  return terms_subset(x, y) && terms_subset(y, x);
}

// ---- type sets

bool typeset_has_terms(const TypeSet *s) {
  return !s->all && s->nterms > 0;
}
bool typeset_is_all(const TypeSet *s) {
  return s->all && !s->comparable_ && s->methods.n == 0;
}
bool typeset_is_empty(const TypeSet *s) {
  return !s->all && s->nterms == 0;
}

Object *typeset_method(const TypeSet *s, Package *pkg, Atom name, bool fold) {
  for (int i = 0; i < s->methods.n; i++) {
    Object *m = s->methods.v[i];
    if (same_id(m->name, m->pkg, name, pkg) || (fold && strcasecmp(m->name, name) == 0))
      return m;
  }
  return NULL;
}

int cmp_methods(const void *a, const void *b) {
  const Object *x = *(Object *const *)a, *y = *(Object *const *)b;
  bool ex = is_exported(x->name), ey = is_exported(y->name);
  if (ex != ey)
    return ex ? -1 : 1;
  int r = strcmp(x->name, y->name);
  if (r || ex)
    return r;
  return strcmp(x->pkg ? x->pkg->path : "", y->pkg ? y->pkg->path : "");
}

// A type set in the making.
typedef struct Builder {
  TypeSet *s;
  VEC(Pos) pos;  // of the methods: where they are declared or embedded
  bool complete; // nothing it depends on is still being declared
} Builder;

static void report_duplicate(Object *m, Pos pos, Pos other) {
  check_error(checker, pos, "duplicate method %s\n\t%s: other declaration of method %s", m->name,
              pos_str(other), m->name);
}

// Methods that occur twice through embedding must have the same signature; that is known only once
// all is declared.
typedef struct Twice {
  Object *m, *other;
  Pos pos, otherpos;
} Twice;

// Imported packages have been compiled with their own language version.
static bool in_this_package(Pos pos) {
  Package *p = checker->env.pkg;
  for (int i = 0; pos_known(pos) && p && i < p->files.n; i++)
    if (p->files.v[i]->posfile == pos.file)
      return true;
  return false;
}

static void check_twice(Checker *c, void *arg) {
  Twice *d = arg;
  check_object(d->m);
  check_object(d->other);
  if (!d->m->type || !d->other->type)
    return;
  if ((in_this_package(d->pos) && !check_allowed(c, 14)) ||
      !types_identical(d->m->type, d->other->type))
    report_duplicate(d->m, d->pos, d->otherpos);
}

static int method_index(const TypeSet *s, Object *m) {
  for (int i = 0; i < s->methods.n; i++)
    if (same_id(s->methods.v[i]->name, s->methods.v[i]->pkg, m->name, m->pkg))
      return i;
  return -1;
}

static void add_method(Builder *b, Object *m, Pos pos, bool is_explicit) {
  int i = method_index(b->s, m);
  if (i < 0) {
    vec_push(types_arena, &b->s->methods, m);
    vec_push(types_arena, &b->pos, pos);
  } else if (is_explicit) {
    report_duplicate(m, pos, b->pos.v[i]);
  } else {
    Twice *d = NEW(types_arena, Twice);
    *d = (Twice){m, b->s->methods.v[i], pos, b->pos.v[i]};
    check_later(checker, check_twice, d);
  }
}

static bool union_set(TypeSet *s, Type *u, Pos pos) {
  for (int i = 0; i < u->uni.n && !s->all; i++) {
    Term t = u->uni.terms[i];
    Type *ut = under(t.type);
    if (ut->kind == TYPE_INTERFACE) {
      unite(s, type_set(ut));
    } else if (ut->kind != TYPE_INVALID && (!t.tilde || types_identical(t.type, ut))) {
      add_term(s, t);
    }
    if (s->nterms > MAX_TERMS) {
      check_error(checker, pos,
                  "cannot handle more than %d union terms (implementation limitation)", MAX_TERMS);
      return false;
    }
  }
  return true;
}

static bool too_old(Pos pos, const char *what, Type *t) {
  return pos_known(pos) &&
         !check_lang(checker, pos, 18, cause_printf("embedding %s %s", what, TSTR(t)));
}

static void embed_interface(Builder *b, Type *u, Pos pos) {
  const TypeSet *es = type_set(u);
  for (int i = 0; i < es->methods.n; i++)
    add_method(b, es->methods.v[i], pos, false);
  intersect(b->s, es);
  if (u->iface.incomplete)
    b->complete = false;
}

static void embed(Builder *b, Type *e, Pos pos) {
  Type *u = under(e);
  TypeSet one = {0};
  switch (u->kind) {
  case TYPE_INVALID: b->complete = false; return;
  case TYPE_INTERFACE: embed_interface(b, u, pos); return;
  case TYPE_UNION:
    if (too_old(pos, "interface element", u) || !union_set(&one, u, pos))
      return;
    break;
  default:
    if (too_old(pos, "non-interface type", e))
      return;
    add_term(&one, (Term){false, e});
    break;
  }
  intersect(b->s, &one);
}

static TypeSet *compute(Type *t, bool *complete) {
  Builder b = {.s = NEW(types_arena, TypeSet), .complete = true};
  b.s->all = true;
  b.s->comparable_ = t->iface.comparable_;
  for (int i = 0; i < t->iface.methods.n; i++)
    add_method(&b, t->iface.methods.v[i], t->iface.methods.v[i]->pos, true);
  for (int i = 0; i < t->iface.embeds.n; i++)
    embed(&b, t->iface.embeds.v[i], i < t->iface.embedpos.n ? t->iface.embedpos.v[i] : NOPOS);
  if (b.s->methods.n)
    qsort(b.s->methods.v, (size_t)b.s->methods.n, sizeof(Object *), cmp_methods);
  *complete = b.complete;
  return b.s;
}

// An interface that embeds itself (an error, reported by the declaration) has the top set while it
// is computed. What depends on an interface that is still being declared is not kept.
const TypeSet *type_set(Type *t) {
  t = under(t);
  if (t->kind == TYPE_INVALID)
    return &top_set;
  ASSERT(t->kind == TYPE_INTERFACE);
  if (t->iface.set)
    return t->iface.set;
  if (t->iface.incomplete)
    return &top_set;
  bool complete = true;
  t->iface.set = &top_set;
  TypeSet *s = compute(t, &complete);
  t->iface.set = complete ? s : NULL;
  return s;
}

bool typeset_all(Type *t, bool (*f)(void *ctx, Type *under), void *ctx) {
  Type *u = under(t);
  if (u->kind != TYPE_INTERFACE)
    return f(ctx, u);
  const TypeSet *s = type_set(u);
  if (!typeset_has_terms(s))
    return false;
  for (int i = 0; i < s->nterms; i++)
    if (!f(ctx, under(s->terms[i].type)))
      return false;
  return true;
}
