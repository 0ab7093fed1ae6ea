#include "resolve/message.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tenon::resolve {
namespace {

constexpr std::size_t longest_name = 255;

void put16(std::string& out, std::size_t value) {
  out += static_cast<char>(value >> 8U & 0xffU);
  out += static_cast<char>(value & 0xffU);
}

// Labels behind their lengths. The root is ".".
bool put_name(std::string& out, std::string_view name) {
  if (name.size() > longest_name || !name.ends_with('.')) return false;
  while (name.size() > 1 || (!name.empty() && name != ".")) {
    const std::size_t dot = name.find('.');
    if (dot == 0 || dot > 63) return false;
    out += static_cast<char>(dot);
    out += name.substr(0, dot);
    name.remove_prefix(dot + 1);
  }
  out += '\0';
  return true;
}

}  // namespace

std::string_view type_text(std::uint16_t type) {
  if (type == type_a) return "A";
  if (type == type_aaaa) return "AAAA";
  return type == type_cname ? "CNAME" : "other";
}

std::optional<std::string> make_query(std::uint16_t id, const Question& question, bool edns,
                                      bool trust_ad) {
  std::string out;
  put16(out, id);
  put16(out, trust_ad ? 0x0120 : 0x0100);  // recursion desired, authentic data
  put16(out, 1);
  put16(out, 0);
  put16(out, 0);
  put16(out, edns ? 1 : 0);
  if (!put_name(out, question.name)) return std::nullopt;
  put16(out, question.type);
  put16(out, question.group);
  if (!edns) return out;
  out += '\0';
  put16(out, type_opt);
  put16(out, packet_size);
  out.append(6, '\0');  // extended code, version and flags; no options
  return out;
}

std::optional<std::uint16_t> MessageReader::number16(std::size_t& at) const {
  if (at + 2 > message_.size()) return std::nullopt;
  const auto high = static_cast<unsigned char>(message_[at]);
  const auto low = static_cast<unsigned char>(message_[at + 1]);
  at += 2;
  return static_cast<std::uint16_t>(high << 8U | low);
}

std::optional<std::string> MessageReader::name(std::size_t& at) const {
  constexpr int most_pointers = 10;
  std::string out;
  std::size_t here = at;
  int pointers = 0;
  for (;;) {
    if (here >= message_.size()) return std::nullopt;
    const auto length = static_cast<unsigned char>(message_[here++]);
    if (length >= 0xc0) {
      if (here >= message_.size()) return std::nullopt;
      const auto low = static_cast<unsigned char>(message_[here++]);
      if (pointers == 0) at = here;
      if (++pointers > most_pointers) return std::nullopt;
      here = static_cast<std::size_t>(length & 0x3fU) << 8U | low;
      continue;
    }
    if (length >= 0x40) return std::nullopt;
    if (length == 0) break;
    if (here + length > message_.size()) return std::nullopt;
    const std::string_view label = message_.substr(here, length);
    if (label.contains('.')) return std::nullopt;
    out += label;
    out += '.';
    here += length;
  }
  if (out.empty()) out = ".";
  if (out.size() > longest_name) return std::nullopt;
  if (pointers == 0) at = here;
  return out;
}

std::optional<MessageHeader> MessageReader::header() {
  if (message_.size() < 12) return std::nullopt;
  MessageHeader out;
  out.id = *number16(at_);
  const std::uint16_t bits = *number16(at_);
  out.response = (bits & 0x8000U) != 0;
  out.authoritative = (bits & 0x0400U) != 0;
  out.truncated = (bits & 0x0200U) != 0;
  out.recursion_available = (bits & 0x0080U) != 0;
  out.rcode = bits & 0xfU;
  out.questions = *number16(at_);
  out.answers = *number16(at_);
  out.authorities = *number16(at_);
  out.additionals = *number16(at_);
  return out;
}

std::optional<Question> MessageReader::question() {
  auto read = name(at_);
  if (!read) return std::nullopt;
  const auto type = number16(at_);
  const auto group = number16(at_);
  if (!type || !group) return std::nullopt;
  return Question{*std::move(read), *type, *group};
}

std::optional<Record> MessageReader::record() {
  if (!name(at_)) return std::nullopt;
  const auto type = number16(at_);
  const auto group = number16(at_);
  const auto high = number16(at_);
  const auto low = number16(at_);
  const auto size = number16(at_);
  if (!type || !group || !high || !low || !size) return std::nullopt;
  return Record{*type, static_cast<std::uint32_t>(*high) << 16U | *low, at_, *size};
}

bool MessageReader::skip(const Record& record) {
  if (record.data + record.size > message_.size()) return false;
  at_ = record.data + record.size;
  return true;
}

std::optional<std::string_view> MessageReader::data(const Record& record, std::size_t size) const {
  if (record.data + size > message_.size()) return std::nullopt;
  return message_.substr(record.data, size);
}

bool MessageReader::name_in(const Record& record) const {
  std::size_t at = record.data;
  return name(at).has_value();
}

}  // namespace tenon::resolve
