// What a pack of rules makes of source files: edits, and what it leaves with the reason. Pure:
// texts in, plans out.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "rewrite/edit.h"

namespace tenon::rewrite {

// A place that a rule found and did not change.
struct Left {
  std::uint32_t start = 0;  // byte of the old text
  std::uint32_t line = 0;   // from 1
  std::string_view rule;    // static
  std::string api;          // what stands there: "Logger.setLevel"
  std::string_view why;     // static; a sentence without its full stop
  std::string_view hint;    // static: what a person can do; may be empty
};

// A place that a rule changed.
struct Site {
  std::uint32_t line = 0;
  std::string_view rule;  // static
};

struct FilePlan {
  std::string path;
  std::string text;         // that the edits are of; empty without edits
  std::vector<Edit> edits;  // in order, none overlaps
  std::vector<Site> sites;
  std::vector<Left> left;
  bool looked_at = false;  // the pack has something to say about such a file
  bool fresh = false;      // the file is not there yet; its text is empty
  std::optional<Error> unread;
};

// The texts below the roots that somebody named. read() may be called from several threads.
struct Sources {
  std::vector<std::string> paths;  // sorted
  std::function<Result<std::string>(const std::string& path)> read;
  // Whether a file or directory is there; none: nothing is.
  std::function<bool(const std::string& path)> is_there = {};
  std::string folder = {};  // that paths are relative to, absolute
  // Files of a directory, without those below it, as paths that read() takes; none: only `paths`
  // are known. A package is more than the files of it that somebody named.
  std::function<std::vector<std::string>(const std::string& folder)> files_in = {};
};

struct Rule {
  std::string_view name, text;  // "java/fatal", and one line of what it does
  std::string_view before, after;
  std::string_view code = {};  // of the finding or cause whose fix it is: "TN2316"
};

// Names of rules, as a pack has them; empty: all.
using Chosen = std::set<std::string, std::less<>>;

struct Pack {
  std::string_view name, text;
  std::string_view files;  // endings with blanks between them: ".java"
  std::span<const Rule> rules;
  std::function<std::vector<FilePlan>(const Sources& sources, std::size_t threads,
                                      const Chosen& chosen)>
      plan = {};
  bool separable = false;  // each rule makes sense without the others
};

[[nodiscard]] std::span<const Pack* const> packs();
[[nodiscard]] const Pack* find_pack(std::string_view name);

}  // namespace tenon::rewrite
