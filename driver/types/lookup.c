// lookup.c: what x.f means: fields and methods through embedding, method sets, missing methods.
//
// The search goes breadth first through embedded fields (spec: "Selectors"): the first depth at
// which the name occurs decides, and it must occur there once. Types met twice at one depth make
// everything below them ambiguous ("multiples").
#include "driver/types/check.h"
#include "driver/types/core.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

// A type at the current depth, and how it was reached.
typedef struct Embedded {
  Type *type;
  int *path; // field indices
  int npath;
  bool indirect;  // through a pointer
  bool multiples; // more than once at this depth
} Embedded;
typedef VEC(Embedded) EmbeddedList;

typedef struct Search {
  Package *pkg;
  Atom name;
  bool fold; // case does not matter
  Object *found;
  Embedded at; // where it was found; the path includes a field's own index
  bool ambiguous;
} Search;

static int *extend_path(const Embedded *e, int i) {
  int *p = NEW_ARRAY(types_arena, int, e->npath + 1);
  if (e->npath)
    memcpy(p, e->path, sizeof(int) * (size_t)e->npath);
  p[e->npath] = i;
  return p;
}

static bool matches(const Search *s, Object *o) {
  if (same_id(o->name, o->pkg, s->name, s->pkg))
    return true;
  return s->fold && strcasecmp(o->name, s->name) == 0;
}

static void hit(Search *s, Object *o, const Embedded *e, int field) {
  if (s->found || e->multiples) {
    s->ambiguous = true;
    return;
  }
  s->found = o;
  s->at = *e;
  if (field >= 0) {
    s->at.path = extend_path(e, field);
    s->at.npath = e->npath + 1;
  }
}

static Object *find_method(const Search *s, Type *named) {
  Type *origin = named->named.origin ? named->named.origin : named;
  int n = named_nmethods(named);
  for (int i = 0; i < n; i++)
    if (matches(s, origin->named.methods.v[i]))
      return named_method(named, i);
  return NULL;
}

static void search_struct(Search *s, Type *u, const Embedded *e, EmbeddedList *next) {
  for (int i = 0; i < u->strct.fields.n; i++) {
    Object *f = u->strct.fields.v[i];
    if (matches(s, f)) {
      hit(s, f, e, i);
      if (s->ambiguous)
        return;
    } else if (!s->found && f->var.embedded && f->type) {
      bool ptr;
      Type *t = deref(f->type, &ptr);
      Embedded n = {t, extend_path(e, i), e->npath + 1, e->indirect || ptr, e->multiples};
      vec_push(types_arena, next, n);
    }
  }
}

static void search_one(Search *s, const Embedded *e, EmbeddedList *next) {
  Type *t = e->type;
  if (t->kind == TYPE_NAMED) {
    Object *m = find_method(s, t);
    if (m) {
      hit(s, m, e, -1);
      return;
    }
  }
  Type *u = under(t);
  if (u->kind == TYPE_STRUCT) {
    search_struct(s, u, e, next);
  } else if (u->kind == TYPE_INTERFACE) {
    Object *m = typeset_method(type_set(u), s->pkg, s->name, s->fold);
    if (m)
      hit(s, m, e, -1);
  }
}

static void consolidate(EmbeddedList *l) {
  int n = 0;
  for (int i = 0; i < l->n; i++) {
    bool dup = false;
    for (int j = 0; j < n && !dup; j++)
      if (l->v[j].type == l->v[i].type || types_identical(l->v[j].type, l->v[i].type)) {
        l->v[j].multiples = true;
        dup = true;
      }
    if (!dup)
      l->v[n++] = l->v[i];
  }
  l->n = n;
}

static bool seen_before(TypeList *seen, Type *t) {
  if (t->kind != TYPE_NAMED)
    return false;
  for (int i = 0; i < seen->n; i++)
    if (seen->v[i] == t)
      return true;
  vec_push(types_arena, seen, t);
  return false;
}

static void search(Search *s, Type *t, bool ptr) {
  EmbeddedList current = {0};
  TypeList seen = {0};
  Embedded first = {.type = t, .indirect = ptr};
  vec_push(types_arena, &current, first);
  while (current.n > 0 && !s->found && !s->ambiguous) {
    EmbeddedList next = {0};
    for (int i = 0; i < current.n && !s->ambiguous; i++)
      if (!seen_before(&seen, current.v[i].type))
        search_one(s, &current.v[i], &next);
    consolidate(&next);
    current = next;
  }
}

static LookupResult lookup_in(Type *t, bool addressable, Package *pkg, Atom name, bool fold,
                              Selection *out) {
  bool ptr;
  Type *base = deref(t, &ptr);
  if (ptr && under(base)->kind == TYPE_INTERFACE) // pointers to interfaces have no methods
    return LOOKUP_NONE;
  Search s = {.pkg = pkg, .name = name, .fold = fold};
  search(&s, base, ptr);
  if (s.ambiguous)
    return LOOKUP_AMBIGUOUS;
  if (!s.found)
    return LOOKUP_NONE;
  bool method = s.found->kind == OBJ_FUNC;
  if (method && s.found->func.ptr_recv && !s.at.indirect && !addressable)
    return LOOKUP_PTRRECV;
  *out = (Selection){.kind = method ? SEL_METHODVAL : SEL_FIELD,
                     .recv = t,
                     .obj = s.found,
                     .path = s.at.path,
                     .npath = s.at.npath,
                     .indirect = s.at.indirect};
  return LOOKUP_OK;
}

