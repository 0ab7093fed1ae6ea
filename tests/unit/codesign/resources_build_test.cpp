#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/text.h"
#include "codesign/resources/build.h"
#include "codesign/resources/verify_resources.h"
#include "codesign/resources_bundle.h"
#include "codesign/resources_golden.h"
#include "format/plist/plist.h"

using namespace tenon;
using namespace tenon::resources;
using namespace tenon::test;

namespace {

Result<NestedEntry> fixed_seal(const std::string&, const resources::Code&) {
  NestedEntry seal;
  for (std::size_t i = 0; i < seal.cdhash.size(); ++i) seal.cdhash[i] = static_cast<std::byte>(i);
  seal.requirement = "identifier \"inner\" and anchor apple";
  return seal;
}

void golden_bundle(MemoryTree& tree) {
  tree.add_file("A.app/Contents/Info.plist", info_plist("A"));
  tree.add_file("A.app/Contents/MacOS/A", "code", true);
  tree.add_file("A.app/Contents/version.plist", "v1\n");
  tree.add_file("A.app/Contents/Resources/a.txt", "hello\n");
  tree.add_file("A.app/Contents/Resources/en.lproj/x.strings", "\"a\"=\"b\";\n");
  tree.add_file("A.app/Contents/Resources/en.lproj/locversion.plist", "left out");
  tree.add_file("A.app/Contents/Resources/Base.lproj/y.nib", "nib");
  tree.add_file("A.app/Contents/Resources/.DS_Store", "left out");
  tree.add_file("A.app/Contents/PkgInfo", "left out");
  tree.add_file("A.app/Contents/_CodeSignature/CodeResources", "left out");
  tree.add_file("A.app/Contents/_MASReceipt/receipt", "left out");
  tree.add_link("A.app/Contents/CodeResources", "_CodeSignature/CodeResources");
  tree.add_link("A.app/Contents/Resources/link", "a.txt");
  tree.add_file("A.app/Contents/Frameworks/Inner.framework/Info.plist", info_plist("Inner"));
}

std::vector<std::string> order_of(MemoryTree& tree, const std::string& root) {
  const auto steps = signing_order(tree, root);
  REQUIRE(steps.has_value());
  std::vector<std::string> out;
  for (const SigningStep& step : *steps) {
    out.push_back(std::to_string(static_cast<int>(step.kind)) + " " + step.path);
  }
  return out;
}

}  // namespace

