# goc, the compiler. What it needs at run time stands beside it: libgocrt.a (cmake/runtime.cmake) and go/, the overlay of Go sources.
file(GLOB driver_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/driver/*.c)
add_executable(goc ${driver_sources})
target_link_libraries(goc goc-irgen goc-load goc-pass dw elf -L${LLVM_LIBDIR} LLVM-19)
if(TARGET gocrt)
  add_dependencies(goc gocrt)
endif()
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/runtime/go ${CMAKE_BINARY_DIR}/go SYMBOLIC)
