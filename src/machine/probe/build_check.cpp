// Whether C compiles, links and runs here: a three-line program, first by the compiler alone, as
// cgo calls it, then by go build. What fails in the first is told within some 50 ms, and go is not
// asked. go builds into a cache of tenon's own, so that the answer does not depend on what the user
// has built; that cache is empty once, and the limit leaves room for it (go_check.cpp).
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
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
using std::chrono::milliseconds;

void add_flags(const SettingsState& settings, std::string_view name, Words& out) {
  const auto words = go_split(setting_value(settings, name)).value_or(Words());
  out.insert(out.end(), words.begin(), words.end());
}

// One language: the command, its program text and the flags that are set for it.
struct Language {
  Words command;
  std::string_view file, text, flags, name;
};

class Trial {
 public:
  Trial(const SettingsState& settings, const SnapshotRequest& request, const std::string& folder)
      : settings_(settings), request_(request), folder_(folder) {}

  [[nodiscard]] Check run(const Language& language) const;

 private:
  // Empty: it went well.
  [[nodiscard]] std::optional<Check> step(const char* stage, Words argv, milliseconds limit,
                                          const std::string& shown) const;

  const SettingsState& settings_;
  const SnapshotRequest& request_;
  const std::string& folder_;
};

std::optional<Check> Trial::step(const char* stage, Words argv, milliseconds limit,
                                 const std::string& shown) const {
  Command command;
  command.argv = std::move(argv);
  command.directory = folder_;
  command.environment = {"LC_ALL=C"};
  command.deadline = limit;
  command.patience = milliseconds(200);
  command.merge_streams = true;
  const auto exit = tenon::run(command);
  if (!exit) return open_check(fmt::format("{}: {}", shown, exit.error().what));
  if (exit->timed_out || exit->interrupted) {
    return open_check(fmt::format("{} did not respond within {} ms", shown, limit.count()));
  }
  if (exit->code == 0) return std::nullopt;
  std::string said = without_folder(exit->out, folder_);
  if (exit->signal != 0) said += fmt::format("\nsignal: {}", exit->signal);
  return Check{TextFact::of(stage, shown), TextFact::of(std::move(said), shown)};
}

Check Trial::run(const Language& language) const {
  const std::string shown = fmt::format("a 3-line {} program", language.name);
  const std::string source = join_path(folder_, language.file);
  const std::string object = source + ".o", program = source + ".out";
  if (!write_text(source, language.text)) return open_check("nothing can be written to " + folder_);
  Words compile = language.command, link = language.command;
  add_flags(settings_, "CGO_CPPFLAGS", compile);
  add_flags(settings_, language.flags, compile);
  compile.insert(compile.end(), {"-c", source, "-o", object});
  link.insert(link.end(), {object, "-o", program});
  add_flags(settings_, "CGO_LDFLAGS", link);
  if (auto failed = step("compile", compile, request_.compiler_limit, "compiling " + shown)) {
    return *failed;
  }
  if (auto failed = step("link", link, request_.compiler_limit, "linking " + shown)) return *failed;
  if (auto failed = step("run", {program}, request_.program_limit, "running " + shown)) {
    return *failed;
  }
  return {TextFact::of("works", shown), TextFact::none(shown)};
}

// The words of CC or CXX with the program found on PATH; empty when there is none.
Words command_of(const MachineAccess& machine, const SettingsState& settings, const char* name,
                 const std::string& usual) {
  const std::string set = setting_value(settings, name);
  Words words = go_split(set.empty() ? usual : set).value_or(Words());
  const auto program = words.empty() ? std::nullopt : machine.find(words.front());
  if (!program) return {};
  words.front() = *program;
  return words;
}

// Why nothing is compiled here; empty when something may be.
std::string reason_against(const MachineAccess& machine) {
  if (!machine.root.empty()) return "another machine's files";
  if (machine.goos == "darwin" && !machine.developer_tools) {
    return "clang would open a window: no developer tools";
  }
  return {};
}

}  // namespace

Words compiler_words(const MachineAccess& machine, const SettingsState& settings) {
  return command_of(machine, settings, "CC", machine.goos == "darwin" ? "clang" : "gcc");
}

