#include "crossbuild/compat/archive_needs.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "crossbuild/memory_files.h"

using namespace tenon;
using namespace tenon::test;

namespace {

using Words = std::vector<std::string>;

const std::string glibc_user = std::string("\0stat64\0", 8) + std::string("\0pread64\0", 9);
const std::string unwinder = "_Unwind_Resume";
// The name inside of a longer one is another name.
const std::string innocent = std::string("\0my_pread64_x\0", 14);

ArchiveNeeds needs(std::string_view target, Engine engine = Engine::zig) {
  CcConfig config;
  config.target = parse_target(target).value();
  config.toolchain.engine = engine;
  MemoryFiles files({{"/a.a", glibc_user}, {"/b.a", unwinder}, {"/c.a", innocent}});
  return archive_needs(config, {"/a.a", "/b.a", "/c.a", "/missing.a"}, files);
}

}  // namespace

TEST_CASE("archive needs: names of glibc count in a link with musl only") {
  CHECK(needs("linux/arm64:musl").glibc_users == Words{"/a.a"});
  CHECK(needs("linux/arm64:gnu2.17").glibc_users.empty());
}

TEST_CASE("archive needs: on 32 bits the names of glibc mean other structures") {
  CHECK(needs("linux/386:musl").glibc_users.empty());
}

TEST_CASE("archive needs: who unwinds gets the library for it, whatever the C library") {
  CHECK(needs("linux/arm64:musl").unwinds);
  CHECK(needs("linux/arm64:gnu2.17").unwinds);
}

TEST_CASE("archive needs: other engines and macOS need nothing") {
  CHECK_FALSE(needs("linux/arm64:musl", Engine::clang).unwinds);
  CHECK_FALSE(needs("darwin/arm64").unwinds);
  CHECK(needs("darwin/arm64").glibc_users.empty());
}
