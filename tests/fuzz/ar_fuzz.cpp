// Members and symbol index of an archive, on any bytes.
#include <cstddef>
#include <cstdint>

#include "format/ar/ar.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto archive = tenon::ar::Archive::parse(tenon::ByteView(data, size));
  if (!archive) return 0;
  volatile std::uint64_t sink = 0;
  for (const tenon::ar::Member& member : archive->members()) {
    for (const char c : member.name) sink = sink + static_cast<unsigned char>(c);
    if (!member.data.empty()) sink = sink + static_cast<std::uint64_t>(member.data.bytes().back());
    if (archive->member_at(member.offset) == nullptr) __builtin_trap();
  }
  auto index = archive->index();
  if (!index) return 0;
  for (auto entry = index->next(); entry && *entry; entry = index->next()) {
    sink = sink + (*entry)->symbol.size();
    sink = sink + (archive->member_at((*entry)->offset) != nullptr ? 1U : 0U);
  }
  return 0;
}
