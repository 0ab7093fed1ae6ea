#include "diagnose/events/scan.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "diagnose/build_context.h"
#include "diagnose/events/events.h"
#include "diagnose/events/unwrap.h"
#include "diagnose/log.h"
#include "diagnose/origin.h"
#include "platform/platforms.h"

namespace tenon {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// ESC [ ... letter, and ESC ] ... BEL.
std::string without_escapes(std::string_view line) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\x1b') {
      // French puts a space that does not break before a colon.
      const bool space = line.substr(i).starts_with("\xc2\xa0");
      if (space) ++i;
      if (line[i] != '\r') out += space ? ' ' : line[i];
      continue;
    }
    if (i + 1 < line.size() && line[i + 1] == ']') {
      i = std::min(line.find('\a', i), line.size());
      continue;
    }
    for (i += 2; i < line.size() && !(line[i] >= '@' && line[i] <= '~'); ++i) {
    }
  }
  return out;
}

// "2024-01-31T12:34:56.123Z " and "2024-01-31 12:34:56 ".
std::string_view without_time(std::string_view line) {
  constexpr std::size_t least = 19;
  if (line.size() < least || !is_digit(line[0]) || line[4] != '-' || line[7] != '-') return line;
  if ((line[10] != 'T' && line[10] != ' ') || line[13] != ':' || line[16] != ':') return line;
  std::size_t at = least;
  while (at < line.size() && (is_digit(line[at]) || std::string_view(".,Z+:").contains(line[at]))) {
    ++at;
  }
  return trim(line.substr(at));
}

// "#12 3.456 " of buildkit.
std::string_view without_step(std::string_view line) {
  if (!line.starts_with('#')) return line;
  std::size_t at = 1;
  while (at < line.size() && is_digit(line[at])) ++at;
  if (at == 1 || at >= line.size() || line[at] != ' ') return line;
  std::string_view rest = line.substr(at + 1);
  at = 0;
  while (at < rest.size() && (is_digit(rest[at]) || rest[at] == '.')) ++at;
  if (at == 0 || at >= rest.size() || rest[at] != ' ') return rest;
  return rest.substr(at + 1);
}

std::size_t count_while(std::string_view text, bool (*is)(char)) {
  std::size_t at = 0;
  while (at < text.size() && is(text[at])) ++at;
  return at;
}

// "12:34:56 " and "[12:34:56] ".
std::string_view without_clock(std::string_view line) {
  const bool bracket = line.starts_with('[');
  const std::string_view text = line.substr(bracket ? 1 : 0);
  if (text.size() < 9 || text[2] != ':' || text[5] != ':') return line;
  for (const std::size_t i : {0U, 1U, 3U, 4U, 6U, 7U}) {
    if (!is_digit(text[i])) return line;
  }
  std::size_t at = 8;
  while (at < text.size() && (is_digit(text[at]) || text[at] == '.' || text[at] == ',')) ++at;
  if (at >= text.size() || text[at] != (bracket ? ']' : ' ')) return line;
  return text.substr(at + 1);
}

// "[2024-01-31T12:34:56.123Z] " of Jenkins.
std::string_view without_bracket_time(std::string_view line) {
  const std::size_t end = line.find(']');
  if (!line.starts_with('[') || end == line.npos || end < 20) return line;
  const std::string_view inside = line.substr(1, end - 1);
  return without_time(inside).empty() ? line.substr(end + 1) : line;
}

// "app_1  | " of docker compose.
std::string_view without_service(std::string_view line) {
  const std::size_t name = count_while(line, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '-';
  });
  const std::size_t bar = line.find("| ");
  if (name == 0 || bar == line.npos || bar < name) return line;
  const bool blank = line.substr(name, bar - name).find_first_not_of(' ') == line.npos;
  // Compilers print "  12 | code": a number alone is none of a service.
  const bool number = line.substr(0, name).find_first_not_of("0123456789") == line.npos;
  return blank && !number ? line.substr(bar + 2) : line;
}

// "36.49 " of older BuildKit.
std::string_view without_seconds(std::string_view line) {
  const std::size_t whole = count_while(line, is_digit);
  if (whole == 0 || whole > 5 || whole >= line.size() || line[whole] != '.') return line;
  const std::size_t part = count_while(line.substr(whole + 1), is_digit);
  const std::size_t at = whole + 1 + part;
  if (part == 0 || part > 3 || at >= line.size() || line[at] != ' ') return line;
  return line.substr(at + 1);
}

