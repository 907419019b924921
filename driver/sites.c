// sites.c: goc escape: where every value of a package lives: static memory, heap, stack, registers,
// and why.
//
// The rows come from three places: package-level variables (static), the tagged sites that
// goc-escape left in the IR (goc.stack, goc.alloc), and the locals that never became
// a site: they are SSA values, in registers or spilled. The reasons are the lines of -m=2.
#include "sites.h"
#include "driver.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct Site {
  Pos pos;
  const char *name, *kind, *where;
  const char *why; // one line, or ""
  int64_t number;  // of a tagged site, in !goc.alloc
  bool numbered;
} Site;

typedef struct Sites {
  Arena *a;
  Unit *u;
  const Notes *notes;
  VEC(Site) list;
} Sites;

// The flow lines of -m=2 at a position, joined: "flow: ~r0 = &p: from p (return) at x.go:12:2".
static const char *reason(Sites *s, Pos pos) {
  Buf b = {0};
  for (int i = 0; i < s->notes->n; i++) {
    const Note *n = &s->notes->v[i];
    if (pos_cmp(n->pos, pos) || strncmp(n->text, "  ", 2))
      continue;
    const char *t = n->text + strspn(n->text, " ");
    buf_printf(&b, "%s%s", b.len ? "; " : "", t);
  }
  const char *out = arena_strdup(s->a, buf_str(&b));
  buf_free(&b);
  return out;
}

static void add_site(Sites *s, LLVMValueRef inst, LLVMValueRef md, const char *where) {
  LLVMValueRef ops[8] = {0};
  unsigned n = LLVMGetMDNodeNumOperands(md) > 8 ? 8 : (unsigned)LLVMGetMDNodeNumOperands(md);
  LLVMGetMDNodeOperands(md, ops);
  unsigned dirlen = 0, filelen = 0;
  const char *file = LLVMGetDebugLocFilename(inst, &filelen);
  LLVMGetDebugLocDirectory(inst, &dirlen);
  Pos pos = {LLVMGetDebugLocLine(inst), (uint16_t)LLVMGetDebugLocColumn(inst), 0};
  if (file && filelen)
    pos.file = pos_add_file(arena_strndup(s->a, file, filelen));
  unsigned klen = 0, tlen = 0;
  const char *kind = n > 0 ? LLVMGetMDString(ops[0], &klen) : NULL,
             *text = n > 1 ? LLVMGetMDString(ops[1], &tlen) : NULL;
  if (!kind || !text || (klen == 3 && !memcmp(kind, "buf", 3)))
    return; // a buffer is where a map or a string is
  Site site = {pos,  arena_strndup(s->a, text, tlen), arena_strndup(s->a, kind, klen), where, "", 0,
               false};
  if (n > 3 && ops[3] && LLVMIsAConstantInt(ops[3])) {
    site.number = LLVMConstIntGetSExtValue(ops[3]);
    site.numbered = true;
  }
  if (!strcmp(where, "heap"))
    site.why = reason(s, pos);
  vec_push(s->a, &s->list, site);
}

static void add_module(Sites *s, LLVMModuleRef m) {
  LLVMContextRef ctx = LLVMGetModuleContext(m);
  unsigned heap = LLVMGetMDKindIDInContext(ctx, "goc.alloc", 9),
           stack = LLVMGetMDKindIDInContext(ctx, "goc.stack", 9);
  for (LLVMValueRef f = LLVMGetFirstFunction(m); f; f = LLVMGetNextFunction(f))
    for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
      for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i)) {
        if (!LLVMIsACallInst(i) && !LLVMIsAAllocaInst(i))
          continue;
        if (LLVMGetMetadata(i, heap))
          add_site(s, i, LLVMGetMetadata(i, heap), "heap");
        else if (LLVMGetMetadata(i, stack))
          add_site(s, i, LLVMGetMetadata(i, stack), "stack");
      }
}

static bool is_listed(Sites *s, Object *o) {
  for (int i = 0; i < s->list.n; i++)
    if (!pos_cmp(s->list.v[i].pos, o->pos))
      return true;
  return false;
}

static void add_locals(Sites *s, FuncInfo *f) {
  for (int i = 0; f && i < f->locals.n; i++) {
    Object *o = f->locals.v[i];
    if (o->name != atom("_") && o->name[0] && pos_known(o->pos) && !is_listed(s, o))
      vec_push(s->a, &s->list,
               ((Site){o->pos, o->name, o->var.is_param || o->var.is_result ? "parameter" : "local",
                       "stack", "its address is never taken: in registers", 0, false}));
  }
  for (int i = 0; f && i < f->lits.n; i++)
    add_locals(s, f->lits.v[i]);
}

static int by_pos(const void *a, const void *b) {
  const Site *x = a, *y = b;
  int c = pos_cmp(x->pos, y->pos);
  return c ? c : strcmp(x->name, y->name);
}

