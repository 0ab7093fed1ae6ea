#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/fact.h"
#include "base/page_window.h"
#include "base/result.h"
#include "format/ar/ar.h"
#include "format/elf/elf.h"
#include "format/macho/macho.h"
#include "inspect/artifact.h"
#include "inspect/field.h"
#include "inspect/inspect.h"
#include "inspect/readers.h"
#include "platform/version_number.h"

namespace tenon::inspect {
namespace {

struct MemberFacts {
  ArchiveMember member;
  bool object = false;
};

// What an object in an archive is, from its header alone.
MemberFacts member_of(const ar::Member& member) {
  MemberFacts facts{{std::string(member.name), "other", ""}, true};
  ArchiveMember& out = facts.member;
  if (const auto object = macho::File::parse(member.data)) {
    out.format = object->header().is_64 ? "Mach-O 64-bit" : "Mach-O 32-bit";
    out.arch = macho_arch(object->header().cputype, object->header().cpusubtype);
  } else if (const auto elf = elf::File::parse(member.data)) {
    out.format = elf->header().ei_class == 2 ? "ELF 64-bit" : "ELF 32-bit";
    out.arch = elf_arch(elf->header());
  } else if (member.data.text().starts_with("go object ")) {
    out.format = "Go object";
    out.arch = goarch_of(member.data.text());
  } else if (member.data.text().starts_with("BC\xc0\xde")) {
    out.format = "LLVM bitcode";
  } else {
    facts.object = false;
  }
  return facts;
}

// Facts of an object that stand for the archive: the Go side of a c-archive lies in one member.
std::optional<Artifact> object_facts(const ar::Member& member, const InspectOptions& options) {
  if (const auto object = macho::File::parse(member.data)) return macho_facts(*object, options);
  if (const auto elf = elf::File::parse(member.data)) return elf_facts(*elf, options);
  return std::nullopt;
}

// Joins what an object says into the slice of its architecture.
void take(Artifact facts, Artifact& slice) {
  if (!slice.go && facts.go) slice.go = std::move(facts.go);
  for (std::string& compiler : facts.compilers) {
    if (std::ranges::find(slice.compilers, compiler) == slice.compilers.end()) {
      slice.compilers.push_back(std::move(compiler));
    }
  }
  if (facts.dwarf.known()) slice.dwarf = std::move(facts.dwarf);
  // The newest of all: that is what a program made of them needs.
  const auto newer = [](const TextFact& a, const TextFact& b) {
    if (!a.known()) return false;
    const auto left = parse_version(a.value);
    const auto right = parse_version(b.value);
    return !b.known() || (left && right && *left > *right);
  };
  if (newer(facts.minos, slice.minos)) slice.minos = std::move(facts.minos);
  if (facts.platform.known() && !slice.platform.known()) slice.platform = std::move(facts.platform);
}

Artifact archive_slice(const ArchiveMember& member) {
  Artifact out = blank_artifact(Format::archive);
  out.format = member.format;
  out.arch = member.arch;
  out.type = "static library";
  out.dwarf = TextFact::none("archive");  // until a member has some
  return out;
}

}  // namespace

// "go object linux arm64 go1.26.8 ..." (cmd/internal/objabi/head.go).
std::string goarch_of(std::string_view head) {
  const std::string_view line = head.substr(0, std::min<std::size_t>(head.find('\n'), 256));
  std::size_t at = std::string_view("go object ").size();
  if (line.size() <= at) return {};
  at = line.find(' ', at);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = line.substr(at + 1);
  return std::string(rest.substr(0, rest.find(' ')));
}

Result<void> archive_facts(ByteView bytes, const InspectOptions& options, FileReport& report) {
  const auto archive = TENON_TRY(ar::Archive::parse(bytes, options.window));
  PagesBehind behind(options.window, bytes.bytes());
  report.members.reserve(archive.members().size());
  std::vector<Artifact> slices;
  std::map<std::pair<std::string, std::string>, std::size_t> known;  // slice by arch and format
  for (const ar::Member& member : archive.members()) {
    behind.reached(static_cast<std::size_t>(member.offset));
    auto [object, is_object] = member_of(member);
    if (!is_object) {
      report.members.push_back(std::move(object));
      continue;
    }
    const auto [place, fresh] = known.try_emplace({object.arch, object.format}, slices.size());
    if (fresh) slices.push_back(archive_slice(object));
    Artifact& slice = slices[place->second];
    if (auto facts = object_facts(member, options)) {
      slice.goarch = facts->goarch;
      take(std::move(*facts), slice);
    }
    ++slice.members;
    report.members.push_back(std::move(object));
  }
  if (slices.empty()) {
    ArchiveMember none{"", archive.thin() ? "thin archive" : "archive", ""};
    slices.push_back(archive_slice(none));
    slices.back().platform = slices.back().minos = TextFact::none("archive");
  }
  for (Artifact& slice : slices) {
    slice.offset = bytes.base();
    slice.size = bytes.size();
    if (!slice.platform.known()) slice.platform = TextFact::none("objects");
    if (!slice.minos.known()) slice.minos = TextFact::none("objects");
    report.slices.push_back(std::move(slice));
  }
  return {};
}

}  // namespace tenon::inspect
