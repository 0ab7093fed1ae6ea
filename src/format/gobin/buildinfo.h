// Go build information: the toolchain version and the modules that the linker embeds in a program.
// Rules: src/debug/buildinfo/buildinfo.go and src/runtime/debug/mod.go of Go for both forms, with
// pointers (Go 1.13 to 1.17) and inline (1.18 and later); src/cmd/internal/buildid for build ids.
// Knows neither ELF nor Mach-O: the caller says which bytes lie at which address.
//
// Ownership: string_views borrow the bytes of the regions; unquoted settings are owned. Offsets in
// errors are file offsets.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::gobin {

// A section or segment: the bytes that it has in the file, loaded at `vaddr`.
struct Region {
  std::uint64_t vaddr = 0;
  ByteView bytes;
};

struct ModuleId {
  std::string_view path, version, sum;
};

struct Module {
  ModuleId id;
  std::optional<ModuleId> replace;
};

struct Setting {
  std::string key, value;  // "CGO_ENABLED", "1"; unquoted
};

struct BuildInfo {
  bool inline_form = false;     // false: the form with pointers, Go 1.13 to 1.17
  std::string_view go_version;  // "go1.26.8", may carry experiments behind a blank
  std::string_view path;        // package path of the main package
  std::optional<Module> main;
  std::vector<Module> deps;
  std::vector<Setting> settings;  // since Go 1.18, in file order
  // Why the module text was not read to its end; what comes before is kept.
  std::optional<Error> module_error;
};

// Looks for the magic in the given regions, in order; the pointers of the older form are followed
// in all of them, so give the section .go.buildinfo (or the first writable segment) first and then
// what else is loaded. nullopt when there is no magic, malformed when none leads to a version.
[[nodiscard]] Result<std::optional<BuildInfo>> read_build_info(
    std::span<const Region> data_regions);

// The module text alone, as printed by (*debug.BuildInfo).String, into `info`.
[[nodiscard]] Result<void> parse_module_text(ByteView text, std::size_t limit, BuildInfo& info);

// The build id that cmd/link puts at the start of the text segment of formats without notes
// (Mach-O, PE): "\xff Go build ID: \"...\"\n \xff", within the first 32 KiB.
[[nodiscard]] std::optional<std::string_view> text_build_id(ByteView text_start);

// The value of a Go string literal in " or ` quotes (strconv.Unquote); nullopt when it is none.
[[nodiscard]] std::optional<std::string> go_unquote(std::string_view literal);

}  // namespace tenon::gobin
