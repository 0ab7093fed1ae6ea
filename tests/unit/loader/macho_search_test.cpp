// dyld's search, against the order that dyld-1378 has in DyldProcessConfig.cpp (forEachPathVariant)
// and Loader.cpp (forEachResolvedAtPathVar), and against messages that dyld printed in public
// reports.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "loader/macho/search.h"
#include "loader/macho/settings.h"

namespace tenon::dyld {
namespace {

std::vector<std::string> paths(const Question& question, const Settings& settings) {
  std::vector<std::string> out;
  for (const Candidate& one : candidates(question, settings)) out.push_back(one.path);
  return out;
}

using List = std::vector<std::string>;

const ChainLink program{"/opt/app/bin/tool", {"@executable_path/../lib", "/usr/local/lib"}};
const ChainLink library{"/opt/app/lib/liba.dylib", {"@loader_path/deps", "plain"}};

Question ask(std::string name) { return {std::move(name), {&program}, false, false, program.path}; }

}  // namespace

TEST_CASE("an absolute name is tried on the disk, in the cryptex and again") {
  // pytype#1515: "tried: '/usr/local/opt/jq/lib/libjq.1.dylib' (...), '/System/Volumes/Preboot/
  // Cryptexes/OS/usr/local/opt/jq/lib/libjq.1.dylib' (no such file), '/usr/local/opt/jq/..."
  const Settings settings;
  CHECK(paths(ask("/usr/local/opt/jq/lib/libjq.1.dylib"), settings) ==
        List{"/usr/local/opt/jq/lib/libjq.1.dylib",
             "/System/Volumes/Preboot/Cryptexes/OS/usr/local/opt/jq/lib/libjq.1.dylib",
             "/usr/local/opt/jq/lib/libjq.1.dylib"});
  const auto list = candidates(ask("/a/b.dylib"), settings);
  CHECK(list[0].way == Way::disk);
  CHECK(list[1].way == Way::cryptex);
  CHECK(list[2].way == Way::name);
}

TEST_CASE("macOS 12 has no cryptex") {
  Settings settings;
  settings.macos = {12, 6, 0};
  CHECK(paths(ask("/a/b.dylib"), settings) == List{"/a/b.dylib"});
}

TEST_CASE("@rpath walks from the image that asks up to the program") {
  Question question = ask("@rpath/libb.dylib");
  question.chain = {&library, &program};
  CHECK(paths(question, Settings{}) ==
        List{"/opt/app/lib/deps/libb.dylib", "plain/libb.dylib", "/opt/app/lib/libb.dylib",
             "/usr/local/lib/libb.dylib",
             "/System/Volumes/Preboot/Cryptexes/OS/usr/local/lib/libb.dylib"});
}

TEST_CASE("@executable_path loses its /.. in the text, @loader_path keeps it") {
  CHECK(paths(ask("@executable_path/../Frameworks/x.dylib"), Settings{}) ==
        List{"/opt/app/Frameworks/x.dylib"});
  CHECK(paths(ask("@loader_path/../Frameworks/x.dylib"), Settings{}) ==
        List{"/opt/app/bin/../Frameworks/x.dylib"});
}

TEST_CASE("the directory /@executable_pathology is a directory") {
  CHECK(paths(ask("@executable_pathology/x.dylib"), Settings{}).empty());
}

TEST_CASE("standard fallbacks are for images of old SDKs only") {
  Settings settings;
  settings.macos = {12, 0, 0};
  Question question = ask("/gone/libx.dylib");
  CHECK(paths(question, settings) == List{"/gone/libx.dylib"});
  question.fallback = true;
  CHECK(paths(question, settings) ==
        List{"/gone/libx.dylib", "/usr/local/lib/libx.dylib", "/usr/lib/libx.dylib"});
  settings.policy.restricted = true;
  CHECK(paths(question, settings) == List{"/gone/libx.dylib", "/usr/lib/libx.dylib"});
  question.name = "/usr/lib/libx.dylib";  // the same path is not tried again
  CHECK(paths(question, settings) == List{"/usr/lib/libx.dylib"});
}

TEST_CASE("a framework is looked for by what stands behind its directory") {
  Settings settings;
  settings.macos = {12, 0, 0};
  settings.framework_path = {{"/try", "DYLD_FRAMEWORK_PATH"}};
  settings.library_path = {{"/lib", "DYLD_LIBRARY_PATH"}};
  Question question = ask("/Library/Frameworks/A.framework/Versions/C/A");
  question.fallback = true;
  CHECK(paths(question, settings) == List{"/try/A.framework/Versions/C/A",
                                          "/Library/Frameworks/A.framework/Versions/C/A",
                                          "/System/Library/Frameworks/A.framework/Versions/C/A"});
  CHECK(framework_part("/p/foo.framework/Frameworks/bar.framework/bar") == "bar.framework/bar");
  CHECK(framework_part("/p/foo.framework/Libraries/bar.dylib").empty());
}

TEST_CASE("a variable replaces the fallbacks, whatever the SDK") {
  Settings settings;
  settings.macos = {12, 0, 0};
  settings.own_library_fallback = true;
  settings.fallback_library_path = {{"/mine", "DYLD_FALLBACK_LIBRARY_PATH"}};
  Question question = ask("/gone/libx.dylib");
  question.fallback = true;
  CHECK(paths(question, settings) == List{"/gone/libx.dylib", "/mine/libx.dylib"});
}

TEST_CASE("a suffix goes before the ending, and both names are tried") {
  Settings settings;
  settings.macos = {12, 0, 0};
  settings.image_suffixes = {"_debug"};
  CHECK(paths(ask("/p/bar.A.dylib"), settings) == List{"/p/bar.A_debug.dylib", "/p/bar.A.dylib"});
  CHECK(paths(ask("/p.d/bar"), settings) == List{"/p.d/bar_debug", "/p.d/bar"});
}

TEST_CASE("inserted libraries know neither @loader_path nor @rpath") {
  Question question = ask("@rpath/x.dylib");
  question.inserted = true;
  CHECK(paths(question, Settings{}) == List{"@rpath/x.dylib"});
  question.name = "@loader_path/x.dylib";
  CHECK(paths(question, Settings{}).empty());
}

TEST_CASE("ten thousand LC_RPATHs stay bounded") {
  ChainLink many{"/a/b", {}};
  for (int i = 0; i < 100000; ++i) many.rpaths.push_back("/r" + std::to_string(i));
  Question question{"@rpath/x.dylib", {&many}, false, false, "/a/b"};
  CHECK(candidates(question, Settings{}).size() <= most_candidates);
}

}  // namespace tenon::dyld
