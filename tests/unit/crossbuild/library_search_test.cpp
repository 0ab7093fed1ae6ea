#include "crossbuild/link/library_search.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "crossbuild/memory_files.h"

using namespace tenon;
using namespace tenon::test;

namespace {

using Words = std::vector<std::string>;

std::vector<DriverArg> parsed(const Words& args) { return parse_driver_args(args, true); }

}  // namespace

TEST_CASE("library search: folders joined and apart, in the order of the command line") {
  const SearchFolders folders =
      search_folders(parsed({"-L/a", "-lz", "-L", "/b", "-F/f", "-F", "g", "-Wl,-L/linker", "-Lrel",
                             "-framework", "F", "-fPIC"}));
  CHECK(folders.libraries == Words{"/a", "/b", "/linker", "rel"});
  CHECK(folders.frameworks == Words{"/f", "g"});
}

TEST_CASE("library search: the first folder counts, then the kind of library") {
  MemoryFiles files(
      {{"/a/libx.a", ""}, {"/b/libx.tbd", ""}, {"/b/liby.a", ""}, {"/b/liby.dylib", ""}});
  const SearchFolders folders{{"/a", "/b"}, {}};
  CHECK(find_library(folders, "x", macho_endings, files) == "/a/libx.a");
  CHECK(find_library(folders, "y", macho_endings, files) == "/b/liby.dylib");
  CHECK(find_library(folders, "y", archive_endings, files) == "/b/liby.a");
  CHECK_FALSE(find_library(folders, "z", macho_endings, files).has_value());
  CHECK_FALSE(find_library({}, "x", macho_endings, files).has_value());
}

TEST_CASE("library search: a framework is its stub, else its program") {
  MemoryFiles files(
      {{"/f/A.framework/A.tbd", ""}, {"/f/A.framework/A", ""}, {"/f/B.framework/B", ""}});
  const SearchFolders folders{{}, {"/none", "/f"}};
  CHECK(find_framework(folders, "A", files) == "/f/A.framework/A.tbd");
  CHECK(find_framework(folders, "B", files) == "/f/B.framework/B");
  CHECK_FALSE(find_framework(folders, "C", files).has_value());
}

TEST_CASE("library search: archives that a link names, by file and by -l") {
  MemoryFiles files({{"/a/libx.a", ""}, {"/a/liby.so", ""}, {"/b/libx.a", ""}, {"/b/libz.a", ""}});
  CHECK(named_archives(parsed({"m.o", "own.a", "-lx", "-L/a", "-ly", "-L/b", "-lz", "-lm"}),
                       files) == Words{"own.a", "/a/libx.a", "/b/libz.a"});
}

TEST_CASE("library search: a static program takes an archive that lies beside a shared library") {
  MemoryFiles files({{"/r/libx.so", ""},
                     {"/r/libx.a", ""},
                     {"/r/liby.so", ""},
                     {"/r/libm.a", ""},
                     {"/own/libz.a", ""},
                     {"/r/libz.a", ""}});
  auto args = parsed({"m.o", "-lx", "-ly", "-lm", "-L/own", "-lz"});
  choose_archives(args, {"/r"}, files);
  Words words;
  for (const DriverArg& arg : args) append_args(arg, words);
  CHECK(words == Words{"m.o", "/r/libx.a", "-ly", "-lm", "-L/own", "/own/libz.a"});
}
