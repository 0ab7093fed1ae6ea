// Probes on a Mac that is a folder.
#include "machine/probe/probe.h"

#include <doctest/doctest.h>

#include <string>

#include "host/files.h"
#include "machine/fake_mac.h"

using namespace tenon;
using namespace tenon::machines;

TEST_CASE("machine: a Mac with the Command Line Tools") {
  FakeMac mac;
  mac.tools();
  mac.file(
      "/System/Library/CoreServices/SystemVersion.plist",
      "<plist version=\"1.0\"><dict><key>ProductVersion</key><string>26.1</string></dict></plist>");
  const SystemState system = probe_system(mac.machine_);
  CHECK(system.version.value == "26.1");
  CHECK(system.rosetta.state == FactState::absent);
  const AppleState apple = probe_apple(mac.machine_);
  CHECK(apple.developer_folder.value == "/Library/Developer/CommandLineTools");
  CHECK(apple.developer_folder.source == "/var/db/xcode_select_link");
  CHECK(apple.developer_usable.value);
  CHECK(apple.tools_version.value == "26.4.0.0.1");
  CHECK(apple.license.state == FactState::absent);
  REQUIRE(apple.sdks.known());
  CHECK(apple.sdks.value.front().version == "26.4");
  CHECK(apple.sdks.value.front().targets ==
        std::vector<std::string>{"arm64e-macos", "x86_64-macos"});
}

TEST_CASE("machine: DEVELOPER_DIR, a missing folder, nothing at all") {
  FakeMac mac;
  CHECK(probe_apple(mac.machine_).developer_folder.state == FactState::absent);
  CHECK(probe_apple(mac.machine_).sdks.state == FactState::absent);
  mac.environment_["DEVELOPER_DIR"] = "/Applications/Xcode-beta.app";
  const AppleState apple = probe_apple(mac.machine_);
  CHECK(apple.developer_folder.value == "/Applications/Xcode-beta.app/Contents/Developer");
  CHECK((apple.developer_usable.known() && !apple.developer_usable.value));
}

TEST_CASE("machine: the licence of Xcode") {
  FakeMac mac;
  const std::string xcode = "/Applications/Xcode.app/Contents";
  mac.program(xcode + "/Developer/Toolchains/XcodeDefault.xctoolchain/usr/bin/clang", "exit 0");
  CHECK(probe_apple(mac.machine_).license.state == FactState::unknown);
  mac.file(
      xcode + "/Resources/LicenseInfo.plist",
      "<plist version=\"1.0\"><dict><key>licenseID</key><string>EA1900</string></dict></plist>");
  CHECK_FALSE(probe_apple(mac.machine_).license.value);
  CHECK(probe_apple(mac.machine_).license.known());
  const std::string agreed = "/Library/Preferences/com.apple.dt.Xcode.plist";
  const auto say = [](const std::string& id) {
    return "<plist version=\"1.0\"><dict><key>IDELastGMLicenseAgreedTo</key><string>" + id +
           "</string></dict></plist>";
  };
  mac.file(agreed, say("EA1800"));
  CHECK_FALSE(probe_apple(mac.machine_).license.value);
  mac.file(agreed, say("EA1900"));
  CHECK(probe_apple(mac.machine_).license.value);
  mac.file(agreed, "no list");
  CHECK(probe_apple(mac.machine_).license.state == FactState::unknown);
}

TEST_CASE("machine: which clang it is") {
  FakeMac mac;
  mac.program("/usr/bin/clang",
              "echo 'Apple clang version 17.0.0 (clang-1700.0.13.5)'; echo 'Target: "
              "arm64-apple-darwin24.5.0'");
  const SettingsState none;
  CompilerState found = probe_compiler(mac.machine_, none, limit);
  CHECK(found.kind.value == "apple clang");
  CHECK(found.version.value == "17.0.0");
  CHECK(found.target.value == "arm64-apple-darwin24.5.0");
  CHECK(found.headers.state == FactState::unknown);
  mac.program("/opt/homebrew/bin/clang",
              "echo 'Homebrew clang version 21.1.0'; echo 'Target: arm64-apple-darwin24.5.0'");
  found = probe_compiler(mac.machine_, none, limit);
  CHECK(found.program.value == "/opt/homebrew/bin/clang");
  CHECK(found.kind.value == "clang");
  mac.program("/opt/homebrew/bin/clang",
              "echo 'xcrun: error: invalid active developer path' >&2; exit 1");
  found = probe_compiler(mac.machine_, none, limit);
  CHECK(found.program.known());
  CHECK(found.kind.state == FactState::unknown);
  CHECK(found.kind.why.contains("invalid active developer path"));
}

TEST_CASE("machine: without developer tools clang is not started: it would open a window") {
  FakeMac mac;
  const std::string trace = mac.machine_.root + "/started";
  mac.program("/usr/bin/clang", "echo x > '" + trace + "'; sleep 60");
  mac.program("/usr/local/go/bin/go", "echo x > '" + trace + "'; sleep 60");
  const Snapshot snapshot = take_snapshot(mac.machine_, {});
  CHECK_FALSE(is_file(trace));
  CHECK(snapshot.apple.developer_folder.state == FactState::absent);
  CHECK(snapshot.compiler.program.known());
  CHECK(snapshot.compiler.kind.state == FactState::unknown);
  CHECK(snapshot.compiler.probe.state == FactState::unknown);
}

