// The file of `tenon trace net --record`: one JSON document a line, the envelope first, the end
// last. What a live trace gives to a Tally goes through here as well, so that a replay gives the
// same verdicts. The reader takes the file as a stranger's: sizes, numbers and order are checked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "trace/event.h"
#include "trace/tally.h"

namespace tenon::trace {

constexpr int record_schema = 1;
// How each of these files begins.
inline constexpr std::string_view record_mark = R"({"tenon":"trace")";
constexpr std::size_t longest_line = std::size_t{64} << 10U;

// Each a line with its end.
[[nodiscard]] std::string header_line(const Header& header, std::string_view version);
[[nodiscard]] std::string line_of(const Connection& connection);
[[nodiscard]] std::string line_of(const Stack& stack);
[[nodiscard]] std::string line_of(const LookupEvent& event);
[[nodiscard]] std::string line_of(const DnsEvent& event);
[[nodiscard]] std::string line_of(const Prediction& prediction);
[[nodiscard]] std::string row_line(const Row& row, bool older);
[[nodiscard]] std::string moment_line(std::int64_t now);
[[nodiscard]] std::string footer_line(const Footer& footer);

// Why a file cannot be read, and where: line 0 is the file itself.
struct RecordError {
  std::uint64_t line = 0;
  std::string what;
};

// Line by line. The first one has to be an envelope of a schema that is known.
class RecordReader {
 public:
  [[nodiscard]] Result<void, RecordError> take(std::string_view line);
  // After the last line. The error says that no envelope came; a file without its end is read as
  // one whose counts are not proved.
  [[nodiscard]] Result<Tally, RecordError> end();

 private:
  std::optional<Tally> tally_;
  std::int64_t now_ = 0;
  std::uint64_t line_ = 0;
  bool ended_ = false;
};

[[nodiscard]] Result<Tally, RecordError> read_record(std::string_view text);

}  // namespace tenon::trace
