#include "format/tbd/tbd.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tenon;

namespace {

std::vector<std::string> names(const tbd::NameList& list) {
  std::vector<std::string> out;
  for (const std::string_view name : list) out.emplace_back(name);
  return out;
}

std::vector<tbd::Document> read(const std::string& text) {
  auto documents = tbd::read(view_of(text));
  REQUIRE(documents);
  return *documents;
}

using Names = std::vector<std::string>;

// In the manner of TAPI: lists over many lines, three ways of quoting, two documents.
const std::string version_4 = R"(--- !tapi-tbd
tbd-version:     4
targets:         [ x86_64-macos, arm64e-macos,
                   arm64e.x1-macos, arm64e-maccatalyst ]
install-name:    '/usr/lib/libSystem.B.dylib'
current-version: 1359
parent-umbrella:
  - targets:         [ x86_64-macos ]
    umbrella:        System
reexported-libraries:
  - targets:         [ x86_64-macos, arm64e-macos ]
    libraries:       [ '/usr/lib/system/libcache.dylib',
                       '/usr/lib/system/libdyld.dylib' ]
exports:
  - targets:         [ x86_64-macos ]
    symbols:         [ _old ]
  - targets:         [ x86_64-macos, arm64e-macos, arm64e.x1-macos ]
    symbols:         [ '$ld$hide$os10.4$_x', _malloc, "_free",
                       '_open$NOCANCEL' ]
    weak-symbols:    [ __Znwm ]
    thread-local-symbols: [ _errno ]
    objc-classes:    [ OS_object ]
    objc-eh-types:   [ NSException ]
    objc-ivars:      [ OS_object.isa ]
reexports:
  - targets:         [ arm64e-macos ]
    symbols:         [ _again ]
undefineds:
  - targets:         [ arm64e-macos ]
    symbols:         [ _wanted ]
--- !tapi-tbd
tbd-version:     4
targets:         [ arm64-macos, arm64e-macos ]
install-name:    '/usr/lib/system/libcache.dylib'
exports:
  - targets:         [ arm64-macos, arm64e-macos ]
    symbols:         [ _cache ]
...
)";

}  // namespace

TEST_CASE("tbd: version 4 with several documents") {
  const auto documents = read(version_4);
  REQUIRE(documents.size() == 2);
  const tbd::Document& first = documents[0];
  CHECK(first.version == 4);
  CHECK(first.install_name == "/usr/lib/libSystem.B.dylib");
  CHECK(first.current_version == "1359");
  CHECK(names(first.targets) ==
        Names{"x86_64-macos", "arm64e-macos", "arm64e.x1-macos", "arm64e-maccatalyst"});
  REQUIRE(first.reexported_libraries.size() == 1);
  CHECK(names(first.reexported_libraries[0].libraries) ==
        Names{"/usr/lib/system/libcache.dylib", "/usr/lib/system/libdyld.dylib"});
  REQUIRE(first.items.size() == 4);
  const tbd::Item& item = first.items[1];
  CHECK(names(item.symbols) == Names{"$ld$hide$os10.4$_x", "_malloc", "_free", "_open$NOCANCEL"});
  CHECK(names(item.weak_symbols) == Names{"__Znwm"});
  CHECK(names(item.thread_local_symbols) == Names{"_errno"});
  CHECK(names(item.objc_classes) == Names{"OS_object"});
  CHECK(names(item.objc_eh_types) == Names{"NSException"});
  CHECK(names(item.objc_ivars) == Names{"OS_object.isa"});
  CHECK(first.items[2].kind == tbd::ItemKind::reexports);
  CHECK(first.items[3].kind == tbd::ItemKind::undefineds);
  CHECK(documents[1].install_name == "/usr/lib/system/libcache.dylib");
}

TEST_CASE("tbd: exports by target") {
  const auto documents = read(version_4);
  const tbd::Document& first = documents[0];
  CHECK(first.exports_for("arm64e-macos"));
  CHECK(!first.exports_for("arm64-macos"));
  CHECK(first.exports("_malloc", "arm64e-macos"));
  CHECK(first.exports("_errno", "x86_64-macos"));
  CHECK(first.exports("_again", "arm64e-macos"));
  CHECK(!first.exports("_old", "arm64e-macos"));
  CHECK(!first.exports("_wanted", "arm64e-macos"));
  CHECK(!first.exports("_malloc", "arm64-macos"));
  CHECK(documents[1].exports("_cache", "arm64-macos"));
}

