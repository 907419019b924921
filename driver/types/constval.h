// constval.h: how const.c and constconv.c represent constants; nobody else looks inside.
#ifndef GOC_TYPES_CONSTVAL_H
#define GOC_TYPES_CONSTVAL_H

#include "driver/types/check.h"
#include "driver/types/core.h"
#include <gmp.h>

#define PREC  512  // bits of a float's mantissa
#define SMALL 4096 // bits of numerator and denominator up to which floats are rationals
#define MAX_INT_BITS                                                                               \
  (1 << 17) // integers beyond this are unknown (a literal of 10,000 digits has 40,000 bits)

#define MAX_STRING ((size_t)1 << 28) // bytes; longer strings are unknown

// m * 2^exp; 0 has exp 0.
typedef struct BigFloat {
  mpz_t m;
  long exp;
} BigFloat;

typedef enum Rep {
  REP_NONE,
  REP_INT,
  REP_RAT,
  REP_FLOAT,
  REP_COMPLEX
} Rep; // ordered: operands are lifted to the greater

struct ConstVal {
  ConstKind kind;
  Rep rep; // CONST_FLOAT: REP_RAT or REP_FLOAT
  union {
    bool b;
    struct {
      const char *s;
      size_t len;
    };
    mpz_t z;
    mpq_t q;
    BigFloat f;
    struct {
      ConstVal *re, *im; // CONST_INT or CONST_FLOAT
    };
  };
};

ConstVal *const_unknown(void);
ConstVal *const_take_mpz(mpz_t z);
ConstVal *const_take_mpq(mpq_t q);
ConstVal *const_take_float(BigFloat f);
ConstVal *const_complex_parts(ConstVal *re, ConstVal *im);

void bf_round(BigFloat *f); // to PREC bits, to nearest, ties to even
void bf_from_mpz(BigFloat *f, const mpz_t z);
void bf_from_mpq(BigFloat *f, const mpq_t q);
void bf_mul(BigFloat *r, const BigFloat *x, const BigFloat *y); // these initialise r
void bf_div(BigFloat *r, const BigFloat *x, const BigFloat *y);
void bf_add(BigFloat *r, const BigFloat *x, const BigFloat *y, bool minus);
int bf_cmp(const BigFloat *x, const BigFloat *y);

#endif
