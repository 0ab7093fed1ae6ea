// Files of the resolver, DNS messages, logs and error lines: any bytes are read or refused, and the
// decision is one of the orders that Go knows.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "resolve/answer.h"
#include "resolve/config_file.h"
#include "resolve/debug_log.h"
#include "resolve/decision.h"
#include "resolve/differences.h"
#include "resolve/go_client.h"
#include "resolve/inputs.h"
#include "resolve/lookup_error.h"

namespace {

using namespace tenon;
using namespace tenon::resolve;

// Answers with the bytes of the input, behind the id and the question of the query.
class Hostile final : public Network {
 public:
  explicit Hostile(std::string_view bytes) : bytes_(bytes) {}

  Arrival datagram(const std::string&, const std::string& query, std::chrono::milliseconds,
                   const Accept& accept) override {
    Arrival out{answer(query)};
    if (!accept(out.bytes)) out.error = "i/o timeout";
    return out;
  }

  Arrival stream(const std::string&, const std::string& query, std::chrono::milliseconds) override {
    return {answer(query)};
  }

  std::uint16_t random_id() override { return 1; }

  void sort(std::vector<std::string>&) override {}

 private:
  [[nodiscard]] std::string answer(const std::string& query) const {
    if (bytes_.size() < 10) return std::string(bytes_);
    std::string out = query.substr(0, 2) + std::string(bytes_.substr(0, 10));
    out[2] = static_cast<char>(out[2] | '\x80');
    out[4] = 0;
    out[5] = 1;
    return out + query.substr(12, query.size() - 12 - 11) + std::string(bytes_.substr(10));
  }

  std::string_view bytes_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // Parts behind zero bytes: two files, the list of hosts, a name, GODEBUG, the rest.
  std::vector<std::string> parts;
  for (const std::string_view part : split(text, '\0')) parts.emplace_back(part);
  parts.resize(6);
  Inputs inputs;
  inputs.machine.resolv_conf =
      ConfigFile::of(parts[0] + "\noptions timeout:1 attempts:1 single-request\n");
  inputs.machine.nsswitch = ConfigFile::of(parts[1]);
  inputs.machine.hosts = ConfigFile::of(parts[2]);
  inputs.machine.host_conf = ConfigFile::of(parts[2]);
  inputs.machine.mdns_allow = ConfigFile::none();
  inputs.machine.hostname = parts[3];
  inputs.environment.variables["GODEBUG"] = parts[4];
  for (const char* goos : {"linux", "openbsd", "windows"}) {
    inputs.build.goos = goos;
    const Resolver resolver(inputs);
    const NameAnswer answer = answer_for_name(resolver, parts[3]);
    if (answer.decision.order == Order::unknown) __builtin_trap();
    if (reason_word(answer.decision.reason).empty()) __builtin_trap();
    (void)name_findings(resolver, answer);
    (void)setting_findings(resolver);
    (void)compare_log(parse_debug_log(text), resolver);
  }
  inputs.build.goos = "linux";
  const Resolver resolver(inputs);
  Hostile network(text);
  const LookupResult result = go_lookup_host(resolver, Order::dns, "a.example.", network);
  if (!result.error.empty() && !result.error.starts_with("lookup a.example.")) __builtin_trap();
  const LookupVerdict verdict = judge_lookup_error(text);
  if (verdict.says.empty()) __builtin_trap();
  return 0;
}