// "Feb  7 23:47:21 host app[123]: " of syslog and the journal.
std::string_view without_syslog(std::string_view line) {
  constexpr std::string_view months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec ";
  if (line.size() < 20 || line[3] != ' ' || !months.contains(line.substr(0, 4))) return line;
  const std::string_view rest = trim(line.substr(3));
  const std::size_t day = count_while(rest, is_digit);
  if (day == 0 || day > 2) return line;
  const std::string_view clock = trim(rest.substr(day));
  const std::string_view behind = without_clock(clock);
  if (behind.size() == clock.size()) return line;
  const std::size_t end = behind.find(": ");
  return end == behind.npos || end > 80 ? line : behind.substr(end + 2);
}

// "**main.go:3:1: undefined: x**": what somebody has marked in a thread.
std::string_view without_emphasis(std::string_view line) {
  constexpr std::string_view mark = "**";
  if (!line.starts_with(mark)) return line;
  line.remove_prefix(mark.size());
  if (line.ends_with(mark)) line.remove_suffix(mark.size());
  return line;
}

std::string_view without_words(std::string_view line) {
  for (const std::string_view word :
       {"##[error]", "##[warning]", "##[command]", "::error::", "[ERROR] ", "[INFO] ", "[WARN] ",
        "[WARNING] ", "[error] ", "stderr F ", "stdout F ", "| ", "> "}) {
    if (line.starts_with(word)) return line.substr(word.size());
  }
  return line;
}

// The value of NAME="..." without its backslashes; empty when there is none.
std::string quoted_value(std::string_view line, std::string_view name) {
  const std::size_t at = line.find(name);
  if (at == line.npos) return {};
  std::string out;
  for (std::size_t i = at + name.size(); i < line.size() && line[i] != '"'; ++i) {
    if (line[i] != '\\' || i + 1 == line.size()) {
      out += line[i];
      continue;
    }
    ++i;
    out += line[i] == 'n' ? '\n' : line[i] == 't' ? ' ' : line[i];
  }
  return out;
}

// The message of a logger's JSON, and the reason beside it; the rest is left out.
std::string json_message(std::string_view line) {
  std::string out;
  for (const std::string_view name :
       {"\"msg\":\"", "\"message\":\"", "\"log\":\"", "\"MESSAGE\":\"", "\"stream_output\":\"",
        "\"text\":\"", "\"format\":\"", "\"error\":\"", "\"err\":\"", "\"stderr\":\"",
        "\"output\":\""}) {
    std::string value = quoted_value(line, name);
    if (value.empty()) value = quoted_value(line, std::string(name).insert(name.size() - 1, " "));
    if (!value.empty()) out += (out.empty() ? "" : "\n") + value;
  }
  return out;
}

// What `time="..." level=error msg="..." error="..."` says.
std::string logged_message(std::string_view line) {
  // go build -json and go test -json.
  if (line.starts_with('{') && line.contains("\"Action\":")) {
    return quoted_value(line, "\"Output\":\"");
  }
  // Other loggers: the message, then what it is about.
  if (line.starts_with('{') && line.ends_with('}')) return json_message(line);
  if (!line.starts_with("time=") && !line.starts_with("level=") && !line.starts_with("ts="))
    return {};
  std::string out = quoted_value(line, " msg=\"");
  for (const std::string_view name : {" error=\"", " err=\""}) {
    const std::string reason = quoted_value(line, name);
    if (!reason.empty()) out += (out.empty() ? "" : ": ") + reason;
  }
  return out;
}

constexpr std::array<std::string_view, 34> trouble{
    "rror",         "fatal",   "undefined", "not found", "cannot",      "No such", "ld:",
    "killed",       "warning", "panic",     "denied",    "refused",     "invalid", "exec:",
    "dyld",         "GOOS",    "GOARCH",    "CGO_",      "Undefined",   "symbol",  "referenced",
    "unable",       "exclude", "imports ",  "lookup ",   "codesign",    "xcrun",   "relocation",
    "architecture", "# ",      "Package ",  "multiple",  "unsupported", "Killed"};

bool speaks_of_trouble(std::string_view line) {
  return std::ranges::any_of(trouble, [&](std::string_view word) { return line.contains(word); });
}

// Warnings do not push out what failed: of a long log they have a share of their own.
bool is_warning(std::string_view line) {
  return line.contains("arning") && !line.contains("rror:") && !line.contains("-Werror") &&
         !line.contains("ignoring file") && !line.contains("atal");
}

