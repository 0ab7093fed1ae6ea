# The parser of source code: tree-sitter and its grammars, from crates that scripts/setup.sh fetches. Without them
# `tenon rewrite` says that this build has no parser.
if(DEFINED ENV{TENON_TOOLS})
  set(grammars_folder $ENV{TENON_TOOLS}/grammars)
else()
  set(grammars_folder ${CMAKE_SOURCE_DIR}/.tools/grammars)
endif()
set(TENON_GRAMMARS ${grammars_folder} CACHE PATH "crates of tree-sitter and its grammars: a directory for each")
set(tree_source none)
add_library(tenon_tree_sitter INTERFACE)
if(EXISTS ${TENON_GRAMMARS}/tree-sitter/src/lib.c)
  set(tree_source sitter)
  add_library(tenon_tree_sitter_objects STATIC ${TENON_GRAMMARS}/tree-sitter/src/lib.c
    ${TENON_GRAMMARS}/tree-sitter-java/src/parser.c ${TENON_GRAMMARS}/tree-sitter-go/src/parser.c
    ${TENON_GRAMMARS}/tree-sitter-c/src/parser.c)
  set_source_files_properties(${TENON_GRAMMARS}/tree-sitter/src/lib.c PROPERTIES
    INCLUDE_DIRECTORIES "${TENON_GRAMMARS}/tree-sitter/src;${TENON_GRAMMARS}/tree-sitter/include")
  foreach(language IN ITEMS java go c)
    set_source_files_properties(${TENON_GRAMMARS}/tree-sitter-${language}/src/parser.c PROPERTIES
      INCLUDE_DIRECTORIES ${TENON_GRAMMARS}/tree-sitter-${language}/src)
  endforeach()
  # Other people's code: its warnings are theirs, and without optimization it is ten times slower.
  target_compile_options(tenon_tree_sitter_objects PRIVATE -w -O2 -std=gnu11 -fno-asynchronous-unwind-tables -fno-unwind-tables -ffile-prefix-map=${TENON_GRAMMARS}/=)
  target_include_directories(tenon_tree_sitter SYSTEM INTERFACE ${TENON_GRAMMARS}/tree-sitter/include)
  target_link_libraries(tenon_tree_sitter INTERFACE tenon_tree_sitter_objects)
endif()
