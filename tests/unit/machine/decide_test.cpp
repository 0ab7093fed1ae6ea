// A cause that a log leaves open, and the machine that speaks for it or against it.
#include "machine/doctor/decide.h"

#include <doctest/doctest.h>

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "diag/catalog.h"
#include "machine/machines.h"

using namespace tenon;
using namespace tenon::machines;

namespace {

struct Decided {
  const char* slug;
  Snapshot (*base)();
  std::function<void(Snapshot&)> change;
  char expected;  // '+', '-', '?'
};

char sign(Support support) {
  return support == Support::supported ? '+' : support == Support::contradicted ? '-' : '?';
}

SnapshotVerdict decide(const Snapshot& snapshot, std::string_view slug,
                       std::string_view subject = {}) {
  return decide_causes(snapshot, std::array{slug}, subject).front();
}

void nothing(Snapshot&) {}

}  // namespace

TEST_CASE("decide: one fact each") {
  const std::vector<Decided> all{
      {"cc/not-installed", linux_machine, no_compiler, '+'},
      {"cc/not-installed", linux_machine, nothing, '-'},
      {"cgo/disabled-no-c-compiler", linux_machine, no_compiler, '+'},
      {"cgo/disabled-no-c-compiler", linux_machine, nothing, '-'},
      {"cgo/disabled-no-c-compiler", linux_machine,
       [](Snapshot& m) { no_compiler(m), go(m).version = "go1.19.1"; }, '-'},
      {"cgo/disabled-no-c-compiler", linux_machine,
       [](Snapshot& m) { no_compiler(m), set(m, "CGO_ENABLED", "0"); }, '-'},
      {"cgo/disabled-needs-cgo", linux_machine, [](Snapshot& m) { set(m, "CGO_ENABLED", "0"); },
       '+'},
      {"cgo/disabled-needs-cgo", linux_machine,
       [](Snapshot& m) { set(m, "CGO_ENABLED", "0", true); }, '+'},
      {"cgo/disabled-needs-cgo", linux_machine, [](Snapshot& m) { set(m, "CGO_ENABLED", "1"); },
       '-'},
      {"cgo/disabled-needs-cgo", linux_machine, nothing, '?'},
      {"cgo/disabled-by-cross-compile", linux_machine,
       [](Snapshot& m) { set(m, "GOARCH", "arm64"); }, '+'},
      {"cgo/disabled-by-cross-compile", linux_machine, nothing, '?'},
      {"cgo/disabled-by-cross-compile", linux_machine,
       [](Snapshot& m) { set(m, "GOOS", "darwin"), set(m, "CGO_ENABLED", "1"); }, '-'},
      {"cgo/race-needs-cgo", linux_machine, no_compiler, '+'},
      {"sqlite/cgo-disabled-stub", linux_machine, nothing, '?'},
      {"env/goos-goarch-persisted", mac, [](Snapshot& m) { set(m, "GOOS", "linux", true); }, '+'},
      {"env/goos-goarch-persisted", mac, nothing, '-'},
      {"darwin/amd64-go-on-apple-silicon", mac, [](Snapshot& m) { go(m).goarch = "amd64"; }, '+'},
      {"darwin/amd64-go-on-apple-silicon", mac, nothing, '-'},
      {"darwin/amd64-go-on-apple-silicon", linux_machine, nothing, '-'},
      {"goroot/go-arch-not-host-arch", linux_machine,
       [](Snapshot& m) { m.system.goarch = "arm64"; }, '+'},
      {"goroot/go-arch-not-host-arch", linux_machine, nothing, '-'},
      {"goroot/go-arch-not-host-arch", mac, [](Snapshot& m) { go(m).goarch = "amd64"; }, '-'},
      {"rosetta/translated-shell-selects-x86-clang", mac,
       [](Snapshot& m) { m.system.translated = flag(true); }, '+'},
      {"rosetta/translated-shell-selects-x86-clang", mac, nothing, '-'},
      {"rosetta/x86-binary-without-rosetta", mac,
       [](Snapshot& m) { m.system.rosetta = FlagFact::none("here"); }, '+'},
      {"rosetta/x86-binary-without-rosetta", mac,
       [](Snapshot& m) { m.system.rosetta = flag(true); }, '-'},
      {"rosetta/x86-binary-without-rosetta", mac, nothing, '?'},
      {"goroot/relative-or-wrong-goroot", linux_machine,
       [](Snapshot& m) { set(m, "GOROOT", "/opt/go1.20"); }, '+'},
      {"goroot/relative-or-wrong-goroot", linux_machine, nothing, '-'},
      {"goroot/gopath-goroot-mixed-up", linux_machine,
       [](Snapshot& m) { set(m, "GOPATH", "/usr/local/go/"); }, '+'},
      {"goroot/gopath-goroot-mixed-up", linux_machine, nothing, '-'},
      {"goroot/mixed-install", linux_machine,
       [](Snapshot& m) { m.go.stale_files.value = {"/usr/local/go/src/runtime/os_nacl.go"}; }, '+'},
      {"goroot/mixed-install", linux_machine, nothing, '?'},
      {"cc/env-points-to-missing-compiler", linux_machine,
       [](Snapshot& m) { set(m, "CC", "clang-12"), m.compiler.program = no_text(); }, '+'},
      {"cc/env-points-to-missing-compiler", linux_machine, nothing, '-'},
      {"cc/env-has-flags-or-spaces", mac,
       [](Snapshot& m) { set(m, "CC", "/My Tools/cc"), m.compiler.program = no_text(); }, '+'},
      {"alpine/musl-dev-missing", alpine, [](Snapshot& m) { m.compiler.headers = flag(false); },
       '+'},
      {"alpine/musl-dev-missing", alpine, nothing, '-'},
      {"alpine/musl-dev-missing", linux_machine,
       [](Snapshot& m) { m.compiler.headers = flag(false); }, '-'},
      {"linux/libc-dev-missing", linux_machine,
       [](Snapshot& m) { m.compiler.start_files = flag(false); }, '+'},
      {"linux/libc-dev-missing", mac, nothing, '-'},
      {"cross/target-cc-with-host-goarch", linux_machine,
       [](Snapshot& m) { m.compiler.target = text("aarch64-linux-gnu"); }, '+'},
      {"cross/target-cc-with-host-goarch", linux_machine, nothing, '-'},
      {"cross/host-cc-used-for-target", linux_machine,
       [](Snapshot& m) { set(m, "GOARCH", "arm64"); }, '+'},
      {"cross/host-cc-used-for-target", linux_machine,
       [](Snapshot& m) {
         set(m, "GOARCH", "arm64");
         m.compiler.target = text("aarch64-linux-gnu");
       },
       '-'},
      {"cross/bare-metal-compiler", linux_machine,
       [](Snapshot& m) { m.compiler.target = text("arm-none-eabi"); }, '+'},
      {"cross/cxx-not-set", linux_machine,
       [](Snapshot& m) { m.compiler.target = text("aarch64-linux-gnu"); }, '+'},
      {"clt/missing-or-broken-after-os-upgrade", mac,
       [](Snapshot& m) { m.apple.developer_usable = flag(false); }, '+'},
      {"clt/missing-or-broken-after-os-upgrade", mac, nothing, '-'},
      {"clt/license-not-accepted", xcode, [](Snapshot& m) { m.apple.license = flag(false); }, '+'},
      {"clt/license-not-accepted", mac, nothing, '-'},
      {"clt/stale-sdk-path", mac,
       [](Snapshot& m) {
         m.settings.missing = ListFact::of({"CGO_CFLAGS=/Library/SDKs/MacOSX11.1.sdk"}, "here");
       },
       '+'},
      {"darwin/non-apple-clang-on-path", mac, [](Snapshot& m) { m.compiler.kind = text("clang"); },
       '+'},
      {"darwin/non-apple-clang-on-path", mac, nothing, '-'},
      {"darwin/brew-prefix-not-searched", mac, nothing, '+'},
      {"darwin/brew-prefix-not-searched", mac,
       [](Snapshot& m) { set(m, "CGO_LDFLAGS", "-L/opt/homebrew/lib"); }, '-'},
      {"darwin/brew-prefix-not-searched", linux_machine, nothing, '-'},
      {"sdk/too-old-for-go", mac, [](Snapshot& m) { m.apple.sdks.value.front().version = "11.1"; },
       '+'},
      {"dyld/macos-too-old-for-go", mac, [](Snapshot& m) { m.system.version = text("10.15.7"); },
       '+'},
      {"dyld/macos-too-old-for-go", mac, nothing, '-'},
      {"not-toolchain/disk-full", linux_machine,
       [](Snapshot& m) { m.storage.cache_free = CountFact::of(0, "here"); }, '+'},
      {"not-toolchain/disk-full", linux_machine, nothing, '-'},
      {"cache/stale-cellar-path", mac,
       [](Snapshot& m) {
         m.settings.missing =
             ListFact::of({"CGO_LDFLAGS=/opt/homebrew/Cellar/vips/8.15/lib"}, "here");
       },
       '+'},
      {"cache/stale-cellar-path", mac, nothing, '?'},
      {"pkgconfig/not-installed", linux_machine,
       [](Snapshot& m) { m.packages.pkg_config = no_text(); }, '+'},
      {"pkgconfig/not-installed", linux_machine, nothing, '-'},
      {"container/old-docker-seccomp-clone3", linux_machine,
       [](Snapshot& m) { m.system.threads_refused = flag(true); }, '+'},
      {"ldso/glibc-binary-on-musl", alpine, nothing, '+'},
      {"ldso/glibc-binary-on-musl", linux_machine, nothing, '-'},
      {"zig/no-libc-for-target", linux_machine, nothing, '-'},
      {"windows/gcc-32bit-for-amd64-go", linux_machine, nothing, '-'},
      {"clt/xcrun-cache-race-harmless", linux_machine, nothing, '-'},
      {"clt/xcrun-cache-race-harmless", mac, nothing, '?'},
      {"linker/c-object-not-pic", linux_machine, nothing, '?'},
  };
  for (const Decided& one : all) {
    Snapshot snapshot = one.base();
    one.change(snapshot);
    CAPTURE(one.slug);
    CAPTURE(snapshot.system.goos);
    CHECK(find_cause(one.slug) != nullptr);
    const SnapshotVerdict verdict = decide(snapshot, one.slug);
    CAPTURE(verdict.evidence.text);
    CHECK(sign(verdict.support) == one.expected);
    CHECK(verdict.slug == one.slug);
    CHECK_FALSE(verdict.evidence.text.empty());
  }
}

