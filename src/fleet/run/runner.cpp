#include "fleet/run/runner.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "cache/run/remote_store.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "fleet/actions.h"
#include "fleet/leases.h"
#include "fleet/outcome.h"
#include "fleet/run/dial.h"
#include "fleet/run/tools.h"
#include "fleet/run/transfer.h"
#include "host/disk_tree.h"
#include "host/files.h"
#include "host/private_folder.h"
#include "host/process.h"
#include "host/system.h"
#include "wire/encode.h"
#include "wire/run/link.h"
#include "wire/values.h"

namespace tenon::fleet {
namespace {

using remote::Answer;
using remote::Failure;

// What a worker's owner sets for all of its builds. Nothing else of its environment is passed on.
constexpr std::array<const char*, 12> passed{"GOPROXY",
                                             "GOSUMDB",
                                             "GONOSUMDB",
                                             "GOPRIVATE",
                                             "GONOPROXY",
                                             "GOINSECURE",
                                             "SSL_CERT_FILE",
                                             "SSL_CERT_DIR",
                                             "HTTPS_PROXY",
                                             "TENON_CACHE_REMOTE",
                                             "TENON_CACHE_TOKEN_FILE",
                                             "TENON_CACHE_READ_ONLY"};
// Directories that live longer than an action: by what is in them, never by who asked.
struct CacheFolder {
  const char* variable;
  const char* below;
};

constexpr std::array<CacheFolder, 4> caches{
    CacheFolder{"GOCACHE", "cache/go-build"}, CacheFolder{"GOMODCACHE", "cache/go-mod"},
    CacheFolder{"TENON_CACHE", "cache/tenon"}, CacheFolder{"ZIG_GLOBAL_CACHE_DIR", "cache/zig"}};

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::unexpected<Failure> failed(Errc code, std::string text) {
  return std::unexpected(Failure{code, std::move(text), false});
}

std::string cache_of(const RunnerSetting& setting, const CacheFolder& cache) {
  auto own = environment_variable(cache.variable);
  if (!own && cache.variable == std::string_view("ZIG_GLOBAL_CACHE_DIR")) own = zig_cache();
  if (!own && cache.variable == std::string_view("TENON_CACHE")) own = cache_folder();
  return own && own->starts_with('/') ? *own : join_path(setting.folder, cache.below);
}

// Why a build says nothing about the module, and another worker may try it.
const char* fault_of_machine(const Exit& exit, const std::string& folder) {
  constexpr int killed = 9;
  // A shell, and bubblewrap, end with 128 and the signal of what they ran.
  if (exit.signal == killed || exit.code == 128 + killed) return "the build was killed";
  if (exit.ok()) return nullptr;
  const auto report = parse_data(exit.out);
  // What fails on a full disk fails in many words: a cut object, a page that is not there.
  const bool fault =
      disk_is_full(folder) || is_fault_of_machine(report ? *report : Data(), exit.err);
  return fault ? "the disk was full, or a process of the build was killed" : nullptr;
}

class Action {
 public:
  Action(remote::Link& link, const RunnerSetting& setting, const std::function<bool()>& go_on,
         std::string folder)
      : link_(link), setting_(setting), go_on_(go_on), folder_(std::move(folder)) {}

  Answer<remote::ActionResult> run(const remote::Lease& lease) {
    out_.worker = setting_.worker;
    out_.stamps.worker_start = out_.stamps.fetch_start = now();
    remote::Action action;
    if (lease.action) {
      action = *lease.action;
    } else {
      const std::string bytes = TENON_TRY(link_.get(lease.action_digest));
      action = TENON_TRY(remote::read_action(bytes));
    }
    const std::string bytes = TENON_TRY(link_.get(action.command));
    const remote::Command command = TENON_TRY(remote::read_command(bytes));
    TENON_TRY(check(command));
    TENON_TRY(get_tree(link_, action.input_root, source_, go_on_));
    out_.stamps.fetch_end = out_.stamps.execute_start = now();
    TENON_TRY(execute(action, command));
    out_.stamps.execute_end = out_.stamps.upload_start = now();
    TENON_TRY(upload(command));
    out_.stamps.upload_end = out_.stamps.worker_end = now();
    return std::move(out_);
  }

