// Takes the events of a trace one by one and keeps what verdicts need: groups of connections,
// lookups, forecasts, and what was said at which moment. Live and from a file alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "trace/event.h"
#include "trace/forecast.h"
#include "trace/lookups.h"
#include "trace/owners.h"

namespace tenon::trace {

// Something that a finding says, and when it was first known.
struct Cause {
  OwnerKey owner;
  Why why = Why::unknown;
  std::int64_t count = 0;
  std::int64_t known = 0;  // moment at which the evidence was enough
};

struct Site {
  std::vector<std::string> functions;
  std::int64_t count = 0;
};

class Tally {
 public:
  explicit Tally(Header header) : header_(std::move(header)) {}

  void add(const Connection& connection);
  void add(Stack stack) { stacks_[stack.number] = std::move(stack.functions); }
  void add(const LookupEvent& event) { lookups_.add(event); }
  void add(const DnsEvent& event) { lookups_.add(event); }
  void add(Prediction prediction);
  // An entry that was there when the trace began, or when it ended.
  void add_older(const Row& row);
  void add_present(Row row);
  // A moment, once a second: looks for causes and at the ports. Returns whether there is something
  // new to say.
  bool look(std::int64_t now);
  void finish(Footer footer);

  [[nodiscard]] const Header& header() const { return header_; }
  [[nodiscard]] const std::optional<Footer>& footer() const { return footer_; }
  [[nodiscard]] const std::map<OwnerKey, Owner>& owners() const { return owners_; }
  [[nodiscard]] const Lookups& lookups() const { return lookups_; }
  [[nodiscard]] const std::vector<Prediction>& predictions() const { return predictions_; }
  [[nodiscard]] const std::vector<Row>& present() const { return present_; }
  [[nodiscard]] std::int64_t older() const { return older_all_; }
  // Entries by records, and connections that ended.
  [[nodiscard]] std::int64_t entered() const { return entered_; }
  [[nodiscard]] std::int64_t half() const { return half_; }
  [[nodiscard]] std::int64_t connections() const { return connections_; }
  // Entries of connections without an owner, beyond the limit of groups.
  [[nodiscard]] std::int64_t unlisted() const { return unlisted_; }
  [[nodiscard]] const std::vector<std::string>& functions(std::uint32_t stack) const;
  // Where an owner closed, most often first: stacks with the same functions are one.
  [[nodiscard]] std::vector<Site> sites(const Owner& owner) const;

  // In the order in which they were known.
  [[nodiscard]] const std::vector<Cause>& causes() const { return causes_; }
  // The first one for each destination that runs out.
  [[nodiscard]] const std::vector<Forecast>& forecasts() const { return forecasts_; }
  // The latest one for each destination.
  [[nodiscard]] const std::map<OwnerKey, Forecast>& latest() const { return latest_; }

 private:
  [[nodiscard]] bool is_foretold(const OwnerKey& key) const;
  bool look_for_causes(const OwnerKey& key, const Owner& owner, std::int64_t now);

  Header header_;
  std::optional<Footer> footer_;
  std::map<OwnerKey, Owner> owners_;
  std::map<std::uint32_t, std::vector<std::string>> stacks_;
  Lookups lookups_;
  std::vector<Prediction> predictions_;
  std::vector<Row> present_;
  std::map<Endpoint, std::int64_t> older_;
  std::int64_t older_all_ = 0;
  std::int64_t entered_ = 0, half_ = 0, connections_ = 0, unlisted_ = 0;
  std::vector<Cause> causes_;
  std::set<std::pair<OwnerKey, Why>> known_;
  std::vector<Forecast> forecasts_;
  std::map<OwnerKey, Forecast> latest_;
};

// Connections that a cause needs: fewer are the end of a program or of a pool.
constexpr std::int64_t enough = 10;

// The causes of one group, with their counts; empty below `enough`.
[[nodiscard]] std::vector<Cause> causes_of(const OwnerKey& key, const Owner& owner);

}  // namespace tenon::trace
