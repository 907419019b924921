// const.c: exact constants: values and arithmetic (spec: "Constant expressions").
//
// As in package go/constant: integers are exact (GMP's mpz); floating-point values are exact
// rationals (mpq) as long as numerator and denominator stay below SMALL bits, and binary floats of
// 512 bits, rounded to nearest even, beyond that. Operands of mixed kinds are brought to the
// greater kind: integer, rational, float, complex. constconv.c has conversions and text.
//
// Values are immutable; their GMP memory is never freed.
#include "driver/types/constval.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static ConstVal unknown = {.kind = CONST_UNKNOWN};

ConstVal *const_unknown(void) {
  return &unknown;
}

static ConstVal *value_new(ConstKind kind, Rep rep) {
  ConstVal *v = NEW(types_arena, ConstVal);
  v->kind = kind;
  v->rep = rep;
  return v;
}

ConstKind const_kind(const ConstVal *v) {
  return v ? v->kind : CONST_UNKNOWN;
}

ConstVal *const_bool(bool b) {
  ConstVal *v = value_new(CONST_BOOL, REP_NONE);
  v->b = b;
  return v;
}

ConstVal *const_string(const char *s, size_t n) {
  ConstVal *v = value_new(CONST_STRING, REP_NONE);
  v->s = n ? arena_dup(types_arena, s, n) : "";
  v->len = n;
  return v;
}

ConstVal *const_int(int64_t i) {
  ConstVal *v = value_new(CONST_INT, REP_INT);
  mpz_init_set_si(v->z, i);
  return v;
}

ConstVal *const_uint(uint64_t u) {
  ConstVal *v = value_new(CONST_INT, REP_INT);
  mpz_init_set_ui(v->z, u);
  return v;
}

// Takes z over.
ConstVal *const_take_mpz(mpz_t z) {
  if (mpz_sizeinbase(z, 2) > MAX_INT_BITS) {
    mpz_clear(z);
    return &unknown;
  }
  ConstVal *v = value_new(CONST_INT, REP_INT);
  v->z[0] = z[0];
  return v;
}

static bool small_mpz(const mpz_t z) {
  return mpz_sizeinbase(z, 2) < SMALL;
}

// Takes q over: a rational if it is small, a float otherwise.
ConstVal *const_take_mpq(mpq_t q) {
  if (small_mpz(mpq_numref(q)) && small_mpz(mpq_denref(q))) {
    ConstVal *v = value_new(CONST_FLOAT, REP_RAT);
    v->q[0] = q[0];
    return v;
  }
  BigFloat f, num, den;
  bf_from_mpz(&num, mpq_numref(q));
  bf_from_mpz(&den, mpq_denref(q));
  bf_div(&f, &num, &den);
  mpq_clear(q);
  return const_take_float(f);
}

// Exponents outside 32 bits: too large is unknown, too small is zero.
ConstVal *const_take_float(BigFloat f) {
  long top = mpz_sgn(f.m) ? f.exp + (long)mpz_sizeinbase(f.m, 2) : 0;
  if (top > INT32_MAX)
    return &unknown;
  if (top < INT32_MIN) {
    mpz_set_ui(f.m, 0);
    f.exp = 0;
  }
  ConstVal *v = value_new(CONST_FLOAT, REP_FLOAT);
  v->f = f;
  return v;
}

ConstVal *const_double(double d) {
  if (isnan(d) || isinf(d))
    return &unknown;
  mpq_t q;
  mpq_init(q);
  mpq_set_d(q, d); // -0 becomes 0
  return const_take_mpq(q);
}

bool const_boolval(const ConstVal *v) {
  return v->kind == CONST_BOOL && v->b;
}

const char *const_stringval(const ConstVal *v, size_t *n) {
  *n = v->kind == CONST_STRING ? v->len : 0;
  return v->kind == CONST_STRING ? v->s : "";
}

ConstVal *const_complex_parts(ConstVal *re, ConstVal *im) {
  if (re->kind == CONST_UNKNOWN || im->kind == CONST_UNKNOWN)
    return &unknown;
  ConstVal *v = value_new(CONST_COMPLEX, REP_COMPLEX);
  v->re = re;
  v->im = im;
  return v;
}

