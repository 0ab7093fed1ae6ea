#include "host/stream_file.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "base/result.h"
#include "host/files.h"

using namespace tenon;

namespace {

constexpr std::string_view mark = "{\"kind\":";
constexpr std::string_view first = "{\"kind\":1}\n";

struct Place {
  TemporaryFolder folder{make_temporary_folder("tenon-test").value()};
  std::string file = folder.path + "/file";
};

}  // namespace

TEST_CASE("stream file: the first text, then what is appended, and nothing beside it") {
  const Place place;
  auto stream = StreamFile::open(place.file, mark, first);
  REQUIRE(stream.has_value());
  CHECK(read_text(place.file).value() == first);
  REQUIRE(stream->append("a\n").has_value());
  REQUIRE(stream->append("b\n").has_value());
  CHECK(read_text(place.file).value() == std::string(first) + "a\nb\n");
  CHECK(search_folder(place.folder.path) == std::vector<std::string>{"file"});
}

TEST_CASE("stream file: takes the place of its own kind and of an empty file, and keeps the mode") {
  const Place place;
  for (const std::string_view old : {std::string_view("{\"kind\":0}\nold\n"), std::string_view()}) {
    REQUIRE(write_text(place.file, old, 0640).has_value());
    REQUIRE(StreamFile::open(place.file, mark, first).has_value());
    CHECK(read_text(place.file).value() == first);
    CHECK(file_info(place.file)->mode == 0640U);
  }
}

TEST_CASE("stream file: another file stays as it is") {
  const Place place;
  for (const std::string_view other :
       {std::string_view("{\"kinds\":1}\n"), std::string_view("{"), std::string_view("text")}) {
    REQUIRE(write_text(place.file, other).has_value());
    CHECK(StreamFile::open(place.file, mark, first).error().code == Errc::invalid_argument);
    CHECK(read_text(place.file).value() == other);
  }
}

TEST_CASE("stream file: no link, directory or device is written to") {
  const Place place;
  const std::string target = place.folder.path + "/target";
  REQUIRE(::symlink(target.c_str(), place.file.c_str()) == 0);
  CHECK(StreamFile::open(place.file, mark, first).error().code == Errc::link);
  CHECK_FALSE(file_info(target).has_value());
  REQUIRE(write_text(target, "{\"kind\":0}\n").has_value());
  CHECK(StreamFile::open(place.file, mark, first).error().code == Errc::link);
  CHECK(read_text(target).value() == "{\"kind\":0}\n");
  const std::string fifo = place.folder.path + "/fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  CHECK(StreamFile::open(fifo, mark, first).error().code == Errc::invalid_argument);
  CHECK_FALSE(StreamFile::open(place.folder.path, mark, first).has_value());
  CHECK_FALSE(StreamFile::open(place.folder.path + "/absent/file", mark, first).has_value());
}

TEST_CASE("stream file: goes on in the same file when its name leads elsewhere") {
  const Place place;
  auto stream = StreamFile::open(place.file, mark, first);
  REQUIRE(stream.has_value());
  const std::string kept = place.folder.path + "/kept";
  REQUIRE(::rename(place.file.c_str(), kept.c_str()) == 0);
  REQUIRE(::symlink("/dev/null", place.file.c_str()) == 0);
  REQUIRE(stream->append("a\n").has_value());
  CHECK(read_text(kept).value() == std::string(first) + "a\n");
}

TEST_CASE("stream file: a write that fails is told") {
  const Place place;
  auto stream = StreamFile::open(place.file, mark, first);
  REQUIRE(stream.has_value());
  rlimit old{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &old) == 0);
  const rlimit small{first.size() + 2, old.rlim_max};
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto failed = stream->append("many words\n");
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &old) == 0);
  ::signal(SIGXFSZ, handler);
  CHECK_FALSE(failed.has_value());
  CHECK(read_text(place.file).value() == std::string(first) + "ma");
}
