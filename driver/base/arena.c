// arena.c: memory that is freed all at once, handed out zeroed.
//
// An arena is a stack of blocks; allocation bumps a counter in the newest one. Blocks double in
// size up to a megabyte, so a small compilation stays small. Under AddressSanitizer what is not
// handed out is poisoned.
#include "driver/base/base.h"

#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n)   __asan_poison_memory_region((p), (n))
#define UNPOISON(p, n) __asan_unpoison_memory_region((p), (n))
#else
#define POISON(p, n)   ((void)0)
#define UNPOISON(p, n) ((void)0)
#endif

enum { ALIGN = 16, FIRST_BLOCK = 16 << 10, MAX_BLOCK = 1 << 20 };

// used <= size; data begins behind the header, which is a multiple of ALIGN.
typedef struct Block {
  struct Block *prev; // the next older block
  size_t size, used;  // bytes of data
} Block;
enum { HEADER = (sizeof(Block) + ALIGN - 1) / ALIGN * ALIGN };

struct Arena {
  Block *top;        // the newest, NULL at first
  size_t next_block; // bytes of the next block
};

NORETURN static void out_of_memory(void) {
  fputs("goc: out of memory\n", stderr);
  exit(1);
}

void *xmalloc(size_t size) {
  void *p = malloc(size ? size : 1);
  if (!p)
    out_of_memory();
  return p;
}

void *xrealloc(void *old, size_t size) {
  void *p = realloc(old, size ? size : 1);
  if (!p)
    out_of_memory();
  return p;
}

char *xstrdup(const char *s) {
  size_t n = strlen(s) + 1;
  return memcpy(xmalloc(n), s, n);
}

Arena *arena_new(void) {
  Arena *a = xmalloc(sizeof *a);
  *a = (Arena){NULL, FIRST_BLOCK};
  return a;
}

static void pop_block(Arena *a) {
  Block *b = a->top;
  a->top = b->prev;
  UNPOISON(b, HEADER + b->size);
  free(b);
}

void arena_free(Arena *a) {
  if (!a)
    return;
  while (a->top)
    pop_block(a);
  free(a);
}

static void push_block(Arena *a, size_t need) {
  size_t size = a->next_block;
  if (size < need)
    size = need;
  if (a->next_block < MAX_BLOCK)
    a->next_block *= 2;
  if (size > SIZE_MAX - HEADER)
    out_of_memory();
  Block *b = xmalloc(HEADER + size);
  *b = (Block){a->top, size, 0};
  POISON((char *)b + HEADER, size);
  a->top = b;
}

void *arena_alloc(Arena *a, size_t size) {
  if (size > SIZE_MAX - ALIGN)
    out_of_memory();
  size_t need = size ? (size + ALIGN - 1) & ~(size_t)(ALIGN - 1) : ALIGN;
  Block *b = a->top;
  if (!b || b->size - b->used < need) {
    push_block(a, need);
    b = a->top;
  }
  void *p = (char *)b + HEADER + b->used;
  b->used += need;
  UNPOISON(p, size);
  return memset(p, 0, size);
}

void *arena_dup(Arena *a, const void *p, size_t n) {
  void *q = arena_alloc(a, n);
  return n ? memcpy(q, p, n) : q;
}

char *arena_strndup(Arena *a, const char *s, size_t n) {
  char *q = arena_alloc(a, n + 1);
  if (n)
    memcpy(q, s, n);
  return q;
}

char *arena_strdup(Arena *a, const char *s) {
  return arena_strndup(a, s, strlen(s));
}

char *arena_printf(Arena *a, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  int n = vsnprintf(NULL, 0, fmt, ap);
  va_end(ap);
  if (n < 0)
    return arena_strdup(a, fmt);
  char *s = arena_alloc(a, (size_t)n + 1);
  va_start(ap, fmt);
  vsnprintf(s, (size_t)n + 1, fmt, ap);
  va_end(ap);
  return s;
}

ArenaMark arena_mark(Arena *a) {
  return (ArenaMark){a->top, a->top ? a->top->used : 0};
}

void arena_release(Arena *a, ArenaMark m) {
  while (a->top && a->top != m.block)
    pop_block(a);
  if (!a->top)
    return;
  POISON((char *)a->top + HEADER + m.used, a->top->size - m.used);
  a->top->used = m.used;
}
