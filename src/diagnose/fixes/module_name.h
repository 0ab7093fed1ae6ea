// Names of modules that come out of a log.
#pragma once

#include <string_view>

namespace tenon {

// By the grammar of golang.org/x/mod/module.CheckPath: elements of letters, digits and -._~,
// separated by single slashes, none with a dot at its start or end; the first is a host name with a
// dot, in lower case and with no dash at its start.
[[nodiscard]] bool is_module_path(std::string_view path);

// The same with "@latest" or "@v1.2.3" behind it, or nothing.
[[nodiscard]] bool is_module_query(std::string_view word);

// Whether `text` has the path with nothing of a path before or behind it; a package below it
// counts.
[[nodiscard]] bool names_module(std::string_view text, std::string_view path);

}  // namespace tenon
