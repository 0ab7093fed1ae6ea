// From options and environment to the settings of a search.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "link/pc/repository.h"
#include "link/pc/settings.h"
#include "link/query/request.h"

namespace tenon::pc {

// What a machine or a target has built in: where modules are, which directories the compiler and
// the linker search anyway. The file format of pkgconf's --personality.
struct Personality {
  std::string name = "default";
  std::optional<std::string> sysroot;
  std::vector<std::string> folders;
  std::vector<std::string> system_include;
  std::vector<std::string> system_lib;
  bool pure = false;
  bool link_static = false;
};

[[nodiscard]] Personality parse_personality(std::string_view text);
// By the path of its file, or by a triplet in the directories for personalities. Nothing for a name
// that cannot be a triplet; `standard` when there is no file.
[[nodiscard]] std::optional<Personality> find_personality(const std::string& name,
                                                          const Environment& environment,
                                                          const Personality& standard,
                                                          Files& files);

// Of a Linux with Debian's directories for `triplet`, or of macOS with Homebrew.
[[nodiscard]] Personality linux_personality(std::string_view triplet);
[[nodiscard]] Personality macos_personality();

struct Prepared {
  Settings settings;
  Wants wants;  // with those that the environment asks for
  // Requires.private edges are followed, as for Cflags.
  bool search_private = false;
  std::size_t most_modules = 0;  // 0: any number
  std::string warning;           // about the environment, for standard error
};

[[nodiscard]] Prepared prepare(const Request& request, const Environment& environment,
                               const Personality& personality);

// The parts between colons that are not empty.
[[nodiscard]] std::vector<std::string> split_path(std::string_view text);
[[nodiscard]] std::string join_path_list(const std::vector<std::string>& parts, char separator);

// Whether the user's text is UTF-8: LC_ALL, LC_CTYPE, LANG.
[[nodiscard]] bool is_utf8(const Environment& environment);

}  // namespace tenon::pc
