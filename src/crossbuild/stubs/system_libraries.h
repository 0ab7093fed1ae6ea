// Which library of macOS is the home of a symbol. A wrong home is a start-up failure on the Mac
// ("Symbol not found ... Expected in"), so a symbol gets one only from a library that the link
// names, and only by a rule that fits no other named library as well.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tenon {

// A library that is part of macOS, with the names that live in it. Install names are those that
// shipped binaries record; name rules are the naming conventions of Apple's public headers.
struct SystemLibrary {
  std::string_view name;  // "CoreFoundation", "z"
  bool framework;
  std::string_view install_name;
  // Symbols as the linker spells them; a trailing '*' matches any rest. Separated by blanks.
  std::string_view symbols;
  // Other rows whose symbols this library re-exports, separated by blanks.
  std::string_view reexports;
};

[[nodiscard]] std::span<const SystemLibrary> system_libraries();
[[nodiscard]] const SystemLibrary* find_system_library(std::string_view name, bool framework);

// A library named by the link.
struct NamedLibrary {
  std::string name;
  bool framework = false;
  bool weak = false;

  auto operator<=>(const NamedLibrary&) const = default;
};

struct Home {
  const SystemLibrary* library = nullptr;
  std::string_view rule;  // the name rule that fitted
};

// The home of `symbol` among `named`. nullopt when no rule fits, or when two fit equally well.
[[nodiscard]] std::optional<Home> find_home(std::string_view symbol,
                                            std::span<const NamedLibrary> named);

// Libraries that are not named but would fit: for the message of a refusal.
[[nodiscard]] std::vector<const SystemLibrary*> suggest_homes(std::string_view symbol);

}  // namespace tenon
