#include "diagnose/failures/failures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/template.h"
#include "base/text.h"
#include "diagnose/build_context.h"
#include "diagnose/causes/causes.h"
#include "diagnose/causes/team.h"
#include "diagnose/events/scan.h"
#include "diagnose/failures/failure_class.h"
#include "diagnose/failures/severity.h"
#include "diagnose/log.h"
#include "diagnose/log_event.h"

namespace tenon {
namespace {

// Kinds of which each name has to be put in place.
bool has_name_of_its_own(FailureClass kind) {
  using enum FailureClass;
  constexpr std::array<FailureClass, 5> kinds{program_missing, package_missing, pkg_config,
                                              header_missing, library_missing};
  return std::ranges::find(kinds, kind) != kinds.end();
}

// Kinds that are the same for all packages and targets.
bool is_of_machine(FailureClass kind) {
  using enum FailureClass;
  constexpr std::array<FailureClass, 4> kinds{resource_exhausted, program_missing, toolchain_wrong,
                                              sdk_missing};
  return std::ranges::find(kinds, kind) != kinds.end();
}

std::string_view name_in(const Captures& names) {
  for (const std::string_view key : {"header", "program", "name", "framework"}) {
    const std::string_view value = capture(names, key);
    if (!value.empty()) return value;
  }
  return {};
}

// "GOOS=linux GOARCH=arm64", "target=linux_arm64", "--target linux/arm64": of the lines behind it.
std::optional<std::string> target_in(std::string_view line) {
  const auto word_behind = [&](std::string_view key) -> std::string_view {
    const std::size_t at = line.find(key);
    if (at == line.npos) return {};
    const std::string_view rest = line.substr(at + key.size());
    const auto part = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '/';
    };
    const auto end = std::ranges::find_if_not(rest, part);
    return rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  };
  const std::string_view goos = word_behind("GOOS="), goarch = word_behind("GOARCH=");
  if (!goos.empty() && !goarch.empty()) return fmt::format("{}/{}", goos, goarch);
  for (const std::string_view key : {"--target ", "target="}) {
    std::string both(word_behind(key));
    const std::size_t cut = both.find_first_of("_/");
    if (cut == both.npos || cut == 0 || cut + 1 == both.size()) continue;
    const bool system = std::ranges::any_of(
        std::array<std::string_view, 4>{"linux", "darwin", "windows", "freebsd"},
        [&](auto one) { return std::string_view(both).substr(0, cut) == one; });
    if (!system) continue;
    both[cut] = '/';
    // goreleaser writes the level of the processor behind it: "linux_amd64_v1".
    return both.substr(0, both.find_first_of("_/", cut + 1));
  }
  return std::nullopt;
}

// "--- FAIL: TestX (0.00s)".
std::string test_of(std::string_view line) {
  constexpr std::string_view head = "--- FAIL: ";
  const std::size_t at = line.find(head);
  if (at == line.npos) return {};
  const auto words = split_words(line.substr(at + head.size()));
  return words.empty() ? std::string() : std::string(words.front());
}

// Finds the failures, a line after the other.
class Grouping {
 public:
  explicit Grouping(const Log& log) : log_(log) {}

  std::vector<Failure> run() {
    std::size_t event = 0;
    for (const LogLine& line : log_.lines()) {
      note_place(line);
      while (event < log_.events.size() && log_.events[event].line < line.number) ++event;
      if (event < log_.events.size() && log_.events[event].line == line.number) {
        take_event(log_.events[event]);
      } else if (auto trouble = trouble_of(line.text)) {
        take_line(line, *std::move(trouble));
      }
      note_said(line);
    }
    name_packages_of_tests();
    keep_answers();
    return std::move(out_);
  }

 private:
  void note_place(const LogLine& line) {
    if (auto target = target_in(line.text)) target_ = *std::move(target);
    if (line.text.starts_with("# ")) {
      const auto words = split_words(line.text);
      const bool plain = words.size() == 2 || (words.size() > 2 && words[2].starts_with('['));
      if (plain) package_ = words[1];
    }
    // "FAIL<tab>example.com/p<tab>0.1s" names the package of the tests above it.
    if (line.text.starts_with("FAIL\t")) {
      const auto words = split_words(line.text);
      if (words.size() > 1) tested_.emplace_back(line.number, words[1]);
    }
  }

