#include "diagnose/failures/failure_class.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shell_word.h"
#include "base/template.h"
#include "diagnose/log.h"
#include "diagnose/log_event.h"
#include "diagnose/origin.h"

namespace tenon {
namespace {

using enum FailureClass;

struct Words {
  FailureClass value;
  std::string_view name, words;
};

constexpr auto words_table = std::to_array<Words>({
    {resource_exhausted, "resource-exhausted", "a resource ran out"},
    {program_missing, "program-missing", "a program was not found"},
    {cgo_off, "cgo-off", "cgo is off where it is needed"},
    {package_missing, "package-missing", "a Go package was not found"},
    {module_unavailable, "module-unavailable", "a module could not be fetched or verified"},
    {toolchain_wrong, "toolchain-wrong", "another Go toolchain is needed"},
    {sdk_missing, "sdk-missing", "the developer tools or their SDK are not in place"},
    {pkg_config, "pkg-config", "pkg-config did not give the flags of a library"},
    {header_missing, "header-missing", "a header was not found"},
    {c_error, "c-error", "the C compiler refused the source"},
    {go_error, "go-error", "the Go compiler refused the source"},
    {option_unknown, "option-unknown", "a tool does not take an option"},
    {file_refused, "file-refused", "a file is not of the kind or machine that is needed"},
    {library_missing, "library-missing", "a library was not found"},
    {symbol_undefined, "symbol-undefined", "no input of the link defines a symbol"},
    {symbol_duplicate, "symbol-duplicate", "two inputs of the link define one symbol"},
    {link_failed, "link-failed", "the linker stopped"},
    {permission_denied, "permission-denied", "access was refused"},
    {start_refused, "start-refused", "the system or its loader did not start a program"},
    {signature_refused, "signature-refused", "a signature or notarization was refused"},
    {killed, "killed", "a program was ended from outside"},
    {crashed, "crashed", "a program crashed"},
    {test_failed, "test-failed", "a test failed"},
    {network, "network", "a host was not reached or not trusted"},
    {tool_failed, "tool-failed", "a tool failed"},
    {unknown, "unknown", "something failed"},
});

static_assert(words_table.size() == failure_classes);

struct OfEvent {
  EventKind kind;
  FailureClass value;
};

constexpr auto of_events = std::to_array<OfEvent>({
    {EventKind::files_excluded, package_missing},
    {EventKind::c_files_alone, cgo_off},
    {EventKind::cgo_required, cgo_off},
    {EventKind::flag_refused, option_unknown},
    {EventKind::package_missing, package_missing},
    {EventKind::module_unreachable, module_unavailable},
    {EventKind::module_sum, module_unavailable},
    {EventKind::go_too_old, toolchain_wrong},
    {EventKind::go_root_wrong, toolchain_wrong},
    {EventKind::go_name_undefined, go_error},
    {EventKind::go_error, go_error},
    {EventKind::c_name_unknown, c_error},
    {EventKind::program_missing, program_missing},
    {EventKind::header_missing, header_missing},
    {EventKind::header_refused, c_error},
    {EventKind::c_name_undeclared, c_error},
    {EventKind::option_unknown, option_unknown},
    {EventKind::option_unused, option_unknown},
    {EventKind::assembler_refuses, c_error},
    {EventKind::runtime_c_refused, c_error},
    {EventKind::word_size_differs, c_error},
    {EventKind::no_sysroot, sdk_missing},
    {EventKind::object_unreadable, file_refused},
    {EventKind::library_missing, library_missing},
    {EventKind::framework_missing, library_missing},
    {EventKind::start_file_missing, library_missing},
    {EventKind::search_path_missing, library_missing},
    {EventKind::file_ignored, file_refused},
    {EventKind::file_format, file_refused},
    {EventKind::symbol_undefined, symbol_undefined},
    {EventKind::symbol_duplicate, symbol_duplicate},
    {EventKind::relocation_refused, link_failed},
    {EventKind::static_warning, link_failed},
    {EventKind::pc_missing, pkg_config},
    {EventKind::pc_invalid, pkg_config},
    {EventKind::sdk_missing, sdk_missing},
    {EventKind::tools_missing, sdk_missing},
    {EventKind::license_open, sdk_missing},
    {EventKind::library_not_loaded, start_refused},
    {EventKind::start_symbol_missing, start_refused},
    {EventKind::version_missing, start_refused},
    {EventKind::wrong_machine, start_refused},
    {EventKind::no_such_program, start_refused},
    {EventKind::killed, killed},
    {EventKind::crashed, crashed},
    {EventKind::signature_refused, signature_refused},
    {EventKind::notary_refused, signature_refused},
    {EventKind::quarantine, signature_refused},
    {EventKind::lookup_failed, network},
    {EventKind::no_memory, resource_exhausted},
    {EventKind::no_threads, resource_exhausted},
    {EventKind::no_space, resource_exhausted},
    {EventKind::no_permission, permission_denied},
    {EventKind::finding, tool_failed},
});

struct OfText {
  std::string_view text;
  FailureClass value;
};

// The first that a line holds counts.
constexpr auto of_texts = std::to_array<OfText>({
    {"--- FAIL", test_failed},
    {"panic: test timed out", test_failed},
    {"fatal error: all goroutines", crashed},
    {"fatal error: concurrent map", crashed},
    {"fatal error: stack overflow", crashed},
    {"fatal error: unexpected signal", crashed},
    {"terminate called", crashed},
    {"out of memory", resource_exhausted},
    {"errno=1455", resource_exhausted},
    {"annot allocate memory", resource_exhausted},
    {"emory exhausted", resource_exhausted},
    {"o space left on device", resource_exhausted},
    {"undefined reference to", symbol_undefined},
    {"ndefined symbol", symbol_undefined},
    {"multiple definition", symbol_duplicate},
    {"duplicate symbol", symbol_duplicate},
    {"SIGKILL", killed},
    {"Killed", killed},
    {"signal: killed", killed},
    {"panic: ", crashed},
    {"SIGSEGV", crashed},
    {"SIGILL", crashed},
    {"SIGABRT", crashed},
    {"SIGBUS", crashed},
    {"SIGTRAP", crashed},
    {"egmentation fault", crashed},
    {"llegal instruction", crashed},
    {"core dumped", crashed},
    {"x509: ", network},
    {"certificate", network},
    {"no such host", network},
    {"connection refused", network},
    {"no route to host", network},
    {"i/o timeout", network},
    {"TLS handshake", network},
    {"command not found", program_missing},
    {"executable file not found", program_missing},
    {"ermission denied", permission_denied},
    {"peration not permitted", permission_denied},
    {"AccessDenied", permission_denied},
    {"read-only file system", permission_denied},
    {"exec format error", start_refused},
    {"cannot execute binary file", start_refused},
    {"unrecognized option", option_unknown},
    {"unknown option", option_unknown},
    {"unknown argument", option_unknown},
    {"unsupported option", option_unknown},
    {"nrecognized command", option_unknown},
    {"invalid value ", option_unknown},
    {"flag provided but not defined", option_unknown},
    {"file format not recognized", file_refused},
    {"wrong ELF class", file_refused},
    {"not an ELF file", file_refused},
    {"was built with a different version", file_refused},
    {"no matching files found", go_error},
    {"errSec", signature_refused},
    {"codesign", signature_refused},
    {"notar", signature_refused},
});

struct OfStage {
  std::string_view stage;
  FailureClass value;
};

constexpr auto of_stages = std::to_array<OfStage>({
    {"link", link_failed},
    {"start", start_refused},
    {"sign", signature_refused},
    {"notarize", signature_refused},
    {"resolve names", network},
    {"pkg-config", pkg_config},
    {"test", test_failed},
});

// Where the machine that the log is of is not known, what works on any is asked.
enum class System : std::uint8_t { any, unix_like, linux_os, debian, alpine, darwin };

struct Check {
  FailureClass value;
  System system;
  std::array<std::string_view, 7> words;
};

constexpr auto checks = std::to_array<Check>({
    {resource_exhausted, System::unix_like, {"df", "-h"}},
    {resource_exhausted, System::unix_like, {"df", "-i"}},
    {resource_exhausted, System::linux_os, {"free", "-m"}},
    {program_missing, System::unix_like, {"which", "-a", "{program}"}},
    {program_missing, System::any, {"go", "env", "CC", "CXX", "CGO_ENABLED"}},
    {program_missing, System::debian, {"apt-file", "search", "bin/{program}"}},
    {cgo_off, System::any, {"go", "env", "CGO_ENABLED", "CC", "GOOS", "GOARCH"}},
    {cgo_off, System::any, {"tenon", "doctor"}},
    {package_missing, System::any, {"go", "list", "-deps", "./..."}},
    {package_missing, System::any, {"go", "env", "GOOS", "GOARCH", "CGO_ENABLED", "GOFLAGS"}},
    {module_unavailable, System::any, {"go", "env", "GOPROXY", "GOPRIVATE", "GOSUMDB", "GOFLAGS"}},
    {module_unavailable, System::any, {"go", "mod", "verify"}},
    {toolchain_wrong, System::any, {"go", "version"}},
    {toolchain_wrong, System::any, {"go", "env", "GOROOT", "GOTOOLDIR", "GOTOOLCHAIN"}},
    {sdk_missing, System::darwin, {"xcode-select", "-p"}},
    {sdk_missing, System::darwin, {"xcrun", "--show-sdk-path"}},
    {sdk_missing, System::any, {"go", "env", "CC", "CGO_CFLAGS", "CGO_LDFLAGS"}},
    {pkg_config, System::any, {"pkg-config", "--print-errors", "--exists", "{name}"}},
    {pkg_config, System::any, {"pkg-config", "--variable=pc_path", "pkg-config"}},
    {pkg_config, System::debian, {"apt-file", "search", "{name}.pc"}},
    {header_missing, System::debian, {"apt-file", "search", "/{header}"}},
    {header_missing, System::darwin, {"find", "/opt/homebrew/include", "-path", "*/{header}"}},
    {header_missing, System::linux_os, {"find", "/usr/include", "-path", "*/{header}"}},
    {header_missing, System::any, {"go", "env", "CC", "CGO_CFLAGS", "CGO_CPPFLAGS"}},
    {c_error, System::any, {"go", "env", "CC", "CGO_CFLAGS", "CGO_CPPFLAGS"}},
    {c_error, System::any, {"go", "build", "-x", "{package}"}},
    {go_error, System::any, {"go", "vet", "{package}"}},
    {go_error, System::any, {"go", "version"}},
    {option_unknown, System::any, {"go", "env", "CC", "CGO_CFLAGS", "CGO_LDFLAGS", "GOFLAGS"}},
    {option_unknown, System::any, {"tenon", "doctor"}},
    {file_refused, System::any, {"tenon", "inspect", "{file}"}},
    {file_refused, System::any, {"go", "env", "GOOS", "GOARCH", "CC"}},
    {library_missing, System::debian, {"apt-file", "search", "lib{name}.so"}},
    {library_missing, System::darwin, {"find", "/opt/homebrew/lib", "-name", "lib{name}.*"}},
    {library_missing,
     System::linux_os,
     {"find", "/usr/lib", "/usr/local/lib", "-name", "lib{name}.*"}},
    {library_missing, System::any, {"go", "env", "CC", "CGO_LDFLAGS"}},
    {symbol_undefined, System::any, {"go", "list", "-f", "{{.CgoLDFLAGS}}", "{package}"}},
    {symbol_undefined, System::any, {"go", "env", "CC", "CXX", "CGO_LDFLAGS"}},
    {symbol_duplicate, System::any, {"go", "list", "-f", "{{.CgoLDFLAGS}}", "{package}"}},
    {symbol_duplicate, System::any, {"go", "env", "CGO_LDFLAGS", "GOFLAGS"}},
    {link_failed, System::any, {"go", "env", "CC", "CGO_LDFLAGS", "GOFLAGS"}},
    {link_failed, System::darwin, {"xcode-select", "-p"}},
    {link_failed, System::any, {"tenon", "doctor"}},
    {permission_denied, System::any, {"go", "env", "GOCACHE", "GOMODCACHE", "GOTMPDIR"}},
    {permission_denied, System::unix_like, {"id"}},
    {start_refused, System::any, {"tenon", "inspect", "{file}"}},
    {start_refused, System::unix_like, {"uname", "-m"}},
    {signature_refused, System::any, {"tenon", "verify", "{file}"}},
    {signature_refused, System::darwin, {"security", "find-identity", "-v", "-p", "codesigning"}},
    {signature_refused, System::any, {"tenon", "doctor"}},
    {killed, System::linux_os, {"free", "-m"}},
    {killed, System::linux_os, {"dmesg", "--ctime", "--level=err"}},
    {killed,
     System::darwin,
     {"log", "show", "--last", "5m", "--predicate", "sender == \"AppleSystemPolicy\""}},
    {crashed, System::any, {"go", "version"}},
    {crashed, System::unix_like, {"uname", "-m"}},
    {test_failed, System::any, {"go", "test", "-count=1", "-v", "-run", "^{test}$", "{package}"}},
    {test_failed, System::any, {"go", "test", "-count=1", "-v", "{package}"}},
    {network, System::any, {"go", "env", "GOPROXY", "GOPRIVATE", "GOINSECURE"}},
    {network, System::unix_like, {"date"}},
    {tool_failed, System::any, {"go", "env"}},
    {tool_failed, System::any, {"tenon", "doctor"}},
    {unknown, System::any, {"go", "env"}},
    {unknown, System::any, {"tenon", "doctor"}},
});

bool is_of(System system, const Log& log) {
  const std::string_view host = log.origin.host.value, family = package_family(log);
  const bool darwin = host == "darwin", linux = host == "linux";
  switch (system) {
    case System::any: return true;
    case System::unix_like: return host != "windows";
    case System::linux_os: return linux;
    case System::debian: return linux && family == "debian";
    case System::alpine: return linux && family == "alpine";
    case System::darwin: return darwin;
  }
  return false;
}

// A command in the words of go's templates, "{{.Name}}", has no name of ours.
bool is_ours(std::string_view word) { return word.contains('{') && !word.contains("{{"); }

bool is_filled(std::string_view word, const Captures& names) {
  if (!is_ours(word)) return true;
  const std::size_t open = word.find('{');
  const std::size_t close = word.find('}', open);
  return close != word.npos && !capture(names, word.substr(open + 1, close - open - 1)).empty();
}

}  // namespace

std::string_view class_name(FailureClass value) {
  return words_table[static_cast<std::size_t>(value)].name;
}

std::string_view class_words(FailureClass value) {
  return words_table[static_cast<std::size_t>(value)].words;
}

FailureClass class_of(const LogEvent& event) {
  const auto found = std::ranges::find(of_events, event.kind, &OfEvent::kind);
  if (found != of_events.end()) return found->value;
  return class_of_line(event.text, event.voice);
}

FailureClass class_of_line(std::string_view line, const Voice& voice) {
  for (const OfText& one : of_texts) {
    if (line.contains(one.text)) return one.value;
  }
  for (const OfStage& one : of_stages) {
    if (voice.stage == one.stage) return one.value;
  }
  if (line.contains(".go:")) return go_error;
  if (voice.stage == "compile") return c_error;
  return voice.tool.empty() && !line.contains(": ") ? unknown : tool_failed;
}

std::vector<ShellCommand> checks_of(FailureClass value, const Log& log, const Captures& names) {
  constexpr std::size_t most = 3;
  std::vector<ShellCommand> out;
  for (const Check& one : checks) {
    if (one.value != value || !is_of(one.system, log) || out.size() == most) continue;
    const auto end = std::ranges::find(one.words, std::string_view());
    const std::span<const std::string_view> words(one.words.begin(), end);
    if (!std::ranges::all_of(words, [&](auto word) { return is_filled(word, names); })) continue;
    ShellCommand command;
    for (const std::string_view word : words) {
      command.push_back(is_ours(word) ? ShellWord::filled(word, names) : ShellWord::again(word));
    }
    if (is_complete(command)) out.push_back(std::move(command));
  }
  return out;
}

}  // namespace tenon
