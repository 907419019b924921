// module.c: one LLVM module per package: symbols, linkage, and the work list of functions whose
// bodies are still to be made.
//
// A body is made when its function is declared here (source order) or when something needs it
// (instances, closures, wrappers): the queue is emptied after each function of the package, so a
// dump shows closures behind the function that holds them.
#include "driver/irgen/core.h"
#include "driver/irgen/gen.h"
#include <llvm-c/Comdat.h>
#include <string.h>

// ---- small constants

VRef const_i64(Gen *g, int64_t i) {
  return LLVMConstInt(g->i64, (unsigned long long)i, true);
}

VRef const_i32(Gen *g, int64_t i) {
  return LLVMConstInt(g->i32, (unsigned long long)i, true);
}

VRef const_null(Gen *g) {
  return LLVMConstNull(g->ptr);
}

VRef const_bytes(Gen *g, const void *p, size_t n, const char *name) {
  VRef v = map_getn(g->strings, p, n);
  if (v)
    return v;
  VRef init = LLVMConstStringInContext2(g->ctx, p, n, true);
  v = LLVMAddGlobal(g->m, LLVMTypeOf(init), name);
  LLVMSetInitializer(v, init);
  LLVMSetGlobalConstant(v, true);
  LLVMSetLinkage(v, LLVMPrivateLinkage);
  LLVMSetUnnamedAddress(v, LLVMGlobalUnnamedAddr);
  LLVMSetAlignment(v, 1);
  map_setn(g->strings, p, n, v);
  return v;
}

// ---- linkage

void set_hidden(Gen *g, VRef global) {
  (void)g;
  LLVMSetVisibility(global, LLVMHiddenVisibility);
}

void set_comdat(Gen *g, VRef global, const char *comdat) {
  LLVMSetComdat(global, LLVMGetOrInsertComdat(g->m, comdat));
}

void set_linkonce(Gen *g, VRef global, const char *comdat) {
  LLVMSetLinkage(global, LLVMLinkOnceODRLinkage);
  LLVMSetVisibility(global, LLVMHiddenVisibility);
  set_comdat(g, global, comdat);
}

void keep(Gen *g, VRef global) {
  vec_push(g->arena, &g->used, global);
}

static void emit_used(Gen *g) {
  if (g->used.n == 0)
    return;
  VRef list = LLVMConstArray2(g->ptr, g->used.v, (uint64_t)g->used.n);
  VRef v = LLVMAddGlobal(g->m, LLVMTypeOf(list), "llvm.compiler.used");
  LLVMSetInitializer(v, list);
  LLVMSetLinkage(v, LLVMAppendingLinkage);
  LLVMSetSection(v, "llvm.metadata");
}

// Strings and their like stay in sections that the linker merges. What has relocations does not:
// one section for all would keep alive all that they point to.
static bool is_private_bytes(VRef v) {
  if (LLVMGetLinkage(v) != LLVMPrivateLinkage)
    return false;
  VRef init = LLVMGetInitializer(v);
  return LLVMIsGlobalConstant(v) && (LLVMIsAConstantDataSequential(init) || LLVMIsNull(init));
}

// Every function and every global that may be dropped by the linker has a section of its own.
static void set_data_section(VRef v) {
  size_t n;
  const char *name = LLVMGetValueName2(v, &n);
  const char *section = LLVMGetSection(v);
  if (LLVMIsDeclaration(v) || (section && section[0]) || is_private_bytes(v) ||
      strncmp(name, "llvm.", 5) == 0)
    return;
  const char *kind = LLVMIsGlobalConstant(v)             ? ".rodata"
                     : LLVMIsNull(LLVMGetInitializer(v)) ? ".bss"
                                                         : ".data";
  LLVMSetSection(v, atom_printf("%s.%s", kind, name));
}

static void set_sections(Gen *g) {
  for (VRef v = LLVMGetFirstGlobal(g->m); v; v = LLVMGetNextGlobal(v))
    set_data_section(v);
}

// ---- names

const char *sym_escape(const char *s) {
  if (!strpbrk(s, "@%"))
    return atom(s);
  Buf b = {0};
  for (; *s; s++)
    if (*s == '@' || *s == '%')
      buf_printf(&b, "%%%02X", (unsigned)*s);
    else
      buf_putc(&b, *s);
  const char *r = atom(buf_str(&b));
  buf_free(&b);
  return r;
}

// What a //go:linkname line of pkg makes of a local name: its target, or NULL.
static const char *linkname_target(Package *pkg, Atom name) {
  for (int i = 0; pkg && i < pkg->linknames.n; i++)
    if (pkg->linknames.v[i].local == name)
      return pkg->linknames.v[i].target;
  return NULL;
}

