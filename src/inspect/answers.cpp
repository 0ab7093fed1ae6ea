// From files to the one report of inspect.
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/reason.h"
#include "base/result.h"
#include "base/shown.h"
#include "base/unread.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "diag/unread.h"
#include "inspect/artifact.h"
#include "inspect/diff.h"
#include "inspect/inspect.h"
#include "inspect/show.h"

namespace tenon {

Finding read_problem(const std::string& path, const Error& error) {
  const std::string reason = fmt::format("{} at offset {}", error.what, error.offset);
  if (error.code == Errc::malformed || error.code == Errc::truncated) {
    return make_finding(Code::artifact_malformed, {{"value", reason}}, path);
  }
  if (error.code == Errc::unsupported)
    return make_finding(Code::artifact_kind_unknown, {{"value", error.what}}, path);
  return make_finding(Code::usage_unreadable_input,
                      {{"path", path}, {"reason", reason_text(error)}}, path);
}

FileAnswer unreadable(const std::string& path, const Error& error) {
  FileAnswer out;
  out.path = path;
  out.findings.push_back(read_problem(path, error));
  return out;
}

FileAnswer unread(const std::string& path, const Error& error) {
  FileAnswer out;
  out.path = path;
  out.unread = error;
  return out;
}

FileAnswer answer_for(const std::string& path, ByteView file, const ShowOptions& options,
                      bool from_folder) {
  const auto report = inspect_file(file, options.inspect);
  if (!report) {
    if (!from_folder || report.error().code != Errc::unsupported) {
      return unreadable(path, report.error());
    }
    FileAnswer skipped;
    skipped.path = path;
    skipped.skipped = true;
    return skipped;
  }
  FileAnswer out;
  out.path = path;
  out.read = true;
  if (options.json) {
    out.data = file_data(path, *report);
  } else {
    out.text = file_text(path, *report, options.style, options.width);
  }
  for (const ArtifactRemark& remark : report->remarks) {
    out.findings.push_back(remark_finding(path, remark));
  }
  return out;
}

bool add_answers(std::vector<FileAnswer> answers, std::vector<Unread> unread, Report& report) {
  Data files = Data::array();
  std::size_t skipped = 0;
  for (FileAnswer& answer : answers) {
    skipped += answer.skipped ? 1 : 0;
    if (answer.unread) unread.push_back({answer.path, *answer.unread});
    if (answer.read) {
      files.push(std::move(answer.data));
      report.text += answer.text;
    }
    for (Finding& finding : answer.findings) {
      report.ok = report.ok && finding.severity != Severity::error;
      report.findings.push_back(std::move(finding));
    }
  }
  if (skipped > 0) {
    report.text += shown_format("{} files of other kinds were skipped\n", skipped);
    report.data.add("skipped", static_cast<std::int64_t>(skipped));
  }
  report.data.add("files", std::move(files));
  add_unread(unread, report);
  return unread.empty();
}

Shown diff_text(const std::vector<DiffRow>& rows) {
  if (rows.empty()) return "the files are equal, byte for byte\n";
  Shown out;
  for (const DiffRow& row : rows) {
    out += shown_format("{:14} {}\n", row.what, row.text);
  }
  return out;
}

Data diff_data(const std::vector<DiffRow>& rows) {
  Data out = Data::array();
  for (const DiffRow& row : rows) {
    Data one = Data::object();
    one.add("what", row.what);
    one.add("slice", row.slice);
    one.add("left", row.left);
    one.add("right", row.right);
    one.add("text", row.text);
    out.push(std::move(one));
  }
  return out;
}

}  // namespace tenon