ConstVal *const_make_complex(ConstVal *re, ConstVal *im) {
  return const_complex_parts(const_to_float(re), const_to_float(im));
}

ConstVal *const_real(ConstVal *v) {
  return v->kind == CONST_COMPLEX                         ? v->re
         : v->kind == CONST_INT || v->kind == CONST_FLOAT ? v
                                                          : &unknown;
}

ConstVal *const_imag(ConstVal *v) {
  if (v->kind == CONST_COMPLEX)
    return v->im;
  return v->kind == CONST_INT || v->kind == CONST_FLOAT ? const_int(0) : &unknown;
}

int const_sign(const ConstVal *v) {
  switch (v->rep) {
  case REP_INT: return mpz_sgn(v->z);
  case REP_RAT: return mpq_sgn(v->q);
  case REP_FLOAT: return mpz_sgn(v->f.m);
  case REP_COMPLEX: return const_sign(v->re) | const_sign(v->im);
  case REP_NONE: break;
  }
  return 1;
}

int const_bitlen(const ConstVal *v) {
  if (v->rep != REP_INT || mpz_sgn(v->z) == 0)
    return 0;
  return (int)mpz_sizeinbase(v->z, 2);
}

// ---- binary floats: m * 2^exp, m has at most PREC bits

void bf_round(BigFloat *f) {
  size_t bits = mpz_sgn(f->m) ? mpz_sizeinbase(f->m, 2) : 0;
  if (bits == 0) {
    f->exp = 0;
    return;
  }
  if (bits <= PREC)
    return;
  size_t drop = bits - PREC;
  mpz_t a;
  mpz_init(a);
  mpz_abs(a, f->m);
  bool half = mpz_tstbit(a, drop - 1);
  bool sticky = drop > 1 && mpz_scan1(a, 0) < drop - 1;
  bool neg = mpz_sgn(f->m) < 0;
  mpz_tdiv_q_2exp(a, a, drop);
  if (half && (sticky || mpz_odd_p(a)))
    mpz_add_ui(a, a, 1);
  if (neg)
    mpz_neg(a, a);
  mpz_swap(a, f->m);
  mpz_clear(a);
  f->exp += (long)drop;
}

void bf_from_mpz(BigFloat *f, const mpz_t z) {
  mpz_init_set(f->m, z);
  f->exp = 0;
  bf_round(f);
}

void bf_from_mpq(BigFloat *f, const mpq_t q) {
  BigFloat num, den;
  mpz_init_set(num.m, mpq_numref(q));
  mpz_init_set(den.m, mpq_denref(q));
  num.exp = den.exp = 0;
  bf_div(f, &num, &den);
  mpz_clear(num.m);
  mpz_clear(den.m);
}

void bf_mul(BigFloat *r, const BigFloat *x, const BigFloat *y) {
  mpz_init(r->m);
  mpz_mul(r->m, x->m, y->m);
  r->exp = x->exp + y->exp;
  bf_round(r);
}

// The quotient has PREC + 2 bits or more; a lowest bit of 1 stands for what was cut off.
void bf_div(BigFloat *r, const BigFloat *x, const BigFloat *y) {
  long shift = PREC + 2 + (long)mpz_sizeinbase(y->m, 2) - (long)mpz_sizeinbase(x->m, 2);
  if (shift < 0)
    shift = 0;
  mpz_t n, rem;
  mpz_init(n);
  mpz_init(rem);
  mpz_init(r->m);
  mpz_mul_2exp(n, x->m, (mp_bitcnt_t)shift);
  mpz_tdiv_qr(r->m, rem, n, y->m);
  r->exp = x->exp - y->exp - shift;
  if (mpz_sgn(rem) != 0) {
    int sign = mpz_sgn(x->m) * mpz_sgn(y->m);
    mpz_mul_2exp(r->m, r->m, 1);
    r->exp--;
    if (sign > 0)
      mpz_add_ui(r->m, r->m, 1);
    else
      mpz_sub_ui(r->m, r->m, 1);
  }
  mpz_clear(n);
  mpz_clear(rem);
  bf_round(r);
}

