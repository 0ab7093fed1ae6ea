# tenon's own headers for macOS, beside the program as they are installed: macos-headers/include is
# one directory to search, whoever wrote a header. docs/macos-headers.md says what they are.
set(macos_headers_source ${CMAKE_SOURCE_DIR}/share/macos-headers)
set(macos_headers_folder ${CMAKE_BINARY_DIR}/share/tenon/macos-headers)

file(GLOB_RECURSE system_headers CONFIGURE_DEPENDS ${macos_headers_source}/system/*.h)
add_custom_command(OUTPUT ${macos_headers_folder}/system.stamp
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/scripts/copy_headers.py
    ${macos_headers_source}/system ${macos_headers_folder}/include
    ${macos_headers_folder}/system.list.stamp
  COMMAND ${CMAKE_COMMAND} -E touch ${macos_headers_folder}/system.stamp
  DEPENDS ${system_headers} ${CMAKE_SOURCE_DIR}/scripts/copy_headers.py VERBATIM)
add_custom_target(macos_headers ALL DEPENDS ${macos_headers_folder}/system.stamp)

# Headers of libraries that macOS ships and that are not Apple's come from Debian's packages, where
# they are installed; what is missing is named in THIRD-PARTY.
add_custom_command(OUTPUT ${macos_headers_folder}/THIRD-PARTY
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/scripts/third_party_headers.py
    ${macos_headers_folder}
  DEPENDS ${CMAKE_SOURCE_DIR}/scripts/third_party_headers.py ${system_headers} VERBATIM)
add_custom_target(macos_third_party ALL DEPENDS ${macos_headers_folder}/THIRD-PARTY)
add_dependencies(macos_headers macos_third_party)

# Whoever runs the program finds its headers.
add_dependencies(tenon macos_headers)

# Those of the frameworks are made here from the bindings that scripts/setup.sh fetches. The program
# that makes them runs on this machine, so a build for another one has system headers only.
# TENON_TOOLS and TENON_CRATES say where the bindings are.
if(DEFINED ENV{TENON_TOOLS})
  set(crates_folder $ENV{TENON_TOOLS}/crates)
else()
  set(crates_folder ${CMAKE_SOURCE_DIR}/.tools/crates)
endif()
set(TENON_CRATES ${crates_folder} CACHE PATH "bindings of macOS frameworks: a directory for each crate")
if(CMAKE_CROSSCOMPILING)
  message(STATUS "macOS frameworks: no headers in a cross build")
  return()
endif()

find_package(tomlplusplus REQUIRED)
file(GLOB maker_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tools/macos_headers/*.cpp)
list(FILTER maker_sources EXCLUDE REGEX "/main\\.cpp$")
add_library(macos_headers_maker STATIC ${maker_sources})
target_include_directories(macos_headers_maker PUBLIC ${CMAKE_SOURCE_DIR}/tools)
target_compile_options(macos_headers_maker PRIVATE ${TENON_WARNINGS})
target_link_libraries(macos_headers_maker PUBLIC fmt::fmt)
add_executable(make_macos_headers ${CMAKE_SOURCE_DIR}/tools/macos_headers/main.cpp)
target_compile_options(make_macos_headers PRIVATE ${TENON_WARNINGS})
target_link_libraries(make_macos_headers PRIVATE macos_headers_maker tomlplusplus::tomlplusplus)
if(NOT EXISTS ${TENON_CRATES}/objc2-core-foundation)
  message(STATUS "macOS frameworks: no headers, for there are no bindings in ${TENON_CRATES}")
  return()
endif()

# OpenGL is declared by Khronos' own headers, where the machine has them.
set(gl_commands "")
find_path(TENON_GL_HEADERS GL/glcorearb.h)
if(TENON_GL_HEADERS AND EXISTS ${TENON_GL_HEADERS}/KHR/khrplatform.h)
  foreach(header GL/gl.h GL/glext.h GL/glcorearb.h KHR/khrplatform.h)
    list(APPEND gl_commands COMMAND ${CMAKE_COMMAND} -E copy_if_different
      ${TENON_GL_HEADERS}/${header} ${macos_headers_folder}/include/${header})
  endforeach()
  list(PREPEND gl_commands COMMAND ${CMAKE_COMMAND} -E make_directory
    ${macos_headers_folder}/include/GL ${macos_headers_folder}/include/KHR)
endif()

file(GLOB_RECURSE framework_parts CONFIGURE_DEPENDS ${macos_headers_source}/frameworks/*)
add_custom_command(OUTPUT ${macos_headers_folder}/frameworks.stamp
  COMMAND make_macos_headers --crates ${TENON_CRATES} --own ${macos_headers_source}/frameworks
    --out ${macos_headers_folder}
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/scripts/copy_headers.py
    ${macos_headers_source}/frameworks/include ${macos_headers_folder}/include
    ${macos_headers_folder}/copied.list.stamp
  ${gl_commands}
  COMMAND ${CMAKE_COMMAND} -E touch ${macos_headers_folder}/frameworks.stamp
  DEPENDS make_macos_headers ${framework_parts} ${macos_headers_source}/crates.list
    ${CMAKE_SOURCE_DIR}/scripts/copy_headers.py)
add_custom_target(macos_framework_headers DEPENDS ${macos_headers_folder}/frameworks.stamp)
add_dependencies(macos_headers macos_framework_headers)
