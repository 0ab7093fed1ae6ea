#include "crossbuild/sysroot/archive_list.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "crossbuild/sysroot/apt.h"

using namespace tenon;

namespace {

constexpr std::string_view index_text =
    "usr/bin/x                                 utils/x\n"
    "usr/lib/aarch64-linux-gnu/libz.a          libdevel/zlib1g-dev\n"
    "usr/lib/aarch64-linux-gnu/libz.so.1       libs/zlib1g\n"
    "usr/lib/aarch64-linux-gnu/libq.a\tlibdevel/q-dev,contrib/libdevel/q2-dev\n"
    "usr/share/doc/x/lib.a.txt                 doc/x\n"
    "usr/lib/postgresql/15/lib/libpgport.a     non-free/libdevel/postgresql-server-dev-15\n"
    "usr/lib/x/notlib.a                        x/x\n";

constexpr std::string_view expected =
    "usr/lib/aarch64-linux-gnu/libz.a\tzlib1g-dev\n"
    "usr/lib/aarch64-linux-gnu/libq.a\tq-dev\n"
    "usr/lib/postgresql/15/lib/libpgport.a\tpostgresql-server-dev-15\n";

}  // namespace

TEST_CASE("archive list: the archives of an index of files") {
  ArchiveList list;
  list.bytes(index_text);
  list.end();
  CHECK(list.text() == expected);
}

TEST_CASE("archive list: however the index is cut into pieces") {
  for (std::size_t size = 1; size < 60; ++size) {
    ArchiveList list;
    for (std::size_t at = 0; at < index_text.size(); at += size) {
      list.bytes(index_text.substr(at, size));
    }
    list.end();
    CHECK(list.text() == expected);
  }
}

TEST_CASE("archive list: the last line may have no end") {
  ArchiveList list;
  list.bytes("usr/lib/liba.a x/a-dev");
  list.end();
  CHECK(list.text() == "usr/lib/liba.a\ta-dev\n");
}

TEST_CASE("archive list: apt is told to fetch the index only when it is wanted") {
  CHECK(apt_settings_with_contents().starts_with(apt_settings()));
  CHECK(apt_settings_with_contents().contains("$(COMPONENT)/Contents-$(ARCHITECTURE)"));
  CHECK_FALSE(apt_settings().contains("MetaKey"));
}
