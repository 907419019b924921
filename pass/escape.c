// escape.c: the pass on a module: sites and functions as the contract describes them, order
// bottom-up over the call graph, entry points.
#include "pass/internal.h"
#include <llvm-c/Transforms/PassBuilder.h>
#include <stdlib.h>
#include <string.h>

// ---- the runtime's table

static const struct {
  const char *symbol, *leaks;
} runtime_leaks[] = {
#define RT(cname, symbol, kind, ret, params, attrs, leaks) {symbol, leaks},
#include "runtime/runtime.def"
#undef RT
};

static void read_runtime(Escape *e) {
  e->runtime = map_new(e->arena);
  for (size_t i = 0; i < LEN(runtime_leaks); i++) {
    Leaks *l = NEW(e->arena, Leaks);
    if (!leaks_parse(e->arena, runtime_leaks[i].leaks, l))
      ice(NOPOS, "runtime.def: %s: bad leaks \"%s\"", runtime_leaks[i].symbol,
          runtime_leaks[i].leaks);
    map_set(e->runtime, runtime_leaks[i].symbol, l);
  }
}

// ---- functions

static const char *string_attr(LLVMValueRef f, LLVMAttributeIndex at, const char *name,
                               unsigned *len) {
  LLVMAttributeRef a = LLVMGetStringAttributeAtIndex(f, at, name, (unsigned)strlen(name));
  return a ? LLVMGetStringAttributeValue(a, len) : NULL;
}

static bool is_weak(LLVMValueRef f) {
  LLVMLinkage l = LLVMGetLinkage(f);
  return l == LLVMWeakAnyLinkage || l == LLVMLinkOnceAnyLinkage || l == LLVMExternalWeakLinkage ||
         l == LLVMCommonLinkage;
}

// The library's ways to hide a pointer from the analysis: a contract.
static bool hides_pointer(LLVMValueRef f) {
  static const char *const names[] = {"internal/abi.NoEscape", "runtime.noescape",
                                      "reflect.noescape", "crypto/internal/boring.noescape"};
  size_t n;
  const char *name = LLVMGetValueName2(f, &n);
  for (size_t i = 0; i < LEN(names); i++)
    if (strcmp(name, names[i]) == 0)
      return true;
  return false;
}

static void read_summary(Escape *e, Func *f) {
  unsigned len = 0;
  if (string_attr(f->v, LLVMAttributeFunctionIndex, "goc-noescape", &len) || hides_pointer(f->v)) {
    f->known = f->trusted = f->implicit = true;
    return;
  }
  if (is_weak(f->v))
    return;
  if (!f->defined && f->ctx < 0) {
    size_t n;
    Leaks *l = map_get(e->runtime, LLVMGetValueName2(f->v, &n));
    if (l) {
      f->leaks = *l;
      f->known = f->trusted = f->implicit = true;
      return;
    }
  }
  bool own = f->defined && !(e->promote && LLVMGetLinkage(f->v) != LLVMInternalLinkage &&
                             LLVMGetLinkage(f->v) != LLVMPrivateLinkage);
  const char *text = own ? NULL : string_attr(f->v, LLVMAttributeFunctionIndex, "goc-leaks", &len);
  if (!text)
    return;
  char *copy = arena_strndup(e->arena, text, len);
  f->known = leaks_parse(e->arena, copy, &f->leaks);
  f->trusted = true;
}

Func *esc_func(Escape *e, LLVMValueRef v) {
  Func *f = ptrmap_get(e->funcs, v);
  if (f)
    return f;
  f = NEW(e->arena, Func);
  f->v = v;
  f->index = -1;
  f->ctx = f->out = -1;
  f->nparams = (int)LLVMCountParams(v);
  f->defined = !LLVMIsDeclaration(v);
  unsigned len;
  for (int i = 0; i < f->nparams; i++) {
    if (LLVMGetEnumAttributeAtIndex(v, (unsigned)i + 1, e->attr_nest))
      f->ctx = i;
    if (string_attr(v, (unsigned)i + 1, "goc-out", &len))
      f->out = i;
  }
  ptrmap_set(e->funcs, v, f);
  read_summary(e, f);
  return f;
}

