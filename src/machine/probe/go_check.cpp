// The program is kept in the private cache, with the GOCACHE that it was built with: go itself
// tells what of it has to be built again, which takes some 70 ms when nothing has, and half a
// second otherwise. go watches its own tools, the flags and the compiler, but not the headers,
// libraries and linkers of the system. Their sizes and times are a constant in the text of the
// program, so that a change of any of them makes go compile and link again. Only a program that
// works is believed: whatever fails in the kept folder is tried again in a new one.
#include "machine/probe/go_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/fact.h"
#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "host/files.h"
#include "host/process.h"
#include "host/system.h"
#include "machine/probe/probe.h"
#include "platform/platforms.h"

namespace tenon {
namespace {

constexpr std::size_t most_output = 4000;

// GOFLAGS without what is about modules or makes no program.
std::string flags_for_check(const SettingsState& settings) {
  const std::string set = setting_value(settings, "GOFLAGS");
  std::string out;
  for (const std::string_view word : split_words(set)) {
    const std::string_view plain = word.starts_with("--") ? word.substr(1) : word;
    const bool left_out = std::ranges::any_of(
        std::to_array<std::string_view>({"-mod=", "-modfile=", "-modcacherw",
                                         "-buildmode=", "-overlay=", "-n", "-json", "-cover"}),
        [&](std::string_view head) { return plain.starts_with(head); });
    if (!left_out) out += (out.empty() ? "" : " ") + std::string(word);
  }
  return out.empty() ? "-mod=mod" : "-mod=mod " + out;
}

// The release that GOTOOLCHAIN names, where it is here; the one on PATH otherwise.
std::string release_for_check(const SettingsState& settings, const GoState& go) {
  const std::string set = setting_value(settings, "GOTOOLCHAIN");
  const std::string name = set.substr(0, set.find('+'));
  const bool here = std::ranges::find(go.toolchains.value, name, &GoInstall::version) !=
                    go.toolchains.value.end();
  return here ? name : "local";
}

std::string stamp(const std::string& path) {
  const auto info = file_info(path);
  return info ? fmt::format("{} {} {} {}\n", real_path(path).value_or(path), info->size,
                            info->modified_ns, info->inode)
              : path + " -\n";
}

// Directories that change when a header, a library or a start file is installed or removed.
std::vector<std::string> watched_folders(const MachineAccess& machine, const GoState& go) {
  std::vector<std::string> out{"/usr/include",
                               "/usr/local/include",
                               "/usr/lib",
                               "/usr/lib64",
                               "/usr/local/lib",
                               "/lib",
                               "/var/db/xcode_select_link",
                               "/Library/Developer/CommandLineTools/SDKs",
                               "/Applications/Xcode.app/Contents/version.plist"};
  const Platform* own = find_platform(machine.goos, machine.goarch);
  if (own != nullptr && !own->debian.empty()) {
    out.push_back(fmt::format("/usr/lib/{}", own->debian));
    out.push_back(fmt::format("/usr/include/{}", own->debian));
  }
  for (const GoInstall& one : go.installs.value) {
    for (const char* part : {"/VERSION", "/bin/go", "/src/runtime/cgo", "/pkg/include"}) {
      if (!one.root.empty()) out.push_back(one.root + part);
    }
  }
  return out;
}

// Everything that go does not watch, and that decides whether the program can be built and run.
std::string stamp_of_machine(const MachineAccess& machine, const SettingsState& settings,
                             const GoState& go) {
  std::string all = machine.variable("PATH") + "\n";
  for (const Setting& one : settings.list.value) {
    if (one.active) all += fmt::format("{}={}\n", one.name, one.value);
  }
  for (const char* name : {"COMPILER_PATH", "GCC_EXEC_PREFIX", "GCC_ROOT", "CCACHE_DISABLE"}) {
    all += fmt::format("{}={}\n", name, machine.variable(name));
  }
  const ProcessLimits limits = process_limits();
  all += fmt::format("{} {} {}\n", limits.open_files.value_or(0), limits.address_space.value_or(0),
                     limits.file_size.value_or(0));
  for (const char* name : {"gcc", "clang", "cc", "as", "ld", "ld.bfd", "ld.gold", "ld.lld"}) {
    if (const auto program = machine.find(name)) all += stamp(*program);
  }
  for (const std::string& folder : watched_folders(machine, go)) all += stamp(folder);
  return hex(sha256(view_of(all).bytes())).substr(0, 32);
}

// Writes a file unless it holds the text already.
bool keep_text(const std::string& path, const std::string& text) {
  const auto kept = is_file(path) ? read_text(path) : fail(Errc::not_found, "");
  return (kept && *kept == text) || write_text(path, text).has_value();
}

bool write_program(const std::string& folder, const std::string& machine_stamp) {
  return keep_text(folder + "/go.mod", "module probe\n\ngo 1.18\n") &&
         keep_text(folder + "/main.go",
                   "package main\n\n// #include <stdlib.h>\n"
                   "// static int one(void) { return abs(-1); }\nimport \"C\"\n\n"
                   "func main() { println(int(C.one()), \"" +
                       machine_stamp + "\") }\n");
}

class GoCheck {
 public:
  GoCheck(const MachineAccess& machine, const SettingsState& settings, const GoState& go,
          const SnapshotRequest& request, std::string program)
      : machine_(machine),
        settings_(settings),
        go_(go),
        request_(request),
        program_(std::move(program)),
        stamp_(stamp_of_machine(machine, settings, go)) {}

