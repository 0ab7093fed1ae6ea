#include "diagnose/failures/start_failure.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/template.h"
#include "base/text.h"
#include "diagnose/log.h"
#include "diagnose/log_event.h"

namespace tenon::explain {
namespace {

using Speaker = StartFailure::Speaker;

struct Wording {
  std::string_view pattern;
  Speaker speaker;
};

// {program} and {by} are files, the program first.
constexpr std::array wordings{
    Wording{"^{program}: error while loading shared libraries: {library}: ", Speaker::elf_loader},
    Wording{"^{program}: symbol lookup error: {by}: undefined symbol: {symbol}, version {version}",
            Speaker::elf_loader},
    Wording{"^{program}: symbol lookup error: {by}: undefined symbol: {symbol}$",
            Speaker::elf_loader},
    Wording{"^{program}: relocation error: {by}: symbol {symbol} version {version} not defined",
            Speaker::elf_loader},
    Wording{"^{program}: {library}: version `{version}' not found (required by {by})",
            Speaker::elf_loader},
    Wording{"Error loading shared library {library}: {why} (needed by {by})", Speaker::elf_loader},
    Wording{"Error relocating {by}: {symbol}: symbol not found", Speaker::elf_loader},
    Wording{"Library not loaded: {library}$", Speaker::dyld},
    Wording{"Symbol not found: {symbol}$", Speaker::dyld},
    Wording{"{program}: cannot execute: required file not found", Speaker::kernel},
    Wording{"{program}: cannot execute binary file: Exec format error", Speaker::kernel},
    Wording{"fork/exec {program}: no such file or directory", Speaker::kernel},
    Wording{"fork/exec {program}: exec format error", Speaker::kernel},
    Wording{"exec {program}: no such file or directory", Speaker::kernel},
    Wording{"exec {program}: exec format error", Speaker::kernel},
};

// "bash: line 1: ./app" -> "./app"; "exec /app" has been cut already.
std::string last_part(std::string_view text) {
  const std::size_t colon = text.rfind(": ");
  if (colon != text.npos) text.remove_prefix(colon + 2);
  return std::string(trim(text));
}

std::string without_quotes(std::string_view text) {
  text = trim(text);
  for (const char quote : {'"', '\''}) {
    if (text.size() > 1 && text.front() == quote && text.back() == quote)
      text = text.substr(1, text.size() - 2);
  }
  return std::string(text);
}

void add_file(StartFailure& out, std::string file) {
  if (!file.empty()) out.files.push_back(std::move(file));
}

StartFailure filled(const Wording& wording, const Captures& captures, std::size_t line) {
  StartFailure out;
  out.speaker = wording.speaker;
  out.line = line;
  const std::string_view program = capture(captures, "program");
  out.names_program = !program.empty();
  add_file(out, without_quotes(wording.speaker == Speaker::kernel ? last_part(program)
                                                                  : std::string(program)));
  add_file(out, without_quotes(capture(captures, "by")));
  out.library = trim(capture(captures, "library"));
  out.symbol = trim(capture(captures, "symbol"));
  out.version = capture(captures, "version");
  return out;
}

// "  Referenced from: <UUID> /app/tool (built for macOS 14.0 which is newer than running OS)"
void read_referrer(std::string_view line, StartFailure& out) {
  constexpr std::string_view head = "Referenced from:";
  std::string_view text = trim(line.substr(line.find(head) + head.size()));
  if (text.starts_with('<')) {
    const std::size_t end = text.find('>');
    if (end == text.npos) return;
    out.uuid = text.substr(1, end - 1);
    text = trim(text.substr(end + 1));
  }
  const std::size_t note = text.find(" (built for ");
  if (note != text.npos) text = text.substr(0, note);
  add_file(out, without_quotes(text));
}

// dyld names the asking file in one of the lines that follow.
void read_more_of_dyld(const Log& log, std::size_t index, StartFailure& out) {
  constexpr std::size_t lines_of_a_message = 4;
  for (std::size_t i = index + 1; i < log.lines().size() && i <= index + lines_of_a_message; ++i) {
    const std::string& text = log.lines()[i].text;
    if (text.contains("Referenced from:")) return read_referrer(text, out);
  }
}

// glibc's translations: the catalog of messages knows them.
std::optional<StartFailure> translated(const Log& log) {
  const LogEvent* event = log.event(EventKind::library_not_loaded,
                                    [](const LogEvent& one) { return one.voice.tool == "ld.so"; });
  if (event == nullptr) return std::nullopt;
  StartFailure out;
  out.line = event->line;
  out.library = event->get("name");
  out.names_program = true;
  add_file(out, event->text.substr(0, event->text.find(": ")));
  return out;
}

}  // namespace

std::optional<StartFailure> start_failure(const Log& log) {
  for (std::size_t i = 0; i < log.lines().size(); ++i) {
    const LogLine& line = log.lines()[i];
    for (const Wording& wording : wordings) {
      const auto captures = match(wording.pattern, line.text);
      if (!captures) continue;
      StartFailure out = filled(wording, *captures, line.number);
      if (out.speaker == Speaker::dyld) read_more_of_dyld(log, i, out);
      return out;
    }
  }
  return translated(log);
}

}  // namespace tenon::explain
