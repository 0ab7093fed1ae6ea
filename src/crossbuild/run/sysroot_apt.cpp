#include "crossbuild/run/sysroot_apt.h"

#include <fmt/format.h>

#include <chrono>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/reason.h"
#include "base/result.h"
#include "base/shown.h"
#include "base/text.h"
#include "crossbuild/sysroot/apt.h"
#include "crossbuild/sysroot/archive_list.h"
#include "crossbuild/sysroot/name.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/progress.h"
#include "host/files.h"
#include "host/process.h"

namespace tenon {
namespace {

constexpr std::chrono::minutes quick{2}, slow{60};

Finding cannot_write(const std::string& path, const Error& error) {
  return make_finding(Code::usage_output_not_writable,
                      {{"path", path}, {"reason", reason_text(error)}}, path);
}

Finding apt_failed(const Command& command, const Exit& exit) {
  if (exit.interrupted) return make_finding(Code::usage_interrupted, {}, "tenon sysroot");
  const std::string all = exit.out + exit.err;
  std::string reason = apt_complaint(all);
  if (reason.empty()) reason = fmt::format("it ended with code {}", exit.code);
  if (exit.timed_out) {
    const auto limit = std::chrono::duration_cast<std::chrono::minutes>(command.deadline);
    reason = fmt::format("it was stopped after {} minutes", limit.count());
  }
  Finding out = make_finding(Code::sysroot_apt_failed, {{"reason", reason}}, command.argv.front());
  out.evidence.push_back(
      {Evidence::Kind::command, shell_join(command.argv), std::string(trim(all))});
  if (const std::string_view remedy = apt_remedy(all); !remedy.empty()) {
    out.fixes = {{Fix::Safety::manual, Shown::of(remedy), {}}};
  }
  return out;
}

class Apt {
 public:
  Apt(const SysrootName& name, std::string folder, Progress& progress)
      : name_(name), folder_(std::move(folder)), progress_(progress) {}

  // `contents`: apt fetches the index of files too.
  [[nodiscard]] Outcome<void> prepare(bool contents = false);
  [[nodiscard]] Outcome<std::string> run(std::vector<std::string> args,
                                         std::chrono::milliseconds limit);

 private:
  [[nodiscard]] Result<void> write_files(bool contents);
  [[nodiscard]] Outcome<void> choose_sources();
  [[nodiscard]] std::string keyring() const;

  const SysrootName& name_;
  std::string folder_;
  std::string list_;  // file with sources for another release than the machine's
  std::string program_;
  Progress& progress_;
};

Result<void> Apt::write_files(bool contents) {
  for (const std::string_view part : {"/state/lists/partial", "/cache/archives/partial", "/log"}) {
    TENON_TRY(make_folders(folder_ + std::string(part)));
  }
  TENON_TRY(write_cache(folder_ + "/status", ""));
  return write_cache(folder_ + "/apt.conf",
                     contents ? apt_settings_with_contents() : std::string(apt_settings()));
}

Outcome<void> Apt::prepare(bool contents) {
  const auto program = find_program("apt-get");
  if (!program) {
    return std::unexpected(
        make_finding(Code::sysroot_apt_missing, {{"name", name_.text()}}, "apt-get"));
  }
  program_ = *program;
  if (const auto done = write_files(contents); !done) {
    return std::unexpected(cannot_write(folder_, done.error()));
  }
  return choose_sources();
}

std::string Apt::keyring() const {
  for (const std::string_view ending : {"gpg", "pgp"}) {
    std::string path =
        fmt::format("/usr/share/keyrings/{}-archive-keyring.{}", name_.distribution, ending);
    if (is_file(path)) return path;
  }
  return {};
}

Outcome<void> Apt::choose_sources() {
  const std::string lines = TENON_TRY(run({"update", "--print-uris"}, quick));
  const AptSources sources = sources_for(name_, parse_sources(lines), keyring());
  if (sources.none) {
    return std::unexpected(
        make_finding(Code::sysroot_no_source,
                     {{"distribution", name_.distribution}, {"name", name_.text()}}, name_.text()));
  }
  if (sources.own) return {};
  list_ = folder_ + "/sources.list";
  if (const auto done = write_cache(list_, sources.list); !done) {
    return std::unexpected(cannot_write(list_, done.error()));
  }
  return {};
}

Outcome<std::string> Apt::run(std::vector<std::string> args, std::chrono::milliseconds limit) {
  Command command;
  command.argv = {program_};
  for (std::string& option : apt_options(name_, folder_, list_)) {
    command.argv.push_back(std::move(option));
  }
  for (std::string& arg : args) command.argv.push_back(std::move(arg));
  command.environment = {"LC_ALL=C", "DEBIAN_FRONTEND=noninteractive"};
  command.deadline = limit;
  command.on_line = [this](std::string_view line, bool tick) {
    if (!tick && !trim(line).empty()) progress_.status(shown_format("apt: {}", trim(line)));
  };
  auto exit = tenon::run(command);
  progress_.clear_status();
  if (!exit) return std::unexpected(cannot_write(program_, exit.error()));
  if (!exit->ok()) return std::unexpected(apt_failed(command, *exit));
  return std::move(exit->out);
}

}  // namespace

Outcome<std::vector<std::string>> fetch_packages(const SysrootName& name,
                                                 const std::vector<std::string>& packages,
                                                 const std::string& folder, Progress& progress) {
  Apt apt(name, folder, progress);
  TENON_TRY(apt.prepare());
  progress.line(shown_format("reading the package lists of {}", name.text()));
  (void)TENON_TRY(apt.run({"update"}, slow));
  const auto with_packages = [&](std::vector<std::string> args) {
    args.insert(args.end(), packages.begin(), packages.end());
    return args;
  };
  const std::string plan = TENON_TRY(apt.run(with_packages({"--simulate", "install"}), quick));
  const auto all = parse_simulation(plan);
  progress.line(shown_format("fetching {} packages", all.size()));
  (void)TENON_TRY(apt.run(with_packages({"--yes", "--download-only", "install"}), slow));
  std::vector<std::string> files;
  for (const AptPackage& one : all) files.push_back(folder + "/cache/archives/" + one.file());
  return files;
}

Outcome<std::string> fetch_archive_list(const SysrootName& name, const std::string& folder,
                                        Progress& progress) {
  // apt names the files, and its helper reads each compression that it wrote.
  constexpr std::string_view helper = "/usr/lib/apt/apt-helper";
  Apt apt(name, folder, progress);
  TENON_TRY(apt.prepare(true));
  progress.line(shown_format("reading the index of files of {}", name.text()));
  (void)TENON_TRY(apt.run({"update"}, slow));
  const std::string files = TENON_TRY(
      apt.run({"indextargets", "--format", "$(FILENAME)", "Created-By: Contents-deb"}, quick));
  ArchiveList list;
  for (const std::string_view file : split(files, '\n')) {
    if (trim(file).empty()) continue;
    Command command;
    command.argv = {std::string(helper), "cat-file", std::string(trim(file))};
    command.environment = {"LC_ALL=C"};
    command.deadline = quick;
    command.output_limit = 0;
    command.on_bytes = [&](std::string_view part, bool standard_error) {
      if (!standard_error) list.bytes(part);
    };
    const auto exit = tenon::run(command);
    if (!exit) return std::unexpected(cannot_write(command.argv.front(), exit.error()));
    if (!exit->ok()) return std::unexpected(apt_failed(command, *exit));
    list.end();
  }
  return list.text();
}

}  // namespace tenon
