// constconv.c: constants from literals, to other kinds, to machine numbers, and as text.
//
// Machine floats are rounded once, to nearest even, from the exact value (to_ieee), denormals
// included.
#include "driver/types/constval.h"
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- literals

// The digits of text without '_' and, for IMAG, without the 'i'.
static void clean_number(Buf *b, const char *s, size_t n, bool imag) {
  if (imag && n)
    n--;
  for (size_t i = 0; i < n; i++)
    if (s[i] != '_')
      buf_putc(b, s[i]);
  buf_str(b);
}

static int literal_base(const char **s) {
  if ((*s)[0] != '0' || !(*s)[1])
    return 10;
  int base = 8, skip = 1;
  switch ((*s)[1] | 0x20) {
  case 'x': base = 16; break;
  case 'b': base = 2; break;
  case 'o': break;
  default: skip = 0; break;
  }
  *s += skip ? 2 : 1;
  return base;
}

static ConstVal *int_literal(const char *s) {
  mpz_t z;
  int base = literal_base(&s);
  if (mpz_init_set_str(z, s, base) != 0) {
    mpz_clear(z);
    return const_unknown();
  }
  return const_take_mpz(z);
}

// 5^n to 2 * PREC bits.
static BigFloat pow5(unsigned long n) {
  BigFloat r = {.exp = 0};
  mpz_init_set_ui(r.m, 1);
  for (int bit = 63 - __builtin_clzl(n | 1); bit >= 0; bit--) {
    mpz_mul(r.m, r.m, r.m);
    r.exp *= 2;
    if (n >> bit & 1)
      mpz_mul_ui(r.m, r.m, 5);
    size_t bits = mpz_sizeinbase(r.m, 2);
    if (bits > 2 * PREC) {
      mpz_tdiv_q_2exp(r.m, r.m, bits - 2 * PREC);
      r.exp += (long)(bits - 2 * PREC);
    }
  }
  return r;
}

// m * 10^e10 * 2^e2 as an exact rational; the exponents are small.
static ConstVal *exact_literal(const mpz_t m, long e10, long e2) {
  mpq_t q;
  mpz_t p;
  mpq_init(q);
  mpz_init(p);
  mpz_set(mpq_numref(q), m);
  mpz_ui_pow_ui(p, 10, (unsigned long)labs(e10));
  mpz_ptr part = e10 < 0 ? mpq_denref(q) : mpq_numref(q);
  mpz_mul(part, part, p);
  part = e2 < 0 ? mpq_denref(q) : mpq_numref(q);
  mpz_mul_2exp(part, part, (mp_bitcnt_t)labs(e2));
  mpz_clear(p);
  mpq_canonicalize(q);
  return const_take_mpq(q);
}

// The same where the exponents are large: 10^n is 5^n * 2^n.
static ConstVal *large_literal(const mpz_t m, long e10, long e2) {
  BigFloat x, r, p = pow5((unsigned long)labs(e10));
  mpz_init_set(x.m, m);
  x.exp = e2 + e10;
  if (e10 < 0)
    bf_div(&r, &x, &p);
  else
    bf_mul(&r, &x, &p);
  mpz_clear(x.m);
  mpz_clear(p.m);
  return const_take_float(r);
}

// Digits of s up to the exponent into m; *scale counts those behind the point. Gives the exponent's
// place.
static const char *mantissa(const char *s, int base, Buf *digits, long *scale) {
  bool point = false;
  *scale = 0;
  for (; *s; s++) {
    if (*s == '.') {
      point = true;
      continue;
    }
    if ((base == 10 && (*s | 0x20) == 'e') || (*s | 0x20) == 'p')
      break;
    buf_putc(digits, *s);
    *scale += point;
  }
  return s;
}

