// call.c: calls: a summary instantiated at a call, runtime functions, intrinsics, func values, and
// unknown code.
//
// A func value is called as `code = load fv; code(nest fv, …)`. What is known of the code pointer
// is a function: its summary is applied. A code pointer that came with a func value from the caller
// leaves the call to the summary: `1(0,_)` says that parameter 1 is called with parameter 0 and
// something from the heap, and the caller, who knows the closure, applies that. The rest is unknown
// code: arguments go to the heap, results come from it. The func value itself does not leak by
// that: whatever closure it is, its code is the closure's own, so the closure is noted as called by
// unknown code (g->called), with arguments from the heap.
#include "pass/internal.h"
#include <string.h>

// ---- unknown code

static void arg_to_heap(Graph *g, CallSite *cs, int i) {
  if (cs->args[i])
    graph_copy(g, cs->args[i], g->heap, 0, cs->inst);
}

static void unknown_results(Graph *g, CallSite *cs) {
  for (int i = 0; i < cs->nres; i++)
    if (cs->res[i])
      node_add(g, cs->res[i], PLACE_HEAP, (Via){0});
}

// Arguments leak, results are unknown. ctx_too: the func value's contents leak as well.
static void call_unknown(Graph *g, CallSite *cs, bool ctx_too) {
  if (ctx_too && cs->ctx)
    graph_copy(g, cs->ctx, g->heap, 0, cs->inst);
  if (cs->unknown)
    return;
  cs->unknown = true;
  for (int i = 0; i < cs->nargs; i++)
    if (cs->args[i] != cs->ctx)
      arg_to_heap(g, cs, i);
  unknown_results(g, cs);
  if (!ctx_too && cs->ctx)
    graph_copy(g, cs->ctx, cs->real ? g->called : g->heap, 0, cs->inst);
}

// ---- calls that the summary leaves to the caller

// How an argument is written in a summary; false: it cannot be.
static bool arg_path(Graph *g, const Node *n, Path *p) {
  *p = path_root(ROOT_HEAP, 0);
  if (!n || n->top || n->set.n == 0 || (n->set.n == 1 && n->set.v[0] == PLACE_HEAP))
    return true;
  PlaceInfo at = g->places.v[n->set.v[0]];
  if (n->set.n > 1 || at.obj->kind != OBJ_OUTSIDE)
    return false;
  *p = obj_path(at.obj);
  p->disp = at.obj->level == MAX_STARS ? 0 : at.off;
  return true;
}

static bool holds_object(Graph *g, const Node *n, const Obj *o) {
  for (int i = 0; i < n->set.n; i++)
    if (g->places.v[n->set.v[i]].obj == o)
      return true;
  return false;
}

// Is every code pointer of the caller's the one of a func value that is passed as context? (A
// method out of an itab is not.)
static bool codes_are_contexts(Graph *g, CallSite *cs) {
  for (int i = 0; i < cs->code->set.n; i++) {
    Obj *o = g->places.v[cs->code->set.v[i]].obj;
    if (o->kind != OBJ_OUTSIDE)
      continue;
    bool own = o->level == MAX_STARS && holds_object(g, cs->ctx, o);
    if (!own &&
        !(o->parent && (o->off == 0 || o->off == ANY) && holds_object(g, cs->ctx, o->parent)))
      return false;
  }
  return true;
}

// Arguments that the summary cannot name go to the heap.
static bool settle_pending(Graph *g, CallSite *cs) {
  bool changed = false;
  if (!codes_are_contexts(g, cs)) {
    call_unknown(g, cs, false);
    return true;
  }
  for (int i = 1; i < cs->nargs; i++) {
    Path p;
    if (cs->leaked[i] || (arg_path(g, cs->args[i], &p) && (i <= MAX_ARGS || p.root == ROOT_HEAP)))
      continue;
    cs->leaked[i] = changed = true;
    arg_to_heap(g, cs, i);
  }
  return changed;
}

static void pend(Graph *g, CallSite *cs) {
  if (cs->pending)
    return;
  cs->pending = true;
  cs->leaked = NEW_ARRAY(g->a, bool, cs->nargs + 1);
  unknown_results(g, cs);
}

