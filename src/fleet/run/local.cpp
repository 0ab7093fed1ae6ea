#include "fleet/run/local.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "base/shown.h"
#include "base/text.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/progress.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "diag/wire.h"
#include "fleet/server_config.h"
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

constexpr std::string_view list_name = "fleet.json";
constexpr std::string_view database_mark = "database.ready";
constexpr std::string_view database_user = "postgres";
// sun_path of unix(7) has 108 bytes, and PostgreSQL adds a name of its own.
constexpr std::size_t longest_folder = 80;

Finding failed(std::string_view component, std::string_view reason, const std::string& log) {
  Finding out = make_finding(
      Code::fleet_component_failed,
      {{"component", std::string(component)}, {"reason", std::string(reason)}, {"log", log}},
      std::string(component));
  constexpr std::size_t most = 1000;
  if (const auto text = read_text(log); text && !text->empty()) {
    out.evidence.push_back({Evidence::Kind::log, log,
                            text->size() > most ? text->substr(text->size() - most) : *text});
  }
  return out;
}

Finding missing(std::string_view component, std::string_view reason) {
  return make_finding(Code::fleet_component_missing,
                      {{"component", std::string(component)}, {"reason", std::string(reason)}},
                      std::string(component));
}

// Where Debian keeps the servers of PostgreSQL: one directory for each version, the newest first.
std::optional<std::string> database_programs() {
  constexpr std::string_view top = "/usr/lib/postgresql";
  auto versions = search_folder(std::string(top));
  std::ranges::sort(versions, [](const std::string& a, const std::string& b) {
    return parse_number(a).value_or(0) > parse_number(b).value_or(0);
  });
  for (const std::string& version : versions) {
    std::string folder = join_path(join_path(top, version), "bin");
    if (is_file(join_path(folder, "initdb"))) return folder;
  }
  const auto found = find_program("initdb");
  if (!found) return std::nullopt;
  return std::string(folder_of(*found));
}

std::string list_text(const LocalFleet& fleet) {
  Data out = Data::object();
  out.add("address", fleet.address);
  Data rows = Data::array();
  for (const Component& component : fleet.components) {
    Data row = Data::object();
    row.add("name", component.name);
    row.add("process", component.process);
    row.add("start", static_cast<std::int64_t>(component.start));
    rows.push(std::move(row));
  }
  out.add("components", std::move(rows));
  return render_data(out);
}

class Start {
 public:
  Start(const LocalSetting& setting, std::string folder, Progress& progress)
      : setting_(setting), progress_(progress) {
    fleet_.folder = std::move(folder);
    fleet_.address = fmt::format("127.0.0.1:{}", setting.port);
  }

  Outcome<LocalFleet> run() {
    auto done = all();
    if (done) return fleet_;
    (void)stop_fleet(fleet_, false);
    return std::unexpected(std::move(done).error());
  }

 private:
  Outcome<void> all() {
    TENON_TRY(find());
    TENON_TRY(start_store());
    if (setting_.store_only) return wait_for_store();
    // Loads its libraries while the database is made.
    TENON_TRY(start_scheduler());
    TENON_TRY(start_database());
    TENON_TRY(wait_for_scheduler());
    if (setting_.worker) TENON_TRY(start_worker());
    return {};
  }

  [[nodiscard]] std::string below(std::string_view name) const {
    return join_path(fleet_.folder, name);
  }

  Outcome<void> find() {
    if (setting_.components.empty()) {
      return std::unexpected(missing("the directory of components",
                                     "neither --components, TENON_FLEET nor TENON_TOOLS is set"));
    }
    store_ = join_path(setting_.components, "bin/buildbox-casd");
    server_ = join_path(setting_.components, "venv/bin/python");
    std::vector<std::string> programs{store_};
    if (!setting_.store_only) {
      programs.insert(programs.end(), {server_, join_path(setting_.components, "venv/bin/bgd")});
    }
    for (const std::string& program : programs) {
      if (!is_file(program)) return std::unexpected(missing(base_name(program), program));
    }
    if (setting_.store_only) return {};
    const auto folder = database_programs();
    if (!folder) return std::unexpected(missing("PostgreSQL", "no initdb; install postgresql"));
    database_ = *folder;
    return {};
  }

