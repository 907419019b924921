// compile.c: one package from trees to object: check, generate, escape, optimise, emit; each stage
// can be dumped.
//
// It runs in a child process of its own: an abort or fault in LLVM ends that package and leaves no
// output.
#include "driver.h"
#include "driver/irgen/irgen.h"
#include "pass/escape.h"
#include "sites.h"
#include <errno.h>
#include <llvm-c/BitWriter.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// ---- parsing

static Package *import_package(void *ctx, Package *from, const char *path, Pos pos) {
  (void)from;
  Unit *u = ctx;
  if (!strcmp(path, "unsafe"))
    return unsafe_package;
  for (int i = 0; i < u->imports.n; i++)
    if (!strcmp(u->imports.v[i].path, path) && u->imports.v[i].unit)
      return job_of(u->imports.v[i].unit)->pkg;
  diag_error(pos, "could not import %s", path);
  return NULL;
}

static int by_package_path(const void *a, const void *b) {
  return strcmp((*(Package *const *)a)->path, (*(Package *const *)b)->path);
}

static void set_imports(Build *b, Unit *u, Package *p) {
  for (int i = 0; i < u->imports.n; i++) {
    Unit *d = u->imports.v[i].unit;
    vec_push(b->a, &p->imports, d ? job_of(d)->pkg : unsafe_package);
  }
  if (p->imports.n)
    qsort(p->imports.v, (size_t)p->imports.n, sizeof(Package *), by_package_path);
}

static void parse_files(Build *b, Unit *u) {
  for (int i = 0; i < u->files.n; i++) {
    UnitFile *f = u->files.v[i];
    if (f->tree)
      continue;
    f->tree = parse_file(b->a, f->shown, f->src, f->len);
    f->tree->path = f->path;
    f->tree->goversion = f->goversion;
  }
}

void embed_files(Build *b, Unit *u) {
  Job *j = job_of(u);
  if (j->embedded)
    return;
  j->embedded = true;
  parse_files(b, u);
  for (int i = 0; i < u->files.n; i++) {
    DeclList *l = &u->files.v[i]->tree->decls;
    for (int k = 0; k < l->n; k++)
      if (l->v[k]->embeds.n)
        l->v[k]->embedded = embed_resolve(b->a, u->dir, &l->v[k]->embeds);
  }
}

void parse_unit(Build *b, Unit *u) {
  Job *j = job_of(u);
  if (j->parsed)
    return;
  j->parsed = true;
  for (int i = 0; i < u->imports.n; i++)
    if (u->imports.v[i].unit)
      parse_unit(b, u->imports.v[i].unit);
  Package *p = package_new(u->name == atom("main") ? "main" : u->path, u->name);
  j->pkg = p;
  p->dir = u->dir;
  p->goversion = u->goversion;
  p->is_std = u->is_std;
  p->compile_only = b->opt->compile_only || u->has_asm;
  p->import = import_package;
  p->import_ctx = u;
  parse_files(b, u);
  for (int i = 0; i < u->files.n; i++) {
    UnitFile *f = u->files.v[i];
    check_reserved(f->tree, u->is_std, !strcmp(u->path, "runtime"));
    vec_push(b->a, &p->files, f->tree);
  }
  set_imports(b, u, p);
  if (!diag_syntax_count())
    check_collect(p);
}

// ---- diagnostics

// Prints what is queued under the package's title, in one piece; gives whether there was an error.
static bool flush_errors(Unit *u) {
  int errors = diag_count();
  char *out = NULL;
  size_t n = 0;
  FILE *f = open_memstream(&out, &n);
  fprintf(f, "# %s\n", u->shown);
  size_t title = n;
  fflush(f);
  title = n;
  diag_flush(f);
  fclose(f);
  if (n > title && write(2, out, n) < 0)
    errors++;
  free(out);
  return errors > 0;
}

// ---- summaries of other packages

typedef struct Summaries {
  Build *b;
  Unit *u;
  Map *map; // symbol -> leaks, filled at the first question
} Summaries;

