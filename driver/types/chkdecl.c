// chkdecl.c: declarations: resolving objects on demand, cycles, constants, variables, types,
// functions.
//
// An object is white until somebody asks for it, grey while its declaration is being checked (it is
// then on Checker.path) and black afterwards. Meeting a grey object means a cycle of declarations;
// valid_cycle says whether it is one that Go allows.
#include "driver/types/check.h"
#include "driver/types/core.h"
#include <string.h>

#include <stdlib.h>

#define TS(t) type_string((t), c->env.pkg)

// ---- errors

static int lang_minor(const char *version) {
  if (strncmp(version, "go1.", 4) != 0)
    return strcmp(version, "go1") == 0 ? 0 : 1000;
  return atoi(version + 4);
}

// gc adds to "… requires go1.N or later" where the version comes from.
static void version_hint(Checker *c, Buf *b) {
  const char *s = buf_str(b);
  if (!strstr(s, "requires go1.") || !strstr(s, " or later"))
    return;
  File *f = c->env.file;
  if (f && f->goversion && lang_minor(f->goversion) >= 21)
    buf_printf(b, " (file declares //go:build %s)", f->goversion);
  else if (c->env.pkg && c->env.pkg->goversion[0])
    buf_printf(b, " (-lang was set to %s; check go.mod)", c->env.pkg->goversion);
}

void check_error(Checker *c, Pos pos, const char *fmt, ...) {
  Buf b = {0};
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(&b, fmt, ap);
  va_end(ap);
  const char *s = buf_str(&b), *bad = strstr(s, "invalid operand");
  if (!bad)
    bad = strstr(s, "invalid type");
  // A message that mentions invalid types is a consequence of an earlier one.
  if (!(diag_count() > 0 && bad && bad != s)) {
    version_hint(c, &b);
    diag_error(pos_known(c->env.errpos) ? c->env.errpos : pos, "%s", buf_str(&b));
  }
  buf_free(&b);
}

bool lang_at_least(Package *pkg, const File *file, int minor) {
  const char *v = pkg && pkg->goversion ? pkg->goversion : "";
  if (file && file->goversion && file->goversion[0]) {
    int m = lang_minor(file->goversion);
    return (m > 21 ? m : 21) >= minor;
  }
  return !v[0] || lang_minor(v) >= minor;
}

bool check_allowed(Checker *c, int minor) {
  return lang_at_least(c->env.pkg, c->env.file, minor);
}

bool check_lang(Checker *c, Pos pos, int minor, const char *what) {
  if (check_allowed(c, minor))
    return true;
  check_error(c, pos, "%s requires go1.%d or later", what, minor);
  return false;
}

void check_set_env(Checker *c, Env env) {
  c->env = env;
  types_relative = env.pkg;
}

// ---- put-off actions

void check_later(Checker *c, void (*f)(Checker *c, void *arg), void *arg) {
  vec_push(c->arena, &c->later, ((Later){f, arg, c->env}));
}

void check_run_later(Checker *c, int from) {
  Env saved = c->env;
  c->busy++;
  for (int i = from; i < c->later.n; i++) {
    Later l = c->later.v[i];
    check_set_env(c, l.env);
    l.f(c, l.arg);
  }
  c->later.n = from;
  c->busy--;
  check_set_env(c, saved);
}

// ---- names in scopes

Object *check_declare(Checker *c, Scope *s, Object *o) {
  if (s->parent != universe && s != c->env.pkg->scope)
    o->seq = ++c->seq;
  Object *alt = scope_insert(s, o);
  if (alt) {
    if (pos_known(alt->pos))
      check_error(c, o->pos, "%s redeclared in this block\n\t%s: other declaration of %s", o->name,
                  pos_str(alt->pos), alt->name);
    else
      check_error(c, o->pos, "%s redeclared in this block", o->name);
    return alt;
  }
  return NULL;
}

void check_add_local(Checker *c, Object *v) {
  v->var.owner = c->env.func;
  if (c->env.func)
    vec_push(c->arena, &c->env.func->locals, v);
}

void check_add_dep(Checker *c, Object *o) {
  DeclInfo *d = c->env.decl;
  if (!d || !o->check || o->pkg != c->env.pkg)
    return;
  if (!d->depset)
    d->depset = ptrmap_new(c->arena);
  if (ptrmap_get(d->depset, o))
    return;
  ptrmap_set(d->depset, o, o);
  vec_push(c->arena, &d->deps, o);
}

