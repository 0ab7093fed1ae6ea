// tenon sysroot: headers and libraries of another system, for tenon build --sysroot.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/shown.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "crossbuild/run/sysroot.h"
#include "crossbuild/sysroot/apt.h"
#include "crossbuild/sysroot/name.h"
#include "crossbuild/sysroot/record.h"
#include "diag/codes.h"
#include "diag/report.h"
#include "host/files.h"
#include "host/process.h"

namespace tenon {
namespace {

Data data_of(const SysrootResult& result) {
  Data out = Data::object();
  out.add("name", result.record.name);
  out.add("folder", result.folder);
  out.add("changed", result.changed);
  Data packages = Data::array();
  for (const SysrootPackage& one : result.record.packages) {
    Data package = Data::object();
    package.add("name", one.name);
    package.add("version", one.version);
    package.add("architecture", one.architecture);
    package.add("sha256", one.sha256);
    const auto& wanted = result.record.wanted;
    package.add("wanted", std::ranges::find(wanted, one.name) != wanted.end());
    packages.push(std::move(package));
  }
  out.add("packages", std::move(packages));
  if (!result.changed) return out;
  out.add("files", static_cast<std::int64_t>(result.counts.files));
  out.add("links", static_cast<std::int64_t>(result.counts.links));
  out.add("bytes", static_cast<std::int64_t>(result.counts.bytes));
  out.add("left_out", static_cast<std::int64_t>(result.counts.left_out));
  return out;
}

Shown text_of(const SysrootResult& result, const SysrootRequest& request, bool verbose) {
  Shown out = shown_format("{}: {} packages in {}\n", result.record.name,
                           result.record.packages.size(), result.folder);
  if (result.changed) {
    out += shown_format("{} files and {} links, {} MB\n", result.counts.files, result.counts.links,
                        result.counts.bytes / 1'000'000);
  } else {
    out += "up to date; --refresh looks for newer versions\n";
  }
  for (const SysrootPackage& one : result.record.packages) {
    const auto& wanted = result.record.wanted;
    if (verbose || std::ranges::find(wanted, one.name) != wanted.end()) {
      out += shown_format("  {} {}\n", one.name, one.version);
    }
  }
  const bool musl = request.name.distribution == "alpine";
  const std::string where = request.output.empty() ? result.record.name : result.folder;
  out += shown_format("use it: tenon build . --target {}:{} --sysroot {}\n",
                      request.name.platform->name, musl ? "musl" : "gnu", where);
  return out;
}

int run(const Arguments& arguments) {
  Term term(arguments);
  Report report;
  report.command = "sysroot";
  if (arguments.positional.empty()) {
    return usage(term, report, "the name of a sysroot is missing, for example debian:12/arm64");
  }
  auto name = parse_sysroot_name(arguments.positional.front());
  if (!name) return usage(term, report, std::move(name).error());
  SysrootRequest request;
  request.name = *name;
  request.packages.assign(arguments.positional.begin() + 1, arguments.positional.end());
  request.refresh = arguments.has("--refresh");
  request.contents = arguments.has("--contents");
  const auto absolute = [&](std::string_view option) {
    const std::string value = arguments.get(option);
    return value.empty() ? value : absolute_path(current_folder(), value);
  };
  request.from = absolute("--from");
  request.output = absolute("--output");
  while (request.output.size() > 1 && request.output.ends_with('/')) request.output.pop_back();
  for (const std::string& one : request.packages) {
    if (!is_package_name(one)) return usage(term, report, "'" + one + "' is not a package name");
  }
  if (request.from.empty() && (name->suite.empty() || name->platform->debian_arch.empty())) {
    return usage(
        term, report,
        "apt has no packages for " + name->text() + "; name a directory of packages: --from");
  }
  const std::string root = request.output.empty() ? sysroot_folder(*name) : request.output;
  if (request.contents && !request.from.empty()) {
    return usage(term, report, "--contents asks apt; --from does not");
  }
  if (request.from.empty() && request.packages.empty() && !is_file(join_path(root, record_file))) {
    return usage(
        term, report,
        "name packages, for example libssl-dev; there is no sysroot " + name->text() + " yet");
  }
  catch_interrupts();
  auto result = make_sysroot(request, term);
  term.clear_status();
  if (!result) {
    report.ok = false;
    const bool stopped = result.error().code == Code::usage_interrupted;
    report.findings.push_back(std::move(result).error());
    return term.finish(report, stopped ? exit_interrupted : exit_no);
  }
  report.data = data_of(*result);
  report.text = text_of(*result, request, term.verbose());
  return term.finish(report, exit_ok);
}

constexpr OptionSpec options[] = {
    {"--from", "DIR", "take the .deb and .apk files of this directory instead of asking apt"},
    {"--output", "DIR", "where to make it (default: in tenon's state directory, by name)"},
    {"--refresh", "", "look for newer versions of the packages"},
    {"--contents", "", "fetch which package has which archive, for tenon link (10 MB)"},
    format_option,
    save_option,
};

constexpr Example examples[] = {
    {"tenon sysroot debian:12/arm64 libseccomp-dev libpcap-dev",
     "two libraries and all that they need, for linux/arm64"},
    {"tenon build . --target linux/arm64:gnu --sysroot debian:12/arm64", "a build that uses them"},
    {"tenon sysroot debian:12/arm64", "what is in it"},
    {"tenon sysroot alpine:3.20/arm64 --from apks/ --output sysroot",
     "from package files that are there already"},
};

}  // namespace

extern const CommandSpec command_sysroot;
const CommandSpec command_sysroot{
    .name = "sysroot",
    .summary = "fetch headers and libraries of another system, for tenon build --sysroot",
    .usage = "DISTRIBUTION:RELEASE/ARCH [PACKAGES] [OPTIONS]",
    .description =
        "Fetches packages of a distribution by name, with all that they depend on, through apt "
        "and\n"
        "its configuration on this machine (sources, mirrors, keys), for another processor or\n"
        "release, and unpacks headers, libraries and .pc files into a directory. Needs no root "
        "and\n"
        "changes nothing else. Packages add up over several calls; what is there is not fetched\n"
        "again.",
    .options = options,
    .examples = examples,
    .run = run};

}  // namespace tenon
