// One line a group: what is there, and what could not be found out.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "diag/catalog.h"
#include "diag/code.h"
#include "diag/finding.h"
#include "machine/doctor/doctor.h"
#include "machine/doctor/judgement.h"
#include "machine/doctor/running_go.h"

namespace tenon {
namespace {

using State = DoctorGroup::State;
using doctor::first_go;

class Maker {
 public:
  Maker(const Snapshot& snapshot, const std::vector<Finding>& findings)
      : snapshot_(snapshot), findings_(findings) {}

  std::vector<DoctorGroup> groups();

 private:
  template <class T>
  void open(DoctorGroup& group, std::string_view name, const Fact<T>& fact) const {
    if (fact.state == FactState::unknown) {
      group.unknown.push_back(
          fmt::format("{}: {}", name, fact.why.empty() ? "not checked" : fact.why));
    }
  }

  // Of a fact that many machines lack: only where a path could not be read.
  template <class T>
  void unread(DoctorGroup& group, std::string_view name, const Fact<T>& fact) const {
    if (fact.why.starts_with('/') || fact.why.starts_with('~')) open(group, name, fact);
  }

  void finish(DoctorGroup group, Group which);
  // What a finding is about is shown, also where nothing else would be said of it.
  [[nodiscard]] bool found(Group which) const;

  void system();
  void go();
  void compiler();
  void apple();
  void identities();
  void packages();
  void cross();
  void storage();
  void network();
  void bpf();
  void project();

