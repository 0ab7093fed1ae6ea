// Run paths, the cache of ldconfig, and the walk of links inside a root.
#include "loader/elf/search.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/memory_tree.h"
#include "loader/elf/cache.h"
#include "loader/elf/glibc_facts.h"
#include "loader/files.h"
#include "loader/floor.h"

using namespace tenon;
using namespace tenon::loader;

TEST_CASE("run paths are split and expanded as glibc does it") {
  const Tokens tokens{"/app/bin", "lib/x86_64-linux-gnu", "x86_64"};
  const auto split_path = [&](const char* text) { return split_search_path(text, ":", tokens); };
  using List = std::vector<std::string>;
  CHECK(split_path("/a:/b//:/a/") == List{"/a/", "/b/"});
  CHECK(split_path(":/a:") == List{"", "/a/"});
  CHECK(split_path("/") == List{"/"});
  CHECK(split_path("$ORIGIN/../lib:${ORIGIN}:$ORIGINAL:/$LIB/$PLATFORM") ==
        List{"/app/bin/../lib/", "/app/bin/", "$ORIGINAL/", "/lib/x86_64-linux-gnu/x86_64/"});
  CHECK(split_path("${ORIGIN") == List{"${ORIGIN/"});
  CHECK(split_search_path("/a;/b:/c", ":;", tokens) == List{"/a/", "/b/", "/c/"});
  CHECK(split_search_path("$ORIGIN:/b", ":", Tokens{}) == List{"/b/"});
}

TEST_CASE("capability directories come in the order that LD_DEBUG=libs prints") {
  const auto out = capability_folders({"x86-64-v3"}, {"tls", "haswell"});
  CHECK(out ==
        std::vector<std::string>{"glibc-hwcaps/x86-64-v3/", "tls/haswell/", "tls/", "haswell/"});
}

TEST_CASE("names in the cache compare digits as numbers") {
  CHECK(compare_cache_names("libx.so.10", "libx.so.9") > 0);
  CHECK(compare_cache_names("libx.so", "libx.so") == 0);
  CHECK(compare_cache_names("liba.so", "libb.so") < 0);
  CHECK(compare_cache_names("libx.so", "libx.so.1") < 0);
  CHECK(compare_cache_names("lib1", "libx") > 0);
}

