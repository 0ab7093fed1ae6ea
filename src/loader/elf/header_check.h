// The checks that glibc makes on a file before it maps it, with its texts.
// Rules: glibc elf/dl-load.c, open_verify and _dl_map_object_from_fd.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "loader/elf/machine.h"
#include "loader/files.h"

namespace tenon::loader {

struct HeaderVerdict {
  enum class Kind : std::uint8_t {
    accepted,
    other_machine,  // counts as absent
    other_class,    // counts as absent, and changes the text in the end
    refused,        // the loader stops with `text`
  };
  Kind kind = Kind::accepted;
  std::string_view text;             // "file too short"
  OsError os_error = OsError::none;  // printed behind the text
  ElfKind have;                      // of another machine or class
};

// What open_verify says: it names the path that it opened.
[[nodiscard]] HeaderVerdict check_header(const Opened& opened, const ElfKind& wanted);

// What follows when the segments are mapped; the message names what was asked for. Of a file that
// check_header accepted.
[[nodiscard]] std::string_view check_segments(ByteView bytes);

}  // namespace tenon::loader
