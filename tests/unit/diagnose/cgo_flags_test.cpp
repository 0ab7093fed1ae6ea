#include "diagnose/causes/cgo_flags.h"

#include <doctest/doctest.h>

#include <string_view>

using namespace tenon;

TEST_CASE("cgo flags: what tunes a compiler gets a pattern for itself alone") {
  CHECK(allow_pattern("-fno-rtti") == "^-fno-rtti$");
  CHECK(allow_pattern("-std=c++11") == "^-std=c\\+\\+11$");
  CHECK(allow_pattern("-Wno-everything") == "^-Wno-everything$");
  CHECK(allow_pattern("-Wl,-z,nodelete") == "^-Wl,-z,nodelete$");
  CHECK(allow_pattern("-Wl,--whole-archive") == "^-Wl,--whole-archive$");
}

// gcc's and clang's manuals: each of these loads a library, runs a program, or reads or writes a
// file that the package names.
TEST_CASE("cgo flags: what loads code, runs programs or touches files is never allowed") {
  for (const std::string_view flag : {"-fplugin=x.so",
                                      "-fplugin-arg-x-y=z",
                                      "-fpass-plugin=x.so",
                                      "-B.",
                                      "-B/tmp",
                                      "-specs=x",
                                      "--specs=x",
                                      "-wrapper",
                                      "-wrapper=x",
                                      "-load",
                                      "-Xclang",
                                      "@file",
                                      "--ld-path=/tmp/ld",
                                      "-fuse-ld=/tmp/ld",
                                      "-fuse-ld=mold",
                                      "-Wl,-plugin,x.so",
                                      "-Wl,--plugin=x.so",
                                      "-Wl,-plugin-opt=x",
                                      "-Wl,@file",
                                      "-Wl,-rpath,@file",
                                      "-Wl,-T,x.ld",
                                      "-Wl,-Map=x",
                                      "-Wl,-o,x",
                                      "-Wl,--dynamic-linker=/tmp/x",
                                      "-Wa,-I/tmp",
                                      "-Wp,-MD,x",
                                      "-o",
                                      "-o/tmp/x",
                                      "-MF",
                                      "-MFx",
                                      "-include",
                                      "-imacros",
                                      "-iplugindir=x",
                                      "-mllvm",
                                      "-Xlinker",
                                      "-fprofile-use=x",
                                      "-fprofile-generate=x",
                                      "-fmodule-file=x",
                                      "-save-temps",
                                      "-fdump-tree-all",
                                      "-ftime-trace=x",
                                      "-fsave-optimization-record",
                                      "-ivfsoverlay",
                                      "-T",
                                      "--sysroot=/tmp",
                                      "-fno-integrated-as",
                                      "-dumpdir",
                                      "-foo;rm",
                                      "-D$(x)",
                                      "",
                                      "x"}) {
    CAPTURE(flag);
    CHECK_FALSE(allow_pattern(flag).has_value());
  }
}
