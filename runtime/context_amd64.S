// context_amd64.S: every place where a thread changes stacks: mcall and gogo, the common parts of the trampolines, __morestack,
// checkpoints and their resumption, entry of goroutines.
//
// Rules (docs/abi.md): on a system stack both limit words are 0. Coming back to a goroutine's stack the true limit is written first, both
// from G.limit. Only this file writes them. A saved goroutine has at G.sp: r15 r14 r13 r12 rbx rbp, return address.
#include "runtime/tls.h"

#define FUNC(name) .globl name; .hidden name; .type name, @function; .p2align 4; name
#define END(name) .size name, . - name

.macro TO_SYSTEM // rsp becomes the system stack's
  movq $0, %fs:TLS_TRUE
  movq $0, %fs:TLS_LIMIT
  mov %fs:TLS_SYSSP, %rsp
.endm

.macro LIMITS_FROM_G g, tmp
  mov G_LIMIT(\g), \tmp
  mov \tmp, %fs:TLS_TRUE
  mov \tmp, %fs:TLS_LIMIT
.endm

.macro PUSH_SAVED
  push %rbp
  push %rbx
  push %r12
  push %r13
  push %r14
  push %r15
.endm

.macro POP_SAVED
  pop %r15
  pop %r14
  pop %r13
  pop %r12
  pop %rbx
  pop %rbp
.endm

.text

// void mcall(void (*fn)(G *)): saves the running goroutine, calls fn(g) on the system stack, which never returns.
FUNC(mcall):
  PUSH_SAVED
  mov %fs:TLS_G, %rax
  mov %rsp, G_SP(%rax)
  movq $0, %fs:TLS_G
  TO_SYSTEM
  xor %ebp, %ebp
  mov %rdi, %rcx
  mov %rax, %rdi
  call *%rcx
  ud2
END(mcall)

// void gogo(G *g): system stack; continues g, which is not one that a signal saved (gogo_saved).
FUNC(gogo):
  mov %rdi, %fs:TLS_G
  mov G_SP(%rdi), %rsp
  LIMITS_FROM_G %rdi, %rax
  POP_SAVED
  pop %rcx
  jmp *%rcx // not ret: the return predictor would be wrong each time (measured, 6 ns)
END(gogo)

// void gogo_saved(G *g, SaveArea *s, long xsave): continues a goroutine that a signal preempted.
#define SAVE_REGS 4096
FUNC(gogo_saved):
  mov %rdi, %fs:TLS_G
  mov %rsi, %rbx
  test %rdx, %rdx
  je 1f
  mov $-1, %eax
  mov $-1, %edx
  xrstor (%rbx)
  jmp 2f
1: fxrstor (%rbx)
2: mov SAVE_REGS+128(%rbx), %rax // rip
  mov %rax, %fs:TLS_T1
  mov SAVE_REGS+56(%rbx), %rax // rsp
  mov %rax, %fs:TLS_T2
  LIMITS_FROM_G %rdi, %rax
  mov SAVE_REGS+24(%rbx), %rdx
  mov SAVE_REGS+16(%rbx), %rcx
  mov SAVE_REGS+32(%rbx), %rsi
  mov SAVE_REGS+40(%rbx), %rdi
  mov SAVE_REGS+48(%rbx), %rbp
  mov SAVE_REGS+64(%rbx), %r8
  mov SAVE_REGS+72(%rbx), %r9
  mov SAVE_REGS+80(%rbx), %r10
  mov SAVE_REGS+88(%rbx), %r11
  mov SAVE_REGS+96(%rbx), %r12
  mov SAVE_REGS+104(%rbx), %r13
  mov SAVE_REGS+112(%rbx), %r14
  mov SAVE_REGS+120(%rbx), %r15
  push SAVE_REGS+136(%rbx) // flags
  push SAVE_REGS+0(%rbx)   // rax
  mov SAVE_REGS+8(%rbx), %rbx
  pop %rax
  popfq
  mov %fs:TLS_T2, %rsp
  jmp *%fs:TLS_T1
END(gogo_saved)

