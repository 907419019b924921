// reflect.h: the registers of a call as memory, between reflect.c and reflect_amd64.S; offsets for
// assembly.
#ifndef GOC_REFLECT_H
#define GOC_REFLECT_H

#define CR_GPR    0
#define CR_XMM    48
#define CR_NSTACK 112
#define CR_STACK  120
#define CR_CODE   128
#define CR_CTX    136
#define CR_RET    144
#define CR_RETXMM 168

#define SR_GPR    0
#define SR_XMM    48
#define SR_STACK  112
#define SR_RET    120
#define SR_RETXMM 144
#define SR_SIZE   160

#ifndef __ASSEMBLER__
#include "runtime/internal.h"

typedef struct CallRegs { // a call to make
  uintptr_t gpr[6], xmm[8];
  uintptr_t nstack; // words on the stack
  uintptr_t *stack;
  void *code, *ctx;
  uintptr_t ret[3], retxmm[2];
  unsigned ngpr, nxmm; // used
} CallRegs;
_Static_assert(offsetof(CallRegs, xmm) == CR_XMM && offsetof(CallRegs, nstack) == CR_NSTACK &&
                   offsetof(CallRegs, stack) == CR_STACK,
               "");
_Static_assert(offsetof(CallRegs, code) == CR_CODE && offsetof(CallRegs, ctx) == CR_CTX &&
                   offsetof(CallRegs, ret) == CR_RET,
               "");
_Static_assert(offsetof(CallRegs, retxmm) == CR_RETXMM, "");

typedef struct StubRegs { // a call that arrived
  uintptr_t gpr[6], xmm[8];
  uintptr_t *stack; // its words on the stack
  uintptr_t ret[3], retxmm[2];
} StubRegs;
_Static_assert(offsetof(StubRegs, xmm) == SR_XMM && offsetof(StubRegs, stack) == SR_STACK &&
                   offsetof(StubRegs, ret) == SR_RET,
               "");
_Static_assert(offsetof(StubRegs, retxmm) == SR_RETXMM && sizeof(StubRegs) == SR_SIZE, "");

typedef struct StubPos { // how much of it was read
  unsigned gpr, xmm, stack;
} StubPos;

void goc_callregs(CallRegs *c);
struct MakeFuncImpl;
struct MethodValue;
void makefunc_body(struct MakeFuncImpl *ctxt, StubRegs *r);
void methodvalue_body(struct MethodValue *ctxt, StubRegs *r);
#endif
#endif
