// The messages that have a digest, in the one form of bytes that gives it: fields in the order of
// their numbers, defaults left out (Remote Execution API 2.2, "Digest"). Pure, and without the
// library that speaks gRPC: a dry run needs no network.
#pragma once

#include <string>
#include <vector>

#include "wire/values.h"

namespace tenon::remote {

[[nodiscard]] std::string encode(const Directory& directory);
[[nodiscard]] std::string encode(const Command& command);
[[nodiscard]] std::string encode(const Action& action);
// Tree: the root, and each directory below it once.
[[nodiscard]] std::string encode_tree(const std::string& root,
                                      const std::vector<std::string>& children);

}  // namespace tenon::remote