const char *check_qname(Checker *c, Object *o) {
  if (!o->pkg || o->pkg == c->env.pkg)
    return o->name;
  return atom_printf("%s.%s", o->pkg->name, o->name);
}

// ---- cycles

static bool is_alias(Object *o) {
  return o->kind == OBJ_TYPENAME && o->tname.alias;
}

static int first_in_source(Object **cycle, int n) {
  int first = 0;
  for (int i = 1; i < n; i++)
    if (pos_cmp(cycle[i]->pos, cycle[first]->pos) < 0)
      first = i;
  return first;
}

// Reports the cycle, beginning with cycle[start].
void check_cycle_error(Checker *c, Object **cycle, int n, int start) {
  Object *o = cycle[start];
  bool is_type = o->kind == OBJ_TYPENAME;
  if (n == 1) {
    check_error(c, o->pos,
                is_type ? "invalid recursive type: %s refers to itself"
                        : "invalid cycle in declaration: %s refers to itself",
                check_qname(c, o));
    return;
  }
  Buf b = {0};
  buf_printf(&b, is_type ? "invalid recursive type %s" : "invalid cycle in declaration of %s",
             check_qname(c, o));
  for (int i = 0; i < n; i++) {
    Object *p = cycle[(start + i) % n], *q = cycle[(start + i + 1) % n];
    buf_printf(&b, "\n\t%s: %s refers to", pos_str(p->pos), check_qname(c, p));
    if (i == n - 1)
      buf_printf(&b, "\n\t%s: %s", pos_str(q->pos), check_qname(c, q));
  }
  check_error(c, o->pos, "%s", buf_str(&b));
  buf_free(&b);
}

// Whether the cycle from grey o back to itself is fine; reports it otherwise. Cycles of values
// alone come from function types and are left to the initialization order; cycles of types need a
// definition in between.
static bool valid_cycle(Checker *c, Object *o) {
  int start = c->path.n - 1;
  while (start > 0 && c->path.v[start] != o)
    start--;
  Object **cycle = c->path.v + start;
  int n = c->path.n - start, nval = 0, ndef = 0;
  if (n <= 0)
    return true;
  bool tparam_cycle = false;
  for (int i = 0; i < n && !tparam_cycle; i++) {
    switch (cycle[i]->kind) {
    case OBJ_CONST:
    case OBJ_VAR: nval++; break;
    case OBJ_TYPENAME:
      if (c->env.in_tparam_list && cycle[i]->type && type_is_generic(cycle[i]->type))
        tparam_cycle = true;
      else if (!is_alias(cycle[i]))
        ndef++;
      break;
    default: break;
    }
  }
  if (!tparam_cycle && (nval == n || (nval == 0 && ndef > 0)))
    return true;
  check_cycle_error(c, cycle, n, first_in_source(cycle, n));
  return false;
}

static void meet_grey(Checker *c, Object *o) {
  bool valid = valid_cycle(c, o);
  switch (o->kind) {
  case OBJ_CONST:
  case OBJ_VAR:
    if (!valid || !o->type)
      o->type = t_basic[TYPE_INVALID];
    break;
  case OBJ_TYPENAME:
    if (!valid || !o->type)
      o->type = t_basic[TYPE_INVALID];
    break;
  default: break;
  }
}

// ---- types of finite size

typedef struct NamedStack {
  Type **v;
  int n, cap;
} NamedStack;

static bool valid_type(Checker *c, Type *t, NamedStack *nest, NamedStack *path);

// The object that stands for a type in a cycle: an instance is said to be where it was made first.
static Object *cycle_object(Checker *c, Type *t) {
  Pos *pos = ptrmap_get(c->inst_pos, t);
  if (!pos)
    return t->named.obj;
  Object *o = arena_dup(c->arena, t->named.obj, sizeof *o);
  o->pos = *pos;
  return o;
}

static void path_cycle_error(Checker *c, NamedStack *path, Type *t) {
  for (int i = 0; i < path->n; i++) {
    if (!types_identical(path->v[i], t))
      continue;
    Object **cycle = NEW_ARRAY(c->arena, Object *, path->n - i);
    for (int j = i; j < path->n; j++)
      cycle[j - i] = cycle_object(c, path->v[j]);
    check_cycle_error(c, cycle, path->n - i, 0);
    return;
  }
}

