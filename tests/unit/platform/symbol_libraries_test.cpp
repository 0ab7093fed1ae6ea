#include "platform/symbol_libraries.h"

#include <doctest/doctest.h>

using namespace tenon;

// The functions stand in the manuals of these libraries.
TEST_CASE("symbol libraries: the library of a function") {
  CHECK(library_of_symbol("git_libgit2_init") == "git2");
  CHECK(library_of_symbol("sqlite3_open_v2") == "sqlite3");
  CHECK(library_of_symbol("SSL_CTX_new") == "ssl");
  CHECK(library_of_symbol("EVP_DigestInit_ex") == "crypto");
  CHECK(library_of_symbol("cudaMalloc") == "cudart");
  CHECK(library_of_symbol("cuDevicePrimaryCtxRetain") == "cuda");
  CHECK(library_of_symbol("curl_easy_init") == "curl");
  CHECK(library_of_symbol("g_object_unref") == "gobject-2.0");
  CHECK(library_of_symbol("g_free") == "glib-2.0");
  CHECK(library_of_symbol("cv::noArray()") == "opencv_core");
  CHECK(library_of_symbol("clock_gettime") == "rt");
}

TEST_CASE("symbol libraries: macOS and DLLs put something before the name") {
  CHECK(library_of_symbol("_vips_init") == "vips");
  CHECK(library_of_symbol("__imp_curl_easy_init") == "curl");
}

TEST_CASE("symbol libraries: a word that begins in the same way is of none") {
  CHECK(library_of_symbol("glob").empty());
  CHECK(library_of_symbol("customer_new").empty());
  CHECK(library_of_symbol("clock_gettime_ns").empty());
  CHECK(library_of_symbol("virtual_machine_new").empty());
  CHECK(library_of_symbol("quark_open").empty());
  CHECK(library_of_symbol("").empty());
  CHECK(library_of_symbol("_").empty());
}

TEST_CASE("symbol libraries: what Windows has in libraries of its own") {
  CHECK(library_of_symbol("__imp_SetupDiGetClassDevsA") == "setupapi");
  CHECK(library_of_symbol("__imp_waveInOpen") == "winmm");
  CHECK(library_of_symbol("__imp_CertOpenSystemStoreW") == "crypt32");
  CHECK(library_of_symbol("wavelet_open").empty());
}
