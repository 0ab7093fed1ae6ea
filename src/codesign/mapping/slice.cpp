// Segments and link-edit data of one slice.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "codesign/mapping/data_ranges.h"
#include "codesign/mapping/machine_page.h"
#include "codesign/mapping/mapping.h"
#include "format/macho/load_commands.h"
#include "format/macho/macho.h"

namespace tenon::codesign {
namespace {

using macho::Segment;

constexpr auto most = std::numeric_limits<std::uint64_t>::max();

std::uint64_t end_of(std::uint64_t start, std::uint64_t size) {
  return size > most - start ? most : start + size;
}

std::string name_of(const Segment& segment) {
  return segment.segname.empty() ? "a segment without a name" : std::string(segment.segname);
}

// "rwx", "r--".
std::string protection_text(std::uint32_t protection) {
  std::string out = "---";
  if ((protection & macho::VM_PROT_READ) != 0) out[0] = 'r';
  if ((protection & macho::VM_PROT_WRITE) != 0) out[1] = 'w';
  if ((protection & macho::VM_PROT_EXECUTE) != 0) out[2] = 'x';
  return out;
}

// Not put into memory: the system only keeps its bytes (__LLVM, the __DWARF of Go).
bool is_unmapped(const Segment& segment) {
  return segment.vmsize == 0 && (segment.initprot == 0 || (segment.flags & macho::SG_NORELOC) != 0);
}

// dyld asks more of files made with newer SDKs, so that old ones keep running (mach_o/Policy.cpp).
// A file that names no SDK is old.
enum class Since : std::uint8_t { fall_2019, fall_2020, fall_2025 };

struct Epoch {
  std::uint16_t macos, minor, ios;
};

constexpr Epoch epochs[] = {{10, 15, 13}, {11, 0, 14}, {26, 0, 26}};

bool asked_of(const macho::BuildVersion& build, Since since) {
  const Epoch& epoch = epochs[static_cast<std::size_t>(since)];
  switch (build.platform) {
    case macho::PLATFORM_MACOS:
      return build.sdk >= macho::Version{epoch.macos, static_cast<std::uint8_t>(epoch.minor), 0};
    case macho::PLATFORM_IOS:
    case macho::PLATFORM_TVOS:
    case macho::PLATFORM_MACCATALYST: return build.sdk >= macho::Version{epoch.ios, 0, 0};
    default: return false;
  }
}

class SliceJudge {
 public:
  explicit SliceJudge(const macho::File& file)
      : file_(file),
        arch_(macho::arch_name(file.header().cputype, file.header().cpusubtype)),
        page_(machine_page(file.header().cputype)) {}

  std::vector<MapProblem> run() {
    judge_signature();
    judge_unsealed();
    // A core, a dSYM or a kernel extension is mapped by other rules, if at all.
    if (!is_judged(file_.header().filetype)) return std::move(out_);
    judge_data();
    judge_text();
    judge_linkedit();
    for (const Segment& segment : file_.segments()) {
      judge_segment(segment);
      judge_sections(segment);
    }
    judge_command_sizes();
    judge_overlaps(MapFault::memory_overlap, &Segment::vmaddr, &Segment::vmsize);
    judge_overlaps(MapFault::file_overlap, &Segment::fileoff, &Segment::filesize);
    judge_order();
    judge_names();
    return std::move(out_);
  }

 private:
  struct Range {
    std::uint64_t start = 0, end = 0, limit = 0;
  };

  void add(MapFault fault, std::string first, std::string second, Range range) {
    if (out_.size() == most_map_problems) return;
    out_.push_back(
        {fault, arch_, std::move(first), std::move(second), range.start, range.end, range.limit});
  }
  void add(MapFault fault, const Segment& segment, Range range) {
    add(fault, name_of(segment), {}, range);
  }

  [[nodiscard]] bool is_asked(Since since) const {
    return std::ranges::any_of(file_.builds(), [&](const auto& b) { return asked_of(b, since); });
  }

  // Programs without dyld, such as a kernel.
  [[nodiscard]] bool is_static() const {
    return file_.header().filetype == macho::MH_EXECUTE && !file_.dylinker();
  }

