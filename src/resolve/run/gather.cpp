#include "resolve/run/gather.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"
#include "host/files.h"
#include "host/mapping.h"
#include "host/process.h"
#include "host/system.h"
#include "inspect/artifact.h"
#include "inspect/inspect.h"
#include "machine/probe/resolver_files.h"
#include "resolve/binary.h"
#include "resolve/from_snapshot.h"
#include "resolve/inputs.h"

namespace tenon::resolve {

namespace {

// glibc's own words, which each program that is linked with it statically holds.
std::optional<unsigned> glibc_minor(ByteView bytes) {
  constexpr std::string_view words = "stable release version 2.";
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::size_t at = text.find(words);
  if (at == text.npos) return std::nullopt;
  const std::string_view rest = text.substr(at + words.size(), 4);
  const auto number = parse_number(rest.substr(0, rest.find_first_not_of("0123456789")));
  if (!number) return std::nullopt;
  return static_cast<unsigned>(*number);
}

}  // namespace

Machine read_machine(const std::string& root) {
  Machine out;
  out.resolv_conf = config_of(read_resolver_file(root, "/etc/resolv.conf"));
  out.nsswitch = config_of(read_resolver_file(root, "/etc/nsswitch.conf"));
  out.hosts = config_of(read_resolver_file(root, "/etc/hosts"));
  out.host_conf = config_of(read_resolver_file(root, "/etc/host.conf"));
  out.mdns_allow = config_of(read_resolver_file(root, "/etc/mdns.allow"));
  if (root.empty()) {
    if (std::string name = host_name(); !name.empty()) out.hostname = std::move(name);
    return out;
  }
  const ResolverFile name = read_resolver_file(root, "/etc/hostname", 4096);
  if (name.state == "text") {
    if (const std::string_view word = trim(name.text); !word.empty())
      out.hostname = std::string(word);
  }
  return out;
}

Environment own_environment() {
  Environment out;
  out.known = true;
  for (const std::string& name : resolver_variable_names()) {
    if (auto value = environment_variable(name.c_str())) out.variables[name] = *std::move(value);
  }
  return out;
}

Result<Environment> process_environment(std::uint64_t process) {
  const std::string text =
      TENON_TRY(read_text("/proc/" + std::to_string(process) + "/environ", std::size_t{4} << 20U));
  Environment out;
  out.known = true;
  for (const std::string_view entry : split(text, '\0')) {
    const std::size_t equals = entry.find('=');
    // The first one of a name is what getenv finds, and Go keeps the first as well.
    if (equals != entry.npos && equals > 0)
      out.variables.try_emplace(std::string(entry.substr(0, equals)), entry.substr(equals + 1));
  }
  return out;
}

Result<BinaryFacts> read_binary(const std::string& path) {
  const Mapping mapping = TENON_TRY(map_file(path));
  const FileReport report = TENON_TRY(inspect_file(mapping.view(), {}));
  if (const auto same = mapping.unchanged(); !same) return std::unexpected(same.error());
  if (report.slices.empty()) return fail(Errc::unsupported, "holds no program");
  BinaryFacts out = binary_facts(report.slices.front());
  if (out.libc == "glibc" && out.linkage.starts_with("static"))
    out.glibc_minor = glibc_minor(mapping.view());
  return out;
}

}  // namespace tenon::resolve
