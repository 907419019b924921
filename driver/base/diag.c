// diag.c: source positions and the queue of diagnostics.
//
// The queue imitates gc's: of syntax errors only the first of each line counts, an error equal to
// the one before it on the same line is dropped, and without -e the tenth error ends the report:
// the first ten *reported* are printed in order of position, then "too many errors" at the place of
// the tenth. What comes later is not shown.
#include "driver/base/base.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// ---- positions

enum { MAX_FILES = UINT16_MAX, GC_MAX_COL = 255, LIMIT = 10 };

static pthread_mutex_t pos_lock = PTHREAD_MUTEX_INITIALIZER; // guards the next three
static Arena *pos_arena;
static Map *pos_numbers;                     // name to number
static const char *pos_names[MAX_FILES + 1]; // number to name; 0 is no file
static unsigned pos_count;

uint16_t pos_add_file(const char *name) {
  pthread_mutex_lock(&pos_lock);
  if (!pos_arena) {
    pos_arena = arena_new();
    pos_numbers = map_new(pos_arena);
  }
  uintptr_t n = (uintptr_t)map_get(pos_numbers, name);
  if (!n && pos_count < MAX_FILES) {
    n = ++pos_count;
    pos_names[n] = atom(name);
    map_set(pos_numbers, name, (void *)n);
  }
  pthread_mutex_unlock(&pos_lock);
  if (!n)
    fatal("too many source files (more than %d)", MAX_FILES);
  return (uint16_t)n;
}

const char *pos_file(Pos p) {
  return pos_names[p.file] ? pos_names[p.file] : "";
}

static int cmp(uint32_t a, uint32_t b) {
  return (a > b) - (a < b);
}

int pos_cmp(Pos a, Pos b) {
  int c = cmp(a.file, b.file);
  if (!c)
    c = cmp(a.line, b.line);
  return c ? c : cmp(a.col, b.col);
}

const char *pos_str(Pos p) {
  if (!pos_known(p))
    return "<unknown line number>";
  if (p.col == 0 || p.col >= GC_MAX_COL) // gc keeps eight bits of the column
    return atom_printf("%s:%u", pos_file(p), p.line);
  return atom_printf("%s:%u:%u", pos_file(p), p.line, p.col);
}

// ---- the queue

typedef struct Diag {
  Pos pos;
  int seq; // order of report
  bool error;
  char *msg;
} Diag;

static pthread_mutex_t diag_lock = PTHREAD_MUTEX_INITIALIZER; // guards everything below
static Diag *queue;
static int nqueue, cap_queue;
static int nerrors; // queued or printed
static bool show_all, gave_up;
static Pos last_syntax; // of the last syntax error

static bool is_syntax(const char *msg) {
  return strncmp(msg, "syntax error", 12) == 0;
}

static bool same_line(Pos a, Pos b) {
  return a.line == b.line && a.file == b.file;
}

static bool repeats(Pos pos, const char *msg) {
  if (is_syntax(msg)) {
    bool again = same_line(last_syntax, pos);
    last_syntax = pos;
    return again;
  }
  for (int i = nqueue - 1; i >= 0; i--)
    if (queue[i].error && !is_syntax(queue[i].msg))
      return same_line(queue[i].pos, pos) && strcmp(queue[i].msg, msg) == 0;
  return false;
}

// Takes msg over.
static void enqueue(Pos pos, bool error, char *msg) {
  pthread_mutex_lock(&diag_lock);
  if (error && repeats(pos, msg)) {
    free(msg);
  } else {
    if (nqueue == cap_queue) {
      cap_queue = cap_queue ? cap_queue * 2 : 16;
      queue = xrealloc(queue, (size_t)cap_queue * sizeof *queue);
    }
    queue[nqueue] = (Diag){pos, nqueue, error, msg};
    nqueue++;
    nerrors += error;
  }
  pthread_mutex_unlock(&diag_lock);
}

static char *format(const char *prefix, const char *fmt, va_list ap) {
  Buf b = {0};
  buf_puts(&b, prefix);
  buf_vprintf(&b, fmt, ap);
  return b.data;
}

void diag_errorv(Pos pos, const char *fmt, va_list ap) {
  enqueue(pos, true, format("", fmt, ap));
}

void diag_error(Pos pos, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  diag_errorv(pos, fmt, ap);
  va_end(ap);
}

void diag_note(Pos pos, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  enqueue(pos, false, format("", fmt, ap));
  va_end(ap);
}

void diag_unsupported(Pos pos, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  enqueue(pos, true, format("not supported by goc: ", fmt, ap));
  va_end(ap);
}

int diag_count(void) {
  return nerrors;
}

int diag_syntax_count(void) {
  int n = 0;
  for (int i = 0; i < nqueue; i++)
    n += queue[i].error && is_syntax(queue[i].msg);
  return n;
}

void diag_show_all(bool all) {
  show_all = all;
}

int diag_hold(void) {
  return nqueue;
}

void diag_keep(int mark) {
  (void)mark; // what was queued stays queued
}

void diag_drop(int mark) {
  while (nqueue > mark) {
    nerrors -= queue[--nqueue].error;
    free(queue[nqueue].msg);
  }
  last_syntax = NOPOS;
}

