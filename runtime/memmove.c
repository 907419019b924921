// memmove.c: memory copies, fills and comparisons on whole words: an aligned 8-byte word is never
// stored in pieces when address and size are multiples of 8, so that a collector that looks
// meanwhile sees whole pointers. LLVM's library calls end here too.
#include "runtime/internal.h"
#include <emmintrin.h>

typedef uint64_t __attribute__((aligned(1), may_alias)) u64u;
typedef uint32_t __attribute__((aligned(1), may_alias)) u32u;
typedef uint16_t __attribute__((aligned(1), may_alias)) u16u;

static inline __m128i ld(const uint8_t *p) {
  return _mm_loadu_si128((const __m128i *)p);
}
static inline void st(uint8_t *p, __m128i v) {
  _mm_storeu_si128((__m128i *)p, v);
}

static inline void copy_small(uint8_t *d, const uint8_t *s, size_t n) { // n <= 16
  if (n >= 8) {
    uint64_t a = *(const u64u *)s, b = *(const u64u *)(s + n - 8);
    *(u64u *)d = a;
    *(u64u *)(d + n - 8) = b;
  } else if (n >= 4) {
    uint32_t a = *(const u32u *)s, b = *(const u32u *)(s + n - 4);
    *(u32u *)d = a;
    *(u32u *)(d + n - 4) = b;
  } else if (n >= 2) {
    uint16_t a = *(const u16u *)s, b = *(const u16u *)(s + n - 2);
    *(u16u *)d = a;
    *(u16u *)(d + n - 2) = b;
  } else if (n) {
    *d = *s;
  }
}

void *memmove(void *dst, const void *src, size_t n) {
  uint8_t *d = dst;
  const uint8_t *s = src;
  if (n <= 16) {
    copy_small(d, s, n);
    return dst;
  }
  if (n <= 32) {
    __m128i a = ld(s), b = ld(s + n - 16);
    st(d, a);
    st(d + n - 16, b);
    return dst;
  }
  if (n <= 64) {
    __m128i a = ld(s), b = ld(s + 16), c = ld(s + n - 32), e = ld(s + n - 16);
    st(d, a);
    st(d + 16, b);
    st(d + n - 32, c);
    st(d + n - 16, e);
    return dst;
  }
  if ((uintptr_t)d - (uintptr_t)s >= n) { // forward is safe
    __m128i t0 = ld(s + n - 64), t1 = ld(s + n - 48), t2 = ld(s + n - 32), t3 = ld(s + n - 16);
    uint8_t *end = d + n;
    for (; n > 64; n -= 64, s += 64, d += 64) {
      __m128i a = ld(s), b = ld(s + 16), c = ld(s + 32), e = ld(s + 48);
      st(d, a);
      st(d + 16, b);
      st(d + 32, c);
      st(d + 48, e);
    }
    st(end - 64, t0);
    st(end - 48, t1);
    st(end - 32, t2);
    st(end - 16, t3);
    return dst;
  }
  __m128i h0 = ld(s), h1 = ld(s + 16), h2 = ld(s + 32), h3 = ld(s + 48);
  for (; n > 64; n -= 64) {
    __m128i a = ld(s + n - 16), b = ld(s + n - 32), c = ld(s + n - 48), e = ld(s + n - 64);
    st(d + n - 16, a);
    st(d + n - 32, b);
    st(d + n - 48, c);
    st(d + n - 64, e);
  }
  st(d, h0);
  st(d + 16, h1);
  st(d + 32, h2);
  st(d + 48, h3);
  return dst;
}

void *memcpy(void *restrict dst, const void *restrict src, size_t n) {
  return memmove(dst, src, n);
}

void *memset(void *dst, int c, size_t n) {
  uint8_t *d = dst;
  uint64_t w = (uint8_t)c * 0x0101010101010101u;
  if (n < 16) {
    if (n >= 8) {
      *(u64u *)d = w;
      *(u64u *)(d + n - 8) = w;
    } else if (n >= 4) {
      *(u32u *)d = (uint32_t)w;
      *(u32u *)(d + n - 4) = (uint32_t)w;
    } else {
      for (size_t i = 0; i < n; i++)
        d[i] = (uint8_t)c;
    }
    return dst;
  }
  __m128i v = _mm_set1_epi64x((long long)w);
  uint8_t *end = d + n;
  for (; n >= 64; n -= 64, d += 64) {
    st(d, v);
    st(d + 16, v);
    st(d + 32, v);
    st(d + 48, v);
  }
  for (; n >= 16; n -= 16, d += 16)
    st(d, v);
  st(end - 16, v);
  return dst;
}

