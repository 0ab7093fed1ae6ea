#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>

#include "codesign/resources/verify_resources.h"
#include "codesign/resources_bundle.h"

using namespace tenon;
using namespace tenon::resources;
using namespace tenon::test;

namespace {

const std::string in = "App.app/Contents/";
const std::string seal_path = in + "_CodeSignature/CodeResources";

Comparison verdict_of(MemoryTree& tree, const std::string& root = "App.app") {
  return compare(tree, must_layout(tree, root));
}

// What verification says after something was done to the sealed application.
Comparison after(const std::function<void(MemoryTree&)>& change) {
  MemoryTree tree;
  fill_app(tree);
  seal_all(tree);
  REQUIRE(verdict_of(tree).verdict.state == State::valid);
  change(tree);
  return verdict_of(tree);
}

bool has(const Comparison& verdict, Issue issue, const std::string& path) {
  return std::ranges::any_of(verdict.problems, [&](const Problem& problem) {
    return problem.issue == issue && problem.path == path;
  });
}

// Just this, and no more.
void check_only(const Comparison& verdict, Issue issue, const std::string& path) {
  std::string found;
  for (const Problem& p : verdict.problems)
    found += std::string(issue_name(p.issue)) + " " + p.path + "; ";
  CAPTURE(found);
  CHECK(verdict.problems.size() == 1);
  CHECK(has(verdict, issue, path));
  CHECK(verdict.verdict.state ==
        (strict_only(issue) || is_advice(issue) ? State::valid : State::invalid));
  CHECK(verdict.strict == is_advice(issue));
  if (verdict.verdict.state == State::invalid) CHECK(verdict.verdict.cause().where == path);
}

void edit_seal(MemoryTree& tree, const std::string& from, const std::string& to) {
  std::string text(tree.read(seal_path)->bytes.text());
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  tree.add_file(seal_path, text);
}

}  // namespace

TEST_CASE("resources: an untouched application is valid") {
  const Comparison verdict = after([](MemoryTree&) {});
  CHECK(verdict.verdict.state == State::valid);
  CHECK(verdict.strict);
  CHECK(verdict.version == 2);
  CHECK(verdict.problems.empty());
  CHECK(verdict.checked == 6);
  REQUIRE(verdict.nested.size() == 2);
  CHECK(verdict.nested[0].path == in + "Frameworks/F.framework");
  CHECK(verdict.nested[0].code.executable == in + "Frameworks/F.framework/Versions/A/F");
  CHECK(verdict.nested[1].path == in + "MacOS/helper");
  for (const NestedCode& nested : verdict.nested) {
    CHECK_FALSE(nested.hash_differs);
    CHECK(nested.requirement == requirement_of_hashes(nested.actual_hashes));
  }
  REQUIRE(verdict.info_plist.has_value());
  CHECK(verdict.info_plist->bytes.text() == info_plist("app"));
  REQUIRE(verdict.code_resources.has_value());
  CHECK(verdict.code_resources->bytes.text().starts_with("<?xml"));
}

TEST_CASE("resources: added, removed and changed files") {
  check_only(after([](MemoryTree& t) { t.add_file(in + "Resources/new", "x"); }), Issue::added,
             in + "Resources/new");
  check_only(after([](MemoryTree& t) { t.remove(in + "Resources/Base.lproj/y.nib"); }),
             Issue::missing, in + "Resources/Base.lproj/y.nib");
  check_only(after([](MemoryTree& t) { t.add_file(in + "Resources/a.txt", "hellp\n"); }),
             Issue::altered, in + "Resources/a.txt");
  check_only(after([](MemoryTree& t) { t.add_file(in + "Resources/a.txt", ""); }), Issue::altered,
             in + "Resources/a.txt");
  // In a place for code, and in the top folder.
  check_only(after([](MemoryTree& t) { t.add_file(in + "MacOS/evil", "x", true); }), Issue::added,
             in + "MacOS/evil");
  check_only(after([](MemoryTree& t) { t.add_file(in + "evil", "x"); }), Issue::added, in + "evil");
}

TEST_CASE("resources: optional and omitted files") {
  const Comparison gone = after([](MemoryTree& t) { t.remove(in + "Resources/en.lproj"); });
  CHECK(gone.verdict.state == State::valid);
  CHECK(gone.absent_optional == 1);
  check_only(after([](MemoryTree& t) { t.add_file(in + "Resources/en.lproj/x.strings", "x"); }),
             Issue::altered, in + "Resources/en.lproj/x.strings");
  CHECK(after([](MemoryTree& t) {
          t.remove(in + "Resources/.DS_Store");
          t.add_file(in + "MacOS/.DS_Store", "y");
          t.add_file(in + "PkgInfo", "changed");
          t.add_file(in + "_MASReceipt/receipt", "x");
          t.add_file(in + "CodeResources", "a ticket");
        }).strict);
}

