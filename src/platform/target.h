// A build target: what Go, the C compilers and the loaders call the same thing.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "platform/platforms.h"
#include "platform/version_number.h"

namespace tenon {

enum class Libc {
  apple,
  musl,
  glibc,
  freebsd,
  ucrt,  // of Windows, through MinGW-w64's headers and import libraries
};

// A platform and the choices made for it.
struct Target {
  const Platform* platform = nullptr;
  Libc libc = Libc::musl;
  Version min;  // macOS deployment target, or glibc version; empty for musl and when not given
  bool universal = false;  // darwin/universal: this is the arm64 half, the other is darwin/amd64

  [[nodiscard]] bool darwin() const { return platform->container == Container::macho; }

  [[nodiscard]] bool freebsd() const { return libc == Libc::freebsd; }

  [[nodiscard]] bool windows() const { return platform->container == Container::pe; }

  // As it is typed and printed: "darwin/arm64", "linux/arm64:musl", "linux/arm64:gnu2.17".
  [[nodiscard]] std::string name() const;
  // As a folder name: "darwin-arm64", "linux-arm64-musl", "linux-arm64-gnu2.17".
  [[nodiscard]] std::string slug() const;
  // The triple for zig, with the version: "aarch64-macos.12.0", "aarch64-linux-gnu.2.17".
  [[nodiscard]] std::string zig_triple() const;
  // What chooses it on zig's command line: "-target", the triple and, where zig's default is
  // another processor, "-mcpu=...".
  [[nodiscard]] std::vector<std::string> zig_flags() const;
  // The triple for clang: "arm64-apple-macos12.0", "aarch64-linux-gnu".
  [[nodiscard]] std::string clang_triple() const;
};

// What a target's text may be wrong about.
struct TargetError {
  std::string message;
  std::string nearest;  // a spelling that exists, or empty
};

using ParsedTarget = std::expected<Target, TargetError>;

// "darwin/arm64[:12.0]", "darwin/universal", "linux/arm64[:musl|:gnu[2.17]]", "linux/arm/v7",
// "windows/amd64", "freebsd/arm64". Linux without a suffix is musl, which needs nothing of the
// machine that it runs on.
[[nodiscard]] ParsedTarget parse_target(std::string_view text);

// The same platform with glibc of a usual age: "linux/arm64:gnu2.28".
[[nodiscard]] std::string usual_glibc(const Target& target);

// Every spelling that parse_target takes, for messages and completions.
[[nodiscard]] std::vector<std::string> target_names();

}  // namespace tenon
