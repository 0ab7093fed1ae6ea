#include "diagnose/run/ask.h"

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "diagnose/answer.h"
#include "diagnose/build_context.h"
#include "diagnose/causes/install.h"
#include "diagnose/causes/team.h"
#include "diagnose/log.h"
#include "diagnose/rows/read.h"
#include "host/files.h"
#include "machine/probe/own_platform.h"
#include "machine/run/package_index.h"

namespace tenon::explain {

Answer answer(std::string_view log, std::string name, const std::string& project,
              const std::vector<std::string>& command, const Snapshot* host,
              const TeamCauses* team) {
  BuildContext build;
  if (!command.empty()) build = build_of(command);
  if (host != nullptr && build.host_goos.empty()) {
    build.host_goos = host->system.goos;
    build.host_goarch = host->system.goarch;
    build.distribution = distribution_of(host->system.name.value, host->system.version.value);
  }
  Answer out = read_answer(log, name, build, team);
  if (!command.empty() && look_up_missing(out.log, build)) {
    out = read_answer(log, std::move(name), build, team);
  }
  out.project_root = project;
  if (!build.packages.source.empty()) out.looked.push_back(build.packages.source);
  if (!project.empty()) ask_project(out);
  if (host != nullptr) ask_host(out, *host);
  if (!command.empty()) ask_machine(out, command);
  group_failures(out, team);
  return out;
}

bool look_up_missing(const Log& log, BuildContext& build) {
  if (log.goos != "linux" && !(log.goos.empty() && build.host_goos == "linux")) return false;
  build.packages = look_up_packages(missing_files(log), build.distribution);
  return build.packages.asked;
}

TeamCauses::Made team_causes(const std::string& folder) {
  TeamCauses::Files files;
  std::vector<rows::RowError> errors;
  const auto names = list_folder(folder);
  if (!names) {
    errors.push_back({folder, 0, names.error().what});
    return std::unexpected(std::move(errors));
  }
  for (const std::string& name : *names) {
    if (!name.ends_with(".toml")) continue;
    const std::string path = join_path(folder, name);
    if (auto text = read_text(path, rows::most_row_text)) {
      files.emplace_back(path, *std::move(text));
    } else {
      errors.push_back({path, 0, text.error().what});
    }
  }
  if (files.empty() && errors.empty()) errors.push_back({folder, 0, "contains no *.toml file"});
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return TeamCauses::read(files);
}

}  // namespace tenon::explain
