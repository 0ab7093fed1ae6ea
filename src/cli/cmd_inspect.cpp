// tenon inspect: what files are, how they were built, what they need.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/for_all.h"
#include "base/unread.h"
#include "cli/inspect/list.h"
#include "cli/inspect/page.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "diag/report.h"
#include "host/files.h"
#include "host/input.h"
#include "host/mapped_window.h"
#include "host/mapping.h"
#include "host/walk.h"
#include "inspect/show.h"
#include "platform/version_number.h"

namespace tenon {
namespace {

FileAnswer read_one(const std::string& path, const ShowOptions& options, bool from_folder) {
  const auto mapping = map_input(path);
  if (!mapping)
    return from_folder ? unread(path, mapping.error()) : unreadable(path, mapping.error());
  FileAnswer answer = answer_for(path, mapping->view(), options, from_folder);
  if (const auto same = mapping->unchanged(); !same) return unread(path, same.error());
  return answer;
}

struct Wanted {
  std::vector<std::string> paths;
  std::vector<bool> from_folder;
  std::vector<Unread> unread;  // of the folders
};

Wanted wanted_files(const std::vector<std::string>& arguments) {
  Wanted out;
  const auto add = [&](const std::string& path, bool from_folder) {
    out.paths.push_back(path);
    out.from_folder.push_back(from_folder);
  };
  for (const std::string& path : arguments) {
    if (!is_folder(path)) {
      add(path, false);
      continue;
    }
    walk_folder(path, {.file = [&](const std::string& each) { add(each, true); },
                       .folder = {},
                       .unread = [&](const Unread& one) { out.unread.push_back(one); }});
  }
  return out;
}

// Reads in parallel; the answers keep the order of the files.
std::vector<FileAnswer> read_all(const Wanted& wanted, const ShowOptions& options) {
  std::vector<FileAnswer> answers(wanted.paths.size());
  for_all(answers.size(), std::max(1U, std::thread::hardware_concurrency()), [&](std::size_t i) {
    answers[i] = read_one(wanted.paths[i], options, wanted.from_folder[i]);
  });
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
  MappedWindow window;
  const ShowOptions options{
      {*macos, *glibc, &window}, term.style(), term.json(), on_terminal() ? term.page().width : 0};
  Wanted wanted = wanted_files(arguments.positional);
  std::vector<FileAnswer> answers = read_all(wanted, options);
  std::vector<std::string> read;
  for (const FileAnswer& answer : answers) {
    if (answer.read && !answer.unread) read.push_back(answer.path);
  }
  const bool all_read = add_answers(std::move(answers), std::move(wanted.unread), report);
  if (arguments.has("--html")) {
    if (auto bad = write_files_page(arguments, read, options.inspect, report))
      return usage(term, report, *std::move(bad));
  }
  return term.finish(report, !all_read ? exit_undecided : report.ok ? exit_ok : exit_usage);
}

constexpr OptionSpec options[] = {
    {"--symbols", "", "the symbol table, one symbol per line; with --json one object per line"},
    {"--imports", "", "symbols that the loader looks up in other files, and where"},
    {"--exports", "", "symbols that other files can use"},
    {"--sections", "", "sections with addresses and sizes"},
    {"--cgo", "", "which C functions Go calls and which Go functions C calls, by package"},
    {"--abi", "", "ABI rules that apply to this file, each with its source"},
    {"--size", "", "bytes by section, by package, and of C by function"},
    {"--top", "N", "rows of each list of --size (default: 20 on a terminal, else all)"},
    {"--diff", "", "what differs between two files, and why"},
    {"--html", "FILE", "one page for a browser: a treemap of the bytes, facts, libraries"},
    {"--demangle", "", "demangle C++ names"},
    {"--macos", "VERSION", "deployment target to check the file against"},
    {"--glibc", "VERSION", "oldest glibc to check the file against"},
    format_option,
    save_option,
};

constexpr Example examples[] = {
    {"tenon inspect dist/darwin-arm64/app", "what the file is, and what is wrong with it"},
    {"tenon inspect --json *.dylib | jq '.data.files[].slices[].needed'", "for scripts"},
    {"tenon inspect --cgo app", "which C functions a stripped program calls"},
    {"tenon inspect --diff old/app new/app", "why two builds differ"},
    {"tenon inspect --html app.html dist/app", "what takes how many bytes, as a picture"},
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
    .run = run,
    .operands = "FILE"};

}  // namespace tenon
