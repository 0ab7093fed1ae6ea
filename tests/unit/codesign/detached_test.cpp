// Signatures of bundles without a Mach-O executable.
#include "codesign/sign/detached.h"

#include <doctest/doctest.h>

#include <string>

#include "base/memory_tree.h"
#include "codesign/blob/codesign.h"
#include "codesign/blob/layout.h"
#include "codesign/resources/signature_files.h"
#include "codesign/resources_bundle.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/verify.h"

using namespace tenon;
using namespace tenon::codesign;
using namespace tenon::test;

namespace {

std::string text_of(const sign::Bytes& bytes) { return std::string(ByteView(bytes).text()); }

// Texts.bundle with a signature in files.
void fill(MemoryTree& tree) {
  const std::string in = "Texts.bundle/Contents/";
  tree.add_file(in + "Info.plist", info_plist("texts"));
  tree.add_file(in + "Resources/a.txt", "hello\n");
  const auto layout = must_layout(tree, "Texts.bundle");
  const std::string seal = must_seal(tree, layout);
  tree.add_file(layout.code_resources(), seal);
  sign::DetachedRequest request;
  request.identifier = "com.example.texts";
  const auto info = tree.read(layout.info_plist);
  request.info_plist = info->bytes;
  request.code_resources = view_of(seal);
  const auto made = sign::sign_detached(request);
  REQUIRE(made.has_value());
  tree.add_file(layout.signature_folder() + "/CodeDirectory", text_of(made->directory));
  tree.add_file(layout.signature_folder() + "/CodeRequirements", text_of(made->requirements));
  tree.add_file(layout.signature_folder() + "/CodeSignature", text_of(made->cms));
}

FileVerdict verdict_of(MemoryTree& tree) {
  VerifyOptions options;
  options.strict = true;
  auto verdict = verify_bundle(tree, "Texts.bundle", options);
  REQUIRE(verdict.has_value());
  return verdict->main;
}

}  // namespace

TEST_CASE("detached: a bundle without code is valid by its files") {
  MemoryTree tree;
  fill(tree);
  const FileVerdict verdict = verdict_of(tree);
  REQUIRE(verdict.slices.size() == 1);
  CHECK(verdict.slices[0].integrity.state == State::valid);
  CHECK(verdict.slices[0].kind == SignatureKind::ad_hoc);
  CHECK(verdict.slices[0].identifier == "com.example.texts");
}

TEST_CASE("detached: each part that changes is found") {
  const std::string folder = "Texts.bundle/Contents/_CodeSignature/";
  for (const char* name :
       {"Texts.bundle/Contents/Info.plist", "Texts.bundle/Contents/Resources/a.txt",
        "CodeResources", "CodeRequirements", "CodeDirectory"}) {
    CAPTURE(name);
    MemoryTree tree;
    fill(tree);
    const std::string path = std::string(name).contains('/') ? name : folder + name;
    std::string text(tree.read(path)->bytes.text());
    text.back() = static_cast<char>(text.back() ^ 1);
    tree.add_file(path, text);
    CHECK(verdict_of(tree).slices[0].integrity.state == State::invalid);
  }
  for (const char* name : {"CodeResources", "CodeRequirements"}) {
    CAPTURE(name);
    MemoryTree tree;
    fill(tree);
    tree.remove(folder + name);
    CHECK(verdict_of(tree).slices[0].integrity.state == State::invalid);
  }
  MemoryTree none;
  fill(none);
  none.remove(folder + "CodeDirectory");
  CHECK_FALSE(verdict_of(none).is_signed());
}

TEST_CASE("detached: an identifier is needed") {
  sign::DetachedRequest request;
  CHECK_FALSE(sign::sign_detached(request).has_value());
  request.identifier = std::string("a\0b", 3);
  CHECK_FALSE(sign::sign_detached(request).has_value());
}

TEST_CASE("detached: a team needs a version with a field for it") {
  sign::DetachedRequest request;
  request.identifier = "a";
  request.team = "TEAM123456";
  const auto made = sign::sign_detached(request);
  REQUIRE(made.has_value());
  const auto cd = parse_code_directory(ByteView(made->directory));
  REQUIRE(cd.has_value());
  CHECK(cd->version == CS_SUPPORTSTEAMID);
  CHECK(cd->team == "TEAM123456");
  CHECK(cd->code_slots == 0);  // there is not one byte
}
