// iface.c: interface values: boxing, itabs, conversions, assertions, comparisons, type switches.
//
// An interface is two words: {type, data} without methods, {itab, data} with. What is not
// pointer-shaped lives in a box: immutable memory that is born as a tagged alloca, so that the pass
// may keep it in the frame. Assertions to concrete types compare type descriptors (identity is the
// address); itabs are never compared, because the runtime makes some that the compiler made too.
#include "driver/irgen/gen.h"
#include <stdlib.h>

enum { ITAB_TYPE = 8, ITAB_FUN = 24 }; // offsets in an itab

VRef runtime_var(Gen *g, const char *name, LLVMTypeRef t) {
  VRef v = LLVMGetNamedGlobal(g->m, name);
  if (!v) {
    v = LLVMAddGlobal(g->m, t, name);
    LLVMSetVisibility(v, LLVMHiddenVisibility);
  }
  return v;
}

VRef zerobase(Gen *g) {
  return runtime_var(g, "runtime.zerobase", g->i64);
}

static bool is_plain_const(VRef v) {
  return LLVMIsConstant(v) && !LLVMIsUndef(v) &&
         (LLVMIsAConstantInt(v) || LLVMIsAConstantFP(v) || LLVMIsNull(v) || LLVMIsAGlobalValue(v) ||
          LLVMIsAConstantExpr(v));
}

bool value_is_const(Value v) {
  if (v.mem)
    return LLVMIsAGlobalVariable(v.addr) && LLVMIsGlobalConstant(v.addr);
  for (int i = 0; i < v.n; i++)
    if (!is_plain_const(v.v[i]))
      return false;
  return true;
}

// ---- itabs

// The methods of an interface in the order of itabs and descriptors: exported ones first, each by
// name.
static int iface_methods(Type *iface, Object **out, int max) {
  const TypeSet *set = type_set(under(iface));
  int n = 0;
  for (int pass = 0; pass < 2; pass++)
    for (int i = 0; i < set->methods.n; i++)
      if (is_exported(set->methods.v[i]->name) == (pass == 0)) {
        if (n < max)
          out[n] = set->methods.v[i];
        n++;
      }
  return n;
}

bool same_method(Object *a, Object *b) {
  return a->name == b->name && (is_exported(a->name) || a->pkg == b->pkg);
}

static int iface_method_index(Type *iface, Object *m) {
  int n = type_set(under(iface))->methods.n, found = -1;
  Object **ms = xmalloc(sizeof *ms * (size_t)(n + 1));
  iface_methods(iface, ms, n);
  for (int i = 0; i < n; i++)
    if (same_method(ms[i], m))
      found = i;
  free(ms);
  if (found < 0)
    ice(NOPOS, "%s has no method %s", type_string(iface, NULL), m->name);
  return found;
}

const MethodSetEntry *method_entry(Type *t, Object *m) {
  const MethodSet *ms = method_set(t);
  for (int i = 0; i < ms->n; i++)
    if (same_method(ms->v[i].fn, m))
      return &ms->v[i];
  ice(NOPOS, "%s has no method %s", type_string(t, NULL), m->name);
}

