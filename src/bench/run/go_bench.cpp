#include "bench/run/go_bench.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
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
#include "bench/gotext/gotext.h"
#include "bench/results/results.h"
#include "bench/run/subject.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/progress.h"
#include "host/files.h"
#include "host/process.h"

namespace tenon::bench {
namespace {

// A side that is run: a test program and the folder of its package.
struct Program {
  std::string path, folder;
};

std::unexpected<Finding> nothing(const std::string& where, const std::string& reason) {
  return std::unexpected(
      make_finding(Code::bench_no_benchmarks, {{"where", where}, {"reason", reason}}, where));
}

bool is_text(const std::string& path) {
  const auto info = file_info(path);
  return info && info->kind == FileInfo::Kind::file && (info->mode & 0111U) == 0;
}

Outcome<std::string> ask(Command command, const std::string& side) {
  command.deadline = std::chrono::minutes(10);
  const auto exit = run(command);
  if (!exit) return nothing(side, exit.error().what);
  if (exit->interrupted) {
    return std::unexpected(make_finding(Code::usage_interrupted, {}, side));
  }
  if (!exit->ok()) {
    Finding out =
        make_finding(Code::bench_no_benchmarks,
                     {{"where", side}, {"reason", shell_join(command.argv) + " failed"}}, side);
    out.evidence.push_back({Evidence::Kind::log, side, exit->err.empty() ? exit->out : exit->err});
    return std::unexpected(std::move(out));
  }
  return exit->out;
}

Outcome<Program> build(const std::string& side, const std::string& package,
                       const std::string& output) {
  Command command;
  std::string go = "go";
  if (is_folder(side)) {
    command.directory = side;
  } else {
    go = side;
  }
  if (!find_program(go)) return nothing(side, "is neither a directory, a go command nor a text");
  command.argv = {go, "test", "-c", "-o", output, package};
  TENON_TRY(ask(command, side));
  command.argv = {go, "list", "-f", "{{.Dir}}", package};
  const std::string folder = TENON_TRY(ask(command, side));
  if (!is_file(output)) return nothing(side, "the package has no tests");
  return Program{output, std::string(trim(folder))};
}

// One value of a benchmark on one side.
void add_values(const GoText& text, bool of_b, std::vector<Series>& out) {
  for (const GoLine& line : text.lines) {
    for (const GoValue& value : line.values) {
      const std::string name = series_of_unit(value.unit);
      auto found = std::ranges::find_if(
          out, [&](const Series& one) { return one.group == line.name && one.name == name; });
      if (found == out.end()) {
        const std::string unit = value.unit == "ns/op" ? "ns" : (value.unit == "B/op" ? "B" : "");
        out.push_back({line.name, name, unit, false, false, {}, {}});
        found = out.end() - 1;
      }
      (of_b ? found->b : found->a).push_back(value.value);
    }
  }
}

Outcome<GoText> text_of(const std::string& path) {
  const auto text = read_text(path, std::size_t{1} << 28U);
  if (!text) return nothing(path, text.error().what);
  auto read = read_go_text(*text);
  if (!read) return nothing(path, read.error().what);
  if (read->lines.empty()) return nothing(path, "no line of a benchmark");
  return *std::move(read);
}

class GoRun {
 public:
  GoRun(const GoBenchRequest& request, Progress& progress)
      : request_(request), progress_(progress) {}

  Outcome<GoBenchEnd> run() {
    Results& results = out_.results;
    results.kind = "go-bench";
    results.a.label = request_.a;
    results.b.label = request_.b;
    results.machine = this_machine_facts();
    results.before = this_moment();
    const bool text_a = is_text(request_.a);
    const bool text_b = is_text(request_.b);
    if (text_a) add_values(TENON_TRY(text_of(request_.a)), false, results.series);
    if (text_b) add_values(TENON_TRY(text_of(request_.b)), true, results.series);
    if (!text_a || !text_b) TENON_TRY(run_sides(text_a, text_b));
    results.after = this_moment();
    results.complete = !out_.interrupted;
    progress_.clear_status();
    for (Series& one : results.series)
      one.paired = !text_a && !text_b && one.a.size() == one.b.size();
    std::erase_if(results.series, [](const Series& one) { return one.a.empty() || one.b.empty(); });
    if (results.series.empty() && !out_.interrupted) {
      return nothing(request_.a + " and " + request_.b, "they have no benchmark in common");
    }
    if (text_a && text_b) out_.done = results.series.front().a.size();
    return std::move(out_);
  }

 private:
  Outcome<void> run_sides(bool text_a, bool text_b) {
    auto folder = make_temporary_folder("tenon-bench-");
    if (!folder) return nothing(request_.a, folder.error().what);
    const TemporaryFolder owner(*folder);
    Program a;
    Program b;
    progress_.status("building the benchmarks");
    if (!text_a) a = TENON_TRY(build(request_.a, request_.package, join_path(*folder, "a.test")));
    if (!text_b) b = TENON_TRY(build(request_.b, request_.package, join_path(*folder, "b.test")));
    for (std::size_t i = 0; i < request_.count && !out_.interrupted; ++i) {
      progress_.status(shown_format("run {} of {}", i + 1, request_.count));
      for (const bool of_b : {i % 2 == 1, i % 2 == 0}) {
        if (of_b ? text_b : text_a) continue;
        TENON_TRY(one_run(of_b ? b : a, of_b));
      }
      if (!out_.interrupted) ++out_.done;
    }
    return {};
  }

  Outcome<void> one_run(const Program& program, bool of_b) {
    if (out_.interrupted) return {};
    const std::string& side = of_b ? request_.b : request_.a;
    Command command;
    command.argv = {program.path, "-test.run=^$", "-test.bench=" + request_.pattern,
                    "-test.benchmem", "-test.count=1"};
    if (!request_.benchtime.empty())
      command.argv.push_back("-test.benchtime=" + request_.benchtime);
    command.directory = program.folder;
    command.deadline = request_.timeout;
    const auto exit = tenon::run(command);
    if (!exit) return nothing(side, exit.error().what);
    if (exit->interrupted) {
      out_.interrupted = true;
      return {};
    }
    if (!exit->ok()) {
      Finding out =
          make_finding(Code::bench_program_failed,
                       {{"program", side},
                        {"run", std::to_string(out_.done + 1)},
                        {"how", exit->timed_out ? "the time limit of --timeout"
                                                : "exit code " + std::to_string(exit->code)}},
                       side);
      out.evidence.push_back({Evidence::Kind::log, side, exit->out.substr(0, 2000)});
      return std::unexpected(std::move(out));
    }
    const auto text = read_go_text(exit->out);
    if (!text) return nothing(side, text.error().what);
    if (text->lines.empty())
      return nothing(side, "no benchmark of the package matches " + request_.pattern);
    add_values(*text, of_b, out_.results.series);
    return {};
  }

  const GoBenchRequest& request_;
  Progress& progress_;
  GoBenchEnd out_;
};

}  // namespace

Outcome<GoBenchEnd> run_go_bench(const GoBenchRequest& request, Progress& progress) {
  return GoRun(request, progress).run();
}

}  // namespace tenon::bench
