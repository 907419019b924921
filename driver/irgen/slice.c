// slice.c: slice expressions, append, copy, make, clear, conversions of slices to arrays.
//
// s[i:j] with capacity 0 keeps the base pointer, so that no slice points one past the end of its
// object (the next one would be kept alive).
#include "driver/irgen/gen.h"

static const int64_t max_alloc = (int64_t)1 << 48; // bytes

// ---- x[i:j:k]

// What is sliced: base, length, capacity; bytes of an element.
typedef struct Sliced {
  VRef ptr, len, cap;
  int64_t size;
  bool by_cap; // a slice: the upper bound is checked against the capacity
} Sliced;

static Sliced sliced_array(Fn *f, VRef base, Type *array) {
  VRef n = const_i64(f->g, array->array.len);
  return (Sliced){base, n, n, type_size(array->array.elem), false};
}

static Sliced sliced_operand(Fn *f, Expr *x) {
  Type *t = core_string(expr_type(f, x->slice.x)), *u = under(t);
  if (u->kind == TYPE_POINTER) { // to an array
    Value p = expr(f, x->slice.x);
    fn_pos(f, x->pos);
    nil_check(f, p.v[0]);
    return sliced_array(f, p.v[0], under(u->pointer.elem));
  }
  if (u->kind == TYPE_ARRAY)
    return sliced_array(f, addr(f, x->slice.x), u);
  Value v = expr(f, x->slice.x);
  if (u->kind == TYPE_STRING)
    return (Sliced){v.v[0], v.v[1], v.v[1], 1, false};
  return (Sliced){v.v[0], v.v[1], v.v[2], type_size(u->slice.elem), true};
}

// Panics by `cname` (or its U form) unless index <= limit, both as unsigned.
static void limit_check(Fn *f, VRef index, VRef limit, bool is_unsigned, const char *cname) {
  VRef args[] = {index, limit};
  panic_if(f, LLVMBuildICmp(f->b, LLVMIntUGT, index, limit, ""),
           is_unsigned ? atom_printf("%sU", cname) : cname, args, 2);
}

static bool is_zero(VRef v) {
  return LLVMIsAConstantInt(v) && LLVMConstIntGetZExtValue(v) == 0;
}

static VRef sliced_ptr(Fn *f, Sliced *s, VRef i, VRef newcap) {
  if (is_zero(i))
    return s->ptr;
  VRef none = LLVMBuildICmp(f->b, LLVMIntEQ, newcap, const_i64(f->g, 0), "");
  return elem_addr(f, s->ptr, LLVMBuildSelect(f->b, none, const_i64(f->g, 0), i, ""), s->size);
}

Value slice_expr(Fn *f, Expr *x) {
  Gen *g = f->g;
  Type *t = expr_type(f, x);
  Sliced s = sliced_operand(f, x);
  VRef v[3] = {const_i64(g, 0), s.len, s.cap};
  bool uns[3] = {false};
  for (int i = 0; i < 3; i++)
    if (x->slice.i[i])
      v[i] = expr_index(f, x->slice.i[i], &uns[i]);
  fn_pos(f, x->pos);
  if (x->slice.full) {
    limit_check(f, v[2], s.cap, uns[2], s.by_cap ? "panicSlice3Acap" : "panicSlice3Alen");
    limit_check(f, v[1], v[2], uns[1], "panicSlice3B");
    limit_check(f, v[0], v[1], uns[0], "panicSlice3C");
  } else {
    if (x->slice.i[1])
      limit_check(f, v[1], s.cap, uns[1], s.by_cap ? "panicSliceAcap" : "panicSliceAlen");
    if (x->slice.i[0])
      limit_check(f, v[0], v[1], uns[0], "panicSliceB");
  }
  VRef len = LLVMBuildSub(f->b, v[1], v[0], "len");
  if (under(core_string(t))->kind == TYPE_STRING)
    return value2(t, sliced_ptr(f, &s, v[0], len), len);
  VRef cap = LLVMBuildSub(f->b, v[2], v[0], "cap");
  return value3(t, sliced_ptr(f, &s, v[0], cap), len, cap);
}

Value slice_to_array(Fn *f, Value v, Type *to) {
  Gen *g = f->g;
  Type *u = under(to), *array = u->kind == TYPE_POINTER ? under(u->pointer.elem) : u;
  VRef n = const_i64(g, array->array.len), args[] = {v.v[1], n};
  panic_if(f, LLVMBuildICmp(f->b, LLVMIntSLT, v.v[1], n, ""), "panicSliceConvert", args, 2);
  if (u->kind == TYPE_POINTER)
    return value_scalar(to, v.v[0]);
  return array->array.len == 0 ? value_zero(f, to) : load_value(f, to, v.v[0]);
}

// ---- append

// The slice s with room for n more elements: {ptr, len + n, cap}.
static Value grown(Fn *f, Value s, VRef n, Type *elem, const char *text) {
  Gen *g = f->g;
  VRef len = LLVMBuildAdd(f->b, s.v[1], n, "len");
  BRef grow = block_new(f, "grow"), done = block_new(f, "append"), start = LLVMGetInsertBlock(f->b);
  block_cond(f, LLVMBuildICmp(f->b, LLVMIntUGT, len, s.v[2], ""), grow, done);
  block_start(f, grow);
  VRef args[] = {s.v[0], len, s.v[2], n, type_desc(g, elem)};
  VRef pair = rt_call(f, "growslice", args, 5);
  if (LLVMIsACallInst(pair))
    tag_alloc(f, pair, "append", text, elem);
  VRef ptrs[] = {s.v[0], rt_word(f, pair, 0)}, caps[] = {s.v[2], rt_word(f, pair, 1)};
  BRef from[] = {start, LLVMGetInsertBlock(f->b)};
  block_br(f, done);
  block_start(f, done);
  VRef ptr = LLVMBuildPhi(f->b, g->ptr, "ptr"), cap = LLVMBuildPhi(f->b, g->i64, "cap");
  LLVMAddIncoming(ptr, ptrs, from, 2);
  LLVMAddIncoming(cap, caps, from, 2);
  return value3(s.type, ptr, len, cap);
}

