// What decides how .pc files are read, beside the files: options of pkgconf's command line and
// variables of the environment, as values.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tenon::pc {

using Environment = std::map<std::string, std::string, std::less<>>;

// Rules of the sysroot prefix: which paths get it, and when.
struct SysrootRules {
  // PKG_CONFIG_SYSROOT_DIR; nothing: no sysroot. "/" and "." are no sysroot.
  std::optional<std::string> folder;
  bool in_variables = true;  // --variable prints paths with the prefix
  bool inject = true;        // -I, -L, -F, -isystem and -idirafter get the prefix
  bool uninstalled = false;  // of uninstalled modules too, as pkgconf 1 did
  // Our own rule for cross builds, when set: asks whether a path of this machine exists. Then a
  // path that exists on this machine and not in the sysroot keeps its spelling, so that it is told;
  // a relative one is left alone; and files get the prefix too when the sysroot has them.
  std::function<bool(const std::string& path)> exists;
};

struct Settings {
  // Directories that are searched, in their order: those of the options, PKG_CONFIG_PATH,
  // PKG_CONFIG_LIBDIR or the defaults.
  std::vector<std::string> folders;
  std::vector<std::string> preloaded;  // files that count as found: PKG_CONFIG_PRELOADED_FILES
  // What is searched when neither the options nor the environment say so: `pc_path`.
  std::vector<std::string> default_folders;
  // -I and -L of these directories are left out, unless they are kept.
  std::vector<std::string> system_include;
  std::vector<std::string> system_lib;
  bool keep_system_cflags = false;
  bool keep_system_libs = false;

  SysrootRules sysroot;
  std::string build_root = "$(top_builddir)";                // ${pc_top_builddir}
  std::vector<std::pair<std::string, std::string>> defined;  // --define-variable
  // PKG_CONFIG_MODULE_VARIABLE replaces a variable of a module.
  Environment environment;

  bool define_prefix = false;  // derive the prefix from where the .pc file lies
  std::string prefix_variable = "prefix";

  bool link_static = false;     // --static: private modules and fields count
  bool merge_private = false;   // --static without --pure: private fields are merged
  bool use_uninstalled = true;  // X-uninstalled.pc wins over X.pc
  bool use_provides = true;
  bool check_conflicts = true;
  bool internal_cflags = false;   // Cflags of Requires.internal too
  bool require_internal = false;  // Requires.internal must be there
  bool require_private = true;  // Requires.private must be there; pkgconf 1.8 asks it for --static
  bool short_errors = false;    // no advice behind the first error
  int depth = 256;              // of the walk along Requires; -1: without a limit
};

[[nodiscard]] inline std::optional<std::string> find_in(const Environment& environment,
                                                        std::string_view name) {
  const auto found = environment.find(name);
  if (found == environment.end()) return std::nullopt;
  return found->second;
}

// The sysroot as ${pc_sysrootdir} gives it: without slashes at its end, empty when there is none.
[[nodiscard]] std::string sysroot_text(const SysrootRules& rules);

}  // namespace tenon::pc
