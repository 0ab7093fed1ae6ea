// What the parts of the diagnosis share. Not for other folders.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/template.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "machine/snapshot.h"

namespace tenon::doctor {

using Findings = std::vector<Finding>;

// A finding with the code of a cause that logs betray too: same code, same page.
struct Note {
  Severity severity = Severity::warning;
  std::string subject;
  std::string message;
  std::vector<Evidence> evidence = {};
  std::vector<Fix> fixes = {};  // empty: the cause's own
};

[[nodiscard]] Finding of_cause(Code code, Note note);
// The same with a code whose message is filled.
[[nodiscard]] Finding of_rule(Code code, const Captures& names, std::string subject,
                              std::vector<Evidence> evidence);

[[nodiscard]] Evidence fact(std::string where, std::string text);
// `go env -u NAME` for what stands in the file of `go env -w`, a manual step for the environment.
[[nodiscard]] Fix unset(const Setting& setting);

// The setting that holds; nullptr when nobody set it.
[[nodiscard]] const Setting* active(const Snapshot& snapshot, std::string_view name);
// The go command that runs; nullptr when there is none or it is not known.
[[nodiscard]] const GoInstall* first_go(const Snapshot& snapshot);
// "go1.26.8" -> 26; 0 when that cannot be told.
[[nodiscard]] unsigned go_minor(std::string_view version);
// Whether the project at hand has packages that do not work without C; false when there is none, or
// it is not known.
[[nodiscard]] bool project_needs_cgo(const Snapshot& snapshot);
[[nodiscard]] std::string cgo_packages(const Snapshot& snapshot);
// How grave it is that C cannot be compiled here.
[[nodiscard]] Severity without_c(const Snapshot& snapshot);
// Whether the cgo check passed here.
[[nodiscard]] bool c_works(const Snapshot& snapshot);
// 11 of "11.2"; 0 when it is none. 10.15 is 10 with minor 15.
[[nodiscard]] unsigned major_of(std::string_view version);

// The first macOS release that programs of Go 1.MINOR run on, by its release notes: 10 stands for
// all before 11. 0 when `minor` is.
[[nodiscard]] unsigned oldest_macos(unsigned minor);
// Numbers between dots, as many as there are; suffixes such as "rc1" end it.
[[nodiscard]] std::vector<unsigned> numbers_of(std::string_view version);
// Two spellings of one folder: slashes at the end and "/private" of macOS do not count.
[[nodiscard]] bool same_folder(std::string_view one, std::string_view other);
// CC=/My Tools/clang: a path with blanks that nobody quoted.
[[nodiscard]] bool unquoted_path(std::string_view command);
// That, flags without a program, a program and its flags in one pair of quotes, or quotes that do
// not end.
[[nodiscard]] bool misquoted(std::string_view command);
// GOOS of a triple; most that name no system are for Linux.
[[nodiscard]] std::string_view target_goos(std::string_view triple);
// Whether a compiler for `triple` makes programs of this machine.
[[nodiscard]] bool fits_host(const Snapshot& snapshot, std::string_view triple);
// "arm-none-eabi", "riscv64-unknown-elf": no operating system.
[[nodiscard]] bool is_bare_metal(std::string_view triple);

void diagnose_go(const Snapshot& snapshot, Findings& out);
void diagnose_settings(const Snapshot& snapshot, Findings& out);
void diagnose_paths(const Snapshot& snapshot, Findings& out);
void diagnose_packages(const Snapshot& snapshot, Findings& out);
void diagnose_identities(const Snapshot& snapshot, Findings& out);
// The last day of who issued it, as the machine's certificates say, or as it is published; empty
// when neither is known.
[[nodiscard]] std::string issuer_end(const SigningIdentity& one);
// The last line of a start-up file that sets this: what a shell reads last holds. A value that the
// shell has to work out may be the one. nullptr when there is none.
[[nodiscard]] const ShellLine* shell_line_for(const Snapshot& snapshot, std::string_view name,
                                              std::string_view value);
enum class Packager { none, apt, dnf, apk, pacman, zypper, brew };

// What installs packages on this system; none when that is not known.
[[nodiscard]] Packager packager_of(const Snapshot& snapshot);
// Installs a package that is called so with apt and with dnf; by hand on other systems.
[[nodiscard]] Fix install_package(const Snapshot& snapshot, const std::string& apt,
                                  const std::string& others);
// Leaves out commands of other systems. A fix without commands is applied by hand.
void keep_own_commands(const Snapshot& snapshot, Findings& out);
// Names the line of a start-up file for what comes from the environment.
void point_to_shell_files(const Snapshot& snapshot, Findings& out);
void diagnose_compiler(const Snapshot& snapshot, Findings& out);
void diagnose_apple(const Snapshot& snapshot, Findings& out);
// Downloads, certificates, the clock, limits, git and vendor.
void diagnose_needs(const Snapshot& snapshot, Findings& out);
void diagnose_machine_parts(const Snapshot& snapshot, Findings& out);

}  // namespace tenon::doctor
