#include "link/query/request.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace tenon::pc {
namespace {

// What takes a value.
enum class Value : std::uint8_t {
  none,
  at_least,
  at_most,
  define_variable,
  depth,
  env,
  exact,
  fragment_filter,
  log_file,
  personality,
  pkgconfig_version,
  prefix_variable,
  relocate,
  variable,
  with_path,
  target,
  sysroot,
  why,
  closure,
  format,
  linker,
};

struct Option {
  std::string_view name;
  Value value = Value::none;
  std::array<Want, 3> wants{};
  std::size_t count = 0;  // of `wants`
  bool prints_errors = false;
};

constexpr Option flag(std::string_view name, Want want, bool prints_errors = false) {
  return {name, Value::none, {want}, 1, prints_errors};
}

constexpr Option with_value(std::string_view name, Value value) {
  return {name, value, {}, 0, false};
}

constexpr std::array options{
    flag("version", Want::version, true),
    flag("about", Want::about, true),
    with_value("atleast-version", Value::at_least),
    with_value("atleast-pkgconfig-version", Value::pkgconfig_version),
    Option{"libs", Value::none, {Want::libs_L, Want::libs_l, Want::libs_other}, 3, true},
    Option{"cflags", Value::none, {Want::cflags_I, Want::cflags_other}, 2, true},
    flag("modversion", Want::modversion, true),
    with_value("variable", Value::variable),
    flag("exists", Want::exists),
    flag("print-errors", Want::print_errors, true),
    flag("short-errors", Want::short_errors),
    with_value("maximum-traverse-depth", Value::depth),
    flag("static", Want::statically),
    flag("shared", Want::shared),
    flag("pure", Want::pure),
    flag("print-requires", Want::print_requires),
    flag("print-variables", Want::print_variables, true),
    flag("digraph", Want::digraph),
    flag("solution", Want::solution),
    flag("help", Want::help),
    flag("env-only", Want::env_only),
    flag("print-requires-private", Want::print_requires_private),
    flag("cflags-only-I", Want::cflags_I, true),
    flag("cflags-only-other", Want::cflags_other, true),
    flag("libs-only-L", Want::libs_L, true),
    flag("libs-only-l", Want::libs_l, true),
    flag("libs-only-other", Want::libs_other, true),
    flag("uninstalled", Want::uninstalled),
    flag("no-uninstalled", Want::no_uninstalled),
    flag("keep-system-cflags", Want::keep_system_cflags),
    flag("keep-system-libs", Want::keep_system_libs),
    with_value("define-variable", Value::define_variable),
    with_value("exact-version", Value::exact),
    with_value("max-version", Value::at_most),
    flag("ignore-conflicts", Want::ignore_conflicts),
    flag("errors-to-stdout", Want::errors_on_stdout),
    flag("silence-errors", Want::silence_errors),
    flag("list-all", Want::list_all, true),
    flag("list-package-names", Want::list_names, true),
    flag("simulate", Want::simulate),
    flag("no-cache", Want::no_cache),
    flag("print-provides", Want::print_provides),
    flag("no-provides", Want::no_provides),
    flag("debug", Want::debug, true),
    Option{"validate", Value::none, {Want::validate, Want::errors_on_stdout}, 2, true},
    with_value("log-file", Value::log_file),
    flag("path", Want::path),
    with_value("with-path", Value::with_path),
    with_value("prefix-variable", Value::prefix_variable),
    with_value("relocate", Value::relocate),
    flag("define-prefix", Want::define_prefix),
    flag("dont-define-prefix", Want::dont_define_prefix),
    flag("dont-relocate-paths", Want::dont_relocate),
    with_value("env", Value::env),
    flag("msvc-syntax", Want::msvc_syntax),
    with_value("fragment-filter", Value::fragment_filter),
    flag("internal-cflags", Want::internal_cflags),
    flag("dump-personality", Want::dump_personality),
    with_value("personality", Value::personality),
    flag("license", Want::license),
    flag("license-file", Want::license_file),
    flag("link-abi", Want::link_abi),
    flag("verbose", Want::verbose),
    flag("exists-cflags", Want::exists_cflags),
    flag("fragment-tree", Want::fragment_tree),
    flag("source", Want::source),
    flag("newlines", Want::newlines),
    flag("print-digraph-query-nodes", Want::print_query_nodes),
    // Ours. A beginning of these is not taken for one, so that pkgconf's stay as they are.
    with_value("target", Value::target),
    with_value("sysroot", Value::sysroot),
    with_value("why", Value::why),
    with_value("closure", Value::closure),
    with_value("format", Value::format),
    with_value("linker", Value::linker),
    flag("json", Want::json, true),
    flag("go-check", Want::go_check, true),
    flag("print-wrapper", Want::print_wrapper, true),
    flag("print-env", Want::print_env, true),
};

constexpr std::size_t own_options = 9;

// An option by its name or by a beginning that no other one has.
std::expected<const Option*, std::string> find_option(std::string_view name) {
  const Option* near = nullptr;
  bool ambiguous = false;
  for (std::size_t i = 0; i < options.size(); ++i) {
    const Option& option = options[i];
    if (option.name == name) return &option;
    if (i + own_options >= options.size() || !option.name.starts_with(name)) continue;
    ambiguous = near != nullptr;
    near = &option;
  }
  if (ambiguous) return std::unexpected("ambiguous option -- " + std::string(name));
  if (near == nullptr) return std::unexpected("unrecognized option -- " + std::string(name));
  return near;
}

bool set_defined(const std::string& value, Request& out) {
  const std::size_t equal = value.find('=');
  if (equal == std::string::npos) return false;
  out.defined.emplace_back(value.substr(0, equal), value.substr(equal + 1));
  return true;
}

std::expected<void, std::string> set_value(const Option& option, std::string value, Request& out) {
  switch (option.value) {
    case Value::none: break;
    case Value::at_least: out.at_least = std::move(value); break;
    case Value::at_most: out.at_most = std::move(value); break;
    case Value::exact: out.exact = std::move(value); break;
    case Value::pkgconfig_version: out.pkgconfig_version = std::move(value); break;
    case Value::variable: out.variable = std::move(value); break;
    case Value::env: out.env_prefix = std::move(value); break;
    case Value::fragment_filter: out.fragment_filter = std::move(value); break;
    case Value::log_file: out.log_file = std::move(value); break;
    case Value::personality: out.personality = std::move(value); break;
    case Value::prefix_variable: out.prefix_variable = std::move(value); break;
    case Value::relocate: out.relocate = std::move(value); break;
    case Value::with_path: out.with_path.push_back(std::move(value)); break;
    case Value::target: out.target = std::move(value); break;
    case Value::sysroot: out.sysroot = std::move(value); break;
    case Value::why: out.why.push_back(std::move(value)); break;
    case Value::closure: out.closure = std::move(value); break;
    case Value::format: out.format = std::move(value); break;
    case Value::linker: out.linker = std::move(value); break;
    case Value::define_variable: set_defined(value, out); break;
    case Value::depth: {
      const auto depth = parse_depth(value);
      if (!depth) return std::unexpected("invalid maximum traverse depth: " + value);
      out.depth = *depth;
      break;
    }
  }
  return {};
}

void set_wants(const Option& option, Request& out) {
  for (std::size_t i = 0; i < option.count; ++i) out.wants.set(option.wants[i]);
  if (option.prints_errors) out.wants.set(Want::print_errors);
  if (option.count != 0 && option.wants[0] == Want::verbose) ++out.verbosity;
}

}  // namespace

