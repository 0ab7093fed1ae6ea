# tenon's own headers for macOS, beside the program as they are installed: macos-headers/include is
# one directory to search, whoever wrote a header. docs/macos-headers.md says what they are.
set(macos_headers_source ${CMAKE_SOURCE_DIR}/share/macos-headers)
set(macos_headers_folder ${CMAKE_BINARY_DIR}/share/tenon/macos-headers)

file(GLOB_RECURSE system_headers CONFIGURE_DEPENDS ${macos_headers_source}/system/*.h)
add_custom_command(OUTPUT ${macos_headers_folder}/system.stamp
  COMMAND ${CMAKE_COMMAND} -E copy_directory ${macos_headers_source}/system
    ${macos_headers_folder}/include
  COMMAND ${CMAKE_COMMAND} -E touch ${macos_headers_folder}/system.stamp
  DEPENDS ${system_headers})
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
