#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>

#include "base/result.h"
#include "host/line_input.h"

namespace tenon {

Result<std::optional<std::string>> LineInput::next(std::size_t most) {
  constexpr std::size_t piece = std::size_t{1} << 16U;
  std::size_t seen = at_;
  while (true) {
    if (const std::size_t end = buffer_.find('\n', seen); end != std::string::npos) {
      std::string line = buffer_.substr(at_, end - at_);
      at_ = end + 1;
      return line;
    }
    if (ended_) {
      if (at_ == buffer_.size()) return std::nullopt;
      std::string line = buffer_.substr(at_);
      at_ = buffer_.size();
      return line;
    }
    if (buffer_.size() - at_ > most) return fail(Errc::limit, "a line that is too long");
    buffer_.erase(0, at_);
    at_ = 0;
    seen = buffer_.size();
    buffer_.resize(seen + piece);
    const ssize_t count = ::read(descriptor_, buffer_.data() + seen, piece);
    buffer_.resize(seen + static_cast<std::size_t>(count > 0 ? count : 0));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(os_error("cannot read", errno));
    ended_ = count == 0;
  }
}

}  // namespace tenon
