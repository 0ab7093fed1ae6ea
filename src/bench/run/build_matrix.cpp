#include "bench/run/build_matrix.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <expected>
#include <ratio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/shown.h"
#include "base/text.h"
#include "bench/matrix/matrix.h"
#include "bench/run/subject.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/progress.h"
#include "host/files.h"
#include "host/measured_run.h"
#include "host/process.h"

namespace tenon::bench {
namespace {

// How each variant is built into `output`.
Command build_command(std::string_view name, const std::string& package, const std::string& output,
                      const std::string& arch) {
  Command out;
  out.deadline = std::chrono::minutes(30);
  if (name == "musl" || name == "emulated") {
    const std::string other = arch == "arm64" ? "amd64" : "arm64";
    out.argv = {own_path(),
                "build",
                package,
                "--target",
                "linux/" + (name == "musl" ? arch : other) + ":musl",
                "-o",
                output};
    return out;
  }
  out.argv = {"go", "build", "-trimpath", "-o", output};
  if (name == "translated") out.environment.emplace_back("GOARCH=amd64");
  if (name == "external") out.argv.emplace_back("-ldflags=-linkmode=external");
  if (name == "internal") out.argv.emplace_back("-ldflags=-linkmode=internal");
  out.argv.push_back(package);
  out.environment.emplace_back(name == "nocgo" ? "CGO_ENABLED=0" : "CGO_ENABLED=1");
  return out;
}

// The package as go names it, since "." says nothing to those who get the result; as it was given
// when go does not tell.
std::string import_path(const std::string& package) {
  Command list;
  list.argv = {"go", "list", "-e", "--", package};
  list.deadline = std::chrono::seconds(30);
  const auto exit = tenon::run(list);
  const std::string name = exit && exit->ok() ? std::string(trim(exit->out)) : "";
  return name.empty() || name.contains('\n') ? package : name;
}

// The last lines, which say why.
std::string end_of(const std::string& text) {
  constexpr std::size_t most = 2000;
  return text.size() <= most ? text : text.substr(text.size() - most);
}

class MatrixRun {
 public:
  MatrixRun(const MatrixRequest& request, Progress& progress)
      : request_(request), progress_(progress) {}

  Outcome<MatrixEnd> run() {
    out_.matrix.package = import_path(request_.package);
    out_.matrix.machine = this_machine_facts();
    auto folder = make_temporary_folder("tenon-matrix-");
    if (!folder) {
      return std::unexpected(make_finding(Code::usage_work_folder_not_writable,
                                          {{"path", "TMPDIR"}, {"reason", folder.error().what}},
                                          "TMPDIR"));
    }
    const TemporaryFolder owner(*folder);
    for (const Variant& variant : matrix_variants(out_.matrix.machine.system)) {
      const auto& only = request_.only;
      const bool wanted = only.empty() || std::ranges::find(only, variant.name) != only.end();
      if (wanted && !out_.interrupted) build(variant, *folder);
    }
    measure_all();
    progress_.clear_status();
    std::vector<MatrixSamples> samples;
    for (Built& one : built_) {
      if (!one.samples.time.empty()) samples.push_back(std::move(one.samples));
    }
    out_.matrix.rows = matrix_rows(samples);
    return std::move(out_);
  }

 private:
  struct Built {
    MeasuredCommand command;
    MatrixSamples samples;
    bool failed = false;
  };

  void skip(const Variant& variant, const std::string& reason, const std::string& log) {
    out_.matrix.skipped.emplace_back(variant.name, reason);
    out_.findings.push_back(make_finding(
        Code::bench_variant_skipped, {{"variant", std::string(variant.name)}, {"reason", reason}},
        std::string(variant.name)));
    if (!log.empty())
      out_.findings.back().evidence.push_back({Evidence::Kind::log, request_.package, end_of(log)});
  }

  void build(const Variant& variant, const std::string& folder) {
    progress_.status(shown_format("building {}", variant.name));
    const std::string output = join_path(folder, variant.name);
    const auto exit =
        tenon::run(build_command(variant.name, request_.package, output, out_.matrix.machine.arch));
    if (exit && exit->interrupted) {
      out_.interrupted = true;
      return;
    }
    if (!exit) return skip(variant, exit.error().what, "");
    if (!exit->ok()) return skip(variant, "cannot be built", exit->out + exit->err);
    auto subject = look_at_program(output);
    if (!subject) return skip(variant, "gave no program", exit->out + exit->err);
    if (subject->side.execution == "not known") {
      return skip(variant, "needs qemu-user for " + subject->side.arch, "");
    }
    Built one;
    one.command.argv = subject->prefix;
    one.command.argv.push_back(subject->side.path);
    one.command.argv.insert(one.command.argv.end(), request_.arguments.begin(),
                            request_.arguments.end());
    one.command.processors = request_.processors;
    one.command.deadline = request_.timeout;
    one.samples.name = variant.name;
    one.samples.title = variant.title;
    one.samples.side = std::move(subject->side);
    one.samples.side.label = variant.name;
    built_.push_back(std::move(one));
  }

  // False when the variant is out.
  bool one_run(Built& one, bool counts) {
    const auto run = measure(one.command);
    if (run && run->interrupted) {
      out_.interrupted = true;
      return false;
    }
    if (!run || !run->ok()) {
      one.failed = true;
      one.samples.time.clear();
      const std::string reason =
          run ? "fails: exit code " + std::to_string(run->code) : std::string(run.error().what);
      skip({one.samples.name, one.samples.title}, reason, run ? run->error_end : "");
      return false;
    }
    spent_ += std::chrono::nanoseconds(run->wall_ns);
    if (!counts) return true;
    one.samples.time.push_back(static_cast<double>(run->wall_ns));
    one.samples.start.push_back(static_cast<double>(run->first_output_ns.value_or(run->wall_ns)));
    one.samples.rss.push_back(static_cast<double>(run->peak_bytes));
    return true;
  }

  void measure_all() {
    for (Built& one : built_) {
      if (!out_.interrupted) (void)one_run(one, false);  // warm-up
    }
    const double round = std::max(1.0, static_cast<double>(spent_.count()));
    const double budget = std::chrono::duration<double, std::nano>(request_.time).count();
    const std::size_t runs =
        request_.runs != 0 ? request_.runs
                           : static_cast<std::size_t>(std::clamp(budget / round, 10.0, 1000.0));
    for (std::size_t i = 0; i < runs && !out_.interrupted; ++i) {
      progress_.status(shown_format("round {} of {}", i + 1, runs));
      // Each round begins with another variant.
      for (std::size_t j = 0; j < built_.size() && !out_.interrupted; ++j) {
        Built& one = built_[(i + j) % built_.size()];
        if (!one.failed) (void)one_run(one, true);
      }
    }
    std::size_t least = runs;
    for (const Built& one : built_) {
      if (!one.failed) least = std::min(least, one.samples.time.size());
    }
    for (Built& one : built_) {
      if (one.failed) continue;
      for (auto* column : {&one.samples.time, &one.samples.start, &one.samples.rss})
        column->resize(least);
    }
  }

  const MatrixRequest& request_;
  Progress& progress_;
  MatrixEnd out_;
  std::vector<Built> built_;
  std::chrono::nanoseconds spent_{0};
};

}  // namespace

Outcome<MatrixEnd> run_matrix(const MatrixRequest& request, Progress& progress) {
  return MatrixRun(request, progress).run();
}

}  // namespace tenon::bench
