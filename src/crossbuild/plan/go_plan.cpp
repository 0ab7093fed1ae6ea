#include "crossbuild/plan/go_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "platform/platforms.h"
#include "platform/target.h"

namespace tenon {
namespace {

// `go help build`, `go help testflag`: flags with a value, and without.
constexpr std::array<std::string_view, 19> with_value{
    "C",          "p",       "asmflags",      "buildmode", "compiler", "covermode", "coverpkg",
    "gccgoflags", "gcflags", "installsuffix", "ldflags",   "mod",      "modfile",   "overlay",
    "pgo",        "pkgdir",  "tags",          "toolexec",  "o"};
constexpr std::array<std::string_view, 15> without_value{
    "a", "n",        "race",       "msan",       "asan",     "cover", "v",          "work",
    "x", "buildvcs", "linkshared", "modcacherw", "trimpath", "json",  "debug-trace"};

bool in(const auto& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

void take_flag(std::string_view name, std::string value, GoArgs& out) {
  if (name == "o") {
    out.output = std::move(value);
  } else if (name == "C") {
    out.folder = std::move(value);
  } else if (name == "ldflags") {
    out.ldflags.push_back(std::move(value));
  } else {
    if (name == "buildmode") out.build_mode = value;
    out.flags.push_back(fmt::format("-{}={}", name, value));
  }
}

// The values of a flag inside GOFLAGS.
std::vector<std::string> values_in(std::string_view goflags, std::string_view name) {
  std::vector<std::string> out;
  const auto words = go_split(goflags);
  if (!words) return out;
  for (const std::string& word : *words) {
    for (const std::string_view dashes : {"-", "--"}) {
      const std::string prefix = fmt::format("{}{}=", dashes, name);
      if (word.starts_with(prefix)) out.push_back(word.substr(prefix.size()));
    }
  }
  return out;
}

// Whether flags of Go's linker have the flag `name`.
bool has_flag(std::string_view flags, std::string_view name) {
  const auto words = go_split(flags);
  return words && std::ranges::any_of(*words, [&](std::string_view word) {
           if (word.starts_with("--")) word.remove_prefix(1);
           return word.substr(0, word.find('=')) == name;
         });
}

// The name that a C library of Go for Linux or FreeBSD records for itself. Go gives none; zig then
// writes the path by which it found the library into each program that is linked with it, where
// other linkers write the name.
std::string soname(const BuildChoices& choices, std::string_view mode) {
  const std::string& name = choices.output;
  const bool elf = choices.cc.target.platform->container == Container::elf;
  const bool library = mode == "c-shared" && elf;
  const bool plain = name.find_first_of(" \t'\",") == std::string::npos;
  return library && plain && name.starts_with("lib") && name.ends_with(".so") ? name : "";
}

// "-H windowsgui" or "-H=windowsgui" among the flags of cmd/link.
bool names_gui(std::string_view flags) {
  const auto words = go_split(flags);
  if (!words) return false;
  for (std::size_t i = 0; i < words->size(); ++i) {
    std::string_view word = (*words)[i];
    if (const std::size_t at = word.find("=-");
        at != std::string_view::npos && i == 0 && !word.starts_with('-')) {
      word.remove_prefix(at + 1);  // "pattern=flags"
    }
    if (word.starts_with("--")) word.remove_prefix(1);
    if (word == "-H=windowsgui") return true;
    if (word == "-H" && i + 1 < words->size() && (*words)[i + 1] == "windowsgui") return true;
  }
  return false;
}

std::string with_ours(std::string flags, const BuildChoices& choices, std::string_view mode) {
  const auto add = [&](std::string_view flag) {
    if (!flags.empty() && !flags.ends_with('=')) flags += ' ';
    flags += flag;
  };
  // Go's own linker cannot take every object of a foreign C library (net with musl).
  const bool on_linux = !choices.cc.target.darwin();
  const bool pattern = !flags.starts_with('-') && flags.contains('=');
  const std::string plain = pattern ? flags.substr(flags.find('=') + 1) : flags;
  if (choices.cgo && on_linux && !has_flag(plain, "-linkmode")) add("-linkmode=external");
  if (const std::string name = soname(choices, mode);
      !name.empty() && !has_flag(plain, "-extldflags")) {
    add("-extldflags=-Wl,-soname," + name);
  }
  if (choices.strip_dwarf && choices.cgo && !on_linux) add("-w");
  return flags;
}

// One -ldflags for each of the user's, since "pattern=flags" holds for some packages only; the last
// that fits a package counts (cmd/go/internal/load/flag.go). Ours replace those in GOFLAGS.
std::vector<std::string> link_flags(const GoArgs& args, const BuildChoices& choices) {
  std::vector<std::string> given =
      args.ldflags.empty() ? values_in(choices.goflags, "ldflags") : args.ldflags;
  const bool patterns = !given.empty() && std::ranges::all_of(given, [](const std::string& flags) {
    return !flags.starts_with('-') && flags.contains('=');
  });
  if (given.empty() || patterns) given.insert(given.begin(), "");
  std::vector<std::string> out;
  for (std::string& flags : given) {
    std::string all = with_ours(std::move(flags), choices, build_mode_of(args, choices.goflags));
    if (!all.empty()) out.push_back("-ldflags=" + all);
  }
  return out;
}

std::vector<std::string> pkg_config(const BuildChoices& choices) {
  const std::string& root = choices.cc.sysroot;
  if (root.empty() || choices.cc.target.darwin()) {
    return {"PKG_CONFIG_LIBDIR=" + choices.pkg_config_folder,
            "PKG_CONFIG_PATH=", "PKG_CONFIG_SYSROOT_DIR"};
  }
  const std::string_view triple = choices.cc.target.platform->debian;
  std::vector<std::string> out{
      fmt::format("PKG_CONFIG_LIBDIR={0}/usr/lib/{1}/pkgconfig:{0}/usr/lib/pkgconfig:"
                  "{0}/usr/share/pkgconfig:{0}/usr/local/lib/pkgconfig",
                  root, triple),
      "PKG_CONFIG_PATH=", "PKG_CONFIG_SYSROOT_DIR=" + root};
  if (!choices.pkg_config.empty()) out.push_back("PKG_CONFIG=" + choices.pkg_config);
  return out;
}

}  // namespace

Outcome<GoArgs> split_go_args(const std::vector<std::string>& args) {
  GoArgs out;
  for (std::size_t i = 0; i < args.size(); ++i) {
    std::string_view arg = args[i];
    if (arg == "--") {
      out.rest.insert(out.rest.end(), args.begin() + static_cast<std::ptrdiff_t>(i), args.end());
      return out;
    }
    const bool dash = arg.size() > 1 && arg.front() == '-';
    if (dash) arg.remove_prefix(arg.starts_with("--") ? 2 : 1);
    const std::size_t equals = arg.find('=');
    const std::string_view name = arg.substr(0, equals);
    const bool ours = name == "json";  // both have it; what go would print is not for people
    if (dash && ours) {
      out.rest.emplace_back("--json");
      continue;
    }
    if (!dash || (!in(with_value, name) && !in(without_value, name))) {
      out.rest.push_back(args[i]);
      continue;
    }
    if (in(without_value, name)) {
      out.race = out.race || name == "race";
      out.flags.push_back("-" + std::string(arg));
    } else if (equals != std::string_view::npos) {
      take_flag(name, std::string(arg.substr(equals + 1)), out);
    } else if (i + 1 < args.size()) {
      take_flag(name, args[++i], out);
    } else {
      return std::unexpected(make_finding(Code::usage_bad_option,
                                          {{"message", fmt::format("{} needs a value", args[i])}},
                                          "tenon build"));
    }
  }
  return out;
}

std::vector<std::string> go_environment(const Target& target) {
  return {fmt::format("GOOS={}", target.platform->goos),
          fmt::format("GOARCH={}", target.platform->goarch), "CGO_ENABLED=1"};
}

std::string build_mode_of(const GoArgs& args, std::string_view goflags) {
  if (!args.build_mode.empty()) return args.build_mode;
  auto modes = values_in(goflags, "buildmode");
  return modes.empty() ? std::string() : std::move(modes.back());
}

Outcome<GoPlan> plan_go(const GoArgs& args, const BuildChoices& choices) {
  GoPlan plan;
  const Platform& platform = *choices.cc.target.platform;
  const auto cc_text = go_quote({choices.compiler_folder + "/cc"});
  const auto cxx_text = go_quote({choices.compiler_folder + "/c++"});
  if (!cc_text || !cxx_text) {
    Finding finding;
    finding.code = Code::usage_bad_option;
    finding.subject = choices.compiler_folder;
    finding.message = "a path with blanks and both kinds of quotes cannot be passed to go in CC";
    return std::unexpected(std::move(finding));
  }
  plan.environment = {
      fmt::format("GOOS={}", platform.goos), fmt::format("GOARCH={}", platform.goarch),
      choices.cgo ? "CGO_ENABLED=1" : "CGO_ENABLED=0", "CC=" + *cc_text, "CXX=" + *cxx_text,
      // Search folders of the machine must not reach a compiler for another one.
      "CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "OBJC_INCLUDE_PATH", "LIBRARY_PATH",
      "SDKROOT", "MACOSX_DEPLOYMENT_TARGET", "GCC_EXEC_PREFIX", "COMPILER_PATH"};
  if (!platform.go_setting.empty()) plan.environment.emplace_back(platform.go_setting);
  if (!choices.cc.toolchain.ar.empty()) plan.environment.push_back("AR=" + choices.cc.toolchain.ar);
  for (std::string& setting : pkg_config(choices)) plan.environment.push_back(std::move(setting));
  plan.flags = args.flags;
  const bool trimmed = std::ranges::any_of(
      args.flags, [](const std::string& flag) { return flag.starts_with("-trimpath"); });
  if (!choices.keep_paths && !trimmed) plan.flags.emplace_back("-trimpath");
  for (std::string& flags : link_flags(args, choices)) plan.flags.push_back(std::move(flags));
  plan.build_mode = build_mode_of(args, choices.goflags);
  const auto given = args.ldflags.empty() ? values_in(choices.goflags, "ldflags") : args.ldflags;
  plan.windows_gui = std::ranges::any_of(given, names_gui);
  return plan;
}

}  // namespace tenon
