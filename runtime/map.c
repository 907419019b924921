// map.c: hash maps: a Swiss table (open addressing, one control byte a slot, sixteen compared at
// once). Runs on goroutines' stacks.
//
// A control byte is the low 7 bits of the hash, or says that its slot is empty or deleted; a search
// looks at groups of sixteen bytes until one has an empty slot. Up to eight entries live in one
// group whose control bytes are in the header. A table never moves entries: growing or removing the
// marks of deleted slots makes a new table and leaves the old one as it is. That is what makes
// iteration simple: an iterator walks the table it started with, from a random slot. If the map has
// another table by then, each key is looked up there (not found: deleted meanwhile); keys that are
// not equal to themselves cannot be deleted but by clear, which a counter shows.
#include "runtime/bytes.h"
#include "runtime/gs.h"
#include "runtime/rttab.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
  CTRL_EMPTY = 0x80,
  CTRL_DELETED = 0xfe,
  CTRL_NONE = 0xff, // no such slot: the upper half of the small table's group
  GROUP = 16,
  SMALL = 8,
};
enum { FLAG_WRITING = 1 };
enum {
  MT_INDIRECT_KEY = 1,
  MT_INDIRECT_ELEM = 2,
  MT_REFLEXIVE = 4,
  MT_NEEDUPDATE = 8,
  MT_HASHPANICS = 16
};

// How keys are hashed and compared: decided by the key type alone, so that all variants agree.
typedef enum KeyKind { KEY_32, KEY_64, KEY_STR, KEY_CALL } KeyKind;

// growthleft == empty slots that may be filled before the table is made anew; at least one empty
// slot stays, but in a table of one group of which nothing overflows.
typedef struct Hmap {
  intgo count; // generated code reads it
  uint8_t flags, kind;
  uint16_t slotsize, elemoff; // bytes
  uint16_t unused;
  uint32_t seed;
  uint32_t clears; // times that the map was cleared
  uint8_t *slots;  // NULL: no table yet
  uint8_t *ctrl;   // mask + 1 bytes, in groups; the small table's are smallctrl
  uintptr_t mask;  // slots - 1
  intgo growthleft;
  uint8_t smallctrl[GROUP];
} Hmap;

static const uint8_t hmap_mask[] = {0x18};
static const RType hmap_type = {.size = sizeof(Hmap),
                                .ptrbytes = offsetof(Hmap, mask),
                                .align = 8,
                                .fieldalign = 8,
                                .kind = KIND_STRUCT,
                                .gcdata = hmap_mask};
_Static_assert(sizeof(Hmap) == 72, "irgen's buffers for maps");
_Static_assert(offsetof(Hmap, slots) == 24 && offsetof(Hmap, ctrl) == 32, "hmap_mask");

// reflect.hiter, 96 bytes: eight pointer words, then four others
typedef struct Hiter {
  void *key, *elem; // generated code and reflect read them
  MapType *t;       // not NULL: initialised
  Hmap *h;
  uint8_t *slots, *ctrl; // the table it walks
  void *unused[2];
  uintptr_t mask, start, i; // the i-th slot from start is next
  uint32_t clears;
} Hiter;
_Static_assert(sizeof(Hiter) == 96, "reflect.hiter");

extern uint8_t zeroVal[] ASMLABEL("runtime.zeroVal");

// ---- groups

#ifdef __SSE2__
typedef uint32_t Bits; // bit i: byte i of the group
static inline Bits match(const uint8_t *g, uint8_t c) {
  return (Bits)_mm_movemask_epi8(
      _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)g), _mm_set1_epi8((char)c)));
}
static inline Bits match_free(const uint8_t *g) { // empty or deleted
  Bits high = (Bits)_mm_movemask_epi8(_mm_loadu_si128((const __m128i *)g));
  return high & ~match(g, CTRL_NONE);
}
#else
typedef uint32_t Bits;
static inline Bits match(const uint8_t *g, uint8_t c) {
  Bits m = 0;
  for (int i = 0; i < GROUP; i++)
    m |= (Bits)(g[i] == c) << i;
  return m;
}
static inline Bits match_free(const uint8_t *g) {
  Bits m = 0;
  for (int i = 0; i < GROUP; i++)
    m |= (Bits)(g[i] >= 0x80 && g[i] != CTRL_NONE) << i;
  return m;
}
#endif

