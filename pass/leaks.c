// leaks.c: the summary of a function as a value: add, merge, drop what is implied, and its text in
// the attribute "goc-leaks".
//
//   leaks = "!" | [ flow { " " flow } ]
//   flow  = path ">" path | path "(" [ arg { "," arg } ] ")" [ "-" ]      arg = path | "_"
//   path  = root { "*" [ "+" offset ] } [ "@" ( offset | "?" ) ]
//   root  = number | "c" | "o" | "r" number | "h" | "new"
//
// `0*+8` is the value loaded at offset 8 from what parameter 0 points to; as a destination it is
// that word itself. A star without offset is any. Three stars stand for three or more. `@8`
// displaces the value by 8 bytes, `@?` by an unknown number.
#include "pass/internal.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

Path path_root(Root root, int n) {
  return (Path){.root = (uint8_t)root, .n = (int16_t)n, .off = {ANY, ANY, ANY, ANY}};
}

bool path_eq(const Path *a, const Path *b) {
  if (a->root != b->root || a->n != b->n || a->stars != b->stars || a->disp != b->disp)
    return false;
  for (int i = 0; i < a->stars; i++)
    if (a->off[i] != b->off[i])
      return false;
  return true;
}

// Every value or location that b names is named by a too.
static bool path_covers(const Path *a, const Path *b) {
  if (a->root != b->root || a->n != b->n || a->stars != b->stars)
    return false;
  if (a->disp != b->disp && a->disp != ANY)
    return false;
  for (int i = 0; i < a->stars; i++)
    if (a->off[i] != b->off[i] && a->off[i] != ANY)
      return false;
  return true;
}

// b is reached from a by more loads: when a is on the heap, so is b.
static bool path_prefix(const Path *a, const Path *b) {
  if (a->root != b->root || a->n != b->n || a->stars > b->stars)
    return false;
  for (int i = 0; i < a->stars; i++)
    if (a->off[i] != b->off[i] && a->off[i] != ANY)
      return false;
  return true;
}

static bool calls_alike(const Flow *a, const Flow *b) {
  if (a->dst.root != ROOT_CALLED)
    return true;
  if (a->nargs != b->nargs || (a->dropped && !b->dropped))
    return false;
  for (int i = 0; i < a->nargs; i++)
    if (!path_covers(&a->args[i], &b->args[i]))
      return false;
  return true;
}

static bool flow_covers(const Flow *a, const Flow *b) {
  if (a->dst.root == ROOT_HEAP && b->dst.root == ROOT_HEAP)
    return path_prefix(&a->src, &b->src);
  return path_covers(&a->src, &b->src) && path_covers(&a->dst, &b->dst) && calls_alike(a, b);
}

static void forget_offsets(Path *p) {
  for (int i = 0; i < p->stars; i++)
    p->off[i] = ANY;
  if (p->disp)
    p->disp = ANY;
}

static void coarsen(Flow *f) {
  forget_offsets(&f->src);
  if (f->dst.root != ROOT_OUT || f->dst.stars > 1)
    forget_offsets(&f->dst);
  for (int k = 0; k < f->nargs; k++)
    forget_offsets(&f->args[k]);
}

static void drop_covered(Leaks *l);

// Too many flows: first offsets go, then everything leaks.
static void collapse(Leaks *l) {
  if (l->coarse) {
    l->all = true;
    return;
  }
  l->coarse = true;
  for (int i = 0; i < l->flows.n; i++)
    coarsen(&l->flows.v[i]);
  drop_covered(l);
}

void leaks_add(Arena *a, Leaks *l, Flow f) {
  if (l->all)
    return;
  if (f.dst.root == ROOT_HEAP || f.dst.root == ROOT_CALLED)
    f.src.disp = 0; // makes no difference to an object
  if (l->coarse)
    coarsen(&f);
  for (int i = 0; i < l->flows.n; i++)
    if (flow_covers(&l->flows.v[i], &f))
      return;
  vec_push(a, &l->flows, f);
  if (l->flows.n > 2 * MAX_FLOWS)
    collapse(l); // what leaks_normalize would do anyway: adding stays cheap
}

void leaks_merge(Arena *a, Leaks *l, const Leaks *other) {
  if (other->all)
    l->all = true;
  for (int i = 0; i < other->flows.n; i++)
    leaks_add(a, l, other->flows.v[i]);
}

static void drop_covered(Leaks *l) {
  int n = 0;
  for (int i = 0; i < l->flows.n; i++) {
    bool drop = false;
    for (int j = 0; j < l->flows.n && !drop; j++) // of two equal ones the first stays
      drop = j != i && flow_covers(&l->flows.v[j], &l->flows.v[i]) &&
             (j < i || !flow_covers(&l->flows.v[i], &l->flows.v[j]));
    l->flows.v[n] = l->flows.v[i];
    if (!drop)
      n++;
  }
  l->flows.n = n;
}

void leaks_normalize(Leaks *l) {
  if (!l->all)
    drop_covered(l);
  if (!l->all && l->flows.n > MAX_FLOWS && !l->coarse)
    collapse(l);
  if (l->flows.n > MAX_FLOWS)
    l->all = true;
  if (l->all)
    l->flows.n = 0;
}

