// Requirements: a blob that can be read is written back as it was, and every text that is made of
// it compiles to the same again. Texts that are no requirement are refused.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "codesign/requirement/evaluate.h"
#include "codesign/requirement/requirement.h"

namespace {

using namespace tenon;
using requirement::Answer;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

// Of a context in which some conditions hold, some do not, and some are not known.
requirement::Context context() {
  requirement::Context out;
  out.identifier = "com.example.tool";
  out.cdhashes = {std::string(20, '\x11')};
  requirement::CertificateFacts certificate;
  certificate.subject = {{"2.5.4.3", "name"}, {"2.5.4.11", "TEAM123456"}};
  certificate.extensions = {"1.2.840.113635.100.6.2.6"};
  certificate.dates = {{"1.2.3", 700000000}};
  out.certificates = {certificate, certificate, certificate};
  out.apple_root = true;
  out.info_known = false;
  return out;
}

Answer answer_of(const requirement::Expression& expression) {
  const auto result = requirement::evaluate(expression, context());
  require((result.answer == Answer::yes) == result.clause.empty());
  require((result.answer == Answer::yes) == result.reason.empty());
  return result.answer;
}

void read_one(ByteView bytes) {
  const auto one = requirement::parse(bytes);
  if (!one) return;
  const auto written = requirement::write(*one);
  require(requirement::parse(ByteView(written)) == *one);
  const Answer answer = answer_of(*one);
  const std::string text = requirement::print(*one);
  require(!text.empty());
  const auto source = requirement::source(*one);
  if (!source) return;
  const auto compiled = requirement::compile(*source);
  require(compiled.has_value() && *compiled == *one);
  require(requirement::write(*compiled) == written);
  // What codesign prints may hang together elsewhere, but says the same.
  if (const auto other = requirement::compile(text)) {
    require(answer_of(*other) == answer && requirement::print(*other) == text);
  }
}

void read_set(ByteView bytes) {
  const auto set = requirement::parse_set(bytes);
  if (!set) return;
  const auto written = requirement::write_set(*set);
  require(requirement::parse_set(ByteView(written)) == *set);
  require(set->empty() == requirement::print_set(*set).empty());
  if (const auto source = requirement::source_set(*set)) {
    require(requirement::compile_set(*source) == *set);
  }
}

void read_text(std::string_view text) {
  const auto set = requirement::compile_set(text);
  if (!set) {
    require(set.error().offset <= text.size() && !set.error().message.empty());
    return;
  }
  const auto bytes = requirement::write_set(*set);
  require(requirement::parse_set(ByteView(bytes)) == *set);
  const auto source = requirement::source_set(*set);
  require(source.has_value() && requirement::compile_set(*source) == *set);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  read_one(bytes);
  read_set(bytes);
  if (size < 65536) read_text(bytes.text());
  // A program without its head, which mutations would have to keep up with.
  std::vector<std::byte> blob(12 + size);
  const ub32 head[] = {0xfade0c00, static_cast<std::uint32_t>(blob.size()), 1};
  std::memcpy(blob.data(), head, sizeof head);
  if (size != 0) std::memcpy(blob.data() + sizeof head, data, size);
  read_one(ByteView(blob));
  return 0;
}
