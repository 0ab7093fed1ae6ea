// Prints what files need: their libraries, the oldest system, and whether Go was built with C.
#include <tenon/inspect.h>

#include <cstdio>

int main(int argc, char** argv) {
  int code = 0;
  for (int i = 1; i < argc; ++i) {
    const tenon::api::Inspection file = tenon::api::inspect(argv[i]);
    if (!file.error.empty()) {
      std::fprintf(stderr, "%s: %s\n", argv[i], file.error.c_str());
      code = 1;
    }
    for (const tenon::api::Slice& slice : file.slices) {
      std::printf("%s: %s %s\n", argv[i], slice.arch.c_str(), slice.type.c_str());
      for (const auto& library : slice.needed) std::printf("  needs %s\n", library.name.c_str());
      if (slice.minimum_os) std::printf("  since %s\n", slice.minimum_os.value.c_str());
      if (slice.glibc_floor) std::printf("  glibc %s\n", slice.glibc_floor.value.c_str());
      if (slice.cgo_used) std::printf("  cgo used: %s\n", slice.cgo_used.value.c_str());
    }
  }
  return code;
}
