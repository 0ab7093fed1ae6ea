// A process whose loader is at work: the images in load order and what is said about them. Shared
// by the rules of glibc and of musl.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/lifetime.h"
#include "loader/elf/image.h"
#include "loader/elf/machine.h"
#include "loader/files.h"
#include "loader/verdict.h"

namespace tenon::loader {

class Process {
 public:
  Process(const Request& asked, Files& seen, Verdict& said)
      : request(asked), files(seen), verdict(said) {}

  const Request& request;
  Files& files;
  Verdict& verdict;
  ElfKind kind;
  const MachineRules* rules = nullptr;
  std::vector<std::unique_ptr<Image>> images;

  // argv[0], which begins every message.
  [[nodiscard]] std::string_view program_name() const;
  // As messages name an image: its path, and argv[0] for the program.
  [[nodiscard]] std::string_view name_of(std::size_t image) const TENON_LIFETIMEBOUND;
  // Adds an image to both lists and gives its index.
  std::size_t add(Image image, std::string name, FoundBy found);
  void note(Tried tried);
  // What a person should know of an image: the path where messages have argv[0].
  [[nodiscard]] std::string shown_path(std::size_t image) const;
  void fail(Failure failure) { verdict.failures.push_back(std::move(failure)); }

  void undecided(std::string why);

  // The children of images go into the verdict.
  void finish();
};

}  // namespace tenon::loader
