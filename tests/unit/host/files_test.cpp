#include "host/files.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "host/disk.h"
#include "host/mapping.h"

using namespace tenon;

namespace {

using Words = std::vector<std::string>;

// A folder that goes with its contents.
struct Folder {
  TemporaryFolder folder{make_temporary_folder("tenon-test").value()};

  [[nodiscard]] std::string at(const std::string& name) const { return folder.path + "/" + name; }

  [[nodiscard]] Words names() const { return search_folder(folder.path); }
};

template <class T>
Errc error_of(const Result<T>& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error().code;
}

// An environment variable for the length of a scope.
class Setting {
 public:
  Setting(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    if (value != nullptr) {
      ::setenv(name, value, 1);
    } else {
      ::unsetenv(name);
    }
  }

  Setting(const Setting&) = delete;
  Setting& operator=(const Setting&) = delete;

  ~Setting() {
    if (old_) {
      ::setenv(name_, old_->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }

 private:
  const char* name_;
  std::optional<std::string> old_;
};

}  // namespace

TEST_CASE("files: what is written is read, in each way") {
  const Folder folder;
  const std::string path = folder.at("sub/deeper/file");
  const std::string text("a\0b\n\xff", 5);
  REQUIRE(write_text(path, text).has_value());
  CHECK(read_text(path) == text);
  const auto bytes = read_file(path);
  REQUIRE(bytes.has_value());
  CHECK(bytes->view().text() == text);
  const auto mapping = map_file(path);
  REQUIRE(mapping.has_value());
  CHECK(mapping->view().text() == text);
  REQUIRE(write_text(path, "").has_value());
  CHECK(read_file(path)->view().empty());
  CHECK(map_file(path)->view().empty());
}

TEST_CASE("files: the mode is the one asked for, and an old file is replaced") {
  const Folder folder;
  const std::string path = folder.at("tool");
  const ::mode_t old = ::umask(077);
  REQUIRE(write_text(path, "one", 0755).has_value());
  ::umask(old);
  CHECK(file_info(path)->mode == 0755);
  const auto inode = file_info(path)->inode;
  const auto mapping = map_file(path);
  REQUIRE(write_text(path, "two, longer", 0644).has_value());
  CHECK(read_text(path) == "two, longer");
  CHECK(file_info(path)->mode == 0644);
  CHECK(file_info(path)->inode != inode);
  // Who has the old file open keeps all of it.
  CHECK(mapping->view().text() == "one");
  CHECK(folder.names() == Words{"tool"});
}

TEST_CASE("files: a write that fails changes nothing and leaves nothing") {
  const Folder folder;
  REQUIRE(write_text(folder.at("file"), "as it was").has_value());
  CHECK(error_of(write_text(folder.at("file/below"), "x")) == Errc::not_found);
  CHECK(read_text(folder.at("file")) == "as it was");
  // The rename fails when a folder is in the way; the temporary file must go.
  REQUIRE(write_text(folder.at("taken/inside"), "kept").has_value());
  CHECK_FALSE(write_text(folder.at("taken"), "x").has_value());
  CHECK(folder.names() == Words{"file", "taken"});
  CHECK(search_folder(folder.at("taken")) == Words{"inside"});
  CHECK(read_text(folder.at("taken/inside")) == "kept");
}

TEST_CASE("files: a folder that cannot be written to") {
  if (::geteuid() == 0) {
    MESSAGE("skipped: root may write everywhere");
    return;
  }
  const Folder folder;
  REQUIRE(write_text(folder.at("locked/file"), "as it was").has_value());
  REQUIRE(::chmod(folder.at("locked").c_str(), 0500) == 0);
  CHECK(error_of(write_text(folder.at("locked/file"), "x")) == Errc::permission);
  CHECK(read_text(folder.at("locked/file")) == "as it was");
  CHECK(search_folder(folder.at("locked")) == Words{"file"});
  REQUIRE(::chmod(folder.at("locked").c_str(), 0700) == 0);
}

TEST_CASE("files: what is no regular file is an error and never a wait") {
  const Folder folder;
  const std::string fifo = folder.at("fifo");
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  CHECK(error_of(read_file(fifo)) == Errc::invalid_argument);
  CHECK(error_of(read_text(fifo)) == Errc::invalid_argument);
  CHECK(error_of(map_file(fifo)) == Errc::invalid_argument);
  CHECK_FALSE(is_file(fifo));
  CHECK_FALSE(is_folder(fifo));
  CHECK_FALSE(read_file(folder.folder.path).has_value());
  CHECK_FALSE(read_file("/dev/null").has_value());
  CHECK(error_of(read_file(folder.at("none"))) == Errc::not_found);
  CHECK(error_of(map_file(folder.at("fifo/below"))) == Errc::not_found);
}

TEST_CASE("files: reading text has a limit") {
  const Folder folder;
  REQUIRE(write_text(folder.at("long"), std::string(300'000, 'x')).has_value());
  const auto text = read_text(folder.at("long"), 100);
  REQUIRE(text.has_value());
  CHECK(*text == std::string(100, 'x'));
  CHECK(read_text(folder.at("long"))->size() == 300'000);
  // A file of /proc says that it has no bytes.
  if (is_file("/proc/self/status")) CHECK(read_text("/proc/self/status")->contains("Pid:"));
}

TEST_CASE("files: information and lists") {
  const Folder folder;
  REQUIRE(write_text(folder.at("b"), "12345").has_value());
  REQUIRE(make_folders(folder.at("a/c")).has_value());
  REQUIRE(make_folders(folder.at("a/c")).has_value());
  CHECK(folder.names() == Words{"a", "b"});
  CHECK(file_info(folder.at("b"))->size == 5);
  CHECK(file_info(folder.at("b"))->kind == FileInfo::Kind::file);
  CHECK(is_folder(folder.at("a/c")));
  CHECK_FALSE(file_info(folder.at("none")).has_value());
  CHECK(search_folder(folder.at("none")).empty());
  CHECK_FALSE(make_folders(folder.at("b")).has_value());
  CHECK_FALSE(make_folders(folder.at("b/c")).has_value());
}

TEST_CASE("files: removing a folder does not follow links out of it") {
  const Folder folder;
  REQUIRE(write_text(folder.at("outside/file"), "kept").has_value());
  REQUIRE(write_text(folder.at("tree/sub/file"), "x").has_value());
  REQUIRE(::symlink(folder.at("outside").c_str(), folder.at("tree/link").c_str()) == 0);
  remove_tree(folder.at("tree"));
  remove_tree(folder.at("never there"));
  CHECK(folder.names() == Words{"outside"});
  CHECK(read_text(folder.at("outside/file")) == "kept");
  REQUIRE(::symlink(folder.at("outside").c_str(), folder.at("link").c_str()) == 0);
  CHECK(real_path(folder.at("link/file")) == real_path(folder.at("outside/file")));
  CHECK_FALSE(real_path(folder.at("none")).has_value());
}

TEST_CASE("files: temporary folders are new, private and go") {
  std::string kept;
  {
    const TemporaryFolder one(make_temporary_folder("tenon-test").value());
    const TemporaryFolder two(make_temporary_folder("tenon-test").value());
    CHECK(one.path != two.path);
    CHECK(file_info(one.path)->mode == 0700);
    REQUIRE(write_text(one.path + "/a/b", "x").has_value());
    kept = one.path;
  }
  CHECK_FALSE(file_info(kept).has_value());
  const Setting setting("TMPDIR", "/no/such/folder");
  CHECK_FALSE(make_temporary_folder("tenon-test").has_value());
}

// Each one who makes a directory removes those that nobody holds. One that was just made, and not
// yet locked, went with them.
TEST_CASE("files: a temporary folder that is in use is never taken for one that was left") {
  const Folder folder;
  const Setting top("TMPDIR", folder.folder.path.c_str());
  constexpr std::size_t makers = 4;
  constexpr std::size_t each = 120;
  std::array<Words, makers> made;
  {
    std::vector<std::jthread> threads;
    for (Words& mine : made) {
      threads.emplace_back([&mine] {
        for (std::size_t i = 0; i < each; ++i) {
          if (auto path = make_temporary_folder("tenon-test")) mine.push_back(*std::move(path));
        }
      });
    }
  }
  for (const Words& mine : made) {
    CHECK(mine.size() == each);
    for (const std::string& path : mine) CHECK(is_folder(path));
  }
}

TEST_CASE("files: a lock has one holder at a time") {
  const Folder folder;
  const std::string path = folder.at("lock");
  {
    const auto first = FileLock::try_lock(path);
    REQUIRE(first.has_value());
    REQUIRE(first->has_value());
    const auto second = FileLock::try_lock(path);
    REQUIRE(second.has_value());
    CHECK_FALSE(second->has_value());
    const auto other = FileLock::try_lock(folder.at("other"));
    CHECK((other.has_value() && other->has_value()));
  }
  const auto again = FileLock::try_lock(path);
  CHECK((again.has_value() && again->has_value()));
  CHECK_FALSE(FileLock::try_lock(folder.at("lock/below")).has_value());
}

// As dirname(1) and basename(1), but for a trailing slash, which no caller has.
TEST_CASE("files: parts of paths") {
  CHECK(base_name("/a/b.c") == "b.c");
  CHECK(base_name("b.c") == "b.c");
  CHECK(folder_of("/a/b.c") == "/a");
  CHECK(folder_of("/a") == "/");
  CHECK(folder_of("a") == "");
  CHECK(join_path("/a", "b") == "/a/b");
  CHECK(join_path("/a/", "b") == "/a/b");
  CHECK(join_path("", "b") == "b");
  CHECK(join_path("/a", "/b") == "/b");
  CHECK(is_file(own_path()));
  CHECK(is_folder(current_folder()));
}

TEST_CASE("files: where derived files are kept") {
  const Setting own("TENON_CACHE", "/own");
  const Setting xdg("XDG_CACHE_HOME", "/xdg");
  const Setting home("HOME", "/home/u");
  CHECK(cache_folder() == "/own");
  const Setting no_own("TENON_CACHE", "");
  CHECK(cache_folder() == "/xdg/tenon");
  // The XDG specification: a path that is not absolute is to be ignored.
  const Setting relative("XDG_CACHE_HOME", "relative");
#if defined(__APPLE__)
  CHECK(cache_folder() == "/home/u/Library/Caches/tenon");
#else
  CHECK(cache_folder() == "/home/u/.cache/tenon");
#endif
  const Setting homeless("HOME", nullptr);
  CHECK(cache_folder().empty());
}

TEST_CASE("files: the disk as a source keeps what it opened") {
  const Folder folder;
  REQUIRE(write_text(folder.at("a"), "text").has_value());
  DiskFiles files;
  CHECK(files.exists(folder.at("a")));
  CHECK_FALSE(files.exists(folder.folder.path));
  const auto view = files.open(folder.at("a"));
  REQUIRE(view.has_value());
  REQUIRE(write_text(folder.at("a"), "other").has_value());
  CHECK(view->text() == "text");
  CHECK(files.open(folder.at("a"))->text() == "text");
  CHECK_FALSE(files.open(folder.at("none")).has_value());
}

TEST_CASE("a link, a FIFO stay what they are when they are written to") {
  const auto made = make_temporary_folder("tenon-files-");
  REQUIRE(made);
  const TemporaryFolder folder(*made);
  const std::string file = join_path(folder.path, "file"), link = join_path(folder.path, "link");
  REQUIRE(write_text(file, "old"));
  REQUIRE(::symlink("file", link.c_str()) == 0);
  REQUIRE(write_text(link, "new"));
  CHECK(is_link(link));
  CHECK(read_text(file).value_or("") == "new");

  const std::string fifo = join_path(folder.path, "fifo");
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  const int reader = ::open(fifo.c_str(), O_RDONLY | O_NONBLOCK);
  REQUIRE(reader >= 0);
  CHECK(write_text(fifo, "through"));
  char buffer[16] = {};
  CHECK(::read(reader, buffer, sizeof buffer) == 7);
  CHECK(std::string_view(buffer) == "through");
  ::close(reader);
  struct stat info{};
  REQUIRE(::stat(fifo.c_str(), &info) == 0);
  CHECK(S_ISFIFO(info.st_mode));
}

TEST_CASE("files: appending adds to a file that is there, and makes none") {
  const Folder folder;
  CHECK_FALSE(append_to_file(folder.at("none"), "x"));
  CHECK(folder.names().empty());
  REQUIRE(write_text(folder.at("a"), "one\n").has_value());
  CHECK(append_to_file(folder.at("a"), "two\n"));
  CHECK(read_text(folder.at("a")).value() == "one\ntwo\n");
}

TEST_CASE("files: the first lines of parallel writers of a log are all there") {
  constexpr int writers = 8;
  for (int round = 0; round < 40; ++round) {
    const Folder folder;
    const std::string path = folder.at("sub/log");
    std::atomic<int> ready = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < writers; ++i) {
      threads.emplace_back([&] {
        for (++ready; ready < writers;) std::this_thread::yield();
        append_to_log(path, "line\n", 1000);
      });
    }
    threads.clear();
    CHECK(read_text(path)->size() == writers * std::string_view("line\n").size());
    CHECK(file_info(path)->mode == 0600);
  }
}

TEST_CASE("files: a log that has grown moves, once, and follows no link") {
  const Folder folder;
  const std::string path = folder.at("log");
  CHECK(append_to_log(path, "one\n", 6));
  CHECK_FALSE(file_info(path + ".1").has_value());
  CHECK(append_to_log(path, "two\n", 6));
  CHECK(append_to_log(path, "three\n", 6));
  CHECK(read_text(path + ".1") == "one\ntwo\n");
  CHECK(read_text(path) == "three\n");
  REQUIRE(::symlink(path.c_str(), folder.at("link").c_str()) == 0);
  CHECK_FALSE(append_to_log(folder.at("link"), "x", 6));
  CHECK(read_text(path) == "three\n");
}

TEST_CASE("files: renaming takes the place of a file, a missing one is an error") {
  const Folder folder;
  REQUIRE(write_text(folder.at("a"), "new").has_value());
  REQUIRE(write_text(folder.at("b"), "old").has_value());
  REQUIRE(rename_file(folder.at("a"), folder.at("b")).has_value());
  CHECK(folder.names() == Words{"b"});
  CHECK(read_text(folder.at("b")).value() == "new");
  const auto gone = rename_file(folder.at("a"), folder.at("b"));
  REQUIRE_FALSE(gone.has_value());
  CHECK(gone.error().code == Errc::not_found);
}

TEST_CASE("files: a link that leads elsewhere is replaced, one that is right stays") {
  const Folder folder;
  REQUIRE(write_text(folder.at("one"), "1").has_value());
  REQUIRE(write_text(folder.at("two"), "2").has_value());
  const std::string link = folder.at("link");
  REQUIRE(make_link(folder.at("one"), link).has_value());
  REQUIRE(make_link(folder.at("one"), link).has_value());
  CHECK(read_text(link).value() == "1");
  REQUIRE(make_link(folder.at("two"), link).has_value());
  CHECK(read_text(link).value() == "2");
  CHECK(folder.names() == Words{"link", "one", "two"});
  CHECK_FALSE(make_link(folder.at("one"), folder.at("no/such")).has_value());
}

TEST_CASE("files: what cannot be looked up is an error, what is not there is nothing") {
  const Folder folder;
  REQUIRE(write_text(folder.at("a"), "1").has_value());
  REQUIRE(::symlink("loop", folder.at("loop").c_str()) == 0);
  CHECK(look_up(folder.at("a")).value().value().kind == FileInfo::Kind::file);
  CHECK_FALSE(look_up(folder.at("gone")).value().has_value());
  CHECK_FALSE(look_up(folder.at("a/below")).value().has_value());
  CHECK_FALSE(look_up("").value().has_value());
  CHECK_FALSE(look_up(folder.at("loop")).has_value());
  CHECK_FALSE(look_up(folder.at(std::string(300, 'x'))).has_value());
}
