// The imports of dyld: common parts, bind opcodes, chained fixups.
#include "format/macho/fixups.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <iterator>
#include <limits>
#include <numeric>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/macho/leb.h"

namespace tenon::macho {
namespace {

constexpr const char* opcodes = "bind opcodes";
constexpr const char* fixups = "chained fixups";

enum class BindTable : std::uint8_t { bind, weak, lazy };

// Runs the opcodes of one table. Only what changes the next target is looked at.
class BindReader {
 public:
  BindReader(const File& file, ByteView table, BindTable kind)
      : file_(file), table_(table), kind_(kind) {
    current_.lazy = kind == BindTable::lazy;
    current_.library_ordinal = weak_lookup_ordinal;
    has_ordinal_ = kind == BindTable::weak;
  }

  // Calls `fn(const BoundImport&)`, which returns Result<void>, for every bind that has another
  // target than the one before.
  template <class Fn>
  Result<void> run(Fn& fn) {
    while (!done_ && at_ < table_.size()) {
      const auto byte = *TENON_TRY(table_.at<std::uint8_t>(at_++, opcodes));
      const auto opcode = static_cast<std::uint8_t>(byte & BIND_OPCODE_MASK);
      const auto immediate = static_cast<std::uint8_t>(byte & BIND_IMMEDIATE_MASK);
      const bool binds = TENON_TRY(step(opcode, immediate));
      if (!binds || !changed_) continue;
      if (auto bound = bind(fn); !bound) return bound;
    }
    return {};
  }

  [[nodiscard]] bool threaded() const { return threaded_; }

 private:
  // Whether the opcode binds.
  Result<bool> step(std::uint8_t opcode, std::uint8_t immediate) {
    switch (opcode) {
      case BIND_OPCODE_DONE:
        // Lazy pointers are bound one by one: each ends with this.
        done_ = kind_ != BindTable::lazy;
        return false;
      case BIND_OPCODE_SET_TYPE_IMM: return false;
      case BIND_OPCODE_SET_ADDEND_SLEB:
      case BIND_OPCODE_SET_SEGMENT_AND_OFFSET_ULEB:
      case BIND_OPCODE_ADD_ADDR_ULEB: return skip_number(false);
      case BIND_OPCODE_DO_BIND:
      case BIND_OPCODE_DO_BIND_ADD_ADDR_IMM_SCALED: return true;
      case BIND_OPCODE_DO_BIND_ADD_ADDR_ULEB: return skip_number(true);
      case BIND_OPCODE_DO_BIND_ULEB_TIMES_SKIPPING_ULEB: {
        const bool any = TENON_TRY(number()) != 0;
        return skip_number(any);
      }
      case BIND_OPCODE_THREADED: return step_threaded(immediate);
      default: return step_target(opcode, immediate);
    }
  }

  Result<bool> step_target(std::uint8_t opcode, std::uint8_t immediate) {
    switch (opcode) {
      case BIND_OPCODE_SET_DYLIB_ORDINAL_IMM: return set_ordinal(immediate);
      case BIND_OPCODE_SET_DYLIB_ORDINAL_ULEB: {
        const std::uint64_t ordinal = TENON_TRY(number());
        return set_ordinal(static_cast<std::int64_t>(std::min<std::uint64_t>(ordinal, 1U << 31)));
      }
      case BIND_OPCODE_SET_DYLIB_SPECIAL_IMM:
        return set_ordinal(immediate == 0 ? 0 : immediate - 16);
      case BIND_OPCODE_SET_SYMBOL_TRAILING_FLAGS_IMM:
        current_.name = TENON_TRY(table_.cstr(at_, opcodes));
        at_ += current_.name.size() + 1;
        current_.weak = (immediate & BIND_SYMBOL_FLAGS_WEAK_IMPORT) != 0;
        changed_ = true;
        return false;
      default: return wrong("unknown bind opcode");
    }
  }

