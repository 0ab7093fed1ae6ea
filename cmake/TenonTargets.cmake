# One static library a room. Every file of src/<room> belongs to it; main.cpp is the program's.

find_package(Threads REQUIRED)

set(TENON_WARNINGS
  -Wall -Wextra -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Wimplicit-fallthrough
  -Wundef)
# A warning fails a change, never a user's build: another compiler or another level of optimization has
# other warnings.
if(TENON_WERROR)
  list(APPEND TENON_WARNINGS -Werror)
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # gcc 12 takes plain assignments of strings for overlapping copies when it optimizes (its bug 105329), and the value of
  # an optional that is asked for one that was never written (80635).
  list(APPEND TENON_WARNINGS -Wno-restrict -Wno-maybe-uninitialized)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # std::stable_sort of libstdc++ 12 uses what it itself calls deprecated, and clang tells us.
  list(APPEND TENON_WARNINGS -Wthread-safety -Wdangling -Wno-deprecated-declarations)
endif()
# Header-only libraries. TENON_HEADERS names a folder that holds just these, for cross builds, which
# must never see the whole include folder of the machine.
set(TENON_HEADERS "" CACHE PATH "folder with the header-only libraries, for cross builds")
add_library(tenon_headers INTERFACE)
if(TENON_HEADERS)
  target_include_directories(tenon_headers SYSTEM INTERFACE ${TENON_HEADERS})
else()
  find_package(fmt REQUIRED)
  find_package(nlohmann_json REQUIRED)
  find_package(CLI11 REQUIRED)
endif()

# Who hashes, reads certificates, inflates, unpacks and talks: digest_source and its like, and one interface for each,
# from the libraries of the machine, or all of them from one prefix.
set(TENON_BUNDLED "" CACHE PATH "prefix of scripts/release/libraries.sh, for builds by zig with all features")
if(TENON_BUNDLED)
  include(cmake/Bundled.cmake)
else()
  include(cmake/Libraries.cmake)
endif()
include(cmake/Grammars.cmake)