int esc_param(const Func *f, int i) {
  if (i == f->ctx)
    return -1;
  if (i == f->out)
    return -2;
  return i - (f->ctx >= 0 && i > f->ctx) - (f->out >= 0 && i > f->out);
}

bool esc_is_function_named(LLVMValueRef callee, const char *name) {
  size_t len;
  return LLVMIsAFunction(callee) && strcmp(LLVMGetValueName2(callee, &len), name) == 0;
}

// ---- sites

static const char *const kinds[] = {"var", "new",   "lit", "closure", "box",    "varargs", "bound",
                                    "buf", "slice", "map", "chan",    "string", "append"};

SiteKind esc_site_kind(const char *name, size_t len) {
  if (len == 5 && memcmp(name, "bytes", 5) == 0)
    return SITE_STRING;
  for (size_t i = 0; i < LEN(kinds); i++)
    if (strlen(kinds[i]) == len && memcmp(kinds[i], name, len) == 0)
      return (SiteKind)i;
  return SITE_BAD;
}

static LLVMValueRef first_scalar(LLVMValueRef c) {
  while (c && LLVMGetTypeKind(LLVMTypeOf(c)) == LLVMStructTypeKind)
    c = LLVMGetAggregateElement(c, 0);
  return c;
}

// abi.Type begins with its size.
int64_t esc_type_size(LLVMValueRef descriptor) {
  if (!descriptor || !LLVMIsAGlobalVariable(descriptor))
    return -1;
  LLVMValueRef c = first_scalar(LLVMGetInitializer(descriptor));
  return c && LLVMIsAConstantInt(c) ? LLVMConstIntGetSExtValue(c) : -1;
}

typedef struct Tag {
  SiteKind kind;
  LLVMValueRef op[6];
  unsigned n;
} Tag;

static bool read_tag(Escape *e, LLVMValueRef inst, Tag *t) {
  LLVMValueRef md = LLVMGetMetadata(inst, e->md_alloc);
  if (!md)
    return false;
  *t = (Tag){.n = LLVMGetMDNodeNumOperands(md)};
  if (t->n < 4 || t->n > 6)
    return false;
  LLVMGetMDNodeOperands(md, t->op);
  unsigned len = 0;
  const char *kind = t->op[0] ? LLVMGetMDString(t->op[0], &len) : NULL;
  t->kind = kind ? esc_site_kind(kind, len) : SITE_BAD;
  return t->kind != SITE_BAD && t->op[1] && LLVMGetMDString(t->op[1], &len);
}

static int64_t tag_int(const Tag *t, unsigned i) {
  return i < t->n && t->op[i] && LLVMIsAConstantInt(t->op[i]) ? LLVMConstIntGetSExtValue(t->op[i])
                                                              : -1;
}

static void call_size(const Tag *t, Site *s) {
  LLVMValueRef callee = LLVMGetCalledValue(s->inst);
  s->size = -1;
  s->align = 8;
  if (esc_is_function_named(callee, "runtime.newobject")) {
    s->newobject = true;
    s->size = t->n == 6 ? tag_int(t, 4) : esc_type_size(s->type);
    if (tag_int(t, 5) > 0)
      s->align = (unsigned)tag_int(t, 5);
  } else if (esc_is_function_named(callee, "runtime.makeslice") &&
             LLVMGetNumArgOperands(s->inst) == 2) {
    LLVMValueRef n = LLVMGetOperand(s->inst, 1);
    s->elem = tag_int(t, 4) >= 0 ? tag_int(t, 4) : esc_type_size(s->type);
    if (LLVMIsAConstantInt(n) && s->elem >= 0) {
      int64_t count = LLVMConstIntGetSExtValue(n);
      if (count >= 0 && count <= (1 << 30) / (s->elem + 1))
        s->size = count * s->elem;
    }
  }
  if (s->size < 0 && s->newobject)
    s->size = INT64_MAX / 4; // unknown: never in a frame
}

