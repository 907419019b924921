// rttab.h: tables that the runtime fills on demand: itabs, descriptors of map slots, offsets that
// reflect made, typelinks. Looking up is lock-free and may be done on any stack (leaf); adding is
// done on a system stack.
#ifndef GOC_RTTAB_H
#define GOC_RTTAB_H

#include "runtime/internal.h"

Itab *
itab_lookup(const InterfaceType *inter,
            const RType *t); // leaf; NULL: not in the table yet. fun[0] == NULL: not implemented
Itab *itab_add(InterfaceType *inter, RType *t); // system stack: makes the entry if it is missing
RType *slot_lookup(const MapType *t);           // leaf; NULL: not made yet
RType *slot_add(MapType *t);                    // system stack
void *reflect_off(int32_t off);                 // leaf: what addReflectOff registered
const uint8_t *itab_missing(const InterfaceType *inter, const RType *t,
                            intgo *len); // leaf-ish: name of the first method that t lacks

// Layout of a slot of t's maps: the key at 0, the element at *elemoff.
static inline uintptr_t slot_layout(const MapType *t, uintptr_t *elemoff) {
  uintptr_t kalign = t->flags & 1 ? 8 : t->key->align, ealign = t->flags & 2 ? 8 : t->elem->align;
  uintptr_t off = (t->keysize + ealign - 1) & ~(ealign - 1);
  uintptr_t align = kalign > ealign ? kalign : ealign;
  *elemoff = off;
  return (off + t->valuesize + align - 1) & ~(align - 1);
}

// ---- reading names: {flags, varint length, bytes, [varint length of tag, tag], [offset of package
// path]}
static inline const uint8_t *name_text(const uint8_t *name, intgo *len) {
  uintptr_t n = 0;
  const uint8_t *p = name + 1;
  for (unsigned shift = 0;; shift += 7) {
    uint8_t b = *p++;
    n |= (uintptr_t)(b & 0x7f) << shift;
    if (!(b & 0x80))
      break;
  }
  *len = (intgo)n;
  return p;
}
static inline void *off_ptr(int32_t off) {
  if (off > 0)
    return (void *)(uintptr_t)(uint32_t)off;
  return off == 0 ? NULL : reflect_off(off);
}
static inline Uncommon *rtype_uncommon(const RType *t) {
  if (!(t->tflag & TFLAG_UNCOMMON))
    return NULL;
  uintptr_t size;
  switch ((Kind)(t->kind & KIND_MASK)) {
  case KIND_ARRAY: size = sizeof(ArrayType); break;
  case KIND_CHAN: size = sizeof(ChanType); break;
  case KIND_FUNC: size = sizeof(FuncType); break;
  case KIND_INTERFACE: size = sizeof(InterfaceType); break;
  case KIND_MAP: size = sizeof(MapType); break;
  case KIND_POINTER: size = sizeof(PtrType); break;
  case KIND_SLICE: size = sizeof(SliceType); break;
  case KIND_STRUCT: size = sizeof(StructType); break;
  default: size = sizeof(RType); break;
  }
  return (Uncommon *)((uintptr_t)t + size);
}

#endif
