// The project at hand: where its parts lie, and what its files make of the candidates.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/path.h"
#include "base/text.h"
#include "diag/catalog.h"
#include "diag/code.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diagnose/answer.h"
#include "diagnose/build_context.h"
#include "diagnose/causes/causes.h"
#include "diagnose/events/context.h"
#include "diagnose/project/trace.h"
#include "diagnose/run/ask.h"
#include "diagnose/run/project_disk.h"
#include "format/gosource/source.h"
#include "host/files.h"
#include "host/process.h"
#include "machine/probe/go_facts.h"
#include "machine/probe/own_platform.h"

namespace tenon::explain {
namespace {

// Where pkg-config looks, and where Homebrew keeps what it does not link.
std::vector<std::string> pc_folders() {
  std::vector<std::string> out;
  const auto add = [&](std::string folder) {
    if (is_folder(folder)) out.push_back(std::move(folder));
  };
  for (const char* name : {"PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR"}) {
    for (const std::string_view folder : split(environment_variable(name).value_or(""), ':')) {
      if (!folder.empty()) add(std::string(folder));
    }
  }
  for (const char* folder : {"/usr/local/lib/pkgconfig", "/usr/local/share/pkgconfig",
                             "/usr/lib/pkgconfig", "/usr/share/pkgconfig", "/usr/lib64/pkgconfig",
                             "/opt/homebrew/lib/pkgconfig", "/opt/local/lib/pkgconfig"}) {
    add(folder);
  }
  for (const std::string& name : search_folder("/usr/lib")) {
    if (name.contains("-linux-")) add("/usr/lib/" + name + "/pkgconfig");
  }
  for (const char* prefix : {"/opt/homebrew/opt", "/usr/local/opt"}) {
    for (const std::string& name : search_folder(prefix)) {
      add(join_path(join_path(prefix, name), "lib/pkgconfig"));
    }
  }
  return out;
}

Candidate& candidate_of(Answer& answer, Code code) {
  const auto same = [&](const Candidate& one) { return one.cause->code == code; };
  const auto found = std::ranges::find_if(answer.candidates, same);
  if (found != answer.candidates.end()) return *found;
  return answer.candidates.emplace_back(
      make_candidate(*entry(code).cause, answer.log, Sureness::weak, {}));
}

// A line of the log that the project's files make the proof of a cause.
void prove(Answer& answer, Code code, Sureness least, std::size_t line) {
  Candidate& candidate = candidate_of(answer, code);
  if (std::ranges::find(candidate.lines, line) == candidate.lines.end()) {
    candidate.lines.push_back(line);
    std::ranges::sort(candidate.lines);
  }
  put_first(answer.candidates, *entry(code).cause, least);
}

// The files say that cgo was off; why it was off, the log says better.
constexpr std::array<Code, 3> switched_off{Code::cgo_disabled_by_cross_compile,
                                           Code::cgo_disabled_no_c_compiler,
                                           Code::cgo_disabled_needs_cgo};

bool speaks_of_cgo_off(const Candidate& one) {
  return std::ranges::find(switched_off, one.cause->code) != switched_off.end();
}

Code best_switch(const Answer& answer, const gosource::Context& own) {
  for (const Candidate& one : answer.candidates) {
    if (speaks_of_cgo_off(one)) return one.cause->code;
  }
  const LogContext& context = answer.context;
  const bool cross = (!context.goos.empty() && context.goos != own.goos) ||
                     (!context.goarch.empty() && context.goarch != own.goarch);
  return cross ? Code::cgo_disabled_by_cross_compile : Code::cgo_disabled_needs_cgo;
}

void weigh(Answer& answer, const gosource::Context& own) {
  const auto is = [](ProjectFact::Kind kind) {
    return [kind](const ProjectFact& fact) { return fact.kind == kind; };
  };
  using Kind = ProjectFact::Kind;
  const bool off = std::ranges::any_of(answer.project, is(Kind::left_out_by_cgo));
  const bool unknown_names = std::ranges::any_of(answer.project, is(Kind::not_declared));
  // Names that nobody declares are mistakes of the program; cgo has no part in them.
  if (unknown_names && !off) {
    std::erase_if(answer.candidates, speaks_of_cgo_off);
  }
  for (const ProjectFact& fact : answer.project) {
    if (fact.kind == Kind::left_out_by_cgo) {
      prove(answer, best_switch(answer, own), Sureness::likely, fact.line);
    } else if (fact.kind == Kind::lost_preamble) {
      prove(answer, Code::cgo_preamble_blank_line, Sureness::certain, fact.line);
    } else if (fact.kind == Kind::not_declared && !off) {
      prove(answer, Code::not_toolchain_compile_error, Sureness::certain, fact.line);
    }
  }
}

// A setting for the command: "env NAME=value" before it, else that of the machine.
GoSetting setting_of(const char* name, const std::vector<std::string>& argv) {
  const bool env = !argv.empty() && base_name(argv.front()) == "env";
  for (std::size_t i = 1; env && i < argv.size(); ++i) {
    const std::size_t equals = argv[i].find('=');
    if (equals == std::string::npos) break;
    if (argv[i].substr(0, equals) == name) return {argv[i].substr(equals + 1), "the command"};
  }
  return go_setting(name);
}

bool has_compiler(const GoSetting& cc) {
  if (cc.value.empty()) return find_program("gcc") || find_program("clang") || find_program("cc");
  const auto words = go_split(cc.value);
  return !words || words->empty() || find_program(words->front());
}

}  // namespace

std::string project_at(const std::string& folder) { return find_go_folders(folder).module_root; }

BuildContext build_of(const std::vector<std::string>& command) {
  BuildContext out;
  OwnPlatform own = own_platform();
  out.host_goos = std::move(own.goos);
  out.host_goarch = std::move(own.goarch);
  out.distribution = own_distribution();
  out.goos = setting_of("GOOS", command).value;
  out.goarch = setting_of("GOARCH", command).value;
  return out;
}

void ask_machine(Answer& answer, const std::vector<std::string>& command) {
  const auto found = std::ranges::find_if(answer.candidates, speaks_of_cgo_off);
  if (found == answer.candidates.end()) return;
  const auto note = [&](const char* name, const GoSetting& setting) {
    const std::string text = fmt::format("{}={}", name, setting.value);
    std::erase_if(answer.settings, [&](const Evidence& one) { return one.text.starts_with(text); });
    answer.settings.push_back(
        {Evidence::Kind::fact, setting.where, fmt::format("{}={}", name, setting.value)});
  };
  const GoSetting cgo = setting_of("CGO_ENABLED", command), goos = setting_of("GOOS", command),
                  goarch = setting_of("GOARCH", command), cc = setting_of("CC", command);
  const OwnPlatform own = own_platform();
  const bool other_goos = !goos.value.empty() && goos.value != own.goos;
  const bool other_goarch = !goarch.value.empty() && goarch.value != own.goarch;
  Code code = Code::none;
  if (cgo.value == "0") {
    code = Code::cgo_disabled_needs_cgo;
    note("CGO_ENABLED", cgo);
  } else if (cgo.value.empty() && (other_goos || other_goarch)) {
    code = Code::cgo_disabled_by_cross_compile;
    if (other_goos) note("GOOS", goos);
    if (other_goarch) note("GOARCH", goarch);
  } else if (cgo.value.empty() && !has_compiler(cc)) {
    code = Code::cgo_disabled_no_c_compiler;
    answer.settings.push_back({Evidence::Kind::fact, "PATH", "no C compiler"});
  }
  if (code == Code::none)
    return;  // on, by will or by default: what was left out has another reason
  const Cause& chosen = *candidate_of(answer, code).cause;
  std::erase_if(answer.candidates, [&](const Candidate& one) {
    return speaks_of_cgo_off(one) && one.cause->code != code;
  });
  put_first(answer.candidates, chosen, Sureness::certain);
}

void ask_project(Answer& answer) {
  ProjectPlace place = project_place(answer.project_root);
  place.pc_folders = pc_folders();
  if (const TextFact work = work_file(place.root); work.known()) place.work_file = work.value;
  const gosource::Context own = place.target;
  if (!answer.context.goos.empty()) place.target.goos = answer.context.goos;
  if (!answer.context.goarch.empty()) place.target.goarch = answer.context.goarch;
  answer.project = trace_project(answer.log, place, project_disk());
  weigh(answer, own);
}

}  // namespace tenon::explain
