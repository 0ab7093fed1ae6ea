#include "crossbuild/link/coff_link.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crossbuild/memory_files.h"
#include "platform/target.h"

using namespace tenon;
using namespace tenon::test;

namespace {

using Words = std::vector<std::string>;

LinkPlan plan_of(const Words& args, std::map<std::string, std::string> contents = {},
                 Words sysroot = {}) {
  CcConfig config;
  config.target = parse_target("windows/amd64").value();
  config.toolchain.engine = Engine::zig;
  config.toolchain.zig = "/zig/zig";
  config.toolchain.zig_version = {0, 15, 2};
  // Real names of zig's folder: a plain definition, one that is preprocessed, one for 64 bits.
  contents.emplace("/zig/lib/libc/mingw/lib-common/ole32.def", "");
  contents.emplace("/zig/lib/libc/mingw/lib-common/ws2_32.def.in", "");
  contents.emplace("/zig/lib/libc/mingw/lib64/psapi.def", "");
  contents.emplace("/zig/lib/libc/mingw/lib-common/GlobalSign.def", "");
  MemoryFiles files(std::move(contents));
  auto plan = plan_coff_link(config, link_arguments(config, parse_driver_args(args, false)),
                             std::move(sysroot), files);
  REQUIRE(plan.has_value());
  return std::move(*plan);
}

bool has(const Words& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

TEST_CASE("coff link: a library is spelled as zig spells it, and the report says so") {
  const LinkPlan plan =
      plan_of({"a.o", "-lOle32", "-lWs2_32", "-lPsapi", "-lole32", "-lNone", "-o", "a.exe"});
  for (const char* word : {"-lole32", "-lws2_32", "-lpsapi", "-lNone"}) CHECK(has(plan.argv, word));
  CHECK_FALSE(has(plan.argv, "-lOle32"));
  std::vector<std::string> told;
  for (const TraceRecord& record : plan.trace) {
    if (record.kind == TraceRecord::Kind::flag && record.flag.starts_with("-l"))
      told.push_back(record.flag);
  }
  CHECK(told == Words{"-lOle32", "-lWs2_32", "-lPsapi"});
}

TEST_CASE("coff link: a library of the user keeps its spelling") {
  for (const char* file : {"/own/libOle32.a", "/own/libOle32.dll.a", "/own/libOle32.lib"}) {
    CHECK(has(plan_of({"a.o", "-L/own", "-lOle32"}, {{file, ""}}).argv, "-lOle32"));
  }
  // zig itself has some in mixed case.
  CHECK(has(plan_of({"a.o", "-lGlobalSign"}).argv, "-lGlobalSign"));
}

TEST_CASE("coff link: the image whose stamps are settled is what -o names") {
  CHECK(plan_of({"a.o", "-o", "dir/b.dll"}).coff_image == "dir/b.dll");
  CHECK(plan_of({"a.o", "-ob.exe"}).coff_image == "b.exe");
  CHECK(plan_of({"a.o"}).coff_image == "a.exe");
  CHECK(plan_of({"a.o", "-o", "b", "-o", "c"}).coff_image == "c");
  CHECK_FALSE(plan_of({"a.o"}).keeps_pdb);
  CHECK(plan_of({"a.o", "-gcodeview"}).keeps_pdb);
  CHECK(has(plan_of({"a.o"}).argv, "-Wl,-Brepro"));
  CHECK(has(plan_of({"a.o"}, {}, {"/root/usr/lib"}).argv, "-L/root/usr/lib"));
}