# Headers for macOS inside of the program, for a release that is one file; else they lie beside it (MacosHeaders.cmake).
set(TENON_HEADERS_ARCHIVE "" CACHE FILEPATH "compressed tar file of the headers for macOS that the program carries")
set(bundled_headers none)
if(TENON_HEADERS_ARCHIVE)
  set(bundled_headers embedded)
  set(bundled_headers_text ${CMAKE_BINARY_DIR}/generated/bundled_headers.c)
  file(SHA256 ${TENON_HEADERS_ARCHIVE} headers_digest)
  string(SUBSTRING ${headers_digest} 0 16 headers_digest)
  file(CONFIGURE OUTPUT ${bundled_headers_text} CONTENT
"// Made by CMake.
#include <stddef.h>
extern const unsigned char tenon_bundled_headers[];
extern const size_t tenon_bundled_headers_size;
extern const char tenon_bundled_headers_digest[];
const unsigned char tenon_bundled_headers[] = {
#embed \"@TENON_HEADERS_ARCHIVE@\"
};
const size_t tenon_bundled_headers_size = sizeof tenon_bundled_headers;
const char tenon_bundled_headers_digest[] = \"@headers_digest@\";
" @ONLY)
  set_source_files_properties(${bundled_headers_text} PROPERTIES COMPILE_OPTIONS "-std=c23;-w"
    SKIP_PRECOMPILE_HEADERS ON OBJECT_DEPENDS ${TENON_HEADERS_ARCHIVE})
endif()

# What users get: hardened, without the C++ library of this machine, without this machine's paths.
# zig links its own C++ library statically and needs only the paths removed.
option(TENON_HARDENED "stack protector, fortified libc calls, static C++ library" OFF)
if(TENON_HARDENED)
  add_compile_options(-fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  add_link_options(-static-libstdc++ -static-libgcc -Wl,-z,relro,-z,now)
endif()
if(TENON_HARDENED OR TENON_ZIG_TARGET)
  add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/= -ffile-prefix-map=${CMAKE_BINARY_DIR}/=)
endif()

# Compiles the standard headers once. Off where tools read the command lines, as clang-tidy does.
option(TENON_PCH "precompile the standard headers" OFF)
if(TENON_PCH AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # A cache, such as zig's, gives back what it made from the same bytes at another time.
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
endif()

# gcc's false reports about the small buffer of std::string, which precompiled headers let through.
function(tenon_quiet_bounds target)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow
      -Wno-stringop-overread)
  endif()
endfunction()

# Rooms that are compiled without optimization: with sanitizers it takes half of the time, and what
# is not run over and over gains nothing by it.
set(TENON_PLAIN_ROOMS "" CACHE STRING "rooms of src that are not optimized")

function(tenon_precompile target)
  if(NOT TENON_PCH)
    return()
  endif()
  tenon_quiet_bounds(${target})
  string(REGEX REPLACE "^tenon_" "" room ${target})
  if(TARGET tenon_base AND NOT target STREQUAL "tenon_base" AND NOT room IN_LIST TENON_PLAIN_ROOMS)
    target_precompile_headers(${target} REUSE_FROM tenon_base)
  else()
    target_precompile_headers(${target} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled.h)
  endif()
endfunction()

function(tenon_room name)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/(main|(digest|inflate)_[a-z]+|(archive|transport|live)_(none|libarchive|curl|bpf)|curl_(loaded|linked)|bundled_headers_(none|embedded)|tree_(none|sitter)|link_(none|grpc[a-z_]*)|libc_child_(own|machine))\\.cpp$")
  # X_linux.cpp and X_darwin.cpp hold what the two systems tell in different ways.
  if(CMAKE_SYSTEM_NAME STREQUAL "Darwin")
    list(FILTER sources EXCLUDE REGEX "/host/[a-z_]+_linux\\.cpp$")
  else()
    list(FILTER sources EXCLUDE REGEX "/host/[a-z_]+_darwin\\.cpp$")
  endif()
  if(name STREQUAL "base")
    list(APPEND sources ${CMAKE_SOURCE_DIR}/src/base/digest_${digest_source}.cpp ${digest_object}
      ${CMAKE_SOURCE_DIR}/src/base/inflate_${inflate_source}.cpp)
  endif()
  if(name STREQUAL "codesign")
    if(identity_source STREQUAL "none")
      list(FILTER sources EXCLUDE REGEX "/codesign/cms/")
      list(APPEND sources ${CMAKE_SOURCE_DIR}/src/codesign/cms/cms.cpp
        ${CMAKE_SOURCE_DIR}/src/codesign/cms/cms_none.cpp ${CMAKE_SOURCE_DIR}/src/codesign/cms/der.cpp
        ${CMAKE_SOURCE_DIR}/src/codesign/cms/package_signer.cpp)
    else()
      list(FILTER sources EXCLUDE REGEX "/cms_none\\.cpp$")
    endif()
  endif()
  if(name STREQUAL "crossbuild")
    list(APPEND sources ${CMAKE_SOURCE_DIR}/src/crossbuild/run/archive_${archive_source}.cpp
      ${CMAKE_SOURCE_DIR}/src/crossbuild/run/bundled_headers_${bundled_headers}.cpp ${bundled_headers_text})
  endif()
  if(name STREQUAL "format")
    list(APPEND sources ${CMAKE_SOURCE_DIR}/src/format/tree/tree_${tree_source}.cpp)
  endif()
  if(name STREQUAL "wire")
    # tenon-fleet has the other one.
    list(APPEND sources ${CMAKE_SOURCE_DIR}/src/wire/run/link_none.cpp)
  endif()
  if(name STREQUAL "trace")
    list(APPEND sources ${CMAKE_SOURCE_DIR}/src/trace/run/live_${live_source}.cpp ${trace_skeleton})
  endif()
  if(name STREQUAL "resolve")
    # A static program has a libc of its own inside.
    set(asked own)
    if(TENON_BUNDLED AND CMAKE_SYSTEM_NAME STREQUAL "Linux")
      set(asked machine)
    endif()
    list(APPEND sources ${CMAKE_SOURCE_DIR}/src/resolve/run/libc_child_${asked}.cpp)
  endif()
  if(name STREQUAL "notarize")
    list(APPEND sources ${CMAKE_SOURCE_DIR}/src/notarize/run/transport_${transport_source}.cpp)
    if(transport_source STREQUAL "curl")
      list(APPEND sources ${CMAKE_SOURCE_DIR}/src/notarize/run/curl_${curl_source}.cpp)
    endif()
  endif()
  # Only these know the public headers.
  set(faces ${sources})
  list(FILTER faces INCLUDE REGEX "/api\\.cpp$")
  if(faces)
    set_source_files_properties(${faces} PROPERTIES INCLUDE_DIRECTORIES ${CMAKE_SOURCE_DIR}/include)
  endif()
  add_library(tenon_${name} STATIC ${sources})
  target_include_directories(tenon_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_compile_options(tenon_${name} PRIVATE ${TENON_WARNINGS})
  if(name IN_LIST TENON_PLAIN_ROOMS)
    target_compile_options(tenon_${name} PRIVATE -O0)
  endif()
  target_link_libraries(tenon_${name} PUBLIC tenon_headers Threads::Threads)
  tenon_precompile(tenon_${name})
  if(name STREQUAL "base")
    target_link_libraries(tenon_${name} PRIVATE tenon_crypto tenon_zlib)
  endif()
  if(name STREQUAL "format")
    target_link_libraries(tenon_${name} PRIVATE tenon_tree_sitter)
  endif()
  if(name STREQUAL "codesign")
    target_link_libraries(tenon_${name} PRIVATE tenon_openssl)
  endif()
  if(name STREQUAL "crossbuild")
    target_link_libraries(tenon_${name} PRIVATE tenon_libarchive)
  endif()
  if(name STREQUAL "host")
    target_link_libraries(tenon_${name} PUBLIC ${CMAKE_DL_LIBS})
  endif()
  if(name STREQUAL "trace")
    target_link_libraries(tenon_${name} PRIVATE tenon_libbpf)
  endif()
  if(name STREQUAL "notarize")
    target_link_libraries(tenon_${name} PRIVATE tenon_curl)
  endif()
  foreach(room IN LISTS ARG_DEPENDS)
    target_link_libraries(tenon_${name} PUBLIC tenon_${room})
  endforeach()
endfunction()

# The catalogue of codes: src/diag/catalog/AREA.toml, and the causes. Equal candidates are ranked in the order of the topics.
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)
include(cmake/Wire.cmake)
include(cmake/Trace.cmake)
file(GLOB catalog_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/diag/catalog/*.toml)
foreach(topic compiler arch cross zig go link run sign windows other incidents tools cgo field plain everyday general)
  list(APPEND cause_files ${CMAKE_SOURCE_DIR}/src/diagnose/causes/${topic}.toml)
endforeach()
list(APPEND catalog_files ${cause_files})
set(catalog_folder ${CMAKE_BINARY_DIR}/generated/diag)
add_custom_command(OUTPUT ${catalog_folder}/codes.inc ${catalog_folder}/catalog.inc
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/scripts/make_catalog.py ${catalog_folder}
    ${catalog_files}
  DEPENDS ${CMAKE_SOURCE_DIR}/scripts/make_catalog.py ${catalog_files}
  VERBATIM)

# How logs betray causes: the rows of the same files, as text that src/diagnose/rows reads.
set(rows_text ${CMAKE_BINARY_DIR}/generated/diagnose/rows/builtin.inc)
add_custom_command(OUTPUT ${rows_text}
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/scripts/make_rows.py ${rows_text} ${cause_files}
  DEPENDS ${CMAKE_SOURCE_DIR}/scripts/make_rows.py ${cause_files}
  VERBATIM)

# Clang-tidy reads sources that include these, in a folder that is configured and never built.
add_custom_target(generated DEPENDS ${catalog_folder}/codes.inc ${catalog_folder}/catalog.inc
  ${rows_text} ${wire_code} ${trace_skeleton})

# The list of commands: src/cli/cmd_NAME.cpp defines command_NAME; cmd_cc.cpp also command_cxx.
set(command_names build cc cxx explain)
file(GLOB command_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/cli/cmd_*.cpp)
foreach(command_file IN LISTS command_files)
  get_filename_component(command ${command_file} NAME_WE)
  string(REPLACE "cmd_" "" command ${command})
  list(APPEND command_names ${command})
endforeach()
list(REMOVE_DUPLICATES command_names)
set(command_declarations "")
set(command_entries "")
foreach(command IN LISTS command_names)
  string(APPEND command_declarations "extern const CommandSpec command_${command};\n")
  string(APPEND command_entries "    &command_${command},\n")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/cli/commands.inc CONTENT
"// Made by CMake.
namespace tenon {
${command_declarations}
namespace {
constexpr const CommandSpec* all_commands[] = {
${command_entries}};
}  // namespace
}  // namespace tenon
" @ONLY)
