# embed_migrations(<target> <engine>)
#
# Puts src/db/migrations/<engine>/V<version>__<name>.sql into <target> as <engine>_migrations() of src/db/migrate.h. The
# build fails when a file is named otherwise or when the versions do not count up from 1 without a gap.
#
# Run as a script (cmake -D engine= -D files= -D output= -P) the same file writes the source.

if(CMAKE_SCRIPT_MODE_FILE)
  list(SORT files)
  set(rows "")
  set(expected 0)
  foreach(file IN LISTS files)
    get_filename_component(base ${file} NAME)
    math(EXPR expected "${expected} + 1")
    if(NOT base MATCHES "^V0*([1-9][0-9]*)__([a-z0-9_]+)\\.sql$")
      message(FATAL_ERROR "${file}: a migration is named V<version>__<name>.sql")
    endif()
    set(version ${CMAKE_MATCH_1})
    set(name ${CMAKE_MATCH_2})
    if(NOT version EQUAL expected)
      message(FATAL_ERROR "${file}: version ${expected} should come here, the versions have a gap or come twice")
    endif()
    file(READ ${file} sql)
    if(sql MATCHES "\\)sql\"")
      message(FATAL_ERROR "${file}: contains )sql\", which would end its C++ literal")
    endif()
    string(APPEND rows "    Migration{${version}, \"${name}\", R\"sql(${sql})sql\"},\n")
  endforeach()
  file(WRITE ${output} "// Made by cmake/EmbedMigrations.cmake from src/db/migrations/${engine}.
#include <array>

#include \"db/migrate.h\"

namespace spectacles::db {

std::span<const Migration> ${engine}_migrations() {
  static constexpr std::array<Migration, ${expected}> migrations{
${rows}  };
  return migrations;
}

}  // namespace spectacles::db
")
  return()
endif()

set(EMBED_MIGRATIONS_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(embed_migrations target engine)
  set(folder ${CMAKE_CURRENT_SOURCE_DIR}/db/migrations/${engine})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/db/${engine}_migrations.cpp)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -D engine=${engine} -D "files=${files}" -D output=${output} -P ${EMBED_MIGRATIONS_SCRIPT}
    DEPENDS ${files} ${EMBED_MIGRATIONS_SCRIPT}
    COMMENT "Embedding the ${engine} migrations"
    VERBATIM)
  target_sources(${target} PRIVATE ${output})

  if(SPECTACLES_TESTS)
    add_test(NAME ${engine}_migrations.gap_is_refused
      COMMAND ${CMAKE_COMMAND} -D engine=${engine} -D files=V0002__late.sql -D output=unused -P ${EMBED_MIGRATIONS_SCRIPT})
    set_tests_properties(${engine}_migrations.gap_is_refused
      PROPERTIES PASS_REGULAR_EXPRESSION "version 1 should come here")
  endif()
endfunction()
