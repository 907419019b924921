// func.c: functions: attributes, blocks, checks that panic, prologue, parameters, results, and the
// checkpoint of those that defer.
//
// Results are variables like others; a return statement stores to them and leaves through
// fn_goto_return. In a function that defers they are in memory, captured by an empty asm before the
// checkpoint, since a deferred function or a recovered panic comes back to retblock.
#include "driver/irgen/core.h"
#include "driver/irgen/gen.h"
#include "runtime/runtime.h"
#include <string.h>

// ---- attributes

static LLVMAttributeRef enum_attr(Gen *g, const char *name, uint64_t val) {
  return LLVMCreateEnumAttribute(g->ctx, LLVMGetEnumAttributeKindForName(name, strlen(name)), val);
}

static void fn_attr(Gen *g, VRef fn, const char *name, uint64_t val) {
  LLVMAddAttributeAtIndex(fn, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
                          enum_attr(g, name, val));
}

static void fn_attr_str(Gen *g, VRef fn, const char *name, const char *val) {
  LLVMAddAttributeAtIndex(
      fn, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
      LLVMCreateStringAttribute(g->ctx, name, (unsigned)strlen(name), val, (unsigned)strlen(val)));
}

void func_attributes(Gen *g, VRef fn, const char *symbol, bool wrapper) {
  fn_attr(g, fn, "nounwind", 0);
  fn_attr(g, fn, "null_pointer_is_valid", 0);
  fn_attr(g, fn, "uwtable", 2);
  fn_attr_str(g, fn, "frame-pointer", "all");
  fn_attr_str(g, fn, "disable-tail-calls", "true");
  fn_attr_str(g, fn, "target-cpu", g->opt->cpu ? g->opt->cpu : "x86-64");
  LLVMSetSection(fn, wrapper ? "goc_wrappers" : atom_printf(".text.%s", symbol));
}

void call_attributes(Fn *f, VRef call) {
  const LLVMAttributeIndex at = (LLVMAttributeIndex)LLVMAttributeFunctionIndex;
  LLVMAddCallSiteAttribute(call, at, enum_attr(f->g, "nomerge", 0));
  if (f->wrapper)
    LLVMAddCallSiteAttribute(call, at, enum_attr(f->g, "noinline", 0));
}

void call_inaccessible(Fn *f, VRef call) {
  const LLVMAttributeIndex at = (LLVMAttributeIndex)LLVMAttributeFunctionIndex;
  call_attributes(f, call);
  LLVMAddCallSiteAttribute(call, at, enum_attr(f->g, "memory", 3 << 2));
  LLVMAddCallSiteAttribute(call, 1, enum_attr(f->g, "nocapture", 0));
}

// ---- opening and closing

VRef fn_declare(Gen *g, const char *symbol, Sig *sig, int flags) {
  VRef fn = map_get(g->funcs, symbol);
  if (fn)
    return fn;
  fn = LLVMGetNamedFunction(g->m, symbol);
  if (!fn)
    fn = LLVMAddFunction(g->m, symbol, sig->fnty);
  LLVMAddAttributeAtIndex(fn, 1, enum_attr(g, "nest", 0));
  if (sig->out)
    LLVMAddAttributeAtIndex(fn, 2, LLVMCreateStringAttribute(g->ctx, "goc-out", 7, "", 0));
  fn_attr(g, fn, "nounwind", 0);
  if (flags & FN_INTERNAL)
    LLVMSetLinkage(fn, LLVMInternalLinkage);
  else if (flags & FN_LINKONCE)
    set_linkonce(g, fn, symbol);
  else
    set_hidden(g, fn);
  map_set(g->funcs, symbol, fn);
  return fn;
}

