// The long lists of inspect: symbols, imports, exports, sections, sizes.
#include "inspect/tables.h"

#include "format/pe_builder.h"
#include "inspect/program_builder.h"
#include "inspect/size.h"

using namespace tenon;
using namespace tenon::test;

namespace {

std::vector<std::string> rows(const std::string& bytes, SymbolList list) {
  std::vector<std::string> out;
  const auto objects = object_views(view_of(bytes));
  REQUIRE(objects.has_value());
  for (const ObjectView& object : *objects) {
    const auto done = list_symbols(object, list, [&](const SymbolRow& row) {
      std::string text = std::string(row.name) + " " + row.type;
      if (!row.library.empty()) text += " in " + std::string(row.library);
      if (!row.version.empty()) text += " @" + std::string(row.version);
      if (row.weak) text += " weak";
      out.push_back(text);
    });
    CHECK(done.has_value());
  }
  return out;
}

using Names = std::vector<std::string>;

std::uint64_t sum(const std::vector<SizeRow>& rows) {
  std::uint64_t total = 0;
  for (const SizeRow& row : rows) total += row.bytes;
  return total;
}

}  // namespace

TEST_CASE("tables macho: symbols with nm's letters") {
  const std::string bytes = MachoProgram{}.build();
  CHECK(rows(bytes, SymbolList::all) == Names{"_main T", "_puts U", "_weak U weak"});
  CHECK(rows(bytes, SymbolList::exports) == Names{"_main -"});
}

TEST_CASE("tables elf: imports and exports of .dynsym with version and library") {
  const std::string bytes = ElfProgram{.needed = {"libc.so.6"},
                                       .symbols = {{"open", "libc.so.6", "GLIBC_2.34"},
                                                   {.name = "gone"},
                                                   {.name = "mine", .defined = true}}}
                                .build();
  CHECK(rows(bytes, SymbolList::imports) == Names{"open U in libc.so.6 @GLIBC_2.34", "gone U"});
  CHECK(rows(bytes, SymbolList::exports).size() == 1);
  CHECK(rows(bytes, SymbolList::exports)[0].starts_with("mine "));
  // Without .symtab there is nothing to list, and that is no error.
  CHECK(rows(ElfProgram{}.build(), SymbolList::all).empty());
}

TEST_CASE("tables: objects of an archive carry the member's name") {
  const std::string object = ElfProgram{.go = {.go = false}, .type = 1}.build();
  const auto bytes = archive({{"a.o", object}, {"readme", "x"}, {"b.o", object}});
  const auto objects = object_views(view_of(bytes));
  REQUIRE(objects.has_value());
  REQUIRE(objects->size() == 2);
  CHECK((*objects)[0].member == "a.o");
  CHECK((*objects)[1].member == "b.o");
  CHECK((*objects)[1].arch == "aarch64");
}

TEST_CASE("tables: slices of a universal file carry their architecture") {
  const auto bytes =
      universal({{macho::CPU_TYPE_X86_64, MachoProgram{.cpu = macho::CPU_TYPE_X86_64}.build()},
                 {macho::CPU_TYPE_ARM64, MachoProgram{}.build()}});
  const auto objects = object_views(view_of(bytes));
  REQUIRE(objects.has_value());
  REQUIRE(objects->size() == 2);
  CHECK((*objects)[0].arch == "x86_64");
  CHECK((*objects)[1].arch == "arm64");
}

TEST_CASE("tables: what has no lists is not called damaged") {
  const auto text = object_views(view_of("text"));
  REQUIRE_FALSE(text.has_value());
  CHECK(text.error().code == Errc::unsupported);
  const auto cut = object_views(view_of(MachoProgram{}.build().substr(0, 100)));
  REQUIRE_FALSE(cut.has_value());
  CHECK(cut.error().code != Errc::unsupported);
}

