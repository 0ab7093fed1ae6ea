// The commands of a cause, with a log's names in them.
#pragma once

#include <cstddef>
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

// Adds {symbollib}, the library that {symbol} or the undefined symbol of the first of these lines
// is of, and {symbolpc}, the name of its .pc file; where they are known.
void add_symbol_library(const Log& log, const std::vector<std::size_t>& lines, Captures& captures);

// Adds {ccpackage}, Debian's package with the cross compiler {cc}, or {condapackage}, conda's.
void add_compiler_package(Captures& captures);

// Adds {formula}, Homebrew's name of what the path {name} belongs to, or of what has {header} or
// {library}.
void add_formula(Captures& captures);

// Adds {release}, the release of Go that {needs} asks for: "1.25.0" of "1.25".
void add_needed_release(Captures& captures);

// Adds {bindingmodule}, the module of the package that the first of these lines is about, where the
// path tells it.
void add_binding_module(const Log& log, const std::vector<std::size_t>& lines, Captures& captures);

// Adds {baseline}, the setting of go for the oldest processors of the log's architecture:
// GOAMD64=v1 where none is told.
void add_baseline(const Log& log, Captures& captures);

// Adds {pcdir}, the directory of the .pc file {name}: where a line of the log shows it, or where
// Homebrew keeps what it does not link into its prefix. DIR where neither is known.
void add_pc_directory(const Log& log, Captures& captures);

// What a reader may run. No command names a machine that the log does not: one that needs the
// target's compiler is left out where the target is not known.
[[nodiscard]] std::vector<ShellCommand> commands_of(const Cause& cause, const Log& log,
                                                    const Captures& captures);

}  // namespace tenon