 private:
  // A worker is no shell for everybody: it runs its own tenon, on what came with the action.
  static Answer<void> check(const remote::Command& command) {
    if (command.arguments.size() < 2 || command.arguments[0] != "tenon" ||
        command.arguments[1] != "build") {
      return failed(Errc::invalid_argument, "this worker runs tenon build, and nothing else");
    }
    if (!command.folder.empty()) {
      return failed(Errc::invalid_argument, "an action with a working directory");
    }
    for (const std::string& path : command.outputs) {
      if (path != "out") return failed(Errc::invalid_argument, "outputs are expected in out/");
    }
    return {};
  }

  Answer<std::string> go_folder(const remote::Action& action) const {
    for (const remote::Property& property : action.platform) {
      if (property.name != "go") continue;
      const auto found = std::ranges::find(setting_.go, property.value, &GoProgram::version);
      if (found == setting_.go.end()) {
        return failed(Errc::not_found, "this worker has no Go " + property.value);
      }
      return std::string(folder_of(found->path));
    }
    if (setting_.go.empty()) return failed(Errc::not_found, "this worker has no Go");
    return std::string(folder_of(setting_.go.front().path));
  }

  Answer<std::vector<std::string>> environment(const remote::Action& action) const {
    std::string path = TENON_TRY(go_folder(action));
    if (const auto zig = find_program("zig")) path += ":" + std::string(folder_of(*zig));
    std::vector<std::string> out{"PATH=" + path + ":/usr/local/bin:/usr/bin:/bin",
                                 "HOME=" + join_path(setting_.folder, "home"),
                                 "TMPDIR=" + join_path(folder_, "tmp"),
                                 "GOTOOLCHAIN=local",
                                 "GOENV=off",
                                 "LANG=C.UTF-8"};
    for (const char* name : passed) {
      if (const auto value = environment_variable(name)) {
        out.push_back(std::string(name) + "=" + *value);
      }
    }
    for (const CacheFolder& cache : caches) {
      out.push_back(std::string(cache.variable) + "=" + cache_of(setting_, cache));
    }
    return out;
  }

  // What runs below a process that dies with this one: the kernel ends all that it started, or,
  // with no sandbox, itself; the next start of the worker ends the rest.
  [[nodiscard]] std::vector<std::string> words(const remote::Command& command) const {
    std::vector<std::string> out{own_path(), "worker", "--guard", std::to_string(own_process()),
                                 "--"};
    if (setting_.sandbox) {
      out.insert(out.end(), {"bwrap", "--die-with-parent", "--cap-drop", "ALL", "--unshare-pid",
                             "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--bind",
                             folder_, folder_, "--bind", join_path(setting_.folder, "home"),
                             join_path(setting_.folder, "home")});
      for (const CacheFolder& cache : caches) {
        const std::string folder = cache_of(setting_, cache);
        out.insert(out.end(), {"--bind", folder, folder});
      }
      const std::vector<std::string> hidden = hide_secrets(setting_.folder);
      out.insert(out.end(), hidden.begin(), hidden.end());
      out.insert(out.end(), {"--chdir", source_, "--"});
    }
    out.push_back(tenon_program());
    out.insert(out.end(), command.arguments.begin() + 1, command.arguments.end());
    return out;
  }

  Answer<void> execute(const remote::Action& action, const remote::Command& command) {
    constexpr std::size_t most_output = std::size_t{16} << 20U;
    for (const std::string& folder : {join_path(folder_, "tmp"), join_path(source_, "out")}) {
      if (const auto made = make_folders(folder); !made) {
        return failed(made.error().code, folder + ": " + made.error().what);
      }
    }
    Command program;
    program.argv = words(command);
    program.environment = TENON_TRY(environment(action));
    program.replace_environment = true;
    program.directory = source_;
    program.output_limit = most_output;
    program.deadline = action.timeout.count() > 0 ? action.timeout : std::chrono::hours(1);
    program.stop = [this] { return !go_on_(); };
    const auto exit = tenon::run(program);
    if (!exit) return failed(exit.error().code, exit.error().what);
    if (exit->interrupted) return failed(Errc::interrupted, "given up");
    if (exit->timed_out) return failed(Errc::timeout, "the build took longer than its limit");
    out_.exit_code = exit->signal != 0 ? 128 + exit->signal : exit->code;
    if (const char* why = fault_of_machine(*exit, folder_)) {
      return std::unexpected(Failure{Errc::io, why, true});
    }
    streams_ = {exit->out, exit->err};
    out_.out = remote::digest_of(exit->out);
    out_.err = remote::digest_of(exit->err);
    return {};
  }

