#include <doctest/doctest.h>

#include <string>

#include "codesign/requirement/evaluate.h"
#include "codesign/requirement_samples.h"

using namespace tenon;
using namespace tenon::requirement;

namespace {

constexpr const char* marker_developer_id = "1.2.840.113635.100.6.2.6";
constexpr const char* marker_developer_id_leaf = "1.2.840.113635.100.6.1.13";
constexpr const char* marker_development = "1.2.840.113635.100.6.2.1";

// A certificate whose hash is of bytes `mark`; no organization when it is empty.
CertificateFacts certificate(int mark, const std::string& organization,
                             std::vector<std::string> extensions = {}) {
  CertificateFacts out;
  out.sha1.fill(static_cast<std::byte>(mark));
  if (!organization.empty()) out.subject = {{"2.5.4.10", organization}};
  out.extensions = std::move(extensions);
  return out;
}

std::vector<CertificateFacts> apple_chain(const char* marker, const std::string& team) {
  std::vector<CertificateFacts> out{certificate(1, "Example", {marker_developer_id_leaf}),
                                    certificate(2, "Apple Inc.", {marker}),
                                    certificate(3, "Apple Inc.")};
  out[0].subject.insert(out[0].subject.begin(), {{"2.5.4.3", "Apple Development: Example"}});
  out[0].subject.emplace_back("2.5.4.11", team);
  return out;
}

std::string other(std::initializer_list<std::string> organizations) {
  std::vector<CertificateFacts> chain;
  for (const std::string& each : organizations) {
    chain.push_back(certificate(static_cast<int>(chain.size()) + 1, each));
  }
  const std::string text = print(designated("x", chain, false).value());
  // "identifier x and certificate 1 = H"0202..."": the slot and the first byte.
  return text.substr(29, text.find(" =") - 29) + text.substr(text.find('"'), 3);
}

}  // namespace

TEST_CASE("requirement: made as in public programs, byte by byte") {
  for (const Sample& sample : samples) {
    CAPTURE(sample.source);
    const auto chain = apple_chain(marker_developer_id, std::string(sample.team));
    const std::string identifier(sample.identifier);
    const auto made = designated(identifier, chain, true);
    REQUIRE(made.has_value());
    const auto bytes = write_set({{static_cast<std::uint32_t>(Type::designated), *made}});
    CHECK(to_hex(bytes.data(), bytes.size()) == sample.hex);
    Context context;
    context.identifier = identifier;
    context.certificates = chain;
    context.apple_root = true;
    CHECK(evaluate(*made, context).answer == Answer::yes);
    context.identifier += '2';
    CHECK(evaluate(*made, context).clause == print(made->operands[0]));
    context.identifier = identifier;
    context.certificates[0].subject.back().second = "OTHER";
    CHECK(evaluate(*made, context).answer == Answer::no);
    context.certificates[0].subject.back().second = sample.team;
    context.apple_root = false;
    CHECK(evaluate(*made, context).clause == "anchor apple generic");
  }
}

TEST_CASE("requirement: made for development and for Apple's own") {
  const auto development = apple_chain(marker_development, "TEAM123456");
  CHECK(print(designated("x", development, true).value()) ==
        "identifier x and anchor apple generic and certificate leaf[subject.CN] = \"Apple "
        "Development: Example\" and certificate 1[field.1.2.840.113635.100.6.2.1] /* exists */");
  auto own = development;
  own[1].extensions.clear();
  CHECK(print(designated("x", own, true).value()) == "identifier x and anchor apple");
  // The forms of Apple's programs need just one intermediate.
  auto longer = development;
  longer.push_back(certificate(4, "Apple Inc."));
  CHECK(print(designated("x", longer, true).value()) == "identifier x and anchor apple");
  // A chain that only looks like one of Apple's.
  CHECK(print(designated("x", apple_chain(marker_developer_id, "T"), false).value()) ==
        "identifier x and certificate leaf = H\"0101010101010101010101010101010101010101\"");
}

TEST_CASE("requirement: made for other chains") {
  // drmaker.cpp, nonAppleAnchor: up to the last certificate of the leaf's organization.
  CHECK(other({"Example", "Example", "Example"}) == "root\"03");
  CHECK(other({"Example", "Example", "Other"}) == "1\"02");
  CHECK(other({"Example", "Other", "Example"}) == "leaf\"01");
  CHECK(other({"Example", "", "Example"}) == "leaf\"01");
  CHECK(other({"Example", "Example", ""}) == "1\"02");
  CHECK(other({"Example"}) == "root\"01");  // self-signed
  CHECK(other({""}) == "leaf\"01");
  CHECK(other({"", "", ""}) == "leaf\"01");
  CHECK_FALSE(designated("x", {}, false).has_value());
}

TEST_CASE("requirement: made of hashes") {
  const std::string one(20, '\x01'), two(20, '\x02');
  CHECK(print(designated_by_hash({one, two})) ==
        "cdhash H\"0101010101010101010101010101010101010101\" or cdhash "
        "H\"0202020202020202020202020202020202020202\"");
  CHECK(print(designated_by_hash({})) == "never");
}
