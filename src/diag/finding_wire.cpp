#include "diag/finding_wire.h"

namespace tenon {

Data finding_data(const Finding& finding) { return wire::write(finding); }

Result<Finding> finding_from(const Data& data) { return wire::read_as<Finding>(data); }

}  // namespace tenon