TEST_CASE("machine: Gos on PATH and what they are for") {
  FakeMac mac;
  mac.file("/usr/local/go/bin/go", macho(7), 0755);
  mac.file("/usr/local/go/VERSION", "go1.17.2\ntime x\n");
  mac.file("/usr/local/go/src/runtime/cgo/gcc_signal_darwin_armx.c", "");
  mac.link("/opt/homebrew/bin/go", "/opt/homebrew/Cellar/go/1.26.1/libexec/bin/go");
  const GoState go = probe_go_installs(mac.machine_);
  REQUIRE(go.installs.value.size() == 1);
  CHECK(go.installs.value[0].version == "go1.17.2");
  CHECK(go.installs.value[0].goarch == "amd64");
  REQUIRE(go.stale_files.value.size() == 1);
  mac.environment_["PATH"] = "/nowhere";
  CHECK(probe_go_installs(mac.machine_).installs.state == FactState::absent);
}

TEST_CASE("machine: the file of go env -w") {
  FakeMac mac;
  mac.file("/Users/a/Library/Application Support/go/env",
           "# CC=x\nCC=clang -x\nGOFLAGS=\nGOARCH=amd64\nGOARCH=arm64\nodd line\n");
  mac.environment_["CC"] = "gcc";
  const SettingsState settings = probe_settings(mac.machine_);
  CHECK(settings.file.known());
  CHECK(setting_value(settings, "CC") == "gcc");
  CHECK(setting_value(settings, "GOARCH") == "arm64");
  CHECK(setting_value(settings, "GOFLAGS").empty());
  std::size_t passive = 0;
  for (const Setting& one : settings.list.value) passive += one.active ? 0 : 1;
  CHECK(passive == 2);
  mac.environment_["GOENV"] = "off";
  CHECK(probe_settings(mac.machine_).file.state == FactState::absent);
}

TEST_CASE("machine: a carriage return in the file of go env -w is part of the value, as for go") {
  FakeMac mac;
  mac.file("/Users/a/Library/Application Support/go/env", "CGO_ENABLED=0\r\nGOFLAGS=-x\n");
  const SettingsState settings = probe_settings(mac.machine_);
  CHECK(setting_value(settings, "CGO_ENABLED") == "0\r");
  CHECK(setting_value(settings, "GOFLAGS") == "-x");
}

TEST_CASE("machine: releases of Go on PATH and in the module cache") {
  FakeMac mac;
  mac.program("/usr/bin/go1.25.1", "exit 0");
  mac.file("/Users/a/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.24.2.darwin-arm64/bin/go", "",
           0755);
  mac.file("/Users/a/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.24.3.linux-amd64/bin/go", "", 0755);
  const auto found = probe_toolchains(mac.machine_, probe_settings(mac.machine_), "arm64");
  REQUIRE(found.value.size() == 2);
  CHECK(found.value[0].version == "go1.25.1");
  CHECK(found.value[1].version == "go1.24.2");
}

TEST_CASE("machine: a link to a compiler that is gone is no missing compiler") {
  FakeMac mac;
  mac.machine_.goos = "linux";
  mac.link("/usr/bin/gcc", "gcc-12");
  mac.file("/var/lib/dpkg/info/gcc-12.list", "/usr/bin/gcc-12\n");
  const CompilerState found = probe_compiler(mac.machine_, {}, limit);
  CHECK(found.program.state == FactState::absent);
  CHECK(found.broken_link.value == "/usr/bin/gcc -> gcc-12");
  CHECK(found.broken_package.value == "gcc-12");
}

TEST_CASE("machine: XProtect and the day of a release") {
  FakeMac mac;
  mac.file("/Library/Apple/System/Library/CoreServices/XProtect.bundle/Contents/Info.plist",
           "<plist version=\"1.0\"><dict><key>CFBundleShortVersionString</key><string>5310</string>"
           "</dict></plist>");
  mac.file("/usr/local/go/VERSION", "go1.26.8\ntime 2026-09-01T16:39:16Z\n");
  AppleState apple;
  probe_policies(mac.machine_, limit, apple);
  CHECK(apple.xprotect.value == "5310");
  CHECK(apple.managed.state == FactState::unknown);
  CHECK(released_day(mac.machine_, "/usr/local/go").value == "2026-09-01");
}

TEST_CASE("machine: identities as security(1) prints them") {
  FakeMac mac;
  mac.program("/usr/bin/security",
              "cat <<'X'\nPolicy: Code Signing\n  Matching identities\n"
              "  1) AAAA \"Apple Development: a@b.c (X)\" (CSSMERR_TP_CERT_EXPIRED)\n"
              "  2) BBBB \"Developer ID Application: Foo Inc (ABCDE12345)\"\n"
              "     2 identities found\n\n  Valid identities only\n"
              "  1) BBBB \"Developer ID Application: Foo Inc (ABCDE12345)\"\n     1 valid "
              "identities found\nX");
  const IdentityState found = probe_identities(mac.machine_, limit);
  REQUIRE(found.list.value.size() == 2);
  CHECK(found.list.value[0].expired);
  CHECK(found.list.value[1].name == "Developer ID Application: Foo Inc (ABCDE12345)");
  CHECK_FALSE(found.list.value[1].expired);
  mac.program("/usr/bin/security", "sleep 60");
  CHECK(probe_identities(mac.machine_, std::chrono::milliseconds(100)).list.state ==
        FactState::unknown);
}

TEST_CASE("machine: two Homebrews") {
  FakeMac mac;
  mac.program("/opt/homebrew/bin/brew", "");
  mac.program("/usr/local/bin/brew", "");
  const PackagesState packages = probe_packages(mac.machine_, {}, limit);
  REQUIRE(packages.brew.value.size() == 2);
  CHECK(packages.brew.value[0].on_path);
  CHECK_FALSE(packages.brew.value[1].on_path);
}
