#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "format/macho/exports.h"
#include "format/macho_builder.h"

using namespace tenon;
using namespace tenon::macho;
using namespace tenon::test;
using namespace std::string_view_literals;

namespace {

std::string with_data(std::uint32_t cmd, std::string_view data) {
  MachoBuilder b;
  b.linkedit = data;
  b.commands = {dylib_command(LC_LOAD_DYLIB, "/usr/lib/libSystem.B.dylib", 0x10000, 0x10000)};
  append(b.commands.emplace_back(), LinkeditDataCommand{cmd, 16u, MachoBuilder::linkedit_at,
                                                        static_cast<std::uint32_t>(data.size())});
  return b.build();
}

// A trie of one name, "_x", with this information.
std::string one_export(std::string_view payload) {
  std::string trie("\0\1_x\0\6", 6);
  trie += static_cast<char>(payload.size());
  trie += payload;
  return with_data(LC_DYLD_EXPORTS_TRIE, trie + '\0');
}

Export entry_of(std::string_view payload, const std::string& bytes) {
  const auto file = File::parse(view_of(bytes));
  REQUIRE(file.has_value());
  const auto entries = export_entries(*file);
  REQUIRE_MESSAGE(entries.has_value(), payload.size());
  REQUIRE(entries->size() == 1);
  CHECK(entries->front().name == "_x");
  CHECK(*file->exports() == std::vector<std::string>{"_x"});
  return entries->front();
}

Errc error_of(const std::string& bytes) {
  const auto entries = export_entries(*File::parse(view_of(bytes)));
  REQUIRE_FALSE(entries.has_value());
  return entries.error().code;
}

Result<std::vector<std::uint64_t>> starts_of(std::string_view deltas) {
  const std::string bytes = with_data(LC_FUNCTION_STARTS, deltas);
  return function_starts(*File::parse(view_of(bytes)));
}

}  // namespace

TEST_CASE("exports: kinds of symbols") {
  struct Case {
    std::string_view payload;
    std::uint64_t address;
    bool weak, thread_local_, absolute;
  };
  const Case cases[] = {{"\x00\x80\x20"sv, 0x100001000, false, false, false},
                        {"\x04\x10"sv, 0x100000010, true, false, false},
                        {"\x01\x80\x80\x01"sv, 0x100004000, false, true, false},
                        {"\x02\xff\x01"sv, 0xff, false, false, true},
                        {"\x20\x10\x02"sv, 0x100000010, false, false, false}};
  for (const Case& c : cases) {
    const std::string bytes = one_export(c.payload);
    const Export entry = entry_of(c.payload, bytes);
    CHECK(entry.address == c.address);
    CHECK(entry.is_weak_definition() == c.weak);
    CHECK(entry.is_thread_local() == c.thread_local_);
    CHECK(entry.is_absolute() == c.absolute);
    CHECK_FALSE(entry.is_reexport());
    CHECK_FALSE(entry.has_resolver());
  }
}

TEST_CASE("exports: re-exports and resolvers") {
  const auto renamed = "\x08\x01_y\0"sv;
  const std::string renamed_file = one_export(renamed);
  const Export other = entry_of(renamed, renamed_file);
  CHECK(other.is_reexport());
  CHECK(other.library_ordinal == 1);
  CHECK(other.import_name == "_y");
  CHECK(other.address == 0);

  const auto same = "\x0c\x01\0"sv;
  const std::string same_file = one_export(same);
  const Export same_name = entry_of(same, same_file);
  CHECK(same_name.is_weak_definition());
  CHECK(same_name.import_name.empty());

  const auto stub = "\x10\x80\x20\x90\x20"sv;
  const std::string stub_file = one_export(stub);
  const Export resolved = entry_of(stub, stub_file);
  CHECK(resolved.has_resolver());
  CHECK(resolved.address == 0x100001000);
  CHECK(resolved.resolver == 0x100001010);
}

TEST_CASE("exports: entries that are refused") {
  CHECK(error_of(one_export("\x40\x10"sv)) == Errc::unsupported);  // unknown flag
  CHECK(error_of(one_export("\x00"sv)) == Errc::truncated);        // no address
  CHECK(error_of(one_export("\x00\x80"sv)) == Errc::truncated);
  CHECK(error_of(one_export("\x10\x10"sv)) == Errc::truncated);      // no resolver
  CHECK(error_of(one_export("\x08\x01_y"sv)) == Errc::truncated);    // name without an end
  CHECK(error_of(one_export("\x08\x02_y\0"sv)) == Errc::malformed);  // library 2 of 1
}

