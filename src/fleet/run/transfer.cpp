#include "fleet/run/transfer.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "base/path.h"
#include "base/result.h"
#include "fleet/actions.h"
#include "host/files.h"
#include "wire/run/link.h"
#include "wire/values.h"

namespace tenon::fleet {
namespace {

using remote::Answer;
using remote::Digest;
using remote::Failure;

std::unexpected<Failure> failed(Errc code, const std::string& where, const char* what) {
  return std::unexpected(Failure{code, where + ": " + what, false});
}

// The folders and files below one, written as they come.
class Fetch {
 public:
  Fetch(remote::Link& link, const std::function<bool()>& go_on) : link_(link), go_on_(go_on) {}

  Answer<void> directory(const Digest& digest, const std::string& folder, int depth) {
    constexpr int deepest = 100;
    if (depth > deepest) return failed(Errc::limit, folder, "directories too deep");
    if (!go_on_()) return failed(Errc::interrupted, folder, "given up");
    if (const auto made = make_folders(folder); !made) {
      return failed(made.error().code, folder, made.error().what);
    }
    if (digest.size > remote::most_message) return failed(Errc::limit, folder, "too many entries");
    const std::string bytes = TENON_TRY(link_.get(digest));
    const remote::Directory listed = TENON_TRY(remote::read_directory(bytes));
    for (const remote::FileNode& file : listed.files) {
      TENON_TRY(count(file.digest.size, folder));
      TENON_TRY(write(file, join_path(folder, file.name)));
    }
    for (const remote::LinkNode& link : listed.links) {
      TENON_TRY(count(0, folder));
      const std::string path = join_path(folder, link.name);
      if (const auto made = make_link(link.target, path); !made) {
        return failed(made.error().code, path, made.error().what);
      }
    }
    for (const remote::FolderNode& below : listed.folders) {
      TENON_TRY(count(0, folder));
      TENON_TRY(directory(below.digest, join_path(folder, below.name), depth + 1));
    }
    return {};
  }

 private:
  Answer<void> count(std::uint64_t size, const std::string& where) {
    constexpr std::uint64_t most = std::uint64_t{8} << 30U;
    bytes_ += size;
    if (++entries_ > remote::most_entries || bytes_ > most) {
      return failed(Errc::limit, where, "the input is too large");
    }
    return {};
  }

  Answer<void> write(const remote::FileNode& file, const std::string& path) {
    if (!go_on_()) return failed(Errc::interrupted, path, "given up");
    const std::string bytes = TENON_TRY(link_.get(file.digest));
    const auto done =
        write_file(path, view_of(bytes).bytes(), file.executable ? 0755 : 0644, false);
    if (!done) return failed(done.error().code, path, done.error().what);
    return {};
  }

  remote::Link& link_;
  const std::function<bool()>& go_on_;
  std::size_t entries_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace

Answer<void> put_texts(remote::Link& link, const std::vector<std::string>& texts) {
  std::map<Digest, std::string_view> known;
  std::vector<Digest> wanted;
  for (const std::string& text : texts) {
    const Digest digest = remote::digest_of(text);
    if (known.emplace(digest, text).second) wanted.push_back(digest);
  }
  for (const Digest& digest : TENON_TRY(link.missing(wanted))) {
    const auto found = known.find(digest);
    if (found != known.end()) TENON_TRY(link.put({digest, found->second}));
  }
  return {};
}

Answer<void> put_inputs(remote::Link& link, FileTree& tree, const Inputs& inputs) {
  std::vector<Digest> wanted;
  for (const auto& [digest, bytes] : inputs.directories) wanted.push_back(digest);
  for (const auto& [digest, path] : inputs.files) wanted.push_back(digest);
  for (const Digest& digest : TENON_TRY(link.missing(wanted))) {
    if (const auto folder = inputs.directories.find(digest); folder != inputs.directories.end()) {
      TENON_TRY(link.put({digest, folder->second}));
      continue;
    }
    const auto file = inputs.files.find(digest);
    if (file == inputs.files.end()) continue;
    const auto content = tree.read(file->second);
    if (!content) return failed(content.error().code, file->second, content.error().what);
    const std::string_view bytes = content->bytes.text();
    if (remote::digest_of(bytes) != digest) {
      return failed(Errc::changed, file->second, "the file changed while it was read");
    }
    TENON_TRY(link.put({digest, bytes}));
  }
  return {};
}

Answer<void> get_tree(remote::Link& link, const Digest& root, const std::string& folder,
                      const std::function<bool()>& go_on) {
  return Fetch(link, go_on).directory(root, folder, 0);
}

}  // namespace tenon::fleet
