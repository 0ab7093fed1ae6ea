#include "crossbuild/run/cc.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "base/shown.h"
#include "crossbuild/driver/cc_config.h"
#include "crossbuild/driver/driver.h"
#include "crossbuild/driver/driver_flags.h"
#include "crossbuild/driver/linker_args.h"
#include "crossbuild/link/link_plan.h"
#include "crossbuild/run/compile_args.h"
#include "crossbuild/run/link.h"
#include "crossbuild/run/trace.h"
#include "crossbuild/run/wrapper.h"
#include "crossbuild/trace.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "host/files.h"
#include "host/process.h"
#include "host/relay.h"
#include "platform/toolchain.h"

namespace tenon {
namespace {

// Made at first use.
struct ScratchFolder : TemporaryFolder {
  ScratchFolder() : TemporaryFolder({}) {}

  Result<void> make() {
    if (path.empty()) path = TENON_TRY(make_temporary_folder("tenon-cc"));
    return {};
  }
};

Finding broken(const Error& error, std::string subject) {
  Finding finding;
  finding.code =
      error.code == Errc::no_space ? Code::usage_disk_full : Code::usage_unreadable_input;
  finding.subject = std::move(subject);
  finding.message = shown_format("{} ({})", error.what, errc_name(error.code));
  return finding;
}

Finding no_linker(const CcConfig& config, const std::string& name) {
  Finding finding;
  finding.code = Code::zig_unsupported_linker_arg;
  finding.subject = config.target.name();
  finding.message =
      shown_format("-fuse-ld={}: {} links with lld", name, config.toolchain.describe());
  return finding;
}

std::string extension_of(const std::string& language, bool cxx) {
  if (language == "c++") return ".cc";
  if (language == "objective-c") return ".m";
  if (language == "objective-c++") return ".mm";
  if (language == "assembler") return ".s";
  if (language == "assembler-with-cpp") return ".S";
  return language.empty() && cxx ? ".cc" : ".c";
}

void trace_flags(const std::vector<FilteredFlags::Note>& notes) {
  for (const auto& note : notes) {
    trace({.kind = TraceRecord::Kind::flag,
           .flag = note.flag,
           .reason = std::string(note.row->reason)});
  }
}

void trace_start(TraceRecord::Kind kind, std::string file, std::string folder = {}) {
  trace({.kind = kind,
         .file = std::move(file),
         .folder = std::move(folder),
         .process = own_process(),
         .time = trace_time()});
}

// A linker that takes the place of this process ends without it.
void trace_end() {
  trace({.kind = TraceRecord::Kind::done, .process = own_process(), .time = trace_time()});
}

constexpr int standard_output = 1;

// A line that go or its linker reads. The exit code.
int answer(std::string line) {
  line += '\n';
  return write_all(standard_output, line) ? 0 : 1;
}

// Where `-o` names the file apart or joined.
void set_output(std::vector<DriverArg>& args, const std::string& file) {
  for (DriverArg& arg : args) {
    if (arg.kind != DriverArg::Kind::flag || !arg.name.starts_with("-o")) continue;
    if (arg.name == "-o-") arg.name = "-o" + file;
    if (arg.name == "-o" && !arg.values.empty()) arg.values[0] = file;
  }
}

class Call {
 public:
  Call(const CcConfig& config, const std::vector<std::string>& args, std::string_view version)
      : config_(config),
        args_(parse_driver_args(args, config.target.darwin())),
        call_(classify(args, args_)),
        version_(version) {}

  Outcome<int> run() {
    switch (call_.job) {
      case DriverJob::identify: return answer(identity(config_, version_));
      case DriverJob::print_program: return print_program();
      case DriverJob::print_file: return print_library();
      case DriverJob::version: return show_version();
      case DriverJob::compile: return compile();
      case DriverJob::link: return link();
    }
    return 70;
  }

 private:
  int print_program() {
    std::string path;
    if (call_.program == "strip") path = config_.toolchain.strip;
    if (call_.program == "dsymutil") path = cleaning_dsymutil();
    if (call_.program == "ar") path = config_.toolchain.ar;
    // The rule of gcc and clang: an unknown program is answered with its name.
    return answer(path.empty() ? call_.program : path);
  }

