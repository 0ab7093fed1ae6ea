// Whether the headers and libraries that packages of the project name are here. The compiler is
// asked as cgo asks it, with the flags of the settings, of pkg-config and of the package: each
// package's C code above import "C" goes through the preprocessor, and one program that does
// nothing is linked with all libraries. Only "there is no such header" and "there is no such
// library" count; whatever else goes wrong may be due to the trial. C files beside the Go files are
// not read.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <future>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/path.h"
#include "base/text.h"
#include "host/files.h"
#include "host/process.h"
#include "machine/probe/go_check.h"
#include "machine/probe/probe.h"

namespace tenon {
namespace {

using Words = std::vector<std::string>;

constexpr std::size_t most_packages = 32;

// The lines that tell of a file that is not there.
std::string lost_lines(std::string_view said) {
  std::string out;
  for (const std::string_view line : split(said, '\n')) {
    const bool header =
        line.contains("fatal error: ") &&
        (line.contains("No such file or directory") || line.contains("file not found"));
    const bool library = line.contains("cannot find -l") ||
                         line.contains("unable to find library") ||
                         line.contains("library not found for -l") ||
                         (line.contains("ld: library '") && line.contains("' not found"));
    // cgo writes that one later.
    const bool known = out.contains(line) || line.contains("_cgo_export.h");
    if ((header || library) && !known) out.append(line).append("\n");
  }
  return out;
}

class PackageCheck {
 public:
  PackageCheck(const MachineAccess& machine, const SettingsState& settings, const Words& compiler,
               const TextFact& pkg_config, const SnapshotRequest& request)
      : machine_(machine),
        settings_(settings),
        compiler_(compiler),
        pkg_config_(pkg_config),
        request_(request) {}

  // What is said of the headers of a package; empty when nothing is missing.
  [[nodiscard]] std::string headers(const CgoPackage& package, const std::string& folder) const;
  // The words that link a package.
  [[nodiscard]] Words link_words(const CgoPackage& package) const;
  [[nodiscard]] std::string link(const Words& libraries, const std::string& folder) const;

 private:
  [[nodiscard]] Words settings_words(std::string_view name) const;
  [[nodiscard]] Words from_pkg_config(const char* what, const CgoPackage& package) const;
  [[nodiscard]] bool pkg_config_knows(const CgoPackage& package) const;
  [[nodiscard]] std::string said(Words argv, const std::string& folder) const;

