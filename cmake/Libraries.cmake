# The libraries of the machine. Builds by zig are for another one, and have none of them.

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
set(curl_source loaded)
add_library(tenon_curl INTERFACE)
if(NOT TENON_ZIG_TARGET)
  find_path(CURL_HEADERS curl/curl.h)
  if(CURL_HEADERS)
    set(transport_source curl)
    target_include_directories(tenon_curl SYSTEM INTERFACE ${CURL_HEADERS})
  endif()
endif()