static bool valid_named(Checker *c, Type *t, NamedStack *nest, NamedStack *path) {
  Type *origin = t->named.origin;
  if (origin->named.valid && !origin->named.tparams.n)
    return true;
  Type *raw = origin->named.underlying;
  if (raw && raw->kind == TYPE_INVALID)
    return false;
  for (int i = 0; i < nest->n; i++) {
    if (!types_identical(nest->v[i], t))
      continue;
    t->named.underlying = t_basic[TYPE_INVALID];
    origin->named.underlying = t_basic[TYPE_INVALID];
    path_cycle_error(c, path, t);
    return false;
  }
  if (!origin->named.rhs)
    return true;
  vec_push(c->arena, nest, t);
  vec_push(c->arena, path, t);
  bool ok = valid_type(c, origin->named.rhs, nest, path);
  nest->n--;
  path->n--;
  if (ok)
    origin->named.valid = true;
  return ok;
}

// A type parameter stands for the argument of the innermost instance; it is looked at outside of
// that instance.
static bool valid_tparam(Checker *c, Type *t, NamedStack *nest, NamedStack *path) {
  if (!nest->n)
    return true;
  Type *inst = nest->v[nest->n - 1];
  TypeList *tparams = &inst->named.origin->named.tparams;
  for (int i = 0; i < tparams->n && i < inst->named.targs.n; i++) {
    if (tparams->v[i] != t)
      continue;
    nest->n--;
    bool ok = valid_type(c, inst->named.targs.v[i], nest, path);
    nest->v[nest->n++] = inst;
    return ok;
  }
  return true;
}

static bool valid_type(Checker *c, Type *t, NamedStack *nest, NamedStack *path) {
  switch (t->kind) {
  case TYPE_ARRAY: return valid_type(c, t->array.elem, nest, path);
  case TYPE_STRUCT:
    for (int i = 0; i < t->strct.fields.n; i++)
      if (!valid_type(c, t->strct.fields.v[i]->type, nest, path))
        return false;
    return true;
  case TYPE_UNION:
    for (int i = 0; i < t->uni.n; i++)
      if (!valid_type(c, t->uni.terms[i].type, nest, path))
        return false;
    return true;
  case TYPE_INTERFACE:
    for (int i = 0; i < t->iface.embeds.n; i++)
      if (!valid_type(c, t->iface.embeds.v[i], nest, path))
        return false;
    return true;
  case TYPE_NAMED: return valid_named(c, t, nest, path);
  case TYPE_TYPEPARAM: return valid_tparam(c, t, nest, path);
  default: return true;
  }
}

void check_valid_type(Checker *c, Type *t) {
  NamedStack nest = {0}, path = {0};
  valid_type(c, t, &nest, &path);
}

// Replaces a chain of named types (type A B; type B struct{}) by the type at its end; reports one
// without end.
static void resolve_chain(Checker *c, Type *named) {
  ObjectList path = {0};
  Type *t = named;
  for (; t && t->kind == TYPE_NAMED; t = t->named.underlying) {
    for (int i = 0; i < path.n; i++) {
      if (path.v[i]->type != t)
        continue;
      check_cycle_error(c, path.v + i, path.n - i, first_in_source(path.v + i, path.n - i));
      for (int j = 0; j < path.n; j++)
        path.v[j]->type->named.underlying = t_basic[TYPE_INVALID];
      return;
    }
    if (t->named.origin != t) { // an instance
      t = under(t);
      if (t->kind == TYPE_INVALID)
        return; // valid_type will say why
      break;
    }
    vec_push(c->arena, &path, t->named.obj);
  }
  named->named.underlying = t ? t : t_basic[TYPE_INVALID];
}

static void later_valid_type(Checker *c, void *arg) {
  Object *o = arg;
  if (o->type && o->type->kind == TYPE_NAMED && o->type->named.underlying &&
      o->type->named.underlying->kind == TYPE_NAMED)
    resolve_chain(c, o->type);
  if (o->type && o->type->kind == TYPE_NAMED)
    check_valid_type(c, o->type);
}

// ---- constants and variables

ConstVal *check_unknown(void) {
  return const_to_int(const_string("", 0));
}

