// tenon pkg-config: pkgconf's command line, with the origin of each flag and a sysroot that nothing
// of this machine gets into.
#include <algorithm>
#include <expected>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/reason.h"
#include "base/shown.h"
#include "base/text.h"
#include "cli/pkg_config/closure.h"
#include "cli/pkg_config/data.h"
#include "cli/table.h"
#include "cli/term.h"
#include "crossbuild/run/sysroot.h"
#include "crossbuild/run/wrapper.h"
#include "crossbuild/sysroot/name.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "host/environment.h"
#include "host/files.h"
#include "link/go_flags.h"
#include "link/pc/fragment.h"
#include "link/pc/package.h"
#include "link/pc/problem.h"
#include "link/pc/repository.h"
#include "link/pc/settings.h"
#include "link/query/answer.h"
#include "link/query/cross.h"
#include "link/query/environment.h"
#include "link/query/findings.h"
#include "link/query/go_check.h"
#include "link/query/modules_state.h"
#include "link/query/request.h"
#include "link/run/machine_files.h"
#include "machine/probe/own_platform.h"
#include "platform/platforms.h"
#include "platform/target.h"

namespace tenon {
namespace {

using pc::Want;

pc::Environment environment_of_process() {
  pc::Environment out;
  for (auto& [name, value] : environment_entries()) {
    if (!value.empty() || name.starts_with("PKG_CONFIG_")) out.emplace(name, std::move(value));
  }
  return out;
}

pc::Personality own_personality() {
  const OwnPlatform own = own_platform();
  if (own.goos == "darwin") return pc::macos_personality();
  const Platform* row = find_platform(own.goos, own.goarch);
  return pc::linux_personality(row == nullptr ? std::string_view() : row->debian);
}

// One call: what it asks, and what it says.
class Call {
 public:
  Call(pc::Request request, const std::vector<std::string>& args)
      : args_(args), request_(std::move(request)), environment_(environment_of_process()) {}

  int run() {
    if (const auto depth = pc::find_in(environment_, "PKG_CONFIG_MAXIMUM_TRAVERSE_DEPTH")) {
      const auto number = pc::parse_depth(*depth);
      if (!number) return fail_usage("invalid maximum traverse depth: " + *depth);
      request_.depth = *number;
    }
    if (!request_.log_file) request_.log_file = pc::find_in(environment_, "PKG_CONFIG_LOG");
    if (request_.wants.has(Want::about)) return print_text(about);
    if (request_.wants.has(Want::version)) {
      return print_text(std::string(pc::pkgconf_version) + "\n");
    }
    if (request_.wants.has(Want::help)) return print_help(*find_command("pkg-config"), {});
    if (request_.wants.has(Want::print_wrapper) || request_.wants.has(Want::print_env))
      return print_wrapper();
    const bool is_cross = request_.sysroot || request_.target;
    auto answered = is_cross ? answer_for_sysroot() : answer_for_machine();
    if (!answered) return say(std::move(answered).error());
    return finish(*answered);
  }

 private:
  static constexpr std::string_view about =
      "tenon pkg-config, with the command line and the order of flags of pkgconf 3.0.7\n";

  static int print_text(std::string_view text) {
    return print_document(text) ? exit_ok : exit_undecided;
  }

  static int fail_usage(const std::string& text) {
    tell(shown_format("tenon pkg-config: {}\n", text));
    return exit_no;
  }

  int say(Finding finding) const {
    if (request_.wants.has(Want::json)) return finish_report({}, {std::move(finding)}, exit_usage);
    tell(render_finding(completed(std::move(finding)), {}));
    return exit_usage;
  }

  static Finding usage_error(std::string message) {
    return make_finding(Code::usage_bad_option, {{"message", std::move(message)}},
                        "tenon pkg-config");
  }

  Outcome<pc::Answer> answer_for_machine() {
    const pc::Personality standard = own_personality();
    pc::Personality personality = standard;
    if (request_.personality) {
      personality = pc::find_personality(*request_.personality, environment_, standard, files_)
                        .value_or(standard);
    }
    const pc::Prepared prepared = pc::prepare(request_, environment_, personality);
    return pc::answer(request_, prepared, personality, files_, pc::is_utf8(environment_));
  }

