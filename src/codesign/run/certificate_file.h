// Certificates that a requirement on the command line names by their file.
#pragma once

#include "codesign/requirement/requirement.h"

namespace tenon::codesign {

// Reads DER; a file in PEM counts as unreadable, since its hash would be that of nothing.
[[nodiscard]] requirement::CertificateFile certificate_files();

}  // namespace tenon::codesign
