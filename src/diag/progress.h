// Where a long command says what it is doing. The terminal is one; tests collect the lines.
#pragma once

#include <vector>

#include "base/shown.h"

namespace tenon {

class Progress {
 public:
  Progress() = default;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  virtual ~Progress() = default;

  // Replaces the status line on a terminal; does nothing elsewhere.
  virtual void status(const Shown& text) = 0;
  // The same with a few lines.
  virtual void status_lines(const std::vector<Shown>& lines) {
    if (!lines.empty()) status(lines.front());
  }

  virtual void clear_status() = 0;
  // Another program writes behind the status line now and ends it.
  virtual void leave_status() = 0;
  // A line of its own, above the status line.
  virtual void line(const Shown& text) = 0;
  // Whether there is a status line.
  [[nodiscard]] virtual bool live() const = 0;
};

}  // namespace tenon