// void goc_mstart(void): marks the place where switches to this thread's system stack start and enters the scheduler; never returns.
FUNC(goc_mstart):
  push %rbp
  mov %rsp, %rbp
  and $-16, %rsp
  mov %rsp, %fs:TLS_SYSSP
  xor %ebp, %ebp
  call schedule
  ud2
END(goc_mstart)

// Where a new goroutine starts: rbx is its func value; rbp is 0.
FUNC(goc_gostart):
  mov %rbx, %r10
  xor %ebx, %ebx
  call *(%r10)
  mov $goexit0_m, %edi
  call mcall
  ud2
END(goc_gostart)

// A signal handler made sigreturn land here: the system stack, limits 0, the goroutine's registers are in its save area.
FUNC(goc_sigpark):
  mov %fs:TLS_G, %rdi
  movq $0, %fs:TLS_G
  xor %ebp, %ebp
  call sigpreempted_m
  ud2
END(goc_sigpark)

// Common part of the SYS trampolines: rax is the C function. On a system stack already: a plain call.
FUNC(goc_sys):
  cmpq $0, %fs:TLS_TRUE
  je 1f
  push %rbp
  mov %rsp, %rbp
  TO_SYSTEM
  call *%rax
  mov %rbp, %rsp
  pop %rbp
  mov %fs:TLS_G, %r11
  LIMITS_FROM_G %r11, %r11
  cmpl $0, %fs:TLS_WISH
  jne 2f
  ret
1: jmp *%rax
2: cmpq $0, %fs:TLS_NOPREEMPT // flag and lock count
  jne 3f
  push %rbp
  mov %rsp, %rbp
  push %rax
  push %rdx
  mov $preempt_m, %edi
  call mcall
  pop %rdx
  pop %rax
  pop %rbp
3: ret
END(goc_sys)

// uintptr systemcall(fn, a, b): gstack code calls fn(a, b) on the system stack; no scheduling on the way back.
FUNC(systemcall):
  mov %rdi, %rax
  mov %rsi, %rdi
  mov %rdx, %rsi
  cmpq $0, %fs:TLS_TRUE
  je 1f
  push %rbp
  mov %rsp, %rbp
  TO_SYSTEM
  call *%rax
  mov %rbp, %rsp
  pop %rbp
  mov %fs:TLS_G, %r11
  LIMITS_FROM_G %r11, %r11
  ret
1: jmp *%rax
END(systemcall)

// Common part of the BLOCK trampolines: rax is the C function. Arguments and callee-saved registers stay on the goroutine's stack, where
// the collector sees them; block_exit continues the goroutine by gogo, on whatever M it then is.
FUNC(goc_block):
  cmpq $0, %fs:TLS_TRUE
  je 1f
  push %rbp
  mov %rsp, %rbp
  push %rdi
  push %rsi
  push %rdx
  push %rcx
  push %r8
  push %r9
  push $0 // result rax
  push $0 // result rdx
  push $goc_block_resume
  PUSH_SAVED
  mov %fs:TLS_G, %r12
  mov %rsp, G_SP(%r12)
  mov %rsp, G_SYSSP(%r12)
  mov G_SEG(%r12), %rcx
  mov %rcx, G_SYSSEG(%r12)
  mov %rax, %rbx
  TO_SYSTEM
  mov %r12, %rdi
  call block_enter
  mov -8(%rbp), %rdi
  mov -16(%rbp), %rsi
  mov -24(%rbp), %rdx
  mov -32(%rbp), %rcx
  mov -40(%rbp), %r8
  mov -48(%rbp), %r9
  call *%rbx
  mov %rax, -56(%rbp)
  mov %rdx, -64(%rbp)
  mov %r12, %rdi
  call block_exit
  ud2
1: jmp *%rax
goc_block_resume:
  pop %rdx
  pop %rax
  mov %rbp, %rsp
  pop %rbp
  ret
END(goc_block)

