// explain.c: the lines of -m in the go compiler's words and at its positions, and with -m=2 the way
// that a value took.
//
// The way is kept beside the solver: with -m=2 every place of a node remembers from which node and
// by which instruction it came.
#include "pass/internal.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct Where {
  const char *file; // in the arena of the module
  unsigned line, col;
} Where;

typedef struct Line { // a site seen before mem2reg
  Where at;
  const char *text;
  int64_t id;
  SiteKind kind;
  bool said;
} Line;

static void say(Escape *e, Where at, const char *fmt, ...) PRINTF(3, 4);
static void say(Escape *e, Where at, const char *fmt, ...) {
  if (!e->opt || !e->opt->note || at.line == 0)
    return;
  Buf b = {0};
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(&b, fmt, ap);
  va_end(ap);
  e->opt->note(e->opt->ctx, at.file, at.line, at.col, buf_str(&b));
  buf_free(&b);
}

// What became of a site, with -m=3 with its number: the one in its !goc.alloc.
static void say_site(Escape *e, Where at, int64_t id, const char *before, const char *text,
                     const char *behind) {
  if (e->opt->explain >= 3)
    say(e, at, "%s%s%s (site %" PRId64 ")", before, text, behind, id);
  else
    say(e, at, "%s%s%s", before, text, behind);
}

static const char *file_of(Escape *e, LLVMMetadataRef scope) {
  LLVMMetadataRef file = scope ? LLVMDIScopeGetFile(scope) : NULL;
  unsigned len = 0;
  const char *name = file ? LLVMDIFileGetFilename(file, &len) : "";
  return arena_strndup(e->arena, name, len);
}

static Where where_loc(Escape *e, LLVMMetadataRef loc) {
  if (!loc)
    return (Where){"", 0, 0};
  return (Where){file_of(e, LLVMDILocationGetScope(loc)), LLVMDILocationGetLine(loc),
                 LLVMDILocationGetColumn(loc)};
}

static Where where_is(Escape *e, LLVMValueRef inst) {
  return where_loc(e, inst && LLVMIsAInstruction(inst) ? LLVMInstructionGetDebugLoc(inst) : NULL);
}

// gc says nothing of buffers, channels, what append makes and the closures of go and defer
// statements.
bool explain_has_line(SiteKind kind, const char *text) {
  size_t n = strlen(text), m = strlen(" statement");
  if (kind == SITE_CLOSURE && n > m && strcmp(text + n - m, " statement") == 0)
    return false;
  if (kind == SITE_VAR && strncmp(text, "range ", 6) == 0)
    return false; // irgen's own, of a loop over a function
  return kind != SITE_BUF && kind != SITE_CHAN && kind != SITE_APPEND && *text;
}

static bool has_line(const Site *s) {
  return explain_has_line(s->kind, s->text);
}

void explain_begin(Escape *e) {
  e->explained = ptrmap_new(e->arena);
  if (!e->opt || e->opt->explain < 1 || e->opt->off)
    return;
  for (LLVMValueRef f = LLVMGetFirstFunction(e->m); f; f = LLVMGetNextFunction(f))
    for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
      for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i)) {
        Site s;
        if (!LLVMIsAAllocaInst(i) || !esc_site(e, i, &s) || !has_line(&s) || s.kind == SITE_VAR)
          continue;
        Line *l = NEW(e->arena, Line);
        *l = (Line){where_loc(e, s.loc), s.text, s.id, s.kind, false};
        ptrmap_set(e->explained, (void *)(intptr_t)(s.id + 1), l);
        vec_push(e->arena, &e->lines, l);
      }
}

void explain_end(Escape *e) {
  for (int i = 0; i < e->lines.n; i++) {
    Line *l = e->lines.v[i];
    if (!l->said)
      say_site(e, l->at, l->id, "", l->text, " does not escape");
  }
}

// ---- ways

static const char *step_word(LLVMValueRef inst) {
  switch (LLVMGetInstructionOpcode(inst)) {
  case LLVMStore: return "assign";
  case LLVMRet: return "return";
  case LLVMCall: return "call parameter";
  case LLVMLoad: return "indirection";
  case LLVMPHI:
  case LLVMSelect: return "assign";
  case LLVMGetElementPtr: return "address-of";
  default: return "flow";
  }
}

static const char *value_name(LLVMValueRef v) {
  size_t len = 0;
  const char *s = v ? LLVMGetValueName2(v, &len) : "";
  return len ? s : "{temp}";
}

