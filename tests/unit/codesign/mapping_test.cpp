// Valid programs with one thing changed. The rules are those of xnu, dyld and Security that
// codesign/mapping/mapping.h names; forgeries of real programs are in tests/e2e/test_mapping.py.
#include "codesign/mapping/mapping.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "codesign/mapping/codeless.h"
#include "codesign/verify/verify.h"
#include "diag/codes.h"
#include "format/macho/load_commands.h"
#include "format/macho/macho.h"
#include "inspect/program_builder.h"

using namespace tenon;
using namespace tenon::codesign;
using namespace tenon::test;
using macho::SegmentCommand64;

namespace {

constexpr std::uint32_t dylib = macho::MH_DYLIB;

std::string faults(std::string_view bytes) {
  std::string out;
  for (const MapProblem& problem : map_problems(view_of(bytes))) {
    out += (out.empty() ? "" : " ") + std::string(cause_code(problem.fault));
  }
  return out;
}

// Where the command of a segment lies in a file of MachoProgram.
std::size_t command_of(const std::string& bytes, std::string_view segname) {
  std::size_t at = 0;
  const auto file = macho::File::parse(view_of(bytes));
  REQUIRE(file.has_value());
  file->for_each_command([&](std::uint32_t cmd, ByteView command) {
    if (cmd != macho::LC_SEGMENT_64) return;
    const std::string_view name = command.text().substr(8, 16);
    if (name.substr(0, name.find('\0')) == segname) at = command.base();
  });
  REQUIRE(at != 0);
  return at;
}

using Change = std::function<void(SegmentCommand64&)>;

std::string changed(std::string bytes, std::string_view segname, const Change& change) {
  const std::size_t at = command_of(bytes, segname);
  SegmentCommand64 raw = **view_of(bytes).at<SegmentCommand64>(at);
  change(raw);
  overwrite(bytes, at, raw);
  return bytes;
}

std::string library(const MachoProgram& program = {.type = dylib}) { return program.build(); }

std::string fault_of(std::string_view segname, const Change& change) {
  return faults(changed(library(), segname, change));
}

}  // namespace

TEST_CASE("mapping: programs and libraries that are right have no problem") {
  CHECK(faults(library()) == "");
  CHECK(faults(library({.type = dylib, .sign = false})) == "");
  CHECK(faults(MachoProgram{}.build()) == "");
  CHECK(faults(MachoProgram{.cpu = macho::CPU_TYPE_X86_64}.build()) == "");
  CHECK(faults("no Mach-O file") == "");
}

TEST_CASE("mapping: where __TEXT lies") {
  CHECK(fault_of("__TEXT", [](auto& s) { s.fileoff = 0x1000; }) ==
        "map.text-offset map.segment-unaligned map.file-overlap");
  CHECK(fault_of("__TEXT", [](auto& s) { s.filesize = 100; }) == "map.text-short");
  CHECK(fault_of("__TEXT", [](auto& s) { s.segname = name16("__TEXX"); }) == "map.text-missing");
  CHECK(fault_of("__TEXT", [](auto& s) { s.initprot = 7; }) ==
        "map.text-protection map.writable-code");
}

TEST_CASE(
    "mapping: an old file may protect __TEXT as it likes, and its segments lie as they like") {
  const MachoProgram old{.type = dylib, .version = false};
  CHECK(faults(changed(library(old), "__TEXT", [](auto& s) { s.initprot = 7; })) ==
        "map.writable-code");
}

TEST_CASE("mapping: segments that share bytes or addresses") {
  CHECK(fault_of("__DATA_CONST", [](auto& s) { s.fileoff = 0; }) == "map.file-overlap");
  CHECK(fault_of("__DATA_CONST", [](auto& s) { s.vmaddr = 0x10000c000u; }) ==
        "map.section-outside map.section-outside map.order");
  CHECK(fault_of("__DATA_CONST", [](auto& s) {
          s.vmaddr = 0x100000000u;
        }).find("map.memory-overlap") != std::string::npos);
  CHECK(fault_of("__DATA_CONST", [](auto& s) { s.vmsize = 0x4001u; }) == "map.memory-overlap");
}

