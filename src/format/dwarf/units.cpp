#include "format/dwarf/units.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::dwarf {
namespace {

constexpr std::size_t most_units = 1'000'000, most_ranges = 1'000'000;
constexpr std::size_t most_attributes = 256;  // of a unit
// Declarations of attributes that are read over on the way to those of units: a file may send each
// of many units through a long table.
constexpr std::size_t most_read = 2'000'000;

// Forms (DWARF 5, 7.5.6), with those that GNU has for version 4.
enum Form : std::uint64_t {
  form_addr = 0x01,
  form_block2 = 0x03,
  form_block4 = 0x04,
  form_data2 = 0x05,
  form_data4 = 0x06,
  form_data8 = 0x07,
  form_string = 0x08,
  form_block = 0x09,
  form_block1 = 0x0a,
  form_data1 = 0x0b,
  form_flag = 0x0c,
  form_sdata = 0x0d,
  form_strp = 0x0e,
  form_udata = 0x0f,
  form_ref_addr = 0x10,
  form_ref1 = 0x11,
  form_ref2 = 0x12,
  form_ref4 = 0x13,
  form_ref8 = 0x14,
  form_ref_udata = 0x15,
  form_indirect = 0x16,
  form_sec_offset = 0x17,
  form_exprloc = 0x18,
  form_flag_present = 0x19,
  form_strx = 0x1a,
  form_addrx = 0x1b,
  form_ref_sup4 = 0x1c,
  form_strp_sup = 0x1d,
  form_data16 = 0x1e,
  form_line_strp = 0x1f,
  form_ref_sig8 = 0x20,
  form_implicit_const = 0x21,
  form_loclistx = 0x22,
  form_rnglistx = 0x23,
  form_ref_sup8 = 0x24,
  form_strx1 = 0x25,
  form_strx2 = 0x26,
  form_strx3 = 0x27,
  form_strx4 = 0x28,
  form_addrx1 = 0x29,
  form_addrx2 = 0x2a,
  form_addrx3 = 0x2b,
  form_addrx4 = 0x2c,
  form_gnu_addr_index = 0x1f01,
  form_gnu_str_index = 0x1f02,
  form_gnu_ref_alt = 0x1f20,
  form_gnu_strp_alt = 0x1f21,
};

constexpr std::uint64_t at_name = 0x03, at_low_pc = 0x11, at_high_pc = 0x12, at_language = 0x13,
                        at_comp_dir = 0x1b, at_ranges = 0x55, at_str_offsets_base = 0x72,
                        at_addr_base = 0x73, at_rnglists_base = 0x74;
constexpr std::uint64_t tag_compile_unit = 0x11, tag_partial_unit = 0x3c, tag_skeleton_unit = 0x4a;

// Reads on; what does not fit makes it fail, and all that is read then is 0.
class Cursor {
 public:
  Cursor(ByteView bytes, std::uint64_t at, bool big) : bytes_(bytes), at_(at), big_(big) {
    failed_ = at > bytes.size();
  }

  [[nodiscard]] bool failed() const { return failed_; }

  [[nodiscard]] std::uint64_t at() const { return at_; }

  [[nodiscard]] bool end() const { return failed_ || at_ == bytes_.size(); }

  void skip(std::uint64_t count) {
    if (failed_ || !bytes_.contains(at_, count)) {
      failed_ = true;
    } else {
      at_ += count;
    }
  }

  // Of 1 to 8 bytes.
  std::uint64_t number(std::uint64_t size) {
    if (failed_ || !bytes_.contains(at_, size)) {
      failed_ = true;
      return 0;
    }
    std::uint64_t out = 0;
    for (std::uint64_t i = 0; i < size; ++i) {
      const auto byte = std::to_integer<std::uint64_t>(
          bytes_.bytes()[static_cast<std::size_t>(at_ + (big_ ? i : size - 1 - i))]);
      out = out << 8U | byte;
    }
    at_ += size;
    return out;
  }

  std::uint64_t uleb() {
    std::uint64_t out = 0;
    for (unsigned shift = 0;; shift += 7) {
      const std::uint64_t byte = number(1);
      if (failed_ || shift > 63) {
        failed_ = true;
        return 0;
      }
      out |= (byte & 0x7fU) << shift;
      if ((byte & 0x80U) == 0) return out;
    }
  }

  std::string_view string() {
    const auto text = bytes_.cstr(at_);
    if (failed_ || !text) {
      failed_ = true;
      return {};
    }
    at_ += text->size() + 1;
    return *text;
  }

