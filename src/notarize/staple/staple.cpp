#include "notarize/staple/staple.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/blob/layout.h"
#include "codesign/verdict.h"
#include "codesign/verify/disk_image.h"
#include "codesign/verify/distribution.h"
#include "codesign/verify/file_verdict.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "format/kind/kind.h"
#include "format/udif/udif.h"
#include "format/xar/xar.h"
#include "notarize/client/answers.h"
#include "notarize/client/service.h"
#include "notarize/client/transport.h"

namespace tenon::notarize {
namespace {

constexpr const char* service_name = "the ticket service";

unsigned hash_type_of(const codesign::SliceVerdict& slice) {
  for (const codesign::DirectoryFacts& each : slice.directories) {
    if (each.cdhash != slice.cdhash) continue;
    if (each.hash == "SHA-1") return codesign::CS_HASHTYPE_SHA1;
    if (each.hash == "SHA-384") return codesign::CS_HASHTYPE_SHA384;
    return each.digest.size() > each.cdhash.size() ? codesign::CS_HASHTYPE_SHA256
                                                   : codesign::CS_HASHTYPE_SHA256_TRUNCATED;
  }
  return codesign::CS_HASHTYPE_SHA256;
}

struct Refusal {
  std::string_view reason, advice;
};

Refusal refusal_of(ByteView file) {
  using codesign::Shape;
  constexpr std::string_view pack =
      "ship the same bytes: Gatekeeper finds the ticket online. For Macs without a network put "
      "it into a package (pkgbuild) or a disk image (hdiutil), submit that, and staple it";
  switch (codesign::shape_of(file)) {
    case Shape::tool:
    case Shape::library:
      return {
          "a program or library by itself has no place for a ticket; Gatekeeper asks Apple "
          "for it by the cdhash when the program is first run",
          pack};
    case Shape::archive:
    case Shape::object: return {"static libraries and objects are not signed", "leave it as it is"};
    default: break;
  }
  if (kind::identify(file) == kind::FileKind::zip) {
    return {"a zip file has no place for a ticket",
            "staple the bundle that is in it, then zip it again; a program in it needs none where "
            "there is a network"};
  }
  return {"it is neither a bundle, nor a package, nor a disk image",
          "name the bundle, the package or the disk image"};
}

Finding ticket_service(std::string detail) {
  return make_finding(Code::notarize_ticket_service,
                      {{"service", service_name}, {"detail", std::move(detail)}});
}

}  // namespace

std::vector<TicketName> ticket_names(const codesign::FileVerdict& file) {
  std::vector<TicketName> out;
  for (const codesign::SliceVerdict& slice : file.slices) {
    const auto same = [&](const TicketName& name) { return name.cdhash == slice.cdhash; };
    if (slice.cdhash.empty() || std::ranges::any_of(out, same)) continue;
    // The digest of a package is that of its table of contents, of which 20 bytes are named.
    out.push_back({fmt::format("2/{}/{}", hash_type_of(slice), slice.cdhash), slice.cdhash});
  }
  return out;
}

Result<StapledFile> staple_package(ByteView file, ByteView ticket) {
  const xar::Stapled old = TENON_TRY(xar::stapled(file));
  const xar::Archive archive = TENON_TRY(xar::Archive::parse(file));
  if (archive.end() > old.archive_end) return fail(Errc::malformed, "package with a wrong trailer");
  StapledFile out;
  out.kept = TENON_TRY(file.slice(0, old.archive_end));
  out.tail = xar::trailer_bytes({xar::Trailer::terminator, 0});
  out.tail += ticket.text();
  out.tail += xar::trailer_bytes({xar::Trailer::ticket, static_cast<std::uint32_t>(ticket.size())});
  return out;
}

Result<StapledFile> staple_image(ByteView file, ByteView ticket) {
  const udif::Image image = TENON_TRY(udif::parse(file));
  StapledFile out;
  out.tail = TENON_TRY(codesign::signature_with_ticket(file, ticket));
  out.kept = TENON_TRY(file.slice(0, image.signature_at));
  out.tail += TENON_TRY(udif::trailer_with(file, image.signature_at, out.tail.size()));
  return out;
}

Finding not_stapled(const std::string& path, ByteView file) {
  const Refusal refusal = refusal_of(file);
  return make_finding(Code::notarize_cannot_be_stapled,
                      {{"path", path},
                       {"reason", std::string(refusal.reason)},
                       {"advice", std::string(refusal.advice)}},
                      path);
}

std::optional<Finding> unfit(const std::string& path, const codesign::FileVerdict& file) {
  const auto finding = [&](std::string reason) {
    return make_finding(Code::notarize_not_ready_to_staple,
                        {{"path", path}, {"reason", std::move(reason)}}, path);
  };
  for (const codesign::SliceVerdict& slice : file.slices) {
    if (slice.integrity.state == codesign::State::invalid) {
      return finding("its signature is invalid: " + slice.integrity.cause().message);
    }
    if (slice.cdhash.empty()) return finding("it is not signed");
  }
  if (file.slices.empty()) return finding("it has no code");
  return std::nullopt;
}

Outcome<FoundTicket> look_up(Wire& wire, const std::string& endpoint, const std::string& path,
                             const std::vector<TicketName>& names) {
  Data records = Data::array();
  for (const TicketName& name : names) {
    Data record = Data::object();
    record.add("recordName", name.record);
    records.push(std::move(record));
  }
  Data body = Data::object();
  body.add("records", std::move(records));
  const std::string text = render_data(body);
  auto response = send_patiently(wire, service_name, [&]() -> Outcome<HttpRequest> {
    HttpRequest request;
    request.method = "POST";
    request.url = endpoint;
    request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
    request.body = text;
    return request;
  });
  if (!response) {
    if (response.error().code != Code::notarize_service_unreachable) {
      return std::unexpected(std::move(response).error());
    }
    return std::unexpected(ticket_service(response.error().message.text()));
  }
  if (!response->ok()) {
    return std::unexpected(ticket_service(fmt::format("HTTP {}", response->status)));
  }
  std::string reason;
  for (const TicketName& name : names) {
    auto answer = read_ticket(response->body, name.record);
    if (!answer) {
      return std::unexpected(
          ticket_service(fmt::format("its answer cannot be read: {}", answer.error().what)));
    }
    if (!answer->ticket.empty()) return FoundTicket{std::move(answer->ticket), name};
    reason = answer->reason;
  }
  return std::unexpected(make_finding(Code::notarize_no_ticket,
                                      {{"path", path},
                                       {"file", path},
                                       {"record", names.front().record},
                                       {"detail", reason.empty() ? "no record" : reason}},
                                      path));
}

}  // namespace tenon::notarize