TEST_CASE("tables pe: imports, exports, sections and no symbols") {
  const std::string image = pe_builder::Image::make(true).bytes;
  const auto objects = object_views(view_of(image));
  REQUIRE(objects.has_value());
  REQUIRE(objects->size() == 1);
  const ObjectView& object = objects->front();
  CHECK(object.arch == "x86_64");
  CHECK(rows(image, SymbolList::imports) ==
        Names{"Alpha - in k32.dll", "#7 - in k32.dll", "Later - in late.dll"});
  CHECK(rows(image, SymbolList::exports) == Names{"run -", "twice - in k32.Alpha"});
  const auto sections = list_sections(object);
  REQUIRE(sections.has_value());
  REQUIRE(sections->size() == 2);
  CHECK(sections->front().name == ".rdata");
  CHECK(sections->front().address == 0x180002000);
  CHECK(sections->front().flags == "r--");
  const auto sizes = size_report(object);
  REQUIRE(sizes.has_value());
  CHECK(sum(sizes->sections) == image.size());
  // Microsoft's linkers write no symbol table.
  const auto none = list_symbols(object, SymbolList::all, [](const SymbolRow&) {});
  CHECK(none.error().code == Errc::not_found);
}

TEST_CASE("tables: sections with permissions, and which take room") {
  const std::string bytes =
      ElfProgram{.sections = {{".text", "xxxx", 6}, {".bss", std::string(99, '\0'), 3, 8}}}.build();
  const auto sections = list_sections(ObjectView{"", "", view_of(bytes)});
  REQUIRE(sections.has_value());
  REQUIRE(sections->size() == 5);
  CHECK((*sections)[0].name == ".text");
  CHECK((*sections)[0].flags == "r-x");
  CHECK((*sections)[0].size == 4);
  CHECK((*sections)[1].flags == "rw-");
  CHECK((*sections)[1].size == 99);
  CHECK_FALSE((*sections)[1].in_file);
  CHECK((*sections)[4].name == ".shstrtab");
  CHECK((*sections)[4].flags == "---");
  const std::string program = MachoProgram{}.build();
  const auto others = list_sections(ObjectView{"", "", view_of(program)});
  REQUIRE(others.has_value());
  CHECK((*others)[0].name == "__TEXT,__text");
  CHECK((*others)[0].flags == "r-x");
}

TEST_CASE("size: sections add up to the file, whatever they claim") {
  const auto report = [](const std::string& bytes) {
    const auto sizes = size_report(ObjectView{"", "", view_of(bytes)});
    REQUIRE(sizes.has_value());
    CHECK(sum(sizes->sections) == bytes.size());
    return *sizes;
  };
  report(MachoProgram{}.build());
  const std::string big(1000, 'x');
  const SizeReport sizes = report(ElfProgram{.sections = {{".text", big, 6}}}.build());
  CHECK(sizes.sections[0].bytes >= sizes.sections[1].bytes);
  // Two sections that claim the same bytes.
  std::string lying = ElfProgram{.sections = {{".text", big, 6}, {".more", big, 6}}}.build();
  const std::size_t table = ByteView(view_of(lying)).at<ul64>(40).value()->operator std::uint64_t();
  overwrite(lying, table + 64 + 32, ul64(lying.size()));
  report(lying);
}

TEST_CASE("size: code by package, and what is not of Go") {
  const ElfProgram program{.go = {.functions = {"main.main", "main.init", "fmt.Println",
                                                "type:.eq.main.T", "example%2ecom/x.F"}},
                           .sections = {{".text", std::string(200, 'x'), 6}}};
  const std::string bytes = program.build();
  const auto sizes = size_report(ObjectView{"", "", view_of(bytes)});
  REQUIRE(sizes.has_value());
  Names names;
  for (const SizeRow& row : sizes->packages) {
    names.push_back(row.name + " " + std::to_string(row.bytes));
  }
  CHECK(names ==
        Names{"(C and other code) 120", "main 32", "(compiler) 16", "example.com/x 16", "fmt 16"});
  const std::string plain = ElfProgram{.go = {.go = false}}.build();
  CHECK(size_report(ObjectView{"", "", view_of(plain)}).value().packages.empty());
}
