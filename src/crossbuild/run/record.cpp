#include "crossbuild/run/record.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/path.h"
#include "base/text.h"
#include "base/version.h"
#include "crossbuild/build_output.h"
#include "crossbuild/gate/gate.h"
#include "crossbuild/gate/gate_row.h"
#include "crossbuild/plan/finish_plan.h"
#include "diag/code.h"
#include "diag/codes.h"
#include "host/files.h"

namespace tenon {
namespace {

std::string stamp(const std::string& path) {
  const auto info = file_info(path);
  if (!info) return path + " absent";
  return fmt::format("{} {} {} {:o}", path, info->size, info->modified_ns, info->mode);
}

// cmd/go touches a file that it finds up to date, so its time says nothing. A new link is a new
// file with another build id, which stands near its start.
std::string staged_stamp(const std::string& path) {
  constexpr std::size_t head = 65536;
  const auto info = file_info(path);
  const auto text = read_text(path, head);
  if (!info || !text) return path + " absent";
  return fmt::format("{} {} {} {}", path, info->size, info->inode,
                     hex(sha256(view_of(*text).bytes())));
}

GateState state_of(std::string_view name) {
  if (name == "ok") return GateState::ok;
  return name == "failed" ? GateState::failed : GateState::unknown;
}

}  // namespace

Record::Record(FinishRequest request, const std::string& stage)
    : request_(std::move(request)),
      path_(stage + "/record-" + std::string(base_name(request_.destination))) {}

std::string Record::key() const {
  std::string text = fmt::format("{} {}\n", tenon_version(), tenon_commit());
  for (const std::string& staged : request_.staged) text += staged_stamp(staged) + "\n";
  text += stamp(request_.destination) + "\n" + request_.identifier + "\n";
  for (const GateRequest& gate : request_.gates) {
    text += fmt::format("{} {} {} {}\n{}\n{}\n", gate.target.name(), gate.target.min.text(),
                        gate.build_mode, gate.cgo, join(gate.host_paths, ":"),
                        join(gate.given_libraries, ":"));
  }
  text += join(request_.neutral, ":");
  return hex(sha256(view_of(text).bytes()));
}

bool Record::load(BuildOutput& output) const {
  const auto text = read_text(path_, std::size_t{1} << 20U);
  if (!text) return false;
  const auto lines = split(*text, '\n');
  if (lines.size() < 4 || lines[0] != key()) return false;
  output.sha256 = lines[1];
  output.size = static_cast<std::int64_t>(parse_number(lines[2]).value_or(0));
  for (std::size_t i = 3; i < lines.size(); ++i) {
    const auto fields = split(lines[i], '\t');
    const auto slice = fields.size() == 5 ? parse_number(fields[0]) : std::nullopt;
    if (!slice || *slice >= output.gates.size()) continue;
    output.gates[*slice].rows.push_back({std::string(fields[1]), state_of(fields[2]),
                                         std::string(fields[3]),
                                         find_code(fields[4]).value_or(Code::none)});
  }
  output.built = true;
  return true;
}

void Record::save(const BuildOutput& output) const {
  std::string text = fmt::format("{}\n{}\n{}\n", key(), output.sha256, output.size);
  for (std::size_t slice = 0; slice < output.gates.size(); ++slice) {
    for (const GateRow& row : output.gates[slice].rows) {
      std::string value = row.value;
      for (char& c : value) {
        if (c == '\t' || c == '\n') c = ' ';
      }
      text += fmt::format("{}\t{}\t{}\t{}\t{}\n", slice, row.check, gate_state_name(row.state),
                          value, code_text(row.code));
    }
  }
  (void)write_cache(path_, text);  // without it the next build checks again
}

}  // namespace tenon
