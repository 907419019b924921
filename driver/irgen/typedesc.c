// typedesc.c: runtime type descriptors, bit for bit gc's internal/abi.Type and kin, so that the
// unmodified reflect reads them.
//
// A descriptor is the global "type:" + type_linkstring(t). It has one home: that of a package-level
// named type (and of the pointer to it) is the package that declares it, which always makes it;
// everyone else declares it only. All other types (unnamed, local, instances, predeclared) are made
// wherever they are used, linkonce_odr in a comdat, with the same content everywhere: nothing in a
// descriptor may depend on the module it is made in. Therefore PtrToThis of such a type is a weak
// reference that the linker resolves.
//
// Making a descriptor asks for others: type_desc only declares, and puts the making on the work
// list.
#include "driver/irgen/gen.h"
#include "runtime/runtime.h"
#include <llvm-c/Comdat.h>
#include <string.h>

typedef VEC(VRef) Parts; // constants that make up a struct

static void put(Gen *g, Parts *vs, VRef v) {
  vec_push(g->arena, vs, v);
}

static void put32(Gen *g, Parts *vs, uint64_t n) {
  put(g, vs, LLVMConstInt(g->i32, n, 0));
}

static void put64(Gen *g, Parts *vs, uint64_t n) {
  put(g, vs, LLVMConstInt(g->i64, n, 0));
}

// The low half of an address: what a name, type or text offset is (docs/abi.md).
static VRef off32(Gen *g, VRef v) {
  return v ? LLVMConstPtrToInt(v, g->i32) : LLVMConstInt(g->i32, 0, 0);
}

// ---- where a descriptor is made

typedef enum Home { HOME_SHARED, HOME_HERE, HOME_ELSEWHERE } Home;

static Home type_home(Gen *g, Type *t) {
  Type *base = t->kind == TYPE_POINTER ? t->pointer.elem : t;
  if (base->kind != TYPE_NAMED || base->named.origin != base || base->named.outer_args.n)
    return HOME_SHARED;
  Object *o = base->named.obj;
  if (!o->pkg || o->tname.owner || base->named.tparams.n)
    return HOME_SHARED;
  return o->pkg == g->pkg ? HOME_HERE : HOME_ELSEWHERE;
}

static const char *type_symbol(Type *t) {
  return sym_escape(atom_printf("type:%s", type_linkstring(t)));
}

static LLVMTypeRef desc_type(Gen *g, Type *t);
static void define(Gen *g, void *type);

static VRef add_desc(Gen *g, const char *sym, LLVMTypeRef llty) {
  VRef v = LLVMAddGlobal(g->m, llty, sym);
  LLVMSetVisibility(v, LLVMHiddenVisibility);
  LLVMSetAlignment(v, 8);
  LLVMSetGlobalConstant(v, 1);
  return v;
}

VRef type_desc(Gen *g, Type *t) {
  if (is_untyped(t))
    t = t->kind == TYPE_UNTYPED_NIL ? t_basic[TYPE_UNSAFEPOINTER] : default_type(t);
  const char *sym = type_symbol(t);
  VRef v = map_get(g->syms, sym);
  if (v)
    return v;
  bool here = type_home(g, t) != HOME_ELSEWHERE;
  VRef weak = LLVMGetNamedGlobal(g->m, sym);
  v = add_desc(g, sym, here ? desc_type(g, t) : g->i8);
  if (weak) { // there was a PtrToThis before: see ptr_to_this
    LLVMReplaceAllUsesWith(weak, v);
    LLVMDeleteGlobal(weak);
    LLVMSetValueName2(v, sym, strlen(sym));
  }
  map_set(g->syms, sym, v);
  if (here) {
    Work *w = NEW(g->arena, Work);
    *w = (Work){.kind = WORK_CALLBACK, .symbol = sym, .make = define, .arg = t};
    work_add(g, w);
  }
  return v;
}