namespace {

template <class T>
void put(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

// One library, twice: plain and for x86-64-v3, as ldconfig 2.36 writes it (checked against its
// output).
std::string small_cache() {
  std::string out = "glibc-ld.so.cache1.1";
  const std::string strings("liba.so\0/opt/liba.so\0/opt/v3/liba.so\0x86-64-v3\0", 47);
  const std::uint32_t at = 48 + 2 * 24;
  const auto extension = static_cast<std::uint32_t>(at + strings.size() + 1);
  for (const std::uint32_t one : {2U, 47U, 2U, extension, 0U, 0U, 0U}) put(out, one);
  for (const std::uint32_t one : {0x303U, at, at + 21, 0U, 0U, 0x40000000U}) put(out, one);
  for (const std::uint32_t one : {0x303U, at, at + 8, 0U, 0U, 0U}) put(out, one);
  out += strings + '\0';
  for (const std::uint32_t one : {0xeaa42174U, 1U, 1U, 0U, extension + 24, 4U}) put(out, one);
  put(out, at + 37);
  return out;
}

}  // namespace

TEST_CASE("the new format of ld.so.cache, with its extension") {
  const std::string bytes = small_cache();
  const auto cache = LibraryCache::parse(view_of(bytes));
  REQUIRE(cache);
  CHECK(cache->size() == 2);
  const auto found = cache->find("liba.so");
  REQUIRE(found.size() == 2);
  CHECK(found[0].subfolder == "x86-64-v3");
  CHECK(found[0].path == "/opt/v3/liba.so");
  CHECK(found[1].path == "/opt/liba.so");
  CHECK(found[1].flags == 0x303);
  CHECK(cache->find("libb.so").empty());
}

TEST_CASE("caches that are cut or no cache are refused, at every length") {
  const std::string bytes = small_cache();
  for (std::size_t size = 0; size < 96; ++size) {
    CHECK_FALSE(LibraryCache::parse(view_of(std::string_view(bytes).substr(0, size))));
  }
  for (std::size_t size = 96; size < bytes.size(); ++size) {
    const std::string cut = bytes.substr(0, size);
    const auto cache = LibraryCache::parse(view_of(cut));
    if (cache) CHECK(cache->find("liba.so").size() <= 2);
  }
  CHECK_FALSE(LibraryCache::parse(view_of("hello")));
}

TEST_CASE("links lead inside the root, at most 40 of them") {
  MemoryTree tree;
  tree.add_file("usr/lib/libx.so.1", "x");
  tree.add_link("lib", "usr/lib");
  tree.add_link("usr/lib/libx.so", "libx.so.1");
  tree.add_link("up", "/../../../usr");
  tree.add_link("loop", "loop");
  tree.add_link("gone", "/none");
  tree.add_link("chain0", "usr/lib/libx.so.1");
  for (int i = 1; i < 60; ++i) {
    tree.add_link("chain" + std::to_string(i), "chain" + std::to_string(i - 1));
  }
  Files files(tree);
  CHECK(files.open("/lib/libx.so")->real_path == "/usr/lib/libx.so.1");
  CHECK(files.open("/up/lib/../lib/./libx.so")->real_path == "/usr/lib/libx.so.1");
  CHECK(files.open("lib/libx.so")->real_path == "/usr/lib/libx.so.1");
  CHECK(files.open("/loop").error() == OsError::loop);
  CHECK(files.open("/gone").error() == OsError::no_entry);
  CHECK(files.open("/chain39")->real_path == "/usr/lib/libx.so.1");
  CHECK(files.open("/chain40").error() == OsError::loop);
  CHECK(files.open("/lib/libx.so/y").error() == OsError::no_folder);
  CHECK(files.open("/lib/libx.so/").error() == OsError::no_folder);
  CHECK(files.open("").error() == OsError::no_entry);
  CHECK(files.open("/" + std::string(256, 'n')).error() == OsError::name_too_long);
  CHECK(files.open("/" + std::string(5000, '/')).error() == OsError::name_too_long);
  CHECK(files.open("/usr")->folder);
  CHECK(files.is_folder("/lib"));
  CHECK_FALSE(files.is_folder("/lib/libx.so"));
}

TEST_CASE("default directories and release come out of the loader's bytes") {
  using namespace std::string_literals;
  const std::string bytes =
      "x\0/lib/aarch64-linux-gnu/\0/usr/lib/aarch64-linux-gnu/\0/lib/\0/usr/lib/\0"s +
      "(Debian GLIBC 2.36-9) stable release version 2.36.\n";
  const GlibcFacts facts = read_glibc_facts(view_of(bytes), {}, true);
  REQUIRE(facts.default_folders.size() == 4);
  CHECK(facts.default_folders[1] == "/usr/lib/aarch64-linux-gnu/");
  CHECK(facts.lib == "lib/aarch64-linux-gnu");
  CHECK(facts.version == elf::GlibcVersion{2, 36, 0});
  CHECK(read_glibc_facts({}, {}, true).default_folders.front() == "/lib64/");
}

TEST_CASE("named systems and the versions that they have") {
  CHECK(parse_glibc_base("debian:11")->version == elf::GlibcVersion{2, 31, 0});
  CHECK(parse_glibc_base("rhel:8")->version == elf::GlibcVersion{2, 28, 0});
  CHECK(parse_glibc_base("2.17")->version == elf::GlibcVersion{2, 17, 0});
  CHECK(parse_glibc_base("alpine:3.20")->version == elf::GlibcVersion{});
  CHECK_FALSE(parse_glibc_base("debian"));
  CHECK(bases_with({2, 39, 0}) ==
        std::vector<std::string_view>{"ubuntu:24.04", "rhel:10", "debian:13"});
}
