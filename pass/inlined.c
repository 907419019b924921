// inlined.c: lines of -m for what inlining brought into a function: "&T{...} does not escape" at
// the call of a function whose object is in the caller's frame, or nowhere, now that the call is
// gone.
//
// gc inlines before its analysis and so speaks of the copies. goc speaks of the function itself
// first (explain.c), then, when LLVM has inlined and goc-promote has looked again, of the copies
// that are not on the heap. Calls are remembered before, by caller, callee and position: one that
// is missing afterwards was inlined, or could not be reached.
#include "pass/internal.h"
#include <string.h>

enum { MAX_DEPTH = 4 }; // calls inlined into calls inlined

typedef struct Object {
  const char *text;
  bool heap; // a call of the runtime makes it, unless goc-promote has been there
} Object;

typedef struct Call {
  struct Body *callee;
  const char *key, *file;
  unsigned line, col;
} Call;

typedef struct Body { // a function as it was
  const char *name;
  bool ours; // not a copy of another package's
  VEC(Object) objects;
  VEC(Call) calls;
} Body;

struct Inlined {
  Arena *a;
  unsigned md_alloc, md_stack, md_static;
  Map *bodies; // by name
  VEC(Body *) list;
  Map *there; // keys of the calls and objects on the heap that are left
};

static const char *name_of(LLVMValueRef v) {
  size_t len;
  return LLVMGetValueName2(v, &len);
}

// "caller what line:column"
static const char *make_key(Inlined *in, LLVMValueRef f, const char *what, LLVMMetadataRef loc) {
  return arena_printf(in->a, "%s\t%s\t%u:%u", name_of(f), what, LLVMDILocationGetLine(loc),
                      LLVMDILocationGetColumn(loc));
}

// ---- before

static void add_object(Inlined *in, Body *b, LLVMValueRef md, bool heap) {
  LLVMValueRef op[8] = {0};
  unsigned n = LLVMGetMDNodeNumOperands(md), klen = 0, len = 0;
  if (n < 2 || n > LEN(op))
    return;
  LLVMGetMDNodeOperands(md, op);
  const char *kind = op[0] ? LLVMGetMDString(op[0], &klen) : NULL,
             *text = op[1] ? LLVMGetMDString(op[1], &len) : NULL;
  if (!kind || !text)
    return;
  Object o = {arena_strndup(in->a, text, len), heap};
  SiteKind k = esc_site_kind(kind, klen);
  if (k != SITE_VAR && explain_has_line(k, o.text)) // a variable in a frame has no line
    vec_push(in->a, &b->objects, o);
}

// Static objects that a constant refers to.
static void add_static(Inlined *in, Body *b, LLVMValueRef c, int depth) {
  if (LLVMIsAGlobalVariable(c)) {
    size_t n = 0;
    LLVMValueMetadataEntry *all = LLVMGlobalCopyAllMetadata(c, &n);
    for (unsigned i = 0; i < n; i++)
      if (LLVMValueMetadataEntriesGetKind(all, i) == in->md_static)
        add_object(in, b,
                   LLVMMetadataAsValue(LLVMGetModuleContext(LLVMGetGlobalParent(c)),
                                       LLVMValueMetadataEntriesGetMetadata(all, i)),
                   false);
    LLVMDisposeValueMetadataEntries(all);
    return;
  }
  if (LLVMIsAGlobalValue(c) || depth > 3)
    return;
  for (int i = 0; i < LLVMGetNumOperands(c) && i < 64; i++)
    add_static(in, b, LLVMGetOperand(c, (unsigned)i), depth + 1);
}

static Body *body_of(Inlined *in, LLVMValueRef f) {
  Body *b = map_get(in->bodies, name_of(f));
  if (b)
    return b;
  b = NEW(in->a, Body);
  b->name = arena_strdup(in->a, name_of(f));
  b->ours = LLVMGetLinkage(f) != LLVMAvailableExternallyLinkage;
  map_set(in->bodies, b->name, b);
  vec_push(in->a, &in->list, b);
  return b;
}

static LLVMValueRef callee_of(LLVMValueRef inst) {
  LLVMValueRef f = LLVMIsACallInst(inst) ? LLVMGetCalledValue(inst) : NULL;
  return f && LLVMIsAFunction(f) ? f : NULL;
}

