// Versions 1 to 4. Not YAML at large: block mappings and sequences by indentation, flow lists,
// scalars of one line, which is all that TAPI and zig write and the hand-written stubs that were
// seen use.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"
#include "format/tbd/scan.h"
#include "format/tbd/tbd.h"

namespace tenon::tbd {

namespace {

// What the entries below a top-level key are.
enum class Part : std::uint8_t { none, items, reexported_libraries, ignored };

// "  - key: value" taken apart. `key` is empty for a line that has none.
struct Line {
  std::size_t indent = 0;  // of the first sign, the dash included
  bool dash = false;
  std::string_view key, value;
};

class Reader {
 public:
  explicit Reader(ByteView text) : text_(text), rest_(text.text()) {}

  Result<std::vector<Document>> read();

 private:
  [[nodiscard]] std::uint64_t offset() const { return text_.base() + text_.size() - rest_.size(); }

  Result<void> read_line(std::string_view line);
  Result<void> begin_document(std::string_view marker);
  Result<std::string_view> take_value(const Line& line);
  void extend_block(std::string_view line);
  Result<void> top_key(const Line& line, std::string_view value);
  void begin_part(std::string_view key);
  Result<void> begin_entry();
  Result<void> entry_key(const Line& line, std::string_view value);
  Result<void> count_entry();
  void set(NameList* list, std::string_view value);
  Result<void> set_version(std::string_view value);

