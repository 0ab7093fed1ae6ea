#include "codesign/run/certificate_file.h"

#include <optional>
#include <string>

#include "base/digest.h"
#include "codesign/requirement/requirement.h"
#include "host/files.h"

namespace tenon::codesign {

requirement::CertificateFile certificate_files() {
  return [](const std::string& path) -> std::optional<Sha1> {
    const auto file = read_file(path);
    if (!file || !file->view().text().starts_with('\x30')) return std::nullopt;
    return sha1(file->view().bytes());
  };
}

}  // namespace tenon::codesign