void move_elems(Fn *f, VRef dst, VRef src, VRef n, int64_t size, int64_t align) {
  if (size == 0)
    return;
  VRef bytes = size == 1 ? n : LLVMBuildMul(f->b, n, const_i64(f->g, size), "");
  LLVMBuildMemMove(f->b, dst, (unsigned)align, src, (unsigned)align, bytes);
}

Value append_values(Fn *f, Value s, Value *args, int n, const char *text) {
  if (n == 0)
    return s;
  Type *elem = under(s.type)->slice.elem;
  for (int i = 0; n > 1 && i < n; i++)
    if (args[i].mem)
      args[i] = value_pin(f, args[i]); // it may be in the array that is stored to
  Value r = grown(f, s, const_i64(f->g, n), elem, text);
  int64_t size = type_size(elem);
  VRef at = elem_addr(f, r.v[0], s.v[1], size);
  for (int i = 0; i < n; i++)
    store_value(f, ptr_add(f, at, i * size), args[i]);
  return r;
}

// append(s, t...): t a slice or string.
Value append_slice(Fn *f, Value s, Value t, const char *text) {
  Type *elem = under(s.type)->slice.elem;
  Value r = grown(f, s, t.v[1], elem, text);
  int64_t size = type_size(elem);
  move_elems(f, elem_addr(f, r.v[0], s.v[1], size), t.v[0], t.v[1], size, type_align(elem));
  return r;
}

// append(s, make([]T, n)...) without the make.
Value append_zeros(Fn *f, Value s, VRef n, const char *text) {
  Gen *g = f->g;
  Type *elem = under(s.type)->slice.elem;
  int64_t size = type_size(elem), max = size ? max_alloc / size : INT64_MAX;
  panic_if(f, LLVMBuildICmp(f->b, LLVMIntUGT, n, const_i64(g, max), ""), "panicmakeslicelen", NULL,
           0);
  Value r = grown(f, s, n, elem, text);
  if (size) {
    VRef bytes = LLVMBuildMul(f->b, n, const_i64(g, size), "");
    LLVMBuildMemSet(f->b, elem_addr(f, r.v[0], s.v[1], size), LLVMConstInt(g->i8, 0, 0), bytes,
                    (unsigned)type_align(elem));
  }
  return r;
}

Value copy_slice(Fn *f, Value dst, Value src) {
  Type *elem = under(dst.type)->slice.elem;
  VRef less = LLVMBuildICmp(f->b, LLVMIntSLT, src.v[1], dst.v[1], "");
  VRef n = LLVMBuildSelect(f->b, less, src.v[1], dst.v[1], "n");
  move_elems(f, dst.v[0], src.v[0], n, type_size(elem), type_align(elem));
  return value_scalar(t_basic[TYPE_INT], n);
}

void clear_slice(Fn *f, Value s) {
  Type *elem = under(s.type)->slice.elem;
  if (type_size(elem) == 0)
    return;
  VRef bytes = LLVMBuildMul(f->b, s.v[1], const_i64(f->g, type_size(elem)), "");
  LLVMBuildMemSet(f->b, s.v[0], LLVMConstInt(f->g->i8, 0, 0), bytes, (unsigned)type_align(elem));
}

// ---- make

enum {
  MAX_STACK_MAKE = 64 << 10
}; // bytes of a make of constant size that is offered to the pass as an alloca

static bool const_of(VRef v, int64_t *n) {
  if (!LLVMIsAConstantInt(v))
    return false;
  *n = LLVMConstIntGetSExtValue(v);
  return true;
}

// len and cap are i64, extended by their types; an unsigned one above 1<<63 is as bad as a negative
// one.
Value make_slice(Fn *f, Type *t, VRef len, VRef cap, const char *text) {
  Gen *g = f->g;
  Type *elem = under(t)->slice.elem;
  int64_t size = type_size(elem), max = size ? max_alloc / size : INT64_MAX, n;
  bool one = len == cap;
  VRef limit = const_i64(g, max);
  panic_if(f, LLVMBuildICmp(f->b, LLVMIntUGT, len, limit, ""), "panicmakeslicelen", NULL, 0);
  if (!one) {
    VRef bad = LLVMBuildOr(f->b, LLVMBuildICmp(f->b, LLVMIntUGT, cap, limit, ""),
                           LLVMBuildICmp(f->b, LLVMIntUGT, len, cap, ""), "");
    panic_if(f, bad, "panicmakeslicecap", NULL, 0);
  }
  if (const_of(cap, &n) && n >= 0 && n <= max && (size == 0 || n <= MAX_STACK_MAKE / size)) {
    VRef p = alloc_object(f, type_array(elem, n), "slice", text, "");
    return value3(t, p, len, cap);
  }
  VRef args[] = {type_desc(g, elem), cap};
  VRef p = rt_call(f, "makeslice", args, 2);
  if (LLVMIsACallInst(p))
    tag_alloc(f, p, "slice", text, elem);
  return value3(t, p, len, cap);
}
