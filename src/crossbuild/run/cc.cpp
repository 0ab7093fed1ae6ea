#include "crossbuild/run/cc.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/text.h"
#include "crossbuild/driver/driver.h"
#include "crossbuild/run/link.h"
#include "crossbuild/run/trace.h"
#include "diag/codes.h"
#include "host/files.h"
#include "host/process.h"

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
  finding.message = fmt::format("{} ({})", error.what, errc_name(error.code));
  return finding;
}

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

Result<std::string> read_standard_input() {
  std::string text;
  std::array<char, 65536> buffer;
  while (true) {
    const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count < 0) return fail(Errc::io, "cannot read standard input");
    if (count == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
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
  for (const auto& note : notes) trace("flag", {note.flag, std::string(note.row->reason)});
}

class Call {
 public:
  Call(const CcConfig& config, std::vector<std::string> args, std::string_view version)
      : config_(config), args_(std::move(args)), call_(classify(args_)), version_(version) {}

  Outcome<int> run() {
    switch (call_.job) {
      case DriverJob::identify: std::printf("%s\n", identity(config_, version_).c_str()); return 0;
      case DriverJob::print_program: return print_program();
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
    if (call_.program == "dsymutil") path = config_.toolchain.dsymutil;
    if (call_.program == "ar") path = config_.toolchain.ar;
    // The rule of gcc and clang: an unknown program is answered with its name.
    std::printf("%s\n", path.empty() ? call_.program.c_str() : path.c_str());
    return 0;
  }

  Outcome<int> show_version() {
    for (const std::string& arg : args_) {
      if (arg == "-dumpmachine") {
        std::printf("%s\n", config_.target.clang_triple().c_str());
        return 0;
      }
    }
    const bool number = std::ranges::find(args_, "-dumpversion") != args_.end();
    if (!number) std::printf("%s\n", identity(config_, version_).c_str());
    std::fflush(stdout);
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
      args_.insert(args_.begin(), {"-iquote", ".", "-ffile-prefix-map=" + scratch.path + "/="});
    }
    const DriverCommand command = compile_command(config_, args_, stdin_file);
    if (!command.flags.refused.empty()) {
      return std::unexpected(refused_flag(config_, command.flags.refused.front()));
    }
    trace_host_folders(command.host_folders);
    trace_flags(command.flags.dropped);
    trace("compile", {std::to_string(::getpid()), call_.inputs.empty() ? "" : call_.inputs.back()});
    if (!from_stdin && scratch.path.empty()) return exec(command.argv);
    const int code = TENON_TRY(pass(command.argv));
    if (code == 0 && !printed.empty()) return print_file(printed);
    return code;
  }

  // zig says "CacheCheckFailed" about a file that does not exist.
  Outcome<void> check_sources() {
    for (const std::string& source : call_.sources) {
      if (source == "-" || file_info(source)) continue;
      Finding finding;
      finding.code = Code::usage_unreadable_input;
      finding.subject = source;
      finding.message = fmt::format("{}: there is no such file", source);
      return std::unexpected(std::move(finding));
    }
    return {};
  }

  // zig takes "-o -" for a file of that name, and fails to find an output for -fsyntax-only. Both
  // go to a file of ours, whose name comes back when it is to be printed.
  Outcome<std::string> take_output(ScratchFolder& scratch) {
    const auto syntax = std::ranges::find(args_, "-fsyntax-only");
    const bool to_stdout = call_.output == "-";
    if (syntax == args_.end() && !to_stdout) return std::string();
    if (const auto made = scratch.make(); !made) {
      return std::unexpected(broken(made.error(), "a temporary directory"));
    }
    std::string file = scratch.path + "/out";
    if (to_stdout) {
      for (std::size_t i = 0; i < args_.size(); ++i) {
        if (args_[i] == "-o-") args_[i] = "-o" + file;
        if (args_[i] == "-o" && i + 1 < args_.size()) args_[i + 1] = file;
      }
      return file;
    }
    *syntax = "-c";
    if (call_.output.empty()) args_.insert(args_.end(), {"-o", file});
    return std::string();
  }

  static Outcome<int> print_file(const std::string& path) {
    const auto bytes = read_file(path);
    if (!bytes) return std::unexpected(broken(bytes.error(), path));
    const auto view = bytes->view();
    std::fwrite(view.data(), 1, view.size(), stdout);
    return std::fflush(stdout) == 0 ? 0 : 1;
  }

  Result<void> take_stdin(ScratchFolder& scratch, std::string& path) {
    TENON_TRY(scratch.make());
    const std::string text = TENON_TRY(read_standard_input());
    path = scratch.path + "/stdin" + extension_of(call_.language, config_.cxx);
    return write_text(path, text);
  }

  // Sources on the command line of a link are compiled first: the stubs follow from objects.
  Outcome<std::vector<std::string>> compile_sources(ScratchFolder& scratch) {
    if (const auto made = scratch.make(); !made) {
      return std::unexpected(broken(made.error(), "a temporary directory"));
    }
    std::vector<std::string> flags;
    std::vector<std::string> link_args;
    std::size_t number = 0;
    for (const DriverArg& arg : parse_driver_args(args_, config_.target.darwin())) {
      const bool source = arg.kind == DriverArg::Kind::input && is_source(arg.name);
      if (source) {
        link_args.push_back(fmt::format("{}/{}.o", scratch.path, number++));
        sources_.push_back({arg.name, link_args.back()});
      } else {
        append_args(arg, link_args);
        const bool output = arg.name == "-o" || arg.kind != DriverArg::Kind::flag;
        if (!output) append_args(arg, flags);
      }
    }
    for (const auto& [source, object] : sources_) {
      std::vector<std::string> one = flags;
      one.insert(one.end(), {"-c", source, "-o", object});
      const int code = TENON_TRY(pass(compile_command(config_, one, {}).argv));
      if (code != 0) failed_ = code;
    }
    return link_args;
  }

  Outcome<int> link() {
    ScratchFolder scratch;
    // A trial of cmd/go, to see what a package imports: when it fails, go links externally.
    if (base_name(call_.output) == "_cgo_.o") stop_trace();
    const bool stdin_source = !call_.sources.empty() && call_.sources.back() == "-";
    if (call_.inputs.empty() || call_.dry_run || stdin_source) {
      return exec(compile_command(config_, args_, {}).argv);
    }
    if (!call_.sources.empty() && config_.target.darwin()) {
      args_ = TENON_TRY(compile_sources(scratch));
      if (failed_ != 0) return failed_;
    }
    trace("link", {std::to_string(::getpid()), call_.output});
    const bool replace = scratch.path.empty();
    return config_.target.darwin() && config_.toolchain.engine != Engine::apple
               ? link_macho(config_, args_, replace)
               : link_plain(config_, args_, replace);
  }

  struct Source {
    std::string path;
    std::string object;
  };

  const CcConfig& config_;
  std::vector<std::string> args_;
  DriverCall call_;
  std::string_view version_;
  std::vector<Source> sources_;
  int failed_ = 0;
};

}  // namespace

Outcome<int> run_cc(const CcConfig& config, const std::vector<std::string>& args,
                    std::string_view tenon_version) {
  auto expanded = expand_response_files(args);
  if (!expanded) return std::unexpected(broken(expanded.error(), "a response file"));
  return Call(config, std::move(*expanded), tenon_version).run();
}

std::vector<std::string> pack_finding(const Finding& finding) {
  std::vector<std::string> out{std::string(code_text(finding.code)), finding.subject,
                               finding.message};
  for (const Evidence& evidence : finding.evidence) {
    out.push_back(evidence.where);
    out.push_back(evidence.text);
  }
  return out;
}

Finding unpack_finding(const std::vector<std::string>& fields) {
  Finding finding;
  if (fields.size() < 3) return finding;
  finding.code = find_code(fields[0]).value_or(Code::none);
  finding.subject = fields[1];
  finding.message = fields[2];
  for (std::size_t i = 3; i + 1 < fields.size(); i += 2) {
    finding.evidence.push_back({Evidence::Kind::file, fields[i], fields[i + 1]});
  }
  return finding;
}

}  // namespace tenon
