// iface.c: itabs and assertions. What is in the table is found without a lock; the rest is made on
// the system stack.
#include "runtime/gs.h"
#include "runtime/rttab.h"

Itab *getitab(InterfaceType *inter, RType *t) ASMLABEL("runtime.getitab");
Itab *assertE2I(InterfaceType *inter, RType *t) ASMLABEL("runtime.assertE2I");
NORETURN void panicdottypeE(RType *have, RType *want, RType *iface)
    ASMLABEL("runtime.panicdottypeE");
NORETURN void panicdottypeI(Itab *have, RType *want, RType *iface)
    ASMLABEL("runtime.panicdottypeI");

Itab *getitab(InterfaceType *inter, RType *t) {
  Itab *it = itab_lookup(inter, t);
  if (UNLIKELY(!it))
    it = (Itab *)systemcall((void *)itab_add, inter, t);
  return it->fun[0] ? it : NULL;
}

typedef struct Missing {
  InterfaceType *inter;
  RType *t;
  const uint8_t *name;
  intgo len;
} Missing;

static void find_missing(Missing *m, void *unused) {
  (void)unused;
  m->name = itab_missing(m->inter, m->t, &m->len);
}

NORETURN static void panic_missing(InterfaceType *inter, RType *t) {
  Missing m = {inter, t, NULL, 0};
  systemcall((void *)find_missing, &m, NULL);
  go_panicTypeAssertion(NULL, t, &inter->t, m.name, m.len);
}

Itab *assertE2I(InterfaceType *inter, RType *t) {
  if (!t)
    go_panicTypeAssertion(NULL, NULL, &inter->t, NULL, 0);
  Itab *it = getitab(inter, t);
  if (!it)
    panic_missing(inter, t);
  return it;
}

void panicdottypeE(RType *have, RType *want, RType *iface) {
  go_panicTypeAssertion(iface, have, want, NULL, 0);
}

void panicdottypeI(Itab *have, RType *want, RType *iface) {
  go_panicTypeAssertion(iface, have ? have->type : NULL, want, NULL, 0);
}

// reflect.ifaceE2I(t *abi.Type, src any, dst unsafe.Pointer)
void reflect_ifaceE2I(InterfaceType *t, RType *type, void *data, Iface *dst)
    ASMLABEL("reflect.ifaceE2I");
void reflect_ifaceE2I(InterfaceType *t, RType *type, void *data, Iface *dst) {
  *dst = (Iface){assertE2I(t, type), data};
}

// What the one-byte values that are put into interfaces point to: the word i at index i.
#define WORDS4(i)  (i), (i) + 1, (i) + 2, (i) + 3
#define WORDS16(i) WORDS4(i), WORDS4((i) + 4), WORDS4((i) + 8), WORDS4((i) + 12)
#define WORDS64(i) WORDS16(i), WORDS16((i) + 16), WORDS16((i) + 32), WORDS16((i) + 48)
extern const uint64_t staticuint64s[256] ASMLABEL("runtime.staticuint64s");
const uint64_t staticuint64s[256] = {WORDS64(0), WORDS64(64), WORDS64(128), WORDS64(192)};
