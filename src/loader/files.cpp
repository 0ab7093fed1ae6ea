#include "loader/files.h"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/file_tree.h"
#include "base/path.h"
#include "base/result.h"
#include "base/text.h"

namespace tenon::loader {
namespace {

constexpr std::size_t longest_path = 4095;  // PATH_MAX counts the NUL
constexpr std::size_t longest_name = 255;
constexpr int most_links = 40;

OsError os_error_of(const Error& error) {
  if (error.code == Errc::permission) return OsError::denied;
  if (error.code == Errc::not_found) return OsError::no_entry;
  return OsError::io;
}

// Names that are still to be walked, the next one first.
void push_front(std::deque<std::string>& names, std::string_view path) {
  const auto parts = split(path, '/');
  for (std::size_t i = parts.size(); i-- > 0;) {
    if (!parts[i].empty()) names.emplace_front(parts[i]);
  }
}

void drop_last(std::string& path) { path.resize(path.empty() ? 0 : path.rfind('/')); }

}  // namespace

std::string_view glibc_text(OsError error) {
  switch (error) {
    case OsError::none: return "Success";
    case OsError::no_entry: return "No such file or directory";
    case OsError::no_folder: return "Not a directory";
    case OsError::is_folder: return "Is a directory";
    case OsError::denied: return "Permission denied";
    case OsError::loop: return "Too many levels of symbolic links";
    case OsError::name_too_long: return "File name too long";
    case OsError::no_exec: return "Exec format error";
    case OsError::bad_library: return "Accessing a corrupted shared library";
    case OsError::invalid: return "Invalid argument";
    case OsError::no_memory: return "Cannot allocate memory";
    case OsError::io: return "Input/output error";
  }
  return {};
}

std::string_view glibc_loader_text(OsError error) {
  switch (error) {
    case OsError::no_folder: return "Error 20";
    case OsError::is_folder: return "Error 21";
    case OsError::loop: return "Error 40";
    case OsError::name_too_long: return "Error 36";
    case OsError::no_exec: return "Error 8";
    case OsError::bad_library: return "Error 80";
    default: return glibc_text(error);
  }
}

std::string_view musl_text(OsError error) {
  switch (error) {
    case OsError::none: return "No error information";
    case OsError::loop: return "Symbolic link loop";
    case OsError::name_too_long: return "Filename too long";
    case OsError::io: return "I/O error";
    case OsError::no_memory: return "Out of memory";
    default: return glibc_text(error);
  }
}

Files::Files(FileTree& root, FileTree* extra, std::string extra_at)
    : root_(root), extra_(extra), extra_at_(std::move(extra_at)) {}

Files::Place Files::place_of(const std::string& real_path) const {
  if (extra_ != nullptr && real_path.starts_with(extra_at_)) {
    if (real_path.size() == extra_at_.size()) return {extra_, {}};
    if (real_path[extra_at_.size()] == '/') {
      return {extra_, real_path.substr(extra_at_.size() + 1)};
    }
  }
  return {&root_, real_path.empty() ? std::string() : real_path.substr(1)};
}

std::expected<FileTree::Kind, OsError> Files::kind_of(const std::string& real_path) {
  if (const auto known = kinds_.find(real_path); known != kinds_.end()) return known->second;
  const Place place = place_of(real_path);
  std::expected<FileTree::Kind, OsError> answer = FileTree::Kind::folder;
  // A folder on the way to the other tree is there, also where the root has none.
  const bool on_the_way = extra_ != nullptr && extra_at_.starts_with(real_path + '/');
  if (!place.path.empty() && !on_the_way) {
    const auto kind = place.tree->kind(place.path);
    if (kind) {
      answer = *kind;
    } else {
      answer = std::unexpected(os_error_of(kind.error()));
    }
  }
  kinds_.emplace(real_path, answer);
  return answer;
}

// Returns the path without links; "" is the root.
std::expected<std::string, OsError> Files::walk(std::string_view path) {
  std::deque<std::string> names;
  push_front(names, path);
  if (!path.starts_with('/')) push_front(names, working_folder);
  std::string at;
  int links = 0;
  bool folder = true;
  while (!names.empty()) {
    const std::string name = std::move(names.front());
    names.pop_front();
    if (!folder) return std::unexpected(OsError::no_folder);
    if (name == ".") continue;
    if (name == "..") {
      drop_last(at);
      continue;
    }
    if (name.size() > longest_name) return std::unexpected(OsError::name_too_long);
    std::string next = at;
    next += '/';
    next += name;
    const auto kind = kind_of(next);
    if (!kind) return std::unexpected(kind.error());
    if (*kind == FileTree::Kind::none) return std::unexpected(OsError::no_entry);
    if (*kind == FileTree::Kind::link) {
      if (++links > most_links) return std::unexpected(OsError::loop);
      const Place place = place_of(next);
      const auto target = place.tree->link_target(place.path);
      if (!target) return std::unexpected(os_error_of(target.error()));
      if (target->empty()) return std::unexpected(OsError::no_entry);
      if (target->starts_with('/')) at.clear();
      push_front(names, *target);
      // A link with a slash at its end leads to a folder.
      if (target->ends_with('/') && names.empty()) names.emplace_back(".");
      continue;
    }
    folder = *kind == FileTree::Kind::folder;
    at = std::move(next);
  }
  if (!folder && path.ends_with('/')) return std::unexpected(OsError::no_folder);
  return at;
}

std::expected<std::string, OsError> Files::resolve(std::string_view path) {
  if (path.empty()) return std::unexpected(OsError::no_entry);
  if (path.size() > longest_path) return std::unexpected(OsError::name_too_long);
  if (path.contains('\0')) return std::unexpected(OsError::no_entry);
  return walk(path);
}

std::expected<Opened, OsError> Files::open(std::string_view path) {
  const auto real = resolve(path);
  if (!real) return std::unexpected(real.error());
  if (const auto known = opened_.find(*real); known != opened_.end()) return known->second;
  Opened out;
  out.real_path = real->empty() ? "/" : *real;
  const auto kind = kind_of(*real);
  if (!kind) return std::unexpected(kind.error());
  out.folder = *kind == FileTree::Kind::folder;
  out.special = *kind == FileTree::Kind::other;
  if (*kind == FileTree::Kind::file) {
    const Place place = place_of(*real);
    auto content = place.tree->read(place.path);
    if (!content) return std::unexpected(os_error_of(content.error()));
    out.content = std::make_shared<const FileTree::Content>(std::move(*content));
  }
  return opened_.emplace(*real, std::move(out)).first->second;
}

bool Files::is_executable(const Opened& opened) {
  const Place place = place_of(opened.real_path);
  const auto entries = place.tree->list(std::string(folder_of(place.path)));
  if (!entries) return true;
  const auto found = std::ranges::find(*entries, base_name(place.path), &FileTree::Entry::name);
  return found == entries->end() || found->executable;
}

bool Files::is_folder(std::string_view path) {
  const auto real = resolve(path);
  if (!real) return false;
  const auto kind = kind_of(*real);
  return kind && *kind == FileTree::Kind::folder;
}

}  // namespace tenon::loader
