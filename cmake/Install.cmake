# Installation: the program, and its manual page and completions where a shell looks for them.
if(SKBUILD)
  # A wheel has a folder of its own for programs, and one that becomes the root of the environment.
  set(program_folder ${SKBUILD_SCRIPTS_DIR})
  set(man_folder ${SKBUILD_DATA_DIR}/share/man)
  set(share_folder ${SKBUILD_DATA_DIR}/share)
else()
  set(program_folder ${CMAKE_INSTALL_BINDIR})
  set(man_folder ${CMAKE_INSTALL_MANDIR})
  set(share_folder ${CMAKE_INSTALL_DATADIR})
endif()
install(TARGETS tenon RUNTIME DESTINATION ${program_folder} COMPONENT program)
if(TARGET tenon-fleet)
  install(TARGETS tenon-fleet RUNTIME DESTINATION ${program_folder} COMPONENT program)
endif()

# The schemas of --json.
install(DIRECTORY ${CMAKE_SOURCE_DIR}/schemas DESTINATION ${share_folder}/tenon COMPONENT program
  FILES_MATCHING PATTERN "*.schema.json")

install(DIRECTORY ${macos_headers_folder} DESTINATION ${share_folder}/tenon COMPONENT program
  PATTERN "*.stamp" EXCLUDE)

# Both are printed by the program itself, from the table of commands that also drives --help; so they
# cannot be made in a cross build.
if(CMAKE_CROSSCOMPILING)
  set(TENON_DOCS OFF)
endif()
option(TENON_DOCS "make the manual page and the shell completions" ON)
if(TENON_DOCS)
  set(docs_folder ${CMAKE_BINARY_DIR}/docs)
  set(docs_files "")
  function(tenon_printed file)
    get_filename_component(folder ${docs_folder}/${file} DIRECTORY)
    add_custom_command(OUTPUT ${docs_folder}/${file}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
      COMMAND tenon ${ARGN} > ${docs_folder}/${file}
      DEPENDS tenon)
    set(docs_files ${docs_files} ${docs_folder}/${file} PARENT_SCOPE)
  endfunction()

  tenon_printed(man/tenon.1 man)
  tenon_printed(completion/tenon.bash completion bash)
  tenon_printed(completion/_tenon completion zsh)
  tenon_printed(completion/tenon.fish completion fish)
  add_custom_target(tenon_docs ALL DEPENDS ${docs_files})

  install(FILES ${docs_folder}/man/tenon.1 DESTINATION ${man_folder}/man1 COMPONENT docs)
  install(FILES ${docs_folder}/completion/tenon.bash RENAME tenon
    DESTINATION ${share_folder}/bash-completion/completions COMPONENT docs)
  install(FILES ${docs_folder}/completion/_tenon
    DESTINATION ${share_folder}/zsh/site-functions COMPONENT docs)
  install(FILES ${docs_folder}/completion/tenon.fish
    DESTINATION ${share_folder}/fish/vendor_completions.d COMPONENT docs)
endif()