static Flow pending_flow(Graph *g, CallSite *cs) {
  Flow f = {.dst = path_root(ROOT_CALLED, 0)};
  for (int i = 1; i < cs->nargs && i <= MAX_ARGS; i++) {
    f.args[i - 1] = path_root(ROOT_HEAP, 0);
    if (!cs->leaked[i])
      arg_path(g, cs->args[i], &f.args[i - 1]);
    if (f.args[i - 1].root != ROOT_HEAP)
      f.nargs = (uint8_t)i;
  }
  f.dropped = cs->real ? !LLVMGetFirstUse(cs->inst) : !cs->heap_results;
  return f;
}

void call_summary(Graph *g, Leaks *l) {
  for (int i = 0; i < g->calls.n; i++) {
    CallSite *cs = g->calls.v[i];
    if (!cs->pending || cs->unknown)
      continue;
    Flow f = pending_flow(g, cs);
    for (int k = 0; k < cs->ctx->set.n; k++) {
      Obj *o = g->places.v[cs->ctx->set.v[k]].obj;
      if (o->kind != OBJ_OUTSIDE)
        continue;
      f.src = obj_path(o);
      leaks_add(g->e->arena, l, f);
    }
  }
}

// ---- instantiation of a summary

static Node *call_arg(Graph *g, CallSite *cs, int index) {
  if (index < cs->nargs)
    return cs->args[index];
  return cs->real ? NULL : g->unknown;
}

static Node *root_node(Graph *g, CallSite *cs, Func *f, const Path *p) {
  switch ((Root)p->root) {
  case ROOT_CTX: return cs->ctx;
  case ROOT_OUT: return f->out >= 0 ? call_arg(g, cs, f->out) : NULL;
  case ROOT_HEAP:
  case ROOT_NEW: return g->unknown;
  case ROOT_RESULT:
    if (!cs->real)
      return cs->heap_results ? g->heap : NULL;
    return p->n < cs->nres ? cs->res[p->n] : NULL;
  case ROOT_PARAM: {
    int index = p->n;
    if (f->ctx >= 0 && index >= f->ctx)
      index++;
    if (f->out >= 0 && index >= f->out)
      index++;
    return call_arg(g, cs, index);
  }
  case ROOT_CALLED: return NULL;
  }
  return NULL;
}

static Node *memo_get(CallSite *cs, const Path *p) {
  for (int i = 0; i < cs->memo.n; i++)
    if (path_eq(&cs->memo.v[i].p, p))
      return cs->memo.v[i].n;
  return NULL;
}

static void memo_put(Graph *g, CallSite *cs, Path p, Node *n) {
  __typeof__(*cs->memo.v) entry = {p, n};
  vec_push(g->a, &cs->memo, entry);
}

// The value of p's root after the first `stars` loads of p. NULL: carries no pointer.
static Node *chain(Graph *g, CallSite *cs, Func *f, const Path *p, int stars) {
  if (stars == 0)
    return root_node(g, cs, f, p);
  Path key = *p;
  key.stars = (uint8_t)stars;
  key.disp = 0;
  Node *n = memo_get(cs, &key);
  if (n)
    return n;
  Node *up = chain(g, cs, f, p, stars - 1);
  if (!up)
    return NULL;
  n = node_new(g);
  graph_load(g, up, p->off[stars - 1], n, cs->inst);
  if (stars == MAX_STARS)
    graph_load(g, n, ANY, n, cs->inst); // three or more
  memo_put(g, cs, key, n);
  return n;
}

// All pointers to locations that p names when it has MAX_STARS.
static Node *deep_pointers(Graph *g, CallSite *cs, Func *f, const Path *p) {
  Path key = *p;
  key.disp = -2;
  Node *n = memo_get(cs, &key);
  if (n)
    return n;
  Node *up = chain(g, cs, f, p, MAX_STARS - 1);
  if (!up)
    return NULL;
  n = node_new(g);
  graph_copy(g, up, n, 0, cs->inst);
  graph_load(g, n, ANY, n, cs->inst);
  memo_put(g, cs, key, n);
  return n;
}

