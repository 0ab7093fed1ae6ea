// Requirements: a blob that can be read is written back as it was, and what is printed of it means
// the same when it is compiled again. Texts that are no requirement are refused.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "engine/requirement/evaluate.h"
#include "format/requirement/requirement.h"

namespace {

using namespace tenon;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

void read_text(std::string_view text) {
  const auto set = requirement::compile_set(text);
  if (!set) {
    require(set.error().offset <= text.size() && !set.error().message.empty());
    return;
  }
  const auto bytes = requirement::write_set(*set);
  const auto again = requirement::parse_set(ByteView(bytes));
  require(again.has_value());
  require(requirement::print_set(*again) == requirement::print_set(*set));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  if (const auto one = requirement::parse(bytes)) {
    const std::string text = requirement::print(*one);
    const auto answer = requirement::evaluate(*one, {});
    require((answer.answer == requirement::Answer::yes) == answer.clause.empty());
    if (const auto compiled = requirement::compile(text)) {
      require(requirement::print(*compiled) == text);
    }
    const auto written = requirement::write(*one);
    require(requirement::parse(ByteView(written)).has_value());
  }
  if (const auto set = requirement::parse_set(bytes)) {
    require(set->empty() == requirement::print_set(*set).empty());
  }
  if (size < 65536) read_text(bytes.text());
  return 0;
}
