#include "machine/doctor/running_go.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"
#include "machine/doctor/judgement.h"

namespace tenon {

using namespace doctor;

namespace {

// The go and toolchain lines that hold: go.work's where there is one.
struct Lines {
  std::string go, toolchain, file;
};

Lines lines_of(const ProjectState& project) {
  if (project.work.known()) {
    return {project.work_go.value, project.work_toolchain.value, "go.work"};
  }
  return {project.go.value, project.toolchain.value, "go.mod"};
}

bool newer(std::string_view one, std::string_view other) {
  return numbers_of(one) > numbers_of(other);
}

// What a value of GOTOOLCHAIN says.
struct NamedGo {
  std::string least;  // "go1.26.8"
  bool more = false;  // the lines of the project can raise it
  bool path_only = false;
};

NamedGo choice_of(std::string_view value, const std::string& local) {
  const std::size_t plus = value.find('+');
  const std::string_view name = value.substr(0, plus);
  const std::string_view mode = plus == value.npos ? value : value.substr(plus + 1);
  NamedGo out{local, mode == "auto" || mode == "path", mode == "path"};
  if (name.starts_with("go1")) out.least = name;
  return out;
}

// Raises `chosen` by the project's lines, as cmd/go does in the modes auto and path.
void raise(const Lines& lines, RunningGo& out) {
  if (lines.toolchain == "default") return;
  if (!lines.toolchain.empty() && newer(lines.toolchain, out.version)) {
    out.version = lines.toolchain;
    out.rule = fmt::format("the toolchain line of {}", lines.file);
    out.where = lines.file;
  }
  if (lines.go.empty() || !newer(lines.go, out.version)) return;
  out.version = "go" + lines.go;
  const auto numbers = numbers_of(lines.go);
  // The first release of 1.22 is 1.22.0.
  if (numbers.size() == 2 && numbers[1] >= 21 && out.version.ends_with(std::to_string(numbers[1])))
    out.version += ".0";
  out.rule = fmt::format("the go line of {}", lines.file);
  out.where = lines.file;
}

// Releases come in February (even numbers) and August: 1.26 in February 2026. One more leaves room
// for candidates. 0 when no day is known; a clock that is behind does not count.
unsigned newest_minor(const Snapshot& snapshot) {
  const std::string& day = std::max(snapshot.system.day.value, snapshot.go.released.value);
  const auto year = parse_number(std::string_view(day).substr(0, 4));
  if (!snapshot.system.day.known() || day.size() < 7 || !year || *year < 2026) return 0;
  const bool second_half = std::string_view(day).substr(5, 2) >= "08";
  return static_cast<unsigned>(26 + 2 * (*year - 2026) + (second_half ? 1 : 0) + 1);
}

// Where the chosen release comes from.
void locate(const Snapshot& snapshot, const NamedGo& choice, RunningGo& out) {
  out.local = false;
  const auto& known = snapshot.go.toolchains;
  const auto found = std::ranges::find(known.value, out.version, &GoInstall::version);
  if (found != known.value.end()) {
    out.state = RunningGo::State::runs;
    out.program = found->program;
    return;
  }
  if (!known.known()) return;
  if (choice.path_only) {
    out.state = RunningGo::State::refused;
    out.why = fmt::format("no {} is on PATH, and GOTOOLCHAIN allows no other place", out.version);
    return;
  }
  const unsigned newest = newest_minor(snapshot);
  if (newest != 0 && go_minor(out.version) > newest) {
    out.state = RunningGo::State::refused;
    out.why = fmt::format("no such release exists on {}", snapshot.system.day.value);
    return;
  }
  const auto refusal = proxy_refusal(snapshot);
  out.state = refusal ? RunningGo::State::refused : RunningGo::State::downloads;
  out.why = refusal ? refusal->why : "it is neither on PATH nor in the module cache";
}

std::string_view host_of(std::string_view url) {
  const std::size_t at = url.find("://");
  if (at != url.npos) url.remove_prefix(at + 3);
  return url;
}

bool is_dead(const Snapshot& snapshot, std::string_view name, std::string_view url) {
  return std::ranges::any_of(snapshot.network.dead.value, [&](const std::string& one) {
    return one.starts_with(name) && host_of(one) == host_of(url);
  });
}

}  // namespace

std::optional<ProxyRefusal> proxy_refusal(const Snapshot& snapshot) {
  const Setting* set = active(snapshot, "GOPROXY");
  if (set != nullptr) {
    std::string why;
    std::string_view rest = set->value;
    while (!rest.empty()) {
      const std::size_t end = rest.find_first_of(",|");
      const std::string_view one = trim(rest.substr(0, end));
      const bool goes_on = end != rest.npos && rest[end] == '|';
      rest = end == rest.npos ? std::string_view() : rest.substr(end + 1);
      if (one == "off") {
        return ProxyRefusal{"GOPROXY=" + set->value, set->where,
                            why.empty() ? "GOPROXY is off" : why};
      }
      if (one.empty()) continue;
      if (!is_dead(snapshot, "GOPROXY=", one)) return std::nullopt;
      why = fmt::format("nobody serves GOPROXY at {}", one);
      // Behind a comma the next one is asked only for what this one says it does not have.
      if (!goes_on) return ProxyRefusal{"GOPROXY=" + set->value, set->where, why};
    }
    if (!why.empty()) return ProxyRefusal{"GOPROXY=" + set->value, set->where, why};
  }
  for (const std::string& one : snapshot.network.dead.value) {
    if (one.starts_with("GOPROXY=")) continue;
    return ProxyRefusal{one, "the environment", fmt::format("nobody serves {}", one)};
  }
  return std::nullopt;
}

RunningGo running_go(const Snapshot& snapshot) {
  RunningGo out;
  const GoInstall* go = first_go(snapshot);
  if (go == nullptr || go->version.empty() || go_minor(go->version) == 0) return out;
  out.version = go->version;
  out.program = go->program;
  out.where = "PATH";
  const Lines lines = lines_of(snapshot.project);
  const bool old = go_minor(go->version) < 21;
  const Setting* set = old ? nullptr : active(snapshot, "GOTOOLCHAIN");
  const NamedGo choice = choice_of(set != nullptr ? set->value
                                   : old          ? "local"
                                                  : "auto",
                                   go->version);
  out.version = choice.least;
  out.rule = set != nullptr ? "GOTOOLCHAIN" : "the first on PATH";
  if (set != nullptr) out.where = set->where;
  if (choice.more) raise(lines, out);
  if (out.version == go->version) {
    out.state = RunningGo::State::runs;
  } else {
    out.program.clear();
    locate(snapshot, choice, out);
  }
  if (out.state != RunningGo::State::refused && !lines.go.empty() && go_minor(lines.go) != 0 &&
      newer(lines.go, out.version)) {
    out.older = true;
    out.wanted = lines.go;
    out.why = fmt::format("{} needs Go {}", lines.file, lines.go);
    // Before Go 1.21 the line was a hint, of two numbers, and "toolchain" an unknown word.
    out.tries = old && numbers_of(lines.go).size() == 2 && lines.toolchain.empty();
    if (!out.tries) out.state = RunningGo::State::refused;
  }
  return out;
}

bool must_download(const Snapshot& snapshot) {
  return running_go(snapshot).state == RunningGo::State::downloads ||
         (snapshot.project.missing.known() && !snapshot.project.missing.value.empty());
}

}  // namespace tenon
