// The whole prediction on hostile files: the input is the program, its libraries, the loader or the
// cache. Every part is read from the same bytes, cut at a separator.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/memory_tree.h"
#include "loader/elf/cache.h"
#include "loader/elf/start.h"
#include "loader/files.h"
#include "loader/show.h"
#include "loader/verdict.h"

namespace {

using namespace tenon;
using namespace tenon::loader;

constexpr std::string_view separator = "\xff|\xff";

std::vector<std::string_view> parts_of(std::string_view bytes) {
  std::vector<std::string_view> out;
  while (out.size() < 4) {
    const std::size_t at = bytes.find(separator);
    out.push_back(bytes.substr(0, at));
    if (at == std::string_view::npos) break;
    bytes.remove_prefix(at + separator.size());
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto parts = parts_of(bytes);
  const auto part = [&](std::size_t i) { return std::string(parts[i % parts.size()]); };
  MemoryTree tree;
  tree.add_file("app/bin/app", part(0), true);
  tree.add_file("lib64/ld-linux-x86-64.so.2", part(1), true);
  tree.add_file("lib/ld-musl-x86_64.so.1", part(1), true);
  for (const char* path : {"lib/liba.so.1", "lib/libb.so.1", "lib/libc.so.6", "lib/libsub.so.1"}) {
    tree.add_file(path, part(2));
  }
  tree.add_file("etc/ld.so.cache", part(3));
  Files files(tree);
  Request request;
  request.program = "/app/bin/app";
  request.environment = {"LD_PRELOAD=/lib/liba.so.1", "LD_LIBRARY_PATH=/lib:$ORIGIN/../lib"};
  const auto kind = kind_of_file(view_of(parts[0]));
  const Verdict verdict = predict_elf(request, files, kind.value_or(ElfKind{62, 2, 1}));
  volatile std::size_t sink = verdict.text().size() + tree_text(verdict).text().size();
  const auto cache = LibraryCache::parse(view_of(bytes));
  if (cache) {
    for (std::size_t i = 0; i < cache->size() && i < 1000; ++i)
      sink = sink + (*cache)[i].path.size();
    sink = sink + cache->find("libc.so.6").size();
  }
  return 0;
}
