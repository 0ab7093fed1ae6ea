#include "diagnose/run/module_files.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "host/files.h"
#include "host/process.h"
#include "machine/doctor/file_edit.h"

namespace tenon {
namespace {

std::optional<std::string> text_of(const std::string& path) {
  auto read = read_text(path);
  return read ? std::optional(*std::move(read)) : std::nullopt;
}

// "go.mod" and "go.sum", "go.work" and "go.work.sum".
std::vector<std::string> with_sums(std::string_view file) {
  if (file.ends_with("go.mod"))
    return {std::string(file), std::string(file.substr(0, file.size() - 3)) + "sum"};
  return {std::string(file), std::string(file) + ".sum"};
}

}  // namespace

ModuleFiles ModuleFiles::now() {
  Command command;
  command.argv = {"go", "env", "GOMOD", "GOWORK"};
  command.deadline = std::chrono::milliseconds(5000);
  const auto exit = run(command);
  ModuleFiles out;
  if (!exit || !exit->ok()) return out;
  for (const std::string_view line : split(exit->out, '\n')) {
    if (!line.starts_with('/') || line == "/dev/null") continue;
    for (std::string& path : with_sums(line)) {
      auto text = text_of(path);
      out.files_.push_back({std::move(path), std::move(text)});
    }
  }
  return out;
}

void ModuleFiles::restore() const {
  for (const File& one : files_) {
    if (text_of(one.path) == one.text) continue;
    if (one.text) {
      (void)write_text(one.path, *one.text);
    } else {
      remove_tree(one.path);
    }
  }
}

std::vector<FileChange> ModuleFiles::changes() const {
  std::vector<FileChange> out;
  for (const File& one : files_) {
    FileChange change{one.path, one.text.value_or(""), text_of(one.path).value_or("")};
    if (!change.empty()) out.push_back(std::move(change));
  }
  return out;
}

}  // namespace tenon
