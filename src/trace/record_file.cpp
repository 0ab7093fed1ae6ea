#include "trace/record_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "trace/event.h"
#include "trace/tally.h"

namespace tenon::trace {
namespace {

std::string line_from(const Data& data) { return render_data(data) + "\n"; }

Data event(std::string_view kind, std::int64_t at) {
  Data out = Data::object();
  out.add("event", kind);
  out.add("at", at);
  return out;
}

Data number(std::uint64_t value) { return {static_cast<std::int64_t>(value & INT64_MAX)}; }

Data endpoint(const Endpoint& one) {
  Data out = Data::array();
  out.push(one.address);
  out.push(std::int64_t{one.port});
  return out;
}

Data texts(const std::vector<std::string>& list) {
  Data out = Data::array();
  for (const std::string& one : list) out.push(one);
  return out;
}

Data counters(const Counters& one) {
  Data out = Data::object();
  out.add("at", one.at);
  out.add("tw", one.time_wait);
  out.add("tw_killed", one.short_wait);
  out.add("overflow", one.overflow);
  return out;
}

constexpr std::string_view roles[] = {"unknown", "client", "server"};
constexpr std::string_view closers[] = {"nobody", "self", "peer"};
constexpr std::string_view rests[] = {"none", "time_wait", "fin_wait2"};
constexpr std::string_view places[] = {"none",     "go_ipaddr", "go_host",
                                       "go_order", "libc",      "libc_end"};

template <class T, std::size_t size>
std::string_view word(const std::string_view (&words)[size], T value) {
  return words[static_cast<std::size_t>(value)];
}

}  // namespace

std::string header_line(const Header& header, std::string_view version) {
  Data out = Data::object();
  out.add("tenon", "trace");
  out.add("schema", std::int64_t{record_schema});
  out.add("version", version);
  out.add("kernel", header.kernel);
  out.add("arch", header.arch);
  out.add("subject", header.subject);
  out.add("network", number(header.network));
  out.add("began", header.began);
  out.add("program", header.program);
  out.add("go", header.go_version);
  Data limits = Data::object();
  limits.add("first_port", std::int64_t{header.limits.first_port});
  limits.add("last_port", std::int64_t{header.limits.last_port});
  limits.add("reserved", std::int64_t{header.limits.reserved});
  limits.add("reuse", std::int64_t{header.limits.reuse});
  limits.add("buckets", std::int64_t{header.limits.buckets});
  out.add("limits", std::move(limits));
  out.add("counters", counters(header.counters));
  out.add("seen", texts(header.seen));
  out.add("not_seen", texts(header.not_seen));
  return line_from(out);
}

std::string line_of(const Connection& one) {
  Data out = event("close", one.at);
  out.add("opened", one.opened);
  out.add("closing", one.closing);
  out.add("pid", std::int64_t{one.process});
  out.add("name", one.name);
  out.add("cgroup", number(one.group));
  out.add("local", endpoint(one.local));
  out.add("remote", endpoint(one.remote));
  out.add("family", std::int64_t{one.family});
  out.add("role", word(roles, one.role));
  out.add("closer", word(closers, one.closer));
  out.add("rest", word(rests, one.rest));
  out.add("inside", one.inside);
  Data counts = Data::array();
  counts.push(number(one.sent)).push(number(one.received));
  counts.push(std::int64_t{one.sent_segments}).push(std::int64_t{one.received_segments});
  out.add("traffic", std::move(counts));
  if (one.error != 0) out.add("error", std::int64_t{one.error});
  if (one.unread != 0) out.add("unread", std::int64_t{one.unread});
  if (one.stack != 0) out.add("stack", std::int64_t{one.stack});
  if (!one.reason.empty()) out.add("reason", one.reason);
  if (one.transport != 0) out.add("transport", number(one.transport));
  if (one.early) out.add("early", true);
  if (one.keep_alives_off) out.add("keep_alives_off", *one.keep_alives_off);
  if (one.idle_max) out.add("idle_max", std::int64_t{*one.idle_max});
  return line_from(out);
}

std::string line_of(const Stack& stack) {
  Data out = event("stack", 0);
  out.add("number", std::int64_t{stack.number});
  out.add("functions", texts(stack.functions));
  return line_from(out);
}

std::string line_of(const LookupEvent& one) {
  Data out = event("lookup", one.at);
  out.add("pid", std::int64_t{one.process});
  out.add("thread", std::int64_t{one.thread});
  out.add("name", one.name);
  out.add("place", word(places, one.place));
  out.add("order", std::int64_t{one.order});
  out.add("result", std::int64_t{one.result});
  return line_from(out);
}

std::string line_of(const DnsEvent& one) {
  Data out = event("dns", one.at);
  out.add("pid", std::int64_t{one.process});
  out.add("sent", one.sent);
  out.add("tcp", one.tcp);
  out.add("bytes", std::int64_t{one.bytes});
  out.add("server", one.server);
  return line_from(out);
}

std::string line_of(const Prediction& one) {
  Data out = event("prediction", 0);
  out.add("name", one.name);
  out.add("order", one.order);
  out.add("reason", one.reason);
  return line_from(out);
}

std::string row_line(const Row& row, bool older) {
  Data out = event(older ? "older" : "present", 0);
  out.add("local", endpoint(row.local));
  out.add("remote", endpoint(row.remote));
  out.add("rest", word(rests, row.rest));
  return line_from(out);
}

std::string moment_line(std::int64_t now) { return line_from(event("moment", now)); }

std::string footer_line(const Footer& footer) {
  Data out = event("end", footer.ended);
  out.add("counters", counters(footer.counters));
  out.add("entered", footer.entered);
  out.add("lost", footer.lost);
  out.add("unfound", footer.unfound);
  out.add("present_source", footer.present_source);
  return line_from(out);
}

namespace {

// The fields of one document; the first one that is wrong is kept.
class Fields {
 public:
  explicit Fields(const Data& data) : object_(std::get_if<Data::Object>(&data.value())) {
    if (object_ == nullptr) wrong("is not a JSON object");
  }

