#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "link/closure/closure.h"
#include "link/closure/linker_made.h"
#include "link/closure/order.h"
#include "link/closure_builder.h"

using namespace tenon;
using namespace tenon::link;
using namespace tenon::test;

namespace {

ClosureRequest request_for(const Library& object, const Names& named = {},
                           Mode mode = Mode::hybrid) {
  ClosureRequest out;
  out.mode = mode;
  out.objects = {&object};
  out.named = named;
  return out;
}

Names missing(const LibraryIndex& index, const Closure& closure) {
  Names out;
  for (const Missing& one : closure.missing) out.emplace_back(index.names.text(one.need.symbol));
  return out;
}

// The files of the items in their order; groups in brackets.
Names items(const LibraryIndex& index, const Ordered& ordered) {
  Names out;
  for (const OrderedItem& item : ordered.items) {
    std::string text;
    for (const std::uint32_t one : item.archives) {
      text += (text.empty() ? "" : " ") + index.libraries[one].file;
    }
    out.push_back(item.group() ? "[" + text + "]" : text);
  }
  return out;
}

}  // namespace

TEST_CASE("link closure: only objects that define what is needed are taken") {
  IndexBuilder b;
  b.archive("x", {{"a.o", {"a"}, {"b"}}, {"b.o", {"b"}, {}}, {"c.o", {"c"}, {"nowhere"}}}).done();
  const Library main = b.object({"a"});
  const auto out = close_over(b.index, request_for(main, {"x"}));
  CHECK(b.files(out.closure.archives) == Names{"libx.a"});
  CHECK(out.closure.members.at(b.number("libx.a")) == std::vector<std::uint32_t>{0, 1});
  CHECK(out.closure.missing.empty());
  CHECK(out.replayed.open.empty());
  CHECK(out.replayed.objects == 3);
}

TEST_CASE("link closure: a library that no module names is found by symbol") {
  IndexBuilder b;
  b.archive("ssh2", {{"s.o", {"ssh"}, {"EVP_one", "EVP_two"}}})
      .archive("other", {{"o.o", {"EVP_one"}, {}}})
      .archive("crypto", {{"e.o", {"EVP_one"}, {}}, {"f.o", {"EVP_two"}, {}}})
      .done();
  const Library main = b.object({"ssh"});
  const auto out = close_over(b.index, request_for(main, {"ssh2"}));
  CHECK(b.files(out.closure.archives) == Names{"libssh2.a", "libcrypto.a"});
  CHECK(items(b.index, out) == Names{"libssh2.a", "libcrypto.a"});
}

TEST_CASE("link closure: what the shared library of an archive lists goes before a better cover") {
  IndexBuilder b;
  b.archive("ssh2", {{"s.o", {"ssh"}, {"EVP_one", "EVP_two"}}})
      .shared("ssh2", {"ssh"}, {"right"})
      .archive("wrong", {{"o.o", {"EVP_one", "EVP_two", "EVP_three"}, {}}})
      .archive("right", {{"e.o", {"EVP_one"}, {}}, {"f.o", {"EVP_two"}, {}}})
      .shared("right", {"EVP_one", "EVP_two"})
      .done();
  const Library main = b.object({"ssh"});
  const auto out = close_over(b.index, request_for(main, {"ssh2"}));
  CHECK(b.files(out.closure.archives) == Names{"libssh2.a", "libright.a"});
}

TEST_CASE("link closure: weak references and what the linker makes are not missing") {
  IndexBuilder b;
  b.archive("x", {{"a.o",
                   {"a"},
                   {"?hook", "_init", "__start_probes", "__bss_start", "_GLOBAL_OFFSET_TABLE_"}}})
      .archive("hook", {{"h.o", {"hook"}, {}}})
      .done();
  const Library main = b.object({"a"});
  const auto out = close_over(b.index, request_for(main, {"x"}));
  CHECK(b.files(out.closure.archives) == Names{"libx.a"});
  CHECK(missing(b.index, out.closure).empty());
  CHECK(is_linker_made("__stop_x"));
  CHECK_FALSE(is_linker_made("__started"));
}

TEST_CASE("link closure: an archive that leads to a symbol nobody has gives way") {
  IndexBuilder b;
  b.archive("ldap", {{"l.o", {"ldap"}, {"sasl"}}})
      .archive("sasl2", {{"s.o", {"sasl"}, {"mysql"}}})
      .shared("sasl2", {"sasl"})
      .done();
  const Library main = b.object({"ldap"});
  const auto hybrid = close_over(b.index, request_for(main, {"ldap", "sasl2"}));
  CHECK(b.files(hybrid.closure.archives) == Names{"libldap.a"});
  CHECK(b.files(hybrid.closure.shared) == Names{"libsasl2.so"});
  CHECK(hybrid.closure.missing.empty());
  REQUIRE(hybrid.closure.demoted.size() == 1);
  CHECK(hybrid.closure.demoted[0].why == Demoted::Why::missing);
  const auto fixed = close_over(b.index, request_for(main, {"ldap", "sasl2"}, Mode::static_only));
  CHECK(missing(b.index, fixed.closure) == Names{"mysql"});
  CHECK(fixed.closure.shared.empty());
}

