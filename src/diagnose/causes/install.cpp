#include "diagnose/causes/install.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shell_word.h"
#include "base/template.h"
#include "base/text.h"
#include "diagnose/log.h"
#include "platform/packages.h"

namespace tenon {

const LibraryPackages* library_of(const Captures& captures) {
  const LibraryPackages* found = nullptr;
  for (const std::string_view key : {"header", "name"}) {
    const std::string_view name = capture(captures, key);
    if (found == nullptr && !name.empty()) found = packages_of(name);
  }
  return found;
}

std::vector<ShellCommand> install_commands(const Log& log, const Captures& captures) {
  const LibraryPackages* found = library_of(captures);
  if (found == nullptr) return {};
  std::vector<ShellCommand> out;
  const auto add = [&](ShellWord tool, ShellWord verb, std::string_view packages) {
    if (packages.empty()) return;
    ShellCommand& command = out.emplace_back(ShellCommand{std::move(tool), std::move(verb)});
    for (const std::string_view one : split_words(packages)) command.push_back(ShellWord::of(one));
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

bool is_install_command(const std::vector<std::string>& argv) {
  if (argv.size() < 3) return false;
  const std::string start = argv[0] + " " + argv[1];
  const std::vector<std::string_view> names(argv.begin() + 2, argv.end());
  return std::ranges::any_of(all_packages(), [&](const LibraryPackages& one) {
    return (start == "apt-get install" && split_words(one.debian) == names) ||
           (start == "dnf install" && split_words(one.fedora) == names) ||
           (start == "apk add" && split_words(one.alpine) == names) ||
           (start == "brew install" && split_words(one.brew) == names);
  });
}

}  // namespace tenon
