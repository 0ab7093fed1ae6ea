#include "fleet/run/run_matrix.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/path.h"
#include "base/result.h"
#include "base/shown.h"
#include "base/text.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/progress.h"
#include "diag/render/render.h"
#include "fleet/actions.h"
#include "fleet/matrix.h"
#include "fleet/outcome.h"
#include "fleet/properties.h"
#include "fleet/run/dial.h"
#include "fleet/run/tools.h"
#include "fleet/run/transfer.h"
#include "host/disk_tree.h"
#include "host/files.h"
#include "host/process.h"
#include "wire/run/link.h"
#include "wire/values.h"

namespace tenon::fleet {
namespace {

using std::chrono::milliseconds;

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Finding not_moved(const std::string& cell, const std::string& file, const std::string& reason) {
  return make_finding(Code::fleet_not_transferred,
                      {{"cell", cell}, {"file", file}, {"reason", reason}}, cell);
}

Finding invalid(const std::string& file, const MatrixError& error) {
  return make_finding(Code::fleet_matrix_invalid,
                      {{"file", file},
                       {"line", std::to_string(error.line)},
                       {"key", error.key},
                       {"reason", error.reason}},
                      file);
}

// A path that a worker of somebody else may have named.
bool leads_out(std::string_view path) {
  return std::ranges::any_of(split(path, '/'), [](std::string_view step) {
    return step.empty() || step == "." || step == ".." || step.contains('\0');
  });
}

Finding no_worker(const std::string& cell, const Mismatch& lack,
                  const std::vector<std::string>& names) {
  Finding out = make_finding(
      Code::fleet_no_worker,
      {{"cell", cell},
       {"property", lack.needed.name + "=" + lack.needed.value},
       {"worker", lack.has.empty()
                      ? lack.worker
                      : lack.worker + " with " + lack.needed.name + "=" + lack.has.front()}},
      cell);
  for (const std::string& name : names) {
    out.evidence.push_back({Evidence::Kind::fact, "worker", name});
  }
  return out;
}

// One module: its files, and what they are to the store.
struct Source {
  std::unique_ptr<DiskTree> tree;
  Inputs inputs;
};

class Run {
 public:
  Run(const MatrixSetting& setting, Progress& progress) : setting_(setting), progress_(progress) {}

  MatrixEnd run() {
    if (!read() || !prepare() || setting_.dry_run) return std::move(end_);
    if (!connect() || !match() || !put()) return std::move(end_);
    work();
    for (CellOutcome& cell : end_.cells) {
      if (cell.finding) end_.findings.push_back(*cell.finding);
    }
    return std::move(end_);
  }

 private:
  bool fail(Finding finding) {
    end_.findings.push_back(std::move(finding));
    return false;
  }

  bool read() {
    const auto text = read_text(setting_.file, std::size_t{2} << 20U);
    if (!text) return fail(invalid(setting_.file, {1, "the file", text.error().what}));
    auto matrix = read_matrix(*text);
    if (!matrix) return fail(invalid(setting_.file, matrix.error()));
    matrix_ = *std::move(matrix);
    return true;
  }

  // Modules to inputs, cells to actions. Asks this machine only.
  bool prepare() {
    const std::string top(folder_of(absolute_path(current_folder(), setting_.file)));
    const std::string out = absolute_path(current_folder(), setting_.out);
    for (std::size_t i = 0; i < matrix_.modules.size(); ++i) {
      const std::string folder = absolute_path(top, matrix_.modules[i].folder);
      if (!is_file(join_path(folder, "go.mod"))) {
        return fail(invalid(setting_.file, {1, "modules[" + std::to_string(i) + "].dir",
                                            folder + " has no go.mod"}));
      }
      auto tree = DiskTree::open(folder);
      if (!tree) return fail(not_moved(matrix_.modules[i].name, folder, tree.error().what));
      std::vector<std::string> skip;
      if (out.starts_with(folder + "/")) skip.push_back(out.substr(folder.size() + 1));
      auto inputs = read_inputs(**tree, skip);
      if (!inputs) {
        return fail(not_moved(matrix_.modules[i].name, inputs.error().path, inputs.error().reason));
      }
      sources_.push_back({*std::move(tree), *std::move(inputs)});
    }
    const auto go = find_go({"go"});
    const std::string version = go.empty() ? std::string() : go.front().version;
    if (version.empty() && matrix_.go.empty()) {
      return fail(invalid(setting_.file, {1, "go", "no Go in PATH whose version could be taken"}));
    }
    const auto own = own_properties();
    for (const Cell& cell : cells_of(matrix_, version)) {
      CellOutcome row;
      row.cell = cell;
      row.name = cell.name(matrix_);
      row.arguments = arguments_of(matrix_, cell);
      auto needed = own;
      needed.push_back({"go", cell.go});
      tasks_.push_back(
          make_task(row.arguments, sources_[cell.module].inputs.root, needed, matrix_.timeout));
      row.action = tasks_.back().digest.hash;
      end_.cells.push_back(std::move(row));
    }
    return true;
  }

