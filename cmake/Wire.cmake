# What `tenon fleet` and `tenon worker` talk by: gRPC of the machine, and code that protoc writes from the descriptors
# in the BuildGrid package (scripts/setup.sh --fleet). Without either the commands say that this build cannot.
#
# All of it is in a second program, tenon-fleet, which `tenon fleet` and `tenon worker` become: tenon itself is started for each
# C file as the compiler wrapper, and gRPC would double the time of that start.
if(DEFINED ENV{TENON_TOOLS})
  set(fleet_folder $ENV{TENON_TOOLS}/fleet)
else()
  set(fleet_folder ${CMAKE_SOURCE_DIR}/.tools/fleet)
endif()
option(TENON_WIRE "tenon fleet and tenon worker, where gRPC is to be had" ON)
set(TENON_FLEET ${fleet_folder} CACHE PATH "components of tenon fleet, from scripts/setup.sh --fleet")
set(link_source none)
set(wire_code "")
add_library(tenon_grpc INTERFACE)
file(GLOB wire_packages ${TENON_FLEET}/venv/lib/python3*/site-packages/buildgrid/_protos)
if(wire_packages AND TENON_WIRE AND NOT TENON_ZIG_TARGET AND NOT TENON_BUNDLED)
  find_package(PkgConfig QUIET)
  if(PkgConfig_FOUND)
    pkg_check_modules(GRPC QUIET grpc++ protobuf)
  endif()
  find_program(WIRE_PROTOC protoc)
  find_program(WIRE_PLUGIN grpc_cpp_plugin)
  if(GRPC_FOUND AND WIRE_PROTOC AND WIRE_PLUGIN)
    set(link_source grpc)
  endif()
endif()
if(link_source STREQUAL "grpc")
  cmake_path(GET wire_packages PARENT_PATH wire_packages)
  cmake_path(GET wire_packages PARENT_PATH wire_packages)
  # Where google/protobuf/*.proto lie.
  pkg_get_variable(wire_known protobuf includedir)
  set(wire_folder ${CMAKE_BINARY_DIR}/generated/wire)
  file(MAKE_DIRECTORY ${wire_folder})
  set(wire_messages build/bazel/semver/semver google/api/http google/api/annotations google/rpc/status
    google/longrunning/operations build/bazel/remote/execution/v2/remote_execution
    google/devtools/remoteworkers/v1test2/worker google/devtools/remoteworkers/v1test2/bots
    build/buildgrid/introspection google/bytestream/bytestream)
  set(wire_services build/bazel/remote/execution/v2/remote_execution google/devtools/remoteworkers/v1test2/bots
    build/buildgrid/introspection google/bytestream/bytestream)
  set(wire_protos ${wire_messages})
  list(TRANSFORM wire_protos APPEND .proto)
  set(wire_service_protos ${wire_services})
  list(TRANSFORM wire_service_protos APPEND .proto)
  foreach(one IN LISTS wire_messages)
    list(APPEND wire_code ${wire_folder}/${one}.pb.cc)
  endforeach()
  foreach(one IN LISTS wire_services)
    list(APPEND wire_code ${wire_folder}/${one}.grpc.pb.cc)
  endforeach()
  add_custom_command(OUTPUT ${wire_code}
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/scripts/make_wire.py ${wire_packages} ${wire_folder}/set.pb
    COMMAND ${WIRE_PROTOC} -I${wire_known} --descriptor_set_in=${wire_folder}/set.pb --cpp_out=${wire_folder} ${wire_protos}
    COMMAND ${WIRE_PROTOC} -I${wire_known} --descriptor_set_in=${wire_folder}/set.pb --grpc_out=${wire_folder}
      --plugin=protoc-gen-grpc=${WIRE_PLUGIN} ${wire_service_protos}
    DEPENDS ${CMAKE_SOURCE_DIR}/scripts/make_wire.py
    VERBATIM)
  # Code that a program wrote: its warnings are not ours, nothing is to be found in it, and it only copies.
  add_library(tenon_wire_code STATIC ${wire_code})
  target_compile_options(tenon_wire_code PRIVATE -w -O0 -fno-sanitize=all)
  target_compile_features(tenon_wire_code PRIVATE cxx_std_17)
  target_include_directories(tenon_wire_code SYSTEM PUBLIC ${wire_folder})
  # Static where there is an archive: 40 shared libraries would be loaded at each start.
  find_library(WIRE_SYNCHRONIZATION absl_synchronization)
  set(wire_libraries "")
  foreach(one IN LISTS GRPC_LINK_LIBRARIES WIRE_SYNCHRONIZATION)
    string(REGEX REPLACE "\\.so$" ".a" archive "${one}")
    if(EXISTS "${archive}" AND one MATCHES "lib(grpc|gpr|absl|protobuf|re2|upb|cares|address_sorting)")
      list(APPEND wire_libraries ${archive})
    else()
      list(APPEND wire_libraries ${one})
    endif()
  endforeach()
  list(REMOVE_DUPLICATES wire_libraries)
  target_link_libraries(tenon_wire_code PUBLIC -Wl,--start-group ${wire_libraries} -Wl,--end-group)
  target_link_libraries(tenon_grpc INTERFACE tenon_wire_code)
endif()

# Behind the rooms. The objects stand before libtenon_wire.a, whose link_none.cpp is then left out.
function(tenon_fleet_program)
  if(NOT link_source STREQUAL "grpc")
    return()
  endif()
  file(GLOB link_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/wire/run/link_grpc*.cpp)
  add_library(tenon_wire_grpc OBJECT ${link_files})
  target_compile_options(tenon_wire_grpc PRIVATE ${TENON_WARNINGS})
  target_link_libraries(tenon_wire_grpc PUBLIC tenon_wire tenon_grpc)
  add_executable(tenon-fleet ${CMAKE_SOURCE_DIR}/src/cli/main.cpp)
  target_link_libraries(tenon-fleet PRIVATE tenon_wire_grpc tenon_cli)
endfunction()
