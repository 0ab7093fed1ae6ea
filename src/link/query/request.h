// pkgconf's command line. Its rules are those of getopt_long_only: one dash or two, the value
// behind
// "=" or in the next word, a beginning of a name that fits one option, options behind names too.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tenon::pc {

enum class Want : std::uint8_t {
  about,
  cflags_I,
  cflags_other,
  debug,
  define_prefix,
  digraph,
  dont_define_prefix,
  dont_relocate,
  dump_personality,
  env_only,
  errors_on_stdout,
  exists,
  exists_cflags,
  fragment_tree,
  help,
  ignore_conflicts,
  internal_cflags,
  keep_system_cflags,
  keep_system_libs,
  libs_L,
  libs_l,
  libs_other,
  license,
  license_file,
  link_abi,
  list_all,
  list_names,
  modversion,
  msvc_syntax,
  newlines,
  no_cache,
  no_provides,
  no_uninstalled,
  path,
  print_errors,
  print_provides,
  print_query_nodes,
  print_requires,
  print_requires_private,
  print_variables,
  pure,
  shared,
  short_errors,
  silence_errors,
  simulate,
  solution,
  source,
  statically,
  uninstalled,
  validate,
  verbose,
  version,
  json,  // ours, as the next three
  go_check,
  print_wrapper,
  print_env,
};

class Wants {
 public:
  [[nodiscard]] bool has(Want want) const {
    return ((bits_ >> static_cast<unsigned>(want)) & 1U) != 0;
  }
  void set(Want want, bool value = true) {
    const std::uint64_t bit = std::uint64_t{1} << static_cast<unsigned>(want);
    bits_ = value ? bits_ | bit : bits_ & ~bit;
  }
  [[nodiscard]] bool cflags() const { return has(Want::cflags_I) || has(Want::cflags_other); }
  [[nodiscard]] bool libs() const {
    return has(Want::libs_L) || has(Want::libs_l) || has(Want::libs_other);
  }

 private:
  std::uint64_t bits_ = 0;
};

struct Request {
  Wants wants;
  std::optional<std::string> variable;
  std::optional<std::string> env_prefix;
  std::optional<std::string> fragment_filter;
  std::optional<std::string> at_least, exact, at_most;  // versions of the modules
  std::optional<std::string> pkgconfig_version;
  std::optional<std::string> personality;
  std::optional<std::string> log_file;
  std::optional<std::string> prefix_variable;
  std::optional<std::string> relocate;  // pkgconf 1's --relocate: a path to be printed
  std::vector<std::string> with_path;
  std::vector<std::pair<std::string, std::string>> defined;
  int depth = 256;
  int verbosity = 0;
  std::vector<std::string> modules;  // words: "zlib", ">=", "1.2"

  // Ours.
  std::optional<std::string> target;
  std::optional<std::string> sysroot;
  std::vector<std::string> why;        // flags whose origins are asked for
  std::optional<std::string> closure;  // "hybrid", "static" or "as-is": libraries by symbols
  std::optional<std::string> format;   // "cgo": lines for a Go file
  std::optional<std::string> linker;   // of the closure: the gcc that links, or "zig"
};

// The error is one line for standard error, without a line break.
[[nodiscard]] std::expected<Request, std::string> parse_request(
    const std::vector<std::string>& args);

// The depth of the walk, for --maximum-traverse-depth and the environment.
[[nodiscard]] std::optional<int> parse_depth(const std::string& text);

}  // namespace tenon::pc
