#include "format/pe/pe.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "format/pe_builder.h"

using namespace tenon;
using pe_builder::Image;

namespace {

// The names of all imports, "late.dll*" for a delayed DLL.
std::vector<std::string> import_names(const pe::File& file) {
  std::vector<std::string> out;
  const auto dlls = file.imports();
  REQUIRE(dlls);
  for (const pe::ImportedDll& dll : *dlls) {
    for (const pe::Import& import : dll.imports) {
      const std::string name =
          import.by_ordinal ? "#" + std::to_string(import.ordinal) : std::string(import.name);
      out.push_back(std::string(dll.dll) + (dll.delayed ? "*!" : "!") + name);
    }
  }
  return out;
}

pe::File parsed(const std::string& bytes) {
  auto file = pe::File::parse(view_of(bytes));
  REQUIRE(file);
  return *file;
}

std::string object(std::uint64_t machine, std::uint64_t sections, std::uint64_t symbols_at,
                   std::uint64_t symbols, std::size_t size) {
  Image maker;
  maker.halves({machine, sections});
  maker.words({Image::timestamp, symbols_at, symbols, 0});
  maker.bytes.resize(size);
  return maker.bytes;
}

}  // namespace

TEST_CASE("pe: headers of both sizes") {
  for (const bool wide : {true, false}) {
    const Image image = Image::make(wide);
    const pe::File file = parsed(image.bytes);
    const pe::Header& header = file.header();
    CHECK(header.is_64 == wide);
    CHECK(pe::machine_name(header.machine) == (wide ? "amd64" : "386"));
    CHECK(pe::subsystem_name(header.subsystem) == "console");
    CHECK(header.is_dll());
    CHECK(header.timestamp == Image::timestamp);
    CHECK(header.image_base == image.base());
    CHECK(header.entry_point == 0x2010);
    CHECK(header.checksum == 0xabcd);
    CHECK(header.linker.major == 14);
    CHECK(header.os.minor == 1);
    CHECK(header.subsystem_version.minor == 2);
    CHECK(header.dynamic_base());
    CHECK(header.nx_compatible());
    CHECK(header.high_entropy());
    CHECK(!file.is_dotnet());
    CHECK(file.directory(1).rva == Image::imports);
    CHECK(file.directory(99).size == 0);
  }
}

TEST_CASE("pe: sections and addresses") {
  const Image image = Image::make(true);
  const pe::File file = parsed(image.bytes);
  REQUIRE(file.sections().size() == 2);
  const pe::Section* section = file.section(".rdata");
  REQUIRE(section != nullptr);
  CHECK(section->rva == Image::section_rva);
  CHECK(section->virtual_size == Image::section_size - 16);
  CHECK(section->characteristics == 0x40000040);
  CHECK(file.contents(*section)->base() == Image::section_at);
  CHECK(file.section(".text") == nullptr);
  CHECK(file.from_rva(0)->text().starts_with("MZ"));
  CHECK(file.at_rva(Image::names, 7)->text() == "k32.dll");
  CHECK(file.from_rva(0x23ff)->size() == 1);
  CHECK(file.at_rva(0x23ff, 2).error().code == Errc::not_found);
  CHECK(file.from_rva(0x2400).error().code == Errc::not_found);
  CHECK(file.from_rva(0x500).error().code == Errc::not_found);
  CHECK(!file.from_rva(~0ULL));
}

TEST_CASE("pe: regions begin with writable data and hold addresses of the image base") {
  const Image image = Image::make(true);
  const std::vector<gobin::Region> regions = parsed(image.bytes).regions();
  REQUIRE(regions.size() == 2);
  CHECK(regions[0].vaddr == image.base() + Image::data_rva);
  CHECK(regions[0].bytes.size() == 0x200);
  CHECK(regions[1].vaddr == image.base() + Image::section_rva);
}

