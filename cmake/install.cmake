# cmake --install build/release --prefix P: the compiler in bin, what it needs at run time in lib/goc (driver/build.c, resource_dir), the manual page.
include_guard(GLOBAL)

if(TARGET goc)
  install(TARGETS goc RUNTIME DESTINATION bin)
  install(FILES ${CMAKE_BINARY_DIR}/libgocrt.a ${CMAKE_BINARY_DIR}/gocrt_begin.o ${CMAKE_BINARY_DIR}/gocrt_end.o DESTINATION lib/goc)
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/runtime/go/ DESTINATION lib/goc/go)
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/share/lit/ DESTINATION lib/goc/lit)
  install(FILES ${CMAKE_SOURCE_DIR}/share/man/goc.1 DESTINATION share/man/man1)
endif()
if(TARGET goc-escape)
  install(TARGETS goc-escape LIBRARY DESTINATION lib/goc)
endif()
