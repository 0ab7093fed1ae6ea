#include "machine/probe/go_facts.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "host/files.h"

using namespace tenon;

namespace {

using Words = std::vector<std::string>;

// Environment variables for the length of a scope.
class Setting {
 public:
  Setting(const char* name, const std::optional<std::string>& value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    set(value);
  }

  Setting(const Setting&) = delete;
  Setting& operator=(const Setting&) = delete;

  ~Setting() { set(old_); }

 private:
  void set(const std::optional<std::string>& value) {
    if (value) {
      ::setenv(name_, value->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }

  const char* name_;
  std::optional<std::string> old_;
};

// A go command of our own in PATH, which writes down how it was called.
struct FakeGo {
  TemporaryFolder folder{make_temporary_folder("tenon-test").value()};
  std::string root = folder.path + "/root", project = folder.path + "/project",
              cache = folder.path + "/cache", calls_file = folder.path + "/calls";
  Setting path{"PATH", folder.path + "/bin:/usr/bin:/bin"};
  Setting home{"HOME", folder.path + "/home"};
  Setting xdg{"XDG_CONFIG_HOME", folder.path + "/config"};
  Setting goenv{"GOENV", std::nullopt};
  Setting cgo{"CGO_ENABLED", std::nullopt};

  FakeGo() {
    REQUIRE(make_folders(root + "/src").has_value());
    REQUIRE(write_text(project + "/go.mod", "module x\n").has_value());
    answers("go1.26.8\\n" + root + "\\n" + project + "/go.mod\\n-mod=mod\\n-O1\\n");
  }

  // `text` goes through printf, so that \n and octal escapes work.
  void answers(const std::string& text, int code = 0, const std::string& error = {}) {
    const std::string script = "#!/bin/sh\nprintf '%s ' \"$@\" >> " + calls_file + "\necho >> " +
                               calls_file + "\nprintf '" + text + "'\nprintf '%s' \"" + error +
                               "\" >&2\nexit " + std::to_string(code) + "\n";
    REQUIRE(write_text(folder.path + "/bin/go", script, 0755).has_value());
  }

  [[nodiscard]] std::size_t calls() const {
    const auto text = read_text(calls_file);
    return text ? split(*text, '\n').size() - 1 : 0;
  }

  [[nodiscard]] GoFacts probe() const {
    auto facts = probe_go(project, cache);
    REQUIRE(facts.has_value());
    return *facts;
  }
};

GoFacts with_root(const std::string& root, Version release) {
  GoFacts go;
  go.root = root;
  go.release = release;
  return go;
}

void write_linker(const std::string& root, const std::string& text) {
  REQUIRE(write_text(root + "/src/cmd/link/internal/ld/macho.go", text).has_value());
}

}  // namespace

TEST_CASE("go: facts") {
  const FakeGo fake;
  const GoFacts go = fake.probe();
  CHECK(go.program == fake.folder.path + "/bin/go");
  CHECK(go.version == "go1.26.8");
  CHECK(go.release == Version{1, 26, 8});
  CHECK(go.root == fake.root);
  CHECK(go.module == fake.project + "/go.mod");
  CHECK(go.goflags == "-mod=mod");
  CHECK(go.cgo_cflags == "-O1");
  CHECK(go.error.empty());
  CHECK(go.cgo_env.empty());
}

// A bare `go env` runs the C compiler, which may block.
TEST_CASE("go: only named variables are asked for") {
  const FakeGo fake;
  (void)fake.probe();
  const std::string call = *read_text(fake.calls_file);
  CHECK(call.starts_with("env GOVERSION "));
  CHECK_FALSE(call.contains("GOGCCFLAGS"));
  CHECK_FALSE(call.contains("-json"));
}

TEST_CASE("go: releases, candidates and development versions") {
  FakeGo fake;
  const auto release = [&](const std::string& version) {
    fake.answers(version + "\\n" + fake.root + "\\n\\n\\n\\n");
    const auto go = probe_go(fake.project, "");
    REQUIRE(go.has_value());
    return go->release;
  };
  CHECK(release("go1.21") == Version{1, 21, 0});
  CHECK(release("go1.27rc1") == Version{1, 27, 0});
  CHECK(release("devel go1.28-abcdef Mon Jan 1") == Version{1, 28, 0});
  CHECK(release("go1.26.8 X:nocoverageredesign") == Version{1, 26, 8});
  CHECK(release("weekly").empty());
}

TEST_CASE("go: the answer is kept until something that it depends on changes") {
  FakeGo fake;
  CHECK(fake.probe().version == "go1.26.8");
  CHECK(fake.probe().goflags == "-mod=mod");
  CHECK(fake.calls() == 1);
  {
    const Setting flags("GOFLAGS", "-mod=vendor");
    (void)fake.probe();
    CHECK(fake.calls() == 2);
  }
  REQUIRE(write_text(fake.project + "/go.mod", "module x\n\ntoolchain go1.27.0\n").has_value());
  (void)fake.probe();
  CHECK(fake.calls() == 3);
  REQUIRE(write_text(fake.folder.path + "/config/go/env", "GOFLAGS=-v\n").has_value());
  (void)fake.probe();
  CHECK(fake.calls() == 4);
  fake.answers("go1.30\\n" + fake.root + "\\n\\n\\n\\n");
  CHECK(fake.probe().version == "go1.30");
  CHECK(fake.calls() == 5);
  // A GOROOT that went away is no answer.
  remove_tree(fake.root);
  (void)fake.probe();
  CHECK(fake.calls() == 6);
}

TEST_CASE("go: a go that fails says why, and nothing is kept") {
  FakeGo fake;
  fake.answers("", 1, "go: go.mod requires go >= 1.99 (running go 1.26; GOTOOLCHAIN=local)");
  CHECK(fake.probe().error.contains("requires go >= 1.99"));
  CHECK(fake.probe().version.empty());
  CHECK(fake.calls() == 2);
  fake.answers("", 1);
  CHECK_FALSE(fake.probe().error.empty());
}

TEST_CASE("go: no go at all") {
  const FakeGo fake;
  const Setting path("PATH", fake.folder.path + "/nothing");
  CHECK_FALSE(probe_go(fake.project, "").has_value());
}

// cmd/go: the environment wins over the file of go env -w; GOENV names the file, "off" turns it
// off.
TEST_CASE("go: who switched cgo off") {
  const FakeGo fake;
  const std::string file = fake.folder.path + "/config/go/env";
  REQUIRE(write_text(file, "GOFLAGS=-v\nCGO_ENABLED=0\n").has_value());
#if !defined(__APPLE__)
  CHECK(fake.probe().cgo_env == "0");
  CHECK(fake.probe().cgo_where == file);
#endif
  {
    const Setting set("CGO_ENABLED", "1");
    CHECK(fake.probe().cgo_env == "1");
    CHECK(fake.probe().cgo_where == "the environment");
  }
  const std::string other = fake.folder.path + "/other";
  REQUIRE(write_text(other, "XCGO_ENABLED=7\nCGO_ENABLED_X=8\nCGO_ENABLED=off\n").has_value());
  {
    const Setting named("GOENV", other);
    CHECK(fake.probe().cgo_env == "off");
    CHECK(fake.probe().cgo_where == other);
  }
  const Setting off("GOENV", "off");
  CHECK(fake.probe().cgo_env.empty());
}

// cmd/link/internal/ld/macho.go of Go 1.26 and of 1.27.
TEST_CASE("go: the macOS version of Go's own linker, from its source") {
  const TemporaryFolder folder(make_temporary_folder("tenon-test").value());
  const GoFacts go = with_root(folder.path, {1, 21, 0});
  write_linker(folder.path,
               "\t\tcase objabi.Hdarwin:\n"
               "\t\t\t\tversion = 12<<16 | 0<<8 | 0<<0 // 12.0.0\n");
  CHECK(go_minimum_macos(go) == Version{12, 0, 0});
  write_linker(folder.path, "\t\t\t\tversion = 10<<16 | 13<<8 | 0<<0 // 10.13.0\n");
  CHECK(go_minimum_macos(go) == Version{10, 13, 0});
  write_linker(folder.path, "var (\n\tmacOS = macVersionFlag{13, 0, 0}\n)\n");
  CHECK(go_minimum_macos(go) == Version{13, 0, 0});
  write_linker(folder.path, "\tmacOS  = macVersionFlag{13, 1, 0}\n");
  CHECK(go_minimum_macos(go) == Version{13, 1, 0});
  write_linker(folder.path, "\tversion = something<<16 | 0<<8\n\tversion = 3<<16 | 0<<8\n");
  CHECK(go_minimum_macos(go) == Version{10, 15, 0});
}

// The release notes of Go, section "Ports".
TEST_CASE("go: the macOS version by release, where the source is not installed") {
  const auto minimum = [](Version release) {
    return go_minimum_macos(with_root("/no/such/root", release));
  };
  CHECK(minimum({1, 21, 0}) == Version{10, 15, 0});
  CHECK(minimum({1, 22, 5}) == Version{10, 15, 0});
  CHECK(minimum({1, 23, 0}) == Version{11, 0, 0});
  CHECK(minimum({1, 24, 9}) == Version{11, 0, 0});
  CHECK(minimum({1, 25, 0}) == Version{12, 0, 0});
  CHECK(minimum({1, 26, 8}) == Version{12, 0, 0});
  CHECK(minimum({1, 27, 0}) == Version{13, 0, 0});
}

TEST_CASE("go: packages, dependencies first") {
  FakeGo fake;
  const GoFacts go = fake.probe();
  // Fields end in \037, items in \036, records in \035.
  fake.answers(
      "net\\037net\\037/root/net\\037true\\037true\\037cgo.go\\036b.go\\037\\037\\037\\037"
      "-lresolv\\037\\037C\\036unsafe\\035\\n"
      "x/lib\\037lib\\037/x/lib\\037false\\037true\\037\\037c_cgo.go\\037a.cc\\037zlib"
      "\\037\\037\\035\\n"
      "x/dep\\037main\\037/x/dep\\037false\\037true\\037\\037\\037\\037\\037\\037\\035\\n"
      "x/cmd\\037main\\037/x/cmd\\037false\\037false\\037\\037\\037\\037\\037\\037"
      "\"no files\"\\035\\n");
  const GoList list = list_packages(go, fake.project, {"-tags=a"}, {"./..."}, {"GOOS=darwin"});
  CHECK(list.error.empty());
  CHECK_FALSE(list.timed_out);
  REQUIRE(list.packages.size() == 4);
  CHECK(list.packages[0].path == "net");
  CHECK(list.packages[0].standard);
  CHECK(list.packages[0].cgo_files == Words{"cgo.go", "b.go"});
  CHECK(list.packages[0].cgo_ldflags == Words{"-lresolv"});
  CHECK(list.packages[0].imports == Words{"C", "unsafe"});
  CHECK(list.packages[1].folder == "/x/lib");
  CHECK_FALSE(list.packages[1].standard);
  CHECK(list.packages[1].cgo_files.empty());
  CHECK(list.packages[1].ignored_files == Words{"c_cgo.go"});
  CHECK(list.packages[1].cxx_files == Words{"a.cc"});
  CHECK(list.packages[1].pkg_config == Words{"zlib"});
  CHECK(list.packages[3].error == "\"no files\"");
  // A program that is only a dependency was not asked for.
  CHECK(list.mains == Words{"x/cmd"});
  const std::string calls = *read_text(fake.calls_file);
  CHECK(calls.contains("list -e -deps -f "));
  CHECK(calls.contains(" -tags=a -- ./... "));
}

TEST_CASE("go: a list that fails keeps what was said") {
  FakeGo fake;
  const GoFacts go = fake.probe();
  fake.answers("half a record\\037", 1, "go: cannot find main module");
  const GoList list = list_packages(go, fake.project, {}, {"."}, {});
  CHECK(list.error == "go: cannot find main module");
  CHECK(list.packages.empty());
  CHECK(list.mains.empty());
  remove_tree(fake.folder.path + "/bin/go");
  CHECK_FALSE(list_packages(go, fake.project, {}, {"."}, {}).error.empty());
}
