// What a compiler driver's arguments ask of the linker, spelled in one way.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tenon {

// One argument of a driver's command line, or one linker option with its values.
struct DriverArg {
  enum class Kind {
    flag,       // a flag of the driver, with `values` when it takes a separate argument
    linker,     // from -Wl, or -Xlinker: `name` is the linker's option
    input,      // a file
    library,    // -lNAME: `values[0]` is NAME
    framework,  // -framework NAME and its weak_, needed_, reexport_ forms
  };
  Kind kind = Kind::flag;
  std::string name;                 // "-O2", "-headerpad", "main.o", "-l", "-weak_framework"
  std::vector<std::string> values;  // separate arguments that belong to it
};

// Groups a driver's arguments. `macho`: which linker's option table decides how many values an
// option takes. Response files must have been expanded.
[[nodiscard]] std::vector<DriverArg> parse_driver_args(const std::vector<std::string>& args,
                                                       bool macho);

// The argument as the driver takes it.
void append_args(const DriverArg& arg, std::vector<std::string>& out);

// How it is written in messages: "-Wl,-headerpad,1144", "-framework Foundation".
[[nodiscard]] std::string spelled(const DriverArg& arg);

// The words of a response file (GNU rules: blanks separate, quotes group, backslash escapes).
[[nodiscard]] std::vector<std::string> split_response_file(std::string_view text);

}  // namespace tenon
