#include "codesign/cms/attributes.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"
#include "codesign/blob/layout.h"
#include "codesign/cms/causes.h"
#include "codesign/cms/certificate.h"
#include "codesign/cms/cms.h"
#include "codesign/cms/der.h"
#include "codesign/cms/openssl_ptr.h"
#include "codesign/cms/signed_data.h"

namespace tenon::cms {

namespace {

constexpr std::size_t CDHASH_SIZE = 20;
constexpr std::string_view BLANKS = " \t\r\n";

std::string_view skip_blanks(std::string_view text) {
  const auto at = text.find_first_not_of(BLANKS);
  return at == text.npos ? std::string_view() : text.substr(at);
}

// Takes `word` from the front of `text` after blanks.
bool take(std::string_view& text, std::string_view word) {
  const std::string_view rest = skip_blanks(text);
  if (!rest.starts_with(word)) return false;
  text = rest.substr(word.size());
  return true;
}

// Everything up to and with `end`.
std::optional<std::string_view> take_until(std::string_view& text, std::string_view end) {
  const auto at = text.find(end);
  if (at == text.npos) return {};
  const std::string_view out = text.substr(0, at);
  text.remove_prefix(at + end.size());
  return out;
}

std::optional<Bytes> decode_base64(std::string_view text) {
  std::string packed;
  for (const char c : text) {
    if (BLANKS.find(c) == BLANKS.npos) packed += c;
  }
  if (packed.size() % 4 != 0 || packed.size() > 4096) return {};
  Bytes out(packed.size() / 4 * 3);
  if (EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(packed.data()),
                      static_cast<int>(packed.size())) < 0) {
    return {};
  }
  const auto padding = packed.ends_with("==") ? 2U : packed.ends_with('=') ? 1U : 0U;
  out.resize(out.size() - padding);
  return out;
}

bool take_prologue(std::string_view& text) {
  if (take(text, "<?xml") && !take_until(text, "?>")) return false;
  if (take(text, "<!DOCTYPE") && !take_until(text, ">")) return false;
  return take(text, "<plist") && take_until(text, ">") && take(text, "<dict>");
}

std::string hash_text(const Bytes& hash) { return to_hex(hash.data(), hash.size()); }

std::string slot_place(const Directory& directory) {
  return "CodeDirectory in slot 0x" + [&] {
    std::string out;
    for (std::uint32_t rest = directory.slot; rest != 0; rest >>= 4) {
      out.insert(out.begin(), "0123456789abcdef"[rest & 15]);
    }
    return out.empty() ? std::string("0") : out;
  }();
}

struct DigestEntry {
  std::string oid;
  ByteView digest;
};

Result<DigestEntry> read_digest(const Element& value) {
  if (value.tag != DER_SEQUENCE) {
    return fail(Errc::malformed, "digest of a CodeDirectory", value.whole.base());
  }
  DerReader reader(value.content);
  const Element oid = TENON_TRY(reader.expect(DER_OID, "algorithm of a digest"));
  const Element bytes = TENON_TRY(reader.expect(DER_OCTETS, "digest of a CodeDirectory"));
  if (!reader.done()) return fail(Errc::malformed, "digest of a CodeDirectory", value.whole.base());
  return DigestEntry{oid_text(oid.content), bytes.content};
}

}  // namespace

std::string_view digest_oid_of_hash_type(std::uint8_t hash_type) {
  switch (hash_type) {
    case codesign::CS_HASHTYPE_SHA1: return OID_SHA1;
    case codesign::CS_HASHTYPE_SHA256:
    case codesign::CS_HASHTYPE_SHA256_TRUNCATED: return OID_SHA256;
    case codesign::CS_HASHTYPE_SHA384: return OID_SHA384;
    default: return {};
  }
}

std::optional<Bytes> directory_digest(const Directory& directory) {
  const EVP_MD* algorithm = digest_of_hash_type(directory.hash_type);
  if (algorithm == nullptr) return {};
  return digest(algorithm, directory.bytes);
}

std::vector<const Directory*> by_hash_type(std::span<const Directory> directories) {
  std::vector<const Directory*> out;
  for (const Directory& each : directories) out.push_back(&each);
  std::stable_sort(out.begin(), out.end(), [](const Directory* a, const Directory* b) {
    return a->hash_type < b->hash_type;
  });
  return out;
}