TEST_CASE("link closure: what only a shared library has is shared") {
  IndexBuilder b;
  b.archive("curl", {{"c.o", {"curl"}, {"gss"}}}).shared("gssapi", {"gss"}).done();
  const Library main = b.object({"curl"});
  for (const Mode mode : {Mode::hybrid, Mode::static_only}) {
    const auto out = close_over(b.index, request_for(main, {"curl", "gssapi"}, mode));
    CHECK(b.files(out.closure.shared) == Names{"libgssapi.so"});
    CHECK(out.closure.shared[0].first.library == b.number("libcurl.a"));
    CHECK(out.closure.missing.empty());
  }
}

TEST_CASE("link closure: a hybrid program has the C library shared, a static one has it inside") {
  IndexBuilder b;
  b.archive("x", {{"a.o", {"a"}, {"malloc", "sin", "atexit"}}})
      .archive("c", {{"malloc.o", {"malloc"}, {}}, {"atexit.o", {"atexit"}, {}}})
      .archive("m", {{"sin.o", {"sin"}, {}}})
      .archive("c_nonshared", {{"atexit.oS", {"atexit"}, {}}})
      .shared("c", {"malloc"})
      .shared("m", {"sin"})
      .done();
  const Library main = b.object({"a"});
  const auto hybrid = close_over(b.index, request_for(main, {"x", "m"}));
  CHECK(b.files(hybrid.closure.shared) == Names{"libc.so", "libm.so"});
  CHECK(b.files(hybrid.closure.archives) == Names{"libx.a", "libc_nonshared.a"});
  const auto fixed = close_over(b.index, request_for(main, {"x", "m"}, Mode::static_only));
  CHECK(fixed.closure.shared.empty());
  CHECK(b.files(fixed.closure.archives) == Names{"libx.a", "libc.a", "libm.a"});
}

TEST_CASE("link closure: archives that need each other become a group") {
  IndexBuilder b;
  b.archive("a", {{"a1.o", {"a1"}, {"b1"}}, {"a2.o", {"a2"}, {}}})
      .archive("b", {{"b1.o", {"b1"}, {"a2", "z"}}})
      .archive("z", {{"z.o", {"z"}, {}}})
      .done();
  const Library main = b.object({"a1"});
  const auto out = close_over(b.index, request_for(main, {"z", "b", "a"}));
  CHECK(items(b.index, out) == Names{"[liba.a libb.a]", "libz.a"});
  CHECK(out.replayed.open.empty());
}

TEST_CASE("link closure: the order is that of the needs and not that of the modules") {
  IndexBuilder b;
  b.archive("z", {{"z.o", {"z"}, {}}})
      .archive("png", {{"p.o", {"png"}, {"z"}}})
      .archive("tiff", {{"t.o", {"tiff"}, {"z", "png"}}})
      .done();
  const Library main = b.object({"z", "png", "tiff"});
  const auto out = close_over(b.index, request_for(main, {"z", "png", "tiff"}));
  CHECK(items(b.index, out) == Names{"libtiff.a", "libpng.a", "libz.a"});
  CHECK(out.replayed.open.empty());
}

TEST_CASE("link closure: of two archives that define one symbol the later gives way") {
  IndexBuilder b;
  b.archive("crypto", {{"c.o", {"ssl", "aes"}, {}}})
      .archive("gnutls", {{"g.o", {"tls", "aes"}, {}}})
      .shared("gnutls", {"tls"})
      .done();
  const Library main = b.object({"ssl", "tls"});
  auto request = request_for(main, {"crypto", "gnutls"});
  const auto out = close_over(b.index, request);
  CHECK(b.files(out.closure.archives) == Names{"libcrypto.a"});
  CHECK(b.files(out.closure.shared) == Names{"libgnutls.so"});
  CHECK(out.closure.demoted.at(0).why == Demoted::Why::defined_twice);
  CHECK(out.replayed.twice.empty());
  request.duplicates = true;
  const auto both = close_over(b.index, request);
  CHECK(both.closure.shared.empty());
  REQUIRE(both.replayed.twice.size() == 1);
  CHECK(b.index.names.text(both.replayed.twice[0].symbol) == "aes");
}

