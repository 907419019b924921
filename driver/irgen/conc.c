// conc.c: go, defer, recover; channels and select.
//
// The function and arguments of go and defer are evaluated into a closure of their own, whose code
// (section goc_wrappers) makes the call; only a func() without arguments goes as it is.
#include "driver/irgen/core.h"
#include "driver/irgen/gen.h"
#include <string.h>

// ---- recover

// The frame of recover's caller is known by the address of its return address; a range body speaks
// for the function around it.
static VRef recover_argp(Fn *f) {
  if (f->range)
    return rangefunc_argp(f);
  Gen *g = f->g;
  unsigned kind = LLVMGetEnumAttributeKindForName("noinline", 8);
  LLVMAddAttributeAtIndex(f->fn, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
                          LLVMCreateEnumAttribute(g->ctx, kind, 0));
  return intrinsic(f, "llvm.addressofreturnaddress", g->ptr, NULL, 0);
}

Value recover_call(Fn *f) {
  VRef pair = RT_CALL(f, "gorecover", recover_argp(f));
  return value2(t_emptyiface, rt_word(f, pair, 0), rt_word(f, pair, 1));
}

// `defer recover()`: recover counts as called by the function that defers it.
static void defer_recover(Fn *f, Callee *c) {
  c->args = NEW(f->arena, Value);
  c->nargs = 1;
  c->args[0] =
      value_scalar(t_basic[TYPE_UINTPTR], LLVMBuildPtrToInt(f->b, recover_argp(f), f->g->i64, ""));
}

// ---- go and defer

typedef struct Deferred {
  VRef fn;
  const char *symbol;
  Callee c;     // kinds and signatures; its values are replaced by those of the closure
  Type **types; // of what the closure holds
  int n;
  TypeEnv env;
  Pos pos;
} Deferred;

// Where the values of a callee are: the func value or interface, then the arguments or what they
// will be made of.
static int callee_values(Callee *c, Value **out) {
  int n = 0;
  if (c->kind == CALLEE_CLOSURE)
    out[n++] = &c->fv;
  if (c->kind == CALLEE_IFACE)
    out[n++] = &c->iface;
  for (int i = 0; i < (c->late ? c->nargs_at : c->nargs); i++)
    out[n++] = &c->args[i];
  return c->late ? n + late_values(c->late, out + n) : n;
}

static int max_values(const Callee *c) {
  return 1 + c->nargs + (c->late ? late_count(c->late) : 0);
}

static void make_deferred(Gen *g, void *arg) {
  Deferred *d = arg;
  Fn *f = fn_begin_in(g, d->fn, d->symbol, d->symbol, sig_of(g, func0_type(), NULL),
                      FN_WRAPPER | FN_INTERNAL, d->pos, NULL);
  Value *held = NEW_ARRAY(f->arena, Value, d->n + 1),
        **where = NEW_ARRAY(f->arena, Value *, d->n + 2);
  f->env = d->env;
  closure_load(f, d->types, d->n, held);
  callee_values(&d->c, where);
  for (int i = 0; i < d->n; i++)
    *where[i] = held[i];
  if (d->c.late)
    callee_args(f, &d->c);
  if (d->c.kind == CALLEE_BUILTIN && d->c.builtin == BUILTIN_RECOVER)
    RT_CALL(f, "gorecover", LLVMBuildIntToPtr(f->b, d->c.args[0].v[0], g->ptr, ""));
  else
    callee_call(f, &d->c, d->pos);
  if (!fn_dead(f))
    fn_return(f, NULL, 0);
  fn_finish(f);
}

// Fresh copies: the Callee's arrays are in the arena of the function that evaluates, which is gone
// when the wrapper is made.
static Deferred *deferred_new(Fn *f, Callee *c, const char *what, Pos pos) {
  Gen *g = f->g;
  Deferred *d = NEW(g->arena, Deferred);
  d->c = *c;
  d->pos = pos;
  d->env = f->env;
  if (c->late)
    d->c.late = late_copy(g->arena, c->late);
  d->c.args = arena_dup(g->arena, c->args, sizeof(Value) * (size_t)(c->nargs + 1));
  d->c.targs.v = arena_dup(g->arena, c->targs.v, sizeof(Type *) * (size_t)c->targs.n);
  d->types = NEW_ARRAY(g->arena, Type *, max_values(c) + 1);
  d->symbol = atom_printf("%s.%swrap%d", f->symbol, what, ++f->nwrap);
  d->fn = fn_declare(g, d->symbol, sig_of(g, func0_type(), NULL), FN_WRAPPER | FN_INTERNAL);
  return d;
}

