#include "codesign/mapping/data_ranges.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <limits>
#include <utility>

#include "base/bytes.h"
#include "format/macho/load_commands.h"

namespace tenon::codesign {
namespace {

using namespace tenon::macho;

struct NoteCommand {
  ul32 cmd, cmdsize;
  std::array<char, 16> data_owner;
  ul64 offset, size;
};

static_assert(sizeof(NoteCommand) == 40);

struct Collector {
  DataRanges ranges;
  std::uint32_t cmd = 0;  // of what is covered

  void cover(std::uint64_t start, std::uint64_t count, std::uint64_t size = 1) {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    if (count == 0) return;
    const std::uint64_t end = count > (most - start) / size ? most : start + count * size;
    ranges.all.push_back({cmd, start, end});
  }
};

template <class T>
const T* as(ByteView command) {
  const auto raw = command.at<T>(0);
  return raw ? *raw : nullptr;
}

void cover_symtab(Collector& out, ByteView command, bool is_64) {
  const auto* raw = as<SymtabCommand>(command);
  if (raw == nullptr) return;
  out.cover(raw->symoff, raw->nsyms, is_64 ? sizeof(Nlist64) : sizeof(Nlist));
  out.cover(raw->stroff, raw->strsize);
}

void cover_dysymtab(Collector& out, ByteView command, bool is_64) {
  const auto* raw = as<DysymtabCommand>(command);
  if (raw == nullptr) return;
  out.cover(raw->tocoff, raw->ntoc, toc_entry_size);
  out.cover(raw->modtaboff, raw->nmodtab, is_64 ? module_size_64 : module_size_32);
  out.cover(raw->extrefsymoff, raw->nextrefsyms, reference_size);
  out.cover(raw->indirectsymoff, raw->nindirectsyms, reference_size);
  out.cover(raw->extreloff, raw->nextrel, relocation_size);
  out.cover(raw->locreloff, raw->nlocrel, relocation_size);
}

void cover_dyld_info(Collector& out, ByteView command) {
  const auto* raw = as<DyldInfoCommand>(command);
  if (raw == nullptr) return;
  out.cover(raw->rebase_off, raw->rebase_size);
  out.cover(raw->bind_off, raw->bind_size);
  out.cover(raw->weak_bind_off, raw->weak_bind_size);
  out.cover(raw->lazy_bind_off, raw->lazy_bind_size);
  out.cover(raw->export_off, raw->export_size);
}

// Commands that point to nothing in the file, or that are covered as segments.
bool points_nowhere(std::uint32_t cmd) {
  static constexpr std::uint32_t known[] = {LC_SEGMENT,
                                            LC_SEGMENT_64,
                                            LC_THREAD,
                                            LC_UNIXTHREAD,
                                            LC_LOAD_DYLIB,
                                            LC_ID_DYLIB,
                                            LC_LOAD_DYLINKER,
                                            LC_ID_DYLINKER,
                                            LC_ROUTINES,
                                            LC_ROUTINES_64,
                                            LC_SUB_FRAMEWORK,
                                            LC_SUB_UMBRELLA,
                                            LC_SUB_CLIENT,
                                            LC_SUB_LIBRARY,
                                            LC_PREBIND_CKSUM,
                                            LC_LOAD_WEAK_DYLIB,
                                            LC_UUID,
                                            LC_RPATH,
                                            LC_CODE_SIGNATURE,
                                            LC_REEXPORT_DYLIB,
                                            LC_LAZY_LOAD_DYLIB,
                                            LC_ENCRYPTION_INFO,
                                            LC_ENCRYPTION_INFO_64,
                                            LC_LOAD_UPWARD_DYLIB,
                                            LC_VERSION_MIN_MACOSX,
                                            LC_VERSION_MIN_IPHONEOS,
                                            LC_VERSION_MIN_TVOS,
                                            LC_VERSION_MIN_WATCHOS,
                                            LC_DYLD_ENVIRONMENT,
                                            LC_MAIN,
                                            LC_SOURCE_VERSION,
                                            LC_LINKER_OPTION,
                                            LC_BUILD_VERSION};
  return std::ranges::find(known, cmd) != std::end(known);
}

void cover_command(Collector& out, std::uint32_t cmd, ByteView command, bool is_64) {
  out.cmd = cmd;
  switch (cmd) {
    case LC_SYMTAB: return cover_symtab(out, command, is_64);
    case LC_DYSYMTAB: return cover_dysymtab(out, command, is_64);
    case LC_DYLD_INFO:
    case LC_DYLD_INFO_ONLY: return cover_dyld_info(out, command);
    case LC_SYMSEG:
    case LC_SEGMENT_SPLIT_INFO:
    case LC_FUNCTION_STARTS:
    case LC_DATA_IN_CODE:
    case LC_DYLIB_CODE_SIGN_DRS:
    case LC_LINKER_OPTIMIZATION_HINT:
    case LC_DYLD_EXPORTS_TRIE:
    case LC_DYLD_CHAINED_FIXUPS:
    case LC_ATOM_INFO:
    case LC_FUNCTION_VARIANTS:
    case LC_FUNCTION_VARIANT_FIXUPS:
      if (const auto* raw = as<LinkeditDataCommand>(command)) {
        out.cover(raw->dataoff, raw->datasize);
      }
      return;
    case LC_TWOLEVEL_HINTS:
      if (const auto* raw = as<LinkeditDataCommand>(command)) {
        out.cover(raw->dataoff, raw->datasize, 4);
      }
      return;
    case LC_NOTE:
      if (const auto* raw = as<NoteCommand>(command)) out.cover(raw->offset, raw->size);
      return;
    default: out.ranges.complete = out.ranges.complete && points_nowhere(cmd);
  }
}

}  // namespace

DataRanges data_ranges(const File& file) {
  Collector out;
  file.for_each_command([&](std::uint32_t cmd, ByteView command) {
    cover_command(out, cmd, command, file.header().is_64);
  });
  return std::move(out.ranges);
}

}  // namespace tenon::codesign
