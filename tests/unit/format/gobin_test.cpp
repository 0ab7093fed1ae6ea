#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

#include "format/gobin/buildinfo.h"
#include "format/gobin/pclntab.h"

using namespace tenon;

namespace {

const std::string magic("\xff Go buildinf:", 14);
const std::string module_lines =
    "path\texample.com/x/cmd\n"
    "mod\texample.com/x\tv1.2.3\t\n"
    "dep\texample.com/a\tv0.1.0\th1:aaaa=\n"
    "dep\texample.com/b\tv0.2.0\n"
    "=>\t../b\t(devel)\t\n"
    "build\t-compiler=gc\n"
    "build\t-ldflags=\"-s -w -X 'main.v=\\\"1\\\"'\"\n"
    "build\tCGO_ENABLED=1\n"
    "build\tCGO_CFLAGS=\n";

std::string number(std::uint64_t value, int size, bool big) {
  std::string out;
  for (int i = 0; i < size; ++i) {
    out += static_cast<char>(value >> (8 * (big ? size - 1 - i : i)));
  }
  return out;
}

std::string framed(const std::string& text) {
  return std::string(16, '\x30') + text + std::string(16, '\xf9');
}

// encoding/binary Uvarint and the bytes.
std::string counted(const std::string& text) {
  std::string out;
  std::size_t size = text.size();
  for (; size >= 128; size >>= 7U) out += static_cast<char>(size | 128U);
  return out + static_cast<char>(size) + text;
}

std::string inline_form(const std::string& version, const std::string& modules) {
  return magic + "\x08\x02" + std::string(16, '\0') + counted(version) + counted(modules);
}

std::optional<gobin::BuildInfo> read(const std::string& bytes, std::uint64_t vaddr = 0x4000) {
  const std::array regions = {gobin::Region{vaddr, view_of(bytes)}};
  return gobin::read_build_info(regions).value();
}

void check_modules(const gobin::BuildInfo& info) {
  CHECK(!info.module_error);
  CHECK(info.path == "example.com/x/cmd");
  REQUIRE(info.main);
  CHECK(info.main->id.path == "example.com/x");
  CHECK(info.main->id.version == "v1.2.3");
  REQUIRE(info.deps.size() == 2);
  CHECK(info.deps[0].id.sum == "h1:aaaa=");
  CHECK(!info.deps[0].replace);
  REQUIRE(info.deps[1].replace);
  CHECK(info.deps[1].replace->path == "../b");
  REQUIRE(info.settings.size() == 4);
  CHECK(info.settings[1].key == "-ldflags");
  CHECK(info.settings[1].value == "-s -w -X 'main.v=\"1\"'");
  CHECK(info.settings[3].key == "CGO_CFLAGS");
  CHECK(info.settings[3].value.empty());
}

}  // namespace

TEST_CASE("gobin: inline build info") {
  const std::string bytes = std::string(32, 'x') + inline_form("go1.26.8", framed(module_lines));
  const auto info = read(bytes);
  REQUIRE(info);
  CHECK(info->inline_form);
  CHECK(info->go_version == "go1.26.8");
  check_modules(*info);
}

TEST_CASE("gobin: build info by pointers, over two regions, both sizes and orders") {
  const std::string modules = framed(module_lines);
  for (const int size : {4, 8}) {
    for (const bool big : {false, true}) {
      const std::uint64_t data_at = 0x2000, text_at = 0x9000, text_size = modules.size();
      std::string data = magic + static_cast<char>(size) + static_cast<char>(big ? 1 : 0) +
                         number(data_at + 64, size, big) + number(data_at + 96, size, big);
      data.resize(64);
      data += number(text_at, size, big) + number(8, size, big);
      data.resize(96);
      data += number(text_at + 8, size, big) + number(text_size, size, big);
      const std::string text = "go1.17.1" + modules;
      const std::array regions = {gobin::Region{data_at, view_of(data)},
                                  gobin::Region{text_at, view_of(text)}};
      const auto info = gobin::read_build_info(regions).value();
      REQUIRE(info);
      CHECK(!info->inline_form);
      CHECK(info->go_version == "go1.17.1");
      check_modules(*info);
    }
  }
}

TEST_CASE("gobin: the magic counts only at a multiple of 16 of its address") {
  const std::string bytes = inline_form("go1.20", framed(module_lines));
  CHECK(!read("12345678" + bytes));
  CHECK(read("12345678" + bytes, 0x4008));
  CHECK(!read("nothing here"));
}

TEST_CASE("gobin: a false magic in front of the real one is passed over") {
  std::string bytes = magic + "\x03";  // neither form has this pointer size
  bytes.resize(32);
  bytes += inline_form("go1.21", framed(module_lines));
  REQUIRE(read(bytes));
  CHECK(read(bytes)->go_version == "go1.21");
}

TEST_CASE("gobin: build info that leads nowhere is malformed") {
  for (const std::string& bytes : {inline_form("", framed(module_lines)), magic + "\x08",
                                   inline_form("go1.20", "").substr(0, 34)}) {
    const std::array regions = {gobin::Region{0, view_of(bytes)}};
    CHECK(!gobin::read_build_info(regions));
  }
}

TEST_CASE("gobin: a bad module text keeps the version") {
  for (const char* line : {"dep\tone\n", "=>\ta\tb\tc\n", "build\t=x\n", "build\tno\n",
                           "build\tK=\"open\n", "build\tK=a b\n"}) {
    CAPTURE(line);
    const std::string bytes = inline_form("go1.20", framed(std::string("path\tp\n") + line));
    const auto info = read(bytes);
    REQUIRE(info);
    CHECK(info->go_version == "go1.20");
    CHECK(info->path == "p");
    CHECK(info->module_error);
  }
}

