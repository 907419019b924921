// complex.c: division of complex128. Smith's method (scale by the ratio of the divisor's parts);
// where that gives NaN, the results that C99's annex G asks for: a finite number by zero is
// infinite, by an infinite number zero.
#include "runtime/runtime.h"

typedef struct Complex128 {
  double re, im;
} Complex128;

Complex128 runtime_complex128div(double a, double b, double c, double d)
    ASMLABEL("runtime.complex128div");

static bool is_nan(double x) {
  return x != x;
}

static bool is_inf(double x) {
  return __builtin_fabs(x) == __builtin_inf();
}

static bool is_finite(double x) {
  return !is_nan(x - x);
}

// ±1 for an infinity, ±0 for others.
static double unit(double x) {
  return __builtin_copysign(is_inf(x) ? 1.0 : 0.0, x);
}

static Complex128 scaled(double s, double a, double b, double c, double d) {
  return (Complex128){s * (a * c + b * d), s * (b * c - a * d)};
}

static Complex128 special(Complex128 q, double a, double b, double c, double d) {
  double inf = __builtin_inf();
  if (c == 0 && d == 0 && !(is_nan(a) && is_nan(b)))
    return (Complex128){__builtin_copysign(inf, c) * a, __builtin_copysign(inf, c) * b};
  if ((is_inf(a) || is_inf(b)) && is_finite(c) && is_finite(d))
    return scaled(inf, unit(a), unit(b), c, d);
  if ((is_inf(c) || is_inf(d)) && is_finite(a) && is_finite(b))
    return scaled(0, a, b, unit(c), unit(d));
  return q;
}

Complex128 runtime_complex128div(double a, double b, double c, double d) {
#pragma clang fp contract(off)
  Complex128 q;
  if (__builtin_fabs(c) >= __builtin_fabs(d)) {
    double ratio = d / c, denom = c + ratio * d;
    q = (Complex128){(a + b * ratio) / denom, (b - a * ratio) / denom};
  } else {
    double ratio = c / d, denom = d + ratio * c;
    q = (Complex128){(a * ratio + b) / denom, (b * ratio - a) / denom};
  }
  return is_nan(q.re) || is_nan(q.im) ? special(q, a, b, c, d) : q;
}
