// The facts of a library and the file that keeps them, on any bytes.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "link/closure/archive_owners.h"
#include "link/closure/order.h"
#include "link/index/index_file.h"
#include "link/index/library_index.h"
#include "link/index/read_library.h"
#include "platform/platforms.h"

namespace {

using namespace tenon;
using namespace tenon::link;

void check(const Library& library, const SymbolNames& names) {
  std::size_t defined = 0, needed = 0;
  for (const LibraryMember& member : library.members) {
    defined += library.defined_by(member).size();
    needed += library.needed_by(member).size();
  }
  if (!library.members.empty() &&
      (defined != library.definitions.size() || needed != library.references.size())) {
    __builtin_trap();
  }
  for (const BoundSymbol& one : library.definitions) {
    if (one.symbol() >= names.size()) __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  SymbolNames cached;
  const auto libraries = read_index(bytes, cached);
  for (const Library& one : libraries ? *libraries : std::vector<Library>()) check(one, cached);
  const Platform* platform = find_platform("linux/arm64");
  const OpenMember same = [&](std::string_view) -> Result<ByteView> { return bytes; };
  LibraryIndex index;
  for (const char* file : {"libx.a", "liby.so"}) {
    Library library;
    library.file = file;
    library.names = {std::string(library_name(file))};
    read_library(bytes, *platform, same, index.names, library);
    check(library, index.names);
    index.libraries.push_back(std::move(library));
  }
  index.finish();
  ClosureRequest request;
  if (index.libraries.front().usable_archive()) request.whole = {0};
  (void)close_over(index, request);
  // What is written is read again.
  SymbolNames again;
  const std::string text = write_index(index.names, {&index.libraries[0], &index.libraries[1]});
  if (!read_index(view_of(text), again)) __builtin_trap();
  std::vector<Absent> absent(1);
  absent.front().name = "x";
  name_packages(bytes.text(), "aarch64-linux-gnu", absent);
  return 0;
}
