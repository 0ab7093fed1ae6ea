#include "crossbuild/driver/cc_config.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "crossbuild/target_wire.h"
#include "diag/codes.h"
#include "diag/render/render.h"

using namespace tenon;

namespace {

using Words = std::vector<std::string>;

ParsedCc parsed(const Words& args, bool cxx = false) {
  auto result = parse_cc(args, cxx);
  REQUIRE_MESSAGE(result.has_value(), result.error().message);
  return *result;
}

Finding refused(const Words& args) {
  const auto result = parse_cc(args, false);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Code::usage_bad_option);
  CHECK_FALSE(result.error().message.empty());
  return result.error();
}

}  // namespace

TEST_CASE("cc config: options of tenon stand in front, the rest is the compiler's") {
  const ParsedCc cc = parsed({"--target", "darwin/arm64", "--min=12.0", "-c", "--min=9", "a.c"});
  CHECK(cc.config.target.name() == "darwin/arm64");
  CHECK(cc.config.target.min == Version{12, 0, 0});
  CHECK(cc.args == Words{"-c", "--min=9", "a.c"});
  CHECK_FALSE(cc.config.engine_given);
  CHECK(parsed({"--target=linux/arm64"}, true).config.cxx);
  CHECK(parsed({"--target=linux/arm64"}).args.empty());
}

TEST_CASE("cc config: --min counts wherever it stands") {
  CHECK(parsed({"--min=13.0", "--target=darwin/arm64"}).config.target.min == Version{13, 0, 0});
  CHECK(parsed({"--target=darwin/arm64:11.0", "--min=13.0"}).config.target.min ==
        Version{13, 0, 0});
  CHECK(parsed({"--target=darwin/arm64:11.0"}).config.target.min == Version{11, 0, 0});
}

TEST_CASE("cc config: what is wrong is said") {
  refused({"-c", "a.c"});
  refused({});
  refused({"--target"});
  refused({"--target="});
  refused({"--target=darwin/arm64", "--min", "twelve"});
  refused({"--target=darwin/arm64", "--engine", "gcc"});
  refused({"--target=darwin/universal"});
  const Finding near = refused({"--target=darwin/arm46"});
  REQUIRE(near.fixes.size() == 1);
  CHECK(near.fixes[0].text.contains("darwin/arm64"));
}

TEST_CASE("cc config: every option is written so that it is read back") {
  CcConfig config = parsed({"--target=darwin/arm64", "--min=12.3.1"}).config;
  config.toolchain = {.engine = Engine::clang,
                      .zig = "/a b/zig=1/zig",
                      .zig_version = {0, 17, 1},
                      .clang = "/usr/bin/clang-19",
                      .clang_version = {19, 1, 7},
                      .lld = "/usr/bin/ld64.lld",
                      .strip = "/usr/bin/llvm-strip",
                      .dsymutil = "/usr/bin/dsymutil",
                      .ar = "/usr/bin/llvm-ar",
                      .why = {}};
  config.sdk = "/sdk";
  config.sysroot = "/sysroot";
  config.cache = "/cache";
  config.raise_min = true;
  config.flat_lookup = true;
  Words words = cc_options(config);
  words.emplace_back("-c");
  const ParsedCc again = parsed(words);
  CHECK(again.args == Words{"-c"});
  CHECK(again.config.engine_given);
  CHECK(again.config.target.min == Version{12, 3, 1});
  CHECK(again.config.toolchain.zig == config.toolchain.zig);
  CHECK(again.config.toolchain.zig_version == config.toolchain.zig_version);
  CHECK(again.config.toolchain.dsymutil == config.toolchain.dsymutil);
  CHECK(again.config.sdk == "/sdk");
  CHECK(again.config.flat_lookup);
  CHECK(again.config.raise_min);
  CHECK(cc_options(again.config) == cc_options(config));
}