static inline uintptr_t group_mask(const Hmap *h) {
  return h->mask >> 4;
}

// ---- keys

typedef struct Key { // a key in the form that its kind wants
  const void *p;     // KEY_CALL: its address
  uint64_t v;        // KEY_32, KEY_64
  const uint8_t *s;  // KEY_STR
  intgo len;
} Key;

static inline KeyKind key_kind(const MapType *t) {
  const RType *k = t->key;
  if (t->flags & MT_INDIRECT_KEY)
    return KEY_CALL;
  if ((k->kind & KIND_MASK) == KIND_STRING)
    return KEY_STR;
  if (k->tflag & TFLAG_REGULARMEMORY && k->size == 8)
    return KEY_64;
  if (k->tflag & TFLAG_REGULARMEMORY && k->size == 4)
    return KEY_32;
  return KEY_CALL;
}

static inline Key key_at(KeyKind kind, const void *p) {
  Key k = {.p = p};
  if (kind == KEY_32)
    k.v = *(const uint32_t *)p;
  else if (kind == KEY_64)
    k.v = *(const uint64_t *)p;
  else if (kind == KEY_STR) {
    k.s = ((const String *)p)->ptr;
    k.len = ((const String *)p)->len;
  }
  return k;
}

static inline __attribute__((always_inline)) uintptr_t key_hash(KeyKind kind, const MapType *t,
                                                                Key k, uint32_t seed) {
  switch (kind) {
  case KEY_32: return hash32((uint32_t)k.v, seed);
  case KEY_64: return hash64(k.v, seed);
  case KEY_STR: return memhash(k.s, seed, (uintptr_t)k.len);
  default: return CALL_GO(GoHash *, t->hasher, k.p, seed);
  }
}

static inline __attribute__((always_inline)) bool key_same(KeyKind kind, const MapType *t, Key k,
                                                           const uint8_t *slot) {
  switch (kind) {
  case KEY_32: return *(const uint32_t *)slot == (uint32_t)k.v;
  case KEY_64: return *(const uint64_t *)slot == k.v;
  case KEY_STR: {
    const String *s = (const String *)slot;
    return s->len == k.len && (s->ptr == k.s || memequal(s->ptr, k.s, (uintptr_t)k.len));
  }
  default: return go_equal(t->key, k.p, t->flags & MT_INDIRECT_KEY ? *(void *const *)slot : slot);
  }
}

// The slot of key k, or NULL. The map has a table.
static inline __attribute__((always_inline)) uint8_t *find(KeyKind kind, const MapType *t,
                                                           const Hmap *h, Key k, uintptr_t hash) {
  uintptr_t gm = group_mask(h), g = (hash >> 7) & gm;
  // A key comparison may run Go code, which may be preempted, but no other goroutine may write
  // meanwhile.
  for (uintptr_t step = 0;;) {
    const uint8_t *ctrl = h->ctrl + g * GROUP;
    for (Bits m = match(ctrl, hash & 0x7f); m; m &= m - 1) {
      uint8_t *slot = h->slots + (g * GROUP + (uintptr_t)__builtin_ctz(m)) * h->slotsize;
      if (LIKELY(key_same(kind, t, k, slot)))
        return slot;
    }
    if (LIKELY(match(ctrl, CTRL_EMPTY)) || ++step > gm)
      return NULL;
    g = (g + step) & gm;
  }
}

static uint8_t *find_any(const MapType *t, const Hmap *h, const void *key, uintptr_t *hash) {
  Key k = key_at(h->kind, key);
  switch (h->kind) {
  case KEY_32: return find(KEY_32, t, h, k, *hash = key_hash(KEY_32, t, k, h->seed));
  case KEY_64: return find(KEY_64, t, h, k, *hash = key_hash(KEY_64, t, k, h->seed));
  case KEY_STR: return find(KEY_STR, t, h, k, *hash = key_hash(KEY_STR, t, k, h->seed));
  default: return find(KEY_CALL, t, h, k, *hash = key_hash(KEY_CALL, t, k, h->seed));
  }
}

static inline void *slot_elem(const MapType *t, const Hmap *h, uint8_t *slot) {
  void *e = slot + h->elemoff;
  return t->flags & MT_INDIRECT_ELEM ? *(void **)e : e;
}
static inline void *slot_key(const MapType *t, uint8_t *slot) {
  return t->flags & MT_INDIRECT_KEY ? *(void **)slot : slot;
}

