// composite.c: composite literals: structs, arrays, slices, maps.
//
// A literal of constants is read-only static data, copied where it needs memory of its own.
// Otherwise small structs are made in scalars, all else in fresh memory: zeroed first where the
// literal leaves something out, then filled in source order.
#include "driver/irgen/gen.h"

static const char *lit_text(Fn *f, Type *t, const char *prefix, Expr *x) {
  return atom_printf("%s%s{%s}", prefix, type_string(t, f->g->pkg), x->comp.elems.n ? "..." : "");
}

// An elided &T{…}. In a generic function the checker cannot say: the element's type may stand for a
// pointer.
static bool is_addr_lit(Fn *f, Expr *x) {
  return x->comp.implicit_addr || under(core_type(fn_type(f, x->type)))->kind == TYPE_POINTER;
}

// What the literal x makes; Expr.type of an elided &T is T.
static Type *lit_type(Fn *f, Expr *x) {
  Type *t = fn_type(f, x->type), *u = under(core_type(t));
  return u->kind == TYPE_POINTER ? u->pointer.elem : t;
}

// ---- one element

static void elem_into(Fn *f, Expr *x, Type *t, VRef at) {
  Expr *y = unparen(x);
  if (y->kind == EXPR_COMPOSITE && is_addr_lit(f, y))
    store_value(f, at, value_scalar(t, composite_addr(f, y, y->pos)));
  else
    expr_into(f, x, t, at);
}

static Value elem_value(Fn *f, Expr *x, Type *t) {
  Expr *y = unparen(x);
  if (y->kind == EXPR_COMPOSITE && is_addr_lit(f, y))
    return value_scalar(t, composite_addr(f, y, y->pos));
  return expr_to(f, x, t);
}

// ---- structs and arrays

// The field that element i of a struct literal sets, and its expression.
static int struct_elem(Expr *x, int i, Expr **val) {
  Expr *e = x->comp.elems.v[i];
  if (e->kind == EXPR_KEYVALUE) {
    *val = e->kv.val;
    return e->kv.index;
  }
  *val = e;
  return i;
}

int64_t lit_index(Expr *e, int64_t next, Expr **val) {
  *val = e;
  if (e->kind == EXPR_KEYVALUE) {
    *val = e->kv.val;
    const_int64(e->kv.key->val, &next);
  }
  return next;
}

int64_t lit_length(Expr *x) {
  int64_t next = 0, max = 0;
  for (int i = 0; i < x->comp.elems.n; i++) {
    Expr *val;
    next = lit_index(x->comp.elems.v[i], next, &val) + 1;
    if (next > max)
      max = next;
  }
  return max;
}

static void fill_struct(Fn *f, Expr *x, Type *u, VRef at) {
  for (int i = 0; i < x->comp.elems.n; i++) {
    Expr *val;
    int field = struct_elem(x, i, &val);
    if (is_blank_name(u->strct.fields.v[field]->name))
      elem_value(f, val,
                 u->strct.fields.v[field]->type); // for its effects: a blank field stays zero
    else
      elem_into(f, val, u->strct.fields.v[field]->type, ptr_add(f, at, field_offset(u, field)));
  }
}

static void fill_array(Fn *f, Expr *x, Type *elem, VRef at) {
  int64_t next = 0, size = type_size(elem);
  for (int i = 0; i < x->comp.elems.n; i++) {
    Expr *val;
    next = lit_index(x->comp.elems.v[i], next, &val);
    elem_into(f, val, elem, ptr_add(f, at, next * size));
    next++;
  }
}

static bool is_complete(Expr *x, Type *u) {
  for (int i = 0; u->kind == TYPE_STRUCT && i < u->strct.fields.n; i++)
    if (is_blank_name(u->strct.fields.v[i]->name))
      return false;
  return x->comp.elems.n == (u->kind == TYPE_STRUCT ? u->strct.fields.n : u->array.len);
}

// Whether what the struct's fields leave between them and behind must not be seen as padding
// (compared or hashed bytewise): never, in Go.
static void fill(Fn *f, Expr *x, Type *t, VRef at, bool zeroed) {
  Type *u = under(core_type(t));
  VRef data = static_large(f, x, t);
  if (data) {
    mem_copy(f, at, data, type_size(t), type_align(t));
    return;
  }
  if (!zeroed && !is_complete(x, u))
    store_zero(f, at, t);
  if (u->kind == TYPE_STRUCT)
    fill_struct(f, x, u, at);
  else
    fill_array(f, x, u->array.elem, at);
}

// Static data for a literal of constants that is not tiny; NULL: none.
VRef static_large(Fn *f, Expr *x, Type *t) {
  if (type_size(t) <= 32 || x->comp.elems.n < 4)
    return NULL;
  VRef init = static_const(f, x, t);
  if (!init)
    return NULL;
  VRef v = LLVMAddGlobal(f->g->m, LLVMTypeOf(init), "go:lit");
  LLVMSetInitializer(v, init);
  LLVMSetLinkage(v, LLVMPrivateLinkage);
  LLVMSetGlobalConstant(v, 1);
  LLVMSetUnnamedAddress(v, LLVMGlobalUnnamedAddr);
  LLVMSetAlignment(v, (unsigned)type_align(t));
  return v;
}

