// map.c: hash maps that remember the order of insertion, and interned strings.
//
// All tables are open addressing with linear probing, at most three quarters full, a power of two
// in size. The atom table is shared by all threads: readers take no lock, because a slot goes from
// NULL to an atom once and a grown table is published only when it is complete (the old one is kept
// for readers still in it).
#include "driver/base/base.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static uint64_t hash_bytes(const char *s, size_t n) {
  return XXH3_64bits(s, n);
}

// ---- strings to pointers

typedef struct Entry {
  const char *key; // NUL-terminated copy
  size_t len;
  uint64_t hash;
  void *value;
} Entry;

// index[h] is 1 + the number of an entry, or 0. n < 3/4 (mask + 1).
struct Map {
  Arena *arena;
  Entry *entries; // in order of insertion
  uint32_t *index;
  size_t n, mask;
};

Map *map_new(Arena *a) {
  Map *m = NEW(a, Map);
  m->arena = a;
  return m;
}

static Entry *find(const Map *m, const char *key, size_t n, uint64_t h) {
  if (!m->n)
    return NULL;
  for (size_t i = h & m->mask; m->index[i]; i = (i + 1) & m->mask) {
    Entry *e = &m->entries[m->index[i] - 1];
    if (e->hash == h && e->len == n && memcmp(e->key, key, n) == 0)
      return e;
  }
  return NULL;
}

static void place(Map *m, size_t entry) {
  size_t i = m->entries[entry].hash & m->mask;
  while (m->index[i])
    i = (i + 1) & m->mask;
  m->index[i] = (uint32_t)entry + 1;
}

static void grow(Map *m) {
  size_t slots = m->index ? (m->mask + 1) * 2 : 8;
  Entry *entries = NEW_ARRAY(m->arena, Entry, slots / 4 * 3);
  if (m->n)
    memcpy(entries, m->entries, m->n * sizeof *entries);
  m->entries = entries;
  m->index = NEW_ARRAY(m->arena, uint32_t, slots);
  m->mask = slots - 1;
  for (size_t i = 0; i < m->n; i++)
    place(m, i);
}

void *map_getn(const Map *m, const char *key, size_t n) {
  Entry *e = find(m, key, n, hash_bytes(key, n));
  return e ? e->value : NULL;
}

void *map_get(const Map *m, const char *key) {
  return map_getn(m, key, strlen(key));
}

bool map_has(const Map *m, const char *key) {
  size_t n = strlen(key);
  return find(m, key, n, hash_bytes(key, n)) != NULL;
}

void map_setn(Map *m, const char *key, size_t n, void *value) {
  uint64_t h = hash_bytes(key, n);
  Entry *e = find(m, key, n, h);
  if (e) {
    e->value = value;
    return;
  }
  if (!m->index || m->n >= (m->mask + 1) / 4 * 3)
    grow(m);
  m->entries[m->n] = (Entry){arena_strndup(m->arena, key, n), n, h, value};
  place(m, m->n++);
}

void map_set(Map *m, const char *key, void *value) {
  map_setn(m, key, strlen(key), value);
}

size_t map_len(const Map *m) {
  return m->n;
}

bool map_at(const Map *m, size_t i, const char **key, void **value) {
  if (i >= m->n)
    return false;
  if (key)
    *key = m->entries[i].key;
  if (value)
    *value = m->entries[i].value;
  return true;
}

// ---- pointers to pointers

typedef struct PtrEntry {
  const void *key; // NULL: free
  void *value;
} PtrEntry;

struct PtrMap {
  Arena *arena;
  PtrEntry *slots;
  size_t n, mask;
  bool has_null; // the key NULL cannot stand in a slot
  void *null_value;
};

PtrMap *ptrmap_new(Arena *a) {
  PtrMap *m = NEW(a, PtrMap);
  m->arena = a;
  return m;
}

static PtrEntry *ptr_slot(const PtrMap *m, const void *key) {
  uint64_t h = (uint64_t)(uintptr_t)key * 0x9E3779B97F4A7C15u;
  size_t i = (h >> 32) & m->mask;
  while (m->slots[i].key && m->slots[i].key != key)
    i = (i + 1) & m->mask;
  return &m->slots[i];
}

void *ptrmap_get(const PtrMap *m, const void *key) {
  if (!key)
    return m->null_value;
  return m->slots ? ptr_slot(m, key)->value : NULL;
}