// ---- making

static void set_capacity(Hmap *h,
                         uintptr_t cap) { // cap slots, all empty; the control bytes are set
  h->mask = cap - 1;
  h->growthleft = cap == SMALL ? SMALL : (intgo)(cap - cap / 8);
}

static void clear_ctrl(Hmap *h) {
  uintptr_t cap = h->mask + 1;
  memset(h->ctrl, CTRL_EMPTY, cap);
  if (cap == SMALL)
    memset(h->ctrl + SMALL, CTRL_NONE, GROUP - SMALL);
}

static RType *slot_type(MapType *t) { // NULL: slots have no pointers
  if (!(t->flags & (MT_INDIRECT_KEY | MT_INDIRECT_ELEM)) && t->key->ptrbytes == 0 &&
      t->elem->ptrbytes == 0)
    return NULL;
  RType *s = slot_lookup(t);
  return s ? s : (RType *)systemcall((void *)slot_add, t, NULL);
}

static void new_table(MapType *t, Hmap *h, uintptr_t cap) {
  uint8_t *ctrl = cap == SMALL ? h->smallctrl : gs_mallocgc(cap, NULL, 0);
  uint8_t *slots = gs_mallocgc(cap * h->slotsize, slot_type(t), 1);
  h->ctrl = ctrl;
  h->slots = slots;
  set_capacity(h, cap);
  clear_ctrl(h);
}

// buf: memory of a frame for a map that does not outlive it, or NULL. The map's table is on the
// heap all the same.
Hmap *makemap(MapType *t, intgo hint, void *buf) ASMLABEL("runtime.makemap");
Hmap *makemap(MapType *t, intgo hint, void *buf) {
  Hmap *h = buf ? memset(buf, 0, sizeof(Hmap)) : gs_newobject((RType *)(uintptr_t)&hmap_type);
  uintptr_t elemoff;
  h->slotsize = (uint16_t)slot_layout(t, &elemoff);
  h->elemoff = (uint16_t)elemoff;
  h->kind = (uint8_t)key_kind(t);
  h->seed = cheaprand();
  uintptr_t mem;
  if (hint <= SMALL || __builtin_mul_overflow((uintptr_t)hint * 2, (uintptr_t)h->slotsize, &mem) ||
      mem > (uintptr_t)1 << 47)
    return h;
  uintptr_t cap = GROUP;
  while ((intgo)(cap - cap / 8) < hint)
    cap *= 2;
  new_table(t, h, cap);
  return h;
}

// ---- insertion

// First free slot for hash; the table has one.
static uintptr_t free_slot(const Hmap *h, uintptr_t hash) {
  uintptr_t gm = group_mask(h), g = (hash >> 7) & gm;
  for (uintptr_t step = 0;;) {
    Bits m = match_free(h->ctrl + g * GROUP);
    if (m)
      return g * GROUP + (uintptr_t)__builtin_ctz(m);
    if (++step > gm)
      throw("map has no free slot");
    g = (g + step) & gm;
  }
}

static uintptr_t slot_hash(const MapType *t, const Hmap *h, uint8_t *slot) {
  Key k = key_at(h->kind == KEY_CALL ? KEY_CALL : h->kind, slot_key(t, slot));
  return key_hash(h->kind, t, k, h->seed);
}

// A new table of the right size with all entries; the old one is left as it is.
static NOINLINE void rehash(MapType *t, Hmap *h) {
  uintptr_t cap = h->mask + 1, newcap = cap * 2;
  if (cap > GROUP && (uintptr_t)h->count * 32 <= cap * 25) // mostly deleted slots
    newcap = cap;
  if (cap == SMALL)
    newcap = GROUP;
  uint8_t *slots = h->slots, *ctrl = h->ctrl;
  new_table(t, h, newcap);
  for (uintptr_t i = 0; i < cap; i++) {
    if (ctrl[i] & 0x80)
      continue;
    uint8_t *slot = slots + i * h->slotsize;
    uintptr_t hash = slot_hash(t, h, slot), to = free_slot(h, hash);
    h->ctrl[to] = hash & 0x7f;
    memcpy(h->slots + to * h->slotsize, slot, h->slotsize);
    h->growthleft--;
  }
}

