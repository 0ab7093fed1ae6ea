#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "link/memory_files.h"
#include "link/query/environment.h"

using namespace tenon::pc;

TEST_CASE("a personality file") {
  const Personality one = parse_personality(
      "Triplet: arm-x\nSysrootDir: /s\nDefaultSearchPaths: /a:/b//c\nSystemLibraryPaths: /l\n"
      "WantDefaultStatic: yes\n");
  CHECK(one.name == "arm-x");
  CHECK(one.sysroot == "/s");
  CHECK(one.folders == std::vector<std::string>{"/a", "/b/c"});
  CHECK(one.link_static);
  CHECK_FALSE(one.pure);
}

TEST_CASE("a personality is found by triplet, and only by a triplet") {
  MemoryFiles files;
  files.files["/home/.local/share/pkgconfig/personality.d/arm.personality"] = "SysrootDir: /s\n";
  const Environment environment{{"HOME", "/home"}};
  CHECK(find_personality("arm", environment, {}, files)->sysroot == "/s");
  CHECK_FALSE(find_personality("arm/../x", environment, {}, files).has_value());
  CHECK(find_personality("other", environment, {}, files)->name == "default");
}

TEST_CASE("the locale says whether letters are escaped") {
  CHECK(is_utf8({{"LANG", "de_DE.UTF-8"}}));
  CHECK(is_utf8({{"LC_ALL", "C.utf8"}, {"LANG", "C"}}));
  CHECK_FALSE(is_utf8({{"LC_ALL", "C"}, {"LANG", "de_DE.UTF-8"}}));
  CHECK_FALSE(is_utf8({}));
}
