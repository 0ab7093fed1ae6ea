#include "diagnose/origin.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "diagnose/events/scan.h"
#include "diagnose/log.h"

using namespace tenon;

namespace {

Origin of(std::string_view log) { return scan_log(log).origin; }

}  // namespace

TEST_CASE("origin: what no line shows is unknown") {
  const Origin out = of("main.go:4:11: fatal error: 'vips/vips.h' file not found\n");
  CHECK_FALSE(out.host.known());
  CHECK_FALSE(out.target.known());
  CHECK_FALSE(out.libc.known());
  CHECK_FALSE(out.distribution.known());
  CHECK(out.speaker.is("compiler"));
  CHECK(out.speaker.line == 1);
}

TEST_CASE("origin: each value has its line") {
  const Origin out =
      of("FROM golang:1.24-alpine3.21\n"
         "/usr/local/go/pkg/tool/linux_arm64/link: running gcc failed: exit status 1\n"
         "/usr/bin/ld: cannot find -lsodium\n");
  CHECK(out.host.is("linux"));
  CHECK(out.host.line == 2);
  CHECK(out.architecture.is("arm64"));
  CHECK(out.distribution.is("alpine"));
  CHECK(out.distribution.line == 1);
  CHECK(out.release.is("3.21"));
  CHECK(out.libc.is("musl"));
  CHECK(out.speaker.is("linker"));
}

TEST_CASE("origin: a system by what only it prints") {
  CHECK(of("C:\\Users\\u>go build\n").host.is("windows"));
  CHECK(of("ld: library not found for -lx\n/opt/homebrew/bin/go\n").host.is("darwin"));
  CHECK(of("root@ubuntu22:~# go build\n").host.is("linux"));
  CHECK(of("Runner: ubuntu-24.04\n").release.is("24.04"));
  Log log({});
  CHECK(package_family(log).empty());
  log.origin = of("Runner: ubuntu-24.04\n");
  CHECK(package_family(log) == "debian");
  // A build with tenon: the machine's, where the log names none.
  log.origin = {};
  log.build.machine = "ubuntu:24.04";
  log.build.distribution = "alpine:3.21";  // of its sysroot
  log.build.tenon = true;
  CHECK(package_family(log) == "debian");
  log.origin = of("FROM golang:1.24-alpine3.21\n");
  CHECK(package_family(log) == "alpine");
  CHECK(of("FROM golang:1.24-bookworm\n").release.is("12"));
}

// The compiler of an image that does not start is no program that was built.
TEST_CASE("origin: a loader that speaks in a build speaks of a tool") {
  const std::string_view line =
      "o64-clang: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.33' not found (required by "
      "o64-clang)\n";
  CHECK(of(line).speaker.is("loader"));
  CHECK(of("# runtime/cgo\n" + std::string(line)).speaker.is("tool of the image"));
}

TEST_CASE("origin: host and target count before words") {
  const std::string_view mac =
      "/usr/local/go/pkg/tool/darwin_arm64/link: running clang failed: exit status 1\n"
      "GOOS=darwin\nsee the linux notes\n";
  CHECK(is_of(of(mac), "darwin"));
  CHECK_FALSE(is_of(of(mac), "linux"));
  // Where the target is not known a word is better than nothing.
  CHECK(is_of(of("ld: library not found for -lx, see the linux notes\n"), "linux"));
  CHECK(is_of(of("ld: -static is not supported\n"), "static"));
  CHECK_FALSE(is_of(of("main.go:1:1: expected package\n"), "cross"));
  CHECK(of("ld: -static is not supported\n").linkage.line == 1);
  CHECK(of("exec: \"gcc\": executable file not found in %PATH%\n").host.is("windows"));
}

// A Makefile prints its variables whether they hold something or not.
TEST_CASE("origin: variables without a value are no cross build") {
  CHECK_FALSE(of("GOOS= GOARCH= GOARM= go build -o app\n").cross.known());
  CHECK_FALSE(of("GOOS= go build\n").cross.known());
  CHECK(of("GOOS=linux go build\n").cross.known());
  CHECK(of("env GOARCH=\"arm64\" go build\n").cross.known());
  CHECK(of("    - GOOS: linux\n").cross.known());
}

// The prompts of macOS's shells as they come: \h:\W \u\$ of bash, %n@%m %1~ %# of zsh.
TEST_CASE("origin: prompts tell a Mac from other systems") {
  CHECK(of("studio:shop user$ go build\n").host.is("darwin"));
  CHECK(of("user@studio shop % go build\n").host.is("darwin"));
  CHECK_FALSE(of("user@studio:~/shop$ go build\n").host.is("darwin"));
  CHECK_FALSE(of("[user@studio shop]$ go build\n").host.is("darwin"));
  CHECK_FALSE(of("error: expected $ go build\n").host.is("darwin"));
  CHECK_FALSE(of("main.go:4:2: price in US$ is unknown\n").host.is("darwin"));
}

TEST_CASE("origin: FreeBSD is a host of its own") {
  CHECK(of("FreeBSD 14.0-RELEASE\n").host.is("freebsd"));
  CHECK(of("GOHOSTOS='freebsd'\n").host.is("freebsd"));
}
