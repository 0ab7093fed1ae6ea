// What dyld would do, in the terms of every loader (loader/verdict.h), and its findings.
#pragma once

#include "diag/finding.h"
#include "loader/macho/dyld.h"
#include "loader/macho/mac.h"
#include "loader/show.h"
#include "loader/verdict.h"

namespace tenon::loader {

// `mac`: asked where a library lies that dyld does not find.
[[nodiscard]] Verdict verdict_of(const dyld::Prediction& prediction, dyld::Mac& mac);

[[nodiscard]] Finding dyld_finding(const Verdict& verdict, const Failure& failure,
                                   const Subject& subject);

}  // namespace tenon::loader