static ConstVal *float_literal(const char *s) {
  int base = 10;
  if (s[0] == '0' && strchr("xXbBoO", s[1]) && s[1]) {
    base = (s[1] | 0x20) == 'x' ? 16 : 0;
    if (base == 0) // 0b1i, 0o7i
      return const_to_float(int_literal(s));
    s += 2;
  }
  Buf digits = {0};
  long scale, e10 = 0, e2 = 0;
  const char *e = mantissa(s, base, &digits, &scale);
  long exp = *e ? strtol(e + 1, NULL, 10) : 0;
  if (labs(exp) > 1L << 40 || exp == LONG_MIN)
    exp = exp < 0 ? -(1L << 40) : 1L << 40;
  if (base == 16)
    e2 = exp - 4 * scale;
  else
    e10 = exp - scale;
  mpz_t m;
  bool ok = mpz_init_set_str(m, digits.len ? digits.data : "0", base) == 0;
  buf_free(&digits);
  ConstVal *v = const_unknown();
  if (ok && mpz_sgn(m) == 0) {
    v = exact_literal(m, 0, 0);
  } else if (ok) {
    // An exponent of 2 beyond 32 bits is malformed, as in gc; a value beyond that by its exponent
    // of 10 alone is zero or unknown.
    double exp2 = (double)mpz_sizeinbase(m, 2) + (double)e10 + (double)e2;
    double top = (double)mpz_sizeinbase(m, 2) + (double)e10 * 3.32192809488736235 + (double)e2;
    if (exp2 < INT32_MIN || exp2 > INT32_MAX)
      v = const_unknown();
    else if (fabs(top) < SMALL)
      v = exact_literal(m, e10, e2);
    else if (top < INT32_MIN - 64.0)
      mpz_set_ui(m, 0), v = exact_literal(m, 0, 0);
    else if (top < INT32_MAX + 64.0)
      v = large_literal(m, e10, e2);
  }
  mpz_clear(m);
  return v;
}

static ConstVal *quoted_literal(Tok tok, const char *text, size_t n) {
  Expr lit = {.kind = EXPR_LIT};
  lit.lit.tok = tok;
  lit.lit.text = text;
  lit.lit.len = n;
  if (tok == TOK_CHAR)
    return const_int((int64_t)lit_rune(&lit));
  Buf b = {0};
  lit_string(&b, &lit);
  ConstVal *v = const_string(buf_str(&b), b.len);
  buf_free(&b);
  return v;
}

ConstVal *const_from_literal(Tok tok, const char *text, size_t n) {
  if (tok == TOK_CHAR || tok == TOK_STRING)
    return quoted_literal(tok, text, n);
  Buf b = {0};
  clean_number(&b, text, n, tok == TOK_IMAG);
  ConstVal *v = const_unknown();
  if (tok == TOK_INT)
    v = int_literal(buf_str(&b));
  else if (tok == TOK_FLOAT)
    v = float_literal(buf_str(&b));
  else if (tok == TOK_IMAG)
    v = const_complex_parts(const_int(0), float_literal(buf_str(&b)));
  buf_free(&b);
  return v;
}

// ---- other kinds

static bool small_float(const BigFloat *f) {
  long top = mpz_sgn(f->m) ? f->exp + (long)mpz_sizeinbase(f->m, 2) : 0;
  return -SMALL < top && top < SMALL;
}

// m * 2^exp if that is an integer.
static bool float_integer(mpz_t z, const mpz_t m, long exp) {
  if (exp >= 0) {
    mpz_mul_2exp(z, m, (mp_bitcnt_t)exp);
    return true;
  }
  if (mpz_sgn(m) != 0 && mpz_scan1(m, 0) < (mp_bitcnt_t)-exp)
    return false;
  mpz_tdiv_q_2exp(z, m, (mp_bitcnt_t)-exp);
  return true;
}

// A float that is an integer but for its last four bits counts as one: they are rounding errors.
static ConstVal *float_to_int(const BigFloat *f) {
  enum { DELTA = 4 };
  if (!small_float(f))
    return const_unknown();
  mpz_t z, m;
  mpz_init(z);
  mpz_init(m);
  bool ok = float_integer(z, f->m, f->exp);
  size_t bits = mpz_sizeinbase(f->m, 2);
  for (int up = 0; up < 2 && !ok && bits > PREC - DELTA; up++) {
    mp_bitcnt_t drop = bits - (PREC - DELTA);
    mpz_tdiv_q_2exp(m, f->m, drop);
    if (up && mpz_sgn(m) > 0)
      mpz_add_ui(m, m, 1);
    else if (up)
      mpz_sub_ui(m, m, 1);
    ok = float_integer(z, m, f->exp + (long)drop);
  }
  mpz_clear(m);
  if (ok)
    return const_take_mpz(z);
  mpz_clear(z);
  return const_unknown();
}

