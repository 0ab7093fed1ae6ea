#include "crossbuild/cache/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"
#include "base/text.h"

namespace tenon {
namespace {

constexpr std::string_view first_line = "tenon compile 2";
constexpr std::string_view sum_word = "sum ";
constexpr std::size_t digest_size = 64;

std::string digest_of(std::string_view text) { return hex(sha256(view_of(text).bytes())); }

bool is_digest(std::string_view text) {
  return text.size() == digest_size &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// "DIGEST REST"
bool take_digest(std::string_view& text, std::string& digest) {
  if (text.size() <= digest_size || text[digest_size] != ' ') return false;
  digest = text.substr(0, digest_size);
  text.remove_prefix(digest_size + 1);
  return is_digest(digest) && !text.empty();
}

bool take_blob(std::string_view text, KeptBlob& blob) {
  if (!take_digest(text, blob.digest)) return false;
  const auto size = parse_number(text);
  blob.size = size.value_or(0);
  return size.has_value();
}

bool take_line(std::string_view line, std::vector<KeptCompile>& out) {
  const std::size_t blank = line.find(' ');
  if (blank == line.npos) return false;
  const std::string_view word = line.substr(0, blank);
  std::string_view rest = line.substr(blank + 1);
  if (rest.empty()) return false;
  if (word == "object") return take_blob(rest, out.emplace_back().object);
  if (out.empty()) return false;
  KeptCompile& entry = out.back();
  if (word == "text") return take_blob(rest, entry.text);
  if (word == "file") {
    KeptFile file;
    if (!take_digest(rest, file.digest)) return false;
    file.path = rest;
    entry.files.push_back(std::move(file));
    return true;
  }
  if (word == "present") {
    entry.present.emplace_back(rest);
    return true;
  }
  if (word == "in") {
    entry.absent.push_back({std::string(rest), {}});
    return true;
  }
  if (word != "absent" || entry.absent.empty()) return false;
  entry.absent.back().names.emplace_back(rest);
  return true;
}

bool same_files(const KeptCompile& one, const KeptCompile& other) {
  return std::ranges::equal(one.files, other.files, [](const KeptFile& a, const KeptFile& b) {
    return a.path == b.path && a.digest == b.digest;
  });
}

}  // namespace

std::string manifest_text(const std::vector<KeptCompile>& compiles) {
  std::string out(first_line);
  out += '\n';
  for (const KeptCompile& entry : compiles) {
    out += fmt::format("object {} {}\n", entry.object.digest, entry.object.size);
    if (!entry.text.digest.empty()) {
      out += fmt::format("text {} {}\n", entry.text.digest, entry.text.size);
    }
    for (const KeptFile& file : entry.files) {
      out += fmt::format("file {} {}\n", file.digest, file.path);
    }
    for (const std::string& path : entry.present) out += "present " + path + "\n";
    for (const KeptFolder& folder : entry.absent) {
      out += "in " + folder.path + "\n";
      for (const std::string& name : folder.names) out += "absent " + name + "\n";
    }
  }
  return with_sum(std::move(out));
}

std::string with_sum(std::string text) {
  const std::string sum = digest_of(text);
  text += sum_word;
  text += sum;
  text += '\n';
  return text;
}

Result<std::vector<KeptCompile>> parse_manifest(std::string_view text) {
  constexpr std::size_t sum_size = sum_word.size() + digest_size + 1;
  std::vector<KeptCompile> out;
  if (!text.starts_with(first_line) || text.size() < first_line.size() + 1 + sum_size) {
    return fail(Errc::malformed, "no manifest of a compile");
  }
  const std::string_view sum = text.substr(text.size() - sum_size);
  text.remove_suffix(sum_size);
  if (!text.ends_with('\n') || sum != fmt::format("{}{}\n", sum_word, digest_of(text))) {
    return fail(Errc::malformed, "a manifest that is cut short");
  }
  text.remove_prefix(first_line.size() + 1);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (!take_line(text.substr(0, end), out)) {
      return fail(Errc::malformed, "a line of a manifest that has no meaning");
    }
    text.remove_prefix(end + 1);
  }
  return out;
}

void add_compile(std::vector<KeptCompile>& compiles, KeptCompile fresh) {
  std::erase_if(compiles, [&](const KeptCompile& each) { return same_files(each, fresh); });
  compiles.insert(compiles.begin(), std::move(fresh));
  if (compiles.size() > most_kept_compiles) compiles.resize(most_kept_compiles);
}

}  // namespace tenon
