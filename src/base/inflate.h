// Compression by deflate (RFC 1951) in its three wrappings, behind one front so that builds without
// the library work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"

namespace tenon {

// `size` is what the stream (RFC 1950) must unfold to; unsupported where tenon was built without
// zlib.
[[nodiscard]] Result<std::vector<std::byte>> inflate(std::span<const std::byte> stream,
                                                     std::uint64_t size);

// raw: zip; zlib (RFC 1950): xar; gzip (RFC 1952).
enum class Wrapping : std::uint8_t { raw, zlib, gzip };

// Takes a stream piece by piece. A step says how much of both sides it used; `end` when the stream
// is complete, what follows it is not looked at.
class Coder {
 public:
  struct Step {
    std::size_t read = 0, written = 0;
    bool end = false;
  };

  Coder() = default;
  Coder(const Coder&) = delete;
  Coder& operator=(const Coder&) = delete;
  virtual ~Coder() = default;

  // `last`: no input comes after this one. malformed for a stream that is none.
  [[nodiscard]] virtual Result<Step> step(std::span<const std::byte> input,
                                          std::span<std::byte> output, bool last) = 0;
};

// unsupported where tenon was built without zlib.
[[nodiscard]] Result<std::unique_ptr<Coder>> make_inflater(Wrapping wrapping);
// Raw deflate; its output depends on the input only, not on how it comes in pieces.
[[nodiscard]] Result<std::unique_ptr<Coder>> make_deflater();

}  // namespace tenon
