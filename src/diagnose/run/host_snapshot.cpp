#include "diagnose/run/host_snapshot.h"

#include <cstddef>
#include <expected>
#include <future>
#include <string>

#include "base/fact.h"
#include "base/path.h"
#include "base/reason.h"
#include "base/result.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/render/render.h"
#include "diagnose/project/closure.h"
#include "diagnose/project/trace.h"
#include "diagnose/run/project_disk.h"
#include "format/gomod/gomod.h"
#include "host/files.h"
#include "host/private_folder.h"
#include "host/process.h"
#include "machine/probe/probe.h"
#include "machine/snapshot_data.h"

namespace tenon {
namespace {

// The go and toolchain lines of go.work, whose grammar for them is that of go.mod.
void read_work(ProjectState& project) {
  const auto text = project.work.known() ? read_text(project.work.value, std::size_t{1} << 20U)
                                         : fail(Errc::not_found, "");
  if (!text) return;
  const gomod::File file = gomod::read(*text);
  const auto line = [&](const std::string& value) {
    return value.empty() ? TextFact::none(project.work.value)
                         : TextFact::of(value, project.work.value);
  };
  project.work_go = line(file.go);
  project.work_toolchain = line(file.toolchain);
  // A workspace has a vendor directory of its own.
  project.vendor = ListFact::open("the module is part of a workspace");
}

}  // namespace

Snapshot host_snapshot(const std::string& folder, SnapshotRequest::Try tried) {
  SnapshotRequest request;
  request.c = tried;
  if (const std::string cache = private_cache(); !cache.empty()) {
    request.build_cache = join_path(cache, "doctor/go-build");
    request.kept_program = join_path(cache, "doctor/program");
  }
  const MachineAccess machine = this_machine();
  const std::string here = real_path(folder).value_or(folder);
  // Reading the project's files takes as long as asking programs.
  auto project = std::async(std::launch::async, [&] {
    const ProjectPlace place = project_place(here);
    ProjectState out;
    if (place.root.empty()) return out;
    out = project_state(place, project_disk());
    out.work = work_file(place.root);
    read_work(out);
    probe_repository(machine, place.root, request.program_limit, out);
    return out;
  });
  Snapshot out = take_snapshot(machine, request);
  out.project = project.get();
  probe_cxx(machine, out.settings, request, out);
  probe_package_files(machine, request, out);
  out.packages.brew_libraries = probe_brew_libraries(machine, out.packages, out.project);
  return out;
}

Outcome<Snapshot> recorded_snapshot(const std::string& path) {
  const auto text = read_text(path, std::size_t{16} << 20U);
  const auto data = text ? parse_data(*text) : std::unexpected(text.error());
  const auto snapshot = data ? snapshot_from(*data) : std::unexpected(data.error());
  if (!snapshot) {
    return std::unexpected(make_finding(Code::usage_unreadable_input,
                                        {{"path", path}, {"reason", reason_text(snapshot.error())}},
                                        path));
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
