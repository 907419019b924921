// init.c: package-level variables: constant initialisers and embedded files become data, the rest
// code in PKG.init; roots for the collector.
//
// Constant data is built as an image: the bytes of the value, and the pointers that must stand in
// it. The image is then read back in the shape of the variable's LLVM type. A pointer may be the
// address of a global, a function value, a string, a box; for a variable (not for a literal inside
// a function, which makes a fresh object each time) also of an object that the initialiser makes:
// &T{…}, a slice's array.
#include "driver/irgen/core.h"
#include "driver/irgen/gen.h"
#include "runtime/runtime.h"
#include <stdlib.h>
#include <string.h>

enum { MAX_IMAGE = 4 << 20 }; // bytes; larger values are initialised by code

typedef struct Reloc {
  int64_t off;
  VRef v;
} Reloc;

typedef struct Image {
  uint8_t *bytes;
  int64_t size;
  VEC(Reloc) relocs;
} Image;

typedef struct Static {
  Fn *f; // in which expressions without code are evaluated: names of functions, literals
  Gen *g;
  bool fresh;       // may make objects
  const char *name; // of the variable, for the symbols of objects it makes
} Static;

static bool put_expr(Static *s, Expr *x, Type *t, Image *im, int64_t off);
static bool put_literal(Static *s, Expr *x, Type *t, Image *im, int64_t off);

// ---- images

static bool image_new(Gen *g, Type *t, Image *im) {
  int64_t n = type_size(t);
  if (n > MAX_IMAGE)
    return false;
  *im = (Image){.bytes = arena_alloc(g->arena, (size_t)n + 1), .size = n};
  return true;
}

static void put_ptr(Static *s, Image *im, int64_t off, VRef v) {
  if (!LLVMIsNull(v))
    vec_push(s->g->arena, &im->relocs, ((Reloc){off, v}));
}

static VRef reloc_at(Image *im, int64_t off) {
  int lo = 0, hi = im->relocs.n;
  while (lo < hi) {
    int mid = (lo + hi) / 2;
    if (im->relocs.v[mid].off < off)
      lo = mid + 1;
    else
      hi = mid;
  }
  return lo < im->relocs.n && im->relocs.v[lo].off == off ? im->relocs.v[lo].v : NULL;
}

static int by_offset(const void *a, const void *b) {
  int64_t x = ((const Reloc *)a)->off, y = ((const Reloc *)b)->off;
  return (x > y) - (x < y);
}

static bool is_zero_range(Image *im, int64_t off, int64_t n) {
  for (int64_t i = 0; i < n; i++)
    if (im->bytes[off + i])
      return false;
  for (int i = 0; i < im->relocs.n; i++)
    if (im->relocs.v[i].off >= off && im->relocs.v[i].off < off + n)
      return false;
  return true;
}

static uint64_t image_int(Image *im, int64_t off, int64_t n) {
  uint64_t v = 0;
  memcpy(&v, im->bytes + off, (size_t)n);
  return v;
}

static VRef image_const(Gen *g, Image *im, int64_t off, LLVMTypeRef t);

static VRef image_array(Gen *g, Image *im, int64_t off, LLVMTypeRef t) {
  LLVMTypeRef et = LLVMGetElementType(t);
  uint64_t n = LLVMGetArrayLength2(t);
  int64_t size = (int64_t)LLVMABISizeOfType(g->td, et);
  if (et == g->i8)
    return LLVMConstStringInContext2(g->ctx, (const char *)im->bytes + off, n, 1);
  VRef *v = xmalloc(sizeof *v * (n + 1));
  for (uint64_t i = 0; i < n; i++)
    v[i] = image_const(g, im, off + (int64_t)i * size, et);
  VRef c = LLVMConstArray2(et, v, n);
  free(v);
  return c;
}

