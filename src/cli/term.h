// The one door to the terminal: colour, width, the status line, and what is printed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/shown.h"
#include "cli/page.h"
#include "cli/table.h"
#include "diag/progress.h"
#include "diag/render/diagnosis.h"
#include "diag/render/render.h"
#include "diag/report.h"

namespace tenon {

// Text on standard output, and a message on standard error. Nothing else in cli/ writes to a
// stream. False: a full disk or a closed pipe.
bool print(const Shown& text);
void tell(const Shown& text);
// A document for programs, whose form escapes what it holds: JSON, an annotation, a shell script.
bool print_document(std::string_view text);
// The help of a command on standard output, at its width; returns the exit code.
int print_help(const CommandSpec& command, const Arguments& arguments);
// Of standard output: where nobody sets a width, 80 columns, and at most 100 of a wider terminal.
[[nodiscard]] PageStyle page_style(const Arguments& arguments);
// Whether standard output is a terminal that shows more than plain text.
[[nodiscard]] bool on_terminal();
// A piece of a long list of inspect, whose writer escapes each name.
void write_rows(std::string_view text);

class Term : public Progress {
 public:
  // --color > NO_COLOR > CLICOLOR_FORCE, FORCE_COLOR > a terminal that is not dumb.
  explicit Term(const Arguments& arguments);
  ~Term() override { Term::clear_status(); }

  // Replaces the status line on a terminal; does nothing elsewhere.
  void status(const Shown& text) override;
  // At most as many as fit.
  void status_lines(const std::vector<Shown>& lines) override;
  void clear_status() override;
  // Somebody else writes behind the status line now: it is theirs to end.
  void leave_status() override { shown_ = 0; }
  // A line of progress on standard error, above the status line. Nothing when quiet or with JSON.
  void line(const Shown& text) override;

  // Whether standard error is a terminal with a status line.
  [[nodiscard]] bool live() const override { return live_; }

  // Prints the report: JSON or text on standard output. Writes its findings to the files of --save,
  // unless save() did. Returns `code`; exit_undecided when something could not be written.
  int finish(const Report& report, int code);
  // For a command whose findings say more than its report: writes them to the files of --save,
  // once. Returns `code` as finish() does.
  int save(const Diagnoses& findings, std::string_view command, int code);

  [[nodiscard]] bool json() const { return json_; }

  [[nodiscard]] bool verbose() const { return verbose_; }

  [[nodiscard]] const TextStyle& style() const { return style_; }

  // Of what tell() writes.
  [[nodiscard]] const TextStyle& error_style() const { return error_style_; }

  [[nodiscard]] const PageStyle& page() const { return page_; }

 private:
  TextStyle style_;
  TextStyle error_style_;
  PageStyle page_;
  std::vector<std::string> saves_;  // "sarif=FILE"; empty once written
  std::string format_;              // of --format; other than sarif, github and junit: text or JSON
  bool json_ = false;
  bool quiet_ = false;
  bool verbose_ = false;
  bool live_ = false;
  std::size_t shown_ = 0;  // lines of the status
  std::size_t width_ = 80;
  std::size_t height_ = 24;
};

}  // namespace tenon
