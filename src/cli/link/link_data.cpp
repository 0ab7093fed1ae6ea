#include "cli/link/link_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shown.h"
#include "base/text.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "link/closure/answer.h"
#include "link/closure/closure.h"
#include "link/closure/findings.h"
#include "link/closure/line.h"
#include "link/go_flags.h"
#include "link/index/library.h"
#include "link/index/library_index.h"
#include "link/query/go_check.h"
#include "link/run/link_request.h"

namespace tenon {
namespace {

using link::Absent;
using link::Choice;
using link::LibraryIndex;
using link::LinkResult;

Data texts(const std::vector<std::string>& list) {
  Data out = Data::array();
  for (const std::string& one : list) out.push(one);
  return out;
}

Data count(std::size_t value) { return static_cast<std::int64_t>(value); }

Data need_data(const LibraryIndex& index, const link::Need& need) {
  Data out = Data::object();
  out.add("object", link::needer_text(index, need));
  out.add("symbol", std::string(index.names.text(need.symbol)));
  return out;
}

Data choices(const LibraryIndex& index, const std::vector<Choice>& list) {
  Data out = Data::array();
  for (const Choice& one : list) {
    const link::Library& library = index.libraries[one.library];
    Data row = Data::object();
    row.add("name", library.name());
    const bool shared = library.kind == link::LibraryKind::shared;
    row.add("file", shared ? library.loads_as : library.file);
    row.add("path", library.path());
    row.add("why", link::choice_text(index, one));
    out.push(std::move(row));
  }
  return out;
}

Data package_data(const link::PackageOfArchive& package) {
  using State = link::PackageOfArchive::State;
  if (package.state == State::named) return package.package;
  if (package.state == State::none) return "none ships it";
  return {};
}

Data absent_data(const LibraryIndex& index, const std::vector<Absent>& list) {
  Data out = Data::array();
  for (const Absent& one : list) {
    Data row = Data::object();
    row.add("name", one.name);
    row.add("shared", one.shared.empty() ? Data() : Data(one.shared));
    row.add("origin", one.origin.empty() ? Data() : Data(one.origin));
    row.add("needed", !one.needs.empty());
    Data needs = Data::array();
    for (const link::Need& need : one.needs) needs.push(need_data(index, need));
    row.add("needed_by", std::move(needs));
    row.add("more", count(one.more));
    row.add("archive_unusable", one.demoted);
    row.add("package", package_data(one.package));
    out.push(std::move(row));
  }
  return out;
}

Data flag_data(const LinkResult& result) {
  Data out = Data::array();
  for (const link::LineFlag& one : result.answer.flags) {
    Data row = Data::object();
    row.add("words", texts(one.words));
    row.add("origin", one.origin);
    out.push(std::move(row));
  }
  return out;
}

Data library_data(const LinkResult& result) {
  Data out = Data::array();
  for (const link::NamedState& one : result.answer.named) {
    Data row = Data::object();
    row.add("name", one.name);
    row.add("state", link::found_as_name(one.found));
    row.add("path", one.path.empty() ? Data() : Data(one.path));
    row.add("why", one.why.empty() ? Data() : Data(one.why));
    row.add("origin", one.origin);
    out.push(std::move(row));
  }
  return out;
}

Data runtime_data(const link::RuntimeLibraries& runtime) {
  Data out = Data::object();
  out.add("count", count(runtime.names.size()));
  out.add("names", texts(runtime.names));
  out.add("not_found", texts(runtime.unfound));
  return out;
}

std::string_view aside_name(link::Demoted::Why why) {
  switch (why) {
    case link::Demoted::Why::defined_twice: return "defined-twice";
    case link::Demoted::Why::exchanged: return "exchanged";
    case link::Demoted::Why::missing: break;
  }
  return "missing-symbol";
}

void add_troubles(const LinkResult& result, Data& out) {
  const LibraryIndex& index = *result.index;
  Data missing = Data::array();
  for (const link::Missing& one : result.answer.ordered.closure.missing) {
    missing.push(need_data(index, one.need));
  }
  out.add("missing", std::move(missing));
  out.add("left_to_the_driver", count(result.answer.ordered.closure.assumed.size()));
  Data aside = Data::array();
  for (const link::Demoted& one : result.answer.ordered.closure.demoted) {
    Data row = Data::object();
    row.add("archive", index.libraries[one.archive].path());
    row.add("because", aside_name(one.why));
    row.add("symbol", std::string(index.names.text(one.because.symbol)));
    aside.push(std::move(row));
  }
  out.add("set_aside", std::move(aside));
  Data held = Data::array();
  for (const link::HeldTwice& one : result.answer.twice) {
    Data row = Data::object();
    row.add("name", one.name);
    row.add("archive", one.archive);
    row.add("shared", one.shared);
    row.add("through", one.through);
    held.push(std::move(row));
  }
  out.add("held_twice", std::move(held));
  out.add("defined_twice", count(result.answer.ordered.replayed.twice.size()));
}

std::string mode_name(link::Mode mode) {
  switch (mode) {
    case link::Mode::static_only: return "static";
    case link::Mode::hybrid: return "hybrid";
    case link::Mode::as_is: break;
  }
  return "as-is";
}

Shown list_text(const LibraryIndex& index, const Shown& title, const std::vector<Choice>& list) {
  if (list.empty()) return {};
  Shown out = title;
  for (const Choice& one : list) {
    const link::Library& library = index.libraries[one.library];
    const bool shared = library.kind == link::LibraryKind::shared;
    out += shown_format("  {}  {}\n", shared ? library.loads_as : library.file,
                        link::choice_text(index, one));
  }
  return out;
}

}  // namespace

std::vector<std::string> link_words(const LinkResult& result) {
  std::vector<std::string> out;
  for (const link::LineFlag& one : result.answer.flags) {
    out.insert(out.end(), one.words.begin(), one.words.end());
  }
  return out;
}

std::string link_line(const LinkResult& result, LinkForm form) {
  const std::vector<std::string> words = link_words(result);
  std::string line = shell_join(words);
  if (form == LinkForm::cgo) return pc::cgo_line(words, GoFlagSource::cgo_ldflags, {}).text;
  if (form == LinkForm::env) {
    return "CGO_LDFLAGS=" + shell_quote(go_quote(words).value_or(line));
  }
  return line;
}

std::vector<Finding> cgo_findings(const LinkResult& result) {
  return pc::cgo_line(link_words(result), GoFlagSource::cgo_ldflags, {}).findings;
}

Data link_data(const LinkResult& result) {
  Data out = Data::object();
  out.add("mode", mode_name(result.answer.mode));
  out.add("flags", flag_data(result));
  out.add("line", shell_join(link_words(result)));
  out.add("libraries", library_data(result));
  out.add("static", choices(*result.index, result.answer.ordered.closure.archives));
  out.add("shared", choices(*result.index, result.answer.ordered.closure.shared));
  out.add("absent", absent_data(*result.index, result.answer.absent));
  add_troubles(result, out);
  out.add("cxx", result.answer.cxx);
  Data runtime = Data::object();
  runtime.add("usual", runtime_data(result.answer.before));
  runtime.add("this", runtime_data(result.answer.after));
  out.add("runtime", std::move(runtime));
  Data index = Data::object();
  index.add("files", count(result.cost.files));
  index.add("read", count(result.cost.read));
  index.add("members", count(result.cost.members));
  index.add("symbols", count(result.cost.symbols));
  index.add("folders", texts(result.index->folders));
  index.add("not_listed", texts(result.index->unread));
  out.add("index", std::move(index));
  Data times = Data::object();
  times.add("modules_us", result.times.modules_us);
  times.add("index_us", result.times.index_us);
  times.add("solve_us", result.times.solve_us);
  out.add("times", std::move(times));
  return out;
}

Shown link_text_answer(const LinkResult& result, LinkForm form, bool verbose) {
  Shown out = shown_format("{}\n", link_line(result, form));
  if (!verbose) return out;
  const LibraryIndex& index = *result.index;
  const link::Closure& closure = result.answer.ordered.closure;
  out += list_text(index, "\nstatic\n", closure.archives);
  out += list_text(index, "\nshared\n", closure.shared);
  out += shown_format("\nlibraries that are loaded at run time: {} of a usual link, {} of this\n",
                      result.answer.before.names.size(), result.answer.after.names.size());
  return out;
}

Shown link_why(const LinkResult& result, std::string_view flag) {
  const std::string name(flag.starts_with("-l") ? flag.substr(2) : flag);
  Shown out;
  for (const link::NamedState& one : result.answer.named) {
    if (one.name != name) continue;
    out += shown_format("-l{}: named by {}\n", name, one.origin);
    out += shown_format("  {} {}\n", link::found_as_name(one.found), one.path);
  }
  const LibraryIndex& index = *result.index;
  const auto add = [&](const std::vector<Choice>& list, const Shown& how) {
    for (const Choice& one : list) {
      const link::Library& library = index.libraries[one.library];
      if (std::ranges::find(library.names, name) == library.names.end()) continue;
      out += shown_format("{} ({}): {}\n", library.path(), how, link::choice_text(index, one));
    }
  };
  add(result.answer.ordered.closure.archives, "static");
  add(result.answer.ordered.closure.shared, "shared");
  for (const Absent& one : result.answer.absent) {
    if (one.name != name) continue;
    for (const link::Need& need : one.needs) {
      out += shown_format("  {} needs {}\n", link::needer_text(index, need),
                          index.names.text(need.symbol));
    }
    out += shown_format("  {}\n", link::package_text(one));
  }
  return out;
}

}  // namespace tenon