static int by_position(const void *x, const void *y) {
  const Diag *a = x, *b = y;
  int c = pos_cmp(a->pos, b->pos);
  return c ? c : a->seq - b->seq;
}

void diag_keep_first(int mark) {
  for (int i = mark + 1; i < nqueue; i++)
    if (by_position(&queue[i], &queue[mark]) < 0) {
      Diag d = queue[i];
      queue[i] = queue[mark];
      queue[mark] = d;
    }
  if (nqueue > mark)
    diag_drop(mark + 1);
}

static void print_diag(FILE *out, const Diag *d) {
  if (pos_known(d->pos))
    fprintf(out, "%s: ", pos_str(d->pos));
  fprintf(out, "%s\n", d->msg);
}

static void print_sorted(FILE *out, int n) {
  if (n)
    qsort(queue, (size_t)n, sizeof *queue, by_position);
  for (int i = 0; i < n; i++) {
    const Diag *d = &queue[i], *prev = d - 1;
    if (i == 0 || pos_cmp(d->pos, prev->pos) != 0 || strcmp(d->msg, prev->msg) != 0)
      print_diag(out, d);
  }
}

// The number of entries up to and including the error that exhausts the patience, or nqueue.
static int entries_shown(bool *exhausted) {
  int seen = nerrors;
  for (int i = 0; i < nqueue; i++)
    seen -= queue[i].error; // what earlier flushes printed
  for (int i = 0; i < nqueue; i++)
    if (queue[i].error && ++seen >= LIMIT && !show_all) {
      *exhausted = true;
      return i + 1;
    }
  return nqueue;
}

void diag_flush(FILE *out) {
  pthread_mutex_lock(&diag_lock);
  bool exhausted = false;
  int n = gave_up ? 0 : entries_shown(&exhausted);
  Pos last = n ? queue[n - 1].pos : NOPOS;
  print_sorted(out, n);
  if (exhausted)
    fprintf(out, "%s: too many errors\n", pos_str(last));
  gave_up |= exhausted;
  for (int i = 0; i < nqueue; i++)
    free(queue[i].msg);
  nqueue = 0;
  last_syntax = NOPOS;
  fflush(out);
  pthread_mutex_unlock(&diag_lock);
}

void diag_reset(void) {
  diag_drop(0);
  nerrors = 0;
  gave_up = false;
}

// ---- for the cache: "E line col file" or "N …", then the message, one line an entry. Newline and
// backslash are escaped.

static void save_text(Buf *out, const char *s) {
  for (; *s; s++) {
    if (*s == '\n')
      buf_puts(out, "\\n");
    else if (*s == '\\')
      buf_puts(out, "\\\\");
    else if (*s == '\t')
      buf_puts(out, "\\t");
    else
      buf_putc(out, *s);
  }
}

void diag_save(Buf *out) {
  for (int i = 0; i < nqueue; i++) {
    const Diag *d = &queue[i];
    buf_printf(out, "%c %u %u\t", d->error ? 'E' : 'N', d->pos.line, d->pos.col);
    save_text(out, pos_file(d->pos));
    buf_putc(out, '\t');
    save_text(out, d->msg);
    buf_putc(out, '\n');
  }
}

// Undoes save_text for text[0..n).
static char *saved_text(const char *s, size_t n) {
  Buf b = {0};
  for (size_t i = 0; i < n; i++) {
    char c = s[i];
    if (c == '\\' && i + 1 < n) {
      c = s[++i];
      c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
    }
    buf_putc(&b, c);
  }
  return b.data ? b.data : xstrdup("");
}

static void replay_line(const char *line, size_t n) {
  const char *tab1 = memchr(line, '\t', n);
  const char *tab2 = tab1 ? memchr(tab1 + 1, '\t', n - (size_t)(tab1 + 1 - line)) : NULL;
  if (!tab2)
    return;
  char kind;
  unsigned lineno, col;
  char head[64];
  snprintf(head, sizeof head, "%.*s", (int)(tab1 - line), line);
  if (sscanf(head, "%c %u %u", &kind, &lineno, &col) != 3)
    return;
  char *file = saved_text(tab1 + 1, (size_t)(tab2 - tab1 - 1));
  Pos pos = {lineno, (uint16_t)col, file[0] ? pos_add_file(file) : 0};
  free(file);
  enqueue(pos, kind == 'E', saved_text(tab2 + 1, n - (size_t)(tab2 + 1 - line)));
}

void diag_replay(const char *text, size_t n) {
  while (n) {
    const char *end = memchr(text, '\n', n);
    size_t len = end ? (size_t)(end - text) : n;
    replay_line(text, len);
    size_t skip = end ? len + 1 : len;
    text += skip;
    n -= skip;
  }
}

// ---- the end

void ice(Pos pos, const char *fmt, ...) {
  if (nerrors > 0) {
    diag_flush(stderr);
    exit(1);
  }
  va_list ap;
  va_start(ap, fmt);
  char *msg = format("internal compiler error: ", fmt, ap);
  va_end(ap);
  if (pos_known(pos))
    fprintf(stderr, "%s: ", pos_str(pos));
  fprintf(stderr, "%s\n", msg);
  free(msg);
  exit(3);
}

void fatal(const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  char *msg = format("goc: ", fmt, ap);
  va_end(ap);
  fprintf(stderr, "%s\n", msg);
  free(msg);
  exit(1);
}