TEST_CASE("pe: Go build information is found through the regions") {
  Image image = Image::make(true);
  const std::string info = std::string("\xff Go buildinf:\x08\x02", 16) + std::string(16, '\0') +
                           "\x08go1.26.8" + std::string(1, '\0');
  image.bytes.replace(Image::data_at + 0x20, info.size(), info);
  const auto found = gobin::read_build_info(parsed(image.bytes).regions());
  REQUIRE(found);
  REQUIRE(*found);
  CHECK((*found)->go_version == "go1.26.8");
}

TEST_CASE("pe: imports by name and ordinal, plain and delayed") {
  for (const bool wide : {true, false}) {
    const Image image = Image::make(wide);
    CHECK(import_names(parsed(image.bytes)) ==
          std::vector<std::string>{"k32.dll!Alpha", "k32.dll!#7", "late.dll*!Later"});
    CHECK(parsed(image.bytes).imports()->front().imports.front().ordinal == 5);
  }
}

TEST_CASE("pe: an import without a lookup table is read from its address table") {
  Image image = Image::make(true);
  image.put(Image::at(Image::imports), 0, 4);
  image.put(Image::at(Image::imports) + 16, Image::lookup, 4);
  CHECK(import_names(parsed(image.bytes))[0] == "k32.dll!Alpha");
}

TEST_CASE("pe: delay imports of Visual C++ 6 hold addresses") {
  Image image = Image::make(false);
  const std::uint64_t at = Image::at(Image::delayed);
  image.put(at, 0, 4);
  image.put(at + 4, image.base() + Image::name("late.dll"), 4);
  image.put(at + 16, image.base() + Image::delay_lookup, 4);
  CHECK(import_names(parsed(image.bytes)).back() == "late.dll*!Later");
}

TEST_CASE("pe: imports that lead outside or never end are refused") {
  Image image = Image::make(true);
  image.put(Image::at(Image::imports), 0x9000, 4);
  CHECK(parsed(image.bytes).imports().error().code == Errc::not_found);
  Image full = Image::make(true);
  // Thunks without an end: every one imports ordinal 0.
  const std::uint64_t ordinal = 1ULL << 63U;
  full.put(Image::at(Image::imports), 0x3000, 4);
  for (std::uint64_t at = 0; at < 0x200; at += 8) full.put(Image::data_at + at, ordinal, 8);
  CHECK(parsed(full.bytes).imports().error().code == Errc::malformed);
}

TEST_CASE("pe: descriptors that share one table do not multiply it") {
  Image image = Image::make(true);
  image.directory(1, Image::data_rva, 0x200);
  for (std::uint64_t rva = Image::lookup; rva < Image::lookup + 20 * 8; rva += 8) {
    image.put(Image::at(rva), 1ULL << 63U, 8);
  }
  for (std::uint64_t at = 0; at + 40 <= 0x200; at += 20) {
    const std::uint64_t place = Image::data_at + at;
    image.put(place, Image::lookup, 4);
    image.put(place + 12, Image::name("k32.dll"), 4);
    image.put(place + 16, Image::lookup, 4);
  }
  CHECK(parsed(image.bytes).imports().error().code == Errc::malformed);
}

TEST_CASE("pe: exports, forwarders and functions without a name") {
  const Image image = Image::make(true);
  const pe::File file = parsed(image.bytes);
  const auto exports = file.exports();
  REQUIRE(exports);
  REQUIRE(*exports);
  const pe::ExportTable& table = **exports;
  CHECK(table.dll() == "own.dll");
  CHECK(table.function_count() == 3);
  REQUIRE(table.size() == 2);
  CHECK(table[0].name == "run");
  CHECK(table[0].ordinal == 10);
  CHECK(table[0].rva == 0x2010);
  CHECK(table[0].forwarder.empty());
  CHECK(table[1].name == "twice");
  CHECK(table[1].ordinal == 12);
  CHECK(table[1].forwarder == "k32.Alpha");
  CHECK(table[2].name.empty());
}

