#include "cli/term.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/reason.h"
#include "base/shown.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/page.h"
#include "cli/table.h"
#include "diag/render/diagnosis.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "host/files.h"
#include "host/process.h"

namespace tenon {
namespace {

bool set(const char* name) {
  const auto value = environment_variable(name);
  return value && !value->empty();
}

bool forced() {
  for (const char* name : {"CLICOLOR_FORCE", "FORCE_COLOR"}) {
    const auto value = environment_variable(name);
    if (value && !value->empty() && *value != "0") return true;
  }
  return false;
}

bool smart_terminal(int fd) {
  return ::isatty(fd) == 1 && environment_variable("TERM").value_or("") != "dumb";
}

bool wants_colour(const Arguments& arguments, int fd) {
  const std::string when = arguments.get("--color");
  if (when == "always") return true;
  if (when == "never") return false;
  if (set("NO_COLOR")) return false;
  return forced() || smart_terminal(fd);
}

bool utf8_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto value = environment_variable(name);
    if (!value || value->empty()) continue;
    return value->contains("UTF-8") || value->contains("utf8");
  }
  return false;
}

std::size_t terminal_width(int fd) {
  if (const auto columns = environment_variable("COLUMNS")) {
    if (const auto number = parse_number(*columns); number && *number > 20) return *number;
  }
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 20) return size.ws_col;
  return 80;
}

std::size_t terminal_height(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_row > 1) return size.ws_row;
  return 24;
}

// Takes so many lines away, the last of which the cursor stands in.
std::string erasure(std::size_t lines) {
  std::string out = "\r\x1b[K";
  for (std::size_t i = 1; i < lines; ++i) out += "\x1b[A\x1b[K";
  return out;
}

void write(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
}

}  // namespace

bool print(const Shown& text) {
  write(stdout, printed(text));
  return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

bool print_document(std::string_view text) {
  write(stdout, text);
  return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

bool on_terminal() { return smart_terminal(STDOUT_FILENO); }

PageStyle page_style(const Arguments& arguments) {
  constexpr std::size_t narrowest = 40;
  constexpr std::size_t widest = 100;  // longer lines are hard to read
  return {std::clamp(terminal_width(STDOUT_FILENO), narrowest, widest),
          wants_colour(arguments, STDOUT_FILENO)};
}

int print_help(const CommandSpec& command, const Arguments& arguments) {
  return print(help_text(command, page_style(arguments))) ? exit_ok : exit_undecided;
}

void write_rows(std::string_view text) { write(stdout, text); }

void tell(const Shown& text) { write(stderr, printed(text)); }

Term::Term(const Arguments& arguments)
    : page_(page_style(arguments)),
      saves_(arguments.all(save_option.name)),
      format_(arguments.get("--format")),
      json_(arguments.has("--json")),
      quiet_(arguments.has("--quiet")),
      verbose_(arguments.has("--verbose")) {
  style_.colour = wants_colour(arguments, STDOUT_FILENO);
  style_.unicode = utf8_locale();
  error_style_ = style_;
  error_style_.colour = wants_colour(arguments, STDERR_FILENO);
  live_ = !quiet_ && smart_terminal(STDERR_FILENO) && !set("CI");
  width_ = terminal_width(STDERR_FILENO);
  height_ = terminal_height(STDERR_FILENO);
}

void Term::status(const Shown& text) { status_lines({text}); }

void Term::status_lines(const std::vector<Shown>& lines) {
  if (!live_) return;
  std::string out = erasure(shown_);
  shown_ = std::min(lines.size(), height_ - 1);
  for (std::size_t i = 0; i < shown_; ++i) {
    std::string line = lines[i].text().substr(0, width_ - 1);
    std::ranges::replace(line, '\n', ' ');
    out += (i == 0 ? "" : "\n") + line;
  }
  write(stderr, out);
  std::fflush(stderr);
}

void Term::clear_status() {
  if (shown_ == 0) return;
  write(stderr, erasure(shown_));
  std::fflush(stderr);
  shown_ = 0;
}

void Term::line(const Shown& text) {
  if (quiet_) return;
  clear_status();
  tell(text + "\n");
  std::fflush(stderr);
}

int Term::save(const Diagnoses& findings, std::string_view command, int code) {
  for (const std::string& one : std::exchange(saves_, {})) {
    const auto equals = one.find('=');
    const std::string form = one.substr(0, equals);
    const std::string path = one.substr(equals + 1);
    const std::string text = form == "sarif"    ? render_sarif(findings, tenon_version())
                             : form == "github" ? render_github(findings)
                                                : render_junit(findings, command);
    if (const auto written = write_text(path, text); !written) {
      tell(shown_format("tenon {}: {}: {}\n", command, path, reason_text(written.error())));
      if (code == exit_ok) code = exit_undecided;
    }
  }
  return code;
}

int Term::finish(const Report& report, int code) {
  clear_status();
  if (!saves_.empty()) code = save(report_diagnoses(report), report.command, code);
  if (format_ == "sarif") {
    write(stdout, render_sarif(report_diagnoses(report), tenon_version()));
  } else if (format_ == "github") {
    write(stdout, render_github(report_diagnoses(report)));
  } else if (format_ == "junit") {
    write(stdout, render_junit(report_diagnoses(report), report.command));
  } else if (json_) {
    render_json(report, tenon_version(), [](std::string_view piece) { write(stdout, piece); });
  } else {
    // Findings of a command without an answer are messages of the tool itself.
    const bool answer = !report.text.empty() || report.ok;
    write(answer ? stdout : stderr, printed(render_text(report, answer ? style_ : error_style_)));
  }
  // A full disk or a closed pipe must not pass for success.
  if ((std::fflush(stdout) != 0 || std::ferror(stdout) != 0) && code == exit_ok) {
    return exit_undecided;
  }
  return code;
}

}  // namespace tenon
