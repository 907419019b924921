// rangefunc.c: range over functions. The body becomes a closure that the iterator calls; break,
// continue, goto and return out of it leave a code behind, return false, and the function around
// the loop acts on the code when the iterator is back.
//
// Functions nest: depth 0 is the Go function, the body of an outermost loop has depth 1, a loop in
// it depth 2. One object, the frame, is shared by all depths: {next, record, argp, results… or
// their addresses}. `next` is the code of the exit under way (0: none), `record` the Go function's
// defer record, `argp` what recover wants, as integers: they are addresses into a stack. Each
// execution of a loop has a state of its own, as in gc: ready, running (or panicked), done,
// exhausted; a call of the body in any but the first state panics.
//
// The exits of a loop are found by a walk over its body beforehand: the body is generated after the
// code behind the call that acts on them.
#include "driver/irgen/gen.h"
#include <string.h>

enum {
  STATE_DONE,
  STATE_READY,
  STATE_PANIC,
  STATE_EXHAUSTED,
  STATE_MISSING_PANIC
}; // internal/abi.RF_…
enum { NEXT_RETURN = -1, NEXT_BARE_RETURN = -2 }; // codes; positive: index of an exit + 1
enum { FRAME_NEXT, FRAME_RECORD, FRAME_ARGP, FRAME_RESULTS }; // fields of the frame

// A branch out of a body to a target in the function of depth home.
typedef struct Exit {
  Stmt *branch;
  int code, home;
} Exit;

enum { EXTRA_FRAME, EXTRA_STATE, EXTRA_COUNT }; // pointers that a body carries

typedef struct RangeRoot {
  PtrMap *depth; // Stmt -> depth + 1 of the function it is in; absent: 0
  PtrMap *loops; // Stmt -> RangeFunc
  Type *frame;
  Type **results; // of the Go function
  int nresults, ncodes;
  bool recovers; // a body calls recover
  bool by_ref;   // the frame holds the addresses of the results
} RangeRoot;

typedef struct RangeFunc {
  struct RangeFunc *up;
  RangeRoot *root;
  Stmt *s;
  int depth;       // of the body
  VEC(Exit) exits; // that pass through this loop
  bool returns;    // a return does
} RangeFunc;

// ---- the walk

typedef struct Branch {
  Stmt *s;
  RangeFunc *in;
} Branch;

typedef struct Walk {
  Arena *arena;
  RangeRoot *root;
  RangeFunc *in; // innermost loop around; NULL: none yet
  VEC(Branch) branches;
} Walk;

static void walk(Walk *w, Stmt *s);

static void walk_list(Walk *w, StmtList *l) {
  for (int i = 0; i < l->n; i++)
    walk(w, l->v[i]);
}

static void walk_clauses(Walk *w, ClauseList *cs) {
  for (int i = 0; i < cs->n; i++)
    walk_list(w, &cs->v[i]->body);
}

static void walk_loop(Walk *w, Stmt *s) {
  RangeFunc *up = w->in, *rf = NEW(w->arena, RangeFunc);
  *rf = (RangeFunc){.up = up, .root = w->root, .s = s, .depth = up ? up->depth + 1 : 1};
  ptrmap_set(w->root->loops, s, rf);
  w->root->recovers |= s->range.info->has_recover;
  w->in = rf;
  walk(w, s->range.body);
  w->in = up;
}

static void record_depth(Walk *w, Stmt *s) {
  ptrmap_set(w->root->depth, s, (void *)(intptr_t)((w->in ? w->in->depth : 0) + 1));
}

static void walk(Walk *w, Stmt *s) {
  if (!s)
    return;
  record_depth(w, s);
  switch (s->kind) {
  case STMT_BLOCK: walk_list(w, &s->block.list); break;
  case STMT_LABELED: walk(w, s->labeled.stmt); break;
  case STMT_IF:
    walk(w, s->ifs.then);
    walk(w, s->ifs.els);
    break;
  case STMT_FOR: walk(w, s->fors.body); break;
  case STMT_RANGE:
    if (s->range.info)
      walk_loop(w, s);
    else
      walk(w, s->range.body);
    break;
  case STMT_SWITCH:
  case STMT_TYPESWITCH: walk_clauses(w, &s->switches.clauses); break;
  case STMT_SELECT: walk_clauses(w, &s->select.clauses); break;
  case STMT_RETURN:
    for (RangeFunc *rf = w->in; rf; rf = rf->up)
      rf->returns = true;
    break;
  case STMT_BRANCH:
    if (s->branch.target)
      vec_push(w->arena, &w->branches, ((Branch){s, w->in}));
    break;
  default: break;
  }
}