  // The sysroot and the target's name of directories; --target may be left out when the name of the
  // sysroot says it.
  Outcome<pc::Cross> find_cross() {
    if (!request_.sysroot) {
      return std::unexpected(
          usage_error("--target needs --sysroot: the flags of this machine's "
                      "modules are for this machine"));
    }
    pc::Cross out;
    if (request_.target) {
      const ParsedTarget target = parse_target(*request_.target);
      if (!target) return std::unexpected(usage_error(target.error().message));
      out.triplet = target->platform->debian;
    } else if (const auto name = parse_sysroot_name(*request_.sysroot)) {
      out.triplet = name->platform->debian;
    } else {
      return std::unexpected(usage_error("--sysroot DIR needs --target, for example linux/arm64"));
    }
    auto folder = find_sysroot(*request_.sysroot, current_folder(), "tenon pkg-config");
    if (!folder) return std::unexpected(std::move(folder).error());
    out.sysroot = *std::move(folder);
    while (out.sysroot.size() > 1 && out.sysroot.ends_with('/')) out.sysroot.pop_back();
    if (!is_folder(out.sysroot)) {
      return std::unexpected(usage_error("the sysroot " + out.sysroot + " is not a directory"));
    }
    return out;
  }

  Outcome<pc::Answer> answer_for_sysroot() {
    auto cross = find_cross();
    if (!cross) return std::unexpected(std::move(cross).error());
    const bool by_symbols = request_.closure && request_.wants.libs();
    const pc::Request asked = by_symbols ? without_libs(request_) : request_;
    const pc::PreparedCross prepared = pc::prepare_cross(asked, environment_, *cross, files_);
    pc::Answer out = pc::answer(asked, prepared.prepared, prepared.personality, files_,
                                pc::is_utf8(environment_));
    std::vector<std::string> host = prepared.outside;
    for (const std::string& folder : own_personality().folders) host.push_back(folder);
    pc::Problems leaks = pc::find_leaks(out, *cross, host, files_);
    if (!leaks.empty()) {
      // What leads out of the sysroot is told, and never handed on.
      out.out.clear();
      out.cflags.clear();
      out.libs.clear();
      out.code = exit_no;
    }
    cross_problems_ = prepared.problems;
    cross_problems_.insert(cross_problems_.end(), leaks.begin(), leaks.end());
    if (by_symbols && out.code == exit_ok) {
      auto line = closure_line(request_, cross->sysroot);
      if (!line) return std::unexpected(std::move(line).error());
      closure_ = *line;
      while (out.out.ends_with('\n') || out.out.ends_with(' ')) out.out.pop_back();
      out.out += (out.out.empty() ? "" : " ") + *line + "\n";
    }
    return out;
  }

  int finish(pc::Answer& answer) {
    if (request_.log_file && !write_log(answer)) answer.code = exit_no;
    if (request_.wants.has(Want::json)) {
      std::vector<Finding> findings = pc::findings_of(of_used_files(answer));
      std::ranges::move(pc::findings_of(cross_problems_), std::back_inserter(findings));
      if (request_.wants.has(Want::go_check)) {
        auto rejected = pc::go_findings(answer, pc::is_utf8(environment_));
        if (!rejected.empty()) answer.code = exit_no;
        std::ranges::move(rejected, std::back_inserter(findings));
      }
      return finish_report(data_of(answer), std::move(findings), answer.code);
    }
    if (!answer.err.empty()) tell(Shown::lines_of(answer.err));
    for (Finding& finding : pc::findings_of(cross_problems_)) {
      tell(render_finding(completed(std::move(finding)), {}));
    }
    if (!request_.why.empty()) return print_origins(answer);
    if (request_.wants.has(Want::go_check)) return print_go_check(answer);
    if (request_.format) return print_cgo(answer);
    if (!answer.out.empty() && !print_document(answer.out)) return exit_undecided;
    return answer.code;
  }

  [[nodiscard]] int print_go_check(const pc::Answer& answer) const {
    if (answer.code != exit_ok) return answer.code;
    const auto findings = pc::go_findings(answer, pc::is_utf8(environment_));
    for (const Finding& finding : findings) print(render_finding(completed(finding), {}));
    if (findings.empty()) print("cmd/go accepts all flags\n");
    return findings.empty() ? exit_ok : exit_no;
  }