  // The binds between these two fill a table of targets instead of places.
  Result<bool> step_threaded(std::uint8_t immediate) {
    threaded_ = true;
    switch (immediate) {
      case BIND_SUBOPCODE_THREADED_SET_BIND_ORDINAL_TABLE_SIZE_ULEB: return skip_number(false);
      case BIND_SUBOPCODE_THREADED_APPLY: return false;
      default: return wrong("unknown threaded bind opcode");
    }
  }

  Result<bool> set_ordinal(std::int64_t ordinal) {
    if (kind_ == BindTable::weak) return wrong("library of a weak bind");
    if (!is_library_ordinal(file_, ordinal)) return wrong("library of a bind");
    current_.library_ordinal = static_cast<int>(ordinal);
    has_ordinal_ = true;
    changed_ = true;
    return false;
  }

  template <class Fn>
  Result<void> bind(Fn& fn) {
    if (current_.name.data() == nullptr) return wrong("bind without a symbol");
    if (!has_ordinal_) return wrong("bind without a library");
    changed_ = false;
    return fn(std::as_const(current_));
  }

  Result<std::uint64_t> number() {
    const Leb leb = TENON_TRY(read_uleb(table_, at_, opcodes));
    at_ = leb.next;
    return leb.value;
  }

  Result<bool> skip_number(bool binds) {
    at_ = TENON_TRY(skip_leb(table_, at_, opcodes));
    return binds;
  }

  [[nodiscard]] std::unexpected<Error> wrong(const char* what) const {
    return fail(Errc::malformed, what, table_.base() + at_ - 1);
  }

