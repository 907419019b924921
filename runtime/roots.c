// roots.c: where marking starts: globals, goroutines, the scheduler's structures, registered C
// words; and what hangs on objects: finalizers and weak handles, in one hash table. Runs on a
// system stack; everything named mark_… with the world stopped.
//
// An object with a finalizer keeps alive all that it reaches, but not itself. When it is found
// dead, its weak handles are cleared first, then the finalizer goes into a queue and the object is
// marked, so it lives one collection longer. That is Go's order.
#include "runtime/heap.h"
#include "runtime/hooks.h"

extern const Root __start_goc_roots[] WEAK, __stop_goc_roots[] WEAK;

enum { MAX_CROOTS = 64 };
static struct {
  void *addr;
  uintptr_t size;
} croots[MAX_CROOTS];
static uint32_t ncroots;

void gc_add_root(void *addr, uintptr_t size) {
  uint32_t i = __atomic_fetch_add(&ncroots, 1, __ATOMIC_ACQ_REL);
  if (i >= MAX_CROOTS)
    throw("too many roots of the runtime");
  croots[i].size = size;
  croots[i].addr = addr;
}

uint64_t gc_globals_size(void) {
  uint64_t n = 0;
  for (const Root *r = __start_goc_roots; r < __stop_goc_roots; r++)
    n += r->size;
  return n;
}

// ---- specials

static struct {
  Lock l;
  Special **tab;
  uintptr_t n, cap;
  Special *free;
} specials;

static Special **special_chain(uintptr_t ptr) {
  return &specials.tab[(ptr >> 3) * 0x9e3779b97f4a7c15u >> 32 & (specials.cap - 1)];
}

static void specials_grow(void) {
  Special **old = specials.tab;
  uintptr_t oldcap = specials.cap;
  specials.cap = oldcap ? oldcap * 4 : 256;
  specials.tab = persistentalloc(specials.cap * sizeof *specials.tab, 16);
  for (uintptr_t i = 0; i < oldcap; i++)
    for (Special *sp = old[i], *next; sp; sp = next) {
      next = sp->next;
      Special **c = special_chain(sp->ptr);
      sp->next = *c;
      *c = sp;
    }
}

static Special *special_find(uintptr_t ptr, SpecialKind kind) { // specials.l held
  if (!specials.cap)
    return NULL;
  for (Special *sp = *special_chain(ptr); sp; sp = sp->next)
    if (sp->ptr == ptr && sp->kind == kind)
      return sp;
  return NULL;
}

static Special *special_add(uintptr_t ptr, SpecialKind kind) { // specials.l held
  if (specials.n >= specials.cap)
    specials_grow();
  Special *sp = specials.free;
  if (sp) {
    specials.free = sp->next;
    memset(sp, 0, sizeof *sp);
  } else {
    sp = persistentalloc(sizeof *sp, 16);
  }
  sp->ptr = ptr;
  sp->kind = kind;
  Special **c = special_chain(ptr);
  sp->next = *c;
  *c = sp;
  specials.n++;
  return sp;
}

static void special_unlink(Special **at) {
  Special *sp = *at;
  *at = sp->next;
  sp->next = specials.free;
  specials.free = sp;
  specials.n--;
}

// runtime.addfinalizer(p unsafe.Pointer, fn *funcval, nret uintptr, fint *_type, ot *ptrtype) bool:
// false when there is one already
intgo runtime_addfinalizer(uintptr_t p, FuncVal *fn, uintptr_t nret, RType *fint, RType *ot) {
  lock(&specials.l);
  bool ok = !special_find(p, SPECIAL_FINALIZER);
  if (ok) {
    Special *sp = special_add(p, SPECIAL_FINALIZER);
    sp->fn = fn;
    sp->nret = (uint32_t)nret;
    sp->fint = fint;
    sp->ot = ot;
  }
  unlock(&specials.l);
  return ok;
}

void runtime_removefinalizer(uintptr_t p) {
  lock(&specials.l);
  if (specials.cap)
    for (Special **at = special_chain(p); *at; at = &(*at)->next)
      if ((*at)->ptr == p && (*at)->kind == SPECIAL_FINALIZER) {
        special_unlink(at);
        break;
      }
  unlock(&specials.l);
}

// internal/weak.runtime_registerWeakPointer: the handle of an object, the same one as long as the
// object lives.
void *runtime_registerWeakPointer(uintptr_t p) {
  if (!span_of(p)) { // static or nil: it never dies; a handle of its own
    uintptr_t *h = mallocgc(16, NULL, true);
    *h = p;
    return h;
  }
  uintptr_t *fresh = mallocgc(16, NULL, true);
  lock(&specials.l);
  Special *sp = special_find(p, SPECIAL_WEAK);
  if (!sp) {
    sp = special_add(p, SPECIAL_WEAK);
    *fresh = p;
    sp->handle = fresh;
  }
  uintptr_t *h = sp->handle;
  unlock(&specials.l);
  return h;
}

void *runtime_makeStrongFromWeak(uintptr_t *handle) {
  return handle ? (void *)__atomic_load_n(handle, __ATOMIC_ACQUIRE) : NULL;
}

// ---- the queue of finalizers to run

static struct {
  Lock l;
  Finalizer *q;
  uintptr_t head, n, cap; // entries head … head+n-1
  G *g;                   // the finalizer goroutine while it is parked
} finq;

