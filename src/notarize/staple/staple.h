// What a ticket can be stapled to, by which names Apple's service knows its ticket, and the file
// with the ticket in it. Pure: run/staple_path.h reads and writes.
// Rules: Security notarization.cpp (names of records, Contents/CodeResources), diskimagerep.cpp;
// Apple, "Customizing the notarization workflow": what has a place for a ticket.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/verify/file_verdict.h"
#include "diag/finding.h"
#include "notarize/client/answers.h"
#include "notarize/client/service.h"

namespace tenon::notarize {

enum class Stapling : std::uint8_t { bundle, package, image, none };

struct TicketName {
  std::string record;  // "2/2/0123...": version, type of the hash, the hash
  std::string cdhash;
};

// One name for each slice, each once.
[[nodiscard]] std::vector<TicketName> ticket_names(const codesign::FileVerdict& file);

// The bytes of a package or a disk image with a ticket, as pieces of the old file and new ones.
struct StapledFile {
  ByteView kept;     // from the beginning of the file; borrowed
  std::string tail;  // what follows it
};
[[nodiscard]] Result<StapledFile> staple_package(ByteView file, ByteView ticket);
[[nodiscard]] Result<StapledFile> staple_image(ByteView file, ByteView ticket);

// Why nothing can be stapled to a file, and what to do.
[[nodiscard]] Finding not_stapled(const std::string& path, ByteView file);
// The signature is missing or wrong: nobody can have a ticket for it.
[[nodiscard]] std::optional<Finding> unfit(const std::string& path,
                                           const codesign::FileVerdict& file);

// Asks the service for the first ticket of the names.
struct FoundTicket {
  std::string bytes;
  TicketName name;
};
[[nodiscard]] Outcome<FoundTicket> look_up(Wire& wire, const std::string& endpoint,
                                           const std::string& path,
                                           const std::vector<TicketName>& names);

}  // namespace tenon::notarize
