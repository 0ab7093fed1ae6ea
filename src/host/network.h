// Networks of processes, and the connections in them that wait in TIME_WAIT. Linux.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace tenon {

// An entry that stays of a connection.
struct WaitingSocket {
  bool ipv6 = false;
  bool half = false;  // FIN_WAIT2: the peer has not closed yet
  std::array<std::uint8_t, 16> local{}, remote{};
  std::uint16_t local_port = 0, remote_port = 0;
};

// Of the network of this thread, by sock_diag(7), which needs no rights.
[[nodiscard]] std::vector<WaitingSocket> waiting_sockets();

// The calling thread works in the network of that process from now on.
[[nodiscard]] Result<void> enter_network_of(std::uint32_t process);

// The bytes of a descriptor up to its end; it is closed, whatever happens.
[[nodiscard]] Result<std::string> read_to_end(int descriptor);

}  // namespace tenon