TEST_CASE("tbd: lists in block form, comments and carriage returns") {
  const std::string text =
      "--- !tapi-tbd\r\n# a comment\r\ntbd-version: 4\r\ntargets:\r\n  - arm64-macos\r\n"
      "  - \"x86_64-macos\"\r\ninstall-name: /usr/lib/libz.1.dylib # plain\r\nexports:\r\n"
      "- targets: [ arm64-macos ]\r\n  symbols:\r\n    - _a\r\n    - '_b'\r\n  weak-symbols: "
      "[ _c ]\r\n"
      "- targets: [ x86_64-macos ]\r\n  symbols: [ _d ]\r\n...\r\n";
  const auto documents = read(text);
  REQUIRE(documents.size() == 1);
  CHECK(documents[0].install_name == "/usr/lib/libz.1.dylib");
  CHECK(names(documents[0].targets) == Names{"arm64-macos", "x86_64-macos"});
  REQUIRE(documents[0].items.size() == 2);
  CHECK(names(documents[0].items[0].symbols) == Names{"_a", "_b"});
  CHECK(names(documents[0].items[0].weak_symbols) == Names{"_c"});
  CHECK(names(documents[0].items[1].symbols) == Names{"_d"});
}

TEST_CASE("tbd: version 3 has architectures and a platform") {
  const std::string text =
      "--- !tapi-tbd-v3\narchs: [ x86_64, arm64 ]\nuuids: [ 'x86_64: 00', 'arm64: 01' ]\n"
      "platform: zippered\ninstall-name: /usr/lib/libx.dylib\nexports:\n"
      "  - archs: [ arm64 ]\n    re-exports: [ /usr/lib/liby.dylib ]\n    symbols: [ _a ]\n"
      "    weak-def-symbols: [ _w ]\n    objc-classes: [ _NSFoo ]\n...\n";
  const auto documents = read(text);
  REQUIRE(documents.size() == 1);
  const tbd::Document& document = documents[0];
  CHECK(document.version == 3);
  CHECK(document.exports_for("arm64-maccatalyst"));
  CHECK(!document.exports_for("arm64-ios"));
  CHECK(document.exports("_a", "arm64-macos"));
  CHECK(document.exports("_w", "arm64-macos"));
  CHECK(!document.exports("_a", "x86_64-macos"));
  REQUIRE(document.reexported_libraries.size() == 1);
  CHECK(names(document.reexported_libraries[0].libraries) == Names{"/usr/lib/liby.dylib"});
}

TEST_CASE("tbd: version 5 is JSON") {
  const std::string text = R"({
    "libraries": [ { "install_names": [ { "name": "/usr/lib/liby.dylib" } ],
                     "target_info": [ { "target": "arm64-macos" } ] } ],
    "main_library": {
      "exported_symbols": [
        { "data": { "global": [ "_d" ], "objc_class": [ "NSFoo" ], "thread_local": [ "_t" ] },
          "text": { "global": [ "_a" ], "weak": [ "_w" ] } },
        { "targets": [ "x86_64-macos" ], "text": { "global": [ "_only" ] } } ],
      "current_versions": [ { "version": "1.2" } ],
      "install_names": [ { "name": "/usr/lib/libx.dylib" } ],
      "reexported_libraries": [ { "names": [ "/usr/lib/liby.dylib" ] } ],
      "target_info": [ { "min_deployment": "12", "target": "arm64-macos" },
                       { "min_deployment": "12", "target": "x86_64-macos" } ] },
    "tapi_tbd_version": 5 })";
  const auto documents = read(text);
  REQUIRE(documents.size() == 2);
  const tbd::Document& main = documents[0];
  CHECK(main.version == 5);
  CHECK(main.install_name == "/usr/lib/libx.dylib");
  CHECK(main.current_version == "1.2");
  CHECK(names(main.targets) == Names{"arm64-macos", "x86_64-macos"});
  for (const char* symbol : {"_a", "_d", "_w", "_t"}) CHECK(main.exports(symbol, "arm64-macos"));
  CHECK(!main.exports("_only", "arm64-macos"));
  CHECK(main.exports("_only", "x86_64-macos"));
  CHECK(names(main.items[0].objc_classes) == Names{"NSFoo"});
  CHECK(names(main.reexported_libraries[0].libraries) == Names{"/usr/lib/liby.dylib"});
  CHECK(documents[1].install_name == "/usr/lib/liby.dylib");
}

