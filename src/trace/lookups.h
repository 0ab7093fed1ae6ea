// Lookups of names, put together from what was seen of them: where they began, the way that they
// took, the datagrams, the end. What was not seen is open, never guessed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "trace/event.h"

namespace tenon::trace {

struct Lookup {
  std::uint32_t process = 0;
  std::string name;
  std::int64_t began = 0;
  std::optional<std::int64_t> ended;   // of libc: it returned; of Go: the last answer of a server
  bool from_go = false;                // seen where Go's package net begins
  std::string path;                    // "go", "cgo", "libc"; empty: it took none that is seen
  std::string order;                   // of Go: "files,dns"
  std::optional<std::int32_t> result;  // of getaddrinfo
  std::optional<std::int64_t> sent, received;  // datagrams; nothing: other lookups ran beside it
  std::uint32_t thread = 0;
};

class Lookups {
 public:
  void add(const LookupEvent& event);
  void add(const DnsEvent& event);

  [[nodiscard]] const std::vector<Lookup>& list() const { return list_; }
  // Lookups that began, also those that the list has no room for.
  [[nodiscard]] std::int64_t count() const { return count_; }
  // Addresses that somebody had looked up.
  [[nodiscard]] std::int64_t addresses() const { return addresses_; }
  [[nodiscard]] std::int64_t datagrams_sent() const { return sent_; }
  [[nodiscard]] std::int64_t datagrams_received() const { return received_; }

 private:
  using Key = std::pair<std::uint32_t, std::string>;
  Lookup* begin(const LookupEvent& event);
  Lookup* waiting(const Key& key);
  [[nodiscard]] Lookup* only_open(const DnsEvent& event);

  std::vector<Lookup> list_;
  std::map<Key, std::vector<std::size_t>> waiting_;         // of Go, without a way so far
  std::map<std::uint32_t, std::size_t> threads_;            // in getaddrinfo
  std::map<std::uint32_t, std::vector<std::size_t>> open_;  // of a process, by Go's own resolver
  std::int64_t count_ = 0, addresses_ = 0, sent_ = 0, received_ = 0;
};

constexpr std::size_t most_lookups = 20000;

// Whether the text is an address, so that no name is looked up.
[[nodiscard]] bool is_address(std::string_view name);

// "files,dns" of Go's hostLookupOrder (src/net/conf.go).
[[nodiscard]] std::string_view go_order_text(std::uint8_t order);

}  // namespace tenon::trace
