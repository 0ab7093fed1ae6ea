// What a file is, how it was built, what it needs: facts of any binary, archive or stub that a
// build of Go and C touches. Pure: the caller maps the file.
//
// Everything that is returned owns its text. Cost follows the question: a summary reads headers,
// the tables that a loader reads and the names of Go's functions, never code or debug information.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/page_window.h"
#include "base/result.h"
#include "inspect/artifact.h"
#include "platform/target.h"

namespace tenon {

struct InspectOptions {
  Version macos;                 // deployment target to hold files against; empty: none was named
  Version glibc;                 // oldest glibc to check the file against
  PageWindow* window = nullptr;  // told which pages are no longer needed; borrowed
};

// malformed, truncated or unsupported, with the offset, when the outermost structure cannot be
// read. What lies deeper and cannot be read is an unknown fact that says why.
[[nodiscard]] Result<FileReport> inspect_file(ByteView file, const InspectOptions& options);

}  // namespace tenon