TEST_CASE("exports: order of the trie") {
  // "_a" -> "_ab", and "_c" beside it. Nodes at 0, 5, 13, 20, 24.
  const std::string bytes = with_data(LC_DYLD_EXPORTS_TRIE,
                                      "\0\1_\0\5"
                                      "\0\2a\0\x0d"
                                      "c\0\x18"
                                      "\2\0\x10\1b\0\x14"
                                      "\2\0\x20\0"
                                      "\2\0\x30\0"sv);
  const auto entries = export_entries(*File::parse(view_of(bytes)));
  REQUIRE(entries.has_value());
  REQUIRE(entries->size() == 3);
  CHECK((*entries)[0].name == "_a");
  CHECK((*entries)[1].name == "_ab");
  CHECK((*entries)[1].address == 0x100000020);
  CHECK((*entries)[2].name == "_c");
}

// ld64 650 wrote libogg so: a name that others begin with is a child of its own node.
TEST_CASE("exports: edges without text") {
  const std::string bytes = with_data(LC_DYLD_EXPORTS_TRIE,
                                      "\0\1_a\0\6"
                                      "\0\2\0\x0d"
                                      "b\0\x11"
                                      "\2\0\x10\0"
                                      "\2\0\x20\0"sv);
  const auto entries = export_entries(*File::parse(view_of(bytes)));
  REQUIRE(entries.has_value());
  REQUIRE(entries->size() == 2);
  CHECK((*entries)[0].name == "_a");
  CHECK((*entries)[1].name == "_ab");

  std::string deep;  // 20000 nodes, one below the other
  for (unsigned i = 1; i <= 20000; ++i) {
    const unsigned next = i * 6;
    deep += std::string("\0\1\0", 3);
    for (unsigned shift = 0; shift < 21; shift += 7) {
      deep += static_cast<char>((next >> shift & 0x7f) | (shift < 14 ? 0x80 : 0));
    }
  }
  CHECK(error_of(with_data(LC_DYLD_EXPORTS_TRIE, deep + std::string(2, '\0'))) == Errc::malformed);
}

TEST_CASE("exports: names that are refused") {
  const auto refused = [](const std::string& trie) {
    return error_of(with_data(LC_DYLD_EXPORTS_TRIE, trie)) == Errc::malformed;
  };
  const std::string leaf("\2\0\x10\0", 4);
  const auto node = [](std::size_t name_size, std::size_t next) {
    std::string out = std::string("\0\1", 2) + std::string(name_size, 'a') + '\0';
    for (unsigned shift = 0; shift < 21; shift += 7) {
      out += static_cast<char>((next >> shift & 0x7f) | (shift < 14 ? 0x80 : 0));
    }
    return out;
  };
  CHECK(refused(node(16384, 16390) + leaf));
  CHECK(error_of(with_data(LC_DYLD_EXPORTS_TRIE, "\0\xff_"sv)) == Errc::truncated);
  std::string fan("\0\xff", 2);  // 255 edges to the root
  for (int i = 0; i < 255; ++i) fan += std::string("a\0\0", 3);
  CHECK(refused(fan));
  const std::string long_name = with_data(LC_DYLD_EXPORTS_TRIE, node(16000, 16006) + leaf);
  CHECK(export_entries(*File::parse(view_of(long_name)))->front().name.size() == 16000);
}

TEST_CASE("function starts") {
  CHECK(*starts_of("\x80\x20\x10\x04\0\x10\0\0"sv) ==
        std::vector<std::uint64_t>{0x100001000, 0x100001010, 0x100001014});
  CHECK(starts_of("\0"sv)->empty());
  CHECK(starts_of({})->empty());
  CHECK(starts_of("\x80"sv).error().code == Errc::truncated);
  CHECK(starts_of(std::string(30000, '\1')).error().code == Errc::malformed);
  const std::string without = small_program().build();
  CHECK(function_starts(*File::parse(view_of(without)))->empty());
}