bool esc_site(Escape *e, LLVMValueRef inst, Site *s) {
  Tag t;
  bool call = LLVMIsACallInst(inst);
  if (!(call || LLVMIsAAllocaInst(inst)) || !read_tag(e, inst, &t))
    return false;
  if (e->promote && !call)
    return false;
  unsigned len;
  const char *text = LLVMGetMDString(t.op[1], &len);
  *s = (Site){.inst = inst, .kind = t.kind, .call = call, .elem = -1, .where = WHERE_HEAP};
  s->text = arena_strndup(e->arena, text, len);
  s->type = t.op[2] && LLVMIsAGlobalValue(t.op[2]) ? t.op[2] : NULL;
  s->id = tag_int(&t, 3);
  s->loc = LLVMInstructionGetDebugLoc(inst);
  if (call) {
    call_size(&t, s);
    return s->size < 0 ||
           LLVMGetOperand(inst, 0) == s->type; // LLVM may have merged calls of different types
  }
  s->size = (int64_t)LLVMABISizeOfType(e->td, LLVMGetAllocatedType(inst));
  s->align = LLVMGetAlignment(inst);
  return true;
}

// ---- the call graph

typedef struct Edges {
  VEC(int) to;
  int *head;
} Edges;

static bool followed(LLVMValueRef g) {
  if (!LLVMIsAGlobalVariable(g) || !LLVMGetInitializer(g))
    return false;
  size_t len;
  const char *name = LLVMGetValueName2(g, &len);
  return strncmp(name, "type:", 5) != 0 &&
         (LLVMIsGlobalConstant(g) || strncmp(name, "go:itab.", 8) == 0);
}

// Functions that a constant mentions: callees, code pointers of func values, methods of itabs.
static void mentioned(Escape *e, LLVMValueRef c, int depth, Edges *out) {
  if (LLVMIsAFunction(c)) {
    Func *f = ptrmap_get(e->funcs, c);
    if (f && f->index >= 0)
      vec_push(e->arena, &out->to, f->index);
    return;
  }
  if (depth > 4 || !LLVMIsConstant(c))
    return;
  if (LLVMIsAGlobalValue(c)) {
    if (followed(c))
      mentioned(e, LLVMGetInitializer(c), depth + 1, out);
    return;
  }
  int n = LLVMGetNumOperands(c);
  for (int i = 0; i < n && i < 256; i++)
    mentioned(e, LLVMGetOperand(c, (unsigned)i), depth + 1, out);
}

static void find_edges(Escape *e, Func *f, Edges *out) {
  for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f->v); b; b = LLVMGetNextBasicBlock(b))
    for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
      for (int k = 0; k < LLVMGetNumOperands(i); k++) {
        LLVMValueRef op = LLVMGetOperand(i, (unsigned)k);
        if (flow_is_data(op) && LLVMIsConstant(op))
          mentioned(e, op, 0, out);
      }
}

// Functions with a body, callees first. comp: their strongly connected components.
static int *order(Escape *e, int *ncomp) {
  for (LLVMValueRef v = LLVMGetFirstFunction(e->m); v; v = LLVMGetNextFunction(v)) {
    if (LLVMIsDeclaration(v) || LLVMGetLinkage(v) == LLVMAvailableExternallyLinkage)
      continue;
    Func *f = esc_func(e, v);
    f->index = e->list.n;
    vec_push(e->arena, &e->list, f);
  }
  Edges edges = {.head = NEW_ARRAY(e->arena, int, e->list.n + 2)};
  for (int i = 0; i < e->list.n; i++) {
    edges.head[i] = edges.to.n;
    find_edges(e, e->list.v[i], &edges);
  }
  edges.head[e->list.n] = edges.to.n;
  Digraph g = {e->list.n, edges.head, edges.to.v};
  int *comp = NEW_ARRAY(e->arena, int, e->list.n + 1);
  *ncomp = scc_run(e->arena, &g, comp);
  return comp;
}

// ---- analysis of a component

// With the decisions: a closure that a loop puts on the heap takes along what it captured, and that
// may be a parameter, so the summary comes after them.
Graph *esc_analyse(Escape *e, Func *f, Arena *a) {
  Graph *g = graph_new(e, f, a);
  flow_func(g);
  solve_run(g);
  solve_decide(g);
  return g;
}

// Takes the summary of the solved graph; false: it is the one that the function had.
bool esc_take_summary(Func *f, Graph *g) {
  if (f->trusted || is_weak(f->v))
    return false;
  Leaks l = {0};
  solve_summary(g, &l);
  Buf old = {0}, new = {0};
  leaks_encode(&old, &f->leaks);
  leaks_encode(&new, &l);
  bool changed = strcmp(buf_str(&old), buf_str(&new)) != 0;
  buf_free(&old);
  buf_free(&new);
  f->leaks = l;
  return changed;
}

