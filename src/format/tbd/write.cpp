#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "format/tbd/scan.h"
#include "format/tbd/tbd.h"

namespace tenon::tbd {

namespace {

constexpr std::size_t line_width = 100;

std::string quoted(std::string_view name) {
  std::string out = "'";
  for (const char c : name) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + "'";
}

// "key: [ 'a', 'b',\n" and so on; lines of continuation are indented below the first name.
void add_list(std::string& out, std::string_view key, const std::vector<std::string>& names,
              bool quote) {
  if (names.empty()) return;
  const std::size_t start = out.rfind('\n') + 1;
  out += std::string(key) + ": [ ";
  const std::size_t indent = out.size() - start;
  std::size_t line_start = start;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string name = quote ? quoted(names[i]) : names[i];
    if (i != 0 && out.size() - line_start + name.size() > line_width) {
      out += ",\n";
      line_start = out.size();
      out.append(indent, ' ');
    } else if (i != 0) {
      out += ", ";
    }
    out += name;
  }
  out += " ]\n";
}

struct Row {
  std::string_view key;
  std::vector<std::string> Stub::* names;
};

constexpr std::array rows = {
    Row{"symbols", &Stub::symbols},
    Row{"weak-symbols", &Stub::weak_symbols},
    Row{"thread-local-symbols", &Stub::thread_local_symbols},
    Row{"objc-classes", &Stub::objc_classes},
    Row{"objc-eh-types", &Stub::objc_eh_types},
    Row{"objc-ivars", &Stub::objc_ivars},
};

void add_exports(std::string& out, const Stub& stub) {
  if (std::ranges::all_of(rows, [&](const Row& row) { return (stub.*row.names).empty(); })) return;
  out += "exports:\n  - ";
  add_list(out, "targets", stub.targets, false);
  for (const Row& row : rows) {
    if ((stub.*row.names).empty()) continue;
    out += "    ";
    add_list(out, row.key, stub.*row.names, true);
  }
}

}  // namespace

std::string write(const Stub& stub) {
  std::string out = "--- !tapi-tbd\ntbd-version: 4\n";
  add_list(out, "targets", stub.targets, false);
  out += "install-name: " + quoted(stub.install_name) + "\n";
  if (!stub.current_version.empty()) out += "current-version: " + stub.current_version + "\n";
  if (!stub.reexported_libraries.empty()) {
    out += "reexported-libraries:\n  - ";
    add_list(out, "targets", stub.targets, false);
    out += "    ";
    add_list(out, "libraries", stub.reexported_libraries, true);
  }
  add_exports(out, stub);
  return out + "...\n";
}

namespace {

// Architecture.def of LLVM 19.
constexpr std::array<std::string_view, 15> known_architectures = {
    "i386",   "x86_64", "x86_64h", "armv4t",  "armv6", "armv5",  "armv7",   "armv7s",
    "armv7k", "armv6m", "armv7m",  "armv7em", "arm64", "arm64e", "arm64_32"};

bool is_known(std::string_view target) {
  const std::string_view architecture = target.substr(0, target.find('-'));
  return std::ranges::find(known_architectures, architecture) != known_architectures.end();
}

// No list of targets comes near this length; the limit bounds the search for its end.
constexpr std::size_t longest_list = 4096;

bool is_target_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  });
}

// The list, brackets included, as it should be; the same text when nothing changes.
std::string normalise_list(std::string_view list) {
  const NameList names(inner(list));
  const bool add = names.contains("arm64e-macos") && !names.contains("arm64-macos");
  if (!add && std::ranges::all_of(names, is_known)) return std::string(list);
  std::vector<std::string> kept;
  for (const std::string_view name : names) {
    if (add && name == "arm64e-macos") kept.emplace_back("arm64-macos");
    if (is_known(name)) kept.emplace_back(name);
  }
  return kept.empty() ? "[ ]" : "[ " + join(kept, ", ") + " ]";
}

// The list behind "targets:" of a document or an entry, when `line`, the start of `text`, is one;
// it may end on a later line.
std::string_view targets_list(std::string_view text, std::string_view line) {
  std::string_view value = skip_blanks(line);
  if (value.starts_with("- ")) value = skip_blanks(value.substr(2));
  if (!value.starts_with("targets:")) return {};
  value = skip_blanks(value.substr(8));
  if (!value.starts_with('[')) return {};
  const std::string_view from =
      text.substr(static_cast<std::size_t>(value.data() - text.data()), longest_list);
  const std::size_t end = from.find(']');
  if (end == std::string_view::npos) return {};
  const std::string_view list = from.substr(0, end + 1);
  // What else may stand in brackets is better left alone.
  return std::ranges::all_of(NameList(inner(list)), is_target_name) ? list : std::string_view();
}

}  // namespace

std::string normalise(std::string_view original_text) {
  if (!original_text.contains("!tapi-tbd\n") && !original_text.contains("!tapi-tbd\r")) {
    return std::string(original_text);
  }
  std::string out;
  out.reserve(original_text.size() + original_text.size() / 16);
  std::string_view rest = original_text;
  while (!rest.empty()) {
    std::size_t length = std::min(rest.find('\n'), rest.size() - 1) + 1;
    const std::string_view list = targets_list(rest, rest.substr(0, length));
    if (list.empty()) {
      out += rest.substr(0, length);
    } else {
      const auto start = static_cast<std::size_t>(list.data() - rest.data());
      out += rest.substr(0, start);
      out += normalise_list(list);
      length = start + list.size();
    }
    rest.remove_prefix(length);
  }
  return out;
}

}  // namespace tenon::tbd