  void take_event(const LogEvent& event) {
    if (event.weight == Weight::warning) return;
    if (event.follows) {
      const LogEvent& root = log_.events[*event.follows];
      // A file that the linker passed over is why its symbols are missing: that is the failure.
      if (root.weight == Weight::warning && holder_of(root.line) == nullptr)
        add(first_hand(root, root.line));
      if (event.weight == Weight::relay)
        return take_relay(event.line, event.text, event.package, event.voice);
      if (Failure* holder = holder_of(root.line)) {
        holder->consequences.push_back(event.line);
        return;
      }
    }
    if (event.weight == Weight::relay)
      return take_relay(event.line, event.text, event.package, event.voice);
    add(first_hand(event, event.line));
  }

  void take_line(const LogLine& line, Trouble trouble) {
    if (trouble.weight == Weight::relay)
      return take_relay(line.number, line.text, package_, trouble.voice);
    // What a tool goes on to say a few lines below its error is no error of its own.
    Failure one;
    one.line = line.number;
    one.text = line.text;
    one.kind = class_of_line(line.text, trouble.voice);
    one.tool = std::move(trouble.tool);
    one.step = trouble.voice.stage;
    one.package = package_;
    if (std::string test = test_of(line.text); !test.empty())
      one.names = {{"test", std::move(test)}};
    if (Failure* before = last_of(one.package); before != nullptr && goes_on(*before, one)) {
      before->consequences.push_back(line.number);
      return;
    }
    add(std::move(one));
  }

  // A tool's own last words: they need a failure of their package above.
  void take_relay(std::size_t line, const std::string& text, const std::string& package,
                  const Voice& voice) {
    Failure* holder = package.empty() ? nullptr : last_of(package);
    const bool of_tool = voice.stage == "link" || voice.stage == "compile" || voice.stage == "cgo";
    const bool elsewhere = !package.empty() && of_tool;
    if (holder == nullptr && !elsewhere && !out_.empty()) holder = &out_.back();
    if (holder != nullptr) {
      holder->consequences.push_back(line);
      return;
    }
    Failure one;
    one.line = line;
    one.text = text;
    one.kind =
        of_tool && voice.stage == "link" ? FailureClass::link_failed : FailureClass::tool_failed;
    one.tool = voice.tool;
    one.step = voice.stage;
    one.package = package;
    one.explained = false;
    // A program that ends with nothing but a status has said why in its line before.
    const bool bare = trim(text).starts_with("exit status ");
    if (bare && said_.number + 1 == line && !said_.text.empty()) {
      one.line = said_.number;
      one.text = said_.text;
      one.consequences.push_back(line);
    }
    add(std::move(one));
  }

  // What a program prints, and no command, comment or progress.
  void note_said(const LogLine& line) {
    const std::string_view text = trim(line.text);
    constexpr auto others = std::to_array<std::string_view>(
        {"$ ", "> ", "+ ", "# ", "-> ", "ok ", "--", "==", "go: downloading ", "go build ",
         "go test ", "go run ", "go install ", "Step ", "RUN ", "make"});
    const bool told = text.contains(' ') && std::ranges::none_of(others, [&](auto other) {
                        return text.starts_with(other);
                      });
    said_ = told ? line : LogLine{};
  }

  [[nodiscard]] static Failure first_hand(const LogEvent& event, std::size_t line) {
    Failure out;
    out.line = line;
    out.text = event.text;
    out.kind = class_of(event);
    out.tool = event.voice.tool;
    out.step = event.voice.stage;
    out.package = event.package;
    out.names = event.captures;
    return out;
  }

  // Whether a line with the words of an error only goes on with what a failure began.
  [[nodiscard]] static bool goes_on(const Failure& before, const Failure& next) {
    constexpr std::size_t near = 8;
    if (before.kind == next.kind) return false;
    if (next.kind == FailureClass::test_failed || next.kind == FailureClass::go_error) return false;
    const std::size_t last = std::max(before.lines.empty() ? before.line : before.lines.back(),
                                      before.consequences.empty() ? 0 : before.consequences.back());
    const bool same_voice = next.step.empty() || next.step == before.step;
    return same_voice && next.line - last <= near;
  }

