#include "host/replacement.h"

#include <doctest/doctest.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "host/file_identity.h"
#include "host/files.h"
#include "host/folder_below.h"
#include "host/locked_file.h"

using namespace tenon;

namespace {

Result<ReplacementNotes> replace(const ReplacementRequest& request, std::string_view text) {
  Replacement file = TENON_TRY(Replacement::open(request));
  TENON_TRY(file.write(view_of(text).bytes()));
  return file.commit();
}

struct Place {
  TemporaryFolder folder{make_temporary_folder("tenon-test").value()};
  std::string file = folder.path + "/file";

  Place() { REQUIRE(write_text(file, "old", 0640).has_value()); }
};

}  // namespace

TEST_CASE("replacement: new contents, old mode, nothing beside it") {
  const Place place;
  REQUIRE(replace({.path = place.file}, "new").has_value());
  CHECK(read_text(place.file).value() == "new");
  CHECK(file_info(place.file)->mode == 0640U);
  CHECK(search_folder(place.folder.path) == std::vector<std::string>{"file"});
}

TEST_CASE("replacement: a copy of the old file with other bytes at its ends") {
  const Place place;
  const std::string old(3'000'000, 'x');
  REQUIRE(write_text(place.file, old, 0640).has_value());
  const auto source = LockedFile::open(place.file);
  REQUIRE(source.has_value());
  auto file = Replacement::open({.path = place.file, .source = source->identity()});
  REQUIRE(file.has_value());
  REQUIRE(file->copy(source->descriptor(), old.size()).has_value());
  REQUIRE(file->write_at(0, view_of("head").bytes()).has_value());
  REQUIRE(file->write_at(2'000'000, view_of("tail").bytes()).has_value());
  REQUIRE(file->cut(2'000'004).has_value());
  REQUIRE(file->commit().has_value());
  const std::string made = read_text(place.file, 4'000'000).value();
  CHECK(made == "head" + old.substr(4, 2'000'000 - 4) + "tail");
  // More than there is: somebody cut it short.
  auto longer = Replacement::open({.path = place.file});
  REQUIRE(longer.has_value());
  const auto copied = longer->copy(source->descriptor(), old.size() + 1);
  REQUIRE_FALSE(copied.has_value());
  CHECK(copied.error().code == Errc::changed);
}

