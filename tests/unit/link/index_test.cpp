#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "link/closure_builder.h"
#include "link/index/index_file.h"
#include "link/index/library_index.h"
#include "link/index/symbol_names.h"

using namespace tenon;
using namespace tenon::link;
using namespace tenon::test;

namespace {

Library script(const std::string& file, const std::vector<kind::ScriptInput>& inputs) {
  Library out;
  out.folder = "/s/usr/lib";
  out.file = file;
  out.names = {std::string(library_name(file))};
  out.kind = LibraryKind::script;
  out.plain_link = true;
  out.inputs = inputs;
  return out;
}

}  // namespace

TEST_CASE("link names: each name has one number, whatever their count") {
  SymbolNames names;
  std::vector<SymbolId> ids;
  for (int i = 0; i < 5000; ++i) ids.push_back(names.intern("symbol" + std::to_string(i)));
  for (int i = 0; i < 5000; ++i) {
    const std::string name = "symbol" + std::to_string(i);
    CHECK(names.intern(name) == ids[static_cast<std::size_t>(i)]);
    CHECK(names.text(ids[static_cast<std::size_t>(i)]) == name);
  }
  CHECK(names.size() == 5000);
  CHECK_FALSE(names.find("symbol5000").has_value());
  CHECK(names.intern("") == 5000);
  CHECK(names.text(9999).empty());
}

TEST_CASE("link index: the five states of a library") {
  IndexBuilder b;
  b.archive("both", {{"b.o", {"b"}, {}}}).shared("both", {"b"}).shared("only", {"o"});
  Library wrong = archive_of(b.index.names, "wrong", {});
  wrong.state = LibraryState::wrong_machine;
  Library damaged = archive_of(b.index.names, "damaged", {});
  damaged.state = LibraryState::unreadable;
  b.index.libraries.push_back(wrong);
  b.index.libraries.push_back(damaged);
  b.done();
  CHECK(b.index.look_up("both").found == FoundAs::archive);
  CHECK(b.index.look_up("both").shared != nullptr);
  CHECK(b.index.look_up("only").found == FoundAs::shared);
  CHECK(b.index.look_up("wrong").found == FoundAs::wrong_machine);
  CHECK(b.index.look_up("damaged").found == FoundAs::unreadable);
  CHECK(b.index.look_up("none").found == FoundAs::absent);
  CHECK(b.index.definers(*b.index.names.find("b")).size() == 2);
  CHECK(b.index.definers(999999).empty());
}

TEST_CASE("link index: a file for this machine behind one for another is found") {
  IndexBuilder b;
  Library wrong = archive_of(b.index.names, "x", {});
  wrong.state = LibraryState::wrong_machine;
  b.index.libraries.push_back(wrong);
  b.archive("x", {{"x.o", {"x"}, {}}}).done();
  CHECK(b.index.look_up("x").found == FoundAs::archive);
  CHECK(b.index.look_up("x").other != nullptr);
}

TEST_CASE("link index: the first of two archives of one name counts") {
  IndexBuilder b;
  b.archive("x", {{"one.o", {"x"}, {}}}).archive("x", {{"two.o", {"x"}, {}}}).done();
  CHECK(b.index.look_up("x").archive == &b.index.libraries[0]);
  CHECK(b.index.shadowed(1));
  CHECK(b.index.definers(*b.index.names.find("x")).size() == 1);
}

TEST_CASE("link index: a script leads to the library that it names") {
  IndexBuilder b;
  b.index.libraries.push_back(
      script("libncurses.so", {{"libtinfo.so.1", false, true, false}, {"nc", true, false, false}}));
  b.index.libraries.push_back(script("libm.a", {{"/usr/lib/libm-2.36.a", false, false, true}}));
  b.shared("nc", {"initscr"}).archive("m-2.36", {{"s.o", {"sin"}, {}}}).done();
  CHECK(b.index.look_up("ncurses").shared == &b.index.libraries[2]);
  CHECK(b.index.look_up("m").archive == &b.index.libraries[3]);
  CHECK(b.index.by_soname("libnc.so.1") == &b.index.libraries[2]);
}

TEST_CASE("link index: the cache gives back what was written") {
  IndexBuilder b;
  b.archive("x", {{"a.o", {"a", "?w"}, {"malloc"}}, {"b.o", {"b"}, {"?hook"}}})
      .shared("y", {"y"}, {"c"});
  b.index.libraries[0].stamp = {1, 2, -3, 4, 5};
  b.index.libraries[1].why = "because";
  b.index.libraries.push_back(script("libc.so", {{"c", true, true, false}}));
  (void)b.index.names.intern("of nobody");
  const std::string bytes = write_index(
      b.index.names, {&b.index.libraries[0], &b.index.libraries[1], &b.index.libraries[2]});
  SymbolNames names;
  const auto read = read_index(view_of(bytes), names);
  REQUIRE(read);
  REQUIRE(read->size() == 3);
  const Library& x = read->front();
  CHECK(x.path() == "/s/usr/lib/libx.a");
  CHECK(x.stamp == b.index.libraries[0].stamp);
  CHECK(x.members == b.index.libraries[0].members);
  REQUIRE(x.definitions.size() == 3);
  CHECK(names.text(x.definitions[1].symbol()) == "w");
  CHECK(x.definitions[1].weak());
  CHECK(names.text(x.needed_by(x.members[1])[0].symbol()) == "hook");
  CHECK((*read)[1].needed == Names{"libc.so.1"});
  CHECK((*read)[1].why == "because");
  CHECK((*read)[2].inputs[0].as_needed);
  CHECK_FALSE(names.find("of nobody").has_value());
}

TEST_CASE("link index: a damaged cache is refused") {
  IndexBuilder b;
  b.archive("x", {{"a.o", {"a"}, {"malloc"}}});
  const std::string bytes = write_index(b.index.names, {&b.index.libraries[0]});
  const auto refused = [](const std::string& text) {
    SymbolNames names;
    return !read_index(view_of(text), names).has_value();
  };
  CHECK_FALSE(refused(bytes));
  CHECK(refused(""));
  CHECK(refused("tenon link index 0\n" + bytes.substr(19)));
  CHECK(refused(bytes + "x"));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK(refused(changed));
    CHECK(refused(bytes.substr(0, i)));
  }
}
