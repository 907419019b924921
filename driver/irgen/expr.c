// expr.c: expressions to values.
//
// A statement first hoists the calls of its operands (order.c), then evaluates the operands with
// the functions here: what they find in f->hoisted is not evaluated again, and the rest has no
// effects but panics.
#include "driver/irgen/core.h"
#include "driver/irgen/gen.h"
#include <string.h>

Type *expr_type(Fn *f, Expr *x) {
  return fn_type(f, x->type);
}

// ---- selections

// In a generic body x.M is looked up again: x may have a type parameter's type, and M's type
// mention others. Paths of fields stay.
Selection *selection_of(Fn *f, Expr *x) {
  Selection *s = x->selector.selection;
  Type *t = x->selector.x->type;
  if (!s || s->kind == SEL_FIELD || !f->env.params.n || !t || !type_has_tparam(t))
    return s;
  Selection *r = NEW(f->arena, Selection);
  Type *recv = fn_type(f, t);
  Package *pkg = s->obj->pkg ? s->obj->pkg : f->info ? f->info->pkg : f->g->pkg;
  LookupResult res = lookup_field_or_method(recv, true, pkg, s->obj->name, r);
  if (res != LOOKUP_OK && res != LOOKUP_PTRRECV)
    ice(x->pos, "%s has no %s", type_string(recv, NULL), s->obj->name);
  r->kind = s->kind;
  r->recv = recv;
  return r;
}

// ---- names and selectors

static Value global_value(Fn *f, Object *o) {
  return load_value(f, o->type, global_ref(f->g, o));
}

TypeList subst_list(Fn *f, Type **v, int n) {
  TypeList l = {0};
  for (int i = 0; i < n; i++)
    vec_push(types_arena, &l, fn_type(f, v[i]));
  return l;
}

static Value name_value(Fn *f, Expr *x, Type *t) {
  Object *o = x->name.obj;
  switch (o->kind) {
  case OBJ_VAR: {
    if (o->var.is_global)
      return global_value(f, o);
    Place p = *local_place(f, o);
    return place_load(f, &p);
  }
  case OBJ_FUNC:
    return value_retype(func_value(f, o, subst_list(f, x->name.targs, x->name.ntargs)), t);
  case OBJ_NIL: return value_zero(f, t);
  default: ice(x->pos, "value of %s", x->name.id);
  }
}

static Value selector_value(Fn *f, Expr *x, Type *t) {
  Selection *s = selection_of(f, x);
  if (!s)
    return name_value(f, x->selector.sel, t);
  if (s->kind == SEL_METHODVAL)
    return method_value(f, x);
  if (s->kind == SEL_METHODEXPR)
    return method_expr(f, x);
  Expr *base = x->selector.x;
  if (under(expr_type(f, base))->kind == TYPE_POINTER || is_addressable(base)) {
    fn_pos(f, x->pos);
    Place p = place_path(f, base, s->path, s->npath);
    return place_load(f, &p);
  }
  Value v = expr(f, base);
  fn_pos(f, x->pos);
  return follow_value(f, v, s->path, s->npath);
}

// ---- index

VRef expr_index(Fn *f, Expr *x, bool *is_unsigned) {
  Value v = expr(f, x);
  const Flat *fl = flat_of(f->g, v.type);
  *is_unsigned = !fl->sign[0];
  return rt_ext(f, v);
}

static Value string_index(Fn *f, Expr *x, Value s, Type *t) {
  bool uns;
  VRef i = expr_index(f, x->index.index.v[0], &uns);
  fn_pos(f, x->pos);
  bounds_check(f, i, s.v[1], uns);
  return load_value(f, t, elem_addr(f, s.v[0], i, 1));
}

static Value array_index(Fn *f, Expr *x, Type *arr) {
  Value a = expr(f, x->index.x);
  bool uns;
  VRef i = expr_index(f, x->index.index.v[0], &uns);
  fn_pos(f, x->pos);
  bounds_check(f, i, const_i64(f->g, arr->array.len), uns);
  if (!a.mem)
    return a.n ? value_elem0(f, a) : value_zero(f, arr->array.elem);
  return load_value(f, arr->array.elem, elem_addr(f, a.addr, i, type_size(arr->array.elem)));
}

