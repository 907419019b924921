// arith.c: operators and conversions with Go's meaning, where LLVM's is C's (docs/design: Go's
// meaning in LLVM's words).
#include "driver/irgen/core.h"
#include "driver/irgen/gen.h"
#include <string.h>

static bool is_int_kind(ScalarKind k) {
  return k <= SC_I64 && k != SC_BOOL;
}

static bool is_float_kind(ScalarKind k) {
  return k == SC_F32 || k == SC_F64;
}

static unsigned width(VRef v) {
  return LLVMGetIntTypeWidth(LLVMTypeOf(v));
}

static VRef const_like(VRef v, int64_t i) {
  return LLVMConstInt(LLVMTypeOf(v), (unsigned long long)i, true);
}

// ---- integers

// MinInt / -1 is MinInt, % -1 is 0; sdiv traps on both, so -1 never reaches it.
static VRef signed_div(Fn *f, bool rem, VRef x, VRef y) {
  VRef minus1 = const_like(y, -1);
  VRef neg = rem ? const_like(x, 0) : LLVMBuildSub(f->b, const_like(x, 0), x, "");
  if (LLVMIsAConstantInt(y)) {
    if (LLVMConstIntGetSExtValue(y) == -1)
      return neg;
    return rem ? LLVMBuildSRem(f->b, x, y, "") : LLVMBuildSDiv(f->b, x, y, "");
  }
  VRef is1 = LLVMBuildICmp(f->b, LLVMIntEQ, y, minus1, "");
  VRef d = LLVMBuildSelect(f->b, is1, const_like(y, 1), y, "");
  VRef q = rem ? LLVMBuildSRem(f->b, x, d, "") : LLVMBuildSDiv(f->b, x, d, "");
  return LLVMBuildSelect(f->b, is1, neg, q, "");
}

static VRef int_div(Fn *f, bool rem, VRef x, VRef y, bool sign) {
  if (!LLVMIsAConstantInt(y) ||
      LLVMIsNull(y)) // null: the value of a variable that is known to be 0
    panic_if(f, LLVMBuildICmp(f->b, LLVMIntEQ, y, const_like(y, 0), ""), "panicdivide", NULL, 0);
  if (sign)
    return signed_div(f, rem, x, y);
  return rem ? LLVMBuildURem(f->b, x, y, "") : LLVMBuildUDiv(f->b, x, y, "");
}

static VRef int_binary(Fn *f, Tok op, VRef x, VRef y, bool sign) {
  switch (op) {
  case TOK_ADD: return LLVMBuildAdd(f->b, x, y, "");
  case TOK_SUB: return LLVMBuildSub(f->b, x, y, "");
  case TOK_MUL: return LLVMBuildMul(f->b, x, y, "");
  case TOK_AND: return LLVMBuildAnd(f->b, x, y, "");
  case TOK_OR: return LLVMBuildOr(f->b, x, y, "");
  case TOK_XOR: return LLVMBuildXor(f->b, x, y, "");
  case TOK_ANDNOT: return LLVMBuildAnd(f->b, x, LLVMBuildNot(f->b, y, ""), "");
  case TOK_DIV: return int_div(f, false, x, y, sign);
  case TOK_REM: return int_div(f, true, x, y, sign);
  default: ice(f->pos, "integer operator %s", tok_text(op));
  }
}

// ---- floats and complex numbers

static VRef float_binary(Fn *f, Tok op, VRef x, VRef y) {
  switch (op) {
  case TOK_ADD: return LLVMBuildFAdd(f->b, x, y, "");
  case TOK_SUB: return LLVMBuildFSub(f->b, x, y, "");
  case TOK_MUL: return LLVMBuildFMul(f->b, x, y, "");
  case TOK_DIV: return LLVMBuildFDiv(f->b, x, y, "");
  default: ice(f->pos, "floating-point operator %s", tok_text(op));
  }
}

