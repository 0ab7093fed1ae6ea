#include "diagnose/project/closure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/text.h"
#include "diagnose/project/packages.h"
#include "diagnose/project/trace.h"
#include "format/gomod/gomod.h"
#include "format/gosource/source.h"
#include "platform/platforms.h"

namespace tenon {
namespace {

using project::GoFile;
using project::Packages;

constexpr std::size_t most_packages = 20'000;

std::string_view last_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool takes_part(const GoFile& file, const gosource::Context& target) {
  return gosource::name_fits(last_name(file.path), target) &&
         gosource::satisfied(file.source.constraint, target);
}

class Closure {
 public:
  Closure(gosource::Context target, Packages& packages)
      : target_(std::move(target)), packages_(packages) {
    target_.cgo = true;
    without_c_ = target_;
    without_c_.cgo = false;
  }

  ProjectState run(const std::string& file);

 private:
  void visit(const std::string& folder);
  void follow(const std::string& import);
  void take_cgo(const std::vector<gosource::CgoLine>& lines, CgoPackage& out) const;

  gosource::Context target_, without_c_;
  Packages& packages_;
  std::set<std::string> seen_;
  std::vector<std::string> waiting_;
  std::vector<CgoPackage> found_;
  std::set<std::string> missing_;
};

void Closure::take_cgo(const std::vector<gosource::CgoLine>& lines, CgoPackage& out) const {
  const auto add = [](std::vector<std::string>& list, std::string_view word) {
    if (std::ranges::find(list, word) == list.end()) list.emplace_back(word);
  };
  for (const gosource::CgoLine& line : lines) {
    if (!gosource::condition_holds(line.condition, target_)) continue;
    std::string_view before;
    for (const std::string_view word : split_words(line.value)) {
      if (line.verb == "pkg-config") {
        // "glib-2.0 >= 2.50": the comparison and its number are no packages.
        const bool compared = before.find_first_not_of("<>=!") == before.npos && !before.empty();
        const bool package = !word.starts_with("-") && word.find_first_of("<>=!") != 0;
        if (package && !compared) add(out.pc, word);
      } else if (line.verb == "LDFLAGS") {
        if (word.starts_with("-L")) add(out.folders, word.substr(2));
        if (word.starts_with("-l")) add(out.libraries, word.substr(2));
        if (before == "-framework") add(out.frameworks, word);
      }
      before = word;
    }
  }
}

void Closure::follow(const std::string& import) {
  if (import == "C" || import == "unsafe") return;
  const bool own = gomod::below(import, packages_.module().module);
  // Only the standard library has no dot in the first element.
  if (!own && !import.substr(0, import.find('/')).contains('.')) return;
  if (!seen_.insert(import).second || seen_.size() > most_packages) return;
  if (auto folder = packages_.folder(import)) {
    waiting_.push_back(*std::move(folder));
  } else {
    missing_.insert(import);
  }
}

void Closure::visit(const std::string& folder) {
  CgoPackage package;
  bool with_c = false;
  for (const GoFile& file : packages_.files(folder)) {
    // A binding often has a second half for builds without C.
    if (file.source.import_c == 0 && takes_part(file, without_c_) && !takes_part(file, target_)) {
      package.fallback = true;
    }
    if (!takes_part(file, target_) || file.source.package == "documentation") continue;
    for (const gosource::Import& import : file.source.imports) follow(import.path);
    if (file.source.import_c == 0) continue;
    with_c = true;
    take_cgo(file.source.cgo, package);
  }
  if (!with_c) return;
  package.path = packages_.import_path(folder);
  found_.push_back(std::move(package));
}

ProjectState Closure::run(const std::string& file) {
  ProjectState out;
  const gomod::File& module = packages_.module();
  const auto text = [&](const std::string& value) {
    return value.empty() ? TextFact::none(file) : TextFact::of(value, file);
  };
  out.module = text(module.module);
  out.go = text(module.go);
  out.toolchain = text(module.toolchain);
  for (const std::string& folder : packages_.own_folders(most_packages)) {
    seen_.insert(packages_.import_path(folder));
    waiting_.push_back(folder);
  }
  std::set<std::string> visited;
  while (!waiting_.empty()) {
    const std::string folder = std::move(waiting_.back());
    waiting_.pop_back();
    if (visited.insert(folder).second) visit(folder);
  }
  std::ranges::sort(found_, {}, &CgoPackage::path);
  if (found_.empty() && !missing_.empty()) {
    out.cgo = Fact<std::vector<CgoPackage>>::open(fmt::format(
        "{} packages are not downloaded, {} among them", missing_.size(), *missing_.begin()));
  } else {
    out.cgo =
        Fact<std::vector<CgoPackage>>::of(std::move(found_), "imports of the module's packages");
  }
  return out;
}

}  // namespace

ProjectState project_state(const ProjectPlace& place, const ProjectDisk& disk) {
  Packages packages(place, disk);
  ProjectState out = Closure(place.target, packages).run(place.root + "/go.mod");
  out.targets = Fact<std::vector<ProjectTarget>>::of({}, "imports of the module's packages");
  for (const Platform& platform : platforms()) {
    const bool own = place.target.goos == platform.goos && place.target.goarch == platform.goarch;
    if (!platform.usual || own) continue;
    gosource::Context target = place.target;
    target.goos = platform.goos;
    target.goarch = platform.goarch;
    out.targets.value.push_back(
        {target.goos, target.goarch, Closure(target, packages).run("").cgo});
  }
  return out;
}

}  // namespace tenon