static void finq_add(const Special *sp) { // world stopped
  if (finq.head + finq.n == finq.cap) {
    if (finq.head >= finq.n && finq.head) {
      memmove(finq.q, finq.q + finq.head, finq.n * sizeof *finq.q);
    } else {
      finq.cap = finq.cap ? finq.cap * 2 : 256;
      Finalizer *q = persistentalloc(finq.cap * sizeof *q, 16);
      if (finq.n)
        memcpy(q, finq.q + finq.head, finq.n * sizeof *q);
      finq.q = q;
    }
    finq.head = 0;
  }
  finq.q[finq.head + finq.n++] = (Finalizer){sp->fn, sp->ptr, sp->fint, sp->ot, sp->nret};
}

bool finq_pending(void) {
  return *(volatile uintptr_t *)&finq.n > 0;
}

intgo runtime_finqtake(Finalizer *out) {
  lock(&finq.l);
  bool ok = finq.n > 0;
  if (ok) {
    *out = finq.q[finq.head++];
    if (--finq.n == 0)
      finq.head = 0;
  }
  unlock(&finq.l);
  return ok;
}

bool finq_park(G *g, void *arg) { // unlockf of the finalizer goroutine
  (void)arg;
  lock(&finq.l);
  bool park = finq.n == 0;
  if (park)
    finq.g = g;
  unlock(&finq.l);
  return park;
}

// ---- goroutines that run after each collection: unique's cleanup

static struct {
  Lock l;
  G *g;
  bool wish;
} uniq;

bool uniq_park(G *g, void *arg) {
  (void)arg;
  lock(&uniq.l);
  bool park = !uniq.wish;
  uniq.wish = false;
  if (park)
    uniq.g = g;
  unlock(&uniq.l);
  return park;
}

void gc_wake_after(void) {
  lock(&finq.l);
  G *f = finq.n ? finq.g : NULL;
  if (f)
    finq.g = NULL;
  unlock(&finq.l);
  if (f)
    goready(f);
  lock(&uniq.l);
  G *u = uniq.g;
  uniq.g = NULL;
  uniq.wish = !u;
  unlock(&uniq.l);
  if (u)
    goready(u);
}

// ---- hooks before a collection

static FuncVal *poolcleanup;
static struct BoringCache {
  void **p;
  struct BoringCache *next;
} *boringcaches;

void runtime_registerPoolCleanup(FuncVal *f) {
  poolcleanup = f;
}

void runtime_registerBoringCache(void **p) {
  struct BoringCache *b = persistentalloc(sizeof *b, 16);
  b->p = p;
  b->next = boringcaches;
  boringcaches = b;
}

void gc_hooks_before(void) {
  // Go code on the system stack: both limits are 0, so its prologues pass; sync.poolCleanup neither
  // allocates nor blocks.
  if (poolcleanup)
    __builtin_call_with_static_chain(((void (*)(void))poolcleanup->code)(), poolcleanup);
  for (struct BoringCache *b = boringcaches; b; b = b->next)
    *b->p = NULL;
}

// ---- roots

void mark_roots(Marker *w) {
  for (const Root *r = __start_goc_roots; r < __stop_goc_roots; r++)
    mark_block(w, (uintptr_t)r->addr, r->size, r->mask);
  for (uint32_t i = 0; i < ncroots; i++)
    if (croots[i].addr)
      mark_range(w, (uintptr_t)croots[i].addr, (uintptr_t)croots[i].addr + croots[i].size);
  for (uint64_t i = 0; i < nallgs; i++)
    if (allgs[i]->status != G_DEAD && allgs[i]->status != G_IDLE)
      g_scan(allgs[i], mark_range, w);
  sched_scan(mark_range, w);
  mark_pointer(w, (uintptr_t)poolcleanup);
  mark_range(w, (uintptr_t)(finq.q + finq.head), (uintptr_t)(finq.q + finq.head + finq.n));
}

void mark_finalizable(Marker *w) {
  for (uintptr_t i = 0; i < specials.cap; i++)
    for (Special *sp = specials.tab[i]; sp; sp = sp->next) {
      if (sp->kind == SPECIAL_WEAK) {
        mark_pointer(w, (uintptr_t)sp->handle);
        continue;
      }
      mark_pointer(w, (uintptr_t)sp->fn);
      mark_pointer(w, (uintptr_t)sp->fint);
      mark_pointer(w, (uintptr_t)sp->ot);
      mark_contents(w, sp->ptr);
    }
}

int finish_specials(Marker *w) {
  for (uintptr_t i = 0; i < specials.cap; i++)
    for (Special **at = &specials.tab[i]; *at;) {
      Special *sp = *at;
      if (sp->kind == SPECIAL_WEAK && !is_marked(sp->ptr)) {
        *sp->handle = 0;
        special_unlink(at);
      } else {
        at = &sp->next;
      }
    }
  uintptr_t before = finq.n;
  for (uintptr_t i = 0; i < specials.cap; i++)
    for (Special **at = &specials.tab[i]; *at;) {
      Special *sp = *at;
      if (sp->kind == SPECIAL_FINALIZER && !is_marked(sp->ptr)) {
        finq_add(sp);
        special_unlink(at);
      } else {
        at = &sp->next;
      }
    }
  for (uintptr_t i = before; i < finq.n; i++)
    mark_pointer(w, finq.q[finq.head + i].ptr);
  return (int)(finq.n - before);
}