static void init_const(Checker *c, Object *lhs, Operand *x) {
  Type *invalid = t_basic[TYPE_INVALID];
  if (x->mode == MODE_INVALID || x->type == invalid || lhs->type == invalid) {
    if (!lhs->type)
      lhs->type = invalid;
    return;
  }
  if (x->mode != MODE_CONST) {
    check_error(c, expr_start(x->expr), "%s is not constant", check_operand_string(c, x));
    if (!lhs->type)
      lhs->type = invalid;
    return;
  }
  if (!lhs->type)
    lhs->type = x->type;
  check_assignment(c, x, lhs->type, "constant declaration");
  if (x->mode != MODE_INVALID)
    lhs->cons.val = x->val;
}

static void const_decl(Checker *c, Object *o, int iota, Expr *type, Expr *init, bool inherited) {
  ConstVal *saved_iota = c->env.iota;
  Pos saved_pos = c->env.errpos;
  c->env.iota = const_int(iota);
  c->env.errpos = NOPOS;
  o->cons.val = check_unknown();
  Operand x = {.mode = MODE_INVALID, .type = t_basic[TYPE_INVALID]};
  if (type) {
    Type *t = check_type(c, type);
    if (!is_const_type(t)) {
      if (under(t)->kind != TYPE_INVALID)
        check_error(c, expr_start(type), "invalid constant type %s", TS(t));
      o->type = t_basic[TYPE_INVALID];
      goto done;
    }
    o->type = t;
  }
  if (init) {
    if (inherited)
      c->env.errpos = o->pos;
    check_expr(c, NULL, &x, init);
  }
  init_const(c, o, &x);
done:
  c->env.iota = saved_iota;
  c->env.errpos = saved_pos;
}

static void var_decl(Checker *c, Object *o, Object **lhs, int nlhs, Expr *type, Expr *init) {
  if (type)
    o->type = check_var_type(c, type);
  if (!init) {
    if (!type)
      o->type = t_basic[TYPE_INVALID];
    return;
  }
  if (!lhs || nlhs == 1) {
    Operand x;
    check_expr(c, check_target(c, o->type, o->name), &x, init);
    check_init_var(c, o, &x, "variable declaration");
    return;
  }
  if (type)
    for (int i = 0; i < nlhs; i++)
      lhs[i]->type = o->type;
  check_init_vars(c, lhs, nlhs, &init, 1, NULL);
}

// ---- types

static bool is_imported_constraint(Checker *c, Type *t) {
  if (!t || t->kind != TYPE_NAMED || t->named.obj->pkg == c->env.pkg || !t->named.obj->pkg)
    return false;
  Type *u = under(t);
  if (u->kind != TYPE_INTERFACE)
    return false;
  const TypeSet *s = type_set(u);
  return s->comparable_ || typeset_has_terms(s);
}

typedef struct ConstraintUse {
  Expr *e;
  Object *tname;
} ConstraintUse;

static void later_imported_constraint(Checker *c, void *arg) {
  ConstraintUse *u = arg;
  Type *rhs = u->e->type;
  if (!check_allowed(c, 18) && is_imported_constraint(c, rhs))
    check_lang(c, expr_start(u->e), 18, atom_printf("using type constraint %s", TS(rhs)));
}

static void alias_decl(Checker *c, Object *o, Decl *d) {
  bool version_error = false;
  o->tname.alias = true;
  if (d->type.tparams.n)
    version_error = !check_lang(c, d->type.tparams.v[0]->pos, 23, "generic type alias");
  if (!version_error && !check_lang(c, d->pos, 9, "type alias"))
    version_error = true;
  if (d->type.tparams.n) {
    if (!version_error)
      check_error(c, d->pos, "generic type alias requires GOEXPERIMENT=aliastypeparams");
    o->type = t_basic[TYPE_INVALID];
    return;
  }
  Type *t = check_def_type(c, d->type.type, NULL);
  if (!o->type) // else a cycle made it invalid
    o->type = t;
}

// Local types are numbered in the outermost function around them: they are different types of the
// same name.
static void own_local_type(Checker *c, Object *o) {
  FuncInfo *root = c->env.func;
  while (root->outer)
    root = root->outer;
  o->tname.owner = c->env.func;
  o->tname.num = ++root->ntypes;
}

