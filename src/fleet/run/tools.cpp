#include "fleet/run/tools.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/text.h"
#include "base/version.h"
#include "fleet/properties.h"
#include "host/files.h"
#include "host/process.h"
#include "host/system.h"
#include "wire/values.h"

namespace tenon::fleet {
namespace {

// The first line of what a program prints; empty when it cannot be run.
std::string answer_of(std::vector<std::string> argv, std::vector<std::string> environment) {
  Command command;
  command.argv = std::move(argv);
  command.environment = std::move(environment);
  command.deadline = std::chrono::seconds(20);
  const auto exit = run(command);
  if (!exit || !exit->ok()) return {};
  return std::string(trim(exit->out.substr(0, exit->out.find('\n'))));
}

}  // namespace

std::vector<GoProgram> find_go(const std::vector<std::string>& programs) {
  std::vector<GoProgram> out;
  for (const std::string& name : programs) {
    const auto path = find_program(name);
    if (!path) continue;
    std::string version =
        answer_of({*path, "env", "GOVERSION"}, {"GOTOOLCHAIN=local", "GOENV=off"});
    if (!version.starts_with("go")) continue;
    version.erase(0, 2);
    if (std::ranges::find(out, version, &GoProgram::version) == out.end()) {
      out.push_back({*path, version});
    }
  }
  return out;
}

std::string zig_cache() {
  if (auto own = environment_variable("ZIG_GLOBAL_CACHE_DIR")) return *std::move(own);
  if (const auto xdg = environment_variable("XDG_CACHE_HOME")) return *xdg + "/zig";
  if (const auto home = environment_variable("HOME")) return *home + "/.cache/zig";
  return {};
}

std::string tenon_program() {
  std::string own = own_path();
  if (base_name(own) != "tenon-fleet") return own;
  return join_path(folder_of(own), "tenon");
}

std::vector<remote::Property> own_properties() {
  const SystemName system = system_name();
  std::string tenon(tenon_version());
  if (!tenon_commit().empty()) tenon += "-" + std::string(tenon_commit());
  std::vector<remote::Property> out{
      {"tenon", tenon}, {"OSFamily", system.system}, {"ISA", system.machine}};
  const std::string zig = answer_of({"zig", "version"}, {});
  if (!zig.empty()) out.push_back({"zig", zig});
  if (const auto path = find_program("zig")) out.push_back({"zig-at", *path});
  out.push_back({"tenon-at", tenon_program()});
  out.push_back({"tenon-cache", cache_folder()});
  if (const std::string folder = zig_cache(); !folder.empty()) out.push_back({"zig-cache", folder});
  for (remote::Property& property : out) property.value = word_of(std::move(property.value));
  return out;
}

}  // namespace tenon::fleet