static VRef image_struct(Gen *g, Image *im, int64_t off, LLVMTypeRef t) {
  unsigned n = LLVMCountStructElementTypes(t);
  VRef *v = xmalloc(sizeof *v * (n + 1));
  for (unsigned i = 0; i < n; i++)
    v[i] = image_const(g, im, off + (int64_t)LLVMOffsetOfElement(g->td, t, i),
                       LLVMStructGetTypeAtIndex(t, i));
  VRef c = LLVMConstStructInContext(g->ctx, v, n, LLVMIsPackedStruct(t));
  free(v);
  return c;
}

// The part of the image from off on as a constant of type t.
static VRef image_const(Gen *g, Image *im, int64_t off, LLVMTypeRef t) {
  int64_t n = (int64_t)LLVMABISizeOfType(g->td, t);
  LLVMTypeKind k = LLVMGetTypeKind(t);
  if ((k == LLVMArrayTypeKind || k == LLVMStructTypeKind) && is_zero_range(im, off, n))
    return LLVMConstNull(t);
  switch (k) {
  case LLVMArrayTypeKind: return image_array(g, im, off, t);
  case LLVMStructTypeKind: return image_struct(g, im, off, t);
  case LLVMPointerTypeKind: {
    VRef r = reloc_at(im, off);
    return r ? r : LLVMConstNull(t);
  }
  case LLVMIntegerTypeKind: return LLVMConstInt(t, image_int(im, off, n), 0);
  default:
    return LLVMConstBitCast(LLVMConstInt(n == 4 ? g->i32 : g->i64, image_int(im, off, n), 0), t);
  }
}

static VRef image_value(Gen *g, Image *im, Type *t) {
  if (im->relocs.n)
    qsort(im->relocs.v, (size_t)im->relocs.n, sizeof *im->relocs.v, by_offset);
  return image_const(g, im, 0, lltype_mem(g, t));
}

// ---- values without code

static bool put_int(Image *im, int64_t off, VRef v, int64_t size) {
  if (!LLVMIsAConstantInt(v))
    return false;
  uint64_t n = LLVMConstIntGetZExtValue(v);
  memcpy(im->bytes + off, &n, (size_t)size);
  return true;
}

static bool put_scalar(Static *s, VRef v, Image *im, int64_t off, ScalarKind k) {
  static const int64_t sizes[] = {[SC_BOOL] = 1, [SC_I8] = 1,  [SC_I16] = 2, [SC_I32] = 4,
                                  [SC_I64] = 8,  [SC_F32] = 4, [SC_F64] = 8, [SC_PTR] = 8};
  LLVMBool loses;
  if (LLVMIsNull(v))
    return true;
  if (k == SC_PTR) {
    if (!LLVMIsAGlobalValue(v) && !LLVMIsAConstantExpr(v))
      return false;
    put_ptr(s, im, off, v);
    return true;
  }
  if (k == SC_F32 || k == SC_F64) {
    if (!LLVMIsAConstantFP(v))
      return false;
    double d = LLVMConstRealGetDouble(v, &loses);
    float fl = (float)d;
    memcpy(im->bytes + off, k == SC_F32 ? (void *)&fl : (void *)&d, (size_t)sizes[k]);
    return true;
  }
  return put_int(im, off, v, sizes[k]);
}

static bool put_value(Static *s, Value v, Image *im, int64_t off) {
  const Flat *fl = flat_of(s->g, v.type);
  if (v.mem)
    return false;
  for (int i = 0; i < fl->n; i++)
    if (!LLVMIsConstant(v.v[i]) || !put_scalar(s, v.v[i], im, off + fl->off[i], fl->kind[i]))
      return false;
  return true;
}

// ---- objects that an initialiser makes

// A private variable (or, read-only, constant) that holds the image.
static VRef object(Static *s, Image *im, Type *t, bool constant) {
  Gen *g = s->g;
  VRef init = image_value(g, im, t);
  VRef v = LLVMAddGlobal(g->m, LLVMTypeOf(init), sym_escape(atom_printf("%s..stmp", s->name)));
  LLVMSetInitializer(v, init);
  LLVMSetLinkage(v, LLVMPrivateLinkage);
  LLVMSetGlobalConstant(v, constant);
  LLVMSetAlignment(v, (unsigned)type_align(t));
  if (!constant)
    add_root(g, v, t);
  return v;
}

