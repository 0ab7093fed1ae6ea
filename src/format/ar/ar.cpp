#include "format/ar/ar.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/page_window.h"
#include "base/result.h"
#include "base/text.h"

namespace tenon::ar {

namespace {

constexpr std::string_view magic = "!<arch>\n", thin_magic = "!<thin>\n";

// ar(5): all fields are text, filled with blanks.
struct RawHeader {
  std::array<char, 16> ar_name;
  std::array<char, 12> ar_date;
  std::array<char, 6> ar_uid, ar_gid;
  std::array<char, 8> ar_mode;
  std::array<char, 10> ar_size;
  std::array<char, 2> ar_fmag;
};

static_assert(sizeof(RawHeader) == 60 && alignof(RawHeader) == 1);
constexpr std::uint64_t size_field = 48, end_field = 58;

template <std::size_t N>
std::string_view text_of(const std::array<char, N>& field) {
  const std::string_view text(field.data(), N);
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

std::string_view until_nul(std::string_view text) { return text.substr(0, text.find('\0')); }

IndexKind bsd_index_kind(std::string_view name) {
  if (name == "__.SYMDEF" || name == "__.SYMDEF SORTED") return IndexKind::bsd;
  if (name == "__.SYMDEF_64" || name == "__.SYMDEF_64 SORTED") return IndexKind::bsd64;
  return IndexKind::none;
}

}  // namespace

struct Archive::Header {
  std::string_view name;
  std::uint64_t size = 0;
};

Result<Archive> Archive::parse(ByteView bytes, PageWindow* window) {
  Archive archive;
  const std::string_view start = bytes.text().substr(0, magic.size());
  archive.thin_ = start == thin_magic;
  if (!archive.thin_ && start != magic)
    return fail(Errc::malformed, "not an archive", bytes.base());
  archive.size_ = bytes.size();
  PagesBehind behind(window, bytes.bytes());
  std::uint64_t offset = magic.size();
  while (offset < bytes.size()) {
    behind.reached(static_cast<std::size_t>(offset));
    // A filler after the last member is no member.
    if (trim(bytes.text().substr(static_cast<std::size_t>(offset), sizeof(RawHeader))).empty())
      break;
    offset = TENON_TRY(archive.read_member(bytes, offset));
  }
  return archive;
}

Result<std::uint64_t> Archive::read_member(ByteView bytes, std::uint64_t offset) {
  const RawHeader* raw = TENON_TRY(bytes.at<RawHeader>(offset, "archive member header"));
  if (raw->ar_fmag != std::array{'`', '\n'}) {
    return fail(Errc::malformed, "archive member header", bytes.base() + offset + end_field);
  }
  const auto size = parse_number(text_of(raw->ar_size));
  if (!size)
    return fail(Errc::malformed, "archive member size", bytes.base() + offset + size_field);
  const Header header{text_of(raw->ar_name), *size};
  const std::uint64_t start = offset + sizeof(RawHeader);
  // Only its tables have contents in a thin archive.
  const bool stored =
      !thin_ || header.name == "/" || header.name == "//" || header.name == "/SYM64/";
  const std::uint64_t length = stored ? *size : 0;
  if (!bytes.contains(start, length)) {
    return fail(Errc::truncated, "archive member size", bytes.base() + offset + size_field);
  }
  const ByteView data = TENON_TRY(bytes.slice(start, length));
  TENON_TRY(take(header, offset, data));
  return start + length + (length & 1);
}

Result<void> Archive::take(const Header& header, std::uint64_t offset, ByteView data) {
  if (take_special(header.name, data)) return {};
  Member member{header.name, data, offset, header.size};
  if (header.name.starts_with("#1/")) {
    const auto length = parse_number(header.name.substr(3));
    if (!length || *length > data.size()) {
      return fail(Errc::malformed, "archive member name length", data.base() - sizeof(RawHeader));
    }
    member.name = until_nul(data.text().substr(0, static_cast<std::size_t>(*length)));
    member.data = TENON_TRY(data.from(*length));
    member.size -= *length;
  } else if (header.name.starts_with('/')) {
    member.name = TENON_TRY(long_name(header.name, data.base() - sizeof(RawHeader)));
  } else if (member.name.ends_with('/')) {
    member.name.remove_suffix(1);
  }
  const IndexKind kind = bsd_index_kind(member.name);
  if (kind == IndexKind::none) {
    members_.push_back(member);
  } else if (index_kind_ == IndexKind::none) {
    index_kind_ = kind;
    index_data_ = member.data;
  }
  return {};
}

bool Archive::take_special(std::string_view field, ByteView data) {
  if (field == "//") {
    long_names_ = data;
    return true;
  }
  // Microsoft's "/<ECSYMBOLS>/" and its like are indexes for one linker only.
  if (field.starts_with("/<")) return true;
  if (field != "/" && field != "/SYM64/") return false;
  // Microsoft's librarian writes a second "/" with another layout.
  if (index_kind_ == IndexKind::none) {
    index_kind_ = field == "/" ? IndexKind::gnu : IndexKind::gnu64;
    index_data_ = data;
  }
  return true;
}

// "/123": an offset into the member "//", where a name ends with "/\n" or, from Microsoft, NUL.
// "/123:456" in a thin archive adds the place within a nested archive.
//
// Members may share a name. The names of an archive as archivers write it are no longer than
// itself; many members that share one long name would unfold a small file to gigabytes.
Result<std::string_view> Archive::long_name(std::string_view field, std::uint64_t offset) {
  const auto at = parse_number(field.substr(1, field.find(':') - 1));
  if (!at || *at >= long_names_.size()) {
    return fail(Errc::malformed, "archive member name offset", offset);
  }
  // Longer than any path: the limit keeps many names of one endless line from taking forever.
  const std::string_view rest = long_names_.text().substr(static_cast<std::size_t>(*at), 16384);
  std::string_view name = rest.substr(0, rest.find_first_of(std::string_view("\n\0", 2)));
  if (name.ends_with('/')) name.remove_suffix(1);
  names_size_ += name.size();
  if (names_size_ / 4 > size_) return fail(Errc::malformed, "archive member names", offset);
  return name;
}

const Member* Archive::member_at(std::uint64_t offset) const {
  const auto found = std::ranges::lower_bound(members_, offset, {}, &Member::offset);
  return found != members_.end() && found->offset == offset ? &*found : nullptr;
}

Result<Index> Archive::index() const {
  switch (index_kind_) {
    case IndexKind::gnu:
    case IndexKind::gnu64: return Index::read_gnu(index_data_, index_kind_);
    case IndexKind::bsd:
    case IndexKind::bsd64: return Index::read_bsd(index_data_, index_kind_);
    case IndexKind::none: break;
  }
  return Index();
}

Result<std::uint64_t> Index::word(std::uint64_t offset) const {
  if (word_size_ == 4) {
    if (big_endian_) return std::uint64_t{*TENON_TRY(data_.at<ub32>(offset, "archive index"))};
    return std::uint64_t{*TENON_TRY(data_.at<ul32>(offset, "archive index"))};
  }
  if (big_endian_) return std::uint64_t{*TENON_TRY(data_.at<ub64>(offset, "archive index"))};
  return std::uint64_t{*TENON_TRY(data_.at<ul64>(offset, "archive index"))};
}

// Count of offsets, offsets, then as many NUL-terminated names.
Result<Index> Index::read_gnu(ByteView data, IndexKind kind) {
  Index index;
  index.kind_ = kind;
  index.word_size_ = kind == IndexKind::gnu64 ? 8 : 4;
  index.data_ = data;
  index.count_ = TENON_TRY(index.word(0));
  if (index.count_ > data.size() / (index.word_size_ + 1)) {
    return fail(Errc::malformed, "archive index count", data.base());
  }
  index.strings_ = TENON_TRY(data.from(index.word_size_ * (index.count_ + 1), "archive index"));
  return index;
}

// Size of the table in bytes, pairs of name offset and member offset, size of the names, names.
Result<Index> Index::read_bsd(ByteView data, IndexKind kind) {
  Index index;
  index.kind_ = kind;
  index.word_size_ = kind == IndexKind::bsd64 ? 8 : 4;
  index.data_ = data;
  const std::uint64_t word = index.word_size_;
  // The order is that of the target machine; only one of the two readings fits the file.
  for (const bool big : {false, true}) {
    index.big_endian_ = big;
    const std::uint64_t bytes = TENON_TRY(index.word(0));
    if (bytes % (2 * word) != 0 || !data.contains(word, bytes)) continue;
    const auto names = index.word(word + bytes);
    if (!names || !data.contains(word + bytes + word, *names)) continue;
    index.count_ = bytes / (2 * word);
    index.strings_ = TENON_TRY(data.slice(word + bytes + word, *names));
    return index;
  }
  return fail(Errc::malformed, "archive index size", data.base());
}

Result<std::optional<IndexEntry>> Index::next() {
  if (at_ >= count_) return std::nullopt;
  return kind_ == IndexKind::bsd || kind_ == IndexKind::bsd64 ? next_bsd() : next_gnu();
}

Result<std::optional<IndexEntry>> Index::next_gnu() {
  const std::uint64_t offset = TENON_TRY(word(word_size_ * (at_ + 1)));
  const std::string_view name = TENON_TRY(strings_.cstr(string_at_, "archive index name"));
  string_at_ += name.size() + 1;
  ++at_;
  return IndexEntry{name, offset};
}

Result<std::optional<IndexEntry>> Index::next_bsd() {
  const std::uint64_t record = word_size_ * (2 * at_ + 1);
  const std::uint64_t name_at = TENON_TRY(word(record));
  const std::uint64_t offset = TENON_TRY(word(record + word_size_));
  if (name_at >= strings_.size()) {
    return fail(Errc::malformed, "archive index name", data_.base() + record);
  }
  ++at_;
  const std::string_view rest = strings_.text().substr(static_cast<std::size_t>(name_at), 16384);
  return IndexEntry{until_nul(rest), offset};
}

}  // namespace tenon::ar
