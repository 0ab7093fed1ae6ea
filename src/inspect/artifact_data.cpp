// The JSON of a file: made and read by walking fields().
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/fact.h"
#include "base/result.h"
#include "diag/catalog.h"
#include "diag/code.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "inspect/artifact.h"
#include "inspect/field.h"
#include "inspect/show.h"

namespace tenon {
namespace {

template <class T>
concept Group = requires(T& x) { T::fields(x, [](const Field&, auto&&) {}); };

using Strings = std::vector<std::string>;
using Settings = std::vector<std::pair<std::string, std::string>>;

constexpr std::array<std::pair<SignatureKind, std::string_view>, 5> kind_names{
    {{SignatureKind::unsigned_, "unsigned"},
     {SignatureKind::linker_signed, "linker-signed"},
     {SignatureKind::ad_hoc, "ad-hoc"},
     {SignatureKind::cms, "signed"},
     {SignatureKind::broken, "broken"}}};

Data write(const std::string& text) { return text; }

Data write(bool flag) { return flag; }

Data write(std::uint64_t number) { return static_cast<std::int64_t>(number); }

Data write(SignatureKind kind) {
  const std::string_view name = signature_kind_name(kind);
  return name.empty() ? Data() : Data(name);
}

template <class T>
Data write_group(const T& x);

template <Group T>
Data write(const T& x) {
  return write_group(x);
}

// An unsigned file has the kind alone.
Data write(const SignatureFact& signature) {
  if (signature.kind == SignatureKind::unsupported) return {};
  if (signature.kind != SignatureKind::unsigned_) return write_group(signature);
  Data out = Data::object();
  out.add("kind", write(signature.kind));
  return out;
}

template <class T>
Data write(const std::vector<T>& list) {
  Data out = Data::array();
  out.reserve(list.size());
  for (const T& one : list) out.push(write(one));
  return out;
}

Data write(const Settings& pairs) {
  Data out = Data::object();
  for (const auto& [key, value] : pairs) out.add(key, value);
  return out;
}

Data write(const std::vector<HardeningFact>& facts) {
  Data out = Data::object();
  for (const HardeningFact& fact : facts) out.add(fact.name, fact.value);
  return out;
}

template <class List, class Element>
Data write(const Column<List, Element>& column) {
  Data out = Data::array();
  for (const Element& one : column.list) out.push(one.*column.member);
  return out;
}

template <class T>
Data write(const std::optional<T>& value) {
  return value ? write(*value) : Data();
}

bool nothing(const std::string& text) { return text.empty(); }

bool nothing(std::uint64_t number) { return number == 0; }

template <class T>
bool nothing(const std::vector<T>& list) {
  return list.empty();
}

// Collects the fields of a group. Facts lie under their key, where they stand under "sources", and
// why they are not known under "unknown"; a group without facts has neither.
class Writer {
 public:
  explicit Writer(std::size_t fields) { data_.reserve(fields); }

  template <class T>
  void operator()(const Field& field, const T& member) {
    if constexpr (requires { nothing(member); }) {
      if (field.empty == Empty::left_out && nothing(member)) return;
    }
    if constexpr (std::is_same_v<T, std::string>) {
      if (field.empty == Empty::null && member.empty()) return add(field, Data());
    }
    add(field, write(member));
  }

  template <class T>
  void operator()(const Field& field, const Fact<T>& fact) {
    facts_ = true;
    add(field, fact.known() ? write(fact.value) : Data());
    if (fact.state == FactState::unknown) {
      unknown_.add(std::string(field.key), fact.why);
    } else {
      sources_.add(std::string(field.key), fact.source);
    }
  }

  Data done() {
    if (facts_) {
      data_.add("sources", std::move(sources_));
      data_.add("unknown", std::move(unknown_));
    }
    return std::move(data_);
  }

 private:
  void add(const Field& field, Data value) { data_.add(std::string(field.key), std::move(value)); }