static bool put_object(Static *s, Expr *x, Type *t, Image *im, int64_t off) {
  Image sub;
  x = unparen(x);
  if (!s->fresh || !image_new(s->g, t, &sub) ||
      !(x->kind == EXPR_COMPOSITE ? put_literal(s, x, t, &sub, 0) : put_expr(s, x, t, &sub, 0)))
    return false;
  put_ptr(s, im, off, type_size(t) ? object(s, &sub, t, false) : zerobase(s->g));
  return true;
}

static bool put_slice(Static *s, Expr *x, Type *t, Image *im, int64_t off) {
  int64_t n = lit_length(x);
  Type *array = type_array(under(t)->slice.elem, n);
  Image sub;
  if (!s->fresh || !image_new(s->g, array, &sub))
    return false;
  int64_t next = 0, size = type_size(array->array.elem);
  for (int i = 0; i < x->comp.elems.n; i++) {
    Expr *val;
    next = lit_index(x->comp.elems.v[i], next, &val);
    if (!put_expr(s, val, array->array.elem, &sub, next * size))
      return false;
    next++;
  }
  put_ptr(s, im, off, sub.size ? object(s, &sub, array, false) : zerobase(s->g));
  memcpy(im->bytes + off + 8, &n, 8);
  memcpy(im->bytes + off + 16, &n, 8);
  return true;
}

// x of concrete type from, in an interface.
static bool put_boxed(Static *s, Expr *x, Type *from, Type *iface, Image *im, int64_t off) {
  Gen *g = s->g;
  Image sub;
  if (is_untyped(from))
    from = default_type(from);
  if (!image_new(g, from, &sub) || !put_expr(s, x, from, &sub, 0))
    return false;
  VRef data;
  if (is_pointer_shaped(from))
    data = sub.relocs.n ? sub.relocs.v[0].v : const_null(g);
  else
    data = sub.size ? object(s, &sub, from, true) : zerobase(g);
  put_ptr(s, im, off, iface_is_empty(iface) ? type_desc(g, from) : itab_const(g, from, iface));
  put_ptr(s, im, off + 8, data);
  return true;
}

// ---- expressions

static bool put_array(Static *s, Expr *x, Type *elem, Image *im, int64_t off) {
  int64_t next = 0, size = type_size(elem);
  for (int i = 0; i < x->comp.elems.n; i++) {
    Expr *val;
    next = lit_index(x->comp.elems.v[i], next, &val);
    if (!put_expr(s, val, elem, im, off + next * size))
      return false;
    next++;
  }
  return true;
}

static bool put_struct(Static *s, Expr *x, Type *u, Image *im, int64_t off) {
  for (int i = 0; i < x->comp.elems.n; i++) {
    Expr *e = x->comp.elems.v[i], *val = e->kind == EXPR_KEYVALUE ? e->kv.val : e;
    int fld = e->kind == EXPR_KEYVALUE ? e->kv.index : i;
    if (is_blank_name(u->strct.fields.v[fld]->name)) {
      if (val->mode != MODE_CONST)
        return false;
      continue;
    }
    if (!put_expr(s, val, u->strct.fields.v[fld]->type, im, off + field_offset(u, fld)))
      return false;
  }
  return true;
}

// The literal x as a value of type t: an elided & is not looked at.
static bool put_literal(Static *s, Expr *x, Type *t, Image *im, int64_t off) {
  Type *u = under(core_type(t));
  switch (u->kind) {
  case TYPE_STRUCT: return put_struct(s, x, u, im, off);
  case TYPE_ARRAY: return put_array(s, x, u->array.elem, im, off);
  case TYPE_SLICE: return put_slice(s, x, t, im, off);
  default: return false;
  }
}

