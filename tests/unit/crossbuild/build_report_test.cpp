#include "crossbuild/build_report.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "crossbuild/build_findings.h"
#include "diag/codes.h"

using namespace tenon;
using Kind = TraceRecord::Kind;

namespace {

BuildOutput universal() {
  BuildOutput output;
  output.target = "darwin/universal";
  output.path = "/p/dist/darwin-universal/app";
  output.sha256 = "abc";
  output.engine = "zig 0.15.2";
  output.size = 2'000'000;
  output.built = true;
  output.gates = {
      {"darwin/arm64",
       {{"arch", GateState::ok, "arm64", Code::none},
        {"uuid", GateState::unknown, "no load commands", Code::dyld_data_const_not_read_only}}},
      {"darwin/amd64", {{"arch", GateState::failed, "arm64", Code::gate_wrong_architecture}}}};
  return output;
}

BuildResult result_of(BuildOutput output) {
  BuildResult result;
  result.go_version = "go1.26.8";
  result.outputs.push_back(std::move(output));
  return result;
}

std::string json(const BuildResult& result) {
  return render_data(build_report(result, {}, "/p").data);
}

std::vector<Code> codes(const std::vector<Finding>& findings) {
  std::vector<Code> out;
  for (const Finding& finding : findings) out.push_back(finding.code);
  return out;
}

}  // namespace

TEST_CASE("build report: whose headers of macOS were used") {
  BuildOutput output = universal();
  CHECK_FALSE(json(result_of(output)).contains("\"headers\""));
  output.headers = "tenon's (objc2 0.3.2), not Apple's";
  CHECK(json(result_of(output)).contains(R"("headers":"tenon's (objc2 0.3.2), not Apple's")"));
  CHECK(build_report(result_of(output), {}, "/p")
            .text.contains("    headers: tenon's (objc2 0.3.2), not Apple's\n"));
}

TEST_CASE("build report: rows belong to their slice, also when slices have different numbers") {
  const std::string data = json(result_of(universal()));
  CHECK(data.contains(R"({"check":"uuid","state":"unknown","value":"no load commands",)"
                      R"("code":"TN0506","slice":"darwin/arm64"})"));
  CHECK(data.contains(R"({"check":"arch","state":"failed","value":"arm64",)"
                      R"("code":"TN0502","slice":"darwin/amd64"})"));
  BuildOutput one = universal();
  one.gates.pop_back();
  CHECK_FALSE(json(result_of(one)).contains("\"slice\""));
}

TEST_CASE("build report: the table counts what the gate said, paths are short") {
  const Report report = build_report(result_of(universal()), {false, false}, "/p");
  CHECK(report.text.contains("1 ok, 1 failed, 1 unknown"));
  CHECK(report.text.contains("dist/darwin-universal/app"));
  CHECK_FALSE(report.text.contains("/p/dist"));
  CHECK(report.text.contains("[ok] arch         arm64"));
  CHECK(report.text.contains("[!!] arch         arm64"));
  CHECK(report.text.contains("[??] uuid         no load commands"));
  CHECK(build_report(result_of(universal()), {false, true}, "/p").text.contains("\u2717 arch"));
}

TEST_CASE("build report: a file that was not built has no path and no digest") {
  BuildOutput output;
  output.target = "linux/arm64:musl";
  const BuildResult result = result_of(output);
  CHECK(json(result).contains(R"("built":false,"path":null,"sha256":null)"));
  CHECK(build_report(result, {}, "/p").text.contains("failed"));
}

TEST_CASE("build report: a program that was not run is unknown, never ok") {
  BuildOutput output = universal();
  output.smoke = SmokeResult{SmokeResult::State::not_run, "", "no qemu", ""};
  CHECK(json(result_of(output)).contains(R"("smoke":{"state":"unknown")"));
  output.smoke->state = SmokeResult::State::failed;
  CHECK(json(result_of(output)).contains(R"("smoke":{"state":"failed")"));
  output.smoke = SmokeResult{SmokeResult::State::ok, "directly", "", ""};
  CHECK(json(result_of(output)).contains(R"("smoke":{"state":"ok","how":"directly")"));
  CHECK(build_report(result_of(output), {}, "/p").text.contains("ok, directly"));
}

TEST_CASE("build report: stubs and flags are named once") {
  BuildOutput output = universal();
  output.trace = {{.kind = Kind::stub, .reason = "r", .symbol = "_a", .library = "/L"},
                  {.kind = Kind::stub, .reason = "r", .symbol = "_a", .library = "/L"},
                  {.kind = Kind::flag, .flag = "-x", .reason = "why"},
                  {.kind = Kind::flag, .flag = "-x", .reason = "why"}};
  const std::string data = json(result_of(output));
  CHECK(data.contains(R"("stubs":[{"symbol":"_a","library":"/L","origin":"r"}])"));
  CHECK(data.contains(R"("flags":[{"flag":"-x","reason":"why"}])"));
  CHECK(build_report(result_of(output), {}, "/p").text.contains("stub /L for 1 symbols"));
}

