#include "crossbuild/driver/sdk.h"

#include <doctest/doctest.h>

#include <string>

using namespace tenon;

TEST_CASE("sdk: the platform is that of the key, wherever the words stand") {
  CHECK_FALSE(names_other_platform(R"({"CanonicalName": "macosx26.4", "Version": "26.4"})"));
  CHECK(names_other_platform(R"({"CanonicalName":"iphoneos18.2"})"));
  CHECK(names_other_platform("{\n\t\"Version\" : \"18\",\n\t\"CanonicalName\"\t:\n\"watchos11\"}"));
  // A text that only speaks of the key is no answer.
  CHECK_FALSE(names_other_platform(
      R"({"Note": "\"CanonicalName\": \"iphoneos\"", "CanonicalName": "macosx14"})"));
  CHECK_FALSE(names_other_platform(R"({"SupportedTargets": {"CanonicalName": "iphoneos"}})"));
}

TEST_CASE("sdk: what is not JSON says nothing") {
  for (const char* text :
       {"", "[]", "{", "<plist/>", R"({"CanonicalName": 3})", R"({"Version": "1"})"}) {
    CAPTURE(text);
    CHECK_FALSE(names_other_platform(text));
  }
  CHECK_FALSE(names_other_platform(std::string(1'000'000, '{')));
}

TEST_CASE("sdk: a stub names the targets that it is for") {
  CHECK(names_macos_target("targets: [ x86_64-macos, arm64-macos ]"));
  CHECK(names_macos_target("platform: macosx"));
  CHECK_FALSE(names_macos_target("targets: [ arm64-ios ]"));
}
