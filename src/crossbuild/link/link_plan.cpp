#include "crossbuild/link/link_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <expected>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/file_source.h"
#include "base/path.h"
#include "base/result.h"
#include "base/shown.h"
#include "base/text.h"
#include "crossbuild/compat/availability.h"
#include "crossbuild/driver/cc_config.h"
#include "crossbuild/driver/driver.h"
#include "crossbuild/driver/driver_flags.h"
#include "crossbuild/driver/linker_args.h"
#include "crossbuild/link/library_search.h"
#include "crossbuild/stubs/stub_maker.h"
#include "crossbuild/stubs/system_libraries.h"
#include "crossbuild/stubs/undefined_symbols.h"
#include "crossbuild/trace.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "format/macho/headers_mark.h"
#include "format/macho/macho.h"
#include "platform/toolchain.h"
#include "platform/version_number.h"

namespace tenon {
namespace {

constexpr std::size_t most_named = 12;  // symbols named in one message

Finding problem(Code code, std::string subject, const std::string& message) {
  Finding finding;
  finding.code = code;
  finding.subject = std::move(subject);
  finding.message = Shown::of(message);
  return finding;
}

std::string named(const std::vector<std::string>& names) {
  std::vector<std::string> shown(
      names.begin(),
      names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), most_named)));
  std::string out = join(shown, ", ");
  if (names.size() > most_named) out += fmt::format(" and {} more", names.size() - most_named);
  return out;
}

// What the arguments of a link name, found on disk.
struct Inputs {
  SearchFolders folders;
  std::deque<std::string> paths;  // owns the names in `files`
  std::vector<LinkInput> files;
  std::vector<NamedLibrary> libraries;  // not found as files: stubs
  std::set<std::string> provided;       // exported by libraries that were found
};

// A .tbd or a Mach-O library.
bool is_dynamic(ByteView bytes) {
  if (bytes.text().starts_with("--- !tapi-tbd") || bytes.text().starts_with("{")) return true;
  const auto slices = macho::slices(bytes);
  if (!slices) return false;
  const auto file = macho::File::parse(slices->front().bytes);
  return file && file->header().filetype == macho::MH_DYLIB;
}

void add_exports(const CcConfig& config, const std::string& path, ByteView bytes, FileSource& files,
                 std::set<std::string>& provided) {
  if (!bytes.text().starts_with("\xfe\xed") && !macho::slices(bytes)) {
    const auto names = stub_exports(path, config.sdk, *config.target.platform, files);
    if (names) provided.insert(names->begin(), names->end());
    return;
  }
  const auto slices = macho::slices(bytes);
  if (!slices) return;
  for (const macho::Slice& slice : *slices) {
    if (slice.cputype != config.target.platform->processor->macho_cpu) continue;
    const auto file = macho::File::parse(slice.bytes);
    if (!file) continue;
    if (const auto names = file->exports()) provided.insert(names->begin(), names->end());
  }
}

void add_file(const CcConfig& config, const std::string& path, bool whole, FileSource& files,
              Inputs& inputs) {
  const auto bytes = files.open(path);
  if (!bytes) return;  // the linker says it better
  if (is_dynamic(*bytes)) {
    add_exports(config, path, *bytes, files, inputs.provided);
    return;
  }
  inputs.files.push_back({inputs.paths.emplace_back(path), *bytes, whole});
}

void name_library(NamedLibrary library, Inputs& inputs) {
  const auto same = [&](const NamedLibrary& known) {
    return known.name == library.name && known.framework == library.framework;
  };
  if (std::ranges::none_of(inputs.libraries, same)) inputs.libraries.push_back(std::move(library));
}

void take(const CcConfig& config, const DriverArg& arg, FileSource& files, Inputs& inputs) {
  switch (arg.kind) {
    case DriverArg::Kind::input: return add_file(config, arg.name, false, files, inputs);
    case DriverArg::Kind::library: {
      const auto path = find_library(inputs.folders, arg.values[0], macho_endings, files);
      if (path) return add_file(config, *path, false, files, inputs);
      return name_library({arg.values[0], false, false}, inputs);
    }
    case DriverArg::Kind::framework: {
      const auto path = find_framework(inputs.folders, arg.values[0], files);
      if (path) return add_file(config, *path, false, files, inputs);
      return name_library({arg.values[0], true, arg.name == "-weak_framework"}, inputs);
    }
    case DriverArg::Kind::linker:
    case DriverArg::Kind::flag:
      if (arg.name != "-force_load" || arg.values.empty()) return;
      return add_file(config, arg.values[0], true, files, inputs);
  }
}

