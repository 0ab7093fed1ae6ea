#include "diag/unread.h"

#include <string>
#include <utility>
#include <vector>

#include "base/unread.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/report.h"

namespace tenon {

void add_unread(const std::vector<Unread>& unread, Report& report) {
  Data list = Data::array();
  for (const Unread& one : unread) {
    const std::string reason = unread_reason(one.error);
    Data row = Data::object();
    row.add("path", one.path);
    row.add("reason", reason);
    list.push(std::move(row));
    report.findings.push_back(make_finding(Code::usage_unreadable_input,
                                           {{"path", one.path}, {"reason", reason}}, one.path));
    report.ok = false;
  }
  report.data.add("unread", std::move(list));
}

}  // namespace tenon
