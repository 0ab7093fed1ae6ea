#include "link/index/symbol_names.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

namespace tenon::link {
namespace {

constexpr std::size_t block_size = std::size_t{1} << 20U;
constexpr std::size_t first_slots = 1024;

// Eight bytes at a time: names of C++ are long, and all of them are read when an index is loaded.
std::uint32_t hash_of(std::string_view name) {
  constexpr std::uint64_t factor = 0x9e3779b97f4a7c15U;
  std::uint64_t hash = name.size() * factor;
  while (name.size() >= sizeof(std::uint64_t)) {
    std::uint64_t part = 0;
    std::memcpy(&part, name.data(), sizeof(part));
    hash = std::rotl((hash ^ part) * factor, 29);
    name.remove_prefix(sizeof(part));
  }
  std::uint64_t part = 0;
  std::memcpy(&part, name.data(), name.size());
  hash = (hash ^ part) * factor;
  return static_cast<std::uint32_t>(hash >> 32U);
}

}  // namespace

// The slot that holds the name, or the free one where it belongs.
std::size_t SymbolNames::slot_of(std::string_view name, std::uint32_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  while (slots_[slot] != 0) {
    const std::uint32_t id = slots_[slot] - 1;
    if (hashes_[id] == hash && names_[id] == name) return slot;
    slot = (slot + 1) & mask;
  }
  return slot;
}

void SymbolNames::grow(std::size_t slots) {
  slots_.assign(slots, 0);
  const std::size_t mask = slots - 1;
  for (std::uint32_t id = 0; id < names_.size(); ++id) {
    std::size_t slot = hashes_[id] & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = id + 1;
  }
}

void SymbolNames::reserve(std::size_t count) {
  names_.reserve(names_.size() + count);
  hashes_.reserve(hashes_.size() + count);
  const std::size_t wanted = std::bit_ceil((names_.size() + count) * 2 + first_slots);
  if (wanted > slots_.size()) grow(wanted);
}

std::string_view SymbolNames::keep(std::string_view name) {
  if (name.empty()) return {};
  if (name.size() > left_) {
    const std::size_t size = std::max(block_size, name.size());
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    at_ = blocks_.back().get();
    left_ = size;
  }
  std::memcpy(at_, name.data(), name.size());
  const std::string_view kept(at_, name.size());
  at_ += name.size();
  left_ -= name.size();
  return kept;
}

SymbolId SymbolNames::intern(std::string_view name) {
  if ((names_.size() + 1) * 2 > slots_.size()) {
    grow(std::max(first_slots, slots_.size() * 2));
  }
  const std::uint32_t hash = hash_of(name);
  const std::size_t slot = slot_of(name, hash);
  if (slots_[slot] != 0) return slots_[slot] - 1;
  const auto id = static_cast<SymbolId>(names_.size());
  names_.push_back(keep(name));
  hashes_.push_back(hash);
  slots_[slot] = id + 1;
  return id;
}

std::optional<SymbolId> SymbolNames::find(std::string_view name) const {
  if (slots_.empty()) return std::nullopt;
  const std::size_t slot = slot_of(name, hash_of(name));
  if (slots_[slot] == 0) return std::nullopt;
  return slots_[slot] - 1;
}

}  // namespace tenon::link