Inputs collect(const CcConfig& config, const std::vector<DriverArg>& args, FileSource& files) {
  Inputs inputs;
  inputs.folders = search_folders(args);
  for (const DriverArg& arg : args) take(config, arg, files, inputs);
  return inputs;
}

// "-framework X" and "-lX" that objects carry: named on the command line as well, since not every
// linker reads them.
std::vector<DriverArg> auto_linked(const CcConfig& config, const Closure& closure) {
  std::vector<DriverArg> out;
  for (const auto& option : closure.auto_linked) {
    DriverArg arg;
    if (option.size() == 2 && option[0] == "-framework") {
      arg = {DriverArg::Kind::framework, "-framework", {option[1]}};
    } else if (option.size() == 1 && option[0].starts_with("-l") && option[0].size() > 2) {
      arg = {DriverArg::Kind::library, "-l", {option[0].substr(2)}};
    } else {
      continue;
    }
    if (find_flag(arg, link_tool(config), tool_version(config)) == nullptr) {
      out.push_back(std::move(arg));
    }
  }
  return out;
}

// The user's own -undefined dynamic_lookup.
bool looks_up_everything(const std::vector<DriverArg>& args) {
  return std::ranges::any_of(args, [](const DriverArg& arg) {
    return arg.name == "-undefined" && !arg.values.empty() && arg.values[0] == "dynamic_lookup";
  });
}

bool uses_cxx(const CcConfig& config, const std::vector<DriverArg>& args) {
  return config.cxx || std::ranges::any_of(args, [](const DriverArg& arg) {
           return arg.kind == DriverArg::Kind::library && arg.values[0].starts_with("c++");
         });
}

std::string lib_system(const CcConfig& config, FileSource& files) {
  std::string of_sdk = config.sdk + "/usr/lib/libSystem.tbd";
  const bool reads_sdk = !config.sdk.empty() && config.toolchain.engine != Engine::zig;
  if (reads_sdk && files.exists(of_sdk)) return of_sdk;
  return zig_lib(config.toolchain) + "/libc/darwin/libSystem.tbd";
}

Outcome<StubRequest> stub_request(const CcConfig& config, const FilteredFlags& flags,
                                  const Inputs& inputs, const Closure& closure, FileSource& files) {
  StubRequest request;
  request.target = config.target;
  request.libraries = inputs.libraries;
  for (const OpenSymbol& symbol : closure.open) {
    if (!inputs.provided.contains(std::string(symbol.name))) request.open.push_back(symbol);
  }
  request.flat = flags.flat_symbols;
  request.flat_unknown = config.flat_lookup || looks_up_everything(flags.args);
  request.lib_system = lib_system(config, files);
  request.sdk = config.sdk;
  if (takes_macos_headers(config) && !config.macos_headers.empty()) {
    // Made without bindings, the headers have no list: then the rules alone decide.
    const std::string path = config.macos_headers + "/symbols.tsv";
    const auto symbols = files.open(path);
    if (symbols) {
      request.owners = SymbolOwners(symbols->text());
    } else if (symbols.error().code != Errc::not_found) {
      return std::unexpected(
          problem(Code::usage_unreadable_input, path, std::string(symbols.error().what)));
    }
  }
  request.own_cxx = config.toolchain.engine == Engine::zig && uses_cxx(config, flags.args);
  request.write_lib_system = config.toolchain.engine == Engine::clang;
  if (config.toolchain.engine == Engine::clang && config.cxx) {
    request.libraries.push_back({"c++", false, false});
  }
  return request;
}

Finding foreign(const CcConfig& config, const InputProblem& found) {
  Finding finding = problem(
      Code::sdk_wrong_format_library, std::string(base_name(found.path)),
      fmt::format("{} is {}, but the target is {}", found.path, found.found, config.target.name()));
  finding.evidence.push_back({Evidence::Kind::file, found.path, found.found});
  return finding;
}