static Fn *fn_open(Gen *g, VRef fn, const char *symbol, const char *goname, Sig *sig, bool wrapper,
                   Pos pos) {
  Arena *a = arena_new();
  // The Go halves of the functions that reflect makes: recover looks through them.
  if (strcmp(symbol, "reflect.callMethod") == 0 || strcmp(symbol, "reflect.callReflect") == 0)
    wrapper = true;
  Fn *f = NEW(a, Fn);
  f->g = g;
  f->arena = a;
  f->fn = fn;
  f->symbol = symbol;
  f->goname = goname;
  f->base = symbol;
  f->gobase = goname;
  f->sig = sig;
  f->wrapper = wrapper;
  f->locals = ptrmap_new(a);
  f->hoisted = ptrmap_new(a);
  f->labels = ptrmap_new(a);
  func_attributes(g, fn, symbol, wrapper);
  set_prefix(g, fn, sig);
  f->scope = f->filescope = debug_func(g, fn, goname, wrapper, pos);
  f->file = f->scopefile = pos.file;
  f->b = LLVMCreateBuilderInContext(g->ctx);
  f->entry = LLVMAppendBasicBlockInContext(g->ctx, fn, "entry");
  LLVMPositionBuilderAtEnd(f->b, f->entry);
  fn_pos(f, pos);
  f->ctx = LLVMGetParam(fn, 0);
  LLVMSetValueName2(f->ctx, "ctx", 3);
  if (sig->out) {
    f->out = LLVMGetParam(fn, 1);
    LLVMSetValueName2(f->out, "out", 3);
  }
  return f;
}

static Value param_value(Fn *f, int i) {
  Sig *s = f->sig;
  const Flat *fl = flat_of(f->g, s->params[i]);
  if (fl->mem)
    return value_mem(s->params[i], LLVMGetParam(f->fn, (unsigned)s->first[i]), true);
  Value v = {.type = s->params[i], .n = fl->n};
  for (int j = 0; j < fl->n; j++)
    v.v[j] = LLVMGetParam(f->fn, (unsigned)(s->first[i] + j));
  return v;
}

Fn *fn_begin_in(Gen *g, VRef fn, const char *symbol, const char *goname, Sig *sig, int flags,
                Pos pos, Value **params) {
  Fn *f = fn_open(g, fn, symbol, goname, sig, flags & FN_WRAPPER, pos);
  Value *vs = NEW_ARRAY(f->arena, Value, sig->nparams + 1);
  for (int i = 0; i < sig->nparams; i++)
    vs[i] = param_value(f, i);
  if (params)
    *params = vs;
  return f;
}

Fn *fn_begin(Gen *g, const char *symbol, const char *goname, Sig *sig, int flags, Pos pos,
             Value **params) {
  return fn_begin_in(g, fn_declare(g, symbol, sig, flags), symbol, goname, sig, flags, pos, params);
}

// Marks what can be reached from the entry block.
static void mark_reachable(Fn *f, PtrMap *seen) {
  VEC(BRef) todo = {0};
  vec_push(f->arena, &todo, f->entry);
  ptrmap_set(seen, f->entry, f);
  while (todo.n > 0) {
    VRef term = LLVMGetBasicBlockTerminator(todo.v[--todo.n]);
    unsigned n = term ? LLVMGetNumSuccessors(term) : 0;
    for (unsigned i = 0; i < n; i++) {
      BRef s = LLVMGetSuccessor(term, i);
      if (ptrmap_get(seen, s))
        continue;
      ptrmap_set(seen, s, f);
      vec_push(f->arena, &todo, s);
    }
  }
}

static void empty_block(BRef b) {
  for (VRef v = LLVMGetLastInstruction(b); v; v = LLVMGetLastInstruction(b)) {
    LLVMTypeRef t = LLVMTypeOf(v);
    if (LLVMGetTypeKind(t) != LLVMVoidTypeKind)
      LLVMReplaceAllUsesWith(v, LLVMGetPoison(t));
    LLVMInstructionEraseFromParent(v);
  }
}

// A phi that has edges from blocks that go away is made anew without them.
static void prune_phi(Fn *f, VRef phi, PtrMap *seen) {
  unsigned n = LLVMCountIncoming(phi), kept = 0;
  VRef *vals = NEW_ARRAY(f->arena, VRef, n + 1);
  BRef *blocks = NEW_ARRAY(f->arena, BRef, n + 1);
  for (unsigned i = 0; i < n; i++)
    if (ptrmap_get(seen, LLVMGetIncomingBlock(phi, i))) {
      vals[kept] = LLVMGetIncomingValue(phi, i);
      blocks[kept++] = LLVMGetIncomingBlock(phi, i);
    }
  if (kept == n)
    return;
  LLVMPositionBuilderBefore(f->b, phi);
  LLVMSetCurrentDebugLocation2(f->b, LLVMInstructionGetDebugLoc(phi));
  VRef fresh = LLVMBuildPhi(f->b, LLVMTypeOf(phi), "");
  LLVMAddIncoming(fresh, vals, blocks, kept);
  LLVMReplaceAllUsesWith(phi, fresh);
  LLVMInstructionEraseFromParent(phi);
}