static long bf_top(const BigFloat *f) {
  return f->exp + (long)mpz_sizeinbase(f->m, 2);
}

void bf_add(BigFloat *r, const BigFloat *x, const BigFloat *y, bool minus) {
  const BigFloat *big = x, *little = y;
  mpz_init(r->m);
  if (mpz_sgn(x->m) == 0 || mpz_sgn(y->m) == 0 || labs(bf_top(x) - bf_top(y)) > 2 * PREC + 8) {
    bool take_y = mpz_sgn(x->m) == 0 || (mpz_sgn(y->m) != 0 && bf_top(y) > bf_top(x));
    mpz_set(r->m, take_y ? y->m : x->m);
    if (take_y && minus)
      mpz_neg(r->m, r->m);
    r->exp = take_y ? y->exp : x->exp;
    return; // the other is beyond the last bit
  }
  if (x->exp < y->exp) {
    big = y;
    little = x;
  }
  mpz_mul_2exp(r->m, big->m, (mp_bitcnt_t)(big->exp - little->exp));
  r->exp = little->exp;
  if (!minus)
    mpz_add(r->m, r->m, little->m);
  else if (big == x)
    mpz_sub(r->m, r->m, little->m);
  else
    mpz_sub(r->m, little->m, r->m);
  bf_round(r);
}

int bf_cmp(const BigFloat *x, const BigFloat *y) {
  if (mpz_sgn(x->m) != mpz_sgn(y->m) || mpz_sgn(x->m) == 0)
    return mpz_sgn(x->m) - mpz_sgn(y->m);
  BigFloat d;
  bf_add(&d, x, y, true);
  int s = mpz_sgn(d.m);
  mpz_clear(d.m);
  return s;
}

// ---- operations

// Brings both operands to the greater representation.
static ConstVal *lift(ConstVal *v, Rep rep) {
  if (v->rep >= rep)
    return v;
  if (rep == REP_COMPLEX)
    return const_complex_parts(v, const_int(0));
  if (rep == REP_RAT) {
    if (!small_mpz(v->z))
      return lift(v, REP_FLOAT);
    ConstVal *r = value_new(CONST_FLOAT, REP_RAT);
    mpq_init(r->q);
    mpq_set_z(r->q, v->z);
    return r;
  }
  ConstVal *r = value_new(CONST_FLOAT, REP_FLOAT);
  if (v->rep == REP_INT)
    bf_from_mpz(&r->f, v->z);
  else
    bf_from_mpq(&r->f, v->q);
  return r;
}

static void match(ConstVal **x, ConstVal **y) {
  for (int i = 0; i < 2; i++) { // twice: a large integer lifts to a float instead of a rational
    *x = lift(*x, (*y)->rep);
    *y = lift(*y, (*x)->rep);
  }
}

static ConstVal *int_quotient(ConstVal *x, ConstVal *y, bool intdiv) {
  if (intdiv) {
    mpz_t z;
    mpz_init(z);
    mpz_tdiv_q(z, x->z, y->z);
    return const_take_mpz(z);
  }
  mpq_t q;
  mpq_init(q);
  mpz_set(mpq_numref(q), x->z);
  mpz_set(mpq_denref(q), y->z);
  mpq_canonicalize(q);
  return const_take_mpq(q);
}

static ConstVal *int_binary(Tok op, ConstVal *x, ConstVal *y, bool intdiv) {
  if ((op == TOK_DIV || op == TOK_REM) && mpz_sgn(y->z) == 0)
    return &unknown;
  if (op == TOK_DIV)
    return int_quotient(x, y, intdiv);
  mpz_t z;
  mpz_init(z);
  switch (op) {
  case TOK_ADD: mpz_add(z, x->z, y->z); break;
  case TOK_SUB: mpz_sub(z, x->z, y->z); break;
  case TOK_MUL: mpz_mul(z, x->z, y->z); break;
  case TOK_REM: mpz_tdiv_r(z, x->z, y->z); break;
  case TOK_AND: mpz_and(z, x->z, y->z); break;
  case TOK_OR: mpz_ior(z, x->z, y->z); break;
  case TOK_XOR: mpz_xor(z, x->z, y->z); break;
  case TOK_ANDNOT:
    mpz_com(z, y->z);
    mpz_and(z, x->z, z);
    break;
  default: mpz_clear(z); return &unknown;
  }
  return const_take_mpz(z);
}