TEST_CASE("pe: an export table that is larger than its section is refused") {
  Image image = Image::make(true);
  image.put(Image::at(Image::exports) + 24, 0x40000000, 4);
  CHECK(!parsed(image.bytes).exports());
  Image none = Image::make(true);
  none.directory(0, 0, 0);
  CHECK(!*parsed(none.bytes).exports());
}

TEST_CASE("pe: the PDB file of the image") {
  const Image image = Image::make(true);
  const pe::File file = parsed(image.bytes);
  CHECK(file.debug_entries()->size() == 2);
  const auto found = file.code_view();
  REQUIRE(found);
  REQUIRE(*found);
  CHECK(pe::guid_text((*found)->guid) == "04030201-0605-0807-090A-0B0C0D0E0F10");
  CHECK((*found)->age == 3);
  CHECK((*found)->pdb == "C:\\out\\own.pdb");
}

TEST_CASE("pe: the certificate table") {
  Image image = Image::make(true);
  const auto found = parsed(image.bytes).certificates();
  REQUIRE(found);
  REQUIRE(*found);
  CHECK((*found)->base() == Image::certificate_at);
  image.directory(4, Image::certificate_at, 17);
  CHECK(parsed(image.bytes).certificates().error().code == Errc::truncated);
  image.directory(4, 0, 0);
  CHECK(!*parsed(image.bytes).certificates());
}

TEST_CASE("pe: names of sections above 8 bytes come from the string table") {
  Image image = Image::make(true);
  const std::string strings = std::string("\x10\0\0\0", 4) + std::string("debug_abbrev\0", 13);
  const std::uint64_t symbols_at = image.bytes.size();
  image.bytes += std::string(2 * 18, '\0') + strings;
  image.put(Image::pe_at + 12, symbols_at, 4);
  image.put(Image::pe_at + 16, 2, 4);
  const std::uint64_t table = image.directory_at(16);
  image.bytes.replace(table, 8, std::string("/4\0\0\0\0\0\0", 8));
  CHECK(parsed(image.bytes).sections()[0].name == "debug_abbrev");
  image.bytes.replace(table, 8, std::string("//AAAAAE", 8));
  CHECK(parsed(image.bytes).sections()[0].name == "debug_abbrev");
  image.bytes.replace(table, 8, std::string("/9999999", 8));
  CHECK(parsed(image.bytes).sections()[0].name == "/9999999");
}

TEST_CASE("pe: what is no image says so, at every length") {
  const Image image = Image::make(true);
  CHECK(pe::File::parse(view_of("MZ")).error().code == Errc::truncated);
  const std::string elf = std::string("\177ELF") + std::string(100, '\0');
  CHECK(pe::File::parse(view_of(elf)).error().code == Errc::malformed);
  std::string dos = image.bytes;
  dos[Image::pe_at] = 'N';
  CHECK(pe::File::parse(view_of(dos)).error().code == Errc::unsupported);
  for (std::size_t size = 0; size < image.bytes.size(); ++size) {
    const auto file = pe::File::parse(ByteView(image.bytes.data(), size));
    if (!file) continue;
    CHECK(size >= 0x1d8);
    CHECK(file->regions().size() == (size >= 0xa00 ? 2 : size >= 0x800 ? 1 : 0));
    if (size < Image::at(Image::names)) CHECK(!file->imports());
  }
}

TEST_CASE("pe: COFF objects are known by machine and tables") {
  const auto small = pe::parse_object(view_of(object(0x8664, 2, 100, 1, 118)));
  REQUIRE(small);
  CHECK(small->kind == pe::ObjectKind::object);
  CHECK(pe::machine_name(small->machine) == "amd64");
  CHECK(small->section_count == 2);
  CHECK(small->symbol_count == 1);
  CHECK(!pe::parse_object(view_of(object(0x8664, 2, 100, 1, 117))));
  CHECK(!pe::parse_object(view_of(object(0x8664, 3, 100, 0, 120))));
  CHECK(!pe::parse_object(view_of(object(0x8664, 0, 0, 0, 120))));
  CHECK(!pe::parse_object(view_of(object(0x1234, 2, 100, 1, 118))));
}

