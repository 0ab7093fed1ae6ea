// The functions of libcurl that the transport calls, from a library that is loaded when it is
// needed (curl_loaded.cpp) or from one that is part of the program (curl_linked.cpp); CMake takes
// one of them.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

// The macros of the header check calls by name, and ours go through pointers.
#undef curl_easy_setopt
#undef curl_easy_getinfo

namespace tenon::notarize {

struct CurlFunctions {
  CurlFunctions() = default;
  CurlFunctions(const CurlFunctions&) = delete;
  CurlFunctions& operator=(const CurlFunctions&) = delete;
  virtual ~CurlFunctions() = default;

  decltype(&::curl_easy_init) easy_init = nullptr;
  decltype(&::curl_easy_cleanup) cleanup = nullptr;
  decltype(&::curl_easy_perform) perform = nullptr;
  decltype(&::curl_easy_setopt) setopt = nullptr;
  decltype(&::curl_easy_getinfo) getinfo = nullptr;
  decltype(&::curl_easy_strerror) strerror = nullptr;
  decltype(&::curl_slist_append) append = nullptr;
  decltype(&::curl_slist_free_all) free_list = nullptr;

  // Why functions are missing, in the loader's words.
  std::string error;

  // A library that knows no place of the machine's certificates gets a file and a folder of them;
  // empty: it knows.
  std::string ca_file, ca_folder;

  [[nodiscard]] bool complete() const {
    return easy_init != nullptr && cleanup != nullptr && perform != nullptr && setopt != nullptr &&
           getinfo != nullptr && strerror != nullptr && append != nullptr && free_list != nullptr;
  }
};

[[nodiscard]] std::unique_ptr<CurlFunctions> curl_functions();

}  // namespace tenon::notarize
