// Reads static libraries: archives in the System V/GNU, BSD/Darwin and GNU thin forms.
// Rules: ar(5) of FreeBSD for the member header and "#1/" names; binutils (bfd/archive.c) for "/",
// "//", "/SYM64/" and thin archives; <mach-o/ranlib.h> for "__.SYMDEF" and its 64-bit form.
// A universal (fat) archive is a fat Mach-O file around archives and is not read here.
//
// Ownership: Archive, Index and all names and views borrow the bytes given to parse(). Member
// offsets are relative to the archive; offsets in errors are file offsets.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/lifetime.h"
#include "base/page_window.h"
#include "base/result.h"

namespace tenon::ar {

struct Member {
  std::string_view name;     // in a thin archive the path of the file, relative to the archive
  ByteView data;             // empty in a thin archive, which holds no contents
  std::uint64_t offset = 0;  // of the member's header: what a symbol index refers to
  std::uint64_t size = 0;    // as announced; that of the named file in a thin archive
};

struct IndexEntry {
  std::string_view symbol;   // cut at 16 KiB in the BSD form
  std::uint64_t offset = 0;  // of the header of the member that defines it; not checked
};

enum class IndexKind : std::uint8_t { none, gnu, gnu64, bsd, bsd64 };

// The symbol index, read forward and in place.
class Index {
 public:
  [[nodiscard]] IndexKind kind() const { return kind_; }

  // How many entries the index announces, each of which has room in the file.
  [[nodiscard]] std::uint64_t size() const { return count_; }

  // The next entry, nullopt after the last.
  Result<std::optional<IndexEntry>> next();

 private:
  friend class Archive;

  static Result<Index> read_gnu(ByteView data, IndexKind kind);
  static Result<Index> read_bsd(ByteView data, IndexKind kind);
  [[nodiscard]] Result<std::uint64_t> word(std::uint64_t offset) const;
  Result<std::optional<IndexEntry>> next_gnu();
  Result<std::optional<IndexEntry>> next_bsd();

  IndexKind kind_ = IndexKind::none;
  bool big_endian_ = true;
  std::uint64_t word_size_ = 4;
  std::uint64_t count_ = 0;
  std::uint64_t at_ = 0;
  std::uint64_t string_at_ = 0;
  ByteView data_, strings_;
};

class Archive {
 public:
  // malformed for bytes that are no archive or a header that contradicts itself, truncated for a
  // member that is longer than the file; the offset is that of the field at fault. `window` (may be
  // null) is told which headers were read.
  static Result<Archive> parse(ByteView bytes, PageWindow* window = nullptr);

  [[nodiscard]] bool thin() const { return thin_; }

  // Without the symbol index and the table of long names, in file order.
  [[nodiscard]] std::span<const Member> members() const TENON_LIFETIMEBOUND { return members_; }

  // The member whose header is at `offset`, or nullptr.
  [[nodiscard]] const Member* member_at(std::uint64_t offset) const TENON_LIFETIMEBOUND;

  // A cursor at the first entry. An archive without index gives one of kind none.
  [[nodiscard]] Result<Index> index() const;

 private:
  struct Header;

  Result<std::uint64_t> read_member(ByteView bytes, std::uint64_t offset);
  Result<void> take(const Header& header, std::uint64_t offset, ByteView data);
  bool take_special(std::string_view field, ByteView data);
  Result<std::string_view> long_name(std::string_view field, std::uint64_t offset);

  bool thin_ = false;
  std::uint64_t size_ = 0;
  std::uint64_t names_size_ = 0;  // of all long names so far
  std::vector<Member> members_;
  IndexKind index_kind_ = IndexKind::none;
  ByteView index_data_, long_names_;
};

}  // namespace tenon::ar