std::optional<int> parse_depth(const std::string& text) {
  int out = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, out);
  if (error != std::errc{} || rest != end || out < -1) return std::nullopt;
  return out;
}

std::expected<Request, std::string> parse_request(const std::vector<std::string>& args) {
  Request out;
  for (std::size_t i = 0; i < args.size(); ++i) {
    std::string_view text = args[i];
    if (text == "--") {
      out.modules.insert(out.modules.end(), args.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                         args.end());
      break;
    }
    if (text.size() < 2 || text[0] != '-') {
      out.modules.push_back(args[i]);
      continue;
    }
    text.remove_prefix(text.starts_with("--") ? 2 : 1);
    const std::size_t equal = text.find('=');
    const std::string_view name = text.substr(0, equal);
    const auto option = find_option(name);
    if (!option) return std::unexpected(option.error());
    const bool has_value = equal != std::string_view::npos;
    if ((*option)->value == Value::none) {
      if (has_value) {
        return std::unexpected("option doesn't take an argument -- " + std::string(name));
      }
      set_wants(**option, out);
      continue;
    }
    if (!has_value && i + 1 == args.size()) {
      return std::unexpected("option requires an argument -- " + std::string(name));
    }
    std::string value = has_value ? std::string(text.substr(equal + 1)) : args[++i];
    if (auto set = set_value(**option, std::move(value), out); !set) {
      return std::unexpected(set.error());
    }
  }
  return out;
}

}  // namespace tenon::pc