static bool is_rangefunc(Stmt *s) {
  return s->kind == STMT_RANGE && s->range.info;
}

static int depth_of(RangeRoot *root, Stmt *s) {
  intptr_t d = (intptr_t)ptrmap_get(root->depth, s);
  return d ? (int)d - 1 : 0;
}

// The depth of the function that carries out a branch to target: that of a range-over-func loop
// itself is its body's.
static int home_of(RangeRoot *root, Stmt *target) {
  return depth_of(root, target) + (is_rangefunc(target) && ptrmap_get(root->loops, target) ? 1 : 0);
}

static int exit_code(RangeFunc *rf, Stmt *branch) {
  for (int i = 0; i < rf->exits.n; i++) {
    Stmt *b = rf->exits.v[i].branch;
    if (b->branch.target == branch->branch.target && b->branch.tok == branch->branch.tok)
      return rf->exits.v[i].code;
  }
  return 0;
}

static void add_exits(Walk *w) {
  for (int i = 0; i < w->branches.n; i++) {
    Branch *b = &w->branches.v[i];
    int home = home_of(w->root, b->s->branch.target);
    if (!b->in || home >= b->in->depth)
      continue;
    int code = ++w->root->ncodes;
    for (RangeFunc *rf = b->in; rf && rf->depth > home; rf = rf->up)
      if (!exit_code(rf, b->s))
        vec_push(w->arena, &rf->exits, ((Exit){b->s, code, home}));
  }
}

static Type *frame_type(Gen *g, Sig *sig, bool by_ref) {
  int n = FRAME_RESULTS + sig->nresults - 1;
  Type **ts = NEW_ARRAY(g->arena, Type *, n + 1);
  ts[0] = ts[1] = t_basic[TYPE_UINTPTR];
  for (int i = 0; i < sig->nresults; i++)
    ts[2 + i] = by_ref ? t_basic[TYPE_UNSAFEPOINTER] : sig->results[i];
  return closure_type(g, ts, n); // its first word, F, is next
}

static RangeRoot *root_new(Fn *f, Stmt *s) {
  Gen *g = f->g;
  RangeRoot *r = NEW(g->arena, RangeRoot);
  *r = (RangeRoot){.depth = ptrmap_new(g->arena),
                   .loops = ptrmap_new(g->arena),
                   .nresults = f->sig->nresults,
                   .by_ref = rangefunc_results_by_ref(f),
                   .frame = frame_type(g, f->sig, rangefunc_results_by_ref(f))};
  r->results = f->sig->results;
  Walk w = {.arena = g->arena, .root = r};
  walk_loop(&w, s);
  add_exits(&w);
  return r;
}

// ---- frame and states

static VRef frame_field(Fn *f, RangeRoot *r, VRef frame, int i) {
  return ptr_add(f, frame, field_offset(r->frame, i));
}

static void store_word(Fn *f, VRef p, int64_t n) {
  LLVMBuildStore(f->b, const_i64(f->g, n), p);
}

static VRef load_word(Fn *f, VRef p) {
  return LLVMBuildLoad2(f->b, f->g->i64, p, "");
}

// A deferred function may recover a panic behind a return out of a body and must see its results:
// the body stores them where they belong.
bool rangefunc_results_by_ref(Fn *f) {
  if (!f->info || f->info->range || !f->info->has_defer)
    return false;
  for (int i = 0; i < f->info->lits.n; i++)
    if (f->info->lits.v[i]->range)
      return true;
  return false;
}

static VRef frame_new(Fn *f, RangeRoot *r) {
  Gen *g = f->g;
  VRef p = alloc_object(f, r->frame, "var", "range frame", "frame");
  if (f->rec)
    LLVMBuildStore(f->b, LLVMBuildPtrToInt(f->b, f->rec, g->i64, ""),
                   frame_field(f, r, p, FRAME_RECORD));
  for (int i = 0; r->by_ref && i < r->nresults; i++)
    LLVMBuildStore(f->b, place_finish(f, &f->results[i]), frame_field(f, r, p, FRAME_RESULTS + i));
  if (r->recovers) {
    unsigned kind = LLVMGetEnumAttributeKindForName("noinline", 8);
    LLVMAddAttributeAtIndex(f->fn, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
                            LLVMCreateEnumAttribute(g->ctx, kind, 0));
    VRef argp = intrinsic(f, "llvm.addressofreturnaddress", g->ptr, NULL, 0);
    LLVMBuildStore(f->b, LLVMBuildPtrToInt(f->b, argp, g->i64, ""),
                   frame_field(f, r, p, FRAME_ARGP));
  }
  return p;
}