Finding missing(const CcConfig& config, const std::vector<NamedLibrary>& libraries,
                const SearchFolders& folders) {
  std::vector<std::string> names;
  for (const NamedLibrary& library : libraries) {
    names.push_back((library.framework ? "-framework " : "-l") + library.name);
  }
  Finding finding =
      problem(Code::sdk_library_missing, config.target.name(),
              fmt::format("the link asks for {}, which is not known as part of macOS and in no"
                          " directory that the link names",
                          named(names)));
  finding.evidence.push_back(
      {Evidence::Kind::command, "searched",
       folders.libraries.empty() ? "no directory" : join(folders.libraries, ", ")});
  return finding;
}

Finding unknown(const CcConfig& config, const std::vector<UnknownSymbol>& symbols) {
  std::vector<std::string> names;
  for (const UnknownSymbol& symbol : symbols) names.push_back(symbol.symbol);
  Finding finding =
      problem(Code::sdk_unknown_home, config.target.name(),
              fmt::format("{} undefined symbols belong to no library that the link names: {}",
                          names.size(), named(names)));
  for (const UnknownSymbol& symbol : symbols) {
    if (finding.evidence.size() >= most_named) break;
    std::string text = symbol.symbol;
    if (!symbol.suggestions.empty()) text += "; looks like " + join(symbol.suggestions, " or ");
    finding.evidence.push_back({Evidence::Kind::file, symbol.user, std::move(text)});
  }
  return finding;
}

Outcome<StubSet> stubs_for(const CcConfig& config, const FilteredFlags& flags, const Inputs& inputs,
                           const Closure& closure, FileSource& files) {
  const StubRequest request = TENON_TRY(stub_request(config, flags, inputs, closure, files));
  auto made = make_stubs(request, files);
  if (!made) {
    return std::unexpected(
        problem(Code::usage_unreadable_input, request.lib_system, std::string(made.error().what)));
  }
  if (!made->missing.empty()) {
    return std::unexpected(missing(config, made->missing, inputs.folders));
  }
  if (!made->unknown.empty()) return std::unexpected(unknown(config, made->unknown));
  return std::move(*made);
}

// Folders are named after their contents, so parallel links and old ones never disagree.
std::string stub_folder(const CcConfig& config, const std::vector<StubFile>& stubs) {
  std::string all;
  for (const StubFile& file : stubs) all += file.path + '\n' + file.text;
  return fmt::format("{}/stubs/{}", config.cache, hex(sha256(view_of(all).bytes())).substr(0, 24));
}

// An object that was compiled for a newer macOS may use what older ones lack. Where nobody asked
// for a deployment target it is raised; else the user's word stands and the fact is reported.
void settle_minimum(const CcConfig& config, const Closure& closure, FilteredFlags& flags,
                    std::vector<TraceRecord>& trace) {
  const Version wanted = std::max(config.target.min, flags.minimum);
  if (closure.newest_min <= wanted) return;
  if (config.raise_min) flags.minimum = closure.newest_min;
  const bool raised = config.raise_min;
  trace.push_back({.kind = raised ? TraceRecord::Kind::minimum : TraceRecord::Kind::newer_object,
                   .file = closure.newest_min_user,
                   .version = closure.newest_min});
}

std::vector<TraceRecord> flag_records(const FilteredFlags& flags) {
  std::vector<TraceRecord> out;
  for (const FilteredFlags::Note& note : flags.dropped) {
    out.push_back({.kind = TraceRecord::Kind::flag,
                   .flag = note.flag,
                   .reason = std::string(note.row->reason)});
  }
  return out;
}

void add_stub_records(const StubSet& made, std::vector<TraceRecord>& trace) {
  for (const StubSymbol& symbol : made.symbols) {
    trace.push_back({.kind = TraceRecord::Kind::stub,
                     .reason = symbol.rule,
                     .symbol = symbol.symbol,
                     .library = symbol.library});
  }
  for (const std::string& symbol : made.flat) {
    trace.push_back({.kind = TraceRecord::Kind::flat, .symbol = symbol});
  }
}

constexpr std::string_view mark_file = "headers.o";

// Says in the image whose headers of macOS it was built with, for `tenon inspect`. False where
// there is nothing to say, or where the link makes an object (-r).
bool add_headers_mark(const CcConfig& config, const std::vector<DriverArg>& args,
                      std::vector<StubFile>& files) {
  const std::string headers = macos_headers_text(config);
  const bool makes_object = std::ranges::find(args, "-r", &DriverArg::name) != args.end();
  if (headers.empty() || makes_object) return false;
  const Version& least = config.target.min;
  const macho::Version minimum{static_cast<std::uint16_t>(least.major),
                               static_cast<std::uint8_t>(least.minor),
                               static_cast<std::uint8_t>(least.patch)};
  const std::uint32_t cpu = config.target.platform->processor->macho_cpu;
  files.push_back({std::string(mark_file), macho::headers_mark_object(cpu, minimum, headers)});
  return true;
}

