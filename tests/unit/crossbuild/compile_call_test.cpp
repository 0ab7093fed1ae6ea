#include "crossbuild/cache/compile_call.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "crossbuild/cache/depfile.h"
#include "crossbuild/cache/includes.h"
#include "crossbuild/cache/key_parts.h"
#include "crossbuild/cache/manifest.h"

using namespace tenon;

namespace {

// What cmd/go passes for a file of a package, with the work folder and the seed of one build.
std::vector<std::string> call_of_go(const std::string& work, const std::string& module,
                                    const std::string& seed) {
  return {"gcc",
          "-ffile-prefix-map=" + module + "=/_/example.com/m",
          "-I",
          module,
          "-fPIC",
          "-m64",
          "-pthread",
          "-fno-caret-diagnostics",
          "-Qunused-arguments",
          "-fmessage-length=0",
          "-ffile-prefix-map=" + work + "=/tmp/go-build",
          "-gno-record-gcc-switches",
          "-I",
          work + "/",
          "-I",
          module + "/include",
          "-O2",
          "-g",
          "-frandom-seed=" + seed,
          "-o",
          work + "/_x001.o",
          "-c",
          "a.c"};
}

std::string key_of(const std::vector<std::string>& argv, const std::string& folder) {
  const auto call = read_compile_call(argv, 1, folder);
  REQUIRE(call);
  KeyParts parts;
  parts.words = call->words;
  return parts.key();
}

Uncached reason_of(std::vector<std::string> argv) {
  const auto call = read_compile_call(argv, 1, "/w");
  REQUIRE_FALSE(call);
  return call.error().reason;
}

std::vector<std::string> names_of(std::string_view text) {
  std::vector<std::string> out;
  for (const IncludeName& name : scan_includes(text, false).names) out.push_back(name.name);
  return out;
}

}  // namespace

TEST_CASE("compile call: another work folder, seed and checkout make no other key") {
  const std::string key = key_of(call_of_go("/tmp/go-build1/b001", "/home/a/m", "x"), "/home/a/m");
  CHECK(key == key_of(call_of_go("/tmp/go-build2/b053", "/home/a/m", "y"), "/home/a/m"));
  CHECK(key == key_of(call_of_go("/tmp/go-build1/b001", "/srv/b/m", "x"), "/srv/b/m"));
  auto other = call_of_go("/tmp/go-build1/b001", "/home/a/m", "x");
  other.insert(other.end() - 2, "-DNDEBUG");
  CHECK(key != key_of(other, "/home/a/m"));
}

TEST_CASE("compile call: a path in a definition is text of the object and stays") {
  const std::vector<std::string> one{
      "cc", "-ffile-prefix-map=/h/a=/_/m", "-DROOT=\"/h/a\"", "-c", "x.c", "-o", "x.o"};
  const std::vector<std::string> other{
      "cc", "-ffile-prefix-map=/h/b=/_/m", "-DROOT=\"/h/b\"", "-c", "x.c", "-o", "x.o"};
  CHECK(key_of(one, "/h/a") != key_of(other, "/h/b"));
}

TEST_CASE("compile call: a relative search folder is not the absolute one") {
  CHECK(key_of({"cc", "-Iinc", "-c", "x.c", "-o", "x.o"}, "/w") !=
        key_of({"cc", "-I/w/inc", "-c", "x.c", "-o", "x.o"}, "/w"));
}

TEST_CASE("compile call: what is not kept, and why") {
  CHECK(reason_of({"cc", "-E", "x.c"}) == Uncached::not_an_object);
  CHECK(reason_of({"cc", "-S", "x.c", "-o", "x.s"}) == Uncached::not_an_object);
  CHECK(reason_of({"cc", "-c", "x.c", "y.c", "-o", "x.o"}) == Uncached::inputs);
  CHECK(reason_of({"cc", "-c", "-", "-o", "x.o"}) == Uncached::inputs);
  CHECK(reason_of({"cc", "-c", "x.c"}) == Uncached::output);
  CHECK(reason_of({"cc", "-c", "x.c", "-o", "x.o", "-MD"}) == Uncached::dependencies);
  CHECK(reason_of({"cc", "-c", "x.c", "-o", "x.o", "-march=native"}) == Uncached::machine);
  for (const char* flag :
       {"-fprofile-generate", "-fmodules", "-fplugin=x.so", "-save-temps", "-gsplit-dwarf",
        "--coverage", "-Wa,-adhln=x.lst", "-Wp,-MD,x.d", "-fsanitize-ignorelist=x",
        "-fno-such=/etc/passwd", "-specs=x", "-frecord-gcc-switches", "-flto", "-ftime-trace",
        "-fdump-tree-all", "-I-"}) {
    CAPTURE(flag);
    CHECK(reason_of({"cc", flag, "-c", "x.c", "-o", "x.o"}) == Uncached::flag);
  }
  CHECK(reason_of({"cc", "-c", "x\n.c", "-o", "x.o"}) == Uncached::unreadable);
}

TEST_CASE("compile call: paths go to their maps and back, also where two maps are written alike") {
  const std::vector<PrefixMap> maps{{"/a", "/include"}, {"/b", "/include"}, {"/a/deep", "/zig"}};
  for (const char* path : {"/a/x.h", "/b/x.h", "/a/deep/x.h", "/a", "/ab/x.h", "/c"}) {
    CHECK(local_path(maps, portable_path(maps, path)) == path);
  }
  CHECK(portable_path(maps, "/a/x.h") != portable_path(maps, "/b/x.h"));
  CHECK(portable_path(maps, "/ab/x.h") == "/ab/x.h");
}