// The address of a package-level variable, or of a field or constant element of it; NULL: something
// else.
static VRef static_addr(Static *s, Expr *x) {
  x = unparen(x);
  if (x->kind == EXPR_SELECTOR && !x->selector.selection)
    x = x->selector.sel;
  if (x->kind == EXPR_NAME) {
    Object *o = x->name.obj;
    return o && o->kind == OBJ_VAR && o->var.is_global ? global_ref(s->g, o) : NULL;
  }
  if (x->kind == EXPR_INDEX && x->index.index.n == 1) {
    Type *u = x->index.x->type ? under(fn_type(s->f, x->index.x->type)) : NULL;
    int64_t i;
    if (!u || u->kind != TYPE_ARRAY || x->index.index.v[0]->mode != MODE_CONST ||
        !const_int64(x->index.index.v[0]->val, &i))
      return NULL;
    VRef base = static_addr(s, x->index.x);
    return base ? ptr_add(s->f, base, i * type_size(u->array.elem)) : NULL;
  }
  if (x->kind != EXPR_SELECTOR || x->selector.selection->kind != SEL_FIELD ||
      x->selector.selection->indirect)
    return NULL;
  VRef base = static_addr(s, x->selector.x);
  return base ? ptr_add(s->f, base, selector_offset(s->f, x)) : NULL;
}

static bool put_address(Static *s, Expr *y, Image *im, int64_t off) {
  y = unparen(y);
  if (y->kind == EXPR_COMPOSITE)
    return put_object(s, y, fn_type(s->f, y->type), im, off);
  VRef p = static_addr(s, y);
  if (p)
    put_ptr(s, im, off, p);
  return p != NULL;
}

// A function's name, a literal without captures, a method expression: irgen makes a constant of
// them without code.
static bool put_func(Static *s, Expr *x, Image *im, int64_t off) {
  return put_value(s, expr(s->f, x), im, off);
}

static bool names_func(Expr *x) {
  Expr *n = x->kind == EXPR_INDEX ? unparen(x->index.x) : x;
  if (n->kind == EXPR_SELECTOR && !n->selector.selection)
    n = n->selector.sel;
  return n->kind == EXPR_NAME && n->name.obj && n->name.obj->kind == OBJ_FUNC;
}

// Another variable of this package that has its static value and is never changed.
static bool put_copy(Static *s, Expr *x, Image *im, int64_t off, Type *t) {
  Object *o = x->kind == EXPR_NAME ? x->name.obj : NULL;
  if (!s->fresh || !o || o->kind != OBJ_VAR || !o->var.is_global || o->pkg != s->g->pkg ||
      o->var.reassigned || o->var.addrtaken)
    return false;
  VRef init = LLVMGetInitializer(global_ref(s->g, o));
  return init && is_pointer_shaped(t) && !LLVMIsNull(init) && LLVMIsAGlobalValue(init) &&
         put_scalar(s, init, im, off, SC_PTR);
}

static bool put_conversion(Static *s, Expr *x, Type *t, Image *im, int64_t off) {
  if (x->call.fun->mode != MODE_TYPE || is_interface(t))
    return false;
  Expr *a = x->call.args.v[0];
  Type *from = a->type ? fn_type(s->f, a->type) : NULL;
  if (!from)
    return false;
  Type *u = under(t), *v = under(from);
  if (a->mode == MODE_NIL)
    return true;
  if (u->kind == TYPE_SLICE && type_size(u->slice.elem) == 1 && a->mode == MODE_CONST && s->fresh &&
      is_string(from)) {
    size_t n;
    const char *text = const_stringval(a->val, &n);
    Image sub;
    Type *array = type_array(u->slice.elem, (int64_t)n);
    if (!image_new(s->g, array, &sub))
      return false;
    memcpy(sub.bytes, text, n);
    put_ptr(s, im, off, n ? object(s, &sub, array, false) : zerobase(s->g));
    memcpy(im->bytes + off + 8, &n, 8);
    memcpy(im->bytes + off + 16, &n, 8);
    return true;
  }
  return u->kind == v->kind && types_identical(u, v) && put_expr(s, a, t, im, off);
}