// Prints the steps from where the object was made to the sink, first step first.
static void say_steps(Graph *g, Where at, const Node *n, Place p, int depth) {
  if (depth > 40 || !n || !n->via)
    return;
  for (int i = 0; i < n->set.n; i++) {
    if (n->set.v[i] != p)
      continue;
    Via v = n->via[i];
    if (v.from && v.from != n)
      say_steps(g, at, v.from, v.place, depth + 1);
    Where step = where_is(g->e, v.inst);
    if (v.inst && step.line)
      say(g->e, at, "    from %s (%s) at %s:%u:%u", value_name(v.from ? v.from->v : NULL),
          step_word(v.inst), step.file, step.line, step.col);
    return;
  }
}

static const Node *find_sink(Graph *g, const Obj *o, Place *p, const char **name) {
  for (int i = 0; i < g->nodes.n; i++) {
    Node *n = g->nodes.v[i];
    if (!n->sink)
      continue;
    for (int k = 0; k < n->set.n; k++) {
      if (g->places.v[n->set.v[k]].obj != o)
        continue;
      *p = n->set.v[k];
      *name = n->result ? "~r0" : n == g->heap ? "{heap}" : "{parameter memory}";
      return n;
    }
  }
  return NULL;
}

static void say_way(Graph *g, Site *s, Where at) {
  if (s->reason == REASON_NONE)
    return;
  say(g->e, at, "%s escapes to heap:", s->text);
  const char *reason = s->reason == REASON_SIZE      ? "too large for stack"
                       : s->reason == REASON_DYNAMIC ? "non-constant size"
                       : s->reason == REASON_LOOP    ? "still in use in the next round of a loop"
                       : s->reason == REASON_DROPPED ? "dropped by an assignment of nil"
                                                     : NULL;
  const char *amp = s->kind == SITE_VAR ? "&" : "&{storage for ",
             *close = s->kind == SITE_VAR ? "" : "}";
  Place p = 0;
  const char *sink = "{heap}";
  const Node *n = reason ? NULL : find_sink(g, s->obj, &p, &sink);
  say(g->e, at, "  flow: %s = %s%s%s:", sink, amp, s->text, close);
  if (reason)
    say(g->e, at, "    from %s (%s) at %s:%u:%u", s->text, reason, at.file, at.line, at.col);
  else if (n)
    say_steps(g, at, n, p, 0);
}

// ---- sites

static void explain_site(Graph *g, Site *s) {
  if (!has_line(s))
    return;
  Line *l = ptrmap_get(g->e->explained, (void *)(intptr_t)(s->id + 1));
  if (l)
    l->said = true;
  Where at = where_loc(g->e, s->loc);
  if (s->escapes && g->e->opt->explain >= 2)
    say_way(g, s, at);
  if (s->kind == SITE_VAR) {
    if (s->escapes)
      say_site(g->e, at, s->id, "moved to heap: ", s->text, "");
  } else {
    say_site(g->e, at, s->id, "", s->text, s->escapes ? " escapes to heap" : " does not escape");
  }
}

// ---- parameters

typedef struct Param {
  const char *name;
  int first, words; // words -1: by pointer
  unsigned line, col;
} Param;

typedef struct Result {
  const char *name;
  int first, words;
} Result;

typedef struct Names {
  VEC(Param) params;
  VEC(Result) results;
} Names;

static int int_operand(LLVMValueRef v) {
  return v && LLVMIsAConstantInt(v) ? (int)LLVMConstIntGetSExtValue(v) : 0;
}

static void read_entry(Escape *e, LLVMValueRef md, Names *out) {
  unsigned n = LLVMGetMDNodeNumOperands(md), len = 0;
  LLVMValueRef op[8];
  if (n < 3 || n > 8)
    return;
  LLVMGetMDNodeOperands(md, op);
  const char *name = op[0] ? LLVMGetMDString(op[0], &len) : NULL;
  if (!name)
    return;
  name = arena_strndup(e->arena, name, len);
  if (n >= 5) {
    Param p = {name, int_operand(op[1]), int_operand(op[2]), (unsigned)int_operand(op[3]),
               (unsigned)int_operand(op[4])};
    vec_push(e->arena, &out->params, p);
  } else {
    Result r = {name, int_operand(op[1]), int_operand(op[2])};
    vec_push(e->arena, &out->results, r);
  }
}

static void read_names(Escape *e, LLVMValueRef f, Names *out) {
  size_t n = 0;
  LLVMValueMetadataEntry *all = LLVMGlobalCopyAllMetadata(f, &n);
  for (unsigned i = 0; i < n; i++) {
    if (LLVMValueMetadataEntriesGetKind(all, i) != e->md_func)
      continue;
    LLVMValueRef md = LLVMMetadataAsValue(e->ctx, LLVMValueMetadataEntriesGetMetadata(all, i));
    unsigned k = LLVMGetMDNodeNumOperands(md);
    LLVMValueRef *op = NEW_ARRAY(e->arena, LLVMValueRef, k + 1);
    LLVMGetMDNodeOperands(md, op);
    for (unsigned j = 1; j < k; j++)
      if (op[j] && LLVMIsAMDNode(op[j]))
        read_entry(e, op[j], out);
  }
  LLVMDisposeValueMetadataEntries(all);
}