static void add_leaks(Arena *a, Map *m, const Artifact *art) {
  const char *p = art->leaks, *end = p + art->leakslen;
  while (p < end) {
    const char *tab = memchr(p, '\t', (size_t)(end - p));
    const char *eol = tab ? memchr(tab, '\n', (size_t)(end - tab)) : NULL;
    if (!eol)
      return;
    map_setn(m, p, (size_t)(tab - p), arena_strndup(a, tab + 1, (size_t)(eol - tab - 1)));
    p = eol + 1;
  }
}

static const char *find_leaks(void *ctx, const char *symbol) {
  Summaries *s = ctx;
  if (!s->map) {
    s->map = map_new(s->b->a);
    for (int i = 0; i < s->b->units.n; i++)
      if (job_of(s->b->units.v[i])->artifact)
        add_leaks(s->b->a, s->map, job_of(s->b->units.v[i])->artifact);
  }
  return map_get(s->map, symbol);
}

static void collect_leaks(LLVMModuleRef m, Buf *out) {
  for (LLVMValueRef f = LLVMGetFirstFunction(m); f; f = LLVMGetNextFunction(f)) {
    if (LLVMIsDeclaration(f) || LLVMGetLinkage(f) == LLVMAvailableExternallyLinkage)
      continue;
    LLVMAttributeRef at =
        LLVMGetStringAttributeAtIndex(f, LLVMAttributeFunctionIndex, "goc-leaks", 9);
    unsigned n = 0;
    const char *v = at ? LLVMGetStringAttributeValue(at, &n) : NULL;
    if (!at)
      continue;
    buf_printf(out, "%s\t", LLVMGetValueName2(f, &(size_t){0}));
    buf_write(out, v, n);
    buf_putc(out, '\n');
  }
}

// ---- -m

typedef struct Compile {
  Build *b;
  Job *j;
  LLVMContextRef ctx;
  LLVMModuleRef m;
  LLVMTargetMachineRef tm;
  Notes notes; // of goc escape
} Compile;

static bool is_escape_command(const Build *b) {
  return !strcmp(b->opt->command, "escape");
}

// -m lines are queued with the diagnostics; goc escape keeps them for its reasons instead.
static void escape_note(void *ctx, const char *file, unsigned line, unsigned col,
                        const char *text) {
  Compile *c = ctx;
  Pos pos = {line, (uint16_t)col, pos_add_file(file)};
  if (is_escape_command(c->b))
    vec_push(c->b->a, &c->notes, ((Note){pos, arena_strdup(c->b->a, text)}));
  else
    diag_note(pos, "%s", text);
}

// What gc says of the parameters of a function without a body: by its directive alone.
static void note_bodyless(Compile *c, Object *fn) {
  if (fn->kind != OBJ_FUNC || !fn->decl || fn->decl->kind != DECL_FUNC || fn->decl->func.body)
    return;
  bool stays = fn->decl->pragmas & PRAGMA_NOESCAPE;
  ObjectList *ps = &fn->type->func.params;
  for (int i = 0; i < ps->n; i++) {
    Object *p = ps->v[i];
    if (!p->name || !p->name[0] || !strcmp(p->name, "_") || !type_has_pointers(p->type))
      continue;
    const char *text =
        arena_printf(c->b->a, stays ? "%s does not escape" : "leaking param: %s", p->name);
    escape_note(c, pos_file(p->pos), p->pos.line, p->pos.col, text);
  }
}

// ---- the stages

static unsigned wants(const Compile *c) {
  return c->j->unit->is_named ? c->b->opt->dump : c->b->opt->dump & DUMP_VERIFY;
}

static const char *func_of(const Compile *c, Dump d) {
  return c->b->opt->dumpfunc[__builtin_ctz(d)];
}

static void check_stage(Compile *c, const char *stage, char *message) {
  if (message)
    ice(NOPOS, "package %s, after %s: %s", c->j->unit->shown, stage, message);
}

