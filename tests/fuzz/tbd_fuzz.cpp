// Reading and normalising stubs, on any text.
#include <array>
#include <cstddef>
#include <cstdint>

#include "format/tbd/tbd.h"

namespace {

using namespace tenon;

std::uint64_t names(const tbd::NameList& list) {
  std::uint64_t total = 0;
  for (const std::string_view name : list) {
    for (const char c : name) total += static_cast<unsigned char>(c);
  }
  return total;
}

std::uint64_t item_names(const tbd::Item& item) {
  const std::array lists = {
      item.targets,       item.symbols,    item.weak_symbols,        item.objc_classes,
      item.objc_eh_types, item.objc_ivars, item.thread_local_symbols};
  std::uint64_t total = 0;
  for (const tbd::NameList& list : lists) total += names(list);
  return total;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView text(data, size);
  volatile std::uint64_t sink = 0;
  const std::string normal = tbd::normalise(text.text());
  // A second pass must find nothing left to do.
  if (tbd::normalise(normal) != normal) __builtin_trap();
  const auto documents = tbd::read(text);
  if (!documents) return 0;
  for (const tbd::Document& document : *documents) {
    sink = sink + names(document.targets) + document.install_name.size();
    sink = sink + (document.exports("_malloc", "arm64-macos") ? 1U : 0U);
    for (const tbd::Item& item : document.items) sink = sink + item_names(item);
    for (const auto& entry : document.reexported_libraries) {
      sink = sink + names(entry.targets) + names(entry.libraries);
    }
  }
  return 0;
}