static void ptr_grow(PtrMap *m) {
  PtrEntry *old = m->slots;
  size_t nold = old ? m->mask + 1 : 0;
  size_t slots = nold ? nold * 2 : 8;
  m->slots = NEW_ARRAY(m->arena, PtrEntry, slots);
  m->mask = slots - 1;
  for (size_t i = 0; i < nold; i++)
    if (old[i].key)
      *ptr_slot(m, old[i].key) = old[i];
}

void ptrmap_set(PtrMap *m, const void *key, void *value) {
  if (!key) {
    m->null_value = value;
    return;
  }
  if (!m->slots || m->n >= (m->mask + 1) / 4 * 3)
    ptr_grow(m);
  PtrEntry *e = ptr_slot(m, key);
  if (!e->key) {
    e->key = key;
    m->n++;
  }
  e->value = value;
}

// ---- atoms

// Stands in front of the text of every atom.
typedef struct AtomHead {
  uint32_t hash;
  uint32_t len;
} AtomHead;

typedef struct AtomTable {
  size_t mask;
  _Atomic(const char *) slots[]; // NULL or an atom
} AtomTable;

static pthread_mutex_t atom_lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic(AtomTable *) atom_table; // guarded by atom_lock for writing, as are the next two
static size_t natoms;
static Arena *atom_arena;

static const AtomHead *head(const char *s) {
  return (const AtomHead *)(const void *)(s - sizeof(AtomHead));
}

// Returns the atom, or NULL with *slot where it belongs.
static Atom atom_find(const AtomTable *t, const char *s, size_t n, uint32_t h, size_t *slot) {
  for (size_t i = h & t->mask;; i = (i + 1) & t->mask) {
    const char *a = atomic_load_explicit(&t->slots[i], memory_order_acquire);
    if (!a) {
      *slot = i;
      return NULL;
    }
    if (head(a)->hash == h && head(a)->len == n && memcmp(a, s, n) == 0)
      return a;
  }
}

static AtomTable *atom_grow(const AtomTable *old) {
  size_t slots = old ? (old->mask + 1) * 2 : 4096;
  AtomTable *t = arena_alloc(atom_arena, sizeof *t + slots * sizeof t->slots[0]);
  t->mask = slots - 1;
  for (size_t i = 0; old && i <= old->mask; i++) {
    const char *a = atomic_load_explicit(&old->slots[i], memory_order_relaxed);
    if (!a)
      continue;
    size_t at = head(a)->hash & t->mask;
    while (atomic_load_explicit(&t->slots[at], memory_order_relaxed))
      at = (at + 1) & t->mask;
    atomic_store_explicit(&t->slots[at], a, memory_order_relaxed);
  }
  atomic_store_explicit(&atom_table, t, memory_order_release);
  return t;
}

static Atom atom_add(const char *s, size_t n, uint32_t h) {
  if (!atom_arena)
    atom_arena = arena_new();
  AtomTable *t = atomic_load_explicit(&atom_table, memory_order_relaxed);
  if (!t || natoms >= (t->mask + 1) / 4 * 3)
    t = atom_grow(t);
  size_t slot;
  Atom a = atom_find(t, s, n, h, &slot); // another thread may have been first
  if (a)
    return a;
  char *p = arena_alloc(atom_arena, sizeof(AtomHead) + n + 1);
  *(AtomHead *)(void *)p = (AtomHead){h, (uint32_t)n};
  p += sizeof(AtomHead);
  if (n)
    memcpy(p, s, n);
  atomic_store_explicit(&t->slots[slot], p, memory_order_release);
  natoms++;
  return p;
}

Atom atom_n(const char *s, size_t n) {
  uint32_t h = (uint32_t)hash_bytes(s, n);
  AtomTable *t = atomic_load_explicit(&atom_table, memory_order_acquire);
  size_t slot;
  Atom a = t ? atom_find(t, s, n, h, &slot) : NULL;
  if (a)
    return a;
  pthread_mutex_lock(&atom_lock);
  a = atom_add(s, n, h);
  pthread_mutex_unlock(&atom_lock);
  return a;
}

Atom atom(const char *s) {
  return atom_n(s, strlen(s));
}

Atom atom_printf(const char *fmt, ...) {
  Buf b = {0};
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(&b, fmt, ap);
  va_end(ap);
  Atom a = atom_n(buf_str(&b), b.len);
  buf_free(&b);
  return a;
}