// Trees to a checked package.
static bool check(Compile *c) {
  Unit *u = c->j->unit;
  unsigned d = wants(c);
  for (int i = 0; i < u->files.n; i++) {
    if (d & DUMP_TOKENS) {
      dump_title("Tokens", u);
      dump_tokens(stderr, u->files.v[i]->shown, u->files.v[i]->src, u->files.v[i]->len);
    }
    if (d & DUMP_AST) {
      dump_title("Syntax", u);
      dump_file(stderr, u->files.v[i]->tree);
    }
  }
  if (diag_syntax_count()) // other errors of the parser do not keep gc from checking types
    return false;
  check_package(c->j->pkg);
  if (diag_count())
    return false;
  if (d & DUMP_TYPES) {
    dump_title("Types", u);
    dump_types(stderr, c->j->pkg);
  }
  return true;
}

bool check_unit(Build *b, Job *j) {
  Unit *u = j->unit;
  for (int i = 0; i < u->imports.n; i++)
    if (u->imports.v[i].unit)
      parse_unit(b, u->imports.v[i].unit);
  if (diag_count()) { // theirs to report
    diag_reset();
    return true;
  }
  parse_unit(b, u);
  embed_files(b, u);
  if (!diag_syntax_count())
    check_package(j->pkg);
  bool ok = !flush_errors(u);
  diag_reset();
  return ok;
}

static bool generate(Compile *c, Summaries *s) {
  IrgenOptions o = {.noinline_all = c->b->opt->noinline_ && c->j->unit->is_named,
                    .cpu = "x86-64",
                    .tm = c->tm,
                    .leaks = find_leaks,
                    .ctx = s};
  c->m = irgen_package(c->ctx, c->j->pkg, &o);
  if (diag_count())
    return false;
  if (wants(c) & DUMP_IR)
    dump_module("Before escape", c->j->unit, c->m, func_of(c, DUMP_IR));
  if (wants(c) & DUMP_VERIFY)
    check_stage(c, "irgen", irgen_verify(c->m));
  return true;
}

static void escape(Compile *c) {
  Options *o = c->b->opt;
  bool runtime = !strcmp(c->j->unit->path, "runtime");
  EscapeOptions eo = {.off = o->escape_off && !runtime,
                      .explain = c->j->unit->is_named ? o->explain : 0,
                      .note = escape_note,
                      .ctx = c,
                      .keep = o->escape_keep,
                      .stats = c->j->unit->is_named ? o->stats : 0};
  for (int i = 0; eo.explain && i < c->j->pkg->funcs.n; i++)
    note_bodyless(c, c->j->pkg->funcs.v[i]);
  char *message = NULL;
  if (!goc_escape_run(c->m, &eo, &message))
    check_stage(c, "goc-escape", message);
  if (wants(c) & DUMP_ESCAPE)
    dump_module("After escape", c->j->unit, c->m, func_of(c, DUMP_ESCAPE));
  if (wants(c) & DUMP_VERIFY)
    check_stage(c, "goc-escape", goc_escape_verify(c->m, true));
}

// Lines of -m about what LLVM inlined.
static bool says_inlined(const Compile *c) {
  const Options *o = c->b->opt;
  return c->j->unit->is_named && o->explain && o->opt && !o->noinline_ && !is_escape_command(c->b);
}

// The object's key: the IR after the pass, the pipeline, and the bundles that are linked in: the
// name of an import's bundle stands for those below it, whose names were in its own key.
static const char *object_key(Compile *c, int level) {
  LLVMMemoryBufferRef bc = LLVMWriteBitcodeToMemoryBuffer(c->m);
  Buf t = {0};
  buf_printf(&t, "obj 9 O%d %s", level,
             hash_hex(c->b->a, LLVMGetBufferStart(bc), LLVMGetBufferSize(bc)));
  LLVMDisposeMemoryBuffer(bc);
  Unit *u = c->j->unit;
  for (int i = 0; level && i < u->imports.n; i++)
    if (u->imports.v[i].unit) {
      Artifact *art = job_of(u->imports.v[i].unit)->artifact;
      buf_printf(&t, " %s", art->bundle ? art->bundle : art->object);
    }
  const char *key = hash_hex(c->b->a, buf_str(&t), t.len);
  buf_free(&t);
  return key;
}

