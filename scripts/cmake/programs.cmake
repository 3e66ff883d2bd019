# The programs: dits and its tests natively, dits.js and dits.wasm under Emscripten.
function(dits_existing out)
  set(found "")
  foreach(file IN LISTS ARGN)
    if(EXISTS ${CMAKE_SOURCE_DIR}/${file})
      list(APPEND found ${file})
    endif()
  endforeach()
  set(${out} ${found} PARENT_SCOPE)
endfunction()

dits_rooms_of(shared_rooms shared)
dits_rooms_of(server_rooms shared server)
dits_rooms_of(web_rooms shared web)

if(EMSCRIPTEN)
  dits_existing(sources web/main.cpp web/app.cpp)
  if("web/main.cpp" IN_LIST sources)
    dits_program(dits_web SOURCES ${sources} LINK ${web_rooms})
    file(GLOB libraries CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/platform/library*.js)
    set(library_flags "")
    foreach(library IN LISTS libraries)
      list(APPEND library_flags "SHELL:--js-library ${library}")
    endforeach()
    set_target_properties(dits_web PROPERTIES OUTPUT_NAME dits SUFFIX .js LINK_DEPENDS "${libraries}")
    add_dependencies(dits_web fonts_pack)
    # A function with one caller moves into it only when it is short: large functions with hundreds of locals pack worse (docs/performance.md).
    target_link_options(dits_web PRIVATE -Oz ${library_flags}
      -sMIN_WEBGL_VERSION=2 -sMAX_WEBGL_VERSION=2 -sGL_SUPPORT_AUTOMATIC_ENABLE_EXTENSIONS=0 -sGL_TRACK_ERRORS=0 -sALLOW_MEMORY_GROWTH=1 -sINITIAL_MEMORY=32MB
      -sENVIRONMENT=web -sFILESYSTEM=0 -sDYNAMIC_EXECUTION=0 -sEXPORT_ES6=1 -sMODULARIZE=1 -sUSE_ES6_IMPORT_META=0
      -sDISABLE_EXCEPTION_CATCHING=1
      -sBINARYEN_EXTRA_PASSES=--converge,--one-caller-inline-max-function-size=20,--always-inline-max-function-size=3)
  endif()
  return()
endif()

# The files that dits carries: name in the executable, path on disk.
set(embedded postgres/postgres.tar.zst ${DITS_POSTGRES_DIR}/postgres.tar.zst
             postgres/template.tar.zst ${DITS_POSTGRES_DIR}/template.tar.zst
             postgres/VERSION ${DITS_POSTGRES_DIR}/VERSION
             versions.txt ${CMAKE_SOURCE_DIR}/build/versions.txt)
file(GLOB carried CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} migrations/*/up.sql migrations/*/migration.json seed/*.json)
foreach(file IN LISTS carried)
  list(APPEND embedded ${file} ${CMAKE_SOURCE_DIR}/${file})
endforeach()
set(DITS_ASSETS_DIR ${CMAKE_SOURCE_DIR}/build/assets CACHE PATH "what scripts/pack_assets.py made of the web app")
file(GLOB_RECURSE assets CONFIGURE_DEPENDS RELATIVE ${DITS_ASSETS_DIR} ${DITS_ASSETS_DIR}/*)
foreach(file IN LISTS assets)
  # A large file goes in as brotli alone; the server makes of it what a client takes that takes no brotli.
  string(REGEX REPLACE "\\.gz$" "" plain ${file})
  file(SIZE ${DITS_ASSETS_DIR}/${plain} size)
  if(size LESS 30000 OR NOT "${plain}.br" IN_LIST assets)
    list(APPEND embedded web/${file} ${DITS_ASSETS_DIR}/${file})
  endif()
endforeach()
dits_embed(embedded_data ${embedded})
dits_write_statement_list()

file(GLOB sources CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} server/main.cpp server/app*.cpp)
if("server/main.cpp" IN_LIST sources)
  dits_program(dits SOURCES ${sources} LINK ${server_rooms} embedded_data)
endif()

# doctest's own program is made by this file's macro, which must come before the header.
set_source_files_properties(tests/main.cpp PROPERTIES SKIP_PRECOMPILE_HEADERS ON)

# dits_ROOM_tests, of every file below tests/ROOM whose name ends in _test.cpp; SUPPORT: the folders that help them.
function(dits_test_program room)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;SUPPORT;LINK")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS tests/${room}/*_test.cpp)
  foreach(folder IN LISTS arg_SUPPORT)
    file(GLOB_RECURSE support CONFIGURE_DEPENDS ${folder}/*.cpp)
    list(APPEND sources ${support})
  endforeach()
  dits_program(dits_${room}_tests SOURCES tests/main.cpp ${arg_SOURCES} ${sources} LINK ${arg_LINK} ext::doctest)
  dits_prelude(dits_${room}_tests tests dits_options dits_warnings ext::doctest)
endfunction()
dits_test_program(shared SUPPORT tests/shared/support tests/allocations LINK ${shared_rooms})
dits_test_program(server SOURCES server/app_commit_marks.cpp SUPPORT tests/support tests/shared/support LINK ${server_rooms} embedded_data)
dits_test_program(web SOURCES web/app.cpp SUPPORT tests/web/support tests/allocations LINK ${web_rooms})
dits_test_program(http SUPPORT tests/support tests/http/support LINK ${server_rooms} embedded_data)

# Each file of tests/bench is a program of its own; they are built on demand: ninja bench.
add_custom_target(bench)
file(GLOB benches CONFIGURE_DEPENDS tests/bench/*.cpp)
foreach(file IN LISTS benches)
  cmake_path(GET file STEM name)
  dits_program(bench_${name} SOURCES ${file} LINK ${server_rooms} embedded_data)
  set_target_properties(bench_${name} PROPERTIES EXCLUDE_FROM_ALL ON)
  add_dependencies(bench bench_${name})
endforeach()

# Each file of tests/fuzz is a fuzzer: ninja fuzz, or scripts/test --fuzz.  It is linked from the rooms whose headers it includes.
if(DITS_FUZZ)
  add_custom_target(fuzz)
  file(GLOB fuzzers CONFIGURE_DEPENDS tests/fuzz/*.cpp)
  foreach(file IN LISTS fuzzers)
    cmake_path(GET file STEM name)
    file(STRINGS ${file} includes REGEX "^#include \"(shared|server|web)/[a-z]+/")
    list(TRANSFORM includes REPLACE "^#include \"([a-z]+)/([a-z]+)/.*" "\\1_\\2")
    list(REMOVE_DUPLICATES includes)
    dits_program(fuzz_${name} SOURCES ${file} LINK ${includes} embedded_data)
    # tests/fuzz/support/steps.hpp counts.
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer -Wl,--wrap=__sanitizer_cov_trace_pc)
    set_target_properties(fuzz_${name} PROPERTIES EXCLUDE_FROM_ALL ON)
    add_dependencies(fuzz fuzz_${name})
  endforeach()
endif()
