# A toolchain file: the compilers of one target, from tenon.
#   TENON         the program; without it the one on PATH
#   TENON_TARGET  linux/arm64, darwin/arm64, linux/amd64:gnu2.28, ...
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES TENON TENON_TARGET)
find_program(TENON tenon REQUIRED)
if(NOT TENON_TARGET MATCHES "^([a-z]+)/([a-z0-9]+)")
  message(FATAL_ERROR "TENON_TARGET is a target such as linux/arm64")
endif()
set(TENON_GOOS ${CMAKE_MATCH_1})
set(TENON_GOARCH ${CMAKE_MATCH_2})

set(systems linux Linux darwin Darwin windows Windows freebsd FreeBSD)
list(FIND systems ${TENON_GOOS} at)
math(EXPR at "${at} + 1")
list(GET systems ${at} CMAKE_SYSTEM_NAME)
set(processors amd64 x86_64 arm64 aarch64 386 i686 riscv64 riscv64)
list(FIND processors ${TENON_GOARCH} at)
if(NOT at EQUAL -1)
  math(EXPR at "${at} + 1")
  list(GET processors ${at} CMAKE_SYSTEM_PROCESSOR)
endif()

# One path for all options: CMake takes CMAKE_C_COMPILER for the name of a file.
foreach(language C CXX)
  string(REPLACE CXX c++ command ${language})
  string(REPLACE C cc command ${command})
  execute_process(COMMAND ${TENON} ${command} --target ${TENON_TARGET} --print-wrapper
    OUTPUT_VARIABLE CMAKE_${language}_COMPILER OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
endforeach()
