#include "diagnose/events/events.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>

#include "diagnose/events/context.h"
#include "diagnose/events/patterns.h"
#include "diagnose/events/scan.h"

using namespace tenon;

namespace {

const LogEvent& only(const Log& log, EventKind kind) {
  const LogEvent* event = log.event(kind);
  REQUIRE(event != nullptr);
  return *event;
}

std::size_t root_of(const Log& log, const LogEvent& event) {
  return event.follows ? log.events[*event.follows].line : 0;
}

}  // namespace

TEST_CASE("a line becomes an event with its speaker, step and names") {
  const Log log = scan_log(
      "# github.com/google/gopacket/pcap\n"
      "../pcap.go:30:22: error: pcap.h: No such file or directory\n"
      "compilation terminated.\n");
  const LogEvent& event = only(log, EventKind::header_missing);
  CHECK(event.line == 2);
  CHECK(event.get("header") == "pcap.h");
  CHECK(event.voice.tool == "gcc");
  CHECK(event.voice.stage == "compile");
  CHECK(event.package == "github.com/google/gopacket/pcap");
  CHECK(event.weight == Weight::failure);
}

TEST_CASE("the linkers' words for one fact are one kind") {
  for (const std::string_view line :
       {"/usr/bin/ld: cannot find -lfoo: No such file or directory",
        "ld.lld: error: unable to find library -lfoo", "ld: library not found for -lfoo",
        "ld: library 'foo' not found", "mold: fatal: library not found: foo",
        "error: unable to find dynamic system library 'foo' using strategy 'paths_first'",
        "/usr/bin/ld: 找不到 -lfoo", "/usr/bin/ld: impossible de trouver -lfoo"}) {
    CAPTURE(line);
    const Log log = scan_log(line);
    CHECK(only(log, EventKind::library_missing).get("name").substr(0, 3) == "foo");
    CHECK(log_context(log).stage == "link");
  }
}

TEST_CASE("translated messages of gcc name the header all the same") {
  for (const std::string_view line :
       {"main.go:4:10: schwerwiegender Fehler: sodium.h: Datei oder Verzeichnis nicht gefunden",
        "main.go:4:10: erreur fatale: sodium.h: Aucun fichier ou dossier de ce type",
        "main.go:4:10: fatal error: sodium.h: 没有那个文件或目录"}) {
    CAPTURE(line);
    CHECK(only(scan_log(line), EventKind::header_missing).get("header") == "sodium.h");
  }
}

TEST_CASE("a package heading counts for what stands below it, a package in the line before that") {
  const Log log = scan_log(
      "# example.com/a\n"
      "a.c:1:10: fatal error: a.h: No such file or directory\n"
      "# example.com/b [example.com/b.test]\n"
      "b.go:3:2: undefined: f\n"
      "go build example.com/c: invalid flag in #cgo LDFLAGS: -Wl,-x\n");
  REQUIRE(log.events.size() == 3);
  CHECK(log.events[0].package == "example.com/a");
  CHECK(log.events[1].package == "example.com/b");
  CHECK(log.events[2].package == "example.com/c");
}

TEST_CASE("undefined symbols follow the file that the linker left out") {
  const Log log = scan_log(
      "# example.com/p\n"
      "ld: warning: ignoring file '/opt/homebrew/lib/libz.dylib': found architecture 'arm64', "
      "required architecture 'x86_64'\n"
      "Undefined symbols for architecture x86_64:\n"
      "  \"_inflate\", referenced from:\n"
      "ld: symbol(s) not found for architecture x86_64\n"
      "clang: error: linker command failed with exit code 1 (use -v to see invocation)\n");
  CHECK(root_of(log, only(log, EventKind::symbol_undefined)) == 2);
  for (const LogEvent& event : log.events) {
    if (event.line > 2) CHECK(root_of(log, event) == 2);
  }
}

TEST_CASE("a full disk explains whatever failed after it") {
  const Log log = scan_log(
      "# example.com/p\n"
      "/usr/bin/ld: final link failed: No space left on device\n"
      "/usr/bin/ld: cannot find -lfoo\n"
      "collect2: error: ld returned 1 exit status\n");
  CHECK(root_of(log, only(log, EventKind::library_missing)) == 2);
  CHECK(root_of(log, only(log, EventKind::relay)) == 2);
}

TEST_CASE("a messenger passes on the failure of its own package") {
  const Log log = scan_log(
      "# example.com/a\n"
      "a.c:1:10: fatal error: a.h: No such file or directory\n"
      "# example.com/b\n"
      "/usr/bin/ld: cannot find -lb\n"
      "collect2: error: ld returned 1 exit status\n");
  CHECK(root_of(log, only(log, EventKind::relay)) == 4);
}

TEST_CASE("what fails alone follows nothing") {
  const Log log = scan_log("/usr/bin/ld: x.o: undefined reference to `f'\n");
  CHECK_FALSE(only(log, EventKind::symbol_undefined).follows.has_value());
}

TEST_CASE("the context is that of the last failure which no other explains") {
  const Log log = scan_log(
      "# example.com/p\n"
      "p.go:4:10: fatal error: p.h: No such file or directory\n"
      "compilation terminated.\n"
      "make: *** [Makefile:3: all] Error 2\n");
  const LogContext context = log_context(log);
  CHECK(context.tool == "gcc");
  CHECK(context.stage == "compile");
  CHECK(context.package == "example.com/p");
}

TEST_CASE("every wording has literal text that can be looked for") {
  std::set<std::string_view> seen;
  for (const Wording& one : wordings()) {
    CAPTURE(one.pattern);
    std::size_t longest = 0, at = 0;
    while (at < one.pattern.size()) {
      const std::size_t open = std::min(one.pattern.find('{', at), one.pattern.size());
      longest = std::max(longest, open - at);
      const std::size_t close = one.pattern.find('}', open);
      if (close == one.pattern.npos) break;
      at = close + 1;
    }
    CHECK(longest >= 4);
    CHECK(seen.insert(one.pattern).second);
    CHECK_FALSE(event_name(one.kind).empty());
  }
}

TEST_CASE("a very long log keeps to its bounds") {
  std::string text;
  for (int i = 0; i < 30000; ++i) text += "x.go:1:2: undefined: f\n";
  const Log log = scan_log(text);
  CHECK(log.events.size() <= most_events);
  CHECK(log.events.size() > 1000);
}

TEST_CASE("events: the name of a compiler in the name of a file or library speaks for nobody") {
  for (const std::string_view line :
       {"gcc: error: x", "/usr/bin/gcc-12: x", "aarch64-linux-gnu-gcc: x", "exec: \"gcc\": x"}) {
    CAPTURE(line);
    CHECK(voice_of(line).tool == "gcc");
  }
  CHECK(voice_of("clang++: error: x").tool == "clang");
  for (const std::string_view line :
       {"find /usr/gcc-bin/5 : No such file", "open /usr/lib/gcc/x86_64-linux-gnu/12/x.h: x",
        "no libgcc_s here", "unzigzag: x"}) {
    CAPTURE(line);
    CHECK(voice_of(line).tool.empty());
  }
}
