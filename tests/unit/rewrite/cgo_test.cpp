// The pack cgo. What go and the C compiler say of the same files is judged in tests/rewrite/cgo.py.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "diag/code.h"
#include "format/tree/tree.h"
#include "rewrite/edit.h"
#include "rewrite/plan.h"

namespace tenon::rewrite {
namespace {

struct Result {
  std::map<std::string, std::string> texts;
  std::vector<Left> left;
  std::vector<Site> sites;
};

Result rewritten(std::map<std::string, std::string> files, const std::string& rule,
                 const std::string& go = "1.22", const std::set<std::string>& there = {}) {
  Sources sources;
  for (const auto& [path, text] : files) {
    // A file of the package that nobody named.
    if (path.ends_with(".go") && !path.contains("unnamed")) sources.paths.push_back(path);
  }
  files["/m/go.mod"] = "module example.com/m\n\ngo " + go + "\n";
  sources.read = [&](const std::string& path) -> tenon::Result<std::string> {
    const auto found = files.find(path);
    if (found == files.end()) return fail(Errc::not_found, "no such file");
    return found->second;
  };
  sources.is_there = [&](const std::string& path) {
    return files.contains(path) || there.contains(path);
  };
  sources.folder = "/m";
  sources.files_in = [&](const std::string& folder) {
    std::vector<std::string> all;
    for (const auto& [path, text] : files) {
      if (path.starts_with(folder + "/")) all.push_back(path);
    }
    return all;
  };
  Result out;
  const Chosen chosen = rule.empty() ? Chosen{} : Chosen{"cgo/" + rule};
  for (const FilePlan& plan : find_pack("cgo")->plan(sources, 1, chosen)) {
    REQUIRE_FALSE(plan.unread);
    out.texts[plan.path] = plan.edits.empty() ? (plan.fresh ? "" : files.at(plan.path))
                                              : applied(plan.text, plan.edits);
    out.left.insert(out.left.end(), plan.left.begin(), plan.left.end());
    out.sites.insert(out.sites.end(), plan.sites.begin(), plan.sites.end());
  }
  return out;
}

std::string one(const std::string& text, const std::string& rule, const std::string& go = "1.22",
                const std::set<std::string>& there = {}) {
  return rewritten({{"/m/a.go", text}}, rule, go, there).texts.at("/m/a.go");
}

std::size_t left(const std::string& text, const std::string& rule, const std::string& go = "1.22",
                 const std::set<std::string>& there = {}) {
  const Result made = rewritten({{"/m/a.go", text}}, rule, go, there);
  CHECK(made.texts.at("/m/a.go") == text);
  return made.left.size();
}

// A file whose preamble is the lines.
std::string with(const std::string& preamble, const std::string& code = "") {
  return "package p\n\n" + preamble + "\nimport \"C\"\n" + code;
}

// A function of a file that includes stdlib.h and imports unsafe.
std::string body(const std::string& code, const std::string& parameters = "s string") {
  return with("// #include <stdlib.h>\n// #include <string.h>",
              "import \"unsafe\"\n\nfunc f(" + parameters + ") {\n" + code + "\n}\n");
}

TEST_CASE("each rule has the code of something that explain tells, and an example") {
  std::set<std::string_view> names;
  for (const Rule& rule : find_pack("cgo")->rules) {
    CHECK(names.insert(rule.name).second);
    CHECK_MESSAGE(find_code(rule.code).has_value(), rule.code);
    CHECK_FALSE(rule.before.empty());
  }
  CHECK(names.size() >= 12);
}

TEST_CASE("#cgo lines have a colon and a verb") {
  if (!tree::available()) return;
  CHECK(one(with("// #cgo linux LDFLAGS -lm -lz"), "directive") ==
        with("// #cgo linux LDFLAGS: -lm -lz"));
  CHECK(one(with("/*\n#cgo LD_FLAGS: -lm\n*/"), "directive") == with("/*\n#cgo LDFLAGS: -lm\n*/"));
  // cgo's own words have no colon.
  CHECK(left(with("// #cgo noescape f\n// #cgo nocallback f\n// int f(void);"), "directive") == 0);
  CHECK(left(with("// #cgo LDFLAGS: -lm"), "") == 0);
}

TEST_CASE("frameworks, libraries and systems") {
  if (!tree::available()) return;
  CHECK(one(with("// #cgo darwin LDFLAGS: -framework A B -lz -framework=C \"-framework D\""),
            "framework") ==
        with("// #cgo darwin LDFLAGS: -framework A -framework B -lz -framework C -framework D"));
  CHECK(one(with("// #cgo LDFLAGS: -lz.so.1 -llibq.so -lm -l:libx.so.2"), "versioned-so") ==
        with("// #cgo LDFLAGS: -l:libz.so.1 -l:libq.so -lm -l:libx.so.2"));
  CHECK(one(with("// #cgo LDFLAGS: -lm -framework A -lz -L/opt/homebrew/lib"), "system") ==
        with("// #cgo LDFLAGS: -lm -lz\n// #cgo darwin LDFLAGS: -framework A -L/opt/homebrew/lib"));
  CHECK(one(with("/*\n#cgo LDFLAGS: -framework A -lm\n*/"), "system") ==
        with("/*\n#cgo LDFLAGS: -lm\n#cgo darwin LDFLAGS: -framework A\n*/"));
  CHECK(one(with("// #cgo LDFLAGS: -framework A"), "system") ==
        with("// #cgo darwin LDFLAGS: -framework A"));
  // All rules at once, then none.
  const std::string all = one(with("// #cgo LDFLAGS: -framework A B -lz.so.1"), "");
  CHECK(all == with("// #cgo LDFLAGS: -l:libz.so.1\n// #cgo darwin LDFLAGS: -framework A "
                    "-framework B"));
  CHECK(left(all, "") == 0);
  // A file for Apple's systems, or a condition.
  const std::string apple = with("// #cgo LDFLAGS: -framework A");
  CHECK(rewritten({{"/m/a_darwin.go", apple}}, "system").texts.at("/m/a_darwin.go") == apple);
  CHECK(left("//go:build darwin\n\n" + apple, "system") == 0);
  CHECK(left("//go:build mytag\n\n" + apple, "system") == 0);
  CHECK(left(with("// #cgo darwin LDFLAGS: -framework A"), "system") == 0);
  CHECK(left(with("// #cgo !windows LDFLAGS: -framework A"), "system") == 1);
  CHECK(left(with("// #cgo LDFLAGS: -framework"), "") == 0);
  CHECK(one("package p\r\n\r\n// #cgo LDFLAGS: -lm -framework A\r\nimport \"C\"\r\n", "system") ==
        "package p\r\n\r\n// #cgo LDFLAGS: -lm\r\n// #cgo darwin LDFLAGS: -framework A\r\nimport "
        "\"C\"\r\n");
}

TEST_CASE("paths below the module are ${SRCDIR}") {
  if (!tree::available()) return;
  const std::set<std::string> there{"/m/lib/liba.a", "/m/../x/libb.a", "/m/lib", "/m/include"};
  CHECK(one(with("// #cgo LDFLAGS: ./lib/liba.a -lm"), "srcdir", "1.22", there) ==
        with("// #cgo LDFLAGS: ${SRCDIR}/lib/liba.a -lm"));
  CHECK(one(with("// #cgo LDFLAGS: -L/m/lib -la /m/lib/liba.a"), "srcdir", "1.22", there) ==
        with("// #cgo LDFLAGS: -L${SRCDIR}/lib -la ${SRCDIR}/lib/liba.a"));
  CHECK(one(with("// #cgo CFLAGS: -I/m/include"), "srcdir", "1.22", there) ==
        with("// #cgo CFLAGS: -I${SRCDIR}/include"));
  // go makes these absolute itself.
  CHECK(left(with("// #cgo LDFLAGS: -L./lib -Llib"), "srcdir", "1.22", there) == 0);
  CHECK(left(with("// #cgo LDFLAGS: -L/usr/lib/x -lm"), "srcdir", "1.22", there) == 0);
  CHECK(left(with("// #cgo LDFLAGS: lib/none.a"), "srcdir", "1.22", there) == 1);
  CHECK(left(with("// #cgo LDFLAGS: -L/home/ann/lib"), "srcdir", "1.22", there) == 1);
  CHECK(left(with("// #cgo LDFLAGS: \"-L/m/lib\""), "srcdir", "1.22", there) == 0);
}

TEST_CASE("the preamble stands at import \"C\"") {
  if (!tree::available()) return;
  const std::string use = "func f() { C.twice(2) }\n";
  CHECK(one("package p\n\n// #include <zlib.h>\n\n \nimport \"C\"\n\n" + use, "preamble-gap") ==
        "package p\n\n// #include <zlib.h>\nimport \"C\"\n\n" + use);
  CHECK(one("package p\n\n/*\n#include <zlib.h>\n*/\n\nimport \"C\"\n\n" + use, "preamble-gap") ==
        "package p\n\n/*\n#include <zlib.h>\n*/\nimport \"C\"\n\n" + use);
  // It may be a comment: what there is compiles without it.
  CHECK(left("package p\n\n// #include <zlib.h>\n\nimport \"C\"\n\nvar x C.int\n",
             "preamble-gap") == 1);
  CHECK(left("package p\n\n// #include <zlib.h>\n\n// int twice(int);\nimport \"C\"\n\n" + use,
             "preamble-gap") == 0);
}

TEST_CASE("constraints") {
  CHECK(one("//go:build linux\n// +build linux\n\npackage p\n", "build-line") ==
        "//go:build linux\n\npackage p\n");
  CHECK(one("// +build linux,amd64 darwin\n// +build cgo\n\npackage p\n", "build-line") ==
        "//go:build ((linux && amd64) || darwin) && cgo\n\npackage p\n");
  CHECK(one("// +build !windows\n\n// Package p.\npackage p\n", "build-line") ==
        "//go:build !windows\n\n// Package p.\npackage p\n");
  CHECK(one("// Copyright\n\n// +build linux\n\n//go:build linux\n\npackage p\n", "build-line") ==
        "// Copyright\n\n//go:build linux\n\npackage p\n");
  // Go before 1.17 reads the old lines only.
  CHECK(left("//go:build linux\n// +build linux\n\npackage p\n", "build-line", "1.16") == 0);
  // Without a blank line behind it go does not read it.
  CHECK(left("// +build linux\npackage p\n", "build-line") == 1);
  CHECK(left("// +build linux\n/*\n\nText\n*/\npackage p\n", "build-line") == 1);
  CHECK(left("package p\n\nvar s = `\n// +build linux\n`\n", "build-line") == 0);
  CHECK(left("// +build linux,\n\npackage p\n", "build-line") == 1);
  if (!tree::available()) return;
  CHECK(left("package p\n\n//go:build linux\n\nfunc f() {}\n", "build-line") == 1);
  CHECK(left("package p\n\nvar s = `\n//go:build linux\n`\n", "build-line") == 0);
  CHECK(left("//go:build netgo && netcgo\n\npackage p\n", "net-tags") == 1);
  CHECK(left("//go:build netgo || netcgo\n\npackage p\n", "net-tags") == 0);
  CHECK(left("package p\n\n//go:generate go build -tags netgo,netcgo .\n", "net-tags") == 1);
}

TEST_CASE("files of tests have no C") {
  if (!tree::available()) return;
  const auto made =
      rewritten({{"/m/a_test.go",
                  "package p\n\nimport \"C\"\nimport \"testing\"\n\nfunc TestA(t *testing.T) "
                  "{}\n"}},
                "test-import");
  CHECK(made.texts.at("/m/a_test.go") ==
        "package p\n\nimport \"testing\"\n\nfunc TestA(t *testing.T) {}\n");
  CHECK(rewritten({{"/m/a_test.go", with("// int f(void);", "var x C.int\n")}}, "test-import")
            .left.size() == 1);
}

TEST_CASE("C names") {
  if (!tree::available()) return;
  CHECK(one(with("// #include <stdio.h>\n// int x;", "func f(p *C.char) { C.free(p) }\n"),
            "stdlib") == with("// #include <stdio.h>\n// #include <stdlib.h>\n// int x;",
                              "func f(p *C.char) { C.free(p) }\n"));
  CHECK(one("package p\n\nimport \"C\"\n\nfunc f() { C.malloc(1) }\n", "stdlib") ==
        "package p\n\n// #include <stdlib.h>\nimport \"C\"\n\nfunc f() { C.malloc(1) }\n");
  // Another header may include it: only who asks for this rule gets the line.
  const std::string zlib = with("// #include <zlib.h>", "func f() { C.free(nil) }\n");
  CHECK(one(zlib, "") == zlib);
  CHECK(one(zlib, "stdlib") ==
        with("// #include <zlib.h>\n// #include <stdlib.h>", "func f() { C.free(nil) }\n"));
  const std::string own = with("// #include \"own.h\"", "func f() { C.free(nil) }\n");
  const std::string more =
      with("// #include \"own.h\"\n// #include <stdlib.h>", "func f() { C.free(nil) }\n");
  CHECK(
      rewritten({{"/m/a.go", own}, {"/m/own.h", "#include <stdio.h>\n"}}, "").texts.at("/m/a.go") ==
      more);
  CHECK(rewritten({{"/m/a.go", own}, {"/m/own.h", "#include <stdlib.h>\n"}}, "stdlib")
            .texts.at("/m/a.go") == own);
  CHECK(
      rewritten({{"/m/a.go", own}, {"/m/own.h", "#include \"own.h\"\n"}}, "").texts.at("/m/a.go") ==
      own);
  CHECK(rewritten({{"/m/a.go", own}, {"/m/own.h", "void free(void *);\n"}}, "stdlib")
            .texts.at("/m/a.go") == own);
  CHECK(one(with("// #include <stdlib.h>", "var x, y = C.Cstring(\"x\"), C.Gostring(nil)\n"),
            "name") ==
        with("// #include <stdlib.h>", "var x, y = C.CString(\"x\"), C.GoString(nil)\n"));
  CHECK(left(with("// typedef int Cstring;", "var x C.Cstring\n"), "name") == 0);
  CHECK(left(with("// #include <own.h>", "var x = C.Cstring(\"x\")\n"), "name") == 0);
  // C is a parameter of a type here.
  CHECK(left(with("// #include <stdio.h>", "func f[C any](c C) {}\nvar x = C.Cstring(\"x\")\n"),
             "name") == 0);
}

TEST_CASE("C strings are freed where nobody keeps them") {
  if (!tree::available()) return;
  CHECK(one(body("\tc := C.CString(s)\n\tC.puts(c)"), "free") ==
        body("\tc := C.CString(s)\n\tdefer C.free(unsafe.Pointer(c))\n\tC.puts(c)"));
  CHECK(one("package p\n\nimport \"C\"\n\nfunc f(s string) {\n\tc := C.CString(s) // x\n\tC.puts(c)"
            "\n}\n",
            "free") ==
        "package p\n\n// #include <stdlib.h>\nimport \"C\"\nimport \"unsafe\"\n\nfunc f(s string) "
        "{\n\tc := C.CString(s) // x\n\tdefer C.free(unsafe.Pointer(c))\n\tC.puts(c)\n}\n");
  // Freed, handed on, stored, returned, kept by C, in a loop, in a closure.
  CHECK(left(body("\tc := C.CString(s)\n\tC.puts(c)\n\tC.free(unsafe.Pointer(c))"), "free") == 0);
  CHECK(
      left(body("\tc := C.CString(s)\n\tdefer func() { C.free(unsafe.Pointer(c)) }()\n\tC.puts(c)"),
           "free") == 0);
  CHECK(left(body("\tc := C.CString(s)\n\tgive(c)"), "free") == 0);
  CHECK(left(body("\tc := C.CString(s)\n\tglobal = c\n\tC.puts(c)"), "free") == 0);
  CHECK(left(body("\tc := C.CString(s)\n\tC.putenv(c)"), "free") == 1);
  CHECK(left(body("\tfor {\n\t\tc := C.CString(s)\n\t\tC.puts(c)\n\t}"), "free") == 1);
  CHECK(left(body("\tc := C.CString(s)\n\tgo func() { C.puts(c) }()"), "free") == 0);
  CHECK(left(body("\tif c := C.CString(s); C.puts(c) > 0 {\n\t}"), "free") == 1);
  CHECK(left(body("\tC.puts(C.CString(s))"), "free") == 1);
  CHECK(left(body("\tc := C.CString(s)\n\tgo C.puts(c)"), "free") == 0);
  CHECK(left(with("// #include <stdlib.h>\n// static void open(char *s) { kept = s; }",
                  "import \"unsafe\"\n\nfunc f(s string) {\n\tc := C.CString(s)\n\tC.open(c)\n}\n"),
             "free") == 1);
}

TEST_CASE("pointers to slices that may be empty") {
  if (!tree::available()) return;
  const std::string data = "data []byte";
  CHECK(one(body("\tC.g((*C.char)(unsafe.Pointer(&data[0])), 1)", data), "empty-slice") ==
        body("\tC.g((*C.char)(unsafe.Pointer(unsafe.SliceData(data))), 1)", data));
  CHECK(one(body("\tp := unsafe.Pointer(&data[0])\n\tC.g(p)", data), "empty-slice") ==
        body("\tp := unsafe.Pointer(unsafe.SliceData(data))\n\tC.g(p)", data));
  CHECK(one(body("\tb := []byte(s)\n\tC.g(unsafe.Pointer(&b[0]))"), "empty-slice") ==
        body("\tb := []byte(s)\n\tC.g(unsafe.Pointer(unsafe.SliceData(b)))"));
  // cgo would check more memory than before.
  CHECK(left(body("\tC.g(unsafe.Pointer(&data[0]))", data), "empty-slice") == 1);
  CHECK(left(body("\tC.g((*C.char)(unsafe.Pointer(&data[0])), 1)", data), "empty-slice", "1.19") ==
        1);
  CHECK(left(body("\tif len(data) == 0 {\n\t\treturn\n\t}\n\tC.g(unsafe.Pointer(&data[0]))", data),
             "empty-slice") == 0);
  CHECK(left(body("\tb := make([]byte, 8)\n\tC.g(unsafe.Pointer(&b[0]))"), "empty-slice") == 0);
  CHECK(left(body("\tvar b [8]byte\n\tC.g(unsafe.Pointer(&b[0]))"), "empty-slice") == 0);
  CHECK(left(body("\tC.g(unsafe.Pointer(&data[0]))", "data []*T"), "empty-slice") == 1);
}

TEST_CASE("strings in arrays end with them") {
  if (!tree::available()) return;
  CHECK(one(body("\tvar n [4]C.char\n\tC.g(&n[0])\n\tprintln(C.GoString(&n[0]))"), "go-string") ==
        body("\tvar n [4]C.char\n\tC.g(&n[0])\n\tprintln(C.GoStringN(&n[0], "
             "C.int(C.strnlen(&n[0], C.size_t(len(n))))))"));
  CHECK(left(body("\tprintln(C.GoString(&v.n[0]))"), "go-string") == 0);
  CHECK(left(body("\tn := make([]C.char, 4)\n\tprintln(C.GoString(&n[0]))"), "go-string") == 0);
  CHECK(left(with("// #cgo CFLAGS: -std=c99\n// #include <string.h>",
                  "func f() {\n\tvar n [4]C.char\n\tprintln(C.GoString(&n[0]))\n}\n"),
             "go-string") == 1);
  // The flags are those of the package.
  CHECK(rewritten({{"/m/a.go", body("\tvar n [4]C.char\n\tprintln(C.GoString(&n[0]))")},
                   {"/m/unnamed.go", with("// #cgo CFLAGS: -std=c99")}},
                  "go-string")
            .left.size() == 1);
}

TEST_CASE("definitions beside //export") {
  if (!tree::available()) return;
  const std::string rest = "\n//export twice\nfunc twice(n C.int) C.int { return 2 * n }\n";
  const auto made =
      rewritten({{"/m/a_linux.go",
                  "//go:build amd64 || arm64\n\n" +
                      with("// #include <stdio.h>\n// const char *name = \"x\";\n// int one(void) "
                           "{\n//   return 1;\n// }\n// static int two(void) { return 2; }",
                           rest)}},
                "export");
  CHECK(made.texts.at("/m/a_linux.go") ==
        "//go:build amd64 || arm64\n\n" +
            with("// #include <stdio.h>\n// extern const char *name;\n// int one(void);\n// static "
                 "int two(void) { return 2; }",
                 rest));
  CHECK(made.texts.at("/m/cgo_a_linux.c") ==
        "//go:build cgo && (amd64 || arm64)\n\n#include <stdio.h>\nconst char *name = \"x\";\nint "
        "one(void) {\n  return 1;\n}\nstatic int two(void) { return 2; }\n");
  // Nothing is exported; declarations only; what a copy would break.
  CHECK(left(with("// int one(void) { return 1; }"), "export") == 0);
  CHECK(left(with("// int one(void);\n// extern int n;\n// static int f(void) { return 1; }", rest),
             "export") == 0);
  CHECK(left(with("// static int n;\n// int one(void) { return n++; }", rest), "export") == 1);
  CHECK(left(with("// #ifdef X\n// int one(void) { return 1; }\n// #endif", rest), "export") == 1);
  CHECK(left(with("// int a[] = {1, 2};", rest), "export") == 1);
  CHECK(left(with("// int f(void) __attribute__((weak));\n// int f(void) { return 1; }", rest),
             "export") == 0);
  CHECK(left("//go:build ignore\n\n" + with("// int f(void) { return 1; }", rest), "export") == 1);
  CHECK(left(with("// int one(void) { return 1; }", rest), "export", "1.22", {"/m/cgo_a.c"}) == 1);
}

TEST_CASE("what is not ours stays") {
  if (!tree::available()) return;
  const std::string fault = with("// #cgo LDFLAGS: -framework A");
  CHECK(rewritten({{"/m/vendor/x/a.go", fault}}, "").sites.empty());
  CHECK(rewritten({{"/m/x/testdata/a.go", fault}}, "").sites.empty());
  CHECK(left("// Code generated by x. DO NOT EDIT.\n\n" + fault, "") == 0);
  CHECK(left(with("// #cgo LDFLAGS: -lm", "func f( {\n"), "") == 1);
}

}  // namespace
}  // namespace tenon::rewrite