// A reference that is 0 when no object makes the descriptor. It may be replaced by the descriptor
// later: use it in a finished constant only.
static VRef type_weak(Gen *g, Type *t) {
  const char *sym = type_symbol(t);
  VRef v = map_get(g->syms, sym);
  if (!v)
    v = LLVMGetNamedGlobal(g->m, sym);
  if (!v) {
    v = add_desc(g, sym, g->i8);
    LLVMSetLinkage(v, LLVMExternalWeakLinkage);
  }
  return v;
}

// ---- data

// A private constant of init, not shared.
static VRef private_const(Gen *g, const char *name, VRef init, unsigned align) {
  VRef v = LLVMAddGlobal(g->m, LLVMTypeOf(init), name);
  LLVMSetInitializer(v, init);
  LLVMSetLinkage(v, LLVMPrivateLinkage);
  LLVMSetGlobalConstant(v, 1);
  LLVMSetUnnamedAddress(v, LLVMGlobalUnnamedAddr);
  LLVMSetAlignment(v, align);
  return v;
}

static void buf_varint(Buf *b, uint64_t n) {
  for (; n >= 0x80; n >>= 7)
    buf_putc(b, (char)(n | 0x80));
  buf_putc(b, (char)n);
}

enum { NAME_EXPORTED = 1, NAME_TAG = 2, NAME_PKGPATH = 4, NAME_EMBEDDED = 8 };

// An abi.Name. pkg: its path follows as a name offset (an unexported method from another package
// than its type); NULL: none.
static VRef name_data(Gen *g, const char *name, const char *tag, size_t taglen, Package *pkg,
                      int flags) {
  Buf b = {0};
  if (tag && taglen)
    flags |= NAME_TAG;
  buf_putc(&b, (char)(flags | (pkg ? NAME_PKGPATH : 0)));
  buf_varint(&b, strlen(name));
  buf_puts(&b, name);
  if (flags & NAME_TAG) {
    buf_varint(&b, taglen);
    buf_write(&b, tag, taglen);
  }
  VRef v;
  if (!pkg) {
    v = const_bytes(g, b.data, b.len, "go:name");
  } else {
    VRef path = name_data(g, pkg->path, NULL, 0, NULL, 0);
    VRef parts[] = {LLVMConstStringInContext2(g->ctx, b.data, b.len, 1), off32(g, path)};
    v = private_const(g, "go:name", LLVMConstStructInContext(g->ctx, parts, 2, 1), 1);
  }
  buf_free(&b);
  return v;
}

static int exported_flag(Atom name) {
  return is_exported(name) ? NAME_EXPORTED : 0;
}

// ---- what the collector wants to know

static void set_bit(void *ctx, int64_t offset) {
  Buf *b = ctx;
  b->data[offset / 64] |= (char)(1 << (offset / 8 % 8));
}

static void mask_bytes(Type *t, Buf *b) {
  int64_t words = type_ptrbytes(t) / 8;
  for (int64_t i = 0; i < (words + 7) / 8; i++)
    buf_putc(b, 0);
  type_pointer_words(t, 0, set_bit, b);
}

VRef type_ptrmask(Gen *g, Type *t) {
  if (!type_has_pointers(t))
    return const_null(g);
  Buf b = {0};
  mask_bytes(t, &b);
  VRef v = const_bytes(g, b.data, b.len, "go:gcbits");
  buf_free(&b);
  return v;
}

VRef type_rootmask(Gen *g, Type *t) {
  return type_ptrmask(g, t);
}

// A GC program (the comment in front of runtime.runGCProg has the format): literal bits are
// gathered in lit and flushed before a repeat.
typedef struct Prog {
  Buf out;
  uint8_t lit[16];
  int nlit; // bits
} Prog;

static void prog_flush(Prog *p) {
  if (!p->nlit)
    return;
  buf_putc(&p->out, (char)p->nlit);
  buf_write(&p->out, p->lit, (size_t)(p->nlit + 7) / 8);
  memset(p->lit, 0, sizeof p->lit);
  p->nlit = 0;
}