TEST_CASE("mapping: ranges that leave the file or memory") {
  CHECK(fault_of("__LINKEDIT", [](auto& s) { s.filesize = std::uint64_t{s.filesize} + 1; }) ==
        "map.segment-outside");
  CHECK(fault_of("__LINKEDIT", [](auto& s) { s.vmsize = 0u - std::uint64_t{0x4000}; }) ==
        "map.segment-wraps");
  CHECK(fault_of("__DATA_CONST", [](auto& s) {
          s.vmsize = 0x2000u;
        }).find("map.segment-too-long") != std::string::npos);
  CHECK(fault_of("__LINKEDIT", [](auto& s) { s.initprot = 0x101; }) == "map.protection-bits");
  CHECK(fault_of("__LINKEDIT", [](auto& s) { s.vmaddr = std::uint64_t{s.vmaddr} + 0x1000; }) ==
        "map.segment-unaligned");
}

TEST_CASE("mapping: nothing but __LINKEDIT reaches behind the code limit") {
  CHECK(fault_of("__LINKEDIT", [](auto& s) { s.initprot = 5; }) == "map.segment-unsealed");
  const std::string bytes = library();
  const auto signature = macho::File::parse(view_of(bytes))->signature();
  REQUIRE(signature.has_value());
  const std::uint64_t end = signature->offset + 8;
  CHECK(fault_of("__DATA_CONST", [&](auto& s) {
          s.filesize = s.vmsize = end - s.fileoff;
        }).starts_with("map.segment-unsealed"));
}

TEST_CASE("mapping: link-edit data behind the code limit is read by dyld and sealed by nobody") {
  const std::string bytes = library({.type = dylib, .function_starts = true});
  const auto file = macho::File::parse(view_of(bytes));
  std::string forged = bytes;
  file->for_each_command([&](std::uint32_t cmd, ByteView command) {
    if (cmd != macho::LC_FUNCTION_STARTS) return;
    overwrite(forged, command.base() + 8,
              ul32(static_cast<std::uint32_t>(file->signature()->offset - 4)));
  });
  CHECK(faults(bytes) == "");
  CHECK(faults(forged) == "map.data-unsealed");
  const auto problems = map_problems(view_of(forged));
  CHECK(place_of(problems.front()) == "LC_FUNCTION_STARTS");
  CHECK(code_of(problems.front().fault) == Code::verify_unsealed_contents);
}

TEST_CASE("mapping: two signatures") {
  const auto signature = macho::File::parse(view_of(library()))->signature();
  std::string command;
  append(command, macho::LinkeditDataCommand{macho::LC_CODE_SIGNATURE, 16u,
                                             static_cast<std::uint32_t>(signature->offset), 64u});
  const std::string once = library({.type = dylib, .sign = false, .more = {command}});
  CHECK(faults(once).find("signature-twice") == std::string::npos);
  const std::string twice = library({.type = dylib, .sign = false, .more = {command, command}});
  CHECK(faults(twice).find("map.signature-twice") != std::string::npos);
  const auto verdict = verify_file(view_of(twice), {});
  REQUIRE(verdict.has_value());
  CHECK(verdict->slices.front().integrity.cause().code == "map.signature-twice");
}

TEST_CASE("mapping: a hostile file has no more problems than anybody reads, and soon") {
  std::string segment, all;
  append(segment, SegmentCommand64{macho::LC_SEGMENT_64, 72u, name16("__X"), 0x100000000u, 0x4000u,
                                   0u, 0x4000u, 7u, 7u, 0u, 0u});
  for (int i = 0; i < 20000; ++i) all += segment;
  std::string bytes;
  append(bytes, macho::MachHeader64{macho::MH_MAGIC_64, macho::CPU_TYPE_ARM64, 0u, dylib, 20000u,
                                    static_cast<std::uint32_t>(all.size()), 0u, 0u});
  bytes += all;
  CHECK(slice_problems(*macho::File::parse(view_of(bytes))).size() == most_map_problems);
}

