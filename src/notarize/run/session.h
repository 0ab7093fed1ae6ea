// What a command needs to talk to the notary: the key, the transport, the file that is sent.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/file_tree.h"
#include "diag/finding.h"
#include "diag/progress.h"
#include "notarize/client/service.h"
#include "notarize/client/submission.h"
#include "notarize/run/disk_spool.h"
#include "notarize/run/transport.h"

namespace tenon::notarize {

// As the command line says it; what is empty comes from the environment: TENON_NOTARY_KEY (the key
// itself, in PEM), TENON_NOTARY_KEY_ID, TENON_NOTARY_ISSUER.
struct SessionRequest {
  std::string key_file, key_id, issuer;
  std::string notary_url = "https://appstoreconnect.apple.com";
  std::string s3_endpoint;  // empty: AWS
  std::string ca_file;
  std::chrono::milliseconds poll{5000};
  bool trace = false;
};

class Session {
 public:
  // notarize/key-unusable, and TN0101 for addresses that are no https.
  [[nodiscard]] static Outcome<std::unique_ptr<Session>> open(const SessionRequest& request,
                                                              Progress& progress);

  [[nodiscard]] Service& service() { return *service_; }
  [[nodiscard]] Notarization& notarization() { return *notarization_; }
  [[nodiscard]] RecordStore& store() { return *store_; }

 private:
  Session() = default;

  std::unique_ptr<Transport> transport_;
  std::unique_ptr<Clock> clock_;
  std::unique_ptr<RecordStore> store_;
  Endpoints endpoints_;
  std::optional<Wire> wire_;
  std::optional<Service> service_;
  std::optional<Uploader> uploader_;
  std::optional<Notarization> notarization_;
};

// The bytes that are sent for a path: the file itself when the notary takes its kind, else a zip
// file of it.
struct Payload {
  FileTree::Content content;
  std::string name;
};

class PayloadMaker {
 public:
  // The contents live as long as this.
  [[nodiscard]] Outcome<Payload> make(const std::string& path);

 private:
  MappedOnly window_;
  DiskSpool spool_{window_};
};

// Refuses an address at which no service is asked: TN0101.
[[nodiscard]] Outcome<void> check_url(const std::string& option, const std::string& url,
                                      std::string_view command);

}  // namespace tenon::notarize