static void prune_phis(Fn *f, BRef b, PtrMap *seen) {
  for (VRef i = LLVMGetFirstInstruction(b), next; i && LLVMIsAPHINode(i); i = next) {
    next = LLVMGetNextInstruction(i);
    prune_phi(f, i, seen);
  }
}

// Code behind a return or a panic was generated into blocks that nothing leads to.
static void remove_unreachable(Fn *f) {
  PtrMap *seen = ptrmap_new(f->arena);
  mark_reachable(f, seen);
  VEC(BRef) gone = {0};
  for (BRef b = LLVMGetFirstBasicBlock(f->fn); b; b = LLVMGetNextBasicBlock(b))
    if (!ptrmap_get(seen, b))
      vec_push(f->arena, &gone, b);
  if (gone.n == 0)
    return;
  for (BRef b = LLVMGetFirstBasicBlock(f->fn); b; b = LLVMGetNextBasicBlock(b))
    if (ptrmap_get(seen, b))
      prune_phis(f, b, seen);
  for (int i = 0; i < gone.n; i++)
    empty_block(gone.v[i]);
  for (int i = 0; i < gone.n; i++)
    LLVMDeleteBasicBlock(gone.v[i]);
}

void fn_finish(Fn *f) {
  if (!LLVMGetBasicBlockTerminator(LLVMGetInsertBlock(f->b)))
    LLVMBuildUnreachable(f->b);
  remove_unreachable(f);
  LLVMDisposeBuilder(f->b);
  arena_free(f->arena);
}

// ---- positions, types, blocks

Type *fn_type(Fn *f, Type *t) {
  return f->env.params.n && t ? types_subst(t, &f->env) : t;
}

// A //line directive may change the file within a function.
static LLVMMetadataRef scope_at(Fn *f) {
  if (f->pos.file == f->file || !pos_known(f->pos))
    return f->scope;
  if (f->pos.file != f->scopefile) {
    f->scopefile = f->pos.file;
    f->filescope =
        LLVMDIBuilderCreateLexicalBlockFile(f->g->dib, f->scope, debug_file(f->g, f->pos), 0);
  }
  return f->filescope;
}

static void set_location(Fn *f) {
  LLVMSetCurrentDebugLocation2(f->b, debug_loc(f->g, scope_at(f), f->pos));
}

void fn_pos(Fn *f, Pos pos) {
  if (pos_known(pos) || !pos_known(f->pos))
    f->pos = pos;
  set_location(f);
}

VRef fn_alloca(Fn *f, LLVMTypeRef t, int64_t align, const char *name) {
  BRef cur = LLVMGetInsertBlock(f->b);
  VRef at =
      f->last_alloca ? LLVMGetNextInstruction(f->last_alloca) : LLVMGetFirstInstruction(f->entry);
  if (at)
    LLVMPositionBuilderBefore(f->b, at);
  else
    LLVMPositionBuilderAtEnd(f->b, f->entry);
  set_location(f);
  VRef a = LLVMBuildAlloca(f->b, t, name);
  LLVMSetAlignment(a, (unsigned)align);
  f->last_alloca = a;
  LLVMPositionBuilderAtEnd(f->b, cur);
  set_location(f);
  return a;
}

VRef fn_temp(Fn *f, Type *t, const char *name) {
  return fn_alloca(f, lltype_mem(f->g, t), type_align(t), name);
}

BRef block_new(Fn *f, const char *name) {
  return LLVMCreateBasicBlockInContext(f->g->ctx, name);
}

static void forget(Fn *f) {
  f->known.n = 0;
  f->nonnil.n = 0;
}

void block_enter(Fn *f, BRef b) {
  LLVMPositionBuilderAtEnd(f->b, b);
  forget(f);
  f->dead = false;
}

static void start(Fn *f, BRef b) {
  LLVMAppendExistingBasicBlock(f->fn, b);
  block_enter(f, b);
}

void block_start(Fn *f, BRef b) {
  if (!LLVMGetBasicBlockTerminator(LLVMGetInsertBlock(f->b)))
    LLVMBuildBr(f->b, b);
  start(f, b);
}