LookupResult lookup_fold(Type *t, bool addressable, Package *pkg, Atom name, bool fold,
                         Selection *out) {
  if (strcmp(name, "_") == 0)
    return LOOKUP_NONE;
  if (t->kind ==
      TYPE_NAMED) { // a named pointer type has the fields of what it points to, but no methods
    Type *u = under(t);
    if (u->kind == TYPE_POINTER) {
      LookupResult r = lookup_in(u, false, pkg, name, fold, out);
      if (r == LOOKUP_OK && out->obj->kind == OBJ_FUNC)
        return LOOKUP_NONE;
      if (r == LOOKUP_OK)
        out->recv = t;
      return r;
    }
  }
  return lookup_in(t, addressable, pkg, name, fold, out);
}

LookupResult lookup_field_or_method(Type *t, bool addressable, Package *pkg, Atom name,
                                    Selection *out) {
  return lookup_fold(t, addressable, pkg, name, false, out);
}

// ---- method sets

// Every name that some method reachable from t has, whether or not it is in the method set in the
// end.
typedef struct Names {
  ObjectList list;
  PtrMap *exported; // name -> object
  PtrMap *types;    // visited
} Names;

static void add_name(Names *n, Object *m) {
  if (is_exported(m->name)) {
    if (ptrmap_get(n->exported, m->name))
      return;
    ptrmap_set(n->exported, m->name, m);
  } else {
    for (int i = 0; i < n->list.n; i++)
      if (same_id(n->list.v[i]->name, n->list.v[i]->pkg, m->name, m->pkg))
        return;
  }
  vec_push(types_arena, &n->list, m);
}

static void collect_names(Names *n, Type *t) {
  if (ptrmap_get(n->types, t))
    return;
  ptrmap_set(n->types, t, t);
  if (t->kind == TYPE_NAMED) {
    Type *origin = t->named.origin ? t->named.origin : t;
    int count = named_nmethods(t);
    for (int i = 0; i < count; i++)
      add_name(n, origin->named.methods.v[i]);
  }
  Type *u = under(t);
  if (u->kind == TYPE_STRUCT) {
    for (int i = 0; i < u->strct.fields.n; i++)
      if (u->strct.fields.v[i]->var.embedded && u->strct.fields.v[i]->type)
        collect_names(n, deref(u->strct.fields.v[i]->type, NULL));
  } else if (u->kind == TYPE_INTERFACE) {
    const TypeSet *s = type_set(u);
    for (int i = 0; i < s->methods.n; i++)
      add_name(n, s->methods.v[i]);
  }
}

static int cmp_entries(const void *a, const void *b) {
  const Object *x = ((const MethodSetEntry *)a)->fn, *y = ((const MethodSetEntry *)b)->fn;
  bool ex = is_exported(x->name), ey = is_exported(y->name);
  if (ex != ey)
    return ex ? -1 : 1;
  int r = strcmp(x->name, y->name);
  if (r || ex)
    return r;
  return strcmp(x->pkg ? x->pkg->path : "", y->pkg ? y->pkg->path : "");
}

const MethodSet *method_set(Type *t) {
  if (t->mset)
    return t->mset;
  Names n = {.exported = ptrmap_new(types_arena), .types = ptrmap_new(types_arena)};
  MethodSet *set = NEW(types_arena, MethodSet);
  if (!(t->kind == TYPE_NAMED && under(t)->kind == TYPE_POINTER))
    collect_names(&n, deref(t, NULL));
  for (int i = 0; i < n.list.n; i++) {
    Selection sel;
    Object *m = n.list.v[i];
    if (lookup_field_or_method(t, false, m->pkg, m->name, &sel) != LOOKUP_OK ||
        sel.kind != SEL_METHODVAL)
      continue;
    check_object(sel.obj);
    MethodSetEntry e = {sel.obj, sel};
    vec_push(types_arena, set, e);
  }
  if (set->n)
    qsort(set->v, (size_t)set->n, sizeof(MethodSetEntry), cmp_entries);
  t->mset = set;
  return set;
}

// ---- missing methods

typedef enum Lack {
  LACK_NOTHING,
  LACK_NOT_FOUND,
  LACK_WRONG_NAME,
  LACK_UNEXPORTED,
  LACK_WRONG_SIG,
  LACK_AMBIGUOUS,
  LACK_PTR_RECV,
  LACK_FIELD,
} Lack;

typedef struct Missing {
  Type *v;
  bool static_;
  EquivFn equiv;
  void *ctx;
  Object *f; // what v has instead
} Missing;

static bool equivalent(const Missing *ms, Object *f, Object *m) {
  check_object(f);
  check_object(m);
  if (!f->type || !m->type)
    return true; // an error elsewhere
  return ms->equiv ? ms->equiv(ms->ctx, f->type, m->type) : types_identical(f->type, m->type);
}

