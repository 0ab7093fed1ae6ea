#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "format/macho/headers_mark.h"
#include "format/macho/layout.h"
#include "format/macho/macho.h"

using namespace tenon;

TEST_CASE("headers mark: an object with one section, for its processor and version") {
  for (const std::uint32_t cpu : {macho::CPU_TYPE_ARM64, macho::CPU_TYPE_X86_64}) {
    const std::string object = macho::headers_mark_object(cpu, {12, 3, 0}, "mine, not yours");
    const auto file = macho::File::parse(view_of(object));
    REQUIRE(file.has_value());
    CHECK(file->header().cputype == cpu);
    CHECK(file->header().filetype == macho::MH_OBJECT);
    REQUIRE(file->build() != nullptr);
    CHECK(file->build()->minos == macho::Version{12, 3, 0});
    REQUIRE(file->section("__TEXT", "__tenon_headers") != nullptr);
    CHECK(macho::headers_mark(*file) == "mine, not yours");
  }
}

TEST_CASE("headers mark: a damaged one is none") {
  std::string object = macho::headers_mark_object(macho::CPU_TYPE_ARM64, {12, 0, 0}, "text");
  object.pop_back();  // the section runs over the end of the file
  const auto cut = macho::File::parse(view_of(object));
  CHECK((!cut || !macho::headers_mark(*cut)));
  const std::string empty = macho::headers_mark_object(macho::CPU_TYPE_ARM64, {12, 0, 0}, "");
  const auto file = macho::File::parse(view_of(empty));
  REQUIRE(file.has_value());
  CHECK_FALSE(macho::headers_mark(*file));
}
