// Reads zip archives, also those of more than 4 GiB (zip64), and the pieces of which one is
// written. jar, whl, apk and docx are zip archives as well.
// Rules: PKWARE's APPNOTE.TXT 6.3.10; Info-ZIP for modes and links in the external attributes.
//
// A zip file says everything twice, and readers choose differently. Archive takes one that says the
// same both times: a name in the directory that is not the one beside the data, a name twice, or
// data that two members share (which is how small files unpack to petabytes) are malformed.
//
// Ownership: Archive and its members borrow the bytes given to parse(). Offsets in errors are file
// offsets.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/lifetime.h"
#include "base/result.h"

namespace tenon::zip {

inline constexpr std::uint16_t stored = 0, deflated = 8;
inline constexpr std::size_t max_members = 1'000'000;

struct Member {
  std::string_view name;  // as it stands there; a directory ends with '/'
  std::uint16_t method = stored;
  bool encrypted = false;
  std::uint32_t crc = 0;
  std::uint64_t size = 0;  // unpacked
  unsigned mode = 0;       // of Unix, with the type; 0 when no Unix wrote it
  ByteView data;           // packed

  [[nodiscard]] bool is_folder() const { return name.ends_with('/'); }
  [[nodiscard]] bool is_link() const { return (mode & 0170000U) == 0120000U; }
  [[nodiscard]] bool is_executable() const { return (mode & 0111U) != 0; }
};

class Archive {
 public:
  // malformed as said above, truncated for what lies outside of the file, unsupported for archives
  // in several files and for encrypted directories, limit for more than max_members.
  static Result<Archive> parse(ByteView file);

  // In the order of the directory.
  [[nodiscard]] std::span<const Member> members() const TENON_LIFETIMEBOUND { return members_; }

 private:
  std::vector<Member> members_;
};

// Whether a name may become a path below a folder: no absolute path, no "..", no empty part, no
// NUL and no backslash, which Windows takes for a slash.
[[nodiscard]] bool is_safe_name(std::string_view name);

// What a member needs to be written. Sizes and CRC are known before: no data descriptor follows.
struct Written {
  std::string name;
  std::uint16_t method = stored;
  std::uint32_t crc = 0;
  std::uint64_t size = 0, packed = 0;
  std::uint64_t offset = 0;  // of its header
  unsigned mode = 0100644;
};

// The header before the packed data of a member.
[[nodiscard]] std::string local_header(const Written& member);
// The directory and its end; `offset` is where it begins.
[[nodiscard]] std::string central_directory(std::span<const Written> members, std::uint64_t offset);

}  // namespace tenon::zip
