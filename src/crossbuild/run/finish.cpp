#include "crossbuild/run/finish.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/path.h"
#include "base/result.h"
#include "codesign/sign/adhoc.h"
#include "codesign/sign/universal.h"
#include "crossbuild/gate/checks.h"
#include "crossbuild/gate/debug_paths.h"
#include "crossbuild/gate/gate.h"
#include "crossbuild/gate/gate_row.h"
#include "crossbuild/gate/start.h"
#include "crossbuild/plan/finish_plan.h"
#include "format/elf/elf.h"
#include "format/macho/macho.h"
#include "format/pe/pe.h"
#include "host/disk_tree.h"
#include "host/files.h"

namespace tenon {
namespace {

using Bytes = std::vector<std::byte>;

bool signable(ByteView bytes) {
  const auto file = macho::File::parse(bytes);
  return file && file->header().filetype != macho::MH_OBJECT;
}

// Signed when it is a linked Mach-O file; with clean debug information otherwise.
Result<Bytes> prepared(const std::string& path, const std::string& identifier,
                       const FinishRequest& request) {
  const FileBytes file = TENON_TRY(read_file(path));
  if (!signable(file.view())) {
    const auto bytes = file.view().bytes();
    Bytes copy(bytes.begin(), bytes.end());
    // A file that cannot be read is the gate's to report.
    (void)clean_debug_paths(copy, request.neutral);
    return copy;
  }
  sign::SignOptions options;
  options.identifier = identifier.empty()
                           ? sign::default_identifier(base_name(request.destination), file.view())
                           : identifier;
  return sign::sign_adhoc(file.view(), options);
}

std::string place_in(ByteView bytes, std::uint64_t offset) {
  if (const auto file = macho::File::parse(bytes)) {
    for (const macho::Segment& segment : file->segments()) {
      for (const macho::Section& section : segment.sections) {
        if (section.in_file() && offset >= section.offset &&
            offset - section.offset < section.size) {
          return fmt::format("{},{}", section.segname, section.sectname);
        }
      }
      if (offset >= segment.fileoff && offset - segment.fileoff < segment.filesize) {
        return std::string(segment.segname);
      }
    }
  }
  if (const auto file = elf::File::parse(bytes)) {
    for (const elf::Section& section : file->sections()) {
      if (section.sh_type != 8 && offset >= section.sh_offset &&
          offset - section.sh_offset < section.sh_size) {
        return std::string(file->name(section));
      }
    }
  }
  if (const auto file = pe::File::parse(bytes)) {
    for (const pe::Section& section : file->sections()) {
      if (offset >= section.offset && offset - section.offset < section.size) {
        return std::string(section.name);
      }
    }
  }
  return "the headers";
}

void add_start(const Bytes& bytes, const GateRequest& request, std::vector<GateRow>& rows) {
  if (request.sysroot.empty()) return;
  const auto tree = DiskTree::open(request.sysroot);
  if (!tree) {
    if (request.target.platform->goos == "linux") {
      rows.push_back(gate::unknown("start", fmt::format("the sysroot: {}", tree.error().what)));
    }
    return;
  }
  auto row =
      check_start(ByteView(std::span<const std::byte>(bytes)), **tree, *request.target.platform);
  if (row) rows.push_back(*std::move(row));
}

}  // namespace

Result<Finished> finish(const FinishRequest& request) {
  Finished out;
  std::vector<Bytes> slices;
  // All slices of a universal file carry one identifier: that of the first.
  std::string identifier = request.identifier;
  if (identifier.empty() && request.staged.size() > 1) {
    const FileBytes first = TENON_TRY(read_file(request.staged.front()));
    identifier = sign::default_identifier(base_name(request.destination), first.view());
  }
  bool failed = false;
  for (std::size_t i = 0; i < request.staged.size(); ++i) {
    slices.push_back(TENON_TRY(prepared(request.staged[i], identifier, request)));
    out.gates.push_back(
        run_gate(ByteView(std::span<const std::byte>(slices.back())), request.gates[i]));
    add_start(slices.back(), request.gates[i], out.gates.back());
    failed = failed || gate_failed(out.gates.back());
  }
  Bytes bytes = std::move(slices.front());
  if (slices.size() > 1) {
    slices.front() = std::move(bytes);
    std::vector<ByteView> views;
    for (const Bytes& slice : slices) views.emplace_back(std::span<const std::byte>(slice));
    bytes = TENON_TRY(sign::make_universal(views));
  }
  out.sha256 = hex(sha256(bytes));
  out.size = bytes.size();
  if (failed) return out;
  const auto info = file_info(request.staged.front());
  TENON_TRY(write_file(request.destination, bytes, info ? info->mode & 0777U : 0755U));
  out.passed = true;
  return out;
}

Result<std::optional<std::string>> difference(const std::string& one, const std::string& other) {
  const FileBytes first = TENON_TRY(read_file(one));
  const FileBytes second = TENON_TRY(read_file(other));
  const auto a = first.view().bytes();
  const auto b = second.view().bytes();
  const auto [left, right] = std::ranges::mismatch(a, b);
  if (left == a.end() && right == b.end()) return std::nullopt;
  const auto offset = static_cast<std::uint64_t>(left - a.begin());
  if (a.size() != b.size()) {
    return fmt::format("{} against {} bytes, first difference at {:#x} in {}", a.size(), b.size(),
                       offset, place_in(first.view(), offset));
  }
  return fmt::format("first difference at {:#x} in {}", offset, place_in(first.view(), offset));
}

}  // namespace tenon