TEST_CASE("sha1: vectors of FIPS 180 and of lengths around a block") {
  const auto hex = [](std::string_view text) {
    const Sha1 digest = sha1(view_of(text).bytes());
    return to_hex(digest.data(), digest.size());
  };
  CHECK(hex("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  CHECK(hex("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(hex(std::string(1000000, 'a')) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
  CHECK(hex(std::string(55, 'a')) == "c1c8bbdc22796e28c0e15163d20899b65621d65a");
  CHECK(hex(std::string(56, 'a')) == "c2db330f6083854c99d4b5bfb6e8f29f201be699");
  CHECK(hex(std::string(64, 'a')) == "0098ba824b5c16427bd7a1122a5a442a25ec644d");
}

TEST_CASE("resources: CodeResources is that of another program") {
  MemoryTree tree;
  golden_bundle(tree);
  const auto bytes = build_code_resources(tree, must_layout(tree, "A.app"), {}, fixed_seal);
  REQUIRE(bytes.has_value());
  CHECK(*bytes == golden_code_resources);
}

TEST_CASE("resources: SHA-1 beside SHA-256, and no version 1") {
  MemoryTree tree;
  golden_bundle(tree);
  const auto bytes =
      build_code_resources(tree, must_layout(tree, "A.app"), {true, false}, fixed_seal);
  REQUIRE(bytes.has_value());
  const auto value = plist::parse(view_of(*bytes));
  REQUIRE(value.has_value());
  CHECK(value->dict()->find("files") == nullptr);
  const plist::Value* file = value->dict()->find("files2")->dict()->find("Resources/a.txt");
  const plist::Data& hash = *file->dict()->find("hash")->data();
  CHECK(to_hex(hash.data(), hash.size()) == "f572d396fae9206628714fb2ce00f72e94f2258f");
  const plist::Data& hash2 = *file->dict()->find("hash2")->data();
  CHECK(to_hex(hash2.data(), hash2.size()) ==
        "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03");
}

TEST_CASE("resources: flat bundles have no places for code") {
  MemoryTree tree;
  tree.add_file("A.app/Info.plist", info_plist("A"));
  tree.add_file("A.app/A", signed_program("A"), true);
  tree.add_file("A.app/Frameworks/x.dylib", "as a file");
  tree.add_file("A.app/en.lproj/x.strings", "x");
  const BundleLayout layout = must_layout(tree, "A.app");
  CHECK(layout.kind == BundleLayout::Kind::flat);
  CHECK(layout.executable == "A.app/A");
  tree.add_file("A.app/_CodeSignature/CodeResources", must_seal(tree, layout));
  const Comparison verdict = compare(tree, layout);
  CHECK(verdict.verdict.state == State::valid);
  CHECK(verdict.strict);
  CHECK(verdict.checked == 2);
  CHECK(verdict.nested.empty());
}

TEST_CASE("resources: rules of the bundle itself") {
  MemoryTree tree;
  tree.add_file("A.bundle/Contents/Info.plist",
                "<plist><dict><key>CFBundleResourceSpecification</key><string>rules.plist</string>"
                "</dict></plist>");
  tree.add_file(
      "A.bundle/Contents/rules.plist",
      "<plist><dict><key>rules</key><dict><key>^.*</key><true/><key>^Resources/secret</key>"
      "<dict><key>omit</key><true/><key>weight</key><integer>5</integer></dict></dict>"
      "</dict></plist>");
  tree.add_file("A.bundle/Contents/Resources/secret", "x");
  tree.add_file("A.bundle/Contents/Resources/known", "x");
  const BundleLayout layout = must_layout(tree, "A.bundle");
  const std::string bytes = must_seal(tree, layout);
  CHECK(bytes.contains("<key>Resources/known</key>"));
  CHECK_FALSE(bytes.contains("<key>Resources/secret</key>"));
  tree.add_file("A.bundle/Contents/_CodeSignature/CodeResources", bytes);
  const Comparison verdict = compare(tree, layout);
  CHECK(verdict.verdict.state == State::valid);
  CHECK_FALSE(verdict.strict);
  REQUIRE(verdict.problems.size() == 1);
  CHECK(verdict.problems[0].issue == Issue::weak_rules);
}

TEST_CASE("resources: what cannot be sealed names its path") {
  const auto error_of = [](MemoryTree& tree) {
    const auto bytes = build_code_resources(
        tree, must_layout(tree, "A.app"), {},
        [&](const std::string&, const resources::Code& code) { return adhoc_entry(tree, code); });
    REQUIRE_FALSE(bytes.has_value());
    return bytes.error();
  };
  MemoryTree unsigned_code;
  golden_bundle(unsigned_code);
  CHECK(error_of(unsigned_code).where == "A.app/Contents/Frameworks/Inner.framework");
  MemoryTree folder;
  golden_bundle(folder);
  folder.remove("A.app/Contents/Frameworks/Inner.framework/Info.plist");
  CHECK(error_of(folder).error == Errc::not_found);
  MemoryTree name;
  name.add_file("A.app/Contents/Info.plist", info_plist("A"));
  name.add_file("A.app/Contents/Resources/\xff", "x");
  CHECK(error_of(name).where == "A.app/Contents/Resources/\xff");
  MemoryTree target;
  target.add_file("A.app/Contents/Info.plist", info_plist("A"));
  target.add_link("A.app/Contents/Resources/link", "\xff");
  CHECK(error_of(target).where == "A.app/Contents/Resources/link");
}

TEST_CASE("resources: code is signed from the inside out") {
  MemoryTree tree;
  fill_app(tree);
  const std::string in = "App.app/Contents/";
  tree.add_file(in + "Resources/tool", signed_program("tool"), true);
  tree.add_file(in + "MacOS/script.sh", "#!/bin/sh\n", true);
  tree.add_file(in + "PlugIns/P.plugin/Contents/Info.plist", info_plist("P"));
  tree.add_file(in + "PlugIns/P.plugin/Contents/MacOS/P", signed_program("P"), true);
  tree.add_file(in + "PlugIns/P.plugin/Contents/Frameworks/lib.dylib", signed_program("lib"));
  tree.add_file(in + "Frameworks/F.framework/Versions/B/F", signed_program("F"), true);
  CHECK(order_of(tree, "App.app") ==
        std::vector<std::string>{
            "0 App.app/Contents/Resources/tool",
            "2 App.app/Contents/Frameworks/F.framework/Versions/B",
            "2 App.app/Contents/Frameworks/F.framework/Versions/A",
            "1 App.app/Contents/MacOS/helper",
            "3 App.app/Contents/MacOS/script.sh",
            "1 App.app/Contents/PlugIns/P.plugin/Contents/Frameworks/lib.dylib",
            "2 App.app/Contents/PlugIns/P.plugin",
            "2 App.app",
        });
}

TEST_CASE("resources: bundles among the resources are bundles, and folders are folders") {
  MemoryTree tree;
  fill_app(tree);
  const std::string in = "App.app/Contents/";
  const auto add = [&](const std::string& root, const std::string& name) {
    tree.add_file(root + "/Contents/Info.plist", info_plist(name));
    tree.add_file(root + "/Contents/MacOS/" + name, signed_program(name), true);
  };
  add(in + "Resources/In.app", "In");
  add(in + "Library/QuickLook/Q.qlgenerator", "Q");
  add(in + "Frameworks/F.framework/Versions/A/Resources/Up.app", "Up");
  add(in + "Resources/Bad.app", "Bad");
  tree.add_file(in + "Resources/Bad.app/Contents/MacOS/run.sh", "#!/bin/sh\n", true);
  tree.add_file(in + "Resources/plain/Info.plist", info_plist("none"));
  tree.add_file(in + "Resources/plain/tool", signed_program("tool"), true);
  tree.add_file(in + "Resources/texts.bundle/Contents/Info.plist", info_plist("texts"));
  CHECK(order_of(tree, "App.app") ==
        std::vector<std::string>{
            "2 App.app/Contents/Library/QuickLook/Q.qlgenerator",
            "5 App.app/Contents/Resources/Bad.app",
            "2 App.app/Contents/Resources/In.app",
            "0 App.app/Contents/Resources/plain/tool",
            "2 App.app/Contents/Frameworks/F.framework/Versions/A/Resources/Up.app",
            "2 App.app/Contents/Frameworks/F.framework/Versions/A",
            "1 App.app/Contents/MacOS/helper",
            "2 App.app",
        });
  // What is kept is not entered.
  const auto kept =
      signing_order(tree, "App.app",
                    [](const std::string& path, const resources::Code&) -> Result<bool, Failure> {
                      return path.ends_with(".app") || path.ends_with(".framework");
                    });
  REQUIRE(kept.has_value());
  std::vector<std::string> paths;
  for (const SigningStep& step : *kept) {
    if (step.kind == SigningStep::Kind::kept) paths.push_back(step.path);
  }
  CHECK(paths == std::vector<std::string>{in + "Resources/Bad.app", in + "Resources/In.app",
                                          in + "Frameworks/F.framework"});
}

namespace {

// A tree in which one path cannot be looked at, or not be read.
class DeafTree final : public FileTree {
 public:
  DeafTree(FileTree& tree, std::string path, bool look)
      : tree_(tree), path_(std::move(path)), look_(look) {}

  Result<Kind> kind(const std::string& path) override {
    if (look_ && path == path_) return fail(Errc::io, "cannot stat the file");
    return tree_.kind(path);
  }
  Result<std::vector<Entry>> list(const std::string& path) override { return tree_.list(path); }
  Result<Content> read(const std::string& path) override {
    if (path == path_) return fail(Errc::io, "cannot open the file");
    return tree_.read(path);
  }
  Result<std::string> link_target(const std::string& path) override {
    return tree_.link_target(path);
  }

 private:
  FileTree& tree_;
  std::string path_;
  bool look_;
};

}  // namespace

TEST_CASE("resources: an Info.plist that cannot be read is no bundle without one") {
  MemoryTree tree;
  fill_app(tree);
  const std::string in = "App.app/Contents/";
  for (const char* name :
       {"Info.plist", "Frameworks/F.framework/Versions/A/Resources/Info.plist"}) {
    for (const bool look : {false, true}) {
      CAPTURE(name);
      CAPTURE(look);
      DeafTree deaf(tree, in + name, look);
      const auto steps = signing_order(deaf, "App.app");
      REQUIRE_FALSE(steps.has_value());
      CHECK(steps.error().error == Errc::io);
    }
  }
  DeafTree deaf(tree, in + "Info.plist", true);
  CHECK(find_layout(deaf, "App.app").error().code == Errc::io);
  CHECK_FALSE(is_no_bundle(find_layout(deaf, "App.app").error()));
}

TEST_CASE("resources: without a certificate, the seal names all versions of a framework") {
  MemoryTree tree;
  fill_app(tree);
  const std::string framework = "App.app/Contents/Frameworks/F.framework";
  tree.add_file(framework + "/Versions/B/F", signed_program("other"), true);
  tree.add_file(framework + "/Versions/B/Resources/Info.plist", info_plist("F"));
  const auto code = find_code(tree, framework);
  REQUIRE(code.has_value());
  const auto entry = adhoc_entry(tree, *code);
  REQUIRE(entry.has_value());
  const auto named = hashes_of_requirement(entry->requirement);
  REQUIRE(named.has_value());
  CHECK(named->size() == 2);
  CHECK(named->front() == entry->cdhash);
  CHECK(named->at(1) == code_hashes(tree.read(framework + "/Versions/B/F")->bytes).front());
}

TEST_CASE("resources: bundles without end in each other are refused") {
  MemoryTree tree;
  std::string path = "A.app";
  for (int i = 0; i < 40; ++i) {
    tree.add_file(path + "/Contents/Info.plist", info_plist("A"));
    path += "/Contents/PlugIns/A.app";
  }
  tree.add_file(path + "/Contents/Info.plist", info_plist("A"));
  const auto steps = signing_order(tree, "A.app");
  REQUIRE_FALSE(steps.has_value());
  CHECK(steps.error().error == Errc::limit);
}
