// Archives as trees of files: zip and installer packages.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "base/path.h"
#include "base/result.h"
#include "codesign/verdict.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/package.h"
#include "diag/codes.h"
#include "format/cpio/cpio.h"
#include "format/xar/xar.h"
#include "format/zip/zip.h"
#include "notarize/archive_tree.h"
#include "notarize/lint.h"
#include "notarize/scope.h"
#include "notarize/spool.h"

namespace tenon::notarize {
namespace {

constexpr const char* bad_name = "a name in it leads out of it";
constexpr const char* name_twice = "a name in it stands for two things";

Packing packing_of(const zip::Member& member) {
  if (member.encrypted) return Packing::unknown;
  if (member.method == zip::stored) return Packing::stored;
  return member.method == zip::deflated ? Packing::deflate : Packing::unknown;
}

Packing packing_of(xar::Encoding encoding) {
  switch (encoding) {
    case xar::Encoding::stored: return Packing::stored;
    case xar::Encoding::zlib: return Packing::zlib;
    case xar::Encoding::bzip2:
    case xar::Encoding::other: break;
  }
  return Packing::unknown;
}

Result<void> fill(const zip::Archive& archive, ArchiveTree& tree, Spool& spool, Budget& budget) {
  constexpr std::uint64_t longest_link = 4096;
  for (const zip::Member& member : archive.members()) {
    if (!zip::is_safe_name(member.name)) return fail(Errc::malformed, bad_name);
    const Packed packed{member.data, packing_of(member), member.size, true, member.crc};
    std::string_view path = member.name;
    bool added = false;
    if (member.is_folder()) {
      path.remove_suffix(1);
      added = tree.add_folder(path);
    } else if (member.is_link()) {
      if (member.size > longest_link) return fail(Errc::malformed, "a link in it is too long");
      const bool stored = packed.packing == Packing::stored;
      const FileTree::Content target = stored ? FileTree::Content{member.data, nullptr}
                                              : TENON_TRY(unpack(packed, spool, budget));
      added = tree.add_link(path, std::string(target.bytes.text()));
    } else {
      added = tree.add_file(path, packed, member.is_executable());
    }
    if (!added) return fail(Errc::malformed, name_twice);
  }
  return {};
}

Result<void> fill(const xar::Archive& archive, ArchiveTree& tree) {
  for (const xar::Member& member : archive.members()) {
    using Kind = xar::Member::Kind;
    const Packed packed{member.data, packing_of(member.encoding), member.size, false, 0};
    const bool added = member.kind == Kind::folder ? tree.add_folder(member.path)
                       : member.kind == Kind::link ? tree.add_link(member.path, member.link)
                       : member.kind == Kind::file
                           ? tree.add_file(member.path, packed, (member.mode & 0111U) != 0)
                           : true;
    if (!added) return fail(Errc::malformed, name_twice);
  }
  return {};
}

// Payloads name what is in them "./usr/local/bin/tool".
Result<void> fill(const std::vector<tenon::cpio::Member>& members, ArchiveTree& tree) {
  for (const tenon::cpio::Member& member : members) {
    std::string_view path = member.name;
    if (path.starts_with("./")) path.remove_prefix(2);
    if (path.empty() || path == ".") continue;
    if (!zip::is_safe_name(path)) return fail(Errc::malformed, bad_name);
    const Packed packed{member.data, Packing::stored, member.data.size(), false, 0};
    const bool added = member.is_folder() ? tree.add_folder(path)
                       : member.is_link() ? tree.add_link(path, std::string(member.data.text()))
                       : member.is_file() ? tree.add_file(path, packed, (member.mode & 0111U) != 0)
                                          : true;
    if (!added) return fail(Errc::malformed, name_twice);
  }
  return {};
}

}  // namespace

void Linter::zip(const FileTree::Content& content, const std::string& name, unsigned depth) {
  const auto archive = zip::Archive::parse(content.bytes);
  if (!archive) return refuse(archive.error(), name, name);
  ArchiveTree tree(content.owner, spool_, budget_, options_.window);
  auto done = budget_.take_members(archive->members().size());
  if (done) done = fill(*archive, tree, spool_, budget_);
  if (!done) return refuse(done.error(), name, name);
  Scope scope{tree,
              [&](const std::string& path, std::size_t size) { return tree.head(path, size); },
              name, depth, true};
  walk(scope, "");
}

// The signature of the package itself, then everything in its payloads.
void Linter::package(const FileTree::Content& content, const std::string& name,
                     const std::string& file, unsigned depth) {
  const auto trailers = xar::stapled(content.bytes);
  if (!trailers) return refuse(trailers.error(), name, file);
  const auto archive = xar::Archive::parse(content.bytes);
  if (!archive) return refuse(archive.error(), name, file);
  package_signature(content, name, file);
  ArchiveTree tree(content.owner, spool_, budget_, options_.window);
  auto done = budget_.take_members(archive->members().size());
  if (done) done = fill(*archive, tree);
  if (!done) return refuse(done.error(), name, file);
  Scope scope{tree,
              [&](const std::string& path, std::size_t size) { return tree.head(path, size); },
              name, depth, true};
  for (const xar::Member& member : archive->members()) {
    if (member.kind != xar::Member::Kind::file) continue;
    const std::string_view base = base_name(member.path);
    if (base == "Payload" || base == "Scripts") {
      payload(scope, member.path);
    } else {
      this->member(scope, member.path);
    }
  }
}

void Linter::package_signature(const FileTree::Content& content, const std::string& name,
                               const std::string& file) {
  const auto verdict = codesign::verify_package_file(content.bytes, options_);
  if (!verdict) return refuse(verdict.error(), name, file);
  const codesign::SliceVerdict& slice = verdict->slices.front();
  using codesign::State;
  const codesign::Verdict& worst = slice.integrity.state == State::invalid ? slice.integrity
                                   : slice.identity.state > State::valid   ? slice.identity
                                                                           : slice.integrity;
  if (worst.state == State::unknown) {
    add(Code::notarize_not_looked_inside, name, file, {}, worst.cause().message);
  } else if (worst.state == State::invalid) {
    add(Code::notarize_package_not_signed, name, file, {}, worst.cause().message);
  } else if (!slice.is_signed()) {
    add(Code::notarize_package_not_signed, name, file, {}, "it has no signature");
  } else if (slice.kind != codesign::SignatureKind::developer_id) {
    add(Code::notarize_package_not_signed, name, file, {},
        "it is signed, but not by a Developer ID Installer certificate of Apple");
  }
  if (!slice.cdhash.empty()) result.code.push_back({name, "", slice.cdhash});
}

void Linter::payload(Scope& scope, const std::string& path) {
  const std::string shown = scope.shown(path);
  const auto packed = scope.tree.read(path);
  if (!packed) return refuse(packed.error(), shown, path);
  const std::string_view text = packed->bytes.text();
  if (text.starts_with("\x1f\x8b")) {
    const auto content = gunzip(packed->bytes, spool_, budget_, options_.window);
    if (!content) return refuse(content.error(), shown, path);
    return cpio(*content, shown, scope.depth);
  }
  if (text.starts_with("0707")) return cpio(*packed, shown, scope.depth);
  const bool blocks = text.starts_with("pbzx");
  add(Code::notarize_not_looked_inside, shown, path, {},
      blocks ? "its payload is compressed by blocks of xz (pbzx)"
             : "its payload is compressed in a way that tenon does not read");
}

void Linter::cpio(const FileTree::Content& content, const std::string& name, unsigned depth) {
  const auto members = tenon::cpio::parse(content.bytes);
  if (!members) return refuse(members.error(), name, name);
  ArchiveTree tree(content.owner, spool_, budget_, options_.window);
  auto done = budget_.take_members(members->size());
  if (done) done = fill(*members, tree);
  if (!done) return refuse(done.error(), name, name);
  Scope scope{tree,
              [&](const std::string& path, std::size_t size) { return tree.head(path, size); },
              name, depth, true};
  walk(scope, "");
}

}  // namespace tenon::notarize
