#include "notarize/run/session.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "base/path.h"
#include "base/result.h"
#include "base/unread.h"
#include "codesign/cms/es256.h"
#include "codesign/usage.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/progress.h"
#include "format/kind/kind.h"
#include "host/disk_tree.h"
#include "host/files.h"
#include "host/mapping.h"
#include "host/process.h"
#include "notarize/client/service.h"
#include "notarize/client/token.h"
#include "notarize/client/transport.h"
#include "notarize/pack.h"
#include "notarize/run/transport.h"

namespace tenon::notarize {
namespace {

constexpr const char* key_variable = "TENON_NOTARY_KEY";

std::unexpected<Finding> bad_key(std::string reason, std::string advice) {
  return std::unexpected(make_finding(
      Code::notarize_key_unusable, {{"reason", std::move(reason)}, {"advice", std::move(advice)}}));
}

// Overwrites a text that was a secret.
void wipe(std::string& text) {
  volatile char* at = text.data();
  for (std::size_t i = 0; i < text.size(); ++i) at[i] = '\0';
  text.clear();
}

std::string or_variable(const std::string& given, const char* name) {
  return given.empty() ? environment_variable(name).value_or("") : given;
}

// "AuthKey_2X9R4HXF34.p8", as Apple names it.
std::string id_of_name(const std::string& path) {
  std::string_view name = base_name(path);
  if (!name.starts_with("AuthKey_") || !name.ends_with(".p8")) return {};
  name.remove_prefix(std::string_view("AuthKey_").size());
  return std::string(name.substr(0, name.size() - std::string_view(".p8").size()));
}

Outcome<std::string> key_text(const SessionRequest& request) {
  if (!request.key_file.empty()) {
    const auto text = read_text(request.key_file, std::size_t{1} << 16U);
    if (text) return *text;
    return bad_key(request.key_file + ": " + unread_reason(text.error()),
                   "name the file that App Store Connect gave, AuthKey_NUMBER.p8");
  }
  const auto text = environment_variable(key_variable);
  if (text && !text->empty()) return *text;
  return bad_key("no key is given", "name its file with --key, or put it into TENON_NOTARY_KEY");
}

Outcome<Account> read_account(const SessionRequest& request) {
  Account out;
  std::string text = TENON_TRY(key_text(request));
  auto key = cms::read_es256_key(view_of(text));
  wipe(text);
  const std::string name = request.key_file.empty() ? key_variable : request.key_file;
  if (!key) {
    if (key.error().code == Errc::unsupported && key.error().what != nullptr &&
        std::string_view(key.error().what).contains("OpenSSL")) {
      return std::unexpected(
          make_finding(Code::notarize_no_transport, {{"reason", key.error().what}}));
    }
    return bad_key(name + ": " + key.error().what,
                   "name the file that App Store Connect gave, AuthKey_NUMBER.p8");
  }
  out.key_id = or_variable(request.key_id, "TENON_NOTARY_KEY_ID");
  if (out.key_id.empty()) out.key_id = id_of_name(request.key_file);
  if (out.key_id.empty()) {
    return bad_key("the number of the key is not given",
                   "name it with --key-id, or put it into TENON_NOTARY_KEY_ID");
  }
  out.issuer = or_variable(request.issuer, "TENON_NOTARY_ISSUER");
  out.sign = [held = *std::move(key)](std::string_view bytes) {
    return cms::sign_es256(held, bytes);
  };
  return out;
}

// What Apple takes as it is.
bool is_taken(ByteView bytes) {
  const kind::FileKind found = kind::identify(bytes);
  return found == kind::FileKind::zip || found == kind::FileKind::xar ||
         found == kind::FileKind::dmg;
}

Finding unreadable(const std::string& path, const Error& error) {
  return make_finding(Code::usage_unreadable_input,
                      {{"path", path}, {"reason", unread_reason(error)}}, path);
}

std::string plain_name(const std::string& path) {
  std::string out = absolute_path(current_folder(), path);
  while (out.size() > 1 && out.ends_with('/')) out.pop_back();
  return std::string(base_name(out));
}

}  // namespace

Outcome<void> check_url(const std::string& option, const std::string& url,
                        std::string_view command) {
  if (is_allowed_url(url)) return {};
  return codesign::usage_error(
      option + " takes an address with https, or http to this machine itself", command);
}

Outcome<std::unique_ptr<Session>> Session::open(const SessionRequest& request, Progress& progress) {
  TENON_TRY(check_url("--notary-url", request.notary_url, "tenon notarize"));
  if (!request.s3_endpoint.empty()) {
    TENON_TRY(check_url("--s3-endpoint", request.s3_endpoint, "tenon notarize"));
  }
  Account account = TENON_TRY(read_account(request));
  std::unique_ptr<Session> out(new Session);
  out->transport_ = make_transport({request.ca_file});
  out->clock_ = make_clock();
  out->store_ = make_record_store();
  out->endpoints_.notary = notary_endpoint(request.notary_url);
  out->endpoints_.storage = request.s3_endpoint;
  Patience patience;
  patience.first = std::min(patience.first, request.poll);
  out->wire_.emplace(Wire{*out->transport_, *out->clock_, progress, request.trace, patience});
  out->service_.emplace(*out->wire_, std::move(account), out->endpoints_.notary);
  out->uploader_.emplace(*out->wire_, *out->store_, out->endpoints_);
  out->notarization_.emplace(*out->wire_, *out->service_, *out->uploader_, *out->store_);
  return out;
}

Outcome<Payload> PayloadMaker::make(const std::string& path) {
  const std::string name = plain_name(path);
  const auto packed = [&](Result<FileTree::Content, PackError> content) -> Outcome<Payload> {
    if (content) return Payload{*std::move(content), name + ".zip"};
    return std::unexpected(unreadable(content.error().path, content.error().error));
  };
  if (is_folder(path)) {
    const auto tree = DiskTree::open(path);
    if (!tree) return std::unexpected(unreadable(path, tree.error()));
    auto out = packed(pack_folder(**tree, name, spool_));
    const auto unread = (*tree)->unread();
    if (unread.empty()) return out;
    return std::unexpected(unreadable(unread.front().path, unread.front().error));
  }
  auto mapped = map_file(path);
  if (!mapped) return std::unexpected(unreadable(path, mapped.error()));
  const auto mapping = std::make_shared<Mapping>(*std::move(mapped));
  const FileTree::Content content{mapping->view(), mapping};
  if (is_taken(content.bytes)) return Payload{content, name};
  const auto info = file_info(path);
  return packed(pack_file(content, name, info && (info->mode & 0111U) != 0, spool_));
}

}  // namespace tenon::notarize