TEST_CASE("resources: links") {
  const std::string link = in + "Resources/link";
  const auto relink = [&](const std::string& target) {
    return [=](MemoryTree& t) {
      t.remove(link);
      t.add_link(link, target);
    };
  };
  check_only(after(relink("/etc/passwd")), Issue::link_altered, link);
  check_only(after(relink("./a.txt")), Issue::link_altered, link);
  check_only(after([&](MemoryTree& t) {
               t.remove(link);
               t.add_file(link, "hello\n");
             }),
             Issue::type_changed, link);
  check_only(after([&](MemoryTree& t) {
               t.remove(in + "Resources/Base.lproj/y.nib");
               t.add_link(in + "Resources/Base.lproj/y.nib", "x");
             }),
             Issue::type_changed, in + "Resources/Base.lproj/y.nib");
  check_only(after([&](MemoryTree& t) { t.add_link(in + "Resources/new", "a.txt"); }), Issue::added,
             in + "Resources/new");
}

TEST_CASE("resources: links that were sealed and lead astray") {
  const auto sealed_link = [](const std::string& target) {
    MemoryTree tree;
    fill_app(tree);
    tree.remove(in + "Resources/link");
    tree.add_link(in + "Resources/link", target);
    seal_all(tree);
    return verdict_of(tree);
  };
  const std::string link = in + "Resources/link";
  for (const char* target : {"../../../x", "none", "/etc/passwd", "/Library/../etc", "link",
                             "../_CodeSignature", ".DS_Store", "../Info.plist"}) {
    CAPTURE(target);
    check_only(sealed_link(target), Issue::link_target, link);
  }
  for (const char* target :
       {"/System/Library/x", "../MacOS/app", "en.lproj", "../Resources/a.txt"}) {
    CAPTURE(target);
    CHECK(sealed_link(target).strict);
  }
}

TEST_CASE("resources: files, folders and code in each other's place") {
  check_only(after([](MemoryTree& t) {
               t.remove(in + "Resources/Base.lproj/y.nib");
               t.add_folder(in + "Resources/Base.lproj/y.nib");
             }),
             Issue::type_changed, in + "Resources/Base.lproj/y.nib");
  check_only(after([](MemoryTree& t) {
               t.remove(in + "MacOS/helper");
               t.add_link(in + "MacOS/helper", "app");
             }),
             Issue::type_changed, in + "MacOS/helper");
}

TEST_CASE("resources: nested code") {
  const std::string helper = in + "MacOS/helper";
  const std::string framework = in + "Frameworks/F.framework";
  check_only(after([&](MemoryTree& t) { t.add_file(helper, signed_program("other"), true); }),
             Issue::nested_altered, helper);
  check_only(after([&](MemoryTree& t) {
               t.add_file(framework + "/Versions/A/F", signed_program("other"), true);
             }),
             Issue::nested_altered, framework);
  check_only(after([&](MemoryTree& t) { t.remove(helper); }), Issue::missing, helper);
  check_only(after([&](MemoryTree& t) { t.remove(framework + "/Versions"); }),
             Issue::nested_altered, framework);
  // Another version becomes the current one.
  check_only(after([&](MemoryTree& t) {
               t.add_file(framework + "/Versions/B/F", signed_program("evil"), true);
               t.remove(framework + "/Versions/Current");
               t.add_link(framework + "/Versions/Current", "B");
             }),
             Issue::nested_altered, framework);
  const Comparison more = after([&](MemoryTree& t) {
    t.add_file(framework + "/Versions/B/F", signed_program("evil"), true);
  });
  CHECK(more.verdict.state == State::valid);
  CHECK(more.nested[0].other_versions == std::vector<std::string>{framework + "/Versions/B"});
}

TEST_CASE("resources: a requirement that names no hash is for the caller") {
  const Comparison verdict = after([&](MemoryTree& t) {
    const auto nested = find_code(t, in + "MacOS/helper");
    const auto hashes = code_hashes(t.read(nested->executable)->bytes);
    edit_seal(t, requirement_of_hashes(hashes), "identifier helper and anchor apple");
    t.add_file(in + "MacOS/helper", signed_program("other"), true);
  });
  CHECK(verdict.verdict.state == State::valid);
  REQUIRE(verdict.nested.size() == 2);
  CHECK(verdict.nested[1].hash_differs);
  CHECK(verdict.nested[1].requirement == "identifier helper and anchor apple");
}

