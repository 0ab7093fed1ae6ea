// Probes: settings and where they come from, linkers, identities, other compilers, hostile files.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "format/x509_samples.h"
#include "host/files.h"
#include "machine/fake_mac.h"
#include "machine/probe/probe.h"

using namespace tenon;
using namespace tenon::machines;

namespace {

// The same folder as a Linux machine.
void make_linux(FakeMac& fake) {
  fake.machine_.goos = "linux";
  fake.machine_.goarch = "amd64";
  fake.environment_ = {{"PATH", "/usr/local/go/bin:/usr/bin"}, {"HOME", "/home/a"}};
}

}  // namespace

TEST_CASE("machine: a go command that is a script is asked, others are not") {
  FakeMac mac;
  mac.program(
      "/usr/local/go/bin/go",
      "[ \"$1\" = version ] && echo 'go version go1.25.3 darwin/arm64' || echo /x/go1.25.3");
  GoState go = probe_go_installs(mac.machine_);
  CHECK(go.installs.value.front().version.empty());
  ask_go(mac.machine_, limit, go);
  CHECK(go.installs.value.front().version == "go1.25.3");
  CHECK(go.installs.value.front().goarch == "arm64");
  CHECK(go.installs.value.front().root == "/x/go1.25.3");
  mac.program("/usr/local/go/bin/go", "exec sleep 60");
  go = probe_go_installs(mac.machine_);
  ask_go(mac.machine_, std::chrono::milliseconds(100), go);
  CHECK(go.installs.value.front().version.empty());
}

TEST_CASE("machine: Gos that are not on PATH") {
  FakeMac mac;
  mac.environment_["PATH"] = "/usr/bin";
  mac.file("/usr/local/go/bin/go", macho(12), 0755);
  mac.file("/usr/local/go/VERSION", "go1.26.8\n");
  mac.file("/usr/local/go/src/a", "");
  mac.file("/Users/a/.goenv/versions/1.22.1/bin/go", macho(7), 0755);
  const GoState go = probe_go_installs(mac.machine_);
  CHECK(go.installs.state == FactState::absent);
  REQUIRE(go.off_path.value.size() == 2);
  CHECK(go.off_path.value[0].version == "go1.26.8");
  CHECK(go.off_path.value[1].goarch == "amd64");
}

TEST_CASE("machine: files of a newer release in the GOROOT, and GOROOT as it was set") {
  FakeMac mac;
  mac.file("/usr/local/go/bin/go", macho(12), 0755);
  mac.file("/usr/local/go/VERSION", "go1.22.3\n");
  mac.file("/usr/local/go/src/a", "");
  for (const char* name : {"go1.22.txt", "go1.txt", "except.txt", "go1.24.txt"}) {
    mac.file(std::string("/usr/local/go/api/") + name, "");
  }
  GoState go = probe_go_installs(mac.machine_);
  CHECK(go.stale_files.value == std::vector<std::string>{"/usr/local/go/api/go1.24.txt"});
  mac.file("/opt/go/VERSION", "go1.20.1\n");
  mac.environment_["GOROOT"] = "/opt/go";
  probe_set_root(mac.machine_, probe_settings(mac.machine_), go);
  CHECK(go.set_root_version.value == "go1.20.1");
  mac.environment_["GOROOT"] = "/opt/none";
  probe_set_root(mac.machine_, probe_settings(mac.machine_), go);
  CHECK(go.set_root_version.state == FactState::absent);
}

TEST_CASE("machine: go.env of the GOROOT is the last to be asked") {
  FakeMac mac;
  mac.file("/usr/local/go/go.env", "GOTOOLCHAIN=local\nGOPROXY=direct\n");
  CHECK(setting_value(probe_settings(mac.machine_, "/usr/local/go"), "GOTOOLCHAIN") == "local");
  mac.file("/Users/a/Library/Application Support/go/env", "GOTOOLCHAIN=auto\n");
  const SettingsState settings = probe_settings(mac.machine_, "/usr/local/go");
  CHECK(setting_value(settings, "GOTOOLCHAIN") == "auto");
  CHECK(setting_value(settings, "GOPROXY") == "direct");
  CHECK(settings.list.value.back().where == "/usr/local/go/go.env");
}

