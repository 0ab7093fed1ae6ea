#include "crossbuild/stubs/stub_maker.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "crossbuild/memory_files.h"
#include "format/tbd/tbd.h"

using namespace tenon;
using namespace tenon::test;

namespace {

using Words = std::vector<std::string>;

std::string stub(const std::string& install_name, const std::string& target,
                 const std::string& symbols, const std::string& reexports = {}) {
  std::string out = "--- !tapi-tbd\ntbd-version: 4\ntargets: [ " + target + " ]\ninstall-name: '" +
                    install_name + "'\n";
  if (!reexports.empty()) {
    out += "reexported-libraries:\n  - targets: [ " + target + " ]\n    libraries: [ '" +
           reexports + "' ]\n";
  }
  return out + "exports:\n  - targets: [ " + target + " ]\n    symbols: [ " + symbols + " ]\n...\n";
}

const std::string lib_system = stub("/usr/lib/libSystem.B.dylib", "arm64-macos", "_puts, _open");

// `open` are literals: the request borrows them.
StubRequest request_for(const std::vector<std::string_view>& open,
                        const std::vector<NamedLibrary>& libraries) {
  StubRequest request;
  request.target = parse_target("darwin/arm64:12.0").value();
  request.libraries = libraries;
  for (const std::string_view name : open) request.open.push_back({name, "a.o", false});
  request.lib_system = "/libSystem.tbd";
  return request;
}

StubSet made(const StubRequest& request, std::map<std::string, std::string> files = {}) {
  files.emplace("/libSystem.tbd", lib_system);
  MemoryFiles source(std::move(files));
  auto result = make_stubs(request, source);
  REQUIRE(result.has_value());
  return *result;
}

const StubFile* file(const StubSet& set, const std::string& path) {
  const auto found = std::ranges::find(set.files, path, &StubFile::path);
  return found == set.files.end() ? nullptr : &*found;
}

// The stub read again: install name, then its symbols for arm64.
Words contents(const StubSet& set, const std::string& path) {
  const StubFile* found = file(set, path);
  REQUIRE(found != nullptr);
  const auto documents = tbd::read(view_of(found->text));
  REQUIRE(documents.has_value());
  REQUIRE(documents->size() == 1);
  const tbd::Document& document = documents->front();
  CHECK(document.exports_for("arm64-macos"));
  Words out{std::string(document.install_name)};
  for (const tbd::Item& item : document.items) {
    for (const std::string_view name : item.symbols) out.emplace_back(name);
    for (const std::string_view name : item.objc_classes)
      out.emplace_back("class " + std::string(name));
  }
  return out;
}

const NamedLibrary security{"Security", true, false}, foundation{"CoreFoundation", true, false},
    resolv{"resolv", false, false}, zlib{"z", false, false}, cxx{"c++", false, false};

}  // namespace

TEST_CASE("stubs: symbols go to the library that owns them, libSystem's to none") {
  const StubSet set = made(request_for({"_puts", "_SecItemAdd", "_CFRelease", "_res_9_ninit"},
                                       {security, foundation, resolv}));
  CHECK(set.unknown.empty());
  CHECK(set.missing.empty());
  CHECK(set.symbols.size() == 3);
  CHECK(contents(set, "fw/Security.framework/Security.tbd") ==
        Words{"/System/Library/Frameworks/Security.framework/Versions/A/Security", "_SecItemAdd"});
  CHECK(contents(set, "lib/libresolv.tbd") == Words{"/usr/lib/libresolv.9.dylib", "_res_9_ninit"});
  CHECK(set.symbols[0].rule.contains("_Sec*"));
}

// runtime/cgo names CoreFoundation on darwin/arm64 and uses nothing of it.
TEST_CASE("stubs: a library that is named and not used has a stub all the same") {
  const StubSet set = made(request_for({"_puts"}, {foundation}));
  CHECK(contents(set, "fw/CoreFoundation.framework/CoreFoundation.tbd").size() == 1);
  CHECK(file(set, "lib/libSystem.tbd") == nullptr);
}

TEST_CASE("stubs: a symbol without a home is refused, with suggestions") {
  const StubSet set = made(request_for({"_mystery", "_SecItemAdd"}, {foundation}));
  REQUIRE(set.unknown.size() == 2);
  CHECK(set.unknown[0].symbol == "_mystery");
  CHECK(set.unknown[0].user == "a.o");
  CHECK(set.unknown[1].suggestions == Words{"-framework Security"});
  CHECK(set.flat.empty());
}

TEST_CASE("stubs: flat look-up is for those that were named, or for all without a home") {
  StubRequest request = request_for({"_mystery", "_other", "_SecItemAdd"}, {security});
  request.flat = {"_other"};
  const StubSet some = made(request);
  CHECK(some.flat == Words{"_other"});
  CHECK(some.unknown.size() == 1);
  request.flat_unknown = true;
  const StubSet all = made(request);
  CHECK(all.flat == Words{"_mystery", "_other"});
  CHECK(all.unknown.empty());
  CHECK(all.symbols.size() == 1);
}

TEST_CASE("stubs: what the linker and compiler-rt define is nobody's") {
  const StubSet set = made(request_for({"__mh_execute_header", "___dso_handle", "dyld_stub_binder",
                                        "section$start$__DATA$__x", "___isPlatformVersionAtLeast"},
                                       {}));
  CHECK(set.unknown.empty());
  CHECK(set.symbols.empty());
}

