#include "diagnose/failures/fix_facts.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/shell_word.h"

namespace tenon {
namespace {

using enum Changes;

// By the program and, where it is named, its first word. The first row that fits counts.
struct Program {
  std::string_view name, verb;  // verb empty: any
  Changes changes;
  std::string_view system = {};  // empty: any
  bool root = false, destructive = false;
};

constexpr auto programs = std::to_array<Program>({
    {"apt-get", {}, packages, "debian", true},
    {"apt-file", {}, nothing, "debian"},
    {"dpkg", "--add-architecture", packages, "debian", true},
    {"dpkg", {}, nothing, "debian"},
    {"dnf", "provides", nothing, "fedora"},
    {"dnf", {}, packages, "fedora", true},
    {"apk", "search", nothing, "alpine"},
    {"apk", {}, packages, "alpine", true},
    {"brew", "info", nothing, "homebrew"},
    {"brew", "--prefix", nothing, "homebrew"},
    {"brew", {}, packages, "homebrew"},
    {"pacman", "-F", nothing, "windows"},
    {"pacman", {}, packages, "windows"},
    {"where", {}, nothing, "windows"},
    {"pkg", {}, packages, "freebsd", true},
    {"pip", {}, packages},
    {"pip3", {}, packages},
    {"xcode-select", "-p", nothing, "darwin"},
    {"xcode-select", "--install", packages, "darwin"},
    {"xcode-select", {}, user_settings, "darwin", true},
    {"xcodebuild", {}, user_settings, "darwin", true},
    {"softwareupdate", {}, packages, "darwin", true},
    {"xcrun", "notarytool", user_settings, "darwin"},
    {"xcrun", "stapler", files, "darwin"},
    {"xcrun", {}, nothing, "darwin"},
    {"lipo", {}, nothing, "darwin"},
    {"otool", {}, nothing, "darwin"},
    {"sysctl", {}, nothing},
    {"security", {}, nothing, "darwin"},
    {"install_name_tool", {}, files, "darwin"},
    {"codesign", {}, files, "darwin"},
    {"xattr", "-l", nothing, "darwin"},
    {"xattr", {}, files, "darwin"},
    {"arch", {}, this_command, "darwin"},
    {"rm", {}, files, {}, false, true},
    {"rmdir", {}, files, {}, false, true},
    {"shred", {}, files, {}, false, true},
    {"dd", {}, files, {}, false, true},
    {"mkfs", {}, files, {}, true, true},
    {"git", "clean", files, {}, false, true},
    {"git", "reset", files, {}, false, true},
    {"git", "checkout", files, {}, false, true},
    {"git", "config", user_settings},
    {"go", "install", packages},
    {"go", "get", files},
    {"go", "mod", files},
    {"go", "clean", files},
    {"go", "version", nothing},
    {"go", "list", nothing},
    {"go", "vet", nothing},
    {"go", {}, this_command},
    {"tenon", "inspect", nothing},
    {"tenon", "verify", nothing},
    {"tenon", "explain", nothing},
    {"tenon", "sign", files},
    {"tenon", "rewrite", nothing},
    {"tenon", {}, this_command},
    {"which", {}, nothing},
    {"cat", {}, nothing},
    {"ln", {}, files},
    {"find", {}, nothing},
    {"grep", {}, nothing},
    {"ls", {}, nothing},
    {"df", {}, nothing},
    {"file", {}, nothing},
    {"ldd", {}, nothing},
    {"readelf", {}, nothing},
    {"nm", {}, nothing},
    {"chmod", {}, files},
    {"chown", {}, files, {}, true},
    {"mount", {}, files, {}, true},
    {"ulimit", {}, this_command},
    {"pkg-config", {}, nothing},
});

bool is_assignment(std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals == word.npos || equals == 0) return false;
  return std::ranges::all_of(word.substr(0, equals), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// Takes `env -u A B=C` off.
void split_environment(std::vector<std::string> words, FixFacts& out) {
  std::size_t at = 0;
  if (!words.empty() && words[0] == "env") ++at;
  while (at < words.size()) {
    if (at > 0 && words[at] == "-u" && at + 1 < words.size()) {
      out.env.emplace_back(words[at + 1], "");
      at += 2;
    } else if (is_assignment(words[at])) {
      const std::size_t equals = words[at].find('=');
      out.env.emplace_back(words[at].substr(0, equals), words[at].substr(equals + 1));
      ++at;
    } else {
      break;
    }
  }
  out.argv.assign(words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
}

// `go env NAME` tells, `go env -w` and `-u` change.
Changes of_go_env(const std::vector<std::string>& argv) {
  const bool writes = std::ranges::any_of(
      argv, [](const std::string& word) { return word == "-w" || word == "-u"; });
  return writes ? user_settings : nothing;
}

}  // namespace

std::string_view changes_name(Changes value) {
  constexpr std::array<std::string_view, 5> names{"nothing", "this command", "user settings",
                                                  "packages", "files"};
  return names[static_cast<std::size_t>(value)];
}

bool has_placeholder(std::string_view word) {
  constexpr auto to_put_in = std::to_array<std::string_view>(
      {"NAME", "FILE", "DIR", "FOLDER", "VERSION", "PROGRAM", "LIBRARY", "BUNDLE", "HEADER",
       "PACKAGE", "STATICPACKAGE", "COMPILERPACKAGE", "TARGET", "SYMBOL", "FLAG", "MODULE", "HOST",
       "COMPILER", "FIRSTRELEASE"});
  // Of NAME=value the value: names of variables are in capitals, too.
  if (is_assignment(word)) word.remove_prefix(word.find('=') + 1);
  const auto of_a_name = [](char c) { return is_assignment(std::string{c, '='}); };
  while (!word.empty()) {
    const auto end = std::ranges::find_if_not(word, of_a_name);
    const auto size = static_cast<std::size_t>(end - word.begin());
    if (std::ranges::find(to_put_in, word.substr(0, size)) != to_put_in.end()) return true;
    word.remove_prefix(std::min(size + 1, word.size()));
  }
  return false;
}

bool has_placeholder(const std::vector<std::string>& argv) {
  return std::ranges::any_of(argv, [](const std::string& word) { return has_placeholder(word); });
}

FixFacts fix_facts(const ShellCommand& command) {
  FixFacts out;
  split_environment(arguments_of(command), out);
  std::vector<std::string> argv = out.argv;
  if (!argv.empty() && argv[0] == "sudo") {
    out.needs.emplace_back("rights:root");
    argv.erase(argv.begin());
  }
  if (argv.empty()) return out;
  const std::string_view verb = argv.size() > 1 ? std::string_view(argv[1]) : std::string_view();
  out.needs.push_back("tool:" + argv[0]);
  const auto found = std::ranges::find_if(programs, [&](const Program& one) {
    return one.name == argv[0] && (one.verb.empty() || one.verb == verb);
  });
  if (found == programs.end()) return out;
  out.changes = found->changes;
  out.destructive = found->destructive;
  if (!found->system.empty()) out.needs.push_back("system:" + std::string(found->system));
  if (found->root && std::ranges::find(out.needs, "rights:root") == out.needs.end())
    out.needs.emplace_back("rights:root");
  if (argv[0] == "go" && verb == "env") out.changes = of_go_env(argv);
  return out;
}

}  // namespace tenon
