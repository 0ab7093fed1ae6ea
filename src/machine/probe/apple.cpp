// Apple's developer tools, Homebrew and identities. Nothing here has run on a Mac: paths and keys
// are those of xcode-select(1), the receipts of the installer and Xcode's LicenseInfo.plist.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/fact.h"
#include "base/result.h"
#include "base/text.h"
#include "format/plist/plist.h"
#include "format/tbd/tbd.h"
#include "format/x509/x509.h"
#include "host/system.h"
#include "machine/probe/probe.h"

namespace tenon {
namespace {

constexpr const char* tools_folder = "/Library/Developer/CommandLineTools";
constexpr const char* xcode_folder = "/Applications/Xcode.app/Contents/Developer";

// A string of a property list; unknown when the file cannot be read, absent when it is not there.
TextFact list_text(const MachineAccess& machine, const std::string& path, std::string_view key) {
  if (!machine.file(path)) return TextFact::none(path);
  const auto text = machine.text(path);
  const auto list = text ? plist::parse(view_of(*text)) : fail(Errc::io, "");
  if (!list) return TextFact::open(path + " cannot be read");
  const std::string* value = list->string_at(key);
  return value == nullptr ? TextFact::none(path) : TextFact::of(*value, path);
}

bool has_clang(const MachineAccess& machine, const std::string& folder) {
  return machine.file(folder + "/usr/bin/clang") ||
         machine.file(folder + "/Toolchains/XcodeDefault.xctoolchain/usr/bin/clang");
}

// xcode-select(1): DEVELOPER_DIR, then what was selected, then where they usually are.
TextFact developer_folder(const MachineAccess& machine) {
  if (std::string set = machine.variable("DEVELOPER_DIR"); !set.empty()) {
    // An application may be named instead of the folder in it.
    if (set.ends_with(".app")) set += "/Contents/Developer";
    return TextFact::of(std::move(set), "DEVELOPER_DIR");
  }
  const std::string link = "/var/db/xcode_select_link";
  if (std::string chosen = link_text(machine.at(link)); !chosen.empty()) {
    return TextFact::of(std::move(chosen), link);
  }
  for (const char* folder : {xcode_folder, tools_folder}) {
    if (machine.folder(folder)) return TextFact::of(folder, "default");
  }
  return TextFact::none("DEVELOPER_DIR, " + link + " and the usual places");
}

// The licence is agreed to when the number of the agreement is that of this Xcode.
FlagFact license(const MachineAccess& machine, const std::string& developer) {
  const std::size_t app = developer.find(".app/");
  if (app == developer.npos) return FlagFact::none("the Command Line Tools have none");
  const std::string info = developer.substr(0, app) + ".app/Contents/Resources/LicenseInfo.plist";
  const TextFact needed = list_text(machine, info, "licenseID");
  // A beta has an agreement of its own.
  const bool beta = list_text(machine, info, "licenseType").value == "Beta";
  const TextFact agreed =
      list_text(machine, "/Library/Preferences/com.apple.dt.Xcode.plist",
                beta ? "IDELastBetaLicenseAgreedTo" : "IDELastGMLicenseAgreedTo");
  if (!needed.known()) return FlagFact::open("LicenseInfo.plist of Xcode cannot be read");
  if (agreed.state == FactState::unknown) return FlagFact::open(agreed.why);
  return FlagFact::of(agreed.known() && agreed.value == needed.value,
                      "com.apple.dt.Xcode.plist and LicenseInfo.plist");
}

Sdk describe_sdk(const MachineAccess& machine, const std::string& path) {
  Sdk out;
  out.path = path;
  const TextFact version = list_text(machine, path + "/SDKSettings.plist", "Version");
  if (version.known()) {
    out.version = version.value;
  } else if (const auto json = machine.text(path + "/SDKSettings.json")) {
    const std::string_view key = "\"Version\":\"";
    const std::size_t at = json->find(key);
    if (at != json->npos) {
      const std::size_t from = at + key.size();
      out.version = json->substr(from, json->find('"', from) - from);
    }
  }
  const auto stub = machine.text(path + "/usr/lib/libSystem.tbd");
  if (!stub) return out;
  const auto documents = tbd::read(view_of(*stub));
  if (!documents || documents->empty()) return out;
  for (const char* target : {"arm64-macos", "arm64e-macos", "x86_64-macos"}) {
    if (documents->front().exports_for(target)) out.targets.emplace_back(target);
  }
  return out;
}

Fact<std::vector<Sdk>> find_sdks(const MachineAccess& machine, const std::string& developer) {
  std::vector<Sdk> out;
  std::vector<std::string> places;
  if (const std::string set = machine.variable("SDKROOT"); set.starts_with('/')) {
    places.push_back(set);
  }
  places.push_back(developer + "/SDKs/MacOSX.sdk");
  places.push_back(developer + "/Platforms/MacOSX.platform/Developer/SDKs/MacOSX.sdk");
  for (const std::string& path : places) {
    if (machine.folder(path)) out.push_back(describe_sdk(machine, path));
  }
  if (out.empty()) return Fact<std::vector<Sdk>>::none(join(places, ", "));
  return Fact<std::vector<Sdk>>::of(std::move(out), "SDKROOT and the developer folder");
}

// Beside Developer lies the list of the application.
TextFact xcode_version(const MachineAccess& machine, const std::string& developer) {
  const std::size_t app = developer.find(".app/");
  if (app == developer.npos) return TextFact::none("no Xcode is selected");
  return list_text(machine, developer.substr(0, app) + ".app/Contents/version.plist",
                   "CFBundleShortVersionString");
}

template <class T>
Fact<T> not_here() {
  return Fact<T>::none("this is not a Mac");
}

}  // namespace

AppleState probe_apple(const MachineAccess& machine) {
  AppleState out;
  if (machine.goos != "darwin") {
    out.developer_folder = not_here<std::string>();
    out.developer_usable = not_here<bool>();
    out.tools_version = not_here<std::string>();
    out.tools_usable = not_here<bool>();
    out.xcode = not_here<bool>();
    out.xcode_version = not_here<std::string>();
    out.license = not_here<bool>();
    out.sdks = not_here<std::vector<Sdk>>();
    return out;
  }
  out.developer_folder = developer_folder(machine);
  const std::string& folder = out.developer_folder.value;
  out.developer_usable = out.developer_folder.known()
                             ? FlagFact::of(has_clang(machine, folder), folder)
                             : FlagFact::none(out.developer_folder.source);
  out.tools_usable = machine.folder(tools_folder)
                         ? FlagFact::of(has_clang(machine, tools_folder), tools_folder)
                         : FlagFact::none(tools_folder);
  for (const char* receipts : {"/var/db/receipts", "/Library/Apple/System/Library/Receipts"}) {
    out.tools_version =
        list_text(machine, fmt::format("{}/com.apple.pkg.CLTools_Executables.plist", receipts),
                  "PackageVersion");
    if (out.tools_version.known()) break;
  }
  out.xcode = FlagFact::of(folder.contains(".app/"), out.developer_folder.source);
  out.xcode_version = xcode_version(machine, folder);
  out.license = license(machine, folder);
  out.sdks = find_sdks(machine, folder);
  return out;
}

namespace {

// Who gave a certificate, and until when both hold: find-identity tells neither. Of several with
// one name the youngest is the one in use.
void add_dates(const TextFact& said, std::vector<SigningIdentity>& list) {
  const auto certificates = x509::summarize_pem(said.value);
  for (SigningIdentity& one : list) {
    const x509::Summary* own = nullptr;
    for (const x509::Summary& other : certificates) {
      if (other.subject == one.name && (own == nullptr || own->not_after < other.not_after)) {
        own = &other;
      }
    }
    if (own == nullptr) continue;
    one.not_after = own->not_after;
    one.issuer = own->issuer + (own->issuer_unit == "G2" ? " G2" : "");
    for (const x509::Summary& other : certificates) {
      if (other.subject == own->issuer && other.subject_unit == own->issuer_unit) {
        one.issuer_not_after = std::max(one.issuer_not_after, other.not_after);
      }
    }
  }
}

}  // namespace

IdentityState probe_identities(const MachineAccess& machine, std::chrono::milliseconds limit) {
  IdentityState out;
  if (machine.goos != "darwin") {
    out.list = not_here<std::vector<SigningIdentity>>();
    return out;
  }
  const auto program = machine.find("security");
  const TextFact said = program
                            ? machine.ask({*program, "find-identity", "-p", "codesigning"}, limit)
                            : TextFact::open("there is no security(1)");
  if (!said.known()) {
    out.list = Fact<std::vector<SigningIdentity>>::open(said.why);
    return out;
  }
  // '  1) HASH "Developer ID Application: ..." (CSSMERR_TP_CERT_EXPIRED)'; valid ones are repeated.
  out.list = Fact<std::vector<SigningIdentity>>::of({}, said.source);
  for (const std::string_view line : split(said.value, '\n')) {
    if (line.contains("Valid identities only")) break;
    const std::size_t from = line.find('"'), to = line.rfind('"');
    if (from == line.npos || to == from) continue;
    SigningIdentity one;
    one.name = line.substr(from + 1, to - from - 1);
    one.expired = line.contains("CSSMERR_TP_CERT_EXPIRED");
    out.list.value.push_back(std::move(one));
  }
  if (!out.list.value.empty()) {
    add_dates(machine.ask({*program, "find-certificate", "-a", "-p"}, limit), out.list.value);
  }
  return out;
}

}  // namespace tenon
