#include "platform/target.h"

#include <fmt/format.h>

#include "base/text.h"
#include "platform/targets/all.h"

namespace tenon {
namespace {

constexpr Version default_glibc{2, 28, 0};
constexpr Version newest_glibc{2, 42, 0};

ParsedTarget wrong(std::string message, std::string_view close = {}) {
  return {std::nullopt, {std::move(message), std::string(close)}};
}

ParsedTarget parse_darwin(Target target, std::string_view suffix) {
  target.libc = Libc::apple;
  if (suffix.empty()) return {target, {}};
  const auto version = parse_version(suffix);
  if (!version || version->major < 10) {
    return wrong(fmt::format("'{}' is not a macOS version such as 12.0", suffix));
  }
  target.min = *version;
  return {target, {}};
}

ParsedTarget parse_linux(Target target, std::string_view suffix) {
  if (suffix.empty() || suffix == "musl") return {target, {}};
  if (!suffix.starts_with("gnu")) {
    return wrong(fmt::format("'{}' is not a C library: musl, gnu or gnu2.17", suffix),
                 nearest(suffix, {"musl", "gnu"}));
  }
  target.libc = Libc::glibc;
  suffix.remove_prefix(3);
  if (suffix.starts_with('.')) suffix.remove_prefix(1);
  if (suffix.empty()) {
    target.min = default_glibc;
    return {target, {}};
  }
  const auto version = parse_version(suffix);
  if (!version || version->major != 2 || *version > newest_glibc) {
    return wrong(fmt::format("'{}' is not a glibc version such as 2.17", suffix));
  }
  if (*version < target.platform->oldest_glibc) {
    return wrong(fmt::format("{} has no glibc older than {}", target.platform->name,
                             target.platform->oldest_glibc.text()));
  }
  target.min = *version;
  return {target, {}};
}

}  // namespace

std::string Version::text() const {
  if (patch != 0) return fmt::format("{}.{}.{}", major, minor, patch);
  return fmt::format("{}.{}", major, minor);
}

std::optional<Version> parse_version(std::string_view text) {
  const auto parts = split(text, '.');
  if (parts.size() > 3) return std::nullopt;
  std::uint32_t numbers[3] = {0, 0, 0};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto number = parse_number(parts[i]);
    if (!number || *number > 0xffff) return std::nullopt;
    numbers[i] = static_cast<std::uint32_t>(*number);
  }
  return Version{numbers[0], numbers[1], numbers[2]};
}

std::span<const Platform> platforms() { return all_platforms; }

std::string Target::name() const {
  const std::string_view base = universal ? std::string_view("darwin/universal") : platform->name;
  switch (libc) {
    case Libc::apple: return std::string(base);
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
    case Libc::apple: return fmt::format("{}-macos.{}", platform->llvm_arch, min.text());
    case Libc::musl: return fmt::format("{}-linux-musl", platform->llvm_arch);
    case Libc::glibc: return fmt::format("{}-linux-gnu.{}", platform->llvm_arch, min.text());
  }
  return {};
}

std::string Target::clang_triple() const {
  switch (libc) {
    case Libc::apple: return fmt::format("{}-apple-macos{}", platform->apple_arch, min.text());
    case Libc::musl: return fmt::format("{}-linux-musl", platform->llvm_arch);
    case Libc::glibc: return fmt::format("{}-linux-gnu", platform->llvm_arch);
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
  const std::string_view wanted = target.universal ? std::string_view("darwin/arm64") : name;
  std::vector<std::string_view> names{"darwin/universal"};
  for (const Platform& platform : platforms()) {
    if (platform.name == wanted) target.platform = &platform;
    names.push_back(platform.name);
  }
  if (target.platform == nullptr) {
    return wrong(fmt::format("'{}' is not a target that tenon builds for", name),
                 nearest(name, names));
  }
  return target.darwin() ? parse_darwin(target, suffix) : parse_linux(target, suffix);
}

std::vector<std::string> target_names() {
  std::vector<std::string> names;
  for (const Platform& platform : platforms()) {
    if (platform.container == Container::macho) {
      names.emplace_back(platform.name);
    } else {
      names.push_back(fmt::format("{}:musl", platform.name));
      names.push_back(fmt::format("{}:gnu2.17", platform.name));
    }
  }
  names.emplace_back("darwin/universal");
  return names;
}

}  // namespace tenon
