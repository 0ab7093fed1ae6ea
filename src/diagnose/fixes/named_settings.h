// Settings of the machine that the lines of a failure name.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diagnose/failures/failure_class.h"
#include "diagnose/failures/failures.h"
#include "diagnose/log.h"

namespace tenon {

// A setting of go or of its tools, and where somebody set it.
struct MachineSetting {
  enum class Place : std::uint8_t { environment, file };  // the file of `go env -w`
  std::string name, value;
  Place place = Place::environment;
};

struct NamedSetting {
  std::string name;
  std::optional<std::string> left;  // the words that nothing names; nothing: all of it goes
};

// Its first line, and all that are its own or follow from it.
[[nodiscard]] std::string lines_of(const Failure& failure, const Log& log);

// Those whose name, value or word a line of the failure has. Never the target of a build (GOOS and
// its like), nor whether C is compiled at all: what is green without them is another build.
[[nodiscard]] std::vector<NamedSetting> named_settings(const Failure& failure, const Log& log,
                                                       std::span<const MachineSetting> settings);

// Whether compilers, linkers, pkg-config or the loader may have failed.
[[nodiscard]] bool is_of_c_tools(FailureClass kind);

// Those that say where tools look for their parts, headers and libraries, where a tool that looks
// there failed: without a word of theirs in the log, as a compiler that finds no linker has none.
// Of lists of flags the words that do so (-B, -L, --sysroot and the like) alone.
[[nodiscard]] std::vector<NamedSetting> lookup_settings(const Failure& failure,
                                                        std::span<const MachineSetting> settings);

// One setting against the text of a failure.
[[nodiscard]] std::optional<NamedSetting> named_setting(std::string_view text,
                                                        const MachineSetting& setting);

}  // namespace tenon
