#include "diag/finding_wire.h"

#include "base/result.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "diag/wire.h"

namespace tenon {

Data finding_data(const Finding& finding) { return wire::write(finding); }

Result<Finding> finding_from(const Data& data) { return wire::read_as<Finding>(data); }

}  // namespace tenon
