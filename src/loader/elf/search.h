// Run paths as glibc takes them apart: tokens, empty elements, trailing slashes, duplicates.
// Rules: glibc elf/dl-load.c, fillin_rpath, is_dst and _dl_dst_substitute.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::loader {

struct Tokens {
  std::optional<std::string> origin;  // nullopt: not known, which makes an element vanish
  std::string lib;                    // "lib/aarch64-linux-gnu"
  std::string platform;               // "aarch64"
  // In secure execution $ORIGIN of the program stands only at the start, and leads into one of
  // these.
  const std::vector<std::string>* trusted = nullptr;
};

// Replaces $ORIGIN, $LIB and $PLATFORM, bare or in braces. nullopt: a token has no value, and the
// loader drops the whole text. Results above 64 KiB are dropped too.
[[nodiscard]] std::optional<std::string> expand_tokens(std::string_view text, const Tokens& tokens);

[[nodiscard]] bool has_tokens(std::string_view text);

// The directories in a path list, each with a slash at its end; "" is the working directory. Each
// of `separators` separates. Without duplicates. At most 100,000.
[[nodiscard]] std::vector<std::string> split_search_path(std::string_view list,
                                                         std::string_view separators,
                                                         const Tokens& tokens);

// Subdirectories that glibc tries in front of each directory, in its order, each with a slash at
// its end: "glibc-hwcaps/x86-64-v3/", then, before glibc 2.37, all combinations of the legacy
// names.
[[nodiscard]] std::vector<std::string> capability_folders(const std::vector<std::string>& hwcaps,
                                                          const std::vector<std::string>& legacy);

}  // namespace tenon::loader
