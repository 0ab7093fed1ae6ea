#include "link/query/cross.h"

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "link/pc/fragment.h"
#include "link/pc/package.h"
#include "link/pc/problem.h"
#include "link/pc/repository.h"
#include "link/pc/settings.h"
#include "link/pc/solver.h"
#include "link/query/answer.h"
#include "link/query/environment.h"
#include "link/query/request.h"

namespace tenon::pc {
namespace {

bool lies_in(const std::string& path, const std::string& sysroot) {
  const std::string plain = absolute_path("/", path);
  if (!plain.starts_with(sysroot)) return false;
  return plain.size() == sysroot.size() || plain[sysroot.size()] == '/' || sysroot == "/";
}

// The directories of a list that lie in the sysroot; the others are told and go to `outside`.
std::vector<std::string> inside_of(const std::vector<std::string>& folders, std::string_view source,
                                   const Cross& cross, PreparedCross& out) {
  std::vector<std::string> inside;
  for (const std::string& folder : folders) {
    if (lies_in(folder, cross.sysroot)) {
      inside.push_back(folder);
      continue;
    }
    out.outside.push_back(folder);
    out.problems.push_back({.kind = Problem::Kind::outside_sysroot,
                            .text = std::string(source) + " names " + folder +
                                    ", which lies outside of the sysroot; it is not searched\n",
                            .module = folder,
                            .other = std::string(source)});
  }
  return inside;
}

// Paths that a fragment names, each with the whole flag.
void add_paths(const Fragment& fragment, std::vector<std::string>& out) {
  const bool folder = fragment.type == 'I' || fragment.type == 'L' || fragment.type == 'F';
  const bool file = fragment.type == 0 && fragment.data.starts_with('/');
  if (folder || file) out.push_back(fragment.data);
  for (const Fragment& child : fragment.children) add_paths(child, out);
}

bool is_missing(const Problem& problem) {
  return problem.kind == Problem::Kind::missing || problem.kind == Problem::Kind::missing_private;
}

void find_flag_leaks(const Fragments& fragments, const Cross& cross, Problems& out) {
  for (const Fragment& fragment : fragments) {
    std::vector<std::string> paths;
    add_paths(fragment, paths);
    for (const std::string& path : paths) {
      if (!path.starts_with('/') || lies_in(path, cross.sysroot)) continue;
      const std::string flag = join_path_list(fragment.words(), ' ');
      out.push_back({.kind = Problem::Kind::host_leak,
                     .error = true,
                     .text = "flag " + flag + " of " + origin_text(fragment.origin) +
                             " names a directory or file of this machine\n",
                     .file = fragment.origin.file,
                     .line = fragment.origin.line,
                     .module = fragment.origin.module,
                     .other = flag});
    }
  }
}

// Where a path of the sysroot leads when that is not in it; empty for one that stays.
std::string leads_to(const std::string& path, const std::string& sysroot, Files& files) {
  const auto real = files.identity(path);
  const auto root = files.identity(sysroot);
  if (!real || !root || !lies_in(path, sysroot) || lies_in(*real, *root)) return {};
  return *real;
}

void find_linked_folders(const Fragments& fragments, const std::string& sysroot, Files& files,
                         Problems& out) {
  for (const Fragment& fragment : fragments) {
    std::vector<std::string> paths;
    add_paths(fragment, paths);
    for (const std::string& path : paths) {
      const std::string real = leads_to(path, sysroot, files);
      if (real.empty()) continue;
      const std::string flag = join_path_list(fragment.words(), ' ');
      out.push_back({.kind = Problem::Kind::host_leak,
                     .error = true,
                     .text = fmt::format("flag {} of {} leads out of the sysroot, to {}\n", flag,
                                         origin_text(fragment.origin), real),
                     .file = fragment.origin.file,
                     .line = fragment.origin.line,
                     .module = fragment.origin.module,
                     .other = flag});
    }
  }
}

}  // namespace

Problems find_links_outside(const std::vector<Package>& packages, const Fragments& fragments,
                            const std::string& sysroot, Files& files) {
  Problems out;
  for (const Package& package : packages) {
    if (package.file.empty()) continue;
    const std::string real = leads_to(package.file, sysroot, files);
    if (real.empty()) continue;
    out.push_back({.kind = Problem::Kind::host_leak,
                   .error = true,
                   .text = fmt::format("module {} is {}, which leads out of the sysroot, to {}\n",
                                       package.id, package.file, real),
                   .file = real,
                   .module = package.id,
                   .other = {}});
  }
  find_linked_folders(fragments, sysroot, files, out);
  return out;
}

PreparedCross prepare_cross(const Request& request, const Environment& environment,
                            const Cross& cross, Files& files) {
  PreparedCross out;
  const Settings base = sysroot_settings(cross.sysroot, cross.triplet);
  out.personality.name = cross.triplet;
  out.personality.folders = base.folders;
  out.personality.system_include = base.system_include;
  out.personality.system_lib = base.system_lib;
  out.personality.sysroot = cross.sysroot;

  Request inner = request;
  inner.with_path = inside_of(request.with_path, "--with-path", cross, out);
  Environment changed = environment;
  for (const char* name : {"PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR"}) {
    const auto text = find_in(environment, name);
    if (!text) continue;
    const auto inside = inside_of(split_path(*text), name, cross, out);
    changed.erase(name);
    if (!inside.empty()) changed[name] = join_path_list(inside, ':');
  }
  changed["PKG_CONFIG_SYSROOT_DIR"] = cross.sysroot;
  // These name directories of this machine's own compiler.
  for (const std::string_view name : std::array<std::string_view, 8>{
           "CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "OBJC_INCLUDE_PATH", "LIBRARY_PATH",
           "PKG_CONFIG_SYSTEM_INCLUDE_PATH", "PKG_CONFIG_SYSTEM_LIBRARY_PATH", "DESTDIR"}) {
    if (const auto found = changed.find(name); found != changed.end()) changed.erase(found);
  }
  out.prepared = prepare(inner, changed, out.personality);
  out.prepared.settings.sysroot.exists = [&files](const std::string& path) {
    return files.identity(path).has_value();
  };
  return out;
}

Problems find_leaks(const Answer& answer, const Cross& cross,
                    const std::vector<std::string>& host_folders, Files& files) {
  Problems out;
  for (const Problem& problem : answer.problems) {
    if (!is_missing(problem)) continue;
    for (const std::string& folder : host_folders) {
      const std::string path = folder + "/" + problem.module + ".pc";
      if (lies_in(path, cross.sysroot) || !files.identity(path)) continue;
      out.push_back({.kind = Problem::Kind::host_leak,
                     .error = true,
                     .text = "module " + problem.module + " is not in the sysroot; " + path +
                             " is of this machine\n",
                     .file = path,
                     .module = problem.module,
                     .other = {}});
      break;
    }
  }
  for (const Package& package : answer.packages) {
    if (package.file.empty() || lies_in(package.file, cross.sysroot)) continue;
    out.push_back(
        {.kind = Problem::Kind::host_leak,
         .error = true,
         .text = "module " + package.id + " is " + package.file + ", outside of the sysroot\n",
         .file = package.file,
         .module = package.id,
         .other = {}});
  }
  find_flag_leaks(answer.cflags, cross, out);
  find_flag_leaks(answer.libs, cross, out);
  for (Problem& one : find_links_outside(answer.packages, answer.cflags, cross.sysroot, files))
    out.push_back(std::move(one));
  find_linked_folders(answer.libs, cross.sysroot, files, out);
  return out;
}

}  // namespace tenon::pc