  const Snapshot& snapshot_;
  const std::vector<Finding>& findings_;
  std::vector<DoctorGroup> out_;
};

// What is wrong outweighs what is not known, and that outweighs remarks.
int weight(State state) {
  switch (state) {
    case State::ok: return 0;
    case State::note: return 1;
    case State::unknown: return 2;
    case State::warning: return 3;
    case State::error: return 4;
  }
  return 0;
}

// What has no group of its own was read in the output of the C compiler.
Group group_of(const Finding& one) {
  const Group group = entry(one.code).group;
  return group == Group::none ? Group::compiler : group;
}

bool Maker::found(Group which) const {
  return std::ranges::find(findings_, which, group_of) != findings_.end();
}

void Maker::finish(DoctorGroup group, Group which) {
  group.state = group.unknown.empty() ? State::ok : State::unknown;
  for (const Finding& one : findings_) {
    if (group_of(one) != which) continue;
    group.counted = true;
    const State state = one.severity == Severity::error     ? State::error
                        : one.severity == Severity::warning ? State::warning
                                                            : State::note;
    if (weight(state) > weight(group.state)) group.state = state;
  }
  out_.push_back(std::move(group));
}

template <class T>
std::string shown(const Fact<T>& fact) {
  if (fact.known()) return fmt::format("{}", fact.value);
  return fact.state == FactState::absent ? "none" : "unknown";
}

void Maker::system() {
  const SystemState& system = snapshot_.system;
  DoctorGroup group{"System",
                    fmt::format("{} {}, {}/{}", shown(system.name), shown(system.version),
                                system.goos, system.goarch),
                    State::ok,
                    {}};
  if (system.libc.known()) group.text += ", " + system.libc.value;
  if (system.translated.known() && system.translated.value)
    group.text += ", this shell runs under Rosetta";
  open(group, "name", system.name);
  open(group, "translated", system.translated);
  finish(std::move(group), Group::system);
}

void Maker::go() {
  DoctorGroup group{"Go", "unknown", State::ok, {}};
  if (const GoInstall* go = first_go(snapshot_)) {
    group.text =
        fmt::format("{} for {} at {}", go->version.empty() ? "unknown release" : go->version,
                    go->goarch.empty() ? "unknown" : go->goarch, go->program);
    if (go->version.empty())
      group.unknown.push_back("release: no VERSION file beside " + go->program);
  } else if (snapshot_.go.installs.state == FactState::absent) {
    group.text = "none on PATH";
  }
  const RunningGo runs = running_go(snapshot_);
  if (runs.state != RunningGo::State::unknown && !runs.local) {
    group.text +=
        fmt::format("; {} {} here ({})", runs.version,
                    runs.state == RunningGo::State::runs ? "runs" : "is required", runs.rule);
  }
  open(group, "go commands", snapshot_.go.installs);
  const Decision cgo = cgo_decision(snapshot_);
  group.text += cgo.value.empty() ? "; CGO_ENABLED unknown"
                                  : fmt::format("; CGO_ENABLED={} ({}{})", cgo.value, cgo.rule,
                                                cgo.where == "default" ? "" : " in " + cgo.where);
  open(group, "settings", snapshot_.settings.list);
  unread(group, "shell start-up files", snapshot_.settings.shell_lines);
  finish(std::move(group), Group::go);
}

void Maker::compiler() {
  const CompilerState& compiler = snapshot_.compiler;
  DoctorGroup group{"C compiler", {}, State::ok, {}};
  if (compiler.program.known()) {
    group.text = fmt::format("{} ({} {}) for {}", compiler.program.value, shown(compiler.kind),
                             shown(compiler.version), shown(compiler.target));
  } else {
    group.text =
        fmt::format("{}: {}", shown(compiler.command),
                    compiler.program.state == FactState::absent ? "not on PATH" : "unknown");
  }
  if (compiler.linker_version.known()) {
    group.text +=
        fmt::format(", {} {}", shown(compiler.linker_kind), compiler.linker_version.value);
  }
  if (compiler.probe.known()) {
    const RunningGo runs = running_go(snapshot_);
    // With the release on PATH, as the one that go.mod asks for is not here.
    const bool other = runs.state == RunningGo::State::refused || !runs.local;
    group.text += compiler.probe.value == "works" ? other && first_go(snapshot_) != nullptr
                                                        ? fmt::format("; cgo check passed with {}",
                                                                      first_go(snapshot_)->version)
                                                        : "; cgo check passed"
                                                  : "; cgo check failed: " + compiler.probe.value;
  } else if (compiler.probe.state == FactState::declined) {
    group.text += compiler.c_probe.known() && compiler.c_probe.value == "works"
                      ? "; compiles, links and runs"
                      : "; cgo check declined";
  }
  // What is missing as a whole has no parts that could be unknown.
  const bool missing = compiler.program.state == FactState::absent ||
                       std::ranges::any_of(findings_, [](const Finding& one) {
                         return slug_of(one.code).starts_with("clt/");
                       });
  if (!missing) {
    open(group, "kind", compiler.kind);
    // Snapshots of older releases have none.
    if (!compiler.linker_kind.why.empty() && compiler.kind.known()) {
      open(group, "linker", compiler.linker_kind);
    }
    open(group, "cgo check", compiler.probe);
  }
  finish(std::move(group), Group::compiler);
}

void Maker::apple() {
  if (snapshot_.system.goos != "darwin" && !found(Group::apple)) return;
  const AppleState& apple = snapshot_.apple;
  DoctorGroup group{"Apple's tools", shown(apple.developer_folder), State::ok, {}};
  if (apple.xcode_version.known()) group.text += ", Xcode " + apple.xcode_version.value;
  if (apple.tools_version.known())
    group.text += ", Command Line Tools " + apple.tools_version.value;
  for (const Sdk& sdk : apple.sdks.value) group.text += ", SDK " + sdk.version;
  open(group, "selected tools", apple.developer_folder);
  open(group, "license", apple.license);
  open(group, "SDKs", apple.sdks);
  finish(std::move(group), Group::apple);
}

void Maker::identities() {
  if (snapshot_.system.goos != "darwin" && !found(Group::identities)) return;
  DoctorGroup names{"Identities", {}, State::ok, {}};
  names.text = snapshot_.identities.list.known()
                   ? fmt::format("{} for code signing", snapshot_.identities.list.value.size())
                   : shown(TextFact{snapshot_.identities.list.state, {}, {}, {}});
  const bool dated = snapshot_.system.day.known();
  for (const SigningIdentity& one : snapshot_.identities.list.value) {
    if (!one.not_after.empty()) {
      names.text += fmt::format(", {} until {}", one.name, one.not_after);
    } else if (!one.expired && dated) {
      names.unknown.push_back("end date of " + one.name + ": its certificate was not found");
    }
    if (!one.not_after.empty() && !one.expired && dated && doctor::issuer_end(one).empty()) {
      names.unknown.push_back(fmt::format("end date of {}, who issued {}: no certificate of it",
                                          one.issuer.empty() ? "the authority" : one.issuer,
                                          one.name));
    }
  }
  if (!dated && !snapshot_.identities.list.value.empty()) {
    names.unknown.push_back("whether identities have expired: the date is not known");
  }
  open(names, "identities", snapshot_.identities.list);
  finish(std::move(names), Group::identities);
}

void Maker::packages() {
  DoctorGroup group{"pkg-config", shown(snapshot_.packages.pkg_config), State::ok, {}};
  for (const BrewPrefix& one : snapshot_.packages.brew.value) {
    group.text += fmt::format(", Homebrew for {} in {}", one.goarch, one.path);
  }
  open(group, "pkg-config", snapshot_.packages.pkg_config);
  unread(group, "packages", snapshot_.packages.pc_files);
  finish(std::move(group), Group::packages);
}

void Maker::cross() {
  DoctorGroup group{"Other targets", {}, State::ok, {}};
  for (const CrossCompiler& one : snapshot_.engines.cross.value) {
    group.text += (group.text.empty() ? "" : ", ") + one.triple;
  }
  if (snapshot_.engines.zig.known()) {
    group.text +=
        fmt::format("{}zig {}", group.text.empty() ? "" : ", ", snapshot_.engines.zig.value);
  }
  const bool looked = snapshot_.engines.cross.state != FactState::unknown &&
                      snapshot_.engines.zig.state != FactState::unknown;
  if (group.text.empty()) {
    group.text =
        looked ? "no compiler on PATH; tenon build can provide one" : "not everything was checked";
  }
  open(group, "zig", snapshot_.engines.zig);
  finish(std::move(group), Group::cross);
}

void Maker::storage() {
  const StorageState& state = snapshot_.storage;
  DoctorGroup group{
      "Storage",
      fmt::format("{} MiB free in {}, {} MiB in {}", shown(state.temporary_free),
                  shown(state.temporary), shown(state.cache_free), shown(state.cache)),
      State::ok,
      {}};
  open(group, "temporary folder", state.temporary_free);
  open(group, "cache", state.cache_free);
  finish(std::move(group), Group::storage);
}

void Maker::network() {
  const NetworkState& state = snapshot_.network;
  if (!state.proxies.known() && !found(Group::network)) return;
  DoctorGroup group{"Network", {}, State::ok, {}};
  const bool server = state.resolv_conf.known() && state.resolv_conf.value;
  group.text = server ? "resolv.conf names a server" : "resolv.conf names no server";
  if (snapshot_.system.goos == "darwin") group.text = "names are resolved through libSystem";
  for (const std::string& one : state.proxies.value) group.text += ", " + one;
  finish(std::move(group), Group::network);
}

// Whether `tenon trace net` can work. It is no fault of a machine that builds if it cannot.
void Maker::bpf() {
  const BpfState& state = snapshot_.bpf;
  if (!state.types.known()) return;
  DoctorGroup group{"BPF", {}, State::ok, {}};
  const bool may = state.missing.state == FactState::absent;
  group.text = may                     ? "this user may load programs"
               : state.missing.known() ? state.missing.value + " missing"
                                       : "rights unknown";
  group.text += state.types.value ? ", types of the kernel are there" : ", no types of the kernel";
  if (state.tracepoint.known() && !state.tracepoint.value)
    group.text += ", no tracepoint inet_sock_set_state";
  if (state.lockdown.known()) group.text += ", lockdown " + state.lockdown.value;
  if (state.unprivileged.known())
    group.text += state.unprivileged.value == "0" ? ", also for users without rights" : "";
  const bool locked = state.lockdown.known() && state.lockdown.value == "confidentiality";
  const bool traces =
      may && state.types.value && !locked && !(state.tracepoint.known() && !state.tracepoint.value);
  group.text += traces ? ": tenon trace works" : ": tenon trace does not work";
  open(group, "rights", state.missing);
  if (state.types.value) open(group, "tracepoint", state.tracepoint);
  group.state = !group.unknown.empty() ? State::unknown : traces ? State::ok : State::note;
  out_.push_back(std::move(group));
}

void Maker::project() {
  const ProjectState& project = snapshot_.project;
  if (project.module.state == FactState::unknown) return;
  DoctorGroup group{"Project", shown(project.module), State::ok, {}};
  if (project.cgo.known()) {
    group.text += project.cgo.value.empty() ? ": no package with C"
                                            : ": C in " + doctor::cgo_packages(snapshot_);
  }
  if (project.work.known()) group.text += "; go.work: " + project.work.value;
  open(group, "packages with C", project.cgo);
  finish(std::move(group), Group::project);
}

std::vector<DoctorGroup> Maker::groups() {
  system();
  go();
  compiler();
  apple();
  identities();
  packages();
  cross();
  storage();
  network();
  bpf();
  project();
  return std::move(out_);
}

}  // namespace

std::vector<DoctorGroup> doctor_groups(const Snapshot& snapshot,
                                       const std::vector<Finding>& findings) {
  return Maker(snapshot, findings).groups();
}

}  // namespace tenon
