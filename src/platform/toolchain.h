// The compilers and linkers that a build uses.
#pragma once

#include <string>
#include <string_view>

#include "platform/target.h"

namespace tenon {

enum class Engine {
  zig,    // zig compiles and links
  clang,  // clang compiles, ld64.lld links (darwin) or lld through clang (linux with a sysroot)
  apple,  // Apple's clang and ld on a Mac
};

[[nodiscard]] constexpr std::string_view engine_name(Engine engine) {
  switch (engine) {
    case Engine::zig: return "zig";
    case Engine::clang: return "clang";
    case Engine::apple: return "apple";
  }
  return "zig";
}

struct Toolchain {
  Engine engine = Engine::zig;
  std::string zig;  // path of the zig program; also the clang engine takes darwin headers from it
  Version zig_version;
  std::string clang;  // path of clang, or of Apple's clang
  Version clang_version;
  std::string lld;    // path of ld64.lld, empty when absent
  std::string strip;  // a strip that reads Mach-O, empty when absent
  std::string dsymutil;
  std::string ar;
  std::string why;  // how the engine was chosen, for the report

  // "zig 0.15.2", "clang 19.1.7 + lld".
  [[nodiscard]] std::string describe() const {
    switch (engine) {
      case Engine::zig: return "zig " + zig_version.text();
      case Engine::clang: return "clang " + clang_version.text() + " + lld";
      case Engine::apple: return "Apple clang " + clang_version.text();
    }
    return {};
  }
};

}  // namespace tenon