TEST_CASE("gobin: Go literals") {
  CHECK(gobin::go_unquote("\"a\\n\\t\\\\\\\"\"") == "a\n\t\\\"");
  CHECK(gobin::go_unquote("\"\\x41\\102\\u00e9\\U0001F600\"") == "AB\xc3\xa9\xf0\x9f\x98\x80");
  CHECK(gobin::go_unquote("`a\\n`") == "a\\n");
  for (const char* bad : {"", "\"", "\"a", "a", "\"\\q\"", "\"\\x4\"", "\"\\ud800\"", "\"\\400\"",
                          "\"a\"b\"", "`a`b`", "\"\\'\""}) {
    CAPTURE(bad);
    CHECK(!gobin::go_unquote(bad));
  }
}

TEST_CASE("gobin: the build id at the start of a text segment") {
  const std::string text = "\xff Go build ID: \"abc/def\"\n \xff\xcc\xcc";
  CHECK(gobin::text_build_id(view_of(text)) == "abc/def");
  CHECK(!gobin::text_build_id(view_of(text.substr(0, 20))));
}

namespace {

const std::string function_names("main.main\0main._Cfunc_sqrt\0_cgoexp_1_Callback\0", 46);
constexpr std::array<std::uint64_t, 3> name_offsets = {0, 10, 27};

struct Table {
  std::uint32_t magic;
  int pointer;
  bool big;

  [[nodiscard]] std::string header() const {
    return number(magic, 4, big) + std::string("\0\0\1", 3) + static_cast<char>(pointer);
  }

  // Go 1.2: one table, all offsets from its start; entries of two pointers.
  [[nodiscard]] std::string go12() const {
    const std::size_t width = std::size_t(pointer);
    const std::size_t entries = 8 + width, functions = entries + 7 * width;
    const std::size_t names = functions + 3 * (width + 4);
    std::string out = header() + number(3, pointer, big);
    for (std::size_t i = 0; i < 3; ++i) {
      out += number(0x1000 + i, pointer, big) + number(functions + i * (width + 4), pointer, big);
    }
    out += number(0x2000, pointer, big);
    for (const std::uint64_t offset : name_offsets) {
      out += number(0x1000, pointer, big) + number(names + offset, 4, big);
    }
    return out + function_names;
  }

  // Go 1.16 and later: a header of offsets. `word` is the size of the fields of an entry.
  [[nodiscard]] std::string parts(int fields, int word) const {
    const std::size_t names = 8 + std::size_t(fields * pointer);
    const std::size_t functions = names + function_names.size();
    std::string out = header() + number(3, pointer, big) + number(1, pointer, big);
    if (fields == 8) out += number(0x401000, pointer, big);
    out += number(names, pointer, big);
    for (int i = 0; i < 3; ++i) out += number(functions, pointer, big);
    out += number(functions, pointer, big) + function_names;
    const std::size_t width = std::size_t(word);
    for (std::size_t i = 0; i < 3; ++i) {
      out += number(i, word, big) + number(7 * width + i * (width + 4), word, big);
    }
    out += number(3, word, big);
    for (const std::uint64_t offset : name_offsets)
      out += number(0, word, big) + number(offset, 4, big);
    return out;
  }

  [[nodiscard]] std::string bytes() const {
    if (magic == 0xfffffffb) return go12();
    return magic == 0xfffffffa ? parts(7, pointer) : parts(8, 4);
  }
};

struct Known {
  std::uint32_t magic;
  const char *first, *last;
};

}  // namespace

TEST_CASE("gobin: function names in every layout, size and byte order") {
  for (const Known& known : {Known{0xfffffffb, "1.2", "1.15"}, Known{0xfffffffa, "1.16", "1.17"},
                             Known{0xfffffff0, "1.18", "1.19"}, Known{0xfffffff1, "1.20", ""}}) {
    for (const int pointer : {4, 8}) {
      for (const bool big : {false, true}) {
        CAPTURE(known.magic);
        CAPTURE(pointer);
        const std::string bytes = Table{known.magic, pointer, big}.bytes();
        const auto table = gobin::Pclntab::parse(view_of(bytes));
        REQUIRE(table);
        CHECK(table->big_endian() == big);
        CHECK(table->pointer_size() == pointer);
        CHECK(gobin::version_range(table->layout()).first == known.first);
        CHECK(gobin::version_range(table->layout()).last == known.last);
        REQUIRE(table->size() == 3);
        CHECK(table->function_name(0) == "main.main");
        CHECK(table->function_name(1) == "main._Cfunc_sqrt");
        CHECK(table->function_name(2) == "_cgoexp_1_Callback");
        CHECK(table->function_name(3).empty());
      }
    }
  }
}

TEST_CASE("gobin: a function table is found by its magic") {
  const std::string bytes = std::string(24, '\xff') + Table{0xfffffff1, 8, false}.bytes();
  const auto table = gobin::Pclntab::find(view_of(bytes));
  REQUIRE(table);
  CHECK(table->function_name(1) == "main._Cfunc_sqrt");
  CHECK(!gobin::Pclntab::find(view_of("no table in here")));
}

TEST_CASE("gobin: a function table that points outside is refused or gives no names") {
  const std::string bytes = Table{0xfffffff1, 8, false}.bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto table = gobin::Pclntab::parse(ByteView(bytes.data(), size));
    if (table) CHECK(table->function_name(2).empty());
  }
  std::string changed = bytes;
  changed[8 + 2] = '\x7f';  // nfunc
  CHECK(gobin::Pclntab::parse(view_of(changed)).error().offset == 8);
}
