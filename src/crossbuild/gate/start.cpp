#include "crossbuild/gate/start.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "base/memory_tree.h"
#include "crossbuild/gate/checks.h"
#include "crossbuild/gate/gate_row.h"
#include "diag/codes.h"
#include "format/elf/elf.h"
#include "loader/elf/start.h"
#include "loader/files.h"
#include "loader/verdict.h"
#include "platform/platforms.h"

namespace tenon {
namespace {

constexpr std::string_view folder = "/.tenon-gate";

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

GateRow row_of(const loader::Verdict& verdict) {
  if (!verdict.loads) return gate::unknown("start", verdict.undecided);
  if (*verdict.loads) {
    return gate::ok("start", fmt::format("loads {} files of the sysroot",
                                         verdict.images.size() - (verdict.images.empty() ? 0 : 1)));
  }
  if (verdict.failures.empty()) return gate::unknown("start", "not decided");
  const loader::Failure& failure = verdict.failures.front();
  if (failure.cause == loader::Cause::missing_library) {
    return gate::unknown("start", fmt::format("{} is not in the sysroot", failure.library));
  }
  return gate::failed("start", first_line(failure.text), Code::gate_start);
}

}  // namespace

std::optional<GateRow> check_start(ByteView program, FileTree& sysroot, const Platform& platform) {
  const auto file = elf::File::parse(program);
  const auto kind = loader::kind_of_file(program);
  if (!file || !kind || platform.goos != "linux") return std::nullopt;
  const auto interpreter = file->interpreter();
  if (!interpreter || !*interpreter) return std::nullopt;
  MemoryTree own;
  own.add_file("program", std::string(program.text()), true);
  loader::Files files(sysroot, &own, std::string(folder));
  if (!files.open(**interpreter)) return std::nullopt;
  loader::Request request;
  request.program = std::string(folder) + "/program";
  return row_of(loader::predict_elf(request, files, *kind));
}

}  // namespace tenon