static void json_string(Buf *out, const char *s) {
  buf_putc(out, '"');
  for (; *s; s++) {
    if (*s == '"' || *s == '\\')
      buf_printf(out, "\\%c", *s);
    else if ((unsigned char)*s < 0x20)
      buf_printf(out, "\\u%04x", *s);
    else
      buf_putc(out, *s);
  }
  buf_putc(out, '"');
}

static void write_site(Buf *out, const Site *s, bool json, bool first) {
  if (!json) {
    buf_printf(out, "%s: %s: %s (%s)%s%s\n", pos_str(s->pos), s->name, s->where, s->kind,
               s->why[0] ? ": " : "", s->why);
    return;
  }
  buf_puts(out, first ? "  {\"file\": " : ",\n  {\"file\": ");
  json_string(out, pos_file(s->pos));
  buf_printf(out, ", \"line\": %u, \"column\": %u, \"name\": ", s->pos.line, s->pos.col);
  json_string(out, s->name);
  buf_printf(out, ", \"kind\": \"%s\", \"where\": \"%s\", \"why\": ", s->kind, s->where);
  json_string(out, s->why);
  if (s->numbered)
    buf_printf(out, ", \"site\": %" PRId64, s->number);
  buf_putc(out, '}');
}

// The tables of one file as HTML: each source line, coloured by the worst of what stands on it.
static void html_text(Buf *out, const char *s, size_t n) {
  for (size_t i = 0; i < n; i++)
    switch (s[i]) {
    case '<': buf_puts(out, "&lt;"); break;
    case '>': buf_puts(out, "&gt;"); break;
    case '&': buf_puts(out, "&amp;"); break;
    default: buf_putc(out, s[i]);
    }
}

static void html_line(Buf *out, Sites *s, uint16_t file, uint32_t line, const char *text,
                      size_t n) {
  const char *class = "";
  for (int i = 0; i < s->list.n; i++) {
    const Site *t = &s->list.v[i];
    if (t->pos.file == file && t->pos.line == line && strcmp(class, "heap"))
      class = t->where;
  }
  buf_printf(out, "<tr class=\"%s\"><td>%u</td><td><pre>", class, line);
  html_text(out, text, n);
  buf_puts(out, "</pre></td><td>");
  for (int i = 0; i < s->list.n; i++) {
    const Site *t = &s->list.v[i];
    if (t->pos.file != file || t->pos.line != line)
      continue;
    buf_printf(out, "<div class=\"%s\" title=\"", t->where);
    html_text(out, t->why, strlen(t->why));
    buf_puts(out, "\">");
    html_text(out, t->name, strlen(t->name));
    buf_printf(out, ": %s</div>", t->where);
  }
  buf_puts(out, "</td></tr>\n");
}

static void write_html(Buf *out, Sites *s) {
  buf_puts(
      out,
      "<!doctype html><meta charset=\"utf-8\"><title>goc "
      "escape</title><style>pre{margin:0;tab-size:4}"
      "td{vertical-align:top;padding:0 "
      ".6em}tr.heap{background:#fde8e8}tr.stack{background:#eefbee}tr.static{background:#eef3fd}"
      "div.heap{color:#a00}div.stack{color:#060}div.static{color:#026}</style>\n");
  for (int i = 0; i < s->u->files.n; i++) {
    UnitFile *f = s->u->files.v[i];
    uint16_t file = pos_add_file(f->shown);
    buf_puts(out, "<h2>");
    html_text(out, f->shown, strlen(f->shown));
    buf_puts(out, "</h2><table>\n");
    uint32_t line = 1;
    for (const char *p = f->src, *end = p + f->len; p < end; line++) {
      const char *eol = memchr(p, '\n', (size_t)(end - p));
      eol = eol ? eol : end;
      html_line(out, s, file, line, p, (size_t)(eol - p));
      p = eol + 1;
    }
    buf_puts(out, "</table>\n");
  }
}

void sites_write(Arena *a, Unit *u, Package *p, LLVMModuleRef m, const Notes *notes, SitesForm form,
                 Buf *out) {
  Sites s = {.a = a, .u = u, .notes = notes};
  for (int i = 0; i < p->vars.n; i++)
    if (p->vars.v[i]->name != atom("_"))
      vec_push(a, &s.list,
               ((Site){p->vars.v[i]->pos, p->vars.v[i]->name, "package variable", "static", "", 0,
                       false}));
  add_module(&s, m);
  for (int i = 0; i < p->funcs.n; i++)
    add_locals(&s, p->funcs.v[i]->func.info);
  if (s.list.n)
    qsort(s.list.v, (size_t)s.list.n, sizeof(Site), by_pos);
  if (form == SITES_HTML) {
    write_html(out, &s);
    return;
  }
  for (int i = 0; i < s.list.n; i++)
    write_site(out, &s.list.v[i], form == SITES_JSON, i == 0);
}
