#include "link/index/index_file.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/kind/kind.h"
#include "link/index/library.h"
#include "link/index/symbol_names.h"

namespace tenon::link {
namespace {

// Change the last letter when the layout or the meaning of a field changes.
constexpr std::string_view mark = "tenon link index 2\n";

// Against damage, not against people: the folder is the user's own.
std::uint64_t sum_of(std::string_view text) {
  constexpr std::uint64_t factor = 0x9e3779b97f4a7c15U;
  std::uint64_t sum = text.size();
  while (text.size() >= sizeof(std::uint64_t)) {
    std::uint64_t part = 0;
    std::memcpy(&part, text.data(), sizeof(part));
    sum = std::rotl((sum ^ part) * factor, 31);
    text.remove_prefix(sizeof(part));
  }
  std::uint64_t part = 0;
  std::memcpy(&part, text.data(), text.size());
  return (sum ^ part) * factor;
}

class Writer {
 public:
  void number(std::uint64_t value) {
    const ul64 stored(value);
    out.append(reinterpret_cast<const char*>(&stored), sizeof(stored));
  }
  void text(std::string_view value) {
    number(value.size());
    out += value;
  }
  void symbols(const std::vector<BoundSymbol>& list, const std::vector<std::uint32_t>& places) {
    number(list.size());
    for (const BoundSymbol& one : list) {
      const ul32 stored(BoundSymbol(places[one.symbol()], one.binding()).word());
      out.append(reinterpret_cast<const char*>(&stored), sizeof(stored));
    }
  }
  void texts(const std::vector<std::string>& list) {
    number(list.size());
    for (const std::string& one : list) text(one);
  }

  std::string out;
};

// The numbers of the names in the file: those that are used, in their order.
std::vector<std::uint32_t> places_of(const SymbolNames& names,
                                     const std::vector<const Library*>& libraries) {
  std::vector<std::uint32_t> places(names.size(), 0);
  for (const Library* library : libraries) {
    for (const BoundSymbol& one : library->definitions) places[one.symbol()] = 1;
    for (const BoundSymbol& one : library->references) places[one.symbol()] = 1;
  }
  std::uint32_t next = 0;
  for (std::uint32_t& place : places) place = place != 0 ? next++ : UINT32_MAX;
  return places;
}

void write_library(Writer& to, const Library& one, const std::vector<std::uint32_t>& places) {
  to.text(one.folder);
  to.text(one.file);
  to.number(static_cast<std::uint64_t>(one.kind));
  to.number(static_cast<std::uint64_t>(one.state));
  to.text(one.why);
  to.text(one.machine);
  to.number(one.stamp.size);
  to.number(one.stamp.inode);
  to.number(static_cast<std::uint64_t>(one.stamp.modified_ns));
  to.number(static_cast<std::uint64_t>(one.stamp.changed_ns));
  to.number(one.stamp.content);
  to.number(one.cxx ? 1 : 0);
  to.text(one.soname);
  to.texts(one.needed);
  to.number(one.inputs.size());
  for (const kind::ScriptInput& input : one.inputs) {
    to.text(input.name);
    to.number((input.is_library ? 1U : 0U) | (input.as_needed ? 2U : 0U) |
              (input.in_group ? 4U : 0U));
  }
  to.number(one.members.size());
  for (const LibraryMember& member : one.members) {
    to.text(member.name);
    to.number(member.definitions);
    to.number(member.references);
  }
  to.symbols(one.definitions, places);
  to.symbols(one.references, places);
}

class Reader {
 public:
  explicit Reader(ByteView bytes) : bytes_(bytes) {}

  Result<std::uint64_t> number() {
    const std::uint64_t value = *TENON_TRY(bytes_.at<ul64>(at_, "link index"));
    at_ += sizeof(ul64);
    return value;
  }
  // A count of things that have at least `size` bytes each.
  Result<std::size_t> count(std::size_t size) {
    const std::uint64_t value = TENON_TRY(number());
    if (value > (bytes_.size() - at_) / size) {
      return fail(Errc::malformed, "link index count", bytes_.base() + at_);
    }
    return static_cast<std::size_t>(value);
  }
  Result<std::string_view> text() {
    const std::size_t size = TENON_TRY(count(1));
    const ByteView view = TENON_TRY(bytes_.slice(at_, size));
    at_ += size;
    return view.text();
  }
  Result<std::vector<std::string>> texts() {
    std::vector<std::string> out;
    for (std::size_t left = TENON_TRY(count(sizeof(ul64))); left > 0; --left) {
      out.emplace_back(TENON_TRY(text()));
    }
    return out;
  }
  Result<std::vector<BoundSymbol>> symbols(std::size_t names) {
    const std::size_t size = TENON_TRY(count(sizeof(ul32)));
    const auto words = TENON_TRY(bytes_.array<ul32>(at_, size));
    at_ += size * sizeof(ul32);
    std::vector<BoundSymbol> out;
    out.reserve(size);
    for (const ul32& word : words) {
      const BoundSymbol one = BoundSymbol::of_word(word);
      if (one.symbol() >= names) return fail(Errc::malformed, "link index symbol", at_);
      out.push_back(one);
    }
    return out;
  }
  template <class E>
  Result<E> choice(E last) {
    const std::uint64_t value = TENON_TRY(number());
    if (value > static_cast<std::uint64_t>(last)) {
      return fail(Errc::malformed, "link index choice", bytes_.base() + at_);
    }
    return static_cast<E>(value);
  }
  [[nodiscard]] bool at_end() const { return at_ == bytes_.size(); }

