#include "machine/run/package_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "host/process.h"
#include "machine/probe/own_platform.h"
#include "platform/contents.h"
#include "platform/packages.h"

namespace tenon {
namespace {

using Clock = std::chrono::steady_clock;
using Kind = SoughtFile::Kind;

// Programs that are asked, all within one limit.
class Session {
 public:
  using Take = std::function<void(std::string_view)>;

  // False where the program is not there, fails or takes too long.
  bool lines(std::vector<std::string> argv, const Take& take) const {
    Command command;
    command.argv = std::move(argv);
    command.on_line = [&](std::string_view line, bool tick) {
      if (!tick) take(line);
    };
    return ask(command);
  }
  bool bytes(std::vector<std::string> argv, const Take& take) const {
    Command command;
    command.argv = std::move(argv);
    command.on_bytes = [&](std::string_view part, bool standard_error) {
      if (!standard_error) take(part);
    };
    return ask(command);
  }

 private:
  bool ask(Command& command) const {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end_ - Clock::now());
    const auto program = find_program(command.argv.front());
    if (!program || left.count() <= 0) return false;
    command.argv.front() = *program;
    command.environment = {"LC_ALL=C"};
    command.deadline = left;
    command.patience = std::chrono::milliseconds(100);
    command.output_limit = 0;
    const auto exit = run(command);
    return exit && exit->ok();
  }

  static constexpr std::chrono::seconds limit{10};
  Clock::time_point end_ = Clock::now() + limit;
};

// apt names the files, whatever configuration moved them, and reads each compression that it wrote.
bool ask_apt(const Session& session, ContentsSearch& search) {
  constexpr std::string_view by_apt = "/usr/lib/apt/apt-helper";
  std::vector<std::string> indexes;
  session.lines({"apt-get", "indextargets", "--format", "$(FILENAME)", "Created-By: Contents-deb"},
                [&](std::string_view path) { indexes.emplace_back(trim(path)); });
  bool any = false;
  for (const std::string& path : indexes) {
    if (search.complete()) break;
    any |= session.bytes({std::string(by_apt), "cat-file", path},
                         [&](std::string_view part) { search.bytes(part); });
    search.bytes({});
  }
  return any || !search.answers().empty();
}

std::string pattern(const SoughtFile& file) {
  switch (file.kind) {
    case Kind::header: return fmt::format("*/include/*{}", file.name);
    case Kind::pc: return fmt::format("*/pkgconfig/{}.pc", file.name);
    case Kind::library: return fmt::format("*/lib{}.*", file.name);
    case Kind::program: return "*/bin/" + file.name;
    case Kind::loaded: break;
  }
  return "*/" + file.name;
}

// "libpcap0.8-dev:amd64: /usr/include/pcap.h", several packages with ", " between.
bool ask_dpkg(const Session& session, const std::vector<SoughtFile>& files,
              ContentsSearch& search) {
  std::vector<std::string> argv{"dpkg-query", "--search"};
  for (const SoughtFile& file : files) {
    argv.push_back(pattern(file));
    const bool in_table = file.kind != Kind::program && file.kind != Kind::loaded;
    const LibraryPackages* known = in_table ? packages_of(file.name) : nullptr;
    if (known != nullptr) {
      argv.push_back(fmt::format("/usr/share/doc/{}", known->debian));
    }
  }
  // Its code tells that one of the patterns fits nothing.
  session.lines(std::move(argv), [&](std::string_view line) {
    const std::size_t end = line.find(": /");
    if (end == line.npos) return;
    std::string packages;
    for (const std::string_view one : split(line.substr(0, end), ',')) {
      const std::string_view name = trim(one);
      packages += fmt::format("{}{}", packages.empty() ? "" : ",", name.substr(0, name.find(':')));
    }
    search.line(fmt::format("{} {}", line.substr(end + 3), packages));
  });
  return !search.answers().empty();
}

std::string path_in_fedora(const SoughtFile& file) {
  switch (file.kind) {
    case Kind::header: return "usr/include/" + file.name;
    case Kind::pc: return fmt::format("usr/lib64/pkgconfig/{}.pc", file.name);
    case Kind::library: return fmt::format("usr/lib64/lib{}.so", file.name);
    case Kind::program: return "usr/bin/" + file.name;
    case Kind::loaded: break;
  }
  return "usr/lib64/" + file.name;
}

bool ask_dnf(const Session& session, const std::vector<SoughtFile>& files, ContentsSearch& search,
             ListsFrom lists) {
  bool any = false;
  for (const SoughtFile& file : files) {
    const std::string path = path_in_fedora(file);
    std::vector<std::string> argv{"dnf", "--quiet"};
    if (lists == ListsFrom::cache) argv.emplace_back("--cacheonly");
    // A link to a library has no entry of its own; that the package provides it is told by name.
    const std::string what = file.kind == Kind::loaded ? file.name + "()(64bit)" : "/" + path;
    argv.insert(argv.end(), {"repoquery", "--queryformat=%{name}\n", "--whatprovides", what});
    any |= session.lines(std::move(argv), [&](std::string_view name) {
      search.line(fmt::format("{} {}", path, trim(name)));
    });
  }
  return any;
}

// What apk's packages say that they provide, and the path that stands for it.
std::pair<std::string, std::string> provided_in_alpine(const SoughtFile& file) {
  switch (file.kind) {
    case Kind::pc: return {"pc:" + file.name, fmt::format("usr/lib/pkgconfig/{}.pc", file.name)};
    case Kind::program: return {"cmd:" + file.name, "usr/bin/" + file.name};
    case Kind::loaded: return {"so:" + file.name, "usr/lib/" + file.name};
    case Kind::header:
    case Kind::library: break;
  }
  return {};
}

// apk's index has no files, only what packages provide: no headers and no archives.
bool ask_apk(const Session& session, const std::vector<SoughtFile>& files, ContentsSearch& search,
             ListsFrom lists) {
  bool any = false;
  for (const SoughtFile& file : files) {
    const auto [what, path] = provided_in_alpine(file);
    if (what.empty()) continue;
    std::vector<std::string> argv{"apk", "search", "--quiet", "--exact"};
    if (lists == ListsFrom::cache) argv.emplace_back("--no-network");
    argv.push_back(what);
    any |= session.lines(std::move(argv), [&](std::string_view name) {
      search.line(fmt::format("{} {}", path, trim(name)));
    });
  }
  return any;
}

// A name that is a path of its own or a pattern is asked of nobody.
bool is_plain(const SoughtFile& file) {
  constexpr std::string_view others = "_-+./";
  const auto plain = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.contains(c);
  };
  return !file.name.empty() && file.name.size() < 200 && file.name.front() != '/' &&
         file.name.front() != '-' && !file.name.contains("..") &&
         std::ranges::all_of(file.name, plain);
}

}  // namespace

