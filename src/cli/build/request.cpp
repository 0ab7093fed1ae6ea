#include "cli/build/request.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
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
#include "cli/table.h"
#include "crossbuild/build_request.h"
#include "crossbuild/plan/go_plan.h"
#include "crossbuild/plan/output_names.h"
#include "crossbuild/run/engine_choice.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "host/files.h"
#include "host/process.h"
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

// "90s", "30m", "2h", or seconds.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  std::int64_t unit = 1;
  if (text.ends_with('h')) unit = 3600;
  if (text.ends_with('m')) unit = 60;
  if (!text.empty() && std::string_view("hms").contains(text.back())) text.remove_suffix(1);
  const auto number = parse_number(text);
  if (!number || *number == 0 || *number > 1'000'000) return std::nullopt;
  return std::chrono::seconds(static_cast<std::int64_t>(*number) * unit);
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

Outcome<void> read_folders(const Arguments& arguments, BuildRequest& request) {
  const std::string here = current_folder();
  request.folder = request.go_args.folder.empty() ? here : absolute(request.go_args.folder, here);
  if (arguments.has("--out") && arguments.get("--out").empty()) {
    return std::unexpected(usage("--out is empty"));
  }
  request.out = absolute(arguments.has("--out") ? arguments.get("--out") : "dist", here);
  if (!request.go_args.output.empty()) {
    TENON_TRY(check_output(request.go_args.output, request.targets, request.go_args.build_mode));
  }
  request.go_args.output = absolute(request.go_args.output, here);
  request.sysroot = absolute(arguments.get("--sysroot"), here);
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
  if (!is_folder(request.folder)) {
    return std::unexpected(usage(fmt::format("{} is not a directory", request.folder)));
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

}  // namespace

Outcome<BuildRequest> read_request(const std::vector<std::string>& args, Arguments& arguments) {
  BuildRequest request;
  auto go_args = split_go_args(args);
  if (!go_args) return std::unexpected(usage(go_args.error().message.text()));
  request.go_args = std::move(*go_args);
  auto parsed = parse_arguments(*find_command("build"), request.go_args.rest);
  if (!parsed) return std::unexpected(usage(parsed.error().message));
  arguments = *std::move(parsed);
  if (arguments.has("--help")) return request;
  request.packages = arguments.positional;
  if (request.packages.empty()) request.packages.emplace_back(".");
  request.program_args = arguments.behind;
  if (!arguments.has("--target")) {
    return std::unexpected(usage("--target is missing, for example --target darwin/arm64"));
  }
  request.targets = TENON_TRY(parse_targets(arguments.get("--target"), request.remarks));
  TENON_TRY(read_engine(arguments.get("--engine"), request));
  TENON_TRY(read_folders(arguments, request));
  TENON_TRY(read_minimum(arguments, request));
  request.identifier = arguments.get("--identifier");
  request.allow_no_cgo = arguments.has("--allow-no-cgo");
  request.flat_lookup = arguments.has("--flat-lookup");
  request.keep_paths = arguments.has("--keep-paths");
  request.no_macos_headers = arguments.has("--no-macos-headers");
  request.smoke = arguments.has("--smoke");
  request.check_reproducible = arguments.has("--check-reproducible");
  // -n of go build: print the commands.
  request.dry_run = arguments.has("--dry-run") || std::erase(request.go_args.flags, "-n") > 0;
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

}  // namespace tenon
