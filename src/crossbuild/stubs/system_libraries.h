// Maps a symbol to the macOS library that exports it. A wrong mapping fails at load time on the Mac
// ("Symbol not found ... Expected in"), so only libraries that the link names are considered, and
// only a rule that fits none of the others as well decides.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tenon {

// A library that is part of macOS, with the symbols that it exports. Install names are those that
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

struct Exporter {
  const SystemLibrary* library = nullptr;
  std::string_view rule;  // the name rule that matched
};

// Which of the libraries in `named` exports `symbol`. nullopt when no rule matches, or when two
// libraries match equally well.
[[nodiscard]] std::optional<Exporter> find_exporter(std::string_view symbol,
                                                    std::span<const NamedLibrary> named);

// Which framework declares a symbol: sorted lines "symbol<TAB>framework", as symbols.tsv of tenon's
// headers has them (a class as OBJC_CLASS_$_NAME; no leading underscore). A view; an empty one
// knows nothing.
class SymbolOwners {
 public:
  SymbolOwners() = default;
  explicit SymbolOwners(std::string_view lines) : lines_(lines) {}

  // The frameworks of a symbol as the linker spells it; most have one.
  [[nodiscard]] std::vector<std::string_view> of(std::string_view symbol) const;

 private:
  std::string_view lines_;
};

// As above, by what the headers say: the named framework that declares the symbol, else a named one
// that re-exports that framework. Where neither is named, only a rule for this very name counts: a
// rule for a family would bind the symbol to a framework that does not have it.
[[nodiscard]] std::optional<Exporter> find_exporter(std::string_view symbol,
                                                    std::span<const NamedLibrary> named,
                                                    const SymbolOwners& owners);

// Libraries that are not named but would match: for the message of a refusal.
[[nodiscard]] std::vector<const SystemLibrary*> suggest_exporters(std::string_view symbol,
                                                                  const SymbolOwners& owners = {});

}  // namespace tenon
