// How far `go build` is. It names each package when it starts to compile it, and none that its
// cache holds; but a package is started only when all that it imports are done. So each start tells
// of many packages, cached ones among them. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tenon {

class PackageCount {
 public:
  void add(const std::string& path, const std::vector<std::string>& imports);
  void start(const std::string& path);

  [[nodiscard]] std::size_t done() const { return done_; }
  // 0 as long as nothing is known.
  [[nodiscard]] std::size_t total() const { return packages_.size(); }

 private:
  struct Package {
    std::vector<std::string> imports;
    bool done = false;
  };

  std::map<std::string, Package, std::less<>> packages_;
  std::size_t done_ = 0;
};

}  // namespace tenon
