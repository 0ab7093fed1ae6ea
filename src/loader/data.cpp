// The verdict as JSON.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diag/report.h"
#include "format/elf/elf.h"
#include "loader/files.h"
#include "loader/floor.h"
#include "loader/show.h"
#include "loader/verdict.h"

namespace tenon::loader {
namespace {

Data failure_data(const Failure& failure) {
  Data out = Data::object();
  out.add("file", failure.file);
  out.add("cause", cause_name(failure.cause));
  out.add("text", failure.text);
  out.add("status", static_cast<std::int64_t>(failure.status));
  const auto some = [&](const char* key, const std::string& value) {
    if (!value.empty()) out.add(key, value);
  };
  some("by", failure.by);
  some("library", failure.library);
  some("symbol", failure.symbol);
  some("version", failure.version);
  some("path", failure.path);
  some("why", failure.why);
  return out;
}

Data image_data(const ImageInfo& image) {
  Data out = Data::object();
  out.add("path", image.path);
  out.add("real_path", image.real_path);
  out.add("name", image.name);
  out.add("by", image.by.empty() ? Data() : Data(image.by));
  out.add("found", found_name(image.found));
  out.add("soname", image.soname.empty() ? Data() : Data(image.soname));
  return out;
}

Data tried_data(const Tried& tried) {
  Data out = Data::object();
  out.add("name", tried.name);
  out.add("by", tried.by);
  out.add("path", tried.path);
  out.add("rule", found_name(tried.rule));
  if (!tried.owner.empty()) out.add("of", tried.owner);
  out.add("result", try_name(tried.result));
  if (tried.result == TryResult::absent) out.add("error", glibc_text(tried.os_error));
  if (!tried.note.empty()) out.add("note", tried.note);
  return out;
}

Data late_data(const LateSymbol& late) {
  Data out = Data::object();
  out.add("path", late.path);
  out.add("symbol", late.symbol);
  if (!late.version.empty()) out.add("version", late.version);
  out.add("text", late.text);
  return out;
}

Data version_data(const elf::GlibcVersion& version) {
  return version == elf::GlibcVersion{} ? Data() : Data(version_text(version));
}

Data floor_data(const FloorEntry& entry) {
  Data out = Data::object();
  out.add("path", entry.path);
  out.add("version", version_text(entry.version));
  Data symbols = Data::array();
  for (const std::string& one : entry.symbols) symbols.push(one);
  out.add("symbols", std::move(symbols));
  return out;
}

template <class T, class Make>
Data list_of(const std::vector<T>& values, Make make) {
  Data out = Data::array();
  out.reserve(values.size());
  for (const T& one : values) out.push(make(one));
  return out;
}

Data static_need_data(const StaticNeed& need) {
  Data out = Data::object();
  out.add("kind", need.kind);
  out.add("what", need.what);
  Data evidence = Data::array();
  for (const auto& [where, text] : need.evidence) {
    Data row = Data::object();
    row.add("where", where);
    row.add("text", text);
    evidence.push(std::move(row));
  }
  out.add("evidence", std::move(evidence));
  return out;
}

}  // namespace

Data verdict_data(const Verdict& verdict) {
  Data out = Data::object();
  out.add("loads", verdict.loads ? Data(*verdict.loads) : Data());
  out.add("library", verdict.library);
  out.add("loader", loader_name(verdict.loader));
  out.add("interpreter", verdict.interpreter.empty() ? Data() : Data(verdict.interpreter));
  out.add("failure", verdict.failures.empty() ? Data() : failure_data(verdict.failures.front()));
  std::vector<Failure> more;
  if (verdict.failures.size() > 1) more = {verdict.failures.begin() + 1, verdict.failures.end()};
  out.add("more_failures", list_of(more, failure_data));
  out.add("text", verdict.text());
  out.add("fails_when_called", list_of(verdict.late, late_data));
  out.add("images", list_of(verdict.images, image_data));
  out.add("tried", list_of(verdict.tried, tried_data));
  out.add("tried_cut", verdict.tried_cut);
  Data glibc = Data::object();
  glibc.add("needed", version_data(verdict.glibc.needed));
  glibc.add("have", version_data(verdict.glibc.have));
  glibc.add("files", list_of(verdict.glibc.files, floor_data));
  Data systems = Data::array();
  for (const std::string_view one : bases_with(verdict.glibc.needed)) systems.push(one);
  glibc.add("systems", std::move(systems));
  out.add("glibc", std::move(glibc));
  Data lacking = Data::array();
  for (const std::string& one : verdict.not_in_musl) lacking.push(one);
  out.add("not_in_musl", std::move(lacking));
  const auto as_data = [](const std::string& one) { return Data(one); };
  out.add("hwcaps", list_of(verdict.hwcaps, as_data));
  out.add("for_other_processors", list_of(verdict.for_other_processors, as_data));
  Data needs = Data::array();
  for (const StaticNeed& one : verdict.static_needs) needs.push(static_need_data(one));
  out.add("static_needs", std::move(needs));
  Data starts = Data::array();
  for (const std::string_view one : verdict.starts_on) starts.push(one);
  out.add("starts_on", std::move(starts));
  out.add("undecided", verdict.undecided.empty() ? Data() : Data(verdict.undecided));
  return out;
}

}  // namespace tenon::loader