  // Lines for a Go file, of flags that cmd/go takes there.
  [[nodiscard]] int print_cgo(const pc::Answer& answer) const {
    if (answer.code != exit_ok) return answer.code;
    const bool utf8 = pc::is_utf8(environment_);
    const auto cflags = pc::go_words_of(answer.cflags, utf8);
    const auto libs = closure_ ? go_words_of_output(*closure_) : pc::go_words_of(answer.libs, utf8);
    for (const auto& words : {cflags, libs}) {
      if (!words) return fail_usage(words.error());
    }
    int code = exit_ok;
    for (const auto& [words, source] : {std::pair{&*cflags, GoFlagSource::cgo_cflags},
                                        std::pair{&*libs, GoFlagSource::cgo_ldflags}}) {
      const pc::CgoLine line = pc::cgo_line(*words, source, answer);
      if (!line.text.empty() && !print_document(line.text + "\n")) return exit_undecided;
      for (const Finding& one : line.findings) tell(render_finding(completed(one), {}));
      if (!line.findings.empty()) code = exit_no;
    }
    return code;
  }

  // One word to be used as PKG_CONFIG, of which cmd/go takes no more.
  int print_wrapper() {
    std::vector<std::string> options;
    std::vector<std::string> searched;
    for (const std::string& arg : args_) {
      if (!arg.ends_with("-print-wrapper") && !arg.ends_with("-print-env")) options.push_back(arg);
    }
    if (request_.sysroot || request_.target) {
      const auto cross = find_cross();
      if (!cross) return say(cross.error());
      options.push_back("--sysroot=" + cross->sysroot);
      searched =
          pc::prepare_cross(request_, environment_, *cross, files_).prepared.settings.folders;
    } else {
      searched = pc::prepare(request_, environment_, own_personality()).settings.folders;
    }
    const std::string cache = cache_folder();
    const auto folder = make_pkg_config_wrapper(cache, own_path(), options);
    if (!folder) {
      return say(make_finding(Code::usage_output_not_writable,
                              {{"path", cache}, {"reason", reason_text(folder.error())}}, cache));
    }
    const std::string program = *folder + "/pkg-config";
    if (!request_.wants.has(Want::print_env)) return print_text(program + "\n");
    return print_text(environment_text(program, pc::modules_state(searched, files_)));
  }

  // A search reads files that have nothing to do with the modules: what is wrong in these is left
  // out.
  [[nodiscard]] pc::Problems of_used_files(const pc::Answer& answer) const {
    pc::Problems out = answer.problems;
    if (request_.wants.has(Want::validate)) return out;
    std::erase_if(out, [&](const pc::Problem& one) {
      return one.kind == pc::Problem::Kind::malformed &&
             std::ranges::find(answer.packages, one.file, &pc::Package::file) ==
                 answer.packages.end();
    });
    return out;
  }

  // cmd/go puts CGO_CPPFLAGS into the keys of its cache, and not what pkg-config answers: a name
  // that no C code asks for keeps the objects of different answers apart.
  [[nodiscard]] std::string environment_text(const std::string& program,
                                             const std::string& state) const {
    const std::string key = hex(sha256(view_of(program + "\n" + state).bytes())).substr(0, 16);
    std::string flags = pc::find_in(environment_, "CGO_CPPFLAGS").value_or("");
    flags += (flags.empty() ? "-DTENON_PACKAGES_" : " -DTENON_PACKAGES_") + key;
    return "export PKG_CONFIG=" + shell_quote(program) +
           "\nexport CGO_CPPFLAGS=" + shell_quote(flags) + "\n";
  }

  static int finish_report(Data data, std::vector<Finding> findings, int code) {
    Arguments arguments;
    arguments.values["--json"] = "1";
    Report report;
    report.command = "pkg-config";
    report.ok = code == exit_ok;
    report.data = std::move(data);
    report.findings = std::move(findings);
    return Term(arguments).finish(report, code);
  }

  int print_origins(const pc::Answer& answer) const {
    if (answer.code != exit_ok) return answer.code;
    int code = exit_ok;
    for (const std::string& flag : request_.why) {
      const auto origins = pc::origins_of(flag, answer);
      if (origins.empty()) {
        tell(shown_format("tenon pkg-config: no flag is {}\n", flag));
        code = exit_no;
      }
      for (const pc::Origin& origin : origins) {
        print(shown_format("{}: {}\n", flag, pc::origin_text(origin)));
      }
    }
    return code;
  }

  [[nodiscard]] bool write_log(const pc::Answer& answer) const {
    const std::string& path = *request_.log_file;
    if (append_to_file(path, answer.log)) return true;
    const auto written = write_text(path, answer.log);
    if (!written) tell(shown_format("tenon pkg-config: cannot write {}\n", path));
    return written.has_value();
  }