static bool put_expr(Static *s, Expr *x, Type *t, Image *im, int64_t off) {
  x = unparen(x);
  if (x->mode == MODE_NIL)
    return true;
  Type *from = x->type ? fn_type(s->f, x->type) : NULL;
  bool ptr_lit = x->kind == EXPR_COMPOSITE && x->comp.implicit_addr;
  if (ptr_lit)
    from = type_pointer(from);
  if (is_interface(t) && from && !is_interface(from))
    return put_boxed(s, x, from, t, im, off);
  if (is_interface(t))
    return false;
  if (x->mode == MODE_CONST && x->val)
    return put_value(s, value_const(s->f, x->val, t), im, off);
  switch (x->kind) {
  case EXPR_COMPOSITE:
    return ptr_lit && under(t)->kind == TYPE_POINTER
               ? put_object(s, x, under(t)->pointer.elem, im, off)
               : put_literal(s, x, t, im, off);
  case EXPR_UNARY: return x->unary.op == TOK_AND && put_address(s, x->unary.x, im, off);
  case EXPR_FUNCLIT: return x->func.info->captures.n == 0 && put_func(s, x, im, off);
  case EXPR_CALL: return put_conversion(s, x, t, im, off);
  case EXPR_NAME:
  case EXPR_SELECTOR:
  case EXPR_INDEX: return names_func(x) ? put_func(s, x, im, off) : put_copy(s, x, im, off, t);
  default: return false;
  }
}

// The literal x at the place of an object of type t (an implicit & is not looked at).
static bool put_whole(Static *s, Expr *x, Type *t, Image *im) {
  x = unparen(x);
  if (x->kind != EXPR_COMPOSITE)
    return put_expr(s, x, t, im, 0);
  Type *u = under(t);
  return u->kind == TYPE_ARRAY ? put_array(s, x, u->array.elem, im, 0)
                               : u->kind == TYPE_STRUCT && put_struct(s, x, u, im, 0);
}

VRef static_const(Fn *f, Expr *x, Type *t) {
  Static s = {f, f->g, false, "go:lit"};
  Image im;
  if (!image_new(f->g, t, &im) || !put_whole(&s, x, t, &im))
    return NULL;
  return image_value(f->g, &im, t);
}

// ---- roots

void add_root(Gen *g, VRef var, Type *t) {
  if (!type_has_pointers(t))
    return;
  VRef words[] = {var, const_i64(g, type_ptrbytes(t)), type_rootmask(g, t)};
  VRef init = LLVMConstStructInContext(g->ctx, words, 3, 0);
  VRef root = LLVMAddGlobal(g->m, LLVMTypeOf(init), "go:root");
  LLVMSetInitializer(root, init);
  LLVMSetLinkage(root, LLVMPrivateLinkage);
  LLVMSetGlobalConstant(root, 1);
  LLVMSetSection(root, "goc_roots");
  LLVMSetAlignment(root, 8);
  set_associated(g, root, var);
  keep(g, root);
}

// ---- the package

// Another package's variable under a local name: `//go:linkname local pkg.var`.
static bool is_foreign(Gen *g, Object *var) {
  const char *own = sym_escape(atom_printf("%s.%s", var->pkg->path, var->name));
  if (!strcmp(sym_global(var), own))
    return false;
  for (int i = 0; i < g->pkg->inits.n; i++)
    for (int j = 0; j < g->pkg->inits.v[i].lhs.n; j++)
      if (g->pkg->inits.v[i].lhs.v[j] == var)
        return false;
  return true;
}

// ---- //go:embed