  // "link: running gcc failed" stands above what the linker said.
  void take_announcement(Failure& one) {
    constexpr std::size_t near = 3;
    if (out_.empty() || out_.back().explained || !one.explained) return;
    const Failure& relay = out_.back();
    const bool same = relay.package.empty() || relay.package == one.package;
    if (!same || one.line > relay.lines.back() + near) return;
    one.consequences = relay.lines;
    out_.pop_back();
  }

  void add(Failure one) {
    one.lines = {one.line};
    one.target = target_;
    take_announcement(one);
    const auto same = std::ranges::find_if(out_, [&](const Failure& other) {
      if (other.kind != one.kind) return false;
      if (capture(other.names, "number") != capture(one.names, "number")) return false;
      if (is_of_machine(one.kind)) return name_in(other.names) == name_in(one.names);
      if (other.package != one.package || other.target != one.target) return false;
      return !has_name_of_its_own(one.kind) || name_in(other.names) == name_in(one.names);
    });
    if (same != out_.end()) {
      same->lines.push_back(one.line);
      same->explained = same->explained || one.explained;
      same->consequences.insert(same->consequences.end(), one.consequences.begin(),
                                one.consequences.end());
      return;
    }
    if (out_.size() < most_failures) out_.push_back(std::move(one));
  }

  [[nodiscard]] Failure* holder_of(std::size_t line) {
    for (Failure& one : out_) {
      const auto holds = [&](const std::vector<std::size_t>& lines) {
        return std::ranges::find(lines, line) != lines.end();
      };
      if (holds(one.lines) || holds(one.consequences)) return &one;
    }
    return nullptr;
  }

  [[nodiscard]] Failure* last_of(std::string_view package) {
    for (auto one = out_.rbegin(); one != out_.rend(); ++one) {
      if (one->package == package) return &*one;
    }
    return nullptr;
  }

  // Where tenon has answered, the other lines are what it was read from.
  void keep_answers() {
    const auto is_answer = [](const Failure& one) { return !capture(one.names, "number").empty(); };
    const auto first = std::ranges::find_if(out_, is_answer);
    if (first == out_.end()) return;
    for (const Failure& one : out_) {
      if (is_answer(one)) continue;
      first->consequences.insert(first->consequences.end(), one.lines.begin(), one.lines.end());
      first->consequences.insert(first->consequences.end(), one.consequences.begin(),
                                 one.consequences.end());
    }
    std::ranges::sort(first->consequences);
    std::erase_if(out_, [&](const Failure& one) { return !is_answer(one); });
  }

  void name_packages_of_tests() {
    for (Failure& one : out_) {
      if (one.kind != FailureClass::test_failed) continue;
      const auto found = std::ranges::find_if(
          tested_, [&](const auto& tested) { return tested.first > one.line; });
      if (found != tested_.end()) one.package = found->second;
    }
  }

