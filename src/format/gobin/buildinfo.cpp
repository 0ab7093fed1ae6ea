#include "format/gobin/buildinfo.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::gobin {

namespace {

constexpr std::string_view magic("\xff Go buildinf:", 14);
constexpr std::uint64_t align = 16, header_size = 32;
constexpr std::uint64_t pointer_size_at = 14, flags_at = 15, pointers_at = 16;
constexpr std::uint8_t flag_big_endian = 1, flag_inline = 2;

// What the header leads to, before the module text is taken apart.
struct Texts {
  bool inline_form = false;
  std::string_view version;
  ByteView modules;
};

Result<ByteView> bytes_at(std::span<const Region> regions, std::uint64_t address,
                          std::uint64_t count) {
  for (const Region& region : regions) {
    if (address < region.vaddr) continue;
    if (region.bytes.contains(address - region.vaddr, count)) {
      return region.bytes.slice(address - region.vaddr, count);
    }
  }
  return fail(Errc::malformed, "Go build info pointer");
}

// A length as unsigned LEB128 (encoding/binary Uvarint), then so many bytes. Moves `at` behind it.
Result<ByteView> read_inline(ByteView bytes, std::uint64_t& at) {
  std::uint64_t length = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    const auto* byte = TENON_TRY(bytes.at<std::uint8_t>(at, "Go build info length"));
    ++at;
    length |= std::uint64_t{*byte & 0x7fU} << shift;
    if (*byte < 0x80) {
      const ByteView text = TENON_TRY(bytes.slice(at, length, "Go build info string"));
      at += length;
      return text;
    }
  }
  return fail(Errc::malformed, "Go build info length", bytes.base() + at);
}

Result<Texts> read_inline_form(ByteView bytes, std::uint64_t header) {
  std::uint64_t at = header + header_size;
  const ByteView version = TENON_TRY(read_inline(bytes, at));
  const ByteView modules = TENON_TRY(read_inline(bytes, at));
  return Texts{true, version.text(), modules};
}

struct PointerForm {
  std::uint64_t size = 8;
  bool big_endian = false;

  [[nodiscard]] Result<std::uint64_t> read(ByteView bytes, std::uint64_t at) const {
    if (size == 4 && big_endian) return std::uint64_t{*TENON_TRY(bytes.at<ub32>(at))};
    if (size == 4) return std::uint64_t{*TENON_TRY(bytes.at<ul32>(at))};
    if (big_endian) return std::uint64_t{*TENON_TRY(bytes.at<ub64>(at))};
    return std::uint64_t{*TENON_TRY(bytes.at<ul64>(at))};
  }
};

// A Go string: address and length, at an address.
Result<ByteView> read_string(std::span<const Region> regions, const PointerForm& form,
                             std::uint64_t address) {
  const ByteView head = TENON_TRY(bytes_at(regions, address, 2 * form.size));
  const std::uint64_t data = TENON_TRY(form.read(head, 0));
  const std::uint64_t length = TENON_TRY(form.read(head, form.size));
  return bytes_at(regions, data, length);
}

Result<Texts> read_pointer_form(std::span<const Region> regions, ByteView header,
                                std::uint8_t pointer_size, bool big_endian) {
  if (pointer_size != 4 && pointer_size != 8) {
    return fail(Errc::malformed, "Go build info pointer size", header.base() + pointer_size_at);
  }
  const PointerForm form{pointer_size, big_endian};
  const std::uint64_t version_at = TENON_TRY(form.read(header, pointers_at));
  const std::uint64_t modules_at = TENON_TRY(form.read(header, pointers_at + pointer_size));
  const ByteView version = TENON_TRY(read_string(regions, form, version_at));
  // A program built without modules has a null pointer here.
  const ByteView modules = read_string(regions, form, modules_at).value_or(ByteView());
  return Texts{false, version.text(), modules};
}

Result<Texts> read_texts(std::span<const Region> regions, ByteView bytes, std::uint64_t offset) {
  const ByteView header = TENON_TRY(bytes.slice(offset, header_size, "Go build info header"));
  const std::uint8_t flags = *TENON_TRY(header.at<std::uint8_t>(flags_at));
  const std::uint8_t pointer_size = *TENON_TRY(header.at<std::uint8_t>(pointer_size_at));
  const Texts texts =
      TENON_TRY((flags & flag_inline) != 0 ? read_inline_form(bytes, offset)
                                           : read_pointer_form(regions, header, pointer_size,
                                                               (flags & flag_big_endian) != 0));
  if (texts.version.empty()) {
    return fail(Errc::malformed, "Go build info without a version", header.base());
  }
  return texts;
}

// The next aligned magic at or behind `offset`. Alignment is that of the address.
std::optional<std::uint64_t> find_magic(const Region& region, std::uint64_t offset) {
  const std::string_view text = region.bytes.text();
  std::size_t at = static_cast<std::size_t>(offset);
  while ((at = text.find(magic, at)) != std::string_view::npos) {
    if ((region.vaddr + at) % align == 0) return at;
    ++at;
  }
  return std::nullopt;
}

// The module text lies between two 16-byte sentinels (cmd/go/internal/modload infoStart, infoEnd).
ByteView without_sentinels(ByteView text) {
  const std::uint64_t size = text.size();
  if (size < 33 || text.text()[static_cast<std::size_t>(size - 17)] != '\n') return {};
  return text.slice(16, size - 32).value_or(ByteView());
}

BuildInfo build_info(std::span<const Region> regions, const Texts& texts) {
  std::uint64_t total = 0;
  for (const Region& region : regions) total += region.bytes.size();
  BuildInfo info;
  info.inline_form = texts.inline_form;
  info.go_version = texts.version;
  const auto parsed = parse_module_text(without_sentinels(texts.modules),
                                        static_cast<std::size_t>(64 + total / 128), info);
  if (!parsed) info.module_error = parsed.error();
  return info;
}

}  // namespace

Result<std::optional<BuildInfo>> read_build_info(std::span<const Region> data_regions) {
  std::optional<Error> first_error;
  for (const Region& region : data_regions) {
    auto offset = find_magic(region, 0);
    while (offset) {
      const auto texts = read_texts(data_regions, region.bytes, *offset);
      if (texts) return build_info(data_regions, *texts);
      if (!first_error) first_error = texts.error();
      offset = find_magic(region, *offset + align);
    }
  }
  if (first_error) return std::unexpected(*first_error);
  return std::nullopt;
}

std::optional<std::string_view> text_build_id(ByteView text_start) {
  static constexpr std::string_view prefix("\xff Go build ID: \"", 16), end("\"\n \xff", 4);
  const std::string_view text = text_start.text().substr(0, 32768);
  const std::size_t at = text.find(prefix);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = text.substr(at + prefix.size());
  const std::size_t stop = rest.find(end);
  if (stop == std::string_view::npos) return std::nullopt;
  return rest.substr(0, stop);
}

}  // namespace tenon::gobin
