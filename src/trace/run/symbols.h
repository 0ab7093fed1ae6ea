// Names of the functions in a stack of a process, while it lives or after it ended.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "trace/program.h"
#include "trace/run/live.h"

namespace tenon::trace {

class Symbols {
 public:
  // `program`: the file that stands for processes that have ended.
  explicit Symbols(std::string program);
  Symbols(const Symbols&) = delete;
  Symbols& operator=(const Symbols&) = delete;
  ~Symbols();

  // From the one that called outwards, without those that only pass the call on.
  [[nodiscard]] std::vector<std::string> names(const RawStack& stack);

 private:
  struct Image;
  const Image* image(const std::string& path, const std::string& name);
  std::string name_of(std::uint32_t process, std::uint64_t address);

  std::string program_;
  std::map<std::uint32_t, std::vector<CodeRange>> ranges_;
  std::map<std::string, std::unique_ptr<Image>> images_;  // by name
};

}  // namespace tenon::trace
