#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "base/inflate.h"
#include "base/result.h"

namespace tenon {
namespace {

uInt cut(std::size_t size) {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

class Zlib : public Coder {
 public:
  ~Zlib() override { end_(&stream_); }

  Result<Step> step(std::span<const std::byte> input, std::span<std::byte> output,
                    bool last) override {
    // zlib's input is not const, and is not written to.
    stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(input.data()));
    stream_.avail_in = cut(input.size());
    stream_.next_out = reinterpret_cast<Bytef*>(output.data());
    stream_.avail_out = cut(output.size());
    const uInt given = stream_.avail_in, room = stream_.avail_out;
    const bool flush = last && given == input.size();
    const int status = code_(&stream_, flush ? Z_FINISH : Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
      return fail(Errc::malformed, "deflate stream");
    }
    return Step{given - stream_.avail_in, room - stream_.avail_out, status == Z_STREAM_END};
  }

  z_stream stream_{};
  int (*code_)(z_stream*, int) = nullptr;
  int (*end_)(z_stream*) = nullptr;
};

}  // namespace

Result<std::vector<std::byte>> inflate(std::span<const std::byte> stream, std::uint64_t size) {
  // zlib cannot shrink by more than this factor (zlib's technical details): a header that claims
  // more is false, and nothing is allocated for it.
  constexpr std::uint64_t largest_ratio = 1032;
  if (size > (stream.size() + 64) * largest_ratio) return fail(Errc::malformed, "zlib size");
  std::vector<std::byte> out(static_cast<std::size_t>(size));
  uLongf filled = out.size();
  const int status = ::uncompress(reinterpret_cast<Bytef*>(out.data()), &filled,
                                  reinterpret_cast<const Bytef*>(stream.data()), stream.size());
  if (status != Z_OK || filled != size) return fail(Errc::malformed, "zlib stream");
  return out;
}

Result<std::unique_ptr<Coder>> make_inflater(Wrapping wrapping) {
  constexpr int window = 15, gzip = 16;
  auto out = std::make_unique<Zlib>();
  out->code_ = ::inflate;
  out->end_ = ::inflateEnd;
  const int bits = wrapping == Wrapping::raw    ? -window
                   : wrapping == Wrapping::gzip ? window + gzip
                                                : window;
  if (::inflateInit2(&out->stream_, bits) != Z_OK) return fail(Errc::io, "zlib");
  return out;
}

Result<std::unique_ptr<Coder>> make_deflater() {
  constexpr int raw_window = -15, memory = 8;
  auto out = std::make_unique<Zlib>();
  out->code_ = ::deflate;
  out->end_ = ::deflateEnd;
  const int status = ::deflateInit2(&out->stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, raw_window,
                                    memory, Z_DEFAULT_STRATEGY);
  if (status != Z_OK) return fail(Errc::io, "zlib");
  return out;
}

}  // namespace tenon
