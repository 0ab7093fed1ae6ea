// What the kernel tells of sockets beside /proc/net: sock_diag(7), which needs no rights. Linux.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace tenon {

struct LocalSocket {
  std::uint64_t peer = 0;                // inode of the other end; 0 until somebody accepts it
  std::string path;                      // the name that it was bound to
  std::set<std::uint64_t> waiting = {};  // of one that listens: who was not accepted so far
};

// Bytes that each TCP connection of this network has received, by inode.
[[nodiscard]] std::map<std::uint64_t, std::uint64_t> received_bytes();

// All unix sockets of this network, by inode.
[[nodiscard]] std::map<std::uint64_t, LocalSocket> local_sockets();

}  // namespace tenon
