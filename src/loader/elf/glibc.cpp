#include "loader/elf/glibc.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/text.h"
#include "format/elf/elf.h"
#include "format/elf/layout.h"
#include "loader/elf/cache.h"
#include "loader/elf/cpu_levels.h"
#include "loader/elf/header_check.h"
#include "loader/elf/image.h"
#include "loader/elf/search.h"
#include "loader/files.h"
#include "loader/verdict.h"

namespace tenon::loader {

constexpr std::size_t most_images = 20'000;

// One search for one name.
struct GlibcLoader::Search {
  std::string name;
  std::size_t by = 0;
  OsError os_error = OsError::none;  // errno
  bool other_class = false;
  std::optional<std::pair<std::string, ElfKind>> other_machine;  // the first one that was skipped
  std::optional<GlibcError> stop;
  std::optional<Opened> opened;
  std::string path;
  FoundBy rule = FoundBy::default_path;
};

std::string GlibcError::message() const {
  std::string out;
  if (!object.empty()) out = object + ": ";
  out += text;
  if (os_error != OsError::none) out += ": " + std::string(glibc_loader_text(os_error));
  return out;
}

Tokens GlibcLoader::tokens(std::size_t image) const {
  Tokens out;
  out.origin = p_.images[image]->origin;
  out.lib = facts_.lib;
  if (p_.request.secure && image == 0) out.trusted = &facts_.default_folders;
  out.platform =
      p_.request.platform.empty() ? std::string(arch_name(p_.kind)) : p_.request.platform;
  return out;
}

const std::vector<std::string>& GlibcLoader::run_path(std::size_t image, bool runpath) {
  Path& path = (runpath ? runpaths_ : rpaths_)[image];
  if (path.read) return path.folders;
  path.read = true;
  const elf::Dynamic& dynamic = p_.images[image]->dynamic;
  // With both, DT_RPATH is ignored.
  const auto& text = runpath ? dynamic.runpath : dynamic.rpath;
  if (!text || text->empty() || (!runpath && dynamic.runpath)) return path.folders;
  path.folders = split_search_path(*text, ":", tokens(image));
  return path.folders;
}

GlibcLoader::Folder& GlibcLoader::folder(const std::string& path) {
  Folder& out = folders_[path];
  if (out.there) return out;
  out.path = path;
  out.there = p_.files.is_folder(path.empty() ? "." : path);
  if (!*out.there) return out;
  for (const std::string& one : capabilities_) {
    if (p_.files.is_folder(path + one)) out.capabilities.push_back(one);
  }
  if (!asks_others_ || !p_.files.is_folder(path + "glibc-hwcaps")) return out;
  for (const std::string_view level : known_hwcaps()) {
    std::string one = "glibc-hwcaps/" + std::string(level) + '/';
    if (p_.files.is_folder(path + one)) out.others.push_back(std::move(one));
  }
  return out;
}

// open_verify: true when the search ends, with an image or with an error.
bool GlibcLoader::open_one(const std::string& path, FoundBy rule, std::string_view owner,
                           Search& search) {
  Tried tried{search.name,        p_.shown_path(search.by), path,          rule,
              std::string(owner), TryResult::absent,        OsError::none, {}};
  auto opened = p_.files.open(path);
  if (!opened) {
    search.os_error = tried.os_error = opened.error();
    p_.note(std::move(tried));
    return false;
  }
  const HeaderVerdict header = check_header(*opened, p_.kind);
  if (header.kind == HeaderVerdict::Kind::accepted) {
    tried.result = TryResult::taken;
    search.opened = std::move(*opened);
    search.path = path;
    search.rule = rule;
  } else if (header.kind == HeaderVerdict::Kind::refused) {
    tried.result = TryResult::unusable;
    tried.note = std::string(header.text);
    search.stop =
        GlibcError{path, std::string(header.text), header.os_error, Cause::damaged_library,
                   path, std::string(header.text)};
  } else {
    const bool machine = header.kind == HeaderVerdict::Kind::other_machine;
    tried.result = machine ? TryResult::other_machine : TryResult::other_class;
    tried.note = "is for " + std::string(arch_name(header.have));
    search.os_error = OsError::no_entry;
    search.other_class |= !machine;
    if (!search.other_machine) search.other_machine = {path, header.have};
  }
  p_.note(std::move(tried));
  return search.opened || search.stop;
}

// A library that another processor would take here.
void GlibcLoader::note_other(const std::string& path, FoundBy rule, std::string_view level,
                             const Search& search) {
  const auto opened = p_.files.open(path);
  if (!opened || opened->folder) return;
  p_.note({search.name,
           p_.shown_path(search.by),
           path,
           rule,
           {},
           TryResult::skipped,
           OsError::none,
           "counts on a processor with " + std::string(level)});
  p_.verdict.for_other_processors.push_back(path);
}

bool GlibcLoader::open_path(const std::vector<std::string>& folders, FoundBy rule,
                            std::string_view owner, Search& search) {
  for (const std::string& path : folders) {
    Folder& place = folder(path);
    for (const std::string& one : place.capabilities) {
      if (open_one(path + one + search.name, rule, owner, search)) return true;
    }
    for (const std::string& one : place.others)
      note_other(path + one + search.name, rule, one, search);
    if (open_one(path + search.name, rule, owner, search)) return true;
    // The rest of this list is not tried after another error than these two in a directory that
    // exists; other lists are.
    const bool harmless =
        search.os_error == OsError::no_entry || search.os_error == OsError::denied;
    if (*place.there && !harmless) return false;
  }
  return false;
}

void GlibcLoader::search_rpaths(Search& search) {
  if (p_.images[search.by]->dynamic.runpath) return;
  bool program = false;
  for (std::optional<std::size_t> at = search.by; at; at = p_.images[*at]->loader) {
    if (open_path(run_path(*at, false), FoundBy::rpath, p_.shown_path(*at), search)) return;
    program |= *at == 0;
  }
  if (!program) open_path(run_path(0, false), FoundBy::rpath, p_.shown_path(0), search);
}

void GlibcLoader::search_cache(Search& search) {
  if (!cache_) return;
  const bool no_defaults = (p_.images[search.by]->dynamic.flags_1 & elf::DF_1_NODEFLIB) != 0;
  const auto& hwcaps = p_.request.hwcaps;
  std::optional<std::pair<std::size_t, std::string>> best;
  for (const CacheEntry& entry : cache_->find(search.name)) {
    if (entry.flags != p_.rules->cache_flags && entry.flags != 1) continue;
    std::size_t rank = hwcaps.size();
    if (!entry.subfolder.empty()) {
      rank = static_cast<std::size_t>(std::ranges::find(hwcaps, entry.subfolder) - hwcaps.begin());
      if (rank == hwcaps.size()) {
        if (asks_others_)
          note_other(std::string(entry.path), FoundBy::cache, entry.subfolder, search);
        continue;
      }
    } else if (entry.hwcap != 0) {
      continue;  // of processors that are not simulated
    }
    if (!best || rank < best->first) best = {rank, std::string(entry.path)};
  }
  if (!best) return;
  const auto is_prefix = [&](const std::string& one) { return best->second.starts_with(one); };
  if (no_defaults && std::ranges::any_of(facts_.default_folders, is_prefix)) {
    p_.note({search.name, p_.shown_path(search.by), best->second, FoundBy::cache,
             "/etc/ld.so.cache", TryResult::skipped, OsError::none,
             "DF_1_NODEFLIB keeps default directories out"});
    return;
  }
  open_one(best->second, FoundBy::cache, "/etc/ld.so.cache", search);
}

void GlibcLoader::search_everywhere(Search& search) {
  const auto done = [&] { return search.opened || search.stop; };
  search_rpaths(search);
  if (done()) return;
  if (open_path(environment_path_, FoundBy::environment, "LD_LIBRARY_PATH", search)) return;
  if (open_path(run_path(search.by, true), FoundBy::runpath, p_.shown_path(search.by), search)) {
    return;
  }
  search_cache(search);
  if (done()) return;
  if ((p_.images[search.by]->dynamic.flags_1 & elf::DF_1_NODEFLIB) != 0) return;
  open_path(facts_.default_folders, FoundBy::default_path, {}, search);
}

std::optional<std::size_t> GlibcLoader::known(std::string_view name) {
  for (std::size_t i = 0; i < p_.images.size(); ++i) {
    Image& one = *p_.images[i];
    if (std::ranges::find(one.names, name) != one.names.end() ||
        (!one.path.empty() && one.path == name))
      return i;
    if (one.dynamic.soname && one.soname_match == name) {
      one.names.emplace_back(name);
      return i;
    }
  }
  return std::nullopt;
}

GlibcError GlibcLoader::not_found(const Search& search) const {
  GlibcError out{
      search.name, "cannot open shared object file", search.os_error, Cause::missing_library, {},
      {}};
  if (search.other_machine) {
    out.path = search.other_machine->first;
    out.why = "is for " + std::string(arch_name(search.other_machine->second));
    out.cause = search.other_class ? Cause::wrong_class : Cause::wrong_architecture;
  }
  if (search.other_class) {
    out.text = p_.kind.ei_class == elf::ELFCLASS32 ? "wrong ELF class: ELFCLASS64"
                                                   : "wrong ELF class: ELFCLASS32";
    out.os_error = OsError::none;
  }
  return out;
}

GlibcLoader::Found GlibcLoader::map_opened(Opened opened, const std::string& path, Search& search) {
  for (std::size_t i = 0; i < p_.images.size(); ++i) {
    if (p_.images[i]->file.real_path != opened.real_path) continue;
    p_.images[i]->names.push_back(search.name);
    return i;
  }
  const auto damaged = [&](std::string_view text) {
    return std::unexpected(GlibcError{search.name, std::string(text), OsError::none,
                                      Cause::damaged_library, path, std::string(text)});
  };
  if (const auto problem = check_segments(opened.bytes()); !problem.empty()) {
    return damaged(problem);
  }
  const bool zeros = ends_in_dynamic_page(opened.bytes());
  auto image = read_image(std::move(opened));
  if (!image) {
    GlibcError error{path, image.error().what, OsError::none, Cause::crash, path, {}, zeros};
    error.why = "ends before what the loader reads (" + std::string(image.error().what) + ")";
    return std::unexpected(std::move(error));
  }
  image->path = path;
  image->names = {search.name};
  const bool relative = !path.starts_with('/');
  image->origin = origin_of(relative ? join_path(p_.files.working_folder, path) : path);
  image->loader = search.by;
  if (image->dynamic.filter) p_.undecided(path + " is a filter library, which is not simulated");
  if (p_.images.size() >= most_images) return damaged("too many libraries");
  return p_.add(std::move(*image), search.name, search.rule);
}

GlibcLoader::Found GlibcLoader::map_object(const std::string& name, std::size_t by,
                                           FoundBy reason) {
  if (const auto there = known(name)) return *there;
  Search search;
  search.name = name;
  search.by = by;
  search.os_error = OsError::none;
  if (name.contains('/')) {
    const auto path = expand_tokens(name, tokens(by));
    if (path)
      open_one(*path, reason == FoundBy::preload ? reason : FoundBy::given_path, {}, search);
  } else {
    search_everywhere(search);
  }
  if (search.stop) return std::unexpected(std::move(*search.stop));
  if (!search.opened) return std::unexpected(not_found(search));
  const std::string path = search.path;
  return map_opened(std::move(*search.opened), path, search);
}

// Where people expect it to be found although it is not searched: run paths of other images, and
// the directories that programs keep their libraries in.
void GlibcLoader::look_elsewhere(const std::string& name) {
  std::vector<std::string> folders;
  constexpr std::size_t most = 1000;
  for (std::size_t i = 0; i < p_.images.size() && folders.size() < most; ++i) {
    for (const std::string& one : run_path(i, true)) {
      if (folders.size() < most) folders.push_back(one);
    }
  }
  const std::string& origin = p_.images[0]->origin;
  for (const char* one : {"/", "/lib/", "/../lib/", "/../lib64/"}) folders.push_back(origin + one);
  folders.insert(folders.end(), {"/usr/local/lib/", "/usr/local/lib64/", "/opt/lib/"});
  for (const std::string& folder : folders) {
    const auto opened = p_.files.open(folder + std::string(base_name(name)));
    if (!opened || check_header(*opened, p_.kind).kind != HeaderVerdict::Kind::accepted) continue;
    const std::string& real = opened->real_path;
    const std::string found =
        folder.contains("/../") ? std::string(folder_of(real)) + '/' + std::string(base_name(name))
                                : folder + std::string(base_name(name));
    if (std::ranges::find(p_.verdict.elsewhere, found) == p_.verdict.elsewhere.end()) {
      p_.verdict.elsewhere.push_back(found);
    }
    if (p_.verdict.elsewhere.size() >= 10) return;
  }
}

void GlibcLoader::fail_to_load(const GlibcError& error, std::size_t by, const std::string& name) {
  Failure out;
  out.cause = error.cause;
  out.file = error.path.empty() ? name : error.path;
  out.by = p_.shown_path(by);
  out.library = name;
  out.path = error.path;
  out.why = error.why;
  if (error.cause == Cause::crash) {
    out.text = error.zeros ? "Segmentation fault" : "Bus error";
    out.status = error.zeros ? 139 : 135;
  } else {
    out.text = std::string(p_.program_name()) +
               ": error while loading shared libraries: " + error.message();
  }
  const bool search = out.cause == Cause::missing_library;
  p_.fail(std::move(out));
  if (search) look_elsewhere(name);
}

bool GlibcLoader::load_children(std::size_t image) {
  // A copy: images move nowhere, but the vector of needed names is read while images are added.
  const auto needed = p_.images[image]->dynamic.needed;
  for (const std::string_view raw : needed) {
    std::string name(raw);
    if (has_tokens(raw)) {
      const auto expanded = expand_tokens(raw, tokens(image));
      if (!expanded || expanded->empty()) continue;  // glibc leaves it out without a message
      name = *expanded;
    }
    const Found found = map_object(name, image, FoundBy::default_path);
    if (!found) {
      fail_to_load(found.error(), image, name);
      return false;
    }
    p_.images[image]->children.push_back(*found);
    if (std::ranges::find(scope_, *found) == scope_.end()) scope_.push_back(*found);
  }
  return true;
}

bool GlibcLoader::load_needs() {
  for (std::size_t i = 0; i < scope_.size(); ++i) {
    if (!load_children(scope_[i])) return false;
  }
  return true;
}

void GlibcLoader::preload_one(const std::string& name, std::string_view source) {
  const std::size_t before = p_.images.size();
  // In secure execution names with a slash vanish, and the others need set-user-ID on the file,
  // which no library has.
  const bool secure = p_.request.secure && source == "LD_PRELOAD";
  if (secure && name.contains('/')) return;
  const Found found = secure && !known(name)
                          ? std::unexpected(GlibcError{name,
                                                       "cannot open shared object file",
                                                       OsError::no_entry,
                                                       Cause::missing_library,
                                                       {},
                                                       "is not trusted in secure execution"})
                          : map_object(name, 0, FoundBy::preload);
  if (found) {
    if (p_.images.size() > before) {
      p_.verdict.images.back().found = FoundBy::preload;
      scope_.push_back(*found);
    }
    return;
  }
  Warning warning;
  warning.kind = Warning::Kind::preload;
  warning.library = name;
  warning.source = std::string(source);
  warning.path = found.error().path;
  warning.why = found.error().why.empty() ? found.error().text : found.error().why;
  warning.text = "ERROR: ld.so: object '" + name + "' from " + std::string(source) +
                 " cannot be preloaded (" + found.error().text + "): ignored.";
  p_.verdict.warnings.push_back(std::move(warning));
}

void GlibcLoader::preload(std::string_view list, std::string_view separators,
                          std::string_view source) {
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find_first_of(separators, at), list.size());
    if (end > at) preload_one(std::string(list.substr(at, end - at)), source);
    at = end + 1;
  }
}

