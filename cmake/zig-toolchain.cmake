# Toolchain: zig as C and C++ compiler for another system. Set TENON_ZIG_TARGET to zig's triple.
#
# zig is the program in TENON_ZIG (variable or environment), `zig` on PATH, or the ziglang package in
# the tool venv that scripts/setup.sh makes. CMake wants programs without arguments, so wrapper
# scripts are written to <build>/zig. Of the machine's headers only the header-only libraries are
# made visible, through links in <build>/headers: /usr/include itself belongs to another system.

list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES TENON_ZIG_TARGET TENON_ZIG TENON_ZIG_FOLDER)
if(NOT TENON_ZIG_TARGET)
  message(FATAL_ERROR "zig-toolchain.cmake: set TENON_ZIG_TARGET, for example aarch64-linux-musl")
endif()

if(NOT TENON_ZIG_FOLDER)
  set(TENON_ZIG_FOLDER ${CMAKE_BINARY_DIR} CACHE INTERNAL "")
endif()
set(zig_tools $ENV{TENON_TOOLS})
if(NOT zig_tools)
  set(zig_tools ${CMAKE_CURRENT_LIST_DIR}/../.tools)
endif()
if(NOT TENON_ZIG)
  set(TENON_ZIG $ENV{TENON_ZIG})
endif()
if(NOT TENON_ZIG)
  find_program(TENON_ZIG zig HINTS ENV PATH ${zig_tools}/bin NO_CMAKE_FIND_ROOT_PATH)
endif()
if(NOT TENON_ZIG)
  message(FATAL_ERROR "no zig: run scripts/setup.sh, or name the program in TENON_ZIG")
endif()
set(TENON_ZIG ${TENON_ZIG} CACHE FILEPATH "the zig program" FORCE)

function(tenon_zig_wrapper name arguments)
  file(CONFIGURE OUTPUT ${TENON_ZIG_FOLDER}/zig/${name} CONTENT
    "#!/bin/sh\nexec \"${TENON_ZIG}\" ${arguments} \"$@\"\n" @ONLY)
  file(CHMOD ${TENON_ZIG_FOLDER}/zig/${name} PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
endfunction()

tenon_zig_wrapper(cc "cc -target ${TENON_ZIG_TARGET}")
# zig <= 0.15 turns on std::unexpected() of C++98, which hides the class of C++23.
tenon_zig_wrapper(c++ "c++ -target ${TENON_ZIG_TARGET} \
-U_LIBCPP_ENABLE_CXX17_REMOVED_UNEXPECTED_FUNCTIONS")
tenon_zig_wrapper(ar ar)
tenon_zig_wrapper(ranlib ranlib)
set(CMAKE_C_COMPILER ${TENON_ZIG_FOLDER}/zig/cc)
set(CMAKE_CXX_COMPILER ${TENON_ZIG_FOLDER}/zig/c++)
set(CMAKE_AR ${TENON_ZIG_FOLDER}/zig/ar CACHE FILEPATH "" FORCE)
set(CMAKE_RANLIB ${TENON_ZIG_FOLDER}/zig/ranlib CACHE FILEPATH "" FORCE)

if(TENON_ZIG_TARGET MATCHES "-macos")
  set(CMAKE_SYSTEM_NAME Darwin)
  # CMake insists on the program though nothing here is relinked at installation.
  find_program(CMAKE_INSTALL_NAME_TOOL NAMES llvm-install-name-tool-19 llvm-install-name-tool)
else()
  set(CMAKE_SYSTEM_NAME Linux)
endif()
string(REGEX REPLACE "-.*" "" CMAKE_SYSTEM_PROCESSOR ${TENON_ZIG_TARGET})
if(CMAKE_SYSTEM_NAME STREQUAL "Darwin" AND CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64")
  set(CMAKE_SYSTEM_PROCESSOR arm64)
endif()
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_FIND_ROOT_PATH ${TENON_ZIG_FOLDER}/headers)

foreach(library fmt nlohmann CLI toml++)
  if(EXISTS ${TENON_ZIG_FOLDER}/headers/${library})
    continue()
  endif()
  foreach(folder /usr/local/include /usr/include)
    if(IS_DIRECTORY ${folder}/${library})
      file(MAKE_DIRECTORY ${TENON_ZIG_FOLDER}/headers)
      file(CREATE_LINK ${folder}/${library} ${TENON_ZIG_FOLDER}/headers/${library} SYMBOLIC)
      break()
    endif()
  endforeach()
  if(NOT EXISTS ${TENON_ZIG_FOLDER}/headers/${library})
    message(FATAL_ERROR "no headers of ${library}: run scripts/setup.sh")
  endif()
endforeach()
set(TENON_HEADERS ${TENON_ZIG_FOLDER}/headers CACHE PATH "folder with the header-only libraries" FORCE)
