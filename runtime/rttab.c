// rttab.c: tables that the runtime fills on demand: itabs, descriptors of map slots, offsets that
// reflect made, typelinks.
//
// Each table is an array of pointers with linear probing; readers take no lock: entries are
// published with release, and a table that grows is copied and replaced (the old one stays, readers
// may be in it).
#include "runtime/rttab.h"
#include "runtime/heap.h"
#include "runtime/hooks.h"

#include <stdlib.h>

typedef struct Table {
  uintptr_t cap; // power of two
  uintptr_t n;
  void *v[];
} Table;

static Lock tab_lock;
static Table *itabs, *slots;

static inline uintptr_t mix(uintptr_t a, uintptr_t b) {
  return ((a >> 4) * 0x9e3779b97f4a7c15u ^ (b >> 4) * 0xbf58476d1ce4e5b9u) >> 17;
}

static void table_put(Table *t, void *v, uintptr_t hash) {
  uintptr_t i = hash & (t->cap - 1);
  while (t->v[i])
    i = (i + 1) & (t->cap - 1);
  __atomic_store_n(&t->v[i], v, __ATOMIC_RELEASE);
  t->n++;
}

static void table_add(Table **tp, void *v, uintptr_t (*hash)(const void *)) { // tab_lock held
  Table *t = *tp;
  if (!t || t->n * 4 >= t->cap * 3) {
    uintptr_t cap = t ? t->cap * 2 : 512;
    Table *bigger = persistentalloc(sizeof *t + cap * sizeof(void *), 16);
    bigger->cap = cap;
    for (uintptr_t i = 0; t && i < t->cap; i++)
      if (t->v[i])
        table_put(bigger, t->v[i], hash(t->v[i]));
    table_put(bigger, v, hash(v));
    __atomic_store_n(tp, bigger, __ATOMIC_RELEASE);
    return;
  }
  table_put(t, v, hash(v));
}

// ---- itabs

static uintptr_t itab_hash(const void *v) {
  const Itab *it = v;
  return mix((uintptr_t)it->inter, (uintptr_t)it->type);
}

Itab *itab_lookup(const InterfaceType *inter, const RType *t) {
  Table *tab = __atomic_load_n(&itabs, __ATOMIC_ACQUIRE);
  if (!tab)
    return NULL;
  for (uintptr_t i = mix((uintptr_t)inter, (uintptr_t)t);; i++) {
    Itab *it = __atomic_load_n((Itab **)&tab->v[i & (tab->cap - 1)], __ATOMIC_ACQUIRE);
    if (!it || (it->inter == inter && it->type == t))
      return it;
  }
}

static bool name_exported(const uint8_t *name) {
  return name[0] & 1;
}

static bool same_text(const uint8_t *a, const uint8_t *b) {
  intgo n, m;
  const uint8_t *p = name_text(a, &n), *q = name_text(b, &m);
  return n == m && (p == q || memcmp(p, q, (size_t)n) == 0);
}

// The package path that a name carries, or NULL.
static const uint8_t *name_pkgpath(const uint8_t *name) {
  if (!(name[0] & 4))
    return NULL;
  intgo n;
  const uint8_t *p = name_text(name, &n) + n;
  if (name[0] & 2) {
    intgo m;
    p = name_text(p - 1, &m) + m; // a tag is length and bytes, as a name without its flags
  }
  int32_t off;
  memcpy(&off, p, 4);
  return off_ptr(off);
}

static bool same_pkg(const uint8_t *a, const uint8_t *b) {
  return a == b || (a && b && same_text(a, b));
}

static bool method_matches(const InterfaceType *inter, const IMethod *im, const Uncommon *u,
                           const RMethod *m) {
  const uint8_t *want = off_ptr(im->name), *have = off_ptr(m->name);
  if (m->mtyp == 0 || off_ptr(m->mtyp) != off_ptr(im->type) || !same_text(want, have))
    return false;
  if (name_exported(have))
    return true;
  const uint8_t *wp = name_pkgpath(want), *hp = name_pkgpath(have);
  return same_pkg(wp ? wp : inter->pkgpath, hp ? hp : off_ptr(u->pkgpath));
}

static const RMethod *find_method(const InterfaceType *inter, const IMethod *im, const RType *t) {
  const Uncommon *u = rtype_uncommon(t);
  if (!u)
    return NULL;
  const RMethod *m = (const RMethod *)((uintptr_t)u + u->moff);
  for (uint32_t i = 0; i < u->mcount; i++)
    if (method_matches(inter, im, u, &m[i]))
      return &m[i];
  return NULL;
}

Itab *itab_add(InterfaceType *inter, RType *t) {
  lock(&tab_lock);
  Itab *it = itab_lookup(inter, t);
  if (it) {
    unlock(&tab_lock);
    return it;
  }
  it = persistentalloc(sizeof *it + sizeof(void *) * (uintptr_t)inter->nmethods, 16);
  it->inter = inter;
  it->type = t;
  it->hash = t->hash;
  it->leaks = 0xffffffff;
  for (intgo i = 0; i < inter->nmethods; i++) {
    const RMethod *m = find_method(inter, &inter->methods[i], t);
    if (!m) {
      it->fun[0] = NULL;
      break;
    }
    it->fun[i] = off_ptr(m->ifn);
  }
  table_add(&itabs, it, itab_hash);
  unlock(&tab_lock);
  return it;
}

const uint8_t *itab_missing(const InterfaceType *inter, const RType *t, intgo *len) {
  for (intgo i = 0; i < inter->nmethods; i++)
    if (!find_method(inter, &inter->methods[i], t))
      return name_text(off_ptr(inter->methods[i].name), len);
  *len = 0;
  return NULL;
}

