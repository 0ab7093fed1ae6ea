// Which resolver Go uses for a name, and the one reason for it. A pure function of its inputs;
// nothing is asked and nothing is sent. Source: src/net/conf.go (lookupOrder) of Go 1.21 to 1.27.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "resolve/inputs.h"

namespace tenon::resolve {

enum class Order : std::uint8_t { cgo, files_dns, dns_files, files, dns, unknown };

// As Go prints it: "cgo", "files,dns"; "unknown" where an input is missing.
[[nodiscard]] std::string_view order_text(Order order);

enum class Reason : std::uint8_t {
  netgo_tag,
  netdns_go,
  prefer_go,
  not_compiled_in,
  netcgo_tag,
  netdns_cgo,
  os_prefers_libc,
  env_localdomain,
  env_res_options,
  env_hostaliases,
  env_asr_config,
  special_name,
  no_resolv_conf_here,
  resolv_unreadable,
  resolv_unknown_option,
  openbsd_lookup,
  local_name,  // before Go 1.23
  no_nsswitch,
  nsswitch_unreadable,
  nsswitch_malformed,
  nsswitch_criteria,
  nsswitch_source,
  nsswitch_order,
  unknown_input,
};

// The word of a reason for scripts: "netgo-tag", "env-LOCALDOMAIN".
[[nodiscard]] std::string_view reason_word(Reason reason);

struct Decision {
  Order order = Order::unknown;
  // Why this resolver. Where Go has no choice it is step 1 of the table, whatever the files say.
  Reason reason = Reason::unknown_input;
  Reason order_reason = Reason::unknown_input;  // why this order; mostly the same
  std::string where;   // what decided: "/etc/nsswitch.conf:3", "GODEBUG"; may be empty
  std::string detail;  // its word: "mdns4_minimal", "options inet6"
};

// The files, parsed once for many names.
class Resolver {
 public:
  explicit Resolver(const Inputs& inputs);

  // What hostLookupOrder answers. Also for what is no host name; LookupAddr asks for "".
  [[nodiscard]] Decision decide(std::string_view name) const;

  // Whether Go's own resolver is used for every name.
  [[nodiscard]] bool must_use_go() const { return must_; }

  [[nodiscard]] const Inputs& inputs() const { return *inputs_; }
  [[nodiscard]] const ResolvConf& resolv() const { return resolv_; }
  [[nodiscard]] const Nsswitch& nsswitch() const { return nss_; }

 private:
  [[nodiscard]] Decision by_files(std::string_view name, Decision usual) const;
  [[nodiscard]] Decision by_openbsd(Decision usual) const;
  [[nodiscard]] Decision by_sources(std::string_view name, Decision usual) const;
  [[nodiscard]] bool source_is_libcs(const NssSource& source, std::string_view name,
                                     Decision& out) const;
  void find_forced();
  [[nodiscard]] bool find_go_only();
  [[nodiscard]] bool find_libc_only();

  const Inputs* inputs_;
  ResolvConf resolv_;
  Nsswitch nss_;
  bool must_ = false;    // Go's own
  bool forced_ = false;  // libc's
  Decision first_;       // of the forced ones
};

}  // namespace tenon::resolve