  // Starts one and adds it to the list, so that `down` knows it whatever happens next.
  Outcome<void> start(const std::string& name, std::vector<std::string> argv,
                      const std::string& directory = {}) {
    progress_.status(shown_format("starting the {}", name));
    const std::string log = below(name + ".log");
    if (const auto made = write_text(log, "", 0600); !made) {
      return std::unexpected(failed(name, made.error().what, log));
    }
    Service service;
    service.argv = std::move(argv);
    service.directory = directory.empty() ? fleet_.folder : directory;
    service.log = log;
    const auto process = start_service(service);
    if (!process) return std::unexpected(failed(name, process.error().what, log));
    // They are stopped from the last to the first: the scheduler before its database.
    const auto place = name == "database"
                           ? std::ranges::find(fleet_.components, "scheduler", &Component::name)
                           : fleet_.components.end();
    fleet_.components.insert(place, {name, *process, process_start(*process).value_or(0)});
    if (const auto made = write_text(below(list_name), list_text(fleet_), 0600); !made) {
      return std::unexpected(failed(name, made.error().what, below(list_name)));
    }
    return {};
  }

  // Until `ready`, the end of the one that has the name, or `limit`.
  Outcome<void> wait(std::string_view name, seconds limit, const std::function<bool()>& ready) {
    const Component& component = *std::ranges::find(fleet_.components, name, &Component::name);
    const std::string log = below(component.name + ".log");
    const auto end = Clock::now() + limit;
    while (!ready()) {
      if (interrupted()) return std::unexpected(failed(component.name, "interrupted", log));
      if (service_ended(component.process)) {
        return std::unexpected(failed(component.name, "it ended", log));
      }
      if (Clock::now() > end) {
        return std::unexpected(failed(
            component.name, fmt::format("it did not answer within {} s", limit.count()), log));
      }
      std::this_thread::sleep_for(milliseconds(20));
    }
    return {};
  }

  Outcome<void> start_store() {
    const std::string socket = below("store.sock");
    // As root the fleet's directory lets the user of the database through.
    if (const auto made = make_folders(below("store")); !made) {
      return std::unexpected(failed("store", made.error().what, below("store")));
    }
    TENON_TRY(call("store", {"chmod", "0700", below("store")}));
    const std::string place = setting_.store_only ? fleet_.address : "unix:" + socket;
    TENON_TRY(start("store", {store_, "--bind", place, "--quota-high=4G", "--log-level=warning",
                              below("store")}));
    if (setting_.store_only) return {};
    return wait("store", seconds(10), [&] { return file_info(socket).has_value(); });
  }

  // By a question that a store answers, and another program at that port does not.
  Outcome<void> wait_for_store() {
    TENON_TRY(open_link("store"));
    return wait("store", seconds(10),
                [&] { return link_->missing({remote::digest_of("")}).has_value(); });
  }

