#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "base/digest.h"
#include "base/text.h"
#include "base/version.h"
#include "crossbuild/build_findings.h"
#include "crossbuild/run/build.h"
#include "crossbuild/run/engine_choice.h"
#include "crossbuild/run/finish.h"
#include "crossbuild/run/record.h"
#include "crossbuild/run/warm.h"
#include "crossbuild/run/wrapper.h"
#include "diag/catalog.h"
#include "host/files.h"
#include "host/process.h"

namespace tenon {
namespace {

constexpr Version newest_known_zig{0, 18, 0};

// What one architecture of a target needs and gave.
struct Slice {
  Target target;
  CcConfig cc;
  GoPlan plan;
  std::string stage;
  std::optional<FileLock> lock;
  GoBuildResult result;
};

class TargetBuild {
 public:
  TargetBuild(BuildState& state, const Target& target)
      : state_(state), request_(state.request), target_(target) {}

  Outcome<void> run() {
    TENON_TRY(prepare());
    if (request_.dry_run) return show_plan();
    for (Slice& slice : slices_) TENON_TRY(compile(slice));
    if (recall()) return {};
    start_listing(slices_.front());
    list_thread_.join();
    TENON_TRY(check_mains());
    for (const std::string& name : produced()) TENON_TRY(finish_one(name));
    return {};
  }

 private:
  Outcome<void> prepare() {
    slices_.emplace_back().target = target_;
    if (target_.universal) {
      slices_.front().target.universal = false;
      Target other = slices_.front().target;
      other.platform = parse_target("darwin/amd64").target->platform;
      slices_.emplace_back().target = other;
    }
    for (Slice& slice : slices_) TENON_TRY(prepare(slice));
    return {};
  }

  Outcome<void> prepare(Slice& slice) {
    choose_minimum(slice.target);
    slice.cc.target = slice.target;
    slice.cc.flat_lookup = request_.flat_lookup;
    slice.cc.raise_min = raise_min_;
    slice.cc.sysroot = request_.sysroot;
    if (slice.target.darwin()) slice.cc.sdk = request_.sdk;
    if (request_.engine && (slice.target.darwin() || *request_.engine != Engine::apple)) {
      slice.cc.engine_given = true;
      slice.cc.toolchain.engine = *request_.engine;
    }
    TENON_TRY(complete(slice.cc, slice.target.min));
    note_engine(slice.cc);
    return plan(slice);
  }

  // The oldest macOS: what the user asked for, but never below what Go's own code needs.
  void choose_minimum(Target& target) {
    if (!target.darwin()) return;
    const Version go_minimum = go_minimum_macos(state_.go);
    if (target.min.empty()) target.min = request_.min;
    if (target.min.empty()) {
      target.min = go_minimum;
      raise_min_ = true;
    } else if (target.min < go_minimum) {
      Finding finding;
      finding.code = Code::gate_deployment_target;
      finding.severity = Severity::warning;
      finding.subject = target.name();
      finding.message = fmt::format("macOS {} was asked for, but {} needs {}; built for that",
                                    target.min.text(), state_.go.version, go_minimum.text());
      finding.fixes.push_back({Fix::Safety::manual, "use an older Go for older systems", {}});
      finding.evidence.push_back(
          {Evidence::Kind::fact, "minimum of " + state_.go.version, "macOS " + go_minimum.text()});
      add(std::move(finding));
      target.min = go_minimum;
    }
  }

  void note_engine(const CcConfig& cc) {
    const Toolchain& tools = cc.toolchain;
    if (tools.engine == Engine::zig && tools.zig_version >= newest_known_zig) {
      add(make_finding(Code::zig_newer_than_known, {{"version", tools.zig_version.text()}},
                       tools.zig));
    }
    const bool no_dwarf_tools = tools.strip.empty() || tools.dsymutil.empty();
    if (cc.target.darwin() && tools.engine != Engine::apple && no_dwarf_tools) {
      add(make_finding(Code::engine_no_dwarf_tools, {{"target", cc.target.name()}},
                       cc.target.name()));
    }
    state_.progress.line(fmt::format("{}: {} ({})", cc.target.name(), tools.describe(), tools.why));
  }