  Answer<void> upload(const remote::Command& command) {
    for (const std::string& path : command.outputs) {
      const auto tree = DiskTree::open(join_path(source_, path));
      if (!tree) return failed(tree.error().code, path + ": " + tree.error().what);
      const auto inputs = read_inputs(**tree, {});
      if (!inputs) return failed(Errc::io, inputs.error().path + ": " + inputs.error().reason);
      TENON_TRY(put_inputs(link_, **tree, *inputs));
      std::vector<std::string> children;
      for (const auto& [digest, bytes] : inputs->directories) {
        if (digest != inputs->root) children.push_back(bytes);
      }
      streams_.push_back(remote::encode_tree(inputs->directories.at(inputs->root), children));
      out_.trees.push_back({path, remote::digest_of(streams_.back())});
    }
    return put_texts(link_, streams_);
  }

  remote::Link& link_;
  const RunnerSetting& setting_;
  const std::function<bool()>& go_on_;
  std::string folder_;
  std::string source_ = join_path(folder_, "module");
  remote::ActionResult out_;
  std::vector<std::string> streams_;
};

}  // namespace

std::vector<std::string> hide_secrets(const std::string& folder) {
  std::vector<std::string> out;
  const std::string users = join_path(folder, "passwd");
  const std::string line =
      "worker:x:" + user_and_group() + ":tenon worker:" + join_path(folder, "home") + ":/bin/sh\n";
  const bool made = write_text(users, line).has_value();
  out.insert(out.end(), {"--ro-bind", made ? users : "/dev/null", "/etc/passwd"});
  std::vector<std::string> places{"/etc/shadow", "/etc/gshadow", "/etc/ssh"};
  if (const auto home = environment_variable("HOME"); home && home->starts_with('/')) {
    for (const std::string_view name :
         {".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".config/gcloud", ".netrc",
          ".git-credentials", ".npmrc", ".pypirc", ".password-store", ".bash_history"}) {
      places.push_back(join_path(*home, name));
    }
  }
  // That of the fleet is the worker's own.
  if (const std::string token = fleet_token_file(); !token.empty()) {
    places.push_back(absolute_path(current_folder(), token));
  }
  for (const std::string& named : places) {
    // Nothing can be put on a link.
    const std::string place = real_path(named).value_or(named);
    if (is_folder(place)) {
      out.insert(out.end(), {"--tmpfs", place});
    } else if (is_file(place)) {
      out.insert(out.end(), {"--ro-bind", "/dev/null", place});
    }
  }
  return out;
}

bool disk_is_full(const std::string& folder) {
  constexpr std::uint64_t least_mib = 16;
  const auto volume = volume_state(folder);
  return volume && volume->free_mib < least_mib;
}

bool sandbox_works() {
  if (!find_program("bwrap")) return false;
  Command command;
  command.argv = {"bwrap",
                  "--die-with-parent",
                  "--unshare-pid",
                  "--ro-bind",
                  "/",
                  "/",
                  "--dev",
                  "/dev",
                  "--proc",
                  "/proc",
                  "true"};
  command.deadline = std::chrono::seconds(10);
  const auto exit = run(command);
  return exit && exit->ok();
}

RunnerEnd run_action(remote::Link& link, const remote::Lease& lease, const RunnerSetting& setting,
                     const std::function<bool()>& go_on) {
  RunnerEnd out;
  std::vector<std::string> folders{join_path(setting.folder, "home")};
  for (const CacheFolder& cache : caches) folders.push_back(cache_of(setting, cache));
  for (const std::string& folder : folders) {
    if (const auto made = make_folders(folder); !made) {
      return {code_internal, folder + ": " + made.error().what, {}};
    }
  }
  const auto folder = make_temporary_folder("action-", join_path(setting.folder, "work"));
  if (!folder) return {code_internal, folder.error().what, {}};
  const TemporaryFolder owned(*folder);
  // Outside of the sandbox, whose end would be that of what it brings to the store.
  if (const auto remote = remote_setting(private_cache())) start_door(*remote);
  auto result = Action(link, setting, go_on, *folder).run(lease);
  if (result) {
    out.result = *std::move(result);
  } else {
    out.status = status_of(result.error());
    out.message = result.error().text;
  }
  return out;
}

}  // namespace tenon::fleet
