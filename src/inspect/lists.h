// The long answers of inspect, a line a row: text for people, or one JSON object a line. Pure: rows
// go to a sink as they are made, since a symbol table is tens of megabytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "base/shown.h"
#include "inspect/tables.h"

namespace tenon {

enum class ListKind : std::uint8_t { symbols, imports, exports, sections, cgo, abi, size };

struct ListStyle {
  bool json = false;
  bool demangle = false;
};

// Passes text on in large pieces, the last one when it is destroyed.
class ListOutput {
 public:
  using Sink = std::function<void(std::string_view)>;

  explicit ListOutput(Sink sink) : sink_(std::move(sink)) { buffer_.reserve(capacity); }

  ListOutput(const ListOutput&) = delete;
  ListOutput& operator=(const ListOutput&) = delete;
  ~ListOutput() { flush(); }

  // For fmt::format_to: at most 4096 bytes before the next call.
  std::back_insert_iterator<std::string> end();
  void add(std::string_view text);
  void flush();

 private:
  static constexpr std::size_t capacity = 1 << 17;
  Sink sink_;
  std::string buffer_;
};

// "app(x.o) (arm64):", the line before the rows of an object in text.
[[nodiscard]] Shown list_title(const std::string& path, const ObjectView& object);

// not_found when the object has no such list; errors leave the rows before them written.
Result<void> write_list(ListKind kind, const ObjectView& object, const ListStyle& style,
                        ListOutput& out);

}  // namespace tenon