static uint8_t *insert(MapType *t, Hmap *h,
                       uintptr_t hash) { // a fresh slot, key and elem zero; indirect ones allocated
  uintptr_t at = free_slot(h, hash);
  if (UNLIKELY(h->ctrl[at] == CTRL_EMPTY && h->growthleft == 0)) {
    rehash(t, h);
    at = free_slot(h, hash);
  }
  uint8_t *slot = h->slots + at * h->slotsize;
  if (t->flags & MT_INDIRECT_KEY)
    *(void **)slot = gs_newobject(t->key);
  if (t->flags & MT_INDIRECT_ELEM)
    *(void **)(slot + h->elemoff) = gs_newobject(t->elem);
  if (h->ctrl[at] == CTRL_EMPTY)
    h->growthleft--;
  h->ctrl[at] = hash & 0x7f;
  h->count++;
  return slot;
}

static bool full_small(const Hmap *h) {
  return h->growthleft == 0 && h->mask == SMALL - 1;
}

static inline __attribute__((always_inline)) void *assign(KeyKind kind, MapType *t, Hmap *h,
                                                          Key k) {
  if (UNLIKELY(!h))
    panic_plain("assignment to entry in nil map");
  if (UNLIKELY(h->flags & FLAG_WRITING))
    fatal("concurrent map writes");
  uintptr_t hash = key_hash(kind, t, k, h->seed);
  h->flags |= FLAG_WRITING;
  uint8_t *slot;
  if (UNLIKELY(!h->slots)) {
    new_table(t, h, SMALL);
    slot = NULL;
  } else {
    slot = find(kind, t, h, k, hash);
  }
  if (!slot) {
    if (UNLIKELY(full_small(h)))
      rehash(t, h);
    slot = insert(t, h, hash);
    if (kind == KEY_32) {
      *(uint32_t *)slot = (uint32_t)k.v;
    } else if (kind == KEY_64) {
      *(uint64_t *)slot = k.v;
    } else if (kind == KEY_STR) {
      *(String *)slot = (String){k.s, k.len};
    } else {
      memmove(slot_key(t, slot), k.p, t->key->size);
    }
  } else if (kind == KEY_CALL && t->flags & MT_NEEDUPDATE) {
    memmove(slot_key(t, slot), k.p, t->key->size);
  } else if (kind == KEY_STR) {
    ((String *)slot)->ptr = k.s; // the old text may be part of something large
  }
  void *e = slot_elem(t, h, slot);
  if (UNLIKELY(!(h->flags & FLAG_WRITING)))
    fatal("concurrent map writes");
  h->flags &= (uint8_t)~FLAG_WRITING;
  return e;
}

void *mapassign(MapType *t, Hmap *h, const void *key) ASMLABEL("runtime.mapassign");
void *mapassign_fast32(MapType *t, Hmap *h, uint64_t key) ASMLABEL("runtime.mapassign_fast32");
void *mapassign_fast64(MapType *t, Hmap *h, uint64_t key) ASMLABEL("runtime.mapassign_fast64");
void *mapassign_faststr(MapType *t, Hmap *h, const uint8_t *s, intgo n)
    ASMLABEL("runtime.mapassign_faststr");

static NOINLINE void *assign_call(MapType *t, Hmap *h, Key k) {
  return assign(KEY_CALL, t, h, k);
}
void *mapassign_fast32(MapType *t, Hmap *h, uint64_t key) {
  return assign(KEY_32, t, h, (Key){.v = (uint32_t)key});
}
void *mapassign_fast64(MapType *t, Hmap *h, uint64_t key) {
  return assign(KEY_64, t, h, (Key){.v = key});
}
void *mapassign_faststr(MapType *t, Hmap *h, const uint8_t *s, intgo n) {
  return assign(KEY_STR, t, h, (Key){.s = s, .len = n});
}
void *mapassign(MapType *t, Hmap *h, const void *key) {
  KeyKind kind = key_kind(t);
  Key k = key_at(kind, key);
  switch (kind) {
  case KEY_32: return mapassign_fast32(t, h, k.v);
  case KEY_64: return mapassign_fast64(t, h, k.v);
  case KEY_STR: return mapassign_faststr(t, h, k.s, k.len);
  default: return assign_call(t, h, k);
  }
}

