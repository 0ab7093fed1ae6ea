#include "machine/probe/resolver_files.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <deque>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "host/files.h"
#include "host/system.h"

namespace tenon {
namespace {

ResolverFile in_state(const char* state, std::string error = {}) {
  return {state, {}, std::move(error)};
}

ResolverFile failure(const Error& error) {
  switch (error.os_errno) {
    case ENOENT: return in_state("missing");
    case EACCES:
    case EPERM: return in_state("permission");
    case EISDIR: return in_state("folder");
    case ELOOP: return in_state("failed", "too many levels of symbolic links");
    case ENOTDIR: return in_state("failed", "not a directory");
    case ENAMETOOLONG: return in_state("failed", "file name too long");
    default: return in_state("failed", error.what);
  }
}

// At most as many links as Linux follows.
constexpr int most_links = 40;

// The path below `root` with its links followed as in a chroot; or why it leads nowhere.
Result<std::string> path_in_root(const std::string& root, const std::string& path) {
  const std::vector<std::string_view> parts = split(path, '/');
  std::deque<std::string> rest(parts.begin(), parts.end());
  std::vector<std::string> done;
  int links = 0;
  while (!rest.empty()) {
    const std::string name = std::move(rest.front());
    rest.pop_front();
    if (name.empty() || name == ".") continue;
    if (name == "..") {
      if (!done.empty()) done.pop_back();
      continue;
    }
    const std::string here = join_path(join_path(root, join(done, "/")), name);
    if (!is_link(here)) {
      done.push_back(name);
      if (rest.empty()) break;
      const auto info = look_up(here);
      if (!info) return std::unexpected(info.error());
      if (!*info) return std::unexpected(os_error("is not there", ENOENT));
      if ((*info)->kind != FileInfo::Kind::folder)
        return std::unexpected(os_error("is not a directory", ENOTDIR));
      continue;
    }
    if (++links > most_links) return std::unexpected(os_error("has too many links", ELOOP));
    const std::string target = link_text(here);
    if (target.starts_with('/')) done.clear();
    const std::vector<std::string_view> steps = split(target, '/');
    rest.insert(rest.begin(), steps.begin(), steps.end());
  }
  return root + '/' + join(done, "/");
}

// The lines about hosts; a line without a colon spoils the file, so that it is kept too.
std::string about_hosts(const std::string& text) {
  std::string out;
  for (const std::string_view line : split(text, '\n')) {
    const std::string_view part = line.substr(0, line.find('#'));
    const std::size_t colon = part.find(':');
    const bool kept =
        colon == part.npos ? !trim(part).empty() : trim(part.substr(0, colon)) == "hosts";
    if (kept) out += line;
    out += '\n';
  }
  return out;
}

}  // namespace

ResolverFile read_resolver_file(const std::string& root, const std::string& path,
                                std::size_t limit) {
  std::string full = path;
  if (!root.empty()) {
    auto below = path_in_root(root, path);
    if (!below) return failure(below.error());
    full = *std::move(below);
  }
  auto text = read_text(full, limit);
  if (!text && text.error().code == Errc::invalid_argument) {
    if (is_folder(full)) return in_state("folder");
    // What a container masks a file with.
    if (real_path(full) == "/dev/null") return in_state("text");
    return in_state("unknown", "is a device or a pipe, which is not read");
  }
  if (!text) return failure(text.error());
  ResolverFile out = in_state("text");
  out.text = *std::move(text);
  return out;
}

const std::vector<std::string>& resolver_variable_names() {
  static const std::vector<std::string> names{"GODEBUG", "LOCALDOMAIN", "RES_OPTIONS",
                                              "HOSTALIASES", "ASR_CONFIG"};
  return names;
}

void probe_resolver(const MachineAccess& machine, NetworkState& out) {
  constexpr std::size_t most = std::size_t{1} << 20U;
  out.resolver_resolv = read_resolver_file(machine.root, "/etc/resolv.conf", most);
  out.resolver_nsswitch = read_resolver_file(machine.root, "/etc/nsswitch.conf", most);
  out.resolver_nsswitch.text = about_hosts(out.resolver_nsswitch.text);
  out.resolver_mdns = read_resolver_file(machine.root, "/etc/mdns.allow", most);
  out.resolver_mdns.text.clear();
  const std::string name = machine.root.empty() ? host_name() : std::string();
  out.hostname =
      name.empty() ? TextFact::open("another machine's files") : TextFact::of(name, "uname(2)");
  out.resolver_variables = ListFact::of({}, "the environment");
  for (const std::string& variable : resolver_variable_names()) {
    if (const auto value = machine.environment(variable.c_str()))
      out.resolver_variables.value.push_back(variable + '=' + *value);
  }
}

}  // namespace tenon
