#include "inspect/x18.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/elf/elf.h"
#include "format/elf/layout.h"
#include "format/gobin/pclntab.h"
#include "format/macho/exports.h"
#include "format/pe/layout.h"
#include "format/pe/pe.h"
#include "inspect/arm64.h"
#include "inspect/go_bytes.h"
#include "inspect/tables.h"

namespace tenon {
namespace {

constexpr std::uint32_t x18 = 1U << 18;

struct Span {
  std::uint64_t start = 0, end = 0;
};

struct Code {
  std::uint64_t address = 0;
  ByteView bytes;
};

// Where code lies, where functions begin, and what between them is data.
struct CodeMap {
  std::vector<Code> sections;
  std::map<std::uint64_t, std::string> functions;
  std::vector<Span> data;  // by start
  bool mapped = false;     // `data` is all of it
};

std::uint32_t word_at(ByteView bytes, std::uint64_t offset) {
  const auto word = bytes.at<ul32>(offset);
  return word ? std::uint32_t{**word} : 0;
}

// --- Where code is

void name_functions(const ObjectView& object, CodeMap& out) {
  for (const SymbolList list : {SymbolList::all, SymbolList::exports}) {
    (void)list_symbols(object, list, [&](const SymbolRow& row) {
      // Labels of the assembler ("ltmp0") must not hide a name at the same place.
      const bool label = row.name.starts_with("ltmp") || row.name.starts_with("l_");
      if (!row.has_address || row.name.empty()) return;
      if (list == SymbolList::all && (row.type | 0x20) != 't' && (row.type | 0x20) != 'w') return;
      std::string& name = out.functions[row.address];
      if (name.empty() || name.starts_with("ltmp")) name = label ? std::string() : row.name;
    });
  }
  const GoBytes go = go_bytes(object.bytes);
  const auto table = function_table(go);
  // Without their start, entries are offsets.
  if (!table || (table->text_start() == 0 && table->layout() >= gobin::PclnLayout::go118)) return;
  for (std::uint64_t i = 0; i < table->size(); ++i) {
    const auto entry = table->function_entry_address(i);
    if (!entry) continue;
    std::string& name = out.functions[*entry];
    if (name.empty()) name = table->function_name(i);
  }
}

void read_mapping(const elf::File& file, CodeMap& out) {
  const auto symbols = file.symbols();
  if (!symbols) return;
  // By section: in objects all sections begin at 0.
  std::map<std::uint64_t, char> marks;
  for (std::uint64_t i = 1; i < symbols->size(); ++i) {
    const elf::Symbol symbol = (*symbols)[i];
    const std::string_view name = symbol.name;
    if (name.size() < 2 || name[0] != '$' || symbol.st_shndx >= file.sections().size()) continue;
    if (name[1] != 'x' && name[1] != 'd') continue;
    const elf::Section& section = file.sections()[symbol.st_shndx];
    if ((section.sh_flags & elf::SHF_EXECINSTR) == 0) continue;
    const std::uint64_t base = file.header().e_type == elf::ET_REL ? section.sh_offset : 0;
    marks[base + symbol.st_value] = name[1];
  }
  out.mapped = !marks.empty();
  for (auto mark = marks.begin(); mark != marks.end(); ++mark) {
    const auto next = std::next(mark);
    if (mark->second == 'd') {
      out.data.push_back({mark->first, next == marks.end() ? UINT64_MAX : next->first});
    }
  }
}

void elf_map(const elf::File& file, CodeMap& out) {
  const bool object = file.header().e_type == elf::ET_REL;
  for (const elf::Section& section : file.sections()) {
    if ((section.sh_flags & elf::SHF_EXECINSTR) == 0 || section.sh_type == elf::SHT_NOBITS)
      continue;
    // Sections of an object all begin at address 0; their places in the file tell them apart.
    const std::uint64_t address = object ? section.sh_offset : section.sh_addr;
    if (const auto bytes = file.contents(section)) out.sections.push_back({address, *bytes});
  }
  read_mapping(file, out);
  const auto symbols = object ? file.symbols() : file.dynamic_symbols();
  if (!object || !symbols) return;
  out.functions.clear();
  for (std::uint64_t i = 1; i < symbols->size(); ++i) {
    const elf::Symbol symbol = (*symbols)[i];
    if (symbol.type() != elf::STT_FUNC || symbol.st_shndx >= file.sections().size()) continue;
    out.functions[file.sections()[symbol.st_shndx].sh_offset + symbol.st_value] = symbol.name;
  }
}

void macho_map(const macho::File& file, CodeMap& out) {
  for (const macho::Segment& segment : file.segments()) {
    for (const macho::Section& section : segment.sections) {
      constexpr std::uint32_t instructions = 0x80000400;  // S_ATTR_PURE_/SOME_INSTRUCTIONS
      if ((section.flags & instructions) == 0 || !section.in_file()) continue;
      if (const auto bytes = file.contents(section)) out.sections.push_back({section.addr, *bytes});
    }
  }
  if (const auto starts = macho::function_starts(file)) {
    for (const std::uint64_t start : *starts) out.functions.try_emplace(start);
  }
  if (const auto entries = macho::data_in_code(file)) {
    for (const macho::DataInCode& entry : *entries) {
      out.data.push_back({entry.address, entry.address + entry.size});
    }
  }
}

void pe_map(const pe::File& file, CodeMap& out) {
  for (const pe::Section& section : file.sections()) {
    if ((section.characteristics & pe::IMAGE_SCN_MEM_EXECUTE) == 0) continue;
    if (const auto bytes = file.contents(section)) {
      out.sections.push_back({file.header().image_base + section.rva, *bytes});
    }
  }
}

// Where there are no notes Go's linker puts its build id between the functions (cmd/link/internal/
// ld/data.go, textbuildid): text that decodes as any instruction.
void skip_build_ids(CodeMap& map) {
  constexpr std::string_view head = "\xff Go build ID: \"";
  constexpr std::string_view tail = "\"\n \xff";
  for (const Code& code : map.sections) {
    const std::string_view text = code.bytes.text();
    const std::size_t start = text.find(head);
    if (start == std::string_view::npos) continue;
    const std::size_t end = text.substr(0, start + 512).find(tail, start);
    if (end == std::string_view::npos) continue;
    const std::uint64_t stop = (end + tail.size() + 3) / 4 * 4;
    map.data.push_back({code.address + start / 4 * 4, code.address + stop});
  }
  std::ranges::sort(map.data, {}, &Span::start);
}

CodeMap code_map(const ObjectView& object) {
  CodeMap out;
  name_functions(object, out);
  if (const auto elf = elf::File::parse(object.bytes)) {
    elf_map(*elf, out);
  } else if (const auto macho = macho::File::parse(object.bytes)) {
    macho_map(*macho, out);
  } else if (const auto pe = pe::File::parse(object.bytes)) {
    pe_map(*pe, out);
  }
  skip_build_ids(out);
  return out;
}

// --- What it does

class Scan {
 public:
  explicit Scan(const CodeMap& map) : map_(map) {}

