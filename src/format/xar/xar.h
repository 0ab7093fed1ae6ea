// Reads xar archives: what installer packages of macOS (.pkg) are made of. A header, a table of
// contents in compressed XML, and the heap with the files and the signature.
// Rules: xar(1) and lib/archive.c, lib/signature.c, lib/filetree.c of xar.
//
// Ownership: views borrow the bytes given to parse(); texts and certificates are owned. Offsets in
// errors are file offsets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/lifetime.h"
#include "base/result.h"

namespace tenon::xar {

inline constexpr std::uint64_t max_toc = std::uint64_t{256} << 20U;

enum class Encoding : std::uint8_t { stored, zlib, bzip2, other };

struct Member {
  std::string path;
  enum class Kind : std::uint8_t { file, folder, link, other };
  Kind kind = Kind::file;
  unsigned mode = 0;  // permission bits
  std::string link;   // its target
  Encoding encoding = Encoding::stored;
  std::uint64_t size = 0;  // unpacked
  ByteView data;           // packed
};

// One signature over the digest of the table of contents.
struct Signature {
  std::string style;                                 // "RSA", "CMS"
  ByteView bytes;                                    // in the heap
  std::vector<std::vector<std::byte>> certificates;  // DER, the signer first
};

class Archive {
 public:
  // malformed for bytes that are no xar and for a table that contradicts itself, truncated for
  // what lies outside of the file, limit for a table above max_toc, unsupported without zlib.
  static Result<Archive> parse(ByteView file);

  [[nodiscard]] const std::vector<Member>& members() const TENON_LIFETIMEBOUND { return members_; }
  [[nodiscard]] const std::vector<Signature>& signatures() const TENON_LIFETIMEBOUND {
    return signatures_;
  }
  // The compressed table, which the checksum in the heap is about.
  [[nodiscard]] ByteView toc() const { return toc_; }
  // "sha1", "sha256" ...: of the checksum; empty for none.
  [[nodiscard]] const std::string& checksum_style() const TENON_LIFETIMEBOUND {
    return checksum_style_;
  }
  [[nodiscard]] ByteView checksum() const { return checksum_; }
  // Where the archive ends: what the table names lies before.
  [[nodiscard]] std::uint64_t end() const { return end_; }

 private:
  friend class TocReader;
  std::vector<Member> members_;
  std::vector<Signature> signatures_;
  ByteView toc_, checksum_;
  std::string checksum_style_;
  std::uint64_t end_ = 0;
};

[[nodiscard]] bool is_xar(ByteView file);

// A trailer behind the archive: how a ticket is stapled to a package.
struct Trailer {
  static constexpr std::uint16_t terminator = 1, ticket = 2;
  static constexpr std::uint64_t size = 16;
  std::uint16_t type = 0;
  std::uint32_t length = 0;  // of what stands before it
};

// The trailer that ends at `end` of the file; nullopt for none.
[[nodiscard]] std::optional<Trailer> trailer_at(ByteView file, std::uint64_t end);
[[nodiscard]] std::string trailer_bytes(const Trailer& trailer);

// The ticket of a package, and where the trailers begin (the size of the file without them). Empty
// ticket for a package without trailers; malformed for trailers without their terminator.
struct Stapled {
  ByteView ticket;
  std::uint64_t archive_end = 0;
};
[[nodiscard]] Result<Stapled> stapled(ByteView file);

}  // namespace tenon::xar