void probe_build(const MachineAccess& machine, const SettingsState& settings, const GoState& go,
                 const SnapshotRequest& request, CompilerState& compiler) {
  using Try = SnapshotRequest::Try;
  const auto all = [&](const Check& check) {
    compiler.c_probe = compiler.probe = check.stage;
    compiler.c_output = compiler.probe_output = check.output;
  };
  if (request.c == Try::nothing) {
    const TextFact fact = TextFact::not_asked("--no-probe");
    return all({fact, fact});
  }
  if (const std::string why = reason_against(machine); !why.empty()) return all(open_check(why));
  const Words command = compiler_words(machine, settings);
  if (command.empty()) return all(open_check("there is no C compiler"));
  auto made = make_temporary_folder("tenon-doctor");
  if (!made) return all(open_check("no temporary directory can be created"));
  const TemporaryFolder folder(*std::move(made));
  const Check alone =
      Trial(settings, request, folder.path)
          .run({command, "check.c", "#include <stdlib.h>\nint main(void) { return abs(0); }\n",
                "CGO_CFLAGS", "C"});
  all(alone);
  if (!alone.stage.known() || alone.stage.value != "works") return;
  if (request.c == Try::compiler) {
    compiler.probe = compiler.probe_output = TextFact::not_asked("only the compiler was tried");
    return;
  }
  // The files of the first check would be part of the package.
  Check built = check_go(machine, settings, go, request, join_path(folder.path, "go"));
  compiler.probe = std::move(built.stage);
  compiler.probe_output = std::move(built.output);
}

void probe_cxx(const MachineAccess& machine, const SettingsState& settings,
               const SnapshotRequest& request, Snapshot& snapshot) {
  CompilerState& out = snapshot.compiler;
  const std::string usual = machine.goos == "darwin" ? "clang++" : "g++";
  const std::string set = setting_value(settings, "CXX");
  out.cxx_command = TextFact::of(set.empty() ? usual : set, set.empty() ? "default" : "CXX");
  const Words command = command_of(machine, settings, "CXX", usual);
  out.cxx = command.empty() ? TextFact::none("PATH") : TextFact::of(command.front(), "PATH");
  out.cxx_probe = out.cxx_output = TextFact::not_asked("no package of the project has C++");
  const bool needed = std::ranges::any_of(snapshot.project.cgo.value, &CgoPackage::cxx);
  if (!needed || command.empty()) return;
  if (request.c == SnapshotRequest::Try::nothing) {
    out.cxx_probe = out.cxx_output = TextFact::not_asked("--no-probe");
    return;
  }
  if (const std::string why = reason_against(machine); !why.empty()) {
    out.cxx_probe = out.cxx_output = TextFact::open(why);
    return;
  }
  auto made = make_temporary_folder("tenon-doctor");
  if (!made) {
    out.cxx_probe = out.cxx_output = TextFact::open("no temporary directory can be created");
    return;
  }
  const TemporaryFolder folder(*std::move(made));
  Check check = Trial(settings, request, folder.path)
                    .run({command, "check.cc",
                          "#include <new>\n#include <cstdlib>\nint main() { try { throw 1; } catch "
                          "(int) { return std::abs(0); } }\n",
                          "CGO_CXXFLAGS", "C++"});
  out.cxx_probe = std::move(check.stage);
  out.cxx_output = std::move(check.output);
}

void probe_repository(const MachineAccess& machine, const std::string& start, milliseconds limit,
                      ProjectState& project) {
  std::string folder = start;
  while (!file_info(machine.at(join_path(folder, ".git")))) {
    if (folder.empty() || folder == "/") {
      project.vcs = project.vcs_refused = TextFact::none("no .git above the module");
      return;
    }
    folder = folder_of(folder);
  }
  project.vcs = TextFact::of(folder, ".git");
  const auto git = machine.find("git");
  if (!git) {
    // go builds without a revision then.
    project.vcs_refused = TextFact::none("there is no git");
    return;
  }
  const TextFact asked = machine.ask({*git, "-C", start, "rev-parse", "--show-toplevel"}, limit);
  const bool refused = !asked.known() && asked.why.contains("dubious ownership");
  if (refused) {
    project.vcs_refused = TextFact::of("it belongs to another user", "git rev-parse");
  } else {
    project.vcs_refused =
        asked.known() ? TextFact::none("git rev-parse") : TextFact::open(asked.why);
  }
}

}  // namespace tenon