// The func value that makes the call.
static VRef deferred_closure(Fn *f, Callee *c, const char *what, Pos pos) {
  Gen *g = f->g;
  Deferred *d = deferred_new(f, c, what, pos);
  Value **where = NEW_ARRAY(f->arena, Value *, max_values(c) + 1),
        *held = NEW_ARRAY(f->arena, Value, max_values(c) + 1);
  d->n = callee_values(c, where);
  for (int i = 0; i < d->n; i++) {
    held[i] = *where[i];
    d->types[i] = held[i].type;
  }
  Work w = {.kind = WORK_CALLBACK, .symbol = d->symbol, .make = make_deferred, .arg = d};
  work_add(g, &w);
  return d->n ? closure_make(f, d->fn, held, d->n, "closure", atom_printf("%s statement", what))
              : funcval_const(g, d->fn);
}

static bool known_not_nil(VRef v) {
  return LLVMIsAAllocaInst(v) || LLVMIsAGlobalVariable(v);
}

// A callee without parameters and results is its own closure.
static VRef plain_func(Fn *f, Callee *c, bool is_go) {
  if (c->kind == CALLEE_BUILTIN || c->nargs || c->sig->nresults)
    return NULL;
  if (c->kind == CALLEE_CLOSURE && (is_go || known_not_nil(c->fv.v[0])))
    return c->fv.v[0];
  if (c->kind == CALLEE_FUNC && !c->obj)
    return funcval_const(f->g, c->fn);
  if (c->kind == CALLEE_FUNC && func_has_body(c->obj))
    return funcval_const(f->g, func_ref(f->g, c->obj, c->targs));
  return NULL;
}

static void hoist_callee(Fn *f, Expr *call) {
  Expr *fun = unparen(call->call.fun);
  if (fun->mode != MODE_BUILTIN && fun->mode != MODE_TYPE)
    hoist(f, fun->kind == EXPR_SELECTOR && fun->selector.selection ? fun->selector.x : fun);
}

// A conversion or a parenthesised thing cannot stand here: the checker has seen to it.
static VRef statement_closure(Fn *f, Stmt *s, const char *what) {
  Expr *call = unparen(s->go.call);
  bool is_go = s->kind == STMT_GO;
  hoist_reset(f);
  hoist_callee(f, call);
  Late *late = call->call.builtin ? NULL : late_args(f, &call->call.args);
  if (!late)
    hoist_list(f, call->call.args.v, call->call.args.n);
  Callee c;
  callee_eval(f, call, late, &c);
  fn_pos(f, s->pos);
  if (c.kind == CALLEE_IFACE)
    nil_check(f, c.iface.v[0]);
  if (c.kind == CALLEE_BUILTIN && c.builtin == BUILTIN_RECOVER)
    defer_recover(f, &c);
  VRef p = plain_func(f, &c, is_go);
  if (p)
    return p;
  p = deferred_closure(f, &c, what, call->pos);
  if (is_go && c.kind == CALLEE_CLOSURE &&
      !known_not_nil(c.fv.v[0])) { // newproc wants to see a nil func
    VRef isnil = LLVMBuildICmp(f->b, LLVMIntEQ, c.fv.v[0], const_null(f->g), "");
    p = LLVMBuildSelect(f->b, isnil, const_null(f->g), p, "");
  }
  return p;
}

void stmt_go(Fn *f, Stmt *s) {
  VRef fn = statement_closure(f, s, "go");
  RT_CALL(f, "newproc", fn);
}

void stmt_defer(Fn *f, Stmt *s) {
  VRef fn = statement_closure(f, s, "defer");
  RT_CALL(f, "deferproc", defer_record(f), fn);
}

VRef defer_record(Fn *f) {
  VRef rec = f->range ? rangefunc_record(f) : f->rec;
  if (!rec)
    ice(f->pos, "%s: defer without a record", f->symbol);
  return rec;
}

// ---- send and receive

static Type *chan_elem(Type *ch) {
  return core_type(ch)->chan.elem;
}