static VRef words_const(Gen *g, VRef *words, int n) {
  return LLVMConstStructInContext(g->ctx, words, (unsigned)n, 0);
}

static VRef embed_global(Gen *g, VRef init, bool constant) {
  VRef v = LLVMAddGlobal(g->m, LLVMTypeOf(init), "go:embed");
  LLVMSetInitializer(v, init);
  LLVMSetLinkage(v, LLVMPrivateLinkage);
  LLVMSetGlobalConstant(v, constant);
  LLVMSetAlignment(v, 8);
  return v;
}

static VRef embed_bytes(Gen *g, const EmbedFile *f) {
  return f->len ? const_bytes(g, f->data, f->len, "go:embed") : const_null(g);
}

// By folder, then by name in it; the slash at the end of a folder does not count.
static int by_folder(const void *x, const void *y) {
  const char *a = ((const EmbedFile *)x)->name, *b = ((const EmbedFile *)y)->name;
  size_t na = strlen(a), nb = strlen(b);
  na -= a[na - 1] == '/';
  nb -= b[nb - 1] == '/';
  size_t da = na, db = nb; // where the base name begins
  while (da && a[da - 1] != '/')
    da--;
  while (db && b[db - 1] != '/')
    db--;
  size_t m = da < db ? da : db;
  int c = memcmp(a, b, m);
  if (c || da != db)
    return c ? c : da < db ? -1 : 1;
  size_t ba = na - da, bb = nb - db;
  c = memcmp(a + da, b + db, ba < bb ? ba : bb);
  return c ? c : ba < bb ? -1 : ba > bb;
}

// The files and the folders above them ("a/", "a/b/"), sorted.
static EmbedFiles embed_list(Gen *g, const EmbedFiles *files) {
  EmbedFiles l = {0};
  Map *have = map_new(g->arena);
  for (int i = 0; i < files->n; i++) {
    const char *name = files->v[i].name;
    for (const char *p = name; (p = strchr(p, '/')); p++) {
      const char *dir = arena_strndup(g->arena, name, (size_t)(p + 1 - name));
      if (!map_get(have, dir))
        vec_push(g->arena, &l, ((EmbedFile){dir, NULL, 0}));
      map_set(have, dir, (void *)(uintptr_t)dir);
    }
    vec_push(g->arena, &l, files->v[i]);
  }
  if (l.n)
    qsort(l.v, (size_t)l.n, sizeof(EmbedFile), by_folder);
  return l;
}

// embed.FS is struct{ files *[]file }, file is struct{ name, data string; hash [16]byte }; nobody
// reads the hash, it stays zero.
static VRef embed_fs(Gen *g, const EmbedFiles *files) {
  EmbedFiles l = embed_list(g, files);
  VRef *vs = NEW_ARRAY(g->arena, VRef, l.n + 1);
  for (int i = 0; i < l.n; i++) {
    size_t n = strlen(l.v[i].name);
    VRef words[] = {const_bytes(g, l.v[i].name, n, "go:embed"),
                    const_i64(g, (int64_t)n),
                    embed_bytes(g, &l.v[i]),
                    const_i64(g, (int64_t)l.v[i].len),
                    const_i64(g, 0),
                    const_i64(g, 0)};
    vs[i] = words_const(g, words, LEN(words));
  }
  VRef array = embed_global(g, words_const(g, vs, l.n), true);
  VRef slice[] = {array, const_i64(g, l.n), const_i64(g, l.n)};
  VRef ptr = embed_global(g, words_const(g, slice, LEN(slice)), true);
  return words_const(g, &ptr, 1);
}

