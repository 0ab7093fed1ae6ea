#include "crossbuild/run/compile_args.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "crossbuild/cache/compile_call.h"
#include "crossbuild/driver/linker_args.h"
#include "crossbuild/run/compile_cache.h"
#include "crossbuild/run/trace.h"
#include "crossbuild/trace.h"
#include "diag/finding.h"
#include "host/files.h"
#include "host/process.h"

namespace tenon {
namespace {

constexpr std::string_view file_map = "-ffile-prefix-map=";

bool covers(const DriverArg& arg, std::string_view folder) {
  if (!arg.name.starts_with(file_map)) return false;
  const std::string_view map = std::string_view(arg.name).substr(file_map.size());
  const std::string_view from = map.substr(0, map.rfind('='));
  return folder.starts_with(from) && (folder.size() == from.size() || folder[from.size()] == '/');
}

void add_map(std::vector<DriverArg>& args, const std::string& from, std::string_view to) {
  args.insert(args.begin(),
              {DriverArg::Kind::flag, fmt::format("{}{}={}", file_map, from, to), {}});
}

// Where -o puts the output, joined or apart.
std::string output_folder(const std::vector<DriverArg>& args) {
  for (const DriverArg& arg : args) {
    if (arg.kind != DriverArg::Kind::flag || !arg.name.starts_with("-o")) continue;
    const std::string path =
        arg.name == "-o" ? (arg.values.empty() ? "" : arg.values.front()) : arg.name.substr(2);
    return std::string(folder_of(path));
  }
  return {};
}

// cgo asks about names with a source of a random name, /tmp/cgo-gcc-input-123.c, and passes go's
// work folder without a map.
void add_question_maps(std::vector<DriverArg>& args) {
  const auto question = std::ranges::find_if(args, [](const DriverArg& arg) {
    return arg.kind == DriverArg::Kind::input && base_name(arg.name).starts_with("cgo-gcc-input-");
  });
  if (question == args.end()) return;
  const std::string source = question->name;
  const std::string work = output_folder(args);
  add_map(args, source, question_of_cgo);
  const bool covered =
      std::ranges::any_of(args, [&](const DriverArg& arg) { return covers(arg, work); });
  if (work.starts_with('/') && !covered) add_map(args, work, work_of_go);
}

}  // namespace

Result<std::vector<std::string>> expand_response_files(const std::vector<std::string>& args) {
  std::vector<std::string> out;
  for (const std::string& arg : args) {
    // "@rpath/..." and "@loader_path" are values, not response files.
    if (!arg.starts_with('@') || !is_file(arg.substr(1))) {
      out.push_back(arg);
      continue;
    }
    const std::string text = TENON_TRY(read_text(arg.substr(1)));
    for (std::string& word : split_response_file(text)) out.push_back(std::move(word));
  }
  return out;
}

std::string package_folder(const std::vector<DriverArg>& args) {
  for (const DriverArg& arg : args) {
    if (arg.name == "-I" && !arg.values.empty()) return arg.values.front();
  }
  return {};
}

Outcome<void> add_module_map(std::vector<DriverArg>& args) {
  add_question_maps(args);
  std::string folder = package_folder(args);
  if (!folder.starts_with('/')) folder = current_folder();
  for (const DriverArg& arg : args) {
    if (covers(arg, folder)) return {};
  }
  const std::string map = TENON_TRY(module_map(folder));
  if (map.empty()) return {};
  args.insert(args.begin(), {DriverArg::Kind::flag, std::string(file_map) + map, {}});
  return {};
}

Outcome<int> compile_kept(CompileJob job, const std::string& source) {
  if (environment_variable("TENON_COMPILE_CACHE") == "off") job.keep = false;
  const CompileResult result = TENON_TRY(compile_once(job));
  using How = CompileResult::How;
  std::string how = "miss";
  if (result.how == How::hit) how = "hit";
  if (result.how == How::failed) how = "compile failed";
  if (result.how == How::uncached) how = uncached_name(result.why.reason);
  if (job.keep) {
    trace({.kind = TraceRecord::Kind::cache,
           .reason = std::move(how),
           .file = source,
           .process = own_process()});
  }
  return result.code;
}

}  // namespace tenon