// A compiled GLFW has only calls of this form: "undefined symbol: _objc_msgSend, referenced
// implicitly".
TEST_CASE("stubs: the linker's message stubs need what they call") {
  const NamedLibrary objc{"objc", false, false};
  const StubSet set = made(request_for({"_objc_msgSend$foo:", "_objc_msgSend$bar"}, {objc}));
  CHECK(contents(set, "lib/libobjc.tbd") == Words{"/usr/lib/libobjc.A.dylib", "_objc_msgSend"});
  CHECK(made(request_for({"_objc_msgSend$x", "_objc_msgSend"}, {objc})).symbols.size() == 1);
  const StubSet without = made(request_for({"_objc_msgSend$foo:"}, {}));
  REQUIRE(without.unknown.size() == 1);
  CHECK(without.unknown[0].suggestions == Words{"-lobjc"});
}

TEST_CASE("stubs: Objective-C classes are written as classes") {
  const StubSet set =
      made(request_for({"_OBJC_CLASS_$_NSArray", "_OBJC_METACLASS_$_NSArray"}, {foundation}));
  CHECK(set.unknown.empty());
  CHECK(contents(set, "fw/CoreFoundation.framework/CoreFoundation.tbd").back() == "class NSArray");
}

TEST_CASE("stubs: a library that is no part of macOS is missing") {
  const StubSet set = made(request_for({}, {{"rdkafka", false, false}, zlib}));
  REQUIRE(set.missing.size() == 1);
  CHECK(set.missing[0].name == "rdkafka");
  CHECK(file(set, "lib/librdkafka.tbd") == nullptr);
  CHECK(file(set, "lib/libz.tbd") != nullptr);
}

TEST_CASE("stubs: zig's own C++ library takes what is C++") {
  StubRequest request = request_for({"__Znwm", "___cxa_throw", "__Unwind_Resume"}, {cxx});
  request.own_cxx = true;
  const StubSet own = made(request);
  CHECK(own.unknown.empty());
  CHECK(own.symbols.empty());
  CHECK(file(own, "lib/libc++.tbd") == nullptr);
  request.own_cxx = false;
  request.open.pop_back();
  const StubSet apple = made(request);
  CHECK(apple.unknown.empty());
  CHECK(contents(apple, "lib/libc++.tbd").front() == "/usr/lib/libc++.1.dylib");
}

TEST_CASE("stubs: libSystem for linkers that need it, for the target alone") {
  StubRequest request = request_for({}, {});
  request.write_lib_system = true;
  const StubSet set = made(request);
  CHECK(contents(set, "lib/libSystem.tbd") ==
        Words{"/usr/lib/libSystem.B.dylib", "_open", "_puts"});
}

// libSystem.tbd of SDK 26.4 and newer lists arm64e-macos alone, which LLVM 19 and zig 0.15 cannot
// use for arm64.
TEST_CASE("stubs: arm64e alone stands for arm64") {
  MemoryFiles files({{"/libSystem.tbd", stub("/usr/lib/libSystem.B.dylib",
                                             "arm64e-macos, arm64e.x1-macos", "_puts")}});
  StubRequest request = request_for({"_puts"}, {});
  request.write_lib_system = true;
  const auto set = make_stubs(request, files);
  REQUIRE(set.has_value());
  CHECK(set->unknown.empty());
  CHECK(contents(*set, "lib/libSystem.tbd").back() == "_puts");
  request.target = parse_target("darwin/amd64:12.0").value();
  const auto intel = make_stubs(request, files);
  REQUIRE(intel.has_value());
  CHECK(intel->unknown.size() == 1);
}

TEST_CASE("stubs: an SDK's stub is taken whole, re-exports included") {
  StubRequest request = request_for({"_private_name", "_inner_name"}, {security});
  request.sdk = "/sdk";
  const std::string at = "/sdk/System/Library/Frameworks/Security.framework/Security.tbd";
  const StubSet set =
      made(request,
           {{at, stub("/S/Security", "arm64-macos", "_private_name", "/usr/lib/libinner.dylib")},
            {"/sdk/usr/lib/libinner.tbd",
             stub("/usr/lib/libinner.dylib", "arm64-macos", "_inner_name")}});
  CHECK(set.unknown.empty());
  CHECK(contents(set, "fw/Security.framework/Security.tbd") ==
        Words{"/S/Security", "_inner_name", "_private_name"});
  // What the SDK lacks is ruled as without one.
  request.libraries.push_back(zlib);
  request.open.push_back({"_deflate", "a.o", false});
  CHECK(made(request, {{at, stub("/S/Security", "arm64-macos", "_private_name, _inner_name")}})
            .unknown.empty());
}

TEST_CASE("stubs: re-exports in a ring end") {
  MemoryFiles files({{"/r/a.tbd", stub("/a.dylib", "arm64-macos", "_a", "/b.dylib")},
                     {"/r/b.tbd", stub("/b.dylib", "arm64-macos", "_b", "/a.dylib")}});
  const Target target = parse_target("darwin/arm64:12.0").value();
  CHECK(stub_exports("/r/a.tbd", "/r", *target.platform, files) == Words{"_a", "_b"});
  CHECK(stub_exports("/r/a.tbd", "", *target.platform, files) == Words{"_a"});
}

TEST_CASE("stubs: a stub that cannot be read is an error") {
  MemoryFiles none(std::map<std::string, std::string>{});
  const auto missing = make_stubs(request_for({}, {}), none);
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().code == Errc::not_found);
  MemoryFiles broken(std::map<std::string, std::string>{{"/libSystem.tbd", "no stub at all"}});
  CHECK_FALSE(make_stubs(request_for({}, {}), broken).has_value());
}