  // In front of the programs of PostgreSQL, which refuse to run as root.
  [[nodiscard]] std::vector<std::string> as_database_user() const {
    if (!is_superuser()) return {};
    const std::string user(database_user);
    return {"setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "--"};
  }

  Outcome<void> call(const std::string& name, std::vector<std::string> argv) {
    Command command;
    command.argv = std::move(argv);
    command.directory = "/";
    command.merge_streams = true;
    const auto exit = tenon::run(command);
    if (exit && exit->ok()) return {};
    const std::string log = below(name + "-start.log");
    (void)write_text(log, exit ? exit->out : exit.error().what);
    return std::unexpected(
        failed(name, exit ? "a step of its start failed" : exit.error().what, log));
  }

  Outcome<void> start_database() {
    progress_.status(Shown("making the database"));
    // For root: of the user that PostgreSQL runs as, who must get through the folder.
    const std::string data = below("database");
    const std::string socket = below("socket");
    for (const std::string& folder : {data, socket}) {
      if (const auto made = make_folders(folder); !made) {
        return std::unexpected(failed("database", made.error().what, folder));
      }
      TENON_TRY(call("database", {"chmod", "0700", folder}));
      if (is_superuser()) {
        TENON_TRY(call("database", {"chown", std::string(database_user), folder}));
      }
    }
    if (is_superuser()) TENON_TRY(call("database", {"chmod", "0711", fleet_.folder}));
    auto make = as_database_user();
    make.insert(make.end(), {join_path(database_, "initdb"), "-A", "trust", "-U", "tenon",
                             "--no-sync", "--locale=C", "-E", "UTF8", "-D", data});
    TENON_TRY(call("database", std::move(make)));
    auto serve = as_database_user();
    // What lies in it is worth nothing after a crash: the queue is asked for again.
    serve.insert(serve.end(), {join_path(database_, "postgres"), "-D", data, "-k", socket, "-c",
                               "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off",
                               "-c", "synchronous_commit=off"});
    TENON_TRY(start("database", std::move(serve), "/"));
    return wait("database", seconds(20), [&] {
      Command ask;
      ask.argv = {join_path(database_, "pg_isready"), "-q", "-h", socket};
      const auto exit = tenon::run(ask);
      return exit && exit->ok();
    });
  }

  Outcome<void> start_scheduler() {
    const ServerConfig config{fleet_.address, below("socket"), below("store.sock")};
    const std::string file = below("scheduler.yml");
    const std::string program = below("scheduler.py");
    for (const auto& [path, text] : {std::pair(file, server_config(config)),
                                     std::pair(program, std::string(scheduler_program()))}) {
      if (const auto made = write_text(path, text, 0600); !made) {
        return std::unexpected(failed("scheduler", made.error().what, path));
      }
    }
    return start("scheduler",
                 {server_, program, file, database_name(below("socket")), below(database_mark)});
  }

  Outcome<void> wait_for_scheduler() {
    progress_.status(Shown("making the tables of the scheduler"));
    if (const auto made = write_text(below(database_mark), "", 0600); !made) {
      return std::unexpected(failed("scheduler", made.error().what, below(database_mark)));
    }
    TENON_TRY(open_link("scheduler"));
    return wait("scheduler", seconds(60), [&] { return link_->workers().has_value(); });
  }

  Outcome<void> open_link(std::string_view component) {
    remote::LinkSetting setting;
    setting.address = fleet_.address;
    setting.patience = milliseconds(500);
    setting.wait_for_service = true;
    auto link = remote::Link::open(setting);
    if (!link) return std::unexpected(failed(component, link.error().text, fleet_.address));
    link_ = *std::move(link);
    return {};
  }

  Outcome<void> start_worker() {
    std::vector<std::string> argv{own_path(),     "worker",   "--join",
                                  fleet_.address, "--folder", below("worker")};
    for (const std::string& go : setting_.go) argv.insert(argv.end(), {"--go", go});
    TENON_TRY(start("worker", std::move(argv)));
    return wait("worker", seconds(60), [&] {
      const auto workers = link_->workers();
      return workers && !workers->empty();
    });
  }

  const LocalSetting& setting_;
  Progress& progress_;
  LocalFleet fleet_;
  std::string store_, server_, database_;
  std::unique_ptr<remote::Link> link_;
};

const Data* member(const Data& data, std::string_view name) { return wire::find(data, name); }

// Whether a folder holds what is no fleet's: `down` removes by name, and would take it along. A
// store that was kept may be there.
bool is_taken(const std::string& folder) {
  return std::ranges::any_of(search_folder(folder), [&](const std::string& name) {
    return name != "store" || !is_folder(join_path(folder, "store/cas"));
  });
}

template <class T>
T value_in(const Data& data, std::string_view name) {
  const Data* found = member(data, name);
  const auto* value = found == nullptr ? nullptr : std::get_if<T>(&found->value());
  return value == nullptr ? T{} : *value;
}

}  // namespace

std::string usual_folder() {
  const std::string user = user_and_group();
  return "/var/tmp/tenon-fleet-" + user.substr(0, user.find(':'));
}

std::string usual_components() {
  if (const auto own = environment_variable("TENON_FLEET")) return *own;
  if (const auto tools = environment_variable("TENON_TOOLS")) return join_path(*tools, "fleet");
  return {};
}

