// The commands of a cause, with a log's names in them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/shell_word.h"
#include "base/shown.h"
#include "base/template.h"
#include "diag/catalog.h"
#include "diagnose/log.h"

namespace tenon {

// "{name}" with its capture; one that nothing filled says NAME: to be put in by the reader.
[[nodiscard]] Shown fill_names(std::string_view text, const Captures& captures);

// Adds what follows from the log's target: {target}, and for Linux and Windows where a cross
// compiler has a usual name {compiler}, {cxx}, {compilerpackage} and {debian}.
void add_target_names(const Log& log, Captures& captures);

// Adds {staticpackage}, Alpine's package with the archive of the library {name}, where it is known.
void add_static_package(Captures& captures);

// Adds {firstrelease}, "1.23.0" where {release} is a series of Go ("1.23") and no release.
void add_first_release(Captures& captures);

// Adds {baseline}, the setting of go for the oldest processors of the log's architecture:
// GOAMD64=v1 where none is told.
void add_baseline(const Log& log, Captures& captures);

// What a reader may run. No command names a machine that the log does not: one that needs the
// target's compiler is left out where the target is not known.
[[nodiscard]] std::vector<ShellCommand> commands_of(const Cause& cause, const Log& log,
                                                    const Captures& captures);

}  // namespace tenon