// void runtime.entersyscall(void): the callee-saved registers go into the G, for the collector; the body may run on the goroutine's stack
// without a P until exitsyscall (it holds the M by the lock count).
FUNC("runtime.entersyscall"):
  incl %fs:TLS_LOCKS
  mov %fs:TLS_G, %rax
  mov %rbx, G_SYSREGS(%rax)
  mov %rbp, G_SYSREGS+8(%rax)
  mov %r12, G_SYSREGS+16(%rax)
  mov %r13, G_SYSREGS+24(%rax)
  mov %r14, G_SYSREGS+32(%rax)
  mov %r15, G_SYSREGS+40(%rax)
  mov %rsp, G_SYSSP(%rax)
  mov G_SEG(%rax), %rcx
  mov %rcx, G_SYSSEG(%rax)
  mov %rax, %rsi
  mov $entersyscall_sys, %edi
  jmp systemcall
END("runtime.entersyscall")

// __morestack: r10 frame size, r11 bytes of stack arguments; stack: return address into the slow block (X), caller's return address.
// The body starts at X + 1; rax holds the closure context and all argument registers are live.
FUNC(__morestack):
  .cfi_startproc
  cmpq $0, %fs:TLS_TRUE
  je .Lplain
  push %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  mov %rsp, %rbp
  .cfi_def_cfa_register %rbp
  cmpq $-1, %fs:TLS_LIMIT
  je .Lpoison
.Ldecide:
  push %rax
  push %rcx
  push %rdx
  lea 16(%rbp), %rcx // rsp at the function's entry
  sub %r10, %rcx
  jb .Lcross
  cmp %fs:TLS_TRUE, %rcx
  ja .Linplace
.Lcross:
  mov %fs:TLS_G, %rax
  mov G_SEG(%rax), %rcx
  mov SEG_NEXT(%rcx), %rdx
  test %rdx, %rdx
  je .Lslow
  mov SEG_TOP(%rdx), %rcx
  sub SEG_LIMIT(%rdx), %rcx
  sub $160, %rcx // alignment, red zone of the body's first push, this frame
  sub %r11, %rcx
  jbe .Lslow
  cmp %r10, %rcx
  jbe .Lslow
  mov %rbp, SEG_CROSS(%rdx)
  mov %rdx, G_SEG(%rax)
  mov SEG_LIMIT(%rdx), %rcx
  mov %rcx, G_LIMIT(%rax)
  mov %rcx, %fs:TLS_TRUE
  mov %rcx, %fs:TLS_LIMIT
  mov SEG_TOP(%rdx), %r10
  lea 15(%r11), %rcx
  and $-16, %rcx
  sub %rcx, %r10
  and $-8, %r11
  je 2f
1: mov 16(%rbp,%r11), %rcx // the arguments stand at rbp+24
  mov %rcx, -8(%r10,%r11)
  sub $8, %r11
  jne 1b
2: mov -8(%rbp), %rax
  mov -16(%rbp), %rcx
  mov -24(%rbp), %rdx
  mov 8(%rbp), %r11
  inc %r11
  mov %r10, %rsp
  call *%r11
.globl goc_morestack_return
.hidden goc_morestack_return
goc_morestack_return:
  mov %fs:TLS_G, %r10
  mov G_SEG(%r10), %r11
  mov SEG_PREV(%r11), %r11
  mov %r11, G_SEG(%r10)
  mov SEG_LIMIT(%r11), %r11
  mov %r11, G_LIMIT(%r10)
  mov %r11, %fs:TLS_TRUE
  mov %r11, %fs:TLS_LIMIT
  mov %rbp, %rsp
  pop %rbp
  .cfi_remember_state
  .cfi_def_cfa %rsp, 16
  .cfi_restore %rbp
  ret
  .cfi_restore_state
.Linplace:
  mov -8(%rbp), %rax
  mov -16(%rbp), %rcx
  mov -24(%rbp), %rdx
  mov %rbp, %rsp
  pop %rbp
  .cfi_remember_state
  .cfi_def_cfa %rsp, 16
  .cfi_restore %rbp
.Lplain:
  pop %r11
  inc %r11
  jmp *%r11
  .cfi_restore_state