TEST_CASE("decide: the .pc file that the log names") {
  Snapshot snapshot = mac();
  CHECK(decide(snapshot, "pkgconfig/dev-package-missing", "vips").support == Support::unknown);
  snapshot.packages.pc_files =
      Fact<std::vector<PcFile>>::of({{"libffi", "/opt/homebrew/opt/libffi/lib/pkgconfig", false},
                                     {"vips", "/opt/homebrew/lib/pkgconfig", true}},
                                    "pkg-config's folders");
  CHECK(decide(snapshot, "pkgconfig/pc-not-in-search-path", "libffi").support ==
        Support::supported);
  CHECK(decide(snapshot, "pkgconfig/dev-package-missing", "libffi").support ==
        Support::contradicted);
  CHECK(decide(snapshot, "pkgconfig/dev-package-missing", "zmq").support == Support::supported);
  CHECK(decide(snapshot, "pkgconfig/pc-not-in-search-path", "zmq").support ==
        Support::contradicted);
  // No name in the log: what the project asks for and pkg-config does not find.
  CHECK(decide(snapshot, "pkgconfig/dev-package-missing").support == Support::unknown);
  with_c(snapshot, {"vips", "libffi"});
  CHECK(decide(snapshot, "pkgconfig/pc-not-in-search-path").support == Support::supported);
}

TEST_CASE("decide: a machine of which nothing is known decides nothing") {
  std::vector<std::string_view> slugs;
  for (const CodeArea& topic : cause_topics()) {
    for (const Code code : topic.codes) slugs.push_back(slug_of(code));
  }
  CHECK(slugs.size() > 100);
  const auto verdicts = decide_causes(Snapshot{}, slugs);
  REQUIRE(verdicts.size() == slugs.size());
  for (const SnapshotVerdict& one : verdicts) {
    CAPTURE(one.slug);
    CHECK(one.support == Support::unknown);
  }
}