 private:
  ByteView bytes_;
  std::uint64_t at_ = 0;
  bool big_ = false, failed_ = false;
};

struct Header {
  std::uint64_t version = 0, offset_size = 4, address_size = 8, abbrev = 0;
};

// A value as it stands: an index is resolved when the bases are known.
struct Value {
  enum class Kind : std::uint8_t {
    other,
    number,
    address,
    address_index,
    offset,
    list_index,
    string,
    string_index
  };
  Kind kind = Kind::other;
  std::uint64_t number = 0;
  std::string_view text;
};

struct Attribute {
  std::uint64_t name = 0, form = 0;
};

class Reader {
 public:
  explicit Reader(const Sections& sections) : sections_(sections) {}

  Result<std::vector<Unit>> run();

 private:
  [[nodiscard]] Cursor in(ByteView section, std::uint64_t at) const {
    return {section, at, sections_.big_endian};
  }
  std::optional<Unit> unit(Cursor& at, const Header& header);
  [[nodiscard]] std::optional<std::vector<Attribute>> attributes(std::uint64_t table,
                                                                 std::uint64_t code);
  Value value(Cursor& at, std::uint64_t form, const Header& header) const;
  [[nodiscard]] std::string_view text(const Value& value) const;
  [[nodiscard]] std::string_view string_in(ByteView section, std::uint64_t at) const {
    return section.cstr(at).value_or(std::string_view());
  }
  [[nodiscard]] std::optional<std::uint64_t> address(const Value& value) const;
  [[nodiscard]] std::optional<std::uint64_t> indexed_address(std::uint64_t index) const;
  void old_ranges(std::uint64_t offset, std::uint64_t base, const Header& header, Unit& out);
  void ranges(std::uint64_t offset, std::uint64_t base, Unit& out);
  void add(std::uint64_t begin, std::uint64_t end, Unit& out);

