#include "format/gobin/pclntab.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

using namespace tenon;

namespace {

std::string number(std::uint64_t value, int size, bool big) {
  std::string out;
  for (int i = 0; i < size; ++i) {
    out += static_cast<char>(value >> (8 * (big ? size - 1 - i : i)));
  }
  return out;
}

constexpr std::uint64_t text = 0x401000;

// Three functions at text, text + 0x40 and text + 0x60; the Go text ends at text + 0x100.
constexpr std::uint64_t offsets[] = {0, 0x40, 0x60, 0x100};

struct Table {
  std::uint32_t magic;
  int pointer;
  bool big;

  [[nodiscard]] bool is_old() const { return magic == 0xfffffffb; }

  // Since Go 1.18 entries are 32-bit offsets from the text.
  [[nodiscard]] bool has_offsets() const { return magic == 0xfffffff0 || magic == 0xfffffff1; }

  [[nodiscard]] int width() const { return has_offsets() ? 4 : pointer; }

  [[nodiscard]] std::string header() const {
    return number(magic, 4, big) + std::string("\0\0\1", 3) + static_cast<char>(pointer) +
           number(3, pointer, big);
  }

  [[nodiscard]] std::string entries() const {
    std::string out;
    for (const std::uint64_t offset : offsets) {
      out += number(has_offsets() ? offset : text + offset, width(), big);
      if (offset != 0x100) out += number(0, width(), big);
    }
    return out;
  }

  [[nodiscard]] std::string bytes() const {
    if (is_old()) return header() + entries();
    // Files, the text address in the newer layouts, then offsets of parts; names and functions are
    // the same place here.
    const int words = has_offsets() ? 8 : 7;
    std::string out = header() + number(0, pointer, big);
    if (has_offsets()) out += number(text, pointer, big);
    const int left = words - (has_offsets() ? 3 : 2);
    for (int i = 0; i < left; ++i) out += number(std::uint64_t(8 + words * pointer), pointer, big);
    return out + entries();
  }
};

template <class Fn>
void for_each_layout(Fn fn) {
  for (const std::uint32_t magic : {0xfffffffbU, 0xfffffffaU, 0xfffffff0U, 0xfffffff1U}) {
    for (const int pointer : {4, 8}) {
      for (const bool big : {false, true}) fn(Table{magic, pointer, big});
    }
  }
}

}  // namespace

TEST_CASE("pclntab: entry addresses and sizes in every layout") {
  for_each_layout([](const Table& layout) {
    CAPTURE(layout.magic);
    CAPTURE(layout.pointer);
    const std::string bytes = layout.bytes();
    const auto table = gobin::Pclntab::parse(view_of(bytes));
    REQUIRE(table);
    REQUIRE(table->size() == 3);
    CHECK(table->text_start() == (layout.has_offsets() ? text : 0));
    CHECK(table->function_entry_address(0) == text);
    CHECK(table->function_entry_address(2) == text + 0x60);
    CHECK(table->function_entry_address(3) == text + 0x100);
    CHECK(!table->function_entry_address(4));
    CHECK(table->function_size(0) == 0x40);
    CHECK(table->function_size(1) == 0x20);
    CHECK(table->function_size(2) == 0xa0);
    CHECK(table->function_size(3) == 0);
    CHECK(table->function_size(~0ULL) == 0);
  });
}

TEST_CASE("pclntab: a table without its last entry has no size of the last function") {
  for_each_layout([](const Table& layout) {
    const std::string bytes = layout.bytes();
    const std::size_t cut = bytes.size() - std::size_t(layout.width());
    const auto table = gobin::Pclntab::parse(ByteView(bytes.data(), cut));
    REQUIRE(table);
    CHECK(!table->function_entry_address(3));
    CHECK(table->function_size(1) == 0x20);
    CHECK(table->function_size(2) == 0);
  });
}

TEST_CASE("pclntab: from Go 1.26 on the caller knows where the text begins") {
  std::string bytes = Table{0xfffffff1, 8, false}.bytes();
  bytes.replace(8 + 16, 8, std::string(8, '\0'));
  auto table = gobin::Pclntab::parse(view_of(bytes));
  REQUIRE(table);
  CHECK(table->function_entry_address(1) == 0x40);
  table->set_text_start(0x100001000);
  CHECK(table->function_entry_address(1) == 0x100001040);
  CHECK(table->function_size(1) == 0x20);
}

TEST_CASE("pclntab: entries that fall give no size") {
  std::string bytes = Table{0xfffffff1, 8, false}.bytes();
  bytes.replace(72, 4, number(0x90, 4, false));
  const auto table = gobin::Pclntab::parse(view_of(bytes));
  REQUIRE(table);
  CHECK(table->function_size(0) == 0);
}

TEST_CASE("pclntab: packages of functions") {
  const std::map<std::string, std::string> known = {
      {"main.main", "main"},
      {"runtime.gcenable.func1", "runtime"},
      {"github.com/a/b.(*T).M", "github.com/a/b"},
      {"github.com/a/b%2ec.(*T).M-fm", "github.com/a/b.c"},
      {"gopkg.in/yaml%2ev3.Node.Decode", "gopkg.in/yaml.v3"},
      {"example.com/h/a.b/c%2ed.Name.func1", "example.com/h/a.b/c.d"},
      {"example.com/%22%e4%25.F", "example.com/\"\xe4%"},
      {"vendor/golang.org/x/net/idna.init", "vendor/golang.org/x/net/idna"},
      {"main._Cfunc_sqrt", "main"},
      {"main.glob..func1", "main"},
      {"main.run.range1", "main"},
      {"main.main.gowrap2", "main"},
      // Type arguments hold the dots and slashes of other packages.
      {"slices.SortFunc[go.shape.[]example.com/a.T,go.shape.struct { x/y.z int }]", "slices"},
      {"a.org/b.init.OnceValue[go.shape.func(*encoding/json.E)].func3.1", "a.org/b"},
      {"a.org/b.(*Pointer[a.org/c.T]).Load", "a.org/b"},
      // What the compiler makes belongs to no package.
      {"type:.eq.[2]example.com/a.T", ""},
      {"type..hash.main.T", ""},
      {"go:buildid", ""},
      {"go.buildid", ""},
      {"go:struct { sync.Mutex }.Lock", ""},
      {"go.(*struct { sync.Mutex; a.org/b.T }).Lock", ""},
      {"go.struct { sync.Mutex }.Lock", ""},
      {"go.interface { Lock() }.Lock", ""},
      // But these are packages.
      {"go.uber.org/zap.New", "go.uber.org/zap"},
      {"go/ast.Walk", "go/ast"},
      {"type/x.F", "type/x"},
      // From C or from assembly.
      {"_cgoexp_1f_GoCallback", ""},
      {"gogo", ""},
      {"runtime/cgo(.text)", "runtime/cgo"},
      {"", ""},
      {".", ""},
      {"a/", ""},
      {"a[", ""},
  };
  for (const auto& [name, package] : known) {
    CAPTURE(name);
    CHECK(gobin::go_symbol_package(name) == package);
  }
}

TEST_CASE("pclntab: a prefix keeps its escapes, a broken escape stays") {
  CHECK(gobin::go_symbol_prefix("a.b/c%2ed.F") == "a.b/c%2ed");
  CHECK(gobin::go_symbol_package("a/b%2.F") == "a/b%2");
  CHECK(gobin::go_symbol_package("a/b%zz.F") == "a/b%zz");
}