// Which lines of a long log are kept, beside its ends.
class Share {
 public:
  bool takes(std::string_view line) {
    constexpr std::size_t most_warnings = 4000, most_others = 20000;
    if (!speaks_of_trouble(line)) return false;
    return is_warning(line) ? ++warnings_ <= most_warnings : ++others_ <= most_others;
  }

 private:
  std::size_t warnings_ = 0, others_ = 0;
};

// The first value that a log gives to a variable: GOOS=linux, GOOS: linux, GOOS="linux".
std::string variable(const Log& log, std::string_view name) {
  for (const LogLine& line : log.lines()) {
    for (std::size_t at = line.text.find(name); at != line.text.npos;
         at = line.text.find(name, at + 1)) {
      std::string_view rest = std::string_view(line.text).substr(at + name.size());
      if (at > 0 && (line.text[at - 1] == '_' || line.text[at - 1] == '$')) continue;
      if (rest.empty() || (rest.front() != '=' && rest.front() != ':')) continue;
      rest = trim(rest.substr(1));
      while (!rest.empty() && (rest.front() == '"' || rest.front() == '\'')) rest.remove_prefix(1);
      const std::string_view value = rest.substr(0, rest.find_first_of(" \t\"',;)"));
      if (!value.empty() && value.front() != '$') return std::string(value);
    }
  }
  return {};
}

// Go's tools lie in a folder that names the machine that they run on.
void find_host(Log& log) {
  for (const std::string_view pattern : {"pkg/tool/{os}_{arch}/", "pkg\\tool\\{os}_{arch}\\"}) {
    const auto found = log.find(pattern);
    if (!found || !is_goos(found->get("os"))) continue;
    log.build.host_goos = found->get("os");
    log.build.host_goarch = found->get("arch");
    return;
  }
}

// "failed to build for linux_arm64: ..." of goreleaser; the level of the processor may stand
// behind.
void find_released_target(Log& log) {
  const auto found = log.find("failed to build for {os}_{arch}:");
  if (!found || !is_goos(found->get("os"))) return;
  const std::string arch = found->get("arch");
  log.goos = found->get("os");
  log.goarch = arch.substr(0, arch.find('_'));
}

// "gcc_arm64.S:28: Error": a file of Go's own for one processor that an assembler for another
// refuses. Of amd64 it is not told which of the two is the target.
void find_processor_of_sources(Log& log) {
  if (!log.goarch.empty()) return;
  const auto found = log.find("gcc_{arch}.S:");
  if (!found || found->get("arch") == "amd64" || find_processor(found->get("arch")) == nullptr)
    return;
  log.goarch = found->get("arch");
}

// "/usr/lib/gcc-cross/aarch64-linux-gnu/12/": what Debian's cross compilers are for.
void find_cross_target(Log& log) {
  if (!log.goos.empty()) return;
  const bool linux_triple = log.any("-linux-gnu", "-linux-musl", "-unknown-linux");
  if (!log.goarch.empty() && linux_triple) {
    log.goos = "linux";
    return;
  }
  const auto found = log.find("/gcc-cross/{triple}/");
  if (!found || !log.goarch.empty()) return;
  for (const Platform& one : platforms()) {
    if (one.cross != found->get("triple")) continue;
    log.goos = one.goos;
    log.goarch = one.goarch;
    return;
  }
}

void find_target(Log& log) {
  log.goos = variable(log, "GOOS");
  log.goarch = variable(log, "GOARCH");
  if (!is_goos(log.goos)) log.goos.clear();
  if (log.goos.empty() && log.goarch.empty()) find_released_target(log);
  if (log.goarch.empty()) {
    for (const std::string_view pattern :
         {"for architecture {arch}:", "symbols for architecture {arch}", "-arch {arch} ",
          "unknown-{x} target {arch}-", "--target={arch}-", "-target {arch}-"}) {
      if (const auto found = log.find(pattern)) log.goarch = goarch_of(found->get("arch"));
      if (!log.goarch.empty()) break;
    }
  }
  find_processor_of_sources(log);
  const bool apple =
      log.any("for architecture", "Undefined symbols for", "dyld[", "dyld: ", "ld64.lld: ");
  if (log.goos.empty() && apple) log.goos = "darwin";
  find_cross_target(log);
  find_host(log);
}

