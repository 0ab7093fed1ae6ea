#include "resolve/run/oracle.h"

#include <fmt/format.h>

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "host/files.h"
#include "host/process.h"
#include "resolve/godebug.h"
#include "resolve/inputs.h"

namespace tenon::resolve {
namespace {

constexpr const char* helper = R"(package main

import (
	"context"
	"net"
	"os"
)

func main() {
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	for _, name := range os.Args[1:] {
		net.DefaultResolver.LookupHost(gone, name)
	}
}
)";

// The value of GODEBUG with level 2 and the same mode.
std::string with_level_2(const Inputs& inputs) {
  std::string out(inputs.environment.text("GODEBUG"));
  const auto value = godebug_value(out, inputs.build.default_godebug, "netdns");
  const NetDns dns = parse_netdns(value.value_or(std::string()));
  if (!out.empty()) out += ',';
  return out + "netdns=" + (dns.mode.empty() ? "2" : dns.mode + "+2");
}

std::string tags_of(const Build& build) {
  std::string out = build.netgo ? "netgo" : "";
  if (build.netcgo) out += out.empty() ? "netcgo" : ",netcgo";
  return out;
}

std::optional<std::string> build_helper(const std::string& folder, const Build& build) {
  Command command;
  command.directory = folder;
  command.argv = {"go", "build", "-o", "helper", "-tags", tags_of(build), "main.go"};
  command.environment = {"GOOS=", "GOARCH=", "GOWORK=off", "GO111MODULE=off",
                         std::string("CGO_ENABLED=") + (build.cgo ? "1" : "0")};
  command.deadline = std::chrono::minutes(5);
  command.merge_streams = true;
  const auto exit = run(command);
  if (!exit) return std::string("the go command cannot be started");
  if (exit->timed_out) return std::string("go build did not end within 5 minutes");
  if (exit->code != 0) return "go build failed: " + std::string(trim(exit->out)).substr(0, 500);
  return std::nullopt;
}

std::vector<std::string> variables(const Inputs& inputs) {
  std::vector<std::string> out;
  for (const auto& [name, value] : inputs.environment.variables) {
    if (name != "GODEBUG") out.push_back(fmt::format("{}={}", name, value));
  }
  out.push_back("GODEBUG=" + with_level_2(inputs));
  return out;
}

}  // namespace

Result<OracleAnswer> ask_oracle(const Inputs& inputs, const std::vector<std::string>& names) {
  OracleAnswer out;
  if (!find_program("go")) {
    out.problem = "there is no go command in PATH";
    return out;
  }
  const TemporaryFolder folder(TENON_TRY(make_temporary_folder("tenon-oracle")));
  if (const auto written = write_text(join_path(folder.path, "main.go"), helper); !written)
    return std::unexpected(written.error());
  if (auto problem = build_helper(folder.path, inputs.build)) {
    out.problem = *std::move(problem);
    return out;
  }
  Command command;
  command.argv = {join_path(folder.path, "helper")};
  command.argv.insert(command.argv.end(), names.begin(), names.end());
  command.environment = variables(inputs);
  command.replace_environment = true;
  command.deadline = std::chrono::seconds(60);
  const Exit exit = TENON_TRY(run(command));
  out.log = exit.err;
  if (exit.code != 0) out.problem = "the helper failed: " + exit.err.substr(0, 500);
  Command ask;
  ask.argv = {"go", "env", "GOVERSION"};
  if (const auto version = run(ask); version && version->code == 0)
    out.go_version = trim(version->out);
  return out;
}

}  // namespace tenon::resolve