VRef itab_const(Gen *g, Type *t, Type *iface) {
  const char *sym =
      sym_escape(atom_printf("go:itab.%s,%s", type_linkstring(t), type_linkstring(iface)));
  VRef v = map_get(g->syms, sym);
  if (v)
    return v;
  int n = type_set(under(iface))->methods.n;
  LLVMTypeRef part[] = {g->ptr, g->ptr, g->i32, g->i32, LLVMArrayType2(g->ptr, (uint64_t)n)};
  v = LLVMAddGlobal(g->m, LLVMStructTypeInContext(g->ctx, part, 5, 0), sym);
  map_set(g->syms, sym, v);
  Object **ms = NEW_ARRAY(g->arena, Object *, n + 1);
  VRef *fun = NEW_ARRAY(g->arena, VRef, n + 1);
  iface_methods(iface, ms, n);
  for (int i = 0; i < n; i++)
    fun[i] = method_code(g, t, method_entry(t, ms[i]), true);
  VRef init[] = {type_desc(g, iface), type_desc(g, t), LLVMConstInt(g->i32, type_hash(t), 0),
                 LLVMConstInt(g->i32, 0xffffffff, 0), LLVMConstArray2(g->ptr, fun, (uint64_t)n)};
  LLVMSetInitializer(v, LLVMConstStructInContext(g->ctx, init, 5, 0));
  LLVMSetGlobalConstant(v, 1);
  LLVMSetAlignment(v, 8);
  set_hidden(g, v);
  set_linkonce(g, v, sym);
  return v;
}

VRef iface_method(Fn *f, Value iface, Object *method, VRef *data) {
  Gen *g = f->g;
  nil_check(f, iface.v[0]);
  VRef code = LLVMBuildLoad2(
      f->b, g->ptr, ptr_add(f, iface.v[0], ITAB_FUN + 8 * iface_method_index(iface.type, method)),
      "code");
  set_invariant(f, code);
  *data = iface.v[1];
  return code;
}

void set_invariant(Fn *f, VRef load) {
  Gen *g = f->g;
  LLVMSetMetadata(load, LLVMGetMDKindIDInContext(g->ctx, "invariant.load", 14),
                  LLVMMetadataAsValue(g->ctx, LLVMMDNodeInContext2(g->ctx, NULL, 0)));
}

// ---- boxing

// A box for v; ints below 256 share the runtime's table, as in gc.
static VRef box_alloc(Fn *f, Value v, const char *text) {
  VRef p = alloc_object_nozero(f, v.type, "box", text, "");
  store_value(f, p, v);
  return p;
}

static VRef small_box(Fn *f, VRef index) {
  Gen *g = f->g;
  return elem_addr(f, runtime_var(g, "runtime.staticuint64s", LLVMArrayType2(g->i64, 256)), index,
                   8);
}

static VRef box_int(Fn *f, Value v, const char *text) {
  Gen *g = f->g;
  VRef wide = LLVMGetTypeKind(LLVMTypeOf(v.v[0])) == LLVMIntegerTypeKind &&
                      LLVMGetIntTypeWidth(LLVMTypeOf(v.v[0])) < 64
                  ? LLVMBuildZExt(f->b, v.v[0], g->i64, "")
                  : v.v[0];
  if (type_size(v.type) == 1)
    return small_box(f, wide);
  BRef small = block_new(f, "box.small"), big = block_new(f, "box.big"), done = block_new(f, "box");
  block_cond(f, LLVMBuildICmp(f->b, LLVMIntULT, wide, const_i64(g, 256), ""), small, big);
  block_start(f, small);
  VRef p[2] = {small_box(f, wide)};
  BRef from[2] = {LLVMGetInsertBlock(f->b)};
  block_br(f, done);
  block_start(f, big);
  p[1] = box_alloc(f, v, text);
  from[1] = LLVMGetInsertBlock(f->b);
  block_br(f, done);
  block_start(f, done);
  VRef phi = LLVMBuildPhi(f->b, g->ptr, "box");
  LLVMAddIncoming(phi, p, from, 2);
  return phi;
}

static VRef box_data(Fn *f, Value v, const char *text) {
  if (is_pointer_shaped(v.type))
    return v.mem ? LLVMBuildLoad2(f->b, f->g->ptr, v.addr, "") : v.v[0];
  if (type_size(v.type) == 0)
    return zerobase(f->g);
  TypeKind k = under(v.type)->kind;
  if (!v.mem && k <= TYPE_UINTPTR &&
      !value_is_const(v)) // a box of constants becomes static data in the pass
    return box_int(f, v, text);
  return box_alloc(f, v, text);
}