static ConstVal *rat_binary(Tok op, ConstVal *x, ConstVal *y) {
  if (op == TOK_DIV && mpq_sgn(y->q) == 0)
    return &unknown;
  mpq_t q;
  mpq_init(q);
  switch (op) {
  case TOK_ADD: mpq_add(q, x->q, y->q); break;
  case TOK_SUB: mpq_sub(q, x->q, y->q); break;
  case TOK_MUL: mpq_mul(q, x->q, y->q); break;
  case TOK_DIV: mpq_div(q, x->q, y->q); break;
  default: mpq_clear(q); return &unknown;
  }
  return const_take_mpq(q);
}

static ConstVal *float_binary(Tok op, ConstVal *x, ConstVal *y) {
  BigFloat f;
  switch (op) {
  case TOK_ADD: bf_add(&f, &x->f, &y->f, false); break;
  case TOK_SUB: bf_add(&f, &x->f, &y->f, true); break;
  case TOK_MUL: bf_mul(&f, &x->f, &y->f); break;
  case TOK_DIV:
    if (mpz_sgn(y->f.m) == 0)
      return &unknown;
    bf_div(&f, &x->f, &y->f);
    break;
  default: return &unknown;
  }
  return const_take_float(f);
}

static ConstVal *add(ConstVal *x, ConstVal *y) {
  return const_binary(TOK_ADD, x, y, false);
}
static ConstVal *sub(ConstVal *x, ConstVal *y) {
  return const_binary(TOK_SUB, x, y, false);
}
static ConstVal *mul(ConstVal *x, ConstVal *y) {
  return const_binary(TOK_MUL, x, y, false);
}
static ConstVal *quo(ConstVal *x, ConstVal *y) {
  return const_binary(TOK_DIV, x, y, false);
}

static ConstVal *complex_binary(Tok op, ConstVal *x, ConstVal *y) {
  ConstVal *a = x->re, *b = x->im, *c = y->re, *d = y->im;
  switch (op) {
  case TOK_ADD: return const_complex_parts(add(a, c), add(b, d));
  case TOK_SUB: return const_complex_parts(sub(a, c), sub(b, d));
  case TOK_MUL: return const_complex_parts(sub(mul(a, c), mul(b, d)), add(mul(b, c), mul(a, d)));
  case TOK_DIV: {
    ConstVal *s = add(mul(c, c), mul(d, d));
    if (s->kind == CONST_UNKNOWN || const_sign(s) == 0)
      return &unknown;
    return const_complex_parts(quo(add(mul(a, c), mul(b, d)), s),
                               quo(sub(mul(b, c), mul(a, d)), s));
  }
  default: return &unknown;
  }
}

static ConstVal *string_binary(Tok op, ConstVal *x, ConstVal *y) {
  if (op != TOK_ADD || y->kind != CONST_STRING || x->len + y->len > MAX_STRING)
    return &unknown;
  ConstVal *v = value_new(CONST_STRING, REP_NONE);
  char *s = arena_alloc(types_arena, x->len + y->len + 1);
  memcpy(s, x->s, x->len);
  memcpy(s + x->len, y->s, y->len);
  v->s = s;
  v->len = x->len + y->len;
  return v;
}

ConstVal *const_binary(Tok op, ConstVal *x, ConstVal *y, bool intdiv) {
  if (x->kind == CONST_UNKNOWN || y->kind == CONST_UNKNOWN)
    return &unknown;
  if (x->kind == CONST_STRING)
    return string_binary(op, x, y);
  if (x->kind == CONST_BOOL && y->kind == CONST_BOOL)
    return op == TOK_ANDAND ? const_bool(x->b && y->b)
           : op == TOK_OROR ? const_bool(x->b || y->b)
                            : &unknown;
  if (x->rep == REP_NONE || y->rep == REP_NONE)
    return &unknown;
  match(&x, &y);
  switch (x->rep) {
  case REP_INT: return int_binary(op, x, y, intdiv);
  case REP_RAT: return rat_binary(op, x, y);
  case REP_FLOAT: return float_binary(op, x, y);
  default: return complex_binary(op, x, y);
  }
}

