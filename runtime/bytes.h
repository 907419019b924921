// bytes.h: leaf functions on bytes: hashing, equality, comparison, runes, searching. They run on
// any stack; frames are small.
#ifndef GOC_BYTES_H
#define GOC_BYTES_H

#include "runtime/internal.h"

typedef struct Words2 { // two result words: rax, rdx
  uintptr_t a, b;
} Words2;

extern uint64_t hashkey[4]; // random for each process, odd

uintptr_t memhash(const void *p, uintptr_t seed, uintptr_t n) ASMLABEL("runtime.memhash");
uintptr_t strhash(const String *s, uintptr_t seed) ASMLABEL("runtime.strhash");
intgo memequal(const void *p, const void *q, uintptr_t n) ASMLABEL("runtime.memequal");
intgo cmpstring(const uint8_t *a, intgo alen, const uint8_t *b, intgo blen)
    ASMLABEL("runtime.cmpstring");
Words2 decoderune(const uint8_t *s, intgo len, intgo k) ASMLABEL("runtime.decoderune");
intgo countrunes(const uint8_t *s, intgo len) ASMLABEL("runtime.countrunes");
intgo indexbyte(const uint8_t *p, intgo len, uint8_t c);
intgo countbyte(const uint8_t *p, intgo len, uint8_t c);

typedef uint64_t __attribute__((aligned(1), may_alias)) U64u;
typedef uint32_t __attribute__((aligned(1), may_alias)) U32u;
typedef uint16_t __attribute__((aligned(1), may_alias)) U16u;

static inline uint64_t hash_mix(uint64_t a, uint64_t b) {
  unsigned __int128 m = (unsigned __int128)a * b;
  return (uint64_t)m ^ (uint64_t)(m >> 64);
}
static inline uintptr_t hash64(uint64_t v, uintptr_t seed) {
  return hash_mix(v ^ hashkey[0], (seed ^ hashkey[1]) | 1) ^ seed;
}
static inline uintptr_t hash32(uint32_t v, uintptr_t seed) {
  return hash64((uint64_t)v << 32 | v, seed);
}

#endif