static void start_dead(Fn *f) {
  start(f, block_new(f, "dead"));
  f->dead = true;
}

void block_br(Fn *f, BRef b) {
  LLVMBuildBr(f->b, b);
  start_dead(f);
}

void block_cond(Fn *f, VRef c, BRef yes, BRef no) {
  LLVMBuildCondBr(f->b, c, yes, no);
}

void fn_unreachable(Fn *f) {
  LLVMBuildUnreachable(f->b);
  start_dead(f);
}

bool fn_dead(Fn *f) {
  return f->dead;
}

// ---- checks

static void cold_call(Fn *f, const char *cname, VRef *args, int nargs) {
  rt_call(f, cname, args, nargs);
  LLVMBuildUnreachable(f->b);
}

// What is known of slots and pointers stays known behind a check.
void panic_if(Fn *f, VRef c, const char *cname, VRef *args, int nargs) {
  if (LLVMIsAConstantInt(c) && LLVMConstIntGetZExtValue(c) == 0)
    return;
  BRef bad = block_new(f, "panic"), good = block_new(f, "ok");
  bool dead = f->dead;
  LLVMBuildCondBr(f->b, c, bad, good);
  LLVMAppendExistingBasicBlock(f->fn, good);
  LLVMAppendExistingBasicBlock(f->fn, bad);
  LLVMPositionBuilderAtEnd(f->b, bad);
  cold_call(f, cname, args, nargs);
  LLVMPositionBuilderAtEnd(f->b, good);
  f->dead = dead;
}

static bool never_nil(VRef p) {
  return LLVMIsAAllocaInst(p) || LLVMIsAGlobalVariable(p) || LLVMIsAFunction(p);
}

enum { REMEMBERED = 16 };

void nil_check(Fn *f, VRef p) {
  if (never_nil(p))
    return;
  for (int i = 0; i < f->nonnil.n; i++)
    if (f->nonnil.v[i] == p)
      return;
  VRef nil = LLVMBuildICmp(f->b, LLVMIntEQ, p, const_null(f->g), "");
  panic_if(f, nil, "panicnil", NULL, 0);
  if (f->nonnil.n == REMEMBERED)
    f->nonnil.n = 0;
  vec_push(f->arena, &f->nonnil, p);
}

void bounds_check(Fn *f, VRef index, VRef len, bool is_unsigned) {
  if (LLVMIsAConstantInt(index) && LLVMIsAConstantInt(len)) {
    int64_t i = LLVMConstIntGetSExtValue(index);
    if (i >= 0 && i < LLVMConstIntGetSExtValue(len))
      return;
  }
  VRef bad = LLVMBuildICmp(f->b, LLVMIntUGE, index, len, "");
  VRef args[] = {index, len};
  panic_if(f, bad, is_unsigned ? "panicIndexU" : "panicIndex", args, 2);
}

// ---- returning

static void return_out(Fn *f, Value *results) {
  for (int i = 0; i < f->sig->nresults; i++)
    store_value(f, ptr_add(f, f->out, f->sig->outoff[i]), results[i]);
  LLVMBuildRetVoid(f->b);
}

static void return_scalars(Fn *f, Value *results) {
  VRef all[8];
  int n = 0;
  for (int i = 0; i < f->sig->nresults; i++)
    for (int j = 0; j < results[i].n; j++)
      all[n++] = results[i].v[j];
  if (n == 0)
    LLVMBuildRetVoid(f->b);
  else if (n == 1)
    LLVMBuildRet(f->b, all[0]);
  else
    LLVMBuildAggregateRet(f->b, all, (unsigned)n);
}

void fn_return(Fn *f, Value *results, int n) {
  if (n != f->sig->nresults)
    ice(f->pos, "%s: return of %d values", f->symbol, n);
  if (f->sig->out)
    return_out(f, results);
  else
    return_scalars(f, results);
  start_dead(f);
}

static void return_places(Fn *f) {
  int n = f->sig->nresults;
  Value *vs = NEW_ARRAY(f->arena, Value, n + 1);
  for (int i = 0; i < n; i++)
    vs[i] = place_load(f, &f->results[i]);
  fn_return(f, vs, n);
}

void fn_goto_return(Fn *f) {
  if (f->retblock)
    block_br(f, f->retblock);
  else
    return_places(f);
}

// ---- the prologue of a Go function

