# Third-party code as targets ext::NAME, all of it system includes.  Only these names are linked by rooms:
#   native   ext::libpq ext::hiredis ext::openssl ext::zstd ext::zlib ext::brotli ext::argon2 ext::httplib ext::cli11 ext::doctest
#   both     ext::json ext::md4c ext::imgui ext::fonts
# scripts/deps wrote where they are.
set(DITS_DEPS_FILE "${CMAKE_SOURCE_DIR}/build/deps.cmake" CACHE FILEPATH "written by scripts/deps")
if(NOT EXISTS ${DITS_DEPS_FILE})
  message(FATAL_ERROR "${DITS_DEPS_FILE} is missing: run scripts/deps first")
endif()
include(${DITS_DEPS_FILE})

function(dits_external name)
  add_library(ext_${name} INTERFACE)
  add_library(ext::${name} ALIAS ext_${name})
endfunction()

# Header-only packages of Debian, reached through a directory of our own: /usr/include itself would shadow Emscripten's headers.
set(headers ${CMAKE_BINARY_DIR}/third_party/include)
file(MAKE_DIRECTORY ${headers})
file(CREATE_LINK /usr/include/nlohmann ${headers}/nlohmann SYMBOLIC)

dits_external(json)
target_include_directories(ext_json SYSTEM INTERFACE ${headers})
target_compile_definitions(ext_json INTERFACE JSON_NOEXCEPTION=1 JSON_USE_IMPLICIT_CONVERSIONS=0)

add_library(ext_md4c STATIC ${DITS_MD4C_DIR}/md4c.c)
add_library(ext::md4c ALIAS ext_md4c)
target_include_directories(ext_md4c SYSTEM PUBLIC ${DITS_MD4C_DIR})
target_link_libraries(ext_md4c PRIVATE dits_options)
target_compile_options(ext_md4c PRIVATE -w)

# Dear ImGui: the same core for the browser and for the headless tests; web/platform/renderer draws.
add_library(ext_imgui STATIC
  ${DITS_IMGUI_DIR}/imgui.cpp ${DITS_IMGUI_DIR}/imgui_draw.cpp ${DITS_IMGUI_DIR}/imgui_tables.cpp
  ${DITS_IMGUI_DIR}/imgui_widgets.cpp ${DITS_IMGUI_DIR}/misc/cpp/imgui_stdlib.cpp)
add_library(ext::imgui ALIAS ext_imgui)
target_include_directories(ext_imgui SYSTEM PUBLIC ${DITS_IMGUI_DIR} ${DITS_IMGUI_DIR}/misc/cpp)
target_include_directories(ext_imgui PUBLIC ${CMAKE_SOURCE_DIR})
target_compile_definitions(ext_imgui PUBLIC IMGUI_USER_CONFIG="web/platform/imgui_config.h")
target_link_libraries(ext_imgui PRIVATE dits_options)
target_compile_options(ext_imgui PRIVATE -w)

if(EMSCRIPTEN)
  # The page has fonts before its first frame, its own or the browser's (web/theme/fonts.hpp).
  target_compile_definitions(ext_imgui PRIVATE IMGUI_DISABLE_DEFAULT_FONT)
  return()
endif()

dits_external(libpq)
target_include_directories(ext_libpq SYSTEM INTERFACE ${DITS_LIBPQ_DIR}/include)
target_link_libraries(ext_libpq INTERFACE ${DITS_LIBPQ_DIR}/lib/libpq.a ${DITS_LIBPQ_DIR}/lib/libpgcommon_shlib.a
  ${DITS_LIBPQ_DIR}/lib/libpgport_shlib.a -l:libssl.a -l:libcrypto.a m)
dits_external(openssl)
target_link_libraries(ext_openssl INTERFACE -l:libssl.a -l:libcrypto.a)
dits_external(hiredis)
target_link_libraries(ext_hiredis INTERFACE -l:libhiredis.a)
dits_external(zstd)
target_link_libraries(ext_zstd INTERFACE -l:libzstd.a)
dits_external(zlib)
target_link_libraries(ext_zlib INTERFACE -l:libz.a)
dits_external(brotli)
target_link_libraries(ext_brotli INTERFACE -l:libbrotlidec.a -l:libbrotlicommon.a)
dits_external(argon2)
target_link_libraries(ext_argon2 INTERFACE -l:libargon2.a -pthread)
dits_external(cli11)
dits_external(doctest)

add_library(ext_httplib STATIC ${DITS_HTTPLIB_DIR}/httplib.cc)
add_library(ext::httplib ALIAS ext_httplib)
target_include_directories(ext_httplib SYSTEM PUBLIC ${DITS_HTTPLIB_DIR})
target_compile_definitions(ext_httplib PUBLIC CPPHTTPLIB_OPENSSL_SUPPORT CPPHTTPLIB_LISTEN_BACKLOG=1024
  CPPHTTPLIB_TCP_NODELAY=true CPPHTTPLIB_REQUEST_URI_MAX_LENGTH=16384)
target_link_libraries(ext_httplib PUBLIC ext::openssl PRIVATE dits_options)
target_compile_options(ext_httplib PRIVATE -w)
