#include "inspect/module_of.h"

#include <string>
#include <string_view>

#include "inspect/artifact.h"

namespace tenon {
namespace {

constexpr std::string_view no_package = "(compiler)";

bool inside(std::string_view package, std::string_view module) {
  return !module.empty() && package.starts_with(module) &&
         (package.size() == module.size() || package[module.size()] == '/');
}

}  // namespace

std::string module_of(std::string_view package, const GoArtifact* go) {
  if (package == no_package) return std::string(no_package);
  std::string_view best;
  const auto take = [&](std::string_view module) {
    if (inside(package, module) && module.size() > best.size()) best = module;
  };
  if (go != nullptr && go->module) {
    if (package == "main" || package.starts_with("main.")) return go->module->path;
    take(go->module->path);
  }
  if (go != nullptr) {
    for (const GoModuleFact& one : go->dependencies) take(one.path);
  }
  if (!best.empty()) return std::string(best);
  if (package == "main") return "(main package)";
  const std::string_view first = package.substr(0, package.find('/'));
  return first.contains('.') ? "(module unknown)" : "standard library";
}

}  // namespace tenon