static void write_bundle(Compile *c, Artifact *art, const char *key) {
  LLVMMemoryBufferRef bc = bundle_make(c->m);
  if (!bc)
    return;
  art->bundle = cache_path(c->b->a, key, ".bc");
  if (!file_write(art->bundle, LLVMGetBufferStart(bc), LLVMGetBufferSize(bc)))
    fatal("cannot write %s: %s", art->bundle, strerror(errno));
  LLVMDisposeMemoryBuffer(bc);
}

static void optimise_and_emit(Compile *c, const char *object, int level) {
  char *message = NULL;
  Unit *u = c->j->unit;
  if (level)
    bundle_link(c->m, c->b->a, u);
  EscapeOptions notes = {.note = escape_note, .ctx = c};
  if (!opt_run(c->m, c->tm, level, says_inlined(c) ? &notes : NULL, &message))
    check_stage(c, "optimisation", message);
  if (wants(c) & DUMP_OPT)
    dump_module("After optimisation", u, c->m, func_of(c, DUMP_OPT));
  if (wants(c) & DUMP_ASM) {
    dump_title("Assembly", u);
    fflush(stderr);
    LLVMModuleRef copy = LLVMCloneModule(c->m); // emission changes the module
    LLVMMemoryBufferRef text;
    if (!opt_emit(copy, c->tm, LLVMAssemblyFile, &text, &message))
      check_stage(c, "code generation", message);
    fwrite(LLVMGetBufferStart(text), 1, LLVMGetBufferSize(text), stderr);
    LLVMDisposeMemoryBuffer(text);
    LLVMDisposeModule(copy);
  }
  opt_write_object(c->m, c->tm, object);
}

static bool declares_main(Package *p) {
  Object *o = scope_lookup(p->scope, atom("main"));
  return o && o->kind == OBJ_FUNC && !strcmp(p->path, "main");
}

int compile_unit(Build *b, Job *j) {
  Compile c = {.b = b, .j = j};
  Unit *u = j->unit;
  Options *o = b->opt;
  if (!check(&c)) {
    flush_errors(u);
    return 1;
  }
  c.tm = opt_target(o->opt);
  c.ctx = LLVMContextCreate();
  Summaries s = {b, u, NULL};
  if (!generate(&c, &s)) {
    flush_errors(u);
    return 1;
  }
  escape(&c);
  Artifact art = {
      .path = j->pkg->path, .init = irgen_init_symbol(j->pkg), .has_main = declares_main(j->pkg)};
  Buf leaks = {0}, notes = {0};
  collect_leaks(c.m, &leaks);
  art.leaks = buf_str(&leaks);
  art.leakslen = leaks.len;
  Buf sites = {0};
  if (u->is_named && is_escape_command(b))
    sites_write(b->a, u, j->pkg, c.m, &c.notes,
                o->html   ? SITES_HTML
                : o->json ? SITES_JSON
                          : SITES_TEXT,
                &sites);
  art.sites = buf_str(&sites);
  art.siteslen = sites.len;
  const char *key = object_key(&c, o->opt);
  art.object = cache_path(b->a, key, ".o");
  if (o->opt)
    write_bundle(&c, &art, key);
  if (!cache_sealed(b, key, art.bundle != NULL) || (wants(&c) & (DUMP_OPT | DUMP_ASM)) ||
      says_inlined(&c)) {
    optimise_and_emit(&c, art.object, o->opt);
    cache_seal(b, key, art.bundle != NULL);
  }
  diag_save(&notes);
  cache_store(b, u, j->key, &art, key, buf_str(&notes), notes.len);
  return 0;
}
