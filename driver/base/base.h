// base.h: what every part of the compiler stands on: memory, growable arrays, maps, positions,
// diagnostics.
//
// Glossary
//   arena     memory that is freed all at once; zeroed when handed out
//   atom      an interned string: equal strings are one pointer, so names compare with ==
//   pos       where something stands in the source: file, line, column (bytes, from 1)
//   ice       internal compiler error: our bug, never the user's
//
// Files: arena.c (arenas), buf.c (strings, arrays), map.c (hash maps, atoms), diag.c (positions,
// diagnostics).
#ifndef GOC_BASE_H
#define GOC_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define PRINTF(f, a) __attribute__((format(printf, f, a)))
#define NORETURN     __attribute__((noreturn))
#define LEN(a)       (sizeof(a) / sizeof((a)[0]))

// The text of the inline assembly that clears a register whose pointer a program drops (irgen,
// local.c; pass, call.c; driver, drop.c).
#define GOC_DROP_ASM "xorl ${0:k}, ${0:k}"

// ---- arena.c

typedef struct Arena Arena;
typedef struct ArenaMark {
  void *block;
  size_t used; // bytes of that block
} ArenaMark;

Arena *arena_new(void);
void arena_free(Arena *a); // NULL is allowed
void *arena_alloc(Arena *a,
                  size_t size); // zeroed, aligned to 16; never NULL (exits: out of memory)
void *arena_dup(Arena *a, const void *p, size_t n); // copy of n bytes
char *arena_strdup(Arena *a, const char *s);
char *arena_strndup(Arena *a, const char *s, size_t n);
char *arena_printf(Arena *a, const char *fmt, ...) PRINTF(2, 3);
ArenaMark arena_mark(Arena *a);
void arena_release(Arena *a, ArenaMark m); // frees what came after the mark
#define NEW(a, T)          ((T *)arena_alloc((a), sizeof(T)))
#define NEW_ARRAY(a, T, n) ((T *)arena_alloc((a), sizeof(T) * (size_t)(n)))

// malloc and realloc that exit with "out of memory" instead of returning NULL.
void *xmalloc(size_t size);
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);

// ---- buf.c

// A growable string. data is always NUL-terminated once something was appended; buf_str never gives
// NULL.
typedef struct Buf {
  char *data;
  size_t len, cap; // bytes, without the NUL
} Buf;

