// libcurl as part of the program, for static builds: they cannot load a library. It was compiled
// for no distribution, so the certificates of the machine are looked for where distributions keep
// them.
#include <memory>
#include <string>

#include "host/files.h"
#include "host/process.h"
#include "notarize/run/curl_functions.h"

namespace tenon::notarize {
namespace {

// From the packages ca-certificates and their like.
constexpr const char* files[] = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Arch, Gentoo, Alpine
    "/etc/pki/tls/certs/ca-bundle.crt",                   // Fedora, RHEL and their kin
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // the same, newer
    "/etc/ssl/ca-bundle.pem",                             // openSUSE
    "/var/lib/ca-certificates/ca-bundle.pem",             // the same, newer
    "/etc/ssl/cert.pem",                                  // Alpine, Void, OpenBSD
    "/etc/ssl/certs/ca-bundle.crt",                       // NixOS
};
constexpr const char* folders[] = {"/etc/ssl/certs", "/etc/pki/tls/certs"};

// What OpenSSL's variables name goes before what is found.
void find_certificates(CurlFunctions& curl) {
  const auto file = environment_variable("SSL_CERT_FILE");
  const auto folder = environment_variable("SSL_CERT_DIR");
  if (file || folder) {
    curl.ca_file = file.value_or("");
    curl.ca_folder = folder.value_or("");
    return;
  }
  for (const char* one : files) {
    if (!is_file(one)) continue;
    curl.ca_file = one;
    return;
  }
  for (const char* one : folders) {
    if (!is_folder(one)) continue;
    curl.ca_folder = one;
    return;
  }
}

}  // namespace

std::unique_ptr<CurlFunctions> curl_functions() {
  auto curl = std::make_unique<CurlFunctions>();
  curl->easy_init = &::curl_easy_init;
  curl->cleanup = &::curl_easy_cleanup;
  curl->perform = &::curl_easy_perform;
  curl->setopt = &::curl_easy_setopt;
  curl->getinfo = &::curl_easy_getinfo;
  curl->strerror = &::curl_easy_strerror;
  curl->append = &::curl_slist_append;
  curl->free_list = &::curl_slist_free_all;
  find_certificates(*curl);
  return curl;
}

}  // namespace tenon::notarize