// ---- access

typedef struct Found {
  void *elem;
  intgo ok;
} Found;

static inline __attribute__((always_inline)) uint8_t *access(KeyKind kind, MapType *t, Hmap *h,
                                                             Key k) {
  if (!h || h->count == 0) {
    if (kind == KEY_CALL && t->flags & MT_HASHPANICS)
      key_hash(KEY_CALL, t, k, 0);
    return NULL;
  }
  if (UNLIKELY(h->flags & FLAG_WRITING))
    fatal("concurrent map read and map write");
  return find(kind, t, h, k, key_hash(kind, t, k, h->seed));
}

static uint8_t *access_any(MapType *t, Hmap *h, const void *key) {
  KeyKind kind = key_kind(t);
  Key k = key_at(kind, key);
  switch (kind) {
  case KEY_32: return access(KEY_32, t, h, k);
  case KEY_64: return access(KEY_64, t, h, k);
  case KEY_STR: return access(KEY_STR, t, h, k);
  default: return access(KEY_CALL, t, h, k);
  }
}

static inline void *elem_or_zero(MapType *t, Hmap *h, uint8_t *slot) {
  return LIKELY(slot) ? slot_elem(t, h, slot) : zeroVal;
}
static inline Found found(MapType *t, Hmap *h, uint8_t *slot) {
  return LIKELY(slot) ? (Found){slot_elem(t, h, slot), 1} : (Found){zeroVal, 0};
}

void *mapaccess1(MapType *t, Hmap *h, const void *key) ASMLABEL("runtime.mapaccess1");
Found mapaccess2(MapType *t, Hmap *h, const void *key) ASMLABEL("runtime.mapaccess2");
void *mapaccess1_fast32(MapType *t, Hmap *h, uint64_t key) ASMLABEL("runtime.mapaccess1_fast32");
Found mapaccess2_fast32(MapType *t, Hmap *h, uint64_t key) ASMLABEL("runtime.mapaccess2_fast32");
void *mapaccess1_fast64(MapType *t, Hmap *h, uint64_t key) ASMLABEL("runtime.mapaccess1_fast64");
Found mapaccess2_fast64(MapType *t, Hmap *h, uint64_t key) ASMLABEL("runtime.mapaccess2_fast64");
void *mapaccess1_faststr(MapType *t, Hmap *h, const uint8_t *s, intgo n)
    ASMLABEL("runtime.mapaccess1_faststr");
Found mapaccess2_faststr(MapType *t, Hmap *h, const uint8_t *s, intgo n)
    ASMLABEL("runtime.mapaccess2_faststr");

void *mapaccess1(MapType *t, Hmap *h, const void *key) {
  return elem_or_zero(t, h, access_any(t, h, key));
}
Found mapaccess2(MapType *t, Hmap *h, const void *key) {
  return found(t, h, access_any(t, h, key));
}
void *mapaccess1_fast32(MapType *t, Hmap *h, uint64_t key) {
  return elem_or_zero(t, h, access(KEY_32, t, h, (Key){.v = (uint32_t)key}));
}
Found mapaccess2_fast32(MapType *t, Hmap *h, uint64_t key) {
  return found(t, h, access(KEY_32, t, h, (Key){.v = (uint32_t)key}));
}
void *mapaccess1_fast64(MapType *t, Hmap *h, uint64_t key) {
  return elem_or_zero(t, h, access(KEY_64, t, h, (Key){.v = key}));
}
Found mapaccess2_fast64(MapType *t, Hmap *h, uint64_t key) {
  return found(t, h, access(KEY_64, t, h, (Key){.v = key}));
}
void *mapaccess1_faststr(MapType *t, Hmap *h, const uint8_t *s, intgo n) {
  return elem_or_zero(t, h, access(KEY_STR, t, h, (Key){.s = s, .len = n}));
}
Found mapaccess2_faststr(MapType *t, Hmap *h, const uint8_t *s, intgo n) {
  return found(t, h, access(KEY_STR, t, h, (Key){.s = s, .len = n}));
}

// ---- deleting