  // run/dsymutil.h; the plain one where the wrapper cannot be made, or nothing of zig is linked.
  [[nodiscard]] std::string cleaning_dsymutil() const {
    const std::string& plain = config_.toolchain.dsymutil;
    if (plain.empty() || config_.toolchain.engine != Engine::zig) return plain;
    const auto folder = make_wrapper(config_.cache, own_path(), cc_options(config_));
    return folder ? *folder + "/dsymutil" : plain;
  }

  Outcome<int> print_library() {
    const std::string path = library_file(config_, call_.file);
    return path.empty() ? exec(compile_command(config_, args_, {}).argv) : answer(path);
  }

  Outcome<int> show_version() {
    const auto asks = [&](std::string_view flag) {
      return std::ranges::find(args_, flag, &DriverArg::name) != args_.end();
    };
    if (asks("-dumpmachine")) return answer(config_.target.clang_triple());
    if (!asks("-dumpversion")) (void)answer(identity(config_, version_));
    return exec(compile_command(config_, args_, {}).argv);
  }

  Outcome<int> exec(const std::vector<std::string>& argv) {
    const Error error = execute(argv, environment());
    return std::unexpected(broken(error, argv.front()));
  }

  Outcome<int> pass(const std::vector<std::string>& argv) {
    const auto code = pass_through(argv, environment());
    if (!code) return std::unexpected(broken(code.error(), argv.front()));
    return *code;
  }

  // zig keeps its caches below the home folder and stops when there is none.
  [[nodiscard]] std::vector<std::string> environment() const {
    std::vector<std::string> out;
    const bool homeless = !environment_variable("HOME") && !environment_variable("XDG_CACHE_HOME");
    if (homeless && !environment_variable("ZIG_GLOBAL_CACHE_DIR")) {
      out.push_back("ZIG_GLOBAL_CACHE_DIR=" + config_.cache + "/zig");
    }
    return out;
  }

  Outcome<int> compile() {
    const bool zig = config_.toolchain.engine == Engine::zig;
    std::string stdin_file;
    ScratchFolder scratch;
    // zig leaves "-.o" in the working folder when it compiles standard input.
    const bool from_stdin = zig && !call_.inputs.empty() && call_.inputs.back() == "-";
    if (zig && !from_stdin) TENON_TRY(check_sources());
    const std::string printed = zig ? TENON_TRY(take_output(scratch)) : std::string();
    if (from_stdin) {
      if (const auto made = take_stdin(scratch, stdin_file); !made) {
        return std::unexpected(broken(made.error(), "standard input"));
      }
      // The file stands elsewhere: quoted includes still start here, and its path stays out.
      args_.insert(args_.begin(),
                   {{DriverArg::Kind::flag, "-iquote", {"."}},
                    {DriverArg::Kind::flag, "-ffile-prefix-map=" + scratch.path + "/=", {}}});
    }
    if (!config_.keep_paths) TENON_TRY(add_module_map(args_));
    const DriverCommand command = compile_command(config_, args_, stdin_file);
    if (!command.flags.refused.empty()) {
      return std::unexpected(refused_flag(config_, command.flags.refused.front()));
    }
    trace_host_folders(command.host_folders);
    trace_flags(command.flags.dropped);
    trace_start(TraceRecord::Kind::compile, call_.inputs.empty() ? "" : call_.inputs.back(),
                package_folder(args_));
    const bool plain = !from_stdin && scratch.path.empty();
    const int code = TENON_TRY(plain ? cached(command.argv) : pass(command.argv));
    trace_end();
    if (code == 0 && !printed.empty()) return print_file(printed);
    return code;
  }

  Outcome<int> cached(const std::vector<std::string>& argv) {
    const std::size_t program_words = config_.toolchain.engine == Engine::zig ? 2 : 1;
    return compile_kept({.argv = argv,
                         .program_words = program_words,
                         .environment = environment(),
                         .cache = config_.cache,
                         .keep = !config_.no_cache},
                        call_.inputs.empty() ? std::string() : call_.inputs.back());
  }

  // zig says "CacheCheckFailed" about a file that does not exist.
  Outcome<void> check_sources() {
    for (const std::string& source : call_.sources) {
      if (source == "-" || file_info(source)) continue;
      Finding finding;
      finding.code = Code::usage_unreadable_input;
      finding.subject = source;
      finding.message = shown_format("{}: there is no such file", source);
      return std::unexpected(std::move(finding));
    }
    return {};
  }