// The first word of an interface of type iface that holds a t.
static VRef iface_tab(Gen *g, Type *t, Type *iface) {
  return iface_is_empty(iface) ? type_desc(g, t) : itab_const(g, t, iface);
}

Value iface_box_into(Fn *f, Value v, Type *iface, const char *text) {
  return value2(iface, iface_tab(f->g, v.type, iface), box_data(f, v, text));
}

Value iface_box(Fn *f, Value v, Type *iface) {
  return iface_box_into(f, v, iface, "value");
}

// ---- between interfaces

// The type word: null in a nil interface.
static VRef type_word(Fn *f, Value x) {
  Gen *g = f->g;
  if (iface_is_empty(x.type))
    return x.v[0];
  if (LLVMIsNull(x.v[0]))
    return x.v[0];
  BRef some = block_new(f, "itab"), done = block_new(f, "typeword");
  BRef start = LLVMGetInsertBlock(f->b);
  block_cond(f, LLVMBuildICmp(f->b, LLVMIntEQ, x.v[0], const_null(g), ""), done, some);
  block_start(f, some);
  VRef t = LLVMBuildLoad2(f->b, g->ptr, ptr_add(f, x.v[0], ITAB_TYPE), "type");
  set_invariant(f, t);
  BRef from[] = {start, LLVMGetInsertBlock(f->b)};
  block_br(f, done);
  block_start(f, done);
  VRef phi = LLVMBuildPhi(f->b, g->ptr, "type"), vals[] = {const_null(g), t};
  LLVMAddIncoming(phi, vals, from, 2);
  return phi;
}

// The itab of type word tw for a non-empty interface, null if tw is null or does not implement it.
static VRef find_itab(Fn *f, VRef tw, Type *iface) {
  Gen *g = f->g;
  BRef some = block_new(f, "getitab"), done = block_new(f, "itab");
  BRef start = LLVMGetInsertBlock(f->b);
  block_cond(f, LLVMBuildICmp(f->b, LLVMIntEQ, tw, const_null(g), ""), done, some);
  block_start(f, some);
  VRef tab = RT_CALL(f, "getitab", type_desc(g, iface), tw);
  BRef from[] = {start, LLVMGetInsertBlock(f->b)};
  block_br(f, done);
  block_start(f, done);
  VRef phi = LLVMBuildPhi(f->b, g->ptr, "tab"), vals[] = {const_null(g), tab};
  LLVMAddIncoming(phi, vals, from, 2);
  return phi;
}

Value iface_change(Fn *f, Value v, Type *iface) {
  if (types_identical(v.type, iface) || (iface_is_empty(v.type) && iface_is_empty(iface)))
    return value_retype(v, iface);
  VRef tw = type_word(f, v);
  return value2(iface, iface_is_empty(iface) ? tw : find_itab(f, tw, iface), v.v[1]);
}

// ---- assertions

// The value of type t in an interface's data word.
static Value unbox(Fn *f, VRef data, Type *t) {
  if (is_pointer_shaped(t)) {
    const Flat *fl = flat_of(f->g, t);
    if (fl->mem) {
      VRef tmp = fn_temp(f, t, "");
      LLVMBuildStore(f->b, data, tmp);
      return value_mem(t, tmp, true);
    }
    return value_scalar(t, data);
  }
  return type_size(t) == 0 ? value_zero(f, t) : load_value(f, t, data);
}

// v where from is `yes`'s end, the zero value from no.
static Value or_zero(Fn *f, Value v, BRef yes, Value zero, BRef no) {
  Value r = v;
  BRef from[] = {yes, no};
  for (int i = 0; i < (v.mem ? 1 : v.n); i++) {
    VRef vals[] = {v.mem ? v.addr : v.v[i], v.mem ? zero.addr : zero.v[i]};
    VRef phi = LLVMBuildPhi(f->b, LLVMTypeOf(vals[0]), "");
    LLVMAddIncoming(phi, vals, from, 2);
    *(v.mem ? &r.addr : &r.v[i]) = phi;
  }
  if (v.mem)
    r.temp = false;
  return r;
}