TEST_CASE("pe: large objects, entries of import libraries, code of the link-time compiler") {
  Image maker;
  maker.halves({0, 0xffff, 2, 0xaa64});
  maker.words({0});
  const std::string start = maker.bytes;
  maker.bytes += "\xc7\xa1\xba\xd1\xee\xba\xa9\x4b\xaf\x20\xfa\xf6\x6a\xa4\xdc\xb8";
  maker.words({0, 0, 0, 0, 1, 96, 1});
  maker.bytes.resize(116);
  const auto big = pe::parse_object(view_of(maker.bytes));
  REQUIRE(big);
  CHECK(big->kind == pe::ObjectKind::big);
  CHECK(big->section_count == 1);
  CHECK(!pe::parse_object(ByteView(maker.bytes.data(), 115)));
  const auto other = pe::parse_object(view_of(start + std::string(44, 'x')));
  REQUIRE(other);
  CHECK(other->kind == pe::ObjectKind::anonymous);
  std::string import = start + std::string(8, 'x');
  import[4] = 0;
  CHECK(pe::parse_object(view_of(import))->kind == pe::ObjectKind::import);
  import[6] = 1;
  CHECK(!pe::parse_object(view_of(import)));
}

namespace {

void symbol(Image& image, std::string name, std::uint64_t value, std::uint64_t section,
            std::uint64_t storage, std::uint64_t more) {
  name.resize(8);
  image.bytes += name;
  image.words({value});
  image.halves({section, 0x20});
  image.number(storage, 1);
  image.number(more, 1);
}

// Symbols of all kinds; the last one's name lies in the string table.
std::string with_symbols() {
  Image image = Image::make(true);
  const std::uint64_t at = image.bytes.size();
  symbol(image, "short", 4, 1, 2, 0);
  symbol(image, ".text", 0, 1, 3, 1);
  symbol(image, "x.c", 0, 0, 0, 0);  // describes the section
  symbol(image, "missing", 0, 0, 2, 0);
  symbol(image, "absolute", 7, 0xffff, 2, 0);
  symbol(image, std::string("\0\0\0\0\4\0\0\0", 8), 0, 2, 3, 0);
  image.words({4 + 13});
  image.bytes += std::string("a_longer_name", 13);
  image.put(Image::pe_at + 12, at, 4);
  image.put(Image::pe_at + 16, 6, 4);
  return image.bytes;
}

}  // namespace

TEST_CASE("pe: symbols") {
  const std::string bytes = with_symbols();
  std::vector<std::string> names;
  std::vector<std::int32_t> sections;
  const auto done = parsed(bytes).for_each_symbol([&](const pe::Symbol& symbol) {
    names.push_back(std::string(symbol.name) + (symbol.auxiliary ? "*" : ""));
    sections.push_back(symbol.section);
  });
  CHECK(done.has_value());
  CHECK(names ==
        std::vector<std::string>{"short", ".text*", "missing", "absolute", "a_longer_name"});
  CHECK(sections == std::vector<std::int32_t>{1, 1, 0, -1, 2});
  // None is none; a table that ends behind the file is an error.
  CHECK(parsed(Image::make(true).bytes).for_each_symbol([](const pe::Symbol&) { CHECK(false); }));
  std::string cut = bytes;
  cut.resize(cut.size() - 13 - 4 - 18);
  CHECK_FALSE(parsed(cut).for_each_symbol([](const pe::Symbol&) {}).has_value());
}

TEST_CASE("pe: Microsoft's linker leaves a Rich header") {
  Image image = Image::make(true);
  CHECK_FALSE(parsed(image.bytes).has_rich_header());
  image.bytes.replace(0x60, 4, "Rich");
  CHECK(parsed(image.bytes).has_rich_header());
}
