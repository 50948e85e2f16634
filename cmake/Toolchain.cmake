# Language level, warnings, sanitizers, compiler cache: what holds for every target.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

find_program(CCACHE ccache)
if(CCACHE)
  # Precompiled headers make ccache miss unless it is told which differences do not matter.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
endif()

add_library(spectacles_options INTERFACE)
target_include_directories(spectacles_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_options(spectacles_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wpedantic;-Wshadow;-Wconversion;-Wnon-virtual-dtor;-Werror>
  # g++ 12 reports these inside libstdc++ and Boost for correct code.
  $<$<COMPILE_LANGUAGE:CXX>:-Wno-error=maybe-uninitialized;-Wno-error=restrict;-Wno-error=stringop-overflow;-Wno-error=array-bounds>)
target_compile_definitions(spectacles_options INTERFACE
  $<$<CONFIG:Release>:_FORTIFY_SOURCE=2> $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
target_compile_options(spectacles_options INTERFACE $<$<CONFIG:Release>:-fstack-protector-strong>)
target_link_options(spectacles_options INTERFACE $<$<CONFIG:Release>:-Wl,-z,relro,-z,now,--as-needed>)

if(SPECTACLES_SANITIZE)
  # -O1: at -O0 the instrumented coroutines and tests run several times slower.
  target_compile_options(spectacles_options INTERFACE
    -fsanitize=${SPECTACLES_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -O1)
  target_link_options(spectacles_options INTERFACE -fsanitize=${SPECTACLES_SANITIZE})
  if(SPECTACLES_SANITIZE STREQUAL "thread")
    # Boost.Asio has fences beside the atomics that order its memory; the sanitizer does not see them and g++ warns.
    target_compile_options(spectacles_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-tsan>)
  endif()
endif()
