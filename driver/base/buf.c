// buf.c: growable strings and arrays, UTF-8, whole files.
#include "driver/base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utf8proc.h>

void buf_free(Buf *b) {
  free(b->data);
  *b = (Buf){0};
}

void buf_reset(Buf *b) {
  b->len = 0;
  if (b->data)
    b->data[0] = 0;
}

// Makes room for n more bytes and the NUL.
static char *reserve(Buf *b, size_t n) {
  if (b->cap - b->len < n + 1 || !b->data) {
    size_t cap = b->cap ? b->cap * 2 : 64;
    if (cap < b->len + n + 1)
      cap = b->len + n + 1;
    b->data = xrealloc(b->data, cap);
    b->cap = cap;
  }
  return b->data + b->len;
}

void buf_putc(Buf *b, char c) {
  *reserve(b, 1) = c;
  b->data[++b->len] = 0;
}

void buf_write(Buf *b, const void *p, size_t n) {
  char *at = reserve(b, n);
  if (n)
    memcpy(at, p, n);
  b->len += n;
  b->data[b->len] = 0;
}

void buf_puts(Buf *b, const char *s) {
  buf_write(b, s, strlen(s));
}

void buf_vprintf(Buf *b, const char *fmt, va_list ap) {
  va_list again;
  va_copy(again, ap);
  char *at = reserve(b, 80);
  size_t room = b->cap - b->len;
  int n = vsnprintf(at, room, fmt, ap);
  if (n >= 0 && (size_t)n >= room)
    vsnprintf(reserve(b, (size_t)n), (size_t)n + 1, fmt, again);
  va_end(again);
  if (n > 0)
    b->len += (size_t)n;
}

void buf_printf(Buf *b, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(b, fmt, ap);
  va_end(ap);
}

void buf_rune(Buf *b, uint32_t r) {
  char u[4];
  int n = 0;
  if (r > 0x10FFFF || (r >= 0xD800 && r < 0xE000))
    r = 0xFFFD;
  if (r < 0x80) {
    u[n++] = (char)r;
  } else if (r < 0x800) {
    u[n++] = (char)(0xC0 | r >> 6);
    u[n++] = (char)(0x80 | (r & 63));
  } else if (r < 0x10000) {
    u[n++] = (char)(0xE0 | r >> 12);
    u[n++] = (char)(0x80 | (r >> 6 & 63));
    u[n++] = (char)(0x80 | (r & 63));
  } else {
    u[n++] = (char)(0xF0 | r >> 18);
    u[n++] = (char)(0x80 | (r >> 12 & 63));
    u[n++] = (char)(0x80 | (r >> 6 & 63));
    u[n++] = (char)(0x80 | (r & 63));
  }
  buf_write(b, u, (size_t)n);
}

// What strconv.IsPrint accepts: letters, marks, numbers, punctuation, symbols and the ASCII space.
bool rune_isprint(uint32_t r) {
  if (r < 0x7F)
    return r >= 0x20;
  if (r > 0x10FFFF)
    return false;
  switch (utf8proc_category((utf8proc_int32_t)r)) {
  case UTF8PROC_CATEGORY_CN:
  case UTF8PROC_CATEGORY_CC:
  case UTF8PROC_CATEGORY_CF:
  case UTF8PROC_CATEGORY_CS:
  case UTF8PROC_CATEGORY_CO:
  case UTF8PROC_CATEGORY_ZS:
  case UTF8PROC_CATEGORY_ZL:
  case UTF8PROC_CATEGORY_ZP: return false;
  default: return true;
  }
}

void buf_quote_rune(Buf *b, uint32_t r, char quote) {
  static const char letters[] = "abtnvfr"; // of \a (7) to \r (13); 'b' is 8
  if (r == (unsigned char)quote || r == '\\') {
    buf_putc(b, '\\');
    buf_putc(b, (char)r);
  } else if (r >= 7 && r <= 13) {
    buf_putc(b, '\\');
    buf_putc(b, letters[r - 7]);
  } else if (rune_isprint(r)) {
    buf_rune(b, r);
  } else if (r < ' ' || r == 0x7F) {
    buf_printf(b, "\\x%02x", r);
  } else if (r < 0x10000) {
    buf_printf(b, "\\u%04x", r);
  } else {
    buf_printf(b, "\\U%08x", r);
  }
}

