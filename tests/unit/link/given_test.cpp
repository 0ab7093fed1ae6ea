#include "link/closure/given.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "link/closure/archive_owners.h"
#include "link/closure/line.h"
#include "link/closure_builder.h"

using namespace tenon;
using namespace tenon::link;
using namespace tenon::test;

namespace {

Names names_of(const Given& given) {
  Names out;
  for (const GivenLibrary& one : given.libraries) out.push_back(one.name);
  return out;
}

Names line(IndexBuilder& b, const ClosureRequest& request, const std::vector<GivenFlag>& others,
           const Dialect& dialect = {}) {
  const Ordered ordered = close_over(b.index, request);
  Names out;
  for (const LineFlag& flag :
       line_of({&b.index, &request, &ordered.closure, ordered.items, dialect, others})) {
    out.insert(out.end(), flag.words.begin(), flag.words.end());
  }
  return out;
}

Absent absent(const std::string& name) {
  Absent out;
  out.name = name;
  return out;
}

}  // namespace

TEST_CASE("link flags: taken apart, each library once") {
  const auto flags = flags_of_words(
      {"-L/a", "-lb", "-l:libc-1.a", "-L", "/d", "/x/liby.a", "-lb", "-pthread", "-framework", "A",
       "-Wl,--start-group", "-lp", "-lq", "-Wl,--end-group", "-Wl,-Bstatic", "-Wl,-z,now"},
      "x.pc:3 Libs", true);
  const Given given = take_apart(flags);
  CHECK(names_of(given) == Names{"b", "c-1", "y", "p", "q"});
  CHECK(given.folders == Names{"/a", "/d"});
  REQUIRE(given.others.size() == 3);
  CHECK(given.others[0].words == Names{"-pthread"});
  CHECK(given.others[1].words == Names{"-framework", "A"});
  CHECK(given.others[2].words == Names{"-Wl,-z,now"});
  CHECK(given.libraries[0].origin == "x.pc:3 Libs");
}

TEST_CASE("link flags: a library that a module owns is its own wherever it stands") {
  std::vector<GivenFlag> flags{{{"-lz"}, "a.pc:1 Libs.private", false},
                               {{"-lz"}, "z.pc:9 Libs", true}};
  const Given given = take_apart(flags);
  REQUIRE(given.libraries.size() == 1);
  CHECK(given.libraries[0].own);
  CHECK(given.libraries[0].origin == "a.pc:1 Libs.private");
}

TEST_CASE("link line: archives by path, shared libraries by -L and -l:, parts of libc last") {
  IndexBuilder b;
  b.archive("a", {{"a.o", {"a"}, {"b", "g", "sin", "malloc"}}})
      .archive("b", {{"b.o", {"b"}, {"a"}}})
      .shared("gss", {"g"})
      .shared("m", {"sin"})
      .shared("c", {"malloc"})
      .done();
  const Library main = b.object({"a"});
  ClosureRequest request;
  request.objects = {&main};
  request.named = {"a", "b", "gss", "m"};
  const std::vector<GivenFlag> others{{{"-framework", "A"}, "", false},
                                      {{"-pthread"}, "", false},
                                      {{"-framework", "A"}, "", false}};
  CHECK(line(b, request, others) == Names{"-Wl,--start-group", "/s/usr/lib/liba.a",
                                          "/s/usr/lib/libb.a", "-Wl,--end-group", "-L/s/usr/lib",
                                          "-Wl,-rpath-link,/s/usr/lib", "-l:libgss.so.1",
                                          "-framework", "A", "-pthread", "-lm"});
}

TEST_CASE("link line: for zig, which has no -l: and no -rpath-link") {
  IndexBuilder b;
  b.archive("a", {{"a.o", {"a"}, {"g", "h"}}}).shared("gss", {"g"}).shared("h", {"h"}).done();
  b.index.libraries[2].plain_link = false;
  const Library main = b.object({"a"});
  ClosureRequest request;
  request.objects = {&main};
  request.named = {"a"};
  CHECK(line(b, request, {}, {"-lc++", "/s", false}) ==
        Names{"/s/usr/lib/liba.a", "-L/s/usr/lib", "-lgss", "/s/usr/lib/libh.so.1"});
}

TEST_CASE("link line: gcc is told the sysroot first") {
  IndexBuilder b;
  b.archive("a", {{"a.o", {"a"}, {}}}).done();
  const Library main = b.object({"a"});
  ClosureRequest request;
  request.objects = {&main};
  CHECK(line(b, request, {}, {"-lstdc++", "/s", true}) ==
        Names{"--sysroot", "/s", "/s/usr/lib/liba.a"});
}

TEST_CASE("link packages: by the distribution's list of archives") {
  const std::string list =
      "usr/aarch64-linux-gnu/lib/libnghttp2.a\tsome-cross\n"
      "usr/lib/aarch64-linux-gnu/libnghttp2.a\tlibnghttp2-dev\n"
      "usr/lib/other/libnghttp2.a\tother\n"
      "usr/lib/postgresql/15/lib/libpgport.a\tpostgresql-server-dev-15\n"
      "usr/lib/aarch64-linux-gnu/liblber.a\tlibldap-dev\n";
  std::vector<Absent> all{absent("nghttp2"), absent("pgport"), absent("lber-2.5"),
                          absent("gssapi_krb5")};
  name_packages(list, "aarch64-linux-gnu", all);
  CHECK(all[0].package.package == "libnghttp2-dev");
  CHECK(all[1].package.package == "postgresql-server-dev-15");
  CHECK(all[1].package.path == "usr/lib/postgresql/15/lib/libpgport.a");
  CHECK(all[2].package.package == "libldap-dev");
  CHECK(all[3].package.state == PackageOfArchive::State::none);
  CHECK(archive_names("lber-2.5") == Names{"lber-2.5", "lber"});
  CHECK(archive_names("usb-1.0-x") == Names{"usb-1.0-x"});
}