  ByteView text_;
  std::string_view rest_;
  std::vector<Document> documents_;
  Part part_ = Part::none;
  ItemKind kind_ = ItemKind::exports;
  std::size_t entries_ = 0;
  // A list whose names may follow as lines of their own, and where these lines begin and end.
  NameList* block_ = nullptr;
  std::string_view block_text_;
};

Line take_apart(std::string_view text) {
  Line line;
  line.indent = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(line.indent);
  if (text.starts_with("- ")) {
    line.dash = true;
    text = skip_blanks(text.substr(2));
  }
  const std::size_t colon = text.find(':');
  const bool key = colon != std::string_view::npos && !is_quote(text.front()) &&
                   (colon + 1 == text.size() || blanks.contains(text[colon + 1]));
  if (key) {
    line.key = trim(text.substr(0, colon));
    line.value = trim(text.substr(colon + 1));
  } else {
    line.value = trim(text);
  }
  return line;
}

Result<void> Reader::begin_document(std::string_view marker) {
  if (documents_.size() >= entry_limit(text_)) {
    return fail(Errc::malformed, "tbd document count", offset());
  }
  Document document;
  document.version = marker.contains("!tapi-tbd-v2") ? 2 : marker.contains("!tapi-tbd-v3") ? 3 : 1;
  documents_.push_back(document);
  part_ = Part::none;
  block_ = nullptr;
  return {};
}

Result<void> Reader::set_version(std::string_view value) {
  if (value != "4") return fail(Errc::unsupported, "tbd-version", offset());
  documents_.back().version = 4;
  return {};
}

// A value that begins with a bracket may run over many lines: take them all.
Result<std::string_view> Reader::take_value(const Line& line) {
  if (!line.value.starts_with('[')) return scalar(line.value.substr(0, line.value.find(" #")));
  const auto start = static_cast<std::size_t>(line.value.data() - text_.text().data());
  const std::string_view from = text_.text().substr(start);
  const std::size_t length = bracketed_length(from);
  if (length == 0) return fail(Errc::malformed, "tbd list without an end", text_.base() + start);
  const std::string_view after = from.substr(length);
  rest_ = after.substr(std::min(after.find('\n'), after.size()));
  return from.substr(0, length);
}

void Reader::set(NameList* list, std::string_view value) {
  block_ = nullptr;
  if (list == nullptr) return;
  if (value.starts_with('[')) {
    *list = NameList(inner(value));
  } else if (value.empty()) {
    block_ = list;
    block_text_ = {};
  }
}

void Reader::extend_block(std::string_view line) {
  const char* start = block_text_.empty() ? line.data() : block_text_.data();
  block_text_ = {start, static_cast<std::size_t>(line.data() + line.size() - start)};
  *block_ = NameList(block_text_, NameList::Form::block);
}

void Reader::begin_part(std::string_view key) {
  part_ = Part::items;
  if (key == "exports") {
    kind_ = ItemKind::exports;
  } else if (key == "reexports") {
    kind_ = ItemKind::reexports;
  } else if (key == "undefineds") {
    kind_ = ItemKind::undefineds;
  } else {
    part_ = key == "reexported-libraries" ? Part::reexported_libraries : Part::ignored;
  }
}

Result<void> Reader::top_key(const Line& line, std::string_view value) {
  Document& document = documents_.back();
  block_ = nullptr;
  part_ = Part::none;
  if (line.key == "tbd-version") return set_version(value);
  if (line.key == "install-name") document.install_name = value;
  if (line.key == "current-version") document.current_version = value;
  if (line.key == "compatibility-version") document.compatibility_version = value;
  if (line.key == "platform") document.platform = value;
  if (line.key == "targets" || line.key == "archs") {
    set(&document.targets, value);
  } else if (value.empty()) {
    begin_part(line.key);
  }
  return {};
}

Result<void> Reader::count_entry() {
  if (++entries_ > entry_limit(text_)) return fail(Errc::malformed, "tbd entry count", offset());
  return {};
}

Result<void> Reader::begin_entry() {
  TENON_TRY(count_entry());
  block_ = nullptr;
  Document& document = documents_.back();
  if (part_ == Part::items) {
    document.items.emplace_back();
    document.items.back().kind = kind_;
  } else if (part_ == Part::reexported_libraries) {
    document.reexported_libraries.emplace_back();
  }
  return {};
}

Result<void> Reader::entry_key(const Line& line, std::string_view value) {
  Document& document = documents_.back();
  block_ = nullptr;
  if (part_ == Part::items && !document.items.empty()) {
    if (line.key != "re-exports") {
      set(list_of(document.items.back(), line.key), value);
      return {};
    }
    // Before version 4 an entry of exports names the re-exported libraries of its architectures.
    TENON_TRY(count_entry());
    document.reexported_libraries.push_back({document.items.back().targets, {}});
    set(&document.reexported_libraries.back().libraries, value);
  } else if (part_ == Part::reexported_libraries && !document.reexported_libraries.empty()) {
    ReexportedLibraries& entry = document.reexported_libraries.back();
    if (line.key == "targets") set(&entry.targets, value);
    if (line.key == "libraries") set(&entry.libraries, value);
  }
  return {};
}

Result<void> Reader::read_line(std::string_view text) {
  const Line line = take_apart(text);
  if (line.key.empty()) {
    if (line.dash && block_ != nullptr) extend_block(text);
    return {};
  }
  const std::string_view value = TENON_TRY(take_value(line));
  if (line.indent == 0 && !line.dash) return top_key(line, value);
  if (line.dash) TENON_TRY(begin_entry());
  return entry_key(line, value);
}

Result<std::vector<Document>> Reader::read() {
  while (!rest_.empty()) {
    const std::string_view line = rest_.substr(0, rest_.find('\n'));
    rest_.remove_prefix(std::min(line.size() + 1, rest_.size()));
    const std::string_view content = trim(line);
    if (content.empty() || content.starts_with('#') || content == "...") continue;
    if (line.starts_with("---")) {
      TENON_TRY(begin_document(line));
    } else if (documents_.empty()) {
      return fail(Errc::malformed, "not a tbd file", text_.base());
    } else {
      TENON_TRY(read_line(line));
    }
  }
  if (documents_.empty() || documents_.front().install_name.empty()) {
    return fail(Errc::malformed, "not a tbd file", text_.base());
  }
  return std::move(documents_);
}

}  // namespace

Result<std::vector<Document>> read_yaml(ByteView text) { return Reader(text).read(); }

}  // namespace tenon::tbd
