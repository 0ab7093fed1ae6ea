// .pc files in memory, for tests.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "link/pc/repository.h"

namespace tenon::pc {

class MemoryFiles final : public Files {
 public:
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> links;  // path -> target; the file is in `files` too

  // A module with the usual three fields in front of `rest`.
  void add(const std::string& folder, const std::string& name, const std::string& rest) {
    files[folder + "/" + name + ".pc"] =
        "Name: " + name + "\nDescription: d\nVersion: 1.2.3\n" + rest;
  }

  [[nodiscard]] Result<std::string> read(const std::string& path) override {
    const auto found = files.find(path);
    if (found == files.end()) return fail(Errc::not_found, "no such file");
    return found->second;
  }

  [[nodiscard]] std::vector<std::string> list(const std::string& folder) override {
    std::vector<std::string> out;
    for (const auto& [path, text] : files) {
      if (path.starts_with(folder + "/") && !path.substr(folder.size() + 1).contains('/')) {
        out.push_back(path.substr(folder.size() + 1));
      }
    }
    return out;
  }

  [[nodiscard]] std::optional<std::string> link_target(const std::string& path) override {
    const auto found = links.find(path);
    if (found == links.end()) return std::nullopt;
    return found->second;
  }

  [[nodiscard]] std::optional<std::string> identity(const std::string& path) override {
    for (const auto& [file, text] : files) {
      if (file == path || file.starts_with(path + "/")) return path;
    }
    return std::nullopt;
  }
};

[[nodiscard]] inline std::string flags(const Fragments& fragments) {
  return shell_text(fragments, ' ', true);
}

}  // namespace tenon::pc
