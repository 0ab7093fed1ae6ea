#include "crossbuild/sysroot/apt.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "crossbuild/sysroot/name.h"
#include "platform/platforms.h"

namespace tenon {
namespace {

// "bookworm-security" -> {"bookworm", "-security"}; Debian up to 10 has "buster/updates".
std::pair<std::string_view, std::string_view> cut_suite(std::string_view suite) {
  const std::size_t at = suite.find_first_of("-/");
  if (at == suite.npos) return {suite, {}};
  return {suite.substr(0, at), suite.substr(at)};
}

bool is_plain(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c != '\x7f'; });
}

// Releases without updates of their own.
bool rolling(std::string_view suite) { return suite == "sid"; }

// QuoteString of apt, as it names files in its cache.
std::string quoted(std::string_view text, std::string_view bad) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (bad.contains(c) || c == '%' || byte <= 0x20 || byte >= 0x7f) {
      out += fmt::format("%{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::vector<AptSource> parse_sources(std::string_view lines) {
  constexpr std::string_view middle = "/dists/", end = "/InRelease";
  std::vector<AptSource> out;
  for (std::string_view line : split(lines, '\n')) {
    if (!line.starts_with('\'')) continue;
    line = line.substr(1, line.find('\'', 1) - 1);
    const std::size_t at = line.rfind(middle);
    if (at == line.npos || !line.ends_with(end)) continue;
    const std::string_view suite = line.substr(at + middle.size());
    if (!is_plain(line) || suite.size() <= end.size()) continue;
    out.push_back(
        {std::string(line.substr(0, at)), std::string(suite.substr(0, suite.size() - end.size()))});
  }
  return out;
}

AptSources sources_for(const SysrootName& name, const std::vector<AptSource>& sources,
                       std::string_view keyring) {
  AptSources out;
  out.own = std::ranges::find(sources, name.suite, &AptSource::suite) != sources.end();
  if (out.own) return out;
  for (const AptSource& one : sources) {
    const auto [base, rest] = cut_suite(one.suite);
    if (distribution_of_suite(base) != name.distribution) continue;
    if (!rest.empty() && rolling(name.suite)) continue;
    const std::string key = keyring.empty() ? "" : fmt::format("[signed-by={}] ", keyring);
    const std::string_view parts = name.distribution == "ubuntu" ? "main universe" : "main";
    std::string line = fmt::format("deb {}{} {}{} {}\n", key, one.uri, name.suite, rest, parts);
    if (!out.list.contains(line)) out.list += line;
  }
  out.none = out.list.empty();
  return out;
}

std::vector<std::string> apt_options(const SysrootName& name, const std::string& folder,
                                     const std::string& list) {
  const std::string arch(name.platform->debian_arch);
  std::vector<std::string> out{"--quiet", "--config-file", folder + "/apt.conf"};
  const auto set = [&](std::string_view key, std::string_view value) {
    out.emplace_back("-o");
    out.push_back(fmt::format("{}={}", key, value));
  };
  set("Dir::State", folder + "/state");
  set("Dir::State::status", folder + "/status");
  set("Dir::Cache", folder + "/cache");
  set("Dir::Log", folder + "/log");
  set("APT::Architecture", arch);
  set("APT::Architectures", arch);
  set("APT::Install-Recommends", "false");
  set("APT::Install-Suggests", "false");
  set("APT::Keep-Downloaded-Packages", "true");
  set("Acquire::Languages", "none");
  set("Acquire::Retries", "2");
  // Its user _apt may not enter a folder of this user alone.
  set("APT::Sandbox::User", "root");
  if (!list.empty()) {
    set("Dir::Etc::sourcelist", list);
    set("Dir::Etc::sourceparts", "/dev/null");
    // Pins are made for the machine's own release.
    set("Dir::Etc::preferences", "/dev/null");
    set("Dir::Etc::preferencesparts", "/dev/null");
  }
  return out;
}

std::string_view apt_settings() {
  return "#clear APT::Update::Pre-Invoke;\n"
         "#clear APT::Update::Post-Invoke;\n"
         "#clear APT::Update::Post-Invoke-Success;\n"
         "#clear DPkg::Pre-Invoke;\n"
         "#clear DPkg::Post-Invoke;\n"
         "#clear DPkg::Pre-Install-Pkgs;\n"
         "#clear Acquire::IndexTargets::deb::DEP-11;\n"
         "#clear Acquire::IndexTargets::deb::DEP-11-icons-small;\n"
         "#clear Acquire::IndexTargets::deb::DEP-11-icons;\n"
         "#clear Acquire::IndexTargets::deb::DEP-11-icons-large;\n"
         "#clear Acquire::IndexTargets::deb::Contents-deb;\n"
         "#clear Acquire::IndexTargets::deb::CNF;\n";
}

std::string apt_settings_with_contents() {
  return std::string(apt_settings()) +
         "Acquire::IndexTargets::deb::Contents-deb {\n"
         "  MetaKey \"$(COMPONENT)/Contents-$(ARCHITECTURE)\";\n"
         "  ShortDescription \"Contents-$(ARCHITECTURE)\";\n"
         "  Description \"$(RELEASE)/$(COMPONENT) $(ARCHITECTURE) Contents\";\n"
         "  flatMetaKey \"Contents-$(ARCHITECTURE)\";\n"
         "  flatDescription \"$(RELEASE) Contents\";\n"
         "  PDiffs \"false\";\n"
         "  KeepCompressed \"true\";\n"
         "  DefaultEnabled \"true\";\n"
         "  Identifier \"Contents-deb\";\n"
         "};\n";
}

std::string AptPackage::file() const {
  return fmt::format("{}_{}_{}.deb", quoted(name, "_:"), quoted(version, "_:"),
                     quoted(architecture, "_:."));
}

// "Inst libcap2 (1:2.66-4 Debian:12.11/stable [arm64]) []". A "[...]" behind the name would be the
// version that is installed, one at the end lists what is broken until then.
std::vector<AptPackage> parse_simulation(std::string_view output) {
  std::vector<AptPackage> out;
  for (std::string_view line : split(output, '\n')) {
    if (!line.starts_with("Inst ")) continue;
    const std::size_t open = line.find(" ("), end = line.find("])", open);
    if (open == line.npos || end == line.npos) continue;
    const std::size_t arch = line.rfind('[', end);
    if (arch < open) continue;
    AptPackage one;
    const auto head = split_words(line.substr(5, open - 5));
    const auto tail = split_words(line.substr(open + 2, arch - open - 2));
    if (head.empty() || tail.empty()) continue;
    const std::string_view name = head.front();
    one.name = name.substr(0, name.find(':'));
    one.version = tail.front();
    one.architecture = line.substr(arch + 1, end - arch - 1);
    out.push_back(std::move(one));
  }
  return out;
}

std::string apt_complaint(std::string_view output) {
  std::vector<std::string> out;
  std::string first_fetch;
  for (const std::string_view line : split(output, '\n')) {
    if (line.starts_with("E: ") && out.size() < 3) out.emplace_back(line.substr(3));
    if (line.starts_with("Err:") && first_fetch.empty()) first_fetch = line;
  }
  return out.empty() ? first_fetch : join(out, "; ");
}

std::string_view apt_remedy(std::string_view output) {
  // In the order in which one hides the other: without the clock no signature is valid.
  constexpr std::array<std::pair<std::string_view, std::string_view>, 13> remedies{{
      {"is not valid yet", "set this machine's clock"},
      {"Release file expired",
       "set this machine's clock, or use a release that is still published"},
      {"is expired (invalid since",
       "set this machine's clock, or use a release that is still published"},
      {"NO_PUBKEY", "install the keys of the distribution: debian-archive-keyring, ubuntu-keyring"},
      {"EXPKEYSIG",
       "install newer keys of the distribution: debian-archive-keyring, ubuntu-keyring"},
      {"is not signed",
       "install the keys of the distribution: debian-archive-keyring, ubuntu-keyring"},
      {"Mirror sync in progress",
       "run the command again in some minutes: the server is being updated"},
      {"Hash Sum mismatch", "run the command again in some minutes: the server is being updated"},
      {"Temporary failure resolving",
       "check the network and the proxy (http_proxy): no server was reached"},
      {"Could not resolve", "check the network and the proxy (http_proxy): no server was reached"},
      {"Could not connect", "check the network and the proxy (http_proxy): no server was reached"},
      {"Unable to connect", "check the network and the proxy (http_proxy): no server was reached"},
      {"No space left on device", "make room on the disk"},
  }};
  for (const auto& [text, remedy] : remedies) {
    if (output.contains(text)) return remedy;
  }
  return {};
}

bool is_package_name(std::string_view text) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !text.empty() && text.size() <= 256 && letter(text.front()) &&
         std::ranges::all_of(
             text, [&](char c) { return letter(c) || std::string_view("+.-_~:=").contains(c); });
}

}  // namespace tenon