static Value assert_concrete(Fn *f, Value x, Type *to, VRef *ok) {
  Gen *g = f->g;
  VRef tw = type_word(f, x), want = type_desc(g, to);
  VRef is = LLVMBuildICmp(f->b, LLVMIntEQ, tw, want, "");
  if (!ok) {
    VRef args[] = {tw, want, type_desc(g, x.type)};
    panic_if(f, LLVMBuildNot(f->b, is, ""), "panicdottypeE", args, 3);
    return unbox(f, x.v[1], to);
  }
  *ok = is;
  Value zero = value_zero(f, to);
  BRef yes = block_new(f, "assert.ok"), done = block_new(f, "assert"),
       no = LLVMGetInsertBlock(f->b);
  block_cond(f, is, yes, done);
  block_start(f, yes);
  Value v = unbox(f, x.v[1], to);
  yes = LLVMGetInsertBlock(f->b);
  block_br(f, done);
  block_start(f, done);
  return or_zero(f, v, yes, zero, no);
}

static Value assert_iface(Fn *f, Value x, Type *to, VRef *ok) {
  Gen *g = f->g;
  VRef tw = type_word(f, x), tab;
  if (!ok) {
    if (iface_is_empty(to)) {
      VRef args[] = {const_null(g), type_desc(g, to), const_null(g)};
      panic_if(f, LLVMBuildICmp(f->b, LLVMIntEQ, tw, const_null(g), ""), "panicdottypeE", args, 3);
      tab = tw;
    } else {
      tab = RT_CALL(f, "assertE2I", type_desc(g, to), tw);
    }
    return value2(to, tab, x.v[1]);
  }
  tab = iface_is_empty(to) ? tw : find_itab(f, tw, to);
  *ok = LLVMBuildICmp(f->b, LLVMIntNE, tab, const_null(g), "");
  return value2(to, tab, LLVMBuildSelect(f->b, *ok, x.v[1], const_null(g), ""));
}

Value type_assert(Fn *f, Value x, Type *to, VRef *ok, Pos pos) {
  fn_pos(f, pos);
  return is_interface(to) ? assert_iface(f, x, to, ok) : assert_concrete(f, x, to, ok);
}

// ---- comparison

static VRef phi_false(Fn *f, BRef no, VRef v, BRef yes) {
  VRef phi = LLVMBuildPhi(f->b, f->g->i1, "eq");
  VRef vals[] = {LLVMConstInt(f->g->i1, 0, 0), v};
  BRef from[] = {no, yes};
  LLVMAddIncoming(phi, vals, from, 2);
  return phi;
}

// An interface against a value of a concrete type.
static VRef iface_equals_value(Fn *f, Value x, Value y) {
  VRef same = LLVMBuildICmp(f->b, LLVMIntEQ, type_word(f, x), type_desc(f->g, y.type), "");
  BRef yes = block_new(f, "eq.type"), done = block_new(f, "eq"), no = LLVMGetInsertBlock(f->b);
  block_cond(f, same, yes, done);
  block_start(f, yes);
  VRef eq = same_type_equal(f, unbox(f, x.v[1], y.type), y);
  yes = LLVMGetInsertBlock(f->b);
  block_br(f, done);
  block_start(f, done);
  return phi_false(f, no, eq, yes);
}

VRef values_equal(Fn *f, Value x, Value y) {
  bool xi = is_interface(x.type), yi = is_interface(y.type);
  if (xi && !yi)
    return iface_equals_value(f, x, y);
  if (yi && !xi)
    return iface_equals_value(f, y, x);
  if (xi && (LLVMIsNull(x.v[0]) || LLVMIsNull(y.v[0])))
    return LLVMBuildICmp(f->b, LLVMIntEQ, x.v[0], y.v[0], "");
  if (xi && !types_identical(x.type, y.type)) { // as empty interfaces
    x = value2(t_emptyiface, type_word(f, x), x.v[1]);
    y = value2(t_emptyiface, type_word(f, y), y.v[1]);
  }
  return same_type_equal(f, x, y);
}