Outcome<LocalFleet> start_fleet(const LocalSetting& setting, Progress& progress) {
  if (!remote::has_link()) {
    return std::unexpected(
        make_finding(Code::fleet_not_in_this_build, {{"what", "a fleet"}}, "fleet"));
  }
  const auto wrong = [&](std::string_view reason) {
    return std::unexpected(make_finding(
        Code::usage_work_folder_not_writable,
        {{"path", setting.folder}, {"variable", "--folder"}, {"reason", std::string(reason)}},
        "the fleet"));
  };
  if (setting.folder.size() > longest_folder) return wrong("its path has more than 80 bytes");
  // One that is in use, and what a fleet that was killed has left.
  if (const auto old = read_fleet(setting.folder)) {
    if (std::ranges::any_of(old->components, lives)) {
      return std::unexpected(make_finding(Code::fleet_already_up,
                                          {{"folder", setting.folder}, {"address", old->address}},
                                          setting.folder));
    }
    if (auto left = stop_fleet(*old, true); !left.empty()) {
      return std::unexpected(std::move(left.front()));
    }
  }
  const auto folder = private_folder(setting.folder);
  if (!folder) return wrong(folder.error().what);
  if (is_taken(*folder)) return wrong("it holds other files, which `down` would remove");
  return Start(setting, *folder, progress).run();
}

bool LocalFleet::store_only() const {
  return std::ranges::find(components, "scheduler", &Component::name) == components.end();
}

bool lives(const Component& component) {
  const auto start = process_start(component.process);
  return start && *start == component.start;
}

std::optional<LocalFleet> read_fleet(const std::string& folder) {
  constexpr std::size_t most = 100'000;
  // The list names processes to be ended: only our own is believed.
  if (!check_private(folder)) return std::nullopt;
  const auto text = read_text(join_path(folder, list_name), most);
  if (!text) return std::nullopt;
  const auto data = parse_data(*text);
  if (!data) return std::nullopt;
  LocalFleet out;
  out.folder = folder;
  out.address = value_in<std::string>(*data, "address");
  for (const Data& row : value_in<Data::Array>(*data, "components")) {
    out.components.push_back({value_in<std::string>(row, "name"),
                              value_in<std::int64_t>(row, "process"),
                              static_cast<std::uint64_t>(value_in<std::int64_t>(row, "start"))});
  }
  return out;
}

std::vector<Finding> stop_fleet(const LocalFleet& fleet, bool keep_store) {
  constexpr seconds patience{10};
  std::vector<Finding> out;
  // The worker first, which gives its work back; the store last.
  for (auto one = fleet.components.rbegin(); one != fleet.components.rend(); ++one) {
    if (!lives(*one)) continue;
    // A fleet that goes down needs no result: the worker gives up what it does.
    const bool quick = one->name == "database" || one->name == "worker";
    ask_service(one->process, quick ? Ask::quit : Ask::finish);
    const auto end = Clock::now() + patience;
    const auto gone = [&] { return service_ended(one->process) || !lives(*one); };
    while (!gone() && Clock::now() < end) std::this_thread::sleep_for(milliseconds(20));
    if (!gone()) {
      ask_service(one->process, Ask::kill);
      // A busy machine takes its time to end a large process.
      const auto last = Clock::now() + patience;
      while (!gone() && Clock::now() < last) std::this_thread::sleep_for(milliseconds(20));
    }
    if (!gone()) {
      out.push_back(make_finding(
          Code::fleet_not_stopped,
          {{"component", one->name}, {"process", std::to_string(one->process)}}, one->name));
    }
  }
  if (!out.empty()) return out;
  // Only what a fleet makes: the folder may be one that holds other things too.
  for (const std::string_view name :
       {"worker", "database", "socket", "store.sock", "scheduler.yml", "scheduler.py",
        "database.ready", "store.log", "database.log", "scheduler.log", "worker.log",
        "database-start.log", "scheduler-start.log", "store-start.log", "fleet.json"}) {
    if (name == "worker") (void)kill_processes_in(join_path(fleet.folder, "worker/work"));
    remove_tree(join_path(fleet.folder, name));
  }
  if (!keep_store) {
    remove_tree(join_path(fleet.folder, "store"));
    if (search_folder(fleet.folder).empty()) remove_tree(fleet.folder);
  }
  return out;
}

}  // namespace tenon::fleet
