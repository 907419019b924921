// string.c: concatenation and conversions between strings, bytes and runes. buf, where a function
// has one, is 32 bytes of the caller's frame that may hold a short result; NULL: the result may
// outlive the frame.
#include "runtime/bytes.h"
#include "runtime/gs.h"
#include "runtime/heap.h"

enum { BUF_SIZE = 32 }; // bytes, or runes

typedef struct StrResult { // a string, or pointer and capacity
  uint8_t *ptr;
  intgo n;
} StrResult;

StrResult concatstring2(uint8_t *buf, const uint8_t *a, intgo an, const uint8_t *b, intgo bn)
    ASMLABEL("runtime.concatstring2");
StrResult concatstrings(uint8_t *buf, const String *a, intgo n) ASMLABEL("runtime.concatstrings");
StrResult intstring(uint8_t *buf, int64_t v) ASMLABEL("runtime.intstring");
StrResult slicebytetostring(uint8_t *buf, const uint8_t *p, intgo n)
    ASMLABEL("runtime.slicebytetostring");
StrResult stringtoslicebyte(uint8_t *buf, const uint8_t *p, intgo n)
    ASMLABEL("runtime.stringtoslicebyte");
StrResult slicerunetostring(uint8_t *buf, const int32_t *p, intgo n)
    ASMLABEL("runtime.slicerunetostring");
StrResult stringtoslicerune(int32_t *buf, const uint8_t *p, intgo n)
    ASMLABEL("runtime.stringtoslicerune");

// Bytes of single-byte strings, so that those need no memory.
const uint8_t string_bytes[256] = {
#define B4(n)  (n), (n) + 1, (n) + 2, (n) + 3
#define B16(n) B4(n), B4((n) + 4), B4((n) + 8), B4((n) + 12)
#define B64(n) B16(n), B16((n) + 16), B16((n) + 32), B16((n) + 48)
    B64(0), B64(64), B64(128), B64(192)};

static uint8_t *raw(uint8_t *buf, intgo n) {
  if (buf && n <= BUF_SIZE)
    return buf;
  return gs_mallocgc((uintptr_t)n, NULL, 0);
}

// A single non-empty operand is the result if it is on the heap: one in a frame would die before
// the result does. So the operands of a concatenation do not flow to its result (runtime.def).
static bool may_share(const uint8_t *s) {
  return span_of((uintptr_t)s) != NULL;
}

StrResult concatstring2(uint8_t *buf, const uint8_t *a, intgo an, const uint8_t *b, intgo bn) {
  if (bn == 0 && may_share(a))
    return (StrResult){(uint8_t *)(uintptr_t)a, an};
  if (an == 0 && may_share(b))
    return (StrResult){(uint8_t *)(uintptr_t)b, bn};
  if (__builtin_add_overflow(an, bn, &(intgo){0}))
    throw("string concatenation too long");
  uint8_t *p = raw(buf, an + bn);
  memcpy(p, a, (size_t)an);
  memcpy(p + an, b, (size_t)bn);
  return (StrResult){p, an + bn};
}

StrResult concatstrings(uint8_t *buf, const String *a, intgo n) {
  intgo len = 0, count = 0, only = 0;
  for (intgo i = 0; i < n; i++) {
    if (a[i].len == 0)
      continue;
    if (__builtin_add_overflow(len, a[i].len, &len))
      throw("string concatenation too long");
    count++;
    only = i;
  }
  if (count == 0)
    return (StrResult){NULL, 0};
  if (count == 1 && may_share(a[only].ptr))
    return (StrResult){(uint8_t *)(uintptr_t)a[only].ptr, a[only].len};
  uint8_t *p = raw(buf, len), *q = p;
  for (intgo i = 0; i < n; i++) {
    memcpy(q, a[i].ptr, (size_t)a[i].len);
    q += a[i].len;
  }
  return (StrResult){p, len};
}

