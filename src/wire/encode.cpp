#include "wire/encode.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "wire/values.h"

namespace tenon::remote {
namespace {

// Protocol Buffers, "Encoding": a tag is the number of the field and how its value is written.
class Message {
 public:
  Message& text(unsigned field, std::string_view value) {
    if (!value.empty()) piece(field, value);
    return *this;
  }

  // A message is written also when it is empty, and so is each element of a list.
  Message& piece(unsigned field, std::string_view value) {
    number(field << 3U | 2U);
    number(value.size());
    bytes_ += value;
    return *this;
  }

  Message& integer(unsigned field, std::uint64_t value) {
    if (value == 0) return *this;
    number(field << 3U);
    number(value);
    return *this;
  }

  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  void number(std::uint64_t value) {
    for (; value >= 0x80U; value >>= 7U) bytes_ += static_cast<char>((value & 0x7FU) | 0x80U);
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

std::string encode(const Digest& digest) {
  return Message().text(1, digest.hash).integer(2, digest.size).take();
}

std::string encode(const Property& property) {
  return Message().text(1, property.name).text(2, property.value).take();
}

}  // namespace

Digest digest_of(std::string_view bytes) {
  return {hex(sha256(view_of(bytes).bytes())), bytes.size()};
}

bool is_digest(std::string_view hash) {
  return hash.size() == 64 && hash.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string encode(const Directory& directory) {
  Message out;
  for (const FileNode& file : directory.files) {
    out.piece(1, Message()
                     .text(1, file.name)
                     .piece(2, encode(file.digest))
                     .integer(4, file.executable ? 1 : 0)
                     .take());
  }
  for (const FolderNode& folder : directory.folders) {
    out.piece(2, Message().text(1, folder.name).piece(2, encode(folder.digest)).take());
  }
  for (const LinkNode& link : directory.links) {
    out.piece(3, Message().text(1, link.name).text(2, link.target).take());
  }
  return out.take();
}

std::string encode(const Command& command) {
  Message out;
  for (const std::string& argument : command.arguments) out.piece(1, argument);
  for (const Property& variable : command.environment) out.piece(2, encode(variable));
  out.text(6, command.folder);
  for (const std::string& path : command.outputs) out.piece(7, path);
  return out.take();
}

std::string encode(const Action& action) {
  Message out;
  out.piece(1, encode(action.command)).piece(2, encode(action.input_root));
  if (action.timeout.count() > 0) {
    out.piece(6, Message().integer(1, static_cast<std::uint64_t>(action.timeout.count())).take());
  }
  out.integer(7, action.do_not_cache ? 1 : 0);
  if (!action.platform.empty()) {
    Message platform;
    for (const Property& property : action.platform) platform.piece(1, encode(property));
    out.piece(10, platform.take());
  }
  return out.take();
}

std::string encode_tree(const std::string& root, const std::vector<std::string>& children) {
  Message out;
  out.piece(1, root);
  for (const std::string& child : children) out.piece(2, child);
  return out.take();
}

}  // namespace tenon::remote