TEST_CASE("replacement: bytes move to either side over themselves") {
  std::string old;
  for (std::size_t i = 0; i < 700'000; ++i) old += std::to_string(i);
  const std::size_t size = old.size() - 200'000;
  for (const auto& [from, to] : {std::pair<std::size_t, std::size_t>{100'000, 100'003},
                                 {100'000, 99'997},
                                 {0, 200'000},
                                 {200'000, 0},
                                 {7, 7}}) {
    const Place place;
    auto file = Replacement::open({.path = place.file});
    REQUIRE(file.has_value());
    REQUIRE(file->write(view_of(old).bytes()).has_value());
    REQUIRE(file->move(from, to, size).has_value());
    REQUIRE(file->commit().has_value());
    std::string right = old;
    right.replace(to, size, old.substr(from, size));
    CHECK(read_text(place.file, old.size()).value() == right);
  }
}

TEST_CASE("replacement: without commit everything is as it was") {
  const Place place;
  {
    auto file = Replacement::open({.path = place.file});
    REQUIRE(file.has_value());
    REQUIRE(file->write(view_of("half").bytes()).has_value());
    CHECK(read_text(file->readable()).value() == "half");
  }
  CHECK(read_text(place.file).value() == "old");
  CHECK(search_folder(place.folder.path).size() == 1);
}

TEST_CASE("replacement: an edit made meanwhile is not lost") {
  const Place place;
  auto file = Replacement::open({.path = place.file});
  REQUIRE(file.has_value());
  REQUIRE(write_text(place.file, "by somebody else").has_value());
  const auto done = file->commit();
  REQUIRE(!done.has_value());
  CHECK(done.error().code == Errc::changed);
  CHECK(read_text(place.file).value() == "by somebody else");
}

TEST_CASE("replacement: the file that was read, not the one that is there by now") {
  const Place place;
  const FileIdentity read = file_identity(place.file).value();
  REQUIRE(write_text(place.file, "newer").has_value());
  const auto done = replace({.path = place.file, .root = {}, .source = read}, "from the old one");
  REQUIRE(!done.has_value());
  CHECK(done.error().code == Errc::changed);
  CHECK(read_text(place.file).value() == "newer");
}

TEST_CASE("replacement: a file that appears where none was is left alone") {
  const Place place;
  const std::string path = place.folder.path + "/fresh";
  auto file = Replacement::open({.path = path});
  REQUIRE(file.has_value());
  REQUIRE(write_text(path, "first").has_value());
  CHECK(file->commit().error().code == Errc::changed);
  CHECK(read_text(path).value() == "first");
}

TEST_CASE(
    "replacement: of two writers of independent contents none fails, and the later one stays") {
  const Place place;
  for (const std::string& path : {place.file, place.folder.path + "/fresh"}) {
    auto first = Replacement::open({.path = path, .independent = true});
    auto second = Replacement::open({.path = path, .independent = true});
    REQUIRE(first.has_value());
    REQUIRE(second.has_value());
    REQUIRE(first->write(view_of("first").bytes()).has_value());
    REQUIRE(second->write(view_of("second").bytes()).has_value());
    CHECK(second->commit().has_value());
    CHECK(first->commit().has_value());
    CHECK(read_text(path).value() == "first");
  }
}

TEST_CASE("replacement: no link is followed below the root") {
  const Place place;
  const std::string root = place.folder.path + "/Bundle", outside = place.folder.path + "/outside";
  REQUIRE(make_folders(root + "/sub").has_value());
  REQUIRE(make_folders(outside).has_value());
  REQUIRE(write_text(outside + "/victim", "precious").has_value());
  REQUIRE(::symlink("../../outside/victim", (root + "/sub/file").c_str()) == 0);
  REQUIRE(::symlink("../outside", (root + "/linked").c_str()) == 0);
  for (const std::string& path : {root + "/sub/file", root + "/linked/victim"}) {
    CAPTURE(path);
    const auto done = replace({.path = path, .root = root}, "bad");
    REQUIRE(!done.has_value());
    CHECK(done.error().code == Errc::link);
  }
  CHECK(replace({.path = root + "/../outside/victim", .root = root}, "bad").error().code ==
        Errc::invalid_argument);
  CHECK(replace({.path = outside + "/victim", .root = root}, "bad").error().code ==
        Errc::invalid_argument);
  CHECK(read_text(outside + "/victim").value() == "precious");
  REQUIRE(replace({.path = root + "/sub/new", .root = root}, "good").has_value());
  CHECK(read_text(root + "/sub/new").value() == "good");
}

TEST_CASE("replacement: a link named as the file itself is refused") {
  const Place place;
  const std::string link = place.folder.path + "/link";
  REQUIRE(::symlink("file", link.c_str()) == 0);
  CHECK(replace({.path = link}, "x").error().code == Errc::link);
}

TEST_CASE("replacement: extended attributes stay, hard links are counted") {
  const Place place;
  const bool attributes = ::setxattr(place.file.c_str(), "user.note", "kept", 4, 0) == 0;
  REQUIRE(::link(place.file.c_str(), (place.folder.path + "/other").c_str()) == 0);
  const auto notes = replace({.path = place.file}, "new");
  REQUIRE(notes.has_value());
  CHECK(notes->other_names == 1);
  CHECK(notes->attributes_lost.empty());
  CHECK(read_text(place.folder.path + "/other").value() == "old");
  if (!attributes) return;  // a file system without them
  char value[8] = {};
  CHECK(::getxattr(place.file.c_str(), "user.note", value, sizeof value) == 4);
  CHECK(std::string(value) == "kept");
}

TEST_CASE("replacement: the owner stays, and set-id only with the owner") {
  if (::geteuid() != 0) return;  // only root can give files away
  const Place place;
  constexpr uid_t nobody = 65534;
  REQUIRE(::chown(place.file.c_str(), nobody, nobody) == 0);
  REQUIRE(::chmod(place.file.c_str(), 04755) == 0);
  const auto notes = replace({.path = place.file}, "new");
  REQUIRE(notes.has_value());
  struct stat info{};
  REQUIRE(::stat(place.file.c_str(), &info) == 0);
  CHECK(info.st_uid == nobody);
  CHECK((info.st_mode & 07777U) == 04755U);
  CHECK(!notes->set_id_dropped);
}

TEST_CASE("replacement: who cannot keep the owner drops set-id") {
  if (::geteuid() != 0) return;
  const Place place;
  REQUIRE(::chmod(place.folder.path.c_str(), 0777) == 0);
  REQUIRE(::chmod(place.file.c_str(), 04755) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setgid(65534) != 0 || ::setuid(65534) != 0) ::_exit(9);
    const auto notes = replace({.path = place.file}, "new");
    ::_exit(notes && notes->owner_lost && notes->set_id_dropped ? 0 : 1);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WEXITSTATUS(status) == 0);
  CHECK((file_info(place.file)->mode & 06000U) == 0U);
}

TEST_CASE("replacement: a group that cannot be kept is named, and takes its set-id bit along") {
  if (::geteuid() != 0) return;
  constexpr unsigned nobody = 65534;
  const Place place;
  REQUIRE(::chmod(place.folder.path.c_str(), 0777) == 0);
  REQUIRE(::chown(place.file.c_str(), nobody, 0) == 0);
  REQUIRE(::chmod(place.file.c_str(), 02755) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setgroups(0, nullptr) != 0 || ::setgid(nobody) != 0 || ::setuid(nobody) != 0) ::_exit(9);
    const auto notes = replace({.path = place.file}, "new");
    ::_exit(notes && notes->owner_lost && notes->set_id_dropped ? 0 : 1);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WEXITSTATUS(status) == 0);
  CHECK((file_info(place.file)->mode & 06000U) == 0U);
}

TEST_CASE("replacement: what a killed writer left goes with the next one") {
  const Place place;
  REQUIRE(write_text(place.folder.path + "/.tenon-replacement-abcdefgh0123", "half").has_value());
  const std::vector<std::string> others{".tenon-replacement-ABCDEFGH0123",
                                        ".tenon-replacement-mine", ".tenon-settings", "file"};
  for (const std::string& name : others) {
    REQUIRE(write_text(place.folder.path + "/" + name, "not ours").has_value());
  }
  REQUIRE(replace({.path = place.file}, "new").has_value());
  CHECK(search_folder(place.folder.path) == others);
}

TEST_CASE("replacement: the temporary name lies in the staging folder") {
  const Place place;
  const std::string inside = place.folder.path + "/sealed";
  REQUIRE(make_folders(inside).has_value());
  REQUIRE(replace({.path = inside + "/file",
                   .root = inside,
                   .source = {},
                   .mode = 0600U,
                   .staging = {place.folder.path}},
                  "new")
              .has_value());
  CHECK(search_folder(inside) == std::vector<std::string>{"file"});
  CHECK(file_info(inside + "/file")->mode == 0600U);
}

TEST_CASE("replacement: a staging folder that cannot be used gives way to the next") {
  const Place place;
  const std::string root = place.folder.path + "/root";
  REQUIRE(make_folders(root).has_value());
  const ReplacementRequest request{
      .path = root + "/new/file",
      .root = root,
      .staging = {place.folder.path + "/none", "/proc", root + "/made"},
      .folders = MissingFolder::make};
  REQUIRE(replace(request, "new").has_value());
  CHECK(read_text(root + "/new/file").value() == "new");
  CHECK(search_folder(root) == std::vector<std::string>{"made", "new"});
  CHECK(search_folder(root + "/made").empty());
  CHECK(replace({.path = root + "/x", .staging = {place.folder.path + "/none"}}, "new")
            .error()
            .code == Errc::io);
}

TEST_CASE("replacement: prepare() changes nothing, and sees what was changed") {
  const Place place;
  auto file = Replacement::open({.path = place.file});
  REQUIRE(file.has_value());
  REQUIRE(file->write(view_of("new").bytes()).has_value());
  REQUIRE(file->prepare().has_value());
  CHECK(read_text(place.file).value() == "old");
  CHECK_FALSE(file->in_place());
  REQUIRE(file->commit().has_value());
  CHECK(file->in_place());
  CHECK(read_text(place.file).value() == "new");
}

TEST_CASE("folders: what is removed below a root is not reached through links") {
  const Place place;
  const std::string root = place.folder.path + "/root";
  REQUIRE(write_text(root + "/a/b/file", "x").has_value());
  REQUIRE(::symlink("../..", (root + "/a/out").c_str()) == 0);
  REQUIRE(::symlink("..", (root + "/around").c_str()) == 0);
  CHECK(remove_below(root, root + "/around/file").error().code == Errc::link);
  REQUIRE(remove_below(root, root + "/a").has_value());
  CHECK(remove_below(root, root + "/a").has_value());
  CHECK(search_folder(root) == std::vector<std::string>{"around"});
  CHECK(read_text(place.file).value() == "old");
}
