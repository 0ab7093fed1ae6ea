// The whole prediction of dyld on hostile files: the input is the program and every library that it
// names, or a second part is the libraries.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/shown.h"
#include "loader/macho/dyld.h"
#include "loader/macho/mac.h"
#include "loader/macho/report.h"
#include "loader/show.h"
#include "loader/verdict.h"

namespace {

using namespace tenon;

constexpr std::string_view separator = "\xff|\xff";

// Any path that ends so is the library, and none is anything else.
class OneLibrary final : public dyld::Mac {
 public:
  OneLibrary(std::string_view program, std::string_view library)
      : program_(program), library_(library) {}

  dyld::Found look(const std::string& path) override {
    dyld::Found out;
    const bool program = path == "/app/tool";
    if (!program && !path.ends_with(".dylib")) return out;
    out.kind = dyld::Found::Kind::file;
    out.real_path = path;
    out.bytes = view_of(program ? program_ : library_);
    return out;
  }

 private:
  std::string_view program_, library_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t at = bytes.find(separator);
  const std::string_view library =
      at == std::string_view::npos ? bytes : bytes.substr(at + separator.size());
  OneLibrary mac(bytes.substr(0, at), library);
  dyld::Request request;
  request.program = "/app/tool";
  request.environment = {"DYLD_LIBRARY_PATH=/a:/b", "DYLD_INSERT_LIBRARIES=/x.dylib"};
  const dyld::Prediction prediction = dyld::predict(request, mac, {});
  const loader::Verdict verdict = loader::verdict_of(prediction, mac);
  volatile std::size_t sink = verdict.text().size() + loader::tree_text(verdict).text().size();
  sink = sink +
         loader::verdict_findings(verdict, {"f", "/app/tool", "/", "darwin/arm64", "arm64"}).size();
  return 0;
}
