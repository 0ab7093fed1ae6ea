// Machines and their findings: systems, shells, containers and identities. Other spellings of the
// same faults, and machines that only look as if.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "machine/machines.h"

using namespace tenon;
using namespace tenon::machines;

namespace {

void without_c_project(Snapshot& machine) {
  machine.project.module = text("example.com/app");
  machine.project.go = text("1.22");
  machine.project.cgo = Packages::of({}, "here");
}

void identity(Snapshot& machine, std::string end, std::string issuer = {}) {
  machine.system.day = text("2026-11-28");
  SigningIdentity one;
  one.name = "Developer ID Application: X (Y)";
  one.not_after = std::move(end);
  one.issuer = std::move(issuer);
  machine.identities.list.value.push_back(std::move(one));
}

const std::vector<Machine>& system_machines() {
  static const std::vector<Machine> all{
      {"Fedora",
       linux_machine,
       [](Snapshot& m) {
         m.system.name = text("fedora");
         m.system.version = text("43");
         m.compiler.target = text("x86_64-redhat-linux");
       },
       {}},
      {"Arch",
       linux_machine,
       [](Snapshot& m) {
         m.system.name = text("arch");
         m.system.version = no_text();
         m.compiler.target = text("x86_64-pc-linux-gnu");
       },
       {}},
      {"Debian for ARM boards",
       linux_machine,
       [](Snapshot& m) {
         m.system.goarch = go(m).goarch = "arm";
         m.compiler.target = text("arm-linux-gnueabihf");
       },
       {}},
      {"container without C, pure project",
       linux_machine,
       [](Snapshot& m) {
         no_compiler(m);
         without_c_project(m);
       },
       {"n cc/not-installed"}},
      {"container without C, CGO_ENABLED=0",
       linux_machine,
       [](Snapshot& m) {
         no_compiler(m);
         set(m, "CGO_ENABLED", "0");
       },
       {"n cgo/off-by-setting", "n cc/not-installed"}},
      {"Alpine without musl-dev, pure project",
       alpine,
       [](Snapshot& m) {
         m.compiler.headers = m.compiler.start_files = flag(false);
         m.compiler.probe = text("compile");
         without_c_project(m);
       },
       {"n alpine/musl-dev-missing"}},
      {"LD_LIBRARY_PATH of a graphics card",
       linux_machine,
       [](Snapshot& m) { set(m, "LD_LIBRARY_PATH", "/usr/local/cuda/lib64"); },
       {"n env/library-path-set"}},
      {"SHELL of Homebrew's on arm64",
       mac,
       [](Snapshot& m) {
         m.system.shell = text("/opt/homebrew/bin/fish");
         m.system.shell_goarch = text("arm64");
         m.system.shell_translated = flag(false);
       },
       {}},
      {"DYLD_FALLBACK_LIBRARY_PATH",
       mac,
       [](Snapshot& m) { set(m, "DYLD_FALLBACK_LIBRARY_PATH", "/opt/homebrew/lib"); },
       {}},
      {"native tenon in a translated shell",
       mac,
       [](Snapshot& m) { m.system.shell_translated = flag(true); },
       {"w rosetta/translated-shell-selects-x86-clang"}},
      {"login shell for Intel",
       mac,
       [](Snapshot& m) {
         m.system.shell = text("/usr/local/bin/bash");
         m.system.shell_goarch = text("amd64");
       },
       {"w rosetta/translated-shell-selects-x86-clang"}},
      {"Intel shell on an Intel Mac",
       mac,
       [](Snapshot& m) {
         m.system.goarch = go(m).goarch = "amd64";
         m.packages.brew.value = {{"/usr/local", "amd64", true}};
         m.system.shell = text("/bin/zsh");
         m.system.shell_goarch = text("amd64");
       },
       {}},
      {"DYLD_INSERT_LIBRARIES",
       mac,
       [](Snapshot& m) { set(m, "DYLD_INSERT_LIBRARIES", "/x/libfoo.dylib"); },
       {"w dyld/library-path-shadows-system"}},
      {"identity that ended",
       mac,
       [](Snapshot& m) { identity(m, "2026-01-01"); },
       {"w codesign/identity-expired"}},
      {"identity that ends in two weeks",
       mac,
       [](Snapshot& m) { identity(m, "2026-12-10"); },
       {"w signing/certificate-expires"}},
      {"identity that ends today",
       mac,
       [](Snapshot& m) { identity(m, "2026-11-28"); },
       {"w signing/certificate-expires"}},
      {"identity that ended yesterday",
       mac,
       [](Snapshot& m) { identity(m, "2026-11-27"); },
       {"w codesign/identity-expired"}},
      {"identity with 90 days left",
       mac,
       [](Snapshot& m) { identity(m, "2027-02-26"); },
       {"w signing/certificate-expires"}},
      {"identity with 91 days left", mac, [](Snapshot& m) { identity(m, "2027-02-27"); }, {}},
      {"identity in order", mac, [](Snapshot& m) { identity(m, "2030-01-01"); }, {}},
      {"identity of the first intermediate",
       mac,
       [](Snapshot& m) { identity(m, "2027-02-01", "Developer ID Certification Authority"); },
       {"w signing/certificate-expires", "w signing/certificate-expires"}},
      {"the same in spring",
       mac,
       [](Snapshot& m) {
         identity(m, "2027-02-01", "Developer ID Certification Authority");
         m.system.day = text("2026-04-20");
       },
       {}},
      {"two identities of the first intermediate: it is named once",
       mac,
       [](Snapshot& m) {
         identity(m, "2027-02-01", "Developer ID Certification Authority");
         identity(m, "2027-02-01", "Developer ID Certification Authority");
       },
       {"w signing/certificate-expires", "w signing/certificate-expires",
        "w signing/certificate-expires"}},
      {"identity of the second intermediate",
       mac,
       [](Snapshot& m) { identity(m, "2030-02-01", "Developer ID Certification Authority G2"); },
       {}},
      {"identity whose authority has ended before it",
       mac,
       [](Snapshot& m) {
         identity(m, "2030-01-01", "Example CA");
         m.identities.list.value.back().issuer_not_after = "2026-11-01";
       },
       {"w codesign/identity-expired"}},
      {"the day is not known",
       mac,
       [](Snapshot& m) {
         identity(m, "2020-01-01");
         m.system.day = TextFact::open("");
       },
       {}},
      {"old Docker",
       linux_machine,
       [](Snapshot& m) {
         m.system.threads_refused = flag(true);
         m.compiler.probe = text("run");
       },
       {"e container/old-docker-seccomp-clone3"}},
  };
  return all;
}

}  // namespace

TEST_CASE(
    "doctor: machines with their findings and no other: systems, shells, containers and "
    "identities") {
  check_machines(system_machines());
}
