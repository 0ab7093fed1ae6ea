// What a project says of its own builds: [build] of `.tenon.toml` at the module root, or the file
// of --targets-file. Pure.
//
// The file comes with a repository, often a stranger's, and is read before anything is asked. So it
// holds values and no programs: keys are a closed list, flags of Go's linker are those that name
// neither a program nor a file, and outputs lie inside of the module. What is left out on purpose
// is refused with the reason (docs/build.md).
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "platform/target.h"

namespace tenon {

struct ProjectSetting {
  std::string key;                  // "tags"
  std::string target;               // of [[build.target]]: Target::name(); empty: of all
  std::vector<std::string> values;  // one, unless the key takes a list; "true" or "false"
  std::size_t line = 0;
};

struct ProjectFile {
  std::vector<ProjectSetting> settings;

  [[nodiscard]] const ProjectSetting* find(std::string_view key, std::string_view target) const;
  // Names of the targets that have a table, in their order.
  [[nodiscard]] std::vector<std::string> tables() const;
};

struct ProjectFileError {
  std::size_t line = 0, column = 0;  // 0: the file as a whole
  std::string message;               // what is wrong, and what is allowed
};

inline constexpr std::size_t most_project_text = std::size_t{256} << 10U;

// The error is the first that was found.
[[nodiscard]] std::expected<ProjectFile, ProjectFileError> read_project_file(std::string_view text);

}  // namespace tenon
