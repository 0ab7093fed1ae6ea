// Headers, sections, segments and notes. What is dynamic lies in dynamic.cpp, symbols in
// symbols.cpp.
#include "format/elf/elf.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/elf/access.h"
#include "format/elf/layout.h"

namespace tenon::elf {

namespace {

// Counts that the header cannot hold are kept in the first section header (gABI, "ELF Header").
struct Counts {
  std::uint64_t phnum = 0, shnum = 0, shstrndx = 0;
};

template <class E>
Section widen(const Shdr<E>& raw) {
  return {raw.sh_name, raw.sh_type, raw.sh_flags, raw.sh_addr,      raw.sh_offset,
          raw.sh_size, raw.sh_link, raw.sh_info,  raw.sh_addralign, raw.sh_entsize};
}

template <class Phdr>
Segment widen_segment(const Phdr& raw) {
  return {raw.p_type,   raw.p_flags, raw.p_offset, raw.p_vaddr,
          raw.p_filesz, raw.p_memsz, raw.p_align};
}

template <class E>
Header widen_header(const Ehdr<E>& raw) {
  return {raw.e_ident.ei_class, raw.e_ident.ei_data, raw.e_ident.ei_osabi,
          raw.e_type,           raw.e_machine,       raw.e_flags,
          raw.e_entry,          raw.e_phoff,         raw.e_shoff};
}

template <class E>
Counts read_counts(ByteView bytes, const Ehdr<E>& raw) {
  Counts counts{raw.e_phnum, raw.e_shnum, raw.e_shstrndx};
  if (raw.e_shoff == 0) return counts;
  const auto first = bytes.at<Shdr<E>>(raw.e_shoff);
  if (!first) return counts;
  if (counts.phnum == PN_XNUM) counts.phnum = (*first)->sh_info;
  if (counts.shnum == 0) counts.shnum = (*first)->sh_size;
  if (counts.shstrndx == SHN_XINDEX) counts.shstrndx = (*first)->sh_link;
  return counts;
}

template <class E>
Result<std::vector<Segment>> read_segments(ByteView bytes, const Ehdr<E>& raw,
                                           std::uint64_t count) {
  using Phdr = typename E::Phdr;
  if (raw.e_phoff == 0 || count == 0) return std::vector<Segment>();
  if (raw.e_phentsize != sizeof(Phdr)) return fail(Errc::malformed, "ELF e_phentsize");
  // Linux, fs/binfmt_elf.c load_elf_phdrs().
  if (count > 65536 / sizeof(Phdr)) return fail(Errc::unsupported, "ELF program header count");
  const auto records = TENON_TRY(bytes.array<Phdr>(raw.e_phoff, count, "ELF program headers"));
  std::vector<Segment> segments;
  segments.reserve(records.size());
  for (const Phdr& record : records) segments.push_back(widen_segment(record));
  return segments;
}

template <class E>
Result<std::vector<Section>> read_sections(ByteView bytes, const Ehdr<E>& raw,
                                           std::uint64_t count) {
  if (raw.e_shoff == 0 || count == 0) return std::vector<Section>();
  if (raw.e_shentsize != sizeof(Shdr<E>)) return fail(Errc::malformed, "ELF e_shentsize");
  const auto records = TENON_TRY(bytes.array<Shdr<E>>(raw.e_shoff, count, "ELF section headers"));
  std::vector<Section> sections;
  sections.reserve(records.size());
  for (const Shdr<E>& record : records) sections.push_back(widen(record));
  return sections;
}

Result<Header> read_ident(ByteView bytes) {
  const Ident* ident = TENON_TRY(bytes.at<Ident>(0, "ELF header"));
  if (std::memcmp(ident->magic.data(), "\177ELF", 4) != 0) {
    return fail(Errc::malformed, "not an ELF file", bytes.base());
  }
  if (ident->ei_class != ELFCLASS32 && ident->ei_class != ELFCLASS64) {
    return fail(Errc::unsupported, "ELF class", bytes.base() + 4);
  }
  if (ident->ei_data != ELFDATA2LSB && ident->ei_data != ELFDATA2MSB) {
    return fail(Errc::unsupported, "ELF byte order", bytes.base() + 5);
  }
  Header header;
  header.ei_class = ident->ei_class;
  header.ei_data = ident->ei_data;
  return header;
}

constexpr std::uint64_t align_up(std::uint64_t value, std::uint64_t to) {
  return (value + to - 1) / to * to;
}

struct NoteSearch {
  std::string_view name;
  std::uint32_t type = 0;
  // Bytes of notes that may still be looked at: many headers can point to the same notes.
  std::uint64_t budget = 0;
};

bool note_name_is(ByteView notes, std::uint64_t offset, std::uint32_t size,
                  std::string_view wanted) {
  if (!notes.contains(offset, size) || size != wanted.size() + 1) return false;
  const std::string_view text = notes.text().substr(static_cast<std::size_t>(offset), size);
  return text.starts_with(wanted) && text.back() == '\0';
}

// gABI "Note Section", with the 8-byte rule of GNU property notes.
template <class E>
Result<std::optional<ByteView>> find_note(ByteView notes, std::uint64_t align, NoteSearch& search) {
  const std::uint64_t step = align == 8 ? 8 : 4;
  std::uint64_t offset = 0;
  while (notes.contains(offset, sizeof(Nhdr<E>))) {
    const Nhdr<E>* head = TENON_TRY(notes.at<Nhdr<E>>(offset));
    const std::uint64_t name_at = offset + sizeof(Nhdr<E>);
    const std::uint64_t desc_at = align_up(name_at + head->n_namesz, step);
    const std::uint64_t next = align_up(desc_at + head->n_descsz, step);
    if (head->n_type == search.type && note_name_is(notes, name_at, head->n_namesz, search.name)) {
      return TENON_TRY(notes.slice(desc_at, head->n_descsz, "ELF note"));
    }
    if (next - offset > search.budget) return std::nullopt;
    search.budget -= next - offset;
    offset = next;
  }
  return std::nullopt;
}

Result<std::optional<ByteView>> find_note(const Header& header, ByteView notes, std::uint64_t align,
                                          NoteSearch& search) {
  return with_layout(header, [&](auto layout) -> Result<std::optional<ByteView>> {
    return find_note<decltype(layout)>(notes, align, search);
  });
}

}  // namespace

Result<File> File::parse(ByteView bytes) { return parse_with(bytes, TENON_TRY(read_ident(bytes))); }

Result<File> File::parse_as(ByteView bytes, std::uint8_t ei_class, std::uint8_t ei_data) {
  Header ident;
  ident.ei_class = ei_class;
  ident.ei_data = ei_data;
  return parse_with(bytes, ident);
}

Result<File> File::parse_with(ByteView bytes, const Header& ident) {
  return with_layout(ident, [&](auto layout) -> Result<File> {
    using E = decltype(layout);
    const Ehdr<E>* raw = TENON_TRY(bytes.at<Ehdr<E>>(0, "ELF header"));
    const Counts counts = read_counts<E>(bytes, *raw);
    File file;
    file.bytes_ = bytes;
    file.header_ = widen_header<E>(*raw);
    file.header_.ei_class = ident.ei_class;
    file.header_.ei_data = ident.ei_data;
    file.segments_ = TENON_TRY(read_segments<E>(bytes, *raw, counts.phnum));
    auto sections = read_sections<E>(bytes, *raw, counts.shnum);
    if (!sections) {
      file.section_error_ = sections.error();
      return file;
    }
    file.sections_ = std::move(*sections);
    if (counts.shstrndx < file.sections_.size()) {
      const Section& names = file.sections_[static_cast<std::size_t>(counts.shstrndx)];
      file.section_names_ = file.contents(names).value_or(ByteView());
    }
    return file;
  });
}

const Segment* File::segment(std::uint32_t p_type) const {
  const auto found = std::ranges::find(segments_, p_type, &Segment::p_type);
  return found == segments_.end() ? nullptr : &*found;
}

std::string_view File::name(const Section& section) const {
  return bounded_name(section_names_, section.sh_name);
}

const Section* File::section(std::string_view name) const {
  const std::string_view names = section_names_.text();
  for (const Section& section : sections_) {
    if (section.sh_name >= names.size()) continue;
    const std::string_view rest = names.substr(section.sh_name, name.size() + 1);
    if (rest.size() == name.size() + 1 && rest.starts_with(name) && rest.back() == '\0') {
      return &section;
    }
  }
  return nullptr;
}

Result<ByteView> File::contents(const Section& section) const {
  if (section.sh_type == SHT_NOBITS) return ByteView();
  return bytes_.slice(section.sh_offset, section.sh_size, "ELF section contents");
}

Result<ByteView> File::contents(const Segment& segment) const {
  return bytes_.slice(segment.p_offset, segment.p_filesz, "ELF segment contents");
}

Result<ByteView> File::at_address(std::uint64_t vaddr, std::uint64_t count) const {
  for (const Segment& segment : segments_) {
    if (segment.p_type != PT_LOAD || vaddr < segment.p_vaddr) continue;
    const std::uint64_t inside = vaddr - segment.p_vaddr;
    if (inside > segment.p_filesz || count > segment.p_filesz - inside) continue;
    const ByteView whole = TENON_TRY(contents(segment));
    return whole.slice(inside, count);
  }
  return fail(Errc::not_found, "ELF virtual address outside of the file", bytes_.base());
}

Result<ByteView> File::from_address(std::uint64_t vaddr) const {
  for (const Segment& segment : segments_) {
    if (segment.p_type != PT_LOAD || vaddr < segment.p_vaddr) continue;
    const std::uint64_t inside = vaddr - segment.p_vaddr;
    if (inside >= segment.p_filesz) continue;
    const ByteView whole = TENON_TRY(contents(segment));
    return whole.from(inside);
  }
  return fail(Errc::not_found, "ELF virtual address outside of the file", bytes_.base());
}

std::size_t File::list_limit() const { return static_cast<std::size_t>(64 + bytes_.size() / 128); }

Result<std::optional<std::string_view>> File::interpreter() const {
  const Segment* interp = segment(PT_INTERP);
  if (interp == nullptr) return std::nullopt;
  const ByteView path = TENON_TRY(contents(*interp));
  return TENON_TRY(path.cstr(0, "ELF interpreter"));
}

std::optional<bool> File::executable_stack() const {
  const Segment* stack = segment(PT_GNU_STACK);
  if (stack == nullptr) return std::nullopt;
  return (stack->p_flags & PF_X) != 0;
}

Result<std::optional<ByteView>> File::note(std::string_view name, std::uint32_t type) const {
  NoteSearch search{name, type, 2 * bytes_.size()};
  for (const Segment& segment : segments_) {
    if (segment.p_type != PT_NOTE) continue;
    const ByteView notes = TENON_TRY(contents(segment));
    const auto found = TENON_TRY(find_note(header_, notes, segment.p_align, search));
    if (found) return found;
  }
  // Go 1.24 and later put the GNU build id into a section that no PT_NOTE covers.
  for (const Section& section : sections_) {
    if (section.sh_type != SHT_NOTE) continue;
    const ByteView notes = TENON_TRY(contents(section));
    const auto found = TENON_TRY(find_note(header_, notes, section.sh_addralign, search));
    if (found) return found;
  }
  return std::nullopt;
}

Result<std::optional<ByteView>> File::build_id() const { return note("GNU", NT_GNU_BUILD_ID); }

Result<std::optional<std::string_view>> File::go_build_id() const {
  // cmd/link pads the name to "Go\0\0" and counts all four bytes.
  auto found = TENON_TRY(note(std::string_view("Go\0", 3), NT_GO_BUILD_ID));
  if (!found) found = TENON_TRY(note("Go", NT_GO_BUILD_ID));
  if (!found) return std::nullopt;
  return found->text();
}

}  // namespace tenon::elf