  const Log& log_;
  std::vector<Failure> out_;
  std::string package_, target_;
  LogLine said_;  // the line before, where it is what a program said
  std::vector<std::pair<std::size_t, std::string>> tested_;
};

bool holds(const std::vector<std::size_t>& lines, std::size_t line) {
  return std::ranges::find(lines, line) != lines.end();
}

// A message without the words of an error, which only its cause knows: a dialog of macOS. Its line
// is the failure, unless what is known best of the log is harmless.
void add_what_causes_know(std::vector<Failure>& failures, const std::vector<Candidate>& candidates,
                          const Log& log) {
  if (!failures.empty() || candidates.empty()) return;
  const Candidate& best = candidates.front();
  if (best.cause->harmless || best.lines.empty()) return;
  const auto line = std::ranges::find(log.lines(), best.lines.front(), &LogLine::number);
  if (line == log.lines().end()) return;
  Failure& one = failures.emplace_back();
  one.line = line->number;
  one.text = line->text;
  one.lines = {one.line};
}

// The failure that a candidate is about: the first one with a line of its proof, or near one.
Failure* failure_of(std::vector<Failure>& failures, const Candidate& candidate) {
  for (const bool first_hand : {true, false}) {
    for (const std::size_t line : candidate.lines) {
      for (Failure& one : failures) {
        if (holds(first_hand ? one.lines : one.consequences, line)) return &one;
      }
    }
  }
  // A message goes on over the lines below its first.
  constexpr std::size_t near = 8;
  for (const std::size_t line : candidate.lines) {
    for (Failure& one : failures) {
      const auto close = [&](std::size_t of) { return line + near >= of && line <= of + near; };
      if (std::ranges::any_of(one.lines, close)) return &one;
    }
  }
  return nullptr;
}

// The log of one failure: how it began and the lines near the failure, without those of the others.
// A long log is not judged whole again for each.
Log part_of(const Log& log, const std::vector<Failure>& failures, const Failure& one) {
  constexpr std::size_t head = 200, near = 400;
  std::vector<LogLine> lines;
  for (const LogLine& line : log.lines()) {
    if (line.number > head && (line.number + near < one.line || line.number > one.line + near))
      continue;
    const bool foreign = std::ranges::any_of(failures, [&](const Failure& other) {
      return &other != &one &&
             (holds(other.lines, line.number) || holds(other.consequences, line.number));
    });
    if (!foreign) lines.push_back(line);
  }
  Log out = read_lines(std::move(lines), log.journal);
  BuildContext build = log.build;
  // Of several targets in one log each failure has its own.
  if (const std::size_t slash = one.target.find('/'); slash != one.target.npos) {
    build.goos = one.target.substr(0, slash);
    build.goarch = one.target.substr(slash + 1);
    out.goos.clear();
    out.goarch.clear();
  }
  note_build(out, build);
  if (!one.target.empty()) out.origin.cross = {"yes", one.target, 0};
  return out;
}

// The rows prove what comes first in a log: what they say of a second failure they say when the
// first is not there.
void ask_again(std::vector<Failure>& failures, const Log& log, const TeamCauses* team) {
  constexpr std::size_t most_asked = 8;
  std::size_t asked = 0;
  if (failures.size() < 2) return;
  // What the whole log says of a target is of none when it has several.
  const bool several = std::ranges::any_of(
      failures, [&](const Failure& one) { return one.target != failures.front().target; });
  for (Failure& one : failures) {
    const bool again = several && !one.target.empty();
    if ((!one.causes.empty() && !again) || !one.explained || asked == most_asked) continue;
    ++asked;
    std::vector<Candidate> causes;
    for (Candidate& candidate : explain_log(part_of(log, failures, one), team)) {
      const bool proves = std::ranges::any_of(candidate.lines, [&](std::size_t line) {
        return holds(one.lines, line) || holds(one.consequences, line);
      });
      if (proves && !candidate.cause->harmless) causes.push_back(std::move(candidate));
    }
    if (!causes.empty()) one.causes = std::move(causes);
  }
}

// What a line says, whoever says it and of which name.
std::string_view gist(const Log& log, std::size_t number) {
  const auto line = std::ranges::lower_bound(log.lines(), number, {}, &LogLine::number);
  if (line == log.lines().end() || line->number != number) return {};
  std::string_view out = line->text;
  if (const std::size_t colon = out.find(": "); colon != out.npos) out.remove_prefix(colon);
  return out.substr(0, out.find('\''));
}

// A failure whose lines all say what a harmless cause proves is none.
void drop_harmless(std::vector<Failure>& failures, const std::vector<Candidate>& candidates,
                   const Log& log) {
  const auto harmless = [&](std::size_t line) {
    return std::ranges::any_of(candidates, [&](const Candidate& candidate) {
      return candidate.cause->harmless &&
             std::ranges::any_of(candidate.lines, [&](std::size_t proof) {
               return proof == line || gist(log, proof) == gist(log, line);
             });
    });
  };
  std::erase_if(failures,
                [&](const Failure& one) { return std::ranges::all_of(one.lines, harmless); });
}

// One answer in the same words is one thing to put right.
void join_same_answers(std::vector<Failure>& failures) {
  std::vector<Failure> out;
  for (Failure& one : failures) {
    const auto same = std::ranges::find_if(out, [&](const Failure& other) {
      return !one.causes.empty() && !other.causes.empty() && one.kind == other.kind &&
             one.causes.front().cause == other.causes.front().cause &&
             one.causes.front().message == other.causes.front().message &&
             one.causes.front().commands == other.causes.front().commands;
    });
    if (same == out.end()) {
      out.push_back(std::move(one));
      continue;
    }
    same->lines.insert(same->lines.end(), one.lines.begin(), one.lines.end());
    same->consequences.insert(same->consequences.end(), one.consequences.begin(),
                              one.consequences.end());
  }
  for (Failure& one : out) {
    std::ranges::sort(one.lines);
    std::ranges::sort(one.consequences);
  }
  failures = std::move(out);
}

// Kinds whose failure leaves others behind in the same package: what is not there is missed later
// in other words.
bool leaves_behind(FailureClass earlier, FailureClass later) {
  using enum FailureClass;
  constexpr auto trails = std::to_array<std::pair<FailureClass, FailureClass>>({
      {symbol_undefined, library_missing},
      {symbol_undefined, file_refused},
      {symbol_undefined, sdk_missing},
      {c_error, header_missing},
      {c_error, sdk_missing},
      {c_error, program_missing},
      {c_error, option_unknown},
      {go_error, package_missing},
      {go_error, cgo_off},
      {go_error, header_missing},
      {go_error, pkg_config},
      {go_error, c_error},
      {link_failed, library_missing},
      {link_failed, file_refused},
      {link_failed, sdk_missing},
      {link_failed, symbol_undefined},
      {link_failed, symbol_duplicate},
      {link_failed, option_unknown},
      {link_failed, program_missing},
  });
  if (later == tool_failed || later == unknown) return earlier != later;
  return std::ranges::find(trails, std::pair(later, earlier)) != trails.end();
}

// A failure of which no more can be said than what it is, beside one of its package that is
// explained and leaves such behind, is no second thing to put right.
void join_consequences(std::vector<Failure>& failures) {
  const auto is_open = [](const Failure& one) {
    return one.causes.empty() || one.causes.front().cause->general;
  };
  const auto root_of = [&](const Failure& one) {
    return std::ranges::find_if(failures, [&](const Failure& other) {
      return &other != &one && !is_open(other) && other.target == one.target &&
             other.package == one.package && leaves_behind(other.kind, one.kind);
    });
  };
  std::vector<bool> joined(failures.size(), false);
  for (std::size_t i = 0; i < failures.size(); ++i) {
    const auto root = is_open(failures[i]) ? root_of(failures[i]) : failures.end();
    if (root == failures.end()) continue;
    root->consequences.insert(root->consequences.end(), failures[i].lines.begin(),
                              failures[i].lines.end());
    root->consequences.insert(root->consequences.end(), failures[i].consequences.begin(),
                              failures[i].consequences.end());
    joined[i] = true;
  }
  std::size_t at = 0;
  std::erase_if(failures, [&](const Failure&) { return joined[at++]; });
}

}  // namespace

