// The names of symbols, each kept once: an index of hundreds of libraries compares numbers.
//
// Ownership: names are copied into the table, and views of them are valid as long as it lives. A
// number is the place of a name in the order in which the names came; it never changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/lifetime.h"

namespace tenon::link {

using SymbolId = std::uint32_t;

class SymbolNames {
 public:
  [[nodiscard]] SymbolId intern(std::string_view name);
  [[nodiscard]] std::optional<SymbolId> find(std::string_view name) const;
  [[nodiscard]] std::string_view text(SymbolId id) const TENON_LIFETIMEBOUND {
    return id < names_.size() ? names_[id] : std::string_view();
  }
  [[nodiscard]] std::size_t size() const { return names_.size(); }
  // Makes room for so many more names.
  void reserve(std::size_t count);

 private:
  [[nodiscard]] std::size_t slot_of(std::string_view name, std::uint32_t hash) const;
  void grow(std::size_t slots);
  [[nodiscard]] std::string_view keep(std::string_view name);

  std::vector<std::string_view> names_;
  std::vector<std::uint32_t> hashes_;  // of each name, so that growing reads no text
  std::vector<std::uint32_t> slots_;   // number of a name and 1; 0: free
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t left_ = 0;  // of the last block
  char* at_ = nullptr;
};

}  // namespace tenon::link
