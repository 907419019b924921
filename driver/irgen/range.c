// range.c: range clauses over integers, slices, arrays, strings, maps and channels. Those over
// functions are rangefunc.c's.
#include "driver/irgen/core.h"
#include "driver/irgen/gen.h"

// What the loops have in common: blocks, and the iteration variables that are declared once (before
// go1.22) or each round.
typedef struct Loop {
  Stmt *s;
  BRef head, body, next, done;
} Loop;

static Loop loop_new(Fn *f, Stmt *s) {
  return (Loop){s, block_new(f, "range"), block_new(f, "range.body"), block_new(f, "range.next"),
                block_new(f, "range.done")};
}

static bool wanted(Expr *x) {
  return x && !(x->kind == EXPR_NAME && x->name.id == atom("_"));
}

static bool per_round(Fn *f, Stmt *s) {
  return s->range.def && fn_lang_at_least(f, 22);
}

// Before go1.22 the variables of := live outside the loop.
static void declare_once(Fn *f, Stmt *s) {
  if (!s->range.def || per_round(f, s))
    return;
  Expr *xs[] = {s->range.key, s->range.val};
  for (int i = 0; i < 2; i++)
    if (wanted(xs[i]) && xs[i]->name.obj) {
      xs[i]->name.obj->var.reassigned = true; // each round: closures share it
      local_declare(f, xs[i]->name.obj, true);
    }
}

static void set_vars(Fn *f, Stmt *s, Value *key, Value *val) {
  bool def = per_round(f, s);
  Expr *xs[] = {s->range.key, s->range.val};
  Value *vs[] = {key, val};
  if (s->range.def) {
    for (int i = 0; i < 2; i++) {
      if (!wanted(xs[i]) || !vs[i])
        continue;
      Object *o = xs[i]->name.obj;
      fn_pos(f, xs[i]->pos);
      Place *p = def ? local_declare(f, o, false) : local_place(f, o);
      place_store(f, p, implicit(f, *vs[i], fn_type(f, o->type)));
    }
    return;
  }
  Place ps[2];
  hoist_reset(f);
  for (int i = 0; i < 2; i++)
    if (wanted(xs[i]))
      hoist_place(f, xs[i]);
  for (int i = 0; i < 2; i++)
    if (wanted(xs[i]))
      ps[i] = place(f, xs[i]);
  for (int i = 0; i < 2; i++)
    if (wanted(xs[i]) && vs[i])
      place_store(f, &ps[i], implicit(f, *vs[i], ps[i].type));
}

static void run_body(Fn *f, Loop *l) {
  loop_body(f, l->s, l->s->range.body, l->next, l->done);
  block_start(f, l->next);
  fn_pos(f, l->s->pos);
}

static void loop_back(Fn *f, Loop *l) {
  LLVMBuildBr(f->b, l->head);
  block_start(f, l->done);
}

// for i := 0; i < n; i++ with a hidden counter.
static void range_int(Fn *f, Stmt *s) {
  Type *t = expr_type(f, s->range.x);
  if (is_untyped(t))
    t = wanted(s->range.key)
            ? (s->range.def ? fn_type(f, s->range.key->name.obj->type) : expr_type(f, s->range.key))
            : default_type(t);
  Value n = expr_to(f, s->range.x, t);
  const Flat *fl = flat_of(f->g, t);
  LLVMTypeRef ll = lltype_scalar(f->g, fl->kind[0]);
  VRef i = fn_alloca(f, ll, fl->align, "i");
  declare_once(f, s);
  slot_store(f, i, LLVMConstNull(ll));
  Loop l = loop_new(f, s);
  block_start(f, l.head);
  VRef c = LLVMBuildICmp(f->b, fl->sign[0] ? LLVMIntSLT : LLVMIntULT, slot_load(f, i), n.v[0], "");
  block_cond(f, c, l.body, l.done);
  block_start(f, l.body);
  Value key = value_scalar(t, slot_load(f, i));
  set_vars(f, s, &key, NULL);
  run_body(f, &l);
  slot_store(f, i, LLVMBuildAdd(f->b, slot_load(f, i), LLVMConstInt(ll, 1, false), ""));
  loop_back(f, &l);
}

// Elements at base: base NULL when only the index is wanted.
static void range_elems(Fn *f, Stmt *s, VRef base, VRef len, Type *elem) {
  Gen *g = f->g;
  VRef i = fn_alloca(f, g->i64, 8, "i");
  declare_once(f, s);
  slot_store(f, i, const_i64(g, 0));
  Loop l = loop_new(f, s);
  block_start(f, l.head);
  VRef c = LLVMBuildICmp(f->b, LLVMIntSLT, slot_load(f, i), len, "");
  block_cond(f, c, l.body, l.done);
  block_start(f, l.body);
  VRef now = slot_load(f, i);
  Value key = value_scalar(t_basic[TYPE_INT], now), val;
  if (base)
    val = load_value(f, elem, elem_addr(f, base, now, type_size(elem)));
  set_vars(f, s, &key, base ? &val : NULL);
  run_body(f, &l);
  slot_store(f, i, LLVMBuildAdd(f->b, slot_load(f, i), const_i64(g, 1), ""));
  loop_back(f, &l);
}

static void range_array(Fn *f, Stmt *s, Type *u) {
  VRef len = const_i64(f->g, u->array.len);
  if (!wanted(s->range.val)) {
    if (has_call(s->range.x))
      expr(f, s->range.x);
    range_elems(f, s, NULL, len, NULL);
    return;
  }
  Value a = value_pin(f, expr(f, s->range.x)); // the loop sees a copy
  range_elems(f, s, value_addr(f, a), len, u->array.elem);
}