// Whether a value of a linker option is a path below the working folder.
bool relative_value(const DriverArg& arg) {
  if (arg.values.empty()) return false;
  const std::string& value = arg.values.back();
  return value.contains('/') && !value.starts_with('/') && !value.starts_with('@') &&
         !value.starts_with('$');
}

bool depends_on_folder(const DriverArg& arg) {
  static constexpr std::string_view flags[] = {"-L", "-F", "-I", "-o"};
  if (arg.kind == DriverArg::Kind::input) return !arg.name.starts_with('/');
  if (arg.kind == DriverArg::Kind::linker) return relative_value(arg);
  if (arg.kind != DriverArg::Kind::flag) return false;
  return std::ranges::any_of(flags, [&](std::string_view flag) {
    if (arg.name == flag) return !arg.values.empty() && !arg.values[0].starts_with('/');
    return arg.name.starts_with(flag) && arg.name[2] != '/';
  });
}

}  // namespace

LinkArguments link_arguments(const CcConfig& config, std::vector<DriverArg> args) {
  LinkArguments out;
  out.host_folders = remove_host_folders(config, args);
  out.flags = filter_flags(std::move(args), link_tool(config), tool_version(config));
  return out;
}

Outcome<LinkPlan> plan_macho_link(const CcConfig& config, LinkArguments arguments,
                                  FileSource& files) {
  FilteredFlags& flags = arguments.flags;
  if (!flags.refused.empty()) return std::unexpected(refused_flag(config, flags.refused.front()));
  Inputs inputs = collect(config, flags.args, files);
  const auto closed = close_over(inputs.files, config.target.platform->processor->macho_cpu, {});
  if (!closed.problems.empty()) return std::unexpected(foreign(config, closed.problems.front()));
  for (DriverArg& arg : auto_linked(config, closed.closure)) {
    take(config, arg, files, inputs);
    flags.args.push_back(std::move(arg));
  }
  StubSet made = TENON_TRY(stubs_for(config, flags, inputs, closed.closure, files));
  const bool marked = add_headers_mark(config, flags.args, made.files);
  LinkPlan plan;
  plan.trace = flag_records(flags);
  add_stub_records(made, plan.trace);
  settle_minimum(config, closed.closure, flags, plan.trace);
  plan.stub_folder = stub_folder(config, made.files);
  const StubFolders found{plan.stub_folder + "/lib", plan.stub_folder + "/fw", {}};
  const bool flat = !made.flat.empty() || looks_up_everything(flags.args);
  plan.argv = link_command(config, flags, found, flat);
  if (marked) plan.argv.push_back(join_path(plan.stub_folder, mark_file));
  plan.stubs = std::move(made.files);
  plan.any_folder = folder_independent(flags.args);
  plan.availability =
      config.toolchain.engine == Engine::clang &&
      std::ranges::any_of(closed.closure.open, asks_availability, &OpenSymbol::name);
  return plan;
}

Outcome<LinkPlan> plan_plain_link(const CcConfig& config, const LinkArguments& arguments,
                                  std::vector<std::string> sysroot) {
  const FilteredFlags& flags = arguments.flags;
  if (!flags.refused.empty()) return std::unexpected(refused_flag(config, flags.refused.front()));
  LinkPlan plan;
  plan.trace = flag_records(flags);
  plan.argv = link_command(config, flags, {{}, {}, std::move(sysroot)}, false);
  plan.any_folder = folder_independent(flags.args);
  return plan;
}

Finding refused_flag(const CcConfig& config, const FilteredFlags::Note& note) {
  Finding finding = problem(Code::zig_unsupported_linker_arg, config.target.name(),
                            fmt::format("{}: {}", note.flag, note.row->reason));
  finding.evidence.push_back({Evidence::Kind::command, "flag", note.flag});
  return finding;
}

bool folder_independent(const std::vector<DriverArg>& args) {
  const bool names_output =
      std::ranges::any_of(args, [](const DriverArg& arg) { return arg.name == "-o"; });
  return names_output && std::ranges::none_of(args, depends_on_folder);
}

}  // namespace tenon
