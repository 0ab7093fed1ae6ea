#include "rewrite/cgo/file.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/text.h"
#include "format/gosource/source.h"
#include "rewrite/edit.h"
#include "rewrite/plan.h"

namespace tenon::rewrite::cgo {
namespace {

constexpr std::array<std::string_view, 10> other_systems = {
    "linux",   "windows", "freebsd", "netbsd",  "openbsd",
    "android", "solaris", "aix",     "illumos", "dragonfly"};
constexpr std::array<std::string_view, 4> processors = {"amd64", "arm64", "386", "arm"};

// Headers of the C standard and of POSIX.
constexpr std::array<std::string_view, 44> standard = {
    "assert.h",   "ctype.h",     "errno.h",     "fcntl.h",     "float.h",       "inttypes.h",
    "limits.h",   "locale.h",    "math.h",      "poll.h",      "pthread.h",     "pwd.h",
    "grp.h",      "sched.h",     "semaphore.h", "signal.h",    "stdarg.h",      "stdbool.h",
    "stddef.h",   "stdint.h",    "stdio.h",     "stdlib.h",    "string.h",      "strings.h",
    "sys/mman.h", "sys/stat.h",  "sys/time.h",  "sys/types.h", "sys/uio.h",     "sys/wait.h",
    "time.h",     "unistd.h",    "wchar.h",     "complex.h",   "fenv.h",        "setjmp.h",
    "stdalign.h", "stdatomic.h", "dirent.h",    "sys/ioctl.h", "sys/utsname.h", "termios.h",
    "utime.h",    "sys/select.h"};

constexpr std::array<std::string_view, 21> own_names = {
    "char",    "schar",  "uchar",    "short",     "ushort",  "int",          "uint",
    "long",    "ulong",  "longlong", "ulonglong", "float",   "double",       "size_t",
    "CString", "CBytes", "GoString", "GoStringN", "GoBytes", "complexfloat", "complexdouble"};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string_view line_text(const File& file, const gosource::Range& line) {
  return file.text.substr(line.at, line.size);
}

}  // namespace

bool is_own_name(std::string_view name) {
  return std::ranges::find(own_names, name) != own_names.end();
}

bool has_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t behind = at + word.size();
    if ((at == 0 || !is_word(text[at - 1])) && (behind == text.size() || !is_word(text[behind])))
      return true;
  }
  return false;
}

std::string_view included(std::string_view line) {
  line = trim(line);
  if (!line.starts_with('#')) return {};
  line = trim(line.substr(1));
  if (line.starts_with("include_next") ||
      !(line.starts_with("include") || line.starts_with("import")))
    return {};
  line = trim(line.substr(line.starts_with("import") ? 6 : 7));
  if (line.size() < 2 || (line.front() != '<' && line.front() != '"')) return {};
  const std::size_t end = line.find(line.front() == '<' ? '>' : '"', 1);
  return end == std::string_view::npos ? std::string_view() : line.substr(1, end - 1);
}

bool takes_header(std::string_view line) {
  line = trim(line);
  if (!line.starts_with('#')) return false;
  line = trim(line.substr(1));
  return line.starts_with("include") || line.starts_with("import");
}

bool only_standard_headers(const File& file) {
  return std::ranges::all_of(file.source.preamble_lines, [&](const gosource::Range& line) {
    const std::string_view text = trim(line_text(file, line));
    if (!takes_header(text)) return true;
    return std::ranges::find(standard, included(text)) != standard.end();
  });
}

bool beside_apple(const File& file, std::string_view condition) {
  for (const std::string_view system : other_systems) {
    for (const std::string_view processor : processors) {
      const gosource::Context context{
          .goos = std::string(system), .goarch = std::string(processor), .tags = {}};
      if (gosource::name_fits(base_name(file.path), context) &&
          gosource::satisfied(file.source.constraint, context) &&
          (condition.empty() || gosource::condition_holds(condition, context)))
        return true;
    }
  }
  return false;
}

bool File::uses(std::string_view name) const {
  return std::ranges::find(names, name, &CName::name) != names.end();
}

std::size_t File::line_start(std::size_t at) const {
  const std::size_t end = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return end == std::string_view::npos ? 0 : end + 1;
}

std::size_t File::line_stop(std::size_t at) const {
  std::size_t end = std::min(text.find('\n', at), text.size());
  if (end > at && text[end - 1] == '\r') --end;
  return end;
}

std::size_t File::start_of_line(std::size_t line) const {
  std::size_t at = 0;
  for (; line > 1; --line) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return text.size();
    at = end + 1;
  }
  return at;
}

std::string_view File::line_end() const {
  const std::size_t end = text.find('\n');
  return end != std::string_view::npos && end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
}

std::string File::line_prefix(std::size_t at) const {
  const std::size_t start = line_start(at);
  const std::string_view before = text.substr(start, at - start);
  const std::string_view mark = trim(before);
  if (mark.empty() || mark == "//") return std::string(before);
  return {};
}

void Findings::edit(std::size_t start, std::size_t end, std::string text, std::string_view rule,
                    std::uint32_t group) {
  edits_.push_back({static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end),
                    std::move(text), rule, group});
}

void Findings::site(std::size_t at, std::string_view rule, std::uint32_t group) {
  sites_.push_back({{lines_.of(static_cast<std::uint32_t>(at)), rule}, group});
}