  // Not the kernel's: these files are mapped by dyld alone, or by it as well.
  [[nodiscard]] bool is_dynamic() const {
    const macho::Header& header = file_.header();
    if (header.filetype == macho::MH_EXECUTE) return (header.flags & macho::MH_DYLDLINK) != 0;
    return header.filetype == macho::MH_DYLIB || header.filetype == macho::MH_BUNDLE;
  }

  void judge_signature();
  void judge_unsealed();
  void judge_data();
  void judge_text();
  void judge_linkedit();
  void judge_segment(const Segment& segment);
  void judge_protection(const Segment& segment);
  void judge_sections(const Segment& segment);
  void judge_command_sizes();
  void judge_overlaps(MapFault fault, std::uint64_t Segment::* start,
                      std::uint64_t Segment::* size);
  void judge_order();
  void judge_names();

  const macho::File& file_;
  std::string arch_;
  std::uint64_t page_;
  std::vector<MapProblem> out_;
};

void SliceJudge::judge_signature() {
  if (!file_.signature()) return;
  if (file_.signature_commands() > 1) {
    add(MapFault::signature_twice, {}, {}, {.limit = file_.signature_commands()});
  }
  const macho::Range& signature = *file_.signature();
  const std::uint64_t end = end_of(signature.offset, signature.size);
  const Segment* linkedit = file_.segment("__LINKEDIT");
  if (linkedit != nullptr && (signature.offset < linkedit->fileoff ||
                              end > end_of(linkedit->fileoff, linkedit->filesize))) {
    add(MapFault::signature_outside, "__LINKEDIT", {}, {signature.offset, end, 0});
  }
  const std::uint64_t word = file_.header().is_64 ? 8 : 4;
  if (signature.offset % word != 0 && is_asked(Since::fall_2019)) {
    add(MapFault::signature_unaligned, {}, {}, {signature.offset, end, word});
  }
}

// The seal ends where the signature begins. xnu has no hash for what lies behind, and dyld refuses
// link-edit data that overlaps the signature or leaves __LINKEDIT. Only __LINKEDIT itself goes on,
// for the signature, which nothing may execute.
void SliceJudge::judge_unsealed() {
  if (!file_.signature()) return;
  const std::uint64_t limit = file_.signature()->offset;
  for (const Segment& segment : file_.segments()) {
    const std::uint64_t end = end_of(segment.fileoff, segment.filesize);
    const bool executable = (segment.initprot & macho::VM_PROT_EXECUTE) != 0;
    const bool holds_signature = segment.segname == "__LINKEDIT" && !executable;
    if (segment.filesize == 0 || end <= limit || holds_signature) continue;
    add(MapFault::segment_unsealed, segment, {segment.fileoff, end, limit});
  }
  for (const DataRange& range : data_ranges(file_).all) {
    if (range.end <= limit || range.cmd == macho::LC_NOTE) continue;
    add(MapFault::data_unsealed, std::string(macho::load_command_name(range.cmd)), {},
        {range.start, range.end, limit});
  }
}

// Of what dyld reads: notes, hints and modules of old linkers are nobody's concern.
bool is_read_by_dyld(std::uint32_t cmd) {
  switch (cmd) {
    case macho::LC_SYMTAB:
    case macho::LC_DYLD_INFO:
    case macho::LC_DYLD_INFO_ONLY:
    case macho::LC_SEGMENT_SPLIT_INFO:
    case macho::LC_FUNCTION_STARTS:
    case macho::LC_DATA_IN_CODE:
    case macho::LC_DYLD_EXPORTS_TRIE:
    case macho::LC_DYLD_CHAINED_FIXUPS:
    case macho::LC_ATOM_INFO: return true;
    default: return false;
  }
}

void SliceJudge::judge_data() {
  const Segment* linkedit = file_.segment("__LINKEDIT");
  if (linkedit == nullptr || !is_dynamic()) return;
  std::vector<DataRange> sorted = data_ranges(file_).all;
  std::erase_if(sorted, [](const DataRange& each) { return !is_read_by_dyld(each.cmd); });
  std::ranges::stable_sort(sorted, {}, &DataRange::start);
  const auto name = [](const DataRange& each) {
    return std::string(macho::load_command_name(each.cmd));
  };
  const std::uint64_t end = end_of(linkedit->fileoff, linkedit->filesize);
  const DataRange* before = nullptr;
  for (const DataRange& each : sorted) {
    if (each.start < linkedit->fileoff || each.end > end) {
      add(MapFault::data_outside, name(each), {}, {each.start, each.end, end});
    }
    if (before != nullptr && each.start < before->end) {
      add(MapFault::data_overlap, name(*before), name(each),
          {each.start, std::min(each.end, before->end), 0});
    }
    if (before == nullptr || each.end > before->end) before = &each;
  }
}

// The kernel reads the commands where __TEXT maps them, r-x whatever the SDK.
void SliceJudge::judge_text() {
  const Segment* text = file_.segment("__TEXT");
  if (text == nullptr) {
    if (is_dynamic()) add(MapFault::text_missing, {}, {}, {});
    return;
  }
  if (text->fileoff != 0) add(MapFault::text_offset, *text, {.start = text->fileoff});
  const std::uint64_t commands = file_.header().size() + file_.header().sizeofcmds;
  const std::uint64_t size = std::min(text->filesize, text->vmsize);
  if (size < commands) add(MapFault::text_short, *text, {0, size, commands});
  constexpr std::uint32_t wanted = macho::VM_PROT_READ | macho::VM_PROT_EXECUTE;
  const bool exact = is_dynamic() && !is_static() && is_asked(Since::fall_2019);
  const bool lacks =
      file_.header().filetype == macho::MH_EXECUTE && (text->initprot & wanted) != wanted;
  if (!lacks && !(exact && text->initprot != wanted)) return;
  add(MapFault::text_protection, "__TEXT", protection_text(text->initprot), {});
}

void SliceJudge::judge_linkedit() {
  if (is_dynamic() && file_.segment("__LINKEDIT") == nullptr) {
    add(MapFault::linkedit_missing, {}, {}, {});
  }
}

void SliceJudge::judge_segment(const Segment& segment) {
  const std::uint64_t end = end_of(segment.fileoff, segment.filesize);
  if (end > file_.bytes().size()) {
    add(MapFault::segment_outside, segment, {segment.fileoff, end, file_.bytes().size()});
  }
  const std::uint64_t last = file_.header().is_64 ? most : std::uint64_t{1} << 32U;
  if (segment.vmsize > last - std::min(last, segment.vmaddr)) {
    add(MapFault::segment_wraps, segment, {.start = segment.vmaddr});
  }
  if (is_unmapped(segment)) return;
  if (segment.filesize > segment.vmsize) {
    add(MapFault::segment_too_long, segment, {segment.filesize, 0, segment.vmsize});
  }
  judge_protection(segment);
  if (segment.filesize != 0 && segment.fileoff % page_ != 0) {
    add(MapFault::segment_unaligned, segment, {.start = segment.fileoff, .limit = page_});
  } else if (segment.vmaddr % page_ != 0) {
    add(MapFault::segment_unaligned, segment, {.start = segment.vmaddr, .limit = page_});
  }
}

void SliceJudge::judge_protection(const Segment& segment) {
  constexpr std::uint32_t all = macho::VM_PROT_READ | macho::VM_PROT_WRITE | macho::VM_PROT_EXECUTE;
  constexpr std::uint32_t both = macho::VM_PROT_WRITE | macho::VM_PROT_EXECUTE;
  if ((segment.initprot & ~all) != 0) {
    add(MapFault::protection_bits, segment, {.start = segment.initprot});
  }
  if ((segment.initprot & both) == both) add(MapFault::writable_code, segment, {});
}

void SliceJudge::judge_sections(const Segment& segment) {
  const std::uint64_t end = end_of(segment.vmaddr, segment.vmsize);
  for (const macho::Section& section : segment.sections) {
    const std::uint64_t section_end = end_of(section.addr, section.size);
    const bool before = section.addr < segment.vmaddr;
    const bool behind = section_end > end && is_asked(Since::fall_2020) && !is_unmapped(segment);
    if (!before && !behind && section.size <= most / 2) continue;
    add(MapFault::section_outside, name_of(segment), std::string(section.sectname),
        {section.addr, section_end, 0});
  }
}

// dyld wants the command to hold its sections and nothing else.
void SliceJudge::judge_command_sizes() {
  std::size_t index = 0;
  file_.for_each_command([&](std::uint32_t cmd, ByteView command) {
    if (cmd != macho::LC_SEGMENT && cmd != macho::LC_SEGMENT_64) return;
    const Segment& segment = file_.segments()[index++];
    const bool is_64 = cmd == macho::LC_SEGMENT_64;
    const std::uint64_t fixed =
        is_64 ? sizeof(macho::SegmentCommand64) : sizeof(macho::SegmentCommand);
    const std::uint64_t each = is_64 ? sizeof(macho::RawSection64) : sizeof(macho::RawSection);
    const std::uint64_t taken = fixed + segment.sections.size() * each;
    if (command.size() == taken) return;
    add(MapFault::command_size, segment, {command.size(), 0, taken});
  });
}

// Sorted by where they start, two segments overlap exactly if one starts before the furthest end
// of those before it.
void SliceJudge::judge_overlaps(MapFault fault, std::uint64_t Segment::* start,
                                std::uint64_t Segment::* size) {
  std::vector<const Segment*> sorted;
  for (const Segment& segment : file_.segments()) {
    if (segment.*size != 0) sorted.push_back(&segment);
  }
  std::ranges::stable_sort(sorted, {}, [&](const Segment* each) { return each->*start; });
  const auto end = [&](const Segment& each) { return end_of(each.*start, each.*size); };
  const Segment* furthest = nullptr;
  for (const Segment* each : sorted) {
    if (furthest != nullptr && each->*start < end(*furthest)) {
      add(fault, name_of(*furthest), name_of(*each),
          {each->*start, std::min(end(*each), end(*furthest)), 0});
    }
    if (furthest == nullptr || end(*each) > end(*furthest)) furthest = each;
  }
}

// Go puts an unmapped __DWARF where dyld expects none, and is let.
void SliceJudge::judge_order() {
  if (!is_dynamic() || is_static() || !is_asked(Since::fall_2019)) return;
  const macho::Header& header = file_.header();
  const bool old_intel = header.cputype == macho::CPU_TYPE_X86_64 &&
                         header.filetype == macho::MH_EXECUTE &&
                         (header.flags & macho::MH_PIE) == 0;
  const Segment* before = nullptr;
  for (const Segment& segment : file_.segments()) {
    if (is_unmapped(segment) || segment.segname == "__DWARF") continue;
    if (before != nullptr) {
      const bool in_file = segment.fileoff < before->fileoff && segment.filesize != 0;
      const bool in_memory = segment.vmaddr < before->vmaddr && !old_intel;
      if (in_file || in_memory) add(MapFault::order, name_of(*before), name_of(segment), {});
    }
    before = &segment;
  }
}

// Whoever looks for __TEXT or __LINKEDIT takes the first or the last of two.
void SliceJudge::judge_names() {
  std::vector<std::string_view> names;
  for (const Segment& segment : file_.segments()) names.push_back(segment.segname);
  std::ranges::sort(names);
  for (auto at = names.begin(); (at = std::ranges::adjacent_find(at, names.end())) != names.end();
       ++at) {
    const bool always = *at == "__TEXT" || *at == "__LINKEDIT";
    if (always || (is_dynamic() && is_asked(Since::fall_2025))) {
      add(MapFault::segment_twice, std::string(*at), {}, {});
    }
  }
}

}  // namespace

std::vector<MapProblem> slice_problems(const macho::File& slice) {
  if (slice.header().filetype == macho::MH_OBJECT) return {};
  return SliceJudge(slice).run();
}

}  // namespace tenon::codesign
