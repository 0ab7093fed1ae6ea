#include "diagnose/run/ask.h"

#include <utility>

namespace tenon::explain {

Answer answer(std::string_view log, std::string name, const std::string& project,
              const std::vector<std::string>& command, const Snapshot* host) {
  BuildContext build;
  if (!command.empty()) build = build_of(command);
  if (host != nullptr && build.host_goos.empty()) {
    build.host_goos = host->system.goos;
    build.host_goarch = host->system.goarch;
  }
  Answer out = read_answer(log, std::move(name), build);
  out.project_root = project;
  if (!project.empty()) ask_project(out);
  if (host != nullptr) ask_host(out, *host);
  if (!command.empty()) ask_machine(out, command);
  return out;
}

}  // namespace tenon::explain