static void send(Fn *f, Value ch, Value v) {
  VRef at = value_addr(f, v);
  RT_CALL(f, "chansend1", ch.v[0], at);
  if (!v.mem)
    temp_clear(f, v.type, at);
}

void stmt_send(Fn *f, Stmt *s) {
  hoist_reset(f);
  hoist(f, s->send.ch);
  hoist(f, s->send.val);
  Value ch = expr(f, s->send.ch);
  Value v = expr_to(f, s->send.val, chan_elem(ch.type));
  fn_pos(f, s->pos);
  send(f, ch, v);
}

// What is received, in a temporary; nothing for zero-sized elements.
static VRef recv_temp(Fn *f, Type *elem) {
  return type_size(elem) ? fn_temp(f, elem, "recv") : const_null(f->g);
}

static Value received(Fn *f, Type *elem, VRef tmp) {
  if (type_size(elem) == 0)
    return value_zero(f, elem);
  Value v = load_value(f, elem, tmp);
  v.temp = v.mem;
  temp_clear(f, elem, tmp);
  return v;
}

Value recv(Fn *f, Value ch, VRef *ok) {
  Type *elem = chan_elem(ch.type);
  VRef tmp = recv_temp(f, elem);
  if (ok)
    *ok = rt_bool(f, RT_CALL(f, "chanrecv2", ch.v[0], tmp));
  else
    RT_CALL(f, "chanrecv1", ch.v[0], tmp);
  return received(f, elem, tmp);
}

// ---- select

typedef struct Case {
  Clause *clause;
  bool send;
  Expr *rhs; // the receive's channel operand
  Stmt *comm;
  Value ch, val; // val: what is sent
  VRef tmp;      // where it is received
  BRef body;
} Case;

typedef struct Select {
  Stmt *s;
  Case *v; // without the default
  int n, nsends;
  Clause *deflt;
  BRef done;
} Select;

static Expr *comm_recv(Stmt *comm) {
  Expr *x = comm->kind == STMT_EXPR ? comm->x : comm->assign.rhs.v[0];
  return unparen(x)->unary.x;
}

static void collect(Fn *f, Select *sel, Stmt *s) {
  sel->s = s;
  sel->v = NEW_ARRAY(f->arena, Case, s->select.clauses.n + 1);
  for (int i = 0; i < s->select.clauses.n; i++) {
    Clause *c = s->select.clauses.v[i];
    if (!c->comm) {
      sel->deflt = c;
      continue;
    }
    Case *k = &sel->v[sel->n++];
    *k = (Case){.clause = c, .comm = c->comm, .send = c->comm->kind == STMT_SEND};
    sel->nsends += k->send;
    if (!k->send)
      k->rhs = comm_recv(c->comm);
  }
}

// Channels and values to send, in source order.
static void eval_cases(Fn *f, Select *sel) {
  for (int i = 0; i < sel->n; i++) {
    Case *k = &sel->v[i];
    Expr *ch = k->send ? k->comm->send.ch : k->rhs;
    hoist_reset(f);
    hoist(f, ch);
    if (k->send)
      hoist(f, k->comm->send.val);
    k->ch = expr(f, ch);
    Type *elem = chan_elem(k->ch.type);
    if (k->send)
      k->val = value_pin(f, expr_to(f, k->comm->send.val, elem));
    else
      k->tmp = recv_temp(f, elem);
  }
  hoist_reset(f);
}

// v, ok = what was received.
static void assign_received(Fn *f, Case *k, VRef ok) {
  if (k->send || k->comm->kind == STMT_EXPR)
    return;
  ExprList *lhs = &k->comm->assign.lhs;
  bool define = k->comm->kind == STMT_DEFINE;
  fn_pos(f, k->comm->pos);
  Value v = received(f, chan_elem(k->ch.type), k->tmp);
  assign_value(f, lhs->v[0], define, v);
  if (lhs->n > 1)
    assign_value(f, lhs->v[1], define, value_scalar(t_basic[TYPE_BOOL], ok));
}

static void case_body(Fn *f, Select *sel, Clause *c) {
  fn_pos(f, c->pos);
  hoist_reset(f);
  stmt_list(f, &c->body);
  block_br(f, sel->done);
}

