#include "trace/lookups.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trace/event.h"

namespace tenon::trace {
namespace {

// Beyond it a datagram belongs to no lookup: Go gives up after 2 tries of 5 s for each server.
constexpr std::int64_t longest = 40'000'000'000;

}  // namespace

bool is_address(std::string_view name) {
  if (name.empty()) return false;
  if (name.contains(':')) return true;
  return std::ranges::all_of(name, [](char c) { return c == '.' || (c >= '0' && c <= '9'); }) &&
         std::ranges::count(name, '.') == 3;
}

std::string_view go_order_text(std::uint8_t order) {
  switch (order) {
    case 0: return "cgo";
    case 1: return "files,dns";
    case 2: return "dns,files";
    case 3: return "files";
    case 4: return "dns";
    default: return "unknown";
  }
}

Lookup* Lookups::begin(const LookupEvent& event) {
  ++count_;
  if (list_.size() >= most_lookups) return nullptr;
  Lookup one;
  one.process = event.process;
  one.name = event.name;
  one.began = event.at;
  one.thread = event.thread;
  list_.push_back(std::move(one));
  return &list_.back();
}

Lookup* Lookups::waiting(const Key& key) {
  const auto found = waiting_.find(key);
  if (found == waiting_.end() || found->second.empty()) return nullptr;
  Lookup* out = &list_[found->second.front()];
  found->second.erase(found->second.begin());
  if (found->second.empty()) waiting_.erase(found);
  return out;
}

void Lookups::add(const LookupEvent& event) {
  // An address is no name: nobody is asked.
  const bool begins = event.place != Place::none && event.place != Place::libc_end;
  if (begins && is_address(event.name)) {
    if (event.place != Place::go_order) ++addresses_;
    return;
  }
  switch (event.place) {
    case Place::none: return;
    case Place::go_ipaddr:
    case Place::go_host: {
      Lookup* one = begin(event);
      if (one == nullptr) return;
      one->from_go = true;
      waiting_[{event.process, event.name}].push_back(list_.size() - 1);
      return;
    }
    case Place::go_order: {
      Lookup* one = waiting({event.process, event.name});
      // Other functions of net come here too: LookupCNAME.
      if (one == nullptr) one = begin(event);
      if (one == nullptr) return;
      one->from_go = true;
      one->path = "go";
      one->order = go_order_text(event.order);
      open_[event.process].push_back(static_cast<std::size_t>(one - list_.data()));
      return;
    }
    case Place::libc: {
      Lookup* one = waiting({event.process, event.name});
      const bool go = one != nullptr;
      if (!go) one = begin(event);
      if (one == nullptr) return;
      one->path = go ? "cgo" : "libc";
      one->order = go ? "cgo" : "";
      threads_[event.thread] = static_cast<std::size_t>(one - list_.data());
      open_[event.process].push_back(threads_[event.thread]);
      return;
    }
    case Place::libc_end: {
      const auto found = threads_.find(event.thread);
      if (found == threads_.end()) return;
      list_[found->second].ended = event.at;
      list_[found->second].result = event.result;
      std::erase(open_[event.process], found->second);
      threads_.erase(found);
      return;
    }
  }
}

Lookup* Lookups::only_open(const DnsEvent& event) {
  std::vector<std::size_t>& open = open_[event.process];
  std::erase_if(open, [&](std::size_t at) {
    const Lookup& one = list_[at];
    const bool answered =
        one.path == "go" && one.received.value_or(0) >= 2 && one.received >= one.sent && event.sent;
    return answered || event.at - one.began > longest;
  });
  return open.size() == 1 ? &list_[open.front()] : nullptr;
}

void Lookups::add(const DnsEvent& event) {
  ++(event.sent ? sent_ : received_);
  Lookup* one = only_open(event);
  if (one == nullptr) {
    // Which of them it belongs to is not known, and so neither are their numbers.
    for (const std::size_t at : open_[event.process]) {
      list_[at].sent.reset();
      list_[at].received.reset();
    }
    return;
  }
  auto& count = event.sent ? one->sent : one->received;
  count = count.value_or(0) + 1;
  if (!event.sent && one->path == "go") one->ended = event.at;
}

}  // namespace tenon::trace