void Findings::change(std::size_t start, std::size_t end, std::string text, std::string_view rule) {
  const std::uint32_t number = group();
  site(start, rule, number);
  edit(start, end, std::move(text), rule, number);
}

void Findings::leave(std::size_t at, std::string_view rule, std::string api, std::string_view why,
                     std::string_view hint) {
  const auto start = static_cast<std::uint32_t>(at);
  left_.push_back({start, lines_.of(start), rule, std::move(api), why, hint});
}

bool Findings::include(std::string_view header, std::string_view rule, std::uint32_t group) {
  const gosource::Source& source = file_.source;
  std::size_t depth = 0;
  const gosource::Range* behind = nullptr;
  for (const gosource::Range& line : source.preamble_lines) {
    const std::string_view text = trim(line_text(file_, line));
    if (text.starts_with('#')) {
      const std::string_view word = trim(text.substr(1));
      if (word.starts_with("if")) ++depth;
      if (word.starts_with("endif") && depth > 0) --depth;
    }
    const std::string_view name = included(text);
    if (name == header && depth == 0) return true;
    if (!name.empty() && depth == 0 && !text.contains("/*") && !text.contains("*/") &&
        trim(file_.text.substr(line.at + line.size, 2)) != "*/")
      behind = &line;
  }
  const std::string key = "include " + std::string(header);
  users_[key].insert(group);
  if (shared_.contains(key)) return true;
  const std::string line = "#include <" + std::string(header) + ">";
  if (behind != nullptr) {
    const std::string_view text = line_text(file_, *behind);
    const std::size_t mark = behind->at + text.find('#');
    std::size_t end = behind->at + text.size();
    if (text.ends_with('\r')) --end;
    shared_[key] = {static_cast<std::uint32_t>(end), static_cast<std::uint32_t>(end),
                    std::string(file_.line_end()) + file_.line_prefix(mark) + line, rule, 0};
    return true;
  }
  if (!source.preamble_lines.empty() || !source.cgo.empty() || source.lost_preamble != 0) {
    users_.erase(key);
    return false;
  }
  const std::size_t start = file_.start_of_line(source.import_c);
  const std::string_view import = file_.text.substr(start, file_.line_stop(start) - start);
  const std::string_view word = trim(import);
  if (word != "import \"C\"" && word != "\"C\"") {
    users_.erase(key);
    return false;
  }
  const std::string indent(import.substr(0, import.find(word.front())));
  shared_[key] = {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(start),
                  indent + "// " + line + std::string(file_.line_end()), rule, 0};
  return true;
}

std::string Findings::unsafe_name(std::string_view rule, std::uint32_t group) {
  for (const gosource::Import& one : file_.source.imports) {
    if (one.path != "unsafe" || one.name == "_") continue;
    return one.name == "." ? std::string() : one.name.empty() ? "unsafe" : one.name;
  }
  const std::size_t start = file_.start_of_line(file_.source.import_c);
  const std::size_t stop = file_.line_stop(start);
  const std::string_view import = file_.text.substr(start, stop - start);
  const std::string_view word = trim(import);
  if (has_word(file_.text, "unsafe") || (word != "import \"C\"" && word != "\"C\"")) return {};
  const std::string key = "import unsafe";
  users_[key].insert(group);
  const std::string indent(import.substr(0, import.find(word.front())));
  shared_[key] = {static_cast<std::uint32_t>(stop), static_cast<std::uint32_t>(stop),
                  std::string(file_.line_end()) + indent +
                      (word == "\"C\"" ? "\"unsafe\"" : "import \"unsafe\""),
                  rule, 0};
  return "unsafe";
}

void Findings::create(std::string path, std::string text, std::string_view rule,
                      std::uint32_t group) {
  created_.push_back({std::move(path), std::move(text), rule, group});
}

void Findings::finish(FilePlan& plan, std::vector<FilePlan>& created) {
  for (auto& [key, edit] : shared_) edits_.push_back(std::move(edit));
  Ordered all = ordered(std::move(edits_));
  std::set<std::uint32_t> lost;
  for (const Edit& one : all.clashing) {
    lost.insert(one.group);
    leave(one.start, one.rule, one.text.empty() ? "an edit" : one.text,
          "two edits overlap here, so neither was made", "make it by hand");
  }
  // What only lost sites need goes with them; no part of a site stays behind.
  std::erase_if(all.edits, [&](const Edit& one) {
    if (one.group != 0) return false;
    return std::ranges::none_of(users_, [&](const auto& user) {
      return shared_.contains(user.first) &&
             std::ranges::any_of(user.second, [&](auto group) { return !lost.contains(group); });
    });
  });
  // Who needed it cannot be told apart.
  if (lost.contains(0)) {
    all.edits.clear();
    sites_.clear();
    created_.clear();
  }
  plan.edits = std::move(all.edits);
  for (const Placed& one : sites_) {
    if (!lost.contains(one.group)) plan.sites.push_back(one.site);
  }
  plan.left = std::move(left_);
  std::ranges::sort(plan.left, {}, &Left::start);
  std::ranges::sort(plan.sites, {}, &Site::line);
  for (Created& one : created_) {
    if (lost.contains(one.group)) continue;
    FilePlan fresh;
    fresh.path = std::move(one.path);
    fresh.fresh = fresh.looked_at = true;
    fresh.edits.push_back({0, 0, std::move(one.text), one.rule, 0});
    created.push_back(std::move(fresh));
  }
}

}  // namespace tenon::rewrite::cgo
