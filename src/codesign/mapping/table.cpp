// The table of a universal file, as Universal::Universal of Security's macho++.cpp, mach_fat.c of
// xnu and Universal::valid of dyld read it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
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

std::uint64_t start_of_overlap(const macho::SliceRow& a, const macho::SliceRow& b) {
  return std::max(a.offset, b.offset);
}

std::uint64_t end_of_overlap(const macho::SliceRow& a, const macho::SliceRow& b) {
  return std::min(end_of(a), end_of(b));
}

class TableJudge {
 public:
  TableJudge(ByteView file, const macho::SliceTable& table) : file_(file), table_(table) {}

  std::vector<MapProblem> run() {
    if (table_.is_64) add(problem_of(MapFault::table_64));
    if (table_.rows.empty()) add(problem_of(MapFault::no_slices));
    for (std::size_t i = 0; i < table_.rows.size(); ++i) {
      judge_row(table_.rows[i]);
      judge_among_earlier(i);
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

  // One problem of each kind for a row: 42 equal rows would make 861 pairs of each.
  void judge_among_earlier(std::size_t index) {
    const macho::SliceRow& row = table_.rows[index];
    const auto earlier = std::span(table_.rows).first(index);
    const auto twin = std::ranges::find_if(
        earlier, [&](const macho::SliceRow& other) { return same_architecture(other, row); });
    if (twin != earlier.end()) {
      add(problem_of(MapFault::architecture_twice, arch_of(row), arch_of(row)));
    }
    const auto overlapped = std::ranges::find_if(earlier, [&](const macho::SliceRow& other) {
      return start_of_overlap(other, row) < end_of_overlap(other, row);
    });
    if (overlapped == earlier.end()) return;
    add({MapFault::slices_overlap, arch_of(row), arch_of(*overlapped), arch_of(row),
         start_of_overlap(*overlapped, row), end_of_overlap(*overlapped, row)});
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
