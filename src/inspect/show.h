// How inspect's answers look: JSON for scripts, text for people. Pure: cli prints them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/shown.h"
#include "base/unread.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "inspect/artifact.h"
#include "inspect/diff.h"
#include "inspect/inspect.h"

namespace tenon {

// An element of data.files. The keys are a contract; see docs/inspect.md.
[[nodiscard]] Data file_data(const std::string& path, const FileReport& report);

// The reverse, without remarks. malformed for what is no such element; keys that are missing, or
// have another kind of value, leave their fact unknown.
[[nodiscard]] Result<FileReport> file_from(const Data& data);

// "ad-hoc", "broken", ...; empty for unsupported.
[[nodiscard]] std::string_view signature_kind_name(SignatureKind kind);

// The report of one file, a paragraph a slice. Values that are wider than `width` columns go on
// below their beginning; 0: lines are not broken.
[[nodiscard]] Shown file_text(const std::string& path, const FileReport& report,
                              const TextStyle& style, std::size_t width = 0);

// The tables of keys in docs/inspect.md, Markdown: `tenon docs inspect`.
[[nodiscard]] std::string keys_page();

// The answer of --diff: one line a difference, or that there is none; an element each.
[[nodiscard]] Shown diff_text(const std::vector<DiffRow>& rows);
[[nodiscard]] Data diff_data(const std::vector<DiffRow>& rows);

// The finding that a remark stands for, with its rule's texts.
[[nodiscard]] Finding remark_finding(const std::string& path, const ArtifactRemark& remark);

// The finding that a file could not be read: damaged, of a kind that is not read, or closed to us.
[[nodiscard]] Finding read_problem(const std::string& path, const Error& error);

// What became of one file, in the one form that is printed.
struct FileAnswer {
  std::string path;
  Data data;   // with `json`
  Shown text;  // else
  std::vector<Finding> findings;
  bool read = false;
  bool skipped = false;              // of a folder, and of a kind that is not read
  std::optional<Error> unread = {};  // it was met in a folder or changed meanwhile
};

// How all files are read and shown.
struct ShowOptions {
  InspectOptions inspect;
  TextStyle style;
  bool json = false;
  std::size_t width = 0;  // columns of the terminal; 0: lines are not broken
};

[[nodiscard]] FileAnswer answer_for(const std::string& path, ByteView file,
                                    const ShowOptions& options, bool from_folder);
[[nodiscard]] FileAnswer unreadable(const std::string& path, const Error& error);

[[nodiscard]] FileAnswer unread(const std::string& path, const Error& error);

// One report of all files in their order; ok when every one was read, findings or not. `unread` is
// what the walks over folders met besides. False when anything is unread.
bool add_answers(std::vector<FileAnswer> answers, std::vector<Unread> unread, Report& report);

}  // namespace tenon
