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
  Closure(gosource::Context target, Packages& packages, const ProjectDisk& disk)
      : target_(std::move(target)), packages_(packages), disk_(disk) {
    target_.cgo = true;
    without_c_ = target_;
    without_c_.cgo = false;
  }

  ProjectState run(const std::string& file);

 private:
  void visit(const std::string& folder);
  [[nodiscard]] bool has_cxx(const std::string& folder) const;
  void take_folder(std::string_view path, CgoPackage& out) const;
  void follow(const std::string& import);
  void take_cgo(const std::vector<gosource::CgoLine>& lines, CgoPackage& out) const;
  static void take_words(const gosource::CgoLine& line, CgoPackage& out);

  gosource::Context target_, without_c_;
  Packages& packages_;
  const ProjectDisk& disk_;
  bool programs_ = false;
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
      if (word.starts_with("-L") || word.starts_with("-I")) take_folder(word.substr(2), out);
      before = word;
    }
    take_words(line, out);
  }
}

// The flags as cgo passes them on, with the package's own directory for ${SRCDIR}.
void Closure::take_words(const gosource::CgoLine& line, CgoPackage& out) {
  const bool links = line.verb == "LDFLAGS";
  if (!links && line.verb != "CFLAGS" && line.verb != "CPPFLAGS") return;
  constexpr std::string_view own = "${SRCDIR}";
  for (std::string& word : go_split(line.value).value_or(std::vector<std::string>())) {
    for (std::size_t at = word.find(own); at != word.npos; at = word.find(own)) {
      word.replace(at, own.size(), out.folder);
    }
    (links ? out.link : out.compile).push_back(std::move(word));
  }
}

// What an absolute -I or -L names, when nothing is there.
void Closure::take_folder(std::string_view path, CgoPackage& out) const {
  if (!path.starts_with('/') || !disk_.list(std::string(path)).empty()) return;
  if (std::ranges::find(out.missing, path) == out.missing.end()) out.missing.emplace_back(path);
}

// The ends of names that cmd/go compiles with CXX.
bool Closure::has_cxx(const std::string& folder) const {
  return std::ranges::any_of(disk_.list(folder), [&](const std::string& name) {
    return (name.ends_with(".cc") || name.ends_with(".cpp") || name.ends_with(".cxx")) &&
           gosource::name_fits(name, target_);
  });
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
  package.folder = folder;
  bool with_c = false;
  const bool own = gomod::below(packages_.import_path(folder), packages_.module().module);
  for (const GoFile& file : packages_.files(folder)) {
    // A binding often has a second half for builds without C.
    if (file.source.import_c == 0 && takes_part(file, without_c_) && !takes_part(file, target_)) {
      package.fallback = true;
    }
    if (!takes_part(file, target_) || file.source.package == "documentation") continue;
    for (const gosource::Import& import : file.source.imports) follow(import.path);
    programs_ = programs_ || (file.source.package == "main" && own);
    if (file.source.import_c == 0) continue;
    with_c = true;
    take_cgo(file.source.cgo, package);
    if (!file.source.preamble.empty()) package.preambles.push_back(file.source.preamble);
  }
  if (!with_c) return;
  package.path = packages_.import_path(folder);
  package.cxx = has_cxx(folder);
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
  out.modules = CountFact::of(module.require.size(), file);
  out.programs = FlagFact::of(programs_, "package clauses of the module");
  out.missing =
      ListFact::of({missing_.begin(), missing_.end()}, "imports of the module's packages");
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

// "# example.org/m v1.2.3" and "## explicit" below it; "# example.org/m v1.2.3 => ./fork".
std::vector<gomod::Module> explicit_modules(std::string_view text) {
  std::vector<gomod::Module> out;
  gomod::Module last;
  for (const std::string_view line : split(text, '\n')) {
    if (line.starts_with("## ") && line.contains("explicit") && !last.path.empty()) {
      out.push_back(std::exchange(last, {}));
    } else if (line.starts_with("# ")) {
      const auto words = split_words(line.substr(2));
      last = words.size() > 1 && words[1].starts_with("v")
                 ? gomod::Module{std::string(words[0]), std::string(words[1])}
                 : gomod::Module{};
    }
  }
  return out;
}

// cmd/go/internal/modload/vendor.go: what go.mod requires is explicit in modules.txt, and the other
// way round.
ListFact vendor_state(const ProjectPlace& place, const ProjectDisk& disk,
                      const gomod::File& module) {
  const std::string folder = place.root + "/vendor", file = folder + "/modules.txt";
  const auto text = disk.read(file);
  if (!text) {
    if (disk.list(folder).empty()) return ListFact::none(folder);
    return ListFact::of({fmt::format("{} does not exist", file)}, folder);
  }
  ListFact out = ListFact::of({}, file);
  const auto listed = explicit_modules(*text);
  for (const gomod::Module& one : module.require) {
    const auto same = std::ranges::find(listed, one.path, &gomod::Module::path);
    if (same == listed.end()) {
      out.value.push_back(fmt::format("{} {} of go.mod is not in it", one.path, one.version));
    } else if (same->version != one.version) {
      out.value.push_back(
          fmt::format("{} is {} in go.mod and {} in vendor", one.path, one.version, same->version));
    }
  }
  for (const gomod::Module& one : listed) {
    if (std::ranges::find(module.require, one.path, &gomod::Module::path) == module.require.end()) {
      out.value.push_back(fmt::format("{} {} is not required by go.mod", one.path, one.version));
    }
  }
  return out;
}

}  // namespace

ProjectState project_state(const ProjectPlace& place, const ProjectDisk& disk) {
  Packages packages(place, disk);
  ProjectState out = Closure(place.target, packages, disk).run(place.root + "/go.mod");
  out.vendor = vendor_state(place, disk, packages.module());
  out.targets = Fact<std::vector<ProjectTarget>>::of({}, "imports of the module's packages");
  for (const Platform& platform : platforms()) {
    const bool own = place.target.goos == platform.goos && place.target.goarch == platform.goarch;
    if (!platform.usual || own) continue;
    gosource::Context target = place.target;
    target.goos = platform.goos;
    target.goarch = platform.goarch;
    out.targets.value.push_back(
        {target.goos, target.goarch, Closure(target, packages, disk).run("").cgo});
  }
  return out;
}

}  // namespace tenon