// select with one case and no default.
static void select_one(Fn *f, Select *sel) {
  Case *k = &sel->v[0];
  fn_pos(f, k->comm->pos);
  VRef ok = NULL;
  if (k->send)
    send(f, k->ch, k->val);
  else
    ok = rt_bool(f, RT_CALL(f, "chanrecv2", k->ch.v[0], k->tmp));
  assign_received(f, k, ok);
  case_body(f, sel, k->clause);
}

// select with one case and a default.
static void select_nonblocking(Fn *f, Select *sel) {
  Case *k = &sel->v[0];
  fn_pos(f, sel->s->pos);
  VRef ok = NULL, chosen;
  if (k->send) {
    chosen = rt_bool(f, RT_CALL(f, "selectnbsend", k->ch.v[0], value_addr(f, k->val)));
  } else {
    VRef pair = RT_CALL(f, "selectnbrecv", k->tmp, k->ch.v[0]);
    chosen = rt_bool(f, rt_word(f, pair, 0));
    ok = rt_bool(f, rt_word(f, pair, 1));
  }
  BRef yes = block_new(f, "select.case"), no = block_new(f, "select.default");
  block_cond(f, chosen, yes, no);
  block_start(f, yes);
  assign_received(f, k, ok);
  case_body(f, sel, k->clause);
  block_start(f, no);
  case_body(f, sel, sel->deflt);
}

// The cases array that selectgo wants: sends first; at[i] gets the place of case i.
static VRef case_array(Fn *f, Select *sel, int *at) {
  Gen *g = f->g;
  VRef array = fn_alloca(f, LLVMArrayType2(g->ptr, 2 * (uint64_t)sel->n), 8, "cases");
  int next[2] = {sel->nsends, 0}; // of receives, of sends
  for (int i = 0; i < sel->n; i++) {
    Case *k = &sel->v[i];
    at[i] = next[k->send]++;
    VRef elem = k->send ? value_addr(f, k->val) : k->tmp;
    LLVMBuildStore(f->b, k->ch.v[0], ptr_add(f, array, 16 * at[i]));
    LLVMBuildStore(f->b, elem, ptr_add(f, array, 16 * at[i] + 8));
  }
  return array;
}

static void select_general(Fn *f, Select *sel) {
  Gen *g = f->g;
  fn_pos(f, sel->s->pos);
  int *at = NEW_ARRAY(f->arena, int, sel->n + 1);
  VRef array = case_array(f, sel, at);
  VRef order = fn_alloca(f, LLVMArrayType2(g->i16, 2 * (uint64_t)sel->n), 2, "order");
  VRef pair = RT_CALL(f, "selectgo", array, order, const_i64(g, sel->nsends),
                      const_i64(g, sel->n - sel->nsends), const_i64(g, !sel->deflt));
  VRef chosen = rt_word(f, pair, 0), ok = rt_bool(f, rt_word(f, pair, 1));
  for (int i = 0; i < sel->n; i++) {
    bool last = i == sel->n - 1 && !sel->deflt;
    BRef yes = block_new(f, "select.case"), next = last ? NULL : block_new(f, "select.next");
    if (last)
      block_br(f, yes);
    else
      block_cond(f, LLVMBuildICmp(f->b, LLVMIntEQ, chosen, const_i64(g, at[i]), ""), yes, next);
    block_start(f, yes);
    assign_received(f, &sel->v[i], ok);
    case_body(f, sel, sel->v[i].clause);
    if (!last)
      block_start(f, next);
  }
  if (sel->deflt)
    case_body(f, sel, sel->deflt);
}

void stmt_select(Fn *f, Stmt *s) {
  Select sel = {0};
  collect(f, &sel, s);
  sel.done = block_new(f, "select.done");
  JumpTarget target = {.up = f->targets, .stmt = s, .brk = sel.done};
  f->targets = &target;
  eval_cases(f, &sel);
  if (sel.n == 0 && !sel.deflt) {
    fn_pos(f, s->pos);
    rt_call(f, "block", NULL, 0);
    fn_unreachable(f);
  } else if (sel.n == 0) {
    case_body(f, &sel, sel.deflt);
  } else if (sel.n == 1 && !sel.deflt) {
    select_one(f, &sel);
  } else if (sel.n == 1) {
    select_nonblocking(f, &sel);
  } else {
    select_general(f, &sel);
  }
  f->targets = target.up;
  block_start(f, sel.done);
}
