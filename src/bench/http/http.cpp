#include "bench/http/http.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/text.h"

namespace tenon::bench {
namespace {

constexpr std::size_t longest_line = 65'536;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

// Whether a list of a header has the word.
bool lists(std::string_view value, std::string_view word) {
  return std::ranges::any_of(split(value, ','),
                             [&](std::string_view one) { return same_word(trim(one), word); });
}

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

Result<std::uint16_t> port_of(std::string_view text) {
  const auto port = parse_number(text);
  if (!port || *port == 0 || *port > 65535)
    return fail(Errc::malformed, "the port is not a number from 1 to 65535");
  return static_cast<std::uint16_t>(*port);
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  constexpr std::string_view scheme = "http://";
  if (text.starts_with("https://")) {
    return fail(Errc::unsupported,
                "https is not supported; name the server behind the TLS proxy by http://");
  }
  if (!text.starts_with(scheme)) return fail(Errc::malformed, "a URL begins with http://");
  if (!is_plain(text)) return fail(Errc::malformed, "a URL has no blanks or control characters");
  text.remove_prefix(scheme.size());
  text = text.substr(0, text.find('#'));
  const std::size_t end = std::min(text.find_first_of("/?"), text.size());
  const std::string_view authority = text.substr(0, end);
  if (authority.contains('@'))
    return fail(Errc::unsupported, "a user name in a URL is not supported; use --header");
  Url out;
  out.authority = std::string(authority);
  out.target = end < text.size() && text[end] == '/' ? "" : "/";
  out.target += text.substr(end);
  std::string_view rest = authority;
  if (rest.starts_with('[')) {
    const std::size_t close = rest.find(']');
    if (close == std::string_view::npos)
      return fail(Errc::malformed, "\"]\" is missing behind the address");
    out.host = std::string(rest.substr(1, close - 1));
    rest.remove_prefix(close + 1);
  } else {
    const std::size_t colon = std::min(rest.find(':'), rest.size());
    out.host = std::string(rest.substr(0, colon));
    rest.remove_prefix(colon);
  }
  if (out.host.empty()) return fail(Errc::malformed, "the host is missing");
  if (rest.empty()) return out;
  if (!rest.starts_with(':'))
    return fail(Errc::malformed, "\":\" and a port are expected behind the host");
  out.port = TENON_TRY(port_of(rest.substr(1)));
  return out;
}

bool is_header(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos || !is_plain(line.substr(0, colon)))
    return false;
  return std::ranges::none_of(line, [](char c) { return (c < ' ' && c != '\t') || c == 0x7f; });
}

std::string request_text(const Url& url, const std::vector<std::string>& headers) {
  std::string out = "GET " + url.target + " HTTP/1.1\r\n";
  const auto given = [&](std::string_view name) {
    return std::ranges::any_of(headers, [&](std::string_view line) {
      return same_word(line.substr(0, line.find(':')), name);
    });
  };
  if (!given("Host")) out += "Host: " + url.authority + "\r\n";
  if (!given("User-Agent")) out += "User-Agent: tenon-bench\r\n";
  if (!given("Accept")) out += "Accept: */*\r\n";
  for (const std::string& line : headers) out += line + "\r\n";
  return out + "\r\n";
}

std::size_t ResponseReader::take(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size() && state_ != State::done && state_ != State::broken) {
    started_ = true;
    if (state_ == State::body || state_ == State::chunk) {
      const std::uint64_t part = std::min<std::uint64_t>(left_, bytes.size() - at);
      left_ -= part;
      at += static_cast<std::size_t>(part);
      if (left_ == 0) state_ = state_ == State::body ? State::done : State::chunk_end;
    } else if (state_ == State::until_close) {
      at = bytes.size();
    } else {
      const char c = bytes[at++];
      if (c == '\n') {
        take_line();
        line_.clear();
      } else if (line_.size() == longest_line) {
        state_ = State::broken;
      } else {
        line_ += c;
      }
    }
  }
  return at;
}

void ResponseReader::closed() {
  if (state_ == State::until_close) state_ = State::done;
  if (state_ != State::done) state_ = State::broken;
  keep_alive_ = false;
}

void ResponseReader::take_line() {
  std::string_view line = line_;
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (state_ == State::head) return take_head_line(line);
  if (state_ == State::chunk_end) {
    state_ = line.empty() ? State::chunk_size : State::broken;
  } else if (state_ == State::trailer) {
    if (line.empty()) state_ = State::done;
  } else {
    const auto size = parse_number(trim(line.substr(0, line.find(';'))), 16);
    if (!size) {
      state_ = State::broken;
      return;
    }
    left_ = *size;
    state_ = left_ == 0 ? State::trailer : State::chunk;
  }
}

void ResponseReader::take_head_line(std::string_view line) {
  if (status_ == 0) {
    const auto words = split_words(line);
    const auto status = words.size() < 2 ? std::nullopt : parse_number(words[1]);
    if (!line.starts_with("HTTP/1.") || !status || *status < 100 || *status > 999) {
      state_ = State::broken;
      return;
    }
    status_ = static_cast<int>(*status);
    keep_alive_ = !line.starts_with("HTTP/1.0");
    return;
  }
  if (line.empty()) return end_of_head();
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) {
    state_ = State::broken;
    return;
  }
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim(line.substr(colon + 1));
  if (same_word(name, "Content-Length")) {
    const auto length = parse_number(value);
    if (!length || (has_length_ && left_ != *length)) state_ = State::broken;
    has_length_ = true;
    left_ = length.value_or(0);
  } else if (same_word(name, "Transfer-Encoding")) {
    chunked_ = lists(value, "chunked");
  } else if (same_word(name, "Connection")) {
    if (lists(value, "close")) keep_alive_ = false;
    if (lists(value, "keep-alive")) keep_alive_ = true;
  }
}

void ResponseReader::end_of_head() {
  if (status_ < 200) {  // 100 Continue: the answer follows
    status_ = 0;
    return;
  }
  if (chunked_) {
    state_ = State::chunk_size;
  } else if (status_ == 204 || status_ == 304 || (has_length_ && left_ == 0)) {
    state_ = State::done;
  } else if (has_length_) {
    state_ = State::body;
  } else {
    state_ = State::until_close;
    keep_alive_ = false;
  }
}

}  // namespace tenon::bench