static ConstVal *negate(ConstVal *v) {
  switch (v->rep) {
  case REP_INT: {
    mpz_t z;
    mpz_init(z);
    mpz_neg(z, v->z);
    return const_take_mpz(z);
  }
  case REP_RAT: {
    mpq_t q;
    mpq_init(q);
    mpq_neg(q, v->q);
    return const_take_mpq(q);
  }
  case REP_FLOAT: {
    BigFloat f = {.exp = v->f.exp};
    mpz_init(f.m);
    mpz_neg(f.m, v->f.m);
    return const_take_float(f);
  }
  case REP_COMPLEX: return const_complex_parts(negate(v->re), negate(v->im));
  case REP_NONE: break;
  }
  return &unknown;
}

static ConstVal *complement(ConstVal *v, Type *t) {
  if (v->rep != REP_INT)
    return &unknown;
  mpz_t z, mask;
  mpz_init(z);
  mpz_com(z, v->z);
  if (t && is_typed(t) && is_unsigned(t)) {
    mpz_init(mask);
    mpz_setbit(mask, (mp_bitcnt_t)type_size(t) * 8);
    mpz_sub_ui(mask, mask, 1);
    mpz_and(z, z, mask);
    mpz_clear(mask);
  }
  return const_take_mpz(z);
}

ConstVal *const_unary(Tok op, ConstVal *v, Type *t) {
  switch (op) {
  case TOK_ADD: return v;
  case TOK_SUB: return negate(v);
  case TOK_XOR: return complement(v, t);
  case TOK_NOT: return v->kind == CONST_BOOL ? const_bool(!v->b) : &unknown;
  default: return &unknown;
  }
}

ConstVal *const_shift(Tok op, ConstVal *x, unsigned n) {
  if (x->rep != REP_INT)
    return &unknown;
  if (op == TOK_SHL && mpz_sgn(x->z) && n + mpz_sizeinbase(x->z, 2) > MAX_INT_BITS)
    return &unknown;
  mpz_t z;
  mpz_init(z);
  if (op == TOK_SHL)
    mpz_mul_2exp(z, x->z, mpz_sgn(x->z) ? n : 0);
  else
    mpz_fdiv_q_2exp(z, x->z, n); // rounds down, as >> of negative numbers does
  return const_take_mpz(z);
}

// ---- comparison

static bool holds(Tok op, int c) {
  switch (op) {
  case TOK_EQL: return c == 0;
  case TOK_NEQ: return c != 0;
  case TOK_LSS: return c < 0;
  case TOK_LEQ: return c <= 0;
  case TOK_GTR: return c > 0;
  case TOK_GEQ: return c >= 0;
  default: return false;
  }
}

static int compare_strings(const ConstVal *x, const ConstVal *y) {
  int c = memcmp(x->s, y->s, x->len < y->len ? x->len : y->len);
  return c ? c : x->len < y->len ? -1 : x->len > y->len;
}

bool const_compare(Tok op, ConstVal *x, ConstVal *y) {
  if (x->kind == CONST_UNKNOWN || y->kind == CONST_UNKNOWN)
    return false;
  if (x->kind == CONST_BOOL || y->kind == CONST_BOOL)
    return x->kind == y->kind && holds(op, x->b != y->b);
  if (x->kind == CONST_STRING || y->kind == CONST_STRING)
    return x->kind == y->kind && holds(op, compare_strings(x, y));
  match(&x, &y);
  switch (x->rep) {
  case REP_INT: return holds(op, mpz_cmp(x->z, y->z));
  case REP_RAT: return holds(op, mpq_cmp(x->q, y->q));
  case REP_FLOAT: return holds(op, bf_cmp(&x->f, &y->f));
  default: {
    bool same = const_compare(TOK_EQL, x->re, y->re) && const_compare(TOK_EQL, x->im, y->im);
    return holds(op, !same);
  }
  }
}
