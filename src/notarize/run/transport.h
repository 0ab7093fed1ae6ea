// The transport of this machine: libcurl, loaded when the first request is sent.
#pragma once

#include <memory>
#include <string>

#include "notarize/client/record.h"
#include "notarize/client/transport.h"

namespace tenon::notarize {

struct TransportOptions {
  std::string ca_file;  // certificates to trust in place of the system's; empty: those
};

[[nodiscard]] std::unique_ptr<Transport> make_transport(const TransportOptions& options);
[[nodiscard]] std::unique_ptr<Clock> make_clock();
// In the state folder of this user, readable by nobody else.
[[nodiscard]] std::unique_ptr<RecordStore> make_record_store();

}  // namespace tenon::notarize