TEST_CASE("compile call: the seed is replaced in place") {
  CHECK(with_seed({"cc", "-frandom-seed=abc", "-c"}, "1") ==
        std::vector<std::string>{"cc", "-frandom-seed=1", "-c"});
}

TEST_CASE("includes: every spelling, in branches that are compiled and that are not") {
  CHECK(names_of("#include \"a.h\"\n# include <b.h>\n#\tinclude/* x */<c.h>\n#if 0\n"
                 "#import \"d.h\"\n#endif\n%:include <e.h>\n#inc\\\nlude <f.h>\n") ==
        std::vector<std::string>{"a.h", "b.h", "c.h", "d.h", "e.h"});
  CHECK(names_of("#if __has_include(<x.h>) || defined(__has_include)\n#endif\n"
                 "#if __has_include_next ( \"y.h\" )\n#endif\n") ==
        std::vector<std::string>{"x.h", "y.h"});
}

TEST_CASE("includes: what is not in the text") {
  const auto hazard = [](std::string_view text) { return scan_includes(text, false).hazard; };
  CHECK(hazard("int x;") == TextHazard::none);
  CHECK(hazard("const char* t = __TIME__;") == TextHazard::date_time);
  CHECK(hazard("asm(\".incbin \\\"x\\\"\");") == TextHazard::reads_file);
  CHECK(hazard("asm(\".include \\\"x\\\"\");") == TextHazard::reads_file);
  CHECK(hazard("#embed \"x\"") == TextHazard::reads_file);
  CHECK(hazard("#if __has_include(NAME)\n") == TextHazard::computed_question);
  CHECK(hazard("#define __has_include(x) 0\n") == TextHazard::none);
  CHECK(hazard("a.include = 3;") == TextHazard::none);
  CHECK(scan_includes(".include x", true).hazard == TextHazard::reads_file);
}

TEST_CASE("includes: the path of a line directive, and nothing else, is changed") {
  const auto change = [](std::string_view) { return std::string("Z"); };
  CHECK(with_line_paths("#line 3 \"/a/b.go\"\nx = \"#line 3 \\\"q\\\"\";\n# 4 \"/c\" 2\n",
                        change) == "#line 3 \"Z\"\nx = \"#line 3 \\\"q\\\"\";\n# 4 \"Z\" 2\n");
  CHECK(with_line_paths("#define x 3 \"y\"\n#line X\n#line 3", change) ==
        "#define x 3 \"y\"\n#line X\n#line 3");
}

// The rules of gcc and clang for make: blanks, '#' and '$' are escaped.
TEST_CASE("depfile: names with blanks, dollars and colons") {
  CHECK(parse_depfile("o: a.c \\\n b\\ c.h d$$e.h \\\n  C:/x.h f\\#.h\n") ==
        std::vector<std::string>{"a.c", "b c.h", "d$e.h", "C:/x.h", "f#.h"});
  CHECK(parse_depfile("o: a.c\n\na.h:\n") == std::vector<std::string>{"a.c"});
  CHECK(parse_depfile("").empty());
}

TEST_CASE("manifest: comes back, and anything else is refused") {
  KeptCompile one;
  one.object = {std::string(64, 'a'), 12};
  one.text = {std::string(64, 'b'), 3};
  one.files = {{"/x/a b.h", std::string(64, 'c')}};
  one.present = {"/x/y.h"};
  one.absent = {{"/no", {}}, {"/x", {"p.h", "q/r.h"}}};
  const std::string text = manifest_text({one});
  const auto back = parse_manifest(text);
  REQUIRE(back);
  REQUIRE(back->size() == 1);
  CHECK(manifest_text(*back) == text);
  CHECK((*back)[0].absent[1].names.size() == 2);
  for (std::size_t cut = 0; cut < text.size(); ++cut) {
    // Also one that ends with a line: the last absent name would be gone.
    CHECK_FALSE(parse_manifest(text.substr(0, cut)));
  }
  const auto summed = [](std::string_view lines) {
    return parse_manifest(with_sum(std::string(lines)));
  };
  CHECK(summed("tenon compile 2\n"));
  CHECK_FALSE(summed("tenon compile 1\n"));
  CHECK_FALSE(summed("tenon compile 2"));
  CHECK_FALSE(summed("tenon compile 2\nfile x y\n"));
  CHECK_FALSE(summed("tenon compile 2\nobject zz 1\n"));
}

TEST_CASE("key parts: each change is named") {
  KeyParts before;
  before.compiler = "c1";
  before.environment = {"CPATH=/x"};
  before.words = {"-O2", "source a.c"};
  before.source = "s1";
  before.files = {std::string(64, '1') + " /x/a.h"};
  before.object = "o1";
  KeyParts now = before;
  now.object = "o2";
  now.compiler = "c2";
  now.environment = {"CPATH=/y"};
  now.words = {"-O1", "source a.c"};
  now.source = "s2";
  now.files = {std::string(64, '2') + " /x/a.h"};
  const PartsPair pair = parse_parts(with_parts(with_parts({}, before), now));
  CHECK(pair.has_older);
  CHECK(differences(pair.older, pair.newest) ==
        std::vector<std::string>{"compiler: another program", "environment: no longer CPATH=/x",
                                 "environment: now CPATH=/y", "flag: no longer -O2",
                                 "flag: now -O1", "source: its text", "file: the text of /x/a.h"});
  CHECK(before.seed() == [&] {
    KeyParts other = before;
    other.compiler = "another";
    return other.seed();
  }());
}