static Type *new_named(Checker *c, Object *o) {
  Type *t = type_new(TYPE_NAMED);
  t->named.obj = o;
  t->named.origin = t;
  if (c->env.func) {
    for (int i = 0; i < c->env.tparams.n; i++)
      vec_push(c->arena, &t->named.outer, c->env.tparams.v[i]);
    own_local_type(c, o);
  }
  return t;
}

static void type_decl(Checker *c, Object *o, Decl *d) {
  check_later(c, later_valid_type, o);
  if (!check_allowed(c, 18)) {
    ConstraintUse *u = NEW(c->arena, ConstraintUse);
    *u = (ConstraintUse){d->type.type, o};
    check_later(c, later_imported_constraint, u);
  }
  if (d->type.alias) {
    alias_decl(c, o, d);
    return;
  }
  if (d->type.tparams.n)
    check_lang(c, d->type.tparams.v[0]->pos, 18, "type parameter");
  Type *named = new_named(c, o);
  o->type = named;
  Scope *saved = c->env.scope;
  if (d->type.tparams.n) {
    c->env.scope = scope_new(saved, d->pos);
    check_type_params(c, &d->type.tparams, &named->named.tparams);
  }
  Type *rhs = check_def_type(c, d->type.type, named);
  c->env.scope = saved;
  named->named.rhs = rhs;
  if (o->type != named) // a cycle made it invalid
    return;
  Type *u =
      rhs; // a named type is replaced by its own underlying one when that is complete: under()
  if (rhs->kind == TYPE_TYPEPARAM) {
    check_error(c, expr_start(d->type.type),
                "cannot use a type parameter as RHS in type declaration");
    u = t_basic[TYPE_INVALID];
  }
  named->named.underlying = u ? u : t_basic[TYPE_INVALID];
}

static void later_field_uniqueness(Checker *c, void *arg) {
  Type *named = arg;
  Type *u = under(named);
  if (u->kind != TYPE_STRUCT)
    return;
  PtrMap *fields = ptrmap_new(c->arena);
  for (int i = 0; i < u->strct.fields.n; i++)
    ptrmap_set(fields, u->strct.fields.v[i]->name, u->strct.fields.v[i]);
  for (int i = 0; i < named->named.methods.n; i++) {
    Object *m = named->named.methods.v[i], *f = ptrmap_get(fields, m->name);
    if (f && strcmp(f->name, "_") != 0)
      check_error(c, m->pos,
                  "field and method with the same name %s\n\t%s: other declaration of %s", f->name,
                  pos_str(f->pos), f->name);
  }
}

static void collect_methods(Checker *c, Object *o) {
  PackageInfo *info = check_pkginfo(o->pkg);
  ObjectList *methods = ptrmap_get(info->methods, o);
  if (!methods || !o->type)
    return;
  ptrmap_set(info->methods, o, NULL);
  Type *base = o->type->kind == TYPE_NAMED ? o->type : NULL;
  if (base)
    check_later(c, later_field_uniqueness, base);
  PtrMap *names = ptrmap_new(c->arena);
  for (int i = 0; i < methods->n; i++) {
    Object *m = methods->v[i], *alt = ptrmap_get(names, m->name);
    if (alt) {
      check_error(c, m->pos, "method %s.%s already declared at %s", o->name, m->name,
                  pos_str(alt->pos));
      continue;
    }
    ptrmap_set(names, m->name, m);
    if (base)
      vec_push(c->arena, &base->named.methods, m);
  }
}

// ---- functions

static void func_decl(Checker *c, Object *o) {
  Decl *d = o->decl;
  Type *sig = type_new(TYPE_FUNC);
  o->type = sig;
  ObjectState saved = o->state;
  o->state = OBJ_BLACK; // its type may be used by now
  Scope *scope = scope_new(c->env.scope, d->pos);
  scope->is_func = true;
  check_func_type(c, sig, d->func.type, d->func.recv, scope, d->func.info);
  o->state = saved;
  if (d->func.type->functype.tparams.n && !d->func.body)
    check_error(c, d->pos, "generic function is missing function body");
  if (d->func.info) {
    d->func.info->sig = sig;
    d->func.info->scope = scope;
  }
}

// ---- aliases

static void resolve_before_alias(Checker *c, Expr *e, int hops);

static void resolve_fields(Checker *c, FieldList *l, int hops) {
  for (int i = 0; i < l->n; i++)
    resolve_before_alias(c, l->v[i]->type, hops);
}