std::optional<std::vector<Bytes>> parse_cdhashes(std::string_view plist) {
  if (!take_prologue(plist) || !take(plist, "<key>cdhashes</key>")) return {};
  std::vector<Bytes> out;
  if (!take(plist, "<array/>")) {
    if (!take(plist, "<array>")) return {};
    while (take(plist, "<data>")) {
      const auto text = take_until(plist, "</data>");
      const auto hash = text ? decode_base64(*text) : std::nullopt;
      if (!hash) return {};
      out.push_back(*hash);
    }
    if (!take(plist, "</array>")) return {};
  }
  if (!take(plist, "</dict>") || !take(plist, "</plist>") || !skip_blanks(plist).empty()) return {};
  return out;
}

std::string write_cdhashes(std::span<const Bytes> hashes) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
      "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
      "<plist version=\"1.0\">\n<dict>\n\t<key>cdhashes</key>\n\t<array>\n";
  for (const Bytes& hash : hashes) {
    std::string text((hash.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     raw(view_of(hash)), static_cast<int>(hash.size()));
    text.resize(static_cast<std::size_t>(size));
    out += "\t\t<data>\n\t\t" + text + "\n\t\t</data>\n";
  }
  return out + "\t</array>\n</dict>\n</plist>\n";
}

Verdict check_cdhashes(const SignerInfo& signer, std::span<const Directory> directories) {
  constexpr std::string_view CODE = "cms.cdhashes";
  const std::string where = "attribute 1.2.840.113635.100.9.1";
  if (count_of(signer.signed_attributes, OID_CDHASHES) == 0) return {};
  const Element* value = only_value(signer.signed_attributes, OID_CDHASHES);
  if (value == nullptr || value->tag != DER_OCTETS) {
    return invalid(CODE, "the attribute is duplicated or not an octet string", where);
  }
  const auto stored = parse_cdhashes(value->content.text());
  if (!stored) return invalid(CODE, "not a property list with the key cdhashes", where);
  if (stored->size() != directories.size()) {
    return invalid(CODE,
                   "lists " + std::to_string(stored->size()) + " cdhashes for " +
                       std::to_string(directories.size()) + " CodeDirectories",
                   where);
  }
  std::size_t i = 0;
  for (const Directory* directory : by_hash_type(directories)) {
    auto ours = directory_digest(*directory);
    if (!ours) return unknown(CODE, "hash type of a CodeDirectory is not known", where);
    ours->resize(CDHASH_SIZE);
    const Bytes& theirs = (*stored)[i++];
    if (theirs == *ours) continue;
    return invalid(CODE,
                   "lists " + hash_text(theirs) + " where " + slot_place(*directory) + " has " +
                       hash_text(*ours),
                   where);
  }
  return valid();
}

Verdict check_digests(const SignerInfo& signer, std::span<const Directory> directories) {
  constexpr std::string_view CODE = "cms.digests";
  const std::string where = "attribute 1.2.840.113635.100.9.2";
  if (count_of(signer.signed_attributes, OID_CD_DIGESTS) == 0) return {};
  const Attribute* attribute = find_once(signer.signed_attributes, OID_CD_DIGESTS);
  if (attribute == nullptr) return invalid(CODE, "the attribute is duplicated", where);
  std::vector<DigestEntry> entries;
  for (const Element& value : attribute->values) {
    const auto entry = read_digest(value);
    if (!entry) return invalid(CODE, "a value is not an algorithm with a digest", where);
    entries.push_back(*entry);
  }
  if (entries.size() != directories.size()) {
    return invalid(CODE,
                   "holds " + std::to_string(entries.size()) + " digests for " +
                       std::to_string(directories.size()) + " CodeDirectories",
                   where);
  }
  bool all_known = true;
  for (const Directory& directory : directories) {
    const auto ours = directory_digest(directory);
    all_known = all_known && ours.has_value();
    if (!ours) continue;
    const auto same_algorithm = [&](const DigestEntry& entry) {
      return entry.oid == digest_oid_of_hash_type(directory.hash_type);
    };
    if (std::count_if(entries.begin(), entries.end(), same_algorithm) != 1) {
      return invalid(CODE, "not one digest for " + slot_place(directory), where);
    }
    const auto entry = std::find_if(entries.begin(), entries.end(), same_algorithm);
    if (entry->digest.text() != view_of(*ours).text()) {
      return invalid(CODE,
                     "holds " + to_hex(entry->digest.data(), entry->digest.size()) + " where " +
                         slot_place(directory) + " has " + hash_text(*ours),
                     where);
    }
  }
  if (!all_known) return unknown(CODE, "hash type of a CodeDirectory is not known", where);
  return valid();
}

}  // namespace tenon::cms