void GlibcLoader::read_settings() {
  const Request& request = p_.request;
  const bool has_hwcaps =
      facts_.version == elf::GlibcVersion{} || facts_.version >= elf::GlibcVersion{2, 33, 0};
  const bool has_legacy = facts_.version < elf::GlibcVersion{2, 37, 0};
  capabilities_ =
      capability_folders(has_hwcaps ? request.hwcaps : std::vector<std::string>(),
                         has_legacy ? request.legacy_hwcaps : std::vector<std::string>());
  asks_others_ = has_hwcaps && !request.hwcaps_known && request.hwcaps.empty();
  if (has_hwcaps) p_.verdict.hwcaps = request.hwcaps;
  const std::string_view list = environment_value(request, "LD_LIBRARY_PATH");
  if (request.secure) {
    for (const std::string_view name : {"LD_LIBRARY_PATH", "LD_PRELOAD"}) {
      if (environment_value(request, name).empty()) continue;
      p_.verdict.warnings.push_back(
          {Warning::Kind::environment, {}, {}, std::string(name), {}, {}, {}});
    }
  } else if (!list.empty()) {
    environment_path_ = split_search_path(list, ":;", tokens(0));
  }
  const std::string_view audit = environment_value(request, "LD_AUDIT");
  const bool ignored = request.secure && audit.contains('/');
  if (!audit.empty() && !ignored) p_.undecided("LD_AUDIT is not simulated");
  if (auto file = p_.files.open("/etc/ld.so.cache")) {
    cache_file_ = std::move(*file);
    if (auto cache = LibraryCache::parse(cache_file_->bytes())) cache_ = std::move(*cache);
  }
}

bool GlibcLoader::load(const GlibcFacts& facts) {
  facts_ = facts;
  read_settings();
  scope_ = {0};
  preload(environment_value(p_.request, "LD_PRELOAD"), " :", "LD_PRELOAD");
  if (const auto file = p_.files.open("/etc/ld.so.preload")) {
    const std::string_view text = file->bytes().text();
    for (const std::string_view line : split(text, '\n')) {
      preload(line.substr(0, line.find('#')), ": \t", "/etc/ld.so.preload");
    }
  }
  return load_needs();
}

}  // namespace tenon::loader
