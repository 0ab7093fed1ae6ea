#include "diagnose/run/host_snapshot.h"

#include <cstddef>
#include <expected>
#include <future>
#include <string>
#include <utility>

#include "base/fact.h"
#include "base/path.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/render/render.h"
#include "diagnose/project/closure.h"
#include "diagnose/project/trace.h"
#include "diagnose/run/project_disk.h"
#include "host/files.h"
#include "host/process.h"
#include "machine/probe/probe.h"
#include "machine/snapshot_data.h"

namespace tenon {
namespace {

// go.work that holds for a module: what GOWORK names, or the nearest at or above.
TextFact work_file(std::string folder) {
  if (const auto set = environment_variable("GOWORK"); set && !set->empty()) {
    return *set == "off" ? TextFact::none("GOWORK=off") : TextFact::of(*set, "GOWORK");
  }
  while (true) {
    std::string file = join_path(folder, "go.work");
    if (is_file(file)) return TextFact::of(std::move(file), "found above the module");
    if (folder.empty() || folder == "/") return TextFact::none("no go.work above the module");
    folder = folder_of(folder);
  }
}

}  // namespace

Snapshot host_snapshot(const std::string& folder, bool build_probe) {
  SnapshotRequest request;
  request.build_probe = build_probe;
  const MachineAccess machine = this_machine();
  const std::string here = real_path(folder).value_or(folder);
  // Reading the project's files takes as long as asking programs.
  auto project = std::async(std::launch::async, [&] {
    const ProjectPlace place = project_place(here);
    ProjectState out;
    if (place.root.empty()) return out;
    out = project_state(place, project_disk());
    out.work = work_file(place.root);
    return out;
  });
  Snapshot out = take_snapshot(machine, request);
  out.project = project.get();
  out.packages.brew_libraries = probe_brew_libraries(machine, out.packages, out.project);
  return out;
}

Outcome<Snapshot> recorded_snapshot(const std::string& path) {
  const auto text = read_text(path, std::size_t{16} << 20U);
  const auto data = text ? parse_data(*text) : std::unexpected(text.error());
  const auto snapshot = data ? snapshot_from(*data) : std::unexpected(data.error());
  if (!snapshot) {
    return std::unexpected(make_finding(Code::usage_unreadable_input,
                                        {{"path", path}, {"reason", snapshot.error().what}}, path));
  }
  return *snapshot;
}

Snapshot masked_snapshot(Snapshot snapshot) {
  const std::string home = environment_variable("HOME").value_or("");
  std::string user =
      environment_variable("USER").value_or(environment_variable("LOGNAME").value_or(""));
  if (user.empty()) user = base_name(home);
  mask_snapshot(snapshot, home, user);
  return snapshot;
}

}  // namespace tenon