void esc_publish(Escape *e, Func *f) {
  if (f->trusted || is_weak(f->v))
    return;
  Buf b = {0};
  leaks_encode(&b, &f->leaks);
  LLVMRemoveStringAttributeAtIndex(f->v, LLVMAttributeFunctionIndex, "goc-leaks", 9);
  LLVMAddAttributeAtIndex(
      f->v, LLVMAttributeFunctionIndex,
      LLVMCreateStringAttribute(e->ctx, "goc-leaks", 9, buf_str(&b), (unsigned)b.len));
  buf_free(&b);
}

static void note_deps(Escape *e, Func *f, Graph *g) {
  f->deps.n = 0;
  for (int i = 0; i < g->calls.n; i++)
    for (int k = 0; k < g->calls.v[i]->done.n; k++)
      vec_push(e->arena, &f->deps, g->calls.v[i]->done.v[k]);
}

// Has a summary that f read changed since?
static bool is_stale(Func *f) {
  if (f->analysed_at == 0)
    return true;
  for (int i = 0; i < f->deps.n; i++)
    if (f->deps.v[i]->changed_at > f->analysed_at)
      return true;
  return false;
}

// Analyses f anew; its summary may change. What still changes after many rounds leaks.
static void analyse_again(Escape *e, Func *f, bool last) {
  Arena *a = arena_new();
  f->analysed_at = ++e->clock;
  Graph *g = esc_analyse(e, f, a);
  note_deps(e, f, g);
  if (esc_take_summary(f, g)) {
    f->changed_at = ++e->clock;
    if (last)
      f->leaks = (Leaks){.all = true};
  }
  arena_free(a);
}

// Rounds from "leaks nothing" until no summary grows; a function is analysed again only if a
// summary it read has changed.
void esc_fixed_point(Escape *e, Func **f, int n) {
  enum { MAX_ROUNDS = 10 };
  for (int i = 0; i < n; i++)
    if (!f[i]->trusted && !is_weak(f[i]->v))
      f[i]->known = true;
  bool stale = true;
  for (int round = 0; stale; round++) {
    stale = false;
    for (int i = 0; i < n; i++) {
      if (f[i]->leaks.all || !is_stale(f[i]))
        continue;
      stale = true;
      analyse_again(e, f[i], round >= MAX_ROUNDS);
    }
  }
}

bool esc_calls_itself(Func *f) {
  for (LLVMUseRef u = LLVMGetFirstUse(f->v); u; u = LLVMGetNextUse(u)) {
    LLVMValueRef user = LLVMGetUser(u);
    if (!LLVMIsAInstruction(user))
      return true; // through a constant: perhaps
    if (LLVMGetBasicBlockParent(LLVMGetInstructionParent(user)) == f->v)
      return true;
  }
  return false;
}

static void finish(Escape *e, Func *f, bool summarise) {
  Arena *a = arena_new();
  Graph *g = esc_analyse(e, f, a);
  if (summarise) {
    if (!f->trusted && !is_weak(f->v))
      f->known = true;
    esc_take_summary(f, g);
  }
  for (int i = 0; i < g->sites.n; i++)
    if (e->opt && e->opt->keep && strcmp(g->sites.v[i]->text, e->opt->keep) == 0 &&
        !g->sites.v[i]->call)
      g->sites.v[i]->where = WHERE_STACK;
  esc_publish(e, f);
  rewrite_static(e, g->sites.v, g->sites.n);
  explain_func(g);
  rewrite_sites(e, f->v, g->sites.v, g->sites.n);
  arena_free(a);
}

static void component(Escape *e, Func **f, int n) {
  bool recursive = n > 1 || esc_calls_itself(f[0]);
  if (recursive)
    esc_fixed_point(e, f, n);
  for (int i = 0; i < n; i++)
    finish(e, f[i], !recursive);
}

