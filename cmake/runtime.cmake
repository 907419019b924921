# gocrt: the runtime of compiled programs, build/<preset>/libgocrt.a. Always built by clang-19, whatever builds the compiler: goroutine
# stacks need its -fsplit-stack, TLS its address spaces. The kind of a file (runtime/internal.h) decides its flags.
find_program(GOC_CLANG NAMES clang-19 REQUIRED)
find_program(GOC_AR NAMES llvm-ar-19 REQUIRED)

# Files that run on goroutines' stacks; files whose functions run anywhere (small frames, no calls out). All others: system stack.
set(GOCRT_GSTACK chan select sema panic map string slice iface alg reflect final gcapi linkname gsched timerapi pollapi)
set(GOCRT_LEAF lock memmove leaf complex)

set(GOCRT_FLAGS -std=gnu17 -D_GNU_SOURCE -I${CMAKE_SOURCE_DIR} -include ${CMAKE_SOURCE_DIR}/runtime/notes.h
  -fno-pic -fno-pie -mcmodel=small -fno-stack-protector -fcf-protection=none -gline-tables-only -fdebug-info-for-profiling
  -fno-omit-frame-pointer -mno-omit-leaf-frame-pointer -fno-optimize-sibling-calls
  -fno-strict-aliasing -fwrapv -fno-delete-null-pointer-checks -ffunction-sections -fdata-sections -fstack-usage
  -Wall -Wextra -Wshadow -Wundef -Wmissing-prototypes -Wstrict-prototypes -Wwrite-strings)
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  list(APPEND GOCRT_FLAGS -O1)
else()
  list(APPEND GOCRT_FLAGS -O2 -DNDEBUG)
endif()
if(GOC_STRESS)
  list(APPEND GOCRT_FLAGS -DGOC_STRESS)
endif()

file(GLOB gocrt_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/runtime/*.c ${CMAKE_SOURCE_DIR}/runtime/*.S)
set(gocrt_objects)
foreach(src ${gocrt_sources})
  get_filename_component(base ${src} NAME_WE)
  get_filename_component(name ${src} NAME)
  set(flags ${GOCRT_FLAGS})
  if(name MATCHES "\\.S$")
    set(flags -D_GNU_SOURCE -I${CMAKE_SOURCE_DIR} -include ${CMAKE_SOURCE_DIR}/runtime/notes.h -fno-pic -g)
  elseif(base IN_LIST GOCRT_GSTACK)
    list(APPEND flags -fsplit-stack -DGOCRT_KIND_GSTACK)
  elseif(base IN_LIST GOCRT_LEAF)
    list(APPEND flags -ffreestanding -fno-builtin -DGOCRT_KIND_LEAF -Wframe-larger-than=256)
  else()
    list(APPEND flags -DGOCRT_KIND_SYS)
  endif()
  set(obj ${CMAKE_BINARY_DIR}/gocrt/${name}.o)
  add_custom_command(OUTPUT ${obj}
    COMMAND ${GOC_CLANG} ${flags} -ffile-prefix-map=${CMAKE_SOURCE_DIR}=goc -MD -MF ${obj}.d -MT ${obj} -c ${src} -o ${obj}
    DEPENDS ${src} ${CMAKE_SOURCE_DIR}/runtime/runtime.def DEPFILE ${obj}.d COMMENT "gocrt ${name}" VERBATIM)
  list(APPEND gocrt_objects ${obj})
endforeach()
if(gocrt_sources)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/gocrt)
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/libgocrt.a
  COMMAND ${CMAKE_COMMAND} -E rm -f ${CMAKE_BINARY_DIR}/libgocrt.a
  COMMAND ${GOC_AR} rcs ${CMAKE_BINARY_DIR}/libgocrt.a ${gocrt_objects}
  DEPENDS ${gocrt_objects} VERBATIM)
# Link order of a program: crt1.o crti.o gocrt_begin.o, the Go objects and goc.main.o, gocrt_end.o, libgocrt.a, libc.a (and libgcc.a), crtn.o.
foreach(which begin end)
  add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/gocrt_${which}.o
    COMMAND ${GOC_CLANG} -include ${CMAKE_SOURCE_DIR}/runtime/notes.h -c ${CMAKE_SOURCE_DIR}/runtime/link/${which}.S -o ${CMAKE_BINARY_DIR}/gocrt_${which}.o
    DEPENDS ${CMAKE_SOURCE_DIR}/runtime/link/${which}.S VERBATIM)
endforeach()
add_custom_target(gocrt ALL DEPENDS ${CMAKE_BINARY_DIR}/libgocrt.a ${CMAKE_BINARY_DIR}/gocrt_begin.o ${CMAKE_BINARY_DIR}/gocrt_end.o)
endif()

# The files of the heap, of run queues and of channels once more, by the compiler's own compiler, for the unit tests (test/shim_*.c stand
# for the rest).
set(gocrt_native span malloc gc roots checkheap bytes alg string slice iface map rttab runq chan select)
list(TRANSFORM gocrt_native PREPEND ${CMAKE_SOURCE_DIR}/runtime/)
list(TRANSFORM gocrt_native APPEND .c)
add_library(gocrt-native STATIC EXCLUDE_FROM_ALL ${gocrt_native})
target_compile_options(gocrt-native PRIVATE -std=gnu17 -fno-strict-aliasing -fwrapv -fvisibility=hidden)
target_compile_options(gocrt-native PRIVATE -include ${CMAKE_SOURCE_DIR}/test/rtnames.h)
set_source_files_properties(${CMAKE_SOURCE_DIR}/test/shim_heap.c ${CMAKE_SOURCE_DIR}/test/test_malloc.c ${CMAKE_SOURCE_DIR}/test/test_gc.c
  ${CMAKE_SOURCE_DIR}/test/test_gomap.c ${CMAKE_SOURCE_DIR}/test/test_rtbytes.c
  ${CMAKE_SOURCE_DIR}/test/shim_sched.c ${CMAKE_SOURCE_DIR}/test/test_runq.c ${CMAKE_SOURCE_DIR}/test/test_chan.c ${CMAKE_SOURCE_DIR}/test/test_iface.c
  PROPERTIES COMPILE_OPTIONS "-include;${CMAKE_SOURCE_DIR}/test/rtnames.h")