  bool connect() {
    auto talk = dial(setting_.address);
    if (!talk) return fail(std::move(talk).error());
    talk->outage = longest_outage;
    talk->go_on = [] { return !interrupted(); };
    auto link = remote::Link::open(*talk);
    if (!link) {
      return fail(make_finding(Code::fleet_not_in_this_build, {{"what", "a run"}}, "fleet"));
    }
    link_ = *std::move(link);
    return true;
  }

  bool unreachable(const remote::Failure& failure) {
    return fail(make_finding(Code::fleet_unreachable,
                             {{"address", setting_.address}, {"reason", failure.text}},
                             setting_.address));
  }

  // Who could do the work is known before any of it waits.
  bool match() {
    const auto names = link_->workers();
    if (!names) return unreachable(names.error());
    std::vector<WorkerName> workers;
    for (const std::string& name : *names) workers.push_back(read_worker_name(name));
    bool all = true;
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      if (const auto lack = mismatch(tasks_[i].action.platform, workers)) {
        all = fail(no_worker(end_.cells[i].name, *lack, *names));
      }
    }
    return all;
  }

  // What is left of it while the matrix runs: the last worker that fits a cell may go away.
  void watch(const std::atomic<std::size_t>& running) {
    constexpr int steps = 50;
    using Steady = std::chrono::steady_clock;
    std::vector<Steady::time_point> fitted(tasks_.size(), Steady::now());
    while (running > 0) {
      for (int i = 0; i < steps && running > 0; ++i) std::this_thread::sleep_for(milliseconds(100));
      if (running == 0) break;
      const auto names = link_->workers();
      std::vector<WorkerName> workers;
      for (const std::string& name : names.value_or(std::vector<std::string>())) {
        workers.push_back(read_worker_name(name));
      }
      for (std::size_t i = 0; i < tasks_.size(); ++i) {
        // A scheduler that is away says nothing of its workers.
        const auto lack = names ? mismatch(tasks_[i].action.platform, workers) : std::nullopt;
        if (!lack) {
          fitted[i] = Steady::now();
          const std::scoped_lock lock(mutex_);
          forsaken_.erase(i);
        } else if (Steady::now() - fitted[i] >= longest_outage) {
          const std::scoped_lock lock(mutex_);
          forsaken_.try_emplace(i, no_worker(end_.cells[i].name, *lack, *names));
        }
      }
    }
  }

  // Why a cell that still waits is given up; nothing where a worker may take it.
  std::optional<Finding> forsaken(std::size_t at) {
    const std::scoped_lock lock(mutex_);
    const auto found = forsaken_.find(at);
    if (end_.cells[at].state != CellState::queued || found == forsaken_.end()) return std::nullopt;
    return found->second;
  }

  bool put() {
    std::vector<std::string> texts;
    for (const Task& task : tasks_)
      texts.insert(texts.end(), {task.command_bytes, task.action_bytes});
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      progress_.status(shown_format("storing {}", matrix_.modules[i].name));
      const auto done = put_inputs(*link_, *sources_[i].tree, sources_[i].inputs);
      if (!done) return fail(not_moved(matrix_.modules[i].name, "inputs", done.error().text));
    }
    const auto done = put_texts(*link_, texts);
    if (!done) return fail(not_moved("matrix", "actions", done.error().text));
    return true;
  }

  // A thread for each cell, so that all of them wait in the scheduler's queue and not in ours.
  void work() {
    constexpr std::size_t most_threads = 64;
    constexpr std::size_t most_live_cells = 20;
    std::atomic<std::size_t> next = 0;
    std::atomic<std::size_t> running = 0;
    std::vector<std::thread> threads;
    const std::size_t count = std::min(most_threads, tasks_.size());
    running = count;
    for (std::size_t i = 0; i < count; ++i) {
      threads.emplace_back([&] {
        for (std::size_t at = next++; at < tasks_.size(); at = next++) {
          if (!interrupted()) cell(at);
        }
        --running;
      });
    }
    threads.emplace_back([&] { watch(running); });
    while (running > 0) {
      {
        const std::scoped_lock lock(mutex_);
        progress_.status_lines(live_table_of(end_.cells, now(), most_live_cells));
        for (CellOutcome& row : end_.cells) tell(row);
      }
      std::this_thread::sleep_for(milliseconds(100));
    }
    for (std::thread& thread : threads) thread.join();
    for (CellOutcome& row : end_.cells) tell(row);
    progress_.clear_status();
    end_.interrupted = interrupted();
  }

  // A line for each cell that has ended.
  void tell(const CellOutcome& row) {
    const bool over = row.state == CellState::built || row.state == CellState::failed ||
                      row.state == CellState::stopped;
    if (!over || std::ranges::find(told_, row.name) != told_.end()) return;
    told_.push_back(row.name);
    progress_.line(shown_format("{}: {}{}", row.name, state_name(row.state),
                                row.cached ? " (kept from before)" : ""));
  }

