# A room is a folder and a static library of the same name: server/db is server_db.
#
#   dits_room(server_db
#     SOURCES connection.cpp pool.cpp
#     SQL     locks.sql                        -- name: blocks, see dits_sql
#     LINK    server_base ext::libpq)          rooms and libraries; public, so that users get their headers too
#
# A room without SOURCES is headers only.  The include path is the root of the repository: "server/db/pool.hpp".
# A room named in LINK that nobody has written yet is left out, so that rooms can be added in any order.
# Where a request spends its time outside PostgreSQL.
set(DITS_HOT_ROOMS shared_core shared_json shared_query server_db server_http)

function(dits_room name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;SQL;LINK")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "dits_room(${name}): what is ${arg_UNPARSED_ARGUMENTS}?  Known: SOURCES SQL LINK")
  endif()
  foreach(file IN LISTS arg_SOURCES arg_SQL)
    if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${file} AND NOT DITS_STRICT)
      message(WARNING "${name}: ${file} is listed but not there yet; left out")
      list(REMOVE_ITEM arg_SOURCES ${file})
      list(REMOVE_ITEM arg_SQL ${file})
      file(GLOB noticed_when_it_comes CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${file})
    endif()
  endforeach()
  if(NOT arg_SOURCES AND arg_SQL)
    file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/empty.cpp CONTENT "")
    set(arg_SOURCES ${CMAKE_CURRENT_BINARY_DIR}/empty.cpp)
  endif()
  if(arg_SOURCES)
    add_library(${name} STATIC ${arg_SOURCES})
    set(scope PUBLIC)
    target_link_libraries(${name} PRIVATE dits_warnings)
    if(NOT EMSCRIPTEN AND name MATCHES "^(shared|web)_")
      target_compile_options(${name} PRIVATE -fno-exceptions)
    endif()
  else()
    add_library(${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${name} ${scope} ${CMAKE_SOURCE_DIR} ${DITS_GENERATED_DIR})
  target_link_libraries(${name} ${scope} dits_options)
  if(DITS_SMALL AND arg_SOURCES AND NOT name IN_LIST DITS_HOT_ROOMS)
    target_link_libraries(${name} PRIVATE dits_small)  # after dits_options: the last -O counts
  endif()
  foreach(library IN LISTS arg_LINK)
    if(library MATCHES "^(shared|server|web)_")
      target_link_libraries(${name} ${scope} $<TARGET_NAME_IF_EXISTS:${library}>)
    else()
      target_link_libraries(${name} ${scope} ${library})
    endif()
  endforeach()
  if(arg_SQL)
    dits_sql(${name} ${arg_SQL})
  endif()
  set_property(GLOBAL APPEND PROPERTY DITS_ROOMS ${name})
endfunction()

function(dits_add_rooms side)
  file(GLOB rooms CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/${side}/*/CMakeLists.txt)
  foreach(file IN LISTS rooms)
    cmake_path(GET file PARENT_PATH room)
    add_subdirectory(${room})
  endforeach()
endfunction()

# dits_rooms_of(OUT shared server): the rooms that exist on these sides.
function(dits_rooms_of out)
  get_property(all GLOBAL PROPERTY DITS_ROOMS)
  list(JOIN ARGN "|" sides)
  list(FILTER all INCLUDE REGEX "^(${sides})_")
  set(${out} ${all} PARENT_SCOPE)
endfunction()

# dits_program(NAME SOURCES … LINK …): an executable, linked from rooms and libraries.
function(dits_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR} ${DITS_GENERATED_DIR})
  # A static library may need another that stands before it on the command line: rooms are few, let the linker look twice.
  if(EMSCRIPTEN)
    target_link_libraries(${name} PRIVATE dits_options dits_warnings ${arg_LINK})
  else()
    target_link_libraries(${name} PRIVATE dits_options dits_warnings -Wl,--start-group ${arg_LINK} -Wl,--end-group)
  endif()
endfunction()