TEST_CASE("machine: a file of settings that cannot be read leaves them unknown") {
  FakeMac mac;
  const std::string file = "/Users/a/Library/Application Support/go/env";
  mac.file(file + "/in-the-way", "");
  mac.environment_["CC"] = "gcc";
  SettingsState settings = probe_settings(mac.machine_);
  CHECK(settings.file.state == FactState::unknown);
  CHECK(settings.list.state == FactState::unknown);
  CHECK(setting_value(settings, "CC") == "gcc");
  remove_tree(mac.machine_.root + file);
  REQUIRE(::mkfifo((mac.machine_.root + file).c_str(), 0600) == 0);
  settings = probe_settings(mac.machine_);
  CHECK(settings.file.state == FactState::unknown);
}

TEST_CASE("machine: lines of start-up files") {
  FakeMac mac;
  mac.file("/Users/a/.zshrc",
           "# export CGO_ENABLED=0\n"
           "export CGO_ENABLED=0   # never\n"
           "  export CC=\"/My Tools/cc\"\n"
           "export GOFLAGS='-tags=a b' PATH=$PATH:/x\n"
           "[ -d /x ] && export GOROOT=/x\n"
           "alias go=\"env CGO_ENABLED=1 go\"\n"
           "export SDKROOT=\\\n/GOOS=x\n"
           "MYCC=1\n");
  mac.file("/Users/a/.config/fish/config.fish", "set -gx GOARCH amd64\nset x 1\n");
  mac.file("/Users/a/.profile/x", "");
  const auto lines = probe_shell_files(mac.machine_);
  REQUIRE(lines.known());
  std::string told;
  for (const ShellLine& one : lines.value) {
    told += std::to_string(one.line) + " " + one.name + "=" + one.value + (one.alone ? "" : " +") +
            "\n";
  }
  CHECK(told ==
        "2 CGO_ENABLED=0\n3 CC=/My Tools/cc\n4 GOFLAGS=-tags=a b +\n7 SDKROOT=\\ +\n1 "
        "GOARCH=amd64\n");
  mac.environment_.erase("HOME");
  CHECK(probe_shell_files(mac.machine_).state == FactState::unknown);
}

TEST_CASE("machine: paths in settings that are not there") {
  FakeMac mac;
  mac.file("/opt/there/x", "");
  mac.environment_["CGO_LDFLAGS"] = "-L/opt/there -L/opt/gone -lfoo -Wl,-rpath,/opt/far '-F/a b'";
  mac.environment_["PKG_CONFIG_PATH"] = "/opt/there:/opt/old:relative";
  mac.environment_["SDKROOT"] = "macosx";
  mac.environment_["CXX"] = "clang++-12 -O2";
  mac.environment_["CC"] = "clang --sysroot=/sys";
  const ListFact missing = missing_paths(mac.machine_, probe_settings(mac.machine_));
  auto names = missing.value;
  std::ranges::sort(names);
  CHECK(names == std::vector<std::string>{"CC=/sys", "CGO_LDFLAGS=/a b", "CGO_LDFLAGS=/opt/far",
                                          "CGO_LDFLAGS=/opt/gone", "CXX=clang++-12",
                                          "PKG_CONFIG_PATH=/opt/old"});
}

TEST_CASE("machine: linkers by their first line") {
  const auto linker = [](FakeMac& fake, const std::string& says) {
    fake.program("/usr/bin/ld", "echo x");
    fake.program("/usr/bin/gcc",
                 "case \"$1\" in --version) echo 'gcc (GCC) 12.2.0'; echo 'Free "
                 "Software Foundation';; -dumpmachine) echo x86_64-linux-gnu;; "
                 "--print-prog-name=ld) echo /usr/bin/ld;; *) echo '" +
                     says + "';; esac");
    const CompilerState found = probe_compiler(fake.machine_, {}, limit);
    return found.linker_kind.value + " " + found.linker_version.value;
  };
  FakeMac fake;
  make_linux(fake);
  CHECK(linker(fake, "GNU ld (GNU Binutils for Debian) 2.35.2") == "GNU ld 2.35.2");
  CHECK(linker(fake, "GNU ld version 2.30-113.el8") == "GNU ld 2.30");
  CHECK(linker(fake, "GNU gold (GNU Binutils for Debian 2.40) 1.16") == "gold 1.16");
  CHECK(linker(fake, "LLD 19.1.7 (compatible with GNU linkers)") == "lld 19.1.7");
  CHECK(linker(fake, "mold 2.30.0 (compatible with GNU ld)") == "mold 2.30.0");
  CHECK(linker(fake, "") == "other ");
  FakeMac mac;
  mac.program("/usr/bin/ld", "echo '@(#)PROGRAM:ld PROJECT:ld-1115.7.3' >&2");
  mac.program("/usr/bin/clang",
              "[ \"$1\" = --version ] && { echo 'Apple clang version 17.0.0'; echo 'Target: "
              "arm64-apple-darwin24'; } || echo /usr/bin/ld");
  const CompilerState found = probe_compiler(mac.machine_, {}, limit);
  CHECK(found.linker_kind.value == "ld64");
  CHECK(found.linker_version.value == "1115.7.3");
}

