// bytes.c: leaf functions on bytes: hashing, equality, comparison, runes, searching, in SSE2 where
// it pays.
//
// The hash folds 128-bit products of the input with secret odd numbers, 16 bytes a step, as the
// wyhash family does.
#include "runtime/bytes.h"

#include <emmintrin.h>

uint64_t hashkey[4] = {0x9e3779b97f4a7c15u, 0xbf58476d1ce4e5b9u, 0x94d049bb133111ebu,
                       0xd6e8feb86659fd93u};

static inline uint64_t r8(const uint8_t *p) {
  return *(const U64u *)p;
}
static inline uint64_t r4(const uint8_t *p) {
  return *(const U32u *)p;
}
static inline __m128i r16(const uint8_t *p) {
  return _mm_loadu_si128((const __m128i *)p);
}

uintptr_t memhash(const void *ptr, uintptr_t seed, uintptr_t n) {
  const uint8_t *p = ptr;
  uint64_t h = seed ^ hashkey[0] ^ n;
  if (n == 8)
    return hash64(r8(p), seed);
  if (n == 4)
    return hash32((uint32_t)r4(p), seed);
  if (n < 4) {
    uint64_t v = n ? (uint64_t)p[0] | (uint64_t)p[n / 2] << 8 | (uint64_t)p[n - 1] << 16 : 0;
    return hash_mix(v ^ hashkey[1], h | 1);
  }
  if (n <= 8)
    return hash_mix((r4(p) | r4(p + n - 4) << 32) ^ hashkey[1], hash_mix(h, hashkey[2]) | 1);
  const uint8_t *end = p + n;
  for (; end - p > 16; p += 16)
    h = hash_mix(r8(p) ^ hashkey[1], r8(p + 8) ^ h);
  uint64_t a, b;
  if (n >= 16) {
    a = r8(end - 16);
    b = r8(end - 8);
  } else {
    a = r8(p);
    b = r8(end - 8);
  }
  h = hash_mix(a ^ hashkey[2], b ^ h);
  return hash_mix(h ^ hashkey[3], n | 1) ^ h;
}

uintptr_t strhash(const String *s, uintptr_t seed) {
  return memhash(s->ptr, seed, (uintptr_t)s->len);
}

static inline unsigned differ16(const uint8_t *p, const uint8_t *q) { // bit i: byte i differs
  return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(r16(p), r16(q))) ^ 0xffff;
}

intgo memequal(const void *a, const void *b, uintptr_t n) {
  const uint8_t *p = a, *q = b;
  if (p == q)
    return 1;
  if (n >= 16) {
    const uint8_t *last = p + n - 16, *qlast = q + n - 16;
    for (; p < last; p += 16, q += 16)
      if (differ16(p, q))
        return 0;
    return differ16(last, qlast) == 0;
  }
  if (n >= 8)
    return r8(p) == r8(q) && r8(p + n - 8) == r8(q + n - 8);
  if (n >= 4)
    return r4(p) == r4(q) && r4(p + n - 4) == r4(q + n - 4);
  if (n >= 2)
    return *(const U16u *)p == *(const U16u *)q && p[n - 1] == q[n - 1];
  return n == 0 || *p == *q;
}

intgo cmpstring(const uint8_t *p, intgo alen, const uint8_t *q, intgo blen) {
  intgo n = alen < blen ? alen : blen, i = 0;
  if (p != q) {
    for (; i + 16 <= n; i += 16) {
      unsigned d = differ16(p + i, q + i);
      if (d) {
        i += __builtin_ctz(d);
        return p[i] < q[i] ? -1 : 1;
      }
    }
    for (; i < n; i++)
      if (p[i] != q[i])
        return p[i] < q[i] ? -1 : 1;
  }
  return alen < blen ? -1 : alen > blen;
}

// The rune at s[k], s[k] >= 0x80 or not; invalid UTF-8: U+FFFD and one byte.
Words2 decoderune(const uint8_t *s, intgo len, intgo k) {
  const uint8_t *p = s + k;
  intgo n = len - k;
  uint32_t c = p[0];
  if (c < 0x80)
    return (Words2){c, (uintptr_t)k + 1};
  if (c >= 0xc2 && c < 0xe0 && n > 1 && (p[1] & 0xc0) == 0x80)
    return (Words2){(c & 0x1f) << 6 | (p[1] & 0x3f), (uintptr_t)k + 2};
  if (c >= 0xe0 && c < 0xf0 && n > 2 && (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80) {
    uint32_t r = (c & 0x0f) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3f);
    if (r >= 0x800 && (r < 0xd800 || r > 0xdfff))
      return (Words2){r, (uintptr_t)k + 3};
  }
  if (c >= 0xf0 && c < 0xf5 && n > 3 && (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80 &&
      (p[3] & 0xc0) == 0x80) {
    uint32_t r = (c & 0x07) << 18 | (p[1] & 0x3fu) << 12 | (p[2] & 0x3fu) << 6 | (p[3] & 0x3f);
    if (r >= 0x10000 && r <= 0x10ffff)
      return (Words2){r, (uintptr_t)k + 4};
  }
  return (Words2){0xfffd, (uintptr_t)k + 1};
}

intgo countrunes(const uint8_t *s, intgo len) {
  intgo n = 0;
  for (intgo k = 0; k < len; n++)
    k = s[k] < 0x80 ? k + 1 : (intgo)decoderune(s, len, k).b;
  return n;
}

intgo indexbyte(const uint8_t *p, intgo len, uint8_t c) {
  __m128i v = _mm_set1_epi8((char)c);
  intgo i = 0;
  for (; i + 16 <= len; i += 16) {
    unsigned m = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(r16(p + i), v));
    if (m)
      return i + __builtin_ctz(m);
  }
  if (i < len && len >= 16) { // the last 16 bytes, overlapping
    unsigned m = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(r16(p + len - 16), v));
    return m ? len - 16 + __builtin_ctz(m) : -1;
  }
  for (; i < len; i++)
    if (p[i] == c)
      return i;
  return -1;
}

intgo countbyte(const uint8_t *p, intgo len, uint8_t c) {
  __m128i v = _mm_set1_epi8((char)c);
  intgo i = 0, n = 0;
  for (; i + 16 <= len; i += 16)
    n += __builtin_popcount((unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(r16(p + i), v)));
  for (; i < len; i++)
    n += p[i] == c;
  return n;
}
