// A build target: what Go, the C compilers and the loaders call the same thing.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tenon {

enum class Container { elf, macho };
enum class Libc { apple, musl, glibc };

// A dotted version such as macOS 12.0 or glibc 2.17. Missing parts are 0.
struct Version {
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
  std::uint32_t patch = 0;

  auto operator<=>(const Version&) const = default;

  [[nodiscard]] bool empty() const { return major == 0 && minor == 0 && patch == 0; }

  // "12.0", "2.17", "11.7.1": always two parts, the third when it is not 0.
  [[nodiscard]] std::string text() const;
};

// "12", "12.0", "2.17", "11.7.1"; nullopt for anything else.
[[nodiscard]] std::optional<Version> parse_version(std::string_view text);

// One platform that can be built for: a row of a table, one file a platform in model/targets/.
struct Platform {
  std::string_view name;  // "darwin/arm64", "linux/arm64"
  std::string_view goos;
  std::string_view goarch;
  Container container;
  std::uint32_t macho_cpu;        // CPU type, <mach/machine.h>; 0 for ELF
  std::uint16_t elf_machine;      // e_machine; 0 for Mach-O
  std::string_view llvm_arch;     // "aarch64", "x86_64"
  std::string_view apple_arch;    // "arm64", "x86_64"; empty off Apple's systems
  std::string_view debian;        // multiarch triple; empty off Linux
  std::string_view glibc_loader;  // PT_INTERP of a glibc program
  std::string_view musl_loader;   // PT_INTERP of a dynamic musl program
  std::string_view qemu;          // program of qemu-user that runs it
  Version oldest_glibc;           // first glibc with this architecture
};

[[nodiscard]] std::span<const Platform> platforms();

// A platform and the choices made for it.
struct Target {
  const Platform* platform = nullptr;
  Libc libc = Libc::musl;
  Version min;  // macOS deployment target, or glibc version; empty for musl and when not given
  bool universal = false;  // darwin/universal: this is the arm64 half, the other is darwin/amd64

  [[nodiscard]] bool darwin() const { return platform->container == Container::macho; }

  // As it is typed and printed: "darwin/arm64", "linux/arm64:musl", "linux/arm64:gnu2.17".
  [[nodiscard]] std::string name() const;
  // As a folder name: "darwin-arm64", "linux-arm64-musl", "linux-arm64-gnu2.17".
  [[nodiscard]] std::string slug() const;
  // The triple for zig, with the version: "aarch64-macos.12.0", "aarch64-linux-gnu.2.17".
  [[nodiscard]] std::string zig_triple() const;
  // The triple for clang: "arm64-apple-macos12.0", "aarch64-linux-gnu".
  [[nodiscard]] std::string clang_triple() const;
};

// What a target's text may be wrong about.
struct TargetError {
  std::string message;
  std::string nearest;  // a spelling that exists, or empty
};

struct ParsedTarget {
  std::optional<Target> target;
  TargetError error;
};

// "darwin/arm64[:12.0]", "darwin/universal", "linux/arm64[:musl|:gnu[2.17]]". Linux without a
// suffix is musl, which needs nothing of the machine that it runs on.
[[nodiscard]] ParsedTarget parse_target(std::string_view text);

// Every spelling that parse_target takes, for messages and completions.
[[nodiscard]] std::vector<std::string> target_names();

}  // namespace tenon
