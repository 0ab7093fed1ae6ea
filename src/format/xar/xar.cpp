#include "format/xar/xar.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "base/bytes.h"
#include "base/inflate.h"
#include "base/result.h"
#include "base/text.h"
#include "format/xml/xml.h"

namespace tenon::xar {
namespace {

constexpr std::uint32_t MAGIC = 0x78617221;  // "xar!"
constexpr std::uint16_t VERSION = 1;

struct Header {
  ub32 magic;
  ub16 size, version;
  ub64 toc_packed, toc_size;
  ub32 checksum;
};

static_assert(sizeof(Header) == 28);

constexpr std::string_view mode_digits = "01234567";

// Numbers of the table are decimal and at most what a file can be long.
Result<std::uint64_t> number(std::string_view text, std::uint64_t base) {
  const auto value = parse_number(text);
  if (!value || *value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return fail(Errc::malformed, "number in the table of contents", base);
  }
  return *value;
}

Encoding encoding_of(std::string_view style) {
  if (style.empty() || style == "application/octet-stream") return Encoding::stored;
  if (style == "application/x-gzip") return Encoding::zlib;
  if (style == "application/x-bzip2") return Encoding::bzip2;
  return Encoding::other;
}

Member::Kind kind_of(const xml::Element& file) {
  const std::string_view type = file.child_text("type");
  if (type == "file" || type == "hardlink") return Member::Kind::file;
  if (type == "directory") return Member::Kind::folder;
  return type == "symlink" ? Member::Kind::link : Member::Kind::other;
}

}  // namespace

class TocReader {
 public:
  TocReader(ByteView heap, Archive& out) : heap_(heap), out_(out) {}

  Result<void> run(const xml::Element& root) {
    const xml::Element* toc = root.name == "xar" ? root.child("toc") : nullptr;
    if (toc == nullptr) return fail(Errc::malformed, "xar without a table of contents");
    for (const xml::Element& each : toc->children) {
      if (each.name == "checksum") TENON_TRY(checksum(each));
      if (each.name == "signature" || each.name == "x-signature") TENON_TRY(signature(each));
      if (each.name == "file") TENON_TRY(file(each, ""));
    }
    return {};
  }

 private:
  // The bytes that an element with offset and size (or length) names.
  Result<ByteView> in_heap(const xml::Element& element, std::string_view size_name) {
    const std::uint64_t offset = TENON_TRY(number(element.child_text("offset"), heap_.base()));
    const std::uint64_t size = TENON_TRY(number(element.child_text(size_name), heap_.base()));
    const ByteView found = TENON_TRY(heap_.slice(offset, size, "xar heap"));
    out_.end_ = std::max(out_.end_, found.base() + found.size());
    return found;
  }

  Result<void> checksum(const xml::Element& element) {
    out_.checksum_style_ = element.attribute("style");
    out_.checksum_ = TENON_TRY(in_heap(element, "size"));
    return {};
  }

  Result<void> signature(const xml::Element& element) {
    Signature found;
    found.style = element.attribute("style");
    found.bytes = TENON_TRY(in_heap(element, "size"));
    const xml::Element* info = element.child("KeyInfo");
    const xml::Element* data = info == nullptr ? nullptr : info->child("X509Data");
    for (const xml::Element& each : data == nullptr ? element.children : data->children) {
      if (each.name != "X509Certificate") continue;
      std::string text = each.text;
      std::erase_if(text, [](char c) { return c == '\n' || c == '\r' || c == ' ' || c == '\t'; });
      const auto der = from_base64(text);
      if (!der) return fail(Errc::malformed, "certificate in the table of contents");
      const auto bytes = view_of(*der).bytes();
      found.certificates.emplace_back(bytes.begin(), bytes.end());
    }
    out_.signatures_.push_back(std::move(found));
    return {};
  }

  Result<void> file(const xml::Element& element, const std::string& folder) {
    Member member;
    const std::string_view name = element.child_text("name");
    const bool bad = name.empty() || name == "." || name == ".." || name.contains('/') ||
                     name.find('\0') != std::string_view::npos;
    if (bad) return fail(Errc::malformed, "name in the table of contents", heap_.base());
    member.path = folder.empty() ? std::string(name) : folder + '/' + std::string(name);
    member.kind = kind_of(element);
    const std::string_view mode = element.child_text("mode");
    if (mode.find_first_not_of(mode_digits) == std::string_view::npos) {
      member.mode = static_cast<unsigned>(parse_number(mode, 8).value_or(0) & 07777U);
    }
    member.link = element.child_text("link");
    if (const xml::Element* data = element.child("data")) {
      member.data = TENON_TRY(in_heap(*data, "length"));
      member.size = TENON_TRY(number(data->child_text("size"), heap_.base()));
      const xml::Element* encoding = data->child("encoding");
      member.encoding = encoding_of(encoding == nullptr ? "" : encoding->attribute("style"));
    }
    const std::string path = member.path;
    out_.members_.push_back(std::move(member));
    for (const xml::Element& child : element.children) {
      if (child.name == "file") TENON_TRY(file(child, path));
    }
    return {};
  }

  ByteView heap_;
  Archive& out_;
};

bool is_xar(ByteView file) {
  const auto magic = file.at<ub32>(0);
  return magic && **magic == MAGIC;
}

Result<Archive> Archive::parse(ByteView file) {
  const Header& header = *TENON_TRY(file.at<Header>(0, "xar header"));
  if (header.magic != MAGIC) return fail(Errc::malformed, "xar header", file.base());
  if (header.version != VERSION || header.size < sizeof(Header)) {
    return fail(Errc::unsupported, "xar version", file.base());
  }
  if (header.toc_size > max_toc) return fail(Errc::limit, "xar table of contents");
  Archive out;
  out.toc_ = TENON_TRY(file.slice(header.size, header.toc_packed, "xar table of contents"));
  const auto text = TENON_TRY(inflate(out.toc_.bytes(), header.toc_size));
  out.end_ = out.toc_.base() + out.toc_.size();
  const auto root = xml::parse(ByteView(std::span(text)).text());
  if (!root) return fail(root.error().code, "xar table of contents", header.size);
  const ByteView heap = TENON_TRY(file.from(header.size + header.toc_packed));
  TENON_TRY(TocReader(heap, out).run(*root));
  return out;
}

}  // namespace tenon::xar
