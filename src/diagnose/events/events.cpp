#include "diagnose/events/events.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/template.h"
#include "base/text.h"
#include "diagnose/events/patterns.h"
#include "diagnose/log.h"
#include "diagnose/log_event.h"

namespace tenon {
namespace {

struct Mark {
  std::string_view text;
  Voice voice;
};

// The first that a line holds counts: what is more exact stands above.
constexpr auto marks = std::to_array<Mark>({
    {"ld64.lld", {"lld", "link"}},
    {"ld.lld", {"lld", "link"}},
    {"lld-link", {"lld", "link"}},
    {"wasm-ld", {"lld", "link"}},
    {"collect2", {"GNU ld", "link"}},
    {"/bin/ld", {"GNU ld", "link"}},
    {"ld.gold", {"gold", "link"}},
    {"mold: ", {"mold", "link"}},
    {"linker command failed", {"clang", "link"}},
    {"/link: running", {"Go's linker", "link"}},
    {"link: running", {"Go's linker", "link"}},
    {"/link: ", {"Go's linker", "link"}},
    {"/compile: ", {"Go's compiler", "compile"}},
    {"compile: ", {"Go's compiler", "compile"}},
    {"relocation target", {"Go's linker", "link"}},
    {"ld: ", {"the linker", "link"}},
    {"Undefined symbols", {"ld64", "link"}},
    {"pkg-config", {"pkg-config", "pkg-config"}},
    {"pkgconf", {"pkg-config", "pkg-config"}},
    {"cgo: ", {"cgo", "cgo"}},
    {"_cgo_export", {"cgo", "cgo"}},
    {"build constraints exclude", {"go", "load packages"}},
    {"dyld", {"dyld", "start"}},
    {"error while loading shared", {"ld.so", "start"}},
    {"Error relocating", {"musl's loader", "start"}},
    {"cc1", {"gcc", "compile"}},
    {"fatal error: out of memory", {"the Go run time", "run"}},
    {"fatal error: runtime", {"the Go run time", "run"}},
    {"fatal error: all goroutines", {"the Go run time", "run"}},
    {"fatal error: concurrent map", {"the Go run time", "run"}},
    {"fatal error: unexpected signal", {"the Go run time", "run"}},
    {"fatal error: stack overflow", {"the Go run time", "run"}},
    {"fatal error: found bad pointer", {"the Go run time", "run"}},
    {"fatal error: ", {"the C compiler", "compile"}},
    {"clang", {"clang", "compile"}},
    {"gcc", {"gcc", "compile"}},
    {"g++", {"gcc", "compile"}},
    {"stapler", {"stapler", "notarize"}},
    {"notar", {"notarytool", "notarize"}},
    {"spctl", {"Gatekeeper", "start"}},
    {"codesign", {"codesign", "sign"}},
    {"productsign", {"productsign", "sign"}},
    {"xcrun", {"xcrun", "compile"}},
    {"xcode-select", {"xcode-select", "compile"}},
    {"zig", {"zig", "compile"}},
    {"lookup ", {"Go's resolver", "resolve names"}},
    {"--- FAIL", {"go test", "test"}},
    {"git ", {"git", "load packages"}},
    {"fatal: ", {"git", "load packages"}},
    {"docker", {"docker", {}}},
    {"go: ", {"go", "load packages"}},
});

// Two neighbouring bytes, folded: a line that lacks those of a text does not hold the text.
constexpr std::size_t fold = 4096;

std::size_t folded(char a, char b) {
  return (static_cast<unsigned char>(a) * 31U + static_cast<unsigned char>(b) * 131U) % fold;
}

// The longest literal text of a pattern, and three of its pairs of bytes.
struct Key {
  const Wording* wording = nullptr;
  std::string_view literal;
  std::array<std::size_t, 3> pairs{};
};

std::string_view longest_literal(std::string_view pattern) {
  std::string_view best;
  while (!pattern.empty()) {
    const std::size_t open = std::min(pattern.find('{'), pattern.size());
    std::string_view literal = pattern.substr(0, open);
    if (literal.size() > best.size()) best = literal;
    const std::size_t close = pattern.find('}', open);
    if (close == pattern.npos) break;
    pattern.remove_prefix(close + 1);
  }
  return best;
}

std::vector<Key> make_keys() {
  std::vector<Key> out;
  out.reserve(wordings().size());
  for (const Wording& one : wordings()) {
    Key key{&one, longest_literal(one.pattern), {}};
    const std::string_view text = key.literal;
    const std::size_t last = text.size() - 2;
    for (std::size_t i = 0; i < key.pairs.size(); ++i) {
      const std::size_t at = last * i / 2;
      key.pairs[i] = folded(text[at], text[at + 1]);
    }
    out.push_back(key);
  }
  return out;
}

// "# example.com/p" and "# runtime/cgo" as go prints them above what a package's tools say.
std::optional<std::string> package_line(std::string_view line) {
  const auto words = split_words(line);
  if (words.size() < 2 || words.front() != "#") return std::nullopt;
  const bool test = words.size() > 2 && words[2].starts_with('[');
  if (words.size() > 2 && !test) return std::nullopt;
  return std::string(words[1]);
}

// "package example.com/p: ..." and "example.com/p: ..." name it in the line itself.
std::string named_package(std::string_view line) {
  for (const std::string_view word : {"go build ", "go: ", "package "}) {
    if (line.starts_with(word)) line.remove_prefix(word.size());
  }
  const std::string_view head = line.substr(0, line.find(": "));
  const bool path = head.contains('/') && head.substr(0, head.find('/')).contains('.') &&
                    !head.contains(' ') && !head.contains(".go:") && !head.starts_with('.') &&
                    !head.starts_with('/');
  return path ? std::string(head) : std::string();
}

// Twenty thousand lines of eight KiB would be kept twice.
constexpr std::size_t most_text = 2048;

// "foo" of "«foo»" and "„foo“".
std::string without_foreign_quotes(std::string_view name) {
  constexpr auto opening = std::to_array<std::string_view>({"« ", "«", "„", "”"});
  for (const std::string_view open : opening) {
    if (!name.starts_with(open)) continue;
    name.remove_prefix(open.size());
    for (const std::string_view close : {" »", "»", "“", "”"})
      name = name.substr(0, name.find(close));
    break;
  }
  return std::string(name);
}

LogEvent make_event(const Wording& wording, Captures captures, const LogLine& line) {
  LogEvent out;
  out.kind = wording.kind;
  out.weight = wording.weight;
  if (out.weight == Weight::failure && line.text.contains("warning: ") &&
      !line.text.contains("error")) {
    out.weight = Weight::warning;
  }
  out.voice = {wording.tool, wording.stage};
  if (wording.tool.empty() || wording.stage.empty()) {
    const Voice own = voice_of(line.text);
    if (wording.tool.empty()) out.voice.tool = own.tool;
    if (wording.stage.empty()) out.voice.stage = own.stage;
  }
  out.line = line.number;
  out.text = line.text.substr(0, most_text);
  for (auto& [name, value] : captures) {
    if (name == "stem") {
      name = "header";
      // What a compiler says before it is in a language of its own.
      for (const std::string_view colon : {": ", "：", ":", "\t"}) {
        if (const std::size_t at = value.rfind(colon); at != value.npos)
          value.erase(0, at + colon.size());
      }
      value += ".h";
    } else if (name == "name") {
      value = without_foreign_quotes(value);
    }
  }
  out.captures = std::move(captures);
  return out;
}

// Whether a line has the mark; the bare name of a program only where it may be one: not in
// "libgcc", in "/usr/lib/gcc/x86_64-linux-gnu", in "gcc-bin".
bool speaks(std::string_view line, std::string_view mark) {
  constexpr auto names = std::to_array<std::string_view>({"clang", "gcc", "g++", "zig"});
  if (std::ranges::find(names, mark) == names.end()) return line.contains(mark);
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  for (std::size_t at = line.find(mark); at != line.npos; at = line.find(mark, at + 1)) {
    const std::string_view behind = line.substr(at + mark.size());
    const char next = behind.empty() ? ' ' : behind[0];
    const bool part =
        letter(next) || next == '/' || (next == '-' && behind.size() > 1 && letter(behind[1]));
    if (!part && (at == 0 || !letter(line[at - 1]))) return true;
  }
  return false;
}

}  // namespace

Voice voice_of(std::string_view line) {
  const auto found =
      std::ranges::find_if(marks, [&](const Mark& mark) { return speaks(line, mark.text); });
  return found == marks.end() ? Voice{} : found->voice;
}

std::vector<LogEvent> read_events(const std::vector<LogLine>& lines) {
  const std::vector<Key> keys = make_keys();
  // Of one warning some are as good as thousands, and the error behind them has to be seen.
  constexpr std::size_t most_warnings = 300;
  std::array<std::size_t, static_cast<std::size_t>(EventKind::relay) + 1> warnings{};
  std::vector<LogEvent> out;
  std::bitset<fold> pairs;
  std::string package;
  for (const LogLine& line : lines) {
    if (out.size() == most_events) break;
    if (line.text.starts_with('#')) {
      if (auto named = package_line(line.text)) {
        package = *std::move(named);
        continue;
      }
    }
    pairs.reset();
    for (std::size_t i = 0; i + 1 < line.text.size(); ++i) {
      pairs.set(folded(line.text[i], line.text[i + 1]));
    }
    for (const Key& key : keys) {
      if (!std::ranges::all_of(key.pairs, [&](std::size_t pair) { return pairs.test(pair); }))
        continue;
      if (!line.text.contains(key.literal)) continue;
      auto captures = match(key.wording->pattern, line.text);
      if (!captures) continue;
      LogEvent event = make_event(*key.wording, *std::move(captures), line);
      if (event.weight == Weight::warning &&
          ++warnings[static_cast<std::size_t>(event.kind)] > most_warnings)
        break;
      event.package = named_package(line.text);
      if (event.package.empty()) event.package = package;
      out.push_back(std::move(event));
      break;
    }
  }
  relate_events(out);
  return out;
}

}  // namespace tenon
