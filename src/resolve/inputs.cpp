#include "resolve/inputs.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"
#include "resolve/go_text.h"

namespace tenon::resolve {
namespace {

// src/internal/syslist/syslist.go.
constexpr std::array<std::string_view, 18> all_goos{
    "aix",   "android", "darwin", "dragonfly", "freebsd", "hurd",    "illumos", "ios",     "js",
    "linux", "nacl",    "netbsd", "openbsd",   "plan9",   "solaris", "wasip1",  "windows", "zos"};

}  // namespace

std::optional<unsigned> parse_go_release(std::string_view text) {
  if (text.starts_with("go")) text.remove_prefix(2);
  if (!text.starts_with("1.")) return std::nullopt;
  text.remove_prefix(2);
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto minor = parse_number(text.substr(0, digits));
  if (!minor || *minor > 999) return std::nullopt;
  const std::string_view rest = text.substr(digits);
  if (!rest.empty() && !rest.starts_with('.') && !rest.starts_with("rc") &&
      !rest.starts_with("beta") && !rest.starts_with(' ') && !rest.starts_with('-'))
    return std::nullopt;
  return static_cast<unsigned>(*minor);
}

void read_tags(std::string_view text, Build& out) {
  std::string words(text);
  std::ranges::replace(words, ',', ' ');
  for (const std::string_view tag : go_fields(words)) {
    out.netgo = out.netgo || tag == "netgo";
    out.netcgo = out.netcgo || tag == "netcgo";
  }
  out.tags_known = true;
}

bool known_goos(std::string_view goos) {
  return std::ranges::find(all_goos, goos) != all_goos.end();
}

bool libc_compiled_in(const Build& build) {
  const std::string_view goos = build.goos;
  if (goos == "windows" || goos == "plan9") return true;
  if (goos == "js" || goos == "wasip1") return false;
  if (build.netgo) return false;
  return build.cgo || goos == "darwin" || goos == "ios";
}

}  // namespace tenon::resolve
