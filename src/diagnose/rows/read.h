// Rows of causes from TOML text. docs/rows.md has the form.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "diagnose/rows/row.h"

namespace tenon::rows {

// What is wrong in a file of rows, for whoever wrote it.
struct RowError {
  std::string file;
  std::size_t line = 0;  // 0: the file as a whole
  std::string message;   // what is wrong, and what is allowed
};

struct Read {
  std::vector<Row> rows;
  std::vector<RowError> errors;
};

inline constexpr std::size_t most_row_text = std::size_t{1} << 20U, most_rows = 1000,
                             most_row_errors = 20;

// Files of tenon itself have fields for its catalogue, which rows of others do not know.
enum class Origin : std::uint8_t { tenon, team };

// `file` is only a name. Rows with errors are left out; errors are bounded.
[[nodiscard]] Read read_rows(std::string_view text, std::string_view file,
                             Origin origin = Origin::team);

// What only all rows together show: slugs or codes that occur twice, `hides` and `rivals` of slugs
// that there are not. `known` are the slugs and codes that exist beside the rows.
void check_rows(Read& read, std::string_view file, const std::vector<std::string_view>& known);

}  // namespace tenon::rows
