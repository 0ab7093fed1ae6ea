// Volumes are held against other readers by tests/e2e/test_disk_images.py; here is what no volume
// shows.
#include "format/hfs/hfs.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "format/hfs/disk.h"

using namespace tenon;

namespace {

std::string read(const hfs::Disk& disk, std::uint64_t at, std::size_t size) {
  std::string out(size, '?');
  const auto done = disk.read(at, std::as_writable_bytes(std::span(out)));
  return done ? out : std::string(errc_name(done.error().code));
}

std::string view(const hfs::Disk& disk, std::uint64_t at, std::uint64_t size) {
  const auto out = disk.view(at, size);
  return out ? std::string(out->text()) : "none";
}

}  // namespace

TEST_CASE("hfs: a disk of pieces in any order, with zeros between them") {
  const std::string one = "abcd", two = "efgh";
  const auto disk =
      hfs::Disk::of({{8, 4, view_of(two)}, {0, 4, view_of(one)}, {12, 0, {}}, {12, 4, {}}});
  REQUIRE(disk.has_value());
  CHECK(disk->size() == 16);
  CHECK(disk->stored() == 8);
  CHECK(read(*disk, 0, 16) == std::string("abcd\0\0\0\0efgh\0\0\0\0", 16));
  CHECK(read(*disk, 3, 6) == std::string("d\0\0\0\0e", 6));
  CHECK(read(*disk, 15, 2) == "truncated");
  CHECK(read(*disk, 17, 0) == "truncated");
  CHECK(view(*disk, 1, 3) == "bcd");
  CHECK(view(*disk, 8, 4) == "efgh");
  CHECK(view(*disk, 3, 2) == "none");
  CHECK(view(*disk, 5, 1) == "none");
  CHECK(view(*disk, 13, 1) == "none");
  CHECK(view(*disk, 0, 0) == "none");
  const hfs::Disk rest = disk->behind(9);
  CHECK(rest.size() == 7);
  CHECK(read(rest, 0, 3) == "fgh");
  CHECK(view(rest, 1, 2) == "gh");
  CHECK(rest.behind(3).size() == 4);
  CHECK(disk->behind(99).size() == 0);
}

TEST_CASE("hfs: pieces that overlap, or are not as long as they say") {
  const std::string text = "abcd";
  const ByteView bytes = view_of(text);
  CHECK_FALSE(hfs::Disk::of({{0, 4, bytes}, {3, 4, bytes}}).has_value());
  CHECK_FALSE(hfs::Disk::of({{0, 5, bytes}}).has_value());
  CHECK_FALSE(hfs::Disk::of({{UINT64_MAX, 4, bytes}}).has_value());
  CHECK(hfs::Disk::of({})->size() == 0);
}

TEST_CASE("hfs: what is no volume") {
  const auto disk_of = [](const std::string& text) {
    return *hfs::Disk::of({{0, text.size(), view_of(text)}});
  };
  const std::string nothing, zeros(4096, '\0');
  CHECK(hfs::identify(disk_of(nothing)) == hfs::Format::other);
  CHECK(hfs::identify(disk_of(zeros)) == hfs::Format::other);
  CHECK_FALSE(hfs::Volume::open(disk_of(nothing)).has_value());
  CHECK_FALSE(hfs::Volume::open(disk_of(zeros)).has_value());
  std::string apfs = zeros;
  apfs.replace(32, 4, "NXSB");
  CHECK(hfs::identify(disk_of(apfs)) == hfs::Format::apfs);
  std::string plus = zeros;
  plus.replace(1024, 2, "H+");
  CHECK(hfs::identify(disk_of(plus)) == hfs::Format::hfs_plus);
  CHECK(hfs::Volume::open(disk_of(plus)).error().code == Errc::malformed);
  // In the wrapper of an old volume: its blocks begin at sector 4, and it in the second of them.
  std::string wrapped = zeros + zeros;
  wrapped.replace(1024, 2, "BD");
  wrapped.replace(1024 + 20, 4, std::string("\0\0\x02\0", 4));
  wrapped.replace(1024 + 28, 2, std::string("\0\x04", 2));
  wrapped.replace(1024 + 124, 6, std::string("H+\0\x01\0\x08", 6));
  CHECK(hfs::identify(disk_of(wrapped)) == hfs::Format::other);
  wrapped.replace(5 * 512 + 1024, 2, "HX");
  CHECK(hfs::identify(disk_of(wrapped)) == hfs::Format::hfs_plus);
}