static void flow_to(Graph *g, CallSite *cs, Func *f, Node *src, const Path *dst) {
  if (dst->root == ROOT_HEAP) {
    graph_copy(g, src, g->heap, 0, cs->inst);
  } else if (dst->stars == 0) {
    Node *to = root_node(g, cs, f, dst);
    if (to && dst->root == ROOT_RESULT)
      graph_copy(g, src, to, 0, cs->inst);
  } else if (dst->stars == MAX_STARS) {
    Node *ptr = deep_pointers(g, cs, f, dst);
    if (ptr)
      graph_store(g, ptr, ANY, src, cs->inst);
  } else {
    Node *ptr = chain(g, cs, f, dst, dst->stars - 1);
    if (ptr)
      graph_store(g, ptr, dst->off[dst->stars - 1], src, cs->inst);
  }
}

static void implicit_results(Graph *g, CallSite *cs, Func *f) {
  Obj *site = cs->real ? ptrmap_get(g->memobjs, cs->inst) : NULL;
  for (int i = 0; i < cs->nres; i++) {
    bool any = i == 0 && site;
    for (int k = 0; k < f->leaks.flows.n && !any; k++) {
      const Path *d = &f->leaks.flows.v[k].dst;
      any = d->root == ROOT_RESULT && d->n == i && d->stars == 0;
    }
    if (!any && cs->res[i])
      node_add(g, cs->res[i], PLACE_HEAP, (Via){0});
  }
}

static Node *path_node(Graph *g, CallSite *cs, Func *f, const Path *p) {
  Node *n = chain(g, cs, f, p, p->stars);
  if (!n || !p->disp)
    return n;
  Node *moved = node_new(g);
  graph_copy(g, n, moved, p->disp, cs->inst);
  return moved;
}

// The call of func value fv, made by the callee of inst, by the runtime or by unknown code. Its
// arguments are still to be set.
static CallSite *call_by_other(Graph *g, Node *fv, int nargs, LLVMValueRef inst) {
  CallSite *cs = NEW(g->a, CallSite);
  cs->inst = inst;
  cs->indirect = true;
  cs->ctx = fv;
  cs->nargs = nargs + 1;
  cs->args = NEW_ARRAY(g->a, Node *, cs->nargs);
  cs->args[0] = fv;
  cs->code = node_new(g);
  vec_push(g->a, &g->calls, cs);
  return cs;
}

static void run_call(Graph *g, CallSite *cs) {
  graph_load(g, cs->ctx, 0, cs->code, cs->inst);
  graph_con(g, cs->code, (Con){.kind = CON_CODE, .call = cs, .inst = cs->inst});
}

// The callee calls a func value with these arguments. A closure that calls itself would do so for
// ever: from some depth on it is called with arguments from the heap, which is asked once for each
// closure (call_called).
static void callee_calls(Graph *g, CallSite *cs, Func *f, const Flow *flow, Node *fv) {
  if (cs->depth >= MAX_CALL_DEPTH || g->calls.n > MAX_CALLS) {
    graph_copy(g, fv, g->called, 0, cs->inst);
    for (int i = 0; i < flow->nargs; i++) {
      Node *arg = path_node(g, cs, f, &flow->args[i]);
      if (arg)
        graph_copy(g, arg, g->heap, 0, cs->inst);
    }
    return;
  }
  CallSite *inner = call_by_other(g, fv, flow->nargs, cs->inst);
  inner->depth = cs->depth + 1;
  inner->heap_results = !flow->dropped;
  for (int i = 0; i < flow->nargs; i++)
    inner->args[i + 1] = path_node(g, cs, f, &flow->args[i]);
  run_call(g, inner);
}

static void instantiate(Graph *g, CallSite *cs, Func *f) {
  for (int i = 0; i < cs->done.n; i++)
    if (cs->done.v[i] == f)
      return;
  vec_push(g->a, &cs->done, f);
  if (!f->known || f->leaks.all || (cs->real && cs->nargs != f->nparams)) {
    call_unknown(g, cs, true);
    return;
  }
  for (int i = 0; i < f->leaks.flows.n; i++) {
    Flow *flow = &f->leaks.flows.v[i];
    Node *src = path_node(g, cs, f, &flow->src);
    if (!src)
      continue;
    if (flow->dst.root == ROOT_CALLED)
      callee_calls(g, cs, f, flow, src);
    else
      flow_to(g, cs, f, src, &flow->dst);
  }
  if (f->implicit)
    implicit_results(g, cs, f);
}

