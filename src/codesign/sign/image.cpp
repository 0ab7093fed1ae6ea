#include "codesign/sign/image.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <expected>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/mapping/data_ranges.h"
#include "codesign/mapping/machine_page.h"
#include "format/macho/load_commands.h"

namespace tenon::sign {
namespace {

using namespace tenon::macho;

// The end of all that load commands point to. `complete` is false after a command that is not
// known, which may point to anything.
struct DataEnd {
  std::uint64_t offset = 0;
  bool complete = true;

  void cover(std::uint64_t start, std::uint64_t size) {
    if (size == 0) return;
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    offset = size > most - start ? most : std::max(offset, start + size);
  }
};

template <class T>
const T* as(ByteView command) {
  const auto raw = command.at<T>(0);
  return raw ? *raw : nullptr;
}

const Segment& linkedit_of(const File& file) { return *file.segment("__LINKEDIT"); }

DataEnd data_end(const File& file) {
  DataEnd end;
  const Segment& linkedit = linkedit_of(file);
  end.offset = linkedit.fileoff;
  for (const Segment& segment : file.segments()) {
    if (&segment == &linkedit) continue;
    end.cover(segment.fileoff, segment.filesize);
    for (const Section& section : segment.sections) {
      if (section.in_file()) end.cover(section.offset, section.size);
    }
  }
  const codesign::DataRanges ranges = codesign::data_ranges(file);
  end.complete = ranges.complete;
  for (const codesign::DataRange& range : ranges.all) end.offset = std::max(end.offset, range.end);
  return end;
}

Result<void> check_linkedit(const File& file) {
  const auto is_linkedit = [](const Segment& s) { return s.segname == "__LINKEDIT"; };
  if (std::ranges::count_if(file.segments(), is_linkedit) != 1) {
    return fail(Errc::malformed, "file without a __LINKEDIT segment of its own",
                file.bytes().base());
  }
  const Segment& linkedit = linkedit_of(file);
  if (!file.bytes().contains(linkedit.fileoff, linkedit.filesize)) {
    return fail(Errc::truncated, "__LINKEDIT segment", file.bytes().base());
  }
  if (linkedit.fileoff + linkedit.filesize != file.bytes().size()) {
    return fail(Errc::malformed,
                "data follows __LINKEDIT: append data before the last link step, not after it",
                file.bytes().base() + linkedit.fileoff + linkedit.filesize);
  }
  return {};
}

Result<void> check_signature_place(const File& file) {
  if (!file.signature()) return {};
  if (file.signature_commands() > 1) {
    return fail(Errc::malformed, "two LC_CODE_SIGNATURE", file.bytes().base());
  }
  const Range& signature = *file.signature();
  if (signature.offset < linkedit_of(file).fileoff ||
      signature.offset + signature.size != file.bytes().size()) {
    return fail(Errc::malformed, "the old signature is not the end of the file",
                file.bytes().base() + signature.offset);
  }
  return {};
}

// New commands go behind the last one, which has to be where the header says.
Result<void> check_command_area(const File& file) {
  std::uint64_t sum = 0;
  file.for_each_command([&](std::uint32_t, ByteView command) { sum += command.size(); });
  if (sum == file.header().sizeofcmds) return {};
  return fail(Errc::malformed, "sizeofcmds is not the size of the load commands",
              file.bytes().base());
}

template <class Layout>
Result<void> resize_linkedit(std::vector<std::byte>& bytes, std::uint64_t command_at,
                             std::uint64_t end, std::uint64_t page, std::uint64_t room) {
  using Raw = typename Layout::Segment;
  using Native = typename Layout::Native;
  Raw raw = **ByteView(bytes).at<Raw>(command_at);
  const std::uint64_t size = end - raw.fileoff;
  const std::uint64_t vmsize = align_up(size, page);
  if (vmsize > room || vmsize > std::numeric_limits<Native>::max()) {
    return fail(Errc::malformed, "no addresses left after __LINKEDIT", command_at);
  }
  raw.filesize = static_cast<Native>(size);
  raw.vmsize = static_cast<Native>(vmsize);
  put(bytes, command_at, raw);
  return {};
}

// Addresses from the start of __LINKEDIT to the next segment.
std::uint64_t address_room(const File& file) {
  const std::uint64_t start = linkedit_of(file).vmaddr;
  std::uint64_t room = std::numeric_limits<std::uint64_t>::max() - start;
  for (const Segment& segment : file.segments()) {
    if (segment.vmsize == 0 || segment.vmaddr <= start) continue;
    room = std::min(room, segment.vmaddr - start);
  }
  return room;
}

std::uint64_t linkedit_command(const File& file) {
  std::uint64_t at = 0;
  file.for_each_command([&](std::uint32_t cmd, ByteView command) {
    if (cmd != LC_SEGMENT && cmd != LC_SEGMENT_64) return;
    const auto* raw = as<SegmentCommand64>(command);  // the name is at the same place in both
    const auto* narrow = as<SegmentCommand>(command);
    if (narrow == nullptr) return;
    const auto& name = raw != nullptr ? raw->segname : narrow->segname;
    if (std::string_view(name.data(), 11) == std::string_view("__LINKEDIT\0", 11)) {
      at = command.base() - file.bytes().base();
    }
  });
  return at;
}

// Lets __LINKEDIT end at `end`.
Result<void> fit_linkedit(Image& image, std::uint64_t end) {
  const File file = TENON_TRY(image.parse());
  const std::uint64_t page = codesign::machine_page(file.header().cputype);
  const std::uint64_t at = linkedit_command(file);
  const std::uint64_t room = address_room(file);
  return file.header().is_64 ? resize_linkedit<Layout64>(image.head, at, end, page, room)
                             : resize_linkedit<Layout32>(image.head, at, end, page, room);
}

void change_counts(std::vector<std::byte>& bytes, std::uint32_t ncmds, std::uint32_t sizeofcmds) {
  MachHeader header = **ByteView(bytes).at<MachHeader>(0);  // the start of both kinds
  header.ncmds = ncmds;
  header.sizeofcmds = sizeofcmds;
  put(bytes, 0, header);
}

void remove_signature_command(std::vector<std::byte>& bytes, const File& file) {
  std::uint64_t at = 0, size = 0;
  file.for_each_command([&](std::uint32_t cmd, ByteView command) {
    if (cmd != LC_CODE_SIGNATURE) return;
    at = command.base() - file.bytes().base();
    size = command.size();
  });
  if (size == 0) return;
  const Header& header = file.header();
  const std::span<std::byte> area =
      std::span(bytes).first(static_cast<std::size_t>(header.size() + header.sizeofcmds));
  const auto rest = area.subspan(static_cast<std::size_t>(at + size));
  std::memmove(area.data() + at, rest.data(), rest.size());
  std::ranges::fill(area.last(static_cast<std::size_t>(size)), std::byte{0});
  change_counts(bytes, header.ncmds - 1, header.sizeofcmds - static_cast<std::uint32_t>(size));
}

// The first byte after the load commands that belongs to something else.
std::uint64_t first_content(const File& file, std::uint64_t size) {
  std::uint64_t first = size;
  for (const Segment& segment : file.segments()) {
    if (segment.fileoff != 0 && segment.filesize != 0) first = std::min(first, segment.fileoff);
    for (const Section& section : segment.sections) {
      if (section.in_file()) first = std::min<std::uint64_t>(first, section.offset);
    }
  }
  return first;
}

Result<std::uint64_t> room_for_command(const File& file, std::uint64_t end, std::uint64_t size) {
  const std::uint64_t at = file.header().size() + file.header().sizeofcmds;
  const auto room = file.bytes().slice(at, size);
  const bool free =
      at + size <= first_content(file, end) && room &&
      std::ranges::all_of(room->bytes(), [](std::byte b) { return b == std::byte{}; });
  if (free) return at;
  return fail(Errc::invalid_argument,
              "no room in the header for LC_CODE_SIGNATURE: link with -Wl,-headerpad,0x20", at);
}

bool is_linked(std::uint32_t filetype) {
  return filetype == MH_EXECUTE || filetype == MH_DYLIB || filetype == MH_BUNDLE ||
         filetype == MH_DYLINKER || filetype == MH_KEXT_BUNDLE;
}

}  // namespace

Result<File> parse_signable(ByteView slice) {
  if (is_universal(slice)) {
    return fail(Errc::invalid_argument, "universal file: sign each slice and join them again");
  }
  if (slice.text().starts_with("!<arch>\n")) {
    return fail(Errc::invalid_argument, "static library: sign the program that it is linked into");
  }
  File file = TENON_TRY(File::parse(slice));
  if (file.header().filetype == MH_OBJECT) {
    return fail(Errc::invalid_argument, "object file: sign the program that it is linked into");
  }
  if (!is_linked(file.header().filetype)) {
    return fail(Errc::unsupported, "this type of Mach-O file cannot be signed");
  }
  for (const auto check : {check_linkedit, check_signature_place, check_command_area}) {
    if (auto checked = check(file); !checked) return std::unexpected(checked.error());
  }
  return file;
}

Result<Image> without_signature(const File& file) {
  const DataEnd data = data_end(file);
  std::uint64_t end = file.signature() ? file.signature()->offset : file.bytes().size();
  if (data.offset > end) {
    return fail(Errc::malformed, "a load command points past the link-edit data",
                file.bytes().base() + end);
  }
  const auto source = file.bytes().bytes();
  while (data.complete && end > data.offset &&
         source[static_cast<std::size_t>(end - 1)] == std::byte{0}) {
    --end;
  }
  Image image;
  image.size = end;
  const std::uint64_t commands = file.header().size() + file.header().sizeofcmds;
  const std::uint64_t head = std::min(end, commands + sizeof(LinkeditDataCommand));
  image.head.assign(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(head));
  remove_signature_command(image.head, file);
  if (auto fitted = fit_linkedit(image, end); !fitted) return std::unexpected(fitted.error());
  return image;
}

Result<void> add_signature_command(Image& image, const Range& signature) {
  const File file = TENON_TRY(image.parse());
  constexpr std::uint64_t size = sizeof(LinkeditDataCommand);
  const std::uint64_t at = TENON_TRY(room_for_command(file, image.size, size));
  const Header header = file.header();
  if (signature.offset + signature.size > std::numeric_limits<std::uint32_t>::max()) {
    return fail(Errc::unsupported, "signature above 4 GiB");
  }
  put(image.head, at,
      LinkeditDataCommand{LC_CODE_SIGNATURE, static_cast<std::uint32_t>(size),
                          static_cast<std::uint32_t>(signature.offset),
                          static_cast<std::uint32_t>(signature.size)});
  change_counts(image.head, header.ncmds + 1, header.sizeofcmds + static_cast<std::uint32_t>(size));
  return fit_linkedit(image, signature.offset + signature.size);
}

}  // namespace tenon::sign