ConstVal *const_to_int(ConstVal *v) {
  switch (v->rep) {
  case REP_INT: return v;
  case REP_RAT: {
    if (mpz_cmp_ui(mpq_denref(v->q), 1) != 0)
      return const_unknown();
    mpz_t z;
    mpz_init_set(z, mpq_numref(v->q));
    return const_take_mpz(z);
  }
  case REP_FLOAT: return float_to_int(&v->f);
  case REP_COMPLEX: return const_sign(v->im) == 0 ? const_to_int(v->re) : const_unknown();
  case REP_NONE: break;
  }
  return const_unknown();
}

static ConstVal *int_to_float(ConstVal *v) {
  if (mpz_sizeinbase(v->z, 2) < SMALL) {
    mpq_t q;
    mpq_init(q);
    mpq_set_z(q, v->z);
    return const_take_mpq(q);
  }
  BigFloat f;
  bf_from_mpz(&f, v->z);
  return const_take_float(f);
}

ConstVal *const_to_float(ConstVal *v) {
  switch (v->rep) {
  case REP_INT: return int_to_float(v);
  case REP_RAT:
  case REP_FLOAT: return v;
  case REP_COMPLEX: return const_sign(v->im) == 0 ? const_to_float(v->re) : const_unknown();
  case REP_NONE: break;
  }
  return const_unknown();
}

ConstVal *const_to_complex(ConstVal *v) {
  if (v->rep == REP_NONE || v->rep == REP_COMPLEX)
    return v->rep == REP_NONE ? const_unknown() : v;
  return const_complex_parts(v, const_int(0));
}

// ---- machine numbers

bool const_int64(const ConstVal *v, int64_t *out) {
  if (v->rep == REP_RAT || v->rep == REP_FLOAT || v->rep == REP_COMPLEX)
    v = const_to_int((ConstVal *)(uintptr_t)v);
  if (v->rep != REP_INT || !mpz_fits_slong_p(v->z))
    return false;
  *out = mpz_get_si(v->z);
  return true;
}

bool const_uint64(const ConstVal *v, uint64_t *out) {
  if (v->rep == REP_RAT || v->rep == REP_FLOAT || v->rep == REP_COMPLEX)
    v = const_to_int((ConstVal *)(uintptr_t)v);
  if (v->rep != REP_INT || !mpz_fits_ulong_p(v->z))
    return false;
  *out = mpz_get_ui(v->z);
  return true;
}

// Rounds |num / den| * 2^exp to a float of `mant` bits whose normal numbers begin at 2^emin;
// overflow gives infinity.
static double to_ieee(const mpz_t num, const mpz_t den, long exp, int mant, int emin) {
  if (mpz_sgn(num) == 0)
    return 0;
  mpz_t q, r;
  mpz_init(q);
  mpz_init(r);
  long shift = mant + 4 + (long)mpz_sizeinbase(den, 2) - (long)mpz_sizeinbase(num, 2);
  if (shift < 0)
    shift = 0;
  mpz_abs(q, num);
  mpz_mul_2exp(q, q, (mp_bitcnt_t)shift);
  mpz_tdiv_qr(q, r, q, den);
  exp -= shift;
  long top = exp + (long)mpz_sizeinbase(q, 2) - 1; // value in [2^top, 2^(top+1))
  long keep = top < emin ? mant - (emin - top) : mant;
  long drop = (long)mpz_sizeinbase(q, 2) - keep;
  double d = 0;
  if (keep >= 0 && top < 2000) {
    bool half = mpz_tstbit(q, (mp_bitcnt_t)drop - 1);
    bool sticky = mpz_sgn(r) != 0 || mpz_scan1(q, 0) < (mp_bitcnt_t)drop - 1;
    mpz_tdiv_q_2exp(q, q, (mp_bitcnt_t)drop);
    if (half && (sticky || mpz_odd_p(q)))
      mpz_add_ui(q, q, 1);
    d = ldexp(mpz_get_d(q), (int)(exp + drop));
  } else if (top >= 2000) {
    d = HUGE_VAL;
  }
  mpz_clear(q);
  mpz_clear(r);
  return mpz_sgn(num) < 0 ? -d : d;
}

