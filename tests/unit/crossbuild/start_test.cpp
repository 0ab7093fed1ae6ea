// The row on made-up sysroots; what the loaders do there is tested in loader/.
#include "crossbuild/gate/start.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/memory_tree.h"
#include "crossbuild/gate/gate_row.h"
#include "diag/codes.h"
#include "loader/small_elf.h"
#include "platform/platforms.h"

namespace {

using namespace tenon;
using tenon::test::SmallElf;

constexpr const char* ld_so = "/lib64/ld-linux-x86-64.so.2";

struct Sysroot {
  MemoryTree tree;

  Sysroot() {
    using namespace std::string_literals;
    SmallElf loader;
    loader.soname = "ld-linux-x86-64.so.2";
    loader.symbols = {{.name = "_r_debug", .version = "GLIBC_2.2.5"}};
    loader.tail = "\0/lib/x86_64-linux-gnu/\0/usr/lib/x86_64-linux-gnu/\0/lib/\0/usr/lib/\0"s +
                  "ld.so (GLIBC) stable release version 2.36.\n";
    tree.add_file("lib64/ld-linux-x86-64.so.2", loader.bytes(), true);
    SmallElf libc;
    libc.soname = "libc.so.6";
    libc.symbols = {{.name = "puts", .version = "GLIBC_2.2.5"}};
    tree.add_file("lib/x86_64-linux-gnu/libc.so.6", libc.bytes());
  }

  std::optional<GateRow> row(const SmallElf& program) {
    const std::string bytes = program.bytes();
    return check_start(view_of(bytes), tree, *find_platform("linux", "amd64"));
  }
};

SmallElf program() {
  SmallElf out;
  out.interpreter = ld_so;
  out.needed = {"libc.so.6"};
  out.symbols = {{.name = "puts", .defined = false, .version = "GLIBC_2.2.5", .file = "libc.so.6"}};
  return out;
}

}  // namespace

TEST_CASE("start: a program that the sysroot has everything for") {
  Sysroot sysroot;
  const auto row = sysroot.row(program());
  REQUIRE(row);
  CHECK(row->state == GateState::ok);
  CHECK(row->check == "start");
}

TEST_CASE("start: a version that the sysroot's libc lacks breaks the program") {
  Sysroot sysroot;
  SmallElf newer = program();
  newer.symbols[0].version = "GLIBC_2.38";
  const auto row = sysroot.row(newer);
  REQUIRE(row);
  CHECK(row->state == GateState::failed);
  CHECK(row->code == Code::gate_start);
  CHECK(row->value.find("version `GLIBC_2.38' not found") != std::string::npos);
}

TEST_CASE("start: a library that may be shipped with the program is not known to be missing") {
  Sysroot sysroot;
  SmallElf more = program();
  more.needed.emplace_back("libown.so.1");
  const auto row = sysroot.row(more);
  REQUIRE(row);
  CHECK(row->state == GateState::unknown);
  CHECK(row->value.find("libown.so.1") != std::string::npos);
}

TEST_CASE("start: no row where no loader of the sysroot would read the file") {
  Sysroot sysroot;
  SmallElf library = program();
  library.interpreter.clear();
  CHECK_FALSE(sysroot.row(library));
  SmallElf foreign = program();
  foreign.interpreter = "/lib/ld-musl-x86_64.so.1";
  CHECK_FALSE(sysroot.row(foreign));
}
