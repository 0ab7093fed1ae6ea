#include "crossbuild/driver/cc_config.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/shown.h"
#include "base/text.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "platform/target.h"
#include "platform/toolchain.h"
#include "platform/version_number.h"

namespace tenon {
namespace {

Finding usage(const std::string& message, std::string fix = {}) {
  Finding finding;
  finding.code = Code::usage_bad_option;
  finding.subject = "tenon cc";
  finding.message = Shown::of(message);
  if (fix.empty()) fix = "tenon cc --target darwin/arm64 -c file.c; see tenon cc --help";
  finding.fixes.push_back({Fix::Safety::manual, Shown::of(fix), {}});
  return finding;
}

Outcome<void> set_target(CcConfig& config, std::string_view text) {
  const ParsedTarget parsed = parse_target(text);
  if (!parsed) {
    return std::unexpected(
        usage(parsed.error().message, parsed.error().nearest.empty()
                                          ? "targets: " + join(target_names(), ", ")
                                          : "did you mean " + parsed.error().nearest + "?"));
  }
  if (parsed->universal) {
    return std::unexpected(
        usage("a compiler writes one architecture; darwin/universal is for"
              " tenon build"));
  }
  config.target = *parsed;
  return {};
}

Outcome<void> set_engine(CcConfig& config, std::string_view text) {
  config.engine_given = true;
  for (const Engine engine : {Engine::zig, Engine::clang, Engine::apple}) {
    if (engine_name(engine) == text) {
      config.toolchain.engine = engine;
      return {};
    }
  }
  return std::unexpected(usage(fmt::format("'{}' is not an engine: zig, clang or apple", text)));
}

Outcome<Version> version_of(std::string_view option, std::string_view text) {
  const auto version = parse_version(text);
  if (version) return *version;
  return std::unexpected(
      usage(fmt::format("{} takes a version such as 12.0, not '{}'", option, text)));
}

// One option with its value. false: not an option of tenon.
Outcome<bool> take(CcConfig& config, std::string_view name, const std::string& value) {
  std::string* text = nullptr;
  Toolchain& tools = config.toolchain;
  if (name == "--zig") text = &tools.zig;
  if (name == "--clang") text = &tools.clang;
  if (name == "--lld") text = &tools.lld;
  if (name == "--strip") text = &tools.strip;
  if (name == "--dsymutil") text = &tools.dsymutil;
  if (name == "--ar") text = &tools.ar;
  if (name == "--sdk") text = &config.sdk;
  if (name == "--sysroot") text = &config.sysroot;
  if (name == "--cache") text = &config.cache;
  if (name == "--compiler") text = &config.compiler;
  if (name == "--macos-headers") text = &config.macos_headers;
  if (name == "--macos-headers-version") text = &config.macos_headers_version;
  if (name == "--package-key") text = &config.package_key;
  if (text != nullptr) {
    *text = value;
    return true;
  }
  if (name == "--target") {
    TENON_TRY(set_target(config, value));
  } else if (name == "--engine") {
    TENON_TRY(set_engine(config, value));
  } else if (name == "--min") {
    config.target.min = TENON_TRY(version_of(name, value));
  } else if (name == "--zig-version") {
    tools.zig_version = TENON_TRY(version_of(name, value));
  } else if (name == "--clang-version") {
    tools.clang_version = TENON_TRY(version_of(name, value));
  } else {
    return false;
  }
  return true;
}

// The option that `name` switches on, or null.
bool* switch_of(CcConfig& config, std::string_view name) {
  if (name == "--flat-lookup") return &config.flat_lookup;
  if (name == "--raise-min") return &config.raise_min;
  if (name == "--no-cache") return &config.no_cache;
  if (name == "--keep-paths") return &config.keep_paths;
  if (name == "--native") return &config.native;
  if (name == "--no-macos-headers") return &config.no_macos_headers;
  return nullptr;
}

bool takes_value(std::string_view name) {
  static constexpr std::array<std::string_view, 18> names{
      "--zig",         "--clang",         "--compiler",
      "--lld",         "--strip",         "--dsymutil",
      "--ar",          "--sdk",           "--min",
      "--cache",       "--sysroot",       "--target",
      "--engine",      "--zig-version",   "--clang-version",
      "--package-key", "--macos-headers", "--macos-headers-version"};
  for (const std::string_view candidate : names) {
    if (candidate == name) return true;
  }
  return false;
}

}  // namespace

Outcome<ParsedCc> parse_cc(const std::vector<std::string>& args, bool cxx) {
  ParsedCc parsed;
  parsed.config.cxx = cxx;
  std::optional<std::string> minimum;
  std::size_t at = 0;
  for (; at < args.size(); ++at) {
    const std::string_view arg = args[at];
    if (bool* option = switch_of(parsed.config, arg); option != nullptr) {
      *option = true;
      continue;
    }
    const std::size_t equals = arg.find('=');
    const std::string_view name = arg.substr(0, equals);
    if (!takes_value(name)) break;
    std::string value;
    if (equals != std::string_view::npos) {
      value = arg.substr(equals + 1);
    } else if (at + 1 < args.size()) {
      value = args[++at];
    }
    if (value.empty()) return std::unexpected(usage(fmt::format("{} needs a value", name)));
    if (name == "--min") minimum = value;
    TENON_TRY(take(parsed.config, name, value));
  }
  if (parsed.config.target.platform == nullptr && !parsed.config.native) {
    return std::unexpected(usage("--target is missing", "tenon cc --target darwin/arm64 ..."));
  }
  // --min may stand before --target, which would have reset it.
  if (minimum) parsed.config.target.min = TENON_TRY(version_of("--min", *minimum));
  parsed.args.assign(args.begin() + static_cast<std::ptrdiff_t>(at), args.end());
  return parsed;
}

bool takes_macos_headers(const CcConfig& config) {
  return config.target.darwin() && config.sdk.empty() && !config.no_macos_headers &&
         config.toolchain.engine != Engine::apple;
}

std::string macos_headers_text(const CcConfig& config) {
  if (!takes_macos_headers(config) || config.macos_headers.empty()) return {};
  if (config.macos_headers_version.empty()) return "tenon's system headers";
  return fmt::format("tenon's ({}), not Apple's", config.macos_headers_version);
}

std::vector<std::string> cc_options(const CcConfig& config) {
  const Toolchain& tools = config.toolchain;
  std::vector<std::string> out;
  if (config.no_cache) out.emplace_back("--no-cache");
  if (config.keep_paths) out.emplace_back("--keep-paths");
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) out.push_back(fmt::format("{}={}", name, value));
  };
  if (config.native) {
    out.emplace_back("--native");
    add("--compiler", config.compiler);
    add("--cache", config.cache);
    return out;
  }
  add("--target", config.target.name());
  if (config.target.darwin()) add("--min", config.target.min.text());
  add("--engine", std::string(engine_name(tools.engine)));
  add("--zig", tools.zig);
  if (!tools.zig.empty()) add("--zig-version", tools.zig_version.text());
  if (tools.engine != Engine::zig) {
    add("--clang", tools.clang);
    add("--clang-version", tools.clang_version.text());
    add("--lld", tools.lld);
  }
  add("--strip", tools.strip);
  add("--dsymutil", tools.dsymutil);
  add("--ar", tools.ar);
  add("--sdk", config.sdk);
  add("--sysroot", config.sysroot);
  add("--package-key", config.package_key);
  add("--cache", config.cache);
  if (config.raise_min && config.target.darwin()) out.emplace_back("--raise-min");
  if (config.flat_lookup) out.emplace_back("--flat-lookup");
  if (config.no_macos_headers && config.target.darwin()) out.emplace_back("--no-macos-headers");
  if (takes_macos_headers(config)) {
    add("--macos-headers", config.macos_headers);
    add("--macos-headers-version", config.macos_headers_version);
  }
  return out;
}

}  // namespace tenon