static void prog_bit(Prog *p, bool bit) {
  if (p->nlit == 120)
    prog_flush(p);
  p->lit[p->nlit / 8] |= (uint8_t)(bit << (p->nlit % 8));
  p->nlit++;
}

// The last n bits c times more.
static void prog_repeat(Prog *p, int64_t n, int64_t c) {
  if (n == 0 || c == 0)
    return;
  prog_flush(p);
  if (n < 128) {
    buf_putc(&p->out, (char)(0x80 | n));
  } else {
    buf_putc(&p->out, (char)0x80);
    buf_varint(&p->out, (uint64_t)n);
  }
  buf_varint(&p->out, (uint64_t)c);
}

static void prog_zeros(Prog *p, int64_t n) {
  if (n > 0)
    prog_bit(p, false);
  if (n > 1 && n <= 64)
    for (int64_t i = 1; i < n; i++)
      prog_bit(p, false);
  else
    prog_repeat(p, n > 0 ? 1 : 0, n - 1);
}

typedef struct BitSink {
  Prog *prog;
  int64_t next; // word that the next bit stands for
} BitSink;

static void sink_word(void *ctx, int64_t offset) {
  BitSink *s = ctx;
  prog_zeros(s->prog, offset / 8 - s->next);
  prog_bit(s->prog, true);
  s->next = offset / 8 + 1;
}

// The bits of t: size/8 of them, rounded down (what is smaller than a word has no pointers).
static void prog_type(Prog *p, Type *t, int64_t words) {
  Type *u = under(t);
  if (!type_has_pointers(t)) {
    prog_zeros(p, words);
  } else if (u->kind == TYPE_ARRAY && u->array.len > 1) {
    int64_t w = type_size(u->array.elem) / 8;
    prog_type(p, u->array.elem, w);
    prog_repeat(p, w, u->array.len - 1);
  } else if (u->kind == TYPE_STRUCT && words > 128) {
    int64_t at = 0;
    for (int i = 0; i < u->strct.fields.n; i++) {
      Type *ft = u->strct.fields.v[i]->type;
      if (!type_has_pointers(ft))
        continue;
      int64_t off = field_offset(u, i) / 8;
      prog_zeros(p, off - at);
      prog_type(p, ft, type_size(ft) / 8);
      at = off + type_size(ft) / 8;
    }
    prog_zeros(p, words - at);
  } else {
    BitSink s = {p, 0};
    type_pointer_words(t, 0, sink_word, &s);
    prog_zeros(p, words - s.next);
  }
}

enum { MAX_PTRMASK_BYTES = 2048 }; // a longer mask becomes a program

static bool uses_gcprog(Type *t) {
  return type_ptrbytes(t) / 8 > MAX_PTRMASK_BYTES * 8;
}

static VRef gc_data(Gen *g, Type *t) {
  if (!uses_gcprog(t))
    return type_ptrmask(g, t);
  Prog p = {0};
  prog_type(&p, t, type_size(t) / 8);
  prog_flush(&p);
  buf_putc(&p.out, 0);
  Buf b = {0};
  uint32_t n = (uint32_t)p.out.len;
  buf_write(&b, &n, 4);
  buf_write(&b, p.out.data, p.out.len);
  VRef v = private_const(g, "go:gcprog", LLVMConstStringInContext2(g->ctx, b.data, b.len, 1), 4);
  buf_free(&p.out);
  buf_free(&b);
  return v;
}

// ---- the common part

