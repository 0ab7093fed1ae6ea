#include "machine/doctor/decide.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "machine/doctor/answer.h"
#include "machine/doctor/doctor.h"
#include "machine/doctor/judgement.h"

namespace tenon {
namespace {

using namespace decide;

struct Row {
  std::string_view slug;  // ends with '/': all of that topic
  Answer (*answer)(const Question&);
};

// The first row that fits is asked.
constexpr auto rows = std::to_array<Row>({
    {"cc/not-installed", no_compiler},
    {"cc/env-points-to-missing-compiler", cc_missing},
    {"cc/env-has-flags-or-spaces", cc_blanks},
    {"alpine/musl-dev-missing", musl_files},
    {"linux/libc-dev-missing", glibc_files},
    {"darwin/non-apple-clang-on-path", not_apples},
    {"darwin/amd64-go-on-apple-silicon", intel_go},
    {"darwin/brew-prefix-not-searched", brew_not_searched},
    {"cgo/disabled-no-c-compiler", off_without_compiler},
    {"cgo/disabled-needs-cgo", off_by_setting},
    {"cgo/disabled-by-cross-compile", off_by_platform},
    {"cgo/off-by-setting", off_by_setting},
    {"cgo/race-needs-cgo", cgo_is_off},
    {"cgo/buildmode-needs-cgo", cgo_is_off},
    {"sqlite/cgo-disabled-stub", stub},
    {"sqlite/musl-lfs64-pread64", only_musl},
    {"env/goos-goarch-persisted", platform_persisted},
    {"go/version-lacks-darwin-arm64", go_before_arm64},
    {"goroot/go-arch-not-host-arch", foreign_go},
    {"goroot/mixed-install", mixed},
    {"goroot/relative-or-wrong-goroot", wrong_root},
    {"goroot/gopath-goroot-mixed-up", roots_swapped},
    {"gccgo/libgo-missing", gccgo},
    {"cross/target-cc-with-host-goarch", foreign_compiler},
    {"cross/host-cc-used-for-target", host_compiler},
    {"cross/bare-metal-compiler", bare_metal},
    {"cross/cxx-not-set", no_cxx},
    {"cross/target-libs-missing", cross_libc},
    {"cross/darwin-from-linux-needs-osxcross-or-zig", mac_from_linux},
    {"cross/host-clang-for-linux-target", linux_from_mac},
    {"cross/windows-needs-mingw", windows_without_mingw},
    {"clt/missing-or-broken-after-os-upgrade", no_tools},
    {"clt/license-not-accepted", licence},
    {"clt/stale-sdk-path", stale_sdk},
    {"cache/stale-cellar-path", stale_cellar},
    {"sdk/too-old-for-go", old_sdk},
    {"dyld/macos-too-old-for-go", old_macos},
    {"dyld/library-path-shadows-system", dyld_path},
    {"rosetta/translated-shell-selects-x86-clang", translated},
    {"rosetta/delve-under-translation", translated},
    {"rosetta/x86-binary-without-rosetta", no_rosetta},
    {"pkgconfig/not-installed", no_pkg_config},
    {"pkgconfig/env-points-to-missing-tool", named_pkg_config},
    {"pkgconfig/pc-not-in-search-path", pc_hidden},
    {"pkgconfig/dev-package-missing", pc_missing},
    {"pkgconfig/cross-uses-host-pc", host_pc},
    {"not-toolchain/disk-full", full},
    {"not-toolchain/build-cache-permission", cache_closed},
    {"not-toolchain/go-version-too-old", too_old},
    {"container/old-docker-seccomp-clone3", clone3},
    {"ldso/glibc-binary-on-musl", musl_machine},
    {"ldso/glibc-too-old", not_musl},
    {"dns/no-resolv-conf-android", no_resolv},
    {"dns/resolv-conf-not-yet-written", no_resolv},
    {"dns/nsswitch-missing-hosts-ignored", no_nsswitch},
    {"dns/darwin-nocgo-split-dns", split_dns},
    {"zig/", zig_here},
    {"windows/", on_windows},
    {"clt/", only_mac},
    {"rosetta/", only_mac},
    {"dyld/", only_mac},
    {"gatekeeper/", only_mac},
});

}  // namespace

std::vector<SnapshotVerdict> decide_causes(const Snapshot& snapshot,
                                           std::span<const std::string_view> slugs,
                                           std::string_view subject) {
  const Question question{snapshot, subject};
  std::vector<SnapshotVerdict> out;
  out.reserve(slugs.size());
  for (const std::string_view slug : slugs) {
    const auto row = std::ranges::find_if(rows, [&](const Row& one) {
      return one.slug == slug || (one.slug.ends_with('/') && slug.starts_with(one.slug));
    });
    Answer answer = row == rows.end() ? open("snapshot", "no fact of a snapshot concerns this")
                                      : row->answer(question);
    out.push_back({std::string(slug), answer.support, std::move(answer.evidence)});
  }
  return out;
}

}  // namespace tenon