static double to_machine(const ConstVal *v, int mant, int emin) {
  mpz_t one;
  double d = 0;
  mpz_init_set_ui(one, 1);
  switch (v->rep) {
  case REP_INT: d = to_ieee(v->z, one, 0, mant, emin); break;
  case REP_RAT: d = to_ieee(mpq_numref(v->q), mpq_denref(v->q), 0, mant, emin); break;
  case REP_FLOAT: d = to_ieee(v->f.m, one, v->f.exp, mant, emin); break;
  case REP_COMPLEX: d = to_machine(v->re, mant, emin); break;
  case REP_NONE: break;
  }
  mpz_clear(one);
  return d;
}

double const_todouble(const ConstVal *v) {
  return to_machine(v, 53, -1022);
}
float const_tofloat(const ConstVal *v) {
  return (float)to_machine(v, 24, -126);
}

void const_tocomplex(const ConstVal *v, double *re, double *im) {
  *re = const_todouble(v);
  *im = v->rep == REP_COMPLEX ? const_todouble(v->im) : 0;
}

// ---- representability

static bool int_fits(const ConstVal *v, TypeKind k) {
  int bits = (int)type_size(t_basic[k]) * 8;
  if (k == TYPE_UNTYPED_INT || k == TYPE_UNTYPED_RUNE)
    return true;
  if (is_unsigned(t_basic[k]))
    return mpz_sgn(v->z) >= 0 && const_bitlen(v) <= bits;
  if (const_bitlen(v) < bits)
    return true;
  return const_bitlen(v) == bits && mpz_sgn(v->z) < 0 &&
         mpz_scan1(v->z, 0) == (mp_bitcnt_t)bits - 1;
}

// Rounds to float32 or float64; NULL on overflow.
static ConstVal *round_float(ConstVal *v, bool single) {
  double d = single ? (double)const_tofloat(v) : const_todouble(v);
  return isinf(d) ? NULL : const_double(d);
}

static bool float_representable(ConstVal *v, TypeKind k, ConstVal **rounded) {
  v = const_to_float(v);
  if (v->kind != CONST_FLOAT)
    return false;
  ConstVal *r = k == TYPE_UNTYPED_FLOAT ? v : round_float(v, k == TYPE_FLOAT32);
  if (r && rounded)
    *rounded = r;
  return r != NULL;
}

static bool complex_representable(ConstVal *v, TypeKind k, ConstVal **rounded) {
  v = const_to_complex(v);
  if (v->kind != CONST_COMPLEX)
    return false;
  if (k == TYPE_UNTYPED_COMPLEX) {
    if (rounded)
      *rounded = v;
    return true;
  }
  ConstVal *re = round_float(v->re, k == TYPE_COMPLEX64),
           *im = round_float(v->im, k == TYPE_COMPLEX64);
  if (!re || !im)
    return false;
  if (rounded)
    *rounded = const_complex_parts(re, im);
  return true;
}

bool const_representable(ConstVal *v, Type *t, ConstVal **rounded) {
  t = under(t);
  if (v->kind == CONST_UNKNOWN)
    return true;
  if (is_integer(t)) {
    v = const_to_int(v);
    if (v->kind != CONST_INT)
      return false;
    if (rounded) // as gc, whose messages then show the integer
      *rounded = v;
    return int_fits(v, t->kind);
  }
  if (is_float(t))
    return float_representable(v, t->kind, rounded);
  if (is_complex(t))
    return complex_representable(v, t->kind, rounded);
  if ((is_string(t) && v->kind == CONST_STRING) || (is_boolean(t) && v->kind == CONST_BOOL)) {
    if (rounded)
      *rounded = v;
    return true;
  }
  return false;
}

// ---- text

static void write_mpz(Buf *b, const mpz_t z) {
  char *s = mpz_get_str(NULL, 10, z);
  buf_puts(b, s);
  free(s);
}