  // Nothing when the kept program cannot be had or does not work.
  [[nodiscard]] std::optional<Check> kept() const;
  [[nodiscard]] Check once(const std::string& folder) const;

 private:
  [[nodiscard]] Check built_in(const std::string& folder) const;

  const MachineAccess& machine_;
  const SettingsState& settings_;
  const GoState& go_;
  const SnapshotRequest& request_;
  std::string program_, stamp_;
};

std::optional<Check> GoCheck::kept() const {
  const std::string& folder = request_.kept_program;
  if (folder.empty() || !make_folders(folder)) return std::nullopt;
  // Two of us at once: the second builds one of its own.
  const auto lock = FileLock::try_lock(join_path(folder, "lock"));
  if (!lock || !*lock) return std::nullopt;
  if (!write_program(folder, stamp_)) return std::nullopt;
  Check check = built_in(folder);
  const bool failed = check.stage.known() && check.stage.value != "works";
  return failed ? std::nullopt : std::optional(std::move(check));
}

Check GoCheck::once(const std::string& folder) const {
  if (!write_program(folder, stamp_)) return open_check("nothing can be written to " + folder);
  return built_in(folder);
}

Check GoCheck::built_in(const std::string& folder) const {
  Command command;
  command.argv = {program_, "build", "-o", folder + "/probe", "."};
  command.directory = folder;
  const std::string cache = request_.build_cache.empty() ? folder + "/cache" : request_.build_cache;
  command.environment = {"CGO_ENABLED=1", "GOFLAGS=" + flags_for_check(settings_),
                         "GOWORK=off",    "GOTOOLCHAIN=" + release_for_check(settings_, go_),
                         "GOPROXY=off",   "GOCACHE=" + cache,
                         "GOOS",          "GOARCH"};
  command.deadline = request_.build_limit;
  command.patience = std::chrono::milliseconds(100);
  const auto built = run(command);
  const std::string shown = "go build of a 3-line cgo program";
  if (!built || built->timed_out || built->interrupted) {
    return open_check(fmt::format("building a 3-line cgo program timed out after {:.1f} s",
                                  static_cast<double>(request_.build_limit.count()) / 1000));
  }
  if (built->code != 0) {
    const bool link = built->err.contains("/link: ") || built->err.contains("collect2") ||
                      built->err.contains("linker command");
    return {TextFact::of(link ? "link" : "compile", shown),
            TextFact::of(without_folder(built->err, folder), shown)};
  }
  const TextFact ran = machine_.ask({folder + "/probe"}, request_.program_limit);
  if (ran.known()) return {TextFact::of("works", shown), TextFact::none(shown)};
  return {TextFact::of("run", shown), TextFact::of(ran.why.substr(0, most_output), shown)};
}

}  // namespace

Check open_check(const std::string& why) { return {TextFact::open(why), TextFact::open(why)}; }

std::string without_folder(std::string said, const std::string& folder) {
  for (std::size_t at = said.find(folder); at != said.npos; at = said.find(folder)) {
    said.replace(at, folder.size(), "$WORK");
  }
  return said.substr(0, most_output);
}

Check check_go(const MachineAccess& machine, const SettingsState& settings, const GoState& go,
               const SnapshotRequest& request, const std::string& folder) {
  const auto program = machine.find("go");
  if (!program) return open_check("there is no go");
  const GoCheck check(machine, settings, go, request, *program);
  if (auto known = check.kept()) return *std::move(known);
  return check.once(folder);
}

}  // namespace tenon