static void resolve_name(Checker *c, Expr *e, int hops) {
  Object *o = scope_lookup(c->env.pkg->scope, e->name.id);
  if (!o || o->kind != OBJ_TYPENAME || o->state != OBJ_WHITE || !o->decl)
    return;
  if (!o->decl->type.alias)
    check_obj_decl(c, o);
  else if (hops < 20)
    resolve_before_alias(c, o->decl->type.type, hops + 1);
}

// Resolves the declared types that an alias' right side mentions. type A = *T; type T struct{ a A }
// works only from T: a declared type has its Type before its right side is looked at, an alias has
// none.
static void resolve_before_alias(Checker *c, Expr *e, int hops) {
  if (!e)
    return;
  switch (e->kind) {
  case EXPR_NAME: resolve_name(c, e, hops); break;
  case EXPR_PAREN: resolve_before_alias(c, e->paren.x, hops); break;
  case EXPR_STAR: resolve_before_alias(c, e->star.x, hops); break;
  case EXPR_ARRAYTYPE: resolve_before_alias(c, e->array.elem, hops); break;
  case EXPR_SLICETYPE: resolve_before_alias(c, e->slicetype.elem, hops); break;
  case EXPR_ELLIPSIS: resolve_before_alias(c, e->ellipsis.elem, hops); break;
  case EXPR_CHANTYPE: resolve_before_alias(c, e->chan.elem, hops); break;
  case EXPR_MAPTYPE:
    resolve_before_alias(c, e->map.key, hops);
    resolve_before_alias(c, e->map.elem, hops);
    break;
  case EXPR_INDEX:
    resolve_before_alias(c, e->index.x, hops);
    for (int i = 0; i < e->index.index.n; i++)
      resolve_before_alias(c, e->index.index.v[i], hops);
    break;
  case EXPR_STRUCTTYPE: resolve_fields(c, &e->structtype.fields, hops); break;
  case EXPR_FUNCTYPE:
    resolve_fields(c, &e->functype.params, hops);
    resolve_fields(c, &e->functype.results, hops);
    break;
  case EXPR_INTERFACETYPE:
    resolve_fields(c, &e->iface.methods, hops);
    for (int i = 0; i < e->iface.embeds.n; i++)
      resolve_before_alias(c, e->iface.embeds.v[i], hops);
    break;
  default: break;
  }
}

// ---- resolving an object

void check_obj_decl(Checker *c, Object *o) {
  if (o->state == OBJ_WHITE && o->type)
    o->state = OBJ_BLACK;
  if (o->state == OBJ_BLACK)
    return;
  if (o->state == OBJ_GREY) {
    meet_grey(c, o);
    return;
  }
  if (!o->check) { // nothing to resolve it from
    if (!o->type)
      o->type = t_basic[TYPE_INVALID];
    o->state = OBJ_BLACK;
    return;
  }
  DeclInfo *d = o->check;
  Env saved = c->env;
  c->busy++;
  check_set_env(c, (Env){.pkg = o->pkg, .file = d->file, .scope = d->file->scope, .decl = d});
  if (o->kind == OBJ_TYPENAME && o->decl->type.alias) {
    resolve_before_alias(c, o->decl->type.type, 0);
    if (o->state != OBJ_WHITE) { // one of them needed the alias and resolved it
      c->busy--;
      check_set_env(c, saved);
      return;
    }
  }
  o->state = OBJ_GREY;
  vec_push(c->arena, &c->path, o);
  switch (o->kind) {
  case OBJ_CONST: const_decl(c, o, d->iota, d->type, d->init, d->inherited); break;
  case OBJ_VAR: var_decl(c, o, d->lhs, d->nlhs, d->type, d->init); break;
  case OBJ_TYPENAME:
    c->env.decl = NULL;
    type_decl(c, o, o->decl);
    collect_methods(c, o);
    break;
  case OBJ_FUNC:
    c->env.decl = NULL;
    func_decl(c, o);
    break;
  default: ice(o->pos, "check_obj_decl: object kind %d", o->kind);
  }
  c->busy--;
  check_set_env(c, saved);
  c->path.n--;
  o->state = OBJ_BLACK;
  if (!o->type)
    o->type = t_basic[TYPE_INVALID];
}

