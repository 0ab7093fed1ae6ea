// Version 5. A reader for just this: values are cut out of the text by counting brackets, so depth
// costs no stack, and only the known keys are looked into.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/tbd/scan.h"
#include "format/tbd/tbd.h"

namespace tenon::tbd {

namespace {

// Length of the value at the start of `text`, 0 when it does not end.
std::size_t value_length(std::string_view text) {
  if (text.starts_with('"')) return quoted_length(text);
  if (text.starts_with('{') || text.starts_with('[')) return bracketed_length(text);
  return std::min(text.find_first_of(",]} \t\r\n"), text.size());
}

// What stands between the brackets of an object or a list, read value by value.
class Values {
 public:
  Values(ByteView file, std::string_view bracketed) : file_(file), rest_(inner(bracketed)) {}

  [[nodiscard]] bool more() {
    rest_ = skip_blanks(rest_);
    if (rest_.starts_with(',')) rest_ = skip_blanks(rest_.substr(1));
    return !rest_.empty();
  }

  Result<std::string_view> value() {
    rest_ = skip_blanks(rest_);
    const std::size_t length = value_length(rest_);
    if (length == 0) return error();
    const std::string_view found = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return found;
  }

  Result<std::string_view> key() {
    if (!rest_.starts_with('"')) return error();
    const std::string_view name = inner(TENON_TRY(value()));
    rest_ = skip_blanks(rest_);
    if (!rest_.starts_with(':')) return error();
    rest_.remove_prefix(1);
    return name;
  }

 private:
  [[nodiscard]] std::unexpected<Error> error() const {
    return fail(Errc::malformed, "tbd JSON", file_.base() + at());
  }

  [[nodiscard]] std::uint64_t at() const {
    return static_cast<std::uint64_t>(rest_.data() - file_.text().data());
  }

  ByteView file_;
  std::string_view rest_;
};

class Reader {
 public:
  explicit Reader(ByteView text) : text_(text) {}

  Result<std::vector<Document>> read(std::string_view root);

 private:
  // Calls visit(key, value) for every member of an object, visit(value) for every element of a
  // list.
  template <class Visit>
  Result<void> members(std::string_view object, Visit visit) const;
  template <class Visit>
  Result<void> elements(std::string_view list, Visit visit) const;

  Result<void> library(std::string_view object);
  Result<void> library_key(std::string_view key, std::string_view value);
  Result<void> symbols(ItemKind kind, std::string_view list);
  Result<void> entry(ItemKind kind, std::string_view object);
  Result<void> add_item(ItemKind kind, NameList targets, std::string_view lists);
  Result<void> reexported(std::string_view object);
  Result<void> count();