static VRef frame_address(Fn *f, int field) {
  VRef n = load_word(f, frame_field(f, f->range->root, f->extra[EXTRA_FRAME], field));
  return LLVMBuildIntToPtr(f->b, n, f->g->ptr, "");
}

VRef rangefunc_record(Fn *f) {
  return frame_address(f, FRAME_RECORD);
}

VRef rangefunc_argp(Fn *f) {
  return frame_address(f, FRAME_ARGP);
}

static int body_depth(Fn *f) {
  return f->range ? f->range->depth : 0;
}

static void set_state(Fn *f, int state) {
  store_word(f, f->extra[EXTRA_STATE], state);
}

// Leaves the body: the iterator gets `more`.
static void body_return(Fn *f, bool more) {
  place_store(f, &f->results[0], value_scalar(t_basic[TYPE_BOOL], LLVMConstInt(f->g->i1, more, 0)));
  fn_goto_return(f);
}

// ---- the body

static Value body_param(Fn *f, int i) {
  Type *t = f->sig->params[i];
  const Flat *fl = flat_of(f->g, t);
  unsigned first = (unsigned)f->sig->first[i];
  if (fl->mem)
    return value_mem(t, LLVMGetParam(f->fn, first), true);
  Value v = {.type = t, .n = fl->n};
  for (int j = 0; j < fl->n; j++)
    v.v[j] = LLVMGetParam(f->fn, first + (unsigned)j);
  return v;
}

void rangefunc_prologue(Fn *f) {
  Stmt *s = f->range->s;
  fn_pos(f, s->pos);
  VRef slot = f->extra[EXTRA_STATE], state = load_word(f, slot);
  panic_if(f, LLVMBuildICmp(f->b, LLVMIntNE, state, const_i64(f->g, STATE_READY), ""),
           "panicrangestate", &state, 1);
  store_word(f, slot, STATE_PANIC);
  Expr *lhs[] = {s->range.key, s->range.val};
  for (int i = 0; i < 2; i++)
    if (lhs[i] && i < f->sig->nparams) {
      hoist_reset(f);
      assign_value(f, lhs[i], s->range.def, body_param(f, i));
    }
}

void rangefunc_end(Fn *f) {
  set_state(f, STATE_READY);
  body_return(f, true);
}

bool rangefunc_branch(Fn *f, Stmt *s) {
  RangeFunc *rf = f->range;
  if (!rf || !s->branch.target)
    return false;
  Stmt *target = s->branch.target;
  int home = home_of(rf->root, target), d = rf->depth;
  bool cont = is_rangefunc(target) && s->branch.tok == TOK_CONTINUE;
  bool own = is_rangefunc(target) && ptrmap_get(rf->root->loops, target);
  if (home >= d && !(own && home == d))
    return false;
  bool more = own && home == d && cont;
  set_state(f, more ? STATE_READY : STATE_DONE);
  if (home < d)
    store_word(f, frame_field(f, rf->root, f->extra[EXTRA_FRAME], FRAME_NEXT), exit_code(rf, s));
  body_return(f, more);
  return true;
}

static void store_results(Fn *f, Stmt *s) {
  RangeRoot *r = f->range->root;
  ExprList *xs = &s->ret.results;
  hoist_reset(f);
  hoist_list(f, xs->v, xs->n);
  Value *vs = NEW_ARRAY(f->arena, Value, r->nresults + 1);
  if (xs->n == r->nresults) {
    for (int i = 0; i < xs->n; i++)
      vs[i] = value_pin(f, expr_to(f, xs->v[i], r->results[i]));
  } else {
    Values multi = expr_multi(f, xs->v[0], r->nresults);
    for (int i = 0; i < multi.n; i++)
      vs[i] = implicit(f, multi.v[i], r->results[i]);
  }
  fn_pos(f, s->pos);
  for (int i = 0; i < r->nresults; i++) {
    VRef p = frame_field(f, r, f->extra[EXTRA_FRAME], FRAME_RESULTS + i);
    store_value(f, r->by_ref ? LLVMBuildLoad2(f->b, f->g->ptr, p, "") : p, vs[i]);
  }
}

