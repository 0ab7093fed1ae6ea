#include "crossbuild/link/coff_link.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file_source.h"
#include "base/result.h"
#include "crossbuild/driver/cc_config.h"
#include "crossbuild/driver/driver.h"
#include "crossbuild/driver/linker_args.h"
#include "crossbuild/link/library_search.h"
#include "crossbuild/link/link_plan.h"
#include "crossbuild/trace.h"
#include "diag/finding.h"

namespace tenon {
namespace {

// In the order of lld-link and of GNU ld for Windows.
constexpr std::string_view coff_endings[] = {".dll.a", ".a", ".lib"};

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  });
  return out;
}

// Whether zig has the definition that it makes the import library of this name from.
bool has_import_library(const CcConfig& config, const std::string& name, FileSource& files) {
  const std::string folder = zig_lib(config.toolchain) + "/libc/mingw/";
  for (const std::string_view part : {"lib-common/", "lib64/"}) {
    for (const std::string_view ending : {".def", ".def.in"}) {
      std::string path = folder;
      path.append(part).append(name).append(ending);
      if (files.exists(path)) return true;
    }
  }
  return false;
}

void lower_library(const CcConfig& config, const SearchFolders& folders, DriverArg& arg,
                   FileSource& files, std::vector<TraceRecord>& trace) {
  const std::string name = arg.values.front();
  std::string lowered = lower(name);
  if (lowered == name || has_import_library(config, name, files)) return;
  if (find_library(folders, name, coff_endings, files)) return;
  if (!has_import_library(config, lowered, files)) return;
  trace.push_back({.kind = TraceRecord::Kind::flag,
                   .flag = "-l" + name,
                   .reason = fmt::format("Windows ignores case; zig has it as -l{}", lowered)});
  arg.values.front() = std::move(lowered);
}

// What zig's link writes; it calls a program without a name a.exe.
std::string output_of(const std::vector<DriverArg>& args) {
  std::string out = "a.exe";
  for (const DriverArg& arg : args) {
    if (arg.kind != DriverArg::Kind::flag || !arg.name.starts_with("-o")) continue;
    if (arg.name.size() > 2) out = arg.name.substr(2);
    if (arg.name.size() == 2 && !arg.values.empty()) out = arg.values.front();
  }
  return out;
}

bool has_flag(const std::vector<DriverArg>& args, std::string_view name) {
  return std::ranges::any_of(args, [&](const DriverArg& arg) {
    return arg.kind == DriverArg::Kind::flag && arg.name == name;
  });
}

}  // namespace

Outcome<LinkPlan> plan_coff_link(const CcConfig& config, LinkArguments arguments,
                                 std::vector<std::string> sysroot, FileSource& files) {
  std::vector<DriverArg>& args = arguments.flags.args;
  const SearchFolders folders = search_folders(args);
  std::vector<TraceRecord> trace;
  for (DriverArg& arg : args) {
    if (arg.kind == DriverArg::Kind::library) lower_library(config, folders, arg, files, trace);
  }
  LinkPlan plan = TENON_TRY(plan_plain_link(config, arguments, std::move(sysroot)));
  plan.trace.insert(plan.trace.end(), trace.begin(), trace.end());
  plan.argv.emplace_back("-Wl,-Brepro");  // marks the time stamps as hashes
  plan.coff_image = output_of(args);
  plan.keeps_pdb = has_flag(args, "-gcodeview");
  return plan;
}

}  // namespace tenon