// Calls component for each strongly connected component of the call graph, callees first.
void esc_bottom_up(Escape *e, void (*visit)(Escape *e, Func **f, int n)) {
  int ncomp;
  int *comp = order(e, &ncomp);
  int *count = NEW_ARRAY(e->arena, int, ncomp + 2);
  for (int i = 0; i < e->list.n; i++)
    count[comp[i] + 1]++;
  for (int i = 0; i < ncomp; i++)
    count[i + 1] += count[i];
  Func **sorted = NEW_ARRAY(e->arena, Func *, e->list.n + 1);
  int *next = NEW_ARRAY(e->arena, int, ncomp + 1);
  for (int i = 0; i < e->list.n; i++)
    sorted[count[comp[i]] + next[comp[i]]++] = e->list.v[i];
  for (int i = 0; i < ncomp; i++)
    visit(e, sorted + count[i], count[i + 1] - count[i]);
}

// -escape=off: every site becomes a heap call.
static void all_to_heap(Escape *e) {
  for (LLVMValueRef v = LLVMGetFirstFunction(e->m); v; v = LLVMGetNextFunction(v)) {
    VEC(Site *) sites = {0};
    for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(v); b; b = LLVMGetNextBasicBlock(b))
      for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i)) {
        Site *s = NEW(e->arena, Site);
        if (!esc_site(e, i, s))
          continue;
        s->reason = REASON_OFF;
        vec_push(e->arena, &sites, s);
      }
    rewrite_static(e, sites.v, sites.n);
    rewrite_sites(e, v, sites.v, sites.n);
  }
}

Escape *esc_open(LLVMModuleRef m, const EscapeOptions *opt, bool promote) {
  Arena *a = arena_new();
  Escape *e = NEW(a, Escape);
  e->arena = a;
  e->m = m;
  e->opt = opt;
  e->promote = promote;
  e->ctx = LLVMGetModuleContext(m);
  e->td = LLVMGetModuleDataLayout(m);
  e->md_alloc = LLVMGetMDKindIDInContext(e->ctx, "goc.alloc", 9);
  e->md_func = LLVMGetMDKindIDInContext(e->ctx, "goc.func", 8);
  e->attr_nest = LLVMGetEnumAttributeKindForName("nest", 4);
  e->funcs = ptrmap_new(a);
  read_runtime(e);
  return e;
}

static void print_stats(Escape *e) {
  fprintf(stderr,
          "escape: %d on the stack, %d on the heap, %d static; %d sets or objects collapsed, %d "
          "functions overflowed\n",
          e->nstack, e->nheap, e->nstatic, e->ncollapsed, e->noverflow);
}

// Pointer locals become SSA: that alone makes the analysis flow-sensitive where gc's is not. Tagged
// allocas of the entry block that are only loaded and stored disappear too; explain.c remembers
// them.
static char *promote_locals(Escape *e) {
  LLVMPassBuilderOptionsRef o = LLVMCreatePassBuilderOptions();
  LLVMErrorRef err = LLVMRunPasses(e->m, "function(mem2reg)", NULL, o);
  LLVMDisposePassBuilderOptions(o);
  if (!err)
    return NULL;
  char *text = LLVMGetErrorMessage(err), *copy = xstrdup(text);
  LLVMDisposeErrorMessage(text);
  return copy;
}

// Goroutines' stacks are segmented. The attribute comes only now: LLVM compiles no segmented frame
// of variable size in a function with a nest parameter, and before the rewriting a tagged alloca
// may stand in any block.
static void segment_stacks(LLVMModuleRef m, LLVMContextRef ctx) {
  LLVMAttributeRef split = LLVMCreateStringAttribute(ctx, "split-stack", 11, "", 0);
  for (LLVMValueRef f = LLVMGetFirstFunction(m); f; f = LLVMGetNextFunction(f))
    if (!LLVMIsDeclaration(f))
      LLVMAddAttributeAtIndex(f, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, split);
}

bool goc_escape_run(LLVMModuleRef m, const EscapeOptions *opt, char **message) {
  *message = goc_escape_verify(m, false);
  if (*message)
    return false;
  Escape *e = esc_open(m, opt, false);
  explain_begin(e);
  *message = promote_locals(e);
  if (*message) {
    arena_free(e->arena);
    return false;
  }
  if (opt && opt->off)
    all_to_heap(e);
  else
    esc_bottom_up(e, component);
  explain_end(e);
  if (opt && opt->stats >= 2)
    print_stats(e);
  segment_stacks(m, e->ctx);
  arena_free(e->arena);
  *message = goc_escape_verify(m, true);
  return !*message;
}
