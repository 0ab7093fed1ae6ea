// One entry of "files" or "files2". Not for other folders.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "codesign/blob/codesign.h"
#include "format/plist/value.h"

namespace tenon::resources {

// Borrows the property list.
struct ResourceEntry {
  enum class Form : std::uint8_t { file, link, nested };
  Form form = Form::file;
  bool optional = false;
  const plist::Data* sha1 = nullptr;
  const plist::Data* sha256 = nullptr;
  const std::string* target = nullptr;       // of link
  const std::string* requirement = nullptr;  // of nested
  const plist::Data* cdhash = nullptr;       // of nested; may be missing
};

// nullopt for what the system refuses (resources.cpp ResourceSeal), and for hashes of another size.
[[nodiscard]] std::optional<ResourceEntry> read_entry(const plist::Value& value);

// Whether the bytes have all hashes of the entry that are known here: SHA-256, SHA-1. An entry of
// the form file has at least one.
[[nodiscard]] bool same_contents(const ResourceEntry& entry, ByteView bytes);

}  // namespace tenon::resources
