// Go files and go.mod: any bytes are read; lines exist, constraints are judged.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "format/gomod/gomod.h"
#include "format/gosource/source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tenon;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const gosource::Source source = gosource::read(text);
  const auto check = [&](std::size_t line) {
    if (line == 0 || line > size + 1) __builtin_trap();
  };
  for (const auto& one : source.declarations) check(one.line);
  for (const auto& one : source.imports) check(one.line);
  for (const auto& one : source.cgo) check(one.line);
  const gosource::Context context{.goos = "linux", .goarch = "arm64", .cgo = true, .tags = {}};
  (void)gosource::satisfied(source.constraint, context);
  (void)gosource::satisfied(text, context);
  (void)gosource::name_fits(text, context);
  (void)gosource::condition_holds(text, context);
  const gomod::File mod = gomod::read(text);
  for (const gomod::Module& module : mod.require) {
    if (gomod::module_of(mod, module.path) == nullptr) __builtin_trap();
    (void)gomod::escaped(gomod::replaced(mod, module).path);
  }
  return 0;
}