static Object *origin_of(Object *fn) {
  return fn->func.origin ? fn->func.origin : fn;
}

static TypeList tparams_of(Object *fn) {
  Type *sig = origin_of(fn)->type;
  return sig->func.tparams.n ? sig->func.tparams : sig->func.recv_tparams;
}

static int init_number(Object *fn) {
  for (int i = 0; i < fn->pkg->init_funcs.n; i++)
    if (fn->pkg->init_funcs.v[i] == fn)
      return i;
  return 0;
}

// "[int,main.T]", or "[...]" for tracebacks.
static void write_targs(Buf *sym, Buf *name, TypeList targs) {
  if (targs.n == 0)
    return;
  for (int i = 0; i < targs.n; i++)
    buf_printf(sym, "%c%s", i ? ',' : '[', type_linkstring(targs.v[i]));
  buf_putc(sym, ']');
  buf_puts(name, "[...]");
}

static Object *recv_typename(Object *fn) {
  Type *t = deref(fn->type->func.recv->type, NULL);
  return t->kind == TYPE_NAMED ? t->named.obj : NULL;
}

static void write_method(Buf *sym, Buf *name, Object *fn, TypeList targs) {
  Object *tn = recv_typename(fn);
  bool ptr = fn->func.ptr_recv;
  buf_printf(sym, ".%s%s", ptr ? "(*" : "", tn ? tn->name : "?");
  buf_printf(name, ".%s%s", ptr ? "(*" : "", tn ? tn->name : "?");
  write_targs(sym, name, targs);
  buf_printf(sym, "%s.%s", ptr ? ")" : "", fn->name);
  buf_printf(name, "%s.%s", ptr ? ")" : "", fn->name);
}

const char *sym_func(Gen *g, Object *fn, TypeList targs, const char **goname) {
  (void)g;
  fn = origin_of(fn);
  const char *target = fn->func.is_method ? NULL : linkname_target(fn->pkg, fn->name);
  Buf sym = {0}, name = {0};
  const char *path = fn->pkg ? fn->pkg->path : "";
  if (target && targs.n == 0) {
    buf_puts(&sym, target);
    buf_puts(&name, target);
  } else {
    buf_puts(&sym, path);
    buf_puts(&name, path);
    if (fn->func.is_method) {
      write_method(&sym, &name, fn, targs);
    } else {
      buf_printf(&sym, ".%s", fn->name);
      buf_printf(&name, ".%s", fn->name);
      if (fn->func.is_init) {
        buf_printf(&sym, ".%d", init_number(fn));
        buf_printf(&name, ".%d", init_number(fn));
      }
      write_targs(&sym, &name, targs);
    }
  }
  const char *s = sym_escape(buf_str(&sym));
  if (goname)
    *goname = atom(buf_str(&name));
  buf_free(&sym);
  buf_free(&name);
  return s;
}

const char *sym_global(Object *var) {
  const char *target = linkname_target(var->pkg, var->name);
  return sym_escape(target ? target : atom_printf("%s.%s", var->pkg->path, var->name));
}

// ---- references

void work_add(Gen *g, Work *w) {
  vec_push(g->arena, &g->work, *w);
}

// A function whose body another package has: what its summary says is known from the cache.
static void imported(Gen *g, VRef fn, const char *symbol) {
  const char *leaks = g->opt->leaks ? g->opt->leaks(g->opt->ctx, symbol) : NULL;
  if (leaks)
    LLVMAddAttributeAtIndex(
        fn, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
        LLVMCreateStringAttribute(g->ctx, "goc-leaks", 9, leaks, (unsigned)strlen(leaks)));
}

static TypeEnv env_of(Object *fn, TypeList targs) {
  TypeEnv env = {tparams_of(fn), targs};
  if (env.params.n != targs.n)
    ice(fn->pos, "%s: %d type arguments for %d type parameters", fn->name, targs.n, env.params.n);
  return env;
}

// The signature of fn as an instance has it; NULL receiver for functions.
static Sig *sig_of_object(Gen *g, Object *fn, TypeEnv *env) {
  Object *o = origin_of(fn);
  check_object(o);
  Type *t = env->params.n ? types_subst(o->type, env) : o->type;
  Type *recv = o->func.is_method ? o->type->func.recv->type : NULL;
  if (recv && env->params.n)
    recv = types_subst(recv, env);
  return sig_of(g, t, recv);
}

