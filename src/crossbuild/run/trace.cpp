#include "crossbuild/run/trace.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/text.h"
#include "host/files.h"
#include "host/process.h"

namespace tenon {

namespace {
bool stopped = false;
}  // namespace

void stop_trace() { stopped = true; }

void trace(std::string_view word, const std::vector<std::string>& fields) {
  const auto path = environment_variable("TENON_TRACE");
  if (stopped || !path || path->empty()) return;
  std::string line(word);
  for (const std::string& field : fields) {
    line += '\t';
    for (const char c : field) line += c == '\t' || c == '\n' ? ' ' : c;
  }
  line += '\n';
  // One write to a file opened for appending: lines of parallel compilers do not mix.
  const int fd = ::open(path->c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (fd < 0) return;
  [[maybe_unused]] const ssize_t count = ::write(fd, line.data(), line.size());
  ::close(fd);
}

std::vector<TraceLine> read_trace(const std::string& path, std::size_t& offset) {
  std::vector<TraceLine> lines;
  const auto text = read_text(path);
  if (!text || text->size() <= offset) return lines;
  std::string_view rest = std::string_view(*text).substr(offset);
  const std::size_t end = rest.rfind('\n');
  if (end == std::string_view::npos) return lines;
  rest = rest.substr(0, end);
  offset += end + 1;
  for (const std::string_view line : split(rest, '\n')) {
    TraceLine parsed;
    for (const std::string_view field : split(line, '\t')) parsed.fields.emplace_back(field);
    parsed.word = parsed.fields.front();
    parsed.fields.erase(parsed.fields.begin());
    lines.push_back(std::move(parsed));
  }
  return lines;
}

}  // namespace tenon