static VRef to_f64(Fn *f, VRef v) {
  return LLVMTypeOf(v) == f->g->f64 ? v : LLVMBuildFPExt(f->b, v, f->g->f64, "");
}

static Value complex_of(Fn *f, Type *t, VRef re, VRef im) {
  if (flat_of(f->g, t)->kind[0] == SC_F32) {
    re = LLVMBuildFPTrunc(f->b, re, f->g->f32, "");
    im = LLVMBuildFPTrunc(f->b, im, f->g->f32, "");
  }
  return value2(t, re, im);
}

// Products and quotients of complex64 are computed in float64, as gc does.
static Value complex_binary(Fn *f, Tok op, Value x, Value y, Type *t) {
  if (op == TOK_ADD || op == TOK_SUB)
    return value2(t, float_binary(f, op, x.v[0], y.v[0]), float_binary(f, op, x.v[1], y.v[1]));
  VRef a = to_f64(f, x.v[0]), b = to_f64(f, x.v[1]), c = to_f64(f, y.v[0]), d = to_f64(f, y.v[1]);
  if (op == TOK_MUL) {
    VRef re = LLVMBuildFSub(f->b, LLVMBuildFMul(f->b, a, c, ""), LLVMBuildFMul(f->b, b, d, ""), "");
    VRef im = LLVMBuildFAdd(f->b, LLVMBuildFMul(f->b, a, d, ""), LLVMBuildFMul(f->b, b, c, ""), "");
    return complex_of(f, t, re, im);
  }
  VRef q = RT_CALL(f, "complex128div", a, b, c, d);
  return complex_of(f, t, rt_word(f, q, 0), rt_word(f, q, 1));
}

Value binary(Fn *f, Tok op, Value x, Value y, Type *t) {
  const Flat *fl = flat_of(f->g, t);
  if (is_string(t))
    return value_retype(string_add(f, x, y), t);
  if (is_complex(t))
    return complex_binary(f, op, x, y, t);
  if (is_float_kind(fl->kind[0]))
    return value_scalar(t, float_binary(f, op, x.v[0], y.v[0]));
  return value_scalar(t, int_binary(f, op, x.v[0], y.v[0], fl->sign[0]));
}

// ---- shifts

static VRef shift_by(Fn *f, Tok op, VRef x, VRef n, bool sign) {
  if (op == TOK_SHL)
    return LLVMBuildShl(f->b, x, n, "");
  return sign ? LLVMBuildAShr(f->b, x, n, "") : LLVMBuildLShr(f->b, x, n, "");
}

static VRef const_shift_by(Fn *f, Tok op, VRef x, VRef n, bool sign) {
  unsigned w = width(x);
  uint64_t c = LLVMConstIntGetZExtValue(n);
  if (c < w)
    return shift_by(f, op, x, const_like(x, (int64_t)c), sign);
  return op == TOK_SHR && sign ? shift_by(f, op, x, const_like(x, w - 1), sign) : const_like(x, 0);
}

Value shift(Fn *f, Tok op, Value xv, Value nv) {
  const Flat *fx = flat_of(f->g, xv.type), *fn = flat_of(f->g, nv.type);
  VRef x = xv.v[0], n = nv.v[0];
  bool sign = fx->sign[0];
  unsigned w = width(x);
  if (LLVMIsAConstantInt(n) && (!fn->sign[0] || LLVMConstIntGetSExtValue(n) >= 0))
    return value_scalar(xv.type, const_shift_by(f, op, x, n, sign));
  if (fn->sign[0])
    panic_if(f, LLVMBuildICmp(f->b, LLVMIntSLT, n, const_like(n, 0), ""), "panicshift", NULL, 0);
  VRef big = LLVMBuildICmp(f->b, LLVMIntUGE, n, const_like(n, w), "");
  VRef c = LLVMBuildIntCast2(f->b, n, LLVMTypeOf(x), false, "");
  if (op == TOK_SHR && sign) {
    c = LLVMBuildSelect(f->b, big, const_like(x, w - 1), c, "");
    return value_scalar(xv.type, shift_by(f, op, x, c, sign));
  }
  VRef r = shift_by(f, op, x, c, sign);
  return value_scalar(xv.type, LLVMBuildSelect(f->b, big, const_like(x, 0), r, ""));
}

