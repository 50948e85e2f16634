# embed_console(<target>)
#
# Compiles the built console (ui/build) into the target as web::embedded_files(). With SPECTACLES_UI the console is built
# first, whenever one of its sources changed, by the Node that script/bootstrap put into .tools/node (or one on the PATH);
# without, and in a source tree without ui/, the list of files is empty.

function(embed_console target)
  set(ui ${PROJECT_SOURCE_DIR}/ui)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/console)
  set(embed ${CMAKE_COMMAND} -D OUT=${out} -P ${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake)
  set(depends ${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake)

  if(SPECTACLES_UI AND EXISTS ${ui}/package.json)
    find_program(SPECTACLES_NPM npm HINTS ${PROJECT_SOURCE_DIR}/.tools/node/bin NO_CACHE REQUIRED)
    cmake_path(GET SPECTACLES_NPM PARENT_PATH node_bin)
    set(with_node ${CMAKE_COMMAND} -E chdir ${ui} ${CMAKE_COMMAND} -E env "PATH=${node_bin}:$ENV{PATH}")
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${ui}/src/* ${ui}/static/* ${ui}/tools/*)
    list(REMOVE_ITEM sources ${ui}/src/lib/api/schema.d.ts)  # made from openapi.yaml by the build itself

    # The same stamp as script/bootstrap's, so that the packages are installed once for each content of the lock file.
    set(installed ${ui}/node_modules/.installed)
    add_custom_command(OUTPUT ${installed}
      COMMAND ${CMAKE_COMMAND} -E compare_files ${ui}/package-lock.json ${installed} ||
              ${with_node} npm ci --prefer-offline --loglevel=error
      COMMAND ${CMAKE_COMMAND} -E copy ${ui}/package-lock.json ${installed}
      DEPENDS ${ui}/package.json ${ui}/package-lock.json
      COMMENT "Installing the packages of the console" VERBATIM)
    add_custom_command(OUTPUT ${ui}/build/index.html
      COMMAND ${with_node} npm run --silent build
      DEPENDS ${installed} ${sources} ${ui}/package.json ${ui}/svelte.config.js ${ui}/vite.config.ts ${ui}/tsconfig.json
              ${PROJECT_SOURCE_DIR}/api/openapi.yaml
      COMMENT "Building the console" VERBATIM)
    set(embed ${CMAKE_COMMAND} -D OUT=${out} -D FROM=${ui}/build -P ${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake)
    list(APPEND depends ${ui}/build/index.html)
  endif()

  add_custom_command(OUTPUT ${out}/embedded.cpp ${out}/embedded.S
    COMMAND ${embed} DEPENDS ${depends} COMMENT "Embedding the console" VERBATIM)
  # The assembler reads the files of the console, which no dependency scan sees.
  set_source_files_properties(${out}/embedded.S PROPERTIES OBJECT_DEPENDS "${depends}" SKIP_PRECOMPILE_HEADERS ON)
  set_source_files_properties(${out}/embedded.cpp PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  target_sources(${target} PRIVATE ${out}/embedded.cpp ${out}/embedded.S)
endfunction()