static int type_kind_code(Type *t) {
  static const uint8_t basic[] = {
      [TYPE_BOOL] = KIND_BOOL,           [TYPE_INT] = KIND_INT,
      [TYPE_INT8] = KIND_INT8,           [TYPE_INT16] = KIND_INT16,
      [TYPE_INT32] = KIND_INT32,         [TYPE_INT64] = KIND_INT64,
      [TYPE_UINT] = KIND_UINT,           [TYPE_UINT8] = KIND_UINT8,
      [TYPE_UINT16] = KIND_UINT16,       [TYPE_UINT32] = KIND_UINT32,
      [TYPE_UINT64] = KIND_UINT64,       [TYPE_UINTPTR] = KIND_UINTPTR,
      [TYPE_FLOAT32] = KIND_FLOAT32,     [TYPE_FLOAT64] = KIND_FLOAT64,
      [TYPE_COMPLEX64] = KIND_COMPLEX64, [TYPE_COMPLEX128] = KIND_COMPLEX128,
      [TYPE_STRING] = KIND_STRING,       [TYPE_UNSAFEPOINTER] = KIND_UNSAFEPOINTER,
      [TYPE_POINTER] = KIND_POINTER,     [TYPE_SLICE] = KIND_SLICE,
      [TYPE_ARRAY] = KIND_ARRAY,         [TYPE_MAP] = KIND_MAP,
      [TYPE_CHAN] = KIND_CHAN,           [TYPE_STRUCT] = KIND_STRUCT,
      [TYPE_FUNC] = KIND_FUNC,           [TYPE_INTERFACE] = KIND_INTERFACE,
  };
  TypeKind k = under(t)->kind;
  int code = (size_t)k < LEN(basic) ? basic[k] : 0;
  if (!code)
    ice(NOPOS, "no type descriptor for %s", type_string(t, NULL));
  return code;
}

// FNV-1 of the canonical text.
uint32_t type_hash(Type *t) {
  uint32_t h = 2166136261u;
  for (const char *s = type_linkstring(t); *s; s++)
    h = (h * 16777619u) ^ (uint8_t)*s;
  return h;
}

static Atom type_name(Type *t) {
  return t->kind == TYPE_NAMED           ? t->named.obj->name
         : t->kind <= TYPE_UNSAFEPOINTER ? t->basic.name
                                         : NULL;
}

static const MethodSet *methods_of(Type *t) {
  static const MethodSet none;
  if (is_interface(t) || (t->kind == TYPE_POINTER && is_interface(t->pointer.elem)))
    return &none;
  bool may = t->kind == TYPE_NAMED || t->kind == TYPE_STRUCT ||
             (t->kind == TYPE_POINTER &&
              (t->pointer.elem->kind == TYPE_NAMED || t->pointer.elem->kind == TYPE_STRUCT));
  return may ? method_set(t) : &none;
}

static bool is_uncommon(Type *t) {
  return type_name(t) || methods_of(t)->n > 0;
}

static VRef type_str(Gen *g, Type *t, int *tflag) {
  const char *s = type_reflectstring(t);
  Type *base = t;
  if (*s == '*') {
    base = t->kind == TYPE_POINTER ? t->pointer.elem : t;
  } else {
    s = atom_printf("*%s", s);
    *tflag |= TFLAG_EXTRASTAR;
  }
  Atom name = type_name(base);
  return name_data(g, s, NULL, 0, NULL, name ? exported_flag(name) : 0);
}

// What reflect makes has no methods: a pointer type that has some is made with its element's.
static VRef ptr_to_this(Gen *g, Type *t) {
  Type *ptr = type_pointer(t);
  if ((type_home(g, t) == HOME_HERE && t->kind != TYPE_POINTER) || methods_of(ptr)->n > 0)
    return type_desc(g, ptr);
  return type_weak(g, ptr);
}

static void put_common(Gen *g, Parts *vs, Type *t) {
  int tflag = 0, kind = type_kind_code(t);
  VRef str = type_str(g, t, &tflag);
  if (is_uncommon(t))
    tflag |= TFLAG_UNCOMMON;
  if (type_name(t))
    tflag |= TFLAG_NAMED;
  if (type_is_regular_memory(t))
    tflag |= TFLAG_REGULARMEMORY;
  if (is_pointer_shaped(t))
    kind |= KIND_DIRECTIFACE;
  if (uses_gcprog(t))
    kind |= KIND_GCPROG;
  put64(g, vs, (uint64_t)type_size(t));
  put64(g, vs, (uint64_t)type_ptrbytes(t));
  put32(g, vs, type_hash(t));
  int64_t align = type_align(t);
  uint8_t bytes[] = {(uint8_t)tflag, (uint8_t)align, (uint8_t)align, (uint8_t)kind};
  for (size_t i = 0; i < LEN(bytes); i++)
    put(g, vs, LLVMConstInt(g->i8, bytes[i], 0));
  put(g, vs, type_eq_func(g, t));
  put(g, vs, gc_data(g, t));
  put(g, vs, off32(g, str));
  put32(g, vs, 0); // PtrToThis: see define
}

