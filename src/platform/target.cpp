#include "platform/target.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "platform/platforms.h"
#include "platform/version_number.h"

namespace tenon {
namespace {

constexpr Version default_glibc{2, 28, 0};
constexpr Version newest_glibc{2, 42, 0};

std::unexpected<TargetError> wrong(std::string message, std::string_view close = {}) {
  return std::unexpected(TargetError{std::move(message), std::string(close)});
}

ParsedTarget parse_darwin(Target target, std::string_view suffix) {
  target.libc = Libc::apple;
  if (suffix.empty()) return target;
  const auto version = parse_version(suffix);
  if (!version || version->major < 10) {
    return wrong(fmt::format("'{}' is not a macOS version such as 12.0", suffix));
  }
  target.min = *version;
  return target;
}

// Every Windows that Go runs on has the C library of one name, UCRT.
ParsedTarget parse_windows(Target target, std::string_view suffix) {
  target.libc = Libc::ucrt;
  if (suffix.empty()) return target;
  return wrong(
      fmt::format("'{}' chooses nothing: programs for Windows use its own C library (UCRT)",
                  suffix),
      target.platform->name);
}

ParsedTarget parse_freebsd(Target target, std::string_view suffix) {
  target.libc = Libc::freebsd;
  target.min = target.platform->oldest_system;
  if (suffix.empty()) return target;
  return wrong(fmt::format("'{}' chooses nothing: zig has the C library of FreeBSD {} alone",
                           suffix, target.min.text()),
               target.platform->name);
}

// What an engine has no C library for.
ParsedTarget no_libc(const Target& target, std::string_view libc, std::string_view instead) {
  return wrong(fmt::format("zig has no {} for {}; {}:{} works", libc, target.platform->name,
                           target.platform->name, instead),
               fmt::format("{}:{}", target.platform->name, instead));
}

ParsedTarget parse_linux(Target target, std::string_view suffix) {
  const bool no_musl = target.platform->musl_abi.empty();
  if (no_musl && suffix == "musl") return no_libc(target, "musl", "gnu");
  if (no_musl && suffix.empty()) suffix = "gnu";
  if (suffix.empty() || suffix == "musl") return target;
  if (!suffix.starts_with("gnu")) {
    return wrong(fmt::format("'{}' is not a C library: musl, gnu or gnu2.17", suffix),
                 nearest(suffix, {"musl", "gnu"}));
  }
  if (target.platform->gnu_abi.empty()) return no_libc(target, "glibc", "musl");
  target.libc = Libc::glibc;
  suffix.remove_prefix(3);
  if (suffix.starts_with('.')) suffix.remove_prefix(1);
  if (suffix.empty()) {
    target.min = std::max(default_glibc, target.platform->oldest_glibc);
    return target;
  }
  const auto version = parse_version(suffix);
  if (!version) return wrong(fmt::format("'{}' is not a glibc version such as 2.17", suffix));
  if (version->major != 2 || *version > newest_glibc) {
    return wrong(
        fmt::format("glibc {} is not known: {} is the newest", suffix, newest_glibc.text()),
        fmt::format("{}:gnu{}", target.platform->name, newest_glibc.text()));
  }
  if (*version < target.platform->oldest_glibc) {
    return wrong(fmt::format("{} has no glibc older than {}", target.platform->name,
                             target.platform->oldest_glibc.text()));
  }
  target.min = *version;
  return target;
}

// A name that no target has.
std::unexpected<TargetError> no_target(std::string_view name) {
  std::vector<std::string_view> names{"darwin/universal"};
  std::string_view of_system;
  for (const Platform& platform : platforms()) {
    if (!platform.builds) continue;
    names.push_back(platform.name);
    // The first row of a system is its most usual one, but Macs are arm64 now.
    const bool better = of_system.empty() || platform.apple_arch == "arm64";
    if (platform.goos == name && better) of_system = platform.name;
  }
  if (!of_system.empty()) {
    return wrong(fmt::format("'{}' is a system without a processor", name), of_system);
  }
  return wrong(fmt::format("'{}' is not a target that tenon builds for", name),
               nearest(name, names));
}

}  // namespace

std::string Target::name() const {
  const std::string_view base = universal ? std::string_view("darwin/universal") : platform->name;
  switch (libc) {
    case Libc::apple:
    case Libc::freebsd:
    case Libc::ucrt: return std::string(base);
    case Libc::musl: return fmt::format("{}:musl", base);
    case Libc::glibc: return fmt::format("{}:gnu{}", base, min.text());
  }
  return std::string(base);
}

std::string Target::slug() const {
  std::string out = name();
  for (char& c : out) {
    if (c == '/' || c == ':') c = '-';
  }
  return out;
}

std::string Target::zig_triple() const {
  switch (libc) {
    case Libc::apple: return fmt::format("{}-macos.{}", platform->zig_arch, min.text());
    case Libc::musl: return fmt::format("{}-linux-{}", platform->zig_arch, platform->musl_abi);
    case Libc::glibc:
      return fmt::format("{}-linux-{}.{}", platform->zig_arch, platform->gnu_abi, min.text());
    case Libc::freebsd: return fmt::format("{}-freebsd.{}", platform->zig_arch, min.text());
    case Libc::ucrt: return fmt::format("{}-windows-gnu", platform->zig_arch);
  }
  return {};
}

std::vector<std::string> Target::zig_flags() const {
  std::vector<std::string> out{"-target", zig_triple()};
  if (!platform->zig_cpu.empty()) out.push_back(fmt::format("-mcpu={}", platform->zig_cpu));
  return out;
}

std::string Target::clang_triple() const {
  switch (libc) {
    case Libc::apple: return fmt::format("{}-apple-macos{}", platform->apple_arch, min.text());
    case Libc::musl: return fmt::format("{}-linux-{}", platform->llvm_arch, platform->musl_abi);
    case Libc::glibc: return fmt::format("{}-linux-{}", platform->llvm_arch, platform->gnu_abi);
    case Libc::freebsd: return fmt::format("{}-unknown-freebsd{}", platform->llvm_arch, min.text());
    case Libc::ucrt: return fmt::format("{}-w64-windows-gnu", platform->llvm_arch);
  }
  return {};
}

ParsedTarget parse_target(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const std::string_view suffix =
      colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  if (colon != std::string_view::npos && suffix.empty()) {
    return wrong(fmt::format("nothing follows the ':' in '{}'", text), name);
  }
  Target target;
  target.universal = name == "darwin/universal";
  target.platform = find_platform(target.universal ? std::string_view("darwin/arm64") : name);
  if (target.platform != nullptr && !target.platform->no_engine.empty()) {
    return wrong(fmt::format("no engine builds for {}: {}", name, target.platform->no_engine),
                 target.platform->nearest);
  }
  if (target.platform == nullptr || !target.platform->builds) return no_target(name);
  switch (target.platform->container) {
    case Container::macho: return parse_darwin(target, suffix);
    case Container::pe: return parse_windows(target, suffix);
    default:
      return target.platform->goos == "freebsd" ? parse_freebsd(target, suffix)
                                                : parse_linux(target, suffix);
  }
}

std::string usual_glibc(const Target& target) {
  const Version version = std::max(default_glibc, target.platform->oldest_glibc);
  return fmt::format("{}:gnu{}", target.platform->name, version.text());
}

std::vector<std::string> target_names() {
  std::vector<std::string> names;
  for (const Platform& platform : platforms()) {
    if (!platform.builds) continue;
    if (platform.musl_abi.empty() && platform.gnu_abi.empty()) {
      names.emplace_back(platform.name);
      continue;
    }
    if (!platform.musl_abi.empty()) names.push_back(fmt::format("{}:musl", platform.name));
    if (!platform.gnu_abi.empty()) {
      const Version glibc = std::max(Version{2, 17, 0}, platform.oldest_glibc);
      names.push_back(fmt::format("{}:gnu{}", platform.name, glibc.text()));
    }
  }
  names.emplace_back("darwin/universal");
  return names;
}

}  // namespace tenon
