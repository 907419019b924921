// collect.c: the objects of a whole package: collecting them from its files, imports, methods with
// their receivers, and the check of a package from end to end.
#include "driver/types/check.h"
#include "driver/types/core.h"
#include <string.h>

static Atom blank_name(void) {
  static Atom a;
  return a ? a : (a = atom("_"));
}

// ---- imports

// Says why an import path is malformed (gc's words), or NULL.
static const char *bad_import_path(const char *path, size_t n) {
  if (n == 0)
    return "empty string";
  for (size_t i = 0; i < n;) {
    int width;
    uint32_t r = utf8_decode(path + i, n - i, &width);
    bool bad = r <= ' ' || r == 0x7f || r == 0xfffd || r == 0xa0 || r == 0x2028 ||
               (r < 0x80 && strchr("!\"#$%&'()*,:;<=>?[\\]^{|}`", (int)r));
    if (bad) {
      if (r < ' ' || r == 0x7f)
        return atom_printf("invalid character U+%04X", r);
      return atom_printf("invalid character U+%04X '%.*s'", r, width, path + i);
    }
    i += (size_t)width;
  }
  return NULL;
}

static Package *fake_package(const char *path) {
  const char *slash = strrchr(path, '/');
  Package *p = package_new(path, atom(slash && slash[1] ? slash + 1 : path));
  PackageInfo *info = check_pkginfo(p);
  info->fake = info->collected = true;
  return p;
}

static Package *import_package(Package *pkg, const char *path, Pos pos) {
  if (strcmp(path, "unsafe") == 0)
    return unsafe_package;
  for (int i = 0; i < pkg->imports.n; i++)
    if (strcmp(pkg->imports.v[i]->path, path) == 0 && check_pkginfo(pkg->imports.v[i])->fake)
      return pkg->imports.v[i];
  Package *imp = pkg->import ? pkg->import(pkg->import_ctx, pkg, path, pos) : NULL;
  return imp ? imp : fake_package(path);
}

static void add_import(Checker *c, Package *pkg, Package *imp) {
  int i = 0;
  while (i < pkg->imports.n && strcmp(pkg->imports.v[i]->path, imp->path) < 0)
    i++;
  if (i < pkg->imports.n && strcmp(pkg->imports.v[i]->path, imp->path) == 0)
    return;
  vec_push(c->arena, &pkg->imports, imp);
  for (int j = pkg->imports.n - 1; j > i; j--)
    pkg->imports.v[j] = pkg->imports.v[j - 1];
  pkg->imports.v[i] = imp;
}

// import . "path": the exported names become names of the file scope. They keep their own parent.
static void dot_import(Checker *c, File *file, Package *imp, Expr *name) {
  check_collect(imp);
  for (int i = 0; i < imp->scope->objects.n; i++) {
    Object *o = imp->scope->objects.v[i];
    if (!is_exported(o->name))
      continue;
    Object *alt = scope_insert(file->scope, o);
    if (alt && alt != o)
      check_error(c, name->pos, "%s redeclared in this block\n\t%s: other declaration of %s",
                  alt->name, pos_str(alt->pos), alt->name);
  }
}

static void collect_import(Checker *c, File *file, Decl *d) {
  Package *pkg = c->env.pkg;
  if (!d->import.path)
    return;
  const char *why = bad_import_path(d->import.path, d->import.pathlen);
  if (why) {
    check_error(c, d->pos, "invalid import path (%s)", why);
    return;
  }
  const char *path = arena_strndup(c->arena, d->import.path, d->import.pathlen);
  Package *imp = import_package(pkg, path, d->pos);
  Expr *local = d->import.name;
  Atom name = local ? local->name.id : imp->name;
  if (name == atom("init")) {
    check_error(c, local ? local->pos : d->pos,
                "cannot import package as init - init must be a func");
    return;
  }
  add_import(c, pkg, imp);
  Object *o = object_new(OBJ_PKGNAME, local ? local->pos : d->pos, pkg, name, NULL);
  o->state = OBJ_BLACK;
  o->type = t_basic[TYPE_INVALID];
  o->pkgname.imported = imp;
  o->parent = file->scope;
  o->used = check_pkginfo(imp)->fake;
  o->decl = d;
  d->import.obj = o;
  if (local)
    local->name.obj = o;
  vec_push(c->arena, &check_pkginfo(pkg)->imports, o);
  if (name == atom("."))
    dot_import(c, file, imp, local);
  else
    check_declare(c, file->scope, o);
}

// ---- constants, variables, types, functions

