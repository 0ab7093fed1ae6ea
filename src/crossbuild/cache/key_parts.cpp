#include "crossbuild/cache/key_parts.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/text.h"
#include "crossbuild/cache/compile_call.h"

namespace tenon {
namespace {

// Part of every key: another number where the meaning of what is kept changes.
constexpr std::string_view form = "tenon compile 1\n";
constexpr std::string_view next_entry = "older\n";
constexpr std::size_t path_at = 65;  // behind a digest and a blank

std::string digest_of(std::string_view text) { return hex(sha256(view_of(text).bytes())); }

std::string lines(std::string_view name, const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values) {
    out += name;
    out += ' ';
    out += value;
    out += '\n';
  }
  return out;
}

std::string text_of(const KeyParts& parts) {
  return "compiler " + parts.compiler + "\n" + lines("env", parts.environment) +
         lines("word", parts.words) + "source " + parts.source + "\n" + lines("file", parts.files) +
         lines("argv", parts.argv) + "at " + parts.folder + "\nobject " + parts.object + "\n" +
         (parts.go.empty() ? "" : "go " + parts.go + "\n");
}

KeyParts parse_one(std::string_view text) {
  KeyParts out;
  for (const std::string_view line : split(text, '\n')) {
    const std::size_t blank = line.find(' ');
    if (blank == line.npos) continue;
    const std::string_view name = line.substr(0, blank);
    const std::string_view value = line.substr(blank + 1);
    if (name == "compiler") out.compiler = value;
    if (name == "source") out.source = value;
    if (name == "env") out.environment.emplace_back(value);
    if (name == "word") out.words.emplace_back(value);
    if (name == "file") out.files.emplace_back(value);
    if (name == "argv") out.argv.emplace_back(value);
    if (name == "at") out.folder = value;
    if (name == "object") out.object = value;
    if (name == "go") out.go = value;
  }
  return out;
}

void compare(std::string_view name, std::vector<std::string> before, std::vector<std::string> now,
             std::vector<std::string>& out) {
  std::ranges::sort(before);
  std::ranges::sort(now);
  std::vector<std::string> gone, fresh;
  std::ranges::set_difference(before, now, std::back_inserter(gone));
  std::ranges::set_difference(now, before, std::back_inserter(fresh));
  for (const std::string& each : gone)
    out.push_back(std::string(name) + ": no longer " + shown_portable(each));
  for (const std::string& each : fresh)
    out.push_back(std::string(name) + ": now " + shown_portable(each));
}

}  // namespace

std::string shown_portable(std::string_view word) {
  std::string out;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] != '\x01') {
      out += word[i];
      continue;
    }
    // "\1TO\1N\1": TO alone is for people.
    const std::size_t middle = word.find('\x01', i + 1);
    const std::size_t end = middle == word.npos ? word.npos : word.find('\x01', middle + 1);
    if (end == word.npos) break;
    out += word.substr(i + 1, middle - i - 1);
    i = end;
  }
  return out;
}

std::string KeyParts::key() const {
  return digest_of(std::string(form) + "compiler " + compiler + "\n" + lines("env", environment) +
                   lines("word", words) + "source " + source + "\n");
}

std::string KeyParts::seed() const {
  constexpr std::size_t seed_size = 20;
  return digest_of(std::string(form) + lines("word", words) + "source " + source + "\n")
      .substr(0, seed_size);
}

std::string parts_key(const CompileCall& call) {
  const std::string package =
      call.folders.empty() ? std::string() : portable_path(call.maps, call.folders.front());
  return digest_of("parts\n" + package + "\n" + portable_path(call.maps, call.source));
}

std::string with_parts(const std::string& record, const KeyParts& fresh) {
  std::string before = record.substr(0, std::min(record.find(next_entry), record.size()));
  // The same compile again, after its object was swept away, is no other.
  if (parse_one(before).object == fresh.object && parse_one(before).key() == fresh.key()) {
    return record;
  }
  return text_of(fresh) + std::string(next_entry) + before;
}

PartsPair parse_parts(std::string_view record) {
  PartsPair out;
  const std::size_t end = record.find(next_entry);
  out.newest = parse_one(record.substr(0, end));
  if (end == record.npos) return out;
  const std::string_view older = record.substr(end + next_entry.size());
  out.has_older = !older.empty();
  out.older = parse_one(older);
  return out;
}

std::vector<std::string> differences(const KeyParts& older, const KeyParts& newest) {
  std::vector<std::string> out;
  if (older.go != newest.go && !older.go.empty() && !newest.go.empty()) {
    out.push_back("go: now " + newest.go + ", before " + older.go);
  }
  if (older.compiler != newest.compiler) out.emplace_back("compiler: another program");
  compare("environment", older.environment, newest.environment, out);
  compare("flag", older.words, newest.words, out);
  if (older.source != newest.source) out.emplace_back("source: its text");
  const auto find = [](const std::vector<std::string>& files, std::string_view path) {
    return std::ranges::find_if(files, [&](const std::string& each) {
      return each.size() > path_at && std::string_view(each).substr(path_at) == path;
    });
  };
  for (const std::string& file : newest.files) {
    if (file.size() <= path_at) continue;
    const std::string_view path = std::string_view(file).substr(path_at);
    const auto before = find(older.files, path);
    if (before == older.files.end()) {
      out.push_back("file: " + shown_portable(path) + " is read now");
    } else if (*before != file) {
      out.push_back("file: the text of " + shown_portable(path));
    }
  }
  for (const std::string& file : older.files) {
    if (file.size() <= path_at) continue;
    const std::string_view path = std::string_view(file).substr(path_at);
    if (find(newest.files, path) == newest.files.end()) {
      out.push_back("file: " + shown_portable(path) + " is not read any more");
    }
  }
  return out;
}

}  // namespace tenon
