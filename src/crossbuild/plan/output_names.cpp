#include "crossbuild/plan/output_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/shown.h"
#include "base/text.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "platform/platforms.h"
#include "platform/target.h"

namespace tenon {
namespace {

constexpr std::array<std::string_view, 6> placeholders{"os",     "arch", "libc",
                                                       "target", "ext",  "name"};

// The words in braces of a pattern.
std::vector<std::string_view> words_in(std::string_view pattern) {
  std::vector<std::string_view> words;
  for (std::size_t open = pattern.find('{'); open != std::string_view::npos;
       open = pattern.find('{', open + 1)) {
    const std::size_t close = pattern.find('}', open);
    if (close == std::string_view::npos) break;
    words.push_back(pattern.substr(open + 1, close - open - 1));
  }
  return words;
}

void replace_word(std::string& text, std::string_view word, std::string_view value) {
  for (std::size_t at = text.find(word); at != std::string::npos;
       at = text.find(word, at + value.size())) {
    text.replace(at, word.size(), value);
  }
}

// "arm64", "armv7", "universal": what tells the targets of one system apart.
std::string arch_of(const Target& target) {
  if (target.universal) return "universal";
  std::string name(target.platform->name.substr(target.platform->goos.size() + 1));
  std::erase(name, '/');
  return name;
}

std::string libc_of(const Target& target) {
  switch (target.libc) {
    case Libc::musl: return "musl";
    case Libc::glibc: return "gnu" + target.min.text();
    default: return {};
  }
}

Finding wrong(std::string message, const std::string& fix) {
  Finding finding = make_finding(Code::usage_bad_option, {{"message", message}}, "tenon build");
  finding.fixes = {{Fix::Safety::manual, Shown::of(fix), {}}};
  return finding;
}

}  // namespace

bool is_pattern(std::string_view output) { return output.contains("{name}"); }

Outcome<void> check_output(const std::string& output) {
  const std::vector<std::string_view> known(placeholders.begin(), placeholders.end());
  for (const std::string_view word : words_in(output)) {
    if (std::ranges::find(placeholders, word) != placeholders.end()) continue;
    const std::string_view near = nearest(word, known);
    std::string message = fmt::format("-o: {{{}}} is not known", word);
    if (!near.empty()) message += fmt::format("; did you mean {{{}}}?", near);
    return std::unexpected(
        wrong(std::move(message), "-o takes {os}, {arch}, {libc}, {target}, {ext} and {name}"));
  }
  return {};
}

namespace {

bool is_version(std::string_view element) {
  return element.size() > 1 && element[0] == 'v' && element[1] != '0' && element != "v1" &&
         element.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

}  // namespace

Outcome<void> check_apart(const std::vector<TargetOutput>& outputs) {
  std::vector<std::string> seen;
  for (const TargetOutput& one : outputs) {
    std::string file = output_for(one.output, one.target, one.mode);
    const auto same = std::ranges::find(seen, file);
    if (same == seen.end()) {
      seen.push_back(std::move(file));
      continue;
    }
    const Target& first = outputs[static_cast<std::size_t>(same - seen.begin())].target;
    return std::unexpected(
        wrong(fmt::format("-o names one file for {} and {}", first.name(), one.target.name()),
              "use --out DIR, or a pattern such as -o dist/{name}-{target}{ext}"));
  }
  return {};
}

std::string output_for(std::string_view output, const Target& target, std::string_view mode) {
  std::string out(output);
  replace_word(out, "{os}", target.platform->goos);
  replace_word(out, "{arch}", arch_of(target));
  replace_word(out, "{libc}", libc_of(target));
  replace_word(out, "{target}", target.slug());
  replace_word(out, "{ext}", output_extension(target, mode));
  return out;
}

std::string named_output(std::string_view output, std::string_view file) {
  const std::string_view name = file.ends_with(".exe") ? file.substr(0, file.size() - 4) : file;
  std::string out(output);
  replace_word(out, "{name}", name);
  return out;
}

std::string_view output_extension(const Target& target, std::string_view mode) {
  const Container container = target.platform->container;
  if (mode == "c-archive" || mode == "archive") return ".a";
  const bool library = mode == "c-shared" || mode == "plugin" || mode == "shared";
  if (container == Container::pe) return library ? ".dll" : ".exe";
  if (!library) return {};
  return container == Container::macho && mode != "plugin" ? ".dylib" : ".so";
}

std::string shared_library_name(std::string_view program, const Target& target) {
  const std::string_view ending = output_extension(target, "c-shared");
  const bool prefixed = program.starts_with("lib") || target.platform->container == Container::pe;
  return fmt::format("{}{}{}", prefixed ? "" : "lib", program, ending);
}

std::string program_name(std::string_view import_path, const std::vector<std::string>& files) {
  if (import_path == "command-line-arguments" && !files.empty()) {
    std::string_view file = base_name(files.front());
    if (file.ends_with(".go")) file.remove_suffix(3);
    return std::string(file);
  }
  const std::string_view last = base_name(import_path);
  const std::string_view before = folder_of(import_path);
  return std::string(is_version(last) && !before.empty() ? base_name(before) : last);
}

}  // namespace tenon
