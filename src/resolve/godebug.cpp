#include "resolve/godebug.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "resolve/go_text.h"

namespace tenon::resolve {
namespace {

std::optional<std::string> last_value(std::string_view list, std::string_view name) {
  const auto items = split(list, ',');
  for (auto item = items.rbegin(); item != items.rend(); ++item) {
    const std::size_t equals = item->find('=');
    if (equals == item->npos || item->substr(0, equals) != name) continue;
    const std::string_view value = item->substr(equals + 1);
    return std::string(value.substr(0, value.find('#')));
  }
  return std::nullopt;
}

void read_part(std::string_view part, NetDns& out) {
  if (part.empty()) return;
  if (part.front() >= '0' && part.front() <= '9') {
    out.level = go_number(part);
  } else {
    out.mode = part;
  }
}

}  // namespace

std::optional<std::string> godebug_value(std::string_view environment, std::string_view defaults,
                                         std::string_view name) {
  if (auto set = last_value(environment, name)) return set;
  return last_value(defaults, name);
}

NetDns parse_netdns(std::string_view value) {
  NetDns out;
  const std::size_t plus = value.find('+');
  read_part(value.substr(0, plus), out);
  if (plus != value.npos) read_part(value.substr(plus + 1), out);
  return out;
}

}  // namespace tenon::resolve
