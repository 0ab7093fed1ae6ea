#include "codesign/verify/slice_entitlements.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "codesign/blob/codesign.h"
#include "codesign/blob/layout.h"
#include "codesign/entitlements/entitlements.h"
#include "codesign/verdict.h"
#include "codesign/verify/file_verdict.h"
#include "format/plist/plist.h"
#include "format/plist/value.h"

namespace tenon::codesign {
namespace {

constexpr std::string_view xml_place = "slot 5 (entitlements, XML)";
constexpr std::string_view der_place = "slot 7 (entitlements, DER)";

void warn(SliceVerdict& out, std::string_view code, std::string message, std::string_view where) {
  out.warnings.push_back(make_cause(code, std::move(message), std::string(where)));
}

std::optional<plist::Value> read_xml(const Signature& signature, SliceVerdict& out) {
  const Blob* blob = signature.find(CSSLOT_ENTITLEMENTS);
  if (blob == nullptr) return std::nullopt;
  if (blob->magic != CSMAGIC_EMBEDDED_ENTITLEMENTS) {
    warn(out, "entitlements.magic", "a blob of another kind is in the place of entitlements",
         xml_place);
    return std::nullopt;
  }
  out.entitlements_xml = std::string(blob->payload().text());
  auto strict = plist::parse_xml(blob->payload(), plist::Mode::strict);
  if (strict) return std::move(*strict);
  warn(out, "entitlements.syntax",
       fmt::format("not well-formed, {}: notarization rejects it (\"Embedded entitlements are "
                   "invalid\")",
                   plist::system_text(strict.error())),
       xml_place);
  auto lenient = plist::parse_xml(blob->payload(), plist::Mode::lenient);
  return lenient ? std::optional(std::move(*lenient)) : std::nullopt;
}

std::optional<plist::Value> read_der(const Signature& signature, SliceVerdict& out) {
  const Blob* blob = signature.find(CSSLOT_DER_ENTITLEMENTS);
  if (blob == nullptr) return std::nullopt;
  auto value = entitlements::parse_der(blob->payload());
  if (value) return std::move(*value);
  // The form of macOS 11 has no version; current systems go by the XML then.
  if (value.error().code == Errc::unsupported) return std::nullopt;
  warn(out, "entitlements.der",
       fmt::format("{} at offset {:#x}: recent systems read this form", value.error().what,
                   value.error().offset),
       der_place);
  return std::nullopt;
}

}  // namespace

void read_entitlements(const Signature& signature, bool main_executable, SliceVerdict& out) {
  std::optional<plist::Value> xml = read_xml(signature, out);
  std::optional<plist::Value> der = read_der(signature, out);
  if (xml && der) {
    for (const entitlements::Difference& each : entitlements::compare(*xml, *der)) {
      warn(
          out, "entitlements.differ",
          fmt::format("{}: {} in XML, {} in DER", each.path, each.xml.empty() ? "absent" : each.xml,
                      each.der.empty() ? "absent" : each.der),
          der_place);
    }
  }
  out.entitlements = der ? std::move(der) : std::move(xml);
  if (!out.entitlements) return;
  if (out.entitlements->is_true("com.apple.security.get-task-allow")) {
    warn(out, "entitlements.get-task-allow",
         "com.apple.security.get-task-allow lets any process attach: notarization rejects it",
         xml_place);
  }
  if (!main_executable && out.entitlements->dict() != nullptr &&
      !out.entitlements->dict()->empty()) {
    warn(out, "entitlements.not-a-program",
         "only the main program's entitlements count; these have no effect", xml_place);
  }
}

}  // namespace tenon::codesign
