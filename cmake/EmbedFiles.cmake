# cmake -D OUT=<folder> [-D FROM=<folder>] -P EmbedFiles.cmake
#
# Writes embedded.S, which takes every file below FROM as it is, and embedded.cpp, the table of their paths.

set(files "")
if(DEFINED FROM)
  file(GLOB_RECURSE files RELATIVE ${FROM} ${FROM}/*)
  list(SORT files)
endif()

set(assembly "        .section .rodata\n")
set(declarations "")
set(rows "")
set(number 0)
foreach(file IN LISTS files)
  set(name "spectacles_console_${number}")
  string(APPEND assembly
    "        .global ${name}, ${name}_end\n"
    "${name}:\n        .incbin \"${FROM}/${file}\"\n"
    "${name}_end:\n        .byte 0\n")
  string(APPEND declarations "extern const char ${name}[], ${name}_end[];\n")
  string(APPEND rows "      {\"/${file}\", {${name}, static_cast<std::size_t>(${name}_end - ${name})}},\n")
  math(EXPR number "${number} + 1")
endforeach()
string(APPEND assembly "        .section .note.GNU-stack,\"\",@progbits\n")

if(rows)
  set(body "  static const EmbeddedFile files[] = {\n${rows}  };\n  return files;\n")
  set(declarations "extern \"C\" {\n${declarations}}\n\n")
else()
  set(body "  return {};\n")
endif()
file(WRITE ${OUT}/embedded.S "${assembly}")
file(WRITE ${OUT}/embedded.cpp
  "#include \"web/embedded.h\"\n\n#include <cstddef>\n\n${declarations}"
  "namespace spectacles::web {\n\nEmbeddedFiles embedded_files() {\n${body}}\n\n}  // namespace spectacles::web\n")
