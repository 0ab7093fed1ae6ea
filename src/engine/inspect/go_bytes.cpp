#include "engine/inspect/go_bytes.h"

#include "format/elf/layout.h"

namespace tenon {

GoBytes go_bytes(const macho::File& file) {
  GoBytes out;
  const auto add = [&](const macho::Section& section) {
    if (const auto bytes = file.contents(section)) out.regions.push_back({section.addr, *bytes});
  };
  std::vector<const macho::Section*> others;
  for (const macho::Segment& segment : file.segments()) {
    for (const macho::Section& section : segment.sections) {
      if (section.sectname == "__go_buildinfo") add(section);
      if (section.sectname == "__gopclntab") {
        out.pclntab = file.contents(section).value_or(ByteView());
      }
      if (section.sectname == "__text" && out.text.empty()) {
        out.text = file.contents(section).value_or(ByteView());
      }
      // The pointers of old build infos lead here.
      if (section.sectname == "__data" || section.sectname == "__rodata")
        others.push_back(&section);
    }
  }
  if (!out.regions.empty()) {
    for (const macho::Section* section : others) add(*section);
  }
  return out;
}

GoBytes go_bytes(const elf::File& file) {
  GoBytes out;
  const elf::Section* section = file.section(".go.buildinfo");
  if (section != nullptr) {
    if (const auto bytes = file.contents(*section)) {
      out.regions.push_back({section->sh_addr, *bytes});
    }
  }
  // Without sections the build info begins the first writable segment; with them, old ones point
  // into these segments.
  if (section != nullptr || file.sections().empty()) {
    for (const elf::Segment& segment : file.segments()) {
      if (segment.p_type != elf::PT_LOAD) continue;
      const bool writable = (segment.p_flags & elf::PF_W) != 0;
      if (!writable && section == nullptr) continue;
      if (const auto bytes = file.contents(segment)) {
        out.regions.push_back({segment.p_vaddr, *bytes});
      }
    }
  }
  for (const std::string_view name : {".gopclntab", ".data.rel.ro.gopclntab"}) {
    const elf::Section* table = file.section(name);
    if (table != nullptr) out.pclntab = file.contents(*table).value_or(ByteView());
  }
  return out;
}

// Go puts its function table into .rdata, which has no section of its own.
GoBytes go_bytes(const pe::File& file) {
  GoBytes out;
  out.regions = file.regions();
  if (const pe::Section* text = file.section(".text")) {
    out.text = file.contents(*text).value_or(ByteView());
  }
  const bool go = gobin::text_build_id(out.text).has_value();
  if (!go) {
    const auto info = gobin::read_build_info(out.regions);
    if (!info || !*info) return {};
  }
  if (const pe::Section* data = file.section(".rdata")) {
    const ByteView bytes = file.contents(*data).value_or(ByteView());
    if (const auto table = gobin::Pclntab::find(bytes)) out.pclntab = table->bytes();
  }
  return out;
}

GoBytes go_bytes(ByteView object) {
  if (const auto file = elf::File::parse(object)) return go_bytes(*file);
  if (const auto file = macho::File::parse(object)) return go_bytes(*file);
  if (const auto file = pe::File::parse(object)) return go_bytes(*file);
  return {};
}

}  // namespace tenon
