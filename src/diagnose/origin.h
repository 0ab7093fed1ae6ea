// Where a log was made, for what, and who speaks in it: one value, made once from the words of the
// log and from what the caller knows of the build. Causes, commands and checks ask it; each value
// has the line that shows it, or is unknown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tenon {

class Log;

// A value with what shows it; an empty one is unknown.
struct Known {
  std::string value;
  std::string evidence;  // the text of the line, or who said it
  std::size_t line = 0;  // of the log; 0: it is none

  [[nodiscard]] bool is(std::string_view text) const { return value == text; }
  [[nodiscard]] bool known() const { return !value.empty(); }
};

struct Origin {
  Known host;          // the system that the log was made on: "linux", "darwin", "windows", ...
  Known architecture;  // of that system, as Go calls it
  Known target;        // "linux/arm64", or "linux" where the log names no processor
  Known libc;          // of the target: "glibc", "musl", "mingw", "libSystem"
  Known distribution;  // of the host: "debian", "ubuntu", "fedora", "rhel", "alpine", "arch", ...
  Known release;       // of it, or of macOS: "12", "24.04"
  Known speaker;       // "compiler", "linker", "loader", "program", "go", "tool of the image", ...
  Known linkage;       // "static"
  Known engine;        // "zig"
  Known cross;         // "yes": GOOS or GOARCH is set somewhere
  Known source;        // "journal": lines of a service
  // Systems and processors that words of the log belong to, whether it was made there, for them, or
  // only names them: "darwin", "alpine", "arm64", ...
  std::vector<Known> mentioned;
};

// Whether a log is of a system ("darwin", "linux", "windows", "freebsd", "android", "alpine"),
// processor ("arm64", "amd64") or way to build ("static", "zig", "cross", "journal"): the host and
// the target decide; only where one of them is unknown do mere words count.
[[nodiscard]] bool is_of(const Origin& origin, std::string_view name);

// Of a log whose events, target and build are set.
[[nodiscard]] Origin read_origin(const Log& log);

// The distribution whose package names serve: "debian" for ubuntu. Empty where it is not known.
[[nodiscard]] std::string_view package_family(const Log& log);

}  // namespace tenon
