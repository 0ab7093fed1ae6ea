#include "cli/pkg_config/closure.h"

#include <algorithm>
#include <array>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/shown.h"
#include "base/text.h"
#include "cli/link/choices.h"
#include "cli/link/link_data.h"
#include "crossbuild/run/sysroot.h"
#include "crossbuild/sysroot/name.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/progress.h"
#include "host/files.h"
#include "link/query/request.h"
#include "link/run/link_request.h"
#include "platform/target.h"

namespace tenon {
namespace {

Finding usage_error(std::string message) {
  return make_finding(Code::usage_bad_option, {{"message", std::move(message)}},
                      "tenon pkg-config");
}

// A command whose output others read says nothing beside it.
class Silence final : public Progress {
 public:
  void status(const Shown&) override {}
  void clear_status() override {}
  void leave_status() override {}
  void line(const Shown&) override {}
  [[nodiscard]] bool live() const override { return false; }
};

// "zlib", ">=", "1.2" of the command line are one requirement.
std::vector<std::string> requirements(const std::vector<std::string>& words) {
  constexpr std::array<std::string_view, 6> operators{"=", "!=", "<", "<=", ">", ">="};
  std::vector<std::string> out;
  bool version = false;
  for (const std::string& word : words) {
    const bool comparison = std::ranges::find(operators, word) != operators.end();
    if ((comparison || version) && !out.empty()) {
      out.back() += " " + word;
    } else {
      out.push_back(word);
    }
    version = comparison;
  }
  return out;
}

Outcome<Target> target_of(const pc::Request& request) {
  std::string text = request.target.value_or("");
  if (text.empty()) {
    const auto name = parse_sysroot_name(request.sysroot.value_or(""));
    if (!name) return std::unexpected(usage_error("--closure needs --target"));
    text = std::string(name->platform->name) + (name->distribution == "alpine" ? "" : ":gnu");
  }
  const auto target = parse_target(text);
  if (!target) return std::unexpected(usage_error(target.error().message));
  return *target;
}

}  // namespace

pc::Request without_libs(pc::Request request) {
  for (const pc::Want want : {pc::Want::libs_L, pc::Want::libs_l, pc::Want::libs_other})
    request.wants.set(want, false);
  // Without a wish pkgconf prints all flags.
  if (!request.wants.cflags()) request.wants.set(pc::Want::exists);
  return request;
}

Outcome<std::string> closure_line(const pc::Request& request, const std::string& sysroot) {
  const auto mode = link_mode_named(*request.closure);
  if (!mode) return std::unexpected(usage_error("--closure is hybrid, static or as-is"));
  link::LinkRequest wanted;
  wanted.target = TENON_TRY(target_of(request));
  wanted.sysroot = real_path(sysroot).value_or(sysroot);
  wanted.sysroot_name = sysroot_record_name(wanted.sysroot);
  wanted.archive_list = archive_list_path(wanted.sysroot_name);
  wanted.driver = link_driver(request.linker.value_or(""), wanted.target);
  wanted.zig = request.linker == "zig";
  wanted.mode = *mode;
  wanted.system = libraries_of_system(wanted.target);
  wanted.modules = requirements(request.modules);
  Silence quiet;
  auto result = link::make_link(wanted, quiet);
  if (!result) return std::unexpected(std::move(result).error());
  for (Finding& finding : result->findings) {
    if (finding.severity == Severity::error) return std::unexpected(std::move(finding));
  }
  return shell_join(link_words(*result));
}

}  // namespace tenon