void check_object(Object *o) {
  Checker *c = checker;
  check_obj_decl(c, o);
  if (!c->busy)
    check_run_later(c, 0);
}

// ---- declarations in functions

void check_arity(Checker *c, Pos pos, ExprList *names, ExprList *inits, bool is_const,
                 bool inherited) {
  int l = names->n, r = inits->n;
  if (l < r) {
    Expr *n = inits->v[l];
    if (inherited)
      check_error(c, pos, "extra init expr at %s", pos_str(n->pos));
    else
      check_error(c, expr_start(n), "extra init expr %s", expr_string(n));
  } else if (l > r && (is_const || r != 1)) {
    check_error(c, names->v[r]->pos, "missing init expr for %s", names->v[r]->name.id);
  }
}

static void local_consts(Checker *c, Decl *d) {
  int top = c->later.n;
  ExprList *names = &d->cons.names;
  Object **lhs = NEW_ARRAY(c->arena, Object *, names->n);
  for (int i = 0; i < names->n; i++) {
    Expr *name = names->v[i];
    lhs[i] = object_new(OBJ_CONST, name->pos, c->env.pkg, name->name.id, NULL);
    name->name.obj = lhs[i];
    const_decl(c, lhs[i], d->cons.iota, d->cons.type,
               i < d->cons.values.n ? d->cons.values.v[i] : NULL, d->cons.inherited);
    lhs[i]->state = OBJ_BLACK;
    if (!lhs[i]->type)
      lhs[i]->type = t_basic[TYPE_INVALID];
  }
  check_arity(c, d->pos, names, &d->cons.values, true, d->cons.inherited);
  check_run_later(c, top);
  for (int i = 0; i < names->n; i++)
    check_declare(c, c->env.scope, lhs[i]);
}

static void local_vars(Checker *c, Decl *d) {
  for (int i = 0; i < d->embeds.n && i < 1; i++)
    vec_push(c->arena, &check_pkginfo(c->env.pkg)->local_embeds, d->embeds.v[i].pos);
  int top = c->later.n;
  ExprList *names = &d->var.names, *values = &d->var.values;
  Object **lhs = NEW_ARRAY(c->arena, Object *, names->n);
  for (int i = 0; i < names->n; i++) {
    Expr *name = names->v[i];
    lhs[i] = object_new(OBJ_VAR, name->pos, c->env.pkg, name->name.id, NULL);
    check_add_local(c, lhs[i]);
    name->name.obj = lhs[i];
  }
  for (int i = 0; i < names->n; i++) {
    if (values->n == 1 && names->n != 1) {
      var_decl(c, lhs[i], lhs, names->n, d->var.type, values->v[0]);
      break;
    }
    var_decl(c, lhs[i], NULL, 0, d->var.type, i < values->n ? values->v[i] : NULL);
    if (values->n == 1)
      break;
  }
  if (!d->var.type || values->n)
    check_arity(c, d->pos, names, values, false, false);
  check_run_later(c, top);
  for (int i = 0; i < names->n; i++) {
    lhs[i]->state = OBJ_BLACK;
    if (!lhs[i]->type)
      lhs[i]->type = t_basic[TYPE_INVALID];
    if (check_declare(c, c->env.scope, lhs[i]))
      lhs[i]->used = true; // no second error
    check_record_def(names->v[i], lhs[i]);
  }
}

static void local_type(Checker *c, Decl *d) {
  Expr *name = d->type.name;
  Object *o = object_new(OBJ_TYPENAME, name->pos, c->env.pkg, name->name.id, NULL);
  o->decl = d;
  name->name.obj = o;
  check_declare(c, c->env.scope, o);
  o->state = OBJ_GREY;
  vec_push(c->arena, &c->path, o);
  type_decl(c, o, d);
  c->path.n--;
  o->state = OBJ_BLACK;
  if (!o->type)
    o->type = t_basic[TYPE_INVALID];
  vec_push(c->arena, &c->env.pkg->types, o);
}

void check_decl_stmt(Checker *c, Decl **decls, int n) {
  for (int i = 0; i < n; i++) {
    Decl *d = decls[i];
    switch (d->kind) {
    case DECL_CONST: local_consts(c, d); break;
    case DECL_VAR: local_vars(c, d); break;
    case DECL_TYPE: local_type(c, d); break;
    default: break;
    }
  }
}
