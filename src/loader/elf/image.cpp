#include "loader/elf/image.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/elf/elf.h"
#include "format/elf/layout.h"
#include "format/elf/lookup.h"
#include "loader/files.h"

namespace tenon::loader {
namespace {

void set_version(std::vector<NamedVersion>& versions, std::uint16_t index, NamedVersion version) {
  constexpr std::size_t most = 0x8000;
  if (index >= most) return;
  if (versions.size() <= index) versions.resize(index + std::size_t{1});
  versions[index] = version;
}

}  // namespace

const NamedVersion* Image::version_of(std::uint64_t symbol) const {
  if (!has_versym) return nullptr;
  const std::size_t index = symbols.stored_version(symbol) & 0x7fffU;
  if (index >= versions.size() || versions[index].name.empty()) return nullptr;
  return &versions[index];
}

Result<Image> read_image(Opened opened) {
  elf::File file = TENON_TRY(elf::File::parse(opened.bytes()));
  return read_image(std::move(opened), std::move(file));
}

Result<Image> read_image(Opened opened, elf::File file) {
  Image out;
  out.file = std::move(opened);
  out.elf = std::move(file);
  out.dynamic = TENON_TRY(out.elf.dynamic());
  if (out.dynamic.soname) out.soname_match = std::string(*out.dynamic.soname);
  if (!out.dynamic.present) return out;
  out.symbols = TENON_TRY(out.elf.dynamic_symbols());
  out.hash = TENON_TRY(elf::SymbolHash::read(out.elf, out.dynamic));
  out.relocations = TENON_TRY(elf::RelocationTables::read(out.elf, out.dynamic));
  out.needs = TENON_TRY(out.elf.version_needs());
  out.definitions = TENON_TRY(out.elf.version_definitions());
  out.has_versym = out.symbols.has_versions();
  for (const elf::VersionNeed& need : out.needs) {
    for (const elf::Version& one : need.versions) {
      set_version(out.versions, one.index, {one.name, need.file});
    }
  }
  for (const elf::Version& one : out.definitions) {
    if (!one.base) set_version(out.versions, one.index, {one.name, {}});
  }
  return out;
}

bool ends_in_dynamic_page(ByteView bytes) {
  constexpr std::uint64_t page = 4096;
  const auto file = elf::File::parse(bytes);
  const elf::Segment* dynamic = file ? file->segment(elf::PT_DYNAMIC) : nullptr;
  if (dynamic == nullptr) return false;
  const std::uint64_t start = dynamic->p_offset, size = bytes.size();
  if (start / page * page >= size) return false;
  return start >= size || size - start < dynamic->p_filesz;
}

std::string origin_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  return slash == 0 ? "/" : std::string(path.substr(0, slash));
}

}  // namespace tenon::loader
