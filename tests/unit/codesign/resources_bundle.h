// A small signed application in memory, for tests of seals.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "base/memory_tree.h"
#include "codesign/resources/build.h"
#include "codesign/sign/adhoc.h"
#include "format/macho_builder.h"

namespace tenon::test {

inline std::string signed_program(const std::string& identifier) {
  const std::string plain = small_program().build();
  const auto made = sign::sign_adhoc(view_of(plain), {identifier, 0, 0});
  REQUIRE(made.has_value());
  return std::string(ByteView(std::span<const std::byte>(*made)).text());
}

inline std::string info_plist(const std::string& executable) {
  return "<plist version=\"1.0\"><dict><key>CFBundleExecutable</key><string>" + executable +
         "</string><key>CFBundleIdentifier</key><string>com.example." + executable +
         "</string></dict></plist>\n";
}

// App.app with a helper, a framework of one version, resources and links.
inline void fill_app(MemoryTree& tree, const std::string& root = "App.app") {
  const std::string in = root + "/Contents/";
  tree.add_file(in + "Info.plist", info_plist("app"));
  tree.add_file(in + "PkgInfo", "APPL????");
  tree.add_file(in + "MacOS/app", signed_program("com.example.app"), true);
  tree.add_file(in + "MacOS/helper", signed_program("helper"), true);
  tree.add_file(in + "Resources/a.txt", "hello\n");
  tree.add_file(in + "Resources/.DS_Store", "x");
  tree.add_file(in + "Resources/en.lproj/x.strings", "\"a\"=\"b\";\n");
  tree.add_file(in + "Resources/en.lproj/locversion.plist", "x");
  tree.add_file(in + "Resources/Base.lproj/y.nib", "nib");
  tree.add_link(in + "Resources/link", "a.txt");
  const std::string framework = in + "Frameworks/F.framework/";
  tree.add_link(framework + "F", "Versions/Current/F");
  tree.add_link(framework + "Resources", "Versions/Current/Resources");
  tree.add_link(framework + "Versions/Current", "A");
  tree.add_file(framework + "Versions/A/F", signed_program("com.example.F"), true);
  tree.add_file(framework + "Versions/A/Resources/Info.plist", info_plist("F"));
}

inline resources::BundleLayout must_layout(FileTree& tree, const std::string& root) {
  const auto layout = resources::find_layout(tree, root);
  REQUIRE(layout.has_value());
  return *layout;
}

inline std::string must_seal(FileTree& tree, const resources::BundleLayout& layout,
                             const resources::BuildOptions& options = {}) {
  const auto bytes = resources::build_code_resources(
      tree, layout, options, [&](const std::string&, const resources::Code& code) {
        return resources::adhoc_entry(tree, code);
      });
  if (!bytes) FAIL(bytes.error().where << ": " << bytes.error().what);
  return *bytes;
}

// Seals every bundle of the tree from the inside out.
inline void seal_all(MemoryTree& tree, const std::string& root = "App.app") {
  const auto steps = resources::signing_order(tree, root);
  REQUIRE(steps.has_value());
  for (const resources::SigningStep& step : *steps) {
    if (step.kind != resources::SigningStep::Kind::bundle) continue;
    tree.add_file(step.code.layout.code_resources(), must_seal(tree, step.code.layout));
  }
}

}  // namespace tenon::test
