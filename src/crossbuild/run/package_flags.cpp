#include "crossbuild/run/package_flags.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "crossbuild/driver/cc_config.h"
#include "crossbuild/driver/driver.h"
#include "crossbuild/driver/driver_flags.h"
#include "crossbuild/driver/linker_args.h"
#include "crossbuild/plan/plan.h"
#include "crossbuild/run/go_build.h"
#include "crossbuild/run/link.h"
#include "crossbuild/trace.h"
#include "machine/probe/go_facts.h"

namespace tenon {
namespace {

// Those of the environment count for every package with C.
std::vector<std::string> flags_of_environment(const GoFacts& go) {
  std::vector<std::string> out;
  for (const std::string& text :
       {go.cgo_cflags, go_setting("CGO_CPPFLAGS").value, go_setting("CGO_CXXFLAGS").value}) {
    for (std::string& flag : go_split(text).value_or(std::vector<std::string>())) {
      out.push_back(std::move(flag));
    }
  }
  return out;
}

void add_records(const CcConfig& cc, const std::vector<std::string>& flags,
                 std::vector<TraceRecord>& out) {
  if (flags.empty()) return;
  const DriverCommand command =
      compile_command(cc, parse_driver_args(flags, cc.target.darwin()), {});
  for (const std::string& folder : existing_host_folders(command.host_folders)) {
    out.push_back({.kind = TraceRecord::Kind::host_folder, .flag = folder});
  }
  for (const FilteredFlags::Note& note : command.flags.dropped) {
    out.push_back({.kind = TraceRecord::Kind::flag,
                   .flag = note.flag,
                   .reason = std::string(note.row->reason)});
  }
}

}  // namespace

void note_package_flags(const SlicePlan& slice, const GoList& list, const GoFacts& go,
                        GoBuildResult& built) {
  if (!built.linked) return;
  std::vector<TraceRecord> records;
  add_records(slice.cc, flags_of_environment(go), records);
  for (const GoPackage& package : list.packages) {
    if (!package.cgo_files.empty()) add_records(slice.cc, package.cgo_flags, records);
  }
  for (TraceRecord& record : records) {
    const auto same = [&](const TraceRecord& one) {
      return one.kind == record.kind && one.flag == record.flag;
    };
    if (std::ranges::any_of(built.trace, same)) continue;
    keep_record(slice.stage, record);
    built.trace.push_back(std::move(record));
  }
}

}  // namespace tenon