// What x[i] indexes: the core type, strings for a type set of strings and byte slices.
static Type *index_type(Type *t) {
  Type *u = core_type(t);
  return u ? u : core_string(t);
}

static Value index_value(Fn *f, Expr *x, Type *t) {
  Expr *a = x->index.x;
  TypeList targs;
  Object *fn = callee_object(f, x, &targs);
  if (fn)
    return value_retype(func_value(f, fn, targs), t);
  Type *u = index_type(expr_type(f, a));
  if (u->kind == TYPE_MAP) {
    Value m = expr(f, a);
    Value k = string_operand(f, x->index.index.v[0], u->map.key);
    fn_pos(f, x->pos);
    return map_read(f, m, k, NULL);
  }
  if (is_string(u))
    return string_index(f, x, expr(f, a), t);
  if (u->kind == TYPE_ARRAY && !is_addressable(a))
    return array_index(f, x, u);
  Place p = place(f, x);
  return place_load(f, &p);
}

// ---- operators

static Value unary_value(Fn *f, Expr *x, Type *t) {
  Expr *y = x->unary.x;
  if (x->unary.op == TOK_AND) {
    VRef p = unparen(y)->kind == EXPR_COMPOSITE ? composite_addr(f, y, x->pos) : addr(f, y);
    return value_scalar(t, p);
  }
  if (x->unary.op == TOK_ARROW) {
    Value ch = expr(f, y);
    fn_pos(f, x->pos);
    return recv(f, ch, NULL);
  }
  Value v = expr(f, y);
  fn_pos(f, x->pos);
  switch (x->unary.op) {
  case TOK_ADD: return value_retype(v, t);
  case TOK_NOT: return value_scalar(t, LLVMBuildNot(f->b, v.v[0], ""));
  case TOK_XOR: return value_scalar(t, LLVMBuildNot(f->b, v.v[0], ""));
  case TOK_SUB: break;
  default: ice(x->pos, "unary %s", tok_text(x->unary.op));
  }
  for (int i = 0; i < v.n; i++)
    v.v[i] = is_integer(t) ? LLVMBuildNeg(f->b, v.v[i], "") : LLVMBuildFNeg(f->b, v.v[i], "");
  return value_retype(v, t);
}

static bool is_shift(Tok op) {
  return op == TOK_SHL || op == TOK_SHR;
}

static bool is_comparison(Tok op) {
  return op == TOK_EQL || op == TOK_NEQ || op == TOK_LSS || op == TOK_LEQ || op == TOK_GTR ||
         op == TOK_GEQ;
}

// x == nil: the first word decides for every type that has a nil.
static VRef compare_nil(Fn *f, Tok op, Expr *x) {
  Value v = expr(f, x);
  if (v.type->kind == TYPE_UNTYPED_NIL)
    return LLVMConstInt(f->g->i1, op == TOK_EQL, false);
  return LLVMBuildICmp(f->b, op == TOK_EQL ? LLVMIntEQ : LLVMIntNE, v.v[0], const_null(f->g), "");
}

static VRef comparison(Fn *f, Expr *x) {
  Expr *a = x->binary.x, *b = x->binary.y;
  if (unparen(b)->mode == MODE_NIL)
    return compare_nil(f, x->binary.op, a);
  if (unparen(a)->mode == MODE_NIL)
    return compare_nil(f, x->binary.op, b);
  Value va = string_operand(f, a, NULL), vb = string_operand(f, b, NULL);
  fn_pos(f, x->pos);
  return compare(f, x->binary.op, va, vb);
}

static Value binary_value(Fn *f, Expr *x, Type *t) {
  Tok op = x->binary.op;
  if (op == TOK_ANDAND || op == TOK_OROR)
    return value_scalar(t, cond(f, x));
  if (is_comparison(op))
    return value_scalar(t, comparison(f, x));
  if (op == TOK_ADD && is_string(t))
    return value_retype(string_concat(f, x), t);
  Value a = expr(f, x->binary.x), b = expr(f, x->binary.y);
  fn_pos(f, x->pos);
  if (is_shift(op))
    return value_retype(shift(f, op, value_retype(a, t), b), t);
  return binary(f, op, a, b, t);
}

// ---- conditions

static bool is_logical(Expr *x, Tok op) {
  return x->kind == EXPR_BINARY && x->binary.op == op && x->mode != MODE_CONST;
}

