# What nearly every source includes is parsed once for each set of flags (precompiled headers): a third of the time of a clean build.
# Not in the Emscripten build, so that a source of shared or web that forgets an include is noticed.
set(DITS_PRELUDE_HEADERS <algorithm> <array> <atomic> <chrono> <condition_variable> <cstdint> <cstring> <deque> <filesystem> <functional>
  <map> <memory> <mutex> <optional> <set> <span> <string> <string_view> <thread> <unordered_map> <utility> <variant> <vector> <nlohmann/json.hpp>)

# dits_prelude(TARGET FLAVOUR OPTION…): the target, all of whose sources are compiled with OPTION… (libraries that carry options),
# takes the precompiled header of that flavour.  The flavour "tests" has doctest too.
function(dits_prelude target flavour)
  if(EMSCRIPTEN)
    return()
  endif()
  set(prelude prelude_${flavour})
  if(NOT TARGET ${prelude})
    set(headers ${DITS_PRELUDE_HEADERS})
    if(flavour STREQUAL "tests")
      list(APPEND headers <doctest/doctest.h>)
    endif()
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/prelude.cpp CONTENT "")
    add_library(${prelude} OBJECT ${CMAKE_BINARY_DIR}/prelude.cpp)
    target_link_libraries(${prelude} PRIVATE ext::json ${ARGN})
    target_precompile_headers(${prelude} PRIVATE ${headers})
    if(flavour STREQUAL "tests" AND CMAKE_POSITION_INDEPENDENT_CODE)
      # As programs are compiled, not libraries: GCC takes no header that was compiled otherwise.
      set_target_properties(${prelude} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
      target_compile_options(${prelude} PRIVATE -fPIE)
    endif()
    if(flavour MATCHES "^plain")
      target_compile_options(${prelude} PRIVATE -fno-exceptions)
    endif()
  endif()
  target_link_libraries(${target} PRIVATE ext::json)  # its definitions are part of what must agree
  target_precompile_headers(${target} REUSE_FROM ${prelude})
  if(flavour STREQUAL "tests" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # False alarms in std::string and std::shared_ptr, which GCC no longer takes for a system's once they are precompiled.
    target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-dangling-pointer -Wno-stringop-overflow -Wno-stringop-overread)
  endif()
endfunction()
