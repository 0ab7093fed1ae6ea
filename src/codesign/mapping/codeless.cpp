#include "codesign/mapping/codeless.h"

#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "format/macho/layout.h"
#include "format/macho/macho.h"

namespace tenon::codesign {
namespace {

std::optional<Codeless> thin_codeless(ByteView bytes) {
  const std::string_view text = bytes.text();
  if (text.starts_with("!<arch>\n") || text.starts_with("!<thin>\n")) return Codeless::archive;
  const auto header = macho::read_header(bytes);
  if (header && header->filetype == macho::MH_OBJECT) return Codeless::object;
  return std::nullopt;
}

}  // namespace

std::optional<Codeless> codeless(ByteView file) {
  if (!macho::is_universal(file)) return thin_codeless(file);
  const auto table = macho::slice_table(file);
  if (!table) return std::nullopt;
  std::optional<Codeless> found;
  for (const macho::Slice& slice : macho::readable_slices(file, *table)) {
    found = thin_codeless(slice.bytes);
    if (!found) break;
  }
  return found;
}

}  // namespace tenon::codesign
