#include "diagnose/log_event.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace tenon {

std::string_view event_name(EventKind kind) {
  constexpr auto names = std::to_array<std::string_view>({
      "files_excluded",
      "c_files_alone",
      "cgo_required",
      "flag_refused",
      "package_missing",
      "module_unreachable",
      "module_sum",
      "go_too_old",
      "go_root_wrong",
      "go_name_undefined",
      "go_error",
      "c_name_unknown",
      "program_missing",
      "header_missing",
      "header_refused",
      "c_name_undeclared",
      "option_unknown",
      "option_unused",
      "assembler_refuses",
      "runtime_c_refused",
      "word_size_differs",
      "no_sysroot",
      "object_unreadable",
      "library_missing",
      "framework_missing",
      "start_file_missing",
      "search_path_missing",
      "file_ignored",
      "file_format",
      "symbol_undefined",
      "symbol_duplicate",
      "relocation_refused",
      "static_warning",
      "pc_missing",
      "pc_invalid",
      "sdk_missing",
      "tools_missing",
      "license_open",
      "library_not_loaded",
      "start_symbol_missing",
      "version_missing",
      "wrong_machine",
      "no_such_program",
      "killed",
      "crashed",
      "signature_refused",
      "notary_refused",
      "quarantine",
      "lookup_failed",
      "no_memory",
      "no_threads",
      "no_space",
      "no_permission",
      "finding",
      "relay",
  });
  static_assert(names.size() == static_cast<std::size_t>(EventKind::relay) + 1);
  return names[static_cast<std::size_t>(kind)];
}

}  // namespace tenon
