#include "diagnose/project/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/template.h"
#include "base/text.h"
#include "diag/finding.h"
#include "diagnose/log.h"
#include "diagnose/project/packages.h"
#include "format/gomod/gomod.h"
#include "format/gosource/source.h"

namespace tenon {
namespace {

using gosource::Context;
using project::GoFile;
using project::Packages;
using Kind = ProjectFact::Kind;

constexpr std::size_t most_facts = 12;
constexpr std::size_t most_walked = 40'000;  // names of files looked at for a #cgo line

std::string_view last_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string line_of(const std::string& text, std::size_t number) {
  std::size_t at = 0;
  for (std::size_t i = 1; i < number && at != text.npos; ++i) {
    at = text.find('\n', at);
    if (at != text.npos) ++at;
  }
  if (at == text.npos) return {};
  return std::string(trim(std::string_view(text).substr(at, text.find('\n', at) - at)));
}

// Whether a file takes part in a build without tests.
bool takes_part(const GoFile& file, Context context, bool cgo) {
  context.cgo = cgo;
  return (cgo || file.source.import_c == 0) && gosource::name_fits(last_name(file.path), context) &&
         gosource::satisfied(file.source.constraint, context);
}

// Why a file is not there without cgo, as the line that says so.
std::size_t reason_line(const GoFile& file) {
  return file.source.import_c != 0 ? file.source.import_c : file.source.constraint_line;
}

class Tracer {
 public:
  Tracer(const Log& log, const ProjectPlace& place, const ProjectDisk& disk)
      : log_(log), place_(place), disk_(disk), packages_(place, disk) {}

  std::vector<ProjectFact> run();

 private:
  void undefined(const LogLine& line, const Captures& found);
  void declared_where(const LogLine& line, const std::string& name, const std::string& folder);
  void no_files(const LogLine& line, std::string_view path);
  void asked(const LogLine& line);
  void find_cgo(const LogLine& line, std::string_view verb, const std::string& word);
  bool find_cgo_in(const LogLine& line, std::string_view verb, const std::string& word,
                   const std::string& folder);
  void find_pc(const LogLine& line, const std::string& name, bool library);
  void lost_preamble(const LogLine& line, std::string_view path);
  void workspace(const LogLine& line);
  void work_says(const LogLine& line, std::string_view word, std::string message);
  void add(Kind kind, const LogLine& line, std::string package, Evidence evidence,
           std::string message);