void mapdelete(MapType *t, Hmap *h, const void *key) ASMLABEL("runtime.mapdelete");
void mapdelete(MapType *t, Hmap *h, const void *key) {
  if (!h || h->count == 0) {
    if (t->flags & MT_HASHPANICS)
      key_hash(KEY_CALL, t, (Key){.p = key}, 0);
    return;
  }
  if (UNLIKELY(h->flags & FLAG_WRITING))
    fatal("concurrent map writes");
  uintptr_t hash;
  uint8_t *slot = find_any(t, h, key, &hash);
  if (!slot)
    return;
  h->flags |= FLAG_WRITING;
  uintptr_t at = h->slotsize ? (uintptr_t)(slot - h->slots) / h->slotsize
                             : (uintptr_t)__builtin_ctz(match(h->ctrl, hash & 0x7f));
  memset(slot, 0, h->slotsize);
  // A search stops at a group with an empty slot, so the slot may only become empty if its group
  // has one already.
  if (group_mask(h) == 0 || match(h->ctrl + (at & ~(uintptr_t)(GROUP - 1)), CTRL_EMPTY)) {
    h->ctrl[at] = CTRL_EMPTY;
    h->growthleft++;
  } else {
    h->ctrl[at] = CTRL_DELETED;
  }
  if (--h->count == 0)
    h->seed = cheaprand(); // nothing depends on it: a pattern of collisions cannot be built up
  h->flags &= (uint8_t)~FLAG_WRITING;
}

void mapclear(MapType *t, Hmap *h) ASMLABEL("runtime.mapclear");
void mapclear(MapType *t, Hmap *h) {
  (void)t;
  if (!h || !h->slots)
    return;
  if (UNLIKELY(h->flags & FLAG_WRITING))
    fatal("concurrent map writes");
  h->flags |= FLAG_WRITING;
  h->clears++;
  h->count = 0;
  clear_ctrl(h);
  memset(h->slots, 0, (h->mask + 1) * h->slotsize);
  set_capacity(h, h->mask + 1);
  h->seed = cheaprand();
  h->flags &= (uint8_t)~FLAG_WRITING;
}

// ---- iteration

void mapiterinit(MapType *t, Hmap *h, Hiter *it) ASMLABEL("runtime.mapiterinit");
void mapiternext(Hiter *it) ASMLABEL("runtime.mapiternext");

void mapiterinit(MapType *t, Hmap *h, Hiter *it) {
  it->t = t;
  it->key = it->elem = NULL;
  if (!h || h->count == 0)
    return;
  it->h = h;
  it->slots = h->slots;
  it->ctrl = h->ctrl;
  it->mask = h->mask;
  it->clears = h->clears;
  it->start = cheaprand() & h->mask;
  it->i = 0;
  mapiternext(it);
}

// The entry's present state, the walked table being an old one.
static bool entry_now(Hiter *it, uint8_t *slot) {
  Hmap *h = it->h;
  MapType *t = it->t;
  uint8_t *key = slot_key(t, slot);
  if (t->flags & MT_REFLEXIVE || go_equal(t->key, key, key)) {
    uintptr_t hash;
    slot = h->count ? find_any(t, h, key, &hash) : NULL;
    if (!slot)
      return false;
  } else if (it->clears != h->clears) {
    return false;
  }
  it->key = slot_key(t, slot);
  it->elem = slot_elem(t, h, slot);
  return true;
}

void mapiternext(Hiter *it) {
  Hmap *h = it->h;
  if (!h) {
    it->key = it->elem = NULL;
    return;
  }
  if (UNLIKELY(h->flags & FLAG_WRITING))
    fatal("concurrent map iteration and map write");
  while (it->i <= it->mask) {
    uintptr_t at = (it->start + it->i) & it->mask;
    if ((at & 7) == 0 && (~*(const uint64_t *)(it->ctrl + at) & 0x8080808080808080u) == 0) {
      it->i += 8;
      continue;
    }
    it->i++;
    if (it->ctrl[at] & 0x80)
      continue;
    uint8_t *slot = it->slots + at * h->slotsize;
    if (it->ctrl == h->ctrl) {
      it->key = slot_key(it->t, slot);
      it->elem = slot_elem(it->t, h, slot);
      return;
    }
    if (entry_now(it, slot))
      return;
  }
  it->key = it->elem = NULL;
}

// ---- maps.clone(m any) any

