// tls.h: the words that every thread of the runtime keeps at fixed offsets of its thread control
// block, and the offsets of structure fields that assembly uses. Preprocessor text only: C and
// assembly include it.
//
// 0x80 to 0x2bf of the block are unused by glibc (measured; rt0.c checks it at start-up). C reads a
// slot with TLS(type, offset), assembly as %fs:offset, IR as a volatile load from addrspace(257).
// Who may write which slot: docs/abi.md, "Threads and goroutines".
#ifndef GOC_TLS_H
#define GOC_TLS_H

#define TLS_LIMIT                                                                                  \
  0x70 // stack limit that prologues compare with; ~0: poison (please come to the scheduler); 0:
       // system stack
#define TLS_TRUE 0x80 // the true limit; 0: on a system stack
#define TLS_G    0x88 // running goroutine, NULL in the scheduler
#define TLS_M    0x90 // this thread
#define TLS_P    0x98 // its processor, NULL without one
#define TLS_NOPREEMPT                                                                              \
  0xa0 // u32 flag of a bracket: generated code and allocation fast paths set and clear it
#define TLS_LOCKS                                                                                  \
  0xa4 // u32 count of runtime locks and of acquirem; flag and count are read as one 8-byte word
#define TLS_SYSSP 0xa8 // where switches to the system stack start, 16-byte aligned
#define TLS_T1    0xb0 // two scratch words of gogo
#define TLS_T2    0xb8
#define TLS_WISH                                                                                   \
  0xc0 // u32: not 0: a trampoline's exit calls the scheduler (preemption, stop of the world, a
       // wished collection)
#define TLS_FIRST 0x80
#define TLS_END   0x100

// Offsets in G (asserted in internal.h)
#define G_SP      0
#define G_LIMIT   8
#define G_SEG     16
#define G_SAVE    24
#define G_DEFER   32
#define G_SEQ     40
#define G_SYSSP   48
#define G_SYSSEG  56
#define G_SYSREGS 64 // rbx rbp r12 r13 r14 r15

// Offsets in StackSeg
#define SEG_LIMIT 0
#define SEG_PREV  8
#define SEG_NEXT  16
#define SEG_TOP   24
#define SEG_CROSS 32

// Offsets in DeferRecord
#define DR_LINK     0
#define DR_SP       8
#define DR_PC       16
#define DR_RBX      24
#define DR_RBP      32
#define DR_R12      40
#define DR_R13      48
#define DR_R14      56
#define DR_R15      64
#define DR_LIMIT    72
#define DR_SEQ      80
#define DR_N        88
#define DR_OVERFLOW 160

#define STACK_RED                                                                                  \
  704 // bytes below a segment's limit that code may use without a check (docs/abi.md)

#endif