void cond_br(Fn *f, Expr *x, BRef yes, BRef no) {
  x = unparen(x);
  Value *known = hoisted_value(f, x);
  if (!known && (is_logical(x, TOK_ANDAND) || is_logical(x, TOK_OROR))) {
    bool and = x->binary.op == TOK_ANDAND;
    BRef next = block_new(f, and? "and" : "or");
    cond_br(f, x->binary.x, and? next : yes, and? no : next);
    block_start(f, next);
    cond_br(f, x->binary.y, yes, no);
    return;
  }
  if (!known && x->kind == EXPR_UNARY && x->unary.op == TOK_NOT && x->mode != MODE_CONST) {
    cond_br(f, x->unary.x, no, yes);
    return;
  }
  hoist(f, x);
  VRef c = expr(f, x).v[0];
  if (LLVMIsAConstantInt(c)) // what is never reached is removed
    LLVMBuildBr(f->b, LLVMConstIntGetZExtValue(c) ? yes : no);
  else
    block_cond(f, c, yes, no);
}

// Short-circuit operators as a value: a phi of what is known on each edge.
VRef logical_value(Fn *f, Expr *x) {
  bool and = x->binary.op == TOK_ANDAND;
  BRef right = block_new(f, and? "and" : "or"), done = block_new(f, and? "and.done" : "or.done");
  hoist(f, x->binary.x);
  VRef a = cond(f, x->binary.x);
  BRef from = LLVMGetInsertBlock(f->b);
  block_cond(f, a, and? right : done, and? done : right);
  block_start(f, right);
  hoist(f, x->binary.y);
  VRef b = cond(f, x->binary.y);
  BRef from2 = LLVMGetInsertBlock(f->b);
  block_start(f, done);
  fn_pos(f, x->pos);
  VRef phi = LLVMBuildPhi(f->b, f->g->i1, "");
  VRef vals[] = {LLVMConstInt(f->g->i1, !and, false), b};
  BRef blocks[] = {from, from2};
  LLVMAddIncoming(phi, vals, blocks, 2);
  return phi;
}

VRef cond(Fn *f, Expr *x) {
  x = unparen(x);
  if (!hoisted_value(f, x) && (is_logical(x, TOK_ANDAND) || is_logical(x, TOK_OROR)))
    return logical_value(f, x);
  return expr(f, x).v[0];
}

// ---- all expressions

static Value star_value(Fn *f, Expr *x) {
  Place p = place(f, x);
  return place_load(f, &p);
}

static Value tassert_value(Fn *f, Expr *x, Type *t) {
  Value v = expr(f, x->tassert.x);
  fn_pos(f, x->pos);
  return type_assert(f, v, t, NULL, x->pos);
}

static Value expr_kind(Fn *f, Expr *x, Type *t) {
  switch (x->kind) {
  case EXPR_NAME: return name_value(f, x, t);
  case EXPR_FUNCLIT: return expr_funclit(f, x);
  case EXPR_COMPOSITE:
    if (x->comp.implicit_addr)
      return value_scalar(under(t)->kind == TYPE_POINTER ? t : type_pointer(t),
                          composite_addr(f, x, x->pos));
    return composite(f, x);
  case EXPR_SELECTOR: return selector_value(f, x, t);
  case EXPR_INDEX: return index_value(f, x, t);
  case EXPR_SLICE: return value_retype(slice_expr(f, x), t);
  case EXPR_TYPEASSERT: return tassert_value(f, x, t);
  case EXPR_CALL: {
    Values vs = expr_call(f, x);
    return vs.n ? vs.v[0] : (Value){0};
  }
  case EXPR_UNARY: return unary_value(f, x, t);
  case EXPR_BINARY: return binary_value(f, x, t);
  case EXPR_STAR: return star_value(f, x);
  default: ice(x->pos, "expression of kind %d", (int)x->kind);
  }
}

static void too_deep(Fn *f, Pos pos) {
  if (f->depth == MAX_DEPTH)
    diag_unsupported(pos, "expression or statement nested more than %d levels deep", MAX_DEPTH);
}

