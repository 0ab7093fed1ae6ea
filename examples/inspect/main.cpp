// Prints what a file needs: the installed library in twenty lines.
#include <tenon/engine/inspect/inspect.h>
#include <tenon/host/files.h>

#include <cstdio>

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const auto file = tenon::map_file(argv[i]);
    if (!file) return std::fprintf(stderr, "%s: %s\n", argv[i], file.error().what), 1;
    const auto report = tenon::inspect_file(file->view(), {});
    if (!report) return std::fprintf(stderr, "%s: %s\n", argv[i], report.error().what), 1;
    for (const tenon::Artifact& slice : report->slices) {
      std::printf("%s: %s %s\n", argv[i], slice.arch.c_str(), slice.type.c_str());
      for (const auto& library : slice.needed) std::printf("  needs %s\n", library.name.c_str());
    }
  }
}