void buf_free(Buf *b);
void buf_reset(Buf *b);
void buf_putc(Buf *b, char c);
void buf_write(Buf *b, const void *p, size_t n);
void buf_puts(Buf *b, const char *s);
void buf_printf(Buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_vprintf(Buf *b, const char *fmt, va_list ap);
void buf_rune(Buf *b, uint32_t r);               // UTF-8; an invalid rune becomes U+FFFD
void buf_quote(Buf *b, const char *s, size_t n); // as strconv.Quote
void buf_quote_rune(Buf *b, uint32_t r,
                    char quote); // one rune of it, escaped where needed, without quotes
bool rune_isprint(uint32_t r);   // as strconv.IsPrint
const char *buf_str(const Buf *b);

// Decodes one rune of s[0..n); *width gets its bytes (1 and U+FFFD for an invalid byte, 0 at n ==
// 0).
uint32_t utf8_decode(const char *s, size_t n, int *width);

// A growable array of T, in an arena:  VEC(Expr *) list;  vec_push(arena, &list, x);  list.v[i],
// list.n
#define VEC(T)                                                                                     \
  struct {                                                                                         \
    T *v;                                                                                          \
    int n, cap;                                                                                    \
  }
#define vec_push(a, p, x)                                                                          \
  ((p)->n == (p)->cap ? vec_grow((a), (void **)&(p)->v, &(p)->cap, sizeof(*(p)->v)) : (void)0,     \
   (p)->v[(p)->n++] = (x))
void vec_grow(Arena *a, void **v, int *cap,
              size_t elem); // doubles; the old array stays in the arena

// Reads a whole file into malloc'ed memory with a NUL behind it; NULL with errno set on failure
// (EISDIR for a directory).
char *file_read(const char *path, size_t *len);
// Writes through a temporary file in the same folder and rename; false with errno set, and nothing
// left behind, on failure.
bool file_write(const char *path, const void *p, size_t n);

// ---- map.c

// Hash map from byte strings (copied into the map's arena) to pointers.
typedef struct Map Map;
Map *map_new(Arena *a);
void *map_get(const Map *m, const char *key); // NULL if absent
void *map_getn(const Map *m, const char *key, size_t n);
void map_set(Map *m, const char *key, void *value);
void map_setn(Map *m, const char *key, size_t n, void *value);
bool map_has(const Map *m, const char *key);
size_t map_len(const Map *m);
// Iterates in order of insertion: for (size_t i = 0; map_at(m, i, &key, &value); i++)
bool map_at(const Map *m, size_t i, const char **key, void **value);

// Hash map from pointers to pointers.
typedef struct PtrMap PtrMap;
PtrMap *ptrmap_new(Arena *a);
void *ptrmap_get(const PtrMap *m, const void *key); // NULL if absent
void ptrmap_set(PtrMap *m, const void *key, void *value);

// Interns: equal strings give the same pointer, valid for the whole run.
typedef const char *Atom;
Atom atom(const char *s);
Atom atom_n(const char *s, size_t n);
Atom atom_printf(const char *fmt, ...) PRINTF(1, 2);

// ---- diag.c

// A position. line 0: none. file indexes the table of file names; a //line directive changes file
// and line for what follows it (col is then 0 if the directive gives none).
typedef struct Pos {
  uint32_t line;
  uint16_t col;  // bytes, from 1; 0: unknown
  uint16_t file; // of pos_add_file
} Pos;
#define NOPOS ((Pos){0, 0, 0})

uint16_t
pos_add_file(const char *name); // the name as messages show it; the same name gives the same number
const char *pos_file(Pos p);
static inline bool pos_known(Pos p) {
  return p.line != 0;
}
int pos_cmp(Pos a, Pos b);  // by file number, line, column
const char *pos_str(Pos p); // "file.go:3:5", an atom

// Errors of the user's program. Each is queued; diag_flush sorts by position, drops repeats of the
// same line and message, and prints `file.go:line:col: message`, at most ten unless diag_show_all
// (then "too many errors"). fmt knows printf's conversions. A message may have further lines, each
// begins with a tab.
void diag_error(Pos pos, const char *fmt, ...) PRINTF(2, 3);
void diag_errorv(Pos pos, const char *fmt, va_list ap);
// A gc "soft" error is reported like any other; the -m lines go through diag_note (not counted,
// sorted in with the rest).
void diag_note(Pos pos, const char *fmt, ...) PRINTF(2, 3);
int diag_count(void); // errors queued or printed so far
int diag_syntax_count(
    void); // queued errors that begin with "syntax error": only these stop gc before the type check
void diag_show_all(bool all); // -e
void diag_flush(FILE *out);   // prints and empties the queue
// Errors queued after diag_hold are dropped by diag_drop, kept by diag_keep. They nest.
int diag_hold(void);
void diag_drop(int mark);
void diag_keep(int mark);
void diag_keep_first(int mark); // of the errors queued since, only the one that stands first
// Empties the queue and forgets all counts (tests; a new package in the same process).
void diag_reset(void);
// The queue as text (for the build cache): one line an entry; diag_replay queues them again.
void diag_save(Buf *out);
void diag_replay(const char *text, size_t n);

// Reports a bug of goc itself and exits with status 3: "file.go:1:2: internal compiler error: …".
// Silent but for the queued user errors when there are any (they are printed, exit 1), as in gc.
NORETURN void ice(Pos pos, const char *fmt, ...) PRINTF(2, 3);
// Says one line "goc: …" and exits with 1 (a file that cannot be read, a full disk).
NORETURN void fatal(const char *fmt, ...) PRINTF(1, 2);
// A construct goc does not support: a normal error "…: not supported by goc: …".
void diag_unsupported(Pos pos, const char *fmt, ...) PRINTF(2, 3);

#ifdef NDEBUG
#define ASSERT(x) ((void)0)
#else
#define ASSERT(x)                                                                                  \
  ((x) ? (void)0 : ice(NOPOS, "%s:%d: assertion failed: %s", __FILE__, __LINE__, #x))
#endif

#endif
