#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/text.h"
#include "codesign/entitlements/entitlements.h"
#include "format/plist/value.h"

namespace tenon::entitlements {
namespace {

using plist::Value;
using Kind = Difference::Kind;

constexpr std::size_t most = 100, longest_text = 80;

std::string shown(const Value& value) {
  std::string out;
  if (value.boolean() != nullptr) {
    out = *value.boolean() ? "true" : "false";
  } else if (value.integer() != nullptr) {
    out = std::to_string(*value.integer());
  } else if (value.large_integer() != nullptr) {
    out = std::to_string(*value.large_integer());
  } else if (value.string() != nullptr) {
    out = '"' + *value.string() + '"';
  } else if (value.data() != nullptr) {
    out = "<" + to_hex(value.data()->data(), std::min<std::size_t>(32, value.data()->size())) + ">";
  } else if (value.array() != nullptr) {
    out = "array of " + std::to_string(value.array()->size());
  } else if (value.dict() != nullptr) {
    out = "dictionary of " + std::to_string(value.dict()->size());
  } else {
    out = plist::kind_name(value.kind());
  }
  if (out.size() > longest_text) out = out.substr(0, longest_text) + "...";
  return out;
}

class Comparison {
 public:
  void values(const std::string& path, const Value& xml, const Value& der);
  std::vector<Difference> found;

 private:
  void add(Kind kind, const std::string& path, const Value* xml, const Value* der) {
    if (found.size() >= most) return;
    found.push_back(
        {kind, path, xml == nullptr ? "" : shown(*xml), der == nullptr ? "" : shown(*der)});
  }
  void dicts(const std::string& path, const plist::Dict& xml, const plist::Dict& der);
  void arrays(const std::string& path, const plist::Array& xml, const plist::Array& der);
};

void Comparison::values(const std::string& path, const Value& xml, const Value& der) {
  if (xml.dict() != nullptr && der.dict() != nullptr) {
    dicts(path, *xml.dict(), *der.dict());
  } else if (xml.array() != nullptr && der.array() != nullptr) {
    arrays(path, *xml.array(), *der.array());
  } else if (!(xml == der)) {
    add(Kind::value, path, &xml, &der);
  }
}

void Comparison::arrays(const std::string& path, const plist::Array& xml, const plist::Array& der) {
  for (std::size_t i = 0; i < std::max(xml.size(), der.size()); ++i) {
    const std::string place = path + '[' + std::to_string(i) + ']';
    if (i >= der.size()) {
      add(Kind::only_in_xml, place, &xml[i], nullptr);
    } else if (i >= xml.size()) {
      add(Kind::only_in_der, place, nullptr, &der[i]);
    } else {
      values(place, xml[i], der[i]);
    }
  }
}

void Comparison::dicts(const std::string& path, const plist::Dict& xml, const plist::Dict& der) {
  std::unordered_map<std::string_view, const Value*> rest;
  for (const plist::Pair& pair : der.pairs()) rest.emplace(pair.key, &pair.value);
  const auto place = [&](const std::string& key) { return path.empty() ? key : path + "." + key; };
  for (const plist::Pair& pair : xml.pairs()) {
    const auto other = rest.find(pair.key);
    if (other == rest.end()) {
      add(Kind::only_in_xml, place(pair.key), &pair.value, nullptr);
    } else {
      values(place(pair.key), pair.value, *other->second);
      rest.erase(other);
    }
  }
  for (const plist::Pair& pair : der.pairs()) {
    if (rest.contains(pair.key)) add(Kind::only_in_der, place(pair.key), nullptr, &pair.value);
  }
}

}  // namespace

std::vector<Difference> compare(const Value& xml, const Value& der) {
  Comparison comparison;
  comparison.values("", xml, der);
  return std::move(comparison.found);
}

}  // namespace tenon::entitlements
