#include "codesign/resources/entry.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/digest.h"
#include "format/plist/value.h"

namespace tenon::resources {
namespace {

using Form = ResourceEntry::Form;

// False when the key is there with another kind of value or another size.
bool take_hash(const plist::Dict& dict, std::string_view key, std::size_t size,
               const plist::Data*& into) {
  const plist::Value* held = dict.find(key);
  if (held == nullptr) return true;
  into = held->data();
  return into != nullptr && into->size() == size;
}

bool take_text(const plist::Dict& dict, std::string_view key, const std::string*& into) {
  const plist::Value* held = dict.find(key);
  if (held == nullptr) return true;
  into = held->string();
  return into != nullptr;
}

std::optional<ResourceEntry> read_dict(const plist::Dict& dict) {
  ResourceEntry out;
  if (const plist::Value* optional = dict.find("optional")) {
    if (optional->boolean() == nullptr) return std::nullopt;
    out.optional = *optional->boolean();
  }
  if (!take_text(dict, "requirement", out.requirement)) return std::nullopt;
  if (out.requirement != nullptr) {
    out.form = Form::nested;
    return take_hash(dict, "cdhash", 20, out.cdhash) ? std::optional(out) : std::nullopt;
  }
  if (!take_text(dict, "symlink", out.target)) return std::nullopt;
  if (out.target != nullptr) {
    out.form = Form::link;
    return out;
  }
  if (!take_hash(dict, "hash", 20, out.sha1) || !take_hash(dict, "hash2", 32, out.sha256)) {
    return std::nullopt;
  }
  if (out.sha1 == nullptr && out.sha256 == nullptr) return std::nullopt;
  return out;
}

}  // namespace

std::optional<ResourceEntry> read_entry(const plist::Value& value) {
  if (value.dict() != nullptr) return read_dict(*value.dict());
  if (value.data() == nullptr || value.data()->size() != 20) return std::nullopt;
  ResourceEntry out;
  out.sha1 = value.data();
  return out;
}

bool same_contents(const ResourceEntry& entry, ByteView bytes) {
  if (entry.sha256 != nullptr && !std::ranges::equal(*entry.sha256, sha256(bytes.bytes()))) {
    return false;
  }
  return entry.sha1 == nullptr || std::ranges::equal(*entry.sha1, sha1(bytes.bytes()));
}

}  // namespace tenon::resources