TEST_CASE("build report: only an error makes a build fail") {
  BuildResult result = result_of(universal());
  Finding finding;
  finding.severity = Severity::warning;
  result.findings.push_back(finding);
  CHECK(build_report(result, {}, "/p").ok);
  result.findings.front().severity = Severity::error;
  CHECK_FALSE(build_report(result, {}, "/p").ok);
}

TEST_CASE("build report: the same finding of two slices is told once") {
  BuildResult result;
  Finding finding;
  finding.code = Code::engine_no_dwarf_tools;
  finding.message = "m";
  result.add(finding);
  result.add(finding);
  finding.message = "n";
  result.add(finding);
  CHECK(result.findings.size() == 2);
}

TEST_CASE("build report: a dry run prints every step of the plan and nothing else") {
  Plan plan;
  plan.target = parse_target("linux/arm64").value();
  SlicePlan slice;
  slice.cc.target = plan.target;
  slice.cc.toolchain.zig_version = {0, 15, 2};
  slice.steps = {
      {Step::Kind::wrapper, {"/t", "cc", "--print-wrapper"}, {}, "", {}, {}, "the compiler"},
      {Step::Kind::go, {"/go", "build", "a b"}, {"GOOS=linux", "CPATH"}, "/p", {}, {}, "all"}};
  plan.slices = {slice};
  BuildResult result;
  result.dry_run = true;
  result.plans = {plan};
  const Report report = build_report(result, {}, "/p");
  CHECK(report.text ==
        "# linux/arm64:musl (zig 0.15.2)\n"
        "# the compiler\n/t cc --print-wrapper\n"
        "# all\nenv -u CPATH GOOS=linux /go build 'a b'\n");
  const std::string data = render_data(report.data);
  CHECK(data.contains(R"("command":"env -u CPATH GOOS=linux /go build 'a b'")"));
  CHECK(data.contains(R"("argv":["/go","build","a b"])"));
  CHECK_FALSE(data.contains("outputs\":[{\"target"));
}

TEST_CASE("build findings: a failed row is an error, one that could not be checked a warning") {
  const auto findings = gate_findings(universal());
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].code == Code::dyld_data_const_not_read_only);
  CHECK(findings[0].severity == Severity::warning);
  CHECK(findings[0].confidence == Confidence::possible);
  CHECK(findings[1].code == Code::gate_wrong_architecture);
  CHECK(findings[1].severity == Severity::error);
  CHECK(findings[1].evidence.at(0).where == "/p/dist/darwin-universal/app");
}

TEST_CASE("build findings: what the trace of a link means") {
  BuildOutput output = universal();
  output.trace = {{.kind = Kind::flat, .symbol = "_a"},
                  {.kind = Kind::host_folder, .flag = "-L/usr/lib"},
                  {.kind = Kind::host_folder, .flag = "-L/usr/lib"},
                  {.kind = Kind::newer_object, .file = "a.o", .version = {14, 0, 0}},
                  {.kind = Kind::minimum, .file = "b.o", .version = {15, 0, 0}},
                  {.kind = Kind::glibc_names, .library = "/l/libx.a"},
                  {.kind = Kind::flat, .symbol = "_b"},
                  {.kind = Kind::compile, .file = "a.c", .process = 3}};
  const auto findings = trace_findings(output);
  CHECK(codes(findings) == std::vector<Code>{Code::darwin_deployment_target_mismatch_warning,
                                             Code::sdk_glibc_names_provided,
                                             Code::sdk_flat_lookup_used,
                                             Code::build_host_folder_ignored});
  CHECK(findings[0].evidence.at(0).text == "macOS 14.0");
  CHECK_FALSE(findings[0].message.contains("is built for that version"));
  CHECK(findings[2].evidence.at(0).text == "_a, _b");
  output.trace.erase(output.trace.begin() + 3);
  CHECK(trace_findings(output).at(0).message.contains("is built for that version"));
  output.trace.clear();
  CHECK(trace_findings(output).empty());
}

TEST_CASE("build findings: how a run of the program ended") {
  const Target linux = parse_target("linux/arm64").value();
  const Target mac = parse_target("darwin/arm64").value();
  BuildOutput output = universal();
  CHECK_FALSE(smoke_finding(output, linux).has_value());
  output.smoke = SmokeResult{SmokeResult::State::ok, "directly", "", ""};
  CHECK_FALSE(smoke_finding(output, linux).has_value());
  output.smoke = SmokeResult{SmokeResult::State::failed, "directly", "exit code 7", "boom"};
  CHECK(smoke_finding(output, linux)->code == Code::run_smoke_failed);
  CHECK(smoke_finding(output, linux)->evidence.at(0).text == "boom");
  output.smoke = SmokeResult{SmokeResult::State::not_run, "", "no qemu", ""};
  CHECK(smoke_finding(output, linux)->code == Code::run_no_emulator);
  CHECK(smoke_finding(output, linux)->severity == Severity::warning);
  CHECK(smoke_finding(output, mac)->severity == Severity::note);
  CHECK(smoke_finding(output, mac)->fixes.empty());
  // The fix is the one for the reason: no emulator helps the race detector.
  output.smoke->fix = Fix{Fix::Safety::manual, "run it there", {}};
  REQUIRE(smoke_finding(output, linux)->fixes.size() == 1);
  CHECK(smoke_finding(output, linux)->fixes.front().text.text() == "run it there");
}
