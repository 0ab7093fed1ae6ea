// Who signed a program, and does the signature hold? Exit code 0 when it does.
#include <tenon/verify.h>

#include <cstdio>

int main(int argc, char** argv) {
  bool all_hold = argc > 1;
  for (int i = 1; i < argc; ++i) {
    const tenon::api::SignatureReport report = tenon::api::verify(argv[i]);
    all_hold = all_hold && report.holds();
    if (!report.error.empty()) {
      std::fprintf(stderr, "%s: %s\n", argv[i], report.error.c_str());
    }
    for (const tenon::api::SignatureSlice& slice : report.slices) {
      std::printf("%s: %s: %s, identifier %s\n", argv[i], slice.arch.c_str(), slice.kind.c_str(),
                  slice.identifier.c_str());
      for (const auto* part : {&slice.integrity, &slice.identity, &slice.trust}) {
        for (const tenon::api::SignatureProblem& problem : part->problems) {
          std::printf("  %s: %s\n", problem.where.c_str(), problem.message.c_str());
        }
      }
    }
  }
  return all_hold ? 0 : 1;
}
