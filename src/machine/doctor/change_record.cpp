#include "machine/doctor/change_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"
#include "base/text.h"

namespace tenon {
namespace {

constexpr std::string_view heading = "tenon doctor change 1\n";

void add(std::string& out, std::string_view name, std::string_view value) {
  out += fmt::format("{} {}\n{}\n", name, value.size(), value);
}

std::string digest_of(std::string_view text) { return hex(sha256(view_of(text).bytes())); }

// One field; the text behind it is left in `text`.
std::optional<std::pair<std::string_view, std::string_view>> field(std::string_view& text) {
  const std::size_t end = text.find('\n'), blank = text.find(' ');
  if (end == text.npos || blank > end) return std::nullopt;
  const auto length = parse_number(text.substr(blank + 1, end - blank - 1));
  if (!length || *length >= text.size() - end - 1) return std::nullopt;
  const auto size = static_cast<std::size_t>(*length);
  const std::pair out{text.substr(0, blank), text.substr(end + 1, size)};
  if (text[end + 1 + size] != '\n') return std::nullopt;
  text.remove_prefix(end + 2 + size);
  return out;
}

bool take(ChangeRecord& out, std::string_view name, std::string value) {
  if (name == "path")
    out.path = std::move(value);
  else if (name == "existed")
    out.existed = value == "1";
  else if (name == "before")
    out.before = std::move(value);
  else if (name == "after")
    out.after = std::move(value);
  else if (name == "shell")
    out.shell = std::move(value);
  else if (name == "command")
    out.command.push_back(std::move(value));
  else if (name == "reverse")
    out.reverse.push_back(std::move(value));
  else
    return false;
  return true;
}

// What takes the place of the word that installs.
struct Installer {
  std::string_view program, installs, removes;
};

constexpr Installer installers[] = {{"apt-get", "install", "remove"},
                                    {"apt", "install", "remove"},
                                    {"dnf", "install", "remove"},
                                    {"apk", "add", "del"},
                                    {"brew", "install", "uninstall"}};

}  // namespace

std::string record_text(const ChangeRecord& record) {
  std::string out(heading);
  add(out, "path", record.path);
  add(out, "existed", record.existed ? "1" : "0");
  add(out, "before", record.before);
  add(out, "after", record.after);
  add(out, "shell", record.shell);
  for (const std::string& word : record.command) add(out, "command", word);
  for (const std::string& word : record.reverse) add(out, "reverse", word);
  add(out, "sha256", digest_of(out));
  return out;
}

Result<ChangeRecord> read_record(std::string_view text) {
  constexpr const char* broken = "is not a whole record of a change";
  const std::string_view all = text;
  if (!text.starts_with(heading)) return fail(Errc::malformed, broken);
  text.remove_prefix(heading.size());
  ChangeRecord out;
  while (!text.empty()) {
    const std::size_t at = all.size() - text.size();
    const auto one = field(text);
    if (!one) break;
    if (one->first == "sha256") {
      if (!text.empty() || one->second != digest_of(all.substr(0, at))) break;
      return out;
    }
    if (!take(out, one->first, std::string(one->second))) break;
  }
  return fail(Errc::malformed, broken);
}

std::optional<std::vector<std::string>> reverse_command(const std::vector<std::string>& argv,
                                                        const std::string& developer_folder) {
  for (std::size_t i = 0; i + 1 < argv.size(); ++i) {
    const auto* known = std::ranges::find(installers, argv[i], &Installer::program);
    if (known != std::end(installers) && argv[i + 1] == known->installs) {
      auto out = argv;
      out[i + 1] = known->removes;
      return out;
    }
    if (argv[i] == "xcode-select" && argv[i + 1] == "--switch") {
      std::vector<std::string> out(argv.begin(), argv.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      if (developer_folder.empty()) {
        out.emplace_back("--reset");
      } else {
        out.insert(out.end(), {"--switch", developer_folder});
      }
      return out;
    }
  }
  return std::nullopt;
}

}  // namespace tenon
