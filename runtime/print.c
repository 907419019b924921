// print.c: println and the texts of fatal errors, to standard error, without allocation. Between
// printlock and printunlock the text is gathered, so that one println is one write.
#include "runtime/sched.h"
#include <string.h>
#include <unistd.h>

static struct {
  Lock l;
  M *_Atomic owner;
  int32_t depth;
  int32_t n;
  char buf[1024];
  uint8_t *capture; // not NULL: the text goes there, not to standard error
  intgo captured, capturecap;
} pr;
int32_t print_fd = 2;

void print_lock(void) {
  acquirem();
  M *m = getm();
  if (m && pr.owner == m) {
    pr.depth++;
    return;
  }
  lock(&pr.l);
  pr.owner = m;
  pr.depth = 1;
}

// Until print_capture_end all text of this M goes to p[0:n], cut off there. The print lock is held
// meanwhile.
void print_capture(uint8_t *p, intgo n) {
  print_lock();
  print_flush();
  pr.capture = p;
  pr.captured = 0;
  pr.capturecap = n;
}

intgo print_capture_end(void) {
  print_flush();
  pr.capture = NULL;
  print_unlock();
  return pr.captured;
}

void print_flush(void) {
  char *p = pr.buf;
  if (pr.capture) {
    intgo k = pr.capturecap - pr.captured;
    if (k > pr.n)
      k = pr.n;
    memmove(pr.capture + pr.captured, p, (size_t)k);
    pr.captured += k;
    pr.n = 0;
    return;
  }
  while (pr.n > 0) {
    ssize_t k = write(print_fd, p, (size_t)pr.n);
    if (k <= 0)
      break;
    p += k;
    pr.n -= (int32_t)k;
  }
  pr.n = 0;
}

void print_force_lock(void) {
  acquirem();
  M *m = getm();
  if (m && pr.owner == m) {
    pr.depth++;
    return;
  }
  for (int i = 0; i < 1000 && pr.l.v; i++)
    procyield(1000);
  pr.owner = m;
  pr.depth = 1;
}

void print_unlock(void) {
  if (--pr.depth == 0) {
    print_flush();
    pr.owner = NULL;
    unlock(&pr.l);
  }
  releasem();
}

void print_strn(const uint8_t *p, intgo n) {
  print_lock();
  while (n > 0) {
    if (pr.n == (int32_t)sizeof pr.buf)
      print_flush();
    intgo k = (intgo)sizeof pr.buf - pr.n;
    if (k > n)
      k = n;
    memmove(pr.buf + pr.n, p, (size_t)k);
    pr.n += (int32_t)k;
    p += k;
    n -= k;
  }
  print_unlock();
}

void print_str(const char *s) {
  print_strn((const uint8_t *)s, (intgo)strlen(s));
}

static void print_base(uint64_t v, unsigned base) {
  uint8_t b[66];
  int i = (int)sizeof b;
  do
    b[--i] = (uint8_t)"0123456789abcdef"[v % base];
  while (v /= base);
  if (base == 16)
    b[--i] = 'x', b[--i] = '0';
  print_strn(b + i, (intgo)sizeof b - i);
}

void print_uint(uint64_t v) {
  print_base(v, 10);
}

void print_int(int64_t v) {
  print_lock();
  if (v < 0)
    print_str("-");
  print_uint(v < 0 ? -(uint64_t)v : (uint64_t)v);
  print_unlock();
}

void print_hex(uint64_t v) {
  print_base(v, 16);
}

// Seven digits and a three-digit exponent, as Go prints floats without a format: +1.500000e+000.
static void print_float(double v) {
  if (v != v) {
    print_str("NaN");
    return;
  }
  if (v > 1.7976931348623157e308 || v < -1.7976931348623157e308) {
    print_str(v > 0 ? "+Inf" : "-Inf");
    return;
  }
  enum { DIGITS = 7 };
  uint8_t b[DIGITS + 7];
  b[0] = '+';
  int e = 0;
  if (v == 0) {
    if (1 / v < 0)
      b[0] = '-';
  } else {
    if (v < 0)
      v = -v, b[0] = '-';
    while (v >= 10)
      e++, v /= 10;
    while (v < 1)
      e--, v *= 10;
    double h = 5;
    for (int i = 0; i < DIGITS; i++)
      h /= 10;
    v += h;
    if (v >= 10)
      e++, v /= 10;
  }
  for (int i = 0; i < DIGITS; i++) {
    int d = (int)v;
    b[i + 2] = (uint8_t)(d + '0');
    v = (v - d) * 10;
  }
  b[1] = b[2];
  b[2] = '.';
  b[DIGITS + 2] = 'e';
  b[DIGITS + 3] = e < 0 ? '-' : '+';
  if (e < 0)
    e = -e;
  b[DIGITS + 4] = (uint8_t)(e / 100 + '0');
  b[DIGITS + 5] = (uint8_t)(e / 10 % 10 + '0');
  b[DIGITS + 6] = (uint8_t)(e % 10 + '0');
  print_strn(b, DIGITS + 7);
}

// ---- the functions of runtime.def
void runtime_printlock(void);
void runtime_printlock(void) {
  print_lock();
}

void runtime_printunlock(void);
void runtime_printunlock(void) {
  print_unlock();
}

void runtime_printbool(uint64_t v);
void runtime_printbool(uint64_t v) {
  print_str(v & 1 ? "true" : "false");
}

void runtime_printint(int64_t v);
void runtime_printint(int64_t v) {
  print_int(v);
}

void runtime_printuint(uint64_t v);
void runtime_printuint(uint64_t v) {
  print_uint(v);
}

