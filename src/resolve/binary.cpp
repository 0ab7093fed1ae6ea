#include "resolve/binary.h"

#include <string>
#include <string_view>

#include "inspect/artifact.h"
#include "resolve/inputs.h"

namespace tenon::resolve {
namespace {

std::string goos_by_format(const Artifact& slice) {
  if (slice.format.starts_with("Mach-O")) return "darwin";
  if (slice.format.starts_with("PE")) return "windows";
  return "linux";
}

}  // namespace

BinaryFacts binary_facts(const Artifact& slice) {
  BinaryFacts out;
  if (slice.linkage.known()) out.linkage = slice.linkage.value;
  if (slice.libc.known()) out.libc = slice.libc.value;
  out.build.goos = goos_by_format(slice);
  if (!slice.go) return out;
  const GoArtifact& go = *slice.go;
  out.go = true;
  if (go.version.known()) out.go_version = go.version.value;
  if (const auto minor = parse_go_release(out.go_version)) out.build.go = {*minor, true};
  out.cgo_used = go.cgo_used.known() && go.cgo_used.value;
  if (const std::string_view goos = go.setting("GOOS"); !goos.empty()) {
    out.build.goos = goos;
  } else {
    out.unknown.push_back("GOOS is not in the build information; the format of the file tells it");
  }
  if (go.cgo_allowed.known()) {
    out.build.cgo = go.cgo_allowed.value;
    out.build.cgo_known = true;
  } else {
    // A program with calls of C was built with cgo; one without them may have been.
    out.build.cgo = out.cgo_used;
    out.unknown.push_back(
        "CGO_ENABLED is not in the build information; the C code that is linked in tells it");
  }
  read_tags(go.setting("-tags"), out.build);
  out.build.tags_known = !go.settings.empty();
  if (!out.build.tags_known)
    out.unknown.push_back("the build information has no settings: the build tags are not known");
  out.build.default_godebug = go.setting("DefaultGODEBUG");
  return out;
}

}  // namespace tenon::resolve
