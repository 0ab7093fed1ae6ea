#include "cli/explain/file_here.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "diagnose/failures/start_failure.h"
#include "format/elf/elf.h"
#include "format/macho/macho.h"
#include "host/files.h"
#include "host/mapping.h"
#include "host/process.h"
#include "loader/macho/image.h"

namespace tenon::explain {
namespace {

bool is_file(const std::string& path) {
  const auto info = file_info(path);
  return info && info->kind == FileInfo::Kind::file;
}

// Something that a loader loads: a script is none.
bool is_binary(const std::string& path) {
  if (!is_file(path)) return false;
  const auto mapping = map_file(path);
  if (!mapping) return false;
  return elf::File::parse(mapping->view()).has_value() ||
         macho::slices(mapping->view()).has_value();
}

bool has_uuid(const std::string& path, std::string_view uuid) {
  if (!is_file(path)) return false;
  const auto mapping = map_file(path);
  if (!mapping) return false;
  const auto slices = macho::slices(mapping->view());
  if (!slices) return false;
  return std::ranges::any_of(*slices, [&](const macho::Slice& slice) {
    const auto file = macho::File::parse(slice.bytes);
    return file && dyld::uuid_of(*file) == uuid;
  });
}

// A program that was copied to a Mac: "/Users/a/b/tool" is b/tool or tool here.
std::optional<std::string> by_uuid(const std::string& path, std::string_view uuid) {
  for (std::size_t at = path.find('/'); at != path.npos; at = path.find('/', at + 1)) {
    std::string tail = path.substr(at + 1);
    if (!tail.empty() && has_uuid(tail, uuid)) return tail;
  }
  return std::nullopt;
}

std::optional<std::string> in_path(const std::string& name) {
  if (name.contains('/')) return std::nullopt;
  auto found = find_program(name);
  if (!found || !is_binary(*found)) return std::nullopt;
  return found;
}

std::optional<std::string> one_here(const std::string& file, const StartFailure& failure,
                                    const std::string& root) {
  if (!root.empty()) {
    std::string inside = join_path(root, file.starts_with('/') ? file.substr(1) : file);
    if (is_binary(inside)) return inside;
  }
  if (!failure.uuid.empty()) {
    if (has_uuid(file, failure.uuid)) return file;
    return by_uuid(file, failure.uuid);
  }
  if (file.contains('/') && is_binary(file)) return file;
  return root.empty() ? in_path(file) : std::nullopt;
}

}  // namespace

StartedProgram started_program(const std::vector<std::string>& argv) {
  StartedProgram out;
  std::size_t i = 0;
  if (!argv.empty() && base_name(argv.front()) == "env") {
    for (i = 1; i < argv.size() && argv[i].contains('='); ++i) out.environment.push_back(argv[i]);
  }
  if (i < argv.size() && base_name(argv[i]).starts_with("qemu-")) {
    for (++i; i < argv.size() && argv[i].starts_with('-'); ++i) {
      if (argv[i] == "-L" && i + 1 < argv.size()) out.root = argv[++i];
    }
  }
  if (i < argv.size()) out.program = argv[i];
  return out;
}

std::vector<std::string> files_here(const StartFailure& failure, const StartedProgram& started,
                                    const std::string& root) {
  std::vector<std::string> out;
  const auto add = [&](std::optional<std::string> file) {
    if (file && std::ranges::find(out, *file) == out.end()) out.push_back(*std::move(file));
  };
  const bool named = std::ranges::any_of(failure.files, [&](const std::string& file) {
    return base_name(file) == base_name(started.program);
  });
  if (!started.program.empty() && (named || !failure.names_program)) {
    if (is_binary(started.program)) add(started.program);
    add(in_path(started.program));
  }
  for (const std::string& file : failure.files) add(one_here(file, failure, root));
  return out;
}

}  // namespace tenon::explain