static void range_array_pointer(Fn *f, Stmt *s, Type *u) {
  Value p = expr(f, s->range.x);
  VRef len = const_i64(f->g, u->array.len);
  if (wanted(s->range.val) && u->array.len > 0) {
    fn_pos(f, s->range.x->pos);
    nil_check(f, p.v[0]);
  }
  range_elems(f, s, wanted(s->range.val) ? p.v[0] : NULL, len, u->array.elem);
}

// The rune at i is a byte below 0x80, or what decoderune says.
static void range_string(Fn *f, Stmt *s) {
  Gen *g = f->g;
  Value str = expr(f, s->range.x);
  VRef i = fn_alloca(f, g->i64, 8, "i"), next = fn_alloca(f, g->i64, 8, "next"),
       rune = fn_alloca(f, g->i32, 4, "rune");
  declare_once(f, s);
  slot_store(f, i, const_i64(g, 0));
  Loop l = loop_new(f, s);
  BRef ascii = block_new(f, "range.ascii"), wide = block_new(f, "range.rune");
  block_start(f, l.head);
  block_cond(f, LLVMBuildICmp(f->b, LLVMIntSLT, slot_load(f, i), str.v[1], ""), l.body, l.done);
  block_start(f, l.body);
  VRef now = slot_load(f, i);
  VRef b = LLVMBuildZExt(f->b, build_load(f, g->i8, elem_addr(f, str.v[0], now, 1), 1), g->i32, "");
  slot_store(f, rune, b);
  slot_store(f, next, LLVMBuildAdd(f->b, now, const_i64(g, 1), ""));
  block_cond(f, LLVMBuildICmp(f->b, LLVMIntULT, b, const_i32(g, 0x80), ""), ascii, wide);
  block_start(f, wide);
  VRef r = RT_CALL(f, "decoderune", str.v[0], str.v[1], now);
  slot_store(f, rune, LLVMBuildTrunc(f->b, rt_word(f, r, 0), g->i32, ""));
  slot_store(f, next, rt_word(f, r, 1));
  block_start(f, ascii);
  Value key = value_scalar(t_basic[TYPE_INT], slot_load(f, i)),
        val = value_scalar(t_basic[TYPE_INT32], slot_load(f, rune));
  set_vars(f, s, &key, &val);
  run_body(f, &l);
  slot_store(f, i, slot_load(f, next));
  loop_back(f, &l);
}

enum { HITER_SIZE = 96 };

static void range_map(Fn *f, Stmt *s, Type *u) {
  Gen *g = f->g;
  Value m = expr(f, s->range.x);
  VRef it = fn_alloca(f, LLVMArrayType2(g->i8, HITER_SIZE), 8, "hiter");
  declare_once(f, s);
  LLVMBuildMemSet(f->b, it, LLVMConstNull(g->i8), const_i64(g, HITER_SIZE), 8);
  RT_CALL(f, "mapiterinit", type_desc(g, m.type), m.v[0], it);
  Loop l = loop_new(f, s);
  block_start(f, l.head);
  VRef kp = build_load(f, g->ptr, it, 8);
  block_cond(f, LLVMBuildICmp(f->b, LLVMIntNE, kp, const_null(g), ""), l.body, l.done);
  block_start(f, l.body);
  Value key = {0}, val = {0};
  if (wanted(s->range.key))
    key = load_value(f, u->map.key, kp);
  if (wanted(s->range.val))
    val = load_value(f, u->map.elem, build_load(f, g->ptr, ptr_add(f, it, 8), 8));
  set_vars(f, s, key.type ? &key : NULL, val.type ? &val : NULL);
  run_body(f, &l);
  RT_CALL(f, "mapiternext", it);
  loop_back(f, &l);
}

static void range_chan(Fn *f, Stmt *s) {
  Value ch = expr(f, s->range.x);
  declare_once(f, s);
  Loop l = loop_new(f, s);
  block_start(f, l.head);
  VRef ok;
  Value v = recv(f, ch, &ok);
  block_cond(f, ok, l.body, l.done);
  block_start(f, l.body);
  set_vars(f, s, &v, NULL);
  run_body(f, &l);
  loop_back(f, &l);
}

void stmt_range(Fn *f, Stmt *s) {
  Type *t = expr_type(f, s->range.x);
  Type *u = core_type(t);
  if (u && u->kind == TYPE_FUNC) {
    stmt_rangefunc(f, s);
    return;
  }
  if (!(u && u->kind == TYPE_ARRAY && !wanted(s->range.val) && !has_call(s->range.x)))
    hoist(f, s->range.x);
  if (u->kind == TYPE_SLICE) {
    Value v = expr(f, s->range.x);
    range_elems(f, s, wanted(s->range.val) ? v.v[0] : NULL, v.v[1], u->slice.elem);
  } else if (u->kind == TYPE_ARRAY) {
    range_array(f, s, u);
  } else if (u->kind == TYPE_POINTER) {
    range_array_pointer(f, s, under(u->pointer.elem));
  } else if (u->kind == TYPE_MAP) {
    range_map(f, s, u);
  } else if (u->kind == TYPE_CHAN) {
    range_chan(f, s);
  } else if (is_string(u)) {
    range_string(f, s);
  } else {
    range_int(f, s);
  }
}