  const Sections& sections_;
  Header header_;
  std::uint64_t str_offsets_base_ = 0, addr_base_ = 0, rnglists_base_ = 0;
  std::size_t total_ = 0;  // ranges
  std::size_t read_ = 0;   // declarations of attributes
};

std::optional<std::vector<Attribute>> Reader::attributes(std::uint64_t table, std::uint64_t code) {
  Cursor at = in(sections_.abbrev, table);
  while (!at.failed() && read_ <= most_read) {
    const std::uint64_t found = at.uleb();
    if (found == 0) return std::nullopt;
    const std::uint64_t tag = at.uleb();
    at.skip(1);  // whether it has children
    std::vector<Attribute> out;
    for (;;) {
      const Attribute one{at.uleb(), at.uleb()};
      ++read_;
      if (one.form == form_implicit_const) (void)at.uleb();  // as long as a signed one
      if (at.failed() || out.size() > most_attributes) return std::nullopt;
      if (one.name == 0 && one.form == 0) break;
      if (found == code) out.push_back(one);
    }
    if (found != code) continue;
    if (tag != tag_compile_unit && tag != tag_partial_unit && tag != tag_skeleton_unit)
      return std::nullopt;
    return out;
  }
  return std::nullopt;
}

Value Reader::value(Cursor& at, std::uint64_t form, const Header& header) const {
  using Kind = Value::Kind;
  const auto skipped = [&](std::uint64_t count) {
    at.skip(count);
    return Value{};
  };
  switch (form) {
    case form_addr: return {Kind::address, at.number(header.address_size), {}};
    case form_block1: return skipped(at.number(1));
    case form_block2: return skipped(at.number(2));
    case form_block4: return skipped(at.number(4));
    case form_block:
    case form_exprloc: return skipped(at.uleb());
    case form_data1: return {Kind::number, at.number(1), {}};
    case form_data2: return {Kind::number, at.number(2), {}};
    // Up to version 3 an offset into another section too.
    case form_data4: return {Kind::number, at.number(4), {}};
    case form_data8: return {Kind::number, at.number(8), {}};
    case form_udata:
    case form_sdata: return {Kind::number, at.uleb(), {}};
    case form_sec_offset: return {Kind::offset, at.number(header.offset_size), {}};
    case form_string: return {Kind::string, 0, at.string()};
    case form_strp:
      return {Kind::string, 0, string_in(sections_.str, at.number(header.offset_size))};
    case form_line_strp:
      return {Kind::string, 0, string_in(sections_.line_str, at.number(header.offset_size))};
    case form_strx:
    case form_gnu_str_index: return {Kind::string_index, at.uleb(), {}};
    case form_strx1:
    case form_strx2:
    case form_strx3:
    case form_strx4: return {Kind::string_index, at.number(form - form_strx1 + 1), {}};
    case form_addrx:
    case form_gnu_addr_index: return {Kind::address_index, at.uleb(), {}};
    case form_addrx1:
    case form_addrx2:
    case form_addrx3:
    case form_addrx4: return {Kind::address_index, at.number(form - form_addrx1 + 1), {}};
    case form_rnglistx: return {Kind::list_index, at.uleb(), {}};
    case form_flag:
    case form_ref1: return skipped(1);
    case form_ref2: return skipped(2);
    case form_ref4:
    case form_ref_sup4: return skipped(4);
    case form_ref8:
    case form_ref_sig8:
    case form_ref_sup8: return skipped(8);
    case form_data16: return skipped(16);
    case form_ref_udata:
    case form_loclistx: (void)at.uleb(); return {};
    case form_ref_addr:
      return skipped(header.version == 2 ? header.address_size : header.offset_size);
    case form_strp_sup:
    case form_gnu_ref_alt:
    case form_gnu_strp_alt: return skipped(header.offset_size);
    case form_flag_present:
    case form_implicit_const: return {};
    case form_indirect: {
      const std::uint64_t real = at.uleb();
      if (real != form_indirect && real != form_implicit_const) return value(at, real, header);
      break;
    }
    default: break;
  }
  at.skip(UINT64_MAX);  // of unknown length: nothing behind it can be read
  return {};
}

std::string_view Reader::text(const Value& value) const {
  if (value.kind == Value::Kind::string) return value.text;
  if (value.kind != Value::Kind::string_index) return {};
  if (value.number > sections_.str_offsets.size()) return {};
  Cursor at = in(sections_.str_offsets, str_offsets_base_ + value.number * header_.offset_size);
  const std::uint64_t offset = at.number(header_.offset_size);
  return at.failed() ? std::string_view() : string_in(sections_.str, offset);
}

std::optional<std::uint64_t> Reader::indexed_address(std::uint64_t index) const {
  if (index > sections_.addr.size()) return std::nullopt;
  Cursor at = in(sections_.addr, addr_base_ + index * header_.address_size);
  const std::uint64_t out = at.number(header_.address_size);
  return at.failed() ? std::nullopt : std::optional(out);
}

std::optional<std::uint64_t> Reader::address(const Value& value) const {
  if (value.kind == Value::Kind::address) return value.number;
  if (value.kind == Value::Kind::address_index) return indexed_address(value.number);
  return std::nullopt;
}

void Reader::add(std::uint64_t begin, std::uint64_t end, Unit& out) {
  if (end <= begin || total_ > most_ranges) return;
  ++total_;
  out.ranges.push_back({begin, end});
}

// .debug_ranges: pairs that count from a base, which a pair may set; two zeros end them.
void Reader::old_ranges(std::uint64_t offset, std::uint64_t base, const Header& header, Unit& out) {
  Cursor at = in(sections_.ranges, offset);
  const std::uint64_t highest =
      header.address_size == 8 ? UINT64_MAX : (std::uint64_t{1} << (8 * header.address_size)) - 1;
  while (total_ <= most_ranges) {
    const std::uint64_t begin = at.number(header.address_size),
                        end = at.number(header.address_size);
    if (at.failed() || (begin == 0 && end == 0)) return;
    if (begin == highest) {
      base = end;
    } else {
      add(base + begin, base + end, out);
    }
  }
}

// .debug_rnglists (DWARF 5, 7.25).
void Reader::ranges(std::uint64_t offset, std::uint64_t base, Unit& out) {
  Cursor at = in(sections_.rnglists, offset);
  const auto indexed = [&] { return indexed_address(at.uleb()).value_or(0); };
  while (!at.failed() && total_ <= most_ranges) {
    std::uint64_t begin = 0;
    switch (at.number(1)) {
      case 1: base = indexed(); break;  // DW_RLE_base_addressx
      case 2:                           // startx_endx
        begin = indexed();
        add(begin, indexed(), out);
        break;
      case 3:  // startx_length
        begin = indexed();
        add(begin, begin + at.uleb(), out);
        break;
      case 4: {  // offset_pair
        begin = base + at.uleb();
        add(begin, base + at.uleb(), out);
        break;
      }
      case 5: base = at.number(header_.address_size); break;  // base_address
      case 6:                                                 // start_end
        begin = at.number(header_.address_size);
        add(begin, at.number(header_.address_size), out);
        break;
      case 7:  // start_length
        begin = at.number(header_.address_size);
        add(begin, begin + at.uleb(), out);
        break;
      default: return;  // end_of_list, or what is not known
    }
  }
}

std::optional<Unit> Reader::unit(Cursor& at, const Header& header) {
  const auto list = attributes(header.abbrev, at.uleb());
  if (!list) return std::nullopt;
  header_ = header;
  // Where a unit says nothing, its index counts from behind the header of the section.
  str_offsets_base_ = header.version >= 5 ? 2 * header.offset_size : 0;
  addr_base_ = header.version >= 5 ? 2 * header.offset_size : 0;
  rnglists_base_ = header.offset_size == 8 ? 20 : 12;
  Value name, directory, low, high, extent;
  Unit out;
  for (const Attribute& one : *list) {
    const Value found = value(at, one.form, header);
    switch (one.name) {
      case at_name: name = found; break;
      case at_comp_dir: directory = found; break;
      case at_low_pc: low = found; break;
      case at_high_pc: high = found; break;
      case at_ranges: extent = found; break;
      case at_language: out.language = found.number; break;
      case at_str_offsets_base: str_offsets_base_ = found.number; break;
      case at_addr_base: addr_base_ = found.number; break;
      case at_rnglists_base: rnglists_base_ = found.number; break;
      default: break;
    }
  }
  if (at.failed()) return std::nullopt;
  out.name = text(name);
  out.directory = text(directory);
  const std::uint64_t base = address(low).value_or(0);
  using Kind = Value::Kind;
  if (extent.kind == Kind::list_index) {
    if (extent.number > sections_.rnglists.size()) return std::nullopt;
    Cursor entry = in(sections_.rnglists, rnglists_base_ + extent.number * header.offset_size);
    const std::uint64_t offset = entry.number(header.offset_size);
    if (!entry.failed()) ranges(rnglists_base_ + offset, base, out);
  } else if (extent.kind == Kind::offset || extent.kind == Kind::number) {
    if (header.version >= 5) {
      ranges(extent.number, base, out);
    } else {
      old_ranges(extent.number, base, header, out);
    }
  } else if (!address(low)) {
    return std::nullopt;
  } else if (high.kind == Kind::number) {
    add(base, base + high.number, out);
  } else if (const auto end = address(high)) {
    add(base, *end, out);
  }
  return out;
}

Result<std::vector<Unit>> Reader::run() {
  constexpr std::uint64_t type_unit = 2, skeleton = 4, split_compile = 5, split_type = 6;
  std::vector<Unit> out;
  std::size_t count = 0;
  for (Cursor at = in(sections_.info, 0); !at.end();) {
    Header header;
    std::uint64_t length = at.number(4);
    if (length == 0xffffffff) {
      header.offset_size = 8;
      length = at.number(8);
    }
    const std::uint64_t start = at.at();
    if (at.failed() || !sections_.info.contains(start, length)) break;
    const std::uint64_t next = start + length;
    Cursor inside(*sections_.info.slice(0, next), start, sections_.big_endian);
    header.version = inside.number(2);
    std::uint64_t type = 1;
    if (header.version >= 5) {
      type = inside.number(1);
      header.address_size = inside.number(1);
      header.abbrev = inside.number(header.offset_size);
      if (type == skeleton || type == split_compile) inside.skip(8);
    } else {
      header.abbrev = inside.number(header.offset_size);
      header.address_size = inside.number(1);
    }
    const bool sized =
        header.address_size == 4 || header.address_size == 8 || header.address_size == 2;
    if (header.version >= 2 && header.version <= 5 && sized && type != type_unit &&
        type != split_type && !inside.failed()) {
      if (auto one = unit(inside, header); one && !one->ranges.empty())
        out.push_back(*std::move(one));
    }
    if (++count > most_units || total_ > most_ranges || read_ > most_read)
      return fail(Errc::limit, "the debug information has more units or ranges than a program has");
    at.skip(length);
  }
  return out;
}

}  // namespace

Result<std::vector<Unit>> read_units(const Sections& sections) { return Reader(sections).run(); }

}  // namespace tenon::dwarf