  const File& file_;
  ByteView table_;
  BindTable kind_;
  std::uint64_t at_ = 0;
  BoundImport current_;
  bool has_ordinal_ = false, changed_ = true, threaded_ = false, done_ = false;
};

Result<ByteView> opcode_table(const File& file, const Range& range) {
  if (range.size == 0) return ByteView();
  return file.contents(range);
}

template <class Fn>
Result<void> visit_opcodes(const File& file, Fn& fn) {
  const DyldInfo& info = *file.dyld_info();
  const std::pair<Range, BindTable> tables[] = {{info.bind, BindTable::bind},
                                                {info.weak_bind, BindTable::weak},
                                                {info.lazy_bind, BindTable::lazy}};
  for (const auto& [range, kind] : tables) {
    const ByteView table = TENON_TRY(opcode_table(file, range));
    if (auto read = BindReader(file, table, kind).run(fn); !read) return read;
  }
  return {};
}

struct Chained {
  ByteView data;
  const ChainedFixupsHeader* header = nullptr;
};

// nullptr as header for the empty table of a file that needs none.
Result<Chained> read_chained(const File& file) {
  if (file.chained_fixups()->size == 0) return Chained();
  Chained chained{TENON_TRY(file.contents(*file.chained_fixups())), nullptr};
  chained.header = TENON_TRY(chained.data.at<ChainedFixupsHeader>(0, fixups));
  const std::uint64_t at = chained.data.base();
  if (chained.header->fixups_version != 0) {
    return fail(Errc::unsupported, "version of the chained fixups", at);
  }
  if (chained.header->symbols_format != 0) {
    return fail(Errc::unsupported, "compressed names of the chained fixups", at);
  }
  return chained;
}

// Ordinals count up from 0; the last 15 values are negative.
int signed_ordinal(std::uint32_t raw, unsigned bits) {
  const int full = 1 << bits;
  const int value = static_cast<int>(raw);
  return value > full - 16 ? value - full : value;
}

struct RawImport {
  int ordinal = 0;
  bool weak = false;
  std::uint64_t name_offset = 0;
};

template <class Entry>
RawImport decode(const Entry& entry) {
  const std::uint32_t bits = entry.bits;
  return {signed_ordinal(bits & 0xff, 8), (bits >> 8 & 1) != 0, bits >> 9};
}

template <>
RawImport decode(const ChainedImportAddend64& entry) {
  const std::uint64_t bits = entry.bits;
  return {signed_ordinal(bits & 0xffff, 16), (bits >> 16 & 1) != 0, bits >> 32};
}

template <class Entry, class Fn>
Result<void> visit_table(const File& file, const Chained& chained, Fn& fn) {
  const ChainedFixupsHeader& header = *chained.header;
  const auto table = TENON_TRY(
      chained.data.array<Entry>(header.imports_offset, header.imports_count, "chained imports"));
  if (header.symbols_offset < header.imports_offset + table.size_bytes()) {
    return fail(Errc::malformed, "names among the chained imports", chained.data.base());
  }
  const ByteView names = TENON_TRY(chained.data.from(header.symbols_offset, "import names"));
  for (const Entry& entry : table) {
    const RawImport raw = decode(entry);
    if (!is_library_ordinal(file, raw.ordinal)) {
      return fail(Errc::malformed, "library of a chained import", chained.data.base());
    }
    const auto name = TENON_TRY(names.cstr(raw.name_offset, "import name"));
    if (auto taken = fn(BoundImport{name, raw.ordinal, raw.weak, false}); !taken) return taken;
  }
  return {};
}

template <class Fn>
Result<void> visit_chained(const File& file, Fn& fn) {
  const Chained chained = TENON_TRY(read_chained(file));
  if (chained.header == nullptr) return {};
  switch (chained.header->imports_format) {
    case DYLD_CHAINED_IMPORT: return visit_table<ChainedImport>(file, chained, fn);
    case DYLD_CHAINED_IMPORT_ADDEND: return visit_table<ChainedImportAddend>(file, chained, fn);
    case DYLD_CHAINED_IMPORT_ADDEND64: return visit_table<ChainedImportAddend64>(file, chained, fn);
    default: return fail(Errc::unsupported, "format of the chained imports", chained.data.base());
  }
}

// Calls `fn(const BoundImport&)`, which returns Result<void>, for every entry, equal ones included.
template <class Fn>
Result<void> visit_imports(const File& file, Fn fn) {
  if (file.has_chained_fixups()) return visit_chained(file, fn);
  return file.has_dyld_info() ? visit_opcodes(file, fn) : Result<void>();
}

// The number of entries. Stops where a list of them would outgrow the file: names that share bytes
// would take the square of its size to read.
Result<std::size_t> count_imports(const File& file) {
  constexpr std::uint64_t entry_cost = sizeof(BoundImport) + sizeof(std::size_t);
  std::size_t count = 0;
  std::uint64_t room = 2 * file.bytes().size() + 4096;
  auto counted = visit_imports(file, [&](const BoundImport& import) -> Result<void> {
    const std::uint64_t cost = entry_cost + import.name.size();
    if (cost > room) return fail(Errc::malformed, "imports unfold to more than the file");
    room -= cost;
    ++count;
    return {};
  });
  if (!counted) return std::unexpected(counted.error());
  return count;
}

// Joins entries of equal name and library into the first of them.
void merge_equal(std::vector<BoundImport>& all) {
  constexpr int merged = std::numeric_limits<int>::min();
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), 0);
  const auto key = [&](std::size_t i) { return std::tie(all[i].name, all[i].library_ordinal); };
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    const auto compared = key(a) <=> key(b);
    return compared == 0 ? a < b : compared < 0;
  });
  std::size_t first = 0;  // in order
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (key(order[first]) != key(order[i])) {
      first = i;
      continue;
    }
    BoundImport& kept = all[order[first]];
    BoundImport& joined = all[order[i]];
    kept.weak = kept.weak && joined.weak;
    kept.lazy = kept.lazy && joined.lazy;
    joined.library_ordinal = merged;
  }
  std::erase_if(all, [](const BoundImport& i) { return i.library_ordinal == merged; });
}

