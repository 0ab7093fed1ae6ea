#include "engine/gobuild/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

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
    out.ldflags = std::move(value);
  } else {
    if (name == "buildmode") out.build_mode = value;
    out.flags.push_back(fmt::format("-{}={}", name, value));
  }
}

// The -ldflags inside GOFLAGS, which ours on the command line would replace.
std::string ldflags_of(std::string_view goflags) {
  const auto words = go_split(goflags);
  if (!words) return {};
  for (const std::string& word : *words) {
    for (const std::string_view prefix : {"-ldflags=", "--ldflags="}) {
      if (word.starts_with(prefix)) return word.substr(prefix.size());
    }
  }
  return {};
}

std::string link_flags(const GoArgs& args, const BuildChoices& choices) {
  std::string flags = args.ldflags.empty() ? ldflags_of(choices.goflags) : args.ldflags;
  const auto add = [&](std::string_view flag) {
    if (!flags.empty()) flags += ' ';
    flags += flag;
  };
  // Go's own linker cannot take every object of a foreign C library (net with musl).
  const bool on_linux = !choices.cc.target.darwin();
  if (choices.cgo && on_linux && !flags.contains("-linkmode")) add("-linkmode=external");
  if (choices.strip_dwarf && choices.cgo && !on_linux) add("-w");
  return flags;
}

std::vector<std::string> pkg_config(const BuildChoices& choices) {
  const std::string& root = choices.cc.sysroot;
  if (root.empty()) {
    return {"PKG_CONFIG_LIBDIR=" + choices.pkg_config_folder,
            "PKG_CONFIG_PATH=", "PKG_CONFIG_SYSROOT_DIR"};
  }
  const std::string_view triple = choices.cc.target.platform->debian;
  return {fmt::format("PKG_CONFIG_LIBDIR={0}/usr/lib/{1}/pkgconfig:{0}/usr/lib/pkgconfig:"
                      "{0}/usr/share/pkgconfig:{0}/usr/local/lib/pkgconfig",
                      root, triple),
          "PKG_CONFIG_PATH=", "PKG_CONFIG_SYSROOT_DIR=" + root};
}

}  // namespace

SplitGoArgs split_go_args(const std::vector<std::string>& args) {
  SplitGoArgs out;
  for (std::size_t i = 0; i < args.size(); ++i) {
    std::string_view arg = args[i];
    if (arg == "--") {
      out.args.rest.insert(out.args.rest.end(), args.begin() + static_cast<std::ptrdiff_t>(i),
                           args.end());
      return out;
    }
    const bool dash = arg.size() > 1 && arg.front() == '-';
    if (dash) arg.remove_prefix(arg.starts_with("--") ? 2 : 1);
    const std::size_t equals = arg.find('=');
    const std::string_view name = arg.substr(0, equals);
    const bool ours = args[i] == "--json";  // both have it; with two dashes it is tenon's
    if (!dash || ours || (!in(with_value, name) && !in(without_value, name))) {
      out.args.rest.push_back(args[i]);
      continue;
    }
    if (in(without_value, name)) {
      out.args.race = out.args.race || name == "race";
      out.args.flags.push_back("-" + std::string(arg));
    } else if (equals != std::string_view::npos) {
      take_flag(name, std::string(arg.substr(equals + 1)), out.args);
    } else if (i + 1 < args.size()) {
      take_flag(name, args[++i], out.args);
    } else {
      out.error = fmt::format("{} needs a value", args[i]);
    }
  }
  return out;
}

Outcome<GoPlan> plan_go(const GoArgs& args, const BuildChoices& choices) {
  GoPlan plan;
  const Platform& platform = *choices.cc.target.platform;
  const auto cc_text = go_quote({choices.compiler_folder + "/cc"});
  const auto cxx_text = go_quote({choices.compiler_folder + "/c++"});
  if (!cc_text || !cxx_text) {
    Finding finding;
    finding.code = "TN0101";
    finding.subject = choices.compiler_folder;
    finding.message = "a path with blanks and both kinds of quotes cannot be handed to go in CC";
    return std::unexpected(std::move(finding));
  }
  plan.environment = {
      fmt::format("GOOS={}", platform.goos), fmt::format("GOARCH={}", platform.goarch),
      choices.cgo ? "CGO_ENABLED=1" : "CGO_ENABLED=0", "CC=" + *cc_text, "CXX=" + *cxx_text,
      // Search folders of the machine must not reach a compiler for another one.
      "CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "OBJC_INCLUDE_PATH", "LIBRARY_PATH",
      "SDKROOT", "MACOSX_DEPLOYMENT_TARGET", "GCC_EXEC_PREFIX", "COMPILER_PATH"};
  if (!choices.cc.toolchain.ar.empty()) plan.environment.push_back("AR=" + choices.cc.toolchain.ar);
  for (std::string& setting : pkg_config(choices)) plan.environment.push_back(std::move(setting));
  plan.flags = args.flags;
  const bool trimmed = std::ranges::any_of(
      args.flags, [](const std::string& flag) { return flag.starts_with("-trimpath"); });
  if (!choices.keep_paths && !trimmed) plan.flags.emplace_back("-trimpath");
  const std::string ldflags = link_flags(args, choices);
  if (!ldflags.empty()) plan.flags.push_back("-ldflags=" + ldflags);
  return plan;
}

}  // namespace tenon