// ---- comparisons

static VRef compare_int(Fn *f, Tok op, VRef x, VRef y, bool sign) {
  LLVMIntPredicate p = LLVMIntEQ;
  switch (op) {
  case TOK_EQL: p = LLVMIntEQ; break;
  case TOK_NEQ: p = LLVMIntNE; break;
  case TOK_LSS: p = sign ? LLVMIntSLT : LLVMIntULT; break;
  case TOK_LEQ: p = sign ? LLVMIntSLE : LLVMIntULE; break;
  case TOK_GTR: p = sign ? LLVMIntSGT : LLVMIntUGT; break;
  case TOK_GEQ: p = sign ? LLVMIntSGE : LLVMIntUGE; break;
  default: ice(f->pos, "comparison %s", tok_text(op));
  }
  return LLVMBuildICmp(f->b, p, x, y, "");
}

static VRef compare_float(Fn *f, Tok op, VRef x, VRef y) {
  LLVMRealPredicate p = LLVMRealOEQ;
  switch (op) {
  case TOK_EQL: p = LLVMRealOEQ; break;
  case TOK_NEQ: p = LLVMRealUNE; break;
  case TOK_LSS: p = LLVMRealOLT; break;
  case TOK_LEQ: p = LLVMRealOLE; break;
  case TOK_GTR: p = LLVMRealOGT; break;
  case TOK_GEQ: p = LLVMRealOGE; break;
  default: ice(f->pos, "comparison %s", tok_text(op));
  }
  return LLVMBuildFCmp(f->b, p, x, y, "");
}

VRef compare(Fn *f, Tok op, Value x, Value y) {
  Type *ux = under(x.type), *uy = under(y.type);
  if (is_string(x.type) && is_string(y.type))
    return string_compare(f, op, x, y);
  if (!x.mem && !y.mem && x.n == 1 && y.n == 1 && ux->kind <= TYPE_LAST_BASIC &&
      uy->kind <= TYPE_LAST_BASIC) {
    const Flat *fl = flat_of(f->g, x.type);
    if (is_float_kind(fl->kind[0]))
      return compare_float(f, op, x.v[0], y.v[0]);
    return compare_int(f, op, x.v[0], y.v[0], fl->sign[0]);
  }
  if (ux->kind == uy->kind && (ux->kind == TYPE_POINTER || ux->kind == TYPE_CHAN))
    return compare_int(f, op, x.v[0], y.v[0], false);
  VRef eq = values_equal(f, x, y);
  return op == TOK_NEQ ? LLVMBuildNot(f->b, eq, "") : eq;
}

// ---- conversions

// Out of the int64 range the upper half is reached by subtracting 2^63 first, as gc's code does.
static VRef float_to_u64(Fn *f, VRef v) {
  Gen *g = f->g;
  VRef limit = LLVMConstReal(LLVMTypeOf(v), 9223372036854775808.0);
  VRef small = LLVMBuildFCmp(f->b, LLVMRealOLT, v, limit, "");
  VRef lo = float_truncate(f, v, g->i64);
  VRef hi = float_truncate(f, LLVMBuildFSub(f->b, v, limit, ""), g->i64);
  hi = LLVMBuildOr(f->b, hi, LLVMConstInt(g->i64, 1ULL << 63, false), "");
  return LLVMBuildSelect(f->b, small, lo, hi, "");
}

