# One static library a room. Every file of src/<room> belongs to it; main.cpp is the program's.

find_package(Threads REQUIRED)

set(TENON_WARNINGS
  -Wall -Wextra -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Wimplicit-fallthrough
  -Wundef -Werror)
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

# Who hashes: src/base/digest_NAME.cpp. zig stands in where no crypto library of the target is to be
# had, as for static musl: its standard library comes with the compiler.
set(TENON_DIGEST auto CACHE STRING "digests from: auto, openssl, commoncrypto or zig")
set_property(CACHE TENON_DIGEST PROPERTY STRINGS auto openssl commoncrypto zig)
set(digest_source ${TENON_DIGEST})
if(digest_source STREQUAL "auto")
  if(CMAKE_SYSTEM_NAME STREQUAL "Darwin")
    set(digest_source commoncrypto)
  elseif(TENON_ZIG_TARGET)
    set(digest_source zig)
  else()
    set(digest_source openssl)
  endif()
endif()

add_library(tenon_crypto INTERFACE)
if(digest_source STREQUAL "openssl")
  # Static where there is one: start-up of the compiler wrapper is counted in milliseconds.
  set(OPENSSL_USE_STATIC_LIBS ON)
  find_package(OpenSSL 3 QUIET COMPONENTS Crypto)
  if(NOT OpenSSL_FOUND)
    set(OPENSSL_USE_STATIC_LIBS OFF)
    find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto)
  endif()
  target_link_libraries(tenon_crypto INTERFACE OpenSSL::Crypto)
elseif(digest_source STREQUAL "zig")
  set(digest_object ${CMAKE_BINARY_DIR}/digest_zig.o)
  add_custom_command(OUTPUT ${digest_object}
    COMMAND ${TENON_ZIG} build-obj -target ${TENON_ZIG_TARGET} -O ReleaseFast -fPIC -fstrip
      -femit-bin=${digest_object} ${CMAKE_SOURCE_DIR}/cmake/digest.zig
    DEPENDS ${CMAKE_SOURCE_DIR}/cmake/digest.zig
    VERBATIM)
endif()

# Who reads certificates: OpenSSL where there is one. Without it, as in builds for other systems,
# src/codesign/cms/cms_none.cpp stands in and says that signatures are unchecked.
set(identity_source none)
add_library(tenon_openssl INTERFACE)
if(NOT TENON_ZIG_TARGET)
  if(NOT OpenSSL_FOUND)
    find_package(OpenSSL 3 QUIET COMPONENTS Crypto)
  endif()
  if(OpenSSL_FOUND)
    set(identity_source openssl)
    target_link_libraries(tenon_openssl INTERFACE OpenSSL::Crypto)
  endif()
endif()

# zlib looks into compressed debug sections; without it the gate says that it could not.
add_library(tenon_zlib INTERFACE)
set(inflate_source none)
if(NOT TENON_ZIG_TARGET)
  set(ZLIB_USE_STATIC_LIBS ON)
  find_package(ZLIB QUIET)
  if(ZLIB_FOUND)
    set(inflate_source zlib)
    target_link_libraries(tenon_zlib INTERFACE ZLIB::ZLIB)
  endif()
endif()

# libarchive unpacks the packages of `tenon sysroot`. Static, with only the filters that are used, it costs
# the start of the compiler wrapper nothing; shared it brings libxml2 and ICU. Without it the command says so.
add_library(tenon_libarchive INTERFACE)
set(archive_source none)
if(NOT TENON_ZIG_TARGET)
  find_path(ARCHIVE_HEADERS archive_entry.h)
  set(archive_libraries "")
  foreach(one IN ITEMS archive lzma zstd bz2 z)
    find_library(ARCHIVE_STATIC_${one} lib${one}.a)
    list(APPEND archive_libraries ${ARCHIVE_STATIC_${one}})
  endforeach()
  if(ARCHIVE_HEADERS AND NOT "${archive_libraries}" MATCHES "NOTFOUND")
    set(archive_source libarchive)
    target_link_libraries(tenon_libarchive INTERFACE ${archive_libraries})
  else()
    find_package(LibArchive QUIET)
    if(LibArchive_FOUND)
      set(archive_source libarchive)
      target_link_libraries(tenon_libarchive INTERFACE LibArchive::LibArchive)
    endif()
  endif()
endif()

# `tenon notarize` talks to Apple by libcurl, which is loaded when it is needed: only its headers are used here.
# Without them, or without OpenSSL for the key, the command says that this build cannot upload.
set(transport_source none)
add_library(tenon_curl INTERFACE)
if(NOT TENON_ZIG_TARGET)
  find_path(CURL_HEADERS curl/curl.h)
  if(CURL_HEADERS)
    set(transport_source curl)
    target_include_directories(tenon_curl SYSTEM INTERFACE ${CURL_HEADERS})
  endif()
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

# gcc's false reports about the small buffer of std::string, which precompiled headers let through.
function(tenon_quiet_bounds target)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow
      -Wno-stringop-overread)
  endif()
endfunction()

function(tenon_precompile target)
  if(NOT TENON_PCH)
    return()
  endif()
  tenon_quiet_bounds(${target})
  if(TARGET tenon_base AND NOT target STREQUAL "tenon_base")
    target_precompile_headers(${target} REUSE_FROM tenon_base)
  else()
    target_precompile_headers(${target} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled.h)
  endif()
endfunction()

function(tenon_room name)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/(main|(digest|inflate)_[a-z]+|(archive|transport)_(none|libarchive|curl))\\.cpp$")
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
    list(APPEND sources ${CMAKE_SOURCE_DIR}/src/crossbuild/run/archive_${archive_source}.cpp)
  endif()
  if(name STREQUAL "notarize")
    list(APPEND sources ${CMAKE_SOURCE_DIR}/src/notarize/run/transport_${transport_source}.cpp)
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
  target_link_libraries(tenon_${name} PUBLIC tenon_headers Threads::Threads)
  tenon_precompile(tenon_${name})
  if(name STREQUAL "base")
    target_link_libraries(tenon_${name} PRIVATE tenon_crypto tenon_zlib)
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
  if(name STREQUAL "notarize")
    target_link_libraries(tenon_${name} PRIVATE tenon_curl)
  endif()
  foreach(room IN LISTS ARG_DEPENDS)
    target_link_libraries(tenon_${name} PUBLIC tenon_${room})
  endforeach()
endfunction()

# The catalogue of codes: src/diag/catalog/AREA.toml, and the causes. Equal candidates are ranked in the order of the topics.
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)
file(GLOB catalog_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/diag/catalog/*.toml)
foreach(topic compiler arch cross zig go link run sign windows other incidents tools cgo plain everyday general)
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
  ${rows_text})

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