  ByteView text_;
  std::size_t entries_ = 0;
  std::vector<Document> documents_;
};

template <class Visit>
Result<void> Reader::members(std::string_view object, Visit visit) const {
  if (!object.starts_with('{')) return {};
  Values values(text_, object);
  while (values.more()) {
    const std::string_view key = TENON_TRY(values.key());
    const std::string_view value = TENON_TRY(values.value());
    TENON_TRY(visit(key, value));
  }
  return {};
}

template <class Visit>
Result<void> Reader::elements(std::string_view list, Visit visit) const {
  if (!list.starts_with('[')) return {};
  Values values(text_, list);
  while (values.more()) {
    const std::string_view value = TENON_TRY(values.value());
    TENON_TRY(visit(value));
  }
  return {};
}

Result<void> Reader::count() {
  if (++entries_ > entry_limit(text_)) {
    return fail(Errc::malformed, "tbd entry count", text_.base());
  }
  return {};
}

NameList list_in(std::string_view value) {
  return value.starts_with('[') ? NameList(inner(value)) : NameList();
}

// "global", "weak" and the like of one of the two kinds of section.
Result<void> Reader::add_item(ItemKind kind, NameList targets, std::string_view lists) {
  TENON_TRY(count());
  Item item;
  item.kind = kind;
  item.targets = targets;
  TENON_TRY(members(lists, [&](std::string_view key, std::string_view value) -> Result<void> {
    if (NameList* list = list_of(item, key)) *list = list_in(value);
    return {};
  }));
  documents_.back().items.push_back(item);
  return {};
}

Result<void> Reader::entry(ItemKind kind, std::string_view object) {
  NameList targets;
  std::string_view data, text;
  TENON_TRY(members(object, [&](std::string_view key, std::string_view value) -> Result<void> {
    if (key == "targets") targets = list_in(value);
    if (key == "data") data = value;
    if (key == "text") text = value;
    return {};
  }));
  if (!data.empty()) TENON_TRY(add_item(kind, targets, data));
  if (!text.empty()) TENON_TRY(add_item(kind, targets, text));
  return {};
}

Result<void> Reader::symbols(ItemKind kind, std::string_view list) {
  return elements(list, [&](std::string_view object) { return entry(kind, object); });
}

Result<void> Reader::reexported(std::string_view object) {
  TENON_TRY(count());
  ReexportedLibraries entry;
  TENON_TRY(members(object, [&](std::string_view key, std::string_view value) -> Result<void> {
    if (key == "targets") entry.targets = list_in(value);
    if (key == "names") entry.libraries = list_in(value);
    return {};
  }));
  documents_.back().reexported_libraries.push_back(entry);
  return {};
}

// The string under `name` in the first object of a list, e.g. [{"version": "1351"}].
std::string_view first_string(std::string_view list, std::string_view name) {
  for (std::size_t at = 0; (at = list.find('"', at)) != std::string_view::npos;) {
    const std::size_t length = quoted_length(list.substr(at));
    if (length == 0) return {};
    const bool match = inner(list.substr(at, length)) == name;
    at += length;
    const std::string_view after = skip_blanks(list.substr(at));
    if (!match || !after.starts_with(':')) continue;
    const std::string_view value = skip_blanks(after.substr(1));
    return value.starts_with('"') ? inner(value.substr(0, quoted_length(value)))
                                  : std::string_view();
  }
  return {};
}

Result<void> Reader::library_key(std::string_view key, std::string_view value) {
  Document& document = documents_.back();
  if (key == "target_info") document.targets = NameList(value, NameList::Form::targets);
  if (key == "install_names") document.install_name = first_string(value, "name");
  if (key == "current_versions") document.current_version = first_string(value, "version");
  if (key == "compatibility_versions") {
    document.compatibility_version = first_string(value, "version");
  }
  if (key == "exported_symbols") return symbols(ItemKind::exports, value);
  if (key == "reexported_symbols") return symbols(ItemKind::reexports, value);
  if (key == "undefined_symbols") return symbols(ItemKind::undefineds, value);
  if (key == "reexported_libraries") {
    return elements(value, [&](std::string_view object) { return reexported(object); });
  }
  return {};
}

Result<void> Reader::library(std::string_view object) {
  TENON_TRY(count());
  documents_.emplace_back();
  documents_.back().version = 5;
  return members(object, [&](std::string_view key, std::string_view value) {
    return library_key(key, value);
  });
}

Result<std::vector<Document>> Reader::read(std::string_view root) {
  std::string_view main, others, version;
  TENON_TRY(members(root, [&](std::string_view key, std::string_view value) -> Result<void> {
    if (key == "main_library") main = value;
    if (key == "libraries") others = value;
    if (key == "tapi_tbd_version") version = value;
    return {};
  }));
  if (main.empty()) return fail(Errc::malformed, "not a tbd file", text_.base());
  if (version != "5") return fail(Errc::unsupported, "tapi_tbd_version", text_.base());
  TENON_TRY(library(main));
  TENON_TRY(elements(others, [&](std::string_view object) { return library(object); }));
  return std::move(documents_);
}

}  // namespace

Result<std::vector<Document>> read_json(ByteView text) {
  const std::string_view root = skip_blanks(text.text());
  const std::size_t length = bracketed_length(root);
  if (length == 0) return fail(Errc::malformed, "tbd JSON without an end", text.base());
  return Reader(text).read(root.substr(0, length));
}

}  // namespace tenon::tbd