Value expr(Fn *f, Expr *x) {
  x = unparen(x);
  Value *known = hoisted_value(f, x);
  if (known)
    return *known;
  Type *t = expr_type(f, x);
  fn_pos(f, x->pos);
  if (x->mode == MODE_CONST && x->val)
    return value_const(f, x->val, t);
  if (x->mode == MODE_NIL)
    return value_zero(f, t);
  if (++f->depth > MAX_DEPTH) {
    f->depth--;
    too_deep(f, x->pos);
    return value_zero(f, t);
  }
  Value v = expr_kind(f, x, t);
  f->depth--;
  return v;
}

// What messages call the box of x.
static const char *box_text(Fn *f, Expr *x) {
  if (x->kind == EXPR_CALL && x->call.fun->mode == MODE_TYPE && x->call.args.n == 1)
    return conversion_text(f, expr_type(f, x), unparen(x->call.args.v[0]));
  if (x->kind == EXPR_COMPOSITE) // the checker's messages write T{…}
    return atom_printf("%s{...}", type_string(expr_type(f, x), f->g->pkg));
  return expr_string(x);
}

// An untyped constant or nil takes the destination's type; everything else is converted implicitly.
Value expr_to(Fn *f, Expr *x, Type *to) {
  Expr *y = unparen(x);
  if (y->mode == MODE_NIL)
    return value_zero(f, to);
  if (y->mode == MODE_CONST && y->val && is_untyped(y->type) && !is_interface(to)) {
    fn_pos(f, y->pos);
    return value_const(f, y->val, to);
  }
  if (y->mode == MODE_CONST && y->val && is_untyped(y->type))
    return implicit(f, value_const(f, y->val, default_type(y->type)), to);
  Value v = expr(f, x);
  fn_pos(f, y->pos);
  if (v.type && is_interface(to) && !is_interface(v.type) && v.type->kind != TYPE_UNTYPED_NIL) {
    if (v.type->kind <= TYPE_LAST_BASIC && is_untyped(v.type))
      v = value_retype(v, default_type(v.type));
    return iface_box_into(f, v, to, box_text(f, y));
  }
  return implicit(f, v, to);
}

void expr_into(Fn *f, Expr *x, Type *to, VRef p) {
  Expr *y = unparen(x);
  Type *t = expr_type(f, y);
  if (y->kind == EXPR_COMPOSITE && !y->comp.implicit_addr && t && type_is_mem(f, t) &&
      !is_interface(to)) {
    composite_into(f, y, p);
    return;
  }
  store_value(f, p, expr_to(f, x, to));
}

// ---- two values

static Values two(Fn *f, Value a, Value b) {
  Values vs = {NEW_ARRAY(f->arena, Value, 2), 2};
  vs.v[0] = a;
  vs.v[1] = b;
  return vs;
}

static Values comma_ok(Fn *f, Expr *x) {
  VRef ok = NULL;
  Value v;
  Type *b = t_basic[TYPE_BOOL];
  switch (x->kind) {
  case EXPR_INDEX: {
    Type *u = core_type(expr_type(f, x->index.x));
    Value m = expr(f, x->index.x);
    Value k = string_operand(f, x->index.index.v[0], u->map.key);
    fn_pos(f, x->pos);
    v = map_read(f, m, k, &ok);
    break;
  }
  case EXPR_TYPEASSERT: {
    Value i = expr(f, x->tassert.x);
    fn_pos(f, x->pos);
    Type *t = expr_type(f, x->tassert.type);
    v = type_assert(f, i, t, &ok, x->pos);
    break;
  }
  case EXPR_UNARY: {
    Value ch = expr(f, x->unary.x);
    fn_pos(f, x->pos);
    v = recv(f, ch, &ok);
    break;
  }
  default: ice(x->pos, "comma-ok form of an expression of kind %d", (int)x->kind);
  }
  return two(f, v, value_scalar(b, ok));
}

Values expr_multi(Fn *f, Expr *x, int want) {
  x = unparen(x);
  Values *known = ptrmap_get(f->hoisted, x);
  if (known && known->n == want)
    return *known;
  if (x->kind == EXPR_CALL && (want != 1 || x->mode == MODE_NOVALUE)) {
    Values vs = expr_call(f, x);
    if (vs.n == want)
      return vs;
  }
  if (want == 2)
    return comma_ok(f, x);
  Values vs = {NEW_ARRAY(f->arena, Value, 1), 1};
  vs.v[0] = expr(f, x);
  return vs;
}
