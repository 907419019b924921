# Tests beside check-unit and check-lit: the examples, the format of the sources.
include_guard(GLOBAL)

if(TARGET goc)
  add_test(NAME examples COMMAND ${CMAKE_SOURCE_DIR}/scripts/examples $<TARGET_FILE:goc>)
  set_tests_properties(examples PROPERTIES ENVIRONMENT GOCCACHE=${CMAKE_BINARY_DIR}/gocache RUN_SERIAL ON)
endif()

find_program(CLANG_FORMAT NAMES clang-format-19)
if(CLANG_FORMAT)
  add_test(NAME format COMMAND ${CMAKE_SOURCE_DIR}/scripts/format --check ${CLANG_FORMAT})
endif()