void buf_quote(Buf *b, const char *s, size_t n) {
  buf_putc(b, '"');
  for (size_t i = 0; i < n;) {
    int w;
    uint32_t r = utf8_decode(s + i, n - i, &w);
    if (r == 0xFFFD && w == 1)
      buf_printf(b, "\\x%02x", (unsigned char)s[i]);
    else
      buf_quote_rune(b, r, '"');
    i += (size_t)w;
  }
  buf_putc(b, '"');
}

const char *buf_str(const Buf *b) {
  return b->data ? b->data : "";
}

static bool continuation(unsigned char c) {
  return (c & 0xC0) == 0x80;
}

uint32_t utf8_decode(const char *str, size_t n, int *width) {
  const unsigned char *s = (const unsigned char *)str;
  *width = n ? 1 : 0;
  if (!n)
    return 0xFFFD;
  uint32_t c = s[0];
  if (c < 0x80)
    return c;
  int len = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
  if (c < 0xC2 || c > 0xF4 || n < (size_t)len)
    return 0xFFFD;
  uint32_t r = c & (0x7Fu >> len);
  for (int i = 1; i < len; i++) {
    if (!continuation(s[i]))
      return 0xFFFD;
    r = r << 6 | (s[i] & 63u);
  }
  // overlong forms, surrogates and what is past the last code point
  if ((len == 3 && r < 0x800) || (len == 4 && (r < 0x10000 || r > 0x10FFFF)) ||
      (r >= 0xD800 && r < 0xE000))
    return 0xFFFD;
  *width = len;
  return r;
}

void vec_grow(Arena *a, void **v, int *cap, size_t elem) {
  int n = *cap;
  if (n > INT32_MAX / 2)
    fatal("out of memory");
  *cap = n ? n * 2 : 4;
  void *w = arena_alloc(a, (size_t)*cap * elem);
  if (n)
    memcpy(w, *v, (size_t)n * elem);
  *v = w;
}

static char *read_all(int fd, size_t hint, size_t *len) {
  size_t cap = hint + 1, n = 0;
  char *p = xmalloc(cap);
  for (;;) {
    if (n + 1 >= cap)
      p = xrealloc(p, cap *= 2);
    ssize_t got = read(fd, p + n, cap - n - 1);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0) {
      free(p);
      return NULL;
    }
    if (got == 0)
      break;
    n += (size_t)got;
  }
  p[n] = 0;
  *len = n;
  return p;
}

char *file_read(const char *path, size_t *len) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return NULL;
  struct stat st;
  size_t hint = fstat(fd, &st) == 0 && st.st_size > 0 ? (size_t)st.st_size + 1 : 4096;
  char *p = read_all(fd, hint, len);
  int e = errno;
  close(fd);
  errno = e;
  return p;
}

static bool write_all(int fd, const char *p, size_t n) {
  while (n) {
    ssize_t put = write(fd, p, n);
    if (put < 0 && errno == EINTR)
      continue;
    if (put <= 0)
      return false;
    p += put;
    n -= (size_t)put;
  }
  return true;
}

// The permissions an ordinary new file gets. umask can only be read by setting it.
static mode_t new_file_mode(void) {
  mode_t mask = umask(022);
  umask(mask);
  return 0666 & ~mask;
}

bool file_write(const char *path, const void *p, size_t n) {
  Buf tmp = {0};
  buf_printf(&tmp, "%s.XXXXXX", path);
  int fd = mkostemp(tmp.data, O_CLOEXEC);
  if (fd < 0) {
    int e = errno;
    buf_free(&tmp);
    errno = e;
    return false;
  }
  bool ok = write_all(fd, p, n) && fchmod(fd, new_file_mode()) == 0;
  int e = errno;
  if (close(fd) != 0 && ok) {
    ok = false;
    e = errno;
  }
  if (ok && rename(tmp.data, path) != 0) {
    ok = false;
    e = errno;
  }
  if (!ok)
    unlink(tmp.data);
  buf_free(&tmp);
  errno = e;
  return ok;
}
