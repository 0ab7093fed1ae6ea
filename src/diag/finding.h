// What the product says: findings with evidence and fixes, and the report that carries them.
// Sentences are Shown and commands are words of ShellWord: who makes a finding escapes and quotes
// (make_finding does both). Subjects and evidence are data, which JSON gives as they are; the
// renderers show them.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/shell_word.h"
#include "base/shown.h"
#include "diag/code.h"

namespace tenon {

enum class Severity { error, warning, note };

// Where a statement comes from.
struct Evidence {
  enum class Kind { file, log, fact, command };
  Kind kind = Kind::fact;
  std::string where;  // path, log line, name of the fact, command line
  std::string text;   // what was seen there
};

// One way to mend a finding.
struct Fix {
  enum class Safety {
    safe,    // may be run unattended
    review,  // right in most cases; look first
    manual,  // a person has to do it; `commands` may be empty
  };
  Safety safety = Safety::manual;
  Shown text;
  std::vector<ShellCommand> commands;
};

enum class Confidence { certain, likely, possible };

struct Finding {
  Code code{};  // its entry in the catalogue documents it
  Severity severity = Severity::error;
  std::string subject;  // what it is about: a package, a file, a target
  Shown message;        // one sentence
  std::vector<Evidence> evidence;
  std::vector<Fix> fixes;
  Confidence confidence = Confidence::certain;
  std::string own_code = {}, own_slug = {};  // of a team's own cause, where code is Code::none
};

// The value, or the finding that says why there is none.
template <class T>
using Outcome = std::expected<T, Finding>;

[[nodiscard]] std::string_view severity_name(Severity severity);
[[nodiscard]] std::string_view safety_name(Fix::Safety safety);
[[nodiscard]] std::string_view confidence_name(Confidence confidence);
[[nodiscard]] std::string_view evidence_name(Evidence::Kind kind);

}  // namespace tenon
