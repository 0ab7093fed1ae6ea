#include "crossbuild/driver/header_case.h"

#include <doctest/doctest.h>

#include <string>

using namespace tenon;

TEST_CASE("header case: a list for clang, with quotes in names") {
  const std::string text =
      header_overlay({{"/zig/it's", {"windows.h", "psapi.h"}}, {"/zig/it's/sys", {"stat.h"}}});
  CHECK(text ==
        "{version: 0, case-sensitive: false, roots: [\n"
        "{name: '/zig/it''s', type: directory, contents: [\n"
        "{name: 'windows.h', type: file, external-contents: '/zig/it''s/windows.h'},\n"
        "{name: 'psapi.h', type: file, external-contents: '/zig/it''s/psapi.h'},\n"
        "]},\n"
        "{name: '/zig/it''s/sys', type: directory, contents: [\n"
        "{name: 'stat.h', type: file, external-contents: '/zig/it''s/sys/stat.h'},\n"
        "]},\n"
        "]}\n");
}
