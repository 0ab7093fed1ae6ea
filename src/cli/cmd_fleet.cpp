// tenon fleet: a matrix of builds on a store, a scheduler and workers.
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/shown.h"
#include "base/text.h"
#include "cli/html_file.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "fleet/matrix.h"
#include "fleet/outcome.h"
#include "fleet/run/dial.h"
#include "fleet/run/local.h"
#include "fleet/run/run_matrix.h"
#include "host/files.h"
#include "host/process.h"

namespace tenon {
namespace {

std::string folder_in(const Arguments& arguments) {
  const std::string own = arguments.get("--folder");
  return own.empty() ? fleet::usual_folder() : absolute_path(current_folder(), own);
}

Data components_of(const fleet::LocalFleet& fleet) {
  Data out = Data::array();
  for (const fleet::Component& component : fleet.components) {
    Data row = Data::object();
    row.add("name", component.name);
    row.add("process", component.process);
    out.push(std::move(row));
  }
  return out;
}

int up(Term& term, Report& report, const Arguments& arguments) {
  fleet::LocalSetting setting;
  setting.folder = folder_in(arguments);
  setting.components = arguments.has("--components")
                           ? absolute_path(current_folder(), arguments.get("--components"))
                           : fleet::usual_components();
  setting.worker = !arguments.has("--no-worker");
  setting.go = arguments.all("--go");
  setting.store_only = arguments.has("--store-only");
  if (setting.store_only && (!setting.go.empty() || !setting.worker)) {
    return usage(term, report, "--store-only starts no worker: leave out --go and --no-worker");
  }
  if (arguments.has("--port")) {
    const auto port = parse_number(arguments.get("--port"));
    if (!port || *port == 0 || *port > 65'535) {
      return usage(term, report, "--port takes a number from 1 to 65535");
    }
    setting.port = static_cast<std::uint16_t>(*port);
  }
  catch_interrupts();
  const auto fleet = fleet::start_fleet(setting, term);
  term.clear_status();
  if (!fleet) {
    report.ok = false;
    report.findings.push_back(fleet.error());
    return term.finish(report, exit_undecided);
  }
  report.data.add("address", fleet->address);
  report.data.add("folder", fleet->folder);
  report.data.add("components", components_of(*fleet));
  if (setting.store_only) {
    const std::string remote = "grpc://" + fleet->address;
    report.data.add("cache_remote", remote);
    report.text = shown_format("the store is up, in {}\n", fleet->folder);
    report.text += Shown("share both caches through it:\n");
    report.text += shown_format("export TENON_CACHE_REMOTE={}\n", remote);
    return term.finish(report, exit_ok);
  }
  report.text = shown_format("the fleet is up at {}, in {}\n", fleet->address, fleet->folder);
  report.text += Shown("run a matrix: tenon fleet run matrix.json\n");
  report.text +=
      shown_format("join with another machine: tenon worker --join HOST:{}\n", setting.port);
  return term.finish(report, exit_ok);
}

int down(Term& term, Report& report, const Arguments& arguments) {
  const std::string folder = folder_in(arguments);
  const auto fleet = fleet::read_fleet(folder);
  if (!fleet) {
    report.ok = false;
    report.findings.push_back(make_finding(Code::fleet_not_up, {{"folder", folder}}, folder));
    return term.finish(report, exit_undecided);
  }
  const auto lived = std::ranges::count_if(fleet->components, fleet::lives);
  report.findings = fleet::stop_fleet(*fleet, arguments.has("--keep-store"));
  report.ok = report.findings.empty();
  report.data.add("folder", folder);
  report.data.add("stopped", static_cast<std::int64_t>(lived));
  report.text = shown_format("{} processes stopped, {} removed\n", lived, folder);
  return term.finish(report, report.ok ? exit_ok : exit_no);
}

Shown dry_text(const std::vector<fleet::CellOutcome>& cells) {
  Shown out;
  for (const fleet::CellOutcome& cell : cells) {
    out += shown_format("{}  {}\n  tenon {}\n", cell.action, cell.name, shell_join(cell.arguments));
  }
  return out;
}

int exit_code(const fleet::MatrixEnd& end) {
  if (end.interrupted) return exit_interrupted;
  if (end.findings.empty()) return exit_ok;
  const auto has = [&](Code code) {
    return std::ranges::any_of(end.findings,
                               [&](const Finding& finding) { return finding.code == code; });
  };
  if (has(Code::fleet_matrix_invalid)) return exit_usage;
  return has(Code::fleet_cell_failed) ? exit_no : exit_undecided;
}

int matrix(Term& term, Report& report, const Arguments& arguments) {
  if (arguments.has("--schema")) {
    return print_document(fleet::matrix_schema()) ? exit_ok : exit_undecided;
  }
  if (arguments.positional.size() != 2) {
    return usage(term, report, "run takes one matrix file");
  }
  fleet::MatrixSetting setting;
  setting.file = arguments.positional[1];
  setting.out = arguments.has("--out") ? arguments.get("--out") : "dist";
  setting.dry_run = arguments.has("--dry-run");
  setting.no_cache = arguments.has("--no-cache");
  setting.address = arguments.get("--at");
  if (!setting.address.empty() && !fleet::is_service(setting.address)) {
    return usage(term, report, "--at takes HOST:PORT or grpcs://HOST:PORT");
  }
  if (setting.address.empty() && !setting.dry_run) {
    const std::string folder = folder_in(arguments);
    const auto fleet = fleet::read_fleet(folder);
    if (!fleet) {
      report.ok = false;
      report.findings.push_back(make_finding(Code::fleet_not_up, {{"folder", folder}}, folder));
      return term.finish(report, exit_undecided);
    }
    setting.address = fleet->address;
    if (fleet->store_only()) {
      report.ok = false;
      report.findings.push_back(
          make_finding(Code::fleet_unreachable,
                       {{"address", fleet->address},
                        {"reason", "a store alone (up --store-only), which runs no cells"}},
                       fleet->address));
      return term.finish(report, exit_undecided);
    }
  }
  catch_interrupts();
  fleet::MatrixEnd end = fleet::run_matrix(setting, term);
  term.clear_status();
  Data cells = Data::array();
  for (const fleet::CellOutcome& cell : end.cells) cells.push(fleet::data_of(cell));
  report.data.add("address", setting.address);
  report.data.add("dry_run", setting.dry_run);
  report.data.add("cells", std::move(cells));
  if (setting.dry_run) {
    report.text = dry_text(end.cells);
  } else if (!end.cells.empty()) {
    report.text = fleet::table_of(end.cells);
  }
  const int code = exit_code(end);
  report.findings = std::move(end.findings);
  report.ok = code == exit_ok;
  if (arguments.has("--html") && !setting.dry_run) {
    if (auto bad = write_page(arguments.get("--html"), fleet::page_of(end.cells), report)) {
      report.ok = false;
      report.findings.push_back(*std::move(bad));
      return term.finish(report, code == exit_ok ? int{exit_undecided} : code);
    }
  }
  return term.finish(report, code);
}

int run(const Arguments& arguments) {
  Term term(arguments);
  Report report;
  report.command = "fleet";
  const std::string name = arguments.positional.empty() ? "" : arguments.positional.front();
  if (name == "run") return matrix(term, report, arguments);
  if (arguments.positional.size() > 1) return usage(term, report, name + " takes no argument");
  if (name == "up") return up(term, report, arguments);
  if (name == "down") return down(term, report, arguments);
  if (name.empty()) return usage(term, report, "one of up, run and down is missing");
  return usage(term, report, "'" + name + "' is none of up, run and down");
}

constexpr OptionSpec options[] = {
    {"--folder", "DIR", "directory of the local fleet (default: /var/tmp/tenon-fleet-USER)"},
    {"--components", "DIR", "up: store and scheduler, from scripts/setup.sh --fleet (TENON_FLEET)"},
    {"--port", "N", "up: port of scheduler or lone store on 127.0.0.1 (default: 50551)"},
    {"--go", "PROGRAM", "up: a further Go that cells may ask for by its version", true},
    {"--no-worker", "", "up: store and scheduler only"},
    {"--store-only", "", "up: the store alone, as TENON_CACHE_REMOTE for both caches of a team"},
    {"--keep-store", "", "down: leave the stored files in the directory"},
    {"--at", "HOST:PORT", "run: the scheduler (default: that of --folder); grpcs:// with TLS"},
    {"--out", "DIR", "run: directory of the outputs (default: dist)"},
    {"--html", "FILE", "run: a page of the matrix with gate and times"},
    {"--no-cache", "", "run: build again what the fleet has built before"},
    {"--dry-run", "", "run: print each cell with the digest of its action, send nothing"},
    {"--schema", "", "run: print the JSON schema of the matrix file"},
    format_option,
    save_option,
};

constexpr Example examples[] = {
    {"tenon fleet up", "store, scheduler and one worker on loopback"},
    {"tenon fleet run matrix.json --html matrix.html", "all cells, and a page of them"},
    {"tenon fleet run matrix.json --dry-run", "the cells and their actions"},
    {"tenon fleet up --store-only", "only a store that shares the caches of compiles"},
    {"tenon fleet down", "stop it all and remove its directory"},
};

}  // namespace

extern const CommandSpec command_fleet;
const CommandSpec command_fleet{
    .name = "fleet",
    .summary = "build a matrix of modules, targets and Go versions on workers",
    .usage = "up|run MATRIX|down [OPTIONS]",
    .description =
        "run sends each cell of a matrix, a tenon build of one module for one target with one Go\n"
        "version, as an action of the Remote Execution API to a scheduler, and brings outputs and\n"
        "report back. Outputs are byte-equal to those of the same command on this machine: a cell\n"
        "goes only to workers with the same tenon, Go and zig. A cell that was built before comes\n"
        "from the store.\n"
        "up starts store, scheduler, its database and a worker on 127.0.0.1, whoever can reach\n"
        "the port may use them; with --store-only the store alone, which runs no cells but\n"
        "shares the caches of compiles (TENON_CACHE_REMOTE). down stops them. With grpcs:// run\n"
        "sends the token of TENON_FLEET_TOKEN_FILE, by the authorities of SSL_CERT_FILE.",
    .options = options,
    .examples = examples,
    .run = run,
    .operands = "=up,run,down FILE"};

}  // namespace tenon