  Data data_ = Data::object(), sources_ = Data::object(), unknown_ = Data::object();
  bool facts_ = false;
};

template <class T>
Data write_group(const T& x) {
  std::size_t count = 0;
  T::fields(x, [&](const Field&, auto&&) { ++count; });
  Writer writer(count);
  T::fields(x, [&](const Field& field, auto&& member) { writer(field, member); });
  return writer.done();
}

const Data* find(const Data& data, std::string_view key) {
  const auto* object = std::get_if<Data::Object>(&data.value());
  if (object == nullptr) return nullptr;
  for (const auto& [name, value] : *object) {
    if (name == key) return &value;
  }
  return nullptr;
}

// What is missing, or of another kind, leaves the member as it is: files of other releases can be
// read.
void read(const Data& data, std::string& text) {
  if (const auto* value = std::get_if<std::string>(&data.value())) text = *value;
}

void read(const Data& data, bool& flag) {
  if (const auto* value = std::get_if<bool>(&data.value())) flag = *value;
}

void read(const Data& data, std::uint64_t& number) {
  const auto* value = std::get_if<std::int64_t>(&data.value());
  if (value != nullptr && *value >= 0) number = static_cast<std::uint64_t>(*value);
}

void read(const Data& data, SignatureKind& kind) {
  std::string name;
  read(data, name);
  for (const auto& [one, known] : kind_names) {
    if (known == name) kind = one;
  }
}

template <Group T>
void read(const Data& data, T& x);

template <class T>
void read(const Data& data, std::vector<T>& list) {
  const auto* array = std::get_if<Data::Array>(&data.value());
  if (array == nullptr) return;
  for (const Data& one : *array) read(one, list.emplace_back());
}

void read(const Data& data, Settings& pairs) {
  const auto* object = std::get_if<Data::Object>(&data.value());
  if (object == nullptr) return;
  for (const auto& [key, value] : *object) read(value, pairs.emplace_back(key, "").second);
}

// The JSON does not say where a value of hardening was read.
void read(const Data& data, std::vector<HardeningFact>& facts) {
  Settings pairs;
  read(data, pairs);
  for (const auto& [name, value] : pairs) facts.push_back({name, value, {}});
}

template <class List, class Element>
void read(const Data& data, const Column<List, Element>& column) {
  Strings texts;
  read(data, texts);
  if (column.list.size() < texts.size()) column.list.resize(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) column.list[i].*column.member = texts[i];
}

template <class T>
void read(const Data& data, std::optional<T>& value) {
  if (std::holds_alternative<Data::Object>(data.value())) read(data, value.emplace());
}

// A value, or null and a word under "sources" or "unknown".
template <class T>
void read_fact(const Data& group, std::string_view key, Fact<T>& fact) {
  const Data* sources = find(group, "sources");
  const Data* unknown = find(group, "unknown");
  const Data* value = find(group, key);
  const Data* source = sources == nullptr ? nullptr : find(*sources, key);
  const Data* why = unknown == nullptr ? nullptr : find(*unknown, key);
  if (why != nullptr) read(*why, fact.why);
  if (source == nullptr || value == nullptr) return;
  read(*source, fact.source);
  read(*value, fact.value);
  const bool null = std::holds_alternative<std::nullptr_t>(value->value());
  fact.state = null ? FactState::absent : FactState::known;
}

template <Group T>
void read(const Data& data, T& x) {
  T::fields(x, [&](const Field& field, auto&& member) {
    if constexpr (requires { member.state; }) {
      read_fact(data, field.key, member);
    } else if (const Data* value = find(data, field.key)) {
      read(*value, member);
    }
  });
}

}  // namespace

std::string_view signature_kind_name(SignatureKind kind) {
  for (const auto& [one, name] : kind_names) {
    if (one == kind) return name;
  }
  return {};
}

Data file_data(const std::string& path, const FileReport& report) {
  Data out = Data::object();
  out.add("path", path);
  const Data fields = write(report);
  for (const auto& [key, value] : std::get<Data::Object>(fields.value())) out.add(key, value);
  return out;
}

Result<FileReport> file_from(const Data& data) {
  FileReport out;
  if (find(data, "kind") == nullptr || find(data, "slices") == nullptr) {
    return fail(Errc::malformed, "this is not a document of tenon inspect --json");
  }
  read(data, out);
  return out;
}

Finding remark_finding(const std::string& path, const ArtifactRemark& remark) {
  const std::string subject = remark.slice.empty() ? path : path + " (" + remark.slice + ")";
  Finding finding = make_finding(
      remark.code, {{"value", remark.value}, {"slice", path}, {"path", path}}, subject);
  // The gate's rules are errors of a build; here somebody asks what a file is like.
  if (finding.severity == Severity::error && !entry(remark.code).inspect_keeps_severity) {
    finding.severity = Severity::warning;
  }
  finding.evidence.push_back({Evidence::Kind::file, path, remark.source});
  return finding;
}

}  // namespace tenon
