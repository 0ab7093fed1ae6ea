#include "loader/elf/musl.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "format/elf/elf.h"
#include "format/elf/layout.h"
#include "format/elf/lookup.h"
#include "loader/elf/image.h"
#include "loader/files.h"
#include "loader/verdict.h"

namespace tenon::loader {
namespace {

constexpr std::size_t most_lines = 1000;
constexpr std::size_t longest_name = 255;

// Names that stand for the loader itself, which is the C library: "libc.so.6" and "libm.so" too.
bool is_reserved(std::string_view name) {
  constexpr std::array<std::string_view, 7> parts = {"c.",  "pthread.", "rt.",  "m.",
                                                     "dl.", "util.",    "xnet."};
  if (!name.starts_with("lib")) return false;
  return std::ranges::any_of(parts, [&](auto part) { return name.substr(3).starts_with(part); });
}

bool can_be_bound(const elf::Symbol& symbol) {
  const std::uint8_t type = symbol.type();
  const std::uint8_t binding = symbol.binding();
  const bool kind = type <= elf::STT_FUNC || type == elf::STT_COMMON || type == elf::STT_TLS;
  return kind &&
         (binding == elf::STB_GLOBAL || binding == elf::STB_WEAK || binding == elf::STB_GNU_UNIQUE);
}

}  // namespace

struct MuslLoader::Search {
  std::string name;
  std::size_t by = 0;
  OsError os_error = OsError::none;
  bool inhibited = false;
  bool preload = false;
  std::optional<Opened> opened;
  std::string path;
  FoundBy rule = FoundBy::default_path;
  std::string why;
};

void MuslLoader::error(std::string line, Failure failure) {
  if (lines_.size() < most_lines) lines_.push_back(std::move(line));
  if (p_.verdict.failures.size() < most_lines) p_.fail(std::move(failure));
}

bool MuslLoader::open_one(const std::string& path, FoundBy rule, std::string_view owner,
                          Search& search) {
  Tried tried{search.name,        p_.shown_path(search.by), path,          rule,
              std::string(owner), TryResult::absent,        OsError::none, {}};
  auto opened = p_.files.open(path);
  if (!opened) {
    search.os_error = tried.os_error = opened.error();
    p_.note(std::move(tried));
    return false;
  }
  tried.result = TryResult::taken;
  search.opened = std::move(*opened);
  search.path = path;
  search.rule = rule;
  p_.note(std::move(tried));
  return true;
}

bool MuslLoader::open_path(std::string_view list, FoundBy rule, std::string_view owner,
                           Search& search) {
  constexpr std::string_view separators = ":\n";
  std::size_t count = 0;
  for (std::size_t at = 0; at < list.size() && count < 100'000; ++count) {
    at = list.find_first_not_of(separators, at);
    if (at == std::string_view::npos) break;
    const std::size_t end = std::min(list.find_first_of(separators, at), list.size());
    const std::string path = std::string(list.substr(at, end - at)) + '/' + search.name;
    at = end;
    constexpr std::size_t buffer = 2 * 255 + 2;  // char buf[2*NAME_MAX+2]
    if (path.size() >= buffer) continue;
    if (open_one(path, rule, owner, search)) return true;
    const OsError error = search.os_error;
    const bool continues = error == OsError::no_entry || error == OsError::no_folder ||
                           error == OsError::denied || error == OsError::name_too_long;
    if (!continues) {
      search.inhibited = true;
      return false;
    }
  }
  return false;
}

std::optional<std::string> MuslLoader::run_path(std::size_t image) const {
  const Image& one = *p_.images[image];
  const auto& text = one.dynamic.runpath ? one.dynamic.runpath : one.dynamic.rpath;
  if (!text) return std::nullopt;
  std::string out;
  std::string_view rest = *text;
  for (std::size_t at = rest.find('$'); at != std::string_view::npos; at = rest.find('$')) {
    const std::string_view token = rest.substr(at);
    const bool bare = token.starts_with("$ORIGIN");
    if (!bare && !token.starts_with("${ORIGIN}")) return std::nullopt;
    if (p_.request.secure && (one.is_program || !one.origin.starts_with('/'))) return std::nullopt;
    out += rest.substr(0, at);
    out += one.origin.empty() ? std::string(".") : one.origin;
    rest = token.substr(bare ? 7 : 9);
    if (out.size() > 65536) return std::nullopt;
  }
  return out + std::string(rest);
}

void MuslLoader::search_run_paths(Search& search) {
  for (std::optional<std::size_t> at = search.by; at && !search.preload;
       at = p_.images[*at]->loader) {
    const auto path = run_path(*at);
    if (!path) continue;
    const FoundBy rule = p_.images[*at]->dynamic.runpath ? FoundBy::runpath : FoundBy::rpath;
    if (open_path(*path, rule, p_.shown_path(*at), search) || search.inhibited) return;
  }
}

// The file lies beside the folder of the loader: "/lib/ld-musl-x86_64.so.1" -> "/etc/...".
const std::string& MuslLoader::system_path() {
  if (system_path_) return *system_path_;
  const std::string loader = p_.images[1]->path;
  const std::string prefix =
      loader.starts_with('/') ? std::string(folder_of(folder_of(loader))) : "";
  const std::string path = prefix + "/etc/ld-musl-" + std::string(p_.rules->musl_arch) + ".path";
  const auto file = p_.files.open(path);
  if (file) {
    const std::string_view text = file->bytes().text();
    system_path_ = std::string(text.substr(0, text.find('\0')));
  } else if (file.error() != OsError::no_entry) {
    system_path_ = std::string();
  } else {
    system_path_ = "/lib:/usr/local/lib:/usr/lib";
  }
  return *system_path_;
}

std::optional<std::size_t> MuslLoader::load_library(const std::string& name, std::size_t by,
                                                    FoundBy reason, Search& search) {
  search.name = name;
  search.by = by;
  search.preload = reason == FoundBy::preload;
  if (name.empty()) {
    search.os_error = OsError::invalid;
    return std::nullopt;
  }
  if (is_reserved(name) || name == p_.images[1]->path) {
    if (std::ranges::find(list_, std::size_t{1}) == list_.end()) list_.push_back(1);
    return 1;
  }
  if (name.contains('/')) {
    open_one(name, reason == FoundBy::preload ? reason : FoundBy::given_path, {}, search);
  } else {
    for (const std::size_t image : list_) {
      if (image != 0 && short_names_[image] == name) return image;
    }
    if (name.size() > longest_name) return std::nullopt;
    open_path(environment_path_, FoundBy::environment, "LD_LIBRARY_PATH", search);
    if (!search.opened && !search.inhibited) search_run_paths(search);
    if (!search.opened && !search.inhibited) {
      open_path(system_path(), FoundBy::default_path, {}, search);
    }
  }
  if (!search.opened) return std::nullopt;
  return map_library(search, by, name.contains('/'));
}

std::optional<std::size_t> MuslLoader::map_library(Search& search, std::size_t by, bool with_path) {
  for (const std::size_t image : list_) {
    if (image == 0 || p_.images[image]->file.real_path != search.opened->real_path) continue;
    if (short_names_[image].empty() && !with_path) {
      short_names_[image] = std::string(base_name(p_.images[image]->path));
    }
    return image;
  }
  const auto refuse = [&](OsError error, std::string why) {
    search.os_error = error;
    search.why = std::move(why);
    return std::nullopt;
  };
  if (search.opened->folder) return refuse(OsError::is_folder, "is a directory");
  const bool wide = p_.kind.ei_class == elf::ELFCLASS64;
  const ByteView bytes = search.opened->bytes();
  if (bytes.size() < (wide ? sizeof(elf::Ehdr<elf::Le64>) : sizeof(elf::Ehdr<elf::Le32>))) {
    return refuse(OsError::no_exec, "is shorter than an ELF header");
  }
  // musl looks neither at the magic number nor at class, byte order or processor.
  auto parsed = elf::File::parse_as(bytes, p_.kind.ei_class, p_.kind.ei_data);
  const bool program =
      parsed && (parsed->header().e_type == elf::ET_DYN || parsed->header().e_type == elf::ET_EXEC);
  if (!program || parsed->segment(elf::PT_DYNAMIC) == nullptr) {
    return refuse(OsError::no_exec, "is not a shared library");
  }
  if (parsed->segment(elf::PT_LOAD) == nullptr) {
    return refuse(OsError::no_memory, "has no segment to load");
  }
  auto image = read_image(std::move(*search.opened), std::move(*parsed));
  if (!image) {
    crashed_ = true;
    return refuse(OsError::no_exec,
                  "ends before what the loader reads (" + std::string(image.error().what) + ")");
  }
  image->path = search.path;
  image->names = {search.name};
  image->origin = origin_of(search.path);
  // A preloaded library has nobody whose run path it could use.
  if (!search.preload) image->loader = by;
  short_names_.resize(p_.images.size() + 1);
  const std::size_t index = p_.add(std::move(*image), search.name, search.rule);
  // Another C library: the loader takes itself instead.
  const elf::HashedName start("__libc_start_main");
  const elf::HashedName input("stdin");
  if (defines(index, start, true) && defines(index, input, true)) {
    p_.images.pop_back();
    p_.verdict.images.pop_back();
    if (std::ranges::find(list_, std::size_t{1}) == list_.end()) list_.push_back(1);
    return 1;
  }
  if (!with_path) short_names_[index] = std::string(base_name(search.path));
  list_.push_back(index);
  return index;
}

void MuslLoader::load_needs() {
  for (std::size_t i = 0; i < list_.size() && i < 20'000; ++i) {
    const std::size_t image = list_[i];
    const auto needed = p_.images[image]->dynamic.needed;
    for (const std::string_view raw : needed) {
      Search search;
      const auto found = load_library(std::string(raw), image, FoundBy::default_path, search);
      if (found) {
        p_.images[image]->children.push_back(*found);
        continue;
      }
      Failure failure;
      failure.library = std::string(raw);
      failure.by = p_.shown_path(image);
      failure.cause = search.why.empty() ? Cause::missing_library : Cause::damaged_library;
      failure.file = search.why.empty() ? failure.library : search.path;
      failure.path = search.path;
      failure.why = search.why;
      if (crashed_) {
        failure.cause = Cause::crash;
        failure.status = 135;
        error("Bus error", std::move(failure));
        return;
      }
      std::string line = "Error loading shared library " + failure.library + ": " +
                         std::string(musl_text(search.os_error)) + " (needed by " +
                         std::string(p_.name_of(image)) + ")";
      error(std::move(line), std::move(failure));
    }
  }
}

bool MuslLoader::defines(std::size_t image, const elf::HashedName& name, bool for_call) const {
  const Image& library = *p_.images[image];
  // The first entry of the name that is not a hidden version decides.
  bool out = false;
  library.hash.each(name, [&](std::uint64_t index) {
    const elf::Symbol symbol = library.symbols.plain(index);
    if (symbol.name != name.name) return false;
    if ((library.symbols.stored_version(index) & 0x8000U) != 0) return false;
    const bool undefined = symbol.st_shndx == elf::SHN_UNDEF;
    if (undefined && (for_call || symbol.type() == elf::STT_TLS)) return true;
    if (symbol.st_value == 0 && symbol.type() != elf::STT_TLS) return true;
    out = can_be_bound(symbol);
    return true;
  });
  return out;
}

bool MuslLoader::found(const elf::HashedName& name, bool for_call, bool copy) const {
  return std::ranges::any_of(list_, [&](std::size_t image) {
    return !(copy && image == 0) && defines(image, name, for_call);
  });
}

void MuslLoader::relocate_table(std::size_t image, const elf::RelocationTable& table) {
  const MachineRules& rules = *p_.rules;
  const Image& user = *p_.images[image];
  const std::array known = {rules.copy,    rules.jump_slot, rules.relative, rules.absolute,
                            rules.got,     rules.dtpmod,    rules.dtpoff,   rules.tpoff,
                            rules.tlsdesc, rules.offset};
  for (std::uint64_t i = 0; i < table.size(); ++i) {
    const elf::Relocation one = table[i];
    if (one.type == rules.none) continue;
    Failure failure;
    failure.file = failure.by = p_.shown_path(image);
    const std::string start = "Error relocating " + std::string(p_.name_of(image)) + ": ";
    if (one.symbol != 0) {
      const elf::Symbol symbol = user.symbols.plain(one.symbol);
      const bool weak = symbol.st_shndx == elf::SHN_UNDEF && symbol.binding() == elf::STB_WEAK;
      if (symbol.binding() != elf::STB_LOCAL && !weak &&
          !found(elf::HashedName(symbol.name), one.type == rules.jump_slot,
                 one.type == rules.copy)) {
        if (p_.verdict.library) {
          p_.undecided("the program that loads it has to define " + std::string(symbol.name));
          continue;
        }
        failure.cause = Cause::missing_symbol;
        failure.symbol = std::string(symbol.name);
        std::string line = start + failure.symbol + ": symbol not found";
        error(std::move(line), std::move(failure));
        continue;
      }
    }
    if (std::ranges::find(known, one.type) != known.end()) continue;
    failure.cause =
        kind_of(user.elf.header()) == p_.kind ? Cause::damaged_library : Cause::wrong_architecture;
    failure.path = failure.file;
    failure.why = failure.cause == Cause::damaged_library
                      ? std::string("has a relocation that musl does not support")
                      : "is for " + std::string(arch_name(kind_of(user.elf.header())));
    error(start + "unsupported relocation type " + std::to_string(one.type), std::move(failure));
  }
}

void MuslLoader::relocate(std::size_t image) {
  const elf::RelocationTables& tables = p_.images[image]->relocations;
  if (p_.images[image]->is_loader) return;
  relocate_table(image, tables.plt);
  relocate_table(image, tables.rel);
  relocate_table(image, tables.rela);
}

bool MuslLoader::run() {
  list_ = {0};
  short_names_.resize(p_.images.size());
  if (!p_.request.secure) {
    environment_path_ = environment_value(p_.request, "LD_LIBRARY_PATH");
    const std::string preload(environment_value(p_.request, "LD_PRELOAD"));
    constexpr std::string_view separators = ": \t\n\v\f\r";
    for (std::size_t at = 0; at < preload.size();) {
      const std::size_t end = std::min(preload.find_first_of(separators, at), preload.size());
      if (end > at) {
        Search search;
        const std::string name = preload.substr(at, end - at);
        if (!load_library(name, 0, FoundBy::preload, search)) {
          p_.verdict.warnings.push_back({Warning::Kind::preload,
                                         {},
                                         name,
                                         "LD_PRELOAD",
                                         search.path,
                                         {},
                                         std::string(musl_text(search.os_error))});
        }
      }
      at = end + 1;
    }
  }
  load_needs();
  for (std::size_t i = 1; i < list_.size() && !crashed_; ++i) relocate(list_[i]);
  if (!crashed_) relocate(0);
  if (lines_.empty()) return true;
  std::string text;
  for (const std::string& line : lines_) text += (text.empty() ? "" : "\n") + line;
  p_.verdict.failures.front().text = std::move(text);
  return false;
}

}  // namespace tenon::loader
