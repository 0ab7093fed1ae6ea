#include "diagnose/rows/symbols.h"

#include <doctest/doctest.h>

using namespace tenon::rows;

TEST_CASE("symbols: a name without what logs put around it") {
  CHECK(plain_symbol("`__isoc23_strtol'") == "__isoc23_strtol");
  CHECK(plain_symbol("\xe2\x80\x98vips_init\xe2\x80\x99") == "vips_init");
  CHECK(plain_symbol("_OBJC_CLASS_$_UTType") == "UTType");
  CHECK(plain_symbol("").empty());
}

// Where Apple's documentation has them.
TEST_CASE("symbols: the framework of a class or function") {
  CHECK(framework_with("_OBJC_CLASS_$_UTType") == "UniformTypeIdentifiers");
  CHECK(framework_with("_OBJC_CLASS_$_WKWebView") == "WebKit");
  CHECK(framework_with("_OBJC_CLASS_$_NSWindow") == "AppKit");
  CHECK(framework_with("_OBJC_CLASS_$_NSString") == "Foundation");
  CHECK(framework_with("_SecKeychainFindGenericPassword") == "Security");
  CHECK(framework_with("_vips_init").empty());
}

// The release of glibc whose version map has the name, by `nm -D` of its libc.so.6.
TEST_CASE("symbols: the glibc that introduced a name") {
  CHECK(glibc_with("__isoc23_strtoull") == "2.38");
  CHECK(glibc_with("`fcntl64'") == "2.28");
  CHECK(glibc_with("printf").empty());
  CHECK(glibc_with("fcntl64x").empty());
}