static void note_call(Inlined *in, LLVMValueRef f, Body *b, LLVMValueRef inst) {
  LLVMValueRef callee = callee_of(inst);
  LLVMMetadataRef loc = LLVMInstructionGetDebugLoc(inst);
  if (!callee || !loc || LLVMIsDeclaration(callee) || callee == f)
    return;
  unsigned len = 0;
  LLVMMetadataRef file = LLVMDIScopeGetFile(LLVMDILocationGetScope(loc));
  const char *name = file ? LLVMDIFileGetFilename(file, &len) : "";
  Call c = {body_of(in, callee), make_key(in, f, name_of(callee), loc),
            arena_strndup(in->a, name, len), LLVMDILocationGetLine(loc),
            LLVMDILocationGetColumn(loc)};
  vec_push(in->a, &b->calls, c);
}

static void note_inst(Inlined *in, LLVMValueRef f, Body *b, LLVMValueRef i) {
  if (LLVMGetMetadata(i, in->md_alloc))
    add_object(in, b, LLVMGetMetadata(i, in->md_alloc), true);
  else if (LLVMGetMetadata(i, in->md_stack))
    add_object(in, b, LLVMGetMetadata(i, in->md_stack), false);
  for (int k = 0; k < LLVMGetNumOperands(i); k++) {
    LLVMValueRef op = LLVMGetOperand(i, (unsigned)k);
    if (flow_is_data(op) && LLVMIsConstant(op))
      add_static(in, b, op, 0);
  }
  note_call(in, f, b, i);
}

Inlined *goc_inlined_begin(LLVMModuleRef m) {
  Arena *a = arena_new();
  Inlined *in = NEW(a, Inlined);
  LLVMContextRef ctx = LLVMGetModuleContext(m);
  in->a = a;
  in->bodies = map_new(a);
  in->there = map_new(a);
  in->md_alloc = LLVMGetMDKindIDInContext(ctx, "goc.alloc", 9);
  in->md_stack = LLVMGetMDKindIDInContext(ctx, "goc.stack", 9);
  in->md_static = LLVMGetMDKindIDInContext(ctx, "goc.static", 10);
  for (LLVMValueRef f = LLVMGetFirstFunction(m); f; f = LLVMGetNextFunction(f))
    for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
      for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
        note_inst(in, f, body_of(in, f), i);
  return in;
}

// ---- after

static void note_left(Inlined *in, LLVMValueRef f, LLVMValueRef inst) {
  LLVMMetadataRef loc = LLVMInstructionGetDebugLoc(inst);
  LLVMValueRef callee = callee_of(inst), md = LLVMGetMetadata(inst, in->md_alloc);
  if (!loc || !callee)
    return;
  if (!LLVMDILocationGetInlinedAt(loc)) {
    map_set(in->there, make_key(in, f, name_of(callee), loc), in);
    return;
  }
  for (LLVMMetadataRef up = LLVMDILocationGetInlinedAt(loc); up;
       up = LLVMDILocationGetInlinedAt(up))
    loc = up;
  LLVMValueRef op[8] = {0};
  unsigned len = 0;
  if (!md || LLVMGetMDNodeNumOperands(md) > LEN(op))
    return;
  LLVMGetMDNodeOperands(md, op);
  const char *text = op[1] ? LLVMGetMDString(op[1], &len) : NULL;
  if (text)
    map_set(in->there, make_key(in, f, arena_strndup(in->a, text, len), loc), in);
}

typedef struct Say {
  Inlined *in;
  const EscapeOptions *opt;
  const Body *caller;
  const Call *at;
} Say;

static void say_objects(Say *s, const Body *b, int depth) {
  for (int i = 0; i < b->objects.n; i++) {
    const Object *o = &b->objects.v[i];
    const char *key =
        arena_printf(s->in->a, "%s\t%s\t%u:%u", s->caller->name, o->text, s->at->line, s->at->col);
    if (!o->heap || !map_get(s->in->there, key))
      s->opt->note(s->opt->ctx, s->at->file, s->at->line, s->at->col,
                   arena_printf(s->in->a, "%s does not escape", o->text));
  }
  for (int i = 0; i < b->calls.n && depth < MAX_DEPTH; i++)
    if (!map_get(s->in->there, b->calls.v[i].key))
      say_objects(s, b->calls.v[i].callee, depth + 1);
}

void goc_inlined_end(Inlined *in, LLVMModuleRef m, const EscapeOptions *opt) {
  for (LLVMValueRef f = LLVMGetFirstFunction(m); f; f = LLVMGetNextFunction(f))
    for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
      for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
        note_left(in, f, i);
  for (int i = 0; i < in->list.n; i++) {
    const Body *b = in->list.v[i];
    for (int k = 0; b->ours && k < b->calls.n; k++)
      if (!map_get(in->there, b->calls.v[k].key))
        say_objects(&(Say){in, opt, b, &b->calls.v[k]}, b->calls.v[k].callee, 0);
  }
  arena_free(in->a);
}