  // One of each kind is enough.
  void add(Finding finding) {
    const bool known = std::ranges::any_of(state_.result.findings, [&](const Finding& other) {
      return other.code == finding.code && other.message == finding.message;
    });
    if (!known) state_.result.findings.push_back(std::move(finding));
  }

  Outcome<void> plan(Slice& slice) {
    BuildChoices choices;
    choices.cc = slice.cc;
    const auto wrapper = make_wrapper(slice.cc.cache, own_path(), cc_options(slice.cc));
    if (!wrapper)
      return std::unexpected(no_work_folder(slice.cc.cache, "TENON_CACHE", wrapper.error()));
    choices.compiler_folder = *wrapper;
    choices.pkg_config_folder = slice.cc.cache + "/no-pkg-config";
    choices.goflags = state_.go.goflags;
    choices.cgo = !(state_.go.cgo_env == "0" && request_.allow_no_cgo);
    choices.keep_paths = request_.keep_paths;
    const Toolchain& tools = slice.cc.toolchain;
    choices.strip_dwarf =
        tools.engine != Engine::apple && (tools.strip.empty() || tools.dsymutil.empty());
    slice.plan = TENON_TRY(plan_go(request_.go_args, choices));
    slice.stage = stage_folder(slice);
    const bool for_c = slice.plan.build_mode == "c-archive" || slice.plan.build_mode == "c-shared";
    if (for_c && slice.target.libc == Libc::musl) {
      add(make_finding(Code::project_library_for_musl, {{"mode", slice.plan.build_mode}},
                       target_.name()));
    }
    return {};
  }

  // Builds with the same inputs share a folder, so that go can see that nothing changed.
  [[nodiscard]] std::string stage_folder(const Slice& slice) const {
    std::string key =
        fmt::format("{}\n{}\n{}\n{}\n{} {}\n", request_.folder, state_.go.version,
                    state_.go.goflags, output_name(), tenon_version(), tenon_commit());
    for (const auto* list : {&slice.plan.environment, &slice.plan.flags, &request_.packages}) {
      key += join(*list, "\n") + "\n";
    }
    return fmt::format("{}/stage/{}", slice.cc.cache,
                       hex(sha256(view_of(key).bytes())).substr(0, 24));
  }

  Outcome<void> show_plan() {
    for (const Slice& slice : slices_) {
      std::vector<std::string> argv{"env"};
      for (const std::string& setting : slice.plan.environment) {
        if (setting.contains('=')) argv.push_back(setting);
      }
      argv.insert(argv.end(), {state_.go.program, "build"});
      argv.insert(argv.end(), slice.plan.flags.begin(), slice.plan.flags.end());
      argv.insert(argv.end(), request_.packages.begin(), request_.packages.end());
      state_.result.planned.push_back(
          {slice.target.name(), slice.cc.toolchain.describe(), shell_join(argv)});
    }
    return {};
  }