  const MachineAccess& machine_;
  const SettingsState& settings_;
  const Words& compiler_;
  const TextFact& pkg_config_;
  const SnapshotRequest& request_;
};

void append(Words& to, const Words& from) { to.insert(to.end(), from.begin(), from.end()); }

Words PackageCheck::settings_words(std::string_view name) const {
  return go_split(setting_value(settings_, name)).value_or(Words());
}

Words PackageCheck::from_pkg_config(const char* what, const CgoPackage& package) const {
  if (package.pc.empty() || !pkg_config_.known()) return {};
  Words argv{pkg_config_.value, what, "--"};
  append(argv, package.pc);
  const TextFact words = machine_.ask(argv, request_.program_limit);
  return words.known() ? go_split(words.value).value_or(Words()) : Words();
}

// What it does not know is told by its own finding.
bool PackageCheck::pkg_config_knows(const CgoPackage& package) const {
  if (!pkg_config_.known()) return false;
  Words argv{pkg_config_.value, "--exists", "--"};
  append(argv, package.pc);
  return machine_.ask(argv, request_.program_limit).known();
}

std::string PackageCheck::said(Words argv, const std::string& folder) const {
  Command command;
  command.argv = std::move(argv);
  command.directory = folder;
  command.environment = {"LC_ALL=C"};
  command.deadline = request_.compiler_limit;
  command.patience = std::chrono::milliseconds(200);
  command.merge_streams = true;
  command.output_limit = std::size_t{1} << 20U;
  const auto exit = run(command);
  if (!exit || exit->ok() || exit->timed_out || exit->interrupted) return {};
  return lost_lines(exit->out);
}

std::string PackageCheck::headers(const CgoPackage& package, const std::string& folder) const {
  Words argv = compiler_;
  append(argv, settings_words("CGO_CPPFLAGS"));
  append(argv, settings_words("CGO_CFLAGS"));
  const Words asked = from_pkg_config("--cflags", package);
  if (asked.empty() && !package.pc.empty() && !pkg_config_knows(package)) return {};
  append(argv, asked);
  append(argv, package.compile);
  append(argv, {"-I", package.folder, "-M"});
  for (std::size_t i = 0; i < package.preambles.size(); ++i) {
    const std::string file = join_path(folder, "preamble" + std::to_string(i) + ".c");
    if (!write_text(file, package.preambles[i])) return {};
    argv.push_back(file);
  }
  // Names that a package gives relative to itself hold in its own directory.
  return without_folder(said(std::move(argv), package.folder), folder);
}

Words PackageCheck::link_words(const CgoPackage& package) const {
  Words out = from_pkg_config("--libs", package);
  append(out, package.link);
  const auto library = [](const std::string& word) { return word.starts_with("-l"); };
  return std::ranges::any_of(out, library) ? out : Words();
}

std::string PackageCheck::link(const Words& libraries, const std::string& folder) const {
  const std::string source = join_path(folder, "link.c");
  if (libraries.empty() || !write_text(source, "int main(void) { return 0; }\n")) return {};
  Words argv = compiler_;
  append(argv, {"-o", join_path(folder, "link.out"), source});
  append(argv, settings_words("CGO_LDFLAGS"));
  append(argv, libraries);
  return said(std::move(argv), folder);
}

// "-lsqlite3", of a line of a linker.
bool speaks_of(std::string_view line, const Words& libraries) {
  return std::ranges::any_of(libraries, [&](const std::string& word) {
    if (!word.starts_with("-l") || word.size() < 3) return false;
    const std::size_t at = line.find(word);
    const std::string_view name = std::string_view(word).substr(2);
    const bool flag = at != line.npos && (at + word.size() == line.size() ||
                                          line.substr(at + word.size()).starts_with(':'));
    return flag || line.contains("'" + std::string(name) + "'") ||
           line.ends_with("library " + word);
  });
}

}  // namespace

void probe_package_files(const MachineAccess& machine, const SnapshotRequest& request,
                         Snapshot& snapshot) {
  const TextFact& alone = snapshot.compiler.c_probe;
  if (request.c != SnapshotRequest::Try::go || !alone.known() || alone.value != "works") return;
  auto& packages = snapshot.project.cgo.value;
  const Words compiler = compiler_words(machine, snapshot.settings);
  auto made = make_temporary_folder("tenon-doctor");
  if (packages.empty() || compiler.empty() || !made) return;
  const TemporaryFolder folder(*std::move(made));
  const PackageCheck check(machine, snapshot.settings, compiler, snapshot.packages.pkg_config,
                           request);
  std::vector<std::future<std::string>> said;
  std::vector<Words> words;
  Words all;
  const std::size_t count = std::min(packages.size(), most_packages);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string own = join_path(folder.path, std::to_string(i));
    said.push_back(std::async(std::launch::async | std::launch::deferred, [&check, &packages, own,
                                                                           i] {
      const CgoPackage& one = packages[i];
      return one.preambles.empty() || !make_folders(own) ? std::string() : check.headers(one, own);
    }));
    words.push_back(check.link_words(packages[i]));
    append(all, words.back());
  }
  const std::string linked = check.link(all, folder.path);
  for (std::size_t i = 0; i < count; ++i) {
    packages[i].said = said[i].get();
    for (const std::string_view line : split(linked, '\n')) {
      if (speaks_of(line, words[i])) packages[i].said.append(line).append("\n");
    }
  }
}

}  // namespace tenon