void runtime_printhex(uint64_t v);
void runtime_printhex(uint64_t v) {
  print_hex(v);
}

static double bits_float(uint64_t bits) {
  double v;
  memmove(&v, &bits, 8);
  return v;
}

void runtime_printfloat(uint64_t bits);
void runtime_printfloat(uint64_t bits) {
  print_float(bits_float(bits));
}

void runtime_printcomplex(uint64_t re, uint64_t im);
void runtime_printcomplex(uint64_t re, uint64_t im) {
  print_str("(");
  print_float(bits_float(re));
  print_float(bits_float(im));
  print_str("i)");
}

void runtime_printstring(const uint8_t *p, intgo n);
void runtime_printstring(const uint8_t *p, intgo n) {
  print_strn(p, n);
}

void runtime_printpointer(void *p);
void runtime_printpointer(void *p) {
  print_hex((uintptr_t)p);
}

void runtime_printslice(void *p, intgo len, intgo cap);
void runtime_printslice(void *p, intgo len, intgo cap) {
  print_str("[");
  print_int(len);
  print_str("/");
  print_int(cap);
  print_str("]");
  print_hex((uintptr_t)p);
}

void runtime_printeface(void *t, void *d);
void runtime_printeface(void *t, void *d) {
  print_str("(");
  print_hex((uintptr_t)t);
  print_str(",");
  print_hex((uintptr_t)d);
  print_str(")");
}

void runtime_printsp(void);
void runtime_printsp(void) {
  print_str(" ");
}

void runtime_printnl(void);
void runtime_printnl(void) {
  print_str("\n");
}

// ---- types and values, as a panic names them
static uintptr_t name_len(const uint8_t *name, const uint8_t **text) {
  uintptr_t n = 0;
  int i = 1, shift = 0;
  for (;; i++, shift += 7) {
    n |= (uintptr_t)(name[i] & 0x7f) << shift;
    if (!(name[i] & 0x80))
      break;
  }
  *text = name + i + 1;
  return n;
}

String type_string(RType *t) {
  const uint8_t *text;
  if (!t)
    return mkstring("nil");
  if (t->str == 0)
    return mkstring("?");
  const uint8_t *name = (const uint8_t *)(uintptr_t)(uint32_t)t->str;
  if (t->str < 0) {
    extern void *reflect_off(int32_t off) WEAK; // names that reflect made (iface.c)
    if (!reflect_off)
      return mkstring("?");
    name = reflect_off(t->str);
  }
  uintptr_t n = name_len(name, &text);
  if (t->tflag & TFLAG_EXTRASTAR)
    text++, n--;
  return (String){text, (intgo)n};
}

void print_indented(String s) {
  for (intgo i = 0, from = 0; i <= s.len; i++) {
    if (i < s.len && s.ptr[i] != '\n')
      continue;
    print_strn(s.ptr + from, i - from + (i < s.len));
    if (i < s.len)
      print_str("\t");
    from = i + 1;
  }
}

static bool print_basic(RType *t, void *data) {
  switch ((Kind)(t->kind & KIND_MASK)) {
  case KIND_BOOL: print_str(*(uint8_t *)data ? "true" : "false"); return true;
  case KIND_INT:
  case KIND_INT64: print_int(*(int64_t *)data); return true;
  case KIND_INT8: print_int(*(int8_t *)data); return true;
  case KIND_INT16: print_int(*(int16_t *)data); return true;
  case KIND_INT32: print_int(*(int32_t *)data); return true;
  case KIND_UINT:
  case KIND_UINTPTR:
  case KIND_UINT64: print_uint(*(uint64_t *)data); return true;
  case KIND_UINT8: print_uint(*(uint8_t *)data); return true;
  case KIND_UINT16: print_uint(*(uint16_t *)data); return true;
  case KIND_UINT32: print_uint(*(uint32_t *)data); return true;
  case KIND_FLOAT32: print_float((double)*(float *)data); return true;
  case KIND_FLOAT64: print_float(*(double *)data); return true;
  case KIND_COMPLEX64: {
    float *f = data;
    print_str("(");
    print_float((double)f[0]);
    print_float((double)f[1]);
    print_str("i)");
    return true;
  }
  case KIND_COMPLEX128:
    runtime_printcomplex(((uint64_t *)data)[0], ((uint64_t *)data)[1]);
    return true;
  case KIND_STRING: print_indented(*(String *)data); return true;
  default: return false;
  }
}

void print_eface_value(RType *t, void *data) {
  print_lock();
  if (!t) {
    print_str("nil");
    print_unlock();
    return;
  }
  String s = type_string(t);
  int k = t->kind & KIND_MASK;
  bool basic = (k >= KIND_BOOL && k <= KIND_COMPLEX128) || k == KIND_STRING;
  if (basic && !(t->tflag & TFLAG_NAMED && memchr(s.ptr, '.', (size_t)s.len))) {
    print_basic(t, data);
  } else if (basic) {
    print_strn(s.ptr, s.len);
    bool complex = k == KIND_COMPLEX64 || k == KIND_COMPLEX128; // has its own parentheses
    print_str(k == KIND_STRING ? "(\"" : complex ? "" : "(");
    print_basic(t, data);
    print_str(k == KIND_STRING ? "\")" : complex ? "" : ")");
  } else {
    print_str("(");
    print_strn(s.ptr, s.len);
    print_str(") ");
    print_hex((uintptr_t)data);
  }
  print_unlock();
}

void throw(const char *s) {
  throw_exit(mkstring(s), false, CALLERPC(), CALLERFP());
}

void fatal(const char *s) {
  throw_exit(mkstring(s), true, CALLERPC(), CALLERFP());
}