// Bytes can be written to.
static VRef embed_value(Gen *g, Object *var) {
  EmbedFiles *files = &var->decl->embedded;
  if (types_is_embed_fs(var->type))
    return embed_fs(g, files);
  if (files->n != 1)
    ice(var->pos, "%d embedded files", files->n);
  EmbedFile *f = &files->v[0];
  VRef len = const_i64(g, (int64_t)f->len), p = embed_bytes(g, f);
  if (is_string(var->type))
    return words_const(g, (VRef[]){p, len}, 2);
  VRef data = LLVMConstStringInContext2(g->ctx, f->data, f->len, true);
  return words_const(g, (VRef[]){f->len ? embed_global(g, data, false) : zerobase(g), len, len}, 3);
}

static void define(Gen *g, Object *var) {
  check_object(var);
  if (is_blank_name(var->name) || is_foreign(g, var) || type_size(var->type) == 0)
    return;
  VRef v = global_ref(g, var);
  if (var->decl && var->decl->embeds.n)
    LLVMSetInitializer(v, embed_value(g, var));
  if (!LLVMGetInitializer(v))
    LLVMSetInitializer(v, LLVMConstNull(lltype_mem(g, var->type)));
  LLVMSetAlignment(v, (unsigned)(type_align(var->type) ? type_align(var->type) : 1));
  add_root(g, v, var->type);
}

static bool init_static(Fn *f, Initializer *in) {
  Gen *g = f->g;
  Object *var = in->lhs.n == 1 ? in->lhs.v[0] : NULL;
  if (!var || is_blank_name(var->name) || type_size(var->type) == 0)
    return false;
  Static s = {f, g, true, atom_printf("%s.%s", g->pkg->path, var->name)};
  Image im;
  if (!image_new(g, var->type, &im) || !put_expr(&s, in->rhs, var->type, &im, 0))
    return false;
  LLVMSetInitializer(global_ref(g, var), image_value(g, &im, var->type));
  return true;
}

static void init_code(Fn *f, Initializer *in) {
  int n = in->lhs.n;
  hoist_reset(f);
  hoist(f, in->rhs);
  if (n == 1) {
    Object *var = in->lhs.v[0];
    Type *t = var->type;
    Value v = expr_to(f, in->rhs, t);
    if (!is_blank_name(var->name))
      store_value(f, global_ref(f->g, var), v);
    return;
  }
  Values vs = expr_multi(f, in->rhs, n);
  for (int i = 0; i < n; i++)
    if (!is_blank_name(in->lhs.v[i]->name))
      store_value(f, global_ref(f->g, in->lhs.v[i]), implicit(f, vs.v[i], in->lhs.v[i]->type));
}

static void call_init_funcs(Fn *f) {
  Package *pkg = f->g->pkg;
  TypeList none = {0};
  for (int i = 0; i < pkg->init_funcs.n; i++) {
    Object *fn = pkg->init_funcs.v[i];
    fn_pos(f, fn->pos);
    call_func(f, func_ref(f->g, fn, none), sig_of_func(f->g, fn, none), NULL);
  }
}

bool init_needed(Package *pkg) {
  return pkg->inits.n > 0 || pkg->init_funcs.n > 0;
}

bool is_blank_name(Atom name) {
  return name[0] == '_' && !name[1];
}

static Pos package_pos(Package *pkg) {
  return pkg->files.n ? pkg->files.v[0]->package_pos : NOPOS;
}

static void make_init(Gen *g) {
  const char *sym = sym_escape(atom_printf("%s.init", g->pkg->path));
  Fn *f = fn_begin(g, sym, sym, sig_of(g, func0_type(), NULL), 0, package_pos(g->pkg), NULL);
  for (int i = 0; i < g->pkg->inits.n; i++) {
    Initializer *in = &g->pkg->inits.v[i];
    fn_pos(f, expr_start(in->rhs));
    if (!init_static(f, in))
      init_code(f, in);
  }
  call_init_funcs(f);
  fn_return(f, NULL, 0);
  fn_finish(f);
}

void init_globals(Gen *g) {
  if (init_needed(g->pkg))
    make_init(g);
  for (int i = 0; i < g->pkg->vars.n; i++)
    define(g, g->pkg->vars.v[i]);
  type_own(g);
}