  [[nodiscard]] const std::string& problem() const { return problem_; }

  [[nodiscard]] const Data* find(std::string_view key) const {
    if (object_ == nullptr) return nullptr;
    for (const auto& [name, value] : *object_)
      if (name == key) return &value;
    return nullptr;
  }

  std::string text(std::string_view key) {
    const Data* found = find(key);
    const auto* value = found == nullptr ? nullptr : std::get_if<std::string>(&found->value());
    if (value == nullptr) return wrong(key, "text"), "";
    return clean_text(*value);
  }

  template <class T>
  T number(std::string_view key) {
    const Data* found = find(key);
    if (found == nullptr) return wrong(key, "a number"), T{};
    return number_of<T>(key, *found);
  }

  template <class T>
  T optional_number(std::string_view key) {
    return find(key) == nullptr ? T{} : number<T>(key);
  }

  bool flag(std::string_view key) {
    const Data* found = find(key);
    const auto* value = found == nullptr ? nullptr : std::get_if<bool>(&found->value());
    if (value == nullptr) return wrong(key, "true or false"), false;
    return *value;
  }

  template <class T, std::size_t size>
  T one_of(std::string_view key, const std::string_view (&words)[size]) {
    const std::string value = text(key);
    const auto* found = std::ranges::find(words, value);
    if (found == std::end(words)) return wrong(key, "a known word"), T{};
    return static_cast<T>(found - std::begin(words));
  }

  Endpoint endpoint(std::string_view key) {
    const Data::Array* list = array(key);
    if (list == nullptr || list->size() != 2)
      return wrong(key, "an address and a port"), Endpoint{};
    const auto* address = std::get_if<std::string>(&(*list)[0].value());
    if (address == nullptr) return wrong(key, "an address and a port"), Endpoint{};
    return {clean_text(*address), number_of<std::uint16_t>(key, (*list)[1])};
  }

  std::vector<std::string> texts(std::string_view key) {
    std::vector<std::string> out;
    const Data::Array* list = array(key);
    if (list == nullptr) return wrong(key, "a list of texts"), out;
    for (const Data& one : *list) {
      const auto* value = std::get_if<std::string>(&one.value());
      if (value == nullptr) return wrong(key, "a list of texts"), out;
      out.push_back(clean_text(*value));
    }
    return out;
  }

  template <class T>
  std::vector<T> numbers(std::string_view key, std::size_t count) {
    std::vector<T> out;
    const Data::Array* list = array(key);
    if (list == nullptr || list->size() != count) {
      wrong(key, "a list of numbers");
      return std::vector<T>(count);
    }
    for (const Data& one : *list) out.push_back(number_of<T>(key, one));
    return out;
  }

