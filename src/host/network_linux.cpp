#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>

#include "base/result.h"
#include "host/descriptor.h"
#include "host/network.h"

namespace tenon {

Result<void> enter_network_of(std::uint32_t process) {
  const std::string path = "/proc/" + std::to_string(process) + "/ns/net";
  const Descriptor network(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!network.open()) return std::unexpected(os_error("open", errno));
  if (::setns(network.get(), CLONE_NEWNET) != 0) return std::unexpected(os_error("setns", errno));
  return {};
}

Result<std::string> read_to_end(int descriptor) {
  const Descriptor input(descriptor);
  std::string out;
  std::array<char, 32768> buffer;
  while (true) {
    const ssize_t count = ::read(input.get(), buffer.data(), buffer.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0) return std::unexpected(os_error("read", errno));
    if (count == 0) return out;
    out.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace tenon
