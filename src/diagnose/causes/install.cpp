#include "diagnose/causes/install.h"

#include <string>
#include <string_view>
#include <vector>

#include "base/template.h"
#include "base/text.h"
#include "diagnose/log.h"
#include "platform/packages.h"

namespace tenon {

std::vector<std::vector<std::string>> install_commands(const Log& log, const Captures& captures) {
  const LibraryPackages* found = nullptr;
  for (const std::string_view key : {"header", "name"}) {
    const std::string_view name = capture(captures, key);
    if (found == nullptr && !name.empty()) found = packages_of(name);
  }
  if (found == nullptr) return {};
  std::vector<std::vector<std::string>> out;
  const auto add = [&](std::string_view tool, std::string_view verb, std::string_view packages) {
    if (packages.empty()) return;
    auto& argv = out.emplace_back(std::vector<std::string>{std::string(tool), std::string(verb)});
    for (const std::string_view one : split_words(packages)) argv.emplace_back(one);
  };
  if (log.alpine) {
    add("apk", "add", found->alpine);
  } else if (log.darwin && !log.linux_os) {
    add("brew", "install", found->brew);
  } else if (log.any("dnf ", "yum ", "fedora", "Fedora", "redhat", "el7", "el8", "el9", "rpm")) {
    add("dnf", "install", found->fedora);
  } else {
    add("apt-get", "install", found->debian);
    add("dnf", "install", found->fedora);
    add("apk", "add", found->alpine);
  }
  return out;
}

}  // namespace tenon