static LLVMMetadataRef md_str(Gen *g, const char *s) {
  return LLVMMDStringInContext2(g->ctx, s, strlen(s));
}

static LLVMMetadataRef md_int(Gen *g, int64_t i) {
  return LLVMValueAsMetadata(const_i32(g, i));
}

static LLVMMetadataRef md_param(Fn *f, Object *o, int i) {
  Gen *g = f->g;
  int base = f->sig->out ? 2 : 1;
  const Flat *fl = flat_of(g, f->sig->params[i]);
  LLVMMetadataRef ops[] = {md_str(g, o->name), md_int(g, f->sig->first[i] - base),
                           md_int(g, fl->mem ? -1 : fl->n), md_int(g, o->pos.line),
                           md_int(g, o->pos.col)};
  return LLVMMDNodeInContext2(g->ctx, ops, 5);
}

static LLVMMetadataRef md_result(Fn *f, Object *o, int i, int first) {
  Gen *g = f->g;
  const char *name =
      o->name && o->name[0] && strcmp(o->name, "_") != 0 ? o->name : atom_printf("~r%d", i);
  const Flat *fl = flat_of(g, f->sig->results[i]);
  bool out = f->sig->out;
  LLVMMetadataRef ops[] = {md_str(g, name), md_int(g, out ? f->sig->outoff[i] : first),
                           md_int(g, out ? fl->size : fl->n)};
  return LLVMMDNodeInContext2(g->ctx, ops, 3);
}

// !goc.func: what messages about parameters and results need.
static void func_metadata(Fn *f, Object **params, ObjectList *results) {
  Gen *g = f->g;
  VEC(LLVMMetadataRef) ops = {0};
  vec_push(f->arena, &ops, md_str(g, f->goname));
  for (int i = 0; i < f->sig->nparams; i++)
    if (params[i] && params[i]->name && params[i]->name[0] && strcmp(params[i]->name, "_") != 0 &&
        type_has_pointers(f->sig->params[i]))
      vec_push(f->arena, &ops, md_param(f, params[i], i));
  for (int i = 0, first = 0; i < f->sig->nresults; i++) {
    if (type_has_pointers(f->sig->results[i]))
      vec_push(f->arena, &ops, md_result(f, results->v[i], i, first));
    first += flat_of(g, f->sig->results[i])->n;
  }
  LLVMGlobalSetMetadata(f->fn, g->md_func, LLVMMDNodeInContext2(g->ctx, ops.v, (size_t)ops.n));
}

static bool is_blank(Object *o) {
  return !o || !o->name || !o->name[0] || strcmp(o->name, "_") == 0;
}

static void name_param(Fn *f, int i, Object *o) {
  const Flat *fl = flat_of(f->g, f->sig->params[i]);
  if (is_blank(o))
    return;
  for (int j = 0; j < (fl->mem ? 1 : fl->n); j++) {
    const char *n = fl->mem ? o->name : name_suffix(f, o->name, fl->suffix[j], "");
    LLVMSetValueName2(LLVMGetParam(f->fn, (unsigned)(f->sig->first[i] + j)), n, strlen(n));
  }
}

static void declare_params(Fn *f, Object **params) {
  for (int i = 0; i < f->sig->nparams; i++)
    name_param(f, i, params[i]);
  for (int i = 0; i < f->sig->nparams; i++)
    if (!is_blank(params[i]))
      local_param(f, params[i], param_value(f, i));
}

static void declare_results(Fn *f, ObjectList *results) {
  f->results = NEW_ARRAY(f->arena, Place, f->sig->nresults + 1);
  for (int i = 0; i < f->sig->nresults; i++) {
    Object *o = results->v[i];
    f->results[i] = *local_result(f, o, i, f->sig->results[i]);
    if (!is_blank(o))
      ptrmap_set(f->locals, o, &f->results[i]);
  }
}

// The deferred functions, and the way back after a recovered panic, see the results in memory.
static void capture_slot(Fn *f, VRef slot, LLVMTypeRef t) {
  Gen *g = f->g;
  LLVMTypeRef fnty = LLVMFunctionType(g->voidt, &g->ptr, 1, false);
  VRef code = LLVMGetInlineAsm(fnty, "", 0, "*m,~{memory}", 12, true, false,
                               LLVMInlineAsmDialectATT, false);
  VRef call = LLVMBuildCall2(f->b, fnty, code, &slot, 1, "");
  unsigned kind = LLVMGetEnumAttributeKindForName("elementtype", 11);
  LLVMAddCallSiteAttribute(call, 1, LLVMCreateTypeAttribute(g->ctx, kind, t));
  call_attributes(f, call);
}