void call_code(Graph *g, CallSite *cs, Place p) {
  Obj *o = g->places.v[p].obj;
  if (o->kind == OBJ_FUNC)
    instantiate(g, cs, esc_func(g->e, o->v));
  else if (o->kind == OBJ_OUTSIDE && cs->ctx && cs->nargs > 0 && cs->args[0] == cs->ctx)
    pend(g, cs);
  else
    call_unknown(g, cs, false);
}

void call_called(Graph *g, Place p, LLVMValueRef inst) {
  Obj *o = g->places.v[p].obj;
  if (o->kind == OBJ_HEAP || o->kind == OBJ_OUTSIDE || o->kind == OBJ_FUNC)
    return;
  Node *fv = node_new(g);
  node_add(g, fv, p, (Via){g->called, p, inst});
  CallSite *cs = call_by_other(g, fv, 0, inst);
  cs->depth = MAX_CALL_DEPTH;
  cs->heap_results = true;
  run_call(g, cs);
}

bool call_settle(Graph *g) {
  bool changed = false;
  for (int i = 0; i < g->calls.n; i++) {
    CallSite *cs = g->calls.v[i];
    if (cs->unknown)
      continue;
    if (cs->pending) {
      changed |= settle_pending(g, cs);
    } else if (cs->indirect && cs->done.n == 0 &&
               (cs->real || cs->ctx->set.n > 0)) { // no code was found for it
      call_unknown(g, cs, false);
      changed = true;
    }
  }
  return changed;
}

// ---- call instructions

static CallSite *make_site(Graph *g, LLVMValueRef inst, bool indirect) {
  CallSite *cs = NEW(g->a, CallSite);
  cs->inst = inst;
  cs->real = true;
  cs->indirect = indirect;
  cs->nargs = (int)LLVMGetNumArgOperands(inst);
  cs->args = NEW_ARRAY(g->a, Node *, cs->nargs + 1);
  for (int i = 0; i < cs->nargs; i++) {
    LLVMValueRef arg = LLVMGetOperand(inst, (unsigned)i);
    LLVMTypeRef t = LLVMTypeOf(arg);
    if (!flow_is_data(arg) || !flow_carries(t))
      continue;
    if (LLVMGetTypeKind(t) == LLVMPointerTypeKind) {
      cs->args[i] = flow_pointer(g, arg);
    } else { // by no convention of ours
      Node **n = flow_value(g, arg);
      cs->args[i] = node_new(g);
      for (int k = 0; k < flow_leaves(t); k++)
        if (n[k])
          graph_copy(g, n[k], cs->args[i], ANY, inst);
    }
    if (!LLVMIsUndef(arg) && LLVMGetCallSiteEnumAttribute(inst, (unsigned)i + 1, g->e->attr_nest))
      cs->ctx = cs->args[i];
  }
  LLVMTypeRef rt = LLVMTypeOf(inst);
  if (LLVMGetTypeKind(rt) != LLVMVoidTypeKind) {
    cs->nres = flow_leaves(rt);
    cs->res = flow_value(g, inst);
  }
  vec_push(g->a, &g->calls, cs);
  return cs;
}

static void site_result(Graph *g, LLVMValueRef inst) {
  Obj *o = ptrmap_get(g->memobjs, inst);
  if (!o)
    return;
  Node **res = flow_value(g, inst);
  if (res[0])
    node_add(g, res[0], place_of(g, o, 0), (Via){0});
}

static bool has_prefix(const char *s, const char *const *list) {
  for (; *list; list++)
    if (strncmp(s, *list, strlen(*list)) == 0)
      return true;
  return false;
}

static const char *const no_flow[] = {
    "llvm.dbg.",         "llvm.lifetime.",   "llvm.assume",
    "llvm.donothing",    "llvm.prefetch",    "llvm.invariant.",
    "llvm.memset.",      "llvm.trap",        "llvm.experimental.noalias",
    "llvm.objectsize",   "llvm.is.constant", "llvm.sideeffect",
    "llvm.stackrestore", "llvm.type.test",   NULL};