PackageLookup look_up_packages(const std::vector<SoughtFile>& files,
                               const std::string& distribution, ListsFrom lists) {
  constexpr std::size_t most = 16;
  std::vector<SoughtFile> wanted;
  for (const SoughtFile& file : files) {
    if (is_plain(file) && wanted.size() < most) wanted.push_back(file);
  }
  PackageLookup out;
  const std::string own = own_distribution();
  out.asked = !wanted.empty();
  if (wanted.empty() || (!distribution.empty() && distribution != own)) return out;
  const Session session;
  const std::string of = own.empty() ? std::string() : " of " + own;
  const auto ask = [&](std::string_view program, ContentsSearch::Column column,
                       const std::string& source, const auto& how) {
    if (!out.source.empty() || !find_program(program)) return;
    ContentsSearch search(wanted, column);
    if (!how(search)) return;
    out = {true, source, std::string(program), search.answers()};
  };
  ask("apt-get", &LibraryPackages::debian, "apt's index" + of,
      [&](ContentsSearch& search) { return ask_apt(session, search); });
  ask("apt-get", &LibraryPackages::debian, "dpkg's list of installed files",
      [&](ContentsSearch& search) { return ask_dpkg(session, wanted, search); });
  ask("dnf", &LibraryPackages::fedora, "dnf's cache",
      [&](ContentsSearch& search) { return ask_dnf(session, wanted, search, lists); });
  ask("apk", &LibraryPackages::alpine, "apk's index",
      [&](ContentsSearch& search) { return ask_apk(session, wanted, search, lists); });
  return out;
}

}  // namespace tenon