// ---- the parts of each kind

// abi.Name of a package path, or nil.
static VRef pkgpath_name(Gen *g, Package *pkg) {
  return pkg ? name_data(g, pkg->path, NULL, 0, NULL, 0) : const_null(g);
}

// An array of its own, as the three words of a slice.
static void put_slice(Gen *g, Parts *vs, const char *what, LLVMTypeRef elem, const Parts *elems) {
  if (elems->n) {
    VRef init = LLVMConstArray2(elem, elems->v, (uint64_t)elems->n);
    put(g, vs, private_const(g, what, init, 8));
  } else {
    put(g, vs, zerobase(g));
  }
  put64(g, vs, (uint64_t)elems->n);
  put64(g, vs, (uint64_t)elems->n);
}

static void put_interface(Gen *g, Parts *vs, Type *t, Type *u) {
  Package *tpkg = t->kind == TYPE_NAMED ? t->named.obj->pkg : NULL;
  put(g, vs, pkgpath_name(g, tpkg));
  const TypeSet *set = type_set(u);
  Parts ms = {0};
  LLVMTypeRef pair[] = {g->i32, g->i32};
  LLVMTypeRef st = LLVMStructTypeInContext(g->ctx, pair, 2, 0);
  for (int pass = 0; pass < 2; pass++) // exported ones first
    for (int i = 0; i < set->methods.n; i++) {
      Object *m = set->methods.v[i];
      if (is_exported(m->name) != (pass == 0))
        continue;
      Package *pkg = pass == 1 && m->pkg != tpkg ? m->pkg : NULL;
      VRef name = name_data(g, m->name, NULL, 0, pkg, exported_flag(m->name));
      VRef v[] = {off32(g, name), off32(g, type_desc(g, m->type))};
      put(g, &ms, LLVMConstStructInContext(g->ctx, v, 2, 0));
    }
  put_slice(g, vs, "go:imethods", st, &ms);
}

static void put_struct(Gen *g, Parts *vs, Type *u) {
  Package *pkg = NULL;
  Parts fs = {0};
  LLVMTypeRef part[] = {g->ptr, g->ptr, g->i64};
  LLVMTypeRef st = LLVMStructTypeInContext(g->ctx, part, 3, 0);
  for (int i = 0; i < u->strct.fields.n; i++) {
    Object *f = u->strct.fields.v[i];
    if (!is_exported(f->name) && !pkg)
      pkg = f->pkg;
    const char *tag = u->strct.tags ? u->strct.tags[i] : NULL;
    VRef name = name_data(g, f->name, tag, tag ? u->strct.taglens[i] : 0, NULL,
                          exported_flag(f->name) | (f->var.embedded ? NAME_EMBEDDED : 0));
    VRef v[] = {name, type_desc(g, f->type), LLVMConstInt(g->i64, (uint64_t)field_offset(u, i), 0)};
    put(g, &fs, LLVMConstStructInContext(g->ctx, v, 3, 0));
  }
  put(g, vs, pkgpath_name(g, pkg));
  put_slice(g, vs, "go:fields", st, &fs);
}

static bool is_reflexive(Type *t) {
  Type *u = under(t);
  if (u->kind == TYPE_ARRAY)
    return is_reflexive(u->array.elem);
  if (u->kind == TYPE_STRUCT) {
    for (int i = 0; i < u->strct.fields.n; i++)
      if (!is_reflexive(u->strct.fields.v[i]->type))
        return false;
    return true;
  }
  return u->kind != TYPE_INTERFACE && !(u->kind >= TYPE_FLOAT32 && u->kind <= TYPE_COMPLEX128);
}