  void cell(std::size_t at) {
    CellOutcome row;
    {
      const std::scoped_lock lock(mutex_);
      row = end_.cells[at];
    }
    row.asked = row.entered = now();
    row.state = CellState::queued;
    show(at, row);
    ask(at, row);
    row.answered = now();
    show(at, row);
  }

  void show(std::size_t at, const CellOutcome& row) {
    const std::scoped_lock lock(mutex_);
    end_.cells[at] = row;
  }

  void ask(std::size_t at, CellOutcome& row) {
    const auto see = [&](remote::Stage stage) {
      const CellState state =
          stage == remote::Stage::executing ? CellState::running : CellState::queued;
      if (state != row.state) {
        row.state = state;
        row.entered = now();
        show(at, row);
      }
      return !interrupted() && !forsaken(at);
    };
    auto answer = link_->execute(tasks_[at].digest, setting_.no_cache, see);
    const auto lost = std::chrono::steady_clock::now();
    milliseconds pause{500};
    const auto away = [&] {
      return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() -
                                                              lost);
    };
    while (!answer && try_again(answer.error(), row.attempts, away()) && !interrupted()) {
      ++row.attempts;
      std::this_thread::sleep_for(pause);
      pause = std::min(2 * pause, milliseconds(5000));
      answer = link_->execute(tasks_[at].digest, setting_.no_cache, see);
    }
    if (auto why = answer ? std::nullopt : forsaken(at)) {
      row.state = CellState::stopped;
      row.finding = *std::move(why);
      return;
    }
    if (!answer) return stop(row, answer.error().text);
    if (answer->status != 0) return stop(row, answer->message);
    row.cached = answer->cached;
    row.exit_code = answer->result.exit_code;
    row.worker = answer->result.worker;
    row.stamps = answer->result.stamps;
    row.state = CellState::fetching;
    show(at, row);
    fetch(row, answer->result);
  }

  static void stop(CellOutcome& row, const std::string& reason) {
    row.state = CellState::stopped;
    row.finding =
        make_finding(Code::fleet_cell_stopped, {{"cell", row.name}, {"reason", reason}}, row.name);
    row.finding->evidence.push_back({Evidence::Kind::fact, "action", row.action});
  }

  void fetch(CellOutcome& row, const remote::ActionResult& result) {
    const auto text = link_->get(result.out);
    if (text) {
      if (auto report = parse_data(*text)) row.report = *std::move(report);
    }
    if (result.exit_code != 0 || !text) {
      row.state = CellState::failed;
      row.finding = make_finding(Code::fleet_cell_failed,
                                 {{"cell", row.name}, {"reason", reason_of(row)}}, row.name);
      return;
    }
    auto files = result.files;
    for (const remote::FolderNode& tree : result.trees) {
      auto below = files_of(tree);
      if (!below) return lose(row, tree.name, below.error().text);
      files.insert(files.end(), below->begin(), below->end());
    }
    for (const remote::OutputFile& file : files) {
      if (!write(row, file)) return;
    }
    row.state = CellState::built;
  }

  remote::Answer<std::vector<remote::OutputFile>> files_of(const remote::FolderNode& tree) {
    const std::string bytes = TENON_TRY(link_->get(tree.digest));
    return remote::read_tree(bytes, tree.name);
  }

  static void lose(CellOutcome& row, const std::string& file, const std::string& reason) {
    row.state = CellState::stopped;
    row.finding = not_moved(row.name, file, reason);
  }

  bool write(CellOutcome& row, const remote::OutputFile& file) {
    constexpr std::string_view top = "out/";
    const auto bytes = link_->get(file.digest);
    if (!bytes) return lose(row, file.path, bytes.error().text), false;
    if (!file.path.starts_with(top) || leads_out(file.path)) {
      return lose(row, file.path, "not below out/"), false;
    }
    const std::string folder = join_path(setting_.out, row.cell.folder(matrix_));
    const std::string path = join_path(folder, file.path.substr(top.size()));
    const auto done = write_file(path, view_of(*bytes).bytes(), file.executable ? 0755 : 0644);
    if (!done) return lose(row, path, done.error().what), false;
    row.outputs.push_back({path, file.digest.hash, file.digest.size});
    return true;
  }

  const MatrixSetting& setting_;
  Progress& progress_;
  MatrixEnd end_;
  Matrix matrix_;
  std::vector<Source> sources_;
  std::vector<Task> tasks_;  // of each cell
  std::unique_ptr<remote::Link> link_;
  std::mutex mutex_;                         // of end_.cells and forsaken_ while threads work
  std::map<std::size_t, Finding> forsaken_;  // cells that no worker could do any more
  std::vector<std::string> told_;
};

}  // namespace

MatrixEnd run_matrix(const MatrixSetting& setting, Progress& progress) {
  return Run(setting, progress).run();
}

}  // namespace tenon::fleet