Sig *sig_of_func(Gen *g, Object *fn, TypeList targs) {
  TypeEnv env = env_of(fn, targs);
  Sig *s = targs.n ? NULL : ptrmap_get(g->sigs, origin_of(fn));
  if (s)
    return s;
  s = sig_of_object(g, fn, &env);
  if (targs.n == 0)
    ptrmap_set(g->sigs, origin_of(fn), s);
  return s;
}

Sig *iface_sig(Gen *g, Object *m, Type *iface) {
  (void)iface;
  Sig *s = ptrmap_get(g->sigs, m);
  if (!s) {
    s = sig_of(g, m->type, t_basic[TYPE_UNSAFEPOINTER]);
    ptrmap_set(g->sigs, m, s);
  }
  return s;
}

static void make_adapter(Gen *g, void *arg) {
  Adapter *a = arg;
  Value *params;
  Fn *f = fn_begin_in(g, a->fn, a->symbol, a->symbol, a->sig, FN_INTERNAL, a->obj->pos, &params);
  if (a->rt) {
    Values vs = rt_call_go(f, a->rt, a->sig, params);
    fn_return(f, vs.v, vs.n);
  } else {
    intrinsic_body(f, a->symbol, params);
  }
  fn_finish(f);
}

// A function without a Go body that is instructions or the runtime's: a function that does just
// that, for those who take its value.
static VRef adapter(Gen *g, Object *fn, const char *symbol, const char *rt, Sig *sig) {
  Adapter *a = NEW(g->arena, Adapter);
  a->symbol = symbol;
  a->obj = fn;
  a->rt = rt;
  a->sig = sig;
  a->fn = fn_declare(g, atom_printf("%s·go", symbol), sig, FN_INTERNAL);
  Work w = {.kind = WORK_CALLBACK, .make = make_adapter, .arg = a};
  work_add(g, &w);
  return a->fn;
}

bool func_has_body(Object *fn) {
  Object *o = origin_of(fn);
  return o->decl && o->decl->kind == DECL_FUNC && o->decl->func.body;
}

static VRef declare_func(Gen *g, Object *fn, const char *symbol, TypeList targs,
                         const char *goname) {
  TypeEnv env = env_of(fn, targs);
  Sig *sig = sig_of_object(g, fn, &env);
  Object *o = origin_of(fn);
  if (!func_has_body(o)) {
    const char *rt = rt_by_symbol(symbol);
    if (rt || intrinsic_known(symbol))
      return adapter(g, o, symbol, rt, sig);
  }
  VRef v = fn_declare(g, symbol, sig, targs.n ? FN_LINKONCE : 0);
  if (targs.n == 0) {
    if (o->pkg != g->pkg)
      imported(g, v, symbol);
    if (!func_has_body(o) && o->decl && (o->decl->pragmas & PRAGMA_NOESCAPE))
      LLVMAddAttributeAtIndex(v, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
                              LLVMCreateStringAttribute(g->ctx, "goc-noescape", 12, "", 0));
    return v;
  }
  check_func_body(o);
  Work w = {.kind = WORK_FUNC,
            .fn = v,
            .symbol = symbol,
            .goname = goname,
            .info = o->func.info,
            .obj = o,
            .env = env};
  work_add(g, &w);
  return v;
}

VRef func_ref(Gen *g, Object *fn, TypeList targs) {
  const char *goname;
  const char *symbol = sym_func(g, fn, targs, &goname);
  VRef v = map_get(g->funcrefs, symbol);
  if (v)
    return v;
  v = declare_func(g, fn, symbol, targs, goname);
  map_set(g->funcrefs, symbol, v);
  return v;
}

TypeList targs_of_recv(Type *recv) {
  Type *t = deref(recv, NULL);
  return t->kind == TYPE_NAMED ? t->named.targs : (TypeList){0};
}

VRef method_ref(Gen *g, Type *recv, Object *m) {
  return func_ref(g, m, targs_of_recv(recv));
}

VRef global_ref(Gen *g, Object *var) {
  VRef v = ptrmap_get(g->globals, var);
  if (v)
    return v;
  check_object(var);
  if (type_size(var->type) == 0) // all of them are one object, as new makes them
    return zerobase(g);
  const char *symbol = sym_global(var);
  v = LLVMGetNamedGlobal(g->m, symbol);
  if (!v) {
    v = LLVMAddGlobal(g->m, lltype_mem(g, var->type), symbol);
    set_hidden(g, v);
    LLVMSetAlignment(v, (unsigned)type_align(var->type));
  }
  ptrmap_set(g->globals, var, v);
  return v;
}

