#include "cli/load/place.h"

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/file_tree.h"
#include "base/path.h"
#include "base/result.h"
#include "base/shown.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "format/elf/layout.h"
#include "format/macho/macho.h"
#include "host/disk_tree.h"
#include "host/files.h"
#include "host/mapping.h"
#include "host/system.h"
#include "loader/elf/start.h"
#include "platform/platforms.h"

namespace tenon {
namespace {

std::unexpected<Finding> wrong(const std::string& path, const std::string& reason) {
  return std::unexpected(
      make_finding(Code::usage_unreadable_input, {{"path", path}, {"reason", reason}}, path));
}

std::unexpected<Finding> bad_option(Shown message) {
  Finding out;
  out.code = Code::usage_bad_option;
  out.message = std::move(message);
  return std::unexpected(completed(std::move(out)));
}

loader::ElfKind kind_of(const Platform& platform) {
  const Processor& processor = *platform.processor;
  return {processor.elf_machine, processor.bits == 64 ? elf::ELFCLASS64 : elf::ELFCLASS32,
          processor.big_endian ? elf::ELFDATA2MSB : elf::ELFDATA2LSB};
}

const Platform* platform_of_kind(const loader::ElfKind& kind) {
  const Processor* processor = processor_of_elf(
      kind.machine, kind.ei_class == elf::ELFCLASS64 ? 64 : 32, kind.ei_data == elf::ELFDATA2MSB);
  return processor == nullptr ? nullptr : find_platform("linux", processor->goarch);
}

bool runs_here(const Platform& platform) {
  const auto own = system_name();
  return platform.goos == goos_of_uname(own.system) && platform.goarch == goarch_of(own.machine);
}

// The folder above that of the program, so that $ORIGIN/../lib is seen; not the whole machine.
std::string folder_around(const std::string& real) {
  const std::string own(folder_of(real));
  const std::string above(folder_of(own));
  return above.empty() || folder_of(above).empty() ? own : above;
}

bool look_up_file(const std::string& path) {
  const auto info = file_info(path);
  return info && info->kind == FileInfo::Kind::file;
}

Outcome<std::unique_ptr<FileTree>> open_tree(const std::string& folder) {
  auto tree = DiskTree::open(folder);
  if (!tree) return wrong(folder, "is not a directory that can be read");
  return std::unique_ptr<FileTree>(std::move(*tree));
}

// The target and its processor.
Outcome<const Platform*> target_of(const std::string& name, const std::string& file) {
  const auto mapping = map_file(file);
  if (!mapping) return wrong(file, mapping.error().what);
  if (!name.empty()) {
    const Platform* platform = find_platform(std::string_view(name).substr(0, name.find(':')));
    if (platform == nullptr) return bad_option(shown_format("--target {}: unknown target", name));
    if (platform->goos != "linux") {
      return bad_option(shown_format("--target {}: only loaders of Linux are simulated", name));
    }
    return platform;
  }
  const auto kind = loader::kind_of_file(mapping->view());
  if (!kind) return wrong(file, "is not an ELF file");
  const Platform* platform = platform_of_kind(*kind);
  if (platform == nullptr) return wrong(file, "is for a processor that has no target");
  return platform;
}

// The root as a tree, and the program's path in it.
Outcome<void> put_in_root(const std::string& file, const std::string& root, const std::string& arch,
                          Place& out) {
  constexpr unsigned set_id_bits = 06000;
  const auto info = file_info(file);
  out.gains_rights = info && (info->mode & set_id_bits) != 0;
  out.root = TENON_TRY(open_tree(root));
  const std::string real_root = real_path(root).value_or(root);
  // The last name is not resolved: a link in the root stays one.
  const std::string folder = real_path(join_path(current_folder(), join_path(folder_of(file), ".")))
                                 .value_or(std::string(folder_of(file)));
  const std::string path = join_path(folder, base_name(file));
  const std::string prefix = real_root == "/" ? std::string() : real_root;
  out.subject = {file, path, real_root, std::string(out.platform->name), arch};
  if (path.starts_with(prefix + '/')) {
    out.subject.in_root = path.substr(prefix.size());
    return {};
  }
  out.outside_at = folder_around(path);
  out.outside = TENON_TRY(open_tree(out.outside_at));
  return {};
}

}  // namespace

bool is_for_macos(const PlaceRequest& request) {
  if (!request.target.empty()) return request.target.starts_with("darwin/");
  const auto mapping = map_file(request.file);
  return mapping && macho::slices(mapping->view()).has_value();
}

Outcome<Place> find_place(const PlaceRequest& request) {
  Place out;
  std::string file = request.file;
  std::string root = request.root;
  // A path of the target, as it is typed there.
  if (!root.empty() && file.starts_with('/') && !look_up_file(file)) {
    const std::string inside = root + file;
    if (look_up_file(inside)) file = inside;
  }
  const Platform* platform = TENON_TRY(target_of(request.target, file));
  if (root.empty()) {
    if (!runs_here(*platform)) {
      return bad_option(shown_format(
          "{} is for {}, which is not this machine: name its root directory with --root", file,
          platform->name));
    }
    root = "/";
  }
  out.machine = kind_of(*platform);
  out.platform = platform;
  const std::string arch(loader::arch_name(out.machine));
  TENON_TRY(put_in_root(file, root, arch, out));
  return out;
}

Outcome<Place> find_macos_place(const PlaceRequest& request) {
  Place out;
  const std::string& file = request.file;
  const auto mapping = map_file(file);
  if (!mapping) return wrong(file, mapping.error().what);
  std::string name = "darwin/arm64";
  const auto slices = macho::slices(mapping->view());
  const bool thin = slices && !macho::is_universal(mapping->view());
  if (thin && slices->front().cputype == macho::CPU_TYPE_X86_64) name = "darwin/amd64";
  if (!request.target.empty()) name = request.target;
  out.platform = find_platform(std::string_view(name).substr(0, name.find(':')));
  if (out.platform == nullptr || out.platform->processor->macho_cpu == 0)
    return bad_option(shown_format("--target {}: unknown target", name));
  std::string root = request.root;
  if (root.empty() && runs_here(*out.platform)) root = "/";
  if (root.empty()) root = folder_around(real_path(file).value_or(file));
  TENON_TRY(put_in_root(file, root, std::string(out.platform->apple_arch), out));
  return out;
}

}  // namespace tenon