.macro SAVE_ALL // 208 bytes below rbp
  push %rdi
  push %rsi
  push %rdx
  push %rcx
  push %r8
  push %r9
  push %rax
  push %r10
  push %r11
  sub $136, %rsp
  movups %xmm0, (%rsp)
  movups %xmm1, 16(%rsp)
  movups %xmm2, 32(%rsp)
  movups %xmm3, 48(%rsp)
  movups %xmm4, 64(%rsp)
  movups %xmm5, 80(%rsp)
  movups %xmm6, 96(%rsp)
  movups %xmm7, 112(%rsp)
.endm
.macro RESTORE_ALL
  lea -208(%rbp), %rsp
  movups (%rsp), %xmm0
  movups 16(%rsp), %xmm1
  movups 32(%rsp), %xmm2
  movups 48(%rsp), %xmm3
  movups 64(%rsp), %xmm4
  movups 80(%rsp), %xmm5
  movups 96(%rsp), %xmm6
  movups 112(%rsp), %xmm7
  add $136, %rsp
  pop %r11
  pop %r10
  pop %rax
  pop %r9
  pop %r8
  pop %rcx
  pop %rdx
  pop %rsi
  pop %rdi
.endm

// Somebody wants this M in the scheduler. Under a bracket or a lock the poison stays; else park and decide anew, maybe on another M.
.Lpoison:
  cmpq $0, %fs:TLS_NOPREEMPT
  jne .Ldecide
  SAVE_ALL
  mov $preempt_m, %edi
  call mcall
  RESTORE_ALL
  jmp .Ldecide

// No cached segment, or too small.
.Lslow:
  mov -8(%rbp), %rax
  mov -16(%rbp), %rcx
  mov -24(%rbp), %rdx
  mov %rbp, %rsp
  SAVE_ALL
  mov %fs:TLS_G, %rdi
  mov %r10, %rsi
  mov %r11, %rdx
  mov %rbp, %rcx
  TO_SYSTEM
  call stack_more
  mov %fs:TLS_G, %rdi
  LIMITS_FROM_G %rdi, %rax
  RESTORE_ALL
  jmp .Ldecide
  .cfi_endproc
END(__morestack)

// lld and LLVM may refer to these; both mean that an object was built wrongly.
FUNC(__morestack_non_split):
  ud2
END(__morestack_non_split)
FUNC(__morestack_allocate_stack_space):
  ud2
END(__morestack_allocate_stack_space)

// int32 runtime.checkpoint(DeferRecord *): links the record; returns 0, and 1 again when a recovered panic resumes here.
FUNC("runtime.checkpoint"):
  mov %fs:TLS_G, %rax
  mov G_DEFER(%rax), %rcx
  mov %rcx, DR_LINK(%rdi)
  lea 8(%rsp), %rcx
  mov %rcx, DR_SP(%rdi)
  mov (%rsp), %rcx
  mov %rcx, DR_PC(%rdi)
  mov %rbx, DR_RBX(%rdi)
  mov %rbp, DR_RBP(%rdi)
  mov %r12, DR_R12(%rdi)
  mov %r13, DR_R13(%rdi)
  mov %r14, DR_R14(%rdi)
  mov %r15, DR_R15(%rdi)
  mov G_LIMIT(%rax), %rcx
  mov %rcx, DR_LIMIT(%rdi)
  mov G_SEQ(%rax), %rcx
  inc %rcx
  mov %rcx, G_SEQ(%rax)
  mov %rcx, DR_SEQ(%rdi)
  xor %ecx, %ecx
  mov %rcx, DR_N(%rdi)
  mov %rcx, DR_OVERFLOW(%rdi)
  mov %rcx, DR_OVERFLOW+8(%rdi)
  mov %rcx, DR_OVERFLOW+16(%rdi)
  mov %rdi, G_DEFER(%rax)
  xor %eax, %eax
  ret
END("runtime.checkpoint")

