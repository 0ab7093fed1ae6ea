#include "codesign/resources/code.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "base/result.h"
#include "base/text.h"
#include "codesign/blob/codesign.h"
#include "codesign/resources/layout.h"
#include "codesign/resources/signature_files.h"
#include "format/macho/macho.h"

namespace tenon::resources {
namespace {

using codesign::CdHash;
using Kind = FileTree::Kind;

// Adds what is not there yet.
void add_hashes(std::vector<CdHash>& out, ByteView superblob) {
  const auto signature = codesign::Signature::parse(superblob);
  if (!signature) return;
  const auto directories = signature->code_directories();
  if (!directories) return;
  for (const codesign::CodeDirectory& directory : *directories) {
    const auto hash = directory.cdhash();
    if (hash && std::ranges::find(out, *hash) == out.end()) out.push_back(*hash);
  }
}

std::optional<CdHash> hash_of_hex(std::string_view text) {
  CdHash hash{};
  if (text.size() != 2 * hash.size()) return std::nullopt;
  for (std::size_t i = 0; i < hash.size(); ++i) {
    const auto byte = parse_number(text.substr(2 * i, 2), 16);
    if (!byte) return std::nullopt;
    hash[i] = static_cast<std::byte>(*byte);
  }
  return hash;
}

bool take(std::string_view& text, std::string_view word) {
  text = trim(text);
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

}  // namespace

bool is_signable_macho(ByteView file) {
  const auto slices = macho::slices(file);
  if (!slices) return false;
  const auto first = macho::File::parse(slices->front().bytes);
  return first && first->header().filetype != macho::MH_OBJECT;
}

std::vector<CdHash> code_hashes(ByteView file) {
  std::vector<CdHash> out;
  const auto slices = macho::slices(file);
  if (!slices) return out;
  for (const macho::Slice& slice : *slices) {
    const auto parsed = macho::File::parse(slice.bytes);
    if (!parsed || !parsed->signature()) continue;
    const auto bytes =
        parsed->bytes().slice(parsed->signature()->offset, parsed->signature()->size);
    if (bytes) add_hashes(out, *bytes);
  }
  return out;
}

Result<std::vector<CdHash>> hashes_of_code(FileTree& tree, const Code& code) {
  if (!code.executable.empty()) return code_hashes(TENON_TRY(tree.read(code.executable)).bytes);
  std::vector<CdHash> out;
  if (code.kind != CodeKind::bundle) return out;
  const auto files = TENON_TRY(read_signature_files(tree, code.layout));
  if (files) add_hashes(out, ByteView(*files));
  return out;
}

Result<Code> find_code(FileTree& tree, const std::string& path) {
  const Kind kind = TENON_TRY(tree.kind(path));
  if (kind == Kind::folder) {
    auto layout = find_layout(tree, path);
    if (layout) return Code{CodeKind::bundle, layout->executable, *std::move(layout)};
    if (!is_no_bundle(layout.error())) return std::unexpected(layout.error());
    return Code{CodeKind::none, {}, {}, layout.error().what};
  }
  if (kind != Kind::file) return Code{CodeKind::none, {}, {}, "neither a file nor a directory"};
  const FileTree::Content content = TENON_TRY(tree.read(path));
  const bool macho = is_signable_macho(content.bytes);
  return Code{macho ? CodeKind::macho : CodeKind::generic, path, {}};
}

std::optional<std::vector<CdHash>> hashes_of_requirement(std::string_view text) {
  std::vector<CdHash> out;
  do {
    if (!take(text, "cdhash") || !take(text, "H\"")) return std::nullopt;
    const auto hash = hash_of_hex(text.substr(0, 40));
    if (!hash) return std::nullopt;
    out.push_back(*hash);
    text.remove_prefix(40);
    if (!take(text, "\"")) return std::nullopt;
  } while (take(text, "or"));
  if (!trim(text).empty()) return std::nullopt;
  return out;
}

std::string requirement_of_hashes(const std::vector<CdHash>& hashes) {
  std::string out;
  for (const CdHash& hash : hashes) {
    if (!out.empty()) out += " or ";
    out += "cdhash H\"" + to_hex(hash.data(), hash.size()) + '"';
  }
  return out;
}

}  // namespace tenon::resources
