// The network as files and settings tell it, and proxies on this machine itself.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/fact.h"
#include "base/text.h"
#include "host/files.h"
#include "host/system.h"
#include "machine/probe/probe.h"
#include "machine/probe/resolver_files.h"

namespace tenon {
namespace {

// crypto/x509/root_linux.go: the first file that can be read, and folders beside it.
TextFact certificates_of(const MachineAccess& machine) {
  if (machine.goos != "linux") return TextFact::open("the system keeps them");
  const std::string file = machine.variable("SSL_CERT_FILE");
  const std::string folders = machine.variable("SSL_CERT_DIR");
  constexpr const char* files[] = {
      "/etc/ssl/certs/ca-certificates.crt",
      "/etc/pki/tls/certs/ca-bundle.crt",
      "/etc/ssl/ca-bundle.pem",
      "/etc/pki/tls/cacert.pem",
      "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
      "/etc/ssl/cert.pem",
  };
  if (!file.empty()) {
    if (machine.file(file)) return TextFact::of(file, "SSL_CERT_FILE");
  } else {
    for (const char* path : files) {
      const auto info = machine.file(path) ? file_info(machine.at(path)) : std::nullopt;
      if (info && info->size > 0) return TextFact::of(path, "crypto/x509");
    }
  }
  const std::string usual = "/etc/ssl/certs:/etc/pki/tls/certs";
  const std::string& search = folders.empty() ? usual : folders;
  for (const std::string_view folder : split(search, ':')) {
    if (!search_folder(machine.at(std::string(folder))).empty()) {
      return TextFact::of(std::string(folder), "crypto/x509");
    }
  }
  return TextFact::none(file.empty() ? "/etc/ssl/certs, /etc/pki/tls/certs" : "SSL_CERT_FILE");
}

// The port of a URL whose host is this machine itself, by a name that needs no question.
std::optional<std::uint16_t> port_here(std::string_view url) {
  const bool secure = url.starts_with("https://");
  if (const std::size_t at = url.find("://"); at != url.npos) url.remove_prefix(at + 3);
  url = url.substr(0, url.find('/'));
  if (const std::size_t at = url.rfind('@'); at != url.npos) url.remove_prefix(at + 1);
  for (const std::string_view host : {"127.0.0.1", "localhost", "[::1]"}) {
    if (!url.starts_with(host)) continue;
    const std::string_view rest = url.substr(host.size());
    if (rest.empty()) return static_cast<std::uint16_t>(secure ? 443 : 80);
    const auto port = rest.starts_with(':') ? parse_number(rest.substr(1)) : std::nullopt;
    if (port && *port <= 0xffff) return static_cast<std::uint16_t>(*port);
  }
  return std::nullopt;
}

bool is_dead(const MachineAccess& machine, std::string_view url) {
  constexpr std::string_view file = "file://";
  if (url.starts_with(file)) return !machine.folder(std::string(url.substr(file.size())));
  const auto port = port_here(url);
  return port && !served_here(*port);
}

ListFact dead_proxies(const MachineAccess& machine, const SettingsState& settings) {
  if (!machine.root.empty()) return ListFact::open("another machine's files");
  ListFact out = ListFact::of({}, "connect(2) to this machine itself");
  const std::string proxies = setting_value(settings, "GOPROXY");
  std::string list = proxies;
  std::ranges::replace(list, '|', ',');
  for (const std::string_view part : split(list, ',')) {
    const std::string_view url = trim(part);
    if (url.contains("://") && is_dead(machine, url)) {
      out.value.push_back(fmt::format("GOPROXY={}", url));
    }
  }
  for (const char* name : {"HTTPS_PROXY", "https_proxy"}) {
    const std::string value = machine.variable(name);
    if (value.empty() || !is_dead(machine, value)) continue;
    const std::size_t at = value.rfind('@');
    out.value.push_back(
        fmt::format("{}={}", name, at == value.npos ? value : value.substr(at + 1)));
    break;
  }
  return out;
}

}  // namespace

NetworkState probe_network(const MachineAccess& machine, const SettingsState& settings) {
  NetworkState out;
  out.proxies = ListFact::of({}, "the environment");
  for (const char* name : {"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY",
                           "NO_PROXY", "no_proxy"}) {
    std::string value = machine.variable(name);
    if (value.empty()) continue;
    // Names and passwords before '@' are nobody's business.
    if (const std::size_t at = value.rfind('@'); at != value.npos) value.erase(0, at + 1);
    out.proxies.value.push_back(fmt::format("{}={}", name, value));
  }
  const auto resolv = machine.text("/etc/resolv.conf");
  out.resolv_conf = !resolv ? FlagFact::none("/etc/resolv.conf")
                            : FlagFact::of(resolv->contains("nameserver"), "/etc/resolv.conf");
  const auto nsswitch = machine.text("/etc/nsswitch.conf");
  out.nsswitch_hosts = !nsswitch ? FlagFact::none("/etc/nsswitch.conf")
                                 : FlagFact::of(nsswitch->contains("hosts:"), "/etc/nsswitch.conf");
  out.certificates = certificates_of(machine);
  out.dead = dead_proxies(machine, settings);
  probe_resolver(machine, out);
  return out;
}

}  // namespace tenon
