#include "notarize/pack.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/crc32.h"
#include "base/file_tree.h"
#include "base/inflate.h"
#include "base/result.h"
#include "format/zip/zip.h"
#include "notarize/spool.h"

namespace tenon::notarize {
namespace {

constexpr unsigned folder_mode = 0040755, link_mode = 0120755;
constexpr unsigned file_mode = 0100644, program_mode = 0100755;
constexpr std::size_t longest_name = 0xffff;
constexpr std::size_t buffer_size = std::size_t{256} << 10U;

class Packer {
 public:
  explicit Packer(std::unique_ptr<SpoolFile> out) : out_(std::move(out)) {}

  Result<void> add(std::string name, unsigned mode, ByteView contents) {
    if (name.size() > longest_name) return fail(Errc::limit, "its name is too long");
    zip::Written member;
    member.name = std::move(name);
    member.mode = mode;
    member.offset = at_;
    member.size = contents.size();
    member.crc = crc32(contents.bytes());
    const bool small = contents.empty() || mode == link_mode;
    const bool packed = !small && TENON_TRY(deflate(contents, member));
    if (!packed) TENON_TRY(store(contents, member));
    members_.push_back(std::move(member));
    return {};
  }

  Result<FileTree::Content> finish() {
    const std::string directory = zip::central_directory(members_, at_);
    TENON_TRY(append(view_of(directory).bytes()));
    return out_->finish();
  }

 private:
  Result<void> append(std::span<const std::byte> bytes) {
    TENON_TRY(out_->write(bytes));
    at_ += bytes.size();
    return {};
  }

  Result<void> store(ByteView contents, zip::Written& member) {
    member.packed = contents.size();
    const std::string header = zip::local_header(member);
    TENON_TRY(append(view_of(header).bytes()));
    return append(contents.bytes());
  }

  // The header comes first and says how long the data is: room is left for it. False in builds
  // without zlib.
  Result<bool> deflate(ByteView contents, zip::Written& member) {
    auto coder = make_deflater();
    if (!coder && coder.error().code == Errc::unsupported) return false;
    if (!coder) return std::unexpected(coder.error());
    member.method = zip::deflated;
    const std::string room = zip::local_header(member);
    TENON_TRY(append(view_of(room).bytes()));
    const std::uint64_t begin = at_;
    std::vector<std::byte> buffer(buffer_size);
    std::span<const std::byte> input = contents.bytes();
    for (bool end = false; !end;) {
      const Coder::Step step = TENON_TRY((*coder)->step(input, buffer, true));
      input = input.subspan(step.read);
      TENON_TRY(append(std::span<const std::byte>(buffer).first(step.written)));
      end = step.end;
    }
    member.packed = at_ - begin;
    const std::string header = zip::local_header(member);
    if (header.size() != room.size()) return fail(Errc::limit, "grows when it is packed");
    TENON_TRY(out_->write_at(member.offset, view_of(header).bytes()));
    return true;
  }

  std::unique_ptr<SpoolFile> out_;
  std::vector<zip::Written> members_;
  std::uint64_t at_ = 0;
};

using Packed = Result<void, PackError>;

Packed pack_entry(FileTree& tree, const std::string& path, const std::string& shown,
                  const FileTree::Entry& entry, Packer& packer);

Packed pack_entries(FileTree& tree, const std::string& path, const std::string& shown,
                    Packer& packer) {
  const auto failed = [&](const Error& error) { return std::unexpected(PackError{shown, error}); };
  if (const auto done = packer.add(shown + "/", folder_mode, {}); !done) {
    return failed(done.error());
  }
  const auto entries = tree.list(path);
  if (!entries) return failed(entries.error());
  for (const FileTree::Entry& entry : *entries) {
    TENON_TRY(pack_entry(tree, join_tree_path(path, entry.name), shown + "/" + entry.name, entry,
                         packer));
  }
  return {};
}

Packed pack_entry(FileTree& tree, const std::string& path, const std::string& shown,
                  const FileTree::Entry& entry, Packer& packer) {
  using Kind = FileTree::Kind;
  const auto failed = [&](const Error& error) { return std::unexpected(PackError{shown, error}); };
  if (entry.kind == Kind::folder) return pack_entries(tree, path, shown, packer);
  if (entry.kind == Kind::link) {
    const auto target = tree.link_target(path);
    if (!target) return failed(target.error());
    const auto done = packer.add(shown, link_mode, view_of(*target));
    return done ? Packed() : failed(done.error());
  }
  if (entry.kind != Kind::file) {
    return failed({Errc::unsupported, "is neither a file, nor a directory, nor a link", 0, 0});
  }
  const auto content = tree.read(path);
  if (!content) return failed(content.error());
  const auto done = packer.add(shown, entry.executable ? program_mode : file_mode, content->bytes);
  return done ? Packed() : failed(done.error());
}

Result<FileTree::Content, PackError> finish(Packer& packer, const std::string& name) {
  auto out = packer.finish();
  if (!out) return std::unexpected(PackError{name, out.error()});
  return *std::move(out);
}

}  // namespace

Result<FileTree::Content, PackError> pack_folder(FileTree& tree, const std::string& name,
                                                 Spool& spool) {
  auto out = spool.make(Budget::free_bytes);
  if (!out) return std::unexpected(PackError{name, out.error()});
  Packer packer(*std::move(out));
  TENON_TRY(pack_entries(tree, "", name, packer));
  return finish(packer, name);
}

Result<FileTree::Content, PackError> pack_file(const FileTree::Content& file,
                                               const std::string& name, bool executable,
                                               Spool& spool) {
  auto out = spool.make(Budget::free_bytes);
  if (!out) return std::unexpected(PackError{name, out.error()});
  Packer packer(*std::move(out));
  const auto done = packer.add(name, executable ? program_mode : file_mode, file.bytes);
  if (!done) return std::unexpected(PackError{name, done.error()});
  return finish(packer, name);
}

}  // namespace tenon::notarize