  const Log& log_;
  const ProjectPlace& place_;
  const ProjectDisk& disk_;
  Packages packages_;
  std::string package_;             // of the last "# import/path"
  std::vector<std::string> named_;  // every package that the log names so
  std::set<std::string> asked_;     // once for each question
  std::vector<ProjectFact> facts_;
};

void Tracer::add(Kind kind, const LogLine& line, std::string package, Evidence evidence,
                 std::string message) {
  if (facts_.size() >= most_facts) return;
  facts_.push_back(
      {kind, std::move(message), std::move(package), std::move(evidence), line.number});
}

// The folder of the package that "name" or "pkg.Name" in a file stands for.
void Tracer::undefined(const LogLine& line, const Captures& found) {
  std::string file(capture(found, "file"));
  file = std::string(file.substr(file.find_last_of(" \t") + 1)) + ".go";
  std::string name(capture(found, "name"));
  name.resize(std::min(name.find(' '), name.size()));
  if (name.empty() || name.starts_with("C.") || !asked_.insert(file + ":" + name).second) return;
  const auto path = packages_.locate(file, package_);
  if (!path) return;
  // A file of the same name in another project says nothing.
  const auto number = parse_number(capture(found, "line"));
  const auto source = disk_.read(*path);
  if (!source || !number || !line_of(*source, *number).contains(name)) return;
  const std::string folder = path->substr(0, path->rfind('/'));
  const std::size_t dot = name.find('.');
  if (dot == name.npos) return declared_where(line, name, folder);
  const std::string prefix = name.substr(0, dot);
  for (const gosource::Import& import : gosource::read(*source).imports) {
    const auto target = packages_.folder(import.path);
    if (!target || (!import.name.empty() && import.name != prefix)) continue;
    if (import.name.empty()) {
      const auto& files = packages_.files(*target);
      const bool same = std::ranges::any_of(
          files, [&](const GoFile& one) { return one.source.package == prefix; });
      if (!same) continue;
    }
    return declared_where(line, name.substr(dot + 1), *target);
  }
}

void Tracer::declared_where(const LogLine& line, const std::string& name,
                            const std::string& folder) {
  const std::string package = packages_.import_path(folder);
  const std::string home = package.empty() ? folder : package;
  bool seen = false;
  for (const GoFile& file : packages_.files(folder)) {
    const auto found =
        std::ranges::find(file.source.declarations, name, &gosource::Declaration::name);
    if (found == file.source.declarations.end()) continue;
    seen = true;
    if (takes_part(file, place_.target, false)) continue;
    const std::string where = fmt::format("{}:{}", file.path, found->line);
    if (!takes_part(file, place_.target, true)) {
      add(Kind::left_out_by_target, line, package,
          {Evidence::Kind::file, where, line_of(file.text, found->line)},
          fmt::format("{} of {} is declared in {}, which is not for {}/{}", name, home,
                      last_name(file.path), place_.target.goos, place_.target.goarch));
      continue;
    }
    const std::size_t why = reason_line(file);
    add(Kind::left_out_by_cgo, line, package,
        {Evidence::Kind::file, fmt::format("{}:{}", file.path, why), line_of(file.text, why)},
        fmt::format("{} of {} is declared in {}:{}, which is built only with cgo", name, home,
                    last_name(file.path), found->line));
  }
  if (seen || packages_.files(folder).empty()) return;
  add(Kind::not_declared, line, package, {Evidence::Kind::file, folder, ""},
      fmt::format("no file of {} declares {}", home, name));
}

void Tracer::no_files(const LogLine& line, std::string_view path) {
  const auto folder = packages_.locate(trim(path), package_);
  if (!folder || !asked_.insert("all:" + *folder).second) return;
  const std::string package = packages_.import_path(*folder);
  const std::string home = package.empty() ? *folder : package;
  const auto& files = packages_.files(*folder);
  std::size_t with_cgo = 0;
  const GoFile* first = nullptr;
  for (const GoFile& file : files) {
    if (!takes_part(file, place_.target, true) || takes_part(file, place_.target, false)) continue;
    ++with_cgo;
    if (first == nullptr) first = &file;
  }
  if (first != nullptr) {
    const std::size_t why = reason_line(*first);
    add(Kind::left_out_by_cgo, line, package,
        {Evidence::Kind::file, fmt::format("{}:{}", first->path, why), line_of(first->text, why)},
        fmt::format("{} of {} Go files of {} are built only with cgo, the others are not for {}/{}",
                    with_cgo, files.size(), home, place_.target.goos, place_.target.goarch));
  } else if (!files.empty()) {
    add(Kind::left_out_by_target, line, package, {Evidence::Kind::file, *folder, ""},
        fmt::format("none of the {} Go files of {} is for {}/{}, with cgo or without", files.size(),
                    home, place_.target.goos, place_.target.goarch));
  }
}

bool has_word(std::string_view value, std::string_view word) {
  const auto words = split_words(value);
  return std::ranges::find(words, word) != words.end();
}

// "-framework Foo" is two words.
bool asks_for(const gosource::CgoLine& cgo, std::string_view verb, const std::string& word) {
  if (!verb.empty() && cgo.verb != verb) return false;
  return word.contains(' ') ? cgo.value.contains(word) : has_word(cgo.value, word);
}

bool Tracer::find_cgo_in(const LogLine& line, std::string_view verb, const std::string& word,
                         const std::string& folder) {
  Context context = place_.target;
  context.cgo = true;
  for (const GoFile& file : packages_.files(folder)) {
    for (const gosource::CgoLine& cgo : file.source.cgo) {
      if (!asks_for(cgo, verb, word) || !takes_part(file, place_.target, true) ||
          !gosource::condition_holds(cgo.condition, context)) {
        continue;
      }
      std::string package = packages_.import_path(folder);
      std::string message =
          fmt::format("{} comes from a #cgo line of {}", word, package.empty() ? folder : package);
      add(Kind::cgo_line, line, std::move(package),
          {Evidence::Kind::file, fmt::format("{}:{}", file.path, cgo.line),
           line_of(file.text, cgo.line)},
          std::move(message));
      return true;
    }
  }
  return false;
}

void Tracer::find_cgo(const LogLine& line, std::string_view verb, const std::string& word) {
  if (!asked_.insert("cgo:" + word).second) return;
  for (const std::string& package : named_) {
    const auto folder = packages_.folder(package);
    if (folder && find_cgo_in(line, verb, word, *folder)) return;
  }
  for (const std::string& folder : packages_.all_folders(most_walked)) {
    if (find_cgo_in(line, verb, word, folder)) return;
  }
}

// A .pc file on this machine that stands for a name, or whose Libs give a library.
void Tracer::find_pc(const LogLine& line, const std::string& name, bool library) {
  if (!asked_.insert("pc:" + name).second) return;
  for (const std::string& folder : place_.pc_folders) {
    for (const std::string& file : disk_.list(folder)) {
      if (!file.ends_with(".pc") || (!library && file != name + ".pc")) continue;
      const std::string path = fmt::format("{}/{}", folder, file);
      const auto text = disk_.read(path);
      if (!text) continue;
      if (library) {
        bool gives = false;
        for (const std::string_view row : split(*text, '\n')) {
          gives = gives || (row.starts_with("Libs:") && has_word(row.substr(5), "-l" + name));
        }
        if (!gives) continue;
      }
      add(Kind::pc_file, line, {}, {Evidence::Kind::file, path, ""},
          library ? fmt::format("{} of this machine gives -l{}", file, name)
                  : fmt::format("{} lies in {}", file, folder));
      return;
    }
  }
}

std::string bare(std::string_view word) {
  word = word.substr(0, word.find_first_of(" \t"));
  while (!word.empty() && std::string_view("'\"`,:;.)").contains(word.back()))
    word.remove_suffix(1);
  while (!word.empty() && std::string_view("'\"`(").contains(word.front())) word.remove_prefix(1);
  return std::string(word);
}

// Lines in which a tool misses what a #cgo line asked for.
void Tracer::asked(const LogLine& line) {
  struct Question {
    std::string_view pattern, verb;
    enum class What { library, framework, pc, flag } what;
  };
  using enum Question::What;
  constexpr std::array<Question, 16> questions{{
      {"cannot find -l{name}", "", library},
      {"library not found for -l{name}", "", library},
      {"library '{name}' not found", "", library},
      {"unable to find library -l{name}", "", library},
      {"unable to find dynamic system library '{name}'", "", library},
      {"framework not found {name}", "", framework},
      {"framework '{name}' not found", "", framework},
      {"Package {name} was not found in the pkg-config", "pkg-config", pc},
      {"No package '{name}' found", "pkg-config", pc},
      {"Package '{name}' not found", "pkg-config", pc},
      {"Package '{name}', required by", "pkg-config", pc},
      {"invalid flag in #cgo CFLAGS: {name}", "CFLAGS", flag},
      {"invalid flag in #cgo CPPFLAGS: {name}", "CPPFLAGS", flag},
      {"invalid flag in #cgo CXXFLAGS: {name}", "CXXFLAGS", flag},
      {"invalid flag in #cgo LDFLAGS: {name}", "LDFLAGS", flag},
      {"invalid flag in pkg-config --cflags: {name}", "pkg-config", pc},
  }};
  for (const Question& question : questions) {
    const auto found = match(question.pattern, line.text);
    if (!found) continue;
    const std::string name = bare(capture(*found, "name"));
    if (name.empty()) continue;
    if (question.what == library) {
      find_cgo(line, "LDFLAGS", "-l" + name);
      find_pc(line, name, true);
    } else if (question.what == framework) {
      find_cgo(line, "LDFLAGS", "-framework " + name);
    } else {
      find_cgo(line, question.verb, name);
      if (question.what == pc) find_pc(line, name, false);
    }
    return;
  }
}

// "could not determine kind of name for C.x" though the comment above includes a header.
void Tracer::lost_preamble(const LogLine& line, std::string_view path) {
  std::string file = std::string(path.substr(path.find_last_of(" \t") + 1)) + ".go";
  const auto found = packages_.locate(file, package_);
  if (!found || !asked_.insert("lost:" + *found).second) return;
  const auto text = disk_.read(*found);
  if (!text) return;
  const gosource::Source source = gosource::read(*text);
  if (source.lost_preamble == 0) return;
  add(Kind::lost_preamble, line, package_,
      {Evidence::Kind::file, fmt::format("{}:{}", *found, source.import_c),
       line_of(*text, source.import_c)},
      fmt::format("an empty line separates the C code that begins in line {} from import \"C\"",
                  source.lost_preamble));
}

// The line of go.work with a word, or the file itself where it has none.
void Tracer::work_says(const LogLine& line, std::string_view word, std::string message) {
  if (!asked_.insert("work:" + message).second) return;
  const std::string text = disk_.read(place_.work_file).value_or("");
  std::size_t number = 1;
  std::string said;
  for (const std::string_view one : split(text, '\n')) {
    if (!word.empty() && one.contains(word)) {
      said = trim(one);
      break;
    }
    ++number;
  }
  const std::string where =
      said.empty() ? place_.work_file : fmt::format("{}:{}", place_.work_file, number);
  add(Kind::work_line, line, {}, {Evidence::Kind::file, where, said}, std::move(message));
}

// What go says of a workspace, of a module that it replaces, and of a package that one of its
// modules should have: held against go.work.
void Tracer::workspace(const LogLine& line) {
  if (place_.work_file.empty()) return;
  const std::string_view text = line.text;
  if (text.contains("one of the workspace modules") ||
      text.contains("does not contain modules listed in go.work") ||
      text.contains("does not contain main module")) {
    std::string list;
    for (const std::string& one : packages_.work().use) list += (list.empty() ? "" : ", ") + one;
    return work_says(line, "use",
                     fmt::format("go.work uses {}", list.empty() ? "no module" : list));
  }
  if (const auto gone = match("cannot load module {folder} listed in go.work", text)) {
    const std::string folder(capture(*gone, "folder"));
    return work_says(line, folder, fmt::format("go.work uses {}, where no go.mod is read", folder));
  }
  if (text.contains("but go.work lists go"))
    return work_says(line, "go ", "the go line of go.work is below that of a module");
  for (const gomod::Replacement& one : packages_.work().replace) {
    if (!text.contains(one.old.path)) continue;
    work_says(line, one.old.path,
              fmt::format("go.work replaces {} by {}", one.old.path, one.by.path));
  }
  const auto missing = match("no required module provides package {name}", text);
  if (!missing) return;
  const std::string name = bare(capture(*missing, "name"));
  for (const project::Part& part : packages_.parts()) {
    if (&part != packages_.parts().data() && gomod::below(name, part.mod.module))
      work_says(line, last_name(part.root),
                fmt::format("{} is of the workspace, and has no such package", part.mod.module));
  }
}

std::vector<ProjectFact> Tracer::run() {
  for (const LogLine& line : log_.lines()) {
    workspace(line);
    if (line.text.starts_with("# ")) {
      package_ = std::string(line.text.substr(2, line.text.find(' ', 2) - 2));
      if (named_.size() < 64) named_.push_back(package_);
      continue;
    }
    if (const auto found = match("{file}.go:{line}:{column}: undefined: {name}", line.text)) {
      undefined(line, *found);
    } else if (const auto empty =
                   match("build constraints exclude all Go files in {folder}", line.text)) {
      no_files(line, capture(*empty, "folder"));
    } else if (const auto kind =
                   match("{file}.go:{line}:{column}: could not determine {rest}", line.text)) {
      lost_preamble(line, capture(*kind, "file"));
    } else {
      asked(line);
    }
  }
  return std::move(facts_);
}

}  // namespace

std::vector<ProjectFact> trace_project(const Log& log, const ProjectPlace& place,
                                       const ProjectDisk& disk) {
  return Tracer(log, place, disk).run();
}

}  // namespace tenon
