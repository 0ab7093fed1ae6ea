// Imported DLLs and their functions.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/pe/layout.h"
#include "format/pe/pe.h"

namespace tenon::pe {

// How much may still be copied: tables can be shared, so that a small file describes any number of
// entries. A real import takes two thunks and a name.
struct File::Budget {
  std::uint64_t dlls = 0, imports = 0;
  std::uint64_t name_bytes = 0;  // looked at, so that time is bounded as well
};

namespace {

// The entries of a table without a length: directories announce sizes that nobody keeps to.
template <class T>
Result<std::span<const T>> until_end_of_section(const File& file, std::uint64_t rva) {
  const ByteView rest = TENON_TRY(file.from_rva(rva));
  return rest.array<T>(0, rest.size() / sizeof(T));
}

}  // namespace

std::string_view File::name_at(std::uint64_t rva) const {
  const auto rest = from_rva(rva);
  if (!rest) return {};
  const std::string_view text = rest->text().substr(0, longest_name);
  return text.substr(0, text.find('\0'));
}

// Thunk is ul32 or ul64: the highest bit says "by ordinal", else it is the RVA of hint and name.
template <class Thunk>
Result<std::vector<Import>> File::read_thunks(std::uint64_t rva, Budget& budget) const {
  static constexpr std::uint64_t ordinal_bit = 1ULL << (sizeof(Thunk) * 8 - 1);
  const auto thunks = TENON_TRY(until_end_of_section<Thunk>(*this, rva));
  std::size_t count = 0;
  while (count < thunks.size() && thunks[count] != 0) ++count;
  if (count == thunks.size()) {
    return fail(Errc::malformed, "PE import table without an end", bytes_.base());
  }
  if (count > budget.imports) return fail(Errc::malformed, "PE import count", bytes_.base());
  budget.imports -= count;
  std::vector<Import> out;
  out.reserve(count);
  for (const Thunk& thunk : thunks.first(count)) {
    const std::uint64_t value = thunk;
    if ((value & ordinal_bit) != 0) {
      out.push_back({{}, static_cast<std::uint16_t>(value), true});
      continue;
    }
    const ByteView hint = TENON_TRY(at_rva(value, sizeof(ul16)));
    const std::uint16_t number = *TENON_TRY(hint.at<ul16>(0));
    const std::string_view name = name_at(value + sizeof(ul16));
    if (name.size() > budget.name_bytes) {
      return fail(Errc::malformed, "PE import names", bytes_.base());
    }
    budget.name_bytes -= name.size();
    out.push_back({name, number, false});
  }
  return out;
}

Result<ImportedDll> File::read_dll(std::uint64_t name, std::uint64_t lookup, Budget& budget) const {
  if (budget.dlls == 0) return fail(Errc::malformed, "PE import count", bytes_.base());
  --budget.dlls;
  ImportedDll dll;
  dll.dll = name_at(name);
  dll.imports = TENON_TRY(header_.is_64 ? read_thunks<ul64>(lookup, budget)
                                        : read_thunks<ul32>(lookup, budget));
  return dll;
}

Result<void> File::read_imports(std::vector<ImportedDll>& out, Budget& budget) const {
  const Directory place = directory(IMAGE_DIRECTORY_ENTRY_IMPORT);
  if (place.rva == 0) return {};
  for (const ImportDescriptor& raw :
       TENON_TRY(until_end_of_section<ImportDescriptor>(*this, place.rva))) {
    // Windows stops at either; the specification asks for all zero.
    if (raw.Name == 0 || raw.FirstThunk == 0) return {};
    // Old Borland linkers write no lookup table; the address table has the same contents.
    const std::uint32_t lookup =
        raw.OriginalFirstThunk != 0 ? raw.OriginalFirstThunk : raw.FirstThunk;
    out.push_back(TENON_TRY(read_dll(raw.Name, lookup, budget)));
  }
  return fail(Errc::malformed, "PE import directory without an end", bytes_.base());
}

Result<void> File::read_delay_imports(std::vector<ImportedDll>& out, Budget& budget) const {
  static constexpr std::uint32_t holds_rvas = 1;
  const Directory place = directory(IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT);
  if (place.rva == 0) return {};
  for (const DelayDescriptor& raw :
       TENON_TRY(until_end_of_section<DelayDescriptor>(*this, place.rva))) {
    if (raw.DllNameRVA == 0) return {};
    // Visual C++ 6 wrote addresses. What lies below the base wraps around and is then not found.
    const std::uint64_t base = (raw.Attributes & holds_rvas) != 0 ? 0 : header_.image_base;
    out.push_back(
        TENON_TRY(read_dll(raw.DllNameRVA - base, raw.ImportNameTableRVA - base, budget)));
    out.back().delayed = true;
  }
  return fail(Errc::malformed, "PE delay import directory without an end", bytes_.base());
}

Result<std::vector<ImportedDll>> File::imports() const {
  Budget budget{16 + bytes_.size() / 256, 64 + bytes_.size() / 24, 2 * bytes_.size()};
  std::vector<ImportedDll> out;
  TENON_TRY(read_imports(out, budget));
  TENON_TRY(read_delay_imports(out, budget));
  return out;
}

}  // namespace tenon::pe
