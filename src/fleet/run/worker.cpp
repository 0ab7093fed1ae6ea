#include "fleet/run/worker.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "base/shown.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/progress.h"
#include "fleet/leases.h"
#include "fleet/properties.h"
#include "fleet/run/dial.h"
#include "fleet/run/runner.h"
#include "fleet/run/tools.h"
#include "host/files.h"
#include "host/private_folder.h"
#include "host/process.h"
#include "host/service.h"
#include "host/system.h"
#include "wire/run/link.h"
#include "wire/values.h"

namespace tenon::fleet {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

// The scheduler waits for 80 % of this, and gives no work at all where that is below 3 s. It must
// stay below the time after which it takes a silent worker for dead.
constexpr seconds long_poll{14};
constexpr seconds short_call{10};
constexpr milliseconds heartbeat{3000};
constexpr seconds first_contact{30};
constexpr seconds longest_store_outage{45};

// One action that runs, in a thread of its own.
struct Job {
  std::string id;
  std::atomic<bool> stopped = false;
  std::atomic<bool> ended = false;
  RunnerEnd end;
  std::thread thread;
};

class Worker {
 public:
  Worker(const WorkerSetting& setting, RunnerSetting runner, remote::Link& link, Progress& progress)
      : setting_(setting), runner_(std::move(runner)), link_(link), progress_(progress) {
    session_.bot = runner_.worker;
  }

  ~Worker() {
    for (auto& job : jobs_) job->stopped = true;
    for (auto& job : jobs_) job->thread.join();
  }

  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  WorkerEnd run(std::vector<remote::Property> properties) {
    session_.properties = std::move(properties);
    const auto begin = Clock::now();
    milliseconds pause{200};
    while (!end_.finding) {
      if (leaving() && (!book_.busy() || out_of_time())) break;
      collect();
      auto answer = tell();
      if (answer) {
        pause = milliseconds(200);
        known_ = true;
        take(*std::move(answer));
        if (book_.busy()) {
          rest(heartbeat);
        } else if (session_.unwell) {
          rest(milliseconds(1000));
        }
        continue;
      }
      const remote::Failure& failure = answer.error();
      if (failure.code == Errc::interrupted) continue;
      if (!known_ && (!failure.retry || Clock::now() - begin > first_contact)) {
        end_.finding = make_finding(Code::fleet_unreachable,
                                    {{"address", setting_.address}, {"reason", failure.text}},
                                    setting_.address);
        break;
      }
      if (!failure.retry) start_again(failure);
      rest(pause);
      pause = std::min(2 * pause, milliseconds(5000));
    }
    leave();
    return end_;
  }

 private:
  // Whether we were asked to end; from then on no work begins.
  bool leaving() {
    if (!leave_at_ && (drain_asked() || interrupted())) {
      leave_at_ = Clock::now();
      book_.drain();
      session_.leaving = true;
      progress_.line(Shown("no more work is taken"));
    }
    return leave_at_.has_value();
  }

  [[nodiscard]] bool out_of_time() const {
    return interrupted() || Clock::now() - *leave_at_ > setting_.drain;
  }

  remote::Answer<remote::Session> tell() {
    session_.leases = book_.leases();
    session_.unwell = Clock::now() < unwell_until_ || lacks_disk();
    const bool quiet = !book_.has_news() && !leave_at_ && !session_.unwell;
    const bool idle = quiet && !book_.busy();
    const bool before = leave_at_.has_value();
    // Also while an action runs: that is a process of its own.
    if (quiet) release_program_pages();
    return link_.report(session_, idle ? long_poll : short_call,
                        [&] { return before || (!drain_asked() && !interrupted()); });
  }

  // An idle worker without room takes no work, which would only fail.
  bool lacks_disk() {
    const bool full = !book_.busy() && disk_is_full(runner_.folder);
    if (full && !full_) progress_.line(Shown("takes no work while the disk is full"));
    full_ = full;
    return full;
  }

  void take(remote::Session answer) {
    const auto step = book_.take(answer.leases);
    session_.name = std::move(answer.name);
    session_.version = std::move(answer.version);
    for (const std::string& id : step.stop) stop(id);
    for (const remote::Lease& lease : step.start) start(lease);
  }

  // The scheduler does not know us, or lost what it knew: a new session, without old work.
  void start_again(const remote::Failure& failure) {
    progress_.line(shown_format("a new session: {}", failure.text));
    for (const std::string& id : book_.forget()) stop(id);
    session_.name.clear();
    session_.version.clear();
  }

  void start(const remote::Lease& lease) {
    auto job = std::make_unique<Job>();
    Job* mine = job.get();
    mine->id = lease.id;
    progress_.line(shown_format("begins {}", lease.id));
    mine->thread = std::thread([this, mine, lease] {
      mine->end = run_action(link_, lease, runner_, [mine] { return !mine->stopped; });
      mine->ended = true;
      const std::scoped_lock lock(mutex_);
      changed_.notify_all();
    });
    jobs_.push_back(std::move(job));
  }

