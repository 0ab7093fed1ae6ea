#include "crossbuild/run/link.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/digest.h"
#include "base/text.h"
#include "crossbuild/driver/driver.h"
#include "crossbuild/run/compat.h"
#include "crossbuild/run/trace.h"
#include "crossbuild/stubs/stub_maker.h"
#include "diag/codes.h"
#include "format/macho/macho.h"
#include "host/disk.h"
#include "host/files.h"
#include "host/process.h"

namespace tenon {
namespace {

constexpr std::size_t most_named = 12;  // symbols named in one message

Finding problem(Code code, std::string subject, std::string message) {
  Finding finding;
  finding.code = code;
  finding.subject = std::move(subject);
  finding.message = std::move(message);
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

// zig may compile parts of its run-time libraries for a link and writes its working folder into
// them: where no argument depends on the folder, a neutral one is used.
void leave_folder(const std::vector<DriverArg>& args) {
  static constexpr std::string_view joined[] = {"-L", "-F", "-I", "-o"};
  for (const DriverArg& arg : args) {
    if (arg.kind == DriverArg::Kind::input && !arg.name.starts_with('/')) return;
    if (arg.kind == DriverArg::Kind::linker && !arg.values.empty() &&
        arg.values.back().contains('/') && !arg.values.back().starts_with('/') &&
        !arg.values.back().starts_with('@') && !arg.values.back().starts_with('$')) {
      return;
    }
    if (arg.kind != DriverArg::Kind::flag) continue;
    for (const std::string_view flag : joined) {
      const bool apart = arg.name == flag && !arg.values.empty();
      if (apart && !arg.values[0].starts_with('/')) return;
      const bool together = arg.name.starts_with(flag) && arg.name.size() > 2;
      if (together && arg.name[2] != '/') return;
    }
  }
  const bool named =
      std::ranges::any_of(args, [](const DriverArg& arg) { return arg.name == "-o"; });
  if (named) std::filesystem::current_path("/");
}

Outcome<int> start_linker(const std::vector<std::string>& argv, const std::vector<DriverArg>& args,
                          bool replace) {
  if (replace) leave_folder(args);
  Error error;
  if (replace) {
    error = execute(argv, {});
  } else {
    const auto code = pass_through(argv, {});
    if (code) return *code;
    error = code.error();
  }
  return std::unexpected(problem(Code::usage_unreadable_input, argv.front(),
                                 fmt::format("{}: {}", argv.front(), error.what)));
}

// What the arguments of a link name, found on disk.
struct Inputs {
  std::vector<LinkInput> files;
  std::vector<NamedLibrary> libraries;  // not found as files: stubs
  std::set<std::string> provided;       // exported by libraries that were found
  std::vector<std::string> paths;       // owns the names in `files`
};

class MachoLink {
 public:
  MachoLink(const CcConfig& config, const std::vector<std::string>& args) : config_(config) {
    auto parsed = parse_driver_args(args, true);
    host_folders_ = remove_host_folders(config, parsed);
    flags_ = filter_flags(std::move(parsed), link_tool(config), tool_version(config));
  }

  Outcome<int> run(bool replace) {
    trace_host_folders(host_folders_);
    for (const auto& note : flags_.dropped) {
      trace("flag", {note.flag, std::string(note.row->reason)});
    }
    if (!flags_.refused.empty())
      return std::unexpected(refused_flag(config_, flags_.refused.front()));
    collect();
    const auto closed =
        close_over(inputs_.files, config_.target.platform->processor->macho_cpu, {});
    if (!closed.problems.empty()) return std::unexpected(foreign(closed.problems.front()));
    add_auto_linked(closed.closure);
    const std::string folder = TENON_TRY(stubs(closed.closure));
    settle_minimum(closed.closure);
    const StubFolders found{folder + "/lib", folder + "/fw", {}};
    return start_linker(link_command(config_, flags_, found, flat_), flags_.args, replace);
  }

 private:
  // An object that was compiled for a newer macOS may use what older ones lack. Where nobody asked
  // for a deployment target it is raised; else the user's word stands and the fact is reported.
  void settle_minimum(const Closure& closure) {
    const Version wanted = std::max(config_.target.min, flags_.minimum);
    if (closure.newest_min <= wanted) return;
    if (config_.raise_min) flags_.minimum = closure.newest_min;
    trace(config_.raise_min ? "minimum" : "newer-object",
          {closure.newest_min.text(), closure.newest_min_user});
  }

  Finding foreign(const InputProblem& found) const {
    Finding finding = problem(Code::sdk_wrong_format_library, std::string(base_name(found.path)),
                              fmt::format("{} is {}, but the target is {}", found.path, found.found,
                                          config_.target.name()));
    finding.evidence.push_back({Evidence::Kind::file, found.path, found.found});
    return finding;
  }

  void collect() {
    inputs_.paths.reserve(flags_.args.size() * 2);
    for (const DriverArg& arg : flags_.args) {
      if (arg.name == "-L" && !arg.values.empty()) library_folders_.push_back(arg.values[0]);
      if (arg.name.starts_with("-L") && arg.name.size() > 2) {
        library_folders_.push_back(arg.name.substr(2));
      }
      if (arg.name == "-F" && !arg.values.empty()) framework_folders_.push_back(arg.values[0]);
      if (arg.name.starts_with("-F") && arg.name.size() > 2) {
        framework_folders_.push_back(arg.name.substr(2));
      }
    }
    for (const DriverArg& arg : flags_.args) take(arg);
  }

  void take(const DriverArg& arg) {
    switch (arg.kind) {
      case DriverArg::Kind::input: add_file(arg.name, false); break;
      case DriverArg::Kind::library: add_library(arg.values[0]); break;
      case DriverArg::Kind::framework:
        add_framework(arg.values[0], arg.name == "-weak_framework");
        break;
      case DriverArg::Kind::linker:
      case DriverArg::Kind::flag:
        if (arg.name == "-force_load" && !arg.values.empty()) add_file(arg.values[0], true);
        break;
    }
  }

  void add_file(const std::string& path, bool whole) {
    const auto bytes = files_.open(path);
    if (!bytes) return;  // the linker says it better
    inputs_.paths.push_back(path);
    if (is_dynamic(*bytes)) {
      add_exports(path, *bytes);
      return;
    }
    inputs_.files.push_back({inputs_.paths.back(), *bytes, whole});
  }

  // A .tbd or a Mach-O library.
  static bool is_dynamic(ByteView bytes) {
    if (bytes.text().starts_with("--- !tapi-tbd") || bytes.text().starts_with("{")) return true;
    const auto slices = macho::slices(bytes);
    if (!slices) return false;
    const auto file = macho::File::parse(slices->front().bytes);
    return file && file->header().filetype == macho::MH_DYLIB;
  }

  void add_exports(const std::string& path, ByteView bytes) {
    if (!bytes.text().starts_with("\xfe\xed") && !macho::slices(bytes)) {
      const auto names = stub_exports(path, config_.sdk, *config_.target.platform, files_);
      if (names) inputs_.provided.insert(names->begin(), names->end());
      return;
    }
    const auto slices = macho::slices(bytes);
    if (!slices) return;
    for (const macho::Slice& slice : *slices) {
      if (slice.cputype != config_.target.platform->processor->macho_cpu) continue;
      const auto file = macho::File::parse(slice.bytes);
      if (!file) continue;
      if (const auto names = file->exports()) {
        inputs_.provided.insert(names->begin(), names->end());
      }
    }
  }

  void add_library(const std::string& name) {
    for (const std::string& folder : library_folders_) {
      for (const std::string_view ending : {".tbd", ".dylib", ".a"}) {
        const std::string path = fmt::format("{}/lib{}{}", folder, name, ending);
        if (!is_file(path)) continue;
        add_file(path, false);
        return;
      }
    }
    name_library({name, false, false});
  }

  void add_framework(const std::string& name, bool weak) {
    for (const std::string& folder : framework_folders_) {
      for (const std::string_view ending : {".tbd", ""}) {
        const std::string path = fmt::format("{0}/{1}.framework/{1}{2}", folder, name, ending);
        if (!is_file(path)) continue;
        add_file(path, false);
        return;
      }
    }
    name_library({name, true, weak});
  }

  void name_library(NamedLibrary library) {
    const auto same = [&](const NamedLibrary& known) {
      return known.name == library.name && known.framework == library.framework;
    };
    if (std::ranges::none_of(inputs_.libraries, same))
      inputs_.libraries.push_back(std::move(library));
  }

  // "-framework X" and "-lX" that objects carry: named on the command line as well, since not every
  // linker reads them.
  void add_auto_linked(const Closure& closure) {
    for (const auto& option : closure.auto_linked) {
      DriverArg arg;
      if (option.size() == 2 && option[0] == "-framework") {
        arg = {DriverArg::Kind::framework, "-framework", {option[1]}};
      } else if (option.size() == 1 && option[0].starts_with("-l") && option[0].size() > 2) {
        arg = {DriverArg::Kind::library, "-l", {option[0].substr(2)}};
      } else {
        continue;
      }
      if (find_flag(arg, link_tool(config_), tool_version(config_)) != nullptr) continue;
      take(arg);
      flags_.args.push_back(std::move(arg));
    }
  }

  [[nodiscard]] std::string lib_system() const {
    std::string of_sdk = config_.sdk + "/usr/lib/libSystem.tbd";
    if (!config_.sdk.empty() && config_.toolchain.engine != Engine::zig && is_file(of_sdk)) {
      return of_sdk;
    }
    return zig_lib(config_.toolchain) + "/libc/darwin/libSystem.tbd";
  }

  // Makes the stubs and returns their folder.
  Outcome<std::string> stubs(const Closure& closure) {
    StubRequest request;
    request.target = config_.target;
    request.libraries = inputs_.libraries;
    for (const OpenSymbol& symbol : closure.open) {
      if (!inputs_.provided.contains(std::string(symbol.name))) request.open.push_back(symbol);
    }
    request.flat = flags_.flat_symbols;
    request.flat_unknown = config_.flat_lookup || looks_up_everything();
    request.lib_system = lib_system();
    request.sdk = config_.sdk;
    request.own_cxx = config_.toolchain.engine == Engine::zig && uses_cxx();
    request.write_lib_system = config_.toolchain.engine == Engine::clang;
    if (config_.toolchain.engine == Engine::clang && config_.cxx) {
      request.libraries.push_back({"c++", false, false});
    }
    const auto made = make_stubs(request, files_);
    if (!made) {
      return std::unexpected(problem(Code::usage_unreadable_input, request.lib_system,
                                     std::string(made.error().what)));
    }
    report(*made);
    if (!made->missing.empty()) return std::unexpected(missing(made->missing));
    if (!made->unknown.empty()) return std::unexpected(unknown(made->unknown));
    flat_ = !made->flat.empty() || looks_up_everything();
    return written(*made);
  }

  [[nodiscard]] bool uses_cxx() const {
    return config_.cxx || std::ranges::any_of(flags_.args, [](const DriverArg& arg) {
             return arg.kind == DriverArg::Kind::library && arg.values[0].starts_with("c++");
           });
  }

  // The user's own -undefined dynamic_lookup.
  [[nodiscard]] bool looks_up_everything() const {
    return std::ranges::any_of(flags_.args, [](const DriverArg& arg) {
      return arg.name == "-undefined" && !arg.values.empty() && arg.values[0] == "dynamic_lookup";
    });
  }

  void report(const StubSet& made) const {
    for (const StubSymbol& symbol : made.symbols) {
      trace("stub", {symbol.library, symbol.symbol, symbol.rule});
    }
    for (const std::string& symbol : made.flat) trace("flat", {symbol});
  }

  Finding missing(const std::vector<NamedLibrary>& libraries) const {
    std::vector<std::string> names;
    for (const NamedLibrary& library : libraries) {
      names.push_back((library.framework ? "-framework " : "-l") + library.name);
    }
    Finding finding =
        problem(Code::sdk_library_missing, config_.target.name(),
                fmt::format("the link asks for {}, which is not known as part of macOS and in no"
                            " directory that the link names",
                            named(names)));
    finding.evidence.push_back(
        {Evidence::Kind::command, "searched",
         library_folders_.empty() ? "no directory" : join(library_folders_, ", ")});
    return finding;
  }

  Finding unknown(const std::vector<UnknownSymbol>& symbols) const {
    std::vector<std::string> names;
    for (const UnknownSymbol& symbol : symbols) names.push_back(symbol.symbol);
    Finding finding =
        problem(Code::sdk_unknown_home, config_.target.name(),
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

  // Folders are named after their contents, so parallel links and old ones never disagree.
  Outcome<std::string> written(const StubSet& made) const {
    std::string all;
    for (const StubFile& file : made.files) all += file.path + '\n' + file.text;
    const std::string name = hex(sha256(view_of(all).bytes())).substr(0, 24);
    std::string folder = fmt::format("{}/stubs/{}", config_.cache, name);
    const std::string mark = folder + "/complete";
    if (is_file(mark)) return folder;
    for (const StubFile& file : made.files) {
      if (const auto done = write_text(join_path(folder, file.path), file.text); !done) {
        return std::unexpected(write_problem(done.error(), folder));
      }
    }
    for (const std::string_view part : {"/lib", "/fw"}) {
      if (const auto done = make_folders(folder + std::string(part)); !done) {
        return std::unexpected(write_problem(done.error(), folder));
      }
    }
    if (const auto done = write_text(mark, ""); !done) {
      return std::unexpected(write_problem(done.error(), folder));
    }
    return folder;
  }

  static Finding write_problem(const Error& error, const std::string& folder) {
    return problem(
        error.code == Errc::no_space ? Code::usage_disk_full : Code::usage_output_not_writable,
        folder,
        fmt::format("{} cannot be written: {} ({})", folder, error.what, errc_name(error.code)));
  }

  const CcConfig& config_;
  FilteredFlags flags_;
  std::vector<std::string> host_folders_, library_folders_, framework_folders_;
  Inputs inputs_;
  DiskFiles files_;
  bool flat_ = false;
};

// The static libraries that a link names, as files.
std::vector<std::string> archives_of(const std::vector<DriverArg>& args) {
  std::vector<std::string> folders;
  std::vector<std::string> out;
  for (const DriverArg& arg : args) {
    if (arg.name == "-L" && !arg.values.empty()) folders.push_back(arg.values[0]);
    if (arg.name.starts_with("-L") && arg.name.size() > 2) folders.push_back(arg.name.substr(2));
  }
  for (const DriverArg& arg : args) {
    if (arg.kind == DriverArg::Kind::input && arg.name.ends_with(".a")) out.push_back(arg.name);
    if (arg.kind != DriverArg::Kind::library) continue;
    for (const std::string& folder : folders) {
      std::string path = fmt::format("{}/lib{}.a", folder, arg.values[0]);
      if (!is_file(path)) continue;
      out.push_back(std::move(path));
      break;
    }
  }
  return out;
}

// zig warns of folders that do not exist.
std::vector<std::string> sysroot_folders(const CcConfig& config) {
  std::vector<std::string> out;
  if (config.sysroot.empty()) return out;
  for (const std::string_view part : {"/usr/lib", "/lib"}) {
    const std::string folder = config.sysroot + std::string(part);
    for (const std::string& each :
         {folder + "/" + std::string(config.target.platform->debian), folder}) {
      if (is_folder(each)) out.push_back(each);
    }
  }
  return out;
}

}  // namespace

void trace_host_folders(const std::vector<std::string>& flags) {
  for (const std::string& flag : flags) {
    // A folder that does not exist could not have given anything.
    const std::size_t slash = flag.find('/');
    if (slash != std::string::npos && is_folder(flag.substr(slash))) trace("host-folder", {flag});
  }
}

Finding refused_flag(const CcConfig& config, const FilteredFlags::Note& note) {
  Finding finding = problem(Code::zig_unsupported_linker_arg, config.target.name(),
                            fmt::format("{}: {}", note.flag, note.row->reason));
  finding.evidence.push_back({Evidence::Kind::command, "flag", note.flag});
  return finding;
}

Outcome<int> link_macho(const CcConfig& config, const std::vector<std::string>& args,
                        bool replace) {
  return MachoLink(config, args).run(replace);
}

Outcome<int> link_plain(const CcConfig& config, const std::vector<std::string>& args,
                        bool replace) {
  auto parsed = parse_driver_args(args, config.target.darwin());
  trace_host_folders(remove_host_folders(config, parsed));
  const FilteredFlags flags =
      filter_flags(std::move(parsed), link_tool(config), tool_version(config));
  for (const auto& note : flags.dropped) trace("flag", {note.flag, std::string(note.row->reason)});
  if (!flags.refused.empty()) return std::unexpected(refused_flag(config, flags.refused.front()));
  StubFolders folders;
  folders.sysroot = sysroot_folders(config);
  auto argv = link_command(config, flags, folders, false);
  const CompatLibraries compat = compat_libraries(config, archives_of(flags.args));
  for (const std::string& user : compat.users) trace("glibc-names", {user});
  argv.insert(argv.end(), compat.args.begin(), compat.args.end());
  return start_linker(argv, flags.args, replace);
}

}  // namespace tenon