  const std::vector<std::string>& args_;
  pc::Request request_;
  pc::Environment environment_;
  MachineFiles files_;
  pc::Problems cross_problems_;
  std::optional<std::string> closure_;  // the line that symbols gave
};

// --why, --go-check and --format are about flags, so they ask for them.
void want_flags(pc::Request& request) {
  const bool about_flags =
      !request.why.empty() || request.wants.has(Want::go_check) || request.format;
  if (!about_flags || request.wants.cflags() || request.wants.libs()) return;
  for (const Want want : {Want::cflags_I, Want::cflags_other, Want::libs_L, Want::libs_l,
                          Want::libs_other, Want::print_errors}) {
    request.wants.set(want);
  }
}

int run(const std::vector<std::string>& args) {
  auto request = pc::parse_request(args);
  if (!request) {
    tell(shown_format("tenon pkg-config: {}\n", request.error()));
    return exit_no;
  }
  if (request->format && *request->format != "cgo") {
    tell("tenon pkg-config: --format is cgo\n");
    return exit_no;
  }
  want_flags(*request);
  return Call(*std::move(request), args).run();
}

constexpr OptionSpec options[] = {
    {"--cflags", "", "flags for the compiler; --cflags-only-I, --cflags-only-other"},
    {"--libs", "", "flags for the linker; --libs-only-l, --libs-only-L, --libs-only-other"},
    {"--static", "", "for a static link: Libs.private and Requires.private too"},
    {"--exists", "", "whether the modules are there, with the versions that are asked for"},
    {"--modversion", "", "versions of the modules"},
    {"--variable", "NAME", "the value of a variable"},
    {"--print-requires", "", "what modules require; --print-requires-private, --print-provides"},
    {"--list-all", "", "all modules that are found"},
    {"--path", "", "the .pc file of a module"},
    {"--validate", "", "what is wrong in the .pc files of modules"},
    {"--define-variable", "NAME=VALUE", "replace a variable of every module"},
    {"--with-path", "DIR", "search DIR first"},
    {"--target", "TARGET", "with --sysroot: the target, for example linux/arm64", false, "TARGET"},
    {"--sysroot", "DIR", "modules of this sysroot only; or a name: debian:12/arm64"},
    {"--closure", "MODE", "--libs by symbols, as tenon link finds them: hybrid or static", false,
     "hybrid static as-is"},
    {"--linker", "PROGRAM", "of --closure: the gcc that links (default: the target's), or zig"},
    {"--why", "FLAG", "print where a flag comes from: file, line, field, who requires it"},
    {"--go-check", "", "which flags cmd/go rejects, and what to write instead"},
    {"--format", "cgo", "#cgo lines for a Go file, of flags that cmd/go takes there"},
    {"--print-wrapper", "", "print the path of a wrapper with these options, for PKG_CONFIG"},
    {"--print-env", "", "the same as settings for a shell, which go's cache tells apart"},
    {"--json", "", "flags with their origins, modules and findings as JSON"},
};

constexpr Example examples[] = {
    {"tenon pkg-config --cflags --libs libcurl", "flags for this machine"},
    {"tenon pkg-config --static --libs --why=-lidn2 libcurl", "which line asks for -lidn2"},
    {"tenon pkg-config --sysroot debian:12/arm64 --libs libcurl", "flags for a sysroot"},
    {"PKG_CONFIG=$(tenon pkg-config --sysroot debian:12/arm64 --print-wrapper) go build",
     "cgo with the modules of a sysroot"},
    {"tenon pkg-config --sysroot debian:12/arm64 --closure hybrid --libs libcurl",
     "archives where there are any"},
};

}  // namespace

extern const CommandSpec command_pkg_config;
const CommandSpec command_pkg_config{
    .name = "pkg-config",
    .summary = "flags of libraries from .pc files, with their origin, also for a sysroot",
    .usage = "[OPTIONS] MODULES",
    .description =
        "Takes pkgconf's command line and PKG_CONFIG_ variables, and prints what pkgconf 3.0.7\n"
        "prints; all its options are accepted, the usual ones are listed here. With --sysroot "
        "only\n"
        "the sysroot's own modules are used: a module or a path of this machine is an error.",
    .options = options,
    .examples = examples,
    .raw = run,
    .own_options = true};

}  // namespace tenon
