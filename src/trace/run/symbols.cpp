#include "trace/run/symbols.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/path.h"
#include "format/elf/elf.h"
#include "format/gobin/pclntab.h"
#include "host/files.h"
#include "host/mapping.h"
#include "inspect/go_bytes.h"
#include "trace/event.h"
#include "trace/program.h"
#include "trace/run/live.h"

namespace tenon::trace {

// A file with code. The table borrows the mapping.
struct Symbols::Image {
  std::optional<Mapping> mapping;
  std::optional<elf::File> file;
  std::optional<gobin::Pclntab> table;
  std::string label;  // of a file without Go: "libc.so.6"
};

Symbols::Symbols(std::string program) : program_(std::move(program)) {}
Symbols::~Symbols() = default;

const Symbols::Image* Symbols::image(const std::string& path, const std::string& name) {
  constexpr std::size_t most = 256;
  const auto found = images_.find(name);
  if (found != images_.end()) return found->second.get();
  if (images_.size() >= most) return nullptr;
  auto out = std::make_unique<Image>();
  out->label = clean_text(base_name(name));
  if (auto mapping = map_file(path)) {
    out->mapping = *std::move(mapping);
    if (auto file = elf::File::parse(out->mapping->view())) {
      out->file = *std::move(file);
      if (auto table = function_table(go_bytes(*out->file))) out->table = *table;
    }
  }
  return images_.emplace(name, std::move(out)).first->second.get();
}

std::string Symbols::name_of(std::uint32_t process, std::uint64_t address) {
  auto found = ranges_.find(process);
  if (found == ranges_.end()) {
    constexpr std::size_t most = 1024;
    if (ranges_.size() >= most) ranges_.clear();
    const auto maps = read_text("/proc/" + std::to_string(process) + "/maps");
    found = ranges_.emplace(process, maps ? parse_maps(*maps) : std::vector<CodeRange>()).first;
  }
  for (const CodeRange& one : found->second) {
    if (address < one.from || address >= one.to) continue;
    const std::string root = "/proc/" + std::to_string(process) + "/root";
    const Image* where = image(root + one.path, one.path);
    if (where == nullptr) return "";
    if (!where->table || !where->file) return where->label;
    const auto loaded = loaded_address(*where->file, address - one.from + one.offset);
    return loaded ? clean_text(function_at(*where->table, *loaded)) : "";
  }
  if (!found->second.empty() || program_.empty()) return "";
  // It has ended. A Go program that is not a PIE is loaded where its file says.
  const Image* where = image(program_, program_);
  if (where == nullptr || !where->table) return "";
  return clean_text(function_at(*where->table, address));
}

std::vector<std::string> Symbols::names(const RawStack& stack) {
  constexpr std::size_t most = 12;
  std::vector<std::string> out;
  for (std::size_t i = 0; i < stack.addresses.size() && out.size() < most; ++i) {
    // An address to return to stands behind the call.
    std::string name = name_of(stack.process, stack.addresses[i] - (i == 0 ? 0 : 1));
    if (name.empty() || is_plumbing(name)) continue;
    if (out.empty() || out.back() != name) out.push_back(std::move(name));
  }
  return out;
}

}  // namespace tenon::trace
