#include "resolve/decision.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "resolve/config_file.h"
#include "resolve/inputs.h"

namespace tenon::resolve {
namespace {

Inputs linux_machine(std::string nsswitch = "hosts: files dns\n",
                     std::string resolv = "nameserver 192.0.2.1\n") {
  Inputs out;
  out.machine.resolv_conf = ConfigFile::of(std::move(resolv));
  out.machine.nsswitch = ConfigFile::of(std::move(nsswitch));
  out.machine.hosts = ConfigFile::none();
  out.machine.mdns_allow = ConfigFile::none();
  out.machine.hostname = "box";
  return out;
}

std::string order(const Inputs& inputs, std::string_view name = "example.org") {
  return std::string(order_text(Resolver(inputs).decide(name).order));
}

std::string reason(const Inputs& inputs, std::string_view name = "example.org") {
  return std::string(reason_word(Resolver(inputs).decide(name).reason));
}

TEST_CASE("a plain Linux machine asks files, then DNS") {
  CHECK(order(linux_machine()) == "files,dns");
  CHECK(order(linux_machine("hosts: dns files")) == "dns,files");
  CHECK(order(linux_machine("hosts: dns")) == "dns");
  CHECK(order(linux_machine("hosts: files")) == "files");
  CHECK(reason(linux_machine()) == "nsswitch-order");
}

TEST_CASE("the program decides before the files do") {
  Inputs inputs = linux_machine("hosts: resolve");
  CHECK(order(inputs) == "cgo");
  inputs.environment.variables["GODEBUG"] = "netdns=go";
  CHECK(order(inputs) == "dns");
  CHECK(reason(inputs) == "netdns=go");
  inputs.build.cgo = false;
  CHECK(reason(inputs) == "cgo-not-compiled-in");
  inputs.build.netgo = true;
  CHECK(reason(inputs) == "netgo-tag");
  inputs.environment.variables["GODEBUG"] = "netdns=cgo";
  CHECK(order(inputs) == "dns");
}

TEST_CASE("GODEBUG of the environment stands before that of the build") {
  Inputs inputs = linux_machine();
  inputs.build.default_godebug = "netdns=cgo";
  CHECK(reason(inputs) == "netdns=cgo");
  inputs.environment.variables["GODEBUG"] = "netdns=";
  CHECK(order(inputs) == "files,dns");
}

TEST_CASE("LOCALDOMAIN counts when it is empty, the others do not") {
  Inputs inputs = linux_machine();
  inputs.environment.variables["RES_OPTIONS"] = "";
  CHECK(order(inputs) == "files,dns");
  inputs.environment.variables["LOCALDOMAIN"] = "";
  CHECK(reason(inputs) == "env-LOCALDOMAIN");
  inputs.build.goos = "js";
  CHECK(reason(inputs) == "cgo-not-compiled-in");
}

TEST_CASE("resolv.conf: which error it is decides") {
  Inputs inputs = linux_machine();
  inputs.machine.resolv_conf = {ConfigFile::State::permission, {}, {}};
  CHECK(order(inputs) == "files,dns");
  inputs.machine.resolv_conf = {ConfigFile::State::failed, {}, "not a directory"};
  CHECK(reason(inputs) == "resolv.conf-unreadable");
  inputs.machine.resolv_conf = {ConfigFile::State::unknown, {}, "nobody looked"};
  CHECK(order(inputs) == "unknown");
  inputs.machine.resolv_conf = ConfigFile::of("options ndots:2 # x\n");
  const Decision decision = Resolver(inputs).decide("a");
  CHECK(decision.where == "/etc/resolv.conf:1");
  CHECK(decision.detail == "options #");
}

TEST_CASE("nsswitch.conf: missing, malformed, with conditions") {
  Inputs inputs = linux_machine();
  inputs.machine.nsswitch = ConfigFile::none();
  CHECK(order(inputs) == "files,dns");
  inputs.build.goos = "solaris";
  CHECK(order(inputs) == "cgo");
  CHECK(reason(linux_machine("hosts: files\nno colon\n")) == "nsswitch-malformed");
  CHECK(order(linux_machine("hosts: files [NOTFOUND=return] dns")) == "files,dns");
  CHECK(reason(linux_machine("hosts: files [!NOTFOUND=return] dns")) == "nsswitch-criteria");
  CHECK(reason(linux_machine("hosts: files\tdns")) == "nsswitch-source");
  CHECK(order(linux_machine("hosts: files\nhosts: dns\n")) == "files,dns");
}

TEST_CASE("myhostname and mdns depend on the name") {
  const Inputs inputs = linux_machine("hosts: files myhostname mdns4_minimal dns");
  CHECK(order(inputs, "example.org") == "files,dns");
  for (const char* name : {"localhost", "a.LOCALHOST.", "_gateway", "BOX", "printer.local."})
    CHECK_MESSAGE(order(inputs, name) == "cgo", name);
  CHECK(order(inputs, "") == "cgo");
  Inputs unnamed = inputs;
  unnamed.machine.hostname.reset();
  CHECK(order(unnamed, "example.org") == "unknown");
}

TEST_CASE("before Go 1.23 each .local name is libc's") {
  Inputs inputs = linux_machine();
  CHECK(order(inputs, "a.local") == "files,dns");
  inputs.build.go = {22, true};
  CHECK(reason(inputs, "a.local.") == "local-name");
}

TEST_CASE("systems without resolv.conf") {
  Inputs inputs = linux_machine();
  inputs.build.goos = "windows";
  CHECK(order(inputs) == "cgo");
  inputs.build.netgo = true;
  CHECK(order(inputs) == "files,dns");
  inputs.build.go = {21, true};
  CHECK(order(inputs) == "dns");
  inputs.build.goos = "plan9";
  CHECK(order(inputs) == "files,dns");
  inputs.build.go = {26, true};
  CHECK(order(inputs) == "cgo");
  inputs.fields.dial = true;
  CHECK(order(inputs) == "files,dns");
}

TEST_CASE("OpenBSD reads the line lookup") {
  Inputs inputs = linux_machine();
  inputs.build.goos = "openbsd";
  CHECK(order(inputs) == "dns,files");
  inputs.machine.resolv_conf = ConfigFile::of("lookup file bind\n");
  CHECK(order(inputs) == "files,dns");
  inputs.machine.resolv_conf = ConfigFile::of("lookup file bind yp\n");
  CHECK(order(inputs) == "cgo");
  inputs.machine.resolv_conf = ConfigFile::none();
  CHECK(order(inputs) == "files");
}

TEST_CASE("macOS needs no cgo for libc, unless netgo") {
  Inputs inputs = linux_machine();
  inputs.build.goos = "darwin";
  inputs.build.cgo = false;
  CHECK(reason(inputs) == "os-prefers-libc");
  inputs.build.netgo = true;
  CHECK(order(inputs) == "files,dns");
}

TEST_CASE("releases of Go") {
  CHECK(parse_go_release("go1.26.8") == 26);
  CHECK(parse_go_release("1.27rc1") == 27);
  CHECK(parse_go_release("go1.26.8 X:nocoverageredesign") == 26);
  CHECK_FALSE(parse_go_release("2.0"));
  CHECK_FALSE(parse_go_release("1.x"));
}

}  // namespace
}  // namespace tenon::resolve