// The shortest text that reads back as d, as Go's %g.
static void write_shortest(Buf *b, double d) {
  char s[64];
  for (int prec = 1; prec <= 17; prec++) {
    snprintf(s, sizeof s, "%.*g", prec, d);
    if (strtod(s, NULL) == d)
      break;
  }
  buf_puts(b, s);
}

// A float far outside float64: mantissa and decimal exponent by logarithms.
static void write_huge(Buf *b, const BigFloat *f) {
  long exp;
  double m = mpz_get_d_2exp(&exp, f->m); // 0.5 <= |m| < 1
  double d = (double)(exp + f->exp) * (M_LN2 / M_LN10);
  int64_t e = (int64_t)d;
  m *= pow(10, d - (double)e);
  if (fabs(m) < 1 - 0.5e-6) {
    m *= 10;
    e--;
  } else if (fabs(m) >= 10) {
    m /= 10;
    e++;
  }
  buf_printf(b, "%.6ge%+lld", m, (long long)e);
}

static void write_float(Buf *b, const ConstVal *v) {
  double d = const_todouble(v);
  if ((const_sign(v) == 0) == (d == 0) && !isinf(d)) {
    char s[64];
    snprintf(s, sizeof s, "%.6g", d);
    bool integer = const_to_int((ConstVal *)(uintptr_t)v)->kind == CONST_INT;
    if (!integer && !strchr(s, '.'))
      write_shortest(b, d);
    else
      buf_puts(b, s);
    return;
  }
  BigFloat f = v->f;
  if (v->rep == REP_RAT)
    bf_from_mpq(&f, v->q);
  write_huge(b, &f);
}

// Quoted, at most 72 characters.
static void write_string(Buf *b, const ConstVal *v) {
  enum { MAX = 72 };
  Buf q = {0};
  buf_quote(&q, v->s, v->len);
  size_t runes = 0, cut = 0;
  for (size_t i = 0; i < q.len; i++)
    if (((unsigned char)q.data[i] & 0xc0) != 0x80 && runes++ == MAX - 3)
      cut = i;
  if (runes > MAX) {
    buf_write(b, q.data, cut);
    buf_puts(b, "...");
  } else {
    buf_write(b, q.data, q.len);
  }
  buf_free(&q);
}

static void write_const(Buf *b, const ConstVal *v) {
  switch (v->kind) {
  case CONST_UNKNOWN: buf_puts(b, "unknown"); break;
  case CONST_BOOL: buf_puts(b, v->b ? "true" : "false"); break;
  case CONST_STRING: write_string(b, v); break;
  case CONST_INT: write_mpz(b, v->z); break;
  case CONST_FLOAT: write_float(b, v); break;
  case CONST_COMPLEX:
    buf_putc(b, '(');
    write_const(b, v->re);
    buf_puts(b, " + ");
    write_const(b, v->im);
    buf_puts(b, "i)");
    break;
  }
}

static void write_exact(Buf *b, const ConstVal *v) {
  switch (v->rep) {
  case REP_RAT:
    write_mpz(b, mpq_numref(v->q));
    if (mpz_cmp_ui(mpq_denref(v->q), 1) != 0) {
      buf_putc(b, '/');
      write_mpz(b, mpq_denref(v->q));
    }
    break;
  case REP_FLOAT:
    write_mpz(b, v->f.m);
    buf_printf(b, "p%ld", v->f.exp);
    break;
  case REP_COMPLEX:
    buf_putc(b, '(');
    write_exact(b, v->re);
    buf_puts(b, " + ");
    write_exact(b, v->im);
    buf_puts(b, "i)");
    break;
  default:
    if (v->kind == CONST_STRING)
      buf_quote(b, v->s, v->len);
    else
      write_const(b, v);
    break;
  }
}

static const char *text_of(const ConstVal *v, void (*write)(Buf *, const ConstVal *)) {
  Buf b = {0};
  write(&b, v);
  Atom a = atom_n(buf_str(&b), b.len);
  buf_free(&b);
  return a;
}

const char *const_str(const ConstVal *v) {
  return text_of(v, write_const);
}
const char *const_exact(const ConstVal *v) {
  return text_of(v, write_exact);
}
