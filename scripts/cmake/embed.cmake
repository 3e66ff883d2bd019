# What goes into programs as bytes: named SQL statements, files for the executable, fonts for the web app.
set(DITS_GENERATED_DIR ${CMAKE_BINARY_DIR}/generated)
find_program(Python3_EXECUTABLE python3 PATHS /usr/bin NO_DEFAULT_PATH)
find_package(Python3 REQUIRED COMPONENTS Interpreter)

# dits_sql(ROOM labels.sql …): each "-- name: insert_label" block becomes the constant dits::sql::insert_label of the
# header "<room's path>/labels.sql.hpp"; all of them together are in "server/db/all_statements.hpp".
function(dits_sql room)
  foreach(file IN LISTS ARGN)
    cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} OUTPUT_VARIABLE sql)
    file(RELATIVE_PATH relative ${CMAKE_SOURCE_DIR} ${sql})
    set(header ${DITS_GENERATED_DIR}/${relative}.hpp)
    add_custom_command(OUTPUT ${header} DEPENDS ${sql} ${CMAKE_SOURCE_DIR}/scripts/embed_sql.py
      COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/scripts/embed_sql.py ${sql} ${relative} ${header}
      COMMENT "SQL ${relative}" VERBATIM)
    target_sources(${room} PRIVATE ${header})
    set_property(GLOBAL APPEND PROPERTY DITS_SQL_HEADERS ${relative}.hpp)
  endforeach()
endfunction()

function(dits_write_statement_list)
  get_property(headers GLOBAL PROPERTY DITS_SQL_HEADERS)
  set(text "// Every named statement, for the tests that prepare and run each.  Made by CMake.\n#pragma once\n\n#include <span>\n\n#include \"server/db/statement.hpp\"\n")
  set(lists "")
  foreach(header IN LISTS headers)
    string(APPEND text "#include \"${header}\"\n")
    string(MAKE_C_IDENTIFIER ${header} identifier)
    string(APPEND lists "    statements_of_${identifier},\n")
  endforeach()
  string(APPEND text "\nnamespace dits::sql {\n\ninline constexpr std::span<const Statement* const> all_statements[] = {\n    {},\n${lists}};\n\n}  // namespace dits::sql\n")
  file(CONFIGURE OUTPUT ${DITS_GENERATED_DIR}/server/db/all_statements.hpp CONTENT "${text}" @ONLY)
endfunction()

# dits_embed(TARGET name path name path …): a library whose table server/base/embedded_files.hpp reads.  The bytes come in
# through the assembler, which takes a tenth of a second where a C array takes many.
function(dits_embed target)
  set(directory ${DITS_GENERATED_DIR}/${target})
  set(assembly "    .section .rodata.embedded,\"a\",%progbits\n")
  set(table "")
  set(externals "")
  set(files "")
  set(number 0)
  set(pairs ${ARGN})
  while(pairs)
    list(POP_FRONT pairs name path)
    string(APPEND assembly "    .balign 16\n    .hidden embedded_${number}\n    .global embedded_${number}\nembedded_${number}:\n    .incbin \"${path}\"\n    .hidden embedded_${number}_end\n    .global embedded_${number}_end\nembedded_${number}_end:\n    .byte 0\n")
    string(APPEND externals "extern const std::byte embedded_${number}[], embedded_${number}_end[];\n")
    string(APPEND table "    {\"${name}\", {embedded_${number}, embedded_${number}_end}},\n")
    list(APPEND files ${path})
    math(EXPR number "${number} + 1")
  endwhile()
  string(APPEND assembly "    .section .note.GNU-stack,\"\",%progbits\n")
  file(CONFIGURE OUTPUT ${directory}/data.S CONTENT "${assembly}" @ONLY)
  file(CONFIGURE OUTPUT ${directory}/table.cpp @ONLY CONTENT "// Made by CMake.\n#include \"server/base/embedded_files.hpp\"\n\nextern \"C\" {\n${externals}}\n
namespace dits {\n\nstatic const EmbeddedFile table[] = {\n${table}    {\"\", {}},\n};\n\nconst std::span<const EmbeddedFile> embedded_table{table, ${number}};\n\n}  // namespace dits\n")
  set_source_files_properties(${directory}/data.S PROPERTIES OBJECT_DEPENDS "${files}")
  add_library(${target} STATIC ${directory}/table.cpp ${directory}/data.S)
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE dits_options)
endfunction()

# ext::fonts: the fonts, and the names of the icons as "web/theme/icons.hpp".  The browser fetches fonts.bin when it has the program;
# natively (tests) the same bytes are in the library, through "web/theme/fonts_data.hpp".
function(dits_fonts)
  set(directory ${DITS_GENERATED_DIR}/web/theme)
  set(pack ${CMAKE_BINARY_DIR}/fonts.bin)
  # In the order of theme::Face.
  set(fonts inter_regular.otf inter_medium.otf inter_semibold.otf mono_regular.ttf mono_medium.ttf icons.ttf)
  list(TRANSFORM fonts PREPEND ${DITS_FONTS_DIR}/)
  add_custom_command(OUTPUT ${pack} DEPENDS ${fonts} ${CMAKE_SOURCE_DIR}/scripts/pack_fonts.py
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/scripts/pack_fonts.py ${pack} ${fonts} COMMENT "fonts.bin" VERBATIM)
  configure_file(${DITS_FONTS_DIR}/icons.hpp ${directory}/icons.hpp COPYONLY)
  if(EMSCRIPTEN)
    add_library(ext_fonts INTERFACE)
    target_include_directories(ext_fonts INTERFACE ${DITS_GENERATED_DIR})
    add_custom_target(fonts_pack DEPENDS ${pack})
  else()
    file(CONFIGURE OUTPUT ${directory}/fonts_data.hpp @ONLY CONTENT "// The fonts as scripts/pack_fonts.py packed them.  Made by CMake.\n#pragma once\n
#include <string_view>\n\nnamespace dits::fonts {\n\nstd::string_view pack();\n\n}  // namespace dits::fonts\n")
    file(CONFIGURE OUTPUT ${directory}/fonts_data.cpp @ONLY CONTENT "// Made by CMake.\n#include \"web/theme/fonts_data.hpp\"\n
extern \"C\" const char fonts_pack[], fonts_pack_end[];\n\nnamespace dits::fonts {\n
std::string_view pack() { return {fonts_pack, fonts_pack_end}; }\n\n}  // namespace dits::fonts\n")
    file(CONFIGURE OUTPUT ${directory}/fonts_data.S @ONLY CONTENT "    .section .rodata.fonts,\"a\",@progbits\n    .balign 16
    .hidden fonts_pack\n    .globl fonts_pack\nfonts_pack:\n    .incbin \"${pack}\"
    .hidden fonts_pack_end\n    .globl fonts_pack_end\nfonts_pack_end:\n    .byte 0\n    .section .note.GNU-stack,\"\",%progbits\n")
    set_source_files_properties(${directory}/fonts_data.S PROPERTIES OBJECT_DEPENDS ${pack})
    add_library(ext_fonts STATIC ${directory}/fonts_data.cpp ${directory}/fonts_data.S)
    target_include_directories(ext_fonts PUBLIC ${DITS_GENERATED_DIR})
    target_link_libraries(ext_fonts PRIVATE dits_options)
  endif()
  add_library(ext::fonts ALIAS ext_fonts)
endfunction()
dits_fonts()
