// Targets, versions and engines in the wire form (diag/wire.h): as they are typed.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "diag/wire.h"
#include "platform/target.h"
#include "platform/toolchain.h"

namespace tenon::wire {

template <>
struct TextForm<Version> {
  static std::string write(const Version& version) { return version.text(); }
  static std::optional<Version> read(std::string_view text) { return parse_version(text); }
};

// "darwin/arm64:12.0", "linux/arm64:gnu2.17"; empty for none.
template <>
struct TextForm<Target> {
  static std::string write(const Target& target) {
    if (target.platform == nullptr) return {};
    const bool dated = target.darwin() && !target.min.empty();
    return dated ? target.name() + ":" + target.min.text() : target.name();
  }

  static std::optional<Target> read(std::string_view text) {
    if (text.empty()) return Target{};
    const ParsedTarget parsed = parse_target(text);
    return parsed ? std::optional(*parsed) : std::nullopt;
  }
};

template <>
struct EnumNames<Engine> {
  static constexpr std::array values{Engine::zig, Engine::clang, Engine::apple};
  static std::string_view name(Engine value) { return engine_name(value); }
};

template <>
struct Fields<Toolchain> {
  static void visit(auto& x, auto visitor) {
    visitor("engine", x.engine);
    visitor("zig", x.zig);
    visitor("zig_version", x.zig_version);
    visitor("clang", x.clang);
    visitor("clang_version", x.clang_version);
    visitor("lld", x.lld);
    visitor("strip", x.strip);
    visitor("dsymutil", x.dsymutil);
    visitor("ar", x.ar);
    visitor("why", x.why);
  }
};

}  // namespace tenon::wire
