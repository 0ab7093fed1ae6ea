// The rules of musl's loader. It prints all that is missing, one line each, and ends with 127.
// Rules: musl ldso/dynlink.c of 1.2.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "format/elf/lookup.h"
#include "loader/elf/process.h"

namespace tenon::loader {

class MuslLoader {
 public:
  // The program and the loader are images already, as 0 and 1.
  explicit MuslLoader(Process& process) : p_(process) {}

  // False: a failure was noted.
  bool run();

 private:
  struct Search;

  std::optional<std::size_t> load_library(const std::string& name, std::size_t by, FoundBy reason,
                                          Search& search);
  std::optional<std::size_t> map_library(Search& search, std::size_t by, bool with_path);
  bool open_path(std::string_view list, FoundBy rule, std::string_view owner, Search& search);
  bool open_one(const std::string& path, FoundBy rule, std::string_view owner, Search& search);
  void search_run_paths(Search& search);
  [[nodiscard]] std::optional<std::string> run_path(std::size_t image) const;
  const std::string& system_path();
  void load_needs();
  void relocate(std::size_t image);
  void relocate_table(std::size_t image, const elf::RelocationTable& table);
  [[nodiscard]] bool defines(std::size_t image, const elf::HashedName& name, bool for_call) const;
  [[nodiscard]] bool found(const elf::HashedName& name, bool for_call, bool copy) const;
  void error(std::string line, Failure failure);

  Process& p_;
  std::vector<std::size_t> list_;         // images in the order of the loader's list
  std::vector<std::string> short_names_;  // by image
  std::optional<std::string> system_path_;
  std::string environment_path_;
  std::vector<std::string> lines_;
  bool crashed_ = false;  // the loader read outside of a file
};

}  // namespace tenon::loader
