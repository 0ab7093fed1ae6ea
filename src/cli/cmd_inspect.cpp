// tenon inspect: what files are, how they were built, what they need.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/path.h"
#include "cli/inspect/list.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "diag/report.h"
#include "host/files.h"
#include "inspect/show.h"
#include "platform/version_number.h"

namespace tenon {
namespace {

FileAnswer read_one(const std::string& path, const ShowOptions& options, bool from_folder) {
  const auto mapping = map_file(path);
  return mapping ? answer_for(path, mapping->view(), options, from_folder)
                 : unreadable(path, mapping.error());
}

// All regular files below a folder, in order of their names. Links are not followed: they lead out,
// or round in a circle.
void add_folder(const std::string& folder, std::vector<std::string>& out) {
  for (const std::string& name : list_folder(folder)) {
    const std::string path = join_path(folder, name);
    if (is_link(path)) continue;
    const auto info = file_info(path);
    if (!info) continue;
    if (info->kind == FileInfo::Kind::folder) add_folder(path, out);
    if (info->kind == FileInfo::Kind::file) out.push_back(path);
  }
}

struct Wanted {
  std::vector<std::string> paths;
  std::vector<bool> from_folder;
};

Wanted wanted_files(const std::vector<std::string>& arguments) {
  Wanted out;
  for (const std::string& path : arguments) {
    const std::size_t before = out.paths.size();
    const bool folder = is_folder(path);
    if (folder) {
      add_folder(path, out.paths);
    } else {
      out.paths.push_back(path);
    }
    out.from_folder.resize(out.from_folder.size() + out.paths.size() - before, folder);
  }
  return out;
}

// Reads in parallel; the answers keep the order of the files.
std::vector<FileAnswer> read_all(const Wanted& wanted, const ShowOptions& options) {
  std::vector<FileAnswer> answers(wanted.paths.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < answers.size(); i = next++) {
      answers[i] = read_one(wanted.paths[i], options, wanted.from_folder[i]);
    }
  };
  const std::size_t count =
      std::min<std::size_t>(answers.size(), std::max(1U, std::thread::hardware_concurrency()));
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < count; ++i) threads.emplace_back(work);
  work();
  threads.clear();
  return answers;
}

// An empty version stays empty; nullopt for text that is none.
std::optional<Version> version_option(const Arguments& arguments, std::string_view name) {
  if (!arguments.has(name)) return Version{};
  return parse_version(arguments.get(name));
}

int run(const Arguments& arguments) {
  Term term(arguments);
  Report report;
  report.command = "inspect";
  if (arguments.positional.empty()) return usage(term, report, "no file given");
  const auto macos = version_option(arguments, "--macos");
  const auto glibc = version_option(arguments, "--glibc");
  if (!macos || !glibc)
    return usage(term, report, "--macos and --glibc take a version, such as 12.0");
  if (const auto code = run_list(term, arguments)) return *code;
  const ShowOptions options{{*macos, *glibc}, term.style(), term.json()};
  add_answers(read_all(wanted_files(arguments.positional), options), report);
  return term.finish(report, report.ok ? exit_ok : exit_usage);
}

constexpr OptionSpec options[] = {
    {"--symbols", "", "the symbol table, one symbol per line; with --json one object per line"},
    {"--imports", "", "symbols that the loader looks up in other files, and where"},
    {"--exports", "", "symbols that other files can use"},
    {"--sections", "", "sections with addresses and sizes"},
    {"--cgo", "", "which C functions Go calls and which Go functions C calls, by package"},
    {"--abi", "", "ABI rules that apply to this file, each with its source"},
    {"--size", "", "bytes by section and by package"},
    {"--diff", "", "what differs between two files, and why"},
    {"--demangle", "", "demangle C++ names"},
    {"--macos", "VERSION", "deployment target to check the file against"},
    {"--glibc", "VERSION", "oldest glibc to check the file against"},
};

constexpr Example examples[] = {
    {"tenon inspect dist/darwin-arm64/app", "what the file is, and what is wrong with it"},
    {"tenon inspect --json *.dylib | jq '.data.files[].slices[].needed'", "for scripts"},
    {"tenon inspect --cgo app", "which C functions a stripped program calls"},
    {"tenon inspect --diff old/app new/app", "why two builds differ"},
};

constexpr std::string_view text =
    "Reads Mach-O (thin and universal), ELF, PE, archives, stub libraries (.tbd) and linker "
    "scripts.\n"
    "Shows what each slice is, how it was built (Go version, settings, cgo allowed and used, "
    "internal\n"
    "or external link, linker), what it needs (libraries, versions, run paths, loader, oldest "
    "glibc),\n"
    "and how it is hardened and signed. Every fact names its source; what the bytes do not show "
    "is\n"
    "unknown. Directories are read recursively. Exit code 3: a file could not be read.";

}  // namespace

extern const CommandSpec command_inspect;
const CommandSpec command_inspect{
    .name = "inspect",
    .summary = "show what a binary, archive or stub library is and needs",
    .usage = "FILE... [OPTIONS]",
    .description = text,
    .options = options,
    .examples = examples,
    .run = run};

}  // namespace tenon