// Whether overwriting a key with an equal one can be seen: +0 and -0, strings (their memory),
// interfaces.
static bool need_key_update(Type *t) {
  Type *u = under(t);
  if (u->kind == TYPE_ARRAY)
    return need_key_update(u->array.elem);
  if (u->kind == TYPE_STRUCT) {
    for (int i = 0; i < u->strct.fields.n; i++)
      if (need_key_update(u->strct.fields.v[i]->type))
        return true;
    return false;
  }
  return u->kind == TYPE_INTERFACE || u->kind == TYPE_STRING ||
         (u->kind >= TYPE_FLOAT32 && u->kind <= TYPE_COMPLEX128);
}

static bool hash_might_panic(Type *t) {
  Type *u = under(t);
  if (u->kind == TYPE_ARRAY)
    return hash_might_panic(u->array.elem);
  if (u->kind == TYPE_STRUCT)
    for (int i = 0; i < u->strct.fields.n; i++)
      if (hash_might_panic(u->strct.fields.v[i]->type))
        return true;
  return u->kind == TYPE_INTERFACE;
}

enum {
  MAP_INDIRECT_KEY = 1,
  MAP_INDIRECT_ELEM = 2,
  MAP_REFLEXIVE = 4,
  MAP_KEY_UPDATE = 8,
  MAP_HASH_PANICS = 16,
  MAP_MAX_INLINE = 128
};

static void put_map(Gen *g, Parts *vs, Type *t, Type *u) {
  Type *k = u->map.key, *e = u->map.elem;
  int64_t ks = type_size(k), es = type_size(e);
  uint32_t flags = 0;
  if (ks > MAP_MAX_INLINE)
    ks = 8, flags |= MAP_INDIRECT_KEY;
  if (es > MAP_MAX_INLINE)
    es = 8, flags |= MAP_INDIRECT_ELEM;
  flags |= is_reflexive(k) ? MAP_REFLEXIVE : 0;
  flags |= need_key_update(k) ? MAP_KEY_UPDATE : 0;
  flags |= hash_might_panic(k) ? MAP_HASH_PANICS : 0;
  put(g, vs, type_desc(g, k));
  put(g, vs, type_desc(g, e));
  // gc's bucket type: goc's maps have none. A named map type keeps its underlying type in the
  // program instead: reflect.MapOf must find it, or it makes one with a hash function that merges
  // fields in another way.
  put(g, vs, t == u ? type_desc(g, t_basic[TYPE_UNSAFEPOINTER]) : type_desc(g, u));
  put(g, vs, type_hash_func(g, k));
  put(g, vs, LLVMConstInt(g->i8, (uint64_t)ks, 0));
  put(g, vs, LLVMConstInt(g->i8, (uint64_t)es, 0));
  put(g, vs, LLVMConstInt(g->i16, (uint64_t)(8 + 8 * (ks + es)), 0));
  put32(g, vs, flags);
}

// Counts of a func type; its list of types follows the uncommon part.
static void put_func(Gen *g, Parts *vs, Parts *tail, Type *u) {
  for (int i = 0; i < u->func.params.n; i++)
    put(g, tail, type_desc(g, u->func.params.v[i]->type));
  for (int i = 0; i < u->func.results.n; i++)
    put(g, tail, type_desc(g, u->func.results.v[i]->type));
  put(g, vs, LLVMConstInt(g->i16, (uint64_t)u->func.params.n, 0));
  put(g, vs,
      LLVMConstInt(g->i16, (uint64_t)u->func.results.n | (u->func.variadic ? 1u << 15 : 0), 0));
  put32(g, vs, 0);
}

