// One thing that a program said in a log, as a value: who speaks, in which step, of which package,
// about which name. engine/logscan reads the lines into these; the causes are matched on them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/template.h"

namespace tenon {

enum class EventKind : std::uint8_t {
  // go loads packages
  files_excluded,      // "build constraints exclude all Go files in {folder}"
  c_files_alone,       // C files in a package that does not use cgo
  cgo_required,        // a mode of the build needs cgo: {mode}
  flag_refused,        // by the allow-list of #cgo lines: {flag}
  package_missing,     // {name}, not in the standard library or no module
  module_unreachable,  // a module or checksum server does not answer
  module_sum,          // go.sum lacks or contradicts
  go_too_old,          // {version} is wanted
  go_root_wrong,
  // compilers
  go_name_undefined,  // {name}
  go_error,           // another error of Go's compiler or vet
  c_name_unknown,     // to cgo: {name}
  program_missing,    // {program}
  header_missing,     // {header}
  header_refused,     // #error, or members that differ
  c_name_undeclared,  // {name}
  option_unknown,     // to a compiler or linker: {flag}
  option_unused,      // {flag}
  assembler_refuses,  // {arch}
  runtime_c_refused,  // a C file of runtime/cgo for {platform}
  word_size_differs,  // C pointers and Go's int
  no_sysroot,         // a compiler that has no folder to look in
  object_unreadable,  // {file}
  // linkers
  library_missing,      // {name}
  framework_missing,    // {name}
  start_file_missing,   // {name}: crt1.o and its like
  search_path_missing,  // {path}
  file_ignored,         // of another architecture: {file}
  file_format,          // a file of another machine or format: {file}
  symbol_undefined,     // {name}
  symbol_duplicate,     // {name}
  relocation_refused,
  static_warning,  // {name} in a static link with glibc
  // pkg-config
  pc_missing,  // {name}
  pc_invalid,
  // developer tools
  sdk_missing,  // {path}
  tools_missing,
  license_open,
  // starts of programs
  library_not_loaded,  // {name}
  start_symbol_missing,
  version_missing,  // {version}
  wrong_machine,    // exec format error, bad CPU type
  no_such_program,  // exists, and its loader does not; or does not exist
  killed,
  crashed,
  // signing
  signature_refused,
  notary_refused,
  quarantine,
  // names of hosts
  lookup_failed,  // {host} {server}
  // resources
  no_memory,
  no_threads,
  no_space,
  no_permission,
  // tenon's own answer, with its code: {number} {text}
  finding,
  // only says that something above failed
  relay,
};

enum class Weight : std::uint8_t { failure, warning, relay };

// A program, and the step of a build or a life that it works in.
struct Voice {
  std::string_view tool;   // "GNU ld"; empty when the words do not tell
  std::string_view stage;  // "link"
};

struct LogEvent {
  EventKind kind = EventKind::relay;
  Weight weight = Weight::failure;
  Voice voice;
  std::size_t line = 0;  // in the log, from 1
  std::string text;
  std::string package;                 // that it is about; empty when not told
  Captures captures;                   // what the kind names
  std::optional<std::size_t> follows;  // index of the event that this is a consequence of

  [[nodiscard]] std::string_view get(std::string_view name) const {
    return capture(captures, name);
  }
};

// "header_missing"
[[nodiscard]] std::string_view event_name(EventKind kind);

}  // namespace tenon
