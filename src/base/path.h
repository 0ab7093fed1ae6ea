// Paths as text: nothing is looked up.
#pragma once

#include <string>
#include <string_view>

namespace tenon {

// `name` itself when it is absolute or `folder` is empty.
[[nodiscard]] std::string join_path(std::string_view folder, std::string_view name);
// `path` below `folder`, which is absolute, without ".", ".." and double slashes. A slash at the
// end stays. Links are not followed.
[[nodiscard]] std::string absolute_path(std::string_view folder, std::string_view path);
// "/a/b" -> "b"
[[nodiscard]] std::string_view base_name(std::string_view path);
// "/a/b" -> "/a"; empty without a slash.
[[nodiscard]] std::string_view folder_of(std::string_view path);

}  // namespace tenon