// ---- map slots

typedef struct SlotType {
  const MapType *map;
  RType t;
  uint8_t mask[8];
} SlotType;

static uintptr_t slot_hash(const void *v) {
  return mix((uintptr_t)((const SlotType *)v)->map, 0);
}

RType *slot_lookup(const MapType *t) {
  Table *tab = __atomic_load_n(&slots, __ATOMIC_ACQUIRE);
  if (!tab)
    return NULL;
  for (uintptr_t i = mix((uintptr_t)t, 0);; i++) {
    SlotType *s = __atomic_load_n((SlotType **)&tab->v[i & (tab->cap - 1)], __ATOMIC_ACQUIRE);
    if (!s)
      return NULL;
    if (s->map == t)
      return &s->t;
  }
}

static void add_mask(SlotType *s, uintptr_t off, const RType *t, bool indirect) {
  uintptr_t words = indirect ? 1 : t->ptrbytes / 8;
  const uint8_t *mask = indirect ? (const uint8_t *)"\1" : words ? gc_type_mask(t) : NULL;
  for (uintptr_t i = 0; i < words; i++)
    if (mask[i / 8] >> (i & 7) & 1) {
      uintptr_t bit = off / 8 + i;
      s->mask[bit / 8] |= (uint8_t)(1 << (bit & 7));
      s->t.ptrbytes = (bit + 1) * 8;
    }
}

RType *slot_add(MapType *t) {
  lock(&tab_lock);
  RType *have = slot_lookup(t);
  if (have) {
    unlock(&tab_lock);
    return have;
  }
  SlotType *s = persistentalloc(sizeof *s, 16);
  uintptr_t elemoff;
  s->map = t;
  s->t.size = slot_layout(t, &elemoff);
  s->t.align = s->t.fieldalign = 8;
  s->t.kind = KIND_STRUCT;
  s->t.gcdata = s->mask;
  add_mask(s, 0, t->key, t->flags & 1);
  add_mask(s, elemoff, t->elem, t->flags & 2);
  table_add(&slots, s, slot_hash);
  unlock(&tab_lock);
  return &s->t;
}

// ---- offsets that reflect made: negative numbers, -1 - index, in chunks that never move

enum { OFF_CHUNK = 4096 };
static void **offchunks[4096];
static uint32_t noffs;
static Table *offs_by_ptr; // of OffEntry

typedef struct OffEntry {
  void *ptr;
  int32_t off;
} OffEntry;

static uintptr_t off_hash(const void *v) {
  return mix((uintptr_t)((const OffEntry *)v)->ptr, 1);
}

void *reflect_off(int32_t off) {
  uint32_t i = (uint32_t)(-1 - off);
  void **c =
      i / OFF_CHUNK < 4096 ? __atomic_load_n(&offchunks[i / OFF_CHUNK], __ATOMIC_ACQUIRE) : NULL;
  return c ? c[i % OFF_CHUNK] : NULL;
}

static OffEntry *off_find(void *p) {
  if (!offs_by_ptr)
    return NULL;
  for (uintptr_t i = mix((uintptr_t)p, 1);; i++) {
    OffEntry *e = offs_by_ptr->v[i & (offs_by_ptr->cap - 1)];
    if (!e || e->ptr == p)
      return e;
  }
}

// reflect.addReflectOff(ptr unsafe.Pointer) int32. The offset -1 means an unreachable method to
// reflect: numbering starts at -2.
intgo runtime_addReflectOff(void *p) {
  lock(&tab_lock);
  OffEntry *e = off_find(p);
  if (!e) {
    uint32_t i = ++noffs;
    if (i / OFF_CHUNK >= 4096)
      throw("too many types made by reflection");
    void **c = offchunks[i / OFF_CHUNK];
    if (!c) {
      c = persistentalloc(OFF_CHUNK * sizeof *c, 16);
      gc_add_root(c, OFF_CHUNK * sizeof *c);
      __atomic_store_n(&offchunks[i / OFF_CHUNK], c, __ATOMIC_RELEASE);
    }
    c[i % OFF_CHUNK] = p;
    e = persistentalloc(sizeof *e, 16);
    e->ptr = p;
    e->off = -1 - (int32_t)i;
    table_add(&offs_by_ptr, e, off_hash);
  }
  intgo off = e->off;
  unlock(&tab_lock);
  return off;
}

// ---- typelinks: all types that reflect must find, sorted by their text when first asked for

extern const int32_t __start_typelinks[] WEAK, __stop_typelinks[] WEAK;

static int32_t *links;
static intgo nlinks;

static int by_string(const void *a, const void *b) {
  String s = type_string(off_ptr(*(const int32_t *)a)),
         t = type_string(off_ptr(*(const int32_t *)b));
  int c = memcmp(s.ptr, t.ptr, (size_t)(s.len < t.len ? s.len : t.len));
  return c ? c : (s.len > t.len) - (s.len < t.len);
}

// reflect.typelinks() (sections []unsafe.Pointer, offset [][]int32): one section that starts at
// address 0
void runtime_typelinks(Slice *out) {
  lock(&tab_lock);
  if (!links) {
    nlinks = __stop_typelinks - __start_typelinks;
    int32_t *v = persistentalloc((uintptr_t)(nlinks + 1) * sizeof *v, 16);
    memcpy(v, __start_typelinks, (size_t)nlinks * sizeof *v);
    qsort(v, (size_t)nlinks, sizeof *v, by_string);
    links = v;
  }
  unlock(&tab_lock);
  static void *section[1];
  static Slice offsets[1];
  offsets[0] = (Slice){links, nlinks, nlinks};
  out[0] = (Slice){section, 1, 1};
  out[1] = (Slice){offsets, 1, 1};
}
