#include "notarize/run/staple_path.h"

#include <chrono>
#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/path.h"
#include "base/result.h"
#include "base/unread.h"
#include "codesign/run/bundle_of.h"
#include "codesign/verdict.h"
#include "codesign/verify/disk_image.h"
#include "codesign/verify/distribution.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/package.h"
#include "codesign/verify/ticket.h"
#include "codesign/verify/verify.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/progress.h"
#include "host/disk_tree.h"
#include "host/files.h"
#include "host/mapping.h"
#include "host/replacement.h"
#include "notarize/client/service.h"
#include "notarize/run/session.h"
#include "notarize/run/transport.h"
#include "notarize/staple/staple.h"

namespace tenon::notarize {
namespace {

constexpr const char* ticket_in_bundle = "Contents/CodeResources";
constexpr const char* contents_layout = "contents";
constexpr std::size_t most_ticket = std::size_t{16} << 20U;

Finding unreadable(const std::string& path, const Error& error) {
  return make_finding(Code::usage_unreadable_input,
                      {{"path", path}, {"reason", unread_reason(error)}}, path);
}

// What a path leads to, judged.
struct Target {
  Stapling how = Stapling::none;
  std::string kind;
  codesign::FileVerdict file;
  std::optional<Mapping> mapping;  // of a file
};

Outcome<Target> open_bundle(const std::string& path) {
  const auto tree = DiskTree::open(path);
  if (!tree) return std::unexpected(unreadable(path, tree.error()));
  auto verdict = codesign::verify_bundle(**tree, "", {});
  if (!verdict) {
    return std::unexpected(
        make_finding(Code::notarize_cannot_be_stapled,
                     {{"path", path},
                      {"reason", "it is not a bundle"},
                      {"advice", "name the bundle, the package or the disk image"}},
                     path));
  }
  if (verdict->layout != contents_layout) {
    return std::unexpected(make_finding(
        Code::notarize_cannot_be_stapled,
        {{"path", path},
         {"reason", "a ticket is stapled to the bundle around it, which has a directory Contents"},
         {"advice", "staple the app that it is in"}},
        path));
  }
  Target out;
  out.how = Stapling::bundle;
  out.kind = "bundle";
  out.file = std::move(verdict->main);
  return out;
}

Outcome<Target> open_file(const std::string& path, bool check) {
  auto mapping = map_file(path);
  if (!mapping) return std::unexpected(unreadable(path, mapping.error()));
  const ByteView bytes = mapping->view();
  Target out;
  Result<codesign::FileVerdict> verdict = fail(Errc::unsupported, "not signed code");
  switch (codesign::shape_of(bytes)) {
    case codesign::Shape::disk_image:
      out.how = Stapling::image;
      out.kind = codesign::image_type;
      verdict = codesign::verify_disk_image(bytes, {});
      break;
    case codesign::Shape::package:
      out.how = Stapling::package;
      out.kind = codesign::package_type;
      verdict = codesign::verify_package_file(bytes, {});
      break;
    default:
      if (!check) return std::unexpected(not_stapled(path, bytes));
      out.kind = "program";
      verdict = codesign::verify_file(bytes, {});
      break;
  }
  if (!verdict) return std::unexpected(unreadable(path, verdict.error()));
  out.file = *std::move(verdict);
  out.mapping = *std::move(mapping);
  return out;
}

Finding failed(const std::string& path, const Error& error) {
  return make_finding(Code::notarize_not_ready_to_staple,
                      {{"path", path}, {"reason", "it was not written: " + unread_reason(error)}},
                      path);
}

// The new file must be what was meant before it takes the place of the old one.
Result<void> check_written(const Replacement& file, const Target& target, ByteView ticket) {
  const Mapping mapping = TENON_TRY(map_file(file.readable()));
  if (target.how == Stapling::image) {
    const auto verdict = TENON_TRY(codesign::verify_disk_image(mapping.view(), {}));
    const ByteView found = TENON_TRY(codesign::disk_image_ticket(mapping.view()));
    const bool right = found.text() == ticket.text() &&
                       verdict.slices.front().integrity.state == codesign::State::valid &&
                       verdict.slices.front().cdhash == target.file.slices.front().cdhash;
    return right ? Result<void>() : fail(Errc::io, "the new file does not verify");
  }
  const auto verdict = TENON_TRY(codesign::verify_package_file(mapping.view(), {}));
  const bool right = verdict.slices.front().cdhash == target.file.slices.front().cdhash;
  return right ? Result<void>() : fail(Errc::io, "the new file does not verify");
}

// What a killed run leaves behind must not lie where a seal covers it: the bundle would be invalid,
// and the next run would refuse it.
std::vector<std::string> staging_of(const std::string& path) {
  return codesign::staging_folders(real_path(path).value_or(path));
}

Result<ReplacementNotes> write_file_with(const std::string& path, const Target& target,
                                         ByteView ticket) {
  const ByteView old = target.mapping->view();
  const StapledFile made = TENON_TRY(target.how == Stapling::image ? staple_image(old, ticket)
                                                                   : staple_package(old, ticket));
  Replacement file = TENON_TRY(Replacement::open(
      {.path = path, .source = target.mapping->identity(), .staging = staging_of(path)}));
  TENON_TRY(file.write(made.kept.bytes()));
  TENON_TRY(file.write(view_of(made.tail).bytes()));
  TENON_TRY(target.mapping->unchanged());
  TENON_TRY(check_written(file, target, ticket));
  return file.commit();
}

Result<ReplacementNotes> write_into_bundle(const std::string& path, ByteView ticket) {
  Replacement file = TENON_TRY(Replacement::open({.path = join_path(path, ticket_in_bundle),
                                                  .root = path,
                                                  .independent = true,
                                                  .staging = staging_of(path)}));
  TENON_TRY(file.write(ticket.bytes()));
  return file.commit();
}

Outcome<FoundTicket> given_ticket(const StapleRequest& request, const Target& target) {
  const auto text = read_text(request.ticket_file, most_ticket);
  if (!text) return std::unexpected(unreadable(request.ticket_file, text.error()));
  if (!codesign::ticket_covers(view_of(*text), target.file)) {
    return std::unexpected(make_finding(
        Code::notarize_ticket_of_other_code,
        {{"path", request.path}, {"cdhash", target.file.slices.front().cdhash}}, request.path));
  }
  return FoundTicket{*text, ticket_names(target.file).front()};
}

Outcome<FoundTicket> find_ticket(const StapleRequest& request, const Target& target,
                                 Progress& progress) {
  if (!request.ticket_file.empty()) return given_ticket(request, target);
  TENON_TRY(check_url("--ticket-url", request.ticket_url, "tenon staple"));
  const auto transport = make_transport({request.ca_file});
  const auto clock = make_clock();
  Patience patience;
  // A service on this machine is a test's: it needs no rest.
  if (request.ticket_url.starts_with("http://")) patience.first = std::chrono::milliseconds(50);
  Wire wire{*transport, *clock, progress, request.trace, patience};
  return look_up(wire, ticket_endpoint(request.ticket_url), request.path,
                 ticket_names(target.file));
}

void add_losses(const std::string& path, const ReplacementNotes& notes, StapleResult& out) {
  if (notes.empty()) return;
  Finding note =
      make_finding(Code::signing_file_not_kept,
                   {{"where", path},
                    {"message", "owner, attributes or hard links of the file were not all kept"}},
                   path);
  out.notes.push_back(std::move(note));
}

}  // namespace

Outcome<StapleResult> staple_path(const StapleRequest& request, Progress& progress) {
  const Target target = TENON_TRY(is_folder(request.path) ? open_bundle(request.path)
                                                          : open_file(request.path, request.check));
  if (auto finding = unfit(request.path, target.file)) return std::unexpected(*std::move(finding));
  const FoundTicket ticket = TENON_TRY(find_ticket(request, target, progress));
  StapleResult out;
  out.kind = target.kind;
  out.record = ticket.name.record;
  out.cdhash = ticket.name.cdhash;
  out.ticket_size = ticket.bytes.size();
  if (!codesign::ticket_covers(view_of(ticket.bytes), target.file)) {
    // Apple's service gave it under this very name, and its format is not published.
    Finding note = make_finding(Code::notarize_ticket_of_other_code,
                                {{"path", request.path}, {"cdhash", out.cdhash}}, request.path);
    note.severity = Severity::warning;
    out.notes.push_back(std::move(note));
  }
  if (request.check) return out;
  const ByteView bytes = view_of(ticket.bytes);
  const auto notes = target.how == Stapling::bundle ? write_into_bundle(request.path, bytes)
                                                    : write_file_with(request.path, target, bytes);
  if (!notes) return std::unexpected(failed(request.path, notes.error()));
  out.written = true;
  add_losses(request.path, *notes, out);
  return out;
}

}  // namespace tenon::notarize