TEST_CASE("machine: a compiler behind ccache") {
  FakeMac fake;
  make_linux(fake);
  fake.program("/usr/bin/ccache", "exit 0");
  fake.program("/usr/bin/clang", "echo 'clang version 19.1.7'; echo 'Target: x86_64-pc-linux-gnu'");
  SettingsState settings;
  settings.list = Fact<std::vector<Setting>>::of({{"CC", "ccache clang", "x", true}}, "x");
  const CompilerState found = probe_compiler(fake.machine_, settings, limit);
  CHECK(found.program.value == "/usr/bin/clang");
  CHECK(found.kind.value == "clang");
  CHECK(found.other.value == "/usr/bin/clang");
  settings.list.value.front().value = "ccache gcc-99";
  CHECK(probe_compiler(fake.machine_, settings, limit).program.state == FactState::absent);
}

TEST_CASE("machine: days of certificates from the keychain") {
  FakeMac mac;
  mac.file("/pem", std::string(x509::samples::leaf) + std::string(x509::samples::intermediate));
  mac.program("/usr/bin/security",
              "[ \"$1\" = find-certificate ] && cat '" + mac.machine_.root +
                  "/pem' || echo '  1) BBBB \"Developer ID Application: Foo Inc (ABCDE12345)\"'");
  const IdentityState found = probe_identities(mac.machine_, limit);
  REQUIRE(found.list.value.size() == 1);
  CHECK(found.list.value[0].not_after == "2026-12-28");
  CHECK(found.list.value[0].issuer == "Developer ID Certification Authority");
  CHECK(found.list.value[0].issuer_not_after == "2027-02-01");
}

TEST_CASE("machine: a beta of Xcode has a licence of its own") {
  FakeMac mac;
  const std::string app = "/Applications/Xcode-beta.app/Contents";
  mac.environment_["DEVELOPER_DIR"] = app + "/Developer";
  mac.program(app + "/Developer/Toolchains/XcodeDefault.xctoolchain/usr/bin/clang", "exit 0");
  const auto list = [](const std::string& pairs) {
    return "<plist version=\"1.0\"><dict>" + pairs + "</dict></plist>";
  };
  mac.file(
      app + "/Resources/LicenseInfo.plist",
      list("<key>licenseID</key><string>EA2</string><key>licenseType</key><string>Beta</string>"));
  mac.file("/Library/Preferences/com.apple.dt.Xcode.plist",
           list("<key>IDELastGMLicenseAgreedTo</key><string>EA1</string>"
                "<key>IDELastBetaLicenseAgreedTo</key><string>EA2</string>"));
  mac.file(app + "/version.plist",
           list("<key>CFBundleShortVersionString</key><string>26.2</string>"));
  const AppleState apple = probe_apple(mac.machine_);
  CHECK(apple.license.value);
  CHECK(apple.xcode_version.value == "26.2");
}

TEST_CASE("machine: where pkg-config looks, and what lies elsewhere") {
  FakeMac mac;
  mac.program("/opt/homebrew/bin/pkg-config",
              "echo /opt/homebrew/lib/pkgconfig:/usr/lib/pkgconfig");
  mac.file("/opt/homebrew/lib/pkgconfig/vips.pc", "");
  mac.file("/opt/homebrew/opt/libffi/lib/pkgconfig/libffi.pc", "");
  mac.environment_["PKG_CONFIG_PATH"] = "/extra";
  mac.file("/extra/own.pc", "");
  PackagesState packages = probe_packages(mac.machine_, probe_settings(mac.machine_), limit);
  REQUIRE(packages.pc_files.known());
  std::string told;
  for (const PcFile& one : packages.pc_files.value) told += one.name + (one.searched ? "+ " : "- ");
  CHECK(told == "own+ vips+ libffi- ");
  mac.environment_["PKG_CONFIG_LIBDIR"] = "/none";
  packages = probe_packages(mac.machine_, probe_settings(mac.machine_), limit);
  CHECK(packages.pc_search.value == std::vector<std::string>{"/extra", "/none"});
  mac.environment_.erase("PKG_CONFIG_LIBDIR");
  mac.program("/opt/homebrew/bin/pkg-config", "exec sleep 60");
  packages =
      probe_packages(mac.machine_, probe_settings(mac.machine_), std::chrono::milliseconds(100));
  CHECK(packages.pc_files.state == FactState::unknown);
}

