# The library for other programs: find_package(tenon), target tenon::tenon. Its face is the three
# headers of include/tenon; everything else is private and may change with every commit.
set(library_rooms base format host diag platform codesign inspect machine diagnose)
set(library_objects "")
foreach(room IN LISTS library_rooms)
  list(APPEND library_objects $<TARGET_OBJECTS:tenon_${room}>)
endforeach()
add_library(tenon_library STATIC EXCLUDE_FROM_ALL ${library_objects})
set_target_properties(tenon_library PROPERTIES OUTPUT_NAME tenon EXPORT_NAME tenon)
# Of the programs that use it; the library itself is C++23.
target_compile_features(tenon_library INTERFACE cxx_std_20)
target_include_directories(tenon_library INTERFACE
  $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_link_libraries(tenon_library PUBLIC Threads::Threads)
if(digest_source STREQUAL "openssl" OR identity_source STREQUAL "openssl")
  target_link_libraries(tenon_library PUBLIC OpenSSL::Crypto)
endif()
if(inflate_source STREQUAL "zlib")
  target_link_libraries(tenon_library PUBLIC ZLIB::ZLIB)
endif()

option(TENON_LIBRARY "install the library and its headers" OFF)
if(TENON_LIBRARY)
  set_target_properties(tenon_library PROPERTIES EXCLUDE_FROM_ALL OFF)
  set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/tenon)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/tenonConfig.cmake CONTENT
"include(CMakeFindDependencyMacro)
find_dependency(Threads)
if(\"@digest_source@\" STREQUAL \"openssl\" OR \"@identity_source@\" STREQUAL \"openssl\")
  find_dependency(OpenSSL 3 COMPONENTS Crypto)
endif()
if(\"@inflate_source@\" STREQUAL \"zlib\")
  find_dependency(ZLIB)
endif()
include(\"\${CMAKE_CURRENT_LIST_DIR}/tenonTargets.cmake\")
" @ONLY)
  include(CMakePackageConfigHelpers)
  write_basic_package_version_file(${CMAKE_BINARY_DIR}/tenonConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
  install(TARGETS tenon_library EXPORT tenonTargets ARCHIVE COMPONENT library)
  install(EXPORT tenonTargets NAMESPACE tenon:: DESTINATION ${package_folder} COMPONENT library)
  install(FILES ${CMAKE_BINARY_DIR}/tenonConfig.cmake ${CMAKE_BINARY_DIR}/tenonConfigVersion.cmake
    DESTINATION ${package_folder} COMPONENT library)
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/include/tenon DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    COMPONENT library FILES_MATCHING PATTERN "*.h")
endif()