static void declare_global(Checker *c, Expr *ident, Object *o, Decl *d, DeclInfo *info) {
  Package *pkg = c->env.pkg;
  ident->name.obj = o;
  if (o->name == atom("init")) {
    check_error(c, ident->pos, "cannot declare init - must be func");
    return;
  }
  if (o->name == atom("main") && pkg->name == atom("main")) {
    check_error(c, ident->pos, "cannot declare main - must be func");
    return;
  }
  o->parent = pkg->scope;
  o->decl = d;
  o->check = info;
  check_declare(c, pkg->scope, o);
  vec_push(c->arena, &check_pkginfo(pkg)->all, o);
}

static void collect_const(Checker *c, Decl *d) {
  for (int i = 0; i < d->cons.names.n; i++) {
    Expr *name = d->cons.names.v[i];
    Object *o = object_new(OBJ_CONST, name->pos, c->env.pkg, name->name.id, NULL);
    o->declindex = i;
    DeclInfo *info = NEW(c->arena, DeclInfo);
    info->file = d->file;
    info->type = d->cons.type;
    info->init = i < d->cons.values.n ? d->cons.values.v[i] : NULL;
    info->iota = d->cons.iota;
    info->inherited = d->cons.inherited;
    declare_global(c, name, o, d, info);
  }
  check_arity(c, d->pos, &d->cons.names, &d->cons.values, true, d->cons.inherited);
}

static void collect_var(Checker *c, Decl *d) {
  int n = d->var.names.n;
  Object **lhs = NEW_ARRAY(c->arena, Object *, n);
  DeclInfo *shared = NULL;
  if (d->var.values.n <= 1) { // n:1, or no initializer: one DeclInfo for all
    shared = NEW(c->arena, DeclInfo);
    shared->lhs = lhs;
    shared->nlhs = n;
    shared->init = d->var.values.n ? d->var.values.v[0] : NULL;
  }
  for (int i = 0; i < n; i++) {
    Expr *name = d->var.names.v[i];
    Object *o = lhs[i] = object_new(OBJ_VAR, name->pos, c->env.pkg, name->name.id, NULL);
    o->var.is_global = true;
    o->declindex = i;
    DeclInfo *info = shared;
    if (!info) {
      info = NEW(c->arena, DeclInfo);
      info->init = i < d->var.values.n ? d->var.values.v[i] : NULL;
    }
    info->file = d->file;
    info->type = d->var.type;
    declare_global(c, name, o, d, info);
    vec_push(c->arena, &c->env.pkg->vars, o);
  }
  if (!d->var.type || d->var.values.n)
    check_arity(c, d->pos, &d->var.names, &d->var.values, false, false);
}

static void collect_type(Checker *c, Decl *d) {
  Expr *name = d->type.name;
  Object *o = object_new(OBJ_TYPENAME, name->pos, c->env.pkg, name->name.id, NULL);
  o->tname.alias = d->type.alias;
  DeclInfo *info = NEW(c->arena, DeclInfo);
  info->file = d->file;
  declare_global(c, name, o, d, info);
  vec_push(c->arena, &c->env.pkg->types, o);
}

static void check_main_or_init(Checker *c, Decl *d, Atom name) {
  Expr *t = d->func.type;
  if (t->functype.tparams.n)
    check_error(c, t->functype.tparams.v[0]->pos, "func %s must have no type parameters", name);
  if (t->functype.params.n || t->functype.results.n)
    check_error(c, d->func.name->pos, "func %s must have no arguments and no return values", name);
}

static FuncInfo *new_func_info(Checker *c, Decl *d, Object *o) {
  if (!d->func.body)
    return NULL;
  FuncInfo *fi = NEW(c->arena, FuncInfo);
  fi->obj = o;
  fi->body = d->func.body;
  fi->pkg = c->env.pkg;
  fi->end = d->func.end;
  return fi;
}

// The type name at the base of a receiver type, and whether a pointer is in between. NULL: no name.
Expr *check_unpack_recv(Expr *t, bool *ptr, Expr **index) {
  *ptr = false;
  for (;;) {
    if (t->kind == EXPR_PAREN)
      t = t->paren.x;
    else if (t->kind == EXPR_STAR) {
      *ptr = true;
      t = t->star.x;
    } else
      break;
  }
  if (index)
    *index = NULL;
  if (t->kind == EXPR_INDEX) {
    if (index)
      *index = t;
    t = t->index.x;
  }
  return t->kind == EXPR_NAME ? t : NULL;
}

typedef struct MethodDecl {
  Object *fn;
  bool ptr;
  Expr *recv;
} MethodDecl;
typedef VEC(MethodDecl) MethodDecls;