static void put_path(Buf *out, const Path *p) {
  switch ((Root)p->root) {
  case ROOT_PARAM: buf_printf(out, "%d", p->n); break;
  case ROOT_CTX: buf_putc(out, 'c'); break;
  case ROOT_OUT: buf_putc(out, 'o'); break;
  case ROOT_RESULT: buf_printf(out, "r%d", p->n); break;
  case ROOT_HEAP: buf_putc(out, 'h'); break;
  case ROOT_NEW: buf_puts(out, "new"); break;
  case ROOT_CALLED: break;
  }
  for (int i = 0; i < p->stars; i++) {
    buf_putc(out, '*');
    if (p->off[i] != ANY)
      buf_printf(out, "+%d", p->off[i]);
  }
  if (p->disp == ANY)
    buf_puts(out, "@?");
  else if (p->disp)
    buf_printf(out, "@%d", p->disp);
}

static void put_flow(Buf *out, const Flow *f) {
  put_path(out, &f->src);
  if (f->dst.root == ROOT_CALLED) {
    buf_putc(out, '(');
    for (int i = 0; i < f->nargs; i++) {
      if (i > 0)
        buf_putc(out, ',');
      if (f->args[i].root == ROOT_HEAP)
        buf_putc(out, '_');
      else
        put_path(out, &f->args[i]);
    }
    buf_puts(out, f->dropped ? ")-" : ")");
    return;
  }
  buf_putc(out, '>');
  put_path(out, &f->dst);
}

static int by_text(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

void leaks_encode(Buf *out, const Leaks *l) {
  if (l->all) {
    buf_putc(out, '!');
    return;
  }
  char **text = xmalloc(sizeof(char *) * (size_t)(l->flows.n + 1));
  for (int i = 0; i < l->flows.n; i++) {
    Buf b = {0};
    put_flow(&b, &l->flows.v[i]);
    text[i] = xstrdup(buf_str(&b));
    buf_free(&b);
  }
  qsort(text, (size_t)l->flows.n, sizeof(char *), by_text);
  for (int i = 0; i < l->flows.n; i++) {
    if (i > 0)
      buf_putc(out, ' ');
    buf_puts(out, text[i]);
    free(text[i]);
  }
  free(text);
}

// ---- parsing

static bool get_number(const char **s, int32_t *n) {
  if (!isdigit((unsigned char)**s))
    return false;
  long v = 0;
  while (isdigit((unsigned char)**s) && v < INT32_MAX / 10)
    v = v * 10 + (*(*s)++ - '0');
  *n = (int32_t)v;
  return true;
}

static bool get_root(const char **s, Path *p) {
  int32_t n = 0;
  *p = path_root(ROOT_PARAM, 0);
  if (strncmp(*s, "new", 3) == 0) {
    *s += 3;
    p->root = ROOT_NEW;
    return true;
  }
  switch (**s) {
  case 'c': p->root = ROOT_CTX; break;
  case 'o': p->root = ROOT_OUT; break;
  case 'h': p->root = ROOT_HEAP; break;
  case 'r': p->root = ROOT_RESULT; break;
  default:
    if (!get_number(s, &n) || n > INT16_MAX)
      return false;
    p->n = (int16_t)n;
    return true;
  }
  ++*s;
  if (p->root == ROOT_RESULT) {
    if (!get_number(s, &n) || n > INT16_MAX)
      return false;
    p->n = (int16_t)n;
  }
  return true;
}

static bool get_path(const char **s, Path *p) {
  if (!get_root(s, p))
    return false;
  while (**s == '*') {
    ++*s;
    int32_t off = ANY;
    if (**s == '+') {
      ++*s;
      if (!get_number(s, &off))
        return false;
    }
    if (p->stars == MAX_STARS)
      return false;
    p->off[p->stars++] = off;
  }
  if (**s == '@') {
    ++*s;
    if (**s == '?')
      ++*s, p->disp = ANY;
    else if (!get_number(s, &p->disp))
      return false;
  }
  return true;
}

// Behind the opening parenthesis.
static bool get_args(const char **s, Flow *f) {
  while (**s != ')') {
    if (f->nargs == MAX_ARGS)
      return false;
    Path *p = &f->args[f->nargs++];
    if (**s == '_')
      ++*s, *p = path_root(ROOT_HEAP, 0);
    else if (!get_path(s, p))
      return false;
    if (**s == ',')
      ++*s;
    else if (**s != ')')
      return false;
  }
  ++*s;
  if (**s == '-')
    ++*s, f->dropped = true;
  return true;
}

static bool get_flow(const char **s, Flow *f) {
  *f = (Flow){0};
  if (!get_path(s, &f->src))
    return false;
  if (**s == '(') {
    ++*s;
    f->dst = path_root(ROOT_CALLED, 0);
    return get_args(s, f);
  }
  if (*(*s)++ != '>')
    return false;
  return get_path(s, &f->dst);
}

bool leaks_parse(Arena *a, const char *text, Leaks *l) {
  *l = (Leaks){0};
  const char *s = text;
  if (strcmp(s, "!") == 0) {
    l->all = true;
    return true;
  }
  while (*s) {
    Flow f;
    if (!get_flow(&s, &f) || (*s && *s != ' ')) {
      *l = (Leaks){.all = true};
      return false;
    }
    while (*s == ' ')
      s++;
    leaks_add(a, l, f);
  }
  return true;
}

int leaks_stars(const Leaks *l, const Path *root, Root dst, int n) {
  int best = -1;
  for (int i = 0; i < l->flows.n; i++) {
    const Flow *f = &l->flows.v[i];
    if (f->src.root != root->root || f->src.n != root->n || f->dst.root != dst)
      continue;
    if (n >= 0 && f->dst.n != n)
      continue;
    if (best < 0 || f->src.stars < best)
      best = f->src.stars;
  }
  return best;
}