  // zig takes "-o -" for a file of that name, and fails to find an output for -fsyntax-only. Both
  // go to a file of ours, whose name comes back when it is to be printed.
  Outcome<std::string> take_output(ScratchFolder& scratch) {
    const auto syntax = std::ranges::find(args_, "-fsyntax-only", &DriverArg::name);
    const bool to_stdout = call_.output == "-";
    if (syntax == args_.end() && !to_stdout) return std::string();
    if (const auto made = scratch.make(); !made) {
      return std::unexpected(broken(made.error(), "a temporary directory"));
    }
    std::string file = scratch.path + "/out";
    if (to_stdout) {
      set_output(args_, file);
      return file;
    }
    syntax->name = "-c";
    if (call_.output.empty()) args_.push_back({DriverArg::Kind::flag, "-o", {file}});
    return std::string();
  }

  static Outcome<int> print_file(const std::string& path) {
    const auto bytes = read_file(path);
    if (!bytes) return std::unexpected(broken(bytes.error(), path));
    return write_all(standard_output, bytes->view().text()) ? 0 : 1;
  }

  Result<void> take_stdin(ScratchFolder& scratch, std::string& path) {
    TENON_TRY(scratch.make());
    const std::string text = TENON_TRY(read_standard_input());
    path = scratch.path + "/stdin" + extension_of(call_.language, config_.cxx);
    return write_text(path, text);
  }

  // Sources on the command line of a link are compiled first: the stubs follow from objects. The
  // arguments name the objects afterwards. Returns the first exit code that is not 0.
  Outcome<int> compile_sources(ScratchFolder& scratch) {
    if (const auto made = scratch.make(); !made) {
      return std::unexpected(broken(made.error(), "a temporary directory"));
    }
    std::vector<DriverArg> flags;
    for (const DriverArg& arg : args_) {
      if (arg.kind == DriverArg::Kind::flag && arg.name != "-o") flags.push_back(arg);
    }
    int failed = 0;
    std::size_t number = 0;
    for (DriverArg& arg : args_) {
      if (arg.kind != DriverArg::Kind::input || !is_compiled(arg.name)) continue;
      std::string object = fmt::format("{}/{}.o", scratch.path, number++);
      std::vector<DriverArg> one = flags;
      one.push_back({DriverArg::Kind::flag, "-c", {}});
      one.push_back({DriverArg::Kind::input, std::move(arg.name), {}});
      one.push_back({DriverArg::Kind::flag, "-o", {object}});
      arg.name = std::move(object);
      const int code = TENON_TRY(pass(compile_command(config_, std::move(one), {}).argv));
      if (failed == 0) failed = code;
    }
    // The language of the sources is not that of their objects.
    std::erase_if(args_, [](const DriverArg& arg) {
      return arg.kind == DriverArg::Kind::flag && arg.name.starts_with("-x");
    });
    return failed;
  }

  [[nodiscard]] bool is_compiled(const std::string& input) const {
    return std::ranges::find(call_.sources, input) != call_.sources.end();
  }

  Outcome<int> link() {
    ScratchFolder scratch;
    // A trial of cmd/go, to see what a package imports: when it fails, go links externally.
    if (base_name(call_.output) == "_cgo_.o") stop_trace();
    if (const std::string linker = foreign_linker(call_, args_);
        !linker.empty() && config_.toolchain.engine != Engine::apple) {
      return std::unexpected(no_linker(config_, linker));
    }
    const bool stdin_source = !call_.sources.empty() && call_.sources.back() == "-";
    if (call_.inputs.empty() || call_.dry_run || stdin_source) {
      return exec(compile_command(config_, args_, {}).argv);
    }
    if (!call_.sources.empty() && config_.target.darwin()) {
      if (const int code = TENON_TRY(compile_sources(scratch)); code != 0) return code;
    }
    trace_start(TraceRecord::Kind::link, call_.output);
    const int code = TENON_TRY(run_link(config_, args_, scratch.path.empty()));
    trace_end();
    return code;
  }

  const CcConfig& config_;
  std::vector<DriverArg> args_;
  DriverCall call_;
  std::string_view version_;
};

}  // namespace

Outcome<int> run_cc(const CcConfig& config, const std::vector<std::string>& args,
                    std::string_view tenon_version) {
  auto expanded = expand_response_files(args);
  if (!expanded) return std::unexpected(broken(expanded.error(), "a response file"));
  return Call(config, *expanded, tenon_version).run();
}

}  // namespace tenon
