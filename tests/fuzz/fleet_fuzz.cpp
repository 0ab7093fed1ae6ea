// What tenon fleet reads: the matrix, names of workers, and messages of other machines.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fleet/json_place.h"
#include "fleet/matrix.h"
#include "fleet/properties.h"
#include "wire/encode.h"
#include "wire/run/link.h"

namespace {

using namespace tenon;

void check(bool right) {
  if (!right) __builtin_trap();
}

void read_matrix_file(std::string_view text) {
  const auto error = fleet::json_error(text);
  check(!error || *error <= text.size());
  const auto matrix = fleet::read_matrix(text);
  if (!matrix) {
    check(!matrix.error().key.empty() && !matrix.error().reason.empty());
    check(matrix.error().line <= fleet::line_at(text, text.size()));
    return;
  }
  check(!error);
  for (const fleet::Cell& cell : fleet::cells_of(*matrix, "1.26.8")) {
    const std::string folder = cell.folder(*matrix);
    check(!folder.starts_with('/') && !folder.starts_with("."));
    check(fleet::arguments_of(*matrix, cell).front() == "build");
  }
}

void read_messages(std::string_view text) {
  if (const auto directory = remote::read_directory(text)) {
    const auto again = remote::read_directory(remote::encode(*directory));
    check(again && remote::encode(*again) == remote::encode(*directory));
  }
  if (const auto action = remote::read_action(text)) {
    check(remote::read_action(remote::encode(*action)).has_value());
  }
  (void)remote::read_command(text);
  if (const auto files = remote::read_tree(text, "out")) {
    for (const auto& file : *files) {
      check(file.path.starts_with("out/") && !file.path.contains("/../"));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read_matrix_file(text);
  read_messages(text);
  const auto name = fleet::read_worker_name(text);
  const auto again = fleet::read_worker_name(fleet::text_of(name));
  check(again.properties.size() == name.properties.size());
  return 0;
}
