// The words of dyld-957 (macOS 12.3), dyld-960 (12.4) and dyld-1042 (13).
#include <doctest/doctest.h>

#include "loader/macho/wording.h"

namespace tenon::dyld {
namespace {

TEST_CASE("each release has its own marks around names") {
  const NamedImage from{"/a/tool", "AB", " (built for macOS 15.0 which is newer than running OS)"};
  CHECK(library_text({12, 3, 1}, "libx.dylib", from, "image not found") ==
        "Library not loaded: libx.dylib\n  Referenced from: /a/tool\n  Reason: image not found");
  CHECK(library_text({12, 4, 0}, "libx.dylib", from, "R") ==
        "Library not loaded: 'libx.dylib'\n  Referenced from: '/a/tool'\n  Reason: R");
  CHECK(
      library_text({13, 0, 0}, "libx.dylib", from, "R") ==
      "Library not loaded: libx.dylib\n  Referenced from: <AB> /a/tool (built for macOS 15.0 which "
      "is newer than running OS)\n  Reason: R");
  const NamedImage in{"/usr/lib/libc++.1.dylib", "CD", {}};
  CHECK(symbol_text({12, 0, 0}, "_x", from, in) ==
        "Symbol not found: _x\n  Referenced from: /a/tool\n  Expected in: /usr/lib/libc++.1.dylib");
  CHECK(symbol_text({12, 7, 6}, "_x", from, in) ==
        "Symbol not found: (_x)\n  Referenced from: '/a/tool'\n  Expected in: "
        "'/usr/lib/libc++.1.dylib'");
  CHECK(symbol_text({26, 0, 0}, "_x", {"/a/tool", "AB", {}}, in) ==
        "Symbol not found: _x\n  Referenced from: <AB> /a/tool\n  Expected in:     <CD> "
        "/usr/lib/libc++.1.dylib");
  CHECK(have_need_text({12, 5, 0}, "x86_64", "arm64e") == "have (x86_64), need (arm64e)");
  CHECK(have_need_text({12, 3, 0}, "x86_64", "arm64e") == "have 'x86_64', need 'arm64e'");
  CHECK(flat_symbol_text({12, 6, 0}, "_x") == "symbol not found in flat namespace (_x)");
  CHECK(flat_symbol_text({15, 1, 0}, "_x") == "symbol not found in flat namespace '_x'");
}

}  // namespace
}  // namespace tenon::dyld