TEST_CASE("mapping: each fault has a code, a sentence and a place") {
  std::set<std::string_view> codes;
  for (int i = 0; i <= static_cast<int>(last_map_fault); ++i) {
    const auto fault = static_cast<MapFault>(i);
    const MapProblem problem{fault, "arm64", "__A", "__B", 1, 2, 3};
    CAPTURE(cause_code(fault));
    CHECK(codes.insert(cause_code(fault)).second);
    CHECK(finding_code_of_cause(cause_code(fault)) == code_of(fault));
    CHECK_FALSE(place_of(problem).empty());
    const std::string message = message_of(problem);
    CHECK_FALSE(message.empty());
    CHECK(message.find('{') == std::string::npos);
  }
  CHECK(finding_code_of_cause("page.hash") == Code::none);
}

TEST_CASE("mapping: a table of slices") {
  const std::string arm = MachoProgram{}.build();
  const std::string intel = MachoProgram{.cpu = macho::CPU_TYPE_X86_64}.build();
  const std::string good =
      universal({{macho::CPU_TYPE_X86_64, intel}, {macho::CPU_TYPE_ARM64, arm}});
  CHECK(faults(good) == "");
  const auto with = [&](std::size_t at, std::uint32_t value) {
    std::string forged = good;
    overwrite(forged, at, ub32(value));
    return faults(forged);
  };
  constexpr std::size_t second = 8 + 20;
  CHECK(with(4, 0) == "map.no-slices");
  CHECK(with(second + 12, static_cast<std::uint32_t>(arm.size() + 1)) == "map.slice-outside");
  CHECK(with(second + 16, 30) == "map.slice-unaligned");
  CHECK(with(second + 8, 0x4000).find("map.slices-overlap") != std::string::npos);
  CHECK(with(8, macho::CPU_TYPE_ARM64) == "universal.architecture map.architecture-twice");
  CHECK(with(8 + 8, 16).find("map.slice-in-table") != std::string::npos);
  // One row too few hides an arm64 slice from the table's count, and not from the system.
  CHECK(with(4, 1) == "");
}

TEST_CASE("mapping: a table of equal rows has problems by the row, not by the pair") {
  std::string forged = MachoProgram{}.build();
  const std::vector<std::pair<std::uint32_t, std::string>> rows(42, {macho::CPU_TYPE_ARM64, ""});
  forged = universal(rows) + forged;
  for (std::uint32_t row = 0; row < 42; ++row) {
    overwrite(forged, 8 + row * 20 + 12, ub32(static_cast<std::uint32_t>(forged.size() - 0x4000)));
  }
  CHECK(table_problems(view_of(forged)).size() == 2 * 41);
  const auto verdict = verify_file(view_of(forged), {}, {});
  REQUIRE(verdict.has_value());
  CHECK(verdict->slices.size() == 42);
  for (const SliceVerdict& slice : verdict->slices) {
    CHECK(slice.integrity.state == State::invalid);
    CHECK(slice.integrity.causes.front().code == "map.architecture-twice");
  }
}

TEST_CASE("mapping: libraries and objects carry no signature, alone or in a universal file") {
  const std::string archive = "!<arch>\n";
  const std::string object = MachoProgram{.type = macho::MH_OBJECT, .sign = false}.build();
  CHECK(codeless(view_of(archive)) == Codeless::archive);
  CHECK(codeless(view_of(object)) == Codeless::object);
  CHECK(codeless(view_of(universal({{macho::CPU_TYPE_X86_64, archive},
                                    {macho::CPU_TYPE_ARM64, archive}}))) == Codeless::archive);
  CHECK_FALSE(codeless(view_of(universal({{macho::CPU_TYPE_X86_64, archive},
                                          {macho::CPU_TYPE_ARM64, library()}})))
                  .has_value());
  CHECK_FALSE(codeless(view_of("#!/bin/sh\n")).has_value());
}
