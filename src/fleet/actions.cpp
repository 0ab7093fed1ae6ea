#include "fleet/actions.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file_tree.h"
#include "base/result.h"
#include "wire/encode.h"
#include "wire/values.h"

namespace tenon::fleet {
namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{8} << 30U;
constexpr std::array<std::string_view, 4> version_control{".git", ".hg", ".svn", ".bzr"};

// Whether a link's text stays below the root, from a directory `depth` levels below it.
bool stays_inside(std::string_view target, int depth) {
  if (target.empty() || target.starts_with('/')) return false;
  while (!target.empty()) {
    const auto slash = target.find('/');
    const auto step = target.substr(0, slash);
    if (step == "..") {
      if (--depth < 0) return false;
    } else if (!step.empty() && step != ".") {
      ++depth;
    }
    target = slash == std::string_view::npos ? std::string_view() : target.substr(slash + 1);
  }
  return true;
}

class Reader {
 public:
  Reader(FileTree& tree, const std::vector<std::string>& skip) : tree_(tree), skip_(skip) {}

  std::expected<remote::Digest, InputError> directory(const std::string& path, int depth) {
    constexpr int deepest = 100;
    if (depth > deepest) return bad(path, "more than 100 directories deep");
    const auto entries = tree_.list(path);
    if (!entries) return bad(path, entries.error().what);
    remote::Directory out;
    for (const FileTree::Entry& entry : *entries) {
      const std::string below = join_tree_path(path, entry.name);
      if (++count_ > remote::most_entries) return bad(below, "more than 200000 files");
      if (entry.kind == FileTree::Kind::file) {
        TENON_TRY(file(below, entry, out));
      } else if (entry.kind == FileTree::Kind::link) {
        TENON_TRY(link(below, entry, depth, out));
      } else if (entry.kind == FileTree::Kind::folder) {
        if (left_out(below, entry.name)) continue;
        out.folders.push_back({entry.name, TENON_TRY(directory(below, depth + 1))});
      }
    }
    std::string bytes = encode(out);
    auto digest = remote::digest_of(bytes);
    inputs.directories.emplace(digest, std::move(bytes));
    return digest;
  }

  Inputs inputs;

 private:
  static std::unexpected<InputError> bad(const std::string& path, const char* reason) {
    return std::unexpected(InputError{path.empty() ? "." : path, reason});
  }

  [[nodiscard]] bool left_out(const std::string& path, const std::string& name) const {
    return std::ranges::find(version_control, name) != version_control.end() ||
           std::ranges::find(skip_, path) != skip_.end();
  }

  std::expected<void, InputError> file(const std::string& path, const FileTree::Entry& entry,
                                       remote::Directory& out) {
    const auto content = tree_.read(path);
    if (!content) return bad(path, content.error().what);
    if (content->bytes.size() > remote::most_blob) return bad(path, "more than 1 GB");
    inputs.bytes += content->bytes.size();
    if (inputs.bytes > most_bytes) return bad(path, "the module has more than 8 GB");
    const auto digest = remote::digest_of(content->bytes.text());
    inputs.files.emplace(digest, path);
    out.files.push_back({entry.name, digest, entry.executable});
    return {};
  }

  std::expected<void, InputError> link(const std::string& path, const FileTree::Entry& entry,
                                       int depth, remote::Directory& out) {
    auto target = tree_.link_target(path);
    if (!target) return bad(path, target.error().what);
    if (!stays_inside(*target, depth)) return bad(path, "a link that leads out of the module");
    out.links.push_back({entry.name, *std::move(target)});
    return {};
  }

  FileTree& tree_;
  const std::vector<std::string>& skip_;
  std::size_t count_ = 0;
};

}  // namespace

std::expected<Inputs, InputError> read_inputs(FileTree& tree,
                                              const std::vector<std::string>& skip) {
  Reader reader(tree, skip);
  const auto root = reader.directory({}, 0);
  if (!root) return std::unexpected(root.error());
  reader.inputs.root = *root;
  return std::move(reader.inputs);
}

Task make_task(const std::vector<std::string>& arguments, const remote::Digest& inputs,
               std::vector<remote::Property> platform, std::chrono::seconds timeout) {
  Task out;
  out.command.arguments.emplace_back("tenon");
  out.command.arguments.insert(out.command.arguments.end(), arguments.begin(), arguments.end());
  out.command.outputs.emplace_back("out");
  out.command_bytes = encode(out.command);
  std::ranges::sort(platform);
  out.action.command = remote::digest_of(out.command_bytes);
  out.action.input_root = inputs;
  out.action.timeout = timeout;
  out.action.platform = std::move(platform);
  out.action_bytes = encode(out.action);
  out.digest = remote::digest_of(out.action_bytes);
  return out;
}

}  // namespace tenon::fleet
