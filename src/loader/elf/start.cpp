#include "loader/elf/start.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "format/elf/elf.h"
#include "format/elf/layout.h"
#include "format/elf/lookup.h"
#include "loader/elf/bind.h"
#include "loader/elf/glibc.h"
#include "loader/elf/glibc_facts.h"
#include "loader/elf/image.h"
#include "loader/elf/musl.h"
#include "loader/elf/process.h"
#include "loader/elf/static_needs.h"
#include "loader/files.h"
#include "loader/verdict.h"
#include "platform/platforms.h"

namespace tenon::loader {
namespace {

// Of bash 5.2, which most people see; other shells have other words for the same error number.
std::string shell_text(const Process& process, OsError error) {
  const std::string name(process.program_name());
  switch (error) {
    case OsError::no_entry: return name + ": cannot execute: required file not found";
    case OsError::no_exec: return name + ": cannot execute binary file: Exec format error";
    default: return name + ": " + std::string(glibc_text(error));
  }
}

void refuse(Process& process, Cause cause, OsError error, std::string file, std::string why) {
  Failure out;
  out.cause = cause;
  out.file = std::move(file);
  out.by = process.request.program;
  out.text = shell_text(process, error);
  out.status = error == OsError::no_entry ? 127 : 126;
  out.why = std::move(why);
  process.fail(std::move(out));
}

// A library has no loader of its own and is not executed: a program loads it.
bool is_library(const elf::File& file) {
  const auto kind = file.static_kind();
  return kind && *kind == elf::StaticKind::shared_object;
}

// The image of the program as the kernel maps it; nothing when a failure was noted.
std::optional<Image> read_program(Process& process, const ElfKind& machine) {
  const std::string& path = process.request.program;
  const auto cannot = [&](OsError error, std::string why) -> std::optional<Image> {
    refuse(process, Cause::cannot_execute, error, path, std::move(why));
    return std::nullopt;
  };
  auto opened = process.files.open(path);
  if (!opened) return cannot(opened.error(), std::string(glibc_text(opened.error())));
  if (opened->folder) return cannot(OsError::is_folder, "is a directory");
  const auto parsed = elf::File::parse(opened->bytes());
  process.verdict.library = parsed && is_library(*parsed);
  if (!process.verdict.library && !process.files.is_executable(*opened)) {
    return cannot(OsError::denied, "is not executable");
  }
  if (!parsed) return cannot(OsError::no_exec, parsed.error().what);
  process.kind = kind_of(parsed->header());
  process.rules = rules_of(process.kind);
  if (!(process.kind == machine)) {
    return cannot(OsError::no_exec, "is for " + std::string(arch_name(process.kind)));
  }
  const std::uint16_t type = parsed->header().e_type;
  if (type != elf::ET_EXEC && type != elf::ET_DYN) {
    return cannot(OsError::no_exec, "is neither a program nor a shared library");
  }
  auto image = read_image(std::move(*opened));
  if (!image) {
    process.undecided("the program is damaged: " + std::string(image.error().what));
    return std::nullopt;
  }
  image->is_program = true;
  return std::move(*image);
}

bool needs_glibc(const Image& image) {
  return std::ranges::any_of(
      image.needs, [](const elf::VersionNeed& need) { return elf::is_glibc_library(need.file); });
}

// The loaders that the platform has for programs of that C library.
void find_other_loaders(Process& process, bool glibc) {
  for (const Platform& one : platforms()) {
    const bool same = one.goos == "linux" && one.processor->elf_machine == process.kind.machine &&
                      (one.processor->bits == 64) == (process.kind.ei_class == elf::ELFCLASS64);
    const std::string path(glibc ? one.glibc_loader : one.musl_loader);
    if (!same || path.empty() || path == process.verdict.interpreter) continue;
    const auto opened = process.files.open(path);
    if (!opened || opened->folder) continue;
    auto& found = process.verdict.other_loaders;
    if (std::ranges::find(found, path) == found.end()) found.push_back(path);
  }
}

// What keeps a program for glibc from running with the musl of the root.
void compare_with_musl(Process& process, const Image& program) {
  constexpr std::size_t most = 100;
  if (!needs_glibc(program)) return;
  std::vector<std::string> loaders;
  std::swap(loaders, process.verdict.other_loaders);
  find_other_loaders(process, false);
  std::swap(loaders, process.verdict.other_loaders);
  if (loaders.empty()) return;
  auto opened = process.files.open(loaders.front());
  if (!opened) return;
  const auto musl = read_image(std::move(*opened));
  if (!musl) return;
  for (const elf::Symbol& symbol : program.symbols) {
    if (symbol.defined() || !elf::is_glibc_library(symbol.version_file)) continue;
    const bool there = musl->hash.each(elf::HashedName(symbol.name), [&](std::uint64_t index) {
      return musl->symbols.plain(index).name == symbol.name;
    });
    auto& out = process.verdict.not_in_musl;
    if (!there && out.size() < most) out.emplace_back(symbol.name);
  }
}

// The loader that the program names, or for a library the one that the root has for it; empty when
// there is none.
std::string interpreter_name(Process& process, const Image& program) {
  if (process.verdict.library) {
    find_other_loaders(process, needs_glibc(program));
    if (process.verdict.other_loaders.empty()) find_other_loaders(process, !needs_glibc(program));
    const auto found = std::move(process.verdict.other_loaders);
    process.verdict.other_loaders.clear();
    return found.empty() ? std::string() : found.front();
  }
  const auto path = program.elf.interpreter();
  return path && *path ? std::string(**path) : std::string();
}

// Nothing when a failure was noted or there is none.
std::optional<Image> read_interpreter(Process& process, const Image& program) {
  const std::string name = interpreter_name(process, program);
  if (name.empty()) return std::nullopt;
  process.verdict.interpreter = name;
  auto opened = process.files.open(name);
  const auto cannot = [&](Cause cause, OsError error, std::string why) -> std::optional<Image> {
    refuse(process, cause, error, name, std::move(why));
    return std::nullopt;
  };
  if (!opened) {
    find_other_loaders(process, needs_glibc(program));
    compare_with_musl(process, program);
    return cannot(Cause::missing_interpreter, opened.error(),
                  std::string(glibc_text(opened.error())));
  }
  if (opened->folder) return cannot(Cause::bad_interpreter, OsError::denied, "is a directory");
  if (!process.files.is_executable(*opened)) {
    return cannot(Cause::bad_interpreter, OsError::denied, "is not executable");
  }
  const auto parsed = elf::File::parse(opened->bytes());
  if (!parsed) {
    const bool short_file = opened->bytes().size() < sizeof(elf::Ehdr<elf::Le64>);
    return cannot(Cause::bad_interpreter, short_file ? OsError::io : OsError::bad_library,
                  "is not an ELF file");
  }
  if (!(kind_of(parsed->header()) == process.kind)) {
    return cannot(Cause::bad_interpreter, OsError::bad_library,
                  "is for " + std::string(arch_name(kind_of(parsed->header()))));
  }
  auto image = read_image(std::move(*opened));
  if (!image) {
    process.undecided("the loader " + name + " is damaged: " + image.error().what);
    return std::nullopt;
  }
  image->path = name;
  image->names = {name};
  image->is_loader = true;
  return std::move(*image);
}

LoaderKind kind_of_loader(const Image& loader) {
  const bool versions = std::ranges::any_of(
      loader.definitions, [](const elf::Version& one) { return one.name.starts_with("GLIBC_"); });
  if (versions) return LoaderKind::glibc;
  // musl's loader is its C library.
  bool start = false;
  loader.hash.each(elf::HashedName("__libc_start_main"), [&](std::uint64_t index) {
    start |= loader.symbols.plain(index).name == "__libc_start_main";
    return start;
  });
  return start ? LoaderKind::musl : LoaderKind::other;
}

GlibcFacts facts_of(Process& process, const Image& loader) {
  const bool wide = process.kind.ei_class == elf::ELFCLASS64;
  GlibcFacts facts = read_glibc_facts(loader.file.bytes(), {}, wide);
  for (const std::string& folder : facts.default_folders) {
    if (facts.version != elf::GlibcVersion{}) break;
    const auto libc = process.files.open(folder + "libc.so.6");
    if (libc) facts.version = banner_version(libc->bytes().text());
  }
  return facts;
}

// False: a failure was noted.
bool run_glibc(Process& process) {
  const GlibcFacts facts = facts_of(process, *process.images[1]);
  process.verdict.glibc.have = facts.version;
  GlibcLoader loader(process);
  if (!loader.load(facts)) return false;
  if (process.rules == nullptr) {
    process.undecided("relocations of this processor are not simulated");
    return true;
  }
  GlibcBinder binder(process, loader.scope(), facts.version);
  return binder.check_versions() && binder.relocate();
}

void run_loader(Process& process, Image program, Image interpreter) {
  const std::string name = interpreter.path;
  const LoaderKind kind = kind_of_loader(interpreter);
  process.verdict.loader = kind;
  if (kind == LoaderKind::glibc) {
    program.origin = origin_of(program.file.real_path);
  } else {
    program.path = process.program_name();
    program.origin = origin_of(program.file.real_path);
  }
  process.add(std::move(program), {}, FoundBy::program);
  process.add(std::move(interpreter), name, FoundBy::interpreter);
  if (process.rules == nullptr || kind == LoaderKind::other) {
    process.undecided(kind == LoaderKind::other
                          ? "the loader " + name + " is neither glibc's nor musl's"
                          : std::string("this processor is not simulated"));
    return;
  }
  if (kind == LoaderKind::glibc) {
    run_glibc(process);
  } else {
    MuslLoader(process).run();
  }
}

// What the kind of the file alone says of base images.
std::vector<std::string_view> bases_of(const elf::File& file) {
  const auto interpreter = file.interpreter();
  if (!interpreter) return {};
  if (!*interpreter) return {"scratch", "alpine", "glibc"};
  if ((*interpreter)->contains("ld-musl")) return {"alpine"};
  return (*interpreter)->contains("/ld-") || (*interpreter)->contains("/ld64.")
             ? std::vector<std::string_view>{"glibc"}
             : std::vector<std::string_view>{};
}

}  // namespace

std::optional<ElfKind> kind_of_file(ByteView bytes) {
  const auto parsed = elf::File::parse(bytes);
  if (!parsed) return std::nullopt;
  return kind_of(parsed->header());
}

Verdict predict_elf(const Request& request, Files& files, const ElfKind& machine) {
  Verdict verdict;
  Process process(request, files, verdict);
  auto program = read_program(process, machine);
  if (program) {
    verdict.starts_on = bases_of(program->elf);
    const bool dynamic = program->elf.segment(elf::PT_INTERP) != nullptr;
    auto interpreter = read_interpreter(process, *program);
    if (interpreter) {
      run_loader(process, std::move(*program), std::move(*interpreter));
    } else if (!dynamic || verdict.library) {
      if (verdict.library && verdict.failures.empty()) {
        process.undecided("the root has no loader for this library");
      }
      if (!verdict.library)
        verdict.static_needs = find_static_needs(program->elf, process.kind, files);
      process.add(std::move(*program), {}, FoundBy::program);
    }
  }
  process.finish();
  if (!verdict.failures.empty()) {
    verdict.loads = false;
  } else if (verdict.undecided.empty()) {
    verdict.loads = true;
  }
  return verdict;
}

}  // namespace tenon::loader
