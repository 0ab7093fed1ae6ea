#include "codesign/cms/cms.h"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codesign/blob/codesign.h"

namespace tenon::cms {

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::unknown: return "unknown";
    case Kind::developer_id: return "Developer ID Application";
    case Kind::apple_development: return "Apple Development";
    case Kind::apple_distribution: return "Apple Distribution";
    case Kind::mac_app_store: return "Mac App Store";
    case Kind::apple_system: return "Apple software";
    case Kind::installer: return "Installer";
    case Kind::developer_id_kext: return "Developer ID Kernel Extension";
    case Kind::self_signed: return "self-signed";
    case Kind::private_chain: return "private chain";
  }
  return "unknown";
}

std::string_view Name::get(std::string_view oid) const {
  for (const auto& [key, value] : fields) {
    if (key == oid) return value;
  }
  return {};
}

const Certificate::Extension* Certificate::extension(std::string_view oid) const {
  for (const Extension& each : extensions) {
    if (each.oid == oid) return &each;
  }
  return nullptr;
}

std::vector<Directory> directories_of(std::span<const codesign::CodeDirectory> cds) {
  std::vector<Directory> out;
  for (const codesign::CodeDirectory& cd : cds) {
    out.push_back({cd.slot, cd.hash_type, cd.flags, std::string(cd.team), cd.bytes});
  }
  return out;
}

std::vector<SignerReport::Item> SignerReport::items() const {
  return {{"format", &format},       {"signature", &signature}, {"message digest", &message_digest},
          {"cdhashes", &cdhashes},   {"digests", &digests},     {"sealed", &sealed},
          {"chain", &chain},         {"expiry", &expiry},       {"team", &team},
          {"timestamp", &timestamp}, {"trust", &trust}};
}

State SignerReport::identity() const {
  State worst = State::absent;
  for (const Item& item : items()) {
    if (item.verdict != &trust) worst = std::max(worst, item.verdict->state);
  }
  return worst;
}

State SignerReport::state() const { return std::max(identity(), trust.state); }

std::vector<Cause> SignerReport::causes() const {
  std::vector<Cause> out;
  for (const Item& item : items()) {
    if (item.verdict->state >= State::unknown) out.push_back(item.verdict->cause());
  }
  return out;
}

}  // namespace tenon::cms