Eface maps_clone(MapType *t, Hmap *h) ASMLABEL("maps.clone");
Eface maps_clone(MapType *t, Hmap *h) {
  Hmap *c = makemap(t, h ? h->count : 0, NULL);
  if (!h || h->count == 0)
    return (Eface){&t->t, c};
  if (UNLIKELY(h->flags & FLAG_WRITING))
    fatal("concurrent map clone and map write");
  if (!c->slots)
    new_table(t, c, SMALL);
  for (uintptr_t i = 0; i <= h->mask; i++) {
    if (h->ctrl[i] & 0x80)
      continue;
    uint8_t *slot = h->slots + i * h->slotsize;
    uint8_t *to = insert(t, c, slot_hash(t, c, slot));
    memmove(slot_key(t, to), slot_key(t, slot), t->key->size);
    memmove(slot_elem(t, c, to), slot_elem(t, h, slot), t->elem->size);
  }
  return (Eface){&t->t, c};
}

// ---- reflect

intgo reflect_maplen(Hmap *h) ASMLABEL("reflect.maplen");
LEAF intgo reflect_maplen(Hmap *h) {
  return h ? h->count : 0;
}
Hmap *reflect_makemap(MapType *t, intgo n) ASMLABEL("reflect.makemap");
Hmap *reflect_makemap(MapType *t, intgo n) {
  if (t->key->equal == NULL)
    throw("runtime.reflect_makemap: unsupported map key type");
  return makemap(t, n, NULL);
}
void *reflect_mapaccess(MapType *t, Hmap *h, const void *key) ASMLABEL("reflect.mapaccess");
void *reflect_mapaccess(MapType *t, Hmap *h, const void *key) {
  uint8_t *slot = access_any(t, h, key);
  return slot ? slot_elem(t, h, slot) : NULL;
}
void *reflect_mapaccess_faststr(MapType *t, Hmap *h, const uint8_t *s, intgo n)
    ASMLABEL("reflect.mapaccess_faststr");
void *reflect_mapaccess_faststr(MapType *t, Hmap *h, const uint8_t *s, intgo n) {
  String key = {s, n};
  return reflect_mapaccess(t, h, &key);
}
void reflect_mapassign0(MapType *t, Hmap *h, const void *key, const void *elem)
    ASMLABEL("reflect.mapassign0");
void reflect_mapassign0(MapType *t, Hmap *h, const void *key, const void *elem) {
  memmove(mapassign(t, h, key), elem, t->elem->size);
}
void reflect_mapassign_faststr0(MapType *t, Hmap *h, const uint8_t *s, intgo n, const void *elem)
    ASMLABEL("reflect.mapassign_faststr0");
void reflect_mapassign_faststr0(MapType *t, Hmap *h, const uint8_t *s, intgo n, const void *elem) {
  String key = {s, n};
  memmove(mapassign(t, h, &key), elem, t->elem->size);
}
void reflect_mapdelete(MapType *t, Hmap *h, const void *key) ASMLABEL("reflect.mapdelete");
void reflect_mapdelete(MapType *t, Hmap *h, const void *key) {
  mapdelete(t, h, key);
}
void reflect_mapdelete_faststr(MapType *t, Hmap *h, const uint8_t *s, intgo n)
    ASMLABEL("reflect.mapdelete_faststr");
void reflect_mapdelete_faststr(MapType *t, Hmap *h, const uint8_t *s, intgo n) {
  String key = {s, n};
  mapdelete(t, h, &key);
}
void reflect_mapclear(MapType *t, Hmap *h) ASMLABEL("reflect.mapclear");
void reflect_mapclear(MapType *t, Hmap *h) {
  mapclear(t, h);
}
void reflect_mapiterinit(MapType *t, Hmap *h, Hiter *it) ASMLABEL("reflect.mapiterinit");
void reflect_mapiterinit(MapType *t, Hmap *h, Hiter *it) {
  mapiterinit(t, h, it);
}
void reflect_mapiternext(Hiter *it) ASMLABEL("reflect.mapiternext");
void reflect_mapiternext(Hiter *it) {
  mapiternext(it);
}
void *reflect_mapiterkey(Hiter *it) ASMLABEL("reflect.mapiterkey");
LEAF void *reflect_mapiterkey(Hiter *it) {
  return it->key;
}
void *reflect_mapiterelem(Hiter *it) ASMLABEL("reflect.mapiterelem");
LEAF void *reflect_mapiterelem(Hiter *it) {
  return it->elem;
}