// void goc_resume(DeferRecord *, StackSeg *): continues behind the record's checkpoint, which returns 1; the segment is the record's.
FUNC(goc_resume):
  mov %fs:TLS_G, %rax
  mov %rsi, G_SEG(%rax)
  mov DR_LIMIT(%rdi), %rcx
  mov %rcx, G_LIMIT(%rax)
  mov %rcx, %fs:TLS_TRUE
  mov %rcx, %fs:TLS_LIMIT
  mov DR_RBX(%rdi), %rbx
  mov DR_RBP(%rdi), %rbp
  mov DR_R12(%rdi), %r12
  mov DR_R13(%rdi), %r13
  mov DR_R14(%rdi), %r14
  mov DR_R15(%rdi), %r15
  mov DR_SP(%rdi), %rsp
  mov DR_PC(%rdi), %rcx
  mov $1, %eax
  jmp *%rcx
END(goc_resume)

// void goc_calldefer(FuncVal *fn, void **slot): calls a deferred function for a panic; *slot is the place of its return address
// meanwhile (gorecover compares it), 0 afterwards.
FUNC(goc_calldefer):
  push %rbp
  mov %rsp, %rbp
  push %rsi
  push %rsi
  lea -8(%rsp), %rax
  mov %rax, (%rsi)
  mov %rdi, %r10
  call *(%r10)
  mov -8(%rbp), %rsi
  movq $0, (%rsi)
  mov %rbp, %rsp
  pop %rbp
  ret
END(goc_calldefer)

// void goc_call0(FuncVal *fn): C calls a Go func value without parameters, on the stack it is on.
FUNC(goc_call0):
  mov %rdi, %r10
  jmp *(%r10)
END(goc_call0)

// void goc_call4(FuncVal *fn, a, b, c, d): the same with four words (timers: func(any, uintptr, int64)).
FUNC(goc_call4):
  mov %rdi, %r10
  mov %rsi, %rdi
  mov %rdx, %rsi
  mov %rcx, %rdx
  mov %r8, %rcx
  jmp *(%r10)
END(goc_call4)

// Raw system calls, on any stack: internal/runtime/syscall.Syscall6(num, a1 … a6): a1..a5 shift, a6 and the out pointer by hand.
// void goc_syscall6(uintptr out[3], num, a1, a2, a3, a4, [stack] a5, a6): r1, r2, errno.
FUNC("internal/runtime/syscall.Syscall6"):
  mov %rsi, %rax
  mov %rdi, %r11
  mov %rdx, %rdi
  mov %rcx, %rsi
  mov %r8, %rdx
  mov %r9, %r10
  mov 8(%rsp), %r8
  mov 16(%rsp), %r9
  push %r11 // the kernel clobbers rcx and r11
  syscall
  pop %rcx
  cmp $-4095, %rax
  jae 1f
  mov %rax, (%rcx)
  mov %rdx, 8(%rcx)
  movq $0, 16(%rcx)
  ret
1: neg %rax
  movq $-1, (%rcx)
  movq $0, 8(%rcx)
  mov %rax, 16(%rcx)
  ret
END("internal/runtime/syscall.Syscall6")

// syscall.rawVforkSyscall(trap, a1, a2, a3) (r1, errno): the child shares our memory and returns first, on this very stack. What the parent
// needs afterwards lives in registers, which each process has its own of: the return address in r9, the segment in r8 (the kernel looks at
// neither without CLONE_SETTLS).
FUNC("syscall.rawVforkSyscall"):
  mov %rdi, %rax
  mov %rsi, %rdi
  mov %rdx, %rsi
  mov %rcx, %rdx
  xor %r10d, %r10d
  mov %fs:TLS_G, %rcx
  mov G_SEG(%rcx), %r8
  pop %r9
  syscall
  push %r9
  mov %fs:TLS_G, %rcx
  mov %r8, G_SEG(%rcx)
  mov SEG_LIMIT(%r8), %r9
  mov %r9, G_LIMIT(%rcx)
  mov %r9, %fs:TLS_TRUE
  mov %r9, %fs:TLS_LIMIT
  cmp $-4095, %rax
  jae 1f
  xor %edx, %edx
  ret
1: neg %rax
  mov %rax, %rdx
  mov $-1, %rax
  ret
END("syscall.rawVforkSyscall")

// void goc_call1(FuncVal *fn, a): the same with one word.
FUNC(goc_call1):
  mov %rdi, %r10
  mov %rsi, %rdi
  jmp *(%r10)
END(goc_call1)
