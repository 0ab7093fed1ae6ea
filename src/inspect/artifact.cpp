#include "inspect/artifact.h"

#include <string>
#include <type_traits>

#include "base/fact.h"
#include "inspect/field.h"

namespace tenon {
namespace {

// The "source" of facts that a format does not have: what stands in the JSON for them.
std::string reason(Format format) {
  switch (format) {
    case Format::macho: return "Mach-O has none";
    case Format::elf: return "ELF has none";
    case Format::pe: return "PE has none";
    case Format::coff: return "object";
    case Format::archive: return "archive";
    case Format::stub: return "stub";
  }
  return {};
}

}  // namespace

Artifact blank_artifact(Format format) {
  Artifact out;
  Artifact::fields(out, [&](const Field& field, auto&& member) {
    using Member = std::remove_cvref_t<decltype(member)>;
    if constexpr (std::is_same_v<Member, TextFact> || std::is_same_v<Member, CountFact>) {
      if (!field.formats.has(format)) member = Member::none(reason(format));
    }
  });
  return out;
}

}  // namespace tenon