static void capture_results(Fn *f) {
  for (int i = 0; i < f->sig->nresults; i++) {
    Place *p = &f->results[i];
    const Flat *fl = flat_of(f->g, p->type);
    if (p->kind == PLACE_MEM)
      capture_slot(f, p->addr, lltype_mem(f->g, p->type));
    for (int j = 0; p->kind == PLACE_SLOTS && j < fl->n; j++)
      capture_slot(f, p->slot[j], lltype_scalar(f->g, fl->kind[j]));
  }
}

static void checkpoint(Fn *f) {
  Gen *g = f->g;
  f->rec = fn_alloca(f, LLVMArrayType2(g->i8, DEFER_RECORD_SIZE), 16, "rec");
  capture_results(f);
  for (int i = 0; i < f->sig->nresults; i++)
    f->results[i].watched = true;
  f->retblock = block_new(f, "deferreturn");
  VRef again = RT_CALL(f, "checkpoint", f->rec);
  LLVMAddCallSiteAttribute(again, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
                           enum_attr(g, "returns_twice", 0));
  BRef body = block_new(f, "body");
  VRef first = LLVMBuildICmp(f->b, LLVMIntEQ, again, const_i32(g, 0), "");
  block_cond(f, first, body, f->retblock);
  start(f, body);
}

static void defer_epilogue(Fn *f) {
  BRef b = f->retblock;
  f->retblock = NULL;
  start(f, b);
  RT_CALL(f, "deferreturn", f->rec);
  return_places(f);
}

// Parameters in order, the receiver first.
static Object **param_objects(Fn *f, Type *sig) {
  Object **ps = NEW_ARRAY(f->arena, Object *, f->sig->nparams + 1);
  int k = 0;
  if (f->sig->recv)
    ps[k++] = sig->func.recv;
  for (int i = 0; i < sig->func.params.n; i++)
    ps[k++] = sig->func.params.v[i];
  return ps;
}

static void pragma_attributes(Fn *f, Work *w) {
  Gen *g = f->g;
  unsigned pragmas = w->obj && w->obj->decl ? w->obj->decl->pragmas : 0;
  if ((pragmas & PRAGMA_NOINLINE) || w->info->has_recover || g->opt->noinline_all)
    fn_attr(g, f->fn, "noinline", 0);
  if (pragmas & PRAGMA_NOESCAPE)
    fn_attr_str(g, f->fn, "goc-noescape", "");
}

static Sig *work_sig(Gen *g, Work *w) {
  Type *t = w->info->sig, *recv = NULL;
  if (w->obj && w->obj->func.is_method)
    recv = t->func.recv->type;
  if (w->env.params.n) {
    t = types_subst(t, &w->env);
    recv = recv ? types_subst(recv, &w->env) : NULL;
  }
  return sig_of(g, t, recv);
}

void func_body(Gen *g, Work *w) {
  FuncInfo *info = w->info;
  Pos pos = w->obj        ? w->obj->pos
            : info->lit   ? info->lit->pos
            : info->range ? info->range->pos
                          : info->body->pos;
  Fn *f = fn_open(g, w->fn, w->symbol, w->goname, work_sig(g, w), false, pos);
  f->info = info;
  if (w->base) {
    f->base = w->base;
    f->gobase = w->gobase;
  }
  f->obj = w->obj;
  f->env = w->env;
  f->range = w->range;
  f->nextra = w->nextra;
  pragma_attributes(f, w);
  Object **params = param_objects(f, info->sig);
  func_metadata(f, params, &info->sig->func.results);
  declare_params(f, params);
  declare_results(f, &info->sig->func.results);
  if (w->kind == WORK_CLOSURE)
    bind_captures(f);
  if (info->has_defer && !info->range)
    checkpoint(f);
  if (f->range)
    rangefunc_prologue(f);
  stmt(f, info->body);
  fn_pos(f, info->end);
  if (f->range)
    rangefunc_end(f);
  else
    fn_goto_return(f);
  if (f->rec)
    defer_epilogue(f);
  fn_finish(f);
}