// What a value out of range gives is up to the implementation; programs expect gc's.
static VRef float_to_int(Fn *f, VRef v, ScalarKind k, bool sign) {
  Gen *g = f->g;
  if (k == SC_I64)
    return sign ? float_truncate(f, v, g->i64) : float_to_u64(f, v);
  if (k == SC_I32 && !sign)
    return LLVMBuildTrunc(f->b, float_truncate(f, v, g->i64), g->i32, "");
  VRef i = float_truncate(f, v, g->i32);
  return k == SC_I32 ? i : LLVMBuildTrunc(f->b, i, lltype_scalar(g, k), "");
}

static VRef convert_scalar(Fn *f, VRef v, ScalarKind from, bool fromsign, ScalarKind to,
                           bool tosign) {
  LLVMTypeRef t = lltype_scalar(f->g, to);
  if (is_int_kind(from) && is_int_kind(to))
    return LLVMBuildIntCast2(f->b, v, t, fromsign, "");
  if (is_int_kind(from) && is_float_kind(to))
    return fromsign ? LLVMBuildSIToFP(f->b, v, t, "") : LLVMBuildUIToFP(f->b, v, t, "");
  if (is_float_kind(from) && is_int_kind(to))
    return float_to_int(f, v, to, tosign);
  if (is_float_kind(from) && is_float_kind(to))
    return from == to       ? v
           : from == SC_F32 ? LLVMBuildFPExt(f->b, v, t, "")
                            : LLVMBuildFPTrunc(f->b, v, t, "");
  if (from == SC_PTR && to == SC_I64)
    return LLVMBuildPtrToInt(f->b, v, t, "");
  if (from == SC_I64 && to == SC_PTR)
    return LLVMBuildIntToPtr(f->b, v, t, "");
  return v;
}

static Value convert_basic(Fn *f, Value v, Type *to) {
  const Flat *a = flat_of(f->g, v.type), *b = flat_of(f->g, to);
  if (a->n != b->n || a->mem)
    ice(f->pos, "conversion of %s to %s", type_string(v.type, NULL), type_string(to, NULL));
  Value r = {.type = to, .n = b->n};
  for (int i = 0; i < b->n; i++)
    r.v[i] = convert_scalar(f, v.v[i], a->kind[i], a->sign[i], b->kind[i], b->sign[i]);
  return r;
}

Value implicit(Fn *f, Value v, Type *to) {
  if (!v.type || v.type == to)
    return v;
  if (v.type->kind == TYPE_UNTYPED_NIL)
    return value_zero(f, to);
  if (is_interface(to)) {
    if (!is_interface(v.type))
      return iface_box(f, v, to);
    // Interfaces with methods compare by itab: one of another interface type has another, though
    // the methods be the same.
    bool same = types_identical(v.type, to) || (iface_is_empty(v.type) && iface_is_empty(to));
    return same ? value_retype(v, to) : iface_change(f, v, to);
  }
  return value_retype(v, to);
}

static bool converts_string(Type *from, Type *to) {
  if (is_string(to))
    return from->kind == TYPE_SLICE || (is_integer(from) && from->kind <= TYPE_LAST_BASIC);
  return is_string(from) && to->kind == TYPE_SLICE;
}

Value convert(Fn *f, Value v, Type *to, Pos pos) {
  fn_pos(f, pos);
  Type *uf = under(v.type), *ut = under(to);
  if (is_interface(to) || v.type->kind == TYPE_UNTYPED_NIL)
    return implicit(f, v, to);
  if (converts_string(uf, ut))
    return string_convert(f, v, to);
  if (uf->kind == TYPE_SLICE &&
      (ut->kind == TYPE_ARRAY ||
       (ut->kind == TYPE_POINTER && under(ut->pointer.elem)->kind == TYPE_ARRAY)))
    return slice_to_array(f, v, to);
  if (uf->kind <= TYPE_LAST_BASIC || ut->kind <= TYPE_LAST_BASIC)
    return convert_basic(f, v, to);
  return value_retype(v, to);
}
