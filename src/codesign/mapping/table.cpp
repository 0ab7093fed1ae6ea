// The table of a universal file, as Universal::Universal of Security's macho++.cpp, mach_fat.c of
// xnu and Universal::valid of dyld read it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/mapping/machine_page.h"
#include "codesign/mapping/mapping.h"
#include "format/macho/layout.h"
#include "format/macho/macho.h"

namespace tenon::codesign {
namespace {

MapProblem problem_of(MapFault fault, std::string arch = {}, std::string first = {}) {
  MapProblem out;
  out.fault = fault;
  out.arch = std::move(arch);
  out.first = std::move(first);
  return out;
}

std::string arch_of(const macho::SliceRow& row) {
  return macho::arch_name(row.cputype, row.cpusubtype);
}

std::uint64_t end_of(const macho::SliceRow& row) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  return row.size > most - row.offset ? most : row.offset + row.size;
}

bool same_architecture(const macho::SliceRow& a, const macho::SliceRow& b) {
  const std::uint32_t kinds = (a.cpusubtype ^ b.cpusubtype) & ~macho::CPU_SUBTYPE_MASK;
  return a.cputype == b.cputype && kinds == 0;
}

class TableJudge {
 public:
  TableJudge(ByteView file, const macho::SliceTable& table) : file_(file), table_(table) {}

  std::vector<MapProblem> run() {
    if (table_.is_64) add(problem_of(MapFault::table_64));
    if (table_.rows.empty()) add(problem_of(MapFault::no_slices));
    for (std::size_t i = 0; i < table_.rows.size(); ++i) {
      judge_row(table_.rows[i]);
      for (std::size_t j = 0; j < i; ++j) judge_pair(table_.rows[j], table_.rows[i]);
    }
    return std::move(out_);
  }

 private:
  void add(MapProblem problem) { out_.push_back(std::move(problem)); }

  void judge_row(const macho::SliceRow& row) {
    const std::string arch = arch_of(row);
    if (row.size == 0 || end_of(row) > file_.size()) {
      add({MapFault::slice_outside, arch, arch, {}, row.offset, end_of(row), file_.size()});
    } else if (row.offset < table_.size) {
      add({MapFault::slice_in_table, arch, arch, {}, row.offset, end_of(row), table_.size});
    }
    const auto bytes = file_.slice(row.offset, row.size);
    const auto header = bytes ? macho::read_header(*bytes) : fail(Errc::truncated, "slice");
    std::uint64_t align = std::uint64_t{1} << std::min<std::uint32_t>(row.align, 63);
    if (header) judge_machine(row, *header);
    // The kernel maps from the start of the slice.
    if (header && is_judged(header->filetype)) align = std::max(align, machine_page(row.cputype));
    if (row.offset % align == 0) return;
    add({MapFault::slice_unaligned, arch, arch, {}, row.offset, end_of(row), align});
  }

  // The system picks a slice by the table and runs it by its header.
  void judge_machine(const macho::SliceRow& row, const macho::Header& header) {
    if (same_architecture(row, {header.cputype, header.cpusubtype, 0, 0, 0, false})) return;
    add({MapFault::slice_machine, arch_of(row), arch_of(row),
         macho::arch_name(header.cputype, header.cpusubtype), 0, 0, 0});
  }

  void judge_pair(const macho::SliceRow& a, const macho::SliceRow& b) {
    if (same_architecture(a, b))
      add(problem_of(MapFault::architecture_twice, arch_of(b), arch_of(b)));
    const std::uint64_t start = std::max(a.offset, b.offset);
    const std::uint64_t end = std::min(end_of(a), end_of(b));
    if (start >= end) return;
    add({MapFault::slices_overlap, arch_of(b), arch_of(a), arch_of(b), start, end});
  }

  ByteView file_;
  const macho::SliceTable& table_;
  std::vector<MapProblem> out_;
};

}  // namespace

std::vector<MapProblem> table_problems(ByteView file) {
  if (!macho::is_universal(file)) return {};
  const auto table = macho::slice_table(file);
  if (!table) return {problem_of(MapFault::table_unreadable)};
  return TableJudge(file, *table).run();
}

std::vector<MapProblem> map_problems(ByteView file) {
  std::vector<MapProblem> all = table_problems(file);
  const auto add = [&](ByteView bytes) {
    const auto slice = macho::File::parse(bytes);
    if (!slice) return;
    for (MapProblem& problem : slice_problems(*slice)) all.push_back(std::move(problem));
  };
  const auto table = macho::is_universal(file) ? macho::slice_table(file)
                                               : fail(Errc::invalid_argument, "thin file");
  if (!table) {
    add(file);
    return all;
  }
  for (const macho::Slice& slice : macho::readable_slices(file, *table)) add(slice.bytes);
  return all;
}

}  // namespace tenon::codesign
