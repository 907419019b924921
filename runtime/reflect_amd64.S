// reflect_amd64.S: loads registers and stack words for reflectcall, and saves them for functions that reflect made.
#include "runtime/reflect.h"
#include "runtime/tls.h"

// Everything here is a wrapper for recover.
.section goc_wrappers, "ax", @progbits

// void goc_callregs(CallRegs *): a frame whose size is only known now, hence the stack check by hand, as LLVM's prologues make it.
.p2align 4
.globl goc_callregs
.hidden goc_callregs
.type goc_callregs, @function
goc_callregs:
  mov CR_NSTACK(%rdi), %r10
  lea 128(, %r10, 8), %r10
  mov %rsp, %r11
  sub %r10, %r11
  jb 1f
  cmp %fs:TLS_LIMIT, %r11
  ja 2f
1:xor %r11d, %r11d
  call __morestack
  ret
2:push %rbp
  mov %rsp, %rbp
  push %rbx
  push %rbx
  mov %rdi, %rbx
  mov CR_NSTACK(%rbx), %rcx
  lea 1(%rcx), %rax // the stack stays aligned to 16
  and $-2, %rax
  shl $3, %rax
  sub %rax, %rsp
  mov CR_STACK(%rbx), %rsi
  mov %rsp, %rdi
  cld
  rep movsq
  movsd CR_XMM(%rbx), %xmm0
  movsd CR_XMM+8(%rbx), %xmm1
  movsd CR_XMM+16(%rbx), %xmm2
  movsd CR_XMM+24(%rbx), %xmm3
  movsd CR_XMM+32(%rbx), %xmm4
  movsd CR_XMM+40(%rbx), %xmm5
  movsd CR_XMM+48(%rbx), %xmm6
  movsd CR_XMM+56(%rbx), %xmm7
  mov CR_GPR(%rbx), %rdi
  mov CR_GPR+8(%rbx), %rsi
  mov CR_GPR+16(%rbx), %rdx
  mov CR_GPR+24(%rbx), %rcx
  mov CR_GPR+32(%rbx), %r8
  mov CR_GPR+40(%rbx), %r9
  mov CR_CTX(%rbx), %r10
  call *CR_CODE(%rbx)
  mov %rax, CR_RET(%rbx)
  mov %rdx, CR_RET+8(%rbx)
  mov %rcx, CR_RET+16(%rbx)
  movsd %xmm0, CR_RETXMM(%rbx)
  movsd %xmm1, CR_RETXMM+8(%rbx)
  lea -16(%rbp), %rsp
  pop %rbx
  pop %rbx
  pop %rbp
  ret
.size goc_callregs, . - goc_callregs

// The code of func values that reflect makes: r10 is the value. The words before the code say to reflectcall that there is no layout.
.macro STUB name, body
.p2align 4
  .quad 0
  .long 0, -1
.globl \name
.hidden \name
.type \name, @function
\name:
  lea -SR_SIZE-96(%rsp), %r11
  cmp %fs:TLS_LIMIT, %r11
  ja 2f
  mov %r10, %rax
  mov $SR_SIZE+96, %r10d
  xor %r11d, %r11d
  call __morestack
  ret
  mov %rax, %r10
2:push %rbp
  mov %rsp, %rbp
  sub $SR_SIZE, %rsp
  mov %rdi, SR_GPR(%rsp)
  mov %rsi, SR_GPR+8(%rsp)
  mov %rdx, SR_GPR+16(%rsp)
  mov %rcx, SR_GPR+24(%rsp)
  mov %r8, SR_GPR+32(%rsp)
  mov %r9, SR_GPR+40(%rsp)
  movsd %xmm0, SR_XMM(%rsp)
  movsd %xmm1, SR_XMM+8(%rsp)
  movsd %xmm2, SR_XMM+16(%rsp)
  movsd %xmm3, SR_XMM+24(%rsp)
  movsd %xmm4, SR_XMM+32(%rsp)
  movsd %xmm5, SR_XMM+40(%rsp)
  movsd %xmm6, SR_XMM+48(%rsp)
  movsd %xmm7, SR_XMM+56(%rsp)
  lea 16(%rbp), %rax
  cmpq $goc_morestack_return, 8(%rbp)
  jne 3f
  mov (%rbp), %rax // entered over a segment boundary: the caller's words stand behind __morestack's frame
  lea 24(%rax), %rax
3:mov %rax, SR_STACK(%rsp)
  mov %r10, %rdi
  mov %rsp, %rsi
  call \body
  mov SR_RET(%rsp), %rax
  mov SR_RET+8(%rsp), %rdx
  mov SR_RET+16(%rsp), %rcx
  movsd SR_RETXMM(%rsp), %xmm0
  movsd SR_RETXMM+8(%rsp), %xmm1
  leave
  ret
.size \name, . - \name
.endm

STUB "reflect.makeFuncStub", makefunc_body
STUB "reflect.methodValueCall", methodvalue_body
