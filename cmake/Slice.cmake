# slice(<room> [USES <room>...] [LINKS <library>...])
#
# One folder of src/ as one library: all its .cpp files but the tests. Each <name>_test.cpp goes into the room's own test
# program, <room>_test; the target `unit_tests` builds them all. USES names the rooms below it (tests/architecture checks
# the #include lines against the same picture), LINKS the libraries that its .cpp files need.

include(GoogleTest)
find_package(GTest REQUIRED)
add_custom_target(unit_tests)

function(slice room)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES;LINKS")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${room}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/${room}/*.h)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")

  list(TRANSFORM arg_USES PREPEND spectacles_)
  if(NOT sources)
    add_library(spectacles_${room} INTERFACE)
    target_link_libraries(spectacles_${room} INTERFACE spectacles_options ${arg_USES})
    return()
  endif()
  add_library(spectacles_${room} STATIC ${sources})
  set_target_properties(spectacles_${room} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(spectacles_${room} PUBLIC spectacles_options ${arg_USES} ${arg_LINKS})
  if(NOT room STREQUAL "base")
    target_precompile_headers(spectacles_${room} REUSE_FROM spectacles_base)
  endif()

  if(SPECTACLES_TESTS AND tests)
    add_executable(${room}_test EXCLUDE_FROM_ALL ${tests})
    target_link_libraries(${room}_test PRIVATE spectacles_${room} GTest::gmock GTest::gtest_main)
    target_compile_definitions(${room}_test PRIVATE SPECTACLES_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    target_include_directories(${room}_test PRIVATE ${PROJECT_SOURCE_DIR}/tests)  # support/
    target_precompile_headers(${room}_test REUSE_FROM spectacles_base)
    add_dependencies(unit_tests ${room}_test)
    gtest_discover_tests(${room}_test TEST_PREFIX "${room}." DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 120)
  endif()
endfunction()
