#include "cli/build/request.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "base/shown.h"
#include "base/text.h"
#include "cli/build/settings.h"
#include "cli/table.h"
#include "crossbuild/build_request.h"
#include "crossbuild/plan/go_plan.h"
#include "crossbuild/plan/output_names.h"
#include "crossbuild/run/engine_choice.h"
#include "crossbuild/run/sysroot.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "host/files.h"
#include "host/process.h"
#include "link/query/cross.h"
#include "link/query/environment.h"
#include "link/query/modules_state.h"
#include "link/run/machine_files.h"
#include "platform/target.h"
#include "platform/toolchain.h"
#include "platform/version_number.h"

namespace tenon {
namespace {

Finding usage(std::string message) {
  Finding finding = make_finding(Code::usage_bad_option, {{"message", message}}, "tenon build");
  finding.fixes.push_back({Fix::Safety::manual, "see tenon build --help", {}});
  return finding;
}

// ":gnu" leaves the version to us.
void remark_version(std::string_view name, const Target& target, std::vector<Shown>& remarks) {
  if (target.libc != Libc::glibc || name.contains(target.min.text())) return;
  remarks.push_back(
      shown_format("{} means {}: for glibc {} and newer", name, target.name(), target.min.text()));
}

Outcome<std::vector<Target>> parse_targets(const std::string& text, std::vector<Shown>& remarks) {
  std::vector<Target> targets;
  for (const std::string_view word : split(text, ',')) {
    const std::string_view name = trim(word);
    if (name.empty()) continue;
    const ParsedTarget parsed = parse_target(name);
    if (!parsed) {
      std::string message = parsed.error().message;
      if (!parsed.error().nearest.empty())
        message += fmt::format("; did you mean {}?", parsed.error().nearest);
      Finding finding = usage(message);
      finding.fixes = {{Fix::Safety::manual, "targets: " + shown_join(target_names(), ", "), {}}};
      return std::unexpected(std::move(finding));
    }
    remark_version(name, *parsed, remarks);
    const auto same = std::ranges::find(targets, parsed->name(), &Target::name);
    if (same == targets.end()) {
      targets.push_back(*parsed);
    } else if (same->min != parsed->min) {
      return std::unexpected(usage(
          fmt::format("{} is listed with two versions, which would be written to the same file",
                      same->name())));
    }
  }
  if (targets.empty()) return std::unexpected(usage("--target is empty"));
  return targets;
}

Outcome<void> read_engine(const std::string& text, BuildRequest& request) {
  if (text.empty() || text == "auto") return {};
  for (const Engine engine : {Engine::zig, Engine::clang, Engine::apple}) {
    if (engine_name(engine) == text) request.engine = engine;
  }
  if (request.engine) return {};
  return std::unexpected(
      usage(fmt::format("'{}' is not an engine: zig, clang, apple or auto", text)));
}

// Absolute and without "." and "..": compilers write paths down as they are given.
std::string absolute(const std::string& path, const std::string& base) {
  if (path.empty()) return path;
  return absolute_path(base, path);
}

bool for_macos(const BuildRequest& request) {
  return std::ranges::any_of(request.targets, &Target::darwin);
}

// A sysroot made by hand has no record: its .pc files are its state.
std::string modules_of(const BuildRequest& request) {
  MachineFiles files;
  std::string out;
  for (const Target& target : request.targets) {
    if (target.darwin()) continue;
    const pc::Cross cross{.sysroot = request.sysroot,
                          .triplet = std::string(target.platform->debian)};
    out +=
        pc::modules_state(pc::prepare_cross({}, {}, cross, files).prepared.settings.folders, files);
  }
  return out;
}

std::string project_folder(const GoArgs& go_args) {
  const std::string here = current_folder();
  return go_args.folder.empty() ? here : absolute(go_args.folder, here);
}

Outcome<void> read_folders(const Arguments& arguments, BuildRequest& request) {
  const std::string here = current_folder();
  if (arguments.has("--out") && arguments.get("--out").empty()) {
    return std::unexpected(usage("--out is empty"));
  }
  // Packages of the project's file are those of its module, wherever tenon was started.
  const bool of_module = !request.output_root.empty() && request.folder == request.output_root;
  request.out = absolute(arguments.has("--out") ? arguments.get("--out") : "dist",
                         of_module ? request.output_root : here);
  TENON_TRY(check_output(request.go_args.output));
  request.go_args.output = absolute(request.go_args.output, here);
  request.sysroot = TENON_TRY(find_sysroot(arguments.get("--sysroot"), here, "tenon build"));
  if (!request.sysroot.empty()) {
    request.sysroot_state = sysroot_state(request.sysroot) + "\n" + modules_of(request) + "\n" +
                            environment_variable("PKG_CONFIG").value_or("");
  }
  request.closure = arguments.get("--closure");
  if (!request.closure.empty() && request.closure != "hybrid" && request.closure != "static")
    return std::unexpected(usage("--closure is hybrid or static"));
  if (!request.closure.empty() && request.sysroot.empty())
    return std::unexpected(usage("--closure needs --sysroot"));
  request.sdk = absolute(arguments.get("--sdk"), here);
  if (request.sdk.empty() && for_macos(request)) {
    request.sdk = environment_variable("SDKROOT").value_or("");
  }
  if (!request.sdk.empty()) TENON_TRY(check_sdk(request.sdk));
  const bool linux_too = !std::ranges::all_of(request.targets, &Target::darwin);
  if (!request.sysroot.empty() && !linux_too) {
    return std::unexpected(usage("--sysroot is for Linux targets; for macOS use --sdk"));
  }
  if (!request.sysroot.empty() && !is_folder(request.sysroot)) {
    return std::unexpected(usage(fmt::format("--sysroot {} is not a directory", request.sysroot)));
  }
  return {};
}

Outcome<void> read_minimum(const Arguments& arguments, BuildRequest& request) {
  std::string text = arguments.get("--min");
  if (text.empty() && for_macos(request)) {
    text = environment_variable("MACOSX_DEPLOYMENT_TARGET").value_or("");
  }
  if (text.empty()) return {};
  const auto version = parse_version(text);
  if (!version || version->major < 10) {
    return std::unexpected(
        usage(fmt::format("--min takes a macOS version such as 12.0, not '{}'", text)));
  }
  request.min = *version;
  return {};
}

Outcome<void> read_targets(const Arguments& arguments, BuildRequest& request) {
  if (!arguments.has("--target")) {
    return std::unexpected(
        usage("--target is missing, for example --target darwin/arm64; or list targets in [build] "
              "of .tenon.toml"));
  }
  request.targets = TENON_TRY(parse_targets(arguments.get("--target"), request.remarks));
  return {};
}

void read_switches(const Arguments& arguments, BuildRequest& request) {
  request.identifier = arguments.get("--identifier");
  request.allow_no_cgo = arguments.has("--allow-no-cgo");
  request.flat_lookup = arguments.has("--flat-lookup");
  request.keep_paths = arguments.has("--keep-paths");
  request.no_macos_headers = arguments.has("--no-macos-headers");
  request.no_cache = arguments.has("--no-cache");
  request.smoke = arguments.has("--smoke");
  request.check_reproducible = arguments.has("--check-reproducible");
  // -n of go build: print the commands.
  request.dry_run = arguments.has("--dry-run") || std::erase(request.go_args.flags, "-n") > 0;
}

Outcome<BuildRequest> make_request(Choices choices, const Project& project) {
  const Arguments& arguments = choices.arguments;
  BuildRequest request;
  request.go_args = std::move(choices.go_args);
  request.settings = std::move(choices.settings);
  request.packages = arguments.positional;
  if (request.packages.empty()) request.packages.emplace_back(".");
  request.program_args = arguments.behind;
  request.folder = choices.own_packages ? project_folder(request.go_args) : project.root;
  if (!project.file.empty() && !choices.own_outputs) request.output_root = project.root;
  TENON_TRY(read_targets(arguments, request));
  TENON_TRY(read_engine(arguments.get("--engine"), request));
  TENON_TRY(read_folders(arguments, request));
  TENON_TRY(read_minimum(arguments, request));
  read_switches(arguments, request);
  if (arguments.has("--timings")) {
    if (arguments.get("--timings") != "html") return std::unexpected(usage("--timings is html"));
    request.timings = true;
  }
  if (arguments.has("--timeout")) {
    const auto limit = parse_duration(arguments.get("--timeout"));
    if (!limit) return std::unexpected(usage("--timeout takes a time such as 90s, 30m or 2h"));
    request.timeout = *limit;
  }
  if (!request.program_args.empty() && !request.smoke) {
    return std::unexpected(usage("arguments after -- are for --smoke, which is not set"));
  }
  return request;
}

// Values of the file that the message names by their options.
Finding with_origins(Finding finding, const std::vector<BuildSetting>& settings,
                     const Project& project) {
  if (project.file.empty()) return finding;
  for (const BuildSetting& one : settings) {
    const bool named = finding.message.text().contains("--" + one.name);
    if (!named || !one.origin.starts_with(project.file)) continue;
    finding.evidence.push_back({Evidence::Kind::file, one.origin, one.name + " = " + one.value});
  }
  return finding;
}

Outcome<BuildRequest> request_with(const Arguments& arguments, const GoArgs& go_args,
                                   const Project& project, const std::string& target) {
  Choices choices = merge(arguments, go_args, project, target);
  // A table chooses for its target, and nothing else.
  if (!target.empty()) choices.arguments.values["--target"] = target;
  const std::vector<BuildSetting> settings = choices.settings;
  auto made = make_request(std::move(choices), project);
  if (made) return made;
  return std::unexpected(with_origins(std::move(made).error(), settings, project));
}

// The targets of the build that have a table in the project's file.
Outcome<void> add_special(const Arguments& arguments, const GoArgs& go_args, const Project& project,
                          BuildRequest& request) {
  for (const std::string& name : project.content.tables()) {
    const auto target = std::ranges::find(request.targets, name, &Target::name);
    if (target == request.targets.end()) continue;
    BuildRequest own = TENON_TRY(request_with(arguments, go_args, project, name));
    own.targets = {*target};
    for (const BuildSetting& one : own.settings) {
      if (!one.target.empty()) request.settings.push_back(one);
    }
    request.special.push_back(std::move(own));
  }
  return {};
}

Outcome<void> check_outputs(const BuildRequest& request) {
  std::vector<TargetOutput> outputs;
  for (const Target& target : request.targets) {
    const GoArgs& args = request_for(request, target).go_args;
    if (!args.output.empty()) outputs.push_back({target, args.output, args.build_mode});
  }
  return check_apart(outputs);
}

}  // namespace

Outcome<BuildRequest> read_request(const std::vector<std::string>& args, Arguments& arguments) {
  auto go_args = split_go_args(args);
  if (!go_args) return std::unexpected(usage(go_args.error().message.text()));
  auto parsed = parse_arguments(*find_command("build"), go_args->rest);
  if (!parsed) return std::unexpected(usage(parsed.error().message));
  arguments = *std::move(parsed);
  if (arguments.has("--help")) return BuildRequest{};
  const std::string folder = project_folder(*go_args);
  if (!is_folder(folder)) {
    return std::unexpected(usage(fmt::format("{} is not a directory", folder)));
  }
  const Project project = TENON_TRY(find_project(folder, arguments.get("--targets-file")));
  BuildRequest request = TENON_TRY(request_with(arguments, *go_args, project, {}));
  TENON_TRY(add_special(arguments, *go_args, project, request));
  TENON_TRY(check_outputs(request));
  return request;
}

}  // namespace tenon