static void collect_func(Checker *c, Decl *d, MethodDecls *methods) {
  Package *pkg = c->env.pkg;
  Atom name = d->func.name->name.id;
  Object *o = object_new(OBJ_FUNC, d->func.name->pos, pkg, name, NULL);
  DeclInfo *info = NEW(c->arena, DeclInfo);
  info->file = d->file;
  o->decl = d;
  o->check = info;
  d->func.name->name.obj = o;
  o->func.info = d->func.info = new_func_info(c, d, o);
  bool tparam_error = false;
  if (!d->func.recv) {
    bool is_init = name == atom("init");
    if (is_init || (name == atom("main") && pkg->name == atom("main"))) {
      check_main_or_init(c, d, name);
      tparam_error = d->func.type->functype.tparams.n > 0;
    }
    o->parent = pkg->scope;
    if (is_init) {
      o->func.is_init = true;
      vec_push(c->arena, &pkg->init_funcs, o);
      if (!d->func.body)
        check_error(c, o->pos, "missing function body");
    } else {
      check_declare(c, pkg->scope, o);
    }
  } else {
    bool ptr;
    Expr *recv = check_unpack_recv(d->func.recv->type, &ptr, NULL);
    o->func.is_method = true;
    o->func.ptr_recv = ptr;
    if (recv && name != blank_name()) {
      MethodDecl m = {o, ptr, recv};
      vec_push(c->arena, methods, m);
    }
  }
  if (d->func.type->functype.tparams.n && !tparam_error)
    check_lang(c, d->func.type->functype.tparams.v[0]->pos, 18, "type parameter");
  vec_push(c->arena, &check_pkginfo(pkg)->all, o);
  vec_push(c->arena, &pkg->funcs, o);
}

// Follows aliases from a receiver's type name to the declared type: type A = *T; func (A) m().
static Object *resolve_base(Package *pkg, Expr *t, bool *ptr) {
  for (int hops = 0; hops < 100; hops++) {
    t = unparen(t);
    if (t->kind == EXPR_STAR) {
      if (*ptr)
        return NULL;
      *ptr = true;
      t = unparen(t->star.x);
    }
    if (t->kind != EXPR_NAME)
      return NULL;
    Object *o = scope_lookup(pkg->scope, t->name.id);
    if (!o || o->kind != OBJ_TYPENAME || !o->decl)
      return NULL;
    if (!o->decl->type.alias)
      return o;
    t = o->decl->type.type;
  }
  return NULL;
}

static void associate_methods(Checker *c, MethodDecls *methods) {
  PackageInfo *info = check_pkginfo(c->env.pkg);
  for (int i = 0; i < methods->n; i++) {
    MethodDecl *m = &methods->v[i];
    Object *base = resolve_base(c->env.pkg, m->recv, &m->ptr);
    if (!base)
      continue;
    m->fn->func.ptr_recv = m->ptr;
    ObjectList *l = ptrmap_get(info->methods, base);
    if (!l) {
      l = NEW(c->arena, ObjectList);
      ptrmap_set(info->methods, base, l);
    }
    vec_push(c->arena, l, m->fn);
  }
}

// ---- a package

static void collect_file(Checker *c, File *f, MethodDecls *methods) {
  Package *pkg = c->env.pkg;
  f->scope = scope_new(pkg->scope, f->package_pos);
  c->env.file = f;
  c->env.scope = f->scope;
  for (int i = 0; i < f->decls.n; i++) {
    Decl *d = f->decls.v[i];
    d->file = f;
    switch (d->kind) {
    case DECL_IMPORT: collect_import(c, f, d); break;
    case DECL_CONST: collect_const(c, d); break;
    case DECL_VAR: collect_var(c, d); break;
    case DECL_TYPE: collect_type(c, d); break;
    case DECL_FUNC: collect_func(c, d, methods); break;
    default: break;
    }
  }
}

// No name of a file scope may be a name of the package, too.
static void check_file_scopes(Checker *c) {
  Package *pkg = c->env.pkg;
  for (int i = 0; i < pkg->files.n; i++) {
    Scope *s = pkg->files.v[i]->scope;
    for (int j = 0; j < s->objects.n; j++) {
      Object *o = s->objects.v[j], *alt = scope_lookup(pkg->scope, o->name);
      if (!alt)
        continue;
      if (o->kind == OBJ_PKGNAME) {
        Package *imp = o->pkgname.imported;
        check_error(c, alt->pos,
                    "%s already declared through import of package %s (\"%s\")\n\t%s: other "
                    "declaration of %s",
                    alt->name, imp->name, imp->path, pos_str(o->pos), o->name);
        o->used = true;
      } else {
        check_error(c, alt->pos,
                    "%s already declared through dot-import of package %s (\"%s\")\n\t%s: other "
                    "declaration of %s",
                    alt->name, o->pkg->name, o->pkg->path, pos_str(o->pos), o->name);
      }
    }
  }
}

