#include "rewrite/run/compile.h"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "host/files.h"
#include "host/process.h"
#include "rewrite/edit.h"
#include "rewrite/plan.h"

namespace tenon::rewrite {
namespace {

constexpr std::chrono::minutes time_limit{10};

struct Said {
  std::map<std::string, std::string> errors;  // path -> the first message
  std::string general;                        // an error without a file
};

// "path:12: error: message"
Said errors_of(std::string_view output) {
  constexpr std::string_view mark = ": error: ";
  Said out;
  for (const std::string_view line : split(output, '\n')) {
    if (line.starts_with("error: ") && out.general.empty()) out.general = std::string(line);
    const std::size_t at = line.find(mark);
    if (at == std::string_view::npos) continue;
    const std::size_t colon = line.rfind(':', at - 1);
    if (colon == std::string_view::npos || !parse_number(line.substr(colon + 1, at - colon - 1)))
      continue;
    out.errors.try_emplace(std::string(line.substr(0, colon)), line.substr(at + mark.size()));
  }
  return out;
}

// javac over a list of files; each error counts, also those behind the first kind that it finds.
Result<Said> compile(const std::string& javac, const std::string& place,
                     const std::vector<std::string>& files, const std::string& release,
                     const std::string& classpath) {
  std::string list;
  for (const std::string& file : files) {
    list += '"';
    for (const char c : file) {
      if (c == '"' || c == '\\') list += '\\';
      list += c;
    }
    list += "\"\n";
  }
  const std::string arguments = join_path(place, "files");
  TENON_TRY(write_text(arguments, list));
  TENON_TRY(make_folders(join_path(place, "classes")));
  Command command;
  command.argv = {javac,
                  "-proc:none",
                  "-nowarn",
                  "-Xlint:none",
                  "-encoding",
                  "ISO-8859-1",
                  "-Xmaxerrs",
                  "1000000",
                  "-XDshould-stop.ifError=FLOW",
                  "-sourcepath",
                  "",
                  "-d",
                  join_path(place, "classes"),
                  "-cp",
                  classpath.empty() ? place : classpath,
                  "@" + arguments};
  if (!release.empty()) command.argv.insert(command.argv.begin() + 1, {"--release", release});
  command.environment = {"LC_ALL=C"};
  command.deadline = time_limit;
  const Exit exit = TENON_TRY(run(command));
  if (exit.interrupted) return fail(Errc::interrupted, "the check was interrupted");
  if (exit.timed_out) return fail(Errc::timeout, "javac did not end within ten minutes");
  Said out = errors_of(exit.err + exit.out);
  if (!exit.ok() && out.errors.empty() && out.general.empty())
    return fail(Errc::io, "javac failed without naming a file");
  return out;
}

Result<CompileReport> java(const Sources& sources, const std::vector<FilePlan>& plans,
                           const CompileRequest& request) {
  const auto javac = find_program("javac");
  if (!javac) return fail(Errc::not_found, "there is no javac on PATH");
  const TemporaryFolder place(TENON_TRY(make_temporary_folder("tenon-rewrite-")));
  std::vector<std::string> after;
  std::map<std::string, std::string> originals;  // of a new text -> the path
  std::map<std::string, const FilePlan*> edited;
  for (const FilePlan& one : plans) {
    if (!one.edits.empty()) edited[one.path] = &one;
  }
  for (std::size_t i = 0; i < sources.paths.size(); ++i) {
    const std::string& path = sources.paths[i];
    const auto plan = edited.find(path);
    if (plan == edited.end()) {
      after.push_back(path);
      continue;
    }
    // A public class lies in a file of its name.
    std::string fresh = join_path(place.path, fmt::format("new/{}/{}", i, base_name(path)));
    TENON_TRY(make_folders(std::string(folder_of(fresh))));
    TENON_TRY(write_text(fresh, applied(plan->second->text, plan->second->edits)));
    originals[fresh] = path;
    after.push_back(std::move(fresh));
  }
  const Said before =
      TENON_TRY(compile(*javac, place.path, sources.paths, request.release, request.classpath));
  Said now =
      TENON_TRY(compile(*javac, place.path, after, request.release,
                        request.new_classpath.empty() ? request.classpath : request.new_classpath));
  CompileReport out;
  if (!now.general.empty() && now.errors.empty()) {
    out.reason = now.general;
    return out;
  }
  for (auto& [file, message] : now.errors) {
    const auto original = originals.find(file);
    const std::string& path = original == originals.end() ? file : original->second;
    (before.errors.contains(path) ? out.unknown : out.failures)[path] = std::move(message);
  }
  out.compiled = sources.paths.size() - out.failures.size() - out.unknown.size();
  out.state = !out.failures.empty() ? Compiles::no
              : out.unknown.empty() ? Compiles::yes
                                    : Compiles::unknown;
  if (out.state == Compiles::unknown)
    out.reason = fmt::format("{} files do not compile as they are either", out.unknown.size());
  return out;
}

}  // namespace

CompileReport check_java(const Sources& sources, const std::vector<FilePlan>& plans,
                         const CompileRequest& request) {
  auto done = java(sources, plans, request);
  if (done) return *std::move(done);
  CompileReport out;
  out.reason = done.error().what;
  return out;
}

namespace {

// A copy of the root, in which the command runs.
Result<Exit> run_in_copy(const std::string& root, const std::string& place,
                         const std::vector<std::string>& argv, const std::vector<FilePlan>& plans) {
  TENON_TRY(make_folders(place));
  Command copy;
  copy.argv = {"cp", "-a", "--", join_path(root, "."), place};
  copy.deadline = time_limit;
  if (!TENON_TRY(run(copy)).ok()) return fail(Errc::io, "the directory could not be copied");
  for (const FilePlan& one : plans) {
    if (one.edits.empty()) continue;
    std::string_view below = one.path;
    if (!below.starts_with(root))
      return fail(Errc::invalid_argument, "the files lie in more than one directory");
    below.remove_prefix(root.size());
    while (below.starts_with('/')) below.remove_prefix(1);
    TENON_TRY(write_text(join_path(place, below), applied(one.text, one.edits)));
  }
  Command command;
  command.argv = argv;
  command.directory = place;
  command.deadline = time_limit;
  command.merge_streams = true;
  Exit exit = TENON_TRY(run(command));
  if (exit.interrupted) return fail(Errc::interrupted, "the check was interrupted");
  if (exit.timed_out) return fail(Errc::timeout, "the command did not end within ten minutes");
  return exit;
}

Result<CompileReport> own_command(const std::vector<FilePlan>& plans,
                                  const CompileRequest& request) {
  const auto argv = go_split(request.command);
  if (!argv || argv->empty())
    return fail(Errc::invalid_argument, "the command cannot be split into words");
  if (request.roots.size() != 1 || !is_folder(request.roots.front())) {
    return fail(Errc::invalid_argument, "a command of your own is run in a copy of one directory");
  }
  const TemporaryFolder place(TENON_TRY(make_temporary_folder("tenon-rewrite-")));
  const Exit before =
      TENON_TRY(run_in_copy(request.roots.front(), join_path(place.path, "before"), *argv, {}));
  CompileReport out;
  if (!before.ok()) {
    out.reason = "the command fails without the edits too";
    return out;
  }
  const Exit now =
      TENON_TRY(run_in_copy(request.roots.front(), join_path(place.path, "after"), *argv, plans));
  out.state = now.ok() ? Compiles::yes : Compiles::no;
  if (!now.ok()) out.failures[request.roots.front()] = now.out;
  return out;
}

}  // namespace

CompileReport check_command(const std::vector<FilePlan>& plans, const CompileRequest& request) {
  auto done = own_command(plans, request);
  if (done) return *std::move(done);
  CompileReport out;
  out.reason = done.error().what;
  return out;
}

}  // namespace tenon::rewrite