static void put_kind(Gen *g, Parts *vs, Parts *tail, Type *t, Type *u) {
  static const uint8_t dirs[] = {[CHAN_BOTH] = 3, [CHAN_SEND] = 2, [CHAN_RECV] = 1};
  switch (u->kind) {
  case TYPE_POINTER: put(g, vs, type_desc(g, u->pointer.elem)); break;
  case TYPE_SLICE: put(g, vs, type_desc(g, u->slice.elem)); break;
  case TYPE_ARRAY:
    put(g, vs, type_desc(g, u->array.elem));
    put(g, vs, type_desc(g, type_slice(u->array.elem)));
    put64(g, vs, (uint64_t)u->array.len);
    break;
  case TYPE_CHAN:
    put(g, vs, type_desc(g, u->chan.elem));
    put64(g, vs, dirs[u->chan.dir]);
    break;
  case TYPE_MAP: put_map(g, vs, t, u); break;
  case TYPE_FUNC: put_func(g, vs, tail, u); break;
  case TYPE_INTERFACE: put_interface(g, vs, t, u); break;
  case TYPE_STRUCT: put_struct(g, vs, u); break;
  default: break;
  }
}

// ---- methods

// The package that the uncommon part names: the type's own, or the element's for unnamed types made
// of one.
static Package *type_pkg(Type *t) {
  Type *e = t;
  switch (t->kind) {
  case TYPE_POINTER: e = t->pointer.elem; break;
  case TYPE_SLICE: e = t->slice.elem; break;
  case TYPE_ARRAY: e = t->array.elem; break;
  case TYPE_CHAN: e = t->chan.elem; break;
  default: break;
  }
  if (e->kind == TYPE_UNSAFEPOINTER)
    return unsafe_package;
  return e->kind == TYPE_NAMED ? e->named.obj->pkg : NULL;
}

static void put_method(Gen *g, Parts *vs, Type *t, const MethodSetEntry *e) {
  Object *m = e->fn;
  Package *pkg = !is_exported(m->name) && m->pkg != type_pkg(t) ? m->pkg : NULL;
  VRef name = name_data(g, m->name, NULL, 0, pkg, exported_flag(m->name));
  put(g, vs, off32(g, name));
  put(g, vs, off32(g, type_desc(g, m->type)));
  put(g, vs, off32(g, method_code(g, t, e, true)));
  put(g, vs, off32(g, method_code(g, t, e, false)));
}

// tailsize: bytes between the uncommon part and the methods.
static void put_uncommon(Gen *g, Parts *vs, Parts *methods, Type *t, int tailsize) {
  const MethodSet *ms = methods_of(t);
  Package *pkg = type_pkg(t);
  int exported = 0;
  for (int i = 0; i < ms->n; i++) {
    exported += is_exported(ms->v[i].fn->name);
    put_method(g, methods, t, &ms->v[i]);
  }
  put(g, vs, pkg ? off32(g, pkgpath_name(g, pkg)) : off32(g, NULL));
  put(g, vs, LLVMConstInt(g->i16, (uint64_t)ms->n, 0));
  put(g, vs, LLVMConstInt(g->i16, (uint64_t)exported, 0));
  put32(g, vs, (uint64_t)(16 + tailsize));
  put32(g, vs, 0);
}

// Unnamed types that reflect can make at run time: it must find the compiled one first.
static bool wants_typelink(Type *t) {
  switch (t->kind) {
  case TYPE_POINTER:
  case TYPE_ARRAY:
  case TYPE_CHAN:
  case TYPE_FUNC:
  case TYPE_MAP:
  case TYPE_SLICE: return true;
  case TYPE_STRUCT: return !type_is_closure(t);
  default: return false;
  }
}

static void add_typelink(Gen *g, Type *t, VRef desc) {
  VRef link =
      LLVMAddGlobal(g->m, g->i32, sym_escape(atom_printf("typelink:%s", type_linkstring(t))));
  LLVMSetInitializer(link, off32(g, desc));
  LLVMSetLinkage(link, LLVMPrivateLinkage);
  LLVMSetGlobalConstant(link, 1);
  LLVMSetSection(link, "typelinks");
  LLVMSetAlignment(link, 4);
  if (LLVMGetComdat(desc))
    LLVMSetComdat(link, LLVMGetComdat(desc));
  set_associated(g, link, desc);
  keep(g, link);
}

