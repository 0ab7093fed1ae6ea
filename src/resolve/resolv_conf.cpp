#include "resolve/resolv_conf.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "resolve/address.h"
#include "resolve/config_file.h"
#include "resolve/go_text.h"

namespace tenon::resolve {
namespace {

using Fields = std::vector<std::string_view>;

std::string rooted(std::string_view name) {
  std::string out(name);
  if (!out.ends_with('.')) out += '.';
  return out;
}

std::string with_port(std::string_view address) {
  return address.contains(':') ? '[' + std::string(address) + "]:53" : std::string(address) + ":53";
}

void read_option(std::string_view word, std::size_t line, ResolvConf& out) {
  static constexpr std::array<std::pair<std::string_view, bool ResolvConf::*>, 8> flags{{
      {"rotate", &ResolvConf::rotate},
      {"single-request", &ResolvConf::single_request},
      {"single-request-reopen", &ResolvConf::single_request},
      {"use-vc", &ResolvConf::use_tcp},
      {"usevc", &ResolvConf::use_tcp},
      {"tcp", &ResolvConf::use_tcp},
      {"trust-ad", &ResolvConf::trust_ad},
      {"no-reload", &ResolvConf::no_reload},
  }};
  const auto value = [&](std::string_view name) { return go_number(word.substr(name.size())); };
  if (word.starts_with("ndots:")) {
    out.ndots = std::min(value("ndots:"), std::uint32_t{15});
  } else if (word.starts_with("timeout:")) {
    out.timeout_s = std::max(value("timeout:"), std::uint32_t{1});
  } else if (word.starts_with("attempts:")) {
    out.attempts = std::max(value("attempts:"), std::uint32_t{1});
  } else if (word == "edns0") {
    // Every query has it.
  } else if (const auto flag =
                 std::ranges::find(flags, word, [](const auto& row) { return row.first; });
             flag != flags.end()) {
    out.*(flag->second) = true;
  } else {
    out.unknown.push_back({std::string(word), line, true});
  }
}

void read_search(const Fields& fields, ResolvConf& out) {
  out.search.clear();
  for (const std::string_view field : Fields(fields.begin() + 1, fields.end())) {
    if (field != ".") out.search.push_back(rooted(field));
  }
}

void read_line(const Fields& fields, std::size_t line, ResolvConf& out) {
  const std::string_view keyword = fields.front();
  if (keyword == "nameserver") {
    if (fields.size() > 1 && out.servers.size() < 3 && parse_address(fields[1]))
      out.servers.push_back(with_port(fields[1]));
  } else if (keyword == "domain") {
    if (fields.size() > 1) out.search = {rooted(fields[1])};
  } else if (keyword == "search") {
    read_search(fields, out);
  } else if (keyword == "options") {
    for (std::size_t i = 1; i < fields.size(); ++i) read_option(fields[i], line, out);
  } else if (keyword == "lookup") {
    out.has_lookup = true;
    out.lookup.assign(fields.begin() + 1, fields.end());
  } else {
    out.unknown.push_back({std::string(keyword), line, false});
  }
}

void fill_defaults(std::string_view hostname, ResolvConf& out) {
  if (out.servers.empty()) {
    out.servers = {"127.0.0.1:53", "[::1]:53"};
    out.default_servers = true;
  }
  if (!out.search.empty()) return;
  const std::size_t dot = hostname.find('.');
  if (dot == hostname.npos || dot + 1 >= hostname.size()) return;
  out.search = {rooted(hostname.substr(dot + 1))};
  out.default_search = true;
}

}  // namespace

ResolvConf parse_resolv_conf(const ConfigFile& file, std::string_view hostname) {
  ResolvConf out;
  out.state = file.state;
  if (file.state == ConfigFile::State::text) {
    GoLines lines(file.text);
    while (const auto line = lines.next()) {
      if (line->starts_with(';') || line->starts_with('#')) continue;
      const Fields fields = go_fields(*line);
      if (!fields.empty()) read_line(fields, lines.number(), out);
    }
    out.cut = lines.cut();
  }
  fill_defaults(hostname, out);
  return out;
}

}  // namespace tenon::resolve
