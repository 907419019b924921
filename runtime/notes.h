// notes.h: both split-stack notes, forced into every object of the runtime by -include: otherwise
// lld silently rewrites the callers' prologues.
// clang-format off
#ifdef __ASSEMBLER__
.section .note.GNU-split-stack,"",@progbits
.section .note.GNU-no-split-stack,"",@progbits
.section .note.GNU-stack,"",@progbits
.text
#else
__asm__(".section .note.GNU-split-stack,\"\",@progbits\n.section .note.GNU-no-split-stack,\"\",@progbits\n.text");
#endif