static const char *const pass_on[] = {"llvm.launder.",       "llvm.strip.",
                                      "llvm.ssa.copy",       "llvm.ptrmask",
                                      "llvm.ptr.annotation", "llvm.threadlocal.address",
                                      "llvm.expect",         NULL};
static const char *const copies[] = {"llvm.memcpy.", "llvm.memmove.", NULL};

static bool plain_pointer(LLVMValueRef v) {
  LLVMTypeRef t = LLVMTypeOf(v);
  return LLVMGetTypeKind(t) == LLVMPointerTypeKind && LLVMGetPointerAddressSpace(t) == 0;
}

static void flow_intrinsic(Graph *g, LLVMValueRef inst, const char *name) {
  if (has_prefix(name, no_flow)) {
    if (flow_carries(LLVMTypeOf(inst)))
      node_add(g, flow_pointer(g, inst), PLACE_HEAP, (Via){0});
  } else if (has_prefix(name, copies) && plain_pointer(LLVMGetOperand(inst, 0)) &&
             plain_pointer(LLVMGetOperand(inst, 1))) {
    LLVMValueRef len = LLVMGetOperand(inst, 2);
    graph_memcpy(g, flow_pointer(g, LLVMGetOperand(inst, 0)),
                 flow_pointer(g, LLVMGetOperand(inst, 1)),
                 LLVMIsAConstantInt(len) ? (int64_t)LLVMConstIntGetZExtValue(len) : ANY, inst);
  } else if (has_prefix(name, pass_on)) {
    if (flow_carries(LLVMTypeOf(inst)))
      graph_copy(g, flow_pointer(g, LLVMGetOperand(inst, 0)), flow_pointer(g, inst), ANY, inst);
  } else {
    call_unknown(g, make_site(g, inst, false), true);
  }
}

// The empty text with operands is a barrier, not a flow: captures before a checkpoint,
// runtime.KeepAlive. The text that clears a dropped pointer's register is none either.
static void flow_asm(Graph *g, LLVMValueRef inst, LLVMValueRef code) {
  size_t len = 0;
  const char *text = LLVMGetInlineAsmAsmString(code, &len);
  CallSite *cs = make_site(g, inst, false);
  if (len == sizeof GOC_DROP_ASM - 1 && memcmp(text, GOC_DROP_ASM, len) == 0) {
    if (cs->args[0])
      vec_push(g->a, &g->dropped, cs->args[0]);
    return;
  }
  if (len > 0) {
    call_unknown(g, cs, true);
    return;
  }
  for (int i = 0; i < cs->nres; i++)
    for (int k = 0; k < cs->nargs; k++)
      if (cs->res[i] && cs->args[k])
        graph_copy(g, cs->args[k], cs->res[i], 0, inst);
}

static void mark_record(Graph *g, LLVMValueRef inst) {
  g->f->checkpoint = true;
  Obj *o = ptrmap_get(g->memobjs, LLVMGetOperand(inst, 0));
  if (o)
    o->always_live = true;
}

void call_flow(Graph *g, LLVMValueRef inst) {
  LLVMValueRef callee = LLVMGetCalledValue(inst);
  if (LLVMIsAInlineAsm(callee)) {
    flow_asm(g, inst, callee);
    return;
  }
  if (LLVMIsAFunction(callee)) {
    size_t len;
    const char *name = LLVMGetValueName2(callee, &len);
    if (LLVMGetIntrinsicID(callee)) {
      flow_intrinsic(g, inst, name);
      return;
    }
    if (strcmp(name, "runtime.checkpoint") == 0)
      mark_record(g, inst);
    Func *f = esc_func(g->e, callee);
    CallSite *cs = make_site(g, inst, false);
    if (f->ctx < 0)
      cs->ctx = NULL;
    site_result(g, inst);
    instantiate(g, cs, f);
    return;
  }
  CallSite *cs = make_site(g, inst, true);
  site_result(g, inst);
  cs->code = flow_pointer(g, callee);
  graph_con(g, cs->code, (Con){.kind = CON_CODE, .call = cs, .inst = inst});
}
