// DNS messages as Go's client writes and reads them. Sources: RFC 1035, RFC 6891,
// src/vendor/golang.org/x/net/dns/dnsmessage/message.go.
//
// A reader never trusts a length or a pointer; views borrow the message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tenon::resolve {

enum RecordType : std::uint16_t { type_a = 1, type_cname = 5, type_aaaa = 28, type_opt = 41 };

// "A", "AAAA".
[[nodiscard]] std::string_view type_text(std::uint16_t type);

struct Question {
  std::string name;  // ends in a dot
  std::uint16_t type = type_a;
  std::uint16_t group = 1;  // the class: IN
};

constexpr std::size_t packet_size = 1232;  // what Go offers by EDNS0 and reads

// A query without a length in front; nullopt for a name that does not fit into a message.
[[nodiscard]] std::optional<std::string> make_query(std::uint16_t id, const Question& question,
                                                    bool edns, bool trust_ad);

struct MessageHeader {
  std::uint16_t id = 0;
  bool response = false, authoritative = false, truncated = false, recursion_available = false;
  std::uint8_t rcode = 0;
  std::uint16_t questions = 0, answers = 0, authorities = 0, additionals = 0;
};

struct Record {
  std::uint16_t type = 0;
  std::uint32_t ttl = 0;
  std::size_t data = 0;  // offset of the data in the message
  std::uint16_t size = 0;
};

// Reads a message from its front. What fails stays failed: a step that returns nullopt is the last.
class MessageReader {
 public:
  enum class End : std::uint8_t { no, done, broken };

  explicit MessageReader(std::string_view message) : message_(message) {}

  [[nodiscard]] std::optional<MessageHeader> header();
  [[nodiscard]] std::optional<Question> question();
  // The head of the next record of any section; its data is passed over by skip().
  [[nodiscard]] std::optional<Record> record();
  // False when the data is not in the message.
  bool skip(const Record& record);
  // `size` bytes of the data of a record; nullopt when they are not in the message.
  [[nodiscard]] std::optional<std::string_view> data(const Record& record, std::size_t size) const;
  // Whether a name can be read in the data.
  [[nodiscard]] bool name_in(const Record& record) const;

 private:
  [[nodiscard]] std::optional<std::uint16_t> number16(std::size_t& at) const;
  // Moves `at` behind the name.
  [[nodiscard]] std::optional<std::string> name(std::size_t& at) const;

  std::string_view message_;
  std::size_t at_ = 0;
};

}  // namespace tenon::resolve
