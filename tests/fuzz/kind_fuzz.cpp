// What a file is and what its linker script says, on any bytes.
#include <cstddef>
#include <cstdint>

#include "format/kind/kind.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tenon;
  const ByteView bytes(data, size);
  volatile std::uint64_t sink = kind::name(kind::identify(bytes)).size();
  const auto script = kind::parse_linker_script(bytes);
  if (!script) {
    if (script.error().offset > size) __builtin_trap();
    return 0;
  }
  std::uint64_t names = 0;
  for (const kind::ScriptInput& input : script->inputs) {
    if (input.name.empty()) __builtin_trap();
    names += input.name.size();
  }
  // Every name is a part of the text.
  if (names > size) __builtin_trap();
  sink = sink + script->output_formats.size() + script->search_dirs.size();
  return 0;
}