static Lack lack_in_iface(Missing *ms, const TypeSet *s, Object *m) {
  ms->f = typeset_method(s, m->pkg, m->name, false);
  if (!ms->f)
    return ms->static_ ? LACK_NOT_FOUND : LACK_NOTHING;
  return equivalent(ms, ms->f, m) ? LACK_NOTHING : LACK_WRONG_SIG;
}

static Lack lack_by_name(Missing *ms, Object *m) {
  Selection sel;
  if (lookup_fold(ms->v, false, m->pkg, m->name, true, &sel) != LOOKUP_OK ||
      sel.obj->kind != OBJ_FUNC)
    return LACK_NOT_FOUND;
  ms->f = sel.obj;
  return sel.obj->name == m->name ? LACK_UNEXPORTED : LACK_WRONG_NAME;
}

static Lack lack_in_type(Missing *ms, Object *m) {
  Selection sel;
  ms->f = NULL;
  switch (lookup_field_or_method(ms->v, false, m->pkg, m->name, &sel)) {
  case LOOKUP_AMBIGUOUS: return LACK_AMBIGUOUS;
  case LOOKUP_PTRRECV: return LACK_PTR_RECV;
  case LOOKUP_NONE: return lack_by_name(ms, m);
  case LOOKUP_OK: break;
  }
  if (sel.obj->kind != OBJ_FUNC)
    return LACK_FIELD;
  ms->f = sel.obj;
  return equivalent(ms, sel.obj, m) ? LACK_NOTHING : LACK_WRONG_SIG;
}

static const char *iface_ptr_text(Type *t) {
  bool tp = under(t)->pointer.elem->kind == TYPE_TYPEPARAM;
  return cause_printf(tp ? "type %s is pointer to type parameter, not type parameter"
                         : "type %s is pointer to interface, not interface",
                      TSTR(t));
}

static const char *wrong_sig_text(Object *f, Object *m) {
  const char *fs = func_string(f, false), *ms = func_string(m, false);
  if (fs == ms) {
    fs = func_string(f, true);
    ms = func_string(m, true);
  }
  if (fs == ms)
    return cause_printf("(wrong type for method %s)", m->name);
  return cause_printf("(wrong type for method %s)\n\t\thave %s\n\t\twant %s", m->name, fs, ms);
}

static const char *lack_text(Lack lack, Type *v, Type *t, Object *f, Object *m) {
  if (f)
    check_object(f);
  check_object(m);
  switch (lack) {
  case LACK_NOT_FOUND:
    if (is_interface_ptr(v))
      return cause_printf("(%s)", iface_ptr_text(v));
    if (is_interface_ptr(t))
      return cause_printf("(%s)", iface_ptr_text(t));
    return cause_printf("(missing method %s)", m->name);
  case LACK_WRONG_NAME:
    return cause_printf("(missing method %s)\n\t\thave %s\n\t\twant %s", m->name,
                        func_string(f, false), func_string(m, false));
  case LACK_UNEXPORTED: return cause_printf("(unexported method %s)", m->name);
  case LACK_WRONG_SIG: return wrong_sig_text(f, m);
  case LACK_AMBIGUOUS: return cause_printf("(ambiguous selector %s.%s)", TSTR(v), m->name);
  case LACK_PTR_RECV: return cause_printf("(method %s has pointer receiver)", m->name);
  case LACK_FIELD: return cause_printf("(%s.%s is a field, not a method)", TSTR(v), m->name);
  case LACK_NOTHING: break;
  }
  return "";
}

static Object *find_missing(Missing *ms, Type *t, Lack *lack) {
  const TypeSet *want = type_set(t);
  Type *u = under(ms->v);
  for (int i = 0; i < want->methods.n; i++) {
    Object *m = want->methods.v[i];
    *lack = u->kind == TYPE_INTERFACE ? lack_in_iface(ms, type_set(u), m) : lack_in_type(ms, m);
    if (*lack != LACK_NOTHING)
      return m;
  }
  return NULL;
}

Object *missing_method_cause(Type *v, Type *t, bool static_, EquivFn equiv, void *ctx,
                             const char **cause, bool *wrong_type) {
  Missing ms = {v, static_, equiv, ctx, NULL};
  Lack lack = LACK_NOTHING;
  Object *m = find_missing(&ms, t, &lack);
  if (wrong_type)
    *wrong_type = lack == LACK_WRONG_SIG || lack == LACK_PTR_RECV;
  if (m && cause)
    *cause = lack_text(lack, v, t, ms.f, m);
  return m;
}

Object *missing_method(Type *t, Type *iface, bool static_, Object **wrong, bool *ptr_recv) {
  Missing ms = {t, static_, NULL, NULL, NULL};
  Lack lack = LACK_NOTHING;
  Object *m = find_missing(&ms, iface, &lack);
  if (ptr_recv)
    *ptr_recv = lack == LACK_PTR_RECV;
  if (wrong)
    *wrong = m ? ms.f : NULL;
  return m;
}
