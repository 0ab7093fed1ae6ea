#include "link/pc/package.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "link/memory_files.h"
#include "link/pc/problem.h"
#include "link/pc/settings.h"
#include "link/pc/variables.h"

using namespace tenon::pc;

namespace {

std::optional<Package> parse(const std::string& text, Settings settings = {},
                             const std::string& file = "/r/usr/lib/pkgconfig/x.pc") {
  const Globals globals(settings);
  Problems problems;
  return parse_package(text, {.file = file, .folder = "/r/usr/lib/pkgconfig", .uninstalled = false},
                       settings, globals, problems);
}

const std::string head = "Name: x\nDescription: d\nVersion: 1.0\n";

}  // namespace

TEST_CASE("every field has its line") {
  const auto package = parse(
      "prefix=/usr\n" + head +
      "Requires: a >= 1, b\nRequires.private: c\nRequires.internal: d\nConflicts: e < 2\n"
      "Provides: virt = 2.5\nLibs: -L${prefix}/lib -lx\nLibs.private: -lm\nCflags: -I${prefix}\n"
      "Cflags.private: -DS\nLibs.shared: -ls\nLicense: MIT OR (ISC AND Zlib)\nURL: u\n"
      "Link.ABI: C, C++\n");
  REQUIRE(package.has_value());
  CHECK(package->id == "x");
  CHECK(package->version->text == "1.0");
  CHECK(package->version->line == 4);
  REQUIRE(package->requires_public.size() == 2);
  CHECK(package->requires_public[0].text() == "a >= 1");
  CHECK(package->requires_public[1].line == 5);
  REQUIRE(package->requires_private.size() == 2);
  CHECK(package->requires_private[0].flags == Dependency::private_);
  CHECK(package->requires_private[1].flags == Dependency::internal);
  CHECK(package->requires_private[1].field == "Requires.internal");
  CHECK(package->conflicts[0].text() == "e < 2");
  REQUIRE(package->provides.size() == 2);
  CHECK(package->provides[1].text() == "x = 1.0");
  CHECK(flags(package->libs) == "-L/usr/lib -lx");
  CHECK(package->libs[1].origin.line == 10);
  CHECK(package->libs[1].origin.field == "Libs");
  CHECK(package->libs_private[0].origin.field == "Libs.private");
  CHECK(package->cflags[0].origin.file == "/r/usr/lib/pkgconfig/x.pc");
  CHECK(license_text(package->license) == "MIT OR (ISC AND Zlib)");
  CHECK(package->link_abi == std::vector<std::string>{"c", "c++"});
}

TEST_CASE("a file without Name, Description or Version is not a module") {
  CHECK_FALSE(parse("Name: x\nDescription: d\n").has_value());
  CHECK_FALSE(parse("").has_value());
  CHECK(parse(head).has_value());
}

TEST_CASE("variables: own name continues, unknown ones are empty, dollars are escaped") {
  const auto package = parse("a=/x\na=${a}/y\n" + head + "Libs: -L${a}${nothing} -D$$a -D${\n");
  REQUIRE(package.has_value());
  CHECK(flags(package->libs) == "-L/x/y -D$a -D$\\{");
}

TEST_CASE("a variable that holds itself ends the field, not the program") {
  const auto package = parse("a=${b}\nb=${a}\n" + head + "Libs: -lx -L${a} -ly\n");
  REQUIRE(package.has_value());
  CHECK(flags(package->libs) == "-lx");
}

TEST_CASE("a bomb of variables stops at the limit") {
  std::string text = "v0=xxxxxxxxxx\n";
  for (int i = 1; i < 40; ++i) {
    const std::string before = "${v" + std::to_string(i - 1) + "}";
    text += "v" + std::to_string(i) + "=" + before + before + before + before + "\n";
  }
  const auto package = parse(text + head + "Libs: -l${v39}\n");
  REQUIRE(package.has_value());
  CHECK(package->libs.empty());
}

TEST_CASE("--define-variable and the environment replace what a file says") {
  Settings settings;
  settings.defined = {{"prefix", "/opt"}};
  settings.environment = {{"PKG_CONFIG_X_LIBDIR", "/env"}};
  const auto package =
      parse("prefix=/usr\nlibdir=/lib\n" + head + "Libs: -L${libdir} -L${prefix}\n", settings);
  REQUIRE(package.has_value());
  CHECK(flags(package->libs) == "-L/env -L/opt");
}

TEST_CASE("--define-prefix moves what lies below the old prefix") {
  Settings settings;
  settings.define_prefix = true;
  const auto package =
      parse("prefix=/usr\nlibdir=/usr/lib\nother=/usrx\n" + head + "Libs: -L${libdir} -L${other}\n",
            settings);
  REQUIRE(package.has_value());
  CHECK(flags(package->libs) == "-L/r/usr/lib -L/usrx");
}

TEST_CASE("the sysroot stands in front once") {
  Settings settings;
  settings.sysroot.folder.emplace("/r");
  const auto package =
      parse(head +
                "Cflags: -I/usr/include/x -I/r/usr/y -isystem /usr/z -idirafter/q\n"
                "Libs: -L/usr/lib -L${pcfiledir} /usr/lib/libx.a\n",
            settings);
  REQUIRE(package.has_value());
  CHECK(flags(package->cflags) ==
        "-I/r/usr/include/x -I/r/usr/y -isystem /r/usr/z -idirafter /r/q");
  CHECK(flags(package->libs) == "-L/r/usr/lib -L/r/usr/lib/pkgconfig /usr/lib/libx.a");
}
