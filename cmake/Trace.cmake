# What `tenon trace net` runs in the kernel: compiled by clang for BPF with the types of this machine's kernel, which libbpf
# fits to the kernel that it meets. Without libbpf, clang, bpftool or the types, the command says that this build cannot, and
# `tenon trace replay` is all there is.
#
# libbpf, libelf and zlib are linked statically: a shared one would be loaded at each start of the compiler wrapper.
option(TENON_TRACE_LIVE "tenon trace net, where libbpf and clang for BPF are to be had" ON)
set(live_source none)
add_library(tenon_libbpf INTERFACE)
set(trace_skeleton "")
if(TENON_TRACE_LIVE AND CMAKE_SYSTEM_NAME STREQUAL "Linux" AND NOT CMAKE_CROSSCOMPILING AND NOT TENON_ZIG_TARGET
    AND NOT TENON_BUNDLED AND EXISTS /sys/kernel/btf/vmlinux)
  find_path(BPF_HEADERS bpf/libbpf.h)
  find_library(BPF_STATIC libbpf.a)
  find_library(BPF_ELF_STATIC libelf.a)
  find_library(BPF_Z_STATIC libz.a)
  find_program(BPF_CLANG NAMES clang-19 clang-14 clang)
  find_program(BPF_TOOL bpftool PATHS /usr/sbin /sbin)
  if(BPF_HEADERS AND BPF_STATIC AND BPF_ELF_STATIC AND BPF_Z_STATIC AND BPF_CLANG AND BPF_TOOL)
    set(live_source bpf)
  endif()
endif()
if(live_source STREQUAL "bpf")
  set(bpf_arch x86)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
    set(bpf_arch arm64)
  endif()
  set(bpf_folder ${CMAKE_BINARY_DIR}/generated/bpf/tenon_bpf)
  set(bpf_source ${CMAKE_SOURCE_DIR}/src/trace/bpf/net.bpf.c)
  set(trace_skeleton ${bpf_folder}/net.skel.h)
  file(MAKE_DIRECTORY ${bpf_folder})
  add_custom_command(OUTPUT ${trace_skeleton}
    COMMAND ${BPF_TOOL} btf dump file /sys/kernel/btf/vmlinux format c > ${bpf_folder}/vmlinux.h
    COMMAND ${BPF_CLANG} -target bpf -D__TARGET_ARCH_${bpf_arch} -g -O2 -Wall -Wno-missing-declarations
      -I${bpf_folder} -isystem ${BPF_HEADERS} -fdebug-prefix-map=${CMAKE_SOURCE_DIR}=. -c ${bpf_source}
      -o ${bpf_folder}/net.raw.o
    COMMAND ${BPF_TOOL} gen object ${bpf_folder}/net.bpf.o ${bpf_folder}/net.raw.o
    # Code of bpftool: its warnings are not ours.
    COMMAND ${CMAKE_COMMAND} -E echo "// NOLINTBEGIN" > ${trace_skeleton}
    COMMAND ${BPF_TOOL} gen skeleton ${bpf_folder}/net.bpf.o name net_bpf >> ${trace_skeleton}
    COMMAND ${CMAKE_COMMAND} -E echo "// NOLINTEND" >> ${trace_skeleton}
    DEPENDS ${bpf_source} ${CMAKE_SOURCE_DIR}/src/trace/bpf/record.h
    VERBATIM)
  add_custom_target(tenon_bpf DEPENDS ${trace_skeleton})
  target_include_directories(tenon_libbpf SYSTEM INTERFACE ${bpf_folder}/.. ${BPF_HEADERS})
  target_link_libraries(tenon_libbpf INTERFACE ${BPF_STATIC} ${BPF_ELF_STATIC} ${BPF_Z_STATIC})
endif()