static void apply_linknames(Checker *c) {
  Package *pkg = c->env.pkg;
  for (int i = 0; i < pkg->files.n; i++) {
    File *f = pkg->files.v[i];
    for (int j = 0; j < f->linknames.n; j++) {
      Linkname *l = &f->linknames.v[j];
      vec_push(c->arena, &pkg->linknames, *l);
      Object *o = scope_lookup(pkg->scope, l->local);
      if (o && o->kind == OBJ_FUNC)
        o->func.linkname = l->target;
    }
  }
}

static void check_package_clauses(Checker *c) {
  Package *pkg = c->env.pkg;
  for (int i = 0; i < pkg->files.n; i++) {
    File *f = pkg->files.v[i];
    if (!f->name || f->name->kind != EXPR_NAME || !pos_known(f->name->pos))
      continue;
    Atom name = f->name->name.id;
    if (name == blank_name())
      check_error(c, f->name->pos, "invalid package name _");
    else if (!pkg->name)
      pkg->name = name;
    else if (name != pkg->name)
      check_error(c, f->name->pos, "package %s; expected package %s", name, pkg->name);
  }
}

void check_collect(Package *pkg) {
  Checker *c = checker;
  PackageInfo *info = check_pkginfo(pkg);
  if (info->collected)
    return;
  info->collected = true;
  Env saved = c->env;
  c->busy++;
  check_set_env(c, (Env){.pkg = pkg, .scope = pkg->scope});
  check_package_clauses(c);
  MethodDecls methods = {0};
  for (int i = 0; i < pkg->files.n; i++)
    collect_file(c, pkg->files.v[i], &methods);
  c->env.file = NULL;
  check_file_scopes(c);
  associate_methods(c, &methods);
  apply_linknames(c);
  c->busy--;
  check_set_env(c, saved);
}

static void resolve_all(Checker *c, PackageInfo *info) {
  // Types first: aliases after the declared types, so that cycles through them are found where gc
  // finds them.
  for (int pass = 0; pass < 3; pass++) {
    for (int i = 0; i < info->all.n; i++) {
      Object *o = info->all.v[i];
      int turn = o->kind != OBJ_TYPENAME ? 2 : o->decl->type.alias ? 1 : 0;
      if (turn == pass)
        check_obj_decl(c, o);
    }
  }
}

static void check_bodies(Checker *c, Package *pkg) {
  PackageInfo *info = check_pkginfo(pkg);
  // Literals of initializers that were resolved when the package was only imported.
  for (int i = 0; i < info->pending.n; i++)
    vec_push(c->arena, &c->later, info->pending.v[i]);
  info->pending.n = 0;
  check_run_later(c, 0);
  for (int i = 0; i < pkg->funcs.n; i++) {
    Object *o = pkg->funcs.v[i];
    if (o->func.info)
      check_func_body_now(c, o->func.info, o->check, o->decl->file);
    check_run_later(c, 0);
  }
}

static void unused_imports(Checker *c, PackageInfo *info) {
  for (int i = 0; i < info->imports.n; i++) {
    Object *o = info->imports.v[i];
    if (o->used || o->name == blank_name())
      continue;
    const char *path = o->pkgname.imported->path, *slash = strrchr(path, '/');
    const char *elem = slash ? slash + 1 : path;
    if (o->name == atom(".") || strcmp(o->name, elem) == 0)
      check_error(c, o->pos, "\"%s\" imported and not used", path);
    else
      check_error(c, o->pos, "\"%s\" imported as %s and not used", path, o->name);
  }
}

void check_package(Package *pkg) {
  Checker *c = checker;
  if (pkg->checked)
    return;
  int before = diag_count();
  pkg->checked = true;
  check_collect(pkg);
  PackageInfo *info = check_pkginfo(pkg);
  info->checking = true;
  Env saved = c->env;
  c->busy++;
  check_set_env(c, (Env){.pkg = pkg, .scope = pkg->scope});
  resolve_all(c, info);
  check_run_later(c, 0);
  check_bodies(c, pkg);
  check_init_order(pkg);
  unused_imports(c, info);
  if (diag_count() == before)
    check_instantiation_cycles(pkg);
  if (diag_count() == before)
    check_post(c, pkg);
  c->busy--;
  check_set_env(c, saved);
}

void check_func_body(Object *fn) {
  Checker *c = checker;
  if (!fn->func.info && fn->func.origin)
    fn = fn->func.origin;
  if (!fn->func.info || fn->func.info->checked)
    return;
  check_obj_decl(c, fn);
  c->busy++;
  int top = c->later.n;
  check_func_body_now(c, fn->func.info, fn->check, fn->decl->file);
  check_run_later(c, top);
  c->busy--;
}