TEST_CASE("resources: an edited seal") {
  check_only(after([](MemoryTree& t) {
               edit_seal(t, "<key>files2</key>\n\t<dict>",
                         "<key>files2</key>\n\t<dict><key>Resources/a</key><data>AAAA</data>");
             }),
             Issue::bad_entry, in + "Resources/a");
  for (const char* path : {"../x", "Resources/../../x", "/etc/passwd", "", "a//b", "."}) {
    CAPTURE(path);
    check_only(after([&](MemoryTree& t) {
                 edit_seal(t, "<key>files2</key>\n\t<dict>",
                           "<key>files2</key>\n\t<dict><key>" + std::string(path) +
                               "</key><dict><key>optional</key><true/></dict>");
               }),
               Issue::bad_path, path);
  }
  check_only(after([](MemoryTree& t) { t.add_file(seal_path, "<plist><dict>"); }),
             Issue::bad_code_resources, seal_path);
  check_only(after([](MemoryTree& t) { t.add_file(seal_path, "<plist><dict/></plist>"); }),
             Issue::bad_code_resources, seal_path);
  check_only(after([](MemoryTree& t) { edit_seal(t, "<key>rules2</key>", "<key>rules3</key>"); }),
             Issue::bad_code_resources, seal_path);
  const Comparison weak = after([](MemoryTree& t) {
    edit_seal(t, "<key>^PkgInfo$</key>", "<key>^Resources/evil</key>");
    t.add_file(in + "Resources/evil", "x");
    t.remove(in + "PkgInfo");
  });
  CHECK(has(weak, Issue::weak_rules, seal_path));
  CHECK_FALSE(weak.strict);
}

TEST_CASE("resources: no seal, a seal of version 1, a rule that is not understood") {
  CHECK(after([](MemoryTree& t) { t.remove(seal_path); }).verdict.state == State::absent);
  const Comparison old = after([](MemoryTree& t) {
    edit_seal(t, "<key>files2</key>", "<key>files0</key>");
    t.add_link(in + "Resources/ignored", "a.txt");
    t.add_file(in + "MacOS/ignored", "x");
  });
  CHECK(old.version == 1);
  CHECK(old.verdict.state == State::valid);
  CHECK(has(old, Issue::weak_version, seal_path));
  CHECK(old.problems.size() == 1);
  const Comparison unknown = after([](MemoryTree& t) {
    edit_seal(t,
              "<key>^version\\.plist$</key>\n\t\t<dict>\n\t\t\t<key>weight</key>\n\t\t\t<real>20</"
              "real>\n\t\t</dict>\n\t</dict>",
              "<key>^a{2}</key>\n\t\t<true/>\n\t</dict>");
  });
  CHECK(unknown.verdict.state == State::unknown);
  CHECK(unknown.verdict.cause().message.contains("^a{2}"));
}

TEST_CASE("resources: names") {
  const Comparison moved = after([](MemoryTree& t) {
    t.remove(in + "Resources/a.txt");
    t.add_file(in + "Resources/A.txt", "hello\n");
  });
  CHECK(has(moved, Issue::added, in + "Resources/A.txt"));
  CHECK(has(moved, Issue::missing, in + "Resources/a.txt"));
  CHECK(moved.verdict.cause().message.contains("differs in case"));
  const Comparison both =
      after([](MemoryTree& t) { t.add_file(in + "Resources/A.TXT", "hello\n"); });
  CHECK(has(both, Issue::name_conflict, in + "Resources/a.txt"));
  CHECK(has(both, Issue::added, in + "Resources/A.TXT"));
  check_only(after([](MemoryTree& t) { t.add_file(in + "Resources/\xff", "x"); }), Issue::bad_path,
             in + "Resources/\xff");
  CHECK(has(after([](MemoryTree& t) { t.add_link(in + "Resources/Base.lproj/.DS_Store", "x"); }),
            Issue::bad_type, in + "Resources/Base.lproj/.DS_Store"));
}