int memcmp(const void *x, const void *y, size_t n) {
  const uint8_t *a = x, *b = y;
  for (; n >= 16; n -= 16, a += 16, b += 16) {
    unsigned m = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(ld(a), ld(b)));
    if (m != 0xffff) {
      int i = __builtin_ctz(~m);
      return a[i] < b[i] ? -1 : 1;
    }
  }
  if (n >= 8) {
    uint64_t p = *(const u64u *)a, q = *(const u64u *)b;
    if (p != q)
      return __builtin_bswap64(p) < __builtin_bswap64(q) ? -1 : 1;
    a += 8, b += 8, n -= 8;
  }
  for (; n; n--, a++, b++) {
    if (*a != *b)
      return *a < *b ? -1 : 1;
  }
  return 0;
}

int bcmp(const void *x, const void *y, size_t n);
int bcmp(const void *x, const void *y, size_t n) {
  return memcmp(x, y, n);
}

// Names that the vectoriser and the atomic idioms of LLVM may emit.
#define ELEMENTS(size)                                                                             \
  void __llvm_memcpy_element_unordered_atomic_##size(void *d, const void *s, size_t n);            \
  void __llvm_memcpy_element_unordered_atomic_##size(void *d, const void *s, size_t n) {           \
    memmove(d, s, n);                                                                              \
  }                                                                                                \
  void __llvm_memmove_element_unordered_atomic_##size(void *d, const void *s, size_t n);           \
  void __llvm_memmove_element_unordered_atomic_##size(void *d, const void *s, size_t n) {          \
    memmove(d, s, n);                                                                              \
  }                                                                                                \
  void __llvm_memset_element_unordered_atomic_##size(void *d, uint8_t c, size_t n);                \
  void __llvm_memset_element_unordered_atomic_##size(void *d, uint8_t c, size_t n) {               \
    memset(d, c, n);                                                                               \
  }
ELEMENTS(1)
ELEMENTS(2)
ELEMENTS(4)
ELEMENTS(8)
ELEMENTS(16)

// 128-bit division, which LLVM calls for i128: the quotient fits where Go uses it (math/bits), but
// all cases are served.
typedef unsigned __int128 u128;
typedef __int128 i128;
u128 __udivmodti4(u128 a, u128 b, u128 *rem);
u128 __udivti3(u128 a, u128 b);
u128 __umodti3(u128 a, u128 b);
i128 __divti3(i128 a, i128 b);
i128 __modti3(i128 a, i128 b);

static uint64_t div128by64(uint64_t hi, uint64_t lo, uint64_t d, uint64_t *r) { // hi < d
  uint64_t q;
  __asm__("divq %4" : "=a"(q), "=d"(*r) : "a"(lo), "d"(hi), "r"(d) : "cc");
  return q;
}

u128 __udivmodti4(u128 a, u128 b, u128 *rem) {
  uint64_t ah = (uint64_t)(a >> 64), al = (uint64_t)a, bh = (uint64_t)(b >> 64), bl = (uint64_t)b,
           r;
  if (bh == 0) {
    uint64_t qh = ah / bl;
    uint64_t ql = div128by64(ah % bl, al, bl, &r);
    if (rem)
      *rem = r;
    return (u128)qh << 64 | ql;
  }
  u128 q = 0;
  int s = __builtin_clzll(bh) - (ah ? __builtin_clzll(ah) : 64);
  if (a < b || s < 0) {
    if (rem)
      *rem = a;
    return 0;
  }
  b <<= s;
  for (; s >= 0; s--, b >>= 1) {
    q <<= 1;
    if (a >= b) {
      a -= b;
      q |= 1;
    }
  }
  if (rem)
    *rem = a;
  return q;
}

u128 __udivti3(u128 a, u128 b) {
  return __udivmodti4(a, b, NULL);
}

u128 __umodti3(u128 a, u128 b) {
  u128 r;
  __udivmodti4(a, b, &r);
  return r;
}

i128 __divti3(i128 a, i128 b) {
  u128 q = __udivmodti4(a < 0 ? -(u128)a : (u128)a, b < 0 ? -(u128)b : (u128)b, NULL);
  return (a < 0) != (b < 0) ? (i128)-q : (i128)q;
}

i128 __modti3(i128 a, i128 b) {
  u128 r;
  __udivmodti4(a < 0 ? -(u128)a : (u128)a, b < 0 ? -(u128)b : (u128)b, &r);
  return a < 0 ? (i128)-r : (i128)r;
}
