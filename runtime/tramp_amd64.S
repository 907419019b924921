// tramp_amd64.S: one trampoline for each function of kind SYS or BLOCK, made from runtime.def: the Go symbol puts the C function into rax
// and jumps to the common part in context_amd64.S. Each has a section of its own, so that unused ones vanish.
#define RT(cname, symbol, kind, ret, params, attrs, leaks) RT_##kind(cname, symbol)
#define RT_LEAF(cname, symbol)
#define RT_GSTACK(cname, symbol)
#define RT_SYS(cname, symbol)   TRAMP(cname, symbol, goc_sys)
#define RT_BLOCK(cname, symbol) TRAMP(cname, symbol, goc_block)
#define TRAMP(cname, symbol, common)                                                                                                       \
  .section .text.tramp.cname, "ax", @progbits;                                                                                             \
  .p2align 4;                                                                                                                              \
  .globl symbol;                                                                                                                           \
  .hidden symbol;                                                                                                                          \
  .type symbol, @function;                                                                                                                 \
  symbol : mov $runtime_##cname, %eax;                                                                                                     \
  jmp common;                                                                                                                              \
  .size symbol, . - symbol;
#include "runtime/runtime.def"
