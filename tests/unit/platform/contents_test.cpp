// Lines as Debian 12's Contents-amd64 and Contents-all have them.
#include "platform/contents.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "platform/packages.h"

namespace tenon {
namespace {

using Kind = SoughtFile::Kind;

constexpr std::string_view index =
    "lib/x86_64-linux-gnu/libz.so.1                          libs/zlib1g\n"
    "lib/x86_64-linux-gnu/libz.so.1.2.13                     libs/zlib1g\n"
    "lib/pkgconfig/libdmmp.pc                                admin/multipath-tools\n"
    "usr/bin/protoc                                          devel/protobuf-compiler\n"
    "usr/bin/protoc-min-version                              devel/gogoprotobuf\n"
    "usr/include/amqp.h                                      libdevel/librabbitmq-dev\n"
    "usr/include/dnsjit/input/pcap.h                         utils/dnsjit\n"
    "usr/include/freerdp2/freerdp/utils/pcap.h               devel/freerdp2-dev\n"
    "usr/include/glib-2.0/glib.h                             libdevel/libglib2.0-dev\n"
    "usr/include/pcap.h                                      libdevel/libpcap0.8-dev\n"
    "usr/include/x86_64-linux-gnu/curl/curl.h        "
    "libdevel/libcurl4-gnutls-dev,libdevel/libcurl4-nss-dev,libdevel/libcurl4-openssl-dev\n"
    "usr/include/zdoom/amqp.h                                games/a\n"
    "usr/lib/x86_64-linux-gnu/genwqe/libz.so.1               libs/libzadc4\n"
    "usr/lib/x86_64-linux-gnu/librabbitmq.a                  libdevel/librabbitmq-dev\n"
    "usr/lib/x86_64-linux-gnu/librabbitmq.so                 libdevel/librabbitmq-dev\n"
    "usr/lib/x86_64-linux-gnu/librabbitmq.so.4               libs/librabbitmq4\n"
    "usr/lib/x86_64-linux-gnu/pkgconfig/librabbitmq.pc       libdevel/librabbitmq-dev\n"
    "usr/lib32/libz.so.1                                     libs/lib32z1\n"
    "usr/share/doc/libpcap-dev/changelog.Debian.gz           libdevel/libpcap-dev\n"
    "usr/share/pkgconfig/xorg-macros.pc                      x11/xutils-dev\n"
    "usr/share/x/pkgconfig/other.pc                          x11/other\n";

PackageOfFile look_up(Kind kind, std::string name, std::string_view text = index) {
  ContentsSearch search({{kind, std::move(name)}}, &LibraryPackages::debian);
  for (std::size_t at = 0; at < text.size(); at += 7) search.bytes(text.substr(at, 7));
  search.bytes({});
  const auto found = search.answers();
  return found.empty() ? PackageOfFile{} : found.front();
}

}  // namespace

TEST_CASE("contents: a header, a .pc file and a library have their package") {
  CHECK(look_up(Kind::header, "amqp.h").package == "librabbitmq-dev");
  CHECK(look_up(Kind::header, "amqp.h").path == "usr/include/amqp.h");
  CHECK(look_up(Kind::pc, "librabbitmq").package == "librabbitmq-dev");
  CHECK(look_up(Kind::pc, "libdmmp").package == "multipath-tools");
  CHECK(look_up(Kind::pc, "xorg-macros").package == "xutils-dev");
  CHECK(look_up(Kind::library, "rabbitmq").package == "librabbitmq-dev");
}

TEST_CASE(
    "contents: a program, and a library that a loader misses, where the system looks for it") {
  CHECK(look_up(Kind::program, "protoc").package == "protobuf-compiler");
  CHECK(look_up(Kind::loaded, "libz.so.1").package == "zlib1g");
  CHECK(look_up(Kind::loaded, "libz.so.1").path == "lib/x86_64-linux-gnu/libz.so.1");
  CHECK(look_up(Kind::program, "min-version").package.empty());
  CHECK(look_up(Kind::loaded, "libz.so").package.empty());
}

TEST_CASE("contents: what no search path leads to is no answer") {
  CHECK(look_up(Kind::header, "nothere/foo.h").package.empty());
  CHECK(look_up(Kind::header, "mqp.h").package.empty());
  CHECK(look_up(Kind::header, "utils/pcap.h").package.empty());
  CHECK(look_up(Kind::pc, "other").package.empty());
  CHECK(look_up(Kind::library, "rabbit").package.empty());
  CHECK(look_up(Kind::library, "librabbitmq").package.empty());
}

TEST_CASE("contents: a header one directory down counts when no other is there") {
  CHECK(look_up(Kind::header, "glib.h").package == "libglib2.0-dev");
  CHECK(look_up(Kind::header, "input/pcap.h").package == "dnsjit");
}

TEST_CASE("contents: the table's package is kept where the release has it") {
  CHECK(look_up(Kind::header, "pcap.h").package == "libpcap-dev");
  CHECK(look_up(Kind::header, "pcap.h").path.empty());
  CHECK(look_up(Kind::header, "pcap.h", "usr/include/pcap.h libdevel/libpcap0.8-dev\n").package ==
        "libpcap0.8-dev");
  CHECK(look_up(Kind::header, "curl/curl.h").package == "libcurl4-openssl-dev");
}

TEST_CASE("contents: a package for developers goes before others, then the shortest name") {
  CHECK(look_up(Kind::header, "q.h", "usr/include/q.h a/z,libdevel/libqq-dev,libdevel/libq-dev\n")
            .package == "libq-dev");
}

TEST_CASE("contents: a search is complete when a file in place was found") {
  ContentsSearch search({{Kind::header, "amqp.h"}}, &LibraryPackages::debian);
  search.line("usr/include/zdoom/amqp.h games/a");
  CHECK_FALSE(search.complete());
  search.line("usr/include/amqp.h\tlibdevel/librabbitmq-dev");
  CHECK(search.complete());
}

}  // namespace tenon