  Counters counters(std::string_view key) {
    Counters out;
    const Data* found = find(key);
    if (found == nullptr) return wrong(key, "counters"), out;
    Fields inner(*found);
    out.at = inner.number<std::int64_t>("at");
    out.time_wait = inner.number<std::int64_t>("tw");
    out.short_wait = inner.number<std::int64_t>("tw_killed");
    out.overflow = inner.number<std::int64_t>("overflow");
    take(inner);
    return out;
  }

  void take(const Fields& inner) {
    if (problem_.empty()) problem_ = inner.problem_;
  }

 private:
  [[nodiscard]] const Data::Array* array(std::string_view key) const {
    const Data* found = find(key);
    return found == nullptr ? nullptr : std::get_if<Data::Array>(&found->value());
  }

  template <class T>
  T number_of(std::string_view key, const Data& data) {
    const auto* value = std::get_if<std::int64_t>(&data.value());
    // Sums of such numbers do not overflow.
    constexpr std::int64_t largest = std::int64_t{1} << 56;
    if (value == nullptr || (sizeof(T) == 8 && *value > largest && key != "transport") ||
        !std::in_range<T>(*value) || (*value < 0 && key != "result")) {
      wrong(key, "a number in its range");
      return T{};
    }
    return static_cast<T>(*value);
  }

  void wrong(std::string what) {
    if (problem_.empty()) problem_ = std::move(what);
  }
  void wrong(std::string_view key, std::string_view kind) {
    wrong(fmt::format("'{}' is not {}", key, kind));
  }

  const Data::Object* object_;
  std::string problem_;
};

Header read_header(Fields& in) {
  Header out;
  out.kernel = in.text("kernel");
  out.arch = in.text("arch");
  out.subject = in.text("subject");
  out.network = in.number<std::uint64_t>("network");
  out.began = in.number<std::int64_t>("began");
  out.program = in.text("program");
  out.go_version = in.text("go");
  out.counters = in.counters("counters");
  out.seen = in.texts("seen");
  out.not_seen = in.texts("not_seen");
  if (const Data* limits = in.find("limits")) {
    Fields inner(*limits);
    out.limits.first_port = inner.number<std::uint16_t>("first_port");
    out.limits.last_port = inner.number<std::uint16_t>("last_port");
    out.limits.reserved = inner.number<std::uint16_t>("reserved");
    out.limits.reuse = inner.number<std::uint32_t>("reuse");
    out.limits.buckets = inner.number<std::uint32_t>("buckets");
    in.take(inner);
  }
  return out;
}

Connection read_connection(Fields& in) {
  Connection out;
  out.at = in.number<std::int64_t>("at");
  out.opened = in.number<std::int64_t>("opened");
  out.closing = in.number<std::int64_t>("closing");
  out.process = in.number<std::uint32_t>("pid");
  out.name = in.text("name");
  out.group = in.number<std::uint64_t>("cgroup");
  out.local = in.endpoint("local");
  out.remote = in.endpoint("remote");
  out.family = in.number<std::uint8_t>("family");
  out.role = in.one_of<Role>("role", roles);
  out.closer = in.one_of<Closer>("closer", closers);
  out.rest = in.one_of<Rest>("rest", rests);
  out.inside = in.flag("inside");
  const auto traffic = in.numbers<std::uint64_t>("traffic", 4);
  out.sent = traffic[0];
  out.received = traffic[1];
  out.sent_segments = static_cast<std::uint32_t>(std::min<std::uint64_t>(traffic[2], UINT32_MAX));
  out.received_segments =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(traffic[3], UINT32_MAX));
  out.error = in.optional_number<std::uint8_t>("error");
  out.unread = in.optional_number<std::uint32_t>("unread");
  out.stack = in.optional_number<std::uint32_t>("stack");
  out.transport = in.optional_number<std::uint64_t>("transport");
  if (in.find("reason") != nullptr) out.reason = in.text("reason");
  if (in.find("early") != nullptr) out.early = in.flag("early");
  if (in.find("keep_alives_off") != nullptr) out.keep_alives_off = in.flag("keep_alives_off");
  if (in.find("idle_max") != nullptr) out.idle_max = in.number<std::uint32_t>("idle_max");
  return out;
}

LookupEvent read_lookup(Fields& in) {
  LookupEvent out;
  out.at = in.number<std::int64_t>("at");
  out.process = in.number<std::uint32_t>("pid");
  out.thread = in.number<std::uint32_t>("thread");
  out.name = in.text("name");
  out.place = in.one_of<Place>("place", places);
  out.order = in.number<std::uint8_t>("order");
  out.result = in.number<std::int32_t>("result");
  return out;
}

DnsEvent read_dns(Fields& in) {
  DnsEvent out;
  out.at = in.number<std::int64_t>("at");
  out.process = in.number<std::uint32_t>("pid");
  out.sent = in.flag("sent");
  out.tcp = in.flag("tcp");
  out.bytes = in.number<std::int32_t>("bytes");
  out.server = in.text("server");
  return out;
}

Footer read_footer(Fields& in) {
  Footer out;
  out.ended = in.number<std::int64_t>("at");
  out.counters = in.counters("counters");
  out.entered = in.number<std::int64_t>("entered");
  out.lost = in.number<std::int64_t>("lost");
  out.unfound = in.number<std::int64_t>("unfound");
  out.present_source = in.text("present_source");
  return out;
}

Row read_row(Fields& in) {
  return {in.endpoint("local"), in.endpoint("remote"), in.one_of<Rest>("rest", rests)};
}

Stack read_stack(Fields& in) { return {in.number<std::uint32_t>("number"), in.texts("functions")}; }

Prediction read_prediction(Fields& in) {
  return {in.text("name"), in.text("order"), in.text("reason")};
}

// Each event that a line may hold. Not known: false.
bool add_event(std::string_view kind, Fields& in, Tally& out) {
  const auto good = [&] { return in.problem().empty(); };
  if (kind == "close") {
    const Connection one = read_connection(in);
    if (good()) out.add(one);
  } else if (kind == "stack") {
    Stack one = read_stack(in);
    if (good()) out.add(std::move(one));
  } else if (kind == "lookup") {
    const LookupEvent one = read_lookup(in);
    if (good()) out.add(one);
  } else if (kind == "dns") {
    const DnsEvent one = read_dns(in);
    if (good()) out.add(one);
  } else if (kind == "prediction") {
    Prediction one = read_prediction(in);
    if (good()) out.add(std::move(one));
  } else if (kind == "older" || kind == "present") {
    Row row = read_row(in);
    if (!good()) return true;
    if (kind == "older") {
      out.add_older(row);
    } else {
      out.add_present(std::move(row));
    }
  } else {
    return false;
  }
  return true;
}

}  // namespace