TEST_CASE("cc config: tenon's headers are for macOS without an SDK") {
  CcConfig config = parsed({"--target=darwin/arm64", "--engine=zig"}).config;
  CHECK(takes_macos_headers(config));
  CHECK(macos_headers_text(config).empty());  // not found
  config.macos_headers = "/share/macos-headers";
  CHECK(macos_headers_text(config) == "tenon's system headers");
  config.macos_headers_version = "objc2 0.3.2";
  CHECK(macos_headers_text(config) == "tenon's (objc2 0.3.2), not Apple's");
  const CcConfig again = parsed(cc_options(config)).config;
  CHECK(again.macos_headers == config.macos_headers);
  CHECK(again.macos_headers_version == config.macos_headers_version);
  CcConfig other = config;
  other.sdk = "/sdk";
  CHECK_FALSE(takes_macos_headers(other));
  CHECK(macos_headers_text(other).empty());
  other = config;
  other.toolchain.engine = Engine::apple;
  CHECK_FALSE(takes_macos_headers(other));
  CHECK_FALSE(takes_macos_headers(parsed({"--target=linux/arm64"}).config));
  other = parsed({"--target=darwin/arm64", "--no-macos-headers", "-c"}).config;
  CHECK_FALSE(takes_macos_headers(other));
  CHECK(parsed(cc_options(other)).config.no_macos_headers);
}

TEST_CASE("cc config: each target comes back") {
  for (const char* target : {"darwin/amd64", "linux/arm64:musl", "linux/amd64:gnu2.17"}) {
    const CcConfig config = parsed({"--target", target, "--engine=zig"}).config;
    CHECK(parsed(cc_options(config)).config.target.name() == target);
    CHECK(cc_options(parsed(cc_options(config)).config) == cc_options(config));
  }
}

// cmd/go keys its cache by the text of CC: what differs must be spelled differently.
TEST_CASE("cc config: no setting is left out of the words") {
  const CcConfig base = parsed({"--target=darwin/arm64", "--min=12.0", "--zig=/z"}).config;
  const Words words = cc_options(base);
  CcConfig other = base;
  other.target.min = {13, 0, 0};
  CHECK(cc_options(other) != words);
  other = base;
  other.sdk = "/sdk";
  CHECK(cc_options(other) != words);
  other = base;
  other.toolchain.zig_version = {0, 17, 1};
  CHECK(cc_options(other) != words);
  other = base;
  other.flat_lookup = true;
  CHECK(cc_options(other) != words);
  other = base;
  other.toolchain.engine = Engine::clang;
  CHECK(cc_options(other) != words);
  other = base;
  other.no_macos_headers = true;
  CHECK(cc_options(other) != words);
  other = base;
  other.macos_headers = "/usr/share/tenon/macos-headers";
  const Words headers = cc_options(other);
  CHECK(headers != words);
  other.macos_headers_version = "objc2 0.3.2";
  CHECK(cc_options(other) != headers);
}

namespace {

std::string json(const CcConfig& config) { return render_data(wire::write(config)); }

CcConfig full_config() {
  CcConfig config;
  config.target = parse_target("darwin/arm64:13.1").value();
  config.toolchain = {.engine = Engine::clang,
                      .zig = "/z",
                      .zig_version = {0, 15, 2},
                      .clang = "/c d",
                      .clang_version = {19, 1, 7},
                      .lld = "/l",
                      .strip = "/s",
                      .dsymutil = "/d",
                      .ar = "/a",
                      .why = "asked for"};
  config.engine_given = true;
  config.sdk = "/sdk";
  config.sysroot = "/root";
  config.cache = "/cache";
  config.cxx = true;
  config.raise_min = true;
  config.flat_lookup = true;
  return config;
}

}  // namespace

TEST_CASE("cc: a configuration goes to another machine and comes back whole") {
  for (const char* target : {"darwin/amd64:12.0", "linux/arm64", "linux/amd64:gnu2.17"}) {
    CcConfig config = full_config();
    config.target = parse_target(target).value();
    const auto read = wire::read_as<CcConfig>(*parse_data(json(config)));
    REQUIRE(read.has_value());
    CHECK(json(*read) == json(config));
    CHECK(read->target.min == config.target.min);
    CHECK(read->target.platform == config.target.platform);
    // The wrapper gets the same as options.
    CHECK(cc_options(*read) == cc_options(config));
  }
  CHECK(wire::read_as<CcConfig>(*parse_data(json(CcConfig{}))).has_value());
}

TEST_CASE("cc: a configuration of another kind is refused") {
  for (const char* text : {"[]", R"({"target":"plan9/arm"})", R"({"target":["darwin/arm64"]})",
                           R"({"toolchain":{"engine":"gcc"}})", R"({"toolchain":"zig"})",
                           R"({"toolchain":{"zig_version":15}})", R"({"cxx":"true"})"}) {
    CAPTURE(text);
    CHECK_FALSE(wire::read_as<CcConfig>(*parse_data(text)).has_value());
  }
}
