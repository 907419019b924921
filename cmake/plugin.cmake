# The escape pass as a plugin for opt: build/<preset>/goc-escape.so. It does not link libLLVM: opt brings it.
include_guard(GLOBAL)

file(GLOB plugin_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/pass/*.c ${CMAKE_SOURCE_DIR}/driver/base/*.c)
add_library(goc-escape MODULE ${plugin_sources} ${CMAKE_SOURCE_DIR}/pass/plugin.cpp)
set_target_properties(goc-escape PROPERTIES PREFIX "" OUTPUT_NAME goc-escape POSITION_INDEPENDENT_CODE ON
  LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
set_source_files_properties(${CMAKE_SOURCE_DIR}/pass/plugin.cpp PROPERTIES COMPILE_OPTIONS "-fno-rtti;-fno-exceptions;-O1")
execute_process(COMMAND ${LLVM_CONFIG} --cxxflags OUTPUT_VARIABLE LLVM_CXXFLAGS OUTPUT_STRIP_TRAILING_WHITESPACE)
target_include_directories(goc-escape SYSTEM PRIVATE ${LLVM_LIBDIR}/../include)
target_link_libraries(goc-escape xxhash utf8proc pthread)
