// For builds without the headers of libcurl.
#include <expected>
#include <memory>

#include "base/result.h"
#include "notarize/client/transport.h"
#include "notarize/run/transport.h"

namespace tenon::notarize {
namespace {

class NoTransport final : public Transport {
 public:
  Result<HttpResponse, TransportError> send(const HttpRequest& /*request*/) override {
    return std::unexpected(
        TransportError{TransportError::Kind::unavailable, "this build of tenon has no libcurl"});
  }
};

}  // namespace

std::unique_ptr<Transport> make_transport(const TransportOptions& /*options*/) {
  return std::make_unique<NoTransport>();
}

}  // namespace tenon::notarize
