#include "crossbuild/stubs/undefined_symbols.h"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "crossbuild/object_maker.h"

using namespace tenon;
using namespace tenon::test;

namespace {

using Words = std::vector<std::string>;

constexpr std::uint32_t arm64 = macho::CPU_TYPE_ARM64;

using enum Symbol::Kind;

// A universal file of one slice.
std::string universal(std::uint32_t cpu, const std::string& slice) {
  std::string out;
  append(out, macho::FatHeader{macho::FAT_MAGIC, 1u});
  append(out, macho::FatArch{cpu, 0u, 0x4000u, static_cast<std::uint32_t>(slice.size()), 14u});
  out.resize(0x4000);
  return out + slice;
}

struct Files {
  std::vector<std::pair<std::string, std::string>> files;
  bool whole = false;
  Words roots{};

  [[nodiscard]] ClosureResult close() const {
    std::vector<LinkInput> inputs;
    for (const auto& [path, bytes] : files) inputs.push_back({path, view_of(bytes), whole});
    return close_over(inputs, arm64, roots);
  }

  [[nodiscard]] Words open() const {
    Words names;
    for (const OpenSymbol& symbol : close().closure.open) names.emplace_back(symbol.name);
    return names;
  }
};

}  // namespace

TEST_CASE("closure: what no object defines is open, in the order of its first use") {
  const Files files{{{"a.o", object({{"_main"}, {"_z", wanted}, {"_b", wanted}, {"_a", wanted}})},
                     {"b.o", object({{"_b"}, {"_c", wanted}, {"_z", wanted}})}}};
  CHECK(files.open() == Words{"_z", "_a", "_c"});
  const ClosureResult result = files.close();
  CHECK(result.problems.empty());
  CHECK(result.closure.open[0].user == "a.o");
  CHECK(result.closure.open[2].user == "b.o");
}

TEST_CASE("closure: local symbols define nothing") {
  const Files files{{{"a.o", object({{"_f", wanted}})}, {"b.o", object({{"_f", local}})}}};
  CHECK(files.open() == Words{"_f"});
}

TEST_CASE("closure: roots are wanted by the link itself") {
  Files files{{{"a.o", object({{"_other"}})}}, false, {"_main"}};
  CHECK(files.open() == Words{"_main"});
  CHECK(files.close().closure.open[0].user == "the link");
  files.files.emplace_back("b.o", object({{"_main"}}));
  CHECK(files.open().empty());
}

TEST_CASE("closure: a symbol is weak when every use is") {
  const Files both{{{"a.o", object({{"_w", wanted_weak}})}, {"b.o", object({{"_w", wanted}})}}};
  CHECK_FALSE(both.close().closure.open.at(0).weak);
  const Files weak{
      {{"a.o", object({{"_w", wanted_weak}})}, {"b.o", object({{"_w", wanted_weak}})}}};
  CHECK(weak.close().closure.open.at(0).weak);
}

TEST_CASE("closure: only the members that are needed are taken, and what they need in turn") {
  const std::string library = archive({{"unused.o", object({{"_unused"}, {"_never", wanted}})},
                                       {"second.o", object({{"_second"}, {"_system", wanted}})},
                                       {"first.o", object({{"_first"}, {"_second", wanted}})}});
  const Files files{{{"a.o", object({{"_main"}, {"_first", wanted}})}, {"lib.a", library}}};
  CHECK(files.open() == Words{"_system"});
  CHECK(files.close().closure.open[0].user == "lib.a(second.o)");
  const Files whole{{{"lib.a", library}}, true};
  CHECK(whole.open() == Words{"_never", "_system"});
}

TEST_CASE("closure: archives that need each other, in any order") {
  const std::string one = archive(
      {{"a.o", object({{"_a"}, {"_b", wanted}})}, {"c.o", object({{"_c"}, {"_open", wanted}})}});
  const std::string two = archive({{"b.o", object({{"_b"}, {"_c", wanted}})}});
  const std::string user = object({{"_main"}, {"_a", wanted}});
  CHECK(Files{{{"m.o", user}, {"1.a", one}, {"2.a", two}}}.open() == Words{"_open"});
  CHECK(Files{{{"2.a", two}, {"1.a", one}, {"m.o", user}}}.open() == Words{"_open"});
}

TEST_CASE("closure: the first archive that defines a symbol gives it") {
  const std::string first = archive({{"f.o", object({{"_f"}})}});
  const std::string second = archive({{"f.o", object({{"_f"}, {"_more", wanted}})}});
  const std::string user = object({{"_main"}, {"_f", wanted}});
  CHECK(Files{{{"m.o", user}, {"1.a", first}, {"2.a", second}}}.open().empty());
}

TEST_CASE("closure: options and deployment targets that objects carry") {
  const Files files{
      {{"w/go.o", object({{"_main"}}, {build_version(12, 0)})},
       {"n.o", object({{"_n"}}, {build_version(13, 1), linker_option({"-framework", "Metal"}),
                                 linker_option({"-lz"})})},
       {"o.o", object({{"_o"}}, {build_version(11, 0), linker_option({"-lz"})})}}};
  const Closure closure = files.close().closure;
  CHECK(closure.go_min == Version{12, 0, 0});
  CHECK(closure.newest_min == Version{13, 1, 0});
  CHECK(closure.newest_min_user == "n.o");
  CHECK(closure.auto_linked == std::set<Words>{{"-framework", "Metal"}, {"-lz"}});
}

TEST_CASE("closure: the target's slice of a universal file") {
  const std::string inner = object({{"_f", wanted}});
  CHECK(Files{{{"u.o", universal(arm64, inner)}}}.open() == Words{"_f"});
  const Files other{{{"u.o", universal(macho::CPU_TYPE_X86_64, inner)}}};
  CHECK(other.open().empty());
  REQUIRE(other.close().problems.size() == 1);
  CHECK(other.close().problems[0].path == "u.o");
  CHECK(other.close().problems[0].found.contains("slice"));
}

TEST_CASE("closure: files of other kinds are named for what they are, a library once") {
  const std::string elf =
      "\x7f"
      "ELF" +
      std::string(60, '\0');
  const Files files{{{"elf.o", elf},
                     {"intel.o", object({{"_f", wanted}}, {}, macho::CPU_TYPE_X86_64)},
                     {"bitcode.o", std::string("BC\xc0\xde") + std::string(60, '\0')},
                     {"script.so", "/* GNU ld script */ GROUP ( libc.so.6 )"}}};
  const ClosureResult result = files.close();
  CHECK(result.closure.open.empty());
  std::map<std::string, std::string> found;
  for (const InputProblem& problem : result.problems) found[problem.path] = problem.found;
  CHECK(found["elf.o"].contains("ELF"));
  CHECK(found["intel.o"].contains("another architecture"));
  CHECK(found["bitcode.o"].contains("bitcode"));
  CHECK(found["script.so"].contains("script"));
  const Files library{{{"lib.a", archive({{"a.o", elf}, {"b.o", elf}, {"c.o", elf}})}}, true};
  CHECK(library.close().problems.size() == 1);
  CHECK(Files{{{"bad.a", "!<arch>\nnonsense"}}}.close().problems.size() == 1);
}
