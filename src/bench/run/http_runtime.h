// What the runtime of a Go server says of itself, asked over HTTP.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "bench/http/runtime_figures.h"

namespace tenon::bench {

// GET of `path` ("/debug/vars") from the server of `url`, in HTTP/1.0: the end of the connection
// ends the response. At most 16 MB.
[[nodiscard]] Result<RuntimeFigures> ask_runtime(std::string_view url, const std::string& path,
                                                 const std::vector<std::string>& headers,
                                                 std::chrono::milliseconds limit);

}  // namespace tenon::bench