 private:
  ByteView bytes_;
  std::uint64_t at_ = 0;
};

// Members count on from each other; together they have all symbols of the library.
Result<void> read_members(Reader& from, Library& one) {
  std::uint64_t definitions = 0, references = 0;
  const std::size_t members = TENON_TRY(from.count(3 * sizeof(ul64)));
  one.members.reserve(members);
  for (std::size_t i = 0; i < members; ++i) {
    LibraryMember member;
    member.name = std::string(TENON_TRY(from.text()));
    member.first_definition = static_cast<std::uint32_t>(definitions);
    member.first_reference = static_cast<std::uint32_t>(references);
    const std::uint64_t defined = TENON_TRY(from.number());
    const std::uint64_t needed = TENON_TRY(from.number());
    if (defined > UINT32_MAX || needed > UINT32_MAX) {
      return fail(Errc::malformed, "link index member");
    }
    member.definitions = static_cast<std::uint32_t>(defined);
    member.references = static_cast<std::uint32_t>(needed);
    definitions += defined;
    references += needed;
    if (definitions > UINT32_MAX || references > UINT32_MAX) {
      return fail(Errc::malformed, "link index member");
    }
    one.members.push_back(std::move(member));
  }
  return {};
}

Result<void> read_symbols(Reader& from, std::size_t names, Library& one) {
  one.definitions = TENON_TRY(from.symbols(names));
  one.references = TENON_TRY(from.symbols(names));
  if (one.members.empty()) return {};
  const LibraryMember& last = one.members.back();
  if (std::uint64_t{last.first_definition} + last.definitions != one.definitions.size() ||
      std::uint64_t{last.first_reference} + last.references != one.references.size()) {
    return fail(Errc::malformed, "link index members");
  }
  return {};
}

Result<Library> read_library(Reader& from, std::size_t names) {
  Library one;
  one.folder = std::string(TENON_TRY(from.text()));
  one.file = std::string(TENON_TRY(from.text()));
  one.kind = TENON_TRY(from.choice(LibraryKind::script));
  one.state = TENON_TRY(from.choice(LibraryState::unreadable));
  one.why = std::string(TENON_TRY(from.text()));
  one.machine = std::string(TENON_TRY(from.text()));
  one.stamp.size = TENON_TRY(from.number());
  one.stamp.inode = TENON_TRY(from.number());
  one.stamp.modified_ns = static_cast<std::int64_t>(TENON_TRY(from.number()));
  one.stamp.changed_ns = static_cast<std::int64_t>(TENON_TRY(from.number()));
  one.stamp.content = TENON_TRY(from.number());
  one.cxx = TENON_TRY(from.number()) != 0;
  one.soname = std::string(TENON_TRY(from.text()));
  one.needed = TENON_TRY(from.texts());
  const std::size_t inputs = TENON_TRY(from.count(2 * sizeof(ul64)));
  for (std::size_t i = 0; i < inputs; ++i) {
    kind::ScriptInput input;
    input.name = std::string(TENON_TRY(from.text()));
    const std::uint64_t bits = TENON_TRY(from.number());
    input.is_library = (bits & 1U) != 0;
    input.as_needed = (bits & 2U) != 0;
    input.in_group = (bits & 4U) != 0;
    one.inputs.push_back(std::move(input));
  }
  TENON_TRY(read_members(from, one));
  TENON_TRY(read_symbols(from, names, one));
  return one;
}

}  // namespace

std::string write_index(const SymbolNames& names, const std::vector<const Library*>& libraries) {
  const std::vector<std::uint32_t> places = places_of(names, libraries);
  Writer body;
  std::uint64_t used = 0;
  for (const std::uint32_t place : places) used += place != UINT32_MAX ? 1 : 0;
  body.number(used);
  for (SymbolId id = 0; id < places.size(); ++id) {
    if (places[id] != UINT32_MAX) body.text(names.text(id));
  }
  body.number(libraries.size());
  for (const Library* library : libraries) write_library(body, *library, places);
  Writer out;
  out.out = mark;
  out.number(sum_of(body.out));
  out.out += body.out;
  return std::move(out.out);
}

Result<std::vector<Library>> read_index(ByteView bytes, SymbolNames& names) {
  if (!bytes.text().starts_with(mark)) return fail(Errc::unsupported, "link index version");
  const ByteView behind = TENON_TRY(bytes.from(mark.size()));
  const std::uint64_t sum = *TENON_TRY(behind.at<ul64>(0, "link index"));
  const ByteView body = TENON_TRY(behind.from(sizeof(ul64)));
  if (sum_of(body.text()) != sum) return fail(Errc::malformed, "link index sum");
  Reader from(body);
  const std::size_t count = TENON_TRY(from.count(sizeof(ul64)));
  names.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    // A name that is there twice would shift all that follow.
    if (names.intern(TENON_TRY(from.text())) != i) return fail(Errc::malformed, "link index name");
  }
  std::vector<Library> out;
  const std::size_t libraries = TENON_TRY(from.count(16 * sizeof(ul64)));
  out.reserve(libraries);
  for (std::size_t i = 0; i < libraries; ++i) out.push_back(TENON_TRY(read_library(from, count)));
  if (!from.at_end()) return fail(Errc::malformed, "link index end");
  return out;
}

}  // namespace tenon::link
