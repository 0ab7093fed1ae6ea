// The one door to bytes: integers of fixed byte order and a view whose every access is checked.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

#include "base/lifetime.h"
#include "base/result.h"

namespace tenon {

// An integer stored as bytes in a given order, converted on read. Alignment 1, so that a structure
// built from these has the layout of its specification and may lie at any offset.
template <class T, std::endian Order>
class Stored {
 public:
  Stored() = default;

  Stored(T value) { *this = value; }

  Stored& operator=(T value) {
    if constexpr (Order != std::endian::native) value = swap(value);
    std::memcpy(raw_.data(), &value, sizeof(T));
    return *this;
  }

  operator T() const {
    T value;
    std::memcpy(&value, raw_.data(), sizeof(T));
    if constexpr (Order != std::endian::native) value = swap(value);
    return value;
  }

 private:
  static T swap(T value) {
    if constexpr (sizeof(T) == 1) {
      return value;
    } else if constexpr (sizeof(T) == 2) {
      return static_cast<T>(__builtin_bswap16(static_cast<std::uint16_t>(value)));
    } else if constexpr (sizeof(T) == 4) {
      return static_cast<T>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
    } else {
      return static_cast<T>(__builtin_bswap64(static_cast<std::uint64_t>(value)));
    }
  }

  std::array<std::byte, sizeof(T)> raw_{};
};

using ul16 = Stored<std::uint16_t, std::endian::little>;
using ul32 = Stored<std::uint32_t, std::endian::little>;
using ul64 = Stored<std::uint64_t, std::endian::little>;
using ub16 = Stored<std::uint16_t, std::endian::big>;
using ub32 = Stored<std::uint32_t, std::endian::big>;
using ub64 = Stored<std::uint64_t, std::endian::big>;

// What may be read straight from a file: no pointers, no padding from alignment.
template <class T>
concept Layout = std::is_trivially_copyable_v<T> && alignof(T) == 1;

// Bytes of a file and the offset at which they lie in it. Borrows: the owner of the bytes must
// outlive every view and everything that a view returned. All offsets passed in are relative to the
// view; offsets in errors are relative to the file.
class ByteView {
 public:
  ByteView() = default;

  explicit ByteView(std::span<const std::byte> bytes TENON_LIFETIMEBOUND, std::uint64_t base = 0)
      : bytes_(bytes), base_(base) {}

  ByteView(const void* data, std::size_t size, std::uint64_t base = 0)
      : bytes_(static_cast<const std::byte*>(data), size), base_(base) {}

  [[nodiscard]] std::uint64_t size() const { return bytes_.size(); }

  [[nodiscard]] bool empty() const { return bytes_.empty(); }

  [[nodiscard]] std::uint64_t base() const { return base_; }

  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

  [[nodiscard]] const std::byte* data() const { return bytes_.data(); }

  [[nodiscard]] bool contains(std::uint64_t offset, std::uint64_t count) const {
    return offset <= size() && count <= size() - offset;
  }

  // The T at `offset`, in place.
  template <Layout T>
  [[nodiscard]] Result<const T*> at(std::uint64_t offset, const char* what = "structure") const {
    if (!contains(offset, sizeof(T))) return fail(Errc::truncated, what, base_ + offset);
    return reinterpret_cast<const T*>(bytes_.data() + offset);
  }

  // `count` consecutive Ts at `offset`, in place. Cannot overflow whatever `count` is.
  template <Layout T>
  [[nodiscard]] Result<std::span<const T>> array(std::uint64_t offset, std::uint64_t count,
                                                 const char* what = "array") const {
    if (offset > size() || count > (size() - offset) / sizeof(T)) {
      return fail(Errc::truncated, what, base_ + offset);
    }
    return std::span<const T>(reinterpret_cast<const T*>(bytes_.data() + offset),
                              static_cast<std::size_t>(count));
  }

  [[nodiscard]] Result<ByteView> slice(std::uint64_t offset, std::uint64_t count,
                                       const char* what = "range") const {
    if (!contains(offset, count)) return fail(Errc::truncated, what, base_ + offset);
    return ByteView(
        bytes_.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(count)),
        base_ + offset);
  }

  // The bytes from `offset` to the end.
  [[nodiscard]] Result<ByteView> from(std::uint64_t offset, const char* what = "range") const {
    if (offset > size()) return fail(Errc::truncated, what, base_ + offset);
    return slice(offset, size() - offset, what);
  }

  // The NUL-terminated string at `offset`, without its NUL. A string that runs to the end of the
  // view without a NUL is an error.
  [[nodiscard]] Result<std::string_view> cstr(std::uint64_t offset,
                                              const char* what = "string") const {
    if (offset >= size()) return fail(Errc::truncated, what, base_ + offset);
    const auto* start = reinterpret_cast<const char*>(bytes_.data() + offset);
    const std::size_t room = static_cast<std::size_t>(size() - offset);
    const void* nul = std::memchr(start, 0, room);
    if (nul == nullptr) return fail(Errc::truncated, what, base_ + offset);
    return std::string_view(start, static_cast<std::size_t>(static_cast<const char*>(nul) - start));
  }

  // All bytes as text.
  [[nodiscard]] std::string_view text() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }

 private:
  std::span<const std::byte> bytes_;
  std::uint64_t base_ = 0;
};

// The bytes of a string, borrowed.
[[nodiscard]] inline ByteView view_of(std::string_view text TENON_LIFETIMEBOUND) {
  return ByteView(text.data(), text.size());
}

}  // namespace tenon