// `journal`: set when a prefix of syslog goes.
std::string cleaned(std::string_view line, bool& journal) {
  std::string plain = without_escapes(line);
  if (std::string message = logged_message(trim(plain)); !message.empty())
    plain = std::move(message);
  std::string_view text = trim(plain);
  // One service puts its prefix before that of another.
  constexpr int most_prefixes = 4;
  for (int i = 0; i < most_prefixes; ++i) {
    const std::size_t before = text.size();
    for (auto* strip :
         {without_step, without_time, without_clock, without_bracket_time, without_service,
          without_seconds, without_syslog, without_words, without_emphasis}) {
      const std::string_view rest = trim(strip(text));
      journal = journal || (strip == without_syslog && rest.size() != text.size());
      text = rest;
    }
    if (text.size() == before) break;
  }
  return std::string(text);
}

// A message inside JSON may have several lines.
void add_line(std::vector<LogLine>& out, std::string_view line, std::size_t number, bool& journal) {
  const std::string clean = cleaned(line, journal);
  for (const std::string_view part : split(clean, '\n')) {
    const std::string_view text = trim(part);
    if (!text.empty()) out.push_back({std::string(text), number});
  }
}

}  // namespace

std::string clean_line(std::string_view line) {
  bool journal = false;
  return cleaned(line, journal);
}

namespace {

// UTF-16 with a byte order mark, as PowerShell writes files: what is ASCII in it, and a sign for
// the rest. Empty when it is none.
std::string from_utf16(std::string_view text) {
  const bool little = text.starts_with("\xff\xfe"), big = text.starts_with("\xfe\xff");
  std::string out;
  if (!little && !big) return out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 2; i + 1 < text.size(); i += 2) {
    const char low = text[i + (little ? 0 : 1)], high = text[i + (little ? 1 : 0)];
    const bool ascii = high == 0 && static_cast<unsigned char>(low) < 0x80;
    out += ascii ? low : '?';
  }
  return out;
}

// "x_test.go:18: got no space left on device": what a test says of itself, not what happened.
// Errors of the compiler have a column behind the line.
bool is_word_of_test(std::string_view line) {
  // A program that the test starts is missing for others too.
  if (line.contains("executable file not found in ")) return false;
  const std::size_t at = line.find("_test.go:");
  if (at == line.npos || line.substr(0, at).contains(' ')) return false;
  std::string_view rest = line.substr(at + 9);
  const std::size_t digits = count_while(rest, is_digit);
  rest = rest.substr(digits);
  return digits > 0 && (rest == ":" || rest.starts_with(": "));
}

void drop_words_of_tests(std::vector<LogLine>& lines) {
  const bool tests = std::ranges::any_of(lines, [](const LogLine& line) {
    return line.text.starts_with("--- FAIL") || line.text.starts_with("=== RUN");
  });
  if (tests) std::erase_if(lines, [](const LogLine& line) { return is_word_of_test(line.text); });
}

}  // namespace

void note_build(Log& log, const BuildContext& build) {
  const std::string goos = log.build.host_goos, goarch = log.build.host_goarch;
  log.build = build;
  if (log.build.host_goos.empty()) {
    log.build.host_goos = goos;
    log.build.host_goarch = goarch;
  }
  if (build.tenon || log.goos.empty()) log.goos = build.goos;
  if (build.tenon || log.goarch.empty()) log.goarch = build.goarch;
  // Of a cross build one half may be said: the other is this machine's.
  if (log.goos.empty() && !log.goarch.empty()) log.goos = build.host_goos;
  if (log.goarch.empty() && !log.goos.empty()) log.goarch = build.host_goarch;
  log.build.goos = log.goos;
  log.build.goarch = log.goarch;
  log.origin = read_origin(log);
}

Log scan_log(std::string_view bytes) {
  const std::string converted = from_utf16(bytes);
  const std::string_view text = converted.empty() ? bytes : std::string_view(converted);
  std::vector<LogLine> lines;
  const bool whole = text.size() <= whole_log_size;
  constexpr std::size_t edge = whole_log_size / 4;
  std::size_t number = 0, at = 0;
  bool journal = false;
  Share share;
  std::vector<Edges> edges;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    // A line of many megabytes is data, not words.
    const std::string_view line = text.substr(at, std::min<std::size_t>(end - at, 8192));
    ++number;
    const bool near_an_end = at < edge || at + edge > text.size();
    if (whole || near_an_end || share.takes(line)) {
      add_line(lines, line, number, journal);
      edges.resize(lines.size(), edges_of(line));
    }
    at = end + 1;
  }
  join_wrapped(lines, edges);
  drop_words_of_tests(lines);
  return read_lines(std::move(lines), journal);
}

Log read_lines(std::vector<LogLine> lines, bool journal) {
  Log log(std::move(lines));
  log.journal = journal;
  log.events = read_events(log.lines());
  find_target(log);
  log.origin = read_origin(log);
  return log;
}

}  // namespace tenon
