// Settings of the environment, and how a value joins one that is there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tenon {

struct EnvSetting {
  std::string name;
  std::optional<std::string> value;  // nothing: unset

  friend bool operator==(const EnvSetting&, const EnvSetting&) = default;
};

using Environment = std::vector<EnvSetting>;

// Later settings of a name stand for earlier ones.
void set(Environment& environment, EnvSetting setting);
[[nodiscard]] const EnvSetting* find(const Environment& environment, std::string_view name);

enum class Join : std::uint8_t {
  replaces,
  words,         // behind it, with a blank: CGO_CFLAGS
  flags,         // GOFLAGS: each flag of go once, see below
  folders,       // before it, with a colon: PKG_CONFIG_PATH
  alternatives,  // behind it, with a bar: CGO_CFLAGS_ALLOW
  list,          // behind it, with a comma: GODEBUG
};

[[nodiscard]] Join join_of(std::string_view name);
[[nodiscard]] bool is_list_of_words(Join join);
// What is there already is not added again. Of two flags of go with one name the last counts. So
// -mod=mod takes the place of -mod=vendor; the lists of -tags, and the words of -ldflags, -gcflags
// and -asmflags, join.
[[nodiscard]] std::string joined(Join join, std::string_view before, std::string_view value);

}  // namespace tenon
