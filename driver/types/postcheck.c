// postcheck.c: what gc checks of a package after its types: go:linkname, go:embed, functions
// without body, anonymous interfaces that refer to themselves.
#include "driver/types/check.h"
#include "driver/types/core.h"
#include <string.h>

// ---- anonymous interfaces in cycles: type I interface{ m(interface{ I }) }

typedef struct CycleFinder {
  PtrMap *cyclic; // interface type to `on` while it is on the path, `off` afterwards
  TypeList met;   // its keys
} CycleFinder;
static char on, off;

static bool visit(CycleFinder *f, Type *t);

static bool has_cycle(CycleFinder *f, Type *iface) {
  const TypeSet *s = type_set(iface);
  for (int i = 0; i < s->methods.n; i++)
    if (s->methods.v[i]->type && visit(f, s->methods.v[i]->type))
      return true;
  return false;
}

static bool visit_vars(CycleFinder *f, ObjectList *l) {
  for (int i = 0; i < l->n; i++)
    if (l->v[i]->type && visit(f, l->v[i]->type))
      return true;
  return false;
}

static bool visit(CycleFinder *f, Type *t) {
  for (;;) {
    switch (t->kind) {
    case TYPE_POINTER: t = t->pointer.elem; break;
    case TYPE_SLICE: t = t->slice.elem; break;
    case TYPE_ARRAY: t = t->array.elem; break;
    case TYPE_CHAN: t = t->chan.elem; break;
    case TYPE_MAP:
      if (visit(f, t->map.key))
        return true;
      t = t->map.elem;
      break;
    case TYPE_STRUCT: return visit_vars(f, &t->strct.fields);
    case TYPE_TUPLE: return visit_vars(f, &t->tuple.vars);
    case TYPE_FUNC: return visit_vars(f, &t->func.params) || visit_vars(f, &t->func.results);
    case TYPE_INTERFACE: {
      if (!t->iface.methods.n && !t->iface.embeds.n)
        return false;
      void *state = ptrmap_get(f->cyclic, t);
      if (state)
        return state == &on;
      ptrmap_set(f->cyclic, t, &on);
      vec_push(types_arena, &f->met, t);
      if (has_cycle(f, t))
        return true;
      ptrmap_set(f->cyclic, t, &off);
      return false;
    }
    default: return false; // named types cannot be part of an anonymous cycle
    }
  }
}

static void interface_cycles(Checker *c, PackageInfo *info) {
  CycleFinder f = {ptrmap_new(c->arena), {0}};
  for (int i = 0; i < info->ifaces.n; i++) {
    TypeAt *l = &info->ifaces.v[i];
    if (!has_cycle(&f, l->type))
      continue;
    check_error(c, l->pos,
                "invalid recursive type: anonymous interface refers to itself (see "
                "https://go.dev/issue/56103)");
    for (int j = 0; j < f.met.n; j++) // no errors for the others of the cycle
      ptrmap_set(f.cyclic, f.met.v[j], &off);
  }
}

// ---- sizes

enum { MAX_CHAN_ELEM = 1 << 16 };
static const int64_t max_width = (int64_t)1 << 50; // gc's types.MaxWidth

static void large_types(Checker *c, PackageInfo *info) {
  for (int i = 0; i < info->sizes.n; i++) {
    Type *t = info->sizes.v[i].type, *sized = t->kind == TYPE_CHAN ? t->chan.elem : t;
    if (type_has_tparam(sized) || under(sized)->kind == TYPE_INVALID)
      continue;
    if (t->kind == TYPE_CHAN && type_size(sized) >= MAX_CHAN_ELEM)
      check_error(c, info->sizes.v[i].pos, "channel element type too large (>64kB)");
    else if (t->kind == TYPE_ARRAY && type_size(t) >= max_width)
      check_error(c, info->sizes.v[i].pos, "type %s larger than address space",
                  type_string(t, c->env.pkg));
  }
}

// ---- frames

enum { LARGE_LEN = 1 << 16 }; // elements of an array worth remembering
static const int64_t max_frame = (int64_t)1 << 30;

void check_large_temp(Checker *c, Type *t) {
  FuncInfo *fi = c->env.func;
  while (fi && fi->range)
    fi = fi->outer;
  if (!fi || t->kind != TYPE_ARRAY || t->array.len < LARGE_LEN)
    return;
  vec_push(c->arena, &check_pkginfo(c->env.pkg)->temps, ((FrameTemp){fi, t}));
}

static int64_t vars_size(ObjectList *l) {
  int64_t size = 0;
  for (int i = 0; i < l->n; i++) {
    if (type_has_tparam(l->v[i]->type))
      return 0;
    size += type_size(l->v[i]->type);
  }
  return size;
}

enum { MAX_STACK_VAR = 10 << 20 }; // bytes; larger variables live in the heap

static int64_t small_arrays(FuncInfo *fi) {
  int64_t size = 0;
  for (int i = 0; i < fi->locals.n; i++) {
    Object *v = fi->locals.v[i];
    if (v->var.is_param || v->var.is_result || v->type->kind != TYPE_ARRAY ||
        v->type->array.len < LARGE_LEN || type_has_tparam(v->type))
      continue;
    if (type_size(v->type) <= MAX_STACK_VAR)
      size += type_size(v->type);
  }
  return size;
}

