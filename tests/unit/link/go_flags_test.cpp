#include "link/go_flags.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace tenon;
using Words = std::vector<std::string>;

namespace {

bool accepts(const Words& words) {
  return rejected_by_go(words, GoFlagSource::pkg_config_libs).empty();
}

}  // namespace

// Tried one by one with cmd/go 1.26.8; tests/e2e/test_pkg_config.py does it again.
TEST_CASE("flags of the linker that cmd/go accepts") {
  for (const Words& words : std::vector<Words>{
           {"-lX"},
           {"-l:libz.a"},
           {"-L/opt/openssl@3/lib"},
           {"-L/a b"},
           {"/usr/lib/libz.a"},
           {"./x.o"},
           {"libz.so"},
           {"x.dylib"},
           {"x.tbd"},
           {"x.dll"},
           {"-Wl,-Bstatic"},
           {"-Wl,-Bdynamic"},
           {"-Wl,--start-group"},
           {"-Wl,--end-group"},
           {"-Wl,--push-state,--as-needed"},
           {"-Wl,--pop-state"},
           {"-Wl,--no-as-needed"},
           {"-framework", "CoreFoundation"},
           {"-Wl,-framework,CoreFoundation"},
           {"-Wl,-rpath,/x"},
           {"-Wl,-rpath,$ORIGIN"},
           {"-Wl,-rpath-link,/x"},
           {"-Wl,-z,relro"},
           {"-Wl,-z,relro,-z,now"},
           {"-pthread"},
           {"-static"},
           {"-static-libgcc"},
           {"-lc++"},
           {"-stdlib=libc++"},
           {"-ObjC"},
           {"-Wl,-undefined,dynamic_lookup"},
       }) {
    CAPTURE(words.front());
    CHECK(accepts(words));
  }
}

TEST_CASE("flags of the linker that cmd/go rejects") {
  for (const Words& words : std::vector<Words>{
           {"-L@x"},
           {"@rsp"},
           {"../x.a"},
           {"libX.so.2"},
           {"x.obj"},
           {"-Wl,--whole-archive"},
           {"-Wl,-force_load,x.a"},
           {"-weak_framework"},
           {"-Wl,-z,defs"},
           {"-nostdlib"},
           {"-T"},
           {"-Xlinker"},
           {"-fuse-ld=lld"},
           {"-flto"},
           {"-Wl,--gc-sections"},
           {"-Wl,-dead_strip"},
           {"-Wl,-ld_classic"},
           {"-Wl,-Bsymbolic"},
           {"-Wl,--version-script=x"},
           {"-Wl,--exclude-libs,ALL"},
           {"-Wl,-u,sym"},
           {"-Wl,-soname,x"},
           {"-lto_library"},
           {"-framework", "-x"},
           {"-framework"},
           {""},
       }) {
    CAPTURE(words.front());
    CHECK_FALSE(accepts(words));
  }
}

TEST_CASE("an allowed flag that means the same") {
  const auto instead = [](const Words& words) {
    const auto rejected = rejected_by_go(words, GoFlagSource::pkg_config_libs);
    return rejected.empty() ? Words{"accepted"} : rejected.front().instead;
  };
  CHECK(instead({"/usr/lib/libgssapi_krb5.so.2.2"}) ==
        Words{"-L/usr/lib", "-l:libgssapi_krb5.so.2.2"});
  CHECK(instead({"../x.a"}) == Words{"${SRCDIR}/../x.a"});
  CHECK(instead({"-Wl,-z,defs"}) == Words{"-Wl,--no-undefined"});
  CHECK(instead({"-Xlinker", "-rpath=/x"}) == Words{"-Wl,-rpath=/x"});
  CHECK(instead({"-Wl,--as-needed,-Bstatic"}) == Words{"-Wl,--as-needed", "-Wl,-Bstatic"});
  CHECK(instead({"-weak_framework", "X"}).empty());
  // What is offered is accepted, but for ${SRCDIR}, which cmd/go replaces in #cgo lines.
  CHECK(accepts({"-L/usr/lib", "-l:libgssapi_krb5.so.2.2"}));
  CHECK(accepts({"-Wl,--no-undefined"}));
}

TEST_CASE("an expression that matches the flag and nothing else") {
  const auto rejected = rejected_by_go({"-Wl,--version-script=a.b", "-Wl,--whole-archive"},
                                       GoFlagSource::cgo_ldflags);
  REQUIRE(rejected.size() == 2);
  CHECK(rejected[0].variable == "CGO_LDFLAGS_ALLOW");
  CHECK(rejected[0].pattern == "^-Wl,--version-script=a\\.b$");
  CHECK(go_allow_pattern(rejected) == "^(-Wl,--version-script=a\\.b|-Wl,--whole-archive)$");
  CHECK(rejected_by_go({"-frtti"}, GoFlagSource::cgo_cflags).empty());
  CHECK(rejected_by_go({"-fplugin=x"}, GoFlagSource::cgo_cflags).front().variable ==
        "CGO_CFLAGS_ALLOW");
}

TEST_CASE("the output of a pkg-config as cmd/go reads it") {
  CHECK(go_words_of_output("-L\"/a b\" -L/a\\ b '-Dx y'\n") == Words{"-L/a b", "-L/a b", "-Dx y"});
  CHECK(go_words_of_output("-Wl,-rpath,\\$ORIGIN") == Words{"-Wl,-rpath,$ORIGIN"});
  CHECK(go_words_of_output("-Wl,-rpath,$ORIGIN").error() ==
        "unexpected shell character '$' in pkgconf output");
  CHECK(go_words_of_output("\"a").error() == "unterminated quoted string in pkgconf output");
  CHECK(go_words_of_output("a\\").error() == "broken character escaping in pkgconf output");
}

TEST_CASE("options and names of #cgo pkg-config lines") {
  CHECK(is_go_pkg_config_option("--static"));
  CHECK(is_go_pkg_config_option("--define-prefix"));
  CHECK_FALSE(is_go_pkg_config_option("--define-prefix=1"));
  CHECK(is_go_pkg_config_option("--atleast-version=1.2.3"));
  CHECK_FALSE(is_go_pkg_config_option("--sysroot=/x"));
  CHECK(is_go_module_name("gtk+-3.0"));
  CHECK_FALSE(is_go_module_name("-x"));
}