// ---- type switches

typedef struct TypeSwitch {
  Stmt *s;
  Value x;
  VRef tw;
  BRef done;
} TypeSwitch;

static bool is_nil_case(Expr *c) {
  return c->mode == MODE_NIL || (c->mode != MODE_TYPE && unparen(c)->kind == EXPR_NAME);
}

// The test of one case; *tab gets the itab of an interface type.
static VRef case_test(Fn *f, TypeSwitch *ts, Expr *c, VRef *tab) {
  Gen *g = f->g;
  fn_pos(f, expr_start(c));
  *tab = NULL;
  if (is_nil_case(c))
    return LLVMBuildICmp(f->b, LLVMIntEQ, ts->tw, const_null(g), "");
  Type *t = fn_type(f, c->type);
  if (!is_interface(t))
    return LLVMBuildICmp(f->b, LLVMIntEQ, ts->tw, type_desc(g, t), "");
  *tab = iface_is_empty(t) ? ts->tw : find_itab(f, ts->tw, t);
  return LLVMBuildICmp(f->b, LLVMIntNE, *tab, const_null(g), "");
}

// What the clause's variable holds: the value as the one type listed, or x itself.
static Value clause_value(Fn *f, TypeSwitch *ts, Clause *c, VRef tab) {
  if (c->cases.n != 1 || is_nil_case(c->cases.v[0]))
    return ts->x;
  Type *t = fn_type(f, c->cases.v[0]->type);
  return is_interface(t) ? value2(t, tab, ts->x.v[1]) : unbox(f, ts->x.v[1], t);
}

static void clause_body(Fn *f, TypeSwitch *ts, Clause *c, VRef tab) {
  fn_pos(f, c->pos);
  if (c->obj) {
    c->obj->pos = c->pos; // where gc's messages about it point
    Value v = clause_value(f, ts, c, tab);
    Place *p = local_declare(f, c->obj, false);
    place_store(f, p, v);
  }
  stmt_list(f, &c->body);
  block_br(f, ts->done);
}

static void clause_tests(Fn *f, TypeSwitch *ts, Clause *c) {
  if (c->is_default)
    return;
  BRef body = block_new(f, "case"), next = NULL;
  VRef tab = NULL;
  for (int i = 0; i < c->cases.n; i++) {
    VRef t = case_test(f, ts, c->cases.v[i], &tab);
    next = block_new(f, "next");
    block_cond(f, t, body, next);
    if (i + 1 < c->cases.n)
      block_start(f, next);
  }
  block_start(f, body);
  clause_body(f, ts, c, tab);
  block_start(f, next);
}

void stmt_typeswitch(Fn *f, Stmt *s) {
  if (s->switches.init)
    stmt(f, s->switches.init);
  Expr *guard = unparen(s->switches.tag);
  hoist_reset(f);
  hoist(f, guard->guard.x);
  fn_pos(f, guard->pos);
  TypeSwitch ts = {.s = s, .x = expr(f, guard->guard.x), .done = block_new(f, "switch.done")};
  ts.tw = type_word(f, ts.x);
  JumpTarget target = {.up = f->targets, .stmt = s, .brk = ts.done};
  f->targets = &target;
  Clause *deflt = NULL;
  for (int i = 0; i < s->switches.clauses.n; i++) {
    Clause *c = s->switches.clauses.v[i];
    if (c->is_default)
      deflt = c;
    clause_tests(f, &ts, c);
  }
  if (deflt)
    clause_body(f, &ts, deflt, NULL);
  f->targets = target.up;
  block_start(f, ts.done);
}
