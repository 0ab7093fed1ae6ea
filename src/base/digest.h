// Digests behind one front, so that no layer names a crypto library (FIPS 180-4).
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace tenon {

// Only for comparing what older signatures hold and writing what older systems read. Nothing may be
// trusted because of it: two files of one SHA-1 can be made.
using Sha1 = std::array<std::byte, 20>;
using Sha256 = std::array<std::byte, 32>;
using Sha384 = std::array<std::byte, 48>;

[[nodiscard]] Sha1 sha1(std::span<const std::byte> bytes);
[[nodiscard]] Sha256 sha256(std::span<const std::byte> bytes);
[[nodiscard]] Sha384 sha384(std::span<const std::byte> bytes);
[[nodiscard]] std::string hex(const Sha256& digest);

// SHA-256 of bytes that come piece by piece. One use: finish() ends it.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;

  void add(std::span<const std::byte> bytes);
  [[nodiscard]] Sha256 finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tenon