TEST_CASE("resources: what stands beside the sealed folder") {
  check_only(after([](MemoryTree& t) { t.add_file("App.app/evil", "x"); }), Issue::unsealed_root,
             "App.app/evil");
  check_only(after([](MemoryTree& t) { t.add_file(in + "_CodeSignature/evil", "x"); }),
             Issue::stray_metadata, in + "_CodeSignature/evil");
  CHECK(after([](MemoryTree& t) {
          t.add_file("App.app/Icon\r", "x");
          t.add_file(in + "_CodeSignature/CodeSignature", "");
        }).strict);
  MemoryTree tree;
  fill_app(tree);
  seal_all(tree);
  const std::string framework = in + "Frameworks/F.framework";
  CHECK(verdict_of(tree, framework).strict);
  tree.add_link(framework + "/evil", "Versions/A/F");
  tree.add_file(framework + "/module.map", "x");
  const Comparison verdict = verdict_of(tree, framework);
  check_only(verdict, Issue::unsealed_root, framework + "/evil");
}

TEST_CASE("resources: very deep trees are not walked for ever") {
  MemoryTree tree;
  fill_app(tree);
  seal_all(tree);
  std::string path = in + "Resources";
  for (int i = 0; i < 600; ++i) path += "/d";
  tree.add_file(path + "/x", "x");
  const Comparison verdict = verdict_of(tree);
  CHECK(verdict.verdict.state == State::unknown);
  CHECK_FALSE(verdict.strict);
}

TEST_CASE("resources: layouts") {
  MemoryTree tree;
  fill_app(tree);
  CHECK(must_layout(tree, "App.app").kind == BundleLayout::Kind::contents);
  CHECK(must_layout(tree, "App.app").identifier == "com.example.app");
  const std::string framework = in + "Frameworks/F.framework";
  const BundleLayout versioned = must_layout(tree, framework);
  CHECK(versioned.kind == BundleLayout::Kind::versioned);
  CHECK(versioned.version == "A");
  CHECK(versioned.base == framework + "/Versions/A");
  const BundleLayout version = must_layout(tree, framework + "/Versions/A");
  CHECK(version.kind == BundleLayout::Kind::folder);
  CHECK(version.executable == versioned.executable);
  CHECK(find_layout(tree, in + "Resources").error().code == Errc::not_found);
  tree.add_file("B.app/Contents/Info.plist", info_plist("../../evil"));
  CHECK(must_layout(tree, "B.app").fault.contains("leaves the bundle"));
  CHECK(must_layout(tree, "B.app").executable.empty());
  tree.add_file("C.bundle/Contents/Info.plist", "<plist><dict/></plist>");
  const BundleLayout codeless = must_layout(tree, "C.bundle");
  CHECK(codeless.executable.empty());
  tree.add_link("D.framework/Versions/Current", "../..");
  CHECK(find_layout(tree, "D.framework").error().code == Errc::malformed);
}

TEST_CASE("resources: requirements made of hashes") {
  const std::string hash(40, 'a');
  CHECK(hashes_of_requirement("cdhash H\"" + hash + "\"")->size() == 1);
  CHECK(hashes_of_requirement("cdhash H\"" + hash + "\" or cdhash H\"" + hash + "\"")->size() == 2);
  CHECK_FALSE(hashes_of_requirement("cdhash H\"" + hash + "\" and anchor apple"));
  CHECK_FALSE(hashes_of_requirement("cdhash H\"abc\""));
  CHECK_FALSE(hashes_of_requirement("anchor apple"));
  CHECK_FALSE(hashes_of_requirement(""));
}

TEST_CASE("resources: a framework that lost its links is named as one") {
  const auto error_of = [](const std::function<void(MemoryTree&)>& change) {
    MemoryTree tree;
    fill_app(tree);
    const std::string framework = in + "Frameworks/F.framework";
    tree.remove(framework + "/Versions/Current");
    tree.remove(framework + "/F");
    tree.remove(framework + "/Resources");
    change(tree);
    const auto layout = find_layout(tree, framework);
    REQUIRE_FALSE(layout.has_value());
    return layout.error();
  };
  const std::string versions = in + "Frameworks/F.framework/Versions";
  for (const Error& error : {
           error_of([](MemoryTree&) {}),
           error_of([&](MemoryTree& t) { t.add_file(versions + "/Current", "A"); }),
           error_of([&](MemoryTree& t) { t.add_link(versions + "/Current", "Z"); }),
           error_of([&](MemoryTree& t) {
             t.add_file(in + "Frameworks/F.framework/Resources/Info.plist", info_plist("F"));
           }),
       }) {
    CHECK(error.code == Errc::malformed);
    CHECK(std::string(error.what) == lost_links);
  }
  const Error away = error_of([&](MemoryTree& t) { t.add_link(versions + "/Current", "../.."); });
  CHECK(std::string(away.what) != lost_links);
}