void composite_into(Fn *f, Expr *x, VRef at) {
  x = unparen(x);
  Type *t = lit_type(f, x), *u = under(core_type(t));
  fn_pos(f, x->pos);
  if (u->kind == TYPE_STRUCT || u->kind == TYPE_ARRAY)
    fill(f, x, t, at, false);
  else
    store_value(f, at, composite(f, x));
}

// Scalars of a struct or one-element array: what is left out is zero.
static Value in_scalars(Fn *f, Expr *x, Type *t, Type *u) {
  Value v = value_zero(f, t);
  for (int i = 0; i < x->comp.elems.n; i++) {
    Expr *val;
    int field = u->kind == TYPE_STRUCT ? struct_elem(x, i, &val)
                                       : (int)lit_index(x->comp.elems.v[i], i, &val);
    Type *ft = u->kind == TYPE_STRUCT ? u->strct.fields.v[field]->type : u->array.elem;
    int first = 0;
    for (int j = 0; u->kind == TYPE_STRUCT && j < field; j++)
      first += flat_of(f->g, u->strct.fields.v[j]->type)->n;
    Value e = elem_value(f, val, ft);
    if (u->kind == TYPE_STRUCT && is_blank_name(u->strct.fields.v[field]->name))
      continue;
    for (int j = 0; j < e.n; j++)
      v.v[first + j] = e.v[j];
  }
  return v;
}

// ---- slices

static Value slice_lit(Fn *f, Expr *x, Type *t) {
  Gen *g = f->g;
  Type *elem = under(core_type(t))->slice.elem;
  int64_t n = lit_length(x);
  VRef len = const_i64(g, n), p;
  Type *array = type_array(elem, n);
  if (type_size(array) == 0) {
    for (int i = 0; i < x->comp.elems.n; i++) { // for their effects
      Expr *val;
      lit_index(x->comp.elems.v[i], 0, &val);
      elem_value(f, val, elem);
    }
    p = alloc_object_nozero(f, array, "lit", lit_text(f, t, "", x), "");
  } else {
    VRef data = static_large(f, x, array);
    const char *text = lit_text(f, t, "", x);
    if (data) {
      p = alloc_object_nozero(f, array, "lit", text, "");
      mem_copy(f, p, data, type_size(array), type_align(array));
    } else {
      p = alloc_object(f, array, "lit", text, "");
      fill_array(f, x, elem, p);
    }
  }
  return value3(t, p, len, len);
}

// ---- maps

static Value map_lit(Fn *f, Expr *x, Type *t) {
  Type *u = under(core_type(t));
  Value m = make_map(f, t, const_i64(f->g, x->comp.elems.n), lit_text(f, t, "", x));
  for (int i = 0; i < x->comp.elems.n; i++) {
    Expr *e = x->comp.elems.v[i];
    Value key = value_pin(f, elem_value(f, e->kv.key, u->map.key));
    Value val = elem_value(f, e->kv.val, u->map.elem);
    fn_pos(f, e->pos);
    if (val.mem)
      val = value_pin(f, val);
    store_value(f, map_elem(f, m, key), val);
  }
  return m;
}

// ---- operands

bool composite_is_map(Fn *f, Expr *x) {
  return under(core_type(lit_type(f, x)))->kind == TYPE_MAP;
}

void composite_operands(Fn *f, Expr *x, void (*visit)(void *ctx, Expr *x, Type *to), void *ctx) {
  Type *u = under(core_type(lit_type(f, x)));
  for (int i = 0; i < x->comp.elems.n; i++) {
    Expr *val;
    if (u->kind == TYPE_STRUCT) {
      int field = struct_elem(x, i, &val);
      visit(ctx, val, u->strct.fields.v[field]->type);
    } else {
      lit_index(x->comp.elems.v[i], 0, &val);
      visit(ctx, val, u->kind == TYPE_SLICE ? u->slice.elem : u->array.elem);
    }
  }
}

// ---- entry points

Value composite(Fn *f, Expr *x) {
  x = unparen(x);
  if (is_addr_lit(f, x) && !x->comp.implicit_addr)
    return value_scalar(fn_type(f, x->type), composite_addr(f, x, x->pos));
  Type *t = lit_type(f, x), *u = under(core_type(t));
  fn_pos(f, x->pos);
  if (u->kind == TYPE_SLICE)
    return slice_lit(f, x, t);
  if (u->kind == TYPE_MAP)
    return map_lit(f, x, t);
  if (!flat_of(f->g, t)->mem)
    return in_scalars(f, x, t, u);
  VRef data = static_large(f, x, t);
  if (data)
    return value_mem(t, data, false);
  VRef at = fn_temp(f, t, "lit");
  fill(f, x, t, at, false);
  return value_mem(t, at, true);
}

VRef composite_addr(Fn *f, Expr *x, Pos pos) {
  x = unparen(x);
  Type *t = lit_type(f, x), *u = under(core_type(t));
  fn_pos(f, pos);
  VRef p = alloc_object(f, t, "lit", lit_text(f, t, "&", x), "");
  if (u->kind == TYPE_STRUCT || u->kind == TYPE_ARRAY)
    fill(f, x, t, p, true);
  else
    store_value(f, p, composite(f, x));
  return p;
}