void set_associated(Gen *g, VRef global, VRef with) {
  LLVMMetadataRef md = LLVMValueAsMetadata(with);
  LLVMGlobalSetMetadata(global, LLVMGetMDKindIDInContext(g->ctx, "associated", 10),
                        LLVMMDNodeInContext2(g->ctx, &md, 1));
}

// ---- the whole

// The LLVM type of a descriptor, without asking for what it refers to.
static LLVMTypeRef desc_type(Gen *g, Type *t) {
  LLVMTypeRef common[] = {g->i64, g->i64, g->i32, g->i8,  g->i8, g->i8,
                          g->i8,  g->ptr, g->ptr, g->i32, g->i32};
  VEC(LLVMTypeRef) ts = {0};
#define ADD(...)                                                                                   \
  for (LLVMTypeRef add_[] = {__VA_ARGS__}, *p_ = add_; p_ < add_ + LEN(add_); p_++)                \
  vec_push(g->arena, &ts, *p_)
  for (size_t i = 0; i < LEN(common); i++)
    vec_push(g->arena, &ts, common[i]);
  Type *u = under(t);
  int tail = 0;
  switch (u->kind) {
  case TYPE_POINTER:
  case TYPE_SLICE: ADD(g->ptr); break;
  case TYPE_ARRAY: ADD(g->ptr, g->ptr, g->i64); break;
  case TYPE_CHAN: ADD(g->ptr, g->i64); break;
  case TYPE_MAP: ADD(g->ptr, g->ptr, g->ptr, g->ptr, g->i8, g->i8, g->i16, g->i32); break;
  case TYPE_INTERFACE:
  case TYPE_STRUCT: ADD(g->ptr, g->ptr, g->i64, g->i64); break;
  case TYPE_FUNC:
    ADD(g->i16, g->i16, g->i32);
    tail = u->func.params.n + u->func.results.n;
    break;
  default: break;
  }
  if (is_uncommon(t))
    ADD(g->i32, g->i16, g->i16, g->i32, g->i32);
  for (int i = 0; i < tail; i++)
    ADD(g->ptr);
  for (int i = 0; i < methods_of(t)->n; i++)
    ADD(g->i32, g->i32, g->i32, g->i32);
#undef ADD
  return LLVMStructTypeInContext(g->ctx, ts.v, (unsigned)ts.n, 0);
}

static void define(Gen *g, void *type) {
  Type *t = type, *u = under(t);
  Parts vs = {0}, tail = {0}, methods = {0};
  VRef desc = type_desc(g, t);
  put_common(g, &vs, t);
  int ptrtothis = vs.n - 1;
  put_kind(g, &vs, &tail, t, u);
  if (is_uncommon(t))
    put_uncommon(g, &vs, &methods, t, 8 * tail.n);
  for (int i = 0; i < tail.n; i++)
    put(g, &vs, tail.v[i]);
  for (int i = 0; i < methods.n; i++)
    put(g, &vs, methods.v[i]);
  vs.v[ptrtothis] = off32(
      g, ptr_to_this(g, t)); // last: a weak reference must not be replaced while it is only in vs
  LLVMSetInitializer(desc, LLVMConstStructInContext(g->ctx, vs.v, (unsigned)vs.n, 0));
  set_hidden(g, desc);
  if (type_home(g, t) == HOME_SHARED)
    set_linkonce(g, desc, type_symbol(t));
  if (wants_typelink(t))
    add_typelink(g, t, desc);
}

void type_own(Gen *g) {
  for (int i = 0; i < g->pkg->types.n; i++) {
    Object *o = g->pkg->types.v[i];
    Type *t = o->type;
    if (o->tname.alias || o->tname.owner || !t || t->kind != TYPE_NAMED || t->named.obj != o ||
        t->named.tparams.n)
      continue;
    if (type_home(g, t) == HOME_HERE) {
      type_desc(g, t);
      type_desc(g, type_pointer(t));
    }
  }
}

void typedesc_finish(Gen *g) {
  (void)g; // descriptors are made by the work list
}
