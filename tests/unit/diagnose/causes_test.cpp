#include "diagnose/causes/causes.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "diag/catalog.h"
#include "diagnose/events/context.h"
#include "diagnose/events/scan.h"

using namespace tenon;

namespace {

std::string first_cause(std::string_view text) {
  const auto candidates = explain_log(scan_log(text));
  return candidates.empty() ? "unknown" : std::string(candidates.front().cause->slug);
}

struct Example {
  std::string_view log, cause;
};

// The words of each program, from its source: cmd/go, cmd/cgo, cmd/link, gcc, clang, GNU ld, lld,
// ld64, dyld, glibc, musl, pkgconf, codesign, the notary.
constexpr Example examples[] = {
    {"# runtime/cgo\ncgo: C compiler \"gcc\" not found: exec: \"gcc\": executable file not found "
     "in $PATH",
     "cc/not-installed"},
    {"cgo: C compiler \"x86_64-w64-mingw32-gcc\" not found: exec: \"x86_64-w64-mingw32-gcc\": "
     "executable file not found in $PATH",
     "cc/env-points-to-missing-compiler"},
    {"cgo: C compiler \"gcc -m64\" not found: exec: \"gcc -m64\": executable file not found in "
     "$PATH",
     "cc/env-has-flags-or-spaces"},
    {"/usr/lib/gcc/x86_64-alpine-linux-musl/13/ld: cannot find Scrt1.o: No such file or directory",
     "alpine/musl-dev-missing"},
    {"In file included from /usr/lib/gcc/x86_64-linux-gnu/12/include/stdint.h:9:\nfatal error: "
     "stdint.h: No such file or directory",
     "linux/libc-dev-missing"},
    {"main.go:5:10: fatal error: sodium.h: No such file or directory\ncompilation terminated.",
     "linux/dev-headers-missing"},
    {"/usr/bin/ld: cannot find -lsodium: No such file or directory\ncollect2: error: ld returned 1 "
     "exit status",
     "linux/dev-lib-missing"},
    {"xcrun: error: invalid active developer path (/Library/Developer/CommandLineTools)",
     "clt/missing-or-broken-after-os-upgrade"},
    {"Agreeing to the Xcode/iOS license requires admin privileges, please run sudo xcodebuild "
     "-license",
     "clt/license-not-accepted"},
    {"ld: warning: search path '/Library/Developer/CommandLineTools/SDKs/MacOSX13.1.sdk/usr/lib' "
     "not found",
     "clt/stale-sdk-path"},
    {"/usr/local/go/pkg/tool/darwin_arm64/link: running clang failed\nUndefined symbols for "
     "architecture arm64:\n  \"_SecTrustCopyCertificateChain\", referenced from:",
     "sdk/too-old-for-go"},
    {"ld: can't open file: /System/Library/Frameworks/CoreFoundation.framework/CoreFoundation (No "
     "such file or directory)",
     "sdk/old-linker-needs-on-disk-framework"},
    {"ld: warning: ignoring duplicate libraries: '-lm'", "darwin/harmless-duplicate-libraries"},
    {"zsh: bad CPU type in executable: ./tool", "rosetta/x86-binary-without-rosetta"},
    {"# runtime/cgo\naarch64-linux-gnu-gcc: error: unrecognized command-line option '-m64'",
     "cross/target-cc-with-host-goarch"},
    {"arm-none-eabi-gcc: error: unrecognized command-line option '-pthread'",
     "cross/bare-metal-compiler"},
    {"GOOS=windows go build\n# runtime/cgo\ngcc: error: unrecognized command-line option "
     "'-mthreads'; did you mean '-pthread'?",
     "cross/windows-needs-mingw"},
    {"# example.com/p\ng++: error: unrecognized command-line option '-marm'", "cross/cxx-not-set"},
    {"exec user process caused: exec format error", "container/image-arch-mismatch"},
    {"go: cannot find GOROOT directory: /usr/local/go1.19", "goroot/relative-or-wrong-goroot"},
    {"warning: GOPATH set to GOROOT (/usr/local/go) has no effect",
     "goroot/gopath-goroot-mixed-up"},
    {"compile: version \"go1.20.3\" does not match go tool version \"go1.20.4\"",
     "goroot/mixed-install"},
    {"error: unable to find or provide libc for target 'arm-linux-musl'", "zig/no-libc-for-target"},
    {"/opt/zig/lib/libc/include/any-macos-any/sys/types.h:3:10: fatal error: 'machine/types.h' "
     "file not found",
     "zig/target-libc-incomplete"},
    {"link: running dsymutil failed: exit status 1\nerror: Malformed MachO file",
     "zig/dsymutil-malformed-macho"},
    {"clang: error: unsupported option '-mthreads' for target 'x86_64-pc-windows-msvc'",
     "windows/clang-msvc-target-mthreads"},
    {"ld.lld: error: duplicate symbol: x_cgo_inittls\n>>> defined at gcc_android.c",
     "android/ndk-r22-fno-common"},
    {"go: -buildmode=c-shared requires external (cgo) linking, but cgo is not enabled",
     "cgo/buildmode-needs-cgo"},
    {"go build: -race requires cgo; enable cgo by setting CGO_ENABLED=1", "cgo/race-needs-cgo"},
    {"CGO_ENABLED=0 go build\nmain.go:4:2: build constraints exclude all Go files in "
     "/go/pkg/mod/github.com/go-gl/gl",
     "cgo/disabled-needs-cgo"},
    {"example.com/p: invalid flag in #cgo CFLAGS: -fplugin=x.so", "cgo/flag-rejected-cflags"},
    {"example.com/p: invalid flag in pkg-config --libs: -Wl,--foo", "cgo/flag-rejected-ldflags"},
    {"go 1.15.5\ngo build x: invalid flag in go:cgo_ldflag: -Wl,-rpath,/x",
     "go/release-bug-cgo-flags"},
    {"main.go:10:2: could not determine kind of name for C.Cstring", "cgo/misspelled-c-name"},
    {"x.go:9:5: could not determine kind of name for C.EPOLLEXCLUSIVE",
     "cgo/os-specific-c-constant"},
    {"cgo: cannot parse $WORK/b001/_cgo_.o as ELF, Mach-O, PE or XCOFF\nCGO_CFLAGS=-flto",
     "cgo/lto-object-unparsable"},
    {"/usr/bin/ld: x.o: undefined reference to `std::__cxx11::basic_string'",
     "link/libstdcxx-missing"},
    {"/usr/bin/ld: /x/libfoo.a(bar.o): in function `deflate':\nbar.c: undefined reference to "
     "`inflateInit_'",
     "link/static-archive-deps-missing"},
    {"ld.lld: error: unknown --compress-debug-sections value: zlib-gnu",
     "linker/lld-lacks-zlib-gnu"},
    {"warning: Using 'dlopen' in statically linked applications requires at runtime the shared "
     "libraries",
     "static/dlopen-in-static-binary"},
    {"/usr/bin/ld: cannot find rcrt1.o: No such file or directory",
     "static/static-pie-crt-missing"},
    {"-extldflags -static\n/usr/bin/ld: cannot find -lpcap", "static/dependency-has-no-archive"},
    {"Package 'libffi', required by 'gobject-2.0', not found", "pkgconfig/required-pc-missing"},
    {"go build x: invalid flag in pkg-config --cflags: -I", "pkgconfig/malformed-pc-file"},
    {"go: invalid pkg-config package name: --static", "pkgconfig/bad-directive"},
    {"./app: error while loading shared libraries: libssl.so.1.1: cannot open shared object file: "
     "No such file or directory",
     "ldso/shared-library-not-found"},
    {"./app: /lib64/libc.so.6: version `GLIBC_2.38' not found (required by ./app)",
     "ldso/glibc-too-old"},
    {"Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by "
     "./app)",
     "ldso/glibc-binary-on-musl"},
    {"dyld[1]: Library not loaded: @rpath/libx.dylib\n  Reason: no LC_RPATH's found",
     "dyld/rpath-unset"},
    {"dyld[1]: Library not loaded: @rpath/libx.dylib\n  Reason: tried: '/a/lib/libx.dylib' (no "
     "such file)",
     "dyld/rpath-dir-lacks-library"},
    {"code signature in <X> 'libx.dylib' not valid for use in process: mapping process and mapped "
     "file (non-platform) have different Team IDs",
     "dyld/library-validation-team-id"},
    {"dyld: Symbol not found: __cg_jpeg_resync_to_restart\n  Expected in: "
     "/usr/local/lib/libJPEG.dylib\nDYLD_LIBRARY_PATH=/usr/local/lib",
     "dyld/library-path-shadows-system"},
    {"My.app: resource fork, Finder information, or similar detritus not allowed",
     "codesign/extended-attributes"},
    {"My.app: code object is not signed at all\nIn subcomponent: "
     "/x/My.app/Contents/Frameworks/libx.dylib",
     "codesign/nested-code-unsigned"},
    {"x: errSecInternalComponent", "codesign/private-key-inaccessible"},
    {"The executable does not have the hardened runtime enabled.",
     "notarize/hardened-runtime-missing"},
    {"app: rejected\nsource=Unnotarized Developer ID", "notarize/developer-id-but-not-notarized"},
    {"x509: unhandled critical extension", "notarize/wrong-certificate-type"},
    {"lookup printer.local on 192.168.1.1:53: no such host", "dns/mdns-needs-nss"},
    {"lookup x on 1.1.1.1:53: cannot unmarshal DNS message",
     "dns/server-response-rejected-by-go-resolver"},
    {"/usr/local/go/pkg/tool/linux_amd64/link: signal: killed", "resource/oom-linker"},
    {"/tmp/go-link-1/000001.o: write error: No space left on device\ncollect2: error: ld returned "
     "1 exit status",
     "not-toolchain/disk-full"},
    {"failed to initialize build cache at /root/.cache/go-build: mkdir /root/.cache: permission "
     "denied",
     "not-toolchain/build-cache-permission"},
    {"go: example.com/x@v1: reading https://proxy.example.com/x: dial tcp 10.0.0.1:443: i/o "
     "timeout\ngo: downloading x",
     "not-toolchain/module-proxy-timeout"},
    {"./main.go:7:2: cannot use x (variable of type int) as string value in assignment",
     "not-toolchain/compile-error"},
    {"go: go.mod requires go >= 1.23.0 (running go 1.21.1)", "not-toolchain/go-version-too-old"},
};

}  // namespace

