#include "crossbuild/trace.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "diag/finding.h"
#include "diag/finding_wire.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "diag/wire.h"
#include "platform/version_number.h"

namespace tenon {
namespace {

void append_escaped(std::string_view text, std::string& line) {
  for (const char c : text) {
    if (c == '\t') {
      line += "\\t";
    } else if (c == '\n') {
      line += "\\n";
    } else if (c == '\\') {
      line += "\\\\";
    } else {
      line += c;
    }
  }
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char next = text[++i];
    out += next == 't' ? '\t' : next == 'n' ? '\n' : next;
  }
  return out;
}

// A field as text; empty when it is not set.
std::string field_text(const std::string& value) { return value; }
std::string field_text(const Version& value) { return value.empty() ? "" : value.text(); }
std::string field_text(std::int64_t value) { return value == 0 ? "" : std::to_string(value); }

std::string field_text(const std::optional<Finding>& value) {
  return value ? render_data(finding_data(*value)) : std::string();
}

std::string field_text(TraceRecord::Kind /*first on the line*/) { return {}; }

Result<void> read_field(std::string_view text, std::string& out) {
  out = text;
  return {};
}

Result<void> read_field(std::string_view text, Version& out) {
  const auto version = parse_version(text);
  if (!version) return fail(Errc::malformed, "not a version");
  out = *version;
  return {};
}

Result<void> read_field(std::string_view text, std::int64_t& out) {
  const auto number = parse_number(text);
  if (!number || !std::in_range<std::int64_t>(*number)) return fail(Errc::malformed, "no number");
  out = static_cast<std::int64_t>(*number);
  return {};
}

Result<void> read_field(std::string_view text, std::optional<Finding>& out) {
  const Data data = TENON_TRY(parse_data(text));
  out = TENON_TRY(finding_from(data));
  return {};
}

Result<void> read_field(std::string_view /*text*/, TraceRecord::Kind& /*out*/) { return {}; }

Result<void> take_field(std::string_view key, std::string_view value, TraceRecord& out) {
  Result<void> done;
  TraceRecord::fields(out, [&](std::string_view name, auto& member) {
    if (name == key) done = read_field(unescaped(value), member);
  });
  return done;
}

}  // namespace

std::string_view trace_kind_name(TraceRecord::Kind kind) {
  switch (kind) {
    case TraceRecord::Kind::flag: return "flag";
    case TraceRecord::Kind::stub: return "stub";
    case TraceRecord::Kind::flat: return "flat";
    case TraceRecord::Kind::minimum: return "minimum";
    case TraceRecord::Kind::newer_object: return "newer-object";
    case TraceRecord::Kind::glibc_names: return "glibc-names";
    case TraceRecord::Kind::host_folder: return "host-folder";
    case TraceRecord::Kind::compile: return "compile";
    case TraceRecord::Kind::link: return "link";
    case TraceRecord::Kind::finding: return "finding";
    case TraceRecord::Kind::cache: return "cache";
    case TraceRecord::Kind::plugin_host: return "plugin-host";
    case TraceRecord::Kind::done: return "done";
  }
  return "finding";
}

std::string trace_line(const TraceRecord& record) {
  std::string line(trace_kind_name(record.kind));
  TraceRecord::fields(record, [&](const char* name, const auto& member) {
    const std::string text = field_text(member);
    if (text.empty()) return;
    line += '\t';
    line += name;
    line += '=';
    append_escaped(text, line);
  });
  return line + '\n';
}

Result<TraceRecord> parse_trace_line(std::string_view line) {
  TraceRecord record;
  const auto parts = split(line, '\t');
  const auto kind = wire::value_of<TraceRecord::Kind>(parts.front());
  if (!kind) return fail(Errc::malformed, "not a record of the trace");
  record.kind = *kind;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::size_t equals = parts[i].find('=');
    if (equals == std::string_view::npos) return fail(Errc::malformed, "a field without a value");
    TENON_TRY(take_field(parts[i].substr(0, equals), parts[i].substr(equals + 1), record));
  }
  if (record.kind == TraceRecord::Kind::finding && !record.finding) {
    return fail(Errc::malformed, "a record of a finding without one");
  }
  return record;
}

std::vector<TraceRecord> parse_trace(std::string_view text, std::size_t& offset) {
  std::vector<TraceRecord> records;
  if (text.size() <= offset) return records;
  std::string_view rest = text.substr(offset);
  const std::size_t end = rest.rfind('\n');
  if (end == std::string_view::npos) return records;
  offset += end + 1;
  for (const std::string_view line : split(rest.substr(0, end), '\n')) {
    if (auto record = parse_trace_line(line)) records.push_back(std::move(*record));
  }
  return records;
}

bool has_kind(const std::vector<TraceRecord>& records, TraceRecord::Kind kind) {
  return std::ranges::find(records, kind, &TraceRecord::kind) != records.end();
}

}  // namespace tenon