std::vector<Failure> read_failures(const Log& log) { return Grouping(log).run(); }

void assign_causes(std::vector<Failure>& failures, const std::vector<Candidate>& candidates,
                   const Log& log, const TeamCauses* team) {
  drop_harmless(failures, candidates, log);
  add_what_causes_know(failures, candidates, log);
  for (Failure& one : failures) one.causes.clear();
  for (const Candidate& candidate : candidates) {
    if (candidate.cause->harmless || failures.empty()) continue;
    Failure* of = failure_of(failures, candidate);
    // A proof of other lines, such as settings that were printed, is of what went wrong first.
    // That it is what went wrong is not shown: such a proof is not certain.
    const bool elsewhere = of == nullptr;
    if (elsewhere) of = failures.data();
    Candidate& taken = of->causes.emplace_back(candidate);
    if (elsewhere) taken.sureness = std::min(taken.sureness, Sureness::likely);
  }
  ask_again(failures, log, team);
  join_consequences(failures);
  join_same_answers(failures);
  const auto best =
      std::ranges::find_if(candidates, [](const Candidate& one) { return !one.cause->harmless; });
  const auto is_best = [&](const Failure& one) {
    return best != candidates.end() && !one.causes.empty() &&
           one.causes.front().cause == best->cause && one.kind != FailureClass::test_failed;
  };
  std::ranges::stable_sort(failures, {}, [&](const Failure& one) {
    return std::tuple(!is_best(one), !one.explained, one.kind, one.line);
  });
}

}  // namespace tenon