// Frames over 1 GB are refused.
static void large_frames(Checker *c, Package *pkg) {
  PackageInfo *info = check_pkginfo(pkg);
  for (int i = 0; i < pkg->funcs.n; i++) {
    Object *o = pkg->funcs.v[i];
    if (!o->func.info || o->type->kind != TYPE_FUNC)
      continue;
    int64_t args = vars_size(&o->type->func.params) + vars_size(&o->type->func.results), locals = 0;
    if (o->type->func.recv && !type_has_tparam(o->type->func.recv->type))
      args += type_size(o->type->func.recv->type);
    locals += small_arrays(o->func.info);
    for (int j = 0; j < info->temps.n; j++)
      if (info->temps.v[j].func == o->func.info && !type_has_tparam(info->temps.v[j].type))
        locals += type_size(info->temps.v[j].type);
    if (args >= max_frame || locals >= max_frame - args)
      check_error(c, o->pos, "stack frame too large (>1GB): %lld MB locals + %lld MB args",
                  (long long)(locals >> 20), (long long)(args >> 20));
  }
}

// ---- directives

static bool imports_path(File *f, const char *path) {
  for (int i = 0; i < f->decls.n; i++) {
    Decl *d = f->decls.v[i];
    if (d->kind == DECL_IMPORT && d->import.path && strlen(path) == d->import.pathlen &&
        memcmp(d->import.path, path, d->import.pathlen) == 0)
      return true;
  }
  return false;
}

static void linkname_errors(Checker *c, Package *pkg) {
  PtrMap *seen = ptrmap_new(c->arena);
  for (int i = 0; i < pkg->files.n; i++) {
    File *f = pkg->files.v[i];
    bool has_unsafe = imports_path(f, "unsafe");
    for (int j = 0; j < f->linknames.n; j++) {
      Linkname *l = &f->linknames.v[j];
      Object *o = scope_lookup(pkg->scope, l->local);
      if (!has_unsafe)
        check_error(c, l->pos, "//go:linkname only allowed in Go files that import \"unsafe\"");
      else if (l->target && strchr(l->target, '[') && strchr(l->target, ']'))
        check_error(c, l->pos, "//go:linkname reference of an instantiation is not allowed");
      else if (!o || (o->kind != OBJ_FUNC && o->kind != OBJ_VAR)) {
        if (lang_at_least(pkg, NULL, 18))
          check_error(c, l->pos, "//go:linkname must refer to declared function or variable");
      } else if (ptrmap_get(seen, o))
        check_error(c, l->pos, "duplicate //go:linkname for %s", l->local);
      else
        ptrmap_set(seen, o, o);
    }
  }
}

// A string, bytes, or an embed.FS.
static void embed_type(Checker *c, Object *v) {
  if (!v || !v->type)
    return;
  Type *t = v->type, *u = under(t);
  if (types_is_embed_fs(t))
    return;
  if (u->kind != TYPE_STRING &&
      !(u->kind == TYPE_SLICE && under(u->slice.elem)->kind == TYPE_UINT8))
    check_error(c, v->pos, "go:embed cannot apply to var of type %s", type_string(t, c->env.pkg));
  else if (v->decl->embedded.n > 1)
    check_error(c, v->pos, "invalid go:embed: multiple files for type %s",
                type_string(t, c->env.pkg));
}

static void embed_errors(Checker *c, Package *pkg) {
  PackageInfo *info = check_pkginfo(pkg);
  for (int i = 0; i < info->local_embeds.n; i++)
    check_error(c, info->local_embeds.v[i], "go:embed cannot apply to var inside func");
  for (int i = 0; i < pkg->files.n; i++) {
    File *f = pkg->files.v[i];
    bool has_embed = imports_path(f, "embed");
    for (int j = 0; j < f->decls.n; j++) {
      Decl *d = f->decls.v[j];
      if (d->kind != DECL_VAR || !d->embeds.n)
        continue;
      Pos pos = d->embeds.v[0].pos;
      if (!has_embed)
        check_error(c, pos, "go:embed only allowed in Go files that import \"embed\"");
      else if (d->var.names.n > 1)
        check_error(c, pos, "go:embed cannot apply to multiple vars");
      else if (d->var.values.n)
        check_error(c, pos, "go:embed cannot apply to var with initializer");
      else if (!d->var.type)
        check_error(c, pos, "go:embed cannot apply to var without type");
      else if (!lang_at_least(pkg, NULL, 16))
        check_error(c, pos, "go:embed requires go1.16 or later (-lang was set to %s; check go.mod)",
                    pkg->goversion);
      else
        embed_type(c, d->var.names.v[0]->name.obj);
    }
  }
}

static void noescape_bodies(Checker *c, Package *pkg) {
  for (int i = 0; i < pkg->funcs.n; i++) {
    Decl *d = pkg->funcs.v[i]->decl;
    if (d->pragmas & PRAGMA_NOESCAPE && d->func.body)
      check_error(c, d->pos, "can only use //go:noescape with external func implementations");
  }
}

static void missing_bodies(Checker *c, Package *pkg) {
  if (pkg->compile_only || pkg->is_std)
    return;
  for (int i = 0; i < pkg->funcs.n; i++) {
    Object *o = pkg->funcs.v[i];
    if (o->func.info || o->func.is_init || o->decl->func.type->functype.tparams.n)
      continue;
    bool linked = false;
    for (int j = 0; j < pkg->linknames.n && !linked; j++)
      linked = pkg->linknames.v[j].local == o->name && !o->func.is_method;
    if (!linked)
      check_error(c, o->pos, "missing function body");
  }
}

void check_post(Checker *c, Package *pkg) {
  int before = diag_count();
  interface_cycles(c, check_pkginfo(pkg));
  if (diag_count() > before)
    return;
  linkname_errors(c, pkg);
  embed_errors(c, pkg);
  large_types(c, check_pkginfo(pkg));
  if (diag_count() == before)
    large_frames(c, pkg);
  noescape_bodies(c, pkg);
  missing_bodies(c, pkg);
}