TEST_CASE("machine: cross compilers, whole and half") {
  FakeMac fake;
  make_linux(fake);
  fake.file("/etc/debian_version", "12.7\n");
  fake.program("/usr/bin/aarch64-linux-gnu-gcc", "exit 0");
  fake.program("/usr/bin/riscv64-linux-gnu-gcc", "exit 0");
  fake.program("/usr/bin/x86_64-linux-musl-gcc", "exit 0");
  fake.file("/usr/riscv64-linux-gnu/include/stdlib.h", "");
  fake.file("/usr/riscv64-linux-gnu/lib/crt1.o", "");
  EnginesState engines = probe_engines(fake.machine_, limit);
  REQUIRE(engines.cross.value.size() == 3);
  CHECK((engines.cross.value[0].libc.known() && !engines.cross.value[0].libc.value));
  CHECK(engines.cross.value[1].libc.value);
  // Headers without start files are half of it.
  fake.file("/usr/aarch64-linux-gnu/include/stdlib.h", "");
  engines = probe_engines(fake.machine_, limit);
  CHECK((engines.cross.value[0].libc.known() && !engines.cross.value[0].libc.value));
  CHECK(engines.zig.state == FactState::absent);
}

// crosstool-NG's, Arm's and Yocto's gcc stand anywhere.
TEST_CASE("machine: a cross gcc from elsewhere says itself whether it has a C library") {
  FakeMac fake;
  make_linux(fake);
  fake.environment_["PATH"] = "/opt/x/bin";
  fake.program("/opt/x/bin/aarch64-linux-gnu-gcc", "echo crt1.o");
  fake.program(
      "/opt/x/bin/riscv64-linux-gnu-gcc",
      "case $1 in -print-sysroot) echo /opt/x/root;; *) echo /opt/x/root/lib/crt1.o;; esac");
  EnginesState engines = probe_engines(fake.machine_, limit);
  REQUIRE(engines.cross.value.size() == 2);
  CHECK((engines.cross.value[0].libc.known() && !engines.cross.value[0].libc.value));
  CHECK((engines.cross.value[1].libc.known() && !engines.cross.value[1].libc.value));
  fake.file("/opt/x/root/usr/include/stdio.h", "");
  engines = probe_engines(fake.machine_, limit);
  CHECK(engines.cross.value[1].libc.value);
  // One that does not respond leaves it open.
  fake.program("/opt/x/bin/aarch64-linux-gnu-gcc", "exit 1");
  engines = probe_engines(fake.machine_, limit);
  CHECK_FALSE(engines.cross.value[0].libc.known());
}

TEST_CASE("machine: the shell, a container, GOCACHE that is not a directory") {
  FakeMac mac;
  mac.environment_["SHELL"] = "/usr/local/bin/bash";
  mac.file("/usr/local/bin/bash", macho(7), 0755);
  mac.file("/.dockerenv", "");
  mac.machine_.shell_translated = true;
  mac.machine_.day = "2026-11-28";
  const SystemState system = probe_system(mac.machine_);
  CHECK(system.shell_goarch.value == "amd64");
  CHECK(system.shell_translated.value);
  CHECK(system.container.value == "docker");
  CHECK(system.day.value == "2026-11-28");
  CHECK(system.threads_refused.state == FactState::unknown);
  mac.environment_["GOCACHE"] = "off";
  CHECK(probe_storage(mac.machine_, probe_settings(mac.machine_)).cache_writable.state ==
        FactState::absent);
  mac.environment_["GOCACHE"] = "/file";
  mac.file("/file", "");
  CHECK_FALSE(probe_storage(mac.machine_, probe_settings(mac.machine_)).cache_writable.value);
}

TEST_CASE("machine: libraries of the project that Homebrew has") {
  FakeMac mac;
  mac.program("/opt/homebrew/bin/brew", "");
  mac.file("/opt/homebrew/lib/libzmq.dylib", "");
  ProjectState project;
  CgoPackage package;
  package.path = "x";
  package.libraries = {"zmq", "z"};
  project.cgo = Fact<std::vector<CgoPackage>>::of({package}, "x");
  const auto found =
      probe_brew_libraries(mac.machine_, probe_packages(mac.machine_, {}, limit), project);
  REQUIRE(found.value.size() == 1);
  CHECK(found.value[0].name == "zmq");
  CHECK_FALSE(found.value[0].searched);
}