bool rangefunc_return(Fn *f, Stmt *s) {
  if (!f->range)
    return false;
  bool bare = s->ret.results.n == 0;
  if (!bare)
    store_results(f, s);
  fn_pos(f, s->pos);
  store_word(f, frame_field(f, f->range->root, f->extra[EXTRA_FRAME], FRAME_NEXT),
             bare ? NEXT_BARE_RETURN : NEXT_RETURN);
  set_state(f, STATE_DONE);
  body_return(f, false);
  return true;
}

// ---- the loop

static void load_results(Fn *f, RangeRoot *r, VRef frame) {
  for (int i = 0; !r->by_ref && i < r->nresults; i++)
    place_store(f, &f->results[i],
                load_value(f, r->results[i], frame_field(f, r, frame, FRAME_RESULTS + i)));
}

// An exit that this body only passes on.
static void pass_on(Fn *f) {
  set_state(f, STATE_DONE);
  body_return(f, false);
}

// A return that came out of the loop goes on in this function.
static void pass_return(Fn *f, RangeRoot *r, VRef frame, VRef next) {
  BRef values = block_new(f, "range.values"), ret = block_new(f, "range.return");
  block_cond(f, LLVMBuildICmp(f->b, LLVMIntEQ, next, const_i64(f->g, NEXT_RETURN), ""), values,
             ret);
  block_start(f, values);
  load_results(f, r, frame);
  block_br(f, ret);
  block_start(f, ret);
  fn_goto_return(f);
}

static void dispatch_return(Fn *f, RangeRoot *r, VRef frame, VRef next) {
  BRef yes = block_new(f, "range.ret"), no = block_new(f, "range.next");
  block_cond(f, LLVMBuildICmp(f->b, LLVMIntSLT, next, const_i64(f->g, 0), ""), yes, no);
  block_start(f, yes);
  if (f->range)
    pass_on(f);
  else
    pass_return(f, r, frame, next);
  block_start(f, no);
}

static void dispatch(Fn *f, RangeFunc *rf, VRef frame) {
  if (!rf->returns && !rf->exits.n)
    return;
  VRef slot = frame_field(f, rf->root, frame, FRAME_NEXT), next = load_word(f, slot);
  if (rf->returns)
    dispatch_return(f, rf->root, frame, next);
  for (int i = 0; i < rf->exits.n; i++) {
    Exit *e = &rf->exits.v[i];
    BRef yes = block_new(f, "range.exit"), no = block_new(f, "range.next");
    block_cond(f, LLVMBuildICmp(f->b, LLVMIntEQ, next, const_i64(f->g, e->code), ""), yes, no);
    block_start(f, yes);
    if (e->home == body_depth(f)) {
      store_word(f, slot, 0);
      stmt(f, e->branch);
    } else {
      pass_on(f);
    }
    block_start(f, no);
  }
}

void stmt_rangefunc(Fn *f, Stmt *s) {
  Gen *g = f->g;
  RangeRoot *r = f->range ? f->range->root : root_new(f, s);
  RangeFunc *rf = ptrmap_get(r->loops, s);
  hoist_reset(f);
  hoist(f, s->range.x);
  Value iter = expr(f, s->range.x);
  Type *ft = core_type(iter.type);
  fn_pos(f, s->pos);
  VRef extra[EXTRA_COUNT] = {f->range ? f->extra[EXTRA_FRAME] : frame_new(f, r)};
  VRef state = alloc_object_nozero(f, t_basic[TYPE_INT], "var", "range state", "state");
  store_word(f, state, STATE_READY);
  extra[EXTRA_STATE] = state;
  VRef body = closure_of_info(f, s->range.info, extra, EXTRA_COUNT, rf, "func literal");
  Value yield = value_scalar(ft->func.params.v[0]->type, body);
  call_closure(f, ft, iter, &yield);
  VRef bad = LLVMBuildICmp(f->b, LLVMIntEQ, load_word(f, state), const_i64(g, STATE_PANIC), ""),
       missing = const_i64(g, STATE_MISSING_PANIC);
  panic_if(f, bad, "panicrangestate", &missing, 1);
  store_word(f, state, STATE_EXHAUSTED);
  dispatch(f, rf, extra[EXTRA_FRAME]);
}
