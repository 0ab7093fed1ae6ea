#include "codesign/run/print_part.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file_tree.h"
#include "base/reason.h"
#include "base/result.h"
#include "base/text.h"
#include "base/unread.h"
#include "codesign/resources/layout.h"
#include "codesign/usage.h"
#include "codesign/verify/part.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "host/disk_tree.h"
#include "host/files.h"
#include "host/mapping.h"

namespace tenon::codesign {
namespace {

constexpr std::string_view command = "tenon verify";

std::unexpected<Finding> unreadable(const std::string& path, const Error& error) {
  return std::unexpected(make_finding(Code::usage_unreadable_input,
                                      {{"path", path}, {"reason", unread_reason(error)}}, path));
}

Result<std::vector<PartOfSlice>> parts_in(const std::string& path, const SignaturePart& part) {
  if (!is_folder(path)) {
    const auto mapping = TENON_TRY(map_file(path));
    auto out = parts_of(mapping.view(), part);
    TENON_TRY(mapping.unchanged());
    return out;
  }
  const auto tree = TENON_TRY(DiskTree::open(path));
  const auto layout = TENON_TRY(resources::find_layout(*tree, ""));
  if (layout.executable.empty()) return fail(Errc::not_found, "the bundle has no executable");
  const auto content = TENON_TRY(tree->read(layout.executable));
  return parts_of(content.bytes, part);
}

std::string arch_list(const std::vector<PartOfSlice>& parts) {
  std::vector<std::string> names;
  for (const PartOfSlice& each : parts) names.push_back(each.arch);
  return join(names, ", ");
}

bool same(const PartOfSlice& a, const PartOfSlice& b) {
  return a.bytes.has_value() == b.bytes.has_value() && (!a.bytes || *a.bytes == *b.bytes);
}

// The slice that is meant.
Outcome<PartOfSlice> chosen(const PrintRequest& request, std::vector<PartOfSlice> parts) {
  if (!request.arch.empty()) {
    const auto found = std::ranges::find(parts, request.arch, &PartOfSlice::arch);
    if (found != parts.end()) return std::move(*found);
    return usage_error(fmt::format("--arch {}: the slices are {}", request.arch, arch_list(parts)),
                       command);
  }
  const bool alike = std::ranges::all_of(
      parts, [&](const PartOfSlice& each) { return same(each, parts.front()); });
  if (alike) return std::move(parts.front());
  return usage_error(fmt::format("the slices differ in their {}: choose one with --arch ({})",
                                 request.part, arch_list(parts)),
                     command);
}

}  // namespace

Outcome<PrintedPart> print_part(const PrintRequest& request) {
  const SignaturePart* part = find_part(request.part);
  if (part == nullptr) {
    std::vector<std::string> names;
    for (const SignaturePart& each : signature_parts()) names.emplace_back(each.name);
    return usage_error(
        fmt::format("--print: unknown part '{}'; known parts: {}", request.part, join(names, ", ")),
        command);
  }
  auto parts = parts_in(request.path, *part);
  if (!parts) return unreadable(request.path, parts.error());
  PartOfSlice slice = TENON_TRY(chosen(request, *std::move(parts)));
  if (!slice.bytes) {
    return std::unexpected(make_finding(
        Code::verify_no_such_part,
        {{"arch", slice.arch}, {"reason", reason_text(slice.bytes.error())}}, request.path));
  }
  return PrintedPart{std::move(slice.arch), *std::move(slice.bytes), part->text};
}

}  // namespace tenon::codesign
