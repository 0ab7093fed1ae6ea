#include "cli/resolve/request.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "base/unread.h"
#include "cli/table.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diagnose/run/host_snapshot.h"
#include "host/files.h"
#include "host/system.h"
#include "machine/probe/own_platform.h"
#include "resolve/binary.h"
#include "resolve/from_snapshot.h"
#include "resolve/inputs.h"
#include "resolve/run/gather.h"

namespace tenon {
namespace {

using resolve::Environment;
using resolve::Inputs;

using Step = Outcome<bool>;

std::unexpected<Finding> wrong(std::string message) {
  return std::unexpected(
      make_finding(Code::usage_bad_option, {{"message", std::move(message)}}, "tenon resolve"));
}

std::unexpected<Finding> not_go(const std::string& path, std::string reason) {
  return std::unexpected(
      make_finding(Code::resolve_not_go, {{"path", path}, {"reason", std::move(reason)}}, path));
}

Outcome<std::optional<std::uint64_t>> process_of(const Arguments& arguments) {
  if (!arguments.has("--pid")) return std::nullopt;
  const auto number = parse_number(arguments.get("--pid"));
  if (!number || *number == 0 || *number > 0x7fffffff)
    return wrong("--pid takes the number of a process");
  return number;
}

// The program, its build and its defaults.
Step read_program(const std::string& path, ResolveRequest& out) {
  auto facts = resolve::read_binary(path);
  if (!facts) return not_go(path, unread_reason(facts.error()));
  if (!facts->go) return not_go(path, "it has no Go build information");
  out.inputs.build = facts->build;
  out.binary_path = path;
  out.binary = *std::move(facts);
  return true;
}

Step read_files(const Arguments& arguments, std::optional<std::uint64_t> process, Inputs& out) {
  std::string root = arguments.get("--root");
  if (!root.empty()) {
    const auto info = look_up(root);
    if (!info || !*info) return wrong("--root: " + root + " is not there");
    if ((*info)->kind != FileInfo::Kind::folder)
      return wrong("--root: " + root + " is not a directory");
    while (root.size() > 1 && root.ends_with('/')) root.pop_back();
    if (root == "/") root.clear();
  } else if (arguments.has("--root")) {
    return wrong("--root takes a directory");
  } else if (process) {
    root = "/proc/" + std::to_string(*process) + "/root";
  }
  out.machine = resolve::read_machine(root);
  if (out.machine.hostname) return true;
  // A process mostly runs under the name of its machine, an image under that of its container.
  out.machine.hostname = host_name();
  out.machine.hostname_is_ours = true;
  return true;
}

Step read_sources(const Arguments& arguments, ResolveRequest& out) {
  const auto process = process_of(arguments);
  if (!process) return std::unexpected(process.error());
  out.inputs.build.goos = own_platform().goos;
  if (!resolve::known_goos(out.inputs.build.goos)) out.inputs.build.goos = "linux";
  std::string program = arguments.get("--binary");
  if (program.empty() && *process) program = "/proc/" + std::to_string(**process) + "/exe";
  if (!program.empty() || arguments.has("--binary")) {
    if (auto step = read_program(program, out); !step) return step;
  }
  if (arguments.has("--from")) {
    const auto snapshot = recorded_snapshot(arguments.get("--from"));
    if (!snapshot) return std::unexpected(snapshot.error());
    out.inputs.machine = resolve::machine_of(snapshot->network);
    out.inputs.environment = resolve::environment_of(snapshot->network);
    if (!out.binary && resolve::known_goos(snapshot->system.goos))
      out.inputs.build.goos = snapshot->system.goos;
  } else if (auto step = read_files(arguments, *process, out.inputs); !step) {
    return step;
  }
  if (*process) {
    auto environment = resolve::process_environment(**process);
    if (!environment)
      return wrong("the environment of process " + arguments.get("--pid") +
                   " cannot be read: " + unread_reason(environment.error()));
    out.inputs.environment = *std::move(environment);
  } else if (is_local(arguments)) {
    out.inputs.environment = resolve::own_environment();
  }
  return true;
}

Step apply_build(const Arguments& arguments, resolve::Build& out) {
  if (arguments.has("--goos")) {
    out.goos = arguments.get("--goos");
    if (!resolve::known_goos(out.goos)) return wrong("'" + out.goos + "' is not a GOOS");
  }
  if (arguments.has("--go")) {
    const auto minor = resolve::parse_go_release(arguments.get("--go"));
    if (!minor) return wrong("--go takes a release such as 1.26");
    out.go = {*minor, true};
  }
  if (arguments.has("--cgo")) {
    const std::string value = arguments.get("--cgo");
    if (value != "0" && value != "1") return wrong("--cgo is 0 or 1");
    out.cgo = value == "1";
    out.cgo_known = true;
  }
  if (arguments.has("--tags")) resolve::read_tags(arguments.get("--tags"), out);
  return true;
}

Step apply_environment(const Arguments& arguments, Environment& out) {
  for (const std::string& entry : arguments.all("--env")) {
    const std::size_t equals = entry.find('=');
    if (equals == entry.npos || equals == 0) return wrong("--env takes NAME=VALUE");
    out.variables[entry.substr(0, equals)] = entry.substr(equals + 1);
  }
  if (const std::string value = arguments.get("--godebug"); arguments.has("--godebug")) {
    // Go ignores what has no '=', and so do we; but these two are meant.
    if (value == "go" || value == "cgo")
      return wrong("--godebug takes NAME=VALUE: netdns=" + value);
    std::string& whole = out.variables["GODEBUG"];
    if (!whole.empty()) whole += ',';
    whole += value;
  }
  return true;
}

}  // namespace

bool is_local(const Arguments& arguments) {
  const bool foreign_goos =
      arguments.has("--goos") && arguments.get("--goos") != own_platform().goos;
  return !arguments.has("--root") && !arguments.has("--from") && !arguments.has("--pid") &&
         !foreign_goos;
}

Outcome<ResolveRequest> read_resolve_request(const Arguments& arguments) {
  ResolveRequest out;
  if (arguments.has("--from") && (arguments.has("--root") || arguments.has("--pid")))
    return wrong("--from cannot be combined with --root or --pid");
  if (auto step = read_sources(arguments, out); !step) return std::unexpected(step.error());
  if (auto step = apply_build(arguments, out.inputs.build); !step)
    return std::unexpected(step.error());
  if (auto step = apply_environment(arguments, out.inputs.environment); !step)
    return std::unexpected(step.error());
  if (arguments.has("--hostname")) {
    out.inputs.machine.hostname = arguments.get("--hostname");
    out.inputs.machine.hostname_is_ours = false;
  }
  out.inputs.fields = {.prefer_go = arguments.has("--prefer-go"), .dial = arguments.has("--dial")};
  return out;
}

}  // namespace tenon
