// Causes that a team keeps in files of its own, in the form of docs/rows.md.
#pragma once

#include <deque>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diag/catalog.h"
#include "diagnose/rows/read.h"

namespace tenon {

// Owns the rows and the texts that its causes view.
class TeamCauses {
 public:
  // Of files: their names and what is in them.
  using Files = std::vector<std::pair<std::string, std::string>>;
  using Made = std::expected<std::unique_ptr<TeamCauses>, std::vector<rows::RowError>>;
  [[nodiscard]] static Made read(const Files& files);

  // Rows and causes at the same index.
  [[nodiscard]] const std::vector<rows::Row>& rows() const { return rows_; }
  [[nodiscard]] const std::deque<Cause>& causes() const { return causes_; }
  // By code or slug; nullptr when there is none.
  [[nodiscard]] const Cause* find(std::string_view code_or_slug) const;

 private:
  void add_causes();
  [[nodiscard]] CommandText command_of(const std::vector<std::string>& words);

  std::vector<rows::Row> rows_;
  std::deque<Cause> causes_;
  std::deque<std::vector<std::string_view>> words_;
  std::deque<std::vector<CommandText>> commands_;
  std::deque<std::vector<Code>> rivals_;
};

}  // namespace tenon
