// string.c: string constants, concatenation, comparison, conversions.
//
// A result that stays in the frame may use a buffer there: the call gets a tagged alloca of kind
// "buf", which the pass replaces by null when the result escapes.
#include "driver/irgen/core.h"
#include "driver/irgen/gen.h"
#include <string.h>

enum { TMP_BUF = 32 }; // bytes or runes, as the runtime knows

Value string_const(Gen *g, const char *s, size_t n, Type *t) {
  if (n == 0)
    return value2(t, const_null(g), const_i64(g, 0));
  return value2(t, const_bytes(g, s, n, "go:string"), const_i64(g, (int64_t)n));
}

VRef alloc_buf(Fn *f, TypeKind elem, int64_t n) {
  return alloc_object_nozero(f, type_array(t_basic[elem], n), "buf", "buf", "buf");
}

static VRef tmp_buf(Fn *f) {
  return alloc_buf(f, TYPE_UINT8, TMP_BUF);
}

// A call that makes a string or a slice; text is what -m calls it.
static VRef tagged(Fn *f, VRef call, const char *kind, const char *text) {
  if (LLVMIsACallInst(call))
    tag_alloc(f, call, kind, text, t_basic[TYPE_UINT8]);
  return call;
}

static Value pair_string(Fn *f, VRef pair, Type *t) {
  return value2(t, rt_word(f, pair, 0), rt_word(f, pair, 1));
}

static Value concat(Fn *f, Value *parts, int n, Type *t, const char *text) {
  Gen *g = f->g;
  if (n == 1)
    return value_retype(parts[0], t);
  if (n == 2) {
    VRef args[] = {tmp_buf(f), parts[0].v[0], parts[0].v[1], parts[1].v[0], parts[1].v[1]};
    return pair_string(f, tagged(f, rt_call(f, "concatstring2", args, 5), "string", text), t);
  }
  VRef array = fn_alloca(f, LLVMArrayType2(g->ptr, 2 * (uint64_t)n), 8, "concat");
  for (int i = 0; i < n; i++)
    store_value(f, ptr_add(f, array, 16 * i), parts[i]);
  VRef args[] = {tmp_buf(f), array, const_i64(g, n)};
  return pair_string(f, tagged(f, rt_call(f, "concatstrings", args, 3), "string", text), t);
}

static void operands(Fn *f, Expr *x, ExprList *out) {
  Expr *y = unparen(x);
  if (y->kind == EXPR_BINARY && y->binary.op == TOK_ADD && y->mode != MODE_CONST &&
      !ptrmap_get(f->hoisted, y)) {
    operands(f, y->binary.x, out);
    operands(f, y->binary.y, out);
  } else {
    vec_push(f->arena, out, x);
  }
}

static size_t string_len(ConstVal *v) {
  size_t n;
  const_stringval(v, &n);
  return n;
}

Value string_concat(Fn *f, Expr *x) {
  ExprList list = {0};
  operands(f, x, &list);
  Type *t = expr_type(f, x);
  Value *parts = NEW_ARRAY(f->arena, Value, list.n);
  int n = 0;
  bool literal = false; // then the result is a copy for certain
  for (int i = 0; i < list.n; i++)
    literal |= list.v[i]->mode == MODE_CONST && const_kind(list.v[i]->val) == CONST_STRING &&
               string_len(list.v[i]->val) > 0;
  for (int i = 0; i < list.n; i++) {
    size_t len = 1;
    if (list.v[i]->mode == MODE_CONST && const_kind(list.v[i]->val) == CONST_STRING)
      const_stringval(list.v[i]->val, &len);
    if (len)
      parts[n++] = literal ? string_operand(f, list.v[i], t) : expr_to(f, list.v[i], t);
  }
  fn_pos(f, x->pos);
  return n ? concat(f, parts, n, t, expr_string(x)) : string_const(f->g, "", 0, t);
}

Value string_add(Fn *f, Value x, Value y) {
  Value parts[] = {x, y};
  return concat(f, parts, 2, x.type, "string concatenation");
}

// ---- comparison

static bool is_empty_const(Value v) {
  return LLVMIsAConstantInt(v.v[1]) && LLVMConstIntGetZExtValue(v.v[1]) == 0;
}

static VRef string_equal(Fn *f, Value x, Value y) {
  if (is_empty_const(x) || is_empty_const(y))
    return LLVMBuildICmp(f->b, LLVMIntEQ, x.v[1], y.v[1], "");
  return same_type_equal(f, x, value_retype(y, x.type));
}

VRef string_compare(Fn *f, Tok op, Value x, Value y) {
  if (op == TOK_EQL)
    return string_equal(f, x, y);
  if (op == TOK_NEQ)
    return LLVMBuildNot(f->b, string_equal(f, x, y), "");
  VRef args[] = {x.v[0], x.v[1], y.v[0], y.v[1]};
  VRef c = rt_call(f, "cmpstring", args, 4);
  LLVMIntPredicate p = op == TOK_LSS   ? LLVMIntSLT
                       : op == TOK_LEQ ? LLVMIntSLE
                       : op == TOK_GTR ? LLVMIntSGT
                                       : LLVMIntSGE;
  return LLVMBuildICmp(f->b, p, c, const_i64(f->g, 0), "");
}

// ---- conversions

// What messages call the conversion that is being made, at the position of its operand, as gc's.
static const char *conversion_site(Fn *f, Type *to) {
  if (!f->conv)
    return atom_printf("%s(...)", type_string(to, f->g->pkg));
  fn_pos(f, f->convpos);
  return f->conv;
}

static Value to_string(Fn *f, Value v, Type *to, Type *from) {
  const char *text = conversion_site(f, to);
  if (from->kind != TYPE_SLICE) {
    VRef args[] = {tmp_buf(f), rt_ext(f, v)};
    return pair_string(f, tagged(f, rt_call(f, "intstring", args, 2), "string", text), to);
  }
  bool runes = type_size(from->slice.elem) == 4;
  VRef args[] = {tmp_buf(f), v.v[0], v.v[1]};
  VRef call = rt_call(f, runes ? "slicerunetostring" : "slicebytetostring", args, 3);
  return pair_string(f, tagged(f, call, "string", text), to);
}

static Value from_string(Fn *f, Value v, Type *to, Type *u) {
  const char *text = conversion_site(f, to);
  if (type_size(u->slice.elem) == 4) {
    VRef args[] = {alloc_buf(f, TYPE_INT32, TMP_BUF), v.v[0], v.v[1]};
    VRef pair = tagged(f, rt_call(f, "stringtoslicerune", args, 3), "string", text);
    VRef len = rt_word(f, pair, 1);
    return value3(to, rt_word(f, pair, 0), len, len);
  }
  VRef args[] = {tmp_buf(f), v.v[0], v.v[1]};
  VRef pair = tagged(f, rt_call(f, "stringtoslicebyte", args, 3), "string", text);
  return value3(to, rt_word(f, pair, 0), v.v[1], rt_word(f, pair, 1));
}

Value string_convert(Fn *f, Value v, Type *to) {
  Type *from = under(v.type), *u = under(to);
  if (from->kind == TYPE_STRING && u->kind == TYPE_STRING)
    return value_retype(v, to);
  return from->kind == TYPE_STRING ? from_string(f, v, to, u) : to_string(f, v, to, from);
}