VRef funcval_const(Gen *g, VRef fn) {
  size_t n;
  const char *name = atom_printf("%s·f", LLVMGetValueName2(fn, &n));
  VRef v = LLVMGetNamedGlobal(g->m, name);
  if (v)
    return v;
  v = LLVMAddGlobal(g->m, g->ptr, name);
  LLVMSetInitializer(v, fn);
  LLVMSetGlobalConstant(v, true);
  LLVMSetLinkage(v, LLVMInternalLinkage);
  LLVMSetAlignment(v, 8);
  return v;
}

// ---- the module

static void run_work(Gen *g) {
  while (g->workhead < g->work.n) {
    Work w = g->work.v[g->workhead++];
    if (w.kind == WORK_CALLBACK)
      w.make(g, w.arg);
    else
      func_body(g, &w);
  }
}

static bool is_generic(Object *fn) {
  return tparams_of(fn).n > 0;
}

// Functions named _ are checked but not compiled.
static void gen_func(Gen *g, Object *fn) {
  if (is_generic(fn) || fn->name == atom("_") || !func_has_body(fn))
    return;
  const char *goname;
  Work w = {.kind = WORK_FUNC, .obj = fn, .info = fn->func.info};
  w.symbol = sym_func(g, fn, (TypeList){0}, &goname);
  w.goname = goname;
  w.fn = func_ref(g, fn, (TypeList){0});
  func_body(g, &w);
  run_work(g);
}

static void init_types(Gen *g) {
  g->i1 = LLVMInt1TypeInContext(g->ctx);
  g->i8 = LLVMInt8TypeInContext(g->ctx);
  g->i16 = LLVMInt16TypeInContext(g->ctx);
  g->i32 = LLVMInt32TypeInContext(g->ctx);
  g->i64 = LLVMInt64TypeInContext(g->ctx);
  g->f32 = LLVMFloatTypeInContext(g->ctx);
  g->f64 = LLVMDoubleTypeInContext(g->ctx);
  g->ptr = LLVMPointerTypeInContext(g->ctx, 0);
  g->voidt = LLVMVoidTypeInContext(g->ctx);
  g->cb = LLVMCreateBuilderInContext(g->ctx);
  g->md_alloc = LLVMGetMDKindIDInContext(g->ctx, "goc.alloc", 9);
  g->md_func = LLVMGetMDKindIDInContext(g->ctx, "goc.func", 8);
}

static const char data_layout[] =
    "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128";

void gen_init(Gen *g, LLVMContextRef ctx, Package *pkg, const IrgenOptions *opt) {
  g->ctx = ctx;
  g->pkg = pkg;
  g->opt = opt;
  g->arena = arena_new();
  g->m = LLVMModuleCreateWithNameInContext(pkg->path, ctx);
  LLVMSetTarget(g->m, "x86_64-unknown-linux-gnu");
  if (opt->tm) {
    LLVMTargetDataRef td = LLVMCreateTargetDataLayout(opt->tm);
    LLVMSetModuleDataLayout(g->m, td);
    LLVMDisposeTargetData(td);
  } else {
    LLVMSetDataLayout(g->m, data_layout);
  }
  g->td = LLVMGetModuleDataLayout(g->m);
  g->flats = ptrmap_new(g->arena);
  g->sigs = ptrmap_new(g->arena);
  g->memtypes = ptrmap_new(g->arena);
  g->globals = ptrmap_new(g->arena);
  g->difiles = ptrmap_new(g->arena);
  g->strings = map_new(g->arena);
  g->syms = map_new(g->arena);
  g->funcs = map_new(g->arena);
  g->funcrefs = map_new(g->arena);
  g->rtfuncs = map_new(g->arena);
  init_types(g);
}

LLVMModuleRef irgen_package(LLVMContextRef ctx, Package *pkg, const IrgenOptions *opt) {
  Gen gen = {0}, *g = &gen;
  gen_init(g, ctx, pkg, opt);
  debug_init(g);
  for (int i = 0; i < pkg->funcs.n; i++)
    gen_func(g, pkg->funcs.v[i]);
  init_globals(g);
  run_work(g);
  typedesc_finish(g);
  run_work(g);
  emit_used(g);
  set_sections(g);
  debug_finish(g);
  LLVMDisposeDIBuilder(g->dib);
  LLVMDisposeBuilder(g->cb);
  arena_free(g->arena);
  return g->m;
}

const char *irgen_init_symbol(Package *pkg) {
  return init_needed(pkg) ? sym_escape(atom_printf("%s.init", pkg->path)) : NULL;
}