  // One function, or the bytes in front of the first.
  void piece(const Code& code, const std::string& name, bool function) {
    std::vector<std::size_t> hits;
    const std::size_t count = static_cast<std::size_t>(code.bytes.size() / 4);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t word = word_at(code.bytes, i * 4);
      if (is_data(code.address + i * 4)) continue;
      ++use.words;
      const auto written = arm64::written_registers(word);
      if (!written) {
        // Zeros are padding.
        use.not_decoded += word != 0 ? 1 : 0;
      } else if ((*written & x18) != 0) {
        hits.push_back(i);
      }
    }
    if (hits.empty()) return;
    const std::vector<bool> reached =
        map_.mapped ? std::vector<bool>(count, true) : reach(code, function);
    const auto sure = static_cast<std::uint64_t>(
        std::ranges::count_if(hits, [&](std::size_t i) { return reached[i]; }));
    add(name, code.address, sure, use.functions, use.instructions);
    add(name, code.address, hits.size() - sure, use.doubtful, use.maybe);
  }

  X18Use use;

 private:
  [[nodiscard]] bool is_data(std::uint64_t address) const {
    const auto behind = std::ranges::upper_bound(map_.data, address, {}, &Span::start);
    return behind != map_.data.begin() && address < std::prev(behind)->end;
  }

  // Which words a processor can come to from the first one. Targets of jump tables are not found.
  static std::vector<bool> reach(const Code& code, bool function) {
    const std::size_t count = static_cast<std::size_t>(code.bytes.size() / 4);
    std::vector<bool> seen(count, false);
    std::vector<std::size_t> open;
    if (function) open.push_back(0);
    while (!open.empty()) {
      std::size_t at = open.back();
      open.pop_back();
      for (; at < count && !seen[at]; ++at) {
        const std::uint32_t word = word_at(code.bytes, at * 4);
        seen[at] = true;
        const arm64::Flow flow = arm64::flow_of(word);
        if (flow.target) {
          const std::int64_t target = static_cast<std::int64_t>(at) + *flow.target / 4;
          if (target >= 0 && static_cast<std::size_t>(target) < count) {
            open.push_back(static_cast<std::size_t>(target));
          }
        }
        // Class 0 is no instruction: what follows is not code.
        if (!flow.falls_through || ((word >> 25) & 0xf) == 0) break;
      }
    }
    return seen;
  }

  static void add(const std::string& name, std::uint64_t address, std::uint64_t count,
                  std::vector<FunctionCount>& out, std::uint64_t& sum) {
    if (count == 0) return;
    sum += count;
    out.push_back({name.empty() ? fmt::format("at {:#x}", address) : name, count});
  }

  const CodeMap& map_;
};

void scan_section(const CodeMap& map, const Code& code, Scan& scan) {
  const std::uint64_t end = code.address + code.bytes.size();
  std::uint64_t at = code.address;
  auto next = map.functions.lower_bound(at);
  std::string name;
  bool function = false;
  while (at < end) {
    if (next != map.functions.end() && next->first == at) {
      name = next->second;
      function = true;
      ++next;
    }
    while (next != map.functions.end() && next->first % 4 != 0) ++next;
    const std::uint64_t stop = next == map.functions.end() ? end : std::min(end, next->first);
    if (const auto bytes = code.bytes.slice(at - code.address, stop - at)) {
      scan.piece({at, *bytes}, name, function);
    }
    at = stop;
  }
}

}  // namespace

Result<X18Use> x18_use(const ObjectView& object) {
  const CodeMap map = code_map(object);
  Scan scan(map);
  for (const Code& code : map.sections) scan_section(map, code, scan);
  for (auto* list : {&scan.use.functions, &scan.use.doubtful}) {
    std::ranges::stable_sort(*list, std::ranges::greater{}, &FunctionCount::count);
  }
  return std::move(scan.use);
}

}  // namespace tenon
