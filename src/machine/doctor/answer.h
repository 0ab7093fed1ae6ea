// What one cause of the catalogue asks of a snapshot, and what it answers. Only for decide.cpp and
// the files of its answers.
#pragma once

#include <string>
#include <string_view>

#include "base/fact.h"
#include "diag/finding.h"
#include "machine/doctor/decide.h"
#include "machine/doctor/doctor.h"

namespace tenon::decide {

struct Question {
  const Snapshot& snapshot;
  std::string_view subject;
};

struct Answer {
  Support support = Support::unknown;
  Evidence evidence;
};

[[nodiscard]] Answer yes(Evidence evidence);
[[nodiscard]] Answer no(Evidence evidence);
[[nodiscard]] Answer open(std::string where, std::string why);
[[nodiscard]] Answer either(bool holds, const Evidence& evidence);
// A flag that holds when the cause does.
[[nodiscard]] Answer when(std::string name, const FlagFact& flag, bool value);
[[nodiscard]] Evidence setting_fact(const Setting& set);
[[nodiscard]] bool on_mac(const Snapshot& snapshot);
[[nodiscard]] Answer other_system(const Snapshot& snapshot);
[[nodiscard]] Answer settings_open(const Snapshot& snapshot);
// GOOS or GOARCH of another machine than this.
[[nodiscard]] const Setting* other_platform(const Snapshot& snapshot);

// One function a cause, or a few that the same fact decides. Compilers, cgo, Go and other targets:
[[nodiscard]] Answer no_compiler(const Question& q);
[[nodiscard]] Answer cc_missing(const Question& q);
[[nodiscard]] Answer cc_blanks(const Question& q);
[[nodiscard]] Answer musl_files(const Question& q);
[[nodiscard]] Answer glibc_files(const Question& q);
[[nodiscard]] Answer not_apples(const Question& q);
[[nodiscard]] Answer off_without_compiler(const Question& q);
[[nodiscard]] Answer off_by_setting(const Question& q);
[[nodiscard]] Answer off_by_platform(const Question& q);
[[nodiscard]] Answer platform_persisted(const Question& q);
[[nodiscard]] Answer cgo_is_off(const Question& q);
[[nodiscard]] Answer stub(const Question& q);
[[nodiscard]] Answer intel_go(const Question& q);
[[nodiscard]] Answer foreign_go(const Question& q);
[[nodiscard]] Answer go_before_arm64(const Question& q);
[[nodiscard]] Answer mixed(const Question& q);
[[nodiscard]] Answer wrong_root(const Question& q);
[[nodiscard]] Answer roots_swapped(const Question& q);
[[nodiscard]] Answer too_old(const Question& q);
[[nodiscard]] Answer gccgo(const Question& q);
[[nodiscard]] Answer foreign_compiler(const Question& q);
[[nodiscard]] Answer host_compiler(const Question& q);
[[nodiscard]] Answer bare_metal(const Question& q);
[[nodiscard]] Answer no_cxx(const Question& q);
[[nodiscard]] Answer cross_libc(const Question& q);
[[nodiscard]] Answer mac_from_linux(const Question& q);
[[nodiscard]] Answer linux_from_mac(const Question& q);
[[nodiscard]] Answer windows_without_mingw(const Question& q);

// Apple's tools, pkg-config, and the rest of the machine:
[[nodiscard]] Answer no_tools(const Question& q);
[[nodiscard]] Answer licence(const Question& q);
[[nodiscard]] Answer stale_sdk(const Question& q);
[[nodiscard]] Answer stale_cellar(const Question& q);
[[nodiscard]] Answer old_sdk(const Question& q);
[[nodiscard]] Answer old_macos(const Question& q);
[[nodiscard]] Answer translated(const Question& q);
[[nodiscard]] Answer no_rosetta(const Question& q);
[[nodiscard]] Answer brew_not_searched(const Question& q);
[[nodiscard]] Answer dyld_path(const Question& q);
[[nodiscard]] Answer no_pkg_config(const Question& q);
[[nodiscard]] Answer named_pkg_config(const Question& q);
[[nodiscard]] Answer pc_hidden(const Question& q);
[[nodiscard]] Answer pc_missing(const Question& q);
[[nodiscard]] Answer host_pc(const Question& q);
[[nodiscard]] Answer full(const Question& q);
[[nodiscard]] Answer cache_closed(const Question& q);
[[nodiscard]] Answer clone3(const Question& q);
[[nodiscard]] Answer musl_machine(const Question& q);
[[nodiscard]] Answer only_musl(const Question& q);
[[nodiscard]] Answer not_musl(const Question& q);
[[nodiscard]] Answer no_resolv(const Question& q);
[[nodiscard]] Answer no_nsswitch(const Question& q);
[[nodiscard]] Answer split_dns(const Question& q);
[[nodiscard]] Answer zig_here(const Question& q);
[[nodiscard]] Answer on_windows(const Question& q);
[[nodiscard]] Answer only_mac(const Question& q);

}  // namespace tenon::decide