TEST_CASE("causes: each program's own words") {
  for (const Example& example : examples) {
    CAPTURE(example.log);
    CHECK(first_cause(example.log) == example.cause);
  }
}

TEST_CASE("causes: texts are sentences") {
  for (const CodeArea& topic : cause_topics()) {
    for (const Code code : topic.codes) {
      CAPTURE(slug_of(code));
      const Cause* cause = entry(code).cause;
      REQUIRE(cause != nullptr);
      CHECK(cause->code == code);
      for (const std::string_view text :
           {cause->happens, cause->tell, cause->fix, cause->prevent}) {
        CHECK(text.ends_with('.'));
      }
    }
  }
  CHECK(find_cause("tn2001")->slug == "cc/not-installed");
  CHECK((find_cause("no/such") == nullptr));
}

TEST_CASE("causes: each has one function that knows it") {
  std::vector<Code> texts;
  for (const CodeArea& topic : cause_topics()) {
    texts.insert(texts.end(), topic.codes.begin(), topic.codes.end());
  }
  std::vector<Code> known = matched_causes();
  std::ranges::sort(texts);
  std::ranges::sort(known);
  CHECK(known == texts);
}

TEST_CASE("causes: what is harmless never hides a failure") {
  const std::string log =
      "ld: warning: '/tmp/go.o' has malformed LC_DYSYMTAB, expected 1 undefined symbols\n"
      "ld: library not found for -lmagic\nclang: error: linker command failed with exit code 1";
  CHECK(first_cause(log) == "darwin/brew-prefix-not-searched");
  CHECK(first_cause("ok  \texample.com/p\t0.1s\n") == "unknown");
  CHECK(first_cause("") == "unknown");
}

TEST_CASE("logscan: lines without what services put before them") {
  CHECK(clean_line("\x1b[31merror\x1b[0m: x\r") == "error: x");
  CHECK(clean_line("2024-01-31T12:34:56.1234567Z ld: symbol not found") == "ld: symbol not found");
  CHECK(clean_line("#12 3.456 gcc: error: x") == "gcc: error: x");
  CHECK(clean_line("  | # runtime/cgo") == "# runtime/cgo");
  const Log log = scan_log("a\n\nexec: \"gcc\": executable file not found\n");
  const auto hit = log.find("exec: \"{cc}\"");
  REQUIRE(hit.has_value());
  CHECK(hit->line == 3);
  CHECK(hit->get("cc") == "gcc");
  CHECK(log_context(scan_log("/usr/bin/ld: x\n")).tool == "GNU ld");
  CHECK(log_context(scan_log("hello\n")).tool.empty());
}

TEST_CASE("logscan: a log of many megabytes keeps what speaks of trouble") {
  std::string log(3000000, 'x');
  for (std::size_t i = 99; i < log.size(); i += 100) log[i] = '\n';
  log.insert(1500000, "\nexec: \"gcc\": executable file not found in $PATH\n");
  CHECK(first_cause(log) == "cc/not-installed");
}