  void stop(const std::string& id) {
    for (auto& job : jobs_) {
      if (job->id != id) continue;
      progress_.line(shown_format("gives up {}", id));
      job->stopped = true;
    }
  }

  // A worker that fails for a reason of its own would fail all attempts of an action within a
  // second, while others have work to do: it takes none for a while, the longer the more often it
  // failed.
  void judge_self(int status) {
    if (status == code_ok) failures_ = 0;
    if (status != code_unavailable && status != code_internal) return;
    constexpr int most_doublings = 3;
    const auto pause = seconds(5) * (1 << std::min(failures_++, most_doublings));
    unwell_until_ = Clock::now() + pause;
    progress_.line(shown_format("takes no work for {} s", pause.count()));
  }

  // Results of what has ended go into the book.
  void collect() {
    for (auto job = jobs_.begin(); job != jobs_.end();) {
      if (!(*job)->ended) {
        ++job;
        continue;
      }
      (*job)->thread.join();
      RunnerEnd& end = (*job)->end;
      ++end_.ran;
      if (end.status != code_ok) ++end_.failed;
      judge_self(end.status);
      progress_.line(shown_format("ended {}: {}", (*job)->id,
                                  end.status == code_ok ? std::string("ok") : end.message));
      book_.finish((*job)->id, end.status, std::move(end.message), std::move(end.result));
      job = jobs_.erase(job);
    }
  }

  void rest(milliseconds time) {
    const auto end = Clock::now() + time;
    std::unique_lock lock(mutex_);
    while (Clock::now() < end) {
      for (const auto& job : jobs_) {
        if (job->ended) return;
      }
      if (!leave_at_ && (drain_asked() || interrupted())) return;
      changed_.wait_for(lock, milliseconds(100));
    }
  }

  // The last words: what ended, and what is given back for another worker.
  void leave() {
    for (auto& job : jobs_) job->stopped = true;
    for (auto& job : jobs_) {
      job->thread.join();
      if (job->end.status != code_ok) {
        job->end.status = code_unavailable;
        job->end.message = "the worker ended";
        ++end_.given_back;
      }
      book_.finish(job->id, job->end.status, job->end.message, std::move(job->end.result));
    }
    jobs_.clear();
    if (session_.name.empty() || end_.finding) return;
    session_.leaving = true;
    session_.leases = book_.leases();
    (void)link_.report(session_, short_call, [] { return true; });
  }

  const WorkerSetting& setting_;
  RunnerSetting runner_;
  remote::Link& link_;
  Progress& progress_;
  remote::Session session_;
  LeaseBook book_;
  WorkerEnd end_;
  bool known_ = false;
  int failures_ = 0;  // of our own, in a row
  bool full_ = false;
  Clock::time_point unwell_until_{};
  std::optional<Clock::time_point> leave_at_;
  std::list<std::unique_ptr<Job>> jobs_;
  std::mutex mutex_;
  std::condition_variable changed_;
};

WorkerEnd cannot(Finding finding) {
  WorkerEnd out;
  out.finding = std::move(finding);
  return out;
}

WorkerEnd not_writable(const std::string& folder, const char* reason) {
  return cannot(make_finding(Code::usage_work_folder_not_writable,
                             {{"path", folder}, {"variable", "--folder"}, {"reason", reason}},
                             "the worker"));
}

}  // namespace

WorkerEnd run_worker(const WorkerSetting& setting, Progress& progress) {
  auto talk = dial(setting.address);
  if (!talk) return cannot(std::move(talk).error());
  talk->outage = longest_store_outage;
  talk->go_on = [] { return !interrupted(); };
  auto link = remote::Link::open(*talk);
  if (!link) {
    return cannot(make_finding(Code::fleet_not_in_this_build, {{"what", "a worker"}}, "worker"));
  }
  const auto folder = private_folder(setting.folder);
  if (!folder) return not_writable(setting.folder, folder.error().what);
  const auto lock = FileLock::try_lock(join_path(*folder, "lock"));
  if (!lock || !*lock) return not_writable(*folder, "another worker uses it");
  // What a former self left when it was killed.
  const std::string work = join_path(*folder, "work");
  const std::size_t left = kill_processes_in(work);
  if (left > 0) progress.line(shown_format("{} processes of a former worker were ended", left));
  remove_tree(work);
  if (const auto made = make_folders(work); !made) return not_writable(work, made.error().what);

  RunnerSetting runner;
  runner.folder = *folder;
  std::vector<std::string> programs{"go"};
  programs.insert(programs.end(), setting.go.begin(), setting.go.end());
  runner.go = find_go(programs);
  runner.sandbox = setting.sandbox && sandbox_works();
  auto properties = own_properties();
  for (const GoProgram& go : runner.go) properties.push_back({"go", go.version});
  WorkerName name{host_name() + "-" + std::to_string(own_process()), properties};
  name.properties.push_back({"isolation", runner.sandbox ? "bubblewrap" : "process-group"});
  runner.worker = text_of(name);
  progress.line(shown_format("{} at {}", runner.worker, setting.address));
  return Worker(setting, std::move(runner), **link, progress).run(std::move(properties));
}

}  // namespace tenon::fleet