Result<void, RecordError> RecordReader::take(std::string_view line) {
  ++line_;
  const auto wrong = [&](std::string what) {
    return std::unexpected(RecordError{line_, std::move(what)});
  };
  if (line.size() > longest_line) return wrong("the line is longer than 64 KiB");
  const auto data = parse_data(line);
  if (!data) return wrong("is not JSON");
  Fields fields(*data);
  if (!fields.problem().empty()) return wrong(fields.problem());
  if (!tally_) {
    if (fields.find("tenon") == nullptr || fields.text("tenon") != "trace")
      return wrong("is not the first line of a recorded trace");
    if (fields.number<int>("schema") != record_schema) return wrong("the schema is not 1");
    Header header = read_header(fields);
    if (!fields.problem().empty()) return wrong(fields.problem());
    now_ = header.began;
    tally_.emplace(std::move(header));
    return {};
  }
  if (ended_) return wrong("follows the end");
  const std::string kind = fields.text("event");
  if (!fields.problem().empty()) return wrong(fields.problem());
  if (kind == "moment") {
    now_ = fields.number<std::int64_t>("at");
    if (fields.problem().empty()) tally_->look(now_);
  } else if (kind == "end") {
    Footer footer = read_footer(fields);
    if (fields.problem().empty()) tally_->finish(std::move(footer));
    ended_ = true;
  } else if (!add_event(kind, fields, *tally_)) {
    return wrong("the event is not known");
  }
  if (!fields.problem().empty()) return wrong(fields.problem());
  return {};
}

Result<Tally, RecordError> RecordReader::end() {
  if (!tally_) return std::unexpected(RecordError{0, "is empty"});
  return *std::move(tally_);
}

Result<Tally, RecordError> read_record(std::string_view text) {
  RecordReader reader;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (auto taken = reader.take(text.substr(0, end)); !taken)
      return std::unexpected(std::move(taken).error());
    if (end == text.npos) break;
    text.remove_prefix(end + 1);
  }
  return reader.end();
}

}  // namespace tenon::trace
