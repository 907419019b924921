// gs.h: what files that run on goroutines' stacks call: system functions through their trampolines,
// the Go side's panics, Go func values.
#ifndef GOC_GS_H
#define GOC_GS_H

#include "runtime/internal.h"

// A leaf function in a GSTACK file: no stack check, small frame, no calls but of leaves.
#define LEAF __attribute__((no_split_stack))

void *gs_makeslice(RType *t, intgo cap) ASMLABEL("runtime.makeslice");

// Calls of Go func values: the value itself is the static chain, which is the nest register.
#define CALL_GO(type, fv, ...)                                                                     \
  __builtin_call_with_static_chain(((type)(fv)->code)(__VA_ARGS__), (fv))
typedef uint8_t GoEqual(const void *, const void *);
typedef uintptr_t GoHash(const void *, uintptr_t);
static inline bool go_equal(const RType *t, const void *p, const void *q) {
  return CALL_GO(GoEqual *, t->equal, p, q) & 1;
}

// runtime/go/error.go: panics with the runtime.Error that the name says
NORETURN void go_panicError(const uint8_t *msg, intgo n) ASMLABEL("runtime.panicError");
NORETURN void go_panicTypeAssertion(RType *iface, RType *concrete, RType *asserted,
                                    const uint8_t *missing, intgo n)
    ASMLABEL("runtime.panicTypeAssertion");

// "runtime error: " + a + the type's name
NORETURN void panic_about_type(const char *a, RType *t);

bool rtype_equal(const RType *t, const void *p,
                 const void *q); // by equal; panics when it is not comparable
uintptr_t rtype_hash(RType *t, const void *p, uintptr_t h); // of any type, structurally

#endif
