#include "link/query/findings.h"

#include <string>
#include <utility>
#include <vector>

#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "link/pc/problem.h"

namespace tenon::pc {
namespace {

std::string one_line(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  return text;
}

Finding make(const Problem& one) {
  switch (one.kind) {
    case Problem::Kind::missing:
      return make_finding(
          Code::pkg_config_module_missing,
          {{"module", one.module},
           {"required", one.other.empty() ? "" : ", which " + one.other + " requires"}},
          one.module);
    case Problem::Kind::missing_private:
      return make_finding(Code::pkg_config_private_module_missing,
                          {{"module", one.module}, {"owner", one.other}}, one.module);
    case Problem::Kind::wrong_version:
      return make_finding(Code::pkg_config_wrong_version,
                          {{"module", one.module}, {"version", one.other}, {"rule", one.rule}},
                          one.module);
    case Problem::Kind::conflict:
      return make_finding(Code::pkg_config_conflict, {{"module", one.module}, {"owner", one.other}},
                          one.module);
    case Problem::Kind::cycle:
      return make_finding(Code::pkg_config_cycle, {{"cycle", one.other}}, one.module);
    case Problem::Kind::host_leak:
      if (one.other.empty()) {
        return make_finding(Code::pkg_config_host_module,
                            {{"module", one.module}, {"file", one.file}}, one.module);
      }
      return make_finding(Code::pkg_config_host_flag, {{"flag", one.other}, {"module", one.module}},
                          one.module);
    case Problem::Kind::outside_sysroot:
      return make_finding(Code::pkg_config_outside_sysroot,
                          {{"source", one.other}, {"folder", one.module}}, one.other);
    case Problem::Kind::nothing_requested:
      return make_finding(Code::usage_bad_option, {{"message", "no module is named"}},
                          "tenon pkg-config");
    case Problem::Kind::sysroot_ignored:
    case Problem::Kind::malformed: break;
  }
  return make_finding(Code::pkg_config_malformed, {{"text", one_line(one.text)}},
                      one.file.empty() ? "tenon pkg-config" : one.file);
}

}  // namespace

std::vector<Finding> findings_of(const Problems& problems) {
  std::vector<Finding> out;
  for (const Problem& one : problems) {
    Finding finding = make(one);
    if (!one.error && finding.severity == Severity::error) finding.severity = Severity::warning;
    if (!one.file.empty()) {
      std::string place = one.file;
      if (one.line != 0) place += ":" + std::to_string(one.line);
      finding.evidence.push_back({Evidence::Kind::file, std::move(place), one_line(one.text)});
    }
    out.push_back(std::move(finding));
  }
  return out;
}

}  // namespace tenon::pc