TEST_CASE("link closure: a weak definition beside a strong one is no duplicate") {
  IndexBuilder b;
  b.archive("a", {{"a.o", {"a", "?inline_it"}, {}}})
      .archive("b", {{"b.o", {"b", "?inline_it", "inline_two"}, {}}})
      .done();
  const Library main = b.object({"a", "b"});
  CHECK(close_over(b.index, request_for(main, {"a", "b"})).replayed.twice.empty());
}

TEST_CASE(
    "link closure: a library whose objects pass between the program and a shared one is shared") {
  IndexBuilder b;
  b.archive("glib", {{"g.o", {"g_free", "g_new"}, {}}})
      .shared("glib", {"g_free", "g_new"})
      .shared("gtk", {"gtk_init"}, {"glib"})
      .done();
  const Library main = b.object({"gtk_init", "g_free"});
  const auto out = close_over(b.index, request_for(main, {"gtk", "glib"}));
  CHECK(out.closure.archives.empty());
  CHECK(b.files(out.closure.shared) == Names{"libgtk.so", "libglib.so"});
  CHECK(out.closure.demoted.at(0).why == Demoted::Why::exchanged);
  const Library alone = b.object({"g_free"});
  CHECK(b.files(close_over(b.index, request_for(alone, {"glib"})).closure.archives) ==
        Names{"libglib.a"});
}

TEST_CASE("link closure: an archive taken whole counts with all its objects") {
  IndexBuilder b;
  b.archive("x", {{"a.o", {"a"}, {"y"}}, {"b.o", {"b"}, {"w"}}})
      .archive("y", {{"y.o", {"y"}, {}}})
      .archive("w", {{"w.o", {"w"}, {}}})
      .done();
  ClosureRequest request;
  request.whole = {b.number("libx.a")};
  const auto out = close_over(b.index, request);
  CHECK(b.files(out.closure.archives) == Names{"libx.a", "liby.a", "libw.a"});
}

TEST_CASE("link closure: a library that is wanted shared is shared") {
  IndexBuilder b;
  b.archive("z", {{"z.o", {"z"}, {}}}).shared("z", {"z"}).done();
  const Library main = b.object({"z"});
  auto request = request_for(main, {"z"});
  CHECK(close_over(b.index, request).closure.shared.empty());
  request.shared = {"z"};
  CHECK(b.files(close_over(b.index, request).closure.shared) == Names{"libz.so"});
}

TEST_CASE("link closure: as a usual link it takes shared libraries where there are any") {
  IndexBuilder b;
  b.archive("z", {{"z.o", {"z"}, {}}}).shared("z", {"z"}).archive("y", {{"y.o", {"y"}, {}}}).done();
  const Library main = b.object({"z", "y"});
  const auto out = close_over(b.index, request_for(main, {"z", "y"}, Mode::as_is));
  CHECK(b.files(out.closure.shared) == Names{"libz.so"});
  CHECK(b.files(out.closure.archives) == Names{"liby.a"});
}

TEST_CASE("link closure: a symbol that nobody has is told with who needs it") {
  IndexBuilder b;
  b.archive("x", {{"a.o", {"a"}, {"nowhere"}}}).done();
  const Library main = b.object({"a"});
  const auto out = close_over(b.index, request_for(main, {"x"}));
  REQUIRE(missing(b.index, out.closure) == Names{"nowhere"});
  CHECK(out.closure.missing[0].need.library == b.number("libx.a"));
  CHECK(out.replayed.open.size() == 1);
}

TEST_CASE("link closure: without a C library in the index nothing is called missing") {
  IndexBuilder b;
  b.archive("x", {{"a.o", {"a"}, {"malloc", "_Znwm", "__cxa_throw"}}}).done(false);
  const Library main = b.object({"a"});
  const auto out = close_over(b.index, request_for(main, {"x"}));
  CHECK(out.closure.missing.empty());
  CHECK(out.closure.assumed.size() == 3);
  CHECK(out.closure.cxx_runtime);
  CHECK(items(b.index, out) == Names{"libx.a"});
}

TEST_CASE("link closure: symbols of a C++ runtime") {
  for (const char* symbol :
       {"_Znwm", "_ZdlPvm", "_ZNSt6vectorIiE3endEv", "__gxx_personality_v0",
        "_ZTVN10__cxxabiv117__class_type_infoE", "__cxa_begin_catch", "__ZNSt3__16vectorE"}) {
    CHECK_MESSAGE(is_cxx_runtime(symbol), symbol);
  }
  for (const char* symbol : {"__cxa_atexit", "_ZN3icu4openEv", "malloc", "_Z3foov"}) {
    CHECK_MESSAGE(!is_cxx_runtime(symbol), symbol);
  }
}