Result<std::vector<ChainedSegment>> read_segments(const File& file, const Chained& chained) {
  const ByteView starts = TENON_TRY(chained.data.from(chained.header->starts_offset, fixups));
  const auto* image = TENON_TRY(starts.at<ChainedStartsInImage>(0, fixups));
  const std::uint32_t count = image->seg_count;
  // Tools that add segments afterwards leave this table as it is.
  if (count > file.segments().size()) {
    return fail(Errc::malformed, "number of segments with chained fixups", starts.base());
  }
  std::vector<ChainedSegment> segments;
  const auto offsets = TENON_TRY(starts.array<ul32>(sizeof(ChainedStartsInImage), count, fixups));
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    if (offsets[i] == 0) continue;
    const auto* raw = TENON_TRY(starts.at<ChainedStartsInSegment>(offsets[i], fixups));
    segments.push_back({i, raw->pointer_format, raw->page_size});
  }
  return segments;
}

Result<bool> is_threaded(const File& file) {
  const ByteView table = TENON_TRY(opcode_table(file, file.dyld_info()->bind));
  BindReader reader(file, table, BindTable::bind);
  auto nothing = [](const BoundImport&) { return Result<void>(); };
  if (auto read = reader.run(nothing); !read) return std::unexpected(read.error());
  return reader.threaded();
}

}  // namespace

bool is_library_ordinal(const File& file, std::int64_t ordinal) {
  return ordinal >= weak_lookup_ordinal &&
         ordinal <= static_cast<std::int64_t>(file.dylibs().size());
}

Result<std::vector<BoundImport>> bound_imports(const File& file) {
  std::vector<BoundImport> all;
  all.reserve(TENON_TRY(count_imports(file)));
  auto read = visit_imports(file, [&](const BoundImport& import) -> Result<void> {
    all.push_back(import);
    return {};
  });
  if (!read) return std::unexpected(read.error());
  merge_equal(all);
  return all;
}

Result<FixupInfo> fixup_info(const File& file) {
  FixupInfo info;
  if (file.has_chained_fixups()) {
    info.style = FixupStyle::chained;
    const Chained chained = TENON_TRY(read_chained(file));
    if (chained.header == nullptr) return info;
    info.imports_format = chained.header->imports_format;
    info.segments = TENON_TRY(read_segments(file, chained));
  } else if (file.has_dyld_info()) {
    info.style = FixupStyle::opcodes;
    info.threaded = TENON_TRY(is_threaded(file));
  }
  return info;
}

std::string_view pointer_format_name(std::uint16_t format) {
  static constexpr std::string_view names[] = {"DYLD_CHAINED_PTR_ARM64E",
                                               "DYLD_CHAINED_PTR_64",
                                               "DYLD_CHAINED_PTR_32",
                                               "DYLD_CHAINED_PTR_32_CACHE",
                                               "DYLD_CHAINED_PTR_32_FIRMWARE",
                                               "DYLD_CHAINED_PTR_64_OFFSET",
                                               "DYLD_CHAINED_PTR_ARM64E_KERNEL",
                                               "DYLD_CHAINED_PTR_64_KERNEL_CACHE",
                                               "DYLD_CHAINED_PTR_ARM64E_USERLAND",
                                               "DYLD_CHAINED_PTR_ARM64E_FIRMWARE",
                                               "DYLD_CHAINED_PTR_X86_64_KERNEL_CACHE",
                                               "DYLD_CHAINED_PTR_ARM64E_USERLAND24",
                                               "DYLD_CHAINED_PTR_ARM64E_SHARED_CACHE",
                                               "DYLD_CHAINED_PTR_ARM64E_SEGMENTED",
                                               "DYLD_CHAINED_PTR_ARM64E_SHARED_CACHE_V3",
                                               "DYLD_CHAINED_PTR_SHARED_CACHE_V2"};
  return format >= 1 && format <= std::size(names) ? names[format - 1] : std::string_view();
}

}  // namespace tenon::macho
