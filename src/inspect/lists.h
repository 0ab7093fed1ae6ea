// The long answers of inspect, a line a row: text for people, or one JSON object a line. Pure: rows
// go to a sink as they are made, since a symbol table is tens of megabytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "base/shown.h"
#include "diag/report.h"
#include "inspect/tables.h"

namespace tenon {

enum class ListKind : std::uint8_t { symbols, imports, exports, sections, cgo, abi, size };

struct ListStyle {
  bool json = false;
  bool demangle = false;
  bool unicode = true;  // bars of block characters
  std::size_t top = 0;  // of --size in text: rows of each list; 0: all
};

// Passes text on in large pieces, the last one when it is destroyed. It takes no text of a file as
// it is: a word of the program itself, text that is escaped, or a value that it escapes.
class ListOutput {
 public:
  using Sink = std::function<void(std::string_view)>;

  explicit ListOutput(Sink sink) : sink_(std::move(sink)) { buffer_.reserve(capacity); }

  ListOutput(const ListOutput&) = delete;
  ListOutput& operator=(const ListOutput&) = delete;
  ~ListOutput() { flush(); }

  template <std::size_t size>
  void add(const char (&literal)[size]) {
    raw({literal, size - 1});
  }
  template <std::size_t size>
  void add(char (&buffer)[size]) = delete;
  void add(const Shown& text) { raw(text); }

  // A value for people.
  void name(std::string_view value);
  // A value as a JSON string. A name is bytes: what is no UTF-8 is escaped byte by byte.
  void json_string(std::string_view value);
  // A JSON document and a line break.
  void json_line(const Data& document);
  void number(std::uint64_t value);
  // Sixteen digits.
  void hex(std::uint64_t value);
  void letter(char ascii);

  void flush();

 private:
  static constexpr std::size_t capacity = 1 << 17;

  void raw(std::string_view text);
  void json_piece(std::string_view text);

  Sink sink_;
  std::string buffer_;
};

// "app(x.o) (arm64):", the line before the rows of an object in text.
[[nodiscard]] Shown list_title(const std::string& path, const ObjectView& object);

// not_found when the object has no such list; errors leave the rows before them written.
Result<void> write_list(ListKind kind, const ObjectView& object, const ListStyle& style,
                        ListOutput& out);

}  // namespace tenon
