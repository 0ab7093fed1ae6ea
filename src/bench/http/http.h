// HTTP/1.1 as far as a load generator needs it: a URL, the text of a request, and where a response
// ends (RFC 9112). Bodies are counted, not kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tenon::bench {

struct Url {
  std::string host;  // as written, without brackets: "127.0.0.1", "::1", "localhost"
  std::uint16_t port = 80;
  std::string authority;  // of the Host header
  std::string target;     // "/path?query"
};

// http://HOST[:PORT][/PATH]. unsupported for https and user names; malformed for the rest.
[[nodiscard]] Result<Url> parse_url(std::string_view text);

// GET with the given header lines ("Name: value"), which come instead of ours of that name.
[[nodiscard]] std::string request_text(const Url& url, const std::vector<std::string>& headers);
// "Name: value" without control characters.
[[nodiscard]] bool is_header(std::string_view line);

// Takes the bytes of responses as they come.
class ResponseReader {
 public:
  enum class State : std::uint8_t {
    head,
    body,
    chunk_size,
    chunk,
    chunk_end,
    trailer,
    until_close,
    done,
    broken
  };

  // Takes from `bytes` what belongs to this response; what is left behind done() is not taken.
  [[nodiscard]] std::size_t take(std::string_view bytes);
  // The other side closed the connection: done for a body without a length, else broken.
  void closed();
  // For the next response of the same connection.
  void reset() { *this = ResponseReader(); }

  [[nodiscard]] bool done() const { return state_ == State::done; }
  [[nodiscard]] bool broken() const { return state_ == State::broken; }
  [[nodiscard]] bool started() const { return started_; }
  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] bool keep_alive() const { return keep_alive_; }

 private:
  void take_line();
  void take_head_line(std::string_view line);
  void end_of_head();

  State state_ = State::head;
  std::string line_;
  std::uint64_t left_ = 0;  // of the body or the chunk
  int status_ = 0;
  bool started_ = false;
  bool has_length_ = false;
  bool chunked_ = false;
  bool keep_alive_ = true;
};

}  // namespace tenon::bench