TEST_CASE("tbd: what is no stub is refused") {
  const auto error = [](const std::string& text) { return tbd::read(view_of(text)).error(); };
  CHECK(error("").code == Errc::malformed);
  CHECK(error("#!/bin/sh\n").code == Errc::malformed);
  CHECK(error("--- !tapi-tbd\ntbd-version: 4\n").code == Errc::malformed);
  CHECK(error("--- !tapi-tbd\ntbd-version: 9\n").code == Errc::unsupported);
  CHECK(error("--- !tapi-tbd\ntargets: [ a, b\ninstall-name: x\n").offset == 23);
  CHECK(error("{ \"main_library\": {}, \"tapi_tbd_version\": 6 }").code == Errc::unsupported);
  CHECK(error("{ \"main_library\": ").code == Errc::malformed);
  CHECK(error("{ \"main_library\" 1 }").code == Errc::malformed);
}

TEST_CASE("tbd: what is written reads back") {
  tbd::Stub stub;
  stub.install_name = "/System/Library/Frameworks/Foo.framework/Versions/A/Foo";
  stub.current_version = "1.2.3";
  stub.targets = {"arm64-macos", "x86_64-macos"};
  stub.reexported_libraries = {"/usr/lib/libobjc.A.dylib"};
  for (int i = 0; i < 50; ++i) stub.symbols.push_back("_symbol" + std::to_string(i));
  stub.weak_symbols = {"_weak"};
  stub.objc_classes = {"NSFoo"};
  const std::string text = tbd::write(stub);
  for (std::size_t start = 0; start < text.size(); start = text.find('\n', start) + 1) {
    CHECK(text.find('\n', start) - start <= 104);
  }
  const auto documents = read(text);
  REQUIRE(documents.size() == 1);
  CHECK(documents[0].install_name == stub.install_name);
  CHECK(documents[0].current_version == "1.2.3");
  CHECK(names(documents[0].targets) == stub.targets);
  REQUIRE(documents[0].items.size() == 1);
  CHECK(names(documents[0].items[0].symbols) == stub.symbols);
  CHECK(names(documents[0].items[0].weak_symbols) == stub.weak_symbols);
  CHECK(names(documents[0].items[0].objc_classes) == stub.objc_classes);
  CHECK(tbd::normalise(text) == text);
}

TEST_CASE("tbd: a stub without exports is valid") {
  tbd::Stub stub;
  stub.install_name = "/usr/lib/libempty.dylib";
  stub.targets = {"arm64-macos"};
  CHECK(tbd::write(stub) ==
        "--- !tapi-tbd\ntbd-version: 4\ntargets: [ arm64-macos ]\n"
        "install-name: '/usr/lib/libempty.dylib'\n...\n");
}

TEST_CASE("tbd: normalise drops unknown architectures and adds arm64") {
  const std::string text = tbd::normalise(version_4);
  CHECK(!text.contains("x1"));
  CHECK(tbd::normalise(text) == text);
  const auto documents = read(text);
  CHECK(names(documents[0].targets) ==
        Names{"x86_64-macos", "arm64-macos", "arm64e-macos", "arm64e-maccatalyst"});
  CHECK(documents[0].exports("_malloc", "arm64-macos"));
  CHECK(!documents[0].exports("_old", "arm64-macos"));
  CHECK(names(documents[0].reexported_libraries[0].targets) ==
        Names{"x86_64-macos", "arm64-macos", "arm64e-macos"});
  // A list that already has both is left as it was written.
  CHECK(text.ends_with(version_4.substr(version_4.rfind("--- !tapi-tbd"))));
}

TEST_CASE("tbd: normalise leaves other versions alone") {
  const std::string text = "--- !tapi-tbd-v3\narchs: [ arm64e ]\ntargets: [ arm64e-macos ]\n";
  CHECK(tbd::normalise(text) == text);
  CHECK(tbd::normalise("{}") == "{}");
}