static bool of_param(const Flow *f, const Param *p) {
  int words = p->words < 0 ? 1 : p->words;
  return f->src.root == ROOT_PARAM && f->src.n >= p->first && f->src.n < p->first + words;
}

static int level_of(const Flow *f, const Param *p) {
  return p->words < 0 && f->src.stars > 0 ? f->src.stars - 1 : f->src.stars;
}

// Least level at which p flows to the heap or to memory of a parameter (which, for all gc knows, is
// the heap); -1: it does not.
static int heap_level(const Leaks *l, const Param *p) {
  int best = -1;
  for (int i = 0; i < l->flows.n; i++) {
    const Flow *f = &l->flows.v[i];
    bool heap = f->dst.root == ROOT_HEAP || (f->dst.root == ROOT_PARAM && f->dst.stars > 0) ||
                (f->dst.root == ROOT_CTX && f->dst.stars > 0);
    if (!heap || !of_param(f, p))
      continue;
    if (best < 0 || level_of(f, p) < best)
      best = level_of(f, p);
  }
  return best;
}

static int result_level(const Leaks *l, const Param *p, const Result *r) {
  int best = -1;
  for (int i = 0; i < l->flows.n; i++) {
    const Flow *f = &l->flows.v[i];
    bool in_regs =
        f->dst.root == ROOT_RESULT && f->dst.n >= r->first && f->dst.n < r->first + r->words;
    bool in_out = f->dst.root == ROOT_OUT &&
                  (f->dst.off[0] == ANY ||
                   (f->dst.off[0] >= r->first && f->dst.off[0] < r->first + r->words));
    if (!(in_regs || in_out) || !of_param(f, p))
      continue;
    if (best < 0 || level_of(f, p) < best)
      best = level_of(f, p);
  }
  return best;
}

// A place in sink n that p reaches at this level; PLACE_HEAP: none.
static Place param_place(Graph *g, const Node *n, const Param *p, int level) {
  for (int i = 0; i < n->set.n; i++) {
    const Obj *o = g->places.v[n->set.v[i]].obj;
    if (o->kind != OBJ_OUTSIDE)
      continue;
    Flow f = {.src = obj_path(o)};
    if (of_param(&f, p) && level_of(&f, p) == level)
      return n->set.v[i];
  }
  return PLACE_HEAP;
}

// gc's words: the sink, the number of loads, and the steps.
static void say_param_way(Graph *g, Where at, const Param *p, int level, bool result,
                          const char *sink) {
  if (g->e->opt->explain < 2)
    return;
  for (int i = 0; i < g->nodes.n; i++) {
    const Node *n = g->nodes.v[i];
    if (!n->sink || n->result != result)
      continue;
    Place place = param_place(g, n, p, level);
    if (place == PLACE_HEAP)
      continue;
    say(g->e, at, "parameter %s leaks to %s with derefs=%d:", p->name, sink, level);
    say(g->e, at, "  flow: %s = %.*s%s:", sink, level < 4 ? level : 4, "****", p->name);
    say_steps(g, at, n, place, 0);
    return;
  }
}

static void explain_param(Graph *g, const Names *names, const Param *p, const char *file) {
  Leaks *l = &g->f->leaks;
  Where at = {file, p->line, p->col};
  int heap = l->all ? 0 : heap_level(l, p);
  bool said = heap >= 0;
  if (heap >= 0)
    say_param_way(g, at, p, heap, false, "{heap}");
  if (heap == 0)
    say(g->e, at, "leaking param: %s", p->name);
  else if (heap > 0)
    say(g->e, at, "leaking param content: %s", p->name);
  for (int i = 0; i < names->results.n && !l->all; i++) {
    int level = result_level(l, p, &names->results.v[i]);
    if (level < 0 || (heap >= 0 && heap <= level))
      continue;
    say_param_way(g, at, p, level, true, names->results.v[i].name);
    say(g->e, at, "leaking param: %s to result %s level=%d", p->name, names->results.v[i].name,
        level);
    said = true;
  }
  if (!said)
    say(g->e, at, "%s does not escape", p->name);
}

void explain_func(Graph *g) {
  if (!g->e->opt || g->e->opt->explain < 1 || !g->e->opt->note)
    return;
  for (int i = 0; i < g->sites.n; i++)
    explain_site(g, g->sites.v[i]);
  Names names = {0};
  read_names(g->e, g->f->v, &names);
  LLVMMetadataRef sub = LLVMGetSubprogram(g->f->v);
  const char *file = file_of(g->e, sub);
  for (int i = 0; i < names.params.n; i++)
    explain_param(g, &names, &names.params.v[i], file);
}