  Outcome<void> lock(Slice& slice) {
    const auto waited_since = std::chrono::steady_clock::now();
    if (const auto made = make_folders(slice.stage); !made) {
      return std::unexpected(no_work_folder(slice.stage, "TENON_CACHE", made.error()));
    }
    while (true) {
      auto lock = FileLock::try_lock(slice.stage + "/lock");
      if (!lock) return std::unexpected(no_work_folder(slice.stage, "TENON_CACHE", lock.error()));
      if (*lock) {
        slice.lock.emplace(std::move(**lock));
        return {};
      }
      if (interrupted())
        return std::unexpected(make_finding(Code::usage_interrupted, {}, target_.name()));
      if (std::chrono::steady_clock::now() - waited_since > request_.timeout) {
        return std::unexpected(
            make_finding(Code::usage_build_lock, {{"path", slice.stage}}, target_.name()));
      }
      state_.progress.status(
          fmt::format("{}: waiting for another build of this project", target_.name()));
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }

  static Finding unwritable(const std::string& path, const Error& error) {
    if (error.code == Errc::no_space) {
      Finding full = make_finding(Code::usage_disk_full, {}, path);
      full.evidence.push_back({Evidence::Kind::file, path, error.what});
      return full;
    }
    return make_finding(
        Code::usage_output_not_writable,
        {{"path", path}, {"reason", fmt::format("{} ({})", error.what, errc_name(error.code))}},
        path);
  }

  static Finding no_work_folder(const std::string& path, std::string_view variable,
                                const Error& error) {
    if (error.code == Errc::no_space) return unwritable(path, error);
    return make_finding(Code::usage_work_folder_not_writable,
                        {{"path", path},
                         {"variable", std::string(variable)},
                         {"reason", fmt::format("{} ({})", error.what, errc_name(error.code))}},
                        path);
  }

  // Besides the stage, go needs a folder for temporary files.
  static Finding build_problem(const Slice& slice, const Error& error) {
    if (const auto folder = make_temporary_folder("tenon-go")) {
      remove_tree(*folder);
      return no_work_folder(slice.stage, "TENON_CACHE", error);
    }
    return no_work_folder(environment_variable("TMPDIR").value_or("/tmp"), "TMPDIR", error);
  }

  Outcome<void> compile(Slice& slice) {
    TENON_TRY(lock(slice));
    TENON_TRY(warm(slice));
    const auto result = go_build(go_request(slice), events(slice));
    if (!result) return std::unexpected(build_problem(slice, result.error()));
    slice.result = *result;
    if (slice.result.ok) return {};
    return std::unexpected(failure(slice));
  }

  [[nodiscard]] GoBuildRequest go_request(const Slice& slice) const {
    GoBuildRequest request;
    request.go = state_.go.program;
    request.folder = request_.folder;
    request.flags = slice.plan.flags;
    request.packages = request_.packages;
    request.environment = slice.plan.environment;
    request.stage = slice.stage;
    request.name = output_name();
    request.deadline = request_.timeout;
    return request;
  }

  Outcome<void> warm(const Slice& slice) {
    if (slice.cc.toolchain.engine == Engine::apple || is_warm(slice.cc)) return {};
    const std::string what =
        fmt::format("{}: first use of {}, its C library is built once (about a minute)",
                    slice.target.name(), slice.cc.toolchain.describe());
    state_.progress.line(what);
    return warm_up(slice.cc, own_path(), request_.timeout, [&](std::chrono::seconds passed) {
      state_.progress.status(
          fmt::format("{}: building the C library, {} s", slice.target.name(), passed.count()));
    });
  }

  // What go builds, asked while it builds when that takes long. A build with nothing to do is over
  // before and never asks.
  void start_listing(const Slice& slice) {
    if (listing_) return;
    listing_ = true;
    list_thread_ = std::jthread([this, environment = slice.plan.environment] {
      list_ = list_packages(state_.go, request_.folder, request_.go_args.flags, request_.packages,
                            environment);
    });
  }

  GoBuildEvents events(const Slice& slice) {
    const std::string name = slice.target.name();
    GoBuildEvents out;
    out.progress = [this, name, &slice](const GoBuildProgress& progress) {
      if (progress.packages > 0) start_listing(slice);
      std::string text = fmt::format("{}: ", name);
      if (!progress.c_file.empty()) {
        text += fmt::format("compiling {} ({} s)", progress.c_file, progress.c_time.count());
      } else if (progress.linking) {
        text += "linking";
      } else if (!progress.package.empty()) {
        text += fmt::format("{} packages, {}", progress.packages, progress.package);
      } else {
        text += "go build";
      }
      state_.progress.status(text);
    };
    out.package = [this, name](const std::string& package) {
      if (!state_.progress.live()) state_.progress.line(fmt::format("{}: {}", name, package));
    };
    out.output = [this](const std::string& line) { state_.progress.line(line); };
    return out;
  }

  Finding failure(const Slice& slice) {
    const GoBuildResult& result = slice.result;
    if (result.interrupted) return make_finding(Code::usage_interrupted, {}, target_.name());
    if (result.timed_out) {
      const auto limit = std::chrono::duration_cast<std::chrono::seconds>(request_.timeout);
      return make_finding(Code::build_timeout, {{"limit", fmt::format("{} s", limit.count())}},
                          target_.name());
    }
    auto findings = diagnose(result, slice.target);
    Finding first = std::move(findings.front());
    findings.erase(findings.begin());
    for (Finding& finding : findings) state_.result.findings.push_back(std::move(finding));
    return first;
  }

  Outcome<void> check_mains() {
    if (!list_.packages.empty() && list_.mains.empty() && list_.error.empty()) {
      return std::unexpected(make_finding(
          Code::project_no_main, {{"packages", join(request_.packages, ", ")}}, target_.name()));
    }
    return {};
  }

  [[nodiscard]] const std::vector<std::string>& produced() const {
    return slices_.front().result.outputs;
  }

  // -o names a folder when it ends in a slash or is one, as for go build.
  [[nodiscard]] bool output_is_folder() const {
    const std::string& output = request_.go_args.output;
    return output.ends_with('/') || is_folder(output);
  }

  // The name of a library is recorded in it, so go has to know the final one.
  [[nodiscard]] std::string output_name() const {
    const std::string& output = request_.go_args.output;
    return output.empty() || output_is_folder() ? std::string() : std::string(base_name(output));
  }

  [[nodiscard]] std::string destination(const std::string& name) const {
    const std::string& output = request_.go_args.output;
    if (output.empty()) return fmt::format("{}/{}/{}", request_.out, target_.slug(), name);
    return join_path(output_is_folder() ? output : std::string(folder_of(output)), name);
  }

  // When go found everything up to date, and both its files and ours are as they were when they
  // passed the gates, the gates' answers still hold.
  bool recall() {
    const auto fresh = [](const Slice& slice) { return slice.result.linked; };
    if (std::ranges::any_of(slices_, fresh) || request_.check_reproducible) return false;
    std::vector<BuildOutput> outputs;
    for (const std::string& name : produced()) {
      if (name.ends_with(".h") && !is_file(destination(name))) return false;
      if (name.ends_with(".h")) continue;
      BuildOutput output = new_output(name);
      const Record record(finish_request(name), slices_.front().stage);
      if (!record.load(output)) return false;
      outputs.push_back(std::move(output));
    }
    if (outputs.empty()) return false;
    for (BuildOutput& output : outputs) {
      report_findings(output);
      if (request_.smoke) smoke(output);
      state_.result.outputs.push_back(std::move(output));
    }
    return true;
  }

  [[nodiscard]] BuildOutput new_output(const std::string& name) const {
    BuildOutput output;
    output.target = target_.name();
    output.path = destination(name);
    output.engine = slices_.front().cc.toolchain.describe();
    for (const Slice& slice : slices_) {
      output.gates.push_back({slice.target.name(), {}});
      output.trace.insert(output.trace.end(), slice.result.trace.begin(), slice.result.trace.end());
    }
    return output;
  }

  [[nodiscard]] FinishRequest finish_request(const std::string& name) const {
    FinishRequest request;
    request.destination = destination(name);
    request.identifier = request_.identifier;
    for (const Slice& slice : slices_) {
      request.staged.push_back(slice.stage + "/bin/" + name);
      request.gates.push_back(gate_request(slice));
      if (!request_.keep_paths) request.neutral = debug_folders(slice);
    }
    return request;
  }

  Outcome<void> finish_one(const std::string& name) {
    const std::string to = destination(name);
    if (name.ends_with(".h")) return copy_header(name, to);
    BuildOutput output = new_output(name);
    const FinishRequest request = finish_request(name);
    state_.progress.status(fmt::format("{}: checking {}", target_.name(), name));
    const auto done = finish(request);
    if (!done) return std::unexpected(finish_problem(to, done.error()));
    take(*done, output);
    if (output.built) Record(request, slices_.front().stage).save(output);
    if (output.built && request_.check_reproducible) TENON_TRY(check_twice(name, output));
    if (output.built && request_.smoke) smoke(output);
    state_.result.outputs.push_back(std::move(output));
    return {};
  }

  Outcome<void> copy_header(const std::string& name, const std::string& to) {
    const auto bytes = read_file(slices_.front().stage + "/bin/" + name);
    if (!bytes) return std::unexpected(finish_problem(to, bytes.error()));
    if (const auto done = write_file(to, bytes->view().bytes()); !done) {
      return std::unexpected(unwritable(to, done.error()));
    }
    return {};
  }

  static Finding finish_problem(const std::string& path, const Error& error) {
    const bool writing = error.code == Errc::no_space || error.code == Errc::permission ||
                         error.code == Errc::io || error.code == Errc::not_found;
    if (writing) return unwritable(path, error);
    return make_finding(Code::gate_unreadable,
                        {{"value", fmt::format("{} at offset {}", error.what, error.offset)}},
                        path);
  }

  void take(const Finished& done, BuildOutput& output) {
    output.sha256 = done.sha256;
    output.size = static_cast<std::int64_t>(done.size);
    output.built = done.passed;
    for (std::size_t i = 0; i < done.gates.size(); ++i) output.gates[i].rows = done.gates[i];
    report_findings(output);
  }

  void report_findings(const BuildOutput& output) {
    for (Finding& finding : gate_findings(output)) add(std::move(finding));
    for (Finding& finding : trace_findings(output)) add(std::move(finding));
  }

  [[nodiscard]] GateRequest gate_request(const Slice& slice) const {
    GateRequest request;
    request.target = slice.target;
    for (const TraceRecord& record : slice.result.trace) {
      if (record.kind != TraceRecord::Kind::minimum) continue;
      request.target.min = std::max(request.target.min, record.version);
    }
    request.build_mode = slice.plan.build_mode;
    request.cgo = !(state_.go.cgo_env == "0" && request_.allow_no_cgo);
    if (!request_.keep_paths) request.host_paths = host_paths(slice);
    for (const std::string_view folder : {"/usr/lib", "/lib"}) {
      if (request_.sysroot.empty()) break;
      for (const std::string& part :
           {std::string(), "/" + std::string(slice.target.platform->debian)}) {
        for (std::string& name : list_folder(request_.sysroot + std::string(folder) + part)) {
          request.given_libraries.push_back(std::move(name));
        }
      }
    }
    return request;
  }

  // Folders that say something about this machine. A single component, such as /work, would be
  // found by chance.
  [[nodiscard]] std::vector<std::string> host_paths(const Slice& slice) const {
    std::vector<std::string> paths{request_.folder, slice.cc.cache, zig_folder(slice),
                                   "/tmp/tenon-"};
    // Go writes /tmp/go-build for its work folder, whose real name has digits behind that.
    for (char digit = '0'; digit <= '9'; ++digit)
      paths.push_back("/tmp/go-build" + std::string(1, digit));
    const std::string home = environment_variable("HOME").value_or("");
    for (const std::string_view part : {"/go/pkg/mod", "/.cache/", "/Library/Caches/"}) {
      if (!home.empty()) paths.push_back(home + std::string(part));
    }
    if (std::ranges::count(home, '/') > 1) paths.push_back(home + "/");
    std::erase_if(paths, [](const std::string& path) { return std::ranges::count(path, '/') < 2; });
    return paths;
  }

  // Where zig's C library and what it compiled came from.
  [[nodiscard]] std::vector<std::string> debug_folders(const Slice& slice) const {
    std::vector<std::string> folders{zig_folder(slice), slice.cc.cache, request_.folder};
    for (const char* variable : {"ZIG_GLOBAL_CACHE_DIR", "XDG_CACHE_HOME"}) {
      if (const auto value = environment_variable(variable)) folders.push_back(*value);
    }
    if (const auto home = environment_variable("HOME")) folders.push_back(*home + "/.cache/zig");
    std::erase_if(folders, [](const std::string& folder) {
      return !folder.starts_with('/') || std::ranges::count(folder, '/') < 2;
    });
    return folders;
  }

  [[nodiscard]] bool is_library() const {
    const std::string& mode = slices_.front().plan.build_mode;
    return mode == "c-archive" || mode == "c-shared" || mode == "plugin" || mode == "archive";
  }

  static std::string zig_folder(const Slice& slice) {
    return std::string(folder_of(slice.cc.toolchain.zig));
  }

  void smoke(BuildOutput& output) {
    state_.progress.status(fmt::format("{}: running {}", target_.name(), base_name(output.path)));
    output.smoke = is_library() ? smoke_not_run("a library is not a program")
                                : smoke_run(output.path, target_, request_.program_args,
                                            std::chrono::minutes(5));
    const SmokeResult& result = *output.smoke;
    if (result.state == SmokeResult::State::ok) return;
    const bool failed = result.state == SmokeResult::State::failed;
    Finding finding = make_finding(
        failed ? Code::run_smoke_failed : Code::run_no_emulator,
        {{"program", output.path}, {"status", result.why}, {"reason", result.why}}, target_.name());
    if (failed) {
      finding.evidence.push_back({Evidence::Kind::command, "end of its output", result.output});
    } else {
      if (target_.darwin()) finding.severity = Severity::note;
      if (target_.darwin()) finding.fixes.clear();
      finding.evidence.push_back({Evidence::Kind::fact, "reason", result.why});
    }
    add(std::move(finding));
  }

  // A second build in caches of its own must give the same bytes.
  Outcome<void> check_twice(const std::string& name, BuildOutput& output) {
    for (Slice& slice : slices_) {
      const auto cache = make_temporary_folder("tenon-again");
      if (!cache) return std::unexpected(unwritable("a temporary directory", cache.error()));
      GoBuildRequest request = go_request(slice);
      request.stage = *cache + "/stage";
      request.environment.push_back("GOCACHE=" + *cache + "/go");
      state_.progress.line(
          fmt::format("{}: building again in an empty cache", slice.target.name()));
      const auto again = go_build(request, events(slice));
      std::string reason = "the second build failed";
      if (again && again->ok) {
        const auto found = difference(slice.stage + "/bin/" + name, request.stage + "/bin/" + name);
        reason = found ? *found : std::string(found.error().what);
      }
      remove_tree(*cache);
      output.reproducible = output.reproducible.value_or(true) && reason.empty();
      if (reason.empty()) continue;
      Finding finding =
          make_finding(Code::gate_not_reproducible, {{"value", reason}}, slice.target.name());
      finding.evidence.push_back({Evidence::Kind::file, output.path, reason});
      add(std::move(finding));
    }
    return {};
  }

  BuildState& state_;
  const BuildRequest& request_;
  const Target& target_;
  std::vector<Slice> slices_;
  GoList list_;
  bool raise_min_ = false;
  bool listing_ = false;
  std::jthread list_thread_;
};

}  // namespace

void build_target(BuildState& state, const Target& target) {
  TargetBuild build(state, target);
  auto done = build.run();
  state.progress.clear_status();
  if (done) return;
  // The target still has its line in the report.
  const bool listed = std::ranges::any_of(state.result.outputs, [&](const BuildOutput& output) {
    return output.target == target.name();
  });
  if (!listed) {
    BuildOutput output;
    output.target = target.name();
    state.result.outputs.push_back(std::move(output));
  }
  state.result.findings.push_back(completed(std::move(done).error()));
}

}  // namespace tenon