LEAF static intgo encode_rune(uint8_t *p, int64_t r) {
  if (r < 0 || r > 0x10ffff || (r >= 0xd800 && r <= 0xdfff))
    r = 0xfffd;
  if (r < 0x80) {
    p[0] = (uint8_t)r;
    return 1;
  }
  if (r < 0x800) {
    p[0] = (uint8_t)(0xc0 | r >> 6);
    p[1] = (uint8_t)(0x80 | (r & 0x3f));
    return 2;
  }
  if (r < 0x10000) {
    p[0] = (uint8_t)(0xe0 | r >> 12);
    p[1] = (uint8_t)(0x80 | (r >> 6 & 0x3f));
    p[2] = (uint8_t)(0x80 | (r & 0x3f));
    return 3;
  }
  p[0] = (uint8_t)(0xf0 | r >> 18);
  p[1] = (uint8_t)(0x80 | (r >> 12 & 0x3f));
  p[2] = (uint8_t)(0x80 | (r >> 6 & 0x3f));
  p[3] = (uint8_t)(0x80 | (r & 0x3f));
  return 4;
}

StrResult intstring(uint8_t *buf, int64_t v) {
  if (v >= 0 && v < 0x80)
    return (StrResult){(uint8_t *)(uintptr_t)&string_bytes[v], 1};
  uint8_t tmp[4];
  intgo n = encode_rune(tmp, v);
  uint8_t *p = raw(buf, n);
  memcpy(p, tmp, (size_t)n);
  return (StrResult){p, n};
}

StrResult slicebytetostring(uint8_t *buf, const uint8_t *p, intgo n) {
  if (n == 0)
    return (StrResult){NULL, 0};
  if (n == 1)
    return (StrResult){(uint8_t *)(uintptr_t)&string_bytes[*p], 1};
  uint8_t *q = raw(buf, n);
  memcpy(q, p, (size_t)n);
  return (StrResult){q, n};
}

// A byte slice of n bytes with the capacity that gc gives it.
static StrResult raw_bytes(intgo n) {
  intgo cap = (intgo)round_up_size((uintptr_t)n, true);
  uint8_t *p = gs_mallocgc((uintptr_t)cap, NULL, 0);
  memset(p + n, 0, (size_t)(cap - n));
  return (StrResult){p, cap};
}

StrResult stringtoslicebyte(uint8_t *buf, const uint8_t *p, intgo n) {
  StrResult r;
  if (buf && n <= BUF_SIZE) {
    memset(buf, 0, BUF_SIZE);
    r = (StrResult){buf, BUF_SIZE};
  } else {
    r = raw_bytes(n);
  }
  memcpy(r.ptr, p, (size_t)n);
  return r;
}

StrResult slicerunetostring(uint8_t *buf, const int32_t *p, intgo n) {
  uint8_t tmp[4];
  intgo len = 0;
  for (intgo i = 0; i < n; i++)
    len += encode_rune(tmp, p[i]);
  if (len == 0)
    return (StrResult){NULL, 0};
  // Another goroutine may change the runes meanwhile: never write more than was counted.
  uint8_t *q = raw(buf, len);
  intgo at = 0;
  for (intgo i = 0; i < n && at < len; i++) {
    intgo m = encode_rune(tmp, p[i]);
    if (at + m > len)
      break;
    memcpy(q + at, tmp, (size_t)m);
    at += m;
  }
  memset(q + at, 0, (size_t)(len - at));
  return (StrResult){q, len};
}

StrResult stringtoslicerune(int32_t *buf, const uint8_t *p, intgo n) {
  intgo count = countrunes(p, n);
  bool fits = buf && count <= BUF_SIZE;
  uintptr_t mem = fits ? (uintptr_t)count * 4 : round_up_size((uintptr_t)count * 4, true);
  int32_t *q = fits ? buf : gs_mallocgc(mem, NULL, 0);
  intgo i = 0;
  for (intgo k = 0; k < n; i++) {
    Words2 d = decoderune(p, n, k);
    q[i] = (int32_t)d.a;
    k = (intgo)d.b;
  }
  memset(q + i, 0, mem - (uintptr_t)i * 4);
  return (StrResult){(uint8_t *)q, count};
}
